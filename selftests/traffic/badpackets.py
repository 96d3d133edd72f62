#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Throws wrong packets at the hub end of a live session and checks that each
is counted under its reason, and answered by nothing.

badpackets.py CASE...	run in the namespace of the site; the device is bond0,
			the WAN is wan1, the hub listens on port 5000

Each case is one line "ok NAME" or "not ok NAME: why". What it needs to know of
the session it takes from the wire."""

import json
import os
import random
import select
import socket
import struct
import subprocess
import sys
import time

import mwbwire as w

WAN, PORT = "wan1", 5000
SITE, HUB, STRANGER = "10.0.1.1", "10.0.1.2", "10.0.1.99"
# Numbers that the session itself does not reach here.
BUCKET, MARK, AHEAD = 777, 0x5eed << 32, 1000
REPORT = dict(wan=1, highest=5, bytes=480, packets=10, arrival=7, base=0, queue=0,
              jitter=0, ce=0, words=[3])


def counters():
    """The counters of the hub that have to do with reception."""
    text = subprocess.run(["ip", "netns", "exec", "hub", "ethtool", "-S", "bond0"],
                          capture_output=True, text=True, check=True).stdout
    rows = (line.split(":") for line in text.splitlines() if line.count(":") == 1)
    return {k.strip(): int(v) for k, v in rows if v.strip()}


def drops(before, after):
    """Which counters of dropped packets went up, and by how much."""
    not_drops = ("rx_late", "rx_reordered", "rx_held", "rx_skipped", "rx_forced")
    return {k: after[k] - before[k] for k in before
            if k.startswith("rx_") and k not in not_drops and after[k] != before[k]}


class Wire:
    """The WAN, seen from the site."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                    socket.htons(3))
        self.socket.bind((WAN, 0))
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)
        self.ahead = 0
        self.learn()

    def read(self, seconds):
        """All frames of the next seconds, as (outgoing, frame)."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                return
            frame, addr = self.socket.recvfrom(65536)
            yield addr[2] == socket.PACKET_OUTGOING, frame

    def packets(self, seconds):
        """The mwbond packets of the next seconds: (outgoing, udp, fields)."""
        for out, frame in self.read(seconds):
            udp = w.parse_udp(frame[14:])
            if udp and PORT in (udp[1], udp[3]):
                yield out, udp, w.parse(udp[5])

    def learn(self):
        """Session ids and addresses, from the heartbeats that go by."""
        self.out = self.back = None
        for out, frame in self.read(10):
            udp = w.parse_udp(frame[14:])
            if not udp or PORT not in (udp[1], udp[3]):
                continue
            fields = w.parse(udp[5])
            if fields["type"] != w.HEARTBEAT:
                continue
            if out:
                self.out, self.udp, self.mac = fields, udp, frame[:12]
            else:
                self.back = fields
            if self.out and self.back:
                return
        raise SystemExit("Bail out! no heartbeats to be seen")

    def send(self, payload, src=SITE, sport=None, tos=0, dport=PORT):
        """One datagram to the hub, from whomever."""
        packet = w.udp(src, HUB, sport or self.udp[1], dport, payload, tos)
        for part in w.ip_fragments(packet, 1480):
            self.socket.send(self.mac + struct.pack(">H", 0x800) + part)

    def inner(self, payload=b"x" * 40, **more):
        return w.udp("192.168.77.1", "192.168.77.2", 9, 9, payload, **more)

    def valid(self, kind, payload, **fields):
        """A packet that is right, but for what is given. Its number is one that
        the session itself will not have come to when the test ends, and within
        the replay window."""
        self.ahead += 1
        base = dict(type=kind, session=self.out["session"], wan=self.out["wan"],
                    number=self.out["number"] + AHEAD + self.ahead & 0xffffffff,
                    timestamp=self.out["timestamp"], sequence=MARK)
        if kind in (w.DATA, w.MULTICAST):
            base["sequence"] = BUCKET << 48 | self.ahead
        base.update(fields)
        return w.build(payload=payload, **base)


def ack(*changes, **head):
    """An Ack with a report for each of these dictionaries of what is other."""
    return w.ack([tuple({**REPORT, **change}.values()) for change in changes],
                 **head)


def x(*flags):
    return sum(flags) | w.EXTENSION


# Cases of one counter: what to send (a list, or functions of the wire)


def short(wire):
    good = wire.valid(w.HEARTBEAT, w.heartbeat())
    return [good[:n] for n in (0, 1, 2, 12, 37, 38, 47)]


def version(wire):
    return [wire.valid(w.HEARTBEAT, w.heartbeat(), version=v)
            for v in (0, 2, 3, 128, 255)]


def type_(wire):
    return [wire.valid(w.HEARTBEAT, w.heartbeat(), type=t)
            for t in (6, 7, 128, 255)]


def flags(wire):
    inner, beat = wire.inner(), w.heartbeat()
    out = [wire.valid(w.HEARTBEAT, beat, flags=0)]
    out += [wire.valid(w.HEARTBEAT, beat, flags=x(1 << b)) for b in range(10, 16)]
    out += [wire.valid(w.DATA, inner, flags=f)
            for f in (x(w.LAST_FRAGMENT), x(1 << 8), x(1 << 9), w.ORDERED)]
    out += [wire.valid(w.HEARTBEAT, beat, flags=x(f))
            for f in (w.DUPLICATE, w.FRAGMENT, w.ORDERED, w.COMPRESSED, w.IN_BLOCK)]
    out += [wire.valid(w.MULTICAST, inner, flags=x(f))
            for f in (w.DUPLICATE, w.ORDERED)]
    out += [wire.valid(w.CONTROL, w.close(), flags=x(f))
            for f in (w.DUPLICATE, w.FRAGMENT, w.ORDERED, w.COMPRESSED)]
    return out


def length(wire):
    good = wire.valid(w.DATA, wire.inner())
    out = [good[:n] for n in range(48, len(good))]
    out += [good + bytes(n) for n in (1, 16, 1000)]
    out += [wire.valid(w.DATA, wire.inner(), length=n)
            for n in (0, 1, 67, 69, 0xffff, 0x7fffffff, 0xffffffff)]
    out += [wire.valid(w.HEARTBEAT, w.heartbeat(), flags=x(w.ENCRYPTED), checksum=0)]
    out += [wire.valid(w.DATA, wire.inner()[:n], flags=x(w.FRAGMENT))
            for n in (0, 1, 63, 65)]
    # As large as a datagram can be
    out += [good + bytes(65507 - len(good)), wire.valid(w.DATA, bytes(65459), length=68)]
    return out


def bucket(wire):
    inner = wire.inner()
    out = [wire.valid(w.DATA, inner, sequence=b << 48 | 5)
           for b in (1024, 1025, 4096, 65535)]
    out += [wire.valid(w.MULTICAST, inner, sequence=1024 << 48)]
    out += [wire.valid(w.DATA, inner[:64], flags=x(w.FRAGMENT, *last), fragment=f)
            for f in (64, 65, 255) for last in ((), (w.LAST_FRAGMENT,))]
    out += [wire.valid(w.DATA, inner, fragment=f) for f in (1, 63, 64)]
    return out


def wan_id(wire):
    return [wire.valid(w.HEARTBEAT, w.heartbeat(), wan=i) for i in (0, 128)]


def checksum(wire):
    good = wire.valid(w.DATA, wire.inner())
    # What the door has not looked at before it comes to the checksum.
    out = [flip(good, at, 1) for at in list(range(20, 28)) + [29] +
           list(range(34, 42)) + list(range(48, len(good)))]
    out += [wire.valid(w.HEARTBEAT, w.heartbeat(), checksum=c) for c in (0, 0xffffffff)]
    return out


def security(wire):
    tag = bytes(16)
    return [wire.valid(w.DATA, wire.inner() + tag, flags=x(w.ENCRYPTED),
                       checksum=0, length=68),
            wire.valid(w.HEARTBEAT, w.heartbeat() + tag, flags=x(w.ENCRYPTED, 1 << 8),
                       checksum=0, length=24)]


def session(wire):
    right = wire.out["session"]
    return [wire.valid(w.HEARTBEAT, w.heartbeat(), session=s)
            for s in (0, 1, 7, right ^ 1, right ^ 1 << 63, 2**64 - 1,
                      wire.back["session"])] + \
           [wire.valid(w.CONTROL, w.handshake(w.INITIATION, 1234), session=s)
            for s in (0, 8, 7 << 32, 2**64 - 1)] + \
           [wire.valid(w.CONTROL, w.close(), session=7)]


def payload(wire):
    beat = w.heartbeat()
    beats = [w.heartbeat(kind=k) for k in (0, 3, 255)]
    beats += [beat[:1] + bytes([n]) + beat[2:] for n in (1, 32, 33, 255)]
    beats += [beat + bytes(16), beat[:23], b"", beat + bytes(1)]
    beats += [w.heartbeat(beacons=[(1, 1, 1)] * 33), w.heartbeat(beacons=[(0, 1, 1)]),
              w.heartbeat(beacons=[(128, 1, 1)]), beat[:2] + b"\1" + beat[3:],
              w.heartbeat(request=1), w.heartbeat(delay=1)]
    # Answers to what was not asked
    beats += [w.heartbeat(2, request=r) for r in (0, MARK, 2**64 - 1)]
    controls = [b"", b"\0", bytes(12), b"\xff" * 12, bytes([9, 0, 0, 0])]
    controls += [w.close() + b"\0", w.close()[:3], w.withdrawal(1) + b"\0",
                 w.path(w.CHALLENGE, 1)[:11], w.path(w.ANSWER, 1) + b"\0",
                 w.announcement("x")[:31], w.announcement("x") + b"\0",
                 w.announcement(""), w.announcement("a/b"), w.announcement("n" * 16),
                 w.announcement("x", failures=0), w.announcement("x", weight=0),
                 w.announcement("x", interval=0), w.announcement("x", interval=60001),
                 w.withdrawal(0), w.withdrawal(128), b"\x08\1\0\0",
                 w.handshake(w.INITIATION, 5)[:11], w.handshake(w.RESPONSE, 0),
                 w.handshake(w.RESPONSE, 5) + bytes(80)]
    good = ack({})
    acks = [b"", bytes(4), good[:-1], good + b"\0", b"\1\1" + bytes(10 + 48),
            good[:2] + b"\1" + good[3:], ack({}, interval=0), good[:14] + b"\1" + good[15:],
            ack(*({"wan": i + 1} for i in range(33))), ack({}, {}),
            ack({}, {"wan": 2}, {}), ack({}, drift=300001, uncertainty=1),
            ack({}, drift=1), ack({}, uncertainty=400001)]
    acks += [ack({name: value}) for name, value in (
        ("wan", 0), ("wan", 128), ("words", [1] * 17), ("packets", 0),
        ("bytes", 479), ("packets", 11), ("packets", 2**60),
        ("packets", 2**64 - 1), ("base", 10**7 + 1), ("queue", 10**7 + 1),
        ("jitter", 10**7 + 1), ("jitter", 2**32 - 1))]
    fecs = [b"", bytes(4), w.fec(0, 2, b"p" * 64), w.fec(4, 0, b"p" * 64),
            w.fec(200, 100, b"p" * 64), w.fec(4, 2, b"p" * 64)[:-1],
            w.fec(4, 2, b"p" * 15), w.fec(5, 2, b"p" * 64),
            w.fec(2, 2, b"p" * 64)]
    return [wire.valid(w.HEARTBEAT, p) for p in beats] + \
           [wire.valid(w.CONTROL, p) for p in controls] + \
           [wire.valid(w.ACK, p) for p in acks] + \
           [wire.valid(w.FEC, p, block=1, fec_index=4) for p in fecs]


def handshake(wire):
    """What nobody asked for, what is not the peer's to say, and Noise."""
    sessions = (1, wire.out["session"], wire.back["session"])
    out = [wire.valid(w.CONTROL, w.handshake(w.RESPONSE, s)) for s in sessions]
    out += [wire.valid(w.CONTROL, w.handshake(w.INITIATION, 0xabc)),
            wire.valid(w.CONTROL, w.handshake(w.INITIATION, 5, 1, 3) + bytes(140),
                       session=7, number=0),
            wire.valid(w.CONTROL, w.handshake(w.INITIATION, 5), session=7,
                       number=0, wan=129),
            wire.valid(w.CONTROL, w.handshake(w.RESPONSE, 5, 1, 1) + bytes(80)),
            wire.valid(w.CONTROL, bytes([w.COOKIE, 0, 0, 0]) + bytes(56)),
            wire.valid(w.CONTROL, w.path(w.ANSWER, 9)),
            wire.valid(w.CONTROL, w.announcement("mine"), wan=129),
            wire.valid(w.CONTROL, w.withdrawal(129))]
    return out


def wan(wire):
    return [wire.valid(w.DATA, wire.inner(), wan=i) for i in (2, 77, 127, 129, 255)] + \
           [wire.valid(w.HEARTBEAT, w.heartbeat(), wan=i) for i in (2, 127, 129, 255)]


def unsupported(wire):
    return [wire.valid(w.DATA, wire.inner(), flags=x(w.COMPRESSED))]


def inner(wire):
    good = wire.inner()
    six = w.udp("fd77::1", "fd77::2", 9, 9, b"y" * 40)
    bad = [b"", b"\x45", good[:19], good[:-1], good + b"\0", bytes(68),
           b"\x55" + good[1:], b"\x44" + good[1:], b"\x4f" + good[1:24],
           good[:2] + b"\0\x13" + good[4:], six[:39], six[:-1], six + b"\0",
           b"\x05" + good[1:], bytes(65459)]
    return [wire.valid(w.DATA, p) for p in bad] + \
           [wire.valid(w.MULTICAST, p) for p in (b"", good[:-1])]


def flip(packet, at, bits):
    return packet[:at] + bytes([packet[at] ^ bits]) + packet[at + 1:]


COUNTED = {
    "rx_short": short, "rx_version": version, "rx_type": type_,
    "rx_flags": flags, "rx_length": length, "rx_bucket": bucket,
    "rx_wan_id": wan_id, "rx_checksum": checksum, "rx_security": security,
    "rx_session": session, "rx_payload": payload, "rx_handshake": handshake,
    "rx_wan": wan, "rx_unsupported": unsupported, "rx_inner": inner,
}


def answers(wire, seconds=0.4):
    """What came back and cannot be explained by the session itself."""
    odd = []
    for out, frame in wire.read(seconds):
        if out:
            continue
        ip, udp = w.parse_ip(frame[14:]), w.parse_udp(frame[14:])
        if not udp:
            if ip and ip[2] in (socket.IPPROTO_ICMP, socket.IPPROTO_ICMPV6) and \
                    HUB == ip[0]:
                odd.append("ICMP")
            continue
        if udp[2] != SITE:
            odd.append(f"packet to {udp[2]}")
            continue
        if udp[1] != PORT:
            continue
        fields = w.parse(udp[5])
        # Whether large packets arrive is the hub's own question.
        if fields["type"] == w.CONTROL and fields["subtype"] != w.SIZE:
            odd.append(f"control {fields['subtype']}")
        if fields["type"] == w.HEARTBEAT and fields["request"] >= MARK:
            odd.append("answer to a wrong request")
    return odd


def settle(before, want, seconds=1):
    """The counters once they have taken notice of so many packets."""
    end = time.monotonic() + seconds
    while True:
        moved = drops(before, counters())
        if sum(moved.values()) >= want or time.monotonic() > end:
            return moved
        time.sleep(0.02)


def counted(wire, name, make, **how):
    """Each packet adds one to the counter, and to no other."""
    packets = make(wire)
    before = counters()
    for i, packet in enumerate(packets):
        wire.send(packet, **how)
        # Control packets wait in a queue that a slow machine fills.
        if i % 16 == 15:
            time.sleep(0.05)
    odd = answers(wire)
    moved = settle(before, len(packets))
    why = []
    if moved != {name: len(packets)}:
        why.append(f"{len(packets)} sent, counted {moved}")
        why += one_by_one(wire, name, make(wire), how)
    if odd:
        why.append(f"answered: {odd}")
    return "; ".join(why)


def one_by_one(wire, name, packets, how):
    """Which of them were not counted as they should have been."""
    for i, packet in enumerate(packets):
        before = counters()
        wire.send(packet, **how)
        moved = settle(before, 1)
        if moved != {name: 1}:
            yield f"packet {i} ({packet[:64].hex()}): {moved}"


def case_rx_source(wire):
    """Right in all but where they come from. Only where they are the newest of
    the path is the sender asked whether it is there: some of them, and with no
    more than came."""
    def some(wire):
        return [wire.valid(w.DATA, wire.inner()), wire.valid(w.MULTICAST, wire.inner()),
                wire.valid(w.HEARTBEAT, w.heartbeat()),
                wire.valid(w.ACK, ack({})),
                wire.valid(w.CONTROL, w.close()), wire.valid(w.CONTROL, w.withdrawal(1))]

    def ask(how):
        packets = some(wire)
        before = counters()
        for packet in packets:
            wire.send(packet, **how)
        challenges = asked(wire, how)
        moved = settle(before, len(packets))
        if moved != {"rx_source": len(packets)}:
            return f"counted {moved}"
        if not 1 <= challenges <= len(packets) - 2:
            return f"{challenges} challenges to {how}"
        return ""

    def old(wire):
        return [wire.valid(w.DATA, wire.inner(), number=wire.out["number"] + 1)]
    return ask({"src": STRANGER}) or ask({"sport": 4999}) or \
        counted(wire, "rx_source", old, src=STRANGER)


def asked(wire, how, seconds=0.4):
    """How many challenges a stranger gets; -1 if it gets anything else."""
    count = 0
    for out, frame in wire.read(seconds):
        udp = w.parse_udp(frame[14:])
        if out or not udp or udp[1] != PORT or \
           (udp[2], udp[3]) != (how.get("src", SITE), how.get("sport", wire.udp[1])):
            continue
        fields = w.parse(udp[5])
        if fields["type"] != w.CONTROL or fields["subtype"] != w.CHALLENGE:
            return -1
        count += 1
    return count


def sent_by_hub():
    """Bytes of its packets on the WAN, but for a few: those of its replies."""
    text = subprocess.run([os.environ.get("MWBCTL", "mwbctl"), "-n", "hub", "-j",
                           "wan", "show", "bond0"],
                          capture_output=True, text=True, check=True).stdout
    return json.loads(text)[0]["tx-bytes"]


def case_rx_feedback(wire):
    """Acks of what was never sent, or that arrived after the Ack was sealed. One
    that is true but has been overtaken is no cause for alarm."""
    def lies(wire):
        number, size = wire.back["number"], sent_by_hub()
        return [wire.valid(w.ACK, ack(lie), sequence=0) for lie in (
            {"highest": number + 1000}, {"highest": number + 2**31 & 0xffffffff},
            {"bytes": 2**40}, {"bytes": 2**64 - 1},
            # There is no packet that small.
            {"packets": size // 48, "bytes": size},
            {"arrival": wire.out["timestamp"] + 1}, {"arrival": 2**64 - 1})]
    why = counted(wire, "rx_feedback", lies)
    before = counters()
    wire.send(wire.valid(w.ACK, ack({}), sequence=0))
    moved = settle(before, 1, 0.5)
    return why or (f"overtaken: counted {moved}" if moved else "")


def case_rx_replay(wire):
    """The very packets of the session, again."""
    recorded = [udp for out, udp, fields in wire.packets(1.5) if out]
    if not recorded:
        return "nothing recorded"
    packets = [udp[5] for udp in recorded[:10]] * 3
    before = counters()
    for packet in packets:
        wire.send(packet)
    moved = settle(before, len(packets))
    if moved != {"rx_replay": len(packets)}:
        return f"{len(packets)} sent, counted {moved}"
    return ""


def parts(wire, pieces, last=True):
    """A packet in such parts; without the flag of the last one, if wished."""
    wire.ahead += 1
    seqno = wire.ahead
    return [part(wire, seqno, i, piece, last and i == len(pieces) - 1)
            for i, piece in enumerate(pieces)]


def part(wire, seqno, index, piece, last=False):
    return wire.valid(w.DATA, piece, fragment=index, sequence=BUCKET << 48 | seqno,
                      flags=x(w.FRAGMENT, w.LAST_FRAGMENT * last))


def case_rx_fragment(wire):
    """Parts of packets that never become whole, or that contradict."""
    body = wire.inner(b"z" * 200)
    one, two, three = body[:72], body[72:144], body[144:]
    never = sum((parts(wire, [one], last=False) for _ in range(100)), [])
    # One part too many beside those of a packet that is right
    first, second = parts(wire, [one, two + three])
    twice = [first, part(wire, wire.ahead - 2, 0, one), second]
    whole = parts(wire, [one, two, three])
    beyond = whole[2:] + [part(wire, wire.ahead - 3, 3, one)] + whole[:2]
    sets = [
        ("no last part", parts(wire, [one, two], last=False), {"rx_fragment": 2}),
        ("a gap", parts(wire, [one, two, three])[::2], {"rx_fragment": 2}),
        ("unequal", parts(wire, [one, two[:64], three]), {"rx_fragment": 3}),
        ("too large", parts(wire, [bytes(1400)] * 7), {"rx_fragment": 7}),
        ("too many", never, {"rx_fragment": 100}),
        ("one twice", twice, {"rx_fragment": 1}),
        ("behind the last", beyond, {"rx_fragment": 1}),
        ("not all it says", parts(wire, [one, two]), {"rx_inner": 1}),
    ]
    for name, packets, want in sets:
        before = counters()
        for packet in packets:
            wire.send(packet)
        moved = settle(before, sum(want.values()), 5)
        if moved != want:
            return f"{name}: counted {moved}, not {want}"
    return ""


def case_rx_fec_refused(wire):
    """Shards that contradict each other, or of which nothing sensible follows."""
    def parity(block, index, k, m, data):
        return wire.valid(w.FEC, w.fec(k, m, data), block=block, fec_index=index)

    def data(block, index):
        return wire.valid(w.DATA, wire.inner(), flags=x(w.IN_BLOCK), block=block,
                          fec_index=index)

    junk = b"p" * 200
    refused = {"rx_fec_refused": 1}
    again = data(9, 0)
    sets = [
        ("another k", [parity(1, 5, 4, 2, junk), parity(1, 5, 5, 2, junk)], refused),
        ("another m", [parity(2, 4, 4, 2, junk), parity(2, 4, 4, 3, junk)], refused),
        ("another length", [parity(3, 4, 4, 2, junk), parity(3, 5, 4, 2, junk[1:])],
         refused),
        ("data instead of parity", [parity(4, 2, 2, 2, junk), data(4, 2)], refused),
        ("parity instead of data", [data(5, 2), parity(5, 2, 2, 2, junk)], refused),
        ("more data than parity", [data(6, 0), parity(6, 2, 2, 2, junk[:40])], refused),
        ("junk", [parity(7, 1, 1, 1, junk)], {"rx_fec_blocks": 1, **refused}),
        ("nothing", [parity(8, 254, 1, 254, bytes(200))],
         {"rx_fec_blocks": 1, **refused}),
        ("all junk", [parity(10, i, 4, 4, bytes([i]) * 99) for i in range(4, 8)],
         {"rx_fec_blocks": 1, "rx_fec_refused": 4}),
        ("late", [parity(10, 4, 4, 4, junk), data(10, 1)],
         {"rx_fec_wasted": 1, "rx_fec_late": 1}),
        ("twice", [again, wire.valid(w.DATA, again[48:], flags=x(w.IN_BLOCK), block=9,
                                     fec_index=0)], {"rx_fec_late": 1}),
    ]
    for name, packets, want in sets:
        before = counters()
        for packet in packets:
            wire.send(packet)
        moved = settle(before, sum(want.values()), 5)
        if moved != want:
            return f"{name}: counted {moved}, not {want}"
    return ""


def case_forged_handshake(wire):
    """A stranger starts a handshake with the right number: the session stays."""
    before = counters()
    for i in range(20):
        wire.send(wire.valid(w.CONTROL, w.handshake(w.INITIATION, 0xabc0 + i),
                             session=7, number=0), src=STRANGER, sport=4000 + i)
    time.sleep(1.5)
    after = counters()
    if after["handshakes"] != before["handshakes"]:
        return "the session was given up for a forged initiation"
    ids = {f["session"] for out, _, f in wire.packets(1) if out}
    return "" if ids == {wire.out["session"]} else f"session ids now {ids}"


def case_mutations(wire):
    """Single bits flipped at random, checksum as it was: all of them counted."""
    rng = random.Random(42)
    kinds = [(w.DATA, wire.inner()), (w.HEARTBEAT, w.heartbeat()),
             (w.CONTROL, w.path(w.CHALLENGE, 9)), (w.MULTICAST, wire.inner()),
             (w.ACK, ack({}))]
    packets = []
    for _ in range(1000):
        good = wire.valid(*rng.choice(kinds))
        packets.append(flip(good, rng.randrange(len(good)), 1 << rng.randrange(8)))
    return flood(wire, packets)


def case_noise(wire):
    """Random bytes behind a version and a type that exist."""
    rng = random.Random(43)
    packets = [bytes([1, rng.randrange(6)]) + rng.randbytes(rng.randrange(1400))
               for _ in range(500)]
    packets += [rng.randbytes(rng.randrange(100)) for _ in range(500)]
    return flood(wire, packets)


def flood(wire, packets):
    before = counters()
    for i, packet in enumerate(packets):
        wire.send(packet)
        if i % 50 == 0:
            time.sleep(0.01)
    odd = answers(wire)
    moved = settle(before, len(packets))
    if sum(moved.values()) != len(packets):
        return f"{len(packets)} sent, {sum(moved.values())} counted: {moved}"
    return f"answered: {odd}" if odd else ""


def case_rx_wan_limit(wire):
    """More WANs announced than a device can have; they go as they came."""
    before = counters()
    for i in range(2, 42):
        wire.send(wire.valid(w.CONTROL, w.announcement(f"w{i}"), wan=i, number=1))
        time.sleep(0.005)
    moved = settle(before, 25)
    for i in range(2, 42):
        wire.send(wire.valid(w.CONTROL, w.withdrawal(i)))
    if moved != {"rx_wan_limit": 25}:
        return f"40 announced beside the one there is, counted {moved}"
    return ""


def case_close_by_stranger(wire):
    """Who does not send from the path's address cannot end the session."""
    before = counters()
    wire.send(wire.valid(w.CONTROL, w.close()), src=STRANGER)
    wire.send(wire.valid(w.CONTROL, w.withdrawal(1)), src=STRANGER)
    moved = settle(before, 2)
    if moved != {"rx_source": 2}:
        return f"counted {moved}"
    return ""


def main():
    wire = Wire()
    for name in sys.argv[1:]:
        wire.learn()
        if name in COUNTED:
            why = counted(wire, name, COUNTED[name])
        else:
            why = globals()[f"case_{name}"](wire)
        print(f"not ok {name}: {why}" if why else f"ok {name}", flush=True)


if __name__ == "__main__":
    main()

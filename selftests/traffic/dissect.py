#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares what tshark reads by tools/wireshark/mwbond.lua with what mwbwire.py
reads.

dissect.py golden FILE	write a capture of one packet of every kind
dissect.py bad FILE	write a capture of packets that are wrong
dissect.py compare FILE TSHARK_JSON
			each packet of the capture, field by field
dissect.py experts TSHARK_JSON
			the expert information on the capture of "bad"
dissect.py kinds FILE	how many packets of each kind there are
dissect.py inner FILE	whole inner packets travel under the type that their
			destination asks for
dissect.py numbers FILE	the packet numbers of a live path follow each other, and
			its timestamps do not go back"""

import collections
import ipaddress
import json
import sys

import mwbwire as w

SESSION = 0x8877665544332211
INNER4 = w.udp("192.168.77.1", "192.168.77.2", 1, 2, b"inner packet" * 9)
INNER6 = w.udp("fd77::1", "fd77::2", 1, 2, b"inner packet, six")


def golden():
    big = dict(session=2**64 - 2, sequence=1023 << 48 | 2**48 - 1,
               timestamp=2**64 - 1, wan=255, priority=255, number=2**32 - 1,
               hold=65535, block=65535, fec_index=254)
    data = [
        w.build(w.DATA, INNER4, session=SESSION, sequence=3 << 48 | 9,
                flags=w.EXTENSION | w.ORDERED, number=17, timestamp=123456789),
        w.build(w.DATA, INNER6, session=SESSION, flags=w.EXTENSION | w.DUPLICATE),
        w.build(w.DATA, INNER4[:64], fragment=0, flags=w.EXTENSION | w.FRAGMENT),
        w.build(w.DATA, INNER4[64:], fragment=63, session=1,
                flags=w.EXTENSION | w.FRAGMENT | w.LAST_FRAGMENT),
        w.build(w.DATA, b"\x93" * 70, flags=w.EXTENSION | w.COMPRESSED),
        w.build(w.DATA, INNER4, flags=w.EXTENSION | w.IN_BLOCK, **big),
        w.build(w.MULTICAST, INNER4, session=SESSION, sequence=1008 << 48),
        w.build(w.DATA, b"\xab" * 80, length=64, checksum=0,
                flags=w.EXTENSION | w.ENCRYPTED | 0x300),
    ]
    beats = [w.heartbeat(), w.heartbeat(2, 20000, 2**63 + 1, 2**40),
             w.heartbeat(1, 2**32 - 1, 0, 0, [(1, 5, 6), (129, 2**32 - 1, 2**64 - 1)]),
             w.heartbeat(beacons=[(i + 1, i, i) for i in range(32)])]
    controls = [
        w.handshake(w.INITIATION, SESSION), w.handshake(w.RESPONSE, 1),
        w.handshake(w.INITIATION, SESSION, 1, 3) + bytes(range(140)),
        w.handshake(w.RESPONSE, SESSION, 1, 2) + bytes(range(80)),
        bytes([3, 0, 0, 0]) + bytes(range(56)),
        w.path(w.CHALLENGE, 2**64 - 1), w.path(w.ANSWER, 42),
        w.announcement("fiber", 1, 10, 5, 300, 100, 6250),
        w.announcement("a-name-of-15-by", 8, 255, 100, 1000, 60000, 2**32 - 1),
        w.withdrawal(200), w.close(), w.size(w.SIZE, 4), w.size(w.SIZE, 1408),
        w.size(w.SIZE_ANSWER, 1408)]
    acks = [w.ack([(1, 2, 300, 4, 5, 6, 7, 8, 9, [])]),
            w.ack([(1, 2**32 - 1, 2**64 - 1, (2**64 - 1) // 48, 2**64 - 1, 10**7,
                    10**7, 10**7, 2**32 - 1, [2**64 - 1] * 16),
                   (200, 0, 48, 1, 0, 0, 0, 0, 0, [1, 2])], -300000, 400000)]
    fecs = [w.fec(4, 2, b"parity" * 20), w.fec(254, 1, b"p")]
    return data + [w.build(w.HEARTBEAT, p, session=SESSION, sequence=5) for p in beats] + \
        [w.build(w.CONTROL, p, session=SESSION) for p in controls] + \
        [w.build(w.ACK, p, session=SESSION, timestamp=2**64 - 1) for p in acks] + \
        [w.build(w.FEC, p, session=SESSION, block=9, fec_index=200) for p in fecs]


# Packets, and the expert information that each must get, and no other
def bad():
    beat = w.heartbeat()
    x = w.EXTENSION
    yield b"", []
    yield bytes(47), ["bad_size"]
    yield w.build(w.HEARTBEAT, beat, version=2), ["bad_version"]
    yield w.build(9, beat), ["bad_payload", "bad_type"]
    yield w.build(w.HEARTBEAT, beat, flags=0), ["bad_flags"]
    yield w.build(w.HEARTBEAT, beat, flags=x | 0x400), ["bad_flags"]
    yield w.build(w.HEARTBEAT, beat, flags=x | w.ORDERED), ["bad_flags"]
    yield w.build(w.DATA, INNER4, flags=x | 0x100), ["bad_flags"]
    yield w.build(w.DATA, INNER4, flags=x | w.LAST_FRAGMENT), ["bad_flags"]
    yield w.build(w.HEARTBEAT, beat, length=25), ["bad_length"]
    yield w.build(w.DATA, INNER4, sequence=1024 << 48), ["bad_bucket"]
    yield w.build(w.HEARTBEAT, beat, wan=0), ["bad_wan"]
    yield w.build(w.HEARTBEAT, beat, wan=128), ["bad_wan"]
    yield w.build(w.DATA, INNER4, fragment=1), ["bad_fragment"]
    yield w.build(w.DATA, INNER4, fragment=64, flags=x | w.FRAGMENT), ["bad_fragment"]
    yield w.build(w.HEARTBEAT, beat, checksum=1), ["bad_checksum"]
    yield w.build(w.DATA, bytes(80), length=64, checksum=1,
                  flags=x | w.ENCRYPTED), ["bad_checksum"]
    for payload in (b"", beat[:23], beat + b"\0", w.heartbeat(kind=3),
                    w.heartbeat(beacons=[(1, 1, 1)] * 33), b"\1\1" + beat[2:]):
        yield w.build(w.HEARTBEAT, payload), ["bad_payload"]
    yield w.build(w.HEARTBEAT, beat[:2] + b"\1" + beat[3:]), ["bad_reserved"]
    for payload in (b"", b"\0", bytes([9]) + bytes(11), w.close() + b"\0",
                    w.handshake(w.INITIATION, 1) + bytes(80), w.path(4, 1)[:11],
                    w.handshake(w.RESPONSE, 1, 1), w.withdrawal(1)[:3]):
        yield w.build(w.CONTROL, payload), ["bad_payload"]
    report = (1, 2, 300, 4, 5, 6, 7, 8, 9, [])

    def changed(**what):
        names = ["wan", "highest", "bytes", "packets", "arrival", "base", "queue",
                 "jitter", "ce", "words"]
        return w.ack([tuple(what.get(n, v) for n, v in zip(names, report))])

    good = changed()
    many = [(i + 1,) + report[1:] for i in range(33)]
    yield w.build(w.ACK, good, timestamp=5), []
    yield w.build(w.ACK, w.ack(many[:32]), timestamp=5), []
    yield w.build(w.ACK, changed(bytes=192), timestamp=5), []
    yield w.build(w.ACK, good, timestamp=4), ["bad_payload"]
    for payload in (b"", bytes(4), good[:-1], good + b"\0", w.ack(many),
                    changed(words=[1] * 17), w.ack([report] * 2),
                    w.ack([report, many[1], report]), changed(wan=0),
                    changed(wan=128), changed(packets=0), changed(bytes=191),
                    changed(packets=2**60), changed(packets=2**64 - 1),
                    changed(base=10**7 + 1), changed(queue=10**7 + 1),
                    changed(jitter=10**7 + 1), w.ack([report], 0, 0, 0),
                    w.ack([report], 300001, 1),
                    w.ack([report], 1), w.ack([report], 1, 400001),
                    good[:14] + b"\1" + good[15:], good[:15] + b"\2" + good[16:]):
        yield w.build(w.ACK, payload, timestamp=5), ["bad_payload"]
    for at in (2, 3):
        yield w.build(w.ACK, good[:at] + b"\1" + good[at + 1:], timestamp=5), \
            ["bad_reserved"]
    for payload in (b"", w.fec(0, 1, b"p"), w.fec(1, 0, b"p"), w.fec(200, 56, b"p"),
                    w.fec(4, 2, b"pp")[:-1]):
        yield w.build(w.FEC, payload), ["bad_payload"]
    yield w.build(w.DATA, b""), ["bad_payload"]
    yield w.build(w.DATA, b"\x10" * 40), ["bad_payload"]


def flatten(layer, out):
    """All fields of a layer of tshark's JSON, by name, as lists."""
    if isinstance(layer, list):
        for item in layer:
            flatten(item, out)
    elif isinstance(layer, dict):
        for name, value in layer.items():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str):
                    out[name].append(one)
                else:
                    flatten(one, out)
    return out


def frames(name):
    """Of each packet the flattened mwbond layers; None where there is none."""
    with open(name) as f:
        for packet in json.load(f):
            layer = packet["_source"]["layers"].get("mwbond")
            yield layer and flatten(layer, collections.defaultdict(list))


def number(text):
    if text in ("True", "False"):
        return int(text == "True")
    return int(text, 0)


COMMON = {"version": "version", "type": "type", "flags": "flags",
          "session": "session", "sequence": "sequence", "bucket": "bucket",
          "seqno": "seqno", "timestamp": "timestamp", "wan": "wan",
          "priority": "priority", "length": "length", "checksum": "checksum",
          "number": "number", "hold": "hold", "block": "block",
          "fec_index": "fec_index", "fragment": "fragment"}
MORE = {"kind": "hb_kind", "interval": "hb_interval", "request": "hb_request",
        "delay": "hb_delay", "subtype": "ctl_subtype", "size": "ctl_size",
        "security": "ctl_security", "ciphers": "ctl_ciphers",
        "sender": "ctl_sender", "token": "ctl_token",
        "wan_type": "wan_type", "wan_priority": "wan_priority",
        "failures": "wan_failures", "weight": "wan_weight",
        "wan_interval": "wan_heartbeat", "rate": "wan_rate",
        "withdrawn": "ctl_withdrawn"}


def reports(payload):
    """Independent reading of an Ack: a list for each of its fields."""
    out, at = collections.defaultdict(list), 12
    out["ack_interval"], out["ack_drift"], out["ack_drift_error"] = (
        [value] for value in w.struct.unpack_from(">B2xiI", payload, 1))
    for _ in range(payload[0]):
        fields = w.struct.unpack_from(">BBHIQQQIIII", payload, at)
        for name, value in zip(("wan", "words", "filled", "highest", "bytes", "packets",
                                "arrival", "base", "queue", "jitter", "ce"), fields):
            out["ack_" + name].append(value)
        at += 48
        for _ in range(fields[1]):
            out["ack_word"] += w.struct.unpack_from(">Q", payload, at)
            at += 8
    return out


def wanted(packet):
    """What tshark should have found: a list of values for each field."""
    plain = not packet[3] & w.ENCRYPTED
    if plain:
        fields = w.parse(packet)
    else:
        fields = dict(zip(w.FIELDS, w.HEADER.unpack_from(packet)))
        fields.update(bucket=fields["sequence"] >> 48,
                      seqno=fields["sequence"] & (1 << 48) - 1)
    out = {lua: [fields[py]] for table in (COMMON, MORE)
           for py, lua in table.items() if py in fields}
    if "beacons" in fields:
        for i, name in enumerate(("wan", "number", "timestamp")):
            if fields["beacons"]:
                out["beacon_" + name] = [b[i] for b in fields["beacons"]]
    if fields["type"] == w.ACK:
        out.update(reports(fields["payload"]))
    if fields["type"] == w.FEC:
        out.update(fec_k=[fields["payload"][0]], fec_m=[fields["payload"][1]],
                   fec_length=[len(fields["payload"]) - 4])
    return out, fields.get("name")


def packets(name):
    for _, frame in w.read_pcap(name):
        udp = w.parse_udp(frame[14:])
        yield udp and udp[5]


def compare(capture, decoded):
    count = bad_ones = 0
    for i, (packet, layer) in enumerate(zip(packets(capture), frames(decoded), strict=True)):
        if packet is None:
            continue
        if layer is None:
            print(f"packet {i + 1}: not taken for mwbond")
            bad_ones += 1
            continue
        want, name = wanted(packet)
        got = {n[7:]: [number(v) for v in layer[n]] for n in layer
               if n.startswith("mwbond.") and n[7:] in want}
        why = [f"{n} {got.get(n)} not {want[n]}" for n in want if got.get(n) != want[n]]
        if name is not None and layer["mwbond.wan_name"] != [name]:
            why.append(f"name {layer['mwbond.wan_name']}")
        if layer["mwbond.checksum_status"] != ["1"]:
            why.append("checksum")
        why += [n for n in layer if n.startswith("mwbond.bad_")]
        if why:
            print(f"packet {i + 1}: {'; '.join(why)}")
            bad_ones += 1
        count += 1
    print(f"{count} packets read, {bad_ones} differ")
    return bad_ones or not count


def experts(decoded):
    bad_ones = 0
    for i, ((packet, want), layer) in enumerate(zip(bad(), frames(decoded), strict=True)):
        got = sorted({n[7:] for n in layer or () if n.startswith("mwbond.bad_")})
        if got != want:
            print(f"packet {i + 1} ({packet.hex()}): {got} instead of {want}")
            bad_ones += 1
    return bad_ones


def kinds(capture):
    count = collections.Counter()
    for packet in packets(capture):
        if not packet:
            continue
        fields = w.parse(packet)
        count[w.TYPES[fields["type"]]] += 1
        count["Fragment"] += bool(fields["flags"] & w.FRAGMENT)
        count["Hold"] += bool(fields["hold"])
        if fields["type"] == w.CONTROL:
            count[f"Control-{fields['subtype']}"] += 1
    print(" ".join(f"{k}={v}" for k, v in sorted(count.items()) if v))
    return 0


def in_sequence(ip):
    """Must it be ordered, whatever the mode? TCP with data, SYN, FIN or RST."""
    return ip[2] == 6 and (bool(ip[4][13] & 7) or len(ip[4]) > (ip[4][12] >> 4) * 4)


def inner(capture):
    """Multicast goes as type 4, in no flow's sequence; the rest as Data. What is
    ordered may be held."""
    count, bad_ones = collections.Counter(), 0
    for packet in packets(capture):
        fields = w.parse(packet)
        if fields["type"] not in (w.DATA, w.MULTICAST) or fields["flags"] & w.FRAGMENT:
            continue
        ip = w.parse_ip(fields["payload"])
        multicast = ip and ipaddress.ip_address(ip[1]).is_multicast
        ordered = bool(fields["flags"] & w.ORDERED)
        right = w.MULTICAST if multicast else w.DATA
        flags = w.EXTENSION | (w.ORDERED if ordered else 0)
        if not ip or (fields["type"], fields["flags"]) != (right, flags) or \
                multicast != (fields["bucket"] >= 1008) or \
                ordered < max(in_sequence(ip), fields["hold"] > 0):
            print(f"{ip[:2] if ip else 'no packet'}: type {fields['type']}, "
                  f"flags {fields['flags']:#x}, bucket {fields['bucket']}")
            bad_ones += 1
        else:
            count[w.TYPES[fields["type"]], ipaddress.ip_address(ip[1]).version,
                  "ordered" if ordered else "unordered"] += 1
    print(", ".join(f"{kind} of IPv{version}, {order}: {n}"
                    for (kind, version, order), n in sorted(count.items())))
    return bad_ones or len(count) < 5


def numbers(capture):
    """By session id and WAN. Initiations have no session, yet."""
    last, bad_ones, count = {}, 0, 0
    for packet in packets(capture):
        fields = w.parse(packet)
        if fields.get("subtype") == w.INITIATION:
            bad_ones += fields["number"] != 0
            continue
        path = fields["session"], fields["wan"]
        number, stamp = last.get(path, (-1, 0))
        if fields["number"] != number + 1 or fields["timestamp"] < stamp:
            print(f"{path}: {fields['number']} after {number}, "
                  f"{fields['timestamp']} after {stamp}")
            bad_ones += 1
        last[path] = fields["number"], fields["timestamp"]
        count += 1
    print(f"{count} packets, {len(last)} directions")
    return bad_ones or len(last) < 2


def write(name, payloads):
    w.write_pcap(name, [w.ethernet(w.udp("10.0.1.1", "10.0.1.2", 40000, 5000, p))
                        for p in payloads])
    return 0


def main():
    what, *args = sys.argv[1:]
    if what == "golden":
        return write(args[0], golden())
    if what == "bad":
        return write(args[0], (packet for packet, _ in bad()))
    return {"compare": compare, "experts": experts, "kinds": kinds,
            "inner": inner, "numbers": numbers}[what](*args)


if __name__ == "__main__":
    sys.exit(bool(main()))

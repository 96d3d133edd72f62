#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Golden vectors of the wire format, as a C header for wire_kunit.c.

An encoder and a judge of its own, written from Documentation/wire.rst without
a look at kernel/core/wire.c: what both agree on is what the document says.
Prints kernel/tests/generated/wire_golden.h.
"""

import struct
import zlib

DATA, ACK, HEARTBEAT, CONTROL, MULTICAST, FEC = range(6)
D, F, Z, E, G, L, X, O = (1 << bit for bit in range(8))
FLIPPED = 1000          # bytes of a payload whose bits are flipped, at the most
ACK_HEAD = 12
TAG = bytes(range(0xa0, 0xb0))

# Member of the C struct, offset on the wire, bytes on the wire.
HEADER = (
    ("type", 1, 1), ("flags", 2, 2), ("session", 4, 8), ("sequence", 12, 8),
    ("timestamp", 20, 8), ("wan_id", 28, 1), ("priority", 29, 1),
    ("data_len", 30, 4), ("checksum", 34, 4), ("packet_number", 38, 4),
    ("hold", 42, 2), ("fec_block", 44, 2), ("fec_index", 46, 1),
    ("fragment", 47, 1),
)
BEACONS = tuple(
    field for n in range(32) for field in (
        (f"beacon[{n}].wan_id", 24 + 16 * n, 1),
        (f"beacon[{n}].packet_number", 28 + 16 * n, 4),
        (f"beacon[{n}].timestamp", 32 + 16 * n, 8)))
REPORT = (
    ("wan_id", 0, 1), ("words", 1, 1), ("filled", 2, 2), ("highest", 4, 4), ("bytes", 8, 8),
    ("packets", 16, 8), ("arrival", 24, 8), ("base", 32, 4), ("queue", 36, 4),
    ("jitter", 40, 4), ("ce", 44, 4),
)


def ack_layout(*words):
    """Fields of an Ack whose reports have so many words each."""
    fields, at = [("head.count", 0, 1), ("head.interval", 1, 1),
                  ("head.drift", 4, 4),
                  ("head.drift_error", 8, 4)], ACK_HEAD
    for n, count in enumerate(words):
        fields += [(f"report[{n}].{member}", at + place, size)
                   for member, place, size in REPORT]
        fields += [(f"report[{n}].bitmap[{i}]", at + 48 + 8 * i, 8)
                   for i in range(count)]
        at += 48 + 8 * count
    return tuple(fields)


LAYOUTS = {
    "heartbeat": (("kind", 0, 1), ("count", 1, 1), ("interval", 4, 4),
                  ("request", 8, 8), ("delay", 16, 8)) + BEACONS,
    "hello": (("subtype", 0, 1), ("security", 1, 1), ("ciphers", 2, 1),
              ("session", 4, 8)),
    "token": (("subtype", 0, 1), ("token", 4, 8)),
    "announce": (("subtype", 0, 1), ("wan_type", 1, 1), ("priority", 2, 1),
                 ("failures", 3, 1), ("weight", 4, 2), ("heartbeat", 8, 4),
                 ("rate", 12, 4)) +
                tuple((f"name[{n}]", 16 + n, 1) for n in range(16)),
    "withdraw": (("subtype", 0, 1), ("wan_id", 1, 1)),
    "close": (("subtype", 0, 1),),
    "size": (("subtype", 0, 1), ("size", 2, 2)),
    "ack_one": ack_layout(16),
    "ack_three": ack_layout(0, 1, 16),
    "ack_most": ack_layout(*(n & 3 for n in range(32))),
    "none": (),
}
STRUCTS = {"heartbeat": "mwb_wire_heartbeat", "ack_one": "mwb_golden_ack",
           "ack_three": "mwb_golden_ack", "ack_most": "mwb_golden_ack"}


def wan_id_ok(number):
    return 1 <= number <= 127 or 129 <= number <= 255


# ---- header ----------------------------------------------------------------

def header(payload=b"", kind=DATA, flags=0, session=0x1122334455667788,
           bucket=None, seq=0x010203040506, timestamp=0x0123456789abcdef,
           wan_id=5, priority=0x80, number=0xfedcba98, hold=0x0102, block=0,
           index=0, fragment=0):
    """A whole packet with a checksum, or with what stands for a tag."""
    flags |= X
    sequence = seq if bucket is None else bucket << 48 | seq
    packet = bytearray(struct.pack(
        ">BBHQQQBBIIIHHBB", 1, kind, flags, session, sequence, timestamp,
        wan_id, priority, len(payload), 0, number, hold, block, index,
        fragment))
    assert len(packet) == 48
    packet += payload
    if flags & E:
        packet += TAG
    else:
        packet[34:38] = struct.pack(">I", zlib.crc32(bytes(packet)))
    return bytes(packet)


def flags_ok(kind, flags):
    if flags >> 10 or not flags & X:
        return False
    if flags & L and not flags & G:
        return False
    if flags & 0x300 and not flags & E:
        return False
    if flags & (O | D) and kind != DATA:
        return False
    return not (flags & (G | F | Z) and kind not in (DATA, MULTICAST))


def judge_header(packet):
    """The letter of the error that a packet deserves, '.' for none."""
    if len(packet) < 48:
        return "s"
    (version, kind, flags, _, sequence, _, wan_id, _, length, checksum, _, _,
     block, index, fragment) = struct.unpack(">BBHQQQBBIIIHHBB", packet[:48])
    if version != 1:
        return "v"
    if kind > 5:
        return "t"
    if not flags_ok(kind, flags):
        return "f"
    if flags & E and checksum:
        return "f"
    # k and m are at least 1 and their sum is at most 255.
    if kind == FEC:
        if not 1 <= index <= 254:
            return "f"
    elif flags & F:
        if index > 253:
            return "f"
    elif block or index:
        return "f"
    if len(packet) != length + (64 if flags & E else 48):
        return "l"
    if flags & G and not flags & L and (length == 0 or length & 7):
        return "l"
    if kind in (DATA, MULTICAST) and sequence >> 48 > 1023:
        return "b"
    if fragment > (63 if flags & G else 0):
        return "b"
    return "." if wan_id_ok(wan_id) else "w"


def header_vectors():
    part = bytes(range(24))
    yield "data", header(b"an inner packet", bucket=7)
    yield "data ordered", header(b"x", flags=O, bucket=1023)
    yield "data, least values", header(
        b"\0", session=1, bucket=0, seq=0, timestamp=0, wan_id=1, priority=0,
        number=0, hold=0)
    yield "data, largest values", header(
        b"\xff" * 9, flags=O | D | F | Z | G | L, session=2**64 - 1,
        bucket=1023, seq=2**48 - 1, timestamp=2**64 - 1, wan_id=255,
        priority=255, number=2**32 - 1, hold=0xffff, block=0xffff, index=253,
        fragment=63)
    yield "duplicate", header(b"twice", flags=D | O, bucket=3, wan_id=127)
    yield "in a block", header(b"coded", flags=F, bucket=3, block=0x1234,
                               index=3, wan_id=129)
    yield "compressed", header(b"lz4", flags=Z, bucket=512)
    yield "first part", header(part, flags=G | O, bucket=2)
    yield "middle part", header(part, flags=G, bucket=2, fragment=17)
    yield "last part", header(part[:5], flags=G | L, bucket=2, fragment=63)
    for phase in range(4):
        yield f"encrypted, key phase {phase}", header(
            b"secret", flags=E | phase << 8, bucket=9)
    yield "encrypted and all", header(
        part, flags=D | F | Z | E | G | O | 0x300, bucket=1, block=1,
        index=253, fragment=62)
    yield "multicast", header(b"to all", kind=MULTICAST, bucket=1000)
    yield "multicast part", header(part, kind=MULTICAST, flags=G | Z | F,
                                   bucket=1000, block=2, index=1, fragment=1)
    yield "heartbeat", header(bytes(24), kind=HEARTBEAT, seq=2**64 - 1)
    yield "encrypted heartbeat", header(bytes(24), kind=HEARTBEAT, flags=E)
    yield "ack", header(bytes(60), kind=ACK)
    yield "encrypted ack", header(bytes(60), kind=ACK, flags=E | 0x100)
    yield "control", header(bytes(12), kind=CONTROL, seq=0xffff << 48)
    yield "encrypted control", header(bytes(12), kind=CONTROL, flags=E)
    yield "parity", header(bytes(20), kind=FEC, block=77, index=254)
    yield "first parity", header(bytes(20), kind=FEC, index=1)
    yield "encrypted parity", header(bytes(20), kind=FEC, flags=E | 0x200,
                                     block=0xffff, index=128)
    yield "nothing in it", header(kind=CONTROL)
    yield "encrypted, nothing in it", header(kind=CONTROL, flags=E)


# Another value in one field: packet to change, member, values.
HEADER_CHANGES = (
    ("data", "type", range(256)),
    ("control", "type", range(256)),
    ("data", "wan_id", range(256)),
    ("parity", "wan_id", range(256)),
    ("in a block", "fec_index", range(256)),
    ("parity", "fec_index", range(256)),
    ("heartbeat", "fec_index", range(256)),
    ("middle part", "fragment", range(256)),
    ("last part", "fragment", range(256)),
    ("data", "fragment", range(256)),
    ("ack", "fragment", range(256)),
    ("data", "fec_block", (0, 1, 0xffff)),
    ("data", "sequence", (0, 2**48 - 1, 2**48, 2**58 - 1, 2**58, 2**64 - 1)),
    ("multicast", "sequence", (0, 2**48 - 1, 2**58 - 1, 2**58, 2**64 - 1)),
    ("heartbeat", "sequence", (0, 2**58, 2**64 - 1)),
    ("data", "data_len", (0, 14, 15, 16, 2**16 + 15, 2**31, 2**32 - 1)),
    ("encrypted, key phase 1", "data_len",
     (0, 5, 6, 7, 22, 2**32 - 16, 2**32 - 11, 2**32 - 10, 2**32 - 1)),
    ("encrypted, nothing in it", "data_len", (0, 1, 16, 2**32 - 16)),
    ("data", "checksum", (0, 1, 2**32 - 1)),
    ("encrypted, key phase 0", "checksum", (0, 1, 2**31, 2**32 - 1)),
)


# ---- payloads --------------------------------------------------------------

def heartbeat(kind, beacons=(), interval=200000, request=0, delay=0):
    out = struct.pack(">BBHIQQ", kind, len(beacons), 0, interval, request,
                      delay)
    for wan_id, number, timestamp in beacons:
        out += struct.pack(">BxxxIQ", wan_id, number, timestamp)
    return out


def judge_heartbeat(payload):
    if len(payload) < 24:
        return "m"
    kind, count, zero, _, request, delay = struct.unpack(">BBHIQQ",
                                                         payload[:24])
    if kind not in (1, 2) or count > 32 or zero:
        return "m"
    if len(payload) != 24 + 16 * count:
        return "m"
    if kind == 1 and (request or delay):
        return "m"
    for at in range(24, len(payload), 16):
        if not wan_id_ok(payload[at]) or any(payload[at + 1:at + 4]):
            return "m"
    return "."


def hello(subtype, session, security=0, ciphers=0, message=b""):
    return struct.pack(">BBBBQ", subtype, security, ciphers, 0,
                       session) + message


def announce(name, kind=5, priority=100, failures=3, weight=100,
             interval=200, rate=0):
    return struct.pack(">BBBBHHII16s", 6, kind, priority, failures, weight, 0,
                       interval, rate, name.encode())


def judge_hello(payload):
    subtype, security, ciphers, zero, session = struct.unpack(
        ">BBBBQ", payload[:12])
    if zero or not session:
        return "m"
    if security == 0:
        return "." if len(payload) == 12 and ciphers == 0 else "m"
    if security != 1 or len(payload) != {1: 152, 2: 92}[subtype]:
        return "m"
    return "u" if ciphers in {1: (1, 2, 3), 2: (1, 2)}[subtype] else "m"


def judge_announce(payload):
    _, _, _, failures, weight, zero, interval, _, name = struct.unpack(
        ">BBBBHHII16s", payload)
    bare = name.rstrip(b"\0")
    if zero or not 1 <= len(bare) <= 15:
        return "m"
    if any(byte < 0x21 or byte > 0x7e or byte == ord("/") for byte in bare):
        return "m"
    good = (1 <= failures <= 100 and 1 <= weight <= 1000 and
            10 <= interval <= 60000)
    return "." if good else "m"


def judge_control(payload):
    lengths = {1: (12, 152), 2: (12, 92), 3: (60,), 4: (12,), 5: (12,),
               6: (32,), 7: (4,), 8: (4,)}
    if len(payload) >= 4 and payload[0] in (9, 10):
        size = payload[2] << 8 | payload[3]
        good = size >= 4 and len(payload) == (size if payload[0] == 9 else 4)
        return "." if good and not payload[1] and not any(payload[4:]) else "m"
    if not payload or len(payload) not in lengths.get(payload[0], ()):
        return "m"
    subtype = payload[0]
    if subtype in (1, 2):
        return judge_hello(payload)
    if subtype == 6:
        return judge_announce(payload)
    if subtype == 7:
        bad = any(payload[2:4]) or not wan_id_ok(payload[1])
    else:
        bad = any(payload[1:4])
    return "m" if bad else "u" if subtype == 3 else "."


def report(wan_id, words=(), number=0x89abcdef, size=10**12, packets=10**9,
           arrival=2**63 + 5, base=20000, queue=0x010203, jitter=517, ce=7,
           flags=0):
    return struct.pack(">BBHIQQQIIII", wan_id, len(words), flags, number, size,
                       packets, arrival, base, queue, jitter, ce) + b"".join(
                           struct.pack(">Q", word) for word in words)


def ack(*reports, drift=0, error=0, interval=10):
    return struct.pack(">BBxxiI", len(reports), interval, drift, error) + b"".join(
        reports)


def judge_ack(payload):
    if (len(payload) < ACK_HEAD or not 1 <= payload[0] <= 32 or
            not payload[1] or any(payload[2:4])):
        return "m"
    drift, error = struct.unpack_from(">iI", payload, 4)
    if abs(drift) > 300000 or error > 400000 or (drift and not error):
        return "m"
    at, paths = ACK_HEAD, set()
    for _ in range(payload[0]):
        if len(payload) < at + 48:
            return "m"
        (wan_id, words, flags, _, size, packets, _, base, queue, jitter,
         _) = struct.unpack_from(">BBHIQQQIIII", payload, at)
        if not wan_id_ok(wan_id) or wan_id in paths or words > 16 or flags > 1:
            return "m"
        if packets < 1 or size < 48 * packets:
            return "m"
        if max(base, queue, jitter) > 10 * 10**6:
            return "m"
        paths.add(wan_id)
        at += 48 + 8 * words
    return "." if at == len(payload) else "m"


def parity(data, extra, shard):
    return struct.pack(">BBH", data, extra, len(shard)) + shard


def judge_fec(payload):
    if len(payload) < 4:
        return "m"
    data, extra, length = struct.unpack(">BBH", payload[:4])
    # A shard holds at least its prefix.
    good = (1 <= data <= 254 and 1 <= extra <= 254 and data + extra <= 255 and
            length >= 16 and len(payload) == 4 + length)
    return "." if good else "m"


JUDGES = {"heartbeat": judge_heartbeat, "control": judge_control,
          "ack": judge_ack, "fec": judge_fec}


def payload_vectors():
    """Name, what reads it, layout, payload."""
    three = ((1, 2**32 - 1, 2**64 - 1), (127, 0, 1), (255, 0x80000000, 2**63))
    many = tuple((n + 1 + 128 * (n & 1), n * 0x01010101, n << 40 | 3)
                 for n in range(32))
    yield "request", "heartbeat", "heartbeat", heartbeat(1)
    yield "request with beacons", "heartbeat", "heartbeat", heartbeat(1, three)
    yield "answer", "heartbeat", "heartbeat", heartbeat(
        2, ((129, 5, 6),), 2**32 - 1, 2**64 - 1, 2**64 - 2)
    yield "answer with 32 beacons", "heartbeat", "heartbeat", heartbeat(
        2, many, 1, 0x0102030405060708, 0x1112131415161718)
    yield "initiation", "control", "hello", hello(1, 0x8877665544332211)
    yield "response", "control", "hello", hello(2, 2**64 - 1)
    yield "response, one bit", "control", "hello", hello(2, 1)
    for ciphers in (1, 2, 3):
        yield f"Noise initiation {ciphers}", "control", "none", hello(
            1, 5, 1, ciphers, bytes(140))
    for ciphers in (1, 2):
        yield f"Noise response {ciphers}", "control", "none", hello(
            2, 2**63, 1, ciphers, bytes(80))
    yield "cookie", "control", "none", struct.pack(">Bxxx56x", 3)
    yield "challenge", "control", "token", struct.pack(
        ">BxxxQ", 4, 0xa1b2c3d4e5f60718)
    yield "path answer", "control", "token", struct.pack(">BxxxQ", 5, 0)
    yield "announcement", "control", "announce", announce("lte0")
    yield "announcement, least", "control", "announce", announce(
        "!", 0, 0, 1, 1, 10, 0)
    yield "announcement, largest", "control", "announce", announce(
        "~" * 15, 255, 255, 100, 1000, 60000, 2**32 - 1)
    yield "withdrawal", "control", "withdraw", struct.pack(">BBxx", 7, 1)
    yield "withdrawal 255", "control", "withdraw", struct.pack(">BBxx", 7, 255)
    yield "close", "control", "close", struct.pack(">Bxxx", 8)
    yield "size probe", "control", "size", struct.pack(">BxH", 9, 4)
    yield "size answer", "control", "size", struct.pack(">BxH", 10, 1408)
    yield "ack", "ack", "ack_one", ack(report(3))
    yield "ack, least", "ack", "ack_one", ack(
        report(1, (), 0, 48, 1, 0, 0, 0, 0, 0))
    yield "ack, largest", "ack", "ack_one", ack(report(
        255, (2**64 - 1,) * 16, 2**32 - 1, 2**64 - 1, (2**64 - 1) // 48,
        2**64 - 1, 10**7, 10**7, 10**7, 2**32 - 1, 1), drift=300000,
        error=400000)
    yield "ack of three", "ack", "ack_three", ack(
        report(1), report(127, (1,)), report(129, range(2**56, 2**56 + 16)),
        drift=12345, error=1)
    yield "ack, slow clock", "ack", "none", ack(
        report(2, flags=1), drift=-300000, error=500)
    yield "ack of 32", "ack", "ack_most", ack(
        *(report(129 + n, (n << 56 | n,) * (n & 3), size=10**12 + n,
                 ce=n << 24) for n in range(32)))
    yield "parity", "fec", "none", parity(4, 2, bytes(range(40)))
    yield "parity 1+254", "fec", "none", parity(1, 254, bytes(16))
    yield "parity 254+1", "fec", "none", parity(254, 1, bytes(17))


def bad_vectors():
    """One more than there may be of something, the lengths being right."""
    beacon = ((1, 2, 3),)
    yield "33 beacons", "heartbeat", heartbeat(2, beacon * 33)
    yield "255 beacons", "heartbeat", heartbeat(2, beacon * 255)
    yield "no report", "ack", ack()
    yield "33 reports", "ack", ack(*(report(1 + n) for n in range(33)))
    yield "a path twice", "ack", ack(report(3), report(3))
    yield "a path twice, apart", "ack", ack(
        *(report(wan_id) for wan_id in (255, 1, 191, 65, 255)))
    yield "too fast a clock", "ack", ack(report(1), drift=300001, error=9)
    yield "too slow a clock", "ack", ack(report(1), drift=-300001, error=9)
    yield "too uncertain", "ack", ack(report(1), drift=1, error=400001)
    yield "a drift that is not known", "ack", ack(report(1), drift=-1)
    yield "17 words", "ack", ack(report(1, range(17)))
    yield "255 words", "ack", ack(report(1, range(255)))
    yield "a shard of 15", "fec", parity(4, 2, bytes(15))
    yield "an empty shard", "fec", parity(4, 2, b"")
    yield "no data", "fec", parity(0, 2, bytes(20))
    yield "no parity", "fec", parity(4, 0, bytes(20))
    yield "128 + 128", "fec", parity(128, 128, bytes(20))
    yield "255 + 1", "fec", parity(255, 1, bytes(20))
    yield "Noise, plain length", "control", hello(1, 5, 1, 1)
    yield "plain, Noise length", "control", hello(1, 5, 0, 0, bytes(140))
    yield "initiation, response's length", "control", hello(
        1, 5, 1, 1, bytes(80))
    yield "response, initiation's length", "control", hello(
        2, 5, 1, 1, bytes(140))
    yield "two ciphers chosen", "control", hello(2, 5, 1, 3, bytes(80))
    yield "security 2", "control", hello(1, 5, 2, 1, bytes(140))
    yield "subtype 0", "control", bytes(4)
    yield "subtype 11", "control", b"\x0b" + bytes(3)
    yield "a size probe of 3", "control", b"\x09\0\0\3"
    yield "longer than it says", "control", b"\x09\0\0\7" + bytes(4)
    yield "shorter than it says", "control", b"\x09\0\0\x09" + bytes(4)
    yield "an answer that is padded", "control", b"\x0a\0\0\x08" + bytes(4)
    yield "no name", "control", announce("")
    yield "a name of 16", "control", announce("a" * 16)
    yield "a name of two", "control", announce("a\0b")
    yield "a name with a blank", "control", announce("a b")
    yield "a name with a slash", "control", announce("a/b")
    yield "a name beyond ASCII", "control", announce("\u00e9")


# Other bytes at one place: payload to change, offset, format, values.
PAYLOAD_CHANGES = (
    ("request", 0, "B", range(256)),
    ("answer", 0, "B", range(256)),
    ("request", 1, "B", range(256)),
    ("request", 2, "H", (0, 1, 0x100, 0xffff)),
    ("request", 8, "Q", (0, 1, 2**63)),
    ("request", 16, "Q", (0, 1, 2**63)),
    ("answer", 24, "B", range(256)),
    ("answer with 32 beacons", 24 + 31 * 16, "B", (0, 1, 127, 128, 129, 255)),
    ("answer with 32 beacons", 1, "B", (0, 31, 32, 33, 255)),
    ("initiation", 0, "B", range(256)),
    ("initiation", 1, "B", range(256)),
    ("initiation", 2, "B", range(256)),
    ("initiation", 4, "Q", (0, 1, 2**63)),
    ("response", 4, "Q", (0, 1, 2**63)),
    ("response", 2, "B", (0, 1, 2, 3, 4)),
    ("Noise initiation 3", 0, "B", range(16)),
    ("Noise initiation 3", 1, "B", range(256)),
    ("Noise initiation 3", 2, "B", range(256)),
    ("Noise initiation 3", 4, "Q", (0, 1)),
    ("Noise response 1", 0, "B", range(16)),
    ("Noise response 1", 1, "B", range(256)),
    ("Noise response 1", 2, "B", range(256)),
    ("cookie", 0, "B", range(16)),
    ("challenge", 0, "B", range(256)),
    ("announcement", 0, "B", range(256)),
    ("announcement", 1, "B", range(256)),
    ("announcement", 3, "B", range(256)),
    ("announcement", 4, "H", (0, 1, 2, 999, 1000, 1001, 0x8001, 0xffff)),
    ("announcement", 8, "I", (0, 9, 10, 11, 59999, 60000, 60001, 2**32 - 1)),
    ("announcement", 16, "B", range(256)),
    ("announcement", 19, "B", range(256)),
    ("announcement", 20, "B", range(256)),
    ("announcement", 21, "B", (0, 1, 0x61, 0xff)),
    ("announcement", 31, "B", (0, 1, 0x61, 0xff)),
    ("announcement, largest", 31, "B", range(256)),
    ("announcement, largest", 30, "B", range(256)),
    ("withdrawal", 0, "B", range(256)),
    ("withdrawal", 1, "B", range(256)),
    ("close", 0, "B", range(256)),
    ("close", 1, "B", (0, 1, 0xff)),
    ("ack", 0, "B", range(256)),
    ("ack", 1, "B", range(256)),
    ("ack", 2, "H", (0, 1, 0x100)),
    ("ack", 4, "I", (0, 1, 2**31, 2**32 - 1)),
    ("ack", 8, "I", (0, 1, 400000, 400001, 2**31, 2**32 - 1)),
    ("ack, largest", 4, "I", (0, 300000, 300001, 2**32 - 300000,
                              2**32 - 300001, 2**31)),
    ("ack, largest", 8, "I", (0, 1, 400000, 400001, 2**31, 2**32 - 1)),
    ("ack", ACK_HEAD, "B", range(256)),
    ("ack", ACK_HEAD + 1, "B", range(256)),
    ("ack", ACK_HEAD + 2, "H", (0, 1, 2, 0x100, 0xffff)),
    # 2^60 and 2^63 times 48 are 0 modulo 2^64.
    ("ack", ACK_HEAD + 8, "Q", (0, 1, 48 * 10**9 - 1, 48 * 10**9, 2**64 - 1)),
    ("ack", ACK_HEAD + 16, "Q", (0, 1, 10**12 // 48, 10**12 // 48 + 1, 2**32,
                          2**60, 2**60 + 1, 2**63, 2**64 - 1)),
    ("ack, least", ACK_HEAD + 8, "Q", (0, 1, 47, 48, 49)),
    ("ack, least", ACK_HEAD + 16, "Q", (0, 1, 2)),
    ("ack, largest", ACK_HEAD + 8, "Q", (2**64 - 17, 2**64 - 16, 2**64 - 1)),
    ("ack, largest", ACK_HEAD + 16, "Q", ((2**64 - 1) // 48, (2**64 - 1) // 48 + 1,
                                   2**64 - 1)),
    ("ack", ACK_HEAD + 24, "Q", (0, 1, 2**64 - 1)),
    ("ack", ACK_HEAD + 32, "I", (0, 10**7 - 1, 10**7, 10**7 + 1, 2**31, 2**32 - 1)),
    ("ack", ACK_HEAD + 36, "I", (0, 10**7 - 1, 10**7, 10**7 + 1, 2**31, 2**32 - 1)),
    ("ack", ACK_HEAD + 40, "I", (0, 10**7 - 1, 10**7, 10**7 + 1, 2**31, 2**32 - 1)),
    ("ack", ACK_HEAD + 44, "I", (0, 10**7 + 1, 2**32 - 1)),
    ("ack of three", 0, "B", range(256)),
    ("ack of three", ACK_HEAD, "B", range(256)),
    ("ack of three", ACK_HEAD + 48, "B", range(256)),
    ("ack of three", ACK_HEAD + 48 + 56, "B", range(256)),
    ("ack of three", ACK_HEAD + 48 + 1, "B", range(256)),
    ("ack of three", ACK_HEAD + 48 + 56 + 1, "B", range(256)),
    ("ack of 32", 0, "B", (0, 31, 32, 33, 255)),
    ("parity", 0, "B", range(256)),
    ("parity", 1, "B", range(256)),
    ("parity 1+254", 0, "B", range(256)),
    ("parity 1+254", 1, "B", range(256)),
    ("parity 1+254", 2, "H", (0, 15, 16, 17, 0xffff)),
    ("parity 254+1", 1, "B", range(256)),
)


# ---- output ----------------------------------------------------------------

def c_bytes(data):
    for at in range(0, len(data), 12):
        print("\t" + " ".join(f"0x{byte:02x}," for byte in data[at:at + 12]))


def c_string(text, tabs="\t"):
    lines = [text[at:at + 64] for at in range(0, len(text), 64)] or [""]
    return "\n".join(f'{tabs}"{line}"' for line in lines)


def flips(data, length, judge):
    """The judgement of each flipped bit, the most significant one first."""
    out = ""
    for bit in range(8 * length):
        changed = bytearray(data)
        changed[bit // 8] ^= 0x80 >> bit % 8
        out += judge(bytes(changed))
    return out


def values_of(layout, data):
    return [int.from_bytes(data[at:at + size], "big")
            for _, at, size in layout if at + size <= len(data)]


def print_layout(name, structure, layout):
    print(f"static const struct mwb_golden_field mwb_golden_{name}[] = {{")
    for member, at, size in layout:
        print(f"\t{{ {at}, {size}, offsetof(struct {structure}, {member}),\n"
              f"\t  sizeof_field(struct {structure}, {member}) }},")
    print("\t{ }\n};\n")


def print_vector(number, name, read, layout, data, length, judge):
    """@length: bytes of @data whose bits are judged."""
    values = values_of(LAYOUTS[layout], data)
    print(f"static const u8 mwb_golden_data_{number}[] = {{")
    c_bytes(data)
    print("};\n")
    if values:
        print(f"static const u64 mwb_golden_value_{number}[] = {{")
        for value in values:
            print(f"\t0x{value:x}ULL,")
        print("};\n")
    return "\n".join((
        "\t{", f'\t\t.name = "{name}",',
        f"\t\t.read = MWB_GOLDEN_{read.upper()},",
        f"\t\t.data = mwb_golden_data_{number},", f"\t\t.len = {len(data)},",
        f"\t\t.result = '{judge(data)}',",
        f"\t\t.field = mwb_golden_{layout},",
        f"\t\t.value = {f'mwb_golden_value_{number}' if values else 'NULL'},",
        f"\t\t.nr_values = {len(values)},", "\t\t.flips =",
        c_string(flips(data, length, judge), "\t\t\t") + ",", "\t},"))


def print_changes(changes):
    """Runs of values that are judged alike, from first to last."""
    print("static const struct mwb_golden_change mwb_golden_changes[] = {")
    for number, at, size, data, values, judge in changes:
        runs = []
        for value in values:
            changed = bytearray(data)
            changed[at:at + size] = value.to_bytes(size, "big")
            verdict = judge(bytes(changed))
            if runs and runs[-1][1] + 1 == value and runs[-1][2] == verdict:
                runs[-1][1] = value
            else:
                runs.append([value, value, verdict])
        for first, last, verdict in runs:
            print(f"\t{{ {number}, {at}, {size}, 0x{first:x}ULL, "
                  f"0x{last:x}ULL, '{verdict}' }},")
    print("};\n")


def print_flags():
    print("/* All that a type may have in its field of flags. */")
    for kind in range(6):
        good = [f for f in range(1 << 16) if flags_ok(kind, f)]
        print(f"static const u16 mwb_golden_flags_{kind}[] = {{")
        for at in range(0, len(good), 9):
            print("\t" + " ".join(f"0x{f:03x}," for f in good[at:at + 9]))
        print("};\n")


def main():
    LAYOUTS["header"] = HEADER
    print("/* SPDX-License-Identifier: GPL-2.0-only */\n"
          "/* Made by selftests/unit/golden.py: change that, not this. */\n")
    for name, layout in LAYOUTS.items():
        structure = ("mwb_wire_hdr" if name == "header" else
                     STRUCTS.get(name, "mwb_wire_control"))
        print_layout(name, structure, layout)

    entries = []
    known = {}
    for name, data in header_vectors():
        known["header", name] = len(entries), data, judge_header
        entries.append(print_vector(len(entries), name, "header", "header",
                                    data, 48, judge_header))
    for name, read, layout, data in payload_vectors():
        known["payload", name] = len(entries), data, JUDGES[read]
        entries.append(print_vector(len(entries), name, read, layout, data,
                                    min(len(data), FLIPPED),
                                    JUDGES[read]))
    for name, read, data in bad_vectors():
        assert JUDGES[read](data) == "m", name
        entries.append(print_vector(len(entries), name, read, "none", data,
                                    min(len(data), 4), JUDGES[read]))
    print("static const struct mwb_golden mwb_golden[] = {")
    print("\n".join(entries))
    print("};\n")

    changes = []
    places = {member: (at, size) for member, at, size in HEADER}
    for name, member, values in HEADER_CHANGES:
        number, data, judge = known["header", name]
        changes.append((number, *places[member], data, values, judge))
    for name, at, code, values in PAYLOAD_CHANGES:
        number, data, judge = known["payload", name]
        changes.append((number, at, struct.calcsize(">" + code), data, values,
                        judge))
    print_changes(changes)
    print_flags()


if __name__ == "__main__":
    main()

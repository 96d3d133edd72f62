# SPDX-License-Identifier: GPL-2.0-only
"""mwbond packets as Documentation/wire.rst draws them, and the IP packets
round them. Written from that page alone, to check those who wrote other
readers and writers of it."""

import ipaddress
import socket
import struct
import zlib

DATA, ACK, HEARTBEAT, CONTROL, MULTICAST, FEC = range(6)
TYPES = ["Data", "Ack", "Heartbeat", "Control", "Multicast", "FEC"]

DUPLICATE, IN_BLOCK, COMPRESSED, ENCRYPTED = 1, 2, 4, 8
FRAGMENT, LAST_FRAGMENT, EXTENSION, ORDERED = 16, 32, 64, 128

INITIATION, RESPONSE, COOKIE, CHALLENGE, ANSWER, ANNOUNCE, WITHDRAW, CLOSE, \
    SIZE, SIZE_ANSWER = range(1, 11)

HEADER = struct.Struct(">BBHQQQBBIIIHHBB")
FIELDS = ["version", "type", "flags", "session", "sequence", "timestamp",
          "wan", "priority", "length", "checksum", "number", "hold", "block",
          "fec_index", "fragment"]


def build(type, payload=b"", **fields):
    """A packet; each field can be given, right or wrong. A checksum of None
    (the default) is computed; so is a length."""
    f = dict(version=1, type=type, flags=EXTENSION, session=0, sequence=0,
             timestamp=0, wan=1, priority=0, length=None, checksum=None,
             number=0, hold=0, block=0, fec_index=0, fragment=0)
    unknown = set(fields) - set(f)
    if unknown:
        raise TypeError(f"no such field: {unknown}")
    f.update(fields)
    if f["length"] is None:
        f["length"] = len(payload)
    checksum = f["checksum"]
    f["checksum"] = 0
    packet = HEADER.pack(*(f[name] for name in FIELDS)) + payload
    if checksum is None:
        checksum = zlib.crc32(packet)
    return packet[:34] + struct.pack(">I", checksum) + packet[38:]


def parse(packet):
    """The fields of a packet as a dictionary; its payload is decoded too.
    ValueError for what is not as drawn."""
    if len(packet) < HEADER.size:
        raise ValueError("short")
    f = dict(zip(FIELDS, HEADER.unpack_from(packet)))
    payload = packet[HEADER.size:]
    if f["version"] != 1:
        raise ValueError("version")
    if f["length"] != len(payload):
        raise ValueError("length")
    blank = packet[:34] + bytes(4) + packet[38:]
    if f["checksum"] != zlib.crc32(blank):
        raise ValueError("checksum")
    f["payload"] = payload
    if f["type"] in (DATA, MULTICAST):
        f["bucket"], f["seqno"] = f["sequence"] >> 48, f["sequence"] & (1 << 48) - 1
    elif f["type"] == HEARTBEAT:
        f.update(parse_heartbeat(payload))
    elif f["type"] == CONTROL:
        f.update(parse_control(payload))
    return f


def heartbeat(kind=1, interval=0, request=0, delay=0, beacons=()):
    out = struct.pack(">BBHIQQ", kind, len(beacons), 0, interval, request, delay)
    for wan, number, stamp in beacons:
        out += struct.pack(">B3xIQ", wan, number, stamp)
    return out


def parse_heartbeat(payload):
    kind, n, _, interval, request, delay = struct.unpack_from(">BBHIQQ", payload)
    beacons = [struct.unpack_from(">B3xIQ", payload, 24 + 16 * i)
               for i in range(n)]
    return dict(kind=kind, interval=interval, request=request, delay=delay,
                beacons=beacons)


def handshake(subtype, session, security=0, ciphers=0):
    return struct.pack(">BBBBQ", subtype, security, ciphers, 0, session)


def path(subtype, token):
    return struct.pack(">B3xQ", subtype, token)


def announcement(name, type=0, priority=100, failures=3, weight=100,
                 interval=200, rate=0):
    return struct.pack(">BBBBHHII16s", ANNOUNCE, type, priority, failures,
                       weight, 0, interval, rate, name.encode())


def withdrawal(wan):
    return struct.pack(">BBH", WITHDRAW, wan, 0)


def close():
    return struct.pack(">B3x", CLOSE)


def size(subtype, value):
    """A probe of that size, or the answer to one."""
    head = struct.pack(">BBH", subtype, 0, value)
    return head + bytes(value - 4) if subtype == SIZE else head


def parse_control(payload):
    subtype = payload[0]
    f = dict(subtype=subtype)
    if subtype in (INITIATION, RESPONSE):
        _, f["security"], f["ciphers"], _, f["sender"] = \
            struct.unpack(">BBBBQ", payload[:12])
    elif subtype in (CHALLENGE, ANSWER):
        f["token"], = struct.unpack(">4xQ", payload)
    elif subtype == ANNOUNCE:
        (_, f["wan_type"], f["wan_priority"], f["failures"], f["weight"], _,
         f["wan_interval"], f["rate"], name) = struct.unpack(">BBBBHHII16s", payload)
        f["name"] = name.rstrip(b"\0").decode()
    elif subtype == WITHDRAW:
        f["withdrawn"] = payload[1]
    elif subtype in (SIZE, SIZE_ANSWER):
        f["size"], = struct.unpack(">2xH", payload[:4])
    return f


def ack(reports, drift=0, uncertainty=0, interval=10):
    """Reports: (wan, highest, bytes, packets, arrival, base, queue, jitter, ce,
    [words])."""
    out = struct.pack(">BB2xiI", len(reports), interval, drift, uncertainty)
    for wan, highest, size, packets, arrival, base, queue, jitter, ce, words in reports:
        out += struct.pack(">BBHIQQQIIII", wan, len(words), 0, highest, size,
                           packets, arrival, base, queue, jitter, ce)
        out += b"".join(struct.pack(">Q", w) for w in words)
    return out


def fec(k, m, parity):
    return struct.pack(">BBH", k, m, len(parity)) + parity


def ip_checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def udp(src, dst, sport, dport, payload, tos=0, ttl=64):
    """An IPv4 or IPv6 packet that carries one UDP datagram."""
    src, dst = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    length = 8 + len(payload)
    pseudo = src.packed + dst.packed + struct.pack(">IxxxB", length, 17)
    header = struct.pack(">HHH", sport, dport, length)
    checksum = ip_checksum(pseudo + header + b"\0\0" + payload) or 0xffff
    datagram = header + struct.pack(">H", checksum) + payload
    if src.version == 6:
        return struct.pack(">IHBB", 6 << 28 | tos << 20, length, 17, ttl) + \
            src.packed + dst.packed + datagram
    head = struct.pack(">BBHHHBBH4s4s", 0x45, tos, 20 + length, 0, 0x4000, ttl,
                       17, 0, src.packed, dst.packed)
    head = head[:10] + struct.pack(">H", ip_checksum(head)) + head[12:]
    return head + datagram


def ip_fragments(packet, size):
    """An IPv4 packet: as it is, or in fragments of so many bytes of payload."""
    body = packet[20:]
    if len(body) <= size:
        return [packet]
    out = []
    for at in range(0, len(body), size):
        piece = body[at:at + size]
        more = 0x2000 if at + size < len(body) else 0
        head = packet[:2] + struct.pack(">HHH", 20 + len(piece), zlib.crc32(body) & 0xffff,
                                        more | at // 8) + packet[8:10]
        checksum = ip_checksum(head + b"\0\0" + packet[12:20])
        out.append(head + struct.pack(">H", checksum) + packet[12:20] + piece)
    return out


def parse_ip(packet):
    """(src, dst, protocol, ToS, body) of an unfragmented packet, or None."""
    if packet and packet[0] >> 4 == 4 and len(packet) >= 20:
        hlen = (packet[0] & 15) * 4
        total, = struct.unpack_from(">H", packet, 2)
        return (socket.inet_ntop(socket.AF_INET, packet[12:16]),
                socket.inet_ntop(socket.AF_INET, packet[16:20]),
                packet[9], packet[1], packet[hlen:total])
    if packet and packet[0] >> 4 == 6 and len(packet) >= 40:
        length, = struct.unpack_from(">H", packet, 4)
        word, = struct.unpack_from(">I", packet)
        return (socket.inet_ntop(socket.AF_INET6, packet[8:24]),
                socket.inet_ntop(socket.AF_INET6, packet[24:40]),
                packet[6], word >> 20 & 0xff, packet[40:40 + length])
    return None


def parse_udp(packet):
    """(src, sport, dst, dport, ToS, payload) of an IP packet, or None."""
    ip = parse_ip(packet)
    if not ip or ip[2] != 17 or len(ip[4]) < 8:
        return None
    sport, dport, length = struct.unpack_from(">HHH", ip[4])
    return (ip[0], sport, ip[1], dport, ip[3], ip[4][8:length])


def read_pcap(name):
    """(time, frame) of each packet of a capture of Ethernet frames."""
    with open(name, "rb") as f:
        data = f.read()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at = 24
    while at + 16 <= len(data):
        sec, frac, size, _ = struct.unpack_from(order + "IIII", data, at)
        yield sec + frac / 1e6, data[at + 16:at + 16 + size]
        at += 16 + size


def write_pcap(name, frames):
    with open(name, "wb") as f:
        f.write(struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 1 << 18, 1))
        for i, frame in enumerate(frames):
            f.write(struct.pack("<IIII", i, 0, len(frame), len(frame)) + frame)


def ethernet(packet, src=b"\2\0\0\0\0\1", dst=b"\2\0\0\0\0\2"):
    kind = 0x86dd if packet[0] >> 4 == 6 else 0x800
    return dst + src + struct.pack(">H", kind) + packet

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sends ICMP errors that tell the MTU 1400, as a router would for a datagram.

icmperror.py right LOCAL LPORT REMOTE RPORT	about one from LOCAL to REMOTE
icmperror.py wrong LOCAL LPORT REMOTE RPORT	all that differ from it in one way

Wrong ones with IPv6 addresses leave out what the kernel itself, which does not
look at ports, would believe."""

import ipaddress
import socket
import struct
import sys

import mwbwire as w

MTU = 1400


def error4(type, code, about):
    checksum = w.ip_checksum(struct.pack(">BBHHH", type, code, 0, 0, MTU) + about)
    return struct.pack(">BBHHH", type, code, checksum, 0, MTU) + about


def error6(type, code, about):
    """The checksum is for the kernel to fill in."""
    return struct.pack(">BBHI", type, code, 0, MTU) + about


def wrong4(local, lport, remote, rport):
    good = w.udp(local, remote, lport, rport, b"x" * 32)
    for type, code in ((3, 0), (3, 3), (3, 5), (3, 20), (4, 0), (5, 1), (11, 0), (12, 0)):
        yield error4(type, code, good)
    other = str(ipaddress.ip_address(remote) + 1)
    for args in ((local, remote, lport + 1, rport), (local, remote, lport, rport + 1),
                 (local, other, lport, rport), (local, remote, rport, lport)):
        yield error4(3, 4, w.udp(*args, b"x" * 32))
    for first in (0x65, 0x05, 0x4f, 0x40):
        yield error4(3, 4, bytes([first]) + good[1:28])
    for protocol in (6, 1, 50):
        yield error4(3, 4, good[:9] + bytes([protocol]) + good[10:])
    for size in (0, 1, 19, 20, 24, 27):
        yield error4(3, 4, good[:size] or b"\x45")


def wrong6(local, lport, remote, rport):
    good = w.udp(local, remote, lport, rport, b"x" * 32)
    for type, code in ((1, 0), (1, 4), (3, 0), (4, 0), (5, 0), (100, 0)):
        yield error6(type, code, good)
    for size in (0, 1, 39, 40, 44, 47):
        yield error6(2, 0, good[:size])
    # Headers that end where the datagram should begin, or further on.
    for following in (0, 43, 44, 60):
        yield error6(2, 0, good[:6] + bytes([following]) + good[7:])


def main():
    kind, local, lport, remote, rport = sys.argv[1:]
    where = (local, int(lport), remote, int(rport))
    if ":" in local:
        sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
        right, wrong = (error6, 2, 0), wrong6
    else:
        sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        right, wrong = (error4, 3, 4), wrong4
    if kind == "right":
        about = w.udp(local, remote, where[1], where[3], b"x" * 32)
        messages = [right[0](*right[1:], about)]
    else:
        messages = list(wrong(*where))
    for message in messages:
        sock.sendto(message, (local, 0))
    print(len(messages))


if __name__ == "__main__":
    main()

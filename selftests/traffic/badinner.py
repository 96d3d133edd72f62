#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sends into bond0, by a packet socket, what is no complete IP packet; prints
how many that were."""

import socket

import mwbwire as w

IP, ARP, IPV6, MPLS = 0x800, 0x806, 0x86dd, 0x8847


def main():
    four = w.udp("192.168.77.1", "192.168.77.2", 9, 9, b"x" * 40)
    six = w.udp("fd77::1", "fd77::2", 9, 9, b"x" * 40)
    wrong = [(IP, four[:n]) for n in (1, 19, 20, 67)]
    wrong += [(IP, four + b"\0"), (IP, bytes(68)), (IP, six), (IP, b"\x44" + four[1:]),
              (IP, b"\x4f" + four[1:2] + b"\0\x28" + four[4:40])]
    wrong += [(IPV6, six[:n]) for n in (1, 39, 40, 87)]
    wrong += [(IPV6, six + b"\0"), (IPV6, bytes(88)), (IPV6, four)]
    wrong += [(ARP, four), (MPLS, four), (4, four)]
    for protocol, packet in wrong:
        with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM) as sock:
            sock.sendto(packet, ("bond0", protocol))
    print(len(wrong))


if __name__ == "__main__":
    main()

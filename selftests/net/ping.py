#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""ping.py ADDRESS INTERVAL SECONDS: the round-trip time of each echo, in ms, and
null for those without, as a list in JSON.

ping itself may wait in a loop, which in virtual time never ends."""
import json
import os
import select
import socket
import struct
import sys
import time

ECHO, REPLY = 8, 0
LINGER = 2.0


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff


def echo(ident, number, pad=b"\0" * 48):
    head = struct.pack("!BBHHH", ECHO, 0, 0, ident, number) + pad
    return head[:2] + struct.pack("!H", checksum(head)) + head[4:]


def main(address, interval, seconds):
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                         socket.IPPROTO_ICMP)
    ident = os.getpid() & 0xffff
    sent, times = [], []
    start = time.monotonic()
    due = start
    while True:
        now = time.monotonic()
        if now >= due and due < start + seconds:
            sent.append(now)
            times.append(None)
            sock.sendto(echo(ident, len(sent) - 1), (address, 0))
            due += interval
            continue
        end = due if due < start + seconds else start + seconds + LINGER
        if now >= end:
            break
        if not select.select([sock], [], [], end - now)[0]:
            continue
        packet = sock.recv(2048)
        head = (packet[0] & 15) * 4
        kind, _, _, theirs, number = struct.unpack_from("!BBHHH", packet, head)
        if kind == REPLY and theirs == ident and number < len(sent) and \
           times[number] is None:
            times[number] = (time.monotonic() - sent[number]) * 1000
    json.dump(times, sys.stdout)


main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A man in the middle: relays the packets of one WAN and does things to them.

usage: relay.py LISTEN_PORT TARGET_ADDR TARGET_PORT PLAN

What is done stands in the file PLAN, which is read again when it changes:

  TYPE OP EVERY   to every so many packets of a type, both ways: drop, repeat,
                  delay (by 50 ms, which others overtake), truncate, flip (a bit
                  anywhere behind the session id), forge (flip, and the CRC-32
                  is right again)
  again TYPE N    send the first packet of that type that has passed once more,
                  N times
  flood TYPE N    the same every 2 ms

Prints "ready", and for each line of PLAN that is new "done".
"""

import os
import random
import select
import socket
import sys
import time
import zlib

NAMES = {0: "data", 1: "ack", 2: "heartbeat", 4: "data", 5: "fec"}
SUBTYPES = {1: "initiation", 2: "response", 3: "cookie"}


def kind(packet):
    """What of a packet an observer can tell."""
    if len(packet) < 49:
        return "short"
    if packet[1] != 3:
        return NAMES.get(packet[1], "unknown")
    if packet[3] & 8:
        return "control"
    return SUBTYPES.get(packet[48], "control")


def flip(packet, good):
    at = random.randrange(12, len(packet))
    packet = bytearray(packet)
    packet[at] ^= 1 << random.randrange(8)
    if good:
        packet[34:38] = bytes(4)
        packet[34:38] = zlib.crc32(packet).to_bytes(4, "big")
    return bytes(packet)


class Relay:
    def __init__(self, port, target, plan):
        self.front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.front.bind(("0.0.0.0", port))
        self.back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.back.connect(target)
        self.client = None
        self.plan, self.text = plan, ""
        self.rule, self.count = None, 0
        self.first, self.late = {}, []
        self.flood, self.due = None, 0

    def look(self):
        """Is there anything new to do?"""
        with open(self.plan, encoding="ascii") as f:
            text = f.read()
        if text == self.text or not text.endswith("\n"):
            return
        self.text, self.rule, words = text, None, text.split()
        self.flood = None
        if words and words[0] in ("again", "flood"):
            burst = self.first[words[1]] + (int(words[2]),)
            self.send_burst(*burst)
            if words[0] == "flood":
                self.flood = burst
        elif len(words) == 3:
            self.rule = (words[0], words[1], int(words[2]))
        print("done", flush=True)

    def send_burst(self, packet, forward, count):
        for _ in range(count):
            self.send(packet, forward)

    def send(self, packet, forward):
        try:
            if forward:
                self.back.send(packet)
            elif self.client:
                self.front.sendto(packet, self.client)
        except ConnectionRefusedError:
            pass

    def pass_on(self, packet, forward):
        name = kind(packet)
        self.first.setdefault(name, (packet, forward))
        op = None
        if self.rule and self.rule[0] == name:
            self.count += 1
            if self.count % self.rule[2] == 0:
                op = self.rule[1]
        if op == "drop":
            return
        if op == "delay":
            self.late.append((time.monotonic() + 0.05, packet, forward))
            return
        if op == "truncate":
            packet = packet[:random.randrange(len(packet))]
        elif op in ("flip", "forge"):
            packet = flip(packet, op == "forge")
        self.send(packet, forward)
        if op == "repeat":
            self.send(packet, forward)

    def run(self):
        print("ready", flush=True)
        while True:
            ready = select.select([self.front, self.back], [], [], 0.002)[0]
            self.look()
            now = time.monotonic()
            if self.flood and now >= self.due:
                self.due = now + 0.002
                self.send_burst(*self.flood)
            for item in [late for late in self.late if late[0] <= now]:
                self.late.remove(item)
                self.send(*item[1:])
            for sock in ready:
                try:
                    packet, sender = sock.recvfrom(65536)
                except ConnectionRefusedError:
                    continue
                if sock is self.front:
                    self.client = sender
                self.pass_on(packet, sock is self.front)


def main():
    port, addr, target, plan = sys.argv[1:]
    random.seed(int(os.environ.get("MWBOND_SEED", "1")))
    Relay(int(port), (addr, int(target)), plan).run()


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""All combinations of ECN marks outside and inside, against RFC 6040,
figure 4. Run at the site; the device is bond0, the WAN wan1."""

import socket
import subprocess
import sys

import mwbwire as w
from badpackets import Wire, counters

NOT, ECT1, ECT0, CE = range(4)
DROP = None
# By inner and outer mark: what comes out
RULES = {
    NOT: {NOT: NOT, ECT0: NOT, ECT1: NOT, CE: DROP},
    ECT0: {NOT: ECT0, ECT0: ECT0, ECT1: ECT1, CE: CE},
    ECT1: {NOT: ECT1, ECT0: ECT1, ECT1: ECT1, CE: CE},
    CE: {NOT: CE, ECT0: CE, ECT1: CE, CE: CE},
}


def receiver():
    """A socket at the hub, made there by entering its namespace."""
    here = open("/proc/self/ns/net")
    there = open("/run/netns/hub")
    libc = __import__("ctypes").CDLL(None, use_errno=True)
    libc.setns(there.fileno(), 0)
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_RECVTOS, 1)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVTCLASS, 1)
    sock.bind(("::", 7007))
    sock.settimeout(1)
    libc.setns(here.fileno(), 0)
    return sock


def arrived(sock):
    """The mark of the packet that came, or None."""
    try:
        _, cmsgs, _, _ = sock.recvmsg(2000, 200)
    except TimeoutError:
        return None
    return cmsgs[0][2][0] & 3


def main():
    sock, wire, bad = receiver(), Wire(), 0
    before = counters()["rx_ecn"]
    for six in (False, True):
        for inner, row in RULES.items():
            for outer, want in row.items():
                src, dst = ("fd77::1", "fd77::2") if six else \
                    ("192.168.77.1", "192.168.77.2")
                packet = w.udp(src, dst, 9, 7007, b"ecn", tos=inner)
                wire.send(wire.valid(w.DATA, packet), tos=outer)
                got = arrived(sock)
                counted = counters()["rx_ecn"] - before
                before += counted
                if got != want or counted != (want is DROP):
                    bad += 1
                    print(f"IPv{6 if six else 4} inner {inner} outer {outer}: "
                          f"{got}, not {want}; {counted} counted")
    if not bad:
        print("ECN as RFC 6040 has it")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()

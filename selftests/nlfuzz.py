#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Random, mostly well-typed requests to the generic netlink family, made from
its specification: nlfuzz.py [SEED [SECONDS]]

To be run as root in a machine of its own. Two devices exist, which the requests
change while packets are sent into them. TAP: that every request is answered,
that some are taken and some refused, and that what is left can be listed and
removed. Splats are for the runner to find."""
import errno
import os
import pathlib
import random
import socket
import struct
import subprocess
import sys
import time

import yaml

TOP = pathlib.Path(__file__).resolve().parents[1]
SPEC = TOP / "Documentation/netlink/specs/mwbond.yaml"
MODULE = TOP / "build" / os.uname().release / "kernel/mwbond.ko"
MWBCTL = TOP / "build/tools/mwbctl/mwbctl"
NETLINK_GENERIC = 16
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 3
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 1, 2
SIZES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}
DEVICES = ["bond0", "bond1"]
NAMES = ["a", "b", "c"]
ADDRESSES = [socket.inet_aton(text) for text in
             ("127.0.0.1", "127.0.0.2", "10.9.9.9", "0.0.0.0",
              "224.0.0.1", "255.255.255.255")]


class Family:
    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                  NETLINK_GENERIC)
        self.sock.bind((0, 0))
        self.sock.settimeout(20)
        self.seq = 0
        self.id = GENL_ID_CTRL
        name = attribute(CTRL_ATTR_FAMILY_NAME, b"mwbond\0")
        for message in self.ask(CTRL_CMD_GETFAMILY, name):
            rest = message[4:]
            while len(rest) >= 4:
                size, kind = struct.unpack_from("HH", rest)
                if kind == CTRL_ATTR_FAMILY_ID:
                    self.id = struct.unpack_from("H", rest, 4)[0]
                rest = rest[(size + 3) & ~3:]

    def ask(self, command, payload, flags=NLM_F_ACK, version=1):
        """The messages that answer; OSError where it is refused."""
        self.seq += 1
        data = struct.pack("BBH", command, version, 0) + payload
        self.sock.send(struct.pack("IHHII", 16 + len(data), self.id,
                                   NLM_F_REQUEST | flags, self.seq, 0) + data)
        messages = []
        while True:
            received = self.sock.recv(1 << 17)
            while len(received) >= 16:
                size, kind, _, seq, _ = struct.unpack_from("IHHII", received)
                body = received[16:size]
                received = received[(size + 3) & ~3:]
                if seq != self.seq:
                    continue
                if kind in (NLMSG_ERROR, NLMSG_DONE):
                    code = -struct.unpack_from("i", body)[0]
                    if code:
                        raise OSError(code, os.strerror(code))
                    return messages
                messages.append(body)


def attribute(kind, payload):
    return struct.pack("HH", 4 + len(payload), kind) + payload + \
        b"\0" * (-len(payload) % 4)


class Requests:
    def __init__(self, rng):
        self.rng = rng
        spec = yaml.safe_load(SPEC.read_text())
        self.sets, self.enums = {}, {}
        for item in spec["definitions"]:
            if item["type"] == "enum":
                self.enums[item["name"]] = len(item["entries"])
        for item in spec["attribute-sets"]:
            value = 0
            attrs = {}
            for attr in item["attributes"]:
                value = attr.get("value", value + 1)
                attrs[attr["name"]] = value, attr
            self.sets[item["name"]] = attrs
        self.commands = []
        value = 0
        for item in spec["operations"]["list"]:
            ops = item.get("do"), item.get("dump")
            numbers = [op["request"].get("value") for op in ops
                       if op and "request" in op]
            value = next((n for n in numbers if n), item.get("value",
                                                             value + 1))
            for op, flags in zip(ops, (NLM_F_ACK, NLM_F_DUMP)):
                if op:
                    names = op.get("request", {}).get("attributes", [])
                    self.commands.append((value, item["attribute-set"], names,
                                          flags))

    def number(self, attr, size):
        top = 1 << (8 * size)
        checks = attr.get("checks", {})
        least, most = checks.get("min", 1), checks.get("max", 100)
        if self.rng.random() < 0.8 and isinstance(least, int) and \
           isinstance(most, int) and attr.get("enum") is None:
            return self.rng.randint(least, most) % top
        near = [0, 1, 2, 255, 256, 1000, 65535, top - 1]
        for key in "min", "max":
            if isinstance(checks.get(key), int):
                near += [checks[key] - 1, checks[key], checks[key] + 1]
        if attr.get("enum") in self.enums:
            near = list(range(self.enums[attr["enum"]] + 1))
        value = self.rng.choice(near) if self.rng.random() < 0.9 else \
            self.rng.getrandbits(8 * size)
        return value % top

    def payload(self, name, attr):
        rng = self.rng
        if rng.random() < 0.02:
            return rng.randbytes(rng.choice((0, 1, 3, 5, 17, 300)))
        if name == "ifname":
            return rng.choice(DEVICES + ["lo", "none"]).encode() + b"\0"
        if name in ("name", "dev", "wan"):
            return rng.choice(NAMES + ["lo", "x" * 15, ""]).encode() + b"\0"
        if name.endswith("ipv4"):
            return rng.choice(ADDRESSES)
        if name.endswith("ipv6"):
            return socket.inet_pton(socket.AF_INET6, rng.choice(
                ("::1", "::", "fe80::1", "ff02::1", "::ffff:127.0.0.1")))
        if name.endswith("port") and rng.random() < 0.8:
            return struct.pack("H" if attr.get("byte-order") != "big-endian"
                               else "!H", rng.choice((5000, 5001, 5002)))
        if attr["type"] in SIZES:
            size = SIZES[attr["type"]]
            order = "big" if attr.get("byte-order") == "big-endian" else \
                "little"
            return self.number(attr, size).to_bytes(size, order)
        return rng.randbytes(rng.choice((1, 4, 15, 16)))

    def request(self):
        """Command, attributes, flags"""
        command, key, names, flags = self.rng.choice(self.commands)
        attrs = self.sets[key]
        density = self.rng.choice((0, 0.1, 0.3, 0.6))
        chosen = [name for name in names if self.rng.random() < density]
        if self.rng.random() < 0.9:
            chosen = [name for name in chosen if name != "ifindex"]
            if "ifname" in names and "ifname" not in chosen:
                chosen.insert(0, "ifname")
            if "remote-port" in names and self.rng.random() < 0.7:
                chosen = list(dict.fromkeys(
                    [name for name in chosen if "ipv6" not in name]
                    + ["name", "remote-ipv4", "remote-port"]))
            if "match-dscp" in names and self.rng.random() < 0.7:
                match = self.rng.choice((["match-dscp"], ["match-mark"],
                                         ["match-prio-min", "match-prio-max"]))
                chosen = list(dict.fromkeys(
                    [name for name in chosen if "match" not in name]
                    + ["name"] + match))
        if self.rng.random() < 0.05:
            chosen += self.rng.choices(list(attrs), k=3)
        self.rng.shuffle(chosen)
        return command, b"".join(
            attribute(attrs[name][0], self.payload(name, attrs[name][1]))
            for name in chosen), flags


def ip(*words):
    subprocess.run(("ip", *words), check=True, stdout=subprocess.DEVNULL)


def set_up():
    subprocess.run(("insmod", MODULE), check=True)
    for n, name in enumerate(DEVICES, 1):
        ip("link", "add", name, "type", "mwbond")
        subprocess.run((MWBCTL, "link", "set", name, "security", "none",
                        "session", str(n)), check=True)
        ip("addr", "add", f"192.168.{n}.1/24", "dev", name)
        ip("link", "set", name, "up")


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10
    set_up()
    family = Family()
    requests = Requests(random.Random(seed))
    traffic = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    traffic.setblocking(False)
    taken, refused = {}, {}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        command, payload, flags = requests.request()
        try:
            family.ask(command, payload, flags)
            taken[command] = taken.get(command, 0) + 1
        except socket.timeout:
            print(f"not ok 1 every request is answered # seed {seed}")
            sys.exit(1)
        except OSError as error:
            refused[error.errno] = refused.get(error.errno, 0) + 1
        for n in 1, 2:
            try:
                traffic.sendto(b"x" * 100, (f"192.168.{n}.2", 9))
            except OSError:
                pass
    print("ok 1 every request is answered")
    counts = ", ".join(f"{errno.errorcode.get(code, code)} {count}"
                       for code, count in sorted(refused.items()))
    print(f"# seed {seed}: taken, by command: {sorted(taken.items())}; "
          f"refused: {counts}")
    commands = {command for command, *_ in requests.commands}
    good = commands <= set(taken) and sum(refused.values()) > 50
    print(f"{'ok' if good else 'not ok'} 2 some of each command are taken, "
          "and some refused")
    listed = sum(len(family.ask(command, b"", NLM_F_DUMP))
                 for command, _, _, flags in requests.commands
                 if flags == NLM_F_DUMP)
    good &= listed >= len(DEVICES)
    print(f"{'ok' if listed >= len(DEVICES) else 'not ok'} 3 what is left can "
          "be listed")
    for name in DEVICES:
        ip("link", "del", name)
    subprocess.run(("rmmod", "mwbond"), check=True)
    print("ok 4 devices and module can be removed\n1..4")
    sys.exit(not good)


main()

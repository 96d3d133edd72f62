#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""mwbctl as it is called, with fakekernel.py in the kernel's place. TAP."""

import json
import os
import random
import re
import select
import subprocess
import sys

from fakekernel import (ADD_MEMBERSHIP, CAP_ACK, EXT_ACK, GROUP_ID, SPEC, EINTR,
                        Error)
from harness import (ENV, MWBCTL, TOOLS, Tap, expected, kernel, no_problems,
                     reply_names, run, world)

ENOBUFS, EBUSY, EPERM = 105, 16, 1


def test_requests():
    """What each command sends"""
    lo = {"ifname": "bond0"}
    wan = {"ifname": "bond0", "name": "w"}
    v4 = {"remote-ipv4": "192.0.2.1", "remote-port": 51900}
    cases = [
        ("link set bond0 mode failover", "dev-set", {**lo, "mode": 3}),
        ("link set bond0 security none session 7", "dev-set",
         {**lo, "security": 0, "session": 7}),
        ("link set bond0 mtu auto", "dev-set", {**lo, "mtu-auto": 1}),
        ("link set bond0 mtu 1400", "dev-set", {**lo, "mtu": 1400}),
        ("link set bond0 listen 51900", "dev-set",
         {**lo, "listen-port": 51900}),
        ("link set bond0 listen 0", "dev-set", {**lo, "listen-port": 0}),
        ("link set bond0 listen off", "dev-set", {**lo, "listen-port": 0}),
        ("link set bond0 listen 192.0.2.9:5", "dev-set",
         {**lo, "listen-port": 5, "listen-ipv4": "192.0.2.9"}),
        ("link set bond0 listen [2001:db8::9]:5", "dev-set",
         {**lo, "listen-port": 5, "listen-ipv6": "2001:db8::9"}),
        ("link set bond0 reorder-timeout 1.5s reorder-buffer 16384 mode "
         "round-robin", "dev-set",
         {**lo, "mode": 0, "reorder-timeout": 1500, "reorder-buffer": 16384}),
        ("link set bond0 fec 4+2 fec-timeout 20ms duplicate 3 repair off", "dev-set",
         {**lo, "fec": 2, "fec-data": 4, "fec-parity": 2, "fec-timeout": 20,
          "duplicate": 3, "repair": 0}),
        ("link set bond0 fec auto fec-timeout auto redundancy 0.25 duplicate auto",
         "dev-set", {**lo, "fec": 1, "fec-timeout": 0, "redundancy": 250000,
                     "duplicate": 0}),
        ("link set bond0 fec off duplicate off repair on", "dev-set",
         {**lo, "fec": 0, "duplicate": 1, "repair": 1}),
        ("class set bond0 w fec 254+1", "class-set",
         {**wan, "fec": 2, "fec-data": 254, "fec-parity": 1}),
        ("class set bond0 w fec device", "class-set", {**wan, "fec": 3}),
        ("wan add bond0 w remote 192.0.2.1:51900", "wan-add", {**wan, **v4}),
        ("wan add bond0 w remote [2001:db8::1]:5", "wan-add",
         {**wan, "remote-ipv6": "2001:db8::1", "remote-port": 5}),
        ("wan add bond0 w remote [fe80::1%lo]:5", "wan-add",
         {**wan, "remote-ipv6": "fe80::1", "remote-port": 5,
          "remote-scope": 1}),
        ("wan add bond0 w down remote 192.0.2.1:51900 local 10.0.0.1 dev eth0 "
         "fwmark 0xffffffff id 127 type starlink weight 1000 priority 0 rate "
         "50mbit heartbeat 1s failures 100 max-latency 1.5s max-jitter 30 max-loss "
         "2.5%", "wan-add",
         {**wan, **v4, "local-ipv4": "10.0.0.1", "local-port": 0,
          "dev": "eth0", "fwmark": 0xffffffff, "id": 127, "type": 7,
          "weight": 1000, "priority": 0, "rate": 6250000, "heartbeat": 1000,
          "failures": 100, "max-latency": 1500, "max-jitter": 30, "max-loss": 25000,
          "admin-up": 0}),
        ("wan set bond0 w max-loss 100", "wan-set", {**wan, "max-loss": 1000000}),
        ("wan set bond0 w max-loss 0.0001", "wan-set", {**wan, "max-loss": 1}),
        ("wan set bond0 w local [2001:db8::2]:9", "wan-set",
         {**wan, "local-ipv6": "2001:db8::2", "local-port": 9}),
        ("wan set bond0 w rate auto up", "wan-set",
         {**wan, "rate": 0, "admin-up": 1}),
        ("wan set bond0 w rate 18446744073709551615", "wan-set",
         {**wan, "rate": 2**64 - 1}),
        ("wan del bond0 w", "wan-del", wan),
        ("class add bond0 w match prio 0-49", "class-add",
         {**wan, "match-prio-min": 0, "match-prio-max": 49}),
        ("class add bond0 w match prio 255 order off hold on max-delay 1.5s wan x "
         "priority 0 duplicate 2", "class-add",
         {**wan, "match-prio-min": 255, "match-prio-max": 255, "order": 1,
          "hold": 2, "max-delay": 1500, "wan": "x", "priority": 0, "duplicate": 2}),
        ("class add bond0 w order auto match dscp EF,cs5,10-14,0x3f,le", "class-add",
         {**wan, "order": 0, "match-dscp":
          1 << 46 | 1 << 40 | 0x1f << 10 | 1 << 63 | 2}),
        ("class set bond0 w match mark 0x10", "class-set",
         {**wan, "match-mark": 16, "match-mask": 2**32 - 1}),
        ("class set bond0 w match mark 4294967295/0xffffffff priority auto",
         "class-set", {**wan, "match-mark": 2**32 - 1, "match-mask": 2**32 - 1,
                       "priority": 256}),
        ("class set bond0 w priority 255", "class-set", {**wan, "priority": 255}),
        ("class del bond0 w", "class-del", wan),
    ]
    for line, op, values in cases:
        kernel.reset()
        status, out, err = run(*line.split())
        Tap.same((status, out, err), (0, "", ""), f"mwbctl {line}")
        Tap.same(kernel.requests, [(op, values)], "its request")
        no_problems(line)
        Tap.same(kernel.families, 1, "the family is asked for once")
        Tap.same(sorted(kernel.options), [(CAP_ACK, 1), (EXT_ACK, 1)],
                 "errors come with an explanation")
    kernel.reset()
    run("wan", "set", "bond0", "w", "dev", "")
    Tap.same(kernel.requests, [("wan-set", {**wan, "dev": ""})],
             "an empty dev unbinds")
    kernel.reset()
    run("class", "set", "bond0", "w", "wan", "")
    Tap.same(kernel.requests, [("class-set", {**wan, "wan": ""})],
             "an empty wan is any")


OPTIONS = {
    # attribute: words that set it, %s being the value
    "device": {
        "session": "link set bond0 session %s",
        "mtu": "link set bond0 mtu %s",
        "reorder-buffer": "link set bond0 reorder-buffer %s",
        "reorder-timeout": "link set bond0 reorder-timeout %s",
        "skew-budget": "link set bond0 skew-budget %s",
    },
    "wan": {
        "id": "wan set bond0 w id %s",
        "fwmark": "wan set bond0 w fwmark %s",
        "weight": "wan set bond0 w weight %s",
        "priority": "wan set bond0 w priority %s",
        "rate": "wan set bond0 w rate %s",
        "heartbeat": "wan set bond0 w heartbeat %s",
        "failures": "wan set bond0 w failures %s",
        "max-latency": "wan set bond0 w max-latency %s",
        "max-jitter": "wan set bond0 w max-jitter %s",
    },
    "class": {
        "max-delay": "class set bond0 c max-delay %s",
        "duplicate": "class set bond0 c duplicate %s",
    },
}
ENUMS = {
    ("device", "mode"): "link set bond0 mode %s",
    ("device", "security"): "link set bond0 security %s",
    ("wan", "type"): "wan set bond0 w type %s",
    ("class", "order"): "class set bond0 c order %s",
    ("class", "hold"): "class add bond0 c match prio 1-2 hold %s",
}


def test_ranges():
    """The limits are those of the specification"""
    full = {"u16": 2**16 - 1, "u32": 2**32 - 1, "u64": 2**64 - 1}
    for set_name, options in OPTIONS.items():
        for name, line in options.items():
            attr = kernel.spec.sets[set_name][name]
            checks = attr.get("checks", {})
            low, high = checks.get("min", 0), checks.get("max", full[attr["type"]])
            for value in (low, high):
                kernel.reset()
                status, _, err = run(*(line % value).split())
                sent = kernel.requests[0][1].get(name) if kernel.requests else None
                Tap.same((status, sent), (0, value), line % value)
                no_problems(line % value)
            for value in {low - 1, high + 1, 2**64 + low, 2**80}:
                kernel.reset()
                status, out, err = run(*(line % value).split())
                Tap.ok(status == 1 and not out and err.count("\n") == 1 and
                       f'{name} "{value}": not ' in err,
                       f"{line % value} is refused", err)
                Tap.same(kernel.requests, [], "nothing was sent")
                if value >= 0:
                    Tap.ok(f"{low}-{high}" in err, "the range is named", err)
    for (set_name, name), line in ENUMS.items():
        enum = kernel.spec.enums[kernel.spec.sets[set_name][name]["enum"]]
        for number, word in enumerate(enum):
            kernel.reset()
            status, _, _ = run(*(line % word).split())
            sent = kernel.requests[0][1].get(name) if kernel.requests else None
            Tap.same((status, sent), (0, number), line % word)
        for word in (enum[0][:-1], enum[0] + "x", enum[0].upper(), "0", "x"):
            kernel.reset()
            status, _, err = run(*(line % word).split())
            Tap.ok(status == 1 and err.count("\n") == 1 and
                   all(w in err for w in enum) and not kernel.requests,
                   f"{line % word} is refused", err)


def test_misuse():
    """Unknown and missing words"""
    cases = [
        "", "nonsense", "link", "link nonsense", "wan", "lin show",
        "link sho", "-x link show", "-n", "-j", "link set", "link set bond0",
        "link set bond0 mode", "link set bond0 nonsense 1",
        "link set bond0 mod weighted", "link set bond0 mode weighted mode",
        "link set bond0 mode weighted mode weighted",
        "link set bond0 mtu 1400 mtu auto", "link show bond0 bond1",
        "wan add", "wan add bond0", "wan add bond0 w",
        "wan add bond0 w weight 5", "wan add bond0 w remote",
        "wan add bond0 w remote 192.0.2.1:5 up down",
        "wan add bond0 w remote 192.0.2.1:5 up up",
        "wan add bond0 w 192.0.2.1:5", "wan set bond0", "wan set bond0 w",
        "wan del", "wan del bond0", "wan del bond0 w x",
        "class", "class nonsense", "class add bond0", "class add bond0 c",
        "class add bond0 c order off", "class add bond0 c match",
        "class add bond0 c match prio", "class add bond0 c match nonsense 1",
        "class add bond0 c match order off", "class add bond0 c prio 1-2",
        "class add bond0 c match prio 1-2 match dscp 1",
        "class set bond0 c", "class del bond0", "class del bond0 c x",
        "class show bond0 c x", "wan show -x", "wan show bond0 w x", "wan show -d bond0 w x",
        "wan show bond0 w -d x", "stats bond0 bond1", "stats -i",
        "stats -x", "stats -i 1s bond0 x", "monitor bond0", "version x",
        "help nonsense", "help link nonsense",
    ]
    for line in cases:
        kernel.reset()
        status, out, err = run(*line.split())
        lines = err.splitlines()
        Tap.ok(status == 2 and not out and len(lines) >= 2 and
               lines[0].startswith("mwbctl: ") and lines[1].startswith("usage: "),
               f'misuse: "{line}"', str(status), err)
        Tap.same(kernel.requests, [], "nothing was sent")
    kernel.reset()
    _, _, err = run("wan", "add", "bond0", "w", "wei\x1bght", "5")
    Tap.ok("\x1b" not in err and "wei?ght" in err, "shown without control characters")


def test_refused():
    """Values that are refused before the kernel is asked"""
    cases = [
        ("link set bond0 listen 65536", "listen"),
        ("link set bond0 listen 192.0.2.1", "listen"),
        ("link set bond0 listen 192.0.2.1:0", "listen"),
        ("link set bond0 listen fd00::1:5", "brackets"),
        ("link set bond0 listen [fe80::1%lo]:5", "listen"),
        ("link set a-name-that-is-long mode weighted", "DEV"),
        ("link show a/b", "DEV"),
        ("wan add bond0 a-name-that-is-long remote 192.0.2.1:5", "NAME"),
        ("wan add bond0 w remote 192.0.2.1", "remote.*port"),
        ("wan add bond0 w remote 192.0.2.1:0", "remote.*1-65535"),
        ("wan add bond0 w remote host:5", "remote"),
        ("wan add bond0 w remote [fe80::1%none-such]:5", "none-such"),
        ("wan add bond0 w remote [::1]:5 local 192.0.2.1", "local.*family"),
        ("wan add bond0 w local [::1] remote 192.0.2.1:5", "local.*family"),
        ("wan add bond0 w remote 192.0.2.1:5 local [fe80::1%lo]", "local"),
        ("wan add bond0 w remote 192.0.2.1:5 dev a-name-that-is-long", "dev"),
        ("wan set bond0 w weight 5 rate fast", "rate"),
        ("wan set bond0 w weight 5 heartbeat 1h", "heartbeat"),
        ("wan show bond0 a-name-that-is-long", "NAME"),
        ("class add a/b c match prio 1-2", "DEV"),
        ("class add bond0 a-name-that-is-long match prio 1-2", "NAME"),
        ("class show bond0 a/b", "NAME"),
        ("class add bond0 c match prio 2-1", "prio.*ends before"),
        ("class add bond0 c match prio 0-256", "prio.*0-255"),
        ("class add bond0 c match prio -1", "prio.*number"),
        ("class add bond0 c match prio 1-", "prio.*number"),
        ("class add bond0 c match prio 1-2-3", "prio.*number"),
        ("class add bond0 c match prio 11111111111111111111-2", "prio.*number"),
        ("class add bond0 c match dscp 64", "dscp.*0-63"),
        ("class add bond0 c match dscp ef,", "dscp.*0-63"),
        ("class add bond0 c match dscp ,ef", "dscp.*0-63"),
        ("class add bond0 c match dscp 9-8", "dscp.*0-63"),
        ("class add bond0 c match dscp 1-2-3", "dscp.*0-63"),
        ("class add bond0 c match dscp af14", "dscp.*0-63"),
        ("class add bond0 c match dscp 1111111111111", "dscp.*0-63"),
        ("class add bond0 c match mark 0x100000000", "mark.*0-4294967295"),
        ("class add bond0 c match mark 1/", "mark.*number"),
        ("class add bond0 c match mark 1/0x100000000", "mark.*0-4294967295"),
        ("class add bond0 c match mark 3/2", "mark.*mask"),
        ("class set bond0 c priority 256", "priority.*0-255"),
        ("class set bond0 c priority automatic", "priority.*number"),
        ("class set bond0 c wan a-name-that-is-long", "wan"),
        ("stats -i 0", "-i.*1-86400000"),
        ("stats -i soon", "-i.*time"),
        ("-n none-such link show", "none-such"),
        ("-n ../x link show", "-n"),
    ]
    for line, pattern in cases:
        kernel.reset()
        status, out, err = run(*line.split())
        Tap.ok(status == 1 and not out and err.count("\n") == 1 and
               re.search(pattern, err) and err.startswith("mwbctl: "),
               f"refused: {line}", str(status), err)
        Tap.same(kernel.requests, [], "nothing was sent")


def test_errors():
    """What the kernel refuses"""
    add = "wan add bond0 w remote 192.0.2.1:5 weight 7 local 10.0.0.1 up"
    cases = [
        (add, Error(EBUSY, "It rains", "weight"), "weight: It rains"),
        (add, Error(EBUSY, "It rains", "remote-ipv4"), "remote: It rains"),
        (add, Error(EBUSY, "It rains", "local-port"), "local: It rains"),
        (add, Error(EBUSY, "It rains", "admin-up"), "up|down: It rains"),
        (add, Error(EBUSY, "It rains", "ifname"), "DEV: It rains"),
        (add, Error(EBUSY, "It rains", missing="name"), "NAME: It rains"),
        (add, Error(EBUSY, None, "weight"), "weight: Device or resource busy"),
        (add, Error(EBUSY, "It rains"), "It rains"),
        (add, Error(EPERM), "Operation not permitted"),
        ("class add bond0 w match prio 1-2", Error(EBUSY, "It rains", "match-prio-max"),
         "match: It rains"),
        ("class show bond0 w", Error(EBUSY, "It rains", "name"), "NAME: It rains"),
        ("link set bond0 mtu auto", Error(EBUSY, "It rains", "mtu-auto"),
         "mtu: It rains"),
        ("link set bond0 listen 5", Error(EBUSY, "It rains", "listen-port"),
         "listen: It rains"),
        ("wan show bond0", Error(EBUSY, "It rains", "ifname"), "DEV: It rains"),
        ("wan show bond0 w", Error(EBUSY, "It rains", "name"),
         "NAME: It rains"),
        ("link show", Error(EBUSY, "It rains"), "It rains"),
        ("stats", Error(EPERM), "Operation not permitted"),
    ]
    for line, error, text in cases:
        kernel.reset()
        kernel.error = error
        status, out, err = run(*line.split())
        cmd = " ".join(line.split()[:1 if line.startswith("stats") else 2])
        Tap.same((status, out, err), (1, "", f"mwbctl: {cmd}: {text}\n"),
                 f"mwbctl {line}: {text}")
        no_problems(line)
    for line in ("link show", "wan show", "stats", "monitor", add,
                 "link set bond0 mode weighted"):
        kernel.reset()
        kernel.loaded = False
        status, out, err = run(*line.split())
        Tap.ok(status == 1 and not out and "mwbond is not loaded" in err,
               f"without the module: {line}", err)


def test_show_json():
    """All that the kernel tells, by the names of the specification"""
    for devices, wans in ((0, 0), (1, 0), (1, 1), (3, 4), (60, 8)):
        for pretty in ([], ["-p"]):
            kernel.reset()
            world(devices, wans)
            what = f"{devices} devices, {wans} WANs of each {pretty}"
            _, out, err = run("-j", *pretty, "link", "show")
            Tap.same(json.loads(out), [expected("device", d) for d in kernel.devices],
                     f"link show, {what}")
            _, out, _ = run("-j", *pretty, "wan", "show")
            Tap.same(json.loads(out), [expected("wan", w) for w in kernel.wans],
                     f"wan show, {what}")
            _, out, _ = run("-j", *pretty, "class", "show")
            Tap.same(json.loads(out), [expected("class", c) for c in kernel.classes],
                     f"class show, {what}")
            Tap.same(err, "", "no message")
            no_problems(what)
    kernel.reset()
    world(3, 4)
    _, out, _ = run("-j", "link", "show", "bond1")
    Tap.same([d["ifname"] for d in json.loads(out)], ["bond1"], "one device")
    _, out, _ = run("-j", "wan", "show", "bond2")
    Tap.same([w["ifname"] for w in json.loads(out)], ["bond2"] * 4, "its WANs")
    _, out, _ = run("-j", "wan", "show", "bond2", "wan3")
    Tap.same([w["name"] for w in json.loads(out)], ["wan3"], "one WAN")
    _, out, _ = run("-j", "class", "show", "bond2")
    Tap.same([c["ifname"] for c in json.loads(out)], ["bond2"] * 4, "its classes")
    _, out, _ = run("-j", "class", "show", "bond2", "class3")
    Tap.same([c["name"] for c in json.loads(out)], ["class3"], "one class")
    status, out, err = run("-j", "wan", "show", "bond9")
    Tap.same((status, out, err),
             (1, "", "mwbctl: wan show: DEV: There is no such device\n"),
             "no such device")
    status, out, err = run("wan", "show", "bond1", "nobody")
    Tap.same((status, err), (1, "mwbctl: wan show: NAME: The device has no WAN "
                                "of this name\n"), "no such WAN")


def test_show_text():
    """What people read"""
    kernel.reset()
    status, out, _ = run("link", "show")
    Tap.same((status, out), (0, ""), "no device")
    status, out, _ = run("wan", "show")
    Tap.same((status, out), (0, ""), "no WAN")
    world(1, 2)
    dev, wan = kernel.devices[0], kernel.wans[0]
    dev.update({"mode": 1, "security": 0, "session": 42, "listen-port": 0,
                "mtu-auto": 1, "mtu": 1408, "wan-count": 2, "established": 1,
                "initiator": 1, "reorder-timeout": 200, "reorder-buffer": 1000,
                "skew-budget": 45, "fec": 2, "fec-data": 10, "fec-parity": 3,
                "fec-timeout": 20, "fec-variant": "avx2", "duplicate": 1,
                "repair": 1})
    for w in kernel.wans:
        w.update({"state": 2, "admin-up": 1, "tx-bytes": 3000, "rtt": 12340000,
                  "jitter": 456000, "loss": 12500, "rate": 6250000,
                  "heartbeat": 1000, "dev": "eth0"})
        del w["remote-ipv6"], w["remote-scope"], w["local-ipv6"]
    kernel.wans[1].update({"state": 0, "tx-bytes": 1000, "dynamic": 1, "dev": ""})
    del dev["listen-ipv4"], dev["listen-ipv6"]
    _, out, _ = run("link", "show")
    for text in ("bond0: mode weighted, session 42 established from here",
                 "NOT SECRET and NOT AUTHENTIC", "listen           off",
                 "1408 (auto)", "200ms", "skew-budget      45ms",
                 "fec              10+3, fec-timeout 20ms, by avx2",
                 "duplicate        off", "repair           on", "wan0 up", "wan1 down"):
        Tap.ok(text in out, f"link show: {text}", out)
    dev.update({"mode": 0, "queue-bytes": 12300, "queue-packets": 9,
                "queue-flows": 2, "hold": 23400, "kept-bytes": 1250000})
    _, out, _ = run("link", "show")
    auto = kernel.spec.enums["mode"].index("auto")
    Tap.ok("queue   " not in out and "hold   " not in out,
           "neither queue nor hold but in mode auto", out)
    dev["mode"] = auto
    _, out, _ = run("link", "show")
    for text in ("queue            12.3 kB, 9 packets of 2 flows",
                 "hold             23.4 ms", "kept for repair  1.2 MB"):
        Tap.ok(text in out, f"link show: {text}", out)
    _, out, _ = run("wan", "show")
    rows = out.splitlines()
    Tap.same(len(rows), 3, "a row for each WAN, and one of titles")
    for text in ("up", "12.3 ms", "0.46 ms", "1.25%", "75.0%", "192.0.2.5:10007",
                 "eth0"):
        Tap.ok(text in rows[1], f"wan show: {text}", rows[1])
    Tap.ok("25.0%" in rows[2] and "(peer's)" in rows[2], "the other one", out)
    Tap.same(len({r.index(c) for r, c in zip(rows, ("REMOTE", "192.", "192."))}), 1,
             "columns are aligned")
    _, out, _ = run("wan", "show", "-d", "bond0", "wan0")
    for text in ("rate 50mbit", "every 1s", "12.3 ms", "75.0% of the device",
                 str(wan["downs"]), str(wan["heartbeats-lost"]),
                 str(wan["rx-packets"]), str(wan["tx-errors"])):
        Tap.ok(text in out, f"wan show -d: {text}", out)
    common = {"order": 0, "hold": 0, "max-delay": 0, "wan": "", "priority": 256,
              "duplicate": 1, "fec": 3, "fec-data": 4, "fec-parity": 2}
    kernel.classes[:] = [
        {"ifname": "bond0", "name": "a", "match-dscp": 1 << 46 | 0x1f << 10 | 4, **common},
        {"ifname": "bond0", "name": "b", "match-mark": 16, "match-mask": 255, **common},
        {"ifname": "bond0", "name": "c", "match-mark": 16, "match-mask": 2**32 - 1,
         "order": 1, "hold": 2, "max-delay": 2000, "wan": "wan7", "priority": 7,
         "duplicate": 3, "fec": 2, "fec-data": 10, "fec-parity": 3},
        {"ifname": "bond0", "name": "d", "match-prio-min": 1, "match-prio-max": 9,
         **common},
        # The longest that there is.
        {"ifname": "bond0", "name": "e", "match-dscp": 0x5555555555555555, **common}]
    _, out, _ = run("class", "show")
    rows = [r.split() for r in out.splitlines()]
    rest = ["auto", "auto", "-", "-", "device", "-", "auto"]
    Tap.same(rows[:5], [
        ["DEV", "NAME", "MATCH", "ORDER", "HOLD", "MAX-DELAY", "DUPLICATE", "FEC",
         "WAN", "PRIORITY"],
        ["bond0", "a", "dscp", "2,10-14,ef", *rest],
        ["bond0", "b", "mark", "0x10/0xff", *rest],
        ["bond0", "c", "mark", "0x10", "off", "on", "2s", "3", "10+3",
         "wan7", "7"],
        ["bond0", "d", "prio", "1-9", *rest]], "class show")
    Tap.same(len(rows[5][3].split(",")), 32, "a long list is whole")
    kernel.wans[0]["admin-up"] = 0
    _, out, _ = run("wan", "show", "bond0", "wan0")
    Tap.ok(" off " in out, "switched off", out)
    dev.update({"listen-port": 5, "listen-ipv6": "2001:db8::5", "initiator": 0})
    _, out, _ = run("link", "show", "bond0")
    Tap.ok("[2001:db8::5]:5" in out and "by the peer" in out, "listening", out)
    del dev["session"], dev["security"], dev["public-key"]
    _, out, _ = run("link", "show", "bond0")
    Tap.ok("session not set" in out and "security         not set" in out,
           "not configured", out)
    no_problems("text")


# What "wan show -d" says of a WAN, by its use, and its reasons
USES = [
    ("off", {}, "not used: switched off"),
    ("no-underlay", {"dynamic": 0}, "not used: its interface does not exist"),
    ("no-underlay", {"dynamic": 1}, "not used: no address of the peer is confirmed"),
    ("loop", {}, "not used: its route leads back into the device"),
    ("no-session", {}, "not used: there is no session with the peer"),
    ("no-answer", {}, "not used: the peer does not answer"),
    ("starting", {}, "not used: the peer has not answered for long enough"),
    ("in-time", {}, "used: in time for the hold of 23.4 ms"),
    ("too-slow", {"tx-base-delay": 290000},
     "ends of long queues: base delay 290.0 ms, skew-budget 40ms"),
    # 3 of 3 + 7: the WAN that is too slow for the hold does not count.
    ("not-worth", {"tx-loss": 21000, "tx-rate": 3 * 125000},
     "ends of long queues: loses 2.10%, has 30.0% of the rates"),
    ("by-mode", {}, "used: as mode auto chooses"),
    ("standby", {}, "not used: the mode prefers another WAN"),
    ("recovering", {}, "not used: it has been up and down too often"),
    ("degraded", {}, "not used: it is beyond a limit, and another WAN is not"),
    ("suspect", {}, "not used: what was sent last may not have arrived"),
]


def test_show_use():
    """Why a WAN is or is not used, and the figures"""
    for use, values, text in USES:
        kernel.reset()
        world(2, 3)
        uses = kernel.spec.enums["wan-use"]
        kernel.devices[0].update({"hold": 23400, "skew-budget": 40, "mode":
                                  kernel.spec.enums["mode"].index("auto")})
        kernel.wans[0].update({"tx-use": uses.index(use), **values})
        kernel.wans[1].update({"tx-use": uses.index("in-time"), "tx-rate": 7 * 125000})
        kernel.wans[2].update({"tx-use": uses.index("too-slow")})
        for args in ((), ("bond0",), ("bond0", "wan0")):
            _, out, err = run("wan", "show", "-d", *args)
            Tap.ok(re.search(rf"^  now +{re.escape(text)}$", out, re.M),
                   f"{use}, with {len(args)} words", out, err)
    Tap.same({use for use, _, _ in USES}, set(uses), "all uses")

    kernel.reset()
    world(1, 1)
    wan = kernel.wans[0]
    wan.update({"tx-rate": 6000000, "tx-starting": 1, "tx-delivery": 5625000,
                "tx-share": 621000, "tx-policed": 0, "tx-base-delay": 0,
                "tx-queue-delay": 3100, "tx-jitter": 800, "tx-loss": 1200,
                "tx-under-way": 62100, "tx-kept": 1300000, "loss": 0})
    _, out, _ = run("wan", "show", "-d")
    for text in ("48.0 Mbit/s and doubling, delivers 45.0 Mbit/s, share 62.1%",
                 "base 0.0 ms, queue 3.1 ms, jitter 0.8 ms, loss 0.12%",
                 "62.1 kB, 1.3 MB kept for repair"):
        Tap.ok(text in out, f"wan show -d: {text}", out)
    Tap.ok("policer" not in out, "no policer", out)
    wan.update({"tx-starting": 0, "tx-policed": 1875000})
    for rate, text in ((0, "0.0 kbit/s"), (124, "1.0 kbit/s"), (124999, "1.0 Mbit/s"),
                       (12500000000, "100.0 Gbit/s"), (2**64 - 1, "bit/s")):
        wan["tx-rate"] = rate
        _, out, _ = run("wan", "show", "-d")
        Tap.ok(f"{text}, delivers" in out, f"a rate of {rate} bytes/s", out)
    Tap.ok("drops above 15.0 Mbit/s" in out, "a policer", out)
    for name in ("delivery", "base-delay", "queue-delay", "jitter", "loss"):
        del wan["tx-" + name]
    _, out, _ = run("wan", "show", "-d")
    Tap.ok("delivers" not in out and "\n  delay " not in out, "nothing reported yet",
           out)
    wan["tx-use"] = kernel.spec.enums["wan-use"].index("too-slow")
    _, out, _ = run("wan", "show", "-d")
    Tap.ok("base delay unknown" in out, "too slow, but not reported yet", out)
    no_problems("use")

    # The longest figures that are likely
    wan.update({"tx-rate": 12499999999, "tx-delivery": 12499999999, "tx-starting": 1,
                "tx-share": 1000000, "tx-base-delay": 10**6, "tx-jitter": 10**6,
                "tx-queue-delay": 10**6, "tx-loss": 10**6, "tx-policed": 0})
    for use in range(len(kernel.spec.enums["wan-use"])):
        wan["tx-use"] = use
        _, out, _ = run("wan", "show", "-d")
        lines = [line for line in out.splitlines() if len(line) > 80 and
                 line.split()[0] in ("now", "rate", "delay", "under")]
        Tap.same(lines, [], f"no line is longer than 80 characters, use {use}")


SHOWS = ("link show", "wan show", "wan show -d", "-j wan show", "-j link show",
         "class show", "-j class show", "class show bond0 class0", "stats", "-j stats", "link show bond0", "wan show -d bond0 wan0")


def test_odd_answers():
    """Missing, unknown, strange and malformed attributes"""
    rng = random.Random(42)
    for line in SHOWS:
        for _ in range(4):
            kernel.reset()
            world(2, 2)
            for obj in kernel.devices + kernel.wans + kernel.classes:
                for name in list(obj):
                    if name not in ("ifindex", "ifname", "name") and rng.random() < .5:
                        del obj[name]
            status, out, _ = run(*line.split())
            if status or ("-j" in line and json.loads(out) is None):
                Tap.ok(False, f"{line} with attributes missing")
        Tap.ok(True, f"{line} with attributes missing")

        kernel.reset()
        world(1, 1)
        kernel.devices[0].update({"mode": 4000000000, "security": 99})
        kernel.wans[0].update({"state": 99, "type": 2**32 - 1, "loss": 2**32 - 1,
                               "remote-scope": 2**32 - 1, "rtt": 2**64 - 1,
                               "rate": 2**64 - 1, "tx-bytes": 2**64 - 1})
        for cls in kernel.classes:
            cls.update({n: 2**32 - 1 for n in cls if kernel.spec.sets["class"][n]["type"]
                        == "u32" and n != "ifindex"})
        status, _, _ = run(*line.split())
        Tap.same(status, 0, f"{line} with values out of any range")

        for name in ("\x1b[2J\n", "\udcff\udcfe", "\"\\'", "a\tb"):
            kernel.reset()
            world(1, 1)
            kernel.devices[0]["ifname"] = "bond0"
            kernel.wans[0].update({"name": name, "dev": name})
            kernel.classes[0].update({"name": name, "wan": name})
            if line.endswith(("wan0", "class0")):
                continue
            status, out, _ = run(*line.split())
            Tap.ok(status == 0 and not re.search("[\x00-\x09\x0b-\x1f]", out),
                   f"{line} with a strange name")
            if "-j" in line:
                json.loads(out.encode("utf-8"))

        for size in range(0, 16):
            kernel.reset()
            world(1, 1)
            op = "device" if line.startswith(("link", "-j link", "stats", "-j stats")) \
                else "class" if "class" in line else "wan"
            data = kernel.spec.encode(op, {"device": kernel.devices, "wan": kernel.wans,
                                           "class": kernel.classes}[op][0], True)
            data = bytearray(data[:rng.randrange(len(data))] if size % 2 else data)
            for _ in range(size):
                if data:
                    data[rng.randrange(len(data))] = rng.randrange(256)
            kernel.raw = bytes(data)
            run(*line.split())
        Tap.ok(True, f"{line} with garbage")
    kernel.reset()
    world(1, 1)
    for name, value in (("mode", b"\0"), ("mtu-auto", b"\0\0"), ("ifname", b"abc"),
                        ("listen-port", b""), ("listen-ipv4", b"\0" * 5),
                        ("listen-ipv6", b"\0" * 15), ("stats", {"tx-loop": b"1234"})):
        kernel.raw = kernel.spec.encode("device", {name: value})
        status, out, err = run("-j", "link", "show")
        Tap.same((status, out, err), (1, "", "mwbctl: link show: malformed answer\n"),
                 f"{name} of a wrong length")
    kernel.raw = kernel.spec.encode("device", {"ifname": "x"}) + b"\4\0\xff\3"
    status, out, _ = run("-j", "link", "show")
    Tap.same((status, out), (0, '[{"ifname":"x"}]\n'), "an unknown attribute")


def test_dumps():
    """Dumps that something interferes with"""
    for times in (1, 3):
        for line, many in (("link show", 2), ("wan show", 4), ("class show", 4),
                           ("stats", 2)):
            kernel.reset()
            world(2, 2)
            kernel.interruptions = times
            status, out, err = run("-j", *line.split())
            Tap.ok(status == 0 and len(json.loads(out)) == many
                   and not err, f"{line}, interrupted {times} times", err)
            no_problems(line)
    kernel.reset()
    world(1, 1)
    kernel.error = Error(EINTR)
    status, out, err = run("-j", "link", "show")
    Tap.ok(status == 0 and len(json.loads(out)) == 1, "a dump that fails with EINTR")
    kernel.reset()
    world(1, 1)
    kernel.interruptions = 10**6
    status, out, err = run("link", "show")
    Tap.ok(status == 1 and not out and "changed all the time" in err,
           "a dump that is always interrupted", err)


def test_stats():
    """Counters, and how they grow; figures of the moment"""
    kernel.reset()
    world(2, 2)
    waiting = ["queue-bytes", "queue-packets", "queue-flows", "hold", "kept-bytes"]
    gauges = ["tx-rate", "tx-policed", "tx-share", "tx-under-way", "tx-kept",
              "tx-delivery", "tx-base-delay", "tx-queue-delay", "tx-jitter", "tx-loss"]
    counters = [n for n in reply_names("wan-get")
                if kernel.spec.sets["wan"][n]["type"] == "u64" and
                n not in ("rate", "rtt", "rtt-last", "rtt-min", "jitter", *gauges)]
    counters += gauges
    _, out, _ = run("-j", "stats")
    for dev, got in zip(kernel.devices, json.loads(out)):
        wans = [{"name": w["name"], "id": w["id"], **{c: w[c] for c in counters}}
                for w in kernel.wans if w["ifindex"] == dev["ifindex"]]
        Tap.same(got, {"ifindex": dev["ifindex"], "ifname": dev["ifname"],
                       **{w: dev[w] for w in waiting},
                       "stats": dev["stats"], "wans": wans},
                 f"all counters of {dev['ifname']}")
    _, out, _ = run("stats", "bond1")
    for name in kernel.spec.names("device-stats") + counters + waiting:
        Tap.ok(re.search(rf"^bond1( wan0)? +{name} +\d+$", out, re.M),
               f"text of {name}", out)
    Tap.ok("bond0" not in out, "of one device only")

    for form in ([], ["-j"]):
        kernel.reset()
        world(1, 1)
        for number in kernel.devices[0]["stats"]:
            kernel.devices[0]["stats"][number] = 0
        proc = subprocess.Popen([MWBCTL, *form, "stats", "-i", "200ms"], env=ENV,
                                stdout=subprocess.PIPE, text=True)
        first = proc.stdout.readline()
        kernel.devices[0]["stats"]["rx-late"] = 1000
        kernel.wans[0]["tx-packets"] -= 5
        kernel.wans[0]["tx-kept"] += 5
        if form:
            line = json.loads(proc.stdout.readline())[0]
            Tap.ok("rates" not in json.loads(first)[0], "no rates at first")
            Tap.ok(2000 < line["rates"]["rx-late"] <= 5000.5 and
                   line["rates"]["rx-old"] == 0, "rate in JSON", str(line["rates"]))
            Tap.ok("tx-packets" not in line["wans"][0]["rates"] and
                   line["wans"][0]["rates"]["downs"] == 0,
                   "no rate of a counter that began again")
            Tap.ok("tx-kept" not in line["wans"][0]["rates"],
                   "no rate of what is no counter")
        else:
            text = ""
            while text.count("rx-late") < 2:
                text += proc.stdout.readline()
            rate = re.findall(r"rx-late +1000 +([\d.]+)/s", text)
            Tap.ok(rate and 2000 < float(rate[-1]) <= 5000.5, "rate in text", text)
            Tap.ok(re.search(r"hold +\d+ *$", text.split("rx-late")[1], re.M),
                   "no rate of what is no counter", text)
        proc.terminate()
        proc.communicate()


def test_monitor():
    """Events"""
    kernel.reset()
    head = {"ifindex": 4, "ifname": "bond0"}
    kernel.events = [
        {**head, "event": 5},
        {**head, "event": 1, "name": "lte"},
        {**head, "event": 0, "old-state": 1, "name": "lte", "state": 2},
        {**head, "event": 0, "old-state": 2, "reason": 4, "name": "lte", "state": 0,
         "rtt": 12345678, "jitter": 456789, "loss": 12500, "penalty": 4000},
        ENOBUFS,
        {**head, "event": 3, "name": "lte", "remote-ipv4": "192.0.2.1",
         "remote-port": 7},
        {**head, "event": 4, "name": "lte", "state": 2},
        {**head, "event": 77, "name": "lte"},
        {**head, "event": 6},
        None,
    ]
    events = [e for e in kernel.events if isinstance(e, dict)]
    status, out, err = run("-j", "monitor")
    lines = [json.loads(line) for line in out.splitlines()]
    for line, event in zip(lines, events):
        Tap.ok(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z",
                            line.pop("time", "")), "time")
        Tap.same(line, expected("wan", event), f"event {event['event']}")
    Tap.same(len(lines), len(events), "all events")
    Tap.same((status, err), (1, "mwbctl: monitor: events were lost\n"
                                "mwbctl: monitor: netlink: Broken pipe\n"),
             "loss and end are told")
    Tap.ok((ADD_MEMBERSHIP, GROUP_ID) in kernel.options, "group of the events")
    _, out, _ = run("monitor")
    texts = ["bond0: session-established", "bond0 lte: wan-added",
             "bond0 lte: wan-state starting -> up",
             "bond0 lte: wan-state up -> down (unacknowledged) rtt 12.3 ms "
             "jitter 0.46 ms loss 1.25% penalty 4.0 s",
             "bond0 lte: wan-endpoint remote 192.0.2.1:7", "bond0 lte: wan-loop",
             "bond0 lte: ?", "bond0: session-closed"]
    Tap.same([line[27:] for line in out.splitlines()], texts, "text")
    kernel.events = events[:1]
    proc = subprocess.Popen([MWBCTL, "monitor"], env=ENV, stdout=subprocess.PIPE)
    ready = select.select([proc.stdout], [], [], 10)[0]
    Tap.ok(ready and proc.poll() is None, "an event is printed at once")
    proc.terminate()
    proc.communicate()
    no_problems("monitor")


def test_output():
    """Output that cannot be written is no success"""
    kernel.reset()
    world(1, 1)
    with open("/dev/full", "w", encoding="ascii") as full:
        for line in ("link show", "-j wan show", "stats", "help", "version",
                     "stats -i 50ms"):
            status, _, err = run(*line.split(), stdout=full)
            Tap.ok(status == 1 and "standard output" in err, f"{line} >/dev/full", err)
        kernel.events = [{"ifindex": 4, "ifname": "bond0", "event": 5}]
        status, _, err = run("monitor", stdout=full)
        Tap.ok(status == 1 and "standard output" in err, "monitor >/dev/full", err)


def commands():
    """Names of all commands, by help"""
    out = run("help")[1]
    return re.findall(r"^  ([a-z]+(?: [a-z]+)?)  +\S", out.split("Options")[0], re.M)


def test_help():
    """Help, manual and table tell the same"""
    with open(os.path.join(TOOLS, "mwbctl/man/mwbctl.8"), encoding="utf-8") as file:
        man = file.read()
    for name in commands():
        status, out, _ = run("help", *name.split())
        Tap.ok(status == 0 and out.startswith(f"usage: mwbctl {name}"), f"help {name}")
        Tap.ok(re.search(rf"^\.(It )?Ic {name}\b", man, re.M), f"{name} is in the manual")
        words = re.findall(r"\[?([a-z-]+)(?: [^][ ]+(?:\[[^]]*\])?)?[]|]?",
                           out.split("\n\n")[0].replace("usage: mwbctl " + name, ""))
        if name in ("link set", "wan add", "class add"):
            Tap.ok(len(words) > 6, "words of its usage", str(words))
    for attr in ("mode", "security", "session", "listen", "mtu", "reorder-buffer",
                 "reorder-timeout", "skew-budget", "remote", "local", "dev", "fwmark", "id", "type",
                 "weight", "priority", "rate", "heartbeat", "failures", "max-latency",
                 "max-jitter", "max-loss", "match", "order", "hold", "max-delay",
                 "duplicate", "wan"):
        Tap.ok(re.search(rf"^\.It Ic {attr}$", man, re.M), f"{attr} is in the manual")
    for enum in ("mode", "security", "wan-type", "wan-state", "wan-reason", "wan-use",
                 "class-switch"):
        for word in kernel.spec.enums[enum]:
            Tap.ok(word == "unspec" or re.search(rf"\b{word}\b", man),
                   f"{word} is in the manual")
    Tap.same(run("-V")[1], "mwbctl test\n", "-V")
    Tap.same(run("-j", "version")[1], '{"version":"test"}\n', "version in JSON")


def complete(line):
    """What bash offers for the last word of a line"""
    script = f"""
        PATH={os.path.dirname(MWBCTL)}:$PATH
        . {TOOLS}/mwbctl/completion/mwbctl.bash
        COMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        _mwbctl; printf '%s\\n' "${{COMPREPLY[@]}}" """
    done = subprocess.run(["bash", "-uc", script], env=ENV, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout.split()


def test_completion():
    """Completion in bash"""
    kernel.reset()
    world(2, 2)
    enums = kernel.spec.enums
    cases = [
        ("''", sorted({c.split()[0] for c in commands()})),
        ("w", ["wan"]), ("-", ["-V", "-j", "-n", "-p"]), ("-j l", ["link"]),
        ("wan ''", ["add", "del", "set", "show"]), ("wan s", ["set", "show"]),
        ("nonsense ''", []), ("wan nonsense ''", []),
        ("link show ''", ["bond0", "bond1"]), ("link show bond0 ''", []),
        ("wan set ''", ["bond0", "bond1"]), ("wan set bond0 ''", ["wan0", "wan1"]),
        ("wan add bond0 ''", []), ("wan del bond1 ''", ["wan0", "wan1"]),
        ("wan show ''", ["-d", "bond0", "bond1"]),
        ("wan show -d ''", ["bond0", "bond1"]),
        ("wan show -d bond0 ''", ["wan0", "wan1"]),
        ("stats -i ''", []), ("stats -i 1s ''", ["bond0", "bond1"]),
        ("link set bond0 m", ["mode", "mtu"]),
        ("link set bond0 mode ''", sorted(enums["mode"])),
        ("link set bond0 mode weighted m", ["mtu"]),
        ("link set bond0 mtu ''", ["auto"]), ("link set bond0 listen ''", ["off"]),
        ("wan set bond0 wan0 type s", ["satellite", "starlink"]),
        ("wan set bond0 wan0 up d", ["dev"]), ("wan set bond0 wan0 rate ''", ["auto"]),
        ("wan set bond0 wan0 weight ''", []), ("wan set bond0 wan0 dev l", ["lo"]),
        ("help wa", ["wan"]), ("help wan d", ["del"]),
        ("class ''", ["add", "del", "set", "show"]), ("class add bond0 ''", []),
        ("class set bond0 ''", ["class0", "class1"]),
        ("class show bond1 ''", ["class0", "class1"]),
        ("class add bond0 c m", ["match", "max-delay"]),
        ("class add bond0 c match ''", ["dscp", "mark", "prio"]),
        ("class add bond0 c match prio ''", []),
        ("class add bond0 c match prio 1-2 m", ["max-delay"]),
        ("class add bond0 c match prio 1-2 ''",
         ["duplicate", "fec", "hold", "max-delay", "order", "priority", "wan"]),
        ("class set bond0 c order ''", ["auto", "off", "on"]),
        ("class set bond0 c priority ''", ["auto"]),
        ("class set bond0 c fec ''", ["auto", "device", "off"]),
        ("link set bond0 duplicate ''", ["auto", "off"]),
    ]
    for line, words in cases:
        got = sorted(complete("mwbctl " + line))
        if line.endswith("dev l"):
            got = [w for w in got if w == "lo"]
        Tap.same(got, words, f"completion of: {line}")
    kernel.loaded = False
    Tap.same(complete("mwbctl link show ''"), [], "completion without the module")


WORDS = ["link", "wan", "class", "match", "prio", "dscp", "mark", "order", "hold",
         "max-delay", "duplicate", "1-2", "ef,cs5", "0x10/0xff", ",", "-", "/", "set", "add", "del", "show", "stats", "monitor", "help",
         "complete", "version", "-j", "-p", "-d", "-i", "-n", "-V", "--", "bond0",
         "wan0", "remote", "local", "dev", "fwmark", "id", "type", "weight",
         "priority", "rate", "heartbeat", "failures", "max-latency",
         "max-jitter", "max-loss", "2.5%", "up", "down", "mode",
         "security", "none", "session", "listen", "mtu", "auto", "off",
         "reorder-buffer", "reorder-timeout", "skew-budget", "192.0.2.1:5", "[::1]:5", "[fe80::1%lo]:5",
         "0", "1", "7", "4294967296", "200ms", "1s", "5mbit", "weighted", "lte", "",
         "%s%n%x", "a" * 300, "[" * 50, "[" + "f" * 90 + "]:1", "\udcff\udcc3", "1" * 90,
         "0x", "-1", ".", ":", "%", "1.", "[::%]:1", "\x1b[0m"]


def test_random():
    """Random words do no harm"""
    count = int(os.environ.get("MWB_TEST_RANDOM", "300"))
    rng = random.Random(1)
    starts = [c.split() for c in commands()] + [[]]
    bad = 0
    for _ in range(count):
        kernel.reset()
        world(1, 1)
        kernel.events = [{"ifindex": 1, "ifname": "x", "event": 0}, None]
        words = rng.choice(starts) + rng.choices(WORDS, k=rng.randrange(9))
        if "-i" in words:       # would go on for ever
            words = [w for w in words if w != "-i"]
        if rng.random() < .2:
            word = list(rng.choice(WORDS))
            rng.shuffle(word)
            words.append("".join(word))
        before = Tap.failed
        status, _, err = run(*words)
        if (status == 0) != (not err) and "monitor" not in words:
            Tap.ok(False, f"status and message of {words}", str(status), err)
        if kernel.problems:
            Tap.ok(False, f"requests of {words}", str(kernel.problems))
        bad += Tap.failed > before
    Tap.same(bad, 0, f"{count} random command lines")


def main():
    """All tests, or those named"""
    Tap.ok(os.path.exists(SPEC), "specification")
    # To look for leaks takes three times as long as all the rest of a run.
    leaks = [test_errors, test_show_json, test_show_text, test_show_use, test_dumps,
             test_output]
    tests = [test_requests, test_ranges, test_misuse, test_refused, test_stats,
             test_odd_answers, test_monitor, test_help, test_completion, test_random]
    for test in leaks + tests:
        ENV["ASAN_OPTIONS"] = f"detect_leaks={int(test in leaks)}:exitcode=77"
        if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]:
            print(f"# {test.__doc__}")
            test()
    print(f"1..{Tap.count}")
    return 1 if Tap.failed else 0


sys.exit(main())

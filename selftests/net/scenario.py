# SPDX-License-Identifier: GPL-2.0-only
"""Scenario files: an emulated network, its traffic, and what must be reached.

A scenario is a TOML file. Rates are in Mbit/s, times of links in ms, of events
and traffic in seconds, losses in per cent each way. Documentation/testing.rst
lists the keys with an example.
"""
import pathlib
import tomllib

DIRECTORY = pathlib.Path(__file__).resolve().parent / "scenarios"


class ScenarioError(Exception):
    """A file that says what cannot be, with the file's name and the key."""


# Keys of each table: type, and the default; None where one is required.
NUMBER = (int, float)
LINK = {
    "name": (str, None),
    "rate": (NUMBER, None),
    "rtt": (NUMBER, None),
    "jitter": (NUMBER, 0),          # one way, more or less, in order
    "loss": (NUMBER, 0),
    "burst": (list, []),            # Gilbert-Elliott: p, r, 1-h, 1-k
    "queue": (NUMBER, 200),
    "police": (NUMBER, 0),          # a rate limit without a queue; 0: none
}
EVENT = {
    "at": (NUMBER, None),
    "link": (str, None),
    "rate": (NUMBER, -1),
    "loss": (NUMBER, -1),
    "down": (str, ""),              # "both", "up" or "down": silent
    "rebind": (int, 0),             # NAT: the site's port is this from now on
    "recreate": (bool, False),      # the site's interface goes and returns
    "mtu": (int, 0),                # what is larger is dropped, without ICMP
    "every": (NUMBER, 0),           # repeat with this period
}
TRAFFIC = {
    "kind": (str, None),            # tcp, udp, ping, web
    "from": (str, "site"),
    "rate": (NUMBER, 0),            # of udp, in Mbit/s
    "size": (int, 1000),            # of udp, in bytes
    "flows": (int, 1),              # of tcp
    "interval": (NUMBER, 0.05),     # of ping, in seconds
}
REQUIRE = {
    "figure": (str, None),
    "min": (NUMBER, None),
    "max": (NUMBER, None),
    "after": (NUMBER, 0),           # of efficiency: from this second on
    "congestion": (str, ""),        # for runs with this one only
    "todo": (int, 0),               # the issue that brings it
}
SCENARIO = {
    "title": (str, None),
    "seconds": (NUMBER, 30),
    "congestion": (list, ["cubic"]),
    "mode": (str, ""),
    "mtu-auto": (bool, False),
    "class": (list, []),            # as of mwbctl class add, at both ends
    "options": (str, ""),           # as of mwbctl link set, at both ends
    "optimum": (NUMBER, None),      # of TCP's goodput, in Mbit/s
    "link": (list, None),
    "event": (list, []),
    "traffic": (list, None),
    "require": (list, None),
}


def take(where, table, keys, either=()):
    """The table with its defaults, all keys and types being right."""
    for key, value in table.items():
        if key not in keys:
            raise ScenarioError(f"{where}: unknown key {key!r}, not of "
                                + ", ".join(keys))
        if not isinstance(value, keys[key][0]) or \
           isinstance(value, bool) != (keys[key][0] is bool):
            raise ScenarioError(f"{where}: {key} has the wrong type")
    result = {}
    for key, (_, default) in keys.items():
        if key in table:
            result[key] = table[key]
        elif default is not None:
            result[key] = default
        elif key in either:
            result[key] = None
        else:
            raise ScenarioError(f"{where}: {key} is missing")
    return result


class Scenario:
    """One of them; its attributes are the keys of SCENARIO."""

    def __init__(self, name):
        self.name = name
        path = DIRECTORY / f"{name}.toml"
        try:
            table = tomllib.loads(path.read_text())
        except OSError as error:
            raise ScenarioError(f"{path}: {error.strerror}") from None
        except tomllib.TOMLDecodeError as error:
            raise ScenarioError(f"{path}: {error}") from None
        vars(self).update((key.replace("-", "_"), value) for key, value in
                          take(name, table, SCENARIO).items())
        self.link = self.tables("link", LINK)
        self.event = self.tables("event", EVENT)
        self.traffic = self.tables("traffic", TRAFFIC)
        self.require = self.tables("require", REQUIRE, ("min", "max"))
        names = [link["name"] for link in self.link]
        for event in self.event:
            if event["link"] not in names:
                raise ScenarioError(f"{name}: event: no link "
                                    f"{event['link']!r}")

    def tables(self, key, keys, either=()):
        return [take(f"{self.name}: {key} {n}", table, keys, either)
                for n, table in enumerate(getattr(self, key), 1)]

    def best_link(self):
        return max(self.link, key=lambda link: (link["rate"], -link["rtt"]))

    def has(self, kind):
        return any(item["kind"] == kind for item in self.traffic)


def all_names():
    return sorted(path.stem for path in DIRECTORY.glob("*.toml"))

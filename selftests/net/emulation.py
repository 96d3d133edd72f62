# SPDX-License-Identifier: GPL-2.0-only
"""The emulated network of a scenario.

   site                     net                           hub
  +-------+   +----------------------------------+   +---------+
  | wan1  +---+ s1 (loss)   bridge   (loss) h1   +---+ wan1    |
  |       |   |  ifb s1i: police, queue, rate,   |   |         |
  |       |   |  delay of what comes from s1     |   |         |
  | wan2  +---+ ...                              +---+ wan2    |
  +-------+   +----------------------------------+   +---------+

What enters the net queues in an ifb in front of the rate, so that neither end
sees anything of the queue, and is lost behind it, so that lost packets have
used the link. netem keeps the order of packets whose delay varies as long as it
emulates a rate, too.
"""
import subprocess

FRAME = 1514
PORT = 5000
SIDES = {"s": "site", "h": "hub"}
FAR = {"s": "h", "h": "s"}


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def ip(ns, *words):
    return run("ip", "-n", ns, *words)


def tc(ns, *words):
    return run("tc", "-n", ns, *words)


def in_ns(ns, *words):
    return ["ip", "netns", "exec", ns, *words]


def address(n, side):
    return f"10.0.{n}.{1 if side == 's' else 2}"


def hardware(n, side):
    return f"02:00:00:00:0{1 if side == 's' else 2}:{n:02x}"


def local_port(n):
    return 4000 + n


class Network:
    """All links of a scenario. Only root may make one, in a machine of its
    own; it is not taken down."""

    def __init__(self, scenario):
        self.links = {link["name"]: (n, dict(link))
                      for n, link in enumerate(scenario.link, 1)}
        for ns in ("site", "net", "hub"):
            run("ip", "netns", "add", ns)
            ip(ns, "link", "set", "lo", "up")
        # Both ends share this machine's memory: what TCP may have of it must
        # not be what limits.
        run("sysctl", "-qw", "net.ipv4.tcp_mem=100000 150000 200000")
        for ns in ("site", "hub"):
            run(*in_ns(ns, "sysctl", "-qw",
                       "net.ipv4.tcp_rmem=4096 131072 67108864",
                       "net.ipv4.tcp_wmem=4096 16384 67108864",
                       "net.ipv4.tcp_no_metrics_save=1"))
        for name, (n, link) in self.links.items():
            self.add_link(n)
            self.shape(name)

    def add_link(self, n):
        ip("net", "link", "add", f"br{n}", "up", "type", "bridge")
        for side in SIDES:
            ip("net", "link", "add", f"{side}{n}i", "up", "type", "ifb")
        self.join(n, "h")
        self.join(n, "s")

    @staticmethod
    def join(n, side):
        """The interface of one end; made again after it was removed. Address
        resolution must not be what is lost."""
        ns, port, wan = SIDES[side], f"{side}{n}", f"wan{n}"
        ip(ns, "link", "add", wan, "address", hardware(n, side), "type",
           "veth", "peer", port, "netns", "net")
        for where, dev in (ns, wan), ("net", port):
            run(*in_ns(where, "sysctl", "-qw",
                       f"net.ipv6.conf.{dev}.disable_ipv6=1"))
            run(*in_ns(where, "ethtool", "-K", dev, "tso", "off", "gso", "off",
                       "gro", "off", "tx-udp-segmentation", "off"))
        ip("net", "link", "set", port, "master", f"br{n}", "up")
        tc("net", "qdisc", "add", "dev", port, "handle", "ffff:", "ingress")
        ip(ns, "addr", "add", f"{address(n, side)}/24", "dev", wan)
        ip(ns, "link", "set", wan, "up")
        ip(ns, "neigh", "replace", address(n, FAR[side]), "lladdr",
           hardware(n, FAR[side]), "dev", wan, "nud", "permanent")

    def shape(self, name):
        n, link = self.links[name]
        for side in SIDES:
            port = f"{side}{n}"
            self.queue(port, link)
            self.police(port, link)
            self.lose(f"{FAR[side]}{n}", link)

    @staticmethod
    def queue(port, link):
        delay = link["rtt"] / 2
        packets = link["rate"] * 1000 * (link["queue"] + delay) / (FRAME * 8)
        words = ["qdisc", "replace", "dev", f"{port}i", "root", "netem",
                 "limit", str(max(int(packets), 2)), "rate",
                 f"{link['rate'] * 1000:.0f}kbit", "delay", f"{delay}ms"]
        if link["jitter"]:
            words.append(f"{link['jitter']}ms")
        tc("net", *words)

    @staticmethod
    def police(port, link):
        redirect = ["action", "mirred", "egress", "redirect", "dev",
                    f"{port}i"]
        words = ["filter", "replace", "dev", port, "parent", "ffff:", "prio",
                 "1", "handle", "1", "matchall"]
        if link["police"]:
            words += ["action", "police", "rate",
                      f"{link['police'] * 1000:.0f}kbit", "burst", "32k",
                      "conform-exceed", "drop/pipe"]
        tc("net", *words, *redirect)

    @staticmethod
    def lose(port, link, everything=False):
        """What leaves the net by this port."""
        words = ["qdisc", "replace", "dev", port, "root", "netem", "limit",
                 "100000"]
        if everything:
            words += ["loss", "100%"]
        elif link["burst"]:
            words += ["loss", "gemodel", *(f"{v}%" for v in link["burst"])]
        else:
            words += ["loss", "random", f"{link['loss']}%"]
        tc("net", *words)

    def apply(self, event):
        """An event of a scenario, now."""
        name = event["link"]
        n, link = self.links[name]
        for key in ("rate", "loss"):
            if event[key] >= 0:
                link[key] = event[key]
        for side in SIDES:
            if event["rate"] >= 0:
                self.queue(f"{side}{n}", link)
        for side, way in ("h", "up"), ("s", "down"):
            if event["loss"] >= 0 or event["down"]:
                self.lose(f"{side}{n}", link, event["down"] in (way, "both"))
            if event["mtu"]:
                ip("net", "link", "set", f"{side}{n}", "mtu",
                   str(event["mtu"]))
        if event["rebind"]:
            self.rebind(n, event["rebind"])
        if event["recreate"]:
            ip("site", "link", "del", f"wan{n}")
            self.join(n, "s")
            self.police(f"s{n}", link)
            self.lose(f"s{n}", link)

    @staticmethod
    def rebind(n, port):
        """A NAT in front of the site shows this port as the site's."""
        rules = f"""
            table ip nat{n}
            delete table ip nat{n}
            table ip nat{n} {{
                chain out {{
                    type filter hook postrouting priority 0
                    oif wan{n} udp dport {PORT} udp sport set {port}
                }}
                chain in {{
                    type filter hook prerouting priority -300
                    iif wan{n} udp sport {PORT} udp dport set {local_port(n)}
                }}
            }}"""
        run(*in_ns("site", "nft", rules))

    def backlog(self, name, side):
        """Milliseconds that a packet would wait in front of the rate."""
        n, link = self.links[name]
        text = tc("net", "-s", "qdisc", "show", "dev", f"{side}{n}i")
        size = text.split("backlog ")[1].split("b ")[0]
        scale = {"K": 1e3, "M": 1e6}.get(size[-1], 1)
        wait = float(size.rstrip("KM")) * scale * 8 / (link["rate"] * 1000)
        return max(wait - link["rtt"] / 2, 0)

# SPDX-License-Identifier: GPL-2.0-only
"""The traffic of a scenario: each kind is started, and at the end gives its
figures. Rates are in Mbit/s, times in ms unless the name says s."""
import json
import pathlib
import statistics
import subprocess
import sys

from emulation import in_ns

HERE = pathlib.Path(__file__).resolve().parent
STREAM = HERE.parents[1] / "build" / "selftests" / "udpstream"
INTERVAL = 0.5
WINDOW = 10                     # intervals: 5 s
SHORT = 4


def start(ns, *words, env=None):
    return subprocess.Popen(in_ns(ns, *words), env=env, text=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)


def finish(process):
    out, err = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{process.args[4:]}: {err.strip() or out.strip()}")
    return out


def means(values, length):
    """Of all runs of that length."""
    return [statistics.mean(values[i:i + length])
            for i in range(len(values) - length + 1)]


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]


def out_of_order(ns):
    """Segments that TCP received behind a hole, in this name space."""
    path = "/proc/net/netstat"
    lines = subprocess.run(in_ns(ns, "cat", path), capture_output=True,
                           text=True, check=True).stdout.splitlines()
    names, values = (line.split() for line in lines
                     if line.startswith("TcpExt:"))
    return int(dict(zip(names, values))["TCPOFOQueue"])


def longest_run(rates, least=0.1):
    """How many intervals in a row had next to nothing."""
    longest = run = 0
    for rate in rates:
        run = run + 1 if rate < least else 0
        longest = max(longest, run)
    return longest


class Kind:
    def idle(self):
        """What is to be measured before all the others begin."""


class Tcp(Kind):
    port = 5200

    def __init__(self, item, ends, seconds, congestion, env):
        Tcp.port += 1
        self.to = "hub" if item["from"] == "site" else "site"
        self.prefix = "" if item["from"] == "site" else "down-"
        self.ofo = out_of_order(self.to)
        words = ["iperf3", "-J", "-i", str(INTERVAL), "-p", str(Tcp.port)]
        self.server = start(self.to, *words, "-s", "-1", env=env)
        self.client = None
        self.begin = lambda: start(item["from"], *words, "-c", ends[self.to],
                                   "-t", str(seconds), "-P",
                                   str(item["flows"]), "-C", congestion,
                                   env=env)

    def go(self):
        self.client = self.begin()

    def figures(self, optimum):
        finish(self.client)
        result = json.loads(finish(self.server))
        rates = [interval["sum"]["bits_per_second"] / 1e6
                 for interval in result["intervals"]
                 if interval["sum"]["seconds"] > INTERVAL / 2]
        goodput = result["end"]["sum_received"]["bits_per_second"] / 1e6
        full = next((i for i, rate in enumerate(rates)
                     if rate >= 0.9 * optimum), None)
        steady = rates[full:] if full is not None else []
        windows = means(steady, WINDOW)
        short = means(steady, SHORT)
        figures = {
            "goodput": goodput,
            "efficiency": goodput / optimum,
            "t90-s": (full + 1) * INTERVAL if full is not None else None,
            "worst-5s": min(windows) / optimum if windows else None,
            "worst-2s": min(short) / optimum if short else None,
            "stall-s": longest_run(rates) * INTERVAL,
            "out-of-order": out_of_order(self.to) - self.ofo,
            "rates": rates,
            "optimum": optimum,
        }
        flows = [stream["receiver"]["bits_per_second"]
                 for stream in result["end"]["streams"]]
        if len(flows) > 1:
            figures["jain"] = sum(flows) ** 2 / \
                (len(flows) * sum(flow ** 2 for flow in flows))
        return {self.prefix + key: value for key, value in figures.items()}


class Udp(Kind):
    def __init__(self, item, ends, seconds, _congestion, _env):
        to = "hub" if item["from"] == "site" else "site"
        pps = int(item["rate"] * 1e6 / 8 / item["size"])
        self.receiver = start(to, str(STREAM), "-l")
        self.words = [str(STREAM), "-r", str(pps), "-s", str(item["size"]),
                      "-n", str(int(pps * seconds)), ends[to]]
        self.source, self.sender = item["from"], None

    def go(self):
        self.sender = start(self.source, *self.words)

    def figures(self, _optimum):
        finish(self.sender)
        last = finish(self.receiver).splitlines()[-1]
        values = dict(word.split("=") for word in last.split() if "=" in word)
        return {"udp-lost": int(values["lost"]),
                "udp-reordered": int(values["reordered"]),
                "udp-gap": float(values["gap_ms"]),
                "udp-jitter-p99": float(values["jitter_p99_ms"])}


class Ping(Kind):
    def __init__(self, item, ends, seconds, _congestion, _env):
        self.process = None
        self.interval = item["interval"]
        self.words = [sys.executable, str(HERE / "ping.py"), ends["hub"],
                      str(self.interval), str(seconds)]

    def go(self):
        self.process = start("site", *self.words)

    def figures(self, _optimum):
        times = json.loads(finish(self.process))
        got = [time for time in times if time is not None]
        if not got:
            return {"ping-lost": len(times)}
        return {"ping-times": times, "ping-interval": self.interval,
                "ping-lost": len(times) - len(got),
                "ping-p50": percentile(got, 50),
                "ping-p95": percentile(got, 95),
                "ping-p99": percentile(got, 99)}


class Web(Kind):
    COUNT = 50

    def __init__(self, _item, ends, seconds, _congestion, env):
        self.server = start("hub", sys.executable, str(HERE / "web.py"),
                            "serve", env=env)
        self.fetch = lambda pause: start(
            "site", sys.executable, str(HERE / "web.py"), "fetch",
            ends["hub"], str(self.COUNT), str(pause), env=env)
        self.pause = seconds / self.COUNT / 2
        self.client = self.median = None

    def idle(self):
        self.median = statistics.median(json.loads(finish(self.fetch(0.1))))

    def go(self):
        self.client = self.fetch(self.pause)

    def figures(self, _optimum):
        median = statistics.median(json.loads(finish(self.client)))
        self.server.kill()
        return {"web-median": median, "web-idle": self.median,
                "web-ratio": median / self.median}


KINDS = {"tcp": Tcp, "udp": Udp, "ping": Ping, "web": Web}

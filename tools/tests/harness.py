# SPDX-License-Identifier: GPL-2.0-only
"""What the tests of mwbctl have in common: TAP, the program, and a kernel."""

import base64
import os
import subprocess
import tempfile

from fakekernel import TOP, Kernel

TOOLS = os.path.join(TOP, "tools")
OUT = os.environ.get("O", os.path.join(TOP, "build/tools"))
MWBCTL = os.path.join(OUT, "tests/mwbctl")


class Tap:
    """Checks, each a line"""
    count = failed = 0

    @classmethod
    def ok(cls, good, what, *notes):
        """A check"""
        cls.count += 1
        what = what.replace("#", "\\#").encode("ascii", "backslashreplace").decode()
        print(f"{'' if good else 'not '}ok {cls.count} - {what}")
        if not good:
            cls.failed += 1
            for note in notes:
                for line in ascii(note)[1:-1].split("\\n"):
                    print(f"# {line}")
        return good

    @classmethod
    def same(cls, got, wanted, what):
        """A comparison"""
        return cls.ok(got == wanted, what, f"got    {got}", f"wanted {wanted}")


FOLDER = tempfile.TemporaryDirectory()
ENV = {"MWB_TEST_SOCKET": os.path.join(FOLDER.name, "kernel"),
       "PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC",
       "UBSAN_OPTIONS": "print_stacktrace=1:exitcode=77"}

kernel = Kernel(ENV["MWB_TEST_SOCKET"])


def run(*args, timeout=20, stdout=subprocess.PIPE):
    """Run mwbctl; what a sanitizer says or a signal fails in any test"""
    done = subprocess.run([MWBCTL, *args], env=ENV, stdout=stdout,
                          stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                          timeout=timeout, check=False)
    err = done.stderr.decode("utf-8", "surrogateescape")
    if done.returncode not in (0, 1, 2) or "runtime error" in err:
        Tap.ok(False, f"mwbctl {args} survives", str(done.returncode), err)
    out = (done.stdout or b"").decode("utf-8", "surrogateescape")
    return done.returncode, out, err


def no_problems(what):
    """The kernel got nothing that it must not get"""
    Tap.same(kernel.problems, [], f"{what}: what the kernel got")
    kernel.problems = []


def sample(set_name, names, seed=0):
    """An object that has these attributes, each with a value of its own"""
    values = {}
    for number, name in enumerate(names, 1 + seed):
        attr = kernel.spec.sets[set_name][name]
        checks = attr.get("checks", {})
        if attr["type"] == "nest":
            nested = attr["nested-attributes"]
            values[name] = sample(nested, kernel.spec.names(nested), 1000)
        elif attr["type"] == "string":
            values[name] = f"{name}-{number}"[:15]
        elif attr["type"] == "binary" and name.endswith("-key"):
            values[name] = base64.b64encode(bytes([number % 256] * 32)).decode()
        elif attr["type"] == "binary":
            values[name] = f"2001:db8::{number:x}"
        elif attr.get("byte-order") == "big-endian":
            values[name] = f"192.0.2.{number % 256}"
        elif "enum" in attr:
            values[name] = number % len(kernel.spec.enums[attr["enum"]])
        elif attr["type"] == "u8":
            values[name] = number % 2
        elif attr["type"] == "u64":
            values[name] = 2**63 + number
        else:
            values[name] = min(checks.get("max", 10**9), 10**4 + number)
    return values


def expected(set_name, values):
    """The JSON of an object"""
    out = {}
    for name, value in values.items():
        attr = kernel.spec.sets[set_name][name]
        if attr["type"] == "nest":
            out[name] = expected(attr["nested-attributes"], value)
        elif "enum" in attr and value < len(kernel.spec.enums[attr["enum"]]):
            out[name] = kernel.spec.enums[attr["enum"]][value]
        elif attr["type"] == "u8":
            out[name] = bool(value)
        else:
            out[name] = value
    return out


def reply_names(op_name):
    """Attributes that an operation answers with"""
    return kernel.spec.op(op_name)["do"]["reply"]["attributes"]


def class_names(number):
    """Attributes of a class, which matches by one thing or another"""
    match = (("match-prio-min", "match-prio-max"), ("match-dscp",),
             ("match-mark", "match-mask"))[number % 3]
    return [n for n in reply_names("class-get")
            if not n.startswith("match-") or n in match]


def world(devices, wans):
    """So many devices, so many WANs and classes of each"""
    for d in range(devices):
        dev = sample("device", reply_names("dev-get"), 7 * d)
        dev.update({"ifindex": 10 + d, "ifname": f"bond{d}"})
        kernel.devices.append(dev)
        for w in range(wans):
            wan = sample("wan", reply_names("wan-get"), 5 * w)
            wan.update({"ifindex": 10 + d, "ifname": f"bond{d}", "name": f"wan{w}"})
            kernel.wans.append(wan)
            cls = sample("class", class_names(w), 3 * w)
            cls.update({"ifindex": 10 + d, "ifname": f"bond{d}",
                        "name": f"class{w}"})
            kernel.classes.append(cls)

# SPDX-License-Identifier: GPL-2.0-only
"""A kernel for mwbctl to talk to, made from the netlink specification alone.

It knows neither the header of the interface nor the tables of mwbctl, and so
finds where those are wrong. Requests are judged as strictly as by the policy
that is generated from the same specification.
"""

import base64
import ipaddress
import os
import socket
import struct
import threading

import yaml

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SPEC = os.path.join(TOP, "Documentation/netlink/specs/mwbond.yaml")

NLMSG_ERROR, NLMSG_DONE, GENL_ID_CTRL = 2, 3, 16
F_MULTI, F_ACK, F_DUMP_INTR, F_DUMP = 0x2, 0x4, 0x10, 0x300
F_CAPPED, F_ACK_TLVS = 0x100, 0x200
CAP_ACK, EXT_ACK, ADD_MEMBERSHIP = 10, 11, 1
FAMILY_ID, GROUP_ID = 35, 9
EINTR, ENOENT, EINVAL, ENODEV = 4, 2, 22, 19
WIDTH = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q"}


class Refused(Exception):
    """A request that the policy refuses."""


class Spec:
    """The specification, with the numbers that it implies."""

    def __init__(self, path=SPEC):
        with open(path, encoding="utf-8") as file:
            doc = yaml.safe_load(file)
        self.enums = {}
        for enum in doc["definitions"]:
            if enum["type"] != "enum":
                continue
            self.enums[enum["name"]] = [
                e["name"] if isinstance(e, dict) else e for e in enum["entries"]]
        self.sets = {}
        for attrs in doc["attribute-sets"]:
            for number, attr in enumerate(attrs["attributes"], 1):
                attr["number"] = number
            self.sets[attrs["name"]] = {a["name"]: a for a in attrs["attributes"]}
        self.ops = doc["operations"]["list"]
        for number, op in enumerate(self.ops, 1):
            op["number"] = number

    def op(self, name):
        """The operation of this name"""
        return next(op for op in self.ops if op["name"] == name)

    def names(self, set_name):
        """Attributes that carry something"""
        return [n for n, a in self.sets[set_name].items() if a["type"] != "pad"]

    def encode(self, set_name, values, pad=False):
        """Attributes of a dictionary; pad: with padding, as the kernel does"""
        out = b""
        for name, value in values.items():
            attr = self.sets[set_name][name]
            kind = attr["type"]
            if kind == "nest":
                data = self.encode(attr["nested-attributes"], value, pad)
            elif isinstance(value, bytes):
                data = value
            elif kind == "string":
                data = value.encode("utf-8", "surrogateescape") + b"\0"
            elif kind == "binary" and name.endswith("-key"):
                data = base64.b64decode(value)
            elif kind == "binary":
                data = ipaddress.ip_address(value).packed
            elif attr.get("byte-order") == "big-endian":
                data = ipaddress.ip_address(value).packed
            else:
                data = struct.pack("=" + WIDTH[kind], value)
            if pad and kind == "u64":
                out += struct.pack("=HH", 4, self.sets[set_name]["pad"]["number"])
            number = attr["number"] | (0x8000 if kind == "nest" else 0)
            out += struct.pack("=HH", 4 + len(data), number) + data
            out += bytes(-len(out) % 4)
        return out

    def decode(self, set_name, data, allowed):
        """A request's attributes, checked as the policy does"""
        numbers = {a["number"]: a for a in self.sets[set_name].values()}
        values = {}
        while data:
            size, number = struct.unpack_from("=HH", data)
            attr = numbers.get(number)
            payload = data[4:size]
            data = data[(size + 3) & ~3:]
            if not attr or attr["name"] not in allowed:
                raise Refused(f"attribute {number} is not allowed")
            if attr["name"] in values:
                raise Refused(f"{attr['name']} twice")
            values[attr["name"]] = self.value(attr, payload)
        return values

    def value(self, attr, payload):
        """The value of an attribute, checked"""
        kind, checks, name = attr["type"], attr.get("checks", {}), attr["name"]
        if kind == "string":
            if payload[-1:] != b"\0" or b"\0" in payload[:-1]:
                raise Refused(f"{name}: no string")
            if len(payload) - 1 > checks.get("max-len", 65535):
                raise Refused(f"{name}: too long")
            return payload[:-1].decode("utf-8", "surrogateescape")
        if kind == "binary" or attr.get("byte-order") == "big-endian":
            if len(payload) != checks.get("exact-len", 4):
                raise Refused(f"{name}: length {len(payload)}")
            if name.endswith("-key"):
                return base64.b64encode(payload).decode()
            return str(ipaddress.ip_address(payload))
        if len(payload) != struct.calcsize("=" + WIDTH[kind]):
            raise Refused(f"{name}: length {len(payload)}")
        value, = struct.unpack("=" + WIDTH[kind], payload)
        if not checks.get("min", 0) <= value <= checks.get("max", 2**64):
            raise Refused(f"{name}: {value} is out of range")
        return value


class Error:
    """An answer that refuses: error number, sentence, attribute blamed"""

    def __init__(self, number, text=None, attr=None, missing=None):
        self.number, self.text = number, text
        self.attr, self.missing = attr, missing


class Kernel:
    """Answers one program after another at a socket."""

    def __init__(self, path):
        self.spec = Spec()
        self.path = path
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(path)
        self.listener.listen(8)
        self.reset()
        threading.Thread(target=self.serve, daemon=True).start()

    def reset(self):
        """Forget everything"""
        self.devices, self.wans, self.classes = [], [], []
        self.requests = []
        self.problems, self.options = [], []
        self.error = None           # for the next request
        self.loaded = True
        self.interruptions = 0      # of dumps still to come
        self.raw = None             # attributes to answer with, as they are
        self.events = []            # sent to who joins the group
        self.families = 0           # times that the family was asked for

    def serve(self):
        """Accept programs for ever"""
        while True:
            conn, _ = self.listener.accept()
            threading.Thread(target=self.talk, args=(conn,), daemon=True).start()

    def talk(self, conn):
        """Answer one program until it goes away"""
        try:
            while True:
                data = conn.recv(65536)
                if not data:
                    break
                if len(data) == 8:
                    self.option(conn, *struct.unpack("=II", data))
                else:
                    self.request(conn, data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        except Exception as problem:  # the test has to hear of it
            self.problems.append(repr(problem))
        finally:
            conn.close()

    def option(self, conn, number, value):
        """What setsockopt() got"""
        self.options.append((number, value))
        if number != ADD_MEMBERSHIP:
            return
        for event in self.events:
            if event is None:       # the end
                conn.shutdown(socket.SHUT_RDWR)
            elif isinstance(event, int):
                conn.send(struct.pack("=I", event))
            else:
                body = self.genl(self.spec.op("event"),
                                 self.spec.encode("wan", event, True))
                conn.send(self.message(FAMILY_ID, 0, 0, body))

    @staticmethod
    def message(kind, flags, seq, body):
        """A netlink message"""
        head = struct.pack("=IHHII", 16 + len(body), kind, flags, seq, 4711)
        return head + body + bytes(-len(body) % 4)

    @staticmethod
    def genl(op, attrs):
        """The body of a generic netlink message"""
        return struct.pack("=BBH", op["number"], 1, 0) + attrs

    def request(self, conn, data):
        """Answer a request"""
        size, kind, flags, seq, _ = struct.unpack_from("=IHHII", data)
        cmd, version, _ = struct.unpack_from("=BBH", data, 16)
        if size != len(data) or not flags & 1:
            self.problems.append("malformed request")
        if kind == GENL_ID_CTRL:
            self.families += 1
            self.family(conn, data, seq)
            return
        if kind != FAMILY_ID or version != 1:
            self.problems.append(f"family {kind} version {version}")
        op = self.spec.ops[cmd - 1]
        dump = flags & F_DUMP == F_DUMP
        allowed = op["dump" if dump else "do"].get("request", {})
        try:
            values = self.spec.decode(op["attribute-set"], data[20:],
                                      allowed.get("attributes", []))
        except Refused as problem:
            self.problems.append(f"{op['name']}: {problem}")
            values = {}
        self.requests.append((op["name"], values))
        error, self.error = self.error, None
        if not error and op["name"].endswith("-get"):
            error = self.get(conn, op, dump, seq, values)
        if error or not dump:
            self.finish(conn, data, seq, op, error, dump)

    def family(self, conn, data, seq):
        """Answer CTRL_CMD_GETFAMILY"""
        if not data[20:].startswith(struct.pack("=HH", 11, 2) + b"mwbond\0"):
            self.problems.append("another family was asked for")
        if not self.loaded:
            self.finish(conn, data, seq, None, Error(ENOENT), False)
            return
        group = struct.pack("=HHI", 8, 2, GROUP_ID) + \
            struct.pack("=HH", 11, 1) + b"events\0\0"
        group = struct.pack("=HH", 4 + len(group), 1) + group
        attrs = struct.pack("=HH", 11, 2) + b"mwbond\0\0" + \
            struct.pack("=HHHH", 6, 1, FAMILY_ID, 0) + \
            struct.pack("=HH", 4 + len(group), 7) + group
        conn.send(self.message(GENL_ID_CTRL, 0, seq, b"\1\2\0\0" + attrs))
        self.finish(conn, data, seq, None, None, False)

    def find(self, op, values):
        """Objects that a request is about"""
        found = {"device": self.devices, "wan": self.wans,
                 "class": self.classes}[op["attribute-set"]]
        for key in ("ifname", "name"):
            if key in values:
                found = [o for o in found if o.get(key) == values[key]]
        return found

    def get(self, conn, op, dump, seq, values):
        """Answer a get; an error if it is to be refused"""
        found = self.find(op, values)
        if "ifname" in values and \
           values["ifname"] not in [d["ifname"] for d in self.devices]:
            return Error(ENODEV, "There is no such device", "ifname")
        if not dump and not found:
            kind = {"wan": "WAN"}.get(op["attribute-set"], op["attribute-set"])
            return Error(ENOENT, f"The device has no {kind} of this name", "name")
        interrupted = dump and self.interruptions > 0
        self.interruptions -= interrupted
        if interrupted:     # what was read so far is of no use
            found = found[:1]
        for number, obj in enumerate(found):
            attrs = self.raw if self.raw is not None else \
                self.spec.encode(op["attribute-set"], obj, True)
            flags = F_MULTI if dump else 0
            if interrupted and number == len(found) - 1:
                flags |= F_DUMP_INTR
            conn.send(self.message(FAMILY_ID, flags, seq, self.genl(op, attrs)))
        if dump:
            flags = F_MULTI | (F_DUMP_INTR if interrupted else 0)
            # An event for somebody else must not be taken for the answer.
            conn.send(self.message(FAMILY_ID, 0, 0, b"\7\1\0\0") +
                      self.message(NLMSG_DONE, flags, seq, struct.pack("=i", 0)))
        return None

    def finish(self, conn, data, seq, op, error, dump):
        """Acknowledge or refuse; refusals of a dump come with its end"""
        number = -error.number if error else 0
        tlvs = self.tlvs(data, op, error) if error else b""
        flags = F_ACK_TLVS if tlvs else 0
        if dump:
            body = struct.pack("=i", number) + tlvs
            conn.send(self.message(NLMSG_DONE, flags | F_MULTI, seq, body))
        else:
            body = struct.pack("=i", number) + data[:16] + tlvs
            conn.send(self.message(NLMSG_ERROR, flags | F_CAPPED, seq, body))

    def tlvs(self, data, op, error):
        """What explains an error"""
        out = b""
        if error.text is not None:
            text = error.text.encode() + b"\0"
            out += struct.pack("=HH", 4 + len(text), 1) + text
            out += bytes(-len(out) % 4)
        numbers = self.spec.sets[op["attribute-set"]] if op else {}
        if error.attr:
            offset = 20
            while struct.unpack_from("=HH", data, offset)[1] != \
                    numbers[error.attr]["number"]:
                offset += (struct.unpack_from("=H", data, offset)[0] + 3) & ~3
            out += struct.pack("=HHI", 8, 2, offset)
        if error.missing:
            out += struct.pack("=HHI", 8, 5, numbers[error.missing]["number"])
        return out

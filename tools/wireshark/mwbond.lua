-- SPDX-License-Identifier: GPL-2.0-only
--
-- Wireshark dissector of mwbond's wire format, version 1, as drawn in
-- Documentation/wire.rst.
--
--   wireshark -X lua_script:tools/wireshark/mwbond.lua
--   tshark -X lua_script:tools/wireshark/mwbond.lua -o mwbond.ports:5000
--
-- For other ports than those of the preference, use "Decode As". Lua 5.1 to
-- 5.4.

local mwbond = Proto("mwbond", "Multi-WAN bond")

mwbond.prefs.ports = Pref.range("UDP ports", "5000",
	"Ports on which mwbond listens", 65535)
mwbond.prefs.check = Pref.bool("Verify the checksum", true,
	"CRC-32 of packets that are not encrypted")

local HEADER = 48
local TAG = 16
local DELAY_MAX = 10000000	-- us, of a report
local DRIFT_MAX = 300000	-- ppb, of an Ack
local UNCERTAIN_MAX = 400000	-- ppb, the same

local types = { [0] = "Data", "Ack", "Heartbeat", "Control", "Multicast",
		"FEC" }
local subtypes = { "Initiation", "Response", "Cookie", "Path challenge",
		   "Path answer", "WAN announcement", "WAN withdrawal",
		   "Close", "Size probe", "Size answer" }
local kinds = { "Request", "Answer" }
local securities = { [0] = "none", "Noise" }
local wan_types = { [0] = "unspecified", "fiber", "cable", "vdsl", "adsl",
		    "lte", "5g", "starlink", "satellite" }

local DATA, ACK, HEARTBEAT, CONTROL, MULTICAST, FEC = 0, 1, 2, 3, 4, 5

-- Fields. f.NAME is mwbond.NAME in filters, with _ for what is here a _.
local f = {}

local function field(name, make, ...)
	f[name] = make("mwbond." .. name, ...)
end

field("version", ProtoField.uint8, "Version", base.DEC)
field("type", ProtoField.uint8, "Type", base.DEC, types)
field("flags", ProtoField.uint16, "Flags", base.HEX)
field("flags_duplicate", ProtoField.bool, "Duplicate", 16, nil, 0x0001)
field("flags_fec", ProtoField.bool, "FEC", 16, nil, 0x0002)
field("flags_compressed", ProtoField.bool, "Compressed", 16, nil, 0x0004)
field("flags_encrypted", ProtoField.bool, "Encrypted", 16, nil, 0x0008)
field("flags_fragment", ProtoField.bool, "Fragment", 16, nil, 0x0010)
field("flags_last", ProtoField.bool, "LastFrag", 16, nil, 0x0020)
field("flags_extension", ProtoField.bool, "Extension", 16, nil, 0x0040)
field("flags_ordered", ProtoField.bool, "Ordered", 16, nil, 0x0080)
field("flags_phase", ProtoField.uint16, "Key phase", base.DEC, nil, 0x0300)
field("flags_unknown", ProtoField.uint16, "Unknown", base.HEX, nil, 0xfc00)
field("session", ProtoField.uint64, "Session id", base.HEX)
field("sequence", ProtoField.uint64, "Sequence id", base.HEX)
field("bucket", ProtoField.uint16, "Flow bucket", base.DEC)
field("seqno", ProtoField.uint64, "Sequence number", base.DEC)
field("timestamp", ProtoField.uint64, "Timestamp (ns)", base.DEC)
field("wan", ProtoField.uint8, "WAN id", base.DEC)
field("priority", ProtoField.uint8, "Priority", base.DEC)
field("length", ProtoField.uint32, "Data length", base.DEC)
field("checksum", ProtoField.uint32, "Checksum", base.HEX)
field("checksum_status", ProtoField.uint8, "Checksum status", base.DEC,
      { [0] = "bad", "good", "not checked" })
field("number", ProtoField.uint32, "Packet number", base.DEC)
field("hold", ProtoField.uint16, "Hold (100 us)", base.DEC)
field("block", ProtoField.uint16, "FEC block", base.DEC)
field("fec_index", ProtoField.uint8, "FEC index", base.DEC)
field("fragment", ProtoField.uint8, "Fragment index", base.DEC)
field("payload", ProtoField.bytes, "Payload")
field("tag", ProtoField.bytes, "Tag")

field("hb_kind", ProtoField.uint8, "Kind", base.DEC, kinds)
field("hb_beacons", ProtoField.uint8, "Beacons", base.DEC)
field("hb_interval", ProtoField.uint32, "Interval (us)", base.DEC)
field("hb_request", ProtoField.uint64, "Request", base.HEX)
field("hb_delay", ProtoField.uint64, "Answer delay (ns)", base.DEC)
field("beacon_wan", ProtoField.uint8, "WAN id", base.DEC)
field("beacon_number", ProtoField.uint32, "Last packet number", base.DEC)
field("beacon_timestamp", ProtoField.uint64, "Its timestamp (ns)", base.DEC)

field("ctl_size", ProtoField.uint16, "Size")
field("ctl_subtype", ProtoField.uint8, "Subtype", base.DEC, subtypes)
field("ctl_security", ProtoField.uint8, "Security", base.DEC, securities)
field("ctl_ciphers", ProtoField.uint8, "Ciphers", base.HEX)
field("ctl_chacha", ProtoField.bool, "ChaCha20-Poly1305", 8, nil, 0x01)
field("ctl_aes", ProtoField.bool, "AES-GCM", 8, nil, 0x02)
field("ctl_sender", ProtoField.uint64, "Sender's session id", base.HEX)
field("ctl_noise", ProtoField.bytes, "Noise message")
field("ctl_nonce", ProtoField.bytes, "Nonce")
field("ctl_cookie", ProtoField.bytes, "Encrypted cookie and tag")
field("ctl_token", ProtoField.uint64, "Token", base.HEX)
field("ctl_withdrawn", ProtoField.uint8, "WAN id withdrawn", base.DEC)
field("wan_type", ProtoField.uint8, "WAN type", base.DEC, wan_types)
field("wan_priority", ProtoField.uint8, "WAN priority", base.DEC)
field("wan_failures", ProtoField.uint8, "Failures", base.DEC)
field("wan_weight", ProtoField.uint16, "Weight", base.DEC)
field("wan_heartbeat", ProtoField.uint32, "Heartbeat interval (ms)", base.DEC)
field("wan_rate", ProtoField.uint32, "Rate cap (1000 bytes/s)", base.DEC)
field("wan_name", ProtoField.string, "Name")

field("ack_paths", ProtoField.uint8, "Paths", base.DEC)
field("ack_interval", ProtoField.uint8, "The next within (ms)", base.DEC)
field("ack_drift", ProtoField.int32, "Drift of the receiver's clock (ppb)", base.DEC)
field("ack_drift_error", ProtoField.uint32, "Uncertainty of the drift (ppb)",
      base.DEC)
field("ack_wan", ProtoField.uint8, "WAN id", base.DEC)
field("ack_words", ProtoField.uint8, "Words", base.DEC)
field("ack_filled", ProtoField.bool, "Filled by the reporter", 16, nil, 1)
field("ack_highest", ProtoField.uint32, "Highest packet number", base.DEC)
field("ack_bytes", ProtoField.uint64, "Bytes received", base.DEC)
field("ack_packets", ProtoField.uint64, "Packets received", base.DEC)
field("ack_arrival", ProtoField.uint64, "Arrival of the highest (ns)", base.DEC)
field("ack_base", ProtoField.uint32, "Base delay (us)", base.DEC)
field("ack_queue", ProtoField.uint32, "Queueing delay (us)", base.DEC)
field("ack_jitter", ProtoField.uint32, "Jitter (us)", base.DEC)
field("ack_ce", ProtoField.uint32, "Packets with CE", base.DEC)
field("ack_word", ProtoField.uint64, "Bitmap", base.HEX)

field("fec_k", ProtoField.uint8, "Data packets of the block", base.DEC)
field("fec_m", ProtoField.uint8, "Parity packets of the block", base.DEC)
field("fec_length", ProtoField.uint16, "Shard length", base.DEC)
field("fec_parity", ProtoField.bytes, "Parity")

field("reserved", ProtoField.bytes, "Reserved")
mwbond.fields = f

-- Expert information
local e = {}

local function expert_field(name, text, severity)
	e[name] = ProtoExpert.new("mwbond." .. name, text,
				  expert.group.MALFORMED, severity)
end

expert_field("bad_size", "Shorter than the header", expert.severity.ERROR)
expert_field("bad_version", "Unknown version", expert.severity.ERROR)
expert_field("bad_type", "Unknown type", expert.severity.ERROR)
expert_field("bad_flags", "Unknown, missing or contradictory flags",
	     expert.severity.ERROR)
expert_field("bad_length", "Data length does not fit the datagram",
	     expert.severity.ERROR)
expert_field("bad_bucket", "Flow bucket out of range", expert.severity.ERROR)
expert_field("bad_wan", "WAN id 0 or 128", expert.severity.ERROR)
expert_field("bad_fragment", "Fragment index out of range",
	     expert.severity.ERROR)
expert_field("bad_checksum", "Wrong checksum", expert.severity.ERROR)
expert_field("bad_payload", "Malformed payload", expert.severity.ERROR)
expert_field("bad_reserved", "Reserved bytes are not 0", expert.severity.WARN)
mwbond.experts = e

-- CRC-32 (IEEE 802.3). Bit operations are a library in Lua 5.1 and 5.2, and
-- syntax in 5.3; these two functions are all that is needed of them.
local bits = bit32 or bit
local bxor, band, rshift
if bits then
	bxor, band, rshift = bits.bxor, bits.band, bits.rshift
else
	bxor = load("return function(a, b) return a ~ b end")()
	band = load("return function(a, b) return a & b end")()
	rshift = load("return function(a, n) return a >> n end")()
end

local crc_table = {}
for i = 0, 255 do
	local c = i
	for _ = 1, 8 do
		if band(c, 1) == 1 then
			c = bxor(rshift(c, 1), 0xedb88320)
		else
			c = rshift(c, 1)
		end
	end
	crc_table[i] = c
end

-- Over the whole packet, the bytes of the checksum (34-37) taken as 0.
local function crc32(bytes)
	local crc = 0xffffffff
	for i = 0, bytes:len() - 1 do
		local b = (i >= 34 and i < 38) and 0 or bytes:get_index(i)
		crc = bxor(rshift(crc, 8), crc_table[band(bxor(crc, b), 0xff)])
	end
	-- Some libraries have signed results.
	return bxor(crc, 0xffffffff) % 0x100000000
end

local function has(flags, bit)
	return band(flags, bit) ~= 0
end

-- Adds the reserved bytes at an offset, and complains when they are used.
local function reserved(tree, buf)
	for i = 0, buf:len() - 1 do
		if buf(i, 1):uint() ~= 0 then
			tree:add(f.reserved, buf):add_proto_expert_info(
				e.bad_reserved)
			return
		end
	end
end

local function flags_are_bad(type, flags)
	local data, multicast = type == DATA, type == MULTICAST

	return band(flags, 0xfc00) ~= 0 or not has(flags, 0x40) or
	       (has(flags, 0x20) and not has(flags, 0x10)) or
	       (band(flags, 0x300) ~= 0 and not has(flags, 0x08)) or
	       (has(flags, 0x81) and not data) or
	       (has(flags, 0x16) and not data and not multicast)
end

local function dissect_flags(tree, buf, type)
	local item = tree:add(f.flags, buf)

	for _, name in ipairs({ "duplicate", "fec", "compressed", "encrypted",
				"fragment", "last", "extension", "ordered",
				"phase", "unknown" }) do
		item:add(f["flags_" .. name], buf)
	end
	if flags_are_bad(type, buf:uint()) then
		item:add_proto_expert_info(e.bad_flags)
	end
end

local function dissect_header(tree, buf)
	local type, flags = buf(1, 1):uint(), buf(2, 2):uint()
	local item

	item = tree:add(f.version, buf(0, 1))
	if buf(0, 1):uint() ~= 1 then
		item:add_proto_expert_info(e.bad_version)
	end
	item = tree:add(f.type, buf(1, 1))
	if not types[type] then
		item:add_proto_expert_info(e.bad_type)
	end
	dissect_flags(tree, buf(2, 2), type)
	tree:add(f.session, buf(4, 8))
	item = tree:add(f.sequence, buf(12, 8))
	if type == DATA or type == MULTICAST then
		item:add(f.bucket, buf(12, 2))
		item:add(f.seqno, buf(14, 6), buf(14, 6):uint64())
		if buf(12, 2):uint() > 1023 then
			item:add_proto_expert_info(e.bad_bucket)
		end
	end
	tree:add(f.timestamp, buf(20, 8))
	item = tree:add(f.wan, buf(28, 1))
	if buf(28, 1):uint() % 128 == 0 then
		item:add_proto_expert_info(e.bad_wan)
	end
	tree:add(f.priority, buf(29, 1))
	item = tree:add(f.length, buf(30, 4))
	if buf(30, 4):uint() + HEADER + (has(flags, 8) and TAG or 0) ~=
	   buf:len() then
		item:add_proto_expert_info(e.bad_length)
	end
	return tree:add(f.checksum, buf(34, 4))
end

local function dissect_extension(tree, buf)
	local item

	tree:add(f.number, buf(38, 4))
	tree:add(f.hold, buf(42, 2))
	tree:add(f.block, buf(44, 2))
	tree:add(f.fec_index, buf(46, 1))
	item = tree:add(f.fragment, buf(47, 1))
	if buf(47, 1):uint() > (has(buf(2, 2):uint(), 0x10) and 63 or 0) then
		item:add_proto_expert_info(e.bad_fragment)
	end
end

local function check_sum(tree, item, buf)
	local status, sum

	if not mwbond.prefs.check or buf:len() ~= buf:reported_len() then
		tree:add(f.checksum_status, 2):set_generated()
		return
	end
	if has(buf(2, 2):uint(), 8) then
		sum = 0
	else
		sum = crc32(buf:bytes())
	end
	status = sum == buf(34, 4):uint() and 1 or 0
	tree:add(f.checksum_status, status):set_generated()
	if status == 0 then
		item:add_proto_expert_info(e.bad_checksum,
			string.format("Wrong checksum: should be 0x%08x", sum))
	end
end

-- Payloads, and the packet they are of. Each returns what to add to the info
-- column, or nil for malformed.

local function dissect_heartbeat(tree, buf)
	local n, beacon

	if buf:len() < 24 then
		return nil
	end
	n = buf(1, 1):uint()
	tree:add(f.hb_kind, buf(0, 1))
	tree:add(f.hb_beacons, buf(1, 1))
	reserved(tree, buf(2, 2))
	tree:add(f.hb_interval, buf(4, 4))
	tree:add(f.hb_request, buf(8, 8))
	tree:add(f.hb_delay, buf(16, 8))
	if not kinds[buf(0, 1):uint()] or n > 32 or
	   buf:len() ~= 24 + 16 * n then
		return nil
	end
	for i = 0, n - 1 do
		local at = buf(24 + 16 * i, 16)

		beacon = tree:add(mwbond, at, "Beacon of WAN " .. at(0, 1):uint())
		beacon:add(f.beacon_wan, at(0, 1))
		reserved(beacon, at(1, 3))
		beacon:add(f.beacon_number, at(4, 4))
		beacon:add(f.beacon_timestamp, at(8, 8))
	end
	return kinds[buf(0, 1):uint()]
end

local function dissect_handshake(tree, buf)
	local plain = buf(1, 1):uint() == 0
	local noise = buf(0, 1):uint() == 1 and 152 or 92
	local item

	tree:add(f.ctl_security, buf(1, 1))
	item = tree:add(f.ctl_ciphers, buf(2, 1))
	item:add(f.ctl_chacha, buf(2, 1))
	item:add(f.ctl_aes, buf(2, 1))
	reserved(tree, buf(3, 1))
	tree:add(f.ctl_sender, buf(4, 8))
	if buf:len() > 12 then
		tree:add(f.ctl_noise, buf(12))
	end
	return buf:len() == (plain and 12 or noise)
end

local function dissect_cookie(tree, buf)
	reserved(tree, buf(1, 3))
	tree:add(f.ctl_nonce, buf(4, 24))
	tree:add(f.ctl_cookie, buf(28, 32))
	return true
end

local function dissect_path(tree, buf)
	reserved(tree, buf(1, 3))
	tree:add(f.ctl_token, buf(4, 8))
	return true
end

local function dissect_announcement(tree, buf)
	tree:add(f.wan_type, buf(1, 1))
	tree:add(f.wan_priority, buf(2, 1))
	tree:add(f.wan_failures, buf(3, 1))
	tree:add(f.wan_weight, buf(4, 2))
	reserved(tree, buf(6, 2))
	tree:add(f.wan_heartbeat, buf(8, 4))
	tree:add(f.wan_rate, buf(12, 4))
	tree:add(f.wan_name, buf(16, 16), buf(16, 16):stringz())
	return true
end

local function dissect_withdrawal(tree, buf)
	tree:add(f.ctl_withdrawn, buf(1, 1))
	reserved(tree, buf(2, 2))
	return true
end

local function dissect_close(tree, buf)
	reserved(tree, buf(1, 3))
	return true
end

local function dissect_size(tree, buf)
	local size = buf(2, 2):uint()

	reserved(tree, buf(1, 1))
	tree:add(f.ctl_size, buf(2, 2))
	return size >= 4 and
	       buf:len() == (buf(0, 1):uint() == 9 and size or 4)
end

local controls = {
	{ dissect_handshake, 12, 152 },
	{ dissect_handshake, 12, 92 },
	{ dissect_cookie, 60, 60 },
	{ dissect_path, 12, 12 },
	{ dissect_path, 12, 12 },
	{ dissect_announcement, 32, 32 },
	{ dissect_withdrawal, 4, 4 },
	{ dissect_close, 4, 4 },
	{ dissect_size, 4 },
	{ dissect_size, 4 },
}

local function dissect_control(tree, buf)
	local subtype, control

	if buf:len() < 1 then
		return nil
	end
	subtype = buf(0, 1):uint()
	tree:add(f.ctl_subtype, buf(0, 1))
	control = controls[subtype]
	if not control or
	   (control[3] and buf:len() ~= control[2] and
	    buf:len() ~= control[3]) or buf:len() < control[2] or
	   not control[1](tree, buf) then
		return nil
	end
	return subtypes[subtype]
end

local function dissect_report(tree, buf)
	tree:add(f.ack_wan, buf(0, 1))
	tree:add(f.ack_words, buf(1, 1))
	tree:add(f.ack_filled, buf(2, 2))
	tree:add(f.ack_highest, buf(4, 4))
	tree:add(f.ack_bytes, buf(8, 8))
	tree:add(f.ack_packets, buf(16, 8))
	tree:add(f.ack_arrival, buf(24, 8))
	tree:add(f.ack_base, buf(32, 4))
	tree:add(f.ack_queue, buf(36, 4))
	tree:add(f.ack_jitter, buf(40, 4))
	tree:add(f.ack_ce, buf(44, 4))
	for at = 48, buf:len() - 8, 8 do
		tree:add(f.ack_word, buf(at, 8))
	end
end

-- Whether what a report says is possible; @sent: timestamp of the packet.
local function report_is_bad(buf, sent)
	local bytes, packets = buf(8, 8):uint64(), buf(16, 8):uint64()

	return buf(0, 1):uint() % 128 == 0 or packets == UInt64(0) or
	       buf(2, 2):uint() > 1 or
	       bytes / UInt64(HEADER) < packets or
	       sent < buf(24, 8):uint64() or buf(32, 4):uint() > DELAY_MAX or
	       buf(36, 4):uint() > DELAY_MAX or buf(40, 4):uint() > DELAY_MAX
end

local function dissect_ack(tree, buf, packet)
	local at, bad, seen = 12, false, {}
	local n, length, report, wan, drift, uncertain

	if buf:len() < 12 then
		return nil
	end
	n = buf(0, 1):uint()
	tree:add(f.ack_paths, buf(0, 1))
	tree:add(f.ack_interval, buf(1, 1))
	reserved(tree, buf(2, 2))
	tree:add(f.ack_drift, buf(4, 4))
	tree:add(f.ack_drift_error, buf(8, 4))
	if n < 1 or n > 32 then
		return nil
	end
	drift, uncertain = math.abs(buf(4, 4):int()), buf(8, 4):uint()
	bad = buf(1, 1):uint() == 0 or drift > DRIFT_MAX or uncertain > UNCERTAIN_MAX or
	      (drift > 0 and uncertain == 0)
	for _ = 1, n do
		if buf:len() < at + 48 then
			return nil
		end
		length = 48 + 8 * buf(at + 1, 1):uint()
		if length > 48 + 8 * 16 or buf:len() < at + length then
			return nil
		end
		report = buf(at, length)
		wan = report(0, 1):uint()
		dissect_report(tree:add(mwbond, report,
					"Report on WAN " .. wan), report)
		bad = bad or seen[wan] or
		      report_is_bad(report, packet(20, 8):uint64())
		seen[wan] = true
		at = at + length
	end
	return not bad and at == buf:len() and n .. " paths" or nil
end

local function dissect_fec(tree, buf)
	local k, m

	if buf:len() < 4 then
		return nil
	end
	k, m = buf(0, 1):uint(), buf(1, 1):uint()
	tree:add(f.fec_k, buf(0, 1))
	tree:add(f.fec_m, buf(1, 1))
	tree:add(f.fec_length, buf(2, 2))
	if buf:len() > 4 then
		tree:add(f.fec_parity, buf(4))
	end
	if k < 1 or m < 1 or k + m > 255 or
	   buf:len() ~= 4 + buf(2, 2):uint() then
		return nil
	end
	return k .. "+" .. m
end

local ip = Dissector.get("ip")
local ipv6 = Dissector.get("ipv6")

-- The inner packet goes to its dissector, which has the columns, as usual.
local function dissect_inner(buf, pinfo, root)
	local inner = ({ [4] = ip, [6] = ipv6 })[math.floor(buf(0, 1):uint() / 16)]

	if not inner then
		return nil
	end
	inner:call(buf:tvb(), pinfo, root)
	return "", true
end

local payloads = { [ACK] = dissect_ack, [HEARTBEAT] = dissect_heartbeat,
		   [CONTROL] = dissect_control, [FEC] = dissect_fec }

-- What can be read of the payload. Returns text for the info column, and whether
-- an inner packet has filled the columns. @payload is nil if there is none.
local function dissect_payload(tree, buf, payload, pinfo, root)
	local type, flags = buf(1, 1):uint(), buf(2, 2):uint()
	local text, inner

	if payload and band(flags, 0x1c) ~= 0 then
		tree:add(f.payload, payload)
		if not has(flags, 0x10) then
			return ""
		end
		return " part " .. buf(47, 1):uint() ..
		       (has(flags, 0x20) and ", the last" or "")
	end
	if payload and payloads[type] then
		text = payloads[type](tree:add(mwbond, payload, types[type]),
				      payload, buf)
	elseif payload and types[type] then
		tree:add(f.payload, payload)
		text, inner = dissect_inner(payload, pinfo, root)
	end
	if not text then
		tree:add_proto_expert_info(e.bad_payload)
		text = "malformed"
	end
	return " " .. text, inner
end

function mwbond.dissector(buf, pinfo, root)
	local tree = root:add(mwbond, buf())
	local last = buf:len()
	local item, name, path, payload, text, inner

	pinfo.cols.protocol = "mwbond"
	if last < HEADER then
		tree:add_proto_expert_info(e.bad_size)
		pinfo.cols.info = "Short"
		return last
	end
	item = dissect_header(tree, buf)
	dissect_extension(tree, buf)
	check_sum(tree, item, buf)
	name = types[buf(1, 1):uint()] or "Unknown type"
	path = string.format(", WAN %d, number %d", buf(28, 1):uint(),
			     buf(38, 4):uint())
	tree:append_text(", " .. name .. path)

	if has(buf(2, 2):uint(), 8) and last >= HEADER + TAG then
		last = last - TAG
		tree:add(f.tag, buf(last, TAG))
	end
	if last > HEADER then
		payload = buf(HEADER, last - HEADER)
	end
	pinfo.cols.info = name .. path
	-- Packets that were cut by the capture are not judged.
	if buf:reported_len() == buf:len() then
		text, inner = dissect_payload(tree, buf, payload, pinfo, root)
		if not inner then
			pinfo.cols.info = name .. text .. path
		end
	end
	return buf:len()
end

local udp_port = DissectorTable.get("udp.port")
local ports = mwbond.prefs.ports

function mwbond.prefs_changed()
	if ports ~= mwbond.prefs.ports then
		udp_port:remove(ports, mwbond)
		ports = mwbond.prefs.ports
		udp_port:add(ports, mwbond)
	end
end

udp_port:add(ports, mwbond)

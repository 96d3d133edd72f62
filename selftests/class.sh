#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Priorities, and classes of packets: what is in the header, which WAN is used,
# what is delivered in sequence.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_priority
	test_class_priority
	test_first_match
	test_match
	test_wan
	test_wan_down
	test_wan_redundant
	test_duplicate
	test_order_off
	test_order_off_multicast
	test_mode_auto
	test_changes_lossless
	test_limit
)
# Offsets in the datagram: after the UDP header the type is the second byte.
DATA='udp[9] = 0'
ORDERED='udp[11] & 0x80 != 0'

# All on wan1
set_up()
{
	net_up 2 && bond_up 2 mode failover || return
	run mwbctl -n site wan set bond0 wan1 priority 1
	DIR=$(mktemp -d)
	defer rm -rf "$DIR"
}

class()
{
	run mwbctl -n site class "$@"
}

# class_add NAME OPTION...: until the end of the test
class_add()
{
	class add bond0 "$@" && defer mwbctl -n site class del bond0 "$1"
}

# send COUNT TOS PRIORITY MARK [ADDR]: UDP packets
send()
{
	site python3 - "$@" <<-'END'
		import socket, sys
		count, tos, priority, mark = (int(a, 0) for a in sys.argv[1:5])
		addr = (sys.argv[5:] or ["192.168.77.2"])[0]
		v6 = ":" in addr
		s = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET,
		                  socket.SOCK_DGRAM)
		if tos:
		    s.setsockopt(*((41, 67) if v6 else (0, 1)), tos)
		s.setsockopt(socket.SOL_SOCKET, 12, priority)
		s.setsockopt(socket.SOL_SOCKET, 36, mark)
		s.bind(("::" if v6 else "0.0.0.0", 4444))
		for _ in range(count):
		    s.sendto(b"x" * 32, (addr, 4444))
	END
}

# With longer packets the ring has room for eight of them only.
capture_start()
{
	in_background site tcpdump -q -U --immediate-mode -s 128 -i any \
		-w "$DIR/pcap" udp dst port "$PORT" 2>"$DIR/log"
	busywait 10000 grep -q 'listening on' "$DIR/log" || fail "no tcpdump"
}

capture_stop()
{
	sleep 0.5
	stop "$BG"
}

# seen FILTER: how many of the packets with inner data
seen()
{
	tcpdump -nr "$DIR/pcap" "$DATA and ($1)" 2>/dev/null | wc -l
}

# priority_is WANTED TOS PRIORITY MARK [ADDR]
priority_is()
{
	local wanted=$1

	shift
	capture_start
	send 20 "$@"
	capture_stop
	same "packets of priority $wanted, of: $*" "$(seen "udp[37] = $wanted")" \
		20
}

test_priority()
{
	priority_is 128 0 0 0
	priority_is 187 0xb8 0 0
	priority_is 187 0xb9 0 0
	priority_is 35 0x20 0 0
	priority_is 227 0xe0 0 0 fd77::2
	# By the socket, where there is no DSCP
	priority_is 35 0 2 0
	priority_is 187 0 6 0 fd77::2
	priority_is 227 0 7 0
	priority_is 187 0xb8 2 0
	priority_is 128 0 0x10001 0
}

test_class_priority()
{
	class_add voice match dscp ef priority 250
	priority_is 250 0xb8 0 0
	priority_is 250 0xb8 0 0 fd77::2
	priority_is 35 0x20 0 0
	class set bond0 voice priority auto
	priority_is 187 0xb8 0 0
	class set bond0 voice priority 0
	priority_is 0 0xb8 0 0
}

test_first_match()
{
	class add bond0 a match prio 180-190 priority 1
	class_add b match dscp ef,cs5 priority 2
	class_add c match prio 0-255 priority 3
	priority_is 1 0xb8 0 0
	priority_is 2 0xa0 0 0
	priority_is 3 0 0 0
	class del bond0 a
	priority_is 2 0xb8 0 0
	# What is matched is the priority before a class changes it.
	class set bond0 b match prio 3-3
	priority_is 3 0 0 0
	same "order" "$(mwbctl -n site -j class show bond0 |
		jq -r 'map(.name) | join(" ")')" "b c"
}

test_match()
{
	class_add m match mark 0x10/0xf0 priority 1
	priority_is 1 0 0 0x10
	priority_is 1 0 0 0xf1f
	priority_is 128 0 0 0x20
	priority_is 128 0 0 0
	class set bond0 m match mark 0
	priority_is 1 0 0 0
	priority_is 128 0 0 1
	class set bond0 m match dscp 0-7,63
	priority_is 1 0 0 0
	priority_is 1 0xfc 0 0
	priority_is 35 0x20 0 0
	class set bond0 m match prio 35-35
	priority_is 1 0x20 0 0
	priority_is 1 0 2 0
	priority_is 39 0x24 0 0
}

# on_wan N PACKETS TOS: that many of 600 with this TOS go by the WAN
on_wan()
{
	local before

	before=$(wan site "wan$1" tx-packets)
	stream site hub "$HUB4" 300 200 2 -t "$3"
	stream_complete
	expect "packets on wan$1" $(($(wan site "wan$1" tx-packets) - before)) \
		"${4--ge}" "$2"
}

test_wan()
{
	class_add voice match dscp ef wan wan2
	on_wan 2 600 0xb8
	on_wan 1 600 0x20
	# None of that name is none.
	class set bond0 voice wan nobody
	on_wan 1 600 0xb8
	class set bond0 voice wan wan2
	on_wan 2 600 0xb8
	class set bond0 voice wan ''
	on_wan 1 600 0xb8
}

test_wan_down()
{
	class_add voice match dscp ef wan wan2
	run mwbctl -n site wan set bond0 wan2 down
	on_wan 1 600 0xb8
	run mwbctl -n site wan set bond0 wan2 up
	wait_wans 2
	on_wan 2 600 0xb8
	# One of the same name takes its place.
	run mwbctl -n site wan del bond0 wan2
	on_wan 1 600 0xb8
	wan_add 2
	wait_wans 2
	on_wan 2 600 0xb8
}

test_wan_redundant()
{
	set_both mode redundant
	class_add voice match dscp ef wan wan2
	# What else there is are heartbeats.
	on_wan 1 200 0xb8 -lt
	on_wan 1 600 0
	set_both mode failover
}

# On as many WANs as it says, and out of the bond once; others on one
test_duplicate()
{
	local mode

	class_add voice match dscp ef duplicate 2
	for mode in failover auto; do
		set_both mode "$mode"
		on_wan 1 600 0xb8
		on_wan 2 600 0xb8
	done
	set_both mode failover
	on_wan 2 200 0 -lt
	class set bond0 voice duplicate 1
	on_wan 2 200 0xb8 -lt
}

test_order_off()
{
	local reordered

	netem site 1 delay 5ms
	netem site 2 delay 40ms
	set_both mode round-robin
	class_add live match dscp cs4 order off
	sleep 1
	reordered=$(counter hub rx_reordered)
	capture_start
	stream site hub "$HUB4" 300 200 2 -t 0x80
	capture_stop
	reordered=$(($(counter hub rx_reordered) - reordered))
	expect "packets lost" "${STREAM[lost]}" -eq 0
	expect "packets twice" "${STREAM[duplicates]}" -eq 0
	expect "packets out of order" "${STREAM[reordered]}" -gt 100
	expect "packets that waited" "$reordered" -lt 10
	expect "packets in unordered buckets" \
		"$(seen 'udp[20:2] >= 768 and udp[20:2] < 1008')" -ge 600
	same "ordered packets in them" \
		"$(seen "udp[20:2] >= 768 and $ORDERED")" 0

	class set bond0 live order on
	capture_start
	stream site hub "$HUB4" 300 200 2 -t 0x80
	capture_stop
	stream_intact
	expect "packets in ordered buckets" \
		"$(seen "udp[20:2] < 768 and $ORDERED")" -ge 600
	same "others" "$(seen 'udp[20:2] >= 768')" 0
	set_both mode failover
	netem site 1 delay 0ms
	netem site 2 delay 0ms
}

# Multicast has its own buckets and all WANs, whatever its class.
test_order_off_multicast()
{
	local bytes

	class_add all match prio 0-255 order on priority 9 wan wan2
	capture_start
	site udpstream -r 50 -n 20 -I bond0 239.1.2.3 >/dev/null
	sleep 0.5
	stop "$BG"
	bytes=$(tcpdump -nr "$DIR/pcap" \
		'udp[9] = 4 and udp[20:2] >= 1008 and udp[37] = 9 and
		 udp[11] & 0x80 = 0' 2>/dev/null | wc -l)
	expect "copies of multicast" "$bytes" -ge 40
}

# There, UDP has no order unless a class says so; a WAN is a WAN.
test_mode_auto()
{
	set_both mode auto
	class_add voice match dscp ef wan wan2
	class_add order match dscp cs4 order on priority 77
	on_wan 2 600 0xb8
	capture_start
	send 20 0x80 0 0
	send 20 0x20 0 0
	capture_stop
	same "ordered packets" \
		"$(seen "udp[20:2] < 768 and $ORDERED and udp[37] = 77")" 20
	same "unordered packets" \
		"$(seen 'udp[20:2] >= 768 and udp[20:2] < 1008 and
			 udp[37] = 35')" 20
	set_both mode failover
}

test_changes_lossless()
{
	stream_start site hub "$HUB4" 300 500 4 -t 0xb8
	class_add voice match prio 0-255 priority 3
	sleep 0.5
	class set bond0 voice wan wan2
	sleep 0.5
	class_add other match dscp ef order on
	sleep 0.5
	class set bond0 voice match mark 7
	sleep 0.5
	class set bond0 voice match dscp ef wan wan1 order on
	stream_end
	stream_intact
}

test_limit()
{
	local i

	for ((i = 1; i <= 16; i++)); do
		class_add "c$i" match mark "$i"
	done
	refused 1 '16 classes' mwbctl -n site class add bond0 x match mark 1
	refused 1 'of this name' mwbctl -n site class add bond0 c1 match mark 1
	same "classes" "$(mwbctl -n site -j class show bond0 | jq length)" 16
	same "of the second client" \
		"$(site nlclient classes | jq -S 'map({name, "match-mark"})')" \
		"$(mwbctl -n site -j class show |
			jq -S 'map({name, "match-mark"})')"
	same "the last" "$(mwbctl -n site -j class show bond0 c16 |
		jq -r '.[0]."match-mark"')" 16
	class del bond0 c7
	refused 1 'no class of this name' mwbctl -n site class del bond0 c7
	class add bond0 c7 match mark 7
	same "the last" "$(mwbctl -n site -j class show bond0 |
		jq -r '.[15].name')" c7
}

ktap_main "$@"

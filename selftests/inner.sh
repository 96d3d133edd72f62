#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What becomes of the inner packets: multicast, ECN, TTL, large segments, pages
# that belong to files and programs.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_multicast
	test_ecn_outwards
	test_ecn_mark
	test_ecn_rules
	test_ecn_ipv6
	test_ttl
	test_dscp
	test_gso
	test_send
	test_zerocopy
	test_sendfile
	test_forwarded
	test_no_ip
)

set_up()
{
	net_up 2 && bond_up 2
}

# To every WAN, and out again once
test_multicast()
{
	local before after group

	for group in 239.1.2.3 ff05::77; do
		before=$(wan site wan2 tx-packets)
		multicast "$group"
		after=$(wan site wan2 tx-packets)
		stream_complete
		expect "packets on wan2" $((after - before)) -ge 100
	done
}

multicast()
{
	STREAM_FILE=$(mktemp)
	defer rm -f "$STREAM_FILE"
	hub udpstream -l -g "$1" -I bond0 >"$STREAM_FILE" &
	STREAM_RX=$!
	busywait 3000 grep -q ready "$STREAM_FILE"
	site udpstream -r 100 -n 100 -I bond0 "$1" >/dev/null &
	STREAM_TX=$!
	stream_end
}

# capture NS FILTER COMMAND...: the packets on wan1 meanwhile, as text in OUT
capture()
{
	local ns=$1 filter=$2 file

	shift 2
	file=$(mktemp)
	defer rm -f "$file"
	ip netns exec "$ns" tcpdump -n -l -v --immediate-mode -i wan1 "$filter" >"$file" 2>&1 &
	BG=$!
	busywait 10000 grep -q 'listening on' "$file" || fail "no tcpdump"
	"$@"
	sleep 0.3
	stop "$BG"
	OUT=$(cat "$file")
}

# 50 packets for each mark
marked_streams()
{
	local mark

	for mark in 0 1 2 3; do
		stream site hub "$HUB4" 100 200 1 -n 50 -t "$mark"
		stream_complete
	done
}

# The outer header of Data has the mark of the inner one.
test_ecn_outwards()
{
	local mark

	run mwbctl -n site wan set bond0 wan2 down
	capture site "udp and src 10.0.1.1 and udp[9] = 0 and greater 240" marked_streams
	for mark in 0 1 2 3; do
		expect "packets with mark $mark outside" \
			"$(grep -c "tos 0x$mark" <<<"$OUT")" -eq 50
	done
	run mwbctl -n site wan set bond0 wan2 up
	wait_wans 2
}

# Queues on the way mark instead of dropping: ECT(0) becomes CE inside. What is
# not capable of it is dropped there.
test_ecn_mark()
{
	run mwbctl -n site wan set bond0 wan1 failures 100
	run mwbctl -n site wan set bond0 wan2 failures 100
	netem site 1 loss 30% ecn
	netem site 2 loss 30% ecn
	stream site hub "$HUB4" 200 200 2 -t 2
	stream_complete
	expect "packets with CE" "${STREAM[ce]}" -gt 50
	expect "packets with ECT(0)" "${STREAM[ect0]}" -gt 150
	stream site hub "$HUB6" 200 200 2 -t 2
	stream_complete
	expect "IPv6 packets with CE" "${STREAM[ce]}" -gt 50
	wan_plain 1 && wan_plain 2
	run mwbctl -n site wan set bond0 wan1 failures 3
	run mwbctl -n site wan set bond0 wan2 failures 3
	wait_wans 2
}

# Every combination of marks inside and outside
test_ecn_rules()
{
	run site python3 "$SELFTESTS/traffic/ecn.py"
}

# The same as test_ecn_mark, where the outer header is that of IPv6
test_ecn_ipv6()
{
	run mwbctl -n site wan del bond0 wan1
	run mwbctl -n site wan del bond0 wan2
	run mwbctl -n site wan add bond0 six remote "[fd00:1::2]:$PORT" \
		failures 100
	wait_wans 1
	netem site 1 loss 30% ecn
	stream site hub "$HUB4" 200 200 2 -t 2
	stream_complete
	expect "packets with CE" "${STREAM[ce]}" -gt 50
	expect "packets with ECT(0)" "${STREAM[ect0]}" -gt 150
	wan_plain 1
	run mwbctl -n site wan del bond0 six
	wan_add 1 && wan_add 2 && wait_wans 2
}

test_ttl()
{
	stream site hub "$HUB4" 50 200 1
	same "TTL" "${STREAM[ttl]}" 64
	stream site hub "$HUB6" 50 200 1
	same "hop limit" "${STREAM[ttl]}" 64
}

# RFC 2983, pipe model: the class is not shown to the WAN, and comes out as it
# was.
test_dscp()
{
	run mwbctl -n site wan set bond0 wan2 down
	capture site "udp and src 10.0.1.1 and udp[9] = 0 and greater 240" \
		stream site hub "$HUB4" 50 200 1 -t 0xb8
	same "class inside" "${STREAM[tos]}" 0xb8
	expect "packets without a class outside" \
		"$(grep -c "tos 0x0" <<<"$OUT")" -ge 45
	stream site hub "$HUB6" 50 200 1 -t 0x28
	same "class inside" "${STREAM[tos]}" 0x28
	run mwbctl -n site wan set bond0 wan2 up
	wait_wans 2
}

segments()
{
	ip -n "$1" -s -j link show bond0 | jq '.[0].stats64.tx.packets'
}

# With and without segmentation above the device TCP gets through.
test_gso()
{
	local rate feature

	iperf_server hub
	for feature in on off; do
		run site ethtool -K bond0 gso "$feature"
		for addr in "$HUB4" "$HUB6"; do
			rate=$(iperf site -c "$addr" -t 1)
			diag "gso $feature, $addr: $rate kbit/s"
			expect "kbit/s" "$rate" -gt 500
		done
	done
	run site ethtool -K bond0 gso on
	same "dropped by the segmentation" "$(counter site tx_segment)" 0
}

# copy OPTION...: a file arrives as it was, and is still as it was
copy()
{
	local dir sum

	dir=$(mktemp -d)
	defer rm -rf "$dir"
	head -c 5000000 /dev/urandom >"$dir/sent"
	sum=$(sha256sum <"$dir/sent")
	in_background hub tcpcopy -l "$dir/received" >/dev/null
	busywait 5000 listening hub 7001
	run timeout 60 ip netns exec site tcpcopy "$@" "$dir/sent" "$HUB4"
	wait "$BG" || fail "receiver"
	same "sum of what arrived" "$(sha256sum <"$dir/received")" "$sum"
	same "sum of the file afterwards" "$(sha256sum <"$dir/sent")" "$sum"
}

test_send()
{
	copy
}

test_zerocopy()
{
	local memlock

	memlock=$(ulimit -l)
	ulimit -l unlimited
	copy -z
	diag "$OUT"
	ulimit -l "$memlock"
	[[ $OUT == completions=* ]] || fail "no completions: $OUT"
	# Copies by the kernel itself are allowed only beyond the device.
	same "corrupt" "$(counter hub rx_checksum)" 0
}

test_sendfile()
{
	copy -f
}

# From a veth into the bond, with segmentation offload on: large packets that
# come by the forwarding path.
test_forwarded()
{
	local rate

	ns_add lan || return
	run ip -n lan link add eth0 type veth peer name lan0 netns site
	run ip -n lan addr add 10.50.0.2/24 dev eth0
	run ip -n lan link set eth0 up
	run ip -n lan route add default via 10.50.0.1
	run ip -n site addr add 10.50.0.1/24 dev lan0
	run ip -n site link set lan0 up
	run site sysctl -qw net.ipv4.ip_forward=1
	run ip -n hub route replace 10.50.0.0/24 dev bond0
	iperf_server hub
	rate=$(iperf lan -c "$HUB4" -t 1)
	diag "forwarded: $rate kbit/s"
	expect "kbit/s" "$rate" -gt 500
	rate=$(iperf lan -c "$HUB4" -t 1 -R)
	diag "forwarded, other direction: $rate kbit/s"
	expect "kbit/s" "$rate" -gt 500
	stream lan hub "$HUB4" 300 1000 1
	stream_complete
	same "TTL" "${STREAM[ttl]}" 63
}

# What is no complete IP packet is dropped before the WANs.
test_no_ip()
{
	local before

	before=$(counter hub rx_inner)
	run site python3 "$SELFTESTS/traffic/badinner.py"
	same "tx_invalid" "$(counter site tx_invalid)" "$OUT"
	pings site 5 0.05 "$HUB4"
	same "rx_inner" "$(counter hub rx_inner)" "$before"
}

ktap_main "$@"

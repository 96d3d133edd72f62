#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A flow that is spread over WANs of different delay arrives in order, whole,
# and once; loss on a WAN leaves holes but does not stop it.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_unequal_delays
	test_unequal_delays_ipv6
	test_jitter
	test_reordering_path
	test_loss
	test_duplicates
	test_late
	test_buffer_full
	test_tcp_unequal
)

set_up()
{
	net_up 2 && bond_up 2 mode round-robin
}

# delays A B: one-way delays in ms of the two WANs
delays()
{
	local ns

	for ns in site hub; do
		netem "$ns" 1 delay "${1}ms" || return
		netem "$ns" 2 delay "${2}ms" || return
	done
	# Samples of the old delays are still under way.
	sleep 0.3
}

# rise COUNTER BEFORE: by how much a counter of the hub rose
rise()
{
	echo $(($(counter hub "$1") - $2))
}

test_unequal_delays()
{
	local reordered

	delays 5 40
	reordered=$(counter hub rx_reordered)
	stream site hub "$HUB4" 500 500 4
	stream_intact
	# Otherwise nothing had to be put in order.
	expect "packets that waited" "$(rise rx_reordered "$reordered")" -gt 500
}

test_unequal_delays_ipv6()
{
	delays 40 5
	stream hub site "$SITE6" 500 500 3 -f 4
	stream_intact
}

# With a rate, netem keeps the order though its delay varies.
test_jitter()
{
	netem site 1 delay 20ms 8ms rate 1gbit
	netem site 2 delay 20ms 8ms rate 1gbit
	stream site hub "$HUB4" 500 500 3
	stream_intact
}

# A path that reorders by itself is more than can be waited for, but nothing
# is lost by it.
test_reordering_path()
{
	netem site 1 delay 20ms 8ms
	netem site 2 delay 20ms 8ms
	stream site hub "$HUB4" 500 500 3
	expect "packets lost" "${STREAM[lost]}" -eq 0
	expect "packets twice" "${STREAM[duplicates]}" -eq 0
	expect "packets out of order" "${STREAM[reordered]}" -lt 75
}

test_loss()
{
	local repaired

	delays 5 20
	netem site 2 delay 20ms loss 10%
	run mwbctl -n site wan set bond0 wan2 failures 100
	repaired=$(counter site tx_repaired)
	stream site hub "$HUB4" 500 500 4
	run mwbctl -n site wan set bond0 wan2 failures 3
	expect "packets lost" "${STREAM[lost]}" -eq 0
	expect "packets twice" "${STREAM[duplicates]}" -eq 0
	expect "packets damaged" "${STREAM[corrupt]}" -eq 0
	# Those whose repair was lost, too, may come late.
	expect "packets out of order" "${STREAM[reordered]}" -lt 20
	# 1000 packets on wan2
	expect "packets repaired" \
		$(($(counter site tx_repaired) - repaired)) -gt 40
	expect "longest silence, ms" "${STREAM[gap_ms]}" -lt 300
}

test_duplicates()
{
	local replay

	delays 5 20
	netem site 1 delay 5ms duplicate 30%
	replay=$(counter hub rx_replay)
	stream site hub "$HUB4" 500 500 3
	stream_intact
	expect "duplicates found" "$(rise rx_replay "$replay")" -gt 100
}

# One WAN is slower than the patience of the receiver.
test_late()
{
	local late

	delays 2 150
	set_both reorder-timeout 50ms
	late=$(counter hub rx_late)
	stream site hub "$HUB4" 200 500 3
	set_both reorder-timeout 200ms
	expect "packets lost" "${STREAM[lost]}" -eq 0
	expect "packets twice" "${STREAM[duplicates]}" -eq 0
	expect "packets late" "$(rise rx_late "$late")" -gt 50
	expect "packets out of order" "${STREAM[reordered]}" -gt 50
}

test_buffer_full()
{
	local forced

	delays 2 100
	set_both reorder-buffer 10
	forced=$(counter hub rx_forced)
	stream site hub "$HUB4" 500 500 2
	set_both reorder-buffer 8192
	expect "packets lost" "${STREAM[lost]}" -eq 0
	expect "packets forced" "$(rise rx_forced "$forced")" -gt 50
}

# TCP takes reordering for loss: it would be far slower.
test_tcp_unequal()
{
	local line=$((10 / SLOW)) rate

	emulate 1 "$line" 5
	emulate 2 "$line" 25
	sleep 0.3
	iperf_server hub
	rate=$(iperf site -c "$HUB4" -t 6 -O 2)
	diag "TCP over two lines of $line Mbit/s, 10 and 50 ms: $rate kbit/s"
	expect "kbit/s" "$rate" -gt $((line * 1300))
}

ktap_main "$@"

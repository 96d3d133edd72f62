#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Mode auto: what each WAN is used for, and the figures that say why. They need
# a time that does not depend on the machine: uml/run -T.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_use_by_delay
	test_figures
	test_class_max_delay
	test_class_hold
)

set_up()
{
	net_up 2 && bond_up 2
}

# begin_anew: another session, in which nothing is known of delays yet
begin_anew()
{
	run ip -n site link set bond0 down
	same "without a session" "$(wan site wan1 tx-use)" no-session
	run ip -n site link set bond0 up
	ip -n site addr replace "$SITE6/64" dev bond0 nodad
	wait_wans 2
}

# 100 ms above the other, more than skew-budget and less
test_use_by_delay()
{
	emulate 1 50 0 && emulate 2 50 100
	begin_anew
	wait_use 2 too-slow
	same "base delay of wan1" "$(wan site wan1 tx-base-delay)" 0
	expect "base delay of wan2" "$(wan site wan2 tx-base-delay)" -gt 80000
	expect "base delay of wan2" "$(wan site wan2 tx-base-delay)" -lt 130000
	run mwbctl -n site wan show -d bond0 wan2
	[[ $OUT =~ ends\ of\ long\ queues:\ base\ delay\ [0-9.]+\ ms ]] ||
		fail "wan show -d: $OUT"
	run mwbctl -n site link set bond0 skew-budget 200ms
	wait_use 2 in-time
	expect "hold" "$(link_value site hold)" -gt 80000
	expect "hold in ethtool" "$(counter site hold_us)" -gt 80000
	run mwbctl -n site link set bond0 skew-budget 40ms
}

# Under load, and after a WAN has been away
test_figures()
{
	local busy iperf name rate

	for name in 1 2; do
		emulate "$name" 4 10
		run mwbctl -n site wan del bond0 "wan$name"
		wan_add "$name"
	done
	begin_anew
	iperf_server hub
	busy=$(mktemp)
	defer rm -f "$busy"
	iperf site -c "$HUB4" -t 8 >"$busy" &
	iperf=$!
	sleep 5
	busywait 2000 something_waits || fail "nothing waits"
	run mwbctl -n site -j stats bond0
	expect "hold" "$(jq '.[0].hold' <<<"$OUT")" -gt 0
	expect "hold" "$(jq '.[0].hold' <<<"$OUT")" -lt 200000
	expect "kept" "$(jq '.[0]."kept-bytes"' <<<"$OUT")" -gt 10000
	expect "kept" "$(jq '.[0]."kept-bytes"' <<<"$OUT")" -lt 33000000
	for name in wan1 wan2; do
		jq -e --arg n "$name" '.[0].wans[] | select(.name == $n) |
			."tx-rate" > 100000 and ."tx-rate" < 1500000 and
			."tx-delivery" > 0 and ."tx-delivery" < 1500000 and
			."tx-share" > 200000 and ."tx-share" < 800000 and
			."tx-under-way" > 0 and ."tx-kept" > 0 and
			."tx-loss" < 100000 and ."tx-policed" == 0 and
			."tx-queue-delay" < 200000' <<<"$OUT" >/dev/null ||
			fail "$name: $(jq -c --arg n "$name" '.[0].wans[] |
				select(.name == $n)' <<<"$OUT")"
	done
	rate=$(jq '[.[0].wans[]."tx-share"] | add' <<<"$OUT")
	expect "sum of the shares" "$rate" -le 1000000
	expect "sum of the shares" "$rate" -gt 999990
	wait "$iperf"
	expect "goodput" "$(<"$busy")" -gt 2000
	same "found" "$(wan site wan1 tx-starting)" false
	# All that was under way has arrived.
	busywait 5000 nothing_kept || fail "kept: $(link_value site kept-bytes)"
	same "queue" "$(link_value site queue-packets)" 0
	rate=$(wan site wan1 tx-rate)
	run mwbctl -n site wan set bond0 wan1 down
	same "away" "$(wan site wan1 tx-rate)" $((rate / 2))
	same "away, starting" "$(wan site wan1 tx-starting)" true
	run mwbctl -n site wan set bond0 wan1 up
	wait_wans 2
	emulate 1 50 0 && emulate 2 50 0
	begin_anew
}

class()
{
	run mwbctl -n site class "$@"
}

# held FILTER: how many packets of ordered flows the peer is asked to hold
held()
{
	tcpdump -nr "$CAPTURE" "udp[9] = 0 and udp[11] & 0x80 != 0 and
		udp[50:2] > 0 and $1" 2>/dev/null | wc -l
}

# capture_start: what the site sends, into CAPTURE
capture_start()
{
	CAPTURE=$(mktemp)
	defer rm -f "$CAPTURE"
	in_background site tcpdump -q -U --immediate-mode -s 128 -i any \
		-w "$CAPTURE" udp dst port "$PORT" 2>/dev/null
	sleep 0.5
}

capture_stop()
{
	sleep 0.5
	stop "$BG"
}

# A WAN that is too slow to be inside the hold is not for a class that can wait,
# which is held for it. By the priorities, which are those of DSCP 0 and CS1.
test_class_max_delay()
{
	local rate

	emulate 1 10 5 && emulate 2 10 105
	begin_anew
	iperf_server hub
	class add bond0 bulk match dscp cs1 max-delay 200ms
	defer mwbctl -n site class del bond0 bulk
	iperf site -c "$HUB4" -t 5 >/dev/null
	rate=$(iperf site -c "$HUB4" -t 10 -O 5 --dscp cs1)
	diag "class: $rate kbit/s"
	expect "goodput of the class" "$rate" -gt 14000
	capture_start
	iperf site -c "$HUB4" -t 2 >/dev/null
	iperf site -c "$HUB4" -t 2 --dscp cs1 >/dev/null
	capture_stop
	expect "others that are held for 100 ms" \
		"$(held 'udp[37] = 128 and udp[50:2] > 1000')" -lt 50
	expect "packets of the class that are" \
		"$(held 'udp[37] = 35 and udp[50:2] > 1000')" -gt 500
}

# By the same
test_class_hold()
{
	emulate 1 10 5 && emulate 2 10 25
	begin_anew
	iperf_server hub
	iperf site -c "$HUB4" -t 2 >/dev/null
	class add bond0 fast match dscp cs1 hold off
	defer mwbctl -n site class del bond0 fast
	capture_start
	iperf site -c "$HUB4" -t 2 >/dev/null
	iperf site -c "$HUB4" -t 2 --dscp cs1 >/dev/null
	capture_stop
	expect "packets that are held" "$(held 'udp[37] = 128')" -gt 500
	same "of the class" "$(held 'udp[37] = 35')" 0
}

something_waits()
{
	[ "$(link_value site queue-packets)" -gt 0 ] &&
		[ "$(counter site queue_bytes)" -gt 0 ]
}

nothing_kept()
{
	[ "$(link_value site kept-bytes)" = 0 ]
}

ktap_main "$@"

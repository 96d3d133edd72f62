#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Health of WANs: what is told of each change, how soon a WAN is left that does
# not deliver, penalties, and limits.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_cut
	test_one_direction
	test_penalty
	test_limits
	test_switched
)

set_up()
{
	net_up 2
}

# rig RATE1 RATE2: the first WAN is the faster one by its delay
rig()
{
	defer ip -n site link del bond0
	defer ip -n hub link del bond0
	emulate 1 "$1" 5 && emulate 2 "$2" 20 && bond_up 2 mode auto
}

# cut_off NS...: what these send by wan1 is lost
cut_off()
{
	local ns

	for ns; do
		netem "$ns" 1 loss 100%
	done
}

# state_event FROM TO REASON [JQ_CONDITION]: wan1 of the site has done that;
# REASON: an extended regular expression
state_event()
{
	wait_event wan-state ".name == \"wan1\" and .\"old-state\" == \"$1\" and
		.state == \"$2\" and (.reason | test(\"^($3)$\")) and (${4-true})"
}

# stream_whole: all that was sent has arrived, without a long break
stream_whole()
{
	stream_stop
	stream_end
	expect "packets lost" "${STREAM[lost]}" -eq 0
	expect "packets twice" "${STREAM[duplicates]}" -eq 0
	expect "longest gap, ms" "${STREAM[gap_ms]}" -le 120
}

test_cut()
{
	rig 20 20 || return
	events_start site
	stream_start site hub "$HUB4" 1500 1000 600
	sleep 2
	cut_off site hub
	sleep 0.3
	expect "WANs down" "$(count_wans site down)" -eq 1
	wait_event wan-state '.name == "wan1" and .state == "down" and
		(.reason == "silent" or .reason == "unacknowledged") and
		.rtt > 9000000 and .rtt < 60000000 and .penalty == 0'
	emulate 1 20 5
	state_event down starting answered
	state_event starting up proven
	sleep 1
	stream_whole
	expect "sent again" "$(counter site tx_repaired)" -gt 0
}

test_one_direction()
{
	rig 10 30 || return
	events_start site
	# More than one of them takes: what is sent by both shows which it is.
	stream_start site hub "$HUB4" 1500 1000 600
	sleep 2
	cut_off site
	sleep 0.3
	state_event up down unacknowledged
	emulate 1 10 5
	state_event starting up proven
	sleep 2
	cut_off hub
	sleep 0.3
	state_event up down silent
	emulate 1 10 5
	sleep 3
	stream_whole
}

# Idle, by heartbeats and what they tell of each other: the first flap is free, the others cost.
test_penalty()
{
	local i

	rig 20 20 || return
	events_start site
	for i in 0 1 2; do
		cut_off site hub
		slowwait 3000 wans_are site down 1 || fail "wan1 does not go down"
		state_event up down "failures|silent" \
			".penalty <= 1000 * $i and .penalty >= 900 * $i"
		emulate 1 20 5
		busywait 10000 wans_are site up 2 || fail "wan1 does not return"
		sleep 0.5
	done
	state_event down recovering answered
	state_event recovering up proven
	expect "times down" "$(wan site wan1 downs)" -eq 3
	same "penalty of one that is up" "$(wan site wan1 penalty)" 0
}

# Slow, then as before: it carries nothing meanwhile.
test_limits()
{
	local before

	rig 20 20 || return
	events_start site
	run mwbctl -n site wan set bond0 wan1 max-latency 60ms max-jitter 50ms max-loss 20
	same max-loss "$(wan site wan1 max-loss)" 200000
	stream_start site hub "$HUB4" 500 1000 600
	sleep 1
	emulate 1 20 100
	state_event up degraded latency '.rtt > 60000000'
	wait_use 1 degraded
	wait_use 2 in-time
	before=$(wan site wan1 tx-bytes)
	sleep 2
	expect "bytes while degraded" $(($(wan site wan1 tx-bytes) - before)) -lt 30000
	emulate 1 20 5
	state_event degraded up recovered
	wait_use 1 in-time
	# Where no other is up, it is better than none.
	emulate 1 20 100
	wait_use 1 degraded
	run mwbctl -n site wan set bond0 wan2 down
	wait_use 1 "in-time|too-slow"
	run mwbctl -n site wan set bond0 wan1 max-latency 0
	run mwbctl -n site wan set bond0 wan2 up
	wait_wans 2
	stream_stop
	stream_end
	expect "packets lost" "${STREAM[lost]}" -eq 0
}

# What the user does is no flap.
test_switched()
{
	local i

	rig 20 20 || return
	events_start site
	for i in 1 2 3; do
		run mwbctl -n site wan set bond0 wan1 down
		state_event up down off '.penalty == 0'
		run mwbctl -n site wan set bond0 wan1 up
		wait_wans 2
	done
	run mwbctl -n site wan set bond0 wan1 dev wan1
	state_event up down restart '.penalty == 0'
	wait_wans 2
	run ip -n site link set wan1 down
	state_event up down underlay '.penalty == 0'
	run ip -n site link set wan1 up
	wait_wans 2
}

ktap_main "$@"

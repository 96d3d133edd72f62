#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Mode auto, when WANs and the peer go and come back: what waits to be sent or
# has just been sent goes on over the WANs that are left, and what belongs to a
# session that is over stays there.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_only_the_slow_one_left
	test_peer_was_away
	test_wan_deleted
	test_wan_refuses
)

set_up()
{
	net_up 2
}

# rig RATE DELAY1 DELAY2: both ends in mode auto
rig()
{
	defer ip -n site link del bond0
	defer ip -n hub link del bond0
	emulate 1 "$1" "$2" && emulate 2 "$1" "$3" && bond_up 2 mode auto
}

# cut_off N: nothing gets through any more
cut_off()
{
	local ns

	for ns in site hub; do
		netem "$ns" "$1" loss 100%
	done
}

# The peer measures delays against the fastest WAN, and remembers that one for
# a minute. The other one is slower by more than the skew budget.
test_only_the_slow_one_left()
{
	rig 20 5 80 || return
	stream site hub "$HUB4" 1000 1000 1
	cut_off 1
	slowwait 5000 wans_are site up 1 || fail "wan1 does not go down"
	stream site hub "$HUB4" 500 1000 3
	expect "packets received" "${STREAM[received]}" -eq 1500
}

# The peer starts anew under load. What waits here has numbers that are high by
# then, and would make it take all that follows for old.
test_peer_was_away()
{
	rig 5 10 10 || return
	stream_start site hub "$HUB4" 1200 1000 600
	sleep 3
	run ip -n hub link del bond0
	sleep 0.5
	bond_add hub listen "$PORT" mode auto
	wait_wans 2
	sleep $((2 * SLOW))
	stream_stop
	stream_end
	expect "packets that were taken for old" "$(counter hub rx_old)" -eq 0
	expect "packets twice" "${STREAM[duplicates]}" -eq 0
}

# What is under way when a WAN goes is sent again, and not kept for ever.
test_wan_deleted()
{
	rig 8 40 20 || return
	stream_start site hub "$HUB4" 1000 500 600
	sleep 1.5
	netem site 2 loss 100%
	sleep 0.1
	run mwbctl -n site wan del bond0 wan2
	stream_stop
	stream_end
	expect "packets lost" "${STREAM[lost]}" -eq 0
	expect "packets twice" "${STREAM[duplicates]}" -eq 0
}

# A WAN without a route takes nothing, and has lots of room.
test_wan_refuses()
{
	rig 20 40 20 || return
	stream_start site hub "$HUB4" 1000 500 600
	sleep 1
	run ip -n site route add unreachable 10.0.2.2/32
	defer ip -n site route del unreachable 10.0.2.2/32
	sleep 1
	stream_stop
	stream_end
	expect "errors at the WAN" "$(counter site tx_route)" -gt 0
	expect "packets lost" "${STREAM[lost]}" -eq 0
}

ktap_main "$@"

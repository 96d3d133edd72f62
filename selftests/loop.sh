#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A route to a WAN's remote address that leads back into the bond, directly or
# by a device above it: refused, counted, reported, and no lock-up.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_route_into_bond
	test_default_route
	test_ipv6_route
	test_vxlan_above
	test_two_bonds
)

set_up()
{
	net_up 2 && bond_up 2 || return
	events_start site
}

# looped BEFORE: wan1 is refused, wan2 carries on
looped()
{
	wait_event wan-loop '.name == "wan1"'
	expect "packets refused" "$(counter site tx_loop)" -gt "$1"
	busywait 5000 wan1_is down || fail "wan1 is $(wan site wan1 state)"
	busywait 2000 reachable || fail "wan2 does not carry on"
	# A burst of them must not do harm.
	site ping -q -f -c 200 -w 3 "$HUB4" >/dev/null
	stream site hub "$HUB4" 500 500 1
	stream_intact
	expect "WANs up" "$(count_wans site up)" -eq 1
}

wan1_is()
{
	[ "$(wan site wan1 state)" = "$1" ]
}

# healed: without the route all is as it was
healed()
{
	wait_wans 2
	pings site 5 0.05 "$HUB4"
	truncate -s 0 "$EVENTS"
}

test_route_into_bond()
{
	local before

	before=$(counter site tx_loop)
	run ip -n site route add 10.0.1.2/32 dev bond0
	looped "$before"
	run ip -n site route del 10.0.1.2/32 dev bond0
	healed
}

# As happens when a default route is put on the bond before the WANs have
# routes of their own: nothing works, but nothing breaks either.
test_default_route()
{
	local before

	before=$(counter site tx_loop)
	run ip -n hub addr add 10.9.0.2/32 dev lo
	defer ip -n hub addr del 10.9.0.2/32 dev lo
	run ip -n site route add default dev bond0
	run mwbctl -n site wan add bond0 far remote "10.9.0.2:$PORT"
	wait_event wan-loop '.name == "far"'
	expect "packets refused" "$(counter site tx_loop)" -gt "$before"
	run ip -n site route add 10.9.0.2/32 via 10.0.2.2
	wait_wans 3
	pings site 5 0.05 "$HUB4"
	run mwbctl -n site wan del bond0 far
	run ip -n site route del 10.9.0.2/32
	run ip -n site route del default
	healed
}

test_ipv6_route()
{
	local before

	before=$(counter site tx_loop)
	run mwbctl -n site wan set bond0 wan1 "local" "[fd00:1::1]" \
		remote "[fd00:1::2]:$PORT"
	wait_wans 2
	run ip -n site route add fd00:1::2/128 dev bond0
	looped "$before"
	run ip -n site route del fd00:1::2/128 dev bond0
	run mwbctl -n site wan set bond0 wan1 "local" 10.0.1.1 \
		remote "10.0.1.2:$PORT"
	healed
}

# bond0 is a lower device of it.
test_vxlan_above()
{
	local before

	before=$(counter site tx_loop)
	run ip -n site link add vx0 type vxlan id 1 dev bond0 \
		remote "$HUB4" dstport 4789 || return
	defer ip -n site link del vx0
	run ip -n site link set vx0 up
	run ip -n site addr add 172.16.0.1/24 dev vx0
	run ip -n site neigh add 172.16.0.2 dev vx0 lladdr 02:00:00:00:00:02
	run ip -n site route add 10.0.1.2/32 via 172.16.0.2
	looped "$before"
	run ip -n site route del 10.0.1.2/32
	healed
}

# bond1 works through bond0, whose WANs are then routed into bond1: that is not
# seen by looking at the devices above.
test_two_bonds()
{
	local ns host before

	for ns in site hub; do
		host=1
		[ "$ns" = site ] || host=2
		run ip -n "$ns" link add bond1 type mwbond || return
		defer ip -n "$ns" link del bond1
		run mwbctl -n "$ns" link set bond1 security none session 9
		run ip -n "$ns" addr add "192.168.78.$host/24" dev bond1
		run ip -n "$ns" link set bond1 up
	done
	run mwbctl -n hub link set bond1 listen "$PORT"
	run mwbctl -n site wan add bond1 x remote "$HUB4:$PORT"
	busywait 5000 site ping -n -q -c 1 -W 1 192.168.78.2 ||
		fail "a bond does not work through a bond"
	# So that they stay up for as long as it takes
	run mwbctl -n site wan set bond0 wan1 failures 100
	run mwbctl -n site wan set bond0 wan2 failures 100
	run mwbctl -n site wan set bond1 x failures 100
	before=$(loops)
	background site ping -q -f -w 10 "$HUB4" >/dev/null
	run ip -n site route add 10.0.1.2/32 dev bond1 src 10.0.1.1
	run ip -n site route add 10.0.2.2/32 dev bond1 src 10.0.2.1
	wait_event wan-loop
	busywait 5000 looped_more "$((before + 20))" || fail "nothing is refused"
	stop "$BG"
	run ip -n site route del 10.0.1.2/32
	run ip -n site route del 10.0.2.2/32
	run mwbctl -n site wan set bond0 wan1 failures 3
	run mwbctl -n site wan set bond0 wan2 failures 3
	healed
	pings site 5 0.05 192.168.78.2
}

loops()
{
	echo $(($(counter site tx_loop) + $(counter site tx_loop bond1)))
}

looped_more()
{
	[ "$(loops)" -gt "$1" ]
}

ktap_main "$@"

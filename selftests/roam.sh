#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Paths that move: NAT, other addresses at either end, interfaces that go, return,
# and change their name or namespace, routes, carrier. In virtual time.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_nat
	test_hub_moves
	test_silent_path
	test_port_that_was_set
	test_renewal
	test_interface_removed
	test_interface_renamed
	test_interface_moved
	test_default_route
	test_carrier
	test_family
	test_mtu
	test_fallback
)

# Each test may leave the WANs in any state.
rig()
{
	net_up 2 || return
	emulate 1 20 5 && emulate 2 20 20 || return
	bond_add hub listen "$PORT" && bond_add site || return
	events_start hub
	HUB_EVENTS=$EVENTS
	events_start site
}

# load: what a path has under way when something happens to it
load()
{
	stream_start site hub "$HUB4" 1000 1000 600
	sleep 1
}

# unharmed GAP: nothing of it is lost, nor comes later than that, in ms
unharmed()
{
	stream_stop
	stream_end
	expect "packets lost" "${STREAM[lost]}" -eq 0
	expect "packets twice" "${STREAM[duplicates]}" -eq 0
	expect "longest gap, ms" "${STREAM[gap_ms]}" -le "$1"
}

now()
{
	date +%s%3N
}

# soon AFTER MS NAME CONDITION: the site reports that within so many ms
soon()
{
	local at

	wait_event "$3" "$4" || return
	at=$(event "$3" "$4" | tail -n 1)
	expect "ms until $3 ($4)" $(($(date -d "$at" +%s%3N) - $1)) -le "$2"
}

# nat PORT: what is in front of the site shows this as its port on wan1
nat()
{
	local port

	port=$(site ss -lunH "sport != :$PORT" | awk 'NR == 1 {
		sub(/.*:/, "", $4); print $4}')
	run site nft "
		table ip nat1
		delete table ip nat1
		table ip nat1 {
			chain out {
				type filter hook postrouting priority 0
				oif wan1 udp dport $PORT udp sport set $1
			}
			chain in {
				type filter hook prerouting priority -300
				iif wan1 udp sport $PORT udp dport set $port
			}
		}"
}

# remote NS: where it sends what goes by wan1
remote()
{
	wans_json "$1" | jq -r '.[] | select(.name == "wan1") |
		(."remote-ipv4" // "[" + ."remote-ipv6" + "]") +
		":" + (."remote-port" | tostring)'
}

# remote_is VALUE: where the hub sends what goes by wan1
remote_is()
{
	[ "$(remote hub)" = "$1" ]
}

wait_remote()
{
	busywait 5000 remote_is "$1" ||
		fail "the hub sends to $(remote hub), not to $1"
}

# The only WAN, so nothing else can help.
test_nat()
{
	local to from=site

	rig && wan_add 1 && wait_wans 1 || return
	for to in hub site; do
		nat 6001 || return
		stream_start "$from" "$to" "$(inner "$to")" 1000 1000 600
		wait_remote 10.0.1.1:6001
		sleep 1
		nat 6002
		sleep 0.2
		remote_is 10.0.1.1:6002 ||
			fail "the hub still sends to $(remote hub)"
		unharmed 60
		from=hub
	done
	EVENTS=$HUB_EVENTS wait_event wan-endpoint '."remote-port" == 6002' ||
		diag "$(cat "$HUB_EVENTS")"
	same "times down" "$(wan hub wan1 downs)$(wan site wan1 downs)" 00
}

inner()
{
	[ "$1" = hub ] && echo "$HUB4" || echo "$SITE4"
}

# Its address is another one as it is seen from here, and comes back.
test_hub_moves()
{
	rig && wan_add 1 && wait_wans 1 || return
	run ip -n hub addr add 10.0.1.22/24 dev wan1
	run hub nft '
		table ip moved {
			chain out {
				type nat hook postrouting priority 100
			}
			chain raw {
				type filter hook postrouting priority 0
				oif wan1 udp sport 5000 ip saddr set 10.0.1.22
			}
			chain in {
				type filter hook prerouting priority -300
				iif wan1 ip daddr 10.0.1.2 drop
				iif wan1 ip daddr 10.0.1.22 udp dport 5000 ip daddr set 10.0.1.2
			}
		}'
	busywait 3000 site_sends_to 10.0.1.22:5000 ||
		fail "the site sends to $(remote site)"
	pings site 10 0.05 "$HUB4"
	run hub nft delete table ip moved
	busywait 3000 site_sends_to 10.0.1.2:5000 ||
		fail "the site sends to $(remote site)"
	pings site 10 0.05 "$HUB4"
}

site_sends_to()
{
	[ "$(remote site)" = "$1" ]
}

# Something on the way takes no packets any more from the port.
test_silent_path()
{
	local port

	rig && wan_add 1 && wan_add 2 && wait_wans 2 || return
	port=$(remote hub)
	port=${port#*:}
	load
	run hub nft "table ip silent {
		chain in {
			type filter hook prerouting priority -300
			iif wan1 udp sport $port drop
		}
	}"
	slowwait 1000 wans_are site down 1 || fail "wan1 is not down"
	busywait 4000 wans_are site up 2 || fail "wan1 does not return"
	[ "$(remote hub)" != "10.0.1.1:$port" ] || fail "the same port"
	run hub nft delete table ip silent
	unharmed 120
}

test_port_that_was_set()
{
	rig && run mwbctl -n site wan add bond0 wan1 remote "10.0.1.2:$PORT" \
		local 10.0.1.1:4321 && wait_wans 1 || return
	netem site 1 loss 100%
	sleep 8
	same "WANs down" "$(count_wans site down)" 1
	emulate 1 20 5
	wait_wans 1
	wait_remote 10.0.1.1:4321
}

# DHCP: another address, chosen by the kernel
test_renewal()
{
	rig || return
	run site sysctl -qw net.ipv4.conf.wan1.promote_secondaries=1
	run mwbctl -n site wan add bond0 wan1 remote "10.0.1.2:$PORT"
	wan_add 2 && wait_wans 2 || return
	load
	run ip -n site addr add 10.0.1.11/24 dev wan1
	run ip -n site addr del 10.0.1.1/24 dev wan1
	sleep 0.2
	remote_is "10.0.1.11:$(cut -d : -f 2 <<<"$(remote hub)")" ||
		fail "the hub sends to $(remote hub)"
	same "times down" "$(wan site wan1 downs)" 0
	unharmed 60
	# With a pause in between: down at once, and back at once
	local before

	before=$(now)
	run ip -n site addr del 10.0.1.11/24 dev wan1
	soon "$before" 20 wan-state '.state == "down" and .reason == "underlay"'
	sleep 5
	before=$(now)
	run ip -n site addr add 10.0.1.12/24 dev wan1
	soon "$before" 700 wan-state '.state == "up" and ."old-state" == "starting" and
		.time > "'"$(date -u -d "@$((before / 1000))" +%FT%T)"'"'
	wait_wans 2
}

# A modem is pulled out and put in again, or another one.
test_interface_removed()
{
	local before index

	rig && run mwbctl -n site wan add bond0 wan1 remote "10.0.1.2:$PORT" dev wan1 &&
		wan_add 2 && wait_wans 2 || return
	load
	index=$(site cat /sys/class/net/wan1/ifindex)
	before=$(now)
	run ip -n site link del wan1
	soon "$before" 20 wan-state '.state == "down" and .reason == "underlay"'
	same "use" "$(wan site wan1 tx-use)" no-underlay
	sleep 3
	wan_link 1 && emulate 1 20 5
	before=$(now)
	[ "$(site cat /sys/class/net/wan1/ifindex)" != "$index" ] ||
		fail "the same index"
	# Address resolution takes a second if its first packet comes too early.
	soon "$before" 1500 wan-state '.state == "up" and .reason == "proven" and
		.time > "'"$(date -u -d "@$((before / 1000 - 1))" +%FT%T)"'"'
	unharmed 60
}

test_interface_renamed()
{
	local before

	rig && run mwbctl -n site wan add bond0 wan1 remote "10.0.1.2:$PORT" dev wan1 &&
		wan_add 2 && wait_wans 2 || return
	load
	before=$(now)
	run ip -n site link set wan1 down
	run ip -n site link set wan1 name wan7
	soon "$before" 20 wan-state '.state == "down" and .reason == "underlay"'
	run ip -n site link set wan7 up
	sleep 1
	same "WANs up" "$(count_wans site up)" 1
	run ip -n site link set wan7 down
	run ip -n site link set wan7 name wan1
	run ip -n site link set wan1 up
	wait_wans 2
	unharmed 60
}

test_interface_moved()
{
	local before

	rig && ns_add other || return
	run mwbctl -n site wan add bond0 wan1 remote "10.0.1.2:$PORT" dev wan1 &&
		wan_add 2 && wait_wans 2 || return
	load
	before=$(now)
	run ip -n site link set wan1 netns other
	soon "$before" 20 wan-state '.state == "down" and .reason == "underlay"'
	sleep 1
	run ip -n other link set wan1 netns site
	wan_configure 1 site 1
	wait_wans 2
	unharmed 60
}

# Of two lines the default route goes by one, then by the other, then by none.
test_default_route()
{
	local before

	rig && run ip -n hub addr add 10.9.0.2/32 dev lo || return
	pings site 2 0.1 10.0.2.2
	run ip -n site route add 10.9.0.2/32 via 10.0.1.2
	run mwbctl -n site wan add bond0 wan1 remote "10.9.0.2:$PORT"
	wait_wans 1 || return
	load
	run ip -n site route replace 10.9.0.2/32 via 10.0.2.2
	sleep 0.3
	[[ $(remote hub) == 10.0.2.1:* ]] ||
		fail "the hub sends to $(remote hub)"
	same "times down" "$(wan site wan1 downs)" 0
	unharmed 90
	before=$(now)
	run ip -n site route del 10.9.0.2/32
	soon "$before" 20 wan-state '.state == "down" and .reason == "underlay"'
	sleep 5
	before=$(now)
	run ip -n site route add 10.9.0.2/32 via 10.0.2.2
	soon "$before" 300 wan-state '.state == "up" and .reason == "proven" and
		.time > "'"$(date -u -d "@$((before / 1000 - 1))" +%FT%T)"'"'
}

# The cable: where nothing flows, with the next heartbeat at the latest, as the
# kernel itself may take a second to tell of it.
test_carrier()
{
	local before

	rig && wan_add 1 && wan_add 2 && wait_wans 2 || return
	before=$(now)
	run ip -n hub link set wan1 down
	soon "$before" 220 wan-state '.name == "wan1" and .state == "down" and
		.reason == "underlay"'
	sleep 3
	before=$(now)
	run ip -n hub link set wan1 up
	soon "$before" 1500 wan-state '.name == "wan1" and .state == "up" and
		."old-state" == "starting" and
		.time > "'"$(date -u -d "@$((before / 1000 - 1))" +%FT%T)"'"'
	load
	before=$(now)
	run ip -n hub link set wan1 down
	soon "$before" 20 wan-state '.name == "wan1" and .state == "down" and
		.reason == "underlay" and
		.time > "'"$(date -u -d "@$((before / 1000 - 1))" +%FT%T)"'"'
	unharmed 60
}

test_family()
{
	rig && wan_add 1 && wan_add 2 && wait_wans 2 || return
	load
	run mwbctl -n site wan set bond0 wan1 remote "[fd00:1::2]:$PORT" \
		"local" "[::]"
	wait_wans 2
	[[ $(remote hub) == "[fd00:1::1]:"* ]] ||
		fail "the hub sends to $(remote hub)"
	sleep 1
	run mwbctl -n site wan set bond0 wan1 remote "10.0.1.2:$PORT" \
		"local" 0.0.0.0
	wait_wans 2
	[[ $(remote hub) == "10.0.1.1:"* ]] ||
		fail "the hub sends to $(remote hub)"
	sleep 1
	unharmed 60
}

# From some moment on the path takes no more than 1404 bytes, and nobody says so.
test_mtu()
{
	local before mtu

	rig && wan_add 1 && wait_wans 1 || return
	same "MTU" "$(mtu_of site bond0)" 1408
	stream_start site hub "$HUB4" 500 1350 600
	sleep 2
	before=$(now)
	run ip -n hub link set wan1 mtu 1400
	busywait 3000 mtu_is_below 1332 || fail "the MTU stays $(mtu_of site bond0)"
	diag "found after $(($(now) - before)) ms: $(mtu_of site bond0)"
	mtu=$(mtu_of site bond0)
	expect "MTU" "$mtu" -gt 1312
	sleep 1
	stream_stop
	stream_end
	expect "longest gap, ms" "${STREAM[gap_ms]}" -le 3000
	refused 1 "mtu.$mtu|mtu = $mtu" site ping -c 1 -M "do" -s 1350 "$HUB4"
	pings site 10 0.05 "$HUB4" -M "do" -s $((mtu - 28))
	# And back: it is tried again after a minute.
	run ip -n hub link set wan1 mtu 1500
	sleep 65
	pings site 5 0.05 "$HUB4"
	busywait 5000 mtu_is_above 1400 || fail "the MTU stays $(mtu_of site bond0)"
}

mtu_is_below()
{
	[ "$(mtu_of site bond0)" -lt "$1" ]
}

mtu_is_above()
{
	[ "$(mtu_of site bond0)" -gt "$1" ]
}

# All WANs are down: another route takes over within a second, and back.
test_fallback()
{
	local i

	rig && wan_add 1 && wan_add 2 && wait_wans 2 || return
	run site sysctl -qw net.ipv4.conf.bond0.ignore_routes_with_linkdown=1
	run ip -n site link add spare type dummy
	run ip -n site link set spare up
	run ip -n site addr add 10.8.0.1/24 dev spare
	run ip -n site route add 10.7.0.0/24 via "$HUB4"
	run ip -n site route add 10.7.0.0/24 via 10.8.0.2 metric 100
	same "route" "$(route_to 10.7.0.1)" bond0
	for i in 1 2; do
		netem site "$i" loss 100%
	done
	sleep 1
	carrier_is site 0 || fail "the carrier is on"
	same "route" "$(route_to 10.7.0.1)" spare
	emulate 1 20 5
	busywait 1500 carrier_is site 1 || fail "the carrier is off"
	sleep 0.1
	same "route" "$(route_to 10.7.0.1)" bond0
	emulate 2 20 20
	wait_wans 2
	# The last cable, when something has just changed
	run ip -n hub link set wan2 down
	sleep 0.2
	run ip -n hub link set wan1 down
	sleep 0.2
	same "route" "$(route_to 10.7.0.1)" spare
}

route_to()
{
	ip -n site -j route get "$1" | jq -r '.[0].dev'
}

ktap_main "$@"

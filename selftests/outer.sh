#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Under the tunnel: IPv4 and IPv6, one, two and eight WANs, addresses, ports,
# interfaces and marks of their own.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_one_wan
	test_eight_wans
	test_ipv6
	test_mixed_families
	test_listen_address
	test_listen_lost
	test_local_port
	test_dev
	test_fwmark
	test_link_local
	test_no_local_address
	test_priority_of_ids
)
WANS=8

set_up()
{
	net_up "$WANS"
}

# ends: devices that go at the end of the test
ends()
{
	defer ip -n site link del bond0
	defer ip -n hub link del bond0
	bond_add hub listen "$PORT" && bond_add site
}

works()
{
	pings site 5 0.05 "$HUB4" -s 1000
	pings hub 5 0.05 "$SITE6" -s 1000
}

test_one_wan()
{
	ends && wan_add 1 && wait_wans 1 && works
}

test_eight_wans()
{
	local i n

	ends || return
	for ((i = 1; i <= 8; i++)); do
		wan_add "$i" || return
	done
	wait_wans 8 || return
	set_both mode round-robin
	stream site hub "$HUB4" 800 500 2
	stream_intact
	for ((i = 1; i <= 8; i++)); do
		n=$(wan site "wan$i" tx-packets)
		expect "packets on wan$i" "$n" -ge 200
	done
	# Removed one by one, in use
	stream_start site hub "$HUB4" 500 500 3
	for ((i = 1; i <= 7; i++)); do
		sleep 0.2
		run mwbctl -n site wan del bond0 "wan$i"
	done
	stream_end
	stream_intact
	busywait 3000 one_wan_left || fail "the hub keeps what is gone"
}

one_wan_left()
{
	[ "$(wans_json hub | jq length)" -eq 1 ]
}

test_ipv6()
{
	local i

	ends || return
	for i in 1 2; do
		run mwbctl -n site wan add bond0 "wan$i" \
			remote "[fd00:$i::2]:$PORT" "local" "[fd00:$i::1]"
	done
	wait_wans 2 && works
	same "MTU" "$(mtu_of site bond0)" 1388
	same "MTU" "$(mtu_of hub bond0)" 1388
	# Zero checksums would do for IPv4 only, and GRO needs them.
	stream site hub "$HUB6" 300 1000 1
	stream_complete
}

test_mixed_families()
{
	ends && wan_add 1 || return
	run mwbctl -n site wan add bond0 six remote "[fd00:2::2]:$PORT"
	wait_wans 2 && works
	same "MTU" "$(mtu_of site bond0)" 1388
	run mwbctl -n site wan del bond0 six
	busywait 3000 mtu_is 1408 || fail "the MTU stays: $(mtu_of site bond0)"
}

mtu_is()
{
	[ "$(mtu_of site bond0)" -eq "$1" ] && [ "$(mtu_of hub bond0)" -eq "$1" ]
}

test_listen_address()
{
	ends && run mwbctl -n hub link set bond0 listen "10.0.2.2:$PORT" ||
		return
	wan_add 1 && wan_add 2 || return
	busywait 5000 wans_are site up 1 || fail "not up"
	sleep 0.5
	same "wan1" "$(wan site wan1 state)" down
	same "wan2" "$(wan site wan2 state)" up
	works
	# What cannot be had leaves all as it was.
	occupy 10.0.3.2
	refused 1 'in use' mwbctl -n hub link set bond0 listen "$PORT"
	same "listen-ipv4" "$(link_value hub listen-ipv4)" 10.0.2.2
	# The site may not know, yet, that the session has ended.
	busywait 5000 wans_are hub up 1 || fail "hub not up after the refusal"
	busywait 5000 wans_are site up 1 || fail "site not up after the refusal"
	works
	refused 1 'address' mwbctl -n hub link set bond0 listen "10.0.2.9:$PORT"
	same "wan2" "$(wan site wan2 state)" up
	stop "$BG"
	run mwbctl -n hub link set bond0 listen "$PORT"
	wait_wans 2 && works
}

# The old listener stood in the way of the new one, which cannot be had, and its
# address is gone meanwhile.
test_listen_lost()
{
	ends && run mwbctl -n hub link set bond0 listen "10.0.2.2:$PORT" ||
		return
	occupy 10.0.3.2
	run ip -n hub addr del 10.0.2.2/24 dev wan2
	refused 1 'in use' mwbctl -n hub link set bond0 listen "$PORT"
	same "listen-port" "$(link_value hub listen-port)" 0
	run ip -n hub addr add 10.0.2.2/24 dev wan2
	run mwbctl -n hub link set bond0 listen "10.0.2.2:$PORT"
	wan_add 2 && wait_wans 1 && works
	stop "$BG"
}

# occupy ADDRESS: somebody else has the port there, at the hub
occupy()
{
	in_background hub python3 -c 'import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("'"$1"'", '"$PORT"'))
time.sleep(600)'
	busywait 5000 udp_bound "$1" || fail "the port is still free"
}

udp_bound()
{
	hub ss -lunH "src $1:$PORT" | grep -q .
}

# Seen by the hub, this is the remote port of its WAN.
test_local_port()
{
	ends || return
	run mwbctl -n site wan add bond0 wan1 remote "10.0.1.2:$PORT" \
		"local" 10.0.1.1:4321
	wait_wans 1 && works
	same "port" "$(hub nlclient wans | jq '.[0]."remote-port"')" 4321
	same "address" "$(hub nlclient wans |
		jq -r '.[0]."remote-ipv4"')" 10.0.1.1
	refused 1 . mwbctl -n site wan add bond0 wan2 remote "10.0.2.2:$PORT" \
		"local" 10.0.1.1:4321
	run mwbctl -n site wan set bond0 wan1 "local" 10.0.1.1:4322
	busywait 5000 remote_port_is 4322 || fail "the hub keeps the old port"
	wait_wans 1 && works
}

remote_port_is()
{
	[ "$(hub nlclient wans | jq '.[0]."remote-port"')" -eq "$1" ]
}

# The routes point to wan1 for both remote addresses.
test_dev()
{
	local before

	ends || return
	run ip -n hub addr add 10.9.0.2/32 dev lo
	defer ip -n hub addr del 10.9.0.2/32 dev lo
	run ip -n site route add 10.9.0.2/32 via 10.0.1.2 metric 10
	run ip -n site route add 10.9.0.2/32 via 10.0.2.2 metric 20
	defer ip -n site route flush 10.9.0.2/32
	run mwbctl -n site wan add bond0 second remote "10.9.0.2:$PORT" dev wan2
	wait_wans 1 || return
	before=$(packets_on 2)
	works
	expect "packets on wan2" $(($(packets_on 2) - before)) -ge 10
	same "dev" "$(wan site second dev)" wan2
	run mwbctl -n site wan set bond0 second dev wan1
	wait_wans 1
	before=$(packets_on 1)
	works
	expect "packets on wan1" $(($(packets_on 1) - before)) -ge 10
	# One that does not exist, yet
	run mwbctl -n site wan set bond0 second dev wan99
	busywait 5000 wans_are site up 0 || fail "up without its interface"
	run mwbctl -n site wan set bond0 second dev wan2
	wait_wans 1
}

packets_on()
{
	ip -n site -s -j link show "wan$1" | jq '.[0].stats64.tx.packets'
}

test_fwmark()
{
	local before

	ends || return
	run ip -n hub addr add 10.9.0.2/32 dev lo
	defer ip -n hub addr del 10.9.0.2/32 dev lo
	run ip -n site route add 10.9.0.2/32 via 10.0.3.2
	defer ip -n site route del 10.9.0.2/32
	run ip -n site route add 10.9.0.2/32 via 10.0.4.2 table 44
	run ip -n site rule add fwmark 0x44 table 44
	defer ip -n site rule del fwmark 0x44
	run mwbctl -n site wan add bond0 marked remote "10.9.0.2:$PORT" \
		fwmark 0x44
	wait_wans 1 || return
	before=$(packets_on 4)
	works
	expect "packets on wan4" $(($(packets_on 4) - before)) -ge 10
	run mwbctl -n site wan set bond0 marked fwmark 0
	wait_wans 1
	before=$(packets_on 3)
	works
	expect "packets on wan3" $(($(packets_on 3) - before)) -ge 10
}

test_link_local()
{
	local remote

	ends || return
	remote=$(ip -n hub -j -6 addr show dev wan1 scope link |
		jq -r '.[0].addr_info[] | .local // empty')
	run mwbctl -n site wan add bond0 ll remote "[$remote%wan1]:$PORT"
	wait_wans 1 && works
	[[ $(mwbctl -n site wan show bond0) == *"%wan1"* ]] ||
		fail "no scope shown: $(mwbctl -n site wan show bond0)"
	refused 1 'scope|link-local' mwbctl -n site wan add bond0 ll2 \
		remote "[fe80::99]:$PORT"
}

# The kernel chooses it; and another one when the first is taken away.
test_no_local_address()
{
	ends || return
	run site sysctl -qw net.ipv4.conf.wan5.promote_secondaries=1
	run mwbctl -n site wan add bond0 wan5 remote "10.0.5.2:$PORT"
	wait_wans 1 && works
	run ip -n site addr add 10.0.5.77/24 dev wan5
	run ip -n site addr del 10.0.5.1/24 dev wan5
	busywait 5000 reachable || fail "no packets from the other address"
	pings site 5 0.05 "$HUB4"
}

test_priority_of_ids()
{
	ends || return
	run mwbctl -n site wan add bond0 a remote "10.0.1.2:$PORT" id 100
	run mwbctl -n site wan add bond0 b remote "10.0.2.2:$PORT"
	run mwbctl -n site wan add bond0 c remote "10.0.3.2:$PORT"
	wait_wans 3
	same "ids" "$(wans_json site | jq -c '[.[].id] | sort')" '[1,2,100]'
	same "wire ids" "$(wans_json hub | jq -c '[.[]."wire-id"] | sort')" \
		'[1,2,100]'
	works
}

ktap_main "$@"

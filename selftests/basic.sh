#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The device comes, carries IPv4 and IPv6, TCP and UDP, tells what it does, and
# goes. Two clean WANs.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

# shellcheck disable=SC2034
ALL_TESTS=(
	test_add_and_delete
	test_bring_up
	test_show
	test_ping
	test_tcp
	test_udp
	test_counters
	test_carrier
	test_unload
)

# The network outlives the single test here: each goes on where the last ended.
set_up()
{
	net_up 2
}

test_add_and_delete()
{
	run ip -n site link add bond0 type mwbond || return
	refused 2 'File exists' ip -n site link add bond0 type mwbond
	run ip -n site link del bond0
	refused 1 'does not exist' ip -n site link show bond0
}

test_bring_up()
{
	run ip -n site link add bond0 type mwbond || return
	refused 2 'Neither keys nor "security none"' ip -n site link set bond0 up
	run ip -n site link del bond0
	bond_up 2
}

test_show()
{
	run ip -n site -d link show bond0
	[[ $OUT == *mwbond* ]] || fail "no mwbond in: $OUT"
	[[ $OUT == *POINTOPOINT* && $OUT == *NOARP* ]] || fail "flags: $OUT"
	same mtu "$(mtu_of site bond0)" 1408
	same mtu "$(mtu_of hub bond0)" 1408
	[ "$MWBOND_SECURITY" = noise ] ||
		same session "$(link_value site session)" "$SESSION"
	same established "$(link_value site established)" true
	same initiator "$(link_value site initiator)" true
	same initiator "$(link_value hub initiator)" false
	same wans "$(link_value hub wan-count)" 2
	same dynamic "$(wan hub wan1 dynamic)" true
	same dynamic "$(wan site wan1 dynamic)" false
	expect rtt "$(wan site wan1 rtt)" -gt 0
	run site ethtool -i bond0
	[[ $OUT == *"driver: mwbond"* ]] || fail "ethtool -i: $OUT"
}

test_ping()
{
	pings site 20 0.05 "$HUB4"
	pings hub 20 0.05 "$SITE4"
	pings site 20 0.05 "$HUB6"
	pings site 10 0.05 "$HUB4" -s 1380 -M "do"
	pings site 10 0.05 "$HUB6" -s 1360 -M "do"
}

test_tcp()
{
	local rate

	iperf_server hub
	for args in "" "-R" "-6" "-6 -R"; do
		addr=$HUB4
		[[ $args == *-6* ]] && addr=$HUB6
		# shellcheck disable=SC2086
		rate=$(iperf site -c "$addr" -t 2 $args)
		diag "TCP $args: $rate kbit/s"
		expect "kbit/s $args" "$rate" -gt 500
	done
}

test_udp()
{
	stream site hub "$HUB4" 500 1000 2
	stream_complete
	stream hub site "$SITE6" 500 1000 2
	stream_complete
}

# stats64 NS DIRECTION KEY
stats64()
{
	ip -n "$1" -s -j link show bond0 | jq ".[0].stats64.$2.$3"
}

test_counters()
{
	local device wans name

	device=$(stats64 site tx packets)
	wans=$(wans_json site | jq 'map(."tx-packets") | add')
	pings site 40 0.01 "$HUB4"
	device=$(($(stats64 site tx packets) - device))
	wans=$(($(wans_json site | jq 'map(."tx-packets") | add') - wans))
	expect "packets of the device" "$device" -ge 40
	expect "packets of its WANs" "$wans" -ge 40
	expect "bytes received" "$(stats64 hub rx bytes)" -gt 1000000
	same "handshakes" "$(counter site handshakes)" 1
	for name in rx_checksum rx_session rx_replay rx_inner tx_route \
		    tx_loop rx_queue_full; do
		same "$name" "$(counter hub "$name")" 0
	done
	# What is late on a busy machine is repaired as if it were lost.
	# Where time leaps, as in an emulator, what is late is taken for lost.
	expect "packets twice, in 5 %" $(($(counter hub rx_duplicate) * 20)) \
		-le "$(stats64 hub rx packets)"
}

test_carrier()
{
	local i

	carrier_is site 1 || fail "no carrier though the WANs are up"
	for i in 1 2; do
		run ip -n hub link set "wan$i" down
	done
	busywait 5000 carrier_is site 0 || fail "carrier without a WAN at the site"
	busywait 5000 carrier_is hub 0 || fail "carrier without a WAN at the hub"
	for i in 1 2; do
		run ip -n hub link set "wan$i" up
		ip -n hub addr replace "fd00:$i::2/64" dev "wan$i" nodad
	done
	busywait 10000 carrier_is site 1 || fail "no carrier afterwards"
	busywait 10000 reachable || fail "no packets afterwards"
}

test_unload()
{
	refused 1 'in use' rmmod mwbond
	run ip -n site link del bond0
	run ip -n hub link del bond0
	same "references" "$(cat /sys/module/mwbond/refcnt)" 0
	run rmmod mwbond
	run load_module
}

ktap_main "$@"

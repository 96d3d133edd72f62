#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Which WAN a packet goes by, in each of the modes.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_round_robin
	test_weighted
	test_weighted_latency
	test_per_flow
	test_failover
	test_redundant
	test_least_used
	test_least_latency
	test_adaptive
	test_switching
)
WANS=3

set_up()
{
	local i ns

	net_up "$WANS" && bond_up "$WANS" || return
	for ((i = 1; i <= WANS; i++)); do
		for ns in site hub; do
			netem "$ns" "$i" delay 10ms
		done
	done
	sleep 1
}

# Packets (tx-packets) or bytes (tx-bytes) of each WAN since last asked. Of the
# packets those that are no heartbeats: neither the site's nor its answers to
# those of the hub, which are more than a few under load.
declare -A TX_LAST TX
tx_since()
{
	local i now json

	json=$(jq -n --argjson site "$(wans_json site)" \
		--argjson hub "$(wans_json hub)" '$site + $hub')
	for ((i = 1; i <= WANS; i++)); do
		now=$(jq --arg n "wan$i" --arg k "$1" '
			[.[] | select(.name == $n)] |
			if $k == "tx-packets" then
				.[0][$k] - (map(."heartbeats-sent") | add)
			else .[0][$k] end' <<<"$json")
		TX[$i]=$((now - ${TX_LAST[$1 $i]-0}))
		TX_LAST[$1 $i]=$now
	done
	diag "$1: ${TX[1]} ${TX[2]} ${TX[3]}"
}

# near TEXT VALUE WANTED PERCENT
near()
{
	expect "$1 (about $3)" "$2" -ge $(($3 * (100 - $4) / 100))
	expect "$1 (about $3)" "$2" -le $(($3 * (100 + $4) / 100))
}

test_round_robin()
{
	local i

	set_both mode round-robin
	tx_since tx-packets
	stream site hub "$HUB4" 600 200 3
	tx_since tx-packets
	stream_intact
	for i in 1 2 3; do
		near "packets on wan$i" "${TX[$i]}" 600 5
	done
}

test_weighted()
{
	run mwbctl -n site wan set bond0 wan1 weight 300
	run mwbctl -n site wan set bond0 wan2 weight 100
	run mwbctl -n site wan set bond0 wan3 weight 100
	set_both mode weighted
	tx_since tx-bytes
	stream site hub "$HUB4" 600 1000 3
	tx_since tx-bytes
	stream_intact
	near "share of wan1" $((TX[1] * 1000 / (TX[1] + TX[2] + TX[3]))) 600 12
	near "share of wan2" $((TX[2] * 1000 / (TX[1] + TX[2] + TX[3]))) 200 18
	run mwbctl -n site wan set bond0 wan1 weight 100
}

# score = weight * 100 / latency, where the rates are not what counts: those
# that were found are as low as what was sent when the delays of set_up came
test_weighted_latency()
{
	local ns

	rates 1gbit 1gbit 1gbit
	for ns in site hub; do
		netem "$ns" 3 delay 40ms
	done
	set_both mode weighted
	sleep 6
	tx_since tx-bytes
	stream site hub "$HUB4" 600 1000 3
	tx_since tx-bytes
	for ns in site hub; do
		netem "$ns" 3 delay 10ms
	done
	stream_intact
	# 4 : 4 : 1; the delays of the emulation itself make it a bit less
	near "share of wan3" $((TX[3] * 1000 / (TX[1] + TX[2] + TX[3]))) 125 40
	near "share of wan1" $((TX[1] * 1000 / (TX[1] + TX[2] + TX[3]))) 440 20
	rates 0 0 0
}

test_per_flow()
{
	local i busy=0

	set_both mode per-flow
	tx_since tx-packets
	stream site hub "$HUB4" 300 200 2
	tx_since tx-packets
	stream_intact
	for i in 1 2 3; do
		[ "${TX[$i]}" -lt 20 ] || busy=$((busy + 1))
	done
	expect "WANs that carried one flow" "$busy" -eq 1

	stream site hub "$HUB4" 600 200 2 -f 60
	tx_since tx-packets
	stream_intact
	for i in 1 2 3; do
		expect "packets of 60 flows on wan$i" "${TX[$i]}" -gt 200
	done
}

# only_wan N PACKETS: it carried them, and the others none
only_wan()
{
	local few=20 i	# that are no Data: Acks, probes of the size

	for ((i = 1; i <= WANS; i++)); do
		if [ "$i" -eq "$1" ]; then
			expect "packets on wan$i" "${TX[$i]}" \
				-ge $(($2 * 95 / 100))
			expect "packets on wan$i" "${TX[$i]}" \
				-lt $(($2 * 105 / 100 + few))
		else
			expect "packets on wan$i" "${TX[$i]}" -lt "$few"
		fi
	done
}

test_failover()
{
	run mwbctl -n site wan set bond0 wan1 priority 20
	run mwbctl -n site wan set bond0 wan2 priority 10
	run mwbctl -n site wan set bond0 wan3 priority 30
	set_both mode failover
	tx_since tx-packets
	stream site hub "$HUB4" 300 200 2
	tx_since tx-packets
	stream_intact
	only_wan 2 600

	run mwbctl -n site wan set bond0 wan2 down
	tx_since tx-packets
	stream site hub "$HUB4" 300 200 1
	tx_since tx-packets
	stream_intact
	only_wan 1 300

	run mwbctl -n site wan set bond0 wan2 up
	wait_wans 3
	tx_since tx-packets
	stream site hub "$HUB4" 300 200 1
	tx_since tx-packets
	stream_intact
	only_wan 2 300
}

test_redundant()
{
	local duplicate

	set_both mode redundant
	run mwbctl -n site wan set bond0 wan1 failures 100
	netem site 1 delay 10ms loss 30%
	duplicate=$(counter hub rx_duplicate)
	tx_since tx-packets
	stream site hub "$HUB4" 300 200 3
	tx_since tx-packets
	netem site 1 delay 10ms
	run mwbctl -n site wan set bond0 wan1 failures 3
	stream_intact
	expect "packets on wan2" "${TX[2]}" -gt 890
	expect "packets on wan3" "${TX[3]}" -gt 890
	duplicate=$(($(counter hub rx_duplicate) - duplicate))
	expect "copies not needed" "$duplicate" -gt 1200
	expect "copies not needed" "$duplicate" -lt 1800
}

# rates RATE...: of the WANs, in turn
rates()
{
	local i=0 rate

	for rate; do
		run mwbctl -n site wan set bond0 "wan$((++i))" rate "$rate"
	done
}

# In proportion to the rates, whatever else; in turn where they are equal
test_least_used()
{
	local i

	set_both mode least-used
	rates 8mbit 4mbit 4mbit
	tx_since tx-bytes
	stream site hub "$HUB4" 600 1000 3
	tx_since tx-bytes
	stream_intact
	near "share of wan1" $((TX[1] * 1000 / (TX[1] + TX[2] + TX[3]))) 500 12
	near "share of wan2" $((TX[2] * 1000 / (TX[1] + TX[2] + TX[3]))) 250 18

	rates 8mbit 8mbit 8mbit
	tx_since tx-packets
	stream site hub "$HUB4" 600 200 2
	tx_since tx-packets
	stream_intact
	rates 0 0 0
	for i in 1 2 3; do
		# Acks, too
		near "packets on wan$i" "${TX[$i]}" 400 20
	done
}

# delay N TIME: of one WAN, both ways
delay()
{
	netem site "$1" delay "$2"
	netem hub "$1" delay "$2"
}

test_least_latency()
{
	set_both mode least-latency
	delay 1 30ms
	delay 3 30ms
	sleep 3
	tx_since tx-packets
	stream site hub "$HUB4" 300 200 2
	tx_since tx-packets
	stream_intact
	only_wan 2 600

	delay 2 60ms
	delay 3 5ms
	sleep 3
	tx_since tx-packets
	stream site hub "$HUB4" 300 200 2
	tx_since tx-packets
	delay 1 10ms
	delay 2 10ms
	delay 3 10ms
	stream_intact
	only_wan 3 600
}

# DSCP 56 is the priority 227, none is 128, DSCP 8 is 35.
test_adaptive()
{
	set_both mode adaptive
	rates 100mbit 100mbit 1kbit
	delay 1 40ms
	delay 2 40ms
	run mwbctl -n site wan set bond0 wan1 weight 1000
	run mwbctl -n site wan set bond0 wan2 weight 1
	run mwbctl -n site wan set bond0 wan3 weight 1
	sleep 3
	tx_since tx-packets
	stream site hub "$HUB4" 300 200 2 -t 0xe0
	tx_since tx-packets
	stream_intact
	only_wan 3 600

	stream site hub "$HUB4" 300 200 2
	tx_since tx-packets
	stream_intact
	expect "packets on wan1" "${TX[1]}" -gt 550

	stream site hub "$HUB4" 300 200 2 -t 0x20
	tx_since tx-packets
	stream_intact
	near "packets on wan1" "${TX[1]}" 300 15
	near "packets on wan2" "${TX[2]}" 300 15

	delay 1 10ms
	delay 2 10ms
	rates 0 0 0
	for ((i = 1; i <= WANS; i++)); do
		run mwbctl -n site wan set bond0 "wan$i" weight 100
	done
}

test_switching()
{
	local mode

	stream_start site hub "$HUB4" 500 500 7
	for mode in round-robin weighted per-flow failover redundant \
		    least-used least-latency adaptive auto round-robin; do
		sleep 0.5
		run mwbctl -n site link set bond0 mode "$mode"
	done
	stream_end
	stream_intact
}

ktap_main "$@"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a bond makes of its WANs, measured: to be run in virtual time
# (selftests/vm/run -i), where the emulated rates are exact.
#
# Efficiency: TCP goodput / (sum of the rates * 1356/1514), the share of what
# framing leaves of 1500-byte IPv4 paths. Without encryption a packet has no
# tag, so that it can come to 1514/1498 = 1.0107, and not above.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_equal
	test_unequal
	test_udp
)
: "${DURATION:=20}"

set_up()
{
	local ns

	net_up 2 || return
	# Loading programs takes no virtual time once they have been loaded.
	for ns in site hub; do
		ip netns exec "$ns" iperf3 --version
		ip netns exec "$ns" udpstream -l -w 1
	done >/dev/null
	emulate 1 20 10 && emulate 2 20 10 && bond_up 2
}

# efficiency RATE_SUM LEAST DIRECTION...: in thousandths
efficiency()
{
	local sum=$1 least=$2 rate result

	shift 2
	rate=$(iperf site -c "$HUB4" -t "$DURATION" "$@")
	result=$((rate * 1514 / (sum * 1356)))
	diag "$rate kbit/s of $sum Mbit/s: efficiency" \
		"$((result / 1000)).$(printf %03d $((result % 1000)))"
	expect "efficiency, thousandths" "$result" -ge "$least"
	# What is better than possible was not measured right.
	expect "efficiency, thousandths" "$result" -le 1011
}

test_equal()
{
	set_both mode round-robin
	iperf_server hub
	efficiency 40 900
	efficiency 40 900 -R
}

test_unequal()
{
	emulate 2 10 10
	run mwbctl -n site wan set bond0 wan1 weight 200
	run mwbctl -n site wan set bond0 wan2 weight 100
	set_both mode weighted
	sleep 1
	iperf_server hub
	efficiency 30 850
	efficiency 30 850 -R
	emulate 2 20 10
}

# 25 Mbit/s of UDP payload
test_udp()
{
	set_both mode round-robin
	sleep 1
	stream site hub "$HUB4" 2404 1300 10
	stream_intact
	stream hub site "$SITE4" 2404 1300 10
	stream_intact
}

ktap_main "$@"

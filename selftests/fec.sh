#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# FEC: what is lost is recovered without being sent again, as often as theory
# has it; by parities that go where the packets do not.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_codes
	test_clean
	test_order
	test_sizes
	test_timeout
	test_spread
	test_auto
	test_classes
	test_exhausted
	test_mtu
	test_restart
	test_duplicate
)

set_up()
{
	net_up 3 && bond_up 3 mode round-robin repair off fec-timeout 50ms
}

# lossy PERCENT [WAN...]: what the site sends; the rest loses nothing
lossy()
{
	local n loss

	for n in 1 2 3; do
		loss=$1
		[ $# -eq 1 ] || [[ " ${*:2} " == *" $n "* ]] || loss=0
		netem site "$n" rate 50mbit delay 5ms loss "$loss%"
	done
}

# mark, rise NS COUNTER: by how much a counter rose since mark
declare -A MARK
mark()
{
	local ns name value

	for ns in site hub; do
		while read -r name value; do
			MARK[$ns:${name%:}]=$value
		done < <(ip netns exec "$ns" ethtool -S bond0)
	done
}

rise()
{
	echo $(($(counter "$1" "$2") - ${MARK[$1:$2]}))
}

# code K M LOSS SECONDS: what is left of a stream
code()
{
	local blocks text

	lossy "$3"
	set_both fec "$1+$2"
	mark
	stream site hub "$HUB4" 1000 600 "$4"
	blocks=$(rise site tx_fec_blocks)
	text=$("$SELFTESTS/traffic/residual.py" "$1" "$2" \
		"$(awk "BEGIN { print $3 / 100 }")" "${STREAM[sent]}" \
		"${STREAM[lost]}") || fail "not as theory has it"
	diag "$1+$2, $3 %: $text"
	expect "packets twice" "${STREAM[duplicates]}" -eq 0
	expect "packets damaged" "${STREAM[corrupt]}" -eq 0
	expect "blocks" "$blocks" -ge $((STREAM[sent] / $1))
	expect "more blocks than packets for them" "$blocks" \
		-le $((STREAM[sent] / $1 + STREAM[sent] / 100))
	expect "parities" "$(rise site tx_fec_parity)" -ge $((blocks * $2 - 4 * $2 - 20))
	expect "parities" "$(rise site tx_fec_parity)" -le $((blocks * $2))
	same "contradictions" "$(rise hub rx_fec_refused)" 0
}

test_codes()
{
	code 4 2 5 20
	code 4 2 20 10
	code 10 3 5 20
	code 10 3 10 10
	code 4 1 10 10
	set_both fec-timeout 100ms
	code 64 32 20 10
	set_both fec-timeout 50ms
}

# Nothing is lost: no parity is of use, and nothing waits for one.
test_clean()
{
	lossy 0
	set_both fec 4+2
	mark
	stream site hub "$HUB4" 1000 600 3
	stream_intact
	# A parity may well overtake a packet.
	expect "recovered" "$(rise hub rx_fec_recovered)" -le 20
	expect "parities for nothing" "$(rise hub rx_fec_wasted)" -gt 1400
	expect "longest delay, ms" "${STREAM[delay_max_ms]%.*}" -le 6
}

# In sequence, too, in time
test_order()
{
	lossy 5
	set_both fec 10+8 reorder-timeout 500ms
	stream site hub "$HUB4" 1000 600 10
	set_both reorder-timeout 200ms
	stream_intact
	expect "longest silence, ms" "${STREAM[gap_ms]}" -le 60
}

# The parities are as long as the longest packet of the block.
test_sizes()
{
	local size

	lossy 10
	set_both fec 8+8
	for size in 40 1340 41 1000; do
		in_background ip netns exec site udpstream -p 77 -r 300 \
			-s "$size" -n 1500 "$HUB4" >/dev/null
	done
	stream site hub "$HUB4" 300 300 4 -f 3
	stream_complete
}

# A packet now and then does not wait for three others.
test_timeout()
{
	lossy 20
	set_both fec 4+2 fec-timeout 5ms
	mark
	stream site hub "$HUB4" 20 100 30
	set_both fec-timeout 50ms
	expect "blocks" "$(rise site tx_fec_blocks)" -gt 590
	# With as many parities as half of the packets, but one at the least
	expect "parities" "$(rise site tx_fec_parity)" -lt 630
	expect "packets lost" "${STREAM[lost]}" -lt 50
	expect "packets recovered" "$(rise hub rx_fec_recovered)" -gt 60
}

# A WAN that carries some of the packets of a block may lose all of them.
test_spread()
{
	lossy 0
	netem site 3 rate 50mbit delay 5ms loss gemodel 1.3% 25% 100% 0%
	set_both fec 6+3
	mark
	stream site hub "$HUB4" 1000 600 20
	netem site 3 rate 50mbit delay 5ms
	stream_intact
	expect "packets recovered" "$(rise hub rx_fec_recovered)" -gt 150
}

test_auto()
{
	lossy 0
	set_both mode auto fec auto repair off fec-timeout auto
	# What was lost before is forgotten after a while.
	stream site hub "$HUB4" 625 1000 20
	mark
	stream site hub "$HUB4" 625 1000 3
	same "parities on clean WANs" "$(rise site tx_fec_parity)" 0
	lossy 5
	stream site hub "$HUB4" 625 1000 10
	mark
	stream site hub "$HUB4" 625 1000 30
	diag "parities for 18750 packets: $(rise site tx_fec_parity)"
	expect "packets lost" "${STREAM[lost]}" -le 4
	expect "parities" "$(rise site tx_fec_parity)" -le 9375
	set_both fec-timeout 50ms
}

# Others than those of the device
test_classes()
{
	lossy 10
	set_both mode round-robin fec off
	run mwbctl -n site class add bond0 safe match dscp ef fec 4+4
	mark
	stream site hub "$HUB4" 500 600 5
	same "parities without the class" "$(rise site tx_fec_parity)" 0
	expect "packets lost" "${STREAM[lost]}" -gt 150
	stream site hub "$HUB4" 500 600 5 -t 0xb8
	expect "packets lost with it" "${STREAM[lost]}" -le 8
	expect "parities" "$(rise site tx_fec_parity)" -gt 2400
	set_both fec 4+4
	run mwbctl -n site class set bond0 safe fec off
	mark
	stream site hub "$HUB4" 500 600 3 -t 0xb8
	same "parities where it says none" "$(rise site tx_fec_parity)" 0
	run mwbctl -n site class set bond0 safe fec device
	stream site hub "$HUB4" 500 600 3 -t 0xb8
	expect "parities by the device" "$(rise site tx_fec_parity)" -gt 1400
	run mwbctl -n site class del bond0 safe
}

test_exhausted()
{
	events_start hub
	lossy 30
	set_both fec 4+1
	mark
	stream site hub "$HUB4" 500 600 5
	wait_event fec-exhausted
	expect "packets of lost blocks" "$(rise hub rx_fec_lost)" -gt 100
	expect "of all that were lost" "$(rise hub rx_fec_lost)" \
		-le "${STREAM[lost]}"
	lossy 0
}

# Parities of the largest packets fit the WANs, too.
test_mtu()
{
	local mtu

	lossy 0
	set_both fec off
	sleep 1
	mtu=$(mtu_of site bond0)
	set_both fec 4+2
	busywait 2000 mtu_is $((mtu - 20)) ||
		fail "$(mtu_of site bond0) with FEC, $mtu without"
	mark
	stream site hub "$HUB4" 500 $((mtu - 48)) 2
	stream_complete
	same "in parts" "$(rise site tx_fragmented)" 0
	expect "parities" "$(rise site tx_fec_parity)" -ge 480
	# What is larger goes without
	run mwbctl -n site link set bond0 mtu "$mtu"
	mark
	stream site hub "$HUB4" 500 $((mtu - 30)) 2
	stream_complete
	expect "parities" "$(rise site tx_fec_parity)" -lt 20
	set_both mtu auto
}

mtu_is()
{
	[ "$(mtu_of site bond0)" -eq "$1" ]
}

# Blocks end with the session, and codes change while packets are sent.
test_restart()
{
	local i

	lossy 2
	stream_start site hub "$HUB4" 1000 600 6
	for i in 1+1 100+50 4+2 254+1 auto 3+7 off 4+2; do
		run mwbctl -n site link set bond0 fec "$i"
		sleep 0.4
	done
	stream_end
	same "contradictions" "$(counter hub rx_fec_refused)" 0
	ip -n site link set bond0 down
	ip -n site link set bond0 up
	wait_wans 3
	lossy 0
	stream site hub "$HUB4" 1000 600 2
	stream_complete
}

# Calls, 50 packets a second, over two WANs that lose 10 %
test_duplicate()
{
	set_both mode auto fec off duplicate 2
	run mwbctl -n site wan set bond0 wan3 down
	lossy 10
	stream site hub "$HUB4" 50 172 120 -t 0xb8
	expect "packets lost" "${STREAM[lost]}" -le 66
	expect "packets lost" "${STREAM[lost]}" -ge 30
	set_both repair on
	stream site hub "$HUB4" 50 172 60 -t 0xb8
	stream_complete
	# Only while packets are lost, and for what is urgent
	set_both duplicate auto
	stream site hub "$HUB4" 50 172 20 -t 0xb8
	mark
	stream site hub "$HUB4" 50 172 20 -t 0xb8
	expect "copies" "$(copies)" -gt 800
	mark
	stream site hub "$HUB4" 50 172 10
	expect "copies of what is not urgent" "$(copies)" -lt 150
	set_both duplicate off
	mark
	stream site hub "$HUB4" 50 172 10 -t 0xb8
	expect "no copies" "$(copies)" -lt 150
}

# copies: packets that came besides the first
copies()
{
	rise hub rx_duplicate
}

ktap_main "$@"

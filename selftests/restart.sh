#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Either end is restarted under traffic: the other one notices, and within a
# second after it is there again packets flow. Nobody has to do anything else.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_hub_restarts
	test_site_restarts
	test_down_and_up
	test_silence
	test_both_initiate
	test_both_restart
)

set_up()
{
	net_up 2
}

add_wans()
{
	wan_add 1 && wan_add 2
}

# rig: both ends, and a stream each way
rig()
{
	defer ip -n site link del bond0
	defer ip -n hub link del bond0
	bond_up 2
}

streams_start()
{
	stream_start site hub "$HUB4" 100 200 600 || return
	FILE=$STREAM_FILE RX=$STREAM_RX TX=$STREAM_TX
	stream_start hub site "$SITE4" 100 200 600
	sleep 1
	CUT=$(now_ms)
}

# came_back WHERE SINCE: the stream, within a second. That it may have done so
# before the last command ended is not to its discredit.
came_back()
{
	local back

	stream_stop
	stream_end
	back=$((STREAM[gap_end_ms] - $2))
	diag "at the $1 again after $back ms"
	expect "ms until packets reached the $1" "$back" -lt $((1000 * SLOW))
	# And they went on: to the very end, which is counted then, too.
	expect "the end of the stream reached the $1" \
		"${STREAM[complete]-0}" -eq 1
	expect "last packet at the $1, ms after" $((STREAM[last_ms] - $2)) \
		-gt $((1500 * SLOW))
	expect "end of the longest silence" "${STREAM[gap_end_ms]}" -gt "$CUT"
	expect "silence, ms" "${STREAM[gap_ms]}" -ge 200
	# 100 packets/s, before and after which nothing is lost
	expect "packets lost" "${STREAM[lost]}" -le \
		$((STREAM[gap_ms] / 10 + 20))
	expect "packets twice" "${STREAM[duplicates]}" -eq 0
}

# recovered SINCE
recovered()
{
	sleep $((2 * SLOW))
	came_back site "$1"
	STREAM_FILE=$FILE STREAM_RX=$RX STREAM_TX=$TX
	came_back hub "$1"
	pings site 5 0.05 "$HUB4"
}

test_hub_restarts()
{
	rig && streams_start || return
	run ip -n hub link del bond0
	sleep 0.3
	bond_add hub listen "$PORT"
	recovered "$(now_ms)"
}

test_site_restarts()
{
	rig && streams_start || return
	run ip -n site link del bond0
	sleep 0.3
	bond_add site && add_wans
	recovered "$(now_ms)"
	same "initiator" "$(link_value site initiator)" true
}

test_down_and_up()
{
	rig && streams_start || return
	run ip -n site link set bond0 down
	sleep 0.3
	run ip -n site link set bond0 up
	ip -n site addr replace fd77::1/64 dev bond0 nodad
	recovered "$(now_ms)"
}

# Nothing gets through for longer than any timer.
test_silence()
{
	local ns i start

	rig || return
	for ns in site hub; do
		for i in 1 2; do
			netem "$ns" "$i" loss 100%
		done
	done
	slowwait 5000 wans_are site up 0 || fail "the site does not notice"
	slowwait 5000 wans_are hub up 0 || fail "the hub does not notice"
	sleep 3
	for ns in site hub; do
		for i in 1 2; do
			tc -n "$ns" qdisc del dev "wan$i" root
		done
	done
	start=$(now_ms)
	busywait 5000 reachable || fail "no packets"
	expect "ms until packets flow" $(($(now_ms) - start)) -lt \
		$((2000 * SLOW))
	wait_wans 2
}

# Both ends are told of WANs and start handshakes at the same time.
both_initiate()
{
	defer ip -n site link del bond0
	defer ip -n hub link del bond0
	bond_add hub listen "$PORT" && bond_add site listen "$PORT" || return
	mwbctl -n hub wan add bond0 back remote "10.0.1.1:$PORT" \
		"local" 10.0.1.2 &
	run mwbctl -n site wan add bond0 out remote "10.0.1.2:$PORT" \
		"local" 10.0.1.1
	wait "$!" || fail "no WAN at the hub"
	run mwbctl -n site wan add bond0 out2 remote "10.0.2.2:$PORT" \
		"local" 10.0.2.1
	wait_wans 3
}

test_both_initiate()
{
	both_initiate || return
	[ "$(link_value site initiator)" != "$(link_value hub initiator)" ] ||
		fail "both are initiators, or neither"
	expect "handshakes" "$(counter site handshakes)" -le 2
	stream site hub "$HUB4" 300 200 2
	stream_complete
	stream hub site "$SITE6" 300 200 2
	stream_complete
}

test_both_restart()
{
	both_initiate || return
	run ip -n site link del bond0
	run ip -n hub link del bond0
	both_initiate && pings site 5 0.05 "$HUB4"
}

ktap_main "$@"

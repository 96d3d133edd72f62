#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The demonstration, to be run in the virtual machine (make demo): two emulated
# WANs, a bond over them, what each carries, and a WAN that is cut under load.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

RATE=(0 20 10)
DELAY=10
NAME=(0 fiber lte)
SECONDS_EACH=5
CARRIES=".name == \"${NAME[1]}\" and .state == \"up\""
CARRIES_NOT=".name == \"${NAME[1]}\" and .state == \"down\""

say()
{
	printf '%s\n' "$*"
}

# mbit KBIT: with one digit after the point
mbit()
{
	printf '%d.%d' $(($1 / 1000)) $(($1 % 1000 / 100))
}

give_up()
{
	say "The demonstration failed: $*"
	mwbctl -n site wan show bond0
	counters site
	exit 1
}

build()
{
	local i

	net_up 2 || give_up "no networks"
	for i in 1 2; do
		emulate "$i" "${RATE[i]}" "$DELAY"
	done
	bond_add hub listen "$PORT" mode weighted || give_up "no device"
	bond_add site mode weighted || give_up "no device"
	for i in 1 2; do
		mwbctl -n site wan add bond0 "${NAME[i]}" \
			remote "10.0.$i.2:$PORT" "local" "10.0.$i.1" \
			weight $((RATE[i] * 10)) || give_up "no WAN"
	done
	wait_wans 2 || give_up "the WANs do not come up"
	iperf_server hub
}

# One row of the table: TCP to and from the hub at an address
rates()
{
	local up down

	up=$(iperf site -c "$2" -t "$SECONDS_EACH" -O 1)
	down=$(iperf site -c "$2" -t "$SECONDS_EACH" -O 1 -R)
	printf '  %-34s %8s up %8s down\n' "$1" "$(mbit "$up")" \
		"$(mbit "$down")"
}

# tx/rx bytes of the WANs into BYTES
count_bytes()
{
	local i

	for i in 1 2; do
		BYTES[i]=$(($(wan site "${NAME[i]}" tx-bytes) +
			    $(wan site "${NAME[i]}" rx-bytes)))
	done
}

compare()
{
	local before i sum

	say "TCP throughput in Mbit/s (iperf3, $SECONDS_EACH s each):"
	for i in 1 2; do
		rates "${NAME[i]} alone (${RATE[i]} Mbit/s line)" "10.0.$i.2"
	done
	count_bytes
	before=("${BYTES[@]}")
	rates "bond0" "$HUB4"
	count_bytes
	sum=$((BYTES[1] + BYTES[2] - before[1] - before[2]))
	for i in 1 2; do
		say "    ${NAME[i]} carried" \
			"$(((BYTES[i] - before[i]) * 100 / sum)) %"
	done
}

# The line stays up but nothing gets through: only heartbeats can tell.
cut_line()
{
	netem site 1 loss 100%
	netem hub 1 loss 100%
}

# since CUT NAME [JQ_CONDITION]: milliseconds from then until that was reported
since()
{
	local at

	at=$(event "${@:2}" | tail -n 1)
	echo $(($(date -d "$at" +%s%3N) - $1))
}

cut_under_load()
{
	local start load

	say
	say "Cutting ${NAME[1]} silently under load (TCP, and 100 packets/s of UDP):"
	events_start site
	site iperf3 -c "$HUB4" -t 8 >/dev/null 2>&1 &
	load=$!
	stream_start site hub "$HUB4" 100 200 7 >/dev/null
	sleep 3
	start=$(now_ms)
	cut_line
	wait_event wan-state "$CARRIES_NOT" || give_up "the cut was not noticed"
	stream_end >/dev/null
	wait "$load"
	say "  no more packets on ${NAME[1]} after" \
		"$(since "$start" wan-state "$CARRIES_NOT") ms"
	say "  longest silence seen by the UDP receiver: ${STREAM[gap_ms]} ms," \
		"${STREAM[lost]} of ${STREAM[sent]} packets lost"
	truncate -s 0 "$EVENTS"
	start=$(now_ms)
	emulate 1 "${RATE[1]}" "$DELAY"
	wait_event wan-state "$CARRIES" || give_up "the line did not return"
	say "  line repaired: ${NAME[1]} carries again after" \
		"$(since "$start" wan-state "$CARRIES") ms"
}

main()
{
	trap 'defer_down_to 0' EXIT
	load_module || give_up "no module"
	SPLATS_SEEN=0
	say "Linux $(uname -r), mwbond $(cat /sys/module/mwbond/version)"
	say "two lines: ${NAME[1]} ${RATE[1]} Mbit/s and ${NAME[2]}" \
		"${RATE[2]} Mbit/s, $((2 * DELAY)) ms round trip each"
	build
	say
	say "\$ ip -br link show bond0"
	ip -n site -br link show bond0
	say
	compare
	say
	say "\$ mwbctl wan show bond0"
	mwbctl -n site wan show bond0
	cut_under_load
}

main

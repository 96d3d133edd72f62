#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests of the runner of User-Mode Linux itself, on the host: what all runners
# promise, virtual time, and that a run with the same seed repeats to the byte.
# TAP.
# shellcheck disable=SC2016
set -u

UMLDIR=$(dirname "$(readlink -f "$0")")
. "$UMLDIR/../host.sh"
# shellcheck disable=SC2034
RUN=("$UMLDIR/run") EMULATOR='[u]ml_dir='
. "$UMLDIR/../contract.sh"

START=$SECONDS
vm -T -- sh -c 'read -r a _ </proc/uptime; sleep 300
	read -r b _ </proc/uptime; echo $((${b%.*} - ${a%.*}))'
check "virtual time: 300 s of sleep are 300 s" \
	[ "$STATUS" -eq 0 -a "$(cat "$TMP/out")" = 300 ]
check "virtual time: and take none" [ $((SECONDS - START)) -le 60 ]

# TCP over a lossy path between two name spaces: all that the client saw of
# each segment
LOSSY='ip netns add a; ip netns add b
	ip -n a link add v type veth peer v netns b
	ip -n a addr add 10.0.0.1/24 dev v; ip -n a link set v up
	ip -n b addr add 10.0.0.2/24 dev v; ip -n b link set v up
	tc -n a qdisc add dev v root netem rate 20mbit delay 10ms loss 1%
	tc -n b qdisc add dev v root netem rate 20mbit delay 10ms loss 1%
	ip netns exec b iperf3 -s -D
	sleep 1
	ip netns exec a iperf3 -c 10.0.0.2 -t 5 -i 0.1'
for run in 1 2 3; do
	vm -T -s $((run / 3 + 5)) -- bash -c "$LOSSY"
	check "run $run over a lossy path" [ "$STATUS" -eq 0 ]
	grep -v cookie "$TMP/out" >"$TMP/run$run"
done
check "segments were lost" grep -Eq 'sec .*bits/sec +[1-9][0-9]* +' "$TMP/run1"
check "the same seed gives the same bytes" cmp "$TMP/run1" "$TMP/run2"
check "another seed gives others" [ "$(cat "$TMP/run1")" != "$(cat "$TMP/run3")" ]

vm -k debug -- sh -c 'zcat /proc/config.gz | grep -qx CONFIG_KASAN=y && echo debug'
check "-k debug has KASAN" [ "$(cat "$TMP/out")" = debug ]

tap_end

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Everything comes and goes under full load: WANs, their settings and cables,
# devices, namespaces. Nothing breaks and nothing is left behind.
# MWBOND_DURATION: of the test with all at once, in seconds.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_one_to_eight
	test_underlay_lossless
	test_wan_add_del
	test_wan_set
	test_underlay
	test_device
	test_all_at_once
	test_namespace
)
: "${MWBOND_DURATION:=20}"

# Each test leaves two WANs that work, for the next one.
set_up()
{
	net_up 8 && bond_up 1 mode round-robin
}

# load: iperf3 in both directions at once, for ever
load()
{
	iperf_server hub
	background load_loop
}

load_loop()
{
	local child=

	trap 'kill "$child"; exit' TERM
	while :; do
		ip netns exec site iperf3 -c "$HUB4" --bidir -P 2 -t 600 \
			--connect-timeout 1000 >/dev/null 2>&1 &
		child=$!
		wait "$child"
		sleep 0.2
	done
}

# quiet COMMAND...: what may fail when somebody else was faster
quiet()
{
	"$@" >/dev/null 2>&1
}

# answered NS ADDR: ten pings
answered()
{
	ip netns exec "$1" ping -n -q -c 10 -i 0.05 -W 2 "$2" |
		grep -q ' 10 received'
}

# still_works N: after all that. What is below the bond loses packets where a
# load that nothing limits makes its queues overflow.
still_works()
{
	# One that has come and gone waits for its penalty to be over.
	wait_wans "$1" up 60000
	slowwait 10000 answered site "$HUB4" || fail "the hub does not answer"
	slowwait 10000 answered hub "$SITE4" || fail "the site does not answer"
}

# during SECONDS COMMAND: again and again, three times at least
during()
{
	local end n=0

	end=$(($(now_ms) + $1 * 1000))
	shift
	while [ "$(now_ms)" -lt "$end" ] || [ "$n" -lt 3 ]; do
		"$@"
		n=$((n + 1))
	done
	diag "$n rounds of $*"
}

# all_carry N: so many packets by each WAN of the site, heartbeats left out (its
# own, and its answers to those of the hub)
all_carry()
{
	jq -en --argjson n "$1" --argjson site "$(wans_json site)" \
		--argjson hub "$(wans_json hub)" '
		[$site[] as $wan | $hub[] | select(.name == $wan.name) |
		 $wan."tx-packets" - $wan."heartbeats-sent" -
		 ."heartbeats-sent"] | length == ($site | length) and min >= $n'
}

test_one_to_eight()
{
	local i

	stream_start site hub "$HUB4" 200 200 200
	for ((i = 2; i <= 8; i++)); do
		wan_add "$i"
	done
	wait_wans 8
	slowwait 10000 all_carry 20 || fail "not all WANs carry packets"
	for ((i = 2; i <= 8; i++)); do
		run mwbctl -n site wan del bond0 "wan$i"
	done
	wait_wans 1
	expect "WANs of the hub" "$(wans_json hub | jq length)" -eq 1
	wan_add 2
	wait_wans 2
	stream_stop
	stream_end
	stream_intact
}

replace_wan()
{
	run mwbctl -n site wan del bond0 wan2
	wan_add 2
	run mwbctl -n site wan add bond0 extra remote "10.0.3.2:$PORT"
	run mwbctl -n site wan del bond0 extra
}

test_wan_add_del()
{
	load
	during $((4 * SLOW)) replace_wan
	still_works 2
}

set_wan()
{
	run mwbctl -n site wan set bond0 wan1 weight $((RANDOM % 1000 + 1)) \
		priority $((RANDOM % 256)) heartbeat $((RANDOM % 500 + 10))
	run mwbctl -n site wan set bond0 wan2 down
	run mwbctl -n site link set bond0 mode \
		"${MODES[RANDOM % ${#MODES[@]}]}"
	run mwbctl -n site wan set bond0 wan2 "local" 10.0.2.1:$((
		RANDOM % 1000 + 7000)) up
	run mwbctl -n site link set bond0 reorder-buffer $((RANDOM % 999 + 1))
	run mwbctl -n hub link set bond0 mtu $((RANDOM % 2000 + 1280))
}
MODES=(round-robin weighted per-flow failover redundant least-used
	least-latency adaptive auto)

test_wan_set()
{
	load
	during $((4 * SLOW)) set_wan
	set_both mode round-robin mtu auto reorder-buffer 8192
	still_works 2
}

replace_cable()
{
	run ip -n site link del wan2
	wan_link 2
	sleep 0.$((RANDOM % 5))
}

test_underlay()
{
	load
	run mwbctl -n site wan set bond0 wan2 dev wan2
	during $((4 * SLOW)) replace_cable
	still_works 2
}

# Nothing but packets under way is lost when a cable is pulled.
test_underlay_lossless()
{
	local i

	stream_start site hub "$HUB4" 200 500 5
	for i in 1 2; do
		sleep 0.5
		run ip -n site link set "wan$i" down
		sleep 0.5
		run ip -n site link set "wan$i" up
		wait_wans 2
	done
	stream_end
	expect "packets lost" "${STREAM[lost]}" -lt 10
	expect "longest silence, ms" "${STREAM[gap_ms]}" -lt $((500 * SLOW))
	still_works 2
}

replace_device()
{
	case $((RANDOM % 3)) in
	0)
		run ip -n site link del bond0
		bond_add site && wan_add 1 && wan_add 2
		;;
	1)
		run ip -n hub link del bond0
		bond_add hub listen "$PORT"
		;;
	2)
		run ip -n site link set bond0 down
		run ip -n site link set bond0 up
		;;
	esac
	sleep 0.$((RANDOM % 4 + 1))
}

test_device()
{
	load
	during $((8 * SLOW)) replace_device
	still_works 2
}

# Namespaces of passers-by: they are deleted with everything in them, some with
# a device whose sockets are elsewhere.
pass_by()
{
	local ns=passer$1

	quiet ip netns add "$ns"
	quiet ip -n "$ns" link set lo up
	quiet ip -n "$ns" link add bond0 type mwbond
	quiet mwbctl -n "$ns" link set bond0 security none session 3 listen 9000
	quiet ip -n "$ns" link set bond0 up
	quiet ip -n "$ns" link add bond1 type mwbond
	quiet mwbctl -n "$ns" link set bond1 security none session 3
	quiet mwbctl -n "$ns" wan add bond1 lo remote 127.0.0.1:9000
	quiet ip -n "$ns" link set bond1 up
	quiet ip -n site link add "roam$1" type mwbond
	quiet mwbctl -n site link set "roam$1" security none \
		session $((100 + $1))
	quiet mwbctl -n site wan add "roam$1" w remote "10.0.1.2:$PORT"
	quiet ip -n site link set "roam$1" up
	quiet ip -n site link set "roam$1" netns "$ns"
	quiet ip -n "$ns" link set "roam$1" up
	sleep 0.$((RANDOM % 3))
	quiet ip netns del "$ns"
}

for_seconds()
{
	local end

	end=$(($(now_ms) + $1 * 1000))
	shift
	while [ "$(now_ms)" -lt "$end" ]; do
		"$@"
	done
}

round()
{
	quiet mwbctl -n site wan del bond0 wan2
	quiet mwbctl -n site wan add bond0 wan2 remote "10.0.2.2:$PORT"
	quiet mwbctl -n site wan set bond0 wan1 weight $((RANDOM % 1000 + 1))
	quiet mwbctl -n site link set bond0 mode \
		"${MODES[RANDOM % ${#MODES[@]}]}"
	quiet mwbctl -n hub wan show
	case $((RANDOM % 8)) in
	0) replace_device ;;
	1) replace_cable ;;
	esac
}

test_all_at_once()
{
	local jobs=()

	load
	for_seconds "$MWBOND_DURATION" pass_by 1 >/dev/null 2>&1 &
	jobs+=("$!")
	for_seconds "$MWBOND_DURATION" pass_by 2 >/dev/null 2>&1 &
	jobs+=("$!")
	for_seconds "$MWBOND_DURATION" quiet mwbctl -n site -j stats bond0 &
	jobs+=("$!")
	for_seconds "$MWBOND_DURATION" round
	refused 1 'in use' rmmod mwbond
	wait "${jobs[@]}"
	set_both mode round-robin
	still_works 2
}

# flood: the hub sends as fast as it can, with nobody at the other end
flood()
{
	in_background hub udpstream -r 50000 -s 1000 -n 4000000 "$1" \
		>/dev/null 2>&1
}

site_is_gone()
{
	! ip -n hub link show wan1
}

# The site's namespace is emptied while the hub sends into it; then that of the
# sockets only, the device being elsewhere.
test_namespace()
{
	flood "$SITE4"
	sleep 0.5
	run ip netns del site
	slowwait 20000 site_is_gone || fail "the namespace does not go"

	ns_add inside && ns_add site && wan_link 1 && wan_link 2 || return
	bond_add site && wan_add 1 && wan_add 2 && wait_wans 2 || return
	run ip -n site link set bond0 netns inside
	run ip -n inside addr add "$SITE4/24" dev bond0
	run ip -n inside link set bond0 up
	busywait $((5000 * SLOW)) carrier_is inside 1 || fail "no carrier"
	run ip netns del site
	slowwait 20000 site_is_gone || fail "the namespace does not go"
	busywait 5000 carrier_is inside 0 || fail "carrier without sockets"
	run ip netns del inside
	stop "$BG"

	ns_add site && wan_link 1 && wan_link 2 || return
	bond_add site && wan_add 1 && wan_add 2 || return
	still_works 2
}

ktap_main "$@"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Many devices behind one port of the hub. They have the addresses
# 192.168.N.1 at the site and 192.168.N.2 at the hub, and the session number N.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_two
	test_same_number
	test_one_leaves
	test_fifty
	test_nothing_grows
)

set_up()
{
	net_up 1
}

# pair N: device bondN at both ends
pair()
{
	local dev=bond$1

	run ip -n hub link add "$dev" type mwbond &&
	run ip -n site link add "$dev" type mwbond || return
	defer ip -n hub link del "$dev"
	defer ip -n site link del "$dev"
	run mwbctl -n hub link set "$dev" security none session "$1" \
		listen "$PORT" &&
	run mwbctl -n site link set "$dev" security none session "$1" &&
	run mwbctl -n site wan add "$dev" w remote "10.0.1.2:$PORT" \
		"local" 10.0.1.1 || return
	ip -n hub addr add "192.168.$1.2/24" dev "$dev"
	ip -n site addr add "192.168.$1.1/24" dev "$dev"
	run ip -n hub link set "$dev" up
	run ip -n site link set "$dev" up
}

answers()
{
	site ping -n -q -c 1 -W 1 "192.168.$1.2"
}

received()
{
	ip -n hub -s -j link show "bond$1" | jq '.[0].stats64.rx.packets'
}

test_two()
{
	local before

	pair 1 && pair 2 || return
	busywait 5000 answers 1 || fail "bond1 does not work"
	busywait 5000 answers 2 || fail "bond2 does not work"
	# What is meant for the one does not come out of the other.
	before=$(received 2)
	stream site hub 192.168.1.2 500 500 2
	stream_complete
	expect "packets on bond2" $(($(received 2) - before)) -lt 20
	expect "packets on bond1" "$(received 1)" -ge 1000
}

test_same_number()
{
	pair 1 || return
	run ip -n hub link add bond2 type mwbond || return
	defer ip -n hub link del bond2
	refused 1 session mwbctl -n hub link set bond2 security none session 1 \
		listen "$PORT"
	run mwbctl -n hub link set bond2 security none session 1 listen 5001
	busywait 5000 answers 1 || fail "bond1 does not work"
}

test_one_leaves()
{
	pair 1 && pair 2 && pair 3 || return
	busywait 5000 answers 1 || fail "bond1 does not work"
	busywait 5000 answers 2 || fail "bond2 does not work"
	stream_start site hub 192.168.2.2 500 500 2
	sleep 0.5
	run ip -n hub link del bond1
	sleep 0.3
	run ip -n hub link set bond3 down
	stream_end
	stream_complete
	answers 1 >/dev/null && fail "bond1 answers though it is gone"
	same "handshakes of bond2" "$(counter hub handshakes bond2)" 1
}

all_answer()
{
	while answers "$ANSWERED"; do
		ANSWERED=$((ANSWERED + 1))
		[ "$ANSWERED" -le 50 ] || return 0
	done
	return 1
}

# many N NS HOST: the commands for so many devices, for ip -batch
many()
{
	local n listen=

	[ "$2" = site ] || listen="listen $PORT"
	for ((n = 1; n <= $1; n++)); do
		echo "link add bond$n type mwbond security none session $n $listen"
		echo "addr add 192.168.$n.$3/24 dev bond$n"
		echo "link set bond$n up"
	done
}

# many_up N
many_up()
{
	local n

	run ip -n site -batch - <<<"$(many "$1" site 1)" &&
	run ip -n hub -batch - <<<"$(many "$1" hub 2)" || return
	for ((n = 1; n <= $1; n++)); do
		run mwbctl -n site wan add "bond$n" w remote "10.0.1.2:$PORT"
	done
}

# many_down N
many_down()
{
	local n ns

	for ns in site hub; do
		run ip -n "$ns" -batch - <<<"$(
			for ((n = 1; n <= $1; n++)); do
				echo "link del bond$n"
			done)"
	done
}

have_sessions()
{
	[ "$(mwbctl -n hub -j link show |
		jq '[.[] | select(.established)] | length')" -eq "$1" ]
}

test_fifty()
{
	local n start

	start=$(now_ms)
	many_up 50 || return
	diag "made in $(($(now_ms) - start)) ms"
	ANSWERED=1
	busywait $((30000 * SLOW)) all_answer ||
		fail "bond$ANSWERED does not work"
	for n in 7 50; do
		stream site hub "192.168.$n.2" 300 500 1
		stream_complete
	done
	have_sessions 50 || fail "not all have a session"
	same "handshakes" "$(for ((n = 1; n <= 50; n++)); do
		hub ethtool -S "bond$n"
	done | awk '$1 == "handshakes:" { n += $2 } END { print n }')" 50
	expect "UDP sockets on the port" "$(hub ss -lunH "sport = :$PORT" |
		wc -l)" -le 2
	many_down 50
}

# slabs: objects in the caches that ours come from, by name. Those of small
# objects vary too much by themselves.
slabs()
{
	local shrink

	for shrink in /sys/kernel/slab/*/shrink; do
		echo 1 >"$shrink"
	done 2>/dev/null
	awk '/^(kmalloc-|UDP|sock_inode_cache|skbuff|ip_dst|ip6_dst)/ &&
		!/-cg-/ && $4 >= 128 { print $1, $2 }' /proc/slabinfo | sort
}

come_and_go()
{
	many_up "$1" || return
	slowwait 10000 have_sessions "$1" || fail "not all have a session"
	site ping -n -q -c 3 -i 0.01 -W 2 192.168.1.2 >/dev/null
	many_down "$1"
}

# What each of 25 devices leaves behind shows every time that they come and go.
# Other things of the kernel are in these caches, too, but do not grow like that.
test_nothing_grows()
{
	local i before after='' grown

	if grep -qw kasan_init /proc/kallsyms; then
		skip "KASAN keeps what is freed"
		return
	fi
	for i in 1 2 3 4 5; do
		before=$after
		come_and_go 25
		# What is freed late takes its time.
		sleep 5
		after=$(slabs)
		[ -n "$before" ] || continue
		grown=$(join <(echo "$before") <(echo "$after") |
			awk '$3 - $2 >= 25')
		[ -n "$grown" ] || return
	done
	fail "objects after 25 devices: $grown"
}

ktap_main "$@"

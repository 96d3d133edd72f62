#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The control plane: what is refused and with which words, that nothing changes
# by it, what a second, independent client sees, events, and namespaces.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_mwbctl_refused
	test_plugin
	test_plugin_refused
	test_listen_conflicts
	test_kernel_refused
	test_own_listener
	test_peers_wan
	test_independent_dump
	test_raw_refused
	test_unprivileged
	test_settings_stay
	test_first_rate
	test_use
	test_events
	test_other_namespace
	test_namespace_gone
)

set_up()
{
	net_up 2 && bond_up 2
}

# All that can be set, at both ends
state()
{
	local ns

	for ns in site hub; do
		mwbctl -n "$ns" -j link show | jq -S '[.[] | {ifname, mode,
			security, session, "listen-port", "mtu-auto", mtu,
			"reorder-buffer", "reorder-timeout", "skew-budget"}]'
		wans_json "$ns" | jq -S '[.[] | {name, id, remote, "remote-ipv4",
			"remote-port", "local-ipv4", "local-port", dev, fwmark,
			type, weight, priority, rate, heartbeat, failures,
			"admin-up"}]'
		mwbctl -n "$ns" -j class show
	done
}

# all_refused PREFIX: lines "STATUS|REGEX|ARGUMENTS" on standard input
all_refused()
{
	local status regex args before

	before=$(state)
	while IFS='|' read -r status regex args; do
		[ -n "$args" ] || continue
		# shellcheck disable=SC2086
		refused "$status" "$regex" "$@" $args
	done
	[ "$before" = "$(state)" ] || {
		fail "something changed"
		diag "$(diff <(echo "$before") <(state))"
	}
}

test_mwbctl_refused()
{
	all_refused mwbctl -n site <<-'END'
	2|usage|nonsense
	2|usage|link nonsense
	2|usage|wan nonsense bond0
	2|nonsense|link set bond0 nonsense 1
	2|mode|link set bond0 mode
	1|mode.*nonsense|link set bond0 mode nonsense
	1|mode|link set bond0 mode 1
	1|security.*noise|link set bond0 security tls
	1|session.*1-4294967295|link set bond0 session 0
	1|session.*1-4294967295|link set bond0 session 4294967296
	1|session.*number|link set bond0 session seven
	1|session.*number|link set bond0 session -1
	1|session.*number|link set bond0 session 7x
	1|listen.*65535|link set bond0 listen 65536
	1|listen|link set bond0 listen 10.0.1.1
	1|listen.*address|link set bond0 listen 10.0.1.256:5000
	1|listen|link set bond0 listen [fd00::g]:5000
	1|listen.*bracket|link set bond0 listen fd00::1:5000
	1|mtu.*68-9000|link set bond0 mtu 67
	1|mtu.*68-9000|link set bond0 mtu 9001
	1|reorder-buffer.*1-16384|link set bond0 reorder-buffer 0
	1|reorder-buffer.*1-16384|link set bond0 reorder-buffer 16385
	1|reorder-timeout.*0-10000|link set bond0 reorder-timeout 10001
	1|reorder-timeout.*time|link set bond0 reorder-timeout 1h
	1|reorder-timeout.*millisecond|link set bond0 reorder-timeout 0.5ms
	1|skew-budget.*0-1000|link set bond0 skew-budget 1001
	1|skew-budget.*time|link set bond0 skew-budget off
	1|.|link set bond9 mode weighted
	1|.|link show bond9
	1|.|link set lo mode weighted
	2|.|wan add bond0
	2|remote|wan add bond0 x
	1|remote.*port|wan add bond0 x remote 10.0.1.2
	1|remote|wan add bond0 x remote 10.0.1.2:0
	1|remote|wan add bond0 x remote nowhere:5000
	1|local|wan add bond0 x remote 10.0.1.2:5000 local nowhere
	1|.|wan add bond0 wan1 remote 10.0.1.2:5000
	1|.|wan add bond0 a-name-that-is-too-long remote 10.0.1.2:5000
	1|id.*1-127|wan add bond0 x remote 10.0.1.2:5000 id 0
	1|id.*1-127|wan add bond0 x remote 10.0.1.2:5000 id 128
	1|.|wan add bond0 x remote 10.0.1.2:5000 id 1
	1|type.*carrier-pigeon|wan add bond0 x remote 10.0.1.2:5000 type carrier-pigeon
	1|weight.*1-1000|wan add bond0 x remote 10.0.1.2:5000 weight 0
	1|weight.*1-1000|wan add bond0 x remote 10.0.1.2:5000 weight 1001
	1|priority.*0-255|wan add bond0 x remote 10.0.1.2:5000 priority 256
	1|heartbeat.*10-30000|wan add bond0 x remote 10.0.1.2:5000 heartbeat 9
	1|heartbeat.*10-30000|wan add bond0 x remote 10.0.1.2:5000 heartbeat 2min
	1|failures.*1-100|wan add bond0 x remote 10.0.1.2:5000 failures 0
	1|failures.*1-100|wan add bond0 x remote 10.0.1.2:5000 failures 101
	1|fwmark|wan add bond0 x remote 10.0.1.2:5000 fwmark 0x1ffffffff
	1|rate.*rate|wan add bond0 x remote 10.0.1.2:5000 rate fast
	1|dev|wan add bond0 x remote 10.0.1.2:5000 dev an-interface-name
	1|.|wan add bond0 x remote 10.0.1.2:5000 local [fd00:1::1]
	1|.|wan set bond0 nobody weight 5
	1|weight|wan set bond0 wan1 weight 5000
	1|.|wan set bond0 wan1 local [fd00:1::1]
	1|.|wan set bond0 wan1 priority 999 weight 5
	1|.|wan del bond0 nobody
	1|.|wan show bond0 nobody
	1|.|wan show bond9
	2|match|class add bond0 c order off
	1|prio.*0-255|class add bond0 c match prio 0-256
	1|prio.*ends|class add bond0 c match prio 9-8
	1|dscp|class add bond0 c match dscp 64
	1|mark|class add bond0 c match mark 3/2
	1|NAME.*blanks|class add bond0 ä match mark 3
	1|wan.*blanks|class add bond0 c match mark 3 wan ä
	1|order.*auto, off, on|class add bond0 c match mark 3 order no
	1|max-delay.*0-10000|class add bond0 c match mark 3 max-delay 11s
	1|duplicate.*1-16|class add bond0 c match mark 3 duplicate 17
	1|priority.*0-255|class add bond0 c match mark 3 priority 256
	1|NAME.*no class|class set bond0 c order on
	1|NAME.*no class|class del bond0 c
	1|NAME.*no class|class show bond0 c
	1|no such device|class show bond9
	1|DEV.*no such|class add bond9 c match mark 3
	END
	refused 1 . mwbctl -n nowhere link show
}

test_plugin()
{
	run ip -n site link add bond1 type mwbond mode failover session 99 \
		security none listen 6000 reorder-buffer 77 \
		reorder-timeout 30ms skew-budget 70ms || return
	defer ip -n site link del bond1
	run ip -n site -d link show bond1
	for word in "mwbond" "mode failover" "session 99" "security none" 6000 \
		    "reorder-buffer 77" "reorder-timeout" "skew-budget 70"; do
		[[ $OUT == *"$word"* ]] || fail "no $word in: $OUT"
	done
	run ip -n site link set bond1 type mwbond mode redundant
	same "mode" "$(link_value site mode bond1)" redundant
	same "session" "$(link_value site session bond1)" 99
	run ip -n site link set bond1 type mwbond mode auto
	same "mode" "$(link_value site mode bond1)" auto
	run ip -n site link set bond1 type mwbond mode redundant
	same "skew-budget" "$(link_value site skew-budget bond1)" 70
	run mwbctl -n site link set bond1 skew-budget 0
	same "skew-budget" "$(link_value site skew-budget bond1)" 0
	same "its default" "$(link_value site skew-budget bond0)" 40
	run ip link help mwbond
	run ip -n site -d -j link show bond1
	same "JSON" "$(jq -r '.[0].linkinfo.info_data.mode' <<<"$OUT")" redundant
}

test_plugin_refused()
{
	all_refused ip -n site link <<-'END'
	1|mode|add bond1 type mwbond mode nonsense
	1|session|add bond1 type mwbond session 0
	1|nonsense|add bond1 type mwbond nonsense
	1|reorder-buffer|set bond0 type mwbond reorder-buffer 99999
	1|skew-budget|set bond0 type mwbond skew-budget 1001
	1|session|set bond0 type mwbond session 5 session
	END
	refused 1 'does not exist' ip -n site link show bond1
}

test_listen_conflicts()
{
	run ip -n hub link add bond1 type mwbond || return
	defer ip -n hub link del bond1
	refused 1 session mwbctl -n hub link set bond1 security none \
		session "$SESSION" listen "$PORT"
	same "listen-port after the refusal" \
		"$(link_value hub listen-port bond1)" 0
	run mwbctl -n hub link set bond1 security none session 8 listen "$PORT"
	refused 1 session mwbctl -n hub link set bond1 session "$SESSION"
	same "session after the refusal" "$(link_value hub session bond1)" 8
	# A port that somebody else has
	in_background hub udpstream -l -p 5555 >/dev/null
	busywait 3000 has_udp hub 5555
	refused 1 'in use|listen' mwbctl -n hub link set bond1 listen 5555
	same "listen-port" "$(link_value hub listen-port bond1)" "$PORT"
}

has_udp()
{
	ip netns exec "$1" ss -lunH "sport = :$2" | grep -q .
}

test_kernel_refused()
{
	# What only the kernel can know
	refused 2 . ip -n site link set bond0 mtu 67
	refused 2 . ip -n site link set bond0 mtu 9001
	same "mtu" "$(mtu_of site bond0)" 1408
	refused 1 . mwbctl -n hub wan set bond0 wan1 heartbeat 50ms
	refused 1 . mwbctl -n hub wan set bond0 wan1 remote "10.0.1.1:$PORT"
	refused 1 'has the local address' mwbctl -n site wan add bond0 x \
		remote "10.0.1.2:$PORT" "local" 10.0.1.77
	refused 1 'in use' mwbctl -n hub wan add bond0 x \
		remote "10.0.1.1:$PORT" "local" "10.0.1.2:$PORT"
	refused 1 'listening address' mwbctl -n site link set bond0 \
		listen "10.0.1.77:$PORT"
}

# A device would be its own peer: refused, or where that is found out late,
# counted and reported.
test_own_listener()
{
	local remote refusals

	run ip -n site link add bond1 type mwbond || return
	defer ip -n site link del bond1
	run mwbctl -n site link set bond1 security none session 9 listen 6000
	for remote in 127.0.0.1 10.0.1.1 '[::1]' '[fd00:2::1]'; do
		refused 1 'listens itself' mwbctl -n site wan add bond1 self \
			remote "$remote:6000"
	done
	run mwbctl -n site wan add bond1 self remote 10.0.1.1:6001
	refused 1 'listens itself' mwbctl -n site wan set bond1 self \
		remote 10.0.1.1:6000
	refused 1 'remote address of a WAN' mwbctl -n site link set bond1 \
		listen 6001
	same "listen-port" "$(link_value site listen-port bond1)" 6000
	# Nobody else's address is meant by that.
	run mwbctl -n site wan set bond1 self remote 10.0.1.2:6000
	run mwbctl -n site wan set bond1 self remote 10.99.0.1:6000

	events_start site
	run ip -n site addr add 10.99.0.1/32 dev lo
	defer ip -n site addr del 10.99.0.1/32 dev lo
	refusals=$(counter site rx_handshake bond1)
	run ip -n site link set bond1 up
	wait_event wan-loop '.name == "self"'
	sleep 2
	same established "$(link_value site established bond1)" false
	expect "initiations dropped" "$(counter site rx_handshake bond1)" -gt \
		"$((refusals + 2))"
	same WANs "$(wans_json site bond1 | jq length)" 1
}

# It would be announced again.
test_peers_wan()
{
	refused 1 "peer's" mwbctl -n hub wan del bond0 wan1
	run mwbctl -n hub wan set bond0 wan1 down
	refused 1 "peer's" mwbctl -n hub wan del bond0 wan1
	run mwbctl -n hub wan set bond0 wan1 up
	wait_wans 2
	# But one that is down may be left over.
	run mwbctl -n site wan set bond0 wan1 down
	slowwait 5000 wans_are hub down 1 || fail "the hub does not notice"
	run mwbctl -n hub wan del bond0 wan1
	expect "WANs of the hub" "$(wans_json hub | jq length)" -eq 1
	run mwbctl -n site wan set bond0 wan1 up
	wait_wans 2
}

test_independent_dump()
{
	local ns theirs ours keys number

	run ip -n hub link add other type mwbond || return
	defer ip -n hub link del other
	for ns in site hub; do
		theirs=$(ip netns exec "$ns" nlclient devs |
			jq -S '[.[] | {ifindex, ifname, session, mtu,
			"wan-count", "reorder-buffer", "reorder-timeout", "skew-budget",
			"listen-port"}]')
		ours=$(mwbctl -n "$ns" -j link show |
			jq -S '[.[] | {ifindex, ifname, session, mtu,
			"wan-count", "reorder-buffer", "reorder-timeout", "skew-budget",
			"listen-port"}]')
		same "devices in $ns" "$ours" "$theirs"
		keys='[.[] | {ifname, name, id, weight, priority, heartbeat,
			failures, "wire-id", mtu, downs}]'
		theirs=$(ip netns exec "$ns" nlclient wans | jq -S "$keys")
		ours=$(wans_json "$ns" | jq -S "$keys")
		same "WANs in $ns" "$ours" "$theirs"
		expect "WANs in $ns" "$(jq length <<<"$theirs")" -eq 2
	done
	expect "devices of the hub" "$(hub nlclient devs | jq length)" -eq 2
	expect "WANs of other" "$(hub nlclient wans other | jq length)" -eq 0
	same "remote address" "$(site nlclient wans bond0 |
		jq -r '.[0]."remote-ipv4"')" 10.0.1.2
	same "mode" "$(site nlclient devs | jq -r '.[0].mode')" 8
	# A counter, by its number, against ethtool
	number=$(sed -n '/^enum mwbond_a_stats/,/HANDSHAKES/p' \
		"$TOP/include/uapi/linux/mwbond.h" | grep -c MWBOND_A_STATS_)
	same "handshakes" \
		"$(site nlclient devs | jq -r --arg n "$number" '.[0].stats[$n]')" \
		"$(counter site handshakes)"
}

# raw_refused ERROR ATTR TEXT ARGUMENT...: by nlclient, in the namespace NS or
# at the site; ATTR - for any
raw_refused()
{
	local error=$1 attr=$2 text=$3 out

	shift 3
	out=$(ip netns exec "${NS-site}" nlclient raw "$@" 2>&1)
	[[ $out == "error=$error "* ]] || fail "$*: $out, not error $error"
	[ "$attr" = - ] || [[ $out == *" attr=$attr "* ]] ||
		fail "$*: $out does not blame attribute $attr"
	grep -Eqi "text=.*($text)" <<<"$out" || fail "$*: $out, not '$text'"
}

test_raw_refused()
{
	local before

	run ip -n hub link add bond1 type mwbond || return
	defer ip -n hub link del bond1
	run mwbctl -n hub link set bond1 security none session 8 listen "$PORT"
	in_background hub udpstream -l -p 5555 -w 300 >/dev/null
	busywait 3000 has_udp hub 5555
	before=$(state)
	# DEV_GET 1, DEV_SET 2, WAN_GET 3, WAN_ADD 4, WAN_SET 5, WAN_DEL 6,
	# CLASS_GET 8, CLASS_ADD 9, CLASS_SET 10, CLASS_DEL 11.
	# Neither ifindex nor ifname; both, of different devices; none such
	raw_refused 22 - . 1
	raw_refused 22 - . 2 3=u32:1
	raw_refused 19 2 . 1 2=str:nobody
	raw_refused 19 1 . 1 1=u32:9999
	raw_refused 34 1 . 1 1=u32:0
	# A device of another kind
	raw_refused 95 2 . 1 2=str:wan1
	# Ranges
	raw_refused 34 3 . 2 2=str:bond0 3=u32:9
	raw_refused 34 4 . 2 2=str:bond0 4=u32:2
	raw_refused 34 5 . 2 2=str:bond0 5=u32:0
	raw_refused 34 10 . 2 2=str:bond0 10=u32:9001
	raw_refused 34 11 . 2 2=str:bond0 11=u32:16385
	raw_refused 34 12 . 2 2=str:bond0 12=u32:10001
	# Lengths
	raw_refused 22 3 . 2 2=str:bond0 3=u8:1
	raw_refused 22 5 . 2 2=str:bond0 5=hex:010203
	raw_refused 34 8 . 2 2=str:bond0 8=hex:fd00
	raw_refused 22 2 . 1 2=str:a-name-that-is-too-long
	# Unknown attributes, and some that only answers have
	raw_refused 22 99 . 2 2=str:bond0 99=u32:1
	raw_refused 22 13 . 2 2=str:bond0 13=u8:1
	raw_refused 22 16 . 2 2=str:bond0 16=nest:
	# Missing ones
	raw_refused 22 - . 3 2=str:bond0
	raw_refused 22 - . 4 2=str:bond0 3=str:x
	raw_refused 22 - . 4 2=str:bond0 3=str:x 5=hex:0a000102
	raw_refused 22 - . 4 2=str:bond0 5=hex:0a000102 7=u16:0x8813
	raw_refused 22 - . 6 2=str:bond0
	# Contradictions
	raw_refused 22 - . 4 2=str:bond0 3=str:x 5=hex:0a000102 \
		6=hex:fd000001000000000000000000000002 7=u16:5000
	raw_refused 22 - . 4 2=str:bond0 3=str:x 5=hex:0a000102 7=u16:5000 \
		10=hex:fd000001000000000000000000000001
	# What is taken, or not there
	raw_refused 17 3 . 4 2=str:bond0 3=str:wan1 5=hex:0a000102 7=u16:5000
	raw_refused 17 4 . 4 2=str:bond0 3=str:x 4=u32:1 5=hex:0a000102 \
		7=u16:5000
	raw_refused 99 9 . 4 2=str:bond0 3=str:x 5=hex:0a000102 7=u16:5000 \
		9=hex:0a00014d
	raw_refused 99 7 . 2 2=str:bond0 6=u16:5000 7=hex:0a00014d
	raw_refused 22 4 . 5 2=str:bond0 3=str:wan1 4=u32:5
	NS=hub raw_refused 17 5 . 2 2=str:bond1 "5=u32:$SESSION"
	NS=hub raw_refused 98 6 . 2 2=str:bond1 6=u16:5555
	NS=hub raw_refused 95 18 . 5 2=str:bond0 3=str:wan1 15=u32:5 18=u32:50
	NS=hub raw_refused 95 3 . 6 2=str:bond0 3=str:wan1
	raw_refused 2 3 . 6 2=str:bond0 3=str:nobody
	# Classes: something to match is missing, or too much of it
	raw_refused 22 - name 9 2=str:bond0 6=u64:1
	raw_refused 22 - 'something to match' 9 2=str:bond0 3=str:c
	raw_refused 22 6 'one of' 9 2=str:bond0 3=str:c 4=u32:1 5=u32:2 6=u64:1
	raw_refused 22 7 'one of' 9 2=str:bond0 3=str:c 6=u64:1 7=u32:1
	raw_refused 22 - 'both ends' 9 2=str:bond0 3=str:c 4=u32:1
	raw_refused 22 - 'both ends' 9 2=str:bond0 3=str:c 5=u32:1
	raw_refused 22 5 'before it begins' 9 2=str:bond0 3=str:c 4=u32:2 \
		5=u32:1
	raw_refused 22 - 'needs a mark' 9 2=str:bond0 3=str:c 8=u32:1
	raw_refused 22 8 'bits' 9 2=str:bond0 3=str:c 7=u32:3 8=u32:2
	raw_refused 34 4 . 9 2=str:bond0 3=str:c 4=u32:256 5=u32:256
	raw_refused 34 6 . 9 2=str:bond0 3=str:c 6=u64:0
	raw_refused 34 9 . 9 2=str:bond0 3=str:c 6=u64:1 9=u32:3
	raw_refused 34 11 . 9 2=str:bond0 3=str:c 6=u64:1 11=u32:10001
	raw_refused 34 13 . 9 2=str:bond0 3=str:c 6=u64:1 13=u32:257
	raw_refused 22 3 blanks 9 2=str:bond0 3=str:a/b 6=u64:1
	raw_refused 22 12 blanks 9 2=str:bond0 3=str:c 6=u64:1 12=str:a/b
	raw_refused 2 3 . 10 2=str:bond0 3=str:c 9=u32:1
	raw_refused 2 3 . 11 2=str:bond0 3=str:c
	raw_refused 22 - name 11 2=str:bond0
	raw_refused 95 - '' 77 2=str:bond0
	# An address that no peer can have
	raw_refused 22 5 . 4 2=str:bond0 3=str:x 5=hex:00000000 7=u16:5000
	raw_refused 22 5 . 4 2=str:bond0 3=str:x 5=hex:e0000001 7=u16:5000
	raw_refused 22 5 . 4 2=str:bond0 3=str:x 5=hex:ffffffff 7=u16:5000
	same "state" "$(state)" "$before"
}

test_unprivileged()
{
	local out

	# Readable by all, writable by none of them
	out=$(site setpriv --reuid 65534 --regid 65534 --clear-groups \
		nlclient devs 2>&1) || fail "dump without privileges: $out"
	out=$(site setpriv --reuid 65534 --regid 65534 --clear-groups \
		nlclient raw 2 2=str:bond0 3=u32:1 2>&1)
	[[ $out == "error=1 "* ]] || fail "set without privileges: $out"
	# Root of another user namespace only
	out=$(site unshare -U -r nlclient raw 2 2=str:bond0 3=u32:1 2>&1)
	[[ $out == "error=1 "* ]] || fail "set from a user namespace: $out"
	out=$(site unshare -U -r mwbctl wan del bond0 wan1 2>&1) &&
		fail "a WAN was removed from a user namespace"
	out=$(site unshare -U -r mwbctl class add bond0 c match prio 1-2 2>&1) &&
		fail "a class was added from a user namespace"
	same "mode" "$(link_value site mode)" auto
	# Root of the user namespace that has the network namespace may
	out=$(unshare -U -r -n sh -c 'ip link add b0 type mwbond &&
		mwbctl link set b0 mode redundant security none session 1 &&
		mwbctl wan add b0 w remote 10.9.9.9:5000 &&
		mwbctl -j link show b0' 2>&1) || fail "own namespace: $out"
	[[ $out == *redundant* ]] || fail "own namespace: $out"
}

test_settings_stay()
{
	run mwbctl -n site wan set bond0 wan1 weight 250 priority 7 \
		heartbeat 100ms failures 9 type lte rate 40mbit
	same weight "$(wan site wan1 weight)" 250
	same priority "$(wan site wan1 priority)" 7
	same heartbeat "$(wan site wan1 heartbeat)" 100
	same failures "$(wan site wan1 failures)" 9
	same type "$(wan site wan1 type)" lte
	same rate "$(wan site wan1 rate)" 5000000
	busywait 3000 weight_is_known || fail "the hub is not told of the weight"
	run mwbctl -n site wan set bond0 wan1 weight 100 priority 100 \
		heartbeat 200ms failures 3 type unspec rate 0
	same name "$(wan site wan1 name)" wan1
	# The session outlives all of that
	same "handshakes" "$(counter site handshakes)" 1
	pings site 5 0.05 "$HUB4"
}

weight_is_known()
{
	[ "$(wan hub wan1 weight)" = 250 ]
}

# What the rate begins with: usual for the type, no more than is configured
test_first_rate()
{
	local line rate type

	for line in unspec:1250000 fiber:6250000 lte:625000 satellite:250000; do
		type=${line%:*} rate=${line#*:}
		run mwbctl -n site wan add bond0 x remote 10.0.1.99:5000 \
			type "$type"
		same "$type" "$(wan site x tx-rate)" "$rate"
		run mwbctl -n site wan set bond0 x rate 1mbit
		same "$type, 1mbit" "$(wan site x tx-rate)" 125000
		run mwbctl -n site wan set bond0 x rate 0 type cable
		same "$type, then cable" "$(wan site x tx-rate)" 2500000
		same "$type, starting" "$(wan site x tx-starting)" true
		same "$type, nothing reported" "$(wan site x tx-delivery)" null
		run mwbctl -n site wan del bond0 x
	done
}

test_use()
{
	run mwbctl -n site link set bond0 mode weighted
	wait_use 1 by-mode
	run mwbctl -n site link set bond0 mode failover
	run mwbctl -n site wan set bond0 wan1 priority 7
	wait_use 1 by-mode
	wait_use 2 standby
	run mwbctl -n site wan set bond0 wan1 priority 200
	wait_use 1 standby
	wait_use 2 by-mode
	run mwbctl -n site wan set bond0 wan1 priority 100

	run mwbctl -n site link set bond0 mode auto
	wait_use 1 in-time
	wait_use 2 in-time
	run mwbctl -n site wan set bond0 wan2 down
	wait_use 2 off
	run mwbctl -n site wan set bond0 wan2 up
	wait_use 2 in-time
	run ip -n hub link set wan2 down
	wait_use 2 no-answer
	run ip -n hub link set wan2 up
	wait_use 2 in-time
	run mwbctl -n site wan add bond0 x remote 10.0.1.2:5000 dev none
	same "without its interface" "$(wan site x tx-use)" no-underlay
	run mwbctl -n site wan del bond0 x
}

test_events()
{
	events_start site
	run mwbctl -n site wan del bond0 wan2
	wait_event wan-removed '.name == "wan2"'
	wan_add 2
	wait_event wan-added '.name == "wan2"'
	wait_event wan-state '.name == "wan2" and .state == "up"'
	run ip -n hub link set wan2 down
	wait_event wan-state '.name == "wan2" and .state == "down"'
	run ip -n hub link set wan2 up
	wait_wans 2
	run ip -n hub link set bond0 down
	wait_event session-closed
	run ip -n hub link set bond0 up
	wait_event session-established
	stop "$BG"
	jq -e . "$EVENTS" >/dev/null || fail "not JSON: $(cat "$EVENTS")"
	ip -n hub addr replace fd77::2/64 dev bond0 nodad
	wait_wans 2
}

test_other_namespace()
{
	ns_add inside || return
	# Sockets stay where the device was made.
	run ip -n site link set bond0 netns inside || return
	run ip -n inside addr add "$SITE4/24" dev bond0
	run ip -n inside link set bond0 up
	busywait 5000 ip netns exec inside ping -c 1 -W 1 "$HUB4" ||
		fail "no packets from the other namespace"
	pings inside 5 0.05 "$HUB4"
	expect "WANs" "$(wans_json inside | jq length)" -eq 2
	refused 1 . mwbctl -n site link show bond0
	run mwbctl -n inside wan set bond0 wan1 weight 100
	run ip -n inside link set bond0 netns site
	run ip -n site addr add "$SITE4/24" dev bond0
	run ip -n site addr add "$SITE6/64" dev bond0 nodad
	run ip -n site link set bond0 up
	wait_wans 2
}

test_namespace_gone()
{
	ns_add inside || return
	run ip -n site link set bond0 netns inside || return
	run ip -n inside addr add "$SITE4/24" dev bond0
	run ip -n inside link set bond0 up
	busywait 5000 carrier_is inside 1 || fail "no carrier"
	run ip netns del site
	busywait 5000 carrier_is inside 0 || fail "carrier without sockets"
	run mwbctl -n inside link show bond0
	refused 1 . mwbctl -n inside wan add bond0 x remote "10.0.1.2:$PORT"
	run ip -n inside link set bond0 down
	run ip -n inside link set bond0 up
	run ip -n inside link del bond0
}

ktap_main "$@"

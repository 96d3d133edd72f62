#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every allocation of the kernel for a request or a packet fails in turn, until
# there is none left to fail. A request that fails says so and changes nothing;
# one that does not fail has done all. Needs a kernel with fault injection.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_load
	test_link_add
	test_link_set
	test_link_up
	test_wan_add
	test_wan_set
	test_wan_del
	test_underlay
	test_show
	test_events
	test_packets
	test_work
)

DEBUG=/sys/kernel/debug
NOTE=$(mktemp)
SHIM=$MWBOND_BIN/failnth.so
trap 'rm -f "$NOTE"' EXIT

# Not only allocations that may not wait fail, and of pages any.
set_up()
{
	[ -d "$DEBUG/failslab" ] || bail "this kernel has no fault injection"
	[ -f "$SHIM" ] || bail "no $SHIM: make -C selftests"
	echo N | tee "$DEBUG"/{failslab,fail_page_alloc}/ignore-gfp-wait \
		"$DEBUG/fail_page_alloc/ignore-gfp-highmem" >/dev/null
	echo 0 | tee "$DEBUG"/{failslab,fail_page_alloc}/verbose \
		"$DEBUG/fail_page_alloc/min-order" >/dev/null
	net_up 2 || return
	in_background site sleep infinity
	SITE=/proc/$BG
	busywait 5000 in_site || fail "no process in the site"
}

# in_site: has the process that stands for the site arrived there?
in_site()
{
	grep -q wan1 "$SITE/net/dev"
}

# failing N COMMAND...: with allocation N failing, if there are as many. When it
# is netlink's answer that gets lost, ip waits for it for ever. Sets
# STATUS, OUT, FAULT to whether one failed, and LEFT to how many there were less
failing()
{
	local n=$1 line

	shift
	: >"$NOTE"
	OUT=$(FAIL_NTH=$n FAIL_NOTE=$NOTE LD_PRELOAD=$SHIM \
		timeout 20 "$@" 2>&1)
	STATUS=$?
	LEFT=$n
	while read -r line; do
		LEFT=$line
	done <"$NOTE"
	FAULT=$((LEFT == 0))
}

# state: what is configured at the site, and its sockets (how many, and the sum
# of their addresses). It is asked for after each fault, and what takes the time
# is starting programs.
state()
{
	local file address rest flags='' n=0 sum=0

	for file in udp udp6; do
		while read -r _ address rest; do
			[[ $rest == *:* ]] || continue
			n=$((n + 1))
			sum=$((sum + 16#${address%:*}))
		done <"$SITE/net/$file"
	done
	echo "$n sockets, $sum"
	read -r flags 2>/dev/null <"$SITE/root/sys/class/net/bond0/flags" ||
		return 0
	echo "up: $((flags & 1))"
	{
		mwbctl -n site -j link show
		mwbctl -n site -j wan show
	} | sed -E 's/,"(stats":\{|wire-id":)[^}]*//g
		s/"(ifindex|established|initiator|mtu|wan-count)":[^,]*,?//g' 2>&1
}

# each_fails UNDO COMMAND...: each allocation of the command fails once. UNDO is
# a command that brings the state before back.
each_fails()
{
	local undo=$1 n=0 before after now refusals=0 tolerated=0

	shift
	before=$(state)
	run "$@" || return
	after=$(state)
	$undo || return
	same "the state after $undo" "$(state)" "$before" || return
	while :; do
		n=$((n + 1))
		failing "$n" "$@"
		now=$(state)
		# ip may say what went wrong and yet give 0.
		if [ "$STATUS" -eq 0 ] && [ -z "$OUT" ]; then
			tolerated=$((tolerated + FAULT))
			[ "$now" = "$after" ] ||
				fault_failed "done by halves" "$after" || return
		else
			refusals=$((refusals + 1))
			[ -n "$OUT" ] || fail "fault $n: no word why"
			# Netlink's answer got lost, which it calls ENOBUFS.
			[ "$now" = "$before" ] || { [ "$now" = "$after" ] &&
				[[ $OUT == *"No buffer space"* ]]; } ||
				fault_failed "refused by halves" "$before" ||
				return
		fi
		[ "$now" = "$before" ] || $undo || return
		[ "$FAULT" -eq 1 ] || break
		splat_free || return
	done
	diag "$((n - 1)) allocations failed: $refusals refusals, $tolerated tolerated"
	expect "status without a fault" "$STATUS" -eq 0
	expect "refusals" "$refusals" -gt 0
}

# fault_failed TEXT STATE
fault_failed()
{
	fail "fault $n: $1: $OUT"
	diag "$(diff <(echo "$2") <(echo "$now"))"
	return 1
}

# Reading the whole log each time would take too long.
splat_free()
{
	local taint

	read -r taint </proc/sys/kernel/tainted
	[ "$taint" = "$TAINT" ] || fail "fault $n: the kernel complained"
}

link_del()
{
	run ip -n site link del bond0
}

# Most allocations for a module are those of the loader, and not all it does
# with them is well when they fail. It is the last ones that are ours.
test_load()
{
	local module faults=0 refusals=0 n total own

	module=$TOP/build/$(uname -r)/kernel/mwbond.ko
	run rmmod mwbond || return
	echo 10 >"$DEBUG/fail_page_alloc/min-order"
	failing 1000000 insmod "$module"
	total=$((1000000 - LEFT))
	own=$(allocations_of_init "$module") && run rmmod mwbond || return
	diag "$own of $total allocations are ours"
	for ((n = total; n > total - own; n--)); do
		failing "$n" insmod "$module"
		faults=$((faults + FAULT))
		if [ "$STATUS" -eq 0 ]; then
			run rmmod mwbond
		else
			refusals=$((refusals + 1))
		fi
		[ ! -e /sys/module/mwbond ] || fail "fault $n: it is there"
		splat_free || break
	done
	echo 0 >"$DEBUG/fail_page_alloc/min-order"
	diag "$faults allocations failed: $refusals refusals"
	# There are some more or less each time.
	expect "faults" "$faults" -gt $((own / 2))
	expect "refusals" "$refusals" -gt 10
	run load_module
}

# allocations_of_init: how many the module's initialisation makes
allocations_of_init()
{
	local tracing=/sys/kernel/tracing

	rmmod mwbond || return
	echo 1 | tee "$tracing"/events/initcall/{initcall_start,initcall_finish}/enable \
		"$tracing"/events/kmem/{kmalloc,kmem_cache_alloc}/enable \
		>/dev/null
	insmod "$1"
	echo 0 | tee "$tracing"/events/{initcall,kmem}/enable >/dev/null
	sed -n '/insmod.* initcall_start:/,/insmod.* initcall_finish:/p' \
		"$tracing/trace" | grep -c ': km.*alloc:'
}

test_link_add()
{
	each_fails link_del ip -n site link add bond0 type mwbond \
		security none session 7 listen 5000
}

listen()
{
	run mwbctl -n site link set bond0 mode round-robin listen "$1"
}

test_link_set()
{
	run ip -n site link add bond0 type mwbond || return
	defer ip -n site link del bond0
	run mwbctl -n site link set bond0 security none session 7 || return
	each_fails "listen 0" mwbctl -n site link set bond0 mode weighted \
		listen 5000
	listen 5000
	each_fails "listen 5000" mwbctl -n site link set bond0 listen 5001
	each_fails "listen 5000" mwbctl -n site link set bond0 mode weighted \
		listen 10.0.1.1:5000
}

test_link_up()
{
	bond_add site listen 5000 || return
	defer link_del
	run ip -n site link set bond0 down
	each_fails "run ip -n site link set bond0 down" \
		ip -n site link set bond0 up
	run ip -n site link set bond0 up
	each_fails "run ip -n site link set bond0 up" \
		ip -n site link set bond0 down
}

# other_wan: a WAN beside the one by which the session is
other_wan()
{
	mwbctl -n site wan add bond0 wan2 remote "10.0.2.2:$PORT" \
		local 10.0.2.1 "$@"
}

wan_del()
{
	run mwbctl -n site wan del bond0 wan2
}

# With a session and without
test_wan_add()
{
	bond_add site || return
	defer link_del
	each_fails wan_del mwbctl -n site wan add bond0 wan2 remote \
		"10.0.2.2:$PORT" "local" 10.0.2.1 dev wan2
	wan_add 1 && bond_add hub listen "$PORT" && wait_wans 1 || return
	defer ip -n hub link del bond0
	each_fails wan_del mwbctl -n site wan add bond0 wan2 remote \
		"10.0.2.2:$PORT" "local" 10.0.2.1 dev wan2
}

wan_reset()
{
	run mwbctl -n site wan set bond0 wan2 remote "10.0.2.2:$PORT" \
		"local" 10.0.2.1 weight 100
}

test_wan_set()
{
	bond_up 1 || return
	defer ip -n hub link del bond0
	defer link_del
	run other_wan
	each_fails wan_reset mwbctl -n site wan set bond0 wan2 "local" 10.0.1.1 \
		remote 10.0.1.2:5001 weight 50
	each_fails wan_reset mwbctl -n site wan set bond0 wan2 weight 50
	wait_wans 2
}

test_wan_del()
{
	bond_up 1 || return
	defer ip -n hub link del bond0
	defer link_del
	run other_wan
	each_fails "run other_wan" mwbctl -n site wan del bond0 wan2
	wait_wans 2
}

# The WAN finds the interface again, however often that failed.
test_underlay()
{
	local n=0

	bond_up 1 || return
	defer ip -n hub link del bond0
	defer link_del
	run other_wan dev wan2
	while :; do
		n=$((n + 1))
		run ip -n site link set wan2 down
		run ip -n site link set wan2 name away
		failing "$n" ip -n site link set away name wan2
		[ "$STATUS" -eq 0 ] || ip -n site link set away name wan2 \
			>/dev/null 2>&1
		run ip -n site link set wan2 up
		[ "$FAULT" -eq 1 ] || break
		wait_wans 2 || break
	done
	diag "$((n - 1)) allocations failed"
	wait_wans 2
}

# What is shown is all, or there is an error.
test_show()
{
	local command n whole

	bond_up 1 || return
	defer ip -n hub link del bond0
	defer link_del
	run other_wan
	for command in "link show" "wan show"; do
		n=0
		# shellcheck disable=SC2086
		whole=$(mwbctl -n site -j $command | jq -c '.[].name, .[].ifname')
		while :; do
			n=$((n + 1))
			# shellcheck disable=SC2086
			failing "$n" mwbctl -n site -j $command
			[ "$STATUS" -ne 0 ] ||
				same "fault $n: $command" "$whole" \
					"$(jq -c '.[].name, .[].ifname' <<<"$OUT")"
			[ "$FAULT" -eq 1 ] || break
		done
		diag "$command: $((n - 1)) allocations failed"
		expect "status without a fault" "$STATUS" -eq 0
	done
}

# more_events THAN: has the monitor written more lines?
more_events()
{
	[ "$(wc -l <"$EVENTS")" -gt "$1" ]
}

# A WAN that was added is reported, or that something was lost is.
test_events()
{
	local n=0 told

	bond_add site || return
	defer link_del
	EVENTS=$(mktemp)
	defer rm -f "$EVENTS"
	in_background mwbctl -n site monitor >>"$EVENTS" 2>&1
	sleep "$SLOW"
	while :; do
		n=$((n + 1))
		told=$(wc -l <"$EVENTS")
		failing "$n" mwbctl -n site wan add bond0 wan2 \
			remote "10.0.2.2:$PORT" "local" 10.0.2.1
		if mwbctl -n site -j wan show bond0 | grep -q wan2; then
			busywait 5000 more_events "$told" ||
				fail "fault $n: nobody was told"
			told=$(wc -l <"$EVENTS")
			wan_del
			busywait 5000 more_events "$told"
		fi
		[ "$FAULT" -eq 1 ] || break
	done
	diag "$((n - 1)) allocations failed, $(grep -c lost "$EVENTS") losses told"
	expect "losses told" "$(grep -c lost "$EVENTS")" -gt 0
}

# drops: what the device of the site has not sent
drops()
{
	mwbctl -n site -j stats bond0 | jq '.[0].stats | to_entries |
		map(select(.key | startswith("tx-") and . != "tx-fragmented")
			.value) | add'
}

# each_send_fails ANSWER COMMAND...: of the allocations for one packet each
# fails once. The packet arrives, or there is an error, or it is counted.
each_send_fails()
{
	local what=$1 n=0 before refusals=0 dropped=0

	shift
	while :; do
		n=$((n + 1))
		before=$(drops)
		run ip -n site route flush cache
		failing "$n" ip netns exec site "$@"
		if [[ $OUT == *"No buffer space"* ||
		      $OUT == *"Cannot allocate"* ]]; then
			refusals=$((refusals + 1))
		elif [ "$(drops)" -gt "$before" ]; then
			dropped=$((dropped + 1))
		elif [[ $OUT != *"$what"* ]]; then
			fail "fault $n: lost without a word: $OUT"
		fi
		[ "$FAULT" -eq 1 ] || break
		splat_free || return
	done
	diag "${1##*/}: $((n - 1)) allocations failed: $refusals refusals, $dropped counted"
	expect "counted" "$dropped" -gt 0
	[[ $OUT == *"$what"* ]] || fail "without a fault: $OUT"
}

# UDP_SEGMENT: one message of ten segments, which the peer counts
SEGMENTS='
import socket, sys
receiver = int(sys.argv[2])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_UDP, 103, 500)
s.settimeout(5)
s.sendto(bytes(5000), (sys.argv[1], receiver))
print(s.recv(100).decode())'
ECHO='
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", int(sys.argv[1])))
n = 0
while True:
    data, peer = s.recvfrom(2000)
    n += 1
    s.settimeout(0.2)
    try:
        while n < 10:
            s.recv(2000)
            n += 1
    except TimeoutError:
        pass
    s.settimeout(None)
    s.sendto(b"%d segments" % n, peer)
    n = 0'

test_packets()
{
	bond_up 2 || return
	defer ip -n hub link del bond0
	defer link_del
	each_send_fails "1 received" ping -n -c 1 -W 3 -s 1000 "$HUB4"
	each_send_fails "1 received" ping -n -c 1 -W 3 -s 1000 "$HUB6"
	set_both mode redundant
	each_send_fails "1 received" ping -n -c 1 -W 3 -s 1000 "$HUB4"
	set_both mode round-robin
	background hub python3 -c "$ECHO" 9000
	sleep 1
	each_send_fails "10 segments" python3 -c "$SEGMENTS" "$HUB4" 9000
	run ip -n site link set bond0 mtu 4000
	each_send_fails "1 received" ping -n -c 1 -W 3 -s 3900 "$HUB4"
	pings site 10 0.05 "$HUB4"
}

# faulty PERCENT: of what the kernel's workers allocate
faulty()
{
	local worker

	for worker in $(pgrep '^kworker'); do
		echo $(($1 > 0)) >"/proc/$worker/make-it-fail"
	done 2>/dev/null
	echo -1 >"$DEBUG/failslab/times"
	echo Y >"$DEBUG/failslab/task-filter"
	echo "$1" >"$DEBUG/failslab/probability"
}

# Handshakes, announcements and probes are sent by a worker, which has nobody
# to tell. All works again once there is memory.
test_work()
{
	local i

	bond_up 2 || return
	defer ip -n hub link del bond0
	defer link_del
	defer faulty 0
	for i in 5 20 50; do
		faulty "$i"
		sleep 3
		run ip -n site link set bond0 down
		run ip -n site link set bond0 up
		sleep 3
		run mwbctl -n site wan set bond0 wan2 weight 50
		run ip -n site link set wan1 down
		run ip -n site link set wan1 up
		run ip -n hub link set bond0 down
		run ip -n hub link set bond0 up
		sleep 3
		faulty 0
		wait_wans 2 || return
		pings site 10 0.05 "$HUB4"
	done
}

ktap_main "$@"

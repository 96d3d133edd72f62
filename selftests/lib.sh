# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# What the functional tests share: two network namespaces joined by emulated
# WANs, a bond device in each, traffic, and the state of all that. To be
# sourced.
#
#   namespace site                                          namespace hub
#  +------------------------------+         +------------------------------+
#  | bond0  192.168.77.1          |         | bond0  192.168.77.2          |
#  |        fd77::1               |         |        fd77::2               |
#  |                              |         |                              |
#  | wan1   10.0.1.1    fd00:1::1 +---------+ wan1   10.0.1.2    fd00:1::2 |
#  | wan2   10.0.2.1    fd00:2::1 +---------+ wan2   10.0.2.2    fd00:2::2 |
#  |  ...                         +---------+  ...                         |
#  +------------------------------+         +------------------------------+
#
# The hub listens on port 5000; only the site is told of the WANs. A WAN has
# the name of its interface.
#
# Environment: MWBCTL, MWBOND_KO, MWBOND_BIN (directory of the programs that
# the Makefile builds), MWBOND_SECURITY (none or noise), IP_LIB_DIR (of ip's plugins); by default what is in the
# build directory of the checkout, and then what is installed.
set -u

SELFTESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=${SELFTESTS%/*}
. "$SELFTESTS/ktap.sh"

: "${MWBOND_BIN:=$TOP/build/selftests}"
PATH=$MWBOND_BIN:$TOP/build/tools/mwbctl:/usr/local/sbin:/usr/sbin:/sbin:$PATH
: "${MWBCTL:=mwbctl}"
if [ -f "$TOP/build/tools/iproute2/link_mwbond.so" ]; then
	export IP_LIB_DIR=${IP_LIB_DIR-$TOP/build/tools/iproute2}
fi
PORT=5000
SESSION=7
: "${MWBOND_SECURITY:=none}"
SITE4=192.168.77.1 SITE6=fd77::1
HUB4=192.168.77.2 HUB6=fd77::2

# Debugging kernels are slow: give them time.
SLOW=1
if grep -Eqw '__lock_acquire|kasan_init|kmemleak_alloc' /proc/kallsyms; then
	SLOW=3
fi

site()
{
	ip netns exec site "$@"
}

hub()
{
	ip netns exec hub "$@"
}

mwbctl()
{
	command "$MWBCTL" "$@"
}

# in_background COMMAND...: as background, but the process is the command's
# own where that is one of the functions above, and not that of a shell
in_background()
{
	case $1 in
	site | hub) set -- ip netns exec "$@" ;;
	mwbctl) set -- "$(type -P "$MWBCTL")" "${@:2}" ;;
	esac
	background "$@"
}

# Nothing of this belongs into a machine that somebody uses.
load_module()
{
	local kernel file

	[ -e /sys/module/mwbond ] && return
	[ -n "${MWBOND_VM-}${UMLRUN_DIR-}" ] ||
		bail "this is no virtual machine: use selftests/vm/run"
	kernel=$(uname -r)
	for file in "${MWBOND_KO-}" "$TOP/build/$kernel/mwbond.ko" \
		    "$TOP/build/$kernel/kernel/mwbond.ko"; do
		[ -f "$file" ] || continue
		modprobe -q -a udp_tunnel ip6_udp_tunnel libchacha20poly1305 \
			libcurve25519 curve25519-x86_64
		insmod "$file"
		return
	done
	modprobe mwbond
}

# A program may have a function set_up, for what all its tests share.
before_all()
{
	run load_module || return
	SPLATS_SEEN=$(splats | wc -l)
	read -r TAINT </proc/sys/kernel/tainted
	# Sized for the product of rate and delay that the emulation has.
	sysctl -qw net.core.rmem_max=67108864 net.core.wmem_max=67108864
	if declare -F set_up >/dev/null; then
		set_up
	fi
}

# What no healthy kernel prints.
splats()
{
	dmesg | grep -E 'WARNING: |\bBUG\b|\bOops\b|KASAN|UBSAN|ODEBUG|refcount_t|Call Trace:|lockdep|suspicious RCU|unregister_netdevice: waiting|blocked for more than|general protection|dead loop|Dead loop'
}

# The log is read when something has changed, and after the last test.
after_each()
{
	local taint count

	read -r taint </proc/sys/kernel/tainted
	[ "$taint" != "$TAINT" ] || ktap_last || return 0
	TAINT=$taint
	count=$(splats | wc -l)
	[ "$count" -eq "$SPLATS_SEEN" ] && return
	SPLATS_SEEN=$count
	fail "the kernel complained:"
	diag "$(dmesg | tail -n 60)"
}

unused()
{
	[ ! -e /sys/module/mwbond ] ||
		[ "$(cat /sys/module/mwbond/refcnt)" = 0 ]
}

# leaks: what nothing in the kernel points to any more. Objects are not looked
# for before they are 5 s old, nor reported until scans agree.
leaks()
{
	local kmemleak=/sys/kernel/debug/kmemleak i

	[ -e "$kmemleak" ] || return 0
	sleep 6
	for i in 1 2 3; do
		echo scan >"$kmemleak"
	done
	cat "$kmemleak"
	echo clear >"$kmemleak"
}

# Namespaces go some time after they have been deleted.
test_nothing_left()
{
	local found

	slowwait $((20000 * SLOW)) unused ||
		fail "references: $(cat /sys/module/mwbond/refcnt)"
	[ ! -e /sys/module/mwbond ] || run rmmod mwbond
	grep -q '\[mwbond\]' /proc/kallsyms && fail "symbols are left"
	found=$(leaks)
	[ -z "$found" ] || fail "leaks: $(head -n 80 <<<"$found")"
}

#
# The networks
#

# ns_add NAME: removed with all that is in it at the end of the test
ns_add()
{
	run ip netns add "$1" || return
	defer ip netns del "$1"
	ip -n "$1" link set lo up
	ip netns exec "$1" sysctl -qw \
		net.ipv4.tcp_rmem='4096 131072 67108864' \
		net.ipv4.tcp_wmem='4096 65536 67108864' \
		net.ipv6.conf.all.accept_ra=0 \
		net.ipv6.conf.default.accept_ra=0 \
		net.ipv6.conf.default.router_solicitations=0
}

# wan_link N: the cable of a WAN. netem takes a GSO packet for one: no offloads.
wan_link()
{
	local ns

	run ip link add "wan$1" netns site type veth \
		peer name "wan$1" netns hub || return
	# Once the site has it, there must be who answers to ARP.
	wan_configure "$1" hub 2
	wan_configure "$1" site 1
}

# wan_configure N NS HOST
wan_configure()
{
	ip netns exec "$2" ethtool -K "wan$1" tso off gso off gro off \
		tx-udp-segmentation off >/dev/null 2>&1
	ip -n "$2" addr add "10.0.$1.$3/24" dev "wan$1"
	ip -n "$2" addr add "fd00:$1::$3/64" dev "wan$1" nodad
	ip -n "$2" link set "wan$1" up
}

# net_up N: the namespaces, with N WANs between them
net_up()
{
	local i

	ns_add site && ns_add hub || return
	for ((i = 1; i <= $1; i++)); do
		wan_link "$i" && wan_plain "$i" || return
	done
}

# wan_plain N: a WAN that nothing is emulated on, but for a rate in virtual time,
# which a load that nothing limits would never let pass
wan_plain()
{
	local ns

	if [ -n "${MWBOND_VIRTUAL_TIME-}" ]; then
		emulate "$1" 50 0
		return
	fi
	for ns in site hub; do
		tc -n "$ns" qdisc del dev "wan$1" root 2>/dev/null
	done
	return 0
}

# emulate N RATE DELAY [NETEM_ARGUMENT]...: rate in Mbit/s and one-way delay in
# ms of a WAN, both ways, in front of it a FIFO of 200 ms
emulate()
{
	local wan=wan$1 rate=$2 delay=$3 limit ns

	shift 3
	limit=$((rate * 1000 * (200 + delay) / (1514 * 8)))
	for ns in site hub; do
		run tc -n "$ns" qdisc replace dev "$wan" root netem \
			limit "$limit" rate "${rate}mbit" delay "${delay}ms" \
			"$@" || return
	done
}

# netem NS N ARGUMENT...: anything else, one way
netem()
{
	run tc -n "$1" qdisc replace dev "wan$2" root netem limit 10000 "${@:3}"
}

#
# The bond
#

# keys_make: private and public keys of both ends and a secret, as files in KEYS
keys_make()
{
	local end

	[ -z "${KEYS-}" ] || return 0
	KEYS=$(mktemp -d)
	for end in site hub other; do
		(umask 077 && mwbctl genkey >"$KEYS/$end") &&
		mwbctl pubkey <"$KEYS/$end" >"$KEYS/$end.pub" || return
	done
	(umask 077 && mwbctl genpsk >"$KEYS/psk")
}

# secure NS: sets IDENTITY to the options of link set by which it knows the peer
secure()
{
	local peer=hub

	if [ "$MWBOND_SECURITY" = none ]; then
		IDENTITY=(security none session "$SESSION")
		return
	fi
	keys_make || return
	[ "$1" = site ] || peer=site
	IDENTITY=(private-key "$KEYS/$1" peer "$(cat "$KEYS/$peer.pub")")
}

# bond_add NS [OPTION]...: a device with addresses, up; options of link set
bond_add()
{
	local ns=$1 host=2

	[ "$ns" = hub ] || host=1
	shift
	secure "$ns" &&
	run ip -n "$ns" link add bond0 type mwbond &&
	run mwbctl -n "$ns" link set bond0 "${IDENTITY[@]}" "$@" &&
	run ip -n "$ns" addr add "192.168.77.$host/24" dev bond0 &&
	run ip -n "$ns" addr add "fd77::$host/64" dev bond0 nodad &&
	run ip -n "$ns" link set bond0 up
}

# wan_add N [OPTION]...: at the site
wan_add()
{
	local n=$1

	shift
	run mwbctl -n site wan add bond0 "wan$n" "remote" "10.0.$n.2:$PORT" \
		"local" "10.0.$n.1" "$@"
}

# bond_up N [OPTION]...: both ends with N WANs, and traffic can flow
bond_up()
{
	local wans=$1 i

	shift
	bond_add hub listen "$PORT" "$@" || return
	bond_add site "$@" || return
	for ((i = 1; i <= wans; i++)); do
		wan_add "$i" || return
	done
	wait_wans "$wans"
}

# set_both OPTION...: options of link set, at both ends
set_both()
{
	run mwbctl -n site link set bond0 "$@" &&
	run mwbctl -n hub link set bond0 "$@"
}

# wans_json NS [DEV]: the WANs as an array
wans_json()
{
	mwbctl -n "$1" -j wan show "${2-bond0}"
}

# count_wans NS STATE: how many are in this state
count_wans()
{
	wans_json "$1" | jq --arg s "$2" '[.[] | select(.state == $s)] | length'
}

wans_are()
{
	[ "$(count_wans "$1" "$2")" -eq "$3" ]
}

# wait_wans N [STATE]: until N WANs are in this state, at both ends
wait_wans()
{
	local ns

	for ns in site hub; do
		busywait "${3-10000}" wans_are "$ns" "${2-up}" "$1" && continue
		fail "$ns has not $1 WANs ${2-up}"
		diag "$(mwbctl -n "$ns" wan show bond0 2>&1)"
		diag "$(mwbctl -n "$ns" stats bond0 2>&1)"
		return 1
	done
}

# wan NS NAME KEY: one value of a WAN
wan()
{
	wans_json "$1" | jq -r --arg n "$2" --arg k "$3" \
		'.[] | select(.name == $n) | .[$k]'
}

# use_is N USE: what the site uses a WAN for; USE: an extended regular expression
use_is()
{
	[[ $(wan site "wan$1" tx-use) =~ ^($2)$ ]]
}

wait_use()
{
	busywait 5000 use_is "$@" ||
		fail "wan$1 is $(wan site "wan$1" tx-use), not $2"
}

# link_value NS KEY [DEV]: one value of the device
link_value()
{
	mwbctl -n "$1" -j link show "${3-bond0}" | jq -r --arg k "$2" '.[0][$k]'
}

# counter NS NAME [DEV]: one counter of the device, 0 being a value, too
counter()
{
	ip netns exec "$1" ethtool -S "${3-bond0}" |
		sed -n "s/^ *$2: //p"
}

# counters NS: all that are not 0, for diagnostics
counters()
{
	ip netns exec "$1" ethtool -S bond0 | grep -v ': 0$'
}

# events_start NS: what "mwbctl monitor" reports from now on goes into EVENTS
events_start()
{
	EVENTS=$(mktemp)
	defer rm -f "$EVENTS"
	in_background mwbctl -n "$1" -j monitor >>"$EVENTS"
	sleep 0.5
}

# event NAME [JQ_CONDITION]: prints when it was reported, if it was
event()
{
	jq -er "select(.event == \"$1\" and (${2-true})) | .time" "$EVENTS" |
		grep .
}

wait_event()
{
	busywait 5000 event "$@" >/dev/null && return
	fail "no event $*"
	diag "$(cat "$EVENTS")"
}

carrier_is()
{
	[ "$(ip netns exec "$1" cat /sys/class/net/bond0/carrier)" = "$2" ]
}

mtu_of()
{
	ip netns exec "$1" cat "/sys/class/net/$2/mtu"
}

#
# Traffic
#

# pings NS COUNT INTERVAL ADDR [OPTION]...: all must be answered
pings()
{
	local ns=$1 count=$2 interval=$3 addr=$4

	shift 4
	run ip netns exec "$ns" ping -n -q -c "$count" -i "$interval" -W 2 \
		"$@" "$addr" || return
	[[ $OUT == *" $count received"* && $OUT != *duplicates* ]] ||
		fail "$OUT"
}

# reachable: the bond carries packets both ways
reachable()
{
	site ping -n -q -c 1 -W 1 "$HUB4"
}

listening()
{
	ip netns exec "$1" ss -ltnH "sport = :$2" | grep -q .
}

# iperf_server NS [PORT]: until the end of the test
iperf_server()
{
	local port=${2-5201}

	ip netns exec "$1" iperf3 -s -p "$port" >/dev/null 2>&1 &
	defer stop "$!"
	busywait 10000 listening "$1" "$port" || fail "no iperf3 server"
}

# closed: no connection still tries to tell its peer that it ends. It would keep
# its namespace for minutes once there is nobody any more to answer.
closed()
{
	! for_both ss -tnH state fin-wait-1 state closing state last-ack |
		grep -q .
}

for_both()
{
	site "$@"
	hub "$@"
}

# iperf NS ARGUMENT...: prints what arrived, in kbit/s; 0 if that failed. The
# server of iperf3 resets its control connection if the client is late to read
# the results: then once more.
iperf()
{
	local ns=$1 json i

	shift
	for i in 1 2 3; do
		json=$(ip netns exec "$ns" iperf3 --connect-timeout 5000 -J \
			"$@" 2>&1)
		busywait 5000 closed
		jq -e '.end.sum_received.bits_per_second / 1000 | floor' \
			<<<"$json" 2>/dev/null && return
		jq -r '.error // "no result"' <<<"$json" >&2
		[[ $json == *"receive control message"* ]] || break
	done
	echo 0
}

# stream_start NS TO ADDR PPS SIZE SECONDS [OPTION]...: numbered UDP packets
# from one namespace to another, see traffic/udpstream.c
stream_start()
{
	local from=$1 to=$2 addr=$3 pps=$4 size=$5 seconds=$6

	shift 6
	STREAM_FILE=$(mktemp)
	defer rm -f "$STREAM_FILE"
	ip netns exec "$to" udpstream -l >"$STREAM_FILE" &
	STREAM_RX=$!
	defer stop "$STREAM_RX"
	busywait 5000 grep -q ready "$STREAM_FILE" || fail "no receiver"
	ip netns exec "$from" udpstream -r "$pps" -s "$size" \
		-n $((pps * seconds)) "$@" "$addr" >/dev/null &
	STREAM_TX=$!
	defer stop "$STREAM_TX"
}

# stream_stop: no more packets than have been sent
stream_stop()
{
	kill "$STREAM_TX"
}

# stream_end: waits for the end; the results are in STREAM
declare -A STREAM
stream_end()
{
	local item

	wait "$STREAM_TX" || fail "udpstream failed"
	wait "$STREAM_RX" || fail "udpstream -l failed"
	STREAM=([sent]=0 [received]=0 [lost]=-1)
	for item in $(tail -n 1 "$STREAM_FILE"); do
		[[ $item == *=* ]] && STREAM[${item%%=*}]=${item#*=}
	done
	diag "stream: $(tail -n 1 "$STREAM_FILE" | cut -d ' ' -f 1-8)"
}

# stream NS TO ADDR PPS SIZE SECONDS [OPTION]...: all of it
stream()
{
	stream_start "$@"
	stream_end
}

# stream_complete: nothing lost, twice or damaged; what is not TCP may overtake
# itself in mode auto
stream_complete()
{
	expect "packets received" "${STREAM[received]}" -gt 0
	expect "packets lost" "${STREAM[lost]}" -eq 0
	expect "packets twice" "${STREAM[duplicates]-x}" -eq 0
	expect "packets damaged" "${STREAM[corrupt]-x}" -eq 0
}

# stream_intact: all in order, too
stream_intact()
{
	stream_complete
	expect "packets out of order" "${STREAM[reordered]-x}" -eq 0
}

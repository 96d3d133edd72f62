#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sizes: packets larger than a path takes are split or refused, and the MTU of
# the device follows the paths.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_mtu_1500
	test_mtu_9000
	test_parts_lost
	test_mtu_auto
	test_too_big
	test_set_by_ip
	test_over_ipv6
	test_path_mtu
	test_icmp_errors
	test_small
)

set_up()
{
	net_up 2 && bond_up 2
}

rise()
{
	echo $(($(counter "$1" "$2") - $3))
}

test_mtu_1500()
{
	local fragmented rate

	set_both mtu 1500
	same "mtu" "$(mtu_of site bond0)" 1500
	fragmented=$(counter site tx_fragmented)
	pings site 5 0.05 "$HUB4" -s 1472 -M "do"
	pings site 5 0.05 "$HUB6" -s 1452 -M "do"
	expect "packets split" "$(rise site tx_fragmented "$fragmented")" -eq 10
	pings site 5 0.05 "$HUB4" -s 1380 -M "do"
	expect "packets split" "$(rise site tx_fragmented "$fragmented")" -eq 10
	stream site hub "$HUB4" 300 1472 2
	stream_complete
	expect "packets split" "$(rise site tx_fragmented "$fragmented")" \
		-ge 610
	iperf_server hub
	rate=$(iperf site -c "$HUB4" -t 2)
	diag "TCP: $rate kbit/s"
	expect "kbit/s" "$rate" -gt 500
}

test_mtu_9000()
{
	local rate

	set_both mtu 9000
	pings site 5 0.05 "$HUB4" -s 8972 -M "do"
	pings hub 5 0.05 "$SITE6" -s 8952 -M "do"
	pings site 3 0.05 "$HUB4" -s 20000
	stream site hub "$HUB4" 100 8000 2
	stream_complete
	iperf_server hub
	rate=$(iperf site -c "$HUB4" -t 2 -R)
	diag "TCP: $rate kbit/s"
	expect "kbit/s" "$rate" -gt 500
}

test_parts_lost()
{
	local parts

	set_both mtu 9000
	set_both mode round-robin
	run mwbctl -n site wan set bond0 wan2 failures 100
	netem site 2 loss 10%
	parts=$(counter hub rx_fragment)
	stream site hub "$HUB4" 200 4000 3
	wan_plain 2
	run mwbctl -n site wan set bond0 wan2 failures 3
	expect "packets lost" "${STREAM[lost]}" -gt 20
	expect "packets lost" "${STREAM[lost]}" -lt 250
	expect "packets damaged" "${STREAM[corrupt]}" -eq 0
	expect "packets out of order" "${STREAM[reordered]}" -eq 0
	expect "parts dropped" "$(rise hub rx_fragment "$parts")" -gt 20
	pings site 5 0.05 "$HUB4" -s 4000
}

# wan_mtu N MTU: at both ends
wan_mtu()
{
	run ip -n site link set "wan$1" mtu "$2"
	run ip -n hub link set "wan$1" mtu "$2"
}

mtu_is()
{
	[ "$(mtu_of site bond0)" -eq "$1" ] && [ "$(mtu_of hub bond0)" -eq "$1" ]
}

test_mtu_auto()
{
	set_both mtu auto
	busywait $((5000 * SLOW)) mtu_is 1408 || fail "$(mtu_of site bond0), not 1408"
	wan_mtu 2 1400
	busywait $((5000 * SLOW)) mtu_is 1308 || fail "$(mtu_of site bond0), not 1308"
	same "mtu of wan2" "$(wan site wan2 mtu)" 1308
	same "mtu of wan1" "$(wan site wan1 mtu)" 1408
	pings site 10 0.05 "$HUB4" -s 1280 -M "do"
	# A path counts while it is configured, used or not.
	run mwbctl -n site wan del bond0 wan2
	busywait $((5000 * SLOW)) mtu_is 1408 || fail "$(mtu_of site bond0) without wan2"
	wan_add 2
	busywait $((5000 * SLOW)) mtu_is 1308 || fail "$(mtu_of site bond0) with wan2"
	# IPv6 needs 1280 bytes: where a path takes less, packets are split.
	wan_mtu 2 1300
	busywait $((5000 * SLOW)) mtu_is 1280 || fail "$(mtu_of site bond0), not 1280"
	same "mtu of wan2" "$(wan site wan2 mtu)" 1208
	pings site 10 0.05 "$HUB6" -s 1232 -M "do"
	wan_mtu 2 1500
	busywait $((5000 * SLOW)) mtu_is 1408 || fail "$(mtu_of site bond0) afterwards"
	same "mtu-auto" "$(link_value site mtu-auto)" true
}

# A host behind the site is told by ICMP; it has learnt nothing before. The
# device itself tells those whose route says otherwise.
test_too_big()
{
	local dropped

	set_both mtu auto
	dropped=$(counter site tx_too_big)
	wan_mtu 2 1400
	busywait $((5000 * SLOW)) mtu_is 1308 || fail "$(mtu_of site bond0), not 1308"
	lan
	told "$HUB4" 1372
	told "$HUB6" 1352
	same "dropped by the device" "$(rise site tx_too_big "$dropped")" 0
	run ip -n site route add 192.168.77.3/32 dev bond0 mtu lock 1500
	run ip -n site route add fd77::3/128 dev bond0 mtu lock 1500
	told 192.168.77.3 1372
	told fd77::3 1352
	expect "dropped by the device" "$(rise site tx_too_big "$dropped")" \
		-ge 2
	# TCP finds its size.
	tcp_copy lan "$HUB4"
	wan_mtu 2 1500
	busywait $((5000 * SLOW)) mtu_is 1408 || fail "$(mtu_of site bond0) afterwards"
}

# told ADDR SIZE: of two echo requests to there
told()
{
	local out

	out=$(ip netns exec lan ping -n -c 2 -i 0.2 -W 1 -s "$2" -M "do" "$1" \
		2>&1)
	[[ $out == *"mtu = 1308"* || $out == *"mtu=1308"* ]] ||
		fail "no ICMP: $out"
}

lan()
{
	ns_add lan || return
	run ip -n lan link add eth0 type veth peer name lan0 netns site
	run ip -n lan addr add 10.50.0.2/24 dev eth0
	run ip -n lan addr add fd50::2/64 dev eth0 nodad
	run ip -n lan link set eth0 up
	run ip -n lan route add default via 10.50.0.1
	run ip -n lan route add default via fd50::1
	run ip -n site addr add 10.50.0.1/24 dev lan0
	run ip -n site addr add fd50::1/64 dev lan0 nodad
	run ip -n site link set lan0 up
	run site sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	run ip -n hub route replace 10.50.0.0/24 dev bond0
	run ip -n hub route replace fd50::/64 dev bond0
	# The addresses that forwarding may have taken away
	ip -n site addr replace "$SITE6/64" dev bond0 nodad
}

# tcp_copy NS ADDR: a megabyte from there to the hub arrives as it was
tcp_copy()
{
	local dir

	dir=$(mktemp -d)
	defer rm -rf "$dir"
	head -c 1000000 /dev/urandom >"$dir/sent"
	in_background hub tcpcopy -l "$dir/received" >/dev/null
	busywait 5000 listening hub 7001
	run timeout 30 ip netns exec "$1" tcpcopy "$dir/sent" "$2"
	wait "$BG"
	run cmp "$dir/sent" "$dir/received"
}

test_set_by_ip()
{
	set_both mtu auto
	run ip -n site link set bond0 mtu 1300
	same "mtu-auto" "$(link_value site mtu-auto)" false
	wan_mtu 2 1400
	sleep 0.5
	same "mtu" "$(mtu_of site bond0)" 1300
	wan_mtu 2 1500
	pings site 5 0.05 "$HUB4" -s 1272 -M "do"
	run mwbctl -n site link set bond0 mtu auto
	busywait $((5000 * SLOW)) mtu_is 1408 || fail "$(mtu_of site bond0), not 1408"
}

test_over_ipv6()
{
	run mwbctl -n site wan del bond0 wan1
	run mwbctl -n site wan del bond0 wan2
	run mwbctl -n site wan add bond0 six remote "[fd00:1::2]:$PORT"
	wait_wans 1
	busywait $((5000 * SLOW)) mtu_is 1388 || fail "$(mtu_of site bond0), not 1388"
	set_both mtu 9000
	pings site 5 0.05 "$HUB4" -s 8972 -M "do"
	pings hub 5 0.05 "$SITE6" -s 8952 -M "do"
	set_both mtu auto
	run mwbctl -n site wan del bond0 six
	wan_add 1 && wan_add 2 && wait_wans 2
}

# A router on the way has the narrow link, and says so by ICMP. The WAN's route
# is another than that of its address alone.
test_path_mtu()
{
	router || return
	run mwbctl -n site wan del bond0 wan1
	run mwbctl -n site wan del bond0 wan2
	learns 1460 92 "10.70.2.2:$PORT" dev mid
	learns 1440 112 "[fd70:2::2]:$PORT" dev mid
	run ip -n site rule add fwmark 0x70 table 70
	run ip -n site -6 rule add fwmark 0x70 table 70
	run ip -n site route add 10.70.2.0/24 via 10.70.1.2 table 70
	run ip -n site route add fd70:2::/64 via fd70:1::2 table 70
	learns 1420 92 "10.70.2.2:$PORT" fwmark 0x70
	learns 1400 112 "[fd70:2::2]:$PORT" fwmark 0x70
	wan_add 1 && wan_add 2 && wait_wans 2
}

# Only what says that a datagram of the WAN was too big tells its MTU. The WAN's
# route is its own, so that what the kernel believes does not show.
test_icmp_errors()
{
	router || return
	run mwbctl -n site wan del bond0 wan1
	run mwbctl -n site wan del bond0 wan2
	believes 1408 1308 10.70.1.1 10.70.2.2
	believes 1388 1288 fd70:1::1 fd70:2::2
	wan_add 1 && wan_add 2 && wait_wans 2
}

# believes BEFORE AFTER LOCAL REMOTE
believes()
{
	local before=$1 after=$2 local=$3 remote=$4 errors

	errors=(mid python3 "$SELFTESTS/traffic/icmperror.py")
	case $3 in
	*:*) local="[$3]" remote="[$4]" ;;
	esac
	run mwbctl -n site wan add bond0 far remote "$remote:$PORT" \
		local "$local:7000" dev mid
	wait_wans 1
	busywait $((5000 * SLOW)) mtu_is "$before" || fail "$remote: $(mtu_of site bond0)"
	run ip netns exec "${errors[@]}" wrong "$3" 7000 "$4" "$PORT"
	site ping -n -q -c 5 -i 0.2 -W 1 "$HUB4" >/dev/null
	same "MTU after $OUT wrong errors" "$(mtu_of site bond0)" "$before"
	run ip netns exec "${errors[@]}" right "$3" 7000 "$4" "$PORT"
	site ping -n -q -c 5 -i 0.05 -W 1 "$HUB4" >/dev/null
	busywait 3000 site_mtu_is "$after" ||
		fail "$remote: $(mtu_of site bond0), not $after"
	run mwbctl -n site wan del bond0 far
}

site_mtu_is()
{
	[ "$(mtu_of site bond0)" -eq "$1" ]
}

# learns MTU OVERHEAD REMOTE OPTION...: by a WAN over the router's link
learns()
{
	local mtu=$(($1 - $2)) want=$1 remote=$3

	shift 3
	run ip -n mid link set hub mtu "$want"
	run ip -n hub link set mid mtu "$want"
	run mwbctl -n site wan add bond0 far remote "$remote" "$@"
	wait_wans 1
	site ping -n -q -c 5 -i 0.05 -W 1 -s 1380 "$HUB4" >/dev/null
	busywait $((5000 * SLOW)) mtu_is "$mtu" ||
		fail "$remote $*: $(mtu_of site bond0), not $mtu"
	pings site 5 0.05 "$HUB4" -s $((mtu - 28)) -M "do"
	run mwbctl -n site wan del bond0 far
}

router()
{
	ns_add mid || return
	run ip link add mid netns site type veth peer name site netns mid
	run ip link add mid netns hub type veth peer name hub netns mid
	run ip netns exec mid sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv6.conf.all.forwarding=1
	router_address site mid 1 1
	router_address mid site 1 2
	router_address hub mid 2 2
	router_address mid hub 2 1
	run ip -n hub route add 10.70.1.0/24 via 10.70.2.1
	run ip -n hub route add fd70:1::/64 via fd70:2::1
	run ip -n site route add 10.70.2.0/24 via 10.0.1.2 metric 10
	run ip -n site route add 10.70.2.0/24 via 10.70.1.2 metric 20
	run ip -n site route add fd70:2::/64 via fd00:1::2 metric 10
	defer ip -n site route del 10.70.2.0/24 via 10.0.1.2
	defer ip -n site route del fd70:2::/64 via fd00:1::2
	run ip -n site route add fd70:2::/64 via fd70:1::2 metric 20
}

# router_address NS DEV NET HOST
router_address()
{
	run ip -n "$1" addr add "10.70.$3.$4/24" dev "$2"
	run ip -n "$1" addr add "fd70:$3::$4/64" dev "$2" nodad
	run ip -n "$1" link set "$2" up
}

test_small()
{
	run mwbctl -n site link set bond0 mtu 68
	same "mtu" "$(mtu_of site bond0)" 68
	pings site 5 0.05 "$HUB4" -s 40
	run mwbctl -n site link set bond0 mtu auto
	# IPv6 cannot live with such an MTU and goes.
	busywait $((5000 * SLOW)) mtu_is 1408 || fail "$(mtu_of site bond0), not 1408"
}

ktap_main "$@"

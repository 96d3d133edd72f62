#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a live session puts on the wire is what Documentation/wire.rst draws:
# two independent readers, tshark with our dissector and traffic/mwbwire.py,
# agree on every field of it.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_all_kinds_seen
	test_readers_agree
	test_inner_packets
	test_packet_numbers
)
LUA=$TOP/tools/wireshark/mwbond.lua
DISSECT=$SELFTESTS/traffic/dissect.py

# From the first handshake to the removal of a WAN and the end
set_up()
{
	net_up 2 || return
	DIR=$(mktemp -d)
	defer rm -rf "$DIR"
	in_background site tcpdump -q -U --immediate-mode -i wan1 -w "$DIR/wan1.pcap" \
		udp port "$PORT" 2>"$DIR/log"
	busywait 10000 grep -q 'listening on' "$DIR/log" || fail "no tcpdump"
	bond_up 2 mode round-robin || return
	pings site 10 0.05 "$HUB4"
	pings site 10 0.05 "$HUB6" -s 1000
	run mwbctl -n site link set bond0 mtu 9000
	pings site 3 0.05 "$HUB4" -s 5000
	site udpstream -r 50 -n 10 -I bond0 239.1.2.3 >/dev/null
	site udpstream -r 50 -n 10 -I bond0 ff05::77 >/dev/null
	set_both mode auto
	iperf_server hub
	iperf site -c "$HUB4" -n 200K >/dev/null
	run mwbctl -n site wan del bond0 wan2
	run ip -n site link set bond0 down
	sleep 0.3
	stop "$BG"
}

test_all_kinds_seen()
{
	local kind

	run python3 "$DISSECT" kinds "$DIR/wan1.pcap"
	diag "$OUT"
	for kind in Data Ack Heartbeat Control Multicast Fragment Hold \
		    Control-1 Control-2 Control-4 Control-5 Control-6 Control-7 \
		    Control-8; do
		grep -qw "$kind" <<<"$OUT" || fail "no $kind"
	done
	grep -Eqw 'FEC|Control-3' <<<"$OUT" &&
		fail "what this version does not send"
}

test_readers_agree()
{
	run tshark -X "lua_script:$LUA" -r "$DIR/wan1.pcap" \
		--no-duplicate-keys -T json -J mwbond
	grep -v 'Running as user' <<<"$OUT" >"$DIR/json"
	run python3 "$DISSECT" compare "$DIR/wan1.pcap" "$DIR/json"
	diag "$OUT"
}

# They are under the right type, and tshark reads them by its own dissectors.
test_inner_packets()
{
	run python3 "$DISSECT" inner "$DIR/wan1.pcap"
	diag "$OUT"
	run tshark -X "lua_script:$LUA" -r "$DIR/wan1.pcap" -T fields \
		-e icmp.seq_le -e icmpv6.echo.sequence_number \
		-Y 'mwbond && (icmp.type == 8 || icmpv6.type == 128)'
	expect "echo requests read" "$(grep -c '^[[:space:]]*[0-9]' <<<"$OUT")" \
		-ge 10
}

# Each direction of the path numbers its packets, without a gap.
test_packet_numbers()
{
	run python3 "$DISSECT" numbers "$DIR/wan1.pcap"
	diag "$OUT"
}

ktap_main "$@"

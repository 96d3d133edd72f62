#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The dissector for Wireshark, against packets written by an independent
# builder. Needs no module: runs on the host.
set -u

here=$(cd "$(dirname "$0")" && pwd)
. "$here/ktap.sh"
LUA=$here/../tools/wireshark/mwbond.lua
DISSECT=$here/traffic/dissect.py

ALL_TESTS=(
	test_golden
	test_malformed
	test_other_port
	test_cut
)

before_all()
{
	DIR=$(mktemp -d)
	defer rm -rf "$DIR"
	run command -v tshark
	run python3 "$DISSECT" golden "$DIR/golden.pcap"
	run python3 "$DISSECT" bad "$DIR/bad.pcap"
}

# read_capture FILE [OPTION]...: JSON; errors of the script count, too
read_capture()
{
	local file=$1

	shift
	tshark -X "lua_script:$LUA" -r "$file" --no-duplicate-keys -T json "$@" \
		>"$DIR/json" 2>"$DIR/errors" || fail "tshark"
	grep -v 'Running as user' "$DIR/errors" && fail "tshark complained"
	grep -i 'lua error' "$DIR/json" && fail "the script failed"
}

test_golden()
{
	read_capture "$DIR/golden.pcap"
	run python3 "$DISSECT" compare "$DIR/golden.pcap" "$DIR/json"
	diag "$OUT"
}

test_malformed()
{
	read_capture "$DIR/bad.pcap"
	run python3 "$DISSECT" experts "$DIR/json"
}

test_other_port()
{
	read_capture "$DIR/golden.pcap" -o mwbond.ports:6000
	grep -q '"mwbond' "$DIR/json" && fail "dissected on a foreign port"
	read_capture "$DIR/golden.pcap" -o mwbond.ports:6000 \
		-d udp.port==40000,mwbond
	run python3 "$DISSECT" compare "$DIR/golden.pcap" "$DIR/json"
}

# A capture with a short snapshot length: no errors, no judgement
test_cut()
{
	run editcap -s 100 "$DIR/golden.pcap" "$DIR/cut.pcap"
	read_capture "$DIR/cut.pcap"
	expect "packets" "$(grep -c '"mwbond.session"' "$DIR/json")" -gt 20
	expect "packets called wrong" \
		"$(grep -c 'bad_checksum\|bad_payload' "$DIR/json")" -eq 0
}

ktap_main "$@"

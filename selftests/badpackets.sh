#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Malformed, truncated, foreign, replayed and spoofed datagrams: dropped,
# counted under their reason, never answered, and the session goes on.
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

CASES=(rx_short rx_version rx_type rx_flags rx_length rx_bucket rx_wan_id
       rx_checksum rx_session rx_security rx_payload rx_handshake rx_wan
       rx_unsupported rx_inner rx_fec_refused rx_source rx_feedback rx_replay rx_fragment
       close_by_stranger forged_handshake mutations noise rx_wan_limit)

# Each case is a test of its own; one start of Python serves them all.
ALL_TESTS=("${CASES[@]/#/test_}" test_session_went_on)

set_up()
{
	net_up 1 && bond_up 1 || return
	# So that the hub can answer a stranger, if it wishes to.
	ip -n hub neigh add 10.0.1.99 dev wan1 nud permanent \
		lladdr "$(ip netns exec site cat /sys/class/net/wan1/address)"
	RESULTS=$(site python3 "$SELFTESTS/traffic/badpackets.py" "${CASES[@]}" \
		2>&1)
	HANDSHAKES=$(counter hub handshakes)
}

result()
{
	grep -qx "ok $1" <<<"$RESULTS" && return
	fail "$(grep "^not ok $1:" <<<"$RESULTS" || tail -n 5 <<<"$RESULTS")"
}

for name in "${CASES[@]}"; do
	eval "test_$name() { result $name; }"
done

# What the hub has been told of its packets by others is without effect.
test_session_went_on()
{
	local rate

	same "handshakes" "$HANDSHAKES" 1
	pings site 10 0.05 "$HUB4"
	same "handshakes" "$(counter hub handshakes)" 1
	iperf_server site
	rate=$(iperf hub -c "$SITE4" -t 2)
	diag "TCP from the hub: $rate kbit/s"
	expect "kbit/s" "$rate" -gt $((6000 / SLOW))
}

ktap_main "$@"

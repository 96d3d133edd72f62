#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Ten minutes of light traffic, in virtual time, while something happens to one of
# two WANs every few seconds; a third is sound, so next to nothing is lost. Then all
# is as it was: no WAN is stuck, nothing is kept. MWBOND_SOAK_SECONDS (600) and
# MWBOND_SOAK_SEED (1) may say otherwise: two hours are
#
#   MWBOND_SOAK_SECONDS=7200 selftests/uml/run -T -t 7200 -- selftests/soak.sh
# shellcheck source=lib.sh disable=SC2034
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_soak
	test_cold_start
)
: "${MWBOND_SOAK_SECONDS:=600}" "${MWBOND_SOAK_SEED:=1}"

set_up()
{
	net_up 3
}

rig()
{
	defer ip -n site link del bond0
	defer ip -n hub link del bond0
	emulate 1 20 5 && emulate 2 20 20 && emulate 3 20 30 || return
}

# below N: a random number
below()
{
	NUMBER=$((RANDOM % $1))
}

# What can happen to a WAN, and what makes it whole again

hurt_cut() { netem site "$1" loss 100% && netem hub "$1" loss 100%; }
hurt_up() { netem site "$1" loss 100%; }
hurt_down() { netem hub "$1" loss 100%; }
hurt_brown() { emulate "$1" 20 400; }
hurt_loss() { emulate "$1" 20 10 loss 30%; }
hurt_small() { run ip -n hub link set "wan$1" mtu 1300; }
hurt_cable() { run ip -n hub link set "wan$1" down; }
hurt_off() { run mwbctl -n site wan set bond0 "wan$1" down; }
hurt_address() { run ip -n site addr del "10.0.$1.1/24" dev "wan$1"; }
hurt_removed() { run ip -n site link del "wan$1"; }
hurt_renamed()
{
	ip -n site link set "wan$1" down
	run ip -n site link set "wan$1" name away
}

heal()
{
	if ip -n site link show away >/dev/null 2>&1; then
		run ip -n site link set away name "wan$1"
	fi
	if ip -n site link show "wan$1" >/dev/null 2>&1; then
		ip -n hub link set "wan$1" mtu 1500 up
		ip -n site addr replace "10.0.$1.1/24" dev "wan$1"
		ip -n site link set "wan$1" up
	else
		wan_link "$1"
	fi
	run mwbctl -n site wan set bond0 "wan$1" up
	emulate "$1" 20 $((15 * $1 - 10))
}

HURTS=(cut up down brown loss small cable off address removed renamed)

test_soak()
{
	local end n what pps=20

	RANDOM=$MWBOND_SOAK_SEED
	rig && bond_add hub listen "$PORT" && bond_add site && wan_add 1 dev wan1 &&
		wan_add 2 dev wan2 && wan_add 3 && wait_wans 3 || return
	stream_start site hub "$HUB4" "$pps" 1000 $((MWBOND_SOAK_SECONDS + 300))
	in_background hub ping -q -i 1 "$SITE4" >/dev/null
	end=$(($(now_ms) + MWBOND_SOAK_SECONDS * 1000))
	while [ "$(now_ms)" -lt "$end" ]; do
		below 2
		n=$((NUMBER + 1))
		below "${#HURTS[@]}"
		what=${HURTS[NUMBER]}
		"hurt_$what" "$n" || break
		below 3000
		sleep "$((NUMBER / 1000)).$((NUMBER % 1000 / 100))"
		heal "$n" || break
		# For a part of the time there are two that recover.
		below 4000
		sleep "$((NUMBER / 1000)).$((NUMBER % 1000 / 100))"
	done
	# The longest penalty is a minute; each end has its own.
	slowwait 90000 wans_are site up 3 || fail "the site: $(states site)"
	slowwait 90000 wans_are hub up 3 || fail "the hub: $(states hub)"
	stream_stop
	stream_end
	expect "packets lost" "${STREAM[lost]}" -le $((STREAM[sent] / 1000))
	expect "packets twice" "${STREAM[duplicates]}" -eq 0
	diag "longest gap: ${STREAM[gap_ms]} ms"
	sleep 2
	expect "bytes kept" "$(counter site kept_bytes)" -eq 0
	pings site 20 0.05 "$HUB4"
	for n in 1 2 3; do
		same "suspect" "$(wan site "wan$n" suspect)" false
	done
}

states()
{
	wans_json "$1" | jq -c '[.[] | [.name, .state, .penalty]]'
}

# The first WAN is dead from the start.
test_cold_start()
{
	local before

	rig && bond_add hub listen "$PORT" || return
	# The interfaces are there, and have resolved their addresses.
	busywait 5000 site ping -c 1 -W 1 10.0.1.2
	busywait 5000 site ping -c 1 -W 1 10.0.2.2
	hurt_cut 1
	before=$(now_ms)
	bond_add site && wan_add 1 && wan_add 2 || return
	busywait 3000 carrier_is site 1 || fail "no carrier"
	expect "ms until packets flow" $(($(now_ms) - before)) -le 1000
	pings site 3 0.1 "$HUB4"
	emulate 1 20 5
	wait_wans 2
}

ktap_main "$@"

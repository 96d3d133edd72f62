#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# All tests, or the few of the edit loop; the body of "make check".
#
# usage: selftests/check.sh [--quick|--matrix] [SUITE...]
#
# Two suites run at a time: most of them use one CPU. Each prints TAP; its
# output is kept in build/check/SUITE.log. A suite that ends with another
# status than 0, or without a test, is a failure of its own. The last line is
# "N passed, N failed"; the status is 0 if none failed.
set -u

. "$(dirname "$0")/host.sh"
cd "$MWB_TOP" || exit 1

LOGS=$MWB_TOP/build/check
QUICK="unit basic"
# What takes long comes early, behind what tells quickly.
FULL="unit tools layering ynl wireshark functional-6.1 uml functional
      debug functional-6.12 scenarios sim style fuzz nlfuzz detectors vm dkms"
# What takes long, or a machine of its own
LONG="functional-debug faults icount sid"
# All programs run in User-Mode Linux, in virtual time. In the VM, whose time
# is that of a machine which is busy, those run that lean on interfaces which
# are others in an older kernel, and those in which CPUs can meet; with
# --matrix, all. On one line, as make takes a new line for the end of a
# recipe's.
INTERFACES="basic.sh badpackets.sh change.sh frag.sh hub.sh inner.sh"
INTERFACES+=" netlink.sh outer.sh"
CONCURRENT="basic.sh change.sh class.sh hub.sh order.sh restart.sh"
# In the debug kernel, each time: what comes and goes, and what nobody should send
CHURN=(basic.sh badpackets.sh change.sh frag.sh hub.sh netlink.sh restart.sh)
AT_A_TIME=2
PASSED=0
FAILED=0
SKIPPED=0

# kernel SERIES: the newest release of it that can be booted
kernel()
{
	selftests/vm/kernels | cut -f 1 | grep "^${1//./\\.}[.-]" | tail -n 1
}

# make_module TARGET VARIABLE=...: one suite at a time
make_module()
{
	flock "$LOGS" make "$@" >&2
}

# functional KERNEL SECONDS [PROGRAMS]: test programs in the VM, one VM at a time
functional()
{
	local release=$1 seconds=$2 programs=${3:-}

	[ -n "$release" ] || die "no kernel"
	make_module module KVER="$release" || return
	flock "$LOGS/vm.lock" selftests/vm/run -k "$release" -t "$seconds" \
		-o "$LOGS/vm-$release" -- \
		make --no-print-directory -C selftests run_tests \
		${programs:+TEST_PROGS="$programs"}
}

# uml_module KIND: for the User-Mode Linux of that kind
uml_module()
{
	# The others need not wait while the kernel is built.
	selftests/uml/kernel "$1" >/dev/null && make_module module-uml KIND="$1"
}

# in_uml KIND SECONDS [OPTION]... -- COMMAND...
in_uml()
{
	local kind=$1 seconds=$2

	shift 2
	uml_module "$kind" || return
	selftests/uml/run -k "$kind" -t "$seconds" -o "$LOGS/uml-$SUITE" "$@"
}

# Virtual time, one CPU: the same on any machine that is not crowded, as time
# leaps while a file comes from the host. So no time limit inside.
icount()
{
	local release

	release=$(kernel 6.12)
	make_module module KVER="$release" || return
	selftests/vm/run -k "$release" -i -t 900 -o "$LOGS/vm-icount" -- \
		selftests/icount.sh
}

# Emulated networks, each once
scenarios()
{
	uml_module fast && selftests/net/table --tap -j 1 --seconds 20
}

fuzz()
{
	local target

	for target in wire_fuzz reorder_fuzz; do
		tap_test "$target" quietly make -C selftests/fuzz "run-$target"
	done
	tap_end
}

ynl()
{
	tap_test "what is generated is what the specification gives" \
		selftests/ynl-regen.sh --check
	tap_end
}

suite()
{
	SUITE=$1
	case $1 in
	unit) make --no-print-directory -C selftests/unit check ;;
	sim) make --no-print-directory -k -C selftests/sim check selftest ;;
	tools) make --no-print-directory -C tools check ;;
	ynl) ynl ;;
	fuzz) fuzz ;;
	layering) selftests/layering.sh ;;
	style) selftests/style.sh ;;
	wireshark) selftests/wireshark.sh ;;
	vm) selftests/vm/selftest.sh ;;
	uml) selftests/uml/selftest.sh ;;
	scenarios) scenarios ;;
	nlfuzz) in_uml debug 200 -- selftests/nlfuzz.py 1 30 ;;
	kunit) in_uml debug 200 -- selftests/kunit.sh ;;
	debug) uml_module debug &&
		selftests/coverage.sh -o "$LOGS/uml-$SUITE" "${CHURN[@]}" ;;
	detectors) uml_module debug && selftests/detectors.sh ;;
	dkms) selftests/dkms.sh ;;
	basic) functional "$(selftests/vm/kernels newest | cut -f 1)" 400 \
		basic.sh ;;
	functional-debug) uml_module debug &&
		selftests/coverage.sh -o "$LOGS/uml-$SUITE" ;;
	faults) in_uml debug 3600 -- selftests/faults.sh ;;
	sid) selftests/sid.sh "$LOGS" "$INTERFACES" ;;
	functional) in_uml fast 1800 -T -- make --no-print-directory \
		-C selftests run_virtual ;;
	functional-6.1) functional "$(kernel 6.1)" 2400 "$INTERFACES" ;;
	functional-*) functional "$(kernel "${1#*-}")" 2400 "$CONCURRENT" ;;
	icount) icount ;;
	*) die "no suite $1" ;;
	esac
}

# count LOG REGEXP: test lines; those of a program that a runner reports on are
# indented by "# ", and its own line counts only if it failed. What an issue is
# still to bring ("# TODO") counts neither way.
count()
{
	grep -E "^(# )*$2 [0-9]+" "$1" |
		grep -cvE '^(# )*ok [0-9]+ selftests: mwbond: |# TODO '
}

# run_suite NAME: what it has to say, and "PASSED FAILED SKIPPED" in NAME.count
run_suite()
{
	local log=$LOGS/$1.log start=$SECONDS passed failed skipped rc

	(suite "$1") >"$log" 2>&1 </dev/null
	rc=$?
	skipped=$(grep -cE '^(# )*ok [0-9]+ .*# SKIP' "$log")
	passed=$(($(count "$log" ok) - skipped))
	failed=$(count "$log" 'not ok')
	if [ "$failed" -eq 0 ] && { [ "$rc" -ne 0 ] || [ "$passed" -eq 0 ]; }; then
		failed=1
		echo "suite $1 ended with status $rc" >>"$log"
	fi
	echo "$passed $failed $skipped" >"$LOGS/$1.count"
	printf '%-16s %4d passed, %d failed, %d skipped  %4d s\n' "$1" \
		"$passed" "$failed" "$skipped" $((SECONDS - start))
	grep -E '^(# )*ok [0-9]+ .*# SKIP' "$log" | sed 's/^/  /'
	[ "$failed" -eq 0 ] && return
	grep -E -B 12 '^(# )*not ok' "$log" | sed 's/^/  /' | tail -n 100
	tail -n 15 "$log" | sed 's/^/  | /'
}

# run_suites NAME...
run_suites()
{
	local name running=0 passed failed skipped

	for name; do
		rm -f "$LOGS/$name.count"
		if [ "$running" -eq "$AT_A_TIME" ]; then
			wait -n
			running=$((running - 1))
		fi
		# Whole reports, not mixed with those of another suite
		(report=$(run_suite "$name"); echo "$report") &
		running=$((running + 1))
	done
	wait
	for name; do
		passed=0 failed=1 skipped=0
		[ ! -s "$LOGS/$name.count" ] ||
			read -r passed failed skipped <"$LOGS/$name.count"
		PASSED=$((PASSED + passed))
		FAILED=$((FAILED + failed))
		SKIPPED=$((SKIPPED + skipped))
	done
}

SUITES=$FULL
GROUP=check
case ${1:-} in
--quick) SUITES=$QUICK GROUP=demo && shift ;;
--matrix) SUITES="$FULL $LONG" INTERFACES='' CONCURRENT='' && shift ;;
esac
[ $# -eq 0 ] || SUITES=$*

selftests/deps.sh "$GROUP" || exit 1
mkdir -p "$LOGS"
for step in "make -C tools" "make -C selftests"; do
	if ! $step >"$LOGS/build.log" 2>&1; then
		cat "$LOGS/build.log"
		echo "$step failed"
		echo "0 passed, 1 failed"
		exit 1
	fi
done
# shellcheck disable=SC2086
run_suites $SUITES
[ "$SKIPPED" -eq 0 ] || echo "$SKIPPED skipped, named above"
echo "$PASSED passed, $FAILED failed"
[ "$FAILED" -eq 0 ]

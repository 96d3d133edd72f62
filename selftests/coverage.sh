#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs the KUnit suites and the functional programs in the debug kernel and
# tells how much of the module they have run; the body of "make coverage".
# TAP, the figures are comments. The module has to be built for that kernel.
#
# usage: selftests/coverage.sh [-l PERCENT] [-o LOGDIR] [-t SECONDS] [PROGRAM...]
#
# PERCENT of the lines have to be run, 80 without.
set -u

. "$(dirname "$0")/host.sh"

OPTIONS=()
LEAST=80
while getopts l:o:t: opt; do
	case $opt in
	l) LEAST=$OPTARG ;;
	o | t) OPTIONS+=("-$opt" "$OPTARG") ;;
	*) die "usage: coverage.sh [-l PERCENT] [-o LOGDIR] [-t SECONDS] [PROGRAM...]" ;;
	esac
done
shift $((OPTIND - 1))

TMP=$(mktemp -d -p /var/tmp) || exit 1
trap 'rm -rf "$TMP"' EXIT

# The kernel keeps the counts of modules that have been unloaded.
# shellcheck disable=SC2016
"$MWB_TOP/selftests/uml/run" -k debug -t 2400 -w "$TMP" "${OPTIONS[@]}" -- \
	sh -c '"$1/kunit.sh" || exit
		make --no-print-directory -C "$1" run_tests ${3:+TEST_PROGS="$3"}
		status=$?
		cp -r /sys/kernel/debug/gcov/. "$2"
		exit $status' sh "$MWB_TOP/selftests" "$TMP" "$*"
STATUS=$?
if "$MWB_TOP/selftests/coverage.py" "$TMP" "$LEAST" >"$TMP/figures"; then
	echo "ok 1 $LEAST per cent of the lines are run"
else
	echo "not ok 1 $LEAST per cent of the lines are run"
	[ "$STATUS" -ne 0 ] || STATUS=1
fi
sed 's/^/# /' "$TMP/figures"
exit "$STATUS"

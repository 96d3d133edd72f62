#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs test programs one after another and reports on each in KTAP, as
# kselftest's runner does: the lines of the program are indented by "# ".
# Status 0 if all passed.
set -u

cd "$(dirname "$0")" || exit 1
timeout=60
. ./settings

# verdict STATUS OUTPUT: why the program failed; nothing if it did not
verdict()
{
	local plan ran

	case $1 in
	0) ;;
	124 | 137) echo "time limit of $timeout s" && return ;;
	*) echo "exit status $1" && return ;;
	esac
	plan=$(sed -n 's/^1\.\.//p' "$2" | head -n 1)
	ran=$(grep -Ec '^(not )?ok ' "$2")
	[ "$ran" = "${plan:-none}" ] || echo "$ran tests of ${plan:-none} planned"
}

failed=0
n=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT
echo "TAP version 13"
echo "1..$#"
for program in "$@"; do
	n=$((n + 1))
	echo "# selftests: mwbond: $program"
	start=$SECONDS
	timeout -k 10 "$timeout" "./$program" 2>&1 | tee "$out" | sed 's/^/# /'
	why=$(verdict "${PIPESTATUS[0]}" "$out")
	if [ -z "$why" ]; then
		echo "ok $n selftests: mwbond: $program ($((SECONDS - start)) s)"
	else
		failed=$((failed + 1))
		echo "not ok $n selftests: mwbond: $program # $why"
	fi
done
[ "$failed" -eq 0 ]

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs the KUnit suites in a kernel that has KUnit, and passes on what they
# report, each test as one of ours. TAP.
set -u

TOP=$(cd "$(dirname "$0")/.." && pwd)
RESULTS=$(mktemp)
trap 'rm -f "$RESULTS"' EXIT

# What one of them compares with
modprobe -q reed_solomon
insmod "$TOP/build/$(uname -r)/kernel/tests/mwbond_kunit.ko" || exit 1
cat /sys/kernel/debug/kunit/mwbond-*/results >"$RESULTS" || exit 1
awk '/^    (ok|not ok) / {
		sub(/^    /, "")
		sub(/ok [0-9]+/, "ok " ++n)
		print
		next
	}
	{ print "# " $0 }
	END { print "1.." n + 0 }' "$RESULTS"
! grep -q '^ *not ok' "$RESULTS"

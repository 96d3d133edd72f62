#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What finds faults has to find them: each time a fault of another kind is
# committed in the debug kernel (seeded/), the runner has to report it, and
# nothing when there was none. On the host; TAP.
set -u

. "$(dirname "$0")/host.sh"

TMP=$(mktemp -d) || exit 1
trap 'rm -rf "$TMP"' EXIT

# seeded_module: its file, for the debug kernel
seeded_module()
{
	local kernel module=$MWB_TOP/build/seeded

	kernel=$("$MWB_TOP/selftests/uml/kernel" debug) || return
	mkdir -p "$module"
	cp -u "$MWB_TOP"/selftests/seeded/* "$module"
	make -C "$kernel" ARCH=um M="$module" modules >"$TMP/build" 2>&1 || {
		cat "$TMP/build" >&2
		return 1
	}
	echo "$module/seeded.ko"
}

# seeded FAULT STATUS REGEXP [COMMAND]: what the runner has to give and to find
# when the fault is committed and then the command is run
seeded()
{
	local status

	rm -rf "$TMP/log"
	"$MWB_TOP/selftests/uml/run" -k debug -t 120 -o "$TMP/log" -- sh -c "
		ip link add seeded0 type dummy
		insmod $MODULE fault=${1%% *} || exit 1
		${4-}" >"$TMP/out" 2>&1
	status=$?
	if [ "$status" -eq "$2" ] && {
		[ "$2" -eq 0 ] || grep -Eq "$3" "$TMP/log/splats.txt" "$TMP/out"
	}; then
		tap_ok "$1"
		return
	fi
	head -n 40 "$TMP/out" | sed 's/^/# /'
	echo "# status $status instead of $2, or nothing like: $3"
	tap_not_ok "$1"
}

# Objects are not searched for before they are 5 s old, nor reported until two
# scans have found their contents unchanged.
SCAN='sleep 6
	for i in 1 2; do echo scan >/sys/kernel/debug/kmemleak; done'
# Deleting a device waits for its references, and says so after 10 s.
DELETE='rmmod seeded; ip link del seeded0 & sleep 15'

MODULE=$(seeded_module) || die "the module cannot be built"
seeded none 0 '' "$SCAN"
seeded use-after-free 99 'KASAN: slab-use-after-free in seeded_'
seeded beyond-end 99 'KASAN: slab-out-of-bounds in seeded_'
seeded double-free 99 'KASAN: slab-use-after-free|refcount_t: underflow'
seeded shift 99 'UBSAN: shift-out-of-bounds'
seeded sleep 99 'BUG: (sleeping function called|scheduling while atomic)'
seeded inversion 99 'possible circular locking dependency'
seeded rcu 99 'suspicious RCU usage'
seeded leak 99 'kmemleak: [1-9]' "$SCAN"
seeded refcount 99 'refcount_t: decrement hit 0'
seeded list 99 'lib/list_debug.c'
seeded timer 99 'ODEBUG: init active'
seeded device 99 'unregister_netdevice: waiting for seeded0' "$DELETE"
seeded "leak during a program" 1 'not ok 2 nothing_left' \
	"$MWB_TOP/selftests/basic.sh test_add_and_delete"
tap_end

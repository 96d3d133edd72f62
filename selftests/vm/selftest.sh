#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests of the VM runner itself, on the host. TAP.
#
# usage: selftests/vm/selftest.sh [KERNEL]
# shellcheck disable=SC2016
set -u

VMDIR=$(dirname "$(readlink -f "$0")")
. "$VMDIR/../host.sh"
# shellcheck disable=SC2034
RUN=("$VMDIR/run" -k "${1:-newest}") EMULATOR='[q]emu-system'
. "$VMDIR/../contract.sh"

# gone TEXT: no process has it in its command line
gone()
{
	local i

	for ((i = 0; i < 50; i++)); do
		pgrep -f "$1" >/dev/null || return 0
		sleep 0.1
	done
	return 1
}

# A QEMU that does not react is stopped all the same.
MARK=hang$$
mkdir "$TMP/bin"
cat >"$TMP/bin/qemu-system-x86_64" <<-'END'
	#!/bin/bash
	# hangs, and takes no notice of SIGTERM; its name is that of QEMU
	trap '' TERM
	while :; do sleep 1; done
END
chmod +x "$TMP/bin/qemu-system-x86_64"
START=$SECONDS
PATH=$TMP/bin:$PATH MWBOND_ACCEL=tcg-single vm -t 3 -o "$TMP/$MARK" -- true
check "a QEMU that hangs is killed at the time limit" \
	[ "$STATUS" -eq 124 -a $((SECONDS - START)) -le 10 ]
check "and is gone" gone "[q]emu-system.*$MARK"

vm -c 1 -- nproc
check "-c 1 gives one CPU" [ "$STATUS" -eq 0 -a "$(cat "$TMP/out")" = 1 ]

# Time leaps while a file comes from the host, so this sleep is in memory.
vm -i -- sh -c 'nproc; read -r a _ </proc/uptime; /run/vm/busybox sleep 30
	read -r b _ </proc/uptime; echo $((${b%.*} - ${a%.*}))'
check "icount: one CPU" [ "$(head -n 1 "$TMP/out")" = 1 ]
check "icount: 30 s of sleep are 30 s" \
	[ "$STATUS" -eq 0 -a "$(tail -n 1 "$TMP/out")" -le 32 ]

tap_end

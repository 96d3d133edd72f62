#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The module on the kernel that Debian's sid has now: built without a warning,
# and the programs that lean on the kernel's interfaces, in the VM. TAP.
#
# usage: selftests/sid.sh LOGDIR "PROGRAM..."
#
# Its headers need a compiler and a C library of their own time, so it is built
# in a chroot, which is kept in the cache and brought up to date each time.
set -u

. "$(dirname "$0")/host.sh"

MIRROR=http://deb.debian.org/debian
ROOT=$MWB_CACHE/chroots/sid
LOGS=$1 PROGRAMS=$2

in_chroot()
{
	as_root chroot "$ROOT" env DEBIAN_FRONTEND=noninteractive "$@"
}

# No services, no boot loader, no initial RAM disk
make_chroot()
{
	[ -d "$ROOT" ] && return
	command -v debootstrap >/dev/null || die "debootstrap is missing"
	mkdir -p "${ROOT%/*}"
	as_root rm -rf "$ROOT.new"
	as_root debootstrap --variant=minbase --include=make,gcc,kmod \
		sid "$ROOT.new" "$MIRROR" >&2 && as_root mv "$ROOT.new" "$ROOT"
}

update_chroot()
{
	mountpoint -q "$ROOT/proc" || as_root mount -t proc proc "$ROOT/proc"
	# The mirror may be a frozen one.
	in_chroot apt-get -q -o Acquire::Check-Valid-Until=false update >&2 &&
		in_chroot apt-get -q -y --no-install-recommends install gcc \
			linux-headers-amd64 linux-image-amd64 >&2
}

# build: the module; prints what the compiler says of it
build()
{
	local log=$LOGS/sid-build.log

	as_root rm -rf "$ROOT/mwbond"
	as_root mkdir "$ROOT/mwbond"
	as_root cp -r Kbuild kernel include "$ROOT/mwbond/"
	in_chroot make -C "/lib/modules/$RELEASE/build" M=/mwbond W=1 modules \
		>"$log" 2>&1 || { tail -n 30 "$log" && return 1; }
	grep -E '(warning|error):' "$log"
	rm -rf "build/$RELEASE"
	mkdir -p "build/$RELEASE/kernel"
	cp "$ROOT/mwbond/kernel/mwbond.ko" "build/$RELEASE/kernel/"
}

cd "$MWB_TOP" || exit 1
with_lock chroots make_chroot || die "no chroot of sid"
with_lock chroots update_chroot || die "the chroot of sid is out of date"
export MWBOND_KERNELS=$ROOT
RELEASE=$(selftests/vm/kernels | cut -f 1 | grep '+deb' | tail -n 1)
echo "# Linux $RELEASE"
tap_test "builds without a warning" build || exit 1
selftests/vm/run -k "$RELEASE" -t 2400 -o "$LOGS/vm-sid" -- \
	make --no-print-directory -C selftests run_tests \
		${PROGRAMS:+TEST_PROGS="$PROGRAMS"}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# dkms add, build and install, as a user does them, but into trees of our own;
# then modprobe in the VM from there. TAP; on the host.
set -u

. "$(dirname "$0")/host.sh"

IFS=$'\t' read -r RELEASE _ MODULES < <("$MWB_TOP/selftests/vm/kernels" newest)
ROOT=$MWB_TOP/build/dkms
VERSION=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$MWB_TOP/dkms.conf")
TREES=(--dkmstree "$ROOT/dkms" --sourcetree "$ROOT/usr/src"
       --installtree "$ROOT/lib/modules")

prepare()
{
	local f

	rm -rf "$ROOT"
	mkdir -p "$ROOT/dkms" "$ROOT/lib/modules/$RELEASE"
	for f in kernel modules.order modules.builtin modules.builtin.modinfo; do
		[ ! -e "$MODULES/$f" ] ||
			ln -s "$MODULES/$f" "$ROOT/lib/modules/$RELEASE/$f"
	done
	quietly make -C "$MWB_TOP" install-dkms DESTDIR="$ROOT"
}

dkms_do()
{
	quietly dkms "$1" "${TREES[@]}" -m mwbond -v "$VERSION" -k "$RELEASE" \
		--kernelsourcedir "/lib/modules/$RELEASE/build" --no-depmod
}

load()
{
	depmod -b "$ROOT" "$RELEASE" || return
	# shellcheck disable=SC2016
	quietly "$MWB_TOP/selftests/vm/run" -k "$RELEASE" -t 100 -- \
		bash -c 'modprobe -d "$1" mwbond && ip link add bond0 type mwbond &&
			modinfo -b "$1" -F filename mwbond | grep -q "^$1" &&
			ip link del bond0 && modprobe -d "$1" -r mwbond' _ "$ROOT"
}

remove()
{
	quietly dkms remove "${TREES[@]}" -m mwbond -v "$VERSION" --all \
		--no-depmod
}

tap_test "prepare" prepare
tap_test "dkms add" quietly dkms add "${TREES[@]}" -m mwbond -v "$VERSION"
tap_test "dkms build" dkms_do build
tap_test "dkms install" dkms_do install
tap_test "modprobe in the VM" load
tap_test "dkms remove" remove
tap_end

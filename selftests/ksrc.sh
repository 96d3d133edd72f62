#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Prints the directory of the few files of the kernel's source that the
# checks use: checkpatch, kernel-doc, the YNL generator and its schemas; and
# lib/reed_solomon, for a comparison.
#
# They come from $KSRC (a kernel tree) where that is set, else from Debian's
# linux-source-6.12, of which only these files are unpacked, once, into the
# cache; the package need not be installed.
set -u

. "$(dirname "$0")/host.sh"

PKG=linux-source-6.12
FILES=(MAINTAINERS scripts/checkpatch.pl scripts/const_structs.checkpatch
       scripts/spelling.txt scripts/kernel-doc tools/net/ynl
       Documentation/netlink lib/reed_solomon include/linux/rslib.h)

DIR=$MWB_CACHE/ksrc-$(printf '%s\n' "$PKG" "${FILES[@]}" | sha256sum | cut -c1-12)

unpack()
{
	local tmp=$DIR.new f

	[ -d "$DIR" ] && return
	say "unpacking parts of $PKG (once)"
	rm -rf "$tmp"
	mkdir -p "$tmp/tree" || return
	kernel_tarball "$PKG" "$tmp" | tar -xJ -C "$tmp/tree" --strip-components=1 \
		--wildcards "${FILES[@]/#/linux-source-*/}" || return
	for f in "${FILES[@]}"; do
		[ -e "$tmp/tree/$f" ] || die "$PKG has no $f"
	done
	mv "$tmp/tree" "$DIR" && rm -rf "$tmp"
}

if [ -n "${KSRC:-}" ]; then
	[ -f "$KSRC/scripts/checkpatch.pl" ] || die "KSRC=$KSRC is no kernel tree"
	echo "$KSRC"
	exit
fi
set -o pipefail
with_lock ksrc unpack || die "cannot unpack $PKG; set KSRC to a kernel tree"
echo "$DIR"

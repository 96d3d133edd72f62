#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds and runs fec.c: the Reed-Solomon code beside lib/reed_solomon, whose
# source is the kernel's, and ISA-L, the newest that Debian has for a stable
# release (nothing is installed); the body of "make bench-fec".
set -u

. "$(dirname "$0")/../host.sh"
cd "$MWB_TOP" || exit 1

OUT=$MWB_TOP/build/bench
ISAL=$MWB_CACHE/isal
SUITE=trixie
KSRC=$(selftests/ksrc.sh) || exit 1

# The packages of another release, by lists of their own
apt_of_suite()
{
	apt-get -q -q -o Dir::Etc::sourcelist="$ISAL/sources.list" \
		-o Dir::Etc::sourceparts=- -o Dir::State::lists="$ISAL/lists" \
		-o Dir::Cache="$ISAL/cache" -o APT::Sandbox::User=root "$@"
}

fetch_isal()
{
	[ -e "$ISAL/usr/include/isa-l/erasure_code.h" ] && return
	mkdir -p "$ISAL/lists/partial" "$ISAL/cache/archives/partial"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]" \
		"http://deb.debian.org/debian $SUITE main" >"$ISAL/sources.list"
	apt_of_suite update || return
	(cd "$ISAL" && apt_of_suite download libisal2 libisal-dev) || return
	for deb in "$ISAL"/libisal*.deb; do
		dpkg-deb -x "$deb" "$ISAL" || return
	done
}

with_lock isal fetch_isal >&2 || die "cannot fetch ISA-L"
lib=$(readlink -f "$(find "$ISAL/usr/lib" -name libisal.so.2)")
[ -f "$lib" ] || die "no libisal in $ISAL"
gfni=$(nm -D "$lib" | grep -c ec_encode_data_avx512_gfni)

# The kernel's headers come after the shims, as it is only rslib.h that counts.
mkdir -p "$OUT/include/linux"
ln -sf "$KSRC/include/linux/rslib.h" "$OUT/include/linux/rslib.h"
gcc -O2 -std=gnu11 -Wall -Wextra -Wno-sign-compare -Wno-unused-parameter \
	-DCONFIG_X86_64 -DMWB_HAVE_AS_GFNI ${gfni:+$([ "$gfni" -gt 0 ] && echo -DISAL_GFNI)} \
	-Iselftests/bench/shim -Iselftests/unit/shim -I"$OUT/include" \
	-I"$ISAL/usr/include" -o "$OUT/fec" selftests/bench/fec.c \
	kernel/core/gf256.c kernel/core/rs.c kernel/core/x86/*.c \
	"$KSRC/lib/reed_solomon/reed_solomon.c" \
	"$lib" -Wl,-rpath,"$(dirname "$lib")" -lcrypto || exit 1
echo "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1);" \
	"ISA-L ${lib##*.so.}"
exec "$OUT/fec"

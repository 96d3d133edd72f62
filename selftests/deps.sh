#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Installs what is missing, after it has said what that is; does nothing, and
# quickly, when all is there.
#
# usage: selftests/deps.sh build|demo|check
#
# Packages come by apt (Debian, Ubuntu); elsewhere this names what is needed
# and gives 1. What is there is judged by the thing itself, not by its package.
#
# Kernels for the VM are not installed but unpacked into the cache, where
# selftests/vm/kernels finds them: so no boot loader, no initial RAM disk and
# no file in /boot of this machine changes. Their headers, which change none
# of those either, are installed. "demo" takes the newest kernel that is here,
# or can be had if there is none; "check" wants the newest 6.1 and 6.12.
set -u

. "$(dirname "$0")/host.sh"

# Package and how to see that it is there: a command, a pkg-config module, a
# module of Python, a file, a command that is linked statically.
BUILD="make		command make
gcc			command gcc
libc6-dev		file /usr/include/stdio.h
pkg-config		command pkg-config
libmnl-dev		library libmnl
kmod			command modprobe
xz-utils		command xz"

DEMO="$BUILD
qemu-system-x86		command qemu-system-x86_64
busybox-static		static busybox
util-linux		command setpriv
zstd			command zstd
python3			command python3
iproute2		command tc
iputils-ping		command ping
iperf3			command iperf3
ethtool			command ethtool
jq			command jq
procps			command ps
libnl-genl-3-dev	library libnl-genl-3.0"

CHECK="$DEMO
git			command git
bc			command bc
clang			command clang
libclang-rt-dev		file /usr/share/doc/libclang-rt-dev
bison			command bison
flex			command flex
patch			command patch
perl			command perl
sparse			command sparse
shellcheck		command shellcheck
mandoc			command mandoc
dkms			command dkms
socat			command socat
tcpdump			command tcpdump
nftables		command nft
tshark			command tshark
wireguard-tools		command wg
python3-scapy		python scapy
libssl-dev		library libcrypto
python3-dissononce	python dissononce
python3-yaml		python yaml
python3-jsonschema	python jsonschema"

# The series that each group wants a kernel of; "any": whichever is newest
DEMO_KERNELS="any"
CHECK_KERNELS="6.1 6.12"

export DEBIAN_FRONTEND=noninteractive
APT=(-q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3
     -o Acquire::http::Timeout=30)
PATH=$PATH:/usr/sbin:/sbin

# present KIND THING
present()
{
	case $1 in
	command) command -v "$2" ;;
	file) [ -e "$2" ] ;;
	library) pkg-config --exists "$2" ;;
	python) compgen -G "/usr/lib/python3*/*-packages/$2" ||
		python3 -c "import $2" ;;
	static) ! ldd "$(command -v "$2" || echo /bin/sh)" ;;
	esac >/dev/null 2>&1
}

# missing_packages LIST
missing_packages()
{
	local package kind thing

	while read -r package kind thing; do
		present "$kind" "$thing" || echo "$package"
	done <<<"$1"
}

# of_series SERIES: those of the releases on stdin; 6.1 is not 6.12, and any
# begins with 6.1
of_series()
{
	if [ "$1" = any ]; then
		awk -F '[.-]' '$1 > 6 || $1 == 6 && $2 >= 1'
	else
		grep "^${1//./\\.}[.-]"
	fi
}

# bootable SERIES: the newest release that the VM can boot
bootable()
{
	"$MWB_TOP/selftests/vm/kernels" | cut -f 1 | of_series "$1" | tail -n 1
}

has_headers()
{
	[ -f "/lib/modules/$1/build/Makefile" ]
}

# installable SERIES: the newest release of which apt has image and headers
installable()
{
	apt-cache pkgnames linux-headers- | sed 's/^linux-headers-//' |
		grep -E '^[0-9][0-9.]*[-+][-+~a-z0-9.]*(amd64|generic)$' |
		grep -vE 'cloud|rt' | of_series "$1" | sort -V | tac |
		while read -r release; do
			apt-cache pkgnames "linux-image-$release" |
				grep -qx "linux-image-$release" || continue
			echo "$release"
			break
		done
}

# unpack_kernel RELEASE: image and modules into the cache
unpack_kernel()
{
	local dir=$MWB_CACHE/kernels/$1 name names=() deb

	[ -d "$dir" ] && return
	for name in image modules modules-extra binary; do
		apt-cache pkgnames "linux-$name-$1" |
			grep -qx "linux-$name-$1" && names+=("linux-$name-$1")
	done
	rm -rf "$dir.new"
	mkdir -p "$dir.new/deb" || return
	apt_download "$dir.new/deb" "${names[@]}" || return
	for deb in "$dir.new/deb"/*.deb; do
		dpkg -x "$deb" "$dir.new" || return
	done
	rm -r "$dir.new/deb"
	# Where /usr is merged, depmod still looks into lib/modules.
	[ -d "$dir.new/lib" ] || ln -s usr/lib "$dir.new/lib"
	depmod -b "$dir.new" "$1" && mv "$dir.new" "$dir"
}

# plan_kernels: what KERNELS lacks, into WANT_IMAGES (releases to unpack) and
# WANT_HEADERS (packages); a series of which apt knows none into LACKING
plan_kernels()
{
	local series release

	WANT_IMAGES=() WANT_HEADERS=() LACKING=()
	for series in $KERNELS; do
		release=$(bootable "$series")
		if [ -z "$release" ]; then
			release=$(installable "$series")
			if [ -z "$release" ]; then
				LACKING+=("a kernel $series with its headers")
				continue
			fi
			WANT_IMAGES+=("$release")
		fi
		has_headers "$release" ||
			WANT_HEADERS+=("linux-headers-$release")
	done
}

# all_there: nothing to do; looks no further than this machine
all_there()
{
	local series release

	[ -z "$PACKAGES" ] || return
	for series in $KERNELS; do
		release=$(bootable "$series")
		[ -n "$release" ] || return
		has_headers "$release" || return
	done
}

# lists_are_fresh: apt's lists, which a fresh machine may lack or have old
lists_are_fresh()
{
	[ -n "$(find /var/lib/apt/lists -name '*Packages*' -mmin -120 \
		-print -quit 2>/dev/null)" ]
}

update_lists()
{
	say "updating the list of packages"
	as_root apt-get "${APT[@]}" update >&2 ||
		say "apt-get update failed; going on with what is known"
}

install_packages()
{
	[ -n "$PACKAGES${WANT_HEADERS[*]}" ] || return 0
	# shellcheck disable=SC2086
	as_root env DEBIAN_FRONTEND=noninteractive apt-get "${APT[@]}" -y \
		--no-install-recommends install $PACKAGES "${WANT_HEADERS[@]}" \
		</dev/null >&2
}

case ${1:-} in
build) LIST=$BUILD KERNELS= ;;
demo) LIST=$DEMO KERNELS=$DEMO_KERNELS ;;
check) LIST=$CHECK KERNELS=$CHECK_KERNELS ;;
*) die "usage: $0 build|demo|check" ;;
esac

PACKAGES=$(missing_packages "$LIST")
all_there && exit 0

if ! command -v apt-get >/dev/null; then
	say "this system has no apt; needed here, by their Debian names:"
	# shellcheck disable=SC2086
	say "  " $PACKAGES
	[ -z "$KERNELS" ] || say "  and kernels with headers: $KERNELS"
	exit 1
fi
[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
	die "packages are missing; root or sudo is needed to install them"

lists_are_fresh || update_lists
plan_kernels
if [ ${#LACKING[@]} -ne 0 ]; then
	update_lists
	plan_kernels
fi
[ ${#LACKING[@]} -eq 0 ] || die "apt does not know" "${LACKING[@]}"
# shellcheck disable=SC2086
[ -z "$PACKAGES${WANT_HEADERS[*]}" ] ||
	say "to be installed:" $PACKAGES "${WANT_HEADERS[@]}"
[ ${#WANT_IMAGES[@]} -eq 0 ] ||
	say "to be unpacked into $MWB_CACHE: kernel" "${WANT_IMAGES[@]}"
install_packages || { update_lists && install_packages; } ||
	die "apt-get failed"
for release in "${WANT_IMAGES[@]}"; do
	say "unpacking kernel $release"
	with_lock kernels unpack_kernel "$release" ||
		die "cannot get kernel $release"
done

PACKAGES=$(missing_packages "$LIST")
all_there || die "still missing:" "${PACKAGES:-a kernel of $KERNELS}"

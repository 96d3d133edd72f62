# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For the scripts that run on the host, outside the VM: where things are, and
# TAP output. To be sourced.

# The checkout and the cache, which outlives any checkout.
# shellcheck disable=SC2034
MWB_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
MWB_CACHE=${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/mwbond

# say TEXT...: a message for the person who waits
say()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# die TEXT...: give up; for scripts that have no statuses of their own
die()
{
	say "$@"
	exit 1
}

# quietly COMMAND...: output only if it fails
quietly()
{
	local out

	out=$("$@" 2>&1) && return
	printf '%s\n' "$out"
	return 1
}

# as_root COMMAND...: run it as root, through sudo when we are not
as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# with_lock NAME COMMAND...: run it while holding the cache's lock NAME
with_lock()
{
	local lock=$MWB_CACHE/$1.lock

	shift
	mkdir -p "$MWB_CACHE" || return
	(
		flock 9 || exit
		"$@" 9>&-
	) 9>"$lock"
}

# apt_download DIR PACKAGE...: fetch packages without installing them
apt_download()
{
	local dir=$1

	shift
	(cd "$dir" && apt-get -q -q -o APT::Sandbox::User=root \
		-o Acquire::Retries=3 download "$@" >&2)
}

# kernel_tarball PACKAGE DIR: the archive in Debian's package of the kernel's
# source, on stdout; the package is fetched into DIR if it is not installed
kernel_tarball()
{
	local xz=/usr/src/$1.tar.xz

	if [ -f "$xz" ]; then
		cat "$xz"
		return
	fi
	apt_download "$2" "$1" || return
	dpkg-deb --fsys-tarfile "$(echo "$2/$1"_*.deb)" | tar -xO ".$xz"
	rm -f "$2/$1"_*.deb
}

# TAP: one line a test. tap_ok/tap_not_ok/tap_skip NAME, tap_end once.
TAP_N=0
TAP_BAD=0

tap_ok()
{
	TAP_N=$((TAP_N + 1))
	echo "ok $TAP_N $*"
}

tap_not_ok()
{
	TAP_N=$((TAP_N + 1))
	TAP_BAD=$((TAP_BAD + 1))
	echo "not ok $TAP_N $*"
}

# tap_skip NAME REASON
tap_skip()
{
	TAP_N=$((TAP_N + 1))
	echo "ok $TAP_N $1 # SKIP $2"
}

# tap_test NAME COMMAND...: passes when the command gives 0 and prints nothing
tap_test()
{
	local name=$1 out rc

	shift
	out=$("$@" 2>&1)
	rc=$?
	if [ "$rc" -eq 0 ] && [ -z "$out" ]; then
		tap_ok "$name"
		return 0
	fi
	[ -z "$out" ] || printf '%s\n' "$out" | sed 's/^/# /'
	[ "$rc" -eq 0 ] || echo "# exit status $rc"
	tap_not_ok "$name"
	return 1
}

tap_end()
{
	echo "1..$TAP_N"
	[ "$TAP_BAD" -eq 0 ]
}

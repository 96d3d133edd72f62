#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Includes in kernel/ point one way. TAP.
set -u

. "$(dirname "$0")/host.sh"
cd "$MWB_TOP/kernel" || exit 1

# The headers of the project that a file may include; all may include those of
# core/, compat/, generated/ and the user API. A pattern of the shell.
allowed()
{
	case $1 in
	core/x86/* | core/arm64/*) echo '../gf256.h|gf256.h|gfni.h' ;;
	core/*) echo 'core/*|[a-z]*.h' ;;
	tests/*) echo '*' ;;
	main.c) echo 'crypto.h|device.h|netlink.h|session.h|simd.h|version.h' ;;
	simd.[ch]) echo 'simd.h' ;;
	device.c | ethtool.c | netlink.c | netlink_class.c | netlink_fill.c | settings.c)
		echo '*' ;;
	session.c | association.c | wan.c | endpoint.c | pmtu.c | handshake.c | secure.c | stranger.c | probe.c | message.c | send.c | \
	queue.c | receive.c | feedback.c | reorder.c)
		echo 'fec.h|netlink.h|path.h|session.h|socket.h|stats.h|trace.h|wan.h' ;;
	class.c | profile.c | follow.c) echo 'class.h|session.h|wan.h' ;;
	crypto.c) echo 'crypto.h' ;;
	classify.c) echo 'class.h|path.h|session.h' ;;
	socket.c) echo 'path.h|session.h|socket.h|stats.h|wan.h' ;;
	stats.c | trace.c) echo 'path.h|session.h|socket.h|stats.h|trace.h|wan.h' ;;
	path.h | counters.h | version.h | device.h | netlink.h | trace.h)
		echo 'stats.h|counters.h' ;;
	fec_send.c | fec_receive.c)
		echo 'fec.h|netlink.h|path.h|session.h|simd.h|wan.h' ;;
	fec.h) echo '' ;;
	session.h) echo 'class.h|fec.h|secure.h|stats.h' ;;
	secure.h) echo 'crypto.h' ;;
	class.h) echo 'fec.h' ;;
	crypto.h | netlink_op.h) echo '' ;;
	stats.h) echo 'counters.h' ;;
	wan.h) echo 'session.h' ;;
	socket.h) echo 'session.h|wan.h' ;;
	netlink_fill.h) echo 'settings.h' ;;
	settings.h) echo 'session.h|wan.h' ;;
	compat/simd.h) echo '../core/*' ;;
	compat/*) echo '' ;;
	*) echo 'none' ;;
	esac
}

# What core/ may have from the kernel: plain arithmetic, lists, checksums
CORE='linux/(bitops|bits|crc32|errno|hash|limits|list|math(64)?|minmax|string|types)\.h'

includes()
{
	sed -n 's/^#include "\([^"]*\)"$/\1/p' "$1"
}

check_file()
{
	local file=$1 may header

	may=$(allowed "$file")
	includes "$file" | while read -r header; do
		case $header in
		core/* | compat/* | generated/*) continue ;;
		esac
		# shellcheck disable=SC2254
		eval "case \$header in ${may:-none}) ;; *) echo \"\$file includes \$header\" ;; esac"
	done
}

check_core()
{
	grep -HE '^#include <' core/*.[ch] | grep -vE "<$CORE>"
	grep -HE '^#include "\.\./' core/*.[ch]
	return 0
}

while read -r file; do
	tap_test "$file" check_file "$file"
done < <(find . -name '*.[ch]' ! -path './generated/*' ! -path './tests/*' |
	 sed 's,^\./,,' | sort)
tap_test "core knows nothing of the shell" check_core
tap_end

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Makes the netlink headers and policy tables from the YNL specification.
#
# usage: selftests/ynl-regen.sh [--check]
#   --check  change nothing; report the files that differ from what is made
set -u

. "$(dirname "$0")/host.sh"

SPEC=Documentation/netlink/specs/mwbond.yaml

# What is made: path, mode, kind
OUTPUTS="include/uapi/linux/mwbond.h	uapi	header
kernel/generated/netlink.h	kernel	header
kernel/generated/netlink.c	kernel	source"

case ${1:-} in
"") CHECK=0 ;;
--check) CHECK=1 ;;
*) die "usage: $0 [--check]" ;;
esac

[ -f "$MWB_TOP/$SPEC" ] || die "no $SPEC"
KSRC=$("$MWB_TOP/selftests/ksrc.sh") || exit 1
TMP=$(mktemp -d) || exit 1
trap 'rm -rf "$TMP"' EXIT

# The generator takes the schema from the folder above the spec's, and climbs
# until it meets a MAINTAINERS file, without end where there is none.
touch "$TMP/MAINTAINERS"
mkdir -p "$TMP/${SPEC%/*}"
cp "$KSRC"/Documentation/netlink/*.yaml "$TMP/Documentation/netlink/"
cp "$MWB_TOP/$SPEC" "$TMP/$SPEC"

# amend FILE KIND: what the generator gets wrong in a family with plain
# genl_ops. One policy serves get and dump there, and the family, which is
# written by hand, needs the multicast groups.
amend()
{
	case $2 in
	kernel-source)
		sed -i -e '/ - dump \*\/$/,/^$/d' \
			-e '/_do_nl_policy\[/s/_do_nl_policy/_nl_policy/' \
			-e 's/^static \(const struct genl_multicast_group\)/\1/' \
			"$1"
		;;
	kernel-header)
		sed -i -e 's/_do_nl_policy\[/_nl_policy[/' \
			-e '/^#endif/i extern const struct genl_multicast_group mwbond_nl_mcgrps[1];\n' \
			"$1"
		;;
	esac
}

BAD=0
while IFS=$'\t' read -r out mode kind; do
	mkdir -p "$TMP/${out%/*}"
	PYTHONDONTWRITEBYTECODE=1 timeout 60 python3 \
		"$KSRC/tools/net/ynl/ynl-gen-c.py" --mode "$mode" "--$kind" \
		--spec "$TMP/$SPEC" -o "$TMP/$out" </dev/null ||
		die "the generator failed on $out"
	[ -s "$TMP/$out" ] || die "the generator wrote no $out"
	amend "$TMP/$out" "$mode-$kind" || exit 1
	cmp -s "$TMP/$out" "$MWB_TOP/$out" && continue
	if [ "$CHECK" = 1 ]; then
		diff -u --label "$out" --label "$out (from $SPEC)" \
			"$MWB_TOP/$out" "$TMP/$out"
		say "$out does not match $SPEC"
		BAD=1
	else
		mkdir -p "$MWB_TOP/${out%/*}"
		cp "$TMP/$out" "$MWB_TOP/$out" || exit 1
		say "wrote $out"
	fi
done <<<"$OUTPUTS"
exit "$BAD"

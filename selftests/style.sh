#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The style of the kernel: checkpatch, sparse, all warnings, kernel-doc; for
# the rest shellcheck and mandoc. TAP; on the host.
set -u

. "$(dirname "$0")/host.sh"
cd "$MWB_TOP" || exit 1

KSRC=$("$MWB_TOP/selftests/ksrc.sh") || exit 1

# Sources that are written, not generated
sources()
{
	git ls-files -- "$@" | grep -v generated/ | grep -v '^include/uapi/linux/mwbond.h'
}

# No tree: it is not the kernel's. What only makes sense there, or in patches:
# MAINTAINERS entries, and the type of commit.
run_checkpatch()
{
	# shellcheck disable=SC2046
	perl "$KSRC/scripts/checkpatch.pl" --no-tree --strict --quiet \
		--terse --no-summary --max-line-length=100 --file "$@" \
		--ignore FILE_PATH_CHANGES,SPDX_LICENSE_TAG,CAMELCASE 2>&1
}

checkpatch_kernel()
{
	local files

	mapfile -t files < <(sources 'kernel/*.[ch]' 'include/*.h')
	# Lists of counters or states, tracepoints, and text for the assembler are
	# macros of their own kind.
	run_checkpatch "${files[@]}" |
		grep -vE '^kernel/(counters|trace|core/health|core/x86/[a-z0-9_]*)\.[ch]:.*[Mm]acro'
	return 0
}

# User space has no kernel types, no kstrto* and no BIT(); the shims are macros
# as those of the kernel are.
checkpatch_user()
{
	local files

	mapfile -t files < <(sources 'tools/*.[ch]' 'selftests/*.[ch]')
	run_checkpatch "${files[@]}" |
		grep -vE 'PREFER_KERNEL_TYPES|Prefer kernel type|kstrto|strscpy|strlcpy|Prefer using .*"%s|BIT macro|volatile-considered|unit/shim/.*[Mm]acro|bench/(shim|.*externs)|__(aligned|printf|packed|maybe_unused|noreturn)'
	return 0
}

kernel_doc()
{
	local files

	mapfile -t files < <(sources 'kernel/*.[ch]')
	perl "$KSRC/scripts/kernel-doc" -none -Wall "${files[@]}" 2>&1
}

# build RELEASE FLAGS: what the compiler and sparse say of our files
build()
{
	local dir=$MWB_TOP/build/style/$1

	rm -rf "$dir"
	mkdir -p "$dir"
	cp -r Kbuild kernel include "$dir/"
	make -C "/lib/modules/$1/build" M="$dir" W=1 C=2 \
		CF=-D__CHECK_ENDIAN__ modules >"$dir/log" 2>&1 || {
		tail -n 30 "$dir/log"
		return 1
	}
	grep -E "^$dir/.*(warning|error):" "$dir/log"
	return 0
}

versions_outside_compat()
{
	git grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION\(' -- kernel \
		':!:kernel/compat'
	return 0
}

long_files()
{
	local file lines

	sources '*.[ch]' '*.sh' | while read -r file; do
		lines=$(wc -l <"$file")
		[ "$lines" -le 700 ] || echo "$file has $lines lines"
	done
}

# In TAP a directive is called TODO.
unfinished()
{
	git grep -nE '\b(TODO|FIXME|XXX)\b' -- kernel tools selftests include \
		':!:selftests/style.sh' ':!:selftests/check.sh' \
		':!:selftests/net/table' ':!:selftests/sim/main.c'
	return 0
}

one_version()
{
	local dkms module

	dkms=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
	module=$(sed -n 's/^#define MWB_VERSION[^"]*"\(.*\)"/\1/p' kernel/version.h)
	[ "$dkms" = "$module" ] || echo "dkms.conf: $dkms, version.h: $module"
}

shell_scripts()
{
	local files

	mapfile -t files < <(git grep -lE '^#! ?/bin/(ba)?sh' -- . ; sources '*.sh')
	mapfile -t files < <(printf '%s\n' "${files[@]}" | sort -u)
	shellcheck -x -S warning "${files[@]}"
}

manuals()
{
	local page

	git ls-files -- '*.[1-9]' | while read -r page; do
		mandoc -T lint -W warning "$page" 2>&1
	done
}

tap_test "checkpatch --strict: kernel" checkpatch_kernel
tap_test "checkpatch --strict: tools and tests" checkpatch_user
tap_test "kernel-doc" kernel_doc
for series in 6.1 6.12; do
	release=$(selftests/vm/kernels | cut -f 1 |
		  grep "^${series//./\\.}[.-]" | tail -n 1)
	tap_test "warnings and sparse, Linux $series" build "$release"
done
tap_test "no kernel version outside kernel/compat" versions_outside_compat
tap_test "no file of more than 700 lines" long_files
tap_test "nothing unfinished" unfinished
tap_test "one version" one_version
tap_test "shellcheck" shell_scripts
tap_test "mandoc lint" manuals
tap_end

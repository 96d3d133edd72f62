# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the runners of virtual machines (vm/run, uml/run) share: the description
# of the guest, the directory with its logs, and the judgement of how the run
# went. To be sourced after host.sh.
set -u

# Unlike in other scripts, set-up errors have a status of their own.
die()
{
	say "$@"
	exit 126
}

# What no healthy kernel prints
SPLATS='WARNING: (CPU|possible|suspicious|bad|inconsistent|at )'
SPLATS+='|\bBUG\b|\bOops\b|Kernel panic|general protection fault'
SPLATS+='|(stack segment|double) fault|invalid opcode|NULL pointer'
SPLATS+='|KASAN|KCSAN|KFENCE|KMSAN|UBSAN|ODEBUG|kmemleak: [1-9]'
SPLATS+='|refcount_t:|use-after-free|list_(add|del) corruption'
SPLATS+='|[Bb]ad page|page allocation failure|Out of memory:'
SPLATS+='|suspicious RCU|possible (circular|recursive|irq lock)'
SPLATS+='|inconsistent lock state|sleeping function called'
SPLATS+='|scheduling while atomic|soft lockup|hard LOCKUP'
SPLATS+='|blocked for more than [0-9]+ seconds'
SPLATS+='|rcu.*(self-detected|detected .*stall|kthread starved)'
SPLATS+='|unregister_netdevice: waiting|Call Trace:'

# An out-of-tree (4096), unsigned (8192) module is what we are here for, and
# tests in the kernel (262144).
TAINT_USUAL=$((4096 | 8192 | 262144))

LIMIT=600 LOGDIR='' WRITABLE=() GUEST='' SHARE='' KEEP=0

# take_option OPT OPTARG: those that all runners have; status 1 if it is none
take_option()
{
	case $1 in
	w) WRITABLE+=("$(realpath -e -- "$2")") || die "no directory $2" ;;
	t) LIMIT=$2 ;;
	o) LOGDIR=$2 ;;
	*) return 1 ;;
	esac
}

check_options()
{
	local dir

	[[ $LIMIT =~ ^[1-9][0-9]*$ ]] || die "bad time limit: $LIMIT"
	for dir in "${WRITABLE[@]}"; do
		[ -d "$dir" ] || die "no directory $dir"
		[[ $dir != *,* ]] || die "a comma is too much in a name: $dir"
	done
}

# need_tools COMMAND...
need_tools()
{
	local tool

	for tool; do
		command -v "$tool" >/dev/null ||
			die "$tool is missing; selftests/deps.sh installs it"
	done
}

# quoted WORD...: as one line of shell
quoted()
{
	printf " '%s'" "${@//\'/\'\\\'\'}"
	echo
}

# modprobe_conf DIR: let modprobe, and so the kernel, find the modules in DIR,
# which no depmod knows, by their names and aliases
modprobe_conf()
{
	local file name deps alias

	while IFS= read -r -d '' file; do
		name=$(modinfo -F name "$file")
		deps=$(modinfo -F depends "$file")
		deps=${deps:+/sbin/modprobe -a ${deps//,/ } && }
		echo "install $name $deps/sbin/insmod $file \$CMDLINE_OPTS"
		modinfo -F alias "$file" | while read -r alias; do
			echo "alias $alias $name"
		done
	done < <(find "$1" -name '*.ko' -print0)
}

# open_logs: sets LOGDIR and SHARE; KEEP says whether the logs stay in any case
open_logs()
{
	if [ -n "$LOGDIR" ]; then
		{ mkdir -p "$LOGDIR" && LOGDIR=$(realpath "$LOGDIR"); } ||
			die "cannot write $LOGDIR"
		rm -f "$LOGDIR"/{console.log,dmesg.txt,splats.txt,emulator.log}
		KEEP=1
	else
		LOGDIR=$(mktemp -d "${TMPDIR:-/tmp}/mwbond-vm.XXXXXX") ||
			die "no temporary directory"
	fi
	[[ $LOGDIR != *,* ]] || die "a comma is too much in a name: $LOGDIR"
	SHARE=$LOGDIR/share
}

# describe_guest MODDIR RELEASE MODULES COMMAND...: fill the directory
# that the guest sees as /.vm
describe_guest()
{
	local moddir=$1 name

	[ -d "$moddir" ] && moddir=$(realpath "$moddir") || moddir=
	rm -rf "$SHARE"
	mkdir -p "$SHARE" || die "cannot write $SHARE"
	cp "$MWB_TOP/selftests/guest" "$SHARE/guest" || die "cannot write $SHARE"
	printf '%s\n' "$MWB_TOP" "$PWD" ${moddir:+"$moddir"} >"$SHARE/visible"
	[ ${#WRITABLE[@]} -eq 0 ] || printf '%s\n' "${WRITABLE[@]}" \
		>"$SHARE/writable"
	: >>"$SHARE/writable"
	echo "$2 $3" >"$SHARE/modules"
	[ -z "$moddir" ] || modprobe_conf "$moddir" >"$SHARE/modprobe.conf"
	: >>"$SHARE/modprobe.conf"
	shift 3
	{
		for name in "${!MWBOND_@}" "${!KSELFTEST@}"; do
			echo "export $name=$(quoted "${!name}" | cut -c 2-)"
		done
		echo "cd$(quoted "$PWD")"
		echo "set --$(quoted "$@")"
	} >"$SHARE/command"
}

# emulate COMMAND...: run the emulator, which gives its output on descriptor 8,
# a pipe; it goes when we go, however that happens. Sets EMULATOR_STATUS.
emulate()
{
	local copier start=$SECONDS

	exec 8> >(exec cat)
	copier=$!
	setpriv --pdeathsig TERM timeout -s KILL "$LIMIT" \
		setpriv --pdeathsig KILL "$@" 2>"$LOGDIR/emulator.log" &
	GUEST=$!
	exec 8>&-
	wait "$GUEST"
	EMULATOR_STATUS=$?
	GUEST=
	wait "$copier"
	[ "$EMULATOR_STATUS" -ne 137 ] || [ $((SECONDS - start)) -lt "$LIMIT" ] ||
		EMULATOR_STATUS=124
}

# interrupted STATUS: called by the traps
# shellcheck disable=SC2317
interrupted()
{
	trap '' INT TERM HUP
	if [ -n "$GUEST" ]; then
		kill "$GUEST" 2>/dev/null
		wait "$GUEST"
	fi
	say "interrupted"
	exit "$1"
}

# splats: the lines of the logs that are some, each once
splats()
{
	cat "$LOGDIR/console.log" "$LOGDIR/dmesg.txt" 2>/dev/null |
		tr -d '\r' | sed -E 's/^\[ *[0-9]+\.[0-9]+\] //' |
		grep -av '^Command line: \|^Kernel command line: ' |
		grep -aE "$SPLATS" | awk '!seen[$0]++'
}

# new_taint: the bits that came while the command ran
new_taint()
{
	local before after

	before=$(cat "$SHARE/taint.before" 2>/dev/null)
	after=$(cat "$SHARE/taint.after" 2>/dev/null)
	echo $((${after:-0} & ~(${before:-0} | TAINT_USUAL)))
}

# judge: sets STATUS and says on stderr what went wrong
judge()
{
	local taint

	[ ! -f "$SHARE/dmesg.txt" ] || mv "$SHARE/dmesg.txt" "$LOGDIR/"
	splats >"$LOGDIR/splats.txt"
	taint=$(new_taint)

	if [ -s "$SHARE/status" ]; then
		STATUS=$(cat "$SHARE/status")
	elif [ "$EMULATOR_STATUS" -eq 124 ]; then
		STATUS=124
		say "time limit of $LIMIT s"
	elif [ ! -s "$LOGDIR/console.log" ] && [ "$EMULATOR_STATUS" -ne 0 ]; then
		STATUS=126
		say "the emulator does not start"
		head -n 5 "$LOGDIR/emulator.log" >&2
	else
		STATUS=125
		say "the guest died; the end of its console:"
		tail -n 20 "$LOGDIR/console.log" >&2
	fi
	if [ -s "$LOGDIR/splats.txt" ]; then
		say "kernel splat:"
		head -n 20 "$LOGDIR/splats.txt" >&2
		[ "$STATUS" -ne 0 ] || STATUS=99
	fi
	if [ "$taint" -ne 0 ]; then
		say "new taint bits: $taint"
		[ "$STATUS" -ne 0 ] || STATUS=99
	fi
}

# run_guest FUNCTION: judge what it runs, and end with the status
run_guest()
{
	trap 'interrupted 130' INT
	trap 'interrupted 143' TERM
	trap 'interrupted 129' HUP
	"$1"
	judge
	rm -rf "$SHARE"
	if [ "$STATUS" -ne 0 ]; then
		say "status $STATUS; logs are in $LOGDIR"
	elif [ "$KEEP" = 0 ]; then
		rm -rf "$LOGDIR"
	fi
	exit "$STATUS"
}

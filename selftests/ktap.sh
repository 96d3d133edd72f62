# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# For every test program: output in KTAP, clean-up that is registered where
# the thing to be cleaned up is made, and waits on conditions. To be sourced.
#
# A test is a function. It reports what went wrong with fail, or by commands
# that run, refused or expect look after; it fails if anything did.

KTAP_PLAN=0
KTAP_N=0
KTAP_FAILED=0
RET=0
SKIPPED=
DEFERRED=()

# diag TEXT...: for the reader of the log
diag()
{
	printf '%s\n' "$*" | sed 's/^/# /'
}

# failed TEXT...: the present test has failed, at the line that called a helper
failed()
{
	local i

	RET=1
	for ((i = 1; i < ${#FUNCNAME[@]} - 1; i++)); do
		[[ ${FUNCNAME[i]} == test_* ]] && break
	done
	diag "FAIL: line ${BASH_LINENO[i - 1]}: $*"
}

# fail TEXT...: the present test has failed; it may go on
fail()
{
	failed "$*"
	return 1
}

# skip TEXT...: the present test cannot be run here. Only for what is really
# missing; a test that skips for a failure hides it.
skip()
{
	SKIPPED=$*
}

bail()
{
	echo "Bail out! $*"
	exit 1
}

# run COMMAND...: must give 0; its output is shown only if it does not, and is
# in OUT.
run()
{
	local rc

	OUT=$("$@" 2>&1)
	rc=$?
	[ "$rc" -eq 0 ] && return 0
	failed "status $rc: $*"
	[ -z "$OUT" ] || diag "$OUT"
	return "$rc"
}

# refused STATUS REGEX COMMAND...: must give this status, and say something on
# standard error that matches
refused()
{
	local want=$1 regex=$2 rc

	shift 2
	OUT=$("$@" 2>&1 >/dev/null)
	rc=$?
	[ "$rc" -eq "$want" ] && grep -Eqi -- "$regex" <<<"$OUT" && return 0
	failed "status $rc instead of $want: $*"
	diag "wanted: $regex"
	diag "${OUT:-nothing was said}"
	return 1
}

# expect TEXT A OP B: two whole numbers compared as test(1) does
expect()
{
	test "$2" "$3" "$4" 2>/dev/null || fail "$1: '$2', not $3 $4"
}

# same TEXT A B: two strings
same()
{
	[ "$2" = "$3" ] || fail "$1: '$2' instead of '$3'"
}

# defer COMMAND...: run it at the end of the present test (or of the program,
# when no test is running); the last one first
defer()
{
	DEFERRED+=("$(printf '%q ' "$@")")
}

# defer_down_to N: run all but the first N
defer_down_to()
{
	local last

	while [ "${#DEFERRED[@]}" -gt "$1" ]; do
		last=$((${#DEFERRED[@]} - 1))
		eval "${DEFERRED[last]}" >/dev/null 2>&1
		unset "DEFERRED[last]"
	done
}

# background COMMAND...: leave it running until the end of the test; its
# process id is in BG
background()
{
	"$@" &
	BG=$!
	defer stop "$BG"
}

# stop PID: end a child of ours, without a word about it
stop()
{
	kill "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

# now_ms: wall clock
now_ms()
{
	local us=${EPOCHREALTIME/[.,]/}

	echo "${us%???}"
}

# busywait MILLISECONDS COMMAND...: until it gives 0; repeats it soon, which in
# virtual time, where only the command itself takes long, is not at once
# slowwait MILLISECONDS COMMAND...: the same, ten times a second
busywait()
{
	local pause=0.01

	[ -z "${MWBOND_VIRTUAL_TIME-}" ] || pause=0.05
	wait_for "$pause" "$@"
}

slowwait()
{
	wait_for 0.1 "$@"
}

wait_for()
{
	local pause=$1 end

	end=$(($(now_ms) + $2))
	shift 2
	while ! "$@" >/dev/null 2>&1; do
		[ "$(now_ms)" -lt "$end" ] || return 1
		sleep "$pause"
	done
}

ktap_result()
{
	local ok=ok

	KTAP_N=$((KTAP_N + 1))
	if [ "$RET" -ne 0 ]; then
		KTAP_FAILED=$((KTAP_FAILED + 1))
		ok='not ok'
	elif [ -n "$SKIPPED" ]; then
		set -- "$1 # SKIP $SKIPPED"
	fi
	echo "$ok $KTAP_N $1"
}

# ktap_last: is this the last test?
ktap_last()
{
	[ "$((KTAP_N + 1))" -eq "$KTAP_PLAN" ]
}

# ktap_main ARGUMENT...: run the named tests, or all of ALL_TESTS, and exit.
# The function before_all, where there is one, is called first, and after_each
# after each test. Where there is a test_nothing_left, it is the last test, when
# all has been cleaned up.
ktap_main()
{
	local tests=("$@") test mark start

	[ "$#" -gt 0 ] || tests=("${ALL_TESTS[@]}")
	if declare -F test_nothing_left >/dev/null; then
		tests+=(test_nothing_left)
	fi
	trap 'defer_down_to 0' EXIT
	trap 'exit 130' INT TERM
	echo "TAP version 13"
	KTAP_PLAN=${#tests[@]}
	echo "1..$KTAP_PLAN"
	if declare -F before_all >/dev/null; then
		before_all
		[ "$RET" -eq 0 ] || bail "set-up failed"
	fi
	for test in "${tests[@]}"; do
		declare -F "$test" >/dev/null || bail "no test $test"
		RET=0
		SKIPPED=
		mark=${#DEFERRED[@]}
		start=$(now_ms)
		[ "$test" != test_nothing_left ] || defer_down_to 0
		"$test"
		if declare -F after_each >/dev/null; then
			after_each
		fi
		defer_down_to "$mark"
		ktap_result "${test#test_} ($(($(now_ms) - start)) ms)"
	done
	[ "$KTAP_FAILED" -eq 0 ]
	exit
}

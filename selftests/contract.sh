# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016
#
# Tests of what all runners of virtual machines promise (machine.sh), on the
# host. TAP. To be sourced by the selftest of a runner, with RUN, the command,
# and EMULATOR, a pattern that finds its emulator's command line.
set -u

TMP=$(mktemp -d) || exit 1
trap 'rm -rf "$TMP"' EXIT

# vm OPTION... -- COMMAND...: output in $TMP/out, messages in $TMP/err
vm()
{
	"${RUN[@]}" -t 120 -o "$TMP/log" "$@" >"$TMP/out" 2>"$TMP/err"
	STATUS=$?
}

# check NAME CONDITION...: a condition is a command of test
check()
{
	local name=$1

	shift
	if "$@"; then
		tap_ok "$name"
	else
		sed 's/^/# out: /' "$TMP/out" | head -n 20
		sed 's/^/# err: /' "$TMP/err" | head -n 40
		echo "# status $STATUS; failed: $*"
		tap_not_ok "$name"
	fi
}

# What the guest leaves behind is looked at here, in a directory of -w.
RW="$TMP/w r"
mkdir "$RW"
KEPT=/var/tmp/mwbond-vm-selftest.$$
touch "$KEPT"
trap 'rm -rf "$TMP" "$KEPT"' EXIT
cd "$MWB_TOP/selftests" || exit 1

vm -w "$RW" -- bash -c '
	printf "%s|" "$@"; pwd
	echo "to stderr" >/dev/stderr
	[ -t 0 ] || read -r || echo "no input"
	touch /etc/mwbond-vm-selftest && echo "overlay written"
	rm "$0" && echo "host file removed"
	echo "from the guest" >"w r/file" 2>/dev/null
	echo "from the guest" >'"'$RW'"'/file
	stat -f -c %T /tmp /run /dev/shm /sys/fs/cgroup /sys/kernel/debug \
		/sys/kernel/tracing /sys/fs/bpf /dev/pts | tr "\n" " "; echo
	ip -o link show lo up | grep -c LOOPBACK
	modprobe sch_netem && tc qdisc add dev lo root netem &&
		tc qdisc show dev lo | grep -c netem
	cp /bin/true /dev/shm && /dev/shm/true && echo "shm executes"
	exit 42' "$KEPT" 'two  words' "it's" '$HOME \ "x"' '' 'a
b'
check "the status is passed through" [ "$STATUS" -eq 42 ]
check "arguments arrive as they were given" \
	grep -Fxq "two  words|it's|\$HOME \\ \"x\"||a" "$TMP/out"
check "the command starts in the current directory" \
	grep -Fxq "b|$MWB_TOP/selftests" "$TMP/out"
check "standard error is shown" grep -Fxq "to stderr" "$TMP/out"
check "standard input is empty" grep -Fxq "no input" "$TMP/out"
check "the root can be written in the guest" \
	grep -Fxq "overlay written" "$TMP/out"
check "the host's root is left alone" \
	[ ! -e /etc/mwbond-vm-selftest -a -e "$KEPT" ]
check "a directory of -w is written through" \
	[ "$(cat "$RW/file" 2>&1)" = "from the guest" ]
check "the usual file systems are there" grep -Fxq \
	"tmpfs tmpfs tmpfs cgroup2fs debugfs tracefs bpf_fs devpts " "$TMP/out"
check "lo is up, and modules are there" \
	[ "$(grep -Fxc 1 "$TMP/out")" -eq 2 ]
check "programs in /dev/shm run" grep -Fxq "shm executes" "$TMP/out"
check "logs are kept, and named, on failure" \
	[ -s "$TMP/log/dmesg.txt" -a -n "$(grep -F "$TMP/log" "$TMP/err")" ]

vm -- seq 1 200000
check "a megabyte of output arrives intact" \
	[ "$STATUS" -eq 0 -a "$(sha256sum <"$TMP/out")" = \
	  "$(seq 1 200000 | sha256sum)" ]

vm -- sh -c 'sleep 300 & echo done'
check "a child left behind does not keep the VM" \
	[ "$STATUS" -eq 0 -a "$(cat "$TMP/out")" = "done" ]

vm -- sh -c 'echo "<4>WARNING: CPU: 0 PID: 1 at here" >/dev/kmsg'
check "a splat gives 99" [ "$STATUS" -eq 99 ]
check "the splat is shown" grep -q 'WARNING: CPU: 0 PID: 1 at here' "$TMP/err"
vm -- sh -c 'echo "<4>WARNING: CPU: 0 PID: 1 at here" >/dev/kmsg; exit 7'
check "a splat does not hide the command's own failure" [ "$STATUS" -eq 7 ]
vm -- sh -c 'echo "<6>a WARNING: that is none" >/dev/kmsg'
check "other kernel messages are no splats" [ "$STATUS" -eq 0 ]
vm -- sh -c 'echo 512 >/proc/sys/kernel/tainted'
check "a new taint bit gives 99" [ "$STATUS" -eq 99 ]

vm -- sh -c 'echo before; sleep 1; echo c >/proc/sysrq-trigger'
check "a panic gives 125" [ "$STATUS" -eq 125 ]
check "the output before a panic is not lost" grep -Fxq before "$TMP/out"
check "the console is shown" grep -q 'Kernel panic' "$TMP/err"

START=$SECONDS
vm -t 25 -- sh -c 'echo early; sleep 10000'
check "the time limit gives 124" [ "$STATUS" -eq 124 ]
check "the time limit holds" [ $((SECONDS - START)) -le 32 ]
check "output is live" grep -Fxq early "$TMP/out"

# emulators PID: those below this process
emulators()
{
	local child

	for child in $(pgrep -P "$1"); do
		pgrep -f "$EMULATOR" | grep -x "$child"
		emulators "$child"
	done
}

# ended PID...: none of them is left
ended()
{
	local i

	for ((i = 0; i < 50; i++)); do
		kill -0 "$@" 2>/dev/null || return 0
		sleep 0.1
	done
	return 1
}

for signal in TERM INT KILL; do
	env --default-signal=INT "${RUN[@]}" -t 120 -o "$TMP/log" -- \
		sleep 100 >"$TMP/out" 2>"$TMP/err" <&- &
	PID=$!
	for ((i = 0; i < 100; i++)); do
		[ -z "$(emulators $PID)" ] || break
		sleep 0.1
	done
	sleep 1
	mapfile -t BELOW < <(emulators $PID)
	kill -"$signal" $PID
	wait $PID 2>/dev/null
	STATUS=$?
	check "SIG$signal ends it" [ $STATUS -gt 128 -a ${#BELOW[@]} -gt 0 ]
	check "SIG$signal leaves no emulator" ended "${BELOW[@]}"
done

"${RUN[@]}" -z -- true >"$TMP/out" 2>"$TMP/err"
STATUS=$?
check "a wrong option gives 126" [ $STATUS -eq 126 ]
vm -k 1.2.3-none -- true
check "an unknown kernel gives 126" [ "$STATUS" -eq 126 ]
vm -- no-such-command
check "an unknown command gives 127" [ "$STATUS" -eq 127 ]

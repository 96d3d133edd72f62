#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs the tests of the tools, and checks the manual and the completion; "make
# check" builds them first. Each is one test in TAP; the checks of those that
# are programs are shown below it if they failed, or, with V=1, all.
set -u

cd "$(dirname "$0")/.." || exit 1
: "${O:=$PWD/../build/tools}" "${V:=0}"
export O
count=0 failed=0

# result STATUS NAME
result()
{
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count tools: $2"
	else
		echo "not ok $count tools: $2"
		failed=$((failed + 1))
	fi
}

# program FILE: it prints TAP, and has to do all that it planned
program()
{
	local name=${1##*/} log status good bad plan show='/^not/'

	log=$O/tests/$name.log
	"$1" >"$log" 2>"$O/tests/$name.err"
	status=$?
	[ "$V" = 0 ] || show=1
	awk "/^(not )?ok/ { show = $show } show { print \"    \" \$0 }" "$log"
	good=$(grep -c '^ok ' "$log")
	bad=$(grep -c '^not ok ' "$log")
	plan=$(sed -n 's/^1\.\.\([0-9]\+\)$/\1/p' "$log")
	if [ "$status" -eq 0 ] && [ "$bad" -eq 0 ] && [ "$good" -gt 0 ] &&
	   [ "$good" = "$plan" ]; then
		result 0 "$name, $good checks"
		return
	fi
	tail -n 20 "$O/tests/$name.err" | sed 's/^/# /'
	result 1 "$name: status $status, $bad failed, $good of ${plan:-?} passed"
}

# silent NAME COMMAND...: it has nothing to say
silent()
{
	local name=$1 out status

	shift
	out=$("$@" 2>&1)
	status=$?
	if [ -n "$out" ]; then
		echo "# ${out//$'\n'/$'\n'# }"
		status=1
	fi
	result "$status" "$name"
}

# ip loads the plugin and asks it; nothing is asked of the kernel.
plugin_in_ip()
{
	local out

	out=$(IP_LIB_DIR=$O/iproute2 ip link help mwbond 2>&1)
	[[ $out == *reorder-buffer* ]] || echo "ip link help mwbond: $out"
	out=$(IP_LIB_DIR=$O/iproute2 ip link add bond0 type mwbond mode x 2>&1) &&
		echo "ip took mode x"
	[[ $out == *'mode "x": not one of round-robin, '* ]] || echo "$out"
}

echo "TAP version 13"
echo "1..6"
program "$O/tests/parse_test"
program "$O/tests/plugin_test"
program tests/mwbctl_test.py
silent "the plugin in ip" plugin_in_ip
silent "manual" mandoc -T lint -W warning mwbctl/man/mwbctl.8
silent "completion" bash -n mwbctl/completion/mwbctl.bash
echo "# $((count - failed)) passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$count" -eq 6 ]

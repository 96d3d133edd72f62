# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Completion of mwbctl for bash. What can follow is asked of mwbctl itself.

_mwbctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} i=1
	local -a global=() words

	COMPREPLY=()
	# Options before the command; a network namespace is worked in.
	while [ "$i" -lt "$COMP_CWORD" ]; do
		case ${COMP_WORDS[i]} in
		-n)
			if [ "$((i + 1))" -eq "$COMP_CWORD" ]; then
				mapfile -t words < <(ls /run/netns 2>/dev/null)
				_mwbctl_reply "${words[@]}"
				return
			fi
			global+=(-n "${COMP_WORDS[i + 1]}")
			i=$((i + 2))
			;;
		-*)
			i=$((i + 1))
			;;
		*)
			break
			;;
		esac
	done

	if [ "$i" -eq "$COMP_CWORD" ] && [[ $cur == -* ]]; then
		_mwbctl_reply -j -p -n -V
		return
	fi
	mapfile -t words < <("${COMP_WORDS[0]}" "${global[@]}" complete \
		"${COMP_WORDS[@]:i:COMP_CWORD - i}" 2>/dev/null)
	_mwbctl_reply "${words[@]}"

	# The word of dev names an interface.
	if [ "${COMP_WORDS[COMP_CWORD - 1]}" = dev ] &&
	   [ "${#COMPREPLY[@]}" -eq 0 ]; then
		mapfile -t words < <(ls /sys/class/net 2>/dev/null)
		_mwbctl_reply "${words[@]}"
	fi
}

# Those of the words that begin like the one being completed
_mwbctl_reply()
{
	local word

	for word in "$@"; do
		[[ $word == "$cur"* ]] && COMPREPLY+=("$word")
	done
}

complete -F _mwbctl mwbctl

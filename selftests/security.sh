#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sessions with keys: what others see and can do, keys that do not fit, and the
# renewal of keys. Time is virtual for most of it: minutes pass in seconds.
# shellcheck source=lib.sh disable=SC2034
MWBOND_SECURITY=noise
. "$(dirname "$0")/lib.sh"

ALL_TESTS=(
	test_keys
	test_not_without_keys
	test_secrets_stay
	test_capture
	test_ciphers
	test_unknown_key
	test_wrong_peer
	test_preshared
	test_clock
	test_repeated_initiation
	test_plain_packets
	test_middle
	test_cookies
	test_shared_port
	test_restart
	test_rekey
	test_rekey_slow
	test_silence
)

set_up()
{
	net_up 2
	keys_make || bail "no keys"
}

# logged SINCE TEXT: the kernel has said so since the log had so many lines
logged()
{
	dmesg | tail -n "+$(($1 + 1))" | grep -Fq "$2"
}

lines()
{
	dmesg | wc -l
}

# bond_of NS OPTION...: a device with other options than those of secure
bond_of()
{
	local ns=$1 host=2

	[ "$ns" = hub ] || host=1
	shift
	run ip -n "$ns" link add bond0 type mwbond &&
	run mwbctl -n "$ns" link set bond0 "$@" &&
	run ip -n "$ns" addr add "192.168.77.$host/24" dev bond0 &&
	run ip -n "$ns" link set bond0 up
}

bond_down()
{
	local ns

	for ns in site hub; do
		ip -n "$ns" link del bond0 2>/dev/null
	done
}

# both_up N [OPTION]...: bond_up, gone at the end of the test
both_up()
{
	defer bond_down
	bond_up "$@" && return
	fail "the bond does not come up"
	return 1
}

established()
{
	[ "$(link_value "$1" established)" = true ]
}

# The keys are WireGuard's.
test_keys()
{
	same "public key" "$(mwbctl pubkey <"$KEYS/site")" \
		"$(wg pubkey <"$KEYS/site")"
	same "of one of wg's" "$(wg genkey | tee "$KEYS/wg" | mwbctl pubkey)" \
		"$(wg pubkey <"$KEYS/wg")"
	refused 1 base64 mwbctl pubkey </dev/null
	run ip -n site link add bond0 type mwbond || return
	defer bond_down
	refused 1 'private-key.*No such file' mwbctl -n site link set bond0 \
		private-key /nonexistent
	refused 1 'peer.*base64' mwbctl -n site link set bond0 peer xyz
	refused 1 "peer's key is that of this device" mwbctl -n site link set \
		bond0 private-key "$KEYS/site" peer "$(cat "$KEYS/site.pub")"
	# A point of small order is no key.
	refused 1 "peer's key is none" mwbctl -n site link set bond0 \
		private-key "$KEYS/site" \
		peer 4Ot6fDtBuK4WVuP68Z/EatoJjeucMrH9hmIFFl9JuAA=
}

test_not_without_keys()
{
	run ip -n site link add bond0 type mwbond || return
	defer bond_down
	refused 2 'Neither keys nor "security none" is set: mwbctl link set' \
		ip -n site link set bond0 up
	run mwbctl -n site link set bond0 private-key "$KEYS/site"
	same "security" "$(link_value site security)" noise
	refused 2 'peer is not set: mwbctl link set' \
		ip -n site link set bond0 up
	refused 1 'needs a private key and that of its peer' \
		mwbctl -n site link set bond0 listen 5000
	run mwbctl -n site link set bond0 peer "$(cat "$KEYS/hub.pub")"
	run ip -n site link set bond0 up
	refused 1 'needs a private key' mwbctl -n site link set bond0 peer none
	run mwbctl -n site link set bond0 security none session 7
	mwbctl -n site link show bond0 | grep -q 'NOT SECRET' ||
		fail "security none is not marked"
}

test_secrets_stay()
{
	local secret

	both_up 1 preshared-key "$KEYS/psk" || return
	for secret in site hub psk; do
		{
			mwbctl -n site -j link show
			mwbctl -n hub -j link show
			mwbctl -n site link show
			ip -n site -d link show bond0
		} | grep -qF "$(cat "$KEYS/$secret")" && fail "$secret is shown"
	done
	same "public key" "$(link_value site public-key)" \
		"$(cat "$KEYS/site.pub")"
	same "peer" "$(link_value site peer-key)" "$(cat "$KEYS/hub.pub")"
	same "pre-shared" "$(link_value site preshared)" true
}

# inner_visible: does a capture of the WANs show what the bond carries?
inner_visible()
{
	local file

	file=$(mktemp)
	defer rm -f "$file"
	in_background site tcpdump --immediate-mode -n -i wan1 -U -w "$file" 2>/dev/null
	sleep 0.5
	pings site 20 0.01 "$HUB4" -s 800 -p 6d77626f6e642d73
	sleep 0.2
	expect "bytes captured" "$(wc -c <"$file")" -gt 16000
	grep -qaF mwbond-s "$file"
}

test_capture()
{
	both_up 1 || return
	inner_visible && fail "the capture shows what is in the packets"
	bond_down
	MWBOND_SECURITY=none bond_up 1 || return
	inner_visible || fail "the capture of the plain mode does not show it"
}

# works: both ways, nothing lost
works()
{
	busywait 10000 reachable || fail "no traffic"
	stream site hub "$HUB4" 1000 1000 1
	stream_complete
	stream hub site "$SITE4" 1000 1000 1
	stream_complete
	same "not authentic at the hub" "$(counter hub rx_auth)" 0
	same "not authentic at the site" "$(counter site rx_auth)" 0
}

test_ciphers()
{
	local cipher since

	for cipher in chacha20poly1305 aes-gcm; do
		both_up 2 || return
		# One end is enough.
		run mwbctl -n hub link set bond0 cipher "$cipher"
		busywait 10000 reachable || fail "no traffic"
		same "cipher" "$(link_value site cipher-used)" "$cipher"
		works
		bond_down
	done
	since=$(lines)
	bond_of hub private-key "$KEYS/hub" peer "$(cat "$KEYS/site.pub")" \
		listen "$PORT" cipher aes-gcm || return
	bond_of site private-key "$KEYS/site" peer "$(cat "$KEYS/hub.pub")" \
		cipher chacha20poly1305 || return
	run wan_add 1
	sleep 3
	established site && fail "ciphers that exclude each other"
	logged "$since" 'none of the ciphers' || fail "not a word about it"
}

test_unknown_key()
{
	local since

	since=$(lines)
	defer bond_down
	bond_of hub private-key "$KEYS/hub" peer "$(cat "$KEYS/other.pub")" \
		listen "$PORT" || return
	bond_of site private-key "$KEYS/site" peer "$(cat "$KEYS/hub.pub")" ||
		return
	run wan_add 1
	sleep 8
	established site && fail "the hub takes a key that it does not know"
	established hub && fail "the hub has a session"
	logged "$since" "unknown peer, key $(cut -c 1-8 "$KEYS/site.pub")" ||
		fail "the hub does not say who that was"
	logged "$since" 'bond0: no answer from the peer' ||
		fail "the site does not say that there is no answer"
}

test_wrong_peer()
{
	local since

	since=$(lines)
	defer bond_down
	bond_of hub private-key "$KEYS/hub" peer "$(cat "$KEYS/site.pub")" \
		listen "$PORT" || return
	bond_of site private-key "$KEYS/site" peer "$(cat "$KEYS/other.pub")" ||
		return
	run wan_add 1
	sleep 8
	established site && fail "another hub than the one meant"
	logged "$since" 'bond0: no answer from the peer' || fail "no word"
	expect "refused by the hub" "$(counter hub rx_session)" -gt 5
	# And the same once it is right.
	run mwbctl -n site link set bond0 peer "$(cat "$KEYS/hub.pub")"
	busywait 5000 established site || fail "no session"
}

test_preshared()
{
	local since

	since=$(lines)
	both_up 1 preshared-key "$KEYS/psk" || return
	works
	run mwbctl -n site link set bond0 preshared-key none
	events_start site
	sleep 8
	established site && fail "without the pre-shared key"
	logged "$since" 'have both ends the same pre-shared key' ||
		fail "no word"
	run mwbctl -n site link set bond0 preshared-key "$KEYS/psk"
	busywait 5000 established site || fail "no session"
}

test_clock()
{
	local since now

	since=$(lines)
	both_up 1 || return
	ip -n site link del bond0
	now=$(date +%s)
	# Some weeks after the epoch: it cannot be before the start of the machine.
	run date -u -s @3000000
	bond_add site && wan_add 1 || return
	sleep 3
	established site && fail "a time stamp from 1970 is taken for new"
	logged "$since" "the peer's clock was set back" || fail "no word"
	run date -u -s "@$((now + 60))"
	busywait 10000 established site || fail "no session with the right time"
}

# plan LINE: tell the man in the middle what to do
plan()
{
	local before

	before=$(grep -c 'done' "$RELAY")
	echo "$*" >"$RELAY.plan"
	busywait 2000 planned "$before" || fail "the relay does not answer: $*"
}

planned()
{
	[ "$(grep -c 'done' "$RELAY")" -gt "$1" ]
}

# relay_up: the session of one WAN, all of it through a man in the middle
relay_up()
{
	RELAY=$(mktemp)
	defer rm -f "$RELAY" "$RELAY.plan"
	defer bond_down
	echo >"$RELAY.plan"
	in_background hub "$SELFTESTS/traffic/relay.py" 6000 10.0.1.2 "$PORT" \
		"$RELAY.plan" >>"$RELAY"
	busywait 5000 grep -q ready "$RELAY" || fail "no relay"
	bond_add hub listen "$PORT" && bond_add site || return
	run mwbctl -n site wan add bond0 wan1 remote 10.0.1.2:6000 \
		"local" 10.0.1.1
	wait_wans 1
	busywait 5000 reachable || fail "no traffic"
}

test_repeated_initiation()
{
	local before handshakes

	relay_up || return
	handshakes=$(counter hub handshakes)
	before=$(counter hub rx_replay)
	# Of this session: it may have been lost, and has the same answer.
	plan again initiation 20
	pings site 10 0.05 "$HUB4"
	# An old one does not.
	run mwbctl -n site link set bond0 cipher chacha20poly1305
	sleep 1
	busywait 5000 reachable || fail "no traffic"
	same "handshakes" "$(counter hub handshakes)" $((handshakes + 1))
	plan again initiation 10
	pings site 10 0.05 "$HUB4"
	expect "repeated initiations refused" \
		$(($(counter hub rx_replay) - before)) -eq 10
	same "handshakes" "$(counter hub handshakes)" $((handshakes + 1))
}

# What is not encrypted does not get into a session with keys.
test_plain_packets()
{
	both_up 1 || return
	same "handshakes" "$(counter hub handshakes)" 1
	run ip -n site link add bond1 type mwbond
	defer ip -n site link del bond1
	run mwbctl -n site link set bond1 security none session 7
	run ip -n site link set bond1 up
	run mwbctl -n site wan add bond1 w remote "10.0.1.2:$PORT" \
		"local" 10.0.1.1
	sleep 3
	same "the plain one" "$(link_value site established bond1)" false
	same "handshakes" "$(counter hub handshakes)" 1
	works
}

# Whatever is done to one type of packets, nothing false arrives, and afterwards
# all is well.
test_middle()
{
	local type op

	relay_up || return
	for type in heartbeat control ack data; do
		for op in drop repeat delay truncate flip forge; do
			plan "$type $op 3"
			stream_start site hub "$HUB4" 200 600 2
			stream_end
			same "$op $type: damaged" "${STREAM[corrupt]-x}" 0
			same "$op $type: twice" "${STREAM[duplicates]-x}" 0
		done
	done
	plan
	busywait 10000 reachable || fail "no traffic"
	expect "not authentic" "$(counter hub rx_auth)" -gt 50
	for type in initiation response; do
		for op in drop repeat delay truncate flip forge; do
			plan "$type $op 2"
			ip -n site link set bond0 down
			ip -n site link set bond0 up
			busywait 15000 reachable || fail "$op $type: no session"
		done
	done
	plan
	works_through
}

works_through()
{
	sleep 2
	stream site hub "$HUB4" 200 1000 2
	stream_complete
}

# More than a hub deals with at once: who shows that he is where he says is let
# in.
test_cookies()
{
	local file

	relay_up || return
	file=$(mktemp)
	defer rm -f "$file"
	in_background site tcpdump --immediate-mode -n -i wan1 -U -w "$file" \
		"udp and src port $PORT and udp[56] = 3" 2>/dev/null
	sleep 0.5
	ip -n site link del bond0
	# Some thousands a second
	plan flood initiation 8
	sleep 2
	bond_add site && wan_add 1 || return
	busywait 10000 established site || fail "no session"
	busywait 5000 reachable || fail "no traffic"
	sleep 0.5
	expect "bytes of cookies captured" "$(wc -c <"$file")" -gt 100
}

# Two sites share the hub's port and key.
test_shared_port()
{
	both_up 1 || return
	run ip -n hub link add bond1 type mwbond &&
	run ip -n site link add bond1 type mwbond || return
	defer ip -n hub link del bond1
	defer ip -n site link del bond1
	refused 1 'same keys' mwbctl -n hub link set bond1 private-key \
		"$KEYS/hub" peer "$(cat "$KEYS/site.pub")" listen "$PORT"
	run mwbctl -n hub link set bond1 private-key "$KEYS/hub" \
		peer "$(cat "$KEYS/other.pub")" listen "$PORT"
	run mwbctl -n site link set bond1 private-key "$KEYS/other" \
		peer "$(cat "$KEYS/hub.pub")"
	ip -n hub addr add 192.168.78.2/24 dev bond1
	ip -n site addr add 192.168.78.1/24 dev bond1
	run ip -n hub link set bond1 up
	run ip -n site link set bond1 up
	run mwbctl -n site wan add bond1 w remote "10.0.1.2:$PORT" \
		"local" 10.0.1.1
	busywait 5000 site ping -n -q -c 1 -W 1 192.168.78.2 >/dev/null ||
		fail "bond1 does not work"
	works
	same "handshakes of bond0" "$(counter hub handshakes)" 1
}

test_restart()
{
	both_up 2 || return
	ip -n site link del bond0
	bond_add site && wan_add 1 && wan_add 2 || return
	wait_wans 2
	works
	ip -n hub link set bond0 down
	sleep 2
	run ip -n hub link set bond0 up
	wait_wans 2
	works
}

# rekeys NS: times that the keys of the session were renewed
rekeys()
{
	counter "$1" rekeys
}

# stream_over RATE SECONDS: a stream through several renewals of the keys
stream_over()
{
	local ns before

	before=$(counter hub handshakes)
	stream site hub "$HUB4" "$1" 500 "$2"
	stream_complete
	for ns in site hub; do
		expect "rekeys of the $ns" "$(rekeys "$ns")" \
			-ge $((($2 - 20) / 120))
		expect "age of the keys, ms" "$(link_value "$ns" key-age)" \
			-lt 125000
		same "not authentic at the $ns" "$(counter "$ns" rx_auth)" 0
	done
	same "handshakes" "$(counter hub handshakes)" "$before"
}

test_rekey()
{
	emulate 1 20 10
	emulate 2 20 15
	defer wan_plain 1
	defer wan_plain 2
	both_up 2 || return
	events_start hub
	stream_over 100 260
	event session-rekeyed >/dev/null || fail "no event"
}

# 600 ms there and back
test_rekey_slow()
{
	emulate 1 10 300
	defer wan_plain 1
	both_up 1 || return
	stream_over 50 260
}

# A peer that does not renew its keys does not have them for ever.
test_silence()
{
	both_up 1 || return
	netem site 1 loss 100%
	netem hub 1 loss 100%
	defer wan_plain 1
	sleep 190
	established site && fail "the keys are older than 180 s"
	established hub && fail "the keys are older than 180 s at the hub"
	wan_plain 1
	busywait 10000 reachable || fail "no traffic"
}

ktap_main "$@"

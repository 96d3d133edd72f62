// SPDX-License-Identifier: GPL-2.0-only
/*
 * What anybody can send to a listener with keys: initiations. The code tells
 * who knows the key of this end, a cookie who is where he says, and a limit
 * keeps each of those from having all of the CPU. What is left gets one X25519
 * to find out whose it is.
 */
#include <linux/jhash.h>
#include <linux/random.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "path.h"
#include "session.h"
#include "socket.h"
#include "wan.h"

/* Handshakes without a cookie: one in this time, so many in a burst. */
#define MWB_STRANGER_EACH	(10 * (u64)NSEC_PER_MSEC)
#define MWB_STRANGER_BURST	100
/* The same of one source, which has shown a cookie */
#define MWB_SOURCE_EACH		(50 * (u64)NSEC_PER_MSEC)
#define MWB_SOURCE_BURST	5

enum { MWB_STRANGER_QUEUE = 256 };	/* packets */

/* Takes one of a budget, which is refilled as time goes by. */
static bool mwb_stranger_take(u64 *due, u64 each, u32 burst, u64 now)
{
	u64 at = max(*due, now);

	if (at - now >= burst * each)
		return false;
	*due = at + each;
	return true;
}

/* A counter of a source: all of an IPv6 /64 are one; some share it by chance. */
static u64 *mwb_stranger_source(struct mwb_stranger *stranger,
				const struct sk_buff *skb)
{
	u32 hash;

	if (ip_hdr(skb)->version == 4)
		hash = jhash_1word((__force u32)ip_hdr(skb)->saddr,
				   stranger->seed);
	else
		hash = jhash2((__force const u32 *)ipv6_hdr(skb)->saddr.s6_addr32,
			      2, stranger->seed);
	return &stranger->source[hash % MWB_STRANGER_SOURCES];
}

/* The cookie of where the packet comes from, now */
static void mwb_stranger_cookie(struct mwb_stranger *stranger,
				struct sk_buff *skb, u64 now, u8 *cookie)
{
	struct mwb_address remote, local;
	u8 place[sizeof(remote.v6) + sizeof(remote.port)] = { };

	if (now >= stranger->secret_until) {
		get_random_bytes(stranger->secret, sizeof(stranger->secret));
		stranger->secret_until = now + MWB_SECURE_COOKIE;
	}
	mwb_socket_addresses(skb, &remote, &local);
	if (remote.family == AF_INET)
		memcpy(place, &remote.v4, sizeof(remote.v4));
	else
		memcpy(place, &remote.v6, sizeof(remote.v6));
	memcpy(place + sizeof(remote.v6), &remote.port, sizeof(remote.port));
	mwb_noise_mac(cookie, stranger->secret, sizeof(stranger->secret), place,
		      sizeof(place));
}

static void mwb_stranger_send_cookie(struct mwb_socket *socket,
				     struct sk_buff *skb, const u8 *key,
				     const u8 *cookie, u64 session_id,
				     u8 wan_id)
{
	u32 mac1 = MWB_SECURE_INITIATION_LEN - 2 * MWB_NOISE_MAC_LEN;
	const u8 *payload = skb->data + MWB_WIRE_HDR_LEN;
	u8 buf[MWB_SECURE_COOKIE_LEN] = { MWB_CONTROL_COOKIE };
	u8 *nonce = buf + 4;

	get_random_bytes(nonce, MWB_NOISE_NONCE_LEN);
	mwb_noise_seal_cookie(nonce + MWB_NOISE_NONCE_LEN, cookie, key, nonce,
			      payload + mac1);
	mwb_send_stranger(NULL, socket, skb, session_id, wan_id, buf,
			  sizeof(buf));
}

/* May it cost us an X25519? If not, it may have been told how to be let in. */
static bool mwb_stranger_admit(struct mwb_socket *socket, struct sk_buff *skb,
			       const u8 *cookie_key, u64 session_id, u8 wan_id)
{
	u32 len = MWB_SECURE_INITIATION_LEN - MWB_NOISE_MAC_LEN;
	const u8 *payload = skb->data + MWB_WIRE_HDR_LEN;
	struct mwb_stranger *stranger = socket->stranger;
	u8 cookie[MWB_NOISE_COOKIE_LEN];
	u8 mac[MWB_NOISE_MAC_LEN];
	u64 now = mwb_now();

	if (mwb_stranger_take(&stranger->due, MWB_STRANGER_EACH,
			      MWB_STRANGER_BURST, now))
		return true;
	mwb_stranger_cookie(stranger, skb, now, cookie);
	mwb_noise_mac(mac, cookie, sizeof(cookie), payload, len);
	if (mwb_crypto_equal(mac, payload + len, sizeof(mac)))
		return mwb_stranger_take(mwb_stranger_source(stranger, skb),
					 MWB_SOURCE_EACH, MWB_SOURCE_BURST,
					 now);
	mwb_stranger_send_cookie(socket, skb, cookie_key, cookie, session_id,
				 wan_id);
	return false;
}

/* Somebody may wait for it to work. */
static void mwb_stranger_unknown(const struct sk_buff *skb, const u8 *public)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char text[9] = "";
	u64 bits = 0;
	int i;

	/* The first characters of the key, in base64 */
	for (i = 0; i < 6; i++)
		bits = bits << 8 | public[i];
	for (i = 0; i < 8; i++)
		text[i] = digits[bits >> (42 - 6 * i) & 63];
	if (ip_hdr(skb)->version == 4)
		net_notice_ratelimited("mwbond: handshake of an unknown peer, key %s..., from %pI4\n",
				       text, &ip_hdr(skb)->saddr);
	else
		net_notice_ratelimited("mwbond: handshake of an unknown peer, key %s..., from %pI6c\n",
				       text, &ipv6_hdr(skb)->saddr);
}

/* The peer that the initiation says it is of, and its session */
static void mwb_stranger_deliver(struct mwb_socket *socket,
				 struct sk_buff *skb, u64 id, const u8 *public)
{
	struct mwb_session *session;

	rcu_read_lock();
	session = mwb_listener_find_peer(socket, id, public);
	if (!session) {
		mwb_stranger_unknown(skb, public);
		mwb_stats_inc(socket->stats, MWB_STAT_rx_handshake);
		kfree_skb(skb);
	} else if (skb_queue_len_lockless(&session->control) >=
		   MWB_CONTROL_QUEUE_STRANGERS) {
		mwb_session_drop(session, skb, MWB_STAT_rx_queue_full);
	} else {
		skb_queue_tail(&session->control, skb);
		mwb_session_kick(session);
	}
	rcu_read_unlock();
}

static void mwb_stranger_refuse(struct mwb_socket *socket, struct sk_buff *skb)
{
	mwb_stats_inc(socket->stats, MWB_STAT_rx_handshake);
	kfree_skb(skb);
}

static void mwb_stranger_examine(struct mwb_socket *socket,
				 struct sk_buff *skb)
{
	const u8 *payload = skb->data + MWB_WIRE_HDR_LEN;
	u8 cookie_key[MWB_CRYPTO_KEY_LEN];
	u8 public[MWB_CRYPTO_KEY_LEN];
	struct mwb_noise_identity own;
	struct mwb_wire_control ctl;
	struct mwb_session *session;
	struct mwb_wire_hdr hdr;
	struct mwb_noise noise;
	bool ok = false;

	if (mwb_wire_parse(skb->data, skb->len, &hdr) ||
	    mwb_wire_parse_control(payload, hdr.data_len, &ctl) != -EOPNOTSUPP) {
		mwb_stranger_refuse(socket, skb);
		return;
	}
	rcu_read_lock();
	session = mwb_listener_find(socket, hdr.session);
	if (session) {
		own = session->secure.keys.own;
		memcpy(cookie_key, session->secure.keys.own_cookie,
		       sizeof(cookie_key));
	}
	rcu_read_unlock();
	if (session)
		ok = mwb_stranger_admit(socket, skb, cookie_key, ctl.session,
					hdr.wan_id) &&
		     mwb_noise_read_initiation(&noise, &own, payload,
					       payload + MWB_NOISE_HELLO_LEN,
					       public);
	memzero_explicit(&own, sizeof(own));
	memzero_explicit(&noise, sizeof(noise));
	if (ok)
		mwb_stranger_deliver(socket, skb, hdr.session, public);
	else
		mwb_stranger_refuse(socket, skb);
}

static void mwb_stranger_work(struct work_struct *work)
{
	struct mwb_stranger *stranger = container_of(work, struct mwb_stranger,
						     work);
	struct sk_buff *skb;

	while ((skb = skb_dequeue(&stranger->queue))) {
		mwb_stranger_examine(stranger->socket, skb);
		cond_resched();
	}
}

void mwb_stranger_receive(struct mwb_socket *socket, struct sk_buff *skb,
			  const struct mwb_wire_hdr *hdr)
{
	u32 len = MWB_SECURE_INITIATION_LEN - 2 * MWB_NOISE_MAC_LEN;
	const u8 *payload = skb->data + MWB_WIRE_HDR_LEN;
	struct mwb_session *session;
	u8 mac[MWB_NOISE_MAC_LEN];

	session = mwb_listener_find(socket, hdr->session);
	if (!session) {
		mwb_stats_inc(socket->stats, MWB_STAT_rx_session);
		kfree_skb(skb);
		return;
	}
	if (session->settings.security != MWBOND_SECURITY_NOISE) {
		mwb_session_drop(session, skb, MWB_STAT_rx_handshake);
		return;
	}
	mwb_noise_mac(mac, session->secure.keys.own_mac, MWB_CRYPTO_KEY_LEN,
		      payload, len);
	if (!mwb_crypto_equal(mac, payload + len, sizeof(mac))) {
		mwb_stranger_refuse(socket, skb);
		return;
	}
	if (skb_queue_len_lockless(&socket->stranger->queue) >=
	    MWB_STRANGER_QUEUE) {
		mwb_stats_inc(socket->stats, MWB_STAT_rx_queue_full);
		kfree_skb(skb);
		return;
	}
	mwb_control_cb(skb)->arrival = mwb_now();
	mwb_control_cb(skb)->socket = socket;
	mwb_control_cb(skb)->sealed = false;
	mwb_control_cb(skb)->moved = false;
	skb_queue_tail(&socket->stranger->queue, skb);
	queue_work(mwb_wq, &socket->stranger->work);
}

int mwb_stranger_create(struct mwb_socket *socket)
{
	struct mwb_stranger *stranger = kzalloc(sizeof(*stranger), GFP_KERNEL);

	if (!stranger)
		return -ENOMEM;
	stranger->socket = socket;
	stranger->seed = get_random_u32();
	skb_queue_head_init(&stranger->queue);
	INIT_WORK(&stranger->work, mwb_stranger_work);
	socket->stranger = stranger;
	return 0;
}

void mwb_stranger_destroy(struct mwb_socket *socket)
{
	if (!socket->stranger)
		return;
	cancel_work_sync(&socket->stranger->work);
	skb_queue_purge(&socket->stranger->queue);
	kfree_sensitive(socket->stranger);
}

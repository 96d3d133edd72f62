// SPDX-License-Identifier: GPL-2.0-only
/*
 * The handshake with keys: Documentation/wire.rst, "Handshake with keys". Runs
 * in the session's work, on initiations that stranger.c has let through.
 */
#include <linux/random.h>
#include <linux/ktime.h>

#include "netlink.h"
#include "path.h"
#include "session.h"
#include "socket.h"
#include "trace.h"
#include "wan.h"

/* An initiation is made anew after this time: the peer may have answered one
 * before, and its answer may have been lost with all it knew.
 */
#define MWB_SECURE_FRESH	(5 * (u64)NSEC_PER_SEC)
#define MWB_SECURE_RETRY_MIN	(100 * (u64)NSEC_PER_MSEC)
#define MWB_SECURE_RETRY_MAX	(500 * (u64)NSEC_PER_MSEC)
#define MWB_SECURE_COMPLAIN	(60 * (u64)NSEC_PER_SEC)
#define MWB_SECURE_PATIENCE	(5 * (u64)NSEC_PER_SEC)

enum {
	MWB_SECURE_MAC1_BACK = 2 * MWB_NOISE_MAC_LEN,	/* from the end */
	MWB_SECURE_MAC2_BACK = MWB_NOISE_MAC_LEN,
};

static void mwb_secure_refuse(struct mwb_session *session, struct sk_buff *skb,
			      enum mwb_stat why)
{
	mwb_stats_inc(session->stats, why);
	trace_mwb_drop(session->dev, why, skb->len);
}

/* In the log and as an event, once in a while */
static void mwb_secure_complain(struct mwb_session *session, const char *what)
{
	struct mwb_secure *secure = &session->secure;
	u64 now = mwb_now();

	if (secure->complained_at &&
	    now - secure->complained_at < MWB_SECURE_COMPLAIN)
		return;
	secure->complained_at = now;
	netdev_notice(session->dev, "%s\n", what);
	mwb_netlink_event(session, NULL, MWBOND_EVENT_HANDSHAKE_REFUSED, NULL);
}

static int mwb_secure_keys_init(struct mwb_secure_keys *keys,
				const struct mwb_settings *settings,
				struct netlink_ext_ack *extack)
{
	if (!mwb_noise_identity_init(&keys->own, settings->private_key)) {
		NL_SET_ERR_MSG(extack, "The private key is none");
		return -EKEYREJECTED;
	}
	if (!mwb_noise_peer_init(&keys->peer, &keys->own, settings->peer_key,
				 settings->preshared_key)) {
		NL_SET_ERR_MSG(extack, "The peer's key is none");
		return -EKEYREJECTED;
	}
	if (!memcmp(keys->own.public, keys->peer.public,
		    MWB_CRYPTO_KEY_LEN)) {
		NL_SET_ERR_MSG(extack,
			       "The peer's key is that of this device itself");
		return -EKEYREJECTED;
	}
	keys->own_id = mwb_noise_id(keys->own.public);
	keys->peer_id = mwb_noise_id(keys->peer.public);
	mwb_noise_mac_key(keys->own_mac, keys->own.public);
	mwb_noise_mac_key(keys->peer_mac, keys->peer.public);
	mwb_noise_cookie_key(keys->own_cookie, keys->own.public);
	mwb_noise_cookie_key(keys->peer_cookie, keys->peer.public);
	return 0;
}

const char *mwb_secure_missing(const struct mwb_session *session)
{
	const struct mwb_settings *settings = &session->settings;

	if (settings->security < 0)
		return "Neither keys nor \"security none\" is set: mwbctl link set DEV private-key";
	if (settings->security == MWBOND_SECURITY_NONE)
		return settings->number ? NULL :
		       "The session number is not set: mwbctl link set DEV session N";
	if (!mwb_session_key_is_set(settings->private_key))
		return "The private key is not set: mwbctl link set DEV private-key FILE";
	if (!mwb_session_key_is_set(settings->peer_key))
		return "The key of the peer is not set: mwbctl link set DEV peer KEY";
	return NULL;
}

int mwb_secure_check(const struct mwb_session *session,
		     const struct mwb_settings *new,
		     struct mwb_secure_keys *keys,
		     struct netlink_ext_ack *extack)
{
	bool complete = mwb_session_key_is_set(new->private_key) &&
			mwb_session_key_is_set(new->peer_key);

	if (new->security != MWBOND_SECURITY_NOISE) {
		if (!new->listen.port || new->number)
			return 0;
		NL_SET_ERR_MSG(extack,
			       "Listening needs keys, or a session number");
		return -EDESTADDRREQ;
	}
	if (new->cipher == MWBOND_CIPHER_AES_GCM &&
	    !(mwb_crypto_ciphers() & MWB_CIPHER_AES_GCM)) {
		NL_SET_ERR_MSG(extack, "This kernel has no AES-GCM that can be used");
		return -EOPNOTSUPP;
	}
	if (complete)
		return mwb_secure_keys_init(keys, new, extack);
	if (!new->listen.port && !session->running)
		return 0;
	NL_SET_ERR_MSG(extack,
		       "A device that listens or is up needs a private key and that of its peer");
	return -ENOKEY;
}

void mwb_secure_identify(struct mwb_session *session,
			 const struct mwb_settings *new,
			 const struct mwb_secure_keys *keys)
{
	struct mwb_settings *settings = &session->settings;
	struct mwb_secure *secure = &session->secure;

	WRITE_ONCE(settings->number, new->number);
	settings->security = new->security;
	settings->cipher = new->cipher;
	memcpy(settings->private_key, new->private_key, MWB_CRYPTO_KEY_LEN);
	memcpy(settings->peer_key, new->peer_key, MWB_CRYPTO_KEY_LEN);
	memcpy(settings->preshared_key, new->preshared_key, MWB_CRYPTO_KEY_LEN);
	/* What was said with other keys counts no more. */
	if (memcmp(&secure->keys, keys, sizeof(*keys))) {
		memzero_explicit(secure, sizeof(*secure));
		secure->keys = *keys;
	}
}

void mwb_secure_give_up(struct mwb_session *session)
{
	struct mwb_secure *secure = &session->secure;

	lockdep_assert_held(&session->mutex);
	memzero_explicit(&secure->noise, sizeof(secure->noise));
	secure->made_at = 0;
	secure->asked_at = 0;
	secure->rekeying = false;
	secure->retry_interval = 0;
}

void mwb_secure_leave(struct mwb_session *session)
{
	struct mwb_secure *secure = &session->secure;

	lockdep_assert_held(&session->mutex);
	if (secure->rekeying)
		mwb_secure_give_up(session);
	secure->old_until = 0;
	mwb_key_free(secure->next);
	secure->next = NULL;
}

static u8 mwb_secure_ciphers(const struct mwb_session *session)
{
	switch (session->settings.cipher) {
	case MWBOND_CIPHER_CHACHA20POLY1305:
		return MWB_CIPHER_CHACHA20POLY1305;
	case MWBOND_CIPHER_AES_GCM:
		return MWB_CIPHER_AES_GCM;
	default:
		return mwb_crypto_ciphers();
	}
}

/* The cipher for what the peer can, or 0 */
static u8 mwb_secure_choose(const struct mwb_session *session, u8 offered)
{
	u8 both = mwb_secure_ciphers(session) & offered;

	return both & mwb_crypto_fastest() ?: both;
}

/* What precedes the message, by the code for plain ones. */
static void mwb_secure_hello(u8 *buf, u8 subtype, u8 ciphers, u64 local_id)
{
	struct mwb_wire_control ctl = {
		.subtype = subtype,
		.security = MWBOND_SECURITY_NOISE,
		.ciphers = ciphers,
		.session = local_id,
	};
	u8 room[MWB_WIRE_CONTROL_MAX];

	mwb_wire_build_control(room, &ctl);
	memcpy(buf, room, MWB_NOISE_HELLO_LEN);
}

static void mwb_secure_stamp(u8 *stamp)
{
	struct timespec64 now;
	__be64 seconds;
	__be32 rest;

	ktime_get_real_ts64(&now);
	seconds = cpu_to_be64(now.tv_sec);
	rest = cpu_to_be32(now.tv_nsec);
	memcpy(stamp, &seconds, sizeof(seconds));
	memcpy(stamp + sizeof(seconds), &rest, sizeof(rest));
}

/* A new initiation into secure->initiation, but for mac2 */
static bool mwb_secure_make(struct mwb_session *session,
			    struct mwb_association *assoc, u64 now)
{
	struct mwb_secure *secure = &session->secure;
	u8 *buf = secure->initiation;
	u32 len = sizeof(secure->initiation) - MWB_SECURE_MAC1_BACK;
	u8 random[MWB_CRYPTO_KEY_LEN];
	u8 stamp[MWB_NOISE_STAMP_LEN];
	bool ok;

	secure->offered = mwb_secure_ciphers(session);
	mwb_secure_hello(buf, MWB_CONTROL_INITIATION, secure->offered,
			 assoc->local_id);
	get_random_bytes(random, sizeof(random));
	mwb_secure_stamp(stamp);
	ok = mwb_noise_initiate(&secure->noise, &secure->keys.own,
				&secure->keys.peer, buf, random, stamp,
				buf + MWB_NOISE_HELLO_LEN);
	memzero_explicit(random, sizeof(random));
	mwb_noise_mac(buf + len, secure->keys.peer_mac, MWB_CRYPTO_KEY_LEN, buf,
		      len);
	secure->made_at = ok ? now : 0;
	return ok;
}

void mwb_secure_initiate(struct mwb_session *session,
			 struct mwb_association *assoc, u64 now)
{
	struct mwb_secure *secure = &session->secure;
	u32 len = sizeof(secure->initiation) - MWB_SECURE_MAC2_BACK;
	u8 *mac2 = secure->initiation + len;
	int i;

	lockdep_assert_held(&session->mutex);
	if ((!secure->made_at || now - secure->made_at >= MWB_SECURE_FRESH) &&
	    !mwb_secure_make(session, assoc, now))
		return;
	if (now < secure->cookie_until)
		mwb_noise_mac(mac2, secure->cookie, MWB_NOISE_COOKIE_LEN,
			      secure->initiation, len);
	else
		memset(mac2, 0, MWB_NOISE_MAC_LEN);
	for (i = 0; i < MWB_MAX_WANS; i++)
		if (mwb_handshake_can_start(session->wan[i]))
			mwb_send_message(session->wan[i], NULL,
					 secure->keys.peer_id, MWB_WIRE_CONTROL,
					 session->control_sequence++,
					 secure->initiation,
					 sizeof(secure->initiation));
	if (!secure->asked_at)
		secure->asked_at = now;
	if (!session->current_assoc &&
	    now - secure->asked_at > MWB_SECURE_PATIENCE)
		mwb_secure_complain(session,
				    "no answer from the peer: does it know our key, and we its key and address?");
}

static void mwb_secure_set_rx(struct mwb_association *assoc, u8 phase,
			      struct mwb_key *key)
{
	mwb_key_free(rcu_replace_pointer(assoc->rx_key[phase], key,
					 lockdep_is_held(&assoc->session->mutex)));
}

static void mwb_secure_set_tx(struct mwb_association *assoc,
			      struct mwb_key *key)
{
	mwb_key_free(rcu_replace_pointer(assoc->tx_key, key,
					 lockdep_is_held(&assoc->session->mutex)));
}

/* Both keys of a handshake, or none */
static bool mwb_secure_keys_create(const struct mwb_noise_keys *keys, u8 cipher,
				   u8 phase, struct mwb_key **tx,
				   struct mwb_key **rx)
{
	u64 now = mwb_now();

	*tx = mwb_key_create(cipher, phase, keys->send, now);
	*rx = mwb_key_create(cipher, phase, keys->receive, now);
	if (*tx && *rx)
		return true;
	mwb_key_free(*tx);
	mwb_key_free(*rx);
	return false;
}

static bool mwb_secure_mac_ok(const u8 *key, const u8 *payload, u32 len)
{
	u8 mac[MWB_NOISE_MAC_LEN];

	len -= MWB_SECURE_MAC1_BACK;
	mwb_noise_mac(mac, key, MWB_CRYPTO_KEY_LEN, payload, len);
	return mwb_crypto_equal(mac, payload + len, sizeof(mac));
}

/* The keys of the association in use are renewed. */
static void mwb_secure_rekeyed(struct mwb_session *session, u64 now)
{
	session->secure.old_until = now + MWB_SECURE_OVERLAP;
	mwb_stats_inc(session->stats, MWB_STAT_rekeys);
	mwb_netlink_event(session, NULL, MWBOND_EVENT_SESSION_REKEYED, NULL);
}

/* The epoch that a handshake within the association makes */
static u8 mwb_secure_next_phase(struct mwb_association *assoc)
{
	struct mwb_key *key;

	key = rcu_dereference_protected(assoc->tx_key,
					lockdep_is_held(&assoc->session->mutex));
	return key ? (key->phase + 1) % ARRAY_SIZE(assoc->rx_key) : 0;
}

/* The response fits: put its keys into force. */
static void mwb_secure_complete(struct mwb_session *session,
				struct mwb_association *assoc,
				const struct mwb_wire_control *ctl,
				const struct mwb_noise_keys *keys)
{
	bool rekeying = session->secure.rekeying;
	u64 now = mwb_now();
	struct mwb_key *tx, *rx;
	u8 phase;

	phase = rekeying ? mwb_secure_next_phase(assoc) : 0;
	if (!mwb_secure_keys_create(keys, ctl->ciphers, phase, &tx, &rx))
		return;
	mwb_secure_set_rx(assoc, phase, rx);
	mwb_secure_set_tx(assoc, tx);
	mwb_secure_give_up(session);
	if (rekeying) {
		mwb_secure_rekeyed(session, now);
	} else {
		assoc->remote_id = ctl->session;
		mwb_handshake_adopt(session, assoc);
	}
}

static void mwb_secure_response(struct mwb_session *session,
				struct sk_buff *skb,
				const struct mwb_wire_hdr *hdr,
				const struct mwb_wire_control *ctl,
				const u8 *payload)
{
	struct mwb_secure *secure = &session->secure;
	struct mwb_association *assoc = secure->rekeying ?
		session->current_assoc : session->pending_assoc;
	struct mwb_noise_keys keys;
	enum mwb_stat why;

	/* The first one has won; this one came over another WAN. */
	if (!secure->rekeying && session->current_assoc &&
	    session->current_assoc->initiator &&
	    hdr->session == session->current_assoc->local_id)
		return;
	if (!secure->made_at || !assoc || !assoc->initiator ||
	    hdr->session != assoc->local_id ||
	    !(ctl->ciphers & secure->offered) ||
	    !mwb_secure_mac_ok(secure->keys.own_mac, payload,
			       MWB_SECURE_RESPONSE_LEN)) {
		mwb_secure_refuse(session, skb, MWB_STAT_rx_handshake);
		return;
	}
	if (!mwb_handshake_response_from(session, skb, hdr, &why)) {
		mwb_secure_refuse(session, skb, why);
		return;
	}
	if (!mwb_noise_read_response(&secure->noise, &secure->keys.own,
				     &secure->keys.peer, payload,
				     payload + MWB_NOISE_HELLO_LEN, &keys)) {
		mwb_secure_refuse(session, skb, MWB_STAT_rx_handshake);
		mwb_secure_complain(session,
				    "the peer's answer is not genuine: have both ends the same pre-shared key?");
		return;
	}
	/* It has forgotten the session. */
	if (secure->rekeying && ctl->session != assoc->remote_id)
		mwb_session_restart(session);
	else
		mwb_secure_complete(session, assoc, ctl, &keys);
	memzero_explicit(&keys, sizeof(keys));
}

/* Two minutes of mac2 */
static void mwb_secure_cookie(struct mwb_session *session, struct sk_buff *skb,
			      const u8 *payload)
{
	struct mwb_secure *secure = &session->secure;
	const u8 *nonce = payload + 4;

	if (!secure->made_at ||
	    !mwb_noise_open_cookie(secure->cookie, nonce + MWB_NOISE_NONCE_LEN,
				   secure->keys.peer_cookie, nonce,
				   secure->initiation +
				   sizeof(secure->initiation) -
				   MWB_SECURE_MAC1_BACK)) {
		mwb_secure_refuse(session, skb, MWB_STAT_rx_handshake);
		return;
	}
	secure->cookie_until = mwb_now() + MWB_SECURE_COOKIE;
}

/* Is it for us, from our peer, and new? Leaves its time stamp in @stamp. */
static bool mwb_secure_read(struct mwb_session *session, struct sk_buff *skb,
			    const u8 *payload, struct mwb_noise *noise,
			    u8 *stamp)
{
	const struct mwb_secure_keys *keys = &session->secure.keys;
	const u8 *message = payload + MWB_NOISE_HELLO_LEN;
	u8 public[MWB_CRYPTO_KEY_LEN];

	if (!mwb_noise_read_initiation(noise, &keys->own, payload, message,
				       public) ||
	    memcmp(public, keys->peer.public, sizeof(public)) ||
	    !mwb_noise_read_stamp(noise, &keys->peer, message, stamp)) {
		mwb_secure_refuse(session, skb, MWB_STAT_rx_handshake);
		return false;
	}
	if (memcmp(stamp, session->secure.stamp, MWB_NOISE_STAMP_LEN) <= 0) {
		mwb_secure_refuse(session, skb, MWB_STAT_rx_replay);
		mwb_secure_complain(session,
				    "an initiation is not newer than the last one: it is repeated, or the peer's clock was set back");
		return false;
	}
	return true;
}

/* The response, and its keys into @assoc */
static bool mwb_secure_respond(struct mwb_session *session,
			       struct mwb_association *assoc, u8 cipher,
			       struct mwb_noise *noise)
{
	struct mwb_secure *secure = &session->secure;
	bool rekey = assoc == session->current_assoc;
	u8 phase = rekey ? mwb_secure_next_phase(assoc) : 0;
	u32 len = sizeof(secure->response) - MWB_SECURE_MAC1_BACK;
	u8 random[MWB_CRYPTO_KEY_LEN];
	u8 *buf = secure->response;
	struct mwb_key *tx, *rx;
	struct mwb_noise_keys keys;
	bool ok;

	mwb_secure_hello(buf, MWB_CONTROL_RESPONSE, cipher, assoc->local_id);
	get_random_bytes(random, sizeof(random));
	ok = mwb_noise_respond(noise, &secure->keys.peer, buf, random,
			       buf + MWB_NOISE_HELLO_LEN, &keys) &&
	     mwb_secure_keys_create(&keys, cipher, phase, &tx, &rx);
	memzero_explicit(random, sizeof(random));
	memzero_explicit(&keys, sizeof(keys));
	if (!ok)
		return false;
	mwb_noise_mac(buf + len, secure->keys.peer_mac, MWB_CRYPTO_KEY_LEN, buf,
		      len);
	memset(buf + len + MWB_NOISE_MAC_LEN, 0, MWB_NOISE_MAC_LEN);
	if (rekey) {
		mwb_key_free(secure->next);
		secure->next = tx;
		WRITE_ONCE(assoc->awaited, NULL);
		mwb_secure_set_rx(assoc, phase, rx);
		WRITE_ONCE(assoc->awaited, rx);
	} else {
		mwb_secure_set_rx(assoc, phase, rx);
		mwb_secure_set_tx(assoc, tx);
	}
	return true;
}

/* The same initiation by another WAN, or because the response was lost */
static bool mwb_secure_repeated(struct mwb_session *session, const u8 *payload)
{
	struct mwb_association *assoc = session->current_assoc;
	struct mwb_association *pending = session->pending_assoc;
	struct mwb_secure *secure = &session->secure;

	return secure->response_to &&
	       !memcmp(payload + MWB_NOISE_HELLO_LEN, secure->answered,
		       sizeof(secure->answered)) &&
	       ((assoc && assoc->generation == secure->response_by) ||
		(pending && pending->generation == secure->response_by));
}

static void mwb_secure_initiation(struct mwb_session *session,
				  struct sk_buff *skb,
				  const struct mwb_wire_hdr *hdr,
				  const struct mwb_wire_control *ctl,
				  const u8 *payload)
{
	struct mwb_association *assoc = session->current_assoc;
	struct mwb_secure *secure = &session->secure;
	u8 stamp[MWB_NOISE_STAMP_LEN];
	enum mwb_stat why = MWB_STAT_rx_no_memory;
	struct mwb_noise noise;
	u8 cipher;

	if (mwb_secure_repeated(session, payload))
		goto reply;
	if (!mwb_secure_read(session, skb, payload, &noise, stamp))
		goto wipe;
	cipher = mwb_secure_choose(session, ctl->ciphers);
	if (!cipher) {
		mwb_secure_refuse(session, skb, MWB_STAT_rx_handshake);
		mwb_secure_complain(session,
				    "the peer has none of the ciphers that are allowed here");
		goto wipe;
	}
	if (!assoc || assoc->initiator || assoc->remote_id != ctl->session)
		assoc = mwb_handshake_responder(session, ctl->session, &why);
	if (!assoc || !mwb_secure_respond(session, assoc, cipher, &noise)) {
		mwb_secure_refuse(session, skb, why);
		goto wipe;
	}
	memcpy(secure->stamp, stamp, sizeof(stamp));
	memcpy(secure->answered, payload + MWB_NOISE_HELLO_LEN,
	       sizeof(secure->answered));
	secure->response_to = ctl->session;
	secure->response_by = assoc->generation;
reply:
	mwb_send_stranger(session, mwb_control_cb(skb)->socket, skb,
			  secure->response_to, hdr->wan_id, secure->response,
			  sizeof(secure->response));
wipe:
	memzero_explicit(&noise, sizeof(noise));
}

void mwb_secure_receive(struct mwb_session *session, struct sk_buff *skb,
			const struct mwb_wire_hdr *hdr,
			const struct mwb_wire_control *ctl, const u8 *payload)
{
	lockdep_assert_held(&session->mutex);
	switch (ctl->subtype) {
	case MWB_CONTROL_INITIATION:
		mwb_secure_initiation(session, skb, hdr, ctl, payload);
		break;
	case MWB_CONTROL_RESPONSE:
		mwb_secure_response(session, skb, hdr, ctl, payload);
		break;
	default:
		mwb_secure_cookie(session, skb, payload);
		break;
	}
}

/* The responder has seen the new keys in use. */
static void mwb_secure_confirm(struct mwb_session *session,
			       struct mwb_association *assoc, u64 now)
{
	struct mwb_secure *secure = &session->secure;

	if (!secure->next || READ_ONCE(assoc->awaited))
		return;
	mwb_secure_set_tx(assoc, secure->next);
	secure->next = NULL;
	mwb_secure_rekeyed(session, now);
}

/* Is it time to renew the keys? Return: when it is */
static u64 mwb_secure_rekey(struct mwb_session *session,
			    struct mwb_association *assoc, u64 born, u64 now)
{
	struct mwb_secure *secure = &session->secure;

	if (!assoc->initiator)
		return U64_MAX;
	if (now < born + MWB_SECURE_REKEY)
		return born + MWB_SECURE_REKEY;
	/* Without a path another association is on its way. */
	if (session->pending_assoc && session->pending_assoc->initiator)
		return U64_MAX;
	if (!secure->rekeying) {
		mwb_secure_give_up(session);
		secure->rekeying = true;
		secure->retry_at = now;
	}
	if (now >= secure->retry_at) {
		secure->retry_interval = secure->retry_interval ?
			min(2 * secure->retry_interval, MWB_SECURE_RETRY_MAX) :
			MWB_SECURE_RETRY_MIN;
		secure->retry_at = now + secure->retry_interval;
		mwb_secure_initiate(session, assoc, now);
	}
	return secure->retry_at;
}

u64 mwb_secure_run(struct mwb_session *session, u64 now)
{
	struct mwb_association *assoc = session->current_assoc;
	struct mwb_secure *secure = &session->secure;
	struct mwb_key *key;
	u64 next;
	u8 phase;

	lockdep_assert_held(&session->mutex);
	if (!assoc || !assoc->secure)
		return U64_MAX;
	mwb_secure_confirm(session, assoc, now);
	key = rcu_dereference_protected(assoc->tx_key,
					lockdep_is_held(&session->mutex));
	if (READ_ONCE(assoc->exhausted) || now >= key->born + MWB_SECURE_REJECT) {
		mwb_secure_complain(session,
				    "the keys are too old, and the peer has not renewed them");
		mwb_session_restart(session);
		return now;
	}
	phase = key->phase;
	next = min(key->born + MWB_SECURE_REJECT,
		   mwb_secure_rekey(session, assoc, key->born, now));
	if (!secure->old_until)
		return next;
	if (now < secure->old_until)
		return min(next, secure->old_until);
	secure->old_until = 0;
	mwb_secure_set_rx(assoc, (phase + ARRAY_SIZE(assoc->rx_key) - 1) %
			  ARRAY_SIZE(assoc->rx_key), NULL);
	return next;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a session with keys has besides: the keys themselves, and handshakes
 * under way.
 */
#ifndef _MWBOND_SECURE_H
#define _MWBOND_SECURE_H

#include <linux/types.h>

#include "core/noise.h"
#include "crypto.h"

struct mwb_association;
struct mwb_session;
struct mwb_settings;
struct netlink_ext_ack;

enum {
	/* Payloads: what precedes the message, the message, two codes */
	MWB_SECURE_INITIATION_LEN = MWB_NOISE_HELLO_LEN +
				    MWB_NOISE_INITIATION_LEN +
				    2 * MWB_NOISE_MAC_LEN,
	MWB_SECURE_RESPONSE_LEN = MWB_NOISE_HELLO_LEN + MWB_NOISE_RESPONSE_LEN +
				  2 * MWB_NOISE_MAC_LEN,
	MWB_SECURE_COOKIE_LEN = 4 + MWB_NOISE_NONCE_LEN + MWB_NOISE_COOKIE_LEN +
				MWB_CRYPTO_TAG_LEN,
};

/* Of the keys of a session */
#define MWB_SECURE_REKEY	(120 * (u64)NSEC_PER_SEC)
#define MWB_SECURE_REJECT	(180 * (u64)NSEC_PER_SEC)
#define MWB_SECURE_OVERLAP	(60 * (u64)NSEC_PER_SEC)
#define MWB_SECURE_COOKIE	(120 * (u64)NSEC_PER_SEC)

/**
 * struct mwb_secure_keys - long-term keys and what follows from them
 * @own: key pair of this end
 * @peer: keys of the other
 * @own_id: session id in the headers of initiations to this end
 * @peer_id: the same to the peer
 * @own_mac: key of mac1 in what is sent here
 * @peer_mac: key of mac1 in what is sent to the peer
 * @own_cookie: key of cookies that this end gives
 * @peer_cookie: key of cookies that the peer gives
 */
struct mwb_secure_keys {
	struct mwb_noise_identity own;
	struct mwb_noise_peer peer;
	u64 own_id;
	u64 peer_id;
	u8 own_mac[MWB_CRYPTO_KEY_LEN];
	u8 peer_mac[MWB_CRYPTO_KEY_LEN];
	u8 own_cookie[MWB_CRYPTO_KEY_LEN];
	u8 peer_cookie[MWB_CRYPTO_KEY_LEN];
};

/**
 * struct mwb_secure - what a session with keys has besides; its mutex guards it
 * @keys: written under RTNL, too, while no listener knows the session
 * @noise: handshake that this end has begun
 * @initiation: its packet
 * @made_at: when that was made, ns; 0: there is none
 * @asked_at: when this end began to ask, ns; to complain in time
 * @complained_at: when it last did, ns
 * @offered: ciphers in @initiation
 * @rekeying: it is to renew the keys of the association in use
 * @retry_at: when it is sent again for that, ns
 * @retry_interval: time until the next repetition, ns
 * @cookie: for mac2
 * @cookie_until: how long it is good, ns; 0: there is none
 * @stamp: the largest time stamp of the peer so far
 * @answered: ephemeral key of the initiation with @stamp
 * @response: what it was answered with
 * @response_to: the peer's session id there
 * @response_by: generation of the association that it is about
 * @next: key to send with as soon as the peer has shown that it has it
 * @old_until: how long the keys before are taken, ns; 0: there are none
 */
struct mwb_secure {
	struct mwb_secure_keys keys;
	struct mwb_noise noise;
	u8 initiation[MWB_SECURE_INITIATION_LEN];
	u64 made_at;
	u64 asked_at;
	u64 complained_at;
	u8 offered;
	bool rekeying;
	u64 retry_at;
	u64 retry_interval;
	u8 cookie[MWB_NOISE_COOKIE_LEN];
	u64 cookie_until;
	u8 stamp[MWB_NOISE_STAMP_LEN];
	u8 answered[MWB_CRYPTO_KEY_LEN];
	u8 response[MWB_SECURE_RESPONSE_LEN];
	u64 response_to;
	u32 response_by;
	struct mwb_key *next;
	u64 old_until;
};

/**
 * mwb_secure_check() - what follows from keys that are to be set
 * @session: session, RTNL is held
 * @new: settings
 * @keys: result, zero before, to be wiped; unchanged if there are no keys
 * @extack: for the reason of a refusal
 *
 * Return: 0 or a negative errno
 */
int mwb_secure_check(const struct mwb_session *session,
		     const struct mwb_settings *new,
		     struct mwb_secure_keys *keys,
		     struct netlink_ext_ack *extack);
/* What it lacks to be up, and how that is set; NULL if nothing. RTNL is held. */
const char *mwb_secure_missing(const struct mwb_session *session);

/* session->mutex is held in all the following. */

/* Who the session is, and its peer; RTNL is held, and no listener knows it. */
void mwb_secure_identify(struct mwb_session *session,
			 const struct mwb_settings *new,
			 const struct mwb_secure_keys *keys);

/* The handshake that this end has begun is of no use any more. */
void mwb_secure_give_up(struct mwb_session *session);
/* The present association ends, and with it the keys that it was to have. */
void mwb_secure_leave(struct mwb_session *session);
/* Sends the initiation for @assoc by all WANs, a new one if need be. */
void mwb_secure_initiate(struct mwb_session *session,
			 struct mwb_association *assoc, u64 now);
/* Renews the keys in time, and ends what is too old. Return: when to call again */
u64 mwb_secure_run(struct mwb_session *session, u64 now);

#endif /* _MWBOND_SECURE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The handshake's messages: Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s as
 * Documentation/wire.rst uses it, and the codes that keep strangers out. Random
 * bytes and the time come from the caller.
 */
#ifndef _MWBOND_CORE_NOISE_H
#define _MWBOND_CORE_NOISE_H

#include <linux/types.h>

#include "crypto.h"

enum {
	MWB_NOISE_HELLO_LEN = 12,	/* what precedes a message in its packet */
	MWB_NOISE_STAMP_LEN = 12,
	MWB_NOISE_INITIATION_LEN = 108,
	MWB_NOISE_RESPONSE_LEN = 48,
	MWB_NOISE_MAC_LEN = 16,
	MWB_NOISE_COOKIE_LEN = 16,
	MWB_NOISE_NONCE_LEN = 24,
	MWB_NOISE_MAC_MAX = 152,	/* bytes that a code can cover */
};

/**
 * struct mwb_noise_identity - a key pair
 * @secret: private key
 * @public: its public key
 */
struct mwb_noise_identity {
	u8 secret[MWB_CRYPTO_KEY_LEN];
	u8 public[MWB_CRYPTO_KEY_LEN];
};

/**
 * struct mwb_noise_peer - what one end knows of the other
 * @public: its public key
 * @shared: X25519 of that and the own private key
 * @preshared: pre-shared key, or zeros
 */
struct mwb_noise_peer {
	u8 public[MWB_CRYPTO_KEY_LEN];
	u8 shared[MWB_CRYPTO_KEY_LEN];
	u8 preshared[MWB_CRYPTO_KEY_LEN];
};

/**
 * struct mwb_noise - a handshake between its messages
 * @chain: chaining key
 * @hash: of all that was said
 * @ephemeral: of the initiator: its secret at its own end, else public
 *
 * To be wiped by who has it.
 */
struct mwb_noise {
	u8 chain[MWB_CRYPTO_KEY_LEN];
	u8 hash[MWB_CRYPTO_HASH_LEN];
	u8 ephemeral[MWB_CRYPTO_KEY_LEN];
};

/**
 * struct mwb_noise_keys - what a handshake results in
 * @send: key of what this end sends
 * @receive: key of what it receives
 */
struct mwb_noise_keys {
	u8 send[MWB_CRYPTO_KEY_LEN];
	u8 receive[MWB_CRYPTO_KEY_LEN];
};

/* A key pair of a private key, whose bits are set as X25519 wants them. */
bool mwb_noise_identity_init(struct mwb_noise_identity *own, const u8 *secret);

/* Return: false if @public is no key that anybody can have */
bool mwb_noise_peer_init(struct mwb_noise_peer *peer,
			 const struct mwb_noise_identity *own, const u8 *public,
			 const u8 *preshared);

/**
 * mwb_noise_initiate() - write the message of an initiation
 * @noise: result: the handshake, which waits for the response
 * @own: initiator
 * @peer: responder
 * @hello: MWB_NOISE_HELLO_LEN bytes that precede the message
 * @random: MWB_CRYPTO_KEY_LEN random bytes
 * @stamp: MWB_NOISE_STAMP_LEN bytes
 * @out: room for MWB_NOISE_INITIATION_LEN bytes
 *
 * Return: whether it could
 */
bool mwb_noise_initiate(struct mwb_noise *noise,
			const struct mwb_noise_identity *own,
			const struct mwb_noise_peer *peer, const u8 *hello,
			const u8 *random, const u8 *stamp, u8 *out);

/**
 * mwb_noise_read_initiation() - who has sent this message?
 * @noise: result: the handshake, for mwb_noise_read_stamp()
 * @own: responder
 * @hello: as above
 * @in: MWB_NOISE_INITIATION_LEN bytes
 * @public: result: the initiator's public key
 *
 * That is not proven before mwb_noise_read_stamp() has succeeded.
 *
 * Return: whether it is for this responder
 */
bool mwb_noise_read_initiation(struct mwb_noise *noise,
			       const struct mwb_noise_identity *own,
			       const u8 *hello, const u8 *in, u8 *public);

/**
 * mwb_noise_read_stamp() - the rest of the message
 * @noise: from mwb_noise_read_initiation()
 * @peer: initiator
 * @in: the same message
 * @stamp: result: MWB_NOISE_STAMP_LEN bytes
 *
 * Return: whether the initiator has written it
 */
bool mwb_noise_read_stamp(struct mwb_noise *noise,
			  const struct mwb_noise_peer *peer, const u8 *in,
			  u8 *stamp);

/**
 * mwb_noise_respond() - write the message of a response
 * @noise: from mwb_noise_read_stamp(); of no use afterwards
 * @peer: initiator
 * @hello: MWB_NOISE_HELLO_LEN bytes that precede the message
 * @random: MWB_CRYPTO_KEY_LEN random bytes
 * @out: room for MWB_NOISE_RESPONSE_LEN bytes
 * @keys: result
 *
 * Return: whether it could
 */
bool mwb_noise_respond(struct mwb_noise *noise,
		       const struct mwb_noise_peer *peer, const u8 *hello,
		       const u8 *random, u8 *out, struct mwb_noise_keys *keys);

/**
 * mwb_noise_read_response() - complete a handshake
 * @noise: from mwb_noise_initiate(); unchanged
 * @own: initiator
 * @peer: responder
 * @hello: MWB_NOISE_HELLO_LEN bytes that precede the message
 * @in: MWB_NOISE_RESPONSE_LEN bytes
 * @keys: result
 *
 * Return: whether the responder has written it, for this handshake
 */
bool mwb_noise_read_response(const struct mwb_noise *noise,
			     const struct mwb_noise_identity *own,
			     const struct mwb_noise_peer *peer,
			     const u8 *hello, const u8 *in,
			     struct mwb_noise_keys *keys);

/* What the header of an initiation has as session id. */
u64 mwb_noise_id(const u8 *public);

/* Keys of the codes of what is sent to the owner of @public: mac1, cookie */
void mwb_noise_mac_key(u8 *key, const u8 *public);
void mwb_noise_cookie_key(u8 *key, const u8 *public);

/* A code of MWB_NOISE_MAC_LEN bytes over at most MWB_NOISE_MAC_MAX. */
void mwb_noise_mac(u8 *out, const u8 *key, size_t key_len, const u8 *in,
		   size_t len);

/* @out: cookie and tag; @mac: mac1 of the packet that is answered */
void mwb_noise_seal_cookie(u8 *out, const u8 *cookie, const u8 *key,
			   const u8 *nonce, const u8 *mac);
bool mwb_noise_open_cookie(u8 *cookie, const u8 *in, const u8 *key,
			   const u8 *nonce, const u8 *mac);

#endif /* _MWBOND_CORE_NOISE_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s:
 *
 *   <- s
 *   -> e, es, s, ss, time stamp
 *   <- e, ee, se, psk
 *
 * by the Noise Protocol Framework, revision 34; the names of its section 5 are
 * in the comments. What each packet has before its message is part of the hash.
 */
#include <linux/string.h>

#include "noise.h"

enum {
	MWB_NOISE_SEALED_KEY_LEN = MWB_CRYPTO_KEY_LEN + MWB_CRYPTO_TAG_LEN,
	/* Offsets in an initiation's message */
	MWB_NOISE_STATIC = MWB_CRYPTO_KEY_LEN,
	MWB_NOISE_STAMP = MWB_NOISE_STATIC + MWB_NOISE_SEALED_KEY_LEN,
};

static const char mwb_noise_name[] = "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s";
static const char mwb_noise_prologue[] = "mwbond version 1";
static const char mwb_noise_mac_label[] = "mwbond mac1";
static const char mwb_noise_cookie_label[] = "mwbond cookie";

/* HMAC of RFC 2104 */
static void mwb_noise_hmac(u8 *out, const u8 *key, size_t key_len, const u8 *in,
			   size_t len)
{
	u8 buf[MWB_CRYPTO_BLOCK_LEN + MWB_NOISE_MAC_MAX] = { };
	u8 *after = buf + MWB_CRYPTO_BLOCK_LEN;
	u8 inner[MWB_CRYPTO_HASH_LEN];
	unsigned int i;

	memcpy(buf, key, key_len);
	for (i = 0; i < MWB_CRYPTO_BLOCK_LEN; i++)
		buf[i] ^= 0x36;
	if (len)
		memcpy(after, in, len);
	mwb_crypto_hash(inner, buf, MWB_CRYPTO_BLOCK_LEN + len);
	for (i = 0; i < MWB_CRYPTO_BLOCK_LEN; i++)
		buf[i] ^= 0x36 ^ 0x5c;
	memcpy(after, inner, sizeof(inner));
	mwb_crypto_hash(out, buf, MWB_CRYPTO_BLOCK_LEN + sizeof(inner));
	memzero_explicit(buf, sizeof(buf));
	memzero_explicit(inner, sizeof(inner));
}

/* HKDF with @count outputs of 32 bytes, one after the other */
static void mwb_noise_hkdf(u8 *out, unsigned int count, const u8 *chain,
			   const u8 *in, size_t len)
{
	u8 secret[MWB_CRYPTO_HASH_LEN];
	u8 buf[MWB_CRYPTO_HASH_LEN + 1];
	unsigned int i;

	mwb_noise_hmac(secret, chain, MWB_CRYPTO_KEY_LEN, in, len);
	buf[0] = 1;
	mwb_noise_hmac(out, secret, sizeof(secret), buf, 1);
	for (i = 1; i < count; i++) {
		memcpy(buf, out, MWB_CRYPTO_HASH_LEN);
		buf[MWB_CRYPTO_HASH_LEN] = i + 1;
		out += MWB_CRYPTO_HASH_LEN;
		mwb_noise_hmac(out, secret, sizeof(secret), buf, sizeof(buf));
	}
	memzero_explicit(secret, sizeof(secret));
	memzero_explicit(buf, sizeof(buf));
}

/* MixHash */
static void mwb_noise_mix_hash(struct mwb_noise *noise, const u8 *in, size_t len)
{
	u8 buf[MWB_CRYPTO_HASH_LEN + MWB_NOISE_SEALED_KEY_LEN];

	memcpy(buf, noise->hash, MWB_CRYPTO_HASH_LEN);
	memcpy(buf + MWB_CRYPTO_HASH_LEN, in, len);
	mwb_crypto_hash(noise->hash, buf, MWB_CRYPTO_HASH_LEN + len);
}

/* MixKey; @key: the cipher's, or NULL */
static void mwb_noise_mix_key(struct mwb_noise *noise, const u8 *in, u8 *key)
{
	u8 out[2 * MWB_CRYPTO_KEY_LEN];

	mwb_noise_hkdf(out, 2, noise->chain, in, MWB_CRYPTO_KEY_LEN);
	memcpy(noise->chain, out, MWB_CRYPTO_KEY_LEN);
	if (key)
		memcpy(key, out + MWB_CRYPTO_KEY_LEN, MWB_CRYPTO_KEY_LEN);
	memzero_explicit(out, sizeof(out));
}

/* MixKeyAndHash */
static void mwb_noise_mix_preshared(struct mwb_noise *noise, const u8 *in,
				    u8 *key)
{
	u8 out[3 * MWB_CRYPTO_KEY_LEN];

	mwb_noise_hkdf(out, 3, noise->chain, in, MWB_CRYPTO_KEY_LEN);
	memcpy(noise->chain, out, MWB_CRYPTO_KEY_LEN);
	mwb_noise_mix_hash(noise, out + MWB_CRYPTO_KEY_LEN, MWB_CRYPTO_KEY_LEN);
	memcpy(key, out + 2 * MWB_CRYPTO_KEY_LEN, MWB_CRYPTO_KEY_LEN);
	memzero_explicit(out, sizeof(out));
}

/* MixKey of what two keys share */
static bool mwb_noise_mix_dh(struct mwb_noise *noise, const u8 *secret,
			     const u8 *public, u8 *key)
{
	u8 shared[MWB_CRYPTO_KEY_LEN];
	bool ok = mwb_crypto_curve25519(shared, secret, public);

	if (ok)
		mwb_noise_mix_key(noise, shared, key);
	memzero_explicit(shared, sizeof(shared));
	return ok;
}

/* EncryptAndHash; each key seals one thing only. */
static void mwb_noise_seal(struct mwb_noise *noise, const u8 *key, u8 *out,
			   const u8 *in, size_t len)
{
	mwb_crypto_seal(out, in, len, noise->hash, MWB_CRYPTO_HASH_LEN, 0, key);
	mwb_noise_mix_hash(noise, out, len + MWB_CRYPTO_TAG_LEN);
}

/* DecryptAndHash */
static bool mwb_noise_open(struct mwb_noise *noise, const u8 *key, u8 *out,
			   const u8 *in, size_t len)
{
	if (!mwb_crypto_open(out, in, len, noise->hash, MWB_CRYPTO_HASH_LEN, 0,
			     key))
		return false;
	mwb_noise_mix_hash(noise, in, len);
	return true;
}

/* The token "e" */
static void mwb_noise_mix_ephemeral(struct mwb_noise *noise, const u8 *public)
{
	mwb_noise_mix_hash(noise, public, MWB_CRYPTO_KEY_LEN);
	mwb_noise_mix_key(noise, public, NULL);
}

/* Initialize, with the responder's key known before */
static void mwb_noise_begin(struct mwb_noise *noise, const u8 *responder,
			    const u8 *hello)
{
	u8 prologue[sizeof(mwb_noise_prologue) - 1 + MWB_NOISE_HELLO_LEN];

	mwb_crypto_hash(noise->hash, (const u8 *)mwb_noise_name,
			sizeof(mwb_noise_name) - 1);
	memcpy(noise->chain, noise->hash, MWB_CRYPTO_KEY_LEN);
	memcpy(prologue, mwb_noise_prologue, sizeof(mwb_noise_prologue) - 1);
	memcpy(prologue + sizeof(mwb_noise_prologue) - 1, hello,
	       MWB_NOISE_HELLO_LEN);
	mwb_noise_mix_hash(noise, prologue, sizeof(prologue));
	mwb_noise_mix_hash(noise, responder, MWB_CRYPTO_KEY_LEN);
}

static void mwb_noise_clamp(u8 *secret)
{
	secret[0] &= 248;
	secret[31] = (secret[31] & 127) | 64;
}

/* Split */
static void mwb_noise_split(const struct mwb_noise *noise, u8 *initiator,
			    u8 *responder)
{
	u8 out[2 * MWB_CRYPTO_KEY_LEN];

	mwb_noise_hkdf(out, 2, noise->chain, NULL, 0);
	memcpy(initiator, out, MWB_CRYPTO_KEY_LEN);
	memcpy(responder, out + MWB_CRYPTO_KEY_LEN, MWB_CRYPTO_KEY_LEN);
	memzero_explicit(out, sizeof(out));
}

bool mwb_noise_identity_init(struct mwb_noise_identity *own, const u8 *secret)
{
	memcpy(own->secret, secret, MWB_CRYPTO_KEY_LEN);
	mwb_noise_clamp(own->secret);
	return mwb_crypto_curve25519_public(own->public, own->secret);
}

bool mwb_noise_peer_init(struct mwb_noise_peer *peer,
			 const struct mwb_noise_identity *own, const u8 *public,
			 const u8 *preshared)
{
	memcpy(peer->public, public, MWB_CRYPTO_KEY_LEN);
	memcpy(peer->preshared, preshared, MWB_CRYPTO_KEY_LEN);
	return mwb_crypto_curve25519(peer->shared, own->secret, public);
}

bool mwb_noise_initiate(struct mwb_noise *noise,
			const struct mwb_noise_identity *own,
			const struct mwb_noise_peer *peer, const u8 *hello,
			const u8 *random, const u8 *stamp, u8 *out)
{
	u8 key[MWB_CRYPTO_KEY_LEN];
	bool ok = false;

	mwb_noise_begin(noise, peer->public, hello);
	memcpy(noise->ephemeral, random, MWB_CRYPTO_KEY_LEN);
	mwb_noise_clamp(noise->ephemeral);
	if (!mwb_crypto_curve25519_public(out, noise->ephemeral))
		return false;
	mwb_noise_mix_ephemeral(noise, out);
	if (!mwb_noise_mix_dh(noise, noise->ephemeral, peer->public, key))
		goto wipe;
	mwb_noise_seal(noise, key, out + MWB_NOISE_STATIC, own->public,
		       MWB_CRYPTO_KEY_LEN);
	mwb_noise_mix_key(noise, peer->shared, key);
	mwb_noise_seal(noise, key, out + MWB_NOISE_STAMP, stamp,
		       MWB_NOISE_STAMP_LEN);
	ok = true;
wipe:
	memzero_explicit(key, sizeof(key));
	return ok;
}

bool mwb_noise_read_initiation(struct mwb_noise *noise,
			       const struct mwb_noise_identity *own,
			       const u8 *hello, const u8 *in, u8 *public)
{
	u8 key[MWB_CRYPTO_KEY_LEN];
	bool ok;

	mwb_noise_begin(noise, own->public, hello);
	memcpy(noise->ephemeral, in, MWB_CRYPTO_KEY_LEN);
	mwb_noise_mix_ephemeral(noise, in);
	ok = mwb_noise_mix_dh(noise, own->secret, in, key) &&
	     mwb_noise_open(noise, key, public, in + MWB_NOISE_STATIC,
			    MWB_NOISE_SEALED_KEY_LEN);
	memzero_explicit(key, sizeof(key));
	return ok;
}

bool mwb_noise_read_stamp(struct mwb_noise *noise,
			  const struct mwb_noise_peer *peer, const u8 *in,
			  u8 *stamp)
{
	u8 key[MWB_CRYPTO_KEY_LEN];
	bool ok;

	mwb_noise_mix_key(noise, peer->shared, key);
	ok = mwb_noise_open(noise, key, stamp, in + MWB_NOISE_STAMP,
			    MWB_NOISE_STAMP_LEN + MWB_CRYPTO_TAG_LEN);
	memzero_explicit(key, sizeof(key));
	return ok;
}

bool mwb_noise_respond(struct mwb_noise *noise,
		       const struct mwb_noise_peer *peer, const u8 *hello,
		       const u8 *random, u8 *out, struct mwb_noise_keys *keys)
{
	u8 secret[MWB_CRYPTO_KEY_LEN];
	u8 key[MWB_CRYPTO_KEY_LEN];
	bool ok = false;

	mwb_noise_mix_hash(noise, hello, MWB_NOISE_HELLO_LEN);
	memcpy(secret, random, sizeof(secret));
	mwb_noise_clamp(secret);
	if (!mwb_crypto_curve25519_public(out, secret))
		goto wipe;
	mwb_noise_mix_ephemeral(noise, out);
	if (!mwb_noise_mix_dh(noise, secret, noise->ephemeral, NULL) ||
	    !mwb_noise_mix_dh(noise, secret, peer->public, NULL))
		goto wipe;
	mwb_noise_mix_preshared(noise, peer->preshared, key);
	mwb_noise_seal(noise, key, out + MWB_CRYPTO_KEY_LEN, NULL, 0);
	mwb_noise_split(noise, keys->receive, keys->send);
	ok = true;
wipe:
	memzero_explicit(secret, sizeof(secret));
	memzero_explicit(key, sizeof(key));
	return ok;
}

bool mwb_noise_read_response(const struct mwb_noise *noise,
			     const struct mwb_noise_identity *own,
			     const struct mwb_noise_peer *peer,
			     const u8 *hello, const u8 *in,
			     struct mwb_noise_keys *keys)
{
	/* A response that proves to be forged changes nothing. */
	struct mwb_noise next = *noise;
	u8 key[MWB_CRYPTO_KEY_LEN];
	bool ok = false;

	mwb_noise_mix_hash(&next, hello, MWB_NOISE_HELLO_LEN);
	mwb_noise_mix_ephemeral(&next, in);
	if (!mwb_noise_mix_dh(&next, next.ephemeral, in, NULL) ||
	    !mwb_noise_mix_dh(&next, own->secret, in, NULL))
		goto wipe;
	mwb_noise_mix_preshared(&next, peer->preshared, key);
	if (!mwb_noise_open(&next, key, NULL, in + MWB_CRYPTO_KEY_LEN,
			    MWB_CRYPTO_TAG_LEN))
		goto wipe;
	mwb_noise_split(&next, keys->send, keys->receive);
	ok = true;
wipe:
	memzero_explicit(&next, sizeof(next));
	memzero_explicit(key, sizeof(key));
	return ok;
}

u64 mwb_noise_id(const u8 *public)
{
	u8 hash[MWB_CRYPTO_HASH_LEN];
	unsigned int i;
	u64 id = 0;

	mwb_crypto_hash(hash, public, MWB_CRYPTO_KEY_LEN);
	for (i = 0; i < sizeof(id); i++)
		id = id << 8 | hash[i];
	return id;
}

static void mwb_noise_derive(u8 *key, const char *label, size_t len,
			     const u8 *public)
{
	u8 buf[sizeof(mwb_noise_cookie_label) + MWB_CRYPTO_KEY_LEN];

	memcpy(buf, label, len);
	memcpy(buf + len, public, MWB_CRYPTO_KEY_LEN);
	mwb_crypto_hash(key, buf, len + MWB_CRYPTO_KEY_LEN);
}

void mwb_noise_mac_key(u8 *key, const u8 *public)
{
	mwb_noise_derive(key, mwb_noise_mac_label,
			 sizeof(mwb_noise_mac_label) - 1, public);
}

void mwb_noise_cookie_key(u8 *key, const u8 *public)
{
	mwb_noise_derive(key, mwb_noise_cookie_label,
			 sizeof(mwb_noise_cookie_label) - 1, public);
}

void mwb_noise_mac(u8 *out, const u8 *key, size_t key_len, const u8 *in,
		   size_t len)
{
	u8 hash[MWB_CRYPTO_HASH_LEN];

	mwb_noise_hmac(hash, key, key_len, in, len);
	memcpy(out, hash, MWB_NOISE_MAC_LEN);
}

void mwb_noise_seal_cookie(u8 *out, const u8 *cookie, const u8 *key,
			   const u8 *nonce, const u8 *mac)
{
	u8 once[MWB_CRYPTO_HASH_LEN];

	mwb_noise_hmac(once, key, MWB_CRYPTO_KEY_LEN, nonce,
		       MWB_NOISE_NONCE_LEN);
	mwb_crypto_seal(out, cookie, MWB_NOISE_COOKIE_LEN, mac,
			MWB_NOISE_MAC_LEN, 0, once);
}

bool mwb_noise_open_cookie(u8 *cookie, const u8 *in, const u8 *key,
			   const u8 *nonce, const u8 *mac)
{
	u8 once[MWB_CRYPTO_HASH_LEN];

	mwb_noise_hmac(once, key, MWB_CRYPTO_KEY_LEN, nonce,
		       MWB_NOISE_NONCE_LEN);
	return mwb_crypto_open(cookie, in,
			       MWB_NOISE_COOKIE_LEN + MWB_CRYPTO_TAG_LEN, mac,
			       MWB_NOISE_MAC_LEN, 0, once);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The primitives that the core needs of who uses it: kernel/crypto.c in the
 * module, selftests/unit/crypto.c in user space.
 */
#ifndef _MWBOND_CORE_CRYPTO_H
#define _MWBOND_CORE_CRYPTO_H

#include <linux/types.h>

enum {
	MWB_CRYPTO_KEY_LEN = 32,	/* of all kinds */
	MWB_CRYPTO_HASH_LEN = 32,
	MWB_CRYPTO_BLOCK_LEN = 64,	/* of the hash */
	MWB_CRYPTO_TAG_LEN = 16,
};

/* X25519. Return: false if the result says nothing of @secret, and is all 0 */
bool mwb_crypto_curve25519(u8 *out, const u8 *secret, const u8 *point);

/* Return: false if there is no such point, which has a negligible chance */
bool mwb_crypto_curve25519_public(u8 *out, const u8 *secret);

/* BLAKE2s-256 of @len bytes */
void mwb_crypto_hash(u8 *out, const u8 *in, size_t len);

/* ChaCha20-Poly1305 of RFC 8439; the nonce is @nonce in little-endian order
 * after four zero bytes. @out may be @in; it has room for the tag.
 */
void mwb_crypto_seal(u8 *out, const u8 *in, size_t len, const u8 *ad,
		     size_t ad_len, u64 nonce, const u8 *key);

/* @len: with the tag. Return: whether that holds; nothing is written else */
bool mwb_crypto_open(u8 *out, const u8 *in, size_t len, const u8 *ad,
		     size_t ad_len, u64 nonce, const u8 *key);

/* Are they the same? Takes the same time whatever they are. */
bool mwb_crypto_equal(const void *a, const void *b, size_t len);

#endif /* _MWBOND_CORE_CRYPTO_H */

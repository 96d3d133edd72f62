/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys of the packets of a session: sealing and opening.
 */
#ifndef _MWBOND_CRYPTO_H
#define _MWBOND_CRYPTO_H

#include <linux/bits.h>
#include <linux/rcupdate.h>

#include "core/noise.h"

/* As in initiations and responses */
enum {
	MWB_CIPHER_CHACHA20POLY1305 = BIT(0),
	MWB_CIPHER_AES_GCM = BIT(1),
};

struct crypto_aead;
struct mwb_key_check;

/**
 * struct mwb_key - a key of one direction; freed by RCU
 * @rcu: for freeing
 * @born: when the handshake was done, ns
 * @cipher: MWB_CIPHER_*
 * @phase: key epoch modulo 4
 * @secret: the key of ChaCha20-Poly1305
 * @aead: transform with the key of AES-GCM, or NULL
 * @check: in debugging kernels, the nonces used
 */
struct mwb_key {
	struct rcu_head rcu;
	u64 born;
	u8 cipher;
	u8 phase;
	u8 secret[MWB_CRYPTO_KEY_LEN];
	struct crypto_aead *aead;
	struct mwb_key_check *check;
};

/* Process context. Return: the key or NULL; @secret stays the caller's */
struct mwb_key *mwb_key_create(u8 cipher, u8 phase, const u8 *secret, u64 now);
/* After a grace period; NULL is allowed. Any context */
void mwb_key_free(struct mwb_key *key);

/**
 * mwb_key_seal() - encrypt a packet
 * @key: key; RCU read side, BH off
 * @header: MWB_WIRE_HDR_LEN bytes, which are complete
 * @out: where the payload goes, and its tag
 * @in: payload, may be @out
 * @len: its length
 * @nonce: used once with this key
 *
 * Return: 0 or a negative errno
 */
int mwb_key_seal(struct mwb_key *key, u8 *header, u8 *out, const u8 *in,
		 u32 len, u64 nonce);

/* As mwb_key_seal(), in place; @len is without the tag. */
bool mwb_key_open(struct mwb_key *key, u8 *header, u8 *data, u32 len,
		  u64 nonce);

/* Ciphers that this kernel has, and the faster one. */
u8 mwb_crypto_ciphers(void);
u8 mwb_crypto_fastest(void);

/* Find out what there is, and how fast it is. */
void mwb_crypto_init(void);

#endif /* _MWBOND_CRYPTO_H */

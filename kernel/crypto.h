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
struct mwb_wire_hdr;

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
/* Nothing uses it any more; NULL is allowed. */
void mwb_key_destroy(struct mwb_key *key);
/* After a grace period; NULL is allowed. Any context */
void mwb_key_free(struct mwb_key *key);

/**
 * mwb_key_write() - write a packet
 * @key: to encrypt it with, or NULL for a checksum; RCU read side, BH off
 * @hdr: its header, complete but for the checksum
 * @number: full packet number, which no other packet of the path has
 * @packet: room for header, payload and, with a key, tag
 * @plain: payload, which may be in @packet already
 *
 * Return: 0 or a negative errno
 */
int mwb_key_write(struct mwb_key *key, const struct mwb_wire_hdr *hdr,
		  u64 number, u8 *packet, const u8 *plain);

/**
 * mwb_key_read() - decrypt a packet, where it is
 * @key: key; RCU read side, BH off
 * @hdr: its header
 * @number: full packet number
 * @packet: the packet, linear
 *
 * Return: whether it was written with this key and is unchanged
 */
bool mwb_key_read(struct mwb_key *key, const struct mwb_wire_hdr *hdr,
		  u64 number, u8 *packet);

/* Ciphers that this kernel has, and the faster one. */
u8 mwb_crypto_ciphers(void);
u8 mwb_crypto_fastest(void);

/* Find out what there is, and how fast it is. */
void mwb_crypto_init(void);

#endif /* _MWBOND_CRYPTO_H */

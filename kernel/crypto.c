// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cryptography by the kernel's libraries: primitives for the core, and the keys
 * of the data path. Knows nothing of sessions.
 */
#include <crypto/aead.h>
#include <crypto/algapi.h>
#include <crypto/chacha20poly1305.h>
#include <crypto/curve25519.h>
#include <linux/ktime.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "compat/blake2s.h"
#include "core/seqno.h"
#include "core/wire.h"
#include "crypto.h"

enum {
	MWB_GCM_IV_LEN = 12,
	MWB_MEASURE_LEN = 1400,
	MWB_MEASURE_ROUNDS = 64,
};

/**
 * struct mwb_key_check - nonces that a key was used with
 * @lock: guards the rest
 * @used: by WAN id, made on first use
 */
struct mwb_key_check {
	spinlock_t lock;	/* guards the rest */
	struct mwb_replay *used[256];
};

static u8 mwb_ciphers = MWB_CIPHER_CHACHA20POLY1305;
static u8 mwb_fastest = MWB_CIPHER_CHACHA20POLY1305;

bool mwb_crypto_curve25519(u8 *out, const u8 *secret, const u8 *point)
{
	return curve25519(out, secret, point);
}

bool mwb_crypto_curve25519_public(u8 *out, const u8 *secret)
{
	return curve25519_generate_public(out, secret);
}

void mwb_crypto_hash(u8 *out, const u8 *in, size_t len)
{
	mwb_compat_blake2s(out, in, len);
}

void mwb_crypto_seal(u8 *out, const u8 *in, size_t len, const u8 *ad,
		     size_t ad_len, u64 nonce, const u8 *key)
{
	chacha20poly1305_encrypt(out, in, len, ad, ad_len, nonce, key);
}

bool mwb_crypto_open(u8 *out, const u8 *in, size_t len, const u8 *ad,
		     size_t ad_len, u64 nonce, const u8 *key)
{
	return chacha20poly1305_decrypt(out, in, len, ad, ad_len, nonce, key);
}

bool mwb_crypto_equal(const void *a, const void *b, size_t len)
{
	return !crypto_memneq(a, b, len);
}

/* What may sleep or come back later is not for the data path. */
static struct crypto_aead *mwb_gcm_create(const u8 *secret)
{
	struct crypto_aead *aead;
	int err;

	aead = crypto_alloc_aead("gcm(aes)", 0, CRYPTO_ALG_ASYNC);
	if (IS_ERR(aead))
		return NULL;
	err = crypto_aead_setkey(aead, secret, MWB_CRYPTO_KEY_LEN) ?:
	      crypto_aead_setauthsize(aead, MWB_WIRE_TAG_LEN);
	if (!err)
		return aead;
	crypto_free_aead(aead);
	return NULL;
}

struct mwb_key *mwb_key_create(u8 cipher, u8 phase, const u8 *secret, u64 now)
{
	struct mwb_key *key = kzalloc(sizeof(*key), GFP_KERNEL);

	if (!key)
		return NULL;
	key->born = now;
	key->cipher = cipher;
	key->phase = phase;
	if (cipher == MWB_CIPHER_AES_GCM) {
		key->aead = mwb_gcm_create(secret);
		if (!key->aead)
			goto err;
	} else {
		memcpy(key->secret, secret, sizeof(key->secret));
	}
	if (IS_ENABLED(CONFIG_PROVE_LOCKING)) {
		key->check = kzalloc(sizeof(*key->check), GFP_KERNEL);
		if (!key->check)
			goto err;
		spin_lock_init(&key->check->lock);
	}
	return key;

err:
	if (key->aead)
		crypto_free_aead(key->aead);
	kfree_sensitive(key);
	return NULL;
}

void mwb_key_destroy(struct mwb_key *key)
{
	int i;

	if (!key)
		return;
	if (key->aead)
		crypto_free_aead(key->aead);
	for (i = 0; key->check && i < ARRAY_SIZE(key->check->used); i++)
		kfree(key->check->used[i]);
	kfree(key->check);
	kfree_sensitive(key);
}

static void mwb_key_free_rcu(struct rcu_head *rcu)
{
	mwb_key_destroy(container_of(rcu, struct mwb_key, rcu));
}

void mwb_key_free(struct mwb_key *key)
{
	if (key)
		call_rcu(&key->rcu, mwb_key_free_rcu);
}

/* A nonce that is used again gives the key away. CPUs may overtake each other,
 * but not by as much as the window has.
 */
static void mwb_key_check(struct mwb_key *key, u64 nonce)
{
	struct mwb_key_check *check = key->check;
	struct mwb_replay **used = &check->used[nonce >> MWB_SEQNO_BITS];

	spin_lock_bh(&check->lock);
	if (!*used) {
		*used = kmalloc(sizeof(**used), GFP_ATOMIC);
		if (*used)
			mwb_replay_init(*used);
	}
	WARN_ONCE(*used && !mwb_replay_check(*used, nonce &
					     (BIT_ULL(MWB_SEQNO_BITS) - 1)),
		  "mwbond: nonce %#llx is used twice\n", nonce);
	spin_unlock_bh(&check->lock);
}

/* @out is @in, or does not overlap it; one of them has the tag behind it. */
static int mwb_gcm(struct crypto_aead *aead, u8 *header, u8 *out, u8 *in,
		   u32 len, u64 nonce, bool seal)
{
	u32 in_len = len + (seal ? 0 : MWB_WIRE_TAG_LEN);
	struct scatterlist src[2], dst[2];
	struct aead_request *request;
	u8 iv[MWB_GCM_IV_LEN] = { };
	__le64 le = cpu_to_le64(nonce);
	int err;

	request = aead_request_alloc(aead, GFP_ATOMIC);
	if (!request)
		return -ENOMEM;
	memcpy(iv + 4, &le, sizeof(le));
	sg_init_table(src, 2);
	sg_set_buf(&src[0], header, MWB_WIRE_HDR_LEN);
	sg_set_buf(&src[1], in, out == in ? len + MWB_WIRE_TAG_LEN : in_len);
	sg_init_table(dst, 2);
	sg_set_buf(&dst[0], header, MWB_WIRE_HDR_LEN);
	sg_set_buf(&dst[1], out, len + MWB_WIRE_TAG_LEN);
	aead_request_set_callback(request, 0, NULL, NULL);
	aead_request_set_ad(request, MWB_WIRE_HDR_LEN);
	aead_request_set_crypt(request, src, out == in ? src : dst, in_len, iv);
	err = seal ? crypto_aead_encrypt(request) :
		     crypto_aead_decrypt(request);
	aead_request_free(request);
	return err;
}

static int mwb_key_seal(struct mwb_key *key, u8 *header, u8 *out,
			const u8 *in, u32 len, u64 nonce)
{
	if (key->check)
		mwb_key_check(key, nonce);
	if (key->aead)
		return mwb_gcm(key->aead, header, out, (u8 *)in, len, nonce,
			       true);
	chacha20poly1305_encrypt(out, in, len, header, MWB_WIRE_HDR_LEN, nonce,
				 key->secret);
	return 0;
}

static bool mwb_key_open(struct mwb_key *key, u8 *header, u8 *data, u32 len,
			 u64 nonce)
{
	if (key->aead)
		return !mwb_gcm(key->aead, header, data, data, len, nonce,
				false);
	return chacha20poly1305_decrypt(data, data, len + MWB_WIRE_TAG_LEN,
					header, MWB_WIRE_HDR_LEN, nonce,
					key->secret);
}

int mwb_key_write(struct mwb_key *key, const struct mwb_wire_hdr *hdr,
		  u64 number, u8 *packet, const u8 *plain)
{
	u8 *payload = packet + MWB_WIRE_HDR_LEN;

	mwb_wire_build(packet, hdr);
	if (key)
		return mwb_key_seal(key, packet, payload, plain, hdr->data_len,
				    (u64)hdr->wan_id << MWB_SEQNO_BITS | number);
	if (plain != payload)
		memcpy(payload, plain, hdr->data_len);
	mwb_wire_set_checksum(packet,
			      mwb_wire_checksum(packet, MWB_WIRE_HDR_LEN +
						hdr->data_len));
	return 0;
}

bool mwb_key_read(struct mwb_key *key, const struct mwb_wire_hdr *hdr,
		  u64 number, u8 *packet)
{
	return mwb_key_open(key, packet, packet + MWB_WIRE_HDR_LEN,
			    hdr->data_len,
			    (u64)hdr->wan_id << MWB_SEQNO_BITS | number);
}

u8 mwb_crypto_ciphers(void)
{
	return mwb_ciphers;
}

u8 mwb_crypto_fastest(void)
{
	return mwb_fastest;
}

/* The time that a cipher takes for some packets, ns; U64_MAX: it is not there.
 * The best of some runs counts.
 */
static u64 mwb_crypto_measure(u8 cipher, u8 *buf)
{
	static const u8 secret[MWB_CRYPTO_KEY_LEN];
	u8 *payload = buf + MWB_WIRE_HDR_LEN;
	struct mwb_key *key;
	u64 best = U64_MAX;
	u64 start, number;
	int run, i;

	key = mwb_key_create(cipher, 0, secret, 0);
	if (!key)
		return U64_MAX;
	number = 0;
	for (run = 0; run < 4; run++) {
		local_bh_disable();
		start = ktime_get_raw_ns();
		for (i = 0; i < MWB_MEASURE_ROUNDS; i++)
			if (mwb_key_seal(key, buf, payload, payload,
					 MWB_MEASURE_LEN, number++))
				break;
		best = min(best, ktime_get_raw_ns() - start);
		local_bh_enable();
		if (i < MWB_MEASURE_ROUNDS)
			break;
	}
	mwb_key_destroy(key);
	return run < 4 ? U64_MAX : best;
}

void mwb_crypto_init(void)
{
	u8 *buf = kzalloc(MWB_WIRE_HDR_LEN + MWB_MEASURE_LEN + MWB_WIRE_TAG_LEN,
			  GFP_KERNEL);
	u64 chacha, gcm;

	if (!buf)
		return;
	chacha = mwb_crypto_measure(MWB_CIPHER_CHACHA20POLY1305, buf);
	gcm = mwb_crypto_measure(MWB_CIPHER_AES_GCM, buf);
	kfree(buf);
	if (gcm == U64_MAX)
		return;
	mwb_ciphers |= MWB_CIPHER_AES_GCM;
	if (gcm < chacha)
		mwb_fastest = MWB_CIPHER_AES_GCM;
}

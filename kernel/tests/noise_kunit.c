// SPDX-License-Identifier: GPL-2.0-only
/*
 * The handshake: against another implementation's messages, and against any
 * change of a message, a key, or what precedes a message. The primitives:
 * against the vectors of RFC 7748 and RFC 8439.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "../core/noise.h"
#include "generated/noise_vectors.h"

enum { MWB_TEST_VECTORS = ARRAY_SIZE(mwb_noise_vectors) };

/**
 * struct mwb_test_ends - two ends of a handshake
 * @one: initiator
 * @two: responder
 * @peer_of_one: what the initiator knows of the responder
 * @peer_of_two: and the responder of the initiator
 * @first: the handshake at the initiator
 * @second: the handshake at the responder
 */
struct mwb_test_ends {
	struct mwb_noise_identity one;
	struct mwb_noise_identity two;
	struct mwb_noise_peer peer_of_one;
	struct mwb_noise_peer peer_of_two;
	struct mwb_noise first;
	struct mwb_noise second;
};

static struct mwb_test_ends *mwb_test_ends(struct kunit *test,
					   const struct mwb_noise_vector *v)
{
	struct mwb_test_ends *e = kunit_kzalloc(test, sizeof(*e), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_ASSERT_TRUE(test, mwb_noise_identity_init(&e->one, v->initiator));
	KUNIT_ASSERT_TRUE(test, mwb_noise_identity_init(&e->two, v->responder));
	KUNIT_ASSERT_TRUE(test, mwb_noise_peer_init(&e->peer_of_one, &e->one,
						    v->public2, v->preshared));
	KUNIT_ASSERT_TRUE(test, mwb_noise_peer_init(&e->peer_of_two, &e->two,
						    v->public1, v->preshared));
	return e;
}

static void mwb_test_vector(struct kunit *test,
			    const struct mwb_noise_vector *v)
{
	struct mwb_test_ends *e = mwb_test_ends(test, v);
	struct mwb_noise_keys one, two;
	u8 message[MWB_NOISE_INITIATION_LEN];
	u8 response[MWB_NOISE_RESPONSE_LEN];
	u8 stamp[MWB_NOISE_STAMP_LEN];
	u8 public[MWB_CRYPTO_KEY_LEN];

	KUNIT_EXPECT_TRUE(test, !memcmp(e->one.public, v->public1, 32));
	KUNIT_EXPECT_TRUE(test, !memcmp(e->two.public, v->public2, 32));
	KUNIT_ASSERT_TRUE(test, mwb_noise_initiate(&e->first, &e->one,
						   &e->peer_of_one, v->hello1,
						   v->random1, v->stamp,
						   message));
	KUNIT_EXPECT_TRUE(test, !memcmp(message, v->message1, sizeof(message)));
	KUNIT_ASSERT_TRUE(test, mwb_noise_read_initiation(&e->second, &e->two,
							  v->hello1,
							  v->message1, public));
	KUNIT_EXPECT_TRUE(test, !memcmp(public, v->public1, sizeof(public)));
	KUNIT_ASSERT_TRUE(test, mwb_noise_read_stamp(&e->second,
						     &e->peer_of_two,
						     v->message1, stamp));
	KUNIT_EXPECT_TRUE(test, !memcmp(stamp, v->stamp, sizeof(stamp)));
	KUNIT_ASSERT_TRUE(test, mwb_noise_respond(&e->second, &e->peer_of_two,
						  v->hello2, v->random2,
						  response, &two));
	KUNIT_EXPECT_TRUE(test, !memcmp(response, v->message2,
					sizeof(response)));
	KUNIT_ASSERT_TRUE(test, mwb_noise_read_response(&e->first, &e->one,
							&e->peer_of_one,
							v->hello2, v->message2,
							&one));
	KUNIT_EXPECT_TRUE(test, !memcmp(one.send, v->key1, 32));
	KUNIT_EXPECT_TRUE(test, !memcmp(one.receive, v->key2, 32));
	KUNIT_EXPECT_TRUE(test, !memcmp(two.receive, v->key1, 32));
	KUNIT_EXPECT_TRUE(test, !memcmp(two.send, v->key2, 32));
}

static void mwb_test_vectors(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < MWB_TEST_VECTORS; i++)
		mwb_test_vector(test, &mwb_noise_vectors[i]);
}

/* Both steps of who receives an initiation */
static bool mwb_test_read(struct mwb_test_ends *e, const u8 *hello,
			  const u8 *message)
{
	u8 public[MWB_CRYPTO_KEY_LEN];
	u8 stamp[MWB_NOISE_STAMP_LEN];

	return mwb_noise_read_initiation(&e->second, &e->two, hello, message,
					 public) &&
	       !memcmp(public, e->peer_of_two.public, sizeof(public)) &&
	       mwb_noise_read_stamp(&e->second, &e->peer_of_two, message,
				    stamp);
}

/* No bit of an initiation, nor of what precedes it, can be changed. */
static void mwb_test_flip_initiation(struct kunit *test)
{
	const struct mwb_noise_vector *v = &mwb_noise_vectors[1];
	struct mwb_test_ends *e = mwb_test_ends(test, v);
	u8 message[MWB_NOISE_INITIATION_LEN];
	u8 hello[MWB_NOISE_HELLO_LEN];
	unsigned int i;

	KUNIT_ASSERT_TRUE(test, mwb_test_read(e, v->hello1, v->message1));
	for (i = 0; i < 8 * sizeof(message); i++) {
		memcpy(message, v->message1, sizeof(message));
		message[i / 8] ^= 1 << i % 8;
		KUNIT_EXPECT_FALSE(test, mwb_test_read(e, v->hello1, message));
	}
	for (i = 0; i < 8 * sizeof(hello); i++) {
		memcpy(hello, v->hello1, sizeof(hello));
		hello[i / 8] ^= 1 << i % 8;
		KUNIT_EXPECT_FALSE(test, mwb_test_read(e, hello, v->message1));
	}
}

static void mwb_test_flip_response(struct kunit *test)
{
	const struct mwb_noise_vector *v = &mwb_noise_vectors[2];
	struct mwb_test_ends *e = mwb_test_ends(test, v);
	u8 initiation[MWB_NOISE_INITIATION_LEN];
	u8 message[MWB_NOISE_RESPONSE_LEN];
	u8 hello[MWB_NOISE_HELLO_LEN];
	struct mwb_noise_keys keys;
	unsigned int i;

	KUNIT_ASSERT_TRUE(test, mwb_noise_initiate(&e->first, &e->one,
						   &e->peer_of_one, v->hello1,
						   v->random1, v->stamp,
						   initiation));
	for (i = 0; i < 8 * sizeof(message); i++) {
		memcpy(message, v->message2, sizeof(message));
		message[i / 8] ^= 1 << i % 8;
		KUNIT_EXPECT_FALSE(test,
				   mwb_noise_read_response(&e->first, &e->one,
							   &e->peer_of_one,
							   v->hello2, message,
							   &keys));
	}
	for (i = 0; i < 8 * sizeof(hello); i++) {
		memcpy(hello, v->hello2, sizeof(hello));
		hello[i / 8] ^= 1 << i % 8;
		KUNIT_EXPECT_FALSE(test,
				   mwb_noise_read_response(&e->first, &e->one,
							   &e->peer_of_one,
							   hello, v->message2,
							   &keys));
	}
	/* All these have not spoiled it. */
	KUNIT_EXPECT_TRUE(test, mwb_noise_read_response(&e->first, &e->one,
							&e->peer_of_one,
							v->hello2, v->message2,
							&keys));
}

static void mwb_test_wrong_keys(struct kunit *test)
{
	const struct mwb_noise_vector *v = &mwb_noise_vectors[3];
	const struct mwb_noise_vector *other = &mwb_noise_vectors[4];
	struct mwb_test_ends *e = mwb_test_ends(test, v);
	struct mwb_noise_keys keys;
	u8 message[MWB_NOISE_INITIATION_LEN];
	u8 public[MWB_CRYPTO_KEY_LEN];
	u8 stamp[MWB_NOISE_STAMP_LEN];
	struct mwb_noise_peer wrong;
	struct mwb_noise_identity impostor;

	/* Meant for somebody else */
	KUNIT_ASSERT_TRUE(test, mwb_noise_identity_init(&impostor,
							other->responder));
	KUNIT_EXPECT_FALSE(test, mwb_noise_read_initiation(&e->second,
							   &impostor, v->hello1,
							   v->message1,
							   public));
	/* Names a key that it does not have */
	memcpy(impostor.public, v->public1, sizeof(impostor.public));
	KUNIT_ASSERT_TRUE(test, mwb_noise_peer_init(&wrong, &impostor,
						    v->public2, v->preshared));
	KUNIT_ASSERT_TRUE(test, mwb_noise_initiate(&e->first, &impostor, &wrong,
						   v->hello1, v->random1,
						   v->stamp, message));
	KUNIT_ASSERT_TRUE(test, mwb_noise_read_initiation(&e->second, &e->two,
							  v->hello1, message,
							  public));
	KUNIT_EXPECT_FALSE(test, mwb_noise_read_stamp(&e->second,
						      &e->peer_of_two, message,
						      stamp));
	/* Another pre-shared key */
	KUNIT_ASSERT_TRUE(test, mwb_noise_initiate(&e->first, &e->one,
						   &e->peer_of_one, v->hello1,
						   v->random1, v->stamp,
						   message));
	memcpy(e->peer_of_one.preshared, other->preshared,
	       sizeof(other->preshared));
	KUNIT_EXPECT_FALSE(test, mwb_noise_read_response(&e->first, &e->one,
							 &e->peer_of_one,
							 v->hello2, v->message2,
							 &keys));
}

/* What has no part in it that nobody else knows */
static void mwb_test_weak_keys(struct kunit *test)
{
	static const u8 zero[MWB_CRYPTO_KEY_LEN];
	const struct mwb_noise_vector *v = &mwb_noise_vectors[5];
	struct mwb_test_ends *e = mwb_test_ends(test, v);
	u8 message[MWB_NOISE_INITIATION_LEN];
	u8 public[MWB_CRYPTO_KEY_LEN];
	struct mwb_noise_peer peer;

	KUNIT_EXPECT_FALSE(test, mwb_noise_peer_init(&peer, &e->one, zero,
						     v->preshared));
	memcpy(message, v->message1, sizeof(message));
	memset(message, 0, MWB_CRYPTO_KEY_LEN);
	KUNIT_EXPECT_FALSE(test, mwb_noise_read_initiation(&e->second, &e->two,
							   v->hello1, message,
							   public));
}

static void mwb_test_macs(struct kunit *test)
{
	u8 out[MWB_NOISE_COOKIE_LEN + MWB_CRYPTO_TAG_LEN];
	u8 key[MWB_CRYPTO_KEY_LEN];
	unsigned int i, j;

	for (i = 0; i < MWB_TEST_VECTORS; i++) {
		const struct mwb_noise_vector *v = &mwb_noise_vectors[i];
		u64 id = 0;

		for (j = 0; j < sizeof(id); j++)
			id = id << 8 | v->id[j];
		KUNIT_EXPECT_EQ(test, mwb_noise_id(v->public2), id);
		mwb_noise_mac_key(key, v->public2);
		mwb_noise_mac(out, key, sizeof(key), v->packet,
			      sizeof(v->packet));
		KUNIT_EXPECT_TRUE(test, mwb_crypto_equal(out, v->mac,
							 sizeof(v->mac)));
		mwb_noise_cookie_key(key, v->public2);
		mwb_noise_seal_cookie(out, v->cookie, key, v->nonce, v->mac);
		KUNIT_EXPECT_TRUE(test, !memcmp(out, v->sealed,
						sizeof(v->sealed)));
		KUNIT_EXPECT_TRUE(test, mwb_noise_open_cookie(out, v->sealed,
							      key, v->nonce,
							      v->mac));
		KUNIT_EXPECT_TRUE(test, !memcmp(out, v->cookie,
						sizeof(v->cookie)));
		KUNIT_EXPECT_FALSE(test, mwb_noise_open_cookie(out, v->sealed,
							       key, v->nonce,
							       v->packet));
	}
}

/* RFC 8439, appendix A.5 */
static void mwb_test_aead(struct kunit *test)
{
	static const u8 key[] = {
		0x1c, 0x92, 0x40, 0xa5, 0xeb, 0x55, 0xd3, 0x8a, 0xf3, 0x33,
		0x88, 0x86, 0x04, 0xf6, 0xb5, 0xf0, 0x47, 0x39, 0x17, 0xc1,
		0x40, 0x2b, 0x80, 0x09, 0x9d, 0xca, 0x5c, 0xbc, 0x20, 0x70,
		0x75, 0xc0,
	};
	static const u8 ad[] = {
		0xf3, 0x33, 0x88, 0x86, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x4e, 0x91,
	};
	static const u8 begin[] = {
		0x64, 0xa0, 0x86, 0x15, 0x75, 0x86, 0x1a, 0xf4, 0x60, 0xf0,
		0x62, 0xc7, 0x9b, 0xe6, 0x43, 0xbd,
	};
	static const u8 tag[] = {
		0xee, 0xad, 0x9d, 0x67, 0x89, 0x0c, 0xbb, 0x22, 0x39, 0x23,
		0x36, 0xfe, 0xa1, 0x85, 0x1f, 0x38,
	};
	const char *text = mwb_noise_text;
	const size_t len = sizeof(mwb_noise_text) - 1;
	u8 *out = kunit_kzalloc(test, len + sizeof(tag), GFP_KERNEL);
	u64 nonce = 0x0807060504030201;

	KUNIT_ASSERT_NOT_NULL(test, out);
	KUNIT_ASSERT_EQ(test, len, (size_t)265);
	mwb_crypto_seal(out, (const u8 *)text, len, ad, sizeof(ad), nonce, key);
	KUNIT_EXPECT_TRUE(test, !memcmp(out, begin, sizeof(begin)));
	KUNIT_EXPECT_TRUE(test, !memcmp(out + len, tag, sizeof(tag)));
	KUNIT_EXPECT_FALSE(test, mwb_crypto_open(out, out, len + sizeof(tag),
						 ad, sizeof(ad) - 1, nonce,
						 key));
	KUNIT_EXPECT_TRUE(test, mwb_crypto_open(out, out, len + sizeof(tag), ad,
						sizeof(ad), nonce, key));
	KUNIT_EXPECT_TRUE(test, !memcmp(out, text, len));
	KUNIT_EXPECT_FALSE(test, mwb_crypto_open(out, out, sizeof(tag) - 1, ad,
						 sizeof(ad), nonce, key));
}

/* RFC 7748, section 6.1 */
static void mwb_test_curve(struct kunit *test)
{
	static const u8 secret[] = {
		0x77, 0x07, 0x6d, 0x0a, 0x73, 0x18, 0xa5, 0x7d, 0x3c, 0x16,
		0xc1, 0x72, 0x51, 0xb2, 0x66, 0x45, 0xdf, 0x4c, 0x2f, 0x87,
		0xeb, 0xc0, 0x99, 0x2a, 0xb1, 0x77, 0xfb, 0xa5, 0x1d, 0xb9,
		0x2c, 0x2a,
	};
	static const u8 public[] = {
		0x85, 0x20, 0xf0, 0x09, 0x89, 0x30, 0xa7, 0x54, 0x74, 0x8b,
		0x7d, 0xdc, 0xb4, 0x3e, 0xf7, 0x5a, 0x0d, 0xbf, 0x3a, 0x0d,
		0x26, 0x38, 0x1a, 0xf4, 0xeb, 0xa4, 0xa9, 0x8e, 0xaa, 0x9b,
		0x4e, 0x6a,
	};
	static const u8 peer[] = {
		0xde, 0x9e, 0xdb, 0x7d, 0x7b, 0x7d, 0xc1, 0xb4, 0xd3, 0x5b,
		0x61, 0xc2, 0xec, 0xe4, 0x35, 0x37, 0x3f, 0x83, 0x43, 0xc8,
		0x5b, 0x78, 0x67, 0x4d, 0xad, 0xfc, 0x7e, 0x14, 0x6f, 0x88,
		0x2b, 0x4f,
	};
	static const u8 shared[] = {
		0x4a, 0x5d, 0x9d, 0x5b, 0xa4, 0xce, 0x2d, 0xe1, 0x72, 0x8e,
		0x3b, 0xf4, 0x80, 0x35, 0x0f, 0x25, 0xe0, 0x7e, 0x21, 0xc9,
		0x47, 0xd1, 0x9e, 0x33, 0x76, 0xf0, 0x9b, 0x3c, 0x1e, 0x16,
		0x17, 0x42,
	};
	u8 out[MWB_CRYPTO_KEY_LEN];

	KUNIT_EXPECT_TRUE(test, mwb_crypto_curve25519_public(out, secret));
	KUNIT_EXPECT_TRUE(test, !memcmp(out, public, sizeof(out)));
	KUNIT_EXPECT_TRUE(test, mwb_crypto_curve25519(out, secret, peer));
	KUNIT_EXPECT_TRUE(test, !memcmp(out, shared, sizeof(out)));
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_vectors),
	KUNIT_CASE(mwb_test_flip_initiation),
	KUNIT_CASE(mwb_test_flip_response),
	KUNIT_CASE(mwb_test_wrong_keys),
	KUNIT_CASE(mwb_test_weak_keys),
	KUNIT_CASE(mwb_test_macs),
	KUNIT_CASE(mwb_test_aead),
	KUNIT_CASE(mwb_test_curve),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-noise",
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The primitives of kernel/core/crypto.h in user space, by OpenSSL.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "../../kernel/core/crypto.h"

static void must(int ok)
{
	if (ok != 1)
		abort();
}

bool mwb_crypto_curve25519(u8 *out, const u8 *secret, const u8 *point)
{
	size_t len = MWB_CRYPTO_KEY_LEN;
	EVP_PKEY_CTX *ctx;
	EVP_PKEY *own, *peer;
	bool ok;

	own = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, secret, len);
	peer = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, point, len);
	ctx = EVP_PKEY_CTX_new(own, NULL);
	must(EVP_PKEY_derive_init(ctx));
	must(EVP_PKEY_derive_set_peer(ctx, peer));
	ok = EVP_PKEY_derive(ctx, out, &len) == 1;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(peer);
	EVP_PKEY_free(own);
	return ok;
}

bool mwb_crypto_curve25519_public(u8 *out, const u8 *secret)
{
	size_t len = MWB_CRYPTO_KEY_LEN;
	EVP_PKEY *own;

	own = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, secret, len);
	must(EVP_PKEY_get_raw_public_key(own, out, &len));
	EVP_PKEY_free(own);
	return true;
}

void mwb_crypto_hash(u8 *out, const u8 *in, size_t len)
{
	must(EVP_Digest(in, len, out, NULL, EVP_blake2s256(), NULL));
}

static EVP_CIPHER_CTX *start(int seal, u64 nonce, const u8 *key, const u8 *ad,
			     size_t ad_len)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	u8 iv[12] = { };
	int i, len;

	for (i = 0; i < 8; i++)
		iv[4 + i] = nonce >> 8 * i;
	must(EVP_CipherInit_ex(ctx, EVP_chacha20_poly1305(), NULL, key, iv,
			       seal));
	must(EVP_CipherUpdate(ctx, NULL, &len, ad, ad_len));
	return ctx;
}

void mwb_crypto_seal(u8 *out, const u8 *in, size_t len, const u8 *ad,
		     size_t ad_len, u64 nonce, const u8 *key)
{
	EVP_CIPHER_CTX *ctx = start(1, nonce, key, ad, ad_len);
	int n;

	if (len)
		must(EVP_CipherUpdate(ctx, out, &n, in, len));
	must(EVP_CipherFinal_ex(ctx, out + len, &n));
	must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG,
				 MWB_CRYPTO_TAG_LEN, out + len));
	EVP_CIPHER_CTX_free(ctx);
}

bool mwb_crypto_open(u8 *out, const u8 *in, size_t len, const u8 *ad,
		     size_t ad_len, u64 nonce, const u8 *key)
{
	EVP_CIPHER_CTX *ctx;
	u8 plain[1 << 16], tag[MWB_CRYPTO_TAG_LEN];
	bool ok;
	int n;

	if (len < sizeof(tag) || len > sizeof(plain))
		return false;
	len -= sizeof(tag);
	memcpy(tag, in + len, sizeof(tag));
	ctx = start(0, nonce, key, ad, ad_len);
	if (len)
		must(EVP_CipherUpdate(ctx, plain, &n, in, len));
	must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, sizeof(tag), tag));
	ok = EVP_CipherFinal_ex(ctx, plain + len, &n) == 1;
	EVP_CIPHER_CTX_free(ctx);
	if (ok && len)
		memcpy(out, plain, len);
	return ok;
}

bool mwb_crypto_equal(const void *a, const void *b, size_t len)
{
	return !CRYPTO_memcmp(a, b, len);
}

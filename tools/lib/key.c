// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys: base64, files, and the public key of a private one, which is X25519 of
 * RFC 7748 with the base point.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "key.h"

static const char mwb_base64[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * mwb_format_key() - write a key
 * @key: the key
 * @text: result
 *
 * Return: @text.
 */
const char *mwb_format_key(const uint8_t key[MWB_KEY_LEN],
			   char text[MWB_KEY_TEXT])
{
	unsigned int i, bits;

	for (i = 0; i < 43; i++) {
		bits = key[i * 6 / 8] << 8;
		if (i * 6 / 8 + 1 < MWB_KEY_LEN)
			bits |= key[i * 6 / 8 + 1];
		text[i] = mwb_base64[bits >> (10 - i * 6 % 8) & 63];
	}
	text[43] = '=';
	text[44] = '\0';
	return text;
}

/**
 * mwb_parse_key() - read a key as mwb_format_key() writes it
 * @arg: the text
 * @key: result
 * @err: what is wrong
 *
 * Return: 0, or -1 with @err set.
 */
int mwb_parse_key(const char *arg, uint8_t key[MWB_KEY_LEN],
		  struct mwb_err *err)
{
	unsigned int i, bits = 0, have = 0, used = 0;
	const char *digit;

	if (strlen(arg) != 44 || arg[43] != '=')
		return mwb_err_set(err, "not a key of 32 bytes in base64");
	for (i = 0; i < 43; i++) {
		digit = strchr(mwb_base64, arg[i]);
		if (!digit)
			return mwb_err_set(err, "not a key in base64");
		bits = bits << 6 | (unsigned int)(digit - mwb_base64);
		have += 6;
		if (have >= 8) {
			have -= 8;
			key[used++] = bits >> have;
		}
	}
	if (bits & 3)
		return mwb_err_set(err, "not a key of 32 bytes in base64");
	return 0;
}

/**
 * mwb_read_key() - read a key from a file
 * @path: the file; "-" for standard input
 * @key: result
 * @err: what is wrong
 *
 * Return: 0, or -1 with @err set.
 */
int mwb_read_key(const char *path, uint8_t key[MWB_KEY_LEN],
		 struct mwb_err *err)
{
	char text[MWB_KEY_TEXT + 8];
	size_t used = 0;
	ssize_t got;
	int fd, ret;

	fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : 0;
	if (fd < 0)
		return mwb_err_set(err, "%s", strerror(errno));
	do {
		got = read(fd, text + used, sizeof(text) - 1 - used);
		used += got > 0 ? got : 0;
	} while (got > 0 && used < sizeof(text) - 1);
	if (fd)
		close(fd);
	if (got < 0)
		return mwb_err_set(err, "%s", strerror(errno));
	text[used] = '\0';
	text[strcspn(text, " \t\r\n")] = '\0';
	ret = mwb_parse_key(text, key, err);
	explicit_bzero(text, sizeof(text));
	return ret;
}

/**
 * mwb_key_clamp() - make a private key of random bytes
 * @key: the bytes
 */
void mwb_key_clamp(uint8_t key[MWB_KEY_LEN])
{
	key[0] &= 248;
	key[31] = (key[31] & 127) | 64;
}

/* A number modulo 2^255 - 19: 16 digits of 16 bits, with some room above. */
struct mwb_field {
	int64_t digit[16];
};

/* Bring the digits back into 16 bits; the last one's carry counts 38 times. */
static void mwb_field_carry(struct mwb_field *a)
{
	int64_t carry;
	unsigned int i;

	for (i = 0; i < 16; i++) {
		carry = a->digit[i] >> 16;
		a->digit[i] -= carry * 65536;
		a->digit[(i + 1) % 16] += i == 15 ? 38 * carry : carry;
	}
}

static void mwb_field_add(struct mwb_field *out, const struct mwb_field *a,
			  const struct mwb_field *b, int sign)
{
	unsigned int i;

	for (i = 0; i < 16; i++)
		out->digit[i] = a->digit[i] + sign * b->digit[i];
}

static void mwb_field_mul(struct mwb_field *out, const struct mwb_field *a,
			  const struct mwb_field *b)
{
	int64_t column[31] = { 0 };
	unsigned int i, j;

	for (i = 0; i < 16; i++)
		for (j = 0; j < 16; j++)
			column[i + j] += a->digit[i] * b->digit[j];
	for (i = 0; i < 16; i++)
		out->digit[i] = column[i] +
				(i < 15 ? 38 * column[i + 16] : 0);
	mwb_field_carry(out);
	mwb_field_carry(out);
}

/* The power p - 2 */
static void mwb_field_invert(struct mwb_field *out, const struct mwb_field *a)
{
	struct mwb_field result = *a;
	int bit;

	for (bit = 253; bit >= 0; bit--) {
		mwb_field_mul(&result, &result, &result);
		if (bit != 2 && bit != 4)
			mwb_field_mul(&result, &result, a);
	}
	*out = result;
}

/* In a time that does not depend on @swap */
static void mwb_field_swap(struct mwb_field *a, struct mwb_field *b, int swap)
{
	int64_t differ, mask = -(int64_t)swap;
	unsigned int i;

	for (i = 0; i < 16; i++) {
		differ = mask & (a->digit[i] ^ b->digit[i]);
		a->digit[i] ^= differ;
		b->digit[i] ^= differ;
	}
}

static void mwb_field_store(uint8_t out[MWB_KEY_LEN], const struct mwb_field *a)
{
	struct mwb_field n = *a, less;
	unsigned int i, round;

	for (i = 0; i < 3; i++)
		mwb_field_carry(&n);
	/* Less p, twice, where that leaves something */
	for (round = 0; round < 2; round++) {
		for (i = 0; i < 16; i++)
			less.digit[i] = n.digit[i] - (i == 0 ? 0xffed :
						      i == 15 ? 0x7fff : 0xffff);
		for (i = 0; i < 15; i++) {
			less.digit[i + 1] += less.digit[i] >> 16;
			less.digit[i] &= 0xffff;
		}
		mwb_field_swap(&n, &less, !(less.digit[15] >> 63 & 1));
	}
	for (i = 0; i < 16; i++) {
		out[2 * i] = n.digit[i];
		out[2 * i + 1] = n.digit[i] >> 8;
	}
}

/* One step of the ladder of RFC 7748, section 5 */
static void mwb_key_step(struct mwb_field *x2, struct mwb_field *z2,
			 struct mwb_field *x3, struct mwb_field *z3)
{
	static const struct mwb_field a24 = { { 0xdb41, 1 } };
	static const struct mwb_field base = { { 9 } };
	struct mwb_field a, b, c, d, aa, bb, e;

	mwb_field_add(&a, x2, z2, 1);
	mwb_field_add(&b, x2, z2, -1);
	mwb_field_add(&c, x3, z3, 1);
	mwb_field_add(&d, x3, z3, -1);
	mwb_field_mul(&d, &d, &a);
	mwb_field_mul(&c, &c, &b);
	mwb_field_mul(&aa, &a, &a);
	mwb_field_mul(&bb, &b, &b);
	mwb_field_add(x3, &d, &c, 1);
	mwb_field_mul(x3, x3, x3);
	mwb_field_add(z3, &d, &c, -1);
	mwb_field_mul(z3, z3, z3);
	mwb_field_mul(z3, z3, &base);
	mwb_field_mul(x2, &aa, &bb);
	mwb_field_add(&e, &aa, &bb, -1);
	mwb_field_mul(&a, &a24, &e);
	mwb_field_add(&a, &aa, &a, 1);
	mwb_field_mul(z2, &e, &a);
}

/**
 * mwb_key_public() - the public key of a private key
 * @public: result
 * @secret: the private key
 */
void mwb_key_public(uint8_t public[MWB_KEY_LEN],
		    const uint8_t secret[MWB_KEY_LEN])
{
	struct mwb_field x2 = { { 1 } }, z2 = { { 0 } };
	struct mwb_field x3 = { { 9 } }, z3 = { { 1 } };
	uint8_t key[MWB_KEY_LEN];
	int bit, i;

	memcpy(key, secret, sizeof(key));
	mwb_key_clamp(key);
	for (i = 254; i >= 0; i--) {
		bit = key[i / 8] >> i % 8 & 1;
		mwb_field_swap(&x2, &x3, bit);
		mwb_field_swap(&z2, &z3, bit);
		mwb_key_step(&x2, &z2, &x3, &z3);
		mwb_field_swap(&x2, &x3, bit);
		mwb_field_swap(&z2, &z3, bit);
	}
	mwb_field_invert(&z2, &z2);
	mwb_field_mul(&x2, &x2, &z2);
	mwb_field_store(public, &x2);
	explicit_bzero(key, sizeof(key));
	explicit_bzero(&x3, sizeof(x3));
	explicit_bzero(&z3, sizeof(z3));
}

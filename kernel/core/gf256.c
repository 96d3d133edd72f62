// SPDX-License-Identifier: GPL-2.0-only
/*
 * GF(2^8): tables, and the variant that every machine can run.
 */
#include <linux/string.h>

#include "gf256.h"

enum { MWB_GF256_POLYNOMIAL = 0x11d };

u8 mwb_gf256_product[256][256];
/* Aligned for loads of whole registers */
u8 mwb_gf256_nibble[256][32] __aligned(32);
u64 mwb_gf256_affine[256];

static u8 mwb_gf256_slow(u32 a, u32 b)
{
	u32 product = 0;

	for (; b; b >>= 1) {
		if (b & 1)
			product ^= a;
		a <<= 1;
		if (a & 0x100)
			a ^= MWB_GF256_POLYNOMIAL;
	}
	return product;
}

/* Byte 7 - i of the matrix has the bits of the factor that are in bit i of the
 * product.
 */
static u64 mwb_gf256_bits(u32 a)
{
	u64 matrix = 0;
	u32 i, bit;

	for (bit = 0; bit < 8; bit++)
		for (i = 0; i < 8; i++)
			if (mwb_gf256_product[a][1 << bit] >> i & 1)
				matrix |= 1ULL << (8 * (7 - i) + bit);
	return matrix;
}

void mwb_gf256_init(void)
{
	u32 a, b;

	for (a = 0; a < 256; a++) {
		for (b = 0; b < 256; b++)
			mwb_gf256_product[a][b] = mwb_gf256_slow(a, b);
		for (b = 0; b < 16; b++) {
			mwb_gf256_nibble[a][b] = mwb_gf256_product[a][b];
			mwb_gf256_nibble[a][16 + b] =
				mwb_gf256_product[a][b << 4];
		}
		mwb_gf256_affine[a] = mwb_gf256_bits(a);
	}
}

/* a^254 */
u8 mwb_gf256_inverse(u8 a)
{
	u8 power = a;
	u32 i;

	for (i = 0; i < 6; i++)
		power = mwb_gf256_mul(mwb_gf256_mul(power, power), a);
	return mwb_gf256_mul(power, power);
}

/* Eight bytes at a time: the order of bytes in a word does not matter. */
static void mwb_gf256_row(const u8 *product, const u8 *src, u8 *dst,
			  size_t len)
{
	u64 in, out, sum;
	u32 shift;

	for (; len >= 8; len -= 8, src += 8, dst += 8) {
		memcpy(&in, src, 8);
		memcpy(&sum, dst, 8);
		out = 0;
		for (shift = 0; shift < 64; shift += 8)
			out |= (u64)product[in >> shift & 0xff] << shift;
		sum ^= out;
		memcpy(dst, &sum, 8);
	}
	for (; len; len--)
		*dst++ ^= product[*src++];
}

static void mwb_gf256_add(const u8 *coef, u32 rows, const u8 *src,
			  u8 *const *dst, size_t len)
{
	u32 i;

	for (i = 0; i < rows; i++)
		if (coef[i])
			mwb_gf256_row(mwb_gf256_product[coef[i]], src, dst[i],
				      len);
}

static void mwb_gf256_dot(const u8 *coef, size_t stride, u32 cols, u32 rows,
			  const u8 *const *src, u8 *const *dst, size_t len)
{
	u32 i, j;

	for (i = 0; i < rows; i++)
		memset(dst[i], 0, len);
	for (j = 0; j < cols; j++)
		mwb_gf256_add(coef + j * stride, rows, src[j], dst, len);
}

const struct mwb_gf256_ops mwb_gf256_portable = {
	.name = "portable",
	.dot = mwb_gf256_dot,
	.add = mwb_gf256_add,
};

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * GF(2^8) by the polynomial x^8 + x^4 + x^3 + x^2 + 1 (0x11d), over rows of
 * bytes. Knows nothing of codes; several variants of the same two operations,
 * of which the caller chooses one that the machine can run.
 *
 * A matrix is by columns: the coefficient of row i in column j is
 * coef[j * stride + i].
 */
#ifndef _MWBOND_CORE_GF256_H
#define _MWBOND_CORE_GF256_H

#include <linux/types.h>

/**
 * struct mwb_gf256_ops - one variant
 * @name: for people
 * @dot: rows dst[i] = sum over j of coef[j * stride + i] * src[j], of @len bytes
 *	each, i < rows, j < cols; cols at least 1
 * @add: dst[i] += coef[i] * src, i < rows
 *
 * Rows may have any alignment and length. No row of @dst overlaps another, or
 * one of @src.
 */
struct mwb_gf256_ops {
	const char *name;
	void (*dot)(const u8 *coef, size_t stride, u32 cols, u32 rows,
		    const u8 *const *src, u8 *const *dst, size_t len);
	void (*add)(const u8 *coef, u32 rows, const u8 *src, u8 *const *dst,
		    size_t len);
};

extern const struct mwb_gf256_ops mwb_gf256_portable;

/* Make the tables, once, before anything else here is used. */
void mwb_gf256_init(void);

/* Products: mwb_gf256_product[a][b] */
extern u8 mwb_gf256_product[256][256];
/* Products by the low and by the high half of a byte, for shuffles */
extern u8 mwb_gf256_nibble[256][32];
/* The product as a matrix of bits, as GFNI takes it */
extern u64 mwb_gf256_affine[256];

static inline u8 mwb_gf256_mul(u8 a, u8 b)
{
	return mwb_gf256_product[a][b];
}

/* 1 / @a; 0 for 0 */
u8 mwb_gf256_inverse(u8 a);

#endif /* _MWBOND_CORE_GF256_H */

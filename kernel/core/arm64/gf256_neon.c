// SPDX-License-Identifier: GPL-2.0-only
/*
 * GF(2^8) by NEON: products of the halves of 32 bytes by table look-ups, for
 * one row at a time.
 */
#include <linux/string.h>

#include "gf256.h"

/* The compiler uses them in user space only, and knows them only there. */
#ifdef __ARM_NEON
#define MWB_NEON_CLOBBERS \
	, "v0", "v1", "v2", "v3", "v4", "v5", "v16", "v17", "v18"
#else
#define MWB_NEON_CLOBBERS
#endif

enum { MWB_NEON_STEP = 32 };

/* @dst += @coef * @src, whole steps */
static void mwb_neon_row(u8 coef, const u8 *src, u8 *dst, size_t len)
{
	asm volatile("ldp q16, q17, [%[table]]\n\t"
		     "movi v18.16b, #15\n"
		     "1:\n\t"
		     "ldp q0, q1, [%[src]], #32\n\t"
		     "ldp q2, q3, [%[dst]]\n\t"
		     "ushr v4.16b, v0.16b, #4\n\t"
		     "ushr v5.16b, v1.16b, #4\n\t"
		     "and v0.16b, v0.16b, v18.16b\n\t"
		     "and v1.16b, v1.16b, v18.16b\n\t"
		     "tbl v0.16b, {v16.16b}, v0.16b\n\t"
		     "tbl v1.16b, {v16.16b}, v1.16b\n\t"
		     "tbl v4.16b, {v17.16b}, v4.16b\n\t"
		     "tbl v5.16b, {v17.16b}, v5.16b\n\t"
		     "eor v2.16b, v2.16b, v0.16b\n\t"
		     "eor v3.16b, v3.16b, v1.16b\n\t"
		     "eor v2.16b, v2.16b, v4.16b\n\t"
		     "eor v3.16b, v3.16b, v5.16b\n\t"
		     "stp q2, q3, [%[dst]], #32\n\t"
		     "subs %[len], %[len], #32\n\t"
		     "b.ne 1b\n\t"
		     : [src] "+r" (src), [dst] "+r" (dst), [len] "+r" (len)
		     : [table] "r" (mwb_gf256_nibble[coef])
		     : "memory", "cc" MWB_NEON_CLOBBERS);
}

static void mwb_neon_add(const u8 *coef, u32 rows, const u8 *src,
			 u8 *const *dst, size_t len)
{
	size_t whole = len & ~(size_t)(MWB_NEON_STEP - 1);
	size_t rest = len - whole;
	u8 last[2][MWB_NEON_STEP];
	u32 i;

	/* What is left over goes over a whole step that ends with zeros. */
	memset(last[0], 0, MWB_NEON_STEP);
	memcpy(last[0], src + whole, rest);
	for (i = 0; i < rows; i++) {
		if (whole)
			mwb_neon_row(coef[i], src, dst[i], whole);
		if (!rest)
			continue;
		memset(last[1], 0, MWB_NEON_STEP);
		memcpy(last[1], dst[i] + whole, rest);
		mwb_neon_row(coef[i], last[0], last[1], MWB_NEON_STEP);
		memcpy(dst[i] + whole, last[1], rest);
	}
}

static void mwb_neon_dot(const u8 *coef, size_t stride, u32 cols, u32 rows,
			 const u8 *const *src, u8 *const *dst, size_t len)
{
	u32 i, j;

	for (i = 0; i < rows; i++)
		memset(dst[i], 0, len);
	for (j = 0; j < cols; j++)
		mwb_neon_add(coef + j * stride, rows, src[j], dst, len);
}

const struct mwb_gf256_ops mwb_gf256_neon = {
	.name = "neon",
	.dot = mwb_neon_dot,
	.add = mwb_neon_add,
};

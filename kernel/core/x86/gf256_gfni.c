// SPDX-License-Identifier: GPL-2.0-only
/*
 * GF(2^8) by GFNI and AVX2.
 */
#define MWB_REG "%%ymm"
#define MWB_WIDTH "32"
#define MWB_MOV "vmovdqu"
#define MWB_XOR "vpxor"
#define MWB_AND "vpand"

#include "gfni.h"

enum {
	MWB_BYTES = 32,
	MWB_STEP = 2 * MWB_BYTES,
	MWB_ROWS = 6,
};

MWB_GFNI(mwb_gfni, MWB_BYTES)

/* Wide steps, as far as they are worth it. Their length is not always a power of
 * two.
 */
static void mwb_gfni_most(struct mwb_gf256_step *step, u32 rows, size_t len)
{
	size_t wide = (rows == 3 ? 3 : 4) * MWB_BYTES;
	size_t rest = len % wide;

	if (len < wide)
		return;
	step->end = len - rest;
	mwb_gfni_wide(step, rows);
	if (rest <= MWB_STEP)
		return;
	step->at = len - wide;
	step->end = len;
	mwb_gfni_wide(step, rows);
}

static void mwb_gfni_dots(const u8 *coef, size_t stride, u32 cols, u32 rows,
			  const u8 *const *src, u8 *const *dst, size_t len)
{
	struct mwb_gf256_step step = {
		.coef = coef,
		.stride = stride,
		.cols = cols,
		.src = src,
		.dst = dst,
	};

	if (len < MWB_STEP) {
		mwb_gf256_ssse3.dot(coef, stride, cols, rows, src, dst, len);
		return;
	}
	if (rows <= 3)
		mwb_gfni_most(&step, rows, len);
	if (step.end < len)
		mwb_gf256_dot_by(mwb_gfni_dot, MWB_STEP, MWB_ROWS, &step, rows,
				 len);
	asm volatile("vzeroupper");
}

static void mwb_gfni_adds(const u8 *coef, u32 rows, const u8 *src,
			  u8 *const *dst, size_t len)
{
	if (len < MWB_STEP) {
		mwb_gf256_ssse3.add(coef, rows, src, dst, len);
		return;
	}
	mwb_gf256_add_by(mwb_gfni_add, mwb_gfni_last, MWB_STEP, MWB_ROWS, coef,
			 rows, src, dst, len);
	asm volatile("vzeroupper");
}

const struct mwb_gf256_ops mwb_gf256_gfni = {
	.name = "gfni-avx2",
	.dot = mwb_gfni_dots,
	.add = mwb_gfni_adds,
};

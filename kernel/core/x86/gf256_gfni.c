// SPDX-License-Identifier: GPL-2.0-only
/*
 * GF(2^8) by GFNI and AVX2: products of 32 bytes with a matrix of bits.
 */
#include "gf256.h"

#define MWB_ZERO(i, a, b)				\
	"vpxor %%xmm" #a ", %%xmm" #a ", %%xmm" #a "\n\t"	\
	"vpxor %%xmm" #b ", %%xmm" #b ", %%xmm" #b "\n\t"

#define MWB_OLD(i, a, b)				\
	"movq 8*" #i "(%[dst]), %[row]\n\t"		\
	"vmovdqu (%[row], %[at]), %%ymm" #a "\n\t"	\
	"vmovdqu 32(%[row], %[at]), %%ymm" #b "\n\t"

#define MWB_READ					\
	"vmovdqu (%[row], %[at]), %%ymm12\n\t"		\
	"vmovdqu 32(%[row], %[at]), %%ymm13\n\t"

#define MWB_MASK					\
	"vpand (%[mask]), %%ymm12, %%ymm12\n\t"		\
	"vpand 32(%[mask]), %%ymm13, %%ymm13\n\t"

#define MWB_PRODUCT(i, a, b)				\
	"movzbl " #i "(%[coef]), %k[index]\n\t"		\
	"vpbroadcastq (%[table], %[index], 8), %%ymm14\n\t"	\
	"vgf2p8affineqb $0, %%ymm14, %%ymm12, %%ymm15\n\t"	\
	"vgf2p8affineqb $0, %%ymm14, %%ymm13, %%ymm14\n\t"	\
	"vpxor %%ymm15, %%ymm" #a ", %%ymm" #a "\n\t"	\
	"vpxor %%ymm14, %%ymm" #b ", %%ymm" #b "\n\t"

#define MWB_NEW(i, a, b)				\
	"movq 8*" #i "(%[dst]), %[row]\n\t"		\
	"vmovdqu %%ymm" #a ", (%[row], %[at])\n\t"	\
	"vmovdqu %%ymm" #b ", 32(%[row], %[at])\n\t"

MWB_GF256_STEPS_6(mwb_gfni_dot, 64, mwb_gf256_affine, MWB_ZERO,
		  MWB_READ, MWB_PRODUCT, MWB_NEW)
MWB_GF256_CHOOSE_6(mwb_gfni_dot)
MWB_GF256_STEPS_6(mwb_gfni_add, 64, mwb_gf256_affine, MWB_OLD,
		  MWB_READ, MWB_PRODUCT, MWB_NEW)
MWB_GF256_CHOOSE_6(mwb_gfni_add)
MWB_GF256_STEPS_6(mwb_gfni_last, 64, mwb_gf256_affine, MWB_OLD,
		  MWB_READ MWB_MASK, MWB_PRODUCT, MWB_NEW)
MWB_GF256_CHOOSE_6(mwb_gfni_last)

static void mwb_gfni_dots(const u8 *coef, size_t stride, u32 cols, u32 rows,
			  const u8 *const *src, u8 *const *dst, size_t len)
{
	if (len < 64) {
		mwb_gf256_ssse3.dot(coef, stride, cols, rows, src, dst, len);
		return;
	}
	mwb_gf256_dot_by(mwb_gfni_dot, 64, 6, coef, stride, cols, rows,
			 src, dst, len);
	asm volatile("vzeroupper");
}

static void mwb_gfni_adds(const u8 *coef, u32 rows, const u8 *src,
			  u8 *const *dst, size_t len)
{
	if (len < 64) {
		mwb_gf256_ssse3.add(coef, rows, src, dst, len);
		return;
	}
	mwb_gf256_add_by(mwb_gfni_add, mwb_gfni_last, 64, 6, coef, rows,
			 src, dst, len);
	asm volatile("vzeroupper");
}

const struct mwb_gf256_ops mwb_gf256_gfni = {
	.name = "gfni-avx2",
	.dot = mwb_gfni_dots,
	.add = mwb_gfni_adds,
};

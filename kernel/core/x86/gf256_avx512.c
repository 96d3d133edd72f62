// SPDX-License-Identifier: GPL-2.0-only
/*
 * GF(2^8) by GFNI and AVX-512: products of 64 bytes with a matrix of bits.
 */
#include "gf256.h"

#define MWB_ZERO(i, a, b)				\
	"vpxor %%xmm" #a ", %%xmm" #a ", %%xmm" #a "\n\t"	\
	"vpxor %%xmm" #b ", %%xmm" #b ", %%xmm" #b "\n\t"

#define MWB_OLD(i, a, b)				\
	"movq 8*" #i "(%[dst]), %[row]\n\t"		\
	"vmovdqu64 (%[row], %[at]), %%zmm" #a "\n\t"	\
	"vmovdqu64 64(%[row], %[at]), %%zmm" #b "\n\t"

#define MWB_READ					\
	"vmovdqu64 (%[row], %[at]), %%zmm12\n\t"		\
	"vmovdqu64 64(%[row], %[at]), %%zmm13\n\t"

#define MWB_MASK					\
	"vpandq (%[mask]), %%zmm12, %%zmm12\n\t"	\
	"vpandq 64(%[mask]), %%zmm13, %%zmm13\n\t"

#define MWB_PRODUCT(i, a, b)				\
	"movzbl " #i "(%[coef]), %k[index]\n\t"		\
	"vpbroadcastq (%[table], %[index], 8), %%zmm14\n\t"	\
	"vgf2p8affineqb $0, %%zmm14, %%zmm12, %%zmm15\n\t"	\
	"vgf2p8affineqb $0, %%zmm14, %%zmm13, %%zmm14\n\t"	\
	"vpxorq %%zmm15, %%zmm" #a ", %%zmm" #a "\n\t"	\
	"vpxorq %%zmm14, %%zmm" #b ", %%zmm" #b "\n\t"

#define MWB_NEW(i, a, b)				\
	"movq 8*" #i "(%[dst]), %[row]\n\t"		\
	"vmovdqu64 %%zmm" #a ", (%[row], %[at])\n\t"	\
	"vmovdqu64 %%zmm" #b ", 64(%[row], %[at])\n\t"

MWB_GF256_STEPS_6(mwb_avx512_dot, 128, mwb_gf256_affine, MWB_ZERO,
		  MWB_READ, MWB_PRODUCT, MWB_NEW)
MWB_GF256_CHOOSE_6(mwb_avx512_dot)
MWB_GF256_STEPS_6(mwb_avx512_add, 128, mwb_gf256_affine, MWB_OLD,
		  MWB_READ, MWB_PRODUCT, MWB_NEW)
MWB_GF256_CHOOSE_6(mwb_avx512_add)
MWB_GF256_STEPS_6(mwb_avx512_last, 128, mwb_gf256_affine, MWB_OLD,
		  MWB_READ MWB_MASK, MWB_PRODUCT, MWB_NEW)
MWB_GF256_CHOOSE_6(mwb_avx512_last)

static void mwb_avx512_dots(const u8 *coef, size_t stride, u32 cols, u32 rows,
			    const u8 *const *src, u8 *const *dst, size_t len)
{
	if (len < 128) {
		mwb_gf256_gfni.dot(coef, stride, cols, rows, src, dst, len);
		return;
	}
	mwb_gf256_dot_by(mwb_avx512_dot, 128, 6, coef, stride, cols, rows,
			 src, dst, len);
	asm volatile("vzeroupper");
}

static void mwb_avx512_adds(const u8 *coef, u32 rows, const u8 *src,
			    u8 *const *dst, size_t len)
{
	if (len < 128) {
		mwb_gf256_gfni.add(coef, rows, src, dst, len);
		return;
	}
	mwb_gf256_add_by(mwb_avx512_add, mwb_avx512_last, 128, 6, coef, rows,
			 src, dst, len);
	asm volatile("vzeroupper");
}

const struct mwb_gf256_ops mwb_gf256_avx512 = {
	.name = "gfni-avx512",
	.dot = mwb_avx512_dots,
	.add = mwb_avx512_adds,
};

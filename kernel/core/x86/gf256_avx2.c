// SPDX-License-Identifier: GPL-2.0-only
/*
 * GF(2^8) by AVX2: products of the halves of 32 bytes by shuffles.
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
	"vmovdqu (%[row], %[at]), %%ymm8\n\t"		\
	"vmovdqu 32(%[row], %[at]), %%ymm10\n\t"

#define MWB_MASK					\
	"vpand (%[mask]), %%ymm8, %%ymm8\n\t"		\
	"vpand 32(%[mask]), %%ymm10, %%ymm10\n\t"

/* Low halves to 8 and 10, high ones to 9 and 11 */
#define MWB_SPLIT					\
	"vmovdqa mwb_gf256_half(%%rip), %%ymm15\n\t"	\
	"vpsrlw $4, %%ymm8, %%ymm9\n\t"			\
	"vpsrlw $4, %%ymm10, %%ymm11\n\t"		\
	"vpand %%ymm15, %%ymm8, %%ymm8\n\t"		\
	"vpand %%ymm15, %%ymm9, %%ymm9\n\t"		\
	"vpand %%ymm15, %%ymm10, %%ymm10\n\t"		\
	"vpand %%ymm15, %%ymm11, %%ymm11\n\t"

#define MWB_PRODUCT(i, a, b)				\
	"movzbl " #i "(%[coef]), %k[index]\n\t"		\
	"shlq $5, %[index]\n\t"				\
	"vbroadcasti128 (%[table], %[index]), %%ymm12\n\t"	\
	"vbroadcasti128 16(%[table], %[index]), %%ymm13\n\t"	\
	"vpshufb %%ymm8, %%ymm12, %%ymm14\n\t"		\
	"vpshufb %%ymm10, %%ymm12, %%ymm12\n\t"		\
	"vpxor %%ymm14, %%ymm" #a ", %%ymm" #a "\n\t"	\
	"vpshufb %%ymm9, %%ymm13, %%ymm14\n\t"		\
	"vpxor %%ymm12, %%ymm" #b ", %%ymm" #b "\n\t"	\
	"vpshufb %%ymm11, %%ymm13, %%ymm13\n\t"		\
	"vpxor %%ymm14, %%ymm" #a ", %%ymm" #a "\n\t"	\
	"vpxor %%ymm13, %%ymm" #b ", %%ymm" #b "\n\t"

#define MWB_NEW(i, a, b)				\
	"movq 8*" #i "(%[dst]), %[row]\n\t"		\
	"vmovdqu %%ymm" #a ", (%[row], %[at])\n\t"	\
	"vmovdqu %%ymm" #b ", 32(%[row], %[at])\n\t"

MWB_GF256_STEPS_4(mwb_avx2_dot, 64, mwb_gf256_nibble, MWB_ZERO,
		  MWB_READ MWB_SPLIT, MWB_PRODUCT, MWB_NEW)
MWB_GF256_CHOOSE_4(mwb_avx2_dot)
MWB_GF256_STEPS_4(mwb_avx2_add, 64, mwb_gf256_nibble, MWB_OLD,
		  MWB_READ MWB_SPLIT, MWB_PRODUCT, MWB_NEW)
MWB_GF256_CHOOSE_4(mwb_avx2_add)
MWB_GF256_STEPS_4(mwb_avx2_last, 64, mwb_gf256_nibble, MWB_OLD,
		  MWB_READ MWB_MASK MWB_SPLIT, MWB_PRODUCT, MWB_NEW)
MWB_GF256_CHOOSE_4(mwb_avx2_last)

static void mwb_avx2_dots(const u8 *coef, size_t stride, u32 cols, u32 rows,
			  const u8 *const *src, u8 *const *dst, size_t len)
{
	const struct mwb_gf256_step step = {
		.coef = coef,
		.stride = stride,
		.cols = cols,
		.src = src,
		.dst = dst,
	};

	if (len < 64) {
		mwb_gf256_ssse3.dot(coef, stride, cols, rows, src, dst, len);
		return;
	}
	mwb_gf256_dot_by(mwb_avx2_dot, 64, 4, &step, rows, len);
	asm volatile("vzeroupper");
}

static void mwb_avx2_adds(const u8 *coef, u32 rows, const u8 *src,
			  u8 *const *dst, size_t len)
{
	if (len < 64) {
		mwb_gf256_ssse3.add(coef, rows, src, dst, len);
		return;
	}
	mwb_gf256_add_by(mwb_avx2_add, mwb_avx2_last, 64, 4, coef, rows,
			 src, dst, len);
	asm volatile("vzeroupper");
}

const struct mwb_gf256_ops mwb_gf256_avx2 = {
	.name = "avx2",
	.dot = mwb_avx2_dots,
	.add = mwb_avx2_adds,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * GF(2^8) by SSSE3: products of the halves of 16 bytes by shuffles.
 */
#include "gf256.h"

const u8 mwb_gf256_mask[2 * MWB_GF256_STEP_MAX] __aligned(64) = {
	[MWB_GF256_STEP_MAX ... 2 * MWB_GF256_STEP_MAX - 1] = 0xff,
};

const u8 mwb_gf256_half[32] __aligned(32) = { [0 ... 31] = 0x0f };

/* The mask, too */
#define MWB_ZERO(i, a, b)				\
	"movdqa mwb_gf256_half(%%rip), %%xmm15\n\t"	\
	"pxor %%xmm" #a ", %%xmm" #a "\n\t"		\
	"pxor %%xmm" #b ", %%xmm" #b "\n\t"

#define MWB_OLD(i, a, b)				\
	"movdqa mwb_gf256_half(%%rip), %%xmm15\n\t"	\
	"movq 8*" #i "(%[dst]), %[row]\n\t"		\
	"movdqu (%[row], %[at]), %%xmm" #a "\n\t"	\
	"movdqu 16(%[row], %[at]), %%xmm" #b "\n\t"

/* Low halves to 8 and 10, high ones to 9 and 11 */
#define MWB_SPLIT					\
	"movdqa %%xmm8, %%xmm9\n\t"			\
	"movdqa %%xmm10, %%xmm11\n\t"			\
	"psrlw $4, %%xmm9\n\t"				\
	"psrlw $4, %%xmm11\n\t"				\
	"pand %%xmm15, %%xmm8\n\t"			\
	"pand %%xmm15, %%xmm9\n\t"			\
	"pand %%xmm15, %%xmm10\n\t"			\
	"pand %%xmm15, %%xmm11\n\t"

#define MWB_READ					\
	"movdqu (%[row], %[at]), %%xmm8\n\t"		\
	"movdqu 16(%[row], %[at]), %%xmm10\n\t"

#define MWB_MASK					\
	"movdqu (%[mask]), %%xmm9\n\t"			\
	"movdqu 16(%[mask]), %%xmm11\n\t"		\
	"pand %%xmm9, %%xmm8\n\t"			\
	"pand %%xmm11, %%xmm10\n\t"

#define MWB_PRODUCT(i, a, b)				\
	"movzbl " #i "(%[coef]), %k[index]\n\t"		\
	"shlq $5, %[index]\n\t"				\
	"movdqa (%[table], %[index]), %%xmm12\n\t"	\
	"movdqa 16(%[table], %[index]), %%xmm13\n\t"	\
	"movdqa %%xmm12, %%xmm14\n\t"			\
	"pshufb %%xmm8, %%xmm12\n\t"			\
	"pshufb %%xmm10, %%xmm14\n\t"			\
	"pxor %%xmm12, %%xmm" #a "\n\t"			\
	"pxor %%xmm14, %%xmm" #b "\n\t"			\
	"movdqa %%xmm13, %%xmm14\n\t"			\
	"pshufb %%xmm9, %%xmm13\n\t"			\
	"pshufb %%xmm11, %%xmm14\n\t"			\
	"pxor %%xmm13, %%xmm" #a "\n\t"			\
	"pxor %%xmm14, %%xmm" #b "\n\t"

#define MWB_NEW(i, a, b)				\
	"movq 8*" #i "(%[dst]), %[row]\n\t"		\
	"movdqu %%xmm" #a ", (%[row], %[at])\n\t"	\
	"movdqu %%xmm" #b ", 16(%[row], %[at])\n\t"

MWB_GF256_STEPS_4(mwb_ssse3_dot, 32, mwb_gf256_nibble, MWB_ZERO,
		  MWB_READ MWB_SPLIT, MWB_PRODUCT, MWB_NEW)
MWB_GF256_CHOOSE_4(mwb_ssse3_dot)
MWB_GF256_STEPS_4(mwb_ssse3_add, 32, mwb_gf256_nibble, MWB_OLD,
		  MWB_READ MWB_SPLIT, MWB_PRODUCT, MWB_NEW)
MWB_GF256_CHOOSE_4(mwb_ssse3_add)
MWB_GF256_STEPS_4(mwb_ssse3_last, 32, mwb_gf256_nibble, MWB_OLD,
		  MWB_READ MWB_MASK MWB_SPLIT, MWB_PRODUCT, MWB_NEW)
MWB_GF256_CHOOSE_4(mwb_ssse3_last)

static void mwb_ssse3_dots(const u8 *coef, size_t stride, u32 cols, u32 rows,
			   const u8 *const *src, u8 *const *dst, size_t len)
{
	const struct mwb_gf256_step step = {
		.coef = coef,
		.stride = stride,
		.cols = cols,
		.src = src,
		.dst = dst,
	};

	if (len < 32) {
		mwb_gf256_portable.dot(coef, stride, cols, rows, src, dst, len);
		return;
	}
	mwb_gf256_dot_by(mwb_ssse3_dot, 32, 4, &step, rows, len);
}

static void mwb_ssse3_adds(const u8 *coef, u32 rows, const u8 *src,
			   u8 *const *dst, size_t len)
{
	if (len < 32)
		mwb_gf256_portable.add(coef, rows, src, dst, len);
	else
		mwb_gf256_add_by(mwb_ssse3_add, mwb_ssse3_last, 32, 4, coef,
				 rows, src, dst, len);
}

const struct mwb_gf256_ops mwb_gf256_ssse3 = {
	.name = "ssse3",
	.dot = mwb_ssse3_dots,
	.add = mwb_ssse3_adds,
};

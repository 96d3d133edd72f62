/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * GF(2^8) by GFNI: products of whole registers with a matrix of bits. For
 * registers of any width: who includes this has defined MWB_REG, MWB_WIDTH,
 * MWB_MOV, MWB_XOR, MWB_AND.
 *
 * The fewer rows, the more registers each of them has.
 */
#ifndef _MWBOND_CORE_X86_GFNI_H
#define _MWBOND_CORE_X86_GFNI_H

#include "gf256.h"

#define MWB_AT(n) #n "*" MWB_WIDTH "(%[row], %[at])"

#define MWB_CLEAR(a) "vpxor %%xmm" #a ", %%xmm" #a ", %%xmm" #a "\n\t"
#define MWB_LOAD(n, a) MWB_MOV " " MWB_AT(n) ", " MWB_REG #a "\n\t"
#define MWB_STORE(n, a) MWB_MOV " " MWB_REG #a ", " MWB_AT(n) "\n\t"
#define MWB_ROW(i) "movq 8*" #i "(%[dst]), %[row]\n\t"

#define MWB_MATRIX(i, matrix)						\
	"movzbl " #i "(%[coef]), %k[index]\n\t"				\
	"vpbroadcastq (%[table], %[index], 8), " MWB_REG #matrix "\n\t"
#define MWB_TIMES(matrix, src, to)					\
	"vgf2p8affineqb $0, " MWB_REG #matrix ", " MWB_REG #src ", "	\
	MWB_REG #to "\n\t"
#define MWB_PLUS(src, sum)						\
	MWB_XOR " " MWB_REG #src ", " MWB_REG #sum ", " MWB_REG #sum "\n\t"

/* Two registers a row, for up to 6 rows */
#define MWB_ZERO(i, a, b) MWB_CLEAR(a) MWB_CLEAR(b)
#define MWB_OLD(i, a, b) MWB_ROW(i) MWB_LOAD(0, a) MWB_LOAD(1, b)
#define MWB_NEW(i, a, b) MWB_ROW(i) MWB_STORE(0, a) MWB_STORE(1, b)
#define MWB_READ MWB_LOAD(0, 12) MWB_LOAD(1, 13)
#define MWB_MASK							\
	MWB_AND " (%[mask]), " MWB_REG "12, " MWB_REG "12\n\t"		\
	MWB_AND " " MWB_WIDTH "(%[mask]), " MWB_REG "13, " MWB_REG "13\n\t"
#define MWB_PRODUCT(i, a, b)						\
	MWB_MATRIX(i, 14)						\
	MWB_TIMES(14, 12, 15) MWB_TIMES(14, 13, 14)			\
	MWB_PLUS(15, a) MWB_PLUS(14, b)

/* Three, for 3 */
#define MWB_ROWS3_3(ROW) ROW(0, 0, 1, 2) ROW(1, 3, 4, 5) ROW(2, 6, 7, 8)
#define MWB_ZERO3(i, a, b, c) MWB_CLEAR(a) MWB_CLEAR(b) MWB_CLEAR(c)
#define MWB_NEW3(i, a, b, c)						\
	MWB_ROW(i) MWB_STORE(0, a) MWB_STORE(1, b) MWB_STORE(2, c)
#define MWB_READ3 MWB_LOAD(0, 9) MWB_LOAD(1, 10) MWB_LOAD(2, 11)
#define MWB_PRODUCT3(i, a, b, c)					\
	MWB_MATRIX(i, 12)						\
	MWB_TIMES(12, 9, 13) MWB_TIMES(12, 10, 14) MWB_TIMES(12, 11, 15) \
	MWB_PLUS(13, a) MWB_PLUS(14, b) MWB_PLUS(15, c)

/* Four, for 1 or 2 */
#define MWB_ROWS4_1(ROW) ROW(0, 0, 1, 2, 3)
#define MWB_ROWS4_2(ROW) MWB_ROWS4_1(ROW) ROW(1, 4, 5, 6, 7)
#define MWB_ZERO4(i, a, b, c, d)					\
	MWB_CLEAR(a) MWB_CLEAR(b) MWB_CLEAR(c) MWB_CLEAR(d)
#define MWB_NEW4(i, a, b, c, d)						\
	MWB_ROW(i) MWB_STORE(0, a) MWB_STORE(1, b) MWB_STORE(2, c)	\
	MWB_STORE(3, d)
#define MWB_READ4							\
	MWB_LOAD(0, 8) MWB_LOAD(1, 9) MWB_LOAD(2, 10) MWB_LOAD(3, 11)
#define MWB_PRODUCT4(i, a, b, c, d)					\
	MWB_MATRIX(i, 12)						\
	MWB_TIMES(12, 8, 13) MWB_TIMES(12, 9, 14) MWB_TIMES(12, 10, 15)	\
	MWB_TIMES(12, 11, 12)						\
	MWB_PLUS(13, a) MWB_PLUS(14, b) MWB_PLUS(15, c) MWB_PLUS(12, d)

/* All functions of a variant: NAME_dot, _add and _last, and the wide ones */
#define MWB_GFNI(NAME, BYTES)						\
	MWB_GF256_STEPS_6(NAME##_dot, 2 * (BYTES), mwb_gf256_affine,	\
			  MWB_ZERO, MWB_READ, MWB_PRODUCT, MWB_NEW)	\
	MWB_GF256_CHOOSE_6(NAME##_dot)					\
	MWB_GF256_STEPS_6(NAME##_add, 2 * (BYTES), mwb_gf256_affine,	\
			  MWB_OLD, MWB_READ, MWB_PRODUCT, MWB_NEW)	\
	MWB_GF256_CHOOSE_6(NAME##_add)					\
	MWB_GF256_STEPS_6(NAME##_last, 2 * (BYTES), mwb_gf256_affine,	\
			  MWB_OLD, MWB_READ MWB_MASK, MWB_PRODUCT, MWB_NEW) \
	MWB_GF256_CHOOSE_6(NAME##_last)					\
	MWB_GF256_STEPS(NAME##_wide_1, 4 * (BYTES), mwb_gf256_affine,	\
			MWB_ROWS4_1, MWB_ZERO4, MWB_READ4,		\
			MWB_PRODUCT4, MWB_NEW4)				\
	MWB_GF256_STEPS(NAME##_wide_2, 4 * (BYTES), mwb_gf256_affine,	\
			MWB_ROWS4_2, MWB_ZERO4, MWB_READ4,		\
			MWB_PRODUCT4, MWB_NEW4)				\
	MWB_GF256_STEPS(NAME##_wide_3, 3 * (BYTES), mwb_gf256_affine,	\
			MWB_ROWS3_3, MWB_ZERO3, MWB_READ3,		\
			MWB_PRODUCT3, MWB_NEW3)				\
static void NAME##_wide(const struct mwb_gf256_step *step, u32 rows)	\
{									\
	if (rows == 1)							\
		NAME##_wide_1(step);					\
	else if (rows == 2)						\
		NAME##_wide_2(step);					\
	else								\
		NAME##_wide_3(step);					\
}

#endif /* _MWBOND_CORE_X86_GFNI_H */

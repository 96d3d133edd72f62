/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Variants of core/gf256 for x86-64, and what they are made of. All go over the
 * rows in steps of some 32 to 128 bytes, for a few rows at a time, and go once
 * more over the last bytes. Who calls them has checked that the CPU has what
 * the name says and that the FPU may be used.
 */
#ifndef _MWBOND_CORE_X86_GF256_H
#define _MWBOND_CORE_X86_GF256_H

#include <linux/minmax.h>

#include "../gf256.h"

extern const struct mwb_gf256_ops mwb_gf256_ssse3;
extern const struct mwb_gf256_ops mwb_gf256_avx2;
extern const struct mwb_gf256_ops mwb_gf256_gfni;	/* and AVX2 */
extern const struct mwb_gf256_ops mwb_gf256_avx512;	/* and GFNI */

enum { MWB_GF256_STEP_MAX = 128 };

/* So many bytes of 0, and as many of 0xff */
extern const u8 mwb_gf256_mask[2 * MWB_GF256_STEP_MAX];
/* 0x0f */
extern const u8 mwb_gf256_half[32];

/**
 * struct mwb_gf256_step - what is to be done
 * @coef: coefficients of the first row
 * @stride: from one column to the next
 * @cols: columns
 * @src: sources
 * @dst: rows
 * @at: where in the rows to begin
 * @end: where in the rows to end, whole steps after @at
 * @mask: for as many bytes as a step has: 0 for one that is not to be added
 */
struct mwb_gf256_step {
	const u8 *coef;
	size_t stride;
	size_t cols;
	const u8 *const *src;
	u8 *const *dst;
	size_t at;
	size_t end;
	const u8 *mask;
};

/* The work of all steps, for 1 to so many rows */
typedef void mwb_gf256_steps(const struct mwb_gf256_step *step, u32 rows);

/* Each row has two registers for its sums. */
#define MWB_ROWS_1(ROW) ROW(0, 0, 1)
#define MWB_ROWS_2(ROW) MWB_ROWS_1(ROW) ROW(1, 2, 3)
#define MWB_ROWS_3(ROW) MWB_ROWS_2(ROW) ROW(2, 4, 5)
#define MWB_ROWS_4(ROW) MWB_ROWS_3(ROW) ROW(3, 6, 7)
#define MWB_ROWS_5(ROW) MWB_ROWS_4(ROW) ROW(4, 8, 9)
#define MWB_ROWS_6(ROW) MWB_ROWS_5(ROW) ROW(5, 10, 11)

/* The compiler uses them in user space only, and knows them only there. */
#ifdef __SSE__
#define MWB_GF256_CLOBBERS							\
	, "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",	\
	"xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"
#else
#define MWB_GF256_CLOBBERS
#endif

/*
 * A function that makes the steps for a fixed number of rows. BEGIN gives the
 * sums their first value, LOAD reads a source, PRODUCT adds its product to a
 * row, END writes a row. They may use all of the 16 registers, and name as
 * operands: row and index, scratch; coef, the coefficients of this column; dst,
 * at and mask, of the step; and table.
 */
#define MWB_GF256_STEPS(NAME, SIZE, TABLE, ROWS, BEGIN, LOAD, PRODUCT, END)	\
static void NAME(const struct mwb_gf256_step *step)				\
{										\
	size_t at;								\
										\
	for (at = step->at; at < step->end; at += (SIZE)) {			\
		const u8 *const *src = step->src;				\
		const u8 *coef = step->coef;					\
		size_t left = step->cols;					\
		size_t row, index;						\
										\
		asm volatile(ROWS(BEGIN)					\
			     "1:\n\t"						\
			     "movq (%[src]), %[row]\n\t"			\
			     "addq $8, %[src]\n\t"				\
			     LOAD						\
			     ROWS(PRODUCT)					\
			     "addq %[stride], %[coef]\n\t"			\
			     "decq %[left]\n\t"					\
			     "jnz 1b\n\t"					\
			     ROWS(END)						\
			     : [src] "+r" (src), [coef] "+r" (coef),		\
			       [left] "+r" (left), [row] "=&r" (row),		\
			       [index] "=&r" (index)				\
			     : [stride] "r" (step->stride),			\
			       [dst] "r" (step->dst), [at] "r" (at),		\
			       [mask] "r" (step->mask), [table] "r" (TABLE)	\
			     : "memory", "cc" MWB_GF256_CLOBBERS);		\
	}									\
}

#define MWB_GF256_STEPS_4(NAME, SIZE, TABLE, BEGIN, LOAD, PRODUCT, END)		\
	MWB_GF256_STEPS(NAME##_1, SIZE, TABLE, MWB_ROWS_1, BEGIN, LOAD, PRODUCT, END) \
	MWB_GF256_STEPS(NAME##_2, SIZE, TABLE, MWB_ROWS_2, BEGIN, LOAD, PRODUCT, END) \
	MWB_GF256_STEPS(NAME##_3, SIZE, TABLE, MWB_ROWS_3, BEGIN, LOAD, PRODUCT, END) \
	MWB_GF256_STEPS(NAME##_4, SIZE, TABLE, MWB_ROWS_4, BEGIN, LOAD, PRODUCT, END)

#define MWB_GF256_STEPS_6(NAME, SIZE, TABLE, BEGIN, LOAD, PRODUCT, END)		\
	MWB_GF256_STEPS_4(NAME, SIZE, TABLE, BEGIN, LOAD, PRODUCT, END)		\
	MWB_GF256_STEPS(NAME##_5, SIZE, TABLE, MWB_ROWS_5, BEGIN, LOAD, PRODUCT, END) \
	MWB_GF256_STEPS(NAME##_6, SIZE, TABLE, MWB_ROWS_6, BEGIN, LOAD, PRODUCT, END)

/* A mwb_gf256_steps of one of these. The calls are direct. */
#define MWB_GF256_CHOOSE_4(NAME)						\
static void NAME(const struct mwb_gf256_step *step, u32 rows)			\
{										\
	if (rows == 1)								\
		NAME##_1(step);							\
	else if (rows == 2)							\
		NAME##_2(step);							\
	else if (rows == 3)							\
		NAME##_3(step);							\
	else									\
		NAME##_4(step);							\
}

#define MWB_GF256_CHOOSE_6(NAME)						\
static void NAME(const struct mwb_gf256_step *step, u32 rows)			\
{										\
	if (rows == 1)								\
		NAME##_1(step);							\
	else if (rows == 2)							\
		NAME##_2(step);							\
	else if (rows == 3)							\
		NAME##_3(step);							\
	else if (rows == 4)							\
		NAME##_4(step);							\
	else if (rows == 5)							\
		NAME##_5(step);							\
	else									\
		NAME##_6(step);							\
}

/*
 * The dot of a variant, whose steps have @size bytes and at most @most rows,
 * for all bytes from @from->end on. The last step may overlap the one before:
 * what is written is the same. @len is at least @size.
 */
static __always_inline void
mwb_gf256_dot_by(mwb_gf256_steps *dot, size_t size, u32 most,
		 const struct mwb_gf256_step *from, u32 rows, size_t len)
{
	struct mwb_gf256_step step = *from;
	size_t done = from->end;
	u32 i, some;

	for (i = 0; i < rows; i += some) {
		some = min(rows - i, most);
		step.coef = from->coef + i;
		step.dst = from->dst + i;
		step.at = done;
		step.end = done + ((len - done) & ~(size - 1));
		if (step.at < step.end)
			dot(&step, some);
		if (step.end == len)
			continue;
		step.at = len - size;
		step.end = len;
		dot(&step, some);
	}
}

/* The add, with @last for the bytes after whole steps: of those that have been
 * added, nothing is added once more.
 */
static __always_inline void
mwb_gf256_add_by(mwb_gf256_steps *add, mwb_gf256_steps *last, size_t size,
		 u32 most, const u8 *coef, u32 rows, const u8 *src,
		 u8 *const *dst, size_t len)
{
	struct mwb_gf256_step step = {
		.cols = 1,
		.src = &src,
		.mask = mwb_gf256_mask + MWB_GF256_STEP_MAX - size +
			(len & (size - 1)),
	};
	u32 i, some;

	for (i = 0; i < rows; i += some) {
		some = min(rows - i, most);
		step.coef = coef + i;
		step.dst = dst + i;
		step.at = 0;
		step.end = len & ~(size - 1);
		add(&step, some);
		if (step.end == len)
			continue;
		step.at = len - size;
		step.end = len;
		last(&step, some);
	}
}

#endif /* _MWBOND_CORE_X86_GF256_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * GF(2^8): the tables against arithmetic, and each variant that this machine
 * can run against the portable one, at the edges of pages that cannot be
 * touched.
 */
#include <kunit/test.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "../compat/simd.h"
#include "random.h"

enum {
	MWB_TEST_ROWS = 14,		/* more than any variant has at a time */
	MWB_TEST_COLS = 5,
	MWB_TEST_LEN = 1500,
	MWB_TEST_VARIANTS = 8,
};

/**
 * struct mwb_test_gf - rows that end, or begin, where a page does
 * @random: state
 * @ops: variants
 * @count: their number
 * @src: pages
 * @dst: pages
 * @want: what @dst should have
 * @coef: coefficients
 */
struct mwb_test_gf {
	u64 random;
	const struct mwb_gf256_ops *ops[MWB_TEST_VARIANTS];
	u32 count;
	u8 *src[MWB_TEST_COLS];
	u8 *dst[MWB_TEST_ROWS];
	u8 *want[MWB_TEST_ROWS];
	u8 coef[MWB_TEST_COLS * MWB_TEST_ROWS];
};

static int mwb_test_init(struct kunit *test)
{
	struct mwb_test_gf *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	u32 i;

	if (!t)
		return -ENOMEM;
	test->priv = t;
	t->random = 42;
	mwb_gf256_init();
	t->count = mwb_compat_simd(t->ops);
	for (i = 0; i < MWB_TEST_COLS; i++) {
		t->src[i] = vmalloc(PAGE_SIZE);
		if (!t->src[i])
			return -ENOMEM;
	}
	for (i = 0; i < MWB_TEST_ROWS; i++) {
		t->dst[i] = vmalloc(PAGE_SIZE);
		t->want[i] = vmalloc(PAGE_SIZE);
		if (!t->dst[i] || !t->want[i])
			return -ENOMEM;
	}
	return 0;
}

static void mwb_test_exit(struct kunit *test)
{
	struct mwb_test_gf *t = test->priv;
	u32 i;

	for (i = 0; t && i < MWB_TEST_COLS; i++)
		vfree(t->src[i]);
	for (i = 0; t && i < MWB_TEST_ROWS; i++) {
		vfree(t->dst[i]);
		vfree(t->want[i]);
	}
}

/* By another way than the tables: shift, then reduce from above. */
static u8 mwb_test_product(u32 a, u32 b)
{
	u32 product = 0;
	int bit;

	for (bit = 0; bit < 8; bit++)
		if (b >> bit & 1)
			product ^= a << bit;
	for (bit = 14; bit >= 8; bit--)
		if (product >> bit & 1)
			product ^= 0x11d << (bit - 8);
	return product;
}

static void mwb_test_tables(struct kunit *test)
{
	u32 a, b, i;

	for (a = 0; a < 256; a++) {
		for (b = 0; b < 256; b++) {
			const u8 *half = mwb_gf256_nibble[a];
			u8 product = mwb_test_product(a, b);
			u8 bits = 0;

			KUNIT_ASSERT_EQ(test, mwb_gf256_mul(a, b), product);
			KUNIT_ASSERT_EQ(test, half[b & 15] ^ half[16 + b / 16],
					product);
			for (i = 0; i < 8; i++) {
				u64 row = mwb_gf256_affine[a] >> (8 * (7 - i));

				bits |= (hweight64(row & b & 0xff) & 1) << i;
			}
			KUNIT_ASSERT_EQ(test, bits, product);
		}
		KUNIT_ASSERT_EQ(test, mwb_gf256_mul(a, mwb_gf256_inverse(a)),
				!!a);
	}
}

static void mwb_test_fill(struct mwb_test_gf *t, u8 *page)
{
	u32 i;

	for (i = 0; i < PAGE_SIZE; i += 4) {
		u32 value = mwb_random(&t->random);

		memcpy(page + i, &value, 4);
	}
}

/* A place for @len bytes in a page: often against one of its ends. */
static u32 mwb_test_offset(struct mwb_test_gf *t, u32 len)
{
	u32 slack = PAGE_SIZE - len;
	u32 near = mwb_random_below(&t->random, slack < 64 ? slack + 1 : 64);

	switch (mwb_random_below(&t->random, 4)) {
	case 0:
		return slack;
	case 1:
		return 0;
	case 2:
		return near;
	default:
		return slack - near;
	}
}

/* Nothing but the rows changes, and these as by the portable variant. */
static void mwb_test_compare(struct kunit *test,
			     const struct mwb_gf256_ops *ops, u32 len, bool dot)
{
	struct mwb_test_gf *t = test->priv;
	u32 rows = 1 + mwb_random_below(&t->random, MWB_TEST_ROWS);
	u32 cols = 1 + mwb_random_below(&t->random, MWB_TEST_COLS);
	u32 stride = rows + mwb_random_below(&t->random, 2) *
		     (MWB_TEST_ROWS - rows);
	const u8 *src[MWB_TEST_COLS];
	u8 *want[MWB_TEST_ROWS];
	u8 *dst[MWB_TEST_ROWS];
	u32 i;

	for (i = 0; i < sizeof(t->coef); i++)
		t->coef[i] = mwb_random(&t->random) >> (i % 3 ? 0 : 30);
	for (i = 0; i < cols; i++)
		src[i] = t->src[i] + mwb_test_offset(t, len);
	for (i = 0; i < rows; i++) {
		u32 offset = mwb_test_offset(t, len);

		memcpy(t->want[i], t->dst[i], PAGE_SIZE);
		want[i] = t->want[i] + offset;
		dst[i] = t->dst[i] + offset;
	}
	if (dot) {
		mwb_gf256_portable.dot(t->coef, stride, cols, rows, src, want,
				       len);
		ops->dot(t->coef, stride, cols, rows, src, dst, len);
	} else {
		mwb_gf256_portable.add(t->coef, rows, src[0], want, len);
		ops->add(t->coef, rows, src[0], dst, len);
	}
	for (i = 0; i < rows; i++)
		KUNIT_ASSERT_EQ_MSG(test, memcmp(t->want[i], t->dst[i],
						 PAGE_SIZE), 0,
				    "%s %s, %u bytes, row %u of %u, %u columns",
				    ops->name, dot ? "dot" : "add", len, i,
				    rows, cols);
}

static void mwb_test_variants(struct kunit *test)
{
	struct mwb_test_gf *t = test->priv;
	u32 i, len, round;

	for (i = 0; i < MWB_TEST_COLS; i++)
		mwb_test_fill(t, t->src[i]);
	for (i = 0; i < MWB_TEST_ROWS; i++)
		mwb_test_fill(t, t->dst[i]);
	mwb_compat_fpu_begin();
	for (i = 0; i < t->count; i++) {
		for (len = 0; len < 300; len++)
			for (round = 0; round < 6; round++)
				mwb_test_compare(test, t->ops[i], len,
						 round % 2);
		for (round = 0; round < 200; round++) {
			len = mwb_random_below(&t->random, MWB_TEST_LEN);
			mwb_test_compare(test, t->ops[i], len, round % 2);
		}
	}
	mwb_compat_fpu_end();
}

/* The portable one against single products. */
static void mwb_test_portable(struct kunit *test)
{
	struct mwb_test_gf *t = test->priv;
	u32 len, i, round;

	mwb_test_fill(t, t->src[0]);
	mwb_test_fill(t, t->src[1]);
	mwb_test_fill(t, t->want[0]);
	for (round = 0; round < 200; round++) {
		const u8 coef[] = { mwb_random(&t->random),
				    mwb_random(&t->random) };
		u8 *dst = t->dst[0];

		len = mwb_random_below(&t->random, 100);
		memcpy(dst, t->want[0], PAGE_SIZE);
		mwb_gf256_portable.add(coef, 1, t->src[0], &dst, len);
		for (i = 0; i < len; i++)
			KUNIT_ASSERT_EQ(test, dst[i], t->want[0][i] ^
					mwb_test_product(coef[0],
							 t->src[0][i]));
		KUNIT_ASSERT_EQ(test, dst[len], t->want[0][len]);
		mwb_gf256_portable.dot(coef, 1, 2, 1,
				       (const u8 *const *)t->src, &dst, len);
		for (i = 0; i < len; i++)
			KUNIT_ASSERT_EQ(test, dst[i],
					mwb_test_product(coef[0],
							 t->src[0][i]) ^
					mwb_test_product(coef[1],
							 t->src[1][i]));
		KUNIT_ASSERT_EQ(test, dst[len], t->want[0][len]);
	}
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_tables),
	KUNIT_CASE(mwb_test_portable),
	KUNIT_CASE(mwb_test_variants),
	{}
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-gf256",
	.init = mwb_test_init,
	.exit = mwb_test_exit,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

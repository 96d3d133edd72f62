// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reed-Solomon code: that it is the one with these roots, that all losses that
 * it can bear are recovered, and what it refuses.
 */
#include <kunit/test.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../compat/simd.h"
#include "../core/rs.h"
#include "random.h"

enum {
	MWB_TEST_K = 64,
	MWB_TEST_M = 32,
	MWB_TEST_LEN = 100,
	MWB_TEST_SHARDS = MWB_TEST_K + MWB_TEST_M,
	MWB_TEST_VARIANTS = 8,
};

/**
 * struct mwb_test_rs - a block
 * @random: state
 * @ops: variants
 * @count: their number
 * @rs: code
 * @plan: for what is missing
 * @k: data shards
 * @size: bytes of the longest
 * @len: bytes of each
 * @shard: data, then parities
 * @parity: the latter
 * @out: what was recovered
 * @to: the same
 * @matrix: of @rs
 * @coef: of @plan
 */
struct mwb_test_rs {
	u64 random;
	const struct mwb_gf256_ops *ops[MWB_TEST_VARIANTS];
	u32 count;
	struct mwb_rs rs;
	struct mwb_rs_plan plan;
	u32 k;
	u32 size;
	u16 len[MWB_TEST_SHARDS];
	u8 shard[MWB_TEST_SHARDS][MWB_TEST_LEN];
	u8 *parity[MWB_TEST_M];
	u8 out[MWB_TEST_M][MWB_TEST_LEN];
	u8 *to[MWB_TEST_M];
	u8 matrix[254 * 127];
	u8 coef[MWB_TEST_SHARDS * MWB_TEST_M];
};

static int mwb_test_init(struct kunit *test)
{
	struct mwb_test_rs *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	u32 i;

	if (!t)
		return -ENOMEM;
	test->priv = t;
	t->random = 7;
	mwb_gf256_init();
	t->ops[t->count++] = &mwb_gf256_portable;
	t->count += mwb_compat_simd(t->ops + t->count);
	t->plan.coef = t->coef;
	t->plan.size = sizeof(t->coef);
	for (i = 0; i < MWB_TEST_M; i++)
		t->to[i] = t->out[i];
	return 0;
}

/* A block of @k shards, of different lengths, and its parities */
static void mwb_test_block(struct kunit *test, u32 k, u32 m, u32 longest)
{
	struct mwb_test_rs *t = test->priv;
	const struct mwb_gf256_ops *ops =
		t->ops[mwb_random_below(&t->random, t->count)];
	bool equal = mwb_random_below(&t->random, 2);
	u32 i, j;

	t->k = k;
	t->size = 0;
	memset(t->shard, 0, sizeof(t->shard));
	for (j = 0; j < k; j++) {
		t->len[j] = equal ? longest :
			    1 + mwb_random_below(&t->random, longest);
		t->size = max_t(u32, t->size, t->len[j]);
		for (i = 0; i < t->len[j]; i++)
			t->shard[j][i] = mwb_random(&t->random);
	}
	for (i = 0; i < m; i++) {
		t->parity[i] = t->shard[k + i];
		t->len[k + i] = t->size;
	}
	mwb_compat_fpu_begin();
	for (j = 0; j < k; j++)
		KUNIT_ASSERT_EQ(test, mwb_rs_add(&t->rs, ops, j, t->shard[j],
						 t->len[j], t->parity, m), 0);
	mwb_compat_fpu_end();
}

/* Recover what is not in @there, and compare. */
static void mwb_test_recover(struct kunit *test, const u64 there[4])
{
	struct mwb_test_rs *t = test->priv;
	const struct mwb_gf256_ops *ops =
		t->ops[mwb_random_below(&t->random, t->count)];
	const u8 *src[MWB_TEST_K];
	u16 len[MWB_TEST_K];
	u32 i, lost = 0;

	KUNIT_ASSERT_EQ(test, mwb_rs_plan(&t->plan, &t->rs, t->k, there), 0);
	for (i = 0; i < t->k; i++) {
		u32 have = t->plan.have[i];

		KUNIT_ASSERT_TRUE(test, there[have / 64] >> (have % 64) & 1);
		src[i] = t->shard[have];
		len[i] = t->len[have];
	}
	memset(t->out, 0xaa, sizeof(t->out));
	mwb_compat_fpu_begin();
	mwb_rs_recover(&t->plan, ops, src, len, t->to, t->size);
	mwb_compat_fpu_end();
	for (i = 0; i < t->k; i++) {
		if (there[i / 64] >> (i % 64) & 1)
			continue;
		KUNIT_ASSERT_EQ(test, t->plan.lost[lost], i);
		KUNIT_ASSERT_EQ_MSG(test, memcmp(t->out[lost], t->shard[i],
						 t->size), 0,
				    "%s: shard %u of %u, code %u+%u", ops->name,
				    i, t->k, t->rs.k, t->rs.m);
		lost++;
	}
	KUNIT_ASSERT_EQ(test, t->plan.missing, lost);
}

/* A codeword is a multiple of the generator: 0 at each of its roots. */
static void mwb_test_roots(struct kunit *test)
{
	struct mwb_test_rs *t = test->priv;
	u32 k, m, i, root;

	for (m = 1; m <= 16; m++) {
		k = 1 + mwb_random_below(&t->random, 40);
		KUNIT_ASSERT_EQ(test, mwb_rs_init(&t->rs, k, m, t->matrix), 0);
		mwb_test_block(test, k, m, 1);
		for (root = 1, i = 0; i < m; i++) {
			u8 value = 0;
			u32 j;

			for (j = k; j-- > 0;)
				value = mwb_gf256_mul(value, root) ^
					t->shard[j][0];
			for (j = 0; j < m; j++)
				value = mwb_gf256_mul(value, root) ^
					t->shard[k + j][0];
			KUNIT_ASSERT_EQ(test, value, 0);
			root = mwb_gf256_mul(root, 2);
		}
	}
}

/* By hand: (x - 1)(x - 2) = x^2 + 3 x + 2 */
static void mwb_test_known(struct kunit *test)
{
	struct mwb_test_rs *t = test->priv;

	KUNIT_ASSERT_EQ(test, mwb_rs_init(&t->rs, 2, 2, t->matrix), 0);
	KUNIT_EXPECT_EQ(test, t->matrix[0], 3);
	KUNIT_EXPECT_EQ(test, t->matrix[1], 2);
	/* x^3 = 3 x^2 + 2 x = (9 + 2) x + 6, 9 and 6 being 3 * 3 and 3 * 2 */
	KUNIT_EXPECT_EQ(test, t->matrix[2], 5 ^ 2);
	KUNIT_EXPECT_EQ(test, t->matrix[3], 6);
}

/* All losses that a code up to 8+4 can bear, blocks that end early included. */
static void mwb_test_all_losses(struct kunit *test)
{
	struct mwb_test_rs *t = test->priv;
	u32 k, m, short_k, lost;

	for (k = 1; k <= 8; k++) {
		for (m = 1; m <= 4; m++) {
			KUNIT_ASSERT_EQ(test, mwb_rs_init(&t->rs, k, m,
							  t->matrix), 0);
			for (short_k = k; short_k; short_k -= short_k > 2 ?
							      2 : 1) {
				mwb_test_block(test, short_k, m, 9);
				for (lost = 0; lost >> (short_k + m) == 0;
				     lost++) {
					u64 there[4] = { ~lost &
						((1 << (short_k + m)) - 1) };

					if (hweight64((u64)lost) <= m)
						mwb_test_recover(test, there);
				}
			}
		}
	}
}

static void mwb_test_random_losses(struct kunit *test)
{
	struct mwb_test_rs *t = test->priv;
	u32 round, pattern;

	for (round = 0; round < 150; round++) {
		u32 k = 1 + mwb_random_below(&t->random, MWB_TEST_K);
		u32 m = 1 + mwb_random_below(&t->random, MWB_TEST_M);
		u32 there_k = 1 + mwb_random_below(&t->random, k);

		KUNIT_ASSERT_EQ(test, mwb_rs_init(&t->rs, k, m, t->matrix), 0);
		mwb_test_block(test, there_k, m, MWB_TEST_LEN);
		for (pattern = 0; pattern < 10; pattern++) {
			u64 there[4] = { ~0ULL, ~0ULL, ~0ULL, ~0ULL };
			u32 lose = mwb_random_below(&t->random, m + 1);

			while (lose--) {
				u32 i = mwb_random_below(&t->random,
							 there_k + m);

				there[i / 64] &= ~(1ULL << (i % 64));
			}
			mwb_test_recover(test, there);
		}
	}
}

/* The whole matrix at once gives what summing up does. */
static void mwb_test_encode(struct kunit *test)
{
	struct mwb_test_rs *t = test->priv;
	const u8 *data[10];
	u32 i, j;

	KUNIT_ASSERT_EQ(test, mwb_rs_init(&t->rs, 10, 3, t->matrix), 0);
	mwb_test_block(test, 9, 3, MWB_TEST_LEN);
	for (j = 0; j < 9; j++)
		data[j] = t->shard[j];
	for (i = 0; i < t->count; i++) {
		mwb_compat_fpu_begin();
		KUNIT_EXPECT_EQ(test, mwb_rs_encode(&t->rs, t->ops[i], data, 9,
						    t->to, t->size), 0);
		mwb_compat_fpu_end();
		for (j = 0; j < 3; j++)
			KUNIT_EXPECT_EQ(test, memcmp(t->to[j], t->parity[j],
						     t->size), 0);
	}
	KUNIT_EXPECT_EQ(test, mwb_rs_encode(&t->rs, t->ops[0], data, 0, t->to,
					    t->size), -EINVAL);
	KUNIT_EXPECT_EQ(test, mwb_rs_encode(&t->rs, t->ops[0], data, 11, t->to,
					    t->size), -EINVAL);
}

static void mwb_test_refused(struct kunit *test)
{
	struct mwb_test_rs *t = test->priv;
	u64 there[4] = { 0x7 };

	KUNIT_EXPECT_EQ(test, mwb_rs_init(&t->rs, 0, 2, t->matrix), -EINVAL);
	KUNIT_EXPECT_EQ(test, mwb_rs_init(&t->rs, 2, 0, t->matrix), -EINVAL);
	KUNIT_EXPECT_EQ(test, mwb_rs_init(&t->rs, 200, 56, t->matrix), -EINVAL);
	KUNIT_EXPECT_EQ(test, mwb_rs_init(&t->rs, ~0U, 2, t->matrix), -EINVAL);
	KUNIT_EXPECT_EQ(test, mwb_rs_init(&t->rs, 2, ~0U, t->matrix), -EINVAL);
	KUNIT_EXPECT_EQ(test, mwb_rs_init(&t->rs, 254, 1, t->matrix), 0);
	KUNIT_EXPECT_EQ(test, mwb_rs_init(&t->rs, 128, 127, t->matrix), 0);
	KUNIT_EXPECT_EQ(test, mwb_rs_init(&t->rs, 4, 2, t->matrix), 0);

	KUNIT_EXPECT_EQ(test, mwb_rs_add(&t->rs, t->ops[0], 4, t->out[0], 1,
					 t->to, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, mwb_rs_add(&t->rs, t->ops[0], 3, t->out[0], 1,
					 t->to, 3), -EINVAL);
	KUNIT_EXPECT_EQ(test, mwb_rs_plan(&t->plan, &t->rs, 0, there), -EINVAL);
	KUNIT_EXPECT_EQ(test, mwb_rs_plan(&t->plan, &t->rs, 5, there), -EINVAL);
	KUNIT_EXPECT_EQ(test, mwb_rs_plan(&t->plan, &t->rs, 4, there),
			-ENODATA);
	there[0] = 0x17;
	t->plan.size = mwb_rs_plan_size(4, 1) - 1;
	KUNIT_EXPECT_EQ(test, mwb_rs_plan(&t->plan, &t->rs, 4, there), -ENOSPC);
	t->plan.size++;
	KUNIT_EXPECT_EQ(test, mwb_rs_plan(&t->plan, &t->rs, 4, there), 0);
	/* After a plan that failed the same one is made anew. */
	there[0] = 0x7;
	KUNIT_EXPECT_EQ(test, mwb_rs_plan(&t->plan, &t->rs, 4, there),
			-ENODATA);
	memset(t->coef, 0, sizeof(t->coef));
	there[0] = 0x17;
	KUNIT_EXPECT_EQ(test, mwb_rs_plan(&t->plan, &t->rs, 4, there), 0);
	KUNIT_EXPECT_TRUE(test, memchr_inv(t->coef, 0, 4));
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_known),
	KUNIT_CASE(mwb_test_roots),
	KUNIT_CASE(mwb_test_encode),
	KUNIT_CASE(mwb_test_all_losses),
	KUNIT_CASE(mwb_test_random_losses),
	KUNIT_CASE(mwb_test_refused),
	{}
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-rs",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

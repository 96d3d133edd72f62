// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packet numbers: expansion at every edge, and the replay window against a
 * table of all numbers there are in the test.
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../core/seqno.h"
#include "random.h"

#define MWB_TEST_2_32 BIT_ULL(32)
#define MWB_TEST_2_56 BIT_ULL(56)

/* Numbers that the model knows: a window of its own, larger than any jump. */
enum { MWB_TEST_NUMBERS = 1 << 18 };

/**
 * struct mwb_test_seqno - replay window and model
 * @rp: what is tested
 * @base: the number that @seen begins with
 * @top: 1 + the highest number that was taken, 0 for none
 * @seen: which numbers were taken
 */
struct mwb_test_seqno {
	struct mwb_replay rp;
	u64 base;
	u64 top;
	u8 seen[MWB_TEST_NUMBERS];
};

static int mwb_test_init(struct kunit *test)
{
	struct mwb_test_seqno *s;

	s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	mwb_replay_init(&s->rp);
	test->priv = s;
	return 0;
}

static void mwb_test_start(struct mwb_test_seqno *s, u64 base)
{
	mwb_replay_init(&s->rp);
	memset(s->seen, 0, sizeof(s->seen));
	s->base = base;
	s->top = 0;
}

/* New means: not taken before, and within the 8192 - 64 numbers below @top. */
static bool mwb_test_model(struct mwb_test_seqno *s, u64 number)
{
	if (number < s->top && s->top - number > 8192 - 64)
		return false;
	if (s->seen[number - s->base])
		return false;
	s->seen[number - s->base] = 1;
	if (number >= s->top)
		s->top = number + 1;
	return true;
}

static void mwb_test_step(struct kunit *test, u64 number)
{
	struct mwb_test_seqno *s = test->priv;
	u64 before = s->top;

	KUNIT_ASSERT_TRUE(test, number >= s->base &&
			  number - s->base < MWB_TEST_NUMBERS);
	KUNIT_ASSERT_EQ_MSG(test, mwb_test_model(s, number),
			    mwb_replay_check(&s->rp, number),
			    "number %llu, top %llu", number, before);
	KUNIT_ASSERT_EQ(test, s->rp.top, s->top);
}

static void mwb_test_expand(struct kunit *test)
{
	static const struct {
		u64 top;
		u32 low;
		u64 number;
	} cases[] = {
		/* nothing seen: the number itself, never less than 0 */
		{ 0, 0, 0 },
		{ 0, 1, 1 },
		{ 0, 0x7fffffff, 0x7fffffff },
		{ 0, 0x80000000, 0x80000000 },
		{ 0, 0xffffffff, 0xffffffff },
		/* close below 2^32, close above */
		{ 0xffffffff, 0xffffffff, 0xffffffff },
		{ 0xffffffff, 0, MWB_TEST_2_32 },
		{ MWB_TEST_2_32, 0xffffffff, 0xffffffff },
		{ MWB_TEST_2_32, 0, MWB_TEST_2_32 },
		{ MWB_TEST_2_32 + 5, 0xfffffffe, 0xfffffffe },
		{ MWB_TEST_2_32 - 5, 3, MWB_TEST_2_32 + 3 },
		/* half a turn: the lower of two as near */
		{ 0x80000000, 0, 0 },
		{ 0x80000001, 0, MWB_TEST_2_32 },
		{ 0x80000001, 1, 1 },
		{ 0x7fffffff, 0, 0 },
		{ 5 * MWB_TEST_2_32, 0x80000000, 0x480000000 },
		{ 5 * MWB_TEST_2_32, 0x7fffffff, 0x57fffffff },
		{ 5 * MWB_TEST_2_32 + 1, 0x80000000, 0x580000000 },
		/* a number below 0 would be nearer */
		{ 10, 0xfffffff0, 0xfffffff0 },
		{ 0x7fffffff, 0xffffffff, 0xffffffff },
		/* the end: 2^56 and more do not exist */
		{ MWB_TEST_2_56, 0xffffffff, MWB_TEST_2_56 - 1 },
		{ MWB_TEST_2_56, 0, MWB_TEST_2_56 - MWB_TEST_2_32 },
		{ MWB_TEST_2_56 - 1, 0, MWB_TEST_2_56 - MWB_TEST_2_32 },
		{ MWB_TEST_2_56, 0x7fffffff, MWB_TEST_2_56 - 0x80000001 },
		{ MWB_TEST_2_56 - 0x80000000, 0xffffffff, MWB_TEST_2_56 - 1 },
		{ MWB_TEST_2_56 - 0x80000001, 0xffffffff,
		  MWB_TEST_2_56 - MWB_TEST_2_32 - 1 },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, cases[i].number,
				    mwb_seqno_expand(cases[i].top,
						     cases[i].low),
				    "top 0x%llx, low 0x%x", cases[i].top,
				    cases[i].low);
}

/* Random numbers within less than half a turn are found again. */
static void mwb_test_expand_random(struct kunit *test)
{
	u64 random = 3;
	u64 top, number;
	s64 off;
	u32 i;

	for (i = 0; i < 1000000; i++) {
		top = mwb_random64(&random) >> 8;
		top >>= mwb_random_below(&random, 56);
		off = (s64)mwb_random(&random) - 0x80000000LL;
		if (off < 0 && (u64)-off > top)
			continue;
		number = top + off;
		if (number >= MWB_TEST_2_56)
			continue;
		KUNIT_ASSERT_EQ_MSG(test, number,
				    mwb_seqno_expand(top, (u32)number),
				    "top 0x%llx", top);
	}
}

static void mwb_test_replay_first(struct kunit *test)
{
	struct mwb_test_seqno *s = test->priv;

	mwb_test_start(s, 0);
	mwb_test_step(test, 0);
	mwb_test_step(test, 0);
	mwb_test_step(test, 1);
	mwb_test_step(test, 0);
	KUNIT_EXPECT_EQ(test, s->top, 2ULL);

	/* The first number need not be the lowest. */
	mwb_test_start(s, 0);
	mwb_test_step(test, 100);
	mwb_test_step(test, 0);
	mwb_test_step(test, 99);
	mwb_test_step(test, 100);
	mwb_test_step(test, 0);
	KUNIT_EXPECT_EQ(test, s->top, 101ULL);
}

/* With the top at each place of a word: both sides of each edge. */
static void mwb_test_replay_edges(struct kunit *test)
{
	struct mwb_test_seqno *s = test->priv;
	u64 top;

	for (top = 3 * 8192 - 70; top < 3 * 8192 + 70; top++) {
		mwb_test_start(s, 0);
		mwb_test_step(test, top - 1);
		KUNIT_EXPECT_TRUE(test, mwb_replay_check(&s->rp,
							 top - 8192 + 64));
		KUNIT_EXPECT_FALSE(test, mwb_replay_check(&s->rp,
							  top - 8192 + 64));
		KUNIT_EXPECT_FALSE(test, mwb_replay_check(&s->rp,
							  top - 8192 + 63));
		KUNIT_EXPECT_FALSE(test, mwb_replay_check(&s->rp,
							  top - 8192));
		KUNIT_EXPECT_FALSE(test, mwb_replay_check(&s->rp, top - 1));
		KUNIT_EXPECT_FALSE(test, mwb_replay_check(&s->rp, 0));
		KUNIT_EXPECT_TRUE(test, mwb_replay_check(&s->rp, top));
		KUNIT_EXPECT_FALSE(test, mwb_replay_check(&s->rp, top));
	}
}

/* Fill the window, jump by each distance, ask for all of the window again. */
static void mwb_test_replay_jump(struct kunit *test)
{
	static const u32 jumps[] = {
		1, 2, 63, 64, 65, 127, 128, 129, 4096, 8127, 8128, 8129, 8191,
		8192, 8193, 8255, 8256, 8257, 16383, 16384, 16385, 100000,
	};
	struct mwb_test_seqno *s = test->priv;
	u32 i, shift;
	u64 n;

	for (i = 0; i < ARRAY_SIZE(jumps); i++) {
		for (shift = 0; shift < 64; shift += 21) {
			mwb_test_start(s, MWB_TEST_2_32 - 10000);
			for (n = 0; n < 9000; n++)
				mwb_test_step(test, s->base + shift + n);
			mwb_test_step(test, s->top - 1 + jumps[i]);
			for (n = 0; n < s->top - s->base; n++)
				mwb_test_step(test, s->base + n);
		}
	}
}

/* Beyond all the words at once, up to the largest number there can be. */
static void mwb_test_replay_far(struct kunit *test)
{
	struct mwb_test_seqno *s = test->priv;
	u64 number = MWB_TEST_2_56 - 1;

	mwb_test_start(s, 0);
	mwb_test_step(test, 5);
	KUNIT_EXPECT_TRUE(test, mwb_replay_check(&s->rp, BIT_ULL(40)));
	KUNIT_EXPECT_FALSE(test, mwb_replay_check(&s->rp, 5));
	KUNIT_EXPECT_TRUE(test, mwb_replay_check(&s->rp, BIT_ULL(40) - 3));
	KUNIT_EXPECT_TRUE(test, mwb_replay_check(&s->rp, number));
	KUNIT_EXPECT_FALSE(test, mwb_replay_check(&s->rp, number));
	KUNIT_EXPECT_FALSE(test, mwb_replay_check(&s->rp, BIT_ULL(40)));
	KUNIT_EXPECT_TRUE(test, mwb_replay_check(&s->rp, number - 1));
}

/* Advances of all sizes, replays and late ones, close to 2^32 and to 0. */
static void mwb_test_replay_random(struct kunit *test)
{
	static const u32 reach[] = { 2, 64, 200, 8128, 8192, 9000, 20000 };
	struct mwb_test_seqno *s = test->priv;
	u64 random = 4;
	u32 round, i;
	u64 number;

	for (round = 0; round < 40; round++) {
		mwb_test_start(s, round & 1 ? MWB_TEST_2_32 - 5000 : 0);
		for (i = 0; i < 20000; i++) {
			u32 r = reach[mwb_random_below(&random,
						       ARRAY_SIZE(reach))];

			number = max_t(u64, s->top, s->base);
			if (mwb_random_below(&random, 4))
				number -= min_t(u64, number - s->base,
						mwb_random_below(&random, r));
			else
				number += mwb_random_below(&random, r) >>
					  mwb_random_below(&random, 16);
			if (number - s->base >= MWB_TEST_NUMBERS)
				break;
			mwb_test_step(test, number);
		}
		KUNIT_EXPECT_GT(test, i, 100U);
	}
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_expand),
	KUNIT_CASE(mwb_test_expand_random),
	KUNIT_CASE(mwb_test_replay_first),
	KUNIT_CASE(mwb_test_replay_edges),
	KUNIT_CASE(mwb_test_replay_jump),
	KUNIT_CASE(mwb_test_replay_far),
	KUNIT_CASE(mwb_test_replay_random),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-seqno",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

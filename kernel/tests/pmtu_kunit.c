// SPDX-License-Identifier: GPL-2.0-only
/*
 * Path MTU: a path of 20 ms that takes packets up to a size, loses some at random,
 * or all.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/slab.h>

#include "../core/pmtu.h"
#include "random.h"

#define MWB_TEST_MS 1000000ULL

/**
 * struct mwb_test_pmtu - path and what is known of it
 * @p: what is tested
 * @takes: largest size that arrives; 0: the path is dead
 * @loss: percent that is lost of any size
 * @now: present time, ns
 * @alive: when the last heartbeat was sent that was answered, ns
 * @answer: size of the probe that was answered, 0 for none
 * @answer_at: when the answer arrives, ns
 * @probes: sent
 * @random: state of the generator
 */
struct mwb_test_pmtu {
	struct mwb_pmtu p;
	u32 takes;
	u32 loss;
	u64 now;
	u64 alive;
	u32 answer;
	u64 answer_at;
	u32 probes;
	u64 random;
};

static int mwb_test_init(struct kunit *test)
{
	struct mwb_test_pmtu *t;

	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	t->now = 5000 * MWB_TEST_MS;
	t->alive = t->now;
	t->takes = 1408;
	t->random = 1;
	mwb_pmtu_set_max(&t->p, 1408);
	test->priv = t;
	return 0;
}

/* Some ms, a look every 10 */
static void mwb_test_run(struct mwb_test_pmtu *t, u64 ms)
{
	u64 end = t->now + ms * MWB_TEST_MS;
	u32 size;

	for (; t->now < end; t->now += 10 * MWB_TEST_MS) {
		if (t->answer && t->now >= t->answer_at) {
			mwb_pmtu_answer(&t->p, t->answer, t->now);
			t->answer = 0;
		}
		if (t->takes && t->now % (50 * MWB_TEST_MS) == 0)
			t->alive = t->now - 20 * MWB_TEST_MS;
		while ((size = mwb_pmtu_next(&t->p, 1000 * MWB_TEST_MS,
					     80 * MWB_TEST_MS, t->alive,
					     t->now))) {
			t->probes++;
			if (size > t->takes ||
			    mwb_random_below(&t->random, 100) < t->loss)
				continue;
			t->answer = size;
			t->answer_at = t->now + 20 * MWB_TEST_MS;
		}
	}
}

/* As close as a search comes to it */
static void mwb_test_found(struct kunit *test, u32 takes)
{
	struct mwb_test_pmtu *t = test->priv;

	KUNIT_EXPECT_FALSE(test, t->p.searching);
	KUNIT_EXPECT_LE(test, t->p.size, takes);
	KUNIT_EXPECT_GT(test, t->p.size + MWB_PMTU_STEP, takes);
}

/* All that the route allows arrives: a probe at once, and one a second. */
static void mwb_test_whole(struct kunit *test)
{
	struct mwb_test_pmtu *t = test->priv;

	KUNIT_EXPECT_EQ(test, t->p.size, 1408U);
	mwb_test_run(t, 10);
	KUNIT_EXPECT_EQ(test, t->probes, 1U);
	mwb_test_run(t, 90);
	KUNIT_EXPECT_TRUE(test, t->p.confirmed);
	mwb_test_run(t, 10000);
	KUNIT_EXPECT_EQ(test, t->p.size, 1408U);
	KUNIT_EXPECT_GE(test, t->probes, 10U);
	KUNIT_EXPECT_LE(test, t->probes, 12U);
}

/* Any smaller size is found within 2 s, and left again soon after it ends;
 * if it lasts, a minute after.
 */
static void mwb_test_hole(struct kunit *test)
{
	struct mwb_test_pmtu *t = test->priv;
	u32 takes;

	for (takes = MWB_PMTU_LEAST; takes < 1408; takes += 37) {
		mwb_pmtu_restart(&t->p);
		t->takes = 1408;
		mwb_test_run(t, 1500);
		t->takes = takes;
		mwb_test_run(t, 3000);
		mwb_test_found(test, takes);
		t->takes = 1408;
		mwb_test_run(t, 5000);
		KUNIT_EXPECT_EQ(test, t->p.size, 1408U);
	}
	t->takes = 1300;
	mwb_test_run(t, 600000);
	t->probes = 0;
	mwb_test_run(t, 300000);
	mwb_test_found(test, 1300);
	KUNIT_EXPECT_LE(test, t->probes, 400U);
	t->takes = 1408;
	mwb_test_run(t, 63000);
	KUNIT_EXPECT_EQ(test, t->p.size, 1408U);
}

/* Nothing larger than what is known to arrive is sent while it is searched. */
static void mwb_test_meanwhile(struct kunit *test)
{
	struct mwb_test_pmtu *t = test->priv;
	u64 wrong = 0;
	u32 i;

	mwb_test_run(t, 1500);
	t->takes = 1300;
	for (i = 0; i < 300; i++) {
		mwb_test_run(t, 10);
		wrong += t->p.size > t->takes;
	}
	KUNIT_EXPECT_LE(test, wrong, 150U);
	mwb_test_found(test, 1300);
}

/* A path that is dead has no size. */
static void mwb_test_dead(struct kunit *test)
{
	struct mwb_test_pmtu *t = test->priv;

	mwb_test_run(t, 1500);
	t->takes = 0;
	mwb_test_run(t, 60000);
	KUNIT_EXPECT_EQ(test, t->p.size, 1408U);
	KUNIT_EXPECT_FALSE(test, t->p.searching);
	t->takes = 1408;
	mwb_test_run(t, 1000);
	KUNIT_EXPECT_EQ(test, t->p.size, 1408U);
}

/* Loss of all sizes is not taken for a black hole, or not for long. */
static void mwb_test_lossy(struct kunit *test)
{
	struct mwb_test_pmtu *t = test->priv;
	u32 i, small = 0;

	t->loss = 5;
	for (i = 0; i < 3600; i++) {
		mwb_test_run(t, 1000);
		small += t->p.size < 1400;
	}
	KUNIT_EXPECT_LE(test, small, 65U);
	t->takes = 1300;
	mwb_test_run(t, 4000);
	KUNIT_EXPECT_LE(test, t->p.size, 1300U);
	KUNIT_EXPECT_GT(test, t->p.size, 1000U);
}

/* A router has spoken, or the route is another one. */
static void mwb_test_route(struct kunit *test)
{
	struct mwb_test_pmtu *t = test->priv;

	mwb_test_run(t, 1500);
	mwb_pmtu_set_max(&t->p, 1308);
	KUNIT_EXPECT_EQ(test, t->p.size, 1308U);
	mwb_test_run(t, 500);
	KUNIT_EXPECT_EQ(test, t->p.size, 1308U);
	/* What is larger is tried before it is used. */
	mwb_pmtu_set_max(&t->p, 8908);
	KUNIT_EXPECT_EQ(test, t->p.size, 1308U);
	mwb_test_run(t, 2000);
	mwb_test_found(test, 1408);
	t->takes = 8908;
	mwb_test_run(t, 3000);
	KUNIT_EXPECT_EQ(test, t->p.size, 8908U);
}

/* An answer to what was not sent, or was answered */
static void mwb_test_forged(struct kunit *test)
{
	struct mwb_test_pmtu *t = test->priv;

	KUNIT_EXPECT_FALSE(test, mwb_pmtu_answer(&t->p, 0, t->now));
	KUNIT_EXPECT_FALSE(test, mwb_pmtu_answer(&t->p, 1408, t->now));
	KUNIT_EXPECT_EQ(test, mwb_pmtu_next(&t->p, 1, 1, 0, t->now), 1408U);
	KUNIT_EXPECT_FALSE(test, mwb_pmtu_answer(&t->p, 9000, t->now));
	KUNIT_EXPECT_TRUE(test, mwb_pmtu_answer(&t->p, 1408, t->now));
	KUNIT_EXPECT_FALSE(test, mwb_pmtu_answer(&t->p, 1408, t->now));
	KUNIT_EXPECT_EQ(test, t->p.size, 1408U);
}

static struct kunit_case mwb_pmtu_cases[] = {
	KUNIT_CASE(mwb_test_whole),
	KUNIT_CASE(mwb_test_hole),
	KUNIT_CASE(mwb_test_meanwhile),
	KUNIT_CASE(mwb_test_dead),
	KUNIT_CASE(mwb_test_lossy),
	KUNIT_CASE(mwb_test_route),
	KUNIT_CASE(mwb_test_forged),
	{}
};

static struct kunit_suite mwb_pmtu_suite = {
	.name = "mwb_pmtu",
	.init = mwb_test_init,
	.test_cases = mwb_pmtu_cases,
};

kunit_test_suite(mwb_pmtu_suite);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reorder buffer: packets that are held until their release, by example. With
 * the model they are in reorder_kunit.c.
 */
#include <kunit/test.h>
#include <linux/limits.h>

#include "reorder_buffer.h"

#define MWB_TEST_SECOND 1000000000ULL

static void mwb_test_release(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_WAITS,
			mwb_test_hold(test, 0, 0, 0, 150, 100, &ready));
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 150ULL);
	KUNIT_EXPECT_EQ(test, t->ro.count, 1U);
	mwb_reorder_expire(&t->ro, 149, U64_MAX, &ready);
	MWB_TEST_NONE(test, &ready);
	mwb_reorder_expire(&t->ro, 150, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 0);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), U64_MAX);
	KUNIT_EXPECT_EQ(test, t->ro.count, 0U);

	/* It is now, or was before. */
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
			mwb_test_hold(test, 0, 1, 0, 200, 200, &ready));
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
			mwb_test_hold(test, 0, 2, 0, 150, 200, &ready));
	MWB_TEST_READY(test, &ready, 0, 1, 2);
	KUNIT_EXPECT_EQ(test, t->ro.stats.held, 1ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.reordered, 0ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.forced, 0ULL);
}

/* The order comes before the time. */
static void mwb_test_release_order(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	mwb_test_hold(test, 0, 0, 0, 150, 100, &ready);
	mwb_test_hold(test, 0, 1, 0, 120, 110, &ready);
	mwb_test_hold(test, 0, 2, 0, 0, 120, &ready);
	mwb_test_hold(test, 0, 3, 0, 160, 130, &ready);
	mwb_test_hold(test, 0, 4, 0, 155, 140, &ready);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 150ULL);
	mwb_reorder_expire(&t->ro, 149, 0, &ready);
	MWB_TEST_NONE(test, &ready);
	mwb_reorder_expire(&t->ro, 150, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 0, 1, 2);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 160ULL);
	mwb_reorder_expire(&t->ro, 159, 0, &ready);
	MWB_TEST_NONE(test, &ready);
	mwb_reorder_expire(&t->ro, 160, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 3, 4);
	KUNIT_EXPECT_EQ(test, t->ro.stats.held, 5ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.reordered, 0ULL);
}

/* Of each bucket the first counts, whichever came before. */
static void mwb_test_release_buckets(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	mwb_test_hold(test, 0, 0, 0, 300, 100, &ready);
	mwb_test_hold(test, 1, 0, 0, 200, 110, &ready);
	mwb_test_hold(test, 2, 0, 0, 250, 120, &ready);
	mwb_test_hold(test, 1, 1, 0, 280, 130, &ready);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 200ULL);
	mwb_reorder_expire(&t->ro, 200, 0, &ready);
	MWB_TEST_READY(test, &ready, 1, 0);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 250ULL);
	mwb_reorder_expire(&t->ro, 260, 0, &ready);
	MWB_TEST_READY(test, &ready, 2, 0);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 280ULL);
	mwb_reorder_expire(&t->ro, 280, 0, &ready);
	MWB_TEST_READY(test, &ready, 1, 1);
	mwb_reorder_expire(&t->ro, 300, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 0);
	MWB_TEST_NONE(test, &ready);
}

/* The slower of two paths fills a hole after the time-out, but in time for the
 * release of what is behind it; a repair comes somewhat later.
 */
static void mwb_test_hold_long(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	mwb_test_hold(test, 0, 2, 10, 1500, 100, &ready);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 2500ULL);
	/* Another is before it now, whose release is past. */
	mwb_test_hold(test, 0, 1, 0, 300, 400, &ready);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 1300ULL);
	mwb_test_hold(test, 1, 1, 10, 1510, 100, &ready);
	mwb_reorder_expire(&t->ro, 1299, 0, &ready);
	MWB_TEST_NONE(test, &ready);
	mwb_reorder_expire(&t->ro, 1300, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 1);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 1ULL);
	mwb_reorder_expire(&t->ro, 1600, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 2);
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
			mwb_test_hold(test, 1, 0, 5, 0, 2500, &ready));
	MWB_TEST_READY(test, &ready, 1, 0, 1);
	MWB_TEST_NONE(test, &ready);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 1ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.late, 0ULL);
}

/* A hole that is given up, for whatever reason, releases nothing. */
static void mwb_test_hold_behind_hole(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	/* Missing: 0, 2. The time of what is held begins with its release. */
	mwb_test_hold(test, 0, 1, 10, 200, 100, &ready);
	mwb_test_hold(test, 0, 3, 30, 300, 200, &ready);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 1200ULL);
	mwb_reorder_expire(&t->ro, 1199, 0, &ready);
	MWB_TEST_NONE(test, &ready);
	mwb_reorder_expire(&t->ro, 1200, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 1);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 1ULL);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 1300ULL);
	mwb_reorder_expire(&t->ro, 1300, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 3);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 2ULL);

	/* Hopeless. */
	mwb_test_hold(test, 1, 1, 10, 3000, 2000, &ready);
	mwb_reorder_expire(&t->ro, 2010, 11, &ready);
	MWB_TEST_NONE(test, &ready);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 3ULL);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 3000ULL);
	/* What comes for its place now is late, and not held. */
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
			mwb_test_hold(test, 1, 0, 5, 2900, 2020, &ready));
	MWB_TEST_READY(test, &ready, 1, 0);
	KUNIT_EXPECT_EQ(test, t->ro.stats.late, 1ULL);
	mwb_reorder_expire(&t->ro, 3000, 0, &ready);
	MWB_TEST_READY(test, &ready, 1, 1);
	KUNIT_EXPECT_EQ(test, t->ro.stats.reordered, 3ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.held, 0ULL);
}

/* What fills a hole may itself be held; then there is no hole any more. */
static void mwb_test_hold_fills(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	mwb_test_hold(test, 0, 1, 10, 0, 100, &ready);
	mwb_test_hold(test, 0, 3, 30, 0, 300, &ready);
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_WAITS,
			mwb_test_hold(test, 0, 0, 0, 1150, 400, &ready));
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 1150ULL);
	mwb_reorder_expire(&t->ro, 1149, U64_MAX, &ready);
	MWB_TEST_NONE(test, &ready);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 0ULL);
	/* The next hole has its time from 300 on. */
	mwb_reorder_expire(&t->ro, 1150, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 0, 1);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 1300ULL);
	/* 2 has no release of its own to wait for, and 3 none either. */
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
			mwb_test_hold(test, 0, 2, 0, 1150, 1200, &ready));
	MWB_TEST_READY(test, &ready, 0, 2, 3);
	KUNIT_EXPECT_EQ(test, t->ro.count, 0U);
	KUNIT_EXPECT_EQ(test, t->ro.stats.held, 1ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.reordered, 2ULL);

	/* One in order goes at once, and those behind it in their time. */
	mwb_test_hold(test, 0, 5, 0, 1500, 1300, &ready);
	mwb_test_hold(test, 0, 6, 0, 1600, 1300, &ready);
	mwb_test_hold(test, 0, 4, 0, 1400, 1450, &ready);
	MWB_TEST_READY(test, &ready, 0, 4);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 1500ULL);
	mwb_test_hold(test, 0, 7, 0, 0, 1460, &ready);
	MWB_TEST_NONE(test, &ready);
	KUNIT_EXPECT_EQ(test, t->ro.stats.held, 2ULL);
	mwb_reorder_expire(&t->ro, 1600, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 5, 6, 7);
}

static void mwb_test_hold_duplicate(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);
	u64 seq;

	for (seq = 0; seq < 3; seq++)
		mwb_test_hold(test, 0, seq, 0, 500, 100, &ready);
	for (seq = 0; seq < 3; seq++)
		KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_DUPLICATE,
				mwb_test_hold(test, 0, seq, 0, 0, 110, &ready));
	MWB_TEST_NONE(test, &ready);
	KUNIT_EXPECT_EQ(test, t->ro.stats.duplicate, 3ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.held, 3ULL);
	KUNIT_EXPECT_EQ(test, t->ro.count, 3U);
	mwb_reorder_expire(&t->ro, 500, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 0, 1, 2);
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_DUPLICATE,
			mwb_test_hold(test, 0, 2, 0, 900, 510, &ready));
}

/* Whatever the peer says, a second is the most. */
static void mwb_test_hold_max(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	mwb_test_hold(test, 0, 0, 0, U64_MAX, 100, &ready);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro),
			100 + MWB_TEST_SECOND);
	mwb_test_hold(test, 1, 0, 0, 90 + MWB_TEST_SECOND, 90, &ready);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro),
			90 + MWB_TEST_SECOND);
	mwb_test_hold(test, 2, 0, 0, 81 + MWB_TEST_SECOND, 80, &ready);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro),
			80 + MWB_TEST_SECOND);
	/* One behind a hole, too. */
	mwb_test_hold(test, 3, 1, 10, 10 * MWB_TEST_SECOND, 70, &ready);
	mwb_reorder_expire(&t->ro, 70, 11, &ready);
	MWB_TEST_NONE(test, &ready);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro),
			70 + MWB_TEST_SECOND);
	mwb_reorder_expire(&t->ro, 100 + MWB_TEST_SECOND, 0, &ready);
	KUNIT_EXPECT_EQ(test, t->ro.count, 0U);

	/* At the end of time there is no later. */
	INIT_LIST_HEAD(&ready);
	mwb_test_hold(test, 0, 1, 0, U64_MAX, U64_MAX - 5, &ready);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), U64_MAX);
	mwb_reorder_expire(&t->ro, U64_MAX, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 1);
}

/* First the holes go, then what is due first; never more than is needed. */
static void mwb_test_hold_full(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	t->ro.limit = 4;
	mwb_test_hold(test, 0, 0, 0, 700, 100, &ready);
	mwb_test_hold(test, 1, 1, 0, 900, 110, &ready);
	mwb_test_hold(test, 1, 2, 0, 900, 110, &ready);
	mwb_test_hold(test, 2, 0, 0, 600, 120, &ready);
	KUNIT_EXPECT_EQ(test, t->ro.count, 4U);
	/* What is behind the hole in 1 is held; one of it has to go. */
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_WAITS,
			mwb_test_hold(test, 0, 1, 0, 0, 130, &ready));
	MWB_TEST_READY(test, &ready, 1, 1);
	MWB_TEST_NONE(test, &ready);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 1ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.forced, 1ULL);
	KUNIT_EXPECT_EQ(test, t->ro.count, 4U);
	/* No hole is left: 600 is before 700 and 900. */
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_WAITS,
			mwb_test_hold(test, 3, 0, 0, 800, 140, &ready));
	MWB_TEST_READY(test, &ready, 2, 0);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 1ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.forced, 2ULL);
	/* The next is in 0, and with it goes what waits for it alone. */
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_WAITS,
			mwb_test_hold(test, 2, 1, 0, 999, 150, &ready));
	MWB_TEST_READY(test, &ready, 0, 0, 1);
	KUNIT_EXPECT_EQ(test, t->ro.count, 3U);
	KUNIT_EXPECT_EQ(test, t->ro.stats.forced, 4ULL);

	/* It may be the one that has just come. */
	t->ro.limit = 3;
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
			mwb_test_hold(test, 0, 2, 0, 170, 160, &ready));
	MWB_TEST_READY(test, &ready, 0, 2);
	KUNIT_EXPECT_EQ(test, t->ro.stats.forced, 5ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.held, 5ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.reordered, 2ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 1ULL);
}

static void mwb_test_hold_flush(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	mwb_test_hold(test, 0, 0, 0, 500, 100, &ready);
	mwb_test_hold(test, 0, 2, 0, 500, 100, &ready);
	mwb_test_hold(test, 1, 3, 0, 500, 100, &ready);
	mwb_reorder_flush(&t->ro, &ready);
	MWB_TEST_READY(test, &ready, 0, 0, 2);
	MWB_TEST_READY(test, &ready, 1, 3);
	MWB_TEST_NONE(test, &ready);
	KUNIT_EXPECT_EQ(test, t->ro.count, 0U);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), U64_MAX);
	mwb_test_hold(test, 0, 0, 0, 500, 100, &ready);
	mwb_reorder_expire(&t->ro, 500, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 0);
}

/* An unordered packet does not know of a release. */
static void mwb_test_hold_note(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	mwb_test_hold(test, 0, 0, 0, 500, 100, &ready);
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
			(int)mwb_reorder_note(&t->ro, 0, 1));
	mwb_test_hold(test, 0, 1, 0, 500, 100, &ready);
	mwb_reorder_expire(&t->ro, 500, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 0, 1);
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_release),
	KUNIT_CASE(mwb_test_release_order),
	KUNIT_CASE(mwb_test_release_buckets),
	KUNIT_CASE(mwb_test_hold_long),
	KUNIT_CASE(mwb_test_hold_behind_hole),
	KUNIT_CASE(mwb_test_hold_fills),
	KUNIT_CASE(mwb_test_hold_duplicate),
	KUNIT_CASE(mwb_test_hold_max),
	KUNIT_CASE(mwb_test_hold_full),
	KUNIT_CASE(mwb_test_hold_flush),
	KUNIT_CASE(mwb_test_hold_note),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-reorder-hold",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

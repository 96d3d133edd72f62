// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reorder buffer: what each rule of reorder.h says, by example; then all
 * permutations of short sequences with all losses, and long random ones,
 * against the model.
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/limits.h>
#include <linux/minmax.h>

#include "../core/wire.h"
#include "random.h"
#include "reorder_buffer.h"

static void mwb_test_in_order(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);
	u64 seq;

	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), U64_MAX);
	for (seq = 0; seq < 500; seq++) {
		KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
				mwb_test_add(test, 2, seq, seq, seq, &ready));
		MWB_TEST_READY(test, &ready, 2, seq);
	}
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), U64_MAX);
	KUNIT_EXPECT_EQ(test, t->ro.stats.reordered, 0ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 0ULL);
}

/* A hole is given up when its time has come, whatever arrived meanwhile. */
static void mwb_test_deadline(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	/* Missing: 0 1, 3 4, 6. */
	mwb_test_add(test, 0, 5, 0, 100, &ready);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 1100ULL);
	mwb_test_add(test, 0, 2, 0, 300, &ready);
	mwb_test_add(test, 0, 7, 0, 500, &ready);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 1100ULL);
	/* Half of the hole is filled: the rest of it is not waited for longer. */
	mwb_test_add(test, 0, 0, 0, 900, &ready);
	MWB_TEST_READY(test, &ready, 0, 0);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 1100ULL);

	mwb_reorder_expire(&t->ro, 1099, 0, &ready);
	MWB_TEST_NONE(test, &ready);
	/* 3 and 4 were missed at 100, by 5; 6 not before 500, by 7. */
	mwb_reorder_expire(&t->ro, 1100, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 2, 5);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 1500ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 3ULL);
	mwb_reorder_expire(&t->ro, 1499, 0, &ready);
	MWB_TEST_NONE(test, &ready);
	mwb_reorder_expire(&t->ro, 1500, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 7);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), U64_MAX);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 4ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.forced, 0ULL);
}

/* Another timeout is for new holes; a shorter one makes them the first. */
static void mwb_test_timeout_changes(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	mwb_test_add(test, 0, 1, 0, 100, &ready);
	t->ro.timeout = 10;
	mwb_test_add(test, 1, 1, 0, 200, &ready);
	mwb_test_add(test, 0, 2, 0, 205, &ready);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 210ULL);
	mwb_reorder_expire(&t->ro, 210, 0, &ready);
	MWB_TEST_READY(test, &ready, 1, 1);
	MWB_TEST_NONE(test, &ready);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), 1100ULL);

	t->ro.timeout = U64_MAX - 500;
	mwb_test_add(test, 2, 1, 0, 400, &ready);
	mwb_test_add(test, 3, 1, 0, 600, &ready);
	mwb_reorder_expire(&t->ro, 1100, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 1, 2);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), U64_MAX - 100);
	mwb_reorder_expire(&t->ro, U64_MAX - 100, 0, &ready);
	MWB_TEST_READY(test, &ready, 2, 1);
	/* Never, rather than soon after 0. */
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), U64_MAX);
	KUNIT_EXPECT_EQ(test, t->ro.count, 1U);
}

static void mwb_test_full(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	t->ro.limit = 3;
	mwb_test_add(test, 0, 2, 0, 10, &ready);
	mwb_test_add(test, 1, 5, 0, 20, &ready);
	mwb_test_add(test, 0, 4, 0, 30, &ready);
	MWB_TEST_NONE(test, &ready);
	/* The hole in 0 is the oldest; that in 0 before 4 is not full's fault. */
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_WAITS,
			mwb_test_add(test, 2, 9, 0, 40, &ready));
	MWB_TEST_READY(test, &ready, 0, 2);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 2ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.forced, 1ULL);
	/* Now that of 1, and with it the packet that has just come. */
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
			mwb_test_add(test, 1, 6, 0, 50, &ready));
	MWB_TEST_READY(test, &ready, 1, 5, 6);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 7ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.forced, 3ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.reordered, 4ULL);
	KUNIT_EXPECT_EQ(test, t->ro.count, 2U);

	/* A duplicate needs no room, and one in order none either. */
	t->ro.limit = 2;
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_DUPLICATE,
			mwb_test_add(test, 2, 9, 0, 60, &ready));
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
			mwb_test_add(test, 3, 0, 0, 70, &ready));
	MWB_TEST_READY(test, &ready, 3, 0);
	MWB_TEST_NONE(test, &ready);

	/* A lower limit holds from the next packet that has to wait. */
	t->ro.limit = 1;
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_WAITS,
			mwb_test_add(test, 3, 2, 0, 80, &ready));
	MWB_TEST_READY(test, &ready, 0, 4);
	MWB_TEST_READY(test, &ready, 2, 9);
	KUNIT_EXPECT_EQ(test, t->ro.count, 1U);
}

/* Places given up are remembered for 1024 numbers. */
static void mwb_test_late(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	mwb_test_add(test, 0, 1099, 0, 0, &ready);
	mwb_reorder_expire(&t->ro, MWB_TEST_TIMEOUT, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 1099);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 1099ULL);
	/* The next is 1100: 76 is 1024 before it. */
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_OLD,
			mwb_test_add(test, 0, 75, 0, 0, &ready));
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
			mwb_test_add(test, 0, 76, 0, 0, &ready));
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_DUPLICATE,
			mwb_test_add(test, 0, 76, 0, 0, &ready));
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
			mwb_test_add(test, 0, 1098, 0, 0, &ready));
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_DUPLICATE,
			mwb_test_add(test, 0, 1099, 0, 0, &ready));
	MWB_TEST_READY(test, &ready, 0, 76, 1098);
	KUNIT_EXPECT_EQ(test, t->ro.stats.late, 2ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.old, 1ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.duplicate, 2ULL);
	/* One further, and 76 is forgotten. */
	mwb_test_add(test, 0, 1100, 0, 0, &ready);
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_OLD,
			mwb_test_add(test, 0, 76, 0, 0, &ready));
	MWB_TEST_READY(test, &ready, 0, 1100);
}

/* Skip by each count: what was delivered before is still known, and no more. */
static void mwb_test_history(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);
	u64 skip, seq;
	int expected;

	for (skip = 1; skip < 1100; skip += skip == 200 ? 780 : 1) {
		mwb_reorder_flush(&t->ro, &ready);
		t->used = 0;
		/* Delivered: 0 and 1, then 2 + skip; the next is 3 + skip. */
		mwb_test_add(test, 0, 0, 0, 0, &ready);
		mwb_test_add(test, 0, 1, 0, 0, &ready);
		mwb_test_add(test, 0, 2 + skip, 0, 0, &ready);
		mwb_reorder_expire(&t->ro, MWB_TEST_TIMEOUT, 0, &ready);
		MWB_TEST_READY(test, &ready, 0, 0, 1, 2 + skip);
		for (seq = 0; seq < 3 + skip; seq++) {
			expected = MWB_REORDER_READY;
			if (seq < 2 || seq == 2 + skip)
				expected = MWB_REORDER_DUPLICATE;
			if (3 + skip - seq > 1024)
				expected = MWB_REORDER_OLD;
			KUNIT_ASSERT_EQ_MSG(test, expected,
					    mwb_test_add(test, 0, seq, 0, 0,
							 &ready),
					    "skip %llu, number %llu", skip,
					    seq);
			INIT_LIST_HEAD(&ready);
		}
	}
}

/* There is nothing before the first number; 2^47 is the farthest ahead. */
static void mwb_test_ahead(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	u64 half = BIT_ULL(47);
	LIST_HEAD(ready);

	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_DUPLICATE,
			mwb_test_add(test, 0, MWB_WIRE_SEQ_MASK, 0, 0, &ready));
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_DUPLICATE,
			mwb_test_add(test, 0, MWB_WIRE_SEQ_MASK - 1023, 0, 0,
				     &ready));
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_OLD,
			mwb_test_add(test, 0, MWB_WIRE_SEQ_MASK - 1024, 0, 0,
				     &ready));
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_OLD,
			mwb_test_add(test, 0, half + 1, 0, 0, &ready));
	MWB_TEST_NONE(test, &ready);
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_WAITS,
			mwb_test_add(test, 0, half, 0, 0, &ready));
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
			mwb_test_add(test, 0, 0, 0, 0, &ready));
	mwb_reorder_expire(&t->ro, MWB_TEST_TIMEOUT, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 0, half);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, half - 1);
}

/* The end of the numbers is within a hole, or within what waits. */
static void mwb_test_wrap(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	u64 last = MWB_WIRE_SEQ_MASK;
	LIST_HEAD(ready);

	t->buckets[0].next = last - 1;
	mwb_test_add(test, 0, 1, 0, 0, &ready);
	mwb_test_add(test, 0, last, 0, 0, &ready);
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_DUPLICATE,
			mwb_test_add(test, 0, last, 0, 0, &ready));
	mwb_test_add(test, 0, 2, 0, 0, &ready);
	MWB_TEST_NONE(test, &ready);
	mwb_test_add(test, 0, last - 1, 0, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, last - 1, last);
	mwb_reorder_expire(&t->ro, MWB_TEST_TIMEOUT, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 1, 2);
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_DUPLICATE,
			mwb_test_add(test, 0, last, 0, 0, &ready));
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
			mwb_test_add(test, 0, 0, 0, 0, &ready));
	MWB_TEST_READY(test, &ready, 0, 0);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 1ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.late, 1ULL);
}

/* In whichever order the holes were opened, those that are hopeless go. */
static void mwb_test_horizon(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	mwb_test_add(test, 0, 1, 5000, 10, &ready);
	mwb_test_add(test, 1, 1, 4000, 20, &ready);
	mwb_test_add(test, 2, 1, 6000, 30, &ready);
	mwb_test_add(test, 1, 3, 4500, 40, &ready);
	mwb_test_add(test, 3, 7, 5500, 50, &ready);
	mwb_reorder_expire(&t->ro, 60, 0, &ready);
	mwb_reorder_expire(&t->ro, 60, 4000, &ready);
	MWB_TEST_NONE(test, &ready);
	mwb_reorder_expire(&t->ro, 60, 4001, &ready);
	MWB_TEST_READY(test, &ready, 1, 1);
	MWB_TEST_NONE(test, &ready);
	/* An earlier packet before the same hole's end may have been sent later. */
	mwb_test_add(test, 3, 5, 5800, 60, &ready);
	mwb_reorder_expire(&t->ro, 60, 5600, &ready);
	MWB_TEST_READY(test, &ready, 0, 1);
	MWB_TEST_READY(test, &ready, 1, 3);
	MWB_TEST_NONE(test, &ready);
	mwb_reorder_expire(&t->ro, 60, 5801, &ready);
	MWB_TEST_READY(test, &ready, 3, 5, 7);
	MWB_TEST_NONE(test, &ready);
	mwb_reorder_expire(&t->ro, 60, U64_MAX, &ready);
	MWB_TEST_READY(test, &ready, 2, 1);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 10ULL);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), U64_MAX);
}

/* Unordered: each number once, however far apart and in whatever order. */
static void mwb_test_note(struct kunit *test)
{
	static const struct {
		u64 seq;
		int verdict;
	} cases[] = {
		{ 0, MWB_REORDER_READY },
		{ 0, MWB_REORDER_DUPLICATE },
		{ 5, MWB_REORDER_READY },
		{ 3, MWB_REORDER_READY },
		{ 3, MWB_REORDER_DUPLICATE },
		{ 4, MWB_REORDER_READY },
		{ 5, MWB_REORDER_DUPLICATE },
		{ 1024, MWB_REORDER_READY },
		{ 1, MWB_REORDER_READY },	/* 1024 before 1025 */
		{ 0, MWB_REORDER_OLD },
		{ 1, MWB_REORDER_DUPLICATE },
		{ 4000, MWB_REORDER_READY },
		{ 1024, MWB_REORDER_OLD },
		{ 3999, MWB_REORDER_READY },
		{ 2977, MWB_REORDER_READY },
		{ 2976, MWB_REORDER_OLD },
	};
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, cases[i].verdict,
				    (int)mwb_reorder_note(&t->ro, 1,
							  cases[i].seq),
				    "step %u", i);
	KUNIT_EXPECT_EQ(test, t->ro.stats.skipped, 0ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.duplicate, 4ULL);
	KUNIT_EXPECT_EQ(test, t->ro.stats.old, 3ULL);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), U64_MAX);

	/* What waits keeps its place. */
	mwb_test_add(test, 0, 2, 0, 0, &ready);
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
			(int)mwb_reorder_note(&t->ro, 0, 7));
	mwb_test_add(test, 0, 0, 0, 0, &ready);
	mwb_test_add(test, 0, 1, 0, 0, &ready);
	MWB_TEST_READY(test, &ready, 0, 0, 1, 2);
}

static void mwb_test_flush(struct kunit *test)
{
	struct mwb_test_reorder *t = test->priv;
	LIST_HEAD(ready);

	mwb_test_add(test, 0, 0, 0, 0, &ready);
	mwb_test_add(test, 0, 9, 0, 1, &ready);
	mwb_test_add(test, 0, 4, 0, 2, &ready);
	mwb_test_add(test, 3, 2, 0, 3, &ready);
	MWB_TEST_READY(test, &ready, 0, 0);
	mwb_reorder_flush(&t->ro, &ready);
	MWB_TEST_READY(test, &ready, 0, 4, 9);
	MWB_TEST_READY(test, &ready, 3, 2);
	KUNIT_EXPECT_EQ(test, t->ro.count, 0U);
	KUNIT_EXPECT_EQ(test, mwb_reorder_deadline(&t->ro), U64_MAX);
	KUNIT_EXPECT_EQ(test, t->ro.stats.reordered, 3ULL);
	KUNIT_EXPECT_EQ(test, (int)MWB_REORDER_READY,
			mwb_test_add(test, 0, 0, 0, 0, &ready));
	MWB_TEST_READY(test, &ready, 0, 0);
}

/* The next permutation in lexical order. Return: false after the last. */
static bool mwb_test_permute(u8 *p, u32 count)
{
	u32 i, j;

	for (i = count - 1; i > 0 && p[i - 1] >= p[i]; i--)
		;
	if (!i)
		return false;
	for (j = count - 1; p[j] <= p[i - 1]; j--)
		;
	swap(p[i - 1], p[j]);
	for (j = count - 1; i < j; i++, j--)
		swap(p[i], p[j]);
	return true;
}

/**
 * struct mwb_test_setting - circumstances of a permutation
 * @base: first sequence number
 * @timeout: ns; a packet arrives every 10 ns
 * @limit: packets that may wait
 * @horizon: ns that the horizon is behind the time, 0 for none
 * @hold: release after the packet was sent, ns
 */
struct mwb_test_setting {
	u64 base;
	u64 timeout;
	u32 limit;
	u64 horizon;
	u64 hold;
};

static const char *mwb_test_run(struct mwb_model *m, const u8 *order, u32 count,
				const struct mwb_test_setting *s)
{
	const char *error;
	u64 now = 1000;
	u64 sent;
	u32 i;

	for (i = 0; i < count; i++, now += 10) {
		/* One is sent every 10 ns, and these are under way for 100. */
		sent = 900 + 10 * order[i];
		error = mwb_model_add(m, 0, order[i], sent, sent + s->hold,
				      now);
		if (!error)
			error = mwb_model_expire(m, now, s->horizon ?
						 now - s->horizon : 0);
		if (error)
			return error;
	}
	/* What was delivered comes again: it is a duplicate. */
	for (i = 0; i < count; i++, now += 10) {
		error = mwb_model_add(m, 0, order[i], 900, 0, now);
		if (error)
			return error;
	}
	error = mwb_model_expire(m, now + s->timeout + s->hold, 0);
	if (!error && m->ro.count)
		error = "keeps packets for ever";
	return error;
}

static void mwb_test_permutations(struct kunit *test)
{
	static const struct mwb_test_setting settings[] = {
		{ 0, 1000, 16, 0, 0 },
		{ BIT_ULL(48) - 3, 1000, 16, 0, 0 },
		{ BIT_ULL(47) - 3, 25, 16, 0, 0 },
		{ BIT_ULL(48) - 1, 15, 2, 0, 0 },
		{ 5, 1000, 1, 0, 0 },
		{ 5, 1000, 3, 0, 0 },
		{ 0, 1000, 16, 95, 0 },
		{ BIT_ULL(48) - 5, 45, 4, 115, 0 },
		{ 0, 1000, 16, 0, 135 },
		{ 0, 25, 3, 0, 145 },
		{ BIT_ULL(48) - 5, 45, 4, 115, 130 },
	};
	struct mwb_test_reorder *t = test->priv;
	const struct mwb_test_setting *s;
	u32 mask, count, i;
	const char *error;
	u32 runs = 0;
	u8 order[7];

	for (s = settings; s < settings + ARRAY_SIZE(settings); s++) {
		for (mask = 1; mask < 1 << 7; mask++) {
			for (i = 0, count = 0; i < 7; i++)
				if (mask & BIT(i))
					order[count++] = i;
			do {
				mwb_model_init(&t->model, s->base, s->timeout,
					       s->limit);
				error = mwb_test_run(&t->model, order, count,
						     s);
				KUNIT_ASSERT_TRUE_MSG(test, !error,
						      "%s: mask 0x%x, setting %d",
						      error, mask,
						      (int)(s - settings));
				runs++;
			} while (mwb_test_permute(order, count));
		}
	}
	/* The sum of 7! / (7 - k)! for k from 1 to 7. */
	KUNIT_EXPECT_EQ(test, runs, (u32)(13699 * ARRAY_SIZE(settings)));
}

/* ns; with the times and delays, multiples of 256 */
static const u64 mwb_test_holds[] = { 0, 5120, 25600, 1ULL << 40 };

/* Three paths of different delay and loss carry eight flows. */
static const char *mwb_test_traffic(struct mwb_model *m, u64 *random, u32 steps)
{
	static const u16 delay[] = { 0, 768, 4864 };
	s64 next[MWB_MODEL_BUCKETS] = { };
	const char *error = NULL;
	u64 now = 1 << 20;
	u32 bucket, path;
	u32 changes = 0;
	u64 hold = 0;
	s64 number;
	u64 sent;
	u32 i;

	for (i = 0; i < steps && !error; i++) {
		/* Deadlines never agree: all timeouts differ modulo 256, and
		 * the releases of two buckets modulo 16.
		 */
		now += 256 + 256 * mwb_random_below(random, 3);
		bucket = mwb_random_below(random, MWB_MODEL_BUCKETS);
		path = mwb_random_below(random, 3);
		if (!mwb_random_below(random, 1000))
			next[bucket] += mwb_random_below(random, 400);
		number = next[bucket]++ - delay[path] *
			 (s64)mwb_random_below(random, 2) / 128;
		if (!mwb_random_below(random, 50))
			number -= mwb_random_below(random, 1200);
		if (number >= MWB_MODEL_NUMBERS)
			break;
		sent = now - delay[path];
		if (mwb_random_below(random, 20))
			error = mwb_model_add(m, bucket, number, sent,
					      hold ? sent + hold + bucket + 1 :
					      0,
					      now);
		if (!error && !mwb_random_below(random, 8))
			error = mwb_model_expire(m, now, i & 512 ?
						 now - 32000 : 0);
		if (!mwb_random_below(random, 500)) {
			m->ro.timeout = 2560 * mwb_random_below(random, 40);
			m->ro.timeout += 16 + 16 * (++changes % 15);
		}
		if (!mwb_random_below(random, 500))
			hold = mwb_test_holds[mwb_random_below(random, 4)];
		if (!mwb_random_below(random, 700))
			m->ro.limit = 1 + mwb_random_below(random, 200);
	}
	if (!error && i < 2000)
		error = "ended too soon";
	return error ? error : mwb_model_flush(m);
}

static void mwb_test_random(struct kunit *test)
{
	static const u64 bases[] = {
		0, BIT_ULL(48) - 100, BIT_ULL(47) - 1000, BIT_ULL(48) - 3000,
	};
	struct mwb_test_reorder *t = test->priv;
	struct mwb_reorder_stats sum = { };
	const char *error;
	u64 random = 5;
	u32 round;

	for (round = 0; round < 20; round++) {
		mwb_model_init(&t->model, bases[round % 4], 51216, 64);
		error = mwb_test_traffic(&t->model, &random, 20000);
		KUNIT_ASSERT_TRUE_MSG(test, !error, "%s: round %u", error,
				      round);
		sum.duplicate += t->model.stats.duplicate;
		sum.old += t->model.stats.old;
		sum.late += t->model.stats.late;
		sum.reordered += t->model.stats.reordered;
		sum.held += t->model.stats.held;
		sum.skipped += t->model.stats.skipped;
		sum.forced += t->model.stats.forced;
	}
	/* All that can happen did. */
	KUNIT_EXPECT_GT(test, sum.duplicate, 1000ULL);
	KUNIT_EXPECT_GT(test, sum.old, 100ULL);
	KUNIT_EXPECT_GT(test, sum.late, 1000ULL);
	KUNIT_EXPECT_GT(test, sum.reordered, 1000ULL);
	KUNIT_EXPECT_GT(test, sum.held, 1000ULL);
	KUNIT_EXPECT_GT(test, sum.skipped, 1000ULL);
	KUNIT_EXPECT_GT(test, sum.forced, 1000ULL);
}

/* Which paths count, and the margin. */
static void mwb_test_horizon_paths(struct kunit *test)
{
	const u64 ms = 1000000;
	struct mwb_test_reorder *t = test->priv;
	struct mwb_reorder_path path[3] = {
		{ .stamp = 900 * ms, .quiet = U64_MAX },
		{ .stamp = 800 * ms, .quiet = U64_MAX, .down = true },
		{ .stamp = 700 * ms, .quiet = 1, .down = true },
	};

	t->ro.timeout = 200 * ms;
	KUNIT_EXPECT_EQ(test, mwb_reorder_horizon(&t->ro, path, 0), 0ULL);
	/* Down, but the peer still sends by it; then no longer. */
	KUNIT_EXPECT_EQ(test, mwb_reorder_horizon(&t->ro, path, 3), 680 * ms);
	path[2].quiet = 200 * ms;
	KUNIT_EXPECT_EQ(test, mwb_reorder_horizon(&t->ro, path, 3), 680 * ms);
	path[2].quiet++;
	KUNIT_EXPECT_EQ(test, mwb_reorder_horizon(&t->ro, path, 3), 880 * ms);
	/* All are silent: nothing can be said. */
	path[0].down = true;
	KUNIT_EXPECT_EQ(test, mwb_reorder_horizon(&t->ro, path, 3), 0ULL);
	/* A path that has brought nothing yet may bring anything. */
	path[1].down = false;
	path[1].stamp = 0;
	KUNIT_EXPECT_EQ(test, mwb_reorder_horizon(&t->ro, path, 3), 0ULL);

	/* Twice the most jitter of those that count, up to 20 ms. */
	path[0].down = false;
	path[1].stamp = 950 * ms;
	path[1].jitter = 3 * ms;
	path[2].jitter = 9 * ms;
	KUNIT_EXPECT_EQ(test, mwb_reorder_horizon(&t->ro, path, 3), 874 * ms);
	path[1].jitter = 500 * ms;
	KUNIT_EXPECT_EQ(test, mwb_reorder_horizon(&t->ro, path, 3), 860 * ms);
	/* Twice the longest round-trip time of those that count. */
	path[0].rtt = 30 * ms;
	path[2].rtt = 90 * ms;
	KUNIT_EXPECT_EQ(test, mwb_reorder_horizon(&t->ro, path, 3), 800 * ms);
	path[0].stamp = 100 * ms;
	KUNIT_EXPECT_EQ(test, mwb_reorder_horizon(&t->ro, path, 3), 0ULL);
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_in_order),
	KUNIT_CASE(mwb_test_deadline),
	KUNIT_CASE(mwb_test_timeout_changes),
	KUNIT_CASE(mwb_test_full),
	KUNIT_CASE(mwb_test_late),
	KUNIT_CASE(mwb_test_history),
	KUNIT_CASE(mwb_test_ahead),
	KUNIT_CASE(mwb_test_wrap),
	KUNIT_CASE(mwb_test_horizon),
	KUNIT_CASE(mwb_test_horizon_paths),
	KUNIT_CASE(mwb_test_note),
	KUNIT_CASE(mwb_test_flush),
	KUNIT_CASE(mwb_test_permutations),
	KUNIT_CASE(mwb_test_random),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-reorder",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Choice of paths: shares, paths that come and go, stability of flows, and the
 * score at the edges of its ranges.
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../core/sched.h"
#include "random.h"

#define MWB_TEST_MS 1000000ULL

/**
 * struct mwb_test_sched - what a test works on
 * @table: paths
 * @state: state of one CPU
 * @bytes: what each path was given, by index
 */
struct mwb_test_sched {
	struct mwb_sched_table table;
	struct mwb_sched_state state;
	u64 bytes[MWB_SCHED_PATHS];
};

static int mwb_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct mwb_test_sched),
				   GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

/* The paths whose bits are in @mask, with the costs of @score by index. */
static void mwb_test_table(struct mwb_test_sched *t, u32 mask, const u32 *score)
{
	struct mwb_sched_path *path;
	u32 i;

	memset(&t->table, 0, sizeof(t->table));
	for (i = 0; i < MWB_SCHED_PATHS; i++) {
		if (!(mask & BIT(i)))
			continue;
		path = &t->table.path[t->table.count++];
		path->index = i;
		path->cost = mwb_sched_cost(score ? score[i] : 100);
	}
}

static u32 mwb_test_weighted(struct mwb_test_sched *t, u32 len)
{
	const struct mwb_sched_path *path;

	path = mwb_sched_weighted(&t->table, &t->state, len);
	t->bytes[path->index] += len;
	return path->index;
}

static void mwb_test_score(struct kunit *test)
{
	static const struct {
		u32 weight;
		u64 latency;
		u32 loss;
		u32 utilisation;
		u32 score;	/* in hundredths */
	} cases[] = {
		/* weight * 100 / ms */
		{ 100, 10 * MWB_TEST_MS, 0, 0, 100000 },
		{ 1, 100 * MWB_TEST_MS, 0, 0, 100 },
		{ 50, 8 * MWB_TEST_MS, 0, 0, 62500 },
		{ 7, 300 * MWB_TEST_MS, 0, 0, 233 },
		{ 100, 7500000, 0, 0, 133333 },
		/* less than 1 ms is 1 ms, and so is nothing */
		{ 1, MWB_TEST_MS, 0, 0, 10000 },
		{ 1, MWB_TEST_MS - 1, 0, 0, 10000 },
		{ 1, MWB_TEST_MS + 1000, 0, 0, 9990 },
		{ 3, 0, 0, 0, 30000 },
		/* at least 1 before loss and utilisation */
		{ 1, 101 * MWB_TEST_MS, 0, 0, 100 },
		{ 1, U64_MAX, 0, 0, 100 },
		{ 1000, U64_MAX, 0, 0, 100 },
		{ 1, 1000 * MWB_TEST_MS, 500000, 0, 50 },
		{ 1, 1000 * MWB_TEST_MS, 500000, 500000, 25 },
		/* loss and utilisation count alike, and both together */
		{ 100, 10 * MWB_TEST_MS, 10000, 0, 99000 },
		{ 100, 10 * MWB_TEST_MS, 0, 10000, 99000 },
		{ 100, 10 * MWB_TEST_MS, 500000, 900000, 5000 },
		{ 100, 10 * MWB_TEST_MS, 1, 0, 99999 },
		/* the largest there is */
		{ 1000, 0, 0, 0, 10000000 },
		{ 1000, 0, 1, 1, 9999980 },
		{ 1000, MWB_TEST_MS, 999999, 0, 10 },
		{ 1000, MWB_TEST_MS, 999999, 999999, 1 },
		/* never nothing */
		{ 1000, 0, 1000000, 0, 1 },
		{ 1000, 0, 0, 1000000, 1 },
		{ 1, U64_MAX, 1000000, 1000000, 1 },
		{ 100, 10 * MWB_TEST_MS, U32_MAX, U32_MAX, 1 },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, cases[i].score,
				    mwb_sched_score(cases[i].weight,
						    cases[i].latency,
						    cases[i].loss,
						    cases[i].utilisation),
				    "case %u", i);
}

/* Inverse to the score: the product is the same for all, but for rounding. */
static void mwb_test_cost(struct kunit *test)
{
	u32 least = mwb_sched_cost(10000000);
	u64 product = (u64)mwb_sched_cost(1);
	u32 score;
	u64 off;

	KUNIT_EXPECT_GT(test, least, 400U);
	KUNIT_EXPECT_GT(test, mwb_sched_cost(U32_MAX), 0U);
	KUNIT_EXPECT_GT(test, mwb_sched_cost(0), 0U);
	for (score = 1; score <= 10000000; score += 1 + score / 50) {
		off = product - (u64)mwb_sched_cost(score) * score;
		KUNIT_EXPECT_LE(test, off, product / 400);
	}
}

static void mwb_test_round_robin(struct kunit *test)
{
	static const u8 order[] = { 3, 7, 15, 0, 3, 7, 15, 0, 3 };
	struct mwb_test_sched *t = test->priv;
	u32 i;

	mwb_test_table(t, BIT(0) | BIT(3) | BIT(7) | BIT(15), NULL);
	for (i = 0; i < ARRAY_SIZE(order); i++)
		KUNIT_EXPECT_EQ(test, order[i],
				mwb_sched_round_robin(&t->table,
						      &t->state)->index);
	/* The last was 3, which goes; 7 is next all the same. */
	mwb_test_table(t, BIT(0) | BIT(7) | BIT(15), NULL);
	KUNIT_EXPECT_EQ(test, 7, (int)mwb_sched_round_robin(&t->table,
							    &t->state)->index);
	mwb_test_table(t, BIT(0) | BIT(7) | BIT(8) | BIT(15), NULL);
	KUNIT_EXPECT_EQ(test, 8, (int)mwb_sched_round_robin(&t->table,
							    &t->state)->index);
	/* The next one may be the first. */
	t->state.last = 1;
	mwb_test_table(t, BIT(3) | BIT(7), NULL);
	KUNIT_EXPECT_EQ(test, 3, (int)mwb_sched_round_robin(&t->table,
							    &t->state)->index);
	mwb_test_table(t, BIT(5), NULL);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, 5,
				(int)mwb_sched_round_robin(&t->table,
							   &t->state)->index);
}

/* As many paths as there can be, equal, with nothing after them in memory. */
static void mwb_test_all(struct kunit *test)
{
	struct mwb_test_sched *t = test->priv;
	struct mwb_sched_table *table;
	u32 i;

	table = kunit_kzalloc(test, sizeof(*table), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, table);
	mwb_test_table(t, 0xffff, NULL);
	*table = t->table;
	for (i = 0; i < 160; i++)
		KUNIT_EXPECT_EQ(test, i % 16,
				(u32)mwb_sched_weighted(table, &t->state,
							1408)->index);
	for (i = 0; i < 160; i++)
		KUNIT_EXPECT_EQ(test, (i + 1) % 16,
				(u32)mwb_sched_round_robin(table,
							   &t->state)->index);
	KUNIT_EXPECT_EQ(test, 0, (int)mwb_sched_failover(table)->index);
	for (i = 0; i < 1000; i++)
		t->bytes[mwb_sched_per_flow(table, i)->index]++;
	for (i = 0; i < 16; i++)
		KUNIT_EXPECT_GT(test, t->bytes[i], 20ULL);
}

/* Bytes, not packets, are shared as the scores say, at any time and length. */
static void mwb_test_shares(struct kunit *test)
{
	static const u32 score[MWB_SCHED_PATHS] = {
		100000, 50000, 33333, 100, 1, 10000000,
	};
	struct mwb_test_sched *t = test->priv;
	u64 random = 6;
	u64 sum = 0, part, expected;
	u32 i, n, mask;
	u32 total;

	for (mask = 1; mask < 1 << 6; mask++) {
		memset(t, 0, sizeof(*t));
		mwb_test_table(t, mask, score);
		for (n = 0, total = 0; n < 6; n++)
			total += mask & BIT(n) ? score[n] : 0;
		for (n = 0, sum = 0; n < 30000; n++) {
			i = 40 + mwb_random_below(&random, 65000);
			mwb_test_weighted(t, i);
			sum += i;
		}
		for (n = 0; n < 6; n++) {
			part = t->bytes[n];
			expected = 0;
			if (mask & BIT(n))
				expected = div_u64(sum * score[n], total);
			/* Off by a packet, and by the rounding of the cost. */
			KUNIT_EXPECT_LE_MSG(test, max(part, expected) -
					    min(part, expected),
					    66000 + div_u64(expected, 300),
					    "mask 0x%x, path %u", mask, n);
			if (!(mask & BIT(n)))
				KUNIT_EXPECT_EQ(test, part, 0ULL);
		}
	}
}

/* Shares hold while the virtual time wraps: 2^64 after 4 GB at this cost. */
static void mwb_test_virtual_wrap(struct kunit *test)
{
	static const u32 score[MWB_SCHED_PATHS] = { 1, 2, 1 };
	struct mwb_test_sched *t = test->priv;
	u32 i, run = 0, last = 99;

	mwb_test_table(t, 7, score);
	for (i = 0; i < 16; i++)
		t->state.spent[i] = U64_MAX - 1000;
	t->state.present = 7;
	for (i = 0; i < 400000; i++) {
		u32 index = mwb_test_weighted(t, 65535);

		run = index == last ? run + 1 : 1;
		last = index;
		KUNIT_ASSERT_LE(test, run, 2U);
	}
	KUNIT_EXPECT_LT(test, t->bytes[1] - 2 * t->bytes[0], 2 * 65535ULL);
	KUNIT_EXPECT_EQ(test, t->bytes[0], t->bytes[2]);
}

/* A path that was away gets neither a burst nor a penalty when it is back. */
static void mwb_test_comes_back(struct kunit *test)
{
	static const u32 away[] = { 1, 7, 1000, 300000 };
	static const u32 score[MWB_SCHED_PATHS] = { 300, 300, 300 };
	struct mwb_test_sched *t = test->priv;
	u32 i, n;

	for (n = 0; n < ARRAY_SIZE(away); n++) {
		mwb_test_table(t, 7, score);
		for (i = 0; i < 30; i++)
			mwb_test_weighted(t, 1400);
		mwb_test_table(t, 3, score);
		for (i = 0; i < away[n]; i++)
			KUNIT_EXPECT_LT(test, mwb_test_weighted(t, 65000), 2U);
		memset(t->bytes, 0, sizeof(t->bytes));
		mwb_test_table(t, 7, score);
		for (i = 0; i < 300; i++)
			mwb_test_weighted(t, 65000);
		for (i = 0; i < 3; i++) {
			KUNIT_EXPECT_GE_MSG(test, t->bytes[i], 99 * 65000ULL,
					    "away %u, path %u", away[n], i);
			KUNIT_EXPECT_LE_MSG(test, t->bytes[i], 101 * 65000ULL,
					    "away %u, path %u", away[n], i);
		}
	}
}

/* One path is replaced by others altogether. */
static void mwb_test_all_new(struct kunit *test)
{
	struct mwb_test_sched *t = test->priv;
	u32 i;

	mwb_test_table(t, 1, NULL);
	for (i = 0; i < 1000; i++)
		KUNIT_EXPECT_EQ(test, 0U, mwb_test_weighted(t, 1400));
	mwb_test_table(t, BIT(4) | BIT(9), NULL);
	for (i = 0; i < 1000; i++)
		KUNIT_EXPECT_EQ(test, i % 2 ? 9U : 4U,
				mwb_test_weighted(t, 1400));
	mwb_test_table(t, BIT(0) | BIT(4), NULL);
	memset(t->bytes, 0, sizeof(t->bytes));
	for (i = 0; i < 1000; i++)
		mwb_test_weighted(t, 1400);
	KUNIT_EXPECT_EQ(test, t->bytes[0], t->bytes[4]);

	/* What they spent in other company does not count any more. */
	mwb_test_table(t, BIT(7), NULL);
	mwb_test_weighted(t, 1400);
	mwb_test_table(t, BIT(4) | BIT(9), NULL);
	for (i = 0; i < 1000; i++)
		KUNIT_EXPECT_EQ(test, i % 2 ? 9U : 4U,
				mwb_test_weighted(t, 1400));
}

/* Only the flows of the path that goes move, and they come back with it. */
static void mwb_test_flows_stay(struct kunit *test)
{
	struct mwb_test_sched *t = test->priv;
	struct mwb_sched_table full;
	u64 random = 7;
	u32 hash, before, after, gone, n;

	mwb_test_table(t, 0xf1f3, NULL);
	full = t->table;
	for (n = 0; n < 50000; n++) {
		hash = n & 1 ? mwb_random(&random) : n;
		before = mwb_sched_per_flow(&full, hash)->index;
		KUNIT_EXPECT_TRUE(test, 0xf1f3 & BIT(before));
		gone = mwb_random_below(&random, MWB_SCHED_PATHS);
		mwb_test_table(t, 0xf1f3 & ~BIT(gone), NULL);
		after = mwb_sched_per_flow(&t->table, hash)->index;
		if (gone == before)
			KUNIT_EXPECT_NE(test, before, after);
		else
			KUNIT_EXPECT_EQ(test, before, after);
	}
}

/* Every path gets its share of flows, those of one that goes go everywhere. */
static void mwb_test_flows_spread(struct kunit *test)
{
	static const u32 step[] = { 1, 2, 256, 65536, 1 << 24, 2654435769U };
	struct mwb_test_sched *t = test->priv;
	struct mwb_sched_table fewer[5];
	u32 i, n, first, second, hash;
	u32 count[5][5];

	for (i = 0; i < 5; i++) {
		mwb_test_table(t, 0x1f & ~BIT(i), NULL);
		fewer[i] = t->table;
	}
	mwb_test_table(t, 0x1f, NULL);
	for (i = 0; i < ARRAY_SIZE(step); i++) {
		memset(count, 0, sizeof(count));
		for (n = 0, hash = 0; n < 20000; n++, hash += step[i]) {
			/* A step of 2^24 has 256 values: enough of another. */
			if (step[i] == 1 << 24)
				hash += n >> 8 << 4;
			first = mwb_sched_per_flow(&t->table, hash)->index;
			second = mwb_sched_per_flow(&fewer[first], hash)->index;
			count[first][second]++;
		}
		/* 20 pairs of 1000 each; the deviation to expect is 31. */
		for (n = 0; n < 25; n++) {
			first = n / 5;
			second = n % 5;
			if (first == second)
				continue;
			KUNIT_EXPECT_GE_MSG(test, count[first][second], 700U,
					    "step %u, %u to %u", step[i],
					    first, second);
			KUNIT_EXPECT_LE_MSG(test, count[first][second], 1300U,
					    "step %u, %u to %u", step[i],
					    first, second);
		}
	}
}

static void mwb_test_failover(struct kunit *test)
{
	struct mwb_test_sched *t = test->priv;

	mwb_test_table(t, BIT(1) | BIT(2) | BIT(6), NULL);
	t->table.path[0].priority = 100;
	t->table.path[1].priority = 50;
	t->table.path[2].priority = 50;
	KUNIT_EXPECT_EQ(test, 2, (int)mwb_sched_failover(&t->table)->index);
	t->table.path[2].priority = 0;
	KUNIT_EXPECT_EQ(test, 6, (int)mwb_sched_failover(&t->table)->index);
	t->table.path[0].priority = 255;
	t->table.path[1].priority = 255;
	t->table.path[2].priority = 255;
	KUNIT_EXPECT_EQ(test, 1, (int)mwb_sched_failover(&t->table)->index);
	mwb_test_table(t, BIT(15), NULL);
	KUNIT_EXPECT_EQ(test, 15, (int)mwb_sched_failover(&t->table)->index);
}

static u32 mwb_test_least_used(struct mwb_test_sched *t, u32 len)
{
	const struct mwb_sched_path *path;

	path = mwb_sched_least_used(&t->table, &t->state, len);
	t->bytes[path->index] += len;
	return path->index;
}

/* Measurements that are over: another utilisation for all. */
static void mwb_test_measured(struct mwb_test_sched *t, const u32 *utilisation)
{
	struct mwb_sched_path *path = t->table.path;

	for (; path < t->table.path + t->table.count; path++) {
		path->utilisation = utilisation[path->index];
		path->window++;
	}
}

static void mwb_test_fill(struct kunit *test)
{
	/* 10^6 * 2^16 for what the rate allows in 100 ms */
	static const struct {
		u64 rate;
		u32 fill;
	} cases[] = {
		{ 0, 0 },
		{ 1, U32_MAX },
		{ 10, U32_MAX },
		{ 160, 4096000000U },
		{ 1250000, 524288 },
		{ 125000000, 5242 },
		{ 12500000000ULL, 52 },
		{ 655360000000ULL, 1 },
		{ U64_MAX, 1 },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, cases[i].fill,
				    mwb_sched_fill(cases[i].rate), "case %u",
				    i);
}

/* The lowest utilisation counts; those without a rate take turns. */
static void mwb_test_least_used_order(struct kunit *test)
{
	static const u32 idle[MWB_SCHED_PATHS] = {};
	static const u32 busy[MWB_SCHED_PATHS] = {
		700000, 300000, 0, 300001, 300000,
	};
	static const u8 order[] = { 1, 3, 4, 0, 1, 3, 4, 0 };
	struct mwb_test_sched *t = test->priv;
	u32 i;

	mwb_test_table(t, BIT(0) | BIT(1) | BIT(3) | BIT(4), NULL);
	mwb_test_measured(t, idle);
	for (i = 0; i < ARRAY_SIZE(order); i++)
		KUNIT_EXPECT_EQ(test, (u32)order[i],
				mwb_test_least_used(t, 1400));
	mwb_test_measured(t, busy);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, i % 2 ? 4U : 1U,
				mwb_test_least_used(t, 65000));
	/* One that is full is used all the same if it is the only one. */
	mwb_test_table(t, BIT(0), NULL);
	t->table.path[0].utilisation = 1000000;
	t->table.path[0].fill = U32_MAX;
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, 0U, mwb_test_least_used(t, 65535));
}

/*
 * What is sent counts at once, so that between two measurements not all goes to
 * one path: those of unequal rates are level, whatever the last figure was.
 */
static void mwb_test_least_used_level(struct kunit *test)
{
	static const u32 busy[MWB_SCHED_PATHS] = { 400000, 0 };
	static const u32 idle[MWB_SCHED_PATHS] = {};
	struct mwb_test_sched *t = test->priv;
	u32 i;

	mwb_test_table(t, BIT(0) | BIT(1), NULL);
	t->table.path[0].fill = mwb_sched_fill(1250000);
	t->table.path[1].fill = mwb_sched_fill(5000000);
	mwb_test_measured(t, idle);
	for (i = 0; i < 100; i++)
		mwb_test_least_used(t, 1250);
	KUNIT_EXPECT_EQ(test, t->bytes[0], 20 * 1250ULL);
	KUNIT_EXPECT_EQ(test, t->bytes[1], 80 * 1250ULL);

	/* 40 % of 100 ms on the second are 200 kB, then 1 : 4. */
	memset(t->bytes, 0, sizeof(t->bytes));
	mwb_test_measured(t, busy);
	for (i = 0; i < 160; i++)
		KUNIT_EXPECT_EQ(test, 1U, mwb_test_least_used(t, 1250));
	for (i = 0; i < 100; i++)
		mwb_test_least_used(t, 1250);
	KUNIT_EXPECT_EQ(test, t->bytes[0], 20 * 1250ULL);
	KUNIT_EXPECT_EQ(test, t->bytes[1], 240 * 1250ULL);

	/* What was sent before a measurement is part of it. */
	mwb_test_measured(t, busy);
	for (i = 0; i < 160; i++)
		KUNIT_EXPECT_EQ(test, 1U, mwb_test_least_used(t, 1250));
}

static void mwb_test_least_latency(struct kunit *test)
{
	struct mwb_test_sched *t = test->priv;

	mwb_test_table(t, BIT(1) | BIT(2) | BIT(6), NULL);
	t->table.path[0].latency = 30 * MWB_TEST_MS;
	t->table.path[1].latency = 20 * MWB_TEST_MS;
	t->table.path[2].latency = 20 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 2,
			(int)mwb_sched_least_latency(&t->table)->index);
	t->table.path[2].latency--;
	KUNIT_EXPECT_EQ(test, 6,
			(int)mwb_sched_least_latency(&t->table)->index);
	t->table.path[0].latency = 0;
	t->table.path[1].latency = U64_MAX;
	KUNIT_EXPECT_EQ(test, 1,
			(int)mwb_sched_least_latency(&t->table)->index);
}

/* Path 0 has the lowest latency, 1 the lowest utilisation, 2 the best score. */
static void mwb_test_adaptive(struct kunit *test)
{
	static const u32 score[MWB_SCHED_PATHS] = { 1, 1, 10000000 };
	static const u32 busy[MWB_SCHED_PATHS] = { 2, 1, 3 };
	static const struct {
		u8 priority;
		u8 index;
	} cases[] = {
		{ 0, 1 }, { 49, 1 }, { 50, 2 }, { 128, 2 }, { 200, 2 },
		{ 201, 0 }, { 255, 0 },
	};
	struct mwb_test_sched *t = test->priv;
	const struct mwb_sched_path *path;
	u32 i;

	mwb_test_table(t, BIT(0) | BIT(1) | BIT(2), score);
	mwb_test_measured(t, busy);
	t->table.path[1].latency = 2;
	t->table.path[2].latency = 1;
	/* Each path has its first packet. */
	for (i = 0; i < 3; i++)
		mwb_sched_weighted(&t->table, &t->state, 1);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		path = mwb_sched_adaptive(&t->table, &t->state, 1,
					  cases[i].priority);
		KUNIT_EXPECT_EQ_MSG(test, (u32)cases[i].index,
				    (u32)path->index, "priority %u",
				    cases[i].priority);
	}
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_score),
	KUNIT_CASE(mwb_test_cost),
	KUNIT_CASE(mwb_test_round_robin),
	KUNIT_CASE(mwb_test_all),
	KUNIT_CASE(mwb_test_shares),
	KUNIT_CASE(mwb_test_virtual_wrap),
	KUNIT_CASE(mwb_test_comes_back),
	KUNIT_CASE(mwb_test_all_new),
	KUNIT_CASE(mwb_test_flows_stay),
	KUNIT_CASE(mwb_test_flows_spread),
	KUNIT_CASE(mwb_test_failover),
	KUNIT_CASE(mwb_test_fill),
	KUNIT_CASE(mwb_test_least_used_order),
	KUNIT_CASE(mwb_test_least_used_level),
	KUNIT_CASE(mwb_test_least_latency),
	KUNIT_CASE(mwb_test_adaptive),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-sched",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

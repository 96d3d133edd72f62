// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hold: which paths are inside, how long it is, and how it follows them.
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../core/hold.h"
#include "random.h"

#define MWB_TEST_MS 1000000ULL
#define MWB_TEST_BUDGET (40 * MWB_TEST_MS)
#define MWB_TEST_RTT (10 * MWB_TEST_MS)

/**
 * struct mwb_test_hold - what a test works on
 * @h: hold
 * @path: paths; sorted anew for each update from @is
 * @is: the same as they were set
 * @count: of them
 * @now: present time, ns
 */
struct mwb_test_hold {
	struct mwb_hold h;
	struct mwb_hold_path path[MWB_SCHED_PATHS];
	struct mwb_hold_path is[MWB_SCHED_PATHS];
	u32 count;
	u64 now;
};

static int mwb_test_init(struct kunit *test)
{
	struct mwb_test_hold *t;

	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	t->now = 5000 * MWB_TEST_MS;
	test->priv = t;
	return 0;
}

/* One more path, clean, with a target of 4 ms and 1 ms of jitter. */
static struct mwb_hold_path *mwb_test_path(struct mwb_test_hold *t, u64 base,
					   u64 rate)
{
	struct mwb_hold_path *path = &t->is[t->count];

	path->base = base;
	path->rate = rate;
	path->target = 4 * MWB_TEST_MS;
	path->jitter = MWB_TEST_MS;
	path->loss = 0;
	path->index = t->count++;
	path->known = true;
	path->proved = true;
	return path;
}

static u64 mwb_test_update(struct mwb_test_hold *t)
{
	memcpy(t->path, t->is, sizeof(t->path));
	mwb_hold_update(&t->h, t->path, t->count, MWB_TEST_BUDGET,
			MWB_TEST_RTT, t->now);
	return t->h.hold;
}

static void mwb_test_none(struct kunit *test)
{
	struct mwb_test_hold *t = test->priv;

	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_update(t));
	KUNIT_EXPECT_EQ(test, 0U, (u32)t->h.inside);
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.rate);
}

/* Base + 1.5 target + jitter, of the path that needs most. */
static void mwb_test_length(struct kunit *test)
{
	struct mwb_test_hold *t = test->priv;

	mwb_test_path(t, 0, 6000000);
	mwb_test_path(t, 15 * MWB_TEST_MS, 4000000);
	KUNIT_EXPECT_EQ(test, 22 * MWB_TEST_MS, mwb_test_update(t));
	KUNIT_EXPECT_EQ(test, 3U, (u32)t->h.inside);
	KUNIT_EXPECT_EQ(test, 10000000ULL, t->h.rate);
	/* The fastest path may need most. */
	t->is[0].target = 20 * MWB_TEST_MS;
	t->is[0].jitter = 3 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 33 * MWB_TEST_MS, mwb_test_update(t));
	/* As much as the field of the wire format holds. */
	t->is[0].jitter = 2000 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 1000 * MWB_TEST_MS, mwb_test_update(t));
}

/* A base delay beyond the budget is outside, as is one that is not known. */
static void mwb_test_budget(struct kunit *test)
{
	struct mwb_test_hold *t = test->priv;

	mwb_test_path(t, 0, 6000000);
	mwb_test_path(t, MWB_TEST_BUDGET, 4000000);
	mwb_test_path(t, MWB_TEST_BUDGET + 1, 9000000);
	mwb_test_path(t, 10 * MWB_TEST_MS, 1000000)->known = false;
	KUNIT_EXPECT_EQ(test, 47 * MWB_TEST_MS, mwb_test_update(t));
	KUNIT_EXPECT_EQ(test, 3U, (u32)t->h.inside);
	KUNIT_EXPECT_EQ(test, 10000000ULL, t->h.rate);
	/* Margins do not count: a path with a queue stays inside. */
	t->is[1].target = 20 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 71 * MWB_TEST_MS, mwb_test_update(t));
	KUNIT_EXPECT_EQ(test, 3U, (u32)t->h.inside);
	t->is[3].known = true;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, BIT(0) | BIT(1) | BIT(3),
			(unsigned long)t->h.inside);
	/* No path at all is known: nothing is held. */
	t->h.hold = 0;
	t->is[0].known = false;
	t->is[1].known = false;
	t->is[2].known = false;
	t->is[3].known = false;
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_update(t));
	KUNIT_EXPECT_EQ(test, 0U, (u32)t->h.inside);
}

/* A path beyond the budget that carries far more than all within: a flow would
 * be better off on that alone.
 */
static void mwb_test_slow_but_large(struct kunit *test)
{
	struct mwb_test_hold *t = test->priv;

	mwb_test_path(t, 0, 1000000);
	mwb_test_path(t, 10 * MWB_TEST_MS, 2000000);
	mwb_test_path(t, 110 * MWB_TEST_MS, 1000000);
	mwb_test_path(t, 120 * MWB_TEST_MS, 3750000);
	mwb_test_path(t, 130 * MWB_TEST_MS, 3749999);
	KUNIT_EXPECT_EQ(test, 17 * MWB_TEST_MS, mwb_test_update(t));
	KUNIT_EXPECT_EQ(test, 3U, (u32)t->h.inside);
	t->is[3].rate = 3750002;
	KUNIT_EXPECT_EQ(test, 127 * MWB_TEST_MS, mwb_test_update(t));
	KUNIT_EXPECT_EQ(test, 15U, (u32)t->h.inside);
	KUNIT_EXPECT_EQ(test, 7750002ULL, t->h.rate);
	/* It stays until the others carry as much. */
	t->is[4].rate = 0;
	t->is[3].rate = 3000001;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 15U, (u32)t->h.inside);
	t->is[3].rate = 3000000;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 3U, (u32)t->h.inside);
	/* The only path that there is. */
	t->is[0].known = false;
	t->is[1].known = false;
	t->is[2].known = false;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 8U, (u32)t->h.inside);
}

/* What it has not carried yet is less than a promise. */
static void mwb_test_slow_and_new(struct kunit *test)
{
	struct mwb_test_hold *t = test->priv;

	mwb_test_path(t, 0, 4000000);
	mwb_test_path(t, 120 * MWB_TEST_MS, 10000000)->proved = false;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 1U, (u32)t->h.inside);
	t->is[1].rate = 10000003;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 3U, (u32)t->h.inside);
	t->is[1].rate = 4000001;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 3U, (u32)t->h.inside);
	t->is[1].rate = 4000000;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 1U, (u32)t->h.inside);
	t->is[1].rate = 6000000;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 1U, (u32)t->h.inside);
	t->is[1].proved = true;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 3U, (u32)t->h.inside);
}

/* Where packets are lost, the time of a repair is added. */
static void mwb_test_loss(struct kunit *test)
{
	struct mwb_test_hold *t = test->priv;

	mwb_test_path(t, 0, 6000000);
	mwb_test_path(t, 15 * MWB_TEST_MS, 4000000);
	t->is[1].rate = 40000000;
	t->is[1].loss = 999;
	KUNIT_EXPECT_EQ(test, 22 * MWB_TEST_MS, mwb_test_update(t));
	t->is[1].loss = 1000;
	KUNIT_EXPECT_EQ(test, 37 * MWB_TEST_MS, mwb_test_update(t));
	/* It stays until there is half as much. */
	t->is[1].loss = 500;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 2U, (u32)t->h.lossy);
	t->is[1].loss = 499;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 0U, (u32)t->h.lossy);
	/* 1000 packets a second, of which one in 150 waits for 15 ms */
	t->is[1].rate = 1500000;
	t->is[1].loss = 6666;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 0U, (u32)t->h.lossy);
	t->is[1].loss = 6667;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 2U, (u32)t->h.lossy);
	t->is[1].loss = 2000;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 2U, (u32)t->h.lossy);
	t->is[1].loss = 1999;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 0U, (u32)t->h.lossy);
	t->is[1].rate = 4000000;
	/* Of the path that needs most with it. */
	memset(&t->h, 0, sizeof(t->h));
	t->is[0].loss = 5000;
	t->is[1].loss = 0;
	KUNIT_EXPECT_EQ(test, 22 * MWB_TEST_MS, mwb_test_update(t));
	t->is[0].jitter = 2 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 23 * MWB_TEST_MS, mwb_test_update(t));
}

/* One path keeps its order by itself, but for what is repaired. */
static void mwb_test_single(struct kunit *test)
{
	struct mwb_test_hold *t = test->priv;

	mwb_test_path(t, 0, 6000000);
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_update(t));
	KUNIT_EXPECT_EQ(test, 1U, (u32)t->h.inside);
	KUNIT_EXPECT_EQ(test, 6000000ULL, t->h.rate);
	/* The other is outside: the same. */
	mwb_test_path(t, 300 * MWB_TEST_MS, 6000000);
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_update(t));
	t->is[0].loss = 10000;
	KUNIT_EXPECT_EQ(test, 22 * MWB_TEST_MS, mwb_test_update(t));
	KUNIT_EXPECT_EQ(test, 1U, (u32)t->h.inside);
}

/* A path with loss comes in at 15 % of the sum, and leaves below 10 %. */
static void mwb_test_share(struct kunit *test)
{
	struct mwb_test_hold *t = test->priv;

	mwb_test_path(t, 0, 8500000);
	mwb_test_path(t, 15 * MWB_TEST_MS, 1499999)->loss = 2000;
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_update(t));
	KUNIT_EXPECT_EQ(test, 1U, (u32)t->h.inside);
	KUNIT_EXPECT_EQ(test, 8500000ULL, t->h.rate);
	t->is[1].rate = 1500000;
	KUNIT_EXPECT_EQ(test, 22 * MWB_TEST_MS, mwb_test_update(t));
	KUNIT_EXPECT_EQ(test, 3U, (u32)t->h.inside);
	t->is[1].rate = 1000000;
	t->is[0].rate = 9000000;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 3U, (u32)t->h.inside);
	t->is[1].rate = 999999;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 1U, (u32)t->h.inside);
	t->is[1].rate = 1400000;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 1U, (u32)t->h.inside);
	/* A clean one is worth it however little it carries. */
	t->is[1].rate = 1;
	t->is[1].loss = 999;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 3U, (u32)t->h.inside);
	/* So is the fastest. */
	t->is[1].loss = 2000;
	t->is[1].base = 0;
	t->is[0].base = 1;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 1U, (u32)t->h.inside);
	/* Paths beyond the budget do not count in the sum. */
	t->is[1].rate = 1600000;
	mwb_test_path(t, 300 * MWB_TEST_MS, 9000000);
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 3U, (u32)t->h.inside);
}

/* Where none is worth it, all are: there is no other. */
static void mwb_test_all_little(struct kunit *test)
{
	struct mwb_test_hold *t = test->priv;
	u32 i;

	for (i = 0; i < 10; i++)
		mwb_test_path(t, i * MWB_TEST_MS, 1000000)->loss = 2000;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 1023U, (u32)t->h.inside);
}

/* Raised at once; lowered slowly, once it has been long enough for 1 s. */
static void mwb_test_follows(struct kunit *test)
{
	struct mwb_test_hold *t = test->priv;
	u64 hold, raised;
	u32 i;

	mwb_test_path(t, 0, 6000000);
	mwb_test_path(t, 15 * MWB_TEST_MS, 4000000);
	mwb_test_update(t);
	t->now += MWB_TEST_MS;
	t->is[1].base = 33 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 40 * MWB_TEST_MS, mwb_test_update(t));
	raised = t->now;
	t->is[1].base = 13 * MWB_TEST_MS;
	for (; t->now < raised + 1000 * MWB_TEST_MS; t->now += 10 * MWB_TEST_MS)
		KUNIT_EXPECT_EQ(test, 40 * MWB_TEST_MS, mwb_test_update(t));
	hold = mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 40 * MWB_TEST_MS, hold);
	for (i = 0; i < 20; i++) {
		t->now += 10 * MWB_TEST_MS;
		hold -= hold / 100 + 1;
		KUNIT_EXPECT_EQ(test, hold, mwb_test_update(t));
	}
	/* 0.99^69 = 1/2 */
	for (i = 0; i < 48; i++) {
		t->now += 10 * MWB_TEST_MS;
		KUNIT_EXPECT_GT(test, mwb_test_update(t), 20 * MWB_TEST_MS);
	}
	t->now += 10 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 20 * MWB_TEST_MS, mwb_test_update(t));
	for (i = 0; i < 100; i++) {
		t->now += 10 * MWB_TEST_MS;
		KUNIT_EXPECT_EQ(test, 20 * MWB_TEST_MS, mwb_test_update(t));
	}
}

/* As slowly after it was steady for long, and whenever it is updated. */
static void mwb_test_steady(struct kunit *test)
{
	static const u64 interval[] = { 1, 3, 10, 16, 25 };
	struct mwb_test_hold *t = test->priv;
	u64 before, since;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(interval); i++) {
		memset(&t->h, 0, sizeof(t->h));
		t->count = 0;
		mwb_test_path(t, 0, 6000000);
		mwb_test_path(t, 33 * MWB_TEST_MS, 4000000);
		mwb_test_update(t);
		for (since = t->now; t->now < since + 9000 * MWB_TEST_MS;
		     t->now += interval[i] * MWB_TEST_MS)
			mwb_test_update(t);
		t->is[1].base = 3 * MWB_TEST_MS;
		for (since = t->now; t->now < since + 690 * MWB_TEST_MS;
		     t->now += interval[i] * MWB_TEST_MS) {
			before = t->h.hold;
			KUNIT_EXPECT_LE_MSG(test, before,
					    mwb_test_update(t) + before / 33,
					    "interval %u ms", (u32)interval[i]);
		}
		/* Half of 40 ms */
		KUNIT_EXPECT_GE_MSG(test, t->h.hold, 19 * MWB_TEST_MS,
				    "interval %u ms", (u32)interval[i]);
		KUNIT_EXPECT_LE_MSG(test, t->h.hold, 21 * MWB_TEST_MS,
				    "interval %u ms", (u32)interval[i]);
	}
}

/* Nothing is left of it where none is needed, and it may rise meanwhile. */
static void mwb_test_to_nothing(struct kunit *test)
{
	struct mwb_test_hold *t = test->priv;
	u32 i;

	mwb_test_path(t, 0, 6000000);
	mwb_test_path(t, 33 * MWB_TEST_MS, 4000000);
	mwb_test_update(t);
	t->count = 1;
	for (i = 0; i < 150; i++) {
		t->now += 10 * MWB_TEST_MS;
		mwb_test_update(t);
	}
	KUNIT_EXPECT_LE(test, t->h.hold, 30 * MWB_TEST_MS);
	t->count = 2;
	KUNIT_EXPECT_EQ(test, 40 * MWB_TEST_MS, mwb_test_update(t));
	t->count = 1;
	for (i = 0; i < 99; i++) {
		t->now += 10 * MWB_TEST_MS;
		KUNIT_EXPECT_EQ(test, 40 * MWB_TEST_MS, mwb_test_update(t));
	}
	for (i = 0; i < 2000; i++) {
		t->now += 10 * MWB_TEST_MS;
		mwb_test_update(t);
	}
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.hold);
}

/* By rising base delay; those that are equal stay as they were. */
static void mwb_test_sort(struct kunit *test)
{
	struct mwb_test_hold *t = test->priv;
	u64 random = 21;
	u32 n, i;

	for (n = 0; n < 1000; n++) {
		u32 count = mwb_random_below(&random, MWB_SCHED_PATHS + 1);
		u16 all = 0;

		t->count = 0;
		while (t->count < count)
			mwb_test_path(t, mwb_random_below(&random, 8), 1000);
		mwb_test_update(t);
		for (i = 0; i < count; i++) {
			const struct mwb_hold_path *path = &t->path[i];

			all |= BIT(path->index);
			KUNIT_EXPECT_EQ(test, t->is[path->index].base,
					path->base);
			if (!i)
				continue;
			KUNIT_EXPECT_LE(test, path[-1].base, path->base);
			if (path[-1].base == path->base)
				KUNIT_EXPECT_LT(test, path[-1].index,
						path->index);
		}
		KUNIT_EXPECT_EQ(test, BIT(count) - 1, (unsigned long)all);
		KUNIT_EXPECT_EQ(test, all, t->h.inside);
		KUNIT_EXPECT_EQ(test, 1000ULL * count, t->h.rate);
	}
}

/* One that comes and goes is inside only where that costs the others nothing. */
static void mwb_test_unsteady(struct kunit *test)
{
	struct mwb_test_hold *t = test->priv;

	mwb_test_path(t, 0, 6000000);
	mwb_test_path(t, 15 * MWB_TEST_MS, 4000000)->unsteady = true;
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_update(t));
	KUNIT_EXPECT_EQ(test, BIT(0), (unsigned long)t->h.inside);
	/* The fastest */
	t->is[0].unsteady = true;
	t->is[1].unsteady = false;
	KUNIT_EXPECT_EQ(test, 22 * MWB_TEST_MS, mwb_test_update(t));
	/* None is better. */
	t->is[0].base = MWB_TEST_MS;
	t->is[1].unsteady = true;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 3UL, (unsigned long)t->h.inside);
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_none),
	KUNIT_CASE(mwb_test_length),
	KUNIT_CASE(mwb_test_budget),
	KUNIT_CASE(mwb_test_slow_but_large),
	KUNIT_CASE(mwb_test_slow_and_new),
	KUNIT_CASE(mwb_test_loss),
	KUNIT_CASE(mwb_test_single),
	KUNIT_CASE(mwb_test_share),
	KUNIT_CASE(mwb_test_all_little),
	KUNIT_CASE(mwb_test_follows),
	KUNIT_CASE(mwb_test_steady),
	KUNIT_CASE(mwb_test_to_nothing),
	KUNIT_CASE(mwb_test_sort),
	KUNIT_CASE(mwb_test_unsteady),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-hold",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both ends of paths that a rate controller fills: it sends so that the queue
 * stays as long as the receiver says that it is, which is right only if the
 * receiver knows how fast the sender's clock is.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/slab.h>

#include "delay_net.h"

#define MWB_TEST_AIM (4 * MWB_TEST_MS)
#define MWB_TEST_STEP (100 * MWB_TEST_MS)

enum { MWB_TEST_ENDS = 2 };

static int mwb_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, MWB_TEST_ENDS *
				   sizeof(struct mwb_test_net), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

/* Two paths each way; the clocks are @drift apart. */
static void mwb_test_ends(struct mwb_test_net *end, s64 drift)
{
	u32 i, k;

	for (i = 0; i < MWB_TEST_ENDS; i++) {
		mwb_test_net_init(&end[i], i);
		end[i].drift = i ? -drift : drift;
		for (k = 0; k < 2; k++) {
			end[i].path[k].base = (5 + 10 * k) * MWB_TEST_MS;
			end[i].path[k].jitter = MWB_TEST_MS / 2;
			end[i].path[k].interval = 10 * MWB_TEST_MS;
		}
	}
}

static void mwb_test_fill(struct mwb_test_net *n)
{
	struct mwb_test_path *p;
	s64 standing;
	u32 i;

	for (i = 0; i < 2; i++) {
		p = &n->path[i];
		if (!p->d.filled)
			continue;
		standing = p->standing + MWB_TEST_AIM - p->d.queue;
		p->standing = max(standing, 0LL);
	}
}

static void mwb_test_tell(struct mwb_test_net *n, const struct mwb_clock *peer)
{
	mwb_clock_peer(&n->c, peer->slope, peer->slope_error, n->now);
}

/* @tell: each end is told what the other has measured */
static void mwb_test_pass(struct mwb_test_net *end, u64 time, bool tell)
{
	u32 i;

	for (; time; time -= MWB_TEST_STEP) {
		for (i = 0; i < MWB_TEST_ENDS; i++) {
			mwb_test_run(&end[i], MWB_TEST_STEP);
			mwb_test_fill(&end[i]);
		}
		if (!tell)
			continue;
		mwb_test_tell(&end[0], &end[1].c);
		mwb_test_tell(&end[1], &end[0].c);
	}
}

static void mwb_test_load(struct mwb_test_net *n)
{
	u32 i;

	for (i = 0; i < 2; i++) {
		n->path[i].d.filled = true;
		n->path[i].standing = MWB_TEST_AIM;
	}
}

/* The queues of @n are emptied, as a controller does now and then. */
static void mwb_test_drain(struct mwb_test_net *n)
{
	n->path[0].standing = 0;
	n->path[1].standing = 0;
	mwb_test_run(n, MWB_TEST_STEP);
}

/* One direction is filled from the first second on, for ten minutes. */
static void mwb_test_one_way(struct kunit *test)
{
	struct mwb_test_net *end = test->priv;
	u32 i, k;

	for (i = 0; i < 3; i++) {
		mwb_test_ends(end, 100000 * (s64)i - 100000);
		mwb_test_pass(end, MWB_TEST_S, true);
		mwb_test_load(&end[0]);
		for (k = 0; k < 20; k++) {
			mwb_test_pass(end, 30 * MWB_TEST_S, true);
			KUNIT_EXPECT_LE(test, end[0].path[0].standing,
					MWB_TEST_AIM + 2 * MWB_TEST_MS);
			KUNIT_EXPECT_LE(test, end[0].path[1].standing,
					MWB_TEST_AIM + 2 * MWB_TEST_MS);
			mwb_test_drain(&end[0]);
		}
		KUNIT_EXPECT_LE(test, end[0].drift_error, 2000ULL);
	}
}

/* Both, after half a minute of rest. */
static void mwb_test_both_ways(struct kunit *test)
{
	struct mwb_test_net *end = test->priv;
	u32 i;

	mwb_test_ends(end, 100000);
	mwb_test_pass(end, 30 * MWB_TEST_S, true);
	mwb_test_load(&end[0]);
	mwb_test_load(&end[1]);
	mwb_test_pass(end, 50 * MWB_TEST_S, true);
	for (i = 0; i < MWB_TEST_ENDS; i++)
		KUNIT_EXPECT_LE(test, end[i].path[0].standing,
				MWB_TEST_AIM + 2 * MWB_TEST_MS);
}

/* What has been told already does not count again, nor what is not known. */
static void mwb_test_told(struct kunit *test)
{
	struct mwb_test_net *end = test->priv;
	struct mwb_clock *c = &end->c;
	s32 drift;
	u32 i;

	mwb_test_ends(end, 0);
	mwb_clock_peer(c, 0, 0, end->now);
	KUNIT_EXPECT_EQ(test, c->drift, 0);
	mwb_clock_peer(c, -100000, 200000, end->now);
	drift = c->drift;
	KUNIT_EXPECT_GT(test, drift, 10000);
	KUNIT_EXPECT_LT(test, drift, 90000);
	for (i = 0; i < 10; i++)
		mwb_clock_peer(c, -100000, 200000, end->now + i);
	KUNIT_EXPECT_EQ(test, c->drift, drift);
	/* One that is less certain than what is known does not count. */
	mwb_clock_peer(c, 50000, 10000, end->now);
	drift = c->drift;
	KUNIT_EXPECT_LT(test, drift, -40000);
	mwb_clock_peer(c, 300000, 20000, end->now);
	KUNIT_EXPECT_EQ(test, c->drift, drift);
}

/* A filled path by itself makes no drift of its queue. */
static void mwb_test_doubt(struct kunit *test)
{
	struct mwb_test_net *end = test->priv;

	mwb_test_ends(end, 0);
	mwb_test_load(&end[0]);
	end[0].path[0].saw = 100 * MWB_TEST_MS;
	end[0].path[0].period = 1024 * MWB_TEST_S;
	mwb_test_run(&end[0], 30 * MWB_TEST_S);
	KUNIT_EXPECT_LE(test, end[0].drift_error, 1000ULL);
	KUNIT_EXPECT_FALSE(test, end[0].c.slope_error &&
			   end[0].c.slope_error < 200000);

	/* One that is not filled does. */
	mwb_test_ends(end, 0);
	end[0].path[0].saw = 100 * MWB_TEST_MS;
	end[0].path[0].period = 1024 * MWB_TEST_S;
	end[0].path[1].interval = 0;
	mwb_test_run(&end[0], 30 * MWB_TEST_S);
	KUNIT_EXPECT_GE(test, end[0].drift_error, 50000ULL);
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_one_way),
	KUNIT_CASE(mwb_test_both_ways),
	KUNIT_CASE(mwb_test_told),
	KUNIT_CASE(mwb_test_doubt),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-delay-peer",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

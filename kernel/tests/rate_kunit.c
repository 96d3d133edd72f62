// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rate of a path: what it comes to on simulated links.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "rate_link.h"

#define MWB_TEST_MS 1000000ULL
#define MWB_TEST_MBIT 125000ULL	/* bytes/s */

static int mwb_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct mwb_link), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

/* A perfect link of @mbit Mbit/s, @rtt in ms. */
static struct mwb_link *mwb_test_link(struct kunit *test, u32 mbit, u32 rtt)
{
	struct mwb_link *link = test->priv;

	mwb_link_init(link, mbit * MWB_TEST_MBIT, rtt * MWB_TEST_MS);
	return link;
}

static void mwb_test_run(struct mwb_link *link, u32 ms)
{
	mwb_link_run(link, ms * MWB_TEST_MS);
}

/* Return: thousandths of @mbit that were delivered in the next @ms */
static u32 mwb_test_share(struct mwb_link *link, u32 ms, u32 mbit)
{
	mwb_link_measure(link, ms * MWB_TEST_MS);
	return mwb_link_share(link, ms * MWB_TEST_MS, mbit * MWB_TEST_MBIT);
}

/* From 10 Mbit/s to what there is: a doubling in a round-trip time and some. */
static void mwb_test_start(struct kunit *test)
{
	static const struct {
		u32 mbit;
		u32 rtt;
		u32 ms;
	} cases[] = {
		{ 50, 20, 400 }, { 50, 5, 300 }, { 50, 80, 800 },
		{ 50, 200, 2400 }, { 300, 20, 600 }, { 1000, 20, 800 },
		{ 10, 20, 300 }, { 1, 20, 600 },
	};
	struct mwb_link *link;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		link = mwb_test_link(test, cases[i].mbit, cases[i].rtt);
		KUNIT_EXPECT_TRUE(test, link->rate.starting);
		mwb_test_run(link, cases[i].ms);
		KUNIT_EXPECT_GE_MSG(test, mwb_test_share(link, 600,
							 cases[i].mbit), 900U,
				    "%u Mbit/s, %u ms", cases[i].mbit,
				    cases[i].rtt);
		mwb_test_run(link, 2 * cases[i].ms);
		KUNIT_EXPECT_FALSE(test, link->rate.starting);
	}
}

/* All of the link is used, and little waits in it. */
static void mwb_test_steady(struct kunit *test)
{
	static const u32 mbit[] = { 1, 10, 50, 300, 1000 };
	static const u32 rtt[] = { 5, 20, 80, 200, 600 };
	struct mwb_link *link;
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(mbit); i++) {
		for (j = 0; j < ARRAY_SIZE(rtt); j++) {
			/* That would be too much at a time under way. */
			if (mbit[i] == 1000 && rtt[j] > 80)
				continue;
			link = mwb_test_link(test, mbit[i], rtt[j]);
			mwb_test_run(link, 3000 + 20 * rtt[j]);
			KUNIT_EXPECT_GE_MSG(test,
					    mwb_test_share(link, 3000, mbit[i]),
					    970U, "%u Mbit/s, %u ms", mbit[i],
					    rtt[j]);
			KUNIT_EXPECT_LE_MSG(test,
					    mwb_link_queue(link, 95) * 1000ULL,
					    3 * link->rate.target,
					    "%u Mbit/s, %u ms", mbit[i],
					    rtt[j]);
			KUNIT_EXPECT_EQ(test, 0ULL, link->stats.lost);
		}
	}
}

/* A queue that always is there must not become part of the base. */
static void mwb_test_long(struct kunit *test)
{
	struct mwb_link *link = mwb_test_link(test, 10, 20);

	mwb_test_run(link, 290000);
	KUNIT_EXPECT_GE(test, mwb_test_share(link, 30000, 10), 990U);
	KUNIT_EXPECT_LE(test, mwb_link_queue(link, 95) * 1000ULL,
			2 * link->rate.target);
}

/* Loss that does not depend on the rate costs what is lost, not more. */
static void mwb_test_loss(struct kunit *test)
{
	static const struct {
		u32 mbit;
		u32 rtt;
		u32 percent;
	} cases[] = {
		{ 50, 20, 5 }, { 50, 20, 1 }, { 50, 200, 5 }, { 5, 40, 5 },
		{ 300, 30, 5 }, { 50, 20, 20 },
	};
	struct mwb_link *link;
	u32 i, seed, good;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		good = 10 * (100 - cases[i].percent);
		for (seed = 0; seed < 3; seed++) {
			link = mwb_test_link(test, cases[i].mbit, cases[i].rtt);
			link->random += seed;
			link->config.loss = 10000 * cases[i].percent;
			mwb_test_run(link, 6000);
			KUNIT_EXPECT_GE_MSG(test,
					    mwb_test_share(link, 4000,
							   cases[i].mbit),
					    good * 95 / 100, "case %u", i);
			KUNIT_EXPECT_LE_MSG(test, mwb_link_queue(link, 95),
					    60000U, "case %u", i);
			/* It is known for what it is. */
			KUNIT_EXPECT_GE_MSG(test, link->rate.loss,
					    6000 * cases[i].percent,
					    "case %u", i);
			KUNIT_EXPECT_LE_MSG(test, link->rate.loss,
					    16000 * cases[i].percent,
					    "case %u", i);
		}
	}
}

/* A policer without a queue: the rate stays below what it lets pass. */
static void mwb_test_policer(struct kunit *test)
{
	static const struct {
		u32 mbit;
		u32 rtt;
		u32 policer;
		u32 burst;	/* kB */
		u32 loss;	/* parts per million, behind it */
	} cases[] = {
		{ 50, 20, 15, 15, 0 }, { 50, 20, 15, 100, 0 },
		{ 50, 20, 15, 500, 0 }, { 50, 100, 15, 15, 0 },
		{ 10, 20, 2, 15, 0 }, { 100, 20, 40, 50, 10000 },
	};
	struct mwb_link *link;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		link = mwb_test_link(test, cases[i].mbit, cases[i].rtt);
		link->config.policer = cases[i].policer * MWB_TEST_MBIT;
		link->config.burst = cases[i].burst * 1000;
		link->config.loss = cases[i].loss;
		mwb_test_run(link, 3000);
		KUNIT_EXPECT_GE_MSG(test, mwb_test_share(link, 20000,
							 cases[i].policer),
				    930U, "case %u", i);
		KUNIT_EXPECT_LE_MSG(test, link->stats.lost * 1000000,
				    link->stats.sent * (cases[i].loss + 18000),
				    "case %u", i);
		/* It lets more pass. */
		link->config.policer *= 2;
		mwb_test_run(link, 25000);
		KUNIT_EXPECT_GE_MSG(test, mwb_test_share(link, 5000,
							 cases[i].policer * 2),
				    930U, "case %u", i);
	}
}

/* Run until @share of @mbit is delivered in 100 ms. Return: ms, or 10000 */
static u32 mwb_test_until(struct mwb_link *link, u32 share, u32 mbit)
{
	u32 ms;

	for (ms = 100; ms < 10000; ms += 100)
		if (mwb_test_share(link, 100, mbit) >= share)
			break;
	return ms;
}

/* The link becomes slow, and fast again. */
static void mwb_test_step(struct kunit *test)
{
	struct mwb_link *link;
	u32 jitter, seed;

	for (jitter = 0; jitter <= 10; jitter += 10) {
		for (seed = 0; seed < 4; seed++) {
			link = mwb_test_link(test, 50, 20);
			link->random += seed;
			link->config.jitter = jitter * MWB_TEST_MS;
			mwb_test_run(link, 5000);
			link->config.rate = 10 * MWB_TEST_MBIT;
			mwb_test_run(link, 500);
			KUNIT_EXPECT_GE_MSG(test, mwb_test_share(link, 2000,
								 10), 970U,
					    "jitter %u ms", jitter);
			KUNIT_EXPECT_LE_MSG(test, mwb_link_queue(link, 99),
					    50000 + 2000 * jitter,
					    "jitter %u ms", jitter);
			mwb_test_run(link, 2500);
			link->config.rate = 50 * MWB_TEST_MBIT;
			KUNIT_EXPECT_LE_MSG(test, mwb_test_until(link, 900, 50),
					    2000U, "jitter %u ms", jitter);
			mwb_test_run(link, 1000);
			KUNIT_EXPECT_GE_MSG(test, mwb_test_share(link, 2000,
								 50), 950U,
					    "jitter %u ms", jitter);
		}
	}
}

/* What is much faster than it was is found by doubling. */
static void mwb_test_grow(struct kunit *test)
{
	struct mwb_link *link = mwb_test_link(test, 5, 20);

	link->config.queue = 60 * MWB_TEST_MBIT;
	mwb_test_run(link, 5000);
	link->config.rate = 300 * MWB_TEST_MBIT;
	KUNIT_EXPECT_LE(test, mwb_test_until(link, 900, 300), 2500U);
	/* By small steps where it takes long to see what they did. */
	link = mwb_test_link(test, 5, 600);
	link->config.queue = 60 * MWB_TEST_MBIT;
	mwb_test_run(link, 20000);
	link->config.rate = 6 * MWB_TEST_MBIT;
	mwb_link_measure(link, 20000 * MWB_TEST_MS);
	KUNIT_EXPECT_LE(test, mwb_link_queue(link, 99), 100000U);
	KUNIT_EXPECT_GE(test, mwb_test_share(link, 5000, 6), 970U);
}

/* A short queue that overflows at the start is no policer. */
static void mwb_test_overflow(struct kunit *test)
{
	static const u32 rtt[] = { 20, 80, 200, 600 };
	struct mwb_link *link;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rtt); i++) {
		link = mwb_test_link(test, 50, rtt[i]);
		link->config.queue = 30 * 50 * MWB_TEST_MBIT / 1000;
		mwb_test_run(link, 3000 + 20 * rtt[i]);
		KUNIT_EXPECT_GE_MSG(test, mwb_test_share(link, 5000, 50), 970U,
				    "%u ms", rtt[i]);
		KUNIT_EXPECT_LE_MSG(test, link->rate.loss, 10000U, "%u ms",
				    rtt[i]);
		KUNIT_EXPECT_EQ_MSG(test, (int)MWB_POLICE_FREE,
				    (int)link->rate.police.state, "%u ms",
				    rtt[i]);
		KUNIT_EXPECT_LE_MSG(test, link->rate.police.own, 10000U,
				    "%u ms", rtt[i]);
	}
}

/* A rate that is not used stays known. */
static void mwb_test_app_limited(struct kunit *test)
{
	struct mwb_link *link;
	u32 jitter, mbit;

	for (jitter = 0; jitter <= 10; jitter += 5) {
		for (mbit = 1; mbit <= 16; mbit *= 4) {
			link = mwb_test_link(test, 50, 20);
			link->config.jitter = jitter * MWB_TEST_MS;
			mwb_test_run(link, 4000);
			link->config.app = mbit * MWB_TEST_MBIT;
			link->app_at = link->now;
			mwb_test_run(link, 10000);
			KUNIT_EXPECT_GE_MSG(test, link->rate.rate,
					    40 * MWB_TEST_MBIT,
					    "%u Mbit/s, jitter %u ms", mbit,
					    jitter);
			KUNIT_EXPECT_LE_MSG(test, link->rate.rate,
					    70 * MWB_TEST_MBIT,
					    "%u Mbit/s, jitter %u ms", mbit,
					    jitter);
			link->config.app = 0;
			mwb_test_run(link, 50);
			KUNIT_EXPECT_GE_MSG(test, mwb_test_share(link, 1000,
								 50), 900U,
					    "%u Mbit/s, jitter %u ms", mbit,
					    jitter);
		}
	}
}

/* Nor is it forgotten for a moment when the route becomes longer meanwhile. */
static void mwb_test_little_sent(struct kunit *test)
{
	struct mwb_link *link;
	u32 by, n;

	for (by = 10; by <= 80; by *= 2) {
		link = mwb_test_link(test, 50, 20);
		mwb_test_run(link, 4000);
		link->config.app = MWB_TEST_MBIT;
		link->app_at = link->now;
		mwb_test_run(link, 1000);
		link->config.delay += by * MWB_TEST_MS;
		for (n = 0; n < 500; n++) {
			mwb_test_run(link, 10);
			KUNIT_ASSERT_LE(test, 40 * MWB_TEST_MBIT,
					link->rate.rate);
		}
	}
}

/* Jitter is no queue, whether each packet has its own or they come in heaps. */
static void mwb_test_jitter(struct kunit *test)
{
	static const struct {
		u32 mbit;
		u32 rtt;
		u32 jitter;	/* ms */
		u32 grid;	/* ms */
	} cases[] = {
		{ 30, 40, 20, 0 }, { 50, 20, 10, 0 }, { 100, 20, 20, 0 },
		{ 300, 16, 16, 0 }, { 5, 60, 20, 0 }, { 30, 80, 50, 0 },
		{ 50, 20, 0, 5 }, { 50, 40, 0, 10 }, { 10, 40, 0, 10 },
	};
	struct mwb_link *link;
	u32 i, seed;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		for (seed = 0; seed < 4; seed++) {
			link = mwb_test_link(test, cases[i].mbit, cases[i].rtt);
			link->random += seed;
			link->config.jitter = cases[i].jitter * MWB_TEST_MS;
			link->config.grid = cases[i].grid * MWB_TEST_MS;
			mwb_test_run(link, 4000);
			KUNIT_EXPECT_GE_MSG(test,
					    mwb_test_share(link, 6000,
							   cases[i].mbit),
					    900U, "case %u", i);
			KUNIT_EXPECT_LE_MSG(test, mwb_link_queue(link, 95),
					    25000 + 1000 * (cases[i].jitter +
							    cases[i].grid),
					    "case %u", i);
		}
	}
}

/* A longer route looks like a queue that stays. */
static void mwb_test_longer_route(struct kunit *test)
{
	struct mwb_link *link;
	u32 by;

	for (by = 5; by <= 95; by += 15) {
		link = mwb_test_link(test, 50, 20);
		mwb_test_run(link, 3000);
		link->config.delay += by * MWB_TEST_MS;
		mwb_test_run(link, 2000);
		KUNIT_EXPECT_GE_MSG(test, mwb_test_share(link, 5000, 50), 900U,
				    "longer by %u ms", by);
		/* How long it is without a queue is looked at now and then. */
		link->config.delay -= by * MWB_TEST_MS;
		mwb_test_run(link, 12000);
		KUNIT_EXPECT_GE_MSG(test, mwb_test_share(link, 5000, 50), 950U,
				    "shorter by %u ms", by);
		KUNIT_EXPECT_LE_MSG(test, mwb_link_queue(link, 95), 12000U,
				    "shorter by %u ms", by);
	}
}

/* The link does nothing for a while, as radio links do. */
static void mwb_test_stall(struct kunit *test)
{
	static const u32 stall[] = { 10, 30, 100 };
	struct mwb_link *link;
	u64 bytes;
	u32 i, n;

	for (i = 0; i < ARRAY_SIZE(stall); i++) {
		link = mwb_test_link(test, 50, 20);
		mwb_test_run(link, 2000);
		bytes = 0;
		for (n = 0; n < 5; n++) {
			/* It always has something to send. */
			KUNIT_ASSERT_TRUE(test, link->queue);
			link->depart += stall[i] * MWB_TEST_MS;
			mwb_link_measure(link, 2000 * MWB_TEST_MS);
			bytes += link->stats.bytes;
		}
		KUNIT_EXPECT_GE_MSG(test, bytes * (2000 + stall[i]),
				    93 * 10 * 20 * 50 * MWB_TEST_MBIT,
				    "%u ms", stall[i]);
	}
}

/* Reports get lost, and the clocks differ. */
static void mwb_test_reports_lost(struct kunit *test)
{
	struct mwb_link *link = mwb_test_link(test, 50, 20);

	link->config.loss_back = 200000;
	link->config.drift = 50;
	mwb_test_run(link, 3000);
	KUNIT_EXPECT_GE(test, mwb_test_share(link, 5000, 50), 970U);
	KUNIT_EXPECT_LE(test, mwb_link_queue(link, 95), 12000U);
}

/* The owner knows that it is to be no more than this. */
static void mwb_test_cap(struct kunit *test)
{
	struct mwb_link *link = mwb_test_link(test, 50, 20);

	link->rate.cap = 20 * MWB_TEST_MBIT;
	mwb_test_run(link, 1000);
	KUNIT_EXPECT_EQ(test, 20 * MWB_TEST_MBIT, link->rate.rate);
	KUNIT_EXPECT_FALSE(test, link->rate.starting);
	mwb_test_run(link, 2000);
	KUNIT_EXPECT_FALSE(test, link->rate.starting);
	KUNIT_EXPECT_GE(test, mwb_test_share(link, 1000, 20), 990U);
	KUNIT_EXPECT_EQ(test, 0U, mwb_link_queue(link, 95));
	link->rate.cap = 5 * MWB_TEST_MBIT;
	mwb_test_run(link, 50);
	KUNIT_EXPECT_EQ(test, 5 * MWB_TEST_MBIT, link->rate.rate);
	link->rate.cap = 1;
	mwb_test_run(link, 50);
	KUNIT_EXPECT_EQ(test, MWB_RATE_MIN, link->rate.rate);
	link->rate.cap = 0;
	mwb_test_run(link, 30000);
	KUNIT_EXPECT_GE(test, mwb_test_share(link, 1000, 50), 970U);
}

/* The path was away, and is another one now. */
static void mwb_test_restart(struct kunit *test)
{
	struct mwb_link *link = mwb_test_link(test, 50, 20);
	u64 rate;

	link->rate.cap = 300 * MWB_TEST_MBIT;
	mwb_test_run(link, 3000);
	rate = link->rate.rate;
	mwb_rate_restart(&link->rate);
	KUNIT_EXPECT_EQ(test, rate / 2, link->rate.rate);
	KUNIT_EXPECT_EQ(test, 300 * MWB_TEST_MBIT, link->rate.cap);
	KUNIT_EXPECT_TRUE(test, link->rate.starting);
	/* Nothing has been found since that could be halved. */
	mwb_rate_restart(&link->rate);
	KUNIT_EXPECT_EQ(test, rate / 2, link->rate.rate);
	link->config.rate = 200 * MWB_TEST_MBIT;
	link->config.queue *= 4;
	KUNIT_EXPECT_LE(test, mwb_test_until(link, 900, 200), 600U);
	mwb_rate_restart(&link->rate);
	link->config.rate = 5 * MWB_TEST_MBIT;
	mwb_test_run(link, 3000);
	KUNIT_EXPECT_GE(test, mwb_test_share(link, 1000, 5), 970U);
}

/* A new key: all counts begin at 0. */
static void mwb_test_counts_anew(struct kunit *test)
{
	struct mwb_link *link = mwb_test_link(test, 50, 20);
	u64 rate;

	mwb_test_run(link, 3000);
	rate = link->rate.rate;
	/* None under way */
	link->config.app = 1;
	link->app_at = link->now;
	mwb_test_run(link, 500);
	link->sent = 0;
	link->acked = 0;
	memset(&link->total, 0, sizeof(link->total));
	link->config.app = 0;
	mwb_test_run(link, 25);
	KUNIT_EXPECT_GE(test, link->rate.rate, rate - rate / 1000);
	KUNIT_EXPECT_LE(test, link->rate.rate, rate + rate / 1000);
	mwb_test_run(link, 100);
	KUNIT_EXPECT_GE(test, mwb_test_share(link, 2000, 50), 970U);
	KUNIT_EXPECT_LE(test, mwb_link_queue(link, 95), 9000U);
	link->config.rate = 20 * MWB_TEST_MBIT;
	mwb_test_run(link, 1000);
	KUNIT_EXPECT_GE(test, mwb_test_share(link, 2000, 20), 970U);
	KUNIT_EXPECT_LE(test, mwb_link_queue(link, 95), 12000U);
}

/* A queue that is hardly longer than the jitter: what overflows must not pass
 * for the path's own loss, for which more would be sent.
 */
static void mwb_test_short_queue(struct kunit *test)
{
	static const u32 loss[] = { 0, 20000, 40000 };
	struct mwb_link *link;
	u32 i, n;

	for (i = 0; i < 2 * ARRAY_SIZE(loss); i++) {
		link = mwb_test_link(test, 40, 20);
		link->config.jitter = (i & 1 ? 5 : 10) * MWB_TEST_MS;
		link->config.queue = 60000;
		link->config.loss = loss[i / 2];
		for (n = 0; n < 8; n++)
			mwb_link_measure(link, 8000 * MWB_TEST_MS);
		KUNIT_EXPECT_LE_MSG(test, link->rate.rate, 55 * MWB_TEST_MBIT,
				    "case %u", i);
		KUNIT_EXPECT_GE_MSG(test, mwb_test_share(link, 5000, 40), 800U,
				    "case %u", i);
	}
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_start),
	KUNIT_CASE(mwb_test_steady),
	KUNIT_CASE(mwb_test_long),
	KUNIT_CASE(mwb_test_loss),
	KUNIT_CASE(mwb_test_policer),
	KUNIT_CASE(mwb_test_overflow),
	KUNIT_CASE(mwb_test_step),
	KUNIT_CASE(mwb_test_grow),
	KUNIT_CASE(mwb_test_app_limited),
	KUNIT_CASE(mwb_test_little_sent),
	KUNIT_CASE(mwb_test_jitter),
	KUNIT_CASE(mwb_test_longer_route),
	KUNIT_CASE(mwb_test_stall),
	KUNIT_CASE(mwb_test_reports_lost),
	KUNIT_CASE(mwb_test_cap),
	KUNIT_CASE(mwb_test_restart),
	KUNIT_CASE(mwb_test_counts_anew),
	KUNIT_CASE(mwb_test_short_queue),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-rate",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

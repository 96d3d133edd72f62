// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether loss is a policer's: paths that lose at random, that are policed, and
 * both, told as counts.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../core/police.h"
#include "random.h"

#define MWB_TEST_MS 1000000ULL
#define MWB_TEST_MBIT 125000ULL	/* bytes/s */

enum { MWB_TEST_LEN = 1250 };

/**
 * struct mwb_test_police - a path, and a sender that always has packets
 * @p: under test
 * @rate: that is set, bytes/s
 * @offered: no more is sent than this, bytes/s; 0: all that may be
 * @grow: the sender tries more when it is not limited, up to this, bytes/s
 * @policer: what is let pass, bytes/s; 0 for all
 * @tokens: of the policer, bytes
 * @bytes: that wait for there to be a packet of them
 * @own: loss, parts per million
 * @random: state of the random numbers
 * @count: present one
 * @sent: in all
 * @lost: in all
 * @least: rate that there was, bytes/s
 */
struct mwb_test_police {
	struct mwb_police p;
	u64 rate;
	u64 offered;
	u64 grow;
	u64 policer;
	u64 tokens;
	u64 bytes;
	u32 own;
	u64 random;
	struct mwb_police_count count;
	u64 sent;
	u64 lost;
	u64 least;
};

static int mwb_test_init(struct kunit *test)
{
	struct mwb_test_police *t;

	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	t->rate = 50 * MWB_TEST_MBIT;
	t->grow = t->rate;
	t->random = 5;
	test->priv = t;
	return 0;
}

static bool mwb_test_loses(struct mwb_test_police *t)
{
	if (t->policer) {
		if (t->tokens < MWB_TEST_LEN)
			return true;
		t->tokens -= MWB_TEST_LEN;
	}
	return mwb_random_below(&t->random, 1000000) < t->own;
}

/* Send for 10 ms, and see what it says. */
static void mwb_test_step(struct mwb_test_police *t)
{
	u64 packets;
	u32 i;

	t->bytes += div_u64(t->offered ? min(t->rate, t->offered) : t->rate,
			    100);
	packets = div_u64(t->bytes, MWB_TEST_LEN);
	t->bytes -= packets * MWB_TEST_LEN;
	t->tokens = min(t->tokens + div_u64(t->policer, 100),
			20000 + div_u64(t->policer, 50));
	for (i = 0; i < packets; i++) {
		bool lost = mwb_test_loses(t);

		t->count.lost += lost;
		t->lost += lost;
	}
	t->sent += packets;
	t->count.sent += packets;
	t->count.time += 10 * MWB_TEST_MS;
	if (t->count.sent < 64)
		return;
	t->count.delivery = div64_u64((t->count.sent - t->count.lost) *
				      MWB_TEST_LEN * 1000,
				      div64_u64(t->count.time, MWB_TEST_MS));
	if (!mwb_police_judge(&t->p, &t->count, &t->rate))
		return;
	memset(&t->count, 0, sizeof(t->count));
	if (t->p.state == MWB_POLICE_LIMITED)
		t->rate = t->p.rate;
	else if (t->p.state == MWB_POLICE_FREE)
		t->rate = min(t->rate + t->rate / 8, t->grow);
	t->least = min(t->least, t->rate);
}

static void mwb_test_run(struct mwb_test_police *t, u32 ms)
{
	t->sent = 0;
	t->lost = 0;
	t->least = t->rate;
	for (; ms; ms -= 10)
		mwb_test_step(t);
}

static void mwb_test_clean(struct kunit *test)
{
	struct mwb_test_police *t = test->priv;

	mwb_test_run(t, 20000);
	KUNIT_EXPECT_EQ(test, (int)MWB_POLICE_FREE, (int)t->p.state);
	KUNIT_EXPECT_EQ(test, 0U, t->p.own);
	KUNIT_EXPECT_EQ(test, t->grow, t->least);
}

/* Loss at random becomes the path's own, and the rate is what it was. */
static void mwb_test_own(struct kunit *test)
{
	static const u32 own[] = { 1000, 10000, 30000, 50000, 200000 };
	static const u32 mbit[] = { 2, 10, 50, 300 };
	struct mwb_test_police *t;
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(own); i++) {
		for (j = 0; j < ARRAY_SIZE(mbit); j++) {
			mwb_test_init(test);
			t = test->priv;
			t->grow = mbit[j] * MWB_TEST_MBIT;
			t->rate = t->grow;
			t->own = own[i];
			mwb_test_run(t, 100000);
			KUNIT_EXPECT_EQ_MSG(test, (int)MWB_POLICE_FREE,
					    (int)t->p.state, "loss %u at %u",
					    own[i], mbit[j]);
			KUNIT_EXPECT_GE_MSG(test, t->p.own, own[i] / 2,
					    "loss %u at %u", own[i], mbit[j]);
			KUNIT_EXPECT_LE_MSG(test, t->p.own, own[i] * 2,
					    "loss %u at %u", own[i], mbit[j]);
			KUNIT_EXPECT_EQ_MSG(test, t->grow, t->rate,
					    "loss %u at %u", own[i], mbit[j]);
			/* No more than what a trial takes, and known then */
			mwb_test_run(t, 20000);
			KUNIT_EXPECT_EQ_MSG(test, t->grow, t->least,
					    "loss %u at %u", own[i], mbit[j]);
			/* It goes. */
			t->own = 0;
			mwb_test_run(t, 400000);
			KUNIT_EXPECT_LE_MSG(test, t->p.own, 2000U,
					    "loss %u at %u", own[i], mbit[j]);
		}
	}
}

/* Who sends little may lose much of it: the rate does not come down to that. */
static void mwb_test_little(struct kunit *test)
{
	struct mwb_test_police *t;
	u32 i;

	for (i = 0; i < 40; i++) {
		mwb_test_init(test);
		t = test->priv;
		t->random = i;
		t->own = 15000 + 1000 * i;
		/* Much at first, until a trial begins; then ACKs */
		mwb_test_run(t, 1000);
		t->offered = MWB_TEST_MBIT / 5;
		mwb_test_run(t, 60000);
		KUNIT_EXPECT_EQ_MSG(test, (int)MWB_POLICE_FREE,
				    (int)t->p.state, "loss %u", t->own);
		KUNIT_EXPECT_EQ_MSG(test, t->grow, t->rate, "loss %u", t->own);
	}
}

/* The rate comes below the policer's, and follows it. */
static void mwb_test_policer(struct kunit *test)
{
	static const u32 mbit[] = { 2, 15, 40, 49 };
	struct mwb_test_police *t;
	u32 own, i;

	for (own = 0; own <= 10000; own += 10000) {
		for (i = 0; i < ARRAY_SIZE(mbit); i++) {
			mwb_test_init(test);
			t = test->priv;
			t->own = own;
			t->policer = mbit[i] * MWB_TEST_MBIT;
			mwb_test_run(t, 3000);
			mwb_test_run(t, 60000);
			KUNIT_EXPECT_LE_MSG(test, t->lost * 1000000,
					    t->sent * (own + 22000),
					    "%u Mbit/s, loss %u", mbit[i], own);
			KUNIT_EXPECT_GE_MSG(test, t->rate * 100,
					    t->policer * 93,
					    "%u Mbit/s, loss %u", mbit[i], own);
			KUNIT_EXPECT_LE_MSG(test, t->rate * 100,
					    t->policer * 105,
					    "%u Mbit/s, loss %u", mbit[i], own);
			/* Lets less pass */
			t->policer -= t->policer / 4;
			mwb_test_run(t, 5000);
			KUNIT_EXPECT_LE_MSG(test, t->rate * 100,
					    t->policer * 105,
					    "%u Mbit/s, loss %u", mbit[i], own);
			/* Is gone */
			t->policer = 0;
			mwb_test_run(t, 120000);
			KUNIT_EXPECT_EQ_MSG(test, t->grow, t->rate,
					    "%u Mbit/s, loss %u", mbit[i], own);
		}
	}
}

/* Loss while something queues is the queue's. */
static void mwb_test_queued(struct kunit *test)
{
	struct mwb_test_police *t = test->priv;
	struct mwb_police_count count = {
		.sent = 10000, .lost = 5000, .time = 1000 * MWB_TEST_MS,
		.delivery = 25 * MWB_TEST_MBIT, .queued = true,
	};
	u32 i;

	for (i = 0; i < 10; i++) {
		KUNIT_EXPECT_TRUE(test, mwb_police_judge(&t->p, &count,
							 &t->rate));
		KUNIT_EXPECT_EQ(test, 50 * MWB_TEST_MBIT, t->rate);
	}
	KUNIT_EXPECT_EQ(test, (int)MWB_POLICE_FREE, (int)t->p.state);
	KUNIT_EXPECT_EQ(test, 0U, t->p.own);
}

/* What comes through at first does not count, nor what is too little. */
static void mwb_test_burst(struct kunit *test)
{
	struct mwb_test_police *t = test->priv;
	struct mwb_police_count count = {
		.sent = 64, .lost = 31, .time = 100 * MWB_TEST_MS,
		.delivery = 40 * MWB_TEST_MBIT,
	};

	KUNIT_EXPECT_FALSE(test, mwb_police_judge(&t->p, &count, &t->rate));
	count.lost = 32;
	KUNIT_EXPECT_TRUE(test, mwb_police_judge(&t->p, &count, &t->rate));
	KUNIT_EXPECT_EQ(test, 50 * MWB_TEST_MBIT, t->rate);
	count.delivery = 16 * MWB_TEST_MBIT;
	KUNIT_EXPECT_TRUE(test, mwb_police_judge(&t->p, &count, &t->rate));
	KUNIT_EXPECT_EQ(test, (int)MWB_POLICE_TRYING, (int)t->p.state);
	KUNIT_EXPECT_EQ(test, 31 * MWB_TEST_MBIT / 2, t->rate);
	/* That was too much: less, but not enough less. */
	count.sent = 100;
	count.delivery = 8 * MWB_TEST_MBIT;
	KUNIT_EXPECT_TRUE(test, mwb_police_judge(&t->p, &count, &t->rate));
	KUNIT_EXPECT_EQ(test, (int)MWB_POLICE_TRYING, (int)t->p.state);
	KUNIT_EXPECT_EQ(test, 31 * MWB_TEST_MBIT / 4, t->rate);
	count.lost = 0;
	KUNIT_EXPECT_TRUE(test, mwb_police_judge(&t->p, &count, &t->rate));
	KUNIT_EXPECT_EQ(test, (int)MWB_POLICE_LIMITED, (int)t->p.state);
	KUNIT_EXPECT_EQ(test, 31 * MWB_TEST_MBIT / 4, t->p.rate);
}

/* Loss goes on at a lower rate: it was no policer, after all. */
static void mwb_test_refuted(struct kunit *test)
{
	struct mwb_test_police *t = test->priv;

	t->p.state = MWB_POLICE_LIMITED;
	t->p.rate = 40 * MWB_TEST_MBIT;
	t->p.before = 50 * MWB_TEST_MBIT;
	t->rate = t->p.rate;
	t->own = 50000;
	mwb_test_run(t, 5000);
	KUNIT_EXPECT_EQ(test, (int)MWB_POLICE_FREE, (int)t->p.state);
	KUNIT_EXPECT_GE(test, t->p.own, 30000U);
	KUNIT_EXPECT_EQ(test, t->grow, t->rate);
}

/* Counts as large and as small as can be. */
static void mwb_test_extremes(struct kunit *test)
{
	static const u64 packets[] = {
		1, 63, 100000, U32_MAX, 1ULL << 38,
	};
	struct mwb_test_police *t = test->priv;
	struct mwb_police_count count = { 0 };
	u64 random = 9;
	u32 n;

	for (n = 0; n < 50000; n++) {
		count.sent = packets[mwb_random_below(&random,
						      ARRAY_SIZE(packets))];
		count.lost = 0;
		if (mwb_random_below(&random, 3))
			count.lost = count.sent - mwb_random_below(&random, 2);
		count.delivery = mwb_random64(&random) >>
				 (20 + mwb_random_below(&random, 44));
		count.time = mwb_random64(&random) >>
			     (1 + mwb_random_below(&random, 63));
		mwb_police_judge(&t->p, &count, &t->rate);
		KUNIT_ASSERT_LE(test, t->p.own, 1000000U);
		KUNIT_ASSERT_LE(test, (u32)t->p.state,
				(u32)MWB_POLICE_LIMITED);
	}
}

/* What is lost while little is sent is none of the policer's: the rate stays. */
static void mwb_test_little_sent(struct kunit *test)
{
	struct mwb_test_police *t = test->priv;
	struct mwb_police_count count = {
		.sent = 1000,
		.lost = 30,
		.delivery = 7 * MWB_TEST_MBIT,
		.time = 1000 * MWB_TEST_MS,
	};
	u64 rate = 50 * MWB_TEST_MBIT;
	u32 i;

	t->p.state = MWB_POLICE_LIMITED;
	t->p.rate = rate;
	t->p.before = 80 * MWB_TEST_MBIT;
	for (i = 0; i < 20; i++) {
		KUNIT_EXPECT_TRUE(test, mwb_police_judge(&t->p, &count, &rate));
		KUNIT_EXPECT_EQ(test, (int)MWB_POLICE_LIMITED,
				(int)t->p.state);
		KUNIT_EXPECT_EQ(test, 50 * MWB_TEST_MBIT, t->p.rate);
	}
	KUNIT_EXPECT_GE(test, t->p.own, 15000U);
	KUNIT_EXPECT_LE(test, t->p.own, 30000U);
	/* More than that, where much is sent, is. */
	count.lost = 60;
	count.delivery = 45 * MWB_TEST_MBIT;
	KUNIT_EXPECT_TRUE(test, mwb_police_judge(&t->p, &count, &rate));
	KUNIT_EXPECT_EQ(test, 45 * MWB_TEST_MBIT, t->p.rate);
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_clean),
	KUNIT_CASE(mwb_test_own),
	KUNIT_CASE(mwb_test_little),
	KUNIT_CASE(mwb_test_policer),
	KUNIT_CASE(mwb_test_queued),
	KUNIT_CASE(mwb_test_burst),
	KUNIT_CASE(mwb_test_refuted),
	KUNIT_CASE(mwb_test_extremes),
	KUNIT_CASE(mwb_test_little_sent),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-police",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

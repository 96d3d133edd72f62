// SPDX-License-Identifier: GPL-2.0-only
/*
 * Health of a path: each rule of health.h by a script of requests and answers,
 * and a path that is simulated in steps of 1 ms.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "health_path.h"
#include "random.h"

static int mwb_test_init(struct kunit *test)
{
	struct mwb_test_health *t;

	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	t->now = 5000 * MWB_TEST_MS;
	t->due = t->now;
	mwb_health_init(&t->h, 200 * MWB_TEST_MS, 3, t->now);
	test->priv = t;
	return 0;
}

static void mwb_test_new(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;

	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_DOWN, (int)t->h.state);
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.rtt);
	KUNIT_EXPECT_EQ(test, 0U, t->h.loss);
	KUNIT_EXPECT_EQ(test, 1000 * MWB_TEST_MS, mwb_health_timeout(&t->h));
	/* An answer without a request. */
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, 0, 0, true, t->now));
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_DOWN, (int)t->h.state);
	mwb_health_check(&t->h, U64_MAX);
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.nr_lost);
}

static void mwb_test_up_alone(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;

	KUNIT_EXPECT_TRUE(test, mwb_test_probe(t, 30 * MWB_TEST_MS, true));
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	KUNIT_EXPECT_EQ(test, t->now, t->h.since);
	KUNIT_EXPECT_EQ(test, 30 * MWB_TEST_MS, t->h.rtt);
	KUNIT_EXPECT_EQ(test, 15 * MWB_TEST_MS, t->h.rttvar);
	KUNIT_EXPECT_EQ(test, 30 * MWB_TEST_MS, t->h.rtt_last);
	KUNIT_EXPECT_EQ(test, 30 * MWB_TEST_MS, t->h.rtt_min);
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.downs);
}

/* Beside others: 5 answers and 200 ms, whichever takes longer. */
static void mwb_test_up_beside(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 started;
	u32 i;

	KUNIT_EXPECT_TRUE(test, mwb_test_probe(t, MWB_TEST_MS, false));
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_STARTING, (int)t->h.state);
	started = t->now;
	for (i = 0; i < 10; i++)
		mwb_test_probe(t, MWB_TEST_MS, false);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_STARTING, (int)t->h.state);
	t->now = started + 200 * MWB_TEST_MS - 2;
	mwb_test_probe(t, 1, false);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_STARTING, (int)t->h.state);
	mwb_test_probe(t, 1, false);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);

	mwb_health_down(&t->h, MWB_HEALTH_OFF, t->now);
	mwb_test_probe(t, MWB_TEST_MS, false);
	for (i = 0; i < 3; i++) {
		t->now += 1000 * MWB_TEST_MS;
		mwb_test_probe(t, MWB_TEST_MS, false);
		KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_STARTING,
				(int)t->h.state);
	}
	mwb_test_probe(t, MWB_TEST_MS, false);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	KUNIT_EXPECT_EQ(test, 1ULL, t->h.downs);
}

/* 3 round-trip times where these are longer than 200 ms. */
static void mwb_test_up_far(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 passed;

	t->rtt = 600 * MWB_TEST_MS;
	passed = mwb_test_until(t, MWB_HEALTH_STARTING, 2000, false);
	KUNIT_EXPECT_GE(test, passed, 600ULL);
	KUNIT_EXPECT_LE(test, passed, 603ULL);
	passed = mwb_test_until(t, MWB_HEALTH_UP, 3000, false);
	KUNIT_EXPECT_GE(test, passed, 1799ULL);
	KUNIT_EXPECT_LE(test, passed, 1860ULL);
}

/* The only path is lost while another one starts: that one is Up at once. */
static void mwb_test_alone_later(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;

	mwb_test_probe(t, MWB_TEST_MS, false);
	mwb_test_probe(t, MWB_TEST_MS, false);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_STARTING, (int)t->h.state);
	mwb_test_probe(t, MWB_TEST_MS, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
}

/* RFC 6298, with the answer delay taken off. */
static void mwb_test_rtt(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 seq;

	mwb_test_probe(t, 80 * MWB_TEST_MS, true);
	mwb_test_probe(t, 160 * MWB_TEST_MS, true);
	/* rttvar = 3/4 * 40 + 1/4 * 80, rtt = 7/8 * 80 + 1/8 * 160 */
	KUNIT_EXPECT_EQ(test, 50 * MWB_TEST_MS, t->h.rttvar);
	KUNIT_EXPECT_EQ(test, 90 * MWB_TEST_MS, t->h.rtt);
	KUNIT_EXPECT_EQ(test, 290 * MWB_TEST_MS, mwb_health_timeout(&t->h));
	mwb_test_probe(t, 10 * MWB_TEST_MS, true);
	/* 3/4 * 50 + 1/4 * 80, 7/8 * 90 + 1/8 * 10 */
	KUNIT_EXPECT_EQ(test, 57500000ULL, t->h.rttvar);
	KUNIT_EXPECT_EQ(test, 80 * MWB_TEST_MS, t->h.rtt);
	KUNIT_EXPECT_EQ(test, 10 * MWB_TEST_MS, t->h.rtt_min);

	seq = mwb_health_request(&t->h, t->now);
	t->now += 50 * MWB_TEST_MS;
	KUNIT_EXPECT_TRUE(test, mwb_health_answer(&t->h, seq, 45 * MWB_TEST_MS,
						  true, t->now));
	KUNIT_EXPECT_EQ(test, 5 * MWB_TEST_MS, t->h.rtt_last);
	KUNIT_EXPECT_EQ(test, 5 * MWB_TEST_MS, t->h.rtt_min);

	/* No time at all still is a sample. */
	mwb_health_down(&t->h, MWB_HEALTH_OFF, t->now);
	mwb_test_probe(t, 0, true);
	KUNIT_EXPECT_GT(test, t->h.rtt, 0ULL);
	KUNIT_EXPECT_LE(test, t->h.rtt, MWB_TEST_MS);
	KUNIT_EXPECT_EQ(test, 200 * MWB_TEST_MS, mwb_health_timeout(&t->h));
}

static void mwb_test_timeout(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;

	mwb_test_probe(t, MWB_TEST_MS, true);
	KUNIT_EXPECT_EQ(test, 200 * MWB_TEST_MS, mwb_health_timeout(&t->h));
	t->h.interval = 10 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 200 * MWB_TEST_MS, mwb_health_timeout(&t->h));
	t->h.interval = 60000 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 60000 * MWB_TEST_MS, mwb_health_timeout(&t->h));

	/* Without variance, 100 ms more than usual are no loss. */
	t->h.interval = 200 * MWB_TEST_MS;
	t->h.rtt = 600 * MWB_TEST_MS;
	t->h.rttvar = 0;
	KUNIT_EXPECT_EQ(test, 700 * MWB_TEST_MS, mwb_health_timeout(&t->h));
	t->h.rttvar = 25 * MWB_TEST_MS + 1;
	KUNIT_EXPECT_EQ(test, 700 * MWB_TEST_MS + 4, mwb_health_timeout(&t->h));
	t->h.rtt = MWB_TEST_MS;
	t->h.rttvar = 0;

	/* To the nanosecond. */
	mwb_health_request(&t->h, t->now);
	mwb_health_check(&t->h, t->now + 200 * MWB_TEST_MS - 1);
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.nr_lost);
	mwb_health_check(&t->h, t->now + 200 * MWB_TEST_MS);
	KUNIT_EXPECT_EQ(test, 1ULL, t->h.nr_lost);
	KUNIT_EXPECT_EQ(test, 1U, t->h.lost_in_row);
	mwb_health_check(&t->h, t->now + 10000 * MWB_TEST_MS);
	KUNIT_EXPECT_EQ(test, 1ULL, t->h.nr_lost);
}

/* Three in a row, and only three, and only in a row. */
static void mwb_test_lost(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u32 i;

	t->rtt = 20 * MWB_TEST_MS;
	mwb_test_run(t, 1000, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	for (i = 0; i < 5; i++) {
		t->dead = true;
		mwb_test_run(t, 400, true);
		t->dead = false;
		mwb_test_run(t, 200, true);
	}
	mwb_test_run(t, 1000, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	KUNIT_EXPECT_EQ(test, 10ULL, t->h.nr_lost);
	KUNIT_EXPECT_EQ(test, 0U, t->h.lost_in_row);
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.downs);

	/* The last answered was sent less than 200 ms ago: 3 more, and 200. */
	t->dead = true;
	i = mwb_test_until(t, MWB_HEALTH_DOWN, 2000, true);
	KUNIT_EXPECT_GE(test, i, 600U);
	KUNIT_EXPECT_LE(test, i, 802U);
	KUNIT_EXPECT_EQ(test, 3U, t->h.lost_in_row);
	KUNIT_EXPECT_EQ(test, 1ULL, t->h.downs);
	KUNIT_EXPECT_EQ(test, t->now - MWB_TEST_MS, t->h.since);
}

/* As many failures as are configured. */
static void mwb_test_failures(struct kunit *test)
{
	static const u32 failures[] = { 1, 2, 5, 100 };
	struct mwb_test_health *t = test->priv;
	u64 passed;
	u32 i;

	t->rtt = 5 * MWB_TEST_MS;
	for (i = 0; i < ARRAY_SIZE(failures); i++) {
		t->dead = false;
		t->h.failures = failures[i];
		mwb_test_run(t, 2500, true);
		KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
		t->dead = true;
		passed = mwb_test_until(t, MWB_HEALTH_DOWN, 30000, true);
		KUNIT_EXPECT_GE(test, passed, failures[i] * 200ULL);
		KUNIT_EXPECT_LE(test, passed, failures[i] * 200ULL + 202);
		KUNIT_EXPECT_EQ(test, failures[i], t->h.lost_in_row);
	}
}

/* Denser requests under load: no sooner down than 3 intervals after the last. */
static void mwb_test_busy(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 passed;

	t->rtt = 20 * MWB_TEST_MS;
	t->busy = true;
	mwb_test_run(t, 1000, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	t->dead = true;
	/* Those lost by now are many, but 3 intervals have not passed. */
	mwb_test_run(t, 540, true);
	KUNIT_EXPECT_GE(test, t->h.lost_in_row, 6U);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	t->dead = false;
	mwb_test_run(t, 1000, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);

	t->dead = true;
	passed = mwb_test_until(t, MWB_HEALTH_DOWN, 2000, true);
	KUNIT_EXPECT_GE(test, passed, 550ULL);
	KUNIT_EXPECT_LE(test, passed, 622ULL);
}

/* A path that starts and fails is not counted as one that was Up. */
static void mwb_test_starting_fails(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;

	t->rtt = MWB_TEST_MS;
	mwb_test_until(t, MWB_HEALTH_STARTING, 100, false);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_STARTING, (int)t->h.state);
	t->dead = true;
	KUNIT_EXPECT_LE(test, mwb_test_until(t, MWB_HEALTH_DOWN, 2000, false),
			650ULL);
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.downs);
	/* The answers from before do not count. */
	t->dead = false;
	mwb_test_until(t, MWB_HEALTH_STARTING, 1000, false);
	KUNIT_EXPECT_EQ(test, 1U, t->h.good);
	KUNIT_EXPECT_GE(test, mwb_test_until(t, MWB_HEALTH_UP, 1000, false),
			200ULL);
}

/* 600 ms there and back, a request every 200 or 50 ms: nothing is lost. */
static void mwb_test_satellite(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u32 i;

	t->rtt = 600 * MWB_TEST_MS;
	mwb_test_until(t, MWB_HEALTH_UP, 5000, false);
	for (i = 0; i < 20; i++) {
		t->busy = i & 1;
		/* A moderate jitter, too. */
		t->rtt = (600 + 40 * (i % 3)) * MWB_TEST_MS;
		mwb_test_run(t, 3000, false);
		KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	}
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.nr_lost);
	KUNIT_EXPECT_EQ(test, 0U, t->h.loss);
	/* Slower by half, and at once: requests seem lost, the path stays. */
	t->busy = true;
	t->rtt = 950 * MWB_TEST_MS;
	mwb_test_run(t, 3000, false);
	KUNIT_EXPECT_GT(test, t->h.nr_lost, 3ULL);
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.downs);
}

/* The path gets slow at once: late answers keep it up and are learned from. */
static void mwb_test_slower(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 lost;

	t->rtt = 20 * MWB_TEST_MS;
	mwb_test_run(t, 3000, true);
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.nr_lost);
	t->rtt = 900 * MWB_TEST_MS;
	mwb_test_run(t, 3000, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	KUNIT_EXPECT_GT(test, t->h.rtt, 700 * MWB_TEST_MS);
	KUNIT_EXPECT_GT(test, t->h.nr_lost, 0ULL);
	lost = t->h.nr_lost;
	mwb_test_run(t, 10000, true);
	KUNIT_EXPECT_EQ(test, lost, t->h.nr_lost);
	KUNIT_EXPECT_LE(test, t->h.downs, 1ULL);
}

static void mwb_test_forged(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	struct mwb_health before;
	u64 first, seq;
	u32 i;

	for (i = 0; i < 100; i++)
		mwb_test_probe(t, 10 * MWB_TEST_MS, true);
	first = mwb_health_request(&t->h, t->now);
	seq = mwb_health_request(&t->h, t->now + 5 * MWB_TEST_MS);
	t->now += 25 * MWB_TEST_MS;
	before = t->h;

	/* Not sent yet, answered, long gone, far away. */
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, seq + 1, 0, true,
						   t->now));
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, seq + 64, 0, true,
						   t->now));
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, first - 1, 0, true,
						   t->now));
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, seq - 64, 0, true,
						   t->now));
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, first - 64, 0, true,
						   t->now));
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, 0, 0, true, t->now));
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, U64_MAX, 0, true,
						   t->now));
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, seq + (1ULL << 63), 0,
						   true, t->now));
	/* It cannot have taken longer than the time since the request. */
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, seq,
						   20 * MWB_TEST_MS + 1, true,
						   t->now));
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, seq, U64_MAX, true,
						   t->now));
	KUNIT_EXPECT_TRUE(test, !memcmp(&before, &t->h, sizeof(before)));

	/* Out of order is fine, twice is not. */
	KUNIT_EXPECT_TRUE(test, mwb_health_answer(&t->h, seq, 20 * MWB_TEST_MS,
						  true, t->now));
	KUNIT_EXPECT_TRUE(test, mwb_health_answer(&t->h, first, 0, true,
						  t->now));
	before = t->h;
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, seq, 0, true,
						   t->now));
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, first, 0, true,
						   t->now));
	KUNIT_EXPECT_TRUE(test, !memcmp(&before, &t->h, sizeof(before)));
	KUNIT_EXPECT_EQ(test, 102ULL, t->h.nr_sent);
	KUNIT_EXPECT_EQ(test, 102ULL, t->h.nr_answered);
}

/* An answer to what was counted as lost: a sign of life, but not of no loss. */
static void mwb_test_late(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 seq;
	u32 loss;

	mwb_test_probe(t, 10 * MWB_TEST_MS, true);
	seq = mwb_health_request(&t->h, t->now);
	mwb_health_request(&t->h, t->now);
	t->now += 700 * MWB_TEST_MS;
	mwb_health_check(&t->h, t->now);
	KUNIT_EXPECT_EQ(test, 2U, t->h.lost_in_row);
	KUNIT_EXPECT_EQ(test, 2ULL, t->h.nr_lost);
	loss = t->h.loss;
	KUNIT_EXPECT_GT(test, loss, 0U);
	KUNIT_EXPECT_TRUE(test, mwb_health_answer(&t->h, seq, 0, true, t->now));
	KUNIT_EXPECT_EQ(test, loss, t->h.loss);
	KUNIT_EXPECT_EQ(test, 0U, t->h.lost_in_row);
	KUNIT_EXPECT_EQ(test, 2ULL, t->h.nr_answered);
	KUNIT_EXPECT_EQ(test, 700 * MWB_TEST_MS, t->h.rtt_last);
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, seq, 0, true,
						   t->now));
	/* The other one is too old after 10 s. */
	t->now += 9300 * MWB_TEST_MS + 1;
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, seq + 1, 0, true,
						   t->now));
	KUNIT_EXPECT_TRUE(test, mwb_health_answer(&t->h, seq + 1, 0, true,
						  t->now - 1));
}

/* 64 may be open; the oldest is lost when there are more. */
static void mwb_test_outstanding(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 seq;

	for (seq = 0; seq < 64; seq++)
		KUNIT_EXPECT_EQ(test, seq, mwb_health_request(&t->h, t->now));
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.nr_lost);
	t->now += MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 64ULL, mwb_health_request(&t->h, t->now));
	KUNIT_EXPECT_EQ(test, 1ULL, t->h.nr_lost);
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, 0, 0, true, t->now));
	KUNIT_EXPECT_TRUE(test, mwb_health_answer(&t->h, 1, 0, true, t->now));
	KUNIT_EXPECT_TRUE(test, mwb_health_answer(&t->h, 64, 0, true, t->now));
	/* 1 was answered: only 2 is lost by the next two. */
	mwb_health_request(&t->h, t->now);
	KUNIT_EXPECT_EQ(test, 1ULL, t->h.nr_lost);
	mwb_health_request(&t->h, t->now);
	KUNIT_EXPECT_EQ(test, 2ULL, t->h.nr_lost);
	mwb_health_check(&t->h, t->now + 2000 * MWB_TEST_MS);
	KUNIT_EXPECT_EQ(test, t->h.nr_sent, t->h.nr_lost + t->h.nr_answered);
}

/* A moving average of 1/16: from nothing to all, and back to nothing. */
static void mwb_test_loss(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u32 i, last;

	t->h.failures = 100000;
	mwb_test_probe(t, MWB_TEST_MS, true);
	for (i = 0, last = 0; i < 300; i++) {
		mwb_health_request(&t->h, t->now);
		t->now += 300 * MWB_TEST_MS;
		mwb_health_check(&t->h, t->now);
		KUNIT_EXPECT_GE(test, t->h.loss, last);
		last = t->h.loss;
		if (!i)
			KUNIT_EXPECT_EQ(test, 62500U, last);
		/* (15/16)^10 = 0.5245 */
		if (i == 9) {
			KUNIT_EXPECT_GE(test, last, 475400U);
			KUNIT_EXPECT_LE(test, last, 475600U);
		}
	}
	KUNIT_EXPECT_EQ(test, 1000000U, t->h.loss);
	for (i = 0; i < 300; i++) {
		mwb_test_probe(t, MWB_TEST_MS, true);
		KUNIT_EXPECT_LE(test, t->h.loss, last);
		last = t->h.loss;
		if (!i)
			KUNIT_EXPECT_EQ(test, 937500U, last);
	}
	KUNIT_EXPECT_EQ(test, 0U, t->h.loss);
}

/* Put out of use: answers under way do not bring it back, nor are they lost. */
static void mwb_test_down(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 seq, since;

	mwb_test_probe(t, MWB_TEST_MS, true);
	while (t->h.next < 65)
		mwb_health_request(&t->h, t->now);
	t->now += MWB_TEST_MS;
	mwb_health_down(&t->h, MWB_HEALTH_OFF, t->now);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_DOWN, (int)t->h.state);
	KUNIT_EXPECT_EQ(test, 1ULL, t->h.downs);
	since = t->h.since;
	KUNIT_EXPECT_EQ(test, t->now, since);
	for (seq = 0; seq < 66; seq++)
		KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, seq, 0, true,
							   t->now));
	mwb_health_check(&t->h, t->now + 5000 * MWB_TEST_MS);
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.nr_lost);
	/* Again: it has been down since the first time. */
	mwb_health_down(&t->h, MWB_HEALTH_OFF, t->now + 10 * MWB_TEST_MS);
	KUNIT_EXPECT_EQ(test, since, t->h.since);
	KUNIT_EXPECT_EQ(test, 1ULL, t->h.downs);

	/* Figures start anew with the path. */
	mwb_test_probe(t, 500 * MWB_TEST_MS, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	KUNIT_EXPECT_EQ(test, 500 * MWB_TEST_MS, t->h.rtt);
	KUNIT_EXPECT_EQ(test, 500 * MWB_TEST_MS, t->h.rtt_min);
}

static void mwb_test_interval(struct kunit *test)
{
	static const struct {
		u64 down;	/* ms */
		u64 interval;	/* us */
	} cases[] = {
		{ 0, 40000 }, { 1, 40000 }, { 1999, 40000 }, { 2000, 40000 },
		{ 2001, 40020 }, { 5000, 100000 }, { 49950, 999000 },
		{ 50000, 1000000 }, { 50001, 1000000 }, { 86400000, 1000000 },
	};
	struct mwb_test_health *t = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u64 now = t->h.since + cases[i].down * MWB_TEST_MS;

		KUNIT_EXPECT_EQ(test, cases[i].interval * 1000,
				mwb_health_interval(&t->h, false, now));
		KUNIT_EXPECT_EQ(test, cases[i].interval * 1000,
				mwb_health_interval(&t->h, true, now));
	}
	KUNIT_EXPECT_EQ(test, 1000 * MWB_TEST_MS,
			mwb_health_interval(&t->h, false, U64_MAX));
	/* A clock that was read just before the state was entered. */
	KUNIT_EXPECT_EQ(test, 40 * MWB_TEST_MS,
			mwb_health_interval(&t->h, false, t->h.since - 1));

	mwb_test_probe(t, MWB_TEST_MS, false);
	KUNIT_EXPECT_EQ(test, 50 * MWB_TEST_MS,
			mwb_health_interval(&t->h, false, t->now));
	mwb_test_probe(t, MWB_TEST_MS, true);
	KUNIT_EXPECT_EQ(test, 200 * MWB_TEST_MS,
			mwb_health_interval(&t->h, false, t->now));
	KUNIT_EXPECT_EQ(test, 50 * MWB_TEST_MS,
			mwb_health_interval(&t->h, true, t->now));
	t->h.interval = 20 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 10 * MWB_TEST_MS,
			mwb_health_interval(&t->h, true, t->now));
	t->h.interval = 10 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 10 * MWB_TEST_MS,
			mwb_health_interval(&t->h, false, t->now));
}

/* A cut of a minute: found again within a second of its end. */
static void mwb_test_returns(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 sent;

	t->rtt = 30 * MWB_TEST_MS;
	mwb_test_run(t, 2000, true);
	t->dead = true;
	mwb_test_run(t, 3000, false);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_DOWN, (int)t->h.state);
	sent = t->h.nr_sent;
	mwb_test_run(t, 57000, false);
	/* 1 s apart at the end; about 50 ln(57 / 2) before. */
	KUNIT_EXPECT_LE(test, t->h.nr_sent - sent, 220ULL);
	t->dead = false;
	KUNIT_EXPECT_LE(test, mwb_test_until(t, MWB_HEALTH_STARTING, 2000,
					     false), 1035ULL);
	KUNIT_EXPECT_LE(test, mwb_test_until(t, MWB_HEALTH_UP, 1000, false),
			300ULL);
}

/* Nothing happens before the deadline, and at it something does. */
static void mwb_test_deadline(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	struct mwb_health before;
	u64 random = 8;
	u64 deadline;
	u32 passed = 0;
	u32 i;

	KUNIT_EXPECT_EQ(test, U64_MAX, mwb_health_deadline(&t->h));
	for (i = 0; i < 3000; i++) {
		t->rtt = (10 + mwb_random_below(&random, 700)) * MWB_TEST_MS;
		t->busy = mwb_random_below(&random, 2);
		t->dead = !mwb_random_below(&random, 4);
		mwb_test_run(t, mwb_random_below(&random, 300),
			     mwb_random_below(&random, 2));
		before = t->h;
		deadline = mwb_health_deadline(&t->h);
		if (deadline == U64_MAX)
			continue;
		passed++;
		mwb_health_check(&t->h, deadline - 1);
		KUNIT_ASSERT_EQ(test, before.nr_lost, t->h.nr_lost);
		KUNIT_ASSERT_EQ(test, (int)before.state, (int)t->h.state);
		KUNIT_ASSERT_EQ(test, deadline, mwb_health_deadline(&t->h));
		mwb_health_check(&t->h, deadline);
		KUNIT_ASSERT_TRUE(test, t->h.nr_lost > before.nr_lost ||
				  t->h.state != before.state);
		KUNIT_ASSERT_LT(test, deadline, mwb_health_deadline(&t->h));
		t->h = before;
	}
	KUNIT_EXPECT_GT(test, passed, 1000U);

	/* What is answered is not waited for. */
	mwb_health_init(&t->h, 200 * MWB_TEST_MS, 3, 0);
	for (i = 0; i < 3; i++)
		mwb_health_request(&t->h, i);
	mwb_health_answer(&t->h, 1, 0, true, 100);
	KUNIT_EXPECT_EQ(test, 200 * MWB_TEST_MS, mwb_health_deadline(&t->h));
	mwb_health_answer(&t->h, 0, 0, true, 100);
	KUNIT_EXPECT_EQ(test, 200 * MWB_TEST_MS + 2,
			mwb_health_deadline(&t->h));
	mwb_health_answer(&t->h, 2, 0, true, 100);
	KUNIT_EXPECT_EQ(test, U64_MAX, mwb_health_deadline(&t->h));

	/* The second condition for Down may be the one that is left. */
	mwb_health_init(&t->h, 200 * MWB_TEST_MS, 3, 0);
	t->now = 0;
	mwb_test_probe(t, MWB_TEST_MS, true);
	for (i = 0; i < 3; i++)
		mwb_health_request(&t->h, t->now + i);
	mwb_health_check(&t->h, t->now + 250 * MWB_TEST_MS);
	KUNIT_EXPECT_EQ(test, 3U, t->h.lost_in_row);
	KUNIT_EXPECT_EQ(test, 601 * MWB_TEST_MS, mwb_health_deadline(&t->h));
	mwb_health_check(&t->h, 601 * MWB_TEST_MS - 1);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	mwb_health_check(&t->h, 601 * MWB_TEST_MS);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_DOWN, (int)t->h.state);
	KUNIT_EXPECT_EQ(test, U64_MAX, mwb_health_deadline(&t->h));
}

/* At both ends of the clock. */
static void mwb_test_extremes(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 seq, before;

	mwb_health_init(&t->h, 200 * MWB_TEST_MS, 3, 0);
	t->now = 0;
	mwb_test_probe(t, MWB_TEST_MS, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	seq = mwb_health_request(&t->h, t->now);
	/* Checked with a time read a little earlier. */
	mwb_health_check(&t->h, t->now - 1);
	mwb_health_check(&t->h, 0);
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.nr_lost);
	KUNIT_EXPECT_FALSE(test, mwb_health_answer(&t->h, seq, 0, true,
						   t->now - 1));
	mwb_health_check(&t->h, U64_MAX);
	KUNIT_EXPECT_EQ(test, 1ULL, t->h.nr_lost);

	mwb_health_init(&t->h, 60000 * MWB_TEST_MS, 100,
			U64_MAX - 2000 * MWB_TEST_MS);
	t->now = U64_MAX - 2000 * MWB_TEST_MS;
	mwb_test_probe(t, 1000 * MWB_TEST_MS, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	before = t->h.rtt;
	seq = mwb_health_request(&t->h, U64_MAX - 5);
	mwb_health_check(&t->h, U64_MAX);
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.nr_lost);
	KUNIT_EXPECT_TRUE(test, mwb_health_answer(&t->h, seq, 5, true,
						  U64_MAX));
	KUNIT_EXPECT_LT(test, t->h.rtt, before);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_new),
	KUNIT_CASE(mwb_test_up_alone),
	KUNIT_CASE(mwb_test_up_beside),
	KUNIT_CASE(mwb_test_up_far),
	KUNIT_CASE(mwb_test_alone_later),
	KUNIT_CASE(mwb_test_rtt),
	KUNIT_CASE(mwb_test_timeout),
	KUNIT_CASE(mwb_test_lost),
	KUNIT_CASE(mwb_test_failures),
	KUNIT_CASE(mwb_test_busy),
	KUNIT_CASE(mwb_test_starting_fails),
	KUNIT_CASE(mwb_test_satellite),
	KUNIT_CASE(mwb_test_slower),
	KUNIT_CASE(mwb_test_forged),
	KUNIT_CASE(mwb_test_late),
	KUNIT_CASE(mwb_test_outstanding),
	KUNIT_CASE(mwb_test_loss),
	KUNIT_CASE(mwb_test_down),
	KUNIT_CASE(mwb_test_interval),
	KUNIT_CASE(mwb_test_returns),
	KUNIT_CASE(mwb_test_deadline),
	KUNIT_CASE(mwb_test_extremes),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-health",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

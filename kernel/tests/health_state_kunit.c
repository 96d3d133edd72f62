// SPDX-License-Identifier: GPL-2.0-only
/*
 * The states of a path: which follows which, penalties, suspicion, limits.
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
	t->rtt = 20 * MWB_TEST_MS;
	mwb_health_init(&t->h, 200 * MWB_TEST_MS, 3, t->now);
	test->priv = t;
	return 0;
}

static void mwb_test_forget_moves(struct mwb_test_health *t)
{
	struct mwb_health_move move;

	while (mwb_health_moved(&t->h, &move))
		;
}

/* The next move is this one. */
static void mwb_test_expect_move(struct kunit *test,
				 enum mwb_health_state from,
				 enum mwb_health_state to,
				 enum mwb_health_reason reason)
{
	struct mwb_test_health *t = test->priv;
	struct mwb_health_move move = {};

	KUNIT_EXPECT_TRUE(test, mwb_health_moved(&t->h, &move));
	KUNIT_EXPECT_EQ(test, (int)from, (int)move.from);
	KUNIT_EXPECT_EQ(test, (int)to, (int)move.to);
	KUNIT_EXPECT_EQ(test, (int)reason, (int)move.reason);
}

/* Up, and cut off until it is Down; @alive ms between. */
static void mwb_test_flap(struct mwb_test_health *t, u64 alive)
{
	t->dead = false;
	mwb_test_until(t, MWB_HEALTH_UP, 100000, false);
	mwb_test_run(t, alive, false);
	t->dead = true;
	mwb_test_until(t, MWB_HEALTH_DOWN, 2000, false);
	t->dead = false;
}

/* Each step is told of, one that follows at once, too, and only once. */
static void mwb_test_moves(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	struct mwb_health_move move;
	u32 i;

	KUNIT_EXPECT_FALSE(test, mwb_health_moved(&t->h, &move));
	mwb_test_probe(t, MWB_TEST_MS, true);
	mwb_test_expect_move(test, MWB_HEALTH_DOWN, MWB_HEALTH_STARTING,
			     MWB_HEALTH_ANSWERED);
	mwb_test_expect_move(test, MWB_HEALTH_STARTING, MWB_HEALTH_UP,
			     MWB_HEALTH_PROVEN);
	KUNIT_EXPECT_FALSE(test, mwb_health_moved(&t->h, &move));
	mwb_health_down(&t->h, MWB_HEALTH_RESTART, t->now);
	mwb_test_expect_move(test, MWB_HEALTH_UP, MWB_HEALTH_DOWN,
			     MWB_HEALTH_RESTART);
	mwb_health_down(&t->h, MWB_HEALTH_OFF, t->now);
	KUNIT_EXPECT_FALSE(test, mwb_health_moved(&t->h, &move));

	/* Of those that nobody fetches, the last are left. */
	for (i = 0; i < 10; i++) {
		mwb_test_probe(t, MWB_TEST_MS, true);
		mwb_health_down(&t->h, MWB_HEALTH_OFF, t->now);
	}
	mwb_test_expect_move(test, MWB_HEALTH_UP, MWB_HEALTH_DOWN,
			     MWB_HEALTH_OFF);
	mwb_test_expect_move(test, MWB_HEALTH_DOWN, MWB_HEALTH_STARTING,
			     MWB_HEALTH_ANSWERED);
	mwb_test_expect_move(test, MWB_HEALTH_STARTING, MWB_HEALTH_UP,
			     MWB_HEALTH_PROVEN);
	mwb_test_expect_move(test, MWB_HEALTH_UP, MWB_HEALTH_DOWN,
			     MWB_HEALTH_OFF);
	KUNIT_EXPECT_FALSE(test, mwb_health_moved(&t->h, &move));
}

/* 0, 1, 2, ... 60, 60 s; half of it for each minute without a flap. */
static void mwb_test_penalty(struct kunit *test)
{
	static const u32 seconds[] = { 0, 1, 2, 4, 8, 16, 32, 60, 60 };
	struct mwb_test_health *t = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(seconds); i++) {
		mwb_test_flap(t, 1000);
		KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_DOWN, (int)t->h.state);
		KUNIT_EXPECT_EQ(test, seconds[i] * 1000 * MWB_TEST_MS,
				t->h.penalty_until - t->h.since);
	}
	/* 60 s, four minutes: 3.75 s; then seven of it: none. */
	mwb_test_flap(t, 241000);
	KUNIT_EXPECT_EQ(test, 3750 * MWB_TEST_MS,
			t->h.penalty_until - t->h.since);
	mwb_test_flap(t, 59000);
	KUNIT_EXPECT_EQ(test, 7500 * MWB_TEST_MS,
			t->h.penalty_until - t->h.since);
	mwb_test_flap(t, 4 * 60000 + 1000);
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.penalty_until - t->h.since);
}

/* What is switched off or restarted is not punished for it. */
static void mwb_test_no_flap(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u32 i;

	for (i = 0; i < 5; i++) {
		mwb_test_until(t, MWB_HEALTH_UP, 2000, false);
		mwb_health_down(&t->h, i & 1 ? MWB_HEALTH_OFF :
					       MWB_HEALTH_RESTART, t->now);
		KUNIT_EXPECT_EQ(test, 0ULL, t->h.penalty_until);
	}
	KUNIT_EXPECT_EQ(test, 5ULL, t->h.downs);
	/* An interface that comes and goes is a flap. */
	for (i = 0; i < 2; i++) {
		mwb_test_until(t, MWB_HEALTH_UP, 2000, false);
		mwb_health_down(&t->h, MWB_HEALTH_UNDERLAY, t->now);
	}
	KUNIT_EXPECT_EQ(test, 1000 * MWB_TEST_MS,
			t->h.penalty_until - t->h.since);
	/* One that was not Up is none. */
	mwb_test_until(t, MWB_HEALTH_RECOVERING, 2000, false);
	mwb_health_down(&t->h, MWB_HEALTH_UNDERLAY, t->now);
	KUNIT_EXPECT_EQ(test, 2000 * MWB_TEST_MS, t->h.penalty);
}

static void mwb_test_recovering(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 until;

	mwb_test_flap(t, 1000);
	/* The first is free, and there is no ramp. */
	KUNIT_EXPECT_LE(test, mwb_test_until(t, MWB_HEALTH_STARTING, 1000,
					     false), 62ULL);
	mwb_test_until(t, MWB_HEALTH_UP, 1000, false);
	KUNIT_EXPECT_EQ(test, 1000U, mwb_health_share(&t->h, t->now));

	mwb_test_flap(t, 1000);
	until = t->h.penalty_until;
	KUNIT_EXPECT_LE(test, mwb_test_until(t, MWB_HEALTH_RECOVERING, 1000,
					     false), 62ULL);
	mwb_test_until(t, MWB_HEALTH_UP, 5000, false);
	KUNIT_EXPECT_GE(test, t->now, until);
	KUNIT_EXPECT_LE(test, t->now, until + 60 * MWB_TEST_MS);
	KUNIT_EXPECT_EQ(test, 125U, mwb_health_share(&t->h, t->h.since));
	KUNIT_EXPECT_EQ(test, 125U, mwb_health_share(&t->h, t->h.since - 1));
	KUNIT_EXPECT_EQ(test, 562U, mwb_health_share(&t->h, t->h.since +
						     500 * MWB_TEST_MS));
	KUNIT_EXPECT_EQ(test, 1000U, mwb_health_share(&t->h, t->h.since +
						      1000 * MWB_TEST_MS));
	KUNIT_EXPECT_EQ(test, 1000U, mwb_health_share(&t->h, U64_MAX));

	/* A penalty that is over before the path is back is not seen. */
	mwb_test_flap(t, 1000);
	t->dead = true;
	mwb_test_run(t, 2100, false);
	t->dead = false;
	mwb_test_until(t, MWB_HEALTH_STARTING, 1000, false);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_STARTING, (int)t->h.state);
}

/* One request lost is enough, but not one from before. */
static void mwb_test_recovering_fails(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 penalty, seq;

	mwb_test_flap(t, 1000);
	mwb_test_flap(t, 1000);
	penalty = t->h.penalty;
	mwb_health_request(&t->h, t->now);
	mwb_test_probe(t, MWB_TEST_MS, false);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_RECOVERING, (int)t->h.state);
	mwb_health_check(&t->h, t->now + 199 * MWB_TEST_MS);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_RECOVERING, (int)t->h.state);
	t->now += 199 * MWB_TEST_MS;
	mwb_test_forget_moves(t);
	seq = mwb_health_request(&t->h, t->now);
	mwb_health_check(&t->h, t->now + 200 * MWB_TEST_MS - 1);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_RECOVERING, (int)t->h.state);
	mwb_health_check(&t->h, t->now + 200 * MWB_TEST_MS);
	mwb_test_expect_move(test, MWB_HEALTH_RECOVERING, MWB_HEALTH_DOWN,
			     MWB_HEALTH_FAILURES);
	KUNIT_EXPECT_EQ(test, penalty, t->h.penalty);
	/* The answer comes after all. */
	KUNIT_EXPECT_TRUE(test, mwb_health_answer(&t->h, seq, 0, false,
						  t->now +
						  300 * MWB_TEST_MS));
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_RECOVERING, (int)t->h.state);

	/* Where no other path is up, nobody is spared by a penalty. */
	t->now += 300 * MWB_TEST_MS;
	mwb_test_probe(t, MWB_TEST_MS, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	KUNIT_EXPECT_LT(test, t->now, t->h.penalty_until);
}

/* A long penalty is waited for at the usual interval. */
static void mwb_test_recovering_interval(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 until;

	mwb_test_probe(t, MWB_TEST_MS, true);
	t->h.penalty = 30000 * MWB_TEST_MS;
	mwb_health_down(&t->h, MWB_HEALTH_UNDERLAY, t->now);
	until = t->h.penalty_until;
	mwb_test_probe(t, MWB_TEST_MS, false);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_RECOVERING, (int)t->h.state);
	KUNIT_EXPECT_EQ(test, 200 * MWB_TEST_MS,
			mwb_health_interval(&t->h, true, t->now));
	KUNIT_EXPECT_EQ(test, 50 * MWB_TEST_MS,
			mwb_health_interval(&t->h, false, until -
					    1000 * MWB_TEST_MS));
	t->rtt = 30 * MWB_TEST_MS;
	mwb_test_until(t, MWB_HEALTH_UP, 60000, false);
	KUNIT_EXPECT_GE(test, t->now, until);
	KUNIT_EXPECT_LE(test, t->now, until + 60 * MWB_TEST_MS);
}

/* Two probes without an answer: Down, for the reason of the suspicion. */
static void mwb_test_suspect(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 deadline;

	mwb_health_suspect(&t->h, MWB_HEALTH_SILENT, t->now);
	KUNIT_EXPECT_FALSE(test, t->h.suspect);
	mwb_test_run(t, 3000, true);
	KUNIT_EXPECT_EQ(test, MWB_TEST_MS, mwb_health_patience(&t->h));
	mwb_test_forget_moves(t);
	t->dead = true;
	mwb_health_suspect(&t->h, MWB_HEALTH_UNACKNOWLEDGED, t->now);
	KUNIT_EXPECT_TRUE(test, t->h.suspect);
	KUNIT_EXPECT_TRUE(test, mwb_health_is_usable(&t->h));
	KUNIT_EXPECT_EQ(test, 10 * MWB_TEST_MS,
			mwb_health_interval(&t->h, true, t->now));
	/* Once is enough. */
	mwb_health_suspect(&t->h, MWB_HEALTH_SILENT, t->now + MWB_TEST_MS);
	KUNIT_EXPECT_EQ(test, t->now, t->h.suspected);

	mwb_health_request(&t->h, t->now);
	deadline = mwb_health_deadline(&t->h);
	KUNIT_EXPECT_GT(test, deadline, t->now + 40 * MWB_TEST_MS);
	mwb_health_request(&t->h, t->now + 10 * MWB_TEST_MS);
	mwb_health_request(&t->h, t->now + 20 * MWB_TEST_MS);
	/* 10 ms, a round trip, and for jitter and the answer 11 ms */
	deadline = t->now + (10 + 20 + 11) * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, deadline, mwb_health_deadline(&t->h));
	mwb_health_check(&t->h, deadline - 1);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	mwb_health_check(&t->h, deadline);
	mwb_test_expect_move(test, MWB_HEALTH_UP, MWB_HEALTH_DOWN,
			     MWB_HEALTH_UNACKNOWLEDGED);
	KUNIT_EXPECT_FALSE(test, t->h.suspect);
	KUNIT_EXPECT_EQ(test, 0U, t->h.spurious);
}

/* An answer to what was sent before says nothing. */
static void mwb_test_cleared(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 seq;

	mwb_test_run(t, 3000, true);
	seq = mwb_health_request(&t->h, t->now);
	mwb_health_suspect(&t->h, MWB_HEALTH_SILENT, t->now);
	KUNIT_EXPECT_TRUE(test, mwb_health_answer(&t->h, seq, 0, true,
						  t->now + MWB_TEST_MS));
	KUNIT_EXPECT_TRUE(test, t->h.suspect);
	mwb_health_cleared(&t->h, t->now, t->now + MWB_TEST_MS);
	KUNIT_EXPECT_TRUE(test, t->h.suspect);
	mwb_health_cleared(&t->h, t->now + 1, t->now + MWB_TEST_MS);
	KUNIT_EXPECT_FALSE(test, t->h.suspect);
	KUNIT_EXPECT_EQ(test, 1U, t->h.spurious);

	t->now += 2 * MWB_TEST_MS;
	mwb_health_suspect(&t->h, MWB_HEALTH_SILENT, t->now);
	mwb_test_probe(t, 20 * MWB_TEST_MS, true);
	KUNIT_EXPECT_FALSE(test, t->h.suspect);
	KUNIT_EXPECT_EQ(test, 2U, t->h.spurious);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.downs);
}

/* False alarms make patient, for some time. */
static void mwb_test_patience(struct kunit *test)
{
	static const u32 times[] = { 2, 4, 8, 8, 8 };
	struct mwb_test_health *t = test->priv;
	u32 i;

	mwb_test_probe(t, 20 * MWB_TEST_MS, true);
	KUNIT_EXPECT_EQ(test, 40 * MWB_TEST_MS, mwb_health_patience(&t->h));
	t->h.rttvar = 0;
	KUNIT_EXPECT_EQ(test, MWB_TEST_MS, mwb_health_patience(&t->h));
	for (i = 0; i < ARRAY_SIZE(times); i++) {
		mwb_health_suspect(&t->h, MWB_HEALTH_SILENT, t->now);
		mwb_health_cleared(&t->h, t->now + 1, t->now);
		KUNIT_EXPECT_EQ(test, times[i] * MWB_TEST_MS,
				mwb_health_patience(&t->h));
	}
	t->now += 20000 * MWB_TEST_MS;
	mwb_health_suspect(&t->h, MWB_HEALTH_SILENT, t->now);
	KUNIT_EXPECT_EQ(test, 2 * MWB_TEST_MS, mwb_health_patience(&t->h));
	mwb_health_cleared(&t->h, U64_MAX, t->now);
	t->now += 500000 * MWB_TEST_MS;
	mwb_health_suspect(&t->h, MWB_HEALTH_SILENT, t->now);
	KUNIT_EXPECT_EQ(test, MWB_TEST_MS, mwb_health_patience(&t->h));
}

static void mwb_test_latency(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u64 passed;

	t->h.limits.latency = 50 * MWB_TEST_MS;
	t->rtt = 50 * MWB_TEST_MS;
	mwb_test_run(t, 3000, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	mwb_test_forget_moves(t);
	t->rtt = 80 * MWB_TEST_MS;
	KUNIT_EXPECT_LE(test, mwb_test_until(t, MWB_HEALTH_DEGRADED, 2000,
					     true), 300ULL);
	mwb_test_expect_move(test, MWB_HEALTH_UP, MWB_HEALTH_DEGRADED,
			     MWB_HEALTH_LATENCY);
	mwb_test_run(t, 10000, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_DEGRADED, (int)t->h.state);
	/* The average falls below 50 ms at last, and 2 s pass. */
	t->rtt = 20 * MWB_TEST_MS;
	while (t->h.rtt > 50 * MWB_TEST_MS)
		mwb_test_run(t, 1, true);
	passed = mwb_test_until(t, MWB_HEALTH_UP, 5000, true);
	KUNIT_EXPECT_GE(test, passed, 1790ULL);
	KUNIT_EXPECT_LE(test, passed, 2002ULL);
	mwb_test_expect_move(test, MWB_HEALTH_DEGRADED, MWB_HEALTH_UP,
			     MWB_HEALTH_RECOVERED);
	KUNIT_EXPECT_EQ(test, 0ULL, t->h.downs);
	/* Nor is it a return from Down. */
	KUNIT_EXPECT_EQ(test, 1000U, mwb_health_share(&t->h, t->now));

	/* It goes down from there, too. */
	t->h.limits.latency = MWB_TEST_MS;
	mwb_test_until(t, MWB_HEALTH_DEGRADED, 500, true);
	mwb_test_forget_moves(t);
	t->dead = true;
	mwb_test_until(t, MWB_HEALTH_DOWN, 2000, true);
	mwb_test_expect_move(test, MWB_HEALTH_DEGRADED, MWB_HEALTH_DOWN,
			     MWB_HEALTH_FAILURES);
	KUNIT_EXPECT_EQ(test, 1ULL, t->h.downs);
}

static void mwb_test_jitter(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u32 i;

	t->h.limits.jitter = 5 * MWB_TEST_MS;
	mwb_test_run(t, 5000, true);
	mwb_test_until(t, MWB_HEALTH_UP, 3000, true);
	mwb_test_forget_moves(t);
	for (i = 0; i < 20; i++) {
		t->rtt = (i & 1 ? 20 : 40) * MWB_TEST_MS;
		mwb_test_run(t, 200, true);
	}
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_DEGRADED, (int)t->h.state);
	mwb_test_expect_move(test, MWB_HEALTH_UP, MWB_HEALTH_DEGRADED,
			     MWB_HEALTH_JITTER);
}

/* Of the last 64; one alone does not count. */
static void mwb_test_loss_limit(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u32 i;

	t->h.limits.loss = 20000;
	mwb_test_run(t, 3000, true);
	for (i = 0; i < 64; i++)
		mwb_test_probe(t, 20 * MWB_TEST_MS, true);
	mwb_health_request(&t->h, t->now);
	t->now += 250 * MWB_TEST_MS;
	mwb_health_check(&t->h, t->now);
	KUNIT_EXPECT_EQ(test, 1U, t->h.lost_in_row);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	mwb_test_probe(t, 20 * MWB_TEST_MS, true);
	mwb_test_forget_moves(t);
	mwb_health_request(&t->h, t->now);
	t->now += 250 * MWB_TEST_MS;
	mwb_health_check(&t->h, t->now);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_DEGRADED, (int)t->h.state);
	mwb_test_expect_move(test, MWB_HEALTH_UP, MWB_HEALTH_DEGRADED,
			     MWB_HEALTH_LOSS);
	/* 2 of 64 are more than 2 %, 1 of 64 is not. */
	for (i = 0; i < 61; i++)
		mwb_test_probe(t, 20 * MWB_TEST_MS, true);
	KUNIT_EXPECT_EQ(test, t->now, t->h.exceeded);
	mwb_test_probe(t, 20 * MWB_TEST_MS, true);
	KUNIT_EXPECT_GT(test, t->now, t->h.exceeded);
	mwb_health_check(&t->h, t->h.exceeded + 2000 * MWB_TEST_MS - 1);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_DEGRADED, (int)t->h.state);
	mwb_health_check(&t->h, t->h.exceeded + 2000 * MWB_TEST_MS);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
}

/* Without limits, too: half of it lost, or many times as slow. */
static void mwb_test_brownout(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;
	u32 i;

	mwb_test_run(t, 3000, true);
	for (i = 0; i < 16 && t->h.state == MWB_HEALTH_UP; i++) {
		mwb_health_request(&t->h, t->now);
		mwb_health_request(&t->h, t->now);
		t->now += 250 * MWB_TEST_MS;
		mwb_health_check(&t->h, t->now);
		mwb_test_probe(t, 20 * MWB_TEST_MS, true);
	}
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_DEGRADED, (int)t->h.state);
	KUNIT_EXPECT_GE(test, t->h.loss, 450000U);
	/* What comes up again is judged by what it does then. */
	mwb_health_down(&t->h, MWB_HEALTH_OFF, t->now);
	mwb_test_probe(t, 20 * MWB_TEST_MS, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);

	for (i = 0; i < 40; i++)
		mwb_test_probe(t, 1000 * MWB_TEST_MS, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
	for (i = 0; i < 20; i++)
		mwb_test_probe(t, 1200 * MWB_TEST_MS, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_DEGRADED, (int)t->h.state);

	/* A satellite is not slow by being one. */
	mwb_health_down(&t->h, MWB_HEALTH_OFF, t->now);
	for (i = 0; i < 20; i++)
		mwb_test_probe(t, 600 * MWB_TEST_MS, true);
	for (i = 0; i < 20; i++)
		mwb_test_probe(t, 3000 * MWB_TEST_MS, true);
	KUNIT_EXPECT_EQ(test, (int)MWB_HEALTH_UP, (int)t->h.state);
}

/* Before the first answer, a request waits for what is usual. */
static void mwb_test_usual(struct kunit *test)
{
	struct mwb_test_health *t = test->priv;

	t->h.usual = 1200 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 2400 * MWB_TEST_MS, mwb_health_timeout(&t->h));
	t->h.usual = 20 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 1000 * MWB_TEST_MS, mwb_health_timeout(&t->h));
}

#define MWB_HEALTH_ANY MWB_HEALTH_STATES
#define MWB_TEST_ROW(from, to, reason) \
	{ MWB_HEALTH_##from, MWB_HEALTH_##to, MWB_HEALTH_##reason },

static const struct mwb_health_move mwb_test_table[] = {
	MWB_HEALTH_TABLE(MWB_TEST_ROW)
};

static int mwb_test_find(const struct mwb_health_move *move)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(mwb_test_table); i++)
		if (mwb_test_table[i].to == move->to &&
		    mwb_test_table[i].reason == move->reason &&
		    (mwb_test_table[i].from == move->from ||
		     mwb_test_table[i].from == MWB_HEALTH_STATES))
			return i;
	return -1;
}

static void mwb_test_random_step(struct mwb_test_health *t, u64 *random)
{
	bool alone = !mwb_random_below(random, 16);

	switch (mwb_random_below(random, 80)) {
	case 0:
		mwb_health_down(&t->h, MWB_HEALTH_UNDERLAY +
				mwb_random_below(random, 3), t->now);
		break;
	case 1:
		mwb_health_suspect(&t->h, mwb_random_below(random, 2) ?
				   MWB_HEALTH_SILENT :
				   MWB_HEALTH_UNACKNOWLEDGED, t->now);
		break;
	case 2:
		mwb_health_cleared(&t->h, t->now, t->now);
		break;
	case 3:
	case 4:
	case 5:
	case 6:
		t->dead = !t->dead;
		break;
	case 7:
	case 8:
		t->rtt = (1 + mwb_random_below(random, 300)) * MWB_TEST_MS;
		break;
	case 9:
		memset(&t->h.limits, 0, sizeof(t->h.limits));
		if (mwb_random_below(random, 4))
			break;
		t->h.limits.latency = mwb_random_below(random, 100) *
				      MWB_TEST_MS;
		t->h.limits.jitter = mwb_random_below(random, 30) *
				     MWB_TEST_MS;
		t->h.limits.loss = mwb_random_below(random, 100000);
		break;
	case 10:
	case 11:
	case 12:
		t->h.penalty = 0;
		t->h.penalty_until = 0;
		break;
	default:
		mwb_test_run(t, mwb_random_below(random, 300), alone);
		break;
	}
}

/* Nothing happens that the table has not, and all that it has. */
static void mwb_test_table_holds(struct kunit *test)
{
	u32 seen[ARRAY_SIZE(mwb_test_table)] = {};
	struct mwb_test_health *t = test->priv;
	struct mwb_health_move move;
	u64 random = 11;
	u8 state;
	u32 i;
	int row;

	for (i = 0; i < 40000; i++) {
		state = t->h.state;
		mwb_test_forget_moves(t);
		mwb_test_random_step(t, &random);
		KUNIT_ASSERT_LE(test, t->h.nr_moves, (u32)MWB_HEALTH_MOVES);
		if (t->h.nr_moves == MWB_HEALTH_MOVES)
			state = t->h.move[0].from;
		while (mwb_health_moved(&t->h, &move)) {
			KUNIT_ASSERT_EQ(test, (int)state, (int)move.from);
			KUNIT_ASSERT_TRUE(test, move.from != move.to);
			row = mwb_test_find(&move);
			KUNIT_ASSERT_TRUE(test, row >= 0);
			seen[row]++;
			state = move.to;
		}
		KUNIT_ASSERT_EQ(test, (int)state, (int)t->h.state);
		KUNIT_ASSERT_TRUE(test, !t->h.suspect ||
				  mwb_health_is_usable(&t->h));
	}
	for (i = 0; i < ARRAY_SIZE(seen); i++)
		KUNIT_EXPECT_GT(test, seen[i], 0U);
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_moves),
	KUNIT_CASE(mwb_test_penalty),
	KUNIT_CASE(mwb_test_no_flap),
	KUNIT_CASE(mwb_test_recovering),
	KUNIT_CASE(mwb_test_recovering_fails),
	KUNIT_CASE(mwb_test_recovering_interval),
	KUNIT_CASE(mwb_test_suspect),
	KUNIT_CASE(mwb_test_cleared),
	KUNIT_CASE(mwb_test_patience),
	KUNIT_CASE(mwb_test_latency),
	KUNIT_CASE(mwb_test_jitter),
	KUNIT_CASE(mwb_test_loss_limit),
	KUNIT_CASE(mwb_test_brownout),
	KUNIT_CASE(mwb_test_usual),
	KUNIT_CASE(mwb_test_table_holds),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-health-state",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

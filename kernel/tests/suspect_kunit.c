// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whom to suspect: two paths of 10 and 40 ms, and Acks that come by the first.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/slab.h>

#include "../core/suspect.h"

#define MWB_TEST_MS 1000000ULL

enum { MWB_TEST_NEVER = 10000 };

/**
 * struct mwb_test_suspect - session with two paths
 * @s: what is tested
 * @path: they
 * @acks: the one that brought the last Ack
 * @now: present time, ns
 */
struct mwb_test_suspect {
	struct mwb_suspect s;
	struct mwb_suspect_path path[2];
	u32 acks;
	u64 now;
};

static int mwb_test_init(struct kunit *test)
{
	struct mwb_test_suspect *t;
	u32 i;

	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	t->now = 5000 * MWB_TEST_MS;
	t->s.acked = t->now;
	for (i = 0; i < 2; i++) {
		t->path[i].waiting = U64_MAX;
		t->path[i].moved = t->now;
		t->path[i].patience = MWB_TEST_MS;
	}
	t->path[0].rtt = 10 * MWB_TEST_MS;
	t->path[1].rtt = 40 * MWB_TEST_MS;
	test->priv = t;
	return 0;
}

/* From now on data is sent by the path without pause, a round trip long. */
static void mwb_test_sends(struct mwb_test_suspect *t, u32 path)
{
	t->path[path].waiting = t->now - t->path[path].rtt;
}

/* @path sends, and Acks tell of it, or nothing arrives and they do not. */
static void mwb_test_ack(struct mwb_test_suspect *t, bool first, bool second)
{
	u32 i;

	t->s.acked = t->now;
	for (i = 0; i < 2; i++) {
		if (!(i ? second : first))
			continue;
		t->path[i].moved = t->now;
		if (t->path[i].waiting != U64_MAX)
			t->path[i].waiting = t->now - t->path[i].rtt;
	}
}

/* Let time pass, with an Ack every 10 ms if any path is told of.
 * Return: ms until somebody is suspected, MWB_TEST_NEVER for nobody
 */
static u32 mwb_test_run(struct mwb_test_suspect *t, u32 ms, bool first,
			bool second, u32 *who, bool *silent)
{
	u32 passed;

	for (passed = 0; passed < ms; passed++) {
		if (passed % 10 == 9 && (first || second))
			mwb_test_ack(t, first, second);
		*who = mwb_suspect_judge(&t->s, t->path, 2, t->acks, t->now,
					 silent);
		if (*who < 2)
			return passed;
		t->now += MWB_TEST_MS;
	}
	return MWB_TEST_NEVER;
}

static void mwb_test_healthy(struct kunit *test)
{
	struct mwb_test_suspect *t = test->priv;
	bool silent;
	u32 who;

	/* Nothing is sent: nothing is missed. */
	KUNIT_EXPECT_EQ(test, (u32)MWB_TEST_NEVER,
			mwb_test_run(t, 5000, false, false, &who, &silent));
	mwb_test_sends(t, 0);
	mwb_test_sends(t, 1);
	KUNIT_EXPECT_EQ(test, (u32)MWB_TEST_NEVER,
			mwb_test_run(t, 5000, true, true, &who, &silent));
	KUNIT_EXPECT_EQ(test, U64_MAX,
			mwb_suspect_due(&t->s, &(struct mwb_suspect_path){
					.waiting = U64_MAX }));
}

/* The path that brings no Acks does not deliver, both send. */
static void mwb_test_second(struct kunit *test)
{
	struct mwb_test_suspect *t = test->priv;
	bool silent;
	u32 who, ms;

	mwb_test_sends(t, 0);
	mwb_test_sends(t, 1);
	ms = mwb_test_run(t, 1000, true, false, &who, &silent);
	KUNIT_EXPECT_EQ(test, 1U, who);
	KUNIT_EXPECT_FALSE(test, silent);
	KUNIT_EXPECT_EQ(test, 31U, ms);
}

/* As before, but nothing else is sent: there are no Acks at all. */
static void mwb_test_second_only(struct kunit *test)
{
	struct mwb_test_suspect *t = test->priv;
	bool silent;
	u32 who, ms;

	t->path[1].waiting = t->now;
	ms = mwb_test_run(t, 1000, false, false, &who, &silent);
	KUNIT_EXPECT_EQ(test, 1U, who);
	KUNIT_EXPECT_FALSE(test, silent);
	KUNIT_EXPECT_EQ(test, 71U, ms);
}

/* Acks do not come any more: their path, and the other one has time. */
static void mwb_test_acks_path(struct kunit *test)
{
	struct mwb_test_suspect *t = test->priv;
	bool silent;
	u32 who, ms;

	mwb_test_sends(t, 0);
	mwb_test_sends(t, 1);
	ms = mwb_test_run(t, 1000, false, false, &who, &silent);
	KUNIT_EXPECT_EQ(test, 0U, who);
	KUNIT_EXPECT_TRUE(test, silent);
	KUNIT_EXPECT_EQ(test, 31U, ms);
	KUNIT_EXPECT_EQ(test, t->now, t->s.blamed);
	KUNIT_EXPECT_EQ(test, t->now + (40 + 50 + 30 + 1) * MWB_TEST_MS,
			mwb_suspect_due(&t->s, &t->path[1]));
	/* It never is the turn of the last. */
	t->path[0].suspect = true;
	KUNIT_EXPECT_EQ(test, (u32)MWB_TEST_NEVER,
			mwb_test_run(t, 5000, false, false, &who, &silent));
	/* An Ack says that all is as usual. */
	mwb_test_ack(t, true, true);
	KUNIT_EXPECT_EQ(test, t->now + (30 + 1) * MWB_TEST_MS,
			mwb_suspect_due(&t->s, &t->path[1]));
}

/* What is overdue is the other one, and yet the Acks are what is missing. */
static void mwb_test_acks_first(struct kunit *test)
{
	struct mwb_test_suspect *t = test->priv;
	bool silent;
	u32 who;

	t->path[0].patience = 100 * MWB_TEST_MS;
	t->path[0].waiting = t->now - 300 * MWB_TEST_MS;
	mwb_test_sends(t, 1);
	mwb_test_run(t, 1000, false, false, &who, &silent);
	KUNIT_EXPECT_EQ(test, 0U, who);
	KUNIT_EXPECT_TRUE(test, silent);
}

/* Nobody knows by whom: whoever is overdue. */
static void mwb_test_acks_unknown(struct kunit *test)
{
	struct mwb_test_suspect *t = test->priv;
	bool silent;
	u32 who;

	t->acks = 2;
	mwb_test_sends(t, 0);
	mwb_test_sends(t, 1);
	t->path[0].patience = 9 * MWB_TEST_MS;
	mwb_test_run(t, 1000, false, false, &who, &silent);
	KUNIT_EXPECT_EQ(test, 1U, who);
}

/* A path on which a packet takes long, or that is known to be unsteady. */
static void mwb_test_slow(struct kunit *test)
{
	struct mwb_test_suspect *t = test->priv;

	t->path[0].waiting = t->now;
	t->path[0].rate = 30000;
	KUNIT_EXPECT_EQ(test, t->now + (10 + 30 + 100 + 1) * MWB_TEST_MS,
			mwb_suspect_due(&t->s, &t->path[0]));
	t->path[0].rate = 1;
	t->path[0].patience = 8 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, t->now + (10 + 30 + 500 + 8) * MWB_TEST_MS,
			mwb_suspect_due(&t->s, &t->path[0]));
	/* A queue that grows is no fault as long as something arrives. */
	t->path[0].waiting = t->now - 900 * MWB_TEST_MS;
	t->path[0].rate = 0;
	KUNIT_EXPECT_EQ(test, t->now + (30 + 8) * MWB_TEST_MS,
			mwb_suspect_due(&t->s, &t->path[0]));
}

/* Told of by another path every 50 ms; this one may be 45 ms slower. */
static void mwb_test_beacon(struct kunit *test)
{
	const u64 patience = 45 * MWB_TEST_MS;
	struct mwb_suspect_beacon b = {};
	u64 sent = 900 * MWB_TEST_MS;
	u32 i;

	/* All has come, or comes a little later. */
	for (i = 0; i < 100; i++, sent += 50 * MWB_TEST_MS)
		KUNIT_EXPECT_FALSE(test, mwb_suspect_beacon(&b, 10 * i,
							    10 * i + (i & 1),
							    sent, patience));
	/* From 1000 on, nothing has come. */
	KUNIT_EXPECT_FALSE(test, mwb_suspect_beacon(&b, 1000, 1000, sent,
						    patience));
	KUNIT_EXPECT_FALSE(test, mwb_suspect_beacon(&b, 1010, 1000, sent +
						    patience - 1, patience));
	KUNIT_EXPECT_TRUE(test, mwb_suspect_beacon(&b, 1010, 1000, sent +
						   patience, patience));
	/* One that was overtaken says nothing. */
	KUNIT_EXPECT_FALSE(test, mwb_suspect_beacon(&b, 1010, 1000, sent -
						    patience, patience));
	KUNIT_EXPECT_FALSE(test, mwb_suspect_beacon(&b, 1010, 1000, 0,
						    patience));
	/* Something has come: what is missing is another. */
	KUNIT_EXPECT_FALSE(test, mwb_suspect_beacon(&b, 1020, 1001, sent +
						    2 * patience, patience));
	KUNIT_EXPECT_EQ(test, 1020ULL, b.number);
	KUNIT_EXPECT_FALSE(test, mwb_suspect_beacon(&b, 1020, 1021, sent +
						    4 * patience, patience));
	KUNIT_EXPECT_EQ(test, 0ULL, b.since);
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_healthy),
	KUNIT_CASE(mwb_test_second),
	KUNIT_CASE(mwb_test_second_only),
	KUNIT_CASE(mwb_test_acks_path),
	KUNIT_CASE(mwb_test_acks_first),
	KUNIT_CASE(mwb_test_acks_unknown),
	KUNIT_CASE(mwb_test_slow),
	KUNIT_CASE(mwb_test_beacon),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-suspect",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

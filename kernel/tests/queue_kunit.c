// SPDX-License-Identifier: GPL-2.0-only
/*
 * The queue in front of the paths: turns, admission, and all operations at
 * random beside a model of plain arrays.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../core/queue.h"
#include "random.h"

#define MWB_TEST_MS 1000000ULL

enum {
	MWB_TEST_FLOWS = 24,
	MWB_TEST_NODES = 4096,
	MWB_TEST_RATE = 1250000,	/* bytes/s: 1.2 ms for 1500 bytes */
};

/**
 * struct mwb_test_model - packets of a flow as they should be
 * @id: in the order of arrival, from @first
 * @first: that is still there
 * @end: one after the last
 * @bytes: of these
 */
struct mwb_test_model {
	u16 id[MWB_TEST_NODES];
	u32 first;
	u32 end;
	u64 bytes;
};

/**
 * struct mwb_test_queue - what a test works on
 * @q: queue
 * @flow: its memory
 * @node: packets
 * @used: how many of them have been used
 * @got: bytes that were taken, by flow
 * @waits: times that a packet of @node was added less times it was taken
 * @model: by flow
 */
struct mwb_test_queue {
	struct mwb_queue q;
	struct mwb_queue_flow flow[MWB_QUEUE_FLOWS];
	struct mwb_queue_node node[MWB_TEST_NODES];
	u32 used;
	u64 got[MWB_TEST_FLOWS];
	int waits[MWB_TEST_NODES];
	struct mwb_test_model model[MWB_TEST_FLOWS];
};

static int mwb_test_init(struct kunit *test)
{
	struct mwb_test_queue *t;

	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	memset(t->flow, 0xa5, sizeof(t->flow));
	memset(&t->q, 0xa5, sizeof(t->q));
	mwb_queue_init(&t->q, t->flow);
	t->q.limits.cost = mwb_queue_cost(MWB_TEST_RATE);
	t->q.limits.target = 5 * MWB_TEST_MS;
	t->q.limits.interval = 100 * MWB_TEST_MS;
	t->q.limits.cap = 1000 * MWB_TEST_MS;
	t->q.limits.bytes = 1 << 30;
	test->priv = t;
	return 0;
}

/* The nodes are used in turn: a test has fewer packets in the queue. */
static struct mwb_queue_node *mwb_test_add(struct mwb_test_queue *t, u32 flow,
					   u32 len)
{
	struct mwb_queue_node *node = &t->node[t->used++ % MWB_TEST_NODES];

	node->flow = flow;
	node->len = len;
	mwb_queue_add(&t->q, node);
	return node;
}

static void mwb_test_add_many(struct mwb_test_queue *t, u32 flow, u32 len,
			      u32 count)
{
	while (count--)
		mwb_test_add(t, flow, len);
}

/* Take a packet and account for it. Return: its flow */
static u32 mwb_test_take(struct mwb_test_queue *t)
{
	struct mwb_queue_node *node = mwb_queue_take(&t->q);

	t->got[node->flow] += node->len;
	return node->flow;
}

static void mwb_test_new(struct kunit *test)
{
	struct mwb_test_queue *t = test->priv;
	struct mwb_queue_node *node;
	u32 i;

	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_PTR_EQ(test, (struct mwb_queue_node *)NULL,
				    mwb_queue_take(&t->q));
		KUNIT_EXPECT_PTR_EQ(test, (struct mwb_queue_node *)NULL,
				    mwb_queue_take_last(&t->q));
		KUNIT_EXPECT_EQ(test, 0U, t->q.bytes);
		KUNIT_EXPECT_EQ(test, 0U, t->q.packets);
		KUNIT_EXPECT_EQ(test, 0U, t->q.flows);
		KUNIT_EXPECT_EQ(test, 0ULL, mwb_queue_wait(&t->q));
		node = mwb_test_add(t, MWB_QUEUE_FLOWS - 1, 1000);
		KUNIT_EXPECT_EQ(test, 1000U, t->q.bytes);
		KUNIT_EXPECT_EQ(test, 1U, t->q.packets);
		KUNIT_EXPECT_EQ(test, 1U, t->q.flows);
		KUNIT_EXPECT_EQ(test, 800000ULL, mwb_queue_wait(&t->q));
		KUNIT_EXPECT_PTR_EQ(test, node, mwb_queue_take(&t->q));
	}
}

static void mwb_test_cost(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 800U << 10, mwb_queue_cost(1250000));
	KUNIT_EXPECT_EQ(test, 125000U << 10, mwb_queue_cost(8000));
	/* 100 Gbit/s: 0.08 ns, to 1.2 % */
	KUNIT_EXPECT_EQ(test, 81U, mwb_queue_cost(12500000000ULL));
	KUNIT_EXPECT_EQ(test, 1U, mwb_queue_cost(U64_MAX));
	KUNIT_EXPECT_EQ(test, U32_MAX, mwb_queue_cost(0));
	KUNIT_EXPECT_EQ(test, U32_MAX, mwb_queue_cost(1));
	/* All that may wait, at the least of rates */
	KUNIT_EXPECT_EQ(test, (32ULL << 20) * 125000,
			mwb_queue_time(32 << 20, mwb_queue_cost(8000)));
}

/* Bytes are shared equally at any time, whatever the length of the packets. */
static void mwb_test_bytes(struct kunit *test)
{
	static const u32 len[] = { 1500, 300, 64, 9000, 1514, 1515 };
	struct mwb_test_queue *t = test->priv;
	u64 least, most;
	u32 flow, i, n;

	for (flow = 0; flow < ARRAY_SIZE(len); flow++)
		mwb_test_add_many(t, flow, len[flow], 4);
	for (n = 0; n < 50000; n++) {
		flow = mwb_test_take(t);
		mwb_test_add(t, flow, len[flow]);
		least = U64_MAX;
		most = 0;
		for (i = 0; i < ARRAY_SIZE(len); i++) {
			least = min(least, t->got[i]);
			most = max(most, t->got[i]);
		}
		KUNIT_ASSERT_LE(test, most - least,
				(u64)MWB_QUEUE_QUANTUM + 9000 + 1515);
	}
	KUNIT_EXPECT_EQ(test, ARRAY_SIZE(len), (size_t)t->q.flows);
}

/* One whose only packet is replaced when it was taken has no advantage. */
static void mwb_test_one_at_a_time(struct kunit *test)
{
	static const u32 len[] = { 100, 1000, 1514, 9000 };
	struct mwb_test_queue *t = test->priv;
	u32 i, n, flow;
	u64 fair;

	for (i = 0; i < ARRAY_SIZE(len); i++) {
		mwb_test_init(test);
		t = test->priv;
		mwb_test_add(t, 0, len[i]);
		mwb_test_add_many(t, 1, 1500, 10);
		mwb_test_add_many(t, 2, 1500, 10);
		for (n = 0; n < 20000; n++) {
			flow = mwb_test_take(t);
			mwb_test_add(t, flow, flow ? 1500 : len[i]);
		}
		fair = min(t->got[1], t->got[2]) + len[i] + 3000;
		KUNIT_EXPECT_LE_MSG(test, t->got[0], fair, "len %u", len[i]);
	}
}

/* Nor has one that waits until it counts as fresh again. */
static void mwb_test_fresh_again(struct kunit *test)
{
	static const u32 len[] = { 100, 700, 1500, 1513, 9000 };
	struct mwb_test_queue *t;
	u32 i, n, flow, times;

	for (i = 0; i < 5 * ARRAY_SIZE(len); i++) {
		mwb_test_init(test);
		t = test->priv;
		mwb_test_add_many(t, 1, 1514, 10);
		mwb_test_add_many(t, 2, 1514, 10);
		times = 0;
		for (n = 0; n < 10000; n++) {
			if (list_empty(&t->flow[0].turn)) {
				mwb_test_add_many(t, 0, len[i / 5], 1 + i % 5);
				times++;
			}
			flow = mwb_test_take(t);
			if (flow)
				mwb_test_add(t, flow, 1514);
		}
		KUNIT_EXPECT_GE(test, times, 100U);
		KUNIT_EXPECT_LE_MSG(test, t->got[0],
				    min(t->got[1], t->got[2]) + 50000,
				    "%u of %u bytes", 1 + i % 5, len[i / 5]);
	}
}

/* One that begins goes before those that have had a turn, for a turn. */
static void mwb_test_fresh_first(struct kunit *test)
{
	struct mwb_test_queue *t = test->priv;
	u32 i;

	mwb_test_add_many(t, 1, 1000, 20);
	mwb_test_add_many(t, 2, 1000, 20);
	for (i = 0; i < 10; i++)
		mwb_test_take(t);
	mwb_test_add_many(t, 3, 500, 10);
	mwb_test_add_many(t, 4, 500, 10);
	/* 1514 bytes and what is begun within these. */
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, 3U, mwb_test_take(t));
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, 4U, mwb_test_take(t));
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_GE(test, 2U, mwb_test_take(t));
}

/* What a flow took too much of is held against it although it was empty. */
static void mwb_test_debt(struct kunit *test)
{
	struct mwb_test_queue *t = test->priv;
	u32 n;

	mwb_test_add_many(t, 1, 1514, 100);
	mwb_test_take(t);
	mwb_test_add(t, 0, 10 * 1514);
	KUNIT_EXPECT_EQ(test, 0U, mwb_test_take(t));
	for (n = 0; n < 5; n++)
		KUNIT_EXPECT_EQ(test, 1U, mwb_test_take(t));
	mwb_test_add(t, 0, 64);
	for (n = 0; t->flow[0].bytes && n < 50; n++)
		mwb_test_take(t);
	KUNIT_EXPECT_GE(test, n, 4U);
	KUNIT_EXPECT_LE(test, n, 7U);
}

/* Marks and drops of flow 0 while it stays as it is, one packet a ms. */
static u32 mwb_test_admit(struct mwb_test_queue *t, u64 *now, u64 ms,
			  u64 *times, u32 most)
{
	u32 count = 0;

	for (; ms; ms--, *now += MWB_TEST_MS) {
		if (mwb_queue_admit(&t->q, &t->q.limits, 0, 1500, *now) ==
		    MWB_QUEUE_ADMIT)
			continue;
		if (count < most)
			times[count] = *now;
		count++;
	}
	return count;
}

static void mwb_test_below_target(struct kunit *test)
{
	struct mwb_test_queue *t = test->priv;
	u64 now = 7;

	KUNIT_EXPECT_EQ(test, 0U, mwb_test_admit(t, &now, 1000, NULL, 0));
	/* 4.8 ms */
	mwb_test_add_many(t, 0, 1500, 4);
	KUNIT_EXPECT_EQ(test, 0U, mwb_test_admit(t, &now, 10000, NULL, 0));
	/* 6 ms are not too long. */
	t->q.limits.target = 6 * MWB_TEST_MS + 1;
	mwb_test_add(t, 0, 1500);
	KUNIT_EXPECT_EQ(test, 0U, mwb_test_admit(t, &now, 10000, NULL, 0));
	t->q.limits.target = 6 * MWB_TEST_MS;
	KUNIT_EXPECT_GT(test, mwb_test_admit(t, &now, 1000, NULL, 0), 0U);
}

/* RFC 8289: first after an interval, then at the inverse of the root. */
static void mwb_test_control_law(struct kunit *test)
{
	/* interval / sqrt(n), us */
	static const u32 gap[] = {
		100000, 70711, 57735, 50000, 44721, 40825, 37796, 35355,
		33333, 31623, 30151, 28868,
	};
	struct mwb_test_queue *t = test->priv;
	u64 now = 3 * MWB_TEST_MS;
	u64 times[ARRAY_SIZE(gap) + 1];
	u64 passed, start = now;
	u32 i;

	mwb_test_add_many(t, 0, 1500, 10);
	KUNIT_ASSERT_LE(test, (u32)ARRAY_SIZE(times),
			mwb_test_admit(t, &now, 800, times, ARRAY_SIZE(times)));
	KUNIT_EXPECT_EQ(test, start + 100 * MWB_TEST_MS, times[0]);
	for (i = 0; i < ARRAY_SIZE(gap); i++) {
		passed = times[i + 1] - times[i];
		/* To 1 ms, and to the 16th that the root is rounded to */
		KUNIT_EXPECT_GE_MSG(test, passed + MWB_TEST_MS,
				    gap[i] * 1000ULL, "mark %u", i + 1);
		KUNIT_EXPECT_LE_MSG(test, passed, gap[i] * 1040ULL +
				    MWB_TEST_MS, "mark %u", i + 1);
	}
}

/* The law goes by when a mark was due: few packets get as many of them. */
static void mwb_test_few_packets(struct kunit *test)
{
	struct mwb_test_queue *t = test->priv;
	u32 count = 0;
	u64 now;

	mwb_test_add_many(t, 0, 1500, 10);
	for (now = 1; now < 1000 * MWB_TEST_MS; now += 10 * MWB_TEST_MS)
		count += mwb_queue_admit(&t->q, &t->q.limits, 0, 1500, now) !=
			 MWB_QUEUE_ADMIT;
	/* The sum of 100 ms / sqrt(n) is 900 ms for 1 to 26. */
	KUNIT_EXPECT_GE(test, count, 25U);
	KUNIT_EXPECT_LE(test, count, 28U);
}

/* It ends when the wait is short, and an interval passes before the next. */
static void mwb_test_ends(struct kunit *test)
{
	struct mwb_test_queue *t = test->priv;
	u64 now = 3 * MWB_TEST_MS;
	u64 first;

	mwb_test_add_many(t, 0, 1500, 10);
	KUNIT_EXPECT_EQ(test, 0U, mwb_test_admit(t, &now, 100, NULL, 0));
	/* Short for one packet only. */
	t->q.limits.target = 100 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 0U, mwb_test_admit(t, &now, 1, NULL, 0));
	t->q.limits.target = 5 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 0U, mwb_test_admit(t, &now, 100, NULL, 0));
	KUNIT_EXPECT_EQ(test, 2U, mwb_test_admit(t, &now, 101, &first, 1));
	t->q.limits.target = 100 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 0U, mwb_test_admit(t, &now, 1000, NULL, 0));
	KUNIT_EXPECT_FALSE(test, t->flow[0].dropping);
}

/* How many marks in 100 ms, after @marks until the queue was short for @ms? */
static u32 mwb_test_resume(struct kunit *test, u64 ms)
{
	struct mwb_test_queue *t;
	u64 now = 3 * MWB_TEST_MS;

	mwb_test_init(test);
	t = test->priv;
	mwb_test_add_many(t, 0, 1500, 10);
	/* 100, 70, ... 30 */
	mwb_test_admit(t, &now, 620, NULL, 0);
	t->q.limits.target = 100 * MWB_TEST_MS;
	mwb_test_admit(t, &now, ms, NULL, 0);
	t->q.limits.target = 5 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 0U, mwb_test_admit(t, &now, 100, NULL, 0));
	return mwb_test_admit(t, &now, 100, NULL, 0);
}

static void mwb_test_resumes(struct kunit *test)
{
	/* Goes on at about the tenth, or starts anew. */
	KUNIT_EXPECT_GE(test, mwb_test_resume(test, 1), 3U);
	KUNIT_EXPECT_GE(test, mwb_test_resume(test, 1400), 3U);
	KUNIT_EXPECT_EQ(test, 1U, mwb_test_resume(test, 1600));
	KUNIT_EXPECT_EQ(test, 1U, mwb_test_resume(test, 100000));
}

/* RFC 8289, 5.5: what counts is how many the last time took, not all times. */
static void mwb_test_resumes_as_last(struct kunit *test)
{
	struct mwb_test_queue *t = test->priv;
	u64 now = 3 * MWB_TEST_MS;
	u32 i, marks = 0;

	mwb_test_add_many(t, 0, 1500, 10);
	for (i = 0; i < 40; i++) {
		t->q.limits.target = 5 * MWB_TEST_MS;
		marks = mwb_test_admit(t, &now, 350, NULL, 0);
		t->q.limits.target = 100 * MWB_TEST_MS;
		mwb_test_admit(t, &now, 10, NULL, 0);
	}
	/* n marks in 250 ms are the n to 2n in a row: 9 */
	KUNIT_EXPECT_GE(test, marks, 7U);
	KUNIT_EXPECT_LE(test, marks, 11U);
}

/* A flow waits for as much of the others as of its own: DRR sees to that. */
static void mwb_test_others_wait(struct kunit *test)
{
	struct mwb_test_queue *t = test->priv;
	u64 now = 3 * MWB_TEST_MS;
	u32 i;

	t->q.limits.cap = 20 * MWB_TEST_MS;
	mwb_test_add_many(t, 1, 1500, 10);
	/* Two packets of each: 4.8 ms */
	KUNIT_EXPECT_EQ(test, 0U, mwb_test_admit(t, &now, 500, NULL, 0));
	mwb_test_add_many(t, 0, 1500, 2);
	KUNIT_EXPECT_EQ(test, 0U, mwb_test_admit(t, &now, 500, NULL, 0));
	mwb_test_add(t, 0, 1500);
	KUNIT_EXPECT_GT(test, mwb_test_admit(t, &now, 500, NULL, 0), 0U);
	/* Less than a turn always comes in, however many there are. */
	for (i = 1; i < MWB_TEST_FLOWS; i++)
		mwb_test_add_many(t, i, 1500, 100);
	while (t->flow[0].bytes)
		mwb_test_take(t);
	mwb_test_add(t, 0, 1513);
	KUNIT_EXPECT_EQ(test, 0U, mwb_test_admit(t, &now, 10000, NULL, 0));
}

/* They cannot hold it up for longer than what they have. */
static void mwb_test_others_little(struct kunit *test)
{
	struct mwb_test_queue *t = test->priv;
	u64 now = 3 * MWB_TEST_MS;
	u32 i;

	mwb_test_add_many(t, 0, 1500, 3);
	for (i = 1; i < MWB_TEST_FLOWS; i++)
		mwb_test_add(t, i, 40);
	/* 4.3 ms */
	KUNIT_EXPECT_EQ(test, 0U, mwb_test_admit(t, &now, 500, NULL, 0));
}

static int mwb_test_verdict(struct mwb_test_queue *t, u32 flow, u32 len)
{
	return mwb_queue_admit(&t->q, &t->q.limits, flow, len, MWB_TEST_MS);
}

static void mwb_test_cap(struct kunit *test)
{
	struct mwb_test_queue *t = test->priv;

	t->q.limits.target = U64_MAX;
	t->q.limits.cap = 12 * MWB_TEST_MS;
	mwb_test_add_many(t, 0, 1500, 10);
	KUNIT_EXPECT_EQ(test, (int)MWB_QUEUE_ADMIT,
			mwb_test_verdict(t, 0, 1500));
	mwb_test_add(t, 0, 40);
	KUNIT_EXPECT_EQ(test, (int)MWB_QUEUE_DROP,
			mwb_test_verdict(t, 0, 40));
	KUNIT_EXPECT_EQ(test, (int)MWB_QUEUE_ADMIT,
			mwb_test_verdict(t, 1, 1500));
	mwb_test_take(t);
	KUNIT_EXPECT_EQ(test, (int)MWB_QUEUE_ADMIT,
			mwb_test_verdict(t, 0, 1500));
	/* At the least of rates one packet is longer than that. */
	t->q.limits.cost = mwb_queue_cost(8000);
	KUNIT_EXPECT_EQ(test, (int)MWB_QUEUE_ADMIT,
			mwb_test_verdict(t, 1, 1500));
}

static void mwb_test_byte_limit(struct kunit *test)
{
	struct mwb_test_queue *t = test->priv;

	t->q.limits.bytes = 10000;
	KUNIT_EXPECT_EQ(test, (int)MWB_QUEUE_ADMIT,
			mwb_test_verdict(t, 0, 10000));
	KUNIT_EXPECT_EQ(test, (int)MWB_QUEUE_DROP,
			mwb_test_verdict(t, 0, 10001));
	mwb_test_add_many(t, 0, 900, 10);
	KUNIT_EXPECT_EQ(test, (int)MWB_QUEUE_ADMIT,
			mwb_test_verdict(t, 1, 1000));
	KUNIT_EXPECT_EQ(test, (int)MWB_QUEUE_DROP,
			mwb_test_verdict(t, 1, 1001));
	mwb_test_take(t);
	KUNIT_EXPECT_EQ(test, (int)MWB_QUEUE_ADMIT,
			mwb_test_verdict(t, 1, 1001));
}

static void mwb_test_take_last(struct kunit *test)
{
	struct mwb_test_queue *t = test->priv;
	struct mwb_queue_node *last;
	u32 i, n;

	mwb_test_add_many(t, 1, 1000, 10);
	mwb_test_add_many(t, 2, 1500, 10);
	last = mwb_test_add(t, 2, 1500);
	mwb_test_add_many(t, 3, 100, 12);
	/* Those that have just begun keep what they have. */
	KUNIT_EXPECT_PTR_EQ(test, (struct mwb_queue_node *)NULL,
			    mwb_queue_take_last(&t->q));
	/* Each has had its first turn. */
	while (!list_empty(&t->q.fresh))
		mwb_test_take(t);
	KUNIT_EXPECT_PTR_EQ(test, last, mwb_queue_take_last(&t->q));
	for (n = t->q.packets; n; n--) {
		u32 longest = 0;

		for (i = 1; i < 4; i++)
			longest = max(longest, t->flow[i].bytes);
		last = mwb_queue_take_last(&t->q);
		KUNIT_ASSERT_TRUE(test, last);
		KUNIT_EXPECT_EQ(test, longest,
				t->flow[last->flow].bytes + last->len);
		KUNIT_EXPECT_EQ(test, n - 1, t->q.packets);
	}
	KUNIT_EXPECT_EQ(test, 0U, t->q.bytes);
	KUNIT_EXPECT_EQ(test, 0U, t->q.flows);
	KUNIT_EXPECT_PTR_EQ(test, (struct mwb_queue_node *)NULL,
			    mwb_queue_take_last(&t->q));
	/* What it has emptied is as good as new. */
	last = mwb_test_add(t, 2, 1500);
	KUNIT_EXPECT_PTR_EQ(test, last, mwb_queue_take(&t->q));
}

static void mwb_test_sparse(struct kunit *test)
{
	struct mwb_test_queue *t = test->priv;
	u64 now = 1000 * MWB_TEST_MS;
	u32 i;

	/* 4096 bytes in 20 ms, and not one more */
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_TRUE(test, mwb_queue_is_sparse(&t->q, 0, 1024,
							    now));
	KUNIT_EXPECT_FALSE(test, mwb_queue_is_sparse(&t->q, 0, 1,
						     now + 20 * MWB_TEST_MS -
						     1));
	KUNIT_EXPECT_TRUE(test, mwb_queue_is_sparse(&t->q, 1, 1, now));
	now += 20 * MWB_TEST_MS;
	KUNIT_EXPECT_TRUE(test, mwb_queue_is_sparse(&t->q, 0, 4096, now));
	/* Nothing overflows. */
	KUNIT_EXPECT_FALSE(test, mwb_queue_is_sparse(&t->q, 0, U32_MAX, now));
	KUNIT_EXPECT_FALSE(test, mwb_queue_is_sparse(&t->q, 0, 100, now));
	/* Nothing is to overtake what waits. */
	now += 20 * MWB_TEST_MS;
	mwb_test_add(t, 0, 100);
	KUNIT_EXPECT_FALSE(test, mwb_queue_is_sparse(&t->q, 0, 100, now));
	mwb_test_take(t);
	KUNIT_EXPECT_TRUE(test, mwb_queue_is_sparse(&t->q, 0, 100, now));
	/* 100 bytes each 5 ms, for long */
	for (i = 0; i < 1000; i++) {
		now += 5 * MWB_TEST_MS;
		KUNIT_EXPECT_TRUE(test, mwb_queue_is_sparse(&t->q, 0, 100,
							    now));
	}
}

static void mwb_test_model_check(struct kunit *test, struct mwb_test_queue *t)
{
	u32 packets = 0, flows = 0, i;
	u64 bytes = 0;

	for (i = 0; i < MWB_TEST_FLOWS; i++) {
		const struct mwb_test_model *m = &t->model[i];

		packets += m->end - m->first;
		bytes += m->bytes;
		flows += m->end != m->first;
		KUNIT_ASSERT_EQ(test, m->bytes, (u64)t->flow[i].bytes);
	}
	KUNIT_ASSERT_EQ(test, packets, t->q.packets);
	KUNIT_ASSERT_EQ(test, bytes, (u64)t->q.bytes);
	KUNIT_ASSERT_EQ(test, flows, t->q.flows);
}

static void mwb_test_model_add(struct mwb_test_queue *t, u32 id, u64 *random)
{
	struct mwb_queue_node *node = &t->node[id];
	struct mwb_test_model *m;

	/* Some flows send much more than others. */
	node->flow = mwb_random_below(random, MWB_TEST_FLOWS);
	node->flow = mwb_random_below(random, node->flow + 1);
	node->len = 40 + mwb_random_below(random, node->flow % 3 ? 1460 : 9000);
	m = &t->model[node->flow];
	m->id[m->end++ % MWB_TEST_NODES] = id;
	m->bytes += node->len;
	t->waits[id]++;
	mwb_queue_add(&t->q, node);
}

/* @node was taken, as the first or the last of its flow. */
static void mwb_test_model_remove(struct kunit *test, struct mwb_test_queue *t,
				  struct mwb_queue_node *node, bool last)
{
	struct mwb_test_model *m = &t->model[node->flow];
	u32 id = node - t->node;

	KUNIT_ASSERT_TRUE(test, m->end != m->first);
	if (last)
		KUNIT_ASSERT_EQ(test, id,
				(u32)m->id[--m->end % MWB_TEST_NODES]);
	else
		KUNIT_ASSERT_EQ(test, id,
				(u32)m->id[m->first++ % MWB_TEST_NODES]);
	m->bytes -= node->len;
	t->waits[id]--;
	KUNIT_ASSERT_EQ(test, 0, t->waits[id]);
}

static void mwb_test_random(struct kunit *test)
{
	struct mwb_test_queue *t = test->priv;
	struct mwb_queue_node *node;
	u32 n, what, fill = 50;
	u64 random = 11;
	u64 now = 0;

	for (n = 0; n < 200000; n++) {
		/* Full at times, empty at others. */
		if (n % 4096 == 0)
			fill = 30 + mwb_random_below(&random, 50);
		what = mwb_random_below(&random, 100);
		now += mwb_random_below(&random, 1000000);
		if (what < fill) {
			if (t->waits[t->used % MWB_TEST_NODES])
				continue;
			mwb_test_model_add(t, t->used++ % MWB_TEST_NODES,
					   &random);
		} else {
			bool last = what % 5 == 0;

			node = last ? mwb_queue_take_last(&t->q) :
				      mwb_queue_take(&t->q);
			if (node)
				mwb_test_model_remove(test, t, node, last);
			else if (!last)
				KUNIT_ASSERT_EQ(test, 0U, t->q.packets);
		}
		mwb_queue_admit(&t->q, &t->q.limits,
				mwb_random_below(&random, 30), 1500, now);
		mwb_queue_is_sparse(&t->q, mwb_random_below(&random, 30), 100,
				    now);
		if (n % 16 == 0)
			mwb_test_model_check(test, t);
	}
	while ((node = mwb_queue_take(&t->q)))
		mwb_test_model_remove(test, t, node, false);
	mwb_test_model_check(test, t);
	for (n = 0; n < MWB_TEST_NODES; n++)
		KUNIT_EXPECT_EQ(test, 0, t->waits[n]);
	KUNIT_EXPECT_GT(test, t->used, (u32)MWB_TEST_NODES);
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_new),
	KUNIT_CASE(mwb_test_cost),
	KUNIT_CASE(mwb_test_bytes),
	KUNIT_CASE(mwb_test_one_at_a_time),
	KUNIT_CASE(mwb_test_fresh_again),
	KUNIT_CASE(mwb_test_fresh_first),
	KUNIT_CASE(mwb_test_debt),
	KUNIT_CASE(mwb_test_below_target),
	KUNIT_CASE(mwb_test_control_law),
	KUNIT_CASE(mwb_test_few_packets),
	KUNIT_CASE(mwb_test_ends),
	KUNIT_CASE(mwb_test_resumes),
	KUNIT_CASE(mwb_test_resumes_as_last),
	KUNIT_CASE(mwb_test_others_wait),
	KUNIT_CASE(mwb_test_others_little),
	KUNIT_CASE(mwb_test_cap),
	KUNIT_CASE(mwb_test_byte_limit),
	KUNIT_CASE(mwb_test_take_last),
	KUNIT_CASE(mwb_test_sparse),
	KUNIT_CASE(mwb_test_random),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-queue",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

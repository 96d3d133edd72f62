// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode auto: which path takes which packet, and when.
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "../core/pace.h"
#include "random.h"

#define MWB_TEST_MS 1000000ULL
#define MWB_TEST_BUDGET (40 * MWB_TEST_MS)

enum {
	MWB_TEST_PATHS = 3,
	MWB_TEST_NODES = 64,
	MWB_TEST_LEN = 1000,		/* bytes of a packet */
};

/**
 * struct mwb_test_pace - what a test works on
 * @p: pacer
 * @flow: its memory
 * @pace: paths
 * @path: the same, for the pacer
 * @count: usable ones, the first of them
 * @node: packets
 * @now: present time, ns
 */
struct mwb_test_pace {
	struct mwb_pacer p;
	struct mwb_queue_flow flow[MWB_QUEUE_FLOWS];
	struct mwb_pace pace[MWB_TEST_PATHS];
	struct mwb_pace *path[MWB_TEST_PATHS];
	u32 count;
	struct mwb_queue_node node[MWB_TEST_NODES];
	u64 now;
};

/* Two paths of 1 MB/s and 10 ms of round-trip time, that have started. */
static int mwb_test_init(struct kunit *test)
{
	struct mwb_test_pace *t;
	u32 i;

	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	t->now = 5000 * MWB_TEST_MS;
	t->count = 2;
	mwb_pacer_init(&t->p, t->flow);
	for (i = 0; i < MWB_TEST_PATHS; i++) {
		t->path[i] = &t->pace[i];
		mwb_rate_init(&t->pace[i].rate, 1000000);
		t->pace[i].rate.starting = false;
		t->pace[i].rate.target = 4 * MWB_TEST_MS;
		t->pace[i].index = i;
		t->pace[i].rtt = 10 * MWB_TEST_MS;
	}
	test->priv = t;
	return 0;
}

static void mwb_test_update(struct mwb_test_pace *t)
{
	mwb_pacer_update(&t->p, t->path, t->count, MWB_TEST_BUDGET, t->now);
}

/* The peer says so, and nothing else. */
static void mwb_test_base(struct mwb_test_pace *t, u32 path, u64 base)
{
	struct mwb_rate_report report = { .rtt = t->pace[path].rtt };

	mwb_pace_report(&t->pace[path], base, &report, t->now);
	t->pace[path].rate.target = 4 * MWB_TEST_MS;
}

/* Packets @first to @last of a flow */
static void mwb_test_add(struct mwb_test_pace *t, u32 flow, u32 first, u32 last)
{
	u32 i;

	for (i = first; i <= last; i++) {
		t->node[i].len = MWB_TEST_LEN;
		t->node[i].flow = flow;
		mwb_queue_add(&t->p.queue, &t->node[i]);
	}
}

/* Return: index of the packet that the path takes; -1 for none */
static int mwb_test_next(struct mwb_test_pace *t, u32 path)
{
	u64 room = U64_MAX;
	struct mwb_queue_node *node;

	node = mwb_pacer_next(&t->p, &t->pace[path], &room, t->now);
	return node ? node - t->node : -1;
}

/* Of a packet with that reach, ms, and path */
static u64 mwb_test_hold(struct mwb_test_pace *t, u16 reach, u8 path)
{
	struct mwb_queue_node node = { .reach = reach, .path = path };

	return mwb_pacer_hold(&t->p, t->path, t->count, &node);
}

static int mwb_test_earliest(struct mwb_test_pace *t)
{
	struct mwb_pace *pace;

	pace = mwb_pacer_earliest(&t->p, t->path, t->count, MWB_TEST_LEN,
				  t->now);
	return pace ? pace->index : -1;
}

static void mwb_test_none(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;

	t->count = 0;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 0U, (u32)t->p.count);
	KUNIT_EXPECT_EQ(test, 0ULL, t->p.rtt);
	KUNIT_EXPECT_EQ(test, 0ULL, t->p.base);
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_hold(t, 0, 0));
	KUNIT_EXPECT_EQ(test, -1, mwb_test_earliest(t));
	KUNIT_EXPECT_FALSE(test, mwb_pacer_waits(&t->p));
}

static void mwb_test_guess(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;

	t->pace[1].rtt = 40 * MWB_TEST_MS;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 10 * MWB_TEST_MS, t->p.rtt);
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_pacer_base(&t->p, &t->pace[0]));
	KUNIT_EXPECT_EQ(test, 15 * MWB_TEST_MS,
			mwb_pacer_base(&t->p, &t->pace[1]));
}

/* The fastest that the peer knows is down. */
static void mwb_test_reported(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;

	mwb_test_base(t, 0, 30 * MWB_TEST_MS);
	mwb_test_base(t, 1, 25 * MWB_TEST_MS);
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 25 * MWB_TEST_MS, t->p.base);
	KUNIT_EXPECT_EQ(test, 5 * MWB_TEST_MS,
			mwb_pacer_base(&t->p, &t->pace[0]));
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_pacer_base(&t->p, &t->pace[1]));
	KUNIT_EXPECT_EQ(test, 2U, (u32)t->p.count);
	KUNIT_EXPECT_EQ(test, 1U, (u32)t->p.order[0]);
	KUNIT_EXPECT_EQ(test, 0U, (u32)t->p.order[1]);
	/* 1.5 targets more than the slower one's */
	KUNIT_EXPECT_EQ(test, 11 * MWB_TEST_MS, t->p.hold.hold);
	KUNIT_EXPECT_EQ(test, 36 * MWB_TEST_MS, mwb_test_hold(t, 0, 0));
}

static void mwb_test_not_held(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;

	t->count = 1;
	mwb_test_base(t, 0, 30 * MWB_TEST_MS);
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_hold(t, 0, 0));
}

static void mwb_test_limits(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;
	const struct mwb_queue_limits *limits = &t->p.queue.limits;

	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, mwb_queue_cost(2000000), limits->cost);
	/* 6 ms of hold and 10 ms of round-trip time */
	KUNIT_EXPECT_EQ(test, 6880000ULL, limits->target);
	KUNIT_EXPECT_EQ(test, 100 * MWB_TEST_MS, limits->interval);
	KUNIT_EXPECT_EQ(test, 200 * MWB_TEST_MS, limits->cap);

	t->pace[0].rtt = 2 * MWB_TEST_MS;
	t->pace[1].rtt = 2 * MWB_TEST_MS;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 5 * MWB_TEST_MS, limits->target);

	t->pace[0].rtt = 494 * MWB_TEST_MS;
	t->pace[1].rtt = 494 * MWB_TEST_MS;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 215 * MWB_TEST_MS, limits->target);
	KUNIT_EXPECT_EQ(test, 1000 * MWB_TEST_MS, limits->interval);
	KUNIT_EXPECT_EQ(test, 750 * MWB_TEST_MS, limits->cap);
}

static void mwb_test_patience(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;
	const struct mwb_queue_limits *limits = &t->p.queue.limits;

	t->pace[1].rate.loss = 50000;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 30 * MWB_TEST_MS, limits->target);
	t->pace[0].rate.starting = true;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 100 * MWB_TEST_MS, limits->target);
	/* As while less is sent for a test. */
	t->pace[0].rate.starting = false;
	t->pace[0].rate.test.until = 1;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 100 * MWB_TEST_MS, limits->target);
	t->pace[0].rate.test.until = 0;

	/* Not for a path outside, though the hold is still that of before. */
	t->pace[1].rate.rate = 50000;
	t->pace[1].rate.starting = true;
	mwb_test_base(t, 1, 300 * MWB_TEST_MS);
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 21 * MWB_TEST_MS, t->p.hold.hold);
	KUNIT_EXPECT_EQ(test, 13330000ULL, limits->target);
}

static void mwb_test_window(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;

	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 110000ULL, t->pace[0].window);
	KUNIT_EXPECT_EQ(test, 110000ULL, mwb_pace_room(&t->pace[0], 0));
	KUNIT_EXPECT_EQ(test, 10000ULL, mwb_pace_room(&t->pace[0], 100000));
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_pace_room(&t->pace[0], 110000));
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_pace_room(&t->pace[0], U64_MAX));

	mwb_rate_init(&t->pace[0].rate, MWB_RATE_MIN);
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 30000ULL, t->pace[0].window);
}

static void mwb_test_due(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;
	u64 room = 1500;
	u32 i;

	mwb_test_update(t);
	mwb_test_add(t, 0, 0, 9);
	/* It has been idle: 1 ms, which are as many packets, and one more. */
	KUNIT_EXPECT_EQ(test, 0, mwb_test_next(t, 0));
	KUNIT_EXPECT_EQ(test, 1, mwb_test_next(t, 0));
	KUNIT_EXPECT_EQ(test, -1, mwb_test_next(t, 0));
	KUNIT_EXPECT_EQ(test, MWB_TEST_MS, mwb_pace_wait(&t->pace[0], t->now));
	KUNIT_EXPECT_EQ(test, MWB_PACE_GRID,
			mwb_pace_wait(&t->pace[0], t->now + MWB_TEST_MS));
	for (i = 2; i < 8; i++) {
		t->now += MWB_TEST_MS;
		KUNIT_EXPECT_EQ(test, (int)i, mwb_test_next(t, 0));
		KUNIT_EXPECT_EQ(test, -1, mwb_test_next(t, 0));
	}
	/* The other has a pace, and a window, of its own. */
	KUNIT_ASSERT_NOT_NULL(test, mwb_pacer_next(&t->p, &t->pace[1], &room,
						   t->now));
	KUNIT_EXPECT_EQ(test, 500ULL, room);
	KUNIT_ASSERT_NOT_NULL(test, mwb_pacer_next(&t->p, &t->pace[1], &room,
						   t->now));
	KUNIT_EXPECT_EQ(test, 0ULL, room);
	t->now += 10 * MWB_TEST_MS;
	mwb_test_add(t, 0, 0, 0);
	KUNIT_EXPECT_TRUE(test, !mwb_pacer_next(&t->p, &t->pace[1], &room,
						t->now));
	KUNIT_EXPECT_TRUE(test, mwb_pacer_waits(&t->p));
}

static void mwb_test_repair_first(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;

	mwb_test_update(t);
	mwb_test_add(t, 0, 0, 3);
	t->node[9].len = MWB_TEST_LEN;
	list_add_tail(&t->node[9].list, &t->p.repair);
	KUNIT_EXPECT_EQ(test, 9, mwb_test_next(t, 1));
	KUNIT_EXPECT_EQ(test, 0, mwb_test_next(t, 1));

	/* Nothing else waits. */
	t->now += 10 * MWB_TEST_MS;
	list_add_tail(&t->node[9].list, &t->p.repair);
	while (t->p.queue.packets)
		mwb_queue_take(&t->p.queue);
	KUNIT_EXPECT_TRUE(test, mwb_pacer_waits(&t->p));
	KUNIT_EXPECT_EQ(test, 9, mwb_test_next(t, 0));
	KUNIT_EXPECT_FALSE(test, mwb_pacer_waits(&t->p));
	KUNIT_EXPECT_EQ(test, -1, mwb_test_next(t, 0));
}

/* Path 1 is 100 ms slower: it takes the last ones of a queue that is longer. */
static void mwb_test_outside(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;

	mwb_test_base(t, 1, 100 * MWB_TEST_MS);
	t->pace[1].rate.noise = 2 * MWB_TEST_MS;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, (u32)BIT(0), (u32)t->p.hold.inside);
	mwb_test_add(t, 3, 0, 49);
	mwb_test_add(t, 4, 50, 60);
	/* Both flows are not fresh any more. */
	while (t->p.queue.bytes > 44 * MWB_TEST_LEN)
		mwb_queue_take(&t->p.queue);
	KUNIT_EXPECT_EQ(test, -1, mwb_test_next(t, 1));

	t->p.queue.limits.cost = mwb_queue_cost(400000);
	KUNIT_EXPECT_LT(test, 106 * MWB_TEST_MS, mwb_queue_wait(&t->p.queue));
	KUNIT_EXPECT_EQ(test, 49, mwb_test_next(t, 1));
	KUNIT_EXPECT_EQ(test, 48, mwb_test_next(t, 1));

	/* Repairs are not for it, though they wait. */
	list_add_tail(&t->node[63].list, &t->p.repair);
	t->now += MWB_TEST_MS;
	KUNIT_EXPECT_GT(test, 106 * MWB_TEST_MS, mwb_queue_wait(&t->p.queue));
	KUNIT_EXPECT_EQ(test, -1, mwb_test_next(t, 1));
}

static void mwb_test_ahead(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;
	u32 i;

	mwb_test_base(t, 0, 3 * MWB_TEST_MS);
	mwb_test_base(t, 1, 0);
	mwb_test_update(t);
	/* 3 ms ahead of its pace, the faster is as slow: the first is taken. */
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, 1, mwb_test_earliest(t));
	KUNIT_EXPECT_EQ(test, t->now + 3 * MWB_TEST_MS, t->pace[1].next);
	KUNIT_EXPECT_EQ(test, 0, mwb_test_earliest(t));
	for (i = 0; mwb_test_earliest(t) >= 0; i++)
		KUNIT_ASSERT_LT(test, i, 30U);
	KUNIT_EXPECT_LT(test, t->now + 10 * MWB_TEST_MS, t->pace[0].next);
	KUNIT_EXPECT_LT(test, t->now + 10 * MWB_TEST_MS, t->pace[1].next);
	KUNIT_EXPECT_GE(test, t->now + 11 * MWB_TEST_MS, t->pace[0].next);
	KUNIT_EXPECT_GE(test, t->now + 11 * MWB_TEST_MS, t->pace[1].next);
}

static void mwb_test_pause(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;

	mwb_test_update(t);
	mwb_test_add(t, 0, 0, 9);
	mwb_pace_pause(&t->pace[0], t->now);
	KUNIT_EXPECT_EQ(test, -1, mwb_test_next(t, 0));
	KUNIT_EXPECT_EQ(test, 1, mwb_test_earliest(t));
	t->now += 50 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 0, mwb_test_next(t, 0));

	/* It does not become due earlier. */
	t->pace[0].next = t->now + 80 * MWB_TEST_MS;
	mwb_pace_pause(&t->pace[0], t->now);
	KUNIT_EXPECT_EQ(test, t->now + 80 * MWB_TEST_MS, t->pace[0].next);
}

static void mwb_test_restart(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;

	mwb_test_base(t, 0, 7 * MWB_TEST_MS);
	mwb_test_update(t);
	mwb_pace_pause(&t->pace[0], t->now);
	mwb_pace_restart(&t->pace[0]);
	KUNIT_EXPECT_FALSE(test, t->pace[0].reported);
	KUNIT_EXPECT_EQ(test, 0ULL, t->pace[0].base);
	KUNIT_EXPECT_EQ(test, 0ULL, t->pace[0].next);
	KUNIT_EXPECT_EQ(test, 500000ULL, t->pace[0].rate.rate);
	KUNIT_EXPECT_EQ(test, 0U, (u32)t->pace[0].index);
}

/* The clock may have just begun. */
static void mwb_test_early(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;

	t->now = 1000;
	mwb_test_update(t);
	mwb_test_add(t, 0, 0, 9);
	KUNIT_EXPECT_EQ(test, 0, mwb_test_next(t, 0));
	KUNIT_EXPECT_GE(test, 2 * MWB_TEST_MS, t->pace[0].next);
}

/* Random flows over paths of random rates: each packet is taken once, and no
 * path takes more than its rate and a burst.
 */
static void mwb_test_random(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;
	u64 taken[MWB_TEST_PATHS] = {};
	bool waits[MWB_TEST_NODES] = {};
	u64 random = 3, start = t->now;
	int node;
	u32 i, n;

	t->count = MWB_TEST_PATHS;
	for (i = 0; i < MWB_TEST_PATHS; i++) {
		mwb_rate_init(&t->pace[i].rate, i == 2 ? 150000 :
			      100000 + mwb_random_below(&random, 3000000));
		mwb_test_base(t, i, i * i * 15 * MWB_TEST_MS);
	}
	mwb_test_update(t);
	KUNIT_ASSERT_EQ(test, 3U, (u32)t->p.hold.inside);
	for (n = 0; n < 100000; n++) {
		t->now += mwb_random_below(&random, 400000);
		i = mwb_random_below(&random, MWB_TEST_NODES);
		if (!waits[i]) {
			waits[i] = true;
			mwb_test_add(t, mwb_random_below(&random, 4), i, i);
		}
		i = mwb_random_below(&random, MWB_TEST_PATHS);
		node = mwb_test_next(t, i);
		if (node < 0)
			continue;
		KUNIT_ASSERT_TRUE(test, waits[node]);
		waits[node] = false;
		taken[i] += MWB_TEST_LEN;
	}
	for (i = 0; i < MWB_TEST_PATHS; i++) {
		u64 most = (t->now - start + MWB_TEST_MS) *
			   (t->pace[i].rate.rate / 1000) / 1000000;

		KUNIT_EXPECT_LE(test, taken[i], most + most / 100 +
				MWB_TEST_LEN);
	}
	KUNIT_EXPECT_GT(test, taken[0], 1000000ULL);
	KUNIT_EXPECT_GT(test, taken[1], 1000000ULL);
}

/* Three paths, of which the last is outside */
static void mwb_test_satellite(struct mwb_test_pace *t)
{
	t->count = 3;
	t->pace[2].rtt = 610 * MWB_TEST_MS;
	mwb_test_base(t, 0, 0);
	mwb_test_base(t, 1, 10 * MWB_TEST_MS);
	mwb_test_base(t, 2, 300 * MWB_TEST_MS);
	mwb_test_update(t);
}

static void mwb_test_reach(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;

	mwb_test_satellite(t);
	KUNIT_EXPECT_EQ(test, 16 * MWB_TEST_MS, mwb_test_hold(t, 0, 0));
	KUNIT_EXPECT_EQ(test, 16 * MWB_TEST_MS, mwb_test_hold(t, 299, 0));
	KUNIT_EXPECT_EQ(test, 306 * MWB_TEST_MS, mwb_test_hold(t, 300, 0));
	t->node[0].reach = 0;
	t->node[1].reach = 299;
	t->node[2].reach = 300;
	mwb_test_add(t, 0, 0, 0);
	mwb_test_add(t, 1, 1, 1);
	mwb_test_add(t, 2, 2, 2);
	KUNIT_EXPECT_EQ(test, 2, mwb_test_next(t, 2));
	t->now += 10 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, -1, mwb_test_next(t, 2));
	KUNIT_EXPECT_EQ(test, 0, mwb_test_next(t, 0));
	KUNIT_EXPECT_EQ(test, 1, mwb_test_next(t, 1));
}

static void mwb_test_path(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;

	mwb_test_satellite(t);
	/* One path needs no hold; without it there is the others'. */
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_hold(t, 0, 3));
	KUNIT_EXPECT_EQ(test, 16 * MWB_TEST_MS, mwb_test_hold(t, 0, 4));
	t->node[0].path = 3;
	t->node[1].path = 2;
	t->node[2].path = 4;
	mwb_test_add(t, 0, 0, 0);
	mwb_test_add(t, 1, 1, 1);
	mwb_test_add(t, 2, 2, 2);
	KUNIT_EXPECT_EQ(test, 4U,
			(u32)mwb_pacer_allowed(&t->p, &t->node[0]));
	KUNIT_EXPECT_EQ(test, 7U,
			(u32)mwb_pacer_allowed(&t->p, &t->node[2]));
	KUNIT_EXPECT_EQ(test, 2, mwb_test_next(t, 0));
	t->now += 10 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, -1, mwb_test_next(t, 0));
	KUNIT_EXPECT_EQ(test, 0, mwb_test_next(t, 2));
	/* It goes away: any that is inside takes what waited for it. */
	t->count = 1;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 1, mwb_test_next(t, 0));
}

/* A flow may fill the queue until the satellite takes some of it. */
static void mwb_test_wait_for(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;
	const struct mwb_queue_limits *limits = &t->p.queue.limits;

	/* It brings in time what waits for 300 + 4 - 16 ms. */
	mwb_test_satellite(t);
	KUNIT_EXPECT_EQ(test, (288000 + 314 * 430) * 1000ULL, limits->target);
	KUNIT_EXPECT_EQ(test, 628 * MWB_TEST_MS, limits->interval);
	KUNIT_EXPECT_EQ(test, (288 + 471) * MWB_TEST_MS, limits->cap);
	/* Not for what is little, nor for what takes too long. */
	t->pace[2].rate.rate = 2000000 / 18;
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 11180000ULL, limits->target);
	t->pace[2].rate.rate = 1000000;
	mwb_test_base(t, 2, 413 * MWB_TEST_MS);
	mwb_test_update(t);
	KUNIT_EXPECT_EQ(test, 11180000ULL, limits->target);
	mwb_test_base(t, 2, 412 * MWB_TEST_MS);
	mwb_test_update(t);
	KUNIT_EXPECT_LT(test, 400 * MWB_TEST_MS, limits->target);
}

static bool mwb_test_admits(struct mwb_test_pace *t,
			    const struct mwb_queue_node *node)
{
	return mwb_pacer_admit(&t->p, t->path, t->count, node, t->now) ==
	       MWB_QUEUE_ADMIT;
}

/* A queue is as long as the packet's own paths make it. */
static void mwb_test_admit(struct kunit *test)
{
	struct mwb_test_pace *t = test->priv;
	struct mwb_queue_node node = { .flow = 5, .len = MWB_TEST_LEN };
	u32 i;

	t->pace[1].rate.rate = 100000;
	t->pace[2].rate.rate = 10000;
	mwb_test_satellite(t);
	/* 48 packets: 44 ms at 1.1 MB/s, 480 ms at 100 kB/s */
	for (i = 0; i < 48; i++) {
		t->node[i].path = 2;
		mwb_test_add(t, 5, i, i);
	}
	KUNIT_EXPECT_TRUE(test, mwb_test_admits(t, &node));
	node.path = 2;
	KUNIT_EXPECT_FALSE(test, mwb_test_admits(t, &node));
	/* 240 ms: less than the satellite's delay */
	t->pace[0].rate.rate = 100000;
	mwb_test_update(t);
	node.path = 0;
	KUNIT_EXPECT_FALSE(test, mwb_test_admits(t, &node));
	node.reach = 400;
	KUNIT_EXPECT_TRUE(test, mwb_test_admits(t, &node));
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_reach),
	KUNIT_CASE(mwb_test_path),
	KUNIT_CASE(mwb_test_wait_for),
	KUNIT_CASE(mwb_test_admit),
	KUNIT_CASE(mwb_test_none),
	KUNIT_CASE(mwb_test_guess),
	KUNIT_CASE(mwb_test_reported),
	KUNIT_CASE(mwb_test_not_held),
	KUNIT_CASE(mwb_test_limits),
	KUNIT_CASE(mwb_test_patience),
	KUNIT_CASE(mwb_test_window),
	KUNIT_CASE(mwb_test_due),
	KUNIT_CASE(mwb_test_repair_first),
	KUNIT_CASE(mwb_test_outside),
	KUNIT_CASE(mwb_test_ahead),
	KUNIT_CASE(mwb_test_pause),
	KUNIT_CASE(mwb_test_restart),
	KUNIT_CASE(mwb_test_early),
	KUNIT_CASE(mwb_test_random),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-pace",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

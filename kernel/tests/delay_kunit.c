// SPDX-License-Identifier: GPL-2.0-only
/*
 * One-way delays: what delay.h says, by example; then simulated paths, whose
 * true delays are known, to a peer whose clock drifts.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/types.h>

#include "delay_net.h"
#include "random.h"

static int mwb_test_init(struct kunit *test)
{
	struct mwb_test_net *n;

	n = kunit_kzalloc(test, sizeof(*n), GFP_KERNEL);
	if (!n)
		return -ENOMEM;
	mwb_test_net_init(n, 1);
	test->priv = n;
	return 0;
}

/* A path without jitter or queue, a packet a millisecond. */
static struct mwb_test_path *mwb_test_path(struct mwb_test_net *n, u32 index,
					   u64 base)
{
	struct mwb_test_path *p = &n->path[index];

	p->base = base;
	p->interval = MWB_TEST_MS;
	return p;
}

/* A packet of path @index that takes @delay, in ms; the clocks are the same */
static void mwb_test_packet(struct mwb_test_net *n, u32 index, u64 delay)
{
	mwb_delay_add(&n->path[index].d,
		      n->epoch + n->now - delay * MWB_TEST_MS, n->now);
}

/* What the offset says that the least delay is, ns */
static s64 mwb_test_least(const struct mwb_test_net *n)
{
	return (u64)n->c.offset + n->epoch;
}

static void mwb_test_tick(struct mwb_test_net *n, u64 time)
{
	struct mwb_delay *path[MWB_TEST_PATHS] = {
		&n->path[0].d, &n->path[1].d, NULL, NULL
	};

	n->now += time * MWB_TEST_MS;
	mwb_clock_tick(&n->c, path, MWB_TEST_PATHS, n->now);
}

static void mwb_test_new(struct kunit *test)
{
	struct mwb_test_net *n = test->priv;
	struct mwb_delay *none[1] = { NULL };

	mwb_clock_tick(&n->c, none, 0, n->now);
	mwb_clock_tick(&n->c, none, 1, n->now);
	mwb_test_tick(n, 10);
	KUNIT_EXPECT_FALSE(test, n->c.known);
	KUNIT_EXPECT_EQ(test, n->c.drift, 0);
	KUNIT_EXPECT_FALSE(test, n->path[0].d.known);
	KUNIT_EXPECT_FALSE(test, n->path[0].d.fresh);

	mwb_test_packet(n, 0, 30);
	mwb_test_packet(n, 0, 20);
	mwb_test_tick(n, 10);
	KUNIT_EXPECT_FALSE(test, n->c.known);
	KUNIT_EXPECT_FALSE(test, n->path[0].d.known);
	mwb_test_packet(n, 0, 25);
	mwb_test_tick(n, 10);
	KUNIT_EXPECT_TRUE(test, n->c.known);
	KUNIT_EXPECT_TRUE(test, n->path[0].d.known);
	KUNIT_EXPECT_TRUE(test, n->path[0].d.fresh);
	KUNIT_EXPECT_EQ(test, n->path[0].d.base, 0ULL);
	KUNIT_EXPECT_EQ(test, n->path[0].d.queue, 0ULL);
	KUNIT_EXPECT_EQ(test, mwb_test_least(n), 20000000LL);
	KUNIT_EXPECT_FALSE(test, n->path[1].d.known);
}

/* Whatever the clocks show, and whichever is ahead. */
static void mwb_test_epochs(struct kunit *test)
{
	static const u64 epochs[] = {
		0, 1, 5 * MWB_TEST_S, 1ULL << 62, (1ULL << 63) - 1, 1ULL << 63,
		(1ULL << 63) + 1, 3ULL << 62, U64_MAX - 5 * MWB_TEST_S,
		U64_MAX,
	};
	struct mwb_test_net *n = test->priv;
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(epochs); i++) {
		mwb_test_net_init(n, 1);
		n->epoch = epochs[i];
		for (k = 0; k < 3; k++) {
			mwb_test_packet(n, 0, 20);
			mwb_test_packet(n, 1, 35);
		}
		mwb_test_tick(n, 10);
		KUNIT_EXPECT_EQ(test, n->path[0].d.base, 0ULL);
		KUNIT_EXPECT_EQ(test, n->path[1].d.base, 15000000ULL);
		KUNIT_EXPECT_EQ(test, mwb_test_least(n), 20000000LL);

		/* The least of an interval counts. */
		mwb_test_packet(n, 0, 29);
		mwb_test_packet(n, 0, 24);
		mwb_test_packet(n, 0, 26);
		mwb_test_tick(n, 10);
		KUNIT_EXPECT_EQ(test, n->path[0].d.queue, 4000000ULL);
		KUNIT_EXPECT_TRUE(test, n->path[0].d.fresh);
		KUNIT_EXPECT_FALSE(test, n->path[1].d.fresh);

		/* Path 1 becomes the fastest one, at once. */
		mwb_test_packet(n, 1, 13);
		mwb_test_tick(n, 10);
		KUNIT_EXPECT_EQ(test, n->path[0].d.base, 7000000ULL);
		KUNIT_EXPECT_EQ(test, n->path[1].d.base, 0ULL);
		KUNIT_EXPECT_EQ(test, n->path[1].d.queue, 0ULL);
		KUNIT_EXPECT_EQ(test, mwb_test_least(n), 13000000LL);
	}
}

/* The base of a path that becomes slower follows within the window. */
static void mwb_test_window(struct kunit *test)
{
	struct mwb_test_net *n = test->priv;
	u32 i;

	for (i = 0; i < 3; i++) {
		mwb_test_packet(n, 0, 5);
		mwb_test_packet(n, 1, 300);
	}
	for (i = 0; i < 520; i++) {
		mwb_test_packet(n, 0, 600);
		mwb_test_packet(n, 1, 300);
		mwb_test_tick(n, 100);
		KUNIT_ASSERT_EQ(test, mwb_test_least(n), 5000000LL);
	}
	KUNIT_EXPECT_EQ(test, n->path[0].d.queue, 595000000ULL);
	KUNIT_EXPECT_EQ(test, n->path[1].d.base, 295000000ULL);
	for (i = 0; i < 80; i++) {
		mwb_test_packet(n, 0, 600);
		mwb_test_packet(n, 1, 300);
		mwb_test_tick(n, 100);
	}
	KUNIT_EXPECT_EQ(test, n->path[0].d.queue, 0ULL);
	KUNIT_EXPECT_EQ(test, n->path[0].d.base, 300000000ULL);
	KUNIT_EXPECT_EQ(test, n->path[1].d.base, 0ULL);
	KUNIT_EXPECT_EQ(test, mwb_test_least(n), 300000000LL);
	KUNIT_EXPECT_EQ(test, n->c.drift, 0);

	/* And down again: far, so three packets are wanted. */
	mwb_test_packet(n, 0, 5);
	mwb_test_packet(n, 0, 5);
	mwb_test_tick(n, 10);
	KUNIT_EXPECT_FALSE(test, n->path[0].d.fresh);
	KUNIT_EXPECT_EQ(test, mwb_test_least(n), 300000000LL);
	mwb_test_packet(n, 0, 5);
	mwb_test_tick(n, 10);
	KUNIT_EXPECT_EQ(test, mwb_test_least(n), 5000000LL);
	KUNIT_EXPECT_EQ(test, n->path[1].d.base, 295000000ULL);
}

/* A path that is silent for a minute is unknown; the offset remains. */
static void mwb_test_silence(struct kunit *test)
{
	struct mwb_test_net *n = test->priv;
	u32 i;

	for (i = 0; i < 3; i++) {
		mwb_test_packet(n, 0, 20);
		mwb_test_packet(n, 1, 50);
	}
	mwb_test_tick(n, 10);
	for (i = 0; i < 52; i++) {
		mwb_test_packet(n, 1, 50);
		mwb_test_tick(n, 1000);
		KUNIT_ASSERT_TRUE(test, n->path[0].d.known);
		KUNIT_ASSERT_TRUE(test, !n->path[0].d.fresh);
	}
	KUNIT_EXPECT_EQ(test, mwb_test_least(n), 20000000LL);
	for (i = 0; i < 8; i++) {
		mwb_test_packet(n, 1, 50);
		mwb_test_tick(n, 1000);
	}
	KUNIT_EXPECT_FALSE(test, n->path[0].d.known);
	KUNIT_EXPECT_EQ(test, mwb_test_least(n), 50000000LL);
	for (i = 0; i < 100; i++)
		mwb_test_tick(n, 1000);
	KUNIT_EXPECT_FALSE(test, n->path[1].d.known);
	KUNIT_EXPECT_TRUE(test, n->c.known);
	KUNIT_EXPECT_EQ(test, mwb_test_least(n), 50000000LL);
	for (i = 0; i < 3; i++)
		mwb_test_packet(n, 0, 22);
	mwb_test_tick(n, 10);
	KUNIT_EXPECT_TRUE(test, n->path[0].d.known);
	KUNIT_EXPECT_EQ(test, mwb_test_least(n), 22000000LL);
}

/* A stray, which does not count, is among them. */
static void mwb_test_spread(struct mwb_test_net *n, u32 count, u64 spread)
{
	u32 i;

	for (i = 0; i < count; i++)
		mwb_test_packet(n, 0, i == 7 ? 90 : i == 2 ? 20 + spread : 20);
}

static void mwb_test_jitter(struct kunit *test)
{
	struct mwb_test_net *n = test->priv;
	u32 i;

	for (i = 0; i < 3; i++)
		mwb_test_packet(n, 0, 20);
	mwb_test_spread(n, 15, 8);
	mwb_test_tick(n, 99);
	KUNIT_EXPECT_EQ(test, n->path[0].d.jitter, 0ULL);
	mwb_test_tick(n, 1);
	KUNIT_EXPECT_EQ(test, n->path[0].d.jitter, 4000000ULL);
	mwb_test_spread(n, 15, 8);
	mwb_test_tick(n, 200);
	KUNIT_EXPECT_EQ(test, n->path[0].d.jitter, 4000000ULL);
	mwb_test_packet(n, 0, 20);
	mwb_test_tick(n, 1);
	KUNIT_EXPECT_EQ(test, n->path[0].d.jitter, 6000000ULL);
	mwb_test_spread(n, 16, 0);
	mwb_test_tick(n, 100);
	KUNIT_EXPECT_EQ(test, n->path[0].d.jitter, 5625000ULL);

	/* Drift is no jitter, though 16 heartbeats take 3 s. */
	for (i = 0; i < 2; i++) {
		mwb_test_net_init(n, 1);
		n->drift = i ? -100000 : 100000;
		n->tick = 50 * MWB_TEST_MS;
		mwb_test_path(n, 0, 20 * MWB_TEST_MS)->interval =
			200 * MWB_TEST_MS;
		mwb_test_run(n, 600 * MWB_TEST_S);
		KUNIT_EXPECT_LE(test, n->path[0].d.jitter, 1 * MWB_TEST_US);
	}
}

/* Timestamps that cannot be: one does nothing, three are undone by three. */
static void mwb_test_absurd(struct kunit *test)
{
	static const u64 absurd[] = { 0, U64_MAX, 1ULL << 63, 1 };
	struct mwb_test_net *n = test->priv;
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(absurd); i++) {
		mwb_test_net_init(n, 1);
		n->epoch = 12345 * MWB_TEST_S;
		for (k = 0; k < 100; k++) {
			mwb_test_packet(n, 0, 20);
			mwb_test_packet(n, 1, 30);
			mwb_test_tick(n, 10);
		}
		for (k = 0; k < 2; k++)
			mwb_delay_add(&n->path[0].d, absurd[i], n->now);
		mwb_test_tick(n, 10);
		KUNIT_EXPECT_FALSE(test, n->path[0].d.fresh);
		KUNIT_EXPECT_EQ(test, mwb_test_least(n), 20000000LL);
		mwb_test_packet(n, 0, 20);
		for (k = 0; k < 2; k++)
			mwb_delay_add(&n->path[0].d, absurd[i], n->now);
		mwb_test_tick(n, 10);
		KUNIT_EXPECT_EQ(test, mwb_test_least(n), 20000000LL);

		mwb_delay_add(&n->path[0].d, absurd[i], n->now);
		mwb_test_tick(n, 10);
		KUNIT_EXPECT_TRUE(test, n->path[0].d.known);
		KUNIT_EXPECT_LE(test, n->path[1].d.base, MWB_DELAY_RISE);
		for (k = 0; k < 3; k++)
			mwb_test_packet(n, 0, 21);
		mwb_test_tick(n, 10);
		KUNIT_EXPECT_EQ(test, mwb_test_least(n), 21000000LL);
		KUNIT_EXPECT_EQ(test, n->path[1].d.base, 9000000ULL);
		KUNIT_EXPECT_EQ(test, n->c.drift, 0);
	}
}

/* Whatever comes, nothing overflows and all is within bounds. */
static void mwb_test_hostile(struct kunit *test)
{
	struct mwb_test_net *n = test->priv;
	u64 random = 7;
	u64 timestamp = 0;
	struct mwb_delay *d;
	u32 i, k;

	for (i = 0; i < 20000; i++) {
		for (k = mwb_random_below(&random, 12); k; k--) {
			switch (mwb_random_below(&random, 6)) {
			case 0:
				timestamp = mwb_random64(&random);
				break;
			case 1:
				timestamp = n->now + (1ULL << 63);
				break;
			case 2:
				timestamp += MWB_DELAY_FALL;
				break;
			case 3:
				timestamp -= MWB_DELAY_RISE;
				break;
			}
			d = &n->path[mwb_random_below(&random, 2)].d;
			mwb_delay_add(d, timestamp, n->now);
		}
		mwb_test_tick(n, 1ULL << mwb_random_below(&random, 12));
		KUNIT_ASSERT_LE(test, n->c.drift, MWB_CLOCK_DRIFT_MAX);
		KUNIT_ASSERT_LE(test, -MWB_CLOCK_DRIFT_MAX, n->c.drift);
		for (k = 0; k < 2; k++) {
			d = &n->path[k].d;
			KUNIT_ASSERT_LE(test, d->base, MWB_DELAY_RISE);
			KUNIT_ASSERT_LE(test, d->queue,
					MWB_DELAY_RISE + MWB_TEST_S);
			KUNIT_ASSERT_LE(test, d->jitter,
					2 * MWB_DELAY_RISE);
		}
	}
}

static void mwb_test_clean(struct mwb_test_net *n)
{
	mwb_test_path(n, 0, 20 * MWB_TEST_MS);
}

static void mwb_test_jitter10(struct mwb_test_net *n)
{
	mwb_test_path(n, 0, 20 * MWB_TEST_MS)->jitter = 20 * MWB_TEST_MS;
}

static void mwb_test_jitter25(struct mwb_test_net *n)
{
	mwb_test_path(n, 0, 20 * MWB_TEST_MS)->jitter = 50 * MWB_TEST_MS;
}

static void mwb_test_saw(struct mwb_test_net *n)
{
	struct mwb_test_path *p = mwb_test_path(n, 0, 20 * MWB_TEST_MS);

	p->saw = 5 * MWB_TEST_MS;
	p->period = 1500 * MWB_TEST_MS;
}

static void mwb_test_idle(struct mwb_test_net *n)
{
	mwb_test_path(n, 0, 20 * MWB_TEST_MS)->interval = 200 * MWB_TEST_MS;
	n->tick = 200 * MWB_TEST_MS;
}

static void mwb_test_two(struct mwb_test_net *n)
{
	mwb_test_path(n, 0, 0)->jitter = 5 * MWB_TEST_MS;
	mwb_test_path(n, 1, 300 * MWB_TEST_MS);
}

static void mwb_test_four(struct mwb_test_net *n)
{
	struct mwb_test_path *p;

	mwb_test_path(n, 0, 0)->saw = 5 * MWB_TEST_MS;
	n->path[0].period = 3 * MWB_TEST_S;
	mwb_test_path(n, 1, 15 * MWB_TEST_MS)->jitter = 20 * MWB_TEST_MS;
	p = mwb_test_path(n, 2, 300 * MWB_TEST_MS);
	p->saw = 2 * MWB_TEST_MS;
	p->period = 700 * MWB_TEST_MS;
	mwb_test_path(n, 3, 15 * MWB_TEST_MS)->interval = 200 * MWB_TEST_MS;
}

/*
 * Each kind of path at each drift. Of the first second nothing is asked: by
 * then few packets of a path with jitter have come. 300 ms are 30 us longer by
 * a clock that is 100 ppm fast, hence 50 us for the bases.
 */
static void mwb_test_streams(struct kunit *test)
{
	static void (*const kind[])(struct mwb_test_net *n) = {
		mwb_test_clean, mwb_test_jitter10, mwb_test_jitter25,
		mwb_test_saw, mwb_test_idle, mwb_test_two, mwb_test_four,
	};
	static const s32 drift[] = { 0, 50000, -50000, 100000, -100000 };
	struct mwb_test_net *n = test->priv;
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(kind); i++) {
		for (k = 0; k < ARRAY_SIZE(drift); k++) {
			mwb_test_net_init(n, 100 * i + k);
			n->drift = drift[k];
			kind[i](n);
			mwb_test_run(n, 2 * MWB_TEST_S);
			mwb_test_run(n, 8 * MWB_TEST_S);
			KUNIT_EXPECT_LE_MSG(test, n->offset_error,
					    1500 * MWB_TEST_US,
					    "kind %u drift %d", i, drift[k]);
			KUNIT_EXPECT_LE_MSG(test, n->queue_error,
					    1500 * MWB_TEST_US,
					    "kind %u drift %d", i, drift[k]);
			mwb_test_run(n, 2 * MWB_TEST_S);
			mwb_test_run(n, 88 * MWB_TEST_S);
			KUNIT_EXPECT_LE_MSG(test, n->offset_error,
					    200 * MWB_TEST_US,
					    "kind %u drift %d", i, drift[k]);
			KUNIT_EXPECT_LE_MSG(test, n->queue_error,
					    200 * MWB_TEST_US,
					    "kind %u drift %d", i, drift[k]);
			KUNIT_EXPECT_LE_MSG(test, n->base_error,
					    200 * MWB_TEST_US,
					    "kind %u drift %d", i, drift[k]);
			mwb_test_run(n, 20 * MWB_TEST_S);
			KUNIT_EXPECT_LE_MSG(test, n->drift_error, 1000ULL,
					    "kind %u drift %d", i, drift[k]);
		}
	}
}

/* The errors of the last run are within bounds. */
static void mwb_test_within(struct kunit *test, u64 time, u64 drift, int line)
{
	struct mwb_test_net *n = test->priv;

	KUNIT_EXPECT_LE_MSG(test, n->offset_error, time, "line %d", line);
	KUNIT_EXPECT_LE_MSG(test, n->queue_error, time, "line %d", line);
	KUNIT_EXPECT_LE_MSG(test, n->base_error, time, "line %d", line);
	KUNIT_EXPECT_LE_MSG(test, n->drift_error, drift, "line %d", line);
}

/* A path's route changes, up and down: drift and the other path do not. */
static void mwb_test_route(struct kunit *test)
{
	static const u64 rises[] = { 2, 15, 240, 595 };
	struct mwb_test_net *n = test->priv;
	struct mwb_test_path *p;
	u32 i, paths;
	u64 rise;

	for (i = 0; i < 2 * ARRAY_SIZE(rises); i++) {
		rise = rises[i / 2] * MWB_TEST_MS;
		paths = 1 + i % 2;
		mwb_test_net_init(n, i);
		n->drift = i & 2 ? -100000 : 100000;
		p = mwb_test_path(n, 0, 5 * MWB_TEST_MS);
		p->jitter = MWB_TEST_MS;
		if (paths > 1)
			mwb_test_path(n, 1, 40 * MWB_TEST_MS);
		mwb_test_run(n, 20 * MWB_TEST_S);

		/* As long as the window holds, it counts as a queue. */
		p->standing = rise;
		mwb_test_run(n, 50 * MWB_TEST_S);
		mwb_test_within(test, 500 * MWB_TEST_US, 5000, __LINE__);
		mwb_test_run(n, 12 * MWB_TEST_S);
		p->standing = 0;
		p->base += rise;
		mwb_test_run(n, 60 * MWB_TEST_S);
		mwb_test_within(test, 500 * MWB_TEST_US, 5000, __LINE__);

		p->base -= rise;
		mwb_test_run(n, 100 * MWB_TEST_MS);
		mwb_test_run(n, 300 * MWB_TEST_S);
		mwb_test_within(test, 500 * MWB_TEST_US, 5000, __LINE__);
	}
}

/* What a rate controller does: a little queue in all paths, all the time. */
static void mwb_test_standing(struct kunit *test)
{
	struct mwb_test_net *n = test->priv;
	u32 i, k, paths;

	for (i = 0; i < 8; i++) {
		paths = i & 1 ? 3 : 1;
		mwb_test_net_init(n, i);
		n->drift = i & 2 ? 100000 : -100000;
		for (k = 0; k < paths; k++)
			mwb_test_path(n, k, (10 + 15 * k) * MWB_TEST_MS);
		mwb_test_run(n, (10 + 3 * i) * MWB_TEST_S);
		for (k = 0; k < paths; k++) {
			n->path[k].standing = 2 * MWB_TEST_MS;
			n->path[k].jitter = 2 * MWB_TEST_MS;
			n->path[k].interval = 10 * MWB_TEST_MS;
		}
		mwb_test_run(n, 50 * MWB_TEST_S);
		mwb_test_within(test, 500 * MWB_TEST_US, 5000, __LINE__);
		mwb_test_run(n, 300 * MWB_TEST_S);
		KUNIT_EXPECT_LE(test, n->drift_error, 5000ULL);
	}
}

/* A queue that rises like drift from the first second on: found out later. */
static void mwb_test_ramp(struct kunit *test)
{
	struct mwb_test_net *n = test->priv;
	struct mwb_test_path *p;
	u32 i;

	for (i = 0; i < 6; i++) {
		mwb_test_net_init(n, i);
		n->drift = 100000 * (s64)(i % 3) - 100000;
		p = mwb_test_path(n, 0, 20 * MWB_TEST_MS);
		p->saw = (i < 3 ? 1 : 5) * MWB_TEST_MS;
		p->period = (i < 3 ? 10 : 17) * MWB_TEST_S;
		mwb_test_run(n, 60 * MWB_TEST_S);
		KUNIT_EXPECT_LE(test, n->offset_error, 6 * MWB_TEST_MS);
		mwb_test_run(n, 30 * MWB_TEST_S);
		mwb_test_run(n, 60 * MWB_TEST_S);
		mwb_test_within(test, 1500 * MWB_TEST_US, 100000, __LINE__);
		mwb_test_run(n, 300 * MWB_TEST_S);
		mwb_test_run(n, 60 * MWB_TEST_S);
		mwb_test_within(test, 500 * MWB_TEST_US, 5000, __LINE__);
	}
}

/* Heartbeats only, with jitter: takes longer, but comes to the same. */
static void mwb_test_heartbeats(struct kunit *test)
{
	struct mwb_test_net *n = test->priv;
	u32 i;

	for (i = 0; i < 4; i++) {
		mwb_test_net_init(n, i);
		n->drift = i & 1 ? 100000 : -100000;
		mwb_test_idle(n);
		n->path[0].jitter = (i & 2 ? 50 : 20) * MWB_TEST_MS;
		mwb_test_run(n, 300 * MWB_TEST_S);
		mwb_test_run(n, 600 * MWB_TEST_S);
		/* So much is missing from the least of 300 heartbeats. */
		mwb_test_within(test, 1500 * MWB_TEST_US, 6000, __LINE__);
	}
}

/* One path knows better than three. */
static void mwb_test_certain(struct kunit *test)
{
	struct mwb_test_net *n = test->priv;
	u32 i, k;

	for (i = 0; i < 4; i++) {
		mwb_test_net_init(n, i);
		n->drift = i & 1 ? 100000 : -100000;
		for (k = 0; k < 3; k++) {
			mwb_test_path(n, k, 10 * MWB_TEST_MS);
			n->path[k].interval = 50 * MWB_TEST_MS;
			n->path[k].jitter = 50 * MWB_TEST_MS;
		}
		mwb_test_path(n, 3, 300 * MWB_TEST_MS);
		mwb_test_run(n, 10 * MWB_TEST_S);
		mwb_test_run(n, 50 * MWB_TEST_S);
		KUNIT_EXPECT_LE(test, n->drift_error, 5000ULL);
	}
}

static void mwb_test_event(struct mwb_test_net *n, struct mwb_test_path *p,
			   u64 *random)
{
	switch (mwb_random_below(random, 4)) {
	case 0:
		p->standing = mwb_random_below(random, 5000) * MWB_TEST_US;
		break;
	case 1:
		p->standing = 0;
		p->saw = mwb_random_below(random, 5000) * MWB_TEST_US;
		p->period = (200 + mwb_random_below(random, 3000)) *
			    MWB_TEST_MS;
		break;
	case 2:
		p->base = mwb_random_below(random, 300) * MWB_TEST_MS;
		break;
	default:
		p->off = !p->off && p != &n->path[0];
	}
}

/* Queues, routes and paths change all the time. */
static void mwb_test_storm(struct kunit *test)
{
	struct mwb_test_net *n = test->priv;
	u64 random;
	u32 i, k;

	for (i = 72; i < 80; i++) {
		random = i;
		mwb_test_net_init(n, i);
		n->drift = 20000 * (s64)(i % 11) - 100000;
		for (k = 0; k < MWB_TEST_PATHS; k++) {
			mwb_test_path(n, k, 20 * k * MWB_TEST_MS);
			n->path[k].interval = (1 + k * k) * MWB_TEST_MS;
			n->path[k].jitter = k * k * MWB_TEST_MS;
		}
		mwb_test_run(n, 10 * MWB_TEST_S);
		for (k = 0; k < 150; k++) {
			mwb_test_event(n, &n->path[k % MWB_TEST_PATHS],
				       &random);
			mwb_test_run(n, (1 + mwb_random_below(&random, 8)) *
					MWB_TEST_S);
			KUNIT_EXPECT_LE_MSG(test, n->drift_error, 20000ULL,
					    "network %u, event %u", i, k);
		}
	}
}

/* Paths come and go, for less and for more than the window. */
static void mwb_test_flaps(struct kunit *test)
{
	static const u64 gone[] = { 5, 30, 59, 90, 1000 };
	struct mwb_test_net *n = test->priv;
	u32 i;

	n->drift = 100000;
	mwb_test_path(n, 0, 5 * MWB_TEST_MS)->jitter = MWB_TEST_MS;
	mwb_test_path(n, 1, 20 * MWB_TEST_MS);
	mwb_test_run(n, 30 * MWB_TEST_S);
	for (i = 0; i < ARRAY_SIZE(gone); i++) {
		n->path[i & 1].off = true;
		mwb_test_run(n, gone[i] * MWB_TEST_S);
		mwb_test_within(test, 500 * MWB_TEST_US, 3000, __LINE__);
		n->path[i & 1].off = false;
		mwb_test_run(n, 100 * MWB_TEST_MS);
		mwb_test_run(n, 20 * MWB_TEST_S);
		mwb_test_within(test, 500 * MWB_TEST_US, 3000, __LINE__);
	}

	/* Nobody is there: the offset goes on. */
	n->path[0].off = true;
	n->path[1].off = true;
	mwb_test_run(n, 100 * MWB_TEST_S);
	KUNIT_EXPECT_LE(test, mwb_test_apart(n->c.offset, n->now -
					     mwb_test_peer(n, n->now -
							   n->path[0].base)),
			500 * MWB_TEST_US);
}

/* Crystals become warm. */
static void mwb_test_warm(struct kunit *test)
{
	struct mwb_test_net *n = test->priv;
	u32 i;

	n->drift = 90000;
	mwb_test_path(n, 0, 5 * MWB_TEST_MS)->jitter = MWB_TEST_MS;
	mwb_test_run(n, 400 * MWB_TEST_S);
	for (i = 0; i < 10; i++) {
		mwb_test_drift(n, n->drift + 500);
		mwb_test_run(n, 60 * MWB_TEST_S);
		mwb_test_within(test, 500 * MWB_TEST_US, 5000, __LINE__);
	}
	mwb_test_run(n, 600 * MWB_TEST_S);
	mwb_test_run(n, 10 * MWB_TEST_S);
	mwb_test_within(test, 100 * MWB_TEST_US, 500, __LINE__);
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_new),
	KUNIT_CASE(mwb_test_epochs),
	KUNIT_CASE(mwb_test_window),
	KUNIT_CASE(mwb_test_silence),
	KUNIT_CASE(mwb_test_jitter),
	KUNIT_CASE(mwb_test_absurd),
	KUNIT_CASE(mwb_test_hostile),
	KUNIT_CASE(mwb_test_streams),
	KUNIT_CASE(mwb_test_route),
	KUNIT_CASE(mwb_test_standing),
	KUNIT_CASE(mwb_test_ramp),
	KUNIT_CASE(mwb_test_heartbeats),
	KUNIT_CASE(mwb_test_certain),
	KUNIT_CASE(mwb_test_storm),
	KUNIT_CASE(mwb_test_flaps),
	KUNIT_CASE(mwb_test_warm),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-delay",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

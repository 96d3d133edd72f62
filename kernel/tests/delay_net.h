/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paths and a peer whose clock drifts, for delay_kunit.c alone: what
 * arrives is made up, so that the truth is known.
 */
#ifndef _MWBOND_TESTS_DELAY_NET_H
#define _MWBOND_TESTS_DELAY_NET_H

#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../core/delay.h"
#include "random.h"

#define MWB_TEST_US 1000ULL
#define MWB_TEST_MS 1000000ULL
#define MWB_TEST_S 1000000000ULL

enum { MWB_TEST_PATHS = 4 };

/**
 * struct mwb_test_path - one path
 * @d: what is tested
 * @off: nothing arrives, and the tick is not told of it
 * @base: delay of the empty path, ns
 * @jitter: each packet takes up to this longer, ns
 * @standing: queue that never empties, ns
 * @saw: queue that rises from 0 to this, again and again, ns
 * @period: in which it does, ns
 * @interval: from a packet to the next, ns
 * @next: when the next packet arrives, ns
 * @least: delay above @base of the packets since the last tick, the least, ns
 * @known_since: since when it has been known, ns; 0: is not
 */
struct mwb_test_path {
	struct mwb_delay d;
	bool off;
	u64 base;
	u64 jitter;
	u64 standing;
	u64 saw;
	u64 period;
	u64 interval;
	u64 next;
	u64 least;
	u64 known_since;
};

/**
 * struct mwb_test_net - the paths of a session
 * @c: what is tested
 * @path: paths; an interval of 0 is none
 * @drift: of the peer's clock, parts per billion
 * @epoch: timestamp at @start
 * @start: our time to begin with, ns
 * @now: our time, ns
 * @tick: from a tick to the next, ns
 * @random: state of the random numbers
 * @offset_error: largest error of the offset, ns
 * @queue_error: largest error of a queue, ns
 * @base_error: largest error of a base, ns
 * @drift_error: largest error of the drift, parts per billion
 */
struct mwb_test_net {
	struct mwb_clock c;
	struct mwb_test_path path[MWB_TEST_PATHS];
	s64 drift;
	u64 epoch;
	u64 start;
	u64 now;
	u64 tick;
	u64 random;
	u64 offset_error;
	u64 queue_error;
	u64 base_error;
	u64 drift_error;
};

/* The peer's clock at our time @at, modulo 2^64. */
static inline u64 mwb_test_peer(const struct mwb_test_net *n, u64 at)
{
	s64 since = at - n->start;

	/* Up to 2^43 ns and 10^6 */
	return n->epoch + (u64)(since + div_s64(since * n->drift, 1000000000));
}

/* From now on the peer's clock is as fast as that. */
static inline void mwb_test_drift(struct mwb_test_net *n, s64 drift)
{
	n->epoch = mwb_test_peer(n, n->now);
	n->start = n->now;
	n->drift = drift;
}

static inline void mwb_test_net_init(struct mwb_test_net *n, u64 seed)
{
	u32 i;

	memset(n, 0, sizeof(*n));
	mwb_clock_init(&n->c);
	for (i = 0; i < MWB_TEST_PATHS; i++) {
		mwb_delay_init(&n->path[i].d);
		n->path[i].least = U64_MAX;
	}
	n->random = seed;
	n->epoch = mwb_random64(&n->random);
	n->start = 1000 * MWB_TEST_S;
	n->now = n->start;
	n->tick = 10 * MWB_TEST_MS;
}

/* The packets of @p that arrive until @until. */
static inline void mwb_test_arrive(struct mwb_test_net *n,
				   struct mwb_test_path *p, u64 until)
{
	u64 at, above, phase;

	p->next = max(p->next, n->now);
	for (; p->next < until; p->next += p->interval) {
		at = p->next;
		above = p->standing;
		if (p->jitter)
			above += mwb_random_below(&n->random, p->jitter);
		if (p->saw) {
			div64_u64_rem(at, p->period, &phase);
			above += div64_u64(phase * p->saw, p->period);
		}
		p->least = min(p->least, above);
		mwb_delay_add(&p->d,
			      mwb_test_peer(n, at - p->base - above), at);
	}
}

static inline u64 mwb_test_apart(u64 a, u64 b)
{
	s64 d = a - b;

	return d < 0 ? -(u64)d : (u64)d;
}

/* What the last tick made of the packets, against the truth. */
static inline void mwb_test_judge(struct mwb_test_net *n)
{
	u64 fastest = U64_MAX;
	struct mwb_test_path *p;
	u32 i;

	for (i = 0; i < MWB_TEST_PATHS; i++) {
		p = &n->path[i];
		if (p->interval && !p->off && p->d.known)
			fastest = min(fastest, p->base);
	}
	if (fastest == U64_MAX)
		return;
	n->offset_error = max(n->offset_error,
			      mwb_test_apart(n->c.offset, n->now -
					     mwb_test_peer(n, n->now - fastest)));
	n->drift_error = max(n->drift_error,
			     mwb_test_apart(n->c.drift, n->drift));
	for (i = 0; i < MWB_TEST_PATHS; i++) {
		p = &n->path[i];
		if (!p->interval || p->off || !p->d.known)
			continue;
		n->base_error = max(n->base_error,
				    mwb_test_apart(p->d.base,
						   p->base - fastest));
		if (p->d.fresh)
			n->queue_error = max(n->queue_error,
					     mwb_test_apart(p->d.queue,
							    p->least));
	}
}

/* Lets @time pass; the errors are those of this time. */
static inline void mwb_test_run(struct mwb_test_net *n, u64 time)
{
	struct mwb_delay *path[MWB_TEST_PATHS];
	u64 end = n->now + time;
	u32 i;

	n->offset_error = 0;
	n->queue_error = 0;
	n->base_error = 0;
	n->drift_error = 0;
	while (n->now < end) {
		for (i = 0; i < MWB_TEST_PATHS; i++) {
			path[i] = NULL;
			if (!n->path[i].interval || n->path[i].off)
				continue;
			mwb_test_arrive(n, &n->path[i], n->now + n->tick);
			path[i] = &n->path[i].d;
		}
		n->now += n->tick;
		mwb_clock_tick(&n->c, path, MWB_TEST_PATHS, n->now);
		mwb_test_judge(n);
		for (i = 0; i < MWB_TEST_PATHS; i++)
			n->path[i].least = U64_MAX;
	}
}

#endif /* _MWBOND_TESTS_DELAY_NET_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * CUBIC (RFC 9438), with an exit from slow start by delay (as in RFC 9406, but
 * straight to congestion avoidance).
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "congestion.h"
#include "event.h"

#define MWB_CUBIC_C 0.4
#define MWB_CUBIC_BETA 0.7
#define MWB_CUBIC_SAMPLES 8

/* Newton's method: the same result with each C library. */
static double mwb_cubic_root(double x)
{
	double root = x > 1 ? x : 1;
	int i;

	for (i = 0; i < 60; i++)
		root -= (root - x / (root * root)) / 3;
	return root;
}

static void mwb_cubic_init(struct mwb_congestion *cc, u64 now)
{
	(void)now;
	memset(&cc->cubic, 0, sizeof(cc->cubic));
	cc->cubic.round_min = U64_MAX;
	cc->window = MWB_CONGESTION_WINDOW;
	cc->threshold = 1e9;
}

/* The delay grows: the queue at the bottleneck does, too. */
static void mwb_cubic_slow_start(struct mwb_congestion *cc,
				 const struct mwb_sample *rs)
{
	struct mwb_cubic *c = &cc->cubic;
	u64 margin;

	if (rs->new_round) {
		c->last_min = c->round_min == U64_MAX ? 0 : c->round_min;
		c->round_min = U64_MAX;
		c->samples = 0;
	}
	if (rs->rtt) {
		c->round_min = min(c->round_min, rs->rtt);
		c->samples++;
	}
	margin = clamp_t(u64, c->last_min / 8, 4 * NSEC_PER_MSEC,
			 16 * NSEC_PER_MSEC);
	if (c->last_min && c->samples >= MWB_CUBIC_SAMPLES &&
	    c->round_min >= c->last_min + margin)
		cc->threshold = cc->window;
}

static void mwb_cubic_avoid(struct mwb_congestion *cc,
			    const struct mwb_sample *rs)
{
	const double alpha = 3 * (1 - MWB_CUBIC_BETA) / (1 + MWB_CUBIC_BETA);
	struct mwb_cubic *c = &cc->cubic;
	double t, target;

	if (!c->epoch) {
		c->epoch = rs->now;
		c->w_est = cc->window;
		if (cc->window < c->w_max) {
			c->k = mwb_cubic_root((c->w_max - cc->window) /
					      MWB_CUBIC_C);
		} else {
			c->k = 0;
			c->w_max = cc->window;
		}
	}
	t = (rs->now - c->epoch + rs->srtt) / 1e9 - c->k;
	target = MWB_CUBIC_C * t * t * t + c->w_max;
	if (target > 1.5 * cc->window)
		target = 1.5 * cc->window;
	c->w_est += (c->w_est < c->w_max ? alpha : 1) * rs->acked / cc->window;
	if (target > cc->window)
		cc->window += (target - cc->window) / cc->window * rs->acked;
	if (cc->window < c->w_est)
		cc->window = c->w_est;
}

static void mwb_cubic_acked(struct mwb_congestion *cc,
			    const struct mwb_sample *rs)
{
	if (rs->recovery)
		return;
	if (cc->window < cc->threshold) {
		mwb_cubic_slow_start(cc, rs);
		if (rs->full)
			cc->window += rs->acked;
	} else if (rs->full) {
		mwb_cubic_avoid(cc, rs);
	}
}

static void mwb_cubic_reduce(struct mwb_congestion *cc)
{
	struct mwb_cubic *c = &cc->cubic;

	c->epoch = 0;
	c->w_max = cc->window < c->w_max ?
		   cc->window * (1 + MWB_CUBIC_BETA) / 2 : cc->window;
	cc->threshold = cc->window * MWB_CUBIC_BETA;
	if (cc->threshold < 2)
		cc->threshold = 2;
}

static void mwb_cubic_lost(struct mwb_congestion *cc,
			   const struct mwb_sample *rs)
{
	(void)rs;
	mwb_cubic_reduce(cc);
	cc->window = cc->threshold;
}

static void mwb_cubic_timeout(struct mwb_congestion *cc)
{
	mwb_cubic_reduce(cc);
	cc->window = 1;
}

const struct mwb_congestion_ops mwb_cubic_ops = {
	.init = mwb_cubic_init,
	.acked = mwb_cubic_acked,
	.lost = mwb_cubic_lost,
	.timeout = mwb_cubic_timeout,
};

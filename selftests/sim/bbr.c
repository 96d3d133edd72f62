// SPDX-License-Identifier: GPL-2.0-only
/*
 * A sender that goes by bandwidth and delay as BBR version 1 does; what that
 * has for policers and for aggregated ACKs is left out.
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "congestion.h"
#include "event.h"

enum mwb_bbr_state {
	MWB_BBR_STARTUP,
	MWB_BBR_DRAIN,
	MWB_BBR_BANDWIDTH,
	MWB_BBR_RTT,
};

#define MWB_BBR_HIGH_GAIN 2.885
#define MWB_BBR_WINDOW_MIN 4
#define MWB_BBR_RTT_VALID (10 * NSEC_PER_SEC)
#define MWB_BBR_RTT_PROBE (200 * NSEC_PER_MSEC)

static const double mwb_bbr_gain[] = { 1.25, 0.75, 1, 1, 1, 1, 1, 1 };

static double mwb_bbr_bandwidth(const struct mwb_bbr *b)
{
	double best = 0;
	u32 i;

	for (i = 0; i < MWB_BBR_ROUNDS; i++)
		if (b->bandwidth[i] > best)
			best = b->bandwidth[i];
	return best;
}

/* Segments that fill the path. */
static double mwb_bbr_product(const struct mwb_bbr *b)
{
	if (b->min_rtt == U64_MAX)
		return MWB_CONGESTION_WINDOW;
	return mwb_bbr_bandwidth(b) * b->min_rtt / 1e9;
}

static void mwb_bbr_init(struct mwb_congestion *cc, u64 now)
{
	memset(&cc->bbr, 0, sizeof(cc->bbr));
	cc->bbr.min_rtt = U64_MAX;
	cc->bbr.min_rtt_time = now;
	cc->window = MWB_CONGESTION_WINDOW;
}

static void mwb_bbr_measure(struct mwb_bbr *b, const struct mwb_sample *rs)
{
	double *best = &b->bandwidth[rs->round % MWB_BBR_ROUNDS];
	double known = mwb_bbr_bandwidth(b);

	if (rs->new_round)
		*best = 0;
	if (rs->bandwidth > *best && (!rs->limited || rs->bandwidth > known))
		*best = rs->bandwidth;
	/* A round that says nothing must not make it forget what it knew. */
	if (rs->limited && *best < known)
		*best = known;
}

static void mwb_bbr_startup(struct mwb_bbr *b, const struct mwb_sample *rs)
{
	double bandwidth = mwb_bbr_bandwidth(b);

	if (b->state != MWB_BBR_STARTUP || !rs->new_round || rs->limited)
		return;
	if (bandwidth >= b->full * 1.25) {
		b->full = bandwidth;
		b->full_rounds = 0;
	} else if (++b->full_rounds == 3) {
		b->state = MWB_BBR_DRAIN;
	}
}

static void mwb_bbr_cycle(struct mwb_bbr *b, const struct mwb_sample *rs)
{
	double product = mwb_bbr_product(b);
	double gain = mwb_bbr_gain[b->cycle];
	bool over;

	if (b->state == MWB_BBR_DRAIN && rs->pipe <= product) {
		b->state = MWB_BBR_BANDWIDTH;
		b->cycle = 2;
		b->cycle_start = rs->now;
		return;
	}
	if (b->state != MWB_BBR_BANDWIDTH)
		return;
	over = rs->now - b->cycle_start > b->min_rtt;
	if (gain > 1)
		over = over && (rs->recovery || rs->pipe >= gain * product);
	else if (gain < 1)
		over = over || rs->pipe <= product;
	if (over) {
		b->cycle = (b->cycle + 1) % ARRAY_SIZE(mwb_bbr_gain);
		b->cycle_start = rs->now;
	}
}

/* It is taken up again when the recovery, or the state Probe RTT, is over. */
static void mwb_bbr_save(struct mwb_congestion *cc)
{
	struct mwb_bbr *b = &cc->bbr;

	if (b->recovering || b->state == MWB_BBR_RTT)
		b->prior = max(b->prior, cc->window);
	else
		b->prior = cc->window;
}

static void mwb_bbr_restore(struct mwb_congestion *cc)
{
	cc->window = max(cc->window, cc->bbr.prior);
}

static void mwb_bbr_min_rtt(struct mwb_congestion *cc,
			    const struct mwb_sample *rs)
{
	struct mwb_bbr *b = &cc->bbr;
	bool expired = rs->now - b->min_rtt_time > MWB_BBR_RTT_VALID;

	if (rs->rtt && (rs->rtt <= b->min_rtt || expired)) {
		b->min_rtt = rs->rtt;
		b->min_rtt_time = rs->now;
	}
	if (expired && b->state != MWB_BBR_RTT) {
		mwb_bbr_save(cc);
		b->state = MWB_BBR_RTT;
		b->probe_end = 0;
	}
	if (b->state != MWB_BBR_RTT)
		return;
	if (!b->probe_end) {
		if (rs->pipe <= MWB_BBR_WINDOW_MIN)
			b->probe_end = rs->now + MWB_BBR_RTT_PROBE;
	} else if (rs->now >= b->probe_end) {
		b->min_rtt_time = rs->now;
		b->state = b->full_rounds >= 3 ? MWB_BBR_BANDWIDTH :
						 MWB_BBR_STARTUP;
		b->cycle = 2;
		b->cycle_start = rs->now;
		mwb_bbr_restore(cc);
	}
}

static double mwb_bbr_pacing_gain(const struct mwb_bbr *b)
{
	switch (b->state) {
	case MWB_BBR_STARTUP:
		return MWB_BBR_HIGH_GAIN;
	case MWB_BBR_DRAIN:
		return 1 / MWB_BBR_HIGH_GAIN;
	case MWB_BBR_BANDWIDTH:
		return mwb_bbr_gain[b->cycle];
	default:
		return 1;
	}
}

static void mwb_bbr_set_window(struct mwb_congestion *cc,
			       const struct mwb_sample *rs)
{
	struct mwb_bbr *b = &cc->bbr;
	double gain = b->state == MWB_BBR_BANDWIDTH ? 2 : MWB_BBR_HIGH_GAIN;
	double target = gain * mwb_bbr_product(b) + 3;

	cc->window += rs->acked;
	if (b->state != MWB_BBR_STARTUP && cc->window > target)
		cc->window = target;
	if (cc->window < MWB_BBR_WINDOW_MIN && !b->timed_out)
		cc->window = MWB_BBR_WINDOW_MIN;
	if (cc->window >= MWB_BBR_WINDOW_MIN)
		b->timed_out = false;
	if (b->state == MWB_BBR_RTT && cc->window > MWB_BBR_WINDOW_MIN)
		cc->window = MWB_BBR_WINDOW_MIN;
}

static void mwb_bbr_acked(struct mwb_congestion *cc,
			  const struct mwb_sample *rs)
{
	struct mwb_bbr *b = &cc->bbr;
	double pacing;

	mwb_bbr_measure(b, rs);
	mwb_bbr_startup(b, rs);
	mwb_bbr_cycle(b, rs);
	mwb_bbr_min_rtt(cc, rs);
	if (b->recovering && !rs->recovery)
		mwb_bbr_restore(cc);
	b->recovering = rs->recovery;

	pacing = mwb_bbr_pacing_gain(b) * mwb_bbr_bandwidth(b);
	/* The first rounds are limited by the window. */
	if (pacing > 0 && (b->state != MWB_BBR_STARTUP || pacing > cc->pacing))
		cc->pacing = pacing;
	mwb_bbr_set_window(cc, rs);
}

/* Loss says little of the bandwidth: only what has left is replaced. */
static void mwb_bbr_lost(struct mwb_congestion *cc, const struct mwb_sample *rs)
{
	double pipe = rs->pipe + rs->acked;

	mwb_bbr_save(cc);
	if (cc->window > pipe && pipe >= MWB_BBR_WINDOW_MIN)
		cc->window = pipe;
}

static void mwb_bbr_timeout(struct mwb_congestion *cc)
{
	mwb_bbr_save(cc);
	cc->window = 1;
	cc->bbr.timed_out = true;
}

const struct mwb_congestion_ops mwb_bbr_ops = {
	.init = mwb_bbr_init,
	.acked = mwb_bbr_acked,
	.lost = mwb_bbr_lost,
	.timeout = mwb_bbr_timeout,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * One-way delays as the receiver sees them, with clocks that nobody sets.
 */
#include <linux/bitops.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "delay.h"

#define MWB_DELAY_MS 1000000ULL

#define MWB_DELAY_LOW_WIDTH	(60000 * MWB_DELAY_MS / MWB_DELAY_LOWS)
#define MWB_DELAY_POINT_LEAST	(500 * MWB_DELAY_MS)
#define MWB_DELAY_POINT_MOST	(16000 * MWB_DELAY_MS)
#define MWB_DELAY_SPREAD_WIDTH	(100 * MWB_DELAY_MS)

/* A queue may have grown by this much for all that is known, ns. */
#define MWB_DELAY_DOUBT 500000
#define MWB_DELAY_DOUBT_FILLED 20000000

enum {
	MWB_DELAY_START = 3,		/* differences that start a path */
	MWB_DELAY_POINTS_LEAST = 6,	/* a slope of fewer says little */
	MWB_DELAY_SPREAD_PACKETS = 16,
	MWB_CLOCK_ERROR_START = 200000,	/* parts per billion */
	MWB_CLOCK_ERROR_EARLY = 15000,	/* parts per billion */
	MWB_CLOCK_WANDER = 5,		/* parts per billion, each 2^30 ns */
};

/* Differences that are longer than any that matters have this length, ns. */
#define MWB_DELAY_LONG ((s64)BIT_ULL(40))

/* Callers may have read the clock a little before they got the lock. */
static s64 mwb_delay_elapsed(u64 since, u64 now)
{
	return clamp_t(s64, now - since, -MWB_DELAY_LONG, MWB_DELAY_LONG);
}

/* What the peer's clock gains in @time. */
static s64 mwb_delay_gain(s32 drift, s64 time)
{
	/* 2^50 / 10^9 is 1125899.9: error 10^-7 of a gain. */
	return (time >> 12) * (drift * 1125900LL >> 14) >> 24;
}

/* The difference of @low as it would have been at @at. */
static s64 mwb_delay_at(const struct mwb_delay_low *low, s32 drift, u64 at)
{
	return low->diff - mwb_delay_gain(drift, mwb_delay_elapsed(low->at, at));
}

static bool mwb_delay_lower(const struct mwb_delay_low *a,
			    const struct mwb_delay_low *b, s32 drift)
{
	return a->diff < mwb_delay_at(b, drift, a->at);
}

void mwb_delay_init(struct mwb_delay *d)
{
	memset(d, 0, sizeof(*d));
}

/* @diff: arrival - timestamp of one of the packets that start it */
static void mwb_delay_start(struct mwb_delay *d, u64 diff, u64 arrival)
{
	bool known = d->known;
	bool filled = d->filled;

	mwb_delay_init(d);
	d->known = known;
	d->filled = filled;
	d->started = true;
	d->ref = diff;
	d->bottom = diff - MWB_DELAY_FALL;
	d->count = 1;
	d->least.at = arrival;
	d->spread_count = 1;
	d->spread_next = S64_MIN;
	d->spread_since = arrival;
	d->low_since = arrival;
	d->point_width = MWB_DELAY_POINT_LEAST;
	d->point_since = arrival;
}

static void mwb_delay_odd(struct mwb_delay *d, u64 diff, u64 arrival)
{
	if (d->run && diff - d->odd + MWB_DELAY_AGREE <= 2 * MWB_DELAY_AGREE) {
		d->run++;
		if ((s64)(diff - d->odd_least) < 0)
			d->odd_least = diff;
	} else {
		d->run = 1;
		d->odd_least = diff;
	}
	d->odd = diff;
	if (d->run == MWB_DELAY_START)
		mwb_delay_start(d, d->odd_least, arrival);
}

void mwb_delay_add(struct mwb_delay *d, u64 timestamp, u64 arrival)
{
	u64 diff = arrival - timestamp;
	s64 rel;

	if (!d->started ||
	    diff - d->bottom > MWB_DELAY_FALL + MWB_DELAY_RISE) {
		mwb_delay_odd(d, diff, arrival);
		return;
	}
	rel = diff - d->ref;
	d->run = 0;
	if (!d->count++ || rel < d->least.diff) {
		d->least.diff = rel;
		d->least.at = arrival;
	}
	if (!d->spread_count++) {
		d->spread_least = rel;
		d->spread_most = rel;
		d->spread_next = S64_MIN;
	} else if (rel > d->spread_most) {
		d->spread_next = d->spread_most;
		d->spread_most = rel;
	} else {
		d->spread_next = max(d->spread_next, rel);
		d->spread_least = min(d->spread_least, rel);
	}
}

void mwb_clock_init(struct mwb_clock *c)
{
	memset(c, 0, sizeof(*c));
	c->error = MWB_CLOCK_ERROR_START;
}

static void mwb_delay_spread(struct mwb_delay *d, s32 drift, u64 now, s64 time)
{
	s64 gain = mwb_delay_gain(drift, time);
	u64 spread;

	if (d->spread_count < MWB_DELAY_SPREAD_PACKETS ||
	    mwb_delay_elapsed(d->spread_since, now) <
	    (s64)MWB_DELAY_SPREAD_WIDTH) {
		/* The packets to come are compared with those of now. */
		if (d->spread_count) {
			d->spread_least -= gain;
			d->spread_most -= gain;
			if (d->spread_count > 1)
				d->spread_next -= gain;
		}
		return;
	}
	spread = d->spread_next - d->spread_least;
	if (spread > d->jitter)
		d->jitter += (spread - d->jitter + 1) >> 1;
	else
		d->jitter -= (d->jitter - spread + 15) >> 4;
	d->spread_count = 0;
	d->spread_since = now;
}

/* Windows that are over leave the base. */
static void mwb_delay_age(struct mwb_delay *d, u64 now)
{
	u32 i;

	for (i = 0; i < MWB_DELAY_LOWS; i++) {
		if (mwb_delay_elapsed(d->low_since, now) <
		    (s64)MWB_DELAY_LOW_WIDTH)
			return;
		d->low_since += MWB_DELAY_LOW_WIDTH;
		d->low_head = (d->low_head + 1) % MWB_DELAY_LOWS;
		d->low_valid &= ~(1U << d->low_head);
	}
	d->low_since = now;
}

static void mwb_delay_low(struct mwb_delay *d, s32 drift)
{
	struct mwb_delay_low *low = &d->low[d->low_head];
	u32 bit = 1U << d->low_head;

	if (!(d->low_valid & bit) || mwb_delay_lower(&d->least, low, drift))
		*low = d->least;
	d->low_valid |= bit;
}

/* Two windows become one, and the windows to come are as long. */
static void mwb_delay_merge(struct mwb_delay *d, s32 drift)
{
	struct mwb_delay_low *point = d->point;
	u32 filled = 0;
	u32 i;

	for (i = 0; i < MWB_DELAY_POINTS / 2; i++) {
		point[i] = point[2 * i];
		if (mwb_delay_lower(&point[2 * i + 1], &point[i], drift))
			point[i] = point[2 * i + 1];
		if (d->point_filled & 3U << 2 * i)
			filled |= BIT(i);
	}
	d->point_filled = filled;
	d->nr_points = MWB_DELAY_POINTS / 2;
	d->point_width *= 2;
}

/* Return: a window is complete */
static bool mwb_delay_point(struct mwb_delay *d, s32 drift, u64 now)
{
	struct mwb_delay_low *point = &d->point[d->nr_points];

	if (!d->point_open || mwb_delay_lower(&d->least, point, drift))
		*point = d->least;
	d->point_open = true;
	if (d->filled)
		d->point_filled |= BIT(d->nr_points);
	if (mwb_delay_elapsed(d->point_since, now) < (s64)d->point_width)
		return false;

	d->point_open = false;
	d->point_since = now;
	d->nr_points++;
	if (d->nr_points <= MWB_DELAY_POINTS)
		return true;
	if (d->point_width < MWB_DELAY_POINT_MOST) {
		struct mwb_delay_low last = d->point[MWB_DELAY_POINTS];
		bool filled = d->point_filled & BIT(MWB_DELAY_POINTS);

		mwb_delay_merge(d, drift);
		if (filled)
			d->point_filled |= BIT(d->nr_points);
		d->point[d->nr_points++] = last;
	} else {
		d->nr_points--;
		memmove(d->point, d->point + 1,
			d->nr_points * sizeof(d->point[0]));
		d->point_filled >>= 1;
	}
	return true;
}

/* Sorts in place; few values. */
static void mwb_delay_sort(s64 *value, u32 count)
{
	u32 i, j;
	s64 v;

	for (i = 1; i < count; i++) {
		v = value[i];
		for (j = i; j && value[j - 1] > v; j--)
			value[j] = value[j - 1];
		value[j] = v;
	}
}

static s64 mwb_delay_median(s64 *value, u32 count)
{
	mwb_delay_sort(value, count);
	return (value[(count - 1) / 2] + value[count / 2]) >> 1;
}

/* @diff over @time as parts per billion; @time is not 0 */
static s64 mwb_delay_ppb(s64 diff, s64 time)
{
	s64 limit = 1LL << 33;

	if (time < 0) {
		time = -time;
		diff = -diff;
	}
	/* 10^9 / 2^10, in halves */
	return div_s64(clamp_t(s64, diff, -limit, limit) * 1953125,
		       max_t(s64, time >> 10, 1)) >> 1;
}

/* What the peer's clock gains by the points of the path. */
static s64 mwb_delay_repeated_median(const struct mwb_delay *d)
{
	const struct mwb_delay_low *point = d->point;
	s64 outer[MWB_DELAY_POINTS];
	s64 inner[MWB_DELAY_POINTS];
	u32 i, j, n;
	s64 time;

	for (i = 0; i < d->nr_points; i++) {
		n = 0;
		for (j = 0; j < d->nr_points; j++) {
			if (j == i)
				continue;
			time = mwb_delay_elapsed(point[i].at, point[j].at);
			inner[n++] = mwb_delay_ppb(point[i].diff -
						   point[j].diff, time);
		}
		outer[i] = mwb_delay_median(inner, n);
	}
	return mwb_delay_median(outer, d->nr_points);
}

/*
 * How uncertain the slope is: three quarters of the points are at most this
 * far from their line, so that a step in more than a quarter of them counts.
 */
static u32 mwb_delay_slope_error(const struct mwb_delay *d, s32 slope)
{
	u64 first = d->point[0].at;
	u32 n = d->nr_points;
	s64 off[MWB_DELAY_POINTS];
	s64 middle, far;
	u32 i;

	for (i = 0; i < n; i++)
		off[i] = mwb_delay_at(&d->point[i], slope, first);
	middle = mwb_delay_median(off, n);
	for (i = 0; i < n; i++)
		off[i] = max(off[i], middle) - min(off[i], middle);
	mwb_delay_sort(off, n);
	far = max_t(s64, 2 * off[(3 * n - 1) / 4],
		    4 * hweight32(d->point_filled) > n ? MWB_DELAY_DOUBT_FILLED :
							 MWB_DELAY_DOUBT);
	return min_t(s64, mwb_delay_ppb(far,
					mwb_delay_elapsed(first,
							  d->point[n - 1].at)),
		     MWB_CLOCK_ERROR_MAX);
}

static void mwb_delay_slope(struct mwb_delay *d)
{
	s64 slope;

	d->slope_known = false;
	if (d->nr_points < MWB_DELAY_POINTS_LEAST)
		return;
	slope = mwb_delay_repeated_median(d);
	if (slope < -MWB_CLOCK_DRIFT_MAX || slope > MWB_CLOCK_DRIFT_MAX)
		return;
	d->slope = slope;
	d->slope_error = mwb_delay_slope_error(d, slope);
	d->slope_known = true;
}

/* A path that is twice as certain weighs twice as much. */
static u64 mwb_clock_weight(const struct mwb_delay *d)
{
	if (!d || !d->slope_known)
		return 0;
	return div_u64(1ULL << 32, max(d->slope_error, 1U));
}

/* Return: the path whose slope is the weighted median, or NULL */
static const struct mwb_delay *
mwb_clock_median(struct mwb_delay *const path[], u32 count)
{
	const struct mwb_delay *best = NULL;
	u64 total = 0;
	u64 below;
	u32 i, j;

	for (i = 0; i < count; i++)
		total += mwb_clock_weight(path[i]);
	for (i = 0; i < count; i++) {
		if (!mwb_clock_weight(path[i]) ||
		    (best && best->slope <= path[i]->slope))
			continue;
		below = 0;
		for (j = 0; j < count; j++)
			if (path[j] && path[j]->slope <= path[i]->slope)
				below += mwb_clock_weight(path[j]);
		if (2 * below >= total)
			best = path[i];
	}
	return best;
}

static void mwb_clock_measured(struct mwb_clock *c, s64 slope, s64 slope_error,
			       u64 now)
{
	s64 apart, error, step;
	u64 old, new;

	/* The best of clocks wanders. */
	error = c->error + (mwb_delay_elapsed(c->set, now) >> 30) *
			   MWB_CLOCK_WANDER;
	error = clamp_t(s64, error, 0, MWB_CLOCK_ERROR_START);
	apart = max_t(s64, slope, c->drift) - min_t(s64, slope, c->drift);
	/* Early queues can look like drift: then the first slope was wrong. */
	if (error > MWB_CLOCK_ERROR_EARLY && apart > error + 2 * slope_error &&
	    slope_error < 4 * error)
		error = slope_error;
	if (slope_error > error)
		return;
	old = (u64)error * error;
	new = (u64)slope_error * slope_error;
	step = (slope - c->drift) * (s64)div64_u64(old << 8, old + new);
	c->drift += clamp_t(s64, step >> 8, -error, error);
	c->error = slope_error;
	c->set = now;
}

static void mwb_clock_drift(struct mwb_clock *c, struct mwb_delay *const path[],
			    u32 count, u64 now)
{
	const struct mwb_delay *d = mwb_clock_median(path, count);

	c->slope = 0;
	c->slope_error = 0;
	if (!d)
		return;
	c->slope = d->slope;
	c->slope_error = d->slope_error;
	mwb_clock_measured(c, c->slope, c->slope_error, now);
}

void mwb_clock_peer(struct mwb_clock *c, s32 drift, u32 error, u64 now)
{
	if (drift == c->peer_drift && error == c->peer_error)
		return;
	c->peer_drift = drift;
	c->peer_error = error;
	if (error)
		mwb_clock_measured(c, -drift, error, now);
}

/* The least difference of the last minute, as it is @now. */
static s64 mwb_delay_base(const struct mwb_delay *d, s32 drift, u64 now)
{
	s64 least = S64_MAX;
	u32 i;

	for (i = 0; i < MWB_DELAY_LOWS; i++)
		if (d->low_valid & 1U << i)
			least = min(least, mwb_delay_at(&d->low[i], drift, now));
	return least;
}

/* Return: a window for the slope is complete */
static bool mwb_delay_close(struct mwb_delay *d, const struct mwb_clock *c,
			    u64 now)
{
	bool complete = false;

	d->fresh = d->count;
	if (!d->started)
		return false;
	mwb_delay_age(d, now);
	if (d->count) {
		mwb_delay_low(d, c->drift);
		complete = mwb_delay_point(d, c->drift, now);
		if (complete)
			mwb_delay_slope(d);
	}
	if (!d->low_valid)
		mwb_delay_init(d);
	d->known = d->started;
	return complete;
}

void mwb_clock_tick(struct mwb_clock *c, struct mwb_delay *const path[],
		    u32 count, u64 now)
{
	s64 time = c->ticked ? mwb_delay_elapsed(c->ticked, now) : 0;
	bool complete = false;
	bool known = false;
	struct mwb_delay *d;
	s64 queue, base;
	u64 least = 0;
	u32 i;

	for (i = 0; i < count; i++)
		if (path[i])
			complete |= mwb_delay_close(path[i], c, now);
	if (complete)
		mwb_clock_drift(c, path, count, now);

	for (i = 0; i < count; i++) {
		d = path[i];
		if (!d || !d->known)
			continue;
		base = mwb_delay_base(d, c->drift, now);
		d->bottom = d->ref + base - MWB_DELAY_FALL;
		queue = d->count ? mwb_delay_at(&d->least, c->drift, now) - base : 0;
		d->queue = max(queue, 0LL);
		if (!known || (s64)(d->bottom - least) < 0)
			least = d->bottom;
		known = true;
		mwb_delay_spread(d, c->drift, now, time);
		d->count = 0;
	}
	for (i = 0; known && i < count; i++) {
		d = path[i];
		if (d && d->known)
			d->base = min(d->bottom - least, MWB_DELAY_RISE);
	}
	if (known)
		c->offset = least + MWB_DELAY_FALL;
	else
		c->offset -= (u64)mwb_delay_gain(c->drift, time);
	c->known |= known;
	c->ticked = now;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long the receiver holds the packets of ordered flows.
 */
#include <linux/bits.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "hold.h"

#define MWB_HOLD_MS 1000000ULL

/* The field of the wire format is as large as this, ns. */
#define MWB_HOLD_MAX (1000 * MWB_HOLD_MS)

enum {
	MWB_HOLD_LOSS_CLEAN = 1000,	/* parts per million */
	/* Share of the sum, percent, from which on a path with loss comes in,
	 * and below which it leaves again
	 */
	MWB_HOLD_SHARE_IN = 15,
	MWB_HOLD_SHARE_OUT = 10,
	/* Percent of its rate that count for a slow path that is outside: of
	 * what it has carried, and of what it may
	 */
	MWB_HOLD_ENTER = 80,
	MWB_HOLD_PROMISE = 40,
	MWB_HOLD_PACKET = 1500,		/* bytes */
	/* Part of the time, in millionths, in which a flow would wait for the
	 * repairs of a path: from which on they are hidden, and below which
	 * they are no longer
	 */
	MWB_HOLD_STALL_IN = 100000,
	MWB_HOLD_STALL_OUT = 30000,
};

static void mwb_hold_sort(struct mwb_hold_path *path, u32 count)
{
	u32 i, j;

	for (i = 1; i < count; i++)
		for (j = i; j && path[j].base < path[j - 1].base; j--)
			swap(path[j], path[j - 1]);
}

/* Does it bring enough for what it costs? */
static bool mwb_hold_is_worth(const struct mwb_hold *h,
			      const struct mwb_hold_path *path, u64 sum)
{
	u32 share = h->inside & BIT(path->index) ? MWB_HOLD_SHARE_OUT :
						   MWB_HOLD_SHARE_IN;

	return path->loss < MWB_HOLD_LOSS_CLEAN ||
	       path->rate * 100 >= sum * share;
}

static bool mwb_hold_is_within(const struct mwb_hold_path *path, u64 budget)
{
	return path->known && path->base <= budget;
}

/* What the paths within the budget carry, bytes/s */
static u64 mwb_hold_sum(const struct mwb_hold_path *path, u32 count, u64 budget)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < count; i++)
		if (mwb_hold_is_within(&path[i], budget))
			sum += path[i].rate;
	return sum;
}

/* A flow must not be much worse off than by the path alone that carries most: if
 * that is slower than the budget allows, and those within it carry far less, the
 * budget is as large as it takes, until they carry as much.
 */
static u64 mwb_hold_budget(const struct mwb_hold *h,
			   const struct mwb_hold_path *path, u32 count,
			   u64 budget)
{
	const struct mwb_hold_path *most = NULL;
	u32 i, weight;

	for (i = 0; i < count; i++)
		if (path[i].known && path[i].base > budget &&
		    (!most || path[i].rate > most->rate))
			most = &path[i];
	if (!most)
		return budget;
	weight = h->inside & BIT(most->index) ? 100 :
		 most->proved ? MWB_HOLD_ENTER : MWB_HOLD_PROMISE;
	return most->rate * weight > mwb_hold_sum(path, count, budget) * 100 ?
	       most->base : budget;
}

/* That a packet is missing is seen soon after the next ones; the report and the
 * repair take the fastest path.
 */
static u64 mwb_hold_repair(u64 rtt)
{
	return rtt + 5 * MWB_HOLD_MS;
}

/* Is so much lost that the hold had better cover the repairs? */
static bool mwb_hold_is_lossy(const struct mwb_hold *h,
			      const struct mwb_hold_path *path, u64 rtt)
{
	u64 packets = div_u64(path->rate, MWB_HOLD_PACKET);
	u64 stall = div_u64(packets * path->loss, 1000) *
		    div_u64(mwb_hold_repair(rtt), MWB_HOLD_MS);

	if (h->lossy & BIT(path->index))
		return 2 * path->loss >= MWB_HOLD_LOSS_CLEAN &&
		       stall >= MWB_HOLD_STALL_OUT;
	return path->loss >= MWB_HOLD_LOSS_CLEAN && stall >= MWB_HOLD_STALL_IN;
}

static void mwb_hold_set(struct mwb_hold *h, u64 hold, u64 now)
{
	u64 since, steps;

	if (hold >= h->hold) {
		h->raised = hold > h->hold ? now : h->raised;
		h->lowered = now;
		h->hold = hold;
		return;
	}
	since = max(h->lowered, h->raised + 1000 * MWB_HOLD_MS);
	if (now < since + 10 * MWB_HOLD_MS)
		return;
	steps = div_u64(now - since, 10 * MWB_HOLD_MS);
	h->lowered = since + steps * 10 * MWB_HOLD_MS;
	h->hold -= min(h->hold - hold,
		       (div_u64(h->hold, 100) + 1) * min_t(u64, steps, 100));
}

/* The paths inside, as bits of their index */
static u16 mwb_hold_choose(const struct mwb_hold *h,
			   const struct mwb_hold_path *path, u32 count,
			   u64 budget)
{
	u64 sum = mwb_hold_sum(path, count, budget);
	u16 within = 0, worth = 0, steady = 0;
	u32 i;

	for (i = 0; i < count; i++) {
		if (!mwb_hold_is_within(&path[i], budget))
			continue;
		within |= BIT(path[i].index);
		if (mwb_hold_is_worth(h, &path[i], sum))
			worth |= BIT(path[i].index);
		if (!path[i].unsteady || !path[i].base)
			steady |= BIT(path[i].index);
	}
	worth = worth ?: within;
	return worth & steady ?: worth;
}

void mwb_hold_update(struct mwb_hold *h, struct mwb_hold_path *path, u32 count,
		     u64 budget, u64 rtt, u64 now)
{
	u16 lossy = 0;
	u64 hold = 0;
	u64 need;
	u32 i;

	mwb_hold_sort(path, count);
	h->inside = mwb_hold_choose(h, path, count,
				    mwb_hold_budget(h, path, count, budget));
	h->rate = 0;
	for (i = 0; i < count; i++) {
		if (!(h->inside & BIT(path[i].index)))
			continue;
		need = mwb_hold_of(path[i].base, path[i].target,
				   path[i].jitter);
		if (mwb_hold_is_lossy(h, &path[i], rtt)) {
			need += mwb_hold_repair(rtt);
			lossy |= BIT(path[i].index);
		}
		hold = max(hold, need);
		h->rate += path[i].rate;
	}
	h->lossy = lossy;
	/* One path keeps its order: only repairs would be felt. */
	if (!(h->inside & (h->inside - 1)) && !lossy)
		hold = 0;
	mwb_hold_set(h, min_t(u64, hold, MWB_HOLD_MAX), now);
}

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

/* That a packet is missing is seen soon after the next ones; the report and the
 * repair take the fastest path.
 */
static u64 mwb_hold_repair(u64 rtt)
{
	return rtt + 5 * MWB_HOLD_MS;
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

void mwb_hold_update(struct mwb_hold *h, struct mwb_hold_path *path, u32 count,
		     u64 budget, u64 rtt, u64 now)
{
	bool lossy = false;
	u16 inside = 0;
	u64 hold = 0;
	u64 rate = 0;
	u64 sum = 0;
	u64 need;
	u32 i;

	mwb_hold_sort(path, count);
	for (i = 0; i < count; i++)
		if (path[i].known && path[i].base <= budget)
			sum += path[i].rate;
	for (i = 0; i < count; i++) {
		if (!path[i].known || path[i].base > budget)
			continue;
		if (inside && !mwb_hold_is_worth(h, &path[i], sum))
			continue;
		need = mwb_hold_of(path[i].base, path[i].target,
				   path[i].jitter);
		if (path[i].loss >= MWB_HOLD_LOSS_CLEAN) {
			need += mwb_hold_repair(rtt);
			lossy = true;
		}
		hold = max(hold, need);
		rate += path[i].rate;
		inside |= BIT(path[i].index);
	}
	h->inside = inside;
	h->rate = rate;
	/* One path keeps its order: only repairs would be felt. */
	if (!(inside & (inside - 1)) && !lossy)
		hold = 0;
	mwb_hold_set(h, min_t(u64, hold, MWB_HOLD_MAX), now);
}

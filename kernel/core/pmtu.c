// SPDX-License-Identifier: GPL-2.0-only
/*
 * How large the packets of a path may be.
 */
#include <linux/minmax.h>

#include "pmtu.h"

/* After which a larger one is tried again, ns: the other end of a path may be
 * changed a little later than this one
 */
#define MWB_PMTU_RAISE_MIN 2000000000ULL
#define MWB_PMTU_RAISE_MAX 60000000000ULL

static void mwb_pmtu_forget(struct mwb_pmtu *p)
{
	p->probe = 0;
	p->copies = 0;
	p->lost = 0;
}

void mwb_pmtu_restart(struct mwb_pmtu *p)
{
	p->size = p->max;
	p->wait = 0;
	p->searching = false;
	p->confirmed = false;
	mwb_pmtu_forget(p);
}

/* What is known to arrive goes on meanwhile. */
static void mwb_pmtu_raise(struct mwb_pmtu *p)
{
	p->searching = true;
	p->low = p->size;
	p->high = p->max + 1;
	mwb_pmtu_forget(p);
}

void mwb_pmtu_set_max(struct mwb_pmtu *p, u32 max)
{
	if (max == p->max)
		return;
	p->max = max;
	p->wait = 0;
	if (!p->size || p->size >= max)
		mwb_pmtu_restart(p);
	else
		mwb_pmtu_raise(p);
}

static void mwb_pmtu_search(struct mwb_pmtu *p)
{
	p->high = p->size;
	p->low = min_t(u32, MWB_PMTU_LEAST, p->high - 1);
	p->size = min_t(u32, MWB_PMTU_BASE, p->high - 1);
	p->searching = true;
	mwb_pmtu_forget(p);
}

/* The whole, where it may be; then the base; then what halves the rest. */
static u32 mwb_pmtu_candidate(const struct mwb_pmtu *p)
{
	if (p->high > p->max)
		return p->max;
	if (p->low < MWB_PMTU_BASE && p->high > MWB_PMTU_BASE)
		return MWB_PMTU_BASE;
	return p->low + (p->high - p->low) / 2;
}

static void mwb_pmtu_narrowed(struct mwb_pmtu *p, u64 now)
{
	if (p->high > p->low + MWB_PMTU_STEP && p->low < p->max)
		return;
	p->size = p->low;
	p->searching = false;
	p->confirmed = true;
	p->settled = now;
	p->wait = p->size >= p->max ? 0 :
		  clamp_t(u64, 2 * p->wait, MWB_PMTU_RAISE_MIN,
			  MWB_PMTU_RAISE_MAX);
}

static void mwb_pmtu_lost(struct mwb_pmtu *p, u64 now)
{
	u32 size = p->probe;

	p->probe = 0;
	if (!p->searching) {
		if (++p->lost >= MWB_PMTU_HOLE && p->size > MWB_PMTU_LEAST)
			mwb_pmtu_search(p);
		return;
	}
	p->high = min(p->high, size);
	if (p->size >= p->high)
		p->size = p->low;
	mwb_pmtu_narrowed(p, now);
}

static bool mwb_pmtu_is_due(const struct mwb_pmtu *p, u64 interval, u64 now)
{
	return p->searching || p->lost || !p->confirmed ||
	       now >= p->sent + interval;
}

u32 mwb_pmtu_next(struct mwb_pmtu *p, u64 interval, u64 timeout, u64 alive,
		  u64 now)
{
	if (!p->max)
		return 0;
	if (p->probe && !p->copies) {
		if (now < p->sent + timeout || alive <= p->sent)
			return 0;
		mwb_pmtu_lost(p, now);
	}
	if (!p->copies) {
		if (!p->searching && !p->lost && p->size < p->max &&
		    now >= p->settled + p->wait)
			mwb_pmtu_raise(p);
		if (!mwb_pmtu_is_due(p, interval, now))
			return 0;
		p->probe = p->searching ? mwb_pmtu_candidate(p) : p->size;
		p->copies = p->searching ? MWB_PMTU_COPIES : 1;
	}
	p->copies--;
	p->sent = now;
	return p->probe;
}

bool mwb_pmtu_answer(struct mwb_pmtu *p, u32 size, u64 now)
{
	if (!size || size != p->probe)
		return false;
	mwb_pmtu_forget(p);
	if (!p->searching) {
		p->confirmed = true;
		return true;
	}
	p->low = max(p->low, size);
	p->size = max(p->size, size);
	mwb_pmtu_narrowed(p, now);
	return true;
}

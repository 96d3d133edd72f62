// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loss of a path: a policer's, or its own.
 */
#include <linux/math64.h>
#include <linux/minmax.h>

#include "police.h"

#define MWB_POLICE_MILLION 1000000ULL

/* A count that takes longer is of traffic which does not press on the path, ns */
#define MWB_POLICE_LONG 8000000000ULL

/* How long it takes to see whether a policed path loses much, ns */
#define MWB_POLICE_TIME 1000000000ULL

/* Loss that is too much then, parts per million */
#define MWB_POLICE_TOO_MUCH 10000

enum {
	MWB_POLICE_LOST = 32,	/* lost; fewer do not tell 2 % from 4 % */
	MWB_POLICE_CLEAN = 6,	/* counts; more, and it may be gone */
};

/* Send a little less than what comes through. */
static void mwb_police_try(struct mwb_police *p, u32 loss, u64 delivery,
			   u64 *rate)
{
	p->state = MWB_POLICE_TRYING;
	p->suspect = 0;
	p->loss = loss;
	*rate = delivery - delivery / 32;
}

/* Was far less sent than @rate? Then what was lost says nothing about that. */
static bool mwb_police_is_idle(const struct mwb_police_count *count, u64 rate)
{
	u64 sent = div64_u64(count->delivery * count->sent,
			     max_t(u64, count->sent - count->lost, 1));

	return 4 * sent < 3 * rate;
}

static bool mwb_police_free(struct mwb_police *p,
			    const struct mwb_police_count *count, u32 loss,
			    u64 *rate)
{
	u32 usual = p->proved + p->proved / 2 + MWB_POLICE_LOSS;

	if (count->queued)
		return true;
	if (loss > usual && count->lost >= MWB_POLICE_LOST) {
		/* What came through at first may have been a burst. */
		if (p->suspect++) {
			p->before = *rate;
			mwb_police_try(p, loss, count->delivery, rate);
		}
		return true;
	}
	if (count->sent * usual < MWB_POLICE_LOST * MWB_POLICE_MILLION)
		return count->time > MWB_POLICE_LONG;
	p->suspect = 0;
	if (loss < usual)
		p->own = p->own - p->own / 4 + loss / 4;
	/* Else what overflows would be taken for the path's own, more be sent
	 * for it, and more overflow.
	 */
	if (p->own < p->proved)
		p->proved -= (p->proved - p->own) / 4;
	return true;
}

static bool mwb_police_trying(struct mwb_police *p,
			      const struct mwb_police_count *count, u32 loss,
			      u64 *rate)
{
	bool enough = count->sent * p->loss >=
		      MWB_POLICE_LOST * MWB_POLICE_MILLION;

	if (!enough && count->time <= MWB_POLICE_LONG)
		return false;
	if (!enough || mwb_police_is_idle(count, *rate)) {
		/* Who does not use the rate learns nothing by lowering it. */
		p->state = MWB_POLICE_FREE;
		*rate = p->before;
		return true;
	}
	if (5ULL * loss < 2ULL * p->loss) {
		p->state = MWB_POLICE_LIMITED;
		p->rate = *rate;
		p->clean = 0;
	} else if (5ULL * loss < 4ULL * p->loss) {
		/* Less, but not enough so */
		mwb_police_try(p, loss, count->delivery, rate);
	} else {
		p->state = MWB_POLICE_FREE;
		p->own = loss;
		p->proved = loss;
		*rate = p->before;
	}
	return true;
}

static bool mwb_police_limited(struct mwb_police *p,
			       const struct mwb_police_count *count, u32 loss)
{
	u64 bearable = div_u64(count->sent * (p->own + MWB_POLICE_TOO_MUCH),
			       MWB_POLICE_MILLION);

	if (count->time < MWB_POLICE_TIME)
		return false;
	if (count->lost > bearable + 3 && mwb_police_is_idle(count, p->rate)) {
		p->own += (loss - p->own) / 4;
		p->proved = max(p->proved, p->own);
		return true;
	}
	if (count->lost > bearable + 3) {
		/* Though the rate was lowered twice? It is not a policer's. */
		if (++p->suspect > 2) {
			p->state = MWB_POLICE_FREE;
			p->suspect = 0;
			p->own = loss;
			p->proved = loss;
		}
		p->rate = min(p->rate, count->delivery);
		p->clean = 0;
		return true;
	}
	p->suspect = 0;
	p->own -= (p->own - min(p->own, loss)) / 4;
	if (10 * count->delivery > 9 * p->rate) {
		p->clean++;
		p->rate += p->rate >> (p->clean > MWB_POLICE_CLEAN ? 4 : 6);
	}
	if (p->rate > p->before)
		p->state = MWB_POLICE_FREE;
	return true;
}

bool mwb_police_judge(struct mwb_police *p,
		      const struct mwb_police_count *count, u64 *rate)
{
	u32 loss = div64_u64(count->lost * MWB_POLICE_MILLION, count->sent);

	switch (p->state) {
	case MWB_POLICE_TRYING:
		return mwb_police_trying(p, count, loss, rate);
	case MWB_POLICE_LIMITED:
		return mwb_police_limited(p, count, loss);
	default:
		return mwb_police_free(p, count, loss, rate);
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Health of a path, judged by its heartbeats.
 */
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "health.h"

#define MWB_HEALTH_MS 1000000ULL

enum {
	MWB_HEALTH_GOOD = 5,		/* answers from Starting to Up */
	MWB_HEALTH_LOSS_MAX = 1000000,
	MWB_HEALTH_LOSS_SHIFT = 4,	/* weight of a request: 1/16 */
};

static u64 mwb_health_bit(u64 seq)
{
	return 1ULL << seq % MWB_HEALTH_OUTSTANDING;
}

/* Callers may have read the clock a little before they got the lock. */
static u64 mwb_health_elapsed(u64 since, u64 now)
{
	return now > since ? now - since : 0;
}

static void mwb_health_enter(struct mwb_health *h, enum mwb_health_state state,
			     u64 now)
{
	if (h->state == MWB_HEALTH_UP && state != MWB_HEALTH_UP)
		h->downs++;
	h->state = state;
	h->since = now;
}

/* @sample: 0 for an answer, MWB_HEALTH_LOSS_MAX for a loss; rounds towards it. */
static void mwb_health_loss(struct mwb_health *h, u32 sample)
{
	u32 round = (1 << MWB_HEALTH_LOSS_SHIFT) - 1;

	if (sample > h->loss)
		h->loss += (sample - h->loss + round) >> MWB_HEALTH_LOSS_SHIFT;
	else
		h->loss -= (h->loss - sample + round) >> MWB_HEALTH_LOSS_SHIFT;
}

static void mwb_health_rtt(struct mwb_health *h, u64 sample)
{
	u64 off = max(h->rtt, sample) - min(h->rtt, sample);

	if (h->rtt) {
		h->rttvar += off / 4 - h->rttvar / 4;
		h->rtt += sample / 8 - h->rtt / 8;
	} else {
		h->rttvar = sample / 2;
		h->rtt = sample;
		h->rtt_min = sample;
	}
	h->rtt_min = min(h->rtt_min, sample);
	h->rtt_last = sample;
}

/* The oldest request that is neither answered nor lost is settled now. */
static void mwb_health_settle_oldest(struct mwb_health *h)
{
	if (h->open & mwb_health_bit(h->oldest)) {
		h->nr_lost++;
		h->lost_in_row++;
		mwb_health_loss(h, MWB_HEALTH_LOSS_MAX);
	}
	h->oldest++;
}

void mwb_health_init(struct mwb_health *h, u64 interval, u32 failures, u64 now)
{
	memset(h, 0, sizeof(*h));
	h->interval = interval;
	h->failures = failures;
	h->since = now;
}

u64 mwb_health_request(struct mwb_health *h, u64 now)
{
	u64 seq = h->next++;

	if (seq - h->oldest == MWB_HEALTH_OUTSTANDING)
		mwb_health_settle_oldest(h);
	h->sent[seq % MWB_HEALTH_OUTSTANDING] = now;
	h->open |= mwb_health_bit(seq);
	h->nr_sent++;
	return seq;
}

bool mwb_health_answer(struct mwb_health *h, u64 seq, u64 delay, bool alone,
		       u64 now)
{
	u64 sent = h->sent[seq % MWB_HEALTH_OUTSTANDING];
	u64 bit = mwb_health_bit(seq);
	u64 age = now - sent;
	u64 least;

	/* Differences wrap: numbers not sent yet and times to come are large. */
	if (h->next - 1 - seq >= MWB_HEALTH_OUTSTANDING || !(h->open & bit))
		return false;
	if (age > MWB_HEALTH_ANSWER_MAX || delay > age)
		return false;

	h->open &= ~bit;
	if (seq >= h->oldest)
		mwb_health_loss(h, 0);
	h->nr_answered++;
	h->lost_in_row = 0;
	h->answered = max(h->answered, sent);

	if (h->state == MWB_HEALTH_DOWN) {
		mwb_health_enter(h, MWB_HEALTH_STARTING, now);
		h->good = 0;
		h->rtt = 0;
	}
	mwb_health_rtt(h, max_t(u64, age - delay, 1));
	least = max(200 * MWB_HEALTH_MS, 3 * h->rtt);
	h->good++;
	if (h->state == MWB_HEALTH_STARTING &&
	    (alone || (h->good >= MWB_HEALTH_GOOD &&
		       mwb_health_elapsed(h->since, now) >= least)))
		mwb_health_enter(h, MWB_HEALTH_UP, now);
	return true;
}

/* When a path that has lost enough in a row is to go down. */
static u64 mwb_health_down_at(const struct mwb_health *h)
{
	return h->answered + h->failures * h->interval + h->rtt;
}

void mwb_health_check(struct mwb_health *h, u64 now)
{
	u64 timeout = mwb_health_timeout(h);
	u64 sent;

	while (h->oldest != h->next) {
		sent = h->sent[h->oldest % MWB_HEALTH_OUTSTANDING];
		if (h->open & mwb_health_bit(h->oldest) &&
		    mwb_health_elapsed(sent, now) < timeout)
			break;
		mwb_health_settle_oldest(h);
	}

	if (h->state != MWB_HEALTH_DOWN && h->lost_in_row >= h->failures &&
	    now >= mwb_health_down_at(h))
		mwb_health_enter(h, MWB_HEALTH_DOWN, now);
}

u64 mwb_health_deadline(const struct mwb_health *h)
{
	u64 deadline = U64_MAX;
	u64 seq;

	for (seq = h->oldest; seq != h->next; seq++) {
		if (!(h->open & mwb_health_bit(seq)))
			continue;
		deadline = h->sent[seq % MWB_HEALTH_OUTSTANDING] +
			   mwb_health_timeout(h);
		break;
	}
	if (h->state != MWB_HEALTH_DOWN && h->lost_in_row >= h->failures)
		deadline = min(deadline, mwb_health_down_at(h));
	return deadline;
}

u64 mwb_health_timeout(const struct mwb_health *h)
{
	u64 least = max(h->interval, 200 * MWB_HEALTH_MS);
	u64 margin = max(4 * h->rttvar, 100 * MWB_HEALTH_MS);

	if (!h->rtt)
		return 1000 * MWB_HEALTH_MS;
	return max(least, h->rtt + margin);
}

void mwb_health_down(struct mwb_health *h, u64 now)
{
	h->open = 0;
	if (h->state != MWB_HEALTH_DOWN)
		mwb_health_enter(h, MWB_HEALTH_DOWN, now);
}

u64 mwb_health_interval(const struct mwb_health *h, bool busy, u64 now)
{
	u64 down = mwb_health_elapsed(h->since, now);

	if (h->state == MWB_HEALTH_DOWN)
		return clamp_t(u64, div_u64(down, 50),
			       40 * MWB_HEALTH_MS, 1000 * MWB_HEALTH_MS);
	if (busy || h->state == MWB_HEALTH_STARTING)
		return max(h->interval / 4, 10 * MWB_HEALTH_MS);
	return h->interval;
}

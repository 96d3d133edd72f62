// SPDX-License-Identifier: GPL-2.0-only
/*
 * Health of a path, judged by its heartbeats.
 */
#include <linux/bitops.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "health.h"

#define MWB_HEALTH_MS 1000000ULL

/* Between the requests that a suspicion ends by */
#define MWB_HEALTH_PROBE (10 * MWB_HEALTH_MS)
/* In which the peer answers */
#define MWB_HEALTH_ANSWER (10 * MWB_HEALTH_MS)
/* Within the limits for so long, Degraded is over. */
#define MWB_HEALTH_SOUND (2000 * MWB_HEALTH_MS)
/* A brown-out is beyond this, and many times the least. */
#define MWB_HEALTH_BROWN_RTT (1000 * MWB_HEALTH_MS)
#define MWB_HEALTH_RAMP (1000 * MWB_HEALTH_MS)
#define MWB_HEALTH_PENALTY_MIN (1000 * MWB_HEALTH_MS)
#define MWB_HEALTH_PENALTY_MAX (60000 * MWB_HEALTH_MS)
#define MWB_HEALTH_MINUTE (60000 * MWB_HEALTH_MS)
#define MWB_HEALTH_STEADY (10000 * MWB_HEALTH_MS)
#define MWB_HEALTH_FORGIVE (10000 * MWB_HEALTH_MS)

enum {
	MWB_HEALTH_GOOD = 5,		/* answers from Starting to Up */
	MWB_HEALTH_PROBES = 2,		/* unanswered, from suspect to Down */
	MWB_HEALTH_LOSS_MAX = 1000000,
	MWB_HEALTH_LOSS_SHIFT = 4,	/* weight of a request: 1/16 */
	MWB_HEALTH_BROWN_LOSS = 500000,
	MWB_HEALTH_BROWN_TIMES = 8,
	MWB_HEALTH_SETTLED = 64,
	MWB_HEALTH_SPURIOUS_MAX = 3,
	MWB_HEALTH_SHARE_LEAST = 125,
	MWB_HEALTH_SHARE_FULL = 1000,
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

static u64 mwb_health_sent(const struct mwb_health *h, u64 seq)
{
	return h->sent[seq % MWB_HEALTH_OUTSTANDING];
}

static bool mwb_health_is_open(const struct mwb_health *h, u64 seq)
{
	return h->open & mwb_health_bit(seq);
}

/* Does it show that the path is bad, or only that it is not wanted now? */
static bool mwb_health_is_flap(enum mwb_health_reason reason)
{
	return reason != MWB_HEALTH_OFF && reason != MWB_HEALTH_RESTART;
}

/* The next flap costs twice as much as this one, less by half for each minute
 * without one.
 */
static void mwb_health_flap(struct mwb_health *h, u64 now)
{
	u64 minutes = div64_u64(mwb_health_elapsed(h->stable, now),
				MWB_HEALTH_MINUTE);
	u64 penalty = h->penalty >> min_t(u64, minutes, 63);

	if (penalty < MWB_HEALTH_PENALTY_MIN)
		penalty = 0;
	h->penalty_until = now + penalty;
	h->penalty = clamp_t(u64, 2 * penalty, MWB_HEALTH_PENALTY_MIN,
			     MWB_HEALTH_PENALTY_MAX);
}

static void mwb_health_enter(struct mwb_health *h, enum mwb_health_state state,
			     enum mwb_health_reason reason, u64 now)
{
	struct mwb_health_move move = {
		.from = h->state,
		.to = state,
		.reason = reason,
	};

	if (state == MWB_HEALTH_DOWN) {
		if (mwb_health_is_usable(h)) {
			h->downs++;
			if (mwb_health_is_flap(reason))
				mwb_health_flap(h, now);
		}
		h->suspect = false;
	}
	if (state == MWB_HEALTH_UP && !mwb_health_is_usable(h)) {
		h->stable = now;
		h->ramp = h->state == MWB_HEALTH_RECOVERING ? now : 0;
	}
	h->state = state;
	h->since = now;
	if (h->nr_moves == MWB_HEALTH_MOVES)
		mwb_health_moved(h, &h->move[0]);
	h->move[h->nr_moves++] = move;
}

bool mwb_health_moved(struct mwb_health *h, struct mwb_health_move *move)
{
	if (!h->nr_moves)
		return false;
	*move = h->move[0];
	memmove(&h->move[0], &h->move[1], sizeof(h->move) - sizeof(h->move[0]));
	h->nr_moves--;
	return true;
}

/* @sample: 0 for an answer, MWB_HEALTH_LOSS_MAX for a loss; rounds towards it. */
static void mwb_health_loss(struct mwb_health *h, u32 sample)
{
	u32 round = (1 << MWB_HEALTH_LOSS_SHIFT) - 1;

	if (sample > h->loss)
		h->loss += (sample - h->loss + round) >> MWB_HEALTH_LOSS_SHIFT;
	else
		h->loss -= (h->loss - sample + round) >> MWB_HEALTH_LOSS_SHIFT;
	h->settled = (h->settled << 1) | (sample ? 1 : 0);
	h->nr_settled = min_t(u32, h->nr_settled + 1, MWB_HEALTH_SETTLED);
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
static void mwb_health_settle_oldest(struct mwb_health *h, u64 now)
{
	u64 sent = mwb_health_sent(h, h->oldest);

	if (mwb_health_is_open(h, h->oldest++)) {
		h->nr_lost++;
		h->lost_in_row++;
		mwb_health_loss(h, MWB_HEALTH_LOSS_MAX);
		/* What was sent before was not for this state to answer. */
		if (h->state == MWB_HEALTH_RECOVERING && sent >= h->since)
			mwb_health_enter(h, MWB_HEALTH_DOWN,
					 MWB_HEALTH_FAILURES, now);
	}
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
		mwb_health_settle_oldest(h, now);
	h->sent[seq % MWB_HEALTH_OUTSTANDING] = now;
	h->open |= mwb_health_bit(seq);
	h->nr_sent++;
	return seq;
}

/* Return: a limit that is exceeded, or MWB_HEALTH_REASONS for none */
static enum mwb_health_reason mwb_health_exceeds(const struct mwb_health *h)
{
	const struct mwb_health_limits *limits = &h->limits;
	u64 lost = hweight64(h->settled) * (u64)MWB_HEALTH_LOSS_MAX;
	u64 brown = max(MWB_HEALTH_BROWN_TIMES * h->rtt_min,
			MWB_HEALTH_BROWN_RTT);

	if ((limits->latency && h->rtt > limits->latency) || h->rtt > brown)
		return MWB_HEALTH_LATENCY;
	if (limits->jitter && h->rttvar > limits->jitter)
		return MWB_HEALTH_JITTER;
	if (h->loss >= MWB_HEALTH_BROWN_LOSS)
		return MWB_HEALTH_LOSS;
	/* A single loss says little. */
	if (limits->loss && lost > MWB_HEALTH_LOSS_MAX &&
	    lost > (u64)limits->loss * h->nr_settled)
		return MWB_HEALTH_LOSS;
	return MWB_HEALTH_REASONS;
}

/* Up or Degraded? */
static void mwb_health_judge(struct mwb_health *h, u64 now)
{
	enum mwb_health_reason reason;

	if (!mwb_health_is_usable(h))
		return;
	reason = mwb_health_exceeds(h);
	if (reason != MWB_HEALTH_REASONS) {
		h->exceeded = max(h->exceeded, now);
		if (h->state == MWB_HEALTH_UP)
			mwb_health_enter(h, MWB_HEALTH_DEGRADED, reason, now);
	} else if (h->state == MWB_HEALTH_DEGRADED &&
		   mwb_health_elapsed(h->exceeded, now) >= MWB_HEALTH_SOUND) {
		mwb_health_enter(h, MWB_HEALTH_UP, MWB_HEALTH_RECOVERED, now);
	}
}

static void mwb_health_start(struct mwb_health *h, u64 now)
{
	mwb_health_enter(h, now < h->penalty_until ? MWB_HEALTH_RECOVERING :
						     MWB_HEALTH_STARTING,
			 MWB_HEALTH_ANSWERED, now);
	h->good = 0;
	h->rtt = 0;
	h->loss = 0;
	h->settled = 0;
	h->nr_settled = 0;
}

/* Has it answered for long enough? */
static bool mwb_health_is_proven(const struct mwb_health *h, bool alone,
				 u64 now)
{
	u64 least = max(200 * MWB_HEALTH_MS, 3 * h->rtt);

	if (h->state != MWB_HEALTH_STARTING &&
	    h->state != MWB_HEALTH_RECOVERING)
		return false;
	/* A penalty is to spare the others. */
	if (alone)
		return true;
	return h->good >= MWB_HEALTH_GOOD &&
	       mwb_health_elapsed(h->since, now) >= least &&
	       (h->state == MWB_HEALTH_STARTING || now >= h->penalty_until);
}

bool mwb_health_answer(struct mwb_health *h, u64 seq, u64 delay, bool alone,
		       u64 now)
{
	u64 sent = mwb_health_sent(h, seq);
	u64 age = now - sent;

	/* Differences wrap: numbers not sent yet and times to come are large. */
	if (h->next - 1 - seq >= MWB_HEALTH_OUTSTANDING ||
	    !mwb_health_is_open(h, seq))
		return false;
	if (age > MWB_HEALTH_ANSWER_MAX || delay > age)
		return false;

	h->open &= ~mwb_health_bit(seq);
	if (h->state == MWB_HEALTH_DOWN)
		mwb_health_start(h, now);
	if (seq >= h->oldest)
		mwb_health_loss(h, 0);
	h->nr_answered++;
	h->lost_in_row = 0;
	h->answered = max(h->answered, sent);
	if (h->suspect && seq >= h->probe)
		mwb_health_cleared(h, U64_MAX, now);

	mwb_health_rtt(h, max_t(u64, age - delay, 1));
	h->good++;
	if (mwb_health_is_proven(h, alone, now))
		mwb_health_enter(h, MWB_HEALTH_UP, MWB_HEALTH_PROVEN, now);
	mwb_health_judge(h, now);
	return true;
}

/* When a path that has lost enough in a row is to go down. */
static u64 mwb_health_down_at(const struct mwb_health *h)
{
	return h->answered + h->failures * h->interval + h->rtt;
}

static bool mwb_health_has_failed(const struct mwb_health *h)
{
	return h->state != MWB_HEALTH_DOWN && h->lost_in_row >= h->failures;
}

/* When a path that is suspect is to go down: U64_MAX until all is sent that
 * could clear it.
 */
static u64 mwb_health_convicted_at(const struct mwb_health *h)
{
	u64 last = h->probe + MWB_HEALTH_PROBES - 1;

	if (!h->suspect || h->next <= last)
		return U64_MAX;
	/* Long ago, if its place is taken. */
	if (h->next - last > MWB_HEALTH_OUTSTANDING)
		last = h->next - MWB_HEALTH_OUTSTANDING;
	return mwb_health_sent(h, last) + h->rtt + mwb_health_patience(h) +
	       MWB_HEALTH_ANSWER;
}

void mwb_health_check(struct mwb_health *h, u64 now)
{
	u64 timeout = mwb_health_timeout(h);

	while (h->oldest != h->next) {
		if (mwb_health_is_open(h, h->oldest) &&
		    mwb_health_elapsed(mwb_health_sent(h, h->oldest), now) <
		    timeout)
			break;
		mwb_health_settle_oldest(h, now);
	}
	if (now >= mwb_health_convicted_at(h))
		mwb_health_enter(h, MWB_HEALTH_DOWN, h->reason, now);
	if (mwb_health_has_failed(h) && now >= mwb_health_down_at(h))
		mwb_health_enter(h, MWB_HEALTH_DOWN, MWB_HEALTH_FAILURES, now);
	mwb_health_judge(h, now);
}

u64 mwb_health_deadline(const struct mwb_health *h)
{
	u64 deadline = mwb_health_convicted_at(h);
	u64 seq;

	for (seq = h->oldest; seq != h->next; seq++) {
		if (!mwb_health_is_open(h, seq))
			continue;
		deadline = min(deadline, mwb_health_sent(h, seq) +
					 mwb_health_timeout(h));
		break;
	}
	if (mwb_health_has_failed(h))
		deadline = min(deadline, mwb_health_down_at(h));
	if (h->state == MWB_HEALTH_DEGRADED &&
	    mwb_health_exceeds(h) == MWB_HEALTH_REASONS)
		deadline = min(deadline, h->exceeded + MWB_HEALTH_SOUND);
	return deadline;
}

u64 mwb_health_timeout(const struct mwb_health *h)
{
	u64 least = max(h->interval, 200 * MWB_HEALTH_MS);
	u64 margin = max(4 * h->rttvar, 100 * MWB_HEALTH_MS);

	if (!h->rtt)
		return max(1000 * MWB_HEALTH_MS, 2 * h->usual);
	return max(least, h->rtt + margin);
}

void mwb_health_down(struct mwb_health *h, enum mwb_health_reason reason,
		     u64 now)
{
	h->open = 0;
	if (h->state != MWB_HEALTH_DOWN)
		mwb_health_enter(h, MWB_HEALTH_DOWN, reason, now);
}

static void mwb_health_forgive(struct mwb_health *h, u64 now)
{
	u64 times = div64_u64(mwb_health_elapsed(h->spurious_at, now),
			      MWB_HEALTH_FORGIVE);

	if (!times)
		return;
	h->spurious -= min_t(u64, h->spurious, times);
	h->spurious_at += times * MWB_HEALTH_FORGIVE;
}

void mwb_health_suspect(struct mwb_health *h, enum mwb_health_reason reason,
			u64 now)
{
	if (!mwb_health_is_usable(h) || h->suspect)
		return;
	mwb_health_forgive(h, now);
	h->suspect = true;
	h->reason = reason;
	h->suspected = now;
	h->probe = h->next;
}

void mwb_health_cleared(struct mwb_health *h, u64 at, u64 now)
{
	if (!h->suspect || at <= h->suspected)
		return;
	mwb_health_forgive(h, now);
	h->suspect = false;
	h->spurious = min_t(u32, h->spurious + 1, MWB_HEALTH_SPURIOUS_MAX);
	h->spurious_at = now;
}

u64 mwb_health_patience(const struct mwb_health *h)
{
	return max(4 * h->rttvar, MWB_HEALTH_MS) << h->spurious;
}

u32 mwb_health_share(const struct mwb_health *h, u64 now)
{
	u64 passed = mwb_health_elapsed(h->ramp, now);
	u32 rest = MWB_HEALTH_SHARE_FULL - MWB_HEALTH_SHARE_LEAST;

	if (!h->ramp || passed >= MWB_HEALTH_RAMP)
		return MWB_HEALTH_SHARE_FULL;
	return MWB_HEALTH_SHARE_LEAST +
	       div64_u64(passed * rest, MWB_HEALTH_RAMP);
}

bool mwb_health_is_unsteady(const struct mwb_health *h, u64 now)
{
	return h->penalty && mwb_health_elapsed(h->stable, now) <
			     max(4 * h->penalty, MWB_HEALTH_STEADY);
}

static bool mwb_health_is_waiting(const struct mwb_health *h, u64 now)
{
	return h->state == MWB_HEALTH_RECOVERING &&
	       now + MWB_HEALTH_PENALTY_MIN < h->penalty_until;
}

u64 mwb_health_interval(const struct mwb_health *h, bool busy, u64 now)
{
	u64 down = mwb_health_elapsed(h->since, now);
	u64 dense = max(h->interval / 4, 10 * MWB_HEALTH_MS);

	if (h->state == MWB_HEALTH_DOWN)
		return clamp_t(u64, div_u64(down, 50),
			       40 * MWB_HEALTH_MS, 1000 * MWB_HEALTH_MS);
	if (h->suspect)
		return MWB_HEALTH_PROBE;
	if (mwb_health_is_waiting(h, now))
		return h->interval;
	if (busy || !mwb_health_is_usable(h))
		return dense;
	return h->interval;
}

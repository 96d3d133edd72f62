// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode auto: which path takes which packet, and when.
 */
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/string.h>

#include "pace.h"

#define MWB_PACE_MS 1000000ULL

#define MWB_PACE_BURST (1 * MWB_PACE_MS)
/* That sparse flows and repairs may send ahead of the pace */
#define MWB_PACE_AHEAD (10 * MWB_PACE_MS)
/* Of a path that refuses packets */
#define MWB_PACE_PAUSE (50 * MWB_PACE_MS)
/* What is under way beyond a round-trip time: reports come later. */
#define MWB_PACE_SPARE (100 * MWB_PACE_MS)

/* From an Ack to the next */
#define MWB_PACE_ACK_MIN (10 * MWB_PACE_MS)
#define MWB_PACE_ACK_MAX (50 * MWB_PACE_MS)
#define MWB_PACE_HURRY_MIN (5 * MWB_PACE_MS / 2)

/* CoDel with the parameters of the round-trip time that the flows see */
#define MWB_PACER_TARGET_MIN (5 * MWB_PACE_MS)
#define MWB_PACER_TARGET_LOSSY (30 * MWB_PACE_MS)
#define MWB_PACER_TARGET_START (100 * MWB_PACE_MS)
#define MWB_PACER_INTERVAL_MIN (100 * MWB_PACE_MS)
/* In a queue for a path outside: at most, and for one that doubles the rate */
#define MWB_PACER_WAIT_MAX (400 * MWB_PACE_MS)
#define MWB_PACER_WAIT_ALL (5000 * MWB_PACE_MS)
#define MWB_PACER_CAP_MIN (200 * MWB_PACE_MS)

enum {
	MWB_PACE_WINDOW_MIN = 30000,	/* bytes */
	MWB_PACER_BYTES = 32 << 20,
	MWB_PACE_ACK_PART = 32,		/* of the rate, for Acks at the most */
	MWB_PACE_HURRY_PART = 8,
	MWB_PACE_PROBE_PART = 50,
};

void mwb_pacer_init(struct mwb_pacer *p, struct mwb_queue_flow *flow)
{
	memset(p, 0, sizeof(*p));
	mwb_queue_init(&p->queue, flow);
	INIT_LIST_HEAD(&p->repair);
}

/* The peer compares with paths that are down, too. */
u64 mwb_pacer_base(const struct mwb_pacer *p, const struct mwb_pace *pace)
{
	u64 base = pace->rtt > p->rtt ? (pace->rtt - p->rtt) / 2 : 0;

	if (pace->reported)
		base = pace->base;
	return base > p->base ? base - p->base : 0;
}

static void mwb_pacer_compare(struct mwb_pacer *p,
			      struct mwb_pace *const path[], u32 count)
{
	u64 least = count ? U64_MAX : 0;
	u32 i;

	p->rtt = least;
	for (i = 0; i < count; i++)
		p->rtt = min(p->rtt, path[i]->rtt);
	p->base = 0;
	for (i = 0; i < count; i++)
		least = min(least, mwb_pacer_base(p, path[i]));
	p->base = least;
}

/* @rtt: that a flow sees without a queue */
static void mwb_pacer_limits(struct mwb_queue_limits *limits, u64 rtt)
{
	limits->target = max_t(u64, MWB_PACER_TARGET_MIN,
			       div_u64(rtt * 43, 100));
	/* A sender hears of a drop a round trip later, and its queue is shorter
	 * another one later: it would answer a second drop before that, too.
	 */
	limits->interval = max_t(u64, MWB_PACER_INTERVAL_MIN, 2 * rtt);
	limits->cap = max_t(u64, MWB_PACER_CAP_MIN, rtt * 3 / 2);
	limits->bytes = MWB_PACER_BYTES;
}

static bool mwb_pacer_is_inside(const struct mwb_pacer *p,
				const struct mwb_pace *pace)
{
	return p->hold.inside & BIT(pace->index);
}

/* How long the wait has to be for a path outside the hold to bring packets no
 * later than those inside would.
 */
static u64 mwb_pacer_wait_of(const struct mwb_pacer *p,
			     const struct mwb_pace *pace)
{
	u64 arrival = mwb_pacer_base(p, pace) + pace->rate.target +
		      pace->rate.noise;

	return arrival - min(arrival, p->hold.hold);
}

/* Does it add enough to those inside to wait so long for it? */
static bool mwb_pacer_is_worth(const struct mwb_pacer *p,
			       const struct mwb_pace *pace, u64 wait)
{
	return wait <= MWB_PACER_WAIT_MAX &&
	       div_u64(wait, 1000) * p->hold.rate <=
	       div_u64(MWB_PACER_WAIT_ALL, 1000) * pace->rate.rate;
}

/* The same of the paths for which that is worth it; 0 if there is none. */
static u64 mwb_pacer_wait_for(const struct mwb_pacer *p,
			      struct mwb_pace *const path[], u32 count)
{
	u64 least = 0;
	u64 wait;
	u32 i;

	for (i = 0; i < count; i++) {
		if (mwb_pacer_is_inside(p, path[i]))
			continue;
		wait = mwb_pacer_wait_of(p, path[i]);
		if (mwb_pacer_is_worth(p, path[i], wait) &&
		    (!least || wait < least))
			least = wait;
	}
	return least;
}

/* @wait: that a flow which fills the queue is to reach; @passing: the rate is
 * about to change
 */
static void mwb_pacer_set_limits(struct mwb_pacer *p, u64 wait, bool lossy,
				 bool passing)
{
	struct mwb_queue_limits *limits = &p->queue.limits;

	mwb_pacer_limits(limits, p->hold.hold + p->rtt + wait);
	limits->target += wait;
	limits->cap += wait;
	limits->cost = mwb_queue_cost(p->hold.rate);
	if (lossy)
		limits->target = max_t(u64, limits->target,
				       MWB_PACER_TARGET_LOSSY);
	if (passing)
		limits->target = max_t(u64, limits->target,
				       MWB_PACER_TARGET_START);
}

static void mwb_pace_set(struct mwb_pace *pace)
{
	u64 time = div_u64(pace->rtt + MWB_PACE_SPARE, MWB_PACE_MS);

	pace->cost = mwb_queue_cost(pace->rate.rate);
	pace->window = max_t(u64, MWB_PACE_WINDOW_MIN,
			     div_u64(pace->rate.rate * time, 1000));
}

void mwb_pacer_update(struct mwb_pacer *p, struct mwb_pace *const path[],
		      u32 count, u64 budget, u64 now)
{
	struct mwb_hold_path hold[MWB_SCHED_PATHS];
	bool passing = false;
	u32 i;

	mwb_pacer_compare(p, path, count);
	for (i = 0; i < count; i++) {
		hold[i].base = mwb_pacer_base(p, path[i]);
		hold[i].target = path[i]->rate.target;
		hold[i].jitter = path[i]->rate.noise;
		hold[i].rate = path[i]->rate.rate;
		hold[i].loss = path[i]->rate.loss;
		hold[i].index = path[i]->index;
		hold[i].known = true;
		hold[i].unsteady = path[i]->unsteady;
		hold[i].proved = !path[i]->rate.starting;
		mwb_pace_set(path[i]);
	}
	mwb_hold_update(&p->hold, hold, count, budget, p->rtt, now);
	p->count = count;
	p->usable = 0;
	for (i = 0; i < count; i++) {
		p->order[i] = hold[i].index;
		p->usable |= BIT(hold[i].index);
	}
	for (i = 0; i < count; i++) {
		if (!(p->hold.inside & BIT(path[i]->index)))
			continue;
		/* In a test, too, the rate says little of the path. */
		passing |= path[i]->rate.starting || path[i]->rate.test.until;
	}
	mwb_pacer_set_limits(p, mwb_pacer_wait_for(p, path, count),
			     p->hold.lossy, passing);
}

void mwb_pace_charge(struct mwb_pace *pace, u32 len, u64 now)
{
	pace->next = max(pace->next, now - min(now, MWB_PACE_BURST)) +
		     mwb_queue_time(len, pace->cost);
}

/* Is a path slower than those inside, but not too slow for this packet? */
static bool mwb_pacer_reaches(const struct mwb_pacer *p,
			      const struct mwb_pace *pace,
			      const struct mwb_queue_node *node)
{
	return node->reach &&
	       mwb_pacer_base(p, pace) <= node->reach * MWB_PACE_MS;
}

/* The paths that are slower than those inside are counted in. */
static u64 mwb_pacer_longest(const struct mwb_pacer *p,
			     struct mwb_pace *const path[], u32 count,
			     const struct mwb_queue_node *node)
{
	u64 hold = p->hold.hold;
	u32 i;

	for (i = 0; node->reach && i < count; i++)
		if (mwb_pacer_reaches(p, path[i], node))
			hold = max(hold, mwb_hold_of(mwb_pacer_base(p, path[i]),
						     path[i]->rate.target,
						     path[i]->rate.noise));
	return hold;
}

u64 mwb_pacer_hold(const struct mwb_pacer *p, struct mwb_pace *const path[],
		   u32 count, const struct mwb_queue_node *node)
{
	u64 hold;

	/* One path is one delay. */
	if (mwb_pacer_only(p, node))
		return 0;
	hold = mwb_pacer_longest(p, path, count, node);
	return hold ? p->base + hold : 0;
}

enum mwb_queue_verdict mwb_pacer_admit(struct mwb_pacer *p,
				       struct mwb_pace *const path[],
				       u32 count,
				       const struct mwb_queue_node *node,
				       u64 now)
{
	struct mwb_queue_limits limits;
	u32 i;

	if (!mwb_queue_is_choosy(node))
		return mwb_queue_admit(&p->queue, &p->queue.limits, node->flow,
				       node->len, now);
	limits = p->queue.limits;
	if (node->reach)
		mwb_pacer_limits(&limits, p->rtt + mwb_pacer_longest(p, path,
								     count,
								     node));
	for (i = 0; i < count; i++) {
		if (path[i]->index + 1 != node->path)
			continue;
		mwb_pacer_limits(&limits, path[i]->rtt);
		limits.cost = path[i]->cost;
	}
	return mwb_queue_admit(&p->queue, &limits, node->flow, node->len, now);
}

struct mwb_pacer_taker {
	const struct mwb_pacer *p;
	const struct mwb_pace *pace;
};

static bool mwb_pacer_suits(const void *context,
			    const struct mwb_queue_node *node)
{
	const struct mwb_pacer_taker *taker = context;
	const struct mwb_pacer *p = taker->p;
	u16 only = mwb_pacer_only(p, node);

	if (only)
		return only & BIT(taker->pace->index);
	return mwb_pacer_is_inside(p, taker->pace) ||
	       mwb_pacer_reaches(p, taker->pace, node);
}

static struct mwb_queue_node *mwb_pacer_choose(struct mwb_pacer *p,
					       const struct mwb_pace *pace)
{
	struct mwb_pacer_taker taker = { p, pace };
	bool inside = mwb_pacer_is_inside(p, pace);
	struct mwb_queue_node *node = NULL;

	if (inside && !list_empty(&p->repair)) {
		node = list_first_entry(&p->repair, struct mwb_queue_node,
					list);
		list_del(&node->list);
		return node;
	}
	if (p->queue.choosy)
		node = mwb_queue_take_one(&p->queue, mwb_pacer_suits, &taker);
	else if (inside)
		node = mwb_queue_take(&p->queue);
	if (node || inside)
		return node;
	if (mwb_queue_wait(&p->queue) > mwb_pacer_wait_of(p, pace))
		return mwb_queue_take_last(&p->queue);
	return NULL;
}

struct mwb_queue_node *mwb_pacer_next(struct mwb_pacer *p,
				      struct mwb_pace *pace, u64 *room,
				      u64 now)
{
	struct mwb_queue_node *node;

	if (!*room || pace->next > now)
		return NULL;
	node = mwb_pacer_choose(p, pace);
	if (!node)
		return NULL;
	*room -= min_t(u64, *room, node->len);
	mwb_pace_charge(pace, node->len, now);
	return node;
}

struct mwb_pace *mwb_pacer_earliest(const struct mwb_pacer *p,
				    struct mwb_pace *const path[], u32 count,
				    u32 len, u64 now)
{
	struct mwb_pace *best = NULL;
	u64 least = U64_MAX;
	u64 ahead, arrival;
	u32 i;

	for (i = 0; i < count; i++) {
		ahead = path[i]->next > now ? path[i]->next - now : 0;
		arrival = mwb_pacer_base(p, path[i]) + ahead +
			  path[i]->rate.view.queue;
		if (ahead > MWB_PACE_AHEAD || arrival >= least)
			continue;
		least = arrival;
		best = path[i];
	}
	if (best)
		mwb_pace_charge(best, len, now);
	return best;
}

u64 mwb_pace_ack_interval(const struct mwb_pace *pace, u32 len, bool hurry)
{
	u64 time = mwb_queue_time(len, pace->cost);

	if (hurry)
		return clamp_t(u64, time * MWB_PACE_HURRY_PART,
			       MWB_PACE_HURRY_MIN, MWB_PACE_ACK_MAX);
	return clamp_t(u64, max(pace->rtt / 4, time * MWB_PACE_ACK_PART),
		       MWB_PACE_ACK_MIN, MWB_PACE_ACK_MAX);
}

u64 mwb_pace_probe_interval(const struct mwb_pace *pace, u32 len, u64 dense,
			    u64 idle)
{
	u64 time = mwb_queue_time(len, pace->cost) * MWB_PACE_PROBE_PART;

	return max(dense, min(time, idle));
}

void mwb_pace_pause(struct mwb_pace *pace, u64 now)
{
	pace->next = max(pace->next, now + MWB_PACE_PAUSE);
}

void mwb_pace_report(struct mwb_pace *pace, u64 base,
		     const struct mwb_rate_report *report, u64 now)
{
	pace->base = base;
	pace->jitter = report->jitter;
	pace->reported = true;
	mwb_rate_feedback(&pace->rate, report, now);
}

void mwb_pace_restart(struct mwb_pace *pace)
{
	mwb_rate_restart(&pace->rate);
	pace->reported = false;
	pace->base = 0;
	pace->next = 0;
}

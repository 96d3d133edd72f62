// SPDX-License-Identifier: GPL-2.0-only
/*
 * The queue of a device in front of its paths.
 */
#include <linux/limits.h>
#include <linux/math.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "queue.h"

#define MWB_QUEUE_NS_PER_SEC 1000000000ULL
#define MWB_QUEUE_SPARSE_TIME 20000000ULL

enum {
	MWB_QUEUE_SPARSE_BYTES = 4096,
	MWB_QUEUE_LOOK = 16,	/* flows that mwb_queue_take_last() looks at */
	/* RFC 8289, 5.5: after a short pause the drops go on at the number that
	 * there were.
	 */
	MWB_QUEUE_PAUSE = 16,
};

void mwb_queue_init(struct mwb_queue *q, struct mwb_queue_flow *flow)
{
	u32 i;

	memset(q, 0, sizeof(*q));
	INIT_LIST_HEAD(&q->fresh);
	INIT_LIST_HEAD(&q->turns);
	q->flow = flow;
	for (i = 0; i < MWB_QUEUE_FLOWS; i++) {
		memset(&flow[i], 0, sizeof(flow[i]));
		INIT_LIST_HEAD(&flow[i].turn);
		INIT_LIST_HEAD(&flow[i].packets);
	}
}

u32 mwb_queue_cost(u64 rate)
{
	u64 cost = div64_u64(MWB_QUEUE_NS_PER_SEC << MWB_QUEUE_COST_SHIFT,
			     max_t(u64, rate, 1));

	return clamp_t(u64, cost, 1, U32_MAX);
}

/* RFC 8289, 5.4: the time to the next drop shrinks with the root of their
 * number; here in units of 1/16.
 */
static u64 mwb_queue_control(const struct mwb_queue_limits *limits, u32 count)
{
	return div_u64(limits->interval << 4,
		       max_t(u32, int_sqrt((unsigned long)count << 8), 1));
}

/* Has the wait been above the target for an interval? */
static bool mwb_queue_is_above(const struct mwb_queue_limits *limits,
			       struct mwb_queue_flow *f, u64 wait, u64 now)
{
	if (wait < limits->target || f->bytes < MWB_QUEUE_QUANTUM) {
		f->above = 0;
		return false;
	}
	if (!f->above) {
		f->above = now + limits->interval;
		return false;
	}
	return now >= f->above;
}

static bool mwb_queue_codel(const struct mwb_queue_limits *limits,
			    struct mwb_queue_flow *f, u64 wait, u64 now)
{
	bool above = mwb_queue_is_above(limits, f, wait, now);

	if (!above) {
		f->dropping = false;
		return false;
	}
	if (f->dropping) {
		if (now < f->next)
			return false;
		f->count++;
		f->next += mwb_queue_control(limits, f->count);
		return true;
	}
	f->dropping = true;
	if (f->count > f->began + 1 &&
	    now < f->next + MWB_QUEUE_PAUSE * limits->interval)
		f->count -= f->began;
	else
		f->count = 1;
	f->began = f->count;
	f->next = now + mwb_queue_control(limits, f->count);
	return true;
}

enum mwb_queue_verdict mwb_queue_admit(struct mwb_queue *q,
				       const struct mwb_queue_limits *limits,
				       u32 flow, u32 len, u64 now)
{
	struct mwb_queue_flow *f = &q->flow[flow];
	u64 bytes = min_t(u64, (u64)f->bytes * q->flows, q->bytes);
	u64 wait = mwb_queue_time(bytes, limits->cost);

	if (q->bytes + len > limits->bytes ||
	    (wait > limits->cap && f->bytes >= MWB_QUEUE_QUANTUM))
		return MWB_QUEUE_DROP;
	return mwb_queue_codel(limits, f, wait, now) ? MWB_QUEUE_MARK :
						       MWB_QUEUE_ADMIT;
}

void mwb_queue_add(struct mwb_queue *q, struct mwb_queue_node *node)
{
	struct mwb_queue_flow *f = &q->flow[node->flow];

	if (list_empty(&f->packets))
		q->flows++;
	if (list_empty(&f->turn)) {
		f->deficit = MWB_QUEUE_QUANTUM;
		list_add_tail(&f->turn, &q->fresh);
	}
	list_add_tail(&node->list, &f->packets);
	f->bytes += node->len;
	q->bytes += node->len;
	q->packets++;
	q->choosy += mwb_queue_is_choosy(node);
}

static void mwb_queue_remove(struct mwb_queue *q, struct mwb_queue_node *node)
{
	struct mwb_queue_flow *f = &q->flow[node->flow];

	list_del(&node->list);
	f->bytes -= node->len;
	q->bytes -= node->len;
	q->packets--;
	q->choosy -= mwb_queue_is_choosy(node);
	if (list_empty(&f->packets))
		q->flows--;
}

/* May a flow send now? If not, it gets its next turn, or leaves. */
static bool mwb_queue_turn(struct mwb_queue *q, struct mwb_queue_flow *f,
			   const struct list_head *from)
{
	if (!list_empty(&f->packets) && f->deficit > 0)
		return true;
	/* One that is empty stays until it has all of a turn left: it would be
	 * fresh, and owe nothing.
	 */
	if (f->deficit == MWB_QUEUE_QUANTUM && from == &q->turns) {
		list_del_init(&f->turn);
		return false;
	}
	f->deficit = min_t(s32, f->deficit + MWB_QUEUE_QUANTUM,
			   MWB_QUEUE_QUANTUM);
	list_move_tail(&f->turn, &q->turns);
	return false;
}

static struct mwb_queue_node *mwb_queue_find(struct mwb_queue *q,
					     struct list_head *from,
					     mwb_queue_suits *suits,
					     const void *context)
{
	struct list_head *before = from;
	struct mwb_queue_node *node;
	struct mwb_queue_flow *f;

	while (before->next != from) {
		f = list_entry(before->next, struct mwb_queue_flow, turn);
		if (!mwb_queue_turn(q, f, from))
			continue;
		node = list_first_entry(&f->packets, struct mwb_queue_node,
					list);
		if (!suits || suits(context, node))
			return node;
		before = before->next;
	}
	return NULL;
}

struct mwb_queue_node *mwb_queue_take_one(struct mwb_queue *q,
					  mwb_queue_suits *suits,
					  const void *context)
{
	struct mwb_queue_node *node;

	if (!q->packets)
		return NULL;
	node = mwb_queue_find(q, &q->fresh, suits, context) ?:
	       mwb_queue_find(q, &q->turns, suits, context);
	if (!node)
		return NULL;
	q->flow[node->flow].deficit -= node->len;
	mwb_queue_remove(q, node);
	return node;
}

struct mwb_queue_node *mwb_queue_take(struct mwb_queue *q)
{
	return mwb_queue_take_one(q, NULL, NULL);
}

static struct mwb_queue_node *mwb_queue_last(struct mwb_queue_flow *f)
{
	return list_last_entry(&f->packets, struct mwb_queue_node, list);
}

struct mwb_queue_node *mwb_queue_take_last(struct mwb_queue *q)
{
	struct mwb_queue_flow *longest = NULL;
	struct mwb_queue_flow *f;
	struct mwb_queue_node *node;
	u32 look = MWB_QUEUE_LOOK;

	list_for_each_entry(f, &q->turns, turn) {
		if (!look--)
			break;
		if (list_empty(&f->packets) || mwb_queue_last(f)->path)
			continue;
		if (!longest || f->bytes > longest->bytes)
			longest = f;
	}
	if (!longest)
		return NULL;
	node = mwb_queue_last(longest);
	mwb_queue_remove(q, node);
	return node;
}

bool mwb_queue_is_sparse(struct mwb_queue *q, u32 flow, u32 len, u64 now)
{
	struct mwb_queue_flow *f = &q->flow[flow];

	if (now - f->window >= MWB_QUEUE_SPARSE_TIME) {
		f->window = now;
		f->sent = 0;
	}
	f->sent = min_t(u64, (u64)f->sent + len, U32_MAX);
	return list_empty(&f->packets) && f->sent <= MWB_QUEUE_SPARSE_BYTES;
}

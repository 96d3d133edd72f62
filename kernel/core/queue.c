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
static u64 mwb_queue_control(const struct mwb_queue *q, u32 count)
{
	return div_u64(q->limits.interval << 4,
		       max_t(u32, int_sqrt((unsigned long)count << 8), 1));
}

/* Has the wait been above the target for an interval? */
static bool mwb_queue_is_above(const struct mwb_queue *q,
			       struct mwb_queue_flow *f, u64 wait, u64 now)
{
	if (wait < q->limits.target || f->bytes < MWB_QUEUE_QUANTUM) {
		f->above = 0;
		return false;
	}
	if (!f->above) {
		f->above = now + q->limits.interval;
		return false;
	}
	return now >= f->above;
}

static bool mwb_queue_codel(const struct mwb_queue *q, struct mwb_queue_flow *f,
			    u64 wait, u64 now)
{
	bool above = mwb_queue_is_above(q, f, wait, now);

	if (!above) {
		f->dropping = false;
		return false;
	}
	if (f->dropping) {
		if (now < f->next)
			return false;
		f->count++;
		f->next += mwb_queue_control(q, f->count);
		return true;
	}
	f->dropping = true;
	if (f->count > f->began + 1 &&
	    now < f->next + MWB_QUEUE_PAUSE * q->limits.interval)
		f->count -= f->began;
	else
		f->count = 1;
	f->began = f->count;
	f->next = now + mwb_queue_control(q, f->count);
	return true;
}

enum mwb_queue_verdict mwb_queue_admit(struct mwb_queue *q, u32 flow, u32 len,
				       u64 now)
{
	struct mwb_queue_flow *f = &q->flow[flow];
	u64 bytes = min_t(u64, (u64)f->bytes * q->flows, q->bytes);
	u64 wait = mwb_queue_time(bytes, q->limits.cost);

	if (q->bytes + len > q->limits.bytes ||
	    (wait > q->limits.cap && f->bytes >= MWB_QUEUE_QUANTUM))
		return MWB_QUEUE_DROP;
	return mwb_queue_codel(q, f, wait, now) ? MWB_QUEUE_MARK :
						  MWB_QUEUE_ADMIT;
}

void mwb_queue_add(struct mwb_queue *q, struct mwb_queue_node *node, u64 now)
{
	struct mwb_queue_flow *f = &q->flow[node->flow];

	if (list_empty(&f->packets))
		q->flows++;
	if (list_empty(&f->turn)) {
		f->deficit = MWB_QUEUE_QUANTUM;
		list_add_tail(&f->turn, &q->fresh);
	}
	node->queued = now;
	list_add_tail(&node->list, &f->packets);
	f->bytes += node->len;
	q->bytes += node->len;
	q->packets++;
}

static void mwb_queue_remove(struct mwb_queue *q, struct mwb_queue_node *node)
{
	struct mwb_queue_flow *f = &q->flow[node->flow];

	list_del(&node->list);
	f->bytes -= node->len;
	q->bytes -= node->len;
	q->packets--;
	if (list_empty(&f->packets))
		q->flows--;
}

struct mwb_queue_node *mwb_queue_take(struct mwb_queue *q)
{
	struct mwb_queue_node *node;
	struct mwb_queue_flow *f;
	struct list_head *from;

	if (!q->packets)
		return NULL;
	for (;;) {
		from = list_empty(&q->fresh) ? &q->turns : &q->fresh;
		f = list_first_entry(from, struct mwb_queue_flow, turn);
		if (!list_empty(&f->packets) && f->deficit > 0)
			break;
		/* One that is empty stays until it has all of a turn left: it
		 * would be fresh, and owe nothing.
		 */
		if (f->deficit == MWB_QUEUE_QUANTUM && from == &q->turns) {
			list_del_init(&f->turn);
			continue;
		}
		f->deficit = min_t(s32, f->deficit + MWB_QUEUE_QUANTUM,
				   MWB_QUEUE_QUANTUM);
		list_move_tail(&f->turn, &q->turns);
	}
	node = list_first_entry(&f->packets, struct mwb_queue_node, list);
	f->deficit -= node->len;
	mwb_queue_remove(q, node);
	return node;
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
		if (!longest || f->bytes > longest->bytes)
			longest = f;
	}
	if (!longest || !longest->bytes)
		return NULL;
	node = list_last_entry(&longest->packets, struct mwb_queue_node, list);
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

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The queue of a device in front of its paths: flows take turns, and what would
 * wait too long is marked or refused before it gets its sequence number, so
 * that a drop leaves no hole. Knows neither skbs nor locks: the shell embeds a
 * node in whatever it keeps of a packet and tells the time.
 *
 * Turns: deficit round robin (Shreedhar and Varghese, 1996), with flows that
 * have just begun to send first, as in RFC 8290. Admission: CoDel (RFC 8289)
 * on the time that the packet would wait, which is known when it comes, as the
 * queue is emptied at the rate of the paths.
 */
#ifndef _MWBOND_CORE_QUEUE_H
#define _MWBOND_CORE_QUEUE_H

#include <linux/list.h>
#include <linux/types.h>

#include "wire.h"

enum {
	MWB_QUEUE_FLOWS = MWB_WIRE_BUCKETS,
	MWB_QUEUE_QUANTUM = 1514,	/* bytes a turn */
	MWB_QUEUE_COST_SHIFT = 10,
};

/**
 * struct mwb_queue_node - a packet that waits; the owner embeds it
 * @list: in its flow
 * @len: bytes, tunnel header included
 * @flow: flow bucket
 * @reach: base delay up to which a path may take it in its turn, though it is
 *	outside the hold, ms; 0: none may
 * @path: 1 + place of the only path that may take it; 0: any may
 */
struct mwb_queue_node {
	struct list_head list;
	u32 len;
	u16 flow;
	u16 reach;
	u8 path;
};

/* Does it matter which path takes it? */
static inline bool mwb_queue_is_choosy(const struct mwb_queue_node *node)
{
	return node->path || node->reach;
}

/**
 * struct mwb_queue_flow - packets of one bucket
 * @turn: in one of the queue's lists while @packets is not empty, and after
 *	that until its turn has come and it owes nothing
 * @packets: in the order of arrival
 * @bytes: in @packets
 * @deficit: bytes that it may send in this turn
 * @above: when the wait will have been above the target for an interval, ns; 0
 *	while it is not
 * @next: when CoDel drops or marks again, ns
 * @count: of the present drop or mark in the law of their times
 * @began: @count of the first since it began to drop
 * @dropping: CoDel drops and marks
 * @window: when @sent began to count, ns
 * @sent: bytes since then, of mwb_queue_is_sparse()
 */
struct mwb_queue_flow {
	struct list_head turn;
	struct list_head packets;
	u32 bytes;
	s32 deficit;
	u64 above;
	u64 next;
	u32 count;
	u32 began;
	bool dropping;
	u64 window;
	u32 sent;
};

/**
 * struct mwb_queue_limits - what the admission goes by; the owner sets it
 * @cost: ns that a byte takes at the rate of the paths, times 2^10
 * @target: wait that may last, ns
 * @interval: for which it may be exceeded, ns
 * @cap: wait beyond which nothing is admitted, ns
 * @bytes: all that may wait
 */
struct mwb_queue_limits {
	u32 cost;
	u64 target;
	u64 interval;
	u64 cap;
	u32 bytes;
};

/**
 * struct mwb_queue - the queue of a device
 * @fresh: flows that have just begun to send
 * @turns: the other flows that have packets
 * @limits: see there
 * @bytes: that wait
 * @packets: that wait
 * @flows: that have packets
 * @choosy: packets with a @reach or a @path
 * @flow: the caller's memory, MWB_QUEUE_FLOWS of them
 */
struct mwb_queue {
	struct list_head fresh;
	struct list_head turns;
	struct mwb_queue_limits limits;
	u32 bytes;
	u32 packets;
	u32 flows;
	u32 choosy;
	struct mwb_queue_flow *flow;
};

void mwb_queue_init(struct mwb_queue *q, struct mwb_queue_flow *flow);

/* The cost of a byte, ns times 2^10, at @rate in bytes/s. */
u32 mwb_queue_cost(u64 rate);

static inline u64 mwb_queue_time(u64 bytes, u32 cost)
{
	return bytes * cost >> MWB_QUEUE_COST_SHIFT;
}

enum mwb_queue_verdict {
	MWB_QUEUE_ADMIT,
	MWB_QUEUE_MARK,		/* or drop it, if it is not ECN-capable */
	MWB_QUEUE_DROP,
};

/**
 * mwb_queue_admit() - may a packet be queued?
 * @q: queue
 * @limits: those of the queue, or others that hold for this packet
 * @flow: its bucket
 * @len: its bytes
 * @now: present time, ns
 *
 * To be called once for each packet; mwb_queue_add() is to follow unless it is
 * dropped.
 *
 * Return: an enum mwb_queue_verdict
 */
enum mwb_queue_verdict mwb_queue_admit(struct mwb_queue *q,
				       const struct mwb_queue_limits *limits,
				       u32 flow, u32 len, u64 now);

/* Queue a packet of which all but @list is set. */
void mwb_queue_add(struct mwb_queue *q, struct mwb_queue_node *node);

/* Is a packet one that is looked for? */
typedef bool mwb_queue_suits(const void *context,
			     const struct mwb_queue_node *node);

/**
 * mwb_queue_take_one() - take the packet whose turn it is out of the queue
 * @q: queue
 * @suits: those flows are left out whose next packet does not
 * @context: for @suits
 *
 * Return: the packet; NULL if there is none
 */
struct mwb_queue_node *mwb_queue_take_one(struct mwb_queue *q,
					  mwb_queue_suits *suits,
					  const void *context);

/* The same, of all. */
struct mwb_queue_node *mwb_queue_take(struct mwb_queue *q);

/*
 * The last packet of the longest of the flows whose turn is near, for a path
 * so slow that the first would arrive too late; NULL if none has any. Flows
 * that have just begun to send are left alone, as are those of another path.
 */
struct mwb_queue_node *mwb_queue_take_last(struct mwb_queue *q);

/* Time that a packet which is queued now would wait, ns, were it alone. */
static inline u64 mwb_queue_wait(const struct mwb_queue *q)
{
	return mwb_queue_time(q->bytes, q->limits.cost);
}

/**
 * mwb_queue_is_sparse() - does a flow send so little that it may go first?
 * @q: queue
 * @flow: its bucket
 * @len: bytes of the packet
 * @now: present time, ns
 *
 * It does if none of its packets wait and it sent no more than 4 KiB in the
 * last 20 ms (1.6 Mbit/s). To be called once for each packet.
 *
 * Return: true if it does
 */
bool mwb_queue_is_sparse(struct mwb_queue *q, u32 flow, u32 len, u64 now);

#endif /* _MWBOND_CORE_QUEUE_H */

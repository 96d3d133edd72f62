/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mode auto: which path takes which packet, and when. All that waits is in one
 * queue and belongs to no path until a path that is due takes it. One inside
 * the hold takes the packet whose turn it is; one outside the last packet of a
 * long flow, if it brings it no later than the paths inside would. Knows
 * neither skbs nor locks nor timers.
 */
#ifndef _MWBOND_CORE_PACE_H
#define _MWBOND_CORE_PACE_H

#include <linux/bits.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/types.h>

#include "hold.h"
#include "queue.h"
#include "rate.h"
#include "sched.h"

/* A path looks again no sooner, ns. */
#define MWB_PACE_GRID 500000ULL

/**
 * struct mwb_pace - when a path may send
 * @index: place of the WAN in its session; the owner sets it
 * @rtt: round-trip time, ns; the owner sets it before mwb_pacer_update()
 * @rate: estimate
 * @cost: of a byte at that rate, see mwb_queue_cost()
 * @next: when the next packet may be sent, ns
 * @window: bytes that may be under way
 * @base: one-way delay without queue above that of the fastest path that the
 *	peer knows, up or down, ns
 * @jitter: of the one-way delay, ns
 * @reported: the peer has reported on the path
 * @unsteady: it has been down of late; the owner sets it as @rtt
 *
 * The owner's lock guards it.
 */
struct mwb_pace {
	u8 index;
	u64 rtt;
	struct mwb_rate rate;
	u32 cost;
	u64 next;
	u64 window;
	u64 base;
	u64 jitter;
	bool reported;
	bool unsteady;
};

/**
 * struct mwb_pacer - what waits to be sent, and the rules for it
 * @queue: packets
 * @repair: packets to be sent again, that were not at once
 * @hold: of ordered flows
 * @rtt: least round-trip time of the usable paths, ns
 * @base: least base delay of the usable paths, ns
 * @order: places of the usable paths, by rising base delay
 * @count: entries of @order
 * @usable: the same as bits
 *
 * The owner's lock guards it, with the struct mwb_pace of all paths.
 */
struct mwb_pacer {
	struct mwb_queue queue;
	struct list_head repair;
	struct mwb_hold hold;
	u64 rtt;
	u64 base;
	u8 order[MWB_SCHED_PATHS];
	u8 count;
	u16 usable;
};

/* @flow: as of mwb_queue_init() */
void mwb_pacer_init(struct mwb_pacer *p, struct mwb_queue_flow *flow);

/**
 * mwb_pacer_update() - the usable paths, or what is known of them, have changed
 * @p: pacer
 * @path: the usable paths, at most MWB_SCHED_PATHS
 * @count: their number
 * @budget: of mwb_hold_update()
 * @now: present time, ns
 */
void mwb_pacer_update(struct mwb_pacer *p, struct mwb_pace *const path[],
		      u32 count, u64 budget, u64 now);

/* Base delay of a usable path above that of the fastest usable one, ns; until it
 * is reported, a guess by the round-trip times.
 */
u64 mwb_pacer_base(const struct mwb_pacer *p, const struct mwb_pace *pace);

/* The only path that may take a packet, as a bit; 0 if any may, as there is no
 * such path or it is not usable.
 */
static inline u16 mwb_pacer_only(const struct mwb_pacer *p,
				 const struct mwb_queue_node *node)
{
	return node->path ? BIT(node->path - 1) & p->usable : 0;
}

/* The usable paths that may take a packet at all, as bits. */
static inline u16 mwb_pacer_allowed(const struct mwb_pacer *p,
				    const struct mwb_queue_node *node)
{
	return mwb_pacer_only(p, node) ?: p->usable;
}

/**
 * mwb_pacer_hold() - what is to be the hold of a packet
 * @p: pacer
 * @path: the usable paths; read for a packet with a reach
 * @count: their number
 * @node: packet
 *
 * To the peer, it begins when the fastest path that it knows would deliver.
 *
 * Return: the hold, ns; 0: none
 */
u64 mwb_pacer_hold(const struct mwb_pacer *p, struct mwb_pace *const path[],
		   u32 count, const struct mwb_queue_node *node);

/**
 * mwb_pacer_admit() - may a packet be queued?
 * @p: pacer
 * @path: the usable paths; read for a packet that is choosy
 * @count: their number
 * @node: packet
 * @now: present time, ns
 *
 * As mwb_queue_admit(), with the limits of the paths that the packet may take.
 *
 * Return: an enum mwb_queue_verdict
 */
enum mwb_queue_verdict mwb_pacer_admit(struct mwb_pacer *p,
				       struct mwb_pace *const path[],
				       u32 count,
				       const struct mwb_queue_node *node,
				       u64 now);

/**
 * mwb_pacer_next() - the next packet for a path
 * @p: pacer
 * @pace: path
 * @room: of mwb_pace_room(); what remains of it
 * @now: present time, ns
 *
 * Return: taken from @p->repair or the queue; NULL if the path may not send
 *	now, or nothing waits that it should carry
 */
struct mwb_queue_node *mwb_pacer_next(struct mwb_pacer *p,
				      struct mwb_pace *pace, u64 *room,
				      u64 now);

/* Does anything wait? */
static inline bool mwb_pacer_waits(const struct mwb_pacer *p)
{
	return p->queue.packets || !list_empty(&p->repair);
}

/**
 * mwb_pacer_earliest() - a path for what must not wait
 * @p: pacer
 * @path: the usable paths, or those of them that are allowed
 * @count: their number
 * @len: bytes of the packet
 * @now: present time, ns
 *
 * Return: the path that brings it first, ahead of its pace, for which the packet
 *	counts from now on; NULL if all are too far ahead already
 */
struct mwb_pace *mwb_pacer_earliest(const struct mwb_pacer *p,
				    struct mwb_pace *const path[], u32 count,
				    u32 len, u64 now);

/* Bytes that may be sent besides those that are under way. */
static inline u64 mwb_pace_room(const struct mwb_pace *pace, u64 under_way)
{
	return pace->window > under_way ? pace->window - under_way : 0;
}

/* Time from @now until a path is to look again, ns. */
static inline u64 mwb_pace_wait(const struct mwb_pace *pace, u64 now)
{
	return max_t(u64, pace->next > now ? pace->next - now : 0,
		     MWB_PACE_GRID);
}

/* A packet of @len bytes takes its time of the path, whenever it was sent. */
void mwb_pace_charge(struct mwb_pace *pace, u32 len, u64 now);

/**
 * mwb_pace_ack_interval() - from an Ack to the next while packets arrive
 * @pace: the path that it takes
 * @len: its bytes
 * @hurry: packets are missing
 *
 * Return: a quarter of the round-trip time, so that Acks take at most 1/32 of
 *	the path's rate; 10 to 50 ms. In a hurry an eighth of the rate, from
 *	2.5 ms on. ns
 */
u64 mwb_pace_ack_interval(const struct mwb_pace *pace, u32 len, bool hurry);

/**
 * mwb_pace_probe_interval() - from a heartbeat to the next while data flows
 * @pace: the path that it takes
 * @len: its bytes
 * @dense: that is wanted, ns
 * @idle: while no data flows, ns
 *
 * Return: @dense, but as long as it takes for heartbeats to be 1/50 of the
 *	path's rate, if that is longer; at most @idle, unless @dense is. ns
 */
u64 mwb_pace_probe_interval(const struct mwb_pace *pace, u32 len, u64 dense,
			    u64 idle);

/* The path has refused a packet, as it would others: it pauses. */
void mwb_pace_pause(struct mwb_pace *pace, u64 now);

/**
 * mwb_pace_report() - the peer has reported on the path
 * @pace: path
 * @base: one-way delay without queue above the fastest path's, ns
 * @report: the rest; has been checked against what was sent
 * @now: present time, ns
 *
 * mwb_pacer_update() is to follow.
 */
void mwb_pace_report(struct mwb_pace *pace, u64 base,
		     const struct mwb_rate_report *report, u64 now);

/* The path was away: what is known of it is void but for its rate. */
void mwb_pace_restart(struct mwb_pace *pace);

#endif /* _MWBOND_CORE_PACE_H */

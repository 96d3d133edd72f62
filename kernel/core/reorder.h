/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Puts the packets of each flow bucket back into sequence. Knows neither skbs
 * nor locks: the shell embeds a node in whatever it keeps of a packet, tells
 * the time, and takes out what is ready. One context at a time may call it.
 *
 * A packet that is next in its bucket is ready at its release time, which may
 * be past. Those behind it wait for it: the order comes before the time. One
 * that is early waits until the hole before it is filled or given up, and then
 * for its release. A hole is given up
 *  - when its deadline passes: the timeout after the first arrival of a packet
 *    that belongs behind it, or after the release of the packet after it, if
 *    that is later. What arrives behind does not postpone it, and a hole behind
 *    another has its time run from its own first arrival, too;
 *  - when every path that the peer may use has delivered something that was
 *    sent later than the packet after the hole, by a margin: paths keep their
 *    order, so nothing can be under way any more;
 *  - when the buffer is full: the oldest hole of all buckets goes first, and
 *    the packet behind it is delivered whatever its release. If there is no
 *    hole, the packet that is next to be released is, before its time.
 * A packet that comes for a place that was given up is still delivered, once
 * and at once: the last MWB_REORDER_HISTORY places of a bucket are remembered.
 *
 * Only the hole before the first waiting packet of a bucket counts as open. The
 * buckets that have one are in two lists, by rising deadline and by rising
 * timestamp of that packet, so that what is to be given up next for either
 * reason is at the front. The buckets whose first waiting packet is next in
 * sequence are in a third list, by its release. All are filled from the back,
 * where nearly all new places belong.
 */
#ifndef _MWBOND_CORE_REORDER_H
#define _MWBOND_CORE_REORDER_H

#include <linux/list.h>
#include <linux/types.h>

enum { MWB_REORDER_HISTORY = 1024 };	/* a power of two */

/* A packet is released so many ns after its arrival at the latest. */
#define MWB_REORDER_HOLD_MAX 1000000000ULL

/**
 * struct mwb_reorder_node - one waiting packet; the owner embeds it
 * @list: in its bucket's queue, or in the list of what is ready
 * @seq: sequence number in its bucket
 * @bucket: flow bucket
 * @tag: the owner's
 * @sent: timestamp of the sender, ns
 * @release: when it may be delivered, by the clock of this end, ns; 0: at once.
 *	May be lowered here
 * @opened: first arrival of a packet of the bucket with this or a later number
 *	that waits, ns; set here if the packet waits, the owner's before
 */
struct mwb_reorder_node {
	struct list_head list;
	u64 seq : 48;
	u64 bucket : 10;
	u64 tag : 6;
	u64 sent;
	u64 release;
	u64 opened;
};

/**
 * struct mwb_reorder_place - a bucket's place in a list that is sorted by time
 * @list: in the list, or empty
 * @time: by which it is sorted, ns
 */
struct mwb_reorder_place {
	struct list_head list;
	u64 time;
};

/**
 * struct mwb_reorder_bucket - one sequence of packets
 * @queue: packets that wait, by rising sequence number
 * @end: the last of @run, or @queue
 * @run: the first of @queue that have the numbers from @next on; 0 if there is
 *	a hole before the first
 * @by_deadline: in mwb_reorder.by_deadline while there is such a hole: when it
 *	is given up
 * @by_sent: in mwb_reorder.by_sent at the same time: timestamp of the first of
 *	@queue
 * @by_release: in mwb_reorder.by_release while @run is not 0: release of the
 *	first of @queue
 * @next: the sequence number that is to be delivered next
 * @seen: bit i, of the number before @next that is i modulo the number of bits:
 *	it has been delivered (or was before the first)
 */
struct mwb_reorder_bucket {
	struct list_head queue;
	struct list_head *end;
	u32 run;
	struct mwb_reorder_place by_deadline;
	struct mwb_reorder_place by_sent;
	struct mwb_reorder_place by_release;
	u64 next;
	u64 seen[MWB_REORDER_HISTORY / 64];
};

/**
 * struct mwb_reorder_stats - what happened, in packets
 * @duplicate: refused: was delivered or waits already
 * @old: refused: older than what is remembered
 * @late: delivered though its place had been given up
 * @reordered: had to wait for an earlier one that had not come
 * @held: had to wait for their release, or for that of an earlier one, only
 * @skipped: sequence numbers given up
 * @forced: delivered out of turn or before their release because the buffer
 *	was full
 */
struct mwb_reorder_stats {
	u64 duplicate;
	u64 old;
	u64 late;
	u64 reordered;
	u64 held;
	u64 skipped;
	u64 forced;
};

/**
 * struct mwb_reorder - reorder buffer of a session
 * @by_deadline: buckets with a hole, by rising deadline
 * @by_sent: the same ones, by rising timestamp of the packet after the hole
 * @by_release: the others where packets wait, by rising release of the first
 * @stats: counters
 * @timeout: how long a hole is waited for, ns; read for each new hole, and when
 *	the packet after it is another; the caller sets it
 * @limit: packets that may wait at the most, at least 1; read when one is to
 *	wait; the caller sets it
 * @count: packets that wait
 * @nr_buckets: entries of @bucket
 * @bucket: the buckets; the caller's memory
 */
struct mwb_reorder {
	struct list_head by_deadline;
	struct list_head by_sent;
	struct list_head by_release;
	struct mwb_reorder_stats stats;
	u64 timeout;
	u32 limit;
	u32 count;
	u32 nr_buckets;
	struct mwb_reorder_bucket *bucket;
};

/* Sequences start at 0; @ro->timeout is 0 and @ro->limit 1 afterwards. */
void mwb_reorder_init(struct mwb_reorder *ro, struct mwb_reorder_bucket *bucket,
		      u32 nr_buckets);

/**
 * enum mwb_reorder_verdict - what became of a packet
 * @MWB_REORDER_READY: it is in @ready, maybe with others before and after it
 * @MWB_REORDER_WAITS: the buffer keeps it (others may have become ready)
 * @MWB_REORDER_DUPLICATE: refused, the caller keeps it
 * @MWB_REORDER_OLD: refused, the caller keeps it
 */
enum mwb_reorder_verdict {
	MWB_REORDER_READY,
	MWB_REORDER_WAITS,
	MWB_REORDER_DUPLICATE,
	MWB_REORDER_OLD,
};

/**
 * mwb_reorder_add() - a packet has arrived
 * @ro: buffer
 * @node: the packet; @node->bucket, ->seq, ->sent and ->release are set, bucket
 *	is valid
 * @now: present time, ns
 * @ready: what can be delivered now is appended to it, in order
 *
 * A sequence number more than 2^47 ahead is taken as one that is behind. A
 * release after @now + MWB_REORDER_HOLD_MAX is taken for that time.
 *
 * Return: what became of @node
 */
enum mwb_reorder_verdict mwb_reorder_add(struct mwb_reorder *ro,
					 struct mwb_reorder_node *node,
					 u64 now, struct list_head *ready);

/**
 * mwb_reorder_note() - a packet of an unordered bucket has arrived
 * @ro: buffer
 * @bucket: a bucket that mwb_reorder_add() is not called for
 * @seq: sequence number
 *
 * Only tells duplicates; gaps are neither waited for nor counted. If packets
 * wait in the bucket all the same, what is ahead is not remembered.
 *
 * Return: MWB_REORDER_READY, _DUPLICATE or _OLD
 */
enum mwb_reorder_verdict mwb_reorder_note(struct mwb_reorder *ro, u32 bucket,
					  u64 seq);

/**
 * struct mwb_reorder_path - what the horizon depends on
 * @stamp: the latest timestamp of the peer that has come by this path, ns; 0 if
 *	none has
 * @rtt: its round-trip time, ns
 * @jitter: of that, ns
 * @quiet: how long no data has come by it, ns; U64_MAX if none ever has
 * @down: this end takes it for down
 */
struct mwb_reorder_path {
	u64 stamp;
	u64 rtt;
	u64 jitter;
	u64 quiet;
	bool down;
};

/**
 * mwb_reorder_horizon() - up to when all that was sent has come, or never will
 * @ro: buffer
 * @path: all paths
 * @count: their number
 *
 * The peer chooses the paths, by what it knows of them. One that comes up may be
 * up there earlier than here, and one that goes down may do so later. So a path
 * counts unless it is down here and no data has come by it for a whole timeout,
 * after which no hole is left that waits for it.
 *
 * The margin is the time in which the peer is told of a loss and repairs it,
 * twice over: twice the longest round-trip time, and 20 ms; and twice the jitter,
 * for links that do not quite keep the order.
 *
 * Return: sender's time, ns, for mwb_reorder_expire(); 0 if unknown
 */
u64 mwb_reorder_horizon(const struct mwb_reorder *ro,
			const struct mwb_reorder_path *path, u32 count);

/**
 * mwb_reorder_expire() - release what is due, give up what is overdue or hopeless
 * @ro: buffer
 * @now: present time, ns
 * @horizon: from mwb_reorder_horizon(): a packet sent before it will not come
 * @ready: what can be delivered now is appended to it, in order
 *
 * Cost: constant when there is nothing to do.
 */
void mwb_reorder_expire(struct mwb_reorder *ro, u64 now, u64 horizon,
			struct list_head *ready);

/**
 * mwb_reorder_deadline() - when mwb_reorder_expire() has something to do
 * @ro: buffer
 *
 * Return: ns, or U64_MAX if nothing waits
 */
u64 mwb_reorder_deadline(const struct mwb_reorder *ro);

/**
 * mwb_reorder_flush() - give back all that waits, and start afresh at 0
 * @ro: buffer
 * @ready: where the packets go, those of each bucket in order
 *
 * Leaves the counters, the timeout and the limit alone.
 */
void mwb_reorder_flush(struct mwb_reorder *ro, struct list_head *ready);

#endif /* _MWBOND_CORE_REORDER_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Puts the packets of each flow bucket back into sequence, in their time.
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "reorder.h"
#include "wire.h"

/* Numbers from here on are behind. */
#define MWB_REORDER_AHEAD_MAX (1ULL << (MWB_WIRE_SEQ_BITS - 1))

/* Of the horizon, ns */
#define MWB_REORDER_MARGIN 20000000ULL
#define MWB_REORDER_JITTER_MAX 20000000ULL

/* How far a number is ahead of the one that is next. */
static u64 mwb_reorder_ahead(const struct mwb_reorder_bucket *b, u64 seq)
{
	return (seq - b->next) & MWB_WIRE_SEQ_MASK;
}

static struct mwb_reorder_node *
mwb_reorder_first(const struct mwb_reorder_bucket *b)
{
	return list_first_entry(&b->queue, struct mwb_reorder_node, list);
}

/* Move on by @count numbers that are not delivered. */
static void mwb_reorder_skip(struct mwb_reorder_bucket *b, u64 count)
{
	u32 rest = min_t(u64, count, MWB_REORDER_HISTORY);
	u32 at = b->next % MWB_REORDER_HISTORY;
	u32 bits;

	for (; rest; rest -= bits) {
		bits = min(rest, 64 - at % 64);
		b->seen[at / 64] &= ~(U64_MAX >> (64 - bits) << at % 64);
		at = (at + bits) % MWB_REORDER_HISTORY;
	}
	b->next = (b->next + count) & MWB_WIRE_SEQ_MASK;
}

static void mwb_reorder_remember(struct mwb_reorder_bucket *b, u64 seq)
{
	b->seen[seq % MWB_REORDER_HISTORY / 64] |= 1ULL << seq % 64;
}

/* The number that is next is delivered. */
static void mwb_reorder_reach(struct mwb_reorder_bucket *b)
{
	mwb_reorder_remember(b, b->next);
	b->next = (b->next + 1) & MWB_WIRE_SEQ_MASK;
}

/* Put a bucket into its place in a list, or into another. */
static void mwb_reorder_sort(struct list_head *list,
			     struct mwb_reorder_place *place, u64 time)
{
	struct mwb_reorder_place *at;

	place->time = time;
	list_del(&place->list);
	list_for_each_entry_reverse(at, list, list)
		if (at->time <= time)
			break;
	list_add(&place->list, &at->list);
}

/* The hole before the first that waits is a new one, or that is. What is held
 * waits for nothing else until its release.
 */
static void mwb_reorder_open(struct mwb_reorder *ro,
			     struct mwb_reorder_bucket *b)
{
	const struct mwb_reorder_node *first = mwb_reorder_first(b);
	u64 since = max(first->opened, first->release);

	mwb_reorder_sort(&ro->by_deadline, &b->by_deadline,
			 since + min(ro->timeout, U64_MAX - since));
	mwb_reorder_sort(&ro->by_sent, &b->by_sent, first->sent);
	list_del_init(&b->by_release.list);
}

/* The first that waits is another now, and in sequence. */
static void mwb_reorder_hold(struct mwb_reorder *ro,
			     struct mwb_reorder_bucket *b)
{
	mwb_reorder_sort(&ro->by_release, &b->by_release,
			 mwb_reorder_first(b)->release);
	list_del_init(&b->by_deadline.list);
	list_del_init(&b->by_sent.list);
}

/* Nothing waits. */
static void mwb_reorder_rest(struct mwb_reorder_bucket *b)
{
	list_del_init(&b->by_deadline.list);
	list_del_init(&b->by_sent.list);
	list_del_init(&b->by_release.list);
}

/* A hole was closed: more of those that wait may be in sequence. */
static void mwb_reorder_extend(struct mwb_reorder_bucket *b)
{
	struct mwb_reorder_node *node;

	while (b->end->next != &b->queue) {
		node = list_entry(b->end->next, struct mwb_reorder_node, list);
		if (mwb_reorder_ahead(b, node->seq) != b->run)
			break;
		b->end = &node->list;
		b->run++;
	}
}

/*
 * The number that is next has changed, or time has passed, and packets wait:
 * deliver those that are in sequence and due. Another hole may be behind them.
 *
 * Return: packets delivered
 */
static u32 mwb_reorder_drain(struct mwb_reorder *ro,
			     struct mwb_reorder_bucket *b, u64 now,
			     struct list_head *ready)
{
	struct mwb_reorder_node *node;
	u32 count = 0;

	if (!b->run)
		mwb_reorder_extend(b);
	if (!b->run)
		return 0;

	while (b->run) {
		node = mwb_reorder_first(b);
		if (node->release > now)
			break;
		list_del(&node->list);
		list_add_tail(&node->list, ready);
		mwb_reorder_reach(b);
		b->run--;
		count++;
	}
	ro->count -= count;
	if (b->run) {
		mwb_reorder_hold(ro, b);
		return count;
	}
	b->end = &b->queue;
	if (list_empty(&b->queue))
		mwb_reorder_rest(b);
	else
		mwb_reorder_open(ro, b);
	return count;
}

/* Give up the hole before the first that waits. Return: packets delivered. */
static u32 mwb_reorder_give_up(struct mwb_reorder *ro,
			       struct mwb_reorder_bucket *b, u64 now,
			       struct list_head *ready)
{
	u64 hole = mwb_reorder_ahead(b, mwb_reorder_first(b)->seq);

	ro->stats.skipped += hole;
	mwb_reorder_skip(b, hole);
	return mwb_reorder_drain(ro, b, now, ready);
}

/* Deliver at least one packet, though it is not its turn. */
static void mwb_reorder_make_room(struct mwb_reorder *ro, u64 now,
				  struct list_head *ready)
{
	struct mwb_reorder_bucket *b;

	if (!list_empty(&ro->by_deadline))
		b = list_first_entry(&ro->by_deadline,
				     struct mwb_reorder_bucket,
				     by_deadline.list);
	else
		b = list_first_entry(&ro->by_release,
				     struct mwb_reorder_bucket,
				     by_release.list);
	mwb_reorder_first(b)->release = 0;
	ro->stats.forced += mwb_reorder_give_up(ro, b, now, ready);
}

/* Take note of a number that is behind, unless it was delivered. */
static enum mwb_reorder_verdict mwb_reorder_behind(struct mwb_reorder *ro,
						   struct mwb_reorder_bucket *b,
						   u64 seq)
{
	u64 place = (b->next - 1 - seq) & MWB_WIRE_SEQ_MASK;

	if (place >= MWB_REORDER_HISTORY) {
		ro->stats.old++;
		return MWB_REORDER_OLD;
	}
	if (b->seen[seq % MWB_REORDER_HISTORY / 64] & 1ULL << seq % 64) {
		ro->stats.duplicate++;
		return MWB_REORDER_DUPLICATE;
	}
	mwb_reorder_remember(b, seq);
	return MWB_REORDER_READY;
}

/*
 * Where in the queue a packet belongs. Most do at the end or, when a slower
 * path fills holes, at the first hole.
 *
 * Return: what it is to be put behind, NULL if it waits already
 */
static struct list_head *mwb_reorder_find(const struct mwb_reorder_bucket *b,
					  u64 ahead)
{
	struct mwb_reorder_node *at;
	u64 other;

	if (ahead < b->run)
		return NULL;
	at = list_entry(b->end->next, struct mwb_reorder_node, list);
	if (list_entry_is_head(at, &b->queue, list) ||
	    ahead < mwb_reorder_ahead(b, at->seq))
		return b->end;
	list_for_each_entry_reverse(at, &b->queue, list) {
		other = mwb_reorder_ahead(b, at->seq);
		if (ahead == other)
			return NULL;
		if (ahead > other)
			break;
	}
	return &at->list;
}

/* Queue a packet that is early or held. Return: false if it waits already. */
static bool mwb_reorder_queue(struct mwb_reorder *ro,
			      struct mwb_reorder_bucket *b,
			      struct mwb_reorder_node *node, u64 now)
{
	u64 ahead = mwb_reorder_ahead(b, node->seq);
	struct list_head *at = mwb_reorder_find(b, ahead);

	if (!at)
		return false;
	/* The hole before the next was noticed, and with it the one before
	 * @node.
	 */
	node->opened = at->next == &b->queue ? now :
		list_entry(at->next, struct mwb_reorder_node, list)->opened;
	list_add(&node->list, at);
	ro->count++;
	if (ahead == b->run)
		mwb_reorder_extend(b);
	if (at != &b->queue)
		return true;

	if (b->run)
		mwb_reorder_hold(ro, b);
	else
		mwb_reorder_open(ro, b);
	return true;
}

enum mwb_reorder_verdict mwb_reorder_add(struct mwb_reorder *ro,
					 struct mwb_reorder_node *node,
					 u64 now, struct list_head *ready)
{
	struct mwb_reorder_bucket *b = &ro->bucket[node->bucket];
	u64 ahead = mwb_reorder_ahead(b, node->seq);
	enum mwb_reorder_verdict verdict;
	bool held;

	if (node->release > now && node->release - now > MWB_REORDER_HOLD_MAX)
		node->release = now + MWB_REORDER_HOLD_MAX;
	if (!ahead && !b->run && node->release <= now) {
		mwb_reorder_reach(b);
		list_add_tail(&node->list, ready);
		if (!list_empty(&b->queue))
			mwb_reorder_drain(ro, b, now, ready);
		return MWB_REORDER_READY;
	}
	if (ahead > MWB_REORDER_AHEAD_MAX) {
		verdict = mwb_reorder_behind(ro, b, node->seq);
		if (verdict == MWB_REORDER_READY) {
			ro->stats.late++;
			list_add_tail(&node->list, ready);
		}
		return verdict;
	}
	if (!mwb_reorder_queue(ro, b, node, now)) {
		ro->stats.duplicate++;
		return MWB_REORDER_DUPLICATE;
	}

	held = ahead < b->run;
	while (ro->count > ro->limit)
		mwb_reorder_make_room(ro, now, ready);
	if (mwb_reorder_ahead(b, node->seq) > MWB_REORDER_AHEAD_MAX)
		return MWB_REORDER_READY;
	if (held)
		ro->stats.held++;
	else
		ro->stats.reordered++;
	return MWB_REORDER_WAITS;
}

enum mwb_reorder_verdict mwb_reorder_note(struct mwb_reorder *ro, u32 bucket,
					  u64 seq)
{
	struct mwb_reorder_bucket *b = &ro->bucket[bucket];
	u64 ahead = mwb_reorder_ahead(b, seq);

	if (ahead > MWB_REORDER_AHEAD_MAX)
		return mwb_reorder_behind(ro, b, seq);
	/* A sender that mixes the two kinds must not upset what waits. */
	if (list_empty(&b->queue)) {
		mwb_reorder_skip(b, ahead);
		mwb_reorder_reach(b);
	}
	return MWB_REORDER_READY;
}

u64 mwb_reorder_horizon(const struct mwb_reorder *ro,
			const struct mwb_reorder_path *path, u32 count)
{
	u64 horizon = U64_MAX;
	u64 jitter = 0;
	u64 rtt = 0;
	u64 margin;
	u32 i;

	for (i = 0; i < count; i++) {
		if (path[i].down && path[i].quiet > ro->timeout)
			continue;
		horizon = min(horizon, path[i].stamp);
		jitter = max(jitter, path[i].jitter);
		rtt = max(rtt, path[i].rtt);
	}
	if (horizon == U64_MAX)
		return 0;
	margin = MWB_REORDER_MARGIN + 2 * rtt +
		 min(2 * jitter, MWB_REORDER_JITTER_MAX);
	return horizon > margin ? horizon - margin : 0;
}

void mwb_reorder_expire(struct mwb_reorder *ro, u64 now, u64 horizon,
			struct list_head *ready)
{
	struct mwb_reorder_bucket *b;

	/* Behind what is held there may be holes that are overdue. */
	while (!list_empty(&ro->by_release)) {
		b = list_first_entry(&ro->by_release,
				     struct mwb_reorder_bucket,
				     by_release.list);
		if (b->by_release.time > now)
			break;
		mwb_reorder_drain(ro, b, now, ready);
	}
	while (!list_empty(&ro->by_deadline)) {
		b = list_first_entry(&ro->by_deadline,
				     struct mwb_reorder_bucket,
				     by_deadline.list);
		if (b->by_deadline.time > now)
			break;
		mwb_reorder_give_up(ro, b, now, ready);
	}
	while (!list_empty(&ro->by_sent)) {
		b = list_first_entry(&ro->by_sent,
				     struct mwb_reorder_bucket, by_sent.list);
		if (b->by_sent.time >= horizon)
			break;
		mwb_reorder_give_up(ro, b, now, ready);
	}
}

static u64 mwb_reorder_soonest(const struct list_head *list)
{
	if (list_empty(list))
		return U64_MAX;
	return list_first_entry(list, struct mwb_reorder_place, list)->time;
}

u64 mwb_reorder_deadline(const struct mwb_reorder *ro)
{
	return min(mwb_reorder_soonest(&ro->by_deadline),
		   mwb_reorder_soonest(&ro->by_release));
}

static void mwb_reorder_reset(struct mwb_reorder *ro)
{
	struct mwb_reorder_bucket *b;

	for (b = ro->bucket; b < ro->bucket + ro->nr_buckets; b++) {
		INIT_LIST_HEAD(&b->queue);
		INIT_LIST_HEAD(&b->by_deadline.list);
		INIT_LIST_HEAD(&b->by_sent.list);
		INIT_LIST_HEAD(&b->by_release.list);
		b->end = &b->queue;
		b->run = 0;
		b->next = 0;
		/* There was nothing before 0 that could be late. */
		memset(b->seen, 0xff, sizeof(b->seen));
	}
	INIT_LIST_HEAD(&ro->by_deadline);
	INIT_LIST_HEAD(&ro->by_sent);
	INIT_LIST_HEAD(&ro->by_release);
	ro->count = 0;
}

void mwb_reorder_init(struct mwb_reorder *ro, struct mwb_reorder_bucket *bucket,
		      u32 nr_buckets)
{
	memset(ro, 0, sizeof(*ro));
	ro->bucket = bucket;
	ro->nr_buckets = nr_buckets;
	ro->limit = 1;
	mwb_reorder_reset(ro);
}

void mwb_reorder_flush(struct mwb_reorder *ro, struct list_head *ready)
{
	struct mwb_reorder_bucket *b;

	list_for_each_entry(b, &ro->by_sent, by_sent.list)
		list_splice_tail(&b->queue, ready);
	list_for_each_entry(b, &ro->by_release, by_release.list)
		list_splice_tail(&b->queue, ready);
	mwb_reorder_reset(ro);
}

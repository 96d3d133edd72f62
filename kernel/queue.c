// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode auto: the shell round core/pace: what is queued belongs to no WAN until
 * it is sent; timers and Acks have each WAN take what it may.
 */
#include <linux/skbuff.h>

#include "compat/hrtimer.h"
#include "path.h"
#include "session.h"
#include "wan.h"

enum {
	MWB_PACE_BATCH = 32,		/* packets taken at a time */
	MWB_QUEUE_MEMORY = 64 << 20,	/* truesize of what is in the queue */
	MWB_QUEUE_REPAIRS = 8,		/* of one packet */
};

static struct mwb_wan *mwb_pace_wan(struct mwb_pace *pace)
{
	return container_of(pace, struct mwb_wan, pace);
}

/* The usable ones among those that are allowed. Return: their number */
static u32 mwb_queue_paths(const struct mwb_paths *paths, u16 allowed,
			   struct mwb_pace *path[MWB_MAX_WANS])
{
	u32 count = 0;
	u32 i;

	for (i = 0; i < paths->table.count; i++) {
		u8 index = paths->table.path[i].index;

		if (allowed & BIT(index))
			path[count++] = &paths->wan[index]->pace;
	}
	return count;
}

void mwb_queue_update(struct mwb_session *session, struct mwb_paths *paths)
{
	struct mwb_pace *path[MWB_MAX_WANS];
	u32 count = mwb_queue_paths(paths, U16_MAX, path);
	u64 now = mwb_now();
	u32 i;

	lockdep_assert_held(&session->tx.lock);
	for (i = 0; i < count; i++) {
		const struct mwb_health *h = &mwb_pace_wan(path[i])->health;

		path[i]->rtt = READ_ONCE(h->rtt);
		path[i]->unsteady = mwb_health_is_unsteady(h, now);
	}
	mwb_pacer_update(&session->tx.pacer, path, count,
			 READ_ONCE(session->settings.skew_budget) *
			 (u64)NSEC_PER_MSEC, now);
}

static u64 mwb_pace_under_way(struct mwb_paths *paths, struct mwb_wan *wan)
{
	struct mwb_path_state *state;

	state = rcu_dereference_bh(paths->assoc->path[READ_ONCE(wan->wire_id)]);
	return state ? READ_ONCE(state->tx.bytes) : 0;
}

/* What is to be repaired was counted out before. */
static struct sk_buff *mwb_queue_leave(struct mwb_tx *tx,
				       struct mwb_queue_node *node)
{
	struct sk_buff *skb = mwb_tx_skb(node);

	if (!mwb_tx_cb(skb)->repairs)
		tx->memory -= skb->truesize;
	return skb;
}

/* Have a WAN look again when it may send. */
static void mwb_pace_arm(struct mwb_wan *wan, u64 now)
{
	if (!hrtimer_is_queued(&wan->pace_timer))
		hrtimer_start(&wan->pace_timer,
			      ns_to_ktime(mwb_pace_wait(&wan->pace, now)),
			      HRTIMER_MODE_REL_SOFT);
}

static bool mwb_queue_is_held(const struct mwb_tx_cb *cb)
{
	return cb->flags & MWB_WIRE_ORDERED && !cb->repairs && !cb->unheld;
}

/* Packets that are due on a WAN, and their holds */
static u32 mwb_pace_take(struct mwb_paths *paths, struct mwb_wan *wan,
			 struct sk_buff *batch[MWB_PACE_BATCH],
			 u64 hold[MWB_PACE_BATCH])
{
	struct mwb_tx *tx = &wan->session->tx;
	struct mwb_pace *path[MWB_MAX_WANS];
	u32 usable = mwb_queue_paths(paths, U16_MAX, path);
	struct mwb_queue_node *node;
	u32 count = 0;
	u64 room, now;

	spin_lock(&tx->lock);
	now = mwb_now();
	room = mwb_pace_room(&wan->pace, mwb_pace_under_way(paths, wan));
	while (count < MWB_PACE_BATCH) {
		node = mwb_pacer_next(&tx->pacer, &wan->pace, &room, now);
		if (!node)
			break;
		batch[count] = mwb_queue_leave(tx, node);
		hold[count] = mwb_queue_is_held(mwb_tx_cb(batch[count])) ?
			      mwb_pacer_hold(&tx->pacer, path, usable, node) :
			      0;
		count++;
	}
	if (wan->pace.next > now && mwb_pacer_waits(&tx->pacer))
		mwb_pace_arm(wan, now);
	spin_unlock(&tx->lock);
	return count;
}

/* For what must not wait; NULL if all of those that are allowed are too far
 * ahead. tx->lock is held
 */
static struct mwb_wan *mwb_queue_earliest(struct mwb_tx *tx,
					  struct mwb_paths *paths, u16 allowed,
					  u32 len)
{
	struct mwb_pace *path[MWB_MAX_WANS];
	struct mwb_pace *pace;

	lockdep_assert_held(&tx->lock);
	pace = mwb_pacer_earliest(&tx->pacer, path,
				  mwb_queue_paths(paths, allowed, path), len,
				  mwb_now());
	return pace ? mwb_pace_wan(pace) : NULL;
}

/* The same, for one that has its place. */
static struct mwb_wan *mwb_queue_earliest_of(struct mwb_tx *tx,
					     struct mwb_paths *paths,
					     const struct mwb_queue_node *node)
{
	return mwb_queue_earliest(tx, paths,
				  mwb_pacer_allowed(&tx->pacer, node),
				  node->len);
}

struct mwb_wan *mwb_queue_parity(struct mwb_session *session,
				 struct mwb_paths *paths, u16 allowed, u32 len,
				 bool must)
{
	struct mwb_pace *path[MWB_MAX_WANS];
	struct mwb_tx *tx = &session->tx;
	struct mwb_wan *wan;

	spin_lock(&tx->lock);
	wan = mwb_queue_earliest(tx, paths, allowed, len);
	if (!wan)
		wan = mwb_queue_earliest(tx, paths, U16_MAX, len);
	/* What follows waits for it. */
	if (!wan && must && mwb_queue_paths(paths, allowed, path)) {
		mwb_pace_charge(path[0], len, mwb_now());
		wan = mwb_pace_wan(path[0]);
	}
	spin_unlock(&tx->lock);
	return wan;
}

/* Over as many WANs besides @wan as its class asks for, if they have room. */
static void mwb_queue_duplicate(struct mwb_paths *paths, struct mwb_wan *wan,
				struct sk_buff *skb, u64 hold)
{
	struct mwb_tx *tx = &wan->session->tx;
	struct mwb_tx_cb *cb = mwb_tx_cb(skb);
	u16 used = BIT(wan->index);

	for (; cb->copies; cb->copies--) {
		spin_lock(&tx->lock);
		wan = mwb_queue_earliest(tx, paths, ~used, cb->node.len);
		spin_unlock(&tx->lock);
		if (!wan)
			break;
		used |= BIT(wan->index);
		mwb_send_duplicate(paths, wan, skb, hold);
	}
	cb->copies = 0;
}

/* A WAN has refused a packet at once, as it would others: it pauses. Return: the
 * one to try next; NULL if the packet waits for any, or is given up
 */
static struct mwb_wan *mwb_pace_refused(struct mwb_paths *paths,
					struct mwb_wan *wan,
					struct sk_buff *skb)
{
	struct mwb_session *session = wan->session;
	struct mwb_tx_cb *cb = mwb_tx_cb(skb);
	struct mwb_tx *tx = &session->tx;
	u64 now = mwb_now();
	u32 i;

	if (cb->repairs++ >= MWB_QUEUE_REPAIRS) {
		mwb_session_drop(session, skb, MWB_STAT_tx_given_up);
		return NULL;
	}
	spin_lock(&tx->lock);
	mwb_pace_pause(&wan->pace, now);
	wan = mwb_queue_earliest_of(tx, paths, &cb->node);
	if (!wan) {
		list_add_tail(&cb->node.list, &tx->pacer.repair);
		for (i = 0; i < paths->table.count; i++) {
			u8 index = paths->table.path[i].index;

			mwb_pace_arm(paths->wan[index], now);
		}
	}
	spin_unlock(&tx->lock);
	return wan;
}

static void mwb_pace_send(struct mwb_paths *paths, struct mwb_wan *wan,
			  struct sk_buff *skb, u64 hold)
{
	if (mwb_tx_cb(skb)->copies)
		mwb_queue_duplicate(paths, wan, skb, hold);
	while (wan && mwb_send_packet(paths, wan, skb, hold))
		wan = mwb_pace_refused(paths, wan, skb);
}

/* Send what is due on a WAN, unless another CPU does already. */
static void mwb_pace_run(struct mwb_paths *paths, struct mwb_wan *wan)
{
	struct sk_buff *batch[MWB_PACE_BATCH];
	u64 hold[MWB_PACE_BATCH];
	u32 count, i;

	set_bit(MWB_PACE_AGAIN, &wan->pace_flags);
	while (test_bit(MWB_PACE_AGAIN, &wan->pace_flags) &&
	       !test_and_set_bit(MWB_PACE_RUNNING, &wan->pace_flags)) {
		clear_bit(MWB_PACE_AGAIN, &wan->pace_flags);
		do {
			count = mwb_pace_take(paths, wan, batch, hold);
			for (i = 0; i < count; i++)
				mwb_pace_send(paths, wan, batch[i], hold[i]);
		} while (count == MWB_PACE_BATCH);
		clear_bit(MWB_PACE_RUNNING, &wan->pace_flags);
		/* Pairs with the set_bit() of who found it running. */
		smp_mb__after_atomic();
	}
}

static bool mwb_pace_usable(const struct mwb_paths *paths, u8 index)
{
	u32 i;

	for (i = 0; i < paths->table.count; i++)
		if (paths->table.path[i].index == index)
			return true;
	return false;
}

void mwb_queue_run(struct mwb_session *session, struct mwb_paths *paths)
{
	struct mwb_tx *tx = &session->tx;
	u8 order[MWB_MAX_WANS];
	u32 count, i;

	if (!paths->assoc)
		return;
	spin_lock(&tx->lock);
	count = tx->pacer.count;
	memcpy(order, tx->pacer.order, sizeof(order));
	spin_unlock(&tx->lock);
	for (i = 0; i < count; i++)
		if (mwb_pace_usable(paths, order[i]))
			mwb_pace_run(paths, paths->wan[order[i]]);
}

static enum hrtimer_restart mwb_pace_timer(struct hrtimer *timer)
{
	struct mwb_wan *wan = container_of(timer, struct mwb_wan, pace_timer);
	struct mwb_paths *paths;

	rcu_read_lock_bh();
	paths = rcu_dereference_bh(wan->session->paths);
	/* One that is being removed must not set its timer again. */
	if (paths && paths->assoc && paths->wan[wan->index] == wan &&
	    mwb_pace_usable(paths, wan->index))
		mwb_pace_run(paths, wan);
	rcu_read_unlock_bh();
	return HRTIMER_NORESTART;
}

void mwb_queue_repair(struct mwb_session *session, struct mwb_paths *paths,
		      struct list_head *lost)
{
	struct mwb_queue_node *node, *next;
	struct mwb_tx *tx = &session->tx;
	struct mwb_wan *wan;
	struct sk_buff *skb;

	list_for_each_entry_safe(node, next, lost, list) {
		list_del(&node->list);
		skb = mwb_tx_skb(node);
		if (mwb_tx_cb(skb)->repairs++ >= MWB_QUEUE_REPAIRS) {
			mwb_session_drop(session, skb, MWB_STAT_tx_given_up);
			continue;
		}
		mwb_stats_inc(session->stats, MWB_STAT_tx_repaired);
		spin_lock(&tx->lock);
		wan = mwb_queue_earliest_of(tx, paths, node);
		if (!wan)
			list_add_tail(&node->list, &tx->pacer.repair);
		spin_unlock(&tx->lock);
		if (wan)
			mwb_pace_send(paths, wan, skb, 0);
	}
}

/* Number a packet and queue it; false if it must be dropped. tx->lock is held */
static bool mwb_queue_enter(struct mwb_session *session,
			    struct mwb_paths *paths, struct sk_buff *skb,
			    bool mark)
{
	struct mwb_tx_cb *cb = mwb_tx_cb(skb);
	u32 bucket = cb->node.flow;

	if (mark && !mwb_send_set_ce(skb))
		return false;
	cb->sequence = mwb_wire_sequence(bucket,
					 atomic64_fetch_inc(&paths->assoc->tx_sequence[bucket]));
	if (mark)
		mwb_stats_inc(session->stats, MWB_STAT_tx_marked);
	return true;
}

void mwb_queue_skb(struct mwb_session *session, struct mwb_paths *paths,
		   struct sk_buff *skb)
{
	struct mwb_tx_cb *cb = mwb_tx_cb(skb);
	enum mwb_queue_verdict verdict = MWB_QUEUE_ADMIT;
	struct mwb_pace *path[MWB_MAX_WANS];
	struct mwb_tx *tx = &session->tx;
	struct mwb_wan *wan = NULL;
	u64 now = mwb_now();
	u32 usable = 0;
	bool sparse;

	if (mwb_queue_is_choosy(&cb->node))
		usable = mwb_queue_paths(paths, U16_MAX, path);
	spin_lock(&tx->lock);
	sparse = !(cb->flags & MWB_WIRE_ORDERED) &&
		 (cb->priority >= MWB_PRIORITY_REAL_TIME ||
		  mwb_queue_is_sparse(&tx->pacer.queue, cb->node.flow,
				      cb->node.len, now));
	if (sparse)
		wan = mwb_queue_earliest_of(tx, paths, &cb->node);
	if (!wan)
		verdict = mwb_pacer_admit(&tx->pacer, path, usable, &cb->node,
					  now);
	if (!wan && tx->memory + skb->truesize > MWB_QUEUE_MEMORY)
		verdict = MWB_QUEUE_DROP;
	if (verdict == MWB_QUEUE_DROP ||
	    !mwb_queue_enter(session, paths, skb, verdict == MWB_QUEUE_MARK)) {
		spin_unlock(&tx->lock);
		mwb_session_drop(session, skb, MWB_STAT_tx_queue);
		return;
	}
	if (!wan) {
		tx->memory += skb->truesize;
		mwb_queue_add(&tx->pacer.queue, &cb->node);
	}
	spin_unlock(&tx->lock);
	if (wan)
		mwb_pace_send(paths, wan, skb, 0);
}

void mwb_wan_pace_init(struct mwb_wan *wan)
{
	wan->pace.index = wan->index;
	hrtimer_setup(&wan->pace_timer, mwb_pace_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
	mwb_wan_pace_set(wan);
}

void mwb_wan_pace_set(struct mwb_wan *wan)
{
	u64 cap = wan->settings.rate ?
		  max_t(u64, wan->settings.rate, MWB_RATE_MIN) : MWB_RATE_MAX;
	u64 seed = min(mwb_wan_rate_usual(wan), cap);
	struct mwb_tx *tx = &wan->session->tx;
	struct mwb_pace *pace = &wan->pace;

	spin_lock_bh(&tx->lock);
	/* Only what has not been learnt better goes by the type. */
	if (pace->rate.rate == wan->pace_seed && wan->pace_seed != seed)
		mwb_rate_init(&pace->rate, seed);
	wan->pace_seed = seed;
	pace->rate.cap = wan->settings.rate;
	pace->rate.rate = min(pace->rate.rate, cap);
	spin_unlock_bh(&tx->lock);
}

void mwb_wan_pace_restart(struct mwb_wan *wan)
{
	struct mwb_tx *tx = &wan->session->tx;

	spin_lock_bh(&tx->lock);
	mwb_pace_restart(&wan->pace);
	spin_unlock_bh(&tx->lock);
}

void mwb_wan_pace_renew(struct mwb_wan *wan, u64 rate)
{
	struct mwb_tx *tx = &wan->session->tx;
	struct mwb_pace *pace = &wan->pace;

	spin_lock_bh(&tx->lock);
	mwb_rate_init(&pace->rate, max(rate, wan->pace_seed));
	pace->rate.cap = wan->settings.rate;
	spin_unlock_bh(&tx->lock);
	mwb_wan_pace_set(wan);
}

int mwb_queue_create(struct mwb_session *session)
{
	struct mwb_tx *tx = &session->tx;
	struct mwb_queue_flow *flow;

	flow = kvcalloc(MWB_QUEUE_FLOWS, sizeof(*flow), GFP_KERNEL);
	if (!flow)
		return -ENOMEM;
	mwb_pacer_init(&tx->pacer, flow);
	spin_lock_init(&tx->lock);
	return 0;
}

void mwb_queue_purge(struct mwb_session *session)
{
	struct mwb_queue_node *node, *next;
	struct mwb_tx *tx = &session->tx;

	spin_lock_bh(&tx->lock);
	while ((node = mwb_queue_take(&tx->pacer.queue)))
		kfree_skb(mwb_queue_leave(tx, node));
	list_for_each_entry_safe(node, next, &tx->pacer.repair, list)
		kfree_skb(mwb_tx_skb(node));
	INIT_LIST_HEAD(&tx->pacer.repair);
	tx->acked = 0;
	spin_unlock_bh(&tx->lock);
}

void mwb_queue_destroy(struct mwb_session *session)
{
	kvfree(session->tx.pacer.queue.flow);
}

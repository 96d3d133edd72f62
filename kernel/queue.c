// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode auto: the queue of a device, and the pace at which each WAN empties it.
 *
 * A WAN that may send takes the packet whose turn it is, so that what is
 * queued belongs to no WAN until it is sent. One outside the hold takes the
 * last packet of a long flow instead, if it brings it no later than the WANs
 * inside would.
 */
#include <linux/skbuff.h>

#include "compat/hrtimer.h"
#include "path.h"
#include "session.h"
#include "wan.h"

#define MWB_PACE_BURST		(1 * (u64)NSEC_PER_MSEC)
#define MWB_PACE_GRID		(500 * (u64)NSEC_PER_USEC)
/* That sparse flows and repairs may send ahead of the pace */
#define MWB_PACE_AHEAD		(10 * (u64)NSEC_PER_MSEC)
/* Of a WAN that refuses packets */
#define MWB_PACE_PAUSE		(50 * (u64)NSEC_PER_MSEC)

/* CoDel with the parameters of the round-trip time that the flows see */
#define MWB_QUEUE_TARGET_MIN	(5 * (u64)NSEC_PER_MSEC)
#define MWB_QUEUE_TARGET_LOSSY	(30 * (u64)NSEC_PER_MSEC)
#define MWB_QUEUE_TARGET_START	(100 * (u64)NSEC_PER_MSEC)
#define MWB_QUEUE_INTERVAL_MIN	(100 * (u64)NSEC_PER_MSEC)
#define MWB_QUEUE_CAP_MIN	(200 * (u64)NSEC_PER_MSEC)

enum {
	MWB_PACE_BATCH = 32,		/* packets taken at a time */
	MWB_QUEUE_BYTES = 32 << 20,
	MWB_QUEUE_MEMORY = 64 << 20,	/* truesize of what is in the queue */
	MWB_QUEUE_LOSSY = 1000,		/* parts per million */
	MWB_QUEUE_REPAIRS = 8,		/* of one packet */
	MWB_PACE_WINDOW_MIN = 30000,	/* bytes */
};

/* The peer compares with WANs that are down, too. */
u64 mwb_queue_base(const struct mwb_tx *tx, const struct mwb_wan *wan)
{
	u64 rtt = READ_ONCE(wan->health.rtt);
	u64 base = rtt > tx->rtt ? (rtt - tx->rtt) / 2 : 0;

	if (wan->pace.reported)
		base = wan->pace.base;
	return base > tx->base ? base - tx->base : 0;
}

static void mwb_queue_set_limits(struct mwb_tx *tx, bool lossy, bool starting)
{
	struct mwb_queue_limits *limits = &tx->queue.limits;
	u64 rtt = tx->hold.hold + tx->rtt;

	limits->cost = mwb_queue_cost(tx->hold.rate);
	limits->target = max_t(u64, MWB_QUEUE_TARGET_MIN,
			       div_u64(rtt * 43, 100));
	if (lossy)
		limits->target = max_t(u64, limits->target,
				       MWB_QUEUE_TARGET_LOSSY);
	if (starting)
		limits->target = max_t(u64, limits->target,
				       MWB_QUEUE_TARGET_START);
	limits->interval = max_t(u64, MWB_QUEUE_INTERVAL_MIN, rtt);
	limits->cap = max_t(u64, MWB_QUEUE_CAP_MIN, rtt * 3 / 2);
	limits->bytes = MWB_QUEUE_BYTES;
}

static void mwb_queue_pace(struct mwb_tx *tx, struct mwb_pace *pace, u64 rtt)
{
	u64 time = rtt + 100 * (u64)NSEC_PER_MSEC;

	pace->cost = mwb_queue_cost(pace->rate.rate);
	pace->window = max_t(u64, MWB_PACE_WINDOW_MIN,
			     div_u64(pace->rate.rate *
				     div_u64(time, NSEC_PER_MSEC),
				     MSEC_PER_SEC));
}

static void mwb_queue_compare(struct mwb_tx *tx, struct mwb_paths *paths)
{
	u32 count = paths->table.count;
	u64 least = count ? U64_MAX : 0;
	u32 i;

	tx->base = 0;
	for (i = 0; i < count; i++) {
		struct mwb_wan *wan = paths->wan[paths->table.path[i].index];

		least = min(least, mwb_queue_base(tx, wan));
	}
	tx->base = least;
}

void mwb_queue_update(struct mwb_session *session, struct mwb_paths *paths)
{
	struct mwb_hold_path path[MWB_MAX_WANS];
	struct mwb_tx *tx = &session->tx;
	bool lossy = false, starting = false;
	u32 count = paths->table.count;
	u64 now = mwb_now();
	u32 i;

	lockdep_assert_held(&tx->lock);
	tx->rtt = count ? U64_MAX : 0;
	for (i = 0; i < count; i++) {
		struct mwb_wan *wan = paths->wan[paths->table.path[i].index];

		tx->rtt = min(tx->rtt, READ_ONCE(wan->health.rtt));
	}
	mwb_queue_compare(tx, paths);
	for (i = 0; i < count; i++) {
		u8 index = paths->table.path[i].index;
		struct mwb_wan *wan = paths->wan[index];

		path[i].base = mwb_queue_base(tx, wan);
		path[i].target = wan->pace.rate.target;
		path[i].jitter = wan->pace.rate.noise;
		path[i].rate = wan->pace.rate.rate;
		path[i].loss = wan->pace.rate.loss;
		path[i].index = index;
		path[i].known = true;
		mwb_queue_pace(tx, &wan->pace, READ_ONCE(wan->health.rtt));
	}
	mwb_hold_update(&tx->hold, path, count,
			READ_ONCE(session->settings.skew_budget) *
			(u64)NSEC_PER_MSEC, tx->rtt, now);
	tx->count = count;
	for (i = 0; i < count; i++) {
		tx->order[i] = path[i].index;
		if (!(tx->hold.inside & BIT(path[i].index)))
			continue;
		lossy |= path[i].loss > MWB_QUEUE_LOSSY;
		starting |= paths->wan[path[i].index]->pace.rate.starting;
	}
	mwb_queue_set_limits(tx, lossy, starting);
}

static void mwb_pace_charge(struct mwb_pace *pace, u32 len, u64 now)
{
	pace->next = max(pace->next, now - MWB_PACE_BURST) +
		     mwb_queue_time(len, pace->cost);
}

static u64 mwb_pace_under_way(struct mwb_paths *paths, struct mwb_wan *wan)
{
	struct mwb_path_state *state;

	state = rcu_dereference_bh(paths->assoc->path[READ_ONCE(wan->wire_id)]);
	return state ? READ_ONCE(state->tx.bytes) : 0;
}

static struct sk_buff *mwb_queue_leave(struct mwb_tx *tx,
				       struct mwb_queue_node *node)
{
	if (!node)
		return NULL;
	tx->memory -= mwb_tx_skb(node)->truesize;
	return mwb_tx_skb(node);
}

/* The next packet for a WAN, or NULL if none waits that it should carry. */
static struct sk_buff *mwb_pace_next(struct mwb_tx *tx, struct mwb_wan *wan)
{
	struct mwb_queue_node *node;

	if (tx->hold.inside & BIT(wan->index)) {
		node = list_first_entry_or_null(&tx->repair,
						struct mwb_queue_node, list);
		if (node) {
			list_del(&node->list);
			return mwb_tx_skb(node);
		}
		node = mwb_queue_take(&tx->queue);
	} else if (tx->hold.hold + mwb_queue_wait(&tx->queue) >
		   mwb_queue_base(tx, wan) + wan->pace.rate.target +
		   wan->pace.rate.noise) {
		node = mwb_queue_take_last(&tx->queue);
	} else {
		node = NULL;
	}
	return mwb_queue_leave(tx, node);
}

/* Have a WAN look again when it may send. */
static void mwb_pace_arm(struct mwb_pace *pace, u64 now)
{
	u64 wait = pace->next > now ? pace->next - now : 0;

	if (!hrtimer_is_queued(&pace->timer))
		hrtimer_start(&pace->timer,
			      ns_to_ktime(max_t(u64, wait, MWB_PACE_GRID)),
			      HRTIMER_MODE_REL_SOFT);
}

/* Packets that are due on a WAN. @hold: for those that are ordered */
static u32 mwb_pace_take(struct mwb_paths *paths, struct mwb_wan *wan,
			 struct sk_buff *batch[MWB_PACE_BATCH], u64 *hold)
{
	struct mwb_tx *tx = &wan->session->tx;
	struct mwb_pace *pace = &wan->pace;
	u64 room, now, under_way;
	struct sk_buff *skb;
	u32 count = 0;

	spin_lock(&tx->lock);
	now = mwb_now();
	under_way = mwb_pace_under_way(paths, wan);
	room = pace->window > under_way ? pace->window - under_way : 0;
	/* To the peer, it begins when the fastest that it knows would arrive. */
	*hold = tx->hold.hold ? tx->base + tx->hold.hold : 0;
	while (count < MWB_PACE_BATCH && room && pace->next <= now) {
		skb = mwb_pace_next(tx, wan);
		if (!skb)
			break;
		room -= min_t(u64, room, skb->len);
		mwb_pace_charge(pace, mwb_tx_cb(skb)->node.len, now);
		batch[count++] = skb;
	}
	if (pace->next > now && (tx->queue.packets || !list_empty(&tx->repair)))
		mwb_pace_arm(pace, now);
	spin_unlock(&tx->lock);
	return count;
}

/*
 * For what must not wait: the WAN that brings it first, ahead of its pace.
 *
 * Return: NULL if all are too far ahead already
 */
static struct mwb_wan *mwb_queue_earliest(struct mwb_tx *tx,
					  struct mwb_paths *paths, u32 len)
{
	struct mwb_wan *best = NULL;
	u64 least = U64_MAX;
	u64 now = mwb_now();
	u32 i;

	lockdep_assert_held(&tx->lock);
	for (i = 0; i < paths->table.count; i++) {
		struct mwb_wan *wan = paths->wan[paths->table.path[i].index];
		u64 ahead = wan->pace.next > now ? wan->pace.next - now : 0;
		u64 arrival = mwb_queue_base(tx, wan) + ahead;

		if (ahead > MWB_PACE_AHEAD || arrival >= least)
			continue;
		least = arrival;
		best = wan;
	}
	if (best)
		mwb_pace_charge(&best->pace, len, now);
	return best;
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
	wan->pace.next = max(wan->pace.next, now + MWB_PACE_PAUSE);
	wan = mwb_queue_earliest(tx, paths, cb->node.len);
	if (!wan) {
		list_add_tail(&cb->node.list, &tx->repair);
		for (i = 0; i < paths->table.count; i++) {
			u8 index = paths->table.path[i].index;

			mwb_pace_arm(&paths->wan[index]->pace, now);
		}
	}
	spin_unlock(&tx->lock);
	return wan;
}

static void mwb_pace_send(struct mwb_paths *paths, struct mwb_wan *wan,
			  struct sk_buff *skb, u64 hold)
{
	if (!(mwb_tx_cb(skb)->flags & MWB_WIRE_ORDERED) ||
	    mwb_tx_cb(skb)->repairs)
		hold = 0;
	while (wan && mwb_send_packet(paths, wan, skb, hold))
		wan = mwb_pace_refused(paths, wan, skb);
}

/* Send what is due on a WAN, unless another CPU does already. */
static void mwb_pace_run(struct mwb_paths *paths, struct mwb_wan *wan)
{
	struct sk_buff *batch[MWB_PACE_BATCH];
	struct mwb_pace *pace = &wan->pace;
	u32 count, i;
	u64 hold;

	set_bit(MWB_PACE_AGAIN, &pace->flags);
	while (test_bit(MWB_PACE_AGAIN, &pace->flags) &&
	       !test_and_set_bit(MWB_PACE_RUNNING, &pace->flags)) {
		clear_bit(MWB_PACE_AGAIN, &pace->flags);
		do {
			count = mwb_pace_take(paths, wan, batch, &hold);
			for (i = 0; i < count; i++)
				mwb_pace_send(paths, wan, batch[i], hold);
		} while (count == MWB_PACE_BATCH);
		clear_bit(MWB_PACE_RUNNING, &pace->flags);
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
	count = tx->count;
	memcpy(order, tx->order, sizeof(order));
	spin_unlock(&tx->lock);
	for (i = 0; i < count; i++)
		if (mwb_pace_usable(paths, order[i]))
			mwb_pace_run(paths, paths->wan[order[i]]);
}

static enum hrtimer_restart mwb_pace_timer(struct hrtimer *timer)
{
	struct mwb_wan *wan = container_of(timer, struct mwb_wan, pace.timer);
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
		wan = mwb_queue_earliest(tx, paths, node->len);
		if (!wan)
			list_add_tail(&node->list, &tx->repair);
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
	struct mwb_tx *tx = &session->tx;
	struct mwb_wan *wan = NULL;
	u64 now = mwb_now();
	bool sparse;

	spin_lock(&tx->lock);
	sparse = !(cb->flags & MWB_WIRE_ORDERED) &&
		 (cb->priority >= MWB_PRIORITY_REAL_TIME ||
		  mwb_queue_is_sparse(&tx->queue, cb->node.flow, cb->node.len,
				      now));
	if (sparse)
		wan = mwb_queue_earliest(tx, paths, cb->node.len);
	if (!wan)
		verdict = mwb_queue_admit(&tx->queue, cb->node.flow,
					  cb->node.len, now);
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
		mwb_queue_add(&tx->queue, &cb->node, now);
	}
	spin_unlock(&tx->lock);
	if (wan)
		mwb_pace_send(paths, wan, skb, 0);
}

void mwb_wan_pace_init(struct mwb_wan *wan)
{
	hrtimer_setup(&wan->pace.timer, mwb_pace_timer, CLOCK_MONOTONIC,
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
	if (pace->rate.rate == pace->seed && pace->seed != seed)
		mwb_rate_init(&pace->rate, seed);
	pace->seed = seed;
	pace->rate.cap = wan->settings.rate;
	pace->rate.rate = min(pace->rate.rate, cap);
	spin_unlock_bh(&tx->lock);
}

void mwb_wan_pace_restart(struct mwb_wan *wan)
{
	struct mwb_tx *tx = &wan->session->tx;

	spin_lock_bh(&tx->lock);
	mwb_rate_restart(&wan->pace.rate);
	wan->pace.reported = false;
	wan->pace.base = 0;
	wan->pace.next = 0;
	spin_unlock_bh(&tx->lock);
}

int mwb_queue_create(struct mwb_session *session)
{
	struct mwb_tx *tx = &session->tx;
	struct mwb_queue_flow *flow;

	flow = kvcalloc(MWB_QUEUE_FLOWS, sizeof(*flow), GFP_KERNEL);
	if (!flow)
		return -ENOMEM;
	mwb_queue_init(&tx->queue, flow);
	spin_lock_init(&tx->lock);
	INIT_LIST_HEAD(&tx->repair);
	return 0;
}

void mwb_queue_purge(struct mwb_session *session)
{
	struct mwb_queue_node *node, *next;
	struct mwb_tx *tx = &session->tx;

	spin_lock_bh(&tx->lock);
	while ((node = mwb_queue_take(&tx->queue)))
		kfree_skb(mwb_queue_leave(tx, node));
	list_for_each_entry_safe(node, next, &tx->repair, list)
		kfree_skb(mwb_tx_skb(node));
	INIT_LIST_HEAD(&tx->repair);
	tx->acked = 0;
	spin_unlock_bh(&tx->lock);
}

void mwb_queue_destroy(struct mwb_session *session)
{
	kvfree(session->tx.queue.flow);
}

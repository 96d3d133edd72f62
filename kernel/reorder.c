// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device's NAPI: puts parts together and flows in sequence, and delivers.
 * All state here belongs to the running poll, so it needs no lock. What feeds
 * it: session->rx, filled by receive.c, and the timer of the reorder deadline
 * and of the next release.
 */
#include <linux/if_ether.h>
#include <net/dsfield.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "compat/hrtimer.h"
#include "path.h"
#include "session.h"
#include "trace.h"
#include "wan.h"

enum {
	MWB_PARTS_MAX = 64,		/* packets being put together */
	MWB_REORDER_SLACK = 50000,	/* of the timer, ns */
};

/**
 * struct mwb_parts - a fragmented packet whose parts are arriving
 * @list: in session->parts, the oldest first
 * @sequence: sequence id, which all parts share
 * @deadline: when it is given up, ns
 * @parts: the parts, by rising index
 * @generation: of the association
 * @wan_id: of the path: copies over others may be split otherwise
 * @have: number of parts
 * @want: number of parts there are; 0 until the last has arrived
 */
struct mwb_parts {
	struct list_head list;
	u64 sequence;
	u64 deadline;
	struct sk_buff_head parts;
	u32 generation;
	u8 wan_id;
	u8 have;
	u8 want;
};

static void mwb_parts_free(struct mwb_session *session, struct mwb_parts *parts,
			   bool lost)
{
	if (lost)
		mwb_stats_add(session->stats, MWB_STAT_rx_fragment,
			      parts->have);
	list_del(&parts->list);
	session->nr_parts--;
	__skb_queue_purge(&parts->parts);
	kfree(parts);
}

static void mwb_parts_expire(struct mwb_session *session, u64 now)
{
	struct mwb_parts *parts, *next;

	list_for_each_entry_safe(parts, next, &session->parts, list) {
		if (parts->deadline > now)
			break;
		mwb_parts_free(session, parts, true);
	}
}

static struct mwb_parts *mwb_parts_find(struct mwb_session *session,
					const struct mwb_cb *cb, u64 now)
{
	u64 sequence = mwb_wire_sequence(cb->node.bucket, cb->node.seq);
	struct mwb_parts *parts;

	list_for_each_entry(parts, &session->parts, list)
		if (parts->sequence == sequence &&
		    parts->wan_id == cb->wan_id &&
		    parts->generation == cb->generation)
			return parts;

	if (session->nr_parts >= MWB_PARTS_MAX)
		mwb_parts_free(session,
			       list_first_entry(&session->parts,
						struct mwb_parts, list), true);
	parts = kzalloc(sizeof(*parts), GFP_ATOMIC);
	if (!parts)
		return NULL;
	parts->sequence = sequence;
	parts->generation = cb->generation;
	parts->wan_id = cb->wan_id;
	parts->deadline = now + session->reorder.timeout;
	__skb_queue_head_init(&parts->parts);
	list_add_tail(&parts->list, &session->parts);
	session->nr_parts++;
	return parts;
}

/* Where a part belongs; false if it is there already or contradicts. */
static bool mwb_parts_insert(struct mwb_parts *parts, struct sk_buff *skb)
{
	struct mwb_cb *cb = mwb_cb(skb);
	struct sk_buff *pos;

	if (parts->want && cb->fragment >= parts->want)
		return false;
	if (cb->flags & MWB_WIRE_LAST_FRAGMENT) {
		pos = skb_peek_tail(&parts->parts);
		if (parts->want || (pos && mwb_cb(pos)->fragment > cb->fragment))
			return false;
	}
	skb_queue_reverse_walk(&parts->parts, pos) {
		if (mwb_cb(pos)->fragment == cb->fragment)
			return false;
		if (mwb_cb(pos)->fragment < cb->fragment)
			break;
	}
	if (cb->flags & MWB_WIRE_LAST_FRAGMENT)
		parts->want = cb->fragment + 1;
	__skb_queue_after(&parts->parts, pos, skb);
	parts->have++;
	return true;
}

/* One skb of all parts, with what travels with the first; NULL if there is no
 * memory or the parts contradict.
 */
static struct sk_buff *mwb_parts_join(struct mwb_parts *parts)
{
	struct sk_buff *part, *skb;
	u32 len = 0;

	skb_queue_walk(&parts->parts, part) {
		len += part->len;
		/* RFC 3168, 5.3: a mark on any part is one on the whole. */
		if (INET_ECN_is_ce(mwb_cb(part)->node.tag))
			mwb_cb(skb_peek(&parts->parts))->node.tag |=
				INET_ECN_CE;
		if (!skb_queue_is_last(&parts->parts, part) &&
		    part->len != skb_peek(&parts->parts)->len)
			return NULL;
	}
	if (len > MWB_MTU_MAX)
		return NULL;
	skb = alloc_skb(NET_SKB_PAD + NET_IP_ALIGN + len, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD + NET_IP_ALIGN);
	part = skb_peek(&parts->parts);
	*mwb_cb(skb) = *mwb_cb(part);
	skb_queue_walk(&parts->parts, part)
		skb_put_data(skb, part->data, part->len);
	return skb;
}

/* Return: the whole packet once the last part is there, else NULL. */
static struct sk_buff *mwb_parts_add(struct mwb_session *session,
				     struct sk_buff *skb, u64 now)
{
	struct mwb_parts *parts = mwb_parts_find(session, mwb_cb(skb), now);

	if (!parts) {
		mwb_session_drop(session, skb, MWB_STAT_rx_no_memory);
		return NULL;
	}
	if (!mwb_parts_insert(parts, skb)) {
		mwb_session_drop(session, skb, MWB_STAT_rx_fragment);
		return NULL;
	}
	if (parts->have != parts->want)
		return NULL;
	skb = mwb_parts_join(parts);
	mwb_parts_free(session, parts, !skb);
	return skb;
}

/* The inner packet is complete and its length is what it says. */
static bool mwb_reorder_inner_ok(struct sk_buff *skb)
{
	skb_reset_network_header(skb);
	if (skb->len >= sizeof(struct iphdr) && ip_hdr(skb)->version == 4) {
		skb->protocol = htons(ETH_P_IP);
		return ip_hdr(skb)->ihl >= 5 &&
		       ntohs(ip_hdr(skb)->tot_len) == skb->len &&
		       ip_hdr(skb)->ihl * 4 <= skb->len;
	}
	if (skb->len >= sizeof(struct ipv6hdr) && ip_hdr(skb)->version == 6) {
		skb->protocol = htons(ETH_P_IPV6);
		return ntohs(ipv6_hdr(skb)->payload_len) +
		       sizeof(struct ipv6hdr) == skb->len;
	}
	return false;
}

static void mwb_reorder_deliver(struct mwb_session *session,
				struct sk_buff *skb)
{
	u8 ecn = mwb_cb(skb)->node.tag;
	u8 inner;

	if (!mwb_reorder_inner_ok(skb)) {
		mwb_session_drop(session, skb, MWB_STAT_rx_inner);
		return;
	}
	inner = skb->protocol == htons(ETH_P_IP) ? ip_hdr(skb)->tos :
						   ipv6_get_dsfield(ipv6_hdr(skb));
	if (INET_ECN_decapsulate(skb, ecn, inner) > 1) {
		mwb_session_drop(session, skb, MWB_STAT_rx_ecn);
		return;
	}
	skb_scrub_packet(skb, true);
	/* The hash is that of the tunnel's packet. */
	skb_clear_hash(skb);
	skb_set_queue_mapping(skb, 0);
	skb->dev = session->dev;
	skb->pkt_type = PACKET_HOST;
	skb->ip_summed = CHECKSUM_NONE;
	skb->mac_len = 0;
	skb_reset_mac_header(skb);
	skb_reset_transport_header(skb);
	skb_probe_transport_header(skb);
	dev_sw_netstats_rx_add(session->dev, skb->len);
	napi_gro_receive(&session->napi, skb);
}

static struct sk_buff *mwb_reorder_skb(struct list_head *entry)
{
	struct mwb_cb *cb = container_of(entry, struct mwb_cb, node.list);

	return container_of((void *)cb, struct sk_buff, cb);
}

static u64 mwb_reorder_session_horizon(struct mwb_session *session)
{
	struct mwb_paths *paths = rcu_dereference_bh(session->paths);
	struct mwb_reorder_path path[MWB_MAX_WANS];
	struct mwb_wan *wan;
	u32 count = 0;
	u32 i;

	if (!paths)
		return 0;
	for (i = 0; i < MWB_MAX_WANS; i++) {
		wan = paths->wan[i];
		if (!wan)
			continue;
		path[count].stamp = READ_ONCE(wan->rx_stamp);
		path[count].rtt = READ_ONCE(wan->health.rtt);
		path[count].jitter = READ_ONCE(wan->health.rttvar);
		path[count].down = READ_ONCE(wan->health.state) ==
				   MWB_HEALTH_DOWN;
		path[count].quiet = jiffies_to_nsecs(jiffies -
						     READ_ONCE(wan->rx_data));
		count++;
	}
	return mwb_reorder_horizon(&session->reorder, path, count);
}

static void mwb_reorder_purge(struct list_head *list)
{
	struct list_head *entry, *next;

	list_for_each_safe(entry, next, list) {
		list_del(entry);
		kfree_skb(mwb_reorder_skb(entry));
	}
}

static void mwb_reorder_count(struct mwb_session *session,
			      const struct mwb_reorder_stats *before)
{
	const struct mwb_reorder_stats *now = &session->reorder.stats;
	struct mwb_stats __percpu *stats = session->stats;

	if (likely(!memcmp(now, before, sizeof(*now))))
		return;
	mwb_stats_add(stats, MWB_STAT_rx_duplicate,
		      now->duplicate - before->duplicate);
	mwb_stats_add(stats, MWB_STAT_rx_old, now->old - before->old);
	mwb_stats_add(stats, MWB_STAT_rx_late, now->late - before->late);
	mwb_stats_add(stats, MWB_STAT_rx_reordered,
		      now->reordered - before->reordered);
	mwb_stats_add(stats, MWB_STAT_rx_held, now->held - before->held);
	mwb_stats_add(stats, MWB_STAT_rx_skipped,
		      now->skipped - before->skipped);
	mwb_stats_add(stats, MWB_STAT_rx_forced, now->forced - before->forced);
}

static void mwb_reorder_add_skb(struct mwb_session *session,
				struct sk_buff *skb, u64 now)
{
	struct mwb_reorder *ro = &session->reorder;
	struct mwb_cb *cb = mwb_cb(skb);

	if (cb->generation != session->rx_generation) {
		/* Stragglers of the association before have no order here. */
		if ((s32)(cb->generation - session->rx_generation) < 0) {
			mwb_session_drop(session, skb, MWB_STAT_rx_old);
			return;
		}
		mwb_reorder_flush(ro, &session->ready);
		session->rx_generation = cb->generation;
	}
	if (cb->flags & MWB_WIRE_FRAGMENT) {
		skb = mwb_parts_add(session, skb, now);
		if (!skb)
			return;
		cb = mwb_cb(skb);
	}
	if (!(cb->flags & MWB_WIRE_ORDERED)) {
		if (mwb_reorder_note(ro, cb->node.bucket, cb->node.seq) ==
		    MWB_REORDER_READY)
			list_add_tail(&cb->node.list, &session->ready);
		else
			kfree_skb(skb);
		return;
	}
	switch (mwb_reorder_add(ro, &cb->node, now, &session->ready)) {
	case MWB_REORDER_DUPLICATE:
	case MWB_REORDER_OLD:
		kfree_skb(skb);
		break;
	default:
		break;
	}
}

static u64 mwb_reorder_next(struct mwb_session *session)
{
	u64 deadline = mwb_reorder_deadline(&session->reorder);

	if (!list_empty(&session->parts))
		deadline = min(deadline,
			       list_first_entry(&session->parts,
						struct mwb_parts,
						list)->deadline);
	return deadline;
}

static int mwb_reorder_poll(struct napi_struct *napi, int budget)
{
	struct mwb_session *session = container_of(napi, struct mwb_session,
						   napi);
	struct mwb_reorder_stats before = session->reorder.stats;
	struct sk_buff_head batch;
	struct sk_buff *skb;
	u64 deadline, now;
	int done = 0;

	session->reorder.timeout = READ_ONCE(session->settings.reorder_timeout) *
				   (u64)NSEC_PER_MSEC;
	session->reorder.limit = READ_ONCE(session->settings.reorder_buffer);
	now = mwb_now();

	__skb_queue_head_init(&batch);
	if (list_empty(&session->ready)) {
		spin_lock_bh(&session->rx.lock);
		skb_queue_splice_init(&session->rx, &batch);
		spin_unlock_bh(&session->rx.lock);
	}
	while ((skb = __skb_dequeue(&batch)))
		mwb_reorder_add_skb(session, skb, now);

	rcu_read_lock_bh();
	mwb_reorder_expire(&session->reorder, now,
			   mwb_reorder_session_horizon(session),
			   &session->ready);
	rcu_read_unlock_bh();
	mwb_parts_expire(session, now);
	mwb_reorder_count(session, &before);

	while (done < budget && !list_empty(&session->ready)) {
		skb = mwb_reorder_skb(session->ready.next);
		list_del(session->ready.next);
		mwb_reorder_deliver(session, skb);
		done++;
	}
	if (!list_empty(&session->ready) || done == budget)
		return budget;

	/* While the poll is still ours: the next may set an earlier deadline. */
	deadline = mwb_reorder_next(session);
	if (deadline != U64_MAX) {
		now = mwb_now();
		/* Late enough for what is due soon after, for GRO. */
		hrtimer_start_range_ns(&session->timer,
				       ns_to_ktime(deadline > now ?
						   deadline - now : 0),
				       MWB_REORDER_SLACK,
				       HRTIMER_MODE_REL_SOFT);
	}
	napi_complete_done(napi, done);
	return done;
}

static enum hrtimer_restart mwb_reorder_timer(struct hrtimer *timer)
{
	struct mwb_session *session = container_of(timer, struct mwb_session,
						   timer);

	napi_schedule(&session->napi);
	return HRTIMER_NORESTART;
}

int mwb_reorder_create(struct mwb_session *session)
{
	struct mwb_reorder_bucket *bucket;

	bucket = kvcalloc(MWB_WIRE_BUCKETS, sizeof(*bucket), GFP_KERNEL);
	if (!bucket)
		return -ENOMEM;
	skb_queue_head_init(&session->rx);
	INIT_LIST_HEAD(&session->ready);
	INIT_LIST_HEAD(&session->parts);
	mwb_reorder_init(&session->reorder, bucket, MWB_WIRE_BUCKETS);
	hrtimer_setup(&session->timer, mwb_reorder_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
	netif_napi_add(session->dev, &session->napi, mwb_reorder_poll);
	return 0;
}

void mwb_reorder_start(struct mwb_session *session)
{
	napi_enable(&session->napi);
}

void mwb_reorder_stop(struct mwb_session *session)
{
	struct mwb_parts *parts, *next;

	/* Neither polls from here on; the timer cannot schedule what is off. */
	napi_disable(&session->napi);
	hrtimer_cancel(&session->timer);
	skb_queue_purge(&session->rx);
	mwb_reorder_flush(&session->reorder, &session->ready);
	mwb_reorder_purge(&session->ready);
	list_for_each_entry_safe(parts, next, &session->parts, list)
		mwb_parts_free(session, parts, false);
}

void mwb_reorder_destroy(struct mwb_session *session)
{
	netif_napi_del(&session->napi);
	kvfree(session->reorder.bucket);
}

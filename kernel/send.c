// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sending: segments, sequence number, choice of the path, parts, header,
 * checksum. Each packet is written into a new skb: the payload of the old one
 * may belong to a file or to a process that still writes to it.
 */
#include <linux/if_ether.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "compat/gso.h"
#include "fec.h"
#include "path.h"
#include "session.h"
#include "socket.h"
#include "trace.h"
#include "wan.h"

enum {
	/* Room for the link layer, IP and UDP below. */
	MWB_SEND_HEADROOM = LL_MAX_HEADER + sizeof(struct ipv6hdr) +
			    sizeof(struct udphdr) + MWB_WIRE_HDR_LEN,
	/* Tunnels in tunnels, below the depth at which the stack drops. */
	MWB_SEND_NESTING = 4,
	/* Kept for a repair, of one path, bytes */
	MWB_SEND_KEPT_MAX = 16 << 20,
	/* So many packets of a path have numbers of their own, bits */
	MWB_SEND_NUMBERS = 55,
};

static void mwb_send_account(struct mwb_wan *wan, u32 len)
{
	struct mwb_wan_stats *stats = this_cpu_ptr(wan->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->tx_packets);
	u64_stats_add(&stats->tx_bytes, len);
	u64_stats_update_end(&stats->syncp);
}

void mwb_send_error(struct mwb_wan *wan, int err)
{
	struct mwb_wan_stats *stats = this_cpu_ptr(wan->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->tx_errors);
	u64_stats_update_end(&stats->syncp);
	mwb_stats_inc(wan->session->stats, err == -ELOOP ? MWB_STAT_tx_loop :
		      err == -ENOMEM ? MWB_STAT_tx_no_memory :
		      MWB_STAT_tx_route);
	if (err == -ELOOP && !READ_ONCE(wan->loop)) {
		WRITE_ONCE(wan->loop, true);
		mwb_session_kick(wan->session);
	}
	if (err != -ENOMEM && err != -EMSGSIZE && !READ_ONCE(wan->failed)) {
		WRITE_ONCE(wan->failed, true);
		mwb_session_kick(wan->session);
	}
}

struct sk_buff *mwb_send_alloc(size_t len)
{
	struct sk_buff *skb;

	skb = alloc_skb(MWB_SEND_HEADROOM + len + MWB_WIRE_TAG_LEN, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, MWB_SEND_HEADROOM);
	skb_put(skb, len);
	return skb;
}

/* Packets that arrived, or of which nobody knows. tx_lock is held. */
static void mwb_send_forget(void *context, void *owner, bool lost)
{
	struct mwb_path_state *state = context;
	struct sk_buff *skb = owner;

	state->tx_kept -= skb->truesize;
	consume_skb(skb);
}

/* Make room for one more packet in the record of those that are under way. */
static void mwb_send_make_room(struct mwb_path_state *state)
{
	struct mwb_loss *tx = &state->tx;
	struct mwb_loss_slot *slot, *old = tx->slot;

	while (state->tx_kept > MWB_SEND_KEPT_MAX)
		mwb_loss_forget_oldest(tx, mwb_send_forget, state);
	if (likely(!mwb_loss_is_full(tx)))
		return;
	slot = tx->size < MWB_LOSS_SLOTS_MAX ?
	       kcalloc(2 * tx->size, sizeof(*slot),
		       GFP_NOWAIT | __GFP_NOWARN) : NULL;
	if (slot) {
		mwb_loss_grow(tx, slot, 2 * tx->size);
		kfree(old);
	} else {
		mwb_loss_forget_oldest(tx, mwb_send_forget, state);
	}
}

/* The packet's number; @keep: to be kept for a repair, or NULL */
static u64 mwb_send_number(struct mwb_path_state *state, u32 len,
			   struct sk_buff *keep, u64 now)
{
	u64 number;

	spin_lock_bh(&state->tx_lock);
	mwb_send_make_room(state);
	number = mwb_loss_send(&state->tx, len, keep, now);
	state->tx_stamp = now;
	state->tx_bytes += len;
	if (keep)
		state->tx_kept += keep->truesize;
	spin_unlock_bh(&state->tx_lock);
	return number;
}

/* The key for what is sent on a path; NULL if it is not encrypted, or ERR_PTR() */
static struct mwb_key *mwb_send_key(const struct mwb_path_state *state)
{
	struct mwb_key *key;

	if (!state || !state->assoc->secure)
		return NULL;
	key = rcu_dereference_bh(state->assoc->tx_key);
	return key && !READ_ONCE(state->assoc->exhausted) ? key :
	       ERR_PTR(-ENOKEY);
}

int mwb_send_sealed(struct mwb_wan *wan, struct mwb_path_state *state,
		    const struct mwb_endpoint *ep, const struct mwb_route *route,
		    struct mwb_wire_hdr *hdr, struct sk_buff *skb,
		    const u8 *plain, u8 tos, struct sk_buff *keep)
{
	struct mwb_key *key = mwb_send_key(state);
	u64 number = 0;
	int err;

	if (IS_ERR(key)) {
		kfree_skb(skb);
		return PTR_ERR(key);
	}
	hdr->data_len = skb->len;
	hdr->checksum = 0;
	hdr->timestamp = mwb_now();
	skb_push(skb, MWB_WIRE_HDR_LEN);
	if (key) {
		/* That of the fragment before may have been another. */
		hdr->flags &= ~MWB_WIRE_KEY_PHASE;
		hdr->flags |= MWB_WIRE_ENCRYPTED |
			      key->phase << MWB_WIRE_KEY_PHASE_SHIFT;
		skb_put(skb, MWB_WIRE_TAG_LEN);
	}
	/* As soon as it has its number an Ack may settle it, while it is read. */
	if (keep)
		skb_get(keep);
	if (state)
		number = mwb_send_number(state, skb->len, keep, hdr->timestamp);
	hdr->packet_number = number;
	if (unlikely(number >> MWB_SEND_NUMBERS)) {
		WRITE_ONCE(state->assoc->exhausted, true);
		mwb_session_kick(state->assoc->session);
	}
	/* It has its number: if this fails it is lost, and repaired. */
	err = mwb_key_write(key, hdr, number, skb->data, plain);
	if (keep)
		consume_skb(keep);
	if (err) {
		mwb_stats_inc(state->assoc->session->stats,
			      MWB_STAT_tx_no_memory);
		kfree_skb(skb);
		return 0;
	}
	if (wan) {
		mwb_send_account(wan, skb->len);
		trace_mwb_xmit(wan->session->dev, hdr->wan_id, hdr->type,
			       hdr->packet_number, skb->len);
	}
	mwb_socket_output(ep, route, skb, tos);
	return 0;
}

/* Largest payload of one datagram on a route, as far as such arrive; 0 if there is
 * no sensible one. The tag is reckoned with in the plain mode, too.
 */
u32 mwb_send_room(struct mwb_wan *wan, const struct mwb_route *route)
{
	u32 overhead = MWB_WIRE_HDR_LEN + MWB_WIRE_TAG_LEN;
	u32 room = route->mtu > overhead + MWB_MTU_MIN ?
		   route->mtu - overhead : 0;

	u32 limit = READ_ONCE(wan->room);

	if (room && READ_ONCE(wan->route_room) != room) {
		WRITE_ONCE(wan->route_room, room);
		mwb_session_kick(wan->session);
	}
	return limit ? min(room, limit) : room;
}

/* An skb for the packet, or for the part of it from @offset; @plain: where that
 * is, which is in the new one if the old one is in pieces.
 */
static struct sk_buff *mwb_send_part(struct sk_buff *skb, u32 offset, u32 len,
				     const u8 **plain)
{
	struct sk_buff *out = mwb_send_alloc(len);

	if (!out)
		return ERR_PTR(-ENOMEM);
	*plain = skb->data + offset;
	if (offset + len > skb_headlen(skb)) {
		*plain = out->data;
		if (skb_copy_bits(skb, offset, out->data, len)) {
			kfree_skb(out);
			return ERR_PTR(-EINVAL);
		}
	}
	out->priority = skb->priority;
	return out;
}

/* In as many parts as it takes; those are not repaired. */
static int mwb_send_fragments(struct mwb_wan *wan, struct mwb_path_state *state,
			      struct mwb_endpoint *ep,
			      const struct mwb_route *route,
			      struct mwb_wire_hdr *hdr, struct sk_buff *skb,
			      u32 room)
{
	u32 part = round_down(room, 8);
	struct sk_buff *out;
	const u8 *plain;
	u32 offset, len;
	int err;

	if (!part || DIV_ROUND_UP(skb->len, part) > MWB_WIRE_FRAGMENTS)
		return -EMSGSIZE;
	hdr->flags |= MWB_WIRE_FRAGMENT;
	mwb_stats_inc(wan->session->stats, MWB_STAT_tx_fragmented);
	for (offset = 0; offset < skb->len; offset += part, hdr->fragment++) {
		len = min(part, skb->len - offset);
		out = mwb_send_part(skb, offset, len, &plain);
		if (IS_ERR(out))
			return PTR_ERR(out);
		if (offset + len == skb->len)
			hdr->flags |= MWB_WIRE_LAST_FRAGMENT;
		out->mark = ep->mark;
		err = mwb_send_sealed(wan, state, ep, route, hdr, out, plain,
				      mwb_tx_cb(skb)->tos, NULL);
		if (err)
			return err;
	}
	return 0;
}

/*
 * One copy of an inner packet over one path; @first: not a duplicate.
 *
 * Return: 0 or a negative errno; 1 if @skb is kept for a repair
 */
static int mwb_send_copy(struct mwb_paths *paths, struct mwb_wan *wan,
			 struct sk_buff *skb, u64 hold, bool first)
{
	struct mwb_association *assoc = paths->assoc;
	struct mwb_endpoint *ep = rcu_dereference_bh(wan->endpoint);
	const struct mwb_tx_cb *cb = mwb_tx_cb(skb);
	struct mwb_wire_hdr hdr = {
		.session = assoc->remote_id,
		.sequence = cb->sequence,
		.type = cb->type,
		.flags = cb->flags,
		.priority = cb->priority,
		.wan_id = READ_ONCE(wan->wire_id),
		.hold = min_t(u64, div_u64(hold, MWB_WIRE_HOLD_UNIT), U16_MAX),
	};
	bool keep = first && paths->repair;
	struct sk_buff_head parities;
	struct mwb_path_state *state;
	struct mwb_route route;
	struct sk_buff *out;
	const u8 *plain;
	u32 room;
	int err;

	state = rcu_dereference_bh(assoc->path[hdr.wan_id]);
	if (!ep || !state)
		return -ENETUNREACH;
	/* Two devices can be each other's underlay: no route shows that. */
	if (unlikely(dev_recursion_level() > MWB_SEND_NESTING))
		return -ELOOP;
	err = mwb_socket_route(wan->session, ep, &route);
	if (err)
		return err;

	room = mwb_send_room(wan, &route);
	if (unlikely(skb->len > room)) {
		err = mwb_send_fragments(wan, state, ep, &route, &hdr, skb,
					 room);
		goto out;
	}
	out = mwb_send_part(skb, 0, skb->len, &plain);
	if (IS_ERR(out)) {
		err = PTR_ERR(out);
		goto out;
	}
	out->mark = ep->mark;
	__skb_queue_head_init(&parities);
	if (first && cb->fec && !cb->repairs) {
		/* The parities are those of what it has. */
		if (plain != out->data)
			memcpy(out->data, plain, out->len);
		plain = out->data;
		mwb_fec_protect(paths, wan, cb->fec, out, &hdr, &parities);
	}
	err = mwb_send_sealed(wan, state, ep, &route, &hdr, out, plain, cb->tos,
			      keep ? skb : NULL) ?: keep;
	if (!skb_queue_empty(&parities))
		mwb_fec_send(wan->session, paths, &parities);
out:
	dst_release(route.dst);
	return err;
}

void mwb_send_duplicate(struct mwb_paths *paths, struct mwb_wan *wan,
			struct sk_buff *skb, u64 hold)
{
	struct mwb_tx_cb *cb = mwb_tx_cb(skb);
	int err;

	cb->flags |= MWB_WIRE_DUPLICATE;
	err = mwb_send_copy(paths, wan, skb, hold, false);
	cb->flags &= ~MWB_WIRE_DUPLICATE;
	if (err)
		mwb_send_error(wan, err);
}

int mwb_send_packet(struct mwb_paths *paths, struct mwb_wan *wan,
		    struct sk_buff *skb, u64 hold)
{
	int err = mwb_send_copy(paths, wan, skb, hold, true);

	if (!err)
		consume_skb(skb);
	else if (err < 0)
		mwb_send_error(wan, err);
	return min(err, 0);
}

bool mwb_send_set_ce(struct sk_buff *skb)
{
	u32 len = skb->protocol == htons(ETH_P_IP) ? sizeof(struct iphdr) :
						     sizeof(struct ipv6hdr);

	if (skb_ensure_writable(skb, skb_network_offset(skb) + len) ||
	    !INET_ECN_set_ce(skb))
		return false;
	mwb_tx_cb(skb)->tos |= INET_ECN_CE;
	return true;
}

static const struct mwb_sched_path *
mwb_send_pick(struct mwb_session *session, const struct mwb_paths *paths,
	      const struct sk_buff *skb, u32 hash, u8 priority)
{
	struct mwb_sched_state *sched = this_cpu_ptr(session->sched);
	u32 len = skb->len + MWB_WIRE_HDR_LEN;

	switch (paths->mode) {
	case MWBOND_MODE_WEIGHTED:
		return mwb_sched_weighted(&paths->table, sched, len);
	case MWBOND_MODE_PER_FLOW:
		return mwb_sched_per_flow(&paths->table, hash);
	case MWBOND_MODE_FAILOVER:
		return mwb_sched_failover(&paths->table);
	case MWBOND_MODE_LEAST_USED:
		return mwb_sched_least_used(&paths->table, sched, len);
	case MWBOND_MODE_LEAST_LATENCY:
		return mwb_sched_least_latency(&paths->table);
	case MWBOND_MODE_ADAPTIVE:
		return mwb_sched_adaptive(&paths->table, sched, len, priority);
	default:
		return mwb_sched_round_robin(&paths->table, sched);
	}
}

/* The path chosen refused the packet at once: any other that takes it. */
static bool mwb_send_elsewhere(struct mwb_paths *paths,
			       const struct mwb_sched_path *refused,
			       struct sk_buff *skb)
{
	u32 i;

	for (i = 0; i < paths->table.count; i++) {
		const struct mwb_sched_path *path = &paths->table.path[i];

		if (path != refused &&
		    !mwb_send_packet(paths, paths->wan[path->index], skb, 0))
			return true;
	}
	return false;
}

/* Over all paths; the first to arrive counts. */
static void mwb_send_everywhere(struct mwb_paths *paths, struct sk_buff *skb)
{
	struct mwb_tx_cb *cb = mwb_tx_cb(skb);
	u32 i;

	for (i = 0; i < paths->table.count; i++) {
		struct mwb_wan *wan = paths->wan[paths->table.path[i].index];
		int err;

		if (i && cb->type == MWB_WIRE_DATA)
			cb->flags |= MWB_WIRE_DUPLICATE;
		err = mwb_send_copy(paths, wan, skb, 0, false);
		if (err)
			mwb_send_error(wan, err);
	}
	consume_skb(skb);
}

/* The path of least latency that is not in @used, or NULL */
static const struct mwb_sched_path *
mwb_send_fastest(const struct mwb_paths *paths, u16 used)
{
	const struct mwb_sched_path *best = NULL;
	u32 i;

	for (i = 0; i < paths->table.count; i++) {
		const struct mwb_sched_path *path = &paths->table.path[i];

		if (!(used & BIT(path->index)) &&
		    (!best || path->latency < best->latency))
			best = path;
	}
	return best;
}

/* Over as many paths besides @path as its class asks for. */
static void mwb_send_duplicates(struct mwb_paths *paths,
				const struct mwb_sched_path *path,
				struct sk_buff *skb)
{
	u16 used = BIT(path->index);
	u32 copies;

	for (copies = mwb_tx_cb(skb)->copies; copies; copies--) {
		path = mwb_send_fastest(paths, used);
		if (!path)
			return;
		used |= BIT(path->index);
		mwb_send_duplicate(paths, paths->wan[path->index], skb, 0);
	}
}

static void mwb_send_describe_class(const struct mwb_paths *paths,
				    const struct mwb_class_rule *rule,
				    struct mwb_tx_cb *cb)
{
	cb->node.reach = rule->max_delay;
	cb->node.path = rule->wan + 1;
	cb->copies = max_t(u8, cb->copies, rule->copies);
	cb->unheld = rule->hold == 0;
	if (rule->fec.kind != MWBOND_FEC_DEVICE)
		cb->fec = rule->fec.kind == MWBOND_FEC_OFF ?
			  0 : 2 + (rule - paths->class);
}

/* Copies that the device asks for */
static u8 mwb_send_copies(const struct mwb_session *session,
			  const struct mwb_paths *paths, u8 priority)
{
	if (paths->duplicate)
		return paths->duplicate - 1;
	return priority >= MWB_PRIORITY_REAL_TIME &&
	       READ_ONCE(session->fec_tx.lossy);
}

/* What travels with the packet, but for its sequence number. */
static void mwb_send_describe(const struct mwb_session *session,
			      const struct mwb_paths *paths,
			      const struct mwb_classified *c,
			      struct sk_buff *skb)
{
	struct mwb_tx_cb *cb = mwb_tx_cb(skb);

	memset(cb, 0, sizeof(*cb));
	cb->node.flow = mwb_classified_bucket(c, skb_get_hash(skb));
	cb->node.len = skb->len + MWB_WIRE_HDR_LEN;
	cb->type = c->multicast ? MWB_WIRE_MULTICAST : MWB_WIRE_DATA;
	cb->flags = c->ordered ? MWB_WIRE_ORDERED : 0;
	cb->priority = c->priority;
	/* RFC 6040, 4.1: the mark is copied, CE, too, unlike in RFC 3168 and
	 * ip_tunnel_ecn_encap(). RFC 2983, pipe model: DSCP 0 outside.
	 */
	cb->tos = c->ecn;
	if (c->multicast)
		return;
	cb->copies = mwb_send_copies(session, paths, c->priority);
	cb->fec = paths->fec.kind != MWBOND_FEC_OFF;
	if (c->rule)
		mwb_send_describe_class(paths, c->rule, cb);
}

/* @path: that its class asks for, or NULL */
static void mwb_send_direct(struct mwb_session *session,
			    struct mwb_paths *paths,
			    const struct mwb_sched_path *path,
			    struct sk_buff *skb)
{
	struct mwb_tx_cb *cb = mwb_tx_cb(skb);
	u32 bucket = cb->node.flow;

	cb->sequence = mwb_wire_sequence(bucket,
					 atomic64_fetch_inc(&paths->assoc->tx_sequence[bucket]));
	if (cb->type == MWB_WIRE_MULTICAST ||
	    (!path && paths->mode == MWBOND_MODE_REDUNDANT)) {
		mwb_send_everywhere(paths, skb);
		return;
	}
	if (!path)
		path = mwb_send_pick(session, paths, skb, skb_get_hash(skb),
				     cb->priority);
	mwb_send_duplicates(paths, path, skb);
	if (mwb_send_packet(paths, paths->wan[path->index], skb, 0) &&
	    !mwb_send_elsewhere(paths, path, skb))
		kfree_skb(skb);
}

static void mwb_send_one(struct mwb_session *session, struct mwb_paths *paths,
			 struct sk_buff *skb)
{
	const struct mwb_sched_path *path;
	struct mwb_classified class;

	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb)) {
		mwb_session_drop(session, skb, MWB_STAT_tx_no_memory);
		return;
	}
	/* It may wait, and be kept: it must not count against its socket, nor
	 * have pages whose owner waits for their release, nor hold an entry of
	 * conntrack, as nothing asks for that any more.
	 */
	if (skb_orphan_frags_rx(skb, GFP_ATOMIC)) {
		mwb_session_drop(session, skb, MWB_STAT_tx_no_memory);
		return;
	}
	skb_orphan(skb);
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	skb_ext_reset(skb);
	mwb_classify(paths, skb, &class);
	mwb_send_describe(session, paths, &class, skb);
	if (paths->mode == MWBOND_MODE_AUTO && !class.multicast) {
		mwb_queue_skb(session, paths, skb);
		return;
	}
	path = class.multicast ? NULL : mwb_class_path(paths, class.rule);
	mwb_send_direct(session, paths, path, skb);
}

static void mwb_send_segments(struct mwb_session *session,
			      struct mwb_paths *paths, struct sk_buff *skb)
{
	struct sk_buff *segments, *next;

	segments = skb_is_gso(skb) ? skb_gso_segment(skb, 0) : NULL;
	if (IS_ERR(segments)) {
		mwb_session_drop(session, skb, MWB_STAT_tx_segment);
		return;
	}
	/* NULL: no segmentation was needed after all. */
	if (!segments) {
		mwb_send_one(session, paths, skb);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segments, skb, next) {
		skb_mark_not_on_list(skb);
		mwb_send_one(session, paths, skb);
	}
}

void mwb_send_skb(struct mwb_session *session, struct sk_buff *skb)
{
	struct mwb_paths *paths = rcu_dereference_bh(session->paths);

	if (!paths || !paths->assoc || !paths->table.count) {
		mwb_session_drop(session, skb, MWB_STAT_tx_no_wan);
		return;
	}
	/* From now on it is watched closely whether that arrives. */
	if (!mwb_session_is_busy(session))
		mwb_session_kick(session);
	WRITE_ONCE(session->tx_busy, jiffies);
	mwb_send_segments(session, paths, skb);
	if (paths->mode == MWBOND_MODE_AUTO)
		mwb_queue_run(session, paths);
}

int mwb_send_parity(struct mwb_paths *paths, struct mwb_wan *wan,
		    struct sk_buff *skb, struct mwb_wire_hdr *hdr)
{
	struct mwb_endpoint *ep = rcu_dereference_bh(wan->endpoint);
	struct mwb_path_state *state;
	struct mwb_route route;
	int err = -ENETUNREACH;

	hdr->session = paths->assoc->remote_id;
	hdr->wan_id = READ_ONCE(wan->wire_id);
	state = rcu_dereference_bh(paths->assoc->path[hdr->wan_id]);
	if (!ep || !state)
		goto drop;
	err = mwb_socket_route(wan->session, ep, &route);
	if (err)
		goto drop;
	if (skb->len > mwb_send_room(wan, &route)) {
		dst_release(route.dst);
		err = -EMSGSIZE;
		goto drop;
	}
	skb->mark = ep->mark;
	err = mwb_send_sealed(wan, state, ep, &route, hdr, skb, skb->data, 0,
			      NULL);
	dst_release(route.dst);
	return err;

drop:
	kfree_skb(skb);
	return err;
}

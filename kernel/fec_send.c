// SPDX-License-Identifier: GPL-2.0-only
/*
 * FEC, sending: each packet of a block is summed up into its parities as it is
 * sent, and the parities follow when the block is full or its time is over.
 */
#include <linux/slab.h>

#include "compat/hrtimer.h"
#include "fec.h"
#include "path.h"
#include "session.h"
#include "simd.h"
#include "wan.h"

enum {
	/* More than the matrix of any code has, k + m <= 255 */
	MWB_FEC_MATRIX = 128 * 128,
	MWB_FEC_ENCODERS = 1 + MWB_MAX_CLASSES,
	MWB_FEC_LOSSY = 1000,		/* ppm */
	MWB_FEC_ROOM_MIN = 512,		/* of a path that carries parities */
};

/**
 * struct mwb_fec_cb - what travels with a parity until it is sent
 * @number: of its block
 * @index: in the block
 * @must: it is sent even if the paths are busy
 * @shards: of the encoder, when the block was closed
 * @data: of the same
 */
struct mwb_fec_cb {
	u16 number;
	u8 index;
	bool must;
	u8 shards[MWB_FEC_PATHS];
	u8 data[MWB_FEC_PATHS];
};

static struct mwb_fec_cb *mwb_fec_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct mwb_fec_cb) >
		     sizeof_field(struct sk_buff, cb));
	return (struct mwb_fec_cb *)skb->cb;
}

static const struct mwb_fec_setting *mwb_fec_setting(const struct mwb_paths *paths,
						     u8 which)
{
	if (which == 1)
		return &paths->fec;
	/* Classes may have changed while the packet waited. */
	return which && which - 2U < paths->nr_classes ?
	       &paths->class[which - 2].fec : NULL;
}

/* Bytes of the longest shard whose parity any usable path carries */
static u32 mwb_fec_limit(const struct mwb_paths *paths)
{
	u32 room = MWB_MTU_MAX;
	u32 i;

	for (i = 0; i < paths->table.count; i++) {
		const struct mwb_wan *wan =
			paths->wan[paths->table.path[i].index];

		room = min(room, READ_ONCE(wan->mtu));
	}
	return room < MWB_FEC_ROOM_MIN ? 0 : room - MWB_FEC_HEAD;
}

/* The code of the next block. Return: whether there is one */
static bool mwb_fec_wanted(struct mwb_session *session,
			   const struct mwb_paths *paths,
			   const struct mwb_fec_setting *setting, u32 *k,
			   u32 *m)
{
	u16 code;

	if (setting->kind == MWBOND_FEC_CODE) {
		*k = setting->k;
		*m = setting->m;
		return true;
	}
	if (setting->kind != MWBOND_FEC_AUTO)
		return false;
	code = READ_ONCE(session->fec_tx.code);
	*k = code >> 8;
	*m = code & 0xff;
	/* What waits can use what parities would take, and will be repaired. */
	return *m && !(paths->mode == MWBOND_MODE_AUTO && paths->repair &&
		       mwb_pacer_waits(&session->tx.pacer));
}

static void mwb_fec_drop(struct mwb_fec_encoder *enc)
{
	u32 i;

	for (i = 0; i < enc->m; i++)
		kfree_skb(enc->parity[i]);
	enc->count = 0;
	enc->m = 0;
}

static u64 mwb_fec_timeout(const struct mwb_paths *paths,
			   const struct mwb_fec_setting *setting)
{
	if (paths->fec_timeout)
		return paths->fec_timeout * (u64)NSEC_PER_MSEC;
	return setting->kind == MWBOND_FEC_AUTO ? MWB_FEC_AUTO_TIMEOUT :
						  MWB_FEC_TIMEOUT;
}

/* Begin a block with a shard of @len bytes; enc->lock is held. */
static bool mwb_fec_open(struct mwb_fec_encoder *enc,
			 const struct mwb_paths *paths,
			 const struct mwb_fec_setting *setting, u32 len)
{
	struct mwb_session *session = enc->session;
	struct mwb_fec_tx *tx = &session->fec_tx;
	u32 limit = mwb_fec_limit(paths);
	u32 k, m, i;

	/* What leaves no room for a parity goes without. */
	if (len > limit || !mwb_fec_wanted(session, paths, setting, &k, &m))
		return false;
	spin_lock(&tx->lock);
	mwb_fec_pace(&tx->pace, mwb_now(), &k, &m);
	enc->number = ++tx->number;
	spin_unlock(&tx->lock);
	if (m > enc->rows || (size_t)k * m > enc->size)
		return false;
	if ((enc->rs.m != m || enc->rs.k < k) &&
	    mwb_rs_init(&enc->rs, k, m, enc->matrix))
		return false;
	for (i = 0; i < m; i++) {
		enc->parity[i] = mwb_send_alloc(MWB_FEC_HEAD + limit);
		if (!enc->parity[i])
			goto no_memory;
		memset(enc->parity[i]->data, 0, enc->parity[i]->len);
		enc->sum[i] = enc->parity[i]->data + MWB_FEC_HEAD;
	}
	enc->k = k;
	enc->m = m;
	enc->limit = limit;
	enc->longest = 0;
	enc->generation = paths->assoc->generation;
	enc->opened = mwb_now();
	enc->timeout = mwb_fec_timeout(paths, setting);
	enc->must = setting->kind == MWBOND_FEC_CODE || !paths->repair;
	memset(enc->shards, 0, sizeof(enc->shards));
	memset(enc->data, 0, sizeof(enc->data));
	if (!hrtimer_is_queued(&enc->timer))
		hrtimer_start(&enc->timer, ns_to_ktime(enc->timeout),
			      HRTIMER_MODE_REL_SOFT);
	return true;

no_memory:
	while (i--)
		kfree_skb(enc->parity[i]);
	return false;
}

/* The block is over: its parities are due. enc->lock is held. */
static void mwb_fec_close(struct mwb_fec_encoder *enc,
			  struct sk_buff_head *parities)
{
	u32 sent = mwb_fec_parities(enc->k, enc->m, enc->count);
	u32 i;

	for (i = 0; i < sent; i++) {
		struct sk_buff *skb = enc->parity[i];
		struct mwb_fec_cb *cb = mwb_fec_cb(skb);

		mwb_fec_build_head(skb->data, enc->count, enc->m, enc->longest);
		skb_trim(skb, MWB_FEC_HEAD + enc->longest);
		cb->number = enc->number;
		cb->index = enc->count + i;
		cb->must = enc->must;
		memcpy(cb->shards, enc->shards, sizeof(cb->shards));
		memcpy(cb->data, enc->data, sizeof(cb->data));
		__skb_queue_tail(parities, skb);
	}
	for (; i < enc->m; i++)
		kfree_skb(enc->parity[i]);
	enc->count = 0;
	enc->m = 0;
	mwb_stats_inc(enc->session->stats, MWB_STAT_tx_fec_blocks);
}

static void mwb_fec_add(struct mwb_fec_encoder *enc, struct mwb_wan *wan,
			struct sk_buff *skb, struct mwb_wire_hdr *hdr)
{
	const struct mwb_fec_prefix prefix = {
		.sequence = hdr->sequence,
		.flags = hdr->flags,
		.hold = hdr->hold,
		.len = skb->len,
		.type = hdr->type,
		.priority = hdr->priority,
	};
	u32 len = MWB_FEC_PREFIX + skb->len;
	const struct mwb_gf256_ops *ops;

	mwb_fec_build_prefix(skb->data - MWB_FEC_PREFIX, &prefix);
	ops = mwb_simd_begin();
	mwb_rs_add(&enc->rs, ops, enc->count, skb->data - MWB_FEC_PREFIX, len,
		   enc->sum, enc->m);
	mwb_simd_end(ops);
	hdr->flags |= MWB_WIRE_IN_BLOCK;
	hdr->fec_block = enc->number;
	hdr->fec_index = enc->count++;
	enc->longest = max_t(u32, enc->longest, len);
	enc->shards[wan->index]++;
	enc->data[wan->index]++;
}

void mwb_fec_protect(struct mwb_paths *paths, struct mwb_wan *wan, u8 which,
		     struct sk_buff *skb, struct mwb_wire_hdr *hdr,
		     struct sk_buff_head *parities)
{
	const struct mwb_fec_setting *setting = mwb_fec_setting(paths, which);
	struct mwb_session *session = wan->session;
	u32 len = MWB_FEC_PREFIX + skb->len;
	struct mwb_fec_encoder *enc;

	BUILD_BUG_ON((int)MWB_FEC_PATHS != (int)MWB_MAX_WANS);
	if (!setting)
		return;
	/* Pairs with mwb_fec_need(). */
	enc = smp_load_acquire(&session->fec_tx.encoder[which - 1]);
	if (!enc)
		return;
	spin_lock(&enc->lock);
	if (enc->m && enc->generation != paths->assoc->generation)
		mwb_fec_drop(enc);
	if (!enc->m && !mwb_fec_open(enc, paths, setting, len))
		goto out;
	if (len > enc->limit)
		goto out;
	mwb_fec_add(enc, wan, skb, hdr);
	if (enc->count == enc->k)
		mwb_fec_close(enc, parities);
out:
	spin_unlock(&enc->lock);
}

/* A path for the next parity of the block that @cb describes, or NULL */
static struct mwb_wan *mwb_fec_path(struct mwb_session *session,
				    struct mwb_paths *paths,
				    const struct mwb_fec_cb *cb, u32 len)
{
	u16 usable = 0;
	u32 i;

	for (i = 0; i < paths->table.count; i++)
		usable |= BIT(paths->table.path[i].index);
	if (!usable)
		return NULL;
	usable = mwb_fec_spread(cb->shards, cb->data, usable);
	if (paths->mode != MWBOND_MODE_AUTO)
		return paths->wan[__ffs(usable)];
	return mwb_queue_parity(session, paths, usable,
				len + MWB_WIRE_HDR_LEN, cb->must);
}

void mwb_fec_send(struct mwb_session *session, struct mwb_paths *paths,
		  struct sk_buff_head *parities)
{
	u8 shards[MWB_FEC_PATHS] = { };
	struct sk_buff *skb;
	bool first = true;

	while ((skb = __skb_dequeue(parities))) {
		struct mwb_fec_cb *cb = mwb_fec_cb(skb);
		struct mwb_wire_hdr hdr = {
			.sequence = atomic64_fetch_inc(&session->fec_tx.sequence),
			.type = MWB_WIRE_FEC,
			.fec_block = cb->number,
			.fec_index = cb->index,
		};
		struct mwb_wan *wan;

		/* Where those before went counts, too. */
		if (first)
			memcpy(shards, cb->shards, sizeof(shards));
		else
			memcpy(cb->shards, shards, sizeof(shards));
		first = false;
		wan = mwb_fec_path(session, paths, cb, skb->len);
		if (!wan) {
			mwb_stats_inc(session->stats, MWB_STAT_tx_fec_skipped);
			kfree_skb(skb);
			continue;
		}
		shards[wan->index]++;
		if (!mwb_send_parity(paths, wan, skb, &hdr))
			mwb_stats_inc(session->stats, MWB_STAT_tx_fec_parity);
	}
}

static enum hrtimer_restart mwb_fec_timer(struct hrtimer *timer)
{
	struct mwb_fec_encoder *enc = container_of(timer,
						   struct mwb_fec_encoder,
						   timer);
	struct mwb_session *session = enc->session;
	struct sk_buff_head parities;
	struct mwb_paths *paths;
	u64 now = mwb_now();

	__skb_queue_head_init(&parities);
	rcu_read_lock_bh();
	paths = rcu_dereference_bh(session->paths);
	spin_lock(&enc->lock);
	if (!enc->m)
		goto out;
	if (!paths || !paths->assoc ||
	    paths->assoc->generation != enc->generation || !enc->count) {
		mwb_fec_drop(enc);
		goto out;
	}
	/* It may have been set for the block before. */
	if (now < enc->opened + enc->timeout)
		hrtimer_start(&enc->timer,
			      ns_to_ktime(enc->opened + enc->timeout - now),
			      HRTIMER_MODE_REL_SOFT);
	else
		mwb_fec_close(enc, &parities);
out:
	spin_unlock(&enc->lock);
	if (paths && paths->assoc)
		mwb_fec_send(session, paths, &parities);
	else
		__skb_queue_purge(&parities);
	rcu_read_unlock_bh();
	return HRTIMER_NORESTART;
}

void mwb_fec_observe(struct mwb_session *session, struct mwb_paths *paths,
		     u64 now)
{
	const struct mwb_fec_rule rule = {
		.timeout = paths->fec_timeout ?
			   paths->fec_timeout * (u64)NSEC_PER_MSEC :
			   MWB_FEC_AUTO_TIMEOUT,
		.limit = paths->redundancy,
		.repair = paths->repair,
	};
	struct mwb_fec_path path[MWB_MAX_WANS] = { };
	struct mwb_fec_tx *tx = &session->fec_tx;
	u64 sent = 0, lost = 0;
	bool changed = false;
	u32 i, k = 0, m;

	for (i = 0; i < paths->table.count; i++) {
		struct mwb_wan *wan = paths->wan[paths->table.path[i].index];
		u8 id = READ_ONCE(wan->wire_id);
		struct mwb_path_state *state;

		state = rcu_dereference_bh(paths->assoc->path[id]);
		if (!state)
			continue;
		spin_lock(&state->tx_lock);
		changed |= mwb_fec_loss(&state->loss, state->tx.first,
					state->tx.lost, state->tx.runs, now);
		path[i].ppm = state->loss.ppm;
		path[i].burst = state->loss.burst;
		path[i].sent = state->loss.sent;
		spin_unlock(&state->tx_lock);
		path[i].rtt = READ_ONCE(wan->health.rtt);
		sent += path[i].sent;
		lost += (u64)path[i].sent * path[i].ppm;
	}
	if (!changed)
		return;
	m = mwb_fec_choose(&rule, path, paths->table.count,
			   READ_ONCE(tx->code) & 0xff, &k);
	WRITE_ONCE(tx->code, m ? k << 8 | m : 0);
	WRITE_ONCE(tx->lossy, lost && lost >= sent * MWB_FEC_LOSSY);
}

/* Room for blocks of any code: mwb_fec_pace() makes large ones of small ones. */
static int mwb_fec_reserve(struct mwb_fec_encoder *enc)
{
	const u32 rows = MWB_RS_SHARDS;
	const size_t size = MWB_FEC_MATRIX;
	struct sk_buff **parity;
	u8 *matrix, **sum;

	if (enc->rows)
		return 0;
	parity = kcalloc(rows, sizeof(*parity), GFP_KERNEL);
	sum = kcalloc(rows, sizeof(*sum), GFP_KERNEL);
	matrix = kvmalloc(size, GFP_KERNEL);
	if (!parity || !sum || !matrix) {
		kfree(parity);
		kfree(sum);
		kvfree(matrix);
		return -ENOMEM;
	}
	spin_lock_bh(&enc->lock);
	mwb_fec_drop(enc);
	swap(enc->parity, parity);
	swap(enc->sum, sum);
	swap(enc->matrix, matrix);
	enc->rs.m = 0;
	enc->rows = rows;
	enc->size = size;
	spin_unlock_bh(&enc->lock);
	kfree(parity);
	kfree(sum);
	kvfree(matrix);
	return 0;
}

static int mwb_fec_need(struct mwb_session *session, u32 which,
			const struct mwb_fec_setting *setting)
{
	struct mwb_fec_encoder **place = &session->fec_tx.encoder[which];
	struct mwb_fec_encoder *enc = *place;

	if (setting->kind == MWBOND_FEC_OFF ||
	    setting->kind == MWBOND_FEC_DEVICE)
		return 0;
	if (!enc) {
		enc = kzalloc(sizeof(*enc), GFP_KERNEL);
		if (!enc)
			return -ENOMEM;
		spin_lock_init(&enc->lock);
		enc->session = session;
		hrtimer_setup(&enc->timer, mwb_fec_timer, CLOCK_MONOTONIC,
			      HRTIMER_MODE_REL_SOFT);
		/* Pairs with mwb_fec_protect(). */
		smp_store_release(place, enc);
	}
	return mwb_fec_reserve(enc);
}

int mwb_fec_configure(struct mwb_session *session)
{
	int err;
	u32 i;

	lockdep_assert_held(&session->mutex);
	err = mwb_fec_need(session, 0, &session->settings.fec);
	for (i = 0; !err && i < session->nr_classes; i++)
		err = mwb_fec_need(session, 1 + i,
				   &session->class[i].rule.fec);
	return err;
}

u32 mwb_fec_overhead(const struct mwb_session *session)
{
	bool fixed = session->settings.fec.kind == MWBOND_FEC_CODE;
	u32 i;

	for (i = 0; i < session->nr_classes; i++)
		fixed |= session->class[i].rule.fec.kind == MWBOND_FEC_CODE;
	return fixed ? MWB_FEC_OVERHEAD : 0;
}

void mwb_fec_send_stop(struct mwb_session *session)
{
	u32 i;

	for (i = 0; i < MWB_FEC_ENCODERS; i++) {
		struct mwb_fec_encoder *enc = session->fec_tx.encoder[i];

		if (!enc)
			continue;
		hrtimer_cancel(&enc->timer);
		spin_lock_bh(&enc->lock);
		mwb_fec_drop(enc);
		spin_unlock_bh(&enc->lock);
	}
}

int mwb_fec_create(struct mwb_session *session)
{
	struct mwb_fec_rx *rx = &session->fec_rx;
	struct mwb_fec_tx *tx = &session->fec_tx;

	spin_lock_init(&tx->lock);
	spin_lock_init(&rx->lock);
	INIT_LIST_HEAD(&rx->by_age);
	tx->encoder = kcalloc(MWB_FEC_ENCODERS, sizeof(struct mwb_fec_encoder *),
			      GFP_KERNEL);
	return tx->encoder ? 0 : -ENOMEM;
}

void mwb_fec_destroy(struct mwb_session *session)
{
	struct mwb_fec_tx *tx = &session->fec_tx;
	u32 i;

	mwb_fec_send_stop(session);
	mwb_fec_receive_stop(session);
	for (i = 0; i < MWB_FEC_ENCODERS; i++) {
		struct mwb_fec_encoder *enc = tx->encoder[i];

		if (!enc)
			continue;
		kfree(enc->parity);
		kfree(enc->sum);
		kvfree(enc->matrix);
		kfree(enc);
	}
	for (i = 0; i < MWB_FEC_CODES; i++) {
		kfree(session->fec_rx.code[i].rs.matrix);
		kfree(session->fec_rx.code[i].plan.coef);
	}
	kfree(tx->encoder);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * FEC, receiving: shards are kept until the block is complete, recovered or too
 * old. Whatever a peer sends takes no more than a fixed amount of memory, and
 * shards that contradict each other end their block.
 */
#include <linux/slab.h>

#include "fec.h"
#include "netlink.h"
#include "path.h"
#include "session.h"
#include "simd.h"
#include "wan.h"

#define MWB_FEC_LIFETIME	(1 * (u64)NSEC_PER_SEC)
#define MWB_FEC_REPORT_EVERY	(1 * (u64)NSEC_PER_SEC)

enum {
	MWB_FEC_MEMORY = 4 << 20,	/* of all shards, bytes */
	MWB_FEC_BLOCKS = 4096,
};

/**
 * struct mwb_fec_shard - a shard that was received
 * @list: in its block
 * @stamp: timestamp of its packet, ns
 * @len: bytes of @data
 * @index: in the block
 * @data: prefix and plaintext, or parity
 */
struct mwb_fec_shard {
	struct list_head list;
	u64 stamp;
	u16 len;
	u8 index;
	u8 data[];
};

/**
 * struct mwb_fec_block - a block of which something has come
 * @age: in the list of all
 * @hash: in the table of all
 * @shards: those that are kept
 * @there: bit i of word i / 64: shard i has come
 * @first: when the first came, ns
 * @number: block number
 * @count: shards that have come
 * @longest: bytes of the longest shard of data so far
 * @highest: 1 + highest index of data so far
 * @size: bytes of a parity; 0 until there is one
 * @k: data packets; 0 until there is a parity
 * @m: parities
 * @done: nothing is missing any more, or shards contradict each other
 */
struct mwb_fec_block {
	struct list_head age;
	struct hlist_node hash;
	struct list_head shards;
	u64 there[4];
	u64 first;
	u16 number;
	u16 count;
	u16 longest;
	u16 size;
	u8 highest;
	u8 k;
	u8 m;
	bool done;
};

static void mwb_fec_free_shards(struct mwb_fec_rx *rx,
				struct mwb_fec_block *block)
{
	struct mwb_fec_shard *shard, *next;

	list_for_each_entry_safe(shard, next, &block->shards, list) {
		rx->memory -= sizeof(*shard) + shard->len;
		kfree(shard);
	}
	INIT_LIST_HEAD(&block->shards);
}

/* Data packets of a block that did not come. */
static u32 mwb_fec_missing(const struct mwb_fec_block *block)
{
	u32 missing = 0;
	u32 i;

	for (i = 0; i < block->k; i++)
		missing += !(block->there[i / 64] >> (i % 64) & 1);
	return missing;
}

static void mwb_fec_forget(struct mwb_session *session,
			   struct mwb_fec_block *block)
{
	struct mwb_fec_rx *rx = &session->fec_rx;

	if (!block->done && block->k) {
		mwb_stats_add(session->stats, MWB_STAT_rx_fec_lost,
			      mwb_fec_missing(block));
		rx->exhausted = true;
	}
	mwb_fec_free_shards(rx, block);
	list_del(&block->age);
	hlist_del(&block->hash);
	rx->blocks--;
	kfree(block);
}

/* Forget what is too old or too much. rx->lock is held. */
static void mwb_fec_clean(struct mwb_session *session, u64 now)
{
	struct mwb_fec_rx *rx = &session->fec_rx;
	struct mwb_fec_block *block, *next;

	list_for_each_entry_safe(block, next, &rx->by_age, age) {
		if (block->first + MWB_FEC_LIFETIME > now &&
		    rx->memory <= MWB_FEC_MEMORY &&
		    rx->blocks <= MWB_FEC_BLOCKS)
			break;
		mwb_fec_forget(session, block);
	}
}

static void mwb_fec_purge(struct mwb_session *session)
{
	struct mwb_fec_block *block, *next;

	list_for_each_entry_safe(block, next, &session->fec_rx.by_age, age) {
		/* Nobody waits for it any more. */
		block->done = true;
		mwb_fec_forget(session, block);
	}
}

/* The block of a packet, made if there is none; NULL without memory, or if it is
 * of an association that is over. rx->lock is held.
 */
static struct mwb_fec_block *
mwb_fec_block(struct mwb_session *session,
	      const struct mwb_association *assoc, u16 number, u64 now)
{
	struct mwb_fec_rx *rx = &session->fec_rx;
	struct hlist_head *head = &rx->hash[number % MWB_FEC_HASH];
	struct mwb_fec_block *block;

	if (assoc->generation != rx->generation) {
		if ((s32)(assoc->generation - rx->generation) < 0)
			return NULL;
		mwb_fec_purge(session);
		rx->generation = assoc->generation;
	}
	mwb_fec_clean(session, now);
	hlist_for_each_entry(block, head, hash)
		if (block->number == number)
			return block;
	block = kzalloc(sizeof(*block), GFP_ATOMIC);
	if (!block)
		return NULL;
	block->number = number;
	block->first = now;
	INIT_LIST_HEAD(&block->shards);
	hlist_add_head(&block->hash, head);
	list_add_tail(&block->age, &rx->by_age);
	rx->blocks++;
	return block;
}

/* Shards that contradict each other: nothing can be believed. */
static void mwb_fec_refuse(struct mwb_session *session,
			   struct mwb_fec_block *block)
{
	mwb_stats_inc(session->stats, MWB_STAT_rx_fec_refused);
	mwb_fec_free_shards(&session->fec_rx, block);
	block->done = true;
}

/* Keep a copy of a shard. Return: whether it is new, and there is memory */
static bool mwb_fec_keep(struct mwb_session *session,
			 struct mwb_fec_block *block, u32 index,
			 const struct mwb_fec_prefix *prefix, const u8 *data,
			 u32 len, u64 stamp)
{
	u32 before = prefix ? MWB_FEC_PREFIX : 0;
	struct mwb_fec_shard *shard;

	if (block->there[index / 64] >> (index % 64) & 1) {
		mwb_stats_inc(session->stats, MWB_STAT_rx_fec_late);
		return false;
	}
	shard = kmalloc(sizeof(*shard) + before + len,
			GFP_ATOMIC | __GFP_NOWARN);
	if (!shard) {
		mwb_stats_inc(session->stats, MWB_STAT_rx_no_memory);
		return false;
	}
	if (prefix)
		mwb_fec_build_prefix(shard->data, prefix);
	memcpy(shard->data + before, data, len);
	shard->len = before + len;
	shard->index = index;
	shard->stamp = stamp;
	list_add_tail(&shard->list, &block->shards);
	session->fec_rx.memory += sizeof(*shard) + shard->len;
	block->there[index / 64] |= 1ULL << (index % 64);
	block->count++;
	return true;
}

/* The code of a block, and how it is recovered; NULL without memory */
static struct mwb_fec_code *mwb_fec_plan(struct mwb_fec_rx *rx,
					 const struct mwb_fec_block *block,
					 u32 missing)
{
	struct mwb_fec_code *code = &rx->code[block->m % MWB_FEC_CODES];
	size_t size = (size_t)block->k * block->m;
	u8 *room;

	if (code->rs.m != block->m || code->rs.k < block->k) {
		if (size > code->size) {
			room = kmalloc(size, GFP_ATOMIC | __GFP_NOWARN);
			if (!room)
				return NULL;
			kfree(code->rs.matrix);
			code->rs.matrix = room;
			code->size = size;
		}
		if (mwb_rs_init(&code->rs, block->k, block->m,
				code->rs.matrix))
			return NULL;
	}
	size = mwb_rs_plan_size(block->k, missing);
	if (size > code->plan.size) {
		room = kmalloc(size, GFP_ATOMIC | __GFP_NOWARN);
		if (!room)
			return NULL;
		kfree(code->plan.coef);
		code->plan.coef = room;
		code->plan.size = size;
		code->plan.k = 0;
	}
	return mwb_rs_plan(&code->plan, &code->rs, block->k, block->there) ?
	       NULL : code;
}

/* When a packet was sent that was lost: hardly before the one before it, nor
 * after the next one, or a parity.
 */
static u64 mwb_fec_stamp(const struct mwb_fec_rx *rx, u32 index)
{
	u32 i = index;

	while (i--)
		if (rx->shard[i])
			return rx->shard[i]->stamp;
	for (i = index + 1; i < MWB_RS_SHARDS; i++)
		if (rx->shard[i])
			return rx->shard[i]->stamp;
	return 0;
}

/* A packet was recovered; consumes @skb. */
static void mwb_fec_deliver(struct mwb_session *session,
			    const struct mwb_fec_rx *rx, struct sk_buff *skb,
			    u64 stamp)
{
	struct mwb_fec_prefix prefix;
	struct mwb_wire_hdr hdr;

	if (mwb_fec_parse_prefix(skb->data, skb->len, &prefix)) {
		mwb_stats_inc(session->stats, MWB_STAT_rx_fec_refused);
		kfree_skb(skb);
		return;
	}
	hdr = (struct mwb_wire_hdr) {
		.sequence = prefix.sequence,
		.timestamp = stamp,
		.flags = prefix.flags,
		.hold = prefix.hold,
		.type = prefix.type,
		.priority = prefix.priority,
	};
	skb_pull(skb, MWB_FEC_PREFIX);
	skb_trim(skb, prefix.len);
	mwb_stats_inc(session->stats, MWB_STAT_rx_fec_recovered);
	mwb_receive_recovered(session, rx->generation, skb, &hdr);
}

/* As many shards are there as data packets were sent. */
static void mwb_fec_recover(struct mwb_session *session,
			    struct mwb_fec_block *block, u32 missing)
{
	struct mwb_fec_rx *rx = &session->fec_rx;
	const struct mwb_gf256_ops *ops;
	struct mwb_fec_shard *shard;
	struct mwb_fec_code *code;
	u32 i;

	code = mwb_fec_plan(rx, block, missing);
	for (i = 0; code && i < missing; i++) {
		rx->skb[i] = alloc_skb(NET_SKB_PAD + NET_IP_ALIGN +
				       block->size, GFP_ATOMIC);
		if (!rx->skb[i])
			break;
		skb_reserve(rx->skb[i], NET_SKB_PAD + NET_IP_ALIGN);
		rx->dst[i] = skb_put(rx->skb[i], block->size);
	}
	if (!code || i < missing) {
		mwb_stats_inc(session->stats, MWB_STAT_rx_no_memory);
		while (code && i--)
			kfree_skb(rx->skb[i]);
		return;
	}
	memset(rx->shard, 0, sizeof(rx->shard));
	list_for_each_entry(shard, &block->shards, list)
		rx->shard[shard->index] = shard;
	for (i = 0; i < block->k; i++) {
		shard = rx->shard[code->plan.have[i]];
		rx->src[i] = shard->data;
		rx->len[i] = shard->len;
	}
	ops = mwb_simd_begin();
	mwb_rs_recover(&code->plan, ops, rx->src, rx->len, rx->dst,
		       block->size);
	mwb_simd_end(ops);
	for (i = 0; i < missing; i++)
		mwb_fec_deliver(session, rx, rx->skb[i],
				mwb_fec_stamp(rx, code->plan.lost[i]));
}

/* Another shard of a block has come: see whether that is enough. */
static void mwb_fec_check(struct mwb_session *session,
			  struct mwb_fec_block *block)
{
	u32 missing;

	if (!block->k)
		return;
	if (block->highest > block->k || block->longest > block->size) {
		mwb_fec_refuse(session, block);
		return;
	}
	if (block->count < block->k)
		return;
	missing = mwb_fec_missing(block);
	if (missing)
		mwb_fec_recover(session, block, missing);
	else
		/* As many parities as came were for nothing. */
		mwb_stats_add(session->stats, MWB_STAT_rx_fec_wasted,
			      block->count - block->k);
	mwb_fec_free_shards(&session->fec_rx, block);
	block->done = true;
	mwb_stats_inc(session->stats, MWB_STAT_rx_fec_blocks);
}

void mwb_fec_receive_data(struct mwb_session *session,
			  const struct mwb_association *assoc,
			  const struct mwb_wire_hdr *hdr, const u8 *payload)
{
	const struct mwb_fec_prefix prefix = {
		.sequence = hdr->sequence,
		.flags = hdr->flags,
		.hold = hdr->hold,
		.len = hdr->data_len,
		.type = hdr->type,
		.priority = hdr->priority,
	};
	struct mwb_fec_rx *rx = &session->fec_rx;
	struct mwb_fec_block *block;

	/* A packet in parts is no shard. */
	if (hdr->flags & MWB_WIRE_FRAGMENT ||
	    hdr->data_len > U16_MAX - MWB_FEC_PREFIX)
		return;
	spin_lock_bh(&rx->lock);
	block = mwb_fec_block(session, assoc, hdr->fec_block, mwb_now());
	if (!block)
		goto out;
	if (block->done) {
		mwb_stats_inc(session->stats, MWB_STAT_rx_fec_late);
		goto out;
	}
	/* An index that a parity had. */
	if (block->k && hdr->fec_index >= block->k) {
		mwb_fec_refuse(session, block);
		goto out;
	}
	if (!mwb_fec_keep(session, block, hdr->fec_index, &prefix, payload,
			  hdr->data_len, hdr->timestamp))
		goto out;
	block->highest = max_t(u32, block->highest, hdr->fec_index + 1);
	block->longest = max_t(u32, block->longest,
			       hdr->data_len + MWB_FEC_PREFIX);
	mwb_fec_check(session, block);
out:
	spin_unlock_bh(&rx->lock);
}

void mwb_fec_receive_parity(struct mwb_session *session,
			    const struct mwb_association *assoc,
			    struct sk_buff *skb,
			    const struct mwb_wire_hdr *hdr)
{
	const u8 *payload = skb->data + MWB_WIRE_HDR_LEN;
	struct mwb_fec_rx *rx = &session->fec_rx;
	struct mwb_fec_block *block;
	u32 len;

	/* The length is that of the packet, so no more has to be read. */
	if (mwb_wire_check_fec(payload, hdr->data_len) ||
	    hdr->fec_index < payload[0] ||
	    hdr->fec_index >= payload[0] + payload[1]) {
		mwb_session_drop(session, skb, MWB_STAT_rx_payload);
		return;
	}
	len = hdr->data_len - MWB_FEC_HEAD;
	spin_lock_bh(&rx->lock);
	block = mwb_fec_block(session, assoc, hdr->fec_block, mwb_now());
	if (!block)
		goto out;
	if (block->done) {
		mwb_stats_inc(session->stats, MWB_STAT_rx_fec_wasted);
		goto out;
	}
	if (block->k && (block->k != payload[0] || block->m != payload[1] ||
			 block->size != len)) {
		mwb_fec_refuse(session, block);
		goto out;
	}
	block->k = payload[0];
	block->m = payload[1];
	block->size = len;
	if (block->highest > block->k) {
		mwb_fec_refuse(session, block);
		goto out;
	}
	if (mwb_fec_keep(session, block, hdr->fec_index, NULL,
			 payload + MWB_FEC_HEAD, len, hdr->timestamp))
		mwb_fec_check(session, block);
out:
	spin_unlock_bh(&rx->lock);
	consume_skb(skb);
}

void mwb_fec_expire(struct mwb_session *session, u64 now)
{
	struct mwb_fec_rx *rx = &session->fec_rx;
	bool tell;

	lockdep_assert_held(&session->mutex);
	spin_lock_bh(&rx->lock);
	mwb_fec_clean(session, now);
	tell = rx->exhausted && now >= rx->reported + MWB_FEC_REPORT_EVERY;
	if (tell)
		rx->exhausted = false;
	spin_unlock_bh(&rx->lock);
	if (!tell)
		return;
	rx->reported = now;
	mwb_netlink_event(session, NULL, MWBOND_EVENT_FEC_EXHAUSTED, NULL);
}

void mwb_fec_receive_stop(struct mwb_session *session)
{
	struct mwb_fec_rx *rx = &session->fec_rx;

	spin_lock_bh(&rx->lock);
	mwb_fec_purge(session);
	rx->exhausted = false;
	spin_unlock_bh(&rx->lock);
}

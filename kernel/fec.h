/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FEC: the shells round core/fec and core/rs. fec_send.c sums parities up and
 * sends them, fec_receive.c recovers what was lost.
 */
#ifndef _MWBOND_FEC_H
#define _MWBOND_FEC_H

#include <linux/hrtimer.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>

#include "core/fec.h"
#include "core/rs.h"

struct mwb_association;
struct mwb_paths;
struct mwb_session;
struct mwb_wan;
struct mwb_wire_hdr;

enum {
	MWB_FEC_HASH = 256,		/* a power of two */
	MWB_FEC_CODES = 4,
	MWB_FEC_K_DEFAULT = 4,
	MWB_FEC_M_DEFAULT = 2,
	MWB_FEC_REDUNDANCY_DEFAULT = MWB_FEC_ALL / 2,
};

/**
 * struct mwb_fec_setting - which packets get what parities
 * @kind: enum mwbond_fec
 * @k: data packets of a block, for MWBOND_FEC_CODE
 * @m: parities, for the same
 */
struct mwb_fec_setting {
	u8 kind;
	u8 k;
	u8 m;
};

/**
 * struct mwb_fec_encoder - the open block of the device, or of a class
 * @lock: guards all of it
 * @session: its session
 * @timer: closes the block
 * @opened: when the first packet came, ns
 * @timeout: after that it is closed, ns
 * @generation: of its association
 * @number: block number
 * @limit: bytes of the longest shard that a parity can have
 * @longest: bytes of the longest shard so far
 * @k: data packets when it is full
 * @m: parities when it is full; 0: there is no block
 * @must: its parities are sent even if the paths are busy
 * @count: data packets so far
 * @shards: by path
 * @data: those of them that are data
 * @rs: its code
 * @matrix: room for the code, @size bytes
 * @size: of @matrix
 * @rows: entries of @parity and @sum
 * @parity: packets that the parities are summed up in
 * @sum: where in them
 */
struct mwb_fec_encoder {
	spinlock_t lock;		/* guards all of it */
	struct mwb_session *session;
	struct hrtimer timer;
	u64 opened;
	u64 timeout;
	u32 generation;
	u16 number;
	u16 limit;
	u16 longest;
	u8 k;
	u8 m;
	bool must;
	u8 count;
	u8 shards[MWB_FEC_PATHS];
	u8 data[MWB_FEC_PATHS];
	struct mwb_rs rs;
	u8 *matrix;
	size_t size;
	u32 rows;
	struct sk_buff **parity;
	u8 **sum;
};

/**
 * struct mwb_fec_tx - parities that are sent
 * @lock: guards @pace and @number
 * @pace: of block numbers
 * @number: of the last block
 * @sequence: of the next parity
 * @code: where the losses decide: data packets of a block times 256, plus its
 *	parities; 0: none
 * @lossy: packets are lost
 * @encoder: of the device, and of each class; or NULL. Made under
 *	session->mutex, and there until the session goes
 */
struct mwb_fec_tx {
	spinlock_t lock;		/* guards pace and number */
	struct mwb_fec_pace pace;
	u16 number;
	atomic64_t sequence;
	u16 code;
	bool lossy;
	struct mwb_fec_encoder **encoder;
};

/**
 * struct mwb_fec_code - what blocks of the same number of parities share
 * @rs: their code
 * @size: bytes of its matrix
 * @plan: of the last one that was recovered
 */
struct mwb_fec_code {
	struct mwb_rs rs;
	size_t size;
	struct mwb_rs_plan plan;
};

/**
 * struct mwb_fec_rx - blocks that are received
 * @lock: guards all of it
 * @generation: of the association that they belong to
 * @blocks: entries of @by_age
 * @memory: bytes that their shards have
 * @by_age: the oldest first
 * @hash: by number
 * @code: by parities modulo MWB_FEC_CODES
 * @exhausted: packets were lost for good: an event is due
 * @reported: when there was one last, ns; session->mutex
 * @shard: shards of a block, by index; while one is recovered
 * @src: what is read
 * @len: bytes of it
 * @skb: what is recovered
 * @dst: where to
 */
struct mwb_fec_rx {
	spinlock_t lock;		/* guards all of it */
	u32 generation;
	u32 blocks;
	size_t memory;
	struct list_head by_age;
	struct hlist_head hash[MWB_FEC_HASH];
	struct mwb_fec_code code[MWB_FEC_CODES];
	bool exhausted;
	u64 reported;
	struct mwb_fec_shard *shard[MWB_RS_SHARDS];
	const u8 *src[MWB_RS_SHARDS];
	u16 len[MWB_RS_SHARDS];
	struct sk_buff *skb[MWB_RS_SHARDS];
	u8 *dst[MWB_RS_SHARDS];
};

/* fec_send.c */

/**
 * mwb_fec_protect() - a packet is about to be sent: it belongs to a block
 * @paths: published paths
 * @wan: one of them
 * @which: its encoder, plus 1; 0 for none
 * @skb: the plaintext, with MWB_FEC_PREFIX bytes of headroom at least, which
 *	are overwritten
 * @hdr: its header, complete but for block, index and flag
 * @parities: parities that are due afterwards are appended, for mwb_fec_send()
 *
 * BH off, RCU read side.
 */
void mwb_fec_protect(struct mwb_paths *paths, struct mwb_wan *wan, u8 which,
		     struct sk_buff *skb, struct mwb_wire_hdr *hdr,
		     struct sk_buff_head *parities);
/* As above; consumes what is in @parities. */
void mwb_fec_send(struct mwb_session *session, struct mwb_paths *paths,
		  struct sk_buff_head *parities);
/* The losses of the paths have changed. As above. */
void mwb_fec_observe(struct mwb_session *session, struct mwb_paths *paths,
		     u64 now);
/* Encoders for what the settings ask for; session->mutex is held. Return: 0 or
 * -ENOMEM
 */
int mwb_fec_configure(struct mwb_session *session);
/* How many bytes of a path's packets parities need; session->mutex is held. */
u32 mwb_fec_overhead(const struct mwb_session *session);
/* Nobody sends any more. */
void mwb_fec_send_stop(struct mwb_session *session);

/* fec_receive.c; BH off, RCU read side */

/* A data packet of a block has arrived; @payload is copied. */
void mwb_fec_receive_data(struct mwb_session *session,
			  const struct mwb_association *assoc,
			  const struct mwb_wire_hdr *hdr, const u8 *payload);
/* A parity has arrived; consumes @skb. */
void mwb_fec_receive_parity(struct mwb_session *session,
			    const struct mwb_association *assoc,
			    struct sk_buff *skb,
			    const struct mwb_wire_hdr *hdr);
/* Forget old blocks, and tell of what is lost; session->mutex is held. */
void mwb_fec_expire(struct mwb_session *session, u64 now);
/* Nothing is received any more. */
void mwb_fec_receive_stop(struct mwb_session *session);

int mwb_fec_create(struct mwb_session *session);
void mwb_fec_destroy(struct mwb_session *session);

#endif /* _MWBOND_FEC_H */

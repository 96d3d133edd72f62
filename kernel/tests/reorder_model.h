/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reorder buffer that is simple rather than fast, beside the real one: both
 * are told the same, and must do the same. For the KUnit suite and the fuzzer.
 */
#ifndef _MWBOND_TESTS_REORDER_MODEL_H
#define _MWBOND_TESTS_REORDER_MODEL_H

#include <linux/types.h>

#include "../core/reorder.h"

enum {
	MWB_MODEL_BUCKETS = 8,
	MWB_MODEL_NUMBERS = 8192,	/* in each bucket, from 0 */
	MWB_MODEL_LIMIT = 256,		/* packets that may wait */
	MWB_MODEL_HISTORY = 1024,	/* numbers that are remembered */
};

/**
 * struct mwb_model_packet - a packet on its way through the real buffer
 * @node: what the buffer is given
 * @number: sequence number, counted from the first of the bucket
 * @used: in the buffer
 */
struct mwb_model_packet {
	struct mwb_reorder_node node;
	s64 number;
	bool used;
};

/**
 * struct mwb_model_waiting - a packet that waits in the model
 * @number: its number
 * @sent: timestamp of the sender, ns
 * @arrived: when it arrived, ns
 * @release: when it may be delivered, ns
 */
struct mwb_model_waiting {
	s64 number;
	u64 sent;
	u64 arrived;
	u64 release;
};

/**
 * struct mwb_model_bucket - the model of a bucket
 * @next: number to be delivered next
 * @top: 1 + the highest number there was
 * @deadline: of the hole at @next, ns, if any packet waits
 * @count: packets that wait
 * @wait: the packets, in no order
 * @done: numbers that the model has delivered
 * @got: numbers that the real buffer has delivered
 */
struct mwb_model_bucket {
	s64 next;
	s64 top;
	u64 deadline;
	u32 count;
	struct mwb_model_waiting wait[MWB_MODEL_LIMIT + 1];
	u8 done[MWB_MODEL_NUMBERS];
	u8 got[MWB_MODEL_NUMBERS];
};

/**
 * struct mwb_model_out - a delivery that the model expects
 * @bucket: of the packet
 * @number: of the packet
 * @seen: the real buffer has delivered it, too
 */
struct mwb_model_out {
	u32 bucket;
	s64 number;
	bool seen;
};

/**
 * struct mwb_model - model and real buffer
 * @ro: the real one; the test may change its timeout and limit
 * @buckets: its memory
 * @pool: packets for it
 * @bucket: the model's buckets
 * @stats: the model's counters
 * @out: what the present call has to deliver
 * @nr_out: entries of @out
 * @base: sequence number of the first packet of each bucket
 */
struct mwb_model {
	struct mwb_reorder ro;
	struct mwb_reorder_bucket buckets[MWB_MODEL_BUCKETS];
	struct mwb_model_packet pool[MWB_MODEL_LIMIT + 2];
	struct mwb_model_bucket bucket[MWB_MODEL_BUCKETS];
	struct mwb_reorder_stats stats;
	struct mwb_model_out out[MWB_MODEL_LIMIT + 2];
	u32 nr_out;
	u64 base;
};

/* Begin afresh; @m is all zeros, or was used before. */
void mwb_model_init(struct mwb_model *m, u64 base, u64 timeout, u32 limit);

/*
 * Do the same with both. @bucket < MWB_MODEL_BUCKETS, @number <
 * MWB_MODEL_NUMBERS; below 0 it is one that was never sent. No two holes may
 * have the same deadline, nor packets of two buckets the same release: which is
 * the first to go would be undefined.
 *
 * Return: NULL, or what differs
 */
const char *mwb_model_add(struct mwb_model *m, u32 bucket, s64 number, u64 sent,
			  u64 release, u64 now);
const char *mwb_model_expire(struct mwb_model *m, u64 now, u64 horizon);
const char *mwb_model_flush(struct mwb_model *m);

#endif /* _MWBOND_TESTS_REORDER_MODEL_H */

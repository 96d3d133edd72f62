/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reorder buffer and packets for it, for the suites that test it.
 */
#ifndef _MWBOND_TESTS_REORDER_BUFFER_H
#define _MWBOND_TESTS_REORDER_BUFFER_H

#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../core/reorder.h"
#include "reorder_model.h"

enum {
	MWB_TEST_BUCKETS = 4,
	MWB_TEST_TIMEOUT = 1000,
	MWB_TEST_NODES = 1600,
};

/**
 * struct mwb_test_reorder - a buffer and packets for it
 * @ro: buffer
 * @buckets: its memory
 * @node: packets
 * @used: packets of @node that were given to @ro
 * @model: for the tests that use one
 */
struct mwb_test_reorder {
	struct mwb_reorder ro;
	struct mwb_reorder_bucket buckets[MWB_TEST_BUCKETS];
	struct mwb_reorder_node node[MWB_TEST_NODES];
	u32 used;
	struct mwb_model model;
};

static inline int mwb_test_init(struct kunit *test)
{
	struct mwb_test_reorder *t;

	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	/* Nothing is left of what the memory held before. */
	memset(&t->ro, 0x5a, sizeof(t->ro));
	memset(t->buckets, 0x5a, sizeof(t->buckets));
	mwb_reorder_init(&t->ro, t->buckets, MWB_TEST_BUCKETS);
	KUNIT_EXPECT_EQ(test, t->ro.limit, 1U);
	KUNIT_EXPECT_EQ(test, t->ro.timeout, 0ULL);
	t->ro.timeout = MWB_TEST_TIMEOUT;
	t->ro.limit = 100;
	test->priv = t;
	return 0;
}

/* What is in the list must be the packets of @bucket named, and no others. */
static inline void mwb_test_ready(struct kunit *test, struct list_head *ready,
				  u32 bucket, const u64 *seqs, u32 count,
				  int line)
{
	struct mwb_reorder_node *node, *tmp;
	u32 i = 0;
	u64 seq;

	list_for_each_entry_safe(node, tmp, ready, list) {
		if (node->bucket != bucket)
			continue;
		KUNIT_ASSERT_LT(test, i, count);
		seq = node->seq;
		KUNIT_EXPECT_EQ_MSG(test, seq, seqs[i], "line %d", line);
		list_del(&node->list);
		i++;
	}
	KUNIT_EXPECT_EQ_MSG(test, i, count, "line %d", line);
}

#define MWB_TEST_READY(test, ready, bucket, ...)			\
	mwb_test_ready(test, ready, bucket, (const u64[]){ __VA_ARGS__ }, \
		       sizeof((const u64[]){ __VA_ARGS__ }) / sizeof(u64), \
		       __LINE__)

static inline void mwb_test_none(struct kunit *test, struct list_head *ready,
				 int line)
{
	KUNIT_EXPECT_TRUE_MSG(test, list_empty(ready), "line %d", line);
}

#define MWB_TEST_NONE(test, ready) mwb_test_none(test, ready, __LINE__)

static inline int mwb_test_hold(struct kunit *test, u32 bucket, u64 seq,
				u64 sent, u64 release, u64 now,
				struct list_head *ready)
{
	struct mwb_test_reorder *t = test->priv;
	struct mwb_reorder_node *node;

	KUNIT_ASSERT_LT(test, t->used, (u32)MWB_TEST_NODES);
	node = &t->node[t->used++];
	node->bucket = bucket;
	node->seq = seq;
	node->sent = sent;
	node->release = release;
	return mwb_reorder_add(&t->ro, node, now, ready);
}

/* One that is not to be held. */
static inline int mwb_test_add(struct kunit *test, u32 bucket, u64 seq,
			       u64 sent, u64 now, struct list_head *ready)
{
	return mwb_test_hold(test, bucket, seq, sent, 0, now, ready);
}

#endif /* _MWBOND_TESTS_REORDER_BUFFER_H */

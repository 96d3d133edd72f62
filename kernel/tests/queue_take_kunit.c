// SPDX-License-Identifier: GPL-2.0-only
/*
 * The queue of a device: packets that not every path may take.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/slab.h>

#include "../core/queue.h"

/**
 * struct mwb_test_queue - what a test works on
 * @q: queue
 * @flow: its memory
 * @node: packets
 */
struct mwb_test_queue {
	struct mwb_queue q;
	struct mwb_queue_flow flow[MWB_QUEUE_FLOWS];
	struct mwb_queue_node node[9];
};

static int mwb_test_init(struct kunit *test)
{
	struct mwb_test_queue *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	if (!t)
		return -ENOMEM;
	mwb_queue_init(&t->q, t->flow);
	test->priv = t;
	return 0;
}

static bool mwb_test_is_path(const void *context,
			     const struct mwb_queue_node *node)
{
	return node->path == *(const u8 *)context;
}

/* Flows 0 and 1 have a path, 2 has not; all have turns already. */
static void mwb_test_take_one(struct kunit *test)
{
	struct mwb_test_queue *t = test->priv;
	struct mwb_queue_node *node = t->node;
	u8 path, other = 9;
	u32 i;

	for (i = 0; i < 9; i++) {
		node[i].path = (i % 3 + 1) % 3;
		node[i].flow = i % 3;
		node[i].len = 1000;
		mwb_queue_add(&t->q, &node[i]);
	}
	KUNIT_EXPECT_EQ(test, 6U, t->q.choosy);
	KUNIT_EXPECT_PTR_EQ(test, (struct mwb_queue_node *)NULL,
			    mwb_queue_take_one(&t->q, mwb_test_is_path,
					       &other));
	/* The others stay, and whose turn it is. */
	path = 2;
	KUNIT_EXPECT_PTR_EQ(test, &node[1],
			    mwb_queue_take_one(&t->q, mwb_test_is_path, &path));
	KUNIT_EXPECT_PTR_EQ(test, &node[4],
			    mwb_queue_take_one(&t->q, mwb_test_is_path, &path));
	KUNIT_EXPECT_PTR_EQ(test, &node[0], mwb_queue_take(&t->q));
	KUNIT_EXPECT_PTR_EQ(test, &node[7],
			    mwb_queue_take_one(&t->q, mwb_test_is_path, &path));
	KUNIT_EXPECT_PTR_EQ(test, (struct mwb_queue_node *)NULL,
			    mwb_queue_take_one(&t->q, mwb_test_is_path, &path));
	path = 1;
	KUNIT_EXPECT_PTR_EQ(test, &node[3],
			    mwb_queue_take_one(&t->q, mwb_test_is_path, &path));
	/* Those of a path are nobody else's, be they the last or not. */
	KUNIT_EXPECT_EQ(test, 1U, t->q.choosy);
	path = 0;
	KUNIT_EXPECT_PTR_EQ(test, &node[2],
			    mwb_queue_take_one(&t->q, mwb_test_is_path, &path));
	KUNIT_EXPECT_PTR_EQ(test, &node[5],
			    mwb_queue_take_one(&t->q, mwb_test_is_path, &path));
	/* None: but whose turn is over waits for the next one now. */
	KUNIT_EXPECT_PTR_EQ(test, (struct mwb_queue_node *)NULL,
			    mwb_queue_take_one(&t->q, mwb_test_is_path,
					       &other));
	KUNIT_EXPECT_PTR_EQ(test, &node[8], mwb_queue_take_last(&t->q));
	KUNIT_EXPECT_PTR_EQ(test, (struct mwb_queue_node *)NULL,
			    mwb_queue_take_last(&t->q));
	KUNIT_EXPECT_PTR_EQ(test, &node[6], mwb_queue_take(&t->q));
	KUNIT_EXPECT_EQ(test, 0U, t->q.choosy);
	KUNIT_EXPECT_EQ(test, 0U, t->q.packets);
	KUNIT_EXPECT_EQ(test, 0U, t->q.flows);
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_take_one),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-queue-take",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

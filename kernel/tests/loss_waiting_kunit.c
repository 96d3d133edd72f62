// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which packets of a path are lost: since when an Ack is waited for.
 */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/limits.h>

#include "../core/loss.h"

#define MWB_TEST_MS 1000000ULL

static void mwb_test_settled(void *context, void *owner, bool lost)
{
	u32 *count = context;

	count[lost] += !!owner;
}

/* What is not worth one does not count. */
static void mwb_test_waiting(struct kunit *test)
{
	struct mwb_loss_slot slot[16] = { 0 };
	u64 start = 5000 * MWB_TEST_MS;
	struct mwb_loss l;
	u64 now = start;
	u32 count[2] = { 0 };
	u64 bitmap = 0;
	u32 i;

	mwb_loss_init(&l, slot, ARRAY_SIZE(slot));
	KUNIT_EXPECT_EQ(test, U64_MAX, mwb_loss_waiting(&l));
	for (i = 0; i < 8; i++) {
		mwb_loss_send(&l, 100, i & 1 ? &l : NULL, now);
		now += MWB_TEST_MS;
	}
	KUNIT_EXPECT_EQ(test, start + MWB_TEST_MS, mwb_loss_waiting(&l));
	/* 3 has arrived, and 1 is missing: that is no question of waiting. */
	mwb_loss_report(&l, 3, &bitmap, 1, 1000 * MWB_TEST_MS, now,
			mwb_test_settled, count);
	KUNIT_EXPECT_EQ(test, now, l.moved);
	KUNIT_EXPECT_EQ(test, start + 5 * MWB_TEST_MS,
			mwb_loss_waiting(&l));
	/* The same again tells nothing. */
	mwb_loss_report(&l, 3, &bitmap, 1, 1000 * MWB_TEST_MS, now + 1,
			mwb_test_settled, count);
	KUNIT_EXPECT_EQ(test, now, l.moved);
	mwb_loss_report(&l, 7, &bitmap, 1, 1000 * MWB_TEST_MS, now + 2,
			mwb_test_settled, count);
	KUNIT_EXPECT_EQ(test, now + 2, l.moved);
	KUNIT_EXPECT_EQ(test, U64_MAX, mwb_loss_waiting(&l));
	mwb_loss_send(&l, 100, &l, now);
	KUNIT_EXPECT_EQ(test, now, mwb_loss_waiting(&l));
	mwb_loss_expire(&l, U64_MAX, true, mwb_test_settled, count);
	KUNIT_EXPECT_EQ(test, U64_MAX, mwb_loss_waiting(&l));
	/* 3 and 7 arrived; 1, 5 and 8 did not. */
	KUNIT_EXPECT_EQ(test, 2U, count[0]);
	KUNIT_EXPECT_EQ(test, 3U, count[1]);
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_waiting),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-loss-waiting",
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which packets of a path are lost: all that can become of ten packets, the
 * edges of the bitmap and of the memory, and a path at random beside a model
 * that looks at every packet each time.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../core/loss.h"
#include "random.h"

#define MWB_TEST_MS 1000000ULL

enum {
	MWB_TEST_PACKETS = 8192,
	MWB_TEST_TEN = 10,
};

/**
 * struct mwb_test_packet - a packet, and what is to become of it
 * @sent: when, ns
 * @missed: when a report first lacked it, ns
 * @len: bytes
 * @settled: times that it was settled
 * @lost: as what
 * @arrived: the peer has it
 * @is_missed: @missed holds
 * @done: the model has settled it
 * @done_lost: as what
 */
struct mwb_test_packet {
	u64 sent;
	u64 missed;
	u32 len;
	u8 settled;
	bool lost;
	bool arrived;
	bool is_missed;
	bool done;
	bool done_lost;
};

/**
 * struct mwb_test_loss - what a test works on
 * @l: path
 * @slot: its memory
 * @now: present time, ns
 * @base: number of the first packet
 * @count: packets that were sent
 * @done: before this all are settled in the model
 * @calls: packets that were settled
 * @packet: these
 */
struct mwb_test_loss {
	struct mwb_loss l;
	struct mwb_loss_slot slot[MWB_LOSS_SLOTS_MAX];
	u64 now;
	u64 base;
	u32 count;
	u32 done;
	u32 calls;
	struct mwb_test_packet packet[MWB_TEST_PACKETS];
};

static int mwb_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct mwb_test_loss),
				   GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

/* Begin anew with @size slots and the number @base. */
static void mwb_test_begin(struct mwb_test_loss *t, u32 size, u64 base)
{
	memset(t->slot, 0, size * sizeof(t->slot[0]));
	memset(t->packet, 0, t->count * sizeof(t->packet[0]));
	memset(&t->l, 0xa5, sizeof(t->l));
	mwb_loss_init(&t->l, t->slot, size);
	t->l.first = base;
	t->l.next = base;
	t->base = base;
	t->count = 0;
	t->done = 0;
	t->calls = 0;
	t->now = 1000 * MWB_TEST_MS;
}

static u32 mwb_test_send(struct kunit *test, u32 len)
{
	struct mwb_test_loss *t = test->priv;
	struct mwb_test_packet *packet = &t->packet[t->count];

	packet->sent = t->now;
	packet->len = len;
	KUNIT_ASSERT_EQ(test, t->base + t->count,
			mwb_loss_send(&t->l, len, packet, t->now));
	return t->count++;
}

static void mwb_test_settled(void *context, void *owner, bool lost)
{
	struct mwb_test_packet *packet = owner;
	struct mwb_test_loss *t = context;

	t->calls++;
	packet->settled++;
	packet->lost = lost;
}

static bool mwb_test_arrived(const struct mwb_test_loss *t, s64 index)
{
	return index >= 0 && index < t->count && t->packet[index].arrived;
}

/* A report that the peer would make now, with @highest as its highest. */
static u64 mwb_test_report(struct mwb_test_loss *t, u32 highest, u32 words,
			   u64 wait)
{
	u64 bitmap[MWB_LOSS_WORDS] = { 0 };
	u32 b;

	for (b = 0; b < 64 * words; b++)
		if (mwb_test_arrived(t, (s64)highest - 1 - b))
			bitmap[b / 64] |= 1ULL << (63 - b % 64);
	return mwb_loss_report(&t->l, t->base + highest, bitmap, words, wait,
			       t->now, mwb_test_settled, t);
}

/* The same by the rules. Return: bytes that are lost */
static u64 mwb_test_model_report(struct mwb_test_loss *t, u32 highest,
				 u32 words, u64 wait)
{
	struct mwb_test_packet *packet;
	bool in, later;
	u64 bytes = 0;
	u32 i;

	for (i = t->done; i <= highest; i++) {
		packet = &t->packet[i];
		if (packet->done)
			continue;
		in = i + 64 * words + 1 > highest;
		if (i == highest || (in ? packet->arrived :
					  !packet->is_missed)) {
			packet->done = true;
			continue;
		}
		later = t->packet[highest].sent >=
			packet->sent + wait + 10 * MWB_TEST_MS;
		if (i + 3 > highest && !later)
			continue;
		if (!packet->is_missed) {
			packet->is_missed = true;
			packet->missed = t->now;
		}
		if (later || t->now - packet->missed >= wait) {
			packet->done = true;
			packet->done_lost = true;
			bytes += packet->len;
		}
	}
	return bytes;
}

/* Is each packet settled as the model has it, and just once? */
static void mwb_test_check(struct kunit *test, const char *what, u32 a, u32 b)
{
	struct mwb_test_loss *t = test->priv;
	struct mwb_test_packet *packet;
	bool all = true;
	u64 bytes = 0;
	u32 i;

	for (i = t->done; i < t->count; i++) {
		packet = &t->packet[i];
		if (!packet->done)
			bytes += packet->len;
		KUNIT_ASSERT_EQ_MSG(test, (u32)packet->done,
				    (u32)packet->settled,
				    "%s %u, %u: packet %u", what, a, b, i);
		KUNIT_ASSERT_EQ_MSG(test, packet->done_lost, packet->lost,
				    "%s %u, %u: packet %u", what, a, b, i);
		all &= packet->done;
		if (all)
			t->done = i + 1;
	}
	KUNIT_ASSERT_EQ_MSG(test, bytes, t->l.bytes, "%s %u, %u", what, a, b);
	/* The oldest is what @first says, lest the memory fills up. */
	KUNIT_ASSERT_EQ(test, t->base + t->done, t->l.first);
}

static void mwb_test_both_report(struct kunit *test, u32 highest, u32 words,
				 u64 wait, const char *what, u32 a, u32 b)
{
	struct mwb_test_loss *t = test->priv;

	KUNIT_ASSERT_EQ_MSG(test, mwb_test_model_report(t, highest, words,
							wait),
			    mwb_test_report(t, highest, words, wait),
			    "%s %u, %u", what, a, b);
	mwb_test_check(test, what, a, b);
}

/* Each of the 1024 things that can happen to ten packets, with a report after
 * each @chunk of them.
 */
static void mwb_test_ten(struct kunit *test, u32 pattern, u32 chunk, u64 wait)
{
	struct mwb_test_loss *t = test->priv;
	u32 i, end, last = MWB_TEST_TEN;

	for (i = 0; i < MWB_TEST_TEN; i++)
		mwb_test_send(test, 100 + i);
	for (end = 0; end < MWB_TEST_TEN; ) {
		end = min_t(u32, end + chunk, MWB_TEST_TEN);
		for (i = 0; i < end; i++) {
			t->packet[i].arrived = pattern >> i & 1;
			if (t->packet[i].arrived)
				last = i;
		}
		t->now += 5 * MWB_TEST_MS;
		if (last < MWB_TEST_TEN)
			mwb_test_both_report(test, last, 1, wait, "pattern",
					     pattern, chunk);
	}
	t->now += wait;
	if (last < MWB_TEST_TEN)
		mwb_test_both_report(test, last, 1, wait, "end of pattern",
				     pattern, chunk);
	for (i = 0; i < MWB_TEST_TEN; i++) {
		bool lost = !t->packet[i].arrived &&
			    last < MWB_TEST_TEN && i + 3 <= last;

		KUNIT_ASSERT_EQ(test, lost, t->packet[i].lost);
		if (t->packet[i].arrived || lost)
			KUNIT_ASSERT_EQ(test, 1, (int)t->packet[i].settled);
	}
	mwb_loss_expire(&t->l, U64_MAX, true, mwb_test_settled, t);
	for (i = 0; i < MWB_TEST_TEN; i++) {
		KUNIT_ASSERT_EQ(test, 1, (int)t->packet[i].settled);
		KUNIT_ASSERT_EQ(test, !t->packet[i].arrived,
				t->packet[i].lost);
	}
	KUNIT_ASSERT_EQ(test, 0ULL, t->l.bytes);
	KUNIT_ASSERT_EQ(test, t->l.next, t->l.first);
}

static void mwb_test_patterns(struct kunit *test)
{
	static const u32 chunk[] = { 1, 2, 3, 5, 10 };
	u32 pattern, i;

	for (pattern = 0; pattern < 1 << MWB_TEST_TEN; pattern++) {
		for (i = 0; i < ARRAY_SIZE(chunk); i++) {
			/* Also where 32 and 56 bits end, and the memory. */
			mwb_test_begin(test->priv, 16, 0);
			mwb_test_ten(test, pattern, chunk[i], 0);
			mwb_test_begin(test->priv, 16, U32_MAX - 6ULL);
			mwb_test_ten(test, pattern, chunk[i],
				     7 * MWB_TEST_MS);
			mwb_test_begin(test->priv, 16, (1ULL << 56) - 3);
			mwb_test_ten(test, pattern, chunk[i],
				     20 * MWB_TEST_MS);
		}
	}
}

/* One packet arrives at each edge of a word, and the highest, no others. */
static void mwb_test_edges(struct kunit *test)
{
	struct mwb_test_loss *t = test->priv;
	u32 words, edge, back, i;
	int by;

	for (words = 0; words <= MWB_LOSS_WORDS; words++) {
		for (edge = 0; edge <= 64 * MWB_LOSS_WORDS; edge += 64) {
			for (by = -1; by <= 1; by++) {
				back = max(by + (int)edge, 0);
				mwb_test_begin(t, 2048, 2000);
				for (i = 0; i < 1101; i++)
					mwb_test_send(test, 1000);
				t->packet[1100].arrived = true;
				t->packet[1099 - back].arrived = true;
				mwb_test_both_report(test, 1100, words, 0,
						     "words", words, back);
			}
		}
	}
}

/* What the bitmap does not reach is not lost, however often it is said. */
static void mwb_test_unknown(struct kunit *test)
{
	struct mwb_test_loss *t = test->priv;
	u32 i;

	mwb_test_begin(t, 256, 0);
	for (i = 0; i < 200; i++)
		mwb_test_send(test, 1000);
	t->packet[199].arrived = true;
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_report(t, 199, 1,
						    10 * MWB_TEST_MS));
	/* 64 are missing, the last two not enough. */
	KUNIT_EXPECT_EQ(test, 64000ULL, t->l.bytes);
	KUNIT_EXPECT_EQ(test, 135ULL, t->l.first);
	t->now += 10 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 62000ULL, mwb_test_report(t, 199, 1,
							10 * MWB_TEST_MS));
	for (i = 0; i < 200; i++) {
		KUNIT_EXPECT_EQ(test, i != 197 && i != 198,
				t->packet[i].settled == 1);
		KUNIT_EXPECT_EQ(test, i >= 135 && i < 197, t->packet[i].lost);
	}
}

/* What was missed once is lost when the wait is over, though the bitmap does
 * not reach it any more: at a high rate it has gone on by then.
 */
static void mwb_test_out_of_reach(struct kunit *test)
{
	struct mwb_test_loss *t = test->priv;
	u32 i;

	mwb_test_begin(t, 1024, 0);
	for (i = 0; i < 600; i++) {
		mwb_test_send(test, 1000);
		t->packet[i].arrived = i != 3;
	}
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_report(t, 50, 1,
						    20 * MWB_TEST_MS));
	t->now += 10 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_report(t, 300, 4,
						    20 * MWB_TEST_MS));
	t->now += 10 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 1000ULL, mwb_test_report(t, 599, 4,
						       20 * MWB_TEST_MS));
	KUNIT_EXPECT_TRUE(test, t->packet[3].lost);
	KUNIT_EXPECT_EQ(test, 600, (int)t->calls);
}

/* A path on which little is sent: three more packets take long, but one that
 * was sent so much later tells as much.
 */
static void mwb_test_later(struct kunit *test)
{
	struct mwb_test_loss *t = test->priv;
	u32 i;

	for (i = 0; i < 2; i++) {
		mwb_test_begin(t, 16, 0);
		mwb_test_send(test, 1000);
		t->now += 15 * MWB_TEST_MS - 1 + i;
		mwb_test_send(test, 1000);
		t->packet[1].arrived = true;
		t->now += 100 * MWB_TEST_MS;
		KUNIT_EXPECT_EQ(test, i * 1000ULL,
				mwb_test_report(t, 1, 1, 5 * MWB_TEST_MS));
		KUNIT_EXPECT_EQ(test, !!i, t->packet[0].lost);
	}
}

/* The wait begins with the first report that lacks a packet. */
static void mwb_test_wait(struct kunit *test)
{
	struct mwb_test_loss *t = test->priv;
	u32 i;

	mwb_test_begin(t, 16, 0);
	for (i = 0; i < 6; i++)
		mwb_test_send(test, 1000);
	t->packet[1].arrived = true;
	t->packet[2].arrived = true;
	t->now += 500 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_report(t, 2, 1, MWB_TEST_MS));
	t->packet[3].arrived = true;
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_report(t, 3, 1, MWB_TEST_MS));
	/* Another processor may have looked at the clock earlier. */
	t->now -= 1000;
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_report(t, 3, 1, MWB_TEST_MS));
	t->now += 1000 + MWB_TEST_MS - 1;
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_report(t, 3, 1, MWB_TEST_MS));
	/* Late rather than lost. */
	KUNIT_EXPECT_EQ(test, 0U, (u32)t->packet[0].settled);
	t->now++;
	KUNIT_EXPECT_EQ(test, 1000ULL, mwb_test_report(t, 3, 1, MWB_TEST_MS));
	KUNIT_EXPECT_TRUE(test, t->packet[0].lost);
	/* That it comes in the end is no news. */
	t->packet[0].arrived = true;
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_report(t, 3, 1, 0));
	KUNIT_EXPECT_EQ(test, 1U, (u32)t->packet[0].settled);
	KUNIT_EXPECT_EQ(test, 2000ULL, t->l.bytes);
}

/* Reports come twice, or after later ones. */
static void mwb_test_again(struct kunit *test)
{
	struct mwb_test_loss *t = test->priv;
	struct mwb_loss before;
	u32 i, highest;

	mwb_test_begin(t, 256, 0);
	for (i = 0; i < 100; i++) {
		mwb_test_send(test, 1000);
		t->packet[i].arrived = i % 7 && i < 90;
	}
	mwb_test_report(t, 89, 2, 30 * MWB_TEST_MS);
	before = t->l;
	for (highest = 0; highest < 90; highest++) {
		if (!t->packet[highest].arrived)
			continue;
		KUNIT_EXPECT_EQ(test, 0ULL,
				mwb_test_report(t, highest, 2,
						30 * MWB_TEST_MS));
		KUNIT_EXPECT_EQ(test, before.bytes, t->l.bytes);
		KUNIT_EXPECT_EQ(test, before.first, t->l.first);
	}
	t->now += 30 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, 13000ULL, mwb_test_report(t, 89, 2,
							30 * MWB_TEST_MS));
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_report(t, 89, 2, 0));
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_test_report(t, 50, 2, 0));
	for (i = 0; i < 90; i++)
		KUNIT_EXPECT_EQ(test, 1U, (u32)t->packet[i].settled);
	KUNIT_EXPECT_EQ(test, 10000ULL, t->l.bytes);
}

/* More memory while packets are open, wherever in it they are. */
static void mwb_test_grow(struct kunit *test)
{
	static const u64 base[] = { 0, 1, 51, 255, (1ULL << 56) - 200 };
	struct mwb_test_loss *t = test->priv;
	struct mwb_loss_slot *slot;
	u32 size, n, i;

	for (n = 0; n < ARRAY_SIZE(base); n++) {
		mwb_test_begin(t, MWB_LOSS_SLOTS_MIN, base[n]);
		for (size = MWB_LOSS_SLOTS_MIN; size < 1024; size *= 2) {
			while (!mwb_loss_is_full(&t->l))
				mwb_test_send(test, 100 + t->count);
			KUNIT_ASSERT_EQ(test, size, t->count);
			t->packet[100].arrived = true;
			t->packet[size - 1].arrived = true;
			mwb_test_both_report(test, size - 1, 16,
					     30 * MWB_TEST_MS, "size", size, n);
			slot = kunit_kzalloc(test, 2 * size * sizeof(*slot),
					     GFP_KERNEL);
			KUNIT_ASSERT_NOT_NULL(test, slot);
			mwb_loss_grow(&t->l, slot, 2 * size);
			memset(t->slot, 0xa5, size * sizeof(*slot));
			KUNIT_ASSERT_FALSE(test, mwb_loss_is_full(&t->l));
			mwb_test_check(test, "grown from", size, n);
			t->now += 10 * MWB_TEST_MS;
		}
		while (!mwb_loss_is_full(&t->l))
			mwb_test_send(test, 1000);
		for (i = 0; i < t->count; i += 2)
			t->packet[i].arrived = true;
		/* What was missed first is lost now, what was later is not. */
		t->now += 10 * MWB_TEST_MS;
		mwb_test_both_report(test, 1022, 16, 30 * MWB_TEST_MS, "base",
				     n, 1);
		KUNIT_EXPECT_TRUE(test, t->packet[101].lost);
		KUNIT_EXPECT_EQ(test, 0, (int)t->packet[301].settled);
		t->now += 30 * MWB_TEST_MS;
		mwb_test_both_report(test, 1022, 16, 30 * MWB_TEST_MS, "base",
				     n, 2);
		mwb_loss_expire(&t->l, U64_MAX, false, mwb_test_settled, t);
		KUNIT_EXPECT_EQ(test, 0ULL, t->l.bytes);
	}
}

static void mwb_test_expire(struct kunit *test)
{
	struct mwb_test_loss *t = test->priv;
	u32 i;

	mwb_test_begin(t, 16, 13);
	for (i = 0; i < 10; i++) {
		t->now = (100 + i) * MWB_TEST_MS;
		mwb_test_send(test, 1000);
	}
	t->packet[1].arrived = true;
	mwb_test_report(t, 1, 1, 0);
	/* One that was sent just then is not older. */
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_loss_expire(&t->l, 100 * MWB_TEST_MS,
						    true, mwb_test_settled,
						    t));
	KUNIT_EXPECT_EQ(test, 2000ULL, mwb_loss_expire(&t->l,
						       103 * MWB_TEST_MS, false,
						       mwb_test_settled, t));
	KUNIT_EXPECT_EQ(test, 3000ULL, mwb_loss_expire(&t->l,
						       106 * MWB_TEST_MS, true,
						       mwb_test_settled, t));
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_loss_expire(&t->l, 106 * MWB_TEST_MS,
						    true, mwb_test_settled,
						    t));
	for (i = 0; i < 10; i++) {
		KUNIT_EXPECT_EQ(test, i < 6, t->packet[i].settled == 1);
		KUNIT_EXPECT_EQ(test, i >= 3 && i < 6, t->packet[i].lost);
	}
	KUNIT_EXPECT_EQ(test, 4000ULL, t->l.bytes);
	/* A report on these comes too late. */
	t->packet[4].arrived = true;
	t->packet[6].arrived = true;
	mwb_test_report(t, 6, 1, 0);
	KUNIT_EXPECT_EQ(test, 1, (int)t->packet[4].settled);
	KUNIT_EXPECT_EQ(test, 3000ULL, mwb_loss_expire(&t->l, U64_MAX, true,
						       mwb_test_settled, t));
	KUNIT_EXPECT_EQ(test, 0ULL, mwb_loss_expire(&t->l, U64_MAX, true,
						    mwb_test_settled, t));
	KUNIT_EXPECT_EQ(test, 0ULL, t->l.bytes);
	KUNIT_EXPECT_EQ(test, t->l.next, t->l.first);
}

/* The memory is full and is not to grow. */
static void mwb_test_forget(struct kunit *test)
{
	struct mwb_test_loss *t = test->priv;
	u32 i;

	mwb_test_begin(t, 16, 5);
	mwb_loss_forget_oldest(&t->l, mwb_test_settled, t);
	KUNIT_EXPECT_EQ(test, 5ULL, t->l.first);
	for (i = 0; i < 1000; i++) {
		if (mwb_loss_is_full(&t->l)) {
			KUNIT_ASSERT_EQ(test, 0,
					(int)t->packet[i - 16].settled);
			mwb_loss_forget_oldest(&t->l, mwb_test_settled, t);
			KUNIT_ASSERT_EQ(test, 1,
					(int)t->packet[i - 16].settled);
			KUNIT_ASSERT_FALSE(test, t->packet[i - 16].lost);
		}
		mwb_test_send(test, 1000);
		KUNIT_ASSERT_LE(test, t->l.bytes, 16000ULL);
	}
	/* The second and third are settled: they go with the first. */
	t->packet[986].arrived = true;
	t->packet[985].arrived = true;
	mwb_test_report(t, 986, 1, 1ULL << 62);
	KUNIT_EXPECT_EQ(test, 5ULL + 984, t->l.first);
	mwb_loss_forget_oldest(&t->l, mwb_test_settled, t);
	KUNIT_EXPECT_EQ(test, 5ULL + 987, t->l.first);
	while (t->l.bytes)
		mwb_loss_forget_oldest(&t->l, mwb_test_settled, t);
	KUNIT_EXPECT_EQ(test, t->count, t->calls);
	for (i = 0; i < t->count; i++)
		KUNIT_ASSERT_EQ(test, 1, (int)t->packet[i].settled);
}

/* Heartbeats and the like are counted, but are nobody's. */
static void mwb_test_no_owner(struct kunit *test)
{
	struct mwb_test_loss *t = test->priv;
	u64 bitmap = 1ULL << 62;
	u32 i;

	mwb_test_begin(t, 16, 0);
	for (i = 0; i < 8; i++)
		mwb_loss_send(&t->l, 100, NULL, t->now);
	/* 5 and 3 have arrived. */
	KUNIT_EXPECT_EQ(test, 400ULL - 100,
			mwb_loss_report(&t->l, 5, &bitmap, 1, 0, t->now, NULL,
					NULL));
	KUNIT_EXPECT_EQ(test, 300ULL, t->l.bytes);
	mwb_loss_forget_oldest(&t->l, NULL, NULL);
	KUNIT_EXPECT_EQ(test, 200ULL, mwb_loss_expire(&t->l, U64_MAX, true,
						      NULL, NULL));
	KUNIT_EXPECT_EQ(test, 0ULL, t->l.bytes);
}

/* Something happens: arrivals out of order, reports old and new, expiry. */
static void mwb_test_random_step(struct kunit *test, u64 *random, u32 loss,
				 u32 *top)
{
	struct mwb_test_loss *t = test->priv;
	u32 what = mwb_random_below(random, 100);
	u32 i, highest;

	t->now += mwb_random_below(random, 2 * MWB_TEST_MS);
	if (what < 40) {
		if (!mwb_loss_is_full(&t->l))
			mwb_test_send(test, 40 + mwb_random_below(random,
								  1500));
	} else if (what < 90) {
		/* Most times the next, else one of those before it. */
		i = *top + 1;
		if (what < 45)
			i -= mwb_random_below(random, min(i, 20U) + 1);
		if (i >= t->count)
			return;
		*top = max(*top, i);
		if (mwb_random_below(random, 100) >= loss)
			t->packet[i].arrived = true;
	} else if (what < 98) {
		highest = *top - mwb_random_below(random, min(*top, 99U) + 1);
		if (what < 96)
			highest = *top;
		if (!mwb_test_arrived(t, highest))
			return;
		mwb_test_both_report(test, highest,
				     mwb_random_below(random,
						      MWB_LOSS_WORDS + 1),
				     mwb_random_below(random, 20 * MWB_TEST_MS),
				     "random", highest, what);
	} else if (what == 98 && t->l.first != t->l.next) {
		KUNIT_ASSERT_FALSE(test, t->packet[t->done].done);
		t->packet[t->done].done = true;
		mwb_loss_forget_oldest(&t->l, mwb_test_settled, t);
		mwb_test_check(test, "forget", 0, 0);
	} else if (what == 99) {
		u64 before = t->now - 100 * MWB_TEST_MS -
			     mwb_random_below(random, 500 * MWB_TEST_MS);

		for (i = t->done; i < t->count &&
		     t->packet[i].sent < before; i++) {
			if (t->packet[i].done)
				continue;
			t->packet[i].done = true;
			t->packet[i].done_lost = true;
		}
		mwb_loss_expire(&t->l, before, true, mwb_test_settled, t);
		mwb_test_check(test, "expire", 0, 0);
	}
}

static void mwb_test_random(struct kunit *test)
{
	static const u32 loss[] = { 0, 2, 10, 50, 90 };
	struct mwb_test_loss *t = test->priv;
	u64 random = 3;
	u32 n, top;

	for (n = 0; n < ARRAY_SIZE(loss); n++) {
		mwb_test_begin(t, 512, mwb_random64(&random) >> 9);
		top = 0;
		while (t->count < MWB_TEST_PACKETS)
			mwb_test_random_step(test, &random, loss[n], &top);
	}
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_patterns),
	KUNIT_CASE(mwb_test_edges),
	KUNIT_CASE(mwb_test_unknown),
	KUNIT_CASE(mwb_test_out_of_reach),
	KUNIT_CASE(mwb_test_later),
	KUNIT_CASE(mwb_test_wait),
	KUNIT_CASE(mwb_test_again),
	KUNIT_CASE(mwb_test_grow),
	KUNIT_CASE(mwb_test_expire),
	KUNIT_CASE(mwb_test_forget),
	KUNIT_CASE(mwb_test_no_owner),
	KUNIT_CASE(mwb_test_random),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-loss",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

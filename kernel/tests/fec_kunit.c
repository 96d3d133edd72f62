// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decisions about FEC: prefixes that no sender has coded, paths of parities,
 * pace of block numbers, averages of losses, and codes for them, by tails of
 * binomial distributions that were computed elsewhere.
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../core/fec.h"
#include "../core/wire.h"
#include "random.h"

#define MWB_TEST_MS 1000000ULL
#define MWB_TEST_S 1000000000ULL

static void mwb_test_prefix(struct kunit *test)
{
	const struct mwb_fec_prefix in = {
		.sequence = mwb_wire_sequence(1023, 0x123456789abcULL),
		.flags = MWB_WIRE_ORDERED | MWB_WIRE_IN_BLOCK |
			 MWB_WIRE_DUPLICATE | MWB_WIRE_ENCRYPTED,
		.hold = 0x1234,
		.len = 5,
		.type = MWB_WIRE_DATA,
		.priority = 200,
	};
	u8 buf[MWB_FEC_PREFIX + 8] = { };
	struct mwb_fec_prefix out;
	u32 i;

	mwb_fec_build_prefix(buf, &in);
	memset(buf + MWB_FEC_PREFIX, 0xff, in.len);
	KUNIT_ASSERT_EQ(test, mwb_fec_parse_prefix(buf, sizeof(buf), &out), 0);
	KUNIT_EXPECT_EQ(test, out.sequence, in.sequence);
	KUNIT_EXPECT_EQ(test, out.flags, MWB_WIRE_ORDERED);
	KUNIT_EXPECT_EQ(test, out.hold, in.hold);
	KUNIT_EXPECT_EQ(test, out.len, in.len);
	KUNIT_EXPECT_EQ(test, out.type, in.type);
	KUNIT_EXPECT_EQ(test, out.priority, in.priority);

	/* No room for the plaintext, or none at all */
	for (i = MWB_FEC_PREFIX; i < MWB_FEC_PREFIX + (u32)in.len; i++)
		KUNIT_EXPECT_EQ(test, mwb_fec_parse_prefix(buf, i, &out),
				-EBADMSG);
	buf[sizeof(buf) - 1] = 1;
	KUNIT_EXPECT_EQ(test, mwb_fec_parse_prefix(buf, sizeof(buf), &out),
			-EBADMSG);
	buf[sizeof(buf) - 1] = 0;
	buf[15] = 0;
	KUNIT_EXPECT_EQ(test, mwb_fec_parse_prefix(buf, sizeof(buf), &out),
			-EBADMSG);
	buf[15] = in.len;
	buf[0] = 4;		/* bucket 1024 and more */
	KUNIT_EXPECT_EQ(test, mwb_fec_parse_prefix(buf, sizeof(buf), &out),
			-EBADMSG);
	buf[0] = 3;
	buf[8] = MWB_WIRE_ACK;
	KUNIT_EXPECT_EQ(test, mwb_fec_parse_prefix(buf, sizeof(buf), &out),
			-EBADMSG);
	buf[8] = MWB_WIRE_MULTICAST;	/* which is not ordered */
	KUNIT_EXPECT_EQ(test, mwb_fec_parse_prefix(buf, sizeof(buf), &out),
			-EBADMSG);
	buf[11] = 0;
	KUNIT_EXPECT_EQ(test, mwb_fec_parse_prefix(buf, sizeof(buf), &out), 0);
	buf[11] = MWB_WIRE_FRAGMENT;
	KUNIT_EXPECT_EQ(test, mwb_fec_parse_prefix(buf, sizeof(buf), &out),
			-EBADMSG);
}

static void mwb_test_parities(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, mwb_fec_parities(4, 2, 4), 2U);
	KUNIT_EXPECT_EQ(test, mwb_fec_parities(4, 2, 3), 2U);
	KUNIT_EXPECT_EQ(test, mwb_fec_parities(4, 2, 2), 1U);
	KUNIT_EXPECT_EQ(test, mwb_fec_parities(4, 2, 1), 1U);
	KUNIT_EXPECT_EQ(test, mwb_fec_parities(20, 6, 1), 1U);
	KUNIT_EXPECT_EQ(test, mwb_fec_parities(1, 254, 1), 254U);
}

static void mwb_test_spread(struct kunit *test)
{
	u8 shards[MWB_FEC_PATHS] = { 5, 3, 2 };
	u8 data[MWB_FEC_PATHS] = { 5, 3, 2 };
	u32 i, path;

	/* 10+3 over shares of 50, 30 and 20: never where most of it is */
	KUNIT_EXPECT_EQ(test, mwb_fec_spread(shards, data, 7), (u16)BIT(2));
	shards[2]++;
	KUNIT_EXPECT_EQ(test, mwb_fec_spread(shards, data, 7),
			(u16)BIT(1) | (u16)BIT(2));
	/* Those that are not usable do not count. */
	KUNIT_EXPECT_EQ(test, mwb_fec_spread(shards, data, 6), (u16)BIT(2));
	KUNIT_EXPECT_EQ(test, mwb_fec_spread(shards, data, 1), (u16)BIT(0));
	/* As much everywhere */
	memset(shards, 2, sizeof(shards));
	memset(data, 2, sizeof(data));
	KUNIT_EXPECT_EQ(test, mwb_fec_spread(shards, data, 0xffff), 0xffff);
	shards[7] = 1;
	KUNIT_EXPECT_EQ(test, mwb_fec_spread(shards, data, 0xffff), (u16)BIT(7));
	/* Two paths, 4+2: no more than 3 on any */
	memset(shards, 0, sizeof(shards));
	memset(data, 0, sizeof(data));
	for (i = 0; i < 4; i++) {
		shards[i % 2]++;
		data[i % 2]++;
	}
	for (i = 0; i < 2; i++) {
		path = mwb_fec_spread(shards, data, 3) & 1 ? 0 : 1;
		shards[path]++;
	}
	KUNIT_EXPECT_EQ(test, shards[0], 3U);
	KUNIT_EXPECT_EQ(test, shards[1], 3U);
}

/* No number comes back within 2 s, whatever the rate, once that is known. */
static void mwb_test_pace(struct kunit *test)
{
	struct mwb_fec_pace pace = { };
	u64 now = MWB_TEST_S;
	u32 i, k, m;

	/* 400,000 packets a second in blocks of 4 */
	for (i = 0; i < 200000; i++) {
		k = 4;
		m = 2;
		mwb_fec_pace(&pace, now, &k, &m);
		KUNIT_ASSERT_EQ(test, k, 2 * m);
		now += k * 2500;
	}
	KUNIT_EXPECT_GE(test, k * 2500 * 65536ULL, 2 * MWB_TEST_S);
	/* And back, when it is less */
	for (i = 0; i < 20000; i++) {
		k = 4;
		m = 2;
		mwb_fec_pace(&pace, now, &k, &m);
		now += k * 100000;
	}
	KUNIT_EXPECT_EQ(test, k, 4U);
	/* Never more shards than there can be */
	for (i = 0; i < 200000; i++) {
		k = 100;
		m = 100;
		mwb_fec_pace(&pace, now, &k, &m);
		KUNIT_ASSERT_EQ(test, k, 100U);
		now++;
	}
}

static void mwb_test_loss(struct kunit *test)
{
	struct mwb_fec_loss loss = { };
	u64 number = 0, lost = 0, runs = 0;
	u64 now = MWB_TEST_S;
	u32 i;

	/* 5 % in runs of 4, 1000 packets a second */
	for (i = 0; i < 50; i++) {
		mwb_fec_loss(&loss, number, lost, runs, now);
		number += 240;
		lost += 12;
		runs += 3;
		now += 240 * MWB_TEST_MS;
	}
	KUNIT_EXPECT_EQ(test, loss.ppm, 50000U);
	KUNIT_EXPECT_EQ(test, loss.burst, 4U * MWB_FEC_BURST);
	KUNIT_EXPECT_EQ(test, loss.sent, 1000U);
	/* Too few to tell */
	KUNIT_EXPECT_FALSE(test, mwb_fec_loss(&loss, number - 240 + 199, lost,
					      runs, now));
	/* No loss any more: the average follows. */
	for (i = 0; i < 60; i++) {
		number += 240;
		now += 240 * MWB_TEST_MS;
		mwb_fec_loss(&loss, number, lost, runs, now);
	}
	KUNIT_EXPECT_LT(test, loss.ppm, 100U);
	/* Another association */
	KUNIT_EXPECT_TRUE(test, mwb_fec_loss(&loss, 10, 0, 0, now));
	KUNIT_EXPECT_LT(test, loss.ppm, 100U);
}

static u32 mwb_test_choose(u32 ppm, u32 burst, u32 sent, u32 limit, u32 *k)
{
	const struct mwb_fec_rule rule = {
		.timeout = MWB_FEC_AUTO_TIMEOUT,
		.limit = limit,
	};
	const struct mwb_fec_path path = {
		.rtt = 10 * MWB_TEST_MS,
		.ppm = ppm,
		.burst = burst * MWB_FEC_BURST,
		.sent = sent,
	};

	return mwb_fec_choose(&rule, &path, 1, false, k);
}

/* One path: binomial tails below 1e-4 */
static void mwb_test_binomial(struct kunit *test)
{
	static const struct { u32 ppm, k, m; } want[] = {
		{ 2000, 4, 1 }, { 2000, 8, 2 }, { 2000, 16, 2 },
		{ 10000, 4, 2 }, { 10000, 8, 3 }, { 10000, 16, 3 },
		{ 20000, 4, 3 }, { 20000, 8, 3 }, { 20000, 12, 4 },
		{ 20000, 16, 4 }, { 50000, 4, 4 }, { 50000, 8, 5 },
		{ 50000, 12, 6 }, { 50000, 16, 6 }, { 100000, 8, 7 },
		{ 100000, 12, 8 }, { 100000, 16, 9 },
	};
	u32 i, k, m;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		m = mwb_test_choose(want[i].ppm, 1, want[i].k * 50,
				    MWB_FEC_ALL, &k);
		KUNIT_EXPECT_EQ(test, k, want[i].k);
		KUNIT_EXPECT_EQ_MSG(test, m, want[i].m, "%u ppm, k %u",
				    want[i].ppm, k);
	}
	/* The limit comes first. */
	KUNIT_EXPECT_EQ(test, mwb_test_choose(100000, 1, 400,
					      MWB_FEC_ALL / 2, &k), 4U);
	/* A packet every 20 ms: no parity is half a packet. */
	KUNIT_EXPECT_EQ(test, mwb_test_choose(100000, 1, 50,
					      MWB_FEC_ALL / 2, &k), 0U);
	/* Runs ask for more, up to the limit. */
	KUNIT_EXPECT_GE(test, mwb_test_choose(10000, 3, 800,
					      MWB_FEC_ALL, &k), 6U);
	/* Clean */
	KUNIT_EXPECT_EQ(test, mwb_test_choose(900, 1, 800, MWB_FEC_ALL,
					      &k), 0U);
	KUNIT_EXPECT_EQ(test, mwb_test_choose(10000, 1, 0, MWB_FEC_ALL,
					      &k), 0U);
}

/* Half of the packets go over a path that loses nothing. */
static void mwb_test_two_paths(struct kunit *test)
{
	struct mwb_fec_rule rule = {
		.timeout = MWB_FEC_AUTO_TIMEOUT,
		.limit = MWB_FEC_ALL,
	};
	struct mwb_fec_path path[] = {
		{ .rtt = 30 * MWB_TEST_MS, .sent = 400 },
		{ .rtt = 30 * MWB_TEST_MS, .sent = 400, .ppm = 100000 },
	};
	u32 k, one, two;

	two = mwb_fec_choose(&rule, path, 2, false, &k);
	KUNIT_EXPECT_EQ(test, k, 16U);
	path[0].ppm = 100000;
	one = mwb_fec_choose(&rule, path, 2, false, &k);
	KUNIT_EXPECT_LT(test, two, one);
	KUNIT_EXPECT_EQ(test, two, 6U);
	/* Repairs are soon enough only if they are from all paths that lose. */
	rule.repair = true;
	KUNIT_EXPECT_EQ(test, mwb_fec_choose(&rule, path, 2, false, &k), one);
	path[0].rtt = 20 * MWB_TEST_MS;
	path[1].rtt = 20 * MWB_TEST_MS;
	KUNIT_EXPECT_EQ(test, mwb_fec_choose(&rule, path, 2, false, &k), 0U);
	/* What is on stays so for a little less. */
	rule.repair = false;
	path[0].ppm = 700;
	path[1].ppm = 700;
	KUNIT_EXPECT_EQ(test, mwb_fec_choose(&rule, path, 2, false, &k), 0U);
	KUNIT_EXPECT_GE(test, mwb_fec_choose(&rule, path, 2, true, &k), 1U);
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_prefix),
	KUNIT_CASE(mwb_test_parities),
	KUNIT_CASE(mwb_test_spread),
	KUNIT_CASE(mwb_test_pace),
	KUNIT_CASE(mwb_test_loss),
	KUNIT_CASE(mwb_test_binomial),
	KUNIT_CASE(mwb_test_two_paths),
	{}
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-fec",
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

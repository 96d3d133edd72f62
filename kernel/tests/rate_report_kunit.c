// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rate of a path: single reports, among them such that cannot be true.
 */
#include <kunit/test.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../core/rate.h"
#include "random.h"

#define MWB_TEST_MS 1000000ULL
#define MWB_TEST_MBIT 125000ULL	/* bytes/s */

/* A report that is so: after a second at 50 Mbit/s, every 10 ms. */
static void mwb_test_true_report(struct mwb_rate_report *report, u32 n)
{
	memset(report, 0, sizeof(*report));
	report->packets = 1 + n * 45ULL;
	report->bytes = report->packets * 1400;
	report->number = report->packets - 1;
	report->arrival = 1000 * MWB_TEST_MS + n * 10 * MWB_TEST_MS;
	report->rtt = 20 * MWB_TEST_MS;
}

static struct mwb_rate *mwb_test_rate(struct kunit *test)
{
	struct mwb_rate *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, r);
	return r;
}

/* What cannot be true changes nothing. */
static void mwb_test_absurd(struct kunit *test)
{
	static const u64 by[] = {
		-1ULL, -100000ULL, 1ULL << 33, 1ULL << 40, 1ULL << 62,
		1ULL << 63,
	};
	struct mwb_rate_report report;
	struct mwb_rate *r = mwb_test_rate(test);
	struct mwb_rate *before = mwb_test_rate(test);
	u64 now = 5000 * MWB_TEST_MS;
	u32 n, i, field;

	mwb_rate_init(r, 50 * MWB_TEST_MBIT);
	for (n = 0; n < 100; n++) {
		mwb_test_true_report(&report, n);
		mwb_rate_feedback(r, &report, now + n * 10 * MWB_TEST_MS);
	}
	*before = *r;
	for (i = 0; i < ARRAY_SIZE(by); i++) {
		for (field = 0; field < 4; field++) {
			/* Backwards; or forwards, but the others do not. */
			mwb_test_true_report(&report, n - 1);
			report.arrival += MWB_TEST_MS;
			if (field == 0)
				report.bytes += by[i];
			else if (field == 1)
				report.packets += by[i];
			else if (field == 2)
				report.number += by[i];
			else
				report.arrival -= min(by[i], report.arrival);
			r->stale = 0;
			KUNIT_EXPECT_FALSE(test, mwb_rate_feedback(r, &report,
								   now));
			r->stale = 0;
			KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(r, before,
							    sizeof(*r)),
					    "case %u, %u", i, field);
		}
	}
	/* Nothing at all, and nothing new */
	memset(&report, 0, sizeof(report));
	KUNIT_EXPECT_FALSE(test, mwb_rate_feedback(r, &report, now));
	mwb_test_true_report(&report, n - 1);
	KUNIT_EXPECT_FALSE(test, mwb_rate_feedback(r, &report, now));
	KUNIT_EXPECT_EQ(test, 2U, r->stale);
	r->stale = 0;
	KUNIT_EXPECT_EQ(test, 0, memcmp(r, before, sizeof(*r)));
	/* A time that is far ahead: a new beginning, at the same rate. */
	report.arrival += 1ULL << 62;
	report.bytes += 100000;
	report.packets += 100;
	report.number += 100;
	KUNIT_EXPECT_FALSE(test, mwb_rate_feedback(r, &report, now));
	KUNIT_EXPECT_EQ(test, before->rate, r->rate);
	/* Now what is true again. */
	for (n += 100; n < 400; n++) {
		mwb_test_true_report(&report, n);
		mwb_rate_feedback(r, &report, now + n * 10 * MWB_TEST_MS);
		KUNIT_EXPECT_GE(test, r->rate, 45 * MWB_TEST_MBIT);
	}
}

/* In a mode that does not keep to the rate, a longer route is no queue. */
static void mwb_test_unpaced(struct kunit *test)
{
	struct mwb_rate *r = mwb_test_rate(test);
	u64 now = 5000 * MWB_TEST_MS;
	struct mwb_rate_report report;
	u32 n;

	mwb_rate_init(r, 500 * MWB_TEST_MBIT);
	for (n = 0; n < 1000; n++) {
		mwb_test_true_report(&report, n);
		if (n > 50)
			report.queue = 60 * MWB_TEST_MS;
		report.unpaced = true;
		mwb_rate_feedback(r, &report, now);
		now += 10 * MWB_TEST_MS;
	}
	KUNIT_EXPECT_EQ(test, 500 * MWB_TEST_MBIT, r->rate);
}

/* The sender's window is full: a queue stays, though it does not grow, and the
 * rate does not limit.
 */
static void mwb_test_window_full(struct kunit *test)
{
	struct mwb_rate *r = mwb_test_rate(test);
	u64 now = 5000 * MWB_TEST_MS;
	struct mwb_rate_report report;
	u32 n;

	mwb_rate_init(r, 75 * MWB_TEST_MBIT);
	r->starting = false;
	for (n = 0; n < 150; n++) {
		mwb_test_true_report(&report, n);
		if (n > 50)
			report.queue = 60 * MWB_TEST_MS;
		mwb_rate_feedback(r, &report, now);
		now += 10 * MWB_TEST_MS;
	}
	KUNIT_EXPECT_LE(test, r->rate, 50 * MWB_TEST_MBIT);
}

/* Nothing comes through, and yet there is a queue. */
static void mwb_test_nothing(struct kunit *test)
{
	struct mwb_rate *r = mwb_test_rate(test);
	u64 now = 5000 * MWB_TEST_MS;
	struct mwb_rate_report report;
	u32 n;

	mwb_rate_init(r, 50 * MWB_TEST_MBIT);
	for (n = 0; n < 500; n++) {
		mwb_test_true_report(&report, n);
		if (n >= 100 && n < 200) {
			report.bytes = 1400;
			report.packets = 1;
			if (n > 100)
				report.queue = 1000 * MWB_TEST_MS;
		}
		mwb_rate_feedback(r, &report, now);
		now += 10 * MWB_TEST_MS;
	}
	KUNIT_EXPECT_LE(test, MWB_RATE_MIN, r->rate);
}

/* Times that cannot be are cut off. */
static void mwb_test_absurd_times(struct kunit *test)
{
	static const u64 time[] = {
		0, 1, 1ULL << 33, 1ULL << 40, 1ULL << 62, U64_MAX,
	};
	struct mwb_rate *r = mwb_test_rate(test);
	struct mwb_rate_report report;
	u32 n, i, j, k;
	u64 now;

	for (i = 0; i < 6 * 6 * 6; i++) {
		j = i / 6 % 6;
		k = i / 36;
		mwb_rate_init(r, 50 * MWB_TEST_MBIT);
		now = 5000 * MWB_TEST_MS;
		for (n = 0; n < 300; n++) {
			mwb_test_true_report(&report, n);
			if (n >= 100 && n < 110) {
				report.queue = time[i % 6];
				report.jitter = time[j];
				report.rtt = time[k];
			}
			mwb_rate_feedback(r, &report, now);
			now += 10 * MWB_TEST_MS;
		}
		KUNIT_EXPECT_LE_MSG(test, MWB_RATE_MIN, r->rate, "case %u", i);
		KUNIT_EXPECT_LE_MSG(test, r->rate, 400 * MWB_TEST_MBIT,
				    "case %u", i);
		KUNIT_EXPECT_LE_MSG(test, r->noise + r->floor,
				    120 * MWB_TEST_MS, "case %u", i);
	}
}

/* Anything at all: the sanitizers look at it. */
static void mwb_test_random(struct kunit *test)
{
	const u32 fields = offsetof(struct mwb_rate_report, unpaced) /
			   sizeof(u64);
	struct mwb_rate_report report = { 0 };
	u64 *field = (u64 *)&report;
	struct mwb_rate *r = mwb_test_rate(test);
	u64 random = 77;
	u64 now = 0;
	u32 n, i;

	mwb_rate_init(r, 0);
	for (n = 0; n < 200000; n++) {
		report.unpaced = n % 3 == 0;
		for (i = 0; i < fields; i++) {
			u32 what = mwb_random_below(&random, 200);
			u64 by = mwb_random64(&random);

			/* Most of the time by little. */
			if (what == 0)
				field[i] = by;
			else
				field[i] += by >> (what < 5 ? 20 : 50);
		}
		if (mwb_random_below(&random, 10)) {
			report.number = report.packets;
			report.bytes = report.packets * 1400;
		}
		now += mwb_random_below(&random, 20 * MWB_TEST_MS);
		mwb_rate_feedback(r, &report, now);
		KUNIT_ASSERT_LE(test, MWB_RATE_MIN, r->rate);
		KUNIT_ASSERT_LE(test, r->rate, MWB_RATE_MAX);
		KUNIT_ASSERT_LE(test, r->noise, 60 * MWB_TEST_MS);
		KUNIT_ASSERT_LE(test, r->floor, 60 * MWB_TEST_MS);
		KUNIT_ASSERT_LE(test, r->loss, 1000000U);
		KUNIT_ASSERT_LE(test, r->target, 20 * MWB_TEST_MS);
		KUNIT_ASSERT_LE(test, 5 * MWB_TEST_MS / 2, r->target);
	}
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_unpaced),
	KUNIT_CASE(mwb_test_window_full),
	KUNIT_CASE(mwb_test_absurd),
	KUNIT_CASE(mwb_test_nothing),
	KUNIT_CASE(mwb_test_absurd_times),
	KUNIT_CASE(mwb_test_random),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-rate-report",
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

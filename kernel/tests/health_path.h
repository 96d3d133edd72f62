/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A path that is simulated in steps of 1 ms, for health_kunit.c alone.
 */
#ifndef _MWBOND_TESTS_HEALTH_PATH_H
#define _MWBOND_TESTS_HEALTH_PATH_H

#include <linux/limits.h>
#include <linux/minmax.h>

#include "../core/health.h"

#define MWB_TEST_MS 1000000ULL

enum { MWB_TEST_FLIGHT = 256 };

/**
 * struct mwb_test_health - a path and the network it leads through
 * @h: path
 * @now: present time, ns
 * @due: when the next request is to be sent, ns
 * @rtt: round-trip time of the network, ns
 * @dead: requests are lost
 * @busy: traffic flows
 * @arrives: when the answer to each request arrives, ns, by number modulo
 *	MWB_TEST_FLIGHT; U64_MAX for never
 */
struct mwb_test_health {
	struct mwb_health h;
	u64 now;
	u64 due;
	u64 rtt;
	bool dead;
	bool busy;
	u64 arrives[MWB_TEST_FLIGHT];
};

/* Let time pass, 1 ms after the other, all that is due being done. */
static void mwb_test_run(struct mwb_test_health *t, u64 ms, bool alone)
{
	struct mwb_health *h = &t->h;
	u64 end = t->now + ms * MWB_TEST_MS;
	u64 seq;

	for (; t->now < end; t->now += MWB_TEST_MS) {
		/* Requests are settled after fewer than 200 more. */
		for (seq = h->next - min_t(u64, h->next, 200); seq < h->next;
		     seq++) {
			if (t->arrives[seq % MWB_TEST_FLIGHT] > t->now)
				continue;
			t->arrives[seq % MWB_TEST_FLIGHT] = U64_MAX;
			mwb_health_answer(h, seq, 0, alone, t->now);
		}
		mwb_health_check(h, t->now);
		if (t->now >= t->due) {
			seq = mwb_health_request(h, t->now);
			t->arrives[seq % MWB_TEST_FLIGHT] =
				t->dead ? U64_MAX : t->now + t->rtt;
		}
		/* What is due may be earlier once it is known to be busy. */
		t->due = h->next ? h->sent[(h->next - 1) %
					   MWB_HEALTH_OUTSTANDING] : t->now;
		t->due += mwb_health_interval(h, t->busy, t->now);
	}
}

/* Let time pass until the state is entered. Return: ms, or more than @ms */
static u64 mwb_test_until(struct mwb_test_health *t, enum mwb_health_state state,
			  u64 ms, bool alone)
{
	u64 passed;

	for (passed = 0; passed <= ms && t->h.state != state; passed++)
		mwb_test_run(t, 1, alone);
	return passed;
}

/* A request at once, answered after @rtt. */
static bool mwb_test_probe(struct mwb_test_health *t, u64 rtt, bool alone)
{
	u64 seq = mwb_health_request(&t->h, t->now);

	t->now += rtt;
	return mwb_health_answer(&t->h, seq, 0, alone, t->now);
}

#endif /* _MWBOND_TESTS_HEALTH_PATH_H */

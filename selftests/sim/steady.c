// SPDX-License-Identifier: GPL-2.0-only
/*
 * A random network in mode auto, and how long it takes until its flows are
 * steady.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "../../kernel/tests/random.h"
#include "network.h"

enum {
	MWB_STEADY_RATE_MIN = 1000,	/* kbit/s */
	MWB_STEADY_ROUNDS = 40,		/* trips that a run takes at the least */
};

#define MWB_STEADY_TIME (26 * NSEC_PER_SEC)

static u64 mwb_steady_rtt(const struct mwb_network *net)
{
	u64 rtt = 0;
	u32 i;

	for (i = 0; i < net->nr_links; i++)
		rtt = max(rtt, 2 * net->link[i].way[0].delay);
	return rtt;
}

static bool mwb_steady_has(const struct mwb_network *net, u32 from)
{
	u32 i;

	for (i = 0; i < net->nr_flows; i++)
		if (net->flow[i].from == from)
			return true;
	return false;
}

static u64 mwb_steady_sum(const struct mwb_network *net,
			  u64 (*rate)(const struct mwb_link_config *way))
{
	u64 sum = 0;
	u32 i, from;

	for (from = 0; from < 2; from++)
		for (i = 0; mwb_steady_has(net, from) && i < net->nr_links; i++)
			sum += rate(&net->link[i].way[from]);
	return sum;
}

static u64 mwb_steady_last(const struct mwb_link_config *way)
{
	return way->step[way->nr_steps - 1].rate;
}

static u64 mwb_steady_most(const struct mwb_link_config *way)
{
	u64 most = 0;
	u32 i;

	for (i = 0; i < way->nr_steps; i++)
		most = max_t(u64, most, way->step[i].rate);
	return most;
}

u64 mwb_network_capacity(const struct mwb_network *net)
{
	return mwb_steady_sum(net, mwb_steady_last);
}

/* The time that CUBIC takes from a loss to the window of before, about: the
 * cube root of as many segments as fill the path; RFC 9438, 4.2.
 */
static u64 mwb_steady_cubic(u64 capacity, u64 rtt)
{
	u64 segments = capacity * (rtt / NSEC_PER_USEC) / 8 / 1000 /
		       MWB_PACKET_WIRE;
	u64 root = 1;

	while (root * root * root < segments)
		root++;
	return root * NSEC_PER_SEC;
}

static u64 mwb_steady_time(const struct mwb_network *net)
{
	u64 rtt = mwb_steady_rtt(net);

	return MWB_STEADY_TIME + MWB_STEADY_ROUNDS * rtt +
	       mwb_steady_cubic(mwb_network_capacity(net), rtt);
}

static void mwb_steady_slow_down(struct mwb_link_config *way)
{
	u32 i;

	for (i = 0; i < way->nr_steps; i++)
		way->step[i].rate = max_t(u32, way->step[i].rate / 8 * 7,
					  MWB_STEADY_RATE_MIN);
	way->queue = max_t(u32, way->queue / 8 * 7, 10 * MWB_PACKET_WIRE);
}

/* The rates change no more when half of the first half is over. */
static void mwb_steady_set_steps(const struct mwb_network *net,
				 struct mwb_link_config *way)
{
	u64 most = net->start + (net->measure - net->start) / 2;
	u64 last = way->step[way->nr_steps - 1].time;
	u32 i;

	for (i = 1; last > most && i < way->nr_steps; i++)
		way->step[i].time = way->step[i].time / 1000 * most / last *
				    1000;
}

static void mwb_steady_make_flows(struct mwb_network *net, u64 *random)
{
	u32 direction = mwb_random_below(random, 5);
	u32 kind = mwb_random_below(random, 5);
	struct mwb_network_flow *flow;
	u32 i;

	net->nr_flows = mwb_random_below(random, 2) ? 1 :
			1 << mwb_random_below(random, 3);
	for (i = 0; i < net->nr_flows; i++) {
		flow = &net->flow[i];
		flow->bbr = kind == 4 ? i & 1 : kind & 1;
		flow->from = direction == 4 ? i & 1 : direction & 1;
		flow->hash = mwb_random(random);
		flow->start = net->start;
		if (i)
			flow->start += mwb_random_below(random, 20) *
				       NSEC_PER_MSEC;
	}
}

void mwb_network_make_steady(struct mwb_network *net, u64 seed, u32 budget)
{
	u64 random, time;
	u32 i;

	memset(net, 0, sizeof(*net));
	net->seed = seed;
	random = mwb_network_random(net, 60);
	net->mode = MWB_MODE_AUTO;
	net->nr_links = 1 + mwb_random_below(&random, MWB_NETWORK_LINKS);
	for (i = 0; i < net->nr_links; i++)
		mwb_network_make_link(&net->link[i], &random);
	net->limit = 8192;
	net->timeout = 200 * NSEC_PER_MSEC;
	for (i = 0; i < 2; i++) {
		net->drift[i] = (s32)mwb_random_below(&random, 201) - 100;
		net->clock[i] = mwb_random(&random) * NSEC_PER_USEC;
	}
	net->start = NSEC_PER_SEC + 6 * mwb_steady_rtt(net);
	mwb_steady_make_flows(net, &random);

	for (i = 0; i < 64; i++) {
		u32 n;

		time = mwb_steady_time(net);
		if (mwb_steady_sum(net, mwb_steady_most) * (time / NSEC_PER_MSEC) / 8 <=
		    (u64)budget * MWB_PACKET_WIRE)
			break;
		for (n = 0; n < 2 * net->nr_links; n++)
			mwb_steady_slow_down(&net->link[n / 2].way[n & 1]);
	}
	net->measure = net->start + time / 2;
	net->end = net->start + time;
	for (i = 0; i < 2 * net->nr_links; i++)
		mwb_steady_set_steps(net, &net->link[i / 2].way[i & 1]);
	/* Data, ACKs, heartbeats, and what was faster before the last step. */
	net->packets = 6 * budget + time / NSEC_PER_MSEC;
	for (i = 0; i < net->nr_flows; i++)
		net->flow[i].segments = 3 * budget;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A random network.
 */
#include <stdio.h>

#include <linux/minmax.h>
#include <linux/string.h>

#include "../../kernel/core/wire.h"
#include "../../kernel/tests/random.h"
#include "network.h"

/* kbit/s */
enum {
	MWB_NETWORK_RATE_MIN = 1000,
	MWB_NETWORK_RATE_MAX = 1000000,
};

u64 mwb_network_random(const struct mwb_network *net, u32 stream)
{
	u64 x = net->seed * 0x9e3779b97f4a7c15ULL + stream;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

const char *mwb_network_mode_name(enum mwb_network_mode mode)
{
	static const char *const names[] = {
		[MWB_MODE_ROUND_ROBIN] = "round-robin",
		[MWB_MODE_WEIGHTED] = "weighted",
		[MWB_MODE_PER_FLOW] = "per-flow",
		[MWB_MODE_FAILOVER] = "failover",
		[MWB_MODE_REDUNDANT] = "redundant",
		[MWB_MODE_LEAST_USED] = "least-used",
		[MWB_MODE_LEAST_LATENCY] = "least-latency",
		[MWB_MODE_ADAPTIVE] = "adaptive",
		[MWB_MODE_AUTO] = "auto",
		[MWB_MODE_PLAIN] = "no bond",
	};

	return names[mode];
}

static bool mwb_network_one_in(u64 *random, u32 n)
{
	return !mwb_random_below(random, n);
}

u32 mwb_network_log(u64 *random, u32 low, u32 high)
{
	u64 value;
	u32 steps = 0;

	for (value = low; value < high; value += value / 16 + 1)
		steps++;
	steps = mwb_random_below(random, steps + 1);
	for (value = low; steps; steps--)
		value += value / 16 + 1;
	return min_t(u64, value, high);
}

static void mwb_network_make_steps(struct mwb_link_config *way, u64 *random)
{
	struct mwb_link_step *step;
	u64 rate;

	way->nr_steps = 2 + mwb_random_below(random, MWB_LINK_STEPS - 1);
	for (step = way->step + 1; step < way->step + way->nr_steps; step++) {
		step->time = step[-1].time + NSEC_PER_MSEC *
			     mwb_network_log(random, 50, 10000);
		rate = (u64)way->step[0].rate *
		       mwb_network_log(random, 100, 1000) / 500;
		step->rate = clamp_t(u64, rate, MWB_NETWORK_RATE_MIN, MWB_NETWORK_RATE_MAX);
	}
}

void mwb_network_make_link(struct mwb_network_link *link, u64 *random)
{
	struct mwb_link_config *up = &link->way[0];
	struct mwb_link_config *down = &link->way[1];
	u32 fraction = mwb_network_one_in(random, 2) ?
		       mwb_network_log(random, 1, 10) : 1;
	struct mwb_link_config *way;
	u64 queue;

	down->burst = 1;
	down->nr_steps = 1;
	down->step[0].rate = mwb_network_log(random, MWB_NETWORK_RATE_MIN,
					     MWB_NETWORK_RATE_MAX);
	down->delay = mwb_network_log(random, 500, 350000) * NSEC_PER_USEC;
	if (mwb_network_one_in(random, 2))
		down->jitter = min_t(u64, 50 * NSEC_PER_MSEC, down->delay) *
			       mwb_random_below(random, 100) / 100;
	if (mwb_network_one_in(random, 2)) {
		down->loss = mwb_network_log(random, 100, 50000);
		down->burst = mwb_network_log(random, 1, 4);
	}
	*up = *down;
	up->step[0].rate = max_t(u32, down->step[0].rate / fraction,
				 MWB_NETWORK_RATE_MIN);
	for (way = link->way; way < link->way + 2; way++) {
		if (mwb_network_one_in(random, 4))
			mwb_network_make_steps(way, random);
		queue = (u64)way->step[0].rate *
			mwb_network_log(random, 5, 1000) / 8;
		way->queue = max_t(u64, queue, 10 * MWB_PACKET_WIRE);
	}
	link->weight = 100;
	link->priority = mwb_random_below(random, 4);
	link->rated = link->priority;
}

static void mwb_network_make_flows(struct mwb_network *net, u64 *random)
{
	bool both_ways = mwb_network_one_in(random, 4);
	u32 kind = mwb_random_below(random, 3);
	struct mwb_network_flow *flow;
	u64 rtt = 0;
	u32 i;

	/* By then the bond knows all of its links. */
	for (i = 0; i < net->nr_links; i++)
		rtt = max(rtt, 2 * net->link[i].way[0].delay);
	net->start = NSEC_PER_SEC + 6 * rtt;

	net->nr_flows = 1 << mwb_random_below(random, 3);
	for (i = 0; i < net->nr_flows; i++) {
		flow = &net->flow[i];
		flow->bbr = kind == 2 ? i & 1 : kind;
		flow->from = !(both_ways && i % 2 == 0);
		flow->hash = mwb_random(random);
		flow->priority = flow->hash >> 24;
		flow->segments = MWB_NETWORK_SEGMENTS / net->nr_flows;
		flow->start = net->start;
		if (i)
			flow->start += mwb_random_below(random, 20) *
				       NSEC_PER_MSEC;
	}
}

void mwb_network_make(struct mwb_network *net, u64 seed)
{
	bool weights;
	u64 random;
	u32 i;

	memset(net, 0, sizeof(*net));
	net->seed = seed;
	random = mwb_network_random(net, 0);
	net->mode = mwb_random_below(&random, MWB_NETWORK_MODES);
	net->packets = MWB_NETWORK_PACKETS;
	net->nr_links = 1 + mwb_random_below(&random, MWB_NETWORK_LINKS);
	weights = mwb_network_one_in(&random, 2);
	for (i = 0; i < net->nr_links; i++) {
		mwb_network_make_link(&net->link[i], &random);
		if (weights)
			net->link[i].weight = net->link[i].way[1].step[0].rate /
					      1000;
	}
	net->limit = 8192;
	net->timeout = 200 * NSEC_PER_MSEC;
	if (mwb_network_one_in(&random, 2)) {
		net->limit = mwb_network_log(&random, 8, 4000);
		net->timeout = mwb_network_log(&random, 10, 1000) *
			       NSEC_PER_MSEC;
	}
	for (i = 0; i < 2; i++) {
		net->drift[i] = (s32)mwb_random_below(&random, 201) - 100;
		net->clock[i] = mwb_random(&random) * NSEC_PER_USEC;
	}
	mwb_network_make_flows(net, &random);
	random = mwb_network_random(net, 50);
	if (mwb_network_one_in(&random, 2))
		net->margin = NSEC_PER_MSEC * mwb_network_log(&random, 1, 60);
	/* Longer than the receiver is ready to hold them */
	if (net->margin && mwb_network_one_in(&random, 16))
		net->margin += NSEC_PER_SEC;
}

void mwb_network_alone(struct mwb_network *net, const struct mwb_network *all,
		       u32 link)
{
	*net = *all;
	net->nr_links = 1;
	net->link[0] = all->link[link];
}

u16 mwb_network_hold(const struct mwb_network *net)
{
	u64 slowest = 0;
	u32 i;

	if (!net->margin)
		return 0;
	for (i = 0; i < net->nr_links; i++)
		slowest = max(slowest, net->link[i].way[0].delay);
	return (slowest + net->margin) / MWB_WIRE_HOLD_UNIT;
}

/* Bits that a link can send from @start to @end, times 10^6. */
static u64 mwb_network_work(const struct mwb_link_config *way, u64 start,
			    u64 end)
{
	const struct mwb_link_step *step;
	u64 work = 0;
	u64 last;
	u32 i;

	for (i = 0; i < way->nr_steps; i++) {
		step = &way->step[i];
		last = i + 1 < way->nr_steps ? min(end, step[1].time) : end;
		if (last <= max(start, step->time))
			continue;
		work += (last - max(start, step->time)) * step->rate;
	}
	return work;
}

static u64 mwb_network_optimum_way(const struct mwb_network *net, u32 from,
				   u64 segments)
{
	u64 work = segments * MWB_PACKET_WIRE * 8 * 1000000;
	const struct mwb_link_config *way;
	u64 low = 0, high = 1ULL << 44;
	u64 middle, sum;
	u32 i;

	if (!segments)
		return 0;
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		for (sum = 0, i = 0; i < net->nr_links && sum < work; i++) {
			way = &net->link[i].way[from];
			if (middle > way->delay)
				sum += mwb_network_work(way, net->start,
							net->start + middle -
							way->delay);
		}
		if (sum < work)
			low = middle;
		else
			high = middle;
	}
	return high;
}

u64 mwb_network_optimum(const struct mwb_network *net, const u32 *segments)
{
	return max(mwb_network_optimum_way(net, 0, segments[0]),
		   mwb_network_optimum_way(net, 1, segments[1]));
}

static void mwb_network_print_way(const struct mwb_link_config *way)
{
	u32 i;

	printf("%g", way->step[0].rate / 1e3);
	for (i = 1; i < way->nr_steps; i++)
		printf(", %g from %g s on", way->step[i].rate / 1e3,
		       way->step[i].time / 1e9);
	printf(" Mbit/s (queue %u kB)", way->queue / 1000);
}

void mwb_network_print(const struct mwb_network *net)
{
	const struct mwb_network_link *link;
	const struct mwb_network_flow *flow;

	printf("# seed %llu: %s, buffer %u packets, timeout %llu ms, hold %g ms",
	       net->seed, mwb_network_mode_name(net->mode), net->limit,
	       net->timeout / NSEC_PER_MSEC, mwb_network_hold(net) / 10.0);
	printf(", clocks %d and %d ppm\n", net->drift[0], net->drift[1]);
	for (link = net->link; link < net->link + net->nr_links; link++) {
		printf("#   link: down ");
		mwb_network_print_way(&link->way[1]);
		printf(", up ");
		mwb_network_print_way(&link->way[0]);
		printf(", RTT %g ms, jitter %g ms, loss %g %% by %u, weight %u, priority %u%s\n",
		       link->way[0].delay / 5e5, link->way[0].jitter / 1e6,
		       link->way[0].loss / 1e4, link->way[0].burst,
		       link->weight, link->priority,
		       link->rated ? ", rated" : "");
	}
	for (flow = net->flow; flow < net->flow + net->nr_flows; flow++)
		printf("#   flow: %s, %s, %u segments, priority %u\n",
		       flow->bbr ? "BBR" : "CUBIC",
		       flow->from ? "down" : "up", flow->segments,
		       flow->priority);
}

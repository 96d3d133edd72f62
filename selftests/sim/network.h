/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A random network, how the bond over it is set, and the flows through it.
 */
#ifndef _MWBOND_SIM_NETWORK_H
#define _MWBOND_SIM_NETWORK_H

#include <linux/types.h>

#include "link.h"

enum {
	MWB_NETWORK_LINKS = 5,
	MWB_NETWORK_FLOWS = 4,
	MWB_NETWORK_ORDERED = 8,	/* buckets that are put in sequence */
	MWB_NETWORK_BUCKETS = MWB_NETWORK_ORDERED + MWB_NETWORK_FLOWS,
	MWB_NETWORK_SEGMENTS = 8192,	/* of all flows, sent once each */
	MWB_NETWORK_PACKETS = 8 * MWB_NETWORK_SEGMENTS,	/* of any kind */
};

enum mwb_network_mode {
	MWB_MODE_ROUND_ROBIN,
	MWB_MODE_WEIGHTED,
	MWB_MODE_PER_FLOW,
	MWB_MODE_FAILOVER,
	MWB_MODE_REDUNDANT,
	MWB_MODE_LEAST_USED,
	MWB_MODE_LEAST_LATENCY,
	MWB_MODE_ADAPTIVE,
	MWB_NETWORK_MODES,		/* of mwb_network_make() */
	MWB_MODE_AUTO = MWB_NETWORK_MODES,
	MWB_MODE_PLAIN,			/* one link, and no bond at all */
};

/**
 * struct mwb_network_link - a link, both ways, and its settings in the bond
 * @way: from end 0, from end 1
 * @weight: for the mode weighted
 * @priority: for the mode failover
 * @rated: each end knows the rate that the link has first
 */
struct mwb_network_link {
	struct mwb_link_config way[2];
	u32 weight;
	u8 priority;
	bool rated;
};

/**
 * struct mwb_network_flow - a TCP connection
 * @bbr: its congestion control is like BBR, else CUBIC
 * @from: the end that sends
 * @hash: of its addresses and ports
 * @priority: of its packets
 * @segments: that it has to send
 * @start: when, ns
 */
struct mwb_network_flow {
	bool bbr;
	u8 from;
	u8 priority;
	u32 hash;
	u32 segments;
	u64 start;
};

/**
 * struct mwb_network - a network
 * @seed: which gives all the others
 * @mode: of the bond
 * @nr_links: valid entries of @link
 * @link: links
 * @nr_flows: valid entries of @flow
 * @flow: flows
 * @start: of the first of them, ns
 * @measure: from when on the goodput counts, ns; 0: the flows end
 * @end: until then, ns
 * @packets: after as many, of any kind, the run is over
 * @limit: of the reorder buffers, packets
 * @timeout: of a hole, ns
 * @margin: packets are held for so much longer than the slowest link takes, ns;
 *	0: they are not held
 * @clock: what the clock of each end shows at 0, ns
 * @drift: how much too fast it goes, ppm
 */
struct mwb_network {
	u64 seed;
	enum mwb_network_mode mode;
	u32 nr_links;
	struct mwb_network_link link[MWB_NETWORK_LINKS];
	u32 nr_flows;
	struct mwb_network_flow flow[MWB_NETWORK_FLOWS];
	u64 start;
	u64 measure;
	u64 end;
	u32 packets;
	u32 limit;
	u64 timeout;
	u64 margin;
	u64 clock[2];
	s32 drift[2];
};

/* The network that a seed stands for. */
void mwb_network_make(struct mwb_network *net, u64 seed);

/**
 * mwb_network_make_steady() - a network in mode auto, run until it is steady
 * @net: network
 * @seed: which it stands for
 * @budget: so many segments can be sent; its rates are lower than those of
 *	mwb_network_make() where it takes more to become steady
 */
void mwb_network_make_steady(struct mwb_network *net, u64 seed, u32 budget);

/* What the links can carry in the directions of the flows, at the end, kbit/s */
u64 mwb_network_capacity(const struct mwb_network *net);

/* The same with one of its links only. */
void mwb_network_alone(struct mwb_network *net, const struct mwb_network *all,
		       u32 link);

/**
 * mwb_network_optimum() - how soon all could have arrived
 * @net: network
 * @segments: that each end has sent
 *
 * As if each link had sent without pause, and nothing were lost.
 *
 * Return: ns after net->start
 */
u64 mwb_network_optimum(const struct mwb_network *net, const u32 *segments);

/* How long after it was sent a packet is to be delivered, 100 us; 0: at once */
u16 mwb_network_hold(const struct mwb_network *net);

/* The bucket of a flow's packets; two flows may share one. */
static inline u32 mwb_network_bucket(const struct mwb_network *net, u32 flow)
{
	return net->flow[flow].hash % MWB_NETWORK_ORDERED;
}

/* A log-uniform random number: from @low to @high, each octave as likely. */
u32 mwb_network_log(u64 *random, u32 low, u32 high);

/* A link of any kind. */
void mwb_network_make_link(struct mwb_network_link *link, u64 *random);

/* Random numbers that have little to do with those of another @stream. */
u64 mwb_network_random(const struct mwb_network *net, u32 stream);

const char *mwb_network_mode_name(enum mwb_network_mode mode);

/* As comments in TAP. */
void mwb_network_print(const struct mwb_network *net);

#endif /* _MWBOND_SIM_NETWORK_H */

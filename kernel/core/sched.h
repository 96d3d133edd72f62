/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Chooses the path of a packet.
 */
#ifndef _MWBOND_CORE_SCHED_H
#define _MWBOND_CORE_SCHED_H

#include <linux/types.h>

enum {
	MWB_SCHED_PATHS = 16,
	/* Packet priorities above and below which the mode adaptive decides. */
	MWB_SCHED_URGENT = 200,
	MWB_SCHED_BULK = 50,
};

/* Time over which the utilisation of a path is measured, ns. */
#define MWB_SCHED_WINDOW 100000000ULL

/**
 * struct mwb_sched_path - what the choice knows of a usable path
 * @latency: round-trip time, ns
 * @cost: virtual time that a byte costs in the mode weighted, see
 *	mwb_sched_cost()
 * @utilisation: share of the rate in use when it was last measured, parts per
 *	million
 * @fill: what a byte adds to it until the next measurement, see
 *	mwb_sched_fill()
 * @window: another number after each measurement
 * @index: place of the WAN in its session, 0 to MWB_SCHED_PATHS - 1
 * @priority: order in the mode failover
 */
struct mwb_sched_path {
	u64 latency;
	u32 cost;
	u32 utilisation;
	u32 fill;
	u8 window;
	u8 index;
	u8 priority;
};

/**
 * struct mwb_sched_table - the usable paths, replaced as a whole (RCU)
 * @count: valid entries of @path
 * @path: by rising index
 */
struct mwb_sched_table {
	u32 count;
	struct mwb_sched_path path[MWB_SCHED_PATHS];
};

/**
 * struct mwb_sched_state - where the choice left off; one for each CPU, first 0
 * @spent: virtual time each WAN, by index, has used in the mode weighted; it
 *	may wrap, only differences count
 * @used: what each WAN, by index, was given in the mode least-used since its
 *	utilisation was measured, in 2^-16 parts per million
 * @window: the measurement that @used follows
 * @present: bit index: the WAN was in the table at the last choice by weight
 * @last: index of the WAN last used in the modes round-robin and least-used
 */
struct mwb_sched_state {
	u64 spent[MWB_SCHED_PATHS];
	u64 used[MWB_SCHED_PATHS];
	u8 window[MWB_SCHED_PATHS];
	u16 present;
	u8 last;
};

/**
 * mwb_sched_score() - share of a path in the mode weighted
 * @weight: configured, 1-1000
 * @latency: round-trip time, ns; 0 counts as 1 ms, as does all below
 * @loss: parts per million, 0-1000000
 * @utilisation: parts per million, 0-1000000
 *
 * weight * 100 / latency in ms * (1 - loss) * (1 - utilisation), but at least
 * 1 before the last two factors.
 *
 * Return: the score in hundredths, at least 1
 */
u32 mwb_sched_score(u32 weight, u64 latency, u32 loss, u32 utilisation);

/* Virtual time of a byte for a score: inverse to it, never 0. */
u32 mwb_sched_cost(u32 score);

/**
 * mwb_sched_fill() - what a byte adds to the utilisation of a path
 * @rate: bytes/s, 0 if it is not known
 *
 * Return: share of what the rate allows in MWB_SCHED_WINDOW, in 2^-16 parts per
 * million; 0 without a rate
 */
u32 mwb_sched_fill(u64 rate);

/*
 * The functions below want a table that is not empty and return an entry of it.
 */

/**
 * mwb_sched_round_robin() - the next path by index
 * @table: usable paths
 * @state: of this CPU
 *
 * Return: the path
 */
const struct mwb_sched_path *
mwb_sched_round_robin(const struct mwb_sched_table *table,
		      struct mwb_sched_state *state);

/**
 * mwb_sched_weighted() - the path with the least virtual time spent
 * @table: usable paths
 * @state: of this CPU
 * @len: bytes that the path is to be charged with
 *
 * A path that was away starts level with the least of the others: it gets
 * neither a burst nor a penalty.
 *
 * Return: the path
 */
const struct mwb_sched_path *
mwb_sched_weighted(const struct mwb_sched_table *table,
		   struct mwb_sched_state *state, u32 len);

/**
 * mwb_sched_per_flow() - the path that a flow's hash names
 * @table: usable paths
 * @hash: of the flow
 *
 * Highest random weight: a path that goes moves only its own flows.
 *
 * Return: the path
 */
const struct mwb_sched_path *
mwb_sched_per_flow(const struct mwb_sched_table *table, u32 hash);

/**
 * mwb_sched_failover() - the path with the lowest priority number, then index
 * @table: usable paths
 *
 * Return: the path
 */
const struct mwb_sched_path *
mwb_sched_failover(const struct mwb_sched_table *table);

/**
 * mwb_sched_least_used() - the path with the lowest utilisation
 * @table: usable paths
 * @state: of this CPU
 * @len: bytes that the path is to be charged with
 *
 * The utilisation that was measured is out of date at once: what this CPU has
 * sent since is added to it, so that not all packets go to one path until the
 * next measurement. Equal paths take turns. One whose rate is not known counts
 * as unused.
 *
 * Return: the path
 */
const struct mwb_sched_path *
mwb_sched_least_used(const struct mwb_sched_table *table,
		     struct mwb_sched_state *state, u32 len);

/**
 * mwb_sched_least_latency() - the path with the lowest latency, then index
 * @table: usable paths
 *
 * Return: the path
 */
const struct mwb_sched_path *
mwb_sched_least_latency(const struct mwb_sched_table *table);

/**
 * mwb_sched_adaptive() - by least latency, by weight or by utilisation
 * @table: usable paths
 * @state: of this CPU
 * @len: bytes that the path is to be charged with
 * @priority: of the packet; above MWB_SCHED_URGENT the lowest latency counts,
 *	below MWB_SCHED_BULK the lowest utilisation, else the weight
 *
 * Return: the path
 */
const struct mwb_sched_path *
mwb_sched_adaptive(const struct mwb_sched_table *table,
		   struct mwb_sched_state *state, u32 len, u8 priority);

#endif /* _MWBOND_CORE_SCHED_H */

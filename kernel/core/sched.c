// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chooses the path of a packet.
 */
#include <linux/bits.h>
#include <linux/hash.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "sched.h"

#define MWB_SCHED_MILLION 1000000ULL
#define MWB_SCHED_NS_PER_MS 1000000ULL
#define MWB_SCHED_SECOND (1000 * MWB_SCHED_NS_PER_MS)
#define MWB_SCHED_USED_SHIFT 16

/* Products: weight 10^3 * 10^4 * 10^6; score 10^7 * 10^6 * 10^6. */
u32 mwb_sched_score(u32 weight, u64 latency, u32 loss, u32 utilisation)
{
	u64 good = MWB_SCHED_MILLION - min_t(u64, loss, MWB_SCHED_MILLION);
	u64 idle = MWB_SCHED_MILLION - min_t(u64, utilisation,
					     MWB_SCHED_MILLION);
	u64 score;

	latency = max_t(u64, latency, MWB_SCHED_NS_PER_MS);
	score = div64_u64(weight * 100ULL * 100 * MWB_SCHED_NS_PER_MS, latency);
	score = max_t(u64, score, 100);
	score = div64_u64(score * good * idle,
			  MWB_SCHED_MILLION * MWB_SCHED_MILLION);
	return max_t(u64, score, 1);
}

u32 mwb_sched_cost(u32 score)
{
	score = max_t(u32, score, 1);
	return max_t(u32, U32_MAX / score, 1);
}

/* Bytes of a window: at the most 2^64 / 10. */
u32 mwb_sched_fill(u64 rate)
{
	const u64 full = MWB_SCHED_MILLION << MWB_SCHED_USED_SHIFT;
	u64 bytes = div_u64(rate, MWB_SCHED_SECOND / MWB_SCHED_WINDOW);

	if (!rate)
		return 0;
	return clamp_t(u64, div64_u64(full, max_t(u64, bytes, 1)), 1, U32_MAX);
}

const struct mwb_sched_path *
mwb_sched_round_robin(const struct mwb_sched_table *table,
		      struct mwb_sched_state *state)
{
	const struct mwb_sched_path *path = table->path;
	u32 i;

	for (i = 0; i < table->count; i++) {
		if (table->path[i].index > state->last) {
			path = &table->path[i];
			break;
		}
	}
	state->last = path->index;
	return path;
}

/* Differences count, as the virtual times wrap. */
static bool mwb_sched_less(u64 a, u64 b)
{
	return (s64)(a - b) < 0;
}

/* The path of those in @mask that has spent least; NULL if there is none. */
static const struct mwb_sched_path *
mwb_sched_least(const struct mwb_sched_table *table,
		const struct mwb_sched_state *state, u16 mask)
{
	const struct mwb_sched_path *least = NULL;
	const struct mwb_sched_path *path;

	for (path = table->path; path < table->path + table->count; path++) {
		if (!(mask & BIT(path->index)))
			continue;
		if (!least || mwb_sched_less(state->spent[path->index],
					     state->spent[least->index]))
			least = path;
	}
	return least;
}

const struct mwb_sched_path *
mwb_sched_weighted(const struct mwb_sched_table *table,
		   struct mwb_sched_state *state, u32 len)
{
	const struct mwb_sched_path *path;
	u16 present = 0;
	u64 level;
	u32 i;

	for (i = 0; i < table->count; i++)
		present |= BIT(table->path[i].index);

	if (present & ~state->present) {
		path = mwb_sched_least(table, state, state->present);
		level = path ? state->spent[path->index] : 0;
		for (i = 0; i < MWB_SCHED_PATHS; i++)
			if (present & ~state->present & BIT(i))
				state->spent[i] = level;
	}
	state->present = present;

	path = mwb_sched_least(table, state, present);
	state->spent[path->index] += (u64)path->cost * len;
	return path;
}

/* Depends on all bits of both; all of its bits depend on them. */
static u32 mwb_sched_mix(u32 hash, u8 index)
{
	u64 x = ((u64)(index + 1) << 32 | hash) * GOLDEN_RATIO_64;

	x ^= x >> 32;
	return x * GOLDEN_RATIO_64 >> 32;
}

const struct mwb_sched_path *
mwb_sched_per_flow(const struct mwb_sched_table *table, u32 hash)
{
	const struct mwb_sched_path *path = table->path;
	u32 most = 0;
	u32 mixed;
	u32 i;

	for (i = 0; i < table->count; i++) {
		mixed = mwb_sched_mix(hash, table->path[i].index);
		if (mixed > most) {
			path = &table->path[i];
			most = mixed;
		}
	}
	return path;
}

const struct mwb_sched_path *
mwb_sched_failover(const struct mwb_sched_table *table)
{
	const struct mwb_sched_path *path = table->path;
	u32 i;

	for (i = 1; i < table->count; i++)
		if (table->path[i].priority < path->priority)
			path = &table->path[i];
	return path;
}

/* Utilisation at present, in 2^-16 parts per million. */
static u64 mwb_sched_used(const struct mwb_sched_path *path,
			  struct mwb_sched_state *state)
{
	if (state->window[path->index] != path->window) {
		state->window[path->index] = path->window;
		state->used[path->index] = 0;
	}
	return ((u64)path->utilisation << MWB_SCHED_USED_SHIFT) +
	       state->used[path->index];
}

const struct mwb_sched_path *
mwb_sched_least_used(const struct mwb_sched_table *table,
		     struct mwb_sched_state *state, u32 len)
{
	const struct mwb_sched_path *path, *best = table->path;
	u64 least = mwb_sched_used(best, state);
	u64 used;

	for (path = best + 1; path < table->path + table->count; path++) {
		used = mwb_sched_used(path, state);
		if (used < least ||
		    (used == least && best->index <= state->last &&
		     path->index > state->last)) {
			best = path;
			least = used;
		}
	}
	state->last = best->index;
	state->used[best->index] += (u64)best->fill * len;
	return best;
}

const struct mwb_sched_path *
mwb_sched_least_latency(const struct mwb_sched_table *table)
{
	const struct mwb_sched_path *path = table->path;
	u32 i;

	for (i = 1; i < table->count; i++)
		if (table->path[i].latency < path->latency)
			path = &table->path[i];
	return path;
}

const struct mwb_sched_path *
mwb_sched_adaptive(const struct mwb_sched_table *table,
		   struct mwb_sched_state *state, u32 len, u8 priority)
{
	if (priority > MWB_SCHED_URGENT)
		return mwb_sched_least_latency(table);
	if (priority < MWB_SCHED_BULK)
		return mwb_sched_least_used(table, state, len);
	return mwb_sched_weighted(table, state, len);
}

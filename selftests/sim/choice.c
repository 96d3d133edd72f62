// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watches which path each packet is sent by.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "choice.h"

static bool mwb_choice_has(const struct mwb_sched_table *table, u8 index)
{
	u32 i;

	for (i = 0; i < table->count; i++)
		if (table->path[i].index == index)
			return true;
	return false;
}

static bool mwb_choice_round_robin(const struct mwb_choice *choice,
				   const struct mwb_sched_table *table,
				   u8 index)
{
	u8 next = choice->last;

	do
		next = (next + 1) % MWB_NETWORK_LINKS;
	while (!mwb_choice_has(table, next));
	return index == next;
}

/* A path has come since the last choice. */
static bool mwb_choice_came(const struct mwb_choice *choice,
			    const struct mwb_sched_table *table)
{
	u32 i;

	for (i = 0; i < table->count; i++)
		if (!mwb_choice_has(&choice->table, table->path[i].index))
			return true;
	return false;
}

/* The flow stays where it was, unless that path is gone. */
static bool mwb_choice_per_flow(const struct mwb_sched_table *table, u8 index,
				u8 before)
{
	return !before || !mwb_choice_has(table, before - 1) ||
	       index == before - 1;
}

static bool mwb_choice_failover(const struct mwb_sched_table *table,
				const struct mwb_sched_path *path)
{
	u32 i;

	for (i = 0; i < table->count; i++)
		if (table->path[i].priority < path->priority ||
		    (table->path[i].priority == path->priority &&
		     table->path[i].index < path->index))
			return false;
	return true;
}

/*
 * The bytes of two WANs are in inverse proportion to their costs, within a
 * packet, and another for what there was before the table changed.
 */
static bool mwb_choice_weighted(const struct mwb_choice *choice,
				const struct mwb_sched_table *table)
{
	const struct mwb_sched_path *path;
	u64 least = ~0ULL, most = 0;
	u64 spent;

	for (path = table->path; path < table->path + table->count; path++) {
		spent = choice->bytes[path->index] * path->cost;
		least = min(least, spent);
		most = max(most, spent);
	}
	return most - least <= 2ULL * MWB_PACKET_WIRE * choice->cost;
}

static u64 mwb_choice_used(const struct mwb_choice *choice,
			   const struct mwb_sched_path *path)
{
	return path->utilisation * 65536ULL +
	       choice->since[path->index] * path->fill;
}

/* None is used less, and none that is used as much had its turn before. */
static bool mwb_choice_least_used(const struct mwb_choice *choice,
				  const struct mwb_sched_table *table,
				  const struct mwb_sched_path *path)
{
	u64 used = mwb_choice_used(choice, path);
	const struct mwb_sched_path *other;
	u32 turn, other_turn;

	turn = (path->index + 15 - choice->last) % 16;
	for (other = table->path; other < table->path + table->count; other++) {
		if (mwb_choice_used(choice, other) > used)
			continue;
		other_turn = (other->index + 15 - choice->last) % 16;
		if (mwb_choice_used(choice, other) < used || other_turn < turn)
			return false;
	}
	return true;
}

static bool mwb_choice_least_latency(const struct mwb_sched_table *table,
				     const struct mwb_sched_path *path)
{
	const struct mwb_sched_path *other;

	for (other = table->path; other < table->path + table->count; other++)
		if (other->latency < path->latency)
			return false;
	return true;
}

/* The mode that the mode adaptive is for a packet. */
static enum mwb_network_mode mwb_choice_mode(const struct mwb_network *net,
					     u32 flow)
{
	u8 priority = net->flow[flow].priority;

	if (net->mode != MWB_MODE_ADAPTIVE)
		return net->mode;
	return priority > 200 ? MWB_MODE_LEAST_LATENCY :
	       priority < 50 ? MWB_MODE_LEAST_USED : MWB_MODE_WEIGHTED;
}

/* What was measured counts anew, and so does what was sent since. */
static void mwb_choice_measured(struct mwb_choice *choice,
				const struct mwb_sched_table *table)
{
	const struct mwb_sched_path *path;

	for (path = table->path; path < table->path + table->count; path++) {
		if (choice->window[path->index] == path->window)
			continue;
		choice->window[path->index] = path->window;
		choice->since[path->index] = 0;
	}
}

void mwb_choice_check(struct mwb_choice *choice, struct mwb_rules *rules,
		      const struct mwb_sched_table *table,
		      const struct mwb_sched_path *path, u32 flow, u32 len)
{
	enum mwb_network_mode mode = mwb_choice_mode(rules->net, flow);
	u8 index = path->index;
	bool right = true;
	u32 i;

	if (memcmp(table, &choice->table, sizeof(*table)))
		memset(choice->bytes, 0, sizeof(choice->bytes));
	if (mwb_choice_came(choice, table))
		memset(choice->flow, 0, sizeof(choice->flow));
	mwb_choice_measured(choice, table);
	for (i = 0; i < table->count; i++)
		choice->cost = max(choice->cost, table->path[i].cost);

	switch (mode) {
	case MWB_MODE_WEIGHTED:
		choice->bytes[index] += len;
		right = mwb_choice_weighted(choice, table);
		break;
	case MWB_MODE_PER_FLOW:
		right = mwb_choice_per_flow(table, index, choice->flow[flow]);
		break;
	case MWB_MODE_FAILOVER:
		right = mwb_choice_failover(table, path);
		break;
	case MWB_MODE_LEAST_USED:
		right = mwb_choice_least_used(choice, table, path);
		choice->since[index] += len;
		break;
	case MWB_MODE_LEAST_LATENCY:
		right = mwb_choice_least_latency(table, path);
		break;
	default:
		right = mwb_choice_round_robin(choice, table, index);
	}
	if (!right || !mwb_choice_has(table, index))
		mwb_rules_break(rules, MWB_RULE_PATH,
				"flow %u is sent over path %u of %u", flow,
				index, table->count);
	choice->table = *table;
	if (mode == MWB_MODE_ROUND_ROBIN || mode == MWB_MODE_LEAST_USED)
		choice->last = index;
	choice->flow[flow] = index + 1;
}

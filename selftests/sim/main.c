// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the bond over random networks; TAP, one line a rule.
 *
 * Network i of SEED is network 0 of SEED + i. Each is run as a whole and, for
 * comparison, over each of its links alone; the rules hold for all runs.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/minmax.h>
#include <linux/string.h>

#include "run.h"
#include "table.h"

enum {
	MWB_MAIN_NETWORKS = 200,
	MWB_MAIN_REPEAT = 16,		/* one network in so many runs again */
	MWB_MAIN_SHOW = 5,		/* of those that break a rule */
};

/**
 * struct mwb_main - the whole of the runs
 * @verbose: a line for each network
 * @broken: networks that broke each rule
 * @packets: that were sent
 * @seen: what happened in the reorder buffers
 * @given_up: numbers that were given up, by reason
 * @forgotten: of these, they came too late to be delivered
 * @cut: networks whose packets were used up
 * @optimum: goodput by the optimum, of each mode; the last: of all
 * @best: goodput by that of the best link alone
 */
struct mwb_main {
	bool verbose;
	u32 broken[MWB_RULES];
	u64 packets;
	struct mwb_reorder_stats seen;
	u64 given_up[MWB_REASONS];
	u64 forgotten;
	u32 cut;
	struct mwb_table optimum[MWB_NETWORK_MODES + 1];
	struct mwb_table best[MWB_NETWORK_MODES + 1];
};

/* What broke in a run: which network, and why. @link: alone, from 1; 0: all */
static void mwb_main_report(struct mwb_main *m, const struct mwb_network *net,
			    const struct mwb_rules *rules, u32 link)
{
	bool shown = false;
	u32 i;

	for (i = 0; i < MWB_RULES; i++) {
		if (!rules->broken[i] || m->broken[i]++ >= MWB_MAIN_SHOW)
			continue;
		if (!shown)
			mwb_network_print(net);
		shown = true;
		printf("# seed %llu breaks \"%s\" %u times", net->seed,
		       mwb_rule_name(i), rules->broken[i]);
		if (link)
			printf(", over link %u alone", link - 1);
		printf(": %s\n", rules->why[i]);
	}
}

static void mwb_main_count(struct mwb_main *m,
			   const struct mwb_rules_end *end)
{
	const struct mwb_reorder_stats *stats = &end->stats;
	u32 i;

	m->seen.duplicate += stats->duplicate;
	m->seen.old += stats->old;
	m->seen.late += stats->late;
	m->seen.reordered += stats->reordered;
	m->seen.held += stats->held;
	m->seen.skipped += stats->skipped;
	for (i = 0; i < MWB_REASONS; i++)
		m->given_up[i] += end->given_up[i];
	m->forgotten += end->forgotten;
}

static u64 mwb_main_run(struct mwb_main *m, const struct mwb_network *net,
			struct mwb_result *result, u32 link, const u64 *trace)
{
	struct mwb_rules rules;

	mwb_rules_init(&rules, net);
	mwb_run(net, &rules, result);
	if (trace && *trace != rules.trace)
		mwb_rules_break(&rules, MWB_RULE_REPEAT,
				"trace %016llx, then %016llx", *trace,
				rules.trace);
	mwb_main_report(m, net, &rules, link);
	mwb_main_count(m, &rules.end[0]);
	mwb_main_count(m, &rules.end[1]);
	mwb_rules_exit(&rules);
	m->packets += result->packets;
	return rules.trace;
}

static void mwb_main_network(struct mwb_main *m, u64 seed, bool repeat)
{
	struct mwb_result result, other;
	struct mwb_network net, alone;
	double goodput, optimum;
	double best = 0;
	u64 trace;
	u32 i;

	mwb_network_make(&net, seed);
	trace = mwb_main_run(m, &net, &result, 0, NULL);
	goodput = mwb_result_goodput(&result);
	optimum = (double)result.optimum / max_t(u64, result.time, 1);
	if (repeat)
		mwb_main_run(m, &net, &other, 0, &trace);
	for (i = 0; i < net.nr_links && net.nr_links > 1; i++) {
		mwb_network_alone(&alone, &net, i);
		mwb_main_run(m, &alone, &other, i + 1, NULL);
		if (mwb_result_goodput(&other) > best)
			best = mwb_result_goodput(&other);
	}
	if (net.nr_links == 1)
		best = goodput;

	m->cut += result.cut;
	mwb_table_add(&m->optimum[net.mode], optimum);
	mwb_table_add(&m->optimum[MWB_NETWORK_MODES], optimum);
	if (net.nr_links > 1 && best > 0) {
		mwb_table_add(&m->best[net.mode], goodput / best);
		mwb_table_add(&m->best[MWB_NETWORK_MODES], goodput / best);
	}
	if (!m->verbose)
		return;
	mwb_network_print(&net);
	printf("#   %.3f Mbit/s in %.3f s: %.3f of the optimum, %.3f of the best link\n",
	       goodput, result.time / 1e9, optimum,
	       best > 0 ? goodput / best : 0);
	printf("#   %u packets, at most %u at a time; %u refused; pause %.3f s%s\n",
	       result.packets, result.peak, result.refused, result.pause / 1e9,
	       result.cut ? "; ended by the packet budget" : "");
	printf("#   %u events, trace %016llx\n", result.events, trace);
}

static void mwb_main_print_table(struct mwb_table *tables, const char *title)
{
	u32 i;

	mwb_table_print_head(title);
	for (i = 0; i < MWB_NETWORK_MODES; i++)
		mwb_table_print(&tables[i], mwb_network_mode_name(i));
	mwb_table_print(&tables[i], "all");
}

static int mwb_main_print(struct mwb_main *m, u32 networks)
{
	int failed = 0;
	u32 i;

	mwb_main_print_table(m->optimum, "goodput / optimum");
	mwb_main_print_table(m->best, "goodput / best link alone");
	printf("# %u networks, %llu packets; %u ended by the packet budget\n",
	       networks, m->packets, m->cut);
	printf("# %llu waited for others, %llu for their time\n",
	       m->seen.reordered, m->seen.held);
	printf("# refused as duplicates %llu, as old %llu\n",
	       m->seen.duplicate, m->seen.old);
	printf("# %llu given up: %llu for room, %llu as hopeless, %llu after the time-out\n",
	       m->seen.skipped, m->given_up[MWB_REASON_ROOM],
	       m->given_up[MWB_REASON_HOPELESS], m->given_up[MWB_REASON_TIME]);
	printf("# of which %llu came and were delivered late, %llu too late for that\n",
	       m->seen.late, m->forgotten);
	for (i = 0; i < MWB_RULES; i++) {
		failed += !!m->broken[i];
		printf("%sok %u %s\n", m->broken[i] ? "not " : "", i + 1,
		       mwb_rule_name(i));
	}
	return failed;
}

static int mwb_main_usage(void)
{
	fprintf(stderr, "usage: sim [-n NETWORKS] [-s SEED] [-v]\n");
	return 2;
}

/* Return: whether @text is a number, which is then in @number. */
static bool mwb_main_number(const char *text, u64 *number)
{
	char *end;

	*number = strtoull(text, &end, 0);
	return end != text && !*end && *text != '-';
}

int main(int argc, char **argv)
{
	u64 networks = MWB_MAIN_NETWORKS;
	struct mwb_main m = {};
	u64 seed = 1;
	int failed;
	u32 i;
	int c;

	while ((c = getopt(argc, argv, "n:s:v")) != -1) {
		if (c == 'v')
			m.verbose = true;
		else if (c == 'n' ? !mwb_main_number(optarg, &networks) :
			 c != 's' || !mwb_main_number(optarg, &seed))
			return mwb_main_usage();
	}
	if (optind != argc || !networks)
		return mwb_main_usage();

	printf("TAP version 13\n1..%u\n", MWB_RULES);
	for (i = 0; i < networks; i++)
		mwb_main_network(&m, seed + i, i % MWB_MAIN_REPEAT == 0);
	failed = mwb_main_print(&m, networks);
	for (i = 0; i <= MWB_NETWORK_MODES; i++) {
		mwb_table_exit(&m.optimum[i]);
		mwb_table_exit(&m.best[i]);
	}
	return failed ? 1 : 0;
}

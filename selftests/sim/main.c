// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the bond over random networks; TAP, one line a rule.
 *
 * Network i of SEED is network 0 of SEED + i. Each is run as a whole and, for
 * comparison, over each of its links alone; the rules hold for all runs. In mode
 * auto the time that counts is when all is steady, and each link is run without
 * a bond, too.
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
	MWB_MAIN_BUDGET = 200000,	/* segments in a run of mode auto */
	MWB_MAIN_KINDS = 3,		/* CUBIC, BBR, both */
	MWB_MAIN_LOSS = 1000,		/* of a lossy link, parts per million */
};

/* Base delays within as much are the bond's default budget. */
#define MWB_MAIN_SKEW (40 * NSEC_PER_MSEC)

/* Kinds of networks, the first that fits */
enum mwb_main_class {
	MWB_MAIN_ONE,
	MWB_MAIN_SKEWED,
	MWB_MAIN_LOSSY,
	MWB_MAIN_PLAIN,
	MWB_MAIN_CLASSES,
};

static const char *const mwb_main_classes[MWB_MAIN_CLASSES] = {
	[MWB_MAIN_ONE] = "one link",
	[MWB_MAIN_SKEWED] = "more than 40 ms apart",
	[MWB_MAIN_LOSSY] = "loss",
	[MWB_MAIN_PLAIN] = "others",
};

/**
 * struct mwb_main - the whole of the runs
 * @verbose: a line for each network
 * @show: what the bond knows, over time
 * @budget: segments in a run of mode auto; 0: the other modes
 * @link: to run alone, from 1; 0: all
 * @broken: networks that broke each rule
 * @packets: that were sent
 * @seen: what happened in the reorder buffers
 * @given_up: numbers that were given up, by reason
 * @forgotten: of these, they came too late to be delivered
 * @cut: networks whose packets were used up
 * @class: networks of each kind
 * @below: of these, not as good as the best link alone
 * @optimum: goodput by the optimum, of each mode; the last: of all. In mode auto
 *	by what the links can carry, for each kind of congestion control
 * @best: goodput by that of the best link alone
 * @plain: the same without a bond
 */
struct mwb_main {
	bool verbose;
	bool show;
	u32 budget;
	u64 link;
	u32 broken[MWB_RULES];
	u64 packets;
	struct mwb_reorder_stats seen;
	u64 given_up[MWB_REASONS];
	u64 forgotten;
	u32 cut;
	u32 class[MWB_MAIN_CLASSES];
	u32 below[MWB_MAIN_CLASSES];
	struct mwb_table optimum[MWB_NETWORK_MODES + 1];
	struct mwb_table best[MWB_NETWORK_MODES + 1];
	struct mwb_table plain[MWB_NETWORK_MODES + 1];
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
	mwb_run(net, &rules, result, m->show && !link && !trace);
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

/* Return: index in the tables */
static u32 mwb_main_kind(const struct mwb_network *net)
{
	bool cubic = false, bbr = false;
	u32 i;

	for (i = 0; i < net->nr_flows; i++) {
		cubic |= !net->flow[i].bbr;
		bbr |= net->flow[i].bbr;
	}
	return cubic && bbr ? 2 : bbr;
}

/* What is likely to be the matter with a network */
static enum mwb_main_class mwb_main_classify(const struct mwb_network *net)
{
	u64 least = net->link[0].way[0].delay, most = 0;
	u32 loss = 0;
	u32 i;

	for (i = 0; i < net->nr_links; i++) {
		least = min(least, net->link[i].way[0].delay);
		most = max(most, net->link[i].way[0].delay);
		loss = max(loss, net->link[i].way[0].loss);
	}
	return net->nr_links == 1 ? MWB_MAIN_ONE :
	       most - least > MWB_MAIN_SKEW ? MWB_MAIN_SKEWED :
	       loss >= MWB_MAIN_LOSS ? MWB_MAIN_LOSSY : MWB_MAIN_PLAIN;
}

/* Is the bond worth it? @best: goodput over the best link alone */
static void mwb_main_judge(struct mwb_main *m, const struct mwb_network *net,
			   const struct mwb_result *result, double best)
{
	enum mwb_main_class class = mwb_main_classify(net);

	m->class[class]++;
	if (result->steady >= 0.97 * best)
		return;
	m->below[class]++;
	m->broken[MWB_RULE_BEST]++;
	printf("# seed %llu: %.3f Mbit/s, %.3f of the best link alone (%s)\n",
	       net->seed, result->steady, result->steady / best,
	       mwb_main_classes[class]);
}

/* Goodput over the best link alone; @mode: over the bond, or without */
static double mwb_main_best(struct mwb_main *m, const struct mwb_network *net,
			    enum mwb_network_mode mode)
{
	struct mwb_network alone;
	struct mwb_result result;
	double best = 0;
	u32 i;

	for (i = 0; i < net->nr_links; i++) {
		mwb_network_alone(&alone, net, i);
		alone.mode = mode;
		mwb_main_run(m, &alone, &result, i + 1, NULL);
		if (m->verbose)
			printf("# seed %llu: link %u alone, %s: %.3f Mbit/s\n",
			       net->seed, i, mwb_network_mode_name(mode),
			       result.steady);
		best = result.steady > best ? result.steady : best;
	}
	return best;
}

static void mwb_main_steady(struct mwb_main *m, u64 seed, bool repeat)
{
	struct mwb_result result, other;
	double capacity, best, plain;
	struct mwb_network net, all;
	u64 trace;
	u32 i, kind;

	mwb_network_make_steady(&all, seed, m->budget);
	net = all;
	if (m->link && m->link <= all.nr_links)
		mwb_network_alone(&net, &all, m->link - 1);
	kind = mwb_main_kind(&net);
	trace = mwb_main_run(m, &net, &result, 0, NULL);
	if (repeat)
		mwb_main_run(m, &net, &other, 0, &trace);
	best = net.nr_links == 1 ? result.steady :
	       mwb_main_best(m, &net, MWB_MODE_AUTO);
	plain = mwb_main_best(m, &net, MWB_MODE_PLAIN);
	capacity = mwb_network_capacity(&net) / 1e3 * MWB_PACKET_PAYLOAD /
		   MWB_PACKET_WIRE;
	m->cut += result.cut;
	mwb_main_judge(m, &net, &result, best);
	for (i = kind; i < MWB_MAIN_KINDS + 1; i += MWB_MAIN_KINDS - kind) {
		mwb_table_add(&m->optimum[i], result.steady / capacity);
		if (best > 0)
			mwb_table_add(&m->best[i], result.steady / best);
		if (plain > 0)
			mwb_table_add(&m->plain[i], result.steady / plain);
	}
	if (!m->verbose)
		return;
	mwb_network_print(&net);
	printf("#   %.3f of %.3f Mbit/s: %.3f; %.3f of the best link; from %.3f to %.3f s\n",
	       result.steady, capacity, result.steady / capacity,
	       best > 0 ? result.steady / best : 0, net.measure / 1e9,
	       net.end / 1e9);
	printf("#   %u packets, at most %u at a time; %u refused; pause %.3f s%s\n",
	       result.packets, result.peak, result.refused, result.pause / 1e9,
	       result.cut ? "; ended by the packet budget" : "");
	printf("#   %u events, trace %016llx\n", result.events, trace);
}

static void mwb_main_print_table(const struct mwb_main *m,
				 struct mwb_table *tables, const char *title)
{
	static const char *const kinds[MWB_MAIN_KINDS] = {
		"CUBIC", "BBR", "both"
	};
	u32 i;

	mwb_table_print_head(title);
	for (i = 0; i < (m->budget ? MWB_MAIN_KINDS : MWB_NETWORK_MODES); i++)
		mwb_table_print(&tables[i], m->budget ? kinds[i] :
				mwb_network_mode_name(i));
	mwb_table_print(&tables[i], "all");
}

/* Does the rule say something of these runs? */
static bool mwb_main_applies(const struct mwb_main *m, enum mwb_rule rule)
{
	if (m->budget)
		return rule != MWB_RULE_PATH && rule != MWB_RULE_COMPLETE;
	return rule <= MWB_RULE_REPEAT;
}

/* Rules that do not hold in mode auto yet; the figures are printed. */
static bool mwb_main_is_expected(const struct mwb_main *m, enum mwb_rule rule)
{
	return m->budget && (rule == MWB_RULE_BEST ||
			     rule == MWB_RULE_HOPELESS);
}

/* Return: failed rules */
static int mwb_main_print_rules(const struct mwb_main *m)
{
	u32 i, number = 0;
	int failed = 0;

	for (i = 0; i < MWB_RULES; i++) {
		if (!mwb_main_applies(m, i))
			continue;
		printf("%sok %u %s", m->broken[i] ? "not " : "", ++number,
		       mwb_rule_name(i));
		if (m->broken[i] && mwb_main_is_expected(m, i))
			printf(" # TODO issue 5: not in %u networks",
			       m->broken[i]);
		else
			failed += !!m->broken[i];
		printf("\n");
	}
	printf("1..%u\n", number);
	return failed;
}

static int mwb_main_print(struct mwb_main *m, u32 networks)
{
	u32 i;

	mwb_main_print_table(m, m->optimum, m->budget ?
			     "mode auto: goodput / sum of rates" :
			     "goodput / optimum");
	mwb_main_print_table(m, m->best, "goodput / best link alone");
	if (m->budget)
		mwb_main_print_table(m, m->plain,
				     "goodput / best link without a bond");
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
	for (i = 0; m->budget && i < MWB_MAIN_CLASSES; i++)
		printf("# below 0.97 of the best link alone: %u of %u networks (%s)\n",
		       m->below[i], m->class[i], mwb_main_classes[i]);
	return mwb_main_print_rules(m);
}

static int mwb_main_usage(void)
{
	fprintf(stderr,
		"usage: sim [-a] [-b SEGMENTS] [-l LINK] [-n NETWORKS] [-s SEED] [-t] [-v]\n");
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
	u64 budget = MWB_MAIN_BUDGET;
	struct mwb_main m = {};
	bool steady = false;
	bool right = true;
	u64 seed = 1;
	int failed;
	u32 i;
	int c;

	while ((c = getopt(argc, argv, "ab:l:n:s:tv")) != -1) {
		switch (c) {
		case 'a':
			steady = true;
			break;
		case 'b':
			right = right && mwb_main_number(optarg, &budget);
			break;
		case 'l':
			right = right && mwb_main_number(optarg, &m.link);
			break;
		case 'n':
			right = right && mwb_main_number(optarg, &networks);
			break;
		case 's':
			right = right && mwb_main_number(optarg, &seed);
			break;
		case 't':
			m.show = true;
			break;
		case 'v':
			m.verbose = true;
			break;
		default:
			right = false;
		}
	}
	if (!right || optind != argc || !networks || !budget)
		return mwb_main_usage();

	/* Runs take long: who waits sees what there is. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	m.budget = steady ? budget : 0;
	printf("TAP version 13\n");
	for (i = 0; i < networks; i++)
		(steady ? mwb_main_steady : mwb_main_network)(&m, seed + i,
							      i % MWB_MAIN_REPEAT == 0);
	failed = mwb_main_print(&m, networks);
	for (i = 0; i <= MWB_NETWORK_MODES; i++) {
		mwb_table_exit(&m.optimum[i]);
		mwb_table_exit(&m.best[i]);
		mwb_table_exit(&m.plain[i]);
	}
	return failed ? 1 : 0;
}

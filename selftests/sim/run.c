// SPDX-License-Identifier: GPL-2.0-only
/*
 * One run.
 */
#include <stdio.h>
#include <stdlib.h>

#include <linux/minmax.h>
#include <linux/string.h>

#include "bond.h"
#include "receiver.h"
#include "run.h"
#include "sender.h"
#include "show.h"

/* For each packet: an event or two a link, timers; far fewer than this */
#define MWB_RUN_EVENTS 12

#define MWB_RUN_SHOW (NSEC_PER_SEC / 2)

/* Longer than a few time-outs in a row, on the worst of links. */
#define MWB_RUN_STALL (60 * NSEC_PER_SEC)

/**
 * struct mwb_run_flow - a flow
 * @run: which it belongs to
 * @from: the end that sends
 * @sender: there
 * @receiver: at the other end
 */
struct mwb_run_flow {
	struct mwb_run *run;
	u8 from;
	struct mwb_sender sender;
	struct mwb_receiver receiver;
};

/**
 * struct mwb_run - all that there is in a run
 * @net: network
 * @rules: who watches
 * @events: simulated time
 * @link: of each WAN, from each end
 * @bond: ends
 * @flow: flows
 * @packets: that there are
 * @measured: when the goodput began to count, ns; 0 before
 * @before: segments that had arrived by then
 * @stopped: all comes to rest
 * @show: print what is known
 * @shown: when that was last done, ns
 * @shown_arrivals: segments that had arrived by then
 * @progress: when a flow last went on, ns
 * @pause: longest time that none did, ns
 */
struct mwb_run {
	const struct mwb_network *net;
	struct mwb_rules *rules;
	struct mwb_events events;
	struct mwb_link link[MWB_NETWORK_LINKS][2];
	struct mwb_bond bond[2];
	struct mwb_run_flow flow[MWB_NETWORK_FLOWS];
	u32 packets;
	u64 measured;
	u64 before;
	bool stopped;
	bool show;
	u64 shown;
	u64 shown_arrivals;
	u64 progress;
	u64 pause;
};

static void mwb_run_arrived(void *owner, struct mwb_packet *packet)
{
	mwb_bond_receive(owner, packet);
}

static void mwb_run_lost(void *owner, struct mwb_packet *packet)
{
	mwb_bond_lost(owner, packet);
}

static void mwb_run_send_data(void *owner, const struct mwb_segment *segment)
{
	struct mwb_run_flow *flow = owner;

	mwb_bond_send(&flow->run->bond[flow->from], segment, MWB_PACKET_DATA);
}

static void mwb_run_send_ack(void *owner, const struct mwb_segment *segment)
{
	struct mwb_run_flow *flow = owner;

	mwb_bond_send(&flow->run->bond[!flow->from], segment, MWB_PACKET_ACK);
}

/* Some flow has gone on, or the run ends. */
static void mwb_run_progress(struct mwb_run *run)
{
	u64 pause = run->events.now - run->progress;

	run->progress = run->events.now;
	run->pause = max(run->pause, pause);
	/* What TCP does by itself is none of the bond's. */
	if (pause > MWB_RUN_STALL && run->net->mode != MWB_MODE_PLAIN)
		mwb_rules_break(run->rules, MWB_RULE_STALL,
				"no progress for %.3f s", pause / 1e9);
}

static void mwb_run_receive(void *owner, u32 end,
			    const struct mwb_segment *segment)
{
	struct mwb_run *run = owner;
	struct mwb_run_flow *flow = &run->flow[segment->flow];
	bool sender = end == flow->from;

	if (segment->ack != sender) {
		mwb_rules_break(run->rules, MWB_RULE_COMPLETE,
				"flow %u gets what it has sent", segment->flow);
		return;
	}
	if (segment->ack)
		mwb_sender_ack(&flow->sender, segment);
	else
		mwb_receiver_data(&flow->receiver, segment);
	if (flow->receiver.time == run->events.now)
		mwb_run_progress(run);
}

static void mwb_run_init(struct mwb_run *run)
{
	const struct mwb_network *net = run->net;
	const struct mwb_network_flow *config;
	struct mwb_run_flow *flow;
	struct mwb_bond *bond;
	struct mwb_link *link;
	u32 i, end;

	for (end = 0; end < 2; end++) {
		bond = &run->bond[end];
		for (i = 0; i < net->nr_links; i++) {
			link = &run->link[i][end];
			link->owner = &run->bond[!end];
			link->receive = mwb_run_arrived;
			link->lose = mwb_run_lost;
			mwb_link_init(link, &run->events,
				      &net->link[i].way[end],
				      mwb_network_random(net, 10 + 2 * i + end));
			bond->path[i].out = link;
		}
		bond->events = &run->events;
		bond->rules = run->rules;
		bond->net = net;
		bond->which = end;
		bond->receive = mwb_run_receive;
		bond->owner = run;
		bond->packets = &run->packets;
		mwb_bond_init(bond);
	}
	for (i = 0; i < net->nr_flows; i++) {
		config = &net->flow[i];
		flow = &run->flow[i];
		flow->run = run;
		flow->from = config->from;
		flow->sender.events = &run->events;
		flow->sender.send = mwb_run_send_data;
		flow->sender.owner = flow;
		flow->sender.flow = i;
		flow->sender.segments = config->segments;
		flow->sender.cc.ops = config->bbr ? &mwb_bbr_ops :
						    &mwb_cubic_ops;
		mwb_sender_init(&flow->sender, config->start);
		flow->receiver.events = &run->events;
		flow->receiver.send = mwb_run_send_ack;
		flow->receiver.owner = flow;
		flow->receiver.flow = i;
		flow->receiver.segments = config->segments;
		mwb_receiver_init(&flow->receiver);
	}
}

/* Packets are on links or in the reorder buffers, or they are lost to us. */
static void mwb_run_check_memory(struct mwb_run *run)
{
	u32 somewhere = mwb_bond_packets(&run->bond[0]) +
			mwb_bond_packets(&run->bond[1]);
	u32 i;

	for (i = 0; i < run->net->nr_links; i++)
		somewhere += run->link[i][0].count + run->link[i][1].count;
	if (run->packets != somewhere)
		mwb_rules_break(run->rules, MWB_RULE_MEMORY,
				"%u packets, of which %u are somewhere",
				run->packets, somewhere);
}

static bool mwb_run_flows_done(const struct mwb_run *run)
{
	u32 i;

	for (i = 0; i < run->net->nr_flows; i++)
		if (!mwb_sender_done(&run->flow[i].sender))
			return false;
	return true;
}

/* Let all come to rest. */
static void mwb_run_stop(struct mwb_run *run)
{
	u32 i;

	mwb_run_progress(run);
	run->stopped = true;
	run->bond[0].quiet = true;
	run->bond[1].quiet = true;
	for (i = 0; i < run->net->nr_flows; i++)
		mwb_sender_stop(&run->flow[i].sender);
}

static u64 mwb_run_arrivals(const struct mwb_run *run)
{
	u64 count = 0;
	u32 i;

	for (i = 0; i < run->net->nr_flows; i++)
		count += run->flow[i].receiver.distinct;
	return count;
}

static double mwb_run_mbit(u64 segments, u64 time)
{
	return segments * 8e3 * MWB_PACKET_PAYLOAD / max_t(u64, time, 1);
}

/* Return: the time is over */
static bool mwb_run_measure(struct mwb_run *run, struct mwb_result *result)
{
	u64 now = run->events.now;

	if (!run->net->measure || now < run->net->measure)
		return false;
	if (!run->measured) {
		run->measured = now;
		run->before = mwb_run_arrivals(run);
	}
	result->steady = mwb_run_mbit(mwb_run_arrivals(run) - run->before,
				      now - run->measured);
	return now >= run->net->end;
}

/* Twice a second, what all know */
static void mwb_run_show(struct mwb_run *run)
{
	u64 now = run->events.now;
	u64 arrivals;
	u32 i;

	if (now < run->shown + MWB_RUN_SHOW)
		return;
	arrivals = mwb_run_arrivals(run);
	printf("# %.3f s: %.3f Mbit/s\n", now / 1e9,
	       mwb_run_mbit(arrivals - run->shown_arrivals, now - run->shown));
	run->shown = now;
	run->shown_arrivals = arrivals;
	for (i = 0; i < 2 && run->net->mode == MWB_MODE_AUTO; i++)
		mwb_show_bond(&run->bond[i]);
	for (i = 0; i < run->net->nr_flows; i++)
		mwb_show_sender(&run->flow[i].sender);
}

static void mwb_run_simulate(struct mwb_run *run, struct mwb_result *result)
{
	while (mwb_events_step(&run->events)) {
		mwb_run_check_memory(run);
		result->peak = max(result->peak, run->packets);
		if (++result->events > MWB_RUN_EVENTS * run->net->packets) {
			mwb_rules_break(run->rules, MWB_RULE_DRAIN,
					"%u events, and no end",
					result->events);
			return;
		}
		if (run->stopped)
			continue;
		if (run->show)
			mwb_run_show(run);
		result->cut = run->bond[0].sent + run->bond[1].sent >=
			      run->net->packets;
		if (result->cut || mwb_run_measure(run, result) ||
		    mwb_run_flows_done(run))
			mwb_run_stop(run);
	}
	mwb_bond_settle(&run->bond[0]);
	mwb_bond_settle(&run->bond[1]);
	if (run->packets)
		mwb_rules_break(run->rules, MWB_RULE_MEMORY,
				"%u packets are left over", run->packets);
	mwb_rules_end(run->rules, 0, &run->bond[0].reorder);
	mwb_rules_end(run->rules, 1, &run->bond[1].reorder);
}

static void mwb_run_judge(struct mwb_run *run, struct mwb_result *result)
{
	const struct mwb_receiver *receiver;
	u64 last = run->net->start;
	u32 i;

	for (i = 0; i < run->net->nr_flows; i++) {
		receiver = &run->flow[i].receiver;
		last = max(last, receiver->time);
		result->segments[run->flow[i].from] += receiver->next;
		if (!result->cut && !run->net->end &&
		    receiver->next < receiver->segments)
			mwb_rules_break(run->rules, MWB_RULE_COMPLETE,
					"flow %u: %u of %u segments", i,
					receiver->next, receiver->segments);
	}
	result->time = last - run->net->start;
	result->optimum = mwb_network_optimum(run->net, result->segments);
	if (result->time < result->optimum)
		mwb_rules_break(run->rules, MWB_RULE_OPTIMUM,
				"all is there after %llu ns, the optimum is %llu",
				result->time, result->optimum);
	mwb_rules_trace(run->rules, result->events, result->time);
}

static void mwb_run_exit(struct mwb_run *run)
{
	u32 i;

	for (i = 0; i < run->net->nr_flows; i++) {
		mwb_sender_exit(&run->flow[i].sender);
		mwb_receiver_exit(&run->flow[i].receiver);
	}
	for (i = 0; i < run->net->nr_links; i++) {
		mwb_link_purge(&run->link[i][0]);
		mwb_link_purge(&run->link[i][1]);
	}
	mwb_bond_exit(&run->bond[0]);
	mwb_bond_exit(&run->bond[1]);
	free(run);
}

void mwb_run(const struct mwb_network *net, struct mwb_rules *rules,
	     struct mwb_result *result, bool show)
{
	struct mwb_run *run = calloc(1, sizeof(*run));

	if (!run)
		abort();
	memset(result, 0, sizeof(*result));
	run->net = net;
	run->rules = rules;
	run->progress = net->start;
	run->show = show;
	mwb_run_init(run);
	mwb_run_simulate(run, result);
	mwb_run_judge(run, result);
	result->pause = run->pause;
	result->packets = run->bond[0].sent + run->bond[1].sent;
	result->refused = run->bond[0].refused + run->bond[1].refused;
	mwb_run_exit(run);
}

double mwb_result_goodput(const struct mwb_result *result)
{
	double bits = (result->segments[0] + result->segments[1]) * 8.0 *
		      MWB_PACKET_PAYLOAD;

	return result->time ? bits * 1e3 / result->time : 0;
}

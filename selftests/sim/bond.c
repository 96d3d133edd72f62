// SPDX-License-Identifier: GPL-2.0-only
/*
 * One end of the bond.
 */
#include <stdlib.h>

#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "../../kernel/core/wire.h"
#include "../../kernel/tests/random.h"
#include "bond.h"

enum {
	MWB_BOND_FAILURES = 3,		/* lost heartbeats that mean down */
};

#define MWB_BOND_INTERVAL (200 * NSEC_PER_MSEC)

u64 mwb_bond_now(const struct mwb_bond *bond)
{
	return mwb_watch_read(&bond->clock, bond->events->now);
}

struct mwb_packet *mwb_bond_alloc(struct mwb_bond *bond,
				  enum mwb_packet_type type, u32 len)
{
	struct mwb_packet *packet = calloc(1, sizeof(*packet));

	if (!packet)
		abort();
	packet->type = type;
	packet->len = len + MWB_PACKET_OVERHEAD;
	++*bond->packets;
	return packet;
}

void mwb_bond_free(struct mwb_bond *bond, struct mwb_packet *packet)
{
	--*bond->packets;
	free(packet->payload);
	free(packet);
}

static bool mwb_bond_is(const struct mwb_bond *bond, enum mwb_network_mode mode)
{
	return bond->net->mode == mode;
}

void mwb_bond_output(struct mwb_bond_path *path, struct mwb_packet *packet,
		     struct mwb_packet *keep)
{
	struct mwb_bond *bond = path->bond;

	packet->path = path->index;
	packet->departure = bond->events->now;
	packet->node.sent = mwb_bond_now(bond);
	packet->number = mwb_bond_is(bond, MWB_MODE_AUTO) ?
			 mwb_auto_number(path, packet, keep) : path->number++;
	packet->low = packet->number;
	path->bytes += packet->len;
	if (packet->type != MWB_PACKET_INNER && mwb_bond_is(bond, MWB_MODE_AUTO))
		mwb_pace_charge(&path->mode.pace, packet->len - MWB_PACKET_UDP,
				packet->node.sent);
	bond->sent++;
	if (packet->type == MWB_PACKET_INNER &&
	    !mwb_bond_is(bond, MWB_MODE_PLAIN))
		mwb_rules_sent(bond->rules, !bond->which, packet);
	mwb_link_send(path->out, packet);
}

static u32 mwb_bond_cost(const struct mwb_bond_path *path)
{
	return mwb_sched_cost(mwb_sched_score(path->settings->weight,
					      path->health.rtt,
					      path->health.loss,
					      path->utilisation));
}

/* In bytes/s; 0 if this end does not know it. */
static u64 mwb_bond_rate(const struct mwb_bond_path *path)
{
	const struct mwb_network_link *link = path->settings;

	return link->rated ? link->way[path->bond->which].step[0].rate * 125ULL :
			     0;
}

static void mwb_bond_measure(struct mwb_bond_path *path, u64 now)
{
	u64 allowed = mwb_bond_rate(path) * (now - path->measured) /
		      NSEC_PER_SEC;

	if (now - path->measured < MWB_SCHED_WINDOW)
		return;
	path->utilisation = allowed ? min_t(u64, path->bytes * 1000000 /
						 allowed, 1000000) : 0;
	path->bytes = 0;
	path->measured = now;
	path->window++;
}

/* The usable paths may have become others. */
static void mwb_bond_update(struct mwb_bond *bond)
{
	struct mwb_sched_table table = {};
	struct mwb_sched_path *entry;
	struct mwb_bond_path *path;
	u32 i;

	for (i = 0; i < bond->net->nr_links; i++) {
		path = &bond->path[i];
		if (!mwb_health_is_usable(&path->health))
			continue;
		entry = &table.path[table.count++];
		entry->index = i;
		entry->priority = path->settings->priority;
		entry->cost = mwb_bond_cost(path);
		entry->latency = path->health.rtt;
		entry->utilisation = path->utilisation;
		entry->fill = mwb_sched_fill(mwb_bond_rate(path));
		entry->window = path->window;
	}
	if (!memcmp(&table, &bond->table, sizeof(table)))
		return;
	bond->table = table;
	if (mwb_bond_is(bond, MWB_MODE_AUTO))
		mwb_auto_update(bond);
}

/* Its health has been looked at; before it was @old. */
static void mwb_bond_judge(struct mwb_bond_path *path,
			   enum mwb_health_state old)
{
	mwb_bond_update(path->bond);
	if (path->health.state == MWB_HEALTH_DOWN && old != MWB_HEALTH_DOWN &&
	    mwb_bond_is(path->bond, MWB_MODE_AUTO))
		mwb_auto_down(path);
}

static void mwb_bond_heartbeat(struct mwb_event *event)
{
	struct mwb_bond_path *path = container_of(event, struct mwb_bond_path,
						  heartbeat);
	struct mwb_bond *bond = path->bond;
	enum mwb_health_state old = path->health.state;
	u64 now = mwb_bond_now(bond);
	struct mwb_packet *packet;
	u64 interval;

	if (bond->quiet)
		return;
	mwb_health_check(&path->health, now);
	mwb_bond_judge(path, old);
	if (mwb_bond_is(bond, MWB_MODE_AUTO))
		mwb_auto_expire(path);
	mwb_bond_measure(path, now);
	packet = mwb_bond_alloc(bond, MWB_PACKET_REQUEST, MWB_PACKET_HEARTBEAT);
	packet->heartbeat = mwb_health_request(&path->health, now);
	mwb_bond_output(path, packet, NULL);
	mwb_bond_update(bond);
	interval = mwb_health_interval(&path->health, true, now);
	if (mwb_bond_is(bond, MWB_MODE_AUTO) && !path->health.suspect)
		interval = mwb_pace_probe_interval(&path->mode.pace,
						   MWB_PACKET_HEARTBEAT +
						   MWB_PACKET_OVERHEAD -
						   MWB_PACKET_UDP, interval,
						   path->health.interval);
	mwb_event_set(bond->events, event, bond->events->now + interval);
}

static void mwb_bond_receive_heartbeat(struct mwb_bond_path *path,
				       struct mwb_packet *packet)
{
	enum mwb_health_state old = path->health.state;
	struct mwb_bond *bond = path->bond;
	struct mwb_packet *answer;

	if (packet->type == MWB_PACKET_REQUEST) {
		answer = mwb_bond_alloc(bond, MWB_PACKET_ANSWER,
					MWB_PACKET_HEARTBEAT);
		answer->heartbeat = packet->heartbeat;
		mwb_bond_output(path, answer, NULL);
	} else {
		mwb_health_answer(&path->health, packet->heartbeat, 0,
				  !bond->table.count, mwb_bond_now(bond));
		mwb_bond_judge(path, old);
	}
	mwb_bond_free(bond, packet);
}

static u64 mwb_bond_horizon(const struct mwb_bond *bond, u64 now)
{
	struct mwb_reorder_path path[MWB_NETWORK_LINKS];
	const struct mwb_bond_path *from;
	u32 i;

	for (i = 0; i < bond->net->nr_links; i++) {
		from = &bond->path[i];
		path[i].stamp = from->stamp;
		path[i].rtt = from->health.rtt;
		path[i].jitter = from->health.rttvar;
		path[i].quiet = from->data ? now - from->data : U64_MAX;
		path[i].down = from->health.state == MWB_HEALTH_DOWN;
	}
	return mwb_reorder_horizon(&bond->reorder, path, i);
}

/* To the flows, once the rules have seen all: these may send at once. */
static void mwb_bond_deliver(struct mwb_bond *bond, struct list_head *ready)
{
	struct mwb_packet *packet, *next;

	list_for_each_entry_safe(packet, next, ready, node.list) {
		list_del(&packet->node.list);
		bond->receive(bond->owner, bond->which, &packet->segment);
		mwb_bond_free(bond, packet);
	}
}

static void mwb_bond_show(struct mwb_bond *bond, struct list_head *ready,
			  u64 now)
{
	struct mwb_packet *packet;

	list_for_each_entry(packet, ready, node.list)
		mwb_rules_delivered(bond->rules, bond->which, packet, now);
}

/* What the module's NAPI does, for one packet or, if it is NULL, for none. */
static void mwb_bond_poll(struct mwb_bond *bond, struct mwb_packet *packet)
{
	u64 now = mwb_bond_now(bond);
	u64 horizon = mwb_bond_horizon(bond, now);
	enum mwb_reorder_verdict verdict;
	LIST_HEAD(overdue);
	LIST_HEAD(ready);
	u64 deadline;

	if (packet) {
		mwb_rules_add(bond->rules, bond->which, packet,
			      bond->reorder.count, now);
		verdict = mwb_reorder_add(&bond->reorder, &packet->node, now,
					  &ready);
		mwb_bond_show(bond, &ready, now);
		mwb_rules_verdict(bond->rules, bond->which, packet, verdict);
		if (verdict == MWB_REORDER_DUPLICATE ||
		    verdict == MWB_REORDER_OLD)
			mwb_bond_free(bond, packet);
	}
	mwb_rules_expire(bond->rules, bond->which, horizon);
	mwb_reorder_expire(&bond->reorder, now, horizon, &overdue);
	mwb_bond_show(bond, &overdue, now);
	mwb_rules_settled(bond->rules, bond->which, &bond->reorder, now);

	deadline = mwb_reorder_deadline(&bond->reorder);
	if (deadline == U64_MAX)
		mwb_event_cancel(bond->events, &bond->deadline);
	else
		mwb_event_set(bond->events, &bond->deadline,
			      mwb_watch_when(&bond->clock, bond->events->now,
					     deadline));
	list_splice_tail_init(&overdue, &ready);
	mwb_bond_deliver(bond, &ready);
}

static void mwb_bond_deadline(struct mwb_event *event)
{
	mwb_bond_poll(container_of(event, struct mwb_bond, deadline), NULL);
}

/* In mode auto by what is known of the peer's clock, else by what is true. */
static u64 mwb_bond_release(const struct mwb_bond *bond,
			    const struct mwb_packet *packet)
{
	if (!packet->hold)
		return 0;
	if (mwb_bond_is(bond, MWB_MODE_AUTO))
		return bond->mode.clock.known ?
		       packet->node.sent + bond->mode.clock.offset +
		       packet->hold * (u64)MWB_WIRE_HOLD_UNIT : 0;
	return mwb_watch_read(&bond->clock, packet->departure) +
	       packet->hold * (u64)MWB_WIRE_HOLD_UNIT;
}

/* What is not to be put in sequence */
static void mwb_bond_pass(struct mwb_bond *bond, struct mwb_packet *packet)
{
	enum mwb_reorder_verdict verdict;

	verdict = mwb_reorder_note(&bond->reorder, packet->node.bucket,
				   packet->node.seq);
	mwb_rules_noted(bond->rules, bond->which, packet, verdict,
			mwb_bond_now(bond));
	if (verdict == MWB_REORDER_READY)
		bond->receive(bond->owner, bond->which, &packet->segment);
	mwb_bond_free(bond, packet);
}

static void mwb_bond_receive_plain(struct mwb_bond *bond,
				   struct mwb_packet *packet)
{
	mwb_rules_trace(bond->rules, packet->number << 1 | bond->which,
			bond->events->now);
	bond->receive(bond->owner, bond->which, &packet->segment);
	mwb_bond_free(bond, packet);
}

static void mwb_bond_receive_data(struct mwb_bond_path *path,
				  struct mwb_packet *packet)
{
	struct mwb_bond *bond = path->bond;

	path->data = mwb_bond_now(bond);
	packet->node.release = mwb_bond_release(bond, packet);
	if (mwb_bond_is(bond, MWB_MODE_AUTO) && !packet->ordered)
		mwb_bond_pass(bond, packet);
	else
		mwb_bond_poll(bond, packet);
}

void mwb_bond_receive(struct mwb_bond *bond, struct mwb_packet *packet)
{
	struct mwb_bond_path *path = &bond->path[packet->path];
	u64 top = path->replay.top;
	u64 number = mwb_seqno_expand(top, packet->low);

	if (mwb_bond_is(bond, MWB_MODE_PLAIN)) {
		mwb_bond_receive_plain(bond, packet);
		return;
	}

	if (number != packet->number)
		mwb_rules_break(bond->rules, MWB_RULE_NUMBERS,
				"%llu is taken for %llu", packet->number,
				number);
	if (!mwb_replay_check(&path->replay, number)) {
		mwb_rules_break(bond->rules, MWB_RULE_NUMBERS,
				"%llu is refused", packet->number);
		mwb_bond_lost(bond, packet);
		return;
	}
	if (mwb_bond_is(bond, MWB_MODE_AUTO))
		mwb_feedback_account(path, packet, top);
	path->stamp = max_t(u64, path->stamp, packet->node.sent);
	switch (packet->type) {
	case MWB_PACKET_INNER:
		mwb_bond_receive_data(path, packet);
		break;
	case MWB_PACKET_REPORT:
		mwb_feedback_receive(bond, packet);
		mwb_bond_free(bond, packet);
		break;
	default:
		mwb_bond_receive_heartbeat(path, packet);
	}
}

void mwb_bond_lost(struct mwb_bond *bond, struct mwb_packet *packet)
{
	if (packet->type == MWB_PACKET_INNER &&
	    !mwb_bond_is(bond, MWB_MODE_PLAIN))
		mwb_rules_lost(bond->rules, bond->which, packet);
	mwb_bond_free(bond, packet);
}

static const struct mwb_sched_path *
mwb_bond_pick(struct mwb_bond *bond, const struct mwb_network_flow *flow,
	      u32 len)
{
	switch (bond->net->mode) {
	case MWB_MODE_WEIGHTED:
		return mwb_sched_weighted(&bond->table, &bond->sched, len);
	case MWB_MODE_PER_FLOW:
		return mwb_sched_per_flow(&bond->table, flow->hash);
	case MWB_MODE_FAILOVER:
		return mwb_sched_failover(&bond->table);
	case MWB_MODE_LEAST_USED:
		return mwb_sched_least_used(&bond->table, &bond->sched, len);
	case MWB_MODE_LEAST_LATENCY:
		return mwb_sched_least_latency(&bond->table);
	case MWB_MODE_ADAPTIVE:
		return mwb_sched_adaptive(&bond->table, &bond->sched, len,
					  flow->priority);
	default:
		return mwb_sched_round_robin(&bond->table, &bond->sched);
	}
}

static void mwb_bond_send_copy(struct mwb_bond *bond, u32 index, u64 sequence,
			       const struct mwb_segment *segment, u32 len)
{
	struct mwb_packet *packet;

	packet = mwb_bond_alloc(bond, MWB_PACKET_INNER, len);
	packet->segment = *segment;
	packet->node.bucket = mwb_network_bucket(bond->net, segment->flow);
	packet->node.seq = sequence;
	packet->hold = mwb_network_hold(bond->net);
	mwb_bond_output(&bond->path[index], packet, NULL);
}

void mwb_bond_send(struct mwb_bond *bond, const struct mwb_segment *segment,
		   u32 len)
{
	u32 bucket = mwb_network_bucket(bond->net, segment->flow);
	const struct mwb_sched_path *path;
	u64 sequence;
	u32 i;

	if (mwb_bond_is(bond, MWB_MODE_PLAIN)) {
		mwb_bond_send_copy(bond, 0, 0, segment, len);
		return;
	}
	if (!bond->table.count) {
		bond->refused++;
		return;
	}
	if (mwb_bond_is(bond, MWB_MODE_AUTO)) {
		mwb_auto_send(bond, segment, len);
		return;
	}
	sequence = bond->sequence[bucket]++;
	if (bond->net->mode == MWB_MODE_REDUNDANT) {
		for (i = 0; i < bond->table.count; i++)
			mwb_bond_send_copy(bond, bond->table.path[i].index,
					   sequence, segment, len);
		return;
	}
	path = mwb_bond_pick(bond, &bond->net->flow[segment->flow], len);
	mwb_choice_check(&bond->choice, bond->rules, &bond->table, path,
			 segment->flow, len);
	mwb_bond_send_copy(bond, path->index, sequence, segment, len);
}

void mwb_bond_init(struct mwb_bond *bond)
{
	u64 now = bond->net->clock[bond->which];
	struct mwb_bond_path *path;
	u64 random;
	u32 i;

	bond->clock.base = now;
	bond->clock.drift = bond->net->drift[bond->which];
	bond->deadline.run = mwb_bond_deadline;
	mwb_reorder_init(&bond->reorder, bond->bucket, MWB_NETWORK_BUCKETS);
	bond->reorder.limit = bond->net->limit;
	bond->reorder.timeout = bond->net->timeout;
	for (i = 0; i < bond->net->nr_links; i++) {
		path = &bond->path[i];
		random = mwb_network_random(bond->net, 100 + 2 * i + bond->which);
		path->bond = bond;
		path->index = i;
		path->settings = &bond->net->link[i];
		path->measured = now;
		/* Soon the low half of the number begins at 0 again. */
		path->number = U32_MAX - mwb_random_below(&random, 4096);
		path->heartbeat.run = mwb_bond_heartbeat;
		mwb_replay_init(&path->replay);
		mwb_health_init(&path->health, MWB_BOND_INTERVAL,
				MWB_BOND_FAILURES, now);
		if (!mwb_bond_is(bond, MWB_MODE_PLAIN))
			mwb_event_set(bond->events, &path->heartbeat, 0);
	}
	if (mwb_bond_is(bond, MWB_MODE_AUTO))
		mwb_auto_init(bond);
}

u32 mwb_bond_packets(const struct mwb_bond *bond)
{
	u32 count = bond->reorder.count;

	if (mwb_bond_is(bond, MWB_MODE_AUTO))
		count += bond->mode.pacer.queue.packets + bond->mode.waiting +
			 bond->mode.kept;
	return count;
}

void mwb_bond_settle(struct mwb_bond *bond)
{
	if (mwb_bond_is(bond, MWB_MODE_AUTO))
		mwb_auto_forget(bond);
}

void mwb_bond_exit(struct mwb_bond *bond)
{
	struct mwb_packet *packet, *next;
	LIST_HEAD(rest);

	mwb_reorder_flush(&bond->reorder, &rest);
	list_for_each_entry_safe(packet, next, &rest, node.list)
		mwb_bond_free(bond, packet);
	if (mwb_bond_is(bond, MWB_MODE_AUTO))
		mwb_auto_exit(bond);
}

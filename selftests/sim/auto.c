// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode auto: sending.
 */
#include <stdlib.h>

#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "../../kernel/core/wire.h"
#include "bond.h"

enum {
	MWB_AUTO_BATCH = 32,	/* packets for which the room is looked at once */
	MWB_AUTO_REPAIRS = 8,	/* of one packet */
};

#define MWB_AUTO_SKEW_BUDGET (40 * NSEC_PER_MSEC)
#define MWB_AUTO_EXPIRE NSEC_PER_SEC

/* The usable ones. Return: their number */
static u32 mwb_auto_paths(struct mwb_bond *bond, struct mwb_pace **pace)
{
	u32 i;

	for (i = 0; i < bond->table.count; i++)
		pace[i] = &bond->path[bond->table.path[i].index].mode.pace;
	return i;
}

void mwb_auto_update(struct mwb_bond *bond)
{
	struct mwb_pace *pace[MWB_NETWORK_LINKS];
	u32 count = mwb_auto_paths(bond, pace);
	u32 i;

	for (i = 0; i < count; i++)
		pace[i]->rtt = bond->path[pace[i]->index].health.rtt;
	mwb_pacer_update(&bond->mode.pacer, pace, count, MWB_AUTO_SKEW_BUDGET,
			 mwb_bond_now(bond));
}

static struct mwb_bond_path *mwb_auto_earliest(struct mwb_bond *bond, u32 len)
{
	struct mwb_pace *path[MWB_NETWORK_LINKS];
	struct mwb_pace *pace;

	pace = mwb_pacer_earliest(&bond->mode.pacer, path,
				  mwb_auto_paths(bond, path), len,
				  mwb_bond_now(bond));
	return pace ? &bond->path[pace->index] : NULL;
}

static u64 mwb_auto_hold(struct mwb_bond *bond, const struct mwb_packet *packet)
{
	struct mwb_pace *path[MWB_NETWORK_LINKS];

	if (!packet->ordered || packet->repairs)
		return 0;
	return mwb_pacer_hold(&bond->mode.pacer, path,
			      mwb_auto_paths(bond, path), &packet->queue);
}

/* The packet is kept. */
static void mwb_auto_output(struct mwb_bond_path *path,
			    struct mwb_packet *packet)
{
	struct mwb_packet *copy = mwb_bond_alloc(path->bond, packet->type, 0);

	*copy = *packet;
	copy->hold = min_t(u64, mwb_auto_hold(path->bond, packet) /
				MWB_WIRE_HOLD_UNIT, U16_MAX);
	mwb_bond_output(path, copy, packet);
}

static void mwb_auto_run_path(struct mwb_bond_path *path)
{
	struct mwb_bond *bond = path->bond;
	struct mwb_pace *pace = &path->mode.pace;
	struct mwb_pacer *pacer = &bond->mode.pacer;
	struct mwb_queue_node *node;
	u64 now = mwb_bond_now(bond);
	struct mwb_packet *packet;
	u32 count;
	u64 room;

	do {
		room = mwb_pace_room(pace, path->mode.tx.bytes);
		for (count = 0; count < MWB_AUTO_BATCH; count++) {
			node = mwb_pacer_next(pacer, pace, &room, now);
			if (!node)
				break;
			packet = container_of(node, struct mwb_packet, queue);
			bond->mode.waiting -= !!packet->repairs;
			mwb_rules_window(bond->rules, path->mode.tx.bytes,
					 pace->window);
			mwb_auto_output(path, packet);
		}
	} while (count == MWB_AUTO_BATCH);
	if (pace->next > now && mwb_pacer_waits(pacer) && !path->mode.timer.slot)
		mwb_event_set(bond->events, &path->mode.timer,
			      mwb_watch_when(&bond->clock, bond->events->now,
					     now + mwb_pace_wait(pace, now)));
}

static bool mwb_auto_usable(const struct mwb_bond_path *path)
{
	return mwb_health_is_usable(&path->health);
}

static void mwb_auto_timer(struct mwb_event *event)
{
	struct mwb_bond_path *path = container_of(event, struct mwb_bond_path,
						  mode.timer);

	if (mwb_auto_usable(path))
		mwb_auto_run_path(path);
}

void mwb_auto_run(struct mwb_bond *bond)
{
	const struct mwb_pacer *pacer = &bond->mode.pacer;
	u8 order[MWB_SCHED_PATHS];
	u32 count = pacer->count;
	u32 i;

	memcpy(order, pacer->order, sizeof(order));
	for (i = 0; i < count; i++)
		if (mwb_auto_usable(&bond->path[order[i]]))
			mwb_auto_run_path(&bond->path[order[i]]);
}

/* Return: the path that it is to take at once, or NULL */
static struct mwb_bond_path *mwb_auto_is_urgent(struct mwb_bond *bond,
						struct mwb_packet *packet)
{
	if (packet->ordered ||
	    !mwb_queue_is_sparse(&bond->mode.pacer.queue, packet->queue.flow,
				 packet->queue.len, mwb_bond_now(bond)))
		return NULL;
	return mwb_auto_earliest(bond, packet->queue.len);
}

static void mwb_auto_queue(struct mwb_bond *bond, struct mwb_packet *packet)
{
	struct mwb_bond_path *path = mwb_auto_is_urgent(bond, packet);
	struct mwb_pacer *pacer = &bond->mode.pacer;
	struct mwb_pace *pace[MWB_NETWORK_LINKS];

	/* The flows are not ECN-capable: a mark is a drop. */
	if (!path &&
	    mwb_pacer_admit(pacer, pace, mwb_auto_paths(bond, pace),
			    &packet->queue, mwb_bond_now(bond)) !=
	    MWB_QUEUE_ADMIT) {
		bond->mode.dropped++;
		mwb_bond_free(bond, packet);
		return;
	}
	packet->node.seq = bond->sequence[packet->node.bucket]++;
	if (path) {
		mwb_auto_output(path, packet);
		return;
	}
	mwb_rules_queue(bond->rules, &pacer->queue, packet);
	mwb_queue_add(&pacer->queue, &packet->queue);
}

void mwb_auto_send(struct mwb_bond *bond, const struct mwb_segment *segment,
		   u32 len)
{
	struct mwb_packet *packet = mwb_bond_alloc(bond, MWB_PACKET_INNER, len);

	packet->segment = *segment;
	packet->ordered = !segment->ack;
	packet->node.bucket = MWB_NETWORK_ORDERED + segment->flow;
	if (packet->ordered)
		packet->node.bucket = mwb_network_bucket(bond->net,
							 segment->flow);
	packet->queue.flow = packet->node.bucket;
	packet->queue.len = packet->len - MWB_PACKET_UDP;
	mwb_auto_queue(bond, packet);
	mwb_auto_run(bond);
}

void mwb_auto_repair(struct mwb_bond *bond, struct list_head *lost)
{
	struct mwb_packet *packet, *next;
	struct mwb_bond_path *path;

	list_for_each_entry_safe(packet, next, lost, queue.list) {
		list_del(&packet->queue.list);
		if (packet->repairs++ >= MWB_AUTO_REPAIRS) {
			bond->mode.given_up++;
			mwb_bond_free(bond, packet);
			continue;
		}
		bond->mode.repaired++;
		path = mwb_auto_earliest(bond, packet->queue.len);
		if (path) {
			mwb_auto_output(path, packet);
			continue;
		}
		list_add_tail(&packet->queue.list, &bond->mode.pacer.repair);
		bond->mode.waiting++;
	}
}

void mwb_auto_settled(void *context, void *owner, bool lost)
{
	struct mwb_auto_settle *settle = context;
	struct mwb_bond *bond = settle->path->bond;
	struct mwb_packet *packet = owner;

	settle->path->mode.kept--;
	bond->mode.kept--;
	if (lost)
		list_add_tail(&packet->queue.list, &settle->lost);
	else
		mwb_bond_free(bond, packet);
}

static void mwb_auto_make_room(struct mwb_bond_path *path)
{
	struct mwb_auto_settle settle = { .path = path };
	struct mwb_loss *tx = &path->mode.tx;
	struct mwb_loss_slot *slot, *old = tx->slot;

	INIT_LIST_HEAD(&settle.lost);
	while (path->mode.kept * (u64)MWB_AUTO_TRUESIZE > MWB_AUTO_KEPT_MAX)
		mwb_loss_forget_oldest(tx, mwb_auto_settled, &settle);
	if (!mwb_loss_is_full(tx))
		return;
	if (tx->size == MWB_LOSS_SLOTS_MAX) {
		mwb_loss_forget_oldest(tx, mwb_auto_settled, &settle);
		return;
	}
	slot = calloc(2 * tx->size, sizeof(*slot));
	if (!slot)
		abort();
	mwb_loss_grow(tx, slot, 2 * tx->size);
	free(old);
}

u64 mwb_auto_number(struct mwb_bond_path *path, const struct mwb_packet *packet,
		    struct mwb_packet *keep)
{
	u32 len = packet->len - MWB_PACKET_UDP;

	mwb_auto_make_room(path);
	path->mode.tx_bytes += len;
	path->mode.kept += !!keep;
	path->bond->mode.kept += !!keep;
	mwb_rules_kept(path->bond->rules, path->mode.kept,
		       MWB_AUTO_KEPT_MAX / MWB_AUTO_TRUESIZE + 2);
	return mwb_loss_send(&path->mode.tx, len, keep, packet->node.sent);
}

static void mwb_auto_give_up(struct mwb_bond_path *path, u64 before, bool lost)
{
	struct mwb_auto_settle settle = { .path = path };

	INIT_LIST_HEAD(&settle.lost);
	mwb_loss_expire(&path->mode.tx, before, lost, mwb_auto_settled,
			&settle);
	mwb_auto_repair(path->bond, &settle.lost);
	mwb_auto_run(path->bond);
}

void mwb_auto_down(struct mwb_bond_path *path)
{
	mwb_auto_give_up(path, U64_MAX, true);
	mwb_pace_restart(&path->mode.pace);
}

void mwb_auto_expire(struct mwb_bond_path *path)
{
	u64 time = max_t(u64, MWB_AUTO_EXPIRE, 3 * path->health.rtt);
	u64 now = mwb_bond_now(path->bond);

	if (path->health.state != MWB_HEALTH_DOWN && now > time)
		mwb_auto_give_up(path, now - time, false);
}

void mwb_auto_init(struct mwb_bond *bond)
{
	struct mwb_queue_flow *flow = calloc(MWB_QUEUE_FLOWS, sizeof(*flow));
	struct mwb_bond_path *path;
	struct mwb_loss_slot *slot;

	if (!flow)
		abort();
	mwb_pacer_init(&bond->mode.pacer, flow);
	for (path = bond->path; path < bond->path + bond->net->nr_links;
	     path++) {
		slot = calloc(MWB_LOSS_SLOTS_MIN, sizeof(*slot));
		if (!slot)
			abort();
		mwb_loss_init(&path->mode.tx, slot, MWB_LOSS_SLOTS_MIN);
		/* Not the first packets: the number has to wrap soon. */
		path->mode.tx.first = path->number;
		path->mode.tx.next = path->number;
		path->mode.pace.index = path->index;
		mwb_rate_init(&path->mode.pace.rate, 0);
		path->mode.timer.run = mwb_auto_timer;
	}
	mwb_feedback_init(bond);
}

/* What waits is as good as lost: rules->records are to know. */
static void mwb_auto_drop(struct mwb_bond *bond, struct mwb_queue_node *node)
{
	struct mwb_packet *packet = container_of(node, struct mwb_packet,
						 queue);

	mwb_rules_sent(bond->rules, !bond->which, packet);
	mwb_rules_lost(bond->rules, !bond->which, packet);
	mwb_bond_free(bond, packet);
}

void mwb_auto_forget(struct mwb_bond *bond)
{
	struct mwb_pacer *pacer = &bond->mode.pacer;
	struct mwb_queue_node *node, *next;
	struct mwb_bond_path *path;

	for (path = bond->path; path < bond->path + bond->net->nr_links;
	     path++) {
		struct mwb_auto_settle settle = { .path = path };

		mwb_loss_expire(&path->mode.tx, U64_MAX, false,
				mwb_auto_settled, &settle);
	}
	while ((node = mwb_queue_take(&pacer->queue)))
		mwb_auto_drop(bond, node);
	list_for_each_entry_safe(node, next, &pacer->repair, list)
		mwb_auto_drop(bond, node);
	INIT_LIST_HEAD(&pacer->repair);
	bond->mode.waiting = 0;
}

void mwb_auto_exit(struct mwb_bond *bond)
{
	u32 i;

	mwb_auto_forget(bond);
	for (i = 0; i < bond->net->nr_links; i++)
		free(bond->path[i].mode.tx.slot);
	free(bond->mode.pacer.queue.flow);
}

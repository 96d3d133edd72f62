// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode auto: what has arrived is reported, and what is reported is applied.
 */
#include <stdlib.h>

#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "../../kernel/core/wire.h"
#include "bond.h"

#define MWB_FEEDBACK_START (50 * NSEC_PER_MSEC)
#define MWB_FEEDBACK_IDLE NSEC_PER_SEC
#define MWB_FEEDBACK_WAIT_MAX (100 * NSEC_PER_MSEC)

enum {
	MWB_FEEDBACK_STARTING = 40,
	MWB_FEEDBACK_REPEAT = 3,
};

static void mwb_feedback_schedule(struct mwb_bond *bond, u64 interval, u64 now)
{
	struct mwb_auto *mode = &bond->mode;
	u64 due = max(now, mode->last + interval);

	if (due >= mode->due)
		return;
	mode->due = due;
	mwb_event_set(bond->events, &mode->report,
		      mwb_watch_when(&bond->clock, bond->events->now, due));
}

static u64 mwb_feedback_interval(const struct mwb_auto *mode,
				 const struct mwb_packet *packet)
{
	if (mode->hurry)
		return mode->hurried;
	if (packet->type == MWB_PACKET_INNER)
		return mode->interval;
	return mode->sequence < MWB_FEEDBACK_STARTING ? MWB_FEEDBACK_START :
							MWB_FEEDBACK_IDLE;
}

void mwb_feedback_account(struct mwb_bond_path *path,
			  const struct mwb_packet *packet, u64 top)
{
	struct mwb_auto *mode = &path->bond->mode;
	u64 now = mwb_bond_now(path->bond);

	path->mode.rx_bytes += packet->len - MWB_PACKET_UDP;
	path->mode.rx_packets++;
	if (packet->number >= top)
		path->mode.rx_arrival = now;
	mwb_delay_add(&path->mode.delay, packet->node.sent, now);
	if (packet->number > top && top)
		mode->hurry = MWB_FEEDBACK_REPEAT;
	if (packet->type != MWB_PACKET_REPORT)
		mwb_feedback_schedule(path->bond,
				      mwb_feedback_interval(mode, packet),
				      now);
}

static u32 mwb_feedback_us(u64 time)
{
	return min_t(u64, time / NSEC_PER_USEC, MWB_REPORT_DELAY_MAX);
}

static u32 mwb_feedback_report(struct mwb_bond_path *path, u8 *buf, u32 room)
{
	u64 top = path->replay.top;
	struct mwb_wire_report report = {
		.highest = top - 1,
		.bytes = path->mode.rx_bytes,
		.packets = path->mode.rx_packets,
		.arrival = path->mode.rx_arrival,
		.base = mwb_feedback_us(path->mode.delay.base),
		.queue = mwb_feedback_us(path->mode.delay.queue),
		.jitter = mwb_feedback_us(path->mode.delay.jitter),
		.wan_id = path->index + 1,
		.filled = mwb_rate_fills(&path->mode.pace.rate),
	};
	u64 cover = 64 + 2 * (top - path->mode.rx_reported);

	report.words = min_t(u64, (cover + 63) / 64, MWB_ACK_WORDS);
	report.words = min_t(u32, report.words, room / sizeof(u64));
	mwb_replay_bitmap(&path->replay, report.bitmap, report.words);
	path->mode.rx_reported = top;
	return mwb_wire_build_report(buf, &report);
}

/* Return: bytes of payload, 0 for nothing to report */
static u32 mwb_feedback_build(struct mwb_bond *bond, u8 *buf)
{
	struct mwb_delay *delay[MWB_NETWORK_LINKS];
	u32 len = MWB_ACK_HEAD_LEN;
	struct mwb_bond_path *path;
	struct mwb_wire_ack ack;
	u32 i, room, took;
	u32 fresh = 0;

	for (i = 0; i < bond->net->nr_links; i++) {
		path = &bond->path[i];
		delay[i] = path->replay.top ? &path->mode.delay : NULL;
		fresh += path->replay.top != path->mode.rx_reported;
	}
	mwb_clock_tick(&bond->mode.clock, delay, i, bond->mode.last);
	if (!fresh)
		return 0;
	room = MWB_AUTO_ACK_LEN - MWB_ACK_HEAD_LEN -
	       fresh * (MWB_REPORT_LEN + sizeof(u64));
	for (i = 0; i < bond->net->nr_links; i++) {
		path = &bond->path[i];
		if (path->replay.top == path->mode.rx_reported)
			continue;
		took = mwb_feedback_report(path, buf + len, room + sizeof(u64));
		room -= took - MWB_REPORT_LEN - sizeof(u64);
		len += took;
	}
	ack.count = fresh;
	ack.interval = (bond->mode.interval + NSEC_PER_MSEC) / NSEC_PER_MSEC;
	ack.drift_error = bond->mode.clock.slope_error;
	ack.drift = bond->mode.clock.slope;
	mwb_wire_build_ack(buf, &ack);
	return len;
}

static struct mwb_bond_path *mwb_feedback_path(struct mwb_bond *bond)
{
	struct mwb_bond_path *best = NULL;
	struct mwb_bond_path *path;
	u32 i;

	for (i = 0; i < bond->table.count; i++) {
		path = &bond->path[bond->table.path[i].index];
		if (!best || path->health.rtt < best->health.rtt)
			best = path;
	}
	return best;
}

static void mwb_feedback_timer(struct mwb_event *event)
{
	struct mwb_bond *bond = container_of(event, struct mwb_bond,
					     mode.report);
	struct mwb_auto *mode = &bond->mode;
	u8 buf[MWB_AUTO_ACK_LEN];
	struct mwb_packet *packet;
	struct mwb_bond_path *path;
	u32 len;

	mode->due = U64_MAX;
	mode->last = mwb_bond_now(bond);
	mode->hurry -= !!mode->hurry;
	len = mwb_feedback_build(bond, buf);
	path = len ? mwb_feedback_path(bond) : NULL;
	if (path) {
		packet = mwb_bond_alloc(bond, MWB_PACKET_REPORT, len);
		packet->payload = malloc(len);
		if (!packet->payload)
			abort();
		memcpy(packet->payload, buf, len);
		packet->heartbeat = mode->sequence;
		mode->interval = mwb_pace_ack_interval(&path->mode.pace,
						       packet->len, false);
		mode->hurried = mwb_pace_ack_interval(&path->mode.pace,
						      packet->len, true);
		mwb_bond_output(path, packet, NULL);
	}
	mode->sequence += !!len;
}

static bool mwb_feedback_is_sane(const struct mwb_bond_path *path,
				 const struct mwb_wire_report *report,
				 u64 timestamp, u64 *highest)
{
	const struct mwb_loss *tx = &path->mode.tx;

	*highest = mwb_seqno_expand(tx->next, report->highest);
	return *highest < tx->next && report->packets <= tx->next &&
	       report->bytes <= path->mode.tx_bytes &&
	       report->arrival <= timestamp;
}

static void mwb_feedback_apply(struct mwb_bond_path *path,
			       const struct mwb_wire_report *report,
			       u64 highest, struct list_head *lost)
{
	struct mwb_auto_settle settle = { .path = path };
	struct mwb_rate_report rate = {
		.bytes = report->bytes,
		.packets = report->packets,
		.number = highest,
		.arrival = report->arrival,
		.queue = report->queue * NSEC_PER_USEC,
		.jitter = report->jitter * NSEC_PER_USEC,
		.rtt = path->health.rtt,
	};
	u64 now = mwb_bond_now(path->bond);

	path->mode.delay.filled = report->filled;
	INIT_LIST_HEAD(&settle.lost);
	mwb_loss_report(&path->mode.tx, highest, report->bitmap, report->words,
			min_t(u64, rate.jitter, MWB_FEEDBACK_WAIT_MAX), now,
			mwb_auto_settled, &settle);
	list_splice_tail(&settle.lost, lost);
	mwb_pace_report(&path->mode.pace, report->base * NSEC_PER_USEC, &rate,
			now);
}

void mwb_feedback_receive(struct mwb_bond *bond,
			  const struct mwb_packet *packet)
{
	const u8 *payload = packet->payload;
	struct mwb_wire_report report;
	struct mwb_bond_path *path;
	LIST_HEAD(lost);
	struct mwb_wire_ack ack;
	u64 highest;

	if (mwb_wire_check_ack(payload, packet->len - MWB_PACKET_OVERHEAD)) {
		mwb_rules_break(bond->rules, MWB_RULE_REPORTS,
				"Ack %llu is malformed", packet->heartbeat);
		return;
	}
	if (packet->heartbeat < bond->mode.acked)
		return;
	bond->mode.acked = packet->heartbeat + 1;
	payload += mwb_wire_parse_ack(payload, &ack);
	mwb_clock_peer(&bond->mode.clock, ack.drift, ack.drift_error,
		       mwb_bond_now(bond));
	while (ack.count--) {
		payload += mwb_wire_parse_report(payload, &report);
		path = &bond->path[report.wan_id - 1];
		if (!mwb_feedback_is_sane(path, &report, packet->node.sent,
					  &highest)) {
			mwb_rules_break(bond->rules, MWB_RULE_REPORTS,
					"Ack %llu cannot be true",
					packet->heartbeat);
			continue;
		}
		mwb_feedback_apply(path, &report, highest, &lost);
	}
	mwb_auto_update(bond);
	mwb_auto_repair(bond, &lost);
	mwb_auto_run(bond);
}

void mwb_feedback_init(struct mwb_bond *bond)
{
	u32 i;

	bond->mode.due = U64_MAX;
	bond->mode.report.run = mwb_feedback_timer;
	mwb_clock_init(&bond->mode.clock);
	for (i = 0; i < bond->net->nr_links; i++)
		mwb_delay_init(&bond->path[i].mode.delay);
}

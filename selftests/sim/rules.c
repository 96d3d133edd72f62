// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watches what goes into the reorder buffer and what comes out.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "rules.h"

/* A receiver holds a packet for so long at the most. */
#define MWB_RULES_HOLD NSEC_PER_SEC

/* Timers fire when a clock shows the next whole ns. */
#define MWB_RULES_SLACK NSEC_PER_USEC

const char *mwb_rule_name(enum mwb_rule rule)
{
	static const char *const names[MWB_RULES] = {
		[MWB_RULE_ONCE] = "nothing is delivered twice",
		[MWB_RULE_ORDER] =
			"each bucket is in sequence, but for what comes late",
		[MWB_RULE_REASON] = "a hole is given up only for a reason",
		[MWB_RULE_HOPELESS] = "what is given up as hopeless never comes",
		[MWB_RULE_LOST] =
			"nothing is lost but by the links, or older than the history",
		[MWB_RULE_HOLE] =
			"a hole is filled or given up within its time-out",
		[MWB_RULE_EARLY] =
			"a packet is delivered before its release only for room",
		[MWB_RULE_RELEASE] =
			"a packet that is next is delivered at its release",
		[MWB_RULE_BUFFER] = "the reorder buffer keeps to its limit",
		[MWB_RULE_MEMORY] =
			"each packet is in one place, and none is left over",
		[MWB_RULE_NUMBERS] =
			"packet numbers are expanded right, and none is refused",
		[MWB_RULE_PATH] = "the path is the one that the mode says",
		[MWB_RULE_COUNTERS] =
			"the counters of the reorder buffer are right",
		[MWB_RULE_COMPLETE] = "each flow arrives whole",
		[MWB_RULE_STALL] = "the flows do not stall",
		[MWB_RULE_DRAIN] = "the event queue drains",
		[MWB_RULE_OPTIMUM] = "goodput does not exceed the optimum",
		[MWB_RULE_REPEAT] = "the same seed gives the same run",
		[MWB_RULE_REPORTS] = "what is reported can be true",
		[MWB_RULE_QUEUE] = "no packet is queued that waits too long",
		[MWB_RULE_KEPT] = "what is kept for repairs is bounded",
		[MWB_RULE_WINDOW] = "what is under way keeps to its window",
		[MWB_RULE_BEST] =
			"goodput is 0.97 of that over the best link alone",
	};

	return names[rule];
}

void mwb_rules_init(struct mwb_rules *rules, const struct mwb_network *net)
{
	memset(rules, 0, sizeof(*rules));
	rules->net = net;
}

void mwb_rules_exit(struct mwb_rules *rules)
{
	u32 i, to;

	for (to = 0; to < 2; to++)
		for (i = 0; i < MWB_NETWORK_BUCKETS; i++)
			free(rules->end[to].sequence[i].record);
}

void mwb_rules_break(struct mwb_rules *rules, enum mwb_rule rule,
		     const char *fmt, ...)
{
	va_list args;

	if (rules->broken[rule]++)
		return;
	va_start(args, fmt);
	vsnprintf(rules->why[rule], sizeof(rules->why[rule]), fmt, args);
	va_end(args);
}

/* FNV-1a, eight bytes at a time */
void mwb_rules_trace(struct mwb_rules *rules, u64 what, u64 time)
{
	rules->trace = (rules->trace ^ what) * 0x100000001b3ULL;
	rules->trace = (rules->trace ^ time) * 0x100000001b3ULL;
	rules->trace ^= rules->trace >> 32;
}

static struct mwb_sequence *mwb_rules_sequence(struct mwb_rules *rules, u32 to,
					       const struct mwb_packet *packet)
{
	return &rules->end[to].sequence[packet->node.bucket];
}

static struct mwb_record *mwb_rules_record(struct mwb_rules *rules, u32 to,
					   const struct mwb_packet *packet)
{
	struct mwb_sequence *seq = mwb_rules_sequence(rules, to, packet);

	return &seq->record[packet->node.seq];
}

void mwb_rules_sent(struct mwb_rules *rules, u32 to,
		    const struct mwb_packet *packet)
{
	struct mwb_sequence *seq = mwb_rules_sequence(rules, to, packet);
	u32 size;

	if (packet->node.seq >= seq->size) {
		size = max_t(u32, 2 * seq->size, 1024);
		seq->record = realloc(seq->record,
				      size * sizeof(*seq->record));
		if (!seq->record)
			abort();
		memset(seq->record + seq->size, 0,
		       (size - seq->size) * sizeof(*seq->record));
		seq->size = size;
	}
	seq->sent = max_t(u32, seq->sent, packet->node.seq + 1);
	seq->record[packet->node.seq].copies++;
}

void mwb_rules_lost(struct mwb_rules *rules, u32 to,
		    const struct mwb_packet *packet)
{
	struct mwb_record *record = mwb_rules_record(rules, to, packet);

	record->copies--;
	record->lost++;
}

void mwb_rules_add(struct mwb_rules *rules, u32 to,
		   const struct mwb_packet *packet, u32 count, u64 now)
{
	struct mwb_sequence *seq = mwb_rules_sequence(rules, to, packet);
	struct mwb_record *record = mwb_rules_record(rules, to, packet);
	struct mwb_rules_end *end = &rules->end[to];

	record->copies--;
	if (record->state == MWB_RECORD_SENT) {
		record->arrived = now;
		record->sent = packet->node.sent;
		record->release = min(packet->node.release,
				      now + MWB_RULES_HOLD);
	}
	/* The margin is for two repairs; there may be more. */
	if (record->hopeless && packet->repairs <= 2)
		mwb_rules_break(rules, MWB_RULE_HOPELESS,
				"%llu comes all the same",
				(u64)packet->node.seq);
	seq->top = max_t(u32, seq->top, packet->node.seq + 1);
	seq->run = max(seq->run, seq->next);
	while (seq->run < seq->top &&
	       seq->record[seq->run].state == MWB_RECORD_WAITS)
		seq->run++;
	end->adding = packet;
	end->in_sequence = packet->node.seq == seq->run;
	end->full = count >= rules->net->limit;
	end->horizon = 0;
}

/* A packet is refused: was it known, or is it older than what is remembered? */
static void mwb_rules_refused(struct mwb_rules *rules, u32 to,
			      const struct mwb_packet *packet,
			      enum mwb_reorder_verdict verdict)
{
	struct mwb_sequence *seq = mwb_rules_sequence(rules, to, packet);
	struct mwb_record *record = mwb_rules_record(rules, to, packet);
	bool old = packet->node.seq + MWB_REORDER_HISTORY < seq->next;
	struct mwb_rules_end *end = &rules->end[to];

	if (verdict == MWB_REORDER_OLD) {
		end->stats.old++;
		if (!old)
			mwb_rules_break(rules, MWB_RULE_LOST,
					"%llu is refused as old at %u",
					(u64)packet->node.seq, seq->next);
		if (record->state == MWB_RECORD_SENT) {
			record->state = MWB_RECORD_OLD;
			end->forgotten++;
		}
		return;
	}
	end->stats.duplicate++;
	if (record->state != MWB_RECORD_WAITS &&
	    record->state != MWB_RECORD_DELIVERED)
		mwb_rules_break(rules, MWB_RULE_LOST,
				"%llu is refused as a duplicate",
				(u64)packet->node.seq);
}

void mwb_rules_verdict(struct mwb_rules *rules, u32 to,
		       const struct mwb_packet *packet,
		       enum mwb_reorder_verdict verdict)
{
	struct mwb_record *record = mwb_rules_record(rules, to, packet);
	struct mwb_rules_end *end = &rules->end[to];

	end->adding = NULL;
	end->full = false;
	switch (verdict) {
	case MWB_REORDER_READY:
		if (record->state != MWB_RECORD_DELIVERED)
			mwb_rules_break(rules, MWB_RULE_LOST,
					"%llu is ready but not delivered",
					(u64)packet->node.seq);
		break;
	case MWB_REORDER_WAITS:
		if (record->state != MWB_RECORD_SENT)
			mwb_rules_break(rules, MWB_RULE_ONCE,
					"%llu is to wait, but is not new",
					(u64)packet->node.seq);
		record->state = MWB_RECORD_WAITS;
		if (end->in_sequence)
			end->stats.held++;
		else
			end->stats.reordered++;
		end->waits++;
		break;
	default:
		mwb_rules_refused(rules, to, packet, verdict);
	}
}

void mwb_rules_noted(struct mwb_rules *rules, u32 to,
		     const struct mwb_packet *packet,
		     enum mwb_reorder_verdict verdict, u64 now)
{
	struct mwb_sequence *seq = mwb_rules_sequence(rules, to, packet);
	struct mwb_record *record = mwb_rules_record(rules, to, packet);
	u64 number = packet->node.seq;

	record->copies--;
	if (verdict != MWB_REORDER_READY) {
		mwb_rules_refused(rules, to, packet, verdict);
		return;
	}
	if (record->state == MWB_RECORD_DELIVERED)
		mwb_rules_break(rules, MWB_RULE_ONCE,
				"%llu is delivered again", number);
	record->state = MWB_RECORD_DELIVERED;
	seq->next = max_t(u32, seq->next, number + 1);
	mwb_rules_trace(rules, number << 4 | packet->node.bucket << 1 | to,
			now);
}

void mwb_rules_queue(struct mwb_rules *rules, const struct mwb_queue *queue,
		     const struct mwb_packet *packet)
{
	const struct mwb_queue_flow *flow = &queue->flow[packet->queue.flow];
	u64 before = min_t(u64, queue->bytes, (u64)flow->bytes * queue->flows);
	u64 wait = mwb_queue_time(before, queue->limits.cost);

	if (flow->bytes >= MWB_QUEUE_QUANTUM && wait > queue->limits.cap)
		mwb_rules_break(rules, MWB_RULE_QUEUE,
				"%llu bytes are before it, for %llu ms", before,
				wait / NSEC_PER_MSEC);
	if (queue->bytes + packet->queue.len > queue->limits.bytes)
		mwb_rules_break(rules, MWB_RULE_QUEUE, "%u bytes wait",
				queue->bytes);
}

void mwb_rules_kept(struct mwb_rules *rules, u32 count, u32 limit)
{
	if (count > limit)
		mwb_rules_break(rules, MWB_RULE_KEPT, "%u packets, of %u",
				count, limit);
}

void mwb_rules_window(struct mwb_rules *rules, u64 under_way, u64 window)
{
	if (under_way >= window)
		mwb_rules_break(rules, MWB_RULE_WINDOW,
				"%llu bytes are under way, of %llu", under_way,
				window);
}

void mwb_rules_expire(struct mwb_rules *rules, u32 to, u64 horizon)
{
	rules->end[to].horizon = horizon;
}

/* When the first of those from @number on that wait arrived */
static u64 mwb_rules_opened(const struct mwb_sequence *seq, u32 number)
{
	u64 opened = U64_MAX;

	for (; number < seq->top; number++)
		if (seq->record[number].state == MWB_RECORD_WAITS)
			opened = min(opened, seq->record[number].arrived);
	return opened;
}

/* What is before @number is given up: was it to be? */
static void mwb_rules_skipped(struct mwb_rules *rules, u32 to,
			      struct mwb_sequence *seq, u32 number, u64 now)
{
	struct mwb_rules_end *end = &rules->end[to];
	enum mwb_reason reason = MWB_REASON_TIME;
	u64 opened;
	u32 i;

	end->stats.skipped += number - seq->next;
	for (i = seq->next; i < number; i++)
		if (seq->record[i].state == MWB_RECORD_WAITS)
			mwb_rules_break(rules, MWB_RULE_ORDER,
					"%u is next while %u waits", number, i);
	if (end->full)
		reason = MWB_REASON_ROOM;
	else if (seq->record[number].sent < end->horizon)
		reason = MWB_REASON_HOPELESS;
	end->given_up[reason] += number - seq->next;
	for (i = seq->next; reason == MWB_REASON_HOPELESS && i < number; i++)
		seq->record[i].hopeless = true;
	if (reason == MWB_REASON_TIME) {
		opened = mwb_rules_opened(seq, number);
		if (opened > now || now - opened < rules->net->timeout)
			mwb_rules_break(rules, MWB_RULE_REASON,
					"the hole of %u at %u is given up after %lld ns",
					number - seq->next, seq->next,
					(s64)(now - opened));
	}
	seq->next = number;
	seq->since = now;
}

/* A packet that is next is delivered: is it the time? */
static void mwb_rules_in_time(struct mwb_rules *rules, u32 to,
			      struct mwb_sequence *seq,
			      const struct mwb_record *record, u64 now)
{
	u64 due = max(max(seq->since, record->arrived), record->release);

	if (now < record->release && !rules->end[to].full)
		mwb_rules_break(rules, MWB_RULE_EARLY,
				"%u is delivered %llu ns before its release",
				seq->next, record->release - now);
	if (now > due + MWB_RULES_SLACK)
		mwb_rules_break(rules, MWB_RULE_RELEASE,
				"%u is delivered %llu ns late", seq->next,
				now - due);
	/* Holes behind what is held wait for that, too. */
	seq->release = max(seq->release, record->release);
	due = max(record->arrived, seq->release) + rules->net->timeout;
	if (now > due + MWB_RULES_SLACK)
		mwb_rules_break(rules, MWB_RULE_HOLE, "%u has waited %llu ns",
				seq->next, now - record->arrived);
}

void mwb_rules_delivered(struct mwb_rules *rules, u32 to,
			 const struct mwb_packet *packet, u64 now)
{
	struct mwb_sequence *seq = mwb_rules_sequence(rules, to, packet);
	struct mwb_record *record = mwb_rules_record(rules, to, packet);
	struct mwb_rules_end *end = &rules->end[to];
	u64 number = packet->node.seq;

	mwb_rules_trace(rules, number << 4 | packet->node.bucket << 1 | to,
			now);
	if (record->state == MWB_RECORD_DELIVERED) {
		mwb_rules_break(rules, MWB_RULE_ONCE,
				"%llu is delivered again", number);
		return;
	}
	if (number < seq->next) {
		end->stats.late++;
		if (packet != end->adding)
			mwb_rules_break(rules, MWB_RULE_ORDER,
					"%llu is delivered after %u, and not for being late",
					number, seq->next - 1);
	} else {
		if (number > seq->next)
			mwb_rules_skipped(rules, to, seq, number, now);
		mwb_rules_in_time(rules, to, seq, record, now);
		seq->next = number + 1;
		seq->since = now;
	}
	if (record->state == MWB_RECORD_WAITS)
		end->waits--;
	record->state = MWB_RECORD_DELIVERED;
}

/* A hole may have been given up before packets that are held. */
static void mwb_rules_expected(struct mwb_rules *rules, u32 to,
			       struct mwb_sequence *seq, u64 next, u64 now)
{
	const struct mwb_record *record;

	if (next < seq->next || next > seq->top) {
		mwb_rules_break(rules, MWB_RULE_ORDER,
				"%llu is expected after %u", next, seq->next);
		return;
	}
	if (next > seq->next)
		mwb_rules_skipped(rules, to, seq, next, now);
	if (next == seq->top)
		return;
	record = &seq->record[next];
	if (record->state == MWB_RECORD_WAITS && record->release <= now)
		mwb_rules_break(rules, MWB_RULE_RELEASE,
				"%llu waits, %llu ns after its release", next,
				now - record->release);
}

void mwb_rules_settled(struct mwb_rules *rules, u32 to,
		       const struct mwb_reorder *ro, u64 now)
{
	u32 i;

	for (i = 0; i < MWB_NETWORK_ORDERED; i++)
		mwb_rules_expected(rules, to, &rules->end[to].sequence[i],
				   ro->bucket[i].next, now);
	if (ro->count > ro->limit)
		mwb_rules_break(rules, MWB_RULE_BUFFER,
				"%u packets wait, the limit is %u", ro->count,
				ro->limit);
	if (ro->count != rules->end[to].waits)
		mwb_rules_break(rules, MWB_RULE_BUFFER,
				"%u packets wait, the buffer counts %u",
				rules->end[to].waits, ro->count);
}

static void mwb_rules_counter(struct mwb_rules *rules, const char *name,
			      u64 seen, u64 counted)
{
	if (seen != counted)
		mwb_rules_break(rules, MWB_RULE_COUNTERS,
				"%s: counted %llu, seen %llu", name, counted,
				seen);
}

void mwb_rules_end(struct mwb_rules *rules, u32 to,
		   const struct mwb_reorder *ro)
{
	struct mwb_rules_end *end = &rules->end[to];
	const struct mwb_record *record;
	const struct mwb_sequence *seq;
	u32 i;

	for (seq = end->sequence;
	     seq < end->sequence + MWB_NETWORK_BUCKETS; seq++) {
		for (i = 0; i < seq->sent; i++) {
			record = &seq->record[i];
			if (record->copies ||
			    record->state == MWB_RECORD_WAITS ||
			    (record->state == MWB_RECORD_SENT && !record->lost))
				mwb_rules_break(rules, MWB_RULE_LOST,
						"%u is gone, and no link lost it",
						i);
		}
	}
	mwb_rules_counter(rules, "duplicate", end->stats.duplicate,
			  ro->stats.duplicate);
	mwb_rules_counter(rules, "old", end->stats.old, ro->stats.old);
	mwb_rules_counter(rules, "late", end->stats.late, ro->stats.late);
	mwb_rules_counter(rules, "reordered", end->stats.reordered,
			  ro->stats.reordered);
	mwb_rules_counter(rules, "held", end->stats.held, ro->stats.held);
	mwb_rules_counter(rules, "skipped", end->stats.skipped,
			  ro->stats.skipped);
}

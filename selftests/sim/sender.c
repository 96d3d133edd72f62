// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sending half of a TCP.
 */
#include <stdlib.h>

#include <linux/bits.h>
#include <linux/limits.h>
#include <linux/minmax.h>

#include "sender.h"

#define MWB_SENDER_TIMEOUT_MIN (200 * NSEC_PER_MSEC)
#define MWB_SENDER_TIMEOUT_MAX (60 * NSEC_PER_SEC)

enum { MWB_SENDER_DUPLICATES = 3 };	/* that mean a loss */

static struct mwb_sent *mwb_sender_first(const struct mwb_sender *s)
{
	return list_first_entry(&s->flight, struct mwb_sent, list);
}

static u64 mwb_sender_timeout(const struct mwb_sender *s)
{
	u64 timeout = NSEC_PER_SEC;

	if (s->srtt)
		timeout = s->srtt + max(4 * s->rttvar, MWB_SENDER_TIMEOUT_MIN);
	return min(timeout << min_t(u32, s->backoff, 8),
		   MWB_SENDER_TIMEOUT_MAX);
}

/* The timer may be early, but never late. */
static void mwb_sender_arm(struct mwb_sender *s, u64 time)
{
	if (!s->timer.slot || s->timer.time > time)
		mwb_event_set(s->events, &s->timer, time);
}

static void mwb_sender_transmit(struct mwb_sender *s, u32 number)
{
	struct mwb_segment segment = { .flow = s->flow, .number = number };
	struct mwb_sent *sent = &s->sent[number];
	u64 now = s->events->now;

	if (!s->pipe) {
		s->first_time = now;
		s->delivered_time = now;
		s->expires = now + mwb_sender_timeout(s);
		mwb_sender_arm(s, s->expires);
	}
	sent->again = sent->lost;
	if (sent->lost) {
		sent->lost = false;
		s->lost--;
	}
	sent->time = now;
	sent->delivered = s->delivered;
	sent->delivered_time = s->delivered_time;
	sent->first_time = s->first_time;
	sent->limited = s->limited_until > s->delivered;
	list_add_tail(&sent->list, &s->flight);
	s->pipe++;
	s->send(s->owner, &segment);
}

/* Return: the segment to be sent next, U32_MAX if there is none. */
static u32 mwb_sender_next(struct mwb_sender *s)
{
	if (s->lost) {
		while (!s->sent[s->lost_from].lost)
			s->lost_from++;
		return s->lost_from;
	}
	return s->next < s->segments ? s->next++ : U32_MAX;
}

static void mwb_sender_push(struct mwb_sender *s)
{
	u64 now = s->events->now;
	u32 number;

	if (s->stopped)
		return;
	while (s->pipe < s->cc.window) {
		if (s->cc.pacing > 0 && s->pace_time > now) {
			mwb_event_set(s->events, &s->pace, s->pace_time);
			return;
		}
		number = mwb_sender_next(s);
		if (number == U32_MAX) {
			s->limited_until = s->delivered + s->pipe + 1;
			return;
		}
		mwb_sender_transmit(s, number);
		if (s->cc.pacing > 0)
			s->pace_time = now + 1e9 / s->cc.pacing;
	}
}

static void mwb_sender_paced(struct mwb_event *event)
{
	mwb_sender_push(container_of(event, struct mwb_sender, pace));
}

static void mwb_sender_lose(struct mwb_sender *s, struct mwb_sent *sent)
{
	list_del(&sent->list);
	sent->lost = true;
	s->pipe--;
	s->lost++;
	s->lost_from = min_t(u32, s->lost_from, sent - s->sent);
}

/*
 * A segment is lost when one sent later has arrived, and it itself has had
 * enough time, too.
 *
 * Return: whether any is
 */
static bool mwb_sender_detect(struct mwb_sender *s)
{
	u32 sacked = s->delivered - s->acked;
	struct mwb_sent *sent;
	bool any = false;
	u64 window = 0;
	u64 limit;

	if (s->reordered || (sacked < MWB_SENDER_DUPLICATES && !s->recovery))
		window = min(s->min_rtt / 4, s->srtt);
	while (!list_empty(&s->flight)) {
		sent = mwb_sender_first(s);
		if (sent->time >= s->rack_time)
			break;
		limit = sent->time + s->rack_rtt + window;
		if (limit > s->events->now) {
			mwb_sender_arm(s, limit);
			break;
		}
		mwb_sender_lose(s, sent);
		any = true;
	}
	return any;
}

static void mwb_sender_rtt(struct mwb_sender *s, u64 rtt)
{
	u64 deviation = rtt > s->srtt ? rtt - s->srtt : s->srtt - rtt;

	s->min_rtt = min(s->min_rtt, rtt);
	if (s->srtt) {
		s->rttvar = (3 * s->rttvar + deviation) / 4;
		s->srtt = (7 * s->srtt + rtt) / 8;
	} else {
		s->rttvar = rtt / 2;
		s->srtt = rtt;
	}
}

/* A segment has arrived. @latest is the one sent last of those in this ACK. */
static void mwb_sender_arrived(struct mwb_sender *s, u32 number,
			       struct mwb_sent *latest)
{
	struct mwb_sent *sent = &s->sent[number];

	if (sent->arrived)
		return;
	sent->arrived = true;
	s->delivered++;
	s->delivered_time = s->events->now;
	if (sent->lost) {
		/* It was not lost after all. */
		sent->lost = false;
		s->lost--;
		s->reordered = true;
	} else {
		list_del(&sent->list);
		s->pipe--;
	}
	if (number + 1 < s->highest && !sent->again)
		s->reordered = true;
	s->highest = max(s->highest, number + 1);
	/* An ACK that is too early for the second copy is for the first. */
	if (sent->again && s->events->now - sent->time < s->min_rtt)
		return;
	if (sent->time >= latest->time)
		*latest = *sent;
}

static void mwb_sender_sample(struct mwb_sender *s, struct mwb_sample *rs,
			      const struct mwb_sent *latest)
{
	u64 now = s->events->now;
	u64 interval;

	if (!latest->time)
		return;
	if (!latest->again) {
		rs->rtt = now - latest->time;
		mwb_sender_rtt(s, rs->rtt);
	}
	if (latest->time > s->rack_time) {
		s->rack_time = latest->time;
		s->rack_rtt = now - latest->time;
	}
	if (latest->delivered >= s->round_end) {
		s->round_end = s->delivered;
		s->round++;
		rs->new_round = true;
	}
	s->first_time = latest->time;
	interval = max(latest->time - latest->first_time,
		       now - latest->delivered_time);
	rs->limited = latest->limited;
	if (interval >= s->min_rtt)
		rs->bandwidth = (s->delivered - latest->delivered) * 1e9 /
				interval;
}

static void mwb_sender_lost(struct mwb_sender *s, const struct mwb_sample *rs)
{
	if (s->recovery)
		return;
	s->recovery = true;
	s->recover = s->next;
	s->cc.ops->lost(&s->cc, rs);
}

static void mwb_sender_fill(const struct mwb_sender *s, struct mwb_sample *rs)
{
	rs->now = s->events->now;
	rs->pipe = s->pipe;
	rs->srtt = s->srtt;
	rs->round = s->round;
	rs->recovery = s->recovery;
}

void mwb_sender_ack(struct mwb_sender *s, const struct mwb_segment *ack)
{
	u32 before = s->delivered;
	struct mwb_sent latest = {};
	struct mwb_sample rs = {};
	u32 i;

	if (s->stopped)
		return;
	rs.full = s->pipe + 1 >= s->cc.window;
	for (i = s->acked; i < ack->number; i++)
		mwb_sender_arrived(s, i, &latest);
	s->acked = max(s->acked, ack->number);
	if (ack->recent >= s->acked) {
		mwb_sender_arrived(s, ack->recent, &latest);
		for (i = 0; i < MWB_PACKET_SACK; i++)
			if (ack->before & BIT_ULL(i) &&
			    ack->recent - 1 - i >= s->acked)
				mwb_sender_arrived(s, ack->recent - 1 - i,
						   &latest);
	}
	if (mwb_sender_done(s)) {
		mwb_sender_stop(s);
		return;
	}
	if (s->delivered == before)
		return;

	rs.acked = s->delivered - before;
	s->backoff = 0;
	s->expires = s->events->now + mwb_sender_timeout(s);
	mwb_sender_sample(s, &rs, &latest);
	if (s->recovery && s->acked >= s->recover)
		s->recovery = false;
	if (mwb_sender_detect(s)) {
		mwb_sender_fill(s, &rs);
		mwb_sender_lost(s, &rs);
	}
	mwb_sender_fill(s, &rs);
	s->cc.ops->acked(&s->cc, &rs);
	mwb_sender_push(s);
	if (s->pipe)
		mwb_sender_arm(s, s->expires);
}

static void mwb_sender_timed_out(struct mwb_sender *s)
{
	while (!list_empty(&s->flight))
		mwb_sender_lose(s, mwb_sender_first(s));
	s->recovery = true;
	s->recover = s->next;
	s->backoff++;
	s->cc.ops->timeout(&s->cc);
	s->pace_time = 0;
}

static void mwb_sender_timer(struct mwb_event *event)
{
	struct mwb_sender *s = container_of(event, struct mwb_sender, timer);
	struct mwb_sample rs = {};

	if (mwb_sender_detect(s)) {
		mwb_sender_fill(s, &rs);
		mwb_sender_lost(s, &rs);
	} else if (s->pipe && s->expires <= s->events->now) {
		mwb_sender_timed_out(s);
	}
	mwb_sender_push(s);
	if (s->pipe)
		mwb_sender_arm(s, s->expires);
}

static void mwb_sender_start(struct mwb_event *event)
{
	struct mwb_sender *s = container_of(event, struct mwb_sender, pace);

	event->run = mwb_sender_paced;
	s->cc.ops->init(&s->cc, s->events->now);
	mwb_sender_push(s);
}

void mwb_sender_init(struct mwb_sender *s, u64 start)
{
	INIT_LIST_HEAD(&s->flight);
	s->sent = calloc(s->segments, sizeof(*s->sent));
	if (!s->sent)
		abort();
	s->min_rtt = U64_MAX;
	s->timer.run = mwb_sender_timer;
	s->pace.run = mwb_sender_start;
	mwb_event_set(s->events, &s->pace, start);
}

void mwb_sender_stop(struct mwb_sender *s)
{
	s->stopped = true;
	mwb_event_cancel(s->events, &s->timer);
	mwb_event_cancel(s->events, &s->pace);
}

void mwb_sender_exit(struct mwb_sender *s)
{
	free(s->sent);
}

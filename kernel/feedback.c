// SPDX-License-Identifier: GPL-2.0-only
/*
 * Feedback: what has arrived by each path is accounted for and reported to the
 * peer; what the peer reports settles the packets under way, sets the rate of
 * each path, and has what was lost sent again.
 */
#include <linux/skbuff.h>
#include <net/inet_ecn.h>

#include "compat/hrtimer.h"
#include "fec.h"
#include "path.h"
#include "session.h"
#include "trace.h"
#include "wan.h"

#define MWB_FEEDBACK_START	(50 * (u64)NSEC_PER_MSEC)
#define MWB_FEEDBACK_IDLE	(1 * (u64)NSEC_PER_SEC)

/* What was sent longer ago is not worth a repair. */
#define MWB_FEEDBACK_EXPIRE	(1 * (u64)NSEC_PER_SEC)
#define MWB_FEEDBACK_WAIT_MAX	(100 * (u64)NSEC_PER_MSEC)

enum {
	/* That every path takes: IPv6's least MTU, less all headers and a tag */
	MWB_FEEDBACK_LEN = 1168,
	MWB_FEEDBACK_STARTING = 40,	/* reports before it is idle's turn */
	MWB_FEEDBACK_REPEAT = 3,	/* reports soon after a gap */
	MWB_FEEDBACK_QUIET = 30,	/* ms without data */
	MWB_FEEDBACK_CEASED = 1000,	/* the same: none is expected */
};

/* Set the timer for a report, unless one is due earlier. */
static void mwb_feedback_schedule(struct mwb_feedback *fb, u64 interval,
				  u64 now)
{
	u64 due = max(now, fb->last + interval);

	if (due >= fb->due)
		return;
	fb->due = due;
	hrtimer_start(&fb->timer, ns_to_ktime(due - now),
		      HRTIMER_MODE_REL_SOFT);
}

static u64 mwb_feedback_interval(const struct mwb_feedback *fb,
				 const struct mwb_wire_hdr *hdr)
{
	if (fb->hurry)
		return fb->hurried;
	if (hdr->type == MWB_WIRE_DATA || hdr->type == MWB_WIRE_MULTICAST)
		return fb->interval;
	return fb->sequence < MWB_FEEDBACK_STARTING ? MWB_FEEDBACK_START :
						      MWB_FEEDBACK_IDLE;
}

static void mwb_feedback_begin(struct mwb_session *session, u32 generation)
{
	struct mwb_feedback *fb = &session->feedback;

	fb->generation = generation;
	fb->sequence = 0;
	fb->hurry = 0;
	fb->interval = 0;
	fb->hurried = 0;
	mwb_clock_init(&fb->clock);
	WRITE_ONCE(session->clock_known, false);
}

bool mwb_feedback_is_newest(struct mwb_session *session,
			    struct mwb_association *assoc,
			    const struct mwb_wire_hdr *hdr)
{
	struct mwb_feedback *fb = &session->feedback;
	struct mwb_path_state *state;
	bool newest;

	state = rcu_dereference(assoc->path[hdr->wan_id]);
	if (!state)
		return false;
	spin_lock_bh(&fb->lock);
	newest = mwb_seqno_expand(state->replay.top, hdr->packet_number) >=
		 state->replay.top;
	spin_unlock_bh(&fb->lock);
	return newest;
}

u64 mwb_feedback_number(struct mwb_association *assoc,
			const struct mwb_wire_hdr *hdr)
{
	struct mwb_feedback *fb = &assoc->session->feedback;
	struct mwb_path_state *state;
	u64 top;

	state = rcu_dereference(assoc->path[hdr->wan_id]);
	if (!state)
		return hdr->packet_number;
	spin_lock_bh(&fb->lock);
	top = state->replay.top;
	spin_unlock_bh(&fb->lock);
	return mwb_seqno_expand(top, hdr->packet_number);
}

bool mwb_feedback_account(struct mwb_session *session,
			  struct mwb_association *assoc,
			  const struct mwb_wire_hdr *hdr, u32 len, u8 ecn)
{
	struct mwb_feedback *fb = &session->feedback;
	struct mwb_path_state *state;
	u64 now = mwb_now();
	u64 number, top;

	/* A path that is only now being announced has no history. */
	state = rcu_dereference(assoc->path[hdr->wan_id]);
	if (!state)
		return true;
	spin_lock_bh(&fb->lock);
	top = state->replay.top;
	number = mwb_seqno_expand(top, hdr->packet_number);
	if (!mwb_replay_check(&state->replay, number)) {
		spin_unlock_bh(&fb->lock);
		return false;
	}
	state->rx_bytes += len;
	state->rx_packets++;
	state->rx_ce += INET_ECN_is_ce(ecn);
	if (number >= top)
		state->rx_arrival = now;
	mwb_delay_add(&state->delay, hdr->timestamp, now);
	if (assoc->generation != fb->generation)
		mwb_feedback_begin(session, assoc->generation);
	if (number > top && top)
		fb->hurry = MWB_FEEDBACK_REPEAT;
	if (hdr->type != MWB_WIRE_ACK)
		mwb_feedback_schedule(fb, mwb_feedback_interval(fb, hdr), now);
	spin_unlock_bh(&fb->lock);
	return true;
}

/* Report on a path into @buf; @room: bytes that are left for the bitmap */
static u32 mwb_feedback_report(struct mwb_path_state *state, u8 wan_id,
			       u8 *buf, u32 room)
{
	u64 top = state->replay.top;
	struct mwb_wire_report report = {
		.highest = top - 1,
		.bytes = state->rx_bytes,
		.packets = state->rx_packets,
		.arrival = state->rx_arrival,
		.ce = state->rx_ce,
		.wan_id = wan_id,
		.filled = READ_ONCE(state->tx_filled),
	};
	/* The last two reports may have been lost. */
	u64 cover = 64 + 2 * (top - state->rx_reported);

	report.words = min_t(u64, DIV_ROUND_UP_ULL(cover, 64), MWB_ACK_WORDS);
	report.words = min_t(u32, report.words, room / sizeof(u64));
	report.base = min_t(u64, div_u64(state->delay.base, NSEC_PER_USEC),
			    MWB_REPORT_DELAY_MAX);
	report.queue = min_t(u64, div_u64(state->delay.queue, NSEC_PER_USEC),
			     MWB_REPORT_DELAY_MAX);
	report.jitter = min_t(u64, div_u64(state->delay.jitter, NSEC_PER_USEC),
			      MWB_REPORT_DELAY_MAX);
	mwb_replay_bitmap(&state->replay, report.bitmap, report.words);
	state->rx_reported = top;
	return mwb_wire_build_report(buf, &report);
}

/* All paths by which something has come since the last report. fb->lock is
 * held. Return: bytes of payload, 0 for nothing to report
 */
static u32 mwb_feedback_build(struct mwb_session *session,
			      struct mwb_paths *paths, u64 now)
{
	struct mwb_feedback *fb = &session->feedback;
	struct mwb_path_state *state[MWB_MAX_WANS];
	struct mwb_delay *delay[MWB_MAX_WANS];
	u32 len = MWB_ACK_HEAD_LEN;
	u32 count = 0, fresh = 0;
	struct mwb_wire_ack ack;
	u8 id[MWB_MAX_WANS];
	u32 i, room, took;

	for (i = 0; i < MWB_MAX_WANS; i++) {
		struct mwb_wan *wan = paths->wan[i];

		if (!wan)
			continue;
		id[count] = READ_ONCE(wan->wire_id);
		state[count] = rcu_dereference_bh(paths->assoc->path[id[count]]);
		if (!state[count] || !state[count]->replay.top)
			continue;
		fresh += state[count]->replay.top != state[count]->rx_reported;
		delay[count] = &state[count]->delay;
		count++;
	}
	mwb_clock_tick(&fb->clock, delay, count, now);
	WRITE_ONCE(session->clock_offset, fb->clock.offset);
	WRITE_ONCE(session->clock_known, fb->clock.known);
	if (!fresh)
		return 0;
	/* Each has a word of the bitmap at least; who comes first, more. */
	room = MWB_FEEDBACK_LEN - MWB_ACK_HEAD_LEN -
	       fresh * (MWB_REPORT_LEN + sizeof(u64));
	for (i = 0; i < count; i++) {
		if (state[i]->replay.top == state[i]->rx_reported)
			continue;
		took = mwb_feedback_report(state[i], id[i], fb->buf + len,
					   room + sizeof(u64));
		room -= took - MWB_REPORT_LEN - sizeof(u64);
		len += took;
	}
	ack.count = fresh;
	ack.interval = DIV_ROUND_UP_ULL(max_t(u64, fb->interval, 1),
					NSEC_PER_MSEC);
	ack.drift = fb->clock.slope;
	ack.drift_error = fb->clock.slope_error;
	mwb_wire_build_ack(fb->buf, &ack);
	return len;
}

/* Has data come by a WAN in the last @ms? */
static bool mwb_feedback_brings(const struct mwb_wan *wan, u32 ms)
{
	return time_before(jiffies, READ_ONCE(wan->rx_data) +
				    msecs_to_jiffies(ms));
}

/* The usable path with the least round-trip time; @bring: of those by which
 * data comes
 */
static struct mwb_wan *mwb_feedback_path(struct mwb_paths *paths, bool bring)
{
	struct mwb_wan *best = NULL;
	u32 i;

	for (i = 0; i < paths->table.count; i++) {
		struct mwb_wan *wan = paths->wan[paths->table.path[i].index];

		if (bring && !mwb_feedback_brings(wan, MWB_FEEDBACK_QUIET))
			continue;
		if (!best || READ_ONCE(wan->health.rtt) <
			     READ_ONCE(best->health.rtt))
			best = wan;
	}
	return best;
}

/* Where an Ack goes, too: data came by @wan and does not any more, but by
 * others. It may be dead, or the peer avoids it because no Ack comes by it.
 */
static struct mwb_wan *mwb_feedback_doubt(struct mwb_paths *paths,
					  const struct mwb_wan *wan)
{
	if (mwb_feedback_brings(wan, MWB_FEEDBACK_QUIET) ||
	    !mwb_feedback_brings(wan, MWB_FEEDBACK_CEASED))
		return NULL;
	return mwb_feedback_path(paths, true);
}

/* An Ack of @len bytes has gone by @wan: it takes its time, and so does the next. */
static void mwb_feedback_charge(struct mwb_session *session,
				struct mwb_wan *wan, u32 len, u64 now)
{
	struct mwb_feedback *fb = &session->feedback;
	u64 interval, hurried;

	spin_lock(&session->tx.lock);
	mwb_pace_charge(&wan->pace, len, now);
	interval = mwb_pace_ack_interval(&wan->pace, len, false);
	hurried = mwb_pace_ack_interval(&wan->pace, len, true);
	spin_unlock(&session->tx.lock);

	spin_lock(&fb->lock);
	fb->interval = interval;
	fb->hurried = hurried;
	spin_unlock(&fb->lock);
}

static enum hrtimer_restart mwb_feedback_timer(struct hrtimer *timer)
{
	struct mwb_session *session = container_of(timer, struct mwb_session,
						   feedback.timer);
	struct mwb_feedback *fb = &session->feedback;
	struct mwb_paths *paths;
	struct mwb_wan *wan, *too;
	u64 sequence;
	u32 len = 0;

	rcu_read_lock_bh();
	spin_lock(&fb->lock);
	paths = rcu_dereference_bh(session->paths);
	fb->due = U64_MAX;
	fb->last = mwb_now();
	fb->hurry -= !!fb->hurry;
	if (paths && paths->assoc &&
	    paths->assoc->generation == fb->generation)
		len = mwb_feedback_build(session, paths, fb->last);
	sequence = fb->sequence;
	fb->sequence += !!len;
	spin_unlock(&fb->lock);
	wan = len ? mwb_feedback_path(paths, false) : NULL;
	too = wan ? mwb_feedback_doubt(paths, wan) : NULL;
	/* One that cannot be sent is lost, like any other. */
	if (wan) {
		mwb_feedback_charge(session, wan, MWB_WIRE_HDR_LEN + len,
				    fb->last);
		mwb_send_ack(wan, paths->assoc, sequence, fb->buf, len);
	}
	if (too)
		mwb_send_ack(too, paths->assoc, sequence, fb->buf, len);
	rcu_read_unlock_bh();
	return HRTIMER_NORESTART;
}

/**
 * struct mwb_feedback_settle - where packets go that are settled
 * @state: their path, whose tx_lock is held
 * @lost: those that were lost
 */
struct mwb_feedback_settle {
	struct mwb_path_state *state;
	struct list_head lost;
};

static void mwb_feedback_settled(void *context, void *owner, bool lost)
{
	struct mwb_feedback_settle *settle = context;
	struct sk_buff *skb = owner;

	settle->state->tx_kept -= skb->truesize;
	if (lost)
		list_add_tail(&mwb_tx_cb(skb)->node.list, &settle->lost);
	else
		consume_skb(skb);
}

static struct mwb_wan *mwb_feedback_wan(struct mwb_paths *paths, u8 wire_id)
{
	u32 i;

	for (i = 0; i < MWB_MAX_WANS; i++)
		if (paths->wan[i] &&
		    READ_ONCE(paths->wan[i]->wire_id) == wire_id)
			return paths->wan[i];
	return NULL;
}

/* Can it be true? What was never sent cannot have arrived. */
static bool mwb_feedback_is_sane(struct mwb_path_state *state,
				 const struct mwb_wire_report *report,
				 const struct mwb_wire_hdr *hdr, u64 *highest)
{
	bool sane;

	spin_lock_bh(&state->tx_lock);
	*highest = mwb_seqno_expand(state->tx.next, report->highest);
	sane = *highest < state->tx.next &&
	       report->packets <= state->tx.next &&
	       report->bytes <= state->tx_bytes &&
	       report->arrival <= hdr->timestamp;
	spin_unlock_bh(&state->tx_lock);
	return sane;
}

static void mwb_feedback_apply(const struct mwb_paths *paths,
			       struct mwb_wan *wan,
			       struct mwb_path_state *state,
			       const struct mwb_wire_report *report,
			       u64 highest, struct list_head *lost, u64 now)
{
	u64 jitter = report->jitter * (u64)NSEC_PER_USEC;
	struct mwb_feedback_settle settle = { .state = state };
	struct mwb_rate_report rate = {
		.bytes = report->bytes,
		.packets = report->packets,
		.number = highest,
		.arrival = report->arrival,
		.queue = report->queue * (u64)NSEC_PER_USEC,
		.jitter = jitter,
		.rtt = READ_ONCE(wan->health.rtt),
		.unpaced = paths->mode != MWBOND_MODE_AUTO,
	};
	struct mwb_session *session = wan->session;
	struct mwb_tx *tx = &session->tx;

	WRITE_ONCE(state->delay.filled, report->filled);
	INIT_LIST_HEAD(&settle.lost);
	spin_lock_bh(&state->tx_lock);
	mwb_loss_report(&state->tx, highest, report->bitmap, report->words,
			min_t(u64, jitter, MWB_FEEDBACK_WAIT_MAX), now,
			mwb_feedback_settled, &settle);
	spin_unlock_bh(&state->tx_lock);
	if (!list_empty(&settle.lost))
		WRITE_ONCE(wan->lossy, true);
	list_splice_tail(&settle.lost, lost);

	spin_lock_bh(&tx->lock);
	mwb_pace_report(&wan->pace, report->base * (u64)NSEC_PER_USEC, &rate,
			now);
	WRITE_ONCE(state->tx_filled, mwb_rate_fills(&wan->pace.rate));
	trace_mwb_rate(session->dev, report->wan_id, &wan->pace.rate,
		       tx->pacer.hold.hold);
	spin_unlock_bh(&tx->lock);
}

/* Newer than the last one? Reports overtake each other on different paths. */
static bool mwb_feedback_is_new(struct mwb_tx *tx,
				const struct mwb_wire_hdr *hdr, u64 interval)
{
	bool fresh;

	spin_lock_bh(&tx->lock);
	fresh = hdr->sequence >= tx->acked;
	if (fresh) {
		tx->acked = hdr->sequence + 1;
		tx->acked_by = hdr->wan_id;
		tx->suspect.acked = mwb_now();
		tx->suspect.interval = interval;
	}
	spin_unlock_bh(&tx->lock);
	return fresh;
}

/* What the peer has measured of our clock */
static void mwb_feedback_clock(struct mwb_session *session,
			       const struct mwb_association *assoc,
			       const struct mwb_wire_ack *ack, u64 now)
{
	struct mwb_feedback *fb = &session->feedback;

	spin_lock_bh(&fb->lock);
	if (assoc->generation == fb->generation)
		mwb_clock_peer(&fb->clock, ack->drift, ack->drift_error, now);
	spin_unlock_bh(&fb->lock);
}

/* @apply: false to check only. Return: false if anything cannot be true */
static bool mwb_feedback_walk(struct mwb_session *session,
			      struct mwb_paths *paths, const u8 *payload,
			      const struct mwb_wire_hdr *hdr, bool apply,
			      struct list_head *lost)
{
	struct mwb_wire_report report;
	struct mwb_path_state *state;
	struct mwb_wire_ack ack;
	u64 now = mwb_now();
	struct mwb_wan *wan;
	u64 highest;

	payload += mwb_wire_parse_ack(payload, &ack);
	while (ack.count--) {
		payload += mwb_wire_parse_report(payload, &report);
		state = rcu_dereference(paths->assoc->path[report.wan_id]);
		/* One that is being withdrawn. */
		wan = mwb_feedback_wan(paths, report.wan_id);
		if (!state || !wan)
			continue;
		if (!mwb_feedback_is_sane(state, &report, hdr, &highest))
			return false;
		if (apply)
			mwb_feedback_apply(paths, wan, state, &report, highest,
					   lost, now);
	}
	return true;
}

void mwb_feedback_receive(struct mwb_session *session,
			  struct mwb_association *assoc, struct sk_buff *skb,
			  const struct mwb_wire_hdr *hdr)
{
	struct mwb_paths *paths = rcu_dereference(session->paths);
	const u8 *payload = skb->data + MWB_WIRE_HDR_LEN;
	struct mwb_wire_ack ack;
	LIST_HEAD(lost);
	bool fresh;

	if (mwb_wire_check_ack(payload, hdr->data_len)) {
		mwb_session_drop(session, skb, MWB_STAT_rx_payload);
		return;
	}
	if (!paths || paths->assoc != assoc) {
		consume_skb(skb);
		return;
	}
	if (!mwb_feedback_walk(session, paths, payload, hdr, false, NULL)) {
		mwb_session_drop(session, skb, MWB_STAT_rx_feedback);
		return;
	}
	/* One that was overtaken has nothing to say any more. */
	mwb_wire_parse_ack(payload, &ack);
	fresh = mwb_feedback_is_new(&session->tx, hdr,
				    ack.interval * (u64)NSEC_PER_MSEC);
	if (fresh) {
		mwb_feedback_clock(session, assoc, &ack, mwb_now());
		mwb_feedback_walk(session, paths, payload, hdr, true, &lost);
	}
	consume_skb(skb);
	if (!fresh)
		return;
	mwb_fec_observe(session, paths, mwb_now());

	local_bh_disable();
	spin_lock(&session->tx.lock);
	/* There may be new ones, for which all has been brought up to date. */
	if (paths == rcu_access_pointer(session->paths))
		mwb_queue_update(session, paths);
	spin_unlock(&session->tx.lock);
	mwb_queue_repair(session, paths, &lost);
	mwb_queue_run(session, paths);
	local_bh_enable();
}

/* What is under way on a path and was sent before @before is settled. */
static void mwb_feedback_settle(struct mwb_wan *wan, u64 before, bool lost)
{
	struct mwb_feedback_settle settle = {};
	struct mwb_session *session = wan->session;
	struct mwb_paths *paths;

	INIT_LIST_HEAD(&settle.lost);
	rcu_read_lock_bh();
	paths = rcu_dereference_bh(session->paths);
	if (!paths || !paths->assoc)
		goto out;
	settle.state = rcu_dereference_bh(paths->assoc->path[wan->wire_id]);
	if (!settle.state)
		goto out;
	spin_lock(&settle.state->tx_lock);
	mwb_loss_expire(&settle.state->tx, before, lost, mwb_feedback_settled,
			&settle);
	spin_unlock(&settle.state->tx_lock);
	mwb_queue_repair(session, paths, &settle.lost);
	mwb_queue_run(session, paths);
out:
	rcu_read_unlock_bh();
}

void mwb_feedback_down(struct mwb_wan *wan)
{
	lockdep_assert_held(&wan->session->mutex);
	mwb_feedback_settle(wan, U64_MAX, true);
}

void mwb_feedback_expire(struct mwb_wan *wan, u64 now)
{
	u64 time = max_t(u64, MWB_FEEDBACK_EXPIRE, 3 * wan->health.rtt);

	lockdep_assert_held(&wan->session->mutex);
	/* Who had found it up may have sent since. */
	if (wan->health.state == MWB_HEALTH_DOWN ||
	    ((wan->suspect || wan->moving) && !wan->carries))
		mwb_feedback_down(wan);
	else if (now > time)
		mwb_feedback_settle(wan, now - time, false);
}

int mwb_feedback_create(struct mwb_session *session)
{
	struct mwb_feedback *fb = &session->feedback;

	fb->buf = kmalloc(MWB_FEEDBACK_LEN, GFP_KERNEL);
	if (!fb->buf)
		return -ENOMEM;
	spin_lock_init(&fb->lock);
	fb->due = U64_MAX;
	hrtimer_setup(&fb->timer, mwb_feedback_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
	return 0;
}

void mwb_feedback_stop(struct mwb_session *session)
{
	struct mwb_feedback *fb = &session->feedback;

	hrtimer_cancel(&fb->timer);
	fb->due = U64_MAX;
	fb->last = 0;
}

void mwb_feedback_destroy(struct mwb_session *session)
{
	kfree(session->feedback.buf);
}

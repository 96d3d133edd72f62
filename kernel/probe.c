// SPDX-License-Identifier: GPL-2.0-only
/*
 * Heartbeats: sent, answered and judged by core/health; the share of a WAN's
 * rate that is in use, and its share of what is sent. Runs in the session's
 * work.
 */
#include <linux/jiffies.h>
#include <linux/math64.h>

#include "path.h"
#include "session.h"
#include "trace.h"
#include "wan.h"

/* From one look at what is under way to the next, ns */
#define MWB_PROBE_LOOK		(20 * (u64)NSEC_PER_MSEC)
/* Time over which the shares are counted, ns */
#define MWB_PROBE_SHARE		(1 * (u64)NSEC_PER_SEC)

enum {
	MWB_PROBE_FULL = 1000000,	/* parts per million */
	MWB_PROBE_LEN_MAX = MWB_HEARTBEAT_LEN + MWB_MAX_WANS * MWB_BEACON_LEN,
	MWB_PROBE_LEN_USUAL = MWB_WIRE_HDR_LEN + MWB_HEARTBEAT_LEN +
			      4 * MWB_BEACON_LEN,
};

static void mwb_probe_refuse(struct mwb_session *session,
			     const struct mwb_wire_hdr *hdr)
{
	mwb_stats_inc(session->stats, MWB_STAT_rx_payload);
	trace_mwb_drop(session->dev, MWB_STAT_rx_payload,
		       MWB_WIRE_HDR_LEN + hdr->data_len);
}

/* @hb->count is at most MWB_MAX_WANS. */
static void mwb_probe_send(struct mwb_wan *wan,
			   const struct mwb_wire_heartbeat *hb, u64 sequence)
{
	struct mwb_association *assoc = wan->session->current_assoc;
	u8 buf[MWB_PROBE_LEN_MAX];
	size_t len;

	len = mwb_wire_build_heartbeat(buf, hb);
	spin_lock_bh(&wan->session->tx.lock);
	mwb_pace_charge(&wan->pace, MWB_WIRE_HDR_LEN + len, mwb_now());
	spin_unlock_bh(&wan->session->tx.lock);
	/* One that cannot be sent is lost, like any other. */
	mwb_send_message(wan, assoc, assoc->remote_id, MWB_WIRE_HEARTBEAT,
			 sequence, buf, len);
}

static u64 mwb_probe_interval(const struct mwb_wan *wan, u64 now)
{
	bool busy = mwb_session_is_busy(wan->session);
	u64 interval = mwb_health_interval(&wan->health, busy, now);

	if (!busy || wan->health.suspect ||
	    !mwb_health_is_usable(&wan->health))
		return interval;
	return mwb_pace_probe_interval(&wan->pace, MWB_PROBE_LEN_USUAL,
				       interval, wan->health.interval);
}

static u32 mwb_probe_interval_us(const struct mwb_wan *wan, u64 now)
{
	return div_u64(mwb_probe_interval(wan, now), NSEC_PER_USEC);
}

/* What was last sent on each path. */
static void mwb_probe_beacons(struct mwb_session *session,
			      struct mwb_wire_heartbeat *hb)
{
	struct mwb_association *assoc = session->current_assoc;
	int i;

	for (i = 0; i < MWB_MAX_WANS; i++) {
		struct mwb_wire_beacon *beacon = &hb->beacon[hb->count];
		struct mwb_path_state *state;

		if (!session->wan[i])
			continue;
		beacon->wan_id = session->wan[i]->wire_id;
		state = rcu_dereference_protected(assoc->path[beacon->wan_id],
						  lockdep_is_held(&session->mutex));
		if (!state)
			continue;
		spin_lock_bh(&state->tx_lock);
		beacon->packet_number = state->tx.next - 1;
		beacon->timestamp = state->tx_stamp;
		hb->count += !!state->tx.next;
		spin_unlock_bh(&state->tx_lock);
	}
}

static void mwb_probe_request(struct mwb_wan *wan)
{
	struct mwb_wire_heartbeat hb;
	u64 now = mwb_now();

	hb.request = 0;
	hb.delay = 0;
	hb.interval = mwb_probe_interval_us(wan, now);
	hb.kind = MWB_HEARTBEAT_REQUEST;
	hb.count = 0;
	mwb_probe_beacons(wan->session, &hb);
	mwb_probe_send(wan, &hb, mwb_health_request(&wan->health, now));
}

static void mwb_probe_utilisation(struct mwb_wan *wan, u64 now)
{
	u64 rate = mwb_wan_rate(wan);
	struct mwb_wan_sum sum;
	u64 elapsed, bytes;

	if (now < wan->util_at + MWB_SCHED_WINDOW)
		return;
	mwb_wan_sum(wan, &sum);
	elapsed = div_u64(now - wan->util_at, NSEC_PER_USEC);
	bytes = sum.tx_bytes - wan->util_bytes;
	if (rate && wan->util_at)
		wan->utilisation =
			min_t(u64, MWB_PROBE_FULL,
			      div64_u64(div64_u64(bytes * USEC_PER_SEC,
						  elapsed) * MWB_PROBE_FULL,
					rate));
	else
		wan->utilisation = 0;
	wan->util_bytes = sum.tx_bytes;
	wan->util_at = now;
	wan->util_window++;
}

/* Which part of what the device has sent since the last look went over each */
static void mwb_probe_shares(struct mwb_session *session, u64 now)
{
	struct mwb_wan_sum sum;
	struct mwb_wan *wan;
	u64 all = 0;
	int i;

	if (now < session->share_at + MWB_PROBE_SHARE)
		return;
	session->share_at = now;
	for (i = 0; i < MWB_MAX_WANS; i++) {
		wan = session->wan[i];
		if (!wan)
			continue;
		mwb_wan_sum(wan, &sum);
		wan->share_new = sum.tx_bytes - wan->share_bytes;
		wan->share_bytes = sum.tx_bytes;
		all += wan->share_new;
	}
	for (i = 0; i < MWB_MAX_WANS; i++) {
		wan = session->wan[i];
		if (wan)
			wan->share = !all ? 0 :
				div64_u64(wan->share_new * MWB_PROBE_FULL, all);
	}
}

static u64 mwb_probe_run_wan(struct mwb_wan *wan, u64 now)
{
	struct mwb_health *h = &wan->health;

	mwb_health_check(h, now);
	mwb_wan_health_changed(wan);
	mwb_probe_utilisation(wan, now);
	if (now >= wan->heartbeat_at) {
		mwb_probe_request(wan);
		wan->heartbeat_at = now + mwb_probe_interval(wan, now);
	}
	mwb_wan_pmtu_run(wan, now);
	return min(wan->heartbeat_at, mwb_health_deadline(h));
}

static struct mwb_path_state *mwb_probe_state(const struct mwb_wan *wan)
{
	const struct mwb_session *session = wan->session;

	return rcu_dereference_protected(session->current_assoc->path[wan->wire_id],
					 lockdep_is_held(&session->mutex));
}

static void mwb_probe_suspect(struct mwb_wan *wan,
			      enum mwb_health_reason reason, u64 now)
{
	mwb_health_suspect(&wan->health, reason, now);
	wan->heartbeat_at = now;
	mwb_wan_health_changed(wan);
}

/* What the Acks say of a WAN; an old suspicion may be refuted by them. @acked:
 * when one last came by it, ns
 */
static void mwb_probe_look(struct mwb_wan *wan, struct mwb_suspect_path *path,
			   u64 acked, u64 now)
{
	struct mwb_path_state *state = mwb_probe_state(wan);
	struct mwb_health *h = &wan->health;

	path->waiting = U64_MAX;
	path->moved = 0;
	if (state) {
		spin_lock_bh(&state->tx_lock);
		if (state->tx_kept)
			path->waiting = mwb_loss_waiting(&state->tx);
		path->moved = state->tx.moved;
		spin_unlock_bh(&state->tx_lock);
	}
	mwb_health_cleared(h, h->reason == MWB_HEALTH_SILENT ? acked :
							       path->moved,
			   now);
	mwb_wan_health_changed(wan);
	path->rtt = h->rtt;
	path->patience = mwb_health_patience(h);
	path->suspect = h->suspect;
}

/* Look whether what was sent arrives. Return: when to look again, ns */
static u64 mwb_probe_watch(struct mwb_session *session, u64 now)
{
	struct mwb_suspect_path path[MWB_MAX_WANS];
	struct mwb_wan *wan[MWB_MAX_WANS];
	struct mwb_tx *tx = &session->tx;
	struct mwb_suspect suspect;
	u32 acks = MWB_MAX_WANS;
	u32 count = 0, who;
	bool silent;
	u8 acked_by;
	u64 next;
	u32 i;

	spin_lock_bh(&tx->lock);
	suspect = tx->suspect;
	acked_by = tx->acked_by;
	for (i = 0; i < MWB_MAX_WANS; i++) {
		wan[count] = session->wan[i];
		if (!wan[count] || !mwb_health_is_usable(&wan[count]->health))
			continue;
		path[count].rate = wan[count]->pace.rate.rate;
		if (wan[count]->wire_id == acked_by)
			acks = count;
		count++;
	}
	spin_unlock_bh(&tx->lock);
	if (count < 2)
		return U64_MAX;
	for (i = 0; i < count; i++)
		mwb_probe_look(wan[i], &path[i], i == acks ? suspect.acked : 0,
			       now);
	while ((who = mwb_suspect_judge(&suspect, path, count,
					min(acks, count), now,
					&silent)) < count) {
		path[who].suspect = true;
		mwb_probe_suspect(wan[who], silent ? MWB_HEALTH_SILENT :
				  MWB_HEALTH_UNACKNOWLEDGED, now);
	}
	spin_lock_bh(&tx->lock);
	tx->suspect.blamed = suspect.blamed;
	spin_unlock_bh(&tx->lock);

	next = mwb_session_is_busy(session) ? now + MWB_PROBE_LOOK : U64_MAX;
	for (i = 0; i < count; i++)
		if (!path[i].suspect)
			next = min(next, mwb_suspect_due(&suspect, &path[i]));
	return max(next, now + NSEC_PER_MSEC);
}

u64 mwb_probe_run(struct mwb_session *session, u64 now)
{
	u64 next;
	int i;

	lockdep_assert_held(&session->mutex);
	if (!session->running || !session->current_assoc)
		return U64_MAX;
	mwb_probe_shares(session, now);
	next = mwb_probe_watch(session, now);
	for (i = 0; i < MWB_MAX_WANS; i++) {
		struct mwb_wan *wan = session->wan[i];

		if (!wan)
			continue;
		mwb_feedback_expire(wan, now);
		if (wan->confirmed && wan->settings.admin_up &&
		    rcu_access_pointer(wan->endpoint))
			next = min(next, mwb_probe_run_wan(wan, now));
	}
	return next;
}

static void mwb_probe_answer(struct mwb_wan *wan, struct mwb_wire_heartbeat *hb,
			     u64 request, u64 arrival)
{
	struct mwb_session *session = wan->session;
	u64 now = mwb_now();

	/* To the peer, a WAN that is switched off here is dead. */
	if (!wan->settings.admin_up)
		return;
	hb->kind = MWB_HEARTBEAT_ANSWER;
	hb->count = 0;
	hb->interval = mwb_probe_interval_us(wan, now);
	hb->request = request;
	hb->delay = now - arrival;
	mwb_probe_send(wan, hb, session->control_sequence++);
}

static bool mwb_probe_is_alone(const struct mwb_wan *wan)
{
	struct mwb_session *session = wan->session;
	int i;

	for (i = 0; i < MWB_MAX_WANS; i++)
		if (session->wan[i] && session->wan[i] != wan &&
		    mwb_health_is_usable(&session->wan[i]->health))
			return false;
	return true;
}

/* Is there another WAN to use instead? */
static bool mwb_probe_can_spare(const struct mwb_wan *wan)
{
	struct mwb_session *session = wan->session;
	int i;

	for (i = 0; i < MWB_MAX_WANS; i++) {
		const struct mwb_wan *other = session->wan[i];

		if (other && other != wan && !other->health.suspect &&
		    mwb_health_is_usable(&other->health))
			return true;
	}
	return false;
}

/* The peer tells by @by what it last sent by others. */
static void mwb_probe_heard(struct mwb_wan *by,
			    const struct mwb_wire_heartbeat *hb,
			    const struct mwb_wire_hdr *hdr)
{
	struct mwb_session *session = by->session;
	struct mwb_path_state *state;
	struct mwb_wan *wan;
	u64 top, patience;
	int i;

	for (i = 0; i < hb->count; i++) {
		wan = mwb_wan_find_wire(session, hb->beacon[i].wan_id);
		state = wan && wan != by ? mwb_probe_state(wan) : NULL;
		if (!state)
			continue;
		spin_lock_bh(&session->feedback.lock);
		top = state->replay.top;
		spin_unlock_bh(&session->feedback.lock);
		patience = wan->health.rtt + MWB_SUSPECT_ACKS +
			   mwb_health_patience(&wan->health);
		if (mwb_suspect_beacon(&wan->beacon,
				       mwb_seqno_expand(top, hb->beacon[i].packet_number),
				       top, hdr->timestamp, patience) &&
		    mwb_health_is_usable(&wan->health) &&
		    !wan->health.suspect && mwb_probe_can_spare(wan))
			mwb_probe_suspect(wan, MWB_HEALTH_SILENT, mwb_now());
	}
}

void mwb_probe_receive(struct mwb_session *session, struct mwb_wan *wan,
		       const struct mwb_wire_hdr *hdr, const u8 *payload,
		       u64 arrival)
{
	struct mwb_wire_heartbeat hb;

	lockdep_assert_held(&session->mutex);
	if (mwb_wire_parse_heartbeat(payload, hdr->data_len, &hb)) {
		mwb_probe_refuse(session, hdr);
		return;
	}
	if (hb.kind == MWB_HEARTBEAT_REQUEST) {
		mwb_probe_heard(wan, &hb, hdr);
		mwb_probe_answer(wan, &hb, hdr->sequence, arrival);
		return;
	}
	if (!mwb_health_answer(&wan->health, hb.request, hb.delay,
			       mwb_probe_is_alone(wan), arrival)) {
		mwb_probe_refuse(session, hdr);
		return;
	}
	mwb_wan_health_changed(wan);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Health of a path, judged by its heartbeats: round-trip time, jitter, loss,
 * and whether it may carry traffic.
 */
#ifndef _MWBOND_CORE_HEALTH_H
#define _MWBOND_CORE_HEALTH_H

#include <linux/types.h>

enum { MWB_HEALTH_OUTSTANDING = 64 };

/* An answer after a longer time, ns, says nothing of the path as it is now. */
#define MWB_HEALTH_ANSWER_MAX 10000000000ULL

/* Same values as enum mwbond_wan_state. */
enum mwb_health_state {
	MWB_HEALTH_DOWN,
	MWB_HEALTH_STARTING,
	MWB_HEALTH_UP,
	MWB_HEALTH_DEGRADED,
	MWB_HEALTH_RECOVERING,
	MWB_HEALTH_STATES,
};

/* Why a state was entered; same values as enum mwbond_wan_reason. */
enum mwb_health_reason {
	MWB_HEALTH_ANSWERED,
	MWB_HEALTH_PROVEN,
	MWB_HEALTH_RECOVERED,
	MWB_HEALTH_FAILURES,
	MWB_HEALTH_UNACKNOWLEDGED,
	MWB_HEALTH_SILENT,
	MWB_HEALTH_LATENCY,
	MWB_HEALTH_JITTER,
	MWB_HEALTH_LOSS,
	MWB_HEALTH_UNDERLAY,
	MWB_HEALTH_OFF,
	MWB_HEALTH_RESTART,
	MWB_HEALTH_REASONS,
};

/*
 * All that can happen: from, to, and the reasons; the table in
 * Documentation/networking/mwbond.rst has the same rows. selftests/unit/
 * check-health compares them, and health_kunit.c with what does happen.
 */
#define MWB_HEALTH_TABLE(move)						\
	move(DOWN, STARTING, ANSWERED)					\
	move(DOWN, RECOVERING, ANSWERED)				\
	move(STARTING, UP, PROVEN)					\
	move(STARTING, DOWN, FAILURES)					\
	move(RECOVERING, UP, PROVEN)					\
	move(RECOVERING, DOWN, FAILURES)				\
	move(UP, DEGRADED, LATENCY)					\
	move(UP, DEGRADED, JITTER)					\
	move(UP, DEGRADED, LOSS)					\
	move(DEGRADED, UP, RECOVERED)					\
	move(UP, DOWN, FAILURES)					\
	move(UP, DOWN, UNACKNOWLEDGED)					\
	move(UP, DOWN, SILENT)						\
	move(DEGRADED, DOWN, FAILURES)					\
	move(DEGRADED, DOWN, UNACKNOWLEDGED)				\
	move(DEGRADED, DOWN, SILENT)					\
	move(ANY, DOWN, UNDERLAY)					\
	move(ANY, DOWN, OFF)						\
	move(ANY, DOWN, RESTART)

enum { MWB_HEALTH_MOVES = 4 };

/**
 * struct mwb_health_move - one state left for another
 * @from: enum mwb_health_state
 * @to: enum mwb_health_state
 * @reason: enum mwb_health_reason
 */
struct mwb_health_move {
	u8 from;
	u8 to;
	u8 reason;
};

/**
 * struct mwb_health_limits - what a path that is Up may not exceed
 * @latency: round-trip time, average, ns; 0 for any
 * @jitter: ns; 0 for any
 * @loss: requests lost of the last 64, parts per million; 0 for any
 */
struct mwb_health_limits {
	u64 latency;
	u64 jitter;
	u32 loss;
};

/**
 * struct mwb_health - health of one path
 * @interval: heartbeat interval while idle, ns; set by the owner
 * @failures: lost requests in a row that mean down, at least 1; set by the owner
 * @limits: set by the owner
 * @usual: round-trip time to reckon with until there is a sample, ns; set by
 *	the owner
 * @state: enum mwb_health_state
 * @suspect: what is sent may not arrive: it is left out until that is known
 * @reason: of @suspect, enum mwb_health_reason
 * @sent: when each of the last requests was sent, by sequence number modulo
 *	MWB_HEALTH_OUTSTANDING, ns
 * @open: bit (sequence number modulo MWB_HEALTH_OUTSTANDING): not answered yet;
 *	those before @oldest are counted as lost
 * @next: sequence number of the next request
 * @oldest: all requests before this one are answered or counted as lost
 * @since: when @state was entered, ns
 * @answered: when the last request that was answered had been sent, ns
 * @good: answers since the state Starting or Recovering was entered, the one
 *	that did included
 * @lost_in_row: requests lost since the last answer
 * @rtt: RFC 6298 average, ns; 0 while there is no sample; starts anew with the
 *	state Starting or Recovering
 * @rttvar: RFC 6298 mean deviation, ns: the jitter
 * @rtt_last: last sample, ns
 * @rtt_min: least sample since @rtt started anew, ns
 * @loss: moving average (1/16 a request), parts per million
 * @settled: bit: a request was lost, else answered; the last one lowest
 * @nr_settled: valid bits of @settled
 * @exceeded: when something last was beyond the limits, ns
 * @suspected: when @suspect was set, ns
 * @probe: first request sent after that
 * @spurious: times that @suspect was wrong, one forgotten every 10 s, at most 3:
 *	each doubles the patience
 * @spurious_at: when it last changed, ns
 * @penalty: of the next flap, ns
 * @penalty_until: until when the path stays in Recovering, ns
 * @stable: since when it has carried traffic, ns
 * @ramp: since when its share is ramped, ns; 0 if it is not
 * @move: what has happened and was not fetched yet
 * @nr_moves: valid entries of @move
 * @nr_sent: requests sent
 * @nr_answered: requests answered
 * @nr_lost: requests lost, those answered later included
 * @downs: times that the path went from Up or Degraded to Down
 *
 * The owner's lock guards it.
 */
struct mwb_health {
	u64 interval;
	u32 failures;
	struct mwb_health_limits limits;
	u64 usual;
	enum mwb_health_state state;
	bool suspect;
	u8 reason;
	u64 sent[MWB_HEALTH_OUTSTANDING];
	u64 open;
	u64 next;
	u64 oldest;
	u64 since;
	u64 answered;
	u32 good;
	u32 lost_in_row;
	u64 rtt;
	u64 rttvar;
	u64 rtt_last;
	u64 rtt_min;
	u32 loss;
	u64 settled;
	u32 nr_settled;
	u64 exceeded;
	u64 suspected;
	u64 probe;
	u32 spurious;
	u64 spurious_at;
	u64 penalty;
	u64 penalty_until;
	u64 stable;
	u64 ramp;
	struct mwb_health_move move[MWB_HEALTH_MOVES];
	u32 nr_moves;
	u64 nr_sent;
	u64 nr_answered;
	u64 nr_lost;
	u64 downs;
};

static inline bool mwb_health_is_usable(const struct mwb_health *h)
{
	return h->state == MWB_HEALTH_UP || h->state == MWB_HEALTH_DEGRADED;
}

/**
 * mwb_health_init() - a new path: Down, without samples
 * @h: path
 * @interval: heartbeat interval, ns
 * @failures: lost requests in a row that mean down
 * @now: present time, ns
 */
void mwb_health_init(struct mwb_health *h, u64 interval, u32 failures, u64 now);

/**
 * mwb_health_request() - a heartbeat request is sent now
 * @h: path
 * @now: present time, ns
 *
 * A request that is MWB_HEALTH_OUTSTANDING older and still open counts as lost.
 *
 * Return: its sequence number
 */
u64 mwb_health_request(struct mwb_health *h, u64 now);

/**
 * mwb_health_answer() - an answer has arrived
 * @h: path
 * @seq: sequence number of the request that it names
 * @delay: what the peer took to answer, ns
 * @alone: no other path of the session is Up: one answer suffices
 * @now: present time, ns
 *
 * Down becomes Starting, or Recovering while there is a penalty; these become
 * Up after 5 answers over at least max(200 ms, 3 round-trip times), Recovering
 * not before the penalty is over, and both at once if @alone. An answer to what
 * was sent since the path is suspect clears it. A delay larger than the time
 * since the request is refused, and so is an answer that comes after
 * MWB_HEALTH_ANSWER_MAX.
 *
 * Return: true if the answer belongs to an open request (or to one that was
 * counted as lost not long ago: it then counts as answered, not as a sample of
 * loss), false if it is forged, repeated or too old: nothing has changed then
 */
bool mwb_health_answer(struct mwb_health *h, u64 seq, u64 delay, bool alone,
		       u64 now);

/**
 * mwb_health_check() - look for lost requests, and for what is due
 * @h: path
 * @now: present time, ns
 *
 * A request is lost when it is unanswered after mwb_health_timeout(). The path
 * goes Down when as many in a row as @failures are lost and nothing sent
 * within the last @failures * @interval + @rtt was answered, so that the denser
 * requests under load do not make it more nervous; from Recovering with any
 * request lost; and when it is suspect and two requests that were sent since
 * are not answered in time. Up becomes Degraded beyond the limits or in a
 * brown-out: half of the requests lost, or a round-trip time of more than 1 s
 * and 8 times the least. Degraded becomes Up after 2 s within them.
 */
void mwb_health_check(struct mwb_health *h, u64 now);

/**
 * mwb_health_deadline() - when mwb_health_check() has something to do
 * @h: path
 *
 * Return: ns, or U64_MAX if never, unless something is sent or arrives
 */
u64 mwb_health_deadline(const struct mwb_health *h);

/*
 * Time after which a request is lost, ns: max(interval, 200 ms, rtt +
 * max(4 rttvar, 100 ms)), as a steady path has no variance and yet may get
 * slower; until there is a sample 1 s, or twice the usual round-trip time.
 */
u64 mwb_health_timeout(const struct mwb_health *h);

/**
 * mwb_health_down() - the path is known to be unusable: Down at once
 * @h: path
 * @reason: MWB_HEALTH_UNDERLAY, which may be a flap, MWB_HEALTH_OFF or
 *	MWB_HEALTH_RESTART
 * @now: present time, ns
 *
 * Requests under way are forgotten: neither lost, nor will an answer count.
 */
void mwb_health_down(struct mwb_health *h, enum mwb_health_reason reason,
		     u64 now);

/*
 * What is sent may not arrive: MWB_HEALTH_UNACKNOWLEDGED, or what should come
 * does not: MWB_HEALTH_SILENT. Nothing happens unless the path is Up or Degraded.
 */
void mwb_health_suspect(struct mwb_health *h, enum mwb_health_reason reason,
			u64 now);

/* It is not so: that was shown at @at, which counts if it is later. */
void mwb_health_cleared(struct mwb_health *h, u64 at, u64 now);

/*
 * How much longer than a round-trip time something may take that is answered at
 * once, ns: max(4 rttvar, 1 ms), doubled for each false suspicion of late.
 */
u64 mwb_health_patience(const struct mwb_health *h);

/* Has the path gone Down of late, so that it may do so again? For 10 s after it has
 * returned, and four times the penalty that it would get.
 */
bool mwb_health_is_unsteady(const struct mwb_health *h, u64 now);

/* Share of its traffic that the path is to have now, parts per thousand: from
 * 125 to 1000 within a second after Recovering.
 */
u32 mwb_health_share(const struct mwb_health *h, u64 now);

/* The oldest move that was not fetched yet; false if there is none. */
bool mwb_health_moved(struct mwb_health *h, struct mwb_health_move *move);

/**
 * mwb_health_interval() - time from one request to the next
 * @h: path
 * @busy: traffic flows
 * @now: present time, ns
 *
 * @h->interval; a quarter of it, at least 10 ms, if @busy, Starting or in the
 * last second of a penalty; 10 ms if suspect. Down: 40 ms in the first 2 s, then
 * a fiftieth of the time spent Down, at most 1 s.
 *
 * Return: ns
 */
u64 mwb_health_interval(const struct mwb_health *h, bool busy, u64 now);

#endif /* _MWBOND_CORE_HEALTH_H */

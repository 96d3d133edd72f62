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
};

/**
 * struct mwb_health - health of one path
 * @interval: heartbeat interval while idle, ns; set by the owner
 * @failures: lost requests in a row that mean down, at least 1; set by the owner
 * @state: enum mwb_health_state
 * @sent: when each of the last requests was sent, by sequence number modulo
 *	MWB_HEALTH_OUTSTANDING, ns
 * @open: bit (sequence number modulo MWB_HEALTH_OUTSTANDING): not answered yet;
 *	those before @oldest are counted as lost
 * @next: sequence number of the next request
 * @oldest: all requests before this one are answered or counted as lost
 * @since: when @state was entered, ns
 * @answered: when the last request that was answered had been sent, ns
 * @good: answers since the state Starting was entered, the one that did included
 * @lost_in_row: requests lost since the last answer
 * @rtt: RFC 6298 average, ns; 0 while there is no sample; starts anew with the
 *	state Starting
 * @rttvar: RFC 6298 mean deviation, ns: the jitter
 * @rtt_last: last sample, ns
 * @rtt_min: least sample since the state Starting was entered, ns
 * @loss: moving average (1/16 a request), parts per million
 * @nr_sent: requests sent
 * @nr_answered: requests answered
 * @nr_lost: requests lost, those answered later included
 * @downs: times that the state Up was left
 *
 * The owner's lock guards it.
 */
struct mwb_health {
	u64 interval;
	u32 failures;
	enum mwb_health_state state;
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
	u64 nr_sent;
	u64 nr_answered;
	u64 nr_lost;
	u64 downs;
};

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
 * Down becomes Starting; Starting becomes Up after 5 answers over at least
 * max(200 ms, 3 round-trip times), at once if @alone. A delay larger than the
 * time since the request is refused, and so is an answer that comes after
 * MWB_HEALTH_ANSWER_MAX.
 *
 * Return: true if the answer belongs to an open request (or to one that was
 * counted as lost not long ago: it then counts as answered, not as a sample of
 * loss), false if it is forged, repeated or too old: nothing has changed then
 */
bool mwb_health_answer(struct mwb_health *h, u64 seq, u64 delay, bool alone,
		       u64 now);

/**
 * mwb_health_check() - look for lost requests
 * @h: path
 * @now: present time, ns
 *
 * A request is lost when it is unanswered after mwb_health_timeout(). The path
 * goes Down when as many in a row as @failures are lost and nothing sent
 * within the last @failures * @interval + @rtt was answered, so that the denser
 * requests under load do not make it more nervous.
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
 * slower; 1 s until there is a sample.
 */
u64 mwb_health_timeout(const struct mwb_health *h);

/*
 * The path is known to be unusable (no underlay, switched off): Down at once.
 * Requests under way are forgotten: neither lost, nor will an answer count.
 */
void mwb_health_down(struct mwb_health *h, u64 now);

/**
 * mwb_health_interval() - time from one request to the next
 * @h: path
 * @busy: traffic flows
 * @now: present time, ns
 *
 * Up or Starting: @h->interval, a quarter of it if @busy or Starting, at least
 * 10 ms. Down: 40 ms in the first 2 s, then a fiftieth of the time spent Down,
 * at most 1 s.
 *
 * Return: ns
 */
u64 mwb_health_interval(const struct mwb_health *h, bool busy, u64 now);

#endif /* _MWBOND_CORE_HEALTH_H */

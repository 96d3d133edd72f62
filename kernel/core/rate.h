/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rate of a path in one direction, from what the peer reports: found
 * without a configured rate, and kept so that little waits in the path.
 *
 * The delay is the measure, loss is not: while the path's queue is longer than
 * the aim, the rate follows what is delivered; while the rate is what limits
 * and the queue is short, it grows. At the start it doubles until a queue
 * appears. What is under way is foreseen, so that a change is not repeated
 * while it cannot be seen yet.
 *
 * Jitter, other traffic and new routes look like a queue, too. They differ in
 * this: a path that is saturated delivers all it can, whatever is sent; one
 * that is not delivers what is sent. So if a queue lasts, a quarter less is
 * sent for a while: if less is delivered, the queue was none of ours, and is
 * borne from then on. The same is done now and then to see the path without a
 * queue, as the base of the delay is its least of the last minute.
 *
 * Loss without a queue may be a policer's, see police.h; else it costs nothing.
 *
 * All rates are in bytes of UDP payload a second.
 */
#ifndef _MWBOND_CORE_RATE_H
#define _MWBOND_CORE_RATE_H

#include <linux/types.h>

#include "police.h"

enum { MWB_RATE_SAMPLES = 32 };

#define MWB_RATE_MIN 8000ULL
#define MWB_RATE_MAX 12500000000ULL
#define MWB_RATE_START 1250000ULL

/**
 * struct mwb_rate_report - what the peer has received by a path
 * @bytes: in all
 * @packets: in all
 * @number: highest packet number
 * @arrival: of that packet, ns, peer's clock
 * @queue: least queueing delay since its last report, ns
 * @jitter: ns
 * @rtt: round-trip time of the path, ns; 0 if unknown
 * @unpaced: what was sent did not keep to the rate
 */
struct mwb_rate_report {
	u64 bytes;
	u64 packets;
	u64 number;
	u64 arrival;
	u64 queue;
	u64 jitter;
	u64 rtt;
	bool unpaced;
};

/**
 * struct mwb_rate_sample - a report that is kept, or some in one
 * @bytes: see struct mwb_rate_report; of the last
 * @packets: the same
 * @number: the same
 * @arrival: the same
 * @queue: the same; the least
 * @at: when the last came, ns
 * @rate: that was set then
 */
struct mwb_rate_sample {
	u64 bytes;
	u64 packets;
	u64 number;
	u64 arrival;
	u64 queue;
	u64 at;
	u64 rate;
};

/**
 * struct mwb_rate_view - what the samples say
 * @delivery: rate of delivery over the last window, had the path no loss of its
 *	own
 * @steady: the same over all samples
 * @allowed: least rate that was set when what arrived in the window was sent
 * @queue: least queueing delay in the window, ns
 * @limited: the rate was used: no less was delivered than was allowed
 * @saturated: less was, as the queue grew or packets were lost
 */
struct mwb_rate_view {
	u64 delivery;
	u64 steady;
	u64 allowed;
	u64 queue;
	bool limited;
	bool saturated;
};

/**
 * struct mwb_rate_test - sending less, to see whether less is delivered
 * @until: when the lower rate begins to be seen, ns; 0: there is no test
 * @rate: before
 * @delivery: before
 * @before: queue before, ns
 * @queue: the least since, ns
 * @from: where the lower rate began to be seen; @at is 0 before
 */
struct mwb_rate_test {
	u64 until;
	u64 rate;
	u64 delivery;
	u64 before;
	u64 queue;
	struct mwb_rate_sample from;
};

/**
 * struct mwb_rate_count - packets that are counted for mwb_police_judge()
 * @queued: there was a queue since @from
 * @settle: nothing is counted before this, ns
 * @from: where the count began; @at is 0 if it has not
 */
struct mwb_rate_count {
	bool queued;
	u64 settle;
	struct mwb_rate_sample from;
};

/**
 * struct mwb_rate - estimator of one path
 * @rate: present estimate
 * @cap: never more than this; 0 for none; the owner sets it
 * @target: queueing delay of our own that is aimed at, ns
 * @noise: jitter of the path while it has no long queue, ns
 * @floor: delay above the base that stays if less is sent, ns
 * @loss: while there is no long queue, parts per million
 * @starting: doubling
 * @unpaced: of the last report
 * @double_at: when it may double again, ns
 * @clear: since when there has been no queue, ns
 * @steps: by which it has grown since
 * @empty: when there last was no queue, ns
 * @low: when the queue last was low, or falling, ns
 * @high: most that it was since, ns
 * @long_at: when it last was long, ns
 * @peak: what the path delivered lately
 * @peak_queue: least queue that it had then, ns
 * @peak_at: @peak holds from then on, ns
 * @stale: reports in a row that cannot be true, or are old
 * @view: see there
 * @test: see there
 * @police: see there
 * @police_count: see there
 * @chunk: where the count for @loss began
 * @count: valid entries of @sample
 * @head: index of the newest
 * @sample: reports, a ring
 *
 * The owner's lock guards it.
 */
struct mwb_rate {
	u64 rate;
	u64 cap;
	u64 target;
	u64 noise;
	u64 floor;
	u32 loss;
	bool starting;
	bool unpaced;
	u64 double_at;
	u64 clear;
	u32 steps;
	u64 empty;
	u64 low;
	u64 high;
	u64 long_at;
	u64 peak;
	u64 peak_queue;
	u64 peak_at;
	u32 stale;
	struct mwb_rate_view view;
	struct mwb_rate_test test;
	struct mwb_police police;
	struct mwb_rate_count police_count;
	struct mwb_rate_sample chunk;
	u32 count;
	u32 head;
	struct mwb_rate_sample sample[MWB_RATE_SAMPLES];
};

/* A new path; @rate: to begin with, 0 for MWB_RATE_START. Clears @r->cap. */
void mwb_rate_init(struct mwb_rate *r, u64 rate);

/**
 * mwb_rate_feedback() - the peer has reported
 * @r: path
 * @report: what it said; has been checked against what was sent
 * @now: present time, ns
 *
 * A report that says nothing new, or cannot be true, changes nothing. Three of
 * them in a row: what they say is where the count begins anew.
 *
 * Return: true if the rate has changed
 */
bool mwb_rate_feedback(struct mwb_rate *r, const struct mwb_rate_report *report,
		       u64 now);

/* Is as much sent as the path carries? */
bool mwb_rate_fills(const struct mwb_rate *r);

/* The path was away: what is known of its queue is void, of its rate not: it
 * starts at half of what was found.
 */
void mwb_rate_restart(struct mwb_rate *r);

#endif /* _MWBOND_CORE_RATE_H */

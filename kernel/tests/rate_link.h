/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A path that is simulated: a sender that paces by core/rate, a link, a
 * receiver that measures by core/delay and reports as kernel/feedback.c does.
 */
#ifndef _MWBOND_TESTS_RATE_LINK_H
#define _MWBOND_TESTS_RATE_LINK_H

#include <linux/types.h>

#include "../core/delay.h"
#include "../core/rate.h"

enum {
	MWB_LINK_PACKETS = 1 << 15,	/* in the queue and under way */
	MWB_LINK_REPORTS = 1 << 10,
	MWB_LINK_LEN = 1400,		/* bytes of a packet */
	MWB_LINK_BINS = 4000,		/* of 0.25 ms */
};

/**
 * struct mwb_link_config - what the link is like; may change at any time
 * @rate: bytes/s
 * @delay: of the way there without queue, ns
 * @back: of the way back, ns
 * @jitter: how much longer each packet may take, order kept, ns
 * @grid: packets arrive at multiples of this only, ns; 0 at any time
 * @loss: behind the queue, parts per million
 * @loss_back: of the reports, parts per million
 * @queue: bytes that may wait
 * @policer: what is let pass, bytes/s; 0 for all
 * @burst: that it lets pass at once, bytes
 * @app: what there is to be sent, bytes/s; 0 for always more
 * @drift: of the receiver's clock, parts per million
 */
struct mwb_link_config {
	u64 rate;
	u64 delay;
	u64 back;
	u64 jitter;
	u64 grid;
	u32 loss;
	u32 loss_back;
	u64 queue;
	u64 policer;
	u64 burst;
	u64 app;
	u32 drift;
};

/**
 * struct mwb_link_packet - a packet in the queue or under way
 * @at: when it was sent, then when it arrives, ns
 * @sent: when it was sent, ns
 * @number: its number; U32_MAX if it is lost
 */
struct mwb_link_packet {
	u64 at;
	u64 sent;
	u32 number;
};

/**
 * struct mwb_link_stats - what has happened since it was last cleared
 * @sent: packets
 * @lost: packets, of those that left the link's queue or did not enter it
 * @bytes: that have arrived
 * @queued: packets that found a queue of that many quarters of a ms
 */
struct mwb_link_stats {
	u64 sent;
	u64 lost;
	u64 bytes;
	u32 queued[MWB_LINK_BINS];
};

/**
 * struct mwb_link - a path
 * @config: what it is like
 * @now: present time, ns
 * @random: state of the random numbers
 * @rate: under test
 * @rtt: smoothed, ns
 * @next: when the pace lets the next packet be sent, ns
 * @wake: when the sender looks again, ns
 * @blocked: it does so when a report comes, as too much is under way
 * @sent: packets
 * @acked: packets of these that a report has covered
 * @app: bytes that have been there to be sent
 * @app_at: when that was reckoned
 * @queue: bytes that wait in the link
 * @depart: when the first of these has left, ns
 * @tokens: of the policer, bytes
 * @tokens_at: when that was reckoned
 * @last: when the last packet arrives, ns
 * @arrived: index of the first packet under way
 * @departed: index of the first in the queue
 * @entered: index of the next to enter it
 * @packet: a ring
 * @delay: the receiver's
 * @clock: the receiver's
 * @due: when a report is, ns
 * @reported: when the last was, ns
 * @hurry: reports that are early
 * @total: the next report; its jitter and queue are set when it is made
 * @fresh: something has come since the last report
 * @nr_reports: that were sent
 * @nr_applied: that have arrived or are lost
 * @report: a ring
 * @report_at: when each arrives, ns
 * @stats: see there
 */
struct mwb_link {
	struct mwb_link_config config;
	u64 now;
	u64 random;

	struct mwb_rate rate;
	u64 rtt;
	u64 next;
	u64 wake;
	bool blocked;
	u64 sent;
	u64 acked;
	u64 app;
	u64 app_at;

	u64 queue;
	u64 depart;
	u64 tokens;
	u64 tokens_at;
	u64 last;
	u32 arrived;
	u32 departed;
	u32 entered;
	struct mwb_link_packet packet[MWB_LINK_PACKETS];

	struct mwb_delay delay;
	struct mwb_clock clock;
	u64 due;
	u64 reported;
	u32 hurry;
	struct mwb_rate_report total;
	bool fresh;
	u32 nr_reports;
	u32 nr_applied;
	struct mwb_rate_report report[MWB_LINK_REPORTS];
	u64 report_at[MWB_LINK_REPORTS];

	struct mwb_link_stats stats;
};

/* Of a link of @rate bytes/s with a round-trip time of @rtt, else perfect. */
void mwb_link_init(struct mwb_link *link, u64 rate, u64 rtt);

/* Let time pass. */
void mwb_link_run(struct mwb_link *link, u64 time);

/* Forget @stats, and let time pass. */
void mwb_link_measure(struct mwb_link *link, u64 time);

/* Queue that all but @percent of the packets found at the most, us. */
u32 mwb_link_queue(const struct mwb_link *link, u32 percent);

/* Delivered in the @time that was measured, thousandths of @rate. */
u32 mwb_link_share(const struct mwb_link *link, u64 time, u64 rate);

#endif /* _MWBOND_TESTS_RATE_LINK_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sending half of a TCP: selective acknowledgements, loss detection by time
 * (like RFC 8985), a retransmission time-out (RFC 6298), pacing.
 */
#ifndef _MWBOND_SIM_SENDER_H
#define _MWBOND_SIM_SENDER_H

#include <linux/list.h>
#include <linux/types.h>

#include "congestion.h"
#include "event.h"
#include "packet.h"

/**
 * struct mwb_sent - what the sender knows of a segment
 * @list: in mwb_sender.flight while it is under way
 * @time: when it was last sent, ns
 * @delivered: segments that had arrived by then
 * @delivered_time: when the last of these was acknowledged, ns
 * @first_time: when the segment was sent that began the interval, ns
 * @arrived: it has been acknowledged
 * @lost: it is to be sent again
 * @again: it was sent more than once
 * @limited: it was sent while there was too little to send
 */
struct mwb_sent {
	struct list_head list;
	u64 time;
	u32 delivered;
	u64 delivered_time;
	u64 first_time;
	bool arrived;
	bool lost;
	bool again;
	bool limited;
};

/**
 * struct mwb_sender - a sender
 * @events: simulated time
 * @send: passes a segment on
 * @owner: for @send
 * @flow: which it is
 * @cc: congestion control
 * @segments: that there are to send
 * @sent: state of each
 * @flight: those under way, the one sent first at the front
 * @pipe: their number
 * @next: the first that was never sent
 * @acked: all below are acknowledged
 * @highest: 1 + the highest that is
 * @lost: segments to be sent again
 * @lost_from: none below is
 * @delivered: acknowledged segments
 * @delivered_time: when the last of them was, ns
 * @first_time: when the latest of them was sent, ns
 * @limited_until: samples are limited until as many are delivered
 * @round: number of round trips so far
 * @round_end: it ends with the ACK of a segment sent after as many
 * @recover: recovery ends when all below are acknowledged
 * @recovery: losses are being repaired
 * @reordered: segments have overtaken each other
 * @rack_time: when the latest segment was sent that has arrived, ns
 * @rack_rtt: how long that took, ns
 * @srtt: RFC 6298, ns
 * @rttvar: RFC 6298, ns
 * @min_rtt: least there was, ns
 * @backoff: time-outs in a row
 * @expires: retransmission time-out, ns
 * @timer: that, or a segment may count as lost; may be early
 * @pace: the next may be sent
 * @pace_time: when, ns
 * @stopped: sends no more
 */
struct mwb_sender {
	struct mwb_events *events;
	void (*send)(void *owner, const struct mwb_segment *segment);
	void *owner;
	u8 flow;
	struct mwb_congestion cc;
	u32 segments;
	struct mwb_sent *sent;
	struct list_head flight;
	u32 pipe;
	u32 next;
	u32 acked;
	u32 highest;
	u32 lost;
	u32 lost_from;
	u32 delivered;
	u64 delivered_time;
	u64 first_time;
	u32 limited_until;
	u32 round;
	u32 round_end;
	u32 recover;
	bool recovery;
	bool reordered;
	u64 rack_time;
	u64 rack_rtt;
	u64 srtt;
	u64 rttvar;
	u64 min_rtt;
	u32 backoff;
	u64 expires;
	struct mwb_event timer;
	struct mwb_event pace;
	u64 pace_time;
	bool stopped;
};

/**
 * mwb_sender_init() - a sender that begins later
 * @s: first all zeros; @events, @send, @owner, @flow, @segments, @cc.ops are set
 * @start: when, ns
 */
void mwb_sender_init(struct mwb_sender *s, u64 start);
void mwb_sender_exit(struct mwb_sender *s);

void mwb_sender_ack(struct mwb_sender *s, const struct mwb_segment *ack);

/* Send no more; nor wait for anything. */
void mwb_sender_stop(struct mwb_sender *s);

static inline bool mwb_sender_done(const struct mwb_sender *s)
{
	return s->acked == s->segments;
}

#endif /* _MWBOND_SIM_SENDER_H */

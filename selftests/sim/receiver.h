/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The receiving half of a TCP: puts segments together and acknowledges them,
 * every second one or after 40 ms, at once when one is missing.
 */
#ifndef _MWBOND_SIM_RECEIVER_H
#define _MWBOND_SIM_RECEIVER_H

#include <linux/types.h>

#include "event.h"
#include "packet.h"

/**
 * struct mwb_receiver - a receiver
 * @events: simulated time
 * @send: passes an ACK on
 * @owner: for @send
 * @flow: which it is
 * @segments: that there are
 * @arrived: which of them have arrived
 * @next: all below have
 * @distinct: number of those that have
 * @recent: the last that has
 * @pending: segments not acknowledged yet
 * @time: when @next last rose, ns
 * @delayed: an ACK is due
 */
struct mwb_receiver {
	struct mwb_events *events;
	void (*send)(void *owner, const struct mwb_segment *segment);
	void *owner;
	u8 flow;
	u32 segments;
	bool *arrived;
	u32 next;
	u32 distinct;
	u32 recent;
	u32 pending;
	u64 time;
	struct mwb_event delayed;
};

/* First all zeros; @events, @send, @owner, @flow and @segments are set. */
void mwb_receiver_init(struct mwb_receiver *r);
void mwb_receiver_exit(struct mwb_receiver *r);

void mwb_receiver_data(struct mwb_receiver *r, const struct mwb_segment *data);

#endif /* _MWBOND_SIM_RECEIVER_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One direction of a link: a tail-drop queue, a rate that changes in steps, a
 * delay with jitter that keeps the order, and loss.
 */
#ifndef _MWBOND_SIM_LINK_H
#define _MWBOND_SIM_LINK_H

#include <linux/list.h>
#include <linux/types.h>

#include "event.h"
#include "packet.h"

enum { MWB_LINK_STEPS = 4 };

/**
 * struct mwb_link_step - the rate from a time on
 * @time: ns
 * @rate: kbit/s
 */
struct mwb_link_step {
	u64 time;
	u32 rate;
};

/**
 * struct mwb_link_config - what a link is like
 * @nr_steps: valid entries of @step
 * @step: by rising time, the first at 0
 * @delay: least, ns
 * @jitter: how much longer it may take, ns
 * @loss: parts per million
 * @burst: packets lost in a row, on average
 * @queue: bytes that may wait
 */
struct mwb_link_config {
	u32 nr_steps;
	struct mwb_link_step step[MWB_LINK_STEPS];
	u64 delay;
	u64 jitter;
	u32 loss;
	u32 burst;
	u32 queue;
};

/**
 * struct mwb_link - a link
 * @config: what it is like
 * @events: simulated time
 * @receive: gets each packet that arrives
 * @lose: gets each that does not
 * @owner: for these two
 * @random: state of its random numbers
 * @queue: packets that wait; the first is being sent
 * @flight: packets under way, the next to arrive first
 * @bytes: in @queue
 * @count: packets in @queue and @flight
 * @losing: the last packet was lost
 * @sent: the first of @queue is sent
 * @arrived: the first of @flight arrives
 * @last: when the last of @flight arrives, ns
 */
struct mwb_link {
	const struct mwb_link_config *config;
	struct mwb_events *events;
	void (*receive)(void *owner, struct mwb_packet *packet);
	void (*lose)(void *owner, struct mwb_packet *packet);
	void *owner;
	u64 random;
	struct list_head queue;
	struct list_head flight;
	u32 bytes;
	u32 count;
	bool losing;
	struct mwb_event sent;
	struct mwb_event arrived;
	u64 last;
};

/**
 * mwb_link_init() - an empty link
 * @link: link; @receive, @lose and @owner are set
 * @events: simulated time
 * @config: what it is like; kept
 * @seed: of its random numbers
 */
void mwb_link_init(struct mwb_link *link, struct mwb_events *events,
		   const struct mwb_link_config *config, u64 seed);

/* Takes @packet over. */
void mwb_link_send(struct mwb_link *link, struct mwb_packet *packet);

/* Free what is on the link. */
void mwb_link_purge(struct mwb_link *link);

/* When a link that is idle until @start has sent so many bytes, ns. */
u64 mwb_link_finish(const struct mwb_link_config *config, u64 start, u64 bytes);

#endif /* _MWBOND_SIM_LINK_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The receiving half of a TCP.
 */
#include <stdlib.h>

#include <linux/bits.h>

#include "receiver.h"

#define MWB_RECEIVER_DELAY (40 * NSEC_PER_MSEC)

static void mwb_receiver_ack(struct mwb_receiver *r)
{
	struct mwb_segment ack = {
		.flow = r->flow,
		.ack = true,
		.number = r->next,
		.recent = r->recent,
	};
	u32 i;

	if (r->recent >= r->next)
		for (i = 0; i < MWB_PACKET_SACK && i < r->recent; i++)
			if (r->arrived[r->recent - 1 - i])
				ack.before |= BIT_ULL(i);
	r->pending = 0;
	mwb_event_cancel(r->events, &r->delayed);
	r->send(r->owner, &ack);
}

static void mwb_receiver_delayed(struct mwb_event *event)
{
	mwb_receiver_ack(container_of(event, struct mwb_receiver, delayed));
}

void mwb_receiver_data(struct mwb_receiver *r, const struct mwb_segment *data)
{
	bool in_order = data->number == r->next;
	bool fills;

	r->recent = data->number;
	r->distinct += !r->arrived[data->number];
	r->arrived[data->number] = true;
	while (r->next < r->segments && r->arrived[r->next])
		r->next++;
	if (in_order)
		r->time = r->events->now;
	r->pending++;
	fills = in_order && r->next > data->number + 1;
	if (!in_order || fills || r->pending >= 2)
		mwb_receiver_ack(r);
	else
		mwb_event_set(r->events, &r->delayed,
			      r->events->now + MWB_RECEIVER_DELAY);
}

void mwb_receiver_init(struct mwb_receiver *r)
{
	r->arrived = calloc(r->segments, sizeof(*r->arrived));
	if (!r->arrived)
		abort();
	r->delayed.run = mwb_receiver_delayed;
}

void mwb_receiver_exit(struct mwb_receiver *r)
{
	free(r->arrived);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Simulated time: a binary heap of events.
 */
#include <stdlib.h>

#include <linux/minmax.h>

#include "event.h"

static bool mwb_event_before(const struct mwb_event *a,
			     const struct mwb_event *b)
{
	if (a->time != b->time)
		return a->time < b->time;
	return a->order < b->order;
}

static void mwb_events_put(struct mwb_events *events, u32 slot,
			   struct mwb_event *event)
{
	events->heap[slot] = event;
	event->slot = slot;
}

/* Find the place of an event; that at @slot is free. */
static void mwb_events_sift(struct mwb_events *events, u32 slot,
			    struct mwb_event *event)
{
	u32 child;

	while (slot > 1 && mwb_event_before(event, events->heap[slot / 2])) {
		mwb_events_put(events, slot, events->heap[slot / 2]);
		slot /= 2;
	}
	for (;;) {
		child = slot * 2;
		if (child < events->count &&
		    mwb_event_before(events->heap[child + 1],
				     events->heap[child]))
			child++;
		if (child > events->count ||
		    mwb_event_before(event, events->heap[child]))
			break;
		mwb_events_put(events, slot, events->heap[child]);
		slot = child;
	}
	mwb_events_put(events, slot, event);
}

void mwb_event_set(struct mwb_events *events, struct mwb_event *event, u64 time)
{
	event->time = max(time, events->now);
	event->order = events->order++;
	if (!event->slot) {
		if (events->count == MWB_EVENTS_MAX)
			abort();
		mwb_events_put(events, ++events->count, event);
	}
	mwb_events_sift(events, event->slot, event);
}

void mwb_event_cancel(struct mwb_events *events, struct mwb_event *event)
{
	u32 slot = event->slot;
	struct mwb_event *last;

	if (!slot)
		return;
	event->slot = 0;
	last = events->heap[events->count--];
	if (last != event)
		mwb_events_sift(events, slot, last);
}

bool mwb_events_step(struct mwb_events *events)
{
	struct mwb_event *event;

	if (!events->count)
		return false;
	event = events->heap[1];
	events->now = event->time;
	mwb_event_cancel(events, event);
	event->run(event);
	return true;
}

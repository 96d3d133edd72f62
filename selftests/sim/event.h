/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Simulated time: what is to happen, by time. Events at the same time happen in
 * the order in which they were queued, so that a run is the same each time.
 */
#ifndef _MWBOND_SIM_EVENT_H
#define _MWBOND_SIM_EVENT_H

#include <linux/types.h>

#define NSEC_PER_USEC 1000ULL
#define NSEC_PER_MSEC 1000000ULL
#define NSEC_PER_SEC 1000000000ULL

enum { MWB_EVENTS_MAX = 128 };

/**
 * struct mwb_event - something that happens once; embedded in what it concerns
 * @run: what happens; may queue the event again
 * @time: when, ns
 * @order: place among those of the same time
 * @slot: place in the heap, 0 if it is not queued
 */
struct mwb_event {
	void (*run)(struct mwb_event *event);
	u64 time;
	u64 order;
	u32 slot;
};

/**
 * struct mwb_events - a heap of events, the next one first; first all zeros
 * @now: simulated time, ns
 * @order: events that were queued
 * @count: events that are queued
 * @heap: entries 1 to @count
 */
struct mwb_events {
	u64 now;
	u64 order;
	u32 count;
	struct mwb_event *heap[MWB_EVENTS_MAX + 1];
};

/* Queue it, or move it if it is queued. A time that is past means now. */
void mwb_event_set(struct mwb_events *events, struct mwb_event *event,
		   u64 time);

/* Does nothing if it is not queued. */
void mwb_event_cancel(struct mwb_events *events, struct mwb_event *event);

/* Let the next event happen. Return: false if there was none. */
bool mwb_events_step(struct mwb_events *events);

#endif /* _MWBOND_SIM_EVENT_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * One direction of a link.
 */
#include <stdlib.h>

#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "../../kernel/tests/random.h"
#include "link.h"

#define MWB_LINK_MILLION 1000000

/* A kbit/s is a bit in so many ns. */
#define MWB_LINK_BIT 1000000ULL

u64 mwb_link_finish(const struct mwb_link_config *config, u64 start, u64 bytes)
{
	u64 work = bytes * 8 * MWB_LINK_BIT;
	const struct mwb_link_step *step;
	u64 end, part;
	u32 i;

	for (i = 0; i < config->nr_steps; i++) {
		step = &config->step[i];
		end = i + 1 < config->nr_steps ? step[1].time : U64_MAX;
		if (start >= end)
			continue;
		part = (work + step->rate - 1) / step->rate;
		if (part <= end - start)
			return start + part;
		work -= (end - start) * step->rate;
		start = end;
	}
	abort();
}

static struct mwb_packet *mwb_link_first(const struct list_head *list)
{
	return list_first_entry(list, struct mwb_packet, list);
}

static void mwb_link_start(struct mwb_link *link)
{
	u64 now = link->events->now;

	if (!list_empty(&link->queue))
		mwb_event_set(link->events, &link->sent,
			      mwb_link_finish(link->config, now,
					      mwb_link_first(&link->queue)->len));
}

/* Losses come in runs, whose share and length are as configured. */
static bool mwb_link_loses(struct mwb_link *link)
{
	const struct mwb_link_config *config = link->config;
	u32 chance = MWB_LINK_MILLION / config->burst;

	if (link->losing)
		link->losing = mwb_random_below(&link->random,
						MWB_LINK_MILLION) >= chance;
	else
		link->losing = mwb_random_below(&link->random,
						MWB_LINK_MILLION) <
			       (u64)config->loss * chance /
			       (MWB_LINK_MILLION - config->loss);
	return link->losing;
}

static void mwb_link_sent(struct mwb_event *event)
{
	struct mwb_link *link = container_of(event, struct mwb_link, sent);
	struct mwb_packet *packet = mwb_link_first(&link->queue);

	list_del(&packet->list);
	link->bytes -= packet->len;
	if (mwb_link_loses(link)) {
		link->count--;
		link->lose(link->owner, packet);
	} else {
		packet->arrival = link->events->now + link->config->delay +
				  (link->config->jitter *
				   mwb_random_below(&link->random, 1024) >> 10);
		packet->arrival = max(packet->arrival, link->last);
		link->last = packet->arrival;
		if (list_empty(&link->flight))
			mwb_event_set(link->events, &link->arrived,
				      packet->arrival);
		list_add_tail(&packet->list, &link->flight);
	}
	mwb_link_start(link);
}

static void mwb_link_arrived(struct mwb_event *event)
{
	struct mwb_link *link = container_of(event, struct mwb_link, arrived);
	struct mwb_packet *packet = mwb_link_first(&link->flight);

	list_del(&packet->list);
	link->count--;
	if (!list_empty(&link->flight))
		mwb_event_set(link->events, &link->arrived,
			      mwb_link_first(&link->flight)->arrival);
	link->receive(link->owner, packet);
}

void mwb_link_send(struct mwb_link *link, struct mwb_packet *packet)
{
	bool idle = list_empty(&link->queue);

	if (!idle && link->bytes + packet->len > link->config->queue) {
		link->lose(link->owner, packet);
		return;
	}
	link->bytes += packet->len;
	link->count++;
	list_add_tail(&packet->list, &link->queue);
	if (idle)
		mwb_link_start(link);
}

void mwb_link_init(struct mwb_link *link, struct mwb_events *events,
		   const struct mwb_link_config *config, u64 seed)
{
	link->config = config;
	link->events = events;
	link->random = seed;
	link->sent.run = mwb_link_sent;
	link->arrived.run = mwb_link_arrived;
	INIT_LIST_HEAD(&link->queue);
	INIT_LIST_HEAD(&link->flight);
}

void mwb_link_purge(struct mwb_link *link)
{
	struct mwb_packet *packet, *next;
	LIST_HEAD(all);

	list_splice_tail_init(&link->queue, &all);
	list_splice_tail_init(&link->flight, &all);
	list_for_each_entry_safe(packet, next, &all, list)
		free(packet);
}

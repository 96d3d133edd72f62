// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens on a simulated path, in the order in which it happens.
 */
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "random.h"
#include "rate_link.h"

#define MWB_LINK_MS 1000000ULL
#define MWB_LINK_NS_PER_SEC 1000000000ULL

/* As in kernel/queue.c and kernel/feedback.c */
#define MWB_LINK_BURST (1 * MWB_LINK_MS)
#define MWB_LINK_GRID (MWB_LINK_MS / 2)
#define MWB_LINK_INTERVAL (10 * MWB_LINK_MS)
#define MWB_LINK_HURRY (5 * MWB_LINK_MS / 2)

enum {
	MWB_LINK_REPEAT = 3,
	MWB_LINK_WINDOW_MIN = 30000,
};

void mwb_link_init(struct mwb_link *link, u64 rate, u64 rtt)
{
	memset(link, 0, sizeof(*link));
	link->config.rate = rate;
	link->config.delay = rtt / 2;
	link->config.back = rtt - rtt / 2;
	link->config.queue = max_t(u64, div_u64(rate, 5),
				   10 * MWB_LINK_LEN);
	link->now = 1000 * MWB_LINK_MS;
	link->app_at = link->now;
	link->tokens_at = link->now;
	link->random = rate + rtt;
	link->rtt = rtt;
	link->wake = link->now;
	link->due = U64_MAX;
	link->depart = U64_MAX;
	mwb_rate_init(&link->rate, 0);
	mwb_delay_init(&link->delay);
	mwb_clock_init(&link->clock);
}

static struct mwb_link_packet *mwb_link_at(struct mwb_link *link, u32 index)
{
	return &link->packet[index % MWB_LINK_PACKETS];
}

static u64 mwb_link_time(u64 bytes, u64 rate)
{
	return div64_u64(bytes * MWB_LINK_NS_PER_SEC, rate);
}

static bool mwb_link_loses(struct mwb_link *link, u32 loss)
{
	return loss && mwb_random_below(&link->random, 1000000) < loss;
}

static bool mwb_link_police(struct mwb_link *link)
{
	u64 gain;

	if (!link->config.policer)
		return false;
	gain = div64_u64((link->now - link->tokens_at) * link->config.policer,
			 MWB_LINK_NS_PER_SEC);
	link->tokens += gain;
	/* What was rounded off counts the next time. */
	link->tokens_at += mwb_link_time(gain, link->config.policer);
	link->tokens = min(link->tokens, link->config.burst);
	if (link->tokens < MWB_LINK_LEN)
		return true;
	link->tokens -= MWB_LINK_LEN;
	return false;
}

static void mwb_link_enter(struct mwb_link *link)
{
	struct mwb_link_packet *packet = mwb_link_at(link, link->entered);
	u64 wait = mwb_link_time(link->queue, link->config.rate);

	packet->sent = link->now;
	packet->number = link->sent++;
	link->stats.sent++;
	if (mwb_link_police(link) ||
	    link->queue + MWB_LINK_LEN > link->config.queue ||
	    link->entered - link->arrived == MWB_LINK_PACKETS) {
		link->stats.lost++;
		return;
	}
	wait = div_u64(wait, MWB_LINK_MS / 4);
	link->stats.queued[min_t(u64, wait, MWB_LINK_BINS - 1)]++;
	if (!link->queue)
		link->depart = link->now + mwb_link_time(MWB_LINK_LEN,
							 link->config.rate);
	link->queue += MWB_LINK_LEN;
	link->entered++;
}

static void mwb_link_depart(struct mwb_link *link)
{
	struct mwb_link_packet *packet = mwb_link_at(link, link->departed++);

	packet->at = link->now + link->config.delay;
	if (link->config.jitter)
		packet->at += mwb_random_below(&link->random,
					       link->config.jitter);
	if (link->config.grid)
		packet->at = (div64_u64(packet->at, link->config.grid) + 1) *
			     link->config.grid;
	packet->at = max(packet->at, link->last);
	link->last = packet->at;
	if (mwb_link_loses(link, link->config.loss)) {
		packet->number = U32_MAX;
		link->stats.lost++;
	}
	link->queue -= MWB_LINK_LEN;
	link->depart = link->queue ? link->now +
				     mwb_link_time(MWB_LINK_LEN,
						   link->config.rate) : U64_MAX;
}

/* The receiver's clock shows other times, and may be faster. */
static u64 mwb_link_clock(const struct mwb_link *link, u64 time)
{
	return time + 77000 * MWB_LINK_NS_PER_SEC +
	       div_u64(time * link->config.drift, 1000000);
}

static void mwb_link_arrive(struct mwb_link *link)
{
	struct mwb_link_packet *packet = mwb_link_at(link, link->arrived++);
	u64 interval = MWB_LINK_INTERVAL;
	u64 rtt;

	if (packet->number == U32_MAX)
		return;
	link->stats.bytes += MWB_LINK_LEN;
	if (packet->number > link->total.number + 1)
		link->hurry = MWB_LINK_REPEAT;
	link->total.bytes += MWB_LINK_LEN;
	link->total.packets++;
	link->total.number = packet->number;
	link->total.arrival = mwb_link_clock(link, link->now);
	link->fresh = true;
	mwb_delay_add(&link->delay, packet->sent,
		      mwb_link_clock(link, link->now));
	if (link->hurry)
		interval = MWB_LINK_HURRY;
	link->due = min(link->due, max(link->now, link->reported + interval));
	/* What the probes among these would show. */
	rtt = link->now - packet->sent + link->config.back;
	link->rtt = link->rtt - (link->rtt >> 6) + (rtt >> 6);
}

static void mwb_link_report(struct mwb_link *link)
{
	struct mwb_delay *delay = &link->delay;
	struct mwb_rate_report *report;
	u32 i;

	link->due = U64_MAX;
	link->reported = link->now;
	link->hurry -= !!link->hurry;
	mwb_clock_tick(&link->clock, &delay, 1,
		       mwb_link_clock(link, link->now));
	if (!link->fresh)
		return;
	link->fresh = false;
	if (mwb_link_loses(link, link->config.loss_back))
		return;
	i = link->nr_reports++ % MWB_LINK_REPORTS;
	report = &link->report[i];
	*report = link->total;
	report->queue = div_u64(delay->queue, 1000) * 1000;
	report->jitter = div_u64(delay->jitter, 1000) * 1000;
	link->report_at[i] = link->now + link->config.back;
}

static void mwb_link_apply(struct mwb_link *link)
{
	u32 i = link->nr_applied++ % MWB_LINK_REPORTS;

	link->report[i].rtt = link->rtt;
	mwb_rate_feedback(&link->rate, &link->report[i], link->now);
	link->acked = max_t(u64, link->acked, link->report[i].number + 1);
	if (link->blocked)
		link->wake = link->now;
}

/* Is there anything to be sent? If not, wake up when there is. */
static bool mwb_link_has(struct mwb_link *link)
{
	u64 gain;

	if (!link->config.app)
		return true;
	gain = div64_u64((link->now - link->app_at) * link->config.app,
			 MWB_LINK_NS_PER_SEC);
	link->app += gain;
	link->app_at += mwb_link_time(gain, link->config.app);
	if (link->app >= MWB_LINK_LEN)
		return true;
	link->wake = link->now + MWB_LINK_MS / 10;
	return false;
}

static void mwb_link_wake(struct mwb_link *link)
{
	u64 rate = link->rate.rate;
	u64 window = div64_u64(rate * div_u64(link->rtt + 100 * MWB_LINK_MS,
					      1000), 1000000);
	u64 room = max_t(u64, window, MWB_LINK_WINDOW_MIN);
	u64 under_way = (link->sent - link->acked) * MWB_LINK_LEN;

	link->blocked = false;
	while (link->next <= link->now) {
		if (under_way >= room) {
			link->wake = U64_MAX;
			link->blocked = true;
			return;
		}
		if (!mwb_link_has(link))
			return;
		if (link->config.app)
			link->app -= MWB_LINK_LEN;
		mwb_link_enter(link);
		under_way += MWB_LINK_LEN;
		link->next = max(link->next, link->now - MWB_LINK_BURST) +
			     mwb_link_time(MWB_LINK_LEN, rate);
	}
	link->wake = max(link->next, link->now + MWB_LINK_GRID);
}

void mwb_link_run(struct mwb_link *link, u64 time)
{
	u64 end = link->now + time;
	u64 arrive, report, first;

	for (;;) {
		arrive = link->arrived != link->departed ?
			 mwb_link_at(link, link->arrived)->at : U64_MAX;
		report = link->nr_applied != link->nr_reports ?
			 link->report_at[link->nr_applied % MWB_LINK_REPORTS] :
			 U64_MAX;
		first = min(min(link->wake, link->depart),
			    min(min(arrive, report), link->due));
		if (first >= end)
			break;
		link->now = max(first, link->now);
		if (first == link->depart)
			mwb_link_depart(link);
		else if (first == arrive)
			mwb_link_arrive(link);
		else if (first == report)
			mwb_link_apply(link);
		else if (first == link->due)
			mwb_link_report(link);
		else
			mwb_link_wake(link);
	}
	link->now = end;
}

void mwb_link_measure(struct mwb_link *link, u64 time)
{
	memset(&link->stats, 0, sizeof(link->stats));
	mwb_link_run(link, time);
}

u32 mwb_link_queue(const struct mwb_link *link, u32 percent)
{
	u64 total = 0, sum = 0;
	u32 i;

	for (i = 0; i < MWB_LINK_BINS; i++)
		total += link->stats.queued[i];
	for (i = 0; i < MWB_LINK_BINS; i++) {
		sum += link->stats.queued[i];
		if (sum * 100 >= total * percent)
			break;
	}
	return i * 250;
}

u32 mwb_link_share(const struct mwb_link *link, u64 time, u64 rate)
{
	return div64_u64(link->stats.bytes * 1000,
			 div64_u64(rate * div_u64(time, 1000), 1000000));
}

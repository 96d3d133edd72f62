// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rate of a path in one direction.
 */
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "rate.h"

#define MWB_RATE_MS 1000000ULL
#define MWB_RATE_NS_PER_SEC 1000000000ULL
#define MWB_RATE_MILLION 1000000ULL
#define MWB_RATE_PACKET 1500	/* bytes of one of a usual length */

/* Less than this is no traffic, bytes/s. */
#define MWB_RATE_IDLE 16000

#define MWB_RATE_TARGET_MIN (5 * MWB_RATE_MS / 2)
#define MWB_RATE_TARGET_MAX (20 * MWB_RATE_MS)
#define MWB_RATE_NOISE_MAX (60 * MWB_RATE_MS)
#define MWB_RATE_FLOOR_MAX (1000 * MWB_RATE_MS)
#define MWB_RATE_STEP (25 * MWB_RATE_MS)	/* that a step may queue */
#define MWB_RATE_MUCH (50 * MWB_RATE_MS)	/* to be drained fast */

/* Beyond these, what is reported is cut off, or is a new beginning. */
#define MWB_RATE_RTT_MAX (2000 * MWB_RATE_MS)
#define MWB_RATE_TIME_MAX (10000 * MWB_RATE_MS)

/* The jitter that is reported includes what queues did a few seconds ago. */
#define MWB_RATE_FORGET (5000 * MWB_RATE_MS)

/* Between tests: seldom enough to cost nothing, well within the minute of the
 * base. What is borne may have gone.
 */
#define MWB_RATE_DRAIN (30000 * MWB_RATE_MS)
#define MWB_RATE_DRAIN_FLOOR (8000 * MWB_RATE_MS)

enum {
	MWB_RATE_STALE = 3,
	MWB_RATE_FEW = 8,	/* packets; the loss of one is much of them */
	MWB_RATE_COUNT = 64,	/* packets; fewer say nothing about loss */
};

static u64 mwb_rate_limit(const struct mwb_rate *r, u64 rate)
{
	u64 most = MWB_RATE_MAX;

	if (r->cap)
		most = min(most, r->cap);
	if (r->police.state == MWB_POLICE_LIMITED)
		most = min(most, r->police.rate);
	return clamp_t(u64, rate, MWB_RATE_MIN, max_t(u64, most, MWB_RATE_MIN));
}

void mwb_rate_init(struct mwb_rate *r, u64 rate)
{
	memset(r, 0, sizeof(*r));
	r->rate = mwb_rate_limit(r, rate ? rate : MWB_RATE_START);
	r->target = MWB_RATE_TARGET_MIN;
	r->starting = true;
}

void mwb_rate_restart(struct mwb_rate *r)
{
	u32 loss = r->loss, own = r->police.own, proved = r->police.proved;
	u64 noise = r->noise, cap = r->cap;

	mwb_rate_init(r, r->starting ? r->rate : r->rate / 2);
	r->cap = cap;
	r->noise = noise;
	r->loss = loss;
	r->police.own = own;
	r->police.proved = proved;
}

static const struct mwb_rate_sample *mwb_rate_at(const struct mwb_rate *r,
						 u32 age)
{
	return &r->sample[(r->head - age) % MWB_RATE_SAMPLES];
}

/* The time that the samples cover. */
static u64 mwb_rate_age(const struct mwb_rate *r)
{
	return mwb_rate_at(r, 0)->at - mwb_rate_at(r, r->count - 1)->at;
}

/* Can it be true, and is it new? What is lost was sent, and has no bytes. */
static bool mwb_rate_is_sane(const struct mwb_rate *r,
			     const struct mwb_rate_report *report)
{
	const struct mwb_rate_sample *last = mwb_rate_at(r, 0);
	u64 packets = report->packets - last->packets;
	u64 bytes = report->bytes - last->bytes;

	return report->arrival > last->arrival &&
	       report->bytes >= last->bytes &&
	       report->packets >= last->packets &&
	       report->number >= last->number &&
	       report->number - last->number < U32_MAX &&
	       packets < U32_MAX && bytes < 1ULL << 38 &&
	       bytes >= packets && bytes <= packets * U16_MAX;
}

/* The newest sample grows until it is @spacing long, so that together they
 * cover what was sent a round-trip time ago.
 */
static void mwb_rate_record(struct mwb_rate *r,
			    const struct mwb_rate_report *report, u64 spacing,
			    u64 now)
{
	struct mwb_rate_sample *sample = &r->sample[r->head];
	u64 queue = min_t(u64, report->queue, MWB_RATE_TIME_MAX);

	if (r->count > 1 &&
	    sample->arrival - mwb_rate_at(r, 1)->arrival < spacing) {
		queue = min(queue, sample->queue);
	} else {
		r->head = (r->head + 1) % MWB_RATE_SAMPLES;
		r->count = min_t(u32, r->count + 1, MWB_RATE_SAMPLES);
		sample = &r->sample[r->head];
	}
	sample->bytes = report->bytes;
	sample->packets = report->packets;
	sample->number = report->number;
	sample->arrival = report->arrival;
	sample->queue = queue;
	sample->at = now;
	sample->rate = r->rate;
}

/* Half a round-trip time, and long enough for some packets and for jitter. */
static u64 mwb_rate_window(const struct mwb_rate *r, u64 rtt)
{
	u64 window = clamp_t(u64, max(rtt / 2, 8 * r->noise), 30 * MWB_RATE_MS,
			     100 * MWB_RATE_MS);
	u64 packets = div64_u64(10 * MWB_RATE_PACKET * MWB_RATE_NS_PER_SEC,
				r->rate);

	return clamp_t(u64, packets, window, 500 * MWB_RATE_MS);
}

/* The least rate that was set from @since to @until. */
static u64 mwb_rate_allowed(const struct mwb_rate *r, u64 since, u64 until)
{
	const struct mwb_rate_sample *sample;
	u64 least = U64_MAX;
	u32 age;

	for (age = 0; age < r->count; age++) {
		sample = mwb_rate_at(r, age);
		if (sample->at > until && age + 1 < r->count)
			continue;
		least = min(least, sample->rate);
		if (sample->at <= since)
			break;
	}
	return least;
}

/* What may have been sent in the last @time, bytes * ns / 2^10. */
static u64 mwb_rate_budget(const struct mwb_rate *r, u64 time, u64 now)
{
	u64 since = now - min(now, time);
	u64 until = now;
	u64 sum = 0;
	u64 from;
	u32 age;

	for (age = 0; age < r->count && until > since; age++) {
		from = since;
		if (age + 1 < r->count)
			from = clamp_t(u64, mwb_rate_at(r, age)->at, since,
				       until);
		sum += mwb_rate_at(r, age)->rate * ((until - from) >> 10);
		until = from;
	}
	return sum;
}

/* Rate of delivery since a sample, had the path not its own loss. */
static u64 mwb_rate_between(const struct mwb_rate *r,
			    const struct mwb_rate_sample *from)
{
	const struct mwb_rate_sample *last = mwb_rate_at(r, 0);
	u64 good = MWB_RATE_MILLION - min_t(u64, r->police.own, 900000);
	u64 rate = div64_u64((last->bytes - from->bytes) * MWB_RATE_MILLION,
			     div_u64(last->arrival - from->arrival, 1000));

	return div64_u64(min(rate, MWB_RATE_MAX) * MWB_RATE_MILLION, good);
}

/* Packets sent and lost since a sample, of those that have been reported.
 * Return: their ratio, parts per million
 */
static u32 mwb_rate_lost(const struct mwb_rate *r,
			 const struct mwb_rate_sample *from, u64 *sent,
			 u64 *lost)
{
	const struct mwb_rate_sample *last = mwb_rate_at(r, 0);
	u64 got = last->packets - from->packets;

	*sent = last->number - from->number;
	*lost = *sent - min(got, *sent);
	return *sent ? div64_u64(*lost * MWB_RATE_MILLION, *sent) : 0;
}

static u64 mwb_rate_grown(const struct mwb_rate_sample *from,
			  const struct mwb_rate_sample *to)
{
	return to->queue - min(to->queue, from->queue);
}

/* Less was delivered than allowed: all that the path can? Then the queue has
 * grown by the rest, or the rest is lost; half of it will do. If little is
 * sent, a step in the delay is more likely than a queue: that grows steadily.
 * @age: of the sample where the window begins
 */
static bool mwb_rate_is_saturated(const struct mwb_rate *r, u32 age)
{
	const struct mwb_rate_sample *from = mwb_rate_at(r, age);
	const struct mwb_rate_sample *middle = mwb_rate_at(r, age / 2);
	const struct mwb_rate_sample *last = mwb_rate_at(r, 0);
	const struct mwb_rate_view *view = &r->view;
	u64 grown = mwb_rate_grown(from, last);
	u64 missing, sent, lost;
	u32 loss;

	if (8 * view->delivery < view->allowed)
		grown = 2 * min(mwb_rate_grown(from, middle),
				mwb_rate_grown(middle, last));

	missing = MWB_RATE_MILLION -
		  div64_u64(view->delivery * MWB_RATE_MILLION, view->allowed);
	loss = mwb_rate_lost(r, from, &sent, &lost);
	return (2 * loss >= missing && sent >= MWB_RATE_FEW) ||
	       2 * grown * MWB_RATE_MILLION >=
	       (last->arrival - from->arrival) * missing;
}

/*
 * Look at the last @window of the peer's time.
 *
 * Return: false if there are not enough reports yet
 */
static bool mwb_rate_measure(struct mwb_rate *r, u64 window, u64 rtt, u64 now)
{
	const struct mwb_rate_sample *last = mwb_rate_at(r, 0);
	const struct mwb_rate_sample *from = last;
	struct mwb_rate_view *view = &r->view;
	u64 queue = last->queue;
	u64 span;
	u32 age;

	for (age = 1; age < r->count; age++) {
		from = mwb_rate_at(r, age);
		if (last->arrival - from->arrival >= window)
			break;
		queue = min(queue, from->queue);
	}
	if (age >= r->count)
		return false;
	span = last->arrival - from->arrival;
	view->queue = queue;
	view->delivery = mwb_rate_between(r, from);
	view->steady = mwb_rate_between(r, mwb_rate_at(r, r->count - 1));
	view->allowed = mwb_rate_allowed(r, now - min(now, rtt + span),
					 now - min(now, rtt));
	view->limited = 20 * view->delivery >= 17 * view->allowed;
	view->saturated = !view->limited && mwb_rate_is_saturated(r, age);
	return true;
}

/* The queueing delay that is aimed at, with what is not ours. */
static u64 mwb_rate_aim(const struct mwb_rate *r)
{
	return r->target + r->floor + r->noise;
}

static void mwb_rate_set(struct mwb_rate *r, u64 rate)
{
	r->rate = mwb_rate_limit(r, rate);
}

/* Do only heartbeats and the like go by the path? */
static bool mwb_rate_is_idle(const struct mwb_rate *r)
{
	return r->view.delivery < min_t(u64, MWB_RATE_IDLE, r->rate / 4);
}

bool mwb_rate_fills(const struct mwb_rate *r)
{
	return !mwb_rate_is_idle(r) &&
	       (r->view.limited || r->view.saturated);
}

static bool mwb_rate_is_long(const struct mwb_rate *r)
{
	return r->view.queue > r->noise + 4 * r->target;
}

/* Jitter of the path without a queue of ours. What varies while the rate
 * doubles is one.
 */
static void mwb_rate_learn_noise(struct mwb_rate *r, u64 jitter, u64 now)
{
	bool is_idle = mwb_rate_is_idle(r);

	if ((mwb_rate_is_long(r) && !is_idle) || r->test.until)
		r->long_at = now;
	if ((r->long_at && now - r->long_at < MWB_RATE_FORGET) ||
	    (r->starting && !is_idle))
		return;
	if (jitter > r->noise)
		r->noise += (jitter - r->noise) >>
			    (is_idle && !r->long_at ? 2 : 5);
	else
		r->noise -= (r->noise - jitter) / 128;
}

/* Loss of the path without a queue of ours */
static void mwb_rate_learn_loss(struct mwb_rate *r)
{
	u64 sent, lost;
	u32 loss;

	loss = mwb_rate_lost(r, &r->chunk, &sent, &lost);
	if (r->chunk.at && sent < MWB_RATE_COUNT)
		return;
	if (r->chunk.at && !mwb_rate_is_long(r))
		r->loss = r->loss - r->loss / 32 + loss / 32;
	r->chunk = *mwb_rate_at(r, 0);
}

/* What the path delivered so far is no measure any more. */
static void mwb_rate_forget_peak(struct mwb_rate *r, u64 loop, u64 now)
{
	r->peak = 0;
	r->peak_queue = r->view.queue;
	r->peak_at = now + loop + mwb_rate_age(r);
}

/* What does not keep to the rate is not less while there is a test. */
static void mwb_rate_begin_test(struct mwb_rate *r, u64 loop, u64 now)
{
	if (r->unpaced)
		return;
	r->test.until = now + loop;
	r->test.delivery = r->view.delivery;
	r->test.rate = r->rate;
	r->test.before = r->view.queue;
	r->test.queue = r->view.queue;
	r->test.from.at = 0;
	mwb_rate_set(r, r->view.delivery - r->view.delivery / 4);
}

static void mwb_rate_end_test(struct mwb_rate *r, u64 rate, bool saturated,
			      u64 loop, u64 now)
{
	mwb_rate_set(r, rate);
	r->starting &= !saturated;
	r->test.until = 0;
	r->low = now;
	r->high = r->view.queue;
	r->empty = now;
	mwb_rate_forget_peak(r, loop, now);
}

/* What was a short queue of ours may have gone meanwhile: it has overflowed. */
static bool mwb_rate_overflowed(const struct mwb_rate *r)
{
	u64 sent, lost;

	return 4 * r->test.queue < r->test.before &&
	       mwb_rate_lost(r, mwb_rate_at(r, r->count - 1), &sent, &lost) >
	       r->police.own + MWB_POLICE_LOSS;
}

static void mwb_rate_test(struct mwb_rate *r, u64 jitter, u64 loop, u64 now)
{
	const struct mwb_rate_sample *last = mwb_rate_at(r, 0);
	u64 time = clamp_t(u64, 4 * jitter, 100 * MWB_RATE_MS,
			   300 * MWB_RATE_MS);
	u64 delivery;

	if (r->view.queue > r->test.queue + 4 * r->target) {
		mwb_rate_end_test(r, r->rate, true, loop, now);
		return;
	}
	if (now < r->test.until)
		return;
	if (!r->test.from.at) {
		r->test.from = *last;
		r->test.queue = r->view.queue;
	}
	r->test.queue = min(r->test.queue, r->view.queue);
	if (last->arrival - r->test.from.arrival < time)
		return;
	delivery = mwb_rate_between(r, &r->test.from);
	if (20 * delivery >= 17 * r->test.delivery) {
		r->floor = min(r->floor, r->test.queue);
		mwb_rate_end_test(r, delivery, true, loop, now);
		return;
	}
	r->floor = min_t(u64, r->test.queue, MWB_RATE_FLOOR_MAX);
	if (mwb_rate_overflowed(r))
		mwb_rate_end_test(r, r->test.delivery, true, loop, now);
	else
		mwb_rate_end_test(r, r->test.rate, false, loop, now);
}

/*
 * As a test, by chance: if less is delivered than lately although the rate is
 * what limits, the path was not saturated, and still delivers that; unless a
 * queue grows, as it has become slower.
 *
 * Return: true if the rate has been set
 */
static bool mwb_rate_recall(struct mwb_rate *r, u64 jitter, u64 loop, u64 now)
{
	const struct mwb_rate_view *view = &r->view;

	if (now < r->peak_at)
		return false;
	r->peak = max(r->peak - r->peak / 8192, view->steady);
	if (view->queue > r->peak_queue + r->target + jitter / 2) {
		r->peak = view->steady;
		r->peak_queue = view->queue;
		return false;
	}
	r->peak_queue = min(r->peak_queue, view->queue);
	if (8 * view->steady >= 7 * r->peak)
		return false;
	if (view->queue > mwb_rate_aim(r))
		r->floor = min_t(u64, view->queue, MWB_RATE_FLOOR_MAX);
	r->peak_queue = view->queue;
	r->peak_at = now + loop + mwb_rate_age(r);
	mwb_rate_set(r, r->peak);
	return true;
}

static void mwb_rate_start(struct mwb_rate *r, u64 rtt, u64 loop, u64 now)
{
	const struct mwb_rate_view *view = &r->view;
	u64 rate;

	if (view->queue > mwb_rate_aim(r) + r->target) {
		if (view->saturated || now - r->low > loop)
			mwb_rate_begin_test(r, loop, now);
		return;
	}
	r->low = now;
	if (4 * view->delivery <= 3 * r->rate || now < r->double_at)
		return;
	rate = r->rate;
	mwb_rate_set(r, 2 * rate);
	r->starting = r->rate != rate;
	r->double_at = now + rtt + 15 * MWB_RATE_MS;
}

/* The queue that there will be when all has arrived that is under way. */
static u64 mwb_rate_foresee(const struct mwb_rate *r, u64 rtt, u64 now)
{
	u64 delivery = max_t(u64, r->view.delivery, 1);
	u64 arrives = delivery * (r->view.queue >> 10) +
		      mwb_rate_budget(r, rtt, now);
	u64 leaves = delivery * (rtt >> 10);

	return div64_u64(arrives - min(arrives, leaves), delivery) << 10;
}

/* Lead the queue to the aim, over the time that a change takes to be seen,
 * doubled; faster if it is much. At most to a half at a time: what looks like
 * a path that is slower may be a gap in what it delivers.
 */
static u64 mwb_rate_towards(const struct mwb_rate *r, u64 rtt, u64 loop,
			    u64 now)
{
	u64 queue = mwb_rate_foresee(r, rtt, now);
	u64 delivery = r->view.delivery;
	u64 aim = mwb_rate_aim(r);
	u64 time = 2 * loop;
	u64 most = div_u64(2 * time, 5);
	u64 change;

	if (r->view.queue > aim + MWB_RATE_MUCH) {
		time = loop;
		most = 3 * time / 4;
	}
	change = queue > aim ? min(queue - aim, most) :
			       min(aim - queue, div_u64(time, 10));
	change = div64_u64(delivery * (change >> 10), time >> 10);
	delivery = queue > aim ? delivery - change : delivery + change;
	return max(delivery, r->rate / 2);
}

/* The rate limits, and nothing queues: by steps, the first ones small where it
 * takes long to see what they did, until it may double again.
 */
static void mwb_rate_grow(struct mwb_rate *r, u64 rtt, u64 loop, u64 now)
{
	u64 step;

	mwb_rate_set(r, max(r->rate, mwb_rate_towards(r, rtt, loop, now)));
	if (!r->clear || r->police.state == MWB_POLICE_LIMITED)
		r->clear = now;
	if (now - r->clear < 3 * loop)
		return;
	step = min_t(u64, MWB_RATE_STEP << min_t(u32, r->steps, 6), loop / 4);
	mwb_rate_set(r, r->rate + div64_u64(r->rate * (step >> 10),
					    loop >> 10));
	r->clear = now;
	if (!r->steps++ || step < loop / 4)
		return;
	r->steps = 0;
	r->starting = true;
	r->double_at = now + loop;
}

/* Has the queue been too long for a while, and does not become shorter? */
static bool mwb_rate_lasts(struct mwb_rate *r, u64 loop, u64 now)
{
	u64 queue = r->view.queue;

	if (queue <= mwb_rate_aim(r) + r->target ||
	    queue + r->target < r->high) {
		r->low = now;
		r->high = queue;
	}
	r->high = max(r->high, queue);
	return now - r->low > 4 * loop;
}

static void mwb_rate_adapt(struct mwb_rate *r, u64 jitter, u64 rtt, u64 loop,
			   u64 now)
{
	const struct mwb_rate_view *view = &r->view;
	u64 aim = mwb_rate_aim(r);
	u64 little = aim - div_u64(7 * r->target, 10);
	u64 drain = r->floor > r->target ? MWB_RATE_DRAIN_FLOOR :
					   MWB_RATE_DRAIN;

	if (view->queue < r->floor)
		r->floor -= (r->floor - view->queue) / 16;
	if (view->queue > little || !view->limited)
		r->clear = 0;
	if (!view->limited) {
		/* It may wait in the path though there is room in the rate,
		 * but not if little is sent.
		 */
		if (mwb_rate_lasts(r, loop, now) &&
		    2 * view->delivery > r->rate) {
			mwb_rate_begin_test(r, loop, now);
			return;
		}
		if (view->queue <= aim || !view->saturated)
			return;
		mwb_rate_forget_peak(r, loop, now);
		mwb_rate_set(r, mwb_rate_towards(r, rtt, loop, now));
		return;
	}
	if (mwb_rate_recall(r, jitter, loop, now))
		return;
	if (view->queue <= little) {
		r->empty = now;
		r->low = now;
		r->high = view->queue;
		mwb_rate_grow(r, rtt, loop, now);
		return;
	}
	r->steps = 0;
	if (mwb_rate_lasts(r, loop, now) || now - r->empty > drain)
		mwb_rate_begin_test(r, loop, now);
	else
		mwb_rate_set(r, mwb_rate_towards(r, rtt, loop, now));
}

/* Loss while nothing queues: does it come from a policer? */
static void mwb_rate_police(struct mwb_rate *r, u64 loop, u64 now)
{
	const struct mwb_rate_sample *last = mwb_rate_at(r, 0);
	struct mwb_rate_count *c = &r->police_count;
	struct mwb_police_count count;
	u64 before = r->rate;
	u64 rate = before;
	bool over;

	if (now < c->settle)
		return;
	if (!c->from.at) {
		c->from = *last;
		c->queued = false;
	}
	c->queued |= r->view.queue > mwb_rate_aim(r) + 2 * r->target;
	mwb_rate_lost(r, &c->from, &count.sent, &count.lost);
	count.time = last->arrival - c->from.arrival;
	if (count.sent < MWB_RATE_COUNT || count.time < loop)
		return;
	count.delivery = div64_u64((last->bytes - c->from.bytes) *
				   MWB_RATE_MILLION, div_u64(count.time, 1000));
	count.queued = c->queued;
	over = mwb_police_judge(&r->police, &count, &rate);
	if (r->police.state == MWB_POLICE_LIMITED)
		r->starting = false;
	if (over) {
		mwb_rate_set(r, rate);
		/* Begin to count when the present rate is seen. */
		c->settle = r->rate == before ? now : now + loop;
		c->from.at = 0;
	}
}

/* What was begun under load is of no use any more. */
static void mwb_rate_rest(struct mwb_rate *r, u64 now)
{
	if (r->test.until)
		mwb_rate_set(r, r->test.rate);
	r->test.until = 0;
	r->low = now;
	r->high = 0;
	r->empty = now;
	r->clear = 0;
}

bool mwb_rate_feedback(struct mwb_rate *r, const struct mwb_rate_report *report,
		       u64 now)
{
	u64 jitter = min_t(u64, report->jitter, MWB_RATE_NOISE_MAX);
	u64 rtt = min_t(u64, report->rtt, MWB_RATE_RTT_MAX);
	u64 window = mwb_rate_window(r, rtt);
	u64 before = r->rate;
	u64 loop;

	if (r->count && !mwb_rate_is_sane(r, report) &&
	    ++r->stale < MWB_RATE_STALE)
		return false;
	if (r->stale >= MWB_RATE_STALE ||
	    (r->count && report->arrival - mwb_rate_at(r, 0)->arrival >
			 MWB_RATE_TIME_MAX)) {
		/* The counts begin anew. */
		r->count = 0;
		r->test.until = 0;
		r->police_count.from.at = 0;
		r->chunk.at = 0;
	}
	r->stale = 0;
	mwb_rate_record(r, report, div_u64(rtt + window, 24), now);
	if (!mwb_rate_measure(r, window, rtt, now))
		return false;
	/* A queue that is part of the round-trip time does not count twice. */
	loop = rtt - min(r->view.queue, rtt / 2) + window + 10 * MWB_RATE_MS;
	r->target = clamp_t(u64, div64_u64(4 * MWB_RATE_PACKET *
					   MWB_RATE_NS_PER_SEC, r->rate),
			    MWB_RATE_TARGET_MIN, MWB_RATE_TARGET_MAX);
	if (!r->low) {
		r->low = now;
		r->empty = now;
	}
	mwb_rate_learn_noise(r, jitter, now);
	mwb_rate_learn_loss(r);
	r->unpaced = report->unpaced;
	if (mwb_rate_is_idle(r) || (r->unpaced && r->test.until))
		mwb_rate_rest(r, now);
	else if (r->police.state == MWB_POLICE_TRYING)
		r->test.until = 0;
	else if (r->test.until)
		mwb_rate_test(r, jitter, loop, now);
	else if (r->starting)
		mwb_rate_start(r, rtt, loop, now);
	else
		mwb_rate_adapt(r, jitter, rtt, loop, now);
	mwb_rate_police(r, loop, now);
	/* The cap may have become less. */
	mwb_rate_set(r, r->rate);
	r->sample[r->head].rate = r->rate;
	return r->rate != before;
}

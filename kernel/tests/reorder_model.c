// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model follows what core/reorder.h promises, by looking through all
 * packets each time; it has no order of its own that could be wrong.
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "reorder_model.h"

/* Forget the numbers there were: all of the memory would take too long. */
static void mwb_model_forget(struct mwb_model_bucket *b)
{
	memset(b->done, 0, b->top);
	memset(b->got, 0, b->top);
	b->next = 0;
	b->top = 0;
	b->count = 0;
}

void mwb_model_init(struct mwb_model *m, u64 base, u64 timeout, u32 limit)
{
	u32 i;

	mwb_reorder_init(&m->ro, m->buckets, MWB_MODEL_BUCKETS);
	m->ro.timeout = timeout;
	m->ro.limit = limit;
	memset(&m->stats, 0, sizeof(m->stats));
	memset(m->pool, 0, sizeof(m->pool));
	m->nr_out = 0;
	m->base = base;
	for (i = 0; i < MWB_MODEL_BUCKETS; i++) {
		m->buckets[i].next = base;
		mwb_model_forget(&m->bucket[i]);
	}
}

static u32 mwb_model_count(const struct mwb_model *m)
{
	u32 count = 0;
	u32 i;

	for (i = 0; i < MWB_MODEL_BUCKETS; i++)
		count += m->bucket[i].count;
	return count;
}

static void mwb_model_deliver(struct mwb_model *m, u32 bucket, s64 number)
{
	m->bucket[bucket].done[number] = 1;
	m->out[m->nr_out].bucket = bucket;
	m->out[m->nr_out].number = number;
	m->out[m->nr_out].seen = false;
	m->nr_out++;
}

/* Index of the packet with the least number, or with this one; -1 for none. */
static int mwb_model_find(const struct mwb_model_bucket *b, s64 number)
{
	int least = -1;
	u32 i;

	for (i = 0; i < b->count; i++) {
		if (number >= 0 && b->wait[i].number != number)
			continue;
		if (least < 0 || b->wait[i].number < b->wait[least].number)
			least = i;
	}
	return least;
}

static void mwb_model_set_deadline(struct mwb_model *m,
				   struct mwb_model_bucket *b)
{
	u64 opened = U64_MAX;
	u32 i;

	for (i = 0; i < b->count; i++)
		if (b->wait[i].arrived < opened)
			opened = b->wait[i].arrived;
	/* What comes after the hole could not go before in any case. */
	if (b->count)
		opened = max(opened, b->wait[mwb_model_find(b, -1)].release);
	b->deadline = U64_MAX - opened < m->ro.timeout ? U64_MAX :
		      opened + m->ro.timeout;
}

/* Packets wait, but not the one that is next. */
static bool mwb_model_hole(const struct mwb_model_bucket *b)
{
	return b->count && mwb_model_find(b, b->next) < 0;
}

/*
 * Deliver what is in sequence and due; if anything was, what is left may have
 * a new hole.
 */
static void mwb_model_drain(struct mwb_model *m, u32 bucket, u64 now)
{
	struct mwb_model_bucket *b = &m->bucket[bucket];
	u32 before = b->count;
	int i;

	while ((i = mwb_model_find(b, b->next)) >= 0 &&
	       b->wait[i].release <= now) {
		mwb_model_deliver(m, bucket, b->next++);
		b->wait[i] = b->wait[--b->count];
	}
	if (mwb_model_hole(b) && b->count != before)
		mwb_model_set_deadline(m, b);
}

static void mwb_model_give_up(struct mwb_model *m, u32 bucket, u64 now)
{
	struct mwb_model_bucket *b = &m->bucket[bucket];
	s64 first = b->wait[mwb_model_find(b, -1)].number;

	m->stats.skipped += first - b->next;
	b->next = first;
	mwb_model_drain(m, bucket, now);
}

/* The bucket whose hole is the first to be given up; -1 if none has one. */
static int mwb_model_oldest(const struct mwb_model *m)
{
	const struct mwb_model_bucket *b = m->bucket;
	int oldest = -1;
	int i;

	for (i = 0; i < MWB_MODEL_BUCKETS; i++) {
		if (!mwb_model_hole(&b[i]))
			continue;
		if (oldest < 0 || b[i].deadline < b[oldest].deadline)
			oldest = i;
	}
	return oldest;
}

static u64 mwb_model_release(const struct mwb_model_bucket *b)
{
	int i = mwb_model_find(b, b->next);

	return i < 0 ? U64_MAX : b->wait[i].release;
}

/* The bucket whose next packet is the first to be released; -1 if none is. */
static int mwb_model_soonest(const struct mwb_model *m)
{
	const struct mwb_model_bucket *b = m->bucket;
	int soonest = -1;
	int i;

	for (i = 0; i < MWB_MODEL_BUCKETS; i++) {
		if (mwb_model_find(&b[i], b[i].next) < 0)
			continue;
		if (soonest < 0 || mwb_model_release(&b[i]) <
				   mwb_model_release(&b[soonest]))
			soonest = i;
	}
	return soonest;
}

/* All up to this one are there. */
static bool mwb_model_in_sequence(const struct mwb_model_bucket *b, s64 number)
{
	u32 before = 0;
	u32 i;

	for (i = 0; i < b->count; i++)
		before += b->wait[i].number < number;
	return before == number - b->next;
}

static void mwb_model_make_room(struct mwb_model *m, u64 now)
{
	int bucket = mwb_model_oldest(m);
	struct mwb_model_bucket *b;
	u32 before = m->nr_out;

	if (bucket < 0)
		bucket = mwb_model_soonest(m);
	b = &m->bucket[bucket];
	b->wait[mwb_model_find(b, -1)].release = 0;
	mwb_model_give_up(m, bucket, now);
	m->stats.forced += m->nr_out - before;
}

static enum mwb_reorder_verdict
mwb_model_early(struct mwb_model *m, u32 bucket, s64 number, u64 sent,
		u64 release, u64 now)
{
	struct mwb_model_bucket *b = &m->bucket[bucket];
	bool in_sequence;

	if (mwb_model_find(b, number) >= 0) {
		m->stats.duplicate++;
		return MWB_REORDER_DUPLICATE;
	}
	b->wait[b->count].number = number;
	b->wait[b->count].sent = sent;
	b->wait[b->count].arrived = now;
	b->wait[b->count].release = release;
	b->count++;
	if (b->wait[mwb_model_find(b, -1)].number == number)
		mwb_model_set_deadline(m, b);

	in_sequence = mwb_model_in_sequence(b, number);
	while (mwb_model_count(m) > m->ro.limit)
		mwb_model_make_room(m, now);
	if (b->done[number])
		return MWB_REORDER_READY;
	if (in_sequence)
		m->stats.held++;
	else
		m->stats.reordered++;
	return MWB_REORDER_WAITS;
}

static enum mwb_reorder_verdict
mwb_model_arrive(struct mwb_model *m, u32 bucket, s64 number, u64 sent,
		 u64 release, u64 now)
{
	struct mwb_model_bucket *b = &m->bucket[bucket];

	/* A second at the most */
	if (release > now && release - now > 1000000000)
		release = now + 1000000000;
	if (number == b->next && mwb_model_find(b, number) < 0 &&
	    release <= now) {
		mwb_model_deliver(m, bucket, b->next++);
		mwb_model_drain(m, bucket, now);
		return MWB_REORDER_READY;
	}
	if (number >= b->next)
		return mwb_model_early(m, bucket, number, sent, release, now);
	if (b->next - number > MWB_MODEL_HISTORY) {
		m->stats.old++;
		return MWB_REORDER_OLD;
	}
	if (number < 0 || b->done[number]) {
		m->stats.duplicate++;
		return MWB_REORDER_DUPLICATE;
	}
	m->stats.late++;
	mwb_model_deliver(m, bucket, number);
	return MWB_REORDER_READY;
}

/* The real buffer has delivered a packet: was it to, now and in this order? */
static const char *mwb_model_take(struct mwb_model *m,
				  struct mwb_model_packet *packet)
{
	struct mwb_model_bucket *b = &m->bucket[packet->node.bucket];
	u32 i;

	if (!packet->used)
		return "delivers what it does not have";
	packet->used = false;
	if (b->got[packet->number]++)
		return "delivers a packet twice";
	for (i = 0; i < m->nr_out; i++) {
		if (m->out[i].seen || m->out[i].bucket != packet->node.bucket)
			continue;
		m->out[i].seen = true;
		return m->out[i].number == packet->number ? NULL :
			"delivers the wrong packet";
	}
	return "delivers a packet too early";
}

static const char *mwb_model_compare(struct mwb_model *m,
				     struct list_head *ready)
{
	struct mwb_model_packet *packet, *tmp;
	u64 deadline = U64_MAX;
	const char *error;
	int oldest;
	u32 used;
	u32 i;

	list_for_each_entry_safe(packet, tmp, ready, node.list) {
		error = mwb_model_take(m, packet);
		if (error)
			return error;
	}
	for (i = 0; i < m->nr_out; i++)
		if (!m->out[i].seen)
			return "keeps a packet that is to be delivered";
	m->nr_out = 0;

	for (i = 0, used = 0; i < MWB_MODEL_LIMIT + 2; i++)
		used += m->pool[i].used;
	if (used != m->ro.count || used != mwb_model_count(m))
		return "counts the waiting packets wrongly";
	if (memcmp(&m->stats, &m->ro.stats, sizeof(m->stats)))
		return "differs in its counters";
	oldest = mwb_model_oldest(m);
	if (oldest >= 0)
		deadline = m->bucket[oldest].deadline;
	for (i = 0; i < MWB_MODEL_BUCKETS; i++)
		deadline = min(deadline, mwb_model_release(&m->bucket[i]));
	if (mwb_reorder_deadline(&m->ro) != deadline)
		return "has another deadline";
	for (i = 0; i < MWB_MODEL_BUCKETS; i++)
		if (m->buckets[i].next !=
		    ((m->base + m->bucket[i].next) & ((1ULL << 48) - 1)))
			return "expects another number";
	return NULL;
}

const char *mwb_model_add(struct mwb_model *m, u32 bucket, s64 number, u64 sent,
			  u64 release, u64 now)
{
	struct mwb_model_packet *packet = m->pool;
	enum mwb_reorder_verdict expected;
	enum mwb_reorder_verdict verdict;
	LIST_HEAD(ready);

	while (packet->used)
		packet++;
	packet->used = true;
	m->bucket[bucket].top = max(m->bucket[bucket].top, number + 1);
	packet->number = number;
	packet->node.seq = (m->base + number) & ((1ULL << 48) - 1);
	packet->node.sent = sent;
	packet->node.release = release;
	packet->node.bucket = bucket;

	expected = mwb_model_arrive(m, bucket, number, sent, release, now);
	verdict = mwb_reorder_add(&m->ro, &packet->node, now, &ready);
	if (verdict != expected)
		return "has another verdict";
	if (verdict == MWB_REORDER_DUPLICATE || verdict == MWB_REORDER_OLD)
		packet->used = false;
	if (verdict == MWB_REORDER_WAITS && m->ro.count > m->ro.limit)
		return "exceeds its limit";
	return mwb_model_compare(m, &ready);
}

const char *mwb_model_expire(struct mwb_model *m, u64 now, u64 horizon)
{
	struct mwb_model_bucket *b;
	LIST_HEAD(ready);
	int oldest;
	u32 i;

	for (i = 0; i < MWB_MODEL_BUCKETS; i++)
		mwb_model_drain(m, i, now);
	for (oldest = mwb_model_oldest(m);
	     oldest >= 0 && m->bucket[oldest].deadline <= now;
	     oldest = mwb_model_oldest(m))
		mwb_model_give_up(m, oldest, now);
	for (i = 0; i < MWB_MODEL_BUCKETS; i++) {
		b = &m->bucket[i];
		while (mwb_model_hole(b) &&
		       b->wait[mwb_model_find(b, -1)].sent < horizon)
			mwb_model_give_up(m, i, now);
	}
	mwb_reorder_expire(&m->ro, now, horizon, &ready);
	return mwb_model_compare(m, &ready);
}

const char *mwb_model_flush(struct mwb_model *m)
{
	struct mwb_model_bucket *b;
	const char *error;
	LIST_HEAD(ready);
	int at;
	u32 i;

	for (i = 0; i < MWB_MODEL_BUCKETS; i++) {
		b = &m->bucket[i];
		while ((at = mwb_model_find(b, -1)) >= 0) {
			mwb_model_deliver(m, i, b->wait[at].number);
			b->wait[at] = b->wait[--b->count];
		}
	}
	mwb_reorder_flush(&m->ro, &ready);
	/* Afterwards everything begins at 0, wherever it began before. */
	m->base = 0;
	for (i = 0; i < MWB_MODEL_BUCKETS; i++)
		m->bucket[i].next = 0;
	error = mwb_model_compare(m, &ready);
	for (i = 0; i < MWB_MODEL_BUCKETS; i++)
		mwb_model_forget(&m->bucket[i]);
	return error;
}

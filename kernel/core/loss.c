// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which packets of a path have arrived, and which are lost.
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "loss.h"

/* So much later, and by the jitter, is late enough to tell, ns. */
#define MWB_LOSS_LATER 10000000ULL

enum {
	MWB_LOSS_REORDERING = 3,	/* RFC 9002, 6.1.1 */
};

static struct mwb_loss_slot *mwb_loss_slot(const struct mwb_loss *l, u64 number)
{
	return &l->slot[number & (l->size - 1)];
}

void mwb_loss_init(struct mwb_loss *l, struct mwb_loss_slot *slot, u32 size)
{
	memset(l, 0, sizeof(*l));
	l->slot = slot;
	l->size = size;
}

void mwb_loss_grow(struct mwb_loss *l, struct mwb_loss_slot *slot, u32 size)
{
	u64 number;

	for (number = l->first; number != l->next; number++)
		slot[number & (size - 1)] = *mwb_loss_slot(l, number);
	l->slot = slot;
	l->size = size;
}

u64 mwb_loss_send(struct mwb_loss *l, u32 len, void *owner, u64 now)
{
	struct mwb_loss_slot *slot = mwb_loss_slot(l, l->next);

	slot->sent = now;
	slot->missed = 0;
	slot->owner = owner;
	slot->len = len;
	slot->open = true;
	l->bytes += len;
	return l->next++;
}

static void mwb_loss_settle(struct mwb_loss *l, struct mwb_loss_slot *slot,
			    bool lost, mwb_loss_settled *settled, void *context)
{
	slot->open = false;
	l->bytes -= slot->len;
	if (slot->owner)
		settled(context, slot->owner, lost);
	slot->owner = NULL;
}

static void mwb_loss_advance(struct mwb_loss *l)
{
	while (l->first != l->next && !mwb_loss_slot(l, l->first)->open)
		l->first++;
}

static bool mwb_loss_has(u64 back, const u64 *bitmap)
{
	return bitmap[back / 64] >> (63 - back % 64) & 1;
}

/* Has it arrived, or does nobody know? */
static bool mwb_loss_is_settled(const struct mwb_loss_slot *slot, u64 highest,
				u64 number, const u64 *bitmap, u32 words)
{
	u64 back = highest - 1 - number;

	if (number == highest)
		return true;
	/* Out of reach; if it was missed before, it still is. */
	if (back >= 64ULL * words)
		return !slot->missed;
	return mwb_loss_has(back, bitmap);
}

u64 mwb_loss_report(struct mwb_loss *l, u64 highest, const u64 *bitmap,
		    u32 words, u64 wait, u64 now, mwb_loss_settled *settled,
		    void *context)
{
	u64 latest = mwb_loss_slot(l, highest)->sent;
	struct mwb_loss_slot *slot;
	u64 lost = 0;
	u64 number;
	bool later;

	if (highest >= l->highest) {
		l->highest = highest + 1;
		l->moved = now;
	}
	for (number = l->first; number != l->next && number <= highest;
	     number++) {
		slot = mwb_loss_slot(l, number);
		if (!slot->open)
			continue;
		if (mwb_loss_is_settled(slot, highest, number, bitmap, words)) {
			mwb_loss_settle(l, slot, false, settled, context);
			continue;
		}
		later = latest >= slot->sent + wait + MWB_LOSS_LATER;
		if (highest - number < MWB_LOSS_REORDERING && !later)
			continue;
		if (!slot->missed)
			slot->missed = now;
		/* Another CPU may have taken its time a little later. */
		if (now < slot->missed + wait && !later)
			continue;
		lost += slot->len;
		l->runs += !l->lost || number != l->last;
		l->lost++;
		l->last = number + 1;
		mwb_loss_settle(l, slot, true, settled, context);
	}
	mwb_loss_advance(l);
	return lost;
}

u64 mwb_loss_waiting(const struct mwb_loss *l)
{
	const struct mwb_loss_slot *slot;
	u64 number;

	for (number = max(l->first, l->highest); number != l->next; number++) {
		slot = mwb_loss_slot(l, number);
		if (slot->open && slot->owner)
			return slot->sent;
	}
	return U64_MAX;
}

u64 mwb_loss_expire(struct mwb_loss *l, u64 before, bool lost,
		    mwb_loss_settled *settled, void *context)
{
	struct mwb_loss_slot *slot;
	u64 bytes = 0;

	for (; l->first != l->next; l->first++) {
		slot = mwb_loss_slot(l, l->first);
		if (slot->open && slot->sent >= before)
			break;
		if (!slot->open)
			continue;
		bytes += slot->len;
		mwb_loss_settle(l, slot, lost, settled, context);
	}
	return bytes;
}

void mwb_loss_forget_oldest(struct mwb_loss *l, mwb_loss_settled *settled,
			    void *context)
{
	struct mwb_loss_slot *slot = mwb_loss_slot(l, l->first);

	if (l->first == l->next)
		return;
	if (slot->open)
		mwb_loss_settle(l, slot, false, settled, context);
	l->first++;
	mwb_loss_advance(l);
}

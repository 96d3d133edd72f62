// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packet numbers of a path.
 */
#include <linux/string.h>

#include "seqno.h"

void mwb_replay_init(struct mwb_replay *rp)
{
	memset(rp, 0, sizeof(*rp));
}

u64 mwb_seqno_expand(u64 top, u32 low)
{
	s64 number = (s64)top + (s32)(low - (u32)top);

	if (number < 0)
		number += 1LL << 32;
	else if (number >= 1LL << MWB_SEQNO_BITS)
		number -= 1LL << 32;
	return number;
}

/* The words of the bitmap from the first unused to that of @number are new. */
static void mwb_replay_advance(struct mwb_replay *rp, u64 number)
{
	u64 word = (rp->top + 63) / 64;
	u64 last = number / 64;

	if (last >= word + MWB_REPLAY_WORDS)
		word = last - MWB_REPLAY_WORDS + 1;
	for (; word <= last; word++)
		rp->bitmap[word % MWB_REPLAY_WORDS] = 0;
	rp->top = number + 1;
}

bool mwb_replay_check(struct mwb_replay *rp, u64 number)
{
	u64 *word = &rp->bitmap[number / 64 % MWB_REPLAY_WORDS];
	u64 bit = 1ULL << number % 64;

	if (number >= rp->top)
		mwb_replay_advance(rp, number);
	else if (rp->top - number > MWB_REPLAY_BITS - 64 || *word & bit)
		return false;
	*word |= bit;
	return true;
}

void mwb_replay_bitmap(const struct mwb_replay *rp, u64 *bitmap, u32 words)
{
	u64 number;
	u32 i;

	memset(bitmap, 0, words * sizeof(*bitmap));
	for (i = 0; i < 64 * words && i + 2 <= rp->top; i++) {
		number = rp->top - 2 - i;
		if (rp->bitmap[number / 64 % MWB_REPLAY_WORDS] >>
		    number % 64 & 1)
			bitmap[i / 64] |= 1ULL << (63 - i % 64);
	}
}

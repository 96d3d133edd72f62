/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packet numbers of a path: expansion of the 32 bits on the wire, and a window
 * against replays.
 */
#ifndef _MWBOND_CORE_SEQNO_H
#define _MWBOND_CORE_SEQNO_H

#include <linux/types.h>

enum {
	MWB_SEQNO_BITS = 56,	/* a full packet number */
	MWB_REPLAY_BITS = 8192,
	MWB_REPLAY_WORDS = MWB_REPLAY_BITS / 64,
};

/**
 * struct mwb_replay - which packet numbers of a path have been seen
 * @top: 1 + the highest number seen; 0 when there was none
 * @bitmap: bit (number modulo MWB_REPLAY_BITS), for the numbers in
 *	[@top - MWB_REPLAY_BITS + 64, @top): one word is always being cleared
 *
 * The caller's lock guards it. RFC 6479 describes the scheme.
 */
struct mwb_replay {
	u64 top;
	u64 bitmap[MWB_REPLAY_WORDS];
};

void mwb_replay_init(struct mwb_replay *rp);

/**
 * mwb_seqno_expand() - the full packet number that 32 bits stand for
 * @top: 1 + the highest full number seen, 0 for none
 * @low: the bits on the wire
 *
 * Return: the number with these low bits that is nearest to @top (the lower of
 * two as near), never negative, below 2^56
 */
u64 mwb_seqno_expand(u64 top, u32 low);

/**
 * mwb_replay_check() - whether a number is new; takes note of it if so
 * @rp: window
 * @number: full packet number, below 2^56
 *
 * To be called once the packet is authenticated.
 *
 * Return: true if it is new, false if it was seen or is older than the window
 */
bool mwb_replay_check(struct mwb_replay *rp, u64 number);

/**
 * mwb_replay_bitmap() - the numbers before the highest
 * @rp: window, not empty
 * @bitmap: bit b of word i, the most significant being 0: whether the number
 *	@rp->top - 2 - (64 i + b) has been seen
 * @words: of @bitmap, at most 16
 */
void mwb_replay_bitmap(const struct mwb_replay *rp, u64 *bitmap, u32 words);

#endif /* _MWBOND_CORE_SEQNO_H */

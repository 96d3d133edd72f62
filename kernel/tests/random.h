/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers that look random and are the same in each run.
 */
#ifndef _MWBOND_TESTS_RANDOM_H
#define _MWBOND_TESTS_RANDOM_H

#include <linux/types.h>

/* A linear congruence modulo 2^64; its high bits are the better ones. */
static inline u32 mwb_random(u64 *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 32;
}

static inline u64 mwb_random64(u64 *state)
{
	u64 high = mwb_random(state);

	return high << 32 | mwb_random(state);
}

/* 0 to @limit - 1, nearly uniform for small limits. */
static inline u32 mwb_random_below(u64 *state, u32 limit)
{
	return (u64)mwb_random(state) * limit >> 32;
}

#endif /* _MWBOND_TESTS_RANDOM_H */

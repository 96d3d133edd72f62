/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The clock of one end: it began somewhere and goes at a rate of its own.
 */
#ifndef _MWBOND_SIM_CLOCK_H
#define _MWBOND_SIM_CLOCK_H

#include <linux/types.h>

/**
 * struct mwb_watch - a clock
 * @base: what it shows at simulated time 0, ns
 * @drift: how much too fast it goes, ppm
 */
struct mwb_watch {
	u64 base;
	s32 drift;
};

/* What it shows at simulated time @now. */
static inline u64 mwb_watch_read(const struct mwb_watch *clock, u64 now)
{
	return clock->base + now + (s64)now * clock->drift / 1000000;
}

/* The simulated time by which it surely shows @time. */
static inline u64 mwb_watch_when(const struct mwb_watch *clock, u64 now,
				 u64 time)
{
	s64 rest = time - mwb_watch_read(clock, now);

	if (rest <= 0)
		return now;
	now += rest - rest * clock->drift / (1000000 + clock->drift);
	while (mwb_watch_read(clock, now) < time)
		now++;
	return now;
}

#endif /* _MWBOND_SIM_CLOCK_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long the receiver holds the packets of ordered flows, and which paths
 * that makes equal: a packet is released at the time at which it was sent plus
 * the hold, whichever of the paths inside it took, so that a flow sees one
 * steady path. Slower paths stay outside, unless they carry far more than all that
 * are faster, as do those that would cost all packets time and bring little.
 */
#ifndef _MWBOND_CORE_HOLD_H
#define _MWBOND_CORE_HOLD_H

#include <linux/types.h>

#include "sched.h"

/**
 * struct mwb_hold_path - what is known of a usable path
 * @base: one-way delay without queue, above the fastest path's, ns
 * @target: queueing delay that its rate is controlled to, ns
 * @jitter: ns
 * @rate: bytes/s
 * @loss: parts per million
 * @index: place of the WAN in its session
 * @known: its delay has been measured
 * @unsteady: it has been down of late
 * @proved: it has carried as much
 */
struct mwb_hold_path {
	u64 base;
	u64 target;
	u64 jitter;
	u64 rate;
	u32 loss;
	u8 index;
	bool known;
	bool unsteady;
	bool proved;
};

/**
 * struct mwb_hold - the hold of a device, in one direction
 * @hold: after the time of sending, ns
 * @raised: when it was last raised, ns
 * @lowered: up to when it has been lowered, or needed no lowering, ns
 * @inside: bit (index): the path is inside
 * @lossy: bit (index): it is, and the hold covers the repair of what it loses
 * @rate: of the paths inside, bytes/s
 *
 * The owner's lock guards it; all zero at first.
 */
struct mwb_hold {
	u64 hold;
	u64 raised;
	u64 lowered;
	u16 inside;
	u16 lossy;
	u64 rate;
};

/* The hold that a path asks for, ns: base delay + 1.5 target + jitter */
static inline u64 mwb_hold_of(u64 base, u64 target, u64 jitter)
{
	return base + 3 * target / 2 + jitter;
}

/**
 * mwb_hold_update() - the paths have been measured anew
 * @h: the hold
 * @path: the usable paths; sorted here by rising base delay
 * @count: their number
 * @budget: base delay beyond which a path is outside, ns; unless it carries a
 *	quarter more than those within, or promises far more
 * @rtt: least round-trip time of the paths, ns
 * @now: present time, ns
 *
 * A path that is unsteady stays outside if there are others that are not, unless
 * it is the fastest: the flows would see each of its comings as a longer round
 * trip, which costs them more of their rate than it brings.
 *
 * The hold is the greatest of mwb_hold_of(), plus, of a path with loss, the time
 * of a repair, over the paths inside; of one whose repairs would delay a flow for
 * a tenth of the time, that is. It is raised at once and lowered by 1 % in 10 ms
 * from 1 s after it was last raised.
 */
void mwb_hold_update(struct mwb_hold *h, struct mwb_hold_path *path, u32 count,
		     u64 budget, u64 rtt, u64 now);

#endif /* _MWBOND_CORE_HOLD_H */

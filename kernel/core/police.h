/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a path lose packets because a policer limits it, or whatever is sent?
 * Where much is lost though nothing queues, a little less is sent than what
 * comes through. If the loss ceases, a policer is at work: the rate stays below
 * what that lets pass, which is looked for slowly. If not, the loss is the
 * path's own, and says nothing about the rate.
 */
#ifndef _MWBOND_CORE_POLICE_H
#define _MWBOND_CORE_POLICE_H

#include <linux/types.h>

/* Loss that is worth a trial, above what is usual, parts per million */
#define MWB_POLICE_LOSS 20000

enum mwb_police_state {
	MWB_POLICE_FREE,
	MWB_POLICE_TRYING,	/* does the loss cease at a lower rate? */
	MWB_POLICE_LIMITED,
};

/**
 * struct mwb_police - what is known of a path's loss
 * @state: enum mwb_police_state
 * @own: loss that does not depend on the rate, parts per million
 * @proved: up to which it has been found not to depend, by trials, parts per
 *	million; comes down with @own
 * @rate: up to which the policer lets pass, if there is one, bytes/s
 * @before: rate before the trial, bytes/s
 * @loss: loss before the trial, parts per million
 * @suspect: counts with much loss, in a row
 * @clean: counts without much loss, in a row
 *
 * The owner's lock guards it; all zero at first.
 */
struct mwb_police {
	u8 state;
	u32 own;
	u32 proved;
	u64 rate;
	u64 before;
	u32 loss;
	u32 suspect;
	u32 clean;
};

/**
 * struct mwb_police_count - what became of packets that were sent at one rate
 * @sent: packets
 * @lost: packets, of these
 * @delivery: rate of delivery of the others, bytes/s
 * @time: over which this was counted, ns
 * @queued: some of them waited long in the path
 */
struct mwb_police_count {
	u64 sent;
	u64 lost;
	u64 delivery;
	u64 time;
	bool queued;
};

/**
 * mwb_police_judge() - what does the count say?
 * @p: path
 * @count: so far, of one packet at least
 * @rate: that is set, bytes/s; here is what is to be set
 *
 * Return: true if it is enough, so that another count is to begin, with packets
 *	that are sent at the rate that is to be set
 */
bool mwb_police_judge(struct mwb_police *p,
		      const struct mwb_police_count *count, u64 *rate);

#endif /* _MWBOND_CORE_POLICE_H */

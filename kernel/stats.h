/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters by CPU.
 */
#ifndef _MWBOND_STATS_H
#define _MWBOND_STATS_H

#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>

#include "counters.h"

struct mwb_session;
struct sk_buff;

#define MWB_COUNTER(name) MWB_STAT_##name,
enum mwb_stat {
	MWB_COUNTERS(MWB_COUNTER)
	MWB_NR_STATS
};

#undef MWB_COUNTER

/**
 * struct mwb_stats - counters of one CPU
 * @syncp: for 64-bit reads on 32-bit machines
 * @value: by enum mwb_stat
 */
struct mwb_stats {
	struct u64_stats_sync syncp;
	u64_stats_t value[MWB_NR_STATS];
};

/* All counters 0, or NULL; free_percpu() frees it. */
struct mwb_stats __percpu *mwb_stats_alloc(void);

/* Task or softirq context; disables bottom halves where they are not. */
void mwb_stats_add(struct mwb_stats __percpu *stats, enum mwb_stat which,
		   u64 count);

static inline void mwb_stats_inc(struct mwb_stats __percpu *stats,
				 enum mwb_stat which)
{
	mwb_stats_add(stats, which, 1);
}

/* Adds all CPUs' counters to @sum. Any context. */
void mwb_stats_collect(struct mwb_stats __percpu *stats, u64 sum[MWB_NR_STATS]);

/*
 * The counters of a device and of the listeners that it shares with others;
 * session->mutex is held.
 */
void mwb_stats_sum(struct mwb_session *session, u64 sum[MWB_NR_STATS]);

/**
 * struct mwb_waiting - what a device has that was not sent, or not settled
 * @bytes: in the queue, tunnel headers included
 * @packets: in the queue
 * @flows: in the queue
 * @kept: memory of the packets kept for a repair, bytes
 * @hold: see struct mwb_tx, us; 0 unless the mode is auto
 */
struct mwb_waiting {
	u32 bytes;
	u32 packets;
	u32 flows;
	u64 kept;
	u32 hold;
};

/* session->mutex is held */
void mwb_stats_waiting(struct mwb_session *session,
		       struct mwb_waiting *waiting);

/* Count, trace and free @skb. Task or softirq context. */
void mwb_session_drop(struct mwb_session *session, struct sk_buff *skb,
		      enum mwb_stat why);

#endif /* _MWBOND_STATS_H */

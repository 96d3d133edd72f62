// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters by CPU, and the end of every packet that is dropped.
 */
#include <linux/netdevice.h>

#include "session.h"
#include "socket.h"
#include "stats.h"
#include "trace.h"

struct mwb_stats __percpu *mwb_stats_alloc(void)
{
	return netdev_alloc_pcpu_stats(struct mwb_stats);
}

void mwb_stats_add(struct mwb_stats __percpu *stats, enum mwb_stat which,
		   u64 count)
{
	struct mwb_stats *own;

	local_bh_disable();
	own = this_cpu_ptr(stats);
	u64_stats_update_begin(&own->syncp);
	u64_stats_add(&own->value[which], count);
	u64_stats_update_end(&own->syncp);
	local_bh_enable();
}

void mwb_stats_collect(struct mwb_stats __percpu *stats, u64 sum[MWB_NR_STATS])
{
	u64 value[MWB_NR_STATS];
	unsigned int start;
	int cpu, i;

	for_each_possible_cpu(cpu) {
		const struct mwb_stats *one = per_cpu_ptr(stats, cpu);

		do {
			start = u64_stats_fetch_begin(&one->syncp);
			for (i = 0; i < MWB_NR_STATS; i++)
				value[i] = u64_stats_read(&one->value[i]);
		} while (u64_stats_fetch_retry(&one->syncp, start));
		for (i = 0; i < MWB_NR_STATS; i++)
			sum[i] += value[i];
	}
}

void mwb_stats_sum(struct mwb_session *session, u64 sum[MWB_NR_STATS])
{
	int i;

	lockdep_assert_held(&session->mutex);

	memset(sum, 0, sizeof(*sum) * MWB_NR_STATS);
	mwb_stats_collect(session->stats, sum);
	for (i = 0; i < ARRAY_SIZE(session->listener); i++) {
		if (session->listener[i])
			mwb_stats_collect(session->listener[i]->stats, sum);
	}
}

static u64 mwb_stats_kept(struct mwb_session *session)
{
	struct mwb_association *assoc = session->current_assoc;
	struct mwb_path_state *state;
	u64 kept = 0;
	int i;

	for (i = 0; assoc && i < ARRAY_SIZE(assoc->path); i++) {
		state = rcu_dereference_protected(assoc->path[i],
						  lockdep_is_held(&session->mutex));
		if (!state)
			continue;
		spin_lock_bh(&state->tx_lock);
		kept += state->tx_kept;
		spin_unlock_bh(&state->tx_lock);
	}
	return kept;
}

void mwb_stats_waiting(struct mwb_session *session,
		       struct mwb_waiting *waiting)
{
	struct mwb_tx *tx = &session->tx;

	lockdep_assert_held(&session->mutex);

	waiting->kept = mwb_stats_kept(session);
	spin_lock_bh(&tx->lock);
	waiting->bytes = tx->pacer.queue.bytes;
	waiting->packets = tx->pacer.queue.packets;
	waiting->flows = tx->pacer.queue.flows;
	waiting->hold = session->settings.mode == MWBOND_MODE_AUTO ?
			div_u64(tx->pacer.hold.hold, NSEC_PER_USEC) : 0;
	spin_unlock_bh(&tx->lock);
}

void mwb_session_drop(struct mwb_session *session, struct sk_buff *skb,
		      enum mwb_stat why)
{
	mwb_stats_inc(session->stats, why);
	trace_mwb_drop(session->dev, why, skb->len);
	kfree_skb(skb);
}

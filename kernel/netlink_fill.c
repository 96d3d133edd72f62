// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the messages of the generic netlink family say of devices and WANs.
 */
#include <linux/netdevice.h>
#include <net/netlink.h>

#include "netlink_fill.h"
#include "path.h"
#include "session.h"
#include "settings.h"
#include "simd.h"
#include "stats.h"
#include "wan.h"

const struct mwb_settings_attrs mwb_netlink_attrs = {
	.mode = MWBOND_A_DEV_MODE,
	.security = MWBOND_A_DEV_SECURITY,
	.session = MWBOND_A_DEV_SESSION,
	.listen_port = MWBOND_A_DEV_LISTEN_PORT,
	.listen_ipv4 = MWBOND_A_DEV_LISTEN_IPV4,
	.listen_ipv6 = MWBOND_A_DEV_LISTEN_IPV6,
	.mtu_auto = MWBOND_A_DEV_MTU_AUTO,
	.reorder_buffer = MWBOND_A_DEV_REORDER_BUFFER,
	.reorder_timeout = MWBOND_A_DEV_REORDER_TIMEOUT,
	.skew_budget = MWBOND_A_DEV_SKEW_BUDGET,
	.fec = MWBOND_A_DEV_FEC,
	.fec_data = MWBOND_A_DEV_FEC_DATA,
	.fec_parity = MWBOND_A_DEV_FEC_PARITY,
	.fec_timeout = MWBOND_A_DEV_FEC_TIMEOUT,
	.redundancy = MWBOND_A_DEV_REDUNDANCY,
	.duplicate = MWBOND_A_DEV_DUPLICATE,
	.repair = MWBOND_A_DEV_REPAIR,
};

static int mwb_netlink_fill_stats(struct sk_buff *skb,
				  struct mwb_session *session)
{
	u64 sum[MWB_NR_STATS];
	struct nlattr *nest;
	int i;

	BUILD_BUG_ON(MWB_STAT_rx_fec_refused + (int)MWBOND_A_STATS_TX_NO_WAN !=
		     (int)MWBOND_A_STATS_RX_FEC_REFUSED);
	BUILD_BUG_ON(MWB_NR_STATS + (int)MWBOND_A_STATS_TX_NO_WAN !=
		     (int)__MWBOND_A_STATS_MAX);

	mwb_stats_sum(session, sum);
	nest = nla_nest_start(skb, MWBOND_A_DEV_STATS);
	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < MWB_NR_STATS; i++) {
		if (nla_put_u64_64bit(skb, MWBOND_A_STATS_TX_NO_WAN + i, sum[i],
				      MWBOND_A_STATS_PAD)) {
			nla_nest_cancel(skb, nest);
			return -EMSGSIZE;
		}
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int mwb_netlink_fill_waiting(struct sk_buff *skb,
				    struct mwb_session *session)
{
	struct mwb_waiting waiting;

	mwb_stats_waiting(session, &waiting);
	if (nla_put_u32(skb, MWBOND_A_DEV_QUEUE_BYTES, waiting.bytes) ||
	    nla_put_u32(skb, MWBOND_A_DEV_QUEUE_PACKETS, waiting.packets) ||
	    nla_put_u32(skb, MWBOND_A_DEV_QUEUE_FLOWS, waiting.flows) ||
	    nla_put_u32(skb, MWBOND_A_DEV_HOLD, waiting.hold) ||
	    nla_put_u64_64bit(skb, MWBOND_A_DEV_KEPT_BYTES, waiting.kept,
			      MWBOND_A_DEV_PAD))
		return -EMSGSIZE;
	return 0;
}

/* Nothing that is secret */
static int mwb_netlink_fill_keys(struct sk_buff *skb,
				 const struct mwb_session *session)
{
	const struct mwb_settings *settings = &session->settings;
	const struct mwb_association *assoc = session->current_assoc;
	struct mwb_noise_identity own;
	struct mwb_key *key = NULL;
	u64 age;

	if (assoc)
		key = rcu_dereference_protected(assoc->tx_key,
						lockdep_is_held(&session->mutex));
	if (mwb_session_key_is_set(settings->private_key)) {
		mwb_noise_identity_init(&own, settings->private_key);
		memzero_explicit(own.secret, sizeof(own.secret));
		if (nla_put(skb, MWBOND_A_DEV_PUBLIC_KEY, sizeof(own.public),
			    own.public))
			return -EMSGSIZE;
	}
	if (mwb_session_key_is_set(settings->peer_key) &&
	    nla_put(skb, MWBOND_A_DEV_PEER_KEY, sizeof(settings->peer_key),
		    settings->peer_key))
		return -EMSGSIZE;
	if (nla_put_u8(skb, MWBOND_A_DEV_PRESHARED,
		       mwb_session_key_is_set(settings->preshared_key)) ||
	    nla_put_u32(skb, MWBOND_A_DEV_CIPHER, settings->cipher))
		return -EMSGSIZE;
	if (!key)
		return 0;
	age = div_u64(mwb_now() - key->born, NSEC_PER_MSEC);
	if (nla_put_u32(skb, MWBOND_A_DEV_CIPHER_USED,
			key->cipher == MWB_CIPHER_AES_GCM ?
			MWBOND_CIPHER_AES_GCM :
			MWBOND_CIPHER_CHACHA20POLY1305) ||
	    nla_put_u32(skb, MWBOND_A_DEV_KEY_AGE, age))
		return -EMSGSIZE;
	return 0;
}

int mwb_netlink_fill_device(struct sk_buff *skb, struct mwb_session *session)
{
	const struct mwb_association *assoc = session->current_assoc;
	const struct net_device *dev = session->dev;
	u32 count = 0;
	int i;

	lockdep_assert_held(&session->mutex);

	for (i = 0; i < MWB_MAX_WANS; i++)
		count += !!session->wan[i];
	if (nla_put_u32(skb, MWBOND_A_DEV_IFINDEX, dev->ifindex) ||
	    nla_put_string(skb, MWBOND_A_DEV_IFNAME, dev->name) ||
	    mwb_settings_fill(skb, &session->settings, &mwb_netlink_attrs) ||
	    nla_put_string(skb, MWBOND_A_DEV_FEC_VARIANT,
			   mwb_simd_fastest()->name) ||
	    nla_put_u32(skb, MWBOND_A_DEV_MTU, dev->mtu) ||
	    nla_put_u8(skb, MWBOND_A_DEV_ESTABLISHED, !!assoc) ||
	    nla_put_u8(skb, MWBOND_A_DEV_INITIATOR,
		       assoc && assoc->initiator) ||
	    nla_put_u32(skb, MWBOND_A_DEV_WAN_COUNT, count) ||
	    mwb_netlink_fill_keys(skb, session) ||
	    mwb_netlink_fill_waiting(skb, session))
		return -EMSGSIZE;
	return mwb_netlink_fill_stats(skb, session);
}

static int mwb_netlink_fill_traffic(struct sk_buff *skb,
				    const struct mwb_wan *wan)
{
	struct mwb_wan_sum sum;

	mwb_wan_sum(wan, &sum);
	if (nla_put_u64_64bit(skb, MWBOND_A_WAN_TX_PACKETS, sum.tx_packets,
			      MWBOND_A_WAN_PAD) ||
	    nla_put_u64_64bit(skb, MWBOND_A_WAN_TX_BYTES, sum.tx_bytes,
			      MWBOND_A_WAN_PAD) ||
	    nla_put_u64_64bit(skb, MWBOND_A_WAN_RX_PACKETS, sum.rx_packets,
			      MWBOND_A_WAN_PAD) ||
	    nla_put_u64_64bit(skb, MWBOND_A_WAN_RX_BYTES, sum.rx_bytes,
			      MWBOND_A_WAN_PAD) ||
	    nla_put_u64_64bit(skb, MWBOND_A_WAN_TX_ERRORS, sum.tx_errors,
			      MWBOND_A_WAN_PAD))
		return -EMSGSIZE;
	return 0;
}

static int mwb_netlink_fill_health(struct sk_buff *skb,
				   const struct mwb_health *health,
				   enum mwb_health_state state)
{
	u64 now = mwb_now();

	BUILD_BUG_ON(MWB_HEALTH_DOWN != (int)MWBOND_WAN_STATE_DOWN);
	BUILD_BUG_ON(MWB_HEALTH_RECOVERING !=
		     (int)MWBOND_WAN_STATE_RECOVERING);
	BUILD_BUG_ON(MWB_HEALTH_ANSWERED != (int)MWBOND_WAN_REASON_ANSWERED);
	BUILD_BUG_ON(MWB_HEALTH_RESTART != (int)MWBOND_WAN_REASON_RESTART);

	if (nla_put_u32(skb, MWBOND_A_WAN_STATE, state) ||
	    nla_put_u8(skb, MWBOND_A_WAN_SUSPECT, health->suspect) ||
	    nla_put_u32(skb, MWBOND_A_WAN_PENALTY,
			mwb_health_is_usable(health) ||
			now >= health->penalty_until ? 0 :
			div_u64(health->penalty_until - now, NSEC_PER_MSEC)) ||
	    nla_put_u64_64bit(skb, MWBOND_A_WAN_RTT, health->rtt,
			      MWBOND_A_WAN_PAD) ||
	    nla_put_u64_64bit(skb, MWBOND_A_WAN_RTT_LAST, health->rtt_last,
			      MWBOND_A_WAN_PAD) ||
	    nla_put_u64_64bit(skb, MWBOND_A_WAN_RTT_MIN, health->rtt_min,
			      MWBOND_A_WAN_PAD) ||
	    nla_put_u64_64bit(skb, MWBOND_A_WAN_JITTER, health->rttvar,
			      MWBOND_A_WAN_PAD) ||
	    nla_put_u32(skb, MWBOND_A_WAN_LOSS, health->loss) ||
	    nla_put_u64_64bit(skb, MWBOND_A_WAN_HEARTBEATS_SENT,
			      health->nr_sent, MWBOND_A_WAN_PAD) ||
	    nla_put_u64_64bit(skb, MWBOND_A_WAN_HEARTBEATS_ANSWERED,
			      health->nr_answered, MWBOND_A_WAN_PAD) ||
	    nla_put_u64_64bit(skb, MWBOND_A_WAN_HEARTBEATS_LOST,
			      health->nr_lost, MWBOND_A_WAN_PAD) ||
	    nla_put_u64_64bit(skb, MWBOND_A_WAN_DOWNS, health->downs,
			      MWBOND_A_WAN_PAD))
		return -EMSGSIZE;
	return 0;
}

/* Does the mode take this one of the usable WANs? tx->lock is held. */
static u32 mwb_netlink_use_of_mode(const struct mwb_paths *paths,
				   const struct mwb_wan *wan)
{
	const struct mwb_session *session = wan->session;
	const struct mwb_sched_path *only = NULL;

	if (paths->mode == MWBOND_MODE_AUTO) {
		if (session->tx.pacer.hold.inside & BIT(wan->index))
			return MWBOND_WAN_USE_IN_TIME;
		return mwb_pacer_base(&session->tx.pacer, &wan->pace) >
		       session->settings.skew_budget * (u64)NSEC_PER_MSEC ?
		       MWBOND_WAN_USE_TOO_SLOW : MWBOND_WAN_USE_NOT_WORTH;
	}
	if (paths->mode == MWBOND_MODE_FAILOVER)
		only = mwb_sched_failover(&paths->table);
	else if (paths->mode == MWBOND_MODE_LEAST_LATENCY)
		only = mwb_sched_least_latency(&paths->table);
	return !only || only->index == wan->index ? MWBOND_WAN_USE_BY_MODE :
						    MWBOND_WAN_USE_STANDBY;
}

/* An enum mwbond_wan_use. tx->lock is held. */
static u32 mwb_netlink_use(const struct mwb_wan *wan)
{
	struct mwb_session *session = wan->session;
	struct mwb_paths *paths;
	u32 i;

	if (!wan->settings.admin_up)
		return MWBOND_WAN_USE_OFF;
	if (!rcu_access_pointer(wan->endpoint))
		return MWBOND_WAN_USE_NO_UNDERLAY;
	paths = rcu_dereference_protected(session->paths,
					  lockdep_is_held(&session->mutex));
	for (i = 0; paths && i < paths->table.count; i++)
		if (paths->table.path[i].index == wan->index)
			return mwb_netlink_use_of_mode(paths, wan);
	if (READ_ONCE(wan->loop))
		return MWBOND_WAN_USE_LOOP;
	if (!session->current_assoc)
		return MWBOND_WAN_USE_NO_SESSION;
	if (wan->health.suspect)
		return MWBOND_WAN_USE_SUSPECT;
	switch (wan->health.state) {
	case MWB_HEALTH_DOWN:
		return MWBOND_WAN_USE_NO_ANSWER;
	case MWB_HEALTH_RECOVERING:
		return MWBOND_WAN_USE_RECOVERING;
	case MWB_HEALTH_DEGRADED:
		return MWBOND_WAN_USE_DEGRADED;
	default:
		return MWBOND_WAN_USE_STARTING;
	}
}

/* What is under way on a WAN */
static int mwb_netlink_fill_under_way(struct sk_buff *skb,
				      const struct mwb_wan *wan)
{
	struct mwb_session *session = wan->session;
	const struct mwb_association *assoc = session->current_assoc;
	struct mwb_path_state *state = NULL;
	u64 under_way = 0, kept = 0;

	if (assoc)
		state = rcu_dereference_protected(assoc->path[wan->wire_id],
						  lockdep_is_held(&session->mutex));
	if (state) {
		spin_lock_bh(&state->tx_lock);
		under_way = state->tx.bytes;
		kept = state->tx_kept;
		spin_unlock_bh(&state->tx_lock);
	}
	if (nla_put_u64_64bit(skb, MWBOND_A_WAN_TX_UNDER_WAY, under_way,
			      MWBOND_A_WAN_PAD) ||
	    nla_put_u64_64bit(skb, MWBOND_A_WAN_TX_KEPT, kept,
			      MWBOND_A_WAN_PAD) ||
	    nla_put_u32(skb, MWBOND_A_WAN_TX_SHARE, assoc ? wan->share : 0))
		return -EMSGSIZE;
	return 0;
}

/* tx->lock is held */
static int mwb_netlink_fill_rate(struct sk_buff *skb,
				 const struct mwb_wan *wan)
{
	const struct mwb_pace *pace = &wan->pace;
	const struct mwb_rate *rate = &pace->rate;

	if (nla_put_u64_64bit(skb, MWBOND_A_WAN_TX_RATE, rate->rate,
			      MWBOND_A_WAN_PAD) ||
	    nla_put_u8(skb, MWBOND_A_WAN_TX_STARTING, rate->starting) ||
	    nla_put_u64_64bit(skb, MWBOND_A_WAN_TX_POLICED,
			      rate->police.state == MWB_POLICE_LIMITED ?
			      rate->police.rate : 0, MWBOND_A_WAN_PAD))
		return -EMSGSIZE;
	if (!pace->reported)
		return 0;
	if (nla_put_u64_64bit(skb, MWBOND_A_WAN_TX_DELIVERY, rate->view.delivery,
			      MWBOND_A_WAN_PAD) ||
	    nla_put_u32(skb, MWBOND_A_WAN_TX_BASE_DELAY,
			div_u64(mwb_pacer_base(&wan->session->tx.pacer, pace),
				NSEC_PER_USEC)) ||
	    nla_put_u32(skb, MWBOND_A_WAN_TX_QUEUE_DELAY,
			div_u64(rate->view.queue, NSEC_PER_USEC)) ||
	    nla_put_u32(skb, MWBOND_A_WAN_TX_JITTER,
			div_u64(pace->jitter, NSEC_PER_USEC)) ||
	    nla_put_u32(skb, MWBOND_A_WAN_TX_LOSS, rate->loss))
		return -EMSGSIZE;
	return 0;
}

static int mwb_netlink_fill_tx(struct sk_buff *skb, const struct mwb_wan *wan)
{
	struct mwb_tx *tx = &wan->session->tx;
	int err;

	spin_lock_bh(&tx->lock);
	err = nla_put_u32(skb, MWBOND_A_WAN_TX_USE, mwb_netlink_use(wan));
	if (!err)
		err = mwb_netlink_fill_rate(skb, wan);
	spin_unlock_bh(&tx->lock);
	return err ?: mwb_netlink_fill_under_way(skb, wan);
}

int mwb_netlink_fill_dev_of(struct sk_buff *skb,
			    const struct mwb_session *session)
{
	if (nla_put_u32(skb, MWBOND_A_WAN_IFINDEX, session->dev->ifindex) ||
	    nla_put_string(skb, MWBOND_A_WAN_IFNAME, session->dev->name))
		return -EMSGSIZE;
	return 0;
}

int mwb_netlink_fill_wan(struct sk_buff *skb, const struct mwb_wan *wan,
			 enum mwb_health_state state)
{
	const struct mwb_endpoint *ep =
		rcu_dereference_protected(wan->endpoint,
					  lockdep_is_held(&wan->session->mutex));
	struct mwb_wan_settings settings = wan->settings;

	/* It may be another one than is set. */
	if (ep)
		settings.remote = ep->remote;
	if (mwb_settings_fill_wan(skb, &settings) ||
	    nla_put_u8(skb, MWBOND_A_WAN_DYNAMIC, wan->dynamic) ||
	    nla_put_u32(skb, MWBOND_A_WAN_WIRE_ID, wan->wire_id) ||
	    nla_put_u32(skb, MWBOND_A_WAN_MTU, READ_ONCE(wan->mtu)) ||
	    nla_put_u32(skb, MWBOND_A_WAN_SCORE, mwb_wan_score(wan)) ||
	    mwb_netlink_fill_health(skb, &wan->health, state) ||
	    mwb_netlink_fill_traffic(skb, wan) ||
	    mwb_netlink_fill_tx(skb, wan))
		return -EMSGSIZE;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is known of a WAN, and what is usual for its type, which stands in for
 * what is not known yet.
 */
#include "session.h"
#include "wan.h"

/**
 * struct mwb_wan_profile - what is reckoned with until there is a measurement
 * @latency: round-trip time, ms: twice the middle of the one-way range that is
 *	usual for the type of line
 * @rate: towards the peer, Mbit/s: low for the type. The estimate doubles in a
 *	round trip, but what is sent too fast fills the queue of the line.
 */
struct mwb_wan_profile {
	u16 latency;
	u16 rate;
};

static const struct mwb_wan_profile mwb_wan_profiles[] = {
	[MWBOND_WAN_TYPE_UNSPEC] = { 20, 10 },
	[MWBOND_WAN_TYPE_FIBER] = { 20, 50 },
	[MWBOND_WAN_TYPE_CABLE] = { 40, 20 },
	[MWBOND_WAN_TYPE_VDSL] = { 50, 10 },
	[MWBOND_WAN_TYPE_ADSL] = { 70, 2 },
	[MWBOND_WAN_TYPE_LTE] = { 100, 5 },
	[MWBOND_WAN_TYPE_5G] = { 50, 20 },
	[MWBOND_WAN_TYPE_STARLINK] = { 100, 20 },
	[MWBOND_WAN_TYPE_SATELLITE] = { 1200, 2 },
};

static const struct mwb_wan_profile *
mwb_wan_profile(const struct mwb_wan *wan)
{
	u32 type = wan->settings.type;

	/* The peer may know of more types. */
	if (type >= ARRAY_SIZE(mwb_wan_profiles))
		type = MWBOND_WAN_TYPE_UNSPEC;
	return &mwb_wan_profiles[type];
}

u64 mwb_wan_rate(const struct mwb_wan *wan)
{
	struct mwb_tx *tx = &wan->session->tx;
	u64 rate;

	if (wan->settings.rate)
		return wan->settings.rate;
	spin_lock_bh(&tx->lock);
	rate = wan->pace.rate.starting ? 0 : wan->pace.rate.rate;
	spin_unlock_bh(&tx->lock);
	return rate;
}

u64 mwb_wan_rate_usual(const struct mwb_wan *wan)
{
	return mwb_wan_profile(wan)->rate * (u64)(1000000 / BITS_PER_BYTE);
}

u64 mwb_wan_usual(const struct mwb_wan *wan)
{
	return mwb_wan_profile(wan)->latency * (u64)NSEC_PER_MSEC;
}

u64 mwb_wan_latency(const struct mwb_wan *wan)
{
	return wan->health.rtt ?: mwb_wan_usual(wan);
}

u32 mwb_wan_score(const struct mwb_wan *wan)
{
	u32 score = mwb_sched_score(wan->settings.weight, mwb_wan_latency(wan),
				    wan->health.loss, wan->utilisation);
	u64 share = mwb_health_share(&wan->health, mwb_now());

	return max_t(u32, div_u64(score * share, 1000), 1);
}

void mwb_wan_sum(const struct mwb_wan *wan, struct mwb_wan_sum *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct mwb_wan_stats *stats = per_cpu_ptr(wan->stats,
								cpu);
		struct mwb_wan_sum one;
		unsigned int start;

		do {
			start = u64_stats_fetch_begin(&stats->syncp);
			one.tx_packets = u64_stats_read(&stats->tx_packets);
			one.tx_bytes = u64_stats_read(&stats->tx_bytes);
			one.rx_packets = u64_stats_read(&stats->rx_packets);
			one.rx_bytes = u64_stats_read(&stats->rx_bytes);
			one.tx_errors = u64_stats_read(&stats->tx_errors);
		} while (u64_stats_fetch_retry(&stats->syncp, start));
		sum->tx_packets += one.tx_packets;
		sum->tx_bytes += one.tx_bytes;
		sum->rx_packets += one.rx_packets;
		sum->rx_bytes += one.rx_bytes;
		sum->tx_errors += one.tx_errors;
	}
}

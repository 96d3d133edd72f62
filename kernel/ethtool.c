// SPDX-License-Identifier: GPL-2.0-only
/*
 * ethtool: the counters of a device and the traffic of its WANs.
 */
#include <linux/ethtool.h>
#include <linux/netdevice.h>

#include "device.h"
#include "session.h"
#include "version.h"
#include "wan.h"

#define MWB_COUNTER(name) \
	[MWB_STAT_##name] = #name,
static const char * const mwb_ethtool_counters[] = {
	MWB_COUNTERS(MWB_COUNTER)
};

#undef MWB_COUNTER

/* Not counters, but what is there now; in the order of mwb_ethtool_stats() */
static const char * const mwb_ethtool_waiting[] = {
	"queue_bytes", "queue_packets", "queue_flows", "kept_bytes", "hold_us",
};

/* In the order of struct mwb_wan_sum. */
static const char * const mwb_ethtool_wan[] = {
	"tx_packets", "tx_bytes", "rx_packets", "rx_bytes", "tx_errors",
};

enum {
	MWB_ETHTOOL_WAITING = ARRAY_SIZE(mwb_ethtool_waiting),
	MWB_ETHTOOL_WAN = ARRAY_SIZE(mwb_ethtool_wan),
	/* The names are those of the places, so that the set never changes. */
	MWB_ETHTOOL_STATS = MWB_NR_STATS + MWB_ETHTOOL_WAITING +
			    MWB_MAX_WANS * MWB_ETHTOOL_WAN,
};

static void mwb_ethtool_drvinfo(struct net_device *dev,
				struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "mwbond", sizeof(info->driver));
	strscpy(info->version, MWB_VERSION, sizeof(info->version));
}

static int mwb_ethtool_link_ksettings(struct net_device *dev,
				      struct ethtool_link_ksettings *cmd)
{
	cmd->base.speed = SPEED_UNKNOWN;
	cmd->base.duplex = DUPLEX_UNKNOWN;
	cmd->base.port = PORT_NONE;
	cmd->base.autoneg = AUTONEG_DISABLE;
	return 0;
}

static int mwb_ethtool_sset_count(struct net_device *dev, int sset)
{
	return sset == ETH_SS_STATS ? MWB_ETHTOOL_STATS : -EOPNOTSUPP;
}

static void mwb_ethtool_strings(struct net_device *dev, u32 sset, u8 *data)
{
	int i, wan;

	if (sset != ETH_SS_STATS)
		return;
	for (i = 0; i < MWB_NR_STATS; i++) {
		strscpy_pad(data, mwb_ethtool_counters[i], ETH_GSTRING_LEN);
		data += ETH_GSTRING_LEN;
	}
	for (i = 0; i < MWB_ETHTOOL_WAITING; i++) {
		strscpy_pad(data, mwb_ethtool_waiting[i], ETH_GSTRING_LEN);
		data += ETH_GSTRING_LEN;
	}
	for (wan = 0; wan < MWB_MAX_WANS; wan++)
		for (i = 0; i < MWB_ETHTOOL_WAN; i++)
			ethtool_sprintf(&data, "wan%d_%s", wan,
					mwb_ethtool_wan[i]);
}

static void mwb_ethtool_stats(struct net_device *dev,
			      struct ethtool_stats *stats, u64 *data)
{
	struct mwb_session *session = netdev_priv(dev);
	struct mwb_waiting waiting;
	struct mwb_wan_sum sum;
	int i;

	mutex_lock(&session->mutex);
	mwb_stats_sum(session, data);
	data += MWB_NR_STATS;
	mwb_stats_waiting(session, &waiting);
	*data++ = waiting.bytes;
	*data++ = waiting.packets;
	*data++ = waiting.flows;
	*data++ = waiting.kept;
	*data++ = waiting.hold;
	for (i = 0; i < MWB_MAX_WANS; i++) {
		memset(&sum, 0, sizeof(sum));
		if (session->wan[i])
			mwb_wan_sum(session->wan[i], &sum);
		*data++ = sum.tx_packets;
		*data++ = sum.tx_bytes;
		*data++ = sum.rx_packets;
		*data++ = sum.rx_bytes;
		*data++ = sum.tx_errors;
	}
	mutex_unlock(&session->mutex);
}

const struct ethtool_ops mwb_ethtool_ops = {
	.get_drvinfo		= mwb_ethtool_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_link_ksettings	= mwb_ethtool_link_ksettings,
	.get_sset_count		= mwb_ethtool_sset_count,
	.get_strings		= mwb_ethtool_strings,
	.get_ethtool_stats	= mwb_ethtool_stats,
};

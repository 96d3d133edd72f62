/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The netdevice: rtnl_link_ops, net_device_ops, ethtool.
 */
#ifndef _MWBOND_DEVICE_H
#define _MWBOND_DEVICE_H

#include <linux/netdevice.h>

extern struct rtnl_link_ops mwb_link_ops;
extern const struct ethtool_ops mwb_ethtool_ops;	/* ethtool.c */

int mwb_device_init(void);
void mwb_device_exit(void);

static inline bool mwb_device_is(const struct net_device *dev)
{
	return dev->rtnl_link_ops == &mwb_link_ops;
}

#endif /* _MWBOND_DEVICE_H */

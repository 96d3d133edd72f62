/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rtnl_link_ops.newlink has its arguments in a struct since 6.15.
 */
#ifndef _MWBOND_COMPAT_RTNETLINK_H
#define _MWBOND_COMPAT_RTNETLINK_H

#include <net/rtnetlink.h>

/* What newlink is to do; device.c has it. */
int mwb_device_create(struct net *net, struct net_device *dev,
		      struct nlattr *tb[], struct nlattr *data[],
		      struct netlink_ext_ack *extack);

#ifdef MWB_HAVE_NEWLINK_PARAMS
static inline int mwb_compat_newlink(struct net_device *dev,
				     struct rtnl_newlink_params *params,
				     struct netlink_ext_ack *extack)
{
	return mwb_device_create(rtnl_newlink_link_net(params), dev, params->tb,
				 params->data, extack);
}
#else
static inline int mwb_compat_newlink(struct net *net, struct net_device *dev,
				     struct nlattr *tb[], struct nlattr *data[],
				     struct netlink_ext_ack *extack)
{
	return mwb_device_create(net, dev, tb, data, extack);
}
#endif

#endif /* _MWBOND_COMPAT_RTNETLINK_H */

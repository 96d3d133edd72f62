/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transmission without the queue's lock: a feature flag up to 6.11, a member
 * of the device since.
 */
#ifndef _MWBOND_COMPAT_NETDEVICE_H
#define _MWBOND_COMPAT_NETDEVICE_H

#include <linux/netdevice.h>

static inline void mwb_compat_set_lltx(struct net_device *dev)
{
#ifdef MWB_HAVE_LLTX_MEMBER
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

#endif /* _MWBOND_COMPAT_NETDEVICE_H */

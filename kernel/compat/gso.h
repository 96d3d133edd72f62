/* SPDX-License-Identifier: GPL-2.0-only */
/* Software segmentation has had a header of its own since 6.5. */
#ifndef _MWBOND_COMPAT_GSO_H
#define _MWBOND_COMPAT_GSO_H

#ifdef MWB_HAVE_NET_GSO_H
#include <net/gso.h>
#else
#include <linux/netdevice.h>
#endif

#endif /* _MWBOND_COMPAT_GSO_H */

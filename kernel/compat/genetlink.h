/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attributes of a dump request are in a struct genl_info since 6.6.
 */
#ifndef _MWBOND_COMPAT_GENETLINK_H
#define _MWBOND_COMPAT_GENETLINK_H

#include <net/genetlink.h>

static inline struct nlattr **mwb_compat_dump_attrs(struct netlink_callback *cb)
{
#ifdef MWB_HAVE_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

#endif /* _MWBOND_COMPAT_GENETLINK_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the operations of the generic netlink family have in common.
 */
#ifndef _MWBOND_NETLINK_OP_H
#define _MWBOND_NETLINK_OP_H

#include <net/genetlink.h>

struct mwb_session;

extern struct genl_family mwb_netlink_family;

/**
 * struct mwb_netlink_dump - where a dump goes on, in netlink_callback.args
 * @ifindex: all devices before this one are done
 * @place: all WANs or classes of that device before this place are done
 */
struct mwb_netlink_dump {
	long ifindex;
	long place;
};

static inline struct mwb_netlink_dump *
mwb_netlink_dump(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct mwb_netlink_dump) > sizeof(cb->args));
	return (struct mwb_netlink_dump *)cb->args;
}

/**
 * mwb_netlink_missing() - is a required attribute missing?
 * @info: request; it is refused then
 * @attr: attribute
 * @why: what is said about it
 *
 * Return: whether it is missing
 */
bool mwb_netlink_missing(struct genl_info *info, int attr, const char *why);

/**
 * mwb_netlink_locked() - carry out a request
 * @info: request, which names a device
 * @handler: called with RTNL and the session's mutex held
 * @changes: what dumps show is another thing afterwards
 *
 * Return: what @handler returned, or a negative errno
 */
int mwb_netlink_locked(struct genl_info *info,
		       int (*handler)(struct mwb_session *session,
				      struct genl_info *info),
		       bool changes);

/**
 * mwb_netlink_dumpit() - go on with a dump of one device or of all
 * @skb: message
 * @cb: dump
 * @fill: puts what belongs to a device into the message, from the place that
 *	mwb_netlink_dump() says, and returns an error when that is full; called
 *	with RTNL and the session's mutex held
 *
 * Return: length of the message, or a negative errno
 */
int mwb_netlink_dumpit(struct sk_buff *skb, struct netlink_callback *cb,
		       int (*fill)(struct sk_buff *skb,
				   struct netlink_callback *cb,
				   struct mwb_session *session));

#endif /* _MWBOND_NETLINK_OP_H */

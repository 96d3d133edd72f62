/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the messages of the generic netlink family say of devices and WANs.
 */
#ifndef _MWBOND_NETLINK_FILL_H
#define _MWBOND_NETLINK_FILL_H

#include <uapi/linux/mwbond.h>

#include "settings.h"

struct sk_buff;
struct mwb_session;
struct mwb_wan;

/* Where the settings are among the attributes of a device. */
extern const struct mwb_settings_attrs mwb_netlink_attrs;

/**
 * mwb_netlink_fill_device() - all attributes of a device
 * @skb: message
 * @session: device; its mutex is held
 *
 * Return: 0, or -EMSGSIZE if the message is full; what was added then is for
 * the caller to take back
 */
int mwb_netlink_fill_device(struct sk_buff *skb, struct mwb_session *session);

/**
 * mwb_netlink_fill_dev_of() - which device a WAN or an event belongs to
 * @skb: message
 * @session: device
 *
 * Return: 0 or -EMSGSIZE
 */
int mwb_netlink_fill_dev_of(struct sk_buff *skb,
			    const struct mwb_session *session);

/**
 * mwb_netlink_fill_wan() - all attributes of a WAN but those of its device
 * @skb: message
 * @wan: WAN; the mutex of its session is held
 * @state: that of @wan, or one that it has left meanwhile
 *
 * Return: 0 or -EMSGSIZE
 */
int mwb_netlink_fill_wan(struct sk_buff *skb, const struct mwb_wan *wan,
			 enum mwb_health_state state);

#endif /* _MWBOND_NETLINK_FILL_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generic netlink family: requests, dumps, events.
 */
#ifndef _MWBOND_NETLINK_H
#define _MWBOND_NETLINK_H

#include <uapi/linux/mwbond.h>

struct mwb_health_move;
struct mwb_session;
struct mwb_wan;

int mwb_netlink_init(void);
void mwb_netlink_exit(void);

/**
 * mwb_netlink_event() - tell the listeners of the multicast group
 * @session: device; its mutex is held
 * @wan: WAN that it is about, or NULL
 * @event: what happened
 * @move: for MWBOND_EVENT_WAN_STATE, else NULL
 *
 * Process context; goes to the namespace that holds the device now. Costs
 * nothing when nobody listens.
 */
void mwb_netlink_event(struct mwb_session *session, struct mwb_wan *wan,
		       enum mwbond_event event,
		       const struct mwb_health_move *move);

/*
 * The set of devices or WANs, or their configuration, has changed: dumps under
 * way are marked as interrupted. Any context.
 */
void mwb_netlink_changed(void);

#endif /* _MWBOND_NETLINK_H */

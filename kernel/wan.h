/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A WAN: one path to the peer, between two UDP endpoints.
 */
#ifndef _MWBOND_WAN_H
#define _MWBOND_WAN_H

#include <net/dst_cache.h>

#include "core/health.h"
#include "core/pace.h"
#include "core/pmtu.h"
#include "session.h"

#define MWB_WAN_ID_AUTO 0

/**
 * struct mwb_wan_settings - configuration of a WAN
 * @name: unique in the session
 * @id: number, 1-127, or MWB_WAN_ID_AUTO for the lowest free one
 * @remote: where the peer listens
 * @local: source address and port; AF_UNSPEC, port 0 for any
 * @dev: underlay interface, empty for none
 * @fwmark: mark of tunnel packets, 0 for none
 * @type: enum mwbond_wan_type
 * @weight: 1-1000
 * @priority: 0-255
 * @rate: cap in bytes/s, 0 for none
 * @heartbeat: ms
 * @failures: lost heartbeats in a row that mean down
 * @max_latency: round-trip time beyond which it is degraded, ms; 0 for none
 * @max_jitter: the same of jitter, ms
 * @max_loss: the same of heartbeats lost, parts per million
 * @admin_up: not switched off
 */
struct mwb_wan_settings {
	char name[MWB_WIRE_NAME_LEN];
	u8 id;
	struct mwb_address remote;
	struct mwb_address local;
	char dev[IFNAMSIZ];
	u32 fwmark;
	u32 type;
	u32 weight;
	u32 priority;
	u64 rate;
	u32 heartbeat;
	u32 failures;
	u32 max_latency;
	u32 max_jitter;
	u32 max_loss;
	bool admin_up;
};

/**
 * struct mwb_endpoint - where a WAN's packets go; replaced as a whole (RCU)
 * @rcu: for freeing
 * @dst_cache: routes to @remote, by CPU; unused in an endpoint on the stack
 * @socket: sends them; outlives the endpoint by a grace period
 * @local: source address; AF_UNSPEC for the route's choice
 * @remote: destination
 * @oif: interface index, 0 for the route's choice
 * @mark: fwmark
 */
struct mwb_endpoint {
	struct rcu_head rcu;
	struct dst_cache dst_cache;
	struct mwb_socket *socket;
	struct mwb_address local;
	struct mwb_address remote;
	int oif;
	u32 mark;
};

/**
 * struct mwb_wan_stats - traffic of one WAN on one CPU
 * @syncp: for 64-bit reads on 32-bit machines
 * @tx_packets: tunnel packets sent
 * @tx_bytes: UDP payload sent
 * @rx_packets: tunnel packets received
 * @rx_bytes: UDP payload received
 * @tx_errors: tunnel packets not sent
 */
struct mwb_wan_stats {
	struct u64_stats_sync syncp;
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t tx_errors;
};

/* Bits of mwb_wan.pace_flags; who sets the first is the one that sends. */
enum {
	MWB_PACE_RUNNING,
	MWB_PACE_AGAIN,
};

/**
 * struct mwb_wan - one path
 * @session: whose it is
 * @index: place in session->wan
 * @wire_id: WAN id in packets; changes with the role in the handshake
 * @dynamic: announced by the peer, not configured here
 * @own_share: weight and priority of a dynamic WAN were set here;
 *	session->mutex
 * @settings: configuration (or what the peer announced); session->mutex
 * @socket: own socket, NULL for a dynamic WAN; session->mutex
 * @endpoint: published to the data path; NULL without underlay
 * @mtu: largest inner packet that fits into one datagram, 0 until known
 * @route_room: the same, as the route has it
 * @room: the same, as far as it is known to arrive; 0 until that is known
 * @pmtu: of which @room is made; session->mutex
 * @pmtu_rate: its rate when that was last confirmed, bytes/s; session->mutex
 * @lossy: packets have been lost since the last probe of the MTU
 * @rx_stamp: newest timestamp received (sender's clock), ns
 * @rx_data: jiffies of the last data received; at first long ago
 * @stats: traffic, by CPU
 * @loop: its packets have come back to the device, or would have
 * @loop_reported: the event has been sent; session->mutex
 * @pace: when it may send; session->tx.lock
 * @pace_seed: what its rate began with, by the type of the line, bytes/s;
 *	session->tx.lock
 * @pace_timer: sends what is due
 * @pace_flags: MWB_PACE_RUNNING, MWB_PACE_AGAIN; atomic
 * @health: session->mutex
 * @carries: data is sent over it, as was last published; session->mutex
 * @suspect: health.suspect, as was last published; session->mutex
 * @beacon: what the peer tells of it by others; session->mutex
 * @heartbeat_at: when the next request is due, ns; session->mutex
 * @confirmed: the peer has challenged us, or answered our challenge;
 *	session->mutex
 * @confirmed_at: when it was confirmed (again), ns; session->mutex
 * @announce_at: when to announce again, ns, U64_MAX for not at all;
 *	session->mutex
 * @announce_interval: from one announcement to the next, ns; session->mutex
 * @renewed_at: when it last took another source port, ns; session->mutex
 * @renew_interval: until it does so again if it stays Down, ns; session->mutex
 * @moving: its packets come from an address that is not confirmed;
 *	session->mutex
 * @moving_until: when that is given up, ns; session->mutex
 * @challenged: jiffies of the last challenge for that
 * @failed: a packet could not be sent; the work looks why
 * @route: interface that its packets leave by, 0 for none; session->mutex
 * @util_bytes: tx_bytes at the last look; session->mutex
 * @util_at: time of the last look, ns; session->mutex
 * @utilisation: share of the rate in use, parts per million; session->mutex
 * @util_window: rises by one with each look; session->mutex
 * @share_bytes: tx_bytes when the shares were last counted; session->mutex
 * @share_new: bytes sent from the time before until then; session->mutex
 * @share: part of what the device sent in that time, parts per million;
 *	session->mutex
 * @rcu: for freeing
 *
 * session->mutex guards the life cycle: mwb_wan_remove() takes it out of
 * session->wan and publishes; after a grace period nothing reads it any more.
 */
struct mwb_wan {
	struct mwb_session *session;
	u8 index;
	u8 wire_id;
	bool dynamic;
	bool own_share;
	struct mwb_wan_settings settings;
	struct mwb_socket *socket;
	struct mwb_endpoint __rcu *endpoint;
	u32 mtu;
	u32 route_room;
	u32 room;
	struct mwb_pmtu pmtu;
	u64 pmtu_rate;
	bool lossy;
	u64 rx_stamp;
	unsigned long rx_data;
	struct mwb_wan_stats __percpu *stats;
	bool loop;
	bool loop_reported;
	struct mwb_pace pace;
	u64 pace_seed;
	struct hrtimer pace_timer;
	unsigned long pace_flags;
	struct mwb_health health;
	bool carries;
	bool suspect;
	struct mwb_suspect_beacon beacon;
	u64 heartbeat_at;
	bool confirmed;
	u64 confirmed_at;
	u64 announce_at;
	u64 announce_interval;
	u64 renewed_at;
	u64 renew_interval;
	bool moving;
	u64 moving_until;
	unsigned long challenged;
	bool failed;
	int route;
	u64 util_bytes;
	u64 util_at;
	u32 utilisation;
	u8 util_window;
	u64 share_bytes;
	u64 share_new;
	u32 share;
	struct rcu_head rcu;
};

/* Defaults of all settings; the name and the addresses are empty. */
void mwb_wan_defaults(struct mwb_wan_settings *settings);

/**
 * mwb_wan_add() - add a configured WAN
 * @session: session; RTNL and its mutex are held
 * @new: complete settings, valid one by one (ranges)
 * @extack: for the reason of a refusal
 *
 * Return: 0 or a negative errno, nothing has changed then
 */
int mwb_wan_add(struct mwb_session *session, const struct mwb_wan_settings *new,
		struct netlink_ext_ack *extack);
/* As mwb_wan_add(): replace the settings of @wan. Name and id cannot change.
 * Of a dynamic WAN only admin_up, the limits, weight and priority can; the latter
 * two then stay, whatever the peer announces.
 */
int mwb_wan_change(struct mwb_wan *wan, const struct mwb_wan_settings *new,
		   struct netlink_ext_ack *extack);
/* Takes the WAN out, tells the peer, waits for a grace period and frees it. */
void mwb_wan_remove(struct mwb_wan *wan);
/* queue.c: its pace, at first and when it has been away */
void mwb_wan_pace_init(struct mwb_wan *wan);
void mwb_wan_pace_restart(struct mwb_wan *wan);
/* What was learnt of its rate is void: begin with @rate, or what is usual. */
void mwb_wan_pace_renew(struct mwb_wan *wan, u64 rate);
/* Its configured rate or its type has changed, or is known now. */
void mwb_wan_pace_set(struct mwb_wan *wan);
/* By name, or NULL; session->mutex is held. */
struct mwb_wan *mwb_wan_find(struct mwb_session *session, const char *name);
/* A configured one by its number, or NULL; session->mutex is held. */
struct mwb_wan *mwb_wan_find_id(struct mwb_session *session, u8 id);
/* By WAN id in packets, or NULL; session->mutex is held. */
struct mwb_wan *mwb_wan_find_wire(struct mwb_session *session, u8 wire_id);

/* A WAN that the peer announces; session->mutex is held. Or ERR_PTR(): -ENOSPC
 * when there are MWB_MAX_WANS.
 */
struct mwb_wan *mwb_wan_add_dynamic(struct mwb_session *session, u8 wire_id,
				    const struct mwb_wire_control *ctl);
/* Settings that the peer announced (again); session->mutex is held. */
void mwb_wan_announced(struct mwb_wan *wan, const struct mwb_wire_control *ctl);
/* The WAN id of a configured WAN, from its number and this end's role. */
void mwb_wan_set_wire_id(struct mwb_wan *wan);
/* After a change of session, endpoint or interface: down, and to be introduced
 * to the peer again. session->mutex is held.
 */
void mwb_wan_restart(struct mwb_wan *wan, enum mwb_health_reason reason);
/* Its health may have changed: do what follows, and tell of it; session->mutex
 * is held.
 */
void mwb_wan_health_changed(struct mwb_wan *wan);

/* endpoint.c; session->mutex is held, but for the last one */

/* Nothing reads it any more. */
void mwb_endpoint_free(struct mwb_endpoint *ep);
/* Its own socket, bound to the local address, or to any of the family; or
 * ERR_PTR()
 */
struct mwb_socket *mwb_wan_open(struct mwb_wan *wan,
				const struct mwb_wan_settings *settings,
				struct netlink_ext_ack *extack);
void mwb_wan_close(struct mwb_wan *wan, struct mwb_socket *socket);
/* Publish the endpoint that settings and underlay give, or none. */
int mwb_wan_bind(struct mwb_wan *wan);
/* Where its packets go from now on, which was confirmed. Return: 0 or an errno */
int mwb_wan_set_endpoint(struct mwb_wan *wan, const struct mwb_address *remote,
			 const struct mwb_address *local);
/* Its packets come from an address that is being confirmed: until @until, if that
 * is not 0, others are preferred.
 */
void mwb_wan_set_moving(struct mwb_wan *wan, u64 until);
/* One that is configured is silent: take another source port, unless one is set,
 * and the remote address that is.
 */
void mwb_wan_renew(struct mwb_wan *wan);
/* Look whether it can be sent by, and by what: that may have changed. */
void mwb_wan_look(struct mwb_wan *wan);
/* The namespace of its socket goes away; RTNL is held, too. */
void mwb_wan_detach(struct mwb_wan *wan);
/* An interface has come, gone or changed its name; RTNL is held. */
void mwb_wan_underlay(struct mwb_session *session, struct net_device *dev,
		      unsigned long event);

/* pmtu.c; session->mutex is held */

/* Send the probes that are due. */
void mwb_wan_pmtu_run(struct mwb_wan *wan, u64 now);
/* The peer has got one of that size. */
void mwb_wan_pmtu_answered(struct mwb_wan *wan, u32 size);
/* It leads elsewhere. */
void mwb_wan_pmtu_restart(struct mwb_wan *wan);

/* Traffic of a WAN, all CPUs, as in struct mwb_wan_stats. */
struct mwb_wan_sum {
	u64 tx_packets, tx_bytes, rx_packets, rx_bytes, tx_errors;
};

/* profile.c */
void mwb_wan_sum(const struct mwb_wan *wan, struct mwb_wan_sum *sum);
/* Rate at which it can send, bytes/s: that which is configured, else that which
 * was found; 0 if there is neither. session->tx.lock must not be held.
 */
u64 mwb_wan_rate(const struct mwb_wan *wan);
/* Rate to begin with, usual at the least for the type, bytes/s */
u64 mwb_wan_rate_usual(const struct mwb_wan *wan);
/* Round-trip time, ns; until it is measured, what is usual for the type. */
u64 mwb_wan_latency(const struct mwb_wan *wan);
/* Round-trip time that is usual for the type, ns */
u64 mwb_wan_usual(const struct mwb_wan *wan);
/* Present score in the mode weighted, in hundredths; session->mutex is held. */
u32 mwb_wan_score(const struct mwb_wan *wan);

#endif /* _MWBOND_WAN_H */

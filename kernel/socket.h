/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * UDP sockets: one for each configured WAN, and listeners that devices share.
 */
#ifndef _MWBOND_SOCKET_H
#define _MWBOND_SOCKET_H

#include <linux/refcount.h>
#include <net/dst.h>

#include "session.h"
#include "wan.h"

enum {
	MWB_LISTENER_HASH = 64,
	MWB_STRANGER_SOURCES = 1024,
};

/**
 * struct mwb_stranger - what a listener keeps to deal with anybody's initiations
 * @socket: the listener
 * @queue: initiations whose code is right, for @work
 * @work: examines them
 * @due: limits those that are examined without a cookie, ns; @work's, as are
 *	all that follow
 * @secret: of cookies
 * @secret_until: how long, ns
 * @seed: of the hash that finds an entry of @source
 * @source: the same as @due for those with a cookie, by their address
 */
struct mwb_stranger {
	struct mwb_socket *socket;
	struct sk_buff_head queue;
	struct work_struct work;
	u64 due;
	u8 secret[MWB_CRYPTO_KEY_LEN];
	u64 secret_until;
	u32 seed;
	u64 source[MWB_STRANGER_SOURCES];
};

/**
 * struct mwb_socket - a UDP socket
 * @sock: the kernel's socket
 * @net: its namespace, not counted: sockets go before it does
 * @address: what it is bound to; address 0 for all
 * @session: owner of a WAN's socket; NULL if listening
 * @stats: drops of packets that no session can be charged with; the session's
 *	own for a WAN's socket
 * @refs: sessions that listen
 * @entry: in the list of listeners, guarded by RTNL
 * @stranger: of a listener
 * @sessions: of a listener, by session number or id of its key (RCU); guarded
 *	by RTNL
 * @peers: the same, by the key of the peer, of those with keys
 * @rcu: for freeing
 */
struct mwb_socket {
	struct socket *sock;
	struct net *net;
	struct mwb_address address;
	struct mwb_session *session;
	struct mwb_stats __percpu *stats;
	refcount_t refs;
	struct list_head entry;
	struct mwb_stranger *stranger;
	struct hlist_head sessions[MWB_LISTENER_HASH];
	struct hlist_head peers[MWB_LISTENER_HASH];
	struct rcu_head rcu;
};

/* A WAN's own socket. session->mutex is held. Return: it, or ERR_PTR() */
struct mwb_socket *mwb_socket_open(struct mwb_session *session,
				   const struct mwb_address *local,
				   struct netlink_ext_ack *extack);
/* Nothing is received once this returns. Process context. */
void mwb_socket_close(struct mwb_socket *socket);

/* Join a listener, opened if need be, or leave it; RTNL is held. @keys: of
 * @settings, if they have any
 */
int mwb_listener_join(struct mwb_session *session, struct net *net,
		      const struct mwb_settings *settings,
		      const struct mwb_secure_keys *keys,
		      struct mwb_socket *listener[2],
		      struct netlink_ext_ack *extack);
/* Does no other device listen by the session's listeners? RTNL is held. */
bool mwb_listener_is_own(const struct mwb_session *session);
/* Receive for session->settings.number from session->listener; RTNL is held. */
void mwb_listener_enter(struct mwb_session *session);
void mwb_listener_leave(struct mwb_session *session,
			struct mwb_socket *listener[2]);
/* By session number, or the id of its key, in which case there may be more with
 * the same key; RCU read side.
 */
struct mwb_session *mwb_listener_find(struct mwb_socket *socket, u64 number);
/* By the id of its key and the key of its peer; RCU read side. */
struct mwb_session *mwb_listener_find_peer(struct mwb_socket *socket, u64 id,
					   const u8 *public);

/* Does what is sent from @net to @remote come to who listens there on @listen? */
bool mwb_listener_is_at(struct net *net, const struct mwb_address *listen,
			const struct mwb_address *remote);

/* Source and destination of a received datagram. */
void mwb_socket_addresses(struct sk_buff *skb, struct mwb_address *remote,
			  struct mwb_address *local);
/* The same but for the port */
bool mwb_address_same_host(const struct mwb_address *a,
			   const struct mwb_address *b);
/* Is that its source? The scope of a link-local one need not be given. */
bool mwb_socket_is_from(struct sk_buff *skb, const struct mwb_address *address);
bool mwb_address_equal(const struct mwb_address *a,
		       const struct mwb_address *b);
bool mwb_address_is_any(const struct mwb_address *a);

/**
 * struct mwb_route - a route that was looked up
 * @dst: counted
 * @saddr4: source address, IPv4
 * @saddr6: source address, IPv6
 * @mtu: largest payload of a datagram on it, bytes
 */
struct mwb_route {
	struct dst_entry *dst;
	union {
		__be32 saddr4;
		struct in6_addr saddr6;
	};
	u32 mtu;
};

/**
 * mwb_socket_route() - route to an endpoint
 * @session: whose device must not be on the way, or NULL
 * @ep: the endpoint
 * @route: result, to be released by dst_release(@route->dst)
 *
 * BH off, RCU read side.
 * Return: 0, -ELOOP if it leads back into the device, -ENETDOWN if the interface
 * has no carrier, or another errno
 */
int mwb_socket_route(struct mwb_session *session, struct mwb_endpoint *ep,
		     struct mwb_route *route);
/* Note the MTU of the path to an endpoint; as mwb_receive_too_big(). */
void mwb_socket_too_big(struct mwb_session *session, struct mwb_endpoint *ep,
			struct sk_buff *skb, u32 mtu);
/* Send @skb, a complete tunnel packet; consumes it. As mwb_socket_route(). */
void mwb_socket_output(const struct mwb_endpoint *ep,
		       const struct mwb_route *route, struct sk_buff *skb,
		       u8 tos);

#endif /* _MWBOND_SOCKET_H */

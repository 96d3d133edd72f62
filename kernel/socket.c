// SPDX-License-Identifier: GPL-2.0-only
/*
 * UDP sockets: opening, sharing, routes, output. Knows nothing of what the
 * packets mean.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/rculist.h>
#include <net/addrconf.h>
#include <net/dst_cache.h>
#include <net/inet_sock.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/udp.h>
#include <net/udp_tunnel.h>

#include "compat/udp_tunnel.h"
#include "path.h"
#include "socket.h"

/* All listeners of all namespaces; RTNL. */
static LIST_HEAD(mwb_listeners);

bool mwb_address_is_any(const struct mwb_address *a)
{
	switch (a->family) {
	case AF_INET:
		return !a->v4.s_addr;
	case AF_INET6:
		return ipv6_addr_any(&a->v6);
	}
	return true;
}

bool mwb_address_same_host(const struct mwb_address *a,
			   const struct mwb_address *b)
{
	if (a->family != b->family)
		return false;
	if (a->family == AF_INET)
		return a->v4.s_addr == b->v4.s_addr;
	if (a->family == AF_INET6)
		return ipv6_addr_equal(&a->v6, &b->v6) && a->scope == b->scope;
	return true;
}

bool mwb_address_equal(const struct mwb_address *a, const struct mwb_address *b)
{
	return a->port == b->port && mwb_address_same_host(a, b);
}

/* Does an interface of the namespace have the address? */
static bool mwb_address_is_local(struct net *net, const struct mwb_address *a)
{
	struct net_device *dev = NULL;
	bool local = false;

	rcu_read_lock();
	if (a->family == AF_INET) {
		local = inet_addr_type(net, a->v4.s_addr) == RTN_LOCAL;
	} else if (IS_ENABLED(CONFIG_IPV6) && a->family == AF_INET6) {
		if (a->scope)
			dev = dev_get_by_index_rcu(net, a->scope);
		local = ipv6_chk_addr(net, &a->v6, dev, !!dev);
	}
	rcu_read_unlock();
	return local;
}

bool mwb_listener_is_at(struct net *net, const struct mwb_address *listen,
			const struct mwb_address *remote)
{
	if (!net || !listen->port || listen->port != remote->port)
		return false;
	if (listen->family && listen->family != remote->family)
		return false;
	if (!mwb_address_is_any(listen) && !mwb_address_equal(listen, remote))
		return false;
	return mwb_address_is_local(net, remote);
}

void mwb_socket_addresses(struct sk_buff *skb, struct mwb_address *remote,
			  struct mwb_address *local)
{
	const struct udphdr *uh = udp_hdr(skb);

	memset(remote, 0, sizeof(*remote));
	memset(local, 0, sizeof(*local));
	remote->port = uh->source;
	local->port = uh->dest;
	if (ip_hdr(skb)->version == 4) {
		remote->family = AF_INET;
		local->family = AF_INET;
		remote->v4.s_addr = ip_hdr(skb)->saddr;
		local->v4.s_addr = ip_hdr(skb)->daddr;
		return;
	}
	remote->family = AF_INET6;
	local->family = AF_INET6;
	remote->v6 = ipv6_hdr(skb)->saddr;
	local->v6 = ipv6_hdr(skb)->daddr;
	remote->scope = ipv6_iface_scope_id(&remote->v6, skb->skb_iif);
	local->scope = remote->scope;
}

bool mwb_socket_is_from(struct sk_buff *skb, const struct mwb_address *address)
{
	struct mwb_address remote, local;

	mwb_socket_addresses(skb, &remote, &local);
	remote.scope = address->scope;
	return mwb_address_equal(&remote, address);
}

static int mwb_socket_receive(struct sock *sk, struct sk_buff *skb)
{
	struct mwb_socket *socket = rcu_dereference_sk_user_data(sk);

	if (likely(socket))
		mwb_receive_datagram(socket, skb);
	else
		kfree_skb(skb);
	return 0;
}

/* The MTU that an ICMP error tells, or 0. Its header of 8 bytes precedes
 * @skb->data; with an ICMPv6 redirect that of the option does, whose type is
 * not that of a packet too big.
 */
static u32 mwb_socket_icmp_mtu(const struct sock *sk, const struct sk_buff *skb)
{
	const struct icmp6hdr *icmp6;
	const struct icmphdr *icmp;

	if (sk->sk_family == AF_INET6) {
		icmp6 = (const void *)(skb->data - sizeof(*icmp6));
		return icmp6->icmp6_type == ICMPV6_PKT_TOOBIG ?
		       ntohl(icmp6->icmp6_mtu) : 0;
	}
	icmp = (const void *)(skb->data - sizeof(*icmp));
	return icmp->type == ICMP_DEST_UNREACH &&
	       icmp->code == ICMP_FRAG_NEEDED &&
	       !READ_ONCE(sock_net(sk)->ipv4.sysctl_ip_no_pmtu_disc) ?
	       ntohs(icmp->un.frag.mtu) : 0;
}

/* The kernel notes the MTU of the path at the route that the address has, which
 * need not be that of the WAN: interface and mark are not the socket's.
 * Return: 0 if the kernel is to go on with that, which would be wrong when the
 * route of the WAN has the MTU: the other one may be that of another WAN
 */
static int mwb_socket_error(struct sock *sk, struct sk_buff *skb)
{
	struct mwb_socket *socket = rcu_dereference_sk_user_data(sk);
	u32 mtu = mwb_socket_icmp_mtu(sk, skb);

	/* The kernel also asks whether the destination port is a tunnel's. */
	if (!socket || udp_hdr(skb)->source != socket->address.port)
		return -ENOENT;
	/* Nobody has looked, and the headers are as long as it says. */
	if (ip_hdr(skb)->version != (sk->sk_family == AF_INET6 ? 6 : 4))
		return -ENOENT;
	if (!mtu || !socket->session)
		return 0;
	return mwb_receive_too_big(socket, skb, mtu);
}

static struct mwb_socket *mwb_socket_create(struct net *net,
					    const struct mwb_address *address,
					    struct mwb_session *session)
{
	struct udp_tunnel_sock_cfg cfg = {
		.encap_type = 1,
		.encap_rcv = mwb_socket_receive,
		.encap_err_lookup = mwb_socket_error,
	};
	struct udp_port_cfg port = {
		.family = address->family,
		.local_udp_port = address->port,
		.use_udp_checksums = true,
		.use_udp6_tx_checksums = true,
		.use_udp6_rx_checksums = true,
		.ipv6_v6only = true,
	};
	struct mwb_socket *socket;
	int err = -ENOMEM;

	socket = kzalloc(sizeof(*socket), GFP_KERNEL);
	if (!socket)
		return ERR_PTR(-ENOMEM);
	socket->stats = session ? session->stats : mwb_stats_alloc();
	if (!socket->stats)
		goto err_free;

	if (address->family == AF_INET) {
		port.local_ip = address->v4;
	} else {
		port.local_ip6 = address->v6;
		if (ipv6_addr_type(&address->v6) & IPV6_ADDR_LINKLOCAL)
			port.bind_ifindex = address->scope;
	}
	err = udp_sock_create(net, &port, &socket->sock);
	if (err)
		goto err_stats;

	socket->net = net;
	socket->address = *address;
	socket->address.port = inet_sk(socket->sock->sk)->inet_sport;
	socket->session = session;
	refcount_set(&socket->refs, 1);
	if (!session) {
		err = mwb_stranger_create(socket);
		if (err)
			goto err_sock;
	}
	cfg.sk_user_data = socket;
	socket->sock->sk->sk_allocation = GFP_ATOMIC;
	setup_udp_tunnel_sock(net, mwb_compat_tunnel(socket->sock), &cfg);
	return socket;

err_sock:
	udp_tunnel_sock_release(mwb_compat_tunnel(socket->sock));
err_stats:
	if (!session)
		free_percpu(socket->stats);
err_free:
	kfree(socket);
	return ERR_PTR(err);
}

void mwb_socket_close(struct mwb_socket *socket)
{
	udp_tunnel_sock_release(mwb_compat_tunnel(socket->sock));
	/* Receivers that had found the socket are done after this. */
	synchronize_net();
	mwb_stranger_destroy(socket);
	if (!socket->session)
		free_percpu(socket->stats);
	kfree(socket);
}

struct mwb_socket *mwb_socket_open(struct mwb_session *session,
				   const struct mwb_address *local,
				   struct netlink_ext_ack *extack)
{
	struct mwb_socket *socket;

	if (!session->net) {
		NL_SET_ERR_MSG(extack,
			       "The namespace in which the device was made is gone");
		return ERR_PTR(-ENETDOWN);
	}
	socket = mwb_socket_create(session->net, local, session);
	if (PTR_ERR_OR_ZERO(socket) == -EADDRINUSE)
		NL_SET_ERR_MSG(extack, "The local address and port are in use");
	else if (PTR_ERR_OR_ZERO(socket) == -EADDRNOTAVAIL)
		NL_SET_ERR_MSG(extack, "No interface has the local address");
	return socket;
}

static struct mwb_socket *mwb_listener_get(struct net *net,
					   const struct mwb_address *address)
{
	struct mwb_socket *socket;

	list_for_each_entry(socket, &mwb_listeners, entry) {
		if (net_eq(socket->net, net) &&
		    mwb_address_equal(&socket->address, address)) {
			refcount_inc(&socket->refs);
			return socket;
		}
	}
	socket = mwb_socket_create(net, address, NULL);
	if (!IS_ERR(socket))
		list_add(&socket->entry, &mwb_listeners);
	return socket;
}

static void mwb_listener_put(struct mwb_socket *socket)
{
	if (!refcount_dec_and_test(&socket->refs))
		return;
	list_del(&socket->entry);
	mwb_socket_close(socket);
}

static struct hlist_head *mwb_listener_slot(struct mwb_socket *socket,
					    u64 number)
{
	return &socket->sessions[number % MWB_LISTENER_HASH];
}

/* Each entry of session->listen_entry is in the table of its listener. */
static struct mwb_session *mwb_listener_session(struct hlist_node *node,
						int which)
{
	return container_of(node - which, struct mwb_session, listen_entry[0]);
}

struct mwb_session *mwb_listener_find(struct mwb_socket *socket, u64 number)
{
	int which = socket->address.family == AF_INET6;
	struct mwb_session *session;
	struct hlist_node *node;

	for (node = rcu_dereference(hlist_first_rcu(mwb_listener_slot(socket, number)));
	     node; node = rcu_dereference(hlist_next_rcu(node))) {
		session = mwb_listener_session(node, which);
		if (mwb_session_listen_id(session) == number)
			return session;
	}
	return NULL;
}

static struct hlist_head *mwb_listener_peer_slot(struct mwb_socket *socket,
						 const u8 *public)
{
	return &socket->peers[public[0] % MWB_LISTENER_HASH];
}

struct mwb_session *mwb_listener_find_peer(struct mwb_socket *socket, u64 id,
					   const u8 *public)
{
	int which = socket->address.family == AF_INET6;
	struct mwb_session *session;
	struct hlist_node *node;

	for (node = rcu_dereference(hlist_first_rcu(mwb_listener_peer_slot(socket, public)));
	     node; node = rcu_dereference(hlist_next_rcu(node))) {
		session = container_of(node - which, struct mwb_session,
				       peer_entry[0]);
		if (session->secure.keys.own_id == id &&
		    !memcmp(session->secure.keys.peer.public, public,
			    MWB_CRYPTO_KEY_LEN))
			return session;
	}
	return NULL;
}

/* Whose handshakes those for @settings would be, too */
static struct mwb_session *
mwb_listener_rival(struct mwb_socket *socket,
		   const struct mwb_settings *settings,
		   const struct mwb_secure_keys *keys)
{
	if (settings->security != MWBOND_SECURITY_NOISE)
		return mwb_listener_find(socket, settings->number);
	return mwb_listener_find_peer(socket, keys->own_id, keys->peer.public);
}

static int mwb_listener_join_one(struct mwb_session *session, struct net *net,
				 const struct mwb_address *address,
				 const struct mwb_settings *settings,
				 const struct mwb_secure_keys *keys,
				 struct mwb_socket **result,
				 struct netlink_ext_ack *extack)
{
	struct mwb_session *other;
	struct mwb_socket *socket;

	socket = mwb_listener_get(net, address);
	if (IS_ERR(socket)) {
		if (PTR_ERR(socket) == -EADDRNOTAVAIL)
			NL_SET_ERR_MSG(extack,
				       "No interface has the listening address");
		return PTR_ERR(socket);
	}
	rcu_read_lock();
	other = mwb_listener_rival(socket, settings, keys);
	rcu_read_unlock();
	if (other && other != session) {
		NL_SET_ERR_MSG(extack,
			       "Another device on this port has the session number, or the same keys");
		mwb_listener_put(socket);
		return -EEXIST;
	}
	*result = socket;
	return 0;
}

int mwb_listener_join(struct mwb_session *session, struct net *net,
		      const struct mwb_settings *settings,
		      const struct mwb_secure_keys *keys,
		      struct mwb_socket *listener[2],
		      struct netlink_ext_ack *extack)
{
	struct mwb_address address = settings->listen;
	int err, i;

	listener[0] = NULL;
	listener[1] = NULL;
	if (!address.port)
		return 0;

	for (i = 0; i < 2; i++) {
		sa_family_t family = i ? AF_INET6 : AF_INET;

		if (settings->listen.family == AF_UNSPEC)
			address.family = family;
		else if (settings->listen.family != family)
			continue;
		err = mwb_listener_join_one(session, net, &address,
					    settings, keys, &listener[i],
					    extack);
		/* A kernel may be without IPv6. */
		if (i && listener[0] &&
		    (err == -EAFNOSUPPORT || err == -EPFNOSUPPORT))
			err = 0;
		if (err) {
			if (i && listener[0])
				mwb_listener_put(listener[0]);
			listener[0] = NULL;
			return err;
		}
	}
	return 0;
}

bool mwb_listener_is_own(const struct mwb_session *session)
{
	int i;

	for (i = 0; i < 2; i++)
		if (session->listener[i] &&
		    refcount_read(&session->listener[i]->refs) > 1)
			return false;
	return true;
}

void mwb_listener_enter(struct mwb_session *session)
{
	int i;

	u64 id = mwb_session_listen_id(session);
	struct mwb_socket *socket;

	for (i = 0; i < 2; i++) {
		socket = session->listener[i];
		if (!socket)
			continue;
		hlist_add_head_rcu(&session->listen_entry[i],
				   mwb_listener_slot(socket, id));
		if (session->settings.security != MWBOND_SECURITY_NOISE)
			continue;
		hlist_add_head_rcu(&session->peer_entry[i],
				   mwb_listener_peer_slot(socket,
							  session->secure.keys.peer.public));
	}
}

void mwb_listener_leave(struct mwb_session *session,
			struct mwb_socket *listener[2])
{
	int i;

	for (i = 0; i < 2; i++) {
		if (!listener[i])
			continue;
		if (!hlist_unhashed(&session->listen_entry[i]))
			hlist_del_init_rcu(&session->listen_entry[i]);
		if (!hlist_unhashed(&session->peer_entry[i]))
			hlist_del_init_rcu(&session->peer_entry[i]);
	}
	/* No receiver has the session from the table any more, nor runs. */
	synchronize_net();
	for (i = 0; i < 2; i++) {
		if (listener[i])
			mwb_listener_put(listener[i]);
		listener[i] = NULL;
	}
}

static bool mwb_socket_loops(struct mwb_session *session,
			     struct dst_entry *dst)
{
	bool loops;

	if (!session)
		return false;
	rcu_read_lock();
	loops = dst->dev == session->dev ||
		netdev_has_upper_dev_all_rcu(session->dev, dst->dev);
	rcu_read_unlock();
	return loops;
}

static int mwb_socket_route4(struct mwb_session *session,
			     struct mwb_endpoint *ep, struct mwb_route *route)
{
	struct flowi4 fl = {
		.saddr = ep->local.family ? ep->local.v4.s_addr : 0,
		.daddr = ep->remote.v4.s_addr,
		.fl4_sport = ep->socket->address.port,
		.fl4_dport = ep->remote.port,
		.flowi4_oif = ep->oif,
		.flowi4_mark = ep->mark,
		.flowi4_proto = IPPROTO_UDP,
	};
	struct rtable *rt;

	rt = dst_cache_get_ip4(&ep->dst_cache, &fl.saddr);
	if (!rt) {
		rt = ip_route_output_flow(ep->socket->net, &fl,
					  ep->socket->sock->sk);
		if (IS_ERR(rt))
			return PTR_ERR(rt);
		if (mwb_socket_loops(session, &rt->dst)) {
			ip_rt_put(rt);
			return -ELOOP;
		}
		dst_cache_set_ip4(&ep->dst_cache, &rt->dst, fl.saddr);
	}
	route->dst = &rt->dst;
	route->saddr4 = fl.saddr;
	route->mtu = dst_mtu(&rt->dst) - sizeof(struct iphdr) -
		     sizeof(struct udphdr);
	return 0;
}

static int mwb_socket_route6(struct mwb_session *session,
			     struct mwb_endpoint *ep, struct mwb_route *route)
{
	struct flowi6 fl = {
		.daddr = ep->remote.v6,
		.fl6_sport = ep->socket->address.port,
		.fl6_dport = ep->remote.port,
		.flowi6_oif = ep->oif ? : ep->remote.scope,
		.flowi6_mark = ep->mark,
		.flowi6_proto = IPPROTO_UDP,
	};
	struct dst_entry *dst;

	if (ep->local.family)
		fl.saddr = ep->local.v6;
	dst = dst_cache_get_ip6(&ep->dst_cache, &fl.saddr);
	if (!dst) {
		dst = mwb_compat_ip6_route(ep->socket->net,
					   ep->socket->sock->sk, &fl);
		if (IS_ERR(dst))
			return PTR_ERR(dst);
		if (mwb_socket_loops(session, dst)) {
			dst_release(dst);
			return -ELOOP;
		}
		dst_cache_set_ip6(&ep->dst_cache, dst, &fl.saddr);
	}
	route->dst = dst;
	route->saddr6 = fl.saddr;
	route->mtu = dst_mtu(dst) - sizeof(struct ipv6hdr) -
		     sizeof(struct udphdr);
	return 0;
}

int mwb_socket_route(struct mwb_session *session, struct mwb_endpoint *ep,
		     struct mwb_route *route)
{
	int err;

	err = ep->remote.family == AF_INET ?
	      mwb_socket_route4(session, ep, route) :
	      mwb_socket_route6(session, ep, route);
	/* Routes stay without it, and who notes its loss may take a second. */
	if (!err && !netif_carrier_ok(route->dst->dev)) {
		dst_release(route->dst);
		err = -ENETDOWN;
	}
	return err;
}

void mwb_socket_too_big(struct mwb_session *session, struct mwb_endpoint *ep,
			struct sk_buff *skb, u32 mtu)
{
	struct net_device *dev = skb->dev;
	struct mwb_route route;
	u32 mark = skb->mark;

	if (mwb_socket_route(session, ep, &route))
		return;
	/* The route is looked up again, by what the packet has. */
	skb->dev = route.dst->dev;
	skb->mark = ep->mark;
	route.dst->ops->update_pmtu(route.dst, NULL, skb, mtu, false);
	skb->dev = dev;
	skb->mark = mark;
	dst_release(route.dst);
}

void mwb_socket_output(const struct mwb_endpoint *ep,
		       const struct mwb_route *route, struct sk_buff *skb,
		       u8 tos)
{
	struct sock *sk = ep->socket->sock->sk;
	struct in6_addr saddr, daddr;

	dst_hold(route->dst);
	skb->dev = NULL;
	if (ep->remote.family == AF_INET) {
		mwb_compat_udp_xmit4((struct rtable *)route->dst, sk, skb,
				     route->saddr4, ep->remote.v4.s_addr, tos,
				     ip4_dst_hoplimit(route->dst), htons(IP_DF),
				     ep->socket->address.port, ep->remote.port);
		return;
	}
	saddr = route->saddr6;
	daddr = ep->remote.v6;
	mwb_compat_udp_xmit6(route->dst, sk, skb, &saddr, &daddr, tos,
			     ip6_dst_hoplimit(route->dst),
			     ep->socket->address.port, ep->remote.port);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Routes, sockets and output of UDP tunnels. In 7.2 ip6_dst_lookup_flow() has
 * replaced the stub, tunnels are of a struct sock, and the functions for output
 * have one more argument.
 */
#ifndef _MWBOND_COMPAT_UDP_TUNNEL_H
#define _MWBOND_COMPAT_UDP_TUNNEL_H

#ifdef MWB_HAVE_IPV6_STUB
#include <net/ipv6_stubs.h>
#else
#include <net/ipv6.h>
#endif
#include <net/udp_tunnel.h>

#ifdef MWB_HAVE_TUNNEL_SOCK
#define mwb_compat_tunnel(sock) ((sock)->sk)
#else
#define mwb_compat_tunnel(sock) (sock)
#endif

/* The flags of the control block: none. */
#ifdef MWB_HAVE_XMIT_FLAGS
#define mwb_compat_xmit4(...) udp_tunnel_xmit_skb(__VA_ARGS__, 0)
#define mwb_compat_xmit6(...) udp_tunnel6_xmit_skb(__VA_ARGS__, 0)
#else
#define mwb_compat_xmit4(...) udp_tunnel_xmit_skb(__VA_ARGS__)
#define mwb_compat_xmit6(...) udp_tunnel6_xmit_skb(__VA_ARGS__)
#endif

static inline struct dst_entry *mwb_compat_ip6_route(struct net *net,
						     struct sock *sk,
						     struct flowi6 *fl)
{
#ifdef MWB_HAVE_IPV6_STUB
	return ipv6_stub->ipv6_dst_lookup_flow(net, sk, fl, NULL);
#else
	return ip6_dst_lookup_flow(net, sk, fl, NULL);
#endif
}

static inline void mwb_compat_udp_xmit4(struct rtable *rt, struct sock *sk,
					struct sk_buff *skb, __be32 saddr,
					__be32 daddr, u8 tos, u8 ttl,
					__be16 df, __be16 sport, __be16 dport)
{
	mwb_compat_xmit4(rt, sk, skb, saddr, daddr, tos, ttl, df, sport, dport,
			 false, false);
}

static inline void mwb_compat_udp_xmit6(struct dst_entry *dst, struct sock *sk,
					struct sk_buff *skb,
					struct in6_addr *saddr,
					struct in6_addr *daddr, u8 tos, u8 ttl,
					__be16 sport, __be16 dport)
{
	mwb_compat_xmit6(dst, sk, skb, NULL, saddr, daddr, tos, ttl, 0, sport,
			 dport, false);
}

#endif /* _MWBOND_COMPAT_UDP_TUNNEL_H */

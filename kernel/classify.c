// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a packet is: its priority, its class, and where its flow belongs.
 */
#include <linux/if_ether.h>
#include <linux/pkt_sched.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ip_tunnels.h>
#include <net/ipv6.h>

#include "class.h"
#include "path.h"
#include "session.h"

enum {
	MWB_CLASSIFY_NORMAL = 128,
};

/*
 * Priorities of skb->priority: those of class selectors and of EF that are as
 * urgent. Those that nobody has given a meaning are normal up to 7.
 */
static const u8 mwb_classify_tc[TC_PRIO_MAX + 1] = {
	[TC_PRIO_BESTEFFORT] = MWB_CLASSIFY_NORMAL,
	[TC_PRIO_FILLER] = 7,			/* LE */
	[TC_PRIO_BULK] = 35,			/* CS1 */
	[3] = MWB_CLASSIFY_NORMAL,
	[TC_PRIO_INTERACTIVE_BULK] = 131,	/* CS4 */
	[5] = MWB_CLASSIFY_NORMAL,
	[TC_PRIO_INTERACTIVE] = 187,		/* EF */
	[TC_PRIO_CONTROL ... TC_PRIO_MAX] = 227,	/* CS7 */
};

static bool mwb_classify_is_multicast(const struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		return ipv4_is_multicast(ip_hdr(skb)->daddr) ||
		       ipv4_is_lbcast(ip_hdr(skb)->daddr);
	return ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr);
}

/* RFC 2474: the class selector in the upper three bits orders by urgency. */
static u8 mwb_classify_priority(const struct sk_buff *skb, u8 dsfield)
{
	if (dsfield & ~INET_ECN_MASK)
		return dsfield | INET_ECN_MASK;
	if (skb->priority <= TC_PRIO_MAX)
		return mwb_classify_tc[skb->priority];
	return MWB_CLASSIFY_NORMAL;
}

/* TCP in sequence is held with its flow from the SYN on; what only acknowledges
 * goes ahead, as all that is not TCP.
 */
static bool mwb_classify_in_sequence(const struct mwb_paths *paths,
				     const struct sk_buff *skb)
{
	struct tcphdr buffer, *tcp;
	int offset = skb_network_offset(skb);
	u32 length = skb->len - offset;
	u8 protocol;

	if (paths->mode != MWBOND_MODE_AUTO)
		return true;
	if (skb->protocol == htons(ETH_P_IP)) {
		protocol = ip_hdr(skb)->protocol;
		if (ip_is_fragment(ip_hdr(skb)))
			return protocol == IPPROTO_TCP;
		offset += ip_hdrlen(skb);
		length -= ip_hdrlen(skb);
	} else {
		__be16 fragment;
		int start = offset + sizeof(struct ipv6hdr);

		protocol = ipv6_hdr(skb)->nexthdr;
		offset = ipv6_skip_exthdr(skb, start, &protocol, &fragment);
		if (offset < 0)
			return false;
		length -= offset - skb_network_offset(skb);
	}
	if (protocol != IPPROTO_TCP)
		return false;
	tcp = skb_header_pointer(skb, offset, sizeof(buffer), &buffer);
	return !tcp || tcp->syn || tcp->fin || tcp->rst ||
	       length > tcp->doff * 4;
}

void mwb_classify(const struct mwb_paths *paths, const struct sk_buff *skb,
		  struct mwb_classified *c)
{
	u8 dsfield = ip_tunnel_get_dsfield(ip_hdr(skb), skb);

	c->ecn = dsfield & INET_ECN_MASK;
	c->priority = mwb_classify_priority(skb, dsfield);
	c->rule = mwb_class_find(paths, skb, dsfield >> 2, c->priority);
	if (c->rule && c->rule->priority >= 0)
		c->priority = c->rule->priority;
	c->multicast = mwb_classify_is_multicast(skb);
	if (c->multicast)
		c->ordered = false;
	else if (c->rule && c->rule->order >= 0)
		c->ordered = c->rule->order;
	else
		c->ordered = mwb_classify_in_sequence(paths, skb);
	if (c->multicast) {
		c->first_bucket = MWB_BUCKETS_ORDERED + MWB_BUCKETS_UNORDERED;
		c->buckets = MWB_BUCKETS_MULTICAST;
	} else if (c->ordered) {
		c->first_bucket = 0;
		c->buckets = MWB_BUCKETS_ORDERED;
	} else {
		c->first_bucket = MWB_BUCKETS_ORDERED;
		c->buckets = MWB_BUCKETS_UNORDERED;
	}
}

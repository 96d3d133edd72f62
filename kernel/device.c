// SPDX-License-Identifier: GPL-2.0-only
/*
 * The netdevice. Its life cycle is that of its session: ndo_init makes it and
 * ndo_uninit destroys it, both under RTNL, so that a registration that fails
 * half-way is unwound by the core.
 */
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/fib_notifier.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip_tunnels.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <uapi/linux/if_mwbond.h>

#include "compat/gso.h"
#include "compat/netdevice.h"
#include "compat/rtnetlink.h"
#include "device.h"
#include "netlink.h"
#include "path.h"
#include "session.h"
#include "settings.h"
#include "wan.h"

/**
 * struct mwb_device_net - what belongs to a namespace
 * @sessions: those whose sockets are in it (RCU), guarded by RTNL
 * @routes: hears of its routes
 * @watching: it does
 */
struct mwb_device_net {
	struct list_head sessions;
	struct notifier_block routes;
	bool watching;
};

static unsigned int mwb_device_net_id;

static const struct mwb_settings_attrs mwb_device_attrs = {
	.mode = IFLA_MWBOND_MODE,
	.security = IFLA_MWBOND_SECURITY,
	.session = IFLA_MWBOND_SESSION,
	.listen_port = IFLA_MWBOND_LISTEN_PORT,
	.listen_ipv4 = IFLA_MWBOND_LISTEN_IPV4,
	.listen_ipv6 = IFLA_MWBOND_LISTEN_IPV6,
	.mtu_auto = IFLA_MWBOND_MTU_AUTO,
	.reorder_buffer = IFLA_MWBOND_REORDER_BUFFER,
	.reorder_timeout = IFLA_MWBOND_REORDER_TIMEOUT,
	.skew_budget = IFLA_MWBOND_SKEW_BUDGET,
	.fec = IFLA_MWBOND_FEC,
	.fec_data = IFLA_MWBOND_FEC_DATA,
	.fec_parity = IFLA_MWBOND_FEC_PARITY,
	.fec_timeout = IFLA_MWBOND_FEC_TIMEOUT,
	.redundancy = IFLA_MWBOND_REDUNDANCY,
	.duplicate = IFLA_MWBOND_DUPLICATE,
	.repair = IFLA_MWBOND_REPAIR,
};

/* The ranges of Documentation/netlink/specs/mwbond.yaml. */
static const struct nla_policy mwb_device_policy[IFLA_MWBOND_MAX + 1] = {
	[IFLA_MWBOND_MODE] = NLA_POLICY_MAX(NLA_U32, MWBOND_MODE_AUTO),
	[IFLA_MWBOND_SECURITY] = NLA_POLICY_MAX(NLA_U32, MWBOND_SECURITY_NOISE),
	[IFLA_MWBOND_SESSION] = NLA_POLICY_MIN(NLA_U32, 1),
	[IFLA_MWBOND_LISTEN_PORT] = { .type = NLA_U16 },
	[IFLA_MWBOND_LISTEN_IPV4] = { .type = NLA_U32 },
	[IFLA_MWBOND_LISTEN_IPV6] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[IFLA_MWBOND_MTU_AUTO] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_MWBOND_REORDER_BUFFER] = NLA_POLICY_RANGE(NLA_U32, 1, 16384),
	[IFLA_MWBOND_REORDER_TIMEOUT] = NLA_POLICY_MAX(NLA_U32, 10000),
	[IFLA_MWBOND_SKEW_BUDGET] = NLA_POLICY_MAX(NLA_U32, 1000),
	[IFLA_MWBOND_FEC] = NLA_POLICY_MAX(NLA_U32, MWBOND_FEC_CODE),
	[IFLA_MWBOND_FEC_DATA] = NLA_POLICY_RANGE(NLA_U32, 1, 254),
	[IFLA_MWBOND_FEC_PARITY] = NLA_POLICY_RANGE(NLA_U32, 1, 254),
	[IFLA_MWBOND_FEC_TIMEOUT] = NLA_POLICY_MAX(NLA_U32, 500),
	[IFLA_MWBOND_REDUNDANCY] = { .type = NLA_U32 },
	[IFLA_MWBOND_DUPLICATE] = NLA_POLICY_MAX(NLA_U32, MWB_MAX_WANS),
	[IFLA_MWBOND_REPAIR] = NLA_POLICY_MAX(NLA_U8, 1),
};

static int mwb_device_ndo_init(struct net_device *dev)
{
	struct mwb_session *session = netdev_priv(dev);
	struct mwb_device_net *mn = net_generic(session->net,
						mwb_device_net_id);
	int err;

	err = mwb_session_init(session, dev, session->net);
	if (err)
		return err;
	/* A module that devices use stays; its exit waits for RTNL. */
	__module_get(THIS_MODULE);
	netdev_lockdep_set_classes(dev);
	list_add_tail_rcu(&session->net_entry, &mn->sessions);
	mwb_netlink_changed();
	return 0;
}

static void mwb_device_ndo_uninit(struct net_device *dev)
{
	struct mwb_session *session = netdev_priv(dev);

	/* Its namespace may have gone before. */
	if (session->net)
		list_del_rcu(&session->net_entry);
	mwb_session_destroy(session);
	mwb_netlink_changed();
	module_put(THIS_MODULE);
}

static int mwb_device_ndo_open(struct net_device *dev)
{
	return mwb_session_open(netdev_priv(dev), NULL);
}

static int mwb_device_ndo_stop(struct net_device *dev)
{
	mwb_session_stop(netdev_priv(dev));
	return 0;
}

/*
 * A packet from a packet socket or from tc can be anything: take only what is
 * an IP packet as long as it says. Its network header is then set.
 */
static bool mwb_device_valid(struct sk_buff *skb)
{
	unsigned int len;

	skb_reset_network_header(skb);
	if (skb->protocol == htons(ETH_P_IP)) {
		if (!pskb_may_pull(skb, sizeof(struct iphdr)) ||
		    ip_hdr(skb)->version != 4 || ip_hdr(skb)->ihl < 5)
			return false;
		len = ntohs(ip_hdr(skb)->tot_len);
		if (len < ip_hdr(skb)->ihl * 4)
			return false;
	} else if (skb->protocol == htons(ETH_P_IPV6)) {
		if (!pskb_may_pull(skb, sizeof(struct ipv6hdr)) ||
		    ipv6_hdr(skb)->version != 6)
			return false;
		len = sizeof(struct ipv6hdr) +
		      ntohs(ipv6_hdr(skb)->payload_len);
	} else {
		return false;
	}
	/* Segmentation writes the lengths anew. */
	return skb_is_gso(skb) || skb->len == len;
}

/*
 * Tell the sender that a packet is too big. Where that cannot be said (IPv4
 * without DF, or an MTU that IPv6 does not know) it is sent in parts.
 */
static bool mwb_device_too_big(struct net_device *dev, struct sk_buff *skb)
{
	unsigned int mtu = READ_ONCE(dev->mtu);

	if (skb_is_gso(skb) ? skb_gso_validate_network_len(skb, mtu) :
			      skb->len <= mtu)
		return false;
	if (skb->protocol == htons(ETH_P_IP)) {
		if (!(ip_hdr(skb)->frag_off & htons(IP_DF)) || skb->ignore_df)
			return false;
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED,
			      htonl(mtu));
		return true;
	}
	if (mtu < IPV6_MIN_MTU)
		return false;
	icmpv6_ndo_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
	return true;
}

static netdev_tx_t mwb_device_ndo_start_xmit(struct sk_buff *skb,
					     struct net_device *dev)
{
	struct mwb_session *session = netdev_priv(dev);
	unsigned int packets, len;

	if (!mwb_device_valid(skb)) {
		mwb_session_drop(session, skb, MWB_STAT_tx_invalid);
		return NETDEV_TX_OK;
	}
	if (mwb_device_too_big(dev, skb)) {
		mwb_session_drop(session, skb, MWB_STAT_tx_too_big);
		return NETDEV_TX_OK;
	}
	packets = skb_is_gso(skb) ? max_t(u16, skb_shinfo(skb)->gso_segs, 1) : 1;
	len = skb->len;
	mwb_send_skb(session, skb);
	dev_sw_netstats_tx_add(dev, packets, len);
	return NETDEV_TX_OK;
}

static int mwb_device_ndo_change_mtu(struct net_device *dev, int mtu)
{
	struct mwb_session *session = netdev_priv(dev);

	ASSERT_RTNL();
	if (!session->mtu_following) {
		mutex_lock(&session->mutex);
		session->settings.mtu_auto = false;
		mutex_unlock(&session->mutex);
	}
	WRITE_ONCE(dev->mtu, mtu);
	return 0;
}

static void mwb_device_ndo_get_stats64(struct net_device *dev,
				       struct rtnl_link_stats64 *stats)
{
	struct mwb_session *session = netdev_priv(dev);
	u64 sum[MWB_NR_STATS] = {};
	int i;

	dev_get_tstats64(dev, stats);
	mwb_stats_collect(session->stats, sum);
	for (i = MWB_STAT_tx_no_wan; i <= MWB_STAT_tx_no_memory; i++)
		stats->tx_dropped += sum[i];
	for (i = MWB_STAT_rx_short; i <= MWB_STAT_rx_unsupported; i++)
		stats->rx_errors += sum[i];
	stats->rx_errors += sum[MWB_STAT_rx_inner] + sum[MWB_STAT_rx_ecn] +
			    sum[MWB_STAT_rx_fragment];
	stats->rx_dropped += sum[MWB_STAT_rx_no_memory] +
			     sum[MWB_STAT_rx_queue_full];
}

static const struct net_device_ops mwb_device_ops = {
	.ndo_init		= mwb_device_ndo_init,
	.ndo_uninit		= mwb_device_ndo_uninit,
	.ndo_open		= mwb_device_ndo_open,
	.ndo_stop		= mwb_device_ndo_stop,
	.ndo_start_xmit		= mwb_device_ndo_start_xmit,
	.ndo_change_mtu		= mwb_device_ndo_change_mtu,
	.ndo_get_stats64	= mwb_device_ndo_get_stats64,
};

static const struct device_type mwb_device_type = { .name = "mwbond" };

static void mwb_device_setup(struct net_device *dev)
{
	const netdev_features_t features = NETIF_F_SG | NETIF_F_FRAGLIST |
					   NETIF_F_HIGHDMA | NETIF_F_HW_CSUM |
					   NETIF_F_RXCSUM |
					   NETIF_F_GSO_SOFTWARE;

	dev->netdev_ops = &mwb_device_ops;
	dev->ethtool_ops = &mwb_ethtool_ops;
	/* Only tells the protocol of what a packet socket sends. */
	dev->header_ops = &ip_tunnel_header_ops;
	SET_NETDEV_DEVTYPE(dev, &mwb_device_type);
	dev->needs_free_netdev = true;
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;

	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST;
	dev->priv_flags |= IFF_NO_QUEUE;
	mwb_compat_set_lltx(dev);
	dev->features |= features;
	dev->hw_features |= features;
	dev->hw_enc_features |= features;

	dev->hard_header_len = 0;
	dev->addr_len = 0;
	dev->needed_headroom = LL_MAX_HEADER + sizeof(struct ipv6hdr) +
			       sizeof(struct udphdr) + MWB_WIRE_HDR_LEN;
	dev->needed_tailroom = MWB_WIRE_TAG_LEN;
	dev->mtu = MWB_MTU_DEFAULT;
	dev->min_mtu = MWB_MTU_MIN;
	dev->max_mtu = MWB_MTU_MAX;
	/* ICMP to the sender of a packet that is too big needs its route. */
	netif_keep_dst(dev);
	netif_carrier_off(dev);
}

static int mwb_device_validate(struct nlattr *tb[], struct nlattr *data[],
			       struct netlink_ext_ack *extack)
{
	if (tb[IFLA_ADDRESS]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_ADDRESS],
				    "An mwbond device has no link-layer address");
		return -EOPNOTSUPP;
	}
	return 0;
}

static int mwb_device_configure(struct net_device *dev, struct nlattr *tb[],
				struct nlattr *data[],
				struct netlink_ext_ack *extack)
{
	struct mwb_session *session = netdev_priv(dev);
	struct mwb_settings settings;
	int err;

	settings = session->settings;
	if (data) {
		err = mwb_settings_parse(&settings, data, tb[IFLA_MTU],
					 &mwb_device_attrs, extack);
		if (err)
			goto out;
	} else if (tb[IFLA_MTU]) {
		settings.mtu_auto = false;
	}
	err = mwb_session_configure(session, &settings, extack);
	if (err && data)
		mwb_settings_blame(err, data, &mwb_device_attrs, extack);
out:
	memzero_explicit(&settings, sizeof(settings));
	return err;
}

int mwb_device_create(struct net *net, struct net_device *dev,
		      struct nlattr *tb[], struct nlattr *data[],
		      struct netlink_ext_ack *extack)
{
	struct mwb_session *session = netdev_priv(dev);
	int err;

	session->net = net;
	err = register_netdevice(dev);
	if (err)
		return err;
	err = mwb_device_configure(dev, tb, data, extack);
	if (err)
		unregister_netdevice(dev);
	return err;
}

static int mwb_device_changelink(struct net_device *dev, struct nlattr *tb[],
				 struct nlattr *data[],
				 struct netlink_ext_ack *extack)
{
	int err;

	err = mwb_device_configure(dev, tb, data, extack);
	if (!err)
		mwb_netlink_changed();
	return err;
}

static size_t mwb_device_get_size(const struct net_device *dev)
{
	return mwb_settings_size();
}

/* The settings change only under RTNL, which is held here. */
static int mwb_device_fill_info(struct sk_buff *skb,
				const struct net_device *dev)
{
	const struct mwb_session *session = netdev_priv(dev);

	ASSERT_RTNL();
	return mwb_settings_fill(skb, &session->settings, &mwb_device_attrs);
}

static struct net *mwb_device_get_link_net(const struct net_device *dev)
{
	const struct mwb_session *session = netdev_priv(dev);
	struct net *net = READ_ONCE(session->net);

	return net ?: dev_net(dev);
}

struct rtnl_link_ops mwb_link_ops __read_mostly = {
	.kind		= "mwbond",
	.priv_size	= sizeof(struct mwb_session),
	.setup		= mwb_device_setup,
	.maxtype	= IFLA_MWBOND_MAX,
	.policy		= mwb_device_policy,
	.validate	= mwb_device_validate,
	.newlink	= mwb_compat_newlink,
	.changelink	= mwb_device_changelink,
	.get_size	= mwb_device_get_size,
	.fill_info	= mwb_device_fill_info,
	.get_link_net	= mwb_device_get_link_net,
};

/* ndo_open cannot tell the user why it is going to refuse. */
static void mwb_device_pre_up(struct net_device *dev,
			      struct netlink_ext_ack *extack)
{
	const char *missing = mwb_secure_missing(netdev_priv(dev));

	if (missing && extack)
		extack->_msg = missing;
}

/* Something has changed by which the packets of WANs in the namespace go. They
 * are looked at in a moment, when it is done. Any context.
 */
static void mwb_device_tell(struct mwb_device_net *mn)
{
	struct mwb_session *session;

	rcu_read_lock();
	list_for_each_entry_rcu(session, &mn->sessions, net_entry)
		mwb_session_underlay(session);
	rcu_read_unlock();
}

static int mwb_device_route_event(struct notifier_block *nb,
				  unsigned long event, void *ptr)
{
	mwb_device_tell(container_of(nb, struct mwb_device_net, routes));
	return NOTIFY_DONE;
}

static int mwb_device_address4_event(struct notifier_block *nb,
				     unsigned long event, void *ptr)
{
	struct in_ifaddr *ifa = ptr;

	mwb_device_tell(net_generic(dev_net(ifa->ifa_dev->dev),
				    mwb_device_net_id));
	return NOTIFY_DONE;
}

static int mwb_device_address6_event(struct notifier_block *nb,
				     unsigned long event, void *ptr)
{
	struct inet6_ifaddr *ifa = ptr;

	mwb_device_tell(net_generic(dev_net(ifa->idev->dev),
				    mwb_device_net_id));
	return NOTIFY_DONE;
}

/* Tell the sessions with sockets in the namespace of @dev what happens to it. */
static int mwb_device_event(struct notifier_block *nb, unsigned long event,
			    void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct mwb_device_net *mn;
	struct mwb_session *session;

	switch (event) {
	case NETDEV_PRE_UP:
		if (mwb_device_is(dev))
			mwb_device_pre_up(dev,
					  netdev_notifier_info_to_extack(ptr));
		return NOTIFY_DONE;
	case NETDEV_REGISTER:
	case NETDEV_UNREGISTER:
	case NETDEV_CHANGENAME:
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
	case NETDEV_CHANGEMTU:
		break;
	default:
		return NOTIFY_DONE;
	}
	ASSERT_RTNL();
	mn = net_generic(dev_net(dev), mwb_device_net_id);
	list_for_each_entry(session, &mn->sessions, net_entry) {
		if (session->dev != dev)
			mwb_wan_underlay(session, dev, event);
	}
	mwb_device_tell(mn);
	return NOTIFY_DONE;
}

static struct notifier_block mwb_device_notifier = {
	.notifier_call = mwb_device_event,
};

static struct notifier_block mwb_device_address4_notifier = {
	.notifier_call = mwb_device_address4_event,
};

static struct notifier_block mwb_device_address6_notifier = {
	.notifier_call = mwb_device_address6_event,
};

static int mwb_device_net_init(struct net *net)
{
	struct mwb_device_net *mn = net_generic(net, mwb_device_net_id);

	INIT_LIST_HEAD(&mn->sessions);
	mn->routes.notifier_call = mwb_device_route_event;
	/* It fails where routes change all the time; then a change is noticed
	 * by the next packet.
	 */
	mn->watching = !register_fib_notifier(net, &mn->routes, NULL, NULL);
	return 0;
}

static void mwb_device_net_exit(struct net *net)
{
	struct mwb_device_net *mn = net_generic(net, mwb_device_net_id);

	if (mn->watching)
		unregister_fib_notifier(net, &mn->routes);
}

/*
 * Devices that were moved elsewhere outlive the namespace of their sockets:
 * they lose those here, before the namespace's UDP goes away.
 */
static void mwb_device_net_pre_exit(struct net *net)
{
	struct mwb_device_net *mn = net_generic(net, mwb_device_net_id);
	struct mwb_session *session, *next;

	rtnl_lock();
	list_for_each_entry_safe(session, next, &mn->sessions, net_entry) {
		list_del_rcu(&session->net_entry);
		mwb_session_detach(session);
	}
	rtnl_unlock();
}

static struct pernet_operations mwb_device_net_ops = {
	.init		= mwb_device_net_init,
	.pre_exit	= mwb_device_net_pre_exit,
	.exit		= mwb_device_net_exit,
	.id		= &mwb_device_net_id,
	.size		= sizeof(struct mwb_device_net),
};

int mwb_device_init(void)
{
	int err;

	err = register_pernet_subsys(&mwb_device_net_ops);
	if (err)
		return err;
	err = register_netdevice_notifier(&mwb_device_notifier);
	if (err)
		goto err_pernet;
	err = register_inetaddr_notifier(&mwb_device_address4_notifier);
	if (err)
		goto err_notifier;
	err = register_inet6addr_notifier(&mwb_device_address6_notifier);
	if (err)
		goto err_address4;
	err = rtnl_link_register(&mwb_link_ops);
	if (err)
		goto err_address6;
	return 0;

err_address6:
	unregister_inet6addr_notifier(&mwb_device_address6_notifier);
err_address4:
	unregister_inetaddr_notifier(&mwb_device_address4_notifier);
err_notifier:
	unregister_netdevice_notifier(&mwb_device_notifier);
err_pernet:
	unregister_pernet_subsys(&mwb_device_net_ops);
	return err;
}

void mwb_device_exit(void)
{
	/* Deletes all devices; no new ones come. */
	rtnl_link_unregister(&mwb_link_ops);
	unregister_inet6addr_notifier(&mwb_device_address6_notifier);
	unregister_inetaddr_notifier(&mwb_device_address4_notifier);
	unregister_netdevice_notifier(&mwb_device_notifier);
	unregister_pernet_subsys(&mwb_device_net_ops);
}

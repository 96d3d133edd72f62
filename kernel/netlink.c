// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink family: requests, dumps, events.
 *
 * Every request holds RTNL, which keeps the device, and for what is below it
 * the session's mutex. A dump holds RTNL for one message buffer at a time and
 * continues at the device and the WAN or class that did not fit into it.
 */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "compat/genetlink.h"
#include "device.h"
#include "generated/netlink.h"
#include "netlink.h"
#include "netlink_fill.h"
#include "netlink_op.h"
#include "session.h"
#include "settings.h"
#include "wan.h"

/* Each change makes another generation; 0 is none. */
static atomic_t mwb_netlink_generation = ATOMIC_INIT(1);

void mwb_netlink_changed(void)
{
	if (!atomic_inc_return(&mwb_netlink_generation))
		atomic_inc(&mwb_netlink_generation);
}

/*
 * The device that a request names, in ERR_PTR() or, if it names none, NULL.
 * The attributes are the same ones in all sets.
 */
static struct net_device *mwb_netlink_device(struct net *net,
					     struct nlattr **attrs,
					     struct netlink_ext_ack *extack)
{
	const struct nlattr *ifindex = attrs[MWBOND_A_DEV_IFINDEX];
	const struct nlattr *ifname = attrs[MWBOND_A_DEV_IFNAME];
	struct net_device *dev = NULL;
	char name[IFNAMSIZ];

	BUILD_BUG_ON(MWBOND_A_DEV_IFINDEX != (int)MWBOND_A_WAN_IFINDEX);
	BUILD_BUG_ON(MWBOND_A_DEV_IFNAME != (int)MWBOND_A_WAN_IFNAME);
	BUILD_BUG_ON(MWBOND_A_DEV_IFINDEX != (int)MWBOND_A_CLASS_IFINDEX);
	BUILD_BUG_ON(MWBOND_A_DEV_IFNAME != (int)MWBOND_A_CLASS_IFNAME);
	ASSERT_RTNL();

	if (!ifindex && !ifname)
		return NULL;
	if (ifname) {
		nla_strscpy(name, ifname, sizeof(name));
		dev = __dev_get_by_name(net, name);
	}
	if (ifindex) {
		u32 index = nla_get_u32(ifindex);

		if (ifname && dev && dev->ifindex != index) {
			NL_SET_ERR_MSG_ATTR(extack, ifindex,
					    "Index and name are of different devices");
			return ERR_PTR(-EINVAL);
		}
		if (!ifname)
			dev = __dev_get_by_index(net, index);
	}
	if (!dev) {
		NL_SET_ERR_MSG_ATTR(extack, ifname ?: ifindex,
				    "There is no such device");
		return ERR_PTR(-ENODEV);
	}
	if (!mwb_device_is(dev)) {
		NL_SET_ERR_MSG_ATTR(extack, ifname ?: ifindex,
				    "Not an mwbond device");
		return ERR_PTR(-EOPNOTSUPP);
	}
	return dev;
}

/* As above, for requests that must name one. */
static struct mwb_session *mwb_netlink_session(struct genl_info *info)
{
	struct net_device *dev;

	dev = mwb_netlink_device(genl_info_net(info), info->attrs,
				 info->extack);
	if (IS_ERR(dev))
		return ERR_CAST(dev);
	if (!dev) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, MWBOND_A_DEV_IFNAME);
		NL_SET_ERR_MSG(info->extack,
			       "The index or the name of a device is needed");
		return ERR_PTR(-EINVAL);
	}
	return netdev_priv(dev);
}

bool mwb_netlink_missing(struct genl_info *info, int attr, const char *why)
{
	if (info->attrs[attr])
		return false;
	NL_SET_ERR_ATTR_MISS(info->extack, NULL, attr);
	if (info->extack)
		info->extack->_msg = why;
	return true;
}

/* A message about the device, or about @wan if that is not NULL. */
static int mwb_netlink_put(struct sk_buff *skb, u32 portid, u32 seq, int flags,
			   struct netlink_callback *cb,
			   struct mwb_session *session, struct mwb_wan *wan)
{
	void *hdr;
	int err;

	hdr = genlmsg_put(skb, portid, seq, &mwb_netlink_family, flags,
			  wan ? MWBOND_CMD_WAN_GET : MWBOND_CMD_DEV_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (cb)
		genl_dump_check_consistent(cb, hdr);
	if (wan)
		err = mwb_netlink_fill_dev_of(skb, session) ?:
		      mwb_netlink_fill_wan(skb, wan, wan->health.state);
	else
		err = mwb_netlink_fill_device(skb, session);
	if (err) {
		genlmsg_cancel(skb, hdr);
		return err;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int mwb_netlink_reply(struct genl_info *info,
			     struct mwb_session *session, struct mwb_wan *wan)
{
	struct sk_buff *skb;
	int err;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	err = mwb_netlink_put(skb, info->snd_portid, info->snd_seq, 0, NULL,
			      session, wan);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}

static int mwb_netlink_dev_get(struct mwb_session *session,
			       struct genl_info *info)
{
	return mwb_netlink_reply(info, session, NULL);
}

static int mwb_netlink_dev_set(struct mwb_session *session,
			       struct genl_info *info)
{
	const struct nlattr *mtu = info->attrs[MWBOND_A_DEV_MTU];
	struct mwb_settings old = session->settings;
	struct mwb_settings new = old;
	int err;

	err = mwb_settings_parse(&new, info->attrs, mtu, &mwb_netlink_attrs,
				 info->extack);
	if (err)
		goto wipe;
	mwb_settings_parse_keys(&new, info->attrs);
	err = mwb_session_configure(session, &new, info->extack);
	if (err)
		mwb_settings_blame(err, info->attrs, &mwb_netlink_attrs,
				   info->extack);
	if (err || !mtu)
		goto wipe;
	err = dev_set_mtu(session->dev, nla_get_u32(mtu));
	if (err) {
		NL_SET_ERR_MSG_ATTR(info->extack, mtu,
				    "The MTU was refused");
		mwb_session_configure(session, &old, NULL);
	}
wipe:
	memzero_explicit(&old, sizeof(old));
	memzero_explicit(&new, sizeof(new));
	return err;
}

int mwbond_nl_dev_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct mwb_session *session;
	int err;

	rtnl_lock();
	session = mwb_netlink_session(info);
	if (IS_ERR(session)) {
		err = PTR_ERR(session);
	} else {
		err = mwb_netlink_dev_set(session, info);
		if (!err)
			mwb_netlink_changed();
	}
	rtnl_unlock();
	return err;
}

static struct mwb_wan *mwb_netlink_find_wan(struct mwb_session *session,
					    const struct nlattr *attr)
{
	char name[MWB_WIRE_NAME_LEN];

	nla_strscpy(name, attr, sizeof(name));
	return mwb_wan_find(session, name);
}

/* The WAN that a request names; the session's mutex is held. */
static struct mwb_wan *mwb_netlink_wan(struct mwb_session *session,
				       struct genl_info *info)
{
	struct mwb_wan *wan;

	if (mwb_netlink_missing(info, MWBOND_A_WAN_NAME,
				"The name of a WAN is needed"))
		return ERR_PTR(-EINVAL);
	wan = mwb_netlink_find_wan(session, info->attrs[MWBOND_A_WAN_NAME]);
	if (!wan) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[MWBOND_A_WAN_NAME],
				    "The device has no WAN of this name");
		return ERR_PTR(-ENOENT);
	}
	return wan;
}

static int mwb_netlink_wan_get(struct mwb_session *session,
			       struct genl_info *info)
{
	struct mwb_wan *wan;

	wan = mwb_netlink_wan(session, info);
	if (IS_ERR(wan))
		return PTR_ERR(wan);
	return mwb_netlink_reply(info, session, wan);
}

/* What of the peer's WANs is given in a request, though it is the peer's. */
static const struct nlattr *mwb_netlink_peers(struct nlattr **attrs)
{
	int i;

	for (i = MWBOND_A_WAN_ID; i <= MWBOND_A_WAN_FAILURES; i++)
		if (attrs[i] && i != MWBOND_A_WAN_WEIGHT &&
		    i != MWBOND_A_WAN_PRIORITY)
			return attrs[i];
	return NULL;
}

/*
 * The attribute that is to blame for what was refused because of something
 * else than the request; the reason is in the extack already.
 */
static void mwb_netlink_blame_wan(struct genl_info *info,
				  struct mwb_session *session, int err)
{
	struct nlattr **attrs = info->attrs;
	const struct nlattr *name = attrs[MWBOND_A_WAN_NAME];
	const struct nlattr *attr;

	switch (err) {
	case -EEXIST:
		attr = mwb_netlink_find_wan(session, name) ?
		       name : attrs[MWBOND_A_WAN_ID];
		break;
	case -ENOSPC:
		attr = name;
		break;
	case -ELOOP:
		attr = attrs[MWBOND_A_WAN_REMOTE_IPV4] ?:
		       attrs[MWBOND_A_WAN_REMOTE_IPV6] ?:
		       attrs[MWBOND_A_WAN_REMOTE_PORT];
		break;
	case -EADDRINUSE:
		attr = attrs[MWBOND_A_WAN_LOCAL_PORT];
		break;
	case -EADDRNOTAVAIL:
		attr = attrs[MWBOND_A_WAN_LOCAL_IPV4] ?:
		       attrs[MWBOND_A_WAN_LOCAL_IPV6];
		break;
	case -EOPNOTSUPP:
		attr = mwb_netlink_peers(attrs);
		break;
	default:
		return;
	}
	NL_SET_BAD_ATTR(info->extack, attr);
}

static int mwb_netlink_wan_add(struct mwb_session *session,
			       struct genl_info *info)
{
	struct mwb_wan_settings new;
	int err;

	if (mwb_netlink_missing(info, MWBOND_A_WAN_NAME,
				"The name of a WAN is needed"))
		return -EINVAL;
	if (!info->attrs[MWBOND_A_WAN_REMOTE_IPV6] &&
	    mwb_netlink_missing(info, MWBOND_A_WAN_REMOTE_IPV4,
				"A remote address is needed"))
		return -EINVAL;
	if (mwb_netlink_missing(info, MWBOND_A_WAN_REMOTE_PORT,
				"A remote port is needed"))
		return -EINVAL;
	mwb_wan_defaults(&new);
	err = mwb_settings_parse_wan(&new, info->attrs, info->extack);
	if (err)
		return err;
	err = mwb_wan_add(session, &new, info->extack);
	if (err)
		mwb_netlink_blame_wan(info, session, err);
	return err;
}

static int mwb_netlink_wan_set(struct mwb_session *session,
			       struct genl_info *info)
{
	struct mwb_wan_settings new;
	struct mwb_wan *wan;
	int err;

	wan = mwb_netlink_wan(session, info);
	if (IS_ERR(wan))
		return PTR_ERR(wan);
	new = wan->settings;
	err = mwb_settings_parse_wan(&new, info->attrs, info->extack);
	if (err)
		return err;
	if (new.id != wan->settings.id) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[MWBOND_A_WAN_ID],
				    "The id of a WAN cannot change");
		return -EINVAL;
	}
	err = mwb_wan_change(wan, &new, info->extack);
	if (err)
		mwb_netlink_blame_wan(info, session, err);
	return err;
}

static int mwb_netlink_wan_del(struct mwb_session *session,
			       struct genl_info *info)
{
	struct mwb_wan *wan;

	wan = mwb_netlink_wan(session, info);
	if (IS_ERR(wan))
		return PTR_ERR(wan);
	/* One that is down may be left over; it can be announced again. */
	if (wan->dynamic && (wan->health.state != MWB_HEALTH_DOWN ||
			     !wan->settings.admin_up)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[MWBOND_A_WAN_NAME],
				    "The WAN is one of the peer's: it is removed there, or set down here");
		return -EOPNOTSUPP;
	}
	mwb_wan_remove(wan);
	return 0;
}

int mwb_netlink_locked(struct genl_info *info,
		       int (*handler)(struct mwb_session *session,
				      struct genl_info *info),
		       bool changes)
{
	struct mwb_session *session;
	int err;

	rtnl_lock();
	session = mwb_netlink_session(info);
	if (IS_ERR(session)) {
		err = PTR_ERR(session);
		goto unlock;
	}
	mutex_lock(&session->mutex);
	err = handler(session, info);
	mutex_unlock(&session->mutex);
	if (!err && changes)
		mwb_netlink_changed();
unlock:
	rtnl_unlock();
	return err;
}

int mwbond_nl_dev_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return mwb_netlink_locked(info, mwb_netlink_dev_get, false);
}

int mwbond_nl_wan_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return mwb_netlink_locked(info, mwb_netlink_wan_get, false);
}

int mwbond_nl_wan_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return mwb_netlink_locked(info, mwb_netlink_wan_add, true);
}

int mwbond_nl_wan_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return mwb_netlink_locked(info, mwb_netlink_wan_set, true);
}

int mwbond_nl_wan_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return mwb_netlink_locked(info, mwb_netlink_wan_del, true);
}

/* The mwbond device with the least index that is not below @ifindex. */
static struct net_device *mwb_netlink_next(struct net *net, long ifindex)
{
	struct net_device *dev, *best = NULL;

	for_each_netdev(net, dev) {
		if (mwb_device_is(dev) && dev->ifindex >= ifindex &&
		    (!best || dev->ifindex < best->ifindex))
			best = dev;
	}
	return best;
}

static int mwb_netlink_dump_device(struct sk_buff *skb,
				   struct netlink_callback *cb,
				   struct mwb_session *session)
{
	return mwb_netlink_put(skb, NETLINK_CB(cb->skb).portid,
			       cb->nlh->nlmsg_seq, NLM_F_MULTI, cb, session,
			       NULL);
}

static int mwb_netlink_dump_wans(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 struct mwb_session *session)
{
	const struct nlattr *name = mwb_compat_dump_attrs(cb)[MWBOND_A_WAN_NAME];
	struct mwb_netlink_dump *dump = mwb_netlink_dump(cb);
	int err;

	for (; dump->place < MWB_MAX_WANS; dump->place++) {
		struct mwb_wan *wan = session->wan[dump->place];

		if (!wan || (name && nla_strcmp(name, wan->settings.name)))
			continue;
		err = mwb_netlink_put(skb, NETLINK_CB(cb->skb).portid,
				      cb->nlh->nlmsg_seq, NLM_F_MULTI, cb,
				      session, wan);
		if (err)
			return err;
	}
	return 0;
}

int mwb_netlink_dumpit(struct sk_buff *skb, struct netlink_callback *cb,
		       int (*fill)(struct sk_buff *skb,
				   struct netlink_callback *cb,
				   struct mwb_session *session))
{
	struct mwb_netlink_dump *dump = mwb_netlink_dump(cb);
	struct net *net = sock_net(cb->skb->sk);
	struct mwb_session *session;
	struct net_device *only, *dev;
	int err = 0;

	rtnl_lock();
	cb->seq = atomic_read(&mwb_netlink_generation);
	only = mwb_netlink_device(net, mwb_compat_dump_attrs(cb), cb->extack);
	if (IS_ERR(only)) {
		err = PTR_ERR(only);
		goto unlock;
	}
	while ((dev = mwb_netlink_next(net, only ? max_t(long, only->ifindex,
							 dump->ifindex) :
						   dump->ifindex))) {
		if (only && dev != only)
			break;
		if (dev->ifindex != dump->ifindex) {
			dump->ifindex = dev->ifindex;
			dump->place = 0;
		}
		session = netdev_priv(dev);
		mutex_lock(&session->mutex);
		err = fill(skb, cb, session);
		mutex_unlock(&session->mutex);
		if (err)
			break;
		dump->ifindex++;
		dump->place = 0;
	}
unlock:
	rtnl_unlock();
	/* What did not fit comes with the next call. */
	return err && !skb->len ? err : skb->len;
}

int mwbond_nl_dev_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return mwb_netlink_dumpit(skb, cb, mwb_netlink_dump_device);
}

int mwbond_nl_wan_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return mwb_netlink_dumpit(skb, cb, mwb_netlink_dump_wans);
}

static int mwb_netlink_fill_event(struct sk_buff *skb,
				  struct mwb_session *session,
				  struct mwb_wan *wan, enum mwbond_event event,
				  const struct mwb_health_move *move)
{
	void *hdr;

	hdr = genlmsg_put(skb, 0, 0, &mwb_netlink_family, 0, MWBOND_CMD_EVENT);
	if (!hdr)
		return -EMSGSIZE;
	if (mwb_netlink_fill_dev_of(skb, session) ||
	    nla_put_u32(skb, MWBOND_A_WAN_EVENT, event))
		return -EMSGSIZE;
	if (move && (nla_put_u32(skb, MWBOND_A_WAN_OLD_STATE, move->from) ||
		     nla_put_u32(skb, MWBOND_A_WAN_REASON, move->reason)))
		return -EMSGSIZE;
	if (wan && mwb_netlink_fill_wan(skb, wan, move ? move->to :
						  wan->health.state))
		return -EMSGSIZE;
	genlmsg_end(skb, hdr);
	return 0;
}

/* The namespace that holds the device, counted; NULL if it is going away. */
static struct net *mwb_netlink_net(const struct net_device *dev)
{
	struct net *net;

	rcu_read_lock();
	net = maybe_get_net(dev_net(dev));
	rcu_read_unlock();
	return net;
}

void mwb_netlink_event(struct mwb_session *session, struct mwb_wan *wan,
		       enum mwbond_event event,
		       const struct mwb_health_move *move)
{
	struct sk_buff *skb;
	struct net *net;

	lockdep_assert_held(&session->mutex);

	if (event == MWBOND_EVENT_WAN_ADDED ||
	    event == MWBOND_EVENT_WAN_REMOVED ||
	    event == MWBOND_EVENT_WAN_ENDPOINT)
		mwb_netlink_changed();
	net = mwb_netlink_net(session->dev);
	if (!net)
		return;
	if (!genl_has_listeners(&mwb_netlink_family, net, MWBOND_NLGRP_EVENTS))
		goto put;
	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb) {
		/* Who listens is told that something is missing. */
		genl_set_err(&mwb_netlink_family, net, 0, MWBOND_NLGRP_EVENTS,
			     -ENOBUFS);
		goto put;
	}
	if (mwb_netlink_fill_event(skb, session, wan, event, move))
		nlmsg_free(skb);
	else
		genlmsg_multicast_netns(&mwb_netlink_family, net, skb, 0,
					MWBOND_NLGRP_EVENTS, GFP_KERNEL);
put:
	put_net(net);
}

struct genl_family mwb_netlink_family __ro_after_init = {
	.name		= MWBOND_GENL_NAME,
	.version	= MWBOND_GENL_VERSION,
	.maxattr	= 0,
	.netnsok	= true,
	/* RTNL is the lock. */
	.parallel_ops	= true,
	.ops		= mwbond_nl_ops,
	.n_ops		= ARRAY_SIZE(mwbond_nl_ops),
	.resv_start_op	= MWBOND_CMD_MAX + 1,
	.mcgrps		= mwbond_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(mwbond_nl_mcgrps),
	.module		= THIS_MODULE,
};

int mwb_netlink_init(void)
{
	return genl_register_family(&mwb_netlink_family);
}

void mwb_netlink_exit(void)
{
	genl_unregister_family(&mwb_netlink_family);
}

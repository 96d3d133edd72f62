// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink attributes to settings and back.
 */
#include <linux/ctype.h>
#include <linux/in.h>
#include <linux/netdevice.h>
#include <net/ipv6.h>
#include <net/netlink.h>

#include "settings.h"

enum { MWB_SETTINGS_ALL = 1000000 };	/* parts per million */

/* An address of some host: not of a group, and not of this network. */
static bool mwb_settings_host4(__be32 addr)
{
	return !ipv4_is_multicast(addr) && !ipv4_is_lbcast(addr) &&
	       !ipv4_is_zeronet(addr);
}

static bool mwb_settings_host6(const struct in6_addr *addr)
{
	return !ipv6_addr_any(addr) && !ipv6_addr_is_multicast(addr) &&
	       !ipv6_addr_v4mapped(addr);
}

static bool mwb_settings_link_local(const struct mwb_address *addr)
{
	return addr->family == AF_INET6 &&
	       ipv6_addr_type(&addr->v6) & IPV6_ADDR_LINKLOCAL;
}

static bool mwb_settings_any(const struct mwb_address *addr)
{
	return addr->family == AF_INET ? !addr->v4.s_addr :
					 ipv6_addr_any(&addr->v6);
}

/* Port and scope stay. */
static void mwb_settings_set4(struct mwb_address *addr, __be32 v4)
{
	addr->family = AF_INET;
	memset(&addr->v6, 0, sizeof(addr->v6));
	addr->v4.s_addr = v4;
}

static void mwb_settings_set6(struct mwb_address *addr,
			      const struct in6_addr *v6)
{
	addr->family = AF_INET6;
	addr->v6 = *v6;
}

/* The address of @addr, where one of the attributes is given. */
static int mwb_settings_address(struct mwb_address *addr,
				const struct nlattr *v4,
				const struct nlattr *v6, bool any,
				struct netlink_ext_ack *extack)
{
	if (v4 && v6) {
		NL_SET_ERR_MSG_ATTR(extack, v6,
				    "An IPv4 and an IPv6 address exclude each other");
		return -EINVAL;
	}
	if (v4) {
		__be32 addr4 = nla_get_in_addr(v4);

		if (!mwb_settings_host4(addr4) && !(any && !addr4)) {
			NL_SET_ERR_MSG_ATTR(extack, v4,
					    "The IPv4 address is not that of a host");
			return -EINVAL;
		}
		mwb_settings_set4(addr, addr4);
	}
	if (v6) {
		struct in6_addr addr6 = nla_get_in6_addr(v6);

		if (!mwb_settings_host6(&addr6) &&
		    !(any && ipv6_addr_any(&addr6))) {
			NL_SET_ERR_MSG_ATTR(extack, v6,
					    "The IPv6 address is not that of a host");
			return -EINVAL;
		}
		mwb_settings_set6(addr, &addr6);
	}
	return 0;
}

static int mwb_settings_listen(struct mwb_address *listen,
			       const struct nlattr *port,
			       const struct nlattr *v4,
			       const struct nlattr *v6,
			       struct netlink_ext_ack *extack)
{
	int err;

	if (port) {
		memset(listen, 0, sizeof(*listen));
		listen->port = htons(nla_get_u16(port));
	}
	err = mwb_settings_address(listen, v4, v6, true, extack);
	if (err)
		return err;
	if (mwb_settings_link_local(listen)) {
		NL_SET_ERR_MSG_ATTR(extack, v6,
				    "A link-local address cannot be listened on");
		return -EINVAL;
	}
	if (listen->family && !listen->port) {
		NL_SET_ERR_MSG_ATTR(extack, v4 ?: v6,
				    "A listening address needs a listening port");
		return -EINVAL;
	}
	return 0;
}

int mwb_settings_parse_fec(struct mwb_fec_setting *setting,
			   const struct nlattr *kind, const struct nlattr *k,
			   const struct nlattr *m,
			   struct netlink_ext_ack *extack)
{
	if (kind)
		setting->kind = nla_get_u32(kind);
	if (k)
		setting->k = nla_get_u32(k);
	if (m)
		setting->m = nla_get_u32(m);
	if (setting->k + setting->m <= MWB_RS_SHARDS)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, m ?: k,
			    "A block has 255 data packets and parities at the most");
	return -ERANGE;
}

/* What is sent besides the packets themselves */
static int mwb_settings_extra(struct mwb_settings *settings,
			      struct nlattr **tb,
			      const struct mwb_settings_attrs *attrs,
			      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;

	attr = tb[attrs->fec_timeout];
	if (attr)
		settings->fec_timeout = nla_get_u32(attr);
	attr = tb[attrs->redundancy];
	if (attr)
		settings->redundancy = nla_get_u32(attr);
	if (settings->redundancy > MWB_SETTINGS_ALL) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "No more than one parity for each packet can be sent");
		return -ERANGE;
	}
	attr = tb[attrs->duplicate];
	if (attr)
		settings->duplicate = nla_get_u32(attr);
	attr = tb[attrs->repair];
	if (attr)
		settings->repair = nla_get_u8(attr);
	return mwb_settings_parse_fec(&settings->fec, tb[attrs->fec],
				      tb[attrs->fec_data],
				      tb[attrs->fec_parity], extack);
}

int mwb_settings_parse(struct mwb_settings *settings, struct nlattr **tb,
		       const struct nlattr *mtu,
		       const struct mwb_settings_attrs *attrs,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *attr;
	int err;

	attr = tb[attrs->mode];
	if (attr)
		settings->mode = nla_get_u32(attr);
	attr = tb[attrs->security];
	if (attr)
		settings->security = nla_get_u32(attr);
	attr = tb[attrs->session];
	if (attr)
		settings->number = nla_get_u32(attr);
	attr = tb[attrs->reorder_buffer];
	if (attr)
		settings->reorder_buffer = nla_get_u32(attr);
	attr = tb[attrs->reorder_timeout];
	if (attr)
		settings->reorder_timeout = nla_get_u32(attr);
	attr = tb[attrs->skew_budget];
	if (attr)
		settings->skew_budget = nla_get_u32(attr);
	attr = tb[attrs->mtu_auto];
	if (attr)
		settings->mtu_auto = nla_get_u8(attr);
	if (mtu) {
		if (attr && settings->mtu_auto) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "A fixed MTU excludes that the MTU follows the paths");
			return -EINVAL;
		}
		settings->mtu_auto = false;
	}
	err = mwb_settings_extra(settings, tb, attrs, extack);
	if (err)
		return err;
	return mwb_settings_listen(&settings->listen, tb[attrs->listen_port],
				   tb[attrs->listen_ipv4],
				   tb[attrs->listen_ipv6], extack);
}

static void mwb_settings_key(u8 *key, const struct nlattr *attr)
{
	if (attr)
		memcpy(key, nla_data(attr), MWB_CRYPTO_KEY_LEN);
}

void mwb_settings_parse_keys(struct mwb_settings *settings, struct nlattr **tb)
{
	mwb_settings_key(settings->private_key, tb[MWBOND_A_DEV_PRIVATE_KEY]);
	mwb_settings_key(settings->peer_key, tb[MWBOND_A_DEV_PEER_KEY]);
	mwb_settings_key(settings->preshared_key,
			 tb[MWBOND_A_DEV_PRESHARED_KEY]);
	if (tb[MWBOND_A_DEV_CIPHER])
		settings->cipher = nla_get_u32(tb[MWBOND_A_DEV_CIPHER]);
	if (settings->security < 0 &&
	    mwb_session_key_is_set(settings->private_key))
		settings->security = MWBOND_SECURITY_NOISE;
}

void mwb_settings_blame(int err, struct nlattr **tb,
			const struct mwb_settings_attrs *attrs,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *number = tb[attrs->session];
	const struct nlattr *port = tb[attrs->listen_port];
	const struct nlattr *addr = tb[attrs->listen_ipv4] ?:
				    tb[attrs->listen_ipv6];

	switch (err) {
	case -EADDRNOTAVAIL:
		NL_SET_BAD_ATTR(extack, addr ?: port);
		break;
	case -EEXIST:
		NL_SET_BAD_ATTR(extack, number ?: port);
		break;
	case -EADDRINUSE:
	case -EDESTADDRREQ:
	case -ELOOP:
	case -ENETDOWN:
		NL_SET_BAD_ATTR(extack, port ?: addr ?: number);
		break;
	}
}

size_t mwb_settings_size(void)
{
	return 12 * nla_total_size(sizeof(u32)) +	/* mode to skew_budget, fec to
							 * duplicate
							 */
	       nla_total_size(sizeof(u16)) +		/* listen_port */
	       nla_total_size(sizeof(struct in6_addr)) + /* listen_ipv6 */
	       2 * nla_total_size(sizeof(u8));		/* mtu_auto, repair */
}

int mwb_settings_fill(struct sk_buff *skb, const struct mwb_settings *settings,
		      const struct mwb_settings_attrs *attrs)
{
	const struct mwb_address *listen = &settings->listen;

	if (nla_put_u32(skb, attrs->mode, settings->mode) ||
	    nla_put_u16(skb, attrs->listen_port, ntohs(listen->port)) ||
	    nla_put_u8(skb, attrs->mtu_auto, settings->mtu_auto) ||
	    nla_put_u32(skb, attrs->reorder_buffer, settings->reorder_buffer) ||
	    nla_put_u32(skb, attrs->reorder_timeout,
			settings->reorder_timeout) ||
	    nla_put_u32(skb, attrs->skew_budget, settings->skew_budget) ||
	    nla_put_u32(skb, attrs->fec, settings->fec.kind) ||
	    nla_put_u32(skb, attrs->fec_data, settings->fec.k) ||
	    nla_put_u32(skb, attrs->fec_parity, settings->fec.m) ||
	    nla_put_u32(skb, attrs->fec_timeout, settings->fec_timeout) ||
	    nla_put_u32(skb, attrs->redundancy, settings->redundancy) ||
	    nla_put_u32(skb, attrs->duplicate, settings->duplicate) ||
	    nla_put_u8(skb, attrs->repair, settings->repair))
		return -EMSGSIZE;
	if (settings->security >= 0 &&
	    nla_put_u32(skb, attrs->security, settings->security))
		return -EMSGSIZE;
	if (settings->number &&
	    nla_put_u32(skb, attrs->session, settings->number))
		return -EMSGSIZE;
	if (listen->family == AF_INET &&
	    nla_put_in_addr(skb, attrs->listen_ipv4, listen->v4.s_addr))
		return -EMSGSIZE;
	if (listen->family == AF_INET6 &&
	    nla_put_in6_addr(skb, attrs->listen_ipv6, &listen->v6))
		return -EMSGSIZE;
	return 0;
}

/* The rules of mwb_wire_parse_control(): a name can always be announced. */
bool mwb_settings_name_valid(const char *name)
{
	if (!*name)
		return false;
	for (; *name; name++)
		if (!isascii(*name) || !isgraph(*name) || *name == '/')
			return false;
	return true;
}

static int mwb_settings_scope(struct mwb_wan_settings *settings,
			      struct nlattr **tb,
			      struct netlink_ext_ack *extack)
{
	const struct nlattr *scope = tb[MWBOND_A_WAN_REMOTE_SCOPE];
	const struct nlattr *v6 = tb[MWBOND_A_WAN_REMOTE_IPV6];
	struct mwb_address *remote = &settings->remote;

	if (v6 || tb[MWBOND_A_WAN_REMOTE_IPV4])
		remote->scope = 0;
	if (scope)
		remote->scope = nla_get_u32(scope);
	if (remote->scope && !mwb_settings_link_local(remote)) {
		NL_SET_ERR_MSG_ATTR(extack, scope,
				    "Only a link-local remote address has a scope");
		return -EINVAL;
	}
	if (remote->scope > INT_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, scope,
				    "The scope is not an interface index");
		return -EINVAL;
	}
	if (!remote->scope && mwb_settings_link_local(remote)) {
		NL_SET_ERR_MSG_ATTR(extack, v6 ?: scope,
				    "A link-local remote address needs a scope");
		return -EINVAL;
	}
	return 0;
}

static int mwb_settings_endpoints(struct mwb_wan_settings *settings,
				  struct nlattr **tb,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *local = tb[MWBOND_A_WAN_LOCAL_IPV4] ?:
				     tb[MWBOND_A_WAN_LOCAL_IPV6];
	int err, i;

	/* What the peer's WANs have need not be what is accepted here. */
	for (i = MWBOND_A_WAN_REMOTE_IPV4; i <= MWBOND_A_WAN_LOCAL_PORT; i++)
		if (tb[i])
			break;
	if (i > MWBOND_A_WAN_LOCAL_PORT)
		return 0;

	err = mwb_settings_address(&settings->remote,
				   tb[MWBOND_A_WAN_REMOTE_IPV4],
				   tb[MWBOND_A_WAN_REMOTE_IPV6], false, extack);
	if (err)
		return err;
	if (tb[MWBOND_A_WAN_REMOTE_PORT])
		settings->remote.port =
			htons(nla_get_u16(tb[MWBOND_A_WAN_REMOTE_PORT]));
	err = mwb_settings_scope(settings, tb, extack);
	if (err)
		return err;

	err = mwb_settings_address(&settings->local,
				   tb[MWBOND_A_WAN_LOCAL_IPV4],
				   tb[MWBOND_A_WAN_LOCAL_IPV6], true, extack);
	if (err)
		return err;
	if (mwb_settings_any(&settings->local))
		settings->local.family = AF_UNSPEC;
	if (tb[MWBOND_A_WAN_LOCAL_PORT])
		settings->local.port =
			htons(nla_get_u16(tb[MWBOND_A_WAN_LOCAL_PORT]));
	if (settings->local.family && settings->remote.family &&
	    settings->local.family != settings->remote.family) {
		NL_SET_ERR_MSG_ATTR(extack,
				    local ?: tb[MWBOND_A_WAN_REMOTE_IPV4] ?:
				    tb[MWBOND_A_WAN_REMOTE_IPV6],
				    "Local and remote address are of different families");
		return -EINVAL;
	}
	settings->local.scope = 0;
	if (mwb_settings_link_local(&settings->local)) {
		if (!settings->remote.scope) {
			NL_SET_ERR_MSG_ATTR(extack, local,
					    "A link-local local address needs a link-local remote one");
			return -EINVAL;
		}
		settings->local.scope = settings->remote.scope;
	}
	return 0;
}

static int mwb_settings_names(struct mwb_wan_settings *settings,
			      struct nlattr **tb,
			      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;

	attr = tb[MWBOND_A_WAN_NAME];
	if (attr) {
		nla_strscpy(settings->name, attr, sizeof(settings->name));
		if (!mwb_settings_name_valid(settings->name)) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "The name of a WAN has 1 to 15 printable ASCII characters, neither blanks nor slashes");
			return -EINVAL;
		}
	}
	attr = tb[MWBOND_A_WAN_DEV];
	if (attr) {
		nla_strscpy(settings->dev, attr, sizeof(settings->dev));
		if (settings->dev[0] && !dev_valid_name(settings->dev)) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "Not the name of an interface");
			return -EINVAL;
		}
	}
	return 0;
}

int mwb_settings_parse_wan(struct mwb_wan_settings *settings,
			   struct nlattr **tb, struct netlink_ext_ack *extack)
{
	int err;

	err = mwb_settings_names(settings, tb, extack);
	if (err)
		return err;
	if (tb[MWBOND_A_WAN_ID])
		settings->id = nla_get_u32(tb[MWBOND_A_WAN_ID]);
	if (tb[MWBOND_A_WAN_FWMARK])
		settings->fwmark = nla_get_u32(tb[MWBOND_A_WAN_FWMARK]);
	if (tb[MWBOND_A_WAN_TYPE])
		settings->type = nla_get_u32(tb[MWBOND_A_WAN_TYPE]);
	if (tb[MWBOND_A_WAN_WEIGHT])
		settings->weight = nla_get_u32(tb[MWBOND_A_WAN_WEIGHT]);
	if (tb[MWBOND_A_WAN_PRIORITY])
		settings->priority = nla_get_u32(tb[MWBOND_A_WAN_PRIORITY]);
	if (tb[MWBOND_A_WAN_RATE])
		settings->rate = nla_get_u64(tb[MWBOND_A_WAN_RATE]);
	if (tb[MWBOND_A_WAN_HEARTBEAT])
		settings->heartbeat = nla_get_u32(tb[MWBOND_A_WAN_HEARTBEAT]);
	if (tb[MWBOND_A_WAN_FAILURES])
		settings->failures = nla_get_u32(tb[MWBOND_A_WAN_FAILURES]);
	if (tb[MWBOND_A_WAN_MAX_LATENCY])
		settings->max_latency = nla_get_u32(tb[MWBOND_A_WAN_MAX_LATENCY]);
	if (tb[MWBOND_A_WAN_MAX_JITTER])
		settings->max_jitter = nla_get_u32(tb[MWBOND_A_WAN_MAX_JITTER]);
	if (tb[MWBOND_A_WAN_MAX_LOSS])
		settings->max_loss = nla_get_u32(tb[MWBOND_A_WAN_MAX_LOSS]);
	if (settings->max_loss > MWB_SETTINGS_ALL) {
		NL_SET_ERR_MSG_ATTR(extack, tb[MWBOND_A_WAN_MAX_LOSS],
				    "No more than all heartbeats can be lost");
		return -ERANGE;
	}
	if (tb[MWBOND_A_WAN_ADMIN_UP])
		settings->admin_up = nla_get_u8(tb[MWBOND_A_WAN_ADMIN_UP]);
	return mwb_settings_endpoints(settings, tb, extack);
}

static int mwb_settings_fill_address(struct sk_buff *skb,
				     const struct mwb_address *addr, int v4,
				     int v6, int port)
{
	if (addr->family == AF_INET &&
	    nla_put_in_addr(skb, v4, addr->v4.s_addr))
		return -EMSGSIZE;
	if (addr->family == AF_INET6 && nla_put_in6_addr(skb, v6, &addr->v6))
		return -EMSGSIZE;
	return nla_put_u16(skb, port, ntohs(addr->port));
}

int mwb_settings_fill_wan(struct sk_buff *skb,
			  const struct mwb_wan_settings *settings)
{
	const struct mwb_address *remote = &settings->remote;

	if (mwb_settings_fill_address(skb, remote, MWBOND_A_WAN_REMOTE_IPV4,
				      MWBOND_A_WAN_REMOTE_IPV6,
				      MWBOND_A_WAN_REMOTE_PORT) ||
	    mwb_settings_fill_address(skb, &settings->local,
				      MWBOND_A_WAN_LOCAL_IPV4,
				      MWBOND_A_WAN_LOCAL_IPV6,
				      MWBOND_A_WAN_LOCAL_PORT))
		return -EMSGSIZE;
	if (remote->scope &&
	    nla_put_u32(skb, MWBOND_A_WAN_REMOTE_SCOPE, remote->scope))
		return -EMSGSIZE;
	if (nla_put_string(skb, MWBOND_A_WAN_NAME, settings->name) ||
	    nla_put_u32(skb, MWBOND_A_WAN_ID, settings->id) ||
	    nla_put_string(skb, MWBOND_A_WAN_DEV, settings->dev) ||
	    nla_put_u32(skb, MWBOND_A_WAN_FWMARK, settings->fwmark) ||
	    nla_put_u32(skb, MWBOND_A_WAN_TYPE, settings->type) ||
	    nla_put_u32(skb, MWBOND_A_WAN_WEIGHT, settings->weight) ||
	    nla_put_u32(skb, MWBOND_A_WAN_PRIORITY, settings->priority) ||
	    nla_put_u64_64bit(skb, MWBOND_A_WAN_RATE, settings->rate,
			      MWBOND_A_WAN_PAD) ||
	    nla_put_u32(skb, MWBOND_A_WAN_HEARTBEAT, settings->heartbeat) ||
	    nla_put_u32(skb, MWBOND_A_WAN_FAILURES, settings->failures) ||
	    nla_put_u32(skb, MWBOND_A_WAN_MAX_LATENCY, settings->max_latency) ||
	    nla_put_u32(skb, MWBOND_A_WAN_MAX_JITTER, settings->max_jitter) ||
	    nla_put_u32(skb, MWBOND_A_WAN_MAX_LOSS, settings->max_loss) ||
	    nla_put_u8(skb, MWBOND_A_WAN_ADMIN_UP, settings->admin_up))
		return -EMSGSIZE;
	return 0;
}

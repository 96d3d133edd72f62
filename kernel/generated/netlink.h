/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/mwbond.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_MWBOND_GEN_H
#define _LINUX_MWBOND_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/mwbond.h>

extern const struct nla_policy mwbond_dev_get_nl_policy[MWBOND_A_DEV_IFNAME + 1];

extern const struct nla_policy mwbond_dev_set_nl_policy[MWBOND_A_DEV_CIPHER + 1];

extern const struct nla_policy mwbond_wan_get_nl_policy[MWBOND_A_WAN_NAME + 1];

extern const struct nla_policy mwbond_wan_add_nl_policy[MWBOND_A_WAN_MAX_LOSS + 1];

extern const struct nla_policy mwbond_wan_set_nl_policy[MWBOND_A_WAN_MAX_LOSS + 1];

extern const struct nla_policy mwbond_wan_del_nl_policy[MWBOND_A_WAN_NAME + 1];

extern const struct nla_policy mwbond_class_get_nl_policy[MWBOND_A_CLASS_NAME + 1];

extern const struct nla_policy mwbond_class_add_nl_policy[MWBOND_A_CLASS_FEC_PARITY + 1];

extern const struct nla_policy mwbond_class_set_nl_policy[MWBOND_A_CLASS_FEC_PARITY + 1];

extern const struct nla_policy mwbond_class_del_nl_policy[MWBOND_A_CLASS_NAME + 1];

/* Ops table for mwbond */
extern const struct genl_ops mwbond_nl_ops[10];

int mwbond_nl_dev_get_doit(struct sk_buff *skb, struct genl_info *info);
int mwbond_nl_dev_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int mwbond_nl_dev_set_doit(struct sk_buff *skb, struct genl_info *info);
int mwbond_nl_wan_get_doit(struct sk_buff *skb, struct genl_info *info);
int mwbond_nl_wan_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int mwbond_nl_wan_add_doit(struct sk_buff *skb, struct genl_info *info);
int mwbond_nl_wan_set_doit(struct sk_buff *skb, struct genl_info *info);
int mwbond_nl_wan_del_doit(struct sk_buff *skb, struct genl_info *info);
int mwbond_nl_class_get_doit(struct sk_buff *skb, struct genl_info *info);
int mwbond_nl_class_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int mwbond_nl_class_add_doit(struct sk_buff *skb, struct genl_info *info);
int mwbond_nl_class_set_doit(struct sk_buff *skb, struct genl_info *info);
int mwbond_nl_class_del_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	MWBOND_NLGRP_EVENTS,
};

extern const struct genl_multicast_group mwbond_nl_mcgrps[1];

#endif /* _LINUX_MWBOND_GEN_H */

// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/mwbond.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink.h"

#include <uapi/linux/mwbond.h>

/* MWBOND_CMD_DEV_GET - do */
const struct nla_policy mwbond_dev_get_nl_policy[MWBOND_A_DEV_IFNAME + 1] = {
	[MWBOND_A_DEV_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[MWBOND_A_DEV_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* MWBOND_CMD_DEV_SET - do */
const struct nla_policy mwbond_dev_set_nl_policy[MWBOND_A_DEV_CIPHER + 1] = {
	[MWBOND_A_DEV_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[MWBOND_A_DEV_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_DEV_MODE] = NLA_POLICY_MAX(NLA_U32, 8),
	[MWBOND_A_DEV_SECURITY] = NLA_POLICY_MAX(NLA_U32, 1),
	[MWBOND_A_DEV_SESSION] = NLA_POLICY_MIN(NLA_U32, 1),
	[MWBOND_A_DEV_LISTEN_PORT] = { .type = NLA_U16, },
	[MWBOND_A_DEV_LISTEN_IPV4] = { .type = NLA_U32, },
	[MWBOND_A_DEV_LISTEN_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[MWBOND_A_DEV_MTU_AUTO] = NLA_POLICY_MAX(NLA_U8, 1),
	[MWBOND_A_DEV_MTU] = NLA_POLICY_RANGE(NLA_U32, 68, 9000),
	[MWBOND_A_DEV_REORDER_BUFFER] = NLA_POLICY_RANGE(NLA_U32, 1, 16384),
	[MWBOND_A_DEV_REORDER_TIMEOUT] = NLA_POLICY_MAX(NLA_U32, 10000),
	[MWBOND_A_DEV_SKEW_BUDGET] = NLA_POLICY_MAX(NLA_U32, 1000),
	[MWBOND_A_DEV_FEC] = NLA_POLICY_MAX(NLA_U32, 2),
	[MWBOND_A_DEV_FEC_DATA] = NLA_POLICY_RANGE(NLA_U32, 1, 254),
	[MWBOND_A_DEV_FEC_PARITY] = NLA_POLICY_RANGE(NLA_U32, 1, 254),
	[MWBOND_A_DEV_FEC_TIMEOUT] = NLA_POLICY_MAX(NLA_U32, 500),
	[MWBOND_A_DEV_REDUNDANCY] = { .type = NLA_U32, },
	[MWBOND_A_DEV_DUPLICATE] = NLA_POLICY_MAX(NLA_U32, 16),
	[MWBOND_A_DEV_REPAIR] = NLA_POLICY_MAX(NLA_U8, 1),
	[MWBOND_A_DEV_PRIVATE_KEY] = NLA_POLICY_EXACT_LEN(32),
	[MWBOND_A_DEV_PEER_KEY] = NLA_POLICY_EXACT_LEN(32),
	[MWBOND_A_DEV_PRESHARED_KEY] = NLA_POLICY_EXACT_LEN(32),
	[MWBOND_A_DEV_CIPHER] = NLA_POLICY_MAX(NLA_U32, 2),
};

/* MWBOND_CMD_WAN_GET - do */
const struct nla_policy mwbond_wan_get_nl_policy[MWBOND_A_WAN_NAME + 1] = {
	[MWBOND_A_WAN_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[MWBOND_A_WAN_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_WAN_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* MWBOND_CMD_WAN_ADD - do */
const struct nla_policy mwbond_wan_add_nl_policy[MWBOND_A_WAN_MAX_LOSS + 1] = {
	[MWBOND_A_WAN_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[MWBOND_A_WAN_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_WAN_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_WAN_ID] = NLA_POLICY_RANGE(NLA_U32, 1, 127),
	[MWBOND_A_WAN_REMOTE_IPV4] = { .type = NLA_U32, },
	[MWBOND_A_WAN_REMOTE_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[MWBOND_A_WAN_REMOTE_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[MWBOND_A_WAN_REMOTE_SCOPE] = { .type = NLA_U32, },
	[MWBOND_A_WAN_LOCAL_IPV4] = { .type = NLA_U32, },
	[MWBOND_A_WAN_LOCAL_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[MWBOND_A_WAN_LOCAL_PORT] = { .type = NLA_U16, },
	[MWBOND_A_WAN_DEV] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_WAN_FWMARK] = { .type = NLA_U32, },
	[MWBOND_A_WAN_TYPE] = NLA_POLICY_MAX(NLA_U32, 8),
	[MWBOND_A_WAN_WEIGHT] = NLA_POLICY_RANGE(NLA_U32, 1, 1000),
	[MWBOND_A_WAN_PRIORITY] = NLA_POLICY_MAX(NLA_U32, 255),
	[MWBOND_A_WAN_RATE] = { .type = NLA_U64, },
	[MWBOND_A_WAN_HEARTBEAT] = NLA_POLICY_RANGE(NLA_U32, 10, 30000),
	[MWBOND_A_WAN_FAILURES] = NLA_POLICY_RANGE(NLA_U32, 1, 100),
	[MWBOND_A_WAN_MAX_LATENCY] = NLA_POLICY_MAX(NLA_U32, 30000),
	[MWBOND_A_WAN_MAX_JITTER] = NLA_POLICY_MAX(NLA_U32, 30000),
	[MWBOND_A_WAN_MAX_LOSS] = { .type = NLA_U32, },
	[MWBOND_A_WAN_ADMIN_UP] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* MWBOND_CMD_WAN_SET - do */
const struct nla_policy mwbond_wan_set_nl_policy[MWBOND_A_WAN_MAX_LOSS + 1] = {
	[MWBOND_A_WAN_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[MWBOND_A_WAN_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_WAN_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_WAN_ID] = NLA_POLICY_RANGE(NLA_U32, 1, 127),
	[MWBOND_A_WAN_REMOTE_IPV4] = { .type = NLA_U32, },
	[MWBOND_A_WAN_REMOTE_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[MWBOND_A_WAN_REMOTE_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[MWBOND_A_WAN_REMOTE_SCOPE] = { .type = NLA_U32, },
	[MWBOND_A_WAN_LOCAL_IPV4] = { .type = NLA_U32, },
	[MWBOND_A_WAN_LOCAL_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[MWBOND_A_WAN_LOCAL_PORT] = { .type = NLA_U16, },
	[MWBOND_A_WAN_DEV] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_WAN_FWMARK] = { .type = NLA_U32, },
	[MWBOND_A_WAN_TYPE] = NLA_POLICY_MAX(NLA_U32, 8),
	[MWBOND_A_WAN_WEIGHT] = NLA_POLICY_RANGE(NLA_U32, 1, 1000),
	[MWBOND_A_WAN_PRIORITY] = NLA_POLICY_MAX(NLA_U32, 255),
	[MWBOND_A_WAN_RATE] = { .type = NLA_U64, },
	[MWBOND_A_WAN_HEARTBEAT] = NLA_POLICY_RANGE(NLA_U32, 10, 30000),
	[MWBOND_A_WAN_FAILURES] = NLA_POLICY_RANGE(NLA_U32, 1, 100),
	[MWBOND_A_WAN_MAX_LATENCY] = NLA_POLICY_MAX(NLA_U32, 30000),
	[MWBOND_A_WAN_MAX_JITTER] = NLA_POLICY_MAX(NLA_U32, 30000),
	[MWBOND_A_WAN_MAX_LOSS] = { .type = NLA_U32, },
	[MWBOND_A_WAN_ADMIN_UP] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* MWBOND_CMD_WAN_DEL - do */
const struct nla_policy mwbond_wan_del_nl_policy[MWBOND_A_WAN_NAME + 1] = {
	[MWBOND_A_WAN_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[MWBOND_A_WAN_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_WAN_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* MWBOND_CMD_CLASS_GET - do */
const struct nla_policy mwbond_class_get_nl_policy[MWBOND_A_CLASS_NAME + 1] = {
	[MWBOND_A_CLASS_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[MWBOND_A_CLASS_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_CLASS_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* MWBOND_CMD_CLASS_ADD - do */
const struct nla_policy mwbond_class_add_nl_policy[MWBOND_A_CLASS_FEC_PARITY + 1] = {
	[MWBOND_A_CLASS_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[MWBOND_A_CLASS_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_CLASS_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_CLASS_MATCH_PRIO_MIN] = NLA_POLICY_MAX(NLA_U32, 255),
	[MWBOND_A_CLASS_MATCH_PRIO_MAX] = NLA_POLICY_MAX(NLA_U32, 255),
	[MWBOND_A_CLASS_MATCH_DSCP] = NLA_POLICY_MIN(NLA_U64, 1),
	[MWBOND_A_CLASS_MATCH_MARK] = { .type = NLA_U32, },
	[MWBOND_A_CLASS_MATCH_MASK] = { .type = NLA_U32, },
	[MWBOND_A_CLASS_ORDER] = NLA_POLICY_MAX(NLA_U32, 2),
	[MWBOND_A_CLASS_HOLD] = NLA_POLICY_MAX(NLA_U32, 2),
	[MWBOND_A_CLASS_MAX_DELAY] = NLA_POLICY_MAX(NLA_U32, 10000),
	[MWBOND_A_CLASS_WAN] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_CLASS_PRIORITY] = NLA_POLICY_MAX(NLA_U32, 256),
	[MWBOND_A_CLASS_DUPLICATE] = NLA_POLICY_RANGE(NLA_U32, 1, 16),
	[MWBOND_A_CLASS_FEC] = NLA_POLICY_MAX(NLA_U32, 3),
	[MWBOND_A_CLASS_FEC_DATA] = NLA_POLICY_RANGE(NLA_U32, 1, 254),
	[MWBOND_A_CLASS_FEC_PARITY] = NLA_POLICY_RANGE(NLA_U32, 1, 254),
};

/* MWBOND_CMD_CLASS_SET - do */
const struct nla_policy mwbond_class_set_nl_policy[MWBOND_A_CLASS_FEC_PARITY + 1] = {
	[MWBOND_A_CLASS_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[MWBOND_A_CLASS_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_CLASS_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_CLASS_MATCH_PRIO_MIN] = NLA_POLICY_MAX(NLA_U32, 255),
	[MWBOND_A_CLASS_MATCH_PRIO_MAX] = NLA_POLICY_MAX(NLA_U32, 255),
	[MWBOND_A_CLASS_MATCH_DSCP] = NLA_POLICY_MIN(NLA_U64, 1),
	[MWBOND_A_CLASS_MATCH_MARK] = { .type = NLA_U32, },
	[MWBOND_A_CLASS_MATCH_MASK] = { .type = NLA_U32, },
	[MWBOND_A_CLASS_ORDER] = NLA_POLICY_MAX(NLA_U32, 2),
	[MWBOND_A_CLASS_HOLD] = NLA_POLICY_MAX(NLA_U32, 2),
	[MWBOND_A_CLASS_MAX_DELAY] = NLA_POLICY_MAX(NLA_U32, 10000),
	[MWBOND_A_CLASS_WAN] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_CLASS_PRIORITY] = NLA_POLICY_MAX(NLA_U32, 256),
	[MWBOND_A_CLASS_DUPLICATE] = NLA_POLICY_RANGE(NLA_U32, 1, 16),
	[MWBOND_A_CLASS_FEC] = NLA_POLICY_MAX(NLA_U32, 3),
	[MWBOND_A_CLASS_FEC_DATA] = NLA_POLICY_RANGE(NLA_U32, 1, 254),
	[MWBOND_A_CLASS_FEC_PARITY] = NLA_POLICY_RANGE(NLA_U32, 1, 254),
};

/* MWBOND_CMD_CLASS_DEL - do */
const struct nla_policy mwbond_class_del_nl_policy[MWBOND_A_CLASS_NAME + 1] = {
	[MWBOND_A_CLASS_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[MWBOND_A_CLASS_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[MWBOND_A_CLASS_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* Ops table for mwbond */
const struct genl_ops mwbond_nl_ops[10] = {
	{
		.cmd		= MWBOND_CMD_DEV_GET,
		.doit		= mwbond_nl_dev_get_doit,
		.dumpit		= mwbond_nl_dev_get_dumpit,
		.policy		= mwbond_dev_get_nl_policy,
		.maxattr	= MWBOND_A_DEV_IFNAME,
	},
	{
		.cmd		= MWBOND_CMD_DEV_SET,
		.doit		= mwbond_nl_dev_set_doit,
		.policy		= mwbond_dev_set_nl_policy,
		.maxattr	= MWBOND_A_DEV_CIPHER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= MWBOND_CMD_WAN_GET,
		.doit		= mwbond_nl_wan_get_doit,
		.dumpit		= mwbond_nl_wan_get_dumpit,
		.policy		= mwbond_wan_get_nl_policy,
		.maxattr	= MWBOND_A_WAN_NAME,
	},
	{
		.cmd		= MWBOND_CMD_WAN_ADD,
		.doit		= mwbond_nl_wan_add_doit,
		.policy		= mwbond_wan_add_nl_policy,
		.maxattr	= MWBOND_A_WAN_MAX_LOSS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= MWBOND_CMD_WAN_SET,
		.doit		= mwbond_nl_wan_set_doit,
		.policy		= mwbond_wan_set_nl_policy,
		.maxattr	= MWBOND_A_WAN_MAX_LOSS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= MWBOND_CMD_WAN_DEL,
		.doit		= mwbond_nl_wan_del_doit,
		.policy		= mwbond_wan_del_nl_policy,
		.maxattr	= MWBOND_A_WAN_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= MWBOND_CMD_CLASS_GET,
		.doit		= mwbond_nl_class_get_doit,
		.dumpit		= mwbond_nl_class_get_dumpit,
		.policy		= mwbond_class_get_nl_policy,
		.maxattr	= MWBOND_A_CLASS_NAME,
	},
	{
		.cmd		= MWBOND_CMD_CLASS_ADD,
		.doit		= mwbond_nl_class_add_doit,
		.policy		= mwbond_class_add_nl_policy,
		.maxattr	= MWBOND_A_CLASS_FEC_PARITY,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= MWBOND_CMD_CLASS_SET,
		.doit		= mwbond_nl_class_set_doit,
		.policy		= mwbond_class_set_nl_policy,
		.maxattr	= MWBOND_A_CLASS_FEC_PARITY,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= MWBOND_CMD_CLASS_DEL,
		.doit		= mwbond_nl_class_del_doit,
		.policy		= mwbond_class_del_nl_policy,
		.maxattr	= MWBOND_A_CLASS_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};

const struct genl_multicast_group mwbond_nl_mcgrps[] = {
	[MWBOND_NLGRP_EVENTS] = { "events", },
};

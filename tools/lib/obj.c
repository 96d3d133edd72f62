// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of devices and WANs, by the numbers of linux/mwbond.h and with the
 * names of the netlink specification.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "obj.h"

#define MWB_DEV(n, t, m)	\
	{ .name = (n), .type = (t), .offset = offsetof(struct mwb_dev, m) }
#define MWB_DEV_WORD(n, t, m, w)	\
	{ .name = (n), .word = (w), .type = (t), \
	  .offset = offsetof(struct mwb_dev, m) }
#define MWB_DEV_ENUM(n, m, v)	\
	{ .name = (n), .type = MWB_ENUM, .names = &(v), \
	  .offset = offsetof(struct mwb_dev, m) }
#define MWB_DEV_GAUGE(n, t, m)	\
	{ .name = (n), .type = (t), .gauge = true, \
	  .offset = offsetof(struct mwb_dev, m) }

static const struct mwb_attr mwb_dev_attr[MWBOND_A_DEV_MAX + 1] = {
	[MWBOND_A_DEV_IFINDEX] =
		MWB_DEV_WORD("ifindex", MWB_U32, ifindex, "DEV"),
	[MWBOND_A_DEV_IFNAME] =
		MWB_DEV_WORD("ifname", MWB_STRING, ifname, "DEV"),
	[MWBOND_A_DEV_MODE] = MWB_DEV_ENUM("mode", mode, mwb_mode_names),
	[MWBOND_A_DEV_SECURITY] =
		MWB_DEV_ENUM("security", security, mwb_security_names),
	[MWBOND_A_DEV_SESSION] = MWB_DEV("session", MWB_U32, session),
	[MWBOND_A_DEV_LISTEN_PORT] =
		MWB_DEV_WORD("listen-port", MWB_U16, listen_port, "listen"),
	[MWBOND_A_DEV_LISTEN_IPV4] =
		MWB_DEV_WORD("listen-ipv4", MWB_IPV4, listen_ipv4, "listen"),
	[MWBOND_A_DEV_LISTEN_IPV6] =
		MWB_DEV_WORD("listen-ipv6", MWB_IPV6, listen_ipv6, "listen"),
	[MWBOND_A_DEV_MTU_AUTO] =
		MWB_DEV_WORD("mtu-auto", MWB_FLAG, mtu_auto, "mtu"),
	[MWBOND_A_DEV_MTU] = MWB_DEV("mtu", MWB_U32, mtu),
	[MWBOND_A_DEV_REORDER_BUFFER] =
		MWB_DEV("reorder-buffer", MWB_U32, reorder_buffer),
	[MWBOND_A_DEV_REORDER_TIMEOUT] =
		MWB_DEV("reorder-timeout", MWB_U32, reorder_timeout),
	[MWBOND_A_DEV_SKEW_BUDGET] = MWB_DEV("skew-budget", MWB_U32, skew_budget),
	[MWBOND_A_DEV_FEC] = MWB_DEV_ENUM("fec", fec, mwb_fec_names),
	[MWBOND_A_DEV_FEC_DATA] =
		MWB_DEV_WORD("fec-data", MWB_U32, fec_data, "fec"),
	[MWBOND_A_DEV_FEC_PARITY] =
		MWB_DEV_WORD("fec-parity", MWB_U32, fec_parity, "fec"),
	[MWBOND_A_DEV_FEC_TIMEOUT] = MWB_DEV("fec-timeout", MWB_U32, fec_timeout),
	[MWBOND_A_DEV_REDUNDANCY] = MWB_DEV("redundancy", MWB_U32, redundancy),
	[MWBOND_A_DEV_DUPLICATE] = MWB_DEV("duplicate", MWB_U32, duplicate),
	[MWBOND_A_DEV_REPAIR] = MWB_DEV("repair", MWB_FLAG, repair),
	[MWBOND_A_DEV_FEC_VARIANT] =
		MWB_DEV("fec-variant", MWB_STRING, fec_variant),
	[MWBOND_A_DEV_ESTABLISHED] =
		MWB_DEV("established", MWB_FLAG, established),
	[MWBOND_A_DEV_INITIATOR] = MWB_DEV("initiator", MWB_FLAG, initiator),
	[MWBOND_A_DEV_WAN_COUNT] = MWB_DEV("wan-count", MWB_U32, wan_count),
	[MWBOND_A_DEV_QUEUE_BYTES] =
		MWB_DEV_GAUGE("queue-bytes", MWB_U32, queue_bytes),
	[MWBOND_A_DEV_QUEUE_PACKETS] =
		MWB_DEV_GAUGE("queue-packets", MWB_U32, queue_packets),
	[MWBOND_A_DEV_QUEUE_FLOWS] =
		MWB_DEV_GAUGE("queue-flows", MWB_U32, queue_flows),
	[MWBOND_A_DEV_HOLD] = MWB_DEV_GAUGE("hold", MWB_U32, hold),
	[MWBOND_A_DEV_KEPT_BYTES] =
		MWB_DEV_GAUGE("kept-bytes", MWB_U64, kept_bytes),
	[MWBOND_A_DEV_PRIVATE_KEY] = MWB_DEV("private-key", MWB_KEY, private_key),
	[MWBOND_A_DEV_PUBLIC_KEY] = MWB_DEV("public-key", MWB_KEY, public_key),
	[MWBOND_A_DEV_PEER_KEY] =
		MWB_DEV_WORD("peer-key", MWB_KEY, peer_key, "peer"),
	[MWBOND_A_DEV_PRESHARED_KEY] =
		MWB_DEV("preshared-key", MWB_KEY, preshared_key),
	[MWBOND_A_DEV_PRESHARED] = MWB_DEV("preshared", MWB_FLAG, preshared),
	[MWBOND_A_DEV_CIPHER] = MWB_DEV_ENUM("cipher", cipher, mwb_cipher_names),
	[MWBOND_A_DEV_CIPHER_USED] =
		MWB_DEV_ENUM("cipher-used", cipher_used, mwb_cipher_names),
	[MWBOND_A_DEV_KEY_AGE] = MWB_DEV("key-age", MWB_U32, key_age),
	[MWBOND_A_DEV_STATS] = MWB_DEV("stats", MWB_STATS, stats),
};

#define MWB_COUNT(a, n)	\
	[MWBOND_A_STATS_##a] = \
		{ .name = (n), .type = MWB_COUNTER, \
		  .offset = offsetof(struct mwb_stats, \
				     count[MWBOND_A_STATS_##a]) }

static const struct mwb_attr mwb_stats_attr[MWBOND_A_STATS_MAX + 1] = {
	MWB_COUNT(TX_NO_WAN, "tx-no-wan"),
	MWB_COUNT(TX_INVALID, "tx-invalid"),
	MWB_COUNT(TX_TOO_BIG, "tx-too-big"),
	MWB_COUNT(TX_SEGMENT, "tx-segment"),
	MWB_COUNT(TX_NO_MEMORY, "tx-no-memory"),
	MWB_COUNT(TX_ROUTE, "tx-route"),
	MWB_COUNT(TX_LOOP, "tx-loop"),
	MWB_COUNT(TX_FRAGMENTED, "tx-fragmented"),
	MWB_COUNT(TX_QUEUE, "tx-queue"),
	MWB_COUNT(TX_MARKED, "tx-marked"),
	MWB_COUNT(TX_REPAIRED, "tx-repaired"),
	MWB_COUNT(TX_GIVEN_UP, "tx-given-up"),
	MWB_COUNT(RX_SHORT, "rx-short"),
	MWB_COUNT(RX_VERSION, "rx-version"),
	MWB_COUNT(RX_TYPE, "rx-type"),
	MWB_COUNT(RX_FLAGS, "rx-flags"),
	MWB_COUNT(RX_LENGTH, "rx-length"),
	MWB_COUNT(RX_BUCKET, "rx-bucket"),
	MWB_COUNT(RX_WAN_ID, "rx-wan-id"),
	MWB_COUNT(RX_CHECKSUM, "rx-checksum"),
	MWB_COUNT(RX_SESSION, "rx-session"),
	MWB_COUNT(RX_SECURITY, "rx-security"),
	MWB_COUNT(RX_AUTH, "rx-auth"),
	MWB_COUNT(RX_PAYLOAD, "rx-payload"),
	MWB_COUNT(RX_FEEDBACK, "rx-feedback"),
	MWB_COUNT(RX_HANDSHAKE, "rx-handshake"),
	MWB_COUNT(RX_WAN, "rx-wan"),
	MWB_COUNT(RX_SOURCE, "rx-source"),
	MWB_COUNT(RX_WAN_LIMIT, "rx-wan-limit"),
	MWB_COUNT(RX_REPLAY, "rx-replay"),
	MWB_COUNT(RX_UNSUPPORTED, "rx-unsupported"),
	MWB_COUNT(RX_NO_MEMORY, "rx-no-memory"),
	MWB_COUNT(RX_QUEUE_FULL, "rx-queue-full"),
	MWB_COUNT(RX_INNER, "rx-inner"),
	MWB_COUNT(RX_ECN, "rx-ecn"),
	MWB_COUNT(RX_FRAGMENT, "rx-fragment"),
	MWB_COUNT(RX_DUPLICATE, "rx-duplicate"),
	MWB_COUNT(RX_OLD, "rx-old"),
	MWB_COUNT(RX_LATE, "rx-late"),
	MWB_COUNT(RX_REORDERED, "rx-reordered"),
	MWB_COUNT(RX_HELD, "rx-held"),
	MWB_COUNT(RX_SKIPPED, "rx-skipped"),
	MWB_COUNT(RX_FORCED, "rx-forced"),
	MWB_COUNT(HANDSHAKES, "handshakes"),
	MWB_COUNT(TX_FEC_BLOCKS, "tx-fec-blocks"),
	MWB_COUNT(TX_FEC_PARITY, "tx-fec-parity"),
	MWB_COUNT(TX_FEC_SKIPPED, "tx-fec-skipped"),
	MWB_COUNT(RX_FEC_BLOCKS, "rx-fec-blocks"),
	MWB_COUNT(RX_FEC_RECOVERED, "rx-fec-recovered"),
	MWB_COUNT(RX_FEC_LOST, "rx-fec-lost"),
	MWB_COUNT(RX_FEC_LATE, "rx-fec-late"),
	MWB_COUNT(RX_FEC_WASTED, "rx-fec-wasted"),
	MWB_COUNT(RX_FEC_REFUSED, "rx-fec-refused"),
	MWB_COUNT(REKEYS, "rekeys"),
};

#define MWB_WAN(n, t, m)	\
	{ .name = (n), .type = (t), .offset = offsetof(struct mwb_wan, m) }
#define MWB_WAN_WORD(n, t, m, w)	\
	{ .name = (n), .word = (w), .type = (t), \
	  .offset = offsetof(struct mwb_wan, m) }
#define MWB_WAN_ENUM(n, m, v)	\
	{ .name = (n), .type = MWB_ENUM, .names = &(v), \
	  .offset = offsetof(struct mwb_wan, m) }
#define MWB_WAN_GAUGE(n, t, m)	\
	{ .name = (n), .type = (t), .gauge = true, \
	  .offset = offsetof(struct mwb_wan, m) }

static const struct mwb_attr mwb_wan_attr[MWBOND_A_WAN_MAX + 1] = {
	[MWBOND_A_WAN_IFINDEX] =
		MWB_WAN_WORD("ifindex", MWB_U32, ifindex, "DEV"),
	[MWBOND_A_WAN_IFNAME] =
		MWB_WAN_WORD("ifname", MWB_STRING, ifname, "DEV"),
	[MWBOND_A_WAN_NAME] = MWB_WAN_WORD("name", MWB_STRING, name, "NAME"),
	[MWBOND_A_WAN_ID] = MWB_WAN("id", MWB_U32, id),
	[MWBOND_A_WAN_REMOTE_IPV4] =
		MWB_WAN_WORD("remote-ipv4", MWB_IPV4, remote_ipv4, "remote"),
	[MWBOND_A_WAN_REMOTE_IPV6] =
		MWB_WAN_WORD("remote-ipv6", MWB_IPV6, remote_ipv6, "remote"),
	[MWBOND_A_WAN_REMOTE_PORT] =
		MWB_WAN_WORD("remote-port", MWB_U16, remote_port, "remote"),
	[MWBOND_A_WAN_REMOTE_SCOPE] =
		MWB_WAN_WORD("remote-scope", MWB_U32, remote_scope, "remote"),
	[MWBOND_A_WAN_LOCAL_IPV4] =
		MWB_WAN_WORD("local-ipv4", MWB_IPV4, local_ipv4, "local"),
	[MWBOND_A_WAN_LOCAL_IPV6] =
		MWB_WAN_WORD("local-ipv6", MWB_IPV6, local_ipv6, "local"),
	[MWBOND_A_WAN_LOCAL_PORT] =
		MWB_WAN_WORD("local-port", MWB_U16, local_port, "local"),
	[MWBOND_A_WAN_DEV] = MWB_WAN("dev", MWB_STRING, dev),
	[MWBOND_A_WAN_FWMARK] = MWB_WAN("fwmark", MWB_U32, fwmark),
	[MWBOND_A_WAN_TYPE] = MWB_WAN_ENUM("type", type, mwb_wan_type_names),
	[MWBOND_A_WAN_WEIGHT] = MWB_WAN("weight", MWB_U32, weight),
	[MWBOND_A_WAN_PRIORITY] = MWB_WAN("priority", MWB_U32, priority),
	[MWBOND_A_WAN_RATE] = MWB_WAN("rate", MWB_U64, rate),
	[MWBOND_A_WAN_HEARTBEAT] = MWB_WAN("heartbeat", MWB_U32, heartbeat),
	[MWBOND_A_WAN_FAILURES] = MWB_WAN("failures", MWB_U32, failures),
	[MWBOND_A_WAN_ADMIN_UP] =
		MWB_WAN_WORD("admin-up", MWB_FLAG, admin_up, "up|down"),
	[MWBOND_A_WAN_DYNAMIC] = MWB_WAN("dynamic", MWB_FLAG, dynamic),
	[MWBOND_A_WAN_WIRE_ID] = MWB_WAN("wire-id", MWB_U32, wire_id),
	[MWBOND_A_WAN_STATE] = MWB_WAN_ENUM("state", state,
					    mwb_wan_state_names),
	[MWBOND_A_WAN_MTU] = MWB_WAN("mtu", MWB_U32, mtu),
	[MWBOND_A_WAN_SCORE] = MWB_WAN("score", MWB_U32, score),
	[MWBOND_A_WAN_RTT] = MWB_WAN("rtt", MWB_U64, rtt),
	[MWBOND_A_WAN_RTT_LAST] = MWB_WAN("rtt-last", MWB_U64, rtt_last),
	[MWBOND_A_WAN_RTT_MIN] = MWB_WAN("rtt-min", MWB_U64, rtt_min),
	[MWBOND_A_WAN_JITTER] = MWB_WAN("jitter", MWB_U64, jitter),
	[MWBOND_A_WAN_LOSS] = MWB_WAN("loss", MWB_U32, loss),
	[MWBOND_A_WAN_TX_PACKETS] =
		MWB_WAN("tx-packets", MWB_COUNTER, tx_packets),
	[MWBOND_A_WAN_TX_BYTES] = MWB_WAN("tx-bytes", MWB_COUNTER, tx_bytes),
	[MWBOND_A_WAN_RX_PACKETS] =
		MWB_WAN("rx-packets", MWB_COUNTER, rx_packets),
	[MWBOND_A_WAN_RX_BYTES] = MWB_WAN("rx-bytes", MWB_COUNTER, rx_bytes),
	[MWBOND_A_WAN_TX_ERRORS] = MWB_WAN("tx-errors", MWB_COUNTER, tx_errors),
	[MWBOND_A_WAN_HEARTBEATS_SENT] =
		MWB_WAN("heartbeats-sent", MWB_COUNTER, heartbeats_sent),
	[MWBOND_A_WAN_HEARTBEATS_ANSWERED] =
		MWB_WAN("heartbeats-answered", MWB_COUNTER,
			heartbeats_answered),
	[MWBOND_A_WAN_HEARTBEATS_LOST] =
		MWB_WAN("heartbeats-lost", MWB_COUNTER, heartbeats_lost),
	[MWBOND_A_WAN_DOWNS] = MWB_WAN("downs", MWB_COUNTER, downs),
	[MWBOND_A_WAN_EVENT] = MWB_WAN_ENUM("event", event, mwb_event_names),
	[MWBOND_A_WAN_OLD_STATE] =
		MWB_WAN_ENUM("old-state", old_state, mwb_wan_state_names),
	[MWBOND_A_WAN_TX_USE] = MWB_WAN_ENUM("tx-use", tx_use,
					     mwb_wan_use_names),
	[MWBOND_A_WAN_TX_RATE] = MWB_WAN_GAUGE("tx-rate", MWB_U64, tx_rate),
	[MWBOND_A_WAN_TX_STARTING] =
		MWB_WAN("tx-starting", MWB_FLAG, tx_starting),
	[MWBOND_A_WAN_TX_POLICED] =
		MWB_WAN_GAUGE("tx-policed", MWB_U64, tx_policed),
	[MWBOND_A_WAN_TX_SHARE] = MWB_WAN_GAUGE("tx-share", MWB_U32, tx_share),
	[MWBOND_A_WAN_TX_UNDER_WAY] =
		MWB_WAN_GAUGE("tx-under-way", MWB_U64, tx_under_way),
	[MWBOND_A_WAN_TX_KEPT] = MWB_WAN_GAUGE("tx-kept", MWB_U64, tx_kept),
	[MWBOND_A_WAN_TX_DELIVERY] =
		MWB_WAN_GAUGE("tx-delivery", MWB_U64, tx_delivery),
	[MWBOND_A_WAN_TX_BASE_DELAY] =
		MWB_WAN_GAUGE("tx-base-delay", MWB_U32, tx_base_delay),
	[MWBOND_A_WAN_TX_QUEUE_DELAY] =
		MWB_WAN_GAUGE("tx-queue-delay", MWB_U32, tx_queue_delay),
	[MWBOND_A_WAN_TX_JITTER] =
		MWB_WAN_GAUGE("tx-jitter", MWB_U32, tx_jitter),
	[MWBOND_A_WAN_TX_LOSS] = MWB_WAN_GAUGE("tx-loss", MWB_U32, tx_loss),
	[MWBOND_A_WAN_REASON] =
		MWB_WAN_ENUM("reason", reason, mwb_wan_reason_names),
	[MWBOND_A_WAN_SUSPECT] = MWB_WAN("suspect", MWB_FLAG, suspect),
	[MWBOND_A_WAN_PENALTY] = MWB_WAN("penalty", MWB_U32, penalty),
	[MWBOND_A_WAN_MAX_LATENCY] =
		MWB_WAN("max-latency", MWB_U32, max_latency),
	[MWBOND_A_WAN_MAX_JITTER] =
		MWB_WAN("max-jitter", MWB_U32, max_jitter),
	[MWBOND_A_WAN_MAX_LOSS] = MWB_WAN("max-loss", MWB_U32, max_loss),
};

#define MWB_CLASS_WORD(n, t, member, w)	\
	{ .name = (n), .word = (w), .type = (t), \
	  .offset = offsetof(struct mwb_class, member) }
#define MWB_CLASS(n, t, member)	MWB_CLASS_WORD(n, t, member, NULL)
#define MWB_CLASS_SWITCH(n, member)	\
	{ .name = (n), .type = MWB_ENUM, .names = &mwb_class_switch_names, \
	  .offset = offsetof(struct mwb_class, member) }

static const struct mwb_attr mwb_class_attr[MWBOND_A_CLASS_MAX + 1] = {
	[MWBOND_A_CLASS_IFINDEX] =
		MWB_CLASS_WORD("ifindex", MWB_U32, ifindex, "DEV"),
	[MWBOND_A_CLASS_IFNAME] =
		MWB_CLASS_WORD("ifname", MWB_STRING, ifname, "DEV"),
	[MWBOND_A_CLASS_NAME] =
		MWB_CLASS_WORD("name", MWB_STRING, name, "NAME"),
	[MWBOND_A_CLASS_MATCH_PRIO_MIN] =
		MWB_CLASS_WORD("match-prio-min", MWB_U32, match_prio_min,
			       "match"),
	[MWBOND_A_CLASS_MATCH_PRIO_MAX] =
		MWB_CLASS_WORD("match-prio-max", MWB_U32, match_prio_max,
			       "match"),
	[MWBOND_A_CLASS_MATCH_DSCP] =
		MWB_CLASS_WORD("match-dscp", MWB_U64, match_dscp, "match"),
	[MWBOND_A_CLASS_MATCH_MARK] =
		MWB_CLASS_WORD("match-mark", MWB_U32, match_mark, "match"),
	[MWBOND_A_CLASS_MATCH_MASK] =
		MWB_CLASS_WORD("match-mask", MWB_U32, match_mask, "match"),
	[MWBOND_A_CLASS_ORDER] = MWB_CLASS_SWITCH("order", order),
	[MWBOND_A_CLASS_HOLD] = MWB_CLASS_SWITCH("hold", hold),
	[MWBOND_A_CLASS_MAX_DELAY] = MWB_CLASS("max-delay", MWB_U32, max_delay),
	[MWBOND_A_CLASS_WAN] = MWB_CLASS("wan", MWB_STRING, wan),
	[MWBOND_A_CLASS_PRIORITY] = MWB_CLASS("priority", MWB_U32, priority),
	[MWBOND_A_CLASS_DUPLICATE] = MWB_CLASS("duplicate", MWB_U32, duplicate),
	[MWBOND_A_CLASS_FEC] = {
		.name = "fec", .type = MWB_ENUM, .names = &mwb_fec_names,
		.offset = offsetof(struct mwb_class, fec),
	},
	[MWBOND_A_CLASS_FEC_DATA] =
		MWB_CLASS_WORD("fec-data", MWB_U32, fec_data, "fec"),
	[MWBOND_A_CLASS_FEC_PARITY] =
		MWB_CLASS_WORD("fec-parity", MWB_U32, fec_parity, "fec"),
};

const struct mwb_attr_set mwb_dev_attrs = {
	.attr = mwb_dev_attr,
	.max = MWBOND_A_DEV_MAX,
};

const struct mwb_attr_set mwb_stats_attrs = {
	.attr = mwb_stats_attr,
	.max = MWBOND_A_STATS_MAX,
};

const struct mwb_attr_set mwb_wan_attrs = {
	.attr = mwb_wan_attr,
	.max = MWBOND_A_WAN_MAX,
};

const struct mwb_attr_set mwb_class_attrs = {
	.attr = mwb_class_attr,
	.max = MWBOND_A_CLASS_MAX,
};

static_assert(MWBOND_A_DEV_MAX < 64, "one bit for each attribute");
static_assert(MWBOND_A_STATS_MAX < 64, "one bit for each attribute");
static_assert(MWBOND_A_WAN_MAX < 64, "one bit for each attribute");

/**
 * mwb_get_uint() - value of an attribute that is a number
 * @attr: the attribute
 * @obj: the object, which must have it
 *
 * Return: the value, or 0 for an attribute that is none.
 */
uint64_t mwb_get_uint(const struct mwb_attr *attr, const void *obj)
{
	const char *place = (const char *)obj + attr->offset;

	switch (attr->type) {
	case MWB_FLAG:
		return *(const uint8_t *)place;
	case MWB_U16:
		return *(const uint16_t *)place;
	case MWB_U32:
	case MWB_ENUM:
		return *(const uint32_t *)place;
	case MWB_U64:
	case MWB_COUNTER:
		return *(const uint64_t *)place;
	default:
		return 0;
	}
}

/**
 * mwb_set_uint() - set an attribute that is a number
 * @set: attributes of the object
 * @attr: number of the attribute
 * @obj: the object
 * @value: the value; it must fit
 */
void mwb_set_uint(const struct mwb_attr_set *set, unsigned int attr,
		  void *obj, uint64_t value)
{
	char *place = (char *)obj + set->attr[attr].offset;

	switch (set->attr[attr].type) {
	case MWB_FLAG:
		*(uint8_t *)place = value;
		break;
	case MWB_U16:
		*(uint16_t *)place = value;
		break;
	case MWB_U32:
	case MWB_ENUM:
		*(uint32_t *)place = value;
		break;
	case MWB_U64:
	case MWB_COUNTER:
		*(uint64_t *)place = value;
		break;
	default:
		return;
	}
	mwb_mark(obj, attr);
}

/**
 * mwb_set_string() - set an attribute that is a string
 * @set: attributes of the object
 * @attr: number of the attribute
 * @obj: the object
 * @value: the value; cut after MWB_NAME_MAX bytes
 */
void mwb_set_string(const struct mwb_attr_set *set, unsigned int attr,
		    void *obj, const char *value)
{
	snprintf((char *)obj + set->attr[attr].offset, IF_NAMESIZE, "%s",
		 value);
	mwb_mark(obj, attr);
}

/* An endpoint of the attributes that are there. */
static void mwb_endpoint_fill(struct mwb_endpoint *ep,
			      const struct in_addr *ipv4,
			      const struct in6_addr *ipv6, uint16_t port)
{
	memset(ep, 0, sizeof(*ep));
	ep->port = port;
	if (ipv4) {
		ep->family = AF_INET;
		ep->ipv4 = *ipv4;
	} else if (ipv6) {
		ep->family = AF_INET6;
		ep->ipv6 = *ipv6;
	}
}

/**
 * mwb_dev_get_listen() - where a device listens
 * @dev: the device
 * @ep: result; port 0 if it does not listen
 */
void mwb_dev_get_listen(const struct mwb_dev *dev, struct mwb_endpoint *ep)
{
	mwb_endpoint_fill(ep, mwb_has(dev, MWBOND_A_DEV_LISTEN_IPV4) ?
			      &dev->listen_ipv4 : NULL,
			  mwb_has(dev, MWBOND_A_DEV_LISTEN_IPV6) ?
			      &dev->listen_ipv6 : NULL, dev->listen_port);
}

/**
 * mwb_dev_set_listen() - set where a device listens
 * @dev: the device
 * @ep: where
 */
void mwb_dev_set_listen(struct mwb_dev *dev, const struct mwb_endpoint *ep)
{
	dev->listen_port = ep->port;
	mwb_mark(dev, MWBOND_A_DEV_LISTEN_PORT);
	if (ep->family == AF_INET) {
		dev->listen_ipv4 = ep->ipv4;
		mwb_mark(dev, MWBOND_A_DEV_LISTEN_IPV4);
	} else if (ep->family == AF_INET6) {
		dev->listen_ipv6 = ep->ipv6;
		mwb_mark(dev, MWBOND_A_DEV_LISTEN_IPV6);
	}
}

/**
 * mwb_wan_get_remote() - the remote end of a WAN
 * @wan: the WAN
 * @ep: result
 */
void mwb_wan_get_remote(const struct mwb_wan *wan, struct mwb_endpoint *ep)
{
	mwb_endpoint_fill(ep, mwb_has(wan, MWBOND_A_WAN_REMOTE_IPV4) ?
			      &wan->remote_ipv4 : NULL,
			  mwb_has(wan, MWBOND_A_WAN_REMOTE_IPV6) ?
			      &wan->remote_ipv6 : NULL, wan->remote_port);
	if (ep->family == AF_INET6 && wan->remote_scope &&
	    !if_indextoname(wan->remote_scope, ep->scope))
		snprintf(ep->scope, sizeof(ep->scope), "%u",
			 wan->remote_scope);
}

/**
 * mwb_wan_get_local() - the local end of a WAN
 * @wan: the WAN
 * @ep: result
 */
void mwb_wan_get_local(const struct mwb_wan *wan, struct mwb_endpoint *ep)
{
	mwb_endpoint_fill(ep, mwb_has(wan, MWBOND_A_WAN_LOCAL_IPV4) ?
			      &wan->local_ipv4 : NULL,
			  mwb_has(wan, MWBOND_A_WAN_LOCAL_IPV6) ?
			      &wan->local_ipv6 : NULL, wan->local_port);
}

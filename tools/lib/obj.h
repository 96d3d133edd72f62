/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices, WANs and classes as plain structures, and a table of the attributes of each.
 * What parses, sends, receives and prints them goes by these tables.
 */
#ifndef MWB_OBJ_H
#define MWB_OBJ_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/mwbond.h>

#include "key.h"
#include "names.h"
#include "parse.h"

/* Longest name of a device or WAN, without the final 0. */
#define MWB_NAME_MAX	(IF_NAMESIZE - 1)

/**
 * enum mwb_type - type of an attribute, on the wire and in the structure
 * @MWB_NONE: no such attribute, or one that carries nothing
 * @MWB_FLAG: u8 that is 0 or 1
 * @MWB_U16: u16
 * @MWB_U32: u32
 * @MWB_U64: u64
 * @MWB_COUNTER: u64 that only grows
 * @MWB_ENUM: u32 with names
 * @MWB_STRING: string of at most MWB_NAME_MAX bytes
 * @MWB_IPV4: struct in_addr
 * @MWB_IPV6: struct in6_addr
 * @MWB_KEY: MWB_KEY_LEN bytes, which are written in base64
 * @MWB_STATS: nested counters, struct mwb_stats
 */
enum mwb_type {
	MWB_NONE,
	MWB_FLAG,
	MWB_U16,
	MWB_U32,
	MWB_U64,
	MWB_COUNTER,
	MWB_ENUM,
	MWB_STRING,
	MWB_IPV4,
	MWB_IPV6,
	MWB_KEY,
	MWB_STATS,
};

/**
 * struct mwb_attr - one attribute of an object
 */
struct mwb_attr {
	/** @name: name in the specification */
	const char *name;
	/** @word: word of the command line that sets it; NULL if @name is */
	const char *word;
	/** @names: names of the values of an MWB_ENUM */
	const struct mwb_names *names;
	/** @type: its type */
	enum mwb_type type;
	/** @gauge: a figure of the moment, shown with the counters */
	bool gauge;
	/** @offset: place in the structure */
	size_t offset;
};

/**
 * struct mwb_stats - counters of a device
 */
struct mwb_stats {
	/** @has: bit n is set if counter n is there */
	uint64_t has;
	/** @count: counters by attribute */
	uint64_t count[MWBOND_A_STATS_MAX + 1];
};

/*
 * A device: each member is the attribute of the same name, described in the
 * netlink specification, and is there if bit n of has is set, n being its
 * number. That mask must be the first member.
 */
struct mwb_dev {
	uint64_t has;
	uint32_t ifindex;
	char ifname[IF_NAMESIZE];
	uint32_t mode;
	uint32_t security;
	uint32_t session;
	uint16_t listen_port;
	struct in_addr listen_ipv4;
	struct in6_addr listen_ipv6;
	uint8_t mtu_auto;
	uint32_t mtu;
	uint32_t reorder_buffer;
	uint32_t reorder_timeout;
	uint32_t skew_budget;
	uint32_t fec;
	uint32_t fec_data;
	uint32_t fec_parity;
	uint32_t fec_timeout;
	uint32_t redundancy;
	uint32_t duplicate;
	uint8_t repair;
	char fec_variant[32];
	uint8_t established;
	uint8_t initiator;
	uint32_t wan_count;
	uint32_t queue_bytes;
	uint32_t queue_packets;
	uint32_t queue_flows;
	uint32_t hold;
	uint64_t kept_bytes;
	uint8_t private_key[MWB_KEY_LEN];
	uint8_t public_key[MWB_KEY_LEN];
	uint8_t peer_key[MWB_KEY_LEN];
	uint8_t preshared_key[MWB_KEY_LEN];
	uint8_t preshared;
	uint32_t cipher;
	uint32_t cipher_used;
	uint32_t key_age;
	struct mwb_stats stats;
};

/* A WAN, or an event, in the same way. */
struct mwb_wan {
	uint64_t has;
	uint32_t ifindex;
	char ifname[IF_NAMESIZE];
	char name[IF_NAMESIZE];
	uint32_t id;
	struct in_addr remote_ipv4;
	struct in6_addr remote_ipv6;
	uint16_t remote_port;
	uint32_t remote_scope;
	struct in_addr local_ipv4;
	struct in6_addr local_ipv6;
	uint16_t local_port;
	char dev[IF_NAMESIZE];
	uint32_t fwmark;
	uint32_t type;
	uint32_t weight;
	uint32_t priority;
	uint64_t rate;
	uint32_t heartbeat;
	uint32_t failures;
	uint8_t admin_up;
	uint8_t dynamic;
	uint32_t wire_id;
	uint32_t state;
	uint32_t mtu;
	uint32_t score;
	uint64_t rtt;
	uint64_t rtt_last;
	uint64_t rtt_min;
	uint64_t jitter;
	uint32_t loss;
	uint64_t tx_packets;
	uint64_t tx_bytes;
	uint64_t rx_packets;
	uint64_t rx_bytes;
	uint64_t tx_errors;
	uint64_t heartbeats_sent;
	uint64_t heartbeats_answered;
	uint64_t heartbeats_lost;
	uint64_t downs;
	uint32_t event;
	uint32_t old_state;
	uint32_t tx_use;
	uint64_t tx_rate;
	uint8_t tx_starting;
	uint64_t tx_policed;
	uint32_t tx_share;
	uint64_t tx_under_way;
	uint64_t tx_kept;
	uint64_t tx_delivery;
	uint32_t tx_base_delay;
	uint32_t tx_queue_delay;
	uint32_t tx_jitter;
	uint32_t tx_loss;
	uint32_t reason;
	uint8_t suspect;
	uint32_t penalty;
	uint32_t max_latency;
	uint32_t max_jitter;
	uint32_t max_loss;
};

/* A class, in the same way. */
struct mwb_class {
	uint64_t has;
	uint32_t ifindex;
	char ifname[IF_NAMESIZE];
	char name[IF_NAMESIZE];
	uint32_t match_prio_min;
	uint32_t match_prio_max;
	uint64_t match_dscp;
	uint32_t match_mark;
	uint32_t match_mask;
	uint32_t order;
	uint32_t hold;
	uint32_t max_delay;
	char wan[IF_NAMESIZE];
	uint32_t priority;
	uint32_t duplicate;
	uint32_t fec;
	uint32_t fec_data;
	uint32_t fec_parity;
};

/**
 * struct mwb_attr_set - the attributes of a kind of object
 */
struct mwb_attr_set {
	/** @attr: attributes by number */
	const struct mwb_attr *attr;
	/** @max: largest number */
	unsigned int max;
};

extern const struct mwb_attr_set mwb_dev_attrs;
extern const struct mwb_attr_set mwb_stats_attrs;
extern const struct mwb_attr_set mwb_wan_attrs;
extern const struct mwb_attr_set mwb_class_attrs;

/* Every object starts with its bit mask. */
static inline bool mwb_has(const void *obj, unsigned int attr)
{
	return *(const uint64_t *)obj & BIT_ULL(attr);
}

static inline void mwb_mark(void *obj, unsigned int attr)
{
	*(uint64_t *)obj |= BIT_ULL(attr);
}

uint64_t mwb_get_uint(const struct mwb_attr *attr, const void *obj);
void mwb_set_uint(const struct mwb_attr_set *set, unsigned int attr,
		  void *obj, uint64_t value);
void mwb_set_string(const struct mwb_attr_set *set, unsigned int attr,
		    void *obj, const char *value);

void mwb_dev_get_listen(const struct mwb_dev *dev, struct mwb_endpoint *ep);
void mwb_dev_set_listen(struct mwb_dev *dev, const struct mwb_endpoint *ep);
void mwb_wan_get_remote(const struct mwb_wan *wan, struct mwb_endpoint *ep);
void mwb_wan_get_local(const struct mwb_wan *wan, struct mwb_endpoint *ep);

#endif /* MWB_OBJ_H */

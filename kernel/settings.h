/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netlink attributes to settings and back, and the rules that concern several
 * attributes at once. Used for rtnetlink and generic netlink alike.
 */
#ifndef _MWBOND_SETTINGS_H
#define _MWBOND_SETTINGS_H

#include <net/netlink.h>

#include "session.h"
#include "wan.h"

/**
 * struct mwb_settings_attrs - attribute types of the settings of a device
 * @mode: u32
 * @security: u32
 * @session: u32
 * @listen_port: u16
 * @listen_ipv4: be32
 * @listen_ipv6: struct in6_addr
 * @mtu_auto: u8
 * @reorder_buffer: u32
 * @reorder_timeout: u32
 * @skew_budget: u32
 * @fec: u32
 * @fec_data: u32
 * @fec_parity: u32
 * @fec_timeout: u32
 * @redundancy: u32
 * @duplicate: u32
 * @repair: u8
 */
struct mwb_settings_attrs {
	u8 mode;
	u8 security;
	u8 session;
	u8 listen_port;
	u8 listen_ipv4;
	u8 listen_ipv6;
	u8 mtu_auto;
	u8 reorder_buffer;
	u8 reorder_timeout;
	u8 skew_budget;
	u8 fec;
	u8 fec_data;
	u8 fec_parity;
	u8 fec_timeout;
	u8 redundancy;
	u8 duplicate;
	u8 repair;
};

/**
 * mwb_settings_parse() - change what the attributes name
 * @settings: present settings, changed even if an error is returned
 * @tb: attributes that have passed their policy
 * @mtu: attribute with a fixed MTU, or NULL
 * @attrs: their types
 * @extack: for the reason of a refusal
 *
 * A port without an address is that port on all addresses.
 *
 * Return: 0 or a negative errno
 */
int mwb_settings_parse(struct mwb_settings *settings, struct nlattr **tb,
		       const struct nlattr *mtu,
		       const struct mwb_settings_attrs *attrs,
		       struct netlink_ext_ack *extack);

/* The same for keys, which only generic netlink has: MWBOND_A_DEV_* */
void mwb_settings_parse_keys(struct mwb_settings *settings, struct nlattr **tb);

/**
 * mwb_settings_blame() - name the attribute for which settings were refused
 * @err: what mwb_session_configure() returned
 * @tb: the attributes
 * @attrs: their types
 * @extack: where the reason is already
 */
void mwb_settings_blame(int err, struct nlattr **tb,
			const struct mwb_settings_attrs *attrs,
			struct netlink_ext_ack *extack);

/**
 * mwb_settings_parse_fec() - as mwb_settings_parse(), what parities are sent
 * @setting: present setting
 * @kind: attribute that says so, or NULL; and so the following
 * @k: data packets of a block
 * @m: parities of a block
 * @extack: for the reason of a refusal
 *
 * Return: 0 or a negative errno
 */
int mwb_settings_parse_fec(struct mwb_fec_setting *setting,
			   const struct nlattr *kind, const struct nlattr *k,
			   const struct nlattr *m,
			   struct netlink_ext_ack *extack);

/* Of a WAN or a class; such that it can be announced to the peer. */
bool mwb_settings_name_valid(const char *name);

/* Room that mwb_settings_fill() takes at the most, bytes. */
size_t mwb_settings_size(void);
/* What was never set is left out. Return: 0 or -EMSGSIZE */
int mwb_settings_fill(struct sk_buff *skb, const struct mwb_settings *settings,
		      const struct mwb_settings_attrs *attrs);

/**
 * mwb_settings_parse_wan() - as mwb_settings_parse(), of a WAN
 * @settings: present settings or defaults, changed even if an error is returned
 * @tb: MWBOND_A_WAN_* attributes that have passed their policy
 * @extack: for the reason of a refusal
 *
 * Return: 0 or a negative errno
 */
int mwb_settings_parse_wan(struct mwb_wan_settings *settings,
			   struct nlattr **tb, struct netlink_ext_ack *extack);
/* Return: 0 or -EMSGSIZE */
int mwb_settings_fill_wan(struct sk_buff *skb,
			  const struct mwb_wan_settings *settings);

#endif /* _MWBOND_SETTINGS_H */

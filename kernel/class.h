/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Classes: packets for which something else holds than for the others.
 */
#ifndef _MWBOND_CLASS_H
#define _MWBOND_CLASS_H

#include <linux/types.h>

#include "core/wire.h"
#include "fec.h"

struct mwb_paths;
struct mwb_session;
struct mwb_sched_path;
struct netlink_ext_ack;
struct sk_buff;

enum {
	MWB_MAX_CLASSES = 16,
};

enum mwb_class_kind {
	MWB_CLASS_PRIORITY,
	MWB_CLASS_DSCP,
	MWB_CLASS_MARK,
};

/**
 * struct mwb_class_match - which packets belong to a class
 * @kind: what is looked at: one of the following
 * @first: least priority of the header
 * @last: largest priority
 * @dscp: bit n: DSCP n
 * @mark: of the skb, in the bits of @mask
 * @mask: bits that count
 */
struct mwb_class_match {
	enum mwb_class_kind kind;
	u8 first;
	u8 last;
	u64 dscp;
	u32 mark;
	u32 mask;
};

/**
 * struct mwb_class_rule - what holds for its packets
 * @match: its packets
 * @max_delay: by which a path may be slower than the fastest, ms; 0: not set
 * @priority: for the header, 0-255; -1: not set
 * @copies: over so many paths besides one
 * @order: 1: in sequence, 0: not; -1: not set
 * @hold: 1: held by the receiver, 0: not; -1: not set
 * @wan: index of the WAN that is to be used; -1: none, or there is none of the
 *	name. It is set where the rule is published.
 * @fec: parities
 */
struct mwb_class_rule {
	struct mwb_class_match match;
	u16 max_delay;
	s16 priority;
	u8 copies;
	s8 order;
	s8 hold;
	s8 wan;
	struct mwb_fec_setting fec;
};

/**
 * struct mwb_class - a class as it is configured
 * @name: unique in the session
 * @wan: name of the WAN that is to be used; empty for none
 * @rule: the rest
 */
struct mwb_class {
	char name[MWB_WIRE_NAME_LEN];
	char wan[MWB_WIRE_NAME_LEN];
	struct mwb_class_rule rule;
};

/* What is not set, and a match of all. */
void mwb_class_defaults(struct mwb_class *class);

/**
 * mwb_class_add() - add a class after the others
 * @session: session; its mutex is held
 * @new: the class, valid
 * @extack: for the reason of a refusal
 *
 * Return: 0, -EEXIST or -ENOSPC
 */
int mwb_class_add(struct mwb_session *session, const struct mwb_class *new,
		  struct netlink_ext_ack *extack);
/* Replace a class of the session by one of the same name; its mutex is held. */
void mwb_class_change(struct mwb_session *session, struct mwb_class *class,
		      const struct mwb_class *new);
/* As above. */
void mwb_class_remove(struct mwb_session *session, struct mwb_class *class);
/* By name, or NULL; the session's mutex is held. */
struct mwb_class *mwb_class_named(struct mwb_session *session,
				  const char *name);
/* Tell the data path; the session's mutex is held. */
void mwb_class_publish(struct mwb_session *session, struct mwb_paths *paths);

/**
 * mwb_class_find() - the class of a packet
 * @paths: what was published
 * @skb: inner packet
 * @dscp: its DSCP
 * @priority: its priority by that
 *
 * Return: the first that matches, or NULL
 */
const struct mwb_class_rule *
mwb_class_find(const struct mwb_paths *paths, const struct sk_buff *skb,
	       u8 dscp, u8 priority);

/**
 * mwb_class_path() - the path that a class asks for
 * @paths: what was published
 * @rule: the class; may be NULL
 *
 * Return: the path, or NULL if it asks for none or that is not usable
 */
const struct mwb_sched_path *
mwb_class_path(const struct mwb_paths *paths,
	       const struct mwb_class_rule *rule);

#endif /* _MWBOND_CLASS_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classes: packets for which something else holds than for the others.
 */
#include <linux/netlink.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <uapi/linux/mwbond.h>

#include "class.h"
#include "session.h"
#include "wan.h"

void mwb_class_defaults(struct mwb_class *class)
{
	memset(class, 0, sizeof(*class));
	class->rule.match.last = 255;
	class->rule.priority = -1;
	class->rule.order = -1;
	class->rule.hold = -1;
	class->rule.wan = -1;
	class->rule.fec.kind = MWBOND_FEC_DEVICE;
	class->rule.fec.k = MWB_FEC_K_DEFAULT;
	class->rule.fec.m = MWB_FEC_M_DEFAULT;
}

struct mwb_class *mwb_class_named(struct mwb_session *session,
				  const char *name)
{
	u32 i;

	lockdep_assert_held(&session->mutex);
	for (i = 0; i < session->nr_classes; i++)
		if (!strcmp(session->class[i].name, name))
			return &session->class[i];
	return NULL;
}

int mwb_class_add(struct mwb_session *session, const struct mwb_class *new,
		  struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&session->mutex);
	if (mwb_class_named(session, new->name)) {
		NL_SET_ERR_MSG(extack, "The device has a class of this name");
		return -EEXIST;
	}
	if (session->nr_classes == MWB_MAX_CLASSES) {
		NL_SET_ERR_MSG(extack, "The device has 16 classes already");
		return -ENOSPC;
	}
	session->class[session->nr_classes++] = *new;
	mwb_session_publish(session);
	return 0;
}

void mwb_class_change(struct mwb_session *session, struct mwb_class *class,
		      const struct mwb_class *new)
{
	lockdep_assert_held(&session->mutex);
	*class = *new;
	mwb_session_publish(session);
}

void mwb_class_remove(struct mwb_session *session, struct mwb_class *class)
{
	struct mwb_class *end = session->class + session->nr_classes;

	lockdep_assert_held(&session->mutex);
	memmove(class, class + 1, (end - class - 1) * sizeof(*class));
	session->nr_classes--;
	mwb_session_publish(session);
}

void mwb_class_publish(struct mwb_session *session, struct mwb_paths *paths)
{
	const struct mwb_wan *wan;
	u32 i;

	lockdep_assert_held(&session->mutex);
	paths->nr_classes = session->nr_classes;
	for (i = 0; i < session->nr_classes; i++) {
		paths->class[i] = session->class[i].rule;
		wan = mwb_wan_find(session, session->class[i].wan);
		paths->class[i].wan = wan ? wan->index : -1;
	}
}

static bool mwb_class_matches(const struct mwb_class_match *match,
			      const struct sk_buff *skb, u8 dscp, u8 priority)
{
	switch (match->kind) {
	case MWB_CLASS_PRIORITY:
		return priority >= match->first && priority <= match->last;
	case MWB_CLASS_DSCP:
		return match->dscp >> dscp & 1;
	default:
		return (skb->mark & match->mask) == match->mark;
	}
}

const struct mwb_class_rule *
mwb_class_find(const struct mwb_paths *paths, const struct sk_buff *skb,
	       u8 dscp, u8 priority)
{
	u32 i;

	for (i = 0; i < paths->nr_classes; i++)
		if (mwb_class_matches(&paths->class[i].match, skb, dscp,
				      priority))
			return &paths->class[i];
	return NULL;
}

const struct mwb_sched_path *
mwb_class_path(const struct mwb_paths *paths,
	       const struct mwb_class_rule *rule)
{
	u32 i;

	if (!rule || rule->wan < 0)
		return NULL;
	for (i = 0; i < paths->table.count; i++)
		if (paths->table.path[i].index == rule->wan)
			return &paths->table.path[i];
	return NULL;
}

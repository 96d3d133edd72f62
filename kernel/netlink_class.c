// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink operations on classes.
 */
#include <net/genetlink.h>

#include "class.h"
#include "compat/genetlink.h"
#include "generated/netlink.h"
#include "netlink_fill.h"
#include "netlink_op.h"
#include "session.h"
#include "settings.h"

static int mwb_netlink_class_name(char *name, const struct nlattr *attr,
				  struct netlink_ext_ack *extack)
{
	nla_strscpy(name, attr, MWB_WIRE_NAME_LEN);
	if (mwb_settings_name_valid(name))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "A name has 1 to 15 printable ASCII characters, neither blanks nor slashes");
	return -EINVAL;
}

static int mwb_netlink_class_range(struct mwb_class_match *match,
				   struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;

	if (mwb_netlink_missing(info, MWBOND_A_CLASS_MATCH_PRIO_MIN,
				"Both ends of the range are needed") ||
	    mwb_netlink_missing(info, MWBOND_A_CLASS_MATCH_PRIO_MAX,
				"Both ends of the range are needed"))
		return -EINVAL;
	match->kind = MWB_CLASS_PRIORITY;
	match->first = nla_get_u32(attrs[MWBOND_A_CLASS_MATCH_PRIO_MIN]);
	match->last = nla_get_u32(attrs[MWBOND_A_CLASS_MATCH_PRIO_MAX]);
	if (match->first <= match->last)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, attrs[MWBOND_A_CLASS_MATCH_PRIO_MAX],
			    "The range ends before it begins");
	return -EINVAL;
}

static int mwb_netlink_class_mark(struct mwb_class_match *match,
				  struct genl_info *info)
{
	const struct nlattr *mask = info->attrs[MWBOND_A_CLASS_MATCH_MASK];

	if (mwb_netlink_missing(info, MWBOND_A_CLASS_MATCH_MARK,
				"A mask needs a mark"))
		return -EINVAL;
	match->kind = MWB_CLASS_MARK;
	match->mark = nla_get_u32(info->attrs[MWBOND_A_CLASS_MATCH_MARK]);
	match->mask = mask ? nla_get_u32(mask) : U32_MAX;
	if (!(match->mark & ~match->mask))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, mask,
			    "The mark has bits that the mask has not");
	return -EINVAL;
}

/* What is given replaces the match before. */
static int mwb_netlink_class_match(struct mwb_class_match *match,
				   struct genl_info *info)
{
	const struct nlattr *range =
		info->attrs[MWBOND_A_CLASS_MATCH_PRIO_MIN] ?:
		info->attrs[MWBOND_A_CLASS_MATCH_PRIO_MAX];
	const struct nlattr *dscp = info->attrs[MWBOND_A_CLASS_MATCH_DSCP];
	const struct nlattr *mark = info->attrs[MWBOND_A_CLASS_MATCH_MARK] ?:
				    info->attrs[MWBOND_A_CLASS_MATCH_MASK];

	if (!!range + !!dscp + !!mark > 1) {
		NL_SET_ERR_MSG_ATTR(info->extack, mark ?: dscp,
				    "A class matches by one of priority, DSCP and mark");
		return -EINVAL;
	}
	if (!range && !dscp && !mark)
		return 0;
	memset(match, 0, sizeof(*match));
	if (range)
		return mwb_netlink_class_range(match, info);
	if (mark)
		return mwb_netlink_class_mark(match, info);
	match->kind = MWB_CLASS_DSCP;
	match->dscp = nla_get_u64(dscp);
	return 0;
}

static s8 mwb_netlink_class_switch(const struct nlattr *attr)
{
	BUILD_BUG_ON(MWBOND_CLASS_SWITCH_AUTO - 1 != -1);
	BUILD_BUG_ON(MWBOND_CLASS_SWITCH_OFF - 1 != 0);
	BUILD_BUG_ON(MWBOND_CLASS_SWITCH_ON - 1 != 1);
	return (int)nla_get_u32(attr) - 1;
}

static int mwb_netlink_class_parse(struct mwb_class *class,
				   struct genl_info *info)
{
	struct mwb_class_rule *rule = &class->rule;
	struct nlattr **attrs = info->attrs;
	u32 priority;
	int err;

	err = mwb_netlink_class_match(&rule->match, info);
	if (err)
		return err;
	if (attrs[MWBOND_A_CLASS_ORDER])
		rule->order =
			mwb_netlink_class_switch(attrs[MWBOND_A_CLASS_ORDER]);
	if (attrs[MWBOND_A_CLASS_HOLD])
		rule->hold =
			mwb_netlink_class_switch(attrs[MWBOND_A_CLASS_HOLD]);
	if (attrs[MWBOND_A_CLASS_MAX_DELAY])
		rule->max_delay =
			nla_get_u32(attrs[MWBOND_A_CLASS_MAX_DELAY]);
	if (attrs[MWBOND_A_CLASS_DUPLICATE])
		rule->copies = nla_get_u32(attrs[MWBOND_A_CLASS_DUPLICATE]) - 1;
	if (attrs[MWBOND_A_CLASS_PRIORITY]) {
		priority = nla_get_u32(attrs[MWBOND_A_CLASS_PRIORITY]);
		rule->priority = priority == MWBOND_CLASS_PRIORITY_AUTO ?
				 -1 : priority;
	}
	err = mwb_settings_parse_fec(&rule->fec, attrs[MWBOND_A_CLASS_FEC],
				     attrs[MWBOND_A_CLASS_FEC_DATA],
				     attrs[MWBOND_A_CLASS_FEC_PARITY],
				     info->extack);
	if (err)
		return err;
	if (!attrs[MWBOND_A_CLASS_WAN])
		return 0;
	if (!nla_strcmp(attrs[MWBOND_A_CLASS_WAN], "")) {
		class->wan[0] = '\0';
		return 0;
	}
	return mwb_netlink_class_name(class->wan, attrs[MWBOND_A_CLASS_WAN],
				      info->extack);
}

static int mwb_netlink_class_put_match(struct sk_buff *skb,
				       const struct mwb_class_match *match)
{
	switch (match->kind) {
	case MWB_CLASS_PRIORITY:
		return nla_put_u32(skb, MWBOND_A_CLASS_MATCH_PRIO_MIN,
				   match->first) ?:
		       nla_put_u32(skb, MWBOND_A_CLASS_MATCH_PRIO_MAX,
				   match->last);
	case MWB_CLASS_DSCP:
		return nla_put_u64_64bit(skb, MWBOND_A_CLASS_MATCH_DSCP,
					 match->dscp, MWBOND_A_CLASS_PAD);
	default:
		return nla_put_u32(skb, MWBOND_A_CLASS_MATCH_MARK,
				   match->mark) ?:
		       nla_put_u32(skb, MWBOND_A_CLASS_MATCH_MASK,
				   match->mask);
	}
}

static int mwb_netlink_class_fill(struct sk_buff *skb,
				  const struct mwb_session *session,
				  const struct mwb_class *class)
{
	const struct mwb_class_rule *rule = &class->rule;

	if (mwb_netlink_fill_dev_of(skb, session) ||
	    nla_put_string(skb, MWBOND_A_CLASS_NAME, class->name) ||
	    mwb_netlink_class_put_match(skb, &rule->match) ||
	    nla_put_u32(skb, MWBOND_A_CLASS_ORDER, rule->order + 1) ||
	    nla_put_u32(skb, MWBOND_A_CLASS_HOLD, rule->hold + 1) ||
	    nla_put_u32(skb, MWBOND_A_CLASS_MAX_DELAY, rule->max_delay) ||
	    nla_put_u32(skb, MWBOND_A_CLASS_DUPLICATE, rule->copies + 1) ||
	    nla_put_string(skb, MWBOND_A_CLASS_WAN, class->wan) ||
	    nla_put_u32(skb, MWBOND_A_CLASS_FEC, rule->fec.kind) ||
	    nla_put_u32(skb, MWBOND_A_CLASS_FEC_DATA, rule->fec.k) ||
	    nla_put_u32(skb, MWBOND_A_CLASS_FEC_PARITY, rule->fec.m) ||
	    nla_put_u32(skb, MWBOND_A_CLASS_PRIORITY,
			rule->priority < 0 ? MWBOND_CLASS_PRIORITY_AUTO :
					     rule->priority))
		return -EMSGSIZE;
	return 0;
}

/* @cb: dump, or NULL */
static int mwb_netlink_class_put(struct sk_buff *skb, u32 portid, u32 seq,
				 struct netlink_callback *cb,
				 const struct mwb_session *session,
				 const struct mwb_class *class)
{
	void *hdr;
	int err;

	hdr = genlmsg_put(skb, portid, seq, &mwb_netlink_family,
			  cb ? NLM_F_MULTI : 0, MWBOND_CMD_CLASS_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (cb)
		genl_dump_check_consistent(cb, hdr);
	err = mwb_netlink_class_fill(skb, session, class);
	if (err) {
		genlmsg_cancel(skb, hdr);
		return err;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/* The class that a request names; the session's mutex is held. */
static struct mwb_class *mwb_netlink_class(struct mwb_session *session,
					   struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[MWBOND_A_CLASS_NAME];
	char name[MWB_WIRE_NAME_LEN];
	struct mwb_class *class;

	if (mwb_netlink_missing(info, MWBOND_A_CLASS_NAME,
				"The name of a class is needed"))
		return ERR_PTR(-EINVAL);
	nla_strscpy(name, attr, sizeof(name));
	class = mwb_class_named(session, name);
	if (!class) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "The device has no class of this name");
		return ERR_PTR(-ENOENT);
	}
	return class;
}

static int mwb_netlink_class_get(struct mwb_session *session,
				 struct genl_info *info)
{
	const struct mwb_class *class;
	struct sk_buff *skb;
	int err;

	class = mwb_netlink_class(session, info);
	if (IS_ERR(class))
		return PTR_ERR(class);
	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	err = mwb_netlink_class_put(skb, info->snd_portid, info->snd_seq, NULL,
				    session, class);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}

static int mwb_netlink_class_add(struct mwb_session *session,
				 struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct mwb_class new;
	int err;

	if (mwb_netlink_missing(info, MWBOND_A_CLASS_NAME,
				"The name of a class is needed"))
		return -EINVAL;
	if (!attrs[MWBOND_A_CLASS_MATCH_PRIO_MAX] &&
	    !attrs[MWBOND_A_CLASS_MATCH_DSCP] &&
	    !attrs[MWBOND_A_CLASS_MATCH_MARK] &&
	    !attrs[MWBOND_A_CLASS_MATCH_MASK] &&
	    mwb_netlink_missing(info, MWBOND_A_CLASS_MATCH_PRIO_MIN,
				"A class needs something to match"))
		return -EINVAL;
	mwb_class_defaults(&new);
	err = mwb_netlink_class_name(new.name, attrs[MWBOND_A_CLASS_NAME],
				     info->extack);
	if (err)
		return err;
	err = mwb_netlink_class_parse(&new, info);
	if (err)
		return err;
	err = mwb_class_add(session, &new, info->extack);
	if (err)
		NL_SET_BAD_ATTR(info->extack, attrs[MWBOND_A_CLASS_NAME]);
	return err;
}

static int mwb_netlink_class_set(struct mwb_session *session,
				 struct genl_info *info)
{
	struct mwb_class *class;
	struct mwb_class new;
	int err;

	class = mwb_netlink_class(session, info);
	if (IS_ERR(class))
		return PTR_ERR(class);
	new = *class;
	err = mwb_netlink_class_parse(&new, info);
	if (err)
		return err;
	mwb_class_change(session, class, &new);
	return 0;
}

static int mwb_netlink_class_del(struct mwb_session *session,
				 struct genl_info *info)
{
	struct mwb_class *class;

	class = mwb_netlink_class(session, info);
	if (IS_ERR(class))
		return PTR_ERR(class);
	mwb_class_remove(session, class);
	return 0;
}

int mwbond_nl_class_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return mwb_netlink_locked(info, mwb_netlink_class_get, false);
}

int mwbond_nl_class_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return mwb_netlink_locked(info, mwb_netlink_class_add, true);
}

int mwbond_nl_class_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return mwb_netlink_locked(info, mwb_netlink_class_set, true);
}

int mwbond_nl_class_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return mwb_netlink_locked(info, mwb_netlink_class_del, true);
}

static int mwb_netlink_class_dump(struct sk_buff *skb,
				  struct netlink_callback *cb,
				  struct mwb_session *session)
{
	const struct nlattr *name =
		mwb_compat_dump_attrs(cb)[MWBOND_A_CLASS_NAME];
	struct mwb_netlink_dump *dump = mwb_netlink_dump(cb);
	int err;

	for (; dump->place < session->nr_classes; dump->place++) {
		const struct mwb_class *class = &session->class[dump->place];

		if (name && nla_strcmp(name, class->name))
			continue;
		err = mwb_netlink_class_put(skb, NETLINK_CB(cb->skb).portid,
					    cb->nlh->nlmsg_seq, cb, session,
					    class);
		if (err)
			return err;
	}
	return 0;
}

int mwbond_nl_class_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb)
{
	return mwb_netlink_dumpit(skb, cb, mwb_netlink_class_dump);
}

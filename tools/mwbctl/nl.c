// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to the kernel over generic netlink, by the tables of attributes.
 */
#include <assert.h>
#include <errno.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "nl.h"

/* The kernel fills at most 32 KiB of a dump at a time. */
#define MWB_NL_RECV_SIZE	65536
#define MWB_NL_SEND_SIZE	4096
/* A dump that was interrupted so often is not going to succeed. */
#define MWB_NL_DUMP_TRIES	50
/* Some thousand events, while standard output is slow. */
#define MWB_NL_EVENT_BUFFER	(1024 * 1024)

/**
 * struct mwb_nl_list - objects received, in the order of their arrival
 */
struct mwb_nl_list {
	/** @set: attributes of the objects */
	const struct mwb_attr_set *set;
	/** @size: bytes of an object */
	size_t size;
	/** @obj: the objects */
	char *obj;
	/** @count: number of objects */
	size_t count;
};

/**
 * struct mwb_nl_request - a request
 */
struct mwb_nl_request {
	/** @buf: the message */
	alignas(NLMSG_ALIGNTO) char buf[MWB_NL_SEND_SIZE];
	/** @set: attributes in it; NULL if they are not ours */
	const struct mwb_attr_set *set;
	/** @obj: object whose attributes are in it */
	const void *obj;
};

typedef int (*mwb_nl_message_t)(struct mwb_nl *nl, const struct nlmsghdr *nlh,
				void *arg);

static int mwb_nl_errno(struct mwb_nl *nl, const char *what)
{
	return mwb_err_set(&nl->err, "%s: %s", what, strerror(errno));
}

static void mwb_nl_put(struct nlmsghdr *nlh, unsigned int type,
		       const struct mwb_attr *attr, const void *obj)
{
	const char *place = (const char *)obj + attr->offset;
	uint64_t value = mwb_get_uint(attr, obj);

	switch (attr->type) {
	case MWB_FLAG:
		mnl_attr_put_u8(nlh, type, value);
		break;
	case MWB_U16:
		mnl_attr_put_u16(nlh, type, value);
		break;
	case MWB_U32:
	case MWB_ENUM:
		mnl_attr_put_u32(nlh, type, value);
		break;
	case MWB_U64:
		mnl_attr_put_u64(nlh, type, value);
		break;
	case MWB_STRING:
		mnl_attr_put_strz(nlh, type, place);
		break;
	case MWB_IPV4:
		mnl_attr_put(nlh, type, sizeof(struct in_addr), place);
		break;
	case MWB_IPV6:
		mnl_attr_put(nlh, type, sizeof(struct in6_addr), place);
		break;
	case MWB_KEY:
		mnl_attr_put(nlh, type, MWB_KEY_LEN, place);
		break;
	case MWB_NONE:
	case MWB_COUNTER:
	case MWB_STATS:
		break;
	}
}

/* A message of the family, with all attributes that the object has. */
static void mwb_nl_build(struct mwb_nl *nl, struct mwb_nl_request *req,
			 uint8_t cmd, uint16_t flags,
			 const struct mwb_attr_set *set, const void *obj)
{
	struct genlmsghdr genl = {
		.cmd = cmd,
		.version = MWBOND_GENL_VERSION,
	};
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(req->buf);
	unsigned int i;

	nlh->nlmsg_type = nl->family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(genl)), &genl,
	       sizeof(genl));
	for (i = 1; i <= set->max; i++)
		if (mwb_has(obj, i))
			mwb_nl_put(nlh, i, &set->attr[i], obj);
	req->set = set;
	req->obj = obj;
}

/* The word of the command line that an attribute of the request comes from. */
static const char *mwb_nl_word(const struct mwb_nl_request *req,
			       unsigned int type)
{
	const struct mwb_attr *attr;

	if (!req->set || type > req->set->max)
		return NULL;
	attr = &req->set->attr[type];
	return attr->word ?: attr->name;
}

static const char *mwb_nl_word_at(const struct mwb_nl_request *req,
				  uint32_t offset)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)req->buf;
	const struct nlattr *attr;
	uint32_t start;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		start = (const char *)attr - req->buf;
		if (offset >= start && offset - start < attr->nla_len)
			return mwb_nl_word(req, mnl_attr_get_type(attr));
	}
	return NULL;
}

/*
 * Make a sentence of an error and the len bytes of attributes that the kernel
 * explains it with.
 */
static int mwb_nl_explain(struct mwb_nl *nl, const struct mwb_nl_request *req,
			  int error, const void *tlvs, size_t len)
{
	const char *text = NULL, *word = NULL;
	const struct nlattr *attr;

	mnl_attr_for_each_payload(tlvs, len) {
		switch (mnl_attr_get_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			if (!mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
				text = mnl_attr_get_str(attr);
			break;
		case NLMSGERR_ATTR_OFFS:
			if (!mnl_attr_validate(attr, MNL_TYPE_U32))
				word = mwb_nl_word_at(req,
						      mnl_attr_get_u32(attr));
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			if (!mnl_attr_validate(attr, MNL_TYPE_U32))
				word = mwb_nl_word(req, mnl_attr_get_u32(attr));
			break;
		}
	}
	nl->error = -error;
	return mwb_err_set(&nl->err, "%s%s%s", word ?: "", word ? ": " : "",
			   text ?: strerror(-error));
}

static int mwb_nl_error(struct mwb_nl *nl, const struct mwb_nl_request *req,
			const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t len = mnl_nlmsg_get_payload_len(nlh), used = sizeof(*err);

	if (len < sizeof(*err))
		return mwb_err_set(&nl->err, "malformed answer");
	if (!err->error)
		return 0;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		used += mnl_nlmsg_get_payload_len(&err->msg);
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || used > len)
		used = len;
	return mwb_nl_explain(nl, req, err->error, (const char *)err + used,
			      len - used);
}

static int mwb_nl_done(struct mwb_nl *nl, const struct mwb_nl_request *req,
		       const struct nlmsghdr *nlh)
{
	size_t len = mnl_nlmsg_get_payload_len(nlh), used;
	const int *error = mnl_nlmsg_get_payload(nlh);

	if (len < sizeof(*error) || *error >= 0)
		return 0;
	used = nlh->nlmsg_flags & NLM_F_ACK_TLVS ? sizeof(*error) : len;
	return mwb_nl_explain(nl, req, *error, (const char *)error + used,
			      len - used);
}

/* Send a request and pass on what is answered, until the kernel is done. */
static int mwb_nl_talk(struct mwb_nl *nl, struct mwb_nl_request *req,
		       mwb_nl_message_t message, void *arg, bool *interrupted)
{
	static alignas(NLMSG_ALIGNTO) char buf[MWB_NL_RECV_SIZE];
	struct nlmsghdr *nlh = (struct nlmsghdr *)req->buf;
	ssize_t got;
	int len;

	nlh->nlmsg_seq = ++nl->seq;
	nl->error = 0;
	*interrupted = false;
	if (mnl_socket_sendto(nl->sock, nlh, nlh->nlmsg_len) < 0)
		return mwb_nl_errno(nl, "netlink");

	for (;;) {
		got = mnl_socket_recvfrom(nl->sock, buf, sizeof(buf));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return mwb_nl_errno(nl, "netlink");
		len = got;
		nlh = (struct nlmsghdr *)buf;
		for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
			/* An event, or the rest of an earlier answer. */
			if (nlh->nlmsg_seq != nl->seq)
				continue;
			if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
				*interrupted = true;
			if (nlh->nlmsg_type == NLMSG_ERROR)
				return mwb_nl_error(nl, req, nlh);
			if (nlh->nlmsg_type == NLMSG_DONE)
				return mwb_nl_done(nl, req, nlh);
			if (message && message(nl, nlh, arg))
				return -1;
		}
	}
}

static int mwb_nl_ctrl_group(struct mwb_nl *nl, const struct nlattr *groups)
{
	const struct nlattr *group, *attr;
	const char *name;
	uint32_t id;

	mnl_attr_for_each_nested(group, groups) {
		name = "";
		id = 0;
		mnl_attr_for_each_nested(attr, group) {
			if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME &&
			    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
				name = mnl_attr_get_str(attr);
			if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID &&
			    !mnl_attr_validate(attr, MNL_TYPE_U32))
				id = mnl_attr_get_u32(attr);
		}
		if (!strcmp(name, MWBOND_MCGRP_EVENTS))
			nl->group = id;
	}
	return 0;
}

static int mwb_nl_ctrl_message(struct mwb_nl *nl, const struct nlmsghdr *nlh,
			       void *arg)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    !mnl_attr_validate(attr, MNL_TYPE_U16))
			nl->family = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
			mwb_nl_ctrl_group(nl, attr);
	}
	return 0;
}

static int mwb_nl_resolve(struct mwb_nl *nl)
{
	struct genlmsghdr genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 2 };
	struct mwb_nl_request req = { 0 };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(req.buf);
	bool interrupted;

	nlh->nlmsg_type = GENL_ID_CTRL;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(genl)), &genl,
	       sizeof(genl));
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, MWBOND_GENL_NAME);
	if (mwb_nl_talk(nl, &req, mwb_nl_ctrl_message, NULL, &interrupted)) {
		if (nl->error == ENOENT)
			mwb_err_set(&nl->err,
				    "the kernel module mwbond is not loaded");
		return -1;
	}
	if (!nl->family)
		return mwb_err_set(&nl->err, "malformed answer");
	return 0;
}

/**
 * mwb_nl_open() - connect to the kernel and find the family
 * @nl: the connection
 *
 * Return: 0, or -1 with the reason in @nl; then it is closed already.
 */
int mwb_nl_open(struct mwb_nl *nl)
{
	int on = 1;

	memset(nl, 0, sizeof(*nl));
	nl->sock = mnl_socket_open(NETLINK_GENERIC);
	if (!nl->sock)
		return mwb_nl_errno(nl, "netlink");
	if (mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) < 0) {
		mwb_nl_errno(nl, "netlink");
		goto close;
	}
	/* Without these the errors are only less well explained. */
	mnl_socket_setsockopt(nl->sock, NETLINK_CAP_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl->sock, NETLINK_EXT_ACK, &on, sizeof(on));
	if (mwb_nl_resolve(nl))
		goto close;
	return 0;

close:
	mwb_nl_close(nl);
	return -1;
}

/**
 * mwb_nl_close() - end the connection
 * @nl: the connection
 */
void mwb_nl_close(struct mwb_nl *nl)
{
	mnl_socket_close(nl->sock);
	nl->sock = NULL;
}

/* Set an attribute of an object from one that was received. */
static int mwb_nl_take(const struct mwb_attr_set *set, unsigned int type,
		       const struct nlattr *nla, void *obj)
{
	const struct mwb_attr *attr = &set->attr[type];
	size_t len = mnl_attr_get_payload_len(nla);
	char *place = (char *)obj + attr->offset;
	uint64_t value;

	switch (attr->type) {
	case MWB_NONE:
	case MWB_STATS:
		return 0;
	case MWB_STRING:
		if (mnl_attr_validate(nla, MNL_TYPE_NUL_STRING))
			return -1;
		mwb_set_string(set, type, obj, mnl_attr_get_str(nla));
		return 0;
	case MWB_KEY:
		if (len != MWB_KEY_LEN)
			return -1;
		memcpy(place, mnl_attr_get_payload(nla), len);
		mwb_mark(obj, type);
		return 0;
	case MWB_IPV4:
	case MWB_IPV6:
		if (len != (attr->type == MWB_IPV4 ? sizeof(struct in_addr) :
						     sizeof(struct in6_addr)))
			return -1;
		memcpy(place, mnl_attr_get_payload(nla), len);
		mwb_mark(obj, type);
		return 0;
	default:
		break;
	}

	if (len == sizeof(uint8_t) && attr->type == MWB_FLAG)
		value = mnl_attr_get_u8(nla);
	else if (len == sizeof(uint16_t) && attr->type == MWB_U16)
		value = mnl_attr_get_u16(nla);
	else if (len == sizeof(uint32_t) &&
		 (attr->type == MWB_U32 || attr->type == MWB_ENUM))
		value = mnl_attr_get_u32(nla);
	else if (len == sizeof(uint64_t) &&
		 (attr->type == MWB_U64 || attr->type == MWB_COUNTER))
		value = mnl_attr_get_u64(nla);
	else
		return -1;
	mwb_set_uint(set, type, obj, value);
	return 0;
}

static int mwb_nl_take_stats(const struct nlattr *nest, struct mwb_stats *stats)
{
	const struct nlattr *nla;
	unsigned int type;

	mnl_attr_for_each_nested(nla, nest) {
		type = mnl_attr_get_type(nla);
		if (type <= mwb_stats_attrs.max &&
		    mwb_nl_take(&mwb_stats_attrs, type, nla, stats))
			return -1;
	}
	return 0;
}

/* Attributes that this version does not know are passed over. */
static int mwb_nl_parse(const struct mwb_attr_set *set,
			const struct nlmsghdr *nlh, void *obj)
{
	const struct nlattr *nla;
	const struct mwb_attr *attr;
	unsigned int type;
	int ret;

	mnl_attr_for_each(nla, nlh, sizeof(struct genlmsghdr)) {
		type = mnl_attr_get_type(nla);
		if (type > set->max)
			continue;
		attr = &set->attr[type];
		if (attr->type == MWB_STATS) {
			ret = mwb_nl_take_stats(nla, (struct mwb_stats *)
						((char *)obj + attr->offset));
			mwb_mark(obj, type);
		} else {
			ret = mwb_nl_take(set, type, nla, obj);
		}
		if (ret)
			return -1;
	}
	return 0;
}

static int mwb_nl_list_message(struct mwb_nl *nl, const struct nlmsghdr *nlh,
			       void *arg)
{
	struct mwb_nl_list *list = arg;
	char *obj;

	obj = reallocarray(list->obj, list->count + 1, list->size);
	if (!obj)
		return mwb_nl_errno(nl, "netlink");
	list->obj = obj;
	obj += list->count * list->size;
	memset(obj, 0, list->size);
	if (mwb_nl_parse(list->set, nlh, obj))
		return mwb_err_set(&nl->err, "malformed answer");
	list->count++;
	return 0;
}

/* Get one object, or dump all, again if they changed meanwhile. */
static int mwb_nl_get(struct mwb_nl *nl, uint8_t cmd, uint16_t flags,
		      const void *key, struct mwb_nl_list *list)
{
	struct mwb_nl_request req;
	unsigned int tries;
	bool interrupted;
	int ret;

	for (tries = 0; tries < MWB_NL_DUMP_TRIES; tries++) {
		list->count = 0;
		mwb_nl_build(nl, &req, cmd, flags, list->set, key);
		ret = mwb_nl_talk(nl, &req, mwb_nl_list_message, list,
				  &interrupted);
		if (ret && (nl->error != EINTR || !(flags & NLM_F_DUMP)))
			goto free;
		if (!ret && !interrupted)
			return 0;
	}
	ret = mwb_err_set(&nl->err, "changed all the time while it was read");
free:
	free(list->obj);
	list->obj = NULL;
	list->count = 0;
	return ret;
}

/**
 * mwb_nl_dev_get() - get a device, or all of the namespace
 * @nl: the connection
 * @ifname: name of the device, or NULL for all
 * @devs: result, for the caller to free
 * @count: number of devices
 *
 * Return: 0, or -1 with the reason in @nl.
 */
int mwb_nl_dev_get(struct mwb_nl *nl, const char *ifname,
		   struct mwb_dev **devs, size_t *count)
{
	struct mwb_nl_list list = {
		.set = &mwb_dev_attrs,
		.size = sizeof(**devs),
	};
	struct mwb_dev key = { 0 };
	int ret;

	if (ifname)
		mwb_set_string(&mwb_dev_attrs, MWBOND_A_DEV_IFNAME, &key,
			       ifname);
	ret = mwb_nl_get(nl, MWBOND_CMD_DEV_GET,
			 ifname ? NLM_F_ACK : NLM_F_DUMP, &key, &list);
	*devs = (struct mwb_dev *)list.obj;
	*count = list.count;
	return ret;
}

static_assert((int)MWBOND_A_WAN_IFNAME == (int)MWBOND_A_CLASS_IFNAME &&
	      (int)MWBOND_A_WAN_NAME == (int)MWBOND_A_CLASS_NAME,
	      "what belongs to a device is named alike");

/* What belongs to a device and has a name; NULL is any. */
static int mwb_nl_get_named(struct mwb_nl *nl, uint8_t cmd, const char *ifname,
			    const char *name, void *key,
			    struct mwb_nl_list *list)
{
	if (ifname)
		mwb_set_string(list->set, MWBOND_A_WAN_IFNAME, key, ifname);
	if (name)
		mwb_set_string(list->set, MWBOND_A_WAN_NAME, key, name);
	return mwb_nl_get(nl, cmd, name ? NLM_F_ACK : NLM_F_DUMP, key, list);
}

/**
 * mwb_nl_wan_get() - get a WAN, or all of a device, or all of the namespace
 * @nl: the connection
 * @ifname: name of the device, or NULL for all
 * @name: name of the WAN, or NULL for all
 * @wans: result, for the caller to free
 * @count: number of WANs
 *
 * Return: 0, or -1 with the reason in @nl.
 */
int mwb_nl_wan_get(struct mwb_nl *nl, const char *ifname, const char *name,
		   struct mwb_wan **wans, size_t *count)
{
	struct mwb_nl_list list = {
		.set = &mwb_wan_attrs,
		.size = sizeof(**wans),
	};
	struct mwb_wan key = { 0 };
	int ret;

	ret = mwb_nl_get_named(nl, MWBOND_CMD_WAN_GET, ifname, name, &key,
			       &list);
	*wans = (struct mwb_wan *)list.obj;
	*count = list.count;
	return ret;
}

/**
 * mwb_nl_class_get() - get a class, or all of a device, or all there are
 * @nl: the connection
 * @ifname: name of the device, or NULL for all
 * @name: name of the class, or NULL for all
 * @classes: result, for the caller to free
 * @count: number of classes
 *
 * Return: 0, or -1 with the reason in @nl.
 */
int mwb_nl_class_get(struct mwb_nl *nl, const char *ifname, const char *name,
		     struct mwb_class **classes, size_t *count)
{
	struct mwb_nl_list list = {
		.set = &mwb_class_attrs,
		.size = sizeof(**classes),
	};
	struct mwb_class key = { 0 };
	int ret;

	ret = mwb_nl_get_named(nl, MWBOND_CMD_CLASS_GET, ifname, name, &key,
			       &list);
	*classes = (struct mwb_class *)list.obj;
	*count = list.count;
	return ret;
}

static int mwb_nl_do(struct mwb_nl *nl, uint8_t cmd,
		     const struct mwb_attr_set *set, const void *obj)
{
	struct mwb_nl_request req;
	bool interrupted;

	mwb_nl_build(nl, &req, cmd, NLM_F_ACK, set, obj);
	return mwb_nl_talk(nl, &req, NULL, NULL, &interrupted);
}

/**
 * mwb_nl_dev_set() - change a device
 * @nl: the connection
 * @dev: its name, and what is to change
 *
 * Return: 0, or -1 with the reason in @nl.
 */
int mwb_nl_dev_set(struct mwb_nl *nl, const struct mwb_dev *dev)
{
	return mwb_nl_do(nl, MWBOND_CMD_DEV_SET, &mwb_dev_attrs, dev);
}

/**
 * mwb_nl_wan_do() - add, change or remove a WAN
 * @nl: the connection
 * @cmd: what to do
 * @wan: name of the device and of the WAN, and what is to be set
 *
 * Return: 0, or -1 with the reason in @nl.
 */
int mwb_nl_wan_do(struct mwb_nl *nl, enum mwbond_cmd cmd,
		  const struct mwb_wan *wan)
{
	return mwb_nl_do(nl, cmd, &mwb_wan_attrs, wan);
}

/**
 * mwb_nl_class_do() - add, change or remove a class
 * @nl: the connection
 * @cmd: what to do
 * @class: name of the device and of the class, and what is to be set
 *
 * Return: 0, or -1 with the reason in @nl.
 */
int mwb_nl_class_do(struct mwb_nl *nl, enum mwbond_cmd cmd,
		    const struct mwb_class *class)
{
	return mwb_nl_do(nl, cmd, &mwb_class_attrs, class);
}

/* The events in a datagram. */
static int mwb_nl_events(struct mwb_nl *nl, const void *buf, int len,
			 mwb_nl_event_t event, void *arg)
{
	const struct nlmsghdr *nlh = buf;
	const struct genlmsghdr *genl;
	struct mwb_wan wan;
	int ret;

	for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_type != nl->family ||
		    mnl_nlmsg_get_payload_len(nlh) < sizeof(*genl))
			continue;
		genl = mnl_nlmsg_get_payload(nlh);
		if (genl->cmd != MWBOND_CMD_EVENT)
			continue;
		memset(&wan, 0, sizeof(wan));
		if (mwb_nl_parse(&mwb_wan_attrs, nlh, &wan))
			return mwb_err_set(&nl->err, "malformed event");
		ret = event(&wan, arg);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * mwb_nl_monitor() - receive events
 * @nl: the connection
 * @event: called for each event
 * @arg: passed to @event
 *
 * Return: what @event returned to stop, or -1 with the reason in @nl.
 */
int mwb_nl_monitor(struct mwb_nl *nl, mwb_nl_event_t event, void *arg)
{
	static alignas(NLMSG_ALIGNTO) char buf[MWB_NL_RECV_SIZE];
	int size = MWB_NL_EVENT_BUFFER, group = nl->group, ret;
	ssize_t got;

	setsockopt(mnl_socket_get_fd(nl->sock), SOL_SOCKET, SO_RCVBUF, &size,
		   sizeof(size));
	if (mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP, &group,
				  sizeof(group)) < 0)
		return mwb_nl_errno(nl, "events");

	do {
		got = mnl_socket_recvfrom(nl->sock, buf, sizeof(buf));
		if (got >= 0)
			ret = mwb_nl_events(nl, buf, got, event, arg);
		else if (errno == ENOBUFS)
			ret = event(NULL, arg);
		else if (errno == EINTR)
			ret = 0;
		else
			ret = mwb_nl_errno(nl, "netlink");
	} while (!ret);
	return ret;
}

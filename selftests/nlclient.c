// SPDX-License-Identifier: GPL-2.0-only
/*
 * A second client of the generic netlink family, by libnl-3 and independent of
 * mwbctl, for the tests.
 *
 * nlclient devs		dump all devices, as JSON
 * nlclient wans [IFNAME]	dump all WANs, or those of a device, as JSON
 * nlclient classes [IFNAME]	dump all classes, or those of a device, as JSON
 * nlclient raw CMD [ATTR=TYPE:VALUE]...
 *	send a request as it is, right or wrong: CMD and ATTR are numbers, TYPE
 *	is u8, u16, u32, u64, str, hex (bytes) or nest (nothing in it)
 *	prints: error=ERRNO attr=N miss=N text=TEXT
 *	where attr is the attribute that the kernel blames and miss the one it
 *	says is missing, 0 for none
 *
 * Status: 0 when the kernel obeyed, 1 when not, 2 for usage.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/mwbond.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK	270
#endif
#define MISS_TYPE	5	/* NLMSGERR_ATTR_MISS_TYPE, missing in old headers */

enum kind { NONE, U8, U16, U32, U64, STR, IP4, IP6, STATS };

struct field {
	const char *name;
	enum kind kind;
};

static const struct field dev_fields[MWBOND_A_DEV_MAX + 1] = {
	[MWBOND_A_DEV_IFINDEX]		= { "ifindex", U32 },
	[MWBOND_A_DEV_IFNAME]		= { "ifname", STR },
	[MWBOND_A_DEV_MODE]		= { "mode", U32 },
	[MWBOND_A_DEV_SECURITY]		= { "security", U32 },
	[MWBOND_A_DEV_SESSION]		= { "session", U32 },
	[MWBOND_A_DEV_LISTEN_PORT]	= { "listen-port", U16 },
	[MWBOND_A_DEV_LISTEN_IPV4]	= { "listen-ipv4", IP4 },
	[MWBOND_A_DEV_LISTEN_IPV6]	= { "listen-ipv6", IP6 },
	[MWBOND_A_DEV_MTU_AUTO]		= { "mtu-auto", U8 },
	[MWBOND_A_DEV_MTU]		= { "mtu", U32 },
	[MWBOND_A_DEV_REORDER_BUFFER]	= { "reorder-buffer", U32 },
	[MWBOND_A_DEV_REORDER_TIMEOUT]	= { "reorder-timeout", U32 },
	[MWBOND_A_DEV_SKEW_BUDGET]	= { "skew-budget", U32 },
	[MWBOND_A_DEV_FEC]		= { "fec", U32 },
	[MWBOND_A_DEV_FEC_DATA]		= { "fec-data", U32 },
	[MWBOND_A_DEV_FEC_PARITY]	= { "fec-parity", U32 },
	[MWBOND_A_DEV_FEC_TIMEOUT]	= { "fec-timeout", U32 },
	[MWBOND_A_DEV_REDUNDANCY]	= { "redundancy", U32 },
	[MWBOND_A_DEV_DUPLICATE]	= { "duplicate", U32 },
	[MWBOND_A_DEV_REPAIR]		= { "repair", U8 },
	[MWBOND_A_DEV_FEC_VARIANT]	= { "fec-variant", STR },
	[MWBOND_A_DEV_ESTABLISHED]	= { "established", U8 },
	[MWBOND_A_DEV_INITIATOR]	= { "initiator", U8 },
	[MWBOND_A_DEV_WAN_COUNT]	= { "wan-count", U32 },
	[MWBOND_A_DEV_STATS]		= { "stats", STATS },
};

static const struct field wan_fields[MWBOND_A_WAN_MAX + 1] = {
	[MWBOND_A_WAN_IFINDEX]		= { "ifindex", U32 },
	[MWBOND_A_WAN_IFNAME]		= { "ifname", STR },
	[MWBOND_A_WAN_NAME]		= { "name", STR },
	[MWBOND_A_WAN_ID]		= { "id", U32 },
	[MWBOND_A_WAN_REMOTE_IPV4]	= { "remote-ipv4", IP4 },
	[MWBOND_A_WAN_REMOTE_IPV6]	= { "remote-ipv6", IP6 },
	[MWBOND_A_WAN_REMOTE_PORT]	= { "remote-port", U16 },
	[MWBOND_A_WAN_LOCAL_IPV4]	= { "local-ipv4", IP4 },
	[MWBOND_A_WAN_LOCAL_IPV6]	= { "local-ipv6", IP6 },
	[MWBOND_A_WAN_LOCAL_PORT]	= { "local-port", U16 },
	[MWBOND_A_WAN_DEV]		= { "dev", STR },
	[MWBOND_A_WAN_FWMARK]		= { "fwmark", U32 },
	[MWBOND_A_WAN_TYPE]		= { "type", U32 },
	[MWBOND_A_WAN_WEIGHT]		= { "weight", U32 },
	[MWBOND_A_WAN_PRIORITY]		= { "priority", U32 },
	[MWBOND_A_WAN_RATE]		= { "rate", U64 },
	[MWBOND_A_WAN_HEARTBEAT]	= { "heartbeat", U32 },
	[MWBOND_A_WAN_FAILURES]		= { "failures", U32 },
	[MWBOND_A_WAN_ADMIN_UP]		= { "admin-up", U8 },
	[MWBOND_A_WAN_DYNAMIC]		= { "dynamic", U8 },
	[MWBOND_A_WAN_WIRE_ID]		= { "wire-id", U32 },
	[MWBOND_A_WAN_STATE]		= { "state", U32 },
	[MWBOND_A_WAN_MTU]		= { "mtu", U32 },
	[MWBOND_A_WAN_DOWNS]		= { "downs", U64 },
	[MWBOND_A_WAN_TX_PACKETS]	= { "tx-packets", U64 },
	[MWBOND_A_WAN_RX_PACKETS]	= { "rx-packets", U64 },
};

static const struct field class_fields[MWBOND_A_CLASS_MAX + 1] = {
	[MWBOND_A_CLASS_IFINDEX]	= { "ifindex", U32 },
	[MWBOND_A_CLASS_IFNAME]		= { "ifname", STR },
	[MWBOND_A_CLASS_NAME]		= { "name", STR },
	[MWBOND_A_CLASS_MATCH_PRIO_MIN]	= { "match-prio-min", U32 },
	[MWBOND_A_CLASS_MATCH_PRIO_MAX]	= { "match-prio-max", U32 },
	[MWBOND_A_CLASS_MATCH_DSCP]	= { "match-dscp", U64 },
	[MWBOND_A_CLASS_MATCH_MARK]	= { "match-mark", U32 },
	[MWBOND_A_CLASS_MATCH_MASK]	= { "match-mask", U32 },
	[MWBOND_A_CLASS_ORDER]		= { "order", U32 },
	[MWBOND_A_CLASS_HOLD]		= { "hold", U32 },
	[MWBOND_A_CLASS_MAX_DELAY]	= { "max-delay", U32 },
	[MWBOND_A_CLASS_WAN]		= { "wan", STR },
	[MWBOND_A_CLASS_PRIORITY]	= { "priority", U32 },
	[MWBOND_A_CLASS_DUPLICATE]	= { "duplicate", U32 },
	[MWBOND_A_CLASS_FEC]		= { "fec", U32 },
	[MWBOND_A_CLASS_FEC_DATA]	= { "fec-data", U32 },
	[MWBOND_A_CLASS_FEC_PARITY]	= { "fec-parity", U32 },
};

struct dump {
	const struct field *fields;
	int max;
	int count;
};

struct verdict {
	int error;
	int attr;
	int miss;
	char text[256];
	struct nl_msg *msg;
};

static void die(const char *what, int err)
{
	fprintf(stderr, "nlclient: %s: %s\n", what, nl_geterror(err));
	exit(1);
}

static void usage(void)
{
	fputs("usage: nlclient devs | wans [IFNAME] | classes [IFNAME] |\n"
	      "       raw CMD [ATTR=TYPE:VALUE]...\n", stderr);
	exit(2);
}

static void print_value(struct nlattr *nla, enum kind kind)
{
	char addr[INET6_ADDRSTRLEN];
	struct nlattr *stat;
	int rem, n = 0;

	switch (kind) {
	case U8:
		printf("%u", nla_get_u8(nla));
		break;
	case U16:
		printf("%u", nla_get_u16(nla));
		break;
	case U32:
		printf("%u", nla_get_u32(nla));
		break;
	case U64:
		printf("%llu", (unsigned long long)nla_get_u64(nla));
		break;
	case STR:
		printf("\"%s\"", nla_get_string(nla));
		break;
	case IP4:
	case IP6:
		inet_ntop(kind == IP4 ? AF_INET : AF_INET6, nla_data(nla), addr,
			  sizeof(addr));
		printf("\"%s\"", addr);
		break;
	case STATS:
		printf("{");
		nla_for_each_nested(stat, nla, rem) {
			if (nla_type(stat) == MWBOND_A_STATS_PAD)
				continue;
			printf("%s\"%d\": %llu", n++ ? ", " : "",
			       nla_type(stat),
			       (unsigned long long)nla_get_u64(stat));
		}
		printf("}");
		break;
	case NONE:
		break;
	}
}

static int print_object(struct nl_msg *msg, void *arg)
{
	struct genlmsghdr *genl = genlmsg_hdr(nlmsg_hdr(msg));
	struct dump *dump = arg;
	struct nlattr *nla;
	int rem, n = 0;

	printf("%s{", dump->count++ ? ",\n" : "");
	nla_for_each_attr(nla, genlmsg_attrdata(genl, 0),
			  genlmsg_attrlen(genl, 0), rem) {
		int type = nla_type(nla);

		if (type > dump->max || !dump->fields[type].name)
			continue;
		printf("%s\"%s\": ", n++ ? ", " : "", dump->fields[type].name);
		print_value(nla, dump->fields[type].kind);
	}
	printf("}");
	return NL_OK;
}

static void dump(struct nl_sock *sk, int family, int cmd,
		 const struct field *fields, int max, int ifname_attr,
		 const char *ifname)
{
	struct dump d = { .fields = fields, .max = max };
	struct nl_msg *msg = nlmsg_alloc();
	int err;

	genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, NLM_F_DUMP, cmd,
		    MWBOND_GENL_VERSION);
	if (ifname)
		nla_put_string(msg, ifname_attr, ifname);
	nl_socket_modify_cb(sk, NL_CB_VALID, NL_CB_CUSTOM, print_object, &d);
	printf("[");
	err = nl_send_auto(sk, msg);
	if (err >= 0)
		err = nl_recvmsgs_default(sk);
	printf("]\n");
	if (err < 0)
		die("dump", err);
	nlmsg_free(msg);
}

static int put_hex(struct nl_msg *msg, int attr, const char *hex)
{
	unsigned char buf[4096];
	size_t n;

	for (n = 0; n < sizeof(buf) && hex[2 * n] && hex[2 * n + 1]; n++)
		if (sscanf(hex + 2 * n, "%2hhx", &buf[n]) != 1)
			usage();
	return nla_put(msg, attr, n, buf);
}

static void put_attr(struct nl_msg *msg, const char *arg)
{
	unsigned long long number;
	char type[8];
	int attr, at;

	if (sscanf(arg, "%d=%7[a-z0-9]:%n", &attr, type, &at) != 2)
		usage();
	arg += at;
	number = strtoull(arg, NULL, 0);
	if (!strcmp(type, "u8"))
		nla_put_u8(msg, attr, number);
	else if (!strcmp(type, "u16"))
		nla_put_u16(msg, attr, number);
	else if (!strcmp(type, "u32"))
		nla_put_u32(msg, attr, number);
	else if (!strcmp(type, "u64"))
		nla_put_u64(msg, attr, number);
	else if (!strcmp(type, "str"))
		nla_put_string(msg, attr, arg);
	else if (!strcmp(type, "hex"))
		put_hex(msg, attr, arg);
	else if (!strcmp(type, "nest"))
		nla_put(msg, attr | NLA_F_NESTED, 0, NULL);
	else
		usage();
}

/* The type of the attribute at an offset of what we sent. */
static int blamed(struct nl_msg *msg, unsigned int offset)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	if (offset + sizeof(struct nlattr) > nlh->nlmsg_len)
		return -1;
	return nla_type((struct nlattr *)((char *)nlh + offset));
}

static int on_error(struct sockaddr_nl *nla, struct nlmsgerr *err, void *arg)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)((char *)err - NLMSG_HDRLEN);
	struct verdict *v = arg;
	int skip = sizeof(*err), len;
	struct nlattr *tlv;

	(void)nla;
	v->error = -err->error;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(err->msg.nlmsg_len) - NLMSG_HDRLEN;
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return NL_STOP;
	len = nlh->nlmsg_len - NLMSG_HDRLEN - skip;
	for (tlv = (struct nlattr *)((char *)err + skip); nla_ok(tlv, len);
	     tlv = nla_next(tlv, &len)) {
		if (nla_type(tlv) == NLMSGERR_ATTR_MSG)
			snprintf(v->text, sizeof(v->text), "%s",
				 nla_get_string(tlv));
		else if (nla_type(tlv) == NLMSGERR_ATTR_OFFS)
			v->attr = blamed(v->msg, nla_get_u32(tlv));
		else if (nla_type(tlv) == MISS_TYPE)
			v->miss = nla_get_u32(tlv);
	}
	return NL_STOP;
}

static int raw(struct nl_sock *sk, int family, int argc, char **argv)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	struct verdict v = { .msg = nlmsg_alloc() };
	int i, err, on = 1;

	setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, NETLINK_EXT_ACK, &on,
		   sizeof(on));
	genlmsg_put(v.msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, NLM_F_ACK,
		    atoi(argv[0]), MWBOND_GENL_VERSION);
	for (i = 1; i < argc; i++)
		put_attr(v.msg, argv[i]);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, &v);
	err = nl_send_auto(sk, v.msg);
	if (err < 0)
		die("send", err);
	while (!(err = nl_recvmsgs_report(sk, cb)))
		;
	printf("error=%d attr=%d miss=%d text=%s\n", v.error, v.attr, v.miss,
	       v.text);
	return v.error ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct nl_sock *sk = nl_socket_alloc();
	int family, err;

	if (argc < 2)
		usage();
	err = genl_connect(sk);
	if (err)
		die("connect", err);
	family = genl_ctrl_resolve(sk, MWBOND_GENL_NAME);
	if (family < 0)
		die(MWBOND_GENL_NAME, family);
	if (!strcmp(argv[1], "devs") && argc == 2)
		dump(sk, family, MWBOND_CMD_DEV_GET, dev_fields,
		     MWBOND_A_DEV_MAX, 0, NULL);
	else if (!strcmp(argv[1], "wans") && argc <= 3)
		dump(sk, family, MWBOND_CMD_WAN_GET, wan_fields,
		     MWBOND_A_WAN_MAX, MWBOND_A_WAN_IFNAME, argv[2]);
	else if (!strcmp(argv[1], "classes") && argc <= 3)
		dump(sk, family, MWBOND_CMD_CLASS_GET, class_fields,
		     MWBOND_A_CLASS_MAX, MWBOND_A_CLASS_IFNAME, argv[2]);
	else if (!strcmp(argv[1], "raw") && argc > 2)
		err = raw(sk, family, argc - 2, argv + 2);
	else
		usage();
	return err;
}

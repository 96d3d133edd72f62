// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plugin of iproute2's ip for links of type mwbond: their options in
 * "ip link add" and "ip link set", and what "ip -d link show" prints of them.
 *
 * ip looks for link_<kind>.so and in it for the symbol <kind>_link_util. The
 * structure behind that symbol is private to iproute2; see ip.h.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include <linux/if_mwbond.h>

#include "ip.h"
#include "opt.h"

/* Attribute of the device that each attribute of the link corresponds to. */
static const unsigned int mwb_plugin_attrs[IFLA_MWBOND_MAX + 1] = {
	[IFLA_MWBOND_MODE]		= MWBOND_A_DEV_MODE,
	[IFLA_MWBOND_SECURITY]		= MWBOND_A_DEV_SECURITY,
	[IFLA_MWBOND_SESSION]		= MWBOND_A_DEV_SESSION,
	[IFLA_MWBOND_LISTEN_PORT]	= MWBOND_A_DEV_LISTEN_PORT,
	[IFLA_MWBOND_LISTEN_IPV4]	= MWBOND_A_DEV_LISTEN_IPV4,
	[IFLA_MWBOND_LISTEN_IPV6]	= MWBOND_A_DEV_LISTEN_IPV6,
	[IFLA_MWBOND_MTU_AUTO]		= MWBOND_A_DEV_MTU_AUTO,
	[IFLA_MWBOND_REORDER_BUFFER]	= MWBOND_A_DEV_REORDER_BUFFER,
	[IFLA_MWBOND_REORDER_TIMEOUT]	= MWBOND_A_DEV_REORDER_TIMEOUT,
	[IFLA_MWBOND_SKEW_BUDGET]	= MWBOND_A_DEV_SKEW_BUDGET,
	[IFLA_MWBOND_FEC]		= MWBOND_A_DEV_FEC,
	[IFLA_MWBOND_FEC_DATA]		= MWBOND_A_DEV_FEC_DATA,
	[IFLA_MWBOND_FEC_PARITY]	= MWBOND_A_DEV_FEC_PARITY,
	[IFLA_MWBOND_FEC_TIMEOUT]	= MWBOND_A_DEV_FEC_TIMEOUT,
	[IFLA_MWBOND_REDUNDANCY]	= MWBOND_A_DEV_REDUNDANCY,
	[IFLA_MWBOND_DUPLICATE]		= MWBOND_A_DEV_DUPLICATE,
	[IFLA_MWBOND_REPAIR]		= MWBOND_A_DEV_REPAIR,
};

static size_t mwb_plugin_size(const struct mwb_attr *attr)
{
	switch (attr->type) {
	case MWB_FLAG:
		return sizeof(uint8_t);
	case MWB_U16:
		return sizeof(uint16_t);
	case MWB_IPV6:
		return sizeof(struct in6_addr);
	default:
		return sizeof(uint32_t);
	}
}

static void mwb_plugin_help(struct link_util *util, int argc, char **argv,
			    FILE *out)
{
	mwb_opt_print(out, "Usage: ... mwbond", mwb_link_plugin_opts, 0);
	fputs("\n"
	      "Where: security none: packets are neither secret nor authentic;\n"
	      "           both ends need the same session number\n"
	      "       N: number; reorder-buffer counts packets\n"
	      "       T: time in ms, or with a unit: 200ms, 1s\n"
	      "       ADDR: IPv4 address, or IPv6 address in brackets\n"
	      "WANs are added with: mwbctl wan add\n", out);
}

static int mwb_plugin_parse(struct link_util *util, int argc, char **argv,
			    struct nlmsghdr *nlh)
{
	struct mwb_dev dev = { 0 };
	const struct mwb_attr *attr;
	enum mwb_result result;
	struct mwb_err err;
	unsigned int i;
	int j;

	for (j = 0; j < argc; j++) {
		if (!strcmp(argv[j], "help")) {
			mwb_plugin_help(util, argc, argv, stderr);
			return -1;
		}
	}
	result = mwb_opt_parse(mwb_link_plugin_opts, &dev, argc, argv, &err);
	if (result != MWB_OK) {
		fprintf(stderr, "mwbond: %s\n", err.text);
		if (result == MWB_USAGE)
			mwb_plugin_help(util, argc, argv, stderr);
		return -1;
	}

	for (i = 1; i <= IFLA_MWBOND_MAX; i++) {
		if (!mwb_has(&dev, mwb_plugin_attrs[i]))
			continue;
		attr = &mwb_dev_attrs.attr[mwb_plugin_attrs[i]];
		if (addattr_l(nlh, IP_REQUEST_MAX, i,
			      (char *)&dev + attr->offset,
			      mwb_plugin_size(attr)))
			return -1;
	}
	return 0;
}

static void mwb_plugin_print_value(const struct mwb_attr *attr,
				   const struct mwb_dev *dev, int output)
{
	const char *place = (const char *)dev + attr->offset;
	uint64_t value = mwb_get_uint(attr, dev);
	char addr[INET6_ADDRSTRLEN];
	const char *name;

	switch (attr->type) {
	case MWB_IPV4:
	case MWB_IPV6:
		inet_ntop(attr->type == MWB_IPV4 ? AF_INET : AF_INET6, place,
			  addr, sizeof(addr));
		print_color_string(output, IP_NO_COLOUR, attr->name, "%s",
				   addr);
		break;
	case MWB_FLAG:
		print_color_bool(output, IP_NO_COLOUR, attr->name, "%s",
				 value);
		break;
	case MWB_ENUM:
		name = mwb_name(attr->names, value);
		if (name) {
			print_color_string(output, IP_NO_COLOUR,
					   attr->name, "%s", name);
			break;
		}
		fallthrough;
	default:
		print_color_uint(output, IP_NO_COLOUR, attr->name, "%u",
				 value);
	}
}

static void mwb_plugin_word(const char *format, const char *text)
{
	print_color_string(IP_OUTPUT_TEXT, IP_NO_COLOUR, NULL, format,
			   text);
}

static bool mwb_plugin_is_time(unsigned int number)
{
	return number == MWBOND_A_DEV_REORDER_TIMEOUT ||
	       number == MWBOND_A_DEV_SKEW_BUDGET ||
	       number == MWBOND_A_DEV_FEC_TIMEOUT;
}

/* A value that is not set as it is kept; false for one that is */
static bool mwb_plugin_words(unsigned int number, const struct mwb_dev *dev,
			     char *buf, size_t size)
{
	switch (number) {
	case MWBOND_A_DEV_FEC:
		mwb_format_fec(dev->fec, dev->fec_data, dev->fec_parity, buf,
			       size);
		return true;
	case MWBOND_A_DEV_FEC_TIMEOUT:
		snprintf(buf, size, "auto");
		return !dev->fec_timeout;
	case MWBOND_A_DEV_REDUNDANCY:
		snprintf(buf, size, "%g", dev->redundancy / 1e6);
		return true;
	case MWBOND_A_DEV_DUPLICATE:
		snprintf(buf, size, dev->duplicate ? "off" : "auto");
		return dev->duplicate < 2;
	case MWBOND_A_DEV_REPAIR:
		snprintf(buf, size, dev->repair ? "on" : "off");
		return true;
	default:
		return false;
	}
}

/* In text, the words with which ip would set the same. */
static void mwb_plugin_print_text(const struct mwb_attr *attr,
				  unsigned int number,
				  const struct mwb_dev *dev)
{
	char buf[MWB_ENDPOINT_LEN];
	struct mwb_endpoint ep;

	switch (number) {
	case MWBOND_A_DEV_LISTEN_IPV4:
	case MWBOND_A_DEV_LISTEN_IPV6:
		return;
	case MWBOND_A_DEV_LISTEN_PORT:
		mwb_dev_get_listen(dev, &ep);
		if (!ep.port)
			snprintf(buf, sizeof(buf), "off");
		else if (ep.family == AF_UNSPEC)
			snprintf(buf, sizeof(buf), "%u", ep.port);
		else
			mwb_format_endpoint(&ep, buf, sizeof(buf));
		mwb_plugin_word("listen %s ", buf);
		return;
	case MWBOND_A_DEV_FEC_DATA:
	case MWBOND_A_DEV_FEC_PARITY:
		return;
	case MWBOND_A_DEV_MTU_AUTO:
		mwb_plugin_word("mtu-auto %s ", dev->mtu_auto ? "on" : "off");
		return;
	}
	mwb_plugin_word("%s ", attr->name);
	if (mwb_plugin_words(number, dev, buf, sizeof(buf))) {
		mwb_plugin_word("%s ", buf);
		return;
	}
	mwb_plugin_print_value(attr, dev, IP_OUTPUT_TEXT);
	mwb_plugin_word("%s ", mwb_plugin_is_time(number) ? "ms" : "");
}

static void mwb_plugin_print(struct link_util *util, FILE *out,
			     struct rtattr *attrs[])
{
	const struct mwb_attr *attr;
	struct mwb_dev dev = { 0 };
	unsigned int i;

	if (!attrs)
		return;
	for (i = 1; i <= IFLA_MWBOND_MAX; i++) {
		attr = &mwb_dev_attrs.attr[mwb_plugin_attrs[i]];
		if (!attrs[i] || RTA_PAYLOAD(attrs[i]) < mwb_plugin_size(attr))
			continue;
		memcpy((char *)&dev + attr->offset, RTA_DATA(attrs[i]),
		       mwb_plugin_size(attr));
		mwb_mark(&dev, mwb_plugin_attrs[i]);
	}
	for (i = 1; i <= IFLA_MWBOND_MAX; i++) {
		if (!mwb_has(&dev, mwb_plugin_attrs[i]))
			continue;
		attr = &mwb_dev_attrs.attr[mwb_plugin_attrs[i]];
		mwb_plugin_print_text(attr, mwb_plugin_attrs[i], &dev);
		mwb_plugin_print_value(attr, &dev, IP_OUTPUT_JSON);
	}
}

__visible
struct link_util mwbond_link_util = {
	.id		= "mwbond",
	.maxattr	= IFLA_MWBOND_MAX,
	.parse_opt	= mwb_plugin_parse,
	.print_opt	= mwb_plugin_print,
	.print_help	= mwb_plugin_help,
};

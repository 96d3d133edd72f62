// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of a device, as mwbctl and the plugin of iproute2 have them. Their
 * ranges are those of the netlink specification.
 */
#include <stdlib.h>
#include <string.h>

#include "opt.h"

static int mwb_link_opt_listen(const struct mwb_opt *opt, const char *arg,
			       void *obj, struct mwb_err *err)
{
	struct mwb_endpoint ep = { .family = AF_UNSPEC };

	if (strcmp(arg, opt->fixed) &&
	    mwb_parse_endpoint(arg, MWB_ENDPOINT_ADDR_OPTIONAL, &ep, err))
		return -1;
	if (*ep.scope)
		return mwb_err_set(err, "%% is not supported here");
	if (ep.family != AF_UNSPEC && !ep.port)
		return mwb_err_set(err, "port not in 1-65535");
	mwb_dev_set_listen(obj, &ep);
	return 0;
}

static int mwb_link_opt_mtu(const struct mwb_opt *opt, const char *arg,
			    void *obj, struct mwb_err *err)
{
	if (strcmp(arg, opt->fixed))
		return mwb_opt_uint(opt, arg, obj, err);
	mwb_set_uint(opt->set, MWBOND_A_DEV_MTU_AUTO, obj, 1);
	return 0;
}

static int mwb_link_opt_switch(const struct mwb_opt *opt, const char *arg,
			       void *obj, struct mwb_err *err)
{
	bool on = !strcmp(arg, "on");

	if (!on && strcmp(arg, "off"))
		return mwb_err_set(err, "not on or off");
	mwb_set_uint(opt->set, opt->attr, obj, on);
	return 0;
}

/* Its fixed word stands for its least value. */
static int mwb_link_opt_time(const struct mwb_opt *opt, const char *arg,
			     void *obj, struct mwb_err *err)
{
	if (strcmp(arg, opt->fixed))
		return mwb_opt_time(opt, arg, obj, err);
	mwb_set_uint(opt->set, opt->attr, obj, 0);
	return 0;
}

static int mwb_link_opt_ratio(const struct mwb_opt *opt, const char *arg,
			      void *obj, struct mwb_err *err)
{
	char *end;
	double value = strtod(arg, &end);

	if (!*arg || *end || !(value >= 0 && value <= 1))
		return mwb_err_set(err, "not in 0-1");
	mwb_set_uint(opt->set, opt->attr, obj, value * 1000000 + 0.5);
	return 0;
}

static int mwb_link_opt_duplicate(const struct mwb_opt *opt, const char *arg,
				  void *obj, struct mwb_err *err)
{
	bool off = !strcmp(arg, "off");

	if (!off && strcmp(arg, "auto"))
		return mwb_opt_uint(opt, arg, obj, err);
	mwb_set_uint(opt->set, opt->attr, obj, off);
	return 0;
}

/* A key on the command line, or for a secret in a file */
static int mwb_link_opt_key(const struct mwb_opt *opt, const char *arg,
			    void *obj, struct mwb_err *err)
{
	const struct mwb_attr *attr = &opt->set->attr[opt->attr];
	uint8_t *key = (uint8_t *)obj + attr->offset;
	int ret = 0;

	if (!strcmp(arg, opt->fixed))
		memset(key, 0, MWB_KEY_LEN);
	else if (opt->attr == MWBOND_A_DEV_PEER_KEY)
		ret = mwb_parse_key(arg, key, err);
	else
		ret = mwb_read_key(arg, key, err);
	if (!ret)
		mwb_mark(obj, opt->attr);
	return ret;
}

static const struct mwb_opt mwb_link_opts[] = {
	{ .word = "mode", .meta = "MODE", .set = &mwb_dev_attrs,
	  .attr = MWBOND_A_DEV_MODE, .parse = mwb_opt_enum },
	{ .word = "security", .meta = "SECURITY", .set = &mwb_dev_attrs,
	  .attr = MWBOND_A_DEV_SECURITY, .parse = mwb_opt_enum },
	{ .word = "session", .meta = "N", .set = &mwb_dev_attrs,
	  .attr = MWBOND_A_DEV_SESSION, .min = 1, .max = UINT32_MAX,
	  .parse = mwb_opt_uint },
	{ .word = "listen", .meta = "[ADDR:]PORT", .fixed = "off",
	  .set = &mwb_dev_attrs, .attr = MWBOND_A_DEV_LISTEN_PORT,
	  .parse = mwb_link_opt_listen },
	{ .word = "reorder-buffer", .meta = "N", .set = &mwb_dev_attrs,
	  .attr = MWBOND_A_DEV_REORDER_BUFFER, .min = 1, .max = 16384,
	  .parse = mwb_opt_uint },
	{ .word = "reorder-timeout", .meta = "T", .set = &mwb_dev_attrs,
	  .attr = MWBOND_A_DEV_REORDER_TIMEOUT, .max = 10000,
	  .parse = mwb_opt_time },
	{ .word = "skew-budget", .meta = "T", .set = &mwb_dev_attrs,
	  .attr = MWBOND_A_DEV_SKEW_BUDGET, .max = 1000,
	  .parse = mwb_opt_time },
	{ .word = "fec", .meta = "K+M", .fixed = "off|auto",
	  .set = &mwb_dev_attrs, .attr = MWBOND_A_DEV_FEC,
	  .max = MWBOND_FEC_CODE, .parse = mwb_opt_fec },
	{ .word = "fec-timeout", .meta = "T", .fixed = "auto",
	  .set = &mwb_dev_attrs, .attr = MWBOND_A_DEV_FEC_TIMEOUT,
	  .min = 1, .max = 500, .parse = mwb_link_opt_time },
	{ .word = "redundancy", .meta = "R", .set = &mwb_dev_attrs,
	  .attr = MWBOND_A_DEV_REDUNDANCY, .parse = mwb_link_opt_ratio },
	{ .word = "duplicate", .meta = "N", .fixed = "off|auto",
	  .set = &mwb_dev_attrs, .attr = MWBOND_A_DEV_DUPLICATE, .min = 1,
	  .max = 16, .parse = mwb_link_opt_duplicate },
	{ .word = "repair", .meta = "on|off", .set = &mwb_dev_attrs,
	  .attr = MWBOND_A_DEV_REPAIR, .parse = mwb_link_opt_switch },
	{ }
};

const struct mwb_opt mwb_link_set_opts[] = {
	{ .word = "mtu", .meta = "N", .fixed = "auto", .set = &mwb_dev_attrs,
	  .attr = MWBOND_A_DEV_MTU, .min = 68, .max = 9000,
	  .parse = mwb_link_opt_mtu },
	{ .word = "private-key", .meta = "FILE", .fixed = "none",
	  .set = &mwb_dev_attrs, .attr = MWBOND_A_DEV_PRIVATE_KEY,
	  .parse = mwb_link_opt_key },
	{ .word = "peer", .meta = "KEY", .fixed = "none",
	  .set = &mwb_dev_attrs, .attr = MWBOND_A_DEV_PEER_KEY,
	  .parse = mwb_link_opt_key },
	{ .word = "preshared-key", .meta = "FILE", .fixed = "none",
	  .set = &mwb_dev_attrs, .attr = MWBOND_A_DEV_PRESHARED_KEY,
	  .parse = mwb_link_opt_key },
	{ .word = "cipher", .meta = "CIPHER", .set = &mwb_dev_attrs,
	  .attr = MWBOND_A_DEV_CIPHER, .parse = mwb_opt_enum },
	{ .more = mwb_link_opts }
};

/* ip has an mtu of its own. */
const struct mwb_opt mwb_link_plugin_opts[] = {
	{ .word = "mtu-auto", .meta = "on|off", .set = &mwb_dev_attrs,
	  .attr = MWBOND_A_DEV_MTU_AUTO, .parse = mwb_link_opt_switch },
	{ .more = mwb_link_opts }
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of a WAN. Their ranges are those of the netlink specification.
 */
#include <string.h>

#include "mwbctl.h"

static int mwb_wan_opt_remote(const struct mwb_opt *opt,
			      const char *arg, void *obj, struct mwb_err *err)
{
	struct mwb_wan *wan = obj;
	struct mwb_endpoint ep;

	if (mwb_parse_endpoint(arg, MWB_ENDPOINT_FULL, &ep, err))
		return -1;
	if (ep.family == AF_INET) {
		wan->remote_ipv4 = ep.ipv4;
		mwb_mark(wan, MWBOND_A_WAN_REMOTE_IPV4);
	} else {
		wan->remote_ipv6 = ep.ipv6;
		mwb_mark(wan, MWBOND_A_WAN_REMOTE_IPV6);
	}
	if (*ep.scope) {
		wan->remote_scope = if_nametoindex(ep.scope);
		if (!wan->remote_scope)
			return mwb_err_set(err, "no interface %s", ep.scope);
		mwb_mark(wan, MWBOND_A_WAN_REMOTE_SCOPE);
	}
	wan->remote_port = ep.port;
	mwb_mark(wan, MWBOND_A_WAN_REMOTE_PORT);
	return 0;
}

/* Without a port any is taken, as if none had been set before. */
static int mwb_wan_opt_local(const struct mwb_opt *opt,
			     const char *arg, void *obj, struct mwb_err *err)
{
	struct mwb_wan *wan = obj;
	struct mwb_endpoint ep;

	if (mwb_parse_endpoint(arg, MWB_ENDPOINT_PORT_OPTIONAL, &ep, err))
		return -1;
	if (*ep.scope)
		return mwb_err_set(err, "%% belongs to the remote address");
	if (ep.family == AF_INET) {
		wan->local_ipv4 = ep.ipv4;
		mwb_mark(wan, MWBOND_A_WAN_LOCAL_IPV4);
	} else {
		wan->local_ipv6 = ep.ipv6;
		mwb_mark(wan, MWBOND_A_WAN_LOCAL_IPV6);
	}
	wan->local_port = ep.port;
	mwb_mark(wan, MWBOND_A_WAN_LOCAL_PORT);
	return 0;
}

static int mwb_wan_opt_admin(const struct mwb_opt *opt,
			     const char *arg, void *obj,
			     struct mwb_err *err)
{
	mwb_set_uint(opt->set, opt->attr, obj, !strcmp(opt->word, "up"));
	return 0;
}

static int mwb_wan_opt_share(const struct mwb_opt *opt, const char *arg,
			     void *obj, struct mwb_err *err)
{
	uint64_t ppm;

	if (mwb_parse_percent(arg, &ppm, err))
		return -1;
	mwb_set_uint(opt->set, opt->attr, obj, ppm);
	return 0;
}

const struct mwb_opt mwb_wan_opts[] = {
	{ .word = "remote", .meta = "ADDR:PORT", .set = &mwb_wan_attrs,
	  .attr = MWBOND_A_WAN_REMOTE_PORT, .parse = mwb_wan_opt_remote },
	{ .word = "local", .meta = "ADDR[:PORT]", .set = &mwb_wan_attrs,
	  .attr = MWBOND_A_WAN_LOCAL_PORT, .parse = mwb_wan_opt_local },
	{ .word = "dev", .meta = "IFNAME", .set = &mwb_wan_attrs,
	  .attr = MWBOND_A_WAN_DEV, .parse = mwb_opt_label },
	{ .word = "fwmark", .meta = "M", .set = &mwb_wan_attrs,
	  .attr = MWBOND_A_WAN_FWMARK, .max = UINT32_MAX,
	  .parse = mwb_opt_uint },
	{ .word = "id", .meta = "N", .set = &mwb_wan_attrs,
	  .attr = MWBOND_A_WAN_ID, .min = 1, .max = 127,
	  .parse = mwb_opt_uint },
	{ .word = "type", .meta = "TYPE", .set = &mwb_wan_attrs,
	  .attr = MWBOND_A_WAN_TYPE, .parse = mwb_opt_enum },
	{ .word = "weight", .meta = "N", .set = &mwb_wan_attrs,
	  .attr = MWBOND_A_WAN_WEIGHT, .min = 1, .max = 1000,
	  .parse = mwb_opt_uint },
	{ .word = "priority", .meta = "N", .set = &mwb_wan_attrs,
	  .attr = MWBOND_A_WAN_PRIORITY, .max = 255,
	  .parse = mwb_opt_uint },
	{ .word = "rate", .meta = "R", .fixed = "auto", .set = &mwb_wan_attrs,
	  .attr = MWBOND_A_WAN_RATE, .max = UINT64_MAX,
	  .parse = mwb_opt_rate },
	{ .word = "heartbeat", .meta = "T", .set = &mwb_wan_attrs,
	  .attr = MWBOND_A_WAN_HEARTBEAT, .min = 10, .max = 30000,
	  .parse = mwb_opt_time },
	{ .word = "failures", .meta = "N", .set = &mwb_wan_attrs,
	  .attr = MWBOND_A_WAN_FAILURES, .min = 1, .max = 100,
	  .parse = mwb_opt_uint },
	{ .word = "max-latency", .meta = "T", .set = &mwb_wan_attrs,
	  .attr = MWBOND_A_WAN_MAX_LATENCY, .max = 30000,
	  .parse = mwb_opt_time },
	{ .word = "max-jitter", .meta = "T", .set = &mwb_wan_attrs,
	  .attr = MWBOND_A_WAN_MAX_JITTER, .max = 30000,
	  .parse = mwb_opt_time },
	{ .word = "max-loss", .meta = "PCT", .set = &mwb_wan_attrs,
	  .attr = MWBOND_A_WAN_MAX_LOSS, .parse = mwb_wan_opt_share },
	{ .word = "up", .set = &mwb_wan_attrs, .attr = MWBOND_A_WAN_ADMIN_UP,
	  .parse = mwb_wan_opt_admin },
	{ .word = "down", .set = &mwb_wan_attrs, .attr = MWBOND_A_WAN_ADMIN_UP,
	  .parse = mwb_wan_opt_admin },
	{ }
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of a class. Their ranges are those of the netlink specification.
 */
#include <string.h>

#include "dscp.h"
#include "mwbctl.h"

#define MWB_CLASS_NUMBER	16

/* The number before a character, and what is behind it; NULL without one. */
static int mwb_class_opt_split(const char *arg, char at, uint64_t max,
			       uint64_t *value, const char **rest,
			       struct mwb_err *err)
{
	const char *end = strchr(arg, at);
	size_t len = end ? (size_t)(end - arg) : strlen(arg);
	char number[MWB_CLASS_NUMBER];

	*rest = end ? end + 1 : NULL;
	if (len >= sizeof(number))
		return mwb_err_set(err, "not a number");
	memcpy(number, arg, len);
	number[len] = '\0';
	return mwb_parse_uint(number, 0, max, value, err);
}

static int mwb_class_opt_prio(const struct mwb_opt *opt, const char *arg,
			      void *obj, struct mwb_err *err)
{
	uint64_t first, last;
	const char *rest;

	if (mwb_class_opt_split(arg, '-', opt->max, &first, &rest, err))
		return -1;
	last = first;
	if (rest && mwb_parse_uint(rest, 0, opt->max, &last, err))
		return -1;
	if (last < first)
		return mwb_err_set(err, "not a range; it ends before it begins");
	mwb_set_uint(opt->set, MWBOND_A_CLASS_MATCH_PRIO_MIN, obj, first);
	mwb_set_uint(opt->set, MWBOND_A_CLASS_MATCH_PRIO_MAX, obj, last);
	return 0;
}

static int mwb_class_opt_dscp(const struct mwb_opt *opt, const char *arg,
			      void *obj, struct mwb_err *err)
{
	uint64_t mask;

	if (mwb_parse_dscp(arg, &mask, err))
		return -1;
	mwb_set_uint(opt->set, opt->attr, obj, mask);
	return 0;
}

static int mwb_class_opt_mark(const struct mwb_opt *opt, const char *arg,
			      void *obj, struct mwb_err *err)
{
	uint64_t mark, mask = UINT32_MAX;
	const char *rest;

	if (mwb_class_opt_split(arg, '/', opt->max, &mark, &rest, err))
		return -1;
	if (rest && mwb_parse_uint(rest, 0, opt->max, &mask, err))
		return -1;
	if (mark & ~mask)
		return mwb_err_set(err, "not within its mask");
	mwb_set_uint(opt->set, MWBOND_A_CLASS_MATCH_MARK, obj, mark);
	mwb_set_uint(opt->set, MWBOND_A_CLASS_MATCH_MASK, obj, mask);
	return 0;
}

static int mwb_class_opt_priority(const struct mwb_opt *opt, const char *arg,
				  void *obj, struct mwb_err *err)
{
	if (strcmp(arg, opt->fixed))
		return mwb_opt_uint(opt, arg, obj, err);
	mwb_set_uint(opt->set, opt->attr, obj, MWBOND_CLASS_PRIORITY_AUTO);
	return 0;
}

static const struct mwb_opt mwb_class_match_opts[] = {
	{ .word = "prio", .meta = "A-B", .set = &mwb_class_attrs,
	  .attr = MWBOND_A_CLASS_MATCH_PRIO_MIN, .max = 255,
	  .parse = mwb_class_opt_prio },
	{ .word = "dscp", .meta = "LIST", .set = &mwb_class_attrs,
	  .attr = MWBOND_A_CLASS_MATCH_DSCP, .parse = mwb_class_opt_dscp },
	{ .word = "mark", .meta = "M[/MASK]", .set = &mwb_class_attrs,
	  .attr = MWBOND_A_CLASS_MATCH_MARK, .max = UINT32_MAX,
	  .parse = mwb_class_opt_mark },
	{ }
};

const struct mwb_opt mwb_class_opts[] = {
	{ .word = "match", .kinds = mwb_class_match_opts,
	  .set = &mwb_class_attrs, .attr = MWBOND_A_CLASS_MATCH_PRIO_MIN },
	{ .word = "order", .meta = "WHAT", .set = &mwb_class_attrs,
	  .attr = MWBOND_A_CLASS_ORDER, .parse = mwb_opt_enum },
	{ .word = "hold", .meta = "WHAT", .set = &mwb_class_attrs,
	  .attr = MWBOND_A_CLASS_HOLD, .parse = mwb_opt_enum },
	{ .word = "max-delay", .meta = "T", .set = &mwb_class_attrs,
	  .attr = MWBOND_A_CLASS_MAX_DELAY, .max = 10000,
	  .parse = mwb_opt_time },
	{ .word = "duplicate", .meta = "N", .set = &mwb_class_attrs,
	  .attr = MWBOND_A_CLASS_DUPLICATE, .min = 1, .max = 16,
	  .parse = mwb_opt_uint },
	{ .word = "fec", .meta = "K+M", .fixed = "off|auto|device",
	  .set = &mwb_class_attrs, .attr = MWBOND_A_CLASS_FEC,
	  .max = MWBOND_FEC_DEVICE, .parse = mwb_opt_fec },
	{ .word = "wan", .meta = "NAME", .set = &mwb_class_attrs,
	  .attr = MWBOND_A_CLASS_WAN, .parse = mwb_opt_label },
	{ .word = "priority", .meta = "N", .fixed = "auto",
	  .set = &mwb_class_attrs, .attr = MWBOND_A_CLASS_PRIORITY,
	  .max = 255, .parse = mwb_class_opt_priority },
	{ }
};

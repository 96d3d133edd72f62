// SPDX-License-Identifier: GPL-2.0-only
/*
 * mwbctl link set
 */
#include <string.h>

#include "mwbctl.h"

/**
 * mwb_link_set() - run mwbctl link set
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_link_set(const struct mwb_call *call)
{
	struct mwb_dev dev = { 0 };
	enum mwb_result result;
	struct mwb_err err;
	struct mwb_nl nl;
	int ret;

	if (mwb_check_name(call, "DEV", call->argv[0]))
		return MWB_REFUSED;
	if (call->argc == 1)
		return mwb_misuse(call, "nothing to set");
	result = mwb_opt_parse(call->cmd->opts, &dev, call->argc - 1,
			       call->argv + 1, &err);
	if (result == MWB_USAGE)
		return mwb_misuse(call, "%s", err.text);
	if (result == MWB_REFUSED)
		return mwb_refuse(call, &err);
	mwb_set_string(&mwb_dev_attrs, MWBOND_A_DEV_IFNAME, &dev,
		       call->argv[0]);

	if (mwb_nl_open(&nl))
		return mwb_refuse(call, &nl.err);
	ret = mwb_nl_dev_set(&nl, &dev);
	mwb_nl_close(&nl);
	explicit_bzero(&dev, sizeof(dev));
	return ret ? mwb_refuse(call, &nl.err) : MWB_OK;
}

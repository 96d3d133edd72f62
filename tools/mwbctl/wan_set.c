// SPDX-License-Identifier: GPL-2.0-only
/*
 * mwbctl wan add, set and del
 */
#include "mwbctl.h"

static enum mwb_result mwb_wan_options(const struct mwb_call *call,
				       struct mwb_wan *wan)
{
	enum mwb_result result;
	struct mwb_err err;

	result = mwb_opt_parse(call->cmd->opts, wan, call->argc - 2,
			       call->argv + 2, &err);
	if (result == MWB_USAGE)
		return mwb_misuse(call, "%s", err.text);
	if (result == MWB_REFUSED)
		return mwb_refuse(call, &err);
	if ((mwb_has(wan, MWBOND_A_WAN_REMOTE_IPV4) &&
	     mwb_has(wan, MWBOND_A_WAN_LOCAL_IPV6)) ||
	    (mwb_has(wan, MWBOND_A_WAN_REMOTE_IPV6) &&
	     mwb_has(wan, MWBOND_A_WAN_LOCAL_IPV4))) {
		mwb_err_set(&err,
			    "local: not of the address family of remote");
		return mwb_refuse(call, &err);
	}
	return MWB_OK;
}

static enum mwb_result mwb_wan_request(const struct mwb_call *call,
				       enum mwbond_cmd cmd,
				       const struct mwb_wan *wan)
{
	struct mwb_nl nl;
	int ret;

	if (mwb_nl_open(&nl))
		return mwb_refuse(call, &nl.err);
	ret = mwb_nl_wan_do(&nl, cmd, wan);
	mwb_nl_close(&nl);
	return ret ? mwb_refuse(call, &nl.err) : MWB_OK;
}

/**
 * mwb_wan_add() - run mwbctl wan add
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_wan_add(const struct mwb_call *call)
{
	struct mwb_wan wan = { 0 };
	enum mwb_result result;

	result = mwb_check_names(call, &mwb_wan_attrs, &wan);
	if (!result)
		result = mwb_wan_options(call, &wan);
	if (result)
		return result;
	if (!mwb_has(&wan, MWBOND_A_WAN_REMOTE_PORT))
		return mwb_misuse(call, "remote is missing");
	return mwb_wan_request(call, MWBOND_CMD_WAN_ADD, &wan);
}

/**
 * mwb_wan_set() - run mwbctl wan set
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_wan_set(const struct mwb_call *call)
{
	struct mwb_wan wan = { 0 };
	enum mwb_result result;

	result = mwb_check_names(call, &mwb_wan_attrs, &wan);
	if (result)
		return result;
	if (call->argc == 2)
		return mwb_misuse(call, "nothing to set");
	result = mwb_wan_options(call, &wan);
	if (result)
		return result;
	return mwb_wan_request(call, MWBOND_CMD_WAN_SET, &wan);
}

/**
 * mwb_wan_del() - run mwbctl wan del
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_wan_del(const struct mwb_call *call)
{
	struct mwb_wan wan = { 0 };

	if (mwb_check_names(call, &mwb_wan_attrs, &wan))
		return MWB_REFUSED;
	return mwb_wan_request(call, MWBOND_CMD_WAN_DEL, &wan);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * mwbctl class add, set and del
 */
#include "mwbctl.h"

static bool mwb_class_has_match(const struct mwb_class *class)
{
	return mwb_has(class, MWBOND_A_CLASS_MATCH_PRIO_MIN) ||
	       mwb_has(class, MWBOND_A_CLASS_MATCH_DSCP) ||
	       mwb_has(class, MWBOND_A_CLASS_MATCH_MARK);
}

static enum mwb_result mwb_class_options(const struct mwb_call *call,
					 struct mwb_class *class)
{
	enum mwb_result result;
	struct mwb_err err;

	result = mwb_check_names(call, &mwb_class_attrs, class);
	if (result)
		return result;
	result = mwb_opt_parse(call->cmd->opts, class, call->argc - 2,
			       call->argv + 2, &err);
	if (result == MWB_USAGE)
		return mwb_misuse(call, "%s", err.text);
	return result ? mwb_refuse(call, &err) : MWB_OK;
}

static enum mwb_result mwb_class_request(const struct mwb_call *call,
					 enum mwbond_cmd cmd,
					 const struct mwb_class *class)
{
	struct mwb_nl nl;
	int ret;

	if (mwb_nl_open(&nl))
		return mwb_refuse(call, &nl.err);
	ret = mwb_nl_class_do(&nl, cmd, class);
	mwb_nl_close(&nl);
	return ret ? mwb_refuse(call, &nl.err) : MWB_OK;
}

/**
 * mwb_class_add() - run mwbctl class add
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_class_add(const struct mwb_call *call)
{
	struct mwb_class class = { 0 };
	enum mwb_result result;

	result = mwb_class_options(call, &class);
	if (result)
		return result;
	if (!mwb_class_has_match(&class))
		return mwb_misuse(call, "match is missing");
	return mwb_class_request(call, MWBOND_CMD_CLASS_ADD, &class);
}

/**
 * mwb_class_set() - run mwbctl class set
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_class_set(const struct mwb_call *call)
{
	struct mwb_class class = { 0 };
	enum mwb_result result;

	result = mwb_class_options(call, &class);
	if (result)
		return result;
	if (call->argc == 2)
		return mwb_misuse(call, "nothing to set");
	return mwb_class_request(call, MWBOND_CMD_CLASS_SET, &class);
}

/**
 * mwb_class_del() - run mwbctl class del
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_class_del(const struct mwb_call *call)
{
	struct mwb_class class = { 0 };

	if (mwb_check_names(call, &mwb_class_attrs, &class))
		return MWB_REFUSED;
	return mwb_class_request(call, MWBOND_CMD_CLASS_DEL, &class);
}

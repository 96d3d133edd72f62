// SPDX-License-Identifier: GPL-2.0-only
/*
 * mwbctl class show
 */
#include <stdlib.h>

#include "dscp.h"
#include "mwbctl.h"

static const char *mwb_class_show_match(const struct mwb_class *class,
					char *buf, size_t size)
{
	char list[MWB_DSCP_LEN];

	if (mwb_has(class, MWBOND_A_CLASS_MATCH_DSCP))
		snprintf(buf, size, "dscp %s",
			 mwb_format_dscp(class->match_dscp, list,
					 sizeof(list)));
	else if (mwb_has(class, MWBOND_A_CLASS_MATCH_MARK) &&
		 class->match_mask == UINT32_MAX)
		snprintf(buf, size, "mark 0x%x", class->match_mark);
	else if (mwb_has(class, MWBOND_A_CLASS_MATCH_MARK))
		snprintf(buf, size, "mark 0x%x/0x%x", class->match_mark,
			 class->match_mask);
	else
		snprintf(buf, size, "prio %u-%u", class->match_prio_min,
			 class->match_prio_max);
	return buf;
}

static const char *mwb_class_show_delay(const struct mwb_class *class,
					char *buf, size_t size)
{
	return class->max_delay ? mwb_print_ms(class->max_delay, buf, size) :
				  "-";
}

static const char *mwb_class_show_duplicate(const struct mwb_class *class,
					    char *buf, size_t size)
{
	if (class->duplicate < 2)
		return "-";
	snprintf(buf, size, "%u", class->duplicate);
	return buf;
}

static const char *mwb_class_show_priority(const struct mwb_class *class,
					   char *buf, size_t size)
{
	if (class->priority == MWBOND_CLASS_PRIORITY_AUTO)
		return "auto";
	snprintf(buf, size, "%u", class->priority);
	return buf;
}

static int mwb_class_show_table(const struct mwb_class *classes, size_t count)
{
	static const char *const head[] = {
		"DEV", "NAME", "MATCH", "ORDER", "HOLD", "MAX-DELAY",
		"DUPLICATE", "FEC", "WAN", "PRIORITY",
	};
	struct mwb_table table = {
		.columns = ARRAY_SIZE(head),
		.right = 0x60,
	};
	char match[MWB_DSCP_LEN + 8], delay[32], duplicate[16], fec[16];
	char priority[16];
	const struct mwb_class *class;

	if (count && mwb_table_row(&table, head))
		return -1;
	for (class = classes; class < classes + count; class++) {
		const char *const row[] = {
			class->ifname, class->name,
			mwb_class_show_match(class, match, sizeof(match)),
			mwb_print_enum(&mwb_class_switch_names, class->order),
			mwb_print_enum(&mwb_class_switch_names, class->hold),
			mwb_class_show_delay(class, delay, sizeof(delay)),
			mwb_class_show_duplicate(class, duplicate,
						 sizeof(duplicate)),
			mwb_format_fec(class->fec, class->fec_data,
				       class->fec_parity, fec, sizeof(fec)),
			*class->wan ? class->wan : "-",
			mwb_class_show_priority(class, priority,
						sizeof(priority)),
		};

		if (mwb_table_row(&table, row))
			return -1;
	}
	mwb_table_print(&table, stdout, "");
	return 0;
}

static void mwb_class_show_json(const struct mwb_call *call,
				const struct mwb_class *classes, size_t count)
{
	struct mwb_json json = { .out = stdout, .pretty = call->pretty };
	size_t i;

	mwb_json_open(&json, NULL, '[');
	for (i = 0; i < count; i++) {
		mwb_json_open(&json, NULL, '{');
		mwb_print_json(&json, &mwb_class_attrs, &classes[i]);
		mwb_json_close(&json, '}');
	}
	mwb_json_close(&json, ']');
}

/**
 * mwb_class_show() - run mwbctl class show
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_class_show(const struct mwb_call *call)
{
	const char *ifname = call->argc ? call->argv[0] : NULL;
	const char *name = call->argc > 1 ? call->argv[1] : NULL;
	enum mwb_result result = MWB_OK;
	struct mwb_class *classes;
	struct mwb_nl nl;
	size_t count;

	if ((ifname && mwb_check_name(call, "DEV", ifname)) ||
	    (name && mwb_check_name(call, "NAME", name)))
		return MWB_REFUSED;
	if (mwb_nl_open(&nl))
		return mwb_refuse(call, &nl.err);
	if (mwb_nl_class_get(&nl, ifname, name, &classes, &count)) {
		result = mwb_refuse(call, &nl.err);
		goto close;
	}
	if (call->json) {
		mwb_class_show_json(call, classes, count);
	} else if (mwb_class_show_table(classes, count)) {
		mwb_err_set(&nl.err, "no memory");
		result = mwb_refuse(call, &nl.err);
	}
	free(classes);

close:
	mwb_nl_close(&nl);
	return result;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of DSCP values. The names are those of RFC 2474, 2597, 3246, 5865 and
 * 8622.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "dscp.h"

#define MWB_DSCP_MAX	63
#define MWB_DSCP_WORD	8

static const char *const mwb_dscp_names[MWB_DSCP_MAX + 1] = {
	[0] = "cs0", [1] = "le", [8] = "cs1", [16] = "cs2", [24] = "cs3",
	[32] = "cs4", [40] = "cs5", [44] = "va", [46] = "ef", [48] = "cs6",
	[56] = "cs7",
	[10] = "af11", [12] = "af12", [14] = "af13",
	[18] = "af21", [20] = "af22", [22] = "af23",
	[26] = "af31", [28] = "af32", [30] = "af33",
	[34] = "af41", [36] = "af42", [38] = "af43",
};

/* The value that the len bytes at arg name, or -1. */
static int mwb_dscp_value(const char *arg, size_t len)
{
	char word[MWB_DSCP_WORD];
	struct mwb_err ignored;
	uint64_t value;
	int i;

	if (!len || len >= sizeof(word))
		return -1;
	memcpy(word, arg, len);
	word[len] = '\0';
	for (i = 0; i <= MWB_DSCP_MAX; i++)
		if (mwb_dscp_names[i] && !strcasecmp(mwb_dscp_names[i], word))
			return i;
	return mwb_parse_uint(word, 0, MWB_DSCP_MAX, &value, &ignored) ?
	       -1 : (int)value;
}

/**
 * mwb_parse_dscp() - parse a list of DSCP values
 * @arg: values and ranges of them, with commas in between
 * @mask: result; bit n is value n
 * @err: reason for refusal
 *
 * Return: 0, or -1 with @err set.
 */
int mwb_parse_dscp(const char *arg, uint64_t *mask, struct mwb_err *err)
{
	const char *s = arg;
	size_t len, first_len;
	int first, last;

	*mask = 0;
	do {
		len = strcspn(s, ",");
		first_len = strcspn(s, ",-");
		first = mwb_dscp_value(s, first_len);
		last = first_len == len ? first :
		       mwb_dscp_value(s + first_len + 1, len - first_len - 1);
		if (first < 0 || last < first)
			return mwb_err_set(err,
					   "not a list of DSCP values, 0-63 or names, such as ef,cs5,10-14");
		for (; first <= last; first++)
			*mask |= BIT_ULL(first);
		s += len;
	} while (*s++);
	return 0;
}

/**
 * mwb_format_dscp() - write a list of DSCP values as it is parsed
 * @mask: the values
 * @buf: result, cut if @size is too small
 * @size: room in @buf; MWB_DSCP_LEN is enough
 *
 * Return: @buf.
 */
const char *mwb_format_dscp(uint64_t mask, char *buf, size_t size)
{
	size_t used = 0;
	int first, last;

	*buf = '\0';
	for (first = 0; first <= MWB_DSCP_MAX; first = last + 1) {
		last = first;
		if (!(mask & BIT_ULL(first)) || used >= size)
			continue;
		while (last < MWB_DSCP_MAX && mask & BIT_ULL(last + 1))
			last++;
		if (used)
			used += snprintf(buf + used, size - used, ",");
		if (used >= size)
			break;
		if (last > first)
			used += snprintf(buf + used, size - used, "%d-%d",
					 first, last);
		else if (mwb_dscp_names[first])
			used += snprintf(buf + used, size - used, "%s",
					 mwb_dscp_names[first]);
		else
			used += snprintf(buf + used, size - used, "%d", first);
	}
	return buf;
}

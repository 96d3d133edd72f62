// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of a command line, described by a table.
 */
#include <ctype.h>
#include <string.h>

#include "opt.h"

#define MWB_LINE	80
#define MWB_ENUM_LEN	128

/* A word as it may be shown in a message. */
static const char *mwb_opt_shown(const char *arg, char *buf, size_t size)
{
	size_t i;

	snprintf(buf, size, "%s", arg);
	for (i = 0; buf[i]; i++)
		if (iscntrl((unsigned char)buf[i]))
			buf[i] = '?';
	return buf;
}

/**
 * mwb_opt_next() - the option after another
 * @opt: an option
 *
 * Return: the next one, without a word if there is none.
 */
const struct mwb_opt *mwb_opt_next(const struct mwb_opt *opt)
{
	opt++;
	return opt->more ?: opt;
}

/**
 * mwb_opt_find() - the option that a word starts
 * @opts: the options
 * @word: the word
 *
 * Return: the option, or NULL.
 */
const struct mwb_opt *mwb_opt_find(const struct mwb_opt *opts,
				   const char *word)
{
	for (; opts->word; opts = mwb_opt_next(opts))
		if (!strcmp(opts->word, word))
			return opts;
	return NULL;
}

/**
 * mwb_opt_names() - names of the values of an option
 * @opt: the option
 *
 * Return: the names, or NULL if it is no enumeration.
 */
const struct mwb_names *mwb_opt_names(const struct mwb_opt *opt)
{
	return opt->parse == mwb_opt_enum ? opt->set->attr[opt->attr].names :
					    NULL;
}

/**
 * mwb_opt_parse() - parse options and check their values
 * @opts: the options
 * @obj: object whose attributes are set
 * @argc: number of words
 * @argv: the words
 * @err: what is wrong, with word and value
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_opt_parse(const struct mwb_opt *opts, void *obj, int argc,
			      char **argv, struct mwb_err *err)
{
	const struct mwb_opt *opt;
	const char *arg, *word;
	struct mwb_err reason;
	uint64_t seen = 0;
	char shown[64];
	int i;

	for (i = 0; i < argc; i++) {
		opt = mwb_opt_find(opts, argv[i]);
		if (!opt) {
			mwb_err_set(err, "unknown word \"%s\"",
				    mwb_opt_shown(argv[i], shown,
						  sizeof(shown)));
			return MWB_USAGE;
		}
		if (seen & BIT_ULL(opt->attr)) {
			mwb_err_set(err, "%s: given twice",
				    opt->set->attr[opt->attr].word ?: opt->word);
			return MWB_USAGE;
		}
		seen |= BIT_ULL(opt->attr);
		if (opt->kinds) {
			word = opt->word;
			if (++i < argc)
				opt = mwb_opt_find(opt->kinds, argv[i]);
			if (i == argc || !opt) {
				mwb_err_set(err, "%s: the kind is missing",
					    word);
				return MWB_USAGE;
			}
		}

		arg = NULL;
		if (opt->meta) {
			if (++i == argc) {
				mwb_err_set(err, "%s: the value is missing",
					    opt->word);
				return MWB_USAGE;
			}
			arg = argv[i];
		}
		if (opt->parse(opt, arg, obj, &reason)) {
			mwb_opt_shown(arg ?: "", shown, sizeof(shown));
			mwb_err_set(err, arg ? "%s \"%s\": %.200s" :
					       "%s%s: %.200s",
				    opt->word, shown, reason.text);
			return MWB_REFUSED;
		}
	}
	return MWB_OK;
}

static void mwb_opt_describe(const struct mwb_opt *opt, char *buf, size_t size)
{
	const struct mwb_names *names = mwb_opt_names(opt);
	const struct mwb_opt *kind;
	unsigned int i;
	size_t used;

	used = snprintf(buf, size, "%s%s", opt->word,
			opt->meta || opt->kinds ? " " : "");
	if (opt->kinds) {
		for (kind = opt->kinds; kind->word && used < size;
		     kind = mwb_opt_next(kind))
			used += snprintf(buf + used, size - used, "%s%s %s",
					 kind == opt->kinds ? "" : "|",
					 kind->word, kind->meta);
	} else if (names) {
		for (i = 0; i < names->count && used < size; i++)
			used += snprintf(buf + used, size - used, "%s%s",
					 i ? "|" : "", names->name[i]);
	} else if (opt->meta) {
		snprintf(buf + used, size - used, "%s%s%s",
			 opt->fixed ?: "", opt->fixed ? "|" : "", opt->meta);
	}
}

/**
 * mwb_opt_print() - print the usage of a command, in lines that fit a terminal
 * @out: where to
 * @head: how the line starts
 * @opts: the options, or NULL for none
 * @required: attribute of an option that cannot be left out, or 0
 */
void mwb_opt_print(FILE *out, const char *head, const struct mwb_opt *opts,
		   unsigned int required)
{
	char text[MWB_ENUM_LEN], group[2 * MWB_ENUM_LEN];
	size_t column = strlen(head), used;
	bool optional, joined;
	unsigned int attr;

	fputs(head, out);
	while (opts && opts->word) {
		optional = opts->attr != required;
		used = snprintf(group, sizeof(group), "%s", optional ? "[" : "");
		/* Options that set the same attribute share brackets. */
		do {
			attr = opts->attr;
			mwb_opt_describe(opts, text, sizeof(text));
			opts = mwb_opt_next(opts);
			joined = opts->word && opts->attr == attr;
			used += snprintf(group + used, sizeof(group) - used,
					 "%s%s", text, joined ? "|" : "");
		} while (joined);
		snprintf(group + used, sizeof(group) - used, "%s",
			 optional ? "]" : "");

		column += strlen(group) + 1;
		if (column > MWB_LINE) {
			fputs("\n       ", out);
			column = 8 + strlen(group);
		}
		fprintf(out, " %s", group);
	}
	putc('\n', out);
}

/**
 * mwb_opt_uint() - an option that is a whole number
 * @opt: the option
 * @arg: its value
 * @obj: object to set it in
 * @err: reason for refusal
 *
 * Return: 0, or -1 with @err set.
 */
int mwb_opt_uint(const struct mwb_opt *opt, const char *arg, void *obj,
		 struct mwb_err *err)
{
	uint64_t value;

	if (mwb_parse_uint(arg, opt->min, opt->max, &value, err))
		return -1;
	mwb_set_uint(opt->set, opt->attr, obj, value);
	return 0;
}

/**
 * mwb_opt_enum() - an option that is one of some names
 * @opt: the option
 * @arg: its value
 * @obj: object to set it in
 * @err: reason for refusal
 *
 * Return: 0, or -1 with @err set.
 */
int mwb_opt_enum(const struct mwb_opt *opt, const char *arg, void *obj,
		 struct mwb_err *err)
{
	const struct mwb_names *names = mwb_opt_names(opt);
	int value = mwb_name_value(names, arg);
	size_t size = sizeof(err->text), used;
	unsigned int i;

	if (value >= 0) {
		mwb_set_uint(opt->set, opt->attr, obj, value);
		return 0;
	}
	used = snprintf(err->text, size, names->count > 1 ? "not one of" :
							    "not");
	for (i = 0; i < names->count && used < size; i++)
		used += snprintf(err->text + used, size - used, "%s %s",
				 i ? "," : "", names->name[i]);
	return -1;
}

/**
 * mwb_opt_time() - an option that is a time in ms
 * @opt: the option
 * @arg: its value
 * @obj: object to set it in
 * @err: reason for refusal
 *
 * Return: 0, or -1 with @err set.
 */
int mwb_opt_time(const struct mwb_opt *opt, const char *arg, void *obj,
		 struct mwb_err *err)
{
	uint64_t value;

	if (mwb_parse_time(arg, opt->min, opt->max, &value, err))
		return -1;
	mwb_set_uint(opt->set, opt->attr, obj, value);
	return 0;
}

/**
 * mwb_opt_rate() - an option that is a rate in bytes/s, 0 for its fixed word
 * @opt: the option
 * @arg: its value
 * @obj: object to set it in
 * @err: reason for refusal
 *
 * Return: 0, or -1 with @err set.
 */
int mwb_opt_rate(const struct mwb_opt *opt, const char *arg, void *obj,
		 struct mwb_err *err)
{
	uint64_t value = 0;

	if ((!opt->fixed || strcmp(arg, opt->fixed)) &&
	    mwb_parse_rate(arg, opt->min, opt->max, &value, err))
		return -1;
	mwb_set_uint(opt->set, opt->attr, obj, value);
	return 0;
}

/**
 * mwb_opt_label() - an option that is a name; empty only if its minimum is 0
 * @opt: the option
 * @arg: its value
 * @obj: object to set it in
 * @err: reason for refusal
 *
 * Return: 0, or -1 with @err set.
 */
int mwb_opt_label(const struct mwb_opt *opt, const char *arg, void *obj,
		  struct mwb_err *err)
{
	if ((*arg || opt->min) && mwb_parse_label(arg, MWB_NAME_MAX, err))
		return -1;
	mwb_set_string(opt->set, opt->attr, obj, arg);
	return 0;
}

/**
 * mwb_opt_fec() - an option that is a code, K+M, or one of the words beside it
 * @opt: the option, whose attribute the two numbers follow
 * @arg: its value
 * @obj: object to set it in
 * @err: reason for refusal
 *
 * Return: 0, or -1 with @err set.
 */
int mwb_opt_fec(const struct mwb_opt *opt, const char *arg, void *obj,
		struct mwb_err *err)
{
	const struct mwb_names *names = opt->set->attr[opt->attr].names;
	const char *plus = strchr(arg, '+');
	int value = mwb_name_value(names, arg);
	uint64_t data, parity;
	char number[8] = "";

	if (value >= 0 && value != MWBOND_FEC_CODE &&
	    (uint64_t)value <= opt->max) {
		mwb_set_uint(opt->set, opt->attr, obj, value);
		return 0;
	}
	if (!plus || (size_t)(plus - arg) >= sizeof(number))
		return mwb_err_set(err, "not K+M, off%s or auto",
				   opt->max == MWBOND_FEC_DEVICE ? ", device" :
								   "");
	memcpy(number, arg, plus - arg);
	if (mwb_parse_uint(number, 1, 254, &data, err) ||
	    mwb_parse_uint(plus + 1, 1, 254, &parity, err))
		return -1;
	if (data + parity > 255)
		return mwb_err_set(err, "not 255 or less together");
	mwb_set_uint(opt->set, opt->attr, obj, MWBOND_FEC_CODE);
	mwb_set_uint(opt->set, opt->attr + 1, obj, data);
	mwb_set_uint(opt->set, opt->attr + 2, obj, parity);
	return 0;
}

/**
 * mwb_format_fec() - the value that mwb_opt_fec() takes
 * @fec: enum mwbond_fec
 * @data: data packets of a block
 * @parity: its parities
 * @buf: room for the text
 * @size: its size
 *
 * Return: the text.
 */
const char *mwb_format_fec(uint32_t fec, uint32_t data, uint32_t parity,
			   char *buf, size_t size)
{
	if (fec == MWBOND_FEC_CODE)
		snprintf(buf, size, "%u+%u", data, parity);
	else
		snprintf(buf, size, "%s", mwb_name(&mwb_fec_names, fec) ?: "?");
	return buf;
}

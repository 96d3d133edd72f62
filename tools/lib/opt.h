/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options of a command line, "word value" in any order, described by a table
 * that also serves usage and completion.
 */
#ifndef MWB_OPT_H
#define MWB_OPT_H

#include <stdio.h>

#include "obj.h"

/**
 * struct mwb_opt - an option, one of an array
 */
struct mwb_opt {
	/** @word: the word that starts it; NULL after the last of the array */
	const char *word;
	/** @more: array that goes on where this one ends, or NULL */
	const struct mwb_opt *more;
	/** @kinds: options of which one has to follow as its value, or NULL */
	const struct mwb_opt *kinds;
	/** @meta: its value as shown in usage; NULL if it takes none */
	const char *meta;
	/** @fixed: a value accepted instead of @meta, or NULL */
	const char *fixed;
	/** @set: attributes of what it is an option of */
	const struct mwb_attr_set *set;
	/** @attr: the attribute it sets first; two options never set the same */
	unsigned int attr;
	/** @min: least value */
	uint64_t min;
	/** @max: largest value */
	uint64_t max;
	/**
	 * @parse: set in @obj what @arg says, which is NULL for an option
	 * without value; 0, or -1 with @err set
	 */
	int (*parse)(const struct mwb_opt *opt, const char *arg, void *obj,
		     struct mwb_err *err);
};

/**
 * enum mwb_result - outcome of parsing, and of the program as exit status
 * @MWB_OK: done
 * @MWB_REFUSED: a value, or the kernel's refusal
 * @MWB_USAGE: an unknown or missing word
 */
enum mwb_result {
	MWB_OK,
	MWB_REFUSED,
	MWB_USAGE,
};

extern const struct mwb_opt mwb_link_set_opts[];
extern const struct mwb_opt mwb_link_plugin_opts[];

enum mwb_result mwb_opt_parse(const struct mwb_opt *opts, void *obj, int argc,
			      char **argv, struct mwb_err *err);
const struct mwb_opt *mwb_opt_next(const struct mwb_opt *opt);
const struct mwb_opt *mwb_opt_find(const struct mwb_opt *opts,
				   const char *word);
const struct mwb_names *mwb_opt_names(const struct mwb_opt *opt);
void mwb_opt_print(FILE *out, const char *head, const struct mwb_opt *opts,
		   unsigned int required);

int mwb_opt_uint(const struct mwb_opt *opt, const char *arg, void *obj,
		 struct mwb_err *err);
int mwb_opt_enum(const struct mwb_opt *opt, const char *arg, void *obj,
		 struct mwb_err *err);
int mwb_opt_time(const struct mwb_opt *opt, const char *arg, void *obj,
		 struct mwb_err *err);
int mwb_opt_rate(const struct mwb_opt *opt, const char *arg, void *obj,
		 struct mwb_err *err);
int mwb_opt_fec(const struct mwb_opt *opt, const char *arg, void *obj,
		struct mwb_err *err);
const char *mwb_format_fec(uint32_t fec, uint32_t data, uint32_t parity,
			   char *buf, size_t size);
int mwb_opt_label(const struct mwb_opt *opt, const char *arg, void *obj,
		  struct mwb_err *err);

#endif /* MWB_OPT_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands of mwbctl. Each has a file of its own and a place in the table of
 * main.c, from which usage, help and completion are made.
 */
#ifndef MWB_MWBCTL_H
#define MWB_MWBCTL_H

#include "json.h"
#include "nl.h"
#include "opt.h"
#include "print.h"

#define MWB_USAGE_LINE	"usage: mwbctl [-j] [-p] [-n NETNS] COMMAND\n"

struct mwb_call;

/**
 * struct mwb_cmd - a command
 */
struct mwb_cmd {
	/** @name: its words */
	const char *name;
	/** @args: what follows them, as shown in usage */
	const char *args;
	/** @help: what it does, in a phrase */
	const char *help;
	/** @opts: options after @args, or NULL */
	const struct mwb_opt *opts;
	/** @required: attribute of an option that cannot be left out, or 0 */
	unsigned int required;
	/** @min_args: least number of words */
	int min_args;
	/** @max_args: largest number of words; -1 for any */
	int max_args;
	/** @run: do it; an enum mwb_result */
	enum mwb_result (*run)(const struct mwb_call *call);
};

/**
 * struct mwb_call - a command line being carried out
 */
struct mwb_call {
	/** @cmd: the command */
	const struct mwb_cmd *cmd;
	/** @argc: number of words after those of the command */
	int argc;
	/** @argv: these words */
	char **argv;
	/** @json: output is to be JSON */
	bool json;
	/** @pretty: JSON is to be indented */
	bool pretty;
};

extern const struct mwb_cmd mwb_cmds[];
extern const struct mwb_opt mwb_wan_opts[];
extern const struct mwb_opt mwb_class_opts[];

const struct mwb_cmd *mwb_cmd_find(int argc, char **argv, int *words);
void mwb_cmd_usage(FILE *out, const struct mwb_cmd *cmd);

enum mwb_result mwb_refuse(const struct mwb_call *call,
			   const struct mwb_err *err);
__printf(2, 3)
enum mwb_result mwb_misuse(const struct mwb_call *call, const char *format, ...);
enum mwb_result mwb_check_name(const struct mwb_call *call, const char *what,
			       const char *name);
enum mwb_result mwb_check_names(const struct mwb_call *call,
				const struct mwb_attr_set *set, void *obj);

enum mwb_result mwb_class_add(const struct mwb_call *call);
enum mwb_result mwb_class_del(const struct mwb_call *call);
enum mwb_result mwb_class_set(const struct mwb_call *call);
enum mwb_result mwb_class_show(const struct mwb_call *call);
enum mwb_result mwb_complete(const struct mwb_call *call);
enum mwb_result mwb_genkey(const struct mwb_call *call);
enum mwb_result mwb_genpsk(const struct mwb_call *call);
enum mwb_result mwb_help(const struct mwb_call *call);
enum mwb_result mwb_link_set(const struct mwb_call *call);
enum mwb_result mwb_link_show(const struct mwb_call *call);
enum mwb_result mwb_monitor(const struct mwb_call *call);
enum mwb_result mwb_pubkey(const struct mwb_call *call);
enum mwb_result mwb_stats(const struct mwb_call *call);
enum mwb_result mwb_version(const struct mwb_call *call);
enum mwb_result mwb_wan_add(const struct mwb_call *call);
enum mwb_result mwb_wan_del(const struct mwb_call *call);
enum mwb_result mwb_wan_set(const struct mwb_call *call);
enum mwb_result mwb_wan_show(const struct mwb_call *call);

#endif /* MWB_MWBCTL_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * mwbctl complete: the words that can follow those given, one a line. What the
 * kernel does not tell is left out without a message.
 */
#include <stdlib.h>
#include <string.h>

#include "mwbctl.h"

static void mwb_complete_dev(void)
{
	struct mwb_dev *devs;
	struct mwb_nl nl;
	size_t count, i;

	if (mwb_nl_open(&nl))
		return;
	if (!mwb_nl_dev_get(&nl, NULL, &devs, &count)) {
		for (i = 0; i < count; i++)
			puts(devs[i].ifname);
		free(devs);
	}
	mwb_nl_close(&nl);
}

static void mwb_complete_wan(const char *ifname)
{
	struct mwb_wan *wans;
	struct mwb_nl nl;
	size_t count, i;

	if (strlen(ifname) > MWB_NAME_MAX || mwb_nl_open(&nl))
		return;
	if (!mwb_nl_wan_get(&nl, ifname, NULL, &wans, &count)) {
		for (i = 0; i < count; i++)
			puts(wans[i].name);
		free(wans);
	}
	mwb_nl_close(&nl);
}

static void mwb_complete_class(const char *ifname)
{
	struct mwb_class *classes;
	struct mwb_nl nl;
	size_t count, i;

	if (strlen(ifname) > MWB_NAME_MAX || mwb_nl_open(&nl))
		return;
	if (!mwb_nl_class_get(&nl, ifname, NULL, &classes, &count)) {
		for (i = 0; i < count; i++)
			puts(classes[i].name);
		free(classes);
	}
	mwb_nl_close(&nl);
}

/* Commands, or the second words of those that start with @first. */
static void mwb_complete_cmd(const char *first)
{
	const struct mwb_cmd *cmd;
	const char *last = "";
	size_t len;

	for (cmd = mwb_cmds; cmd->name; cmd++) {
		len = strcspn(cmd->name, " ");
		if (!first) {
			/* Commands with the same first word are neighbours. */
			if (strncmp(last, cmd->name, len + 1))
				printf("%.*s\n", (int)len, cmd->name);
			last = cmd->name;
		} else if (strlen(first) == len && cmd->name[len] &&
			   !strncmp(cmd->name, first, len)) {
			puts(cmd->name + len + 1);
		}
	}
}

/* Words that are separated as in the usage. */
static void mwb_complete_fixed(const char *words)
{
	size_t len;

	for (;; words += len + 1) {
		len = strcspn(words, "|");
		printf("%.*s\n", (int)len, words);
		if (!words[len])
			return;
	}
}

/* Options that were not given yet, or values of the last one. */
static void mwb_complete_opt(const struct mwb_opt *opts, int argc, char **argv)
{
	const struct mwb_opt *all = opts, *opt = NULL;
	const struct mwb_names *names;
	uint64_t seen = 0;
	unsigned int i;
	int j;

	for (j = 0; j < argc; j++) {
		opt = mwb_opt_find(opts, argv[j]);
		if (!opt)
			return;
		seen |= BIT_ULL(opt->attr);
		opts = opt->kinds ?: all;
		if (opt->meta && ++j == argc)
			break;
		opt = NULL;
	}
	if (opts != all)
		seen = 0;
	if (opt) {
		names = mwb_opt_names(opt);
		for (i = 0; names && i < names->count; i++)
			puts(names->name[i]);
		if (opt->fixed)
			mwb_complete_fixed(opt->fixed);
		return;
	}
	for (opt = opts; opt->word; opt = mwb_opt_next(opt))
		if (!(seen & BIT_ULL(opt->attr)))
			puts(opt->word);
}

/* The name of a new one cannot be completed. */
static void mwb_complete_name(const struct mwb_cmd *cmd, const char *ifname)
{
	if (!strncmp(cmd->name, "class ", 6)) {
		if (cmd->run != mwb_class_add)
			mwb_complete_class(ifname);
	} else if (cmd->run != mwb_wan_add) {
		mwb_complete_wan(ifname);
	}
}

static void mwb_complete_args(const struct mwb_cmd *cmd, int argc, char **argv)
{
	bool flag = argc && argv[0][0] == '-';

	if (!argc && cmd->run == mwb_wan_show)
		puts("-d");
	if (!argc && cmd->run == mwb_stats)
		puts("-i");
	if (flag && cmd->run == mwb_wan_show) {
		argc--;
		argv++;
	}
	if (flag && cmd->run == mwb_stats) {
		/* A time cannot be completed. */
		if (argc == 1)
			return;
		argc -= 2;
		argv += 2;
	}

	if (!argc && strstr(cmd->args, "DEV"))
		mwb_complete_dev();
	else if (argc == 1 && strstr(cmd->args, "NAME"))
		mwb_complete_name(cmd, argv[0]);
	else if (cmd->opts && argc >= cmd->min_args)
		mwb_complete_opt(cmd->opts, argc - cmd->min_args,
				 argv + cmd->min_args);
}

/**
 * mwb_complete() - run mwbctl complete
 * @call: the command line; its words are those before the one to complete
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_complete(const struct mwb_call *call)
{
	const struct mwb_cmd *cmd;
	char **argv = call->argv;
	int argc = call->argc;
	int words;

	cmd = mwb_cmd_find(argc, argv, &words);
	if (cmd && cmd->run == mwb_help) {
		argc--;
		argv++;
		cmd = mwb_cmd_find(argc, argv, &words);
		if (cmd)
			return MWB_OK;
	}
	if (cmd)
		mwb_complete_args(cmd, argc - words, argv + words);
	else if (argc < 2)
		mwb_complete_cmd(argc ? argv[0] : NULL);
	return MWB_OK;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * mwbctl: configure and watch mwbond devices. The command table, the options
 * before the command, and the messages that all commands have.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mwbctl.h"

const struct mwb_cmd mwb_cmds[] = {
	{
		.name = "link set",
		.args = "DEV",
		.help = "change a device",
		.opts = mwb_link_set_opts,
		.min_args = 1,
		.max_args = -1,
		.run = mwb_link_set,
	}, {
		.name = "link show",
		.args = "[DEV]",
		.help = "show devices",
		.max_args = 1,
		.run = mwb_link_show,
	}, {
		.name = "wan add",
		.args = "DEV NAME",
		.help = "add a WAN to a device",
		.opts = mwb_wan_opts,
		.required = MWBOND_A_WAN_REMOTE_PORT,
		.min_args = 2,
		.max_args = -1,
		.run = mwb_wan_add,
	}, {
		.name = "wan set",
		.args = "DEV NAME",
		.help = "change a WAN",
		.opts = mwb_wan_opts,
		.min_args = 2,
		.max_args = -1,
		.run = mwb_wan_set,
	}, {
		.name = "wan del",
		.args = "DEV NAME",
		.help = "remove a WAN",
		.min_args = 2,
		.max_args = 2,
		.run = mwb_wan_del,
	}, {
		.name = "wan show",
		.args = "[-d] [DEV [NAME]]",
		.help = "show WANs, with -d all about them",
		.max_args = 3,
		.run = mwb_wan_show,
	}, {
		.name = "class add",
		.args = "DEV NAME",
		.help = "add a class of packets to a device",
		.opts = mwb_class_opts,
		.required = MWBOND_A_CLASS_MATCH_PRIO_MIN,
		.min_args = 2,
		.max_args = -1,
		.run = mwb_class_add,
	}, {
		.name = "class set",
		.args = "DEV NAME",
		.help = "change a class",
		.opts = mwb_class_opts,
		.min_args = 2,
		.max_args = -1,
		.run = mwb_class_set,
	}, {
		.name = "class del",
		.args = "DEV NAME",
		.help = "remove a class",
		.min_args = 2,
		.max_args = 2,
		.run = mwb_class_del,
	}, {
		.name = "class show",
		.args = "[DEV [NAME]]",
		.help = "show classes",
		.max_args = 2,
		.run = mwb_class_show,
	}, {
		.name = "stats",
		.args = "[-i T] [DEV]",
		.help = "show all counters, with -i again and again",
		.max_args = 3,
		.run = mwb_stats,
	}, {
		.name = "monitor",
		.args = "",
		.help = "print events as they happen",
		.run = mwb_monitor,
	}, {
		.name = "genkey",
		.args = "",
		.help = "print a new private key",
		.run = mwb_genkey,
	}, {
		.name = "pubkey",
		.args = "",
		.help = "print the public key of the private key that is the input",
		.run = mwb_pubkey,
	}, {
		.name = "genpsk",
		.args = "",
		.help = "print a new key for both ends",
		.run = mwb_genpsk,
	}, {
		.name = "help",
		.args = "[COMMAND]",
		.help = "show how a command is used",
		.max_args = -1,
		.run = mwb_help,
	}, {
		.name = "version",
		.args = "",
		.help = "show the version of mwbctl",
		.run = mwb_version,
	}, {
		.name = "complete",
		.args = "[WORD]...",
		.help = "print the words that can follow, for a shell",
		.max_args = -1,
		.run = mwb_complete,
	},
	{ }
};

/**
 * mwb_cmd_find() - the command that words start with
 * @argc: number of words
 * @argv: the words
 * @words: number of words that the command's name has
 *
 * Return: the command, or NULL.
 */
const struct mwb_cmd *mwb_cmd_find(int argc, char **argv, int *words)
{
	const struct mwb_cmd *cmd;
	size_t len;

	for (cmd = mwb_cmds; argc && cmd->name; cmd++) {
		len = strlen(argv[0]);
		*words = 1;
		if (strncmp(cmd->name, argv[0], len))
			continue;
		if (!cmd->name[len])
			return cmd;
		*words = 2;
		if (argc > 1 && cmd->name[len] == ' ' &&
		    !strcmp(cmd->name + len + 1, argv[1]))
			return cmd;
	}
	return NULL;
}

/**
 * mwb_cmd_usage() - print how a command is used
 * @out: where to
 * @cmd: the command
 */
void mwb_cmd_usage(FILE *out, const struct mwb_cmd *cmd)
{
	char head[80];

	snprintf(head, sizeof(head), "usage: mwbctl %s%s%s", cmd->name,
		 *cmd->args ? " " : "", cmd->args);
	mwb_opt_print(out, head, cmd->opts, cmd->required);
}

/**
 * mwb_refuse() - report a value, or the kernel's refusal
 * @call: the command line
 * @err: what is wrong
 *
 * Return: MWB_REFUSED.
 */
enum mwb_result mwb_refuse(const struct mwb_call *call,
			   const struct mwb_err *err)
{
	fprintf(stderr, "mwbctl: %s: %s\n", call->cmd->name, err->text);
	return MWB_REFUSED;
}

/**
 * mwb_misuse() - report an unknown or missing word, and the usage
 * @call: the command line
 * @format: what is wrong, as of printf()
 *
 * Return: MWB_USAGE.
 */
enum mwb_result mwb_misuse(const struct mwb_call *call, const char *format, ...)
{
	struct mwb_err err;
	va_list args;

	va_start(args, format);
	vsnprintf(err.text, sizeof(err.text), format, args);
	va_end(args);
	mwb_refuse(call, &err);
	mwb_cmd_usage(stderr, call->cmd);
	return MWB_USAGE;
}

/**
 * mwb_check_name() - check the name of a device, WAN or class
 * @call: the command line
 * @what: what it is called in usage
 * @name: the name
 *
 * Return: MWB_OK, or MWB_REFUSED after it was reported.
 */
enum mwb_result mwb_check_name(const struct mwb_call *call, const char *what,
			       const char *name)
{
	struct mwb_err reason, err;
	char shown[64];

	if (!mwb_parse_label(name, MWB_NAME_MAX, &reason))
		return MWB_OK;
	mwb_print_text(name, shown, sizeof(shown));
	mwb_err_set(&err, "%s \"%s\": %.200s", what, shown, reason.text);
	return mwb_refuse(call, &err);
}

/**
 * mwb_check_names() - the device and what belongs to it, from the first words
 * @call: the command line, with two words
 * @set: attributes of a WAN or of a class
 * @obj: where to set them
 *
 * Return: MWB_OK, or MWB_REFUSED after it was reported.
 */
enum mwb_result mwb_check_names(const struct mwb_call *call,
				const struct mwb_attr_set *set, void *obj)
{
	if (mwb_check_name(call, "DEV", call->argv[0]) ||
	    mwb_check_name(call, "NAME", call->argv[1]))
		return MWB_REFUSED;
	mwb_set_string(set, MWBOND_A_WAN_IFNAME, obj, call->argv[0]);
	mwb_set_string(set, MWBOND_A_WAN_NAME, obj, call->argv[1]);
	return MWB_OK;
}

static enum mwb_result mwb_enter_netns(const char *name)
{
	char path[256];
	int fd, ret;

	if (!*name || strchr(name, '/') || strlen(name) > 200 ||
	    !strcmp(name, ".") || !strcmp(name, "..")) {
		fputs("mwbctl: -n: not the name of a network namespace\n",
		      stderr);
		return MWB_REFUSED;
	}
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ret = fd < 0 ? -1 : setns(fd, CLONE_NEWNET);
	if (ret)
		fprintf(stderr, "mwbctl: -n: %s: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return ret ? MWB_REFUSED : MWB_OK;
}

static enum mwb_result mwb_global_misuse(void)
{
	fputs(MWB_USAGE_LINE "mwbctl help shows the commands.\n", stderr);
	return MWB_USAGE;
}

static enum mwb_result mwb_no_command(int argc, char **argv)
{
	char first[32], second[32];

	if (argc > 1)
		fprintf(stderr, "mwbctl: unknown command \"%s %s\"\n",
			mwb_print_text(argv[0], first, sizeof(first)),
			mwb_print_text(argv[1], second, sizeof(second)));
	else if (argc)
		fprintf(stderr, "mwbctl: unknown command \"%s\"\n",
			mwb_print_text(argv[0], first, sizeof(first)));
	else
		fputs("mwbctl: the command is missing\n", stderr);
	return mwb_global_misuse();
}

static enum mwb_result mwb_run(struct mwb_call *call)
{
	char shown[64];
	int words;

	call->cmd = mwb_cmd_find(call->argc, call->argv, &words);
	if (!call->cmd)
		return mwb_no_command(call->argc, call->argv);
	call->argc -= words;
	call->argv += words;
	if (call->argc < call->cmd->min_args)
		return mwb_misuse(call, "%s is missing",
				  call->argc ? "NAME" : "DEV");
	if (call->cmd->max_args >= 0 && call->argc > call->cmd->max_args) {
		mwb_print_text(call->argv[call->cmd->max_args], shown,
			       sizeof(shown));
		return mwb_misuse(call, "unknown word \"%s\"", shown);
	}
	return call->cmd->run(call);
}

/* Output that did not arrive is no success. */
static enum mwb_result mwb_finish(enum mwb_result result)
{
	if (!fflush(stdout) && !ferror(stdout))
		return result;
	fprintf(stderr, "mwbctl: standard output: %s\n", strerror(errno));
	return MWB_REFUSED;
}

int main(int argc, char **argv)
{
	struct mwb_call call = { 0 };
	const char *netns = NULL;
	bool version = false;
	int option;

	opterr = 0;
	while ((option = getopt(argc, argv, "+jpn:V")) != -1) {
		switch (option) {
		case 'j':
			call.json = true;
			break;
		case 'p':
			call.pretty = true;
			break;
		case 'n':
			netns = optarg;
			break;
		case 'V':
			version = true;
			break;
		default:
			fprintf(stderr, optopt == 'n' ?
				"mwbctl: -%c: the value is missing\n" :
				"mwbctl: unknown option \"-%c\"\n",
				isprint(optopt) ? optopt : '?');
			return mwb_global_misuse();
		}
	}
	call.argc = argc - optind;
	call.argv = argv + optind;
	if (version)
		return mwb_finish(mwb_version(&call));
	if (netns && mwb_enter_netns(netns))
		return MWB_REFUSED;

	return mwb_finish(mwb_run(&call));
}

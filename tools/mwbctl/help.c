// SPDX-License-Identifier: GPL-2.0-only
/*
 * mwbctl help, version, complete: made from the command table.
 */
#include <stdlib.h>
#include <string.h>

#include "mwbctl.h"

#ifndef MWB_VERSION
#define MWB_VERSION	"unknown"
#endif

static const char mwb_help_global[] =
	"Options before the command:\n"
	"  -j          print JSON\n"
	"  -p          indent it\n"
	"  -n NETNS    work in this network namespace\n"
	"  -V          show the version of mwbctl\n";

static const char mwb_help_values[] =
	"  ADDR        IPv4 address, or IPv6 address in brackets: [2001:db8::1]\n"
	"              a link-local one with the interface: [fe80::1%eth0]\n"
	"  FILE        file with a key in base64; - for the input\n"
	"  T           time in ms, or with a unit: 200ms, 1s\n"
	"  A-B         priorities, 0-255: 0-49, or one of them: 7\n"
	"  LIST        DSCP values, 0-63 or names, and ranges: ef,cs5,10-14\n"
	"  M           mark, decimal or hexadecimal after 0x, as is its MASK\n"
	"  R           rate in bytes per second, or with a unit: 50mbit, 6mbyte\n";

/**
 * mwb_help() - run mwbctl help
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_help(const struct mwb_call *call)
{
	const struct mwb_cmd *cmd;
	char shown[64];
	size_t len;
	int words;

	if (!call->argc) {
		puts(MWB_USAGE_LINE "\nCommands:");
		for (cmd = mwb_cmds; cmd->name; cmd++)
			printf("  %-10s  %s\n", cmd->name, cmd->help);
		printf("\n%s\nmwbctl help COMMAND shows how a command is used.\n",
		       mwb_help_global);
		return MWB_OK;
	}

	cmd = mwb_cmd_find(call->argc, call->argv, &words);
	if (cmd && call->argc == words) {
		mwb_cmd_usage(stdout, cmd);
		if (cmd->opts)
			printf("\n%s", mwb_help_values);
		return MWB_OK;
	}
	/* The first word of several commands. */
	len = strlen(call->argv[0]);
	words = 0;
	for (cmd = mwb_cmds; call->argc == 1 && cmd->name; cmd++) {
		if (strncmp(cmd->name, call->argv[0], len) ||
		    cmd->name[len] != ' ')
			continue;
		mwb_cmd_usage(stdout, cmd);
		words++;
	}
	if (words)
		return MWB_OK;
	mwb_print_text(call->argv[0], shown, sizeof(shown));
	return mwb_misuse(call, "unknown command \"%s\"", shown);
}

/**
 * mwb_version() - run mwbctl version
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_version(const struct mwb_call *call)
{
	struct mwb_json json = { .out = stdout, .pretty = call->pretty };

	if (!call->json) {
		puts("mwbctl " MWB_VERSION);
		return MWB_OK;
	}
	mwb_json_open(&json, NULL, '{');
	mwb_json_string(&json, "version", MWB_VERSION);
	mwb_json_close(&json, '}');
	return MWB_OK;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a plugin needs to know of iproute2's ip, which has no header for it.
 */
#ifndef MWB_IP_H
#define MWB_IP_H

#include <stdbool.h>
#include <stdio.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

/* Room that ip has for the attributes of a request. */
#define IP_REQUEST_MAX	1024

/**
 * struct link_util - what ip knows of a kind of link
 *
 * Only the members up to @print_help are used, which have had their places
 * since 2018.
 */
struct link_util {
	/** @next: for ip to use */
	struct link_util *next;
	/** @id: the kind */
	const char *id;
	/** @maxattr: largest attribute in IFLA_INFO_DATA */
	int maxattr;
	/** @parse_opt: add to the request what the words say; 0 or -1 */
	int (*parse_opt)(struct link_util *util, int argc, char **argv,
			 struct nlmsghdr *nlh);
	/** @print_opt: print the attributes */
	void (*print_opt)(struct link_util *util, FILE *out,
			  struct rtattr *attrs[]);
	/** @print_xstats: not used here */
	void (*print_xstats)(struct link_util *util, FILE *out,
			     struct rtattr *xstats);
	/** @print_help: print the usage */
	void (*print_help)(struct link_util *util, int argc, char **argv,
			   FILE *out);
	/** @rest: members that this or a later ip may read; all NULL */
	void *rest[8];
};

/**
 * enum ip_output - which form of output a value is for
 * @IP_OUTPUT_TEXT: without -j
 * @IP_OUTPUT_JSON: with -j
 */
enum ip_output {
	IP_OUTPUT_TEXT = 1,
	IP_OUTPUT_JSON = 2,
};

#define IP_NO_COLOUR	6

int addattr_l(struct nlmsghdr *nlh, int max, int type, const void *data,
	      int len);
int print_color_uint(int output, int colour, const char *key,
		     const char *format, unsigned int value);
int print_color_string(int output, int colour, const char *key,
		       const char *format, const char *value);
int print_color_bool(int output, int colour, const char *key,
		     const char *format, bool value);

#endif /* MWB_IP_H */

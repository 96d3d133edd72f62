// SPDX-License-Identifier: GPL-2.0-only
/*
 * The plugin of iproute2, with ip's functions replaced: what it adds to a
 * request, and what it prints.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/if_mwbond.h>

#include "../iproute2/ip.h"
#include "tap.h"

extern struct link_util mwbond_link_util;

/* What the plugin wrote, since the test began. */
static char plugin_text[1024];

__printf(1, 2)
static void plugin_write(const char *format, ...)
{
	size_t used = strlen(plugin_text);
	va_list args;

	va_start(args, format);
	vsnprintf(plugin_text + used, sizeof(plugin_text) - used, format, args);
	va_end(args);
}

int addattr_l(struct nlmsghdr *nlh, int max, int type, const void *data,
	      int len)
{
	struct rtattr *rta;

	if (nlh->nlmsg_len + RTA_SPACE(len) > (unsigned int)max)
		return -1;
	rta = (struct rtattr *)((char *)nlh + nlh->nlmsg_len);
	memset(rta, 0, RTA_SPACE(len));
	rta->rta_type = type;
	rta->rta_len = RTA_LENGTH(len);
	memcpy(RTA_DATA(rta), data, len);
	nlh->nlmsg_len += RTA_SPACE(len);
	return 0;
}

/* As ip without -j for text, and as if with it for the rest. */
int print_color_uint(int output, int colour, const char *key,
		     const char *format, unsigned int value)
{
	if (output == IP_OUTPUT_TEXT)
		plugin_write("%u", value);
	else
		plugin_write("<%s=%u>", key, value);
	tap_ok(!strcmp(format, "%u") && colour == IP_NO_COLOUR,
	       "format of %s", key);
	return 0;
}

int print_color_string(int output, int colour, const char *key,
		       const char *format, const char *value)
{
	if (output == IP_OUTPUT_JSON)
		plugin_write("<%s=%s>", key, value);
	else if (!strcmp(format, "%s "))
		plugin_write("%s ", value);
	else if (!strcmp(format, "%s"))
		plugin_write("%s", value);
	else if (!strcmp(format, "listen %s "))
		plugin_write("listen %s ", value);
	else if (!strcmp(format, "mtu-auto %s "))
		plugin_write("mtu-auto %s ", value);
	else
		plugin_write("(format %s)", format);
	return colour != IP_NO_COLOUR;
}

int print_color_bool(int output, int colour, const char *key,
		     const char *format, bool value)
{
	if (output == IP_OUTPUT_JSON)
		plugin_write("<%s=%s>", key, value ? "true" : "false");
	return colour != IP_NO_COLOUR || !format;
}

/* Room for a request, all attributes of which can be found by number. */
struct plugin_request {
	struct nlmsghdr nlh;
	char space[1024];
	struct rtattr *attrs[IFLA_MWBOND_MAX + 1];
};

static int plugin_parse(struct plugin_request *req, const char *line)
{
	struct rtattr *rta = (struct rtattr *)req->space;
	char words[256], *argv[32];
	int argc = 0, ret, len;

	snprintf(words, sizeof(words), "%s", line);
	argv[0] = strtok(words, " ");
	while (argv[argc])
		argv[++argc] = strtok(NULL, " ");

	memset(req, 0, sizeof(*req));
	req->nlh.nlmsg_len = NLMSG_LENGTH(0);
	ret = mwbond_link_util.parse_opt(&mwbond_link_util, argc, argv,
					 &req->nlh);
	len = req->nlh.nlmsg_len - NLMSG_LENGTH(0);
	for (; RTA_OK(rta, len); rta = RTA_NEXT(rta, len)) {
		tap_ok(rta->rta_type >= 1 && rta->rta_type <= IFLA_MWBOND_MAX,
		       "attribute %u is one", rta->rta_type);
		req->attrs[rta->rta_type] = rta;
	}
	return ret;
}

static void plugin_expect(const struct plugin_request *req, int type,
			  const void *data, size_t len)
{
	const struct rtattr *rta = req->attrs[type];

	tap_ok(rta && RTA_PAYLOAD(rta) == len &&
	       !memcmp(RTA_DATA(rta), data, len), "attribute %d is right",
	       type);
}

static void plugin_test_all(void)
{
	static const char *const printed[] = {
		"mode redundant <mode=redundant>",
		"security none <security=none>",
		"session 16 <session=16>",
		"listen [2001:db8::1]:51900 <listen-port=51900>",
		"<listen-ipv6=2001:db8::1>",
		"mtu-auto on <mtu-auto=true>",
		"reorder-buffer 500 <reorder-buffer=500>",
		"reorder-timeout 1000ms <reorder-timeout=1000>",
		"skew-budget 55ms <skew-budget=55>",
		"fec 10+3 <fec=code><fec-data=10><fec-parity=3>",
		"fec-timeout 20ms <fec-timeout=20>",
		"redundancy 0.25 <redundancy=250000>",
		"duplicate 2 <duplicate=2>",
		"repair off <repair=false>",
	};
	static const uint8_t addr[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
	const char *text = plugin_text;
	struct plugin_request req;
	char line[256] = "";
	size_t i;

	strcat(line, "mode redundant security none session 0x10 mtu-auto on ");
	strcat(line, "listen [2001:db8::1]:51900 reorder-timeout 1s ");
	strcat(line, "reorder-buffer 500 skew-budget 55 fec 10+3 ");
	strcat(line, "fec-timeout 20 redundancy 0.25 duplicate 2 repair off");
	tap_ok(!plugin_parse(&req, line), "all options");
	plugin_expect(&req, IFLA_MWBOND_MODE, &(uint32_t){ 4 }, 4);
	plugin_expect(&req, IFLA_MWBOND_SECURITY, &(uint32_t){ 0 }, 4);
	plugin_expect(&req, IFLA_MWBOND_SESSION, &(uint32_t){ 16 }, 4);
	plugin_expect(&req, IFLA_MWBOND_LISTEN_PORT, &(uint16_t){ 51900 }, 2);
	plugin_expect(&req, IFLA_MWBOND_LISTEN_IPV6, addr, 16);
	tap_ok(!req.attrs[IFLA_MWBOND_LISTEN_IPV4], "no IPv4 address");
	plugin_expect(&req, IFLA_MWBOND_MTU_AUTO, &(uint8_t){ 1 }, 1);
	plugin_expect(&req, IFLA_MWBOND_REORDER_BUFFER, &(uint32_t){ 500 }, 4);
	plugin_expect(&req, IFLA_MWBOND_REORDER_TIMEOUT, &(uint32_t){ 1000 },
		      4);
	plugin_expect(&req, IFLA_MWBOND_SKEW_BUDGET, &(uint32_t){ 55 }, 4);

	*plugin_text = '\0';
	mwbond_link_util.print_opt(&mwbond_link_util, stdout, req.attrs);
	for (i = 0; i < ARRAY_SIZE(printed); i++) {
		tap_ok(!strncmp(text, printed[i], strlen(printed[i])),
		       "printed: %s", printed[i]);
		text += strlen(printed[i]);
	}
	tap_same("and no more", text, "");
}

static void plugin_test_listen(const char *line, const char *text)
{
	struct plugin_request req;

	tap_ok(!plugin_parse(&req, line), "%s", line);
	*plugin_text = '\0';
	mwbond_link_util.print_opt(&mwbond_link_util, stdout, req.attrs);
	tap_same("printed", plugin_text, text);
}

static void plugin_test_refused(const char *line)
{
	struct plugin_request req;

	tap_ok(plugin_parse(&req, line) == -1 &&
	       req.nlh.nlmsg_len == NLMSG_LENGTH(0),
	       "refused, with nothing in the request: %s", line);
}

/* Attributes from a kernel that has other ideas of them. */
static void plugin_test_odd(void)
{
	struct {
		struct rtattr rta;
		uint32_t value;
	} odd = { { .rta_len = RTA_LENGTH(4), .rta_type = IFLA_MWBOND_MODE },
		  .value = 77 };
	struct rtattr *attrs[IFLA_MWBOND_MAX + 1] = { 0 };

	*plugin_text = '\0';
	mwbond_link_util.print_opt(&mwbond_link_util, stdout, NULL);
	mwbond_link_util.print_opt(&mwbond_link_util, stdout, attrs);
	tap_same("nothing to print", plugin_text, "");
	attrs[IFLA_MWBOND_MODE] = &odd.rta;
	mwbond_link_util.print_opt(&mwbond_link_util, stdout, attrs);
	tap_same("an unknown mode", plugin_text, "mode 77 <mode=77>");
	odd.rta.rta_len = RTA_LENGTH(1);
	*plugin_text = '\0';
	mwbond_link_util.print_opt(&mwbond_link_util, stdout, attrs);
	tap_same("a short one", plugin_text, "");
}

int main(void)
{
	tap_same("kind", mwbond_link_util.id, "mwbond");
	tap_ok(mwbond_link_util.maxattr == IFLA_MWBOND_MAX, "attributes");
	tap_ok(offsetof(struct link_util, parse_opt) == 3 * sizeof(void *) &&
	       offsetof(struct link_util, print_help) == 6 * sizeof(void *),
	       "layout of iproute2");
	plugin_test_all();
	plugin_test_listen("listen off", "listen off <listen-port=0>");
	plugin_test_listen("listen 0", "listen off <listen-port=0>");
	plugin_test_listen("listen 7", "listen 7 <listen-port=7>");
	plugin_test_listen("listen 10.0.0.1:7",
			   "listen 10.0.0.1:7 <listen-port=7><listen-ipv4=10.0.0.1>");
	plugin_test_refused("mode nonsense");
	plugin_test_refused("mode");
	plugin_test_refused("session 1 session 0");
	plugin_test_refused("session 1 session 2");
	plugin_test_refused("session 1 mtu-auto 1");
	plugin_test_refused("help");
	plugin_test_refused("mtu 1400");
	plugin_test_refused("skew-budget 1001");
	plugin_test_refused("fec 4+");
	plugin_test_refused("fec 200+56");
	plugin_test_refused("redundancy 1.1");
	plugin_test_refused("duplicate 0");
	plugin_test_refused("listen [fe80::1%lo]:7");
	plugin_test_odd();
	return tap_done();
}

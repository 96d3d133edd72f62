// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the parsers of values accept, and what they say of the rest.
 */
#include <arpa/inet.h>

#include "parse.h"
#include "tap.h"

enum parse_kind {
	PARSE_UINT,
	PARSE_TIME,
	PARSE_RATE,
	PARSE_PERCENT,
};

/**
 * struct parse_case - a number
 */
struct parse_case {
	/** @kind: how it is parsed */
	enum parse_kind kind;
	/** @arg: the word */
	const char *arg;
	/** @min: least value allowed */
	uint64_t min;
	/** @max: largest value allowed */
	uint64_t max;
	/** @value: the result, if it is accepted */
	uint64_t value;
	/** @error: the reason, if it is refused */
	const char *error;
};

static const char no_number[] = "not a number";
static const char no_time[] = "not a time such as 200ms or 1s";
static const char no_share[] = "not a share such as 2 or 0.5%";
static const char no_rate[] = "not a rate such as 50mbit or 6mbyte";
static const char no_ms[] = "not a whole number of milliseconds";
static const char no_bytes[] = "not a whole number of bytes per second";

static const struct parse_case parse_cases[] = {
	{ PARSE_UINT, "0", 0, 9, 0, NULL },
	{ PARSE_UINT, "1", 1, 1000, 1, NULL },
	{ PARSE_UINT, "1000", 1, 1000, 1000, NULL },
	{ PARSE_UINT, "007", 0, 9, 7, NULL },
	{ PARSE_UINT, "0x1F", 0, 255, 31, NULL },
	{ PARSE_UINT, "0Xff", 0, 255, 255, NULL },
	{ PARSE_UINT, "4294967295", 0, UINT32_MAX, UINT32_MAX, NULL },
	{ PARSE_UINT, "18446744073709551615", 0, UINT64_MAX, UINT64_MAX, NULL },
	{ PARSE_UINT, "0xffffffffffffffff", 0, UINT64_MAX, UINT64_MAX, NULL },
	{ PARSE_UINT, "0", 1, 1000, 0, "not in 1-1000" },
	{ PARSE_UINT, "1001", 1, 1000, 0, "not in 1-1000" },
	{ PARSE_UINT, "4294967296", 0, UINT32_MAX, 0, "not in 0-4294967295" },
	{ PARSE_UINT, "18446744073709551616", 0, UINT64_MAX, 0,
	  "not in 0-18446744073709551615" },
	/* 2^64 + 1: must not be taken for 1 */
	{ PARSE_UINT, "18446744073709551617", 1, 1000, 0, "not in 1-1000" },
	{ PARSE_UINT, "0x10000000000000001", 1, 1000, 0, "not in 1-1000" },
	{ PARSE_UINT, "99999999999999999999999999", 1, 9, 0, "not in 1-9" },
	{ PARSE_UINT, "", 0, 9, 0, no_number },
	{ PARSE_UINT, " 1", 0, 9, 0, no_number },
	{ PARSE_UINT, "1 ", 0, 9, 0, no_number },
	{ PARSE_UINT, "+1", 0, 9, 0, no_number },
	{ PARSE_UINT, "-1", 0, UINT64_MAX, 0, no_number },
	{ PARSE_UINT, "1x", 0, 9, 0, no_number },
	{ PARSE_UINT, "f", 0, 99, 0, no_number },
	{ PARSE_UINT, "0x", 0, 9, 0, no_number },
	{ PARSE_UINT, "0xg", 0, 9, 0, no_number },
	{ PARSE_UINT, "x1", 0, 9, 0, no_number },
	{ PARSE_UINT, "1.0", 0, 9, 0, no_number },
	{ PARSE_UINT, "\xff", 0, 9, 0, no_number },

	{ PARSE_TIME, "200", 0, 1000, 200, NULL },
	{ PARSE_TIME, "200ms", 0, 1000, 200, NULL },
	{ PARSE_TIME, "1s", 0, 1000, 1000, NULL },
	{ PARSE_TIME, "1S", 0, 1000, 1000, NULL },
	{ PARSE_TIME, "0.25s", 0, 1000, 250, NULL },
	{ PARSE_TIME, "1.000ms", 0, 1000, 1, NULL },
	{ PARSE_TIME, "1min", 0, 60000, 60000, NULL },
	{ PARSE_TIME, "2min", 0, 60000, 0, "not in 0-60000 ms" },
	{ PARSE_TIME, "9ms", 10, 60000, 0, "not in 10-60000 ms" },
	{ PARSE_TIME, "18446744073709551s", 0, 9, 0, "not in 0-9 ms" },
	{ PARSE_TIME, "18446744073709552s", 0, 9, 0, "not in 0-9 ms" },
	{ PARSE_TIME, "99999999999999999999s", 0, 9, 0, "not in 0-9 ms" },
	{ PARSE_TIME, "0.5ms", 0, 1000, 0, no_ms },
	{ PARSE_TIME, "0.0001s", 0, 1000, 0, no_ms },
	{ PARSE_TIME, "", 0, 1000, 0, no_time },
	{ PARSE_TIME, "ms", 0, 1000, 0, no_time },
	{ PARSE_TIME, "1h", 0, 1000, 0, no_time },
	{ PARSE_TIME, "1 s", 0, 1000, 0, no_time },
	{ PARSE_TIME, "-1s", 0, 1000, 0, no_time },
	{ PARSE_TIME, ".5s", 0, 1000, 0, no_time },
	{ PARSE_TIME, "1.s", 0, 1000, 0, no_time },
	{ PARSE_TIME, "1.2.3s", 0, 1000, 0, no_time },
	{ PARSE_TIME, "0.0000000s", 0, 1000, 0, no_time },
	{ PARSE_TIME, "0x10", 0, 1000, 0, no_time },

	{ PARSE_RATE, "0", 0, UINT64_MAX, 0, NULL },
	{ PARSE_RATE, "1000", 0, UINT64_MAX, 1000, NULL },
	{ PARSE_RATE, "8bit", 0, UINT64_MAX, 1, NULL },
	{ PARSE_RATE, "1kbit", 0, UINT64_MAX, 125, NULL },
	{ PARSE_RATE, "50mbit", 0, UINT64_MAX, 6250000, NULL },
	{ PARSE_RATE, "50Mbit", 0, UINT64_MAX, 6250000, NULL },
	{ PARSE_RATE, "2.5gbit", 0, UINT64_MAX, 312500000, NULL },
	{ PARSE_RATE, "1tbit", 0, UINT64_MAX, 125000000000, NULL },
	{ PARSE_RATE, "8kibit", 0, UINT64_MAX, 1024, NULL },
	{ PARSE_RATE, "1mibps", 0, UINT64_MAX, 1048576, NULL },
	{ PARSE_RATE, "6mbyte", 0, UINT64_MAX, 6000000, NULL },
	{ PARSE_RATE, "6mbps", 0, UINT64_MAX, 6000000, NULL },
	{ PARSE_RATE, "1.5kbps", 0, UINT64_MAX, 1500, NULL },
	{ PARSE_RATE, "18446744073709551615", 0, UINT64_MAX, UINT64_MAX,
	  NULL },
	{ PARSE_RATE, "18446744073709551616", 0, UINT64_MAX, 0,
	  "not in 0-18446744073709551615 bytes/s" },
	{ PARSE_RATE, "18446744074tbit", 0, UINT64_MAX, 0,
	  "not in 0-18446744073709551615 bytes/s" },
	{ PARSE_RATE, "7bit", 0, UINT64_MAX, 0, no_bytes },
	{ PARSE_RATE, "0.5", 0, UINT64_MAX, 0, no_bytes },
	{ PARSE_RATE, "1.000001kbit", 0, UINT64_MAX, 0, no_bytes },
	{ PARSE_RATE, "", 0, UINT64_MAX, 0, no_rate },
	{ PARSE_RATE, "fast", 0, UINT64_MAX, 0, no_rate },
	{ PARSE_RATE, "mbit", 0, UINT64_MAX, 0, no_rate },
	{ PARSE_RATE, "1mb", 0, UINT64_MAX, 0, no_rate },
	{ PARSE_RATE, "-1mbit", 0, UINT64_MAX, 0, no_rate },
	{ PARSE_RATE, "1mbit/s", 0, UINT64_MAX, 0, no_rate },

	{ PARSE_PERCENT, "0", 0, 0, 0, NULL },
	{ PARSE_PERCENT, "2.5", 0, 0, 25000, NULL },
	{ PARSE_PERCENT, "2.5%", 0, 0, 25000, NULL },
	{ PARSE_PERCENT, "0.0001%", 0, 0, 1, NULL },
	{ PARSE_PERCENT, "100%", 0, 0, 1000000, NULL },
	{ PARSE_PERCENT, "100.0001", 0, 0, 0, "not in 0-100%" },
	{ PARSE_PERCENT, "18446744073709551615%", 0, 0, 0, "not in 0-100%" },
	{ PARSE_PERCENT, "0.00001%", 0, 0, 0, "not a multiple of 0.0001%" },
	{ PARSE_PERCENT, "", 0, 0, 0, no_share },
	{ PARSE_PERCENT, "%", 0, 0, 0, no_share },
	{ PARSE_PERCENT, "-1", 0, 0, 0, no_share },
	{ PARSE_PERCENT, "5 %", 0, 0, 0, no_share },
};

/* Its range is always the same. */
static int parse_test_percent(const char *arg, uint64_t min, uint64_t max,
			      uint64_t *value, struct mwb_err *err)
{
	return mwb_parse_percent(arg, value, err);
}

static void parse_test_number(const struct parse_case *test)
{
	static int (*const parse[])(const char *arg, uint64_t min, uint64_t max,
				    uint64_t *value, struct mwb_err *err) = {
		[PARSE_UINT] = mwb_parse_uint,
		[PARSE_TIME] = mwb_parse_time,
		[PARSE_RATE] = mwb_parse_rate,
		[PARSE_PERCENT] = parse_test_percent,
	};
	static const char *const kind[] = { "number", "time", "rate",
					   "share" };
	struct mwb_err err = { "" };
	uint64_t value;
	char what[80];
	int ret;

	ret = parse[test->kind](test->arg, test->min, test->max, &value, &err);
	snprintf(what, sizeof(what), "%s \"%s\"", kind[test->kind], test->arg);
	if (test->error)
		tap_same(what, ret ? err.text : "(accepted)", test->error);
	else
		tap_ok(!ret && value == test->value, "%s", what);
}

/**
 * struct endpoint_case - an address with a port
 */
struct endpoint_case {
	/** @form: which parts may be left out */
	enum mwb_endpoint_form form;
	/** @arg: the word */
	const char *arg;
	/** @text: the same as it is written, or the reason for refusal */
	const char *text;
	/** @accepted: which of the two */
	bool accepted;
};

#define FULL	MWB_ENDPOINT_FULL
#define PORT	MWB_ENDPOINT_PORT_OPTIONAL
#define ADDR	MWB_ENDPOINT_ADDR_OPTIONAL

static const char no_addr[] = "not an IP address";
static const char no_addr6[] = "not an IPv6 address in the brackets";
static const char no_port[] = "the port is missing";
static const char brackets[] = "an IPv6 address is written in brackets";

static const struct endpoint_case endpoint_cases[] = {
	{ FULL, "192.0.2.1:51900", "192.0.2.1:51900", true },
	{ FULL, "192.0.2.1:1", "192.0.2.1:1", true },
	{ FULL, "192.0.2.1:65535", "192.0.2.1:65535", true },
	{ FULL, "[2001:db8::1]:9", "[2001:db8::1]:9", true },
	{ FULL, "[2001:DB8:0::1]:9", "[2001:db8::1]:9", true },
	{ FULL, "[::ffff:192.0.2.1]:9", "[::ffff:192.0.2.1]:9", true },
	{ FULL, "[fe80::1%eth0]:9", "[fe80::1%eth0]:9", true },
	{ FULL, "[fe80::1%fifteen-letters]:9", "[fe80::1%fifteen-letters]:9",
	  true },
	{ PORT, "192.0.2.1", "192.0.2.1", true },
	{ PORT, "192.0.2.1:0", "192.0.2.1", true },
	{ PORT, "[::]", "[::]", true },
	{ PORT, "[::1]:7", "[::1]:7", true },
	{ ADDR, "51900", "*:51900", true },
	{ ADDR, "0", "*", true },
	{ ADDR, "192.0.2.1:51900", "192.0.2.1:51900", true },
	{ ADDR, "[::1]:51900", "[::1]:51900", true },

	{ FULL, "192.0.2.1:0", "port not in 1-65535", false },
	{ FULL, "192.0.2.1:65536", "port not in 1-65535", false },
	{ FULL, "192.0.2.1:", "port not a number", false },
	{ FULL, "192.0.2.1:http", "port not a number", false },
	{ FULL, "192.0.2.1:5:5", brackets, false },
	{ FULL, "192.0.2.1", no_port, false },
	{ FULL, "[::1]", no_port, false },
	{ FULL, "51900", no_addr, false },
	{ FULL, "", no_addr, false },
	{ FULL, ":51900", no_addr, false },
	{ FULL, "192.0.2:51900", no_addr, false },
	{ FULL, "192.0.2.256:51900", no_addr, false },
	{ FULL, "192.0.2.1.1:51900", no_addr, false },
	{ FULL, "host.example:51900", no_addr, false },
	{ FULL, "2001:db8::1", brackets, false },
	{ FULL, "2001:db8::1:51900", brackets, false },
	{ FULL, "[2001:db8::1:51900", "] is missing", false },
	{ FULL, "[2001:db8::1]51900", "no colon between address and port",
	  false },
	{ FULL, "[]:51900", no_addr6, false },
	{ FULL, "[192.0.2.1]:51900", no_addr6, false },
	{ FULL, "[::g]:51900", no_addr6, false },
	{ FULL, "[fe80::1%]:9", "no interface name after %", false },
	{ FULL, "[fe80::1%sixteen-letters-]:9", "no interface name after %",
	  false },
	{ FULL, "[2001:db8::1%eth0]:9",
	  "only a link-local address has a scope", false },
	{ FULL, "192.0.2.1%eth0:9", no_addr, false },
	{ FULL, "[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]:1",
	  no_addr, false },
	{ ADDR, "65536", "port not in 0-65535", false },
	{ ADDR, "port", "port not a number", false },
	{ ADDR, "", "port not a number", false },
	{ ADDR, "192.0.2.1", no_port, false },
	{ ADDR, "[::1]", no_port, false },
	{ PORT, "nowhere", no_addr, false },
	{ PORT, "192.0.2.1:x", "port not a number", false },
};

static void parse_test_endpoint(const struct endpoint_case *test)
{
	char buf[MWB_ENDPOINT_LEN], what[120];
	struct mwb_err err = { "" };
	struct mwb_endpoint ep;
	int ret;

	ret = mwb_parse_endpoint(test->arg, test->form, &ep, &err);
	snprintf(what, sizeof(what), "endpoint \"%s\"", test->arg);
	if (test->accepted)
		tap_same(what, ret ? err.text :
			 mwb_format_endpoint(&ep, buf, sizeof(buf)),
			 test->text);
	else
		tap_same(what, ret ? err.text : "(accepted)", test->text);
}

static void parse_test_label(const char *arg, bool accepted)
{
	struct mwb_err err;

	tap_ok(!mwb_parse_label(arg, 15, &err) == accepted, "name \"%s\"", arg);
}

int main(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parse_cases); i++)
		parse_test_number(&parse_cases[i]);
	for (i = 0; i < ARRAY_SIZE(endpoint_cases); i++)
		parse_test_endpoint(&endpoint_cases[i]);
	parse_test_label("bond0", true);
	parse_test_label("x", true);
	parse_test_label("fifteen-letters", true);
	parse_test_label("sixteen-letters-", false);
	parse_test_label("", false);
	parse_test_label("a b", false);
	parse_test_label("a/b", false);
	parse_test_label("a\tb", false);
	parse_test_label("a\x7f", false);
	return tap_done();
}

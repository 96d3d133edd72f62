// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values as people write them: numbers, times, rates and addresses. A value is
 * taken whole and exactly or refused; nothing is rounded or cut.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "parse.h"

/* With six digits the fraction times the largest unit fits into 64 bits. */
#define MWB_FRACTION_DIGITS	6

/**
 * struct mwb_unit - a suffix of a value
 */
struct mwb_unit {
	/** @suffix: the suffix, whatever its case */
	const char *suffix;
	/** @factor: what one of it is in the smallest unit */
	uint64_t factor;
	/** @divisor: what the result is divided by */
	unsigned int divisor;
};

/* In milliseconds. */
static const struct mwb_unit mwb_time_units[] = {
	{ "", 1, 1 },
	{ "ms", 1, 1 },
	{ "s", 1000, 1 },
	{ "min", 60 * 1000, 1 },
	{ }
};

/* In parts per million */
static const struct mwb_unit mwb_percent_units[] = {
	{ "", 10000, 1 },
	{ "%", 10000, 1 },
	{ }
};

/* In bytes per second; as tc has them, with byte as another word for bps. */
static const struct mwb_unit mwb_rate_units[] = {
	{ "", 1, 1 },
	{ "bit", 1, 8 },
	{ "kbit", 1000, 8 },
	{ "mbit", 1000000, 8 },
	{ "gbit", 1000000000, 8 },
	{ "tbit", 1000000000000, 8 },
	{ "kibit", 1ull << 10, 8 },
	{ "mibit", 1ull << 20, 8 },
	{ "gibit", 1ull << 30, 8 },
	{ "tibit", 1ull << 40, 8 },
	{ "bps", 1, 1 },
	{ "kbps", 1000, 1 },
	{ "mbps", 1000000, 1 },
	{ "gbps", 1000000000, 1 },
	{ "tbps", 1000000000000, 1 },
	{ "kibps", 1ull << 10, 1 },
	{ "mibps", 1ull << 20, 1 },
	{ "gibps", 1ull << 30, 1 },
	{ "tibps", 1ull << 40, 1 },
	{ "byte", 1, 1 },
	{ "kbyte", 1000, 1 },
	{ "mbyte", 1000000, 1 },
	{ "gbyte", 1000000000, 1 },
	{ "tbyte", 1000000000000, 1 },
	{ }
};

/**
 * mwb_err_set() - note why something was refused
 * @err: where
 * @format: as of printf()
 *
 * Return: -1, for the caller to return.
 */
int mwb_err_set(struct mwb_err *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return -1;
}

/* The digits at *arg in the given base; false if the number is too large. */
static bool mwb_parse_digits(const char **arg, unsigned int base,
			     uint64_t *value)
{
	const char *s = *arg;
	bool fits = true;
	unsigned int digit;

	*value = 0;
	for (; isxdigit((unsigned char)*s); s++) {
		digit = isdigit((unsigned char)*s) ? *s - '0' :
						     (*s | 0x20) - 'a' + 10;
		if (digit >= base)
			break;
		if (__builtin_mul_overflow(*value, base, value) ||
		    __builtin_add_overflow(*value, digit, value))
			fits = false;
	}
	*arg = s;
	return fits;
}

static int mwb_parse_range(uint64_t value, bool fits, uintmax_t min,
			   uintmax_t max, const char *unit, struct mwb_err *err)
{
	if (fits && value >= min && value <= max)
		return 0;
	return mwb_err_set(err, "not in %ju-%ju%s", min, max, unit);
}

/**
 * mwb_parse_uint() - parse a whole number, decimal or hexadecimal after 0x
 * @arg: the word
 * @min: least value allowed
 * @max: largest value allowed
 * @value: result
 * @err: reason for refusal
 *
 * Return: 0, or -1 with @err set.
 */
int mwb_parse_uint(const char *arg, uint64_t min, uint64_t max,
		   uint64_t *value, struct mwb_err *err)
{
	const char *start, *s = arg;
	unsigned int base = 10;
	bool fits;

	if (s[0] == '0' && (s[1] | 0x20) == 'x') {
		base = 16;
		s += 2;
	}
	start = s;
	fits = mwb_parse_digits(&s, base, value);
	if (s == start || *s)
		return mwb_err_set(err, "not a number");
	return mwb_parse_range(*value, fits, min, max, "", err);
}

/*
 * A decimal number with a unit. Return: 0, -1 for what is no such number, and
 * -2 for one that is no whole number of the smallest unit; *fits is false for
 * one that is too large.
 */
static int mwb_parse_scaled(const char *arg, const struct mwb_unit *units,
			    uint64_t *value, bool *fits)
{
	uint64_t whole, part = 0, scale = 1;
	const struct mwb_unit *unit;
	const char *s = arg, *point;

	*fits = mwb_parse_digits(&s, 10, &whole);
	if (s == arg)
		return -1;
	if (*s == '.') {
		point = ++s;
		mwb_parse_digits(&s, 10, &part);
		if (s == point || s - point > MWB_FRACTION_DIGITS)
			return -1;
		for (; point < s; point++)
			scale *= 10;
	}
	for (unit = units; unit->suffix; unit++)
		if (!strcasecmp(unit->suffix, s))
			break;
	if (!unit->suffix)
		return -1;

	part *= unit->factor;
	if (part % scale)
		return -2;
	if (__builtin_mul_overflow(whole, unit->factor, value) ||
	    __builtin_add_overflow(*value, part / scale, value))
		*fits = false;
	if (*fits && *value % unit->divisor)
		return -2;
	*value /= unit->divisor;
	return 0;
}

/**
 * mwb_parse_time() - parse a time
 * @arg: a number with the unit ms, s or min; without unit ms
 * @min: least value allowed, in ms
 * @max: largest value allowed, in ms
 * @ms: result in ms
 * @err: reason for refusal
 *
 * Return: 0, or -1 with @err set.
 */
int mwb_parse_time(const char *arg, uint64_t min, uint64_t max,
		   uint64_t *ms, struct mwb_err *err)
{
	bool fits;

	switch (mwb_parse_scaled(arg, mwb_time_units, ms, &fits)) {
	case -1:
		return mwb_err_set(err, "not a time such as 200ms or 1s");
	case -2:
		return mwb_err_set(err, "not a whole number of milliseconds");
	}
	return mwb_parse_range(*ms, fits, min, max, " ms", err);
}

/**
 * mwb_parse_rate() - parse a rate
 * @arg: a number with a unit of tc; without unit bytes per second
 * @min: least value allowed, in bytes per second
 * @max: largest value allowed, in bytes per second
 * @rate: result in bytes per second
 * @err: reason for refusal
 *
 * Return: 0, or -1 with @err set.
 */
int mwb_parse_rate(const char *arg, uint64_t min, uint64_t max,
		   uint64_t *rate, struct mwb_err *err)
{
	bool fits;

	switch (mwb_parse_scaled(arg, mwb_rate_units, rate, &fits)) {
	case -1:
		return mwb_err_set(err,
				   "not a rate such as 50mbit or 6mbyte");
	case -2:
		return mwb_err_set(err,
				   "not a whole number of bytes per second");
	}
	return mwb_parse_range(*rate, fits, min, max, " bytes/s", err);
}

/**
 * mwb_parse_percent() - parse a share
 * @arg: a number of per cent, with or without %
 * @ppm: result in parts per million
 * @err: reason for refusal
 *
 * Return: 0, or -1 with @err set.
 */
int mwb_parse_percent(const char *arg, uint64_t *ppm, struct mwb_err *err)
{
	bool fits;

	switch (mwb_parse_scaled(arg, mwb_percent_units, ppm, &fits)) {
	case -1:
		return mwb_err_set(err, "not a share such as 2 or 0.5%%");
	case -2:
		return mwb_err_set(err, "not a multiple of 0.0001%%");
	}
	if (!fits || *ppm > 1000000)
		return mwb_err_set(err, "not in 0-100%%");
	return 0;
}

/* The address, with scope if IPv6, in the len bytes at arg. */
static int mwb_parse_addr(const char *arg, size_t len,
			  struct mwb_endpoint *ep, struct mwb_err *err)
{
	char addr[INET6_ADDRSTRLEN + IF_NAMESIZE];
	char *scope;

	if (len >= sizeof(addr))
		return mwb_err_set(err, "not an IP address");
	memcpy(addr, arg, len);
	addr[len] = '\0';

	if (ep->family == AF_INET) {
		if (inet_pton(AF_INET, addr, &ep->ipv4) != 1)
			return mwb_err_set(err, "not an IP address");
		return 0;
	}

	scope = strchr(addr, '%');
	if (scope) {
		*scope++ = '\0';
		if (!*scope || strlen(scope) >= sizeof(ep->scope))
			return mwb_err_set(err, "no interface name after %%");
		snprintf(ep->scope, sizeof(ep->scope), "%s", scope);
	}
	if (inet_pton(AF_INET6, addr, &ep->ipv6) != 1)
		return mwb_err_set(err, "not an IPv6 address in the brackets");
	if (scope && !IN6_IS_ADDR_LINKLOCAL(&ep->ipv6))
		return mwb_err_set(err,
				   "only a link-local address has a scope");
	return 0;
}

/**
 * mwb_parse_endpoint() - parse an address with a port
 * @arg: ADDR:PORT, where an IPv6 address is in brackets, a link-local one with
 *	 %IFNAME after it
 * @form: which parts may be left out; where one is, the result has AF_UNSPEC
 *	  or port 0
 * @ep: result
 * @err: reason for refusal
 *
 * Return: 0, or -1 with @err set.
 */
int mwb_parse_endpoint(const char *arg, enum mwb_endpoint_form form,
		       struct mwb_endpoint *ep, struct mwb_err *err)
{
	uint64_t min_port = form == MWB_ENDPOINT_FULL, port;
	const char *end, *addr = arg;

	memset(ep, 0, sizeof(*ep));
	if (*arg == '[') {
		ep->family = AF_INET6;
		addr = arg + 1;
		end = strchr(addr, ']');
		if (!end)
			return mwb_err_set(err, "] is missing");
		if (mwb_parse_addr(addr, end - addr, ep, err))
			return -1;
		end++;
	} else {
		end = strchr(arg, ':');
		if (end && strchr(end + 1, ':'))
			return mwb_err_set(err,
					   "an IPv6 address is written in brackets");
		if (!end && form == MWB_ENDPOINT_ADDR_OPTIONAL &&
		    !strchr(arg, '.')) {
			ep->family = AF_UNSPEC;
			end = arg;
		} else {
			ep->family = AF_INET;
			if (!end)
				end = arg + strlen(arg);
			if (mwb_parse_addr(arg, end - arg, ep, err))
				return -1;
		}
	}

	if (!*end && ep->family != AF_UNSPEC) {
		if (form == MWB_ENDPOINT_PORT_OPTIONAL)
			return 0;
		return mwb_err_set(err, "the port is missing");
	}
	if (ep->family != AF_UNSPEC && *end++ != ':')
		return mwb_err_set(err, "no colon between address and port");
	if (mwb_parse_uint(end, min_port, UINT16_MAX, &port, err)) {
		struct mwb_err reason = *err;

		return mwb_err_set(err, "port %.300s", reason.text);
	}
	ep->port = port;
	return 0;
}

/**
 * mwb_parse_label() - check the name of an interface or a WAN
 * @arg: the name
 * @max: largest length in bytes
 * @err: reason for refusal
 *
 * Return: 0, or -1 with @err set.
 */
int mwb_parse_label(const char *arg, size_t max, struct mwb_err *err)
{
	const char *s;

	if (!*arg || strlen(arg) > max)
		return mwb_err_set(err, "not of 1-%zu bytes", max);
	for (s = arg; *s; s++)
		if (iscntrl((unsigned char)*s) || isspace((unsigned char)*s) ||
		    *s == '/')
			return mwb_err_set(err,
					   "a name has no spaces, control characters and slashes");
	return 0;
}

/**
 * mwb_format_endpoint() - write an endpoint as it is parsed
 * @ep: the endpoint; * stands for no address, and port 0 is left out
 * @buf: result, cut if @size is too small
 * @size: room in @buf; MWB_ENDPOINT_LEN is enough
 *
 * Return: @buf.
 */
const char *mwb_format_endpoint(const struct mwb_endpoint *ep, char *buf,
				size_t size)
{
	char addr[INET6_ADDRSTRLEN], port[8] = "";

	if (ep->port)
		snprintf(port, sizeof(port), ":%u", ep->port);

	switch (ep->family) {
	case AF_INET:
		inet_ntop(AF_INET, &ep->ipv4, addr, sizeof(addr));
		snprintf(buf, size, "%s%s", addr, port);
		break;
	case AF_INET6:
		inet_ntop(AF_INET6, &ep->ipv6, addr, sizeof(addr));
		snprintf(buf, size, "[%s%s%s]%s", addr,
			 *ep->scope ? "%" : "", ep->scope, port);
		break;
	default:
		snprintf(buf, size, "*%s", port);
	}
	return buf;
}

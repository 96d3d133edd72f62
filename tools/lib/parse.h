/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values as people write them: numbers, times, rates and addresses.
 */
#ifndef MWB_PARSE_H
#define MWB_PARSE_H

#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#include "compiler.h"

/**
 * struct mwb_err - why something was refused
 */
struct mwb_err {
	/** @text: a phrase without capital, full stop and newline */
	char text[320];
};

/**
 * enum mwb_endpoint_form - which parts of an endpoint may be left out
 * @MWB_ENDPOINT_FULL: ADDR:PORT
 * @MWB_ENDPOINT_PORT_OPTIONAL: ADDR[:PORT]
 * @MWB_ENDPOINT_ADDR_OPTIONAL: [ADDR:]PORT
 */
enum mwb_endpoint_form {
	MWB_ENDPOINT_FULL,
	MWB_ENDPOINT_PORT_OPTIONAL,
	MWB_ENDPOINT_ADDR_OPTIONAL,
};

/**
 * struct mwb_endpoint - an address with a port
 */
struct mwb_endpoint {
	/** @family: AF_INET, AF_INET6, or AF_UNSPEC without an address */
	int family;
	union {
		/** @ipv4: the address if @family is AF_INET */
		struct in_addr ipv4;
		/** @ipv6: the address if @family is AF_INET6 */
		struct in6_addr ipv6;
	};
	/** @scope: interface of a link-local address, or empty */
	char scope[IF_NAMESIZE];
	/** @port: UDP port; 0 where it was left out */
	uint16_t port;
};

/* Room for what mwb_format_endpoint() writes: brackets, scope and port. */
#define MWB_ENDPOINT_LEN	(INET6_ADDRSTRLEN + IF_NAMESIZE + 10)

__printf(2, 3)
int mwb_err_set(struct mwb_err *err, const char *format, ...);

int mwb_parse_uint(const char *arg, uint64_t min, uint64_t max,
		   uint64_t *value, struct mwb_err *err);
int mwb_parse_time(const char *arg, uint64_t min, uint64_t max,
		   uint64_t *ms, struct mwb_err *err);
int mwb_parse_rate(const char *arg, uint64_t min, uint64_t max,
		   uint64_t *rate, struct mwb_err *err);
int mwb_parse_percent(const char *arg, uint64_t *ppm, struct mwb_err *err);
int mwb_parse_endpoint(const char *arg, enum mwb_endpoint_form form,
		       struct mwb_endpoint *ep, struct mwb_err *err);
int mwb_parse_label(const char *arg, size_t max, struct mwb_err *err);

const char *mwb_format_endpoint(const struct mwb_endpoint *ep, char *buf,
				size_t size);

#endif /* MWB_PARSE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Golden vectors of the wire format: what selftests/unit/golden.py says about
 * packets and payloads it made by itself from Documentation/wire.rst.
 */
#ifndef _MWBOND_TESTS_GOLDEN_H
#define _MWBOND_TESTS_GOLDEN_H

#include <linux/stddef.h>
#include <linux/types.h>

#include "../core/wire.h"

/* What is to read a vector. */
enum mwb_golden_read {
	MWB_GOLDEN_HEADER,
	MWB_GOLDEN_HEARTBEAT,
	MWB_GOLDEN_CONTROL,
	MWB_GOLDEN_ACK,
	MWB_GOLDEN_FEC,
};

/**
 * struct mwb_golden_ack - an Ack, all of it
 * @head: what comes before the reports
 * @report: each of them
 */
struct mwb_golden_ack {
	struct mwb_wire_ack head;
	struct mwb_wire_report report[MWB_ACK_REPORTS];
};

/**
 * struct mwb_golden_field - a field on the wire and the member it is read into
 * @wire: its offset on the wire, bytes
 * @wire_size: bytes on the wire
 * @member: offset of the member
 * @member_size: size of the member
 */
struct mwb_golden_field {
	u16 wire;
	u8 wire_size;
	u16 member;
	u8 member_size;
};

/**
 * struct mwb_golden - a packet or payload and what is known about it
 * @name: what it is
 * @read: what is to read it
 * @data: the bytes
 * @len: how many
 * @result: '.' good, 'u' well known but not of the plain mode, 'm' malformed;
 *	for a packet 's' short, 'v' version, 't' type, 'f' flags, 'l' length,
 *	'b' bucket, 'w' WAN id
 * @field: its fields
 * @value: their values
 * @nr_values: how many of @field there are in it
 * @flips: the result with one bit of it flipped, for each bit of a header or of
 *	a payload (or its first bytes), the most significant of a byte first
 */
struct mwb_golden {
	const char *name;
	enum mwb_golden_read read;
	const u8 *data;
	u32 len;
	char result;
	const struct mwb_golden_field *field;
	const u64 *value;
	u32 nr_values;
	const char *flips;
};

/**
 * struct mwb_golden_change - another value at one place of a vector
 * @vector: number of the vector
 * @wire: where
 * @wire_size: bytes
 * @first: first value
 * @last: last value of those that have the same result
 * @result: as in struct mwb_golden
 */
struct mwb_golden_change {
	u32 vector;
	u16 wire;
	u8 wire_size;
	u64 first;
	u64 last;
	char result;
};

#endif /* _MWBOND_TESTS_GOLDEN_H */

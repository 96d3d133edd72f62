/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wire format, version 1: see Documentation/wire.rst, which draws what is
 * named here. The only code that knows offsets.
 */
#ifndef _MWBOND_CORE_WIRE_H
#define _MWBOND_CORE_WIRE_H

#include <linux/bits.h>
#include <linux/types.h>

enum {
	MWB_WIRE_VERSION = 1,
	MWB_WIRE_HDR_LEN = 48,
	MWB_WIRE_TAG_LEN = 16,
	MWB_WIRE_BUCKETS = 1024,
	MWB_WIRE_FRAGMENTS = 64,
	MWB_WIRE_HOLD_UNIT = 100000,	/* ns */
	MWB_WIRE_BEACONS = 32,
	MWB_WIRE_NAME_LEN = 16,
	MWB_WIRE_WAN_RESPONDER = 128,	/* added to the responder's numbers */
};

enum mwb_wire_type {
	MWB_WIRE_DATA,
	MWB_WIRE_ACK,
	MWB_WIRE_HEARTBEAT,
	MWB_WIRE_CONTROL,
	MWB_WIRE_MULTICAST,
	MWB_WIRE_FEC,
};

#define MWB_WIRE_DUPLICATE	BIT(0)
#define MWB_WIRE_IN_BLOCK	BIT(1)
#define MWB_WIRE_COMPRESSED	BIT(2)
#define MWB_WIRE_ENCRYPTED	BIT(3)
#define MWB_WIRE_FRAGMENT	BIT(4)
#define MWB_WIRE_LAST_FRAGMENT	BIT(5)
#define MWB_WIRE_EXTENSION	BIT(6)
#define MWB_WIRE_ORDERED	BIT(7)
#define MWB_WIRE_KEY_PHASE	(BIT(8) | BIT(9))
#define MWB_WIRE_KEY_PHASE_SHIFT 8

/**
 * enum mwb_wire_error - why mwb_wire_parse() refused a packet
 * @MWB_WIRE_OK: it did not
 * @MWB_WIRE_BAD_SHORT: no room for a header
 * @MWB_WIRE_BAD_VERSION: not version 1
 * @MWB_WIRE_BAD_TYPE: unknown type
 * @MWB_WIRE_BAD_FLAGS: unknown, missing or contradictory flags, or a field that
 *	does not go with them: checksum, FEC block, FEC index
 * @MWB_WIRE_BAD_LENGTH: the data length does not fit the datagram, or is no
 *	multiple of 8 in a part that others follow
 * @MWB_WIRE_BAD_BUCKET: flow bucket or fragment index out of range
 * @MWB_WIRE_BAD_WAN_ID: 0 or 128
 *
 * The checks are made in this order; the first that fails is reported.
 */
enum mwb_wire_error {
	MWB_WIRE_OK,
	MWB_WIRE_BAD_SHORT,
	MWB_WIRE_BAD_VERSION,
	MWB_WIRE_BAD_TYPE,
	MWB_WIRE_BAD_FLAGS,
	MWB_WIRE_BAD_LENGTH,
	MWB_WIRE_BAD_BUCKET,
	MWB_WIRE_BAD_WAN_ID,
};

/**
 * struct mwb_wire_hdr - a header in host order
 * @session: session id that the receiver of the packet chose
 * @sequence: bucket and sequence number of data, a counter otherwise
 * @timestamp: sender's raw monotonic clock, ns
 * @data_len: bytes of payload, without the tag
 * @checksum: CRC-32 as received; mwb_wire_build() writes it as it is
 * @packet_number: low 32 bits of the path's counter
 * @flags: MWB_WIRE_* bits
 * @hold: release time after @timestamp, MWB_WIRE_HOLD_UNIT; 0 for at once
 * @fec_block: block number
 * @type: enum mwb_wire_type
 * @wan_id: path, 1-127 or 129-255
 * @priority: 0-255, 255 the most urgent
 * @fec_index: index of this shard in its block
 * @fragment: index of this part, 0-63
 */
struct mwb_wire_hdr {
	u64 session;
	u64 sequence;
	u64 timestamp;
	u32 data_len;
	u32 checksum;
	u32 packet_number;
	u16 flags;
	u16 hold;
	u16 fec_block;
	u8 type;
	u8 wan_id;
	u8 priority;
	u8 fec_index;
	u8 fragment;
};

#define MWB_WIRE_HOLD_UNIT 100000	/* ns */

#define MWB_WIRE_SEQ_BITS 48
#define MWB_WIRE_SEQ_MASK ((1ULL << MWB_WIRE_SEQ_BITS) - 1)

static inline u64 mwb_wire_sequence(u32 bucket, u64 seq)
{
	return (u64)bucket << MWB_WIRE_SEQ_BITS | (seq & MWB_WIRE_SEQ_MASK);
}

static inline u32 mwb_wire_bucket(u64 sequence)
{
	return sequence >> MWB_WIRE_SEQ_BITS;
}

/**
 * mwb_wire_parse() - check a datagram's header and take it apart
 * @buf: the first MWB_WIRE_HDR_LEN bytes, if the datagram has as many
 * @len: length of the whole datagram in bytes
 * @hdr: where the header goes; undefined if an error is returned
 *
 * Checks all that can be checked without the session: everything but the
 * checksum or tag, and the payload. Every error is drawn in wire.rst.
 *
 * Return: an enum mwb_wire_error
 */
enum mwb_wire_error mwb_wire_parse(const u8 *buf, size_t len,
				   struct mwb_wire_hdr *hdr);

/**
 * mwb_wire_build() - write a header
 * @buf: room for MWB_WIRE_HDR_LEN bytes
 * @hdr: what to write; MWB_WIRE_EXTENSION is added to the flags
 */
void mwb_wire_build(u8 *buf, const struct mwb_wire_hdr *hdr);

/**
 * mwb_wire_checksum() - CRC-32 of a packet, its checksum field taken as 0
 * @buf: the packet, linear
 * @len: its length, at least MWB_WIRE_HDR_LEN
 *
 * Return: the CRC-32 that wire.rst describes
 */
u32 mwb_wire_checksum(const u8 *buf, size_t len);

/**
 * mwb_wire_set_checksum() - write the checksum field of a built packet
 * @buf: the packet
 * @checksum: its CRC-32
 */
void mwb_wire_set_checksum(u8 *buf, u32 checksum);

enum {
	MWB_HEARTBEAT_REQUEST = 1,
	MWB_HEARTBEAT_ANSWER = 2,
	MWB_HEARTBEAT_LEN = 24,
	MWB_BEACON_LEN = 16,
};

/**
 * struct mwb_wire_beacon - what was last sent on a path
 * @timestamp: when, sender's raw monotonic clock, ns
 * @packet_number: low 32 bits of the path's counter
 * @wan_id: the path
 */
struct mwb_wire_beacon {
	u64 timestamp;
	u32 packet_number;
	u8 wan_id;
};

/**
 * struct mwb_wire_heartbeat - payload of a heartbeat
 * @request: in an answer, sequence id of the request; else 0
 * @delay: in an answer, ns from the request's arrival to this timestamp
 * @interval: sender's heartbeat interval on the path, us
 * @kind: MWB_HEARTBEAT_REQUEST or _ANSWER
 * @count: valid entries of @beacon
 * @beacon: what was last sent on each path
 */
struct mwb_wire_heartbeat {
	u64 request;
	u64 delay;
	u32 interval;
	u8 kind;
	u8 count;
	struct mwb_wire_beacon beacon[MWB_WIRE_BEACONS];
};

/* Return: 0 or -EBADMSG. @buf, @len: the payload. */
int mwb_wire_parse_heartbeat(const u8 *buf, size_t len,
			     struct mwb_wire_heartbeat *hb);
/* Return: bytes written, at most MWB_WIRE_HEARTBEAT_MAX. */
size_t mwb_wire_build_heartbeat(u8 *buf, const struct mwb_wire_heartbeat *hb);

#define MWB_WIRE_HEARTBEAT_MAX \
	(MWB_HEARTBEAT_LEN + MWB_WIRE_BEACONS * MWB_BEACON_LEN)

enum mwb_control {
	MWB_CONTROL_INITIATION = 1,
	MWB_CONTROL_RESPONSE,
	MWB_CONTROL_COOKIE,
	MWB_CONTROL_CHALLENGE,
	MWB_CONTROL_ANSWER,
	MWB_CONTROL_ANNOUNCE,
	MWB_CONTROL_WITHDRAW,
	MWB_CONTROL_CLOSE,
	MWB_CONTROL_SIZE,
	MWB_CONTROL_SIZE_ANSWER,
	MWB_CONTROL_SIZE_LEN = 4,	/* of both, without padding */
};

#define MWB_WIRE_CONTROL_MAX 32

/**
 * struct mwb_wire_control - payload of a Control packet of the plain mode
 * @subtype: enum mwb_control; says which of the others are used
 * @security: initiation, response: 0 none
 * @ciphers: initiation, response: 0 in the plain mode
 * @session: initiation, response: id that the sender chose, not 0
 * @token: challenge, answer
 * @size: size probe: bytes of its payload; answer: of the one answered
 * @wan_id: withdrawal
 * @wan_type: announcement, enum mwbond_wan_type; unknown values are kept
 * @priority: announcement
 * @failures: announcement, lost heartbeats in a row, 1-100
 * @weight: announcement, 1-1000
 * @heartbeat: announcement, ms, 10-60000
 * @rate: announcement, units of 1000 bytes/s, 0 for none
 * @name: announcement, ended by a 0; printable ASCII without '/' and blanks
 */
struct mwb_wire_control {
	u64 session;
	u64 token;
	u32 heartbeat;
	u32 rate;
	u16 weight;
	u16 size;
	u8 subtype;
	u8 security;
	u8 ciphers;
	u8 wan_id;
	u8 wan_type;
	u8 priority;
	u8 failures;
	char name[MWB_WIRE_NAME_LEN];
};

/*
 * Return: 0, -EBADMSG (malformed, a value out of its range, a reserved byte
 * not 0) or -EOPNOTSUPP (well known, but not of the plain mode).
 */
int mwb_wire_parse_control(const u8 *buf, size_t len,
			   struct mwb_wire_control *ctl);
/* Return: bytes written, at most MWB_WIRE_CONTROL_MAX; the padding of a size probe
 * is to be added.
 */
size_t mwb_wire_build_control(u8 *buf, const struct mwb_wire_control *ctl);

enum {
	MWB_ACK_HEAD_LEN = 12,
	MWB_ACK_REPORTS = 32,		/* at the most, and at least one */
	MWB_ACK_WORDS = 16,		/* of 64 bits in a report, at the most */
	MWB_REPORT_LEN = 48,		/* without its words */
	MWB_REPORT_DELAY_MAX = 10000000,	/* us */
	MWB_ACK_DRIFT_MAX = 300000,	/* parts per billion */
	MWB_ACK_DRIFT_ERROR_MAX = 400000,
};

/**
 * struct mwb_wire_ack - what comes before the reports of an Ack
 * @count: reports that follow, 1 to MWB_ACK_REPORTS
 * @interval: within which the next Ack comes if there is something to tell, ms,
 *	1 to 255
 * @drift: by how much the clock of the Ack's receiver is faster than the
 *	reporter's, as the reporter has measured; parts per billion, -/+
 *	MWB_ACK_DRIFT_MAX
 * @drift_error: how uncertain that is, parts per billion, up to
 *	MWB_ACK_DRIFT_ERROR_MAX; 0: it is not known, and @drift is 0
 */
struct mwb_wire_ack {
	u32 count;
	u32 interval;
	s32 drift;
	u32 drift_error;
};

/**
 * struct mwb_wire_report - what an Ack says of one path
 * @bytes: received on the path since the session began, UDP payload; at least
 *	MWB_WIRE_HDR_LEN for each of @packets
 * @packets: received on the path since the session began, at least 1
 * @arrival: when @highest arrived, reporter's raw monotonic clock, ns; not
 *	later than the timestamp of the Ack, which the caller has to check
 * @highest: largest packet number received, low 32 bits
 * @base: base delay of the path, us, 0 to MWB_REPORT_DELAY_MAX; the fastest
 *	path's is 0
 * @queue: least one-way delay since the last report less the path's own least,
 *	us, 0 to MWB_REPORT_DELAY_MAX
 * @jitter: of the path, us, 0 to MWB_REPORT_DELAY_MAX
 * @ce: packets received with CE, modulo 2^32
 * @wan_id: the path, 1-127 or 129-255
 * @filled: the reporter sends by the path as much as it carries
 * @words: valid entries of @bitmap, 0 to MWB_ACK_WORDS
 * @bitmap: bit 63 - b of entry i is 1 if packet @highest - 1 - (64 i + b)
 *	arrived
 */
struct mwb_wire_report {
	u64 bytes;
	u64 packets;
	u64 arrival;
	u32 highest;
	u32 base;
	u32 queue;
	u32 jitter;
	u32 ce;
	u8 wan_id;
	bool filled;
	u8 words;
	u64 bitmap[MWB_ACK_WORDS];
};

/**
 * mwb_wire_check_ack() - check the whole payload of an Ack
 * @buf: the payload, linear
 * @len: its length in bytes
 *
 * Checks all but the arrivals of the reports. What has passed can be read by
 * mwb_wire_parse_ack() and mwb_wire_parse_report(), a report at a time::
 *
 *	at = mwb_wire_parse_ack(buf, &ack);
 *	for (i = 0; i < ack.count; i++)
 *		at += mwb_wire_parse_report(buf + at, &report);
 *
 * Return: 0; -EBADMSG if it is malformed, a value is out of its range, a
 * reserved byte is not 0, or a path is in it twice
 */
int mwb_wire_check_ack(const u8 *buf, size_t len);

/**
 * mwb_wire_parse_ack() - read what comes before the reports of an Ack
 * @buf: a payload that mwb_wire_check_ack() found good
 * @a: where it goes
 *
 * Return: its length in bytes, after which the first report begins
 */
size_t mwb_wire_parse_ack(const u8 *buf, struct mwb_wire_ack *a);

/**
 * mwb_wire_parse_report() - read one report of an Ack
 * @buf: where it begins in a payload that mwb_wire_check_ack() found good
 * @r: where it goes; entries of the bitmap beyond @r->words are left alone
 *
 * Return: its length in bytes, after which the next one begins
 */
size_t mwb_wire_parse_report(const u8 *buf, struct mwb_wire_report *r);

/**
 * mwb_wire_build_ack() - write what comes before the reports of an Ack
 * @buf: room for MWB_ACK_HEAD_LEN bytes
 * @a: what to write; the reports will each be of another path
 *
 * Return: bytes written, MWB_ACK_HEAD_LEN
 */
size_t mwb_wire_build_ack(u8 *buf, const struct mwb_wire_ack *a);

/**
 * mwb_wire_build_report() - write one report of an Ack
 * @buf: room for MWB_REPORT_LEN bytes and 8 for each word
 * @r: what to write, with values that mwb_wire_check_ack() takes: it is the
 *	caller that has to limit them
 *
 * Return: bytes written
 */
size_t mwb_wire_build_report(u8 *buf, const struct mwb_wire_report *r);

/* Return: 0 or -EBADMSG; only checks: nothing uses the contents yet. */
int mwb_wire_check_fec(const u8 *buf, size_t len);

#endif /* _MWBOND_CORE_WIRE_H */

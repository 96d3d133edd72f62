// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wire format, version 1: reading, checking and writing. The drawings are in
 * Documentation/wire.rst; the offsets below are theirs.
 */
#include <linux/crc32.h>
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/string.h>

#include "wire.h"

/* Offsets in the header. */
enum {
	MWB_HDR_VERSION = 0,
	MWB_HDR_TYPE = 1,
	MWB_HDR_FLAGS = 2,
	MWB_HDR_SESSION = 4,
	MWB_HDR_SEQUENCE = 12,
	MWB_HDR_TIMESTAMP = 20,
	MWB_HDR_WAN_ID = 28,
	MWB_HDR_PRIORITY = 29,
	MWB_HDR_DATA_LEN = 30,
	MWB_HDR_CHECKSUM = 34,
	MWB_HDR_PACKET_NUMBER = 38,
	MWB_HDR_HOLD = 42,
	MWB_HDR_FEC_BLOCK = 44,
	MWB_HDR_FEC_INDEX = 46,
	MWB_HDR_FRAGMENT = 47,
};

/* Offsets in the head of an Ack. */
enum {
	MWB_ACK_PATHS = 0,
	MWB_ACK_INTERVAL = 1,
	MWB_ACK_RESERVED = 2,
	MWB_ACK_DRIFT = 4,
	MWB_ACK_DRIFT_ERROR = 8,
};

/* Flags of a report of an Ack. */
enum {
	MWB_REPORT_FILLED = 1,
};

/* Offsets in a report of an Ack. */
enum {
	MWB_REPORT_WAN_ID = 0,
	MWB_REPORT_WORDS = 1,
	MWB_REPORT_FLAGS = 2,
	MWB_REPORT_HIGHEST = 4,
	MWB_REPORT_BYTES = 8,
	MWB_REPORT_PACKETS = 16,
	MWB_REPORT_ARRIVAL = 24,
	MWB_REPORT_BASE = 32,
	MWB_REPORT_QUEUE = 36,
	MWB_REPORT_JITTER = 40,
	MWB_REPORT_CE = 44,
};

enum {
	MWB_FEC_SHARDS_MAX = 255,	/* k + m, each at least 1 */
	MWB_FEC_PREFIX_LEN = 16,
	MWB_FEC_HDR_LEN = 4,
	MWB_HELLO_LEN = 12,		/* initiation and response, plain */
	MWB_HELLO_INITIATION_LEN = 152,
	MWB_HELLO_RESPONSE_LEN = 92,
	MWB_COOKIE_LEN = 60,
	MWB_CHALLENGE_LEN = 12,
	MWB_ANNOUNCE_LEN = 32,
	MWB_WITHDRAW_LEN = 4,
	MWB_CLOSE_LEN = 4,
};

enum { MWB_SECURITY_NONE, MWB_SECURITY_NOISE };

#define MWB_CIPHERS (BIT(0) | BIT(1))

/* Flags that a type may bear besides E, X and K. */
static const u16 mwb_wire_type_flags[] = {
	[MWB_WIRE_DATA] = MWB_WIRE_DUPLICATE | MWB_WIRE_IN_BLOCK |
			  MWB_WIRE_COMPRESSED | MWB_WIRE_FRAGMENT |
			  MWB_WIRE_LAST_FRAGMENT | MWB_WIRE_ORDERED,
	[MWB_WIRE_MULTICAST] = MWB_WIRE_IN_BLOCK | MWB_WIRE_COMPRESSED |
			       MWB_WIRE_FRAGMENT | MWB_WIRE_LAST_FRAGMENT,
	[MWB_WIRE_FEC] = 0,
};

static u16 mwb_get16(const u8 *p)
{
	return p[0] << 8 | p[1];
}

static u32 mwb_get32(const u8 *p)
{
	return (u32)mwb_get16(p) << 16 | mwb_get16(p + 2);
}

static u64 mwb_get64(const u8 *p)
{
	return (u64)mwb_get32(p) << 32 | mwb_get32(p + 4);
}

static void mwb_put16(u8 *p, u16 value)
{
	p[0] = value >> 8;
	p[1] = value;
}

static void mwb_put32(u8 *p, u32 value)
{
	mwb_put16(p, value >> 16);
	mwb_put16(p + 2, value);
}

static void mwb_put64(u8 *p, u64 value)
{
	mwb_put32(p, value >> 32);
	mwb_put32(p + 4, value);
}

static bool mwb_wire_is_zero(const u8 *p, size_t len)
{
	return !memchr_inv(p, 0, len);
}

static bool mwb_wire_wan_id_ok(u8 wan_id)
{
	return wan_id & ~MWB_WIRE_WAN_RESPONDER;
}

static bool mwb_wire_is_data(u8 type)
{
	return type == MWB_WIRE_DATA || type == MWB_WIRE_MULTICAST;
}

/* The flags, and the fields that have to be 0 with them. */
static bool mwb_wire_flags_ok(const struct mwb_wire_hdr *hdr)
{
	u16 flags = hdr->flags;

	if (flags & ~(mwb_wire_type_flags[hdr->type] | MWB_WIRE_ENCRYPTED |
		      MWB_WIRE_EXTENSION | MWB_WIRE_KEY_PHASE))
		return false;
	if (!(flags & MWB_WIRE_EXTENSION))
		return false;
	if (flags & MWB_WIRE_LAST_FRAGMENT && !(flags & MWB_WIRE_FRAGMENT))
		return false;
	if (!(flags & MWB_WIRE_ENCRYPTED))
		return !(flags & MWB_WIRE_KEY_PHASE);
	return !hdr->checksum;
}

/*
 * A block has at the most 255 shards, at least one of data and one of parity;
 * what is in no block says so by zeros.
 */
static bool mwb_wire_fec_ok(const struct mwb_wire_hdr *hdr)
{
	if (hdr->type == MWB_WIRE_FEC)
		return hdr->fec_index && hdr->fec_index < MWB_FEC_SHARDS_MAX;
	if (hdr->flags & MWB_WIRE_IN_BLOCK)
		return hdr->fec_index < MWB_FEC_SHARDS_MAX - 1;
	return !hdr->fec_block && !hdr->fec_index;
}

static bool mwb_wire_len_ok(const struct mwb_wire_hdr *hdr, size_t len)
{
	u64 want = (u64)MWB_WIRE_HDR_LEN + hdr->data_len;

	if (hdr->flags & MWB_WIRE_ENCRYPTED)
		want += MWB_WIRE_TAG_LEN;
	if (len != want)
		return false;
	/* Every part but the last is a multiple of 8. */
	if (hdr->flags & MWB_WIRE_FRAGMENT &&
	    !(hdr->flags & MWB_WIRE_LAST_FRAGMENT))
		return hdr->data_len && !(hdr->data_len % 8);
	return true;
}

static bool mwb_wire_bucket_ok(const struct mwb_wire_hdr *hdr)
{
	if (mwb_wire_is_data(hdr->type) &&
	    mwb_wire_bucket(hdr->sequence) >= MWB_WIRE_BUCKETS)
		return false;
	if (hdr->flags & MWB_WIRE_FRAGMENT)
		return hdr->fragment < MWB_WIRE_FRAGMENTS;
	return !hdr->fragment;
}

enum mwb_wire_error mwb_wire_parse(const u8 *buf, size_t len,
				   struct mwb_wire_hdr *hdr)
{
	if (len < MWB_WIRE_HDR_LEN)
		return MWB_WIRE_BAD_SHORT;
	if (buf[MWB_HDR_VERSION] != MWB_WIRE_VERSION)
		return MWB_WIRE_BAD_VERSION;
	if (buf[MWB_HDR_TYPE] > MWB_WIRE_FEC)
		return MWB_WIRE_BAD_TYPE;

	hdr->type = buf[MWB_HDR_TYPE];
	hdr->flags = mwb_get16(buf + MWB_HDR_FLAGS);
	hdr->session = mwb_get64(buf + MWB_HDR_SESSION);
	hdr->sequence = mwb_get64(buf + MWB_HDR_SEQUENCE);
	hdr->timestamp = mwb_get64(buf + MWB_HDR_TIMESTAMP);
	hdr->wan_id = buf[MWB_HDR_WAN_ID];
	hdr->priority = buf[MWB_HDR_PRIORITY];
	hdr->data_len = mwb_get32(buf + MWB_HDR_DATA_LEN);
	hdr->checksum = mwb_get32(buf + MWB_HDR_CHECKSUM);
	hdr->packet_number = mwb_get32(buf + MWB_HDR_PACKET_NUMBER);
	hdr->hold = mwb_get16(buf + MWB_HDR_HOLD);
	hdr->fec_block = mwb_get16(buf + MWB_HDR_FEC_BLOCK);
	hdr->fec_index = buf[MWB_HDR_FEC_INDEX];
	hdr->fragment = buf[MWB_HDR_FRAGMENT];

	if (!mwb_wire_flags_ok(hdr) || !mwb_wire_fec_ok(hdr))
		return MWB_WIRE_BAD_FLAGS;
	if (!mwb_wire_len_ok(hdr, len))
		return MWB_WIRE_BAD_LENGTH;
	if (!mwb_wire_bucket_ok(hdr))
		return MWB_WIRE_BAD_BUCKET;
	if (!mwb_wire_wan_id_ok(hdr->wan_id))
		return MWB_WIRE_BAD_WAN_ID;
	return MWB_WIRE_OK;
}

void mwb_wire_build(u8 *buf, const struct mwb_wire_hdr *hdr)
{
	buf[MWB_HDR_VERSION] = MWB_WIRE_VERSION;
	buf[MWB_HDR_TYPE] = hdr->type;
	mwb_put16(buf + MWB_HDR_FLAGS, hdr->flags | MWB_WIRE_EXTENSION);
	mwb_put64(buf + MWB_HDR_SESSION, hdr->session);
	mwb_put64(buf + MWB_HDR_SEQUENCE, hdr->sequence);
	mwb_put64(buf + MWB_HDR_TIMESTAMP, hdr->timestamp);
	buf[MWB_HDR_WAN_ID] = hdr->wan_id;
	buf[MWB_HDR_PRIORITY] = hdr->priority;
	mwb_put32(buf + MWB_HDR_DATA_LEN, hdr->data_len);
	mwb_put32(buf + MWB_HDR_CHECKSUM, hdr->checksum);
	mwb_put32(buf + MWB_HDR_PACKET_NUMBER, hdr->packet_number);
	mwb_put16(buf + MWB_HDR_HOLD, hdr->hold);
	mwb_put16(buf + MWB_HDR_FEC_BLOCK, hdr->fec_block);
	buf[MWB_HDR_FEC_INDEX] = hdr->fec_index;
	buf[MWB_HDR_FRAGMENT] = hdr->fragment;
}

u32 mwb_wire_checksum(const u8 *buf, size_t len)
{
	static const u8 zero[4];
	size_t after = MWB_HDR_CHECKSUM + sizeof(zero);
	u32 crc;

	crc = crc32_le(~0U, buf, MWB_HDR_CHECKSUM);
	crc = crc32_le(crc, zero, sizeof(zero));
	return ~crc32_le(crc, buf + after, len - after);
}

void mwb_wire_set_checksum(u8 *buf, u32 checksum)
{
	mwb_put32(buf + MWB_HDR_CHECKSUM, checksum);
}

int mwb_wire_parse_heartbeat(const u8 *buf, size_t len,
			     struct mwb_wire_heartbeat *hb)
{
	unsigned int i;

	if (len < MWB_HEARTBEAT_LEN || !mwb_wire_is_zero(buf + 2, 2))
		return -EBADMSG;

	hb->kind = buf[0];
	hb->count = buf[1];
	hb->interval = mwb_get32(buf + 4);
	hb->request = mwb_get64(buf + 8);
	hb->delay = mwb_get64(buf + 16);

	if (hb->count > MWB_WIRE_BEACONS ||
	    len != MWB_HEARTBEAT_LEN + (size_t)hb->count * MWB_BEACON_LEN)
		return -EBADMSG;
	if (hb->kind == MWB_HEARTBEAT_REQUEST && (hb->request || hb->delay))
		return -EBADMSG;
	if (hb->kind != MWB_HEARTBEAT_REQUEST &&
	    hb->kind != MWB_HEARTBEAT_ANSWER)
		return -EBADMSG;

	buf += MWB_HEARTBEAT_LEN;
	for (i = 0; i < hb->count; i++, buf += MWB_BEACON_LEN) {
		if (!mwb_wire_wan_id_ok(buf[0]) ||
		    !mwb_wire_is_zero(buf + 1, 3))
			return -EBADMSG;
		hb->beacon[i].wan_id = buf[0];
		hb->beacon[i].packet_number = mwb_get32(buf + 4);
		hb->beacon[i].timestamp = mwb_get64(buf + 8);
	}
	return 0;
}

size_t mwb_wire_build_heartbeat(u8 *buf, const struct mwb_wire_heartbeat *hb)
{
	unsigned int i;
	u8 *p = buf;

	p[0] = hb->kind;
	p[1] = hb->count;
	mwb_put16(p + 2, 0);
	mwb_put32(p + 4, hb->interval);
	mwb_put64(p + 8, hb->request);
	mwb_put64(p + 16, hb->delay);

	p += MWB_HEARTBEAT_LEN;
	for (i = 0; i < hb->count; i++, p += MWB_BEACON_LEN) {
		mwb_put32(p, (u32)hb->beacon[i].wan_id << 24);
		mwb_put32(p + 4, hb->beacon[i].packet_number);
		mwb_put64(p + 8, hb->beacon[i].timestamp);
	}
	return p - buf;
}

/* Initiation or response; @noise: its length in the Noise mode. */
static int mwb_wire_parse_hello(const u8 *buf, size_t len, size_t noise,
				struct mwb_wire_control *ctl)
{
	bool two;

	if (len < MWB_HELLO_LEN || buf[3])
		return -EBADMSG;

	ctl->security = buf[1];
	ctl->ciphers = buf[2];
	ctl->session = mwb_get64(buf + 4);
	if (!ctl->session)
		return -EBADMSG;

	switch (ctl->security) {
	case MWB_SECURITY_NONE:
		return len == MWB_HELLO_LEN && !ctl->ciphers ? 0 : -EBADMSG;
	case MWB_SECURITY_NOISE:
		two = ctl->ciphers == MWB_CIPHERS;
		if (len != noise || !ctl->ciphers ||
		    ctl->ciphers & ~MWB_CIPHERS ||
		    (two && ctl->subtype == MWB_CONTROL_RESPONSE))
			return -EBADMSG;
		return -EOPNOTSUPP;
	default:
		return -EBADMSG;
	}
}

/* Printable ASCII but blanks and '/', at least one, then only zeros. */
static bool mwb_wire_name_ok(const u8 *name)
{
	size_t len;

	for (len = 0; len < MWB_WIRE_NAME_LEN && name[len]; len++)
		if (name[len] <= ' ' || name[len] > '~' || name[len] == '/')
			return false;
	return len && len < MWB_WIRE_NAME_LEN &&
	       mwb_wire_is_zero(name + len, MWB_WIRE_NAME_LEN - len);
}

static int mwb_wire_parse_announce(const u8 *buf, struct mwb_wire_control *ctl)
{
	ctl->wan_type = buf[1];
	ctl->priority = buf[2];
	ctl->failures = buf[3];
	ctl->weight = mwb_get16(buf + 4);
	ctl->heartbeat = mwb_get32(buf + 8);
	ctl->rate = mwb_get32(buf + 12);

	if (!mwb_wire_is_zero(buf + 6, 2) || !mwb_wire_name_ok(buf + 16))
		return -EBADMSG;
	if (ctl->failures < 1 || ctl->failures > 100 ||
	    ctl->weight < 1 || ctl->weight > 1000 ||
	    ctl->heartbeat < 10 || ctl->heartbeat > 60000)
		return -EBADMSG;

	memcpy(ctl->name, buf + 16, MWB_WIRE_NAME_LEN);
	return 0;
}

static int mwb_wire_parse_size(const u8 *buf, size_t len,
			       struct mwb_wire_control *ctl)
{
	ctl->size = mwb_get16(buf + 2);
	if (buf[1] || ctl->size < MWB_CONTROL_SIZE_LEN ||
	    len != (ctl->subtype == MWB_CONTROL_SIZE ? ctl->size :
						       MWB_CONTROL_SIZE_LEN) ||
	    !mwb_wire_is_zero(buf + MWB_CONTROL_SIZE_LEN,
			      len - MWB_CONTROL_SIZE_LEN))
		return -EBADMSG;
	return 0;
}

int mwb_wire_parse_control(const u8 *buf, size_t len,
			   struct mwb_wire_control *ctl)
{
	if (len < 4)
		return -EBADMSG;

	memset(ctl, 0, sizeof(*ctl));
	ctl->subtype = buf[0];
	switch (ctl->subtype) {
	case MWB_CONTROL_INITIATION:
		return mwb_wire_parse_hello(buf, len, MWB_HELLO_INITIATION_LEN,
					    ctl);
	case MWB_CONTROL_RESPONSE:
		return mwb_wire_parse_hello(buf, len, MWB_HELLO_RESPONSE_LEN,
					    ctl);
	case MWB_CONTROL_COOKIE:
		if (len != MWB_COOKIE_LEN || !mwb_wire_is_zero(buf + 1, 3))
			return -EBADMSG;
		return -EOPNOTSUPP;
	case MWB_CONTROL_CHALLENGE:
	case MWB_CONTROL_ANSWER:
		if (len != MWB_CHALLENGE_LEN || !mwb_wire_is_zero(buf + 1, 3))
			return -EBADMSG;
		ctl->token = mwb_get64(buf + 4);
		return 0;
	case MWB_CONTROL_ANNOUNCE:
		if (len != MWB_ANNOUNCE_LEN)
			return -EBADMSG;
		return mwb_wire_parse_announce(buf, ctl);
	case MWB_CONTROL_WITHDRAW:
		ctl->wan_id = buf[1];
		if (len != MWB_WITHDRAW_LEN || !mwb_wire_wan_id_ok(buf[1]) ||
		    !mwb_wire_is_zero(buf + 2, 2))
			return -EBADMSG;
		return 0;
	case MWB_CONTROL_CLOSE:
		if (len != MWB_CLOSE_LEN || !mwb_wire_is_zero(buf + 1, 3))
			return -EBADMSG;
		return 0;
	case MWB_CONTROL_SIZE:
	case MWB_CONTROL_SIZE_ANSWER:
		return mwb_wire_parse_size(buf, len, ctl);
	default:
		return -EBADMSG;
	}
}

size_t mwb_wire_build_control(u8 *buf, const struct mwb_wire_control *ctl)
{
	memset(buf, 0, MWB_WIRE_CONTROL_MAX);
	buf[0] = ctl->subtype;
	switch (ctl->subtype) {
	case MWB_CONTROL_INITIATION:
	case MWB_CONTROL_RESPONSE:
		buf[1] = ctl->security;
		buf[2] = ctl->ciphers;
		mwb_put64(buf + 4, ctl->session);
		return MWB_HELLO_LEN;
	case MWB_CONTROL_CHALLENGE:
	case MWB_CONTROL_ANSWER:
		mwb_put64(buf + 4, ctl->token);
		return MWB_CHALLENGE_LEN;
	case MWB_CONTROL_ANNOUNCE:
		buf[1] = ctl->wan_type;
		buf[2] = ctl->priority;
		buf[3] = ctl->failures;
		mwb_put16(buf + 4, ctl->weight);
		mwb_put32(buf + 8, ctl->heartbeat);
		mwb_put32(buf + 12, ctl->rate);
		memcpy(buf + 16, ctl->name, MWB_WIRE_NAME_LEN);
		return MWB_ANNOUNCE_LEN;
	case MWB_CONTROL_WITHDRAW:
		buf[1] = ctl->wan_id;
		return MWB_WITHDRAW_LEN;
	case MWB_CONTROL_SIZE:
	case MWB_CONTROL_SIZE_ANSWER:
		mwb_put16(buf + 2, ctl->size);
		return MWB_CONTROL_SIZE_LEN;
	default:
		return MWB_CLOSE_LEN;
	}
}

/* As many packets as there are bytes for: none is without a header. */
static bool mwb_wire_received_ok(const u8 *report)
{
	u64 bytes = mwb_get64(report + MWB_REPORT_BYTES);
	u64 packets = mwb_get64(report + MWB_REPORT_PACKETS);

	return packets && packets <= div_u64(bytes, MWB_WIRE_HDR_LEN);
}

/* Return: length of the report at @buf, or 0 if it is malformed. */
static size_t mwb_wire_check_report(const u8 *buf, size_t len)
{
	size_t need;

	if (len < MWB_REPORT_LEN)
		return 0;
	need = MWB_REPORT_LEN + 8 * buf[MWB_REPORT_WORDS];
	if (!mwb_wire_wan_id_ok(buf[MWB_REPORT_WAN_ID]) ||
	    buf[MWB_REPORT_WORDS] > MWB_ACK_WORDS || len < need ||
	    mwb_get16(buf + MWB_REPORT_FLAGS) > MWB_REPORT_FILLED)
		return 0;
	if (mwb_get32(buf + MWB_REPORT_BASE) > MWB_REPORT_DELAY_MAX ||
	    mwb_get32(buf + MWB_REPORT_QUEUE) > MWB_REPORT_DELAY_MAX ||
	    mwb_get32(buf + MWB_REPORT_JITTER) > MWB_REPORT_DELAY_MAX)
		return 0;
	return mwb_wire_received_ok(buf) ? need : 0;
}

static bool mwb_wire_ack_head_ok(const u8 *buf, size_t len)
{
	s32 drift, error;

	if (len < MWB_ACK_HEAD_LEN || buf[MWB_ACK_PATHS] < 1 ||
	    buf[MWB_ACK_PATHS] > MWB_ACK_REPORTS ||
	    !buf[MWB_ACK_INTERVAL] ||
	    !mwb_wire_is_zero(buf + MWB_ACK_RESERVED, 2))
		return false;
	drift = mwb_get32(buf + MWB_ACK_DRIFT);
	error = mwb_get32(buf + MWB_ACK_DRIFT_ERROR);
	return drift >= -MWB_ACK_DRIFT_MAX && drift <= MWB_ACK_DRIFT_MAX &&
	       error >= 0 && error <= MWB_ACK_DRIFT_ERROR_MAX &&
	       (error || !drift);
}

int mwb_wire_check_ack(const u8 *buf, size_t len)
{
	u64 seen[4] = { };	/* a bit for each WAN id */
	unsigned int i;
	size_t done;
	size_t step;
	u64 bit;
	u8 id;

	if (!mwb_wire_ack_head_ok(buf, len))
		return -EBADMSG;

	done = MWB_ACK_HEAD_LEN;
	for (i = 0; i < buf[MWB_ACK_PATHS]; i++) {
		step = mwb_wire_check_report(buf + done, len - done);
		if (!step)
			return -EBADMSG;
		id = buf[done + MWB_REPORT_WAN_ID];
		bit = BIT_ULL(id % 64);
		if (seen[id / 64] & bit)
			return -EBADMSG;
		seen[id / 64] |= bit;
		done += step;
	}
	return done == len ? 0 : -EBADMSG;
}

size_t mwb_wire_parse_ack(const u8 *buf, struct mwb_wire_ack *a)
{
	a->count = buf[MWB_ACK_PATHS];
	a->interval = buf[MWB_ACK_INTERVAL];
	a->drift = mwb_get32(buf + MWB_ACK_DRIFT);
	a->drift_error = mwb_get32(buf + MWB_ACK_DRIFT_ERROR);
	return MWB_ACK_HEAD_LEN;
}

size_t mwb_wire_parse_report(const u8 *buf, struct mwb_wire_report *r)
{
	unsigned int i;

	r->wan_id = buf[MWB_REPORT_WAN_ID];
	r->words = buf[MWB_REPORT_WORDS];
	r->filled = mwb_get16(buf + MWB_REPORT_FLAGS) & MWB_REPORT_FILLED;
	r->highest = mwb_get32(buf + MWB_REPORT_HIGHEST);
	r->bytes = mwb_get64(buf + MWB_REPORT_BYTES);
	r->packets = mwb_get64(buf + MWB_REPORT_PACKETS);
	r->arrival = mwb_get64(buf + MWB_REPORT_ARRIVAL);
	r->base = mwb_get32(buf + MWB_REPORT_BASE);
	r->queue = mwb_get32(buf + MWB_REPORT_QUEUE);
	r->jitter = mwb_get32(buf + MWB_REPORT_JITTER);
	r->ce = mwb_get32(buf + MWB_REPORT_CE);
	for (i = 0; i < r->words; i++)
		r->bitmap[i] = mwb_get64(buf + MWB_REPORT_LEN + 8 * i);
	return MWB_REPORT_LEN + 8 * r->words;
}

size_t mwb_wire_build_ack(u8 *buf, const struct mwb_wire_ack *a)
{
	mwb_put32(buf + MWB_ACK_PATHS, a->count << 24 | a->interval << 16);
	mwb_put32(buf + MWB_ACK_DRIFT, a->drift);
	mwb_put32(buf + MWB_ACK_DRIFT_ERROR, a->drift_error);
	return MWB_ACK_HEAD_LEN;
}

size_t mwb_wire_build_report(u8 *buf, const struct mwb_wire_report *r)
{
	unsigned int i;

	buf[MWB_REPORT_WAN_ID] = r->wan_id;
	buf[MWB_REPORT_WORDS] = r->words;
	mwb_put16(buf + MWB_REPORT_FLAGS, r->filled ? MWB_REPORT_FILLED : 0);
	mwb_put32(buf + MWB_REPORT_HIGHEST, r->highest);
	mwb_put64(buf + MWB_REPORT_BYTES, r->bytes);
	mwb_put64(buf + MWB_REPORT_PACKETS, r->packets);
	mwb_put64(buf + MWB_REPORT_ARRIVAL, r->arrival);
	mwb_put32(buf + MWB_REPORT_BASE, r->base);
	mwb_put32(buf + MWB_REPORT_QUEUE, r->queue);
	mwb_put32(buf + MWB_REPORT_JITTER, r->jitter);
	mwb_put32(buf + MWB_REPORT_CE, r->ce);
	for (i = 0; i < r->words; i++)
		mwb_put64(buf + MWB_REPORT_LEN + 8 * i, r->bitmap[i]);
	return MWB_REPORT_LEN + 8 * r->words;
}

int mwb_wire_check_fec(const u8 *buf, size_t len)
{
	size_t shard;

	if (len < MWB_FEC_HDR_LEN || !buf[0] || !buf[1] ||
	    buf[0] + buf[1] > MWB_FEC_SHARDS_MAX)
		return -EBADMSG;
	shard = mwb_get16(buf + 2);
	if (shard < MWB_FEC_PREFIX_LEN || len != MWB_FEC_HDR_LEN + shard)
		return -EBADMSG;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wire format: golden vectors, each truncated, and with each of its bits
 * flipped; values at and beyond the edges of their ranges; and that reading is
 * the inverse of writing, with random headers, payloads and bytes.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../core/wire.h"
#include "golden.h"
#include "random.h"
#include "generated/wire_golden.h"

/* Where any of the readers puts what it read. */
union mwb_test_out {
	struct mwb_wire_hdr hdr;
	struct mwb_wire_heartbeat heartbeat;
	struct mwb_wire_control control;
	struct mwb_golden_ack ack;
};

enum { MWB_TEST_MAX = 8192 };

/**
 * struct mwb_test_wire - memory of a test
 * @out: what was read
 * @ack: what is to be written
 * @buf: what was changed or written
 * @written: what was read from @buf, written
 */
struct mwb_test_wire {
	union mwb_test_out out;
	struct mwb_golden_ack ack;
	u8 buf[MWB_TEST_MAX];
	u8 written[MWB_TEST_MAX];
};

static int mwb_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct mwb_test_wire),
				   GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static char mwb_test_parse(const u8 *data, size_t len, struct mwb_wire_hdr *hdr)
{
	return ".svtflbw"[mwb_wire_parse(data, len, hdr)];
}

static int mwb_test_parse_ack(const u8 *data, size_t len,
			      struct mwb_golden_ack *ack)
{
	int err = mwb_wire_check_ack(data, len);
	size_t at;
	u32 i;

	if (err)
		return err;
	at = mwb_wire_parse_ack(data, &ack->head);
	for (i = 0; i < ack->head.count; i++)
		at += mwb_wire_parse_report(data + at, &ack->report[i]);
	return at == len ? 0 : -EIO;
}

static size_t mwb_test_build_ack(u8 *buf, const struct mwb_golden_ack *ack)
{
	size_t len = mwb_wire_build_ack(buf, &ack->head);
	u32 i;

	for (i = 0; i < ack->head.count; i++)
		len += mwb_wire_build_report(buf + len, &ack->report[i]);
	return len;
}

/* Reads from memory of just this size, so that reading beyond it is noticed. */
static char mwb_test_read(enum mwb_golden_read read, const u8 *data, size_t len,
			  union mwb_test_out *out)
{
	u8 *copy = kmalloc(len, GFP_KERNEL);
	int err = 0;
	char c;

	if (!copy)
		return '?';
	memcpy(copy, data, len);
	memset(out, 0x5a, sizeof(*out));
	switch (read) {
	case MWB_GOLDEN_HEADER:
		c = mwb_test_parse(copy, len, &out->hdr);
		kfree(copy);
		return c;
	case MWB_GOLDEN_HEARTBEAT:
		err = mwb_wire_parse_heartbeat(copy, len, &out->heartbeat);
		break;
	case MWB_GOLDEN_CONTROL:
		err = mwb_wire_parse_control(copy, len, &out->control);
		break;
	case MWB_GOLDEN_ACK:
		err = mwb_test_parse_ack(copy, len, &out->ack);
		break;
	case MWB_GOLDEN_FEC:
		err = mwb_wire_check_fec(copy, len);
		break;
	}
	kfree(copy);
	switch (err) {
	case 0:
		return '.';
	case -EBADMSG:
		return 'm';
	case -EOPNOTSUPP:
		return 'u';
	default:
		return '?';
	}
}

/* Return: bytes written of what was read, 0 if nothing writes it. */
static size_t mwb_test_write(enum mwb_golden_read read, u8 *buf,
			     const union mwb_test_out *out)
{
	switch (read) {
	case MWB_GOLDEN_HEADER:
		mwb_wire_build(buf, &out->hdr);
		return MWB_WIRE_HDR_LEN;
	case MWB_GOLDEN_HEARTBEAT:
		return mwb_wire_build_heartbeat(buf, &out->heartbeat);
	case MWB_GOLDEN_CONTROL:
		return mwb_wire_build_control(buf, &out->control);
	case MWB_GOLDEN_ACK:
		return mwb_test_build_ack(buf, &out->ack);
	default:
		return 0;
	}
}

static u64 mwb_test_member(const struct mwb_golden_field *field,
			   const union mwb_test_out *out)
{
	const u8 *p = (const u8 *)out + field->member;
	u64 v64;
	u32 v32;
	u16 v16;

	switch (field->member_size) {
	case 1:
		return *p;
	case 2:
		memcpy(&v16, p, 2);
		return v16;
	case 4:
		memcpy(&v32, p, 4);
		return v32;
	default:
		memcpy(&v64, p, 8);
		return v64;
	}
}

/* Value of a field when the bytes from @at are XORed with @mask. */
static u64 mwb_test_changed(const struct mwb_golden_field *field, u64 value,
			    u32 at, u8 mask)
{
	if (at < field->wire || at >= field->wire + field->wire_size)
		return value;
	return value ^ (u64)mask << 8 * (field->wire + field->wire_size - 1 - at);
}

static void mwb_test_golden(struct kunit *test)
{
	struct mwb_test_wire *w = test->priv;
	const struct mwb_golden *g;
	u32 i;

	for (g = mwb_golden; g < mwb_golden + ARRAY_SIZE(mwb_golden); g++) {
		KUNIT_ASSERT_EQ_MSG(test, g->result,
				    mwb_test_read(g->read, g->data, g->len,
						  &w->out), "%s", g->name);
		for (i = 0; i < g->nr_values; i++)
			KUNIT_EXPECT_EQ_MSG(test, g->value[i],
					    mwb_test_member(&g->field[i],
							    &w->out),
					    "%s, field %u", g->name, i);
	}
}

static void mwb_test_flipped(struct kunit *test)
{
	struct mwb_test_wire *w = test->priv;
	const struct mwb_golden *g;
	u32 bit, i, values;
	u32 bits = 0;
	char result;
	u8 mask;

	for (g = mwb_golden; g < mwb_golden + ARRAY_SIZE(mwb_golden); g++) {
		memcpy(w->buf, g->data, g->len);
		for (bit = 0; g->flips[bit]; bit++) {
			mask = 0x80 >> bit % 8;
			w->buf[bit / 8] ^= mask;
			result = mwb_test_read(g->read, w->buf, g->len,
					       &w->out);
			w->buf[bit / 8] ^= mask;
			KUNIT_ASSERT_EQ_MSG(test, g->flips[bit], result,
					    "%s, bit %u", g->name, bit);
			values = result == '.' ? g->nr_values : 0;
			/* Another subtype has other members. */
			if (g->read == MWB_GOLDEN_CONTROL && bit < 8)
				values = min_t(u32, values, 1);
			for (i = 0; i < values; i++)
				KUNIT_EXPECT_EQ_MSG(test,
						    mwb_test_changed(&g->field[i],
								     g->value[i],
								     bit / 8,
								     mask),
						    mwb_test_member(&g->field[i],
								    &w->out),
						    "%s, bit %u, field %u",
						    g->name, bit, i);
		}
		if (g->read == MWB_GOLDEN_HEADER)
			KUNIT_EXPECT_EQ(test, bit, 8U * MWB_WIRE_HDR_LEN);
		else
			KUNIT_EXPECT_EQ(test, bit % 8, 0U);
		bits += bit;
	}
	KUNIT_EXPECT_GT(test, bits, 10000U);
}

static void mwb_test_changes(struct kunit *test)
{
	const struct mwb_golden_change *c = mwb_golden_changes;
	struct mwb_test_wire *w = test->priv;
	const struct mwb_golden *g;
	u64 value;
	u32 i;

	for (; c < mwb_golden_changes + ARRAY_SIZE(mwb_golden_changes); c++) {
		g = &mwb_golden[c->vector];
		for (value = c->first; ; value++) {
			memcpy(w->buf, g->data, g->len);
			for (i = 0; i < c->wire_size; i++)
				w->buf[c->wire + i] =
					value >> 8 * (c->wire_size - 1 - i);
			KUNIT_EXPECT_EQ_MSG(test, c->result,
					    mwb_test_read(g->read, w->buf,
							  g->len, &w->out),
					    "%s, %llu at %u", g->name, value,
					    c->wire);
			if (value == c->last)
				break;
		}
	}
}

/* All lengths are exact, so nothing that is good is so with another one. */
static void mwb_test_length(struct kunit *test)
{
	struct mwb_test_wire *w = test->priv;
	const struct mwb_golden *g;
	char expected;
	u32 len;

	for (g = mwb_golden; g < mwb_golden + ARRAY_SIZE(mwb_golden); g++) {
		if (g->result == 'm')
			continue;
		memset(w->buf, 0, sizeof(w->buf));
		memcpy(w->buf, g->data, g->len);
		for (len = 0; len <= g->len + 200; len++) {
			if (len == g->len)
				continue;
			expected = 'm';
			if (g->read == MWB_GOLDEN_HEADER)
				expected = len < 48 ? 's' : 'l';
			KUNIT_EXPECT_EQ_MSG(test, expected,
					    mwb_test_read(g->read, w->buf, len,
							  &w->out),
					    "%s, %u bytes", g->name, len);
		}
	}
}

/* Every combination of type and flags, with nothing else to object to. */
static void mwb_test_flags(struct kunit *test)
{
	static const struct {
		const u16 *good;
		u32 count;
	} types[] = {
		{ mwb_golden_flags_0, ARRAY_SIZE(mwb_golden_flags_0) },
		{ mwb_golden_flags_1, ARRAY_SIZE(mwb_golden_flags_1) },
		{ mwb_golden_flags_2, ARRAY_SIZE(mwb_golden_flags_2) },
		{ mwb_golden_flags_3, ARRAY_SIZE(mwb_golden_flags_3) },
		{ mwb_golden_flags_4, ARRAY_SIZE(mwb_golden_flags_4) },
		{ mwb_golden_flags_5, ARRAY_SIZE(mwb_golden_flags_5) },
	};
	struct mwb_test_wire *w = test->priv;
	u32 type, flags, next;
	char expected;
	u32 len;

	for (type = 0; type < ARRAY_SIZE(types); type++) {
		memset(w->buf, 0, sizeof(w->buf));
		w->buf[0] = 1;
		w->buf[1] = type;
		w->buf[28] = 1;			/* WAN id */
		w->buf[33] = 16;		/* data length */
		w->buf[46] = type == 5;		/* FEC index */
		for (flags = 0, next = 0; flags < 1 << 16; flags++) {
			expected = 'f';
			if (next < types[type].count &&
			    types[type].good[next] == flags) {
				expected = '.';
				next++;
			}
			w->buf[2] = flags >> 8;
			w->buf[3] = flags;
			len = flags & 8 ? 48 + 16 + 16 : 48 + 16;
			KUNIT_EXPECT_EQ_MSG(test, expected,
					    mwb_test_parse(w->buf, len,
							   &w->out.hdr),
					    "type %u, flags 0x%x", type, flags);
		}
		KUNIT_EXPECT_EQ(test, next, types[type].count);
	}
}

/* With several faults the first in the order of the enum is reported. */
static void mwb_test_order(struct kunit *test)
{
	struct mwb_test_wire *w = test->priv;

	memset(w->buf, 0xff, sizeof(w->buf));
	w->buf[28] = 0;				/* WAN id */
	KUNIT_EXPECT_EQ(test, 's',
			mwb_test_parse(w->buf, 47, &w->out.hdr));
	KUNIT_EXPECT_EQ(test, 'v',
			mwb_test_parse(w->buf, 50, &w->out.hdr));
	w->buf[0] = 1;
	KUNIT_EXPECT_EQ(test, 't',
			mwb_test_parse(w->buf, 50, &w->out.hdr));
	w->buf[1] = 0;
	KUNIT_EXPECT_EQ(test, 'f',
			mwb_test_parse(w->buf, 50, &w->out.hdr));
	w->buf[2] = 0;
	w->buf[3] = 0x52;			/* F, G, X */
	w->buf[46] = 0;
	KUNIT_EXPECT_EQ(test, 'l',
			mwb_test_parse(w->buf, 50, &w->out.hdr));
	memset(w->buf + 30, 0, 4);
	w->buf[33] = 8;				/* data length */
	KUNIT_EXPECT_EQ(test, 'b',
			mwb_test_parse(w->buf, 56, &w->out.hdr));
	w->buf[12] = 0;
	KUNIT_EXPECT_EQ(test, 'b',	/* the fragment */
			mwb_test_parse(w->buf, 56, &w->out.hdr));
	w->buf[47] = 1;
	KUNIT_EXPECT_EQ(test, 'w',
			mwb_test_parse(w->buf, 56, &w->out.hdr));
	w->buf[28] = 200;
	KUNIT_EXPECT_EQ(test, '.',
			mwb_test_parse(w->buf, 56, &w->out.hdr));
}

/* Writing what the golden vectors say gives their bytes. */
static void mwb_test_build(struct kunit *test)
{
	struct mwb_test_wire *w = test->priv;
	const struct mwb_golden *g;
	size_t len, end;

	for (g = mwb_golden; g < mwb_golden + ARRAY_SIZE(mwb_golden); g++) {
		if (!g->nr_values)
			continue;
		mwb_test_read(g->read, g->data, g->len, &w->out);
		memset(w->buf, 0xee, sizeof(w->buf));
		if (g->read == MWB_GOLDEN_HEADER)
			w->out.hdr.flags &= ~MWB_WIRE_EXTENSION;
		len = mwb_test_write(g->read, w->buf, &w->out);
		if (g->read != MWB_GOLDEN_HEADER)
			KUNIT_EXPECT_EQ(test, len, g->len);
		/* Of its length a control packet may clear the largest. */
		end = g->read == MWB_GOLDEN_CONTROL ? MWB_WIRE_CONTROL_MAX : len;
		KUNIT_EXPECT_EQ_MSG(test, w->buf[end], 0xee, "%s", g->name);
		KUNIT_EXPECT_TRUE_MSG(test, !memcmp(w->buf, g->data, len), "%s",
				      g->name);
	}
}

/* Members that a subtype has no use for are 0 for whoever reads them. */
static void mwb_test_unused(struct kunit *test)
{
	static const u8 close[] = { 8, 0, 0, 0 };
	static const u8 token[] = { 4, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8 };
	struct mwb_test_wire *w = test->priv;
	struct mwb_wire_control *ctl = &w->out.control;

	KUNIT_EXPECT_EQ(test, '.', mwb_test_read(MWB_GOLDEN_CONTROL, token,
						 sizeof(token), &w->out));
	KUNIT_EXPECT_EQ(test, ctl->token, 0x0102030405060708ULL);
	ctl->token = 0;
	ctl->subtype = 0;
	KUNIT_EXPECT_TRUE(test, !memchr_inv(ctl, 0, sizeof(*ctl)));
	KUNIT_EXPECT_EQ(test, '.', mwb_test_read(MWB_GOLDEN_CONTROL, close,
						 sizeof(close), &w->out));
	ctl->subtype = 0;
	KUNIT_EXPECT_TRUE(test, !memchr_inv(ctl, 0, sizeof(*ctl)));
}

/* Writing does not leave out what reading refuses in the plain mode. */
static void mwb_test_build_security(struct kunit *test)
{
	static const u8 expected[] = { 2, 1, 2, 0, 8, 7, 6, 5, 4, 3, 2, 1 };
	static const struct mwb_wire_control ctl = {
		.subtype = MWB_CONTROL_RESPONSE,
		.security = 1,
		.ciphers = 2,
		.session = 0x0807060504030201ULL,
	};
	struct mwb_test_wire *w = test->priv;

	KUNIT_EXPECT_EQ(test, sizeof(expected),
			mwb_wire_build_control(w->buf, &ctl));
	KUNIT_EXPECT_TRUE(test, !memcmp(w->buf, expected, sizeof(expected)));
}

static void mwb_test_checksum(struct kunit *test)
{
	struct mwb_test_wire *w = test->priv;
	const struct mwb_golden *g;
	u32 checksum;
	u32 plain = 0;

	for (g = mwb_golden; g < mwb_golden + ARRAY_SIZE(mwb_golden); g++) {
		if (g->read != MWB_GOLDEN_HEADER || g->data[3] & 8)
			continue;
		plain++;
		memcpy(w->buf, g->data, g->len);
		checksum = mwb_wire_checksum(w->buf, g->len);
		KUNIT_EXPECT_TRUE_MSG(test, !memcmp(w->buf, g->data, g->len),
				      "%s: changed", g->name);
		memset(w->buf + 34, 0x77, 4);
		KUNIT_EXPECT_EQ(test, checksum,
				mwb_wire_checksum(w->buf, g->len));
		mwb_wire_set_checksum(w->buf, checksum);
		KUNIT_EXPECT_TRUE_MSG(test, !memcmp(w->buf, g->data, g->len),
				      "%s", g->name);
	}
	KUNIT_EXPECT_GT(test, plain, 10U);
}

/* Random bytes after a plausible beginning: what is read is written alike. */
static void mwb_test_random_bytes(struct kunit *test)
{
	u32 count = ARRAY_SIZE(mwb_golden);
	struct mwb_test_wire *w = test->priv;
	const struct mwb_golden *g;
	u64 random = 1;
	u32 good = 0;
	size_t len;
	u32 i, n;

	for (n = 0; n < 100000; n++) {
		g = &mwb_golden[mwb_random_below(&random, count)];
		memcpy(w->buf, g->data, g->len);
		for (i = mwb_random_below(&random, 4); i > 0; i--)
			w->buf[mwb_random_below(&random, g->len)] =
				mwb_random(&random);
		if (mwb_test_read(g->read, w->buf, g->len, &w->out) != '.')
			continue;
		len = mwb_test_write(g->read, w->written, &w->out);
		if (!len)
			continue;
		good++;
		KUNIT_ASSERT_TRUE_MSG(test, !memcmp(w->written, w->buf, len),
				      "%s, round %u", g->name, n);
	}
	KUNIT_EXPECT_GT(test, good, 10000U);
}

static void mwb_test_random_header(struct kunit *test)
{
	struct mwb_test_wire *w = test->priv;
	struct mwb_wire_hdr in = { };
	u64 random = 2;
	u32 n;

	for (n = 0; n < 100000; n++) {
		in.type = MWB_WIRE_DATA;
		in.flags = MWB_WIRE_EXTENSION | MWB_WIRE_IN_BLOCK |
			   (mwb_random(&random) & (MWB_WIRE_DUPLICATE |
						   MWB_WIRE_COMPRESSED |
						   MWB_WIRE_ORDERED));
		in.session = mwb_random64(&random);
		in.sequence = mwb_wire_sequence(mwb_random_below(&random, 1024),
						mwb_random64(&random));
		in.timestamp = mwb_random64(&random);
		in.data_len = mwb_random(&random);
		in.checksum = mwb_random(&random);
		in.packet_number = mwb_random(&random);
		in.hold = mwb_random(&random);
		in.fec_block = mwb_random(&random);
		in.fec_index = mwb_random_below(&random, 254);
		in.wan_id = mwb_random_below(&random, 127) + 1 +
			    (mwb_random(&random) & 128);
		in.priority = mwb_random(&random);
		mwb_wire_build(w->buf, &in);
		KUNIT_ASSERT_EQ(test, 0,
				(int)mwb_wire_parse(w->buf,
						    48ULL + in.data_len,
						    &w->out.hdr));
		KUNIT_EXPECT_EQ(test, w->out.hdr.type, in.type);
		KUNIT_EXPECT_EQ(test, w->out.hdr.flags, in.flags);
		KUNIT_EXPECT_EQ(test, w->out.hdr.session, in.session);
		KUNIT_EXPECT_EQ(test, w->out.hdr.sequence, in.sequence);
		KUNIT_EXPECT_EQ(test, w->out.hdr.timestamp, in.timestamp);
		KUNIT_EXPECT_EQ(test, w->out.hdr.data_len, in.data_len);
		KUNIT_EXPECT_EQ(test, w->out.hdr.checksum, in.checksum);
		KUNIT_EXPECT_EQ(test, w->out.hdr.packet_number,
				in.packet_number);
		KUNIT_EXPECT_EQ(test, w->out.hdr.hold, in.hold);
		KUNIT_EXPECT_EQ(test, w->out.hdr.fec_block, in.fec_block);
		KUNIT_EXPECT_EQ(test, w->out.hdr.fec_index, in.fec_index);
		KUNIT_EXPECT_EQ(test, w->out.hdr.wan_id, in.wan_id);
		KUNIT_EXPECT_EQ(test, w->out.hdr.priority, in.priority);
		KUNIT_EXPECT_EQ(test, w->out.hdr.fragment, in.fragment);
	}
}

static void mwb_test_random_report(u64 *random, struct mwb_wire_report *r)
{
	u32 limit = MWB_REPORT_DELAY_MAX + 1;
	u32 i;

	r->words = mwb_random_below(random, MWB_ACK_WORDS + 1);
	r->highest = mwb_random(random);
	r->packets = 1 + (mwb_random64(random) >> 6 >>
			  mwb_random_below(random, 58));
	r->bytes = 48 * r->packets + mwb_random_below(random, 10000);
	r->arrival = mwb_random64(random);
	r->base = mwb_random_below(random, limit);
	r->queue = mwb_random_below(random, limit);
	r->jitter = mwb_random_below(random, limit);
	r->ce = mwb_random(random);
	r->filled = mwb_random(random) & 1;
	for (i = 0; i < r->words; i++)
		r->bitmap[i] = mwb_random64(random);
}

/* Any number of reports, which come back as they were, at any place. */
static void mwb_test_random_ack(struct kunit *test)
{
	struct mwb_test_wire *w = test->priv;
	const struct mwb_wire_report *out;
	struct mwb_wire_report *in;
	u64 random = 3;
	u32 first, i, n;
	size_t len;

	for (n = 0; n < 3000; n++) {
		w->ack.head.count = 1 + mwb_random_below(&random,
							 MWB_ACK_REPORTS);
		w->ack.head.interval = 1 + n % 255;
		w->ack.head.drift_error = 1 + n;
		w->ack.head.drift = 100 * (1500 - (s32)n);
		first = 1 + mwb_random_below(&random, 95) +
			(mwb_random(&random) & 128);
		for (i = 0; i < w->ack.head.count; i++) {
			in = &w->ack.report[i];
			mwb_test_random_report(&random, in);
			in->wan_id = first + i;
		}
		len = mwb_test_build_ack(w->buf, &w->ack);
		KUNIT_ASSERT_EQ(test, '.', mwb_test_read(MWB_GOLDEN_ACK, w->buf,
							 len, &w->out));
		KUNIT_ASSERT_TRUE(test, !memcmp(&w->out.ack.head, &w->ack.head,
						sizeof(w->ack.head)));
		for (i = 0; i < w->ack.head.count; i++) {
			in = &w->ack.report[i];
			out = &w->out.ack.report[i];
			KUNIT_EXPECT_EQ(test, out->wan_id, in->wan_id);
			KUNIT_ASSERT_EQ(test, out->words, in->words);
			KUNIT_EXPECT_EQ(test, out->highest, in->highest);
			KUNIT_EXPECT_EQ(test, out->bytes, in->bytes);
			KUNIT_EXPECT_EQ(test, out->packets, in->packets);
			KUNIT_EXPECT_EQ(test, out->arrival, in->arrival);
			KUNIT_EXPECT_EQ(test, out->base, in->base);
			KUNIT_EXPECT_EQ(test, out->queue, in->queue);
			KUNIT_EXPECT_EQ(test, out->jitter, in->jitter);
			KUNIT_EXPECT_EQ(test, out->ce, in->ce);
			KUNIT_EXPECT_EQ(test, out->filled, in->filled);
			KUNIT_EXPECT_TRUE(test, !memcmp(out->bitmap, in->bitmap,
							8 * in->words));
		}
	}
}

/* One wrong value in one report, the first or the last or between. */
static void mwb_test_bad_report(struct kunit *test)
{
	struct mwb_test_wire *w = test->priv;
	struct mwb_wire_report *r;
	struct mwb_wire_report good;
	u64 random = 4;
	u32 i, fault;
	size_t len;

	w->ack.head.count = MWB_ACK_REPORTS;
	w->ack.head.interval = 10;
	for (i = 0; i < w->ack.head.count; i++) {
		mwb_test_random_report(&random, &w->ack.report[i]);
		w->ack.report[i].wan_id = 129 + i;
	}
	for (i = 0; i < w->ack.head.count; i++) {
		r = &w->ack.report[i];
		good = *r;
		for (fault = 0; fault < 10; fault++) {
			switch (fault) {
			case 0:
				r->wan_id = 0;
				break;
			case 1:
				r->wan_id = 128;
				break;
			case 2:		/* that of the next or the first */
				r->wan_id = 129 + (i + 1) % MWB_ACK_REPORTS;
				break;
			case 3:
				r->base = MWB_REPORT_DELAY_MAX + 1;
				break;
			case 4:
				r->queue = MWB_REPORT_DELAY_MAX + 1;
				break;
			case 5:
				r->jitter = MWB_REPORT_DELAY_MAX + 1;
				break;
			case 6:
				r->packets = 0;
				break;
			case 7:
				r->bytes = 48 * r->packets - 1;
				break;
			case 8:		/* 48 times this is 0 modulo 2^64 */
				r->packets = 1ULL << 60;
				break;
			default:	/* nothing, to see that it is that */
				break;
			}
			len = mwb_test_build_ack(w->buf, &w->ack);
			KUNIT_EXPECT_EQ_MSG(test, fault < 9 ? 'm' : '.',
					    mwb_test_read(MWB_GOLDEN_ACK,
							  w->buf, len, &w->out),
					    "report %u, fault %u", i, fault);
			*r = good;
		}
	}
}

static void mwb_test_sequence(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, mwb_wire_sequence(1023, ~0ULL),
			0x03ffffffffffffffULL);
	KUNIT_EXPECT_EQ(test, mwb_wire_sequence(1, 1ULL << 48), 1ULL << 48);
	KUNIT_EXPECT_EQ(test, mwb_wire_bucket(0x03ff000000000001ULL), 1023U);
	KUNIT_EXPECT_EQ(test, mwb_wire_bucket(~0ULL), 65535U);
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_golden),
	KUNIT_CASE(mwb_test_flipped),
	KUNIT_CASE(mwb_test_changes),
	KUNIT_CASE(mwb_test_length),
	KUNIT_CASE(mwb_test_flags),
	KUNIT_CASE(mwb_test_order),
	KUNIT_CASE(mwb_test_build),
	KUNIT_CASE(mwb_test_unused),
	KUNIT_CASE(mwb_test_build_security),
	KUNIT_CASE(mwb_test_checksum),
	KUNIT_CASE(mwb_test_random_bytes),
	KUNIT_CASE(mwb_test_random_header),
	KUNIT_CASE(mwb_test_random_ack),
	KUNIT_CASE(mwb_test_bad_report),
	KUNIT_CASE(mwb_test_sequence),
	{ }
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-wire",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

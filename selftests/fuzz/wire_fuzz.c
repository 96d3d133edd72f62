// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads arbitrary bytes as packets and payloads. Reading never goes beyond the
 * bytes, and what is accepted is written again as it was.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../kernel/core/wire.h"
#include "fuzz.h"

/* The bytes in memory of their own; the caller frees it. */
static u8 *mwb_fuzz_copy(const u8 *data, size_t len)
{
	u8 *copy = malloc(len);

	if (!copy && len)
		mwb_fuzz_fail("no memory");
	if (len)
		memcpy(copy, data, len);
	return copy;
}

static void mwb_fuzz_header(const u8 *data, size_t len)
{
	u8 written[MWB_WIRE_HDR_LEN];
	struct mwb_wire_hdr hdr;

	if (mwb_wire_parse(data, len, &hdr) != MWB_WIRE_OK)
		return;
	mwb_wire_build(written, &hdr);
	if (memcmp(written, data, sizeof(written)))
		mwb_fuzz_fail("a header is written otherwise than it was read");
	if (hdr.data_len > len - MWB_WIRE_HDR_LEN)
		mwb_fuzz_fail("the payload is longer than the datagram");
	mwb_wire_set_checksum(written, mwb_wire_checksum(data, len));
}

/* Mend what random bytes seldom have right, so that the rest is reached. */
static void mwb_fuzz_mended(const u8 *data, size_t len)
{
	u8 *copy = mwb_fuzz_copy(data, len);
	size_t payload;
	bool tag;

	copy[0] = MWB_WIRE_VERSION;
	copy[1] %= 6;
	copy[2] &= 3;
	copy[3] |= MWB_WIRE_EXTENSION;
	tag = copy[3] & MWB_WIRE_ENCRYPTED && len >= 64;
	payload = len - MWB_WIRE_HDR_LEN - (tag ? MWB_WIRE_TAG_LEN : 0);
	copy[30] = 0;
	copy[31] = payload >> 16;
	copy[32] = payload >> 8;
	copy[33] = payload;
	if (tag)
		memset(copy + 34, 0, 4);
	mwb_fuzz_header(copy, len);
	free(copy);
}

static void mwb_fuzz_heartbeat(const u8 *data, size_t len)
{
	u8 written[MWB_WIRE_HEARTBEAT_MAX];
	struct mwb_wire_heartbeat hb;
	int err;

	err = mwb_wire_parse_heartbeat(data, len, &hb);
	if (err && err != -EBADMSG)
		mwb_fuzz_fail("unknown error of a heartbeat");
	if (err)
		return;
	if (mwb_wire_build_heartbeat(written, &hb) != len ||
	    memcmp(written, data, len))
		mwb_fuzz_fail("a heartbeat is written otherwise");
}

static void mwb_fuzz_control(const u8 *data, size_t len)
{
	u8 written[MWB_WIRE_CONTROL_MAX];
	struct mwb_wire_control ctl;
	int err;

	err = mwb_wire_parse_control(data, len, &ctl);
	if (err && err != -EBADMSG && err != -EOPNOTSUPP)
		mwb_fuzz_fail("unknown error of a control packet");
	if (err)
		return;
	if (!memchr(ctl.name, 0, sizeof(ctl.name)))
		mwb_fuzz_fail("a name without an end");
	if (ctl.subtype == MWB_CONTROL_SIZE && ctl.size != len)
		mwb_fuzz_fail("a probe of the size is of another");
	/* The sender pads it. */
	if (ctl.subtype == MWB_CONTROL_SIZE)
		len = MWB_CONTROL_SIZE_LEN;
	if (mwb_wire_build_control(written, &ctl) != len ||
	    memcmp(written, data, len))
		mwb_fuzz_fail("a control packet is written otherwise");
}

/* What is accepted keeps to the limits of wire.rst. */
static void mwb_fuzz_report(const struct mwb_wire_report *r)
{
	if (!(r->wan_id & 127) || r->words > MWB_ACK_WORDS)
		mwb_fuzz_fail("a report on no path, or with too many words");
	if (!r->packets || r->bytes / MWB_WIRE_HDR_LEN < r->packets)
		mwb_fuzz_fail("a report of more packets than bytes can be");
	if (r->base > MWB_REPORT_DELAY_MAX || r->queue > MWB_REPORT_DELAY_MAX ||
	    r->jitter > MWB_REPORT_DELAY_MAX)
		mwb_fuzz_fail("a report of an absurd delay");
}

static void mwb_fuzz_ack_head(const struct mwb_wire_ack *a)
{
	if (!a->count || a->count > MWB_ACK_REPORTS || !a->interval)
		mwb_fuzz_fail("an ack of no report, or of too many");
	if (abs(a->drift) > MWB_ACK_DRIFT_MAX ||
	    a->drift_error > MWB_ACK_DRIFT_ERROR_MAX)
		mwb_fuzz_fail("an absurd drift");
	if (a->drift && !a->drift_error)
		mwb_fuzz_fail("a drift that is not known");
}

static void mwb_fuzz_ack(const u8 *data, size_t len)
{
	u8 written[MWB_REPORT_LEN + 8 * MWB_ACK_WORDS];
	struct mwb_wire_report report;
	struct mwb_wire_ack ack;
	bool seen[256] = { };
	size_t step, at;
	u32 i;
	int err;

	err = mwb_wire_check_ack(data, len);
	if (err && err != -EBADMSG)
		mwb_fuzz_fail("unknown error of an ack");
	if (err)
		return;
	at = mwb_wire_parse_ack(data, &ack);
	mwb_fuzz_ack_head(&ack);
	if (mwb_wire_build_ack(written, &ack) != at ||
	    memcmp(written, data, at))
		mwb_fuzz_fail("the head of an ack is written otherwise");
	for (i = 0; i < ack.count; i++, at += step) {
		step = mwb_wire_parse_report(data + at, &report);
		mwb_fuzz_report(&report);
		if (seen[report.wan_id])
			mwb_fuzz_fail("two reports on a path");
		seen[report.wan_id] = true;
		if (mwb_wire_build_report(written, &report) != step ||
		    memcmp(written, data + at, step))
			mwb_fuzz_fail("a report is written otherwise");
	}
	if (at != len)
		mwb_fuzz_fail("the reports are not all of an ack");
}

/*
 * Reports as many as fit, with what random bytes seldom have right mended. One
 * bit more is left of a delay than is good.
 */
static void mwb_fuzz_mended_ack(const u8 *data, size_t len)
{
	u8 *copy = mwb_fuzz_copy(data, len);
	size_t at = MWB_ACK_HEAD_LEN;
	unsigned int delay;
	u8 *report;

	memset(copy, 0, 4);
	copy[1] = data[1] | 1;
	memset(copy + 4, copy[4] & 128 ? 255 : 0, 2);
	memset(copy + 8, 0, 2);
	while (len - at >= MWB_REPORT_LEN && copy[0] < MWB_ACK_REPORTS) {
		report = copy + at;
		report[1] %= MWB_ACK_WORDS + 1;
		if (len - at < MWB_REPORT_LEN + 8U * report[1])
			report[1] = 0;
		report[2] = 0;
		report[3] &= 1;
		/* Packets, the less by far. */
		memset(report + 16, 0, report[8] < 128 ? 7 : 1);
		for (delay = 32; delay < 44; delay += 4) {
			report[delay] = 0;
			report[delay + 1] %= 0x99;
		}
		copy[0]++;
		at += MWB_REPORT_LEN + 8 * report[1];
	}
	mwb_fuzz_ack(copy, at);
	free(copy);
}

/* The payload, cut or filled to a length that its first bytes may call for. */
static void mwb_fuzz_payload(const u8 *data, size_t len)
{
	static const u8 control[] = { 12, 12, 60, 12, 12, 32, 4, 4, 152, 92 };
	u8 buf[2048];
	u8 *copy;

	memset(buf, 0, sizeof(buf));
	memcpy(buf, data, len < sizeof(buf) ? len : sizeof(buf));
	buf[0] = 1 + buf[0] % 8;
	len = control[data[0] % sizeof(control)];
	copy = mwb_fuzz_copy(buf, len);
	mwb_fuzz_control(copy, len);
	/* Reserved bytes, too, have to be 0 to get any further. */
	memset(copy + 1, 0, 3);
	mwb_fuzz_control(copy, len);
	free(copy);

	buf[0] = 1 + (buf[0] & 1);
	buf[1] %= 33;
	memset(buf + 2, 0, 2);
	len = MWB_HEARTBEAT_LEN + buf[1] * MWB_BEACON_LEN;
	copy = mwb_fuzz_copy(buf, len);
	mwb_fuzz_heartbeat(copy, len);
	free(copy);
}

int mwb_fuzz_one(const u8 *data, size_t size)
{
	mwb_fuzz_header(data, size);
	mwb_fuzz_heartbeat(data, size);
	mwb_fuzz_control(data, size);
	mwb_fuzz_ack(data, size);
	mwb_wire_check_fec(data, size);
	if (size)
		mwb_fuzz_payload(data, size);
	if (size >= MWB_ACK_HEAD_LEN)
		mwb_fuzz_mended_ack(data, size);
	if (size >= MWB_WIRE_HDR_LEN)
		mwb_fuzz_mended(data, size);
	return 0;
}

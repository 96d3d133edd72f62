// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decisions about FEC blocks.
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "fec.h"
#include "rs.h"
#include "wire.h"

#define MWB_FEC_ONE		BIT_ULL(31)		/* a probability of 1 */
#define MWB_FEC_TAIL		(MWB_FEC_ONE / 10000)	/* of a lost block */
#define MWB_FEC_QUICK		25000000ULL	/* repairs, ns */
#define MWB_FEC_REPORT		5000000ULL	/* until a loss is told, ns */
#define MWB_FEC_REUSE		2000000000ULL	/* of a block number, ns */
#define MWB_FEC_LONG		2000000000ULL	/* between two looks, ns */

enum {
	MWB_FEC_ON = 1000,	/* loss, ppm */
	MWB_FEC_OFF = 500,
	MWB_FEC_LOOK = 200,	/* packets, at the least */
	MWB_FEC_LOOKS = 8,	/* averaged */
	MWB_FEC_COUNT = 4096,	/* blocks between two looks at their pace */
	MWB_FEC_NUMBERS = 65536,
	/* Of a packet: the rest depends on the datagram that brought it. */
	MWB_FEC_FLAGS = MWB_WIRE_COMPRESSED | MWB_WIRE_ORDERED,
};

static void mwb_fec_put16(u8 *p, u16 value)
{
	p[0] = value >> 8;
	p[1] = value;
}

static u16 mwb_fec_get16(const u8 *p)
{
	return p[0] << 8 | p[1];
}

void mwb_fec_build_prefix(u8 *buf, const struct mwb_fec_prefix *prefix)
{
	u32 i;

	for (i = 0; i < 8; i++)
		buf[i] = prefix->sequence >> (56 - 8 * i);
	buf[8] = prefix->type;
	buf[9] = prefix->priority;
	mwb_fec_put16(buf + 10, prefix->flags & MWB_FEC_FLAGS);
	mwb_fec_put16(buf + 12, prefix->hold);
	mwb_fec_put16(buf + 14, prefix->len);
}

int mwb_fec_parse_prefix(const u8 *buf, size_t size,
			 struct mwb_fec_prefix *prefix)
{
	u32 i;

	if (size <= MWB_FEC_PREFIX)
		return -EBADMSG;
	prefix->sequence = 0;
	for (i = 0; i < 8; i++)
		prefix->sequence = prefix->sequence << 8 | buf[i];
	prefix->type = buf[8];
	prefix->priority = buf[9];
	prefix->flags = mwb_fec_get16(buf + 10);
	prefix->hold = mwb_fec_get16(buf + 12);
	prefix->len = mwb_fec_get16(buf + 14);
	if (prefix->type != MWB_WIRE_DATA && prefix->type != MWB_WIRE_MULTICAST)
		return -EBADMSG;
	if (prefix->flags & ~MWB_FEC_FLAGS ||
	    (prefix->flags & MWB_WIRE_ORDERED &&
	     prefix->type != MWB_WIRE_DATA) ||
	    mwb_wire_bucket(prefix->sequence) >= MWB_WIRE_BUCKETS)
		return -EBADMSG;
	size -= MWB_FEC_PREFIX;
	if (!prefix->len || prefix->len > size)
		return -EBADMSG;
	/* It was padded with zeros. */
	return memchr_inv(buf + MWB_FEC_PREFIX + prefix->len, 0,
			  size - prefix->len) ? -EBADMSG : 0;
}

void mwb_fec_build_head(u8 *buf, u32 k, u32 m, u32 len)
{
	buf[0] = k;
	buf[1] = m;
	mwb_fec_put16(buf + 2, len);
}

u16 mwb_fec_spread(const u8 shards[MWB_FEC_PATHS], const u8 data[MWB_FEC_PATHS],
		   u16 usable)
{
	u32 least = U8_MAX + 1;
	u32 most = 0;
	u16 chosen = 0;
	u32 i;

	for (i = 0; i < MWB_FEC_PATHS; i++)
		if (usable & BIT(i))
			most = max_t(u32, most, data[i]);
	for (i = 0; i < MWB_FEC_PATHS; i++) {
		if (!(usable & BIT(i)) || (most && data[i] == most) ||
		    shards[i] > least)
			continue;
		if (shards[i] < least)
			chosen = 0;
		least = shards[i];
		chosen |= BIT(i);
	}
	if (chosen)
		return chosen;
	/* As much data on each */
	for (i = 0; i < MWB_FEC_PATHS; i++) {
		if (!(usable & BIT(i)) || shards[i] > least)
			continue;
		if (shards[i] < least)
			chosen = 0;
		least = shards[i];
		chosen |= BIT(i);
	}
	return chosen;
}

/* Numbers come back after 2^16 blocks: 16 times as many as are counted. */
void mwb_fec_pace(struct mwb_fec_pace *pace, u64 now, u32 *k, u32 *m)
{
	const u64 quick = div_u64(MWB_FEC_REUSE,
				  MWB_FEC_NUMBERS / MWB_FEC_COUNT);

	if (++pace->count >= MWB_FEC_COUNT) {
		u64 took = now - pace->since;

		if (took < quick)
			pace->shift++;
		else if (pace->shift && took > 4 * quick)
			pace->shift--;
		pace->since = now;
		pace->count = 0;
	}
	while (pace->shift && (*k + *m) << pace->shift > MWB_RS_SHARDS)
		pace->shift--;
	*k <<= pace->shift;
	*m <<= pace->shift;
}

/* @old with 1 / @weight of @new */
static u32 mwb_fec_average(u32 old, u32 new, u32 weight)
{
	return div_u64((u64)old * (weight - 1) + new, weight);
}

bool mwb_fec_loss(struct mwb_fec_loss *loss, u64 number, u64 lost, u64 runs,
		  u64 now)
{
	u64 count = number - loss->number;
	u64 gone = lost - loss->lost;
	u64 chain = runs - loss->runs;
	u64 took = now - loss->at;
	u32 weight;

	/* Another association counts anew. */
	if (!loss->at || number < loss->number || lost < loss->lost) {
		loss->at = now;
		goto out;
	}
	if (count < MWB_FEC_LOOK && took < MWB_FEC_LONG)
		return false;
	loss->sent = div64_u64(count * 1000000000, took ?: 1);
	loss->at = now;
	if (count < MWB_FEC_LOOK / 4)
		goto out;
	loss->looks = min_t(u32, loss->looks + 1, MWB_FEC_LOOKS);
	weight = loss->looks;
	/* What is over is soon forgotten. */
	if (!gone)
		weight = min_t(u32, weight, MWB_FEC_LOOKS / 2);
	loss->ppm = mwb_fec_average(loss->ppm,
				    div64_u64(gone * MWB_FEC_ALL, count),
				    weight);
	if (chain) {
		u64 burst = div64_u64(gone * MWB_FEC_BURST, chain);

		burst = clamp_t(u64, burst, MWB_FEC_BURST, 32 * MWB_FEC_BURST);
		loss->burst = loss->burst ?
			      mwb_fec_average(loss->burst, burst, weight) :
			      burst;
	}
out:
	loss->number = number;
	loss->lost = lost;
	loss->runs = runs;
	return true;
}

/* One more group of @size shards is lost together with the probability @p: the
 * distribution of the number lost, up to @top.
 */
static void mwb_fec_convolve(u32 *dist, u32 top, u32 size, u32 p)
{
	u32 j = top + 1;

	while (j--) {
		u64 sum = (u64)dist[j] * (MWB_FEC_ONE - p);

		if (j >= size)
			sum += (u64)dist[j - size] * p;
		dist[j] = sum >> 31;
	}
}

/* The probability that more than @m of @n shards are lost, of MWB_FEC_ONE */
static u32 mwb_fec_tail(const struct mwb_fec_path path[], u32 count, u64 sent,
			u32 n, u32 m)
{
	u32 dist[MWB_FEC_AUTO_M + 1] = { MWB_FEC_ONE };
	u64 share = 0;
	u32 placed = 0;
	u64 sum = 0;
	u32 i, j;

	for (i = 0; i < count; i++) {
		u32 burst = max_t(u32, 1, (path[i].burst + MWB_FEC_BURST / 2) /
					  MWB_FEC_BURST);
		u32 p = div_u64(min_t(u32, path[i].ppm, MWB_FEC_ALL) *
				MWB_FEC_ONE, MWB_FEC_ALL);
		u32 shards;

		/* Rounded such that all have n together */
		share += path[i].sent;
		shards = div64_u64(share * n + sent / 2, sent) - placed;
		placed += shards;
		for (; shards; shards -= min(shards, burst))
			mwb_fec_convolve(dist, m, min(shards, burst), p);
	}
	for (j = 0; j <= m; j++)
		sum += dist[j];
	return sum < MWB_FEC_ONE ? MWB_FEC_ONE - sum : 0;
}

u32 mwb_fec_choose(const struct mwb_fec_rule *rule,
		   const struct mwb_fec_path path[], u32 count, bool on,
		   u32 *k)
{
	u64 sent = 0, lost = 0;
	bool quick = true;
	u32 most, m, i;

	for (i = 0; i < count; i++) {
		sent += path[i].sent;
		lost += (u64)path[i].sent * path[i].ppm;
		if (path[i].ppm >= MWB_FEC_OFF &&
		    path[i].rtt + MWB_FEC_REPORT > MWB_FEC_QUICK)
			quick = false;
	}
	if (!sent || lost < sent * (on ? MWB_FEC_OFF : MWB_FEC_ON) ||
	    (rule->repair && quick))
		return 0;
	*k = clamp_t(u64, div_u64(sent * div_u64(rule->timeout, 1000), 1000000),
		     1, MWB_FEC_AUTO_K);
	most = min_t(u64, div_u64((u64)*k * rule->limit, MWB_FEC_ALL),
		     MWB_FEC_AUTO_M);
	for (m = 1; m < most; m++)
		if (mwb_fec_tail(path, count, sent, *k + m, m) < MWB_FEC_TAIL)
			break;
	return min(m, most);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whom to suspect when Acks do not say what they should.
 */
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "suspect.h"

#define MWB_SUSPECT_MS 1000000ULL
#define MWB_SUSPECT_NS_PER_SEC 1000000000ULL

/* From one Ack to the next, at the least */
#define MWB_SUSPECT_INTERVAL (10 * MWB_SUSPECT_MS)
/* In which the other end notices that its Acks do not arrive */
#define MWB_SUSPECT_NOTICE (50 * MWB_SUSPECT_MS)
/* A rate below this is not waited for. */
#define MWB_SUSPECT_SPACING_MAX (500 * MWB_SUSPECT_MS)

enum {
	MWB_SUSPECT_PACKETS = 3000,	/* bytes of two of a usual length */
};

/* How long Acks may fail to come */
static u64 mwb_suspect_acks(const struct mwb_suspect *s)
{
	return max(MWB_SUSPECT_ACKS, 3 * s->interval);
}

u64 mwb_suspect_due(const struct mwb_suspect *s,
		    const struct mwb_suspect_path *path)
{
	u64 spacing = 0;
	u64 due;

	if (path->waiting == U64_MAX)
		return U64_MAX;
	if (path->rate)
		spacing = min(div64_u64(MWB_SUSPECT_PACKETS *
					MWB_SUSPECT_NS_PER_SEC, path->rate),
			      MWB_SUSPECT_SPACING_MAX);
	due = max(path->waiting + path->rtt, path->moved);
	/* It may not be its fault. */
	if (s->blamed > s->acked)
		due = max(due, s->blamed + path->rtt + MWB_SUSPECT_NOTICE);
	return due + mwb_suspect_acks(s) + spacing + path->patience;
}

/* Should an Ack have come that tells of what was sent by another path than
 * @but? Without one, the peer may just have nothing to tell.
 */
static bool mwb_suspect_expects(const struct mwb_suspect *s,
				const struct mwb_suspect_path *path, u32 count,
				u32 but, u64 now)
{
	u64 interval = max(MWB_SUSPECT_INTERVAL, s->interval);
	u32 i;

	for (i = 0; i < count; i++)
		if (i != but && path[i].waiting != U64_MAX &&
		    now >= path[i].waiting + path[i].rtt + path[i].patience +
			   interval)
			return true;
	return false;
}

u32 mwb_suspect_judge(struct mwb_suspect *s,
		      const struct mwb_suspect_path *path, u32 count, u32 acks,
		      u64 now, bool *silent)
{
	u32 sound = 0;
	u32 i;

	*silent = false;
	for (i = 0; i < count; i++)
		sound += !path[i].suspect;
	if (sound < 2)
		return count;
	for (i = 0; i < count; i++)
		if (!path[i].suspect && now >= mwb_suspect_due(s, &path[i]))
			break;
	if (i == count || now < s->acked + mwb_suspect_acks(s) ||
	    !mwb_suspect_expects(s, path, count, i, now))
		return i;
	*silent = true;
	s->blamed = now;
	return acks < count && !path[acks].suspect ? acks : i;
}

bool mwb_suspect_beacon(struct mwb_suspect_beacon *b, u64 number, u64 next,
			u64 sent, u64 patience)
{
	if (number < next) {
		b->since = 0;
		return false;
	}
	if (!b->since || b->number < next) {
		b->number = number;
		b->since = sent;
		return false;
	}
	return sent > b->since && sent - b->since >= patience;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bytes are the events in the life of a reorder buffer; it has to do what
 * the model does (see kernel/tests/reorder_model.h for what is compared).
 */
#include <string.h>

#include "../../kernel/tests/reorder_model.h"
#include "fuzz.h"

enum mwb_fuzz_event {
	MWB_FUZZ_ADD,
	MWB_FUZZ_ADD_BEHIND,
	MWB_FUZZ_ADD_AHEAD,
	MWB_FUZZ_EXPIRE,
	MWB_FUZZ_HORIZON,
	MWB_FUZZ_TIMEOUT,
	MWB_FUZZ_LIMIT,
	MWB_FUZZ_FLUSH,
	MWB_FUZZ_ADD_HELD,
	MWB_FUZZ_HOLD,
	MWB_FUZZ_EVENTS = 32,		/* the others are additions */
};

/* An event changes the timeout to a number of ticks and a remainder of its own,
 * a multiple of 16; that of a release is its bucket and 1.
 */
#define MWB_FUZZ_TICK 65536ULL

/**
 * struct mwb_fuzz - the test
 * @m: buffer and model
 * @now: time, ns; a multiple of MWB_FUZZ_TICK
 * @hold: how long packets that are held are, ticks
 * @changes: of the timeout, fewer than MWB_FUZZ_TICK / 16
 * @next: the next number of each bucket that was not sent yet
 */
struct mwb_fuzz {
	struct mwb_model m;
	u64 now;
	u64 hold;
	u32 changes;
	s64 next[MWB_MODEL_BUCKETS];
};

/* @hold: in ticks, 0 for none; releases of two buckets never agree. */
static const char *mwb_fuzz_add(struct mwb_fuzz *f, u32 bucket, s64 number,
				u8 age, u64 hold)
{
	u64 sent = f->now - age * MWB_FUZZ_TICK;

	if (number >= MWB_MODEL_NUMBERS)
		return NULL;
	if (number >= f->next[bucket])
		f->next[bucket] = number + 1;
	return mwb_model_add(&f->m, bucket, number, sent,
			     hold ? sent + hold * MWB_FUZZ_TICK + bucket + 1 :
			     0,
			     f->now);
}

/* @what, @a and @b are any bytes. */
static const char *mwb_fuzz_step(struct mwb_fuzz *f, u8 what, u8 a, u8 b)
{
	u32 bucket = what / 32 % MWB_MODEL_BUCKETS;

	/* No two packets arrive at once, nor do any two deadlines agree. */
	f->now += MWB_FUZZ_TICK;
	switch (what % MWB_FUZZ_EVENTS) {
	case MWB_FUZZ_ADD_BEHIND:
		return mwb_fuzz_add(f, bucket, f->next[bucket] - 3 * a - b, b,
				    f->hold);
	case MWB_FUZZ_ADD_AHEAD:
		return mwb_fuzz_add(f, bucket, f->next[bucket] + a * 4, b,
				    f->hold);
	case MWB_FUZZ_EXPIRE:
		f->now += a * MWB_FUZZ_TICK;
		return mwb_model_expire(&f->m, f->now, 0);
	case MWB_FUZZ_HORIZON:
		return mwb_model_expire(&f->m, f->now,
					f->now - a * MWB_FUZZ_TICK);
	case MWB_FUZZ_TIMEOUT:
		f->m.ro.timeout = MWB_FUZZ_TICK * a * b + 16 * ++f->changes;
		return NULL;
	case MWB_FUZZ_LIMIT:
		f->m.ro.limit = 1 + a % MWB_MODEL_LIMIT;
		return NULL;
	case MWB_FUZZ_FLUSH:
		if (a % 16)
			return NULL;
		memset(f->next, 0, sizeof(f->next));
		return mwb_model_flush(&f->m);
	case MWB_FUZZ_ADD_HELD:
		return mwb_fuzz_add(f, bucket, f->next[bucket] + a % 8 - 4, 0,
				    (u64)b * b * b);
	case MWB_FUZZ_HOLD:
		f->hold = a;
		return NULL;
	default:
		return mwb_fuzz_add(f, bucket, f->next[bucket] + a % 8 - 4, b,
				    f->hold);
	}
}

int mwb_fuzz_one(const u8 *data, size_t size)
{
	static const u64 bases[] = {
		0, (1ULL << 48) - 20, (1ULL << 47) - 20, (1ULL << 48) - 400,
	};
	static struct mwb_fuzz f;
	const char *error = NULL;
	size_t at;

	if (!size)
		return 0;
	mwb_model_init(&f.m, bases[data[0] % 4], 250 * MWB_FUZZ_TICK,
		       1 + data[0] / 4);
	memset(f.next, 0, sizeof(f.next));
	f.now = 1000 * MWB_FUZZ_TICK;
	f.hold = 0;
	f.changes = 0;
	if (size > 3 * MWB_FUZZ_TICK / 16)
		size = 3 * MWB_FUZZ_TICK / 16;
	for (at = 1; at + 3 <= size && !error; at += 3)
		error = mwb_fuzz_step(&f, data[at], data[at + 1], data[at + 2]);
	if (!error)
		error = mwb_model_expire(&f.m, ~0ULL, 0);
	if (!error && f.m.ro.count)
		error = "keeps packets for ever";
	if (error)
		mwb_fuzz_fail(error);
	return 0;
}

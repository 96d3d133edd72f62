// SPDX-License-Identifier: GPL-2.0-only
/*
 * The shell round core/gf256: the CPU's features, the FPU, and the clock.
 */
#include <linux/cache.h>
#include <linux/ktime.h>
#include <linux/minmax.h>

#include "compat/simd.h"
#include "simd.h"

enum {
	MWB_SIMD_LEN = 1400,
	MWB_SIMD_ROUNDS = 64,		/* of one measurement */
	MWB_SIMD_TRIES = 4,		/* the best counts */
};

static const struct mwb_gf256_ops *variant[MWB_SIMD_VARIANTS] __ro_after_init;
static u32 variants __ro_after_init;
static const struct mwb_gf256_ops *fastest __ro_after_init = &mwb_gf256_portable;

/* Both in one place, so that they stay apart. */
static struct {
	u8 src[MWB_SIMD_LEN];
	u8 dst[2][MWB_SIMD_LEN];
} buffer __initdata;

/* Time that a packet takes, ns: it is summed up into two parities. */
static u64 __init mwb_simd_measure(const struct mwb_gf256_ops *ops)
{
	u8 *dst[] = { buffer.dst[0], buffer.dst[1] };
	const u8 coef[] = { 3, 2 };
	u64 best = ~0ULL;
	u32 i, try;

	for (try = 0; try < MWB_SIMD_TRIES; try++) {
		u64 start;

		mwb_compat_fpu_begin();
		start = ktime_get_ns();
		for (i = 0; i < MWB_SIMD_ROUNDS; i++)
			ops->add(coef, 2, buffer.src, dst, MWB_SIMD_LEN);
		best = min_t(u64, best, ktime_get_ns() - start);
		mwb_compat_fpu_end();
	}
	return best;
}

void __init mwb_simd_init(void)
{
	u64 best = ~0ULL;
	u64 time;
	u32 i;

	mwb_gf256_init();
	variant[variants++] = &mwb_gf256_portable;
	variants += mwb_compat_simd(variant + variants);
	/* Of two that are alike (in virtual time all are) the later counts. */
	for (i = 0; i < variants; i++) {
		time = mwb_simd_measure(variant[i]);
		if (time > best)
			continue;
		best = time;
		fastest = variant[i];
	}
}

const struct mwb_gf256_ops *mwb_simd_variant(u32 i)
{
	return i < variants ? variant[i] : NULL;
}

const struct mwb_gf256_ops *mwb_simd_fastest(void)
{
	return fastest;
}

const struct mwb_gf256_ops *mwb_simd_begin(void)
{
	if (fastest == &mwb_gf256_portable || !mwb_compat_fpu_usable())
		return &mwb_gf256_portable;
	mwb_compat_fpu_begin();
	return fastest;
}

void mwb_simd_end(const struct mwb_gf256_ops *ops)
{
	if (ops != &mwb_gf256_portable)
		mwb_compat_fpu_end();
}

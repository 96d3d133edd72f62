/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which variants of core/gf256 this machine can run, which is the fastest, and
 * whether it may be run here and now.
 */
#ifndef _MWBOND_SIMD_H
#define _MWBOND_SIMD_H

#include "core/gf256.h"

enum { MWB_SIMD_VARIANTS = 6 };

/* Make the tables, and measure; process context. */
void mwb_simd_init(void);

/* The @i-th variant that this machine can run, or NULL; 0 is the portable one. */
const struct mwb_gf256_ops *mwb_simd_variant(u32 i);

/* The fastest, by measurement */
const struct mwb_gf256_ops *mwb_simd_fastest(void);

/**
 * mwb_simd_begin() - the variant to be used until mwb_simd_end()
 *
 * Any context. Not preemptible in between, and there must not be much of it.
 *
 * Return: the fastest, or the portable one where the FPU may not be used now
 */
const struct mwb_gf256_ops *mwb_simd_begin(void);
/* @ops: what mwb_simd_begin() returned */
void mwb_simd_end(const struct mwb_gf256_ops *ops);

#endif /* _MWBOND_SIMD_H */

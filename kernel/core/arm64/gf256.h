/* SPDX-License-Identifier: GPL-2.0-only */
/* The variant of core/gf256 for arm64. */
#ifndef _MWBOND_CORE_ARM64_GF256_H
#define _MWBOND_CORE_ARM64_GF256_H

#include "../gf256.h"

extern const struct mwb_gf256_ops mwb_gf256_neon;

#endif /* _MWBOND_CORE_ARM64_GF256_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs by architecture: the variants of core/gf256 that there are, and
 * how the FPU is taken. User-Mode Linux on x86 runs those of its host.
 */
#ifndef _MWBOND_COMPAT_SIMD_H
#define _MWBOND_COMPAT_SIMD_H

#include "../core/gf256.h"

#if defined(CONFIG_X86_64)

#include <asm/cpufeature.h>
#include <asm/fpu/api.h>

#include "../core/x86/gf256.h"

#define mwb_compat_fpu_begin() kernel_fpu_begin()
#define mwb_compat_fpu_end() kernel_fpu_end()
#define mwb_compat_fpu_usable() irq_fpu_usable()

/* Those that this CPU can run, the one that is likely the fastest last. Return:
 * their number
 */
static inline u32 mwb_compat_simd(const struct mwb_gf256_ops **ops)
{
	u32 count = 0;

	if (boot_cpu_has(X86_FEATURE_SSSE3))
		ops[count++] = &mwb_gf256_ssse3;
	/* It is there only if the kernel saves these registers. */
	if (!boot_cpu_has(X86_FEATURE_AVX2))
		return count;
	ops[count++] = &mwb_gf256_avx2;
#ifdef MWB_HAVE_AS_GFNI
	if (!boot_cpu_has(X86_FEATURE_GFNI))
		return count;
	ops[count++] = &mwb_gf256_gfni;
	if (boot_cpu_has(X86_FEATURE_AVX512BW))
		ops[count++] = &mwb_gf256_avx512;
#endif
	return count;
}

#elif defined(CONFIG_ARM64) && defined(CONFIG_KERNEL_MODE_NEON)

#include <asm/neon.h>
#include <asm/simd.h>

#include "../core/arm64/gf256.h"

#define mwb_compat_fpu_begin() kernel_neon_begin()
#define mwb_compat_fpu_end() kernel_neon_end()
#define mwb_compat_fpu_usable() may_use_simd()

static inline u32 mwb_compat_simd(const struct mwb_gf256_ops **ops)
{
	ops[0] = &mwb_gf256_neon;
	return 1;
}

#else

#define mwb_compat_fpu_begin() do { } while (0)
#define mwb_compat_fpu_end() do { } while (0)
#define mwb_compat_fpu_usable() false

static inline u32 mwb_compat_simd(const struct mwb_gf256_ops **ops)
{
	return 0;
}

#endif

#endif /* _MWBOND_COMPAT_SIMD_H */

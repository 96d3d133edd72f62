/* SPDX-License-Identifier: GPL-2.0-only */
/* Stands in for the kernel's header in user space. */
#ifndef _SHIM_ASM_CPUFEATURE_H
#define _SHIM_ASM_CPUFEATURE_H

#define X86_FEATURE_SSSE3 "ssse3"
#define X86_FEATURE_AVX2 "avx2"
#define X86_FEATURE_GFNI "gfni"
#define X86_FEATURE_AVX512BW "avx512bw"

#define boot_cpu_has(feature) __builtin_cpu_supports(feature)

#endif /* _SHIM_ASM_CPUFEATURE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* Stands in for the kernel's header in user space. */
#ifndef _SHIM_ASM_SIMD_H
#define _SHIM_ASM_SIMD_H

#define may_use_simd() true

#endif /* _SHIM_ASM_SIMD_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* Stands in for the kernel's header in user space. */
#ifndef _SHIM_ASM_NEON_H
#define _SHIM_ASM_NEON_H

#define kernel_neon_begin() do { } while (0)
#define kernel_neon_end() do { } while (0)

#endif /* _SHIM_ASM_NEON_H */

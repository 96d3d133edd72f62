/* SPDX-License-Identifier: GPL-2.0-only */
/* Stands in for the kernel's header in user space. */
#ifndef _SHIM_ASM_FPU_API_H
#define _SHIM_ASM_FPU_API_H

#define kernel_fpu_begin() do { } while (0)
#define kernel_fpu_end() do { } while (0)
#define irq_fpu_usable() true

#endif /* _SHIM_ASM_FPU_API_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* Stands in for the kernel's header in user space. */
#ifndef _SHIM_LINUX_STDDEF_H
#define _SHIM_LINUX_STDDEF_H

#include <stddef.h>

#include_next <linux/stddef.h>

#define sizeof_field(type, member) sizeof(((type *)0)->member)

#endif /* _SHIM_LINUX_STDDEF_H */

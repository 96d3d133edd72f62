/* SPDX-License-Identifier: GPL-2.0-only */
/* Stands in for the kernel's header in user space. */
#ifndef _SHIM_LINUX_HASH_H
#define _SHIM_LINUX_HASH_H

/* 2^64 (3 - sqrt 5) / 2, made odd */
#define GOLDEN_RATIO_64 0x61c8864680b583ebULL

#endif /* _SHIM_LINUX_HASH_H */

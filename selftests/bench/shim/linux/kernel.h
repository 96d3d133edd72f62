/* SPDX-License-Identifier: GPL-2.0-only */
/* Stands in for several headers of the kernel: what lib/reed_solomon uses. */
#ifndef _SHIM_LINUX_KERNEL_H
#define _SHIM_LINUX_KERNEL_H

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/types.h>

typedef int gfp_t;
#define GFP_KERNEL 0

#define kmalloc_array(count, size, flags) malloc((count) * (size))
#define kzalloc(size, flags) calloc(1, size)
#define kfree(p) free(p)

#define DEFINE_MUTEX(name) int name __attribute__((unused))
#define mutex_lock(lock) do { } while (0)
#define mutex_unlock(lock) do { } while (0)

#define list_for_each(pos, head) \
	for ((pos) = (head)->next; (pos) != (head); (pos) = (pos)->next)

#define BUG_ON(condition) do { if (condition) abort(); } while (0)

#define EXPORT_SYMBOL_GPL(name) extern int _shim_unused
#define MODULE_LICENSE(text) extern int _shim_unused
#define MODULE_DESCRIPTION(text) extern int _shim_unused
#define MODULE_AUTHOR(text) extern int _shim_unused

#define CONFIG_REED_SOLOMON_ENC8 1
#define CONFIG_REED_SOLOMON_DEC8 1

#endif /* _SHIM_LINUX_KERNEL_H */

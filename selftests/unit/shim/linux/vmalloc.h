/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for the kernel's header in user space: as there, what follows the
 * pages cannot be touched; here, nor what comes before.
 */
#ifndef _SHIM_LINUX_VMALLOC_H
#define _SHIM_LINUX_VMALLOC_H

#include <stdlib.h>
#include <sys/mman.h>

#include <linux/types.h>

#define PAGE_SIZE 4096UL

static inline void *vmalloc(size_t size)
{
	size_t len = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	u8 *map = mmap(NULL, len + 2 * PAGE_SIZE, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED ||
	    mprotect(map + PAGE_SIZE, len, PROT_READ | PROT_WRITE))
		abort();
	return map + PAGE_SIZE;
}

/* For good: a test is a program of its own. */
static inline void vfree(const void *p)
{
	(void)p;
}

#endif /* _SHIM_LINUX_VMALLOC_H */

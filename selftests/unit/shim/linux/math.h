/* SPDX-License-Identifier: GPL-2.0-only */
/* Stands in for the kernel's header in user space. */
#ifndef _SHIM_LINUX_MATH_H
#define _SHIM_LINUX_MATH_H

#include <linux/types.h>

/* Rounded down, bit by bit. */
static inline unsigned long int_sqrt(unsigned long x)
{
	unsigned long bit = 1UL << (4 * sizeof(x) - 1);
	unsigned long root = 0;

	for (; bit; bit >>= 1)
		if ((root | bit) <= x / (root | bit))
			root |= bit;
	return root;
}

#endif /* _SHIM_LINUX_MATH_H */

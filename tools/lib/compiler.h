/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the compiler can be told, by the names that the kernel has for it.
 */
#ifndef MWB_COMPILER_H
#define MWB_COMPILER_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define BIT_ULL(nr)		(1ull << (nr))

#define fallthrough		__attribute((fallthrough))
#define __printf(text, args)	__attribute((format(printf, text, args)))
#define __visible		__attribute((visibility("default")))

#endif /* MWB_COMPILER_H */

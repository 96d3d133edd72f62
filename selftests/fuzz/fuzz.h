/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a fuzz target offers: to driver.c, or to libFuzzer, whose name for it
 * the Makefile gives it.
 */
#ifndef _MWBOND_FUZZ_H
#define _MWBOND_FUZZ_H

#include <linux/types.h>

/* Return: 0. What must not happen ends the program by mwb_fuzz_fail(). */
int mwb_fuzz_one(const u8 *data, size_t size);

/* Print why and abort, which libFuzzer takes as a find. */
void mwb_fuzz_fail(const char *why);

#endif /* _MWBOND_FUZZ_H */

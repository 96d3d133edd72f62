// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a fuzz target says that it found something.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

void mwb_fuzz_fail(const char *why)
{
	fprintf(stderr, "fuzz target: %s\n", why);
	abort();
}

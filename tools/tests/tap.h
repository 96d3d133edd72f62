/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests in TAP: each check is a line.
 */
#ifndef MWB_TAP_H
#define MWB_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "compiler.h"

static unsigned int tap_count;
static unsigned int tap_failed;

__printf(2, 3)
static inline void tap_ok(bool ok, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("%sok %u - ", ok ? "" : "not ", ++tap_count);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	tap_failed += !ok;
}

static inline void tap_same(const char *what, const char *got,
			    const char *wanted)
{
	bool same = !strcmp(got, wanted);

	tap_ok(same, "%s", what);
	if (!same)
		printf("# got    %s\n# wanted %s\n", got, wanted);
}

static inline int tap_done(void)
{
	printf("1..%u\n", tap_count);
	return tap_failed ? 1 : 0;
}

#endif /* MWB_TAP_H */

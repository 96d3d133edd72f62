// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stands in for libFuzzer where there is only gcc: calls the target with the
 * same pseudo-random inputs each time. It learns nothing from coverage, so the
 * targets make the most of any bytes.
 *
 * Usage: PROGRAM [ROUNDS [SEED]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../kernel/tests/random.h"
#include "fuzz.h"

enum { MWB_FUZZ_INPUT_MAX = 4096 };

/* Some bytes are more interesting than others. */
static u8 mwb_fuzz_byte(u64 *random)
{
	static const u8 edges[] = { 0, 1, 2, 127, 128, 129, 254, 255 };

	if (mwb_random_below(random, 3))
		return mwb_random(random);
	return edges[mwb_random_below(random, sizeof(edges))];
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 0) : 30000;
	u64 random = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	unsigned long round;
	u8 *input;
	size_t size, i;

	for (round = 0; round < rounds; round++) {
		size = mwb_random_below(&random, MWB_FUZZ_INPUT_MAX);
		size >>= mwb_random_below(&random, 12);
		/* Just this size, so that the sanitizer sees what is beyond. */
		input = malloc(size);
		if (!input && size)
			return 1;
		for (i = 0; i < size; i++)
			input[i] = mwb_fuzz_byte(&random);
		mwb_fuzz_one(input, size);
		free(input);
	}
	printf("# %lu inputs\n", rounds);
	return 0;
}

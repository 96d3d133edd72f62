// SPDX-License-Identifier: GPL-2.0-only
/*
 * Figures of many networks, as a table of percentiles.
 */
#include <stdio.h>
#include <stdlib.h>

#include "table.h"

static const u32 mwb_table_percent[] = { 1, 5, 10, 25, 50, 75, 90, 95, 99 };

void mwb_table_add(struct mwb_table *table, double value)
{
	if (table->count == table->size) {
		table->size = 2 * table->size + 64;
		table->value = realloc(table->value,
				       table->size * sizeof(*table->value));
		if (!table->value)
			abort();
	}
	table->value[table->count++] = value;
}

void mwb_table_exit(struct mwb_table *table)
{
	free(table->value);
}

void mwb_table_print_head(const char *title)
{
	u32 i;

	printf("# %-32s %5s    min", title, "n");
	for (i = 0; i < ARRAY_SIZE(mwb_table_percent); i++)
		printf("    p%02u", mwb_table_percent[i]);
	printf("\n");
}

static int mwb_table_compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The smallest that at least so many per cent do not exceed. */
void mwb_table_print(struct mwb_table *table, const char *name)
{
	u32 i, place;

	if (!table->count)
		return;
	qsort(table->value, table->count, sizeof(*table->value),
	      mwb_table_compare);
	printf("#   %-30s %5u %6.3f", name, table->count, table->value[0]);
	for (i = 0; i < ARRAY_SIZE(mwb_table_percent); i++) {
		place = (table->count * mwb_table_percent[i] + 99) / 100;
		printf(" %6.3f", table->value[place ? place - 1 : 0]);
	}
	printf("\n");
}

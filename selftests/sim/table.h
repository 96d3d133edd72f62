/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Figures of many networks, as a table of percentiles.
 */
#ifndef _MWBOND_SIM_TABLE_H
#define _MWBOND_SIM_TABLE_H

#include <linux/types.h>

/**
 * struct mwb_table - the figures of one line; first all zeros
 * @value: figures
 * @count: their number
 * @size: room for so many
 */
struct mwb_table {
	double *value;
	u32 count;
	u32 size;
};

void mwb_table_add(struct mwb_table *table, double value);
void mwb_table_exit(struct mwb_table *table);

/* As comments in TAP. */
void mwb_table_print_head(const char *title);
void mwb_table_print(struct mwb_table *table, const char *name);

#endif /* _MWBOND_SIM_TABLE_H */

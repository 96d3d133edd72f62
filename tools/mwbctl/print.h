/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects and their values for people and, as JSON, for programs.
 */
#ifndef MWB_PRINT_H
#define MWB_PRINT_H

#include <stdint.h>

#include "dscp.h"
#include "json.h"
#include "obj.h"

/* Room for any value in a table. */
#define MWB_CELL	(MWB_DSCP_LEN + 16)

/**
 * struct mwb_table - rows of text, printed with aligned columns
 */
struct mwb_table {
	/** @columns: number of columns */
	unsigned int columns;
	/** @right: bit n is set if column n is aligned to the right */
	unsigned int right;
	/** @rows: number of rows */
	unsigned int rows;
	/** @cell: the cells, row by row */
	char (*cell)[MWB_CELL];
};

void mwb_print_json(struct mwb_json *json, const struct mwb_attr_set *set,
		    const void *obj);
void mwb_print_json_attr(struct mwb_json *json, const struct mwb_attr *attr,
			 const void *obj);

const char *mwb_print_text(const char *text, char *buf, size_t size);
const char *mwb_print_enum(const struct mwb_names *names, uint64_t value);
const char *mwb_print_ms(uintmax_t ms, char *buf, size_t size);
const char *mwb_print_ns(uint64_t ns, char *buf, size_t size);
const char *mwb_print_us(uint32_t us, char *buf, size_t size);
const char *mwb_print_rate(uintmax_t rate, char *buf, size_t size);
const char *mwb_print_bits(uintmax_t rate, char *buf, size_t size);
const char *mwb_print_bytes(uintmax_t bytes, char *buf, size_t size);

int mwb_table_row(struct mwb_table *table, const char *const *text);
void mwb_table_print(struct mwb_table *table, FILE *out, const char *indent);

#endif /* MWB_PRINT_H */

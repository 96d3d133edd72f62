/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON output.
 */
#ifndef MWB_JSON_H
#define MWB_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct mwb_json - a JSON text being written
 */
struct mwb_json {
	/** @out: where to */
	FILE *out;
	/** @pretty: one value a line, indented */
	bool pretty;
	/** @depth: objects and lists that are open */
	unsigned int depth;
	/** @filled: there is a value before, in the innermost of them */
	bool filled;
};

void mwb_json_open(struct mwb_json *json, const char *key, char bracket);
void mwb_json_close(struct mwb_json *json, char bracket);
void mwb_json_string(struct mwb_json *json, const char *key, const char *value);
void mwb_json_uint(struct mwb_json *json, const char *key, uintmax_t value);
void mwb_json_real(struct mwb_json *json, const char *key, double value);
void mwb_json_bool(struct mwb_json *json, const char *key, bool value);

#endif /* MWB_JSON_H */

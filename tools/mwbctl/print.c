// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects and their values for people and, as JSON, for programs.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "print.h"

/**
 * mwb_print_json_attr() - write an attribute, in the units of the specification
 * @json: the text
 * @attr: the attribute
 * @obj: the object, which must have it
 */
void mwb_print_json_attr(struct mwb_json *json, const struct mwb_attr *attr,
			 const void *obj)
{
	const char *place = (const char *)obj + attr->offset;
	uint64_t value = mwb_get_uint(attr, obj);
	char addr[INET6_ADDRSTRLEN];
	char key[MWB_KEY_TEXT];
	const char *name;

	switch (attr->type) {
	case MWB_NONE:
		break;
	case MWB_FLAG:
		mwb_json_bool(json, attr->name, value);
		break;
	case MWB_STRING:
		mwb_json_string(json, attr->name, place);
		break;
	case MWB_IPV4:
	case MWB_IPV6:
		inet_ntop(attr->type == MWB_IPV4 ? AF_INET : AF_INET6, place,
			  addr, sizeof(addr));
		mwb_json_string(json, attr->name, addr);
		break;
	case MWB_KEY:
		mwb_json_string(json, attr->name,
				mwb_format_key((const uint8_t *)place, key));
		break;
	case MWB_STATS:
		mwb_json_open(json, attr->name, '{');
		mwb_print_json(json, &mwb_stats_attrs, place);
		mwb_json_close(json, '}');
		break;
	case MWB_ENUM:
		name = mwb_name(attr->names, value);
		if (name) {
			mwb_json_string(json, attr->name, name);
			break;
		}
		fallthrough;
	default:
		mwb_json_uint(json, attr->name, value);
	}
}

/**
 * mwb_print_json() - write all attributes that an object has
 * @json: the text, with an object open
 * @set: attributes of the object
 * @obj: the object
 */
void mwb_print_json(struct mwb_json *json, const struct mwb_attr_set *set,
		    const void *obj)
{
	unsigned int i;

	for (i = 1; i <= set->max; i++)
		if (mwb_has(obj, i))
			mwb_print_json_attr(json, &set->attr[i], obj);
}

/**
 * mwb_print_text() - a text that does nothing to a terminal
 * @text: the text
 * @buf: result, cut if @size is too small
 * @size: room in @buf
 *
 * Return: @buf.
 */
const char *mwb_print_text(const char *text, char *buf, size_t size)
{
	size_t i;

	snprintf(buf, size, "%s", text);
	for (i = 0; buf[i]; i++)
		if (iscntrl((unsigned char)buf[i]))
			buf[i] = '?';
	return buf;
}

/**
 * mwb_print_enum() - the name of a value
 * @names: names of the enumeration
 * @value: the value
 *
 * Return: the name, or a question mark.
 */
const char *mwb_print_enum(const struct mwb_names *names, uint64_t value)
{
	return mwb_name(names, value) ?: "?";
}

/**
 * mwb_print_ms() - a time that was set, as it is parsed
 * @ms: the time in ms
 * @buf: result
 * @size: room in @buf
 *
 * Return: @buf.
 */
const char *mwb_print_ms(uintmax_t ms, char *buf, size_t size)
{
	bool whole = ms && !(ms % 1000);

	snprintf(buf, size, "%ju%s", whole ? ms / 1000 : ms,
		 whole ? "s" : "ms");
	return buf;
}

/**
 * mwb_print_ns() - a time that was measured
 * @ns: the time in ns; 0 is none
 * @buf: result
 * @size: room in @buf
 *
 * Return: @buf.
 */
const char *mwb_print_ns(uint64_t ns, char *buf, size_t size)
{
	double ms = ns / 1e6;

	if (ns)
		snprintf(buf, size, "%.*f ms",
			 ms < 10 ? 2 : ms < 1000 ? 1 : 0, ms);
	else
		snprintf(buf, size, "-");
	return buf;
}

/**
 * mwb_print_us() - a delay that was measured, which may be none
 * @us: the delay in us
 * @buf: result
 * @size: room in @buf
 *
 * Return: @buf.
 */
const char *mwb_print_us(uint32_t us, char *buf, size_t size)
{
	snprintf(buf, size, "%.1f ms", us / 1e3);
	return buf;
}

/**
 * mwb_print_rate() - a rate that was set, as it is parsed
 * @rate: the rate in bytes per second; 0 is none
 * @buf: result
 * @size: room in @buf
 *
 * Return: @buf.
 */
const char *mwb_print_rate(uintmax_t rate, char *buf, size_t size)
{
	static const char *const units[] = { "bit", "kbit", "mbit", "gbit" };
	uintmax_t value = rate * 8;
	unsigned int i;

	if (!rate) {
		snprintf(buf, size, "auto");
	} else if (rate > UINT64_MAX / 8) {
		snprintf(buf, size, "%jubps", rate);
	} else {
		for (i = 0; i < 3 && !(value % 1000); i++)
			value /= 1000;
		snprintf(buf, size, "%ju%s", value, units[i]);
	}
	return buf;
}

/**
 * mwb_print_bits() - a rate that was measured
 * @rate: the rate in bytes per second
 * @buf: result
 * @size: room in @buf
 *
 * Return: @buf.
 */
const char *mwb_print_bits(uintmax_t rate, char *buf, size_t size)
{
	static const char *const units[] = { "kbit", "Mbit", "Gbit", "Tbit" };
	double value = rate / 125.0;
	unsigned int i;

	/* Just below 1000 it would be rounded to that. */
	for (i = 0; i < 3 && value >= 999.95; i++)
		value /= 1e3;
	snprintf(buf, size, "%.1f %s/s", value, units[i]);
	return buf;
}

/**
 * mwb_print_bytes() - a number of bytes that was counted
 * @bytes: the number
 * @buf: result
 * @size: room in @buf
 *
 * Return: @buf.
 */
const char *mwb_print_bytes(uintmax_t bytes, char *buf, size_t size)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB" };
	double value = bytes / 1e3;
	unsigned int i;

	if (bytes < 1000) {
		snprintf(buf, size, "%ju B", bytes);
		return buf;
	}
	/* Just below 1000 it would be rounded to that. */
	for (i = 0; i < 4 && value >= 999.95; i++)
		value /= 1e3;
	snprintf(buf, size, "%.1f %s", value, units[i]);
	return buf;
}

/**
 * mwb_table_row() - add a row
 * @table: the table
 * @text: a text for each column; it is copied
 *
 * Return: 0, or -1 without memory.
 */
int mwb_table_row(struct mwb_table *table, const char *const *text)
{
	size_t used = (size_t)table->rows * table->columns;
	char (*cell)[MWB_CELL];
	unsigned int i;

	cell = reallocarray(table->cell, used + table->columns, MWB_CELL);
	if (!cell)
		return -1;
	for (i = 0; i < table->columns; i++)
		mwb_print_text(text[i], cell[used + i], MWB_CELL);
	table->cell = cell;
	table->rows++;
	return 0;
}

/**
 * mwb_table_print() - print a table and empty it
 * @table: the table
 * @out: where to
 * @indent: what each line starts with
 */
void mwb_table_print(struct mwb_table *table, FILE *out, const char *indent)
{
	unsigned int width, row, column, len, pad[32] = { 0 };
	const char *cell;

	for (row = 0; row < table->rows; row++) {
		for (column = 0; column < table->columns; column++) {
			width = strlen(table->cell[row * table->columns + column]);
			if (width > pad[column])
				pad[column] = width;
		}
	}
	for (row = 0; row < table->rows; row++) {
		fputs(indent, out);
		for (column = 0; column < table->columns; column++) {
			cell = table->cell[row * table->columns + column];
			len = pad[column] - strlen(cell);
			if (column)
				fputs("  ", out);
			if (table->right & (1u << column))
				fprintf(out, "%*s%s", (int)len, "", cell);
			else if (column + 1 < table->columns)
				fprintf(out, "%s%*s", cell, (int)len, "");
			else
				fputs(cell, out);
		}
		putc('\n', out);
	}
	free(table->cell);
	table->cell = NULL;
	table->rows = 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON output, correct for any bytes in a string.
 */
#include <stdint.h>

#include "json.h"

/* Length of the UTF-8 sequence of several bytes at s, or 0 if it is none. */
static unsigned int mwb_json_utf8(const unsigned char *s)
{
	unsigned int len, i;

	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		len = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		len = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		len = 4;
	else
		return 0;
	for (i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* Too long a form, a surrogate, or beyond the last code point. */
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

static void mwb_json_quote(FILE *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	unsigned int len;

	putc('"', out);
	while (*s) {
		len = mwb_json_utf8(s);
		if (len) {
			fwrite(s, 1, len, out);
			s += len;
			continue;
		}
		if (*s == '"' || *s == '\\')
			fprintf(out, "\\%c", *s);
		else if (*s < 0x20 || *s >= 0x7f)
			fprintf(out, "\\u%04x", *s);
		else
			putc(*s, out);
		s++;
	}
	putc('"', out);
}

static void mwb_json_newline(struct mwb_json *json)
{
	unsigned int i;

	if (!json->pretty || !json->depth)
		return;
	putc('\n', json->out);
	for (i = 0; i < json->depth; i++)
		fputs("    ", json->out);
}

/* What comes before a value: comma, indentation and key. */
static void mwb_json_before(struct mwb_json *json, const char *key)
{
	if (json->filled)
		putc(',', json->out);
	mwb_json_newline(json);
	if (key) {
		mwb_json_quote(json->out, key);
		putc(':', json->out);
		if (json->pretty)
			putc(' ', json->out);
	}
	json->filled = true;
}

/**
 * mwb_json_open() - start an object or a list
 * @json: the text
 * @key: its key, or NULL in a list and at the top
 * @bracket: { or [
 */
void mwb_json_open(struct mwb_json *json, const char *key, char bracket)
{
	mwb_json_before(json, key);
	putc(bracket, json->out);
	json->depth++;
	json->filled = false;
}

/**
 * mwb_json_close() - end the innermost object or list
 * @json: the text; a line end follows the outermost
 * @bracket: } or ]
 */
void mwb_json_close(struct mwb_json *json, char bracket)
{
	json->depth--;
	if (json->filled) {
		mwb_json_newline(json);
		if (json->pretty && !json->depth)
			putc('\n', json->out);
	}
	putc(bracket, json->out);
	json->filled = json->depth;
	if (!json->depth)
		putc('\n', json->out);
}

/**
 * mwb_json_string() - write a string
 * @json: the text
 * @key: its key, or NULL in a list
 * @value: the string; bytes that are no UTF-8 are taken as Latin-1
 */
void mwb_json_string(struct mwb_json *json, const char *key, const char *value)
{
	mwb_json_before(json, key);
	mwb_json_quote(json->out, value);
}

/**
 * mwb_json_uint() - write a whole number
 * @json: the text
 * @key: its key, or NULL in a list
 * @value: the number
 */
void mwb_json_uint(struct mwb_json *json, const char *key, uintmax_t value)
{
	mwb_json_before(json, key);
	fprintf(json->out, "%ju", value);
}

/**
 * mwb_json_real() - write a number with three digits after the point
 * @json: the text
 * @key: its key, or NULL in a list
 * @value: the number; it must be finite
 */
void mwb_json_real(struct mwb_json *json, const char *key, double value)
{
	mwb_json_before(json, key);
	fprintf(json->out, "%.3f", value);
}

/**
 * mwb_json_bool() - write true or false
 * @json: the text
 * @key: its key, or NULL in a list
 * @value: which
 */
void mwb_json_bool(struct mwb_json *json, const char *key, bool value)
{
	mwb_json_before(json, key);
	fputs(value ? "true" : "false", json->out);
}

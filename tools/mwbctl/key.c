// SPDX-License-Identifier: GPL-2.0-only
/*
 * mwbctl genkey, pubkey, genpsk
 */
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "key.h"
#include "mwbctl.h"

static enum mwb_result mwb_key_print(const uint8_t *key)
{
	char text[MWB_KEY_TEXT];

	puts(mwb_format_key(key, text));
	explicit_bzero(text, sizeof(text));
	return MWB_OK;
}

static enum mwb_result mwb_key_random(const struct mwb_call *call, bool clamp)
{
	uint8_t key[MWB_KEY_LEN];
	struct mwb_err err;
	struct stat st;

	if (!fstat(STDOUT_FILENO, &st) && S_ISREG(st.st_mode) &&
	    st.st_mode & 0007)
		fputs("mwbctl: warning: others can read the file with the key; use umask 077\n",
		      stderr);
	if (getrandom(key, sizeof(key), 0) != sizeof(key)) {
		mwb_err_set(&err, "no random numbers: %s", strerror(errno));
		return mwb_refuse(call, &err);
	}
	if (clamp)
		mwb_key_clamp(key);
	mwb_key_print(key);
	explicit_bzero(key, sizeof(key));
	return MWB_OK;
}

/**
 * mwb_genkey() - run mwbctl genkey
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_genkey(const struct mwb_call *call)
{
	return mwb_key_random(call, true);
}

/**
 * mwb_genpsk() - run mwbctl genpsk
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_genpsk(const struct mwb_call *call)
{
	return mwb_key_random(call, false);
}

/**
 * mwb_pubkey() - run mwbctl pubkey
 * @call: the command line
 *
 * Return: an enum mwb_result.
 */
enum mwb_result mwb_pubkey(const struct mwb_call *call)
{
	uint8_t secret[MWB_KEY_LEN], public[MWB_KEY_LEN];
	struct mwb_err err;

	if (mwb_read_key("-", secret, &err))
		return mwb_refuse(call, &err);
	mwb_key_public(public, secret);
	explicit_bzero(secret, sizeof(secret));
	return mwb_key_print(public);
}

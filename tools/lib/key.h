/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys: 32 bytes, written in base64 as WireGuard's are.
 */
#ifndef MWB_KEY_H
#define MWB_KEY_H

#include <stdint.h>

#include "parse.h"

#define MWB_KEY_LEN	32
/* Room for a key in base64. */
#define MWB_KEY_TEXT	45

int mwb_parse_key(const char *arg, uint8_t key[MWB_KEY_LEN],
		  struct mwb_err *err);
int mwb_read_key(const char *path, uint8_t key[MWB_KEY_LEN],
		 struct mwb_err *err);
const char *mwb_format_key(const uint8_t key[MWB_KEY_LEN],
			   char text[MWB_KEY_TEXT]);
void mwb_key_clamp(uint8_t key[MWB_KEY_LEN]);
void mwb_key_public(uint8_t public[MWB_KEY_LEN],
		    const uint8_t secret[MWB_KEY_LEN]);

#endif /* MWB_KEY_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* BLAKE2s has its arguments in another order since Linux 6.19. */
#ifndef _MWBOND_COMPAT_BLAKE2S_H
#define _MWBOND_COMPAT_BLAKE2S_H

#include <crypto/blake2s.h>

static inline void mwb_compat_blake2s(u8 *out, const u8 *in, size_t len)
{
#ifdef MWB_HAVE_BLAKE2S_KEY_FIRST
	blake2s(NULL, 0, in, len, out, BLAKE2S_HASH_SIZE);
#else
	blake2s(out, in, NULL, BLAKE2S_HASH_SIZE, len, 0);
#endif
}

#endif /* _MWBOND_COMPAT_BLAKE2S_H */

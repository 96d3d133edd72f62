/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of DSCP values, as in "ef,cs5,10-14".
 */
#ifndef MWB_DSCP_H
#define MWB_DSCP_H

#include "parse.h"

/* Room for any list. */
#define MWB_DSCP_LEN	192

int mwb_parse_dscp(const char *arg, uint64_t *mask, struct mwb_err *err);
const char *mwb_format_dscp(uint64_t mask, char *buf, size_t size);

#endif /* MWB_DSCP_H */

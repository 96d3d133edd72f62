/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an end of a bond in mode auto, and a sender, know at present: as comments
 * in TAP, for the one who looks for a reason.
 */
#ifndef _MWBOND_SIM_SHOW_H
#define _MWBOND_SIM_SHOW_H

#include "bond.h"
#include "sender.h"

void mwb_show_bond(const struct mwb_bond *bond);
void mwb_show_sender(const struct mwb_sender *s);

#endif /* _MWBOND_SIM_SHOW_H */

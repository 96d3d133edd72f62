/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watches which path each packet is sent by: it has to be what the mode says.
 */
#ifndef _MWBOND_SIM_CHOICE_H
#define _MWBOND_SIM_CHOICE_H

#include <linux/types.h>

#include "../../kernel/core/sched.h"
#include "rules.h"

/**
 * struct mwb_choice - what was chosen at one end; first all zeros
 * @table: the paths there were at the last choice
 * @bytes: given to each WAN since @table has changed
 * @since: given to each WAN since its utilisation was measured
 * @window: the measurement
 * @cost: the highest there was, for a byte
 * @last: the WAN that was used last
 * @flow: the WAN that each flow used last, plus 1
 */
struct mwb_choice {
	struct mwb_sched_table table;
	u64 bytes[MWB_NETWORK_LINKS];
	u64 since[MWB_NETWORK_LINKS];
	u8 window[MWB_NETWORK_LINKS];
	u32 cost;
	u8 last;
	u8 flow[MWB_NETWORK_FLOWS];
};

/**
 * mwb_choice_check() - a packet is about to be sent
 * @choice: records of this end
 * @rules: where to complain
 * @table: usable paths
 * @path: the one chosen
 * @flow: of the packet
 * @len: of the packet
 */
void mwb_choice_check(struct mwb_choice *choice, struct mwb_rules *rules,
		      const struct mwb_sched_table *table,
		      const struct mwb_sched_path *path, u32 flow, u32 len);

#endif /* _MWBOND_SIM_CHOICE_H */

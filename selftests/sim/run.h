/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One run: both ends of a bond, the links between them, and the flows.
 */
#ifndef _MWBOND_SIM_RUN_H
#define _MWBOND_SIM_RUN_H

#include <linux/types.h>

#include "network.h"
#include "rules.h"

/**
 * struct mwb_result - what a run gave
 * @time: from the start of the first flow to the last arrival, ns
 * @optimum: least that it could have been, ns
 * @segments: that arrived, at each end
 * @packets: that were sent, of any kind
 * @refused: segments that no WAN was usable for
 * @events: that happened
 * @peak: packets that there were at a time
 * @pause: longest time that no flow went on, ns
 * @steady: payload in the time that counts, Mbit/s
 * @cut: the packets were used up before the flows were done
 */
struct mwb_result {
	u64 time;
	u64 optimum;
	u32 segments[2];
	u32 packets;
	u32 refused;
	u32 events;
	u32 peak;
	u64 pause;
	double steady;
	bool cut;
};

/**
 * mwb_run() - simulate
 * @net: network
 * @rules: initialised; has what was broken and the trace afterwards
 * @result: what came of it
 * @show: print what is known, twice a second
 */
void mwb_run(const struct mwb_network *net, struct mwb_rules *rules,
	     struct mwb_result *result, bool show);

/* Payload in Mbit/s. */
double mwb_result_goodput(const struct mwb_result *result);

#endif /* _MWBOND_SIM_RUN_H */

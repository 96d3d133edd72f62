/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Congestion control: how much a sender may have under way, and how fast it
 * sends. All lengths are in segments.
 */
#ifndef _MWBOND_SIM_CONGESTION_H
#define _MWBOND_SIM_CONGESTION_H

#include <linux/types.h>

enum {
	MWB_CONGESTION_WINDOW = 10,	/* at the start */
	MWB_BBR_ROUNDS = 10,		/* that the bandwidth is remembered */
};

/**
 * struct mwb_cubic - RFC 9438, and a way out of slow start as in RFC 9406
 * @w_max: window before the last loss
 * @w_est: window that Reno would have
 * @k: seconds from @epoch until @w_max is reached
 * @epoch: when this growth began, ns; 0 if it has yet to
 * @round_min: least round-trip time of this round, ns
 * @last_min: of the one before
 * @samples: in this round
 */
struct mwb_cubic {
	double w_max;
	double w_est;
	double k;
	u64 epoch;
	u64 round_min;
	u64 last_min;
	u32 samples;
};

/**
 * struct mwb_bbr - like BBR version 1
 * @state: enum mwb_bbr_state
 * @bandwidth: best of each of the last rounds, segments a second
 * @full: bandwidth that was to grow in the state Startup
 * @full_rounds: rounds in which it did not
 * @cycle: phase of the gain in the state Probe bandwidth
 * @cycle_start: when it began, ns
 * @min_rtt: least round-trip time of late, ns
 * @min_rtt_time: when it was seen, ns
 * @probe_end: of the state Probe RTT, ns; 0 until the pipe is small
 * @timed_out: restart from a small window
 * @prior: window before a recovery or the state Probe RTT
 * @recovering: losses were being repaired at the last ACK
 */
struct mwb_bbr {
	u8 state;
	double bandwidth[MWB_BBR_ROUNDS];
	double full;
	u32 full_rounds;
	u32 cycle;
	u64 cycle_start;
	u64 min_rtt;
	u64 min_rtt_time;
	u64 probe_end;
	bool timed_out;
	double prior;
	bool recovering;
};

/**
 * struct mwb_congestion - state of one sender
 * @ops: which it is
 * @window: segments that may be under way
 * @threshold: slow start is below it
 * @pacing: segments a second; 0: as many as the window allows
 * @cubic: state of CUBIC
 * @bbr: state of BBR
 */
struct mwb_congestion {
	const struct mwb_congestion_ops *ops;
	double window;
	double threshold;
	double pacing;
	union {
		struct mwb_cubic cubic;
		struct mwb_bbr bbr;
	};
};

/**
 * struct mwb_sample - what an ACK has told
 * @now: present time, ns
 * @acked: segments that it newly says have arrived
 * @pipe: segments under way
 * @rtt: of the latest of them, ns; 0: none
 * @srtt: smoothed, ns
 * @bandwidth: segments a second; 0: none
 * @limited: by what there was to send, not by the network
 * @full: the window was in use
 * @round: number of round trips so far
 * @new_round: a round trip has just ended
 * @recovery: losses are being repaired
 */
struct mwb_sample {
	u64 now;
	u32 acked;
	u32 pipe;
	u64 rtt;
	u64 srtt;
	double bandwidth;
	bool limited;
	bool full;
	u32 round;
	bool new_round;
	bool recovery;
};

/**
 * struct mwb_congestion_ops - a congestion control
 * @init: a flow begins
 * @acked: an ACK has arrived
 * @lost: recovery begins
 * @timeout: all that was under way counts as lost
 */
struct mwb_congestion_ops {
	void (*init)(struct mwb_congestion *cc, u64 now);
	void (*acked)(struct mwb_congestion *cc, const struct mwb_sample *rs);
	void (*lost)(struct mwb_congestion *cc, const struct mwb_sample *rs);
	void (*timeout)(struct mwb_congestion *cc);
};

extern const struct mwb_congestion_ops mwb_cubic_ops;
extern const struct mwb_congestion_ops mwb_bbr_ops;

#endif /* _MWBOND_SIM_CONGESTION_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One-way delays as the receiver sees them, with clocks that nobody sets.
 *
 * All that is known of a packet is its arrival, in our clock, and its
 * timestamp, in the peer's. The difference is the delay plus a constant, and
 * the constant drifts. What can be told:
 *  - base: a path's least difference of the last minute, above that of the
 *    path that is the fastest;
 *  - queue: how far the least difference of the last packets is above it;
 *  - jitter: how far the differences of few packets lie apart;
 *  - offset: the fastest path's least difference, so that timestamp + offset
 *    is when the packet would have arrived on an empty fastest path.
 *
 * Drift is one number for all paths. Each path keeps the minima of up to
 * MWB_DELAY_POINTS windows, short ones at first, which are merged by pairs as
 * they get more, up to about five minutes. Their slope is a repeated median
 * (Siegel, 1982), which a step in less than half of the points leaves alone. A
 * slope is as uncertain as the points are far from their line: queues and
 * route changes in the windows make it so, as they bend the line, and half a
 * millisecond over the time of the points is doubted in any case. On a path that
 * the peer fills much more is: whoever keeps the queue short by this very measure
 * keeps a wrong drift, too, as the queue then grows just as the base does. The
 * peer sees the same drift from the other side, mostly of paths that are not
 * filled; so what each has measured is told to the other (mwb_clock_peer()).
 * Only a slope that is more certain than what is known already changes the
 * drift, and by no more than the drift was uncertain; except in the first half
 * minute, when a queue that rises steadily may have been taken for drift. A
 * queue that stands for the whole window becomes part of the base.
 *
 * What a peer's timestamps can do: a difference more than
 * MWB_DELAY_FALL below the path's base, or more than MWB_DELAY_RISE above, is
 * put aside. Three in a row that agree within MWB_DELAY_AGREE start the path
 * anew, as do the first three of a path. A lone absurd timestamp therefore does
 * nothing, three of them move the base until three sound ones come, and one
 * that is wrong by less than MWB_DELAY_FALL moves it for the window.
 */
#ifndef _MWBOND_CORE_DELAY_H
#define _MWBOND_CORE_DELAY_H

#include <linux/types.h>

enum {
	MWB_DELAY_LOWS = 8,	/* windows that make up the base's minute */
	MWB_DELAY_POINTS = 20,	/* windows that make up the slope */
};

#define MWB_DELAY_FALL	250000000ULL	/* ns */
#define MWB_DELAY_RISE	60000000000ULL	/* ns */
#define MWB_DELAY_AGREE	1000000000ULL	/* ns */

/* The largest drift that is believed, parts per billion. */
#define MWB_CLOCK_DRIFT_MAX 300000

/* Nothing that is less certain is told, parts per billion. */
#define MWB_CLOCK_ERROR_MAX 400000

/**
 * struct mwb_delay_low - the least difference of a window
 * @diff: arrival - timestamp - mwb_delay.ref, ns
 * @at: when that packet arrived, ns
 */
struct mwb_delay_low {
	s64 diff;
	u64 at;
};

/**
 * struct mwb_delay - delays of one path
 * @known: @base holds: at least three packets have come since the start, and
 *	one in the last minute; set by mwb_clock_tick() as all down to @jitter
 * @fresh: @queue holds: a packet came before the last tick, after the one
 *	before
 * @base: least delay of the last minute, above the fastest path's, ns; at most
 *	MWB_DELAY_RISE
 * @queue: least delay between the last two ticks, above the path's base, ns
 * @jitter: largest but one less least difference of windows of at least 100 ms
 *	and 16 packets, smoothed: up by 1/2, down by 1/16 of the difference; ns
 * @filled: the peer sends as much as the path carries; the owner sets it
 * @started: @ref and what counts from it are set
 * @run: differences in a row that were put aside
 * @odd: the last of them, ns
 * @odd_least: the least of them, ns
 * @bottom: least arrival - timestamp that is not put aside, ns
 * @ref: what differences count from, ns; modulo 2^64, as they are
 * @count: packets since the last tick
 * @spread_count: packets in the jitter's window
 * @least: of the packets since the last tick
 * @spread_least: least difference in the jitter's window, ns
 * @spread_most: largest difference in it, ns
 * @spread_next: largest but one in it, ns
 * @spread_since: when it began, ns
 * @low_since: when the present window of @low began, ns
 * @low_head: index of it
 * @low_valid: bit i: there is a packet in window i of @low
 * @low: least differences of the last minute
 * @point_open: the present window of @point has a packet
 * @nr_points: windows in @point that are complete; the present one follows
 * @point_width: length of these windows, ns
 * @point_since: when the present one began, ns
 * @point_filled: bit i: the path was filled in window i of @point
 * @point: least differences for the slope, by time
 * @slope_known: @slope holds
 * @slope: drift of the peer's clock as this path has it, parts per billion
 * @slope_error: how uncertain it is, parts per billion
 *
 * The owner's lock guards it.
 */
struct mwb_delay {
	bool known;
	bool fresh;
	u64 base;
	u64 queue;
	u64 jitter;

	bool filled;
	bool started;
	u32 run;
	u64 odd;
	u64 odd_least;
	u64 bottom;
	u64 ref;
	u32 count;
	u32 spread_count;
	struct mwb_delay_low least;
	s64 spread_least;
	s64 spread_most;
	s64 spread_next;
	u64 spread_since;

	u64 low_since;
	u32 low_head;
	u32 low_valid;
	struct mwb_delay_low low[MWB_DELAY_LOWS];

	bool point_open;
	u32 nr_points;
	u64 point_width;
	u64 point_since;
	u32 point_filled;
	struct mwb_delay_low point[MWB_DELAY_POINTS + 1];
	bool slope_known;
	s32 slope;
	u32 slope_error;
};

/**
 * struct mwb_clock - the peer's clock
 * @known: @offset holds: a path has been known
 * @offset: least arrival - timestamp of the last minute of all paths, as it is
 *	at the last tick, ns; modulo 2^64: timestamp + offset is in our clock
 * @drift: by how much the peer's clock is faster than ours, parts per billion,
 *	within MWB_CLOCK_DRIFT_MAX
 * @error: how uncertain @drift was when it was set, parts per billion
 * @set: when that was, ns
 * @slope: the drift as our own paths have it, parts per billion; 0 if it is not
 *	known
 * @slope_error: how uncertain that is, parts per billion; 0: it is not known
 * @peer_drift: the last that mwb_clock_peer() was told
 * @peer_error: the same
 * @ticked: the last tick, ns
 *
 * The owner's lock guards it.
 */
struct mwb_clock {
	bool known;
	s64 offset;
	s32 drift;
	u32 error;
	u64 set;
	s32 slope;
	u32 slope_error;
	s32 peer_drift;
	u32 peer_error;
	u64 ticked;
};

/* A new path: nothing is known. */
void mwb_delay_init(struct mwb_delay *d);

/**
 * mwb_delay_add() - a packet of the path has arrived
 * @d: path
 * @timestamp: of the packet, in the peer's clock, ns; any value
 * @arrival: in our clock, ns
 *
 * A few compares. The results change with the next mwb_clock_tick().
 */
void mwb_delay_add(struct mwb_delay *d, u64 timestamp, u64 arrival);

/* A new peer: nothing is known, the drift is 0. */
void mwb_clock_init(struct mwb_clock *c);

/**
 * mwb_clock_tick() - see what the packets since the last tick say
 * @c: the peer's clock
 * @path: the session's paths; NULL is none
 * @count: entries of @path
 * @now: present time in our clock, ns
 *
 * To be called every 10 to 50 ms while packets arrive, every second at least.
 * A path without a packet for a minute is unknown again. While no path is
 * known, the offset goes on with the drift.
 */
void mwb_clock_tick(struct mwb_clock *c, struct mwb_delay *const path[],
		    u32 count, u64 now);

/**
 * mwb_clock_peer() - what the peer has measured
 * @c: the peer's clock
 * @drift: of our clock as the peer's paths have it, that is its @slope; parts
 *	per billion, within MWB_CLOCK_DRIFT_MAX
 * @error: how uncertain that is, parts per billion, up to MWB_CLOCK_ERROR_MAX;
 *	0: it is not known
 * @now: present time in our clock, ns
 *
 * What has been told already counts once.
 */
void mwb_clock_peer(struct mwb_clock *c, s32 drift, u32 error, u64 now);

#endif /* _MWBOND_CORE_DELAY_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How large the packets of a path may be: what its route allows, as long as
 * packets of that size arrive. Where they do not, though no router says so, the
 * largest that does is searched for, by probes that the peer answers (RFC 8899).
 * A size is that of the payload, bytes.
 */
#ifndef _MWBOND_CORE_PMTU_H
#define _MWBOND_CORE_PMTU_H

#include <linux/types.h>

enum {
	/* Of an IPv6 path with the least MTU; tried first when a search begins */
	MWB_PMTU_BASE = 1168,
	/* Of an IPv4 path with the least MTU that hosts must take, 576 */
	MWB_PMTU_LEAST = 484,
	/* A search ends when it has come as close as this. */
	MWB_PMTU_STEP = 8,
	/* Probes of the present size, lost in a row, that mean a black hole */
	MWB_PMTU_HOLE = 4,
	/* Probes of each size in a search, sent together */
	MWB_PMTU_COPIES = 2,
};

/**
 * struct mwb_pmtu - of one path
 * @max: what the route allows; 0 until it is known
 * @size: what may be sent
 * @searching: @size is not the last word
 * @confirmed: @size has arrived, at least once
 * @low: the largest size that is known to arrive, of the search
 * @high: the least size that is known not to, of the search
 * @probe: size of the probe under way, 0 for none
 * @copies: of @probe that are still to be sent
 * @lost: probes of @size that were lost in a row
 * @settled: when the last search ended, ns
 * @wait: from then until a larger size is tried again, ns
 * @sent: when the last probe was sent, ns
 *
 * The owner's lock guards it; all zero at first.
 */
struct mwb_pmtu {
	u32 max;
	u32 size;
	bool searching;
	bool confirmed;
	u32 low;
	u32 high;
	u32 probe;
	u32 copies;
	u32 lost;
	u64 settled;
	u64 wait;
	u64 sent;
};

/* The path leads elsewhere: what is known of it is void, but for @p->max. */
void mwb_pmtu_restart(struct mwb_pmtu *p);

/**
 * mwb_pmtu_set_max() - the route allows another size
 * @p: path
 * @max: the size
 *
 * The first one is taken on trust, as is less than before; more is tried first.
 */
void mwb_pmtu_set_max(struct mwb_pmtu *p, u32 max);

/**
 * mwb_pmtu_next() - is a probe due?
 * @p: path
 * @interval: in which it is tried whether @p->size still arrives, ns; once it is
 *	found that it may not, and in a search, each probe follows the last
 * @timeout: time after which a probe is lost, ns
 * @alive: when the last small packet was sent that was answered, ns: without one
 *	that was sent after the probe, this was not lost for its size
 * @now: present time, ns
 *
 * To be called again until it gives 0. What is found larger than the path takes
 * is tried again after 2 s, and ever later up to a minute.
 *
 * Return: size of the probe to be sent now, or 0
 */
u32 mwb_pmtu_next(struct mwb_pmtu *p, u64 interval, u64 timeout, u64 alive,
		  u64 now);

/* A probe of this size was answered. Return: whether it was one of ours */
bool mwb_pmtu_answer(struct mwb_pmtu *p, u32 size, u64 now);

#endif /* _MWBOND_CORE_PMTU_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whom to suspect when Acks do not say what they should: a path by which what
 * is sent does not arrive, or the path by which the Acks themselves came.
 *
 * While data arrives, the peer reports every 10 to 50 ms, and says how often, on
 * all paths in one Ack. If
 * Acks come but none tells more of a path, that path is at fault. If none
 * comes though more than one path should have caused some, the one that brought
 * them is: the other end notices that nothing arrives by it any more, or that we
 * avoid it, and takes another.
 */
#ifndef _MWBOND_CORE_SUSPECT_H
#define _MWBOND_CORE_SUSPECT_H

#include <linux/types.h>

/* Without an Ack for so long, or for three of the intervals that the peer keeps
 * to, one has been lost, and more; ns
 */
#define MWB_SUSPECT_ACKS 30000000ULL

/**
 * struct mwb_suspect_path - what is known of a path that carries data
 * @waiting: when the first packet was sent that no Ack has told of, ns; U64_MAX
 *	if there is none
 * @moved: when an Ack last told of more, ns
 * @rtt: round-trip time, ns
 * @patience: that it deserves, see mwb_health_patience(), ns
 * @rate: bytes/s; 0 if it is not known
 * @suspect: it is already
 */
struct mwb_suspect_path {
	u64 waiting;
	u64 moved;
	u64 rtt;
	u64 patience;
	u64 rate;
	bool suspect;
};

/**
 * struct mwb_suspect - Acks, and who was blamed for their absence
 * @acked: when the last one came, ns
 * @interval: from one to the next, as the peer says, ns
 * @blamed: when a path was last suspected because none came, ns
 */
struct mwb_suspect {
	u64 acked;
	u64 interval;
	u64 blamed;
};

/**
 * mwb_suspect_due() - when too little is known of a path
 * @s: session
 * @path: path
 *
 * A round trip after @path->waiting, or at @path->moved if that is later; after
 * that MWB_SUSPECT_ACKS, two packets at the path's rate and its patience. What
 * waited when another path was blamed for it has as long from then, and for the
 * other end to notice.
 *
 * Return: ns, U64_MAX for never
 */
u64 mwb_suspect_due(const struct mwb_suspect *s,
		    const struct mwb_suspect_path *path);

/**
 * mwb_suspect_judge() - whom to suspect now
 * @s: session
 * @path: the paths that carry data
 * @count: their number
 * @acks: the one that the last Ack came by; @count if it is none of them
 * @now: present time, ns
 * @silent: set if it is for want of Acks
 *
 * The last that is not suspect never is.
 *
 * Return: place in @path, or @count for none
 */
u32 mwb_suspect_judge(struct mwb_suspect *s,
		      const struct mwb_suspect_path *path, u32 count, u32 acks,
		      u64 now, bool *silent);

/**
 * struct mwb_suspect_beacon - what has not come though the peer has sent it
 * @number: of a packet
 * @since: when the peer told of it, ns, peer's clock; 0 if there is none
 *
 * All zero at first, and when the numbers begin anew.
 */
struct mwb_suspect_beacon {
	u64 number;
	u64 since;
};

/**
 * mwb_suspect_beacon() - the peer tells, by another path, what it last sent
 * @b: of the path that it tells of
 * @number: of the last packet sent by that
 * @next: one more than the highest number that has come by it
 * @sent: when the peer told, ns, peer's clock
 * @patience: for which that path may be slower than the other, ns
 *
 * Return: true if nothing has come by the path for that time, though the peer
 * had sent something
 */
bool mwb_suspect_beacon(struct mwb_suspect_beacon *b, u64 number, u64 next,
			u64 sent, u64 patience);

#endif /* _MWBOND_CORE_SUSPECT_H */

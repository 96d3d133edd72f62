/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which packets of a path have arrived, by what the peer reports, and which are
 * lost: known lost is what the peer lacks though it has one three numbers
 * higher and the jitter of the path has passed since that was known, or one
 * that was sent later by the jitter and 10 ms (RFC 9002, 6.1); or what was sent
 * so long ago that it would have been reported.
 */
#ifndef _MWBOND_CORE_LOSS_H
#define _MWBOND_CORE_LOSS_H

#include <linux/types.h>

enum {
	MWB_LOSS_SLOTS_MIN = 256,
	MWB_LOSS_SLOTS_MAX = 16384,
	MWB_LOSS_WORDS = 16,		/* of a report's bitmap, at the most */
};

/**
 * struct mwb_loss_slot - a packet that was sent
 * @sent: when, ns
 * @missed: when it was first missed, ns; 0 if it is not
 * @owner: the caller's; NULL for one that is not to be repaired
 * @len: bytes
 * @open: neither reported nor lost
 */
struct mwb_loss_slot {
	u64 sent;
	u64 missed;
	void *owner;
	u32 len;
	bool open;
};

/**
 * struct mwb_loss - packets of one path that are under way
 * @first: number of the oldest that may be open
 * @next: number of the next to be sent
 * @highest: 1 + the highest number reported; 0 for none
 * @moved: when @highest last rose, ns
 * @bytes: under way
 * @lost: packets that were lost
 * @runs: of packets lost in a row
 * @last: 1 + number of the last of them
 * @size: entries of @slot, a power of two
 * @slot: by number; the caller's memory
 *
 * The owner's lock guards it.
 */
struct mwb_loss {
	u64 first;
	u64 next;
	u64 highest;
	u64 moved;
	u64 bytes;
	u64 lost;
	u64 runs;
	u64 last;
	u32 size;
	struct mwb_loss_slot *slot;
};

/* @slot: @size entries, a power of two, all zero. */
void mwb_loss_init(struct mwb_loss *l, struct mwb_loss_slot *slot, u32 size);

/* Move to more memory, all zero; the former is not used any more. */
void mwb_loss_grow(struct mwb_loss *l, struct mwb_loss_slot *slot, u32 size);

static inline bool mwb_loss_is_full(const struct mwb_loss *l)
{
	return l->next - l->first >= l->size;
}

/**
 * mwb_loss_send() - a packet is sent
 * @l: path, not full
 * @len: its bytes
 * @owner: see struct mwb_loss_slot
 * @now: present time, ns
 *
 * Return: its number
 */
u64 mwb_loss_send(struct mwb_loss *l, u32 len, void *owner, u64 now);

/**
 * typedef mwb_loss_settled - what became of a packet
 * @context: the caller's
 * @owner: of the packet, not NULL
 * @lost: lost, else it has arrived or nobody knows
 */
typedef void mwb_loss_settled(void *context, void *owner, bool lost);

/**
 * mwb_loss_report() - the peer has reported
 * @l: path
 * @highest: full number of the highest packet that it has; has been sent
 * @bitmap: bit b of word i, the most significant being 0: it has packet
 *	@highest - 1 - (64 i + b)
 * @words: of @bitmap
 * @wait: for which one that is missing may just be late, ns
 * @now: present time, ns
 * @settled: called for each packet that is settled
 * @context: for @settled
 *
 * Packets that the bitmap does not reach back to are settled, too, unless an
 * earlier report lacked them: nobody knows, and those that have them need no
 * second ones.
 *
 * Return: bytes that were lost
 */
u64 mwb_loss_report(struct mwb_loss *l, u64 highest, const u64 *bitmap,
		    u32 words, u64 wait, u64 now, mwb_loss_settled *settled,
		    void *context);

/* When the first packet with an owner was sent that is not reported and above
 * all that is, ns; U64_MAX if there is none.
 */
u64 mwb_loss_waiting(const struct mwb_loss *l);

/**
 * mwb_loss_expire() - give up what was sent long ago
 * @l: path
 * @before: what was sent earlier is settled, ns; U64_MAX for all
 * @lost: as lost, else as unknown
 * @settled: called for each packet that is settled
 * @context: for @settled
 *
 * Return: bytes that were given up
 */
u64 mwb_loss_expire(struct mwb_loss *l, u64 before, bool lost,
		    mwb_loss_settled *settled, void *context);

/* The oldest packet goes as unknown, so that one more can be sent. */
void mwb_loss_forget_oldest(struct mwb_loss *l, mwb_loss_settled *settled,
			    void *context);

#endif /* _MWBOND_CORE_LOSS_H */

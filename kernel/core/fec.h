/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is decided about FEC blocks: how many parities, on which paths they go,
 * what a code must be like for the losses there are, and the 16 bytes that are
 * coded before each packet. Knows neither packets nor the arithmetic (core/rs).
 */
#ifndef _MWBOND_CORE_FEC_H
#define _MWBOND_CORE_FEC_H

#include <linux/types.h>

enum {
	MWB_FEC_PREFIX = 16,		/* coded before each packet */
	MWB_FEC_HEAD = 4,		/* before the parity in its packet */
	MWB_FEC_OVERHEAD = MWB_FEC_PREFIX + MWB_FEC_HEAD,
	MWB_FEC_PATHS = 16,
	MWB_FEC_ALL = 1000000,		/* parts per million */
	MWB_FEC_BURST = 16,		/* unit of mean lengths of bursts */
	MWB_FEC_AUTO_K = 16,		/* data packets, at the most */
	MWB_FEC_AUTO_M = 16,
};

#define MWB_FEC_AUTO_TIMEOUT	20000000ULL	/* ns */
#define MWB_FEC_TIMEOUT		5000000ULL	/* ns */

/**
 * struct mwb_fec_prefix - what is coded of a packet besides its plaintext
 * @sequence: sequence id
 * @flags: MWB_WIRE_* bits; Duplicate, FEC, key phase and the like left out
 * @hold: as in its header
 * @len: of the plaintext, bytes
 * @type: MWB_WIRE_DATA or _MULTICAST
 * @priority: as in its header
 */
struct mwb_fec_prefix {
	u64 sequence;
	u16 flags;
	u16 hold;
	u16 len;
	u8 type;
	u8 priority;
};

void mwb_fec_build_prefix(u8 *buf, const struct mwb_fec_prefix *prefix);
/* @size: bytes of the shard. Return: 0; -EBADMSG for what no sender has coded */
int mwb_fec_parse_prefix(const u8 *buf, size_t size,
			 struct mwb_fec_prefix *prefix);

/* Before the parity in its packet */
void mwb_fec_build_head(u8 *buf, u32 k, u32 m, u32 len);

/* Parities that are sent of a block of @count packets in place of @k. */
static inline u32 mwb_fec_parities(u32 k, u32 m, u32 count)
{
	return (m * count + k - 1) / k;
}

/**
 * mwb_fec_spread() - where the next parity of a block may go
 * @shards: shards of the block, by path
 * @data: those of them that are data
 * @usable: paths, as bits; not 0
 *
 * Not where most of the data went, if there is another path; there, where the
 * fewest shards are: a code bears that a path loses all that it carries of a block
 * as long as that is no more than the parities.
 *
 * Return: paths, as bits
 */
u16 mwb_fec_spread(const u8 shards[MWB_FEC_PATHS], const u8 data[MWB_FEC_PATHS],
		   u16 usable);

/**
 * struct mwb_fec_pace - keeps block numbers from coming back too soon
 * @since: when the present count began, ns
 * @count: blocks since then
 * @shift: blocks are 2^@shift times as long as configured
 */
struct mwb_fec_pace {
	u64 since;
	u32 count;
	u8 shift;
};

/* A block begins at @now. @k, @m: as configured; as they are to be afterwards */
void mwb_fec_pace(struct mwb_fec_pace *pace, u64 now, u32 *k, u32 *m);

/**
 * struct mwb_fec_loss - losses of a path, averaged
 * @number: packets settled at the last look
 * @lost: of these were lost
 * @runs: these came in so many runs
 * @ppm: share of packets lost, parts per million
 * @burst: mean length of a run, 1/MWB_FEC_BURST packets
 * @sent: packets a second
 * @at: time of the last look, ns
 * @looks: at what was averaged
 */
struct mwb_fec_loss {
	u64 number;
	u64 lost;
	u64 runs;
	u64 at;
	u32 ppm;
	u32 burst;
	u32 sent;
	u32 looks;
};

/**
 * mwb_fec_loss() - look at the counters of a path
 * @loss: what is known
 * @number: packets settled so far
 * @lost: of these were lost
 * @runs: these came in so many runs
 * @now: present time, ns
 *
 * Return: whether anything is new: there must be enough of them
 */
bool mwb_fec_loss(struct mwb_fec_loss *loss, u64 number, u64 lost, u64 runs,
		  u64 now);

/**
 * struct mwb_fec_path - a path, for mwb_fec_choose()
 * @rtt: round-trip time, ns
 * @ppm: see struct mwb_fec_loss
 * @burst: see struct mwb_fec_loss
 * @sent: see struct mwb_fec_loss
 */
struct mwb_fec_path {
	u64 rtt;
	u32 ppm;
	u32 burst;
	u32 sent;
};

/**
 * struct mwb_fec_rule - what is wanted
 * @timeout: blocks are closed after that, ns
 * @limit: parities for each data packet at the most, parts per million
 * @repair: what is lost is sent again
 */
struct mwb_fec_rule {
	u64 timeout;
	u32 limit;
	bool repair;
};

/**
 * mwb_fec_choose() - the code for the losses that there are
 * @rule: what is wanted
 * @path: usable paths
 * @count: their number
 * @on: parities are sent now: that does not cease for a little less loss
 * @k: data packets of a block
 *
 * So many parities that fewer than one in 10,000 blocks loses more than they
 * bear (Poisson-binomial distribution, by the shares of the paths, and losses
 * in runs of the mean length), within the limit; none if less than one in 1000
 * packets is lost, or if what is lost is repaired within 25 ms.
 *
 * Return: parities of a block; 0: no code
 */
u32 mwb_fec_choose(const struct mwb_fec_rule *rule,
		   const struct mwb_fec_path path[], u32 count, bool on,
		   u32 *k);

#endif /* _MWBOND_CORE_FEC_H */

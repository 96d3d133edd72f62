/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Systematic Reed-Solomon code over packets: the code of the kernel's
 * lib/reed_solomon with symbols of 8 bits, the polynomial 0x11d, fcr 0, prim 1
 * and a root for each parity, applied to each byte of the packets. Data
 * packet j is the coefficient of x^(m + j), parity i that of x^(m - 1 - i), so
 * the parities of a block can be summed up as its packets come, however many
 * there will be, and a block may end early.
 *
 * No allocation and no lock: all memory is the caller's.
 */
#ifndef _MWBOND_CORE_RS_H
#define _MWBOND_CORE_RS_H

#include <linux/types.h>

struct mwb_gf256_ops;

enum { MWB_RS_SHARDS = 255 };	/* data and parities of a block, at the most */

/**
 * struct mwb_rs - a code
 * @k: data shards at the most
 * @m: parity shards
 * @matrix: column j, of @m bytes: what data shard j adds to the parities; @k *
 *	@m bytes, the caller's memory
 */
struct mwb_rs {
	u8 k;
	u8 m;
	u8 *matrix;
};

/* Return: 0; -EINVAL if @k or @m is 0 or there are too many of both */
int mwb_rs_init(struct mwb_rs *rs, u32 k, u32 m, u8 *matrix);

/**
 * mwb_rs_add() - sum a data shard up into the first parities of its block
 * @rs: code
 * @ops: variant of the arithmetic
 * @j: index of the data shard
 * @src: its bytes
 * @len: their number; beyond, it is taken as 0
 * @parity: @rows buffers of as many bytes or more, 0 before the first shard
 * @rows: their number
 *
 * Return: 0; -EINVAL if there is no such shard or no such parity
 */
int mwb_rs_add(const struct mwb_rs *rs, const struct mwb_gf256_ops *ops, u32 j,
	       const u8 *src, size_t len, u8 *const *parity, u32 rows);

/**
 * mwb_rs_encode() - all parities of a block at once
 * @rs: code
 * @ops: variant of the arithmetic
 * @data: data shards
 * @count: their number; the block is short if it is less than @rs->k
 * @parity: @rs->m buffers
 * @len: bytes of each shard
 *
 * Return: 0; -EINVAL if @count is 0 or too large
 */
int mwb_rs_encode(const struct mwb_rs *rs, const struct mwb_gf256_ops *ops,
		  const u8 *const *data, u32 count, u8 *const *parity,
		  size_t len);

/**
 * struct mwb_rs_plan - how the missing data of a block follow from what is there
 * @k: data shards of the block; 0 if there is no plan yet
 * @m: parities of the code
 * @missing: number of data shards that are missing
 * @lost: their indices, by rising index
 * @have: indices of the @k shards that are used, the parities last
 * @coef: coefficients, a column of @missing bytes for each of @have; the
 *	caller's memory
 * @size: bytes of it
 */
struct mwb_rs_plan {
	u8 k;
	u8 m;
	u8 missing;
	u8 lost[MWB_RS_SHARDS];
	u8 have[MWB_RS_SHARDS];
	u8 *coef;
	size_t size;
};

/* Bytes of struct mwb_rs_plan.coef that a block needs, the scratch included */
static inline size_t mwb_rs_plan_size(u32 k, u32 missing)
{
	return (size_t)missing * k + (size_t)missing * missing;
}

/**
 * mwb_rs_plan() - find out how to recover a block
 * @plan: where it goes; if it has the plan already, it stays as it is
 * @rs: code, with the m of the block, and at least its k
 * @k: data shards of the block
 * @there: bit i of word i / 64 is 1 if shard i is there; the data first, then
 *	the parities
 *
 * Return: 0, plan->missing may be 0; -EINVAL if @k is 0 or too large; -ENODATA if
 * fewer than @k are there; -ENOSPC if @plan->size is too small
 */
int mwb_rs_plan(struct mwb_rs_plan *plan, const struct mwb_rs *rs, u32 k,
		const u64 there[4]);

/**
 * mwb_rs_recover() - the missing data of a block
 * @plan: of the block
 * @ops: variant of the arithmetic
 * @src: the shards of plan->have
 * @len: bytes of each of them; beyond, they are taken as 0
 * @dst: plan->missing buffers of @size bytes
 * @size: bytes of the longest
 */
void mwb_rs_recover(const struct mwb_rs_plan *plan,
		    const struct mwb_gf256_ops *ops, const u8 *const *src,
		    const u16 *len, u8 *const *dst, size_t size);

#endif /* _MWBOND_CORE_RS_H */

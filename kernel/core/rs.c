// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reed-Solomon code over packets.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "gf256.h"
#include "rs.h"

/*
 * The generator polynomial, of degree @m without its leading 1, the highest
 * coefficient first: the product of x - a^i for i < m, a being 2.
 */
static void mwb_rs_generator(u8 *poly, u32 m)
{
	u8 root = 1;
	u32 i, j;

	memset(poly, 0, m);
	/* Before the loop it is 1; the leading one is not stored. */
	for (i = 0; i < m; i++) {
		u8 before = 1;

		for (j = 0; j <= i; j++) {
			u8 old = j < i ? poly[j] : 0;

			poly[j] = old ^ mwb_gf256_mul(before, root);
			before = old;
		}
		root = mwb_gf256_mul(root, 2);
	}
}

/*
 * Column j is the remainder of x^(m + j), so the first is the generator, and
 * from one to the next is one step of a shift register.
 */
int mwb_rs_init(struct mwb_rs *rs, u32 k, u32 m, u8 *matrix)
{
	u32 i, j;

	if (!k || !m || k >= MWB_RS_SHARDS || m > MWB_RS_SHARDS - k)
		return -EINVAL;
	rs->k = k;
	rs->m = m;
	rs->matrix = matrix;
	mwb_rs_generator(matrix, m);
	for (j = 1; j < k; j++) {
		const u8 *before = matrix + (j - 1) * m;
		u8 *column = matrix + j * m;

		for (i = 0; i < m; i++)
			column[i] = mwb_gf256_mul(before[0], matrix[i]) ^
				    (i + 1 < m ? before[i + 1] : 0);
	}
	return 0;
}

int mwb_rs_add(const struct mwb_rs *rs, const struct mwb_gf256_ops *ops, u32 j,
	       const u8 *src, size_t len, u8 *const *parity, u32 rows)
{
	if (j >= rs->k || rows > rs->m)
		return -EINVAL;
	ops->add(rs->matrix + j * rs->m, rows, src, parity, len);
	return 0;
}

int mwb_rs_encode(const struct mwb_rs *rs, const struct mwb_gf256_ops *ops,
		  const u8 *const *data, u32 count, u8 *const *parity,
		  size_t len)
{
	if (!count || count > rs->k)
		return -EINVAL;
	ops->dot(rs->matrix, rs->m, count, rs->m, data, parity, len);
	return 0;
}

static bool mwb_rs_is_there(const u64 there[4], u32 i)
{
	return there[i / 64] >> (i % 64) & 1;
}

/* Which shards are used: all data that is there, and the first parities.
 * Return: whether that is a change; or -ENODATA
 */
static int mwb_rs_choose(struct mwb_rs_plan *plan, u32 k, u32 m,
			 const u64 there[4])
{
	bool changed = plan->k != k || plan->m != m;
	u32 missing = 0;
	u32 used = 0;
	u32 i;

	for (i = 0; i < k + m && used < k; i++) {
		if (mwb_rs_is_there(there, i)) {
			changed |= plan->have[used] != i;
			plan->have[used++] = i;
		} else if (i < k) {
			plan->lost[missing++] = i;
		}
	}
	plan->k = used < k ? 0 : k;
	plan->m = m;
	plan->missing = missing;
	return used < k ? -ENODATA : changed;
}

/* Row @r of @matrix, of @size columns of @rows bytes, times @factor */
static void mwb_rs_scale(u8 *matrix, u32 rows, u32 size, u32 r, u8 factor)
{
	for (matrix += r; size; size--, matrix += rows)
		*matrix = mwb_gf256_mul(*matrix, factor);
}

/* Row @r plus row @by times @factor */
static void mwb_rs_combine(u8 *matrix, u32 rows, u32 size, u32 r, u32 by,
			   u8 factor)
{
	for (; size; size--, matrix += rows)
		matrix[r] ^= mwb_gf256_mul(matrix[by], factor);
}

/* Solve: @square times the missing = @coef times what is there. As any square
 * part of the generator matrix can be inverted, so can each of its leading
 * parts: no row has to change places.
 */
static void mwb_rs_eliminate(u8 *square, u32 rows, u8 *coef, u32 k)
{
	u32 i, r;

	for (i = 0; i < rows; i++) {
		u8 factor = mwb_gf256_inverse(square[i * rows + i]);

		mwb_rs_scale(square, rows, rows, i, factor);
		mwb_rs_scale(coef, rows, k, i, factor);
		for (r = 0; r < rows; r++) {
			factor = square[i * rows + r];
			if (r == i || !factor)
				continue;
			mwb_rs_combine(square, rows, rows, r, i, factor);
			mwb_rs_combine(coef, rows, k, r, i, factor);
		}
	}
}

int mwb_rs_plan(struct mwb_rs_plan *plan, const struct mwb_rs *rs, u32 k,
		const u64 there[4])
{
	u32 rows, first, i, r;
	u8 *square;
	int err;

	if (!k || k > rs->k)
		return -EINVAL;
	err = mwb_rs_choose(plan, k, rs->m, there);
	if (err <= 0)
		return err;
	rows = plan->missing;
	if (plan->size < mwb_rs_plan_size(k, rows)) {
		plan->k = 0;
		return -ENOSPC;
	}
	square = plan->coef + rows * k;
	first = k - rows;
	for (r = 0; r < rows; r++) {
		u32 parity = plan->have[first + r] - k;

		for (i = 0; i < rows; i++)
			square[i * rows + r] =
				rs->matrix[plan->lost[i] * rs->m + parity];
		for (i = 0; i < first; i++)
			plan->coef[i * rows + r] =
				rs->matrix[plan->have[i] * rs->m + parity];
		for (i = first; i < k; i++)
			plan->coef[i * rows + r] = i - first == r;
	}
	mwb_rs_eliminate(square, rows, plan->coef, k);
	return 0;
}

void mwb_rs_recover(const struct mwb_rs_plan *plan,
		    const struct mwb_gf256_ops *ops, const u8 *const *src,
		    const u16 *len, u8 *const *dst, size_t size)
{
	const u32 rows = plan->missing;
	u32 i;

	for (i = 0; i < plan->k && len[i] == size; i++)
		;
	if (i == plan->k) {
		ops->dot(plan->coef, rows, plan->k, rows, src, dst, size);
		return;
	}
	for (i = 0; i < rows; i++)
		memset(dst[i], 0, size);
	for (i = 0; i < plan->k; i++)
		ops->add(plan->coef + i * rows, rows, src[i], dst,
			 min_t(size_t, len[i], size));
}

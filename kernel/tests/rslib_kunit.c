// SPDX-License-Identifier: GPL-2.0-only
/*
 * That the code is the one of the kernel's lib/reed_solomon: the same parities,
 * and what one has encoded the other recovers.
 */
#include <kunit/test.h>
#include <linux/rslib.h>
#include <linux/slab.h>

#include "../core/gf256.h"
#include "../core/rs.h"
#include "random.h"

enum {
	MWB_TEST_LEN = 3,	/* byte columns of a block */
	MWB_TEST_SHARDS = 96,
	MWB_TEST_M = 32,
};

struct mwb_test_rslib {
	u64 random;
	u8 matrix[254 * 127];
	u8 shard[MWB_TEST_SHARDS][MWB_TEST_LEN];
	u8 *parity[MWB_TEST_M];
	u8 data[MWB_TEST_SHARDS];
	u16 par[MWB_TEST_M];
};

static int mwb_test_init(struct kunit *test)
{
	struct mwb_test_rslib *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	if (!t)
		return -ENOMEM;
	test->priv = t;
	mwb_gf256_init();
	return 0;
}

static void mwb_test_compare(struct kunit *test, u32 k, u32 m)
{
	struct rs_control *control = init_rs(8, 0x11d, 0, 1, m);
	struct mwb_test_rslib *t = test->priv;
	u32 column, i, lost[MWB_TEST_M];
	struct mwb_rs rs;
	int missing[MWB_TEST_M];

	KUNIT_ASSERT_NOT_NULL(test, control);
	KUNIT_ASSERT_EQ(test, mwb_rs_init(&rs, k, m, t->matrix), 0);
	memset(t->shard, 0, sizeof(t->shard));
	for (i = 0; i < m; i++)
		t->parity[i] = t->shard[k + i];
	for (i = 0; i < k; i++) {
		for (column = 0; column < MWB_TEST_LEN; column++)
			t->shard[i][column] = mwb_random(&t->random);
		mwb_rs_add(&rs, &mwb_gf256_portable, i, t->shard[i],
			   MWB_TEST_LEN, t->parity, m);
	}
	/* All that can be lost of the data, from a random place on */
	for (i = 0; i < min(k, m); i++)
		lost[i] = (mwb_random(&t->random) % k + i) % k;
	for (column = 0; column < MWB_TEST_LEN; column++) {
		u32 count = 0;

		/* It has the highest power first. */
		for (i = 0; i < k; i++)
			t->data[k - 1 - i] = t->shard[i][column];
		memset(t->par, 0, sizeof(t->par));
		encode_rs8(control, t->data, k, t->par, 0);
		for (i = 0; i < m; i++)
			KUNIT_ASSERT_EQ(test, t->par[i], t->parity[i][column]);
		for (i = 0; i < min(k, m); i++) {
			u32 at = k - 1 - lost[i];
			u32 j;

			for (j = 0; j < count && missing[j] != at; j++)
				;
			if (j < count)
				continue;
			missing[count++] = at;
			t->data[at] ^= 0x5a;
		}
		KUNIT_ASSERT_TRUE(test, decode_rs8(control, t->data, t->par, k,
						   NULL, count, missing, 0,
						   NULL) >= 0);
		for (i = 0; i < k; i++)
			KUNIT_ASSERT_EQ(test, t->data[k - 1 - i],
					t->shard[i][column]);
	}
	free_rs(control);
}

static void mwb_test_small(struct kunit *test)
{
	u32 k, m;

	for (k = 1; k <= 12; k++)
		for (m = 1; m <= 8; m++)
			mwb_test_compare(test, k, m);
}

static void mwb_test_large(struct kunit *test)
{
	mwb_test_compare(test, 32, 16);
	mwb_test_compare(test, 64, 32);
	mwb_test_compare(test, 20, 6);
}

static struct kunit_case mwb_test_cases[] = {
	KUNIT_CASE(mwb_test_small),
	KUNIT_CASE(mwb_test_large),
	{}
};

static struct kunit_suite mwb_test_suite = {
	.name = "mwbond-rslib",
	.init = mwb_test_init,
	.test_cases = mwb_test_cases,
};

kunit_test_suite(mwb_test_suite);

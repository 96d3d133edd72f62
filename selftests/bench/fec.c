// SPDX-License-Identifier: GPL-2.0-only
/*
 * How fast the Reed-Solomon code is: each variant of core/gf256 beside
 * lib/reed_solomon and ISA-L, and summing up a packet as it is sent beside
 * sealing it. All are measured in turn, many times over, so that whatever else
 * the machine does strikes all of them; the best of each counts. Status 1 if a
 * target is missed.
 */
#include <isa-l/erasure_code.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <time.h>

#include <linux/rslib.h>

#include "../../kernel/compat/simd.h"
#include "../../kernel/core/rs.h"

/* ISA-L's variants that its headers do not name */
void ec_encode_data_avx512(int len, int k, int rows, unsigned char *tables,
			   unsigned char **data, unsigned char **coding);
/* Since 2.31 ec_init_tables() makes those that the CPU likes best. */
#ifdef ISAL_GFNI
#define TABLES ec_init_tables_base
void ec_init_tables_base(int k, int rows, unsigned char *a,
			 unsigned char *tables);
void ec_encode_data_avx2_gfni(int len, int k, int rows, unsigned char *tables,
			      unsigned char **data, unsigned char **coding);
void ec_encode_data_avx512_gfni(int len, int k, int rows, unsigned char *tables,
				unsigned char **data, unsigned char **coding);
void ec_init_tables_gfni(int k, int rows, unsigned char *a,
			 unsigned char *tables);
#else
#define TABLES ec_init_tables
#endif

enum {
	LEN = 1400,
	SHARDS = 48,
	CODES = 4,
	VARIANTS = 5,
	PEERS = 6,
	ROUNDS = 1500,
	BATCH_NS = 20000,
};

static const struct { u32 k, m; } code[CODES] = {
	{ 4, 2 }, { 8, 4 }, { 10, 3 }, { 32, 16 },
};

typedef void isal_fn(int len, int k, int rows, unsigned char *tables,
		     unsigned char **data, unsigned char **coding);

/**
 * struct peer - a variant of ISA-L
 * @name: for people
 * @run: its code
 * @gfni: its tables are those of GFNI
 * @like: name of ours with the same instructions, or NULL
 */
static const struct peer {
	const char *name;
	isal_fn *run;
	bool gfni;
	const char *like;
} peer[PEERS] = {
	{ "isal-sse", ec_encode_data_sse, false, "ssse3" },
	{ "isal-avx2", ec_encode_data_avx2, false, "avx2" },
	{ "isal-avx512", ec_encode_data_avx512, false, NULL },
#ifdef ISAL_GFNI
	{ "isal-gfni-avx2", ec_encode_data_avx2_gfni, true, "gfni-avx2" },
	{ "isal-gfni-avx512", ec_encode_data_avx512_gfni, true, "gfni-avx512" },
#endif
};

static const char *const peer_needs[PEERS] = {
	"ssse3", "avx2", "avx512", "gfni-avx2", "gfni-avx512",
};

/* Best times, ns: by code, and encode or decode */
static double ours[CODES][2][VARIANTS], isal[CODES][2][PEERS];
static double rslib[CODES][2];
static double packet[VARIANTS], seal = 1e18;

static const struct mwb_gf256_ops *variant[VARIANTS];
static u32 variants;

static u8 shard[SHARDS][LEN] __aligned(64), out[SHARDS][LEN] __aligned(64);
static u8 matrix[CODES][SHARDS * SHARDS] __aligned(64);
static u8 coef[CODES][2 * SHARDS * SHARDS] __aligned(64);
static u8 isal_tables[CODES][2][SHARDS * SHARDS * 32];
static u8 gfni_tables[CODES][2][SHARDS * SHARDS * 32];
static struct mwb_rs rs[CODES];
static struct mwb_rs_plan plan[CODES];
static struct rs_control *control[CODES];
static u8 *data[SHARDS], *result[SHARDS];
static EVP_CIPHER_CTX *cipher;

/* Sinks, so that all is computed */
static u8 column[SHARDS];
static u16 parity[SHARDS];

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

/* Run @what often enough for the clock, and keep the best time of one. */
#define BEST(where, what) do {				\
	double start = now(), took, *best = &(where);	\
	int times = 0;					\
							\
	do {						\
		what;					\
		times++;				\
		took = now() - start;			\
	} while (took < BATCH_NS);			\
	if (took / times < *best)			\
		*best = took / times;			\
} while (0)

/* As the library has it: byte columns, which are no more than LEN / 10 here. */
static void rslib_encode(u32 c)
{
	u32 i, j;

	for (i = 0; i < LEN / 10; i++) {
		for (j = 0; j < code[c].k; j++)
			column[j] = shard[j][i];
		memset(parity, 0, sizeof(parity));
		encode_rs8(control[c], column, code[c].k, parity, 0);
		for (j = 0; j < code[c].m; j++)
			out[j][i] = parity[j];
	}
}

static void rslib_decode(u32 c)
{
	int lost[SHARDS];
	u32 i, j;

	for (i = 0; i < LEN / 10; i++) {
		for (j = 0; j < code[c].k; j++)
			column[j] = shard[j][i];
		memset(parity, 0, sizeof(parity));
		for (j = 0; j < code[c].m; j++) {
			lost[j] = j;
			column[j] = 0;
		}
		decode_rs8(control[c], column, parity, code[c].k, NULL,
			   code[c].m, lost, 0, NULL);
		for (j = 0; j < code[c].m; j++)
			out[j][i] = column[j];
	}
}

static void seal_packet(void)
{
	u8 nonce[12] = { 1 };
	int len;

	EVP_EncryptInit_ex(cipher, NULL, NULL, NULL, nonce);
	EVP_EncryptUpdate(cipher, NULL, &len, shard[1], 48);
	EVP_EncryptUpdate(cipher, out[0], &len, shard[0], LEN);
	EVP_EncryptFinal_ex(cipher, out[0] + len, &len);
	EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, 16, out[1]);
}

static bool has(const char *name)
{
	u32 i;

	if (!strcmp(name, "avx512"))
		return __builtin_cpu_supports("avx512bw");
	for (i = 0; i < variants; i++)
		if (!strcmp(variant[i]->name, name))
			return true;
	return false;
}

static void prepare(void)
{
	static const u8 key[32] = { 7 };
	u64 there[4];
	u32 c, i, j, d;

	mwb_gf256_init();
	variant[variants++] = &mwb_gf256_portable;
	variants += mwb_compat_simd(variant + variants);
	for (i = 0; i < SHARDS; i++) {
		data[i] = shard[i];
		result[i] = out[i];
		for (j = 0; j < LEN; j++)
			shard[i][j] = i * 37 + j * 11 + (j >> 3);
	}
	for (c = 0; c < CODES; c++) {
		u32 k = code[c].k, m = code[c].m;
		u8 rows[2][SHARDS * SHARDS];

		mwb_rs_init(&rs[c], k, m, matrix[c]);
		plan[c].coef = coef[c];
		plan[c].size = sizeof(coef[c]);
		there[0] = ((1ULL << (k + m)) - 1) & ~((1ULL << m) - 1);
		mwb_rs_plan(&plan[c], &rs[c], k, there);
		control[c] = init_rs(8, 0x11d, 0, 1, m);
		for (i = 0; i < m; i++)
			for (j = 0; j < k; j++) {
				rows[0][i * k + j] = matrix[c][j * m + i];
				rows[1][i * k + j] = coef[c][j * m + i];
			}
		for (d = 0; d < 2; d++) {
			TABLES(k, m, rows[d], isal_tables[c][d]);
#ifdef ISAL_GFNI
			ec_init_tables_gfni(k, m, rows[d], gfni_tables[c][d]);
#endif
		}
	}
	cipher = EVP_CIPHER_CTX_new();
	EVP_EncryptInit_ex(cipher, EVP_chacha20_poly1305(), NULL, key, NULL);
}

static void measure(void)
{
	u8 *two[] = { out[0], out[1] };
	u32 c, d, i;

	for (c = 0; c < CODES; c++) {
		const u32 k = code[c].k, m = code[c].m;

		for (d = 0; d < 2; d++) {
			const u8 *by = d ? coef[c] : matrix[c];

			for (i = 0; i < variants; i++)
				BEST(ours[c][d][i],
				     variant[i]->dot(by, m, k, m,
						     (const u8 *const *)data,
						     result, LEN));
			for (i = 0; i < PEERS && peer[i].name; i++)
				if (has(peer_needs[i]))
					BEST(isal[c][d][i],
					     peer[i].run(LEN, k, m,
							 peer[i].gfni ?
							 gfni_tables[c][d] :
							 isal_tables[c][d],
							 data, result));
		}
		BEST(rslib[c][0], rslib_encode(c));
		BEST(rslib[c][1], rslib_decode(c));
	}
	for (i = 0; i < variants; i++)
		BEST(packet[i], variant[i]->add(matrix[0], 2, shard[0], two,
						LEN));
	BEST(seal, seal_packet());
}

static double rate(u32 c, double ns)
{
	return ns < 1e17 ? code[c].k * LEN * 1e3 / ns : 0;
}

static void row(const char *name, double (*time)(u32 c, u32 d, u32 i), u32 i)
{
	u32 c;

	printf("%-22s", name);
	for (c = 0; c < CODES; c++)
		printf("%9.0f /%7.0f", rate(c, time(c, 0, i)),
		       rate(c, time(c, 1, i)));
	printf("\n");
}

static double time_rslib(u32 c, u32 d, u32 i)
{
	(void)i;
	return rslib[c][d] * 10;
}

static double time_ours(u32 c, u32 d, u32 i)
{
	return ours[c][d][i];
}

static double time_isal(u32 c, u32 d, u32 i)
{
	return isal[c][d][i];
}

static int target(const char *what, double value, double limit, bool least)
{
	bool met = least ? value >= limit : value <= limit;

	printf("%s %-58s %8.3f (%s %g)\n", met ? "ok    " : "missed", what,
	       value, least ? ">=" : "<=", limit);
	return !met;
}

static int targets(void)
{
	int missed = 0;
	char what[80];
	u32 c, d, i, p;

	for (p = 0; p < PEERS && peer[p].name; p++)
		for (i = 0; i < variants; i++) {
			if (!peer[p].like ||
			    strcmp(peer[p].like, variant[i]->name))
				continue;
			for (c = 0; c < CODES; c++)
				for (d = 0; d < 2; d++) {
					snprintf(what, sizeof(what),
						 "%s / %s, %u+%u %s",
						 variant[i]->name, peer[p].name,
						 code[c].k, code[c].m,
						 d ? "decode" : "encode");
					missed += target(what, isal[c][d][p] /
							 ours[c][d][i], 0.95,
							 true);
				}
		}
	for (i = 0; i < variants; i++) {
		if (!strcmp(variant[i]->name, "avx2"))
			missed += target("avx2 / lib/reed_solomon, 4+2 encode",
					 time_rslib(0, 0, 0) / ours[0][0][i],
					 300, true);
		if (!strcmp(variant[i]->name, "avx2") ||
		    !strncmp(variant[i]->name, "gfni", 4)) {
			snprintf(what, sizeof(what),
				 "%s, a packet at 4+2 / sealing it",
				 variant[i]->name);
			missed += target(what, packet[i] / seal, 0.1, false);
		}
	}
	return missed;
}

int main(void)
{
	u32 c, d, i, round;

	prepare();
	for (c = 0; c < CODES; c++)
		for (d = 0; d < 2; d++) {
			rslib[c][d] = 1e18;
			for (i = 0; i < VARIANTS; i++)
				ours[c][d][i] = 1e18;
			for (i = 0; i < PEERS; i++)
				isal[c][d][i] = 1e18;
		}
	for (i = 0; i < VARIANTS; i++)
		packet[i] = 1e18;
	for (round = 0; round < ROUNDS; round++)
		measure();

	printf("MB/s of data, encode / decode of all that can be lost, %d bytes a packet\n%-22s",
	       LEN, "");
	for (c = 0; c < CODES; c++)
		printf("%13u+%-4u", code[c].k, code[c].m);
	printf("\n");
	row("lib/reed_solomon", time_rslib, 0);
	for (i = 0; i < variants; i++)
		row(variant[i]->name, time_ours, i);
	for (i = 0; i < PEERS && peer[i].name; i++)
		row(peer[i].name, time_isal, i);
	printf("\nns a packet as it is sent, 4+2:");
	for (i = 0; i < variants; i++)
		printf(" %s %.0f", variant[i]->name, packet[i]);
	printf("; ChaCha20-Poly1305 %.0f\n\n", seal);
	return targets() ? 1 : 0;
}

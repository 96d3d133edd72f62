/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for KUnit in user space: turns a suite into a program that prints
 * KTAP and fails with status 1.
 */
#ifndef _SHIM_KUNIT_TEST_H
#define _SHIM_KUNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/types.h>

/* Allocations of a test are in a list, each with this before it. */
struct kunit_block {
	struct kunit_block *next;
	max_align_t data[];
};

struct kunit {
	const char *name;
	void *priv;
	struct kunit_block *blocks;
	jmp_buf abort;
	bool failed;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};

struct kunit_suite {
	const char *name;
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
};

#define KUNIT_CASE(function) { .run_case = function, .name = #function }

static inline void *kunit_kzalloc(struct kunit *test, size_t size, int gfp)
{
	struct kunit_block *block = calloc(1, sizeof(*block) + size);

	(void)gfp;
	if (!block)
		abort();
	block->next = test->blocks;
	test->blocks = block;
	return block->data;
}

__printf(5, 6)
static inline void kunit_shim_fail(struct kunit *test, const char *file,
				   int line, const char *what, const char *fmt,
				   ...)
{
	va_list args;

	test->failed = true;
	printf("# %s: %s:%d: expected %s", test->name, file, line, what);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

#define KUNIT_SHIM_BINARY(test, left, op, right, fatal, ...)		\
do {									\
	typeof(left) _shim_left = (left);				\
	typeof(right) _shim_right = (right);				\
									\
	if (!(_shim_left op _shim_right)) {				\
		kunit_shim_fail(test, __FILE__, __LINE__,		\
				#left " " #op " " #right, " " __VA_ARGS__); \
		printf("#   left %lld, right %lld\n",			\
		       (long long)_shim_left, (long long)_shim_right);	\
		if (fatal)						\
			longjmp((test)->abort, 1);			\
	}								\
} while (0)

#define KUNIT_SHIM_TRUE(test, condition, fatal, ...)			\
do {									\
	if (!(condition)) {						\
		kunit_shim_fail(test, __FILE__, __LINE__, #condition,	\
				" " __VA_ARGS__);			\
		if (fatal)						\
			longjmp((test)->abort, 1);			\
	}								\
} while (0)

#define KUNIT_EXPECT_EQ(test, l, r) KUNIT_SHIM_BINARY(test, l, ==, r, false)
#define KUNIT_EXPECT_NE(test, l, r) KUNIT_SHIM_BINARY(test, l, !=, r, false)
#define KUNIT_EXPECT_LE(test, l, r) KUNIT_SHIM_BINARY(test, l, <=, r, false)
#define KUNIT_EXPECT_LT(test, l, r) KUNIT_SHIM_BINARY(test, l, <, r, false)
#define KUNIT_EXPECT_GE(test, l, r) KUNIT_SHIM_BINARY(test, l, >=, r, false)
#define KUNIT_EXPECT_GT(test, l, r) KUNIT_SHIM_BINARY(test, l, >, r, false)
#define KUNIT_ASSERT_EQ(test, l, r) KUNIT_SHIM_BINARY(test, l, ==, r, true)
#define KUNIT_ASSERT_LE(test, l, r) KUNIT_SHIM_BINARY(test, l, <=, r, true)
#define KUNIT_ASSERT_LT(test, l, r) KUNIT_SHIM_BINARY(test, l, <, r, true)
#define KUNIT_EXPECT_PTR_EQ(test, l, r) KUNIT_SHIM_BINARY(test, l, ==, r, false)
#define KUNIT_ASSERT_PTR_EQ(test, l, r) KUNIT_SHIM_BINARY(test, l, ==, r, true)
#define KUNIT_EXPECT_EQ_MSG(test, l, r, ...) \
	KUNIT_SHIM_BINARY(test, l, ==, r, false, __VA_ARGS__)
#define KUNIT_EXPECT_LE_MSG(test, l, r, ...) \
	KUNIT_SHIM_BINARY(test, l, <=, r, false, __VA_ARGS__)
#define KUNIT_EXPECT_GE_MSG(test, l, r, ...) \
	KUNIT_SHIM_BINARY(test, l, >=, r, false, __VA_ARGS__)
#define KUNIT_ASSERT_EQ_MSG(test, l, r, ...) \
	KUNIT_SHIM_BINARY(test, l, ==, r, true, __VA_ARGS__)
#define KUNIT_ASSERT_LE_MSG(test, l, r, ...) \
	KUNIT_SHIM_BINARY(test, l, <=, r, true, __VA_ARGS__)

#define KUNIT_EXPECT_TRUE(test, c) KUNIT_SHIM_TRUE(test, c, false)
#define KUNIT_EXPECT_FALSE(test, c) KUNIT_SHIM_TRUE(test, !(c), false)
#define KUNIT_ASSERT_TRUE(test, c) KUNIT_SHIM_TRUE(test, c, true)
#define KUNIT_ASSERT_FALSE(test, c) KUNIT_SHIM_TRUE(test, !(c), true)
#define KUNIT_EXPECT_TRUE_MSG(test, c, ...) \
	KUNIT_SHIM_TRUE(test, c, false, __VA_ARGS__)
#define KUNIT_ASSERT_TRUE_MSG(test, c, ...) \
	KUNIT_SHIM_TRUE(test, c, true, __VA_ARGS__)
#define KUNIT_ASSERT_NOT_NULL(test, p) KUNIT_SHIM_TRUE(test, p, true)

static inline void kunit_shim_free(struct kunit *test)
{
	struct kunit_block *block;

	while ((block = test->blocks)) {
		test->blocks = block->next;
		free(block);
	}
}

static inline bool kunit_shim_run(struct kunit_suite *suite,
				  struct kunit_case *c)
{
	struct kunit test = { .name = c->name };

	if (suite->init && suite->init(&test)) {
		printf("# %s: init failed\n", c->name);
		kunit_shim_free(&test);
		return false;
	}
	if (!setjmp(test.abort))
		c->run_case(&test);
	if (suite->exit)
		suite->exit(&test);
	kunit_shim_free(&test);
	return !test.failed;
}

static inline int kunit_shim_main(struct kunit_suite *suite)
{
	struct kunit_case *c;
	int failed = 0;
	int count = 0;

	for (c = suite->test_cases; c->run_case; c++)
		count++;
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("KTAP version 1\n# Subtest: %s\n1..%d\n", suite->name, count);
	for (c = suite->test_cases; c->run_case; c++) {
		bool ok = kunit_shim_run(suite, c);

		failed += !ok;
		printf("%sok %d %s\n", ok ? "" : "not ",
		       (int)(c - suite->test_cases) + 1, c->name);
	}
	return failed || !count;
}

#define kunit_test_suite(suite)			\
int main(void)					\
{						\
	return kunit_shim_main(&(suite));	\
}

#endif /* _SHIM_KUNIT_TEST_H */

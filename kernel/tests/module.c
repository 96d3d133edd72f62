// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module that the KUnit suites are linked into.
 */
#include <linux/module.h>

MODULE_DESCRIPTION("KUnit tests of mwbond");
MODULE_LICENSE("GPL");

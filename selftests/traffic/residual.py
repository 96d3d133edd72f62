#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""How many packets a code leaves lost: residual.py K M LOSS PACKETS LOST

LOSS is a share, independent for each shard. Blocks are independent of each other,
the losses within one are not: the interval is that of the number of blocks.
Prints what is expected and the 95 % interval; status 1 if LOST is not within the
99.99 % one, which many runs of a test can be held to.
"""
import math
import sys

k, m = int(sys.argv[1]), int(sys.argv[2])
p, packets, lost = float(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])

# Moments of the data packets that a block loses: x of k, if with y of m they are
# more than m.
mean = square = 0.0
for x in range(1, k + 1):
    for y in range(m + 1):
        if x + y > m:
            chance = math.comb(k, x) * math.comb(m, y) * \
                p ** (x + y) * (1 - p) ** (k + m - x - y)
            mean += chance * x
            square += chance * x * x
blocks = packets / k
expected = blocks * mean
sigma = math.sqrt(blocks * (square - mean * mean))
# A block that is lost loses some m packets: few of them are no normal distribution.
unit = square / mean
low, high = (expected - 1.96 * sigma, expected + 1.96 * sigma + unit)
print(f"expected {expected:.1f}, 95 %: {max(low, 0):.1f} to {high:.1f}, lost {lost}")
sys.exit(not expected - 3.9 * sigma - unit <= lost <= expected + 3.9 * sigma + 2 * unit)

"""Brokerage roles: pairs of neighbours that are not tied themselves, by whose groups they are in (Gould & Fernandez 1989)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphkit.kernels.compiled import Kernel, run_blocks, split_rows
from graphkit.kernels.holes import count_shared
from graphkit.kernels.participation import count_by_group

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

INSIDE, MIXED, SAME_OTHER, TWO_OTHERS = range(4)  # a pair of neighbours, seen from the group of the node between them
BLOCK_ENTRIES = 500_000
MOST_WORKERS = 4  # each holds four counts a node


@Kernel
def _count_closed(first, last, offsets, neighbours, groups, mark, closed):
    """For each tie u-v of which v, in the block, has more neighbours: count those they share, by group."""
    for v in range(first, last):
        start, stop = offsets[v], offsets[v + 1]
        of_v = groups[v]
        if of_v < 0:
            continue
        for k in range(start, stop):
            mark[neighbours[k]] = 1
        for k in range(start, stop):
            u = neighbours[k]
            begin, end = offsets[u], offsets[u + 1]
            of_u = groups[u]
            if of_u < 0 or end - begin > stop - start or (end - begin == stop - start and u > v):
                continue
            with_u = 0
            with_v = 0
            with_none = 0
            for s in range(begin, end):
                w = neighbours[s]
                if mark[w] > 0:
                    of_w = groups[w]
                    if of_w == of_u:
                        with_u += 1
                    elif of_w == of_v:
                        with_v += 1
                    elif of_w >= 0:
                        with_none += 1
            if of_u == of_v:
                closed[4 * u] += with_u
                closed[4 * v] += with_u
                closed[4 * u + 1] += with_none
                closed[4 * v + 1] += with_none
            else:
                closed[4 * u + 1] += with_u
                closed[4 * v + 1] += with_v
                closed[4 * u + 2] += with_v
                closed[4 * v + 2] += with_u
                closed[4 * u + 3] += with_none
                closed[4 * v + 3] += with_none
        for k in range(start, stop):
            mark[neighbours[k]] = 0


def count_open_pairs(offsets: Longs, neighbours: Ints, groups: Ints) -> Longs:
    """Ordered pairs of neighbours that are not tied, all three in known groups: shape (nodes, 4), columns as the constants above.

    All pairs, by the number of ties into each group, less the tied ones, which are triangles: the work is the sum
    over ties of the smaller degree.
    """
    return _all_pairs(offsets, neighbours, groups) - _closed_pairs(offsets, neighbours, groups)


def _closed_pairs(offsets: Longs, neighbours: Ints, groups: Ints) -> Longs:
    n = len(offsets) - 1
    unsigned = neighbours.view(np.uint32)  # an index that cannot be negative needs no check for it

    count_closed = _count_closed.prepare(count_shared(offsets))

    def work(first: int, last: int) -> Longs:
        closed = np.zeros(4 * n, np.int64)
        count_closed(first, last, offsets, unsigned, groups, np.zeros(n, np.int8), closed)
        return closed

    total = np.zeros(4 * n, np.int64)
    for part in run_blocks(work, split_rows(offsets, max(BLOCK_ENTRIES, len(neighbours) // MOST_WORKERS + 1)), workers=None):
        total += part
    return total.reshape(n, 4)


def _all_pairs(offsets: Longs, neighbours: Ints, groups: Ints) -> Longs:
    known, own, squares = count_by_group(offsets, neighbours, groups)
    outside, squares_outside = known - own, squares - own * own
    pairs = np.stack([own * (own - 1), 2 * own * outside, squares_outside - outside, outside**2 - squares_outside], axis=1)
    pairs[groups < 0] = 0
    return pairs

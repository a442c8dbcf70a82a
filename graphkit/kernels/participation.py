"""Ties of each node into each group, summed up; participation and brokerage both rest on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphkit.kernels.compiled import Kernel

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]


@Kernel
def _count(offsets, neighbours, groups, ties_into, known, own, squares):
    for i in range(len(known)):
        for k in range(offsets[i], offsets[i + 1]):
            g = groups[neighbours[k]]
            if g >= 0:
                known[i] += 1
                squares[i] += 2 * ties_into[g] + 1  # (k + 1)**2 - k**2
                ties_into[g] += 1
        if groups[i] >= 0:
            own[i] = ties_into[groups[i]]
        for k in range(offsets[i], offsets[i + 1]):  # reset what was used, so that the cost is the ties
            g = groups[neighbours[k]]
            if g >= 0:
                ties_into[g] = 0


def count_by_group(offsets: Longs, neighbours: Ints, groups: Ints) -> tuple[Longs, Longs, Longs]:
    """Ties of each node into known groups, into its own group, and the sum over groups of the squared number of ties into each."""
    n = len(offsets) - 1
    known, own, squares = (np.zeros(n, np.int64) for _ in range(3))
    count = _count.prepare(2 * len(neighbours))
    count(offsets, neighbours.view(np.uint32), groups, np.zeros(int(groups.max(initial=0)) + 1, np.int64), known, own, squares)
    return known, own, squares


def measure_participation(offsets: Longs, neighbours: Ints, groups: Ints) -> Floats:
    """1 - sum over groups of (ties into it / ties into any)**2; NaN for a node without a tie into a known group."""
    known, _, squares = count_by_group(offsets, neighbours, groups)
    share: Floats = np.divide(squares, known.astype(np.float64) ** 2, out=np.full(len(known), np.nan), where=known > 0)
    return 1 - share

"""Shortest paths that meet a set of nodes: counted from every source, all paths beside those that meet nobody of the set."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphkit.kernels.compiled import Kernel, run_blocks, split_evenly

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

BLOCK_SOURCES = 64


@Kernel
def _pass(first, last, chosen, codes, offsets, targets, distance, paths, clear, queue, total):
    """Add to ``total[0]``, for pairs of nodes not chosen, the share of their shortest paths that meet one chosen; sources from `first` to before `last`.

    A path is clear until it has met somebody chosen. Pairs count whose `codes` are equal and known; where `codes` is empty all do.
    """
    for source in range(first, last):
        if chosen[source]:
            continue
        distance[source] = 0
        paths[source] = 1.0
        clear[source] = 1.0
        queue[0] = source
        reached = 1
        position = 0
        while position < reached:
            v = queue[position]
            position += 1
            ways = 0.0 if chosen[v] else clear[v]
            for k in range(offsets[v], offsets[v + 1]):
                w = targets[k]
                if distance[w] < 0:
                    distance[w] = distance[v] + 1
                    paths[w] = 0.0
                    clear[w] = 0.0
                    queue[reached] = w
                    reached += 1
                if distance[w] == distance[v] + 1:
                    paths[w] += paths[v]
                    clear[w] += ways
        for at in range(reached):
            w = queue[at]
            distance[w] = -1
            if at > 0 and not chosen[w] and (len(codes) == 0 or (codes[w] == codes[source] and codes[w] >= 0)):
                total[0] += 1.0 - clear[w] / paths[w]


def sum_met(offsets: Longs, targets: Ints, chosen: Bools, codes: Ints) -> float:
    """Sum over ordered pairs of others of the share of shortest paths that meet the chosen; work and order of sums follow from the network alone."""
    n = len(chosen)
    run = _pass.prepare(n * (n + len(targets)))

    def work(first: int, last: int) -> float:
        total, queue = np.zeros(1), np.empty(n, np.int32)
        run(first, last, chosen, codes, offsets, targets, np.full(n, -1, np.int32), np.empty(n), np.empty(n), queue, total)
        return float(total[0])

    return sum(run_blocks(work, split_evenly(n, BLOCK_SOURCES)))

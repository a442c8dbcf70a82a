"""Betweenness: shortest paths counted from sources (Brandes 2001), all of them or a sample, twins taken together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphkit.kernels.compiled import Kernel, run_blocks, split_evenly
from graphkit.kernels.twins import collapse_twins

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

BLOCK_SOURCES = 32  # enough work for one call, and fixed, so that sums are added in one order


@Kernel
def _depend(sources, times, offsets, neighbours, sizes, distance, paths, share, dependency, queue, total, squares):
    """Add up, over the sources, how much one node of each class is on their shortest paths, and the squares of it.

    A class stands for `sizes` nodes, a source for `times` sources. A path through a class may take any node of it, so
    there are `sizes` times as many paths beyond; twins of the source are on none. `dependency` goes by position in the
    queue. On the way back `share` is still 0 for what is as near or nearer, and no neighbour is more than a step beyond,
    so a class adds up all of them without asking how far they are.
    """
    for i in range(len(sources)):
        source = sources[i]
        distance[source] = 0
        paths[source] = 1.0
        queue[0] = source
        reached = 1
        position = 0
        while position < reached:
            v = queue[position]
            position += 1
            step = distance[v] + 1
            ways = paths[v]
            if step > 1:
                ways *= sizes[v]
            for k in range(offsets[v], offsets[v + 1]):
                w = neighbours[k]
                if distance[w] < 0:
                    distance[w] = step
                    paths[w] = ways
                    queue[reached] = w
                    reached += 1
                elif distance[w] == step:
                    paths[w] += ways
        last = reached
        while last > 1:
            step = distance[queue[last - 1]]
            first = last
            while distance[queue[first - 1]] == step:
                first -= 1
                w = queue[first]
                onward = 0.0
                for k in range(offsets[w], offsets[w + 1]):
                    onward += share[neighbours[k]]
                dependency[first] = paths[w] * onward
            for position in range(first, last):
                w = queue[position]
                share[w] = sizes[w] * (1.0 + dependency[position]) / paths[w]
                total[w] += times[i] * dependency[position]
                squares[w] += times[i] * dependency[position] * dependency[position]
            last = first
        for position in range(reached):
            v = queue[position]
            distance[v] = -1
            share[v] = 0.0


def sum_dependencies(offsets: Longs, neighbours: Ints, sources: Ints, *, workers: int | None = None) -> tuple[Floats, Floats]:
    """Sum over `sources` of each node's dependency, and of its square; an ordered pair of ends counts once.

    The work is classes of twins among the sources × ties between classes. Blocks of sources are added in their order, so
    the result does not depend on the number of threads.
    """
    twins = collapse_twins(offsets, neighbours)
    n = len(twins.sizes)
    times = np.bincount(twins.of[sources], minlength=n)
    starts = np.flatnonzero(times).astype(np.int32)
    unsigned = twins.neighbours.view(np.uint32)  # an index that cannot be negative needs no check for it
    depend = _depend.prepare(len(starts) * (2 * len(unsigned) + 4 * n))

    def work(first: int, last: int) -> tuple[Floats, Floats]:
        total, squares = np.zeros(n), np.zeros(n)
        scratch = np.full(n, -1, np.int32), np.empty(n), np.zeros(n), np.empty(n), np.empty(n, np.uint32)
        chosen = starts[first:last]
        depend(chosen, times[chosen], twins.offsets, unsigned, twins.sizes, *scratch, total, squares)
        return total, squares

    total, squares = np.zeros(n), np.zeros(n)
    for part, part_squares in run_blocks(work, split_evenly(len(starts), BLOCK_SOURCES), workers=workers):
        total += part
        squares += part_squares
    return total[twins.of], squares[twins.of]

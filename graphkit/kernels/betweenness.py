"""Betweenness: shortest paths counted from sources (Brandes 2001), all of them or a sample, equal positions folded into one.

Nodes that have the same contacts and know each other stand on no shortest path between others together, and
each of them on as many as the next: one of them is counted, with its multiplicity (Sariyüce et al. 2013).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphkit.kernels.compiled import compiled, run_blocks, split_evenly
from graphkit.kernels.cutpoints import search_depth_first

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

BLOCK_SOURCES = 32  # enough work for one call, and fixed, so that sums are added in one order
_MARKS = 2  # random marks of 64 bits a node: two different sets of contacts agree in both once in 10**38


@dataclass(frozen=True, eq=False)
class Positions:
    """A network whose nodes of equal contacts are one: `of` gives the position of each node, `sizes` how many nodes are in it."""

    of: Ints
    sizes: Longs
    offsets: Longs
    neighbours: Ints

    @property
    def tied(self) -> Ints:
        """Positions whose nodes have ties, to others or among themselves."""
        return np.flatnonzero((np.diff(self.offsets) > 0) | (self.sizes > 1)).astype(np.int32)


def fold_positions(offsets: Longs, neighbours: Ints) -> Positions:
    """Fold nodes of equal contacts, tied to each other, into one position each, in the order of their first nodes.

    Each node gets random marks; the marks of a node and its neighbours are added up, and equal sums mean equal contacts.
    """
    n = len(offsets) - 1
    rng = np.random.default_rng(0)  # any marks give the same folding
    keys = np.empty((_MARKS, n), np.uint64)
    for row in keys:
        marks = rng.integers(0, 2**64, n, np.uint64)
        upto = np.concatenate([np.zeros(1, np.uint64), np.cumsum(marks[neighbours])])  # wraps around, and so does the difference
        row[:] = upto[offsets[1:]] - upto[offsets[:-1]] + marks
    order = np.lexsort((*keys,))  # stable: the first node of a position comes first
    leads = np.concatenate([[True], (keys[:, order[1:]] != keys[:, order[:-1]]).any(axis=0)]) if n else np.empty(0, np.bool_)
    first = np.empty(n, np.int64)
    first[order] = np.repeat(order[leads], np.diff(np.flatnonzero(leads), append=n))
    is_first = first == np.arange(n)
    number = np.cumsum(is_first) - 1
    of = number[first].astype(np.int32)
    kept = is_first[neighbours] & np.repeat(is_first, np.diff(offsets))
    upto = np.concatenate([[0], np.cumsum(kept)])
    rows = np.flatnonzero(is_first)
    folded = np.concatenate([[0], np.cumsum(upto[offsets[rows + 1]] - upto[offsets[rows]])])
    return Positions(of, np.bincount(of, minlength=len(rows)), folded, number[neighbours[kept]].astype(np.int32))


def spread_pivots(positions: Positions, pivots: int, rng: np.random.Generator) -> tuple[Ints, Longs]:
    """Choose pivots evenly along a depth-first walk, from a random start: every node is as likely as any other.

    Neighbours in the walk see nearly the same paths, so evenly spread pivots err less than ones drawn at random.

    Returns
    -------
    chosen : int32 array
        Positions, in the order of the walk.
    times : int64 array
        How many pivots fell on each.
    """
    entered = search_depth_first(positions.offsets, positions.neighbours).entered
    walk = positions.tied[np.argsort(entered[positions.tied])]
    ends = np.cumsum(positions.sizes[walk])
    ticks = np.floor((rng.random() + np.arange(pivots)) * ends[-1] / pivots).astype(np.int64)
    found = np.searchsorted(ends, np.minimum(ticks, ends[-1] - 1), side="right")
    first = np.flatnonzero(np.concatenate([[True], found[1:] != found[:-1]]))
    return walk[found[first]], np.diff(first, append=pivots)


@compiled
def _depend(sources, times, sizes, offsets, neighbours, distance, paths, share, dependency, queue, before, passed, total, squares):
    """Add up, over the sources, how much a node of each position is on their shortest paths, and the squares of what changes from one source to the next.

    `dependency` goes by position in the queue. On the way back `share` is still 0 for what is as near or nearer, and
    no neighbour is more than a step beyond, so a position adds up all of them without asking how far they are.
    `before` is the dependency on the source before, `passed` what that one reached.
    """
    gone = -1
    for turn in range(len(sources)):
        source = sources[turn]
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
            if position > 1:
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
        dependency[0] = 0.0
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
                total[w] += times[turn] * dependency[position]
            last = first
        for position in range(gone):  # what the source before reached and this one does not
            v = passed[position]
            if distance[v] < 0:
                squares[v] += before[v] * before[v]
                before[v] = 0.0
        for position in range(reached):
            v = queue[position]
            if gone >= 0:
                change = dependency[position] - before[v]
                squares[v] += change * change
            before[v] = dependency[position]
            passed[position] = v
            distance[v] = -1
            share[v] = 0.0
        gone = reached


def sum_dependencies(positions: Positions, sources: Ints, times: Longs, *, workers: int | None = None) -> tuple[Floats, Floats, int]:
    """Sum over `sources`, each counted `times`, of the dependency on a node of each position; an ordered pair of ends counts once.

    The work is sources × ties. Blocks of sources are added in their order, so the result does not depend on
    the number of threads.

    Returns
    -------
    total : float64 array, by position
    squares : float64 array, by position
        Sum of the squared changes from a source to the next, within blocks.
    changes : int
        How many changes those are; from a source to itself, counted again, nothing changes.
    """
    n = len(positions.sizes)
    unsigned = positions.neighbours.view(np.uint32)  # an index that cannot be negative needs no check for it
    sizes, weights = positions.sizes.astype(np.float64), times.astype(np.float64)

    def work(first: int, last: int) -> tuple[Floats, Floats]:
        total, squares = np.zeros(n), np.zeros(n)
        scratch = np.full(n, -1, np.int32), np.empty(n), np.zeros(n), np.empty(n), np.empty(n, np.uint32), np.zeros(n), np.empty(n, np.uint32)
        _depend(sources[first:last], weights[first:last], sizes, positions.offsets, unsigned, *scratch, total, squares)
        return total, squares

    total, squares = np.zeros(n), np.zeros(n)
    blocks = split_evenly(len(sources), BLOCK_SOURCES)
    for part, part_squares in run_blocks(work, blocks, workers=workers):
        total += part
        squares += part_squares
    return total, squares, int(times.sum()) - len(blocks)


@compiled
def _meet(candidates, offsets, neighbours, closed):
    """Mark which of the candidates have contacts that are all tied to each other."""
    for turn in range(len(candidates)):
        v = candidates[turn]
        first, last = offsets[v], offsets[v + 1]
        closed[turn] = True
        for i in range(first, last):
            w = neighbours[i]
            at, end = offsets[w], offsets[w + 1]
            for j in range(first, last):
                wanted = neighbours[j]
                if wanted == w:
                    continue
                while at < end and neighbours[at] < wanted:
                    at += 1
                if at == end or neighbours[at] != wanted:
                    closed[turn] = False
                    break
            if not closed[turn]:
                break


def is_closed(positions: Positions, candidates: Ints) -> NDArray[np.bool_]:
    """Whether the contacts of each of `candidates` are all tied to each other: then no shortest path runs through it, for certain."""
    closed = np.empty(len(candidates), np.bool_)
    _meet(candidates, positions.offsets, positions.neighbours, closed)
    return closed

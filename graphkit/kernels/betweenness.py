"""Betweenness: shortest paths counted from sources (Brandes 2001), all or a sample, twins together (Sariyüce et al. 2013), paths shared by length (Geisberger et al. 2008)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphkit.kernels.compiled import Kernel, run_blocks, split_evenly
from graphkit.kernels.cutpoints import search_depth_first
from graphkit.kernels.twins import Twins

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

BLOCK_SOURCES = 32  # enough work for one call
FREE = 0.9  # of each stretch: at 0 rings of cliques fail, at 1 strong hubs; see benchmarks/intervals.py
MOST_BLOCKS = 256  # each holds arrays as long as its parts; how many there are follows from the sources alone, so sums are added in one order


@dataclass(frozen=True, eq=False)
class Walk:
    """Classes of twins along a depth-first walk, in which every part of the network is a run: `entered` is the place of each class in it.

    By class, `first` is the place of the first of its part, `behind` that after the last.
    """

    twins: Twins
    entered: Ints
    first: Longs
    behind: Longs

    def count_part_people(self) -> Longs:
        """Nodes in which paths may end, of the part that each class is in."""
        people = np.zeros(len(self.entered) + 1, np.int64)
        tied = self.twins.tied
        people[self.entered[tied] + 1] = self.twins.sizes[tied]
        sums = np.cumsum(people)
        return sums[self.behind] - sums[self.first]

    def count_steps(self, sources: Ints) -> int:
        """Ties met on the way from each of the classes `sources` through its part of the network."""
        ties = np.zeros(len(self.entered) + 1, np.int64)
        ties[self.entered + 1] = np.diff(self.twins.offsets)
        sums = np.cumsum(ties)
        return int((sums[self.behind[sources]] - sums[self.first[sources]]).sum())

    def order(self) -> Along:
        """The classes renumbered by their place, so that what lies near in the network lies near in memory."""
        old = np.argsort(self.entered)
        ties = np.diff(self.twins.offsets)[old]
        offsets = np.concatenate([[0], np.cumsum(ties)])
        entries = np.repeat(self.twins.offsets[old] - offsets[:-1], ties) + np.arange(offsets[-1])
        neighbours = self.entered[self.twins.neighbours[entries]]
        sizes, counted = self.twins.sizes[old].astype(np.float64), self.twins.counted[old]
        others = np.where(self.twins.apart[old] & counted, sizes - 1, 0.0)
        return Along(sizes, counted.astype(np.float64), others, offsets, neighbours)


def walk_twins(twins: Twins) -> Walk:
    """Walk the classes depth first."""
    search = search_depth_first(twins.offsets, twins.neighbours)
    roots = search.roots
    first = search.entered[roots].astype(np.int64)
    return Walk(twins, search.entered, first, first + search.size[roots])


@dataclass(frozen=True, eq=False)
class Along:
    """What the kernels read of classes in the order of a walk: how many each is, 1 or 0 for whether paths end there, its other twins, its ties."""

    sizes: Floats
    ends: Floats
    others: Floats
    offsets: Longs
    neighbours: Ints

    def cut(self, first: int, behind: int) -> Along:
        """The classes from place `first` to before `behind` alone, between which and the others there is no tie."""
        start, end = self.offsets[first], self.offsets[behind]
        here = slice(first, behind)
        return Along(
            self.sizes[here],
            self.ends[here],
            self.others[here],
            self.offsets[first : behind + 1] - start,
            self.neighbours[start:end] - np.int32(first),
        )


def spread_pivots(walk: Walk, among: Ints, pivots: int, rng: np.random.Generator) -> tuple[Ints, Longs]:
    """Choose pivots evenly along a depth-first walk of the classes `among`: every node in which paths may end is as likely as any other.

    Neighbours in the walk see nearly the same paths, so evenly spread pivots err less than ones drawn at random. From a random start the walk is
    cut into stretches, and a pivot is drawn in each, but for its end (`FREE`): at one distance from each other they would keep step with whatever
    recurs along the walk, such as cliques of one size, and then neither estimate nor error holds.

    Returns
    -------
    chosen : int32 array
        Classes of twins, in the order of the walk.
    times : int64 array
        How many pivots fell on each.
    """
    among = among[np.argsort(walk.entered[among])]
    ends = np.cumsum(walk.twins.sizes[among])
    ticks = np.floor((rng.random() + np.arange(pivots) + FREE * rng.random(pivots)) * ends[-1] / pivots).astype(np.int64) % ends[-1]
    found = np.searchsorted(ends, np.sort(ticks), side="right")
    first = np.flatnonzero(np.concatenate([[True], found[1:] != found[:-1]]))
    return among[found[first]], np.diff(first, append=pivots)


@Kernel
def _depend(source, times, sizes, ends, others, offsets, neighbours, distance, paths, share, dependency, queue, total, met):
    """How much one node of each class is on the shortest paths from `source`: added to `total`, `times` over, and left by position in the queue.

    A path counts by how far along it the node is (Geisberger et al. 2008): seen from both of its ends that is once in all, and a node next to
    the source, which would be on nearly all paths from there and on few from elsewhere, does not outweigh what all other sources say of it.

    A class stands for `sizes` nodes, and `ends` is 1 where paths that end in them count, else 0. A path through a class may take any node
    of it, so there are `sizes` times as many paths beyond. Twins of the source are on none; `others` of them count and are two steps away,
    through any neighbour. On the way back `share` is still 0 for what is as near or nearer, and no neighbour is more than a step beyond, so a
    class adds up all of them without asking how far they are. `met` tells how many classes the queue holds.
    """
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
    twins = 0.0
    if others > 0:
        ways = 0.0
        for k in range(offsets[source], offsets[source + 1]):
            ways += sizes[neighbours[k]]
        twins = others / ways / 2.0
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
            if step == 1:
                onward += twins
            dependency[first] = paths[w] * onward
        for position in range(first, last):
            w = queue[position]
            share[w] = sizes[w] * (ends[w] / step + dependency[position]) / paths[w]
            dependency[position] *= step
            total[w] += times * dependency[position]
        last = first
    met[0] = reached


@Kernel
def _compare(is_first, met, queue, passed, dependency, before, distance, share, squares):
    """Square what changes from the source before to this one, unless it is the first, and make ready for the next.

    `before` is the dependency on the source before, `passed` what that one reached, ``met[1]`` how many those are.
    """
    for position in range(met[1]):  # what the source before reached and this one does not
        v = passed[position]
        if distance[v] < 0:
            squares[v] += before[v] * before[v]
            before[v] = 0.0
    for position in range(met[0]):
        v = queue[position]
        if not is_first:
            change = dependency[position] - before[v]
            squares[v] += change * change
        before[v] = dependency[position]
        passed[position] = v
        distance[v] = -1
        share[v] = 0.0
    met[1] = met[0]


@Kernel
def _forget(met, queue, distance, share):
    """Make ready for the next source."""
    for position in range(met[0]):
        v = queue[position]
        distance[v] = -1
        share[v] = 0.0


def sum_dependencies(walk: Walk, sources: Ints, times: Longs, *, changes: bool = True, workers: int | None = None) -> tuple[Floats, Floats, int]:
    """Sum over the classes `sources`, each counted `times`, of the dependency on a node of each class; a pair of ends counts once, both seen together.

    The work is sources × ties between classes of their parts. Sources are taken along the walk and in blocks, each of which sees the parts
    of its own sources alone; blocks are added in their order, so the result does not depend on the number of threads.

    Returns
    -------
    total : float64 array, by class
    squares : float64 array, by class
        Sum of the squared changes from a source to the next, within blocks; 0 without `changes`.
    changes : int
        How many changes those are; from a source to itself, counted again, nothing changes.
    """
    n = len(walk.entered)
    along, order = walk.order(), np.argsort(walk.entered[sources], kind="stable")
    sources, weights = sources[order], times[order].astype(np.float64)
    places = walk.entered[sources]
    steps = walk.count_steps(sources)
    depend = _depend.prepare(2 * steps)  # there and back
    compare, forget = (_compare.prepare(steps), None) if changes else (None, _forget.prepare(steps))

    def work(first: int, last: int) -> tuple[int, Floats, Floats]:
        lowest = int(walk.first[sources[first]])
        here = along.cut(lowest, int(walk.behind[sources[last - 1]]))
        size, unsigned = len(here.sizes), here.neighbours.view(np.uint32)  # an index that cannot be negative needs no check for it
        total, squares, before, met = np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(2, np.int64)
        distance, paths, share, dependency = np.full(size, -1, np.int32), np.empty(size), np.zeros(size), np.empty(size)
        queue, passed = np.empty(size, np.uint32), np.empty(size, np.uint32)
        for turn in range(first, last):
            source = int(places[turn]) - lowest
            depend(source, weights[turn], here.sizes, here.ends, here.others[source], here.offsets, unsigned,
                   distance, paths, share, dependency, queue, total, met)  # fmt: skip
            if compare:
                compare(turn == first, met, queue, passed, dependency, before, distance, share, squares)
            elif forget:
                forget(met, queue, distance, share)
        return lowest, total, squares

    total, squares = np.zeros(n), np.zeros(n)
    blocks = split_evenly(len(sources), max(BLOCK_SOURCES, -(-len(sources) // MOST_BLOCKS)))
    for lowest, part, part_squares in run_blocks(work, blocks, workers=workers):
        total[lowest : lowest + len(part)] += part
        squares[lowest : lowest + len(part)] += part_squares
    return total[walk.entered], squares[walk.entered], int(times.sum()) - len(blocks)


@Kernel
def _meet(candidates, apart, offsets, neighbours, closed):
    """Mark which of the candidates have contacts that are all tied to each other; those of a class `apart` are not."""
    for turn in range(len(candidates)):
        v = candidates[turn]
        first, last = offsets[v], offsets[v + 1]
        closed[turn] = True
        for i in range(first, last):
            w = neighbours[i]
            if apart[w]:
                closed[turn] = False
                break
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


def is_closed(twins: Twins, candidates: Ints) -> NDArray[np.bool_]:
    """Whether the contacts of each of the classes `candidates` are all tied to each other: then no shortest path runs through it, for certain."""
    closed = np.empty(len(candidates), np.bool_)
    degrees = np.diff(twins.offsets)
    meet = _meet.prepare(int((degrees[candidates] ** 2).sum()) + int(degrees[twins.neighbours].sum()))
    meet(candidates, twins.apart, twins.offsets, twins.neighbours, closed)
    return closed

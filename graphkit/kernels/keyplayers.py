"""Key players: what is left of a network when one more node goes, for every node at once; and whom nodes reach that nobody reaches yet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphkit.kernels.compiled import Kernel, run_blocks, split_evenly

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]

BLOCK_NODES = 256


@Kernel
def _part(counted, offsets, neighbours, entered, low, size, parent, following, fallen, fallen_pairs, order, left):
    """Pairs of counted nodes that stay connected when a node goes, less those of other components; ``left[-1]`` tells all pairs before.

    Nodes that are gone already are marked by -2 in `entered`, others by -1.
    """
    clock = 0
    for root in range(len(parent)):
        if entered[root] != -1:
            continue
        first = clock
        entered[root] = clock
        low[root] = clock
        order[clock] = root
        clock += 1
        v = root
        size[v] = counted[v]
        while v >= 0:
            k = following[v]
            if k < offsets[v + 1]:
                following[v] = k + 1
                w = neighbours[k]
                if entered[w] == -1:
                    parent[w] = v
                    entered[w] = clock
                    low[w] = clock
                    order[clock] = w
                    clock += 1
                    size[w] = counted[w]
                    v = w
                elif entered[w] >= 0 and w != parent[v] and entered[w] < low[v]:
                    low[v] = entered[w]
            else:
                p = parent[v]
                if p >= 0:
                    size[p] += size[v]
                    if low[v] < low[p]:
                        low[p] = low[v]
                    if low[v] >= entered[p]:
                        fallen[p] += size[v]
                        fallen_pairs[p] += size[v] * (size[v] - 1) // 2
                v = p
        whole = size[root]
        pairs = whole * (whole - 1) // 2
        left[len(parent)] += pairs
        for turn in range(first, clock):
            v = order[turn]
            rest = whole - counted[v] - fallen[v]
            left[v] = fallen_pairs[v] + rest * (rest - 1) // 2 - pairs


def count_left(offsets: Longs, neighbours: Ints, counted: Bools, gone: list[int]) -> Longs:
    """For each node, how many pairs of counted nodes are still connected without it and those `gone`; for these, without these alone.

    One depth-first search answers for every node: the work is nodes + ties.
    """
    n = len(counted)
    entered, low, parent = np.full(n, -1, np.int32), np.zeros(n, np.int32), np.full(n, -1, np.int32)
    entered[gone] = -2
    size, fallen, fallen_pairs, left = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n + 1, np.int64)
    order = np.empty(n, np.int32)
    part = _part.prepare(len(neighbours) + 2 * n)
    part(counted.astype(np.int64), offsets, neighbours, entered, low, size, parent, offsets[:-1].copy(), fallen, fallen_pairs, order, left)
    pairs: Longs = left[:-1] + left[-1]
    return pairs


@Kernel
def _gain(first, last, nodes, steps, offsets, neighbours, worth, seen, queue, gains):
    """Sum of `worth` over what each node reaches in so many steps, itself included; `seen` holds the turn at which a node was last met."""
    for turn in range(first, last):
        v = nodes[turn]
        seen[v] = turn
        queue[0] = v
        length, begin, total = 1, 0, worth[v]
        for _ in range(steps):
            end = length
            for position in range(begin, end):
                u = queue[position]
                for k in range(offsets[u], offsets[u + 1]):
                    w = neighbours[k]
                    if seen[w] != turn:
                        seen[w] = turn
                        queue[length] = w
                        length += 1
                        total += worth[w]
            begin = end
            if begin == length:
                break
        gains[turn] = total


def count_gains(offsets: Longs, neighbours: Ints, nodes: Ints, steps: int, worth: NDArray[np.int8]) -> Longs:
    """How many nodes of worth 1 each of `nodes` reaches in at most `steps`, itself included."""
    n, gains = len(offsets) - 1, np.zeros(len(nodes), np.int64)
    gain = _gain.prepare(len(nodes) * min(steps * 8, n))

    def work(first: int, last: int) -> None:
        gain(first, last, nodes, steps, offsets, neighbours, worth, np.full(n, -1, np.int64), np.empty(n, np.int32), gains)

    for _ in run_blocks(work, split_evenly(len(nodes), max(BLOCK_NODES, len(nodes) // 16 + 1))):
        pass  # what counts is written in place
    return gains


def list_reached(offsets: Longs, neighbours: Ints, node: int, steps: int) -> Ints:
    """What one node reaches in at most so many steps, itself included."""
    reached = np.array([node], np.int32)
    edge = reached
    for _ in range(steps):
        around = np.concatenate([np.empty(0, np.int32), *(neighbours[offsets[v] : offsets[v + 1]] for v in edge)])
        edge = np.setdiff1d(around, reached)
        if not len(edge):
            break
        reached = np.union1d(reached, edge)
    return reached.astype(np.int32)

"""Brokers: every two-step way between two that are not tied, by whose groups lie along it, each counted whole and shared out among its brokers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphkit.kernels.compiled import Kernel, run_blocks, split_rows

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

ROLES = 5
MOST_BLOCKS = 4  # each holds ten counts a node


@Kernel
def _walk(first, last, offsets, targets, groups, levels, ways, tied, whole, shared):
    """From each node of the block two steps out: `ways` counts the brokers of each end, `tied` marks whom the node is tied to itself.

    `groups` holds all nodes once a level, the narrowest first. A way counts at the widest level at which its three nodes are not all of one group.
    """
    n = len(offsets) - 1
    for i in range(first, last):
        if groups[i] < 0:
            continue
        for s in range(offsets[i], offsets[i + 1]):
            tied[targets[s]] = 1
        tied[i] = 1
        for turn in range(2):
            for s in range(offsets[i], offsets[i + 1]):
                k = targets[s]
                if groups[k] < 0:
                    continue
                for t in range(offsets[k], offsets[k + 1]):
                    j = targets[t]
                    if tied[j] or groups[j] < 0:
                        continue
                    if turn == 0:
                        ways[j] += 1
                        continue
                    level = levels - 1
                    at = level * n
                    while level > 0 and groups[at + i] == groups[at + k] and groups[at + j] == groups[at + k]:
                        level -= 1
                        at -= n
                    if groups[at + i] == groups[at + k]:
                        role = 0 if groups[at + j] == groups[at + k] else 2
                    elif groups[at + j] == groups[at + k]:
                        role = 1
                    else:
                        role = 3 if groups[at + i] == groups[at + j] else 4
                    whole[5 * (at + k) + role] += 1
                    shared[5 * (at + k) + role] += 1.0 / ways[j]
        for s in range(offsets[i], offsets[i + 1]):
            k = targets[s]
            for t in range(offsets[k], offsets[k + 1]):
                ways[targets[t]] = 0
            tied[k] = 0
        tied[i] = 0


def count_ways(offsets: Longs, targets: Ints, groups: Ints) -> tuple[Longs, Floats]:
    """Roles of each node in a directed network in CSR, each tie from its row: shape (levels, nodes, 5), as whole counts and with shared credit.

    `groups` has a row for each level, the narrowest first, of which each lies within the next; unknown are -1, in all levels or in none. Columns:
    coordinator, gatekeeper, representative, consultant, liaison. The work is the number of two-step ways.
    """
    levels, n = groups.shape
    onward = np.diff(offsets)[targets]
    walk = _walk.prepare(3 * int(onward.sum()) + n)
    size = ROLES * levels * n

    def work(first: int, last: int) -> tuple[Longs, Floats]:
        whole, shared = np.zeros(size, np.int64), np.zeros(size)
        walk(first, last, offsets, targets, groups.ravel(), levels, np.zeros(n, np.int32), np.zeros(n, np.int8), whole, shared)
        return whole, shared

    total, credit = np.zeros(size, np.int64), np.zeros(size)
    for whole, shared in run_blocks(work, split_rows(offsets, max(len(targets) // MOST_BLOCKS, 1) + 1)):
        total += whole
        credit += shared
    return total.reshape(levels, n, ROLES), credit.reshape(levels, n, ROLES)


@Kernel
def _chain(first, last, offsets, targets, groups, links, linked, ways, seen, chains, pairs, shared):
    """From each node a of the block over links to brokers k and over other links to ends c with which a has no link in common.

    `links` counts those of a with each node, `linked` lists these; `ways` counts the brokers of each end, `seen` tells by which broker it was met last.
    """
    for a in range(first, last):
        if groups[a] < 0:
            continue
        found = 0
        for s in range(offsets[a], offsets[a + 1]):
            x = targets[s]
            for t in range(offsets[x], offsets[x + 1]):
                k = targets[t]
                if links[k] == 0:
                    linked[found] = k
                    found += 1
                links[k] += 1
        for turn in range(3):
            for at in range(found):
                k = linked[at]
                if groups[k] < 0 or k == a:
                    continue
                for s in range(offsets[k], offsets[k + 1]):
                    y = targets[s]
                    for t in range(offsets[y], offsets[y + 1]):
                        c = targets[t]
                        if links[c] > 0 or groups[c] < 0:
                            continue
                        if turn == 2:
                            ways[c] = 0
                            seen[c] = -1
                            continue
                        new = seen[c] != 2 * k + turn
                        seen[c] = 2 * k + turn
                        if turn == 0:
                            if new:
                                ways[c] += 1
                            continue
                        if groups[a] == groups[k]:
                            role = 0 if groups[c] == groups[k] else 2
                        elif groups[c] == groups[k]:
                            role = 1
                        else:
                            role = 3 if groups[a] == groups[c] else 4
                        chains[5 * k + role] += links[k]
                        if new:
                            pairs[5 * k + role] += 1
                            shared[5 * k + role] += 1.0 / ways[c]
        for at in range(found):
            links[linked[at]] = 0


def count_chains(offsets: Longs, targets: Ints, groups: Ints) -> tuple[Longs, Longs, Floats]:
    """Roles in a two-mode network in CSR, each tie in both rows: chains a - x - k - y - c of which a and c are next to nothing in common, by k.

    `groups` are those of the brokers' mode, -1 for unknown ones and for the other mode. Each of shape (nodes, 5), columns as of `count_ways`: chains,
    ordered pairs (a, c), and each such pair shared out among its brokers. The work is the number of chains.
    """
    n = len(offsets) - 1
    steps = np.bincount(np.repeat(np.arange(n), np.diff(offsets)), np.diff(offsets)[targets], minlength=n)
    chain = _chain.prepare(int((steps**2).sum()) + n)

    def work(first: int, last: int) -> tuple[Longs, Longs, Floats]:
        chains, pairs, shared = np.zeros(ROLES * n, np.int64), np.zeros(ROLES * n, np.int64), np.zeros(ROLES * n)
        marks = np.zeros(n, np.int32), np.zeros(n, np.int32), np.zeros(n, np.int32), np.full(n, -1, np.int64)
        chain(first, last, offsets, targets, groups, *marks, chains, pairs, shared)
        return chains, pairs, shared

    chains, pairs, shared = np.zeros(ROLES * n, np.int64), np.zeros(ROLES * n, np.int64), np.zeros(ROLES * n)
    for some_chains, some_pairs, some_shared in run_blocks(work, split_rows(offsets, max(len(targets) // MOST_BLOCKS, 1) + 1)):
        chains += some_chains
        pairs += some_pairs
        shared += some_shared
    return chains.reshape(n, ROLES), pairs.reshape(n, ROLES), shared.reshape(n, ROLES)

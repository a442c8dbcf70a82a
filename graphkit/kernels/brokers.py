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
def _walk(first, last, offsets, targets, groups, ways, tied, whole, shared):
    """From each node of the block two steps out: `ways` counts the brokers of each end, `tied` marks whom the node is tied to itself."""
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
                    if groups[i] == groups[k]:
                        role = 0 if groups[j] == groups[k] else 2
                    elif groups[j] == groups[k]:
                        role = 1
                    else:
                        role = 3 if groups[i] == groups[j] else 4
                    whole[5 * k + role] += 1
                    shared[5 * k + role] += 1.0 / ways[j]
        for s in range(offsets[i], offsets[i + 1]):
            k = targets[s]
            for t in range(offsets[k], offsets[k + 1]):
                ways[targets[t]] = 0
            tied[k] = 0
        tied[i] = 0


def count_ways(offsets: Longs, targets: Ints, groups: Ints) -> tuple[Longs, Floats]:
    """Roles of each node in a directed network in CSR, each tie from its row: shape (nodes, 5), as whole counts and with shared credit.

    Columns: coordinator, gatekeeper, representative, consultant, liaison. The work is the number of two-step ways.
    """
    n = len(offsets) - 1
    onward = np.diff(offsets)[targets]
    walk = _walk.prepare(3 * int(onward.sum()) + n)

    def work(first: int, last: int) -> tuple[Longs, Floats]:
        whole, shared = np.zeros(ROLES * n, np.int64), np.zeros(ROLES * n)
        walk(first, last, offsets, targets, groups, np.zeros(n, np.int32), np.zeros(n, np.int8), whole, shared)
        return whole, shared

    total, credit = np.zeros(ROLES * n, np.int64), np.zeros(ROLES * n)
    for whole, shared in run_blocks(work, split_rows(offsets, max(len(targets) // MOST_BLOCKS, 1) + 1)):
        total += whole
        credit += shared
    return total.reshape(n, ROLES), credit.reshape(n, ROLES)

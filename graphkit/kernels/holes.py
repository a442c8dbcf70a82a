"""Structural holes: what two tied nodes share, tie by tie, from which constraint and effective size both follow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphkit.kernels.compiled import Kernel, run_blocks, split_rows

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

BLOCK_ENTRIES = 500_000


@Kernel
def _share(first, last, offsets, neighbours, weights, total, mark, indirect, redundant):
    """For each tie u-v of which v, in the block, has more neighbours: scan u's row for the neighbours they share."""
    for v in range(first, last):
        start, stop = offsets[v], offsets[v + 1]
        for k in range(start, stop):
            mark[neighbours[k]] = k - start + 1
        for k in range(start, stop):
            u = neighbours[k]
            begin, end = offsets[u], offsets[u + 1]
            if end - begin > stop - start or (end - begin == stop - start and u > v):
                continue
            by_strength = 0.0
            plain = 0.0
            back = begin
            for s in range(begin, end):
                w = neighbours[s]
                if w == v:
                    back = s
                elif mark[w] > 0:
                    both = weights[s] * weights[start + mark[w] - 1]
                    plain += both
                    by_strength += both / total[w]
            indirect[k] = by_strength
            indirect[back] = by_strength
            redundant[k] = plain
            redundant[back] = plain
        for k in range(start, stop):
            mark[neighbours[k]] = 0


def sum_holes(offsets: Longs, neighbours: Ints, weights: Floats) -> tuple[Floats, Floats]:
    """Constraint and effective size of every node, NaN for an isolate.

    With a_ij the strength of a tie, a_i all of i's, and w running over the neighbours that i and j share::

        constraint(i)     = sum over j of ((a_ij + sum over w of a_iw a_wj / a_w) / a_i)**2
        effective size(i) = degree(i) - sum over j, w of (a_iw / a_i) (a_jw / max over k of a_jk)

    The work is the sum over ties of the smaller degree. Every tie's share is written by one block alone, so the
    result does not depend on the number of threads.
    """
    n = len(offsets) - 1
    unsigned = neighbours.view(np.uint32)  # an index that cannot be negative needs no check for it
    total, strongest = _by_row(np.add, weights, offsets), _by_row(np.maximum, weights, offsets)
    indirect, redundant = np.zeros(len(neighbours)), np.zeros(len(neighbours))

    share_ties = _share.prepare(count_shared(offsets))

    def work(first: int, last: int) -> None:
        share_ties(first, last, offsets, unsigned, weights, total, np.zeros(n, np.int32), indirect, redundant)

    for _ in run_blocks(work, split_rows(offsets, max(BLOCK_ENTRIES, 2 * n))):
        pass  # what counts is written in place
    degrees = np.diff(offsets)
    alone = degrees == 0
    share = np.divide(1.0, total, out=np.full(n, np.nan), where=~alone)
    indirect += weights
    np.square(indirect, out=indirect)
    redundant /= strongest[neighbours]
    constraint = _by_row(np.add, indirect, offsets) * share * share
    return constraint, np.where(alone, np.nan, degrees - _by_row(np.add, redundant, offsets) * share)


def count_shared(offsets: Longs) -> int:
    """Most steps that a scan of each tie's shorter row can take: the smaller of two degrees is no more than their mean."""
    degrees = np.diff(offsets)
    return int(np.dot(degrees, degrees)) // 2


def _by_row(combine: np.ufunc, values: Floats, offsets: Longs) -> Floats:
    """Combine the entries of each row; 0 for an empty one."""
    result = np.zeros(len(offsets) - 1)
    filled = np.flatnonzero(np.diff(offsets))
    if len(filled):
        result[filled] = combine.reduceat(values, offsets[filled])
    return result

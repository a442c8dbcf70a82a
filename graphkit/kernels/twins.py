"""Twins: nodes that are tied to each other and to the same others, taken together as one node with a size.

People of the same bodies are twins, so the people of a district shrink to a fifth or less; whatever depends on shortest paths
alone is the same for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Twins:
    """The network of classes of twins: the class of each node, the size of each class, and the ties between classes as CSR."""

    of: Ints
    sizes: Longs
    offsets: Longs
    neighbours: Ints

    @property
    def tied(self) -> Ints:
        """Classes whose nodes have ties, to others or among themselves."""
        return np.flatnonzero((np.diff(self.offsets) > 0) | (self.sizes > 1)).astype(np.int32)


def collapse_twins(offsets: Longs, neighbours: Ints) -> Twins:
    """Take twins together; classes are in the order of their first members, a node without twins is a class of its own.

    Nodes are compared by a sum of 64-bit hashes over themselves and their neighbours: two that differ are taken for
    twins with a chance below nodes² / 2**65, less than one in a million for ten million nodes.
    """
    n = len(offsets) - 1
    hashes = _hash(n)
    sums = hashes.copy()
    filled = np.flatnonzero(np.diff(offsets))
    if len(filled):
        sums[filled] += np.add.reduceat(hashes[neighbours], offsets[filled])
    order = np.argsort(sums, kind="stable")  # stable: the first of equal ones is the first member
    starts = np.flatnonzero(np.diff(sums[order], prepend=~sums[order[:1]]))
    sizes = np.diff(starts, append=n)
    first = np.empty(n, np.int64)
    first[order] = np.repeat(order[starts], sizes)
    is_first = first == np.arange(n)
    number = np.cumsum(is_first, dtype=np.int32) - np.int32(1)
    by_class = np.empty(len(starts), np.int64)
    by_class[number[order[starts]]] = sizes
    return Twins(number[first], by_class, *_keep_rows(offsets, neighbours, is_first, number))


def _keep_rows(offsets: Longs, neighbours: Ints, is_first: NDArray[np.bool_], number: Ints) -> tuple[Longs, Ints]:
    """The CSR of first members alone, under their new numbers: whoever is tied to a class is tied to its first member."""
    kept = np.repeat(is_first, np.diff(offsets)) & is_first[neighbours]
    ends = np.concatenate([[0], np.cumsum(kept)])[offsets]
    return np.append(ends[:-1][is_first], ends[-1]), number[neighbours[kept]]


def _hash(count: int) -> NDArray[np.uint64]:
    """A well mixed number for each position (the finaliser of SplitMix64); the same on every machine."""
    mixed = (np.arange(1, count + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))

"""Twins: nodes tied to the same others, taken together as one node with a size.

Two sorts: twins tied to each other (people of one clique) and twins that are not (people of the same bodies, in a network whose nodes are
people and bodies). Either way whatever depends on shortest paths alone is the same for all of them, and a district shrinks to a fraction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Twins:
    """The network of classes of twins.

    `of` is the class of each node; by class, `sizes` is its nodes, `apart` whether they are not tied to each other, `counted` whether paths
    that end in them count; `offsets` and `neighbours` are the ties between classes as CSR.
    """

    of: Ints
    sizes: Longs
    apart: Bools
    counted: Bools
    offsets: Longs
    neighbours: Ints

    @property
    def tied(self) -> Ints:
        """Classes whose nodes have ties, to others or among themselves, and count as ends of paths."""
        return np.flatnonzero(self.counted & ((np.diff(self.offsets) > 0) | (self.sizes > 1))).astype(np.int32)


def collapse_twins(offsets: Longs, neighbours: Ints, counted: Bools | None = None) -> Twins:
    """Take twins together; classes are in the order of their first members, a node without twins or ties is a class of its own.

    `counted` tells the nodes in which a path may end, all if left out; twins are alike in that too. Nobody is a twin of both sorts.
    Nodes are compared by a sum of 64-bit hashes over their neighbours: two that differ are taken for twins with a chance below
    nodes² / 2**64, less than one in a million for four million nodes.
    """
    n = len(offsets) - 1
    counted = np.ones(n, np.bool_) if counted is None else counted
    hashes = _hash(n)
    sums = np.where(counted, np.uint64(0), np.uint64(0x5851F42D4C957F2D))
    filled = np.flatnonzero(np.diff(offsets))
    if len(filled):
        sums[filled] += np.add.reduceat(hashes[neighbours], offsets[filled])
    first = _first_of_equals(sums + hashes)
    others = filled[np.bincount(first, minlength=n)[first[filled]] == 1]  # with ties, and no twins that they are tied to
    first[others] = others[_first_of_equals(sums[others])]
    is_first = first == np.arange(n)
    sizes = np.bincount(first, minlength=n)[is_first]
    number = np.cumsum(is_first, dtype=np.int32) - np.int32(1)
    without_twins = np.zeros(n, np.bool_)
    without_twins[others] = True
    apart = without_twins[is_first] & (sizes > 1)
    return Twins(number[first], sizes, apart, counted[is_first], *_keep_rows(offsets, neighbours, is_first, number))


def _first_of_equals(sums: NDArray[np.uint64]) -> Longs:
    """For each entry the place of the first that is equal to it."""
    order = np.argsort(sums, kind="stable")  # stable: the first of equal ones is the first member
    starts = np.flatnonzero(np.diff(sums[order], prepend=~sums[order[:1]]))
    first = np.empty(len(sums), np.int64)
    first[order] = np.repeat(order[starts], np.diff(starts, append=len(sums)))
    return first


def _keep_rows(offsets: Longs, neighbours: Ints, is_first: Bools, number: Ints) -> tuple[Longs, Ints]:
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

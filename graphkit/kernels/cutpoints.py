"""Cut points: one depth-first search without recursion, and what each loss would cut off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphkit.kernels.compiled import Kernel

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


@Kernel
def _search(starts, offsets, neighbours, parent, entered, low, size, following):
    clock = 0
    for turn in range(len(starts)):
        root = starts[turn]
        if entered[root] >= 0:
            continue
        entered[root] = clock
        low[root] = clock
        clock += 1
        v = root
        while v >= 0:
            k = following[v]
            if k < offsets[v + 1]:
                following[v] = k + 1
                w = neighbours[k]
                if entered[w] < 0:
                    parent[w] = v
                    entered[w] = clock
                    low[w] = clock
                    clock += 1
                    v = w
                elif w != parent[v] and entered[w] < low[v]:
                    low[v] = entered[w]
            else:
                size[v] = clock - entered[v]
                p = parent[v]
                if p >= 0 and low[v] < low[p]:
                    low[p] = low[v]
                v = p


@dataclass(frozen=True, eq=False)
class Search:
    """A depth-first search: each node's parent (-1: a root), the moment it was entered, the earliest it reaches, the size of its subtree."""

    parent: Ints
    entered: Ints
    low: Ints
    size: Ints

    @property
    def hanging(self) -> Longs:
        """Nodes whose subtree hangs on their parent alone: it falls off when the parent is lost (for a root: all but one of them)."""
        inner = np.flatnonzero(self.parent >= 0)
        return inner[self.low[inner] >= self.entered[self.parent[inner]]]

    @property
    def roots(self) -> Ints:
        """The root of each node's component."""
        order = np.argsort(self.entered)
        starts = np.flatnonzero(self.parent[order] < 0)
        roots = np.empty(len(order), np.int32)
        roots[order] = np.repeat(order[starts], np.diff(starts, append=len(order)))
        return roots

    def sum_subtrees(self, weights: NDArray[np.int64]) -> Longs:
        """Sum of `weights` over each node's subtree: subtrees are runs in the order of entering."""
        total = np.zeros(len(weights) + 1, np.int64)
        in_order = np.empty(len(weights), np.int64)
        in_order[self.entered] = weights
        np.cumsum(in_order, out=total[1:])
        result: Longs = total[self.entered.astype(np.int64) + self.size] - total[self.entered]
        return result


def search_depth_first(offsets: Longs, neighbours: Ints, *, starts: Ints | None = None) -> Search:
    """Search a simple undirected network in CSR, from `starts` first; time and memory grow with nodes + ties."""
    n = len(offsets) - 1
    everyone = np.arange(n, dtype=np.int32)
    order = everyone if starts is None else np.concatenate([starts.astype(np.int32), everyone])
    parent, entered, low, size = (np.full(n, -1, np.int32) for _ in range(4))
    search = _search.prepare(len(neighbours) + 2 * n)
    search(order, offsets, neighbours, parent, entered, low, size, offsets[:-1].copy())
    return Search(parent, entered, low, size)


def count_pieces(search: Search) -> Longs:
    """How many pieces each node's component leaves when the node is lost (0 for an isolate)."""
    n = len(search.parent)
    pieces = np.bincount(search.parent[search.hanging], minlength=n)
    return pieces + (search.parent >= 0)  # the rest, on the parent's side


def weigh_stranded(search: Search, weights: list[Longs]) -> list[Longs]:
    """What falls off the largest remaining piece when a node is lost: the sum of each of `weights`, by node.

    The largest is the piece with the largest first weight; of equal ones, the largest second, and so on.
    """
    hanging, parent = search.hanging, search.parent
    below = [search.sum_subtrees(w) for w in weights]
    pieces = [b[hanging] for b in below]
    fallen = [_sum_by(parent[hanging], piece, len(parent)) for piece in pieces]
    roots = search.roots
    rests = [below_w[roots] - w - lost for below_w, w, lost in zip(below, weights, fallen, strict=True)]
    stays = _largest(parent[hanging], pieces, rests)
    return [below_w[roots] - w - stay for below_w, w, stay in zip(below, weights, stays, strict=True)]


def _sum_by(groups: Ints, values: Longs, size: int) -> Longs:
    total = np.zeros(size, np.int64)
    np.add.at(total, groups, values)
    return total


def _largest(owners: Ints, pieces: list[Longs], rests: list[Longs]) -> list[Longs]:
    """For each node the largest of its hanging pieces and the rest, compared weight by weight."""
    best = []
    tied, rest_tied = np.ones(len(owners), np.bool_), np.ones(len(rests[0]), np.bool_)
    for piece, rest in zip(pieces, rests, strict=True):
        top = np.where(rest_tied, rest, -1)
        np.maximum.at(top, owners[tied], piece[tied])
        tied &= piece == top[owners]
        rest_tied &= rest == top
        best.append(top)
    return best

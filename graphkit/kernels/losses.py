"""What a loss separates: a tree in which everything cut off by a node's loss hangs below that node, from one depth-first search.

Nodes *carry*: paths run through them. *Ends*, such as households, hang on one or more carriers and hand nothing on; an end is cut off with
the last carrier it hangs on. Each part of the network is searched from a node whose loss leaves no piece with more than half of the people,
as near as there is one: so of every other node's loss the part of the root keeps at least half, and what hangs below the node is what falls off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphkit.kernels.compiled import Kernel
from graphkit.kernels.csr import distinct
from graphkit.kernels.cutpoints import Search, search_depth_first

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]


@Kernel
def _hang(order, parent, entered, low, above, block, root, size, place):
    """Hang each node below the first node of the block by which it was entered, and lay the tree out: a node, then all below it."""
    for turn in range(len(order)):
        v = order[turn]
        p = parent[v]
        size[v] = 1
        if p < 0:
            above[v] = -1
            block[v] = -1
            root[v] = v
        else:
            begins = low[v] >= entered[p]
            above[v] = p if begins else above[p]
            block[v] = v if begins else block[p]
            root[v] = root[p]
    for turn in range(len(order) - 1, -1, -1):
        v = order[turn]
        if above[v] >= 0:
            size[above[v]] += size[v]
    following = 0
    for turn in range(len(order)):
        v = order[turn]
        if above[v] < 0:
            place[v] = following
            following += size[v]
        else:
            place[v] = entered[above[v]]
            entered[above[v]] += size[v]
        entered[v] = place[v] + 1  # from here on: the place of the next node below


@dataclass(frozen=True, eq=False)
class LossTree:
    """The tree of losses: what hangs below a node is what its loss separates from the root of its part.

    By node: the node it hangs on (`above`, -1 at a root), the first node of the `block` in which they are together, its `root`, its `place` in the layout and the `stop` after everything below it.
    """

    search: Search
    above: Ints
    block: Ints
    root: Ints
    place: Longs
    stop: Longs

    def sum_below(self, weights: Longs) -> Longs:
        """Sum of `weights` over each node and everything below it."""
        laid = np.zeros(len(weights) + 1, np.int64)
        in_place = np.empty(len(weights), np.int64)
        in_place[self.place] = weights
        np.cumsum(in_place, out=laid[1:])
        result: Longs = laid[self.stop] - laid[self.place]
        return result

    def meet(self, first: Ints, last: Ints) -> Ints:
        """The lowest node that has both at or below it, for pairs of one part, `first` placed no later than `last`; by binary lifting."""
        at, wanted = first.copy(), self.place[last]
        lifts = [np.where(self.above < 0, np.arange(len(self.above), dtype=np.int32), self.above)]
        while not np.array_equal(lifts[-1][lifts[-1]], lifts[-1]):
            lifts.append(lifts[-1][lifts[-1]])
        for lift in reversed(lifts):
            higher = lift[at]
            at = np.where(self.stop[higher] > wanted, at, higher)
        return np.where(self.stop[at] > wanted, at, lifts[0][at])


def grow_losses(offsets: Longs, neighbours: Ints, people: Bools) -> LossTree:
    """Search each part of the network from the node that splits its people best; time and memory grow with nodes + ties."""
    tree = _grow(search_depth_first(offsets, neighbours))
    below = tree.sum_below(people.astype(np.int64))
    heavy = np.flatnonzero(2 * below > below[tree.root])  # a chain in each part, each below the one before
    heavy = heavy[np.lexsort((tree.place[heavy], tree.root[heavy]))]
    lowest = heavy[np.flatnonzero(np.diff(tree.root[heavy], append=-1))].astype(np.int32)
    return _grow(search_depth_first(offsets, neighbours, starts=np.sort(lowest)))


def _grow(search: Search) -> LossTree:
    n = len(search.parent)
    order = np.argsort(search.entered).astype(np.int32)
    above, block, root, size = (np.empty(n, np.int32) for _ in range(4))
    place = np.empty(n, np.int64)
    hang = _hang.prepare(3 * n)
    hang(order, search.parent, search.entered.copy(), search.low, above, block, root, size, place)
    return LossTree(search, above, block, root, place, place + size)


@dataclass(frozen=True, eq=False)
class Ends:
    """Ends and the carriers they hang on, pair by pair, ordered by end; `count` is the number of ends."""

    end: Ints
    carrier: Ints
    count: int


@dataclass(frozen=True, eq=False)
class Losses:
    """What falls off the piece with most people when a carrier is lost; all by carrier.

    `nodes` and `ends` are how many other carriers and ends, `weighed` the sum of each weight asked for. `kept_people` stay together,
    `pairs` of people lose each other. `fallen` are the carriers without which anything falls off, and `stays` tells, of any tie of
    theirs, whether it leads into what stays.
    """

    tree: LossTree
    pieces: Longs
    weighed: list[Longs]
    ends: Longs
    kept_people: Longs
    pairs: NDArray[np.float64]
    keeps: Ints  # by carrier that is a root: the neighbour in the search with which the largest piece begins; -1 elsewhere, and where no people stay
    holder: Ints  # by end: the carrier with whose loss it is cut off first; -1 where no single loss does it
    held_by_root: Bools  # by end: cut off by the loss of the root of its part too

    def stays(self, carrier: Ints, other: Ints) -> Bools:
        """Whether each `other`, a node of the same part, is in the piece that stays when the `carrier` is lost."""
        tree = self.tree
        outside = (tree.place[other] < tree.place[carrier]) | (tree.place[other] >= tree.stop[carrier])
        kept = self.keeps[carrier]
        inside = (kept >= 0) & (tree.search.entered[other] >= tree.search.entered[kept])
        inside &= tree.search.entered[other] < tree.search.entered[kept] + tree.search.size[kept]
        return np.where(tree.above[carrier] < 0, inside, outside)


def weigh_losses(tree: LossTree, people: Bools, ends: Ends, weights: list[Longs]) -> Losses:
    """Weigh what each carrier's loss cuts off: everything outside the piece with most people, and all if no people remain.

    Of pieces with equally many people the one with more ends stays, then with more carriers, then with more of each weight in turn.
    """
    n, search = len(people), tree.search
    person = people.astype(np.int64)
    of_part = tree.sum_below(person)[tree.root]
    holder, attached = _hold_ends(tree, of_part, ends)
    held = np.bincount(holder[holder >= 0], minlength=n)
    below_people, below_ends = tree.sum_below(person), tree.sum_below(held)
    weighed = [tree.sum_below(weight) - weight for weight in weights]
    kept = of_part - below_people
    is_root = tree.above < 0
    keeps = _choose_largest(tree, [person, held, np.ones(n, np.int64), *weights], of_part)
    root_of = np.flatnonzero(is_root)
    chosen = keeps[root_of]
    with_piece = chosen >= 0
    for total, weight in zip(weighed, weights, strict=True):
        part = search.sum_subtrees(weight)
        total[root_of[with_piece]] -= part[chosen[with_piece]]
    kept[root_of] = np.where(with_piece, search.sum_subtrees(person)[chosen], 0)
    reached = _reach_largest(tree, keeps, attached, ends.count)
    held_by_root = (holder >= 0) & ~reached
    lost_ends = below_ends
    lost_ends[root_of] = np.bincount(tree.root[holder[held_by_root]], minlength=n)[root_of]
    alone = of_part == 0  # nobody there whose loss could be felt
    lost_ends[alone] = 0
    for total in weighed:
        total[alone] = 0
    pieces = np.bincount(search.parent[search.hanging], minlength=n) + ~is_root
    return Losses(tree, pieces, weighed, lost_ends, kept, _count_pairs(search, person, of_part), keeps, holder, held_by_root)


def _hold_ends(tree: LossTree, of_part: Longs, ends: Ends) -> tuple[Ints, tuple[Ints, Ints]]:
    """For each end the lowest carrier that has all it hangs on at or below it; -1 if it hangs on nobody, or on two parts with people."""
    peopled = of_part[ends.carrier] > 0
    end, carrier = ends.end[peopled], ends.carrier[peopled]
    begins = np.flatnonzero(np.diff(end, prepend=np.int32(-1)))
    place = tree.place.astype(np.int32)
    at = np.empty(len(place), np.int32)
    at[place] = np.arange(len(at), dtype=np.int32)
    place = place[carrier]
    low, high = (at[extreme.reduceat(place, begins)] if len(begins) else at[:0] for extreme in (np.minimum, np.maximum))
    held = end[begins]
    holder = np.full(ends.count, -1, np.int32)
    holder[held] = np.where(low == high, low, -1)
    several = np.flatnonzero((low != high) & (tree.root[low] == tree.root[high]))
    holder[held[several]] = tree.meet(low[several], high[several])
    return holder, (end, carrier)


def _choose_largest(tree: LossTree, weights: list[Longs], of_part: Longs) -> Ints:
    """For each root the first node of the largest piece that its loss leaves; -1 where no people stay."""
    search = tree.search
    keeps = np.full(len(of_part), -1, np.int32)
    first = np.flatnonzero((search.parent >= 0) & (tree.above[search.parent] < 0))
    first = first[search.low[first] >= search.entered[search.parent[first]]]
    sums = [search.sum_subtrees(weight)[first] for weight in weights]
    keys: list[NDArray[np.integer[Any]]] = [*sums[::-1], search.parent[first]]
    order = np.lexsort(keys)
    first, most_people = first[order], sums[0][order]
    last = np.flatnonzero(np.diff(search.parent[first], append=-1))
    last = last[most_people[last] > 0]
    keeps[search.parent[first[last]]] = first[last]
    return keeps


def _reach_largest(tree: LossTree, keeps: Ints, attached: tuple[Ints, Ints], count: int) -> Bools:
    """Which ends hang on a carrier in the piece that stays when the root of its part is lost."""
    end, carrier = attached
    search, kept = tree.search, keeps[tree.root[carrier]]
    inside = (kept >= 0) & (search.entered[carrier] >= search.entered[kept])
    inside &= search.entered[carrier] < search.entered[kept] + search.size[kept]
    reached = np.zeros(count, np.bool_)
    reached[end[inside]] = True
    return reached


def _count_pairs(search: Search, person: Longs, of_part: Longs) -> NDArray[np.float64]:
    """Pairs of people, the lost one aside, who are in different pieces afterwards."""
    hanging = search.hanging
    piece = search.sum_subtrees(person)[hanging].astype(np.float64)
    owner, n = search.parent[hanging], len(person)
    others = (of_part - person).astype(np.float64)
    rest = others - np.bincount(owner, piece, minlength=n)
    return (others**2 - np.bincount(owner, piece**2, minlength=n) - rest**2) / 2


@Kernel
def _count_colours(colours, first, stop, last, tree, counts):
    """How many different colours there are in ``colours[first:stop]``, queries ordered by `stop` (a Fenwick tree of last occurrences)."""
    turn = 0
    for i in range(len(colours)):
        seen = last[colours[i]]
        k = i + 1
        while k < len(tree):
            tree[k] += 1
            k += k & -k
        if seen >= 0:
            k = seen + 1
            while k < len(tree):
                tree[k] -= 1
                k += k & -k
        last[colours[i]] = i
        while turn < len(stop) and stop[turn] == i + 1:
            total = 0
            k = i + 1
            while k > 0:
                total += tree[k]
                k -= k & -k
            k = first[turn]
            while k > 0:
                total -= tree[k]
                k -= k & -k
            counts[turn] = total
            turn += 1


def count_groups(losses: Losses, carrier_groups: Ints, end_groups: Ints, people: Bools) -> Longs:
    """In how many different groups (-1: unknown) are the people and ends that each carrier's loss cuts off?"""
    tree, n = losses.tree, len(people)
    persons = np.flatnonzero(people & (carrier_groups >= 0)).astype(np.int32)
    ends = np.flatnonzero((losses.holder >= 0) & (end_groups >= 0))
    twice = (2 * tree.place).astype(np.int32)  # half the memory, and there are more ends than carriers
    where = np.concatenate([twice[persons], twice[losses.holder[ends]] + np.int32(1)])  # ends held by a node fall off with it
    order = np.argsort(where, kind="stable")
    where, colours = where[order], np.concatenate([carrier_groups[persons], end_groups[ends]])[order]
    del order
    first, stop = np.searchsorted(where, twice + np.int32(1)), np.searchsorted(where, (2 * tree.stop).astype(np.int32))
    del where
    counts = _count_between(colours, first, stop)
    lost = ~losses.stays(tree.root[persons], persons) & (tree.above[persons] >= 0)
    roots = np.concatenate([tree.root[persons[lost]], tree.root[losses.holder[ends[losses.held_by_root[ends]]]]])
    groups = np.concatenate([carrier_groups[persons[lost]], end_groups[ends[losses.held_by_root[ends]]]])
    at_root = np.bincount(distinct((roots.astype(np.int64) << 32) | groups) >> 32, minlength=n)
    return np.where(tree.above < 0, at_root, counts)


def _count_between(colours: Ints, first: Longs, stop: Longs) -> Longs:
    counts = np.zeros(len(first), np.int64)
    asked = np.flatnonzero(stop > first)
    asked = asked[np.argsort(stop[asked], kind="stable")]
    answers = np.zeros(len(asked), np.int64)
    count = _count_colours.prepare(20 * (len(colours) + len(asked)))
    last = np.full(int(colours.max(initial=0)) + 1, -1, np.int64)
    count(colours, first[asked], stop[asked], last, np.zeros(len(colours) + 1, np.int64), answers)
    counts[asked] = answers
    return counts

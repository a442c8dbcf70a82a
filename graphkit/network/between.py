"""Betweenness from arrays: all sources or a sample, pairs of all nodes or of some kind only, with its error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.words import Text

if TYPE_CHECKING:
    from graphkit.kernels.betweenness import Walk
    from graphkit.kernels.twins import Twins

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

EXACT_STEPS = 500_000_000  # ties met on the way from all sources: a few seconds
DEFAULT_PIVOTS = 1_000
TOLD_PIVOTS = 1_000  # from how many pivots errors are told: from fewer, those of the highest failed where hubs are strong
ALIKE = 50  # at least so many classes on each side lend their variance
ALIKE_SHARE = 0.01
WHOLE = 2  # a part with up to so many people a pivot is measured from all of them
CONFIDENCE_95 = 1.959964  # standard errors on each side that hold 95 % of a normal distribution


@dataclass(frozen=True, eq=False)
class Betweenness:
    """Pairs of counted nodes whose shortest paths run through each node, half the nominal 95 % interval, and from how many of how many sources.

    Parts of the network with at most twice as many counted nodes as there are pivots are measured from all of them: exact, and not among the `counted` here.
    """

    scores: Floats
    error: Floats
    sources: int
    counted: int

    @property
    def is_exact(self) -> bool:
        """Whether every counted node with ties was a source."""
        return self.sources == self.counted

    def tell_error(self, asked: NDArray[np.bool_] | NDArray[np.integer]) -> Floats:
        """The errors of the nodes `asked` that hold as often as they say (`benchmarks/intervals.py`): of exact values, and of estimates from enough pivots."""
        error = self.error[asked]
        if self.sources < TOLD_PIVOTS:
            error[error != 0] = np.nan
        return error


def measure_betweenness(
    offsets: Longs, neighbours: Ints, *, counted: NDArray[np.bool_] | None = None, pivots: int | None = None, seed: int = 0
) -> Betweenness:
    """Measure betweenness as `measures.estimate_betweenness` defines it, over pairs of `counted` nodes; the others only carry."""
    from graphkit.kernels.betweenness import spread_pivots, sum_dependencies, walk_twins
    from graphkit.kernels.twins import collapse_twins

    need_pivots(pivots)
    if counted is not None:
        offsets, neighbours = _without_dead_ends(offsets, neighbours, counted)
    twins = collapse_twins(offsets, neighbours, counted)
    walk, tied = walk_twins(twins), twins.tied
    people = int(twins.sizes[tied].sum())
    count = count_sources(walk, pivots)
    whole = tied if count == people else tied[walk.count_part_people()[tied] <= WHOLE * count]
    scores, _, _ = sum_dependencies(walk, whole, twins.sizes[whole], changes=False)
    error = np.zeros(len(scores))
    if len(whole) == len(tied):
        return Betweenness(scores[twins.of], error[twins.of], people, people)
    sampled = np.setdiff1d(tied, whole, assume_unique=True)
    people = int(twins.sizes[sampled].sum())
    total, squares, changes = sum_dependencies(walk, *spread_pivots(walk, sampled, count, np.random.default_rng(seed)))
    scores += people * total / count
    estimated = _list_estimated(walk, count, squares)
    variance = np.zeros(len(scores))
    variance[estimated] = _share_variance(twins, estimated, scores, squares[estimated] / (2 * max(changes, 1)))
    error = CONFIDENCE_95 * people * np.sqrt((1 - count / people) * variance / count)
    error[estimated[variance[estimated] == 0]] = np.nan  # all alike said the same, and others might say more
    return Betweenness(scores[twins.of], error[twins.of], count, people)


def _without_dead_ends(offsets: Longs, neighbours: Ints, counted: NDArray[np.bool_]) -> tuple[Longs, Ints]:
    """The ties without those to nodes that do not count and have one neighbour: no path that counts runs there, and who has no other is certain."""
    degrees = np.diff(offsets)
    dead = ~counted & (degrees == 1)
    kept = ~(np.repeat(dead, degrees) | dead[neighbours])
    return np.concatenate([[0], np.cumsum(kept)])[offsets], neighbours[kept]


def _list_estimated(walk: Walk, count: int, squares: Floats) -> Ints:
    """Classes in the sampled parts, but for those on which no path can run for certain."""
    from graphkit.kernels.betweenness import is_closed

    twins = walk.twins
    among = np.flatnonzero((walk.count_part_people() > WHOLE * count) & (np.diff(twins.offsets) > 0)).astype(np.int32)
    same = among[squares[among] == 0]
    return np.setdiff1d(among, same[is_closed(twins, same)], assume_unique=True)


def _share_variance(twins: Twins, among: Ints, scores: Floats, own: Floats) -> Floats:
    """The variance of each class, or the mean of those alike in contacts and in how small these are, or in contacts and estimate, if that is more.

    A class on few paths is seen by few sources: a sample that missed the one with most shows a value too low and hardly any variance, so its
    own interval fails just where it is needed. Those alike were met by other sources, and their mean does not depend on luck with one class.
    Who may end a path and who may not are held apart.
    """
    ties = np.diff(twins.offsets)
    rows = np.repeat(np.arange(len(ties)), ties)
    contacts = np.bincount(rows, twins.sizes[twins.neighbours], minlength=len(ties))
    small = np.bincount(rows, (twins.sizes / np.maximum(contacts, 1))[twins.neighbours], minlength=len(ties))
    counted, contacts, sizes = twins.counted[among], contacts[among], twins.sizes[among]
    shared = own.copy()
    for like in (small[among], scores[among]):
        order = np.lexsort((like, contacts, counted))
        for chosen in (order[counted[order]], order[~counted[order]]):
            shared[chosen] = np.maximum(shared[chosen], _mean_around(own[chosen], sizes[chosen]))
    return shared


def _mean_around(values: Floats, sizes: Longs) -> Floats:
    """Mean of each value and those around it, each as often as its size says."""
    here = np.arange(len(values))
    reach = max(ALIKE, int(len(values) * ALIKE_SHARE))
    first, last = np.maximum(here - reach, 0), np.minimum(here + reach + 1, len(values))
    sums, people = (np.concatenate([[0.0], np.cumsum(summed)]) for summed in (values * sizes, sizes))
    mean: Floats = (sums[last] - sums[first]) / (people[last] - people[first])
    return mean


def need_pivots(pivots: object) -> None:
    """Refuse a number of pivots that is none."""
    if pivots is not None and (isinstance(pivots, bool) or not isinstance(pivots, int | np.integer) or pivots < 2):
        raise ParameterError(
            Text(
                f"pivots 须是不小于 2 的整数，而不是 {pivots!r}：只有一个起点估不出误差",
                f"pivots is at least 2, a whole number, not {pivots!r}: one pivot says nothing of the error",
            ),
        )


def count_sources(walk: Walk, pivots: int | None) -> int:
    """From how many nodes to start: as many as asked for, or all where their way through their parts of the network is short enough."""
    tied = walk.twins.tied
    nodes = int(walk.twins.sizes[tied].sum())
    if pivots is None:
        pivots = nodes if walk.count_steps(tied) <= EXACT_STEPS else DEFAULT_PIVOTS
    return min(pivots, nodes)

"""Betweenness from arrays: all sources or a sample, pairs of all nodes or of some kind only, with its error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.words import Text

if TYPE_CHECKING:
    from graphkit.kernels.twins import Twins

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

EXACT_STEPS = 500_000_000  # ties met on the way from all sources: a few seconds
DEFAULT_PIVOTS = 1_000
TOLD_PIVOTS = 1_000  # from how many pivots the error of the highest is told
TOLD_SHARE = 0.01
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
        """The errors of the nodes `asked` that hold as often as they say (`benchmarks/intervals.py`): of exact values, and of the highest of many pivots.

        The rest is missing: what sources say of them is so skewed that a sample does not tell how far off it is.
        """
        error, scores = self.error[asked], self.scores[asked]
        sampled = error != 0
        if sampled.any():
            least = np.quantile(scores[sampled], 1 - TOLD_SHARE) if self.sources >= TOLD_PIVOTS else np.inf
            error[sampled & (scores < least)] = np.nan
        return error


def measure_betweenness(
    offsets: Longs, neighbours: Ints, *, counted: NDArray[np.bool_] | None = None, pivots: int | None = None, seed: int = 0
) -> Betweenness:
    """Measure betweenness as `measures.estimate_betweenness` defines it, over pairs of `counted` nodes; the others only carry."""
    from graphkit.kernels.betweenness import count_part_people, spread_pivots, sum_dependencies
    from graphkit.kernels.twins import collapse_twins

    need_pivots(pivots)
    if counted is not None:
        offsets, neighbours = _without_dead_ends(offsets, neighbours, counted)
    twins = collapse_twins(offsets, neighbours, counted)
    tied = twins.tied
    people = int(twins.sizes[tied].sum())
    count = count_sources(twins, pivots)
    whole = tied if count == people else tied[count_part_people(twins)[tied] <= WHOLE * count]
    scores, _, _ = sum_dependencies(twins, whole, twins.sizes[whole])
    error = np.zeros(len(scores))
    if len(whole) == len(tied):
        return Betweenness(scores[twins.of], error[twins.of], people, people)
    sampled = np.setdiff1d(tied, whole, assume_unique=True)
    people = int(twins.sizes[sampled].sum())
    total, squares, changes = sum_dependencies(twins, *spread_pivots(twins, sampled, count, np.random.default_rng(seed)))
    scores += people * total / count
    error = CONFIDENCE_95 * people * np.sqrt((1 - count / people) * squares / (2 * max(changes, 1)) / count)
    same = _not_told(twins, squares)
    error[same[count_part_people(twins)[same] > WHOLE * count]] = np.nan
    return Betweenness(scores[twins.of], error[twins.of], count, people)


def _without_dead_ends(offsets: Longs, neighbours: Ints, counted: NDArray[np.bool_]) -> tuple[Longs, Ints]:
    """The ties without those to nodes that do not count and have one neighbour: no path that counts runs there, and who has no other is certain."""
    degrees = np.diff(offsets)
    dead = ~counted & (degrees == 1)
    kept = ~(np.repeat(dead, degrees) | dead[neighbours])
    return np.concatenate([[0], np.cumsum(kept)])[offsets], neighbours[kept]


def _not_told(twins: Twins, squares: Floats) -> Ints:
    """Classes of which all pivots say the same, as a rule that no path met them, though others might say more: no error follows from that."""
    from graphkit.kernels.betweenness import is_closed

    same = np.flatnonzero(squares == 0).astype(np.int32)
    return same[~is_closed(twins, same)]


def need_pivots(pivots: object) -> None:
    """Refuse a number of pivots that is none."""
    if pivots is not None and (isinstance(pivots, bool) or not isinstance(pivots, int | np.integer) or pivots < 2):
        raise ParameterError(
            Text(
                f"pivots 须是不小于 2 的整数，而不是 {pivots!r}：只有一个起点估不出误差",
                f"pivots is at least 2, a whole number, not {pivots!r}: one pivot says nothing of the error",
            ),
        )


def count_sources(twins: Twins, pivots: int | None) -> int:
    """From how many nodes to start: as many as asked for, or all where their way through their parts of the network is short enough."""
    from graphkit.kernels.betweenness import count_steps

    nodes = int(twins.sizes[twins.tied].sum())
    if pivots is None:
        pivots = nodes if count_steps(twins, twins.tied) <= EXACT_STEPS else DEFAULT_PIVOTS
    return min(pivots, nodes)

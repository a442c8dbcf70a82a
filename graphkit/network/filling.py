"""Filling up: a network with ties missing at a stated rate, as it may have been.

How many ties each node lost follows from how many it has and how many nodes like it have (empirical Bayes); where they
led follows from where the ties of its village, its township and the whole network lead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.kernels.csr import build_csr
from graphkit.model.types import TieRole
from graphkit.network.network import Network
from graphkit.network.parts import Ints, Ties
from graphkit.words import Text

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

LOOSE: tuple[TieRole, ...] = (
    "membership",
    "pairing",
    "liaison",
    "post",
    "responsibility",
    "mentoring",
)  # of ties of members, which a register may miss
MOST_MISSING = 0.5  # with more, nearly all that is said is said by the model
ROUNDS = 200  # of the EM steps; the distribution of a few counts has long settled
SMALL = 1e-12


def read_rates(network: Network, missing: float | Mapping[str, float]) -> dict[int, float]:
    """Rate at which each type of tie is missing, by its code.

    Raises
    ------
    ParameterError
        If a rate is not from 0 to 0.5, or a type of tie is not in the network.
    """
    names = network.ties.names
    if not isinstance(missing, Mapping):
        missing = dict.fromkeys([name for name in names if name in network.model.tie_tables(*LOOSE, source="Member")] or names, missing)
    if unknown := [name for name in missing if name not in names]:
        raise ParameterError(
            Text(f"没有关系 {'、'.join(unknown)}；现有 {'、'.join(names)}", f"no ties {', '.join(unknown)}; there are {', '.join(names)}")
        )
    for rate in missing.values():
        if isinstance(rate, bool) or not isinstance(rate, int | float | np.number) or not 0 <= rate <= MOST_MISSING:
            raise ParameterError(
                Text(f"缺失率须在 0 到 {MOST_MISSING} 之间，而不是 {rate!r}", f"a rate of missing ties is from 0 to {MOST_MISSING}, not {rate!r}")
            )
    return {names.index(name): float(rate) for name, rate in missing.items()}


def lose_ties(network: Network, rates: Mapping[int, float], rng: np.random.Generator) -> Network:
    """Lose each tie with the rate of its type, whatever happens to others."""
    loss = np.zeros(len(network.ties.names))
    loss[list(rates)] = list(rates.values())
    return _with_ties(network, network.ties.keep(rng.random(len(network.ties)) >= loss[network.ties.types]))


def _with_ties(network: Network, ties: Ties) -> Network:
    offsets, neighbours, weights = build_csr(len(network), ties.source, ties.target, ties.weights)
    return replace(network, offsets=offsets, neighbours=neighbours, weights=weights, ties=ties)


@dataclass(frozen=True, eq=False)
class Filling:
    """What may be missing of one type of tie, near or far: how many of each source, and to which targets.

    `lost` holds, for each number of ties seen (`seen`), the cumulative probabilities of 0, 1, 2, … more. Targets stand by
    `place`, `reach` sums up their weights; a source draws among those of its own place.
    """

    code: int
    sources: Longs
    of_seen: Longs
    lost: Floats
    places: Longs
    place: Longs
    targets: Longs
    reach: Floats

    def draw(self, rng: np.random.Generator) -> tuple[Longs, Longs]:
        """Ends of ties that may be missing."""
        chance, more = rng.random(len(self.sources)), np.zeros(len(self.sources), np.int64)
        for row, bounds in enumerate(self.lost):
            here = self.of_seen == row
            more[here] = np.searchsorted(bounds, chance[here], side="right")
        source, where = np.repeat(self.sources, more), np.repeat(self.places, more)
        first, last = np.searchsorted(self.place, where), np.searchsorted(self.place, where, side="right")
        some = last > first
        source, first, last = source[some], first[some], last[some]
        below = np.where(first > 0, self.reach[first - 1], 0.0)
        ticks = below + rng.random(len(source)) * (self.reach[last - 1] - below)
        return source, self.targets[np.minimum(np.searchsorted(self.reach, ticks, side="right"), last - 1)]


def fill_ties(network: Network, fillings: Sequence[Filling], rng: np.random.Generator) -> Network:
    """Add ties that may be missing; where weights are given, a tie takes that of any tie of its type."""
    ties = network.ties
    drawn = [filling.draw(rng) for filling in fillings]
    source = np.concatenate([np.empty(0, np.int64), *(ends[0] for ends in drawn)]).astype(np.int32)
    target = np.concatenate([np.empty(0, np.int64), *(ends[1] for ends in drawn)]).astype(np.int32)
    types = np.repeat(np.array([f.code for f in fillings], np.int8), [len(ends[0]) for ends in drawn])
    new = _unknown(network, source, target, types)
    source, target, types = source[new], target[new], types[new]
    weights = None if ties.weights is None else np.concatenate([ties.weights, _weigh(ties.weights, ties.types, types, rng)])
    return _with_ties(network, Ties(
        np.concatenate([ties.source, source]), np.concatenate([ties.target, target]), np.concatenate([ties.types, types]),
        np.concatenate([ties.office, np.zeros(len(types), np.bool_)]), ties.names, weights,
    ))  # fmt: skip


def _unknown(network: Network, source: Ints, target: Ints, types: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Which of the drawn ties are none that is there or was drawn before, and lead elsewhere."""
    n, ties = len(network), network.ties

    def keys(s: Ints, t: Ints, of: NDArray[np.int8]) -> Longs:
        return (of.astype(np.int64) * n + s) * n + t

    drawn = keys(source, target, types)
    once = np.zeros(len(drawn), np.bool_)
    once[np.unique(drawn, return_index=True)[1]] = True
    fresh: NDArray[np.bool_] = once & (source != target) & ~np.isin(drawn, keys(ties.source, ties.target, ties.types))
    return fresh


def _weigh(known: Floats, types: NDArray[np.int8], drawn: NDArray[np.int8], rng: np.random.Generator) -> Floats:
    """For each tie drawn the weight of some tie of its type."""
    weights = np.empty(len(drawn))
    for code in set(drawn.tolist()):
        here = drawn == code
        weights[here] = rng.choice(known[types == code], int(here.sum()))
    return weights


def plan_fillings(network: Network, rates: Mapping[int, float], within: Sequence[str]) -> list[Filling]:
    """What may be missing, of each type of tie, within each of the groupings `within` (the narrowest first) and beyond them."""
    fillings: list[Filling] = []
    for code, rate in rates.items():
        chosen = network.ties.types == code
        if rate and chosen.any():
            fillings += _plan_type(network, code, rate, chosen, within)
    return fillings


def _plan_type(network: Network, code: int, rate: float, chosen: NDArray[np.bool_], within: Sequence[str]) -> list[Filling]:
    n, kinds = len(network), network.kinds
    pairs = np.unique(network.ties.source[chosen].astype(np.int64) * n + network.ties.target[chosen])
    source, target = pairs // n, pairs % n
    sources, targets = (np.flatnonzero(np.isin(kinds, np.unique(kinds[ends]))) for ends in (source, target))
    left, fillings = np.ones(len(source), np.bool_), []
    everywhere = np.zeros(n, np.int64)
    for codes in [*(network.group(name).codes.astype(np.int64) for name in within), everywhere]:
        place, reachable, times = _reachable(codes, source, target, targets)
        near = left & (codes[source] >= 0)
        if codes is not everywhere:  # a tie is near if it would be, were it not there
            seen = np.searchsorted(place * n + reachable, codes[source] * n + target)
            near &= times[np.minimum(seen, len(times) - 1)] > 1 if len(times) else np.bool_(False)  # nobody's group may be known
        left &= ~near
        if near.any():
            lack, weights = _infer_lack(source[near], sources, rate, n), _weigh_targets(target[near], targets, rate, n)
            fillings.append(Filling(code, sources, *lack, codes[sources], place, reachable, np.cumsum(weights[reachable])))
    return fillings


def _reachable(codes: Longs, source: Longs, target: Longs, targets: Longs) -> tuple[Longs, Longs, Longs]:
    """Which targets are of each place: those in it, and those that somebody in it is tied to; and how often that is so."""
    n = len(codes)
    places, reached = np.concatenate([codes[source], codes[targets]]), np.concatenate([target, targets])
    keys, times = np.unique((places * n + reached)[places >= 0], return_counts=True)
    return keys // n, keys % n, times


def _infer_lack(source: Longs, sources: Longs, rate: float, n: int) -> tuple[Longs, Floats]:
    """For each source the row, and in each row the cumulative probabilities of 0, 1, 2, … missing ties."""
    given = np.bincount(source, minlength=n)[sources]
    seen, true = infer_counts(given, rate)
    return np.searchsorted(seen, given), np.cumsum(_shift(true, seen), axis=1)


def _weigh_targets(target: Longs, targets: Longs, rate: float, n: int) -> Floats:
    """How many ties each target is likely to lack; next to nothing for one that lacks none, so that there is always one to draw."""
    taken = np.bincount(target, minlength=n)[targets]
    seen, true = infer_counts(taken, rate)
    lack = true @ np.arange(true.shape[1]) - seen
    weights = np.zeros(n)
    weights[targets] = np.maximum(lack[np.searchsorted(seen, taken)], SMALL)
    return weights


def _shift(true: Floats, seen: Longs) -> Floats:
    """Probabilities of 0, 1, 2, … more than seen, from those of the true number."""
    more = np.zeros_like(true)
    for row, count in enumerate(seen):
        more[row, : true.shape[1] - count] = true[row, count:]
    more[:, -1] += 1 - more.sum(axis=1)
    return more


def infer_counts(counts: NDArray[Any], rate: float) -> tuple[Longs, Floats]:
    """How many there were, of which each was seen with probability 1 - rate: the distribution for each number seen.

    The distribution of true numbers over all nodes is the one that makes what was seen most likely (EM from an even
    start); the answer for one node is Bayes' rule on it.

    Returns
    -------
    seen : int64 array
        The different numbers seen, ascending.
    true : float64 array, shape (seen, most + 1)
        Probability of each true number.

    Examples
    --------
    Of a hundred people 90 have a tie and 10 none, and a tenth of ties are missing: all had one.

    >>> seen, true = infer_counts(np.repeat([0, 1], [10, 90]), 0.1)
    >>> true[0, :2].round(1).tolist()
    [0.0, 1.0]
    """
    seen, times = np.unique(counts, return_counts=True)
    most = int(np.ceil((seen[-1] + 3) / (1 - rate))) + 3
    factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1)))])
    k, d = seen[:, None], np.arange(most + 1)[None, :]
    lost = np.maximum(d - k, 0)
    logs = factorial[d] - factorial[k] - factorial[lost] + k * np.log1p(-rate) + lost * np.log(rate)
    likely = np.where(d >= k, np.exp(logs), 0.0)
    share = np.full(most + 1, 1 / (most + 1))
    for _ in range(ROUNDS):
        share = times @ _normalise(likely * share) / times.sum()
    return seen, _normalise(likely * share)


def _normalise(rows: Floats) -> Floats:
    scaled: Floats = rows / rows.sum(axis=1, keepdims=True)
    return scaled

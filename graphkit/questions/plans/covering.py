"""Covering models: which sites to open so that every demand is met, or most of it; kept apart from any district.

A demand is met by a site that reaches it, or by itself where it may stand alone; both cost one. Without capacity this is the location set
covering problem (Toregas et al. 1971) and, with a number of sites given, the maximal covering location problem (Church & ReVelle 1974).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from graphkit.questions.plans.greedy import ALONE, UNMET, meet_greedily
from graphkit.questions.plans.program import Program, say_missing_solver

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def _none() -> Ints:
    return np.empty((0, 2), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Covering:
    """What could be opened, and what each site would reach.

    Attributes
    ----------
    alone : bool array
        Of each demand, whether it may be met by itself, at the cost of one.
    sites : int
        Number of candidate sites.
    pairs : int array of shape (p, 2)
        Demand and site that could meet it.
    unlike : int array of shape (p,) or None
        How badly the two go together, 0 or more; of plans with as few sites the one with the least sum is chosen.
    most : int or None
        So many demands a site meets at most; None: as many as it reaches.
    fewest : int
        So many demands a site meets at least, if it is opened.
    least, weight : int, int array
        The weights of the demands that a site meets come to this at least.
    shared : int array of shape (s, 2)
        What counts one in the weight of several demands, and one only where a site meets several of them: its number, and the demand; it is
        not in `weight`.
    ceiling, load : int or None, int array
        The loads of the demands that a site meets come to this at most.
    apart : int array of shape (q, 2)
        Demands that no site meets together.
    """

    alone: Bools
    sites: int
    pairs: Ints
    unlike: Ints | None = None
    most: int | None = None
    fewest: int = 1
    least: int = 0
    weight: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    shared: Ints = field(default_factory=_none)
    ceiling: int | None = None
    load: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    apart: Ints = field(default_factory=_none)

    @property
    def demands(self) -> int:
        """Number of demands."""
        return len(self.alone)

    @property
    def is_plain(self) -> bool:
        """Whether any set of sites will do, so that it need not be said which site meets which demand."""
        return self.most is None and self.fewest < 2 and not self.least and self.ceiling is None and not len(self.apart) and self.unlike is None


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """A choice of sites.

    Attributes
    ----------
    site_of : int array
        The site that meets each demand; `ALONE` if it meets itself, `UNMET` if nothing does.
    aim, bound : float
        What was to be small (sites, and demands alone) or large (weight met), and what no choice can pass that leaves as few demands unmet.
    proven : bool
        Whether no choice is better: none leaves fewer demands unmet, and of those that leave as few none passes the aim.
    ways : int
        How many choices are as good, this one included; counted up to a limit.
    ways_end : bool
        Whether that is all of them.
    """

    site_of: Ints
    aim: float
    bound: float
    proven: bool
    ways: int
    ways_end: bool

    @property
    def gap(self) -> float:
        """How far the aim is from the bound, as a share of the aim; 0 where they meet."""
        return 0.0 if self.aim == self.bound else abs(self.aim - self.bound) / max(abs(self.aim), 1.0)


def cover_all(model: Covering, *, seconds: float = 60.0, most_ways: int = 10) -> Chosen:
    """Choose the fewest sites that meet every demand that can be met, part by part.

    Parameters
    ----------
    model : Covering
        The sites and what they reach.
    seconds : float
        Time for the solver; what it has not proven by then has a gap, and with no time at all the choice is a greedy one.
    most_ways : int
        Choices as good are counted up to this.

    Examples
    --------
    >>> reach = np.array([[0, 0], [1, 0], [1, 1], [2, 1], [2, 2]])
    >>> chosen = cover_all(Covering(np.zeros(3, bool), 3, reach))
    >>> int(chosen.aim), chosen.proven, chosen.ways
    (2, True, 2)
    """
    end = time.monotonic() + seconds
    whole = np.full(model.demands, UNMET)
    done: list[Chosen] = []
    for demands, part in split(model):
        left = most_ways if not done or done[-1].ways_end else 1
        chosen = _solve(part, end, left)
        whole[demands] = np.where(chosen.site_of < 0, chosen.site_of, part_sites(model, demands)[np.maximum(chosen.site_of, 0)])
        done.append(_within(done[-1] if done else None, chosen, most_ways))
    total = done[-1] if done else Chosen(whole, 0, 0, proven=True, ways=1, ways_end=True)
    return replace(total, site_of=whole)


def cover_most(
    model: Covering, sites: int, weights: Sequence[float], groups: Sequence[Sequence[int]], *, seconds: float = 60.0, most_ways: int = 10
) -> Chosen:
    """Choose at most so many sites that meet most: `weights` of `groups`, each of which is met with any one of its demands.

    Examples
    --------
    >>> reach = np.array([[0, 0], [1, 0], [1, 1], [2, 1], [2, 2]])
    >>> chosen = cover_most(Covering(np.zeros(3, bool), 3, reach), 1, [5, 1, 3], [[0], [1], [2]])
    >>> chosen.aim, chosen.site_of.tolist() == [0, 0, UNMET]
    (6.0, True)
    """
    if not model.demands:
        return Chosen(np.empty(0, np.int64), 0, 0, proven=True, ways=1, ways_end=True)
    end = time.monotonic() + seconds
    program = Program(model, budget=sites, weights=list(weights), groups=groups)
    return _finish(program, end, most_ways, meet_greedily(model, sites, weights, groups))


def split(model: Covering) -> list[tuple[Ints, Covering]]:
    """Return the parts that have nothing to do with each other, each with the demands of it; a demand that nothing reaches is a part."""
    say_missing_solver()
    if not model.demands:
        return []
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = model.demands + model.sites
    ends = np.concatenate([model.pairs + np.array([0, model.demands]), model.apart, _links(model.shared)])
    _, label = connected_components(coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), (size, size)), directed=False)
    of_pair, of_shared, of_apart = label[model.pairs[:, 0]], label[model.shared[:, 1]], label[model.apart[:, 0]]
    order = np.argsort(label[: model.demands], kind="stable")
    cuts = np.flatnonzero(np.diff(label[: model.demands][order])) + 1
    return [
        (demands, _part(model, demands, of_pair == label[demands[0]], of_shared == label[demands[0]], of_apart == label[demands[0]]))
        for demands in np.split(order, cuts)
        if len(demands)
    ]


def part_sites(model: Covering, demands: Ints) -> Ints:
    """Sites of the part that `demands` are, in order; a part without a site has a stand-in, so that it can be looked up."""
    sites = np.unique(model.pairs[np.isin(model.pairs[:, 0], demands), 1])
    return sites if len(sites) else np.array([UNMET])


def _links(shared: Ints) -> Ints:
    """Join the demands that share something, one to the next."""
    ordered = shared[np.argsort(shared[:, 0], kind="stable")]
    same = ordered[1:, 0] == ordered[:-1, 0]
    return np.column_stack([ordered[:-1, 1][same], ordered[1:, 1][same]])


def _part(model: Covering, demands: Ints, pairs: Bools, shared: Bools, apart: Bools) -> Covering:
    at = {int(demand): n for n, demand in enumerate(demands)}
    sites = np.unique(model.pairs[pairs, 1])
    reach = np.column_stack([[at[d] for d in model.pairs[pairs, 0].tolist()], np.searchsorted(sites, model.pairs[pairs, 1])])
    both, kept = model.apart[apart], model.shared[shared]
    return replace(
        model, alone=model.alone[demands], sites=len(sites), pairs=reach.astype(np.int64).reshape(-1, 2),
        unlike=None if model.unlike is None else model.unlike[pairs],
        weight=model.weight[demands] if len(model.weight) else model.weight, load=model.load[demands] if len(model.load) else model.load,
        shared=np.array([[who, at[d]] for who, d in kept.tolist()], np.int64).reshape(-1, 2),
        apart=np.array([[at[a], at[b]] for a, b in both.tolist()], np.int64).reshape(-1, 2),
    )  # fmt: skip


def _solve(part: Covering, end: float, most_ways: int) -> Chosen:
    if not len(part.pairs):
        return Chosen(np.where(part.alone, ALONE, UNMET), part.alone.sum(), part.alone.sum(), proven=True, ways=1, ways_end=True)
    return _finish(Program(part), end, most_ways, meet_greedily(part))


def _finish(program: Program, end: float, most_ways: int, greedy: Ints) -> Chosen:
    """First the aim, then of those as good the one whose sites go best with what they meet, then how many are as good as that."""
    bound, sign = program.easy_bound, -1.0 if program.weights is not None else 1.0
    first = program.solve(program.cost, end - time.monotonic())
    site_of = greedy if first is None or first.values is None else program.read(first.values)
    aim = program.aim_of(site_of)
    if first is not None:
        reached = sign * first.bound - (program.penalty_of(site_of) if sign > 0 else 0)
        reached = np.ceil(reached - 1e-6) if sign > 0 else np.floor(reached + 1e-6) if program.is_whole else reached
        bound = max(bound, reached) if sign > 0 else min(bound, reached)
    if first is None or first.values is None or not first.proven:
        return Chosen(site_of, aim, float(bound), proven=bool(aim == bound and (sign < 0 or not (site_of == UNMET).any())), ways=1, ways_end=False)
    program.keep(program.cost, first.value)
    second = program.solve(program.second, end - time.monotonic()) if program.has_second else None
    if second is not None and second.values is not None:
        site_of = program.read(second.values)
        program.keep(program.second, second.value)
    settled = (second is None and not program.has_second) or (second is not None and second.proven)
    ways, ways_end = program.count_ways(site_of, most_ways, end) if settled else (1, False)
    return Chosen(site_of, aim, float(aim), proven=True, ways=ways, ways_end=ways_end)


def _within(before: Chosen | None, part: Chosen, most_ways: int) -> Chosen:
    """Two parts together: what they cost is added, in how many ways they can be chosen multiplied."""
    if before is None:
        return replace(part, ways=min(part.ways, most_ways))
    ways = before.ways * part.ways
    return Chosen(
        part.site_of, before.aim + part.aim, before.bound + part.bound, before.proven and part.proven, min(ways, most_ways),
        before.ways_end and part.ways_end and ways <= most_ways,
    )  # fmt: skip

"""A covering model as an integer program, solved by HiGHS through scipy: to the proven optimum, or with a bound where time is short."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.questions.plans.greedy import ALONE, UNMET
from graphkit.words import Text

if TYPE_CHECKING:
    from graphkit.questions.plans.covering import Covering

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def say_missing_solver() -> None:
    """Say what to install where the solver is not there; ParameterError."""
    if importlib.util.find_spec("scipy") is None:
        install = "pip install 'graphkit-networks[plans]'"
        raise ParameterError(Text(f"求方案要用 scipy 所带的求解器 HiGHS：{install}", f"plans need scipy, which brings the solver HiGHS: {install}"))


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the solver came back with."""

    values: Floats | None
    value: float
    bound: float
    proven: bool


class Program:
    """Variables: sites opened, pairs used (unless any set of sites will do), demands alone, demands unmet, shared things met, groups met."""

    def __init__(
        self, model: Covering, *, budget: int | None = None, weights: Sequence[float] | None = None, groups: Sequence[Sequence[int]] = ()
    ) -> None:
        say_missing_solver()
        self.model, self.weights, self.groups = model, weights, groups
        self.shared = _shared_pairs(model)
        sizes = [model.sites, 0 if model.is_plain else len(model.pairs), model.demands, model.demands, len(self.shared), len(groups)]
        self.starts = np.cumsum([0, *sizes]).tolist()
        self.rows: list[tuple[list[int], list[float], float, float]] = []
        self._meet_demands()
        if not model.is_plain:
            self._hold_sites()
        if budget is not None:
            self._stay_within(budget)
        self.cost, self.second = self._aims()

    @property
    def size(self) -> int:
        """Number of variables."""
        return int(self.starts[-1])

    @property
    def is_whole(self) -> bool:
        """Whether the aim is a whole number in every choice."""
        return self.weights is None or all(float(weight).is_integer() for weight in self.weights)

    @property
    def has_second(self) -> bool:
        """Whether choices with the same aim differ in how well they go together."""
        return bool(np.any(self.second))

    @property
    def easy_bound(self) -> float:
        """A bound that needs no solver."""
        if self.weights is not None:
            return float(sum(self.weights))
        return 0.0

    def _var(self, block: int, numbers: Any) -> list[int]:
        found: list[int] = (np.atleast_1d(np.asarray(numbers, np.int64)) + self.starts[block]).tolist()
        return found

    def _add(self, variables: list[int], factors: Sequence[float], low: float, high: float) -> None:
        self.rows.append((variables, list(factors), low, high))

    def _meet_demands(self) -> None:
        """Each demand by one site, alone or not at all; where any set of sites will do, by one site at least."""
        model, high = self.model, np.inf if self.model.is_plain else 1.0
        order = np.argsort(model.pairs[:, 0], kind="stable")
        cuts = np.searchsorted(model.pairs[order, 0], np.arange(model.demands + 1))
        for demand in range(model.demands):
            mine = order[cuts[demand] : cuts[demand + 1]]
            by = self._var(0, model.pairs[mine, 1]) if model.is_plain else self._var(1, mine)
            alone = self._var(2, demand) if model.alone[demand] else []
            variables = [*by, *alone, *self._var(3, demand)]
            self._add(variables, [1.0] * len(variables), 1.0, high)

    def _hold_sites(self) -> None:
        model = self.model
        for pair, (_, site) in enumerate(model.pairs.tolist()):
            self._add([*self._var(1, pair), *self._var(0, site)], [1.0, -1.0], -np.inf, 0.0)
        for site in range(model.sites):
            mine = np.flatnonzero(model.pairs[:, 1] == site)
            used, opened, met = self._var(1, mine), self._var(0, site), model.pairs[mine, 0]
            if model.most is not None:
                self._add([*used, *opened], [*([1.0] * len(used)), -float(model.most)], -np.inf, 0.0)
            if model.ceiling is not None:
                self._add([*used, *opened], [*model.load[met].tolist(), -float(model.ceiling)], -np.inf, 0.0)
            if model.least:
                shared = self._var(4, [n for n, (_, at, _) in enumerate(self.shared) if at == site])
                self._add([*used, *shared, *opened], [*model.weight[met].tolist(), *([1.0] * len(shared)), -float(model.least)], 0.0, np.inf)
            self._add([*used, *opened], [*([1.0] * len(used)), -float(model.fewest)], 0.0, np.inf)
        for n, (_, _, pairs) in enumerate(self.shared):
            self._add([*self._var(4, n), *self._var(1, pairs)], [1.0, *([-1.0] * len(pairs))], -np.inf, 0.0)
        self._keep_apart()
        if model.most is not None:  # follows from the rest; the solver proves much sooner with it
            whole = [*range(self.starts[1]), *range(self.starts[2], self.starts[4])]
            self._add(whole, [1.0] * len(whole), float(np.ceil(model.demands / model.most)), np.inf)

    def _keep_apart(self) -> None:
        at = {(demand, site): pair for pair, (demand, site) in enumerate(self.model.pairs.tolist())}
        for one, other in self.model.apart.tolist():
            for site in self.model.pairs[self.model.pairs[:, 0] == one, 1].tolist():
                if (other, site) in at:
                    self._add([*self._var(1, at[one, site]), *self._var(1, at[other, site])], [1.0, 1.0], -np.inf, 1.0)

    def _stay_within(self, budget: int) -> None:
        """No more than so many sites, and a group is met only with one of its demands."""
        opened = [*range(self.starts[1]), *range(self.starts[2], self.starts[3])]
        self._add(opened, [1.0] * len(opened), -np.inf, float(budget))
        for n, group in enumerate(self.groups):
            self._add([*self._var(5, n), *self._var(3, list(group))], [1.0] * (1 + len(group)), -np.inf, float(len(group)))

    def _aims(self) -> tuple[Floats, Floats]:
        """What is to be small: first sites (or the weight not met), then how badly they go together (and sites, where their number is free)."""
        model, cost, second = self.model, np.zeros(self.size), np.zeros(self.size)
        if not model.is_plain and model.unlike is not None:
            second[self.starts[1] : self.starts[2]] = model.unlike
        opened = np.zeros(self.size)
        opened[: self.starts[1]] = opened[self.starts[2] : self.starts[3]] = 1
        if self.weights is None:
            cost += opened
            cost[self.starts[3] : self.starts[4]] = model.demands + 1
            return cost, second
        cost[self.starts[5] :] = -np.asarray(self.weights, float)
        return cost, second + opened * (1 + second.sum())

    def solve(self, cost: Floats, seconds: float, extra: Sequence[tuple[list[int], list[float], float, float]] = ()) -> Answer | None:
        """Return the best values, or the best found in time with a bound; None where there is no time at all."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        if seconds <= 0:
            return None
        rows = [*self.rows, *extra]
        starts = np.cumsum([0, *(len(variables) for variables, *_ in rows)])
        variables, factors = [v for row in rows for v in row[0]], [f for row in rows for f in row[1]]
        matrix = csr_array((factors, variables, starts), (len(rows), self.size))
        found = milp(
            cost, integrality=self._integrality(), bounds=Bounds(0, 1),
            constraints=LinearConstraint(matrix, [row[2] for row in rows], [row[3] for row in rows]),
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )  # fmt: skip
        if found.x is None:
            bound = found.mip_dual_bound
            return Answer(None, np.inf, -np.inf if bound is None else bound, proven=found.status == 2)
        value = float(cost @ np.where(self._integrality() == 1, np.round(found.x), found.x))
        return Answer(found.x, value, value if found.status == 0 else found.mip_dual_bound, proven=found.status == 0)

    def _integrality(self) -> Ints:
        """Sites, pairs and demands are whole; what is shared, and groups, follow from them."""
        whole = np.zeros(self.size, np.int64)
        whole[: self.starts[4]] = 1
        return whole

    def keep(self, cost: Floats, value: float) -> None:
        """From now on, nothing worse than `value`."""
        used = np.flatnonzero(cost)
        self._add(used.tolist(), cost[used].tolist(), -np.inf, value + 1e-6 * max(1.0, abs(value)))

    def read(self, values: Floats) -> Ints:
        """Return the site of each demand, ALONE or UNMET."""
        model = self.model
        site_of = np.where(values[self.starts[2] : self.starts[3]] > 0.5, ALONE, UNMET)
        site_of[~model.alone] = UNMET
        used = np.flatnonzero(values[self.starts[1] : self.starts[2]] > 0.5)
        if model.is_plain:
            used = np.flatnonzero(values[model.pairs[:, 1]] > 0.5)[::-1]
        site_of[model.pairs[used, 0]] = model.pairs[used, 1]
        return site_of

    def aim_of(self, site_of: Ints) -> float:
        """What a choice comes to: sites opened and demands alone, or the weight of the groups met."""
        if self.weights is None:
            return float(len(np.unique(site_of[site_of >= 0])) + (site_of == ALONE).sum())
        return float(sum(weight for weight, group in zip(self.weights, self.groups, strict=True) if (site_of[list(group)] != UNMET).any()))

    def penalty_of(self, site_of: Ints) -> float:
        """What the demands that are left unmet add to the cost."""
        return float((site_of == UNMET).sum() * (self.model.demands + 1))

    def count_ways(self, site_of: Ints, most: int, end: float) -> tuple[int, bool]:
        """How many choices are as good as this one, up to `most`: forbid each that was found and ask again."""
        known = {self._key(site_of)}
        extra: list[tuple[list[int], list[float], float, float]] = []
        while len(known) < most:
            used = self._used(site_of)
            extra.append((used, [1.0] * len(used), -np.inf, len(used) - 1.0))
            answer = self.solve(np.zeros(self.size), end - time.monotonic(), extra)
            if answer is None or answer.values is None:
                return len(known), answer is not None and answer.proven
            site_of = self.read(answer.values)
            known.add(self._key(site_of))
        return len(known), False

    def _key(self, site_of: Ints) -> tuple[int, ...]:
        """What makes a choice another one: the sites opened, or which demands share a site, whatever it is called."""
        if self.model.is_plain:
            return (*np.unique(site_of).tolist(), UNMET, *np.flatnonzero(site_of == ALONE).tolist())
        first: dict[int, int] = {}
        return tuple(int(site) if site < 0 else first.setdefault(int(site), n) for n, site in enumerate(site_of.tolist()))

    def _used(self, site_of: Ints) -> list[int]:
        """The variables that make a choice what it is: another choice as good lacks one of them."""
        alone = self._var(2, np.flatnonzero(site_of == ALONE))
        unmet = self._var(3, np.flatnonzero(site_of == UNMET)) if self.weights is None else []
        if self.model.is_plain:
            return [*self._var(0, np.unique(site_of[site_of >= 0])), *alone, *unmet]
        used = np.flatnonzero(site_of[self.model.pairs[:, 0]] == self.model.pairs[:, 1])
        return [*self._var(1, used), *alone, *unmet]


def _shared_pairs(model: Covering) -> list[tuple[int, int, list[int]]]:
    """For each thing shared and each site that could meet two of its demands or one: the pairs by which it would count there."""
    if not model.least or not len(model.shared):
        return []
    of: dict[int, list[int]] = {}
    for who, demand in model.shared.tolist():
        of.setdefault(demand, []).append(who)
    found: dict[tuple[int, int], list[int]] = {}
    for pair, (demand, site) in enumerate(model.pairs.tolist()):
        for who in of.get(demand, ()):
            found.setdefault((who, site), []).append(pair)
    return [(who, site, pairs) for (who, site), pairs in found.items()]

"""A choice of sites without a solver: again and again the site that meets most of what is left."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from graphkit.questions.plans.covering import Covering

Ints = NDArray[np.int64]
ALONE, UNMET = -1, -2


def meet_greedily(
    model: Covering, budget: int | None = None, weights: Sequence[float] | None = None, groups: Sequence[Sequence[int]] | None = None
) -> Ints:
    """Return the site of each demand, `ALONE` or `UNMET`, chosen one by one; no better than a first try."""
    chosen = _Choosing(model, weights, groups)
    cost = 0
    heap = [(-chosen.gain(chosen.gather(site)), site) for site in range(model.sites)]
    heapq.heapify(heap)
    while heap and (budget is None or cost < budget):
        _, site = heapq.heappop(heap)
        demands = chosen.gather(site)
        gain = chosen.gain(demands)
        if gain <= (0 if weights is not None or not all(model.alone[demands]) else 1):
            continue
        if heap and gain < -heap[0][0]:
            heapq.heappush(heap, (-gain, site))
            continue
        chosen.meet(demands, site)
        cost += 1
    for demand in sorted(np.flatnonzero(model.alone & (chosen.site_of == UNMET)).tolist(), key=lambda d: -chosen.gain([d])):
        if budget is None or cost < budget:
            chosen.meet([demand], ALONE)
            cost += 1
    return chosen.site_of


class _Choosing:
    """What has been met so far."""

    def __init__(self, model: Covering, weights: Sequence[float] | None, groups: Sequence[Sequence[int]] | None) -> None:
        self.model, self.weights = model, weights
        self.site_of = np.full(model.demands, UNMET)
        self.reach: list[list[int]] = [[] for _ in range(model.sites)]
        order = range(len(model.pairs)) if model.unlike is None else np.argsort(model.unlike, kind="stable").tolist()
        for pair in order:
            demand, site = model.pairs[pair].tolist()
            self.reach[site].append(demand)
        self.groups_of: dict[int, list[int]] = {}
        for n, group in enumerate(groups or ()):
            for demand in group:
                self.groups_of.setdefault(demand, []).append(n)
        self.met_groups: set[int] = set()
        self.apart = {(a, b) for a, b in model.apart.tolist()} | {(b, a) for a, b in model.apart.tolist()}
        self.sharing: dict[int, set[int]] = {}
        for who, demand in model.shared.tolist():
            self.sharing.setdefault(demand, set()).add(who)

    def gather(self, site: int) -> list[int]:
        """The demands that a site would meet now: those left, as many as it may, or none where they do not suffice."""
        model = self.model
        found: list[int] = []
        for demand in self.reach[site]:
            full = model.most is not None and len(found) >= model.most
            heavy = model.ceiling is not None and model.load[[*found, demand]].sum() > model.ceiling
            if self.site_of[demand] == UNMET and not full and not heavy and not any((demand, other) in self.apart for other in found):
                found.append(demand)
        if len(found) < model.fewest:
            return []
        if model.least:
            together: set[int] = set().union(*(self.sharing.get(demand, set()) for demand in found))
            if model.weight[found].sum() + len(together) < model.least:
                return []
        return found

    def gain(self, demands: Sequence[int]) -> float:
        """How many more are met, or how much more weight."""
        if self.weights is None:
            return len(demands)
        return sum(self.weights[n] for n in {n for d in demands for n in self.groups_of.get(d, ())} - self.met_groups)

    def meet(self, demands: Sequence[int], site: int) -> None:
        """Note that these are met."""
        self.site_of[list(demands)] = site
        self.met_groups |= {n for d in demands for n in self.groups_of.get(d, ())}

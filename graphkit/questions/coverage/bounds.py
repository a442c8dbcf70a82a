"""The lowest and the highest rate that so many missing rows allow, wherever they are missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

NOT_ASKED, MET, OPEN = 0, 1, 2
_ROUNDS = 60


def bound_rate(sizes: NDArray[np.int64], costs: NDArray[np.float64], rows: int, *, extra: int = 0) -> tuple[float, float]:
    """Return the lowest and the highest met / asked over every way in which at most `rows` rows are added.

    Parameters
    ----------
    sizes : int64 array
        Subjects of each case.
    costs : float64 array, cases × 3
        How many rows it takes at least that one subject of the case is not asked, is met, is open: 0 where it may be so as it is, infinite
        where no row makes it so.
    rows : int
        How many rows may be added in all.
    extra : int
        Subjects that may be missing, each of which could come to anything.

    Returns
    -------
    tuple of float
        NaN where nobody can be asked. Exact where a change takes one row; else a bound that no completion passes.

    Notes
    -----
    Met / asked is lowest where met − rate × asked is 0 at its lowest (Dinkelbach 1967, Management Science 13(7), 492–498); which subjects
    the rows go to is a knapsack, taken as divisible.

    Examples
    --------
    Four met and six open; one missing row may meet one of those that are open:

    >>> inf = float("inf")
    >>> bound_rate(np.array([4, 6]), np.array([[inf, 0, inf], [inf, 1, 0]]), 2)
    (0.4, 0.6)
    """
    sizes, costs = np.append(sizes, extra), np.vstack([costs, np.zeros((1, 3))])
    there = sizes > 0
    sizes, costs = sizes[there], np.where(costs[there] > rows, np.inf, costs[there])
    met, asked = _lowest(sizes, costs, rows)
    open_, of = _lowest(sizes, costs[:, [NOT_ASKED, OPEN, MET]], rows)
    return met / asked if asked else np.nan, (of - open_) / of if of else np.nan


def _lowest(sizes: NDArray[np.int64], costs: NDArray[np.float64], rows: int) -> tuple[float, float]:
    """Met and asked where the rate is lowest; nobody where nobody can be asked."""
    best = (1.0, 1.0) if np.isfinite(costs[:, MET]).any() else (0.0, 0.0)
    rate = 1.0
    for _ in range(_ROUNDS):
        met, asked = _best(sizes, costs, rows, np.array([0.0, 1 - rate, -rate]))
        if asked <= 0 or (met >= asked * rate - 1e-12 and best[1] and rate < 1):
            return best
        found = max(met / asked, 0.0)
        best = max(met, 0.0), asked
        if found >= rate:
            return best
        rate = found
    return best


def _best(sizes: NDArray[np.int64], costs: NDArray[np.float64], rows: int, worth: NDArray[np.float64]) -> tuple[float, float]:
    """Met and asked where met − rate × asked is lowest: `worth` of one subject by state."""
    free = np.where(costs == 0, worth, np.inf)
    state = np.lexsort((np.broadcast_to([1, 0, 2], free.shape), free), axis=1)[:, 0]  # of equals rather met: then the rate is one of somebody
    met, asked = float(sizes[state == MET].sum()), float(sizes[state != NOT_ASKED].sum())
    left = float(rows)
    for _, cost, case, come, go in sorted(_steps(costs, state, worth)):
        number = min(float(sizes[case]), left / cost)
        met += number * ((go == MET) - (come == MET))
        asked += number * ((go != NOT_ASKED) - (come != NOT_ASKED))
        left -= number * cost
    return met, asked


def _steps(costs: NDArray[np.float64], state: NDArray[np.int64], worth: NDArray[np.float64]) -> Sequence[tuple[float, float, int, int, int]]:
    """Changes of one subject of each case that lower the sum, the most for a row first: a second one follows the first of its case."""
    found = []
    for case in np.flatnonzero((np.isfinite(costs) & (costs > 0)).any(axis=1)):
        paid = [(float(costs[case, to]), float(worth[state[case]] - worth[to]), to) for to in range(3) if 0 < costs[case, to] < np.inf]
        paid = sorted((cost, -gain, to) for cost, gain, to in paid if gain > 1e-15)
        come, spent, had = int(state[case]), 0.0, 0.0
        for step in _hull([(cost, -gain, to) for cost, gain, to in paid]):
            cost, gain, to = step
            found.append((-(gain - had) / (cost - spent), cost - spent, int(case), come, to))
            come, spent, had = to, cost, gain
    return found


def _hull(options: Sequence[tuple[float, float, int]]) -> list[tuple[float, float, int]]:
    """Of dearer and better options those that are worth it: each step gains less for a row than the one before."""
    kept: list[tuple[float, float, int]] = []
    for cost, gain, to in options:
        if kept and (gain <= kept[-1][1] or cost == kept[-1][0]):
            continue
        if kept and gain / cost >= kept[-1][1] / kept[-1][0]:
            kept.pop()
        kept.append((cost, gain, to))
    return kept

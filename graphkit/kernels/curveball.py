"""Curveball: who belongs where, shuffled so that nobody belongs to more or fewer bodies and no body has more or fewer people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphkit.kernels.compiled import Kernel

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

TRADES = 30  # rounds in which every row trades once; an entry moves on with probability 1/2 a round, so some log2(rows) rounds mix
SWAPS_PER_TIE = 10


@Kernel
def _trade(pairs, offsets, entries, chances, merged):
    """Each two rows of `pairs` keep what both hold and share out the rest anew, as many to each as before; rows stay ascending.

    Of what is left to share out, the next entry goes to the first row with the probability of (places left in it) /
    (entries left): every division is equally likely, and no sorting is needed.
    """
    for turn in range(0, len(pairs) - 1, 2):
        a, b = pairs[turn], pairs[turn + 1]
        i, j, end_i, end_j = offsets[a], offsets[b], offsets[a + 1], offsets[b + 1]
        length, shared = 0, 0
        while i < end_i or j < end_j:
            if j == end_j or (i < end_i and entries[i] < entries[j]):
                merged[length] = entries[i]
                i += 1
            elif i == end_i or entries[j] < entries[i]:
                merged[length] = entries[j]
                j += 1
            else:
                merged[length] = -1 - entries[i]
                shared += 1
                i += 1
                j += 1
            length += 1
        i, j = offsets[a], offsets[b]
        places, left, used = end_i - i - shared, length - shared, 0
        for k in range(length):
            value = merged[k]
            if value < 0:
                entries[i] = -1 - value
                entries[j] = -1 - value
                i += 1
                j += 1
                continue
            span = end_i - offsets[a]
            chance = chances[offsets[a] + used] if used < span else chances[offsets[b] + used - span]
            used += 1
            if chance * left < places:
                entries[i] = value
                i += 1
                places -= 1
            else:
                entries[j] = value
                j += 1
            left -= 1


def shuffle_rows(offsets: Longs, entries: Ints, strata: Ints, rng: np.random.Generator, *, trades: int = TRADES) -> Ints:
    """Shuffle what rows hold by rounds of trades; the length of every row and the number of times each entry occurs stay.

    In a round the rows of each stratum are paired at random and each pair trades. A round is as likely forth as back,
    so the chain is reversible and its law the uniform one over all that can be reached.

    Parameters
    ----------
    offsets, entries : arrays
        The rows, each ascending and without repetition.
    strata : int32 array, shape (rows,)
        Ascending; only rows of one stratum trade.
    rng : Generator
        Where chance comes from.
    trades : int
        Rounds.

    Returns
    -------
    int32 array
        New entries under the same offsets, each row ascending.

    References
    ----------
    Strona et al. 2014, Nature Communications 5, 4114; Carstens 2015, Physical Review E 91, 042812; Carstens, Berger &
    Strona 2018, MethodsX 5, 213-219 (rounds).
    """
    shuffled = np.array(entries, np.int32)
    sizes = np.bincount(strata) if len(strata) else np.zeros(1, np.int64)
    place = np.arange(len(strata)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    paired = place < np.repeat(sizes // 2 * 2, sizes)  # the last of an odd number sits a round out
    longest = int(np.diff(offsets).max(initial=0))
    merged = np.empty(2 * longest, np.int32)
    trade = _trade.prepare(trades * 3 * len(entries))
    for _ in range(trades):
        rows = np.argsort(strata + rng.random(len(strata)))[paired].astype(np.int32)
        trade(rows, offsets, shuffled, rng.random(len(entries)), merged)
    return shuffled


@Kernel
def _swap(first, second, rows, offsets, neighbours, weights, back, groups):
    """Ties a-b and c-d become a-d and c-b where that makes no self-tie and no parallel tie, and b and d are of one group."""
    for turn in range(len(first)):
        k, m = first[turn], second[turn]
        a, b, c, d = rows[k], neighbours[k], rows[m], neighbours[m]
        if a in (c, d) or b in (c, d) or groups[b] != groups[d]:
            continue
        taken = False
        for u, v in ((a, d), (c, b)):
            if offsets[u + 1] - offsets[u] > offsets[v + 1] - offsets[v]:
                u, v = v, u  # noqa: PLW2901 the shorter row is looked through
            for s in range(offsets[u], offsets[u + 1]):
                if neighbours[s] == v:
                    taken = True
                    break
        if taken:
            continue
        from_b, from_d = back[k], back[m]
        neighbours[k] = d
        neighbours[from_d] = a
        neighbours[m] = b
        neighbours[from_b] = c
        weights[from_d] = weights[k]
        weights[from_b] = weights[m]
        back[k] = from_d
        back[from_d] = k
        back[m] = from_b
        back[from_b] = m


def swap_ties(offsets: Longs, neighbours: Ints, weights: Floats, groups: Ints, rng: np.random.Generator) -> tuple[Ints, Ints, Floats]:
    """Swap the ends of ties of an undirected simple network, so that every node keeps its number of ties.

    Between any two groups the number of ties stays too. A swap that cannot be made counts as a step, so the chain is
    symmetric and its law uniform.

    Returns
    -------
    source, target : int32 arrays
        Every tie once.
    weights : float64 array
        Each tie keeps its weight.

    References
    ----------
    Fosdick et al. 2018, SIAM Review 60(2), 315-355 (why refused swaps count).
    """
    rows = np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))
    ends, strength = np.array(neighbours, np.int32), np.array(weights, np.float64)
    back = np.empty(len(ends), np.int64)
    back[np.lexsort((rows, ends))] = np.arange(len(ends))
    attempts = SWAPS_PER_TIE * len(ends) // 2
    chosen = rng.integers(len(ends), size=(2, attempts)) if len(ends) else np.empty((2, 0), np.int64)
    swap = _swap.prepare(attempts * 10)
    swap(chosen[0].copy(), chosen[1].copy(), rows, offsets, ends, strength, back, np.asarray(groups, np.int32))
    once = rows < ends
    return rows[once], ends[once], strength[once]

"""Structural holes among contacts of which some are bodies: how much two contacts of a person have in common beside that person."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphkit.kernels.compiled import Kernel, run_blocks, split_rows
from graphkit.kernels.csr import distinct

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

BLOCK_ENTRIES = 500_000


@Kernel
def _tie_bodies(passing, first, last, offsets, neighbours, share, is_body, people, pair_offsets, pair_other, pair_shared, pair_direct,
                total, strongest, indirect, redundant):  # fmt: skip
    """For each person of the block, what two bodies share: added up for each of them, or, if `passing`, passed on to the other."""
    for i in range(first, last):
        if is_body[i]:
            continue
        for k in range(offsets[i], offsets[i + 1]):
            q = neighbours[k]
            if not is_body[q]:
                continue
            at, end = pair_offsets[q], pair_offsets[q + 1]
            for m in range(offsets[i], offsets[i + 1]):
                j = neighbours[m]
                if m == k or not is_body[j]:
                    continue
                high = end
                while at < high:
                    middle = (at + high) // 2
                    if pair_other[middle] < j:
                        at = middle + 1
                    else:
                        high = middle
                if at == end:
                    break
                if pair_other[at] != j:
                    continue
                strength = pair_direct[at]
                if pair_shared[at] > 1:
                    strength += (pair_shared[at] - 1.0) / (people[q] + people[j] - pair_shared[at] - 1.0)
                if passing:
                    indirect[m] += share[k] * strength / total[k]
                    redundant[k] += share[m] * strength / strongest[k]
                else:
                    total[k] += strength
                    strongest[k] = max(strongest[k], strength)


@Kernel
def _tie_people(passing, first, last, offsets, neighbours, weights, share, is_body, place, total, strongest, indirect, redundant):
    """The same for ties of contacts who are people, with each other and with bodies; the rows of bodies may be long and are never scanned.

    `place` holds where a contact stands in the row of the person, + 1.
    """
    for i in range(first, last):
        if is_body[i]:
            continue
        start, stop = offsets[i], offsets[i + 1]
        for k in range(start, stop):
            place[neighbours[k]] = k - start + 1
        for k in range(start, stop):
            q = neighbours[k]
            if is_body[q]:
                continue
            for s in range(offsets[q], offsets[q + 1]):
                j = neighbours[s]
                if place[j] == 0 or j == i:
                    continue
                m = start + place[j] - 1
                strength = weights[s]
                if passing:
                    indirect[m] += share[k] * strength / total[k]
                    redundant[k] += share[m] * strength / strongest[k]
                    if is_body[j]:
                        indirect[k] += share[m] * strength / total[m]
                        redundant[m] += share[k] * strength / strongest[m]
                else:
                    total[k] += strength
                    strongest[k] = max(strongest[k], strength)
                    if is_body[j]:
                        total[m] += strength
                        strongest[m] = max(strongest[m], strength)
        for k in range(start, stop):
            place[neighbours[k]] = 0


def sum_ego_holes(offsets: Longs, neighbours: Ints, weights: Floats, is_body: Bools) -> tuple[Floats, Floats]:
    """Dyadic constraint and redundancy of every tie of a person, in the order of `neighbours`; of no meaning in the rows of bodies.

    Bodies b and c of a person are tied as strongly as the share of their other people who are in both, plus a tie of
    their own if there is one. The work is the ties of people with people, twice, and pairs of bodies of one person.
    """
    n = len(offsets) - 1
    rows = np.repeat(np.arange(n, dtype=np.int32), np.diff(offsets))
    pairs = _pair_bodies(offsets, neighbours, weights, is_body, rows)
    people = np.bincount(rows[~is_body[neighbours]], minlength=n).astype(np.float64)
    share = weights / np.bincount(rows, weights=weights, minlength=n)[rows]
    sums = np.array(weights), np.array(weights), np.zeros(len(neighbours)), np.zeros(len(neighbours))
    tie_bodies, tie_people = _tie_bodies.prepare(4 * len(neighbours)), _tie_people.prepare(4 * len(neighbours))

    def work(first: int, last: int) -> None:
        place = np.zeros(n, np.int32)
        for passing in (False, True):
            tie_bodies(passing, first, last, offsets, neighbours, share, is_body, people, *pairs, *sums)
            tie_people(passing, first, last, offsets, neighbours, weights, share, is_body, place, *sums)

    for _ in run_blocks(work, split_rows(offsets, max(BLOCK_ENTRIES, 2 * n))):
        pass  # every row is written by one block
    _, _, indirect, redundant = sums
    return (share + indirect) ** 2, redundant


def _pair_bodies(offsets: Longs, neighbours: Ints, weights: Floats, is_body: Bools, rows: Ints) -> tuple[Longs, Ints, Floats, Floats]:
    """Bodies that share people or are tied: for each body the others, ascending; how many people they share; the strength of their tie."""
    n = np.int64(len(offsets) - 1)
    held = is_body[neighbours] & ~is_body[rows]
    people, bodies = rows[held], neighbours[held].astype(np.int64)
    starts = np.searchsorted(people, people)  # where the bodies of the same person begin
    counts = np.searchsorted(people, people, side="right") - starts
    ends = np.cumsum(counts)
    where = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)
    left, right = np.repeat(bodies, counts), bodies[where]
    shared = (left * n + right)[left != right]
    tied = is_body[neighbours] & is_body[rows]
    direct = rows[tied].astype(np.int64) * n + neighbours[tied]
    keys = distinct(np.concatenate([shared, direct]))
    number = np.bincount(np.searchsorted(keys, shared), minlength=len(keys)).astype(np.float64)
    strength = np.bincount(np.searchsorted(keys, direct), weights=weights[tied], minlength=len(keys))
    pair_offsets = np.searchsorted(keys, np.arange(n + 1) * n).astype(np.int64)
    return pair_offsets, (keys % n).astype(np.int32), number, strength.astype(np.float64)

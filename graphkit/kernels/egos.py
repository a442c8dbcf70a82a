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
def _tie_contacts(first, last, offsets, neighbours, weights, is_body, people, pair_offsets, pair_other, pair_shared, pair_direct,
                  place, total, strongest, indirect, redundant):  # fmt: skip
    """For each person of the block, what each contact gives to the others: once to add up, once to pass on.

    `place` holds where a contact stands in the row of the person, + 1. Bodies are never scanned, they may be long: ties
    with people are found from these, what two bodies share from the pairs.
    """
    for i in range(first, last):
        start, stop = offsets[i], offsets[i + 1]
        if is_body[i] or start == stop:
            continue
        whole = 0.0
        for k in range(start, stop):
            place[neighbours[k]] = k - start + 1
            whole += weights[k]
            total[k - start] = weights[k]
            strongest[k - start] = weights[k]
        for turn in range(2):
            for k in range(start, stop):
                q = neighbours[k]
                own = k - start
                if is_body[q]:
                    begin, end = pair_offsets[q], pair_offsets[q + 1]
                    at = begin
                    for m in range(start, stop):
                        j = neighbours[m]
                        if m == k or not is_body[j] or begin == end:
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
                        if turn == 0:
                            total[own] += strength
                            if strength > strongest[own]:
                                strongest[own] = strength
                        else:
                            indirect[m] += weights[k] / whole * strength / total[own]
                            redundant[k] += weights[m] / whole * strength / strongest[own]
                    continue
                for s in range(offsets[q], offsets[q + 1]):
                    j = neighbours[s]
                    other = place[j] - 1
                    if other < 0 or j == i:
                        continue
                    if turn == 0:
                        total[own] += weights[s]
                        if weights[s] > strongest[own]:
                            strongest[own] = weights[s]
                        if is_body[j]:
                            total[other] += weights[s]
                            if weights[s] > strongest[other]:
                                strongest[other] = weights[s]
                    else:
                        m = start + other
                        indirect[m] += weights[k] / whole * weights[s] / total[own]
                        redundant[k] += weights[m] / whole * weights[s] / strongest[own]
                        if is_body[j]:
                            indirect[k] += weights[m] / whole * weights[s] / total[other]
                            redundant[m] += weights[k] / whole * weights[s] / strongest[other]
        for k in range(start, stop):
            indirect[k] += weights[k] / whole
            indirect[k] *= indirect[k]
            place[neighbours[k]] = 0


def sum_ego_holes(offsets: Longs, neighbours: Ints, weights: Floats, is_body: Bools) -> tuple[Floats, Floats]:
    """Dyadic constraint and redundancy of every tie of a person, in the order of `neighbours`; nothing in the rows of bodies.

    Bodies b and c of a person are tied as strongly as the share of their other people who are in both, plus a tie of
    their own if there is one. The work is the ties of people with people, twice, and pairs of bodies of one person.
    """
    n = len(offsets) - 1
    rows = np.repeat(np.arange(n, dtype=np.int32), np.diff(offsets))
    pairs = _pair_bodies(offsets, neighbours, weights, is_body, rows)
    people = np.bincount(rows[~is_body[neighbours]], minlength=n).astype(np.float64)
    longest = int(np.diff(offsets)[~is_body].max(initial=0))
    indirect, redundant = np.zeros(len(neighbours)), np.zeros(len(neighbours))
    tie_contacts = _tie_contacts.prepare(4 * len(neighbours))

    def work(first: int, last: int) -> None:
        scratch = np.zeros(n, np.int32), np.zeros(longest), np.zeros(longest)
        tie_contacts(first, last, offsets, neighbours, weights, is_body, people, *pairs, *scratch, indirect, redundant)

    for _ in run_blocks(work, split_rows(offsets, max(BLOCK_ENTRIES, 2 * n))):
        pass  # every row is written by one block
    return indirect, redundant


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

"""Reach: how many things lie with the people at most k steps away, along bodies that people share and ties between them.

People are tied to bodies, never to one another through them, so a body of m people costs m and not m².
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphkit.kernels.compiled import Kernel, count_cores, run_blocks, split_evenly
from graphkit.kernels.csr import distinct_pairs

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

SMALLEST_BLOCK = 4096  # sources; below that the arrays of a block cost more than its work


@dataclass(frozen=True, eq=False)
class Lists:
    """For each row a list of positions: those of row i are ``items[offsets[i]:offsets[i + 1]]``; `width` exceeds every one."""

    offsets: Longs
    items: Ints
    width: int


def lay_out(rows: Ints, items: Ints, *, height: int, width: int) -> Lists:
    """Lay pairs of positions out as `Lists`; a pair given twice stands once."""
    left, right = distinct_pairs(rows, items, max(width, 1))
    offsets = np.zeros(height + 1, np.int64)
    np.cumsum(np.bincount(left, minlength=height), out=offsets[1:])
    return Lists(offsets, right, width)


@Kernel
def _count_block(
    first, last, steps, source_offsets, sources, body_offsets, bodies, people_offsets, people, tie_offsets, tied, thing_offsets, things,
    seen_person, seen_body, seen_thing, queue, counts,
):  # fmt: skip
    for s in range(first, last):
        mark = s + 1  # the marks of earlier sources are smaller, so nothing is wiped
        tail = 0
        for k in range(source_offsets[s], source_offsets[s + 1]):
            p = sources[k]
            if seen_person[p] != mark:
                seen_person[p] = mark
                queue[tail] = p
                tail += 1
        head = 0
        found = 0
        for step in range(steps + 1):
            level = tail
            while head < level:
                p = queue[head]
                head += 1
                for k in range(thing_offsets[p], thing_offsets[p + 1]):
                    if seen_thing[things[k]] != mark:
                        seen_thing[things[k]] = mark
                        found += 1
                if step == steps:
                    continue
                for k in range(tie_offsets[p], tie_offsets[p + 1]):
                    q = tied[k]
                    if seen_person[q] != mark:
                        seen_person[q] = mark
                        queue[tail] = q
                        tail += 1
                for k in range(body_offsets[p], body_offsets[p + 1]):
                    b = bodies[k]
                    if seen_body[b] == mark:
                        continue
                    seen_body[b] = mark
                    for j in range(people_offsets[b], people_offsets[b + 1]):
                        q = people[j]
                        if seen_person[q] != mark:
                            seen_person[q] = mark
                            queue[tail] = q
                            tail += 1
            if head == tail:
                break
        counts[s] = found


def count_reach(sources: Lists, bodies: Lists, people: Lists, ties: Lists, things: Lists, *, steps: int) -> Longs:
    """Count the distinct things held by the people at most `steps` steps from each source.

    The work is the sum of the balls: people within `steps` of each source, their bodies and things.

    Parameters
    ----------
    sources : Lists
        For each source, the people it starts from (one person, or those of a village).
    bodies : Lists
        For each person, the bodies along which steps are taken.
    people : Lists
        For each body, its people.
    ties : Lists
        For each person, the people one step away besides; given in both directions.
    things : Lists
        For each person, the things held.
    steps : int
        Steps from the source; 0 counts what the sources hold themselves.

    Returns
    -------
    int64 array, one count a source
    """
    count = len(sources.offsets) - 1
    counts = np.zeros(count, np.int64)
    count_block = _count_block.prepare(_bound_steps(sources, bodies, people, ties, things, steps))

    def work(first: int, last: int) -> None:
        persons = len(bodies.offsets) - 1
        seen = [np.zeros(size, np.int32) for size in (persons, bodies.width, things.width)]
        count_block(
            first, last, steps, sources.offsets, sources.items, bodies.offsets, bodies.items, people.offsets, people.items,
            ties.offsets, ties.items, things.offsets, things.items, *seen, np.empty(persons, np.int32), counts,
        )  # fmt: skip

    size = max(SMALLEST_BLOCK, -(-count // (4 * count_cores())))
    for _ in run_blocks(work, split_evenly(count, size)):
        pass
    return counts


def _bound_steps(sources: Lists, bodies: Lists, people: Lists, ties: Lists, things: Lists, steps: int) -> int:
    """Most steps of the loop: all walks from the sources, also those that meet again."""
    held = 1.0 + np.diff(things.offsets)
    walks = held
    for _ in range(steps):
        along = _sum_lists(ties, walks) + _sum_lists(bodies, _sum_lists(people, walks))
        walks = np.minimum(held + along, 1e12)  # enough to say that it is much
    return int(_sum_lists(sources, walks).sum())


def _sum_lists(lists: Lists, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of `values` over each list."""
    sums = np.concatenate([[0.0], np.cumsum(values[lists.items])])
    result: NDArray[np.float64] = np.diff(sums[lists.offsets])
    return result

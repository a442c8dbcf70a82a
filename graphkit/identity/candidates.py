"""Pairs of people worth comparing, found through what they share: never all pairs, and never a block that is too large to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from graphkit.identity.names import alike_name, near_names, plain_name

Ints = NDArray[np.int64]

UNKNOWN = -1
LARGEST_BLOCK = 100  # people; a block of more says too little to be worth its pairs
RARE = 5  # people of one name, up to which the name alone is worth a comparison


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """What is known of each person, by position.

    Attributes
    ----------
    ids : sequence of str
        As the tables have them.
    names : sequence of str or None
        None where not known.
    birth_years, admitted : int64 array
        The year; the day of admission, days since 1970; `UNKNOWN` where not known.
    lists : int64 array
        Number of the list (file and sheet) that a person stands in; `UNKNOWN` where not known.
    bodies : tuple of (int64 array, int64 array)
        For each kind of body (village, branch, co-operative): positions of people, and the number of the body each belongs to. No number
        stands for two bodies, of whatever kinds.
    apart : frozenset of (int, int)
        Pairs, the smaller position first, that cannot be one person, such as one who mentors the other.
    numbered : bool array
        Whose id stands for a valid identity number: two of these are two people.
    """

    ids: Sequence[str]
    names: Sequence[str | None]
    birth_years: Ints
    admitted: Ints
    lists: Ints
    bodies: tuple[tuple[Ints, Ints], ...] = ()
    apart: frozenset[tuple[int, int]] = frozenset()
    numbered: NDArray[np.bool_] = field(default_factory=lambda: np.array([], bool))


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """Names as they are compared, each numbered, and `UNKNOWN` for none: in plain spelling, and by what they have in common with look-alikes."""

    plain: Ints
    alike: Ints

    @classmethod
    def of(cls, people: People) -> Named:
        """Number the names of `people`."""
        plain = [plain_name(name) if name else "" for name in people.names]
        return cls(_number(plain), _number([alike_name(name) for name in plain]))


def list_candidates(people: People, named: Named) -> tuple[Ints, Ints]:
    """List pairs that share a name, in one of its spellings, and something else; or a rare name; or nearly a name, a year of birth and a body.

    Returns
    -------
    first, second : int64 array
        Positions, the smaller first; each pair once, in order.
    """
    count = len(people.ids)
    found = [np.array([], np.int64)]
    for who, keys in _blocks(people, named):
        first, second = _pairs_within(who, keys)
        found.append(np.minimum(first, second) * count + np.maximum(first, second))
    first, second = np.divmod(np.unique(np.concatenate(found)), max(count, 1))
    kept = first != second
    if len(people.numbered):
        kept &= ~(people.numbered[first] & people.numbered[second])
    if people.apart:
        kept &= ~np.isin(first * count + second, [one * count + other for one, other in people.apart])
    return first[kept], second[kept]


def _blocks(people: People, named: Named) -> Iterator[tuple[Ints, list[Ints]]]:
    """Each way of finding pairs: positions of people, and what they must have alike."""
    everybody = np.flatnonzero(named.alike != UNKNOWN)
    alike = named.alike
    yield everybody[np.bincount(alike[everybody])[alike[everybody]] <= RARE], [alike]
    dated = everybody[people.birth_years[everybody] != UNKNOWN]
    both = np.concatenate([dated, dated])  # each under its year and the next one: people a year apart meet
    yield both, [alike[both], np.concatenate([people.birth_years[dated], people.birth_years[dated] + 1])]
    admitted = everybody[people.admitted[everybody] != UNKNOWN]
    yield admitted, [alike[admitted], people.admitted[admitted]]
    for who, body in people.bodies:
        known = alike[who] != UNKNOWN
        yield who[known], [alike[who[known]], body[known]]
    yield from _near_blocks(people)


def _near_blocks(people: People) -> Iterator[tuple[Ints, list[Ints]]]:
    """People of one year of birth and one body, or of one day of admission, whose names differ in one character."""
    opened = [(place, near) for place, name in enumerate(people.names) if name for near in near_names(plain_name(name))]
    who, near = np.array([place for place, _ in opened], np.int64), _number([near for _, near in opened])
    admitted = people.admitted[who] != UNKNOWN
    yield who[admitted], [near[admitted], people.admitted[who[admitted]]]
    dated = people.birth_years[who] != UNKNOWN
    who, near = who[dated], near[dated]
    for members, bodies in people.bodies:
        row, body = bodies_of_each(who, members, bodies)
        yield who[row], [near[row], body, people.birth_years[who[row]]]


def bodies_of_each(asked: Ints, members: Ints, bodies: Ints) -> tuple[Ints, Ints]:
    """For each of the people `asked` every body of theirs: the position in `asked`, and the body.

    Examples
    --------
    >>> row, body = bodies_of_each(np.array([7, 5]), np.array([5, 7, 7]), np.array([0, 1, 2]))
    >>> row.tolist(), body.tolist()
    ([0, 0, 1], [1, 2, 0])
    """
    order = np.argsort(members, kind="stable")
    begin, end = np.searchsorted(members[order], asked, "left"), np.searchsorted(members[order], asked, "right")
    lengths = end - begin
    row = np.repeat(np.arange(len(asked)), lengths)
    within = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return row, bodies[order][np.repeat(begin, lengths) + within]


def _pairs_within(who: Ints, keys: Sequence[Ints]) -> tuple[Ints, Ints]:
    """Pairs of those who have every key alike, blocks that are too large left out."""
    if len(keys) == 1 and len(keys[0]) != len(who):
        keys = [keys[0][who]]
    if not len(who):
        return who, who
    code = np.unique(np.column_stack(keys), axis=0, return_inverse=True)[1].ravel()
    order = np.argsort(code, kind="stable")
    who, code = who[order], code[order]
    small = np.bincount(code)[code] <= LARGEST_BLOCK
    who, code = who[small], code[small]
    first, second = [who[:0]], [who[:0]]
    at = np.arange(len(code))
    for step in range(1, LARGEST_BLOCK):
        at = at[at + step < len(code)]
        at = at[code[at] == code[at + step]]
        if not len(at):
            break
        first.append(who[at])
        second.append(who[at + step])
    return np.concatenate(first), np.concatenate(second)


def _number(texts: Sequence[str]) -> Ints:
    """Number texts from 0; an empty one is `UNKNOWN`."""
    numbers: dict[str, int] = {"": UNKNOWN}
    return np.array([numbers.setdefault(text, len(numbers) - 1) for text in texts], np.int64)

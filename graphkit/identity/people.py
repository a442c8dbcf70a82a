"""Who may be one person: pairs proposed with the evidence for and against, for a human to decide; nothing is joined here.

A pair is weighed as Fellegi and Sunter (1969) weigh a comparison of two records: each thing compared adds
``log2(m / u)``, where m is how often it comes out so for one person listed twice, and u for two people. How often two
people share a name, a body or a list is counted in the data; the other m and u are stated below, and are not estimated.

References
----------
Fellegi, I. P. and Sunter, A. B. (1969). A theory for record linkage. Journal of the American Statistical Association 64, 1183-1210.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphkit.identity.candidates import UNKNOWN, Ints, Named, People, bodies_of_each, list_candidates
from graphkit.words import Text, join

Floats = NDArray[np.float64]

LIKELY, POSSIBLE = 0.95, 0.05
"""From which chance on a pair is called likely, and from which on it is proposed at all."""

LISTED_TWICE = 0.2  # of people, before anything is compared: an assumption, which moves every chance and no order

_SAME_NAME, _ALIKE_NAME, _NEAR_NAME = 0.9, 0.05, (0.02, 0.01)
_YEARS = {"same": (0.90, 0.025), "next": (0.05, 0.05), "slip": (0.03, 0.10), "differ": (0.02, 0.825)}
_BODY, _NO_BODY = 0.85, (0.15, 0.95)
_DAYS = {"same": (0.95, 0.003), "differ": (0.05, 0.997)}
_SAME_LIST = 0.05
_RAREST = 0.001  # no shared body says more than one of a thousandth of the people does: bodies of two people are related

_WORDS = {
    "name.same": Text("姓名相同", "same name"),
    "name.alike": Text("姓名有一字形近或音近", "names written with characters that are often taken for each other"),
    "name.near": Text("姓名相差一字", "names that differ in one character"),
    "year.same": Text("出生年相同", "same year of birth"),
    "year.next": Text("出生年相差一年", "years of birth one apart"),
    "year.slip": Text("出生年有一位数不同或两位颠倒", "years of birth that differ in one digit or have two changed about"),
    "year.differ": Text("出生年不同", "different years of birth"),
    "body.same": Text("同村、同支部或同一合作组织", "one village, branch or co-operative"),
    "body.differ": Text("村、支部、合作组织都不同", "no village, branch or co-operative in common"),
    "day.same": Text("入党日期相同", "same day of admission"),
    "day.differ": Text("入党日期不同", "different days of admission"),
    "list.same": Text("在同一份名单里", "both in one list"),
    "list.differ": Text("在两份名单里", "in two lists"),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two people who may be one.

    Attributes
    ----------
    first, second : str
        Their ids, the smaller first.
    weight : float
        Evidence in bits, the sum of ``log2(m / u)``; without what is assumed before anything is compared.
    chance : float
        Chance from 0 to 1 that they are one person, if the stated m, u and `LISTED_TWICE` hold: an order to read in, no proof.
    evidence : Text
        What was compared and how it came out, without any name or number.
    """

    first: str
    second: str
    weight: float
    chance: float
    evidence: Text

    @property
    def is_likely(self) -> bool:
        """Whether the chance is `LIKELY` or more."""
        return self.chance >= LIKELY


def propose_people(people: People) -> list[Proposal]:
    """Propose pairs that may be one person, the likeliest first.

    Two people whose ids stand for different valid identity numbers, and two of whom one mentors the other, are not proposed.

    Parameters
    ----------
    people : People
        What is known of them; `graphkit.data.people.gather_people` takes it from tables.

    Returns
    -------
    list of Proposal
        Of a chance of `POSSIBLE` or more, by falling weight, then by ids. None is more than a proposal.

    Examples
    --------
    >>> years = np.array([1970, 1970, 1950]); none = np.full(3, UNKNOWN)
    >>> found = propose_people(People(["m1", "m2", "m3"], ["张三", "張三", "李四"], years, none, np.array([0, 1, 0])))
    >>> [(pair.first, pair.second, pair.evidence.en) for pair in found]
    [('m1', 'm2', 'same name (2 rows); same year of birth; in two lists')]
    """
    if not len(people.ids):
        return []
    named = Named.of(people)
    first, second = list_candidates(people, named)
    sides = [_compare_names(named, first, second), _compare_years(people, first, second), _compare_bodies(people, first, second),
             _compare_days(people, first, second), _compare_lists(people, first, second)]  # fmt: skip
    weights = np.sum([weight for _, weight in sides], axis=0)
    odds = np.exp2(np.clip(weights, -500, 500)) * LISTED_TWICE / len(people.ids)
    chances = odds / (1 + odds)
    namesakes = np.bincount(named.plain[named.plain != UNKNOWN], minlength=1)
    pairs = []
    for at in np.flatnonzero(chances >= POSSIBLE):
        one, other = sorted((people.ids[first[at]], people.ids[second[at]]))
        said = _say([str(level[at]) for level, _ in sides], int(namesakes[named.plain[first[at]]]))
        pairs.append(Proposal(one, other, float(weights[at]), float(chances[at]), said))
    return sorted(pairs, key=lambda pair: (-round(pair.weight, 6), pair.first, pair.second))


def _say(levels: Sequence[str], namesakes: int) -> Text:
    """The evidence of one pair in words; for an equal name, how many rows bear it."""
    said = [_WORDS[level] for level in levels if level]
    if levels[0] == "name.same":
        said[0] = Text(f"{said[0].zh}（共 {namesakes:,} 行）", f"{said[0].en} ({namesakes:,} rows)")
    return join(said, Text("；", "; "))


# Comparisons: for each pair how it came out, and the weight of that; what is not known weighs nothing

_Side = tuple[NDArray[np.str_], Floats]


def _bits(m: float, u: Floats | float) -> Floats:
    return np.asarray(np.log2(m / np.maximum(u, 1e-12)), np.float64)


def _choose(levels: Sequence[tuple[str, NDArray[np.bool_], Floats]], count: int) -> _Side:
    """Of each pair the first level that it is at."""
    name, weight, left = np.full(count, "", "U12"), np.zeros(count), np.ones(count, bool)
    for level, holds, bits in levels:
        here = left & holds
        name[here], weight[here] = level, np.broadcast_to(bits, count)[here]
        left &= ~holds
    return name, weight


def _compare_names(named: Named, first: Ints, second: Ints) -> _Side:
    known = max(int(np.sum(named.plain != UNKNOWN)), 1)
    share, share_alike = (np.bincount(codes[codes != UNKNOWN], minlength=1) / known for codes in (named.plain, named.alike))
    return _choose(
        [
            ("name.same", named.plain[first] == named.plain[second], _bits(_SAME_NAME, share[named.plain[first]])),
            ("name.alike", named.alike[first] == named.alike[second], _bits(_ALIKE_NAME, share_alike[named.alike[first]])),
            ("name.near", np.ones(len(first), bool), _bits(*_NEAR_NAME)),
        ],
        len(first),
    )


def _compare_years(people: People, first: Ints, second: Ints) -> _Side:
    one, other = people.birth_years[first], people.birth_years[second]
    known = (one != UNKNOWN) & (other != UNKNOWN)
    digits, others = (np.stack([years // 10**place % 10 for place in range(4)]) for years in (one, other))
    apart = digits != others
    swapped = (np.sort(digits, axis=0) == np.sort(others, axis=0)).all(axis=0) & (apart.sum(axis=0) == 2)
    levels = {"same": one == other, "next": np.abs(one - other) == 1, "slip": (apart.sum(axis=0) == 1) | swapped, "differ": known}
    return _choose([(f"year.{level}", known & holds, _bits(*_YEARS[level])) for level, holds in levels.items()], len(first))


def _compare_days(people: People, first: Ints, second: Ints) -> _Side:
    one, other = people.admitted[first], people.admitted[second]
    known = (one != UNKNOWN) & (other != UNKNOWN)
    return _choose(
        [(f"day.{level}", known & holds, _bits(*_DAYS[level])) for level, holds in (("same", one == other), ("differ", known))], len(first)
    )


def _compare_lists(people: People, first: Ints, second: Ints) -> _Side:
    """One list seldom holds a person twice; where there is one list only, that says nothing."""
    known = people.lists[people.lists != UNKNOWN]
    together = float(np.sum((np.bincount(known) / len(known)) ** 2)) if len(known) else 1.0
    one, other = people.lists[first], people.lists[second]
    both = (one != UNKNOWN) & (other != UNKNOWN) & (together < 1)
    return _choose(
        [("list.same", both & (one == other), _bits(_SAME_LIST, together)), ("list.differ", both, _bits(1 - _SAME_LIST, 1 - together))], len(first)
    )


def _compare_bodies(people: People, first: Ints, second: Ints) -> _Side:
    """The rarest body that both belong to; one alone counts, since village, branch and co-operative go together."""
    best, comparable = np.full(len(first), np.inf), np.zeros(len(first), bool)
    for members, bodies in people.bodies:
        share = np.bincount(bodies, minlength=1) / max(len(people.ids), 1)
        row, body = bodies_of_each(first, members, bodies)
        comparable |= np.isin(first, members) & np.isin(second, members)
        shared = np.isin(second[row] * len(share) + body, members * len(share) + bodies)
        np.minimum.at(best, row[shared], np.maximum(share[body[shared]], _RAREST))
    levels = [("body.same", np.isfinite(best), _bits(_BODY, np.where(np.isfinite(best), best, 1.0))), ("body.differ", comparable, _bits(*_NO_BODY))]
    return _choose(levels, len(first))

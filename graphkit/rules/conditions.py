"""Conditions over counted facts: what they are, and what they come to where a fact is known between two numbers only.

A condition holds if all its clauses do; a rule is met, or a flag raised, if any of several conditions holds. Facts are arrays, one value a case;
a count is a pair of arrays, lowest and highest. An answer is a pair of arrays too: may it be so, and may it be otherwise?
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Possible = tuple[Bools, Bools]
"""May it be so, may it be otherwise: (true, false) is a certain yes, (true, true) is unknown."""
UNBOUNDED = 2**53
"""As a highest count: there is no knowing how many."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A number of a condition: written as it is, or by the name of one of the rule's numbers, more or less a little (``"threshold - 1"``)."""

    name: str
    plus: int = 0

    def __str__(self) -> str:
        if not self.name:
            return f"{self.plus}"
        return self.name + (f" {'+' if self.plus > 0 else '-'} {abs(self.plus)}" if self.plus else "")


@dataclass(frozen=True, slots=True)
class Clause:
    """One fact and what it must be: at least and at most so many, or one of some words, or yes or no."""

    fact: str
    at_least: Bound | None = None
    at_most: Bound | None = None
    words: tuple[str, ...] = ()
    is_true: bool | None = None


Condition = tuple[Clause, ...]
AnyOf = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One number of a rule where it differs: it holds from a day, until a day, and where a condition holds."""

    value: int
    since: object = None
    until: object = None
    where: Condition = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of many cases: counts as lowest and highest, words (None where unknown), yes or no (None where unknown)."""

    size: int
    low: Mapping[str, Ints]
    high: Mapping[str, Ints]
    words: Mapping[str, NDArray[np.object_]]

    def take(self, rows: Ints) -> Facts:
        """Return the facts of some cases."""
        return Facts(
            len(rows),
            {name: v[rows] for name, v in self.low.items()},
            {name: v[rows] for name, v in self.high.items()},
            {name: v[rows] for name, v in self.words.items()},
        )


Numbers = Mapping[str, Sequence[tuple[int, Condition]]]
"""The numbers of a rule on one day: for each name its values, each with the condition under which it holds; the first that holds counts."""


def may_hold(condition: Condition, facts: Facts, numbers: Numbers) -> Possible:
    """May all clauses hold, and may one fail, clause by clause?

    Exact for a single unknown; where clauses share an unknown, both may be said although one is impossible (see `judge`).
    """
    yes, no = np.ones(facts.size, bool), np.zeros(facts.size, bool)
    for clause in condition:
        so, otherwise = _clause(clause, facts, numbers)
        yes, no = yes & so, no | otherwise
    return yes, no


def may_hold_any(conditions: AnyOf, facts: Facts, numbers: Numbers) -> Possible:
    """May one of the conditions hold, and may none? Nothing asked holds."""
    yes, no = np.zeros(facts.size, bool), np.ones(facts.size, bool)
    for condition in conditions:
        so, otherwise = may_hold(condition, facts, numbers)
        yes, no = yes | so, no & otherwise
    return yes, no


def _clause(clause: Clause, facts: Facts, numbers: Numbers) -> Possible:
    if clause.fact in facts.words:
        return _word_clause(clause, facts.words[clause.fact])
    low, high = facts.low[clause.fact], facts.high[clause.fact]
    yes, no = np.ones(facts.size, bool), np.zeros(facts.size, bool)
    if clause.at_least is not None:
        least, most = _bound(clause.at_least, facts, numbers)
        yes, no = yes & (high >= least), no | (low < most)
    if clause.at_most is not None:
        least, most = _bound(clause.at_most, facts, numbers)
        yes, no = yes & (low <= most), no | (high > least)
    return yes, no


def _word_clause(clause: Clause, values: NDArray[np.object_]) -> Possible:
    unknown = np.array([value is None for value in values], bool)
    wanted = {clause.is_true} if clause.is_true is not None else set(clause.words)
    holds = np.array([value in wanted for value in values], bool)
    return holds | unknown, ~holds | unknown


def _bound(bound: Bound, facts: Facts, numbers: Numbers) -> tuple[Ints, Ints]:
    """The lowest and the highest that a number may be in each case: it may hang on a word that is unknown."""
    if not bound.name:
        same = np.full(facts.size, bound.plus)
        return same, same
    least, most, open_ = np.full(facts.size, UNBOUNDED), np.full(facts.size, -1), np.ones(facts.size, bool)
    for value, where in numbers[bound.name]:
        yes, no = may_hold(where, facts, numbers)
        here = open_ & yes
        least, most = np.where(here, np.minimum(least, value), least), np.where(here, np.maximum(most, value), most)
        open_ &= no
    return least + bound.plus, most + bound.plus


def cuts(conditions: Sequence[Condition], numbers: Numbers) -> set[int]:
    """Return every number that the conditions compare a count with."""
    found = set()
    for condition in conditions:
        for clause in condition:
            for bound in (clause.at_least, clause.at_most):
                if bound is not None:
                    values = [value for value, _ in numbers[bound.name]] if bound.name else [0]
                    found |= {value + bound.plus for value in values}
    return found

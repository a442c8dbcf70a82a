"""Judges cases by a rule: may it ask, may it be met, may it be open? Exact over everything that what is unknown could be."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graphkit.rules.conditions import Bools, Condition, Facts, Numbers, cuts, may_hold, may_hold_any
from graphkit.rules.pack import Flag, Part, Rule

Completion = Mapping[str, object]
Complete = Callable[[int, set[str], set[int]], Iterator[Completion]]
"""Given a case, the facts wanted and the numbers they are compared with: everything those facts could be together."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a rule may come to, case by case: any of not asked, met and open may be said of one case."""

    not_asked: Bools
    met: Bools
    open: Bools

    @property
    def asked(self) -> Bools:
        """Whether it is asked, or may be."""
        return self.met | self.open

    def words(self) -> tuple[list[str], list[str]]:
        """Asked (yes or unknown) and outcome (met, open or unknown), where it is asked or may be."""
        asked = ["unknown" if maybe else "yes" for maybe in self.not_asked]
        outcomes = ["unknown" if met and open_ else "met" if met else "open" for met, open_ in zip(self.met, self.open, strict=True)]
        return asked, outcomes


def judge_clauses(rule: Rule, facts: Facts, numbers: Numbers) -> Verdicts:
    """Judge every case clause by clause: what may be is among what is said, but two clauses that hang on one unknown are taken apart."""
    everyone = (np.ones(facts.size, bool), np.zeros(facts.size, bool))
    asks, spares = may_hold_any(rule.asked, facts, numbers) if rule.asked else everyone
    meets, fails = may_hold_any(rule.met, facts, numbers)
    return Verdicts(spares, asks & meets, asks & fails)


def judge(rule: Rule, facts: Facts, numbers: Numbers, complete: Complete, *, clause_by_clause: Bools | None = None) -> Verdicts:
    """Judge every case by `rule`.

    Clause by clause first; where that leaves more than one answer, everything that the unknown could be is gone through, since two clauses may
    hang on one unknown (a body of unknown kind is a group or a branch, and either would do).

    Parameters
    ----------
    rule : Rule
        The rule.
    facts : Facts
        What is known of the cases.
    numbers : mapping
        The rule's numbers on the day.
    complete : callable
        Gives what the facts of a case could be.
    clause_by_clause : bool array, optional
        Cases that are not gone through.

    Returns
    -------
    Verdicts
        Arrays, one value a case.
    """
    verdicts = judge_clauses(rule, facts, numbers)
    several = verdicts.not_asked.astype(int) + verdicts.met + verdicts.open > 1
    if clause_by_clause is not None:
        several &= ~clause_by_clause
    rows = np.flatnonzero(several & verdicts.asked)
    if len(rows):
        _go_through(rule, numbers, verdicts, rows, complete)
    return verdicts


def _go_through(rule: Rule, numbers: Numbers, verdicts: Verdicts, rows: Iterable[int], complete: Complete) -> None:
    """Put in place of what may be said clause by clause what can be, one completion of the unknown after the other."""
    conditions = [*rule.asked, *rule.met]
    wheres = [where for cases in numbers.values() for _, where in cases]
    wanted = {clause.fact for condition in (*conditions, *wheres) for clause in condition}
    compared = cuts([*conditions, *wheres], numbers)
    found = [(row, completion) for row in rows for completion in complete(int(row), wanted, compared)]
    of = np.array([row for row, _ in found], np.int64)
    whole = facts_known([completion for _, completion in found], wanted)
    asks = may_hold_any(rule.asked, whole, numbers)[0] if rule.asked else np.ones(whole.size, bool)
    meets = may_hold_any(rule.met, whole, numbers)[0]
    for field, so in ((verdicts.not_asked, ~asks), (verdicts.met, asks & meets), (verdicts.open, asks & ~meets)):
        field[of] = False
        field[of[so]] = True


def facts_known(completions: Sequence[Completion], wanted: set[str]) -> Facts:
    """Return as facts, a case each, what is wholly known; of `wanted` alone."""
    counts, words = {}, {}
    for name in wanted:
        values = [completion[name] for completion in completions]
        if values and isinstance(values[0], (int, np.integer)) and not isinstance(values[0], bool):
            counts[name] = np.array(values, np.int64)
        else:
            words[name] = np.array(values, object)
    return Facts(len(completions), counts, counts, words)


def combine(groups: Sequence[Sequence[Completion]]) -> Iterator[Completion]:
    """Every choice of one completion of each group, put together."""
    for parts in itertools.product(*groups):
        yield {name: value for part in parts for name, value in part.items()}


def values_between(low: int, high: int, compared: set[int]) -> list[int]:
    """The numbers from `low` to `high` that could make a difference to comparisons with `compared`.

    Examples
    --------
    >>> values_between(0, 100, {3})
    [0, 2, 3, 4, 100]
    """
    near = {cut + step for cut in compared for step in (-1, 0, 1)}
    return sorted({low, high} | {value for value in near if low <= value <= high})


def certain(conditions: Sequence[Condition], facts: Facts, numbers: Numbers) -> Bools:
    """Whether one of the conditions holds for certain, case by case; always, if there are none."""
    if not conditions:
        return np.ones(facts.size, bool)
    holds = np.zeros(facts.size, bool)
    for condition in conditions:
        so, otherwise = may_hold(condition, facts, numbers)
        holds |= so & ~otherwise
    return holds


def raised(flags: Sequence[Flag], facts: Facts, numbers: Numbers) -> list[Bools]:
    """Whether each flag is raised for certain, case by case."""
    return [certain(flag.when, facts, numbers) for flag in flags]


def on_record(facts: Facts) -> Facts:
    """Return the facts as they stand on record: nobody of unknown stage is a member, no body of unknown kind is anything."""
    return Facts(facts.size, facts.low, facts.low, facts.words)


def said(parts: Sequence[Part], facts: Facts, numbers: Numbers) -> list[Bools]:
    """Whether the facts on record let each part of a reason be said, case by case."""
    return [certain(part.when, facts, numbers) for part in parts]

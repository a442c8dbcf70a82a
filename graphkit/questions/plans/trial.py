"""What a body that does not exist yet would come to under the rules: the same counts, one more body, judged again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphkit.questions.coverage.counting import COUNTED, RECORDED
from graphkit.questions.coverage.judging import judge_recorded
from graphkit.rules.conditions import AnyOf
from graphkit.rules.pack import Rule, RulePack

Bools = NDArray[np.bool_]
BODY_FACTS = {"own_bodies", "temporary_bodies", "joint_bodies", "groups", "posts", "liaisons"}
_OFFICES = {"officers", "secretaries"}
MOST_MEMBERS, MOST_UNITS = 1_000, 50  # as far as the size of a body is tried
USUAL_UNITS = 5
"""Units of a joint body where a pack has no number: generally no more than five (Regulations on the work of branches 2018, ch. 2)."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """How subjects stand under one rule: certainly open, perhaps open, certainly met, and which flags are up."""

    rule: Rule
    open: Bools
    may_open: Bools
    met: Bools
    flags: tuple[frozenset[str], ...]


def judge_all(rules: Sequence[Rule], counted: pa.Table, kind: str, pack: RulePack, day: dt.date) -> list[Standing]:
    """Judge every subject by every rule."""
    found = []
    for rule in rules:
        judged = judge_recorded(rule, counted, kind, pack, day)
        v, of = judged.verdicts, judged.case_of
        asked = ~v.not_asked
        flags = [frozenset(up.split(";")) if up and may else frozenset[str]() for up, may in zip(judged.told.flags, v.asked, strict=True)]
        found.append(
            Standing(rule, (asked & v.open & ~v.met)[of], v.open[of], (asked & v.met & ~v.open)[of], tuple(flags[case] for case in of.tolist()))
        )
    return found


def facts_of(conditions: AnyOf) -> set[str]:
    """Names of the facts that conditions ask of."""
    return {clause.fact for condition in conditions for clause in condition}


def is_body_rule(rule: Rule) -> bool:
    """Whether a body could meet the rule."""
    return bool(facts_of(rule.met) & BODY_FACTS)


def open_subjects(standings: Sequence[Standing], size: int) -> Bools:
    """Whether some rule on bodies is certainly open, subject by subject."""
    found = np.zeros(size, bool)
    for standing in standings:
        if is_body_rule(standing.rule):
            found |= standing.open
    return found


def is_settled(before: Sequence[Standing], after: Sequence[Standing]) -> Bools:
    """Whether every rule on bodies that was open is met for certain, no other opens, and no flag is raised, subject by subject.

    A rule that builds on another is asked only once that one is met; it may stay unknown, such as the superior of a body
    where the office has yet to name one.
    """
    settled = np.ones(len(before[0].open), bool)
    for was, now in zip(before, after, strict=True):
        wanted = was.open if is_body_rule(was.rule) else np.zeros_like(was.open)
        opens = now.open if was.rule.builds_on else now.may_open
        settled &= np.where(wanted, now.met, was.may_open | ~opens)
        settled &= np.array([new <= old for new, old in zip(now.flags, was.flags, strict=True)], bool)
    return settled


def with_more(counted: pa.Table, more: Mapping[str, NDArray[np.int64]]) -> pa.Table:
    """Return counts with something added to some columns."""
    for name, added in more.items():
        at = counted.column_names.index(name)
        counted = counted.set_column(at, counted.schema.field(at), pa.array(np.asarray(counted[name]) + added, pa.int64()))
    return counted


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a pack asks of the size of a body: full members at least, Party members at most, units at most; None: it does not say."""

    least: int
    ceiling: int | None
    units: int | None


def sizes_of(kind: str, rules: Sequence[Rule], pack: RulePack, day: dt.date) -> Sizes:
    """Find out what the rules on bodies say of the size of one of `kind`, by trying sizes."""
    people, units = np.arange(MOST_MEMBERS + 1), np.arange(1, MOST_UNITS + 1)
    fits = fit_bodies(kind, people, people, np.full_like(people, 2), rules=rules, pack=pack, day=day)
    least = int(np.argmax(fits)) if fits.any() else MOST_MEMBERS
    too_many = np.flatnonzero(~fits[least:])
    fewer = fit_bodies(kind, np.full_like(units, least), np.full_like(units, least), units, rules=rules, pack=pack, day=day)
    over = np.flatnonzero(~fewer)
    return Sizes(least, least + int(too_many[0]) - 1 if len(too_many) else None, int(units[over[0]]) - 1 if len(over) else None)


def fit_bodies(
    kind: str, full: NDArray[np.int64], party: NDArray[np.int64], units: NDArray[np.int64], *, rules: Sequence[Rule], pack: RulePack, day: dt.date
) -> Bools:
    """Whether the rules on bodies would be met by bodies of these sizes; who holds which office is left to their elections."""
    size = len(full)
    columns: dict[str, pa.Array] = {"subject_id": pa.array([str(n) for n in range(size)])}
    for name, type_ in RECORDED["Branch"]:
        columns[name] = pa.array([kind if name == "kind" else None] * size, type_)
    counts = {"full_members": full, "probationary_members": party - full, "units": units, "superiors": np.ones_like(full)}
    for name in COUNTED["Branch"]:
        columns[name] = pa.array(counts.get(name, np.zeros_like(full)), pa.int64())
    of_size = [rule for rule in rules if rule.applies_to == "Branch" and not facts_of((*rule.asked, *rule.met)) & _OFFICES]
    fits = np.ones(size, bool)
    for standing in judge_all(of_size, pa.table(columns), "Branch", pack, day):
        fits &= ~standing.may_open
    return fits

"""Every subject judged by one rule: on record, with what was not read, with rows that may be missing, and with tables of which nobody says anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphkit.questions.coverage.bounds import bound_rate
from graphkit.questions.coverage.cases import Cases, distinct_cases, facts_of, needed_columns, superior_prefix
from graphkit.questions.coverage.loose import LOOSE
from graphkit.questions.coverage.room import Room
from graphkit.questions.coverage.rows import STATES, Judged
from graphkit.questions.coverage.widening import Spans, forget_words, spans_missing, spans_touched, spans_undeclared, widen
from graphkit.questions.coverage.wording import agree, tell_cases
from graphkit.rules.conditions import Bools, Facts, Numbers, cuts
from graphkit.rules.facts import SUPERIOR
from graphkit.rules.judge import Verdicts, judge, judge_clauses
from graphkit.rules.pack import Rule, RulePack
from graphkit.words import NO_TERMS, Terms

States = NDArray[np.bool_]  # cases × (not asked, met, open)
LEVELS = ("touched", "missing", "undeclared")


@dataclass(frozen=True, slots=True)
class Subjects:
    """Everybody of one kind: what is counted of them, with what may be more or less of it; and where rows may be missing."""

    kind: str
    counted: pa.Table
    room: Room
    terms: Terms = NO_TERMS


def superior_name(rule: Rule, number: int) -> str:
    """Name under which the columns of a rule's superior stand; rules that name the same one by building on one another share them."""
    return superior_prefix(rule) + str(number)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What rows that are not known could do to the answer of one rule.

    Attributes
    ----------
    bounds : tuple of float or None
        Lowest and highest rate, where what is not known is more than what the rows say.
    decides : mapping of (str, str) to int
        By level and group of facts, how many subjects could come out otherwise because of it alone.
    """

    bounds: tuple[float, float] | None
    decides: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One rule over the cases of its kind, and how wide their facts may be."""

    rule: Rule
    cases: Cases
    numbers: Numbers
    groups: tuple[str, ...]
    record: Facts
    sizes: NDArray[np.int64]

    def spans(self, level: str, groups: Sequence[str] | None = None, *, most: int | None = None) -> Spans:
        slack, size, groups = self.cases.slack, self.cases.size, self.groups if groups is None else groups
        if level == "touched":
            return spans_touched(slack, groups, size)
        if level == "missing":
            return spans_missing(slack, groups, size) if most is None else spans_missing(slack, groups, size, most=most)
        return spans_undeclared(slack, groups, size)

    def wide(self, facts: Facts, spans: Spans) -> Facts:
        return widen(self.cases.kind, facts, spans)

    def may_be(self, facts: Facts) -> States:
        """What each case may come to, clause by clause."""
        verdicts = judge_clauses(self.rule, facts, self.numbers)
        return np.stack([verdicts.not_asked, verdicts.met, verdicts.open], axis=1)

    def flag(self, name: str) -> Bools:
        return self.cases.slack.get(name, np.zeros(self.cases.size, np.int64)) > 0


def judge_recorded(rule: Rule, counted: pa.Table, kind: str, pack: RulePack, day: dt.date) -> Judged:
    """Judge everybody of a kind by one rule, as they are on record: rows that were not read or may be missing are not thought of."""
    return judge_rule(rule, Subjects(kind, counted, Room()), pack, day)[0]


def judge_rule(rule: Rule, subjects: Subjects, pack: RulePack, day: dt.date) -> tuple[Judged, Doubt]:
    """Judge everybody of a kind by one rule."""
    seen, codes, agrees = _see(rule, subjects, pack, day)
    touched = seen.wide(forget_words(seen.record, seen.flag("otherwise")), seen.spans("touched"))
    read = _judge_touched(seen, touched)
    missing = seen.wide(touched, seen.spans("missing"))
    with_missing = read | (_any(seen.spans("missing"), seen.cases.size)[:, None] & seen.may_be(missing))
    undeclared = seen.may_be(seen.wide(missing, seen.spans("undeclared"))) | with_missing
    shown: States = np.where(read[:, 1:].any(axis=1, keepdims=True), read, with_missing)
    verdicts = Verdicts(shown[:, 0], shown[:, 1], shown[:, 2])
    told = tell_cases(rule, seen.cases, seen.record, (touched, missing), numbers=seen.numbers, verdicts=verdicts, terms=subjects.terms)
    words = np.array([";".join(name for name, so in zip(STATES, row, strict=True) if so) or None for row in undeclared & ~shown], object)
    judged = Judged(rule, subjects.counted, np.flatnonzero(verdicts.asked[codes]), codes, verdicts, told,
                    missing.words[SUPERIOR.name] if rule.superior else agrees, with_missing.sum(axis=1) == 1, words)  # fmt: skip
    return judged, Doubt(_bound(seen, touched, read, subjects.room), _decides(seen))


def _see(rule: Rule, subjects: Subjects, pack: RulePack, day: dt.date) -> tuple[_Seen, NDArray[np.int64], NDArray[np.object_]]:
    """The cases of one rule, as they are on record."""
    groups = groups_of(rule)
    codes, columns = distinct_cases(subjects.counted, needed_columns(rule, subjects.counted.column_names))
    size = len(next(iter(columns.values())))
    constants = {name: np.full(size, value, np.int64) for name, value in subjects.room.columns.items() if isinstance(value, int)}
    slack = {name: values for name, values in columns.items() if name.partition("_")[0] in _SLACK} | constants
    cases, numbers = Cases(subjects.kind, columns, pack, day, slack), rule.numbers_on(day)
    facts = cases.facts()
    agrees = agree(rule, columns, facts, numbers, [superior_name(rule, n) for n in range(len(rule.superior))])
    facts = replace(facts, words={**facts.words, SUPERIOR.name: agrees})
    return _Seen(rule, cases, numbers, groups, facts, np.bincount(codes, minlength=size)), codes, agrees


_SLACK = frozenset({"less", "more", "gone", "otherwise", "room", "turn", "open"})


def groups_of(rule: Rule) -> tuple[str, ...]:
    """Names of the groups of facts that a rule's verdict, flags and words hang on."""
    wanted = facts_of(rule)
    return tuple(loose.name for loose in LOOSE[rule.applies_to] if wanted & set(loose.facts) or (loose.name == "superior" and rule.superior))


def _judge_touched(seen: _Seen, facts: Facts) -> States:
    """What each case may come to by what was read: exact where no row is in doubt, clause by clause where one is."""
    loose = _any(seen.spans("touched"), seen.cases.size)
    verdicts = judge(
        seen.rule, facts, seen.numbers, lambda case, wanted, compared: seen.cases.complete(facts, case, wanted, compared), clause_by_clause=loose
    )
    return np.stack([verdicts.not_asked | seen.flag("gone"), verdicts.met, verdicts.open], axis=1)


def _any(spans: Spans, size: int) -> Bools:
    found = np.zeros(size, bool)
    for less, more in spans.values():
        found |= (less > 0) | (more > 0)
    return found


def _verdict_groups(seen: _Seen) -> tuple[str, ...]:
    """The groups on which the verdict alone hangs, not the words."""
    wanted = facts_of(seen.rule, words=False)
    return tuple(loose.name for loose in LOOSE[seen.rule.applies_to] if wanted & set(loose.facts) and loose.name in seen.groups)


def _bound(seen: _Seen, touched: Facts, read: States, room: Room) -> tuple[float, float] | None:
    """The rate over every way in which rows may be missing; None where none may."""
    groups = _verdict_groups(seen)
    rows = room.units(seen.cases.kind, groups)
    if not rows and not room.extra:
        return None
    costs = np.where(read, 0.0, np.inf)
    for number in _numbers(seen, groups):
        may = seen.may_be(seen.wide(touched, seen.spans("missing", groups, most=number)))
        costs = np.where(may & np.isinf(costs), float(number), costs)
    return bound_rate(seen.sizes, costs, rows, extra=room.extra)


def _numbers(seen: _Seen, groups: Sequence[str]) -> Iterator[int]:
    """Numbers of rows at which a case may come to something else."""
    most = max((int(more.max(initial=0)) for _, more in seen.spans("missing", groups).values()), default=0)
    conditions = [*seen.rule.asked, *seen.rule.met, *(where for cases in seen.numbers.values() for _, where in cases)]
    yield from range(1, min(most, max(cuts(conditions, seen.numbers), default=0) + 2) + 1)


def _decides(seen: _Seen) -> dict[tuple[str, str], int]:
    """How many subjects each level and group of facts alone could bring to something else."""
    base, found = seen.may_be(seen.record), {}
    for level in LEVELS:
        for group in _verdict_groups(seen):
            spans = seen.spans(level, [group])
            if _any(spans, seen.cases.size).any():
                turned = (seen.may_be(seen.wide(seen.record, spans)) & ~base).any(axis=1)
                found[level, group] = int(seen.sizes[turned].sum())
    return {key: number for key, number in found.items() if number}

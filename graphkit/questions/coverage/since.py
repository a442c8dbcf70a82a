"""Since when an outcome has been so: the rule asked again of a subject's surroundings, from one day on which something changed to the one before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.precision import turn_dates
from graphkit.data.tables import Tables
from graphkit.model.types import NodeType, TieType
from graphkit.questions.coverage.counting import TABLES
from graphkit.questions.coverage.find import find_coverage_gaps
from graphkit.rules.pack import Rule, RulePack

MOST_DAYS = 60
_NO_HISTORY = {"full_members", "probationary_members", "party_members", "stage", "days_without_visit"}
"""Facts of which the register holds the latest state alone (a stage, the last visit), or that change without a date on record, as days go by."""
_COUNT_PEOPLE = {"Village": {"Member LIVES_IN Village"}, "Cooperative": {"Member WORKS_IN Cooperative", "Household JOINED Cooperative"}}
"""Ties of a kind that count its people alone, of which it is not asked since when."""
_BETWEEN = {"Household JOINED Cooperative"}  # of a person it is asked which of the own households are in an own workplace


def since_when(tables: Tables, rule: Rule, subject: str, *, pack: RulePack, day: dt.date, outcome: str) -> dt.date | None:
    """Return the first day since which `rule` has had this outcome for the subject; None where the dates on record do not tell it.

    Over more than `MOST_DAYS` days of change it is not told. What has no beginning on record is read as always there, and as beginning as late as
    it can: a day is given where both readings agree, and a third in which dates of a month or year alone are as far off as they may be. What is recorded of a thing without a date, such as the kind of a body, is read as always so.
    """
    facts = {clause.fact for condition in rule.met for clause in condition}
    if facts & _NO_HISTORY or (rule.applies_to == "Cooperative" and "households" in facts):
        return None
    near = _surroundings(tables, rule, subject)
    alone = replace(pack, rules=(replace(rule, asked=()),))
    early = _walk_back(near, alone, subject, day, outcome)
    turned = turn_dates(tables)
    others = [_begun_late(near, day), *([] if turned is None else [_surroundings(turned, rule, subject)])]
    agreed = early is not None and all(_walk_back(other, alone, subject, day, outcome) == early for other in others)
    return early if agreed else None


def _walk_back(near: Tables, pack: RulePack, subject: str, day: dt.date, outcome: str) -> dt.date | None:
    """The earliest of the days of change up to `day` since which the outcome is the same; None where there was never another."""
    since = None
    for number, change in enumerate(_days_of_change(near, pack, day)):
        if number > MOST_DAYS:
            return None
        if _outcome(near, pack, subject, change) != outcome:
            return since
        since = change
    return None if since is None or _outcome(near, pack, subject, since - dt.timedelta(days=1)) == outcome else since


def _outcome(near: Tables, pack: RulePack, subject: str, day: dt.date) -> str | None:
    rows = find_coverage_gaps(near, rules=pack, as_of=day).rows
    found = rows.loc[rows["subject_id"] == subject, "outcome"]
    return str(found.iloc[0]) if len(found) else None


def _days_of_change(near: Tables, pack: RulePack, day: dt.date) -> list[dt.date]:
    """Days up to `day`, the latest first, on which something in the surroundings began or ended, or the rule changed."""
    days = {value for table in near.values() for name in table.column_names if pa.types.is_date(table.schema.field(name).type) for value in
            table[name].to_pylist()}  # fmt: skip
    for rule in pack:
        days |= {rule.in_force_from, rule.in_force_until, *(case.since for cases in rule.all_numbers.values() for case in cases)}
    return sorted({value for value in days if value is not None and value <= day}, reverse=True)


def _surroundings(tables: Tables, rule: Rule, subject: str) -> Tables:
    """The tables that the rule's counting reads, no farther from the subject than it looks; what others of its kind have is not counted."""
    steps = max([2, *(len(superior.path) for superior in rule.superior)])
    ties = [tie for tie in counted_ties(tables, rule.applies_to) if tie.table not in _COUNT_PEOPLE.get(rule.applies_to, ())]
    reached: dict[str, set[str]] = {label: set() for tie in ties for label in (tie.source, tie.target)} | {rule.applies_to: {subject}}
    for _ in range(steps + 1):
        asked = reached | {rule.applies_to: {subject}}
        touching = {tie.table: _touching(tables[tie.table], tie, asked) for tie in ties}
        for tie in ties:
            for end, label in zip(tie.ends, (tie.source, tie.target), strict=True):
                reached[label] |= set(touching[tie.table][end.name].to_pylist())
    nodes = {
        label: tables[label].filter(pc.is_in(tables[label][tables.model.node_type(label).key], pa.array(keys, pa.string())))
        for label, keys in reached.items()
    }
    return Tables(nodes | touching, dataset=tables.dataset, model=tables.model)


def counted_ties(tables: Tables, kind: str) -> list[TieType]:
    """Return the kinds of ties that the counting of a kind of subject reads."""
    return [tie for tie in tables.model.ties if tie.table in TABLES[kind]]


def _touching(rows: pa.Table, tie: TieType, reached: Mapping[str, set[str]]) -> pa.Table:
    ends = zip(tie.ends, (tie.source, tie.target), strict=True)
    there = [pc.is_in(rows[end.name], pa.array(sorted(reached[label]), pa.string())) for end, label in ends]
    return rows.filter((pc.and_ if tie.table in _BETWEEN else pc.or_)(*there))


def _begun_late(near: Tables, day: dt.date) -> Tables:
    """What has no beginning on record begins as late as it can: on `day`, or the day before it ends; a node no later than its first tie."""
    first: dict[tuple[str, str], dt.date] = {}
    for kind, rows in _kinds(near):
        if isinstance(kind, TieType) and kind.since_column:
            begun = _latest(kind, rows, day)
            for end, label in zip(kind.ends, (kind.source, kind.target), strict=True):
                for key, began in zip(rows[end.name].to_pylist(), begun, strict=True):
                    first[label, key] = min(began, first.get((label, key), day))
    found = {kind.table: _with_beginnings(kind, rows, day, first) for kind, rows in _kinds(near)}
    return Tables(found, dataset=near.dataset, model=near.model)


def _latest(kind: NodeType | TieType, rows: pa.Table, day: dt.date) -> list[dt.date]:
    """The beginning of each row, or the latest day on which it can have begun."""
    ends = rows[kind.until_column].to_pylist() if kind.until_column else [None] * rows.num_rows
    latest = [day if end is None else min(day, end - dt.timedelta(days=1)) for end in ends]
    return [began or late for began, late in zip(rows[kind.since_column].to_pylist(), latest, strict=True)]


def _with_beginnings(kind: NodeType | TieType, rows: pa.Table, day: dt.date, first: Mapping[tuple[str, str], dt.date]) -> pa.Table:
    if not kind.since_column:
        return rows
    begun = _latest(kind, rows, day)
    if isinstance(kind, NodeType):
        known = rows[kind.since_column].to_pylist()
        begun = [on or min(late, first.get((kind.label, key), day)) for on, late, key in zip(known, begun, rows[kind.key].to_pylist(), strict=True)]
    place = rows.column_names.index(kind.since_column)
    field = rows.schema.field(place)
    return rows.set_column(place, field, pa.array(begun, field.type))


def _kinds(near: Tables) -> Iterator[tuple[NodeType | TieType, pa.Table]]:
    return ((near.model.table_type(name), rows) for name, rows in near.items() if rows.num_rows)

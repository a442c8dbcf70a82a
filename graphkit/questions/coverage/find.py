"""Coverage gaps: of whom does a written rule ask something, and is it met?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.arguments import need_a, read_date
from graphkit.data.missing import Missing, missing_rows
from graphkit.data.tables import Tables
from graphkit.data.telling import tell_open, tell_unread, tell_unsound
from graphkit.data.unread import count_unread
from graphkit.engines.engine import At, count_standing, open_engine
from graphkit.questions.coverage.caveats import tell_caveats
from graphkit.questions.coverage.columns import TITLE
from graphkit.questions.coverage.counted import count_asked
from graphkit.questions.coverage.counting import TABLES
from graphkit.questions.coverage.judging import Doubt, Subjects, judge_rule
from graphkit.questions.coverage.narrowing import rank_narrowing, tell_narrowing
from graphkit.questions.coverage.room import Room, find_room
from graphkit.questions.coverage.rows import declare_columns, make_rows
from graphkit.questions.coverage.shown import draw_gaps
from graphkit.questions.coverage.touched import Touched, touched_columns, visit_spans
from graphkit.questions.finding import Finding, pair_up, put_in_terms
from graphkit.rules.conditions import Ints
from graphkit.rules.facts import KINDS
from graphkit.rules.pack import Rule, RulePack
from graphkit.rules.reader import read_rule_pack
from graphkit.words import Text


def find_coverage_gaps(
    tables: Tables, *, rules: str | Path | RulePack = "acheng-2010", as_of: dt.date | None = None, engine: object = "duckdb"
) -> Finding:
    """Of whom does each written rule ask something, and is it met?

    A row for each rule of the pack that is in force on the day and each subject of which it asks something, or may. Whoever is asked
    nothing has no row. All counts are of distinct nodes, over ties in force on `as_of`; what a rule asks, and what meets it, stands in the
    pack, which the page of the rules spells out.

    - *asked*: ``yes``, or ``unknown`` where it hangs on something that is not on record (a stage, a kind of body, whether a household is poor).
    - *outcome*: ``met``, ``open``, or ``unknown``; exact over everything that the unknown could be.
    - A rule that builds on another asks only of whoever meets that one: `list_cascades` shows the rates of both, step by step.
    - *flags*: near the threshold, joint, temporary, wrong superior, too large … beside the outcome, which they do not change.

    Parameters
    ----------
    tables : Tables
        The district.
    rules : str, Path or RulePack
        Name of a shipped pack, path of a user's own, or a pack already read.
    as_of : date, optional
        Day the answer speaks of; today if not given. An unknown date of a tie or body excludes nothing; a rule that is not in force on the day
        asks nothing.
    engine : {"duckdb", "spark"} or SparkSession, optional
        What counts. DuckDB, in this process; or Spark, in a session that is started for this answer, or in one of yours, which is left as
        it is. Cases are judged in this process either way.

    Returns
    -------
    Finding
        Rows in the order of kind (Village, Co-operative, Branch, Member, Household, Zone), then of the rules in the pack, then id; columns as
        `COLUMNS` declares them, with the meaning of a missing value. Words are categorical: few texts, many rows.

    Raises
    ------
    EngineError
        If Spark cannot be had, or gives up.
    ModelError
        If the rule pack contradicts itself.
    ParameterError
        If no such pack is shipped, or `as_of` is no date.
    SourceError
        If a pack's file cannot be read.

    Examples
    --------
    >>> tables = Tables({
    ...     "Cooperative": pa.table({"id": ["c1"], "name": ["稻米协会"], "scope": ["village"]}),
    ...     "Member": pa.table({"id": ["m1", "m2", "m3"], "stage": ["full"] * 3}),
    ...     "Member WORKS_IN Cooperative": pa.table({"member_id": ["m1", "m2", "m3"], "cooperative_id": ["c1"] * 3}),
    ... })
    >>> gaps = find_coverage_gaps(tables, as_of=dt.date(2012, 4, 30))
    >>> gaps.select("Cooperative")[["rule", "asked", "outcome", "remedy_en"]].to_dict("records")
    [{'rule': 'acheng-2010.s12-15', 'asked': 'yes', 'outcome': 'open', 'remedy_en': "form a body under the village's general branch (or its branch)"}]

    References
    ----------
    The article of Acheng's organisation department (2012), sentences 12–16, 20, 23–24, 31–32, 51–52 and 57; set covering calls what is open
    *uncovered demand*.
    """
    need_a(Tables, tables, "find_coverage_gaps")
    pack = rules if isinstance(rules, RulePack) else read_rule_pack(rules)
    day = dt.date.today() if as_of is None else read_date(as_of)  # noqa: DTZ011  # the reader's own day
    standing = tables.at(day)
    in_force = [rule for rule in pack if rule.is_in_force(day)]
    by_kind = {kind: [rule for rule in in_force if rule.applies_to == kind] for kind in KINDS}
    with open_engine(engine) as opened:
        held = count_standing(opened, [kind for kind, rules in by_kind.items() if rules], standing, At(tables, day))
        asked = {kind: by_kind[kind] for kind, rows in held.items() if rows}
        everybody = _subjects(asked, tables, count_asked(asked, standing, pack, opened, At(tables, day)), standing, day)
    judged = [judge_rule(rule, subjects, pack, day) for kind, subjects in everybody.items() for rule in by_kind[kind]]
    rows = make_rows([part for part, _ in judged])
    doubts = {rule.name: doubt for rule in in_force if (doubt := _doubt_nobody(rule, tables, standing, everybody, day))}
    doubts |= {part.rule.name: doubt for part, doubt in judged}
    narrowing = rank_narrowing(tables, [(part.rule.applies_to, doubt) for part, doubt in judged], {k: s.room for k, s in everybody.items()})
    account = [text for text in (*account_for(everybody, tables, standing, day), tell_narrowing(narrowing)) if text]
    finding = Finding(
        "find_coverage_gaps", TITLE, rows, declare_columns(rows, in_force), {"rules": pack.id}, tuple(rule.name for rule in in_force),
        tell_caveats(rows, pack, in_force, day, not_known=account),
        _provenance(tables, in_force, held, doubts) | {"narrowing": narrowing, "account": pair_up(account)}, day, "name", "outcome", draw_gaps,
    )  # fmt: skip
    return put_in_terms(finding, tables.model.terms, keep=pack.texts)


def account_for(kinds: Iterable[str], tables: Tables, standing: Tables, day: dt.date) -> list[Text]:
    """Say what was not read of the tables that rules on these kinds read, and of which of them nobody says that they are complete."""
    read = tuple(dict.fromkeys(name for kind in kinds for name in TABLES[kind]))
    return [*tell_unsound(tables, read), *tell_unread(standing, read), *tell_open(tables, read, day)]


def _doubt_nobody(rule: Rule, tables: Tables, standing: Tables, everybody: Mapping[str, Subjects], day: dt.date) -> Doubt | None:
    """What a rule may come to of whose kind nobody is there: anything, where some are missing."""
    if rule.applies_to in everybody:
        return None
    nobody = pa.chunked_array([], pa.string())
    extra = find_room(rule.applies_to, nobody, standing, missing_rows(tables, day)).extra
    return Doubt((0.0, 1.0)) if extra else None


def _provenance(tables: Tables, in_force: Sequence[Rule], held: Mapping[str, int], doubts: Mapping[str, Doubt]) -> dict[str, Any]:
    """What the rows rest on, and what cannot be read off them."""
    bounds = {name: [None if np.isnan(rate) else rate for rate in doubt.bounds] for name, doubt in doubts.items() if doubt.bounds is not None}
    return {
        "dataset": tables.dataset, "nodes": tables.node_count, "ties": tables.tie_count,
        "subjects": {rule.name: held[rule.applies_to] for rule in in_force},
        "kinds": {rule.name: rule.applies_to for rule in in_force},
        "builds_on": {rule.name: rule.builds_on for rule in in_force if rule.builds_on},
        "open_words": {rule.name: [rule.open_word.zh, rule.open_word.en] for rule in in_force}, "bounds": bounds, "unread": count_unread(tables),
    }  # fmt: skip


def _subjects(asked: Iterable[str], tables: Tables, counted: Mapping[str, pa.Table], standing: Tables, day: dt.date) -> dict[str, Subjects]:
    """See what of all that is counted may be more or less."""
    missing, touched = missing_rows(tables, day), Touched(standing)
    return {kind: loosen(kind, counted[kind], touched, missing) for kind in asked}


def loosen(kind: str, counted: pa.Table, touched: Touched, missing: Mapping[str, Missing]) -> Subjects:
    """Put beside what is counted of a kind how many rows more and fewer it may rest on."""
    keys, standing = counted["subject_id"], touched.tables
    room = find_room(kind, keys, standing, missing)
    columns = touched_columns(kind, keys, touched) | {name: column for name, column in room.columns.items() if not isinstance(column, int)}
    if kind == "Cooperative":
        columns = _keep_declared(columns, room, counted, standing)
    if kind == "Household":
        columns |= visit_spans(counted, touched)
    for name, column in columns.items():
        counted = counted.append_column(name, pa.array(column, pa.int64()))
    return Subjects(
        kind, counted, replace(room, columns={name: value for name, value in room.columns.items() if name not in columns}), standing.model.terms
    )


def _keep_declared(columns: Mapping[str, Ints], room: Room, counted: pa.Table, standing: Tables) -> dict[str, Ints]:
    """A scope that is declared hangs on no row about places."""
    hosts = standing["Cooperative"]
    inferred = np.asarray(pc.is_in(counted["subject_id"], value_set=hosts.filter(pc.field("scope").is_null())["id"].combine_chunks()))
    about = {f"{what}_scope": 0 for what in ("room", "turn", "open")} | {
        name: value for name, value in room.columns.items() if name.endswith("_scope")
    }
    kept = dict(columns)
    for name, value in (about | {name: value for name, value in columns.items() if name.endswith("_scope")}).items():
        kept[name] = np.broadcast_to(np.asarray(value), len(inferred)) * inferred
    return {name: value for name, value in kept.items() if not name.endswith("_scope") or value.any() or name in room.columns}

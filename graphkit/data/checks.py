"""What is sound: every rule of the schema held against the rows, and rows that break one set aside with the reason.

One walk over the tables answers everything here: first what a row breaks by itself, then doubled
keys, then ties whose ends are not there (what was set aside counts as not there), then rules over
several rows. Each step looks only at rows that passed the steps before it, so one walk is enough:
what it leaves has nothing more to set aside. All steps work on whole columns; only rows that break
a rule are ever looked at one by one.

A cell costs its row only where the row cannot be placed without it: a key, the end of a tie. Any other
that cannot be read is not known from then on, and is accounted for (`graphkit.data.unread`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.arguments import need_a
from graphkit.data.account import list_merged, list_unread, recount, rows_aside
from graphkit.data.between import (
    check_circles,
    check_doubles,
    check_ends,
    check_one_primary,
    check_scope,
    check_self,
    check_single,
    check_some_primary,
    check_successors,
)
from graphkit.data.breaches import RULES, Breach, fill_words
from graphkit.data.cells import check_rows
from graphkit.data.held import Held, hold_tables, locate_ends
from graphkit.data.joining import Joining, join_by_decision, join_by_number
from graphkit.data.outreach import check_own_household, follow_visits
from graphkit.data.precision import list_inexact
from graphkit.data.problems import Problem
from graphkit.data.tables import Tables
from graphkit.data.unread import count_within
from graphkit.data.walk import Walk
from graphkit.errors import TableError
from graphkit.model.kinds import COMPLETENESS
from graphkit.model.model import Model
from graphkit.model.types import NodeType, TieType
from graphkit.privacy import shown_value
from graphkit.words import Text


def check_tables(tables: Tables) -> list[Problem]:
    """Return everything that breaks a rule of the model: where, why, and what to do.

    Holds every rule of the schema against every row: required cells, digits of codes, allowed values
    and ranges, dates, and ``tables.model.constraints`` between rows. Equal rows are no problem;
    they are merged when the tables are loaded. A tie to a row that breaks a rule is a problem as well, since
    that row will be set aside.

    Parameters
    ----------
    tables : Tables
        From a loader or made in Python.

    Returns
    -------
    list of Problem
        In the order of tables, files and rows; empty if all is sound. Those of effect
        ``"quarantine"`` name rows that are set aside on loading, those of effect ``"report"`` name
        rows that stay, perhaps without the cell at fault. No personal value stands in any of them.

    Raises
    ------
    ParameterError
        If `tables` are no Tables.

    Examples
    --------
    >>> lost = Tables({"Village": pa.table({"code": ["2301121040"]})})
    >>> check_tables(lost)[0].describe()
    "Village · code: '2301121040': must be 12 digits; write the code, not a name; format the column as text and enter it again, zeros at its start included [type.code]"
    """
    return list_problems(inspect_tables(tables))


def quarantine_problems(tables: Tables) -> Tables:
    """Return the sound part of `tables`, with the rest in ``.quarantine`` and what was not read in ``.unread``.

    Rows that break a rule of effect ``"quarantine"`` are set aside, each once, under the first rule
    it breaks; so are the ties of nodes set aside. A cell without which its row can be placed does not cost
    the row: it is made empty. Of rows with one key, equal ones are merged, and of
    differing ones the first by file, sheet and row is kept. Read = loaded + merged + quarantined in
    ``.counts``, table by table. What is returned has nothing more to set aside.

    Examples
    --------
    >>> t = quarantine_problems(Tables({"Village": pa.table({"code": ["230112104001", "7"], "households": [-3, 40]})}))
    >>> t["Village"].num_rows, t["Village"]["households"].to_pylist(), t.quarantine["rule"].to_pylist()
    (1, [None], ['type.code'])
    """
    return set_aside(inspect_tables(tables))


def require_sound(tables: Tables) -> Tables:
    """Return `tables`, equal rows merged, if no row breaks a rule for which it would be set aside.

    Raises
    ------
    TableError
        Once, with all of these problems.

    Examples
    --------
    >>> require_sound(Tables({"Household": pa.table({"id": ["h1", "h1"]})}))["Household"].num_rows
    1
    """
    walk = inspect_tables(tables)
    if problems := [problem for problem in list_problems(walk) if problem.effect == "quarantine"]:
        raise TableError(problems)
    return set_aside(walk)


def sort_problems(problems: Iterable[Problem], model: Model) -> list[Problem]:
    """Return problems in the order of the tables of the model, then of files, sheets and rows."""
    order = {kind.table: place for place, kind in enumerate(model.sheets)}
    return sorted(problems, key=lambda p: (order[p.table], p.file or "", p.sheet or "", p.row or 0))


# The walk


def inspect_tables(tables: Tables, found: Sequence[Breach] = (), *, joining: Joining | None = None, today: dt.date | None = None) -> Walk:
    """Walk once over `tables`; `found` are breaches that a reader saw before the rows became a table, `joining` says which rows are one person."""
    need_a(Tables, tables, "tables")
    today = today or dt.date.today()  # noqa: DTZ011 - the day of the user's calendar
    walk = Walk(tables)
    found = (*found, *list_inexact(tables))
    for breach in found:
        walk.drop(breach)
    for kind in tables.model.kinds:
        for breach in list(check_rows(tables[kind.table], kind, found, today)):
            walk.drop(breach)
        walk.empty_unread(kind.table)
    joining = joining or Joining()
    for node in tables.model.nodes:
        join_by_number(walk, node, joining, today)
        check_doubles(walk, node)
    keys = {node.label: walk.standing_keys(node) for node in tables.model.nodes}
    walk.located |= locate_ends(walk.tables, keys, tables.model.ties)
    walk.among = {node.table: int(walk.standing[node.table].sum()) for node in tables.model.nodes}
    for tie in tables.model.ties:
        check_ends(walk, tie)
        check_self(walk, tie)
        join_by_number(walk, tie, joining, today)
        check_doubles(walk, tie)
    if joining.decisions is not None:  # they speak of ids as the files have them
        join_by_decision(walk, joining.decisions, today)
        for tie in tables.model.ties:
            check_self(walk, tie)
    for tie in tables.model.ties:
        check_circles(walk, tie)
        check_single(walk, tie)
    for node in tables.model.nodes:
        check_successors(walk, node)
    check_one_primary(walk)
    check_own_household(walk)
    follow_visits(walk)
    check_some_primary(walk)
    check_scope(walk)
    _check_completeness(walk, found, today)
    return walk


def _check_completeness(walk: Walk, found: Sequence[Breach], today: dt.date) -> None:
    """Report what is said of tables that are none, and numbers of rows that were expected and are not there."""
    said = walk.given.completeness
    if not said.num_rows:
        return
    for breach in check_rows(said, walk.given.model.completeness, found, today):
        walk.drop(breach)
    strange, wrong, notes = [], [], []
    there = {kind.table: walk.tables[kind.table].filter(pa.array(walk.standing[kind.table])) for kind in walk.given.model.kinds}
    for position, line in enumerate(said.to_pylist()):
        if not _is_known(walk, line):
            strange.append(position)
            continue
        count = count_within(there, line, walk.given.model)
        if line["expected"] is not None and count not in (None, line["expected"]):
            wrong.append(position)
            notes.append(Text(f"：应有 {line['expected']:,}，现有 {count:,}", f": {line['expected']:,} expected, {count:,} there"))
    walk.drop(Breach(COMPLETENESS.table, "complete.table", "table", np.array(strange, np.int64)))
    walk.drop(Breach(COMPLETENESS.table, "complete.count", "expected", np.array(wrong, np.int64), notes=notes))


def _is_known(walk: Walk, line: dict[str, object]) -> bool:
    """Whether a line speaks of a table that there is, and of a place or body that there is."""
    if line["table"] not in walk.standing or (line["within_id"] is None) != (line["within_kind"] is None):
        return False
    within = next((kind for kind in walk.given.model.nodes if kind.label == line["within_kind"]), None)
    keys = walk.standing_keys(within) if within else None
    return line["within_kind"] is None or (keys is not None and bool(pc.is_in(pa.scalar(line["within_id"]), value_set=keys).as_py()))


def set_aside(walk: Walk) -> Tables:
    """Return the tables without the rows that must be set aside; these stand in ``.quarantine``, and ``.counts`` adds up."""
    aside = {kind.table: rows_aside(walk, kind.table) for kind in walk.given.model.kinds}
    kept = {name: table if walk.standing[name].all() else table.filter(pa.array(walk.standing[name])) for name, table in walk.tables.items()}
    return Tables(
        _hold_ends(walk, kept),
        quarantine=pa.concat_tables([walk.given.quarantine, *aside.values()]),
        counts=recount(walk, {name: rows.num_rows for name, rows in aside.items()}),
        unread=list_unread(walk),
        completeness=_sound_completeness(walk),
        merged=list_merged(walk),
        repaired=pa.concat_tables([walk.given.repaired, *walk.repaired]),
        dataset=walk.given.dataset,
        model=walk.given.model,
        sound=True,
    )


def _hold_ends(walk: Walk, kept: Mapping[str, pa.Table]) -> Mapping[str, pa.Table | Held]:
    """The tables with what was found of the ends of ties, so that nobody looks for them again; as they are, where ids were put for others since."""
    model = walk.given.model
    if any(walk.among.get(node.table) != walk.standing[node.table].sum() for node in model.nodes):
        return kept
    if any(end.name not in walk.located[tie.table] for tie in model.ties for end in tie.ends):
        return kept
    places = {
        tie.table: {end.name: walk.located[tie.table][end.name][walk.standing[tie.table]].astype(np.int32, copy=False) for end in tie.ends}
        for tie in model.ties
    }
    return hold_tables(kept, places, model)


def _sound_completeness(walk: Walk) -> pa.Table:
    """What is said of tables that there are; a line that cannot be read says nothing."""
    said = walk.given.completeness
    sound = np.ones(said.num_rows, bool)
    for breach in walk.breaches:
        if breach.table == COMPLETENESS.table and breach.rule != "complete.count":
            sound[breach.rows] = False
    return said if sound.all() else said.filter(pa.array(sound))


# Words for people


def list_problems(walk: Walk) -> list[Problem]:
    """Return every breach as a problem a person can read, in the order of tables, files and rows."""
    model = walk.given.model
    given = {**walk.given, COMPLETENESS.table: walk.given.completeness}
    described = (problem for breach in walk.breaches for problem in _describe(given[breach.table], breach, model.sheet_type(breach.table)))
    return sort_problems([*described, *walk.remarks], model)


def _describe(table: pa.Table, breach: Breach, kind: NodeType | TieType) -> Iterator[Problem]:
    rule = RULES[breach.rule]
    rows = table.take(pa.array(breach.rows[:1] if breach.once else breach.rows)).to_pylist()
    column = next((c for c in kind.columns if c.name == breach.column), None)
    for position, row in enumerate(rows):
        note = breach.notes[position] if breach.notes else Text("", "")
        text = fill_words(rule.text, column)
        yield Problem(
            breach.table, row["source_file"], row["source_sheet"], None if breach.once else row["source_row"], breach.column, _value(breach, kind, position, row),
            rule.id, Text(text.zh + note.zh, text.en + note.en), fill_words(rule.remedy, column), breach.effect, column.heading if column else None,
        )  # fmt: skip


def _value(breach: Breach, kind: NodeType | TieType, position: int, row: dict[str, object]) -> str | None:
    """What stands in the cell, or what tells the row apart, fit for a message."""
    by_name = {column.name: column for column in kind.columns}
    if breach.rule in ("key.once", "member.one_primary", "tie.single", "tie.overlap"):
        parts = [shown_value(by_name[name], row[name]) for name in kind.identity]
        return " · ".join(part for part in parts if part is not None)
    if breach.column is None:
        return None
    return shown_value(by_name[breach.column], breach.values[position] if breach.values else row[breach.column])

"""Changes to a district on paper: add, merge, move, lose; and what each does to the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.tables import PROVENANCE, Tables
from graphkit.errors import ModelError, ParameterError
from graphkit.model.types import TieType
from graphkit.questions.finding import Finding
from graphkit.questions.plans.apply import add_rows, apply_plan
from graphkit.words import Text


@dataclass(frozen=True, slots=True)
class Add:
    """A row more: a node or a tie of a table, such as ``Add("Member LIAISES Cooperative", {"member_id": "m1", "cooperative_id": "c1"})``."""

    table: str
    row: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merge:
    """One node goes into another of its kind: its ties become those of the other, each once, and it is there no more."""

    kind: str
    id: str
    into: str


@dataclass(frozen=True, slots=True)
class Move:
    """A tie leads elsewhere: every tie of a table from a node now leads to another, as ``Move("Member BELONGS_TO Branch", "m1", "b2")``."""

    table: str
    id: str
    to: str


@dataclass(frozen=True, slots=True)
class Lose:
    """A node is there no more, nor any tie of it."""

    kind: str
    id: str


Edit = Add | Merge | Move | Lose | Finding
"""A change: one of the four, or a plan."""


def edit_tables(tables: Tables, edits: Iterable[Edit]) -> Tables:
    """Make the changes one after the other; ParameterError if one speaks of what is not there."""
    for edit in edits:
        tables = _edit(tables, edit)
    return tables


def _edit(tables: Tables, edit: Edit) -> Tables:
    match edit:
        case Finding():
            return apply_plan(tables, edit)
        case Add():
            return _add(tables, edit)
        case Lose():
            _need(tables, edit.kind, edit.id)
            return tables.replace({edit.kind: _without(tables, edit.kind, edit.id), **_untie(tables, edit.kind, edit.id)})
        case Merge():
            for key in (edit.id, edit.into):
                _need(tables, edit.kind, key)
            return tables.replace({edit.kind: _without(tables, edit.kind, edit.id), **_retie(tables, edit)}) if edit.id != edit.into else tables
        case Move():
            return _move(tables, edit)
    raise ParameterError(
        Text(f"改动须是 Add、Merge、Move、Lose 或一个方案，而不是 {edit!r}", f"an edit is Add, Merge, Move, Lose or a plan, not {edit!r}")
    )


def _add(tables: Tables, edit: Add) -> Tables:
    kind = tables.model.table_type(edit.table)
    needed = {column.name for column in kind.columns if column.required}
    unknown, missing = sorted(set(edit.row) - {c.name for c in kind.columns}), sorted(n for n in needed if edit.row.get(n) is None)
    if unknown or missing:
        words = [*(f"no column {name!r}" for name in unknown), *(f"{name!r} is missing" for name in missing)]
        raise ModelError(
            Text(f"{edit.table}：没有列 {'、'.join(unknown) or '–'}；缺 {'、'.join(missing) or '–'}", f"{edit.table}: {', '.join(words)}")
        )
    if isinstance(kind, TieType):
        for end, label in zip(kind.ends, (kind.source, kind.target), strict=True):
            _need(tables, label, edit.row[end.name])
    elif edit.row[kind.key] in set(tables[edit.table][kind.key].to_pylist()):
        raise ParameterError(Text(f"{edit.table} {edit.row[kind.key]!r} 已经有了", f"{edit.table} {edit.row[kind.key]!r} is there already"))
    return add_rows(tables, {edit.table: [edit.row]})


def _need(tables: Tables, kind: str, key: str) -> None:
    """Refuse a node that is not there."""
    if not pc.any(pc.equal(tables[kind][tables.model.node_type(kind).key], pa.scalar(key, pa.string()))).as_py():
        raise ParameterError(Text(f"没有 {kind} {key!r}", f"no {kind} {key!r}"))


def _without(tables: Tables, kind: str, key: str) -> pa.Table:
    return tables[kind].filter(pc.not_equal(tables[kind][tables.model.node_type(kind).key], pa.scalar(key, pa.string())))


def _ends(tables: Tables, kind: str) -> list[tuple[TieType, list[str]]]:
    """Ties that touch a kind, with the columns that hold its ids."""
    return [(tie, [end.name for end, label in zip(tie.ends, (tie.source, tie.target), strict=True) if label == kind]) for tie in tables.model.ties
            if kind in (tie.source, tie.target)]  # fmt: skip


def _untie(tables: Tables, kind: str, key: str) -> dict[str, pa.Table]:
    found = {}
    for tie, columns in _ends(tables, kind):
        table = tables[tie.table]
        for column in columns:
            table = table.filter(pc.not_equal(table[column], pa.scalar(key, pa.string())))
        found[tie.table] = table
    return found


def _retie(tables: Tables, edit: Merge) -> dict[str, pa.Table]:
    """Ties of the one become ties of the other; what is then there twice stands once, and nothing is tied to itself."""
    found = {}
    for tie, columns in _ends(tables, edit.kind):
        table = tables[tie.table]
        for column in columns:
            gone = pc.equal(table[column], pa.scalar(edit.id, pa.string()))
            cells = pc.if_else(pc.fill_null(gone, fill_value=False), pa.scalar(edit.into, pa.string()), table[column])
            table = table.set_column(table.column_names.index(column), table.schema.field(column), cells)
        if tie.source == tie.target:
            table = table.filter(pc.not_equal(table[tie.ends[0].name], table[tie.ends[1].name]))
        found[tie.table] = _once(table)
    return found


def _once(table: pa.Table) -> pa.Table:
    """Rows that say the same stand once, whichever file they came from."""
    said = [name for name in table.column_names if name not in PROVENANCE.names]
    keep = ~table.select(said).to_pandas().duplicated()
    return table.filter(pa.array(keep.to_numpy()))


def _move(tables: Tables, edit: Move) -> Tables:
    kind = tables.model.table_type(edit.table)
    if not isinstance(kind, TieType):
        raise ParameterError(Text(f"{edit.table} 不是关系表", f"{edit.table} holds no ties"))
    _need(tables, kind.target, edit.to)
    table, (source, target) = tables[edit.table], (end.name for end in kind.ends)
    moved = pc.fill_null(pc.equal(table[source], pa.scalar(edit.id, pa.string())), fill_value=False)
    if not pc.any(moved).as_py():
        raise ParameterError(Text(f"{edit.table}：{edit.id!r} 没有这样的关系", f"{edit.table}: {edit.id!r} has no such tie"))
    cells = pc.if_else(moved, pa.scalar(edit.to, pa.string()), table[target])
    changed = table.set_column(table.column_names.index(target), table.schema.field(target), cells)
    return tables.replace({edit.table: _once(changed)})


def name_edits(edits: Sequence[Edit]) -> list[str]:
    """Say the changes in short, for the parameters of an answer."""
    return [edit.question if isinstance(edit, Finding) else repr(edit) for edit in edits]

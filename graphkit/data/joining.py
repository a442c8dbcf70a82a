"""Several rows, one person: joined where one identity number or a human's decision says so, and never by anything else.

What one row says and another leaves empty is kept. What they say differently is not known from then on, and is
told; where no row can do without it, these rows are set aside. Nothing is chosen between them. A month, or a year, and a day within it
are no different days: the day is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.arrays import Rows, alike_rows, mask_of, rank_by_place, whole
from graphkit.data.between import OTHER, point_to
from graphkit.data.breaches import RULES, Breach
from graphkit.data.cells import check_rows
from graphkit.data.problems import Problem
from graphkit.data.tables import PROVENANCE, REPAIRED
from graphkit.data.walk import MergeReason, Walk
from graphkit.identity.decisions import Decisions
from graphkit.identity.names import plain_name
from graphkit.model.kinds import MEMBER
from graphkit.model.types import NodeType, TieType

_BETWEEN_CELLS = ("period.order", "date.order", "date.ahead")


@dataclass(frozen=True, slots=True)
class Joining:
    """What says that several rows are one person.

    Attributes
    ----------
    numbers : frozenset of str
        Ids that stand for an identity number which is valid: rows with one of them are one person.
    decisions : Decisions or None
        What a human decided.
    """

    numbers: frozenset[str] = frozenset()
    decisions: Decisions | None = None


@dataclass(slots=True)
class _Joined:
    """What came out of the groups of one table: cells to write, rows merged, and cells in which a group differs."""

    cells: dict[str, dict[int, object]] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    into: list[int] = field(default_factory=list)
    differ: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    unplaced: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    finer: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)  # rows whose date another knows better: as it stands, as it is read


Inexact = Mapping[str, Mapping[int, str]]  # by column and row what a date is known to: month or year


def join_by_number(walk: Walk, kind: NodeType | TieType, joining: Joining, today: dt.date) -> None:
    """Join the rows of `kind` that speak of one person by a valid identity number, as far as they have one identity."""
    named = _person_columns(kind)
    if not joining.numbers or not named:
        return
    numbers = pa.array(sorted(joining.numbers), pa.string())
    about = np.zeros(walk.tables[kind.table].num_rows, bool)
    for column in named:
        about |= mask_of(pc.is_in(walk.tables[kind.table][column], value_set=numbers))
    _join(walk, kind, np.flatnonzero(about & walk.standing[kind.table]), "number", today)


def join_by_decision(walk: Walk, decisions: Decisions, today: dt.date) -> None:
    """Give those who were decided to be one person one id in every table, and join what they then share."""
    there = frozenset(walk.standing_keys(walk.given.model.node_type(MEMBER.label)).to_pylist())
    walk.remarks.extend(_say_gone(decisions, there))
    id_of = {one: group[0] for group in decisions.groups(there) for one in group}
    if not id_of:
        return
    old, new = pa.array(list(id_of), pa.string()), pa.array(list(id_of.values()), pa.string())
    for kind in walk.given.model.kinds:
        about = np.zeros(walk.tables[kind.table].num_rows, bool)
        for column in _person_columns(kind):
            about |= _rename(walk, kind.table, column, old, new)
        _join(walk, kind, np.flatnonzero(about & walk.standing[kind.table]), "decision", today)


def _say_gone(decisions: Decisions, there: frozenset[str]) -> Iterator[Problem]:
    rule = RULES["person.gone"]
    for row in decisions.gone(there):
        yield Problem(MEMBER.table, decisions.name, None, row.row, None, None, rule.id, rule.text, rule.remedy, rule.effect)


def _person_columns(kind: NodeType | TieType) -> tuple[str, ...]:
    """Columns that hold the id of a person."""
    if isinstance(kind, NodeType):
        return (kind.key,) if kind.label == MEMBER.label else ()
    return tuple(end.name for end, label in zip(kind.ends, (kind.source, kind.target), strict=True) if label == MEMBER.label)


def _rename(walk: Walk, table: str, column: str, old: pa.Array, new: pa.Array) -> np.ndarray:
    """Put new ids for old ones, and return the rows that speak of one of them."""
    held = walk.tables[table]
    place = pc.index_in(held[column], value_set=old)
    named = pc.coalesce(whole(new.take(whole(place))), whole(held[column]))
    position = held.column_names.index(column)
    walk.tables[table] = held.set_column(position, held.schema.field(column), named)
    walk.located[table].pop(column, None)
    return mask_of(pc.is_valid(place))


def _join(walk: Walk, kind: NodeType | TieType, rows: Rows, reason: MergeReason, today: dt.date) -> None:
    """Make one row of those among `rows` that have one identity: the first by file, sheet and row stays."""
    joined, inexact = _Joined(), _inexact(walk, kind)
    groups = _groups(walk, kind, rows)
    begins = np.cumsum([0, *map(len, groups)])
    held = walk.tables[kind.table].take(pa.array(np.concatenate([rows[:0], *groups]))).to_pydict()
    for group, begin in zip(groups, begins.tolist(), strict=False):
        _join_group(kind, group, {name: cells[begin : begin + len(group)] for name, cells in held.items()}, inexact, joined)
    for column, cells in joined.cells.items():
        _write_cells(walk, kind.table, column, cells)
    walk.merge(kind.table, np.array(joined.rows, np.int64), np.array(joined.into, np.int64), reason)
    _note_finer(walk, kind, joined)
    for rule, found in (("person.contradicts", joined.differ), ("person.unplaced", joined.unplaced)):
        for column, pairs in found.items():
            kept, other = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
            notes = point_to(walk.tables[kind.table], other, OTHER)
            walk.drop(Breach(kind.table, rule, column, kept, notes=notes, doubted=(column,) if rule == "person.contradicts" else ()))
    _check_again(walk, kind, np.unique(np.array(joined.into, np.int64)), today)


def _groups(walk: Walk, kind: NodeType | TieType, rows: Rows) -> list[Rows]:
    """Rows with one identity, where there are several, each group by file, sheet and row."""
    if not len(rows):
        return []
    identity, rows = alike_rows(walk.tables[kind.table], kind.identity, rows, walk.located[kind.table])
    order = np.lexsort((rank_by_place(walk.tables[kind.table], rows), identity))
    cuts = np.flatnonzero(np.diff(identity[order])) + 1
    return [group for group in np.split(rows[order], cuts) if len(group)]


def _inexact(walk: Walk, kind: NodeType | TieType) -> Inexact:
    found: dict[str, dict[int, str]] = {}
    for breach in walk.breaches:
        for column in breach.inexact if breach.table == kind.table else ():
            found.setdefault(column, {}).update(dict.fromkeys(breach.rows.tolist(), breach.state))
    return found


def _finest(said: Sequence[tuple[int, object]], states: Mapping[int, str]) -> tuple[int, object] | None:
    """The row with the date that is known best, and that date; None where it does not lie within all others."""
    spans = [(*_span(value, states.get(row)), row, value) for row, value in said if isinstance(value, dt.date)]
    first, last, row, value = min(spans, key=lambda span: span[1] - span[0])
    return (row, value) if all(begin <= first and last <= end for begin, end, *_ in spans) else None


def _span(day: dt.date, state: str | None) -> tuple[dt.date, dt.date]:
    """The first and the last day that a date may be."""
    if state == "year":
        return dt.date(day.year, 1, 1), dt.date(day.year, 12, 31)
    following = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (day.replace(day=1), following - dt.timedelta(1)) if state == "month" else (day, day)


def _say_date(day: object, state: str | None) -> str:
    return str(day)[: {"year": 4, "month": 7}.get(state or "", 10)]


def _note_finer(walk: Walk, kind: NodeType | TieType, joined: _Joined) -> None:
    """A date that another row of the person knows better is no longer one of a month or year, and counts as repaired."""
    for column, found in joined.finer.items():
        rows = np.array([row for row, *_ in found], np.int64)
        walk.breaches[:] = [breach.without(rows) if breach.table == kind.table and column in breach.inexact else breach for breach in walk.breaches]
        places = walk.given[kind.table].select(PROVENANCE.names).take(pa.array(rows))
        raw, value = ([one[place] for one in found] for place in (1, 2))
        count = len(rows)
        table, said, rule = (pa.repeat(pa.scalar(word), count) for word in (kind.table, column, "date.finer"))
        columns = {
            "table": table,
            **{name: whole(places[name]) for name in PROVENANCE.names},
            "column": said,
            "raw": raw,
            "value": value,
            "rule": rule,
        }
        walk.repaired.append(pa.table(columns, schema=REPAIRED))


def _join_group(kind: NodeType | TieType, group: Rows, held: Mapping[str, Sequence[object]], inexact: Inexact, joined: _Joined) -> None:
    """Bring the cells of one group, by column, together; what differs is left empty and noted, with the two rows."""
    kept, differ, cells = int(group[0]), {}, {}
    for column in kind.columns:
        if column.name in kind.identity:
            continue
        said = [(int(row), value) for row, value in zip(group, held[column.name], strict=True) if value is not None]
        states = inexact.get(column.name, {})
        if any(row in states for row, _ in said) and (best := _finest(said, states)):
            said = _keep_finest(column.name, said, best, states, joined)
        other = next((row for row, value in said if _plain(value, personal=column.personal) != _plain(said[0][1], personal=column.personal)), None)
        cells[column.name] = said[0][1] if said and other is None else None
        if other is not None:
            differ[column.name] = (said[0][0], other)
    needed = next((column.name for column in kind.columns if column.name in differ and column.required), None)
    if needed is not None:
        joined.unplaced.setdefault(needed, []).extend((int(row), int(group[0] if row != group[0] else group[1])) for row in group)
        return
    for name, value in cells.items():
        joined.cells.setdefault(name, {})[kept] = value
    for name, (_, other) in differ.items():
        joined.differ.setdefault(name, []).append((kept, other if other != kept else int(group[1])))
    joined.rows.extend(int(row) for row in group[1:])
    joined.into.extend([kept] * (len(group) - 1))


def _keep_finest(
    column: str, said: Sequence[tuple[int, object]], best: tuple[int, object], states: Mapping[int, str], joined: _Joined
) -> list[tuple[int, object]]:
    """What rows say, those that know less of it noted and left out."""
    kept = [(row, value) for row, value in said if states.get(row) == states.get(best[0])]
    written = _say_date(best[1], states.get(best[0]))
    joined.finer.setdefault(column, []).extend((row, _say_date(value, states[row]), written) for row, value in said if (row, value) not in kept)
    return kept


def _plain(value: object, *, personal: bool) -> object:
    """A value as it is compared: two spellings of one name are one."""
    return plain_name(value) if personal and isinstance(value, str) else value


def _write_cells(walk: Walk, table: str, column: str, cells: Mapping[int, object]) -> None:
    """Put values into single cells of a column."""
    held = walk.tables[table]
    field_ = held.schema.field(column)
    place = np.full(held.num_rows, -1, np.int64)
    place[list(cells)] = np.arange(len(cells))
    written = pa.array(list(cells.values()), field_.type).take(pa.array(place, mask=place < 0))
    now = pc.if_else(pa.array(place >= 0), written, whole(held[column]))
    walk.tables[table] = held.set_column(held.column_names.index(column), field_, now)


def _check_again(walk: Walk, kind: NodeType | TieType, rows: Rows, today: dt.date) -> None:
    """Hold the rules between cells against rows that were brought together from several."""
    if not len(rows):
        return
    for breach in list(check_rows(walk.tables[kind.table].take(pa.array(rows)), kind, (), today)):
        if breach.rule in _BETWEEN_CELLS:
            found = replace(breach, rows=rows[breach.rows])
            walk.drop(found)
            for column in found.unread:
                _write_cells(walk, kind.table, column, dict.fromkeys(found.rows.tolist()))

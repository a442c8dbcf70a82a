"""Dates known to the month or the year alone: the days that may be meant, and what is not known because of it on a given day.

Such a date stands in its column as one day of its month or year, the first, or of an end (`Property.last_day`) the last, so that what
it begins counts as begun and what it ends as not ended. A line of `Tables.unread` beside it, of the state ``month`` or ``year``, says which days
may be meant; on a day within them it touches its subjects as a cell that could not be read does, and on any other it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.arrays import whole
from graphkit.data.breaches import INEXACT, Breach
from graphkit.data.tables import Tables
from graphkit.model.types import NodeType, TieType

_UNITS = {"month": "M", "year": "Y"}
_SHOWN = {"month": "%Y-%m", "year": "%Y"}


def span_of(dates: pa.Array | pa.ChunkedArray, precision: str) -> tuple[pa.Array, pa.Array]:
    """Return the first and the last day of the month, or year, in which each date lies; missing where it is.

    Examples
    --------
    >>> import datetime as dt
    >>> [str(days[0]) for days in span_of(pa.array([dt.date(2012, 2, 9)]), "month")]
    ['2012-02-01', '2012-02-29']
    """
    unit = np.dtype(f"datetime64[{_UNITS[precision]}]")
    held = whole(dates)
    begins = pc.fill_null(held, pa.scalar(0, pa.int32()).cast(pa.date32())).to_numpy(zero_copy_only=False).astype(unit)
    first, last = begins.astype("datetime64[D]"), (begins + 1).astype("datetime64[D]") - 1
    missing = pc.is_null(held).to_numpy(zero_copy_only=False)
    return pa.array(first, pa.date32(), mask=missing), pa.array(last, pa.date32(), mask=missing)


def bounds_of(dates: pa.ChunkedArray, name: str, known: Sequence[Breach]) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Return the dates of the column `name` as early, and as late, as they may be; `known` says which stand for a month or a year."""
    early = late = dates
    for breach in known:
        if breach.column == name:
            there = np.zeros(len(dates), bool)
            there[breach.rows] = True
            first, last = span_of(dates, breach.state)
            early, late = pc.if_else(pa.array(there), first, early), pc.if_else(pa.array(there), last, late)
    return early, late


def list_inexact(tables: Tables) -> list[Breach]:
    """Return which cells are known to the month or year alone, as `Tables.unread` has it, found again by what their row is of: a place rows may lack."""
    lines = tables.unread.filter(pc.is_in(tables.unread["state"], value_set=pa.array(list(INEXACT.values()))))
    if not lines.num_rows:
        return []
    found = []
    rule_of = {state: rule for rule, state in INEXACT.items()}
    for name, column, state in sorted(set(zip(*(lines[key].to_pylist() for key in ("table", "column", "state")), strict=True))):
        table = tables[name]
        mine = lines.filter((pc.field("table") == name) & (pc.field("column") == column) & (pc.field("state") == state))
        there = pc.is_in(
            _name_cells(table, tables.model.table_type(name), column), value_set=_name_lines(mine, tables.model.table_type(name), column)
        )
        rows = np.flatnonzero(whole(there).to_numpy(zero_copy_only=False))
        if len(rows):
            found.append(Breach(name, rule_of[state], column, rows, once=True))
    return found


def turn_dates(tables: Tables) -> Tables | None:
    """Return the tables with each date known to the month or year alone at the other end of what may be meant; None where all are exact."""
    turned: dict[str, pa.Table] = {}
    for breach in list_inexact(tables):
        name = str(breach.column)
        table = turned.get(breach.table, tables[breach.table])
        first, last = bounds_of(table[name], name, [breach])
        place = table.column_names.index(name)
        other = pc.if_else(pc.equal(table[name], first), last, first)
        turned[breach.table] = table.set_column(place, table.schema.field(place), other)
    return tables.replace(turned) if turned else None


def _name_cells(table: pa.Table, kind: NodeType | TieType, column: str) -> pa.Array:
    """What each row is of, a key or both ends, and its day in `column`, as one text."""
    names = (kind.key,) if isinstance(kind, NodeType) else tuple(end.name for end in kind.ends)
    return _join(table, (*names, column))


def _name_lines(lines: pa.Table, kind: NodeType | TieType, column: str) -> pa.Array:
    """The same of the rows that lines of `Tables.unread` speak of: a line each of a node, one of either end of a tie, the source first."""
    day = "latest" if next(one.last_day for one in kind.columns if one.name == column) else "earliest"
    rows = lines.group_by("fault", use_threads=False).aggregate([("subject_id", "first"), ("subject_id", "last"), (day, "first")])
    names = ("subject_id_first",) if isinstance(kind, NodeType) else ("subject_id_first", "subject_id_last")
    return _join(rows, (*names, f"{day}_first"))


def _join(table: pa.Table, names: Sequence[str]) -> pa.Array:
    return whole(pc.binary_join_element_wise(*(pc.fill_null(table[name].cast(pa.string()), "") for name in names), "\0"))


def say_dates(tables: Tables, name: str) -> pa.Table:
    """Return a table of `tables` in which a date is text, as far as it is known: ``2012``, ``2012-03`` or ``2012-03-05``.

    Columns without a date of the month or year alone are left as they are.

    Examples
    --------
    >>> say_dates(Tables({"Training": pa.table({"id": ["t1"]})}), "Training")["held_on"].type
    DataType(date32[day])
    """
    table = tables[name]
    for column, state, rows in _cells(tables, name):
        place = table.column_names.index(column)
        there = np.zeros(table.num_rows, bool)
        there[rows] = True
        short = pc.strftime(tables[name][column], format=_SHOWN[state])
        text = pc.if_else(pa.array(there), short, table[column].cast(pa.string()))
        table = table.set_column(place, column, text)
    return table


def _cells(tables: Tables, name: str) -> Iterator[tuple[str, str, np.ndarray]]:
    for breach in list_inexact(tables) if tables.unread.num_rows else ():
        if breach.table == name and breach.column is not None:
            yield breach.column, breach.state, breach.rows

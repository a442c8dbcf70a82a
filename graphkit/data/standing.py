"""What stood on a day, row by row: which rows had begun and not ended, and what was known of them."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc

from graphkit.model.types import Course, NodeType, TieType


def as_known(table: pa.Table, kind: NodeType | TieType, as_of: dt.date) -> pa.Table:
    """The rows as they were known on the day: without dates after it, and without values that hold from such a date only."""
    day, known = pa.scalar(as_of, pa.date32()), table
    for column in kind.columns:
        if column.type == "date" and not column.planned and column.name not in (kind.since_column, kind.until_column):
            later = pc.greater(table[column.name], day)
        elif column.dated_by:
            later = pc.greater(table[column.dated_by], day)
        elif column.course:
            known = _put_cells(known, column.name, _step_on(table, column.name, column.course, day))
            continue
        else:
            continue
        if pc.any(later).as_py():
            nothing = pa.scalar(None, table.schema.field(column.name).type)
            known = _put_cells(known, column.name, pc.if_else(pc.fill_null(later, fill_value=False), nothing, table[column.name]))
    return known


def _put_cells(table: pa.Table, name: str, cells: pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.column_names.index(name), table.schema.field(name), cells)


def _step_on(table: pa.Table, name: str, course: Course, day: pa.Scalar) -> pa.ChunkedArray:
    """The value of a course on a day; of several steps that were taken later, the first decides."""
    cells = held = table[name]
    nothing, before = pa.scalar(None, held.type), pa.scalar(course.before or None, held.type)
    for place, step in reversed(list(enumerate(course.steps))):
        later = pc.fill_null(pc.greater(table[step.dated_by], day), fill_value=False)
        if not pc.any(later).as_py():
            continue
        if place:
            former = course.steps[place - 1]
            taken = pc.fill_null(pc.less_equal(table[former.dated_by], day), fill_value=False)
            cells = pc.if_else(later, pc.if_else(taken, pa.scalar(former.value, held.type), nothing), cells)
        else:
            cells = pc.if_else(later, before, cells)
    return cells


def standing_mask(table: pa.Table, kind: NodeType | TieType, as_of: dt.date) -> pa.ChunkedArray | None:
    """Which rows were in force on the day, as far as their dates are known; None where that is all of them, which two dates tell."""
    if not kind.since_column:
        return None
    begun = pc.max(table[kind.since_column]).as_py()
    ended = pc.min(table[kind.until_column]).as_py() if kind.until_column else None
    if (begun is None or begun <= as_of) and (ended is None or ended > as_of):
        return None
    day = pa.scalar(as_of, pa.date32())
    mask = pc.fill_null(pc.less_equal(table[kind.since_column], day), fill_value=True)
    if kind.until_column:
        mask = pc.and_(mask, pc.fill_null(pc.greater(table[kind.until_column], day), fill_value=True))
    return mask

"""What stood on a day, over lazy frames: `Tables.at`, for an engine that reads the rows itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import narwhals.stable.v2 as nw

from graphkit.engines.frames import Frame, Frames, distinct_rows, join_frames
from graphkit.model.model import Model
from graphkit.model.types import Course, NodeType, TieType

_TYPES: Mapping[str, Any] = {"string": nw.String, "integer": nw.Int64, "date": nw.Date, "boolean": nw.Boolean}


def needed_with(names: Iterable[str], model: Model) -> tuple[str, ...]:
    """Return the tables that say what of `names` stood: those, and of each tie the kinds at its ends."""
    found: dict[str, None] = {}
    for name in names:
        kind = model.table_type(name)
        found |= dict.fromkeys([name, *((kind.source, kind.target) if isinstance(kind, TieType) else ())])
    return tuple(found)


def stand_frames(frames: Frames, names: Iterable[str], model: Model, day: dt.date) -> dict[str, Frame]:
    """Return what stood on `day` of the tables `names`, by the meaning of `graphkit.data.tables.Tables.at`.

    Parameters
    ----------
    frames : mapping of str to LazyFrame
        Whole tables by name, with every column that the model declares: what `needed_with` names, where it has any rows.
    names : iterable of str
        Which of them to return.
    model : Model
        What begins and ends each kind, and which values hold from a date only.
    day : date
        The day.
    """
    return {name: _standing(frames, model.table_type(name), model, day) for name in names}


def _standing(frames: Frames, kind: NodeType | TieType, model: Model, day: dt.date) -> Frame:
    known = _as_known(frames[kind.table], kind, day)
    standing = known.filter(_in_force(kind, day)) if kind.since_column else known
    return _with_both_ends(standing, frames, kind, model, day) if isinstance(kind, TieType) else standing


def _with_both_ends(ties: Frame, frames: Frames, tie: TieType, model: Model, day: dt.date) -> Frame:
    """The ties neither end of which has fallen; an end that is nowhere at all is left as it is."""
    for end, label in zip(tie.ends, (tie.source, tie.target), strict=True):
        node = model.node_type(label)
        if node.since_column and label in frames:
            fallen = distinct_rows(frames[label].filter(~_in_force(node, day)).select(nw.col(node.key).alias(end.name)))
            ties = join_frames(ties, fallen, on=[end.name], how="anti")
    return ties


def _as_known(frame: Frame, kind: NodeType | TieType, day: dt.date) -> Frame:
    emptied = []
    for column in kind.columns:
        if column.type == "date" and not column.planned and column.name not in (kind.since_column, kind.until_column):
            later = nw.col(column.name) > nw.lit(day)
        elif column.dated_by:
            later = nw.col(column.dated_by) > nw.lit(day)
        elif column.course:
            emptied.append(_step_on(column.name, column.course, day).alias(column.name))
            continue
        else:
            continue
        nothing = nw.lit(None).cast(_TYPES[column.type])
        emptied.append(nw.when(later.fill_null(value=False)).then(nothing).otherwise(nw.col(column.name)).alias(column.name))
    return frame.with_columns(*emptied) if emptied else frame


def _step_on(name: str, course: Course, day: dt.date) -> nw.Expr:
    """The value of a course on the day; of several steps that were taken later, the first decides."""
    nothing, value = nw.lit(None).cast(nw.String), nw.col(name)
    below = nw.lit(course.before) if course.before else nothing
    earlier = []
    for step in course.steps:
        earlier.append(((nw.col(step.dated_by) > nw.lit(day)).fill_null(value=False), below))
        taken = (nw.col(step.dated_by) <= nw.lit(day)).fill_null(value=False)
        below = nw.when(taken).then(nw.lit(step.value)).otherwise(nothing)
    for later, held in reversed(earlier):
        value = nw.when(later).then(held).otherwise(value)
    return value


def _in_force(kind: NodeType | TieType, day: dt.date) -> nw.Expr:
    since = nw.col(str(kind.since_column))
    begun = since.is_null() | (since <= nw.lit(day)).fill_null(value=False)
    if not kind.until_column:
        return begun
    until = nw.col(kind.until_column)
    return begun & (until.is_null() | (until > nw.lit(day)).fill_null(value=False))

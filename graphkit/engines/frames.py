"""Guards over narwhals: the few places where one expression means different things on different engines, each closed here once.

A relational question is a pure function from lazy frames to a lazy frame, written with
`narwhals.stable.v2` and with these helpers wherever the bare expression would

- count a null as a value, or come back as a decimal, a 32-bit number or a wrapped one (`count_distinct`, `count_rows`,
  `count_where`, `add_up`, `year_of`);
- unite columns by their position instead of their name (`stack_frames`);
- leave the place of nulls, or the order of rows, to the engine (`sort_rows`, `number_rows`);
- be written as a window over all rows (`distinct_rows`);
- name a column that is not there, and be told so by each engine in its own words, sometimes only at the end (`need_columns`);
- join on a floating-point key, where NaN equals NaN on one engine only (`join_frames`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import narwhals.stable.v2 as nw
import pyarrow as pa

from graphkit.errors import ModelError
from graphkit.words import Text

Frame = nw.LazyFrame[Any]
Frames = Mapping[str, Frame]
How = Literal["inner", "left", "semi", "anti"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A relational question as any engine takes it: lazy frames in, one lazy frame out; its columns, and what fixes the order of rows."""

    question: Callable[[Frames], Frame]
    schema: pa.Schema
    order: Sequence[str] = ()


def need_columns(frame: Frame, names: Sequence[str]) -> Frame:
    """Return `frame` if it has every column of `names`; asked when a question is built, so that no engine has to say it later.

    Raises
    ------
    ModelError
        If a column is missing: which, and which there are.
    """
    there = frame.collect_schema().names()
    if missing := [name for name in names if name not in there]:
        lacking = [repr(name) for name in missing]
        raise ModelError(
            Text(f"没有列 {'、'.join(lacking)}；现有 {'、'.join(there)}", f"no column {', '.join(lacking)}; there are {', '.join(there)}")
        )
    return frame


def stack_frames(frames: Sequence[Frame], names: Sequence[str]) -> Frame:
    """Return the rows of all `frames` under the columns `names`, matched by name (DuckDB alone would match them by position)."""
    return nw.concat([need_columns(frame, names).select(*names) for frame in frames], how="vertical")


def join_frames(left: Frame, right: Frame, *, on: Sequence[str], how: How = "inner") -> Frame:
    """Join two frames on columns of the same name; a null matches nothing.

    Raises
    ------
    ModelError
        If a key is missing on one side, or is a floating-point number: engines differ in whether NaN equals NaN.
    """
    for frame in (left, right):
        schema = need_columns(frame, on).collect_schema()
        if floats := [name for name in on if schema[name].is_float()]:
            raise ModelError(
                Text(
                    f"按 {'、'.join(floats)} 连接：键须用整数或文字，不能用浮点数",
                    f"join on {', '.join(floats)}: use an integer or a string as the key, not a floating-point number",
                ),
            )
    return left.join(right, on=list(on), how=how)


def distinct_rows(frame: Frame) -> Frame:
    """Return each different row once; a null is equal to a null.

    By grouping: what narwhals writes for ``unique`` is a window over all rows, which sorts them.
    """
    names = frame.collect_schema().names()
    return frame.group_by(*names).agg(count_rows().alias("rows alike")).select(*names)


def count_rows() -> nw.Expr:
    """Count rows, as Int64 on every engine."""
    return nw.len().cast(nw.Int64)


def count_where(condition: nw.Expr) -> nw.Expr:
    """Count the rows where `condition` is true; a null condition is not true."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).sum().cast(nw.Int64)


def count_distinct(column: str) -> nw.Expr:
    """Count distinct values; a null is no value (`n_unique` alone counts it as one)."""
    value = nw.col(column)
    any_null = nw.when(value.is_null()).then(nw.lit(1)).otherwise(nw.lit(0)).max()
    return (value.n_unique().cast(nw.Int64) - any_null.cast(nw.Int64)).cast(nw.Int64)


def add_up(column: str) -> nw.Expr:
    """Sum an integer column as Int64; nulls add nothing, and no value at all is 0 (DuckDB's own sum is a decimal, and null)."""
    return nw.col(column).sum().cast(nw.Int64).fill_null(0)


def year_of(column: str) -> nw.Expr:
    """Year of a date, as Int64 on every engine."""
    return nw.col(column).dt.year().cast(nw.Int64)


def sort_rows(frame: Frame, names: Sequence[str]) -> Frame:
    """Order rows by `names`, ascending, nulls last: name enough columns to leave nothing to chance."""
    return need_columns(frame, names).sort(*names, nulls_last=True)


def number_rows(frame: Frame, name: str, *, by: str, descending: bool = False, within: Sequence[str] = ()) -> Frame:
    """Add column `name`: 1, 2, … in the order of the column `by`, from 1 again in each group of `within`; null where `by` is null.

    A window ordered by a column (`over(order_by=…)`) can only ascend; a rank can do both. Rows that tie
    are numbered as the engine likes, so make `by` unique in its group.
    """
    need_columns(frame, [by, *within])
    rank = nw.col(by).rank("ordinal", descending=descending)
    return frame.with_columns((rank.over(*within) if within else rank).cast(nw.Int64).alias(name))


def collect_rows(frame: Frame, schema: pa.Schema, *, order: Sequence[str]) -> pa.Table:
    """Run a question: rows in the order of the columns `order`, with exactly the columns and types of `schema`.

    Raises
    ------
    ModelError
        If the frame lacks a column of `schema`, or a value does not fit its type.
    """
    table: pa.Table = order_rows(frame, schema, order=order).collect("pyarrow").to_native()
    return fit_table(table, schema)


def order_rows(frame: Frame, schema: pa.Schema, *, order: Sequence[str]) -> Frame:
    """Return the columns of `schema`, rows in the order of the columns `order`; as they come where it names none."""
    chosen = need_columns(frame, schema.names).select(*schema.names)
    return sort_rows(chosen, order) if order else chosen


def fit_table(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return the table with exactly the columns and types of `schema`; ModelError if a value does not fit its type."""
    return pa.table([_fit(table[field.name], field) for field in schema], schema=schema)


def _fit(column: pa.ChunkedArray, field: pa.Field) -> pa.ChunkedArray:
    try:
        return column.cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # whose text repeats the cell
        raise ModelError(
            Text(
                f"回答与声明的类型不符：{field.name} 是 {column.type}，不是 {field.type}",
                f"the answer does not fit its declared types: {field.name} holds {column.type}, not {field.type}",
            ),
        ) from None

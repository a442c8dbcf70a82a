"""DuckDB behind the relational questions: one connection a question, over Arrow tables that are read where they lie."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from typing import Any, TypeVar

import narwhals.stable.v2 as nw
import pyarrow as pa

from graphkit.engines.frames import Asked, Frame, Frames, fit_table, order_rows
from graphkit.interrupts import interrupts_pass, interrupts_wait

Name = TypeVar("Name", bound=Hashable)


@contextmanager
def open_frames(tables: Mapping[str, pa.Table], *, threads: int | None = None, memory: str | None = None) -> Iterator[Frames]:
    """Open Arrow tables as lazy frames of one DuckDB connection, which is closed at the end.

    Frames of two connections cannot be joined, so everything a question needs is opened together.

    Parameters
    ----------
    tables : mapping of str to Table
        What to open, by name; nothing is copied.
    threads : int, optional
        Threads that DuckDB may use; as many as there are processors if not given.
    memory : str, optional
        Limit such as ``"2GB"``; beyond it DuckDB works on disk.

    Examples
    --------
    >>> from graphkit.engines.frames import count_rows
    >>> with open_frames({"village": pa.table({"code": ["1", "2"]})}) as frames:
    ...     frames["village"].select(count_rows().alias("n")).collect("pyarrow").to_native()["n"].to_pylist()
    [2]
    """
    config = {key: value for key, value in (("threads", threads), ("memory_limit", memory)) if value is not None}
    with _open(config) as connection:
        yield {name: nw.from_native(connection.from_arrow(table)) for name, table in tables.items()}


def run_question(question: Callable[[Frames], Frame], tables: Mapping[str, pa.Table], schema: pa.Schema, *, order: Sequence[str]) -> pa.Table:
    """Answer one relational question: `question` builds the lazy answer, DuckDB runs it.

    Parameters
    ----------
    question : callable
        Takes the frames by name and returns a lazy frame; pure, so that another engine may run it too.
    tables : mapping of str to Table
        The tables it reads.
    schema : Schema
        Columns and types of the answer.
    order : sequence of str
        Columns that fix the order of rows.

    Returns
    -------
    Table
        Exactly the columns and types of `schema`, rows in `order`, nulls last.

    Raises
    ------
    ModelError
        If a column is missing, or the answer does not fit `schema`.

    Examples
    --------
    >>> from graphkit.engines.frames import count_rows
    >>> ties = pa.table({"village_code": ["1", "1", "2"]})
    >>> def households(frames):
    ...     return frames["ties"].group_by("village_code").agg(count_rows().alias("n"))
    >>> schema = pa.schema([("village_code", pa.string()), ("n", pa.int64())])
    >>> run_question(households, {"ties": ties}, schema, order=["village_code"]).to_pydict()
    {'village_code': ['1', '2'], 'n': [2, 1]}
    """
    return run_questions({"answer": Asked(question, schema, order)}, tables)["answer"]


def run_questions(questions: Mapping[str, Asked], tables: Mapping[str, pa.Table], *, first: Mapping[str, Asked] | None = None) -> dict[str, pa.Table]:
    """Answer several questions on one connection: the answer to each, by its name.

    What they use more than once is made `first`, each step from the tables and the steps before it, under its name.

    Examples
    --------
    >>> from graphkit.engines.frames import distinct_rows
    >>> ties = pa.table({"village_code": ["1", "1", "2"]})
    >>> schema = pa.schema([("village_code", pa.string())])
    >>> first = {"villages": Asked(lambda frames: distinct_rows(frames["ties"]), schema)}
    >>> asked = {"codes": Asked(lambda frames: frames["villages"], schema, ["village_code"])}
    >>> run_questions(asked, {"ties": ties}, first=first)["codes"].to_pydict()
    {'village_code': ['1', '2']}
    """
    with _open() as connection:

        def answer(asked: Asked) -> pa.Table:
            plan = _keep_plan(asked, tables)
            return fit_table(connection.sql(plan.text).to_arrow_table(), plan.schema)

        for name, table in tables.items():
            connection.register(name, table)
        for name, step in (first or {}).items():
            made = answer(step)
            connection.register(name, made)
            tables = {**tables, name: made}
        return {name: answer(question) for name, question in questions.items()}


_KEPT: dict[object, Plan] = {}
_MOST_KEPT = 64


def _keep_plan(asked: Asked, tables: Mapping[str, pa.Table]) -> Plan:
    """The plan of a question: written when it is first asked of tables with these columns, kept for the next time.

    What is made anew for each asking, a function within a function, is not kept: it is never the same again.
    """
    columns = {name: table.schema for name, table in tables.items()}
    question = asked.question
    if "<locals>" in getattr(question, "__qualname__", "") or not (is_dataclass(question) or hasattr(question, "__qualname__")):
        return write_plan(question, columns, asked.schema, order=asked.order)
    key = (question, tuple(columns.items()), asked.schema, tuple(asked.order))
    if key not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = write_plan(question, columns, asked.schema, order=asked.order)
    return _KEPT[key]


@dataclass(frozen=True, slots=True)
class Plan:
    """A relational question as DuckDB runs it, over tables known by name: written once, run on any tables of the same columns."""

    text: str
    schema: pa.Schema


def write_plan(question: Callable[[Frames], Frame], columns: Mapping[str, pa.Schema], schema: pa.Schema, *, order: Sequence[str]) -> Plan:
    """Write the plan of a question over tables of these `columns`; the other parameters are those of `run_question`.

    Building a plan takes longer than running it on a small district, so who asks often keeps it.

    Examples
    --------
    >>> from graphkit.engines.frames import count_rows
    >>> ties = pa.table({"village_code": ["1", "1", "2"]})
    >>> def households(frames):
    ...     return frames["ties"].group_by("village_code").agg(count_rows().alias("n"))
    >>> schema = pa.schema([("village_code", pa.string()), ("n", pa.int64())])
    >>> plan = write_plan(households, {"ties": ties.schema}, schema, order=["village_code"])
    >>> run_plans({"homes": plan}, {"ties": ties})["homes"].to_pydict()
    {'village_code': ['1', '2'], 'n': [2, 1]}
    """
    return write_plans({"answer": Asked(question, schema, order)}, columns)["answer"]


def write_plans(asked: Mapping[Name, Asked], columns: Mapping[str, pa.Schema]) -> dict[Name, Plan]:
    """Write the plans of several questions over tables of these `columns`: the plan of each, by its name."""
    with _open() as connection:
        for name, held in columns.items():
            connection.register(name, held.empty_table())
        frames = {name: nw.from_native(connection.table(_quoted(name))) for name in columns}
        return {
            name: Plan(str(order_rows(one.question(frames), one.schema, order=one.order).to_native().sql_query()), one.schema)
            for name, one in asked.items()
        }


def run_plans(plans: Mapping[Name, Plan], tables: Mapping[str, pa.Table]) -> dict[Name, pa.Table]:
    """Run plans over tables that are read where they lie, on one connection: the answer to each, by its name."""
    with _open() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        return {name: fit_table(connection.sql(plan.text).to_arrow_table(), plan.schema) for name, plan in plans.items()}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _open(config: Mapping[str, Any] | None = None) -> Iterator[Any]:
    """One connection, closed at the end."""
    with interrupts_wait():
        import duckdb

    with interrupts_pass():
        connection = duckdb.connect(":memory:", config=dict(config or {}))
        try:
            yield connection
        finally:
            connection.close()

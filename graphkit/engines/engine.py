"""Which engine answers a relational question: DuckDB in this process, or Spark where one machine is not enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa

from graphkit.data.tables import Tables
from graphkit.engines.duckdb import run_questions
from graphkit.engines.frames import Asked
from graphkit.engines.spark import SparkEngine, is_session, open_session
from graphkit.errors import ParameterError
from graphkit.words import Text

ENGINES = ("duckdb", "spark")


@dataclass(frozen=True, slots=True)
class At:
    """The whole tables that a question is asked of, and the day: so that an engine may read the rows itself from where they are stored."""

    tables: Tables
    day: dt.date


@contextmanager
def open_engine(engine: object) -> Iterator[SparkEngine | None]:
    """Open what a caller has named: None for DuckDB; a session that is started here is stopped at the end, one that was given is left alone.

    Raises
    ------
    EngineError
        If Spark cannot be had: not installed, no fitting Java, or its master does not answer.
    ParameterError
        If it is no engine.

    Examples
    --------
    >>> with open_engine("duckdb") as opened:
    ...     opened is None
    True
    """
    if engine == "duckdb":
        yield None
    elif isinstance(engine, SparkEngine):
        yield engine
    elif engine == "spark":
        with open_session() as session:
            yield SparkEngine(session)
    elif is_session(engine):
        yield SparkEngine(engine)
    else:
        said = repr(engine) if isinstance(engine, str) else type(engine).__name__
        raise ParameterError(
            Text(
                f"engine 须为 {'、'.join(ENGINES)}，或一个 SparkSession，而不是 {said}",
                f"engine is one of {', '.join(ENGINES)}, or a SparkSession, not {said}",
            )
        )


def count_standing(engine: SparkEngine | None, names: Iterable[str], standing: Tables, at: At) -> dict[str, int]:
    """Rows of some tables on the day of `at`, counted by the engine where it reads them for itself."""
    if engine is None:
        return {name: standing.count(name) for name in names}
    return engine.count_rows(tuple(names), standing, at.tables, at.day)


def run_on(engine: SparkEngine | None, asked: Asked, tables: Mapping[str, pa.Table], at: At) -> pa.Table:
    """Answer one question on an engine that is open; `tables` are those that stood on the day of `at`."""
    return run_all(engine, {"answer": asked}, tables, at)["answer"]


def run_all(
    engine: SparkEngine | None, asked: Mapping[str, Asked], tables: Mapping[str, pa.Table], at: At, *, first: Mapping[str, Asked] | None = None
) -> dict[str, pa.Table]:
    """Answer several questions, each by a name; what they use more than once is made `first`, each from the tables and those before it.

    A lazy frame that is used six times is counted six times; on Spark it is kept on the executors, in memory or on disk, until the last is answered.
    """
    first = first or {}
    if engine is None:
        return run_questions(asked, tables, first=first)
    frames = engine.open_frames(tables, at.tables, at.day)
    with engine.keeping() as keep:
        for name, step in first.items():
            frames = {**frames, name: keep(step.question(frames))}
        return {name: engine.run(one.question, frames, one.schema, order=one.order) for name, one in asked.items()}

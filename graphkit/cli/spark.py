"""What counts, DuckDB or Spark: the options of the commands that leave the choice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphkit.cli.options import Spoken, read, say
from graphkit.cli.words import both
from graphkit.errors import ParameterError
from graphkit.words import Text

if TYPE_CHECKING:
    from graphkit.data.tables import Tables


class Engines(StrEnum):
    """What may count."""

    duckdb = "duckdb"
    spark = "spark"


EngineOption = Annotated[
    Engines,
    typer.Option("--engine", help=both("由谁计数：本机的 DuckDB，或 Spark。", "What counts: DuckDB on this machine, or Spark.")),
]
MasterOption = Annotated[
    str | None,
    typer.Option(
        "--master",
        metavar="MASTER",
        help=both(
            "Spark 在哪里运行，如 local[2] 或 spark://主机:7077；默认本机。",
            "Where Spark runs, such as local[2] or spark://host:7077; here by default.",
        ),
    ),
]


@contextmanager
def open_source(
    store: str, lang: Spoken | None, database: str | None, dataset: str, *, on_spark: bool, master: str | None
) -> Iterator[tuple[Tables, dict[str, Any]]]:
    """Read a store, and open what counts, for as long as it is needed: the tables, and what a question is given with them.

    Spark is started first: that it cannot be had is then said before a large store is read.
    """
    if not on_spark:
        if master is not None:
            raise ParameterError(Text("--master 只和 --engine spark 一起用", "--master goes with --engine spark"))
        yield read(store, lang, database, dataset, places=False), {}
        return
    from graphkit.cli.progress import show_step
    from graphkit.engines.spark import LOCAL, SparkEngine, open_session
    from graphkit.store.bucket import BucketStore
    from graphkit.store.connect import connect
    from graphkit.store.local.store import LocalStore

    with open_session(master or LOCAL) as session, connect(store, database=database, dataset=dataset) as opened:
        with show_step(say(lang, f"读取 {store}", f"Reading {store}")):
            tables, files = opened.read_with_files() if isinstance(opened, (LocalStore, BucketStore)) else (opened.read(), {})
        yield tables, {"engine": SparkEngine(session, tables=tables, files=files)}

"""Spark behind the relational questions: the same expressions as DuckDB runs, where one machine is not enough.

Only here, and in `graphkit.engines.contraction`, is anything of PySpark named. A session that a user passes in is the user's: none of its
settings is touched, and it is not stopped.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
import re
import socket
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from graphkit.data.chosen import Chosen
from graphkit.data.tables import Tables, arrow_schema
from graphkit.engines.frames import Frame, Frames, collect_rows
from graphkit.engines.java import need_java
from graphkit.engines.standing import needed_with, stand_frames
from graphkit.errors import EngineError, ParameterError
from graphkit.interrupts import interrupts_kept, interrupts_wait
from graphkit.words import Text

LOCAL = "local[*]"
MASTER_WAIT_S = 5.0
_BY_SIZE_SEEN = {
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.adaptive.autoBroadcastJoinThreshold": "10MB",
}  # files are so compressed that large tables look small
_LOOPBACK = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false"}
_MODULE = re.compile(r"ModuleNotFoundError: No module named '([\w.]+)'")
_STANDALONE = re.compile(r"spark://(?P<all>[^/]+)")


class SparkEngine:
    """Spark, for relational questions.

    Parameters
    ----------
    session : SparkSession
        The session; whoever made it stops it.
    tables : Tables, optional
        Tables that were read from `files`. A question about these very tables is answered from the files, which every executor reads for
        itself; about any other, from rows that this process sends.
    files : mapping of str to str, optional
        Path or address of the Parquet file of each table that has rows, as `graphkit.LocalStore.read_with_files` gives them; the
        executors must be able to read it under that name.
    keep : bool
        Keep what stood on a day, once it was read from the files, in the memory and on the disks of the executors, for the next question of
        that day: half of the time of several small questions, and room for all columns of the tables that were asked for. If an executor is
        lost, they fail, and a new engine has to be made.

    Examples
    --------
    .. code-block:: python

        with open_session("local[2]") as session:
            tables, files = LocalStore("acheng.gk").read_with_files()
            gaps = find_coverage_gaps(tables, engine=SparkEngine(session, tables=tables, files=files))
    """

    def __init__(self, session: Any, *, tables: Tables | None = None, files: Mapping[str, str] | None = None, keep: bool = False) -> None:
        self.session = session
        self._tables = tables
        self._files = dict(files or {})
        self._keep = keep
        self._kept: dict[tuple[str, dt.date], Frame] = {}

    def open_frames(self, standing: Mapping[str, pa.Table], tables: Tables, day: dt.date) -> Frames:
        """Open lazy frames of what stood on `day`: from the files where these are the `tables` that were read from them, else from `standing`."""
        stored = [name for name in standing if name in self._files] if tables is self._tables else []
        sent = {name: self._send(standing[name]) for name in standing if name not in stored}
        asked = [name for name in stored if (name, day) not in self._kept]
        whole = {name: self._read_file(name, tables) for name in needed_with(asked, tables.model) if name in self._files}
        stood = stand_frames(whole, asked, tables.model, day)
        if not self._keep:
            return sent | stood
        with told():
            self._kept |= {(name, day): nw.from_native(frame.to_native().localCheckpoint()) for name, frame in stood.items()}
        return sent | {name: self._kept[name, day] for name in stored}

    def count_rows(self, names: Sequence[str], standing: Tables, tables: Tables, day: dt.date) -> dict[str, int]:
        """Rows of the tables `names` on `day`, in one job; of those that are no files, of what stands here."""
        from pyspark.sql import functions as f

        stored = [name for name in names if name in self._files] if tables is self._tables else []
        counts = {name: standing.count(name) for name in names if name not in stored}
        if stored:
            frames = self.open_frames(Chosen(standing, tuple(stored)), tables, day)
            with told():
                counted = [frames[name].to_native().select(f.lit(name).alias("name")) for name in stored]
                found = functools.reduce(lambda one, other: one.unionAll(other), counted).groupBy("name").count().collect()
            counts |= dict.fromkeys(stored, 0) | {row["name"]: row["count"] for row in found}
        return counts

    def run(self, question: Callable[[Frames], Frame], frames: Frames, schema: pa.Schema, *, order: Sequence[str]) -> pa.Table:
        """Answer one relational question; the parameters are those of `graphkit.engines.duckdb.run_question`.

        Raises
        ------
        EngineError
            If Spark gives up: a file that an executor cannot read, a worker that was lost.
        """
        with told():
            return collect_rows(question(frames), schema, order=order)

    @contextmanager
    def keeping(self) -> Iterator[Callable[[Frame], Frame]]:
        """What keeps a frame on the executors once it is counted, to the end of the block."""
        kept = []

        def keep(frame: Frame) -> Frame:
            with told():
                kept.append(frame.to_native().persist())
            again: Frame = nw.from_native(kept[-1])
            return again

        try:
            yield keep
        finally:
            with told():
                for frame in kept:
                    frame.unpersist()

    def _send(self, table: pa.Table) -> Frame:
        with told():
            sent: Frame = nw.from_native(self.session.createDataFrame(table, schema=None if table.num_rows else struct_of(table.schema)))
            return sent

    def _read_file(self, name: str, tables: Tables) -> Frame:
        """A whole table; a file written when its kind had fewer columns has nulls in the others."""
        with told():
            read: Frame = nw.from_native(self.session.read.schema(struct_of(arrow_schema(tables.model.table_type(name)))).parquet(self._files[name]))
            return read


def is_session(thing: object) -> bool:
    """Whether it is a session of Spark, classic or Connect, without importing PySpark to see."""
    return any(base.__module__.startswith("pyspark.") and base.__name__ == "SparkSession" for base in type(thing).__mro__)


@contextmanager
def open_session(master: str = LOCAL) -> Iterator[Any]:
    """Start a session and stop it at the end; a session that is active in this process already is used, and left as it is.

    On this machine (``local``, ``local[2]``, ``local[*]``) the session listens on the loopback address alone, has no web page, and its workers
    are of this Python unless ``PYSPARK_PYTHON`` says otherwise. For any other master nothing is set: the settings are those of
    ``spark-defaults.conf``.

    Parameters
    ----------
    master : str
        Spark's word for where to run: ``local[2]``, ``spark://host:7077``, ``yarn``.

    Raises
    ------
    EngineError
        If PySpark is not installed, Java is missing or does not fit, or the master does not answer.
    ParameterError
        If a session is active that has another master.
    """
    builder, active = _import_spark()
    if active is not None:
        yield _same_master(active, master)
        return
    need_java()
    _need_master(master)
    settings = {
        "spark.app.name": "graphkit",
        "spark.log.level": "ERROR",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.dataFrameQueryContext.enabled": "false",  # who wrote which expression where: a fifth of the time of planning
        **({**_LOOPBACK, **_BY_SIZE_SEEN} if master.startswith("local") else {}),
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else workers are the first python3 on the path, which may have no graphkit
    with interrupts_kept():
        try:
            session = builder.master(master).getOrCreate()
        except Exception as error:  # noqa: BLE001 - whatever Java throws
            raise EngineError(
                Text(f"Spark 没有启动（{master}）：{_first_line(error)}", f"Spark did not start ({master}): {_first_line(error)}")
            ) from None
        try:
            yield session
        finally:
            session.stop()


def _import_spark() -> tuple[Any, Any]:
    """What builds a session, and the session that is active already."""
    try:
        with interrupts_wait():
            from pyspark.sql import SparkSession
    except ImportError:
        raise EngineError(
            Text(
                "没有安装 PySpark：pip install 'graphkit-networks[spark]'",
                "PySpark is not installed: pip install 'graphkit-networks[spark]'",
            )
        ) from None
    return SparkSession.builder, SparkSession.getActiveSession()


def _same_master(active: Any, master: str) -> Any:
    there = active.conf.get("spark.master", master)
    if master not in (LOCAL, there):
        raise ParameterError(
            Text(
                f"本进程已有一个 Spark 会话（{there}），不能再用 {master}：先停止它，或把它作为 engine 传入",
                f"a Spark session is active in this process ({there}), so {master} cannot be used: stop it, or pass it in as engine",
            )
        )
    return active


def _need_master(master: str) -> None:
    """Ask each master of a standalone cluster for a connection first: Spark itself tries for a minute and then says something else."""
    found = _STANDALONE.fullmatch(master)
    if found is None:
        return
    for place in found["all"].split(","):
        host, _, port = place.rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=MASTER_WAIT_S):
                return
        except (OSError, ValueError):
            continue
    raise EngineError(
        Text(
            f"Spark 的主节点没有应答：{master}。检查地址，或它是否在运行",
            f"the Spark master does not answer: {master}. Check the address, and that it is up",
        )
    )


@contextmanager
def told() -> Iterator[None]:
    """Tell a failure of Spark in one line; its own text goes on for pages, and may repeat cells.

    That PySpark is not sure of a new pandas is not told: rows come and go as Arrow.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
            yield
    except (Py4JError, PySparkException, ConnectionError) as error:
        if lacking := _MODULE.search(str(error)):
            raise EngineError(
                Text(
                    f"Spark 的工作进程里没有 {lacking[1]}：在每台机器上安装 graphkit-networks，并用 PYSPARK_PYTHON 指出那个 Python",
                    f"the workers of Spark have no {lacking[1]}: install graphkit-networks on every machine, and name that Python by PYSPARK_PYTHON",
                )
            ) from None
        if "S3AFileSystem not found" in str(error):
            raise EngineError(
                Text(
                    "Spark 没有读 s3a:// 的类：把与 PySpark 所带 Hadoop 同版的 org.apache.hadoop:hadoop-aws 写进 spark.jars.packages",
                    "Spark has no classes for s3a://: name org.apache.hadoop:hadoop-aws, of the version of Hadoop that PySpark brings, in spark.jars.packages",
                )
            ) from None
        named = _class_of(error)
        raise EngineError(
            Text(
                f"Spark 没有算完（{named}）：看它的日志；各执行器要能读到存储的文件",
                f"Spark gave up ({named}): see its log; every executor must be able to read the files of the store",
            )
        ) from None


def _class_of(error: BaseException) -> str:
    condition = getattr(error, "getCondition", lambda: None)() or getattr(error, "getErrorClass", lambda: None)()
    return str(condition or type(error).__name__)


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]


def struct_of(schema: pa.Schema) -> Any:
    """The type that Spark calls these columns by."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(schema)

"""A district cut into parts between which no tie that holds leads, and a function of this program run on each of them, on Spark.

The way the rows go::

    ties that hold ── star contraction ──▶ components ── large ones to the emptiest part, small ones by their hash ──▶ part of each node
    every tie that is read ── by its source ──▶ the part of that; of a place also to the parts that look it up ──▶ one Arrow table a part
"""

from __future__ import annotations

import datetime as dt
import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.tables import Tables
from graphkit.engines.contraction import find_components, stack
from graphkit.engines.frames import Frames
from graphkit.engines.spark import SparkEngine, struct_of, told
from graphkit.model.model import Model
from graphkit.model.types import TieType

PART_NODES = 200_000  # nodes of a part, which one worker holds; a component with more is a part of its own
LARGE_SHARE = 20  # a component of at least this fraction of a part is placed by its size
NATIVE, NAMED = -1, -2  # what a row tells beside ties: a node that the part answers for, and the name of one (less the position of its kind)
ROWS = pa.schema(
    [
        ("part", pa.int64()), ("what", pa.int64()), ("source", pa.string()), ("target", pa.string()), ("since", pa.date32()),
        ("office", pa.bool_()), ("primary", pa.bool_()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What a network question reads of a district.

    `holding` are the tables of ties that no part may cut, `beside` those that are looked up, `answered` the kind that rows are made for,
    `named` the kinds whose names are told.
    """

    holding: tuple[str, ...]
    beside: tuple[str, ...]
    answered: str
    named: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Part:
    """What a worker holds of a district: `tables` with the ends of ties alone, the keys `answered` here, and names by kind and key.

    Nodes that are only looked up are there too; whoever makes rows makes them for those `answered`.
    """

    number: int
    tables: Tables
    answered: pa.Array
    names: dict[str, dict[str, str]]


@dataclass(frozen=True, eq=False)
class Answer:
    """The rows of all parts, and how many parts and components with ties between more than one node there were."""

    rows: pa.Table
    parts: int


def run_on_parts(
    engine: SparkEngine,
    tables: Tables,
    day: dt.date,
    reading: Reading,
    run: Callable[[Part], pa.Table],
    schema: pa.Schema,
    *,
    part_nodes: int = PART_NODES,
) -> Answer:
    """Cut what stood on `day` into parts, run a function on each, and gather its rows, which come in no order.

    Parameters
    ----------
    engine : SparkEngine
        The session; graphkit must be installed where its workers run.
    tables : Tables
        The district; keys unique and every end of a tie there.
    day : date
        The day.
    reading : Reading
        What the function reads.
    run : callable
        From a `Part` to a table with the columns of `schema`; it is sent to the workers, so it is a function of a module, or holds only
        what can be pickled.
    schema : Schema
        Columns of the answer.
    part_nodes : int, nodes, optional
        How many nodes a part holds if no component is larger.

    Raises
    ------
    EngineError
        If Spark gives up.
    """
    types = {name: tables.model.table_type(name) for name in (*reading.holding, *reading.beside)}
    ties = {name: kind for name, kind in types.items() if isinstance(kind, TieType)}
    kinds = tuple(dict.fromkeys([reading.answered, *(label for name in reading.holding for label in (ties[name].source, ties[name].target))]))
    standing = tables.at(day)
    frames = engine.open_frames({name: standing[name] for name in (*kinds, *ties, *reading.named)}, tables, day)
    work = _Work(tables.model, tuple(ties), reading.named, run)
    with told():
        nodes, parts = _place_nodes(engine, tables, day, reading, frames, kinds, part_nodes)
        nodes = nodes.persist()
        try:
            rows = stack([*_tie_rows(frames, nodes, ties, reading), *_node_rows(frames, nodes, tables.model, reading)])
            done = rows.groupBy("part").applyInArrow(work.as_function(), struct_of(schema)).toArrow()
        finally:
            nodes.unpersist()
    return Answer(done.cast(schema), parts)


@dataclass(frozen=True)
class _Work:
    """What a worker does with the rows of a part."""

    model: Model
    ties: tuple[str, ...]
    named: tuple[str, ...]
    run: Callable[[Part], pa.Table]

    def as_function(self) -> Callable[[pa.Table], pa.Table]:
        def on_part(rows: pa.Table) -> pa.Table:
            return self.run(self.open(rows))

        return on_part

    def open(self, rows: pa.Table) -> Part:
        answered = rows.filter(pc.field("what") == NATIVE)["target"].combine_chunks()
        kept = {name: self._open_ties(name, rows.filter(pc.field("what") == code)) for code, name in enumerate(self.ties)}
        names = {}
        for place, kind in enumerate(self.named):
            told_ = rows.filter(pc.field("what") == NAMED - place)
            names[kind] = dict(zip(told_["source"].to_pylist(), told_["target"].to_pylist(), strict=True))
        tables = {**self._nodes(kept, rows), **kept}
        return Part(rows["part"][0].as_py(), Tables(tables, model=self.model, sound=True), answered, names)

    def _open_ties(self, name: str, rows: pa.Table) -> pa.Table:
        tie = self.model.table_type(name)
        assert isinstance(tie, TieType)  # noqa: S101 - what was sent are ties
        given = {tie.ends[0].name: rows["source"], tie.ends[1].name: rows["target"]}
        if tie.since_column:
            given[tie.since_column] = rows["since"]
        columns = {column.name for column in tie.columns}
        if "office" in columns:
            given["office"] = pc.if_else(rows["office"], "office", pa.scalar(None, pa.string()))
        if "primary" in columns:
            given["primary"] = rows["primary"]
        return pa.table(given)

    def _nodes(self, ties: dict[str, pa.Table], rows: pa.Table) -> dict[str, pa.Table]:
        """A table of keys for each kind that stands at an end of a tie, or is answered."""
        keys: dict[str, list[pa.ChunkedArray]] = {}
        for name, table in ties.items():
            tie = self.model.table_type(name)
            assert isinstance(tie, TieType)  # noqa: S101 - as above
            for end, label in zip(tie.ends, (tie.source, tie.target), strict=True):
                keys.setdefault(label, []).append(table[end.name])
        alone = rows.filter(pc.field("what") == NATIVE)
        for label in pc.unique(alone["source"]).to_pylist():
            keys.setdefault(label, []).append(alone.filter(pc.field("source") == label)["target"])
        found = {}
        for label, columns in keys.items():
            together = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
            found[label] = pa.table({self.model.node_type(label).key: pc.unique(together)})
        return found


def _place_nodes(
    engine: SparkEngine, tables: Tables, day: dt.date, reading: Reading, frames: Frames, kinds: Sequence[str], part_nodes: int
) -> tuple[Any, int]:
    """The part of each node that has a tie that holds, or is answered: columns ``kind, id, part``; and how many parts."""
    from pyspark.sql import functions as f

    whole = [
        frames[kind]
        .to_native()
        .select(f.lit(kind).alias("kind"), f.col(tables.model.node_type(kind).key).alias("id"), f.lit(0).cast("long").alias("part"))
        for kind in kinds
    ]
    everything = stack(whole)
    if (count := everything.count()) <= part_nodes:
        return everything, 1
    labels = find_components(engine, tables, ties=reading.holding, as_of=day, kinds=kinds).labels.persist()
    try:
        parts = math.ceil(count / part_nodes)
        sizes = labels.groupBy("component").count()
        large = sizes.where(f.col("count") * LARGE_SHARE >= part_nodes).collect()
        placed = _spread([(row["component"], row["count"]) for row in large], count, parts)
        by_hash = f.pmod(f.xxhash64("component"), f.lit(parts))
        columns = [f.col("subject_kind").alias("kind"), f.col("subject_id").alias("id")]
        if not placed:
            return labels.select(*columns, by_hash.alias("part")), parts
        known = engine.session.createDataFrame(list(placed.items()), "component string, placed long")
        joined = labels.join(f.broadcast(known), "component", "left").select(*columns, f.coalesce("placed", by_hash).alias("part"))
        return joined.localCheckpoint(), parts
    finally:
        labels.unpersist()


def _spread(large: Sequence[tuple[str, int]], count: int, parts: int) -> dict[str, int]:
    """The part of each large component: the largest first, each into the part with least, where the small ones are spread evenly."""
    small = (count - sum(nodes for _, nodes in large)) / parts
    heap = [(small, part) for part in range(parts)]
    placed = {}
    for component, nodes in sorted(large, key=lambda held: (-held[1], held[0])):
        load, part = heapq.heappop(heap)
        placed[component] = part
        heapq.heappush(heap, (load + nodes, part))
    return placed


def _tie_rows(frames: Frames, nodes: Any, ties: dict[str, TieType], reading: Reading) -> list[Any]:
    """The ties in the part of their source, or in every part that has it: first those that hold, then what is looked up, places of places last."""
    codes = {name: code for code, name in enumerate(ties)}
    present: dict[str, Any] = {}
    targets = {ties[name].target for name in reading.beside}
    beside = sorted((name for name in reading.beside if name not in reading.holding), key=lambda name: ties[name].source in targets)
    rows = []
    for name in (*reading.holding, *beside):
        tie = ties[name]
        here = present.setdefault(tie.source, _of_kind(nodes, tie.source))
        found = _rows_of(frames[name].to_native(), tie, codes[name], here)
        rows.append(found)
        if name in beside:
            there = present.setdefault(tie.target, _of_kind(nodes, tie.target))
            present[tie.target] = there.unionByName(found.select("part", found["target"].alias("id"))).distinct()
    return rows


def _of_kind(nodes: Any, kind: str) -> Any:
    from pyspark.sql import functions as f

    return nodes.where(f.col("kind") == kind).select("part", "id")


def _rows_of(held: Any, tie: TieType, code: int, here: Any) -> Any:
    from pyspark.sql import functions as f

    columns = {column.name for column in tie.columns}
    (one, other), nothing = tie.ends, f.lit(None)
    told_ = held.select(
        f.col(one.name).alias("source"),
        f.col(other.name).alias("target"),
        (f.col(tie.since_column) if tie.since_column else nothing).cast("date").alias("since"),
        (f.col("office").isNotNull() if "office" in columns else nothing.cast("boolean")).alias("office"),
        (f.col("primary") if "primary" in columns else nothing).cast("boolean").alias("primary"),
    ).dropna(subset=["source", "target"])
    return told_.join(here.withColumnRenamed("id", "source"), "source").select("part", f.lit(code).cast("long").alias("what"), *told_.columns)


def _node_rows(frames: Frames, nodes: Any, model: Model, reading: Reading) -> list[Any]:
    """The nodes that a part answers for, and the names of those in it, one name made two by their keys."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    def row(held: Any, what: int, source: Any, target: Any) -> Any:
        empty = [f.lit(None).cast(kind).alias(name) for name, kind in (("since", "date"), ("office", "boolean"), ("primary", "boolean"))]
        return held.select("part", f.lit(what).cast("long").alias("what"), source.alias("source"), target.alias("target"), *empty)

    rows = [row(_of_kind(nodes, reading.answered), NATIVE, f.lit(reading.answered), f.col("id"))]
    for place, kind in enumerate(reading.named):
        named = frames[kind].to_native().select(f.col(model.node_type(kind).key).alias("id"), "name").dropna(subset=["name"])
        apart = f.when(f.count("*").over(Window.partitionBy("name")) == 1, f.col("name")).otherwise(f.concat("name", f.lit(" ("), "id", f.lit(")")))
        told_ = named.select("id", apart.alias("said"), "name").where(f.trim("name") != "")
        rows.append(row(told_.join(_of_kind(nodes, kind), "id"), NAMED - place, f.col("id"), f.col("said")))
    return rows

"""A district cut into parts between which no tie that holds leads, and a function of this program run on each of them, on Spark.

The way the rows go::

    ties that hold ── star contraction ──▶ components ── large ones to the emptiest part, small ones by their hash ──▶ part of each node
    ends, such as households ──▶ every part that holds something they hang on, with all that they hang on
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

from graphkit.data.chosen import Chosen
from graphkit.data.tables import Tables
from graphkit.engines.contraction import find_components, stack
from graphkit.engines.frames import Frames
from graphkit.engines.spark import SparkEngine, struct_of, told
from graphkit.model.model import Model
from graphkit.model.types import TieType

PART_NODES = 50_000  # nodes of a part, ends aside, which one worker holds; a component with more is a part of its own
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

    `holding` are the tables of ties that no part may cut, but for those to kinds of `ends`, which hand nothing on; `beside` those that are looked up; `answered` the kind
    that rows are made for, `named` the kinds whose names are told.
    """

    holding: tuple[str, ...]
    beside: tuple[str, ...]
    answered: str
    named: tuple[str, ...]
    ends: tuple[str, ...] = ()

    def carries(self, tie: TieType) -> bool:
        """Whether neither side of a tie is an end."""
        return tie.source not in self.ends and tie.target not in self.ends


@dataclass(frozen=True, eq=False)
class Part:
    """What a worker holds of a district: `tables` with the ends of ties alone, the keys `answered` here, and names by kind and key.

    Nodes that are only looked up are there too, and what else an end hangs on, with one of its people: enough to see that the end does not
    hang on this part alone. Whoever makes rows makes them for those `answered`.
    """

    number: int
    tables: Tables
    answered: pa.Array
    names: dict[str, dict[str, str]]


@dataclass(frozen=True, eq=False)
class Answer:
    """The rows of all parts, and into how many parts the district was cut; some may have got nothing."""

    rows: pa.Table
    parts: int


def run_on_parts(
    engine: SparkEngine,
    tables: Tables,
    day: dt.date,
    reading: Reading,
    run: Callable[[Part], pa.Table],
    *,
    schema: pa.Schema,
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
    ties = {name: _tie_type(tables.model, name) for name in (*reading.holding, *reading.beside)}
    sides = (label for name in reading.holding for label in (ties[name].source, ties[name].target) if label not in reading.ends)
    kinds = tuple(dict.fromkeys([reading.answered, *sides]))
    standing = tables.at(day)
    frames = engine.open_frames(Chosen(standing, (*kinds, *ties, *reading.named)), tables, day)
    work = _Work(tables.model, tuple(ties), reading.named, run)
    with told():
        nodes, parts = _place_nodes(engine, tables, day, _nodes_of(frames, kinds, tables.model), reading, part_nodes=part_nodes, kinds=kinds)
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
        tie = _tie_type(self.model, name)
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
            tie = _tie_type(self.model, name)
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


def _nodes_of(frames: Frames, kinds: Sequence[str], model: Model) -> Any:
    """All nodes of these kinds, in one part."""
    from pyspark.sql import functions as f

    def one(kind: str) -> Any:
        return (
            frames[kind]
            .to_native()
            .select(f.lit(kind).alias("kind"), f.col(model.node_type(kind).key).alias("id"), f.lit(0).cast("long").alias("part"))
        )

    return stack([one(kind) for kind in kinds])


def _place_nodes(
    engine: SparkEngine, tables: Tables, day: dt.date, everything: Any, reading: Reading, *, kinds: Sequence[str], part_nodes: int
) -> tuple[Any, int]:
    """The part of each node that has a tie that holds, or is answered: columns ``kind, id, part``; and how many parts."""
    from pyspark.sql import functions as f

    if (count := everything.count()) <= part_nodes:
        return everything, 1
    carrying = [name for name in reading.holding if reading.carries(_tie_type(tables.model, name))]
    labels = find_components(engine, tables, ties=carrying, as_of=day, kinds=kinds).labels.persist()
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
    """The ties in the part of their source: those that carry, those to ends, then what is looked up, places of places last."""
    held = {name: _rows_of(frames[name].to_native(), tie, code) for code, (name, tie) in enumerate(ties.items())}
    present = {kind: _of_kind(nodes, kind) for kind in {side for tie in ties.values() for side in (tie.source, tie.target)}}
    carrying = [name for name in reading.holding if reading.carries(ties[name])]
    rows = [_in_parts(held[name], present[ties[name].source], "source") for name in carrying]
    rows += _end_rows(held, present, ties, reading)
    targets = {ties[name].target for name in reading.beside}
    for name in sorted(set(reading.beside) - set(reading.holding), key=lambda name: (ties[name].source in targets, name)):
        found = _in_parts(held[name], present[ties[name].source], "source")
        present[ties[name].target] = _and_these(present[ties[name].target], found, "target")
        rows.append(found)
    return rows


def _end_rows(held: dict[str, Any], present: dict[str, Any], ties: dict[str, TieType], reading: Reading) -> list[Any]:
    """All ties of an end, in every part that has something it hangs on; of what is not of that part one tie to a person, where there is one."""
    hanging = {name: "target" if ties[name].target in reading.ends else "source" for name in reading.holding if not reading.carries(ties[name])}
    other = {"source": "target", "target": "source"}
    for name, side in hanging.items():
        kind, carrier = getattr(ties[name], side), getattr(ties[name], other[side])
        if carrier not in reading.ends:
            present[kind] = _and_these(present[kind], _in_parts(held[name], present[carrier], other[side]), side)
    rows = [_in_parts(held[name], present[getattr(ties[name], side)], side) for name, side in hanging.items()]
    carriers: dict[str, Any] = {}
    for found, (name, side) in zip(rows, hanging.items(), strict=True):
        kind = getattr(ties[name], other[side])
        there = found.select("part", found[other[side]].alias("id"))
        carriers[kind] = there if kind not in carriers else carriers[kind].unionByName(there)
    return rows + [
        _in_parts(_one_each(held[name], side), carriers[getattr(tie, side)].distinct(), side)
        for name, tie in ties.items() for side in ("source", "target")
        if name in reading.holding and getattr(tie, side) in carriers and getattr(tie, other[side]) == reading.answered != getattr(tie, side)
    ]  # fmt: skip


def _one_each(held: Any, side: str) -> Any:
    """One tie of each node on this side."""
    from pyspark.sql import functions as f

    return held.groupBy(side).agg(f.min(f.struct(*held.columns)).alias("one")).select("one.*")


def _and_these(present: Any, found: Any, side: str) -> Any:
    return present.unionByName(found.select("part", found[side].alias("id"))).distinct()


def _of_kind(nodes: Any, kind: str) -> Any:
    from pyspark.sql import functions as f

    return nodes.where(f.col("kind") == kind).select("part", "id")


def _in_parts(held: Any, here: Any, side: str) -> Any:
    """Ties, in each part in which the node on one side of them is."""
    return held.join(here.withColumnRenamed("id", side), side).select(*ROWS.names)


def _rows_of(table: Any, tie: TieType, code: int) -> Any:
    """The ties of a table as rows, but for the part."""
    from pyspark.sql import functions as f

    columns = {column.name for column in tie.columns}
    (one, other), nothing = tie.ends, f.lit(None)
    return table.select(
        f.lit(code).cast("long").alias("what"),
        f.col(one.name).alias("source"),
        f.col(other.name).alias("target"),
        (f.col(tie.since_column) if tie.since_column else nothing).cast("date").alias("since"),
        (f.col("office").isNotNull() if "office" in columns else nothing.cast("boolean")).alias("office"),
        (f.col("primary") if "primary" in columns else nothing).cast("boolean").alias("primary"),
    ).dropna(subset=["source", "target"])


def _tie_type(model: Model, name: str) -> TieType:
    kind = model.table_type(name)
    if not isinstance(kind, TieType):
        raise TypeError(name)
    return kind


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

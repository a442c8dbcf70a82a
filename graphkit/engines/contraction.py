"""Connected components on Spark, by star contraction: also where one component is larger than a machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from graphkit.data.chosen import Chosen
from graphkit.data.tables import Tables
from graphkit.engines.spark import SparkEngine, told
from graphkit.errors import EngineError, ParameterError
from graphkit.model.types import TieType
from graphkit.words import Text

MOST_ROUNDS = 100  # rounds grow with the logarithm of the nodes: 1M nodes took 12


@dataclass(frozen=True, eq=False)
class Components:
    """Which component each node is in.

    Attributes
    ----------
    labels : DataFrame of Spark
        Columns ``subject_kind``, ``subject_id``, ``component``: the first of its nodes, in the order of kind and id. A node without a tie is
        its own. It stays on Spark: it may be as long as there are nodes.
    rounds : int
        Rounds of contraction.
    """

    labels: Any
    rounds: int

    def sizes(self) -> pa.Table:
        """Nodes of each component, the largest first, then by component: columns ``component``, ``nodes``."""
        with told():
            counted = self.labels.groupBy("component").count().withColumnRenamed("count", "nodes").toArrow()
        schema = pa.schema([("component", pa.string()), ("nodes", pa.int64())])
        return counted.cast(schema).sort_by([("nodes", "descending"), ("component", "ascending")])


def find_components(engine: SparkEngine, tables: Tables, *, ties: Sequence[str], as_of: dt.date, kinds: Sequence[str] = ()) -> Components:
    """Which nodes do these ties join, directly or through others?

    Alternating large-star and small-star steps: each node's larger neighbours, then its smaller ones, are tied to the smallest node that it
    knows of, until every component is one star. Each step keeps what is connected connected, and the end is tested, so the result is exact.

    Parameters
    ----------
    engine : SparkEngine
        The session, and the files that the tables were read from, if any.
    tables : Tables
        The district.
    ties : sequence of str
        Tables of ties, such as ``"Member BELONGS_TO Branch"``.
    as_of : date
        Day the answer speaks of.
    kinds : sequence of str, optional
        Kinds whose nodes are listed also where they have no such tie; those at the ends of `ties` if left out.

    Returns
    -------
    Components
        The labels, on Spark.

    Raises
    ------
    EngineError
        If Spark gives up.
    ModelError
        If a table is not declared.
    ParameterError
        If there are no `ties`.

    References
    ----------
    Kiveris, Lattanzi, Mirrokni, Rastogi and Vassilvitskii 2014, Connected components in MapReduce and beyond, SoCC.
    """
    pairs = open_pairs(engine, tables, ties=ties, as_of=as_of)
    ends = (tables.model.table_type(name) for name in ties)
    kinds = list(kinds or dict.fromkeys(label for tie in ends if isinstance(tie, TieType) for label in (tie.source, tie.target)))
    standing = tables.at(as_of)
    frames = engine.open_frames(Chosen(standing, tuple(kinds)), tables, as_of)
    with told():
        stars, rounds = _contract(pairs)
        nodes = stack([_nodes(frames[kind].to_native(), kind, tables.model.node_type(kind).key) for kind in kinds])
        return Components(_label(nodes, stars), rounds)


def open_pairs(engine: SparkEngine, tables: Tables, *, ties: Sequence[str], as_of: dt.date) -> Any:
    """The ends of these ties as they stood on a day, on Spark: columns ``u`` and ``v``, each a kind, a space and a key; see `find_components`."""
    if not ties:
        raise ParameterError(Text("ties 要写出至少一个关系表", "ties names one table of ties or more"))
    types = [_tie_type(tables, name) for name in ties]
    standing = tables.at(as_of)
    with told():
        frames = engine.open_frames(Chosen(standing, tuple(ties)), tables, as_of)
        return stack([_pairs(frames[tie.table].to_native(), tie) for tie in types])


def _tie_type(tables: Tables, name: str) -> TieType:
    kind = tables.model.table_type(name)
    if not isinstance(kind, TieType):
        raise ParameterError(Text(f"{name} 不是关系表", f"{name} is no table of ties"))
    return kind


def stack(frames: Sequence[Any]) -> Any:
    """Unite frames of Spark by the names of their columns."""
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.unionByName(frame)
    return whole


def _key(kind: str, column: str) -> Any:
    from pyspark.sql import functions as f

    return f.concat(f.lit(f"{kind} "), f.col(column))


def _pairs(ties: Any, tie: TieType) -> Any:
    (one, other), (source, target) = tie.ends, (tie.source, tie.target)
    return ties.select(_key(source, one.name).alias("u"), _key(target, other.name).alias("v")).dropna()


def _nodes(table: Any, kind: str, key: str) -> Any:
    from pyspark.sql import functions as f

    return table.select(f.lit(kind).alias("subject_kind"), f.col(key).alias("subject_id"), _key(kind, key).alias("u"))


def _contract(pairs: Any) -> tuple[Any, int]:
    """Pairs (u, v), u the larger, in which every component is a star about its smallest node; and the rounds it took."""
    from pyspark.sql import functions as f

    turned = pairs.where("u <> v").select(f.greatest("u", "v").alias("u"), f.least("u", "v").alias("v"))
    stars = turned.distinct().localCheckpoint()
    for done in range(MOST_ROUNDS):
        if _are_stars(stars):
            return stars, done
        stars = _small_star(_large_star(stars)).localCheckpoint()
    raise EngineError(Text(f"{MOST_ROUNDS} 轮后仍未收敛", f"no end after {MOST_ROUNDS} rounds"))


def _large_star(pairs: Any) -> Any:
    """Tie each node's larger neighbours to the smallest of its neighbours and itself."""
    from pyspark.sql import functions as f

    both = pairs.unionByName(pairs.select(f.col("v").alias("u"), f.col("u").alias("v")))
    least = both.groupBy("u").agg(f.min("v").alias("least")).select("u", f.least("u", "least").alias("least"))
    larger = pairs.select(f.col("v").alias("u"), f.col("u").alias("large"))  # of each node, the neighbours above it
    return larger.join(least, "u").select(f.col("large").alias("u"), f.col("least").alias("v")).distinct()


def _small_star(pairs: Any) -> Any:
    """Tie each node and its smaller neighbours to the smallest of them."""
    from pyspark.sql import functions as f

    least = pairs.groupBy("u").agg(f.min("v").alias("least"))
    others = pairs.join(least, "u").where("v <> least").select(f.col("v").alias("u"), f.col("least").alias("v"))
    return least.select("u", f.col("least").alias("v")).unionByName(others).distinct()


def _are_stars(pairs: Any) -> bool:
    """Whether every node has one smaller neighbour and none that has a smaller one itself: then each component is one star."""
    from pyspark.sql import functions as f

    centres = pairs.select(f.col("v").alias("u")).distinct()
    doubled = pairs.groupBy("u").count().where("count > 1").select("u")
    return bool(pairs.join(centres, "u", "left_semi").select("u").union(doubled).isEmpty())


def _label(nodes: Any, stars: Any) -> Any:
    """Each node with the centre of its star; one without any is its own."""
    from pyspark.sql import functions as f

    labelled = nodes.join(stars, "u", "left")
    return labelled.select("subject_kind", "subject_id", f.coalesce("v", "u").alias("component"))

"""Rows that break what everything else takes for granted: a key missing or doubled, a tie whose end is not there."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow.compute as pc

from graphkit.data.tables import Tables
from graphkit.model.types import NodeType, TieType


def count_unsound(tables: Tables, names: Collection[str] | None = None) -> dict[str, int]:
    """Return, by table, how many rows have a missing or doubled key or an end that is not there; of the tables `names`, or of all.

    Examples
    --------
    >>> import pyarrow as pa
    >>> count_unsound(Tables({"Household": pa.table({"id": ["h1", "h1", None]})}))
    {'Household': 2}
    """
    if tables.sound:
        return {}
    chosen = [kind for kind in tables.model.kinds if names is None or kind.table in names]
    return {kind.table: count for kind in chosen if (count := _count(tables, kind))}


def _count(tables: Tables, kind: NodeType | TieType) -> int:
    table = tables[kind.table]
    if not table.num_rows:
        return 0
    distinct = table.group_by(list(kind.identity)).aggregate([]).num_rows
    wrong = int(table.num_rows - distinct)
    if isinstance(kind, NodeType):
        return wrong + int(table[kind.key].null_count)
    for end, label in zip(kind.ends, (kind.source, kind.target), strict=True):
        there = tables[label].column(0).combine_chunks()
        wrong += table.num_rows - int(pc.sum(pc.is_in(table[end.name], value_set=there, skip_nulls=True)).as_py())
    return wrong

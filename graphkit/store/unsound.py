"""What no store takes: rows that a graph cannot hold, which would be lost, or answer, without a word."""

from __future__ import annotations

import pyarrow.compute as pc

from graphkit.arguments import need_a
from graphkit.data.tables import Tables
from graphkit.model.types import NodeType, TieType
from graphkit.store.failures import UNCHANGED, store_error
from graphkit.words import Text


def refuse_unsound(tables: Tables) -> None:
    """Raise if a key is missing or doubled, or a tie's end is not there: a graph cannot hold that, and rows would be lost silently."""
    need_a(Tables, tables, "write")
    wrong = [f"{kind.table} ({count:,})" for kind in tables.model.kinds if (count := _count_unsound(tables, kind))]
    if wrong:
        shown = ", ".join(wrong)
        raise store_error(
            Text(
                f"有缺失或重复的主键，或关系的一端不存在：{shown}。请先用 quarantine_problems 搁置这些行。{UNCHANGED.zh}。",
                f"keys are missing or doubled, or ties lead nowhere: {shown}. Set such rows aside with quarantine_problems first. Nothing was changed.",
            )
        )


def _count_unsound(tables: Tables, kind: NodeType | TieType) -> int:
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

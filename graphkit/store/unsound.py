"""What no store takes: rows that a graph cannot hold, which would be lost, or answer, without a word."""

from __future__ import annotations

from graphkit.arguments import need_a
from graphkit.data.tables import Tables
from graphkit.data.unsound import count_unsound
from graphkit.store.failures import UNCHANGED, store_error
from graphkit.words import Text


def refuse_unsound(tables: Tables) -> None:
    """Raise if a key is missing or doubled, or a tie's end is not there: a graph cannot hold that, and rows would be lost silently."""
    need_a(Tables, tables, "write")
    wrong = [f"{table} ({count:,})" for table, count in count_unsound(tables).items()]
    if wrong:
        shown = ", ".join(wrong)
        raise store_error(
            Text(
                f"有缺失或重复的主键，或关系的一端不存在：{shown}。请先用 quarantine_problems 搁置这些行。{UNCHANGED.zh}。",
                f"keys are missing or doubled, or ties lead nowhere: {shown}. Set such rows aside with quarantine_problems first. Nothing was changed.",
            )
        )

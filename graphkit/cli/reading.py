"""From files to tables, and from tables to a store, with progress and with every problem told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.cli.progress import RowProgress, show_step
from graphkit.schema import Lang, Text

if TYPE_CHECKING:
    from graphkit.store.base import Store
    from graphkit.tables import Problem, Tables


def read_source(source: Path, lang: Lang) -> tuple[Tables, list[Problem]]:
    """Read a folder or a workbook: its sound rows, and everything that is wrong with the others."""
    import loaders

    with show_step(Text(f"读取 {source}", f"Reading {source}").say(lang)):
        return loaders.check_source(source)


def write_store(tables: Tables, store: Store, *, name: str, lang: Lang) -> None:
    """Replace the district in `store` by `tables`, with progress; what a server holds already is told and not sent again.

    A write that fails leaves what was there, or nothing; on a server the same write goes on from where it stopped.
    """
    from graphkit.store.bolt import BoltStore

    if isinstance(store, BoltStore) and store.holds(tables):
        said = Text(f"{store.dataset} 里已是同样的数据：没有再发送。", f"{store.dataset} holds these very tables already: nothing was sent.")
        sys.stdout.write(f"{said.say(lang)}\n")
        return
    with RowProgress(Text(f"装入 {name}", f"Loading into {name}").say(lang)) as progress:
        store.write(tables, progress=progress)

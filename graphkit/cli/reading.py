"""From files to tables, and from tables to a store, with progress and with every problem told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.cli.progress import RowProgress, show_step
from graphkit.schema import Lang, Text

if TYPE_CHECKING:
    from graphkit.store.base import Store
    from graphkit.tables import Problem, Tables


def read_source(source: Path, lang: Lang, pseudonyms: Path | None = None) -> tuple[Tables, list[Problem]]:
    """Read a folder or a workbook: its sound rows, and everything that is wrong with the others; ids replaced where a key is named."""
    import loaders

    with show_step(Text(f"读取 {source}", f"Reading {source}").say(lang)):
        return loaders.check_source(source, pseudonyms=pseudonyms)


def write_store(tables: Tables, store: Store, *, name: str, lang: Lang) -> None:
    """Replace the district in `store` by `tables`, with progress; a write that fails leaves what was there, or nothing."""
    with RowProgress(Text(f"装入 {name}", f"Loading into {name}").say(lang)) as progress:
        store.write(tables, progress=progress)

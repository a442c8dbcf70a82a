"""From files to tables, and from tables to a store, with progress and with every problem told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.cli.progress import RowProgress
from graphkit.schema import Lang, Text

if TYPE_CHECKING:
    from graphkit.tables import Tables


def write_store(tables: Tables, store: str, *, dataset: str | None, lang: Lang) -> None:
    """Replace the district in `store` by `tables`. A local store that was not there is not left behind half made."""
    from graphkit.store.connect import connect

    with (
        connect(store, dataset=dataset or tables.dataset) as opened,
        RowProgress(Text(f"装入 {store}", f"Loading into {store}").say(lang)) as progress,
    ):
        opened.write(tables, progress=progress)

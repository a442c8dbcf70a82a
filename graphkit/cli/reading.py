"""From files to tables, and from tables to a store, with progress and with every problem told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphkit.cli.progress import RowProgress, show_step
from graphkit.errors import StoreError
from graphkit.words import Lang, Text

if TYPE_CHECKING:
    from graphkit.data.tables import Tables
    from graphkit.model.model import Model
    from graphkit.store.base import Store
    from loaders.load import Loading


def open_model(path: Path | None) -> Model:
    """The model that a file declares, or the shipped one."""
    from graphkit.model.kinds import MODEL
    from graphkit.model.reader import read_model

    return MODEL if path is None else read_model(path)


def read_source(source: Path, lang: Lang, **options: Any) -> Loading:
    """Read a source: its sound rows, everything that is wrong with the others, and what became of every line; `options` as of `loaders.read_source`."""
    import loaders

    with show_step(Text(f"读取 {source}", f"Reading {source}").say(lang)):
        return loaders.read_source(source, **options)


class Interrupted(KeyboardInterrupt):
    """Ctrl-C while something was being written; `after` says what became of it."""

    def __init__(self, after: Text) -> None:
        super().__init__()
        self.after = after


def aside_before(store: Store) -> Tables | None:
    """What a folder says of the rows that its last load set aside; None for a server, and where there was no load."""
    from graphkit.store.local.store import LocalStore

    try:
        return store.read_account() if isinstance(store, LocalStore) else None
    except StoreError:
        return None  # the write tells what is wrong with it


def write_store(tables: Tables, store: Store, *, name: str, lang: Lang) -> None:
    """Replace the district in `store` by `tables`, with progress; what the store holds already is not written again, and that is said."""
    if store.holds(tables):
        said = Text(f"{name} 里已是同样的数据：没有重写。", f"{name} holds these very tables already: nothing was written.")
        sys.stdout.write(f"{said.say(lang)}\n")
        return
    before = _set_in_force(store)
    try:
        with RowProgress(Text(f"装入 {name}", f"Loading into {name}").say(lang)) as progress:
            store.write(tables, progress=progress)
    except KeyboardInterrupt as stop:
        raise Interrupted(_after_stop(store, before)) from stop


def _set_in_force(store: Store) -> str | None:
    """What tells one write of a folder from the next; None for a server, and where there is nothing yet."""
    from graphkit.store.local.store import LocalStore

    try:
        return str(store.manifest()["data"]) if isinstance(store, LocalStore) else None
    except StoreError:
        return None


def _after_stop(store: Store, before: str | None) -> Text:
    """What holds after Ctrl-C, as it is found."""
    from graphkit.store.failures import REPEATABLE
    from graphkit.store.local.store import LocalStore

    if not isinstance(store, LocalStore):
        return Text(f"{REPEATABLE.zh}。", f"{REPEATABLE.en[0].upper()}{REPEATABLE.en[1:]}.")
    if _set_in_force(store) == before:
        return Text("原有内容没有改动。", "What was there before is unchanged.")
    return Text("新的数据已全部装入。", "The new district was loaded whole.")

"""What every store does with a question: which datasets it speaks of, and rows of several put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from graphkit.errors import StoreError
from graphkit.queries import PERSONAL, Personal, Statement
from graphkit.store.failures import store_error
from graphkit.words import Text

Ask = Callable[[str | None], pd.DataFrame]
"""Asks one dataset, or with None whatever the database holds."""
Account = Callable[[str | None], dict[str, object]]
"""Says of one dataset, or with None of whatever the database holds, what was not read (`graphkit.data.telling.take_account`)."""


def answer(
    statement: Statement, ask: Ask, *, own: str, there: Callable[[], Sequence[str]], account: Account, personal: Personal = PERSONAL
) -> pd.DataFrame:
    """Ask what a statement asks of the dataset it names, of the store's `own` if it names none, or, named null, of each that is `there`.

    `personal` are the personal properties of the models asked. A named query that is asked of every dataset gets a column ``dataset`` in front: an id means something within one only.
    What the `account` says stands in ``attrs`` as ``account``.
    """
    asked = statement.dataset(own)
    if statement.query is None or asked is not None:
        rows = statement.answer(ask(asked), asked, personal)
        rows.attrs["account"] = account(asked)
        return rows
    parts = {name: statement.answer(ask(name), name, personal) for name in there()}
    rows = pd.concat(parts.values(), ignore_index=True) if parts else statement.answer(pd.DataFrame(), None, personal)
    names = pd.Series([name for name, part in parts.items() for _ in range(len(part))], dtype="string")
    rows.insert(0, "dataset", names)
    rows.attrs = {**(next(iter(parts.values())).attrs if parts else rows.attrs), "dataset": list(parts), "account": account(None)}
    return rows


def absent(dataset: str, there: Sequence[str], place: str) -> StoreError:
    """The error of a dataset that is not among those that are `there`; it names them."""
    zh = f"现有 {'、'.join(map(repr, there))}：请用 dataset 指定其一，或先装入" if there else "也没有别的数据集：请先装入"
    en = f"it holds {', '.join(map(repr, there))}: name one of these as dataset, or load it first" if there else "nor any other: load it first"
    return store_error(Text(f"{place} 里没有数据集 {dataset!r}，{zh}", f"there is no dataset {dataset!r} in {place}, {en}"))

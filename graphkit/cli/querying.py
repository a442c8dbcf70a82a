"""Cypher from the command line: a named query or a reading text, and its rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphkit.cli.progress import show_step
from graphkit.errors import ParameterError
from graphkit.schema import Lang, Text

if TYPE_CHECKING:
    import pandas as pd

    from graphkit.store.base import Store


def read_parameters(words: Sequence[str]) -> dict[str, str]:
    """Read ``key=value`` words.

    Raises
    ------
    ParameterError
        If a word has no equals sign, or a key stands twice.

    Examples
    --------
    >>> read_parameters(["as_of=2012-04-30", "limit=5"])
    {'as_of': '2012-04-30', 'limit': '5'}
    """
    read: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key.isidentifier():
            raise ParameterError(f"--param {word}: write --param key=value", zh=f"--param {word}：请写成 --param 名称=值")
        if key in read:
            raise ParameterError(f"--param {key} stands twice", zh=f"--param {key} 给了两次")
        read[key] = value
    return read


def run_query(store: Store, name: str, words: Sequence[str], lang: Lang) -> pd.DataFrame:
    """Answer the query `name` of the library, or a reading Cypher text, on `store`."""
    from graphkit.cypher import load_query

    parameters: dict[str, Any] = dict(read_parameters(words))
    if name.isidentifier():
        load_query(name).bind(parameters)  # a wrong name or value is told before an engine is started
    else:
        parameters = {key: _plain(value) for key, value in parameters.items()}
    with show_step(Text("查询", "Asking").say(lang)), store as opened:
        return opened.query(name, **parameters)


def write_rows(rows: pd.DataFrame, path: Path) -> Path:
    """Write a query's rows to `path`: ``.csv``, ``.xlsx``, ``.parquet`` or ``.html``.

    Raises
    ------
    ParameterError
        If the suffix is none of these.
    """
    from graphkit.findings import without_formula

    suffix = path.suffix.lower()
    as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    writers: dict[str, Callable[[], object]] = {
        ".csv": lambda: rows.map(without_formula).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n"),
        ".parquet": lambda: rows.to_parquet(path, index=False),
        ".xlsx": lambda: rows.to_excel(path, index=False, engine="xlsxwriter", engine_kwargs={"options": as_text}),
        ".html": lambda: path.write_text(_as_page(rows), encoding="utf-8"),
    }
    if suffix not in writers:
        raise ParameterError(
            f"cannot write {suffix or 'a file without suffix'}; one of {', '.join(writers)} can be written",
            zh=f"写不出 {suffix or '没有后缀的文件'}；可写 {'、'.join(writers)}",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    writers[suffix]()
    return path


def _as_page(rows: pd.DataFrame) -> str:
    return f"<!doctype html><meta charset='utf-8'><title>graphkit</title>{rows.astype(object).to_html(index=False, escape=True, na_rep='–')}"


def _plain(value: str) -> Any:
    """A parameter of a free text has no declared type: a number, true, false or null is read as such, anything else is text."""
    try:
        read = json.loads(value)
    except ValueError:
        return value
    return read if read is None or isinstance(read, (bool, int, float, str)) else value

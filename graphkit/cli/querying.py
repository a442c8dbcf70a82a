"""Cypher from the command line: a named query or a reading text, and its rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphkit.cli.progress import show_step
from graphkit.errors import ParameterError
from graphkit.words import Lang, Text

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
            raise ParameterError(Text(f"--param {word}：请写成 --param 名称=值", f"--param {word}: write --param key=value"))
        if key in read:
            raise ParameterError(Text(f"--param {key} 给了两次", f"--param {key} stands twice"))
        read[key] = value
    return read


def read_text(name: str | None, file: Path | None) -> str:
    """Return what is asked: a query's name or a text given as such, or the text in a file; one of the two.

    Raises
    ------
    ParameterError
        If both are given, or neither, or the file is no UTF-8.
    """
    if (name is None) == (file is None):
        raise ParameterError(Text("请给出查询名，或用 --file 给出 X.cypher，二者取一", "give either the name of a query or --file X.cypher"))
    if name is not None or file is None:
        return name or ""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ParameterError(Text(f"{file.name} 不是 UTF-8 编码；请另存为 UTF-8", f"{file.name} is not UTF-8; save it as UTF-8")) from None


def run_query(store: Store, text: str, values: Mapping[str, str], *, timeout_s: float, names: bool, lang: Lang) -> pd.DataFrame:
    """Answer the query `text` names, or the reading Cypher it is, on `store`; people's names stand as ``***`` unless asked for.

    `values` are parameters as they were typed. All is read, and refused where it must be, before the store is opened.
    """
    from graphkit.queries import hide_names, read_statement, read_words

    parameters = read_words(text, values)
    statement = read_statement(text, parameters, timeout_s=timeout_s)
    if "dataset" in parameters and not statement.takes_dataset:
        raise ParameterError(
            Text(
                "语句没有用到数据集；请在其中写 {dataset: $dataset}，或去掉 --dataset",
                "the text asks for no dataset; write {dataset: $dataset} into it, or leave --dataset out",
            ),
        )
    with show_step(Text("查询", "Asking").say(lang)), store as opened:
        rows = opened.query(text, timeout_s=timeout_s, **parameters)
    return rows if names else hide_names(rows)


def list_datasets(store: Store) -> list[tuple[str, int, str, bool]]:
    """Return every dataset in a store: name, rows (nodes and ties), when it was written, and whether it is whole."""
    from graphkit.store.bolt.store import BoltStore
    from graphkit.store.local.store import LocalStore

    ledgers = []
    with store as opened:
        if isinstance(opened, LocalStore):
            tables = opened.read()
            return [(tables.dataset, tables.node_count + tables.tie_count, str(opened.manifest()["written_at"]), True)]
        if isinstance(opened, BoltStore):
            ledgers = opened.read_ledgers()
    return [
        (ledger["dataset"], _count_rows(ledger), str(ledger["finished_at"] or ledger["started_at"]), ledger["state"] == "done") for ledger in ledgers
    ]


def _count_rows(ledger: Mapping[str, Any]) -> int:
    """Nodes and ties, without the rows that were set aside."""
    return sum(count for name, count in json.loads(ledger["rows"]).items() if not name.startswith("Graphkit"))


def drop_dataset(store: Store, dataset: str, *, confirm: Callable[[], bool], lang: Lang) -> bool:
    """Remove a dataset from a server once `confirm` agrees; returns whether it did.

    Raises
    ------
    ParameterError
        If `store` is a folder, which holds one district and is the user's to delete.
    StoreError
        If there is no such dataset.
    """
    from graphkit.store.asking import absent
    from graphkit.store.bolt.store import BoltStore

    with store as opened:
        if not isinstance(opened, BoltStore):
            raise ParameterError(Text("一个文件夹只放一个区县：直接删除这个文件夹即可", "a folder holds one district: delete the folder itself"))
        if dataset not in (there := opened.list_datasets()):
            raise absent(dataset, there, opened.url)
        if not confirm():
            return False
        with show_step(Text(f"删除 {dataset}", f"Removing {dataset}").say(lang)):
            opened.drop()
    return True


def write_rows(rows: pd.DataFrame, path: Path, *, lang: Lang = "zh") -> Path:
    """Write a query's rows to `path`: ``.csv``, ``.xlsx``, ``.parquet`` or ``.html``.

    What the rows speak of and do not hold goes along: above them in a page, on a second sheet of a workbook, in the metadata of
    Parquet. A CSV has room for rows alone.

    Raises
    ------
    ParameterError
        If the suffix is none of these.
    WriteError
        If the disk is full, or the place cannot be written; what was there before is unchanged.
    """
    import io

    import pandas as pd

    from graphkit.files import replacing
    from graphkit.pages.page import write_page
    from graphkit.questions.files import write_rows_csv

    suffix = path.suffix.lower()

    def write_parquet() -> None:
        with replacing(path) as coming:
            rows.to_parquet(coming, index=False)

    def write_workbook() -> None:
        as_text = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with replacing(path) as coming:
            made = io.BytesIO()
            with pd.ExcelWriter(made, engine="xlsxwriter", engine_kwargs={"options": as_text}) as book:
                rows.to_excel(book, index=False)
                pd.DataFrame(_say_about(rows, lang)).to_excel(book, sheet_name=Text("说明", "Caveats").say(lang), index=False, header=False)
            coming.write_bytes(made.getvalue())

    writers: dict[str, Callable[[], object]] = {
        ".csv": lambda: write_rows_csv(rows, path),
        ".parquet": write_parquet,
        ".xlsx": write_workbook,
        ".html": lambda: write_page(_as_page(rows, lang), path),
    }
    if suffix not in writers:
        raise ParameterError(
            Text(
                f"写不出 {suffix or '没有后缀的文件'}；可写 {'、'.join(writers)}",
                f"cannot write {suffix or 'a file without suffix'}; one of {', '.join(writers)} can be written",
            ),
        )
    writers[suffix]()
    return path


def _say_about(rows: pd.DataFrame, lang: Lang) -> list[str]:
    """What the rows speak of, and what they do not hold; nothing of rows that no store gave."""
    from graphkit.cli.summary import say_account, say_scope

    return [say_scope(rows, lang), *say_account(rows, lang)] if "parameters" in rows.attrs else []


def _as_page(rows: pd.DataFrame, lang: Lang) -> str:
    import html

    above = "".join(f"<p>{html.escape(line)}</p>" for line in _say_about(rows, lang))
    table = rows.astype(object).to_html(index=False, escape=True, na_rep="–")
    return f"<!doctype html><meta charset='utf-8'><title>graphkit</title>{above}{table}"

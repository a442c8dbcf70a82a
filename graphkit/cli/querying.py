"""Cypher from the command line: a named query or a reading text, its rows, and a store kept open for other clients."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphkit.cli.progress import RowProgress, show_step
from graphkit.errors import ParameterError, StoreUnavailable
from graphkit.schema import Lang, Text

if TYPE_CHECKING:
    import pandas as pd

    from graphkit.store.base import Store
    from graphkit.store.embedded import EmbeddedEngine, Served


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
    WriteError
        If the disk is full, or the place cannot be written; what was there before is unchanged.
    """
    import io

    from graphkit.files import replacing
    from graphkit.findings import write_rows_csv
    from graphkit.pages import write_page

    suffix = path.suffix.lower()

    def write_parquet() -> None:
        with replacing(path) as coming:
            rows.to_parquet(coming, index=False)

    def write_workbook() -> None:
        as_text = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with replacing(path) as coming:
            made = io.BytesIO()
            rows.to_excel(made, index=False, engine="xlsxwriter", engine_kwargs={"options": as_text})
            coming.write_bytes(made.getvalue())

    writers: dict[str, Callable[[], object]] = {
        ".csv": lambda: write_rows_csv(rows, path),
        ".parquet": write_parquet,
        ".xlsx": write_workbook,
        ".html": lambda: write_page(_as_page(rows), path),
    }
    if suffix not in writers:
        raise ParameterError(
            f"cannot write {suffix or 'a file without suffix'}; one of {', '.join(writers)} can be written",
            zh=f"写不出 {suffix or '没有后缀的文件'}；可写 {'、'.join(writers)}",
        )
    writers[suffix]()
    return path


def serve_store(store: str, lang: Lang) -> None:
    """Let the engine of a local store answer other clients until Ctrl-C or a signal to end.

    Raises
    ------
    ParameterError
        If `store` is a server already.
    """
    import tempfile

    from graphkit.store.connect import connect
    from graphkit.store.embedded import EmbeddedEngine
    from graphkit.store.local import LocalStore

    with connect(store) as opened:
        if not isinstance(opened, LocalStore):
            raise ParameterError(f"{store} is a server already: connect to it as it is", zh=f"{store} 已是服务器：直接连接即可")
        manifest = opened.manifest()
        # Other clients may write to what they connect to; so they get an engine of their own, and the cache of queries stays as it is.
        with tempfile.TemporaryDirectory(prefix="served-", dir=opened.path) as folder, EmbeddedEngine(folder) as engine:
            with RowProgress(Text("启动引擎", "Starting the engine").say(lang)) as progress:
                engine.ensure(manifest["data_hash"], opened.read, progress=progress)
            print(_say_served(engine.serve(), lang), flush=True)
            _await_end(engine)


def _say_served(served: Served, lang: Lang) -> str:
    """Address, user and password, and how to use them: only who can read this terminal can connect."""
    words = {"address": served.address, "user": served.user, "password": served.password, "database": served.database}
    zh = """地址    {address}
用户    {user}
密码    {password}
数据库  {database}

  cypher-shell -a {address} -u {user} -p {password} -d {database}

只在本机应答。别的程序在这里写入，不会改动数据库。按 Ctrl-C 停止。"""
    en = """address   {address}
user      {user}
password  {password}
database  {database}

  cypher-shell -a {address} -u {user} -p {password} -d {database}

Answers on this machine alone. What a client writes here never reaches the store. Ctrl-C stops it."""
    return Text(zh, en).say(lang).format(**words)


def _await_end(engine: EmbeddedEngine) -> None:
    import signal
    import time

    def end(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        while engine.is_running:
            time.sleep(0.5)
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)
    raise StoreUnavailable("the engine has stopped", zh="引擎已停止")


def _as_page(rows: pd.DataFrame) -> str:
    return f"<!doctype html><meta charset='utf-8'><title>graphkit</title>{rows.astype(object).to_html(index=False, escape=True, na_rep='–')}"


def _plain(value: str) -> Any:
    """A parameter of a free text has no declared type: a number, true, false or null is read as such, anything else is text."""
    try:
        read = json.loads(value)
    except ValueError:
        return value
    return read if read is None or isinstance(read, (bool, int, float, str)) else value

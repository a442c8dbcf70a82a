"""The magic ``%cypher``: a named query in a line, or a text in a cell, asked of a store."""

from __future__ import annotations

import re
import shlex
import sys
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from graphkit.data.telling import tell_account
from graphkit.errors import ParameterError
from graphkit.notebook.drawing import DrawnGraph, draw_answer
from graphkit.queries import TIME_LIMIT_S, hide_names, read_statement, read_words
from graphkit.store.base import Store
from graphkit.store.connect import connect
from graphkit.words import Text

DEFAULT_STORE = "store"
_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the line of a magic asks for."""

    name: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    store: str = DEFAULT_STORE
    to: str | None = None
    timeout: float = TIME_LIMIT_S
    names: bool = False


class CypherMagic:
    """The function behind ``%cypher`` and ``%%cypher``.

    Parameters
    ----------
    variables : dict
        The notebook's variables.

    Notes
    -----
    A store that is named by folder or address is opened once and kept until `close`.

    What a notebook shows is stored in its file, so people's names stand as ``***`` (`graphkit.queries.hide_names`), in
    what is shown and in what ``--to`` puts into a variable, unless the line says ``--names``.

    Examples
    --------
    >>> CypherMagic({})("household_without_helper")
    Traceback (most recent call last):
    graphkit.errors.ParameterError: no store: there is no variable 'store'; write store = graphkit.connect(…) first, or --store and a folder or address
    没有数据库：没有变量 'store'；请先写 store = graphkit.connect(…)，或用 --store 给出文件夹或地址
    """

    def __init__(self, variables: dict[str, Any]) -> None:
        self._variables = variables
        self._opened: dict[str, Store] = {}

    def __call__(self, line: str, cell: str | None = None) -> pd.DataFrame | DrawnGraph | None:
        """Answer; rows, a drawn graph, or nothing where ``--to`` puts the rows into a variable."""
        asked = read_line(line, named=cell is None)
        text = asked.name if cell is None else cell
        parameters = read_words(text, asked.parameters)
        read_statement(text, parameters, timeout_s=asked.timeout)  # whatever is wrong with it is told before a store is opened
        rows = self._store(asked.store).query(text, timeout_s=asked.timeout, **parameters)
        shown = rows if asked.names else hide_names(rows)
        if asked.to:
            self._variables[asked.to] = shown
            return None
        sys.stdout.write(_say_scope(rows, hidden=not asked.names))
        drawn = draw_answer(rows)
        return shown if drawn is None else replace(drawn, rows=shown)

    def close(self) -> None:
        """Close the stores that were opened here."""
        while self._opened:
            self._opened.popitem()[1].close()

    def _store(self, name: str) -> Store:
        held = self._variables.get(name)
        if isinstance(held, Store):
            return held
        if name.isidentifier():
            raise ParameterError(
                Text(
                    f"没有数据库：没有变量 {name!r}；请先写 store = graphkit.connect(…)，或用 --store 给出文件夹或地址",
                    f"no store: there is no variable {name!r}; write store = graphkit.connect(…) first, or --store and a folder or address",
                ),
            )
        if name not in self._opened:
            self._opened[name] = connect(name)
        return self._opened[name]


def read_line(line: str, *, named: bool) -> Asked:
    """Read the words after the magic.

    Parameters
    ----------
    line : str
        ``NAME key=value … --store STORE --to VARIABLE --timeout SECONDS --names``; NAME only where `named`.
    named : bool
        Whether the line names a query; in a cell the text is below it.

    Raises
    ------
    ParameterError
        If a word is none of these.

    Examples
    --------
    >>> read_line("member_page member_id=m0001 --to page", named=True)
    Asked(name='member_page', parameters={'member_id': 'm0001'}, store='store', to='page', timeout=120.0, names=False)
    """
    try:
        words = shlex.split(line)
    except ValueError:  # a quotation mark that is not closed
        raise _unread(line, named=named) from None
    options: dict[str, Any] = {}
    parameters: dict[str, str] = {}
    names: list[str] = []
    while words:
        word = words.pop(0)
        key, equals, value = word.partition("=")
        if word in ("--store", "--to") and words:
            options[word.removeprefix("--")] = words.pop(0)
        elif word == "--timeout" and words and _SECONDS.fullmatch(words[0]):
            options["timeout"] = float(words.pop(0))
        elif word == "--names":
            options["names"] = True
        elif equals and key.isidentifier():
            parameters[key] = value
        else:
            names.append(word)
    if len(names) != named:
        raise _unread(line, named=named)
    return Asked(names[0] if named else "", parameters, **options)


def _unread(line: str, *, named: bool) -> ParameterError:
    shown, zh = ("%cypher NAME", "%cypher 查询名") if named else ("%%cypher", "%%cypher")
    return ParameterError(
        Text(
            f"读不懂 {line.strip()!r}；请写 {zh} 参数=值 … --store 数据库 --to 变量 --timeout 秒数 --names",
            f"cannot read {line.strip()!r}; write {shown} key=value … --store STORE --to VARIABLE --timeout SECONDS --names",
        ),
    )


def _say_scope(rows: pd.DataFrame, *, hidden: bool) -> str:
    """The line above the rows: the day, the dataset and the parameters they speak of, in both languages, and whether names are hidden."""
    said, columns = dict(rows.attrs.get("parameters", {})), rows.attrs.get("personal", [])
    day, dataset = said.pop("as_of", None), rows.attrs.get("dataset")
    parts = [f"截至 · as of {day}"] if day else []
    parts += [
        "整个数据库 · the whole database" if dataset is None else f"数据集 · dataset {dataset if isinstance(dataset, str) else ', '.join(dataset)}"
    ]
    parts += [f"{name}={value}" for name, value in said.items() if value is not None]
    note = f"人名（{', '.join(columns)}）以 *** 代替，加 --names 才显示 · people's names stand as ***, --names shows them\n"
    account = "".join(f"{said.zh} · {said.en}\n" for said in tell_account(rows.attrs.get("account", {})))
    return "；".join(parts) + "\n" + account + (note if hidden and columns else "")


def load_ipython_extension(shell: Any) -> None:
    """Register the magic with a running IPython: ``%load_ext graphkit.notebook``."""
    magic = CypherMagic(shell.user_ns)
    shell.register_magic_function(magic, "line_cell", "cypher")


def unload_ipython_extension(shell: Any) -> None:
    """Take the magic away and close what it opened: ``%unload_ext graphkit.notebook``."""
    magic = shell.magics_manager.magics["line"].pop("cypher", None)
    shell.magics_manager.magics["cell"].pop("cypher", None)
    if isinstance(magic, CypherMagic):
        magic.close()

"""The magic ``%cypher``: a named query in a line, or a text in a cell, asked of a store."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from graphkit.cypher import load_query
from graphkit.errors import ParameterError
from graphkit.notebook.drawing import DrawnGraph, draw_answer
from graphkit.store.base import Store
from graphkit.store.connect import connect

DEFAULT_STORE = "store"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the line of a magic asks for."""

    name: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    store: str = DEFAULT_STORE
    to: str | None = None


class CypherMagic:
    """The function behind ``%cypher`` and ``%%cypher``.

    Parameters
    ----------
    variables : dict
        The notebook's variables.

    Notes
    -----
    A store that is named by folder or address is opened once and kept until `close`.

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
        parameters: dict[str, Any] = dict(asked.parameters)
        if cell is None:
            load_query(asked.name).bind(parameters)  # a wrong name or value is told before a store is opened
        else:
            parameters = {name: _plain(value) for name, value in parameters.items()}
        rows = self._store(asked.store).query(cell or asked.name, **parameters)
        if asked.to:
            self._variables[asked.to] = rows
            return None
        return draw_answer(rows) or rows

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
                f"no store: there is no variable {name!r}; write store = graphkit.connect(…) first, or --store and a folder or address",
                zh=f"没有数据库：没有变量 {name!r}；请先写 store = graphkit.connect(…)，或用 --store 给出文件夹或地址",
            )
        if name not in self._opened:
            self._opened[name] = connect(name)
        return self._opened[name]


def read_line(line: str, *, named: bool) -> Asked:
    """Read the words after the magic.

    Parameters
    ----------
    line : str
        ``NAME key=value … --store STORE --to VARIABLE``; NAME only where `named`.
    named : bool
        Whether the line names a query; in a cell the text is below it.

    Raises
    ------
    ParameterError
        If a word is none of these.

    Examples
    --------
    >>> read_line("member_page member_id=m0001 --to page", named=True)
    Asked(name='member_page', parameters={'member_id': 'm0001'}, store='store', to='page')
    """
    words = shlex.split(line)
    options: dict[str, str] = {}
    parameters: dict[str, str] = {}
    names: list[str] = []
    while words:
        word = words.pop(0)
        key, equals, value = word.partition("=")
        if word in ("--store", "--to") and words:
            options[word.removeprefix("--")] = words.pop(0)
        elif equals and key.isidentifier():
            parameters[key] = value
        else:
            names.append(word)
    if len(names) != named:
        shown, zh = ("%cypher NAME", "%cypher 查询名") if named else ("%%cypher", "%%cypher")
        raise ParameterError(
            f"cannot read {line.strip()!r}; write {shown} key=value … --store STORE --to VARIABLE",
            zh=f"读不懂 {line.strip()!r}；请写 {zh} 参数=值 … --store 数据库 --to 变量",
        )
    return Asked(names[0] if named else "", parameters, **options)


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


def _plain(value: str) -> Any:
    """A value of a free text: a number, true, false or null as JSON has them, else the words themselves."""
    try:
        return json.loads(value)
    except ValueError:
        return value

"""The library of named queries: what there is, the Python twin of each, and the page that is written from their headers."""

from __future__ import annotations

import html
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from graphkit.errors import QueryError
from graphkit.queries import TODAY, Parameter, Query, Returned, list_queries, load_query, run_query
from graphkit.resources import find_data
from graphkit.words import Lang, Text

__all__ = ["Query", "describe_queries", "find_twin", "list_queries", "load_query", "run_query", "write_param_lines", "write_readme"]

SUBJECTS = {
    "cooperative": Text("合作组织", "Co-operatives"),
    "village": Text("村", "Villages"),
    "member": Text("人员", "Members"),
    "household": Text("农户", "Households"),
    "pairing": Text("结对", "Pairings"),
    "branch": Text("党组织", "Branches"),
    "body": Text("党组织与合作组织", "Bodies: branches and co-operatives"),
    "training": Text("培训", "Training"),
    "zone": Text("责任区", "Zones"),
}
TYPES = {
    "string": Text("文字", "text"),
    "integer": Text("整数", "whole number"),
    "number": Text("数", "number"),
    "boolean": Text("是否", "true or false"),
    "date": Text("日期", "date"),
    "strings": Text("文字列表", "list of texts"),
}
_ABOUT = """\
# 查询库 · The query library

{count} 个只读的命名查询，一个文件一个。本页由各文件的开头写成，请勿手改：`python -m graphkit.queries`。
{count} named queries that only read, one a file. This page is written from their headers; do not edit it: `python -m graphkit.queries`.

- 命令行 · Command line: `graphkit query acheng.gk household_without_helper --param as_of=2012-04-30`；看一个查询的全文、参数和列 · one query with its text, parameters and columns: `graphkit queries household_without_helper`
- Python: `store.query("household_without_helper", as_of="2012-04-30")`，孪生函数 · twin: `graphkit.queries.twins.list_household_without_helper(tables)`
- Jupyter: `%load_ext graphkit.notebook`，`%cypher household_without_helper as_of=2012-04-30`
- Neo4j Browser, cypher-shell: 先用 `:param` 给出参数，再原样运行文件 · set the parameters by `:param`, then run the file as it stands
- 每个查询在 Neo4j、内嵌引擎与 Python 三边给出相同的行，由测试保证；问文件夹时由 Python 函数直接算出 · Every query gives the same rows on Neo4j, on the embedded engine and in Python, a test holds that; asked of a folder, the Python function answers.
- 日期以文字传入（`'2012-04-30'`），查询自己转成日期；默认今天（`today`）· Dates are passed as text, the query makes a date of it; today by default (`today`).
- 标有 “人名” 的列含姓名，不可外传：命令行、文件和 `%cypher` 中以 `***` 代替，加 `--names` 才显示 · A column marked “names” holds people's names, not for passing on: on the command line, in files and by `%cypher` they stand as `***` unless `--names` is given.
"""


def find_twin(query: Query) -> Callable[..., pd.DataFrame]:
    """Return the Python function that gives the same rows as `query` from Tables.

    Raises
    ------
    QueryError
        If the header names none that is there.

    Examples
    --------
    >>> find_twin(load_query("household_without_helper")).__name__
    'list_household_without_helper'
    """
    module, _, name = query.twin.rpartition(".")
    try:
        twin: Callable[..., pd.DataFrame] = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        raise QueryError(
            Text(f"{query.name}：没有 {query.twin}；请改正文件头中的 twin", f"{query.name}: there is no {query.twin}; correct the twin in its header")
        ) from None
    return twin


def describe_queries() -> str:
    """Return the page of the whole library, in Markdown, Chinese and English side by side."""
    queries = list_queries()
    lines = [_ABOUT.format(count=len(queries)), "| 查询 · query | 问题 | question |", "|--|--|--|"]
    lines += [f"| [{q.name}](#{q.name}) | {_cell(q.question.zh)} | {_cell(q.question.en)} |" for q in queries]
    subject = ""
    for query in queries:
        if query.subject != subject:
            subject = query.subject
            lines += ["", f"## {SUBJECTS[subject].zh} · {SUBJECTS[subject].en}"]
        lines += _describe(query)
    return "\n".join(lines) + "\n"


def write_readme(path: str | Path | None = None) -> Path:
    """Write the page of the library, and return its path.

    Parameters
    ----------
    path : str or Path, optional
        The file; ``queries/README.md`` if not given.
    """
    written = find_data("queries") / "README.md" if path is None else Path(path)
    written.write_bytes(describe_queries().encode("utf-8"))
    return written


def write_param_lines(query: Query) -> list[str]:
    """Return the lines that give the defaults to cypher-shell or Neo4j Browser, to be pasted before the text.

    Examples
    --------
    >>> write_param_lines(load_query("pairing_stale"))
    [':param as_of => toString(date());', ':param stale_days => 183;', ':param dataset => null;']
    """
    return [f":param {p.name} => {_literal(p)};" for p in query.parameters]


def _describe(query: Query) -> Iterator[str]:
    yield from ("", f"### {query.name}", "", f"**{query.title.zh} · {query.title.en}**", "", f"{query.question.zh}", f"{query.question.en}", "")
    yield from ("```", *write_param_lines(query), "```", "")
    yield from ("| 参数 · parameter | 类型 · type | 说明 | meaning |", "|--|--|--|--|")
    yield from (
        f"| `{p.name}` | {_type(p)} | {_cell(p.meaning.zh)}{_range(p, 'zh')} | {_cell(p.meaning.en)}{_range(p, 'en')} |" for p in query.parameters
    )
    yield from ("", "| 列 · column | 类型 · type | 说明 | meaning |", "|--|--|--|--|")
    yield from (f"| `{c.name}` | {_type(c)} | {_cell(c.meaning.zh)} | {_cell(c.meaning.en)} |" for c in query.returns)
    yield from ("", f"[{query.name}.cypher]({query.name}.cypher) · `{query.twin}`")


def _type(column: Parameter | Returned) -> str:
    words = f"{TYPES[column.type].zh} · {TYPES[column.type].en}"
    if column.unit:
        words += f" ({column.unit.zh} · {column.unit.en})"
    return words + (" (人名 · names)" if isinstance(column, Returned) and column.personal else "")


def _range(parameter: Parameter, lang: Lang) -> str:
    if parameter.minimum is None:
        return ""
    return f"（{parameter.minimum} 至 {parameter.maximum}）" if lang == "zh" else f" ({parameter.minimum} to {parameter.maximum})"


def _literal(parameter: Parameter) -> str:
    """The default as Cypher writes it."""
    value = parameter.default
    if parameter.type == "date" and value == TODAY:
        return "toString(date())"
    if value is None:
        return "null"
    if isinstance(value, list):
        return "[" + ", ".join(f"'{word}'" for word in value) + "]"
    return str(value).lower() if isinstance(value, bool) else f"'{value}'" if isinstance(value, str) else str(value)


def _cell(text: str) -> str:
    return html.escape(text, quote=False).replace("|", "\\|")

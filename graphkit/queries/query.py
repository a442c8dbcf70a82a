"""A named query of the library, and the one way in which any text is run."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from graphkit.errors import ParameterError, QueryError
from graphkit.privacy import MASK
from graphkit.queries.header import TIMEOUT, Header, Parameter, Returned, read_header, split_header
from graphkit.queries.names import Names, read_names
from graphkit.queries.personal import PERSONAL, Personal, find_personal_columns, reads_personal
from graphkit.queries.refusal import refuse_writes
from graphkit.resources import find_data
from graphkit.words import Text

TIME_LIMIT_S = 120.0
"""How long a query may run, in seconds, before the store ends it."""

SUBJECTS = ("cooperative", "village", "member", "household", "pairing", "branch", "body", "training", "zone")
"""What a query may be about: the first word of its name."""

DTYPES = {"string": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean", "date": "object"}
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class RunRead(Protocol):
    """How a store runs a reading statement: one row a record, ended after `timeout_s` seconds."""

    def __call__(self, cypher: str, parameters: Mapping[str, Any], *, timeout_s: float) -> pd.DataFrame:
        """Run it."""


@dataclass(frozen=True, slots=True)
class Query:
    """One file of ``queries/``.

    Attributes
    ----------
    name : str
        Stem of the file, ``<subject>_<question>``.
    header : Header
        Title, question, parameters, columns and twin.
    text : str
        The whole file, header included: it is a comment to every engine.
    """

    name: str
    header: Header
    text: str

    @property
    def subject(self) -> str:
        """What it is about: the first word of its name."""
        return self.name.partition("_")[0]

    @property
    def title(self) -> Text:
        """Its title in both languages."""
        return self.header.title

    @property
    def question(self) -> Text:
        """The question it answers, in both languages."""
        return self.header.question

    @property
    def statement(self) -> str:
        """The text below the header."""
        return split_header(self.text, self.name)[1]

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters, in the order of the header."""
        return self.header.parameters

    @property
    def returns(self) -> tuple[Returned, ...]:
        """Its columns, in order."""
        return self.header.returns

    @property
    def twin(self) -> str:
        """Full name of the Python function that gives the same rows."""
        return self.header.twin

    def bind(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return a value for every parameter: the one given, read and checked, or its default.

        Raises
        ------
        QueryError
            If the query has no parameter of a given name.
        ParameterError
            If a value is of another type or out of range.

        Examples
        --------
        >>> load_query("member_two_step_reach").bind({"as_of": "2012-01-31"})
        {'as_of': '2012-01-31', 'max_body_people': 50, 'dataset': None}
        """
        declared = {parameter.name: parameter for parameter in self.parameters}
        if unknown := sorted(set(parameters) - set(declared)):
            raise QueryError(
                Text(
                    f"{self.name} 没有参数 {'、'.join(unknown)}；它有 {'、'.join(declared)}",
                    f"{self.name} has no parameter {', '.join(unknown)}; it has {', '.join(declared)}",
                ),
            )
        return {name: p.read(parameters.get(name, p.default)) for name, p in declared.items()}

    def conform(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return `rows` with exactly the header's columns, in order, each in its type; a missing value is NA or None.

        Raises
        ------
        QueryError
            If the columns are others.
        """
        wanted = [column.name for column in self.returns]
        if rows.empty and not len(rows.columns):  # an engine may name no column where there is no row
            rows = pd.DataFrame(columns=wanted)
        if sorted(rows.columns) != sorted(wanted):
            given = [str(name) for name in rows.columns]
            raise QueryError(
                Text(
                    f"{self.name} 声明的列是 {'、'.join(wanted)}，得到的却是 {'、'.join(given)}",
                    f"{self.name} declares the columns {', '.join(wanted)} and gave {', '.join(given)}",
                ),
            )
        return pd.DataFrame({c.name: _typed(rows[c.name], c.type) for c in self.returns}).reset_index(drop=True)


def read_query(text: str, name: str) -> Query:
    """Read a query file and hold it against its own header and the schema.

    Parameters
    ----------
    text : str
        The whole file.
    name : str
        Stem of the file, for messages and as the query's name.

    Returns
    -------
    Query

    Raises
    ------
    QueryError
        If the header is incomplete; the text would write; a label, relationship type or property is not in the
        schema; columns or parameters are not those of the header; or the rows have no order.
    """
    place = f"{name}.cypher"
    said, statement = split_header(text, place)
    query = Query(name, read_header(said, place), text)
    try:
        refuse_writes(statement)
        names = read_names(statement)
    except QueryError as error:
        raise QueryError(Text(f"{place}，文件头以下：{error.say('zh')}", f"{place}, below the header: {error.say('en')}")) from None
    if wrong := list(_contradictions(query, names)):
        raise QueryError(Text(f"{place}：{'；'.join(text.zh for text in wrong)}", f"{place}: {'; '.join(text.en for text in wrong)}"))
    return query


def _contradictions(query: Query, names: Names) -> Iterator[Text]:
    """Whatever a statement says otherwise than its own header, its name or the schema."""
    for stranger in names.strangers():
        yield Text(f"模型里没有{stranger.zh}", f"{stranger.en} is not in the schema")
    if names.parameters != tuple(sorted(p.name for p in query.parameters)):
        yield Text(
            f"语句用到参数 {'、'.join(names.parameters)}，与文件头不符",
            f"it uses the parameters {', '.join(names.parameters)}, the header has others",
        )
    if "dataset" not in names.parameters:
        yield Text("没有参数 dataset", "it has no parameter dataset")
    if names.columns != tuple(column.name for column in query.returns):
        yield Text(f"返回的列是 {'、'.join(names.columns)}，与文件头不符", f"it returns {', '.join(names.columns)}, the header says otherwise")
    if not names.ordered_by or not set(names.ordered_by) <= set(names.columns):
        yield Text("结尾没有按返回的列排序（ORDER BY）", "it does not end with ORDER BY columns that it returns")
    if query.subject not in SUBJECTS or not _NAME.fullmatch(query.name):
        yield Text(f"名称没有以对象开头：{'、'.join(SUBJECTS)}", f"its name does not begin with what it is about: {', '.join(SUBJECTS)}")


_LISTS_ALL = Text("`graphkit queries` 列出全部。", "`graphkit queries` lists them all.")


def load_query(name: str) -> Query:
    """Return the query `name` of the library.

    Raises
    ------
    QueryError
        If there is none, or its file is not sound.

    Examples
    --------
    >>> load_query("household_without_helper").title.en
    'Households with no helper'
    """
    files = _files()
    if name not in files:
        import difflib

        close = difflib.get_close_matches(name, files, 3, 0.4)
        en, zh = (f"did you mean {', '.join(close)}?", f"是否想找 {'、'.join(close)}？") if close else (_LISTS_ALL.en, _LISTS_ALL.zh)
        raise QueryError(Text(f"{len(files)} 个查询里没有 {name!r}；{zh}", f"no query {name!r} among {len(files)}; {en}"))
    return _loaded(files[name])


def list_queries() -> tuple[Query, ...]:
    """Return every query of the library, by subject and then by name.

    Raises
    ------
    QueryError
        If a file is not sound.
    """
    return tuple(sorted((_loaded(path) for path in _files().values()), key=lambda q: (SUBJECTS.index(q.subject), q.name)))


@dataclass(frozen=True, slots=True)
class Statement:
    """A text that may be sent: read, refused where it must be, and with a value for every parameter but the dataset.

    Attributes
    ----------
    query : Query or None
        The query of the library, if it is one.
    text : str
        What is sent.
    parameters : dict
        Value by name. The dataset stands in it only if it was given.
    takes_dataset : bool
        Whether the text asks for ``$dataset``.
    timeout_s : float
        Seconds after which it is ended.
    """

    query: Query | None
    text: str
    parameters: Mapping[str, Any]
    takes_dataset: bool
    timeout_s: float

    def dataset(self, own: str) -> str | None:
        """Return the dataset it speaks of, `own` where none is given; None for all there are."""
        given = self.parameters.get("dataset", own) if self.takes_dataset else None
        return given if given is None else str(given)

    def bound(self, dataset: str | None) -> dict[str, Any]:
        """Return a value for every parameter, with this `dataset`."""
        return {**self.parameters, "dataset": dataset} if self.takes_dataset else dict(self.parameters)

    def answer(self, rows: pd.DataFrame, dataset: str | None, held: Personal = PERSONAL) -> pd.DataFrame:
        """Return `rows` in the types of the header, and in ``attrs`` what they speak of.

        ``attrs`` holds ``query`` (its name, or None), ``dataset`` (None for whatever the database holds), ``parameters``
        and ``personal``, the columns in which names of people stand or may stand. `held` are the personal properties of the
        model that was asked; where they are not those of the shipped one, they stand there as ``personal_properties``.
        """
        if self.query is not None:
            rows = self.query.conform(rows)
            personal = [column.name for column in self.query.returns if column.personal]
        else:
            rows = rows if len(rows.columns) else pd.DataFrame(columns=list(read_names(self.text).columns))
            personal = list(find_personal_columns(self.text, list(rows.columns), held))
        said = {name: self._say(value, held) for name, value in self.parameters.items() if name != "dataset"}
        rows.attrs = {"query": self.query.name if self.query else None, "dataset": dataset, "parameters": said, "personal": personal}
        if held != PERSONAL:
            rows.attrs["personal_properties"] = {name: sorted(kinds) for name, kinds in held.items()}
        return rows

    def _say(self, value: object, held: Personal) -> object:
        """A value as it may be repeated beside the rows: plain, and no text that may be the name of a person looked for."""
        if value is None or isinstance(value, (bool, int, float)):
            return value
        return MASK if self.query is None and reads_personal(self.text, held) else str(value)


def read_statement(name: str, parameters: Mapping[str, Any], *, timeout_s: float = TIME_LIMIT_S) -> Statement:
    """Read a question before anything is opened for it: a name of the library, or a Cypher text that only reads.

    Parameters
    ----------
    name : str
        A name of the library, or a statement.
    parameters : mapping
        Values by name; of a named query they are checked and completed, of a text they are taken as they are.
    timeout_s : float
        Seconds after which a store ends it, above 0.

    Raises
    ------
    QueryError, ParameterError
        If there is no such query, a parameter lacks or does not fit, or the text would write.

    Examples
    --------
    >>> read_statement("member_two_step_reach", {"as_of": "2012-01-31"}).parameters
    {'as_of': '2012-01-31', 'max_body_people': 50}
    """
    if isinstance(timeout_s, bool) or not 0 < timeout_s < float("inf"):
        raise ParameterError(
            Text(f"{TIMEOUT}：不能用 {timeout_s}；请给出大于 0 的秒数", f"{TIMEOUT}: {timeout_s} cannot be used; give seconds above 0")
        )
    if _NAME.fullmatch(name):
        query = load_query(name)
        bound = query.bind(parameters)
        if "dataset" not in parameters:
            del bound["dataset"]
        return Statement(query, query.text, bound, True, timeout_s)
    refuse_writes(name)
    used = set(read_names(name).parameters)
    if TIMEOUT in used | set(parameters):
        raise ParameterError(Text(f"参数不能叫 {TIMEOUT}；请改名", f"a parameter cannot be called {TIMEOUT}; rename it"))
    if lacking := sorted(used - set(parameters) - {"dataset"}):
        raise ParameterError(Text(f"语句用到 ${'、$'.join(lacking)}；请逐一给值", f"the text uses ${', $'.join(lacking)}; give a value for each"))
    return Statement(None, name, dict(parameters), "dataset" in used, timeout_s)


def read_words(name: str, words: Mapping[str, str]) -> dict[str, Any]:
    """Return parameters that were typed as words: ``null`` is null where it may be, and in a text numbers and true or false are such.

    Examples
    --------
    >>> read_words("branch_roster", {"branch_id": "null", "dataset": "acheng"})
    {'branch_id': None, 'dataset': 'acheng'}
    >>> read_words("RETURN $n AS n, $who AS who", {"n": "3", "who": "m1"})
    {'n': 3, 'who': 'm1'}
    """
    if _NAME.fullmatch(name):
        nullable = {parameter.name for parameter in load_query(name).parameters if parameter.nullable}
        return {key: None if word == "null" and key in nullable else word for key, word in words.items()}
    return {key: _plain(word) for key, word in words.items()}


def _plain(word: str) -> Any:
    try:
        return json.loads(word)
    except ValueError:
        return word


def run_query(
    run_read: RunRead, name: str, parameters: Mapping[str, Any], *, dataset: str | None = None, timeout_s: float = TIME_LIMIT_S
) -> pd.DataFrame:
    """Send a query of the library, or a reading Cypher text, to an engine, and return what it answers; one row a record.

    Parameters
    ----------
    run_read : callable
        How the engine runs a reading statement.
    name : str
        A name of the library, or a statement.
    parameters : mapping
        Values by name (`read_statement`).
    dataset : str, optional
        The dataset it speaks of where `parameters` name none; without it, whatever the database holds.
    timeout_s : float
        Seconds after which the engine ends it.

    Raises
    ------
    QueryError, ParameterError
        If there is no such query, a parameter does not fit, or the text would write.
    """
    statement = read_statement(name, parameters, timeout_s=timeout_s)
    asked = statement.parameters.get("dataset", dataset)
    return statement.answer(run_read(statement.text, statement.bound(asked), timeout_s=timeout_s), asked)


def _files() -> dict[str, Path]:
    return {path.stem: path for path in sorted(find_data("queries").glob("*.cypher"))}


def _loaded(path: Path) -> Query:
    return _read_once(path, path.stat().st_mtime_ns)


@functools.cache
def _read_once(path: Path, _changed: int) -> Query:
    return read_query(path.read_text(encoding="utf-8"), path.stem)


def _typed(values: pd.Series, kind: str) -> pd.Series:
    if kind == "date":
        plain = [None if pd.isna(v) else v.to_native() if hasattr(v, "to_native") else v for v in values.astype(object)]
        return pd.Series(plain, index=values.index, dtype=object)
    return values.astype(object).where(values.notna(), None).astype(DTYPES[kind])

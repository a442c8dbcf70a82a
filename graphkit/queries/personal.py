"""Where names of people may stand in an answer, and the one function that puts ``***`` in their place.

A named query says it in its header. Of a free text it is decided from the model: a column is personal if what it
returns is, or is made from, a personal property of the model, or a name of that spelling whose kind is not known.
In doubt it is personal: a false alarm is meant to be possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from graphkit.errors import QueryError
from graphkit.model.kinds import MODEL
from graphkit.model.model import Model
from graphkit.model.types import NodeType
from graphkit.privacy import MASK
from graphkit.queries.names import elements
from graphkit.queries.tokens import Token, read_tokens

Personal = Mapping[str, frozenset[str]]
"""Properties that hold a person's name or number, each with the labels and types of the kinds in which it does."""


def personal_of(*models: Model) -> Personal:
    """Return the personal properties of all these models together."""
    held: dict[str, set[str]] = {}
    for kind in (kind for model in models for kind in model.kinds):
        for column in kind.properties:
            if column.personal:
                held.setdefault(column.name, set()).add(kind.label if isinstance(kind, NodeType) else kind.name)
    return {name: frozenset(kinds) for name, kinds in held.items()}


PERSONAL = personal_of(MODEL)
"""The personal properties of the shipped model."""

_CLAUSES = frozenset(["CALL", "DISTINCT", "MATCH", "RETURN", "UNWIND", "WHERE", "WITH", "YIELD"])


def find_personal_columns(text: str, columns: Sequence[str], personal: Personal = PERSONAL) -> tuple[str, ...]:
    """Return those of an answer's columns in which a text may show names of people.

    Parameters
    ----------
    text : str
        The statement that was run.
    columns : sequence of str
        The columns of its answer.
    personal : mapping, optional
        The personal properties of the model that was asked (`personal_of`); those of the shipped one if left out.

    Examples
    --------
    >>> text = "MATCH (m:Member)-[:LIVES_IN]->(v:Village) WITH v.name AS village, m.name AS who RETURN village, toUpper(who) AS shown"
    >>> find_personal_columns(text, ["village", "shown"])
    ('shown',)
    """
    tokens = read_tokens(text)
    known = elements(tokens)
    tainted: set[str] = set()
    given = [(alias.text, expression) for alias, expression in _given_names(tokens)]
    while more := {name for name, expression in given if name not in tainted and _is_personal(expression, known, tainted, personal)}:
        tainted |= more
    named = {name for name, _ in given}
    return tuple(column for column in columns if column in tainted or (column not in named and _is_personal(_read(column), known, tainted, personal)))


def reads_personal(text: str, personal: Personal = PERSONAL) -> bool:
    """Whether a text looks at a personal property at all, be it only to compare."""
    tokens = read_tokens(text)
    return any(token.kind in ("word", "quoted") and token.text in personal for token in tokens)


def hide_names(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with ``***`` wherever the name of a person stands, or may stand; missing values and numbers stay.

    Which columns hold names stands in ``rows.attrs["personal"]``, as every store writes it there. In nodes, ties and maps
    of any column the personal properties are hidden, and they come as plain dictionaries.

    Examples
    --------
    >>> rows = pd.DataFrame({"member_id": ["m1", "m2"], "name": ["张三", "李四"]})
    >>> rows.attrs["personal"] = ["name"]
    >>> hide_names(rows)["name"].tolist()
    ['***', '***']
    """
    personal = set(rows.attrs.get("personal", ()))
    hidden_in = {name: frozenset(kinds) for name, kinds in rows.attrs.get("personal_properties", PERSONAL).items()}
    hidden = rows.copy()
    for place, column in enumerate(rows.columns):
        values = rows.iloc[:, place]
        if column in personal or values.dtype == object:
            masked = [_hide(value, hidden_in, whole=column in personal) for value in values]
            hidden.isetitem(place, pd.Series(masked, index=values.index, dtype=values.dtype))
    return hidden


def _hide(value: Any, personal: Personal, *, whole: bool) -> Any:
    """One value: text goes if the `whole` is personal, and of what has properties those that are."""
    if isinstance(value, str):
        return MASK if whole else value
    if hasattr(value, "relationships"):  # a path
        return [_hide(one, personal, whole=whole) for one in (*value.nodes, *value.relationships)]
    if hasattr(value, "labels") or hasattr(value, "start_node"):
        labels = set(getattr(value, "labels", ()))
        return {key: _hide(one, personal, whole=key in personal and (not labels or bool(labels & personal[key]))) for key, one in dict(value).items()}
    if isinstance(value, Mapping):
        return {key: _hide(one, personal, whole=whole or key in personal) for key, one in value.items()}
    return [_hide(one, personal, whole=whole) for one in value] if isinstance(value, (list, tuple)) else value


def _read(expression: str) -> Sequence[Token]:
    """The words of a column that bears its expression for a name; none if it is something else."""
    try:
        return read_tokens(expression)
    except QueryError:
        return ()


def _given_names(tokens: Sequence[Token]) -> Iterator[tuple[Token, Sequence[Token]]]:
    """Each name given by ``AS``, with the words of what it is given to."""
    for position, token in enumerate(tokens[:-1]):
        if token.kind == "word" and token.text.upper() == "AS":
            yield tokens[position + 1], tokens[_begin(tokens, position) : position]


def _begin(tokens: Sequence[Token], end: int) -> int:
    """Where the expression begins that ends before `end`: after a comma, a clause or an open bracket."""
    depth, position = 0, end
    while position > 0:
        token, before = tokens[position - 1], tokens[position - 2] if position > 1 else None
        if token.kind == "mark":
            depth += (token.text in ")]}") - (token.text in "([{")
        compares = before is not None and before.kind == "word" and before.text.upper() in ("STARTS", "ENDS")  # … WITH 'x' is no clause
        begins = token.kind == "word" and token.text.upper() in _CLAUSES and not compares
        if depth < 0 or (depth == 0 and (begins or (token.kind == "mark" and token.text == ","))):
            return position
        position -= 1
    return 0


def _is_personal(expression: Sequence[Token], known: Mapping[str, frozenset[str]], tainted: set[str], personal: Personal) -> bool:
    return any(_shows_names(expression, position, known, tainted, personal) for position in range(len(expression)))


def _shows_names(expression: Sequence[Token], position: int, known: Mapping[str, frozenset[str]], tainted: set[str], personal: Personal) -> bool:
    """Whether the word at `position` is a personal property, a name that was given to one, or a person's property named by a value."""
    token = expression[position]
    before = expression[position - 1].text if position else ""
    base = expression[position - 2] if position > 1 else None
    if token.kind not in ("word", "quoted"):
        return False
    if before == ".":
        if base is not None and base.text in "{,":
            return False  # a key of a map made here: hidden by its name
        labels = known.get(base.text, frozenset()) if base is not None else frozenset()
        return token.text in personal and (not labels or bool(labels & personal[token.text]))
    after = expression[position + 1].text if position + 1 < len(expression) else ""
    return token.text in tainted or (after == "[" and any(known.get(token.text, frozenset()) & holders for holders in personal.values()))

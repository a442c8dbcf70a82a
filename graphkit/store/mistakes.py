"""Mistakes in a statement, told in the engine's own words: what is wrong, where it stands, and no value of the data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.errors import QueryError
from graphkit.queries.tokens import Token, read_tokens
from graphkit.store.embedded.process import without_limit
from graphkit.words import Text

if TYPE_CHECKING:
    from neo4j.exceptions import Neo4jError

# What the statement's author can mend; that it may not write is the store's to say.
_MENDABLE = re.compile(r"Neo\.ClientError\.Statement\.(?!AccessMode)")
_UNKNOWN_NAME = re.compile(r"unknown (?:procedure|function)|no procedure with the name", re.IGNORECASE)
_BAD_VALUE = re.compile(r"^Invalid value for \w+")

_KINDS: tuple[tuple[re.Pattern[str], Text], ...] = (
    (_UNKNOWN_NAME, Text("没有这个函数或过程", "there is no such function or procedure")),
    (re.compile(r"undefinedvariable|variable .* not defined", re.IGNORECASE), Text("没有这个变量", "there is no such variable")),
    (re.compile(r"expected parameter|ParameterMissing", re.IGNORECASE), Text("缺少参数的值", "a parameter has no value")),
    (re.compile(r"by zero", re.IGNORECASE), Text("除数为零", "a division by zero")),
    (re.compile(r"overflow", re.IGNORECASE), Text("数太大", "a number grows too large")),
    (re.compile(r"aggregat", re.IGNORECASE), Text("这里不能用聚合函数", "an aggregation may not stand there")),
    (re.compile(r"type ?mismatch|TypeError|numeric operands|cannot convert|expects ", re.IGNORECASE), Text("值的类型不对", "a value is of the wrong type")),
    (re.compile(r"cannot (?:be )?parse|Invalid (?:value|duration)", re.IGNORECASE), Text("有值读不成日期、时间或数", "a value does not read as a date, a time or a number")),
    (re.compile(r"SyntaxError"), Text("写法不对", "it is not written as Cypher")),
)  # fmt: skip
_OTHER = Text("无法执行", "it cannot be run")

_PLACE_IN_ALL = re.compile(r"\(line (\d+), column (\d+) \(offset: \d+\)\)")
_PLACE_IN_REST = re.compile(r"(?:^Syntax error )?\bat line (\d+)(?::|, column )(\d+)(?: - )?")  # columns from 0
_BEFORE_FIRST_WORD = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_LONG_LIST = re.compile(r",? expected: one of .*? or \d+ more")
_IN_QUOTES = re.compile(r"'([^']*)'|\"([^\"]*)\"|\[([^\]]*)\]")
_PLAIN_ENDING = re.compile(r"(?:String|Long|Integer|Double|Float|Boolean|List|Map|Date|Null|Node|ArrayList|LocalDate)(?: and \w+)?")
_SENTENCE = re.compile(r"\b(?:is|are|not|cannot|expects|must|zero|may|function)\b")  # what stands after the last colon is no value, then
_SYNTAX_ONLY = re.compile(r"<?[A-Z_]+>?|[^\w]+")
_VALUE_LIKE = re.compile(r"\w*\d{5,}\w*|[^\x00-\x7f]+")
HIDDEN = "…"


def find_mistake(error: Neo4jError, sent: str) -> QueryError | None:
    """Return the error that tells the author of a statement what is wrong with it; None if the fault is not in the statement.

    Parameters
    ----------
    error : Neo4jError
        What the server said.
    sent : str
        The statement, as it was sent.
    """
    said = (error.message or "").strip().split("\n")[0]
    code = error.code or ""
    if not (_MENDABLE.match(code) or _UNKNOWN_NAME.search(said) or _BAD_VALUE.match(said)):
        return None
    cypher = without_limit(sent)
    kind = next((text for pattern, text in _KINDS if pattern.search(f"{said} {code}")), _OTHER)
    zh, en = _say_place(_find_place(said, cypher))
    words = _shown_words(said, cypher)
    return QueryError(Text(f"语句{zh}：{kind.zh}。引擎的原话：{words}", f"the statement{en}: {kind.en}. The engine says: {words}"))


def _find_place(said: str, cypher: str) -> tuple[int, int] | None:
    """Line and column from 1: as the engine says, or else where the name that it says stands first."""
    if found := _PLACE_IN_ALL.search(said):
        return int(found[1]), int(found[2])
    if found := _PLACE_IN_REST.search(said):
        return _count_place(cypher, _position(cypher, int(found[1]), int(found[2])))
    named = re.search(r"(?:unknown (?:procedure/)?function:? '?|variable '|variable `)([\w.]+)", said, re.IGNORECASE)
    start = _find_name(named[1], cypher) if named else None
    return None if start is None else _count_place(cypher, start)


def _position(cypher: str, line: int, column: int) -> int:
    """Position of a place that is counted from the first word on: the embedded engine leaves out what stands before that."""
    first = _BEFORE_FIRST_WORD.match(cypher)
    start = first.end() if first else 0
    return start + sum(len(one) for one in cypher[start:].splitlines(keepends=True)[: line - 1]) + column


def _count_place(cypher: str, position: int) -> tuple[int, int]:
    before = cypher[:position]
    return before.count("\n") + 1, position - before.rfind("\n")


def _find_name(name: str, cypher: str) -> int | None:
    """Where a name stands first as a name: not within a string or a comment, nor as a part of another."""
    try:
        tokens = read_tokens(cypher)
    except QueryError:
        return None
    parts = name.lower().split(".")
    for at, token in enumerate(tokens):
        words = [word.text.lower() for word in tokens[at : at + 2 * len(parts) - 1 : 2]]
        if words == parts and _is_name(token) and (at == 0 or tokens[at - 1].text not in {".", ":", "$"}):
            return token.start
    return None


def _is_name(token: Token) -> bool:
    return token.kind in {"word", "quoted"}


def _say_place(place: tuple[int, int] | None) -> tuple[str, str]:
    if place is None:
        return "", ""
    line, column = place
    return f"第 {line} 行第 {column} 列", f", line {line}, column {column}"


def _shown_words(said: str, cypher: str) -> str:
    """The engine's words without their place, and without any value that does not stand in the statement itself."""
    for pattern in (_PLACE_IN_ALL, _PLACE_IN_REST):
        said = pattern.sub("", said)
    said = _LONG_LIST.sub("", said).removesuffix(cypher).strip(" :")
    said = _IN_QUOTES.sub(lambda quoted: _kept(quoted, cypher), said)
    head, colon, ending = said.rpartition(": ")
    if colon and ending not in cypher and not _PLAIN_ENDING.fullmatch(ending) and not _SENTENCE.search(ending):
        said = f"{head}: {HIDDEN}"
    return _VALUE_LIKE.sub(lambda value: value[0] if value[0] in cypher or value[0] == HIDDEN else HIDDEN, said)


def _kept(quoted: re.Match[str], cypher: str) -> str:
    inside = next(group for group in quoted.groups() if group is not None)
    if inside in cypher or _SYNTAX_ONLY.fullmatch(inside):
        return quoted[0]
    return f"{quoted[0][0]}{HIDDEN}{quoted[0][-1]}"

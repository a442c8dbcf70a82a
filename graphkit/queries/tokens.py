"""The words of a Cypher text: a tokenizer that has one reading only, and refuses a text that could have two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graphkit.errors import QueryError
from graphkit.words import Text

# An engine may decode these before it reads a text, or end a string where another does not: then the text has two readings.
_TWO_READINGS = re.compile(r"""\\["'`uU]""")
_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\n]+)
    | (?P<comment>//[^\n]*|/\*.*?\*/)
    | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<quoted>`[^`]*`)
    | (?P<parameter>\$(?:[A-Za-z_][A-Za-z0-9_]*|\d+)(?!\w))
    | (?P<number>(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?!\w))
    | (?P<word>[^\W\d]\w*)
    | (?P<mark>[][(){},.:;|&!+\-*%^=<>~]|/(?!\*))
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text.

    Attributes
    ----------
    kind : {"comment", "string", "quoted", "parameter", "number", "word", "mark"}
        ``quoted`` is a name in backticks; ``parameter`` is its name without the dollar sign.
    text : str
        What stands there; a quoted name without its backticks.
    start : int
        Position in the text.
    """

    kind: str
    text: str
    start: int


def read_tokens(text: str) -> tuple[Token, ...]:
    r"""Return the words that a Cypher text consists of, comments left out.

    Parameters
    ----------
    text : str
        One statement.

    Returns
    -------
    tuple of Token
        In the order of the text.

    Raises
    ------
    QueryError
        If a string, quoted name or comment does not end, if a character can stand nowhere in Cypher, or if two engines
        could read the text in two ways: ``\u`` escapes, a backslash before a quotation mark, line breaks other than
        ``\n`` and ``\r\n``.

    Examples
    --------
    >>> [token.text for token in read_tokens("MATCH (m:Member) RETURN m.id // all")]
    ['MATCH', '(', 'm', ':', 'Member', ')', 'RETURN', 'm', '.', 'id']
    """
    return tuple(token for token in _scan(text) if token.kind != "comment")


def refuse_at(text: str, position: int, why: Text) -> QueryError:
    """Make the error that says where in `text` something stands, as ``line 2, column 7``, and why it is refused."""
    before = text[:position]
    line, column = before.count("\n") + 1, position - before.rfind("\n")
    return QueryError(Text(f"第{line}行第{column}列：{why.zh}", f"line {line}, column {column}: {why.en}"))


def _scan(text: str) -> Iterator[Token]:
    text = text.replace("\r\n", "\n ")  # same length, so that positions stay
    if found := _TWO_READINGS.search(text):
        raise refuse_at(text, found.start(), _two_readings(found[0]))
    if strange := re.search(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]", text):
        code = f"U+{ord(strange[0]):04X}"
        raise refuse_at(text, strange.start(), Text(f"控制字符（{code}）；请删去", f"a control character ({code}); leave it out"))
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found or (found.lastgroup == "word" and not found[0].isidentifier()):
            raise refuse_at(text, position, _why_unread(text[position:]))
        if (kind := str(found.lastgroup)) != "space":
            yield Token(kind, _bare(kind, found[0]), position)
        position = found.end()


def _bare(kind: str, text: str) -> str:
    if kind == "parameter":
        return text[1:]
    return text[1:-1] if kind == "quoted" else text


def _two_readings(escape: str) -> Text:
    if escape[1] in "uU":
        return Text(f"{escape} 可有两种读法；请直接写那个字符", f"{escape} can be read in two ways; write the character itself")
    return Text(
        f"{escape} 可有两种读法；请换用另一种引号，或用参数", f"{escape} can be read in two ways; use the other quotation mark, or a parameter"
    )


def _why_unread(rest: str) -> Text:
    if rest[0] in "'\"`" or rest.startswith("/*"):
        return Text("字符串、反引号中的名称或注释没有结束；请补上结尾", "a string, a name in backticks or a comment does not end; close it")
    if rest[0].isdigit():
        return Text("数字与后面的词连在一起；请用空格隔开", "a number runs into a word; put a space between them")
    if rest[0] == "$":
        return Text("参数写作 $ 加名称，名称由字母 a 至 z、数字和下划线组成", "a parameter is $ and a name of letters a to z, digits and underscores")
    strange = f"{rest[0]!r} (U+{ord(rest[0]):04X})"
    return Text(f"{strange} 在 Cypher 里只能出现在字符串中；请删去", f"{strange} can stand nowhere in Cypher outside a string; take it out")

"""What would write, change the server, or read its files is refused before it is sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from graphkit.errors import QueryError
from graphkit.queries.tokens import Token, read_tokens, refuse_at
from graphkit.words import Text

BEGINNINGS = frozenset(["CALL", "CYPHER", "EXPLAIN", "MATCH", "OPTIONAL", "PROFILE", "RETURN", "SHOW", "UNWIND", "WITH"])
"""Words a reading statement may begin with."""

REFUSED_WORDS = frozenset((
    "ALTER", "CREATE", "CSV", "DEALLOCATE", "DELETE", "DENY", "DETACH", "DISABLE", "DROP", "ENABLE", "FOREACH", "GRANT", "INSERT", "LOAD",
    "MERGE", "NODETACH", "REALLOCATE", "REMOVE", "RENAME", "REVOKE", "SET", "START", "STOP", "TERMINATE", "TRANSACTIONS", "USE",
))  # fmt: skip
"""Words that no reading statement needs, as keywords in any place; a name that happens to be one of them goes in backticks."""

READING_PROCEDURES = frozenset((
    "db.labels", "db.ping", "db.propertyKeys", "db.relationshipTypes", "db.schema.nodeTypeProperties", "db.schema.relTypeProperties",
    "db.schema.visualization", "dbms.components",
))  # fmt: skip
"""The only procedures that may be called."""

FUNCTION_ROOMS = frozenset(["date", "datetime", "duration", "localdatetime", "localtime", "point", "time"])
"""Functions with a dot in the name, such as ``duration.inDays``, are plain only in these."""

_WHY_REFUSED = Text(
    "会写入或触及图以外，而查询只能读；写入请用 Store.write，名称若恰是这个词请加反引号",
    "would write or reach beyond the graph, and queries only read; write with Store.write, put a name that is such a word in backticks",
)


def refuse_writes(text: str) -> None:
    """Refuse a text unless it only reads.

    A text is refused if one of its words, outside strings, names in backticks and comments, is of `REFUSED_WORDS`; if
    it begins with none of `BEGINNINGS`; if it calls a procedure outside `READING_PROCEDURES` or a function of a library;
    if it holds a second statement; or if two engines could read it in two ways. A false alarm is meant to be possible,
    a write is not: on Neo4j the transaction's READ mode is the second lock.

    Parameters
    ----------
    text : str
        One Cypher statement.

    Raises
    ------
    QueryError
        With the word, its place, and what to do.

    Examples
    --------
    >>> refuse_writes("MATCH (m:Member) RETURN count(m)  // CREATE in a comment is no matter")
    >>> refuse_writes("MATCH (m:Member) SET m.stage = 'full'")
    Traceback (most recent call last):
    graphkit.errors.QueryError: line 1, column 18: SET would write or reach beyond the graph, and queries only read; write with Store.write...
    第1行第18列：SET 会写入或触及图以外，而查询只能读；写入请用 Store.write...
    """
    tokens = read_tokens(text)
    if not tokens:
        raise QueryError(
            Text("语句是空的；请写以 MATCH 等读取词开头的语句", "an empty text; write a statement that begins with MATCH or another reading word")
        )
    for token, reason in _refusals(tokens):
        raise refuse_at(text, token.start, reason)


def _refusals(tokens: Sequence[Token]) -> Iterator[tuple[Token, Text]]:
    for position, token in enumerate(tokens):
        rest = tokens[position + 1 :]
        if token.kind == "word" and _spellings(token.text) & REFUSED_WORDS:
            yield token, Text(f"{token.text} {_WHY_REFUSED.zh}", f"{token.text} {_WHY_REFUSED.en}")
        elif token.text == ";" and token.kind == "mark" and rest:
            yield rest[0], Text("后面还有第二条语句；请一次只运行一条", "a second statement follows; run one at a time")
        elif token.kind == "word" and "CALL" in _spellings(token.text):
            yield from _refused_call(token, rest)
        elif token.kind in ("word", "quoted") and (name := _dotted_function(tokens, position)):
            yield token, Text(f"函数 {name} 未必只读；请去掉", f"the function {name} is not known to only read; leave it out")
    first = tokens[0]
    if first.kind != "word" or not _spellings(first.text) & BEGINNINGS:
        words, given = sorted(BEGINNINGS), first.text[:20]
        why = Text(
            f"读取语句须以 {'、'.join(words)} 之一开头，而不是 {given!r}",
            f"a reading statement begins with one of {', '.join(words)}, not with {given!r}",
        )
        yield first, why


def _refused_call(call: Token, rest: Sequence[Token]) -> Iterator[tuple[Token, Text]]:
    """A CALL opens a subquery, or names a procedure of the short list."""
    if rest and rest[0].text in "({" and rest[0].kind == "mark":
        return
    name = "".join(token.text for token in _dotted_name(rest))
    if name not in READING_PROCEDURES or any(token.kind == "quoted" for token in _dotted_name(rest)):
        reading = sorted(READING_PROCEDURES)
        why = Text(
            f"过程 {name or '?'} 不在只读的过程之列：{'、'.join(reading)}",
            f"the procedure {name or '?'} is not one of those that only read: {', '.join(reading)}",
        )
        yield call, why


def _dotted_name(tokens: Sequence[Token]) -> list[Token]:
    found: list[Token] = []
    for token in tokens:
        wanted = token.text == "." if len(found) % 2 else token.kind in ("word", "quoted")
        if not wanted:
            break
        found.append(token)
    return found


def _dotted_function(tokens: Sequence[Token], position: int) -> str | None:
    """Name of the library function that begins here, unless its library is a plain one."""
    if position and tokens[position - 1].text in (".", "CALL", "call"):
        return None
    parts = _dotted_name(tokens[position:])
    after = position + len(parts)
    called = len(parts) > 2 and after < len(tokens) and tokens[after].text == "("
    plain = parts and parts[0].kind == "word" and parts[0].text.casefold() in FUNCTION_ROOMS
    in_call = any("CALL" in _spellings(token.text) for token in tokens[max(position - 1, 0) : position])
    return "".join(part.text for part in parts) if called and not plain and not in_call else None


def _spellings(word: str) -> set[str]:
    """Upper-case words that an engine might read in `word`: as it stands, without compatibility letters, and its ASCII pieces."""
    folded = unicodedata.normalize("NFKC", word)
    return {word.upper(), folded.upper(), folded.casefold().upper(), *(piece.upper() for piece in re.split(r"[^\x00-\x7f]+", word) if piece)}

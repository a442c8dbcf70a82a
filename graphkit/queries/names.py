"""What a statement names: labels, relationship types, properties, parameters and columns, held against the schema."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphkit.data.tables import PROVENANCE
from graphkit.model.kinds import MODEL
from graphkit.queries.tokens import Token, read_tokens
from graphkit.words import Text

LABELS = frozenset(kind.label for kind in MODEL.nodes)
TYPES = frozenset(kind.name for kind in MODEL.ties)
KEPT_BESIDE = frozenset({"dataset", *PROVENANCE.names})
"""Properties of every node that a store adds: whose it is, and where it was read."""

PROPERTIES = frozenset(p.name for kind in MODEL.kinds for p in kind.properties) | KEPT_BESIDE
PARTS_OF_VALUES = frozenset({"days", "year", "month", "day"})
"""What may follow a dot without being a property: parts of a date or duration."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a statement names, each sorted; `columns` and `ordered_by` in their order."""

    labels: tuple[str, ...]
    types: tuple[str, ...]
    properties: tuple[str, ...]
    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    ordered_by: tuple[str, ...]

    def strangers(self) -> list[Text]:
        """Say every label, relationship type and property that the schema does not declare."""
        return (
            [Text(f"标签 {name}", f"the label {name}") for name in self.labels if name not in LABELS]
            + [Text(f"关系类型 {name}", f"the relationship type {name}") for name in self.types if name not in TYPES]
            + [Text(f"属性 {name}", f"the property {name}") for name in self.properties if name not in PROPERTIES | PARTS_OF_VALUES]
        )


def read_names(text: str) -> Names:
    """Return the labels, relationship types, properties, parameters and columns that a statement names.

    Labels and types stand after a colon, types within the brackets of a tie; properties stand after a dot, or before a
    colon in the braces of a node or tie. Columns are the names given by ``AS`` in the last ``RETURN``.

    Parameters
    ----------
    text : str
        One Cypher statement.

    Returns
    -------
    Names

    Raises
    ------
    QueryError
        If the text cannot be read (`read_tokens`).

    Examples
    --------
    >>> names = read_names("MATCH (m:Member)-[r:HELPS]->(:Household) RETURN m.id AS member_id ORDER BY member_id")
    >>> names.labels, names.types, names.properties, names.columns
    (('Household', 'Member'), ('HELPS',), ('id',), ('member_id',))
    """
    tokens = read_tokens(text)
    found = list(named_after_colons(tokens))
    return Names(
        labels=_sorted(token.text for room, token in found if room == "label"),
        types=_sorted(token.text for room, token in found if room == "type"),
        properties=_sorted([*(token.text for room, token in found if room == "property"), *(token.text for token in _after_dots(tokens))]),
        parameters=_sorted(token.text for token in tokens if token.kind == "parameter"),
        columns=tuple(_columns(tokens)),
        ordered_by=tuple(_ordered_by(tokens)),
    )


def _sorted(names: Iterator[str] | Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


def _is(token: Token | None, *texts: str) -> bool:
    return token is not None and token.kind in ("mark", "word") and token.text.upper() in texts


def _at(tokens: Sequence[Token], position: int) -> Token | None:
    return tokens[position] if 0 <= position < len(tokens) else None


def named_after_colons(tokens: Sequence[Token]) -> Iterator[tuple[str, Token]]:
    """Each name beside a colon, with what it is: ``label``, ``type``, or ``property`` in the braces of a node or tie."""
    open_brackets: list[str] = []
    for position, token in enumerate(tokens):
        before = _at(tokens, position - 1)
        if _is(token, "(", "[", "{"):
            open_brackets.append("tie" if token.text == "[" and _is(before, "-") else "call" if _is_call(tokens, position) else token.text)
        elif _is(token, ")", "]", "}"):
            open_brackets = open_brackets[:-1]
        elif _is(token, ":") and not _is(before, ":"):  # two of them ask for the type of a value
            room = open_brackets[-1] if open_brackets else ""
            if room == "{" and _is(_at(tokens, position - 2), "{", ","):
                if len(open_brackets) > 1 and open_brackets[-2] in ("(", "tie") and before:
                    yield "property", before
                continue
            for name in _alternatives(tokens, position + 1):
                yield ("type" if room == "tie" else "label"), name


_BEFORE_PATTERNS = (
    "MATCH", "WHERE", "AND", "OR", "XOR", "NOT", "EXISTS", "IN", "RETURN", "WITH", "WHEN", "THEN", "ELSE", "SHORTESTPATH", "ALLSHORTESTPATHS",
)  # fmt: skip
"""Words before the bracket of a pattern; after any other word it opens what a function is given."""


def _is_call(tokens: Sequence[Token], position: int) -> bool:
    """Whether the round bracket at `position` opens what a function is given."""
    before = _at(tokens, position - 1)
    return _is(tokens[position], "(") and before is not None and before.kind in ("word", "quoted") and not _is(before, *_BEFORE_PATTERNS)


def _alternatives(tokens: Sequence[Token], position: int) -> Iterator[Token]:
    """The names in ``:A|B|C``."""
    while (token := _at(tokens, position)) and token.kind in ("word", "quoted"):
        yield token
        if not _is(_at(tokens, position + 1), "|", "&"):
            return
        position += 2


def _after_dots(tokens: Sequence[Token]) -> Iterator[Token]:
    """Properties: the name after a dot, where it is no function such as ``duration.inDays(…)``."""
    for position, token in enumerate(tokens):
        follows = _is(_at(tokens, position - 1), ".") and not _is(_at(tokens, position - 2), ".")
        if follows and token.kind in ("word", "quoted") and not _is(_at(tokens, position + 1), "("):
            yield token


def elements(tokens: Sequence[Token]) -> Mapping[str, frozenset[str]]:
    """The variables that stand for a node or tie of a pattern, each with its labels or types where they are written beside it.

    A name that is also given by ``AS`` to something else may be anything, and is left out.
    """
    found: dict[str, set[str]] = {}
    for position, token in enumerate(tokens):
        if token.kind in ("word", "quoted") and _opens_element(tokens, position):
            beside = _alternatives(tokens, position + 2) if _is(_at(tokens, position + 1), ":") else ()
            found.setdefault(token.text, set()).update(label.text for label in beside)
    for position, token in enumerate(tokens):
        alias, source, before = _at(tokens, position + 1), _at(tokens, position - 1), _at(tokens, position - 2)
        if not _is(token, "AS") or alias is None or source is None or source.text == alias.text:
            continue
        if source.text in found and _is(before, "WITH", ",", "DISTINCT"):
            found.setdefault(alias.text, set()).update(found[source.text])
        else:
            found.pop(alias.text, None)
    return {name: frozenset(beside) for name, beside in found.items()}


def _opens_element(tokens: Sequence[Token], position: int) -> bool:
    """Whether the name at `position` is the variable of a node or tie: ``(m:Member``, ``(m {``, ``-[r:HELPS``, ``-[r]-``, ``(m)-``, ``-(m)``."""
    bracket, after = _at(tokens, position - 1), _at(tokens, position + 1)
    if _is(bracket, "["):
        return _is(_at(tokens, position - 2), "-") and _is(after, ":", "]", "{", "*")
    if not _is(bracket, "("):
        return False
    joined = _is(_at(tokens, position - 2), "-", ">") or _is(_at(tokens, position + 2), "-", "<")
    return not _is_call(tokens, position - 1) and (_is(after, ":", "{") or (_is(after, ")") and joined))


def properties_of(tokens: Sequence[Token], variables: Container[str]) -> Iterator[Token]:
    """The properties read from these variables, and those in the braces of a node or tie."""
    yield from (token for room, token in named_after_colons(tokens) if room == "property")
    for position, token in enumerate(tokens):
        base, before = _at(tokens, position - 2), _at(tokens, position - 3)
        reads = _is(_at(tokens, position - 1), ".") and base is not None and base.text in variables and not _is(before, ".")
        if (
            reads
            and base is not None
            and base.kind in ("word", "quoted")
            and token.kind in ("word", "quoted")
            and not _is(_at(tokens, position + 1), "(")
        ):
            yield token


def _last_return(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens after the last RETURN that stands in no brackets."""
    depth, start = 0, len(tokens)
    for position, token in enumerate(tokens):
        depth += _is(token, "(", "[", "{") - _is(token, ")", "]", "}")
        if depth == 0 and _is(token, "RETURN"):
            start = position + 1
    return tokens[start:]


def _columns(tokens: Sequence[Token]) -> Iterator[str]:
    depth = 0
    last = _last_return(tokens)
    for position, token in enumerate(last):
        depth += _is(token, "(", "[", "{") - _is(token, ")", "]", "}")
        if depth == 0 and _is(token, "ORDER", "SKIP", "LIMIT"):
            return
        if depth == 0 and _is(_at(last, position - 1), "AS"):
            yield token.text


def _ordered_by(tokens: Sequence[Token]) -> Iterator[str]:
    """Names in the last ORDER BY: columns, where every key is one."""
    last = _last_return(tokens)
    start = next((p for p, token in enumerate(last) if _is(token, "ORDER") and _is(_at(last, p + 1), "BY")), len(last))
    yield from (t.text for t in last[start + 2 :] if t.kind in ("word", "quoted") and not _is(t, "ASC", "DESC", "ASCENDING", "DESCENDING"))

"""A name in a text that neither the model nor the database knows: told with the nearest, instead of an answer of no rows."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from graphkit.model.kinds import MODEL
from graphkit.model.model import Model
from graphkit.queries.names import KEPT_BESIDE, elements, named_after_colons, properties_of
from graphkit.queries.tokens import Token, read_tokens, refuse_at
from graphkit.words import Text


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The labels, relationship types and properties that somebody knows."""

    labels: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()

    def of(self, room: str) -> frozenset[str]:
        """The names of one kind: ``label``, ``type`` or ``property``."""
        return {"label": self.labels, "type": self.types, "property": self.properties}[room]


_KINDS = {"label": Text("标签", "label"), "type": Text("关系类型", "relationship type"), "property": Text("属性", "property")}


def _headings(model: Model, room: str) -> Mapping[str, str]:
    """How else a person may call a thing of the model, and its name in it."""
    if room == "label":
        return {words: kind.label for kind in model.nodes for words in (kind.heading.zh, kind.heading.en)}
    if room == "type":
        return {words: kind.name for kind in model.ties for words in (kind.heading.zh, kind.heading.en)}
    return {words: p.name for kind in model.kinds for p in kind.properties for words in (p.heading.zh, p.heading.en)}


def declared_names(model: Model) -> Vocabulary:
    """The labels, relationship types and properties that a model declares."""
    return Vocabulary(
        frozenset(kind.label for kind in model.nodes), frozenset(tie.name for tie in model.ties),
        frozenset(p.name for kind in model.kinds for p in kind.properties) | KEPT_BESIDE,
    )  # fmt: skip


def refuse_strangers(text: str, there: Callable[[], Vocabulary], model: Model = MODEL) -> None:
    """Refuse a text that names a label, relationship type or property which is nowhere, most likely a slip of the pen.

    A property is looked at where it belongs to a node or tie of a pattern; what follows the dot of a map or a date is
    nobody's to know.

    Parameters
    ----------
    text : str
        One Cypher statement.
    there : callable
        What the database holds beside the model; called only if the model does not know a name.
    model : Model, optional
        That of the district; the shipped one if left out.

    Raises
    ------
    QueryError
        With the place of the first such name and what may have been meant.

    Examples
    --------
    >>> refuse_strangers("MATCH (m:Member) RETURN m.id AS id", Vocabulary)
    >>> refuse_strangers("MATCH (m:Membr) RETURN m.id AS id", Vocabulary)
    Traceback (most recent call last):
    graphkit.errors.QueryError: line 1, column 10: there is no label Membr; did you mean Member?
    第1行第10列：没有标签 Membr；是否想写 Member？
    """
    tokens = read_tokens(text)
    declared = declared_names(model)
    unknown = [(room, token) for room, token in _names(tokens) if token.text not in declared.of(room)]
    if not unknown:
        return
    held = there()
    for room, token in unknown:
        if token.text not in held.of(room):
            raise refuse_at(text, token.start, _say(room, token.text, held, declared, model))


def _names(tokens: Sequence[Token]) -> Iterator[tuple[str, Token]]:
    """Every name that belongs to a pattern, in the order of the text."""
    kinds = (named for named in named_after_colons(tokens) if named[0] != "property")
    found = chain(kinds, (("property", token) for token in properties_of(tokens, elements(tokens))))
    yield from sorted(found, key=lambda one: one[1].start)


def _say(room: str, name: str, held: Vocabulary, declared: Vocabulary, model: Model) -> Text:
    of_model = {**{one.lower(): one for one in declared.of(room)}, **_headings(model, room)}
    close = _nearest(name, of_model) or _nearest(name, {one.lower(): one for one in held.of(room)})
    kind = _KINDS[room]
    if close:
        meant = Text(f"是否想写 {'、'.join(close)}？", f"did you mean {', '.join(close)}?")
    elif room == "property":
        meant = Text("`graphkit template` 写出的工作簿列有全部属性", "the workbook that `graphkit template` writes lists them all")
    else:
        there = sorted(declared.of(room))
        meant = Text(f"可用的有 {'、'.join(there)}", f"there are {', '.join(there)}")
    return Text(f"没有{kind.zh} {name}；{meant.zh}", f"there is no {kind.en} {name}; {meant.en}")


def _nearest(name: str, known: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(known[one] for one in difflib.get_close_matches(name.lower(), known, 3, 0.7)))

"""Ends of ties that a file names in words: found among everything that was read, once all of it is; never a pick among namesakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from graphkit.data.breaches import Breach
from graphkit.identity.spelling import short_name
from graphkit.identity.unlisted import UnlistedPlaces
from graphkit.model.kinds import VILLAGE
from graphkit.model.model import Model
from graphkit.model.types import NodeType, TieType
from graphkit.words import Text
from loaders.gathered import Gathered
from loaders.mapping.language import label_of

Parts = tuple[str | None, ...]
NAME = "name"
_RULES = ("name.unknown", "name.several")
_PLACE_RULES = ("place.unknown", "place.several")
_SHOWN = 10


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """Rows of a tie of which one end is named in words, or of places that go by their names.

    Attributes
    ----------
    kind : TieType or NodeType
        The tie, or the kind of place.
    column : str
        The end that is named, or the key of the place.
    first : int
        Position of the first row in the table.
    parts : list of tuple of str or None
        For each row the name, then what is known beside it: a village, a branch, a co-operative.
    """

    kind: TieType | NodeType
    column: str
    first: int
    parts: Sequence[Parts]

    @property
    def label(self) -> str:
        """The kind of node that is looked for."""
        return label_of(self.kind, self.column)


@dataclass(slots=True, eq=False)
class _Known:
    """Things of one kind that were read: ids by name, and what each is tied to, by name and by id."""

    ids: dict[str, dict[str, None]] = field(default_factory=dict)
    beside: dict[str, set[str]] | None = None


def resolve_names(gathered: Gathered, lookups: Sequence[Lookup]) -> None:
    """Put ids where ends of ties are named; a name that means nobody or several stays, and its row is set aside."""
    known: dict[str, _Known] = {}
    for lookup in sorted(lookups, key=lambda lookup: len(lookup.parts[0]) if lookup.parts else 0):  # what is tied to what, before who it tells apart
        if lookup.label not in known:
            known[lookup.label] = _Known(_ids_by_name(gathered, lookup.label))
        found = known[lookup.label]
        if found.beside is None and lookup.parts and len(lookup.parts[0]) > 1:
            found.beside = _beside(gathered, lookup.label)
        answers = {parts: _match(parts, found) for parts in dict.fromkeys(lookup.parts)}
        _put(gathered, lookup, [answers[parts] for parts in lookup.parts])
        gathered.breaches.extend(_breaches(lookup, [answers[parts] for parts in lookup.parts]))


def resolve_places(gathered: Gathered, lookups: Sequence[Lookup]) -> None:
    """Put one key for each place, where they go by their names, in the place of every way in which it is written; several that may be meant stay, and the row is set aside."""
    for label in dict.fromkeys(lookup.label for lookup in lookups):
        here = [lookup for lookup in lookups if lookup.label == label]
        ways = {parts: None for lookup in here for parts in lookup.parts if parts[0]}
        places = UnlistedPlaces([parts[::-1] for parts in ways], villages=label == VILLAGE.label)
        answers = {parts: places.find(parts[::-1]).codes for parts in ways}
        for lookup in here:
            _put(gathered, lookup, found := [answers.get(parts, ()) for parts in lookup.parts])
            gathered.breaches.extend(_breaches(lookup, found, _PLACE_RULES))
        for table in dict.fromkeys(lookup.kind.table for lookup in here):
            gathered.tell(table, _say_by_name(gathered.model.node_type(label).heading, len({codes for codes in answers.values() if len(codes) == 1})))


def _say_by_name(heading: Text, number: int) -> Text:
    return Text(
        f"{heading.zh}没有代码，按名称分辨（{number} 个）：同一乡镇里同名的两个会当作一个，改过名的一个会当作两个",
        f"{heading.en}: without codes they go by their names ({number} of them): two of one name in one township are taken as one, one that was renamed as two",
    )


def _match(parts: Parts, known: _Known) -> tuple[str, ...]:
    """The ids that bear the name and are tied to everything named beside it."""
    name, *beside = parts
    ids = known.ids.get(short_name(name or ""), {})
    wanted = {short_name(part) for part in beside if part}
    return tuple(one for one in ids if wanted <= (known.beside or {}).get(one, set()))


def _put(gathered: Gathered, lookup: Lookup, answers: Sequence[tuple[str, ...]]) -> None:
    """Write the ids found into the table; the parts of it become one."""
    table = pa.concat_tables(gathered.parts[lookup.kind.table]).combine_chunks()
    texts = table[lookup.column].to_pylist()
    for row, ids in enumerate(answers, lookup.first):
        if len(ids) == 1:
            texts[row] = ids[0]
    place = table.schema.get_field_index(lookup.column)
    gathered.parts[lookup.kind.table] = [table.set_column(place, table.schema.field(place), pa.array(texts, table.schema.field(place).type))]


def _breaches(lookup: Lookup, answers: Sequence[tuple[str, ...]], rules: tuple[str, str] = _RULES) -> Iterator[Breach]:
    for rule, several in zip(rules, (False, True), strict=True):
        rows = [
            row for row, (ids, parts) in enumerate(zip(answers, lookup.parts, strict=True)) if parts[0] and len(ids) != 1 and bool(ids) == several
        ]
        if rows:
            notes = [_say_several(answers[row], rule) if several else Text("", "") for row in rows]
            values = [lookup.parts[row][0] for row in rows]
            yield Breach(lookup.kind.table, rule, lookup.column, np.array(rows) + lookup.first, values, notes, needs_column=True)


def _say_several(ids: tuple[str, ...], rule: str) -> Text:
    """How many are meant; of places, which."""
    if rule in _PLACE_RULES:
        return Text(f"（可能是：{'、'.join(ids[:_SHOWN])}）", f" (it may be: {', '.join(ids[:_SHOWN])})")
    return Text(f"（{len(ids)} 个）", f" ({len(ids)} of them)")


def _ids_by_name(gathered: Gathered, label: str) -> dict[str, dict[str, None]]:
    kind = gathered.model.node_type(label)
    ids: dict[str, dict[str, None]] = {}
    for key, name in read_columns(gathered, label, (kind.key, name_of(gathered.model, label))):
        if key and name:
            ids.setdefault(short_name(name), {})[key] = None
    return ids


def _beside(gathered: Gathered, label: str) -> dict[str, set[str]]:
    """What each thing of a kind is tied to by any tie that was read: by id, and by name where that has one."""
    beside: dict[str, set[str]] = {}
    for tie in gathered.model.ties:
        for place, (one, other) in enumerate(((tie.source, tie.target), (tie.target, tie.source))):
            if one == label and tie.table in gathered.parts:
                names = _names_by_id(gathered, other)
                ends = (tie.ends[place].name, tie.ends[1 - place].name)
                for key, far in read_columns(gathered, tie.table, ends):
                    if key and far:
                        beside.setdefault(key, set()).update({short_name(far), *names.get(far, ())})
    return beside


def _names_by_id(gathered: Gathered, label: str) -> dict[str, set[str]]:
    column = name_of(gathered.model, label)
    names: dict[str, set[str]] = {}
    for key, name in read_columns(gathered, label, (gathered.model.node_type(label).key, column)) if column else ():
        if key and name:
            names.setdefault(key, set()).add(short_name(name))
    return names


def name_of(model: Model, label: str) -> str:
    """The column that holds what people call a thing of that kind; empty if it has none."""
    return next((column.name for column in model.node_type(label).columns if column.name == NAME), "")


def read_columns(gathered: Gathered, table: str, names: Sequence[str]) -> Iterable[tuple[str | None, ...]]:
    """Columns of everything that was read of a table, row by row."""
    for part in gathered.parts.get(table, ()):
        yield from zip(*(part[name].to_pylist() for name in names), strict=True)

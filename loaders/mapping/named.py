"""Ends of ties that a file names in words: found among everything that was read, once all of it is; never a pick among namesakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from graphkit.data.breaches import Breach
from graphkit.identity.matching import short_name
from graphkit.model.model import Model
from graphkit.model.types import TieType
from graphkit.words import Text
from loaders.gathered import Gathered

Parts = tuple[str | None, ...]
NAME = "name"
_RULES = ("name.unknown", "name.several")


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """Rows of a tie of which one end is named in words.

    Attributes
    ----------
    kind : TieType
        The tie.
    column : str
        The end that is named.
    first : int
        Position of the first row in the table.
    parts : list of tuple of str or None
        For each row the name, then what is known beside it: a village, a branch, a co-operative.
    """

    kind: TieType
    column: str
    first: int
    parts: Sequence[Parts]

    @property
    def label(self) -> str:
        """The kind of node that is looked for."""
        return self.kind.source if self.column == self.kind.ends[0].name else self.kind.target


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


def _breaches(lookup: Lookup, answers: Sequence[tuple[str, ...]]) -> Iterator[Breach]:
    for rule, several in zip(_RULES, (False, True), strict=True):
        rows = [
            row for row, (ids, parts) in enumerate(zip(answers, lookup.parts, strict=True)) if parts[0] and len(ids) != 1 and bool(ids) == several
        ]
        if rows:
            notes = [Text(f"（{len(answers[row])} 个）", f" ({len(answers[row])} of them)") if several else Text("", "") for row in rows]
            values = [lookup.parts[row][0] for row in rows]
            yield Breach(lookup.kind.table, rule, lookup.column, np.array(rows) + lookup.first, values, notes, needs_column=True)


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

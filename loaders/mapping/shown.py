"""Names shown beside ids: help for who fills a register, never read as data; told where they contradict the id, or stand without one.

A name comes from a column of its own (``names`` of a read), or stands in the cell of the id, as it was picked from a list: ``b01｜Branch``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.breaches import Breach
from graphkit.identity.spelling import short_name
from graphkit.model.types import Property, TieType
from graphkit.privacy import MASK
from graphkit.words import Text, fold
from loaders.gathered import Gathered
from loaders.mapping.language import Read, label_of
from loaders.mapping.named import NAME, name_of, read_columns
from loaders.sheets import NOT_COMPUTED, NOT_FOUND, PICKED

_MORE = "…"  # a cell of several ids shows the first names alone
_IDS_TOLD = 5


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Rows of a tie beside one end of which names were shown.

    Attributes
    ----------
    kind : TieType
        The tie.
    column : str
        The end.
    first : int
        Position of the first row in the table.
    picked, beside : Array
        For each row the name within the cell of the id, and what the column beside it shows; null where there is none.
    several : bool
        Whether what stands beside are the names of several ids.
    """

    kind: TieType
    column: str
    first: int
    picked: pa.Array
    beside: pa.Array
    several: bool

    @property
    def label(self) -> str:
        """The kind of node that is named."""
        return label_of(self.kind, self.column)


def picked_of(heading: str) -> str:
    """Where the names picked with the ids of a column are kept beside it."""
    return f"{fold(heading)}\0picked"


def beside_of(heading: str) -> str:
    """Where what a column of names shows for the ids of another is kept beside it."""
    return f"{fold(heading)}\0beside"


def take_beside(columns: dict[str, pa.Array], read: Read) -> dict[str, pa.Array]:
    """Take the columns that only show names out of `columns`; a formula that was not computed, or failed, shows none.

    Examples
    --------
    >>> columns = {"村代码": pa.array(["1", "2"]), "村名": pa.array(["甲村", "#N/A"])}
    >>> [names.to_pylist() for names in take_beside(columns, Read(names={"村代码": "村名"})).values()], list(columns)
    ([['甲村', None]], ['村代码'])
    """
    taken = {}
    for heading, name in read.names.items():
        if (shown := columns.pop(fold(name), None)) is not None:
            none = pc.match_substring_regex(shown, f"^(?:{NOT_COMPUTED}|#|{NOT_FOUND}$)")
            taken[beside_of(heading)] = pc.if_else(none, pa.scalar(None, pa.string()), shown)
    return taken


def split_picked(columns: dict[str, pa.Array], read: Read) -> dict[str, pa.Array]:
    """Columns in which a cell picked from a list is its id, and its name stands apart.

    Examples
    --------
    >>> split = split_picked({"支部": pa.array(["b01｜甲村党支部", "b02"])}, Read(names={"支部": "支部名"}))
    >>> [cells.to_pylist() for cells in split.values()]
    [['b01', 'b02'], ['甲村党支部', None]]
    """
    columns = dict(columns)
    for heading in read.names:
        cells = columns.get(fold(heading))
        if cells is None or not pc.any(pc.match_substring(cells, PICKED)).as_py():
            continue
        parts = pc.split_pattern(cells, PICKED, max_splits=1)
        both = pc.fill_null(pc.greater(pc.list_value_length(parts), 1), fill_value=False)
        name = pc.list_element(pc.if_else(both, parts, pa.scalar(["", ""], parts.type)), 1)
        columns[picked_of(heading)] = _or_none(name)
        columns[fold(heading)] = _or_none(pc.list_element(parts, 0))
    return columns


def _or_none(cells: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def tell_shown(gathered: Gathered, shown: Sequence[Shown]) -> None:
    """Tell of every name that is not that of the id beside it, and set aside what has a name and no id."""
    names: dict[str, list[tuple[str, str]]] = {}
    for one in shown:
        if one.label not in names:
            column = name_of(gathered.model, one.label)
            key = gathered.model.node_type(one.label).key
            names[one.label] = [(i, n) for i, n in read_columns(gathered, one.label, (key, column)) if i and n] if column else []
        gathered.breaches.extend(_breaches(gathered, one, names[one.label]))


def _breaches(gathered: Gathered, one: Shown, names: Sequence[tuple[str, str]]) -> Iterator[Breach]:
    """The two rules; each different pair of an id and a name is looked at once."""
    declared = next((column for column in gathered.model.node_type(one.label).columns if column.name == NAME), None)
    called: dict[str, dict[str, str]] = {}
    bearing: dict[str, dict[str, None]] = {}
    for key, name in names:
        called.setdefault(key, {})[name_key(name)] = name
        bearing.setdefault(name_key(name), {})[key] = None
    table = pa.concat_tables([part.select([one.column]) for part in gathered.parts[one.kind.table]])
    ids = table[one.column].combine_chunks()[one.first : one.first + len(one.picked)]
    held = np.flatnonzero(pc.or_(pc.is_valid(one.picked), pc.is_valid(one.beside)).to_numpy(zero_copy_only=False))
    take = pa.array(held)
    answers: dict[tuple[str | None, str | None, str | None], str | None] = {}
    wrong: dict[str, list[tuple[int, str, Text]]] = {"name.alone": [], "name.differs": []}
    for row, key, picked, beside in zip(held.tolist(), *(cells.take(take).to_pylist() for cells in (ids, one.picked, one.beside)), strict=True):
        asked = (key, picked, beside)
        if asked not in answers:
            answers[asked] = _strange(key, [picked] if picked else [], _parts(beside, several=one.several), set(called.get(key or "", ())))
        if (strange := answers[asked]) is not None:
            note = _say_alone(bearing.get(name_key(strange), {})) if key is None else _say_called(called[key], declared)
            wrong["name.alone" if key is None else "name.differs"].append((row, strange, note))
    for rule, found in wrong.items():
        if found:
            hidden = declared is not None and declared.personal
            values: list[str | None] = [MASK if hidden else name for _, name, _ in found]
            rows = np.array([row for row, _, _ in found]) + one.first
            yield Breach(one.kind.table, rule, one.column, rows, values, [note for _, _, note in found], needs_column=rule == "name.alone")


def _strange(key: str | None, picked: list[str], beside: list[str], called: set[str]) -> str | None:
    """The name that stands there and is not that of the id; None where there is none, or nothing says what the id is called."""
    if key is None:
        return "、".join(beside) or None
    if not called:
        return None
    if beside and beside[-1] != _MORE and not called & {name_key(name) for name in beside}:
        return "、".join(beside)
    return next((name for name in picked if name_key(name) not in called), None)


def _parts(beside: str | None, *, several: bool) -> list[str]:
    parts = [part.strip() for part in beside.split("、")] if beside and several else [beside or ""]
    return [part for part in parts if part and part != NOT_FOUND]


def name_key(name: str) -> str:
    """What two spellings of one name have in common: marks within it do not tell it apart.

    >>> name_key("甲村 种植、养殖社") == name_key("甲村种植·养殖社")
    True
    """
    return re.sub(r"[\W_]+", "", short_name(name)).casefold()


def _say_alone(ids: dict[str, None]) -> Text:
    if not ids:
        return Text("", "")
    shown = [*ids][:_IDS_TOLD]
    return Text(f"（叫这个名字的有：{'、'.join(shown)}）", f" (so called: {', '.join(shown)})")


def _say_called(called: dict[str, str], declared: Property | None) -> Text:
    if declared is None or declared.personal:
        return Text("", "")
    names = list(called.values())[:_IDS_TOLD]
    return Text(f"（台账里叫“{'、'.join(names)}”）", f" (in its register it is called {', '.join(names)!r})")

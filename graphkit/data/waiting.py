"""Rows that were set aside only because of others: ties to what was set aside itself; and what became of rows since the last load."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.tables import Tables
from graphkit.model.types import TieType

End = tuple[str, str | None]
"""A thing that a row names: its kind and its key."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Ties that were set aside and would be sound if rows that were set aside were mended.

    Attributes
    ----------
    ties : mapping of str to int
        How many ties wait, by table.
    causes : mapping of str to int
        How many rows of things they wait for, by table.
    lost : mapping of str to int
        How many ties were set aside because they name a thing that is in no table, by table.
    nowhere : mapping of str to int
        How many such things there are, by kind.
    """

    ties: Mapping[str, int]
    causes: Mapping[str, int]
    lost: Mapping[str, int] = field(default_factory=dict)
    nowhere: Mapping[str, int] = field(default_factory=dict)


def find_waiting(tables: Tables) -> Waiting:
    """Find the ties that were set aside because of nothing but a row that was set aside itself, and those to things that are nowhere.

    Examples
    --------
    >>> from graphkit.data.checks import quarantine_problems
    >>> given = {"Household": pa.table({"id": ["h1", "h1"], "people": [3, 4]}), "Member": pa.table({"id": ["m1"]}),
    ...     "Village": pa.table({"code": ["23"]}), "Household LIVES_IN Village": pa.table({"household_id": ["h1"], "village_code": ["23"]})}
    >>> find_waiting(quarantine_problems(Tables(given)))
    Waiting(ties={'Household LIVES_IN Village': 1}, causes={'Village': 1}, lost={}, nowhere={})
    """
    rows = [(row["table"], json.loads(row["row"])) for row in tables.quarantine.to_pylist()]
    aside = _keys_aside(tables, rows)
    named = [(table, _ends(tie, row)) for table, row in rows if isinstance(tie := tables.model.table_type(table), TieType)]
    there = _keys_there(tables, {end for _, ends in named for end in ends})
    ties, lost = Counter[str](), Counter[str]()
    causes: set[End] = set()
    nowhere: set[End] = set()
    for table, ends in named:
        missing = [end for end in ends if end not in there]
        if missing and all(end in aside for end in missing):
            ties[table] += 1
            causes |= set(missing)
        elif missing and all(key is not None for _, key in missing):
            lost[table] += 1
            nowhere |= {end for end in missing if end not in aside}
    held = Counter({label: sum(aside[end] for end in causes if end[0] == label) for label, _ in causes})
    return Waiting(dict(ties), dict(held), dict(lost), dict(Counter(label for label, _ in nowhere)))


def _keys_aside(tables: Tables, rows: list[tuple[str, dict[str, str]]]) -> Counter[End]:
    """How many rows of each thing were set aside."""
    kinds = {kind.table: kind for kind in tables.model.nodes}
    return Counter((table, row[kinds[table].key]) for table, row in rows if table in kinds and row.get(kinds[table].key) is not None)


def _ends(tie: TieType, row: dict[str, str]) -> list[End]:
    return [(label, row.get(end.name)) for end, label in zip(tie.ends, (tie.source, tie.target), strict=True)]


def _keys_there(tables: Tables, named: set[End]) -> set[End]:
    """Of the things named by ties, those that are there."""
    there: set[End] = set()
    for label in {label for label, _ in named}:
        wanted = pa.array(sorted(key for kind, key in named if kind == label and key is not None), pa.string())
        held = pc.is_in(wanted, value_set=tables[label][tables.model.node_type(label).key].combine_chunks())
        there |= {(label, key) for key in wanted.filter(held).to_pylist()}
    return there


@dataclass(frozen=True, slots=True)
class Since:
    """Rows set aside at the last load and at this one, by where they stand in the source: file, sheet and row."""

    back: int
    still: int
    new: int


def compare_aside(before: Tables, now: Tables) -> Since:
    """Count the rows that were set aside before and are no more, those that still are, and those that are newly.

    A row goes by its table, file, sheet and number: where rows were put in or taken out above it, it counts as another.
    """
    earlier, later = (set(map(tuple, _places(tables))) for tables in (before, now))
    return Since(len(earlier - later), len(earlier & later), len(later - earlier))


def _places(tables: Tables) -> list[list[object]]:
    names = ("table", "source_file", "source_sheet", "source_row")
    return [[row[name] for name in names] for row in tables.quarantine.select(list(names)).to_pylist()]

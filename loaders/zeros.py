"""Zeros that a spreadsheet took off the start of an id, put back where one id alone can be meant; and told, with what stood there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.arrays import whole
from graphkit.data.breaches import Breach
from graphkit.data.buffers import first_letters
from graphkit.model.types import Property, TieType
from graphkit.privacy import MASK, shown_value
from graphkit.words import Text
from loaders.gathered import Gathered
from loaders.repaired import list_zeros


def repair_zeros(gathered: Gathered) -> None:
    """Write the ids of ties as the things they name have them, where nothing but zeros at the start is missing or too many.

    An id is repaired only if it is all digits, is in no table, one id alone differs from it by such zeros, and no other spelling in the
    column would become the same. The ends of ties are changed, never the keys of things.
    """
    for tie in (tie for tie in gathered.model.ties if tie.table in gathered.parts):
        for end, label in zip(tie.ends, (tie.source, tie.target), strict=True):
            if label in gathered.parts and not end.digits:
                _repair(gathered, tie, end, label)


def _repair(gathered: Gathered, tie: TieType, end: Property, label: str) -> None:
    key = gathered.model.node_type(label).key
    keys = pa.chunked_array([chunk for part in gathered.parts[label] for chunk in part[key].chunks], pa.string())
    column = pa.chunked_array([chunk for part in gathered.parts[tie.table] for chunk in part[end.name].chunks], pa.string())
    if not (_any_zero(keys) or _any_zero(column)):  # before the ids are looked up, which takes a hundred times as long
        return
    keys = whole(keys)
    gone = _digits(column.filter(pc.invert(pc.is_in(column, value_set=keys))))
    meant = dict(_meant(_digits(keys).to_pylist(), gone.to_pylist()))
    if not meant:
        return
    table = pa.concat_tables(gathered.parts[tie.table]).combine_chunks()
    column, place = table[end.name].combine_chunks(), table.schema.get_field_index(end.name)
    found = pc.index_in(column, value_set=pa.array([*meant], pa.string()))
    mended = pc.coalesce(pa.array([*meant.values()], pa.string()).take(found), column)
    repaired = table.set_column(place, table.schema.field(place), mended)
    gathered.parts[tie.table] = [repaired]
    rows = np.flatnonzero(pc.is_valid(found).to_numpy(zero_copy_only=False))
    gathered.repaired.append(list_zeros(tie, end, table, repaired, rows))
    note = _say(end, *next(iter(meant.items())), len(rows))
    gathered.breaches.append(Breach(tie.table, "id.zeros", None, rows, notes=[note] * len(rows), once=True))


def _digits(ids: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The different ids made of digits alone."""
    different = pc.unique(ids)
    return different.filter(pc.fill_null(pc.match_substring_regex(different, "^[0-9]+$"), fill_value=False))


def _any_zero(ids: pa.Array | pa.ChunkedArray) -> bool:
    return any(letters is None or "0" in letters for letters in map(first_letters, _pieces(ids))) and bool(pc.any(pc.starts_with(ids, "0")).as_py())


def _pieces(ids: pa.Array | pa.ChunkedArray) -> list[pa.Array]:
    return ids.chunks if isinstance(ids, pa.ChunkedArray) else [ids]


def _meant(known: Iterable[str], written: Iterable[str]) -> Iterator[tuple[str, str]]:
    """For each id written that is in no table the one that is meant, where that is one alone and no two are written for it."""
    bare: dict[str, list[str]] = {}
    for one in known:
        bare.setdefault(one.lstrip("0"), []).append(one)
    by_bare: dict[str, list[str]] = {}
    for one in written:
        by_bare.setdefault(one.lstrip("0"), []).append(one)
    for short, ones in by_bare.items():
        if short and len(ones) == 1 and len(bare.get(short, ())) == 1 and bare[short][0] not in ones:
            yield ones[0], bare[short][0]


def _say(end: Property, wrong: str, right: str, rows: int) -> Text:
    """The first of them as it stood and as it is read now, unless it may be personal."""
    before, after = shown_value(end, wrong), shown_value(end, right)
    shown = Text("", "") if MASK in (before, after) else Text(f"如“{before}”读作“{after}”，", f"such as {before!r} read as {after!r}; ")
    return Text(f"：{end.heading.zh}，{shown.zh}共 {rows:,} 行", f": {end.heading.en}, {shown.en}{rows:,} rows")

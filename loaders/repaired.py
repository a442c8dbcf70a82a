"""What stood in a cell that was read as something else: kept beside the value, with the rule, unless it may be about a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.arrays import Rows, whole
from graphkit.data.breaches import INEXACT
from graphkit.data.tables import PROVENANCE, REPAIRED
from graphkit.model.kinds import HOUSEHOLD, MEMBER
from graphkit.model.types import NodeType, Property, TieType
from graphkit.privacy import may_be_personal
from loaders.normalise import Normal

_PEOPLE = (MEMBER.label, HOUSEHOLD.label)
_NUMBER = r"\.0+$"  # as a reader of workbooks writes a whole number


def may_keep(kind: NodeType | TieType, column: Property) -> bool:
    """Whether the texts of a column may be kept: not what is personal, and not the ids of people and households, which may become pseudonyms.

    Examples
    --------
    >>> [may_keep(MEMBER, column) for column in MEMBER.columns[:3]]
    [False, False, True]
    """
    if isinstance(kind, NodeType):
        return not column.personal and not (column.name == kind.key and kind.label in _PEOPLE)
    people = {end.name for end, label in zip(kind.ends, (kind.source, kind.target), strict=True) if label in _PEOPLE}
    return not column.personal and column.name not in people


def mended_words(words: pa.Array, values: pa.Array) -> np.ndarray:
    """Which of the different `words` of a column are not the text of their value."""
    plain = pc.replace_substring_regex(words, _NUMBER, "")
    mended: np.ndarray = pc.fill_null(pc.not_equal(plain, values.cast(pa.string())), fill_value=False).to_numpy(zero_copy_only=False)
    return mended


def list_mended(table: pa.Table, kind: NodeType | TieType, column: Property, raw: pa.Array, inexact: Mapping[str, np.ndarray]) -> pa.Table:
    """Rows of the canonical form of which a cell was written in another way than it is kept, `raw` as it stood."""
    rules = np.full(table.num_rows, "date_form" if column.type == "date" else "width", object)
    for rule, held in inexact.items():
        rules[held] = INEXACT[rule]
    return _lines(kind, column, table, raw=raw, value=whole(table[column.name]).cast(pa.string()), rule=rules.tolist())


def list_repaired(
    kind: NodeType | TieType, column: Property, places: pa.Table, cells: pa.DictionaryArray, normals: Sequence[Normal], *, hidden: bool
) -> pa.Table:
    """Cells of a mapped column that were repaired, or are no exact value; `hidden` where the text holds more than is kept of it."""
    hit = np.array([bool(normal.repairs) or normal.precision not in ("exact", "day") for normal in normals], bool)
    found = pc.fill_null(pa.array(hit).take(cells.indices), fill_value=False)
    rows = pa.array(np.flatnonzero(found.to_numpy(zero_copy_only=False)))
    typed = column.type != "string" or bool(column.choices)
    shown = [text if not hidden and (typed or not may_be_personal(text)) else None for text in cells.dictionary.to_pylist()]
    rules = [" ".join([*normal.repairs, *([] if normal.precision in ("exact", "day") else [normal.precision])]) for normal in normals]
    at = cells.indices.take(rows)
    taken = [pa.array(words, pa.string()).take(at) for words in (shown, [normal.value for normal in normals], rules)]
    return _lines(kind, column, places.take(rows), **dict(zip(("raw", "value", "rule"), taken, strict=True)))


def _lines(kind: NodeType | TieType, column: Property, places: pa.Table, *, raw: pa.Array, value: pa.Array, rule: pa.Array | list[str]) -> pa.Table:
    if not may_keep(kind, column):
        raw = value = pa.nulls(places.num_rows, pa.string())
    columns = {
        "table": pa.repeat(pa.scalar(kind.table), places.num_rows),
        **{name: places[name] for name in PROVENANCE.names},
        "column": pa.repeat(pa.scalar(column.name), places.num_rows),
        "raw": raw, "value": value, "rule": rule,
    }  # fmt: skip
    return pa.table(columns, schema=REPAIRED)


def list_zeros(kind: TieType, end: Property, before: pa.Table, after: pa.Table, rows: Rows) -> pa.Table:
    """Ends of ties at which zeros were put back."""
    at = pa.array(rows)
    stood, now = (whole(table[end.name].take(at)) for table in (before, after))
    return _lines(kind, end, before.take(at), raw=stood, value=now, rule=["id.zeros"] * len(rows))

"""Columns as arrays: what the checks work on, whole columns at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.data.numbered import all_differ
from graphkit.data.tables import PROVENANCE

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Known = NDArray[np.int32] | NDArray[np.int64]


def whole(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return a column in one piece."""
    if not isinstance(values, pa.ChunkedArray):
        return values
    return values.chunk(0) if values.num_chunks == 1 else values.combine_chunks()  # which would copy a lone piece


def mask_of(values: pa.ChunkedArray | pa.Array) -> Mask:
    """Truth values as numpy; unknown is false."""
    mask: Mask = pc.fill_null(whole(values), fill_value=False).to_numpy(zero_copy_only=False)
    return mask


def days_of(dates: pa.ChunkedArray, rows: Rows, unknown: int) -> Rows:
    """Days since 1970 of some rows, `unknown` where there is none."""
    days = whole(dates.take(pa.array(rows))).cast(pa.int32()).cast(pa.int64())
    values: Rows = pc.fill_null(days, fill_value=unknown).to_numpy(zero_copy_only=False)
    return values


def codes_of(table: pa.Table, columns: Sequence[str], rows: Rows, known: Mapping[str, Known] | None = None) -> Rows:
    """Number the rows by what stands in `columns`, from 0 to a few times their number: equal cells (empty ones too), equal numbers.

    What stands in a column of `known` has its numbers already, for every row of the table, none below -1.
    """
    codes, size = _number_rows(table, columns, rows, known or {})
    return codes if size <= 4 * len(codes) else _dense(pa.array(codes))[0]


def alike_rows(table: pa.Table, columns: Sequence[str], rows: Rows, known: Mapping[str, Known] | None = None) -> tuple[Rows, Rows]:
    """Of `rows` those that have the same in `columns` as another of them: a number for each group, and the rows; `known` as for `codes_of`.

    Sorting numbers finds them, and where there are none, as in most tables, nothing else is done.
    """
    if len(columns) == 1 and columns[0] not in (known or {}) and len(rows) == table.num_rows and _differ(whole(table[columns[0]])):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    codes, _ = _number_rows(table, columns, rows, known or {})
    ordered = np.sort(codes)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(repeated):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    groups = repeated[np.append(True, repeated[1:] != repeated[:-1])]
    place = np.minimum(np.searchsorted(groups, codes), len(groups) - 1)
    alike = groups[place] == codes
    return place[alike], rows[alike]


def _differ(cells: pa.Array) -> bool:
    """Whether the cells of a column are plainly all different: each greater than the one before it, or ids of which the numbers differ."""
    if cells.null_count:
        return False
    if len(cells) < 2 or bool(pc.all(pc.less(cells[:-1], cells[1:])).as_py()):
        return True
    return pa.types.is_string(cells.type) and all_differ(cells)


def _number_rows(table: pa.Table, columns: Sequence[str], rows: Rows, known: Mapping[str, Known]) -> tuple[Rows, int]:
    """Numbers of rows as `codes_of` gives them, and what they are all below, which may be far above the number of rows."""
    codes, size, all_rows = np.zeros(len(rows), np.int64), 1, np.array_equal(rows, np.arange(table.num_rows))
    for name in columns:
        if name in known:
            cells = known[name] if all_rows else known[name][rows]
            cells, count = cells + 1, int(known[name].max(initial=-1)) + 2
        else:
            cells, count = _number(whole(table[name] if all_rows else table[name].take(pa.array(rows))))
        if size * count > 2**62:
            codes, size = _dense(pa.array(codes))
        codes, size = codes * count + cells, size * count
    return codes, size


def _number(values: pa.Array) -> tuple[Rows, int]:
    """Numbers for the values of a column: days as they are, from the first on; anything else as it comes."""
    if not pa.types.is_date32(values.type):
        return _dense(values)
    if values.null_count == len(values):
        return np.zeros(len(values), np.int64), 1
    days = values.cast(pa.int32()).cast(pa.int64())
    first, last = (pc.min_max(days)[name].as_py() or 0 for name in ("min", "max"))
    return pc.fill_null(pc.subtract(days, first), last - first + 1).to_numpy(), last - first + 2


def _dense(values: pa.Array) -> tuple[Rows, int]:
    encoded = pc.dictionary_encode(values, null_encoding="encode")
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), max(len(encoded.dictionary), 1)


def rank_by_place(table: pa.Table, rows: Rows) -> Rows:
    """Rank of each of `rows` by file, sheet and row; rows without a place by their position."""
    if not len(rows):
        return rows
    places = table.select(PROVENANCE.names).take(pa.array(rows)).append_column("position", pa.array(rows))
    order = pc.sort_indices(places, sort_keys=[(name, "ascending") for name in places.column_names])
    rank = np.empty(len(rows), np.int64)
    rank[order.to_numpy()] = np.arange(len(rows))
    return rank


def first_of_run(codes: Rows) -> Rows:
    """For sorted codes: the position at which the run of each begins."""
    begins = np.append(True, codes[1:] != codes[:-1])
    first: Rows = np.maximum.accumulate(np.where(begins, np.arange(len(codes)), 0))
    return first


def overlapped_spans(group: Rows, since: Rows, until: Rows) -> Rows:
    """For spans sorted by group and begin: the position of the standing span of the group that each one overlaps, or -1."""
    overlapped = np.full(len(group), -1, np.int64)
    last = -1  # the standing span of this group that ends last
    for row in _rows_of_crowded_groups(group, since, until):
        if last < 0 or group[last] != group[row]:
            last = row
        elif since[row] < until[last] and since[row] < until[row]:
            overlapped[row] = last
        elif until[row] > until[last]:
            last = row
    return overlapped


def _rows_of_crowded_groups(group: Rows, since: Rows, until: Rows) -> list[int]:
    """Rows of the groups in which some span begins before an earlier one has ended: all others need no look at single rows."""
    if len(group) < 2:
        return []
    span = 2**34  # longer than any span of days, so that a running maximum never reaches over into the next group
    latest = np.maximum.accumulate(until + group * span)
    crowded = group[1:][(group[1:] == group[:-1]) & (since[1:] + group[1:] * span < latest[:-1])]
    return [int(row) for row in np.flatnonzero(np.isin(group, crowded))]

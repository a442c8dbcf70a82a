"""Columns as arrays: what the checks work on, whole columns at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.data.tables import PROVENANCE

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


def whole(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return a column in one piece."""
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def mask_of(values: pa.ChunkedArray | pa.Array) -> Mask:
    """Truth values as numpy; unknown is false."""
    mask: Mask = pc.fill_null(whole(values), fill_value=False).to_numpy(zero_copy_only=False)
    return mask


def days_of(dates: pa.ChunkedArray, rows: Rows, unknown: int) -> Rows:
    """Days since 1970 of some rows, `unknown` where there is none."""
    days = whole(dates.take(pa.array(rows))).cast(pa.int32()).cast(pa.int64())
    values: Rows = pc.fill_null(days, fill_value=unknown).to_numpy(zero_copy_only=False)
    return values


def codes_of(table: pa.Table, columns: Sequence[str], rows: Rows) -> Rows:
    """Number the rows from 0 by what stands in `columns`: equal cells (empty ones too), equal numbers."""
    codes, size = np.zeros(len(rows), np.int64), 1
    taken = table.select(list(columns))
    if not np.array_equal(rows, np.arange(table.num_rows)):
        taken = taken.take(pa.array(rows))
    for name in columns:
        cells, count = _dense(whole(taken[name]))
        if size * count > 2**62:
            codes, size = _dense(pa.array(codes))
        codes, size = codes * count + cells, size * count
    return codes if len(columns) == 1 else _dense(pa.array(codes))[0]


def _dense(values: pa.Array) -> tuple[Rows, int]:
    encoded = pc.dictionary_encode(values, null_encoding="encode")
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), max(len(encoded.dictionary), 1)


def rank_by_place(table: pa.Table, rows: Rows) -> Rows:
    """Rank of each of `rows` by file, sheet and row; rows without a place by their position."""
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

"""Ties of each node into each group, counted by sorting; participation and brokerage both rest on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphkit.kernels.compiled import split_rows

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

BLOCK_ENTRIES = 4_000_000  # sorted at once: keeps the memory below that of the network


def count_by_group(offsets: Longs, neighbours: Ints, groups: Ints) -> tuple[Ints, Ints, Longs]:
    """Distinct (node, group of its neighbours) and the number of ties; neighbours in no group count nowhere."""
    width = np.int64(groups.max(initial=0)) + 1
    parts = [_count_block(first, last, offsets, neighbours, groups, width) for first, last in split_rows(offsets, BLOCK_ENTRIES)]
    keys, counts = (
        (np.concatenate(part) if parts else np.empty(0, np.int64) for part in zip(*parts, strict=True)) if parts else (np.empty(0, np.int64),) * 2
    )
    nodes = keys // width
    return nodes.astype(np.int32), (keys - nodes * width).astype(np.int32), counts


def _count_block(first: int, last: int, offsets: Longs, neighbours: Ints, groups: Ints, width: np.int64) -> tuple[Longs, Longs]:
    into = groups[neighbours[offsets[first] : offsets[last]]]
    keys = np.repeat(np.arange(first, last, dtype=np.int64), np.diff(offsets[first : last + 1])) * width + into
    return np.unique(keys[into >= 0], return_counts=True)


def measure_participation(offsets: Longs, neighbours: Ints, groups: Ints) -> Floats:
    """1 - sum over groups of (ties into it / ties into any)**2; NaN for a node without a tie into a known group."""
    n = len(offsets) - 1
    nodes, _, counts = count_by_group(offsets, neighbours, groups)
    known = np.bincount(nodes, counts, minlength=n)
    squares = np.bincount(nodes, counts * counts, minlength=n)
    share: Floats = np.divide(squares, known * known, out=np.full(n, np.nan), where=known > 0)
    return 1 - share

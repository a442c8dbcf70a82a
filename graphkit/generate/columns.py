"""Arrays to Arrow columns: ids, words, days and flags, without a Python object for a row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def make_ids(prefix: str, numbers: Ints, *, largest: int | None = None) -> pa.Array:
    """Make ids such as ``h0000012`` from numbers counted from 0; all have the width that `largest` needs.

    >>> make_ids("h", np.array([0, 11])).to_pylist()
    ['h0000001', 'h0000012']
    """
    width = max(7, len(str(largest or 0)))
    text = pc.utf8_lpad(pa.array(numbers + 1, pa.int64()).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(prefix, text, "")


def join_text(before: str, text: pa.Array, after: str = "") -> pa.Array:
    """Put the same words before and after every text."""
    return pc.binary_join_element_wise(before, text, after, "")


def words(words: Sequence[str], codes: Ints, *, unknown: Bools | None = None) -> pa.Array:
    """Give the word behind each code; null where `unknown`."""
    return pa.array(words, pa.string()).take(pa.array(codes, pa.int64(), mask=unknown))


def dates(days: Ints, *, unknown: Bools | None = None) -> pa.Array:
    """Make days since 1970 into dates; null where `unknown`."""
    return pa.array(days.astype(np.int32), pa.int32(), mask=unknown).cast(pa.date32())


def numbers(values: Ints, *, unknown: Bools | None = None) -> pa.Array:
    """Make integers; null where `unknown`."""
    return pa.array(values, pa.int64(), mask=unknown)


def flags(values: Bools, *, unknown: Bools | None = None) -> pa.Array:
    """Make booleans; null where `unknown`."""
    return pa.array(values, pa.bool_(), mask=unknown)

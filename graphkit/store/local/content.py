"""What a store holds, as one hash: of the cells and the order of rows alone, whatever the pieces they lie in, and several times cheaper than writing them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.data.buffers import memory_of

_REPEATED = ("source_file", "source_sheet")  # columns that say one word for thousands of rows
_MOST_RUNS = 4_096  # beyond, the texts themselves are hashed


def update_digest(digest: Any, name: str, table: pa.Table) -> None:
    """Add a table to a hash of `hashlib`: its name, its columns with their types, and every cell.

    Examples
    --------
    >>> import hashlib
    >>> first, second = hashlib.sha256(), hashlib.sha256()
    >>> update_digest(first, "t", pa.table({"a": pa.chunked_array([["x"], [None, "y"]])}))
    >>> update_digest(second, "t", pa.table({"a": ["x", None, "y"]}))
    >>> first.digest() == second.digest()
    True
    """
    digest.update(f"{name} {table.num_rows} {table.schema}".encode())
    for field, column in zip(table.schema, table.columns, strict=True):
        digest.update(f"{len(column)} {column.null_count} ".encode())
        if column.null_count == len(column):
            continue
        if pa.types.is_string(column.type):
            _add_texts(digest, column, repeats=field.name in _REPEATED)
            continue
        _add_missing(digest, column)
        for chunk in column.chunks:
            digest.update(_numbers_of(chunk))


def _add_missing(digest: Any, column: pa.ChunkedArray) -> None:
    if column.null_count:
        there = [chunk.is_valid().to_numpy(zero_copy_only=False) for chunk in column.chunks]
        digest.update(np.packbits(np.concatenate(there)))


def _numbers_of(chunk: pa.Array) -> NDArray[Any]:
    """The cells of one piece, 0 where there is none."""
    held = chunk.cast(pa.int8()) if pa.types.is_boolean(chunk.type) else chunk.view(f"int{chunk.type.bit_width}")
    numbers: NDArray[Any] = (pc.fill_null(held, 0) if held.null_count else held).to_numpy()
    return np.ascontiguousarray(numbers)


def _add_texts(digest: Any, column: pa.ChunkedArray, *, repeats: bool) -> None:
    runs = runs_of(column) if repeats else None
    if runs is not None:
        words, ends = runs
        digest.update(json.dumps([words, ends]).encode())
        return
    _add_missing(digest, column)
    held = [memory_of(pc.fill_null(chunk, "") if chunk.null_count else chunk) for chunk in column.chunks]
    for begins, _ in held:
        digest.update(np.diff(begins))
    for _, memory in held:
        digest.update(memory)


def runs_of(column: pa.ChunkedArray) -> tuple[list[str | None], list[int]] | None:
    """Return the words of a column that says one many times before it says the next, with how many rows end each; None where there are too many.

    Examples
    --------
    >>> runs_of(pa.chunked_array([["a", "a"], ["a", "b"]]))
    (['a', 'b'], [3, 4])
    """
    words: list[str | None] = []
    ends: list[int] = []
    begin = 0
    for chunk in column.chunks:
        coded = pc.run_end_encode(chunk)
        if len(coded.values) > _MOST_RUNS:
            return None
        for word, end in zip(coded.values.to_pylist(), coded.run_ends.to_pylist(), strict=True):
            if words and words[-1] == word:
                ends[-1] = begin + end
            else:
                words.append(word)
                ends.append(begin + end)
        begin += len(chunk)
    return (words, ends) if len(words) <= _MOST_RUNS else None

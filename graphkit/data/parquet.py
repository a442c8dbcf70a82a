"""Parquet files, looked at before they are read: a few kilobytes can ask for more memory than a machine has."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

_REPEATED_BELOW = 8  # bytes a value: a text column in which a value takes less is written as a list of words and their places
_OFFSET_BYTES = 4  # that a text takes in memory beside its characters


def read_parquet(data: bytes, *, rows: int | None = None, known: bool = False, without: Collection[str] = ()) -> pa.Table:
    """Return the table in a Parquet file, once its own figures say that it can be held.

    Parameters
    ----------
    data : bytes
        The file.
    rows : int, optional
        How many rows it must have.
    known : bool
        Whether the bytes are known to be those that were written, by their hash. Texts that repeat are then
        told by the library's account of each column, which is quicker; asked of a damaged file, it ends the process.
    without : collection of str
        Columns that are not read.

    Raises
    ------
    ValueError
        If it is no Parquet file, is damaged, or has another number of rows.
    MemoryError
        If its rows would need more memory than this machine has.

    Examples
    --------
    >>> sink = pa.BufferOutputStream()
    >>> pq.write_table(pa.table({"code": ["230112104001"]}), sink)
    >>> read_parquet(sink.getvalue().to_pybytes(), rows=1).num_rows
    1
    """
    return open_parquet(data, rows=rows, known=known).read(without=without)


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A Parquet file that can be held, and what it says of its columns."""

    schema: pa.Schema
    _file: pq.ParquetFile

    def read(self, *, without: Collection[str] = ()) -> pa.Table:
        """Return its table, `without` some columns.

        Raises
        ------
        ValueError
            If it is damaged.
        MemoryError
            If its texts would need more memory than this machine has.
        """
        with _told():
            wanted = pa.schema([field for field in self.schema if field.name not in without], self.schema.metadata)
            return _spelt_out(self._file.read(wanted.names), wanted)


def open_parquet(data: bytes, *, rows: int | None = None, known: bool = False) -> Opened:
    """Look at a Parquet file and read none of its rows; parameters, and what is raised, as of `read_parquet`.

    Examples
    --------
    >>> sink = pa.BufferOutputStream()
    >>> pq.write_table(pa.table({"code": ["230112104001"]}), sink)
    >>> open_parquet(sink.getvalue().to_pybytes(), rows=1).schema.names
    ['code']
    """
    source = pa.py_buffer(data)
    with _told():
        metadata = pq.read_metadata(pa.BufferReader(source))
        if rows is not None and metadata.num_rows != rows:
            raise ValueError(f"{metadata.num_rows} rows, not {rows}")
        schema = metadata.schema.to_arrow_schema()
        refuse_larger(max(_unpacked_bytes(metadata), metadata.num_rows * _row_bytes(schema)))
        repeated = _repeated_texts(metadata) if known else _texts(schema)
        return Opened(schema, pq.ParquetFile(pa.BufferReader(source), read_dictionary=repeated, page_checksum_verification=True))


@contextmanager
def _told() -> Iterator[None]:
    """Tell whatever is wrong with a file in one line."""
    try:
        yield
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowIndexError, OSError, KeyError, TypeError, OverflowError) as error:
        raise ValueError(str(error).partition("\n")[0]) from None


def refuse_larger(needed: int) -> None:
    """Raise MemoryError if `needed` bytes are more than this machine has."""
    if needed > memory_bytes():
        raise MemoryError(f"{needed:,} bytes of memory are needed")


def memory_bytes() -> int:
    """Return how much memory this machine has; without bound where it does not say."""
    if not hasattr(os, "sysconf"):
        return 2**63
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _unpacked_bytes(metadata: pq.FileMetaData) -> int:
    return sum(metadata.row_group(position).total_byte_size for position in range(metadata.num_row_groups))


def _row_bytes(schema: pa.Schema) -> int:
    """What a row takes in memory at the least; a bit counts as nothing."""
    return sum(field.type.bit_width // 8 if pa.types.is_primitive(field.type) else _OFFSET_BYTES for field in schema)


def _texts(schema: pa.Schema) -> list[str]:
    return [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)]


def _repeated_texts(metadata: pq.FileMetaData) -> list[str]:
    """Text columns that hold few words many times: spelt out they may be of any size."""
    repeated = set()
    for group in (metadata.row_group(position) for position in range(metadata.num_row_groups)):
        for column in (group.column(position) for position in range(metadata.num_columns)):
            if column.physical_type == "BYTE_ARRAY" and column.total_uncompressed_size < _REPEATED_BELOW * column.num_values:
                repeated.add(column.path_in_schema)
    return sorted(repeated)


def _spelt_out(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with every text in its place, once it is known how much that is."""
    encoded = [column for column in table.columns if pa.types.is_dictionary(column.type)]
    refuse_larger(sum(_spelt_bytes(chunk) for column in encoded for chunk in column.chunks))
    return table.cast(schema.with_metadata(table.schema.metadata)) if encoded else table


def _spelt_bytes(chunk: pa.DictionaryArray) -> int:
    return pc.sum(pc.binary_length(chunk.dictionary).take(chunk.indices)).as_py() or 0

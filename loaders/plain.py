"""Plain CSV files: what a program writes in the canonical form, read with its columns told apart by type at once.

Nine files in ten hold nothing but their heading and rows, each line one row, each day as ``2012-04-30``. Such a file is parsed in one go into days,
into lists of words with their places where few words are said, and into texts elsewhere; every rule of the careful reader is then held against the
words. Whatever may be a title, a total, a note, a cell over several lines, a row of another width, a heading that is not known, or another encoding is
left to the careful reader (`loaders.csv_files`, `loaders.regions`), which is asked for the whole file anew: this one never guesses.
"""

from __future__ import annotations

import codecs
import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from graphkit.errors import SourceError
from graphkit.model.model import Model
from graphkit.model.types import NodeType, Property, TieType
from graphkit.words import fold
from loaders.csv_files import LOOKED_AT, choose_separator, count_lines, parse
from loaders.encodings import is_utf8
from loaders.files import ReadOptions, Source, bytes_of_text
from loaders.headings import columns_by_heading, kinds_by_name
from loaders.regions import LAST_LOOKED_AT, cut_known, may_hold_no_data
from loaders.sheets import LONGEST_CELL, Grid, Sheet

BLOCK = 2**20  # bytes parsed at once: what is parsed is then still in the processor's cache
_FIRST_DAY = pa.scalar(dt.date(1000, 1, 1))  # the careful reader says of earlier years what they are
_WORDS = pa.dictionary(pa.int32(), pa.string())
Kind = NodeType | TieType


def read_plain(source: Source, options: ReadOptions, model: Model) -> tuple[Sheet, Kind] | None:
    """Read a CSV file that is plain, as a sheet whose columns are texts, days, or words and their places; None where it is not, or may not be.

    Raises
    ------
    SourceError
        If the file cannot be opened, is too large, or is empty, as `loaders.files.read_grids` raises it.
    """
    kind = kinds_by_name(model).get(fold(source.path.stem))
    data = bytes_of_text(source) if kind and options == ReadOptions() else None
    if kind is None or data is None or b"\x00" in data or not is_utf8(data):
        return None
    begin = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    end = data.find(b"\n", begin) + 1
    if not end or end == len(data) or not _has_short_lines(data):
        return None
    sheet = _sample(source, data[begin:end], data, end, kind)
    if sheet is None:
        return None
    columns = _parse(data, end, [columns_by_heading(kind)[fold(heading)] for heading in sheet.headings])
    if columns is None or len(columns[0]) != count_lines(data) - 1 or may_hold_no_data(columns, sheet.headings[0]):
        return None
    return Sheet(source.path, None, sheet.headings, columns, np.arange(2, len(columns[0]) + 2), (), source.name, sheet.skipped), kind


def _has_short_lines(data: bytes) -> bool:
    """Whether no line, and so no cell, is longer than a cell may be."""
    start = 0
    while len(data) - start > LONGEST_CELL:
        start = data.rfind(b"\n", start, start + LONGEST_CELL) + 1
        if not start:
            return False
    return True


def _sample(source: Source, heading: bytes, data: bytes, begin: int, kind: Kind) -> Sheet | None:
    """The heading, the first row and the last ones, as the careful reader takes them; None where it finds anything there but rows under known headings."""
    text = heading + _first_and_last(data, begin)
    try:
        if choose_separator(source.path, data[begin - len(heading) : begin - len(heading) + LOOKED_AT], None) != "," or b"," not in heading:
            return None
        table, misfits = parse(source.path, text, ",")
    except SourceError:
        return None
    if misfits or table.num_rows != count_lines(text):
        return None
    columns = tuple(column.combine_chunks() for column in table.columns)
    grid = Grid(source.path, None, columns, np.arange(1, table.num_rows + 1), source=source.name)
    known = columns_by_heading(kind)
    named = [known.get(fold(cell or "")) for cell in grid.row(0)]
    names = {column.name for column in named if column}
    if None in named or len(names) < len(named) or any(column.required and column.name not in names for column in kind.columns):
        return None
    sheet = cut_known(grid, known)
    return sheet if len(sheet.rows) == table.num_rows - 1 else None


def _first_and_last(data: bytes, begin: int) -> bytes:
    """The first line of the rows and the last ones, each once."""
    first, last = data.find(b"\n", begin) + 1 or len(data), len(data)
    for _ in range(LAST_LOOKED_AT + 1):
        last = data.rfind(b"\n", first - 1, last - 1) + 1 if last > first else first
        last = max(last, first)
    return data[begin:first] + data[last:]


def _parse(data: bytes, begin: int, columns: list[Property]) -> tuple[pa.Array, ...] | None:
    """The rows of a text, by column; None where some line is no row of this width."""
    text = pa.py_buffer(data if data.endswith((b"\n", b"\r")) else data + b"\n")
    for dates in (pa.date32(), _WORDS):  # days written in any other way are read as the words they are
        try:
            table = pa.csv.read_csv(
                pa.BufferReader(text.slice(begin)),
                pa.csv.ReadOptions(use_threads=False, column_names=[column.name for column in columns], block_size=BLOCK),
                pa.csv.ParseOptions(newlines_in_values=False, ignore_empty_lines=False),
                pa.csv.ConvertOptions(
                    column_types={column.name: _type_of(column, dates) for column in columns},
                    check_utf8=False, strings_can_be_null=True, null_values=[""],
                ),
            )  # fmt: skip
        except pa.ArrowInvalid:
            continue
        if all(_are_late(column) for column in table.columns):
            return tuple(_in_one_piece(column) for column in table.columns)
    return None


def _type_of(column: Property, dates: pa.DataType) -> pa.DataType:
    if column.type == "date":
        return dates
    return pa.string() if column.type == "string" and not column.choices else _WORDS


def _are_late(column: pa.ChunkedArray) -> bool:
    """Whether days lie in years of four digits that do not begin with a zero; true of anything else."""
    return not pa.types.is_date32(column.type) or pc.greater_equal(pc.min(column), _FIRST_DAY).as_py() is not False


def _in_one_piece(column: pa.ChunkedArray) -> pa.Array:
    column = column.unify_dictionaries()
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()

"""Reading: a file as it is, every cell as text, with the place it stands.

This module knows files and no model: `read_file` gives one `Sheet` for a CSV and one for each sheet
of a workbook. A later reader of messy sheets gives the same `Sheet` and the rest stays as it is.
"""

from __future__ import annotations

import codecs
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from loaders.sheets import LONGEST_CELL, MOST_COLUMNS, Sheet, refuse
from loaders.workbooks import LARGEST_WORKBOOK, read_workbook

READ_SUFFIXES = (".csv", ".xlsx")
OTHER_SHEET_SUFFIXES = (".xls", ".xlsm", ".xlsb", ".ods", ".et", ".tsv", ".numbers")  # hold rows, but not in the canonical form
PIECE = 2**24
LARGEST_CSV = 2**29  # bytes; a county's longest table, three million pairings, takes some 200 MB
LONGEST_LINE = 2**20  # bytes; a row of the widest table takes some 500
LARGEST_BLOCK = 2**30  # of a CSV, parsed at once: the largest, recoded to UTF-8, fits into it


def read_file(path: Path, *, encoding: str | None = None) -> list[Sheet]:
    """Read a CSV file or an XLSX workbook; sheets with nothing in them are left out.

    Parameters
    ----------
    path : Path
        The file.
    encoding : str, optional
        Of a CSV. If not given: UTF-8, with or without BOM, and where that fails GB18030.

    Raises
    ------
    SourceError
        If the file cannot be read, is empty, or is not what its name says.
    ParameterError
        If there is no such encoding.
    """
    suffix = path.suffix.lower()
    if suffix not in READ_SUFFIXES:
        raise refuse(
            f"不能读取 {suffix or '没有后缀的文件'}；请在电子表格程序中另存为 .xlsx 或 CSV UTF-8",
            f"{suffix or 'a file without suffix'} cannot be read; save it as .xlsx or as CSV UTF-8 from a spreadsheet program",
            path=path,
        )
    data = _read_bytes(path, LARGEST_CSV if suffix == ".csv" else LARGEST_WORKBOOK)
    if not data.strip(codecs.BOM_UTF8 + b" \t\r\n"):
        raise refuse("文件是空的；第一行应为表头", "the file is empty; its first row should be the headings", path=path)
    return [_read_csv(path, data, encoding)] if suffix == ".csv" else read_workbook(path, data)


def _read_bytes(path: Path, most: int) -> bytes:
    """All of a file, once its size is known to be that of a table."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise refuse(
                "这不是文件；请给出表格文件或放表格的文件夹", "it is no file; name a file with a table, or a folder of such files", path=path
            )
        if about.st_size > most:
            raise refuse(
                f"文件大于 {most // 2**20} MB；请分成几个文件（同一类可以有几个）",
                f"the file is larger than {most // 2**20} MB; divide it into several (of one kind there may be several)",
                path=path,
            )
        return path.read_bytes()
    except OSError as error:
        raise refuse(f"文件打不开（{type(error).__name__}）", f"the file cannot be opened ({type(error).__name__})", path=path) from None


# CSV


def _read_csv(path: Path, data: bytes, encoding: str | None) -> Sheet:
    text = _as_utf8(path, data, encoding)
    _refuse_long_line(path, text)
    table, misfits = _parse(path, text)
    fits = np.ones(table.num_rows + len(misfits), bool)
    fits[[number - 1 for number, _ in misfits]] = False
    numbers = np.flatnonzero(fits) + 1
    columns = [column.combine_chunks() for column in table.columns]
    _refuse_open_quote(path, data, columns, numbers)
    _refuse_long_cell(path, columns, numbers)
    headings = tuple(column[0].as_py() or "" for column in columns)
    return Sheet(path, None, headings, tuple(column[1:] for column in columns), numbers[1:], tuple(misfits))


def _as_utf8(path: Path, data: bytes, encoding: str | None) -> bytes:
    """Text of the file as UTF-8 without BOM."""
    if encoding is None and data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise refuse("文件是 UTF-16 编码；请另存为“CSV UTF-8”", "the file is in UTF-16; save it as 'CSV UTF-8'", path=path)
    text = data if encoding is None and _is_utf8(data) else _recode(path, data, encoding or "gb18030", encoding or "UTF-8, GB18030")
    if b"\x00" in text:
        raise refuse("这不是文本文件（含有空字节）；请另存为“CSV UTF-8”", "this is no text (it holds zero bytes); save it as 'CSV UTF-8'", path=path)
    return text.removeprefix(codecs.BOM_UTF8)


def _refuse_long_line(path: Path, text: bytes) -> None:
    """Refuse what has no line breaks, or a heading of too many columns, before it is taken apart."""
    if text[:LONGEST_LINE].partition(b"\n")[0].count(b",") >= MOST_COLUMNS:
        raise refuse(f"超过 {MOST_COLUMNS} 列", f"it has more than {MOST_COLUMNS} columns", path=path)
    start = 0
    while len(text) - start > LONGEST_LINE:
        end = max(text.rfind(mark, start, start + LONGEST_LINE) for mark in (b"\n", b"\r"))
        if end < 0:
            raise refuse(
                f"有一行超过 {LONGEST_LINE // 2**20} MB；请检查换行，另存为“CSV UTF-8”",
                f"a line is longer than {LONGEST_LINE // 2**20} MB; look for missing line breaks, and save it as 'CSV UTF-8'",
                path=path,
            )
        start = end + 1


def _is_utf8(data: bytes) -> bool:
    """Whether all of it decodes; looked at piece by piece, since the whole as a Python text may take four times its size."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), PIECE):
            decoder.decode(data[start : start + PIECE], final=start + PIECE >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _recode(path: Path, data: bytes, codec: str, tried: str) -> bytes:
    try:
        return data.decode(codec).encode()
    except LookupError:
        raise ParameterError(f"there is no encoding named {codec!r}", zh=f"没有名为 {codec!r} 的编码") from None
    except UnicodeError:
        raise refuse(
            f"文件不是这种编码：{tried}；请另存为“CSV UTF-8”，或用 encoding 指明",
            f"the file is not in {tried}; save it as 'CSV UTF-8', or name its encoding",
            path=path,
        ) from None


def _parse(path: Path, text: bytes) -> tuple[pa.Table, list[tuple[int, str]]]:
    """Cells of every row, the heading included, and the rows that do not fit it."""
    misfits: list[tuple[int, str]] = []

    def note(row: Any) -> str:
        misfits.append((row.number, row.text))
        return "skip"

    try:
        table = pa.csv.read_csv(
            pa.BufferReader(text),
            # one thread, one block: only then does the parser number the rows it refuses
            pa.csv.ReadOptions(use_threads=False, autogenerate_column_names=True, block_size=min(max(len(text) + 1, 2**16), LARGEST_BLOCK)),
            pa.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note),
            pa.csv.ConvertOptions(
                column_types={f"f{position}": pa.string() for position in range(MOST_COLUMNS)}, strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid:
        raise refuse(
            "不能按 CSV 解析；请检查引号是否成对", "it cannot be taken apart as CSV; look for a quotation mark without its pair", path=path
        ) from None
    if table.num_columns > MOST_COLUMNS:
        raise refuse(f"超过 {MOST_COLUMNS} 列", f"it has more than {MOST_COLUMNS} columns", path=path)
    return table, misfits


def _refuse_long_cell(path: Path, columns: list[pa.Array], numbers: NDArray[np.int64]) -> None:
    for column in columns:
        long = pc.greater(pc.utf8_length(column), LONGEST_CELL)
        if pc.any(long).as_py():
            row = numbers[pc.index(long, True).as_py()]
            raise refuse(
                f"第{row}行有一格超过 {LONGEST_CELL:,} 个字；请检查引号是否成对",
                f"row {row} has a cell of more than {LONGEST_CELL:,} characters; look for a quotation mark without its pair",
                path=path,
            )


def _refuse_open_quote(path: Path, data: bytes, columns: list[pa.Array], numbers: NDArray[np.int64]) -> None:
    """Refuse a quotation mark that is never closed: all rows after it would vanish into one cell."""
    if data.count(b'"') % 2 and any("\n" in (column[-1].as_py() or "") for column in columns):
        raise refuse(
            f"第{numbers[-1]}行有引号没有成对，其后的行无法读取", f"row {numbers[-1]} opens a quotation mark that is never closed; nothing after it can be read", path=path
        )  # fmt: skip

"""Reading: a file as it is, every cell as text, with the place it stands.

This module knows files and no model: `read_file` gives one `Sheet` for a CSV and one for each sheet
of a workbook. A later reader of messy sheets gives the same `Sheet` and the rest stays as it is.
"""

from __future__ import annotations

import codecs
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from graphkit.errors import ParameterError, SourceError

READ_SUFFIXES = (".csv", ".xlsx")
OTHER_SHEET_SUFFIXES = (".xls", ".xlsm", ".xlsb", ".ods", ".et", ".tsv", ".numbers")  # hold rows, but not in the canonical form
MOST_COLUMNS = 1_000
PIECE = 2**24
LARGEST_BLOCK = 2**30  # of a CSV, parsed at once; a row must fit into it

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how an .xls, or any encrypted workbook, begins
_ZIP = b"PK\x03\x04"
_EXACT = 1e15  # a spreadsheet keeps 15 digits of a number


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The text of one CSV file, or of one sheet of a workbook.

    Attributes
    ----------
    path : Path
        The file.
    name : str or None
        Name of the sheet; None for a CSV.
    headings : tuple of str
        Cells of the first row; empty where there is nothing.
    columns : tuple of Array
        Text of the other rows, one array a column; null for an empty cell.
    rows : int64 array
        Number of each of these rows as a spreadsheet shows it: the heading is row 1, a blank row
        counts, and a row of a CSV in which a cell holds line breaks counts once.
    misfits : list of (int, str)
        Rows of a CSV that have more or fewer cells than the heading: number and text.
    """

    path: Path
    name: str | None
    headings: tuple[str, ...]
    columns: tuple[pa.Array, ...]
    rows: NDArray[np.int64]
    misfits: tuple[tuple[int, str], ...] = ()


def refuse(zh: str, en: str, *, path: Path, sheet: str | None = None, column: str | None = None) -> SourceError:
    """Make the error that says in both languages why a file cannot be read."""
    return SourceError(en, zh=zh, path=str(path), sheet=sheet, column=column)


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
    try:
        data = path.read_bytes()
    except OSError as error:
        raise refuse(f"文件打不开（{type(error).__name__}）", f"the file cannot be opened ({type(error).__name__})", path=path) from None
    if not data.strip(codecs.BOM_UTF8 + b" \t\r\n"):
        raise refuse("文件是空的；第一行应为表头", "the file is empty; its first row should be the headings", path=path)
    return [_read_csv(path, data, encoding)] if suffix == ".csv" else _read_workbook(path, data)


# CSV


def _read_csv(path: Path, data: bytes, encoding: str | None) -> Sheet:
    table, misfits = _parse(path, _as_utf8(path, data, encoding))
    numbers = np.setdiff1d(np.arange(1, table.num_rows + len(misfits) + 1), [number for number, _ in misfits])
    columns = [column.combine_chunks() for column in table.columns]
    _refuse_open_quote(path, data, columns, numbers)
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


def _refuse_open_quote(path: Path, data: bytes, columns: list[pa.Array], numbers: NDArray[np.int64]) -> None:
    """Refuse a quotation mark that is never closed: all rows after it would vanish into one cell."""
    if data.count(b'"') % 2 and any("\n" in (column[-1].as_py() or "") for column in columns):
        raise refuse(
            f"第{numbers[-1]}行有引号没有成对，其后的行无法读取", f"row {numbers[-1]} opens a quotation mark that is never closed; nothing after it can be read", path=path
        )  # fmt: skip


# XLSX


def _read_workbook(path: Path, data: bytes) -> list[Sheet]:
    import python_calamine

    _refuse_no_workbook(path, data)
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as book:
            worksheets = [meta.name for meta in book.sheets_metadata if meta.typ == python_calamine.SheetTypeEnum.WorkSheet]
            read = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in worksheets]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise refuse(
            f"不是可以读取的工作簿（{type(error).__name__}）；请在电子表格程序中打开并另存为 .xlsx",
            f"it is not a workbook that can be read ({type(error).__name__}); open it in a spreadsheet program and save it as .xlsx",
            path=path,
        ) from None
    sheets = [_as_sheet(path, name, cells) for name, cells in read if any(cell != "" for row in cells for cell in row)]
    if not sheets:
        raise refuse("工作簿是空的", "the workbook is empty", path=path)
    return sheets


def _refuse_no_workbook(path: Path, data: bytes) -> None:
    if data.startswith(_OLD_OFFICE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise refuse("工作簿有密码；请去掉密码后再读取", "the workbook is protected by a password; remove the password first", path=path)
    if data.startswith(_OLD_OFFICE):
        raise refuse("这是旧的 .xls 格式；请另存为 .xlsx", "this is the old .xls format; save it as .xlsx", path=path)
    if not data.startswith(_ZIP):
        raise refuse("不是工作簿；若是文本请改名为 .csv", "it is not a workbook; if it is text, rename it to .csv", path=path)


def _as_sheet(path: Path, name: str, cells: list[list[Any]]) -> Sheet:
    headings, *body = cells
    columns = tuple(_as_text(values) for values in zip(*body, strict=True)) if body else tuple(pa.array([], pa.string()) for _ in headings)
    return Sheet(path, name, tuple(_say(cell) or "" for cell in headings), columns, np.arange(2, len(cells) + 1))


def _as_text(values: tuple[Any, ...]) -> pa.Array:
    kinds = set(map(type, values))
    if kinds == {str}:
        return pa.array(values, pa.string())
    if len(kinds) == 1 and (say := _SAY.get(kinds.pop())):
        return pa.array([say(value) for value in values], pa.string())
    return pa.array([_say(value) for value in values], pa.string())


def _say(value: Any) -> str | None:
    """One cell as text, written as a person would have typed it."""
    say = _SAY.get(type(value), str)
    return say(value) or None


def _say_number(number: float) -> str:
    """A whole number without a point; one too long for a spreadsheet with its exponent, so that what it lost is seen."""
    if number.is_integer() and abs(number) < _EXACT:
        return str(int(number))
    return f"{number:.14e}" if abs(number) >= _EXACT else repr(number)


def _say_moment(moment: dt.datetime) -> str:
    return moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(" ")


_SAY: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: "true" if value else "false",
    int: lambda value: _say_number(float(value)),
    float: _say_number,
    dt.datetime: _say_moment,
    dt.date: dt.date.isoformat,
}

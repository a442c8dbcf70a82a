"""Workbooks: the cells of an XLSX as text, after a look at how much there is of it.

calamine makes a sheet dense: one cell at the far corner of a workbook of 5 kB asks for 549 GB, and the
interpreter is aborted, with no exception to catch. So the parts of the file are unpacked here, within
bounds, looked at, and handed on just as they were looked at: what the ZIP says of itself is not relied on.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from graphkit.errors import SourceError
from loaders.sheets import MOST_COLUMNS, Sheet, refuse
from loaders.states import mark_states

# No table of a county comes near these: its longest, a million pairings, has 20 million cells in 100 MB packed and 900 MB of XML.
LARGEST_WORKBOOK = 2**28  # bytes, as it is stored
LARGEST_UNPACKED = 2**30  # bytes of all its XML
MOST_CELLS = 20_000_000  # of all sheets, from the first row and column to the last that holds something
LONGEST_TEXT = 2**20  # bytes of one text with its markup; a cell holds 32,767 characters

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how an .xls, or any encrypted workbook, begins
_ZIP = b"PK\x03\x04"
_EXACT = 1e15  # a spreadsheet keeps 15 digits of a number


def read_workbook(path: Path, data: bytes) -> list[Sheet]:
    """Read every worksheet of the workbook `data` that holds something; `path` is named where it cannot be read.

    Raises
    ------
    SourceError
        If it is no XLSX, is damaged or protected, or is larger than any table of a county.
    """
    import python_calamine

    _refuse_no_workbook(path, data)
    try:
        unpacked = _repack(path, data)
        with python_calamine.load_workbook(io.BytesIO(unpacked)) as book:
            worksheets = [meta.name for meta in book.sheets_metadata if meta.typ == python_calamine.SheetTypeEnum.WorkSheet]
            read = [(name, _cells_of(path, name, book.get_sheet_by_name(name))) for name in worksheets]
    except (python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError) as error:
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


# How much there is


def _repack(path: Path, data: bytes) -> bytes:
    """The XML parts of a workbook as a ZIP without compression, each looked at before it is put in."""
    whole = io.BytesIO()
    cells = 0
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(whole, "w") as plain:
        for name, xml in _unpack(path, packed):
            cells += _count_cells(path, xml)
            if cells > MOST_CELLS:
                raise _too_large(path, f"超过 {MOST_CELLS:,} 格", f"more than {MOST_CELLS:,} cells")
            if any(len(text) > LONGEST_TEXT for text in _SHARED_TEXT.split(xml)[1:]):
                raise _too_large(path, "一格里的内容过长", "a cell that is too long")
            plain.writestr(name, mark_states(xml) if "worksheets/" in name else xml)
    return whole.getvalue()


def _unpack(path: Path, packed: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Name and content of every XML part; of two with one name the last, as other readers take it."""
    left = LARGEST_UNPACKED
    parts = {part.filename: part for part in packed.infolist() if part.filename.lower().endswith((".xml", ".rels"))}
    for part in parts.values():
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile  # no spreadsheet program writes another
        left -= part.file_size
        if left < 0:
            raise _too_large(path, f"解压后超过 {LARGEST_UNPACKED // 2**20} MB", f"more than {LARGEST_UNPACKED // 2**20} MB when unpacked")
        xml = packed.read(part)  # never more than it says of its size
        if b"\x00" in xml:
            raise zipfile.BadZipFile  # UTF-16, which nobody writes and calamine does not read
        yield part.filename, xml


_SHARED_TEXT = re.compile(rb"<(?:\w+:)?si(?=[\s/>])")
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s/>])")
_USUAL_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_ATTRIBUTE = re.compile(rb"""\s+([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ATTRIBUTES = rb"""((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*"""
_ANY_CELL = re.compile(rb"<(?:\w+:)?c" + _ATTRIBUTES + rb"/?>")
_BLANK_CELL = re.compile(rb"<(?:\w+:)?c" + _ATTRIBUTES + rb"(?:/>|>\s*</(?:\w+:)?c\s*>)")
_PLACE = re.compile(rb"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])")
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["']([0-9]+)["']""")


def _count_cells(path: Path, xml: bytes) -> int:
    """Cells from the first row and column of a part to the last that holds something: so many will be made of it."""
    width, height = _extent(xml)
    if width > MOST_COLUMNS or width * height > MOST_CELLS:
        width, height = _extent(_BLANK_CELL.sub(b"", xml))  # whole columns are often formatted to the last row: such cells are not kept
    if width > MOST_COLUMNS:
        raise _too_large(path, f"超过 {MOST_COLUMNS} 列", f"more than {MOST_COLUMNS} columns")
    return width * height


def _extent(xml: bytes) -> tuple[int, int]:
    """The last column and the last row of a part in which a cell stands."""
    cells = len(_CELL.findall(xml))
    places = _USUAL_CELL.findall(xml)
    unplaced = False
    if len(places) < cells:  # not as the usual programs write it
        found = [_place_of(attributes) for attributes in _ANY_CELL.findall(xml)]
        if len(found) < cells:
            raise zipfile.BadZipFile
        places = [place for place in found if place]
        unplaced = len(places) < cells
    width = max(map(_column_number, {letters for letters, _ in places}), default=0)
    height = max(map(int, {number for _, number in places}), default=0)
    if unplaced:  # a cell without a place stands beside the one before, a row without a number below the one before
        rows = _ROW.split(xml)
        width += max(len(_CELL.findall(row)) for row in rows)
        height = max(height, *map(int, _ROW_NUMBER.findall(xml)), 0) + len(rows)
    return width, height


def _place_of(attributes: bytes) -> tuple[bytes, bytes] | None:
    """Letters and number of a cell's place, None if it names none."""
    for name, quoted, other in _ATTRIBUTE.findall(attributes):
        if name == b"r":
            place = _PLACE.fullmatch(quoted or other)
            if place is None:
                raise zipfile.BadZipFile  # beyond what a spreadsheet has: 16,384 columns, 1,048,576 rows
            return place[1], place[2]
    return None


def _column_number(letters: bytes) -> int:
    """Number of the column that a spreadsheet calls ``A``, ``Z``, ``AA``."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _too_large(path: Path, zh: str, en: str) -> SourceError:
    return refuse(
        f"工作簿{zh}；请删去表格以外的行和列（包括远处的零星内容），或把一张表分成几个文件",
        f"the workbook has {en}; delete rows and columns beyond the table (a stray cell far away counts), or divide a table into several files",
        path=path,
    )


# Cells as text


def _cells_of(path: Path, name: str, sheet: Any) -> list[list[Any]]:
    """Rows from the first of the sheet to the last that holds something, all of one length."""
    if sheet.start is None:
        return []
    (top, left), (_, right) = sheet.start, sheet.end
    cells = [[""] * (right + 1) for _ in range(top)]
    characters = 0
    try:
        for row in sheet.iter_rows():
            characters += sum(len(cell) for cell in row if type(cell) is str)  # one long text may stand in every cell
            if characters > LARGEST_UNPACKED:
                raise _too_large(path, f"超过 {LARGEST_UNPACKED:,} 个字", f"more than {LARGEST_UNPACKED:,} characters")
            cells.append([""] * left + row)
    except OverflowError:
        raise refuse(
            f"第{len(cells) + 1}行有一个时长超出范围；请改正，或把该列设为“文本”格式后重新录入",
            f"row {len(cells) + 1} holds a length of time out of range; correct it, or format its column as text and enter it again",
            path=path, sheet=name,
        ) from None  # fmt: skip
    return cells


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

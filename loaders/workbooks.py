"""Workbooks: the cells of an XLSX, XLSM, XLS or ODS as text, after a look at how much there is of it.

calamine makes a sheet dense: one cell at the far corner of a workbook of 5 kB asks for 549 GB, and the
interpreter is aborted, with no exception to catch. So the parts of the file are unpacked here, within
bounds, looked at, and handed on just as they were looked at: what the ZIP says of itself is not relied on.
Macros are no XML part and never unpacked. The old formats cannot be looked at so: they are read in another
process, within bounds of memory and time (`loaders.old_workbooks`).
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from graphkit.errors import SourceError
from graphkit.words import Text
from loaders.plain_workbooks import PlainSheet, fill_down, read_plain_sheets
from loaders.sheets import MOST_CELLS, MOST_COLUMNS, Area, Grid, refuse
from loaders.states import mark_states
from loaders.workbook_parts import SheetFacts, find_facts
from loaders.workbook_text import as_text

# No table of a county comes near these: its longest, a million pairings, has 20 million cells in 100 MB packed and 900 MB of XML.
LARGEST_WORKBOOK = 2**28  # bytes, as it is stored
LARGEST_UNPACKED = 2**30  # bytes of all its XML
LONGEST_TEXT = 2**20  # bytes of one text with its markup; a cell holds 32,767 characters

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how an .xls, or any encrypted workbook, begins
_ZIP = b"PK\x03\x04"


def read_workbook(path: Path, data: bytes) -> list[Grid]:
    """Read every worksheet of the workbook `data` that holds something; `path` is named where it cannot be read.

    Raises
    ------
    SourceError
        If it is no workbook, is damaged or protected, or is larger than any table of a county.
    """
    _refuse_no_workbook(path, data)
    if data.startswith(OLD_OFFICE) or _is_open_document(data):
        from loaders.old_workbooks import read_old_workbook

        grids = read_old_workbook(path, data)
    else:
        grids = _read_xlsx(path, data)
    if not grids:
        raise refuse("工作簿是空的", "the workbook is empty", path=path)
    return grids


def _read_xlsx(path: Path, data: bytes) -> list[Grid]:
    import python_calamine

    try:
        parts = _unpack_all(path, data)
        facts = find_facts(parts)
        plain = read_plain_sheets(parts)
        if plain is not None:
            return _as_grids(path, plain, facts)
        unpacked, is_long = _repack(path, parts)
        with python_calamine.load_workbook(io.BytesIO(unpacked)) as book:
            return list(read_grids(path, book, facts, count_characters=is_long))
    except (python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError) as error:
        raise no_workbook(path, type(error).__name__) from None


def no_workbook(path: Path, reason: str) -> SourceError:
    """Make the error of a workbook that is damaged, or none."""
    return refuse(
        f"不是可以读取的工作簿（{reason}）；请在电子表格程序中打开并另存为 .xlsx",
        f"it is not a workbook that can be read ({reason}); open it in a spreadsheet program and save it as .xlsx",
        path=path,
    )


_HIDDEN = Text("这张表是隐藏的，照样读取", "this sheet is hidden, and read all the same")


def read_grids(path: Path, book: Any, facts: dict[str, SheetFacts], *, count_characters: bool = True) -> Iterator[Grid]:
    """Read every worksheet of an open workbook of calamine that holds something.

    `facts` are what its parts say of each; `count_characters` is whether one long text might stand in every cell.
    """
    import python_calamine

    for meta in book.sheets_metadata:
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        cells = _cells_of(path, meta.name, sheet, count_characters=count_characters)
        if not any(cell != "" for row in cells for cell in row):
            continue
        notes = facts.get(meta.name, SheetFacts()).notes
        if meta.visible != python_calamine.SheetVisibleEnum.Visible:
            notes = (_HIDDEN, *notes)
        yield _as_grid(path, meta.name, cells, _merged_of(sheet), notes)


def _as_grids(path: Path, plain: dict[str, PlainSheet], facts: dict[str, SheetFacts]) -> list[Grid]:
    """The grids of sheets that were read column by column and hold something."""
    sheets = {name: sheet for name, sheet in plain.items() if any(column.null_count < len(column) for column in sheet.columns)}
    grids = []
    for name, sheet in sheets.items():
        notes = facts.get(name, SheetFacts()).notes
        columns = tuple(fill_down(list(sheet.columns), sheet.merged))
        notes = (_HIDDEN, *notes) if sheet.is_hidden else notes
        grids.append(Grid(path, name, columns, np.arange(1, len(columns[0]) + 1), merged=sheet.merged, notes=notes))
    return grids


def _merged_of(sheet: Any) -> tuple[Area, ...]:
    """Cells merged into one; calamine tells them for XLSX and XLS."""
    return tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())


def _refuse_no_workbook(path: Path, data: bytes) -> None:
    if data.startswith(OLD_OFFICE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise refuse("工作簿有密码；请去掉密码后再读取", "the workbook is protected by a password; remove the password first", path=path)
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"mime-version")):
        raise refuse(
            "这是网页或 XML，不是工作簿（不少系统导出的“.xls”是这样）；请在电子表格程序中打开并另存为 .xlsx",
            "it is a web page or XML and no workbook (some systems export such as '.xls'); open it in a spreadsheet program and save it as .xlsx",
            path=path,
        )
    if not data.startswith((OLD_OFFICE, _ZIP)):
        raise refuse("不是工作簿；若是文本请改名为 .csv", "it is not a workbook; if it is text, rename it to .csv", path=path)


def _is_open_document(data: bytes) -> bool:
    return data.startswith(_ZIP) and b"opendocument.spreadsheet" in data[:256]


# How much there is


def _unpack_all(path: Path, data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return dict(_unpack(path, packed))


def _repack(path: Path, parts: dict[str, bytes]) -> tuple[bytes, bool]:
    """The XML parts of a workbook as a ZIP without compression, each looked at before it is put in.

    And whether the texts shared by cells might come to more than there may be, if the longest stood in every cell.
    """
    whole = io.BytesIO()
    cells = longest = 0
    exactly = False
    with zipfile.ZipFile(whole, "w") as plain:
        for name, xml in parts.items():
            cells += _count_cells(path, xml, exactly=exactly)
            if cells > MOST_CELLS and not exactly:  # so many there may be: from now on each part is counted
                exactly = True
                cells = sum(_count_cells(path, part, exactly=True) for part in itertools.islice(parts.values(), list(parts).index(name) + 1))
            if cells > MOST_CELLS:
                raise _too_large(path, f"超过 {MOST_CELLS:,} 格", f"more than {MOST_CELLS:,} cells")
            if b"si>" in xml or b"si " in xml:
                longest = max([longest, *map(len, _SHARED_TEXT.split(xml)[1:])])
            if longest > LONGEST_TEXT:
                raise _too_large(path, "一格里的内容过长", "a cell that is too long")
            plain.writestr(name, mark_states(xml) if "worksheets/" in name else xml)
    return whole.getvalue(), cells * longest > LARGEST_UNPACKED


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


_FAR = re.compile(rb'<c r="(?:[B-Z][A-Z]|[A-Z]{3}|[A-Z]{1,2}[0-9]{6})')
_NEAR_WIDTH, _NEAR_HEIGHT = 52, 99_999  # what is not far stands within AZ99999
_LARGE = 2**20


def _count_cells(path: Path, xml: bytes, *, exactly: bool = False) -> int:
    """Cells from the first row and column of a part to the last that holds something: so many, or fewer, will be made of it."""
    if not exactly and len(xml) > _LARGE and _are_usual(xml) and not _FAR.search(xml):
        return min(_NEAR_WIDTH * min(_NEAR_HEIGHT, len(xml) // 8), MOST_CELLS)
    width, height = _extent(xml)
    if width > MOST_COLUMNS or width * height > MOST_CELLS:
        width, height = _extent(_BLANK_CELL.sub(b"", xml))  # whole columns are often formatted to the last row: such cells are not kept
    if width > MOST_COLUMNS:
        raise _too_large(path, f"超过 {MOST_COLUMNS} 列", f"more than {MOST_COLUMNS} columns")
    return width * height


_OTHER_TAG = re.compile(rb"<c[a-zA-Z]")


def _are_usual(xml: bytes) -> bool:
    """Whether every cell of a part is written as the usual programs write it, its place first."""
    return b":c" not in xml and xml.count(b"<c") == xml.count(b'<c r="') + len(_OTHER_TAG.findall(xml))


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


# Cells


def _cells_of(path: Path, name: str, sheet: Any, *, count_characters: bool) -> list[list[Any]]:
    """Rows from the first of the sheet to the last that holds something, all of one length."""
    if sheet.start is None:
        return []
    (top, _), (bottom, right) = sheet.start, sheet.end
    cells: list[list[Any]] = []
    characters = 0
    try:
        for row in sheet.iter_rows():
            if count_characters:
                characters += sum(len(cell) for cell in row if type(cell) is str)
            if characters > LARGEST_UNPACKED:
                raise _too_large(path, f"超过 {LARGEST_UNPACKED:,} 个字", f"more than {LARGEST_UNPACKED:,} characters")
            cells.append(row)
    except OverflowError:
        place = len(cells) + 1 + (0 if cells[:top] and not any(map(any, cells[:top])) else top)
        raise refuse(
            f"第{place}行有一个时长超出范围；请改正，或把该列设为“文本”格式后重新录入",
            f"row {place} holds a length of time out of range; correct it, or format its column as text and enter it again",
            path=path, sheet=name,
        ) from None  # fmt: skip
    left = [""] * (right + 1 - len(cells[0])) if cells else []  # some versions of the reader begin with the first row or column that holds something
    above = [[""] * (right + 1) for _ in range(bottom + 1 - len(cells))]
    return above + [left + row for row in cells] if left else above + cells


def _as_grid(path: Path, name: str, cells: list[list[Any]], merged: tuple[Area, ...], notes: tuple[Text, ...]) -> Grid:
    width = len(cells[0])
    flat = list(itertools.chain.from_iterable(cells))  # many times faster than to turn rows into columns one by one
    columns = fill_down([as_text(flat[place::width]) for place in range(width)], merged)
    return Grid(path, name, tuple(columns), np.arange(1, len(cells) + 1), merged=merged, notes=notes)

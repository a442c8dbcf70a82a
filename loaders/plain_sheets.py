"""Worksheets as the usual programs write them, read column by column without an object for each cell.

What is read here is what a strict look finds throughout: cells with their place first, then style and type, then a value; nothing else
between them. A sheet with anything else (formulas without a result, texts within cells, prefixes, comments) is left to the general reader, which gives the same for
all that this one reads.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from loaders.sheets import MOST_CELLS, MOST_COLUMNS
from loaders.workbook_text import FIRST_DAY, LAST_DAY, say_number

LARGEST = 2**26  # bytes of a sheet; what is larger would take much memory at once
_COLUMNS = 16_384  # that a sheet has
_BEYOND = 64  # bytes after the last tag, more than any look goes on
_TEXT, _BOOL, _NUMBER, _DAY, _WORDS = 1, 2, 3, 4, 5  # a text that cells share, ..., and one that a formula gave
_FORMULA = re.compile(rb"<f(?: [^<>]*)?(?:/>|>[^<>]*</f>)(?=<v>)")
_LONGEST_NUMBER = 15  # digits that a spreadsheet keeps
_EPOCH = dt.date(1899, 12, 30)
_QUIRK, _LAST_SERIAL = 60, 2_958_465  # 29 February 1900, which there never was; the last day of 9999

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """What the sheets of a workbook share.

    Attributes
    ----------
    strings : Array
        The texts that cells refer to by number; null for an empty one.
    styles : uint8 array
        For each style whether its numbers are numbers (0), days (1), or something else (2).
    """

    strings: pa.Array
    styles: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """The cells that hold something: where they stand, from 0, what they hold, and where in the bytes."""

    row: Places
    column: Places
    kind: NDArray[np.uint8]
    first: Places
    last: Places


class NotPlainError(Exception):
    """The sheet has something that only the general reader reads."""


def read_plain_sheet(xml: bytes, book: Book) -> list[pa.Array] | None:
    """Return the columns of a worksheet as text, from its first row to the last that holds something; None where it is not plain.

    Examples
    --------
    >>> book = Book(pa.array(["编号"]), np.zeros(1, np.uint8))
    >>> sheet = b'<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>2.50</v></c></row></sheetData>'
    >>> [column.to_pylist() for column in read_plain_sheet(sheet, book)]
    [['编号'], ['2.5']]
    >>> read_plain_sheet(b'<sheetData><row r="1"><c r="A1"><f>1+1</f></c></row></sheetData>', book) is None
    True
    """
    begin, end = xml.find(b"<sheetData>"), xml.find(b"</sheetData>")
    if len(xml) > LARGEST or begin < 0 or end < begin or b"<!" in xml or b"<sheetData" in xml[begin + 1 :]:
        return None
    rows = xml[begin + len(b"<sheetData>") : end]
    if b"<f" in rows:
        rows = _FORMULA.sub(b"", rows)  # what it gave counts; one that gave nothing stays, and is not plain
    data = np.frombuffer(rows + bytes(_BEYOND), np.uint8)  # so that a look beyond the last tag finds nothing
    try:
        return _as_columns(data, _find_cells(data, book), book)
    except (NotPlainError, IndexError):
        return None


def _need(held: NDArray[np.bool_] | bool) -> None:
    if not np.all(held):
        raise NotPlainError


# Where cells are


def _find_cells(data: Bytes, book: Book) -> _Cells:
    """The cells with a value; those without one are formatted and empty."""
    tags = np.flatnonzero(data == ord("<"))
    letter = data[tags + 1]
    cells = np.flatnonzero((letter == ord("c")) & (data[tags + 2] == ord(" ")))
    starts = tags[cells]
    row, column, at = _read_places(data, starts)
    style, at = _read_attribute(data, at, b' s="')
    kind, at = _read_kind(data, at, style, book)
    alone = data[at] == ord("/")
    _need(np.where(alone, data[at + 1] == ord(">"), data[at] == ord(">")))
    held = ~alone
    _need_known_tags(data, tags, cells, int(held.sum()))
    cells, at = cells[held], at[held]
    _need(_reads(data, at + 1, b"<v>"))
    _need(cells + 3 < len(tags) if len(cells) else True)
    last = tags[cells + 2]
    _need((tags[cells + 1] == at + 1) & (last > at + 4) & _reads(data, last, b"</v></c>"))
    place = row[held] * _COLUMNS + column[held]
    _need(np.diff(place) > 0)
    return _Cells(row[held], column[held], kind[held], at + 4, last)


def _need_known_tags(data: Bytes, tags: Places, cells: Places, held: int) -> None:
    """Rows one after the other, cells within them, and of a cell that holds something its value: nothing else, and text in values alone."""
    letter = data[tags + 1]
    ends = np.flatnonzero(data == ord(">"))
    _need(len(ends) == len(tags))
    _need((ends > tags) & (ends < np.append(tags[1:], len(data))))
    opens, closes = letter == ord("r"), _reads(data, tags, b"</row>")
    _need(_reads(data, tags[opens], b"<row"))
    _need(np.isin(data[tags[opens] + 4], np.frombuffer(b" />", np.uint8)))
    _need(len(tags) == int(opens.sum()) + int(closes.sum()) + len(cells) + 3 * held)
    alone = opens & (data[ends - 1] == ord("/"))
    within = np.cumsum(opens & ~alone, dtype=np.int64) - np.cumsum(closes, dtype=np.int64)
    _need((within == 0) | (within == 1))
    _need(within[cells] == 1)
    _need(within[alone] == 0)
    texts = int((np.append(tags, len(data) - _BEYOND) - np.append(-1, ends) > 1).sum())
    _need(texts == held)


def _reads(data: Bytes, at: Places, word: bytes) -> NDArray[np.bool_]:
    """Where these bytes, eight at most, stand."""
    eight: NDArray[np.uint64] = np.ndarray((len(data) - 7,), "<u8", data, strides=(1,))  # the eight bytes from each place on
    mask = np.uint64(256 ** len(word) - 1)
    there: NDArray[np.bool_] = (eight[at] & mask) == np.uint64(int.from_bytes(word, "little"))
    return there


def _read_places(data: Bytes, starts: Places) -> tuple[Places, Places, Places]:
    """Row and column, from 0, and where the place of each cell ends."""
    _need(_reads(data, starts, b'<c r="'))
    at, column = starts + 6, np.zeros(len(starts), np.int64)
    for number in range(3):
        letter = data[at].astype(np.int64) - ord("A")
        is_letter = (letter >= 0) & (letter < 26)
        _need(is_letter if number == 0 else True)
        column, at = np.where(is_letter, column * 26 + letter + 1, column), at + is_letter
    row, after = _read_digits(data, at)
    _need((after > at) & (row >= 1) & (data[after] == ord('"')) & (column <= _COLUMNS))
    return row - 1, column - 1, after + 1


def _read_digits(data: Bytes, at: Places, most: int = 7) -> tuple[Places, Places]:
    """The number that stands at each place, and where it ends; 0 where there is none."""
    value, at = np.zeros(len(at), np.int64), at.copy()
    going = np.ones(len(at), bool)
    for _ in range(most):
        digit = data[at] - np.uint8(ord("0"))  # what is below 0 wraps round
        going &= digit < 10
        if not going.any():
            break
        value *= np.where(going, 10, 1)
        value += np.where(going, digit, 0)
        at += going
    return value, at


def _read_attribute(data: Bytes, at: Places, begins: bytes) -> tuple[Places, Places]:
    """The number of an attribute, -1 where it is not there, and where it ends."""
    there = _reads(data, at, begins)
    value, after = _read_digits(data, at + len(begins))
    _need(np.where(there, (after > at + len(begins)) & (data[after] == ord('"')), True))
    return np.where(there, value, -1), np.where(there, after + 1, at)


def _read_kind(data: Bytes, at: Places, style: Places, book: Book) -> tuple[NDArray[np.uint8], Places]:
    """What each cell holds, by its type and style, and where the attribute ends."""
    there, letter = _reads(data, at, b' t="'), data[at + 4]
    kind = np.full(len(at), _NUMBER, np.uint8)
    words = _reads(data, at, b' t="str"')
    _need(~there | words | ((data[at + 5] == ord('"')) & np.isin(letter, np.frombuffer(b"sbn", np.uint8))))
    kind[there & (letter == ord("s"))] = _TEXT
    kind[there & (letter == ord("b"))] = _BOOL
    kind[words] = _WORDS
    _need(style < len(book.styles))
    said = np.where(style >= 0, np.append(book.styles, np.uint8(0))[style], 0)
    after = np.where(words, at + 8, np.where(there, at + 6, at))
    number = (kind == _NUMBER) & (data[after] == ord(">"))
    _need(~number | (said < 2))
    kind[number & (said == 1)] = _DAY
    return kind, after


# What they hold


def _as_columns(data: Bytes, cells: _Cells, book: Book) -> list[pa.Array]:
    if not len(cells.row):
        return []
    height, width = int(cells.row[-1]) + 1, int(cells.column.max()) + 1
    _need(width <= MOST_COLUMNS and width * height <= MOST_CELLS)  # before so many are made
    texts, of_numbers = _say_cells(data, cells, book)
    pool = pa.concat_arrays([book.strings, of_numbers])
    order = np.argsort(cells.column, kind="stable")
    ends = np.searchsorted(cells.column[order], np.arange(width + 1))
    columns = []
    for place in range(width):
        chosen = order[ends[place] : ends[place + 1]]
        index = np.full(height, -1, np.int64)
        index[cells.row[chosen]] = texts[chosen]
        columns.append(pool.take(pa.array(index, pa.int64(), mask=index < 0)))
    return columns


def _say_cells(data: Bytes, cells: _Cells, book: Book) -> tuple[Places, pa.Array]:
    """For each cell the place of its text among the shared ones and those returned: the texts of numbers, days and truths."""
    value, after = _read_digits(data, cells.first, _LONGEST_NUMBER)
    whole = after == cells.last
    is_text = cells.kind == _TEXT
    _need(whole | (cells.kind == _NUMBER) | (cells.kind == _WORDS))
    _need(~is_text | (value < len(book.strings)))
    _need((cells.kind != _BOOL) | (value <= 1))
    _need((cells.kind != _DAY) | ((value > _QUIRK) & (value <= _LAST_SERIAL)))
    texts = value.copy()
    others = np.flatnonzero(~is_text)
    kinds, values = cells.kind[others], value[others]
    first, last = (day.toordinal() - _EPOCH.toordinal() for day in (FIRST_DAY, LAST_DAY))
    is_day = (kinds == _DAY) & (values >= first) & (values <= last)
    parts = [pc.cast(pa.array(values), pa.string())]
    said = np.arange(len(others))
    days, truths, broken = np.flatnonzero(is_day), np.flatnonzero(kinds == _BOOL), np.flatnonzero(~whole[others] & (kinds == _NUMBER))
    words = np.flatnonzero(kinds == _WORDS)
    said_otherwise = (
        (days, _say_days(values[days])),
        (truths, pc.cast(pa.array(values[truths] == 1), pa.string())),
        (broken, _say_numbers(data, cells, others[broken])),
        (words, _say_words(data, cells, others[words])),
    )
    for chosen, words in said_otherwise:
        said[chosen] = sum(map(len, parts)) + np.arange(len(chosen))
        parts.append(words)
    texts[others] = len(book.strings) + said
    return texts, pa.concat_arrays(parts)


def _say_days(serials: Places) -> pa.Array:
    since = dt.date(1970, 1, 1).toordinal() - _EPOCH.toordinal()
    return pc.cast(pc.cast(pa.array((serials - since).astype(np.int32)), pa.date32()), pa.string())


def _say_numbers(data: Bytes, cells: _Cells, chosen: Places) -> pa.Array:
    """Numbers with a sign, a point or an exponent, each different one read once."""
    written = _cut(data, cells, chosen)
    said: dict[bytes, str] = {}
    for text in dict.fromkeys(written):
        _need(not text.strip(b"0123456789.eE+-"))
        try:
            said[text] = say_number(float(text))
        except ValueError:
            raise NotPlainError from None
    return pa.array([said[text] for text in written], pa.string())


def _say_words(data: Bytes, cells: _Cells, chosen: Places) -> pa.Array:
    """Texts that formulas gave."""
    written = _cut(data, cells, chosen)
    said = {text: plain_text(text) for text in dict.fromkeys(written)}
    _need(None not in said.values())
    return pa.array([said[text] or None for text in written], pa.string())


def _cut(data: Bytes, cells: _Cells, chosen: Places) -> list[bytes]:
    """What stands in cells."""
    whole = data.tobytes() if len(chosen) else b""
    return [whole[first:last] for first, last in zip(cells.first[chosen].tolist(), cells.last[chosen].tolist(), strict=True)]


OTHER_TEXT = re.compile(rb"\r|_x|&(?!(?:amp|lt|gt|quot|apos);)")


def plain_text(written: bytes) -> str | None:
    """Return the text that was written as XML; None where it takes more than the five usual entities to read it.

    >>> plain_text(b"A&amp;B"), plain_text(b"&#65;")
    ('A&B', None)
    """
    if OTHER_TEXT.search(written):
        return None
    try:
        return html.unescape(written.decode())
    except UnicodeDecodeError:
        return None

"""Workbooks as the usual programs write them: the parts that sheets share, and which sheets there are, for `loaders.plain_sheets`.

A matter that is not plain (texts of several formats, entities by number, days counted from 1904) leaves the workbook to the general reader.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from loaders.plain_sheets import OTHER_TEXT, Book, read_plain_sheet
from loaders.sheets import MOST_CELLS, Area
from loaders.workbook_parts import attributes, relations

_MOST_TEXT = 2**30  # characters in the columns of a sheet
_LONGEST = 32_767  # characters that a cell may hold
_SHARED = re.compile(rb"\s*(?:<si>\s*<t(?:/>|>([^<]*)</t>)\s*</si>\s*)*\Z")
_TEXT = re.compile(rb"<t(?:/>|>([^<]*)</t>)")
_PHONETIC = re.compile(rb"<phoneticPr [^<>]*/>")
_FORMAT = re.compile(rb"<xf [^>]*>")
_NUMBER_FORMAT = re.compile(rb"<numFmt [^>]*>")
_SHEET = re.compile(rb"<sheet [^>]*>")
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?"\s*/>')
_NUMBERS = frozenset({0, 1, 2, 3, 4, 9, 10, 11, 37, 38, 39, 40, 48, 49})  # formats that every program knows by number
_DAYS = frozenset({14, 15, 16, 17, 22})
_OF_NUMBERS = re.compile(r"[0#?.,%_\-() ]+")
_OF_DAYS = re.compile(r"y{2,4}[-/.\\]+m{1,2}[-/.\\]+d{1,2}|m{1,2}/d{1,2}/y{2,4}|d{1,2}/m{1,2}/y{2,4}", re.IGNORECASE)
_PLAIN, _DAY, _OTHER = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class PlainSheet:
    """A sheet that was read: its columns as text, cells merged into one, whether it is hidden."""

    columns: list[pa.Array]
    merged: tuple[Area, ...] = ()
    is_hidden: bool = False


def read_plain_sheets(parts: Mapping[str, bytes]) -> dict[str, PlainSheet] | None:
    """Return the sheets of a workbook by name, in its order; None where one, or the workbook itself, is not plain, or they have too many cells.

    Examples
    --------
    >>> read_plain_sheets({"xl/workbook.xml": b""}) is None
    True
    """
    whole = parts.get("xl/workbook.xml", b"")
    sheets = [attributes(tag) for tag in _SHEET.findall(whole)]
    targets = relations(parts.get("xl/_rels/workbook.xml.rels", b""))
    names = [html.unescape(about.get("name", "")) for about in sheets]
    places = [targets.get(about.get("r:id", ""), "") for about in sheets]
    if not sheets or b"date1904" in whole or len({*names}) < len(names) or not all(map(_is_sheet, places)) or not {*places} <= {*parts}:
        return None
    strings = read_strings(parts["xl/sharedStrings.xml"]) if "xl/sharedStrings.xml" in parts else pa.array([], pa.string())
    if strings is None or not all(map(_is_utf8, parts.values())):
        return None
    book = Book(strings, read_styles(parts.get("xl/styles.xml", b"")))
    found: dict[str, PlainSheet] = {}
    cells = 0
    for name, place, about in zip(names, places, sheets, strict=True):
        sheet = _read(parts[place], book, is_hidden=about.get("state", "visible") != "visible")
        if sheet is None:
            return None
        found[name] = sheet
        cells += len(sheet.columns) * len(sheet.columns[0]) if sheet.columns else 0
        if cells > MOST_CELLS:
            return None
    return found


def _is_sheet(place: str) -> bool:
    return place.startswith("xl/worksheets/")


def _is_utf8(xml: bytes) -> bool:
    """Whether a part says nothing of its encoding, or that it is UTF-8."""
    head = xml[: xml.find(b"?>") + 2] if xml.startswith(b"<?xml") else b""
    return b"encoding" not in head or b"utf-8" in head.lower()


def _read(xml: bytes, book: Book, *, is_hidden: bool) -> PlainSheet | None:
    tail = xml[xml.rfind(b"</sheetData>") :]
    merged = [_area(found) for found in _MERGED.findall(tail)]
    if tail.count(b"mergeCell ") != len(merged) or tail.count(b":mergeCell"):
        return None
    columns = read_plain_sheet(xml, book)
    if columns is None or sum(pc.sum(pc.binary_length(column)).as_py() or 0 for column in columns) > _MOST_TEXT:
        return None
    return PlainSheet(columns, tuple(merged), is_hidden)


def _area(found: tuple[bytes, bytes, bytes, bytes]) -> Area:
    left, top, right, bottom = found
    return int(top) - 1, _column(left), int(bottom or top) - 1, _column(right or left)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def read_strings(xml: bytes) -> pa.Array | None:
    """Return the texts that cells share, null for an empty one; None where one is not plain.

    Examples
    --------
    >>> read_strings(b"<sst><si><t>A&amp;B</t></si><si><t/></si></sst>").to_pylist()
    ['A&B', None]
    >>> read_strings(b"<sst><si><r><t>A</t></r></si></sst>") is None
    True
    """
    begin, end = xml.find(b"<sst"), xml.rfind(b"</sst>")
    body = _PHONETIC.sub(b"", xml[xml.find(b">", begin) + 1 : end]).replace(b'<t xml:space="preserve">', b"<t>")
    if begin < 0 or end < 0 or b"<!" in xml or OTHER_TEXT.search(body):
        return None
    texts = _split_strings(body)
    if texts is None or max(map(len, texts), default=0) > _LONGEST:
        return None
    if b"&" in body:
        texts = [html.unescape(text.decode(errors="replace")).encode() if b"&" in text else text for text in texts]
    try:
        strings = pa.array(texts, pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        return None
    return pc.if_else(pc.equal(strings, ""), pa.scalar(None, pa.string()), strings)


def _split_strings(body: bytes) -> list[bytes] | None:
    """The texts one after the other, where there is nothing but texts."""
    begin, end = b"<si><t>", b"</t></si>"
    pieces = body[len(begin) : -len(end)].split(end + begin)
    if body.startswith(begin) and body.endswith(end) and body.count(b"<") == 4 * len(pieces):  # each with the tags at which it was cut, and no other
        return pieces
    return _TEXT.findall(body) if _SHARED.match(body) else None


def read_styles(xml: bytes) -> NDArray[np.uint8]:
    """Return for each style of cells whether its numbers are numbers (0), days (1), or it cannot be told in plain ways (2).

    Examples
    --------
    >>> read_styles(b'<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="99"/></cellXfs>').tolist()
    [0, 1, 2]
    """
    own = {about.get("numFmtId", ""): html.unescape(about.get("formatCode", "")) for about in map(attributes, _NUMBER_FORMAT.findall(xml))}
    begin, end = xml.find(b"<cellXfs"), xml.find(b"</cellXfs>")
    formats = [attributes(tag).get("numFmtId", "0") for tag in _FORMAT.findall(xml[begin:end])] if 0 <= begin < end else []
    return np.array([_kind(number, own) for number in formats], np.uint8)


def _kind(number: str, own: Mapping[str, str]) -> int:
    if number in own:
        return _PLAIN if own[number] == "General" or _OF_NUMBERS.fullmatch(own[number]) else _DAY if _OF_DAYS.fullmatch(own[number]) else _OTHER
    known = int(number) if number.isdigit() else -1
    return _PLAIN if known in _NUMBERS else _DAY if known in _DAYS else _OTHER


def fill_down(columns: list[pa.Array], merged: tuple[Area, ...]) -> list[pa.Array]:
    """Write what stands in cells merged downwards into each of the rows, in their first column.

    Examples
    --------
    >>> fill_down([pa.array(["甲村", None, "乙村"])], ((0, 0, 1, 0),))[0].to_pylist()
    ['甲村', '甲村', '乙村']
    """
    height = len(columns[0]) if columns else 0
    places = {left: np.arange(height) for top, left, bottom, _ in merged if bottom > top and top < height and left < len(columns)}
    for top, left, bottom, _ in merged:
        if left in places and bottom > top and top < height:
            places[left][top + 1 : bottom + 1] = places[left][top]
    return [column.take(pa.array(places[number])) if number in places else column for number, column in enumerate(columns)]

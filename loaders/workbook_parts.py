"""What the parts of an XLSX say of each sheet beside its cells: rows and columns that are hidden."""

from __future__ import annotations

import html
import posixpath
import re
from dataclasses import dataclass

from graphkit.words import Text

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*hidden\s*=\s*["'](?:1|true)["'][^>]*>""")
_HIDDEN_COLUMN = re.compile(rb"""<(?:\w+:)?col\s[^>]*hidden\s*=\s*["'](?:1|true)["'][^>]*>""")


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What is told of one sheet beside its cells."""

    notes: tuple[Text, ...] = ()


def find_facts(parts: dict[str, bytes]) -> dict[str, SheetFacts]:
    """Return by name of sheet what the parts of a workbook tell; nothing of a sheet whose part cannot be found.

    Examples
    --------
    >>> find_facts({})
    {}
    """
    targets = relations(parts.get("xl/_rels/workbook.xml.rels", b""))
    facts = {}
    for tag in _SHEET.findall(parts.get("xl/workbook.xml", b"")):
        about = attributes(tag)
        xml = parts.get(targets.get(about.get("r:id", ""), ""))
        if xml is not None:
            facts[html.unescape(about.get("name", ""))] = SheetFacts(tuple(_notes(xml)))
    return facts


def relations(xml: bytes) -> dict[str, str]:
    """Return the part of each relation of the workbook, by its id."""
    found = (attributes(tag) for tag in _RELATION.findall(xml))
    return {about.get("Id", ""): posixpath.normpath(posixpath.join("/xl", about.get("Target", ""))).lstrip("/") for about in found}


def attributes(tag: bytes) -> dict[str, str]:
    """Return the attributes of a tag by name."""
    return {name.decode(errors="replace"): (quoted or other).decode(errors="replace") for name, quoted, other in _ATTRIBUTE.findall(tag)}


def _notes(xml: bytes) -> list[Text]:
    notes = []
    if b"hidden" in xml:
        rows, columns = len(_HIDDEN_ROW.findall(xml)), sum(_width(tag) for tag in _HIDDEN_COLUMN.findall(xml))
        if rows:
            notes.append(Text(f"有 {rows} 行是隐藏的，照样读取", f"{rows} of its rows are hidden, and read all the same"))
        if columns:
            notes.append(Text(f"有 {columns} 列是隐藏的，照样读取", f"{columns} of its columns are hidden, and read all the same"))
    return notes


def _width(tag: bytes) -> int:
    """How many columns of a sheet a hidden range covers, the unused ones to its right aside."""
    about = attributes(tag)
    first, last = about.get("min", "1"), about.get("max", "1")
    return min(int(last), 1_000) - int(first) + 1 if first.isdigit() and last.isdigit() and int(first) <= 1_000 else 0

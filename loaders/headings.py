"""Headings: which table a name means, which column a heading, and what becomes of those that mean none.

A name is known in Chinese, in English and as stored, whatever its case, spaces, ``_`` and ``-``. A column under another heading is not read,
which is told; where the heading may be a slip for one that the sheet lacks, it is a matter of its own.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from graphkit.errors import SHOWN_PROBLEMS, SourceError
from graphkit.model.model import Model
from graphkit.model.types import NodeType, Property, TieType
from graphkit.privacy import shown_heading
from graphkit.words import Text, fold
from loaders.sheets import Sheet, refuse

_NEAR = 0.4
_ASKED, _ASKED_LATIN = 0.5, 0.7  # how like a known heading one must be to be told as a slip; letters are alike by chance
_SLIP = 0.75


@functools.cache
def kinds_by_name(model: Model) -> dict[str, NodeType | TieType]:
    """Every spelling of a table's name, folded, with its kind; a sheet's name ends after 31 characters."""
    names: dict[str, NodeType | TieType] = {}
    for kind in model.sheets:
        for name in (kind.table, kind.heading.zh, kind.heading.en):
            names[fold(name)] = names[fold(name[:31])] = kind
    return names


@functools.cache
def columns_by_heading(kind: NodeType | TieType) -> dict[str, Property]:
    """Every spelling of a heading of the table of `kind`, folded, with its column."""
    return {fold(name): column for column in kind.columns for name in _spellings(column)}


def name_nearest(name: str, spellings: Iterable[str]) -> str | None:
    """Return the one of `spellings` most like `name`, or None if none is like it."""
    by_fold = {fold(spelling): spelling for spelling in spellings}
    near = difflib.get_close_matches(fold(name), by_fold, n=1, cutoff=_NEAR)
    return by_fold[near[0]] if near else None


@dataclass(frozen=True, slots=True)
class Unread:
    """A column that holds something and is not read, and the declared one that it may be meant for.

    Attributes
    ----------
    position : int
        Where it stands, from 0.
    heading : str
        Its heading, as a message may show it; empty if it has none.
    near : Property or None
        A column that the sheet lacks, with a heading like it.
    likeness : float
        How like, from 0 to 1.
    """

    position: int
    heading: str
    near: Property | None = None
    likeness: float = 0.0

    @property
    def doubted(self) -> tuple[str, ...]:
        """The column whose cells count as not read: where it is plainly a slip, or where an empty cell would say something that is then not so."""
        return (self.near.name,) if self.near and (self.near.empty_says or self.likeness >= _SLIP) else ()

    def say(self, cells: int) -> Text:
        """Where it stands, how much it holds, and what may be meant."""
        shown = Text(f"“{self.heading}”，", f"{self.heading!r}, ") if self.heading else Text("", "")
        meant = Text(f"，也许应为“{self.near.heading.zh}”", f", perhaps meant for {self.near.heading.en!r}") if self.near else Text("", "")
        return Text(
            f"：{shown.zh}第{self.position + 1}列，{cells:,} 格{meant.zh}", f": {shown.en}column {self.position + 1}, cells: {cells:,}{meant.en}"
        )


@dataclass(frozen=True, slots=True)
class Headings:
    """What the headings of a sheet mean: the place of each declared column, and the columns that are not read."""

    placed: Mapping[str, int]
    unread: tuple[Unread, ...] = ()

    @property
    def doubtful(self) -> list[Unread]:
        """Columns not read that may be columns of the table all the same."""
        return [other for other in self.unread if other.near or not other.heading]

    def notes(self) -> tuple[Text, ...]:
        """Say which columns were not read, those aside that are a matter of their own."""
        named = [other for other in self.unread if other not in self.doubtful]
        if not named:
            return ()
        rest = len(named) - SHOWN_PROBLEMS
        zh = "、".join(f"{other.heading}（第{other.position + 1}列）" for other in named[:SHOWN_PROBLEMS]) + (f"，另有 {rest} 列" if rest > 0 else "")
        en = ", ".join(f"{other.heading} (column {other.position + 1})" for other in named[:SHOWN_PROBLEMS]) + (
            f" and {rest} more" if rest > 0 else ""
        )
        return (Text(f"表里没有、因而没有读的列：{zh}", f"columns that the table does not have, not read: {en}"),)


def read_headings(sheet: Sheet, kind: NodeType | TieType) -> Headings:
    """Find where each declared column of `kind` stands in a sheet, and what stands there beside.

    Raises
    ------
    SourceError
        If no heading is known or one stands twice, or a column that must be there is not.
    """
    known = columns_by_heading(kind)
    placed: dict[str, int] = {}
    others: list[int] = []
    for position, heading in enumerate(sheet.headings):
        column = known.get(fold(heading))
        if column is None:
            others.append(position)
        elif column.name in placed:
            raise refuse(f"“{heading}”这一列出现两次", f"the column {heading!r} stands twice", path=sheet.path, sheet=sheet.name, column=heading)
        else:
            placed[column.name] = position
    if not placed and any(fold(heading) for heading in sheet.headings):
        raise _no_heading(sheet, kind)
    lacking = [column for column in kind.columns if column.name not in placed]
    unread = tuple(_match(sheet.headings[place], place, lacking) for place in others if _holds_something(sheet.columns[place]))
    _refuse_missing(sheet, [column for column in lacking if column.required], unread)
    return Headings(placed, unread)


def _match(heading: str, position: int, lacking: Iterable[Property]) -> Unread:
    """A column that is not read, with the one of those lacking that its heading is most like."""
    name = fold(heading)
    if not name:
        return Unread(position, "")
    alike = [
        (difflib.SequenceMatcher(None, name, fold(word)).ratio(), fold(word).isascii(), column) for column in lacking for word in _spellings(column)
    ]
    enough = [(ratio, column) for ratio, latin, column in alike if ratio >= (_ASKED_LATIN if latin else _ASKED)]
    likeness, near = max(enough, key=lambda pair: pair[0], default=(0.0, None))
    return Unread(position, shown_heading(heading, near.heading.zh if near else None), near, likeness)


def _spellings(column: Property) -> tuple[str, str, str]:
    return column.name, column.heading.zh, column.heading.en


def _holds_something(cells: pa.Array) -> bool:
    return cells.null_count < len(cells) and bool(pc.any(pc.not_equal(pc.utf8_trim_whitespace(cells), "")).as_py())


def _no_heading(sheet: Sheet, kind: NodeType | TieType) -> SourceError:
    """Refuse a sheet without any heading of its table: its first row may be no headings at all but somebody's data, and is not repeated."""
    zh, en = "、".join(c.heading.zh for c in kind.columns), ", ".join(c.heading.en for c in kind.columns)
    return refuse(
        f"第一行没有“{kind.heading.zh}”表的表头；第一行应为：{zh}",
        f"the first row has no heading of the table {kind.table!r}; it should be: {en}",
        path=sheet.path, sheet=sheet.name,
    )  # fmt: skip


def _refuse_missing(sheet: Sheet, missing: list[Property], unread: Iterable[Unread]) -> None:
    if not missing:
        return
    slips = [other for other in unread if other.near in missing]
    zh = "".join(f"；第{other.position + 1}列“{other.heading}”是否就是“{other.near.heading.zh}”？" for other in slips if other.near)
    en = "".join(f"; is {other.heading!r} (column {other.position + 1}) meant for {other.near.heading.en!r}?" for other in slips if other.near)
    raise refuse(
        f"缺少必需的列：{'、'.join(c.heading.zh for c in missing)}{zh}",
        f"a column that must be there is missing: {', '.join(c.heading.en for c in missing)}{en}",
        path=sheet.path, sheet=sheet.name, column=missing[0].name,
    )  # fmt: skip

"""What every reader gives: the cells of one sheet with the place of each row; and how a reader refuses a file.

A `Grid` is a sheet as it stands, headings and titles included. A `Sheet` is one table of it: headings, and
the rows that are data. What lies between the two is `loaders.regions`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphkit.errors import SourceError
from graphkit.words import Text

MOST_CELLS = 20_000_000  # of all sheets of a workbook, from the first row and column to the last that holds something
MOST_COLUMNS = 1_000  # the widest kind has twelve
LONGEST_CELL = 32_767  # characters, what a spreadsheet program can keep in one
NOT_COMPUTED = "\ue000="  # the text of a cell with a formula that was never computed; of a private character, so that nobody types it
GUIDE_SHEETS = ("说明", "guide", "问题", "problems", "选单", "picklists")  # pages that explain, list problems, or hold pick lists: no rows
PICKED = "｜"  # between an id and its name, as a cell picked from a list of a register holds them
NOT_FOUND = "？"  # what the formula that shows a name says where no register has the id

Area = tuple[int, int, int, int]  # first row, first column, last row, last column of cells merged into one, from 0


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Every row of one CSV file, or of one sheet of a workbook, as text.

    Attributes
    ----------
    path : Path
        The file; one within an archive stands below the archive's own path.
    name : str or None
        Name of the sheet; None for a CSV.
    columns : tuple of Array
        Text of every row that has as many cells as the first, one array a column; null for an empty cell.
    rows : int64 array
        Number of each of these rows as a spreadsheet shows it, the first is 1; a row of a CSV in which
        a cell holds line breaks counts once.
    misfits : tuple of (int, str)
        Rows of a CSV that have more or fewer cells than the first: number and text.
    source : str
        The file as provenance names it: relative to what was loaded.
    merged : tuple of Area
        Cells merged into one. Downwards they are filled already.
    notes : tuple of Text
        What a reader should know: encoding and separator taken, what is hidden, what a formula did not give.
    """

    path: Path
    name: str | None
    columns: tuple[pa.Array, ...]
    rows: NDArray[np.int64]
    misfits: tuple[tuple[int, str], ...] = ()
    source: str = ""
    merged: tuple[Area, ...] = ()
    notes: tuple[Text, ...] = ()

    def row(self, position: int) -> list[str | None]:
        """The cells of one row, by its position."""
        return [column[position].as_py() for column in self.columns]

    def as_sheet(self) -> Sheet:
        """The whole grid as one table, its first row the headings."""
        headings = tuple(cell or "" for cell in self.row(0))
        return Sheet(self.path, self.name, headings, tuple(column[1:] for column in self.columns), self.rows[1:], self.misfits, self.source)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Rows of a sheet that are no data, and why: a title, a heading repeated, a total, a note below.

    Attributes
    ----------
    reason : Text
        Why, in both languages.
    rows : tuple of int
        Their numbers as a spreadsheet shows them.
    """

    reason: Text
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One table: its headings, and the text of its rows.

    Attributes
    ----------
    path : Path
        The file.
    name : str or None
        Name of the sheet; None for a CSV.
    headings : tuple of str
        Headings of the columns; empty where there is nothing.
    columns : tuple of Array
        Text of the rows, one array a column; null for an empty cell.
    rows : int64 array
        Number of each of these rows as a spreadsheet shows it: the heading is row 1, a blank row
        counts, and a row of a CSV in which a cell holds line breaks counts once.
    misfits : tuple of (int, str)
        Rows of a CSV that have more or fewer cells than the heading: number and text.
    source : str
        The file as provenance names it; the file's own name if empty.
    skipped : tuple of Skipped
        What stands around and between the rows and is no data.
    notes : tuple of Text
        What a reader should know of the table.
    """

    path: Path
    name: str | None
    headings: tuple[str, ...]
    columns: tuple[pa.Array, ...]
    rows: NDArray[np.int64]
    misfits: tuple[tuple[int, str], ...] = ()
    source: str = ""
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[Text, ...] = field(default=())

    @property
    def file(self) -> str:
        """The file as provenance names it."""
        return self.source or self.path.name


def refuse(zh: str, en: str, *, path: Path, sheet: str | None = None, column: str | None = None) -> SourceError:
    """Make the error that says in both languages why a file cannot be read."""
    return SourceError(Text(zh, en), path=str(path), sheet=sheet, column=column)

"""What every reader gives: the text of one sheet with the place of each row; and how a reader refuses a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphkit.errors import SourceError

MOST_COLUMNS = 1_000  # the widest kind has twelve
LONGEST_CELL = 32_767  # characters, what a spreadsheet program can keep in one
NOT_COMPUTED = "\ue000="  # the text of a cell with a formula that was never computed; of a private character, so that nobody types it


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

"""Sheets that go by no known name: never a reason to refuse a file, named with all their rows, and with the table they may be meant for.

A sheet that may be one of the tables, by its name or its headings, is rows that were lost: they are set aside, so that nothing is called
complete or certain without them. What is like no table is left out, and said.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.data.breaches import RULES
from graphkit.data.problems import Problem
from graphkit.errors import SourceError
from graphkit.model.model import Model
from graphkit.model.types import NodeType, TieType
from graphkit.words import Text, fold
from loaders.counted import COUNTS, find_counts, say_counts
from loaders.gathered import Gathered, Lost
from loaders.headings import columns_by_heading, kinds_by_name, name_nearest
from loaders.mapping.synonyms import SUBJECTS
from loaders.regions import cut_known, filled_cells, find_known_heading
from loaders.sheets import GUIDE_SHEETS, Grid, Sheet, Skipped, refuse

Kind = NodeType | TieType
RULE = "sheet.unknown"
_LIKE, _LIKE_LATIN = 0.6, 0.75  # how like the name of a table a sheet's must be to be told as a slip
_SHORTEST = 2  # a name of one character, such as 村, is part of too many words to say anything
NOT_READ = Text("没有这个名字的表，没有读", "there is no table of this name, not read")


def name_kinds(grids: Sequence[Grid], model: Model) -> Iterator[tuple[Grid, Kind | None]]:
    """Which kind each grid holds, by its name; a lone sheet may go by the name of its file. None where it is not known."""
    kinds = kinds_by_name(model)
    rows = [grid for grid in grids if grid.name is None or fold(grid.name) not in GUIDE_SHEETS]
    for grid in rows:
        yield grid, kinds.get(fold(grid.name or grid.path.stem)) or (kinds.get(fold(grid.path.stem)) if len(rows) == 1 else None)


def leave_out(grid: Grid, gathered: Gathered) -> None:
    """Set the rows of an unknown sheet aside where it may be a table, else skip them; either way it is said."""
    if find_counts(grid):
        _skip(grid, gathered, COUNTS, say_counts)
        return
    meant = find_meant(grid, gathered.model)
    if not meant:
        _skip(grid, gathered, NOT_READ, _say_left)
        return
    sheet = cut_known(grid, columns_by_heading(meant[0]))
    filled = _filled(sheet)
    lost = [*((int(row), "") for row in sheet.rows[filled]), *sheet.misfits]
    tables = tuple(kind.table for kind in meant)
    gathered.lost.extend(Lost(tables, sheet, number, text, RULE) for number, text in sorted(lost))
    gathered.remarks.append(_problem(grid, meant, len(lost)))
    gathered.note(replace(sheet, misfits=tuple(lost)), (), 0, left=(_say_left(len(lost)),), blank=int((~filled).sum()))


def _skip(grid: Grid, gathered: Gathered, reason: Text, say: Callable[[int], Text]) -> None:
    """Note every row of a grid as skipped, and say why."""
    filled = filled_cells(grid).any(axis=1)
    numbers = (*grid.rows[filled].tolist(), *(number for number, _ in grid.misfits))
    sheet = replace(_bare(grid, filled), skipped=(Skipped(reason, tuple(sorted(numbers))),))
    gathered.note(sheet, (), 0, left=(say(len(numbers)),))


def _bare(grid: Grid, filled: Any) -> Sheet:
    """The blank rows of a grid alone, as a sheet."""
    return Sheet(grid.path, grid.name, (), (), grid.rows[~filled], (), grid.source, (), grid.notes)


def _filled(sheet: Sheet) -> NDArray[np.bool_]:
    """Rows of a sheet that hold something."""
    held = np.zeros(len(sheet.rows), bool)
    for column in sheet.columns:
        held |= pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(column), ""), fill_value=False).to_numpy(zero_copy_only=False)
    return held


def find_meant(grid: Grid, model: Model) -> list[Kind]:
    """The tables that a sheet may be meant for, the likeliest first: those with its headings, else the one most like its name."""
    name = fold(grid.name or grid.path.stem)
    by_heading = [kind for kind in model.sheets if _has_headings(grid, kind)]
    if by_heading:
        return sorted(by_heading, key=lambda kind: -max(_likeness(name, word) for word in _names(kind)))
    likeness, near = max(((_nearness(name, kind), -place) for place, kind in enumerate(model.sheets)), default=(0.0, 0))
    return [model.sheets[-near]] if likeness > 0 else []


def _has_headings(grid: Grid, kind: Kind) -> bool:
    """Whether a row near the top holds the headings of a table, all that must be there and one more, unless it has no more."""
    known = columns_by_heading(kind)
    top = find_known_heading(grid, known)
    if top is None:
        return False
    found = {known[fold(cell)].name for cell in grid.row(top) if cell and fold(cell) in known}
    needed = {column.name for column in kind.columns if column.required}
    return needed <= found and len(found) >= min(2, len(kind.columns))


def _names(kind: Kind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(word) for word in (kind.heading.zh, kind.heading.en, kind.table, *SUBJECTS.get(kind.table, ()))))


def _nearness(name: str, kind: Kind) -> float:
    """How near the name of a sheet is to those of a table, 0 where it is not: more than 1 where it holds one whole, the more of it the nearer."""
    best = 0.0
    for word in _names(kind):
        if len(word) >= _SHORTEST and word in name:
            best = max(best, 1 + len(word) + (word not in SUBJECTS.get(kind.table, ())))  # its own name before what offices call it
        elif (likeness := _likeness(name, word)) >= (_LIKE_LATIN if word.isascii() else _LIKE):
            best = max(best, likeness)
    return best


def _likeness(name: str, word: str) -> float:
    return difflib.SequenceMatcher(None, name, word).ratio()


# In words


def _say_left(rows: int) -> Text:
    return Text(f"没有这个名字的表，没有读：{rows:,} 行", f"there is no table of this name, not read: {rows:,} rows")


def _problem(grid: Grid, meant: Sequence[Kind], rows: int) -> Problem:
    rule = RULES[RULE]
    zh, en = "”或“".join(kind.heading.zh for kind in meant), "' or '".join(kind.heading.en for kind in meant)
    return Problem(
        meant[0].table, grid.source, grid.name, None, None, None, RULE,
        Text(f"{rule.text.zh}：{rows:,} 行，也许应为“{zh}”", f"{rule.text.en}: {rows:,} rows, perhaps meant for '{en}'"), rule.remedy, rule.effect,
    )  # fmt: skip


def refuse_unknown(grid: Grid, model: Model) -> SourceError:
    """Make the error of a source in which no sheet goes by the name of a table, of its first."""
    name = grid.name or grid.path.stem
    meant = find_meant(grid, model)
    if find_counts(grid):
        said = say_counts(int(filled_cells(grid).any(axis=1).sum()))
        return refuse(f"“{name}”：{said.zh}", f"{name!r}: {said.en}", path=grid.path, sheet=grid.name)
    near_zh = meant[0].heading.zh if meant else name_nearest(name, [kind.heading.zh for kind in model.kinds])
    near_en = meant[0].table if meant else name_nearest(name, [spelling for kind in model.kinds for spelling in (kind.table, kind.heading.en)])
    zh = f"；是否为“{near_zh or near_en}”？" if near_zh or near_en else ""
    en = f"; is it {near_en or near_zh!r}?" if near_zh or near_en else ""
    return refuse(
        f"没有名为“{name}”的表{zh} 可用的表：{'、'.join(kind.heading.zh for kind in model.kinds)}",
        f"there is no table named {name!r}{en} There are: {', '.join(kind.table for kind in model.kinds)}",
        path=grid.path, sheet=grid.name,
    )  # fmt: skip

"""Regions: where on a sheet a table stands, what its headings are, and which rows around and between its rows are no data.

Titles stand above a table, notes and signatures below it, totals within it; headings take several rows and
are repeated on every page. Whatever is left out is named with its reason, so that lines can be counted against rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.data.buffers import holds_any, is_tidy
from graphkit.words import Text, fold
from loaders.normalise import plain, read_number
from loaders.sheets import Grid, Sheet, Skipped

MOST_TITLES = 30  # rows above a heading
MOST_HEADING_ROWS = 4
BETWEEN = " / "  # joins the parts of a heading of several rows

_TOTAL_WORDS = ("合计", "小计", "总计", "共计", "累计", "本页合计", "本页小计", "total", "subtotal", "sum", "grandtotal")
_SPACED = tuple(
    f"{word[0]}{gap}{word[1]}" for word in ("合计", "小计", "总计", "共计") for gap in (" ", "  ", "   ", "    ", "\u3000", "\u3000\u3000")
)
_MARKED = tuple(word + mark for word in (*_TOTAL_WORDS, *_SPACED) for mark in ("", ":", "："))
_TOTALS = pa.array([*_MARKED, *(word.capitalize() for word in _MARKED), *(word.upper() for word in _MARKED)])
_NOTE = re.compile(
    r"^\s*[（(]?\s*(?:(?:备\s*注|说\s*明|附\s*注|注|填报说明|填表说明)\s*[0-9]*\s*[:：]|(?:填表|制表|审核|填报|复核|统计|经办|负责|单位负责)(?:人|日期|时间|单位|签字|签名|\s*[:：])"
    r"|(?:单位|村委会|乡镇)?[（(]?(?:盖章|公章)|(?:note|remark|prepared by|checked by)s?\s*:)",
    re.IGNORECASE,
)
_PART = re.compile(r"^\s*其\s*中\s*(?:[:：]|$)")  # of the total above
_PAGE = re.compile(
    r"^\s*[（(]?\s*(?:续\s*表|接上[页表]|转下[页表]|第\s*[0-9０-９一二三四五六七八九十]+\s*页.*|page\s*[0-9]+.*)\s*[）)]?\s*$", re.IGNORECASE
)
_IN_TOTALS = ("计", "其", "otal", "OTAL", "sum", "Sum", "SUM")  # one of these stands in whatever says that a row is a total
_IN_PAGES = ("续", "接上", "转下", "页", "ge", "gE", "Ge", "GE")  # and one of these in what says that a page ends
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_FEWEST_NUMBERED = 4  # columns: fewer numbers in a row may be data
_LABEL = re.compile(r"[:：]")  # of a line above the headings: what it says stands behind, or in the next cell
_DATED = re.compile(r"^\s*[0-9０-９]{4}\s*年(?:[\s0-9０-９]+月)?(?:[\s0-9０-９]+日)?\s*$")
_NUMBERLIKE = re.compile(r"^[\s+\-.,0-9０-９%￥¥]+$")
LAST_LOOKED_AT = 30  # rows that may be notes

TITLE = Text("表格上方的标题", "titles above the table")
HEADING = Text("表头", "headings")
REPEATED = Text("重复的表头", "headings repeated")
TOTAL = Text("合计、小计", "totals and subtotals")
NOTE = Text("表格下方的说明、签名", "notes and signatures below the table")
BLANK = Text("空行", "blank rows")
PAGE = Text("页码、续表", "page numbers and continuations")
NUMBERED = Text("栏次", "numbers of the columns")
ASKED = Text("按对照文件跳过", "skipped as the mapping says")


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of a sheet that holds one table; positions from 0, ends not included.

    Attributes
    ----------
    top, bottom, left, right : int
        The rectangle, its headings included and its titles not.
    heading_rows : int
        Rows at its top that are headings.
    """

    top: int
    bottom: int
    left: int
    right: int
    heading_rows: int = 1


def filled_cells(grid: Grid) -> NDArray[np.bool_]:
    """Return which cells of a grid hold something, rows by columns."""
    if not grid.columns:
        return np.zeros((len(grid.rows), 0), bool)
    return np.stack([_is_filled(column) for column in grid.columns]).T  # each column in one piece


def _is_filled(column: pa.Array) -> NDArray[np.bool_]:
    if is_tidy(column):
        there: NDArray[np.bool_] = column.is_valid().to_numpy(zero_copy_only=False)
        return there
    blank = pc.or_(pc.utf8_is_space(column), pc.equal(pc.binary_length(column), 0))
    filled: NDArray[np.bool_] = ~pc.fill_null(blank, fill_value=True).to_numpy(zero_copy_only=False)
    return filled


def find_regions(grid: Grid, filled: NDArray[np.bool_] | None = None) -> list[Region]:
    """Find the tables of a sheet: rectangles kept apart by blank rows and blank columns, with their headings.

    A single column of text is no table, unless the whole sheet is one. Regions come from top to bottom, then from left to right.
    `filled` are the cells that hold something, where that is known already.
    """
    filled = filled_cells(grid) if filled is None else filled
    found = []
    for top, bottom, left, right in _blocks(filled, 0, filled.shape[0], 0, filled.shape[1]):
        start = _skip_titles(grid, filled, Region(top, bottom, left, right))
        if bottom - start < 2 or (right - left < 2 and filled[:, :left].any() | filled[:, right:].any()):
            continue
        region = Region(start, bottom, left, right)
        found.append(Region(start, bottom, left, right, count_heading_rows(grid, filled, region)))
    return found


def _blocks(filled: NDArray[np.bool_], top: int, bottom: int, left: int, right: int) -> Iterable[tuple[int, int, int, int]]:
    """Cut a rectangle at blank columns, then at blank rows, until nothing is left to cut."""
    part = filled[top:bottom, left:right]
    columns, rows = _runs(part.any(axis=0)), _runs(part.any(axis=1))
    if not rows:
        return
    if len(columns) == 1 and len(rows) == 1:
        yield top + rows[0][0], top + rows[0][1], left + columns[0][0], left + columns[0][1]
        return
    for low, high in rows:
        for first, last in _runs(part[low:high].any(axis=0)):
            yield from _blocks(filled, top + low, top + high, left + first, left + last)


def _runs(held: Any) -> list[tuple[int, int]]:
    """Begin and end of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], held, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _skip_titles(grid: Grid, filled: NDArray[np.bool_], block: Region) -> int:
    """The first row of a block in which more than one cell is filled and that is no line such as 填报单位：… 填表人：… above the headings."""
    if block.right - block.left < 2:
        return block.top
    cells = filled[block.top : min(block.bottom, block.top + MOST_TITLES), block.left : block.right].sum(axis=1)
    for row in np.flatnonzero(cells > 1).tolist():
        held = [cell for cell in grid.row(block.top + row)[block.left : block.right] if cell and cell.strip()]
        labels = [bool(_LABEL.search(cell)) for cell in held]
        told = any(labels) and all(label or _DATED.match(cell) for label, cell in zip(labels, held, strict=True))
        if not (told or (any(labels) and 2 * cells[row] <= cells.max())):
            return block.top + row
    return block.bottom


def count_heading_rows(grid: Grid, filled: NDArray[np.bool_], region: Region) -> int:
    """Count the rows at the top of a region that are headings: as deep as its merged cells reach, or as the gaps of the first are filled below."""
    reach = [
        bottom - region.top + 1 for top, left, bottom, _ in grid.merged if top == region.top and region.left <= left < region.right and bottom > top
    ]
    beneath = [2 for top, left, _, right in grid.merged if top == region.top and region.left <= left < region.right and right > left]
    deepest = min(max([1, *reach, *beneath]), MOST_HEADING_ROWS, region.bottom - region.top)
    for row in range(region.top + 1, region.top + deepest):
        if any(top == row and right > left for top, left, _, right in grid.merged):
            deepest = min(max(deepest, row - region.top + 2), MOST_HEADING_ROWS)
    if deepest > 1:
        return deepest
    return 2 if _fills_gaps(grid, filled, region) else 1


def _fills_gaps(grid: Grid, filled: NDArray[np.bool_], region: Region) -> bool:
    """Whether the second row writes words under gaps of the first: a heading of two rows whose merged cells nobody tells of."""
    if region.bottom - region.top < 3:
        return False
    first, second = filled[region.top, region.left : region.right], filled[region.top + 1, region.left : region.right]
    words = [cell for cell in grid.row(region.top + 1)[region.left : region.right] if cell]
    return bool((~first & second).any() and (first & ~second).any() and words and not any(_NUMBERLIKE.match(word) for word in words))


def flatten_headings(grid: Grid, region: Region) -> list[str]:
    """Return one heading for each column of a region: its parts from top to bottom, merged cells filled, joined by `BETWEEN`."""
    rows = [_spread(grid, region, row) for row in range(region.top, region.top + region.heading_rows)]
    return [BETWEEN.join(dict.fromkeys(filter(None, (heading_text(part) for part in parts)))) for parts in zip(*rows, strict=True)]


def heading_text(cell: str | None) -> str:
    r"""A heading without line breaks and the blanks that spread Chinese characters over a cell; words of letters stay apart.

    >>> heading_text("户 主\n姓名"), heading_text("household  id"), heading_text(None)
    ('户主姓名', 'household id', '')
    """
    return re.sub(r"(?<![A-Za-z0-9]) | (?![A-Za-z0-9])", "", " ".join((cell or "").split()))


def _spread(grid: Grid, region: Region, row: int) -> list[str | None]:
    """A row of headings in which cells merged sideways are filled; where no merged cells are told, gaps of all rows but the last."""
    cells = grid.row(row)
    for top, left, bottom, right in grid.merged:
        if top <= row <= bottom and left < len(cells):
            cells[left + 1 : right + 1] = [cells[left]] * (min(right + 1, len(cells)) - left - 1)
    cells = cells[region.left : region.right]
    if region.heading_rows == 1 or grid.merged or row == region.top + region.heading_rows - 1:
        return cells
    below = grid.row(row + 1)[region.left : region.right]
    for place in range(1, len(cells)):
        if not cells[place] and below[place]:
            cells[place] = cells[place - 1]
    return cells


def cut(grid: Grid, region: Region, headings: Sequence[str] | None = None) -> Sheet:
    """Cut the table of a region out of its grid; what is no data is named in ``.skipped``."""
    begin = region.top + region.heading_rows
    columns = tuple(column[begin : region.bottom] for column in grid.columns[region.left : region.right])
    named = tuple(flatten_headings(grid, region) if headings is None else headings)
    skipped = []
    if region.heading_rows:
        skipped.append(Skipped(HEADING, _numbers(grid, range(region.top, begin))))
    sheet = Sheet(grid.path, grid.name, named, columns, grid.rows[begin : region.bottom], grid.misfits, grid.source, tuple(skipped), grid.notes)
    return drop_no_data(sheet)


def _numbers(grid: Grid, positions: Iterable[int]) -> tuple[int, ...]:
    return tuple(int(grid.rows[position]) for position in positions)


# One known table a sheet


def find_known_heading(grid: Grid, known: Iterable[str]) -> int | None:
    """Return the position of the first row whose cells are headings that are `known` (folded), more than half of them; None if there is none."""
    spellings = set(known)
    for position in range(min(len(grid.rows), MOST_TITLES + 1)):
        cells = [fold(cell) for cell in grid.row(position) if cell and cell.strip()]
        if cells and 2 * sum(cell in spellings for cell in cells) > len(cells):
            return position
    return None


def cut_known(grid: Grid, known: Iterable[str]) -> Sheet:
    """Take the one table of a grid whose headings are known; what stands above the heading and is no data within is named in ``.skipped``.

    Where no row holds such headings, the first is taken, for the reader of columns to say what is wrong with it.
    """
    top = find_known_heading(grid, known) or 0
    sheet = cut(grid, Region(top, len(grid.rows), 0, len(grid.columns)), tuple(cell or "" for cell in grid.row(top)))
    first = int(grid.rows[top])
    titles = (*_numbers(grid, range(top)), *(number for number, _ in grid.misfits if number < first))
    if not titles:
        return sheet
    misfits = tuple(misfit for misfit in grid.misfits if misfit[0] > first)
    return replace(sheet, misfits=misfits, skipped=(Skipped(TITLE, tuple(sorted(titles))), *sheet.skipped))


def drop_no_data(sheet: Sheet) -> Sheet:
    """Return a table without headings repeated, totals, and notes at its end; totals that its rows do not add up to are told in ``.notes``."""
    if not len(sheet.rows) or not sheet.columns:
        return sheet
    total, repeated, note = _is_total(sheet), _is_heading(sheet), _is_note(sheet)
    page, numbered = _is_page(sheet), _is_numbered(sheet)
    no_data = total | repeated | note | page | numbered
    if not no_data.any():
        return sheet
    kept = pa.array(~no_data)
    first = repeated | total
    reasons = (
        (REPEATED, repeated),
        (TOTAL, total & ~repeated),
        (NUMBERED, numbered & ~first),
        (PAGE, page & ~first),
        (NOTE, note & ~first & ~page & ~numbered),
    )
    skipped = [Skipped(reason, tuple(sheet.rows[held].tolist())) for reason, held in reasons if held.any()]
    columns = tuple(column.filter(kept) for column in sheet.columns)
    notes = (*sheet.notes, *_wrong_totals(sheet, total, no_data))
    return replace(sheet, columns=columns, rows=sheet.rows[~no_data], skipped=(*sheet.skipped, *skipped), notes=notes)


def may_hold_no_data(columns: Sequence[pa.Array], heading: str) -> bool:
    """Whether anywhere in the columns may stand what makes a row no data, apart from notes at its end and numbers at its top.

    Columns are texts, or words and their places; of days nothing of the kind can be. `heading` is that of the first column.
    """
    for place, column in enumerate(columns):
        words = column.dictionary if pa.types.is_dictionary(column.type) else column
        if not pa.types.is_string(words.type):
            continue
        if _may_be_page(words) or (place < 2 and _may_be_total(words)):
            return True
        if place == 0 and holds_any(words, heading.split(BETWEEN)):
            return True
    return False


def _may_be_total(column: pa.Array) -> bool:
    return holds_any(column, _IN_TOTALS) and bool(pc.any(pc.is_in(column, value_set=_TOTALS)).as_py() or _likely(column, "其", _PART).any())


def _may_be_page(column: pa.Array) -> bool:
    return holds_any(column, _IN_PAGES) and bool(_likely(column, "续接转第p", _PAGE).any())


def _is_total(sheet: Sheet) -> NDArray[np.bool_]:
    """Rows whose first or second cell says that they are a total."""
    held = np.zeros(len(sheet.rows), bool)
    for column in sheet.columns[:2]:
        if not holds_any(column, _IN_TOTALS):
            continue
        held |= pc.is_in(column, value_set=_TOTALS).to_numpy(zero_copy_only=False)
        held |= _likely(column, "其", _PART)
    return held


def _likely(column: pa.Array, first: str, pattern: re.Pattern[str]) -> NDArray[np.bool_]:
    """Which cells match; only those that hold one of the letters of `first` are looked at one by one."""
    likely = pc.fill_null(pc.match_substring_regex(column, f"(?i)[{first}]"), fill_value=False).to_numpy(zero_copy_only=False)
    held = np.zeros(len(column), bool)
    for row in np.flatnonzero(likely).tolist():
        held[row] = bool(pattern.match(column[row].as_py()))
    return held


def _is_page(sheet: Sheet) -> NDArray[np.bool_]:
    """Rows in which nothing stands but that a page ends, or that the table goes on."""
    held = np.zeros(len(sheet.rows), bool)
    if len(sheet.columns) < 2:
        return held  # of a table of one column any text may be data
    for place, column in enumerate(sheet.columns):
        if not holds_any(column, _IN_PAGES):
            continue
        for row in np.flatnonzero(_likely(column, "续接转第p", _PAGE)).tolist():
            held[row] |= not any((other[row].as_py() or "").strip() for number, other in enumerate(sheet.columns) if number != place)
    return held


def _is_numbered(sheet: Sheet) -> NDArray[np.bool_]:
    """The first row where it numbers the columns, as statistical returns do: 甲, 乙, then 1, 2, 3."""
    held = np.zeros(len(sheet.rows), bool)
    cells = [plain(column[0].as_py() or "") for column in sheet.columns]
    cells = [cell for cell in cells if cell]
    stems = next((place for place, cell in enumerate(cells) if place >= len(_STEMS) or cell != _STEMS[place]), len(cells))
    rest = cells[stems:]
    counts = all(cell.strip("()") == str(number) for number, cell in enumerate(rest, 1))
    held[0] = counts and len(cells) >= (2 if stems else _FEWEST_NUMBERED)
    return held


def _is_heading(sheet: Sheet) -> NDArray[np.bool_]:
    """Rows that repeat the headings: every cell equal to its own, the empty ones aside, and more than one of them."""
    position = next((place for place, heading in enumerate(sheet.headings) if heading), None)
    if position is None:
        return np.zeros(len(sheet.rows), bool)
    words = sheet.headings[position].split(BETWEEN)
    like = pc.fill_null(pc.is_in(sheet.columns[position], value_set=pa.array([*words, sheet.headings[position]])), fill_value=False).to_numpy(
        zero_copy_only=False
    )
    held = np.zeros(len(sheet.rows), bool)
    parts = {part for heading in sheet.headings for part in heading.split(BETWEEN)}
    for row in np.flatnonzero(like).tolist():
        cells = [heading_text(cell) for column in sheet.columns if (cell := column[row].as_py())]
        held[row] = all(cell in parts for cell in cells) and (len(cells) > 1 or len(sheet.headings) == 1)
    return held


def _is_note(sheet: Sheet) -> NDArray[np.bool_]:
    """Rows at the end whose first cell that holds something begins as a note or a signature does, and what stands below such a row."""
    held = np.zeros(len(sheet.rows), bool)
    below = False
    for row in range(max(len(sheet.rows) - LAST_LOOKED_AT, 0), len(sheet.rows)):
        cells = [cell for column in sheet.columns if (cell := column[row].as_py()) and cell.strip()]
        is_short = 0 < 2 * len(cells) <= max(len(sheet.columns), 2)
        signed = bool(cells) and all(_NOTE.match(cell) for cell in cells)
        held[row] = signed or (is_short and (below or bool(_NOTE.match(cells[0]))))
        below |= bool(held[row])
    return held


def _wrong_totals(sheet: Sheet, total: NDArray[np.bool_], no_data: NDArray[np.bool_]) -> list[Text]:
    """What to say of totals that the rows above them do not add up to: those since the last total, or all of them.

    A column in which some cell is no exact number cannot be added up, and nothing is said of it.
    """
    notes = []
    begin = 0
    for row in np.flatnonzero(total).tolist():
        for heading, column in zip(sheet.headings, sheet.columns, strict=True):
            said = _number(column[row].as_py())
            if said is None or not heading:
                continue
            sums = [_add_up(column, range(start, row), no_data) for start in (begin, 0)]
            if None not in sums and said not in sums:
                place = sheet.rows[row]
                notes.append(
                    Text(
                        f"第{place}行“{heading}”合计为 {said}，各行相加为 {sums[0]}",
                        f"row {place}, {heading!r}: the total says {said}, the rows add up to {sums[0]}",
                    )
                )
        begin = row + 1
    return notes


def _add_up(column: pa.Array, rows: Iterable[int], no_data: NDArray[np.bool_]) -> Decimal | None:
    """The sum of the rows that are data; None where a cell is no exact number, or all are empty."""
    cells = [cell for row in rows if not no_data[row] and (cell := column[row].as_py())]
    numbers = [_number(cell) for cell in cells]
    return None if not numbers or None in numbers else sum((number for number in numbers if number is not None), Decimal(0))


def _number(cell: str | None) -> Decimal | None:
    """The number a cell says, whatever its unit, if it is an exact one."""
    normal = read_number(re.sub(r"[户人家口个名元亩次]+$", "", plain(cell))) if cell else None
    return Decimal(normal.value) if normal and normal.value and normal.state == "value" and normal.precision == "exact" else None

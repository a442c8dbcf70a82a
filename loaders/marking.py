"""The clerk's own workbook back: every cell that has a problem coloured, with a comment, and a sheet of all problems that leads to each.

A copy is written; the cells keep what they held. Formats, widths and pictures of the original are not
copied: what a clerk corrects is the original, with this beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from graphkit.arguments import need_lang
from graphkit.data.problems import Problem
from graphkit.errors import ParameterError
from graphkit.files import replacing
from graphkit.words import Lang, Text, fold
from loaders.files import ReadOptions, list_sources, read_grids
from loaders.regions import BETWEEN
from loaders.register_pages import LISTS, dress_copy, find_pages, write_lists
from loaders.sheets import Grid

_RED, _YELLOW = "#F8CBAD", "#FFF2CC"
_WIDEST, _LONGEST_NAME, _LONGEST_COMMENT = 60, 31, 32_000
_HEADINGS = (
    Text("文件", "file"), Text("表", "sheet"), Text("行", "row"), Text("列", "column"), Text("问题", "problem"), Text("改法", "remedy"),
    Text("处理", "effect"), Text("规则", "rule"),
)  # fmt: skip
_EFFECTS = {"quarantine": Text("搁置", "set aside"), "report": Text("仅报告", "reported only")}
_HEADINGS_WITHIN = 30  # rows from the top
_OF_NAMES = ("name.alone", "name.differs")  # where the name that stands there is what is to be looked at
_TITLE = Text("问题", "problems")


def mark_workbook(
    source: str | Path, problems: Sequence[Problem], path: str | Path, *, lang: Lang = "zh", encoding: str | None = None, separator: str | None = None
) -> Path:
    """Write a copy of the sheets of `source` in which every problem is marked where it stands.

    Parameters
    ----------
    source : path
        What was read: a workbook, a CSV, or a folder of them; each sheet becomes one of the copy.
    problems : sequence of Problem
        From `loaders.check_source` or `loaders.read_source` on the same source.
    path : path
        The workbook to write, ``.xlsx``.
    lang : {"zh", "en"}
        Language of comments and of the sheet of problems.
    encoding, separator : str, optional
        Of CSV files, as they were read; told from each file if not given.

    Returns
    -------
    Path
        The workbook written. It holds all that the source holds, names too: keep it as you keep the source.

    Raises
    ------
    ParameterError
        If `path` is no ``.xlsx``, or is the source itself.
    SourceError
        If the source cannot be read.
    """
    path = Path(path)
    need_lang(lang)
    if path.suffix.lower() != ".xlsx" or path.resolve() == Path(source).resolve():
        raise ParameterError(Text("请给出另一个文件名，后缀为 .xlsx", "name another file, ending in .xlsx"))
    grids = [grid for one in list_sources(Path(source)) for grid in read_grids(one, ReadOptions(encoding, separator))]
    with replacing(path, private=True) as coming:
        _write(coming, grids, problems, lang)
    return path


def _write(path: Path, grids: Sequence[Grid], problems: Sequence[Problem], lang: Lang) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        formats = {
            "quarantine": book.add_format({"bg_color": _RED}),
            "report": book.add_format({"bg_color": _YELLOW}),
            "bold": book.add_format({"bold": True}),
        }
        listed = book.add_worksheet(_TITLE.say(lang))
        grids = [grid for grid in grids if fold(grid.name or "") not in {fold(LISTS.zh), fold(LISTS.en)}]  # they are written anew
        names = _names(grids, listed.get_name())
        pages = find_pages(list(zip(names, grids, strict=True)))
        by_sheet: dict[tuple[str | None, str | None], list[Problem]] = defaultdict(list)
        for problem in problems:
            by_sheet[problem.file, problem.sheet].append(problem)
        places: dict[int, str] = {}
        for grid, name in zip(grids, names, strict=True):
            sheet = book.add_worksheet(name)
            marks = _place(sheet.get_name(), grid, by_sheet[grid.source, grid.name], places)
            _write_cells(sheet, grid, marks, formats)
            dress_copy(book, sheet, grid, pages, {row for (row, _), held in marks.items() if any(problem.rule in _OF_NAMES for problem in held)})
            for (row, column), held in marks.items():
                sheet.write_comment(row, column, "\n".join(dict.fromkeys(_say(problem, lang) for problem in held))[:_LONGEST_COMMENT], {"x_scale": 2})
        if pages:
            write_lists(book, pages)
        _write_list(listed, problems, places, formats, lang)


Marks = dict[tuple[int, int], list[Problem]]


def _place(name: str, grid: Grid, problems: Sequence[Problem], places: dict[int, str]) -> Marks:
    """Problems by row and column, from 0; `places` learns where in the copy each stands."""
    marks: Marks = defaultdict(list)
    for problem in problems:
        if problem.row is not None:
            column = _column_of(grid, problem)
            marks[problem.row - 1, column].append(problem)
            places[id(problem)] = f"internal:'{name}'!{xl_col_to_name(column)}{problem.row}"
    return marks


def _names(grids: Sequence[Grid], taken: str) -> list[str]:
    """A name for each sheet of the copy, of which a workbook holds no two alike."""
    names: list[str] = []
    for grid in grids:
        bare = "".join("_" if letter in "[]:*?/\\'" else letter for letter in grid.name or grid.path.stem)[:_LONGEST_NAME] or "sheet"
        name, number = bare, 2
        while name.casefold() in {other.casefold() for other in (*names, taken)}:
            suffix = f" {number}"
            name, number = bare[: _LONGEST_NAME - len(suffix)] + suffix, number + 1
        names.append(name)
    return names


def _write_cells(sheet: Any, grid: Grid, marks: Marks, formats: dict[str, Any]) -> None:
    """Write every cell as text where it stood, and colour those with problems, the empty ones too."""
    for row, column in marks:
        sheet.write_blank(row, column, None, _format(marks[row, column], formats))
    for position, row in enumerate(grid.rows.tolist()):
        for column, cell in enumerate(grid.row(position)):
            if cell is not None:
                sheet.write_string(row - 1, column, cell, _format(marks.get((row - 1, column), ()), formats))
    for row, text in grid.misfits:
        sheet.write_string(row - 1, 0, text[:_LONGEST_COMMENT], _format(marks.get((row - 1, 0), ()), formats))


def _format(problems: Sequence[Problem], formats: dict[str, Any]) -> Any:
    if not problems:
        return None
    return formats["quarantine" if any(problem.effect == "quarantine" for problem in problems) else "report"]


def _column_of(grid: Grid, problem: Problem) -> int:
    """Where the column of a problem stands in the sheet, by its heading; the first where it cannot be told.

    Where a file calls several columns so, it is the one in which the value stands.
    """
    for spellings in _spellings(problem):
        for position in range(min(len(grid.rows), _HEADINGS_WITHIN)):
            places = [place for place, cell in enumerate(grid.row(position)) if cell and fold(cell) in spellings]
            if places:
                return next((place for place in places if _stands_in(grid, place, problem)), places[-1])
    return 0


def _spellings(problem: Problem) -> Iterator[set[str]]:
    """What the heading may be, the likeliest first: as the file has it, the parts of it, the name of the column."""
    if problem.heading:
        whole = {fold(problem.heading.zh), fold(problem.heading.en)}
        yield whole
        yield {fold(part) for said in (problem.heading.zh, problem.heading.en) for part in said.split(BETWEEN)} - whole
    yield {fold(problem.column or "")}


def _stands_in(grid: Grid, place: int, problem: Problem) -> bool:
    """Whether the value of a problem stands in that column of its row."""
    at = np.flatnonzero(grid.rows == problem.row)
    cell = grid.columns[place][int(at[0])].as_py() if len(at) else None
    return cell is not None and problem.value is not None and fold(problem.value) in fold(cell)


def _say(problem: Problem, lang: Lang) -> str:
    return f"{problem.text.say(lang)}{Text('。', '; ').say(lang)}{problem.remedy.say(lang)}"


def _write_list(sheet: Any, problems: Sequence[Problem], places: dict[int, str], formats: dict[str, Any], lang: Lang) -> None:
    for column, heading in enumerate(_HEADINGS):
        sheet.write_string(0, column, heading.say(lang), formats["bold"])
    for row, problem in enumerate(problems, 1):
        cells = (
            problem.file or problem.table, problem.sheet or "", problem.row, problem.heading.say(lang) if problem.heading else problem.column or "", problem.text.say(lang), problem.remedy.say(lang),
            _EFFECTS[problem.effect].say(lang), problem.rule,
        )  # fmt: skip
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
        if id(problem) in places:
            sheet.write_url(row, 2, places[id(problem)], string=str(problem.row))
    sheet.set_column(4, 5, _WIDEST)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(problems), 1), len(_HEADINGS) - 1)

"""The rows that were set aside, as a workbook to correct and load again."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphkit.arguments import need_a, need_lang
from graphkit.data.exports import LONGEST_SHEET_NAME, NO, YES, make_formats, write_form
from graphkit.data.problems import Problem
from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.files import replacing
from graphkit.model.types import Property
from graphkit.words import Lang, Text

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_LONGEST_COMMENT = 32_000
Place = tuple[str, str | None, str | None, int | None]


def write_set_aside(tables: Tables, problems: Sequence[Problem], path: str | Path, *, lang: Lang = "zh") -> Path:
    """Write the rows that were set aside as a workbook of the form that `load` reads, and return its path.

    A sheet for each kind that lost rows, with the headings, drop-downs and words of the template; on the first cell of each
    row a comment says where it came from, what is wrong and what to do. Corrected and put beside the other files, it is
    loaded with them. Rows of a CSV with more or fewer cells than its heading are left out: nobody knows which cell is which.

    Parameters
    ----------
    tables : Tables
        As loaded, with what was set aside.
    problems : sequence of Problem
        What `loaders.check_source` or `loaders.read_source` said of the same tables.
    path : path
        The workbook to write, ``.xlsx``; readable by its owner alone, for it holds the rows as they were.
    lang : {"zh", "en"}
        Language of headings, fixed values and comments.

    Raises
    ------
    ParameterError
        If `path` is no ``.xlsx``.

    Examples
    --------
    >>> import tempfile, pyarrow as pa
    >>> from graphkit.data.checks import check_tables, quarantine_problems
    >>> given = Tables({"Household": pa.table({"id": ["h1", "h1"], "people": [3, 4]})})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_set_aside(quarantine_problems(given), check_tables(given), f"{folder}/again.xlsx").name
    'again.xlsx'
    """
    need_a(Tables, tables, "write_set_aside")
    need_lang(lang)
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise ParameterError(Text("请给出后缀为 .xlsx 的文件名", "name a file that ends in .xlsx"))
    said: dict[Place, list[Problem]] = defaultdict(list)
    for problem in problems:
        said[problem.table, problem.file, problem.sheet, problem.row].append(problem)
    with replacing(path, private=True) as coming:
        _write(coming, tables, said, lang)
    return path


def _write(path: Path, tables: Tables, said: Mapping[Place, Sequence[Problem]], lang: Lang) -> None:
    import xlsxwriter

    aside = [row for row in tables.quarantine.to_pylist() if "text" not in row["row"] or "text" not in json.loads(row["row"])]
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        formats = make_formats(book)
        for kind in tables.model.sheets:
            if mine := [row for row in aside if row["table"] == kind.table]:
                sheet = book.add_worksheet(kind.heading.say(lang)[:LONGEST_SHEET_NAME])
                write_form(sheet, kind, lang, formats)
                for line, row in enumerate(mine, 1):
                    _write_row(sheet, line, json.loads(row["row"]), kind.columns, lang)
                    place = row["table"], row["source_file"], row["source_sheet"], row["source_row"]
                    sheet.write_comment(line, 0, _comment(place, said.get(place, ()), lang), {"x_scale": 3, "y_scale": 2})


def _write_row(sheet: Worksheet, line: int, row: Mapping[str, Any], columns: Sequence[Property], lang: Lang) -> None:
    for position, column in enumerate(columns):
        if (value := row.get(column.name)) is not None:
            sheet.write_string(line, position, _word(value, column, lang))


def _word(value: object, column: Property, lang: Lang) -> str:
    """A value as the loader reads it again."""
    if isinstance(value, bool):
        return (YES if value else NO).say(lang)
    return next((choice.heading.say(lang) for choice in column.choices if choice.value == value), str(value))


def _comment(place: Place, problems: Sequence[Problem], lang: Lang) -> str:
    _, file, sheet, row = place
    where = " · ".join(part for part in (file, sheet, Text(f"第{row}行", f"row {row}").say(lang) if row else None) if part)
    wrong = [
        f"{problem.heading.say(lang) if problem.heading else ''} {problem.text.say(lang)}{Text('。', '; ').say(lang)}{problem.remedy.say(lang)}".strip()
        for problem in problems
        if problem.effect == "quarantine"
    ]
    return "\n".join([where, *wrong])[:_LONGEST_COMMENT]

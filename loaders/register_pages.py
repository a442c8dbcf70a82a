"""The workbook of registers as a clerk sees it: names beside ids, pick lists in which each id has its name, prompts, example rows, a guide.

Names beside ids are formulas: they are no data, and no reader takes them for such (`loaders.mapping.shown`). A pick list shows ``id｜name``, and
what is picked stands so in the cell, from which the reader takes the id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from graphkit.arguments import need_lang
from graphkit.errors import ParameterError
from graphkit.files import replacing
from graphkit.model.kinds import MODEL
from graphkit.words import Lang, Text
from loaders.regions import MOST_TITLES
from loaders.registers import EXAMPLE, REGISTERS, Register, RegisterColumn
from loaders.sheets import NOT_COMPUTED, NOT_FOUND, PICKED, Grid

MOST_ROWS = 100_000  # of a register whose formulas a spreadsheet still computes while one types
LISTS = Text("选单", "pick lists")
_ROWS = 1_000
_HEADED = {"bold": True, "bg_color": "#DDEBF7", "num_format": "@"}
_TOLD = 3  # names shown beside a cell of several ids
_WIDEST_ID = 99  # characters of an id and its name in a cell of several


@dataclass(frozen=True, slots=True)
class Page:
    """Where a register stands in a workbook.

    Attributes
    ----------
    sheet : str
        Name of the sheet.
    columns : dict of str to int
        Place of each column by its heading, from 0.
    first, last : int
        Rows that it has to fill, as a spreadsheet numbers them.
    lang : {"zh", "en"}
        Language of its headings.
    """

    sheet: str
    columns: Mapping[str, int]
    first: int
    last: int
    lang: Lang


Pages = Mapping[str, Page]


def write_registers(path: str | Path, *, lang: Lang = "zh", rows: int = _ROWS) -> Path:
    """Write the empty workbook of registers: a guide of one page, five sheets with pick lists, prompts, an example row and names beside ids.

    Filled in, it is loaded with ``--mapping registers``.

    Parameters
    ----------
    path : path
        The workbook to write, ``.xlsx``.
    lang : {"zh", "en"}
        Language of sheets and headings.
    rows : int, default 1000
        Rows of each register that have pick lists and show names, from 1 to 100,000; those below are read as well.

    Raises
    ------
    ParameterError
        If `rows` is out of range.
    WriteError
        If it cannot be written.
    """
    import xlsxwriter

    need_lang(lang)
    if not 1 <= rows <= MOST_ROWS:
        raise ParameterError(Text(f"rows 应为 1 到 {MOST_ROWS:,}", f"rows lies between 1 and {MOST_ROWS:,}"))
    path = Path(path)
    with replacing(path) as coming, xlsxwriter.Workbook(str(coming)) as book:
        _write_guide(book, book.add_worksheet(Text("说明", "guide").say(lang)), lang)
        pages = {register.key: _new_page(register, rows, lang) for register in REGISTERS}
        for register in REGISTERS:
            sheet = book.add_worksheet(pages[register.key].sheet)
            _write_headings(book, sheet, register, lang)
            dress_register(book, sheet, register, pages)
        write_lists(book, pages)
    return path


def _new_page(register: Register, rows: int, lang: Lang) -> Page:
    return Page(register.sheet.say(lang), {heading: place for place, (heading, _, _) in enumerate(_lay_out(register, lang))}, 3, rows + 2, lang)


def _lay_out(register: Register, lang: Lang) -> Iterator[tuple[str, RegisterColumn, bool]]:
    """Headings from left to right, each with its column and whether it only shows the name for it."""
    for column in register.columns:
        yield column.heading.say(lang), column, False
        if column.shown:
            yield column.shown.say(lang), column, True


def _write_headings(book: Any, sheet: Any, register: Register, lang: Lang) -> None:
    """The headings, and under them a row that shows how to fill one."""
    bold, text = book.add_format({**_HEADED, "text_wrap": True}), book.add_format({"num_format": "@"})
    grey = book.add_format({"italic": True, "font_color": "#808080", "num_format": "@"})
    shown = book.add_format({"font_color": "#808080", "bg_color": "#F2F2F2"})
    for place, (heading, column, is_shown) in enumerate(_lay_out(register, lang)):
        width = max(12, 2 * len(heading) if lang == "zh" else len(heading))
        sheet.set_column(place, place, min(width, 24), shown if is_shown else text)
        sheet.write_string(0, place, heading, bold)
        example = _name_of(column, lang) if is_shown else column.example.say(lang)
        sheet.write_string(1, place, EXAMPLE.say(lang) + example if place == 0 else example, grey)
    sheet.set_row(0, 2 * _LINE)  # a heading may take two
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _name_of(column: RegisterColumn, lang: Lang) -> str:
    """The name in the example of the register whose id the column has in its own; dots where it has another's."""
    own, name = _register(column.pick).columns[:2]
    return name.example.say(lang) if column.example == own.example else "…"


def _register(key: str) -> Register:
    return next(register for register in REGISTERS if register.key == key)


# Pick lists, and names beside ids


def dress_register(book: Any, sheet: Any, register: Register, pages: Pages, cells: Mapping[tuple[int, int], str | None] | None = None) -> None:
    """Give a register its pick lists, prompts, and the formulas that show names.

    `cells` says, by row and column from 0, what a formula gave when it was last computed, and None where none is to be written; all are
    written, and gave nothing, if it is left out.
    """
    page = pages[register.key]
    asked = book.add_format({"bg_color": "#F8CBAD"})
    for column in register.columns:
        if (place := page.columns.get(column.heading.say(page.lang))) is None:
            continue
        sheet.data_validation(page.first - 1, place, page.last - 1, place, _rule(column, register, pages))
        beside = page.columns.get(column.shown.say(page.lang)) if column.shown else None
        if beside is None or column.pick not in pages:
            continue
        for row in range(page.first - 1, page.last):
            gave = "" if cells is None else cells.get((row, beside), "")
            if gave is not None:
                sheet.write_formula(row, beside, _shown(f"{xl_col_to_name(place)}{row + 1}", column, register), None, gave)
        sheet.conditional_format(
            page.first - 1, beside, page.last - 1, beside, {"type": "text", "criteria": "containing", "value": NOT_FOUND, "format": asked}
        )


def find_pages(named: Sequence[tuple[str, Grid]]) -> dict[str, Page]:
    """Where registers stand among the sheets of a workbook, each with the name that it goes by in a copy; none where a register has no ids there."""
    pages = {}
    for name, grid in named:
        for register in REGISTERS:
            lang: Lang = "zh" if grid.name == register.sheet.zh else "en"
            if grid.name == register.sheet.say(lang) and (page := _find_page(name, grid, register, lang)):
                pages[register.key] = page
    return pages


def _find_page(name: str, grid: Grid, register: Register, lang: Lang) -> Page | None:
    wanted = [column.heading.say(lang) for column in register.columns[:2]]
    for position in range(min(len(grid.rows), MOST_TITLES)):
        cells = grid.row(position)
        if all(heading in cells for heading in wanted):
            first = int(grid.rows[position]) + 1
            return Page(name, {cell: place for place, cell in enumerate(cells) if cell}, first, max(int(grid.rows[-1]), first), lang)
    return None


def dress_copy(book: Any, sheet: Any, grid: Grid, pages: Pages, kept: Collection[int]) -> None:
    """Give the copy of a register what the register had; names typed by hand in the rows `kept`, from 0, and in those of examples stay as they stand."""
    for register in REGISTERS:
        page = pages.get(register.key)
        if page is None or page.sheet != sheet.get_name():
            continue
        first = grid.columns[page.columns[register.columns[0].heading.say(page.lang)]].to_pylist()
        rows = [(row, position) for position, row in enumerate((grid.rows - 1).tolist()) if row >= page.first - 1]
        stays = {row for row, position in rows if row in kept or (first[position] or "").startswith(EXAMPLE.say(page.lang))}
        shown = [page.columns.get(column.shown.say(page.lang)) for column in register.columns if column.shown]
        cells = {
            (row, place): None if row in stays else (grid.columns[place][position].as_py() or "").replace(NOT_COMPUTED, "")
            for place in shown
            if place is not None
            for row, position in rows
        }
        dress_register(book, sheet, register, pages, cells)


def _rule(column: RegisterColumn, register: Register, pages: Pages) -> dict[str, Any]:
    """The pick list and the prompt of a column; what may be several is not held to the list."""
    lang = pages[register.key].lang
    rule: dict[str, Any] = {"validate": "any", "input_title": column.heading.say(lang)[:32], "input_message": column.prompt.say(lang)[:255]}
    if column.choices:
        return rule | {"validate": "list", "source": _choices(column.choices, lang)}
    if column.pick in pages:
        held = {"show_error": False} if column.key in register.several else {"error_type": "warning"}
        return rule | {"validate": "list", "source": f"=pick_{column.pick}", **held}
    return rule


def _choices(named: str, lang: Lang) -> list[str]:
    if named == "yesno":
        return [Text("是", "yes").say(lang), Text("否", "no").say(lang)]
    table, _, name = named.rpartition(".")
    column = next(column for column in MODEL.table_type(table).columns if column.name == name)
    return [choice.heading.say(lang) for choice in column.choices]


def _shown(cell: str, column: RegisterColumn, register: Register) -> str:
    """The formula that shows the name for the id, or the first names for the ids, in a cell."""
    if column.key not in register.several:
        return f'=IF({cell}="","",{_find(cell, column.pick)})'
    apart = f'SUBSTITUTE(SUBSTITUTE({cell},"，","、"),"、",REPT(" ",{_WIDEST_ID}))'
    parts = [f"TRIM(MID({apart},{1 + n * _WIDEST_ID},{_WIDEST_ID}))" for n in range(_TOLD + 1)]
    more = "".join(f'&IF({part}="","","、"&{_find(part, column.pick)})' for part in parts[1:_TOLD])
    return f'=IF({cell}="","",{_find(parts[0], column.pick)}{more}&IF({parts[_TOLD]}="","","、…"))'


def _find(one: str, key: str) -> str:
    """The name of one id; a code that was pasted as a number is found under its text."""
    return f'IFERROR(INDEX(plain_{key},MATCH(TRIM(LEFT({one},FIND("{PICKED}",{one}&"{PICKED}")-1)),ids_{key},0))&"","{NOT_FOUND}")'


def write_lists(book: Any, pages: Pages) -> None:
    """Write the hidden sheet behind pick lists and formulas: for each register the ids as text, the names, and the two as they are picked."""
    sheet = book.add_worksheet(LISTS.say(next(iter(pages.values())).lang))
    for number, (key, page) in enumerate(pages.items()):
        ids, names = (page.columns[column.heading.say(page.lang)] for column in _register(key).columns[:2])
        own, plain, both = (xl_col_to_name(3 * number + n) for n in range(3))
        for row in range(1, page.last - page.first + 2):
            one, name = (_cell(page, column, page.first + row - 1) for column in (ids, names))
            sheet.write_formula(row - 1, 3 * number, f'={one}&""', None, "")
            sheet.write_formula(row - 1, 3 * number + 1, f'=SUBSTITUTE(SUBSTITUTE({name}&"","、","·"),"，","·")', None, "")
            picked = f'=IF({own}{row}="","",{own}{row}&IF({plain}{row}="","","{PICKED}"&{plain}{row}))'
            sheet.write_formula(row - 1, 3 * number + 2, picked, None, "")
        _name_lists(book, sheet.get_name(), key, (own, plain, both), page.last - page.first + 1)
    sheet.hide()


def _name_lists(book: Any, sheet: str, key: str, letters: Sequence[str], rows: int) -> None:
    """Name the columns of a register on the sheet of lists; what is picked from ends with the last row that is filled."""
    cells = [f"'{sheet}'!${letter}$1:${letter}${rows}" for letter in letters]
    book.define_name(f"ids_{key}", f"={cells[0]}")
    book.define_name(f"plain_{key}", f"={cells[1]}")
    last = f'SUMPRODUCT(MAX(({cells[0]}<>"")*ROW({cells[0]})))'
    book.define_name(f"pick_{key}", f"=OFFSET('{sheet}'!${letters[2]}$1,0,0,MAX(1,{last}),1)")


def _cell(page: Page, column: int, row: int) -> str:
    """A cell of a register as a formula on another sheet names it."""
    return f"'{page.sheet.replace(chr(39), 2 * chr(39))}'!{xl_col_to_name(column)}{row}"


# The guide


def _write_guide(book: Any, sheet: Any, lang: Lang) -> None:
    """One page that says what goes where, to be printed."""
    bold, wrapped = book.add_format(_HEADED), book.add_format({"text_wrap": True, "valign": "top"})
    for place, heading in enumerate((Text("表", "sheet"), Text("列", "column"), Text("怎么填", "what to write"), Text("例", "example"))):
        sheet.write_string(0, place, heading.say(lang), bold)
    lines: list[Sequence[Text]] = [(Text("", ""), *line, Text("", "")) for line in _FIRST_WORDS]
    lines += [(register.sheet, column.heading, column.prompt, column.example) for register in REGISTERS for column in register.columns]
    for row, line in enumerate(lines, 1):
        for place, cell in enumerate(line):
            sheet.write_string(row, place, cell.say(lang), wrapped)
        sheet.set_row(row, _LINE * max(_count_lines(cell.say(lang), width) for cell, width in zip(line, _WIDTHS, strict=True)))
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.fit_to_pages(1, 1)
    sheet.set_landscape()


_WIDTHS = (22, 28, 48, 32)  # of the columns of the guide, in characters
_LINE = 15  # height of a line, in points: not every program finds it out for itself


def _count_lines(text: str, width: int) -> int:
    """How many lines a text takes in a column so wide; a Chinese character is two wide, and words do not fill a line to its end."""
    held = sum(1 if character.isascii() else 2 for character in text)
    return -(-held // (width - 2)) or 1


_FIRST_WORDS = (
    (
        Text("例：…", "e.g.: …"),
        Text("每张表第 2 行是例子，不会被读取，可以删去", "row 2 of each sheet is an example; it is not read and may be deleted"),
    ),
    (
        Text("…（自动显示）", "… (shown)"),
        Text(
            f"由公式显示左边编号的名称，不必填，也不会被读取；“{NOT_FOUND}”表示台账里没有这个编号",
            f"a formula shows the name for the id to its left; nothing is to be written there and nothing is read; '{NOT_FOUND}' says that no register has the id",
        ),
    ),
    (
        Text("编号｜名称", "id｜name"),
        Text("从单中选出的格写作“编号｜名称”；只写编号也可以", "what is picked from a list stands as 'id｜name'; the id alone will do"),
    ),
)

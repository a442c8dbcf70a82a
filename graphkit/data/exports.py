"""Files for other programs: the canonical folder of CSVs, and the workbook to fill in."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from graphkit.arguments import need_a, need_lang
from graphkit.data.precision import say_dates
from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.files import make_private_folder, replacing
from graphkit.formulas import guard_texts
from graphkit.model.kinds import COMPLETENESS, MODEL
from graphkit.model.model import Model
from graphkit.model.types import NodeType, Property, TieType
from graphkit.words import Text

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

BOM = b"\xef\xbb\xbf"  # with it a spreadsheet takes the file for UTF-8
LAST_ROW = 1_048_575  # the last one of a sheet, counted from 0
LONGEST_SHEET_NAME = 31
YES, NO = Text("是", "yes"), Text("否", "no")


def write_folder(tables: Tables, path: str | Path, *, lang: str = "zh") -> Path:
    """Write tables as a folder of CSV files that `loaders.load_folder` reads back, and return the folder.

    One file for each kind that has rows, and one of what is said to be complete, named after its table with ``_`` for a space
    (``Member_HELPS_Household.csv``), UTF-8 with BOM, headings and fixed values as words in `lang`,
    dates as ``2012-04-30``, or ``2012-04`` and ``2012`` where no more is known, 是/否 or yes/no, empty for unknown. Rows stand in the order of what tells
    them apart. A text that a spreadsheet might run as a formula (it begins with ``= + - @`` or what
    stands for one of them, perhaps after blanks or what is not seen), or that begins with an apostrophe,
    is written with an apostrophe before it, and the loader takes that off. Provenance is not written:
    read again, a row comes from its new file. Loading takes white space off both ends of a text; all
    else comes back as it was.

    The folder is made if it is not there. It and the files hold all names, so nobody but their owner may
    read them (modes 0700 and 0600). Files of the same names in it are replaced, each as a whole; nothing
    is ever removed, so a file of a kind that has no rows now is refused.

    Parameters
    ----------
    tables : Tables
        What to write.
    path : path
        The folder.
    lang : {"zh", "en"}
        Language of headings and fixed values.

    Raises
    ------
    ParameterError
        If `lang` is another, `path` is a file, or the folder holds the file of a kind that has no rows now.
    WriteError
        If the disk is full, or the place cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> t = Tables({"Village": pa.table({"code": ["230112104001"], "name": ["一村"]})})
    >>> with tempfile.TemporaryDirectory() as place:
    ...     text = (write_folder(t, place, lang="en") / "Village.csv").read_text(encoding="utf-8-sig")
    >>> print(text.splitlines()[1])
    "230112104001","一村",,,,,
    """
    folder = Path(path)
    need_lang(lang)
    need_a(Tables, tables, "write_folder")
    rows = {**{name: say_dates(tables, name) for name in tables}, COMPLETENESS.table: tables.completeness}
    files = {kind: folder / f"{kind.table.replace(' ', '_')}.csv" for kind in tables.model.sheets}
    _refuse_folder(folder, [file for kind, file in files.items() if not rows[kind.table].num_rows])
    for kind, file in files.items():
        if rows[kind.table].num_rows:
            _write_csv(_in_words(_in_order(rows[kind.table], kind), kind, lang), file)
    return folder


def _refuse_folder(folder: Path, without_rows: list[Path]) -> None:
    """Refuse what is no folder, and a folder in which a file would be read beside those written; make it if it is not there."""
    if folder.exists() and not folder.is_dir():
        raise ParameterError(Text(f"{folder} 是文件；请给出文件夹", f"{folder} is a file; give a folder"))
    if left := [file.name for file in without_rows if file.exists()]:
        raise ParameterError(
            Text(
                f"{folder} 里有 {'、'.join(left)}，而这些表里没有这类数据：换一个文件夹，或把它移开",
                f"{folder} holds {', '.join(left)}, and these tables have no such rows: name another folder, or move it away",
            ),
        )
    make_private_folder(folder)


def _in_order(table: pa.Table, kind: NodeType | TieType) -> pa.Table:
    """Rows by identity, then by the rest, so that equal tables give equal files."""
    names = [*kind.identity, *(c.name for c in kind.columns if c.name not in kind.identity)]
    return table.select([c.name for c in kind.columns]).sort_by([(name, "ascending") for name in names])


def _in_words(table: pa.Table, kind: NodeType | TieType, lang: str) -> pa.Table:
    columns = [_words(table[column.name], column, lang) for column in kind.columns]
    return pa.Table.from_arrays(columns, names=[column.heading.say(lang) for column in kind.columns])


def _words(values: pa.ChunkedArray, column: Property, lang: str) -> pa.ChunkedArray:
    """Values as the words that stand in the file."""
    if column.type == "boolean":
        return pc.if_else(values, YES.say(lang), NO.say(lang))
    if column.choices:
        stored = pa.array(column.values)
        shown = pa.array([choice.heading.say(lang) for choice in column.choices])
        values = pc.coalesce(shown.take(pc.index_in(values, stored).combine_chunks()), values)
    if column.type != "string":
        return values.cast(pa.string())
    return guard_texts(values)


def _write_csv(table: pa.Table, file: Path) -> None:
    """Write a file; where a cell holds a line break every cell stands in quotation marks, by which a reader tells it from a mark without its pair."""
    texts = [column.cast(pa.string()) for column in table.columns]
    if any(pc.any(pc.match_substring_regex(text, "[\r\n]")).as_py() for text in texts):
        table = pa.table([pc.fill_null(text, "") for text in texts], names=table.column_names)
    with replacing(file, private=True) as coming, coming.open("wb") as sink:
        sink.write(BOM)
        pa.csv.write_csv(table, sink)


# The workbook to fill in

GUIDE = Text("说明", "Guide")
_GUIDE_HEADINGS = (
    (Text("表", "table"), 33), (Text("列", "column"), 22), (Text("含义", "meaning"), 44), (Text("填什么", "what to write"), 26),
    (Text("单位", "unit"), 16), (Text("必填", "required"), 9), (Text("可填的值", "values allowed"), 44), (Text("空着表示", "empty means"), 20),
)  # fmt: skip
_GUIDE_LINES = (
    Text("每张表一页，第一行是表头；从第二行起一行写一条。没有内容的表可以留空或删去。",
         "One sheet for each table; the first row holds the headings, and each row below it one entry. Leave or delete the sheets you do not need."),
    Text("底色较深的列必须填写。不知道的格留空，不要写“无”或“不详”。",
         "Columns with a darker heading must be filled. Leave a cell empty if the answer is not known; do not write 'none' or 'unknown'."),
    Text("编号由您自定，在全部表中前后一致；不要使用身份证号。代码列已设为文本，开头的零会保留。",
         "Ids are yours to choose and the same in all tables; do not use national ID numbers. Code columns are text, so that zeros at the start stay."),
)  # fmt: skip
_RULES_TITLE = Text("各行之间的规则", "Rules between rows")


def write_template(path: str | Path, *, lang: str = "zh", model: Model = MODEL) -> Path:
    """Write the workbook in which a district is entered by hand, and return its path.

    The first sheet explains every column: meaning, what to write, unit, whether it must be filled,
    values allowed, what an empty cell means. Then one sheet for each kind of node and tie, and one, to be filled or left empty, that says which tables are complete, with
    headings in `lang`, drop-downs for fixed values and yes/no, dates as dates, and text columns as
    text so that zeros at the start of a code stay. Filled in, `loaders.load_workbook` reads it.

    Parameters
    ----------
    path : path
        The file, ending in ``.xlsx``; replaced if it is there.
    lang : {"zh", "en"}
        Language of the workbook.
    model : Model, optional
        Which kinds there are; the shipped model if left out.

    Raises
    ------
    ParameterError
        If `lang` is another, or `path` does not end in ``.xlsx``.
    WriteError
        If the disk is full, or the place cannot be written; what was there before is unchanged.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     write_template(Path(place) / "district.xlsx", lang="en").name
    'district.xlsx'
    """
    path = Path(path)
    need_lang(lang)
    if path.suffix.lower() != ".xlsx":
        raise ParameterError(
            Text(
                f"模板是 .xlsx 文件，不是 {path.suffix or '没有后缀的文件'}",
                f"a template is an .xlsx file, not {path.suffix or 'a file without suffix'}",
            ),
        )
    with replacing(path) as coming:
        coming.write_bytes(_template_bytes(lang, model))
    return path


def _template_bytes(lang: str, model: Model) -> bytes:
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        formats = make_formats(book)
        _write_guide(book.add_worksheet(GUIDE.say(lang)), lang, formats, model)
        for kind in model.sheets:
            write_form(book.add_worksheet(kind.heading.say(lang)[:LONGEST_SHEET_NAME]), kind, lang, formats)
        for sheet in book.worksheets():
            sheet.set_landscape()
            sheet.set_paper(9)  # A4
            sheet.fit_to_pages(1, 0)
    return made.getvalue()


def make_formats(book: Workbook) -> dict[str, Any]:
    """Formats of the template, by the type of a column, and those of headings and of the guide."""
    heading = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    return {
        "heading": book.add_format({**heading, "bg_color": "#EAF1E4"}),
        "required": book.add_format({**heading, "bg_color": "#A9C795"}),
        "title": book.add_format({"bold": True, "font_size": 13}),
        "cell": book.add_format({"text_wrap": True, "valign": "top"}),
        "first": book.add_format({"text_wrap": True, "valign": "top", "top": 1}),
        "string": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "integer": book.add_format({"num_format": "0"}),
        "boolean": None,
    }


def write_form(sheet: Worksheet, kind: NodeType | TieType, lang: str, formats: dict[str, Any]) -> None:
    """The sheet of one kind: its headings, and what may be typed below each."""
    for position, column in enumerate(kind.columns):
        heading = column.heading.say(lang)
        sheet.write_string(0, position, heading, formats["required" if column.required else "heading"])
        sheet.set_column(position, position, _width(heading, column), formats[column.type])
        if rule := _entry_rule(column, lang):
            sheet.data_validation(1, position, LAST_ROW, position, rule)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, len([name for name in kind.identity if name == kind.columns[0].name or name.endswith(("id", "code"))]))


def _wide(text: str) -> int:
    """Width of a text in characters; a Chinese one counts twice."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _width(heading: str, column: Property) -> int:
    return max(min(_wide(heading), 24) + 2, 14 if column.type == "date" or column.digits or column.choices else 10)


def _entry_rule(column: Property, lang: str) -> dict[str, Any] | None:
    """What a spreadsheet lets be typed into a column; a wrong entry is warned of, since the loader has the last word."""
    remedy = f"{column.heading.say(lang)}: {_what_to_write(column).say(lang)}"
    rule: dict[str, Any] = {"error_type": "warning", "error_title": column.heading.say(lang)[:32], "error_message": remedy[:255]}
    if column.choices or column.type == "boolean":
        words = [choice.heading.say(lang) for choice in column.choices] or [YES.say(lang), NO.say(lang)]
        return {**rule, "validate": "list", "source": words}
    if column.type == "date":
        return {**rule, "validate": "date", "criteria": ">=", "value": dt.date(1900, 1, 1)}
    if column.type == "integer":
        most = column.maximum if column.maximum is not None else 10**15 - 1
        return {**rule, "validate": "integer", "criteria": "between", "minimum": column.minimum or 0, "maximum": most}
    if column.digits:
        return {**rule, "validate": "length", "criteria": "==", "value": column.digits}
    return None


def _what_to_write(column: Property) -> Text:
    if column.digits:
        return Text(f"{column.digits} 位数字", f"{column.digits} digits")
    if column.choices:
        return Text("从下拉列表中选", "pick from the list")
    if column.type == "integer" and column.maximum is not None:
        return Text(f"整数，{column.minimum} 到 {column.maximum}", f"whole number, {column.minimum} to {column.maximum}")
    return {
        "string": Text("文字", "text"),
        "integer": Text("整数，不带单位", "whole number, without a unit"),
        "date": Text("日期，如 2012-04-30", "date, such as 2012-04-30"),
        "boolean": Text("是或否", "yes or no"),
    }[column.type]


def _write_guide(sheet: Worksheet, lang: str, formats: dict[str, Any], model: Model) -> None:
    """The page that explains: how to fill the workbook, every column, and the rules between rows."""
    for row, line in enumerate(_GUIDE_LINES):
        sheet.write_string(row, 0, line.say(lang), formats["title"] if row == 0 else None)
    top = len(_GUIDE_LINES) + 1
    for position, (heading, width) in enumerate(_GUIDE_HEADINGS):
        sheet.write_string(top, position, heading.say(lang), formats["heading"])
        sheet.set_column(position, position, width)
    sheet.freeze_panes(top + 1, 2)
    row = top + 1
    for kind in model.sheets:
        for place, column in enumerate(kind.columns):
            texts = _explain(kind, column, lang)
            for position, text in enumerate(texts):
                sheet.write_string(row, position, text, formats["cell" if place else "first"])
            lines = max(-(-_wide(text) // width) for text, (_, width) in zip(texts, _GUIDE_HEADINGS, strict=True))
            sheet.set_row(row, 15 * max(lines, 1))
            row += 1
    sheet.autofilter(top, 0, row - 1, len(_GUIDE_HEADINGS) - 1)
    sheet.write_string(row + 1, 0, _RULES_TITLE.say(lang), formats["title"])
    for place, rule in enumerate(model.constraints):
        sheet.write_string(row + 2 + place, 0, f"{rule.text.say(lang)}{'。' if lang == 'zh' else '. '}{rule.remedy.say(lang)}")


def _explain(kind: NodeType | TieType, column: Property, lang: str) -> tuple[str, ...]:
    meaning = column.meaning.say(lang)
    words = [choice.heading.say(lang) for choice in column.choices]
    if column.type == "boolean":
        words = [YES.say(lang), NO.say(lang)]
    return (
        kind.heading.say(lang), column.heading.say(lang), meaning, _what_to_write(column).say(lang),
        column.unit.say(lang) if column.unit else "", (YES if column.required else NO).say(lang),
        ("、" if lang == "zh" else ", ").join(words), "" if column.required else column.missing_means.say(lang),
    )  # fmt: skip

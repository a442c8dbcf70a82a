"""Finding: the answer to one question, with its rows, rules, caveats and day, and how it shows itself."""

from __future__ import annotations

import datetime as dt
import html
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from graphkit.arguments import need_lang
from graphkit.data.parquet import read_parquet
from graphkit.errors import ModelError, ParameterError, SourceError
from graphkit.files import replacing
from graphkit.formulas import without_formula
from graphkit.pages.page import lang_tag, render_page, write_page
from graphkit.words import Text, say_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

SUBJECT = ("subject_kind", "subject_id")
SHOWN_ROWS = 20
SHEET_ROWS = 1_048_576


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a finding: the heading and meaning in both languages, its unit, and what an empty cell means.

    `values` gives the words shown for stored values, such as ``blank`` → 空白 / blank.
    """

    name: str
    heading: Text
    meaning: Text
    missing_means: Text = Text("不适用或未知", "does not apply, or unknown")
    unit: Text | None = None
    values: Mapping[str, Text] = field(default_factory=dict)


SUBJECT_COLUMNS = (
    Column("subject_kind", Text("对象类别", "kind"), Text("对象的类别", "kind of node the row is about"),
           values={"Township": Text("乡镇", "township"), "Village": Text("村", "village"), "Cooperative": Text("合作组织", "co-operative"),
                   "Branch": Text("党组织", "branch"), "Member": Text("人员", "member"), "Household": Text("农户", "household"),
                   "Node": Text("节点", "node"), "Claim": Text("说法", "claim")}),
    Column("subject_id", Text("对象编号", "id"), Text("对象的主键", "key of the node the row is about")),
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """The answer to one question about one network or set of tables.

    Attributes
    ----------
    question : str
        Name of the function that answered, such as ``"find_coverage_gaps"``.
    title : Text
        The question in words, in both languages.
    rows : DataFrame
        One row a subject; the first two columns are ``subject_kind`` and ``subject_id``.
    columns : tuple of Column
        Declaration of every column of `rows`, in order, the two subject columns included.
    parameters : mapping
        What was asked for.
    rules : tuple of str
        Ids of the rules applied.
    caveats : tuple of Text
        What a reader must know before quoting a number.
    provenance : mapping
        Where the numbers come from, such as the content hash of the tables.
    as_of : date or None
        The day the answer speaks of; None if it speaks of no day.
    label_column, mark_column : str or None
        Column that names a subject for a reader, and the column by which a map or plot marks it.

    Notes
    -----
    In Jupyter a finding shows its first rows with readable headings and its caveats, in Chinese
    and English; `plot` draws it, `to_frame` gives the whole table under readable headings, and
    `write_finding` writes it to a file.
    """

    question: str
    title: Text
    rows: pd.DataFrame
    columns: tuple[Column, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    caveats: tuple[Text, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    as_of: dt.date | None = None
    label_column: str | None = None
    mark_column: str | None = None

    def __post_init__(self) -> None:
        if tuple(self.rows.columns[:2]) != SUBJECT:
            raise ModelError(f"{self.question}: the first two columns are {SUBJECT}, not {tuple(self.rows.columns[:2])}")
        declared = [column.name for column in self.columns]
        if declared != list(self.rows.columns):
            raise ModelError(f"{self.question}: columns declared {declared}, columns given {list(self.rows.columns)}")

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        day = f", as of {self.as_of}" if self.as_of else ""
        return f"Finding({self.question}: {len(self.rows):,} rows{day})"

    def select(self, kind: str) -> pd.DataFrame:
        """Return the rows about subjects of `kind`, such as ``"Village"``."""
        return self.rows[self.rows["subject_kind"] == kind]

    def to_frame(self, lang: str = "en", *, head: int | None = None) -> pd.DataFrame:
        """Return the rows under readable headings and words, in `lang`; the first `head` of them if given."""
        rows = self.rows if head is None else self.rows.head(head)
        shown = []
        for column in self.columns:
            words = {value: text.say(lang) for value, text in column.values.items()}
            values = rows[column.name]
            shown.append(values.map(lambda v, w=words: w.get(v, v)) if words else values)
        frame = pd.concat(shown, axis=1)
        frame.columns = pd.Index([_with_unit(column).say(lang) for column in self.columns])
        return frame

    def to_html(self, lang: str = "en", *, head: int | None = SHOWN_ROWS) -> str:
        """Return title, table and caveats as HTML, in `lang`; every value is escaped."""
        return _section(self, (lang,), head)

    def _repr_html_(self) -> str:
        return _section(self, ("zh", "en"), SHOWN_ROWS)

    def plot(self, *, lang: str = "zh", ax: Axes | None = None) -> Axes:
        """Draw the finding with matplotlib, labels in `lang`; returns the axes drawn on."""
        from graphkit.pages.plots import draw_finding

        return draw_finding(self, lang=lang, ax=ax)


ANSWERED_BY = {"find_coverage_gaps": "coverage", "find_bridge_figures": "bridges", "find_pairing_reach": "reach", "check_figures": "figures"}
"""Name under which pages and files show an answer, by the function that gave it."""


def by_question(findings: Mapping[str, Finding] | Iterable[Finding]) -> dict[str, Finding]:
    """Return findings under the names of what they answer: ``coverage``, ``bridges``, ``reach``; any other under its own key or function.

    Raises
    ------
    ParameterError
        If two of them answer the same question, or something else than a finding is given.

    Examples
    --------
    >>> rows = pd.DataFrame({"subject_kind": [], "subject_id": []})
    >>> list(by_question({"gaps": Finding("find_coverage_gaps", Text("空白点", "gaps"), rows, SUBJECT_COLUMNS)}))
    ['coverage']
    """
    if isinstance(findings, Finding):
        raise ParameterError("findings are given as a list or a mapping: [finding]", zh="回答要放在列表或字典里：[finding]")
    named = findings.items() if isinstance(findings, Mapping) else ((None, finding) for finding in findings)
    known: dict[str, Finding] = {}
    for key, finding in named:
        if not isinstance(finding, Finding):
            given = type(finding).__name__
            raise ParameterError(f"a Finding is wanted, not {given}", zh=f"这里要的是 Finding，而不是 {given}")
        name = ANSWERED_BY.get(finding.question, key or finding.question)
        if name in known:
            raise ParameterError(f"two findings answer {name}: give one", zh=f"有两项回答同属 {name}：请只给一项")
        known[name] = finding
    return known


def common_day(findings: Mapping[str, Finding]) -> dt.date | None:
    """Return the day all findings speak of; ParameterError if they differ."""
    days = sorted({finding.as_of for finding in findings.values() if finding.as_of is not None})
    if len(days) > 1:
        listed = [str(day) for day in days]
        raise ParameterError(
            f"the findings speak of different days: {', '.join(listed)}; ask all questions as of one day",
            zh=f"各项回答的日期不同：{'、'.join(listed)}；请都按同一天提问",
        )
    return days[0] if days else None


_STYLE = """<style>
.graphkit-finding { font-size: 14px; line-height: 1.5; }
.graphkit-finding .wide { overflow-x: auto; }
.graphkit-finding table { border-collapse: collapse; font-size: 13px; margin: 8px 0; }
.graphkit-finding th { text-align: left; vertical-align: bottom; padding: 3px 12px 3px 0; border-bottom: 1px solid; font-weight: 600; white-space: nowrap; }
.graphkit-finding td { text-align: left; vertical-align: top; padding: 3px 12px 3px 0; border-bottom: 1px solid #dfe3e6; min-width: 5em; max-width: 26em; }
.graphkit-finding .number { text-align: right; font-variant-numeric: tabular-nums; }
.graphkit-finding .second { color: #5c6870; font-weight: 400; }
</style>"""


def _section(finding: Finding, langs: Sequence[str], head: int | None) -> str:
    """Title, table and caveats in one language, or in several below each other."""
    rows = finding.rows if head is None else finding.rows.head(head)
    rest = len(finding.rows) - len(rows)
    day = [Text(f"截至 {finding.as_of}", f"as of {finding.as_of}")] if finding.as_of else []
    title = "".join(f"<h3{_second(n)}>{_words([finding.title, *day], (lang,))}</h3>" for n, lang in enumerate(langs))
    more = f"<p>{_words([Text(f'另有 {rest:,} 行', f'{rest:,} more rows')], langs)}</p>" if rest else ""
    caveats = "".join(f"<li>{_words([caveat], langs)}</li>" for caveat in finding.caveats)
    notes = f"<ul>{caveats}</ul>" if caveats else ""
    table = f'<div class="wide">{_table(finding, rows, langs)}</div>'
    return f'<section class="graphkit-finding" lang="{lang_tag(langs[0])}">{_STYLE}{title}{table}{more}{notes}</section>'


def _second(n: int) -> str:
    return ' class="second"' if n else ""


def _words(texts: Sequence[Text], langs: Sequence[str]) -> str:
    """Texts side by side, and the languages below each other."""
    lines = (" · ".join(html.escape(text.say(lang)) for text in texts) for lang in langs)
    return "<br>".join(f'<span lang="{lang_tag(lang)}"{_second(n)}>{line}</span>' for n, (lang, line) in enumerate(zip(langs, lines, strict=True)))


def _table(finding: Finding, rows: pd.DataFrame, langs: Sequence[str]) -> str:
    looks = [
        ' class="number"' if pd.api.types.is_numeric_dtype(rows[c.name]) and not pd.api.types.is_bool_dtype(rows[c.name]) else ""
        for c in finding.columns
    ]
    headings = "".join(
        f'<th scope="col"{look}>{_words([_with_unit(column)], langs)}</th>' for column, look in zip(finding.columns, looks, strict=True)
    )
    columns = [
        [f"<td{look}>{cell}</td>" for cell in _cells(rows[column.name], column.values, langs)]
        for column, look in zip(finding.columns, looks, strict=True)
    ]
    body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in zip(*columns, strict=True))
    return f"<table><thead><tr>{headings}</tr></thead><tbody>{body}</tbody></table>"


def _with_unit(column: Column) -> Text:
    if column.unit is None:
        return column.heading
    return Text(f"{column.heading.zh}（{column.unit.zh}）", f"{column.heading.en} ({column.unit.en})")


def _cells(values: pd.Series, words: Mapping[str, Text], langs: Sequence[str]) -> list[str]:
    """Cells as HTML; a column holds few distinct values as a rule, so each is written once."""
    written: dict[object, str] = {}
    for value in (plain := _plain(values)):
        if value not in written:
            written[value] = _cell(value, words, langs)
    return [written[value] for value in plain]


def _cell(value: object, words: Mapping[str, Text], langs: Sequence[str]) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _words([Text("是", "yes") if value else Text("否", "no")], langs)
    if isinstance(value, str) and value in words:
        return _words([words[value]], langs)
    return html.escape(say_number(value) if isinstance(value, (int, float)) else str(value))


def write_finding(finding: Finding, path: str | Path, *, lang: str = "en") -> Path:
    """Write a finding to `path`, by its suffix, and return the path.

    ``.parquet`` keeps everything and can be read back with `read_finding`; ``.csv`` (UTF-8 with BOM,
    headings as stored) and ``.xlsx`` (headings in `lang`, caveats on a second sheet) are for other
    programs: a text that a spreadsheet would take for a formula is written with a leading apostrophe
    in CSV and as a string in XLSX. ``.html`` is the table alone, in `lang`.

    Raises
    ------
    ParameterError
        If the suffix is none of these, or `lang` is neither language.
    WriteError
        If the disk is full, or the place cannot be written; what was there before is unchanged.
    """
    need_lang(lang)
    path = Path(path)
    writers = {".parquet": _write_parquet, ".csv": _write_csv, ".xlsx": _write_workbook, ".html": _write_html}
    if path.suffix.lower() not in writers:
        raise ParameterError(
            f"cannot write {path.suffix or 'a file without suffix'}; one of {', '.join(writers)} can be written",
            zh=f"写不出 {path.suffix or '没有后缀的文件'}；可写 {'、'.join(writers)}",
        )
    writers[path.suffix.lower()](finding, path, lang)
    return path


def read_finding(path: str | Path) -> Finding:
    """Read back a finding that `write_finding` wrote as Parquet.

    Raises
    ------
    SourceError
        If the file is not there, holds no finding, is damaged, or needs more memory than this machine has.
    """
    try:
        table = read_parquet(Path(path).read_bytes())
        return _finding_from(table, json.loads((table.schema.metadata or {})[b"graphkit"]))
    except MemoryError:
        raise SourceError("it needs more memory than this machine has", zh="所需内存超过这台机器所有", path=str(path)) from None
    except Exception as error:  # noqa: BLE001 - a file of unknown making may fail at any point of this
        why = type(error).__name__
        raise SourceError(
            f"no finding in it ({why}); write one with write_finding(…, '….parquet')",
            zh=f"其中没有回答（{why}）；请用 write_finding(…, '….parquet') 写出",
            path=str(path),
        ) from None


def _finding_from(table: pa.Table, about: Mapping[str, Any]) -> Finding:
    columns = tuple(_column_from(entry) for entry in about["columns"])
    return Finding(
        about["question"], Text(**about["title"]), table.to_pandas(), columns, about["parameters"], tuple(about["rules"]),
        tuple(Text(**c) for c in about["caveats"]), about["provenance"],
        dt.date.fromisoformat(about["as_of"]) if about["as_of"] else None, about["label_column"], about["mark_column"],
    )  # fmt: skip


def write_workbook(findings: Mapping[str, Finding] | Iterable[Finding], path: str | Path, *, lang: str = "zh") -> Path:
    """Write several findings into one XLSX workbook, a sheet each named by what it answers, and a last sheet with their caveats.

    Raises
    ------
    ParameterError
        If a finding has more rows than a sheet can hold, two answer one question, or `lang` is neither language.
    WriteError
        If the disk is full, or the place cannot be written; what was there before is unchanged.
    """
    need_lang(lang)
    findings = by_question(findings)
    for name, finding in findings.items():
        if len(finding) >= SHEET_ROWS:
            raise ParameterError(
                f"{name}: {len(finding):,} rows do not fit a sheet ({SHEET_ROWS - 1:,}); write .csv or .parquet",
                zh=f"{name}：{len(finding):,} 行超出一张工作表（{SHEET_ROWS - 1:,}）；请写成 .csv 或 .parquet",
            )
    path = Path(path)
    with replacing(path) as coming:
        coming.write_bytes(_workbook_bytes(findings, lang))
    return path


def _workbook_bytes(findings: Mapping[str, Finding], lang: str) -> bytes:
    """The workbook, made in memory: a library that meets a full disk in the middle of a zip file ends in more than one way."""
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, finding in zip(_sheet_names(findings), findings.values(), strict=True):
            _write_sheet(book.add_worksheet(title), finding.to_frame(lang), bold, day)
        sheet = book.add_worksheet("说明" if lang == "zh" else "Caveats")
        lines = [(name, line) for name, finding in findings.items() for line in _about_lines(finding, lang)]
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 110, book.add_format({"text_wrap": True}))
    return made.getvalue()


def _sheet_names(names: Iterable[str]) -> list[str]:
    """Names that a workbook allows: 31 characters, none of those that Excel refuses, no two alike whatever the case."""
    taken = {"说明", "caveats"}
    given = []
    for name in names:
        plain = "".join("_" if ch in "[]:*?/\\" else ch for ch in name).strip("'")[:28] or "finding"
        free = next(candidate for candidate in (plain, *(f"{plain}-{n}" for n in range(2, 100))) if candidate.lower() not in taken)
        taken.add(free.lower())
        given.append(free)
    return given


def _write_sheet(sheet: Worksheet, frame: pd.DataFrame, bold: Format, day: Format) -> None:
    for position, heading in enumerate(frame.columns):
        sheet.write_string(0, position, heading, bold)
        values = _plain(frame.iloc[:, position])
        for row, value in enumerate(values, start=1):
            if isinstance(value, str):
                sheet.write_string(row, position, value)
            elif isinstance(value, dt.date):
                sheet.write_datetime(row, position, value, day)
            elif isinstance(value, bool):
                sheet.write_boolean(row, position, value)
            elif isinstance(value, (int, float)) and math.isfinite(value):
                sheet.write_number(row, position, value)
        sheet.set_column(position, position, _width([heading, *values[:200]]))
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)


def _width(values: Sequence[object]) -> float:
    """Column width in characters for the first values; a Chinese character takes two."""
    widest = max(sum(2 if ord(ch) > 0x2E7F else 1 for ch in str(value)) for value in values)
    return min(widest + 2, 48)


def _about_lines(finding: Finding, lang: str) -> list[str]:
    lines = [finding.title.say(lang), *(caveat.say(lang) for caveat in finding.caveats)]
    if finding.as_of:
        lines.append(f"{'截至' if lang == 'zh' else 'as of'} {finding.as_of}")
    return lines


def _plain(values: pd.Series) -> list[object]:
    """Plain Python values for cells: None for missing, lists as text."""
    plain: list[object] = values.astype(object).where(values.notna(), None).tolist()
    return plain if {type(value) for value in plain} <= _PLAIN_TYPES else [_plain_value(value) for value in plain]


_PLAIN_TYPES = {str, bool, int, float, dt.date, type(None)}


def _plain_value(value: Any) -> object:
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, (list, tuple)) or (hasattr(value, "__len__") and hasattr(value, "tolist")):
        return "；".join(map(str, value))
    if value is None or pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value if isinstance(value, (int, float, dt.date)) else str(value)


def _write_workbook(finding: Finding, path: Path, lang: str) -> None:
    write_workbook({finding.question.removeprefix("find_"): finding}, path, lang=lang)


def _write_html(finding: Finding, path: Path, lang: str) -> None:
    page = render_page(
        title=finding.title.say(lang), lang=lang, body=finding.to_html(lang, head=None).replace(_STYLE, ""), styles=[_STYLE[7:-8]], scripts=[]
    )
    write_page(page, path)


def _write_csv(finding: Finding, path: Path, _lang: str) -> None:
    write_rows_csv(finding.rows, path)


def write_rows_csv(rows: pd.DataFrame, path: Path) -> None:
    """Write rows as CSV for a spreadsheet: UTF-8 with BOM, and no heading and no cell that would run as a formula."""
    cells = [pd.Series([without_formula(value) for value in _plain(rows.iloc[:, n])], index=rows.index, dtype=object) for n in range(rows.shape[1])]
    guarded = pd.concat(cells, axis=1) if cells else rows
    guarded.columns = pd.Index([without_formula(str(name)) for name in rows.columns], dtype=object)
    with replacing(path) as coming:
        guarded.to_csv(coming, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _write_parquet(finding: Finding, path: Path, _lang: str) -> None:
    about = {
        "question": finding.question,
        "title": _text_dict(finding.title),
        "columns": [_column_dict(c) for c in finding.columns],
        "parameters": dict(finding.parameters),
        "rules": list(finding.rules),
        "caveats": [_text_dict(c) for c in finding.caveats],
        "provenance": dict(finding.provenance),
        "as_of": finding.as_of.isoformat() if finding.as_of else None,
        "label_column": finding.label_column,
        "mark_column": finding.mark_column,
    }
    table = pa.Table.from_pandas(finding.rows, preserve_index=False)
    metadata = {**(table.schema.metadata or {}), b"graphkit": json.dumps(about, ensure_ascii=False, default=str).encode()}
    with replacing(path) as coming:
        pq.write_table(table.replace_schema_metadata(metadata), coming, write_page_checksum=True)


def _text_dict(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _column_dict(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "heading": _text_dict(column.heading),
        "meaning": _text_dict(column.meaning),
        "missing_means": _text_dict(column.missing_means),
        "unit": _text_dict(column.unit) if column.unit else None,
        "values": {value: _text_dict(text) for value, text in column.values.items()},
    }


def _column_from(entry: Mapping[str, Any]) -> Column:
    return Column(
        entry["name"], Text(**entry["heading"]), Text(**entry["meaning"]), Text(**entry["missing_means"]),
        Text(**entry["unit"]) if entry["unit"] else None, {value: Text(**text) for value, text in entry["values"].items()},
    )  # fmt: skip

"""Findings as files: Parquet that can be read back, CSV, workbook and page."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from graphkit.arguments import need_lang
from graphkit.data.parquet import read_parquet
from graphkit.errors import ParameterError, SourceError
from graphkit.files import replacing
from graphkit.formulas import without_formula
from graphkit.pages.page import render_page, write_page
from graphkit.questions.asked import question_of
from graphkit.questions.finding import STYLE, Column, Finding, plain_cells
from graphkit.questions.spoken import put_sheet
from graphkit.questions.together import by_question
from graphkit.words import Terms, Text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

SHEET_ROWS = 1_048_576
WRITTEN = (".parquet", ".csv", ".xlsx", ".html")


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
    need_suffix(path)
    writers = {".parquet": _write_parquet, ".csv": _write_csv, ".xlsx": _write_workbook, ".html": _write_html}
    writers[path.suffix.lower()](finding, path, lang)
    return path


def need_suffix(path: Path) -> None:
    """Raise ParameterError unless a finding can be written to a file of this name: to be asked before the work.

    Examples
    --------
    >>> need_suffix(Path("gaps.csv"))
    """
    if path.suffix.lower() not in WRITTEN:
        raise ParameterError(
            Text(
                f"写不出 {path.suffix or '没有后缀的文件'}；可写 {'、'.join(WRITTEN)}",
                f"cannot write {path.suffix or 'a file without suffix'}; one of {', '.join(WRITTEN)} can be written",
            ),
        )


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
        raise SourceError(Text("所需内存超过这台机器所有", "it needs more memory than this machine has"), path=str(path)) from None
    except Exception as error:  # noqa: BLE001 - a file of unknown making may fail at any point of this
        why = type(error).__name__
        raise SourceError(
            Text(
                f"其中没有回答（{why}）；请用 write_finding(…, '….parquet') 写出",
                f"no finding in it ({why}); write one with write_finding(…, '….parquet')",
            ),
            path=str(path),
        ) from None


def _finding_from(table: pa.Table, about: Mapping[str, Any]) -> Finding:
    columns = tuple(_column_from(entry) for entry in about["columns"])
    question = question_of(about["question"])
    return Finding(
        about["question"], Text(**about["title"]), table.to_pandas(), columns, about["parameters"], tuple(about["rules"]),
        tuple(Text(**c) for c in about["caveats"]), about["provenance"],
        dt.date.fromisoformat(about["as_of"]) if about["as_of"] else None, about["label_column"], about["mark_column"], question.draw if question else None,
        Terms(*(tuple((word, own) for word, own in pairs) for pairs in about.get("terms", ()))),
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
                Text(
                    f"{name}：{len(finding):,} 行超出一张工作表（{SHEET_ROWS - 1:,}）；请写成 .csv 或 .parquet",
                    f"{name}: {len(finding):,} rows do not fit a sheet ({SHEET_ROWS - 1:,}); write .csv or .parquet",
                ),
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
        frames = [frame for name, finding in findings.items() for frame in _frames(name, finding, lang)]
        for title, (_, frame) in zip(_sheet_names(name for name, _ in frames), frames, strict=True):
            _write_sheet(book.add_worksheet(title), frame, bold, day)
        sheet = book.add_worksheet("说明" if lang == "zh" else "Caveats")
        lines = [(name, line) for name, finding in findings.items() for line in _about_lines(finding, lang)]
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 110, book.add_format({"text_wrap": True}))
    return made.getvalue()


def _frames(name: str, finding: Finding, lang: str) -> list[tuple[str, pd.DataFrame]]:
    """The sheets of one finding: those that its question lays out, then its rows."""
    question = question_of(finding.question)
    laid_out = question.sheets(finding, lang) if question else {}
    return [*((title, put_sheet(frame, finding, lang)) for title, frame in laid_out.items()), (name, finding.to_frame(lang))]


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
        values = plain_cells(frame.iloc[:, position])
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


def _write_workbook(finding: Finding, path: Path, lang: str) -> None:
    write_workbook({finding.question.removeprefix("find_"): finding}, path, lang=lang)


def _write_html(finding: Finding, path: Path, lang: str) -> None:
    page = render_page(
        title=finding.title.say(lang), lang=lang, body=finding.to_html(lang, head=None).replace(STYLE, ""), styles=[STYLE[7:-8]], scripts=[]
    )
    write_page(page, path)


def _write_csv(finding: Finding, path: Path, _lang: str) -> None:
    write_rows_csv(finding.rows, path)


def write_rows_csv(rows: pd.DataFrame, path: Path) -> None:
    """Write rows as CSV for a spreadsheet: UTF-8 with BOM, and no heading and no cell that would run as a formula."""
    cells = [
        pd.Series([without_formula(value) for value in plain_cells(rows.iloc[:, n])], index=rows.index, dtype=object) for n in range(rows.shape[1])
    ]
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
        **({"terms": [finding.terms.zh, finding.terms.en]} if finding.terms else {}),
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

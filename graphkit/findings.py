"""Finding: the answer to one question, with its rows, rules, caveats and day, and how it shows itself."""

from __future__ import annotations

import datetime as dt
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from graphkit.errors import ModelError, ParameterError, SourceError
from graphkit.schema import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SUBJECT = ("subject_kind", "subject_id")
SHOWN_ROWS = 20


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
                   "Node": Text("节点", "node")}),
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
        shown = {}
        for column in self.columns:
            unit = f"（{column.unit.zh}）" if lang == "zh" and column.unit else f" ({column.unit.en})" if column.unit else ""
            words = {value: text.say(lang) for value, text in column.values.items()}
            values = rows[column.name]
            shown[column.heading.say(lang) + unit] = values.map(lambda v, w=words: w.get(v, v)) if words else values
        return pd.DataFrame(shown, index=rows.index)

    def to_html(self, lang: str = "en", *, head: int | None = SHOWN_ROWS) -> str:
        """Return title, table and caveats as HTML; every value is escaped."""
        table = self.to_frame(lang, head=head).to_html(index=False, escape=True, na_rep="–", float_format="{:.3g}".format, border=0)
        items = "".join(f"<li>{html.escape(caveat.say(lang))}</li>" for caveat in self.caveats)
        day = f" <small>{'截至' if lang == 'zh' else 'as of'} {self.as_of}</small>" if self.as_of else ""
        more = len(self.rows) - (len(self.rows) if head is None else min(head, len(self.rows)))
        rest = (f"<p>…… 另有 {more:,} 行</p>" if lang == "zh" else f"<p>… and {more:,} more rows</p>") if more else ""
        return f"<section lang='{lang}'><h3>{html.escape(self.title.say(lang))}{day}</h3>{table}{rest}<ul>{items}</ul></section>"

    def _repr_html_(self) -> str:
        caveats = "".join(f"<li lang='en'>{html.escape(caveat.en)}</li>" for caveat in self.caveats)
        english = f"<details><summary>English</summary><p>{html.escape(self.title.en)}</p><ul>{caveats}</ul></details>"
        both = {c.name: f"{c.heading.zh}\n{c.heading.en}" for c in self.columns}
        rows = self.to_frame("zh", head=SHOWN_ROWS)
        rows.columns = pd.Index(list(both.values()))
        table = rows.to_html(index=False, escape=True, na_rep="–", float_format="{:.3g}".format, border=0)
        chinese = self.to_html("zh", head=0)
        head, _, tail = chinese.partition("<table")
        return f"{head}{table.replace(chr(92) + 'n', '<br>')}{tail.partition('</table>')[2]}{english}"

    def plot(self, *, lang: str = "zh", ax: Axes | None = None) -> Axes:
        """Draw the finding with matplotlib, labels in `lang`; returns the axes drawn on."""
        from graphkit.figures import draw_finding

        return draw_finding(self, lang=lang, ax=ax)


def write_finding(finding: Finding, path: str | Path, *, lang: str = "en") -> Path:
    """Write a finding to `path`, by its suffix, and return the path.

    ``.parquet`` keeps everything and can be read back with `read_finding`; ``.csv`` (UTF-8 with BOM,
    headings as stored) and ``.xlsx`` (headings in `lang`, caveats on a second sheet) are for other
    programs: a text that a spreadsheet would take for a formula is written with a leading apostrophe
    in CSV and as a string in XLSX. ``.html`` is the table alone, in `lang`.

    Raises
    ------
    ParameterError
        If the suffix is none of these.
    """
    path = Path(path)
    writers = {".parquet": _write_parquet, ".csv": _write_csv, ".xlsx": _write_workbook, ".html": _write_html}
    if path.suffix.lower() not in writers:
        raise ParameterError(f"cannot write {path.suffix or 'a file without suffix'}; one of {', '.join(writers)} can be written")
    path.parent.mkdir(parents=True, exist_ok=True)
    writers[path.suffix.lower()](finding, path, lang)
    return path


def read_finding(path: str | Path) -> Finding:
    """Read back a finding that `write_finding` wrote as Parquet.

    Raises
    ------
    SourceError
        If the file is not there, or holds no finding.
    """
    try:
        table = pq.read_table(path)
        about = json.loads((table.schema.metadata or {})[b"graphkit"])
    except (OSError, pa.ArrowInvalid, KeyError, ValueError) as error:
        raise SourceError(f"no finding in it ({type(error).__name__}); write one with write_finding(…, '….parquet')", path=str(path)) from None
    columns = tuple(_column_from(entry) for entry in about["columns"])
    return Finding(
        about["question"], Text(**about["title"]), table.to_pandas(), columns, about["parameters"], tuple(about["rules"]),
        tuple(Text(**c) for c in about["caveats"]), about["provenance"],
        dt.date.fromisoformat(about["as_of"]) if about["as_of"] else None, about["label_column"], about["mark_column"],
    )  # fmt: skip


def write_workbook(findings: Mapping[str, Finding], path: str | Path, *, lang: str = "zh") -> Path:
    """Write several findings into one XLSX workbook, a sheet each under its name, and a last sheet with their caveats."""
    import xlsxwriter

    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, finding in findings.items():
            sheet = book.add_worksheet(name[:31])
            frame = finding.to_frame(lang)
            sheet.write_row(0, 0, list(frame.columns), bold)
            sheet.freeze_panes(1, 2)
            sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
            for position, heading in enumerate(frame.columns):
                for row, value in enumerate(_plain(frame[heading]), start=1):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(row, position, value, day)
                    elif value is not None:
                        sheet.write(row, position, value)
            sheet.autofit(max_width=360)
        sheet = book.add_worksheet("说明" if lang == "zh" else "Caveats")
        lines = [(name, line) for name, f in findings.items() for line in _about_lines(f, lang)]
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line)
        sheet.autofit(max_width=600)
    return path


def _about_lines(finding: Finding, lang: str) -> list[str]:
    lines = [finding.title.say(lang), *(caveat.say(lang) for caveat in finding.caveats)]
    if finding.as_of:
        lines.append(f"{'截至' if lang == 'zh' else 'as of'} {finding.as_of}")
    return lines


def _plain(values: pd.Series) -> list[object]:
    """Plain Python values for a cell: None for missing, lists as text."""
    return [
        None if v is None or (not isinstance(v, (list, tuple)) and pd.isna(v)) else v.item() if hasattr(v, "item") and not hasattr(v, "__len__") else
        v if isinstance(v, (str, int, float, bool, dt.date)) else "；".join(map(str, v))
        for v in values.astype(object)
    ]  # fmt: skip


def _write_workbook(finding: Finding, path: Path, lang: str) -> None:
    write_workbook({finding.question.removeprefix("find_"): finding}, path, lang=lang)


def _write_html(finding: Finding, path: Path, lang: str) -> None:
    page = f"<!doctype html><html lang='{lang}'><meta charset='utf-8'><title>{html.escape(finding.title.say(lang))}</title>"
    path.write_bytes((page + finding.to_html(lang, head=None) + "</html>").encode("utf-8"))


def _write_csv(finding: Finding, path: Path, _lang: str) -> None:
    rows = finding.rows.copy()
    for name in rows.columns:
        rows[name] = pd.Series([without_formula(v) for v in _plain(rows[name])], index=rows.index, dtype=object)
    rows.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def without_formula(value: object) -> object:
    """Return `value` as a CSV may hold it: a text that a spreadsheet would run as a formula gets a leading apostrophe.

    Examples
    --------
    >>> without_formula("=1+1"), without_formula("村"), without_formula(-1)
    ("'=1+1", '村', -1)
    """
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


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
    pq.write_table(table.replace_schema_metadata(metadata), path)


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

"""The rows of an answer that matter most, as a table of a few columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from graphkit.questions.finding import Column, Finding
from graphkit.words import Text, same, say_number

SHOWN_ROWS = 10
SHOWN_COLUMNS = 8
_SHORT = 12  # characters in Chinese


@dataclass(frozen=True, slots=True)
class Extract:
    """The rows of a finding that the page shows: headings and cells in both languages, and how each column looks."""

    caption: Text
    headings: Sequence[Text]
    looks: Sequence[str]  # "number", "short", "subject" or ""
    rows: Sequence[Sequence[Text]]


def first_rows(finding: Finding, names: Mapping[str, Text]) -> Extract:
    """Return the first rows and columns of any answer."""
    rows = finding.rows.head(SHOWN_ROWS)
    return take(Text(f"前 {len(rows)} 行", f"The first {len(rows)} rows"), finding, rows, ["subject", *rows.columns[2:SHOWN_COLUMNS]], names)


def take(caption: Text, finding: Finding, rows: pd.DataFrame, shown: Iterable[str], names: Mapping[str, Text]) -> Extract:
    """Turn rows into cells: ``subject`` by name, pairs of ``…_zh`` and ``…_en`` as one column, stored words as words."""
    declared = {column.name: column for column in finding.columns}
    columns: list[tuple[Text, str, list[Text]]] = []
    for name in shown:
        if name == "subject":
            cells = [names.get(f"{kind} {key}", same(key)) for kind, key in zip(rows["subject_kind"], rows["subject_id"], strict=True)]
            columns.append((Text("对象", "subject"), "subject", cells))
        elif f"{name}_zh" in rows:
            pairs = zip(rows[f"{name}_zh"].astype(object).fillna("–"), rows[f"{name}_en"].astype(object).fillna("–"), strict=True)
            columns.append((_PAIRED.get(name, declared[f"{name}_zh"].heading), "", [Text(str(zh), str(en)) for zh, en in pairs]))
        elif name in rows:
            cells = [_cell(declared[name], value) for value in rows[name]]
            columns.append((_heading(declared[name]), _look(rows[name], cells), cells))
    headings, looks, cells_by_column = zip(*columns, strict=True)
    return Extract(caption, headings, looks, list(zip(*cells_by_column, strict=True)))


def _look(values: pd.Series, cells: Sequence[Text]) -> str:
    """Numbers to the right; short words on one line."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return "number"
    return _look_of_words(cells)


def _look_of_words(cells: Sequence[Text]) -> str:
    return "short" if max((len(cell.zh) for cell in cells), default=0) <= _SHORT else ""


def lay_out_counts(caption: Text, headings: Sequence[Text], rows: Sequence[Sequence[Text]]) -> Extract:
    """Return a table of counts: what is counted in the first column, numbers in all others."""
    return Extract(caption, headings, [_look_of_words([row[0] for row in rows]), *["number"] * (len(headings) - 1)], rows)


_PAIRED = {"reason": Text("理由", "reason"), "remedy": Text("办法", "remedy")}


def _heading(column: Column) -> Text:
    if column.unit is None or column.unit.en == column.heading.en:
        return column.heading
    return Text(f"{column.heading.zh}（{column.unit.zh}）", f"{column.heading.en} ({column.unit.en})")


def _cell(column: Column, value: object) -> Text:
    if not isinstance(value, (list, tuple)) and pd.isna(value):
        return Text("–", "–")
    value = value.item() if hasattr(value, "item") else value  # numpy's numbers are not Python's
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, (int, float)):
        return same(say_number(value))
    return column.values.get(value, same(value)) if isinstance(value, str) else same(value)

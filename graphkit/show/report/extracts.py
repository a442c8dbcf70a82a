"""The rows of an answer that matter most, as tables of a few columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from graphkit.questions.finding import Column, Finding
from graphkit.show.report.sentences import same
from graphkit.words import Text, say_number

PLACES_AND_BODIES = ("Township", "Village", "Cooperative", "Branch")
SHOWN_PER_KIND = 5
SHOWN_PEOPLE = 10
SHOWN_VILLAGES = 10
SHOWN_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class Extract:
    """The rows of a finding that the page shows: headings and cells in both languages, and how each column looks."""

    caption: Text
    headings: Sequence[Text]
    looks: Sequence[str]  # "number", "short", "subject" or ""
    rows: Sequence[Sequence[Text]]


def take_extracts(name: str, finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """Return the tables that the page shows of an answer; none of an answer without rows."""
    if finding.rows.empty:
        return []
    take = {"coverage": _take_gaps, "bridges": _take_bridges, "reach": _take_villages}.get(name, _take_first)
    return [extract for extract in take(finding, names) if extract.rows]


def _take_gaps(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """Every place and body that is due, for these can be acted on one by one; of other gaps the first."""
    rows = finding.rows[finding.rows["verdict"].isin(["due", "blank"])]
    kinds, is_due = rows["subject_kind"].astype(str), rows["verdict"] == "due"
    all_shown = is_due & kinds.isin(PLACES_AND_BODIES)
    due, others = rows[all_shown], rows[~all_shown]
    order = pd.DataFrame({"kind": kinds.map({kind: n for n, kind in enumerate(dict.fromkeys(kinds))}), "blank": ~is_due})[~all_shown]
    others = others.loc[order.sort_values(["kind", "blank"], kind="stable").index]
    first = others.groupby([others["subject_kind"].astype(str), others["verdict"].astype(str)], sort=False).head(SHOWN_PER_KIND)
    every = Text(f"应建党组织而未建的村和合作组织，全部 {len(due):,} 个", f"Every village and co-operative that is due a body: {len(due):,}")
    rest = Text(f"其余未覆盖的，每类每种结论列前 {SHOWN_PER_KIND} 个", f"Of other gaps the first {SHOWN_PER_KIND} of each kind and verdict")
    return [
        _take(every, finding, due, ("subject_kind", "subject", "reason", "remedy"), names),
        _take(rest, finding, first, ("subject_kind", "subject", "verdict", "reason", "remedy"), names),
    ]


def _take_bridges(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    rows = finding.rows.sort_values("rank", kind="stable").head(SHOWN_PEOPLE)
    return [
        _take(Text(f"前 {len(rows)} 位", f"The first {len(rows)}"), finding, rows, ("rank", "subject", "reason"), names)
    ]  # the plot has the counts


def _take_villages(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    rows = finding.rows[(finding.rows["subject_kind"] == "Village") & (finding.rows["pairing_kind"] == "any")]
    rows = rows.sort_values("reached_by_none", ascending=False, kind="stable").head(SHOWN_VILLAGES)
    caption = Text(f"无人结对户数最多的 {len(rows)} 个村", f"The {len(rows)} villages with most households reached by nobody")
    return [_take(caption, finding, rows, ("subject", "households", "reached_by_one", "reached_by_several", "reached_by_none"), names)]


def _take_first(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    rows = finding.rows.head(SHOWN_PEOPLE)
    return [_take(Text(f"前 {len(rows)} 行", f"The first {len(rows)} rows"), finding, rows, ["subject", *rows.columns[2:SHOWN_COLUMNS]], names)]


def _take(caption: Text, finding: Finding, rows: pd.DataFrame, shown: Iterable[str], names: Mapping[str, Text]) -> Extract:
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
    return "short" if max((len(cell.zh) for cell in cells), default=0) <= 12 else ""


_PAIRED = {"reason": Text("理由", "reason"), "remedy": Text("办法", "remedy")}


def _heading(column: Column) -> Text:
    if column.unit is None:
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

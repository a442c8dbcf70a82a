"""The rows of an answer that matter most, as tables of a few columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from graphkit.questions.coverage import summarise_coverage
from graphkit.questions.finding import Column, Finding
from graphkit.show.report.sentences import same
from graphkit.words import Text, say_number

PLACES_AND_BODIES = ("Township", "Village", "Cooperative", "Branch", "Zone")
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
    """How far each rule is met; every place and body that is open, for these can be acted on one by one; of people and households the first."""
    rows = finding.rows[(finding.rows["outcome"] == "open") & (finding.rows["asked"] == "yes")]
    all_shown = rows["subject_kind"].isin(PLACES_AND_BODIES)
    bodies, others = rows[all_shown], rows[~all_shown]
    first = others.groupby(others["rule"].astype(str), sort=False).head(SHOWN_PER_KIND)
    every = Text(f"未落实的村、合作组织、党组织和责任区，全部 {len(bodies):,} 个", f"Every village, co-operative, body and zone that is open: {len(bodies):,}")
    rest = Text(f"未落实的人员和农户，每条规则列前 {SHOWN_PER_KIND} 个", f"Of people and households that are open, the first {SHOWN_PER_KIND} of each rule")
    return [
        _take_rates(finding),
        _take(every, finding, bodies, ("subject_kind", "subject", "rule", "reason", "remedy"), names),
        _take(rest, finding, first, ("subject_kind", "subject", "rule", "reason", "remedy"), names),
    ]


def _take_rates(finding: Finding) -> Extract:
    """A line a rule, with its own rate: an interval where something is unknown."""
    titles = {column.name: column.values for column in finding.columns}["rule"]
    counts = {"asked": Text("有要求", "asked"), "met": Text("已落实", "met"), "open": Text("未落实", "open"), "unknown": Text("不确定", "unknown"),
              "not_asked": Text("不作要求", "not asked")}  # fmt: skip
    rows = [
        [titles[line["rule"]], *(same(say_number(line[name])) for name in counts), same(_say_rate(line["rate_low"], line["rate_high"]))]
        for line in summarise_coverage(finding).to_dict("records")
        if line["asked"] + line["unknown"]
    ]
    caption = Text("每条规则的落实率；不同规则的率不能相加", "How far each rule is met; rates of different rules are not added up")
    headings = [Text("规则", "rule"), *counts.values(), Text("落实率", "met / asked")]
    return Extract(caption, headings, ["", *["number"] * len(counts), "number"], rows)


def _say_rate(low: float, high: float) -> str:
    said = ["–" if pd.isna(rate) else f"{rate:.1%}" for rate in (low, high)]
    return said[0] if said[0] == said[1] else f"{said[0]} – {said[1]}"


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

"""How the answer on published figures is summed up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphkit.pages.plots import value_words
from graphkit.questions.finding import Finding
from graphkit.questions.question import Summary
from graphkit.words import Text

SHOWN_CLAIMS = 12
ORDER = ("impossible", "doubtful", "holds", "unchecked")
HEADINGS = (Text("说法", "claim"), Text("出处", "source"), Text("数字", "figures"), Text("结论", "verdict"), Text("算得", "comes to"))


def summarise_figures(finding: Finding) -> Summary:
    """The claims that cannot be first, then what is in doubt, then the others; why the first ones are so."""
    verdicts = value_words(finding, "verdict")
    rows = finding.rows.sort_values("verdict", key=lambda column: column.map(ORDER.index), kind="stable")
    shown = rows.head(SHOWN_CLAIMS).to_dict("records")
    lines = [(_say_name(row), _or_none(row["source"]), _say_claim(row), _say_verdict(row, verdicts), _or_none(row["computed"])) for row in shown]
    reasons = [
        Text(f"{row['subject_id']}：{row['reason_zh']}", f"{row['subject_id']}: {row['reason_en']}") for row in shown if row["verdict"] in ORDER[:2]
    ]
    rest = len(rows) - len(shown)
    more = [Text(f"另有 {rest:,} 条：用 --out 写出全部", f"{rest:,} more: --out writes all of them")] if rest else []
    return Summary(finding.title, HEADINGS, lines, [finding.caveats[0], *reasons, *more])


def _say_name(row: Mapping[Any, Any]) -> Text:
    """The claim in words, or its id where it has none."""
    zh, en = (row[f"claim_{lang}"] if isinstance(row[f"claim_{lang}"], str) else str(row["subject_id"]) for lang in ("zh", "en"))
    return Text(zh, en)


def _say_verdict(row: Mapping[Any, Any], verdicts: Mapping[str, Text]) -> Text:
    return Text("可以成立", "can be") if row["verdict"] == "holds" and not row["certain"] else verdicts[row["verdict"]]


def _say_claim(row: Mapping[Any, Any]) -> str:
    """The figures of a claim as its relation puts them together; a question mark for what is not printed."""
    part, whole, result = (row[name] if isinstance(row[name], str) else "?" for name in ("part", "whole", "result"))
    if row["relation"] == "sum":
        return f"{part} = {whole}"
    return f"{part} {'×' if row['relation'] == 'product' else '/'} {whole} = {result}"


def _or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None

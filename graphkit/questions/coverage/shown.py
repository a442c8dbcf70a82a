"""How the answer on coverage gaps is summed up, told, extracted and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from graphkit.model.kinds import MODEL
from graphkit.pages.plots import stack_bars, value_words
from graphkit.questions.extract import Extract, take
from graphkit.questions.finding import Finding
from graphkit.questions.question import Summary
from graphkit.words import Text, join

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN_UNITS = 5
SHOWN_PER_KIND = 5
PLACES_AND_BODIES = ("Township", "Village", "Cooperative", "Branch")
VERDICTS = ("covered", "due", "watch", "blank")
SEPARATOR = Text("；", "; ")
VERDICT_COLOURS = {"covered": "#a9c5ba", "watch": "#e3bd5b", "due": "#b3141f", "blank": "#e9a5a5"}


def summarise_gaps(finding: Finding) -> Summary:
    """A line a kind: how many, their verdicts, and the rate."""
    from graphkit.questions.coverage.find import summarise_coverage

    verdicts, summary = value_words(finding, "verdict"), summarise_coverage(finding)
    others = [Text("不确定", "uncertain"), Text("覆盖率", "rate of coverage")]
    headings = [Text("对象", "kind"), Text("共", "total"), *(verdicts[v] for v in VERDICTS), *others]
    lines = [
        (MODEL.node_type(row["subject_kind"]).heading, row["total"], *(row[v] for v in VERDICTS), row["uncertain"], _interval(row))
        for row in summary.to_dict("records")
    ]
    return Summary(finding.title, headings, lines, _say_due(finding.rows))


def _interval(row: Mapping[Any, Any]) -> str:
    low, high = f"{row['rate_low']:.1%}", f"{row['rate_high']:.1%}"
    return low if low == high else f"{low} – {high}"


def _say_due(rows: pd.DataFrame) -> list[Text]:
    """The first co-operatives and villages that are due a body: a name and the reason."""
    due = rows[(rows["verdict"] == "due") & rows["subject_kind"].isin(["Cooperative", "Village"])].head(SHOWN_UNITS)
    return [Text(f"应建未建 · {row['name']}：{row['reason_zh']}", f"due a body · {row['name']}: {row['reason_en']}") for _, row in due.iterrows()]


def tell_gaps(finding: Finding, _names: Mapping[str, Text]) -> list[Text]:
    """Say how many of each kind are not covered."""
    rows = finding.rows
    gaps = rows[rows["verdict"].isin(["due", "blank"])]
    by_kind = [_kind_gaps(kind, rows[rows["subject_kind"] == kind]) for kind in dict.fromkeys(gaps["subject_kind"])]
    if not by_kind:
        return [Text(f"{len(rows):,} 个对象都已覆盖或列入观察。", f"All {len(rows):,} subjects are covered or on watch.")]
    sentences = [join([Text("应覆盖而未覆盖：", "Should be covered and are not: "), join(by_kind, SEPARATOR), Text("。", ".")])]
    if watched := int((rows["verdict"] == "watch").sum()):
        sentences.append(Text(f"另有 {watched:,} 个待条件成熟，列入观察。", f"A further {watched:,} are on watch."))
    if unsure := int((rows["certain"].astype(object) == False).sum()):  # noqa: E712  # null is not unsure
        sentences.append(Text(f"{unsure:,} 个结论因资料不全可能改变。", f"{unsure:,} verdicts may change once missing data are known."))
    return sentences


def _kind_gaps(kind: str, rows: pd.DataFrame) -> Text:
    heading = MODEL.node_type(kind).heading
    due, blank = (int((rows["verdict"] == verdict).sum()) for verdict in ("due", "blank"))
    chinese = "、".join(f"{word} {count:,}" for word, count in (("应建", due), ("空白", blank)) if count)
    english = ", ".join(f"{count:,} {word}" for word, count in (("due", due), ("blank", blank)) if count)
    return Text(f"{heading.zh} {len(rows):,} 个中 {due + blank:,} 个（{chinese}）", f"{due + blank:,} of {len(rows):,} {_PLURALS[kind]} ({english})")


_PLURALS = {
    "Township": "townships", "Village": "villages", "Cooperative": "co-operatives", "Branch": "branches", "Member": "members",
    "Household": "households", "Training": "trainings", "Zone": "zones",
}  # fmt: skip


_PLURALS = {
    "Township": "townships", "Village": "villages", "Cooperative": "co-operatives", "Branch": "branches", "Member": "members",
    "Household": "households", "Training": "trainings", "Zone": "zones",
}  # fmt: skip


def extract_gaps(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
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
        take(every, finding, due, ("subject_kind", "subject", "reason", "remedy"), names),
        take(rest, finding, first, ("subject_kind", "subject", "verdict", "reason", "remedy"), names),
    ]


def draw_gaps(finding: Finding, ax: Axes, lang: str, _labels: Mapping[str, str]) -> bool:
    """A bar for each kind, split by verdict, with counts."""
    if "verdict" not in finding.rows:
        return False
    counts = pd.crosstab(finding.rows["subject_kind"], finding.rows["verdict"]).reindex(columns=list(VERDICT_COLOURS), fill_value=0)
    kinds = [kind for kind in MODEL.nodes if kind.label in counts.index]
    if not kinds:
        return False
    counts = counts.loc[[kind.label for kind in kinds]]
    words = value_words(finding, "verdict")
    parts = [(words[verdict].say(lang), VERDICT_COLOURS[verdict], counts[verdict].to_numpy()) for verdict in VERDICT_COLOURS]
    stack_bars(ax, [kind.heading.say(lang) for kind in kinds], parts, shares=True)
    return True

"""How the answer on pairing reach is summed up, told, extracted and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from graphkit.pages.plots import SOFT, draw_histogram, stack_bars, value_words
from graphkit.questions.extract import Extract, take
from graphkit.questions.finding import Finding
from graphkit.questions.question import Summary
from graphkit.words import Text, same

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN_VILLAGES = 10
DRAWN_VILLAGES = 15
REACHED = {
    "reached_by_one": (Text("一人结对", "by one"), "#4f93bd"),
    "reached_by_several": (Text("多人结对", "by several"), "#1f4e79"),
    "reached_by_none": (Text("无人结对", "by none"), "#dfe3e6"),
}
POOR = "poor_reached_by_none"
POOR_APART = {POOR: (Text("困难户无人结对", "poor, by none"), "#c8454a"), "reached_by_none": (Text("其余无人结对", "others, by none"), "#dfe3e6")}


def summarise_reach(finding: Finding) -> Summary:
    """A line a kind of pairing. Households are counted once in a line; lines are never added up."""
    kinds, households, members = value_words(finding, "pairing_kind"), finding.select("Household"), finding.select("Member")
    headings = [
        Text("结对方式", "kind of pairing"), Text("到户", "households"), Text("一人帮", "by one"), Text("几人帮", "by several"), Text("无人帮", "by none"),
        Text("帮扶人", "helpers"), Text("久未走访的结对", "stale pairings"),
    ]  # fmt: skip
    lines = []
    for kind in dict.fromkeys([*kinds, *households["pairing_kind"]]):
        helped, helping = households[households["pairing_kind"] == kind], members[members["pairing_kind"] == kind]
        if len(helped) or len(helping):
            lines.append((kinds.get(kind, same(kind)), *_count_reach(helped, helping, kind)))
    note = Text("各种方式从不相加。", "Kinds are never added up.")
    return Summary(finding.title, headings, lines, [note])


def _count_reach(helped: pd.DataFrame, helping: pd.DataFrame, kind: str) -> tuple[int | None, ...]:
    by = helped["helpers"].fillna(0)
    return (
        int((by > 0).sum()), int((by == 1).sum()), int((by > 1).sum()), int((by == 0).sum()) if kind == "any" else None,
        int((helping["paired_households"].fillna(0) > 0).sum()),
        int(helping["stale_households"].fillna(0).sum()),
    )  # fmt: skip


def tell_reach(finding: Finding, _names: Mapping[str, Text]) -> list[Text]:
    """Say how many households are paired with one member, several, nobody."""
    rows = finding.rows
    one, several, none = count_reached(rows)
    total = one + several + none
    sentences = []
    if total:
        sentences.append(
            Text(f"{total:,} 户中，{one:,} 户由一人结对，{several:,} 户由多人结对，{none:,} 户无人结对{_poor(rows, 'zh')}。",
                 f"Of {total:,} households, {one:,} are paired with one member, {several:,} with several and {none:,} with nobody{_poor(rows, 'en')}.")
        )  # fmt: skip
    return sentences or [Text("没有结对记录。", "No pairing is recorded.")]


def _poor(rows: pd.DataFrame, lang: str) -> str:
    """What is known of the poor among those without a helper, where a village is known; whether a household is poor must be recorded."""
    poor, alone, unknown = count_poor(rows)
    if not poor + unknown:
        return ""
    zh = f"；各村登记的困难户 {poor:,} 户中，{alone:,} 户无人结对" + (f"，另有 {unknown:,} 户未登记是否困难" if unknown else "")
    en = f"; of {poor:,} recorded as poor in the villages, {alone:,} with nobody" + (f", and of {unknown:,} it is not recorded" if unknown else "")
    return zh if lang == "zh" else en


def count_poor(rows: pd.DataFrame) -> tuple[int, int, int]:
    """Poor households of all villages, those of them without a helper, and those of which it is not recorded."""
    if "poor_households" not in rows:
        return 0, 0, 0
    villages = rows[(rows["pairing_kind"] == "any") & (rows["subject_kind"] == "Village")]
    poor, alone, unknown = (int(villages[name].fillna(0).sum()) for name in ("poor_households", "poor_reached_by_none", "poverty_unknown"))
    return poor, alone, unknown


def count_reached(rows: pd.DataFrame) -> tuple[int, int, int]:
    """Households with one helper, several and none: each once; by villages where the rows say no more."""
    any_kind = rows[rows["pairing_kind"] == "any"]
    if "helpers" in rows:
        helpers = any_kind.loc[any_kind["subject_kind"] == "Household", "helpers"].fillna(0)
        return int((helpers == 1).sum()), int((helpers > 1).sum()), int((helpers == 0).sum())
    villages = any_kind[any_kind["subject_kind"] == "Village"]
    one, several, none = (int(villages[name].fillna(0).sum()) for name in ("reached_by_one", "reached_by_several", "reached_by_none"))
    return one, several, none


def extract_villages(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """The villages with most poor households that nobody helps; with most households at all where none is recorded as poor."""
    rows = finding.rows[(finding.rows["subject_kind"] == "Village") & (finding.rows["pairing_kind"] == "any")]
    counted = [name for name in ("poor_households", "poor_reached_by_none") if name in rows]
    if count_poor(rows)[0]:
        rows = rows[rows["poor_reached_by_none"].fillna(0) > 0].sort_values("poor_reached_by_none", ascending=False, kind="stable")
        caption = Text("困难户无人结对的村，多的在前", "Villages with poor households reached by nobody, most first")
    else:
        rows = rows.sort_values("households", ascending=False, kind="stable")
        caption = Text(f"农户最多的 {min(len(rows), SHOWN_VILLAGES)} 个村", f"The {min(len(rows), SHOWN_VILLAGES)} villages with most households")
    shown = ("subject", "households", "reached_by_one", "reached_by_several", "reached_by_none", *counted)
    return [take(caption, finding, rows.head(SHOWN_VILLAGES), shown, names)] if len(rows) else []


def draw_reach(finding: Finding, ax: Axes, lang: str, labels: Mapping[str, str]) -> bool:
    """Villages by households reached by one, several or none; red are the poor reached by none, and those with most of them come first."""
    rows = finding.rows
    if "pairing_kind" not in rows or "reached_by_none" not in rows:
        return False
    villages = rows[(rows["subject_kind"] == "Village") & (rows["pairing_kind"] == "any")]
    if villages.empty:
        return _draw_households(rows, ax, lang)
    counts = villages.set_index("subject_id")[[*REACHED]].astype("Int64").fillna(0).astype(int)
    poor = villages.set_index("subject_id")["poor_reached_by_none"].fillna(0).astype(int) if "poor_reached_by_none" in villages else 0
    counts.insert(2, POOR, poor)
    counts["reached_by_none"] -= poor
    first = counts.sort_values([POOR, "reached_by_none"], ascending=False, kind="stable").head(DRAWN_VILLAGES)
    drawn = {**REACHED, **POOR_APART} if counts[POOR].any() else REACHED
    parts = [(words.say(lang), colour, first[name].to_numpy()) for name in counts if name in drawn for words, colour in [drawn[name]]]
    stack_bars(ax, [labels.get(code, code) for code in first.index], parts, shares=False)
    ax.set_xlabel(_reach_note(counts, len(first), lang), color=SOFT, fontsize=9, loc="left")
    return True


def _reach_note(counts: pd.DataFrame, shown: int, lang: str) -> str:
    poor, households = int(counts[POOR].sum()), int(counts.to_numpy().sum())
    unreached = poor + int(counts["reached_by_none"].sum())
    if lang == "zh":
        order = "困难户无人结对" if poor else "无人结对"
        return (
            f"户数；全部 {len(counts):,} 个村共 {households:,} 户，{unreached:,} 户无人结对，其中困难户 {poor:,} 户；按{order}户数列前 {shown} 个村"
        )
    order = "most poor ones of them" if poor else "most of them"
    return f"households; {unreached:,} of {households:,} in all {len(counts):,} villages are reached by nobody, {poor:,} of them poor; the {shown} with {order}"


def _draw_households(rows: pd.DataFrame, ax: Axes, lang: str) -> bool:
    """Members by the number of households they are paired with, where no village is known."""
    paired = rows.loc[(rows["subject_kind"] == "Member") & (rows["pairing_kind"] == "any"), "paired_households"].dropna()
    if paired.empty:
        return False
    draw_histogram(ax, paired.astype(float), Text("直接结对户数", "households paired directly"), Text("人数", "members"), lang)
    return True

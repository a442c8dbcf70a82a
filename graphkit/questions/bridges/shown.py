"""How the answer on bridge figures is summed up, told, extracted and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from graphkit.pages.plots import draw_bubbles
from graphkit.questions.bridges.order import select_first
from graphkit.questions.extract import Extract, take
from graphkit.questions.finding import Finding
from graphkit.questions.question import Summary
from graphkit.words import Text, same, stop

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

SHOWN_LINES = 5
SHOWN_REASONS = 3
SHOWN_PEOPLE = 10
DRAWN_PEOPLE = 15
DRAWN = {  # first what ranks, then what does not
    "stranded_people": Text("断开的人", "people\ncut off"),
    "stranded_households": Text("断开的户", "households\ncut off"),
    "betweenness": Text("居间人对", "pairs\nbetween"),
    "villages_spanned": Text("村", "villages"),
    "cooperatives_spanned": Text("合作组织", "co-operatives"),
    "branches_spanned": Text("党组织", "branches"),
    "offices": Text("职务", "offices"),
}
RANKING = ("stranded_people", "stranded_households", "betweenness")


def summarise_bridges(finding: Finding) -> Summary:
    """The first figures, a line each, and why the first of them are."""
    first = select_first(finding.rows, SHOWN_LINES)
    headings = {
        "rank": Text("名次", "rank"), "subject_id": Text("编号", "id"), "stranded_people": Text("断开的人", "people cut off"),
        "stranded_households": Text("断开的户", "households cut off"), "betweenness": Text("居间人对", "pairs between"),
        "villages_spanned": Text("村", "villages"), "cooperatives_spanned": Text("合作组织", "co-operatives"),
        "branches_spanned": Text("党组织", "branches"), "offices": Text("任职", "offices"),
    }  # fmt: skip
    reasons = [
        Text(f"{row['subject_id']}：{row['reason_zh']}", f"{row['subject_id']}: {row['reason_en']}")
        for _, row in first.head(SHOWN_REASONS).iterrows()
    ]
    if first.empty and len(finding.rows):
        reasons = [Text("没有人突出。", "Nobody stands out.")]
    return Summary(finding.title, list(headings.values()), list(first[list(headings)].astype(object).itertuples(index=False)), reasons)


def tell_bridges(finding: Finding, names: Mapping[str, Text]) -> list[Text]:
    """Say who comes first and why, and how many span and strand."""
    rows = finding.rows
    sentences = [_tell_first(rows, names)]
    if "villages_spanned" in rows and (spanning := int((rows["villages_spanned"] > 1).sum())):
        sentences.append(
            Text(
                f"{len(rows):,} 人中，{spanning:,} 人在两个以上的村居住、任岗或帮户。",
                f"Of {len(rows):,} people, {spanning:,} live, hold posts or help households in two villages or more.",
            )
        )
    if "stranded_people" in rows and (losing := int((rows["stranded_people"] > 0).sum())):
        most = int(rows["stranded_people"].max())
        sentences.append(
            Text(f"{losing:,} 人若离开，会有别人与其余的人断开，最多的一人牵涉 {most:,} 人。",
                 f"The loss of any of {losing:,} would cut other people off; of one of them, as many as {most:,}.")
        )  # fmt: skip
    if "stranded_households" in rows and (losing := int((rows["stranded_households"] > 0).sum())):
        most = int(rows["stranded_households"].max())
        sentences.append(
            Text(f"{losing:,} 人若离开，会有农户与其余的断开，最多的一人牵涉 {most:,} 户。",
                 f"The loss of any of {losing:,} would cut households off; of one of them, as many as {most:,}.")
        )  # fmt: skip
    return sentences


def _tell_first(rows: pd.DataFrame, names: Mapping[str, Text]) -> Text:
    """The first in rank, if there is one; of equal people nobody is first."""
    first = select_first(rows, 1)
    if first.empty:
        return Text("没有一人单独排在首位。", "Nobody stands first alone.")
    row = first.iloc[0]
    who = names.get(f"Member {row['subject_id']}", same(row["subject_id"]))
    return Text(f"排在首位的是 {who.zh}：{stop(row['reason_zh'], '。')}", f"First in rank is {who.en}: {stop(row['reason_en'], '.')}")


def extract_bridges(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """The first figures, with their reasons; the plot has the counts."""
    rows = select_first(finding.rows, SHOWN_PEOPLE)
    return [take(Text(f"前 {len(rows)} 位", f"The first {len(rows)}"), finding, rows, ("rank", "subject", "reason"), names)]


def draw_bridges(finding: Finding, ax: Axes, lang: str, labels: Mapping[str, str]) -> bool:
    """The first figures: what each of them strands and stands between, by which they rank, and what they span."""
    rows = select_first(finding.rows, DRAWN_PEOPLE) if "rank" in finding.rows else finding.rows.head(0)
    shown = [name for name in DRAWN if name in rows]
    if rows.empty or not shown:
        return False
    values = rows[shown].astype("Float64").fillna(0).to_numpy(float).round()
    draw_bubbles(ax, values, ["#d55e00" if name in RANKING else "#009e73" for name in shown])
    ax.set_xticks(range(len(shown)), [DRAWN[name].say(lang) for name in shown])
    ax.set_yticks(range(len(rows)), [f"{int(rank)}   {labels.get(key, key)}" for key, rank in zip(rows["subject_id"], rows["rank"], strict=True)])
    return True

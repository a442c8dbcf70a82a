"""How the answer on bridge figures is summed up, told, extracted and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from graphkit.pages.plots import draw_bubbles
from graphkit.questions.extract import Extract, take
from graphkit.questions.finding import Finding
from graphkit.questions.question import Summary
from graphkit.words import Text, same, stop

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN_LINES = 5
SHOWN_PEOPLE = 10
DRAWN_PEOPLE = 15
SPANS = {
    "villages_spanned": Text("村", "villages"),
    "cooperatives_spanned": Text("合作组织", "co-operatives"),
    "branches_spanned": Text("党组织", "branches"),
    "offices": Text("职务", "offices"),
    "stranded_households": Text("失联农户", "stranded\nhouseholds"),
}


def summarise_bridges(finding: Finding) -> Summary:
    """The first figures, a line each, and why the first is."""
    first = finding.rows.sort_values(["rank", "subject_id"]).head(SHOWN_LINES)
    headings = {
        "rank": Text("名次", "rank"), "subject_id": Text("编号", "id"), "villages_spanned": Text("村", "villages"),
        "cooperatives_spanned": Text("合作组织", "co-operatives"), "branches_spanned": Text("党组织", "branches"), "offices": Text("任职", "offices"),
        "betweenness": Text("居间人对", "pairs between"), "stranded_households": Text("失联户", "households cut off"),
    }  # fmt: skip
    reasons = [Text(f"{row['subject_id']}：{row['reason_zh']}", f"{row['subject_id']}: {row['reason_en']}") for _, row in first.head(1).iterrows()]
    return Summary(finding.title, list(headings.values()), list(first[list(headings)].astype(object).itertuples(index=False)), reasons)


def tell_bridges(finding: Finding, names: Mapping[str, Text]) -> list[Text]:
    """Say who comes first and why, and how many span and strand."""
    rows = finding.rows.sort_values("rank", kind="stable")
    first = rows.iloc[0]
    who = names.get(f"Member {first['subject_id']}", same(first["subject_id"]))
    sentences = [Text(f"排在首位的是 {who.zh}：{stop(first['reason_zh'], '。')}", f"First in rank is {who.en}: {stop(first['reason_en'], '.')}")]
    if "villages_spanned" in rows and (spanning := int((rows["villages_spanned"] > 1).sum())):
        sentences.append(
            Text(f"{len(rows):,} 人中，{spanning:,} 人连接两个以上的村。", f"Of {len(rows):,} people, {spanning:,} span two villages or more.")
        )
    if "stranded_households" in rows and (losing := int((rows["stranded_households"] > 0).sum())):
        most = int(rows["stranded_households"].max())
        sentences.append(
            Text(f"{losing:,} 人若离开，会有农户与组织失去联系，最多的一人牵涉 {most:,} 户。",
                 f"The loss of any of {losing:,} would cut households off; of one of them, as many as {most:,}.")
        )  # fmt: skip
    return sentences


def extract_bridges(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """The first figures, with their reasons; the plot has the counts."""
    rows = finding.rows.sort_values("rank", kind="stable").head(SHOWN_PEOPLE)
    return [take(Text(f"前 {len(rows)} 位", f"The first {len(rows)}"), finding, rows, ("rank", "subject", "reason"), names)]


def draw_bridges(finding: Finding, ax: Axes, lang: str, labels: Mapping[str, str]) -> bool:
    """The first figures, and what each of them spans and strands."""
    rows = (
        finding.rows.dropna(subset=["rank"]).sort_values("rank", kind="stable").head(DRAWN_PEOPLE) if "rank" in finding.rows else finding.rows.head(0)
    )
    spans = [name for name in SPANS if name in rows]
    if rows.empty or not spans:
        return False
    values = rows[spans].astype("Float64").fillna(0).to_numpy(float)
    draw_bubbles(ax, values, ["#d55e00" if name.startswith("stranded") else "#009e73" for name in spans])
    ax.set_xticks(range(len(spans)), [SPANS[name].say(lang) for name in spans])
    ax.set_yticks(range(len(rows)), [f"{int(rank)}   {labels.get(key, key)}" for key, rank in zip(rows["subject_id"], rows["rank"], strict=True)])
    return True

"""How the answer on coverage gaps is summed up, told, extracted and drawn: rule by rule, never one number over several rules."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from graphkit.pages.plots import stack_bars, value_words
from graphkit.questions.coverage.summary import chains_of, list_cascades, summarise_coverage
from graphkit.questions.extract import Extract, lay_out_counts, take
from graphkit.questions.finding import Finding
from graphkit.questions.question import Summary
from graphkit.words import Text, join, same, say_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN_UNITS = 5
SHOWN_PER_KIND = 5
PLACES_AND_BODIES = ("Township", "Village", "Cooperative", "Branch", "Zone")
SEPARATOR = Text("；", "; ")
OUTCOME_COLOURS = {"met": "#a9c5ba", "open": "#b3141f", "unknown": "#e3bd5b"}
_COUNTS = {
    "asked": Text("有要求", "asked"), "met": Text("已落实", "met"), "open": Text("未落实", "open"), "unknown": Text("不确定", "unknown"),
    "not_asked": Text("不作要求", "not asked"),
}  # fmt: skip
_RULE, _RATE, _STEP = Text("规则", "rule"), Text("落实率", "met / asked"), Text("第几级", "step")


def summarise_gaps(finding: Finding) -> Summary:
    """A line a rule: of how many it asks something, how many meet it, and the rate, which belongs to that rule alone."""
    titles, depths = value_words(finding, "rule"), _depths(finding)
    lines = [
        (_with_id(line["rule"], titles[line["rule"]], depths.get(line["rule"], 0)), *(line[name] for name in _COUNTS), _rate(line))
        for line in _in_steps(finding)
    ]
    return Summary(finding.title, [_RULE, *_COUNTS.values(), _RATE], lines, [*_say_cascades(finding), *_say_open(finding)])


def _depths(finding: Finding) -> dict[str, int]:
    """On how many rules each rule builds, one on another; 0 is not said."""
    return {rule: step for chain in chains_of(finding) for step, rule in enumerate(chain) if step}


def _in_steps(finding: Finding) -> list[dict[Hashable, Any]]:
    """The lines of the summary, those of a rule that builds on another behind that one's."""
    lines = {line["rule"]: line for line in summarise_coverage(finding).to_dict("records")}
    on = finding.provenance.get("builds_on", {})

    def behind(rule: object) -> list[dict[Hashable, Any]]:
        return [lines[rule], *(line for other in lines if on.get(other) == rule for line in behind(other))]

    return [line for rule in lines if on.get(rule) not in lines for line in behind(rule)]


def _with_id(rule: str, title: Text, depth: int = 0) -> Text:
    """The title of a rule behind its id in the pack: ``s16 fewer than three``; one that builds on another behind an arrow."""
    own = "↳ " * depth + rule.partition(".")[2]
    return Text(f"{own} {title.zh}", f"{own} {title.en}")


def _say_cascades(finding: Finding) -> list[Text]:
    """Each chain of rules in a sentence: of how many something is asked, how many meet it, and of those the next."""
    titles, steps = value_words(finding, "rule"), list_cascades(finding)
    said = []
    for chain in chains_of(finding):
        lines = [next(line for line in steps[steps["rule"] == rule].to_dict("records")) for rule in chain]
        if lines[0]["asked"] + lines[0]["unknown"]:
            parts = [_say_step(titles[line["rule"]], line) for line in lines]
            said.append(join([Text("逐级：", "Step by step: "), join(parts, Text("；其中", "; of those, ")), Text("。", ".")]))
    return said


def _say_step(title: Text, line: Mapping[Hashable, Any]) -> Text:
    asked, met, rate = int(line["asked"]), int(line["met"]), _rate(line)
    unsure = Text(f"，{int(line['unknown']):,} 个不确定", f", {int(line['unknown']):,} unknown") if line["unknown"] else Text("", "")
    return Text(f"有要求的 {asked:,} 个，“{title.zh}”已落实 {met:,} 个（{rate}{unsure.zh}）",
                f"{asked:,} asked, {met:,} meet “{title.en}” ({rate}{unsure.en})")  # fmt: skip


def _rate(line: Mapping[Hashable, Any]) -> str:
    """The rate of one rule, an interval where something is unknown; a dash where nobody can be asked."""
    low, high = ("–" if pd.isna(rate) else f"{rate:.1%}" for rate in (line["rate_low"], line["rate_high"]))
    return low if low == high else f"{low} – {high}"


def _say_open(finding: Finding) -> list[Text]:
    """The first co-operatives and villages that lack what a rule asks for: what that is called, a name and the reason."""
    rows, words = finding.rows, finding.provenance["open_words"]
    rows = rows[(rows["outcome"] == "open") & (rows["asked"] == "yes") & rows["subject_kind"].isin(["Cooperative", "Village"])].head(SHOWN_UNITS)
    called = [Text(*words[rule]) for rule in rows["rule"]]
    return [
        Text(f"{word.zh} · {row['name']}：{row['reason_zh']}", f"{word.en} · {row['name']}: {row['reason_en']}")
        for word, (_, row) in zip(called, rows.iterrows(), strict=True)
    ]


def tell_gaps(finding: Finding, _names: Mapping[str, Text]) -> list[Text]:
    """Say what is open, rule by rule, what cannot be told, and what is near."""
    lines = [line for line in summarise_coverage(finding).to_dict("records") if line["open"]]
    titles = value_words(finding, "rule")
    if lines:
        sentences = [join([Text("未落实的：", "Not met: "), join([_say_rule(titles, line) for line in lines], SEPARATOR), Text("。", ".")])]
    else:
        sentences = [Text("凡确定有要求的都已落实。", "Every rule is met wherever it certainly asks something.")]
    sentences += _say_cascades(finding)
    if unsure := int((~finding.rows["certain"].astype(bool)).sum()):
        sentences.append(Text(f"{unsure:,} 个结果因资料不全不能确定。", f"{unsure:,} outcomes cannot be told, since data are missing."))
    if near := int(finding.rows["flags"].astype(object).fillna("").map(lambda flags: "watch" in flags.split(";")).sum()):
        sentences.append(Text(f"{near:,} 个接近条件，待成熟后应成立党组织。", f"{near:,} are near the threshold, above which a body is due."))
    return sentences


def _say_rule(titles: Mapping[str, Text], line: Mapping[Hashable, Any]) -> Text:
    title, asked, open_ = titles[line["rule"]], int(line["asked"]), int(line["open"])
    return Text(f"{title.zh}，{asked:,} 个中 {open_:,} 个", f"{title.en}, {open_:,} of {asked:,}")


def extract_gaps(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """How far each rule is met; every place and body that is open, for these can be acted on one by one; of people and households the first."""
    rows = finding.rows[(finding.rows["outcome"] == "open") & (finding.rows["asked"] == "yes")]
    all_shown = rows["subject_kind"].isin(PLACES_AND_BODIES)
    bodies, others = rows[all_shown], rows[~all_shown]
    first = others.groupby(others["rule"].astype(str), sort=False).head(SHOWN_PER_KIND)
    every = Text(
        f"未落实的村、合作组织、党组织和责任区，全部 {len(bodies):,} 个", f"Every village, co-operative, body and zone that is open: {len(bodies):,}"
    )
    rest = Text(
        f"未落实的人员和农户，每条规则列前 {SHOWN_PER_KIND} 个", f"Of people and households that are open, the first {SHOWN_PER_KIND} of each rule"
    )
    shown = ("subject_kind", "subject", "rule", "reason", "remedy")
    return [
        _extract_rates(finding),
        *_extract_cascades(finding),
        take(every, finding, bodies, shown, names),
        take(rest, finding, first, shown, names),
    ]


def _extract_rates(finding: Finding) -> Extract:
    """A line a rule that asks something, with its own rate."""
    titles = value_words(finding, "rule")
    rows = [
        [titles[line["rule"]], *(same(say_number(line[name])) for name in _COUNTS), same(_rate(line))]
        for line in _in_steps(finding)
        if line["asked"] + line["unknown"]
    ]
    caption = Text("每条规则的落实率；不同规则的率不能相加", "How far each rule is met; rates of different rules are not added up")
    return lay_out_counts(caption, [_RULE, *_COUNTS.values(), _RATE], rows)


def _extract_cascades(finding: Finding) -> list[Extract]:
    """A line a step of rules that build on one another, each with its own rate; nothing where none do."""
    titles = value_words(finding, "rule")
    counts = {name: heading for name, heading in _COUNTS.items() if name != "not_asked"}
    rows = [
        [same(str(line["step"])), titles[line["rule"]], *(same(say_number(line[name])) for name in counts), same(_rate(line))]
        for line in list_cascades(finding).to_dict("records")
    ]  # fmt: skip
    caption = Text(
        "逐级落实：后一级只对落实了前一级的有要求，各级的率是该条规则的率，不是整条链的",
        "Step by step: each rule asks only of those who meet the one before; a rate is that of its own rule, not of the chain",
    )
    return [Extract(caption, [_STEP, _RULE, *counts.values(), _RATE], ["number", "", *["number"] * (len(counts) + 1)], rows)] if rows else []


def sheets_of(finding: Finding, lang: str) -> dict[str, pd.DataFrame]:
    """The sheet of rates before the rows: a line a rule, with the rule that it builds on."""
    titles, on = value_words(finding, "rule"), finding.provenance.get("builds_on", {})
    rows = [
        {
            _RULE.say(lang): titles[line["rule"]].say(lang), Text("编号", "id").say(lang): line["rule"],
            Text("建立在哪条规则上", "builds on").say(lang): on.get(line["rule"]),
            **{heading.say(lang): line[name] for name, heading in _COUNTS.items()},
            Text("落实率至少", "met / asked, lowest").say(lang): line["rate_low"], Text("落实率至多", "met / asked, highest").say(lang): line["rate_high"],
        }
        for line in _in_steps(finding)
    ]  # fmt: skip
    return {Text("落实率", "rates").say(lang): pd.DataFrame(rows)}


def draw_gaps(finding: Finding, ax: Axes, lang: str, _labels: Mapping[str, str]) -> bool:
    """A bar for each rule: of those of whom it asks something, or may, how many meet it."""
    if not {"rule", "asked", "outcome"} <= set(finding.rows):
        return False
    rows = finding.rows
    outcome = rows["outcome"].astype(object).where(rows["asked"] == "yes", "unknown")
    counts = pd.crosstab(rows["rule"].astype(object), outcome).reindex(columns=list(OUTCOME_COLOURS), fill_value=0)
    counts = counts.loc[list(dict.fromkeys(rows["rule"]))]
    if counts.empty:
        return False
    words, titles = value_words(finding, "outcome"), value_words(finding, "rule")
    parts = [(words[name].say(lang), colour, counts[name].to_numpy()) for name, colour in OUTCOME_COLOURS.items()]
    stack_bars(ax, [titles[rule].say(lang) for rule in counts.index], parts, shares=True)
    return True

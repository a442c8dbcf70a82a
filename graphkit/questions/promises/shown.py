"""How the answer on promises is summed up, told, extracted and drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from graphkit.pages.plots import stack_bars
from graphkit.questions.extract import Extract, take
from graphkit.questions.finding import Finding
from graphkit.questions.promises.columns import OUTCOMES, words_of
from graphkit.questions.question import Summary
from graphkit.words import Text, join, same, say_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN = 10
_COLOURS = {"met": "#4f93bd", "running": "#f0c27b", "short": "#e9a5a5", "not_begun": "#d9dee2", "unknown": "#b5bcc2"}
_NOT_KNOWN = Text("未知", "unknown")
_SHOWN_COLUMNS = ("subject", "kind", "target", "unit", "until_on", "recorded_low", "recorded_high", "shortfall_low", "outcome")


def summarise_promises(finding: Finding) -> Summary:
    """A line a kind and unit: promised, recorded, short and over; a shortfall is never made up for by another's surplus."""
    headings = [
        Text("承诺内容", "kind"), Text("单位", "unit"), Text("承诺（项）", "promises"), Text("承诺数", "promised"), Text("登记", "on record"),
        Text("不足", "shortfall"), Text("多出", "surplus"), *(OUTCOMES[name] for name in ("met", "short")),
    ]  # fmt: skip
    lines = []
    for kind, unit, rows in _groups(finding.rows):
        begun = rows[rows["outcome"] != "not_begun"]
        counts = rows["outcome"].value_counts()
        figures = [_say_span(begun, f"{name}_low", f"{name}_high") for name in ("recorded", "shortfall", "surplus")]
        lines.append((kind, unit, len(rows), int(rows["target"].sum()), *figures, *(int(counts.get(name, 0)) for name in ("met", "short"))))
    return Summary(finding.title, headings, lines, finding.caveats)


def tell_promises(finding: Finding) -> list[Text]:
    """Say what was promised of each kind, what is on record of it, and of how many promises nothing is."""
    rows = finding.rows
    said = [_tell_group(kind, unit, part) for kind, unit, part in _groups(rows)]
    sentences = [join([Text("承诺与登记：", "Promised and on record: "), join(said, Text("；", "; ")), Text("。", ".")])]
    short, nothing = int((rows["outcome"] == "short").sum()), int(((rows["outcome"] == "short") & (rows["recorded_high"] == 0)).sum())
    if short:
        sentences.append(
            Text(f"{len(rows):,} 项承诺中 {short:,} 项登记不足，其中 {nothing:,} 项没有任何登记。",
                 f"Of {len(rows):,} promises, {short:,} have less on record than promised, {nothing:,} of them nothing at all.")
        )  # fmt: skip
    return sentences


def say_promises(rows: pd.DataFrame) -> list[Text]:
    """Say each promise in a few words: of what, how much, by when, and what is on record."""
    kinds, units = words_of("kind"), words_of("unit")
    names = ["kind", "unit", "target", "until_on", "recorded_low", "recorded_high", "outcome"]
    said = []
    for kind, unit, target, until, low, high, outcome in rows[names].astype(object).itertuples(index=False, name=None):
        what, of = kinds.get(kind, _NOT_KNOWN), units.get(unit, _NOT_KNOWN)
        promised = _NOT_KNOWN if pd.isna(target) else same(f"{target:,}")
        by = Text("", "") if pd.isna(until) else Text(f"（至 {until}）", f" (before {until})")
        found, word = _span(low, high), OUTCOMES[outcome]
        said.append(Text(f"{what.zh}{by.zh}：承诺 {promised.zh} {of.zh}，登记 {found.zh}；{word.zh}",
                         f"{what.en}{by.en}, {of.en}: promised {promised.en}, on record {found.en}; {word.en}"))  # fmt: skip
    return said


def _tell_group(kind: Text, unit: Text, rows: pd.DataFrame) -> Text:
    promised, recorded = f"{int(rows['target'].sum()):,}", _say_span(rows, "recorded_low", "recorded_high")
    if rows["recorded_low"].isna().all():
        return Text(
            f"{kind.zh}承诺 {promised} {unit.zh}，没有登记可以对照",
            f"{kind.en}, {promised} {unit.en} promised, with nothing on record that speaks of it",
        )
    return Text(
        f"{kind.zh}承诺 {promised} {unit.zh}，登记 {recorded.zh} {unit.zh}", f"{kind.en}, {promised} {unit.en} promised and {recorded.en} on record"
    )


def _groups(rows: pd.DataFrame) -> Iterator[tuple[Text, Text, pd.DataFrame]]:
    """Promises of one kind and unit, in the order in which both are declared; those of unknown kind or unit last."""
    kinds, units = words_of("kind"), words_of("unit")
    for kind in (*kinds, None):
        for unit in (*units, None):
            part = rows[
                (rows["kind"].isna() if kind is None else rows["kind"] == kind) & (rows["unit"].isna() if unit is None else rows["unit"] == unit)
            ]
            if len(part):
                yield kinds.get(str(kind), _NOT_KNOWN), units.get(str(unit), _NOT_KNOWN), part


def _say_span(rows: pd.DataFrame, low: str, high: str) -> Text:
    """The sum of a column from its lowest to its highest, over the rows of which anything can be told."""
    there = rows[rows[low].notna()]
    return _span(pd.NA if there.empty else there[low].sum(), there[high].sum(skipna=False))


def _span(low: Any, high: Any) -> Text:
    """One number, from one to another, or at least one; a dash where nothing can be told."""
    if pd.isna(low):
        return same("–")
    if pd.isna(high):
        return Text(f"{say_number(low)} 以上", f"{say_number(low)} or more")
    return same(say_number(low) if low == high else f"{say_number(low)}–{say_number(high)}")


def extract_promises(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """Promises of which least is on record."""
    rows = finding.rows[finding.rows["outcome"] == "short"]
    if rows.empty:
        return [take(Text("承诺", "Promises"), finding, finding.rows.head(SHOWN), _SHOWN_COLUMNS, names)]
    share = rows["recorded_high"] / rows["target"]
    first = rows.assign(share=share).sort_values(["share", "subject_id", "promise_id"], kind="stable").head(SHOWN).drop(columns="share")
    caption = Text(
        f"登记不足的承诺，按已登记的比例列前 {len(first)} 项",
        f"Promises with less on record than promised: the {len(first)} with the smallest part recorded",
    )
    return [take(caption, finding, first, _SHOWN_COLUMNS, names)]


def draw_promises(finding: Finding, ax: Axes, lang: str, labels: Mapping[str, str]) -> bool:
    """Promises by what they come to, a bar a kind and unit; the number of promises, not of what was promised."""
    del labels
    groups = list(_groups(finding.rows))
    if not groups:
        return False
    parts = [
        (words.say(lang), _COLOURS[name], pd.Series([int((rows["outcome"] == name).sum()) for _, _, rows in groups]).to_numpy())
        for name, words in OUTCOMES.items() if (finding.rows["outcome"] == name).any()
    ]  # fmt: skip
    stack_bars(ax, [f"{kind.say(lang)} ({unit.say(lang)})" for kind, unit, _ in groups], parts, shares=False)
    ax.set_xlabel(Text("承诺项数", "promises").say(lang), fontsize=9, loc="left")
    return True

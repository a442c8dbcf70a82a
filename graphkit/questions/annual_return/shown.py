"""How the annual return is summed up, told, extracted and laid out as sheets."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd

from graphkit.pages.plots import value_words
from graphkit.questions.annual_return.columns import SPLITS, UNKNOWN
from graphkit.questions.annual_return.form import classes_of, lay_out_form, list_cells, tabulate_annual_return, value_words_of
from graphkit.questions.extract import Extract, lay_out_counts
from graphkit.questions.finding import Finding
from graphkit.questions.question import Summary
from graphkit.words import Text, join, same, say_number

SHOWN_NAMES = 5
_SEPARATOR = Text("、", ", ")


def summarise_return(finding: Finding) -> Summary:
    """The form, and below it the first in each class by name."""
    headings, lines = lay_out_form(finding)
    more = Text("每一格都有谁：用 --out 写成 .xlsx", "who stands in each cell: --out writes it as .xlsx")
    return Summary(finding.title, headings, lines, [*_say_who(finding, SHOWN_NAMES), *finding.caveats, more])


def tell_return(finding: Finding) -> list[Text]:
    """Say how many stand in each class that has any."""
    counts = tabulate_annual_return(finding)["total"]
    said = [Text(f"{words.zh} {counts[name]:,} 个", f"{words.en}, {counts[name]:,}") for name, words in classes_of(finding).items() if counts[name]]
    total = int(counts["total"])
    return [join([Text(f"合作组织 {total:,} 个：", f"Of {total:,} co-operatives: "), join(said, Text("；", "; ")), Text("。", ".")])]


def extract_return(finding: Finding) -> list[Extract]:
    """The form, and who stands in each class; a class of many names its first ones."""
    headings, lines = lay_out_form(finding)
    form = lay_out_counts(Text("年报表", "The form"), headings, [[_cell(value) for value in line] for line in lines])
    who = [[classes_of(finding)[name], same(say_number(count)), names] for name, count, names in _classes(finding, 4 * SHOWN_NAMES)]
    caption = Text("每一类都有谁", "Who stands in each class")
    return [form, Extract(caption, [Text("类别", "class"), Text("数目", "number"), Text("名称", "names")], ["", "number", ""], who)]


def sheets_of(finding: Finding, lang: str) -> dict[str, pd.DataFrame]:
    """The form, and who stands in each cell of it, as sheets of a workbook."""
    headings, lines = lay_out_form(finding)
    form = pd.DataFrame(
        [[value.say(lang) if isinstance(value, Text) else value for value in line] for line in lines], columns=[h.say(lang) for h in headings]
    )
    cells = list_cells(finding)
    declared = {column.name: column for column in finding.columns}
    for name in cells.columns:
        words = {key: text.say(lang) for key, text in value_words_of(finding, name).items()} if declared[name].values or name in SPLITS else {}
        cells[name] = cells[name].map(lambda value, w=words: w.get(value, value)) if words else cells[name]
    cells.columns = pd.Index([declared[name].heading.say(lang) for name in cells.columns])
    return {Text("年报表", "form").say(lang): form, Text("每格名单", "who").say(lang): cells}


def _say_who(finding: Finding, shown: int) -> list[Text]:
    words = classes_of(finding)
    return [Text(f"{words[name].zh}：{who.zh}", f"{words[name].en}: {who.en}") for name, _, who in _classes(finding, shown)]


def _classes(finding: Finding, shown: int) -> list[tuple[str, int, Text]]:
    """Each class that has any: how many, and the first ones by name, or id where there is none; of what cannot be classed also as what it may be."""
    found, may_be = [], value_words(finding, "possible")
    for name, rows in finding.rows.groupby(pd.Categorical(finding.rows["class"], categories=list(classes_of(finding))), observed=True):
        first = [_name(row, may_be) for row in rows.head(shown).to_dict("records")]
        rest = len(rows) - len(first)
        more = [Text(f"……另有 {rest:,} 个", f"… and {rest:,} more")] if rest else []
        found.append((str(name), len(rows), join([*first, *more], _SEPARATOR)))
    return found


def _name(row: Mapping[Hashable, object], may_be: Mapping[str, Text]) -> Text:
    name = same(str(row["name"]) if isinstance(row["name"], str) else str(row["subject_id"]))
    if row["class"] != UNKNOWN:
        return name
    return Text(f"{name.zh}（{may_be[str(row['possible'])].zh}）", f"{name.en} ({may_be[str(row['possible'])].en})")


def _cell(value: object) -> Text:
    return value if isinstance(value, Text) else same(say_number(value))  # type: ignore[arg-type]

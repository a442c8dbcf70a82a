"""The command that explains one outcome: of whom which rule asks what, on what that rests, and since when it has been so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphkit.cli.options import LOOK, AsOfOption, DatabaseOption, DatasetOption, LangOption, StoreArgument, app, lang_of, read
from graphkit.cli.words import both
from graphkit.words import Lang, Text, join, same

if TYPE_CHECKING:
    from graphkit.data.tables import Tables
    from graphkit.model.types import NodeType, TieType
    from graphkit.questions.coverage.explain import Outcome

_OUTCOMES = {"met": Text("已落实", "met"), "open": Text("未落实", "open"), "unknown": Text("不确定", "unknown")}


@app.command(rich_help_panel=LOOK)
def explain(
    store: StoreArgument,
    rule: Annotated[str, typer.Argument(metavar="RULE", help=both("规则，如 s51。", "The rule, such as s51."))],
    subject: Annotated[str, typer.Argument(metavar="ID", help=both("对象的编号（村为代码）。", "The id of the subject; of a village, its code."))],
    *,
    rules: Annotated[str, typer.Option("--rules", help=both("规则包的名称或 TOML 文件。", "Rule pack: a name or a TOML file."))] = "acheng-2010",
    most: Annotated[int, typer.Option("--most", min=1, help=both("每种关系至多列几条。", "How many ties of a kind are shown at most."))] = 20,
    as_of: AsOfOption = None,
    database: DatabaseOption = None,
    dataset: DatasetOption = "district",
    lang: LangOption = None,
) -> None:
    """One outcome in detail: the ties it rests on, and since when it has been so.

    Example: graphkit explain acheng.gk s51 h3531 --as-of 2012-04-30

    一个结果的来由：依据哪些关系，从哪天起如此。

    例：graphkit explain acheng.gk s51 h3531 --as-of 2012-04-30
    """
    from graphkit.questions.coverage.explain import explain_outcome

    tables = read(store, lang, database, dataset)
    typer.echo(_say(explain_outcome(tables, rule, subject, rules=rules, as_of=as_of, most=most), tables, lang_of(lang)))


def _say(told: Outcome, tables: Tables, lang: Lang) -> str:
    from graphkit.cli.summary import draw_table, say_in

    head = f"{told.rule} · {tables.model.node_type(told.subject_kind).heading.say(lang)} {told.subject_id}"
    headings = [Text("关系", "tie"), Text("对方", "other end"), Text("登记的", "on record"), Text("起", "since"), Text("止", "until")]
    rows = [[say_in(value, lang) for value in _told(row, tables)] for row in told.evidence.to_dict("records")]
    table = (
        draw_table([heading.say(lang) for heading in headings], rows)
        if rows
        else Text("  没有登记有关的关系。", "  No tie that counts is on record.").say(lang)
    )
    more = [
        Text(f"  “{kind.zh}”另有 {count:,} 条", f"  {kind.en}: {count:,} more").say(lang)
        for name, count in told.left_out.items()
        for kind in [tables.model.table_type(name).heading]
    ]
    return "\n".join([head, f"  {_outcome(told).say(lang)}", table, *more, *_say_repairs(told, tables, lang)])


def _say_repairs(told: Outcome, tables: Tables, lang: Lang) -> list[str]:
    """The cells of the subject's own row that were read as something else than they said."""
    from graphkit.data.origins import list_repairs

    kind = tables.model.node_type(told.subject_kind)
    headings = {column.name: column.heading for column in kind.columns}
    said = []
    for cell in list_repairs(tables, kind.table, told.subject_id).to_pylist():
        heading, place = headings[cell["column"]], " · ".join(str(cell[part]) for part in ("source_file", "source_sheet", "source_row") if cell[part])
        raw, value = (word if word is not None else "—" for word in (cell["raw"], cell["value"]))
        said.append(
            Text(f"  {heading.zh}：原为“{raw}”，读作“{value}”（{place}）", f"  {heading.en}: {raw!r} was read as {value!r} ({place})").say(lang)
        )
    return said


def _told(row: Mapping[str, Any], tables: Tables) -> list[object]:
    """A tie as words: its kind, the other end, what is on record of both, from when to when."""
    tie, node = tables.model.table_type(row["tie"]), tables.model.node_type(row["kind"])
    words = [_word(node, row["said"])] if row["said"] else []
    words += [_word(tie, part) for part in (row["tie_said"] or "").split(";") if part]
    of = [same(f"{row['of']} → ")] if row["of"] else []
    return [tie.heading, join([*of, node.heading, same(f" {row['id']}")]), join(words, same(" · ")), row["since"], row["until"]]


def _word(kind: NodeType | TieType, said: str) -> Text:
    """The words of a stored value, or the heading of the column that holds one."""
    choice = next((choice.heading for column in kind.columns for choice in column.choices if choice.value == said), None)
    return choice or next((column.heading for column in kind.columns if column.name == said), same(said))


def _outcome(told: Outcome) -> Text:
    """What the rule comes to, why, and since when; a date that the register does not tell is said to be unknown."""
    if told.outcome is None:
        return Text("规则对此不作要求", "the rule asks nothing of it")
    said = [_OUTCOMES[told.outcome]] + ([told.reason] if told.reason else [])
    since = (
        Text(f"自 {told.since} 起", f"since {told.since}")
        if told.since
        else Text("从何时起，登记的日期不能确定", "since when, the dates on record do not tell")
    )
    return join([*said, since], Text("；", "; "))

"""What the commands print: aligned tables of a few lines that a person can read, in either language."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphkit.model.kinds import node_type, table_type
from graphkit.words import Lang, Text, say_number

if TYPE_CHECKING:
    import pandas as pd

    from graphkit.data.problems import Problem
    from graphkit.data.tables import Tables
    from graphkit.queries import Query
    from graphkit.questions.finding import Finding

_WIDTH = 110
_SHOWN_UNITS = 5
_SHOWN_CLAIMS = 12


def say_counts(tables: Tables, lang: Lang) -> str:
    """Rows read, loaded, merged and set aside, a line a kind."""
    headings = _words(lang, ("类别", "kind"), ("读到", "read"), ("装入", "loaded"), ("合并", "merged"), ("搁置", "set aside"))
    rows = [
        (table_type(row["table"]).heading.say(lang), row["read"], row["loaded"], row["merged"], row["quarantined"])
        for row in tables.counts.to_pylist()
        if row["read"]
    ]
    return draw_table(headings, rows)


def say_problems(problems: Sequence[Problem], lang: Lang, *, show: int) -> str:
    """How many problems of each rule, and the first `show` of them."""
    if not problems:
        return Text("没有发现问题。", "No problem found.").say(lang)
    rules = Counter((p.rule, p.effect) for p in problems)
    effects = {"quarantine": Text("搁置", "set aside"), "report": Text("仅报告", "reported only")}
    headings = _words(lang, ("规则", "rule"), ("问题", "problems"), ("处理", "effect"))
    table = draw_table(headings, [(rule, count, effects[effect].say(lang)) for (rule, effect), count in rules.most_common()])
    lines = [f"  {problem.describe(lang)}" for problem in problems[:show]]
    rest = len(problems) - len(lines)
    more = [Text(f"  …… 另有 {rest:,} 条", f"  … and {rest:,} more").say(lang)] if rest and lines else []
    return "\n".join([table, *lines, *more])


@dataclass(frozen=True, slots=True)
class Summary:
    """An answer in a few lines: a small table, and notes below it."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    notes: Sequence[str] = ()


def summarise_finding(finding: Finding, lang: Lang) -> Summary:
    """Put the answer to one of the questions into a few lines."""
    from graphkit.questions.finding import ANSWERED_BY

    summarise = {"coverage": _summarise_coverage, "bridges": _summarise_bridges, "reach": _summarise_reach, "figures": _summarise_figures}
    return summarise[ANSWERED_BY[finding.question]](finding, lang)


def say_finding(finding: Finding, lang: Lang) -> str:
    """The summary of one answer, as text: its title and day, then a few lines."""
    summary = summarise_finding(finding, lang)
    day = f"{Text('截至', 'as of').say(lang)} {finding.as_of}" if finding.as_of else ""
    notes = "".join(f"\n    {note}" for note in summary.notes)
    return f"{summary.title}  {day}".rstrip() + f"\n{draw_table(summary.headings, summary.rows)}\n{notes}" + ("\n" if notes else "")


def say_queries(queries: Iterable[Any], lang: Lang) -> str:
    """The queries of the library, a line each: name and question."""
    return draw_table(_words(lang, ("查询", "query"), ("问题", "question")), [(query.name, query.title.say(lang)) for query in queries])


def say_query(query: Query, lang: Lang) -> str:
    """One query: its question, parameters with the lines to paste, columns, and the text."""
    from graphkit.queries.page import TYPES, write_param_lines

    given = _words(lang, ("参数", "parameter"), ("类型", "type"), ("默认", "default"), ("说明", "meaning"))
    gives = _words(lang, ("列", "column"), ("类型", "type"), ("说明", "meaning"))
    names = Text("（人名）", " (names)").say(lang)
    parameters = [(p.name, TYPES[p.type].say(lang), p.default, p.meaning.say(lang)) for p in query.parameters]
    columns = [(c.name, TYPES[c.type].say(lang) + (names if c.personal else ""), c.meaning.say(lang)) for c in query.returns]
    paste = Text("贴到 cypher-shell 或 Neo4j Browser：", "To paste into cypher-shell or Neo4j Browser:").say(lang)
    lines = [*write_param_lines(query), query.statement.rstrip() + ";"]
    question = f"{query.name}  {query.title.say(lang)}\n  {query.question.say(lang)}"
    return "\n\n".join([question, draw_table(given, parameters), draw_table(gives, columns), "\n".join([paste, "", *lines])])


def say_rows(rows: pd.DataFrame, lang: Lang, *, show: int = 20) -> str:
    """What a query's answer speaks of, its first `show` rows, and how many there are."""
    shown = draw_table(list(rows.columns), [tuple(row) for row in rows.head(show).itertuples(index=False)])
    return f"{say_scope(rows, lang)}\n{shown}\n{Text(f'{len(rows):,} 行', say_count(len(rows))).say(lang)}"


def say_scope(rows: pd.DataFrame, lang: Lang) -> str:
    """What rows speak of: the day, the dataset and the other parameters.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame()
    >>> rows.attrs = {"dataset": "acheng", "parameters": {"as_of": "2012-04-30", "stale_days": 183, "branch_id": None}}
    >>> say_scope(rows, "en")
    'as of 2012-04-30 · dataset acheng · stale_days 183'
    """
    parameters, dataset = dict(rows.attrs["parameters"]), rows.attrs["dataset"]
    day, colon = parameters.pop("as_of", None), Text("：", " ").say(lang)
    whole = Text("整个数据库", "the whole database").say(lang)
    named = Text("数据集", "dataset").say(lang) + colon + (dataset if isinstance(dataset, str) else ", ".join(dataset or ()))
    parts = [Text(f"截至 {day}", f"as of {day}").say(lang)] if day else []
    parts += [whole if dataset is None else named]
    return " · ".join([*parts, *(f"{name}{colon}{value}" for name, value in parameters.items() if value is not None)])


def say_hidden(rows: pd.DataFrame, lang: Lang) -> str:
    """That names are hidden in some columns, and how to see them; nothing if there are none."""
    columns = ", ".join(rows.attrs["personal"])
    said = Text(f"{columns} 列里的人名以 *** 代替；加 --names 才显示。", f"People's names (column {columns}) stand as ***; --names shows them.")
    return said.say(lang) if columns else ""


def say_datasets(datasets: Iterable[tuple[str, int, str, bool]], lang: Lang) -> str:
    """The datasets of a store, a line each."""
    state = {True: Text("完整", "whole"), False: Text("只写了一半", "half written")}
    headings = _words(lang, ("数据集", "dataset"), ("行", "rows"), ("写入时间", "written"), ("状态", "state"))
    return draw_table(headings, [(name, rows, written, state[whole].say(lang)) for name, rows, written, whole in datasets])


def say_count(rows: int) -> str:
    """The number of rows in English words: ``1 row``, ``2,000 rows``."""
    return f"{rows:,} row{'' if rows == 1 else 's'}"


def draw_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Align columns, numbers to the right, with wide characters counted as two; no line ends in blanks."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Line

    cells = [[show_cell(value) for value in row] for row in rows]
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="")
    for position, heading in enumerate(headings):
        values = [row[position] for row in cells]
        is_number = all(value.replace(",", "").replace(".", "").lstrip("-").isdigit() or value == "–" for value in values)
        table.add_column(Line(heading), justify="right" if is_number else "left", overflow="fold")
    for row in cells:
        table.add_row(*[Line(value) for value in row])
    page = io.StringIO()
    Console(file=page, width=_WIDTH, color_system=None, force_terminal=False).print(table)
    return "\n".join(f"  {line.rstrip()}" for line in page.getvalue().splitlines() if line.strip())


def show_cell(value: object) -> str:
    """One value as a reader sees it: thousands apart, three digits of a fraction, a dash for what is missing."""
    import pandas as pd

    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "–" if value is None or value is pd.NA or value is pd.NaT else str(value)
    return say_number(value)


def _words(lang: Lang, *pairs: tuple[str, str]) -> list[str]:
    return [Text(*pair).say(lang) for pair in pairs]


def _value_words(finding: Finding, column: str, lang: Lang) -> Mapping[str, str]:
    found = next(c for c in finding.columns if c.name == column)
    return {value: text.say(lang) for value, text in found.values.items()}


def _summarise_coverage(finding: Finding, lang: Lang) -> Summary:
    """A line a rule: of how many it asks something, how many meet it, and the rate, which belongs to that rule alone."""
    from graphkit.questions.coverage import summarise_coverage

    titles = _value_words(finding, "rule", lang)
    headings = _words(
        lang, ("规则", "rule"), ("编号", "id"), ("对象", "of"), ("有要求", "asked"), ("已落实", "met"), ("未落实", "open"), ("不确定", "unknown"),
        ("不作要求", "not asked"), ("落实率", "met / asked"),
    )  # fmt: skip
    lines = [
        (titles[row["rule"]], row["rule"].partition(".")[2], node_type(row["subject_kind"]).heading.say(lang),
         *(row[name] for name in ("asked", "met", "open", "unknown", "not_asked")), _interval(row))
        for row in summarise_coverage(finding).to_dict("records")
    ]  # fmt: skip
    return Summary(finding.title.say(lang), headings, lines, _say_open(finding, lang))


def _interval(row: Mapping[Any, Any]) -> str:
    low, high = ("–" if rate != rate else f"{rate:.1%}" for rate in (row["rate_low"], row["rate_high"]))  # noqa: PLR0124 - NaN
    return low if low == high else f"{low} – {high}"


def _say_open(finding: Finding, lang: Lang) -> list[str]:
    """The first co-operatives and villages that lack what a rule asks for: what it is called there, a name and the reason."""
    rows, words, colon = finding.rows, finding.provenance["open_words"], Text("：", ": ").say(lang)
    first = rows[(rows["outcome"] == "open") & (rows["asked"] == "yes") & rows["subject_kind"].isin(["Cooperative", "Village"])].head(_SHOWN_UNITS)
    return [f"{Text(*words[row['rule']]).say(lang)} · {row['name']}{colon}{row[f'reason_{lang}']}" for _, row in first.iterrows()]


def _summarise_bridges(finding: Finding, lang: Lang) -> Summary:
    first = finding.rows.sort_values(["rank", "subject_id"]).head(_SHOWN_UNITS)
    headings = _words(
        lang, ("名次", "rank"), ("编号", "id"), ("村", "villages"), ("合作组织", "co-operatives"), ("党组织", "branches"), ("任职", "offices"),
        ("居间人对", "pairs between"), ("失联户", "households cut off"),
    )  # fmt: skip
    columns = (
        "rank", "subject_id", "villages_spanned", "cooperatives_spanned", "branches_spanned", "offices", "betweenness", "stranded_households",
    )  # fmt: skip
    colon = Text("：", ": ").say(lang)
    reasons = [f"{row['subject_id']}{colon}{row[f'reason_{lang}']}" for _, row in first.head(1).iterrows()]
    return Summary(finding.title.say(lang), headings, list(first[list(columns)].astype(object).itertuples(index=False)), reasons)


def _summarise_reach(finding: Finding, lang: Lang) -> Summary:
    """A line a kind of pairing. Households are counted once in a line; lines are never added up."""
    kinds, households, members = _value_words(finding, "pairing_kind", lang), finding.select("Household"), finding.select("Member")
    headings = _words(
        lang, ("结对方式", "kind of pairing"), ("到户", "households"), ("一人帮", "by one"), ("几人帮", "by several"), ("无人帮", "by none"),
        ("承诺", "promised"), ("帮扶人", "helpers"), ("久未走访的结对", "stale pairings"),
    )  # fmt: skip
    lines = []
    for kind in dict.fromkeys([*kinds, *households["pairing_kind"]]):
        helped, helping = households[households["pairing_kind"] == kind], members[members["pairing_kind"] == kind]
        if len(helped) or len(helping):
            lines.append((kinds.get(kind, kind), *_count_reach(helped, helping, kind)))
    note = Text("“每年十人”承诺的是人，不是户；各种方式从不相加。", "Ten a year promises people, not households; kinds are never added up.")
    return Summary(finding.title.say(lang), headings, lines, [note.say(lang)])


def _count_reach(helped: pd.DataFrame, helping: pd.DataFrame, kind: str) -> tuple[int | None, ...]:
    by = helped["helpers"].fillna(0)
    promised = helping["promised"].dropna()
    return (
        int((by > 0).sum()), int((by == 1).sum()), int((by > 1).sum()), int((by == 0).sum()) if kind == "any" else None,
        int(promised.sum()) if len(promised) else None, int((helping["paired_households"].fillna(0) > 0).sum()),
        int(helping["stale_households"].fillna(0).sum()),
    )  # fmt: skip


def _summarise_figures(finding: Finding, lang: Lang) -> Summary:
    """The claims that cannot be first, then what is in doubt, then the others; why the first ones are so."""
    verdicts, order = _value_words(finding, "verdict", lang), ("impossible", "doubtful", "holds", "unchecked")
    rows = finding.rows.sort_values("verdict", key=lambda column: column.map(order.index), kind="stable")
    shown = rows.head(_SHOWN_CLAIMS).to_dict("records")
    headings = _words(lang, ("说法", "claim"), ("出处", "source"), ("数字", "figures"), ("结论", "verdict"), ("算得", "comes to"))
    can_be = Text("可以成立", "can be").say(lang)
    lines = [
        (row[f"claim_{lang}"] if isinstance(row[f"claim_{lang}"], str) else row["subject_id"], _or_none(row["source"]), _say_claim(row),
         can_be if row["verdict"] == "holds" and not row["certain"] else verdicts[row["verdict"]], _or_none(row["computed"]))
        for row in shown
    ]  # fmt: skip
    colon = Text("：", ": ").say(lang)
    reasons = [f"{row['subject_id']}{colon}{row[f'reason_{lang}']}" for row in shown if row["verdict"] in order[:2]]
    rest = len(rows) - len(shown)
    more = [Text(f"另有 {rest:,} 条：用 --out 写出全部", f"{rest:,} more: --out writes all of them").say(lang)] if rest else []
    return Summary(finding.title.say(lang), headings, lines, [finding.caveats[0].say(lang), *reasons, *more])


def _say_claim(row: Mapping[Any, Any]) -> str:
    """The figures of a claim as its relation puts them together; a question mark for what is not printed."""
    part, whole, result = (row[name] if isinstance(row[name], str) else "?" for name in ("part", "whole", "result"))
    if row["relation"] == "sum":
        return f"{part} = {whole}"
    return f"{part} {'×' if row['relation'] == 'product' else '/'} {whole} = {result}"


def _or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None

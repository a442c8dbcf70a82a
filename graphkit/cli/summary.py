"""What the commands print: aligned tables of a few lines that a person can read, in either language."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphkit.model.kinds import MEMBER
from graphkit.words import Lang, Text, join, say_number

if TYPE_CHECKING:
    import pandas as pd

    from graphkit.data.problems import Problem
    from graphkit.data.tables import Tables
    from graphkit.queries import Query
    from graphkit.questions.finding import Finding

_WIDTH = 110
_INEXACT = {
    "month": Text("只知道年月", "known to the month"), "year": Text("只知道年份", "known to the year"), "about": Text("约数", "about"),
    "more_than": Text("多于", "more than"), "between": Text("介于两数之间", "between two numbers"),
}  # fmt: skip


def say_counts(tables: Tables, lang: Lang) -> str:
    """Rows read, loaded, merged and set aside, a line a kind."""
    headings = _words(lang, ("类别", "kind"), ("读到", "read"), ("装入", "loaded"), ("合并", "merged"), ("搁置", "set aside"))
    rows = [
        (tables.model.table_type(row["table"]).heading.say(lang), row["read"], row["loaded"], row["merged"], row["quarantined"])
        for row in tables.counts.to_pylist()
        if row["read"]
    ]
    return draw_table(headings, rows)


def say_joined(tables: Tables, lang: Lang) -> str:
    """How many rows were joined to another of the same person, and by what; nothing where none were."""
    rows = Counter(row["reason"] for row in tables.merged.select(["table", "reason"]).to_pylist() if row["table"] == MEMBER.table)
    ways = {"number": Text("身份证号相同", "one identity number"), "decision": Text("人的判断", "a decision")}
    said = [Text(f"{word.zh} {rows[way]:,} 行", f"{rows[way]:,} by {word.en}") for way, word in ways.items() if rows[way]]
    if not said:
        return ""
    whole = join(said, Text("，", ", "))
    return Text(f"并入同一人的其他登记：{whole.zh}。\n", f"Rows joined to another of the same person: {whole.en}.\n").say(lang)


def say_repaired(tables: Tables, lang: Lang) -> str:
    """How many cells were read as something else than they said, by what was done; nothing where none were."""
    from loaders.normalise import REPAIRS

    done = Counter(word for rule in tables.repaired["rule"].to_pylist() for word in str(rule).split())
    words = {**REPAIRS, **_INEXACT, "id.zeros": Text("编号开头的零补回", "zeros were put back before an id"),
             "date.finer": Text("另一行写明了更确切的日期，取那一个", "another row of the person knows the date better, and that is taken")}  # fmt: skip
    if not done:
        return ""
    whole = join([Text(f"{words[word].zh} {n:,}", f"{words[word].en}: {n:,}") for word, n in done.most_common()], Text("；", "; "))
    head = Text(f"整理过的格 {tables.repaired.num_rows:,}", f"Cells repaired: {tables.repaired.num_rows:,}")
    return Text(f"{head.zh}（{whole.zh}）；原来的文字留在旁边。\n", f"{head.en} ({whole.en}); what stood there is kept beside them.\n").say(lang)


def is_all_aside(tables: Tables, table: str) -> bool:
    """Whether rows of a table were read and not one of them could be loaded."""
    return any(row["table"] == table and row["quarantined"] and not row["loaded"] for row in tables.counts.to_pylist())


def say_problems(problems: Sequence[Problem], lang: Lang, *, show: int) -> str:
    """How many problems of each rule, and the first `show` of them."""
    if not problems:
        return Text("没有发现问题。", "No problem found.").say(lang)
    rules = Counter((p.rule, p.effect) for p in problems)
    effects = {"quarantine": Text("搁置", "set aside"), "report": Text("仅报告", "reported only")}
    headings = _words(lang, ("规则", "rule"), ("问题", "problems"), ("处理", "effect"))
    table = draw_table(headings, [(rule, count, effects[effect].say(lang)) for (rule, effect), count in rules.most_common()])
    causes_first = sorted(problems, key=lambda problem: problem.rule == "tie.ends")
    lines = [f"  {problem.describe(lang)}" for problem in causes_first[:show]]
    rest = len(problems) - len(lines)
    more = [Text(f"  …… 另有 {rest:,} 条", f"  … and {rest:,} more").say(lang)] if rest and lines else []
    return "\n".join([table, *lines, *more])


def say_waiting(tables: Tables, lang: Lang) -> str:
    """That rows were set aside only because others were, with what they wait for; nothing where there are none."""
    from graphkit.data.waiting import find_waiting

    waiting = find_waiting(tables)
    ties, causes, lost, nowhere = (_say_tables(counts, tables, lang) for counts in (waiting.ties, waiting.causes, waiting.lost, waiting.nowhere))
    rows, things = sum(waiting.lost.values()), sum(waiting.nowhere.values())
    waits = Text(
        f"  其中 {sum(waiting.ties.values()):,} 行（{ties}）搁置，只因所指的 {sum(waiting.causes.values()):,} 行（{causes}）搁置了：先改那些。\n",
        f"  {sum(waiting.ties.values()):,} of the rows ({ties}) are set aside only because {sum(waiting.causes.values()):,} that they name ({causes}) "
        "are: correct those first.\n",
    )
    gone = Text(
        f"  另有 {rows:,} 行（{lost}）搁置，因为所指的 {things:,} 个（{nowhere}）哪张表里都没有：补上或改正这 {things:,} 个即可。\n",
        f"  {rows:,} rows ({lost}) are set aside because {things:,} that they name ({nowhere}) are in no table: add or correct these {things:,}.\n",
    )
    return (waits.say(lang) if waiting.ties else "") + (gone.say(lang) if rows > things else "")


def _say_tables(counts: Mapping[str, int], tables: Tables, lang: Lang) -> str:
    colon = Text(" ", ": ").say(lang)
    return Text("、", ", ").say(lang).join(f"{tables.model.table_type(table).heading.say(lang)}{colon}{count:,}" for table, count in counts.items())


def say_since(before: Tables | None, tables: Tables, lang: Lang) -> str:
    """What became of the rows that the last load set aside; nothing where it set none aside, or there was none."""
    from graphkit.data.waiting import compare_aside

    if before is None or not before.quarantine.num_rows:
        return ""
    since = compare_aside(before, tables)
    return Text(
        f"  与上次装入相比：{since.back:,} 行不再搁置，{since.still:,} 行仍搁置，新搁置 {since.new:,} 行。\n",
        f"  Since the last load: {since.back:,} rows are set aside no more, {since.still:,} still are, {since.new:,} newly.\n",
    ).say(lang)


def say_finding(finding: Finding, lang: Lang) -> str:
    """The summary of one answer, as text: its title and day, then a few lines."""
    from graphkit.questions.asked import need_question
    from graphkit.questions.spoken import put_summary

    summary = put_summary(need_question(finding).sum_up(finding), finding)
    day = f"{Text('截至', 'as of').say(lang)} {finding.as_of}" if finding.as_of else ""
    notes = "".join(f"\n    {note.say(lang)}" for note in summary.notes)
    headings = [heading.say(lang) for heading in summary.headings]
    table = draw_table(headings, [[say_in(value, lang) for value in row] for row in summary.rows])
    return f"{summary.title.say(lang)}  {day}".rstrip() + f"\n{table}\n{notes}" + ("\n" if notes else "")


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
    count = Text(f"{len(rows):,} 行", say_count(len(rows))).say(lang)
    return "\n".join([say_scope(rows, lang), *say_account(rows, lang), shown, count])


def say_account(rows: pd.DataFrame, lang: Lang) -> list[str]:
    """What the rows do not hold: what was not read of the district, and that nobody says what is complete."""
    from graphkit.data.telling import tell_account

    return [said.say(lang) for said in tell_account(rows.attrs.get("account", {}))]


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
    parts += [f"{name}{colon}{value}" for name, value in parameters.items() if value is not None]
    return " · ".join(parts)


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


def say_in(value: object, lang: Lang) -> object:
    """A cell of a summary: words in one language, any other value as it is."""
    return value.say(lang) if isinstance(value, Text) else value


def show_cell(value: object) -> str:
    """One value as a reader sees it: thousands apart, three digits of a fraction, a dash for what is missing."""
    import pandas as pd

    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "–" if value is None or value is pd.NA or value is pd.NaT else str(value)
    return say_number(value)


def _words(lang: Lang, *pairs: tuple[str, str]) -> list[str]:
    return [Text(*pair).say(lang) for pair in pairs]

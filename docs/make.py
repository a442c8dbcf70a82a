"""Writes the pages of the documentation that follow from the code: ``python docs/make.py``; a test keeps them up to date.

The model page comes from the schema, the command page from the commands, the page of answers from the
findings themselves, the Python page and the reference from the public names, the drawing and the numbers of the README from the schema and a run
on the example, whose files are written anew first where the model has changed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import inspect
import json
import pydoc
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import graphkit
import loaders
from graphkit.cli.summary import say_in, show_cell
from graphkit.data.claim import CLAIM
from graphkit.model.kinds import MODEL
from graphkit.model.types import NodeType, Property, TieType
from graphkit.questions.asked import list_questions, need_question
from graphkit.questions.figures.reading import BOUNDS
from graphkit.questions.finding import Finding
from graphkit.questions.people.question import QUESTIONS as PEOPLE
from graphkit.questions.question import Question, Summary
from graphkit.rules import Rule, RulePack, list_rule_packs, read_rule_pack
from graphkit.rules.describe import describe_asked, describe_conditions, describe_numbers
from graphkit.rules.facts import FACTS
from graphkit.words import Lang, Text

ROOT = Path(__file__).parents[1]
NOTICE = Text("由 `python docs/make.py` 写成，请勿手改。", "Written by `python docs/make.py`; do not edit.")
README_CLAIMS = 6
SUBJECTS = {
    "questions": (
        "Questions and their answers",
        ("questions",),
        (
            "graphkit.questions.question.Question",
            "graphkit.questions.question.Option",
            "graphkit.questions.question.Summary",
            "graphkit.questions.finding.Column",
        ),
    ),
    "network": ("Networks and measures", ("network",), ()),
    "data": ("Tables: check, make up, write", ("data", "generate", "resources"), ()),
    "model": ("The model: kinds, ties, properties", ("model",), ()),
    "loaders": ("Loaders", ("loaders",), ()),
    "rules": ("Rules", ("rules",), ()),
    "stores": ("Stores and queries", ("store", "queries"), ("graphkit.queries.Query", "graphkit.queries.hide_names")),
    "pages": ("Maps and reports", ("show",), ()),
    "words": ("Words and errors", ("words", "errors"), ()),
}
"""The pages of the reference: title, the rooms whose public names stand there, and what else a user meets."""
TYPES = {
    "string": Text("文本", "text"),
    "integer": Text("整数", "whole number"),
    "date": Text("日期", "date"),
    "boolean": Text("是/否", "yes or no"),
}


def draw_model(lang: Lang) -> str:
    """The kinds of nodes and ties as a Mermaid drawing."""
    boxes = [f'    {kind.label}["{_label(kind, lang)}"]' for kind in MODEL.nodes]
    arrows = [f'    {tie.source} -- "{tie.name}" --> {tie.target}' for tie in MODEL.ties]
    return "\n".join(["```mermaid", "flowchart LR", *boxes, *arrows, "```"])


def write_model_page(lang: Lang) -> str:
    """Every node, tie, property and constraint of the schema."""
    title = Text("# 模型：有哪些类别、关系和规则", "# The model: kinds, ties and rules").say(lang)
    intro = Text(
        "每一类是一张表：一个文件，或工作簿里的一张表。表头用下面的中文、英文或列名都可以。空格表示不知道，各列写明空格的含义。",
        "Each kind is one table: a file, or a sheet of a workbook. A heading may be the Chinese one, the English one or the name of the column. "
        "An empty cell means what the last column says.",
    ).say(lang)
    nodes = Text("## 节点", "## Nodes").say(lang)
    ties = Text("## 关系", "## Ties").say(lang)
    rules = Text("## 行与行之间的规则", "## Rules between rows").say(lang)
    parts = [title, NOTICE.say(lang), intro, draw_model(lang), nodes, *(_describe_kind(k, lang) for k in MODEL.nodes)]
    return _page([*parts, ties, *(_describe_kind(k, lang) for k in MODEL.ties), rules, _describe_constraints(lang)])


def write_command_page(lang: Lang) -> str:
    """Every command with its arguments and options."""
    import typer

    from graphkit.cli.options import app
    from graphkit.cli.words import translate

    command: Any = typer.main.get_command(app)
    translate(command, lang)
    title = Text("# 命令行", "# The command line").say(lang)
    codes = Text(
        "退出码：0 完成，2 用法有误，3 数据有误，4 数据库有误或文件写不进去。语言随系统，也可用 `--lang zh|en` 指定；环境变量 `GRAPHKIT_LANG` 相同。",
        "Exit codes: 0 done, 2 wrong usage, 3 wrong data, 4 a store that refuses or a file that cannot be written. The language follows the system; `--lang zh|en` or GRAPHKIT_LANG choose it.",
    ).say(lang)
    return _page([title, NOTICE.say(lang), command.help, codes, *(_describe_command(child, lang) for child in command.commands.values())])


def write_answer_page(lang: Lang, findings: Sequence[Finding]) -> str:
    """Every column of the answers about a district."""
    title = Text("# 回答：每一列是什么", "# The answers: what each column is").say(lang)
    intro = Text(
        "每个回答是一个 `Finding`：问题、参数、所用规则、截止日期、说明和一张表。表的每一行说一个对象，前两列是类别和编号。",
        "Each answer is a `Finding`: question, parameters, rules applied, day, caveats and a table. A row speaks of one subject; "
        "the first two columns are its kind and id.",
    ).say(lang)
    return _page([title, NOTICE.say(lang), intro, *(_describe_finding(finding, lang) for finding in findings)])


def write_rule_page(lang: Lang) -> str:
    """Every rule of every pack that comes with graphkit."""
    title = Text("# 规则", "# The rules").say(lang)
    intro = Text(
        "规则是数据：每套规则一个 TOML 文件，写明对谁有要求、怎样算落实、数值、隶属、施行日期和来源；每条规则有自己的落实率。没有核对过官方原文的条款标为“未核对”，不要当作定论引用。"
        "自己的规则写成同样的文件，用 `graphkit gaps 数据库 --rules 我的规则.toml`。",
        "Rules are data: a TOML file per pack says of whom each rule asks something, when it is met, its numbers, superior, days in force and source. Each rule has a rate of its own. An article that was not seen in an "
        "official text is marked as not verified: do not quote it as certain. Your own rules go into a file of the same form: "
        "`graphkit gaps STORE --rules my-rules.toml`.",
    ).say(lang)
    keys = Text("## 一个规则包里可以写什么", "## What a pack may hold").say(lang)
    facts = Text("## 条件可以问什么", "## What a condition may ask of").say(lang)
    packs = (_describe_pack(read_rule_pack(name), lang) for name in list_rule_packs())
    return _page([title, NOTICE.say(lang), intro, *packs, keys, _describe_keys(lang), facts, _describe_facts(lang)])


def write_python_page() -> str:
    """Every public name by subject, with the first line of its documentation."""
    more = (
        "`help(graphkit.find_coverage_gaps)` gives the whole text: definition, parameters with units, columns, errors, an example. "
        "The site that `make docs` builds has it on the pages of the reference."
    )
    parts = []
    for page, (title, _, _) in SUBJECTS.items():
        names = [(f"`{path}`", _first_line(value)) for path, value in _names_of(page)]
        parts += [f"## {title}", f"[Signatures and methods](reference/{page}.md)", _table(("name", "what it does"), names)]
    return _page(["# Python: the public names", NOTICE.en, more, *parts])


def write_reference_page(page: str) -> str:
    """The names of one subject; where the site has their whole documentation, a code host has the first line."""
    entries = [f"### `{path}`\n\n<!-- {_directive(value)}: {path} -->\n{_first_line(value)}\n<!-- / -->" for path, value in _names_of(page)]
    more = "[All names](../python.md). On the site that `make docs` builds, each has its signature, parameters, errors and example; `help(…)` says the same."
    return _page([f"# {SUBJECTS[page][0]}", NOTICE.en, more, *entries])


def _names_of(page: str) -> list[tuple[str, Any]]:
    _, rooms, more = SUBJECTS[page]
    names = [(f"{package.__name__}.{name}", getattr(package, name)) for package in (graphkit, loaders) for name in package.__all__]
    found = [(path, value) for path, value in names if _room(value) in rooms]
    return found + [(path, pydoc.locate(path)) for path in more]


def _room(value: Any) -> str:
    package, room, *_ = f"{value.__module__}.".split(".")
    return room if package == "graphkit" else package


def _directive(value: object) -> str:
    if inspect.isclass(value):
        return "autoexception" if issubclass(value, Exception) else "autoclass"
    return "autofunction" if inspect.isroutine(value) else "autodata"


def say_answers(lang: Lang, findings: Sequence[Finding]) -> str:
    """The three answers on the example, with the numbers that the demonstration prints."""
    return "\n\n".join(_show_summary(need_question(finding).sum_up(finding), lang) for finding in findings)


def say_impossible(lang: Lang, finding: Finding) -> str:
    """The first lines of the answer about the article's figures: what cannot be and what is in doubt, then some that hold."""
    summary = need_question(finding).sum_up(finding)
    return _show_summary(dataclasses.replace(summary, rows=summary.rows[:README_CLAIMS], notes=summary.notes[:3]), lang)


def fill_figures_page(page: str, lang: Lang, finding: Finding) -> str:
    """The page on published figures: its example, its tables of columns and of words."""
    headings = Text("写法|含义", "written|read as").say(lang).split("|")
    words = [(Text("、", ", ").say(lang).join(bound.words), bound.meaning.say(lang)) for bound in BOUNDS]
    parts = {
        "figures": _show_summary(need_question(finding).sum_up(finding), lang),
        "words": _table(headings, words),
        "columns": _describe_columns(CLAIM, lang),
        "answer": _describe_answer(finding, lang),
    }
    for name, text in parts.items():
        page = _fill(page, name, text)
    return page


def say_corpus(lang: Lang) -> str:
    """The corpus of messy files as a table: file, mess, and what must come out, as the tests hold it."""
    corpus = importlib.import_module("tests.messy_corpus")
    cases: list[tuple[str, Any, Any]] = [(name, files, (table, columns, rows)) for name, (files, table, columns, rows) in corpus.READ.items()]
    cases += [(name, files, (table, columns, rows)) for name, (files, _, table, columns, rows) in corpus.MAPPED.items()]
    cases += [(name, files, None) for name, (files, _) in corpus.REFUSED.items()]
    lines = [
        (" ".join(f"`{file.removeprefix('../')}`" for file in files), corpus.MESSES[name] if lang == "zh" else name, _say_outcome(outcome, lang))
        for name, files, outcome in cases
    ]
    headings = Text("文件|毛病|结果", "file|mess|what comes out").say(lang).split("|")
    return Text(f"共 {len(lines)} 种。", f"{len(lines)} kinds.").say(lang) + "\n\n" + _table(headings, lines)


def _say_outcome(outcome: tuple[str, Sequence[str], Sequence[Sequence[object]]] | None, lang: Lang) -> str:
    """The rows that come out, the first two of them with their cells; or that the file is refused."""
    if outcome is None:
        return Text("拒绝，并说明怎么办", "refused, with what to do").say(lang)
    table, columns, rows = outcome
    heading, unknown = MODEL.table_type(table).heading, Text("未知", "unknown").say(lang)
    shown = "; ".join(", ".join(unknown if cell is None else json.dumps(cell, ensure_ascii=False) for cell in row) for row in rows[:2])
    return f"{heading.say(lang)} ({', '.join(columns)}): {shown}{'; …' if len(rows) > 2 else ''}"


def _show_summary(summary: Summary, lang: Lang) -> str:
    headings = [heading.say(lang) for heading in summary.headings]
    table = _table(headings, [[show_cell(say_in(value, lang)) for value in row] for row in summary.rows])
    notes = "\n".join(f"- {note.say(lang)}" for note in summary.notes)
    return f"**{summary.title.say(lang)}**\n\n{table}\n\n{notes}".rstrip()


def write_example() -> list[Path]:
    """Write the example's files anew where they differ from what the generator makes of the model, and return those that changed."""
    example, changed = ROOT / "examples" / "acheng", []
    with tempfile.TemporaryDirectory() as place:
        made = {path.name: path.read_bytes() for path in graphkit.write_folder(graphkit.generate_acheng(), place).iterdir()}
    for path in [*example.glob("*.csv"), *(example / name for name in made)]:
        if path.name not in made:
            path.unlink()
        elif not path.is_file() or path.read_bytes() != made[path.name]:
            path.write_bytes(made[path.name])
            changed.append(path)
    return changed


def make_pages() -> dict[str, str]:
    """Every generated page by its path from the root of the checkout."""
    findings, people, figures, plan = _example_findings(_ON_PAGES), _example_findings(PEOPLE), _example_figures(), _example_plan()
    pages = {"docs/python.md": write_python_page()} | {f"docs/reference/{page}.md": write_reference_page(page) for page in SUBJECTS}
    languages: tuple[tuple[Lang, str], ...] = (("en", ""), ("zh", ".zh"))
    for lang, suffix in languages:
        pages[f"docs/model{suffix}.md"] = write_model_page(lang)
        pages[f"docs/cli{suffix}.md"] = write_command_page(lang)
        pages[f"docs/rules{suffix}.md"] = write_rule_page(lang)
        pages[f"docs/answers{suffix}.md"] = write_answer_page(lang, [*findings, *people])
        readme = (ROOT / f"README{suffix}.md").read_text(encoding="utf-8")
        readme = _fill(_fill(readme, "model", draw_model(lang)), "answers", say_answers(lang, findings))
        pages[f"README{suffix}.md"] = _fill(readme, "figures", say_impossible(lang, figures))
        page = (ROOT / f"docs/spreadsheets{suffix}.md").read_text(encoding="utf-8")
        pages[f"docs/spreadsheets{suffix}.md"] = _fill(page, "corpus", say_corpus(lang))
        page = (ROOT / f"docs/figures{suffix}.md").read_text(encoding="utf-8")
        pages[f"docs/figures{suffix}.md"] = fill_figures_page(page, lang, figures)
        page = (ROOT / f"docs/plans{suffix}.md").read_text(encoding="utf-8")
        page = _fill(page, "plan", _show_summary(need_question(plan).sum_up(plan), lang))
        pages[f"docs/plans{suffix}.md"] = _fill(page, "columns", _describe_answer(plan, lang))
    return pages


EXAMPLE_DAY = dt.date(2012, 4, 30)


_ON_PAGES = [question for question in list_questions() if question.on_pages]


def _example_findings(questions: Iterable[Question]) -> list[Finding]:
    tables = loaders.load_folder(graphkit.find_data("examples/acheng"))
    return [question.ask(tables, as_of=EXAMPLE_DAY) for question in questions]


def _example_plan() -> Finding:
    return graphkit.select_covering_set(loaders.load_folder(graphkit.find_data("examples/acheng")), as_of=EXAMPLE_DAY)


def _example_figures() -> Finding:
    return graphkit.check_figures(loaders.load_claims(graphkit.find_data("examples/acheng_claims.csv")))


def _label(kind: NodeType, lang: Lang) -> str:
    return kind.label if lang == "en" else f"{kind.heading.zh} {kind.label}"


def _describe_kind(kind: NodeType | TieType, lang: Lang) -> str:
    sentence = kind.meaning if isinstance(kind, NodeType) else kind.sentence
    return f"### {kind.heading.say(lang)} · `{kind.table}`\n\n{_sentence(sentence.say(lang), lang)}\n\n{_describe_columns(kind, lang)}"


def _describe_columns(kind: NodeType | TieType, lang: Lang) -> str:
    headings = Text("列|中文|English|类型|含义|空格表示", "column|heading|中文|type|meaning|an empty cell means").say(lang).split("|")
    return _table(headings, [_describe_property(kind, column, lang) for column in kind.columns])


def _describe_property(kind: NodeType | TieType, column: Property, lang: Lang) -> tuple[str, ...]:
    other: Lang = "en" if lang == "zh" else "zh"
    first, second = (column.heading.zh, column.heading.en) if lang == "zh" else (column.heading.say(lang), column.heading.say(other))
    choices = Text("、", ", ").say(lang).join(f"`{choice.value}` {choice.heading.say(lang)}" for choice in column.choices)
    meaning = "; ".join(part for part in (column.meaning.say(lang), choices) if part).replace("; `", Text("：`", ": `").say(lang), 1)
    key = " 🔑" if column.name in kind.identity else ""
    unit = f" ({column.unit.say(lang)})" if column.unit else ""
    empty = Text("必填", "must be filled in").say(lang) if column.required else column.missing_means.say(lang)
    return f"`{column.name}`{key}", first, second, TYPES[column.type].say(lang) + unit, meaning, empty


def _describe_constraints(lang: Lang) -> str:
    effects = {"quarantine": Text("搁置该行", "row set aside"), "report": Text("仅报告", "reported only")}
    headings = Text("规则|内容|办法|处理", "rule|what it says|what to do|effect").say(lang).split("|")
    rows = [(f"`{rule.id}`", rule.text.say(lang), rule.remedy.say(lang), effects[rule.effect].say(lang)) for rule in MODEL.constraints]
    return _table(headings, rows)


def _describe_command(command: Any, lang: Lang) -> str:
    headings = Text("参数或选项|含义", "argument or option|meaning").say(lang).split("|")
    rows = [(f"`{_usage(parameter)}`", parameter.help or "") for parameter in command.params]
    words = " ".join(parameter.metavar for parameter in command.params if parameter.param_type_name == "argument")
    return f"## `{f'graphkit {command.name} {words}'.rstrip()}`\n\n{command.help}\n\n{_table(headings, rows)}"


def _usage(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar)
    return str(parameter.opts[0]) + (f" {parameter.metavar}" if parameter.metavar else "")


def _describe_finding(finding: Finding, lang: Lang) -> str:
    return f"## {finding.title.say(lang)}\n\n`graphkit.{finding.question}`\n\n{_describe_answer(finding, lang)}"


def _describe_answer(finding: Finding, lang: Lang) -> str:
    headings = Text("列|表头|含义|空格表示", "column|heading|meaning|an empty cell means").say(lang).split("|")
    return _table(headings, [(f"`{c.name}`", c.heading.say(lang), _meaning(c, lang), c.missing_means.say(lang)) for c in finding.columns])


def _meaning(column: Any, lang: Lang) -> str:
    unit = f" ({column.unit.say(lang)})" if column.unit else ""
    words = Text("、", ", ").say(lang).join(f"`{value}` {text.say(lang)}" for value, text in column.values.items())
    meaning: str = column.meaning.say(lang)
    return meaning + unit + (Text("：", ": ").say(lang) + words if words else "")


def _describe_pack(pack: RulePack, lang: Lang) -> str:
    headings = Text(
        "规则|出处|内容|对谁有要求|怎样算落实|数值|提示|隶属|施行|核对", "rule|article|text|asked of|met by|numbers|flags|superior|in force|verified"
    )
    titles = {rule.name: rule.title for rule in pack.rules}
    rows = [_describe_rule(rule, titles, lang) for rule in pack.rules]
    parts = [f"## `{pack.id}` · {pack.title.say(lang)}", pack.source.say(lang), _table(headings.say(lang).split("|"), rows)]
    if pack.not_applied:
        left = [(one.article.say(lang), one.text.say(lang), one.why.say(lang)) for one in pack.not_applied]
        parts += [
            Text("没有规则判断的条文：", "Texts that no rule applies:").say(lang),
            _table(Text("出处|内容|原因", "article|text|why").say(lang).split("|"), left),
        ]
    return "\n\n".join(parts)


def _describe_rule(rule: Rule, titles: Mapping[str, Text], lang: Lang) -> tuple[str, ...]:
    verified = Text("已核对", "yes").say(lang) if rule.verified and rule.article_certain else Text("未核对", "no").say(lang)
    of = f"{MODEL.node_type(rule.applies_to).heading.say(lang)}: {describe_asked(rule, titles).say(lang)}"
    met = describe_conditions(rule.met, rule.applies_to).say(lang)
    comma = Text("、", ", ").say(lang)
    flags, superiors = comma.join(flag.heading.say(lang) for flag in rule.flags), comma.join(one.name.say(lang) for one in rule.superior)
    since, until = rule.in_force_from or "", f" – {rule.in_force_until}" if rule.in_force_until else ""
    text = f"**{rule.title.say(lang)}** {rule.text.say(lang)}"
    return f"`{rule.name}`", rule.article.say(lang), text, of, met, describe_numbers(rule).say(lang), flags, superiors, f"{since}{until}", verified


def _describe_facts(lang: Lang) -> str:
    """What a condition may ask of, kind by kind."""
    headings = Text("事实|含义|取值", "fact|what it is|values").say(lang).split("|")
    parts = []
    for kind, facts in FACTS.items():
        rows = [
            (
                f"`{f.name}`",
                f.heading.say(lang),
                ", ".join(f"`{v}`" for v in f.values) or {"count": "0, 1, 2 …", "yes_no": "true, false"}.get(f.type, "…"),
            )
            for f in facts
        ]
        parts += [f"### {MODEL.node_type(kind).heading.say(lang)} · `{kind}`", _table(headings, rows)]
    return "\n\n".join(parts)


_KEYS = {
    "id": Text("规则包的名称", "name of the pack"), "title": Text("标题；文字一种语言即可，`\"…\"` 或 `{ zh, en }`", "heading; one language will do: `\"…\"` or `{ zh, en }`"),
    "source": Text("出处", "where it comes from"),
    "include": Text("引用别的规则：`\"acheng-2010.s51\"`、整包 `\"rural-2018\"` 或旁边的文件 `\"base.toml\"`；不写就没有", "rules of other packs: one, a whole pack, or a file beside it; none unless named"),
    "[members]": Text("`full`、`probationary`：哪些发展阶段算正式、预备党员", "`full`, `probationary`: which stages count"),
    "[bodies]": Text("哪些类别可作单独（`own`）、临时、联合的党组织，哪些算上级、可管理党员", "which kinds of bodies may be a unit's `own`, `temporary`, `joint` …, are a `superior`, are `managing`"),
    "[offices]": Text("`secretary`、`committee`：哪些职务", "`secretary`, `committee`: which offices"),
    "[[not_applied]]": Text("`article`、`text`、`why`：没有规则判断的条文", "`article`, `text`, `why`: texts that no rule applies"),
    "rules.applies_to": Text("对象的类别", "kind of node it speaks of"),
    "rules.asked, rules.met": Text("对谁有要求、怎样算落实：`{ full_members = \">= threshold\", scope = [\"village\"] }`，全部成立才算；几个表之中一个成立即可", "of whom it asks, and when it is met: all of a table must hold, one of several tables"),
    "rules.builds_on": Text("先须落实的另一条规则：只对落实了那一条的有要求，两条成为逐级的一条链", "another rule that must be met first: it asks only of whoever meets that one, and the two are shown as a cascade"),
    "rules.numbers": Text("数值：`{ threshold = 3 }`，或按条件和日期 `[{ value = 4, scope = [\"township\"], until = 2015-01-01 }, { value = 3 }]`，前面的先算", "numbers, or cases by facts and days (`from`, `until`), the first that fits counts"),
    "rules.flags": Text("`id`、`when`、文字：与结果并列的提示", "`id`, `when`, words: what is to be seen beside the outcome"),
    "rules.reason, rules.remedy": Text("`outcome`、`when`、文字；`{full_members}`、`{groups:group:groups}`、`{threshold-full_members}` 填入数目", "`outcome`, `when`, words with counts put in"),
    "rules.superior": Text("`name`、`path`（从党组织到对象的关系）、`kinds`、`management`、`where`", "`name`, `path` (ties from the body back to the subject), `kinds`, `management`, `where`"),
    "rules.open_word": Text("未落实时叫什么", "what an open rule is called"),
    "rules.in_force_from, rules.in_force_until": Text("施行的第一天；不再施行的第一天", "first day in force; first day no longer"),
    "rules.article, article_certain, verified": Text("条号、条号是否核对、原文是否核对", "article, whether its number was seen, whether the text was"),
}  # fmt: skip


def _describe_keys(lang: Lang) -> str:
    return _table(Text("设置|含义", "setting|meaning").say(lang).split("|"), [(f"`{key}`", text.say(lang)) for key, text in _KEYS.items()])


def _first_line(value: object) -> str:
    return (inspect.getdoc(value) or "").partition("\n\n")[0].replace("\n", " ")


def _sentence(text: str, lang: Lang) -> str:
    return text + Text("。", ".").say(lang) if lang == "zh" else text[:1].upper() + text[1:] + "."


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["--"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines)


def _fill(page: str, name: str, text: str) -> str:
    """Put `text` between the two comments that bear this name."""
    before, begin, rest = page.partition(f"<!-- {name} -->")
    _, end, after = rest.partition(f"<!-- /{name} -->")
    return f"{before}{begin}\n{text}\n{end}{after}"


def _page(parts: Sequence[str]) -> str:
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))  # the corpus of messy files stands with the tests
    for file in write_example():  # first, for the numbers on the pages come from it
        sys.stdout.write(f"{file.relative_to(ROOT)}\n")
    for file_name, text in make_pages().items():
        (ROOT / file_name).parent.mkdir(exist_ok=True)
        (ROOT / file_name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{file_name}\n")

"""Write the report: tables and findings in, one HTML file out."""

from __future__ import annotations

import base64
import datetime as dt
import html
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from graphkit.arguments import need_a, need_lang
from graphkit.data.tables import Tables
from graphkit.pages.page import FONTS, both, lang_tag, render_page, write_page
from graphkit.pages.plots import draw_svg
from graphkit.questions.asked import list_questions, question_of
from graphkit.questions.extract import Extract, first_rows
from graphkit.questions.finding import Finding
from graphkit.questions.question import PLOT_INCHES
from graphkit.questions.spoken import put_all, put_extract
from graphkit.questions.together import by_question, common_day
from graphkit.show.report.differences import tell_differences
from graphkit.show.report.looks import SCRIPT, STYLE
from graphkit.show.report.names import name_subjects
from graphkit.words import Text, flow, same, say_number

TITLE = Text("乡村组织网络报告", "Report on a rural organisation network")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
FILES = {
    "map.html": Text("打开地图", "Open the map"),
    "findings.xlsx": Text("全部结果（工作簿）", "All answers (workbook)"),
}


def write_report(
    tables: Tables,
    findings: Mapping[str, Finding] | Iterable[Finding],
    path: str | Path,
    *,
    lang: str = "zh",
    title: Text = TITLE,
    note: Text | None = None,
) -> Path:
    """What was read, and what are the three answers? One HTML page to forward or print, in both languages.

    Each answer stands in words with its key figures, as a plot, and with the rows that matter most:
    every village and body that is due, and the first of other gaps; the first bridge figures; the
    villages with most unreached households; then its caveats and the rules applied. Links lead to ``map.html``, ``findings.xlsx`` and to the answers as
    CSV, Parquet or workbook, if those files lie beside the page when it is written.

    Parameters
    ----------
    tables : Tables
        The district, for what was read and, as it stood on the day of the findings, for names of
        places and bodies; people appear by id and office.
    findings : findings, or mapping of str to Finding
        Answers to the three questions, known by what they answer, whatever their key; others follow.
    path : str or Path
        The file to write; folders are made as needed.
    lang : {"zh", "en"}
        Language the page opens in; the reader can switch.
    title : Text
        Title of the page.
    note : Text, optional
        What a reader must know of the data at first sight, such as that people are made up; under the title.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ParameterError
        If `lang` is neither language, the findings speak of different days, or two answer one question.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_report(Tables({}), {}, Path(folder) / "index.html").name
    'index.html'
    """
    need_lang(lang)
    need_a(Tables, tables, "write_report")
    findings = by_question(findings)
    path = Path(path)
    day = common_day(findings)
    standing = tables if day is None else tables.at(day)
    names = name_subjects(standing)
    order = [question.name for question in list_questions()]
    ordered = sorted(findings, key=lambda name: order.index(name) if name in order else len(order))
    leads = {name: put_all(_tell(findings[name], names), findings[name], names) for name in ordered}
    if "reach" in findings:
        leads["reach"] += put_all(tell_differences(findings["reach"], findings.get("gaps"), standing), findings["reach"], names)
    parts = [
        _header(title, day, note),
        _contents(ordered, findings, leads),
        _links(path.parent, ordered, path.name),
        *(_section(name, findings[name], leads[name], names) for name in ordered),
        _what_was_read(tables),
        "</main>",
    ]
    return write_page(render_page(title=title.say(lang), lang=lang, body="\n".join(parts), styles=[STYLE], scripts=[SCRIPT]), path)


def _header(title: Text, day: dt.date | None, note: Text | None) -> str:
    below = (both(_say_day(day), "p", classes="day") if day else "") + (both(note, "p", classes="note") if note else "")
    switch = "".join(
        f'<button type="button" class="always" data-lang="{tag}" lang="{tag}">{word}</button>' for tag, word in (("zh-CN", "中文"), ("en", "English"))
    )
    return f'<main>\n<header><div><h1>{both(title)}</h1>{below}</div><div class="languages" role="group" aria-label="语言 Language">{switch}</div></header>'


def _say_day(day: dt.date) -> Text:
    return Text(f"截至 {day.year} 年 {day.month} 月 {day.day} 日", f"As of {day.day} {MONTHS[day.month - 1]} {day.year}")


def _contents(ordered: Sequence[str], findings: Mapping[str, Finding], leads: Mapping[str, Sequence[Text]]) -> str:
    """The three answers at the top, one sentence each."""
    items = []
    for name in ordered:
        question = question_of(findings[name].question)
        (heading,) = put_all([question.heading if question else findings[name].title], findings[name])
        items.append(f'<li><a href="#{_anchor(name)}">{both(heading)}</a> {both(leads[name][0])}</li>')
    return f'<ol class="answers">{"".join(items)}</ol>' if items else ""


def _tell(finding: Finding, names: Mapping[str, Text]) -> list[Text]:
    """The answer in sentences."""
    if question := question_of(finding.question):
        return question.tell_all(finding, names)
    return [
        Text("没有得到任何一行。", "The answer has no rows.") if finding.rows.empty else Text(f"共 {len(finding):,} 行。", f"{len(finding):,} rows.")
    ]


def _extract(finding: Finding, names: Mapping[str, Text]) -> list[Extract]:
    """The rows that matter most; no table of an answer without any."""
    if finding.rows.empty:
        return []
    question = question_of(finding.question)
    extracts = question.extract(finding, names) if question else [first_rows(finding, names)]
    return [put_extract(extract, finding, names) for extract in extracts if extract.rows]


def _section(name: str, finding: Finding, lead: Sequence[Text], names: Mapping[str, Text]) -> str:
    words = "".join(f'<p lang="{lang_tag(lang)}" class="lead">{html.escape(flow(lead, lang))}</p>' for lang in ("zh", "en"))
    parts = [
        f'<section id="{_anchor(name)}"><h2>{both(finding.title)}</h2>',
        words,
        _figure(finding, lead, names) if len(finding) and _height(finding) else "",
        *(_table(extract) for extract in _extract(finding, names)),
        _notes(finding),
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def _figure(finding: Finding, lead: Sequence[Text], names: Mapping[str, Text]) -> str:
    images = [
        f'<img lang="{lang_tag(lang)}" alt="{html.escape(flow(lead, lang), quote=True)}" src="data:image/svg+xml;base64,{_draw(finding, names, lang)}">'
        for lang in ("zh", "en")
    ]
    return f"<figure>{''.join(images)}</figure>"


def _draw(finding: Finding, names: Mapping[str, Text], lang: str) -> str:
    """Draw the plot as SVG whose texts stay texts; an image in a page runs no script and asks for nothing."""
    kinds = set(finding.rows["subject_kind"])
    labels = {key: name.say(lang) for kind, _, key, name in ((*full.partition(" "), name) for full, name in names.items()) if kind in kinds}
    drawn = draw_svg(finding, lang=lang, labels=labels, height=_height(finding))
    return base64.b64encode(drawn.replace("'DejaVu Sans'", FONTS).encode()).decode()


def _height(finding: Finding) -> float:
    """Inches of a plot: a few kinds need less than a list of people or villages."""
    question = question_of(finding.question)
    return question.plot_inches if question else PLOT_INCHES


def _table(extract: Extract) -> str:
    classes = [f' class="{look}"' if look else "" for look in extract.looks]
    head = "".join(f'<th scope="col"{c}>{_show(heading)}</th>' for heading, c in zip(extract.headings, classes, strict=True))
    rows = ("".join(f"<td{c}>{_show(cell)}</td>" for cell, c in zip(row, classes, strict=True)) for row in extract.rows)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    stack = ' class="stack"' if "" in extract.looks[1:] else ""  # sentences need the width of a phone to themselves
    return (
        f'<div class="wide"><table{stack}><caption>{both(extract.caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _notes(finding: Finding) -> str:
    """Caveats, and the rules applied."""
    caveats = "".join(f"<li>{both(caveat)}</li>" for caveat in finding.caveats)
    parts = [f"<h3>{both(Text('引用前须知', 'Before you quote these figures'))}</h3><ul>{caveats}</ul>" if caveats else ""]
    if finding.rules:
        rules = ", ".join(f"<code>{html.escape(rule)}</code>" for rule in finding.rules)
        pack = finding.parameters.get("rules")
        named = f"{html.escape(str(pack))}: " if isinstance(pack, str) else ""
        parts.append(f'<p class="rules">{both(Text("所用规则：", "Rules applied: "))}{named}{rules}</p>')
    return "".join(parts)


def _links(folder: Path, ordered: Sequence[str], own: str) -> str:
    files = {**FILES, **{f"{name}.{suffix}": None for name in ordered for suffix in ("csv", "parquet", "xlsx")}}
    there = [(file, word) for file, word in files.items() if file != own and (folder / file).is_file()]
    items = "".join(f'<a href="{html.escape(quote(file), quote=True)}">{both(word) if word else html.escape(file)}</a>' for file, word in there)
    return f'<nav aria-label="文件 Files">{items}</nav>' if items else ""


def _what_was_read(tables: Tables) -> str:
    counts = {row["table"]: row for row in tables.counts.to_pylist() if row["read"]}
    total = {name: sum(row[name] for row in counts.values()) for name in ("read", "loaded", "merged", "quarantined")}
    words = Text(
        f"共读入 {total['read']:,} 行：装入 {total['loaded']:,}，与已有行相同或为同一人而合并 {total['merged']:,}，因违反规则而搁置 {total['quarantined']:,}。",
        f"{total['read']:,} rows were read: {total['loaded']:,} loaded, {total['merged']:,} merged with equal rows or rows of the same person, {total['quarantined']:,} set aside for breaking a rule.",
    )
    headings = [Text("表", "table"), Text("读入", "read"), Text("装入", "loaded"), Text("合并", "merged"), Text("搁置", "set aside")]
    rows = [[kind.heading, *(same(say_number(counts[kind.table][name])) for name in total)] for kind in tables.model.kinds if kind.table in counts]
    extract = Extract(Text("各表行数", "Rows by table"), headings, ["", "number", "number", "number", "number"], rows)
    table = f"<details><summary>{both(Text('各表明细', 'By table'))}</summary>{_table(extract)}</details>" if rows else ""
    return f'<section id="read"><h2>{both(Text("读入了什么", "What was read"))}</h2><p class="lead">{both(words)}</p>{table}</section>'


def _show(text: Text) -> str:
    return html.escape(text.zh) if text.zh == text.en else both(text)


def _anchor(name: str) -> str:
    return "".join(ch if ch.isascii() and ch.isalnum() else "-" for ch in name)

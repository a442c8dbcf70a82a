"""The report: one self-contained page with the three answers in words, a plot each, and the first rows behind them."""

from __future__ import annotations

import base64
import datetime as dt
import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pyarrow.compute as pc

from graphkit.figures import draw_svg
from graphkit.findings import Column, Finding, by_question
from graphkit.pages import FONTS, both, lang_tag, render_page, write_page
from graphkit.schema import TABLE_TYPES, TIE_TYPES, Text, need_lang, node_type
from graphkit.tables import Tables

TITLE = Text("乡村组织网络报告", "Report on a rural organisation network")
ORDER = ("coverage", "bridges", "reach")
SHOWN_PER_KIND = 5
SHOWN_PEOPLE = 10
SHOWN_VILLAGES = 10
SHOWN_COLUMNS = 8
SEPARATOR = Text("；", "; ")
FILES = {
    "map.html": Text("打开地图", "Open the map"),
    "findings.xlsx": Text("全部结果（工作簿）", "All answers (workbook)"),
}
ANSWERS = {"coverage": Text("空白点", "Coverage gaps"), "bridges": Text("桥梁人物", "Bridge figures"), "reach": Text("结对到户", "Pairing reach")}


@dataclass(frozen=True, slots=True)
class Extract:
    """The rows of a finding that the page shows: headings and cells in both languages, and how each column looks."""

    caption: Text
    headings: Sequence[Text]
    looks: Sequence[str]  # "number", "short", "subject" or ""
    rows: Sequence[Sequence[Text]]


def write_report(
    tables: Tables, findings: Mapping[str, Finding] | Iterable[Finding], path: str | Path, *, lang: str = "zh", title: Text = TITLE
) -> Path:
    """What was read, and what are the three answers? One HTML page to forward or print, in both languages.

    Each answer stands in words with its key figures, as a plot, and with the rows that matter most:
    gaps by kind, the first bridge figures, the villages with most unreached households; then its
    caveats and the rules applied. Links lead to ``map.html``, ``findings.xlsx`` and to the answers as
    CSV, Parquet or workbook, if those files lie beside the page when it is written.

    Parameters
    ----------
    tables : Tables
        The district, for what was read and for names of places and bodies; people appear by id and office.
    findings : findings, or mapping of str to Finding
        Answers to the three questions, known by what they answer, whatever their key; others follow.
    path : str or Path
        The file to write; folders are made as needed.
    lang : {"zh", "en"}
        Language the page opens in; the reader can switch.
    title : Text
        Title of the page.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ParameterError
        If `lang` is neither language.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_report(Tables({}), {}, Path(folder) / "index.html").name
    'index.html'
    """
    need_lang(lang)
    findings = by_question(findings)
    path = Path(path)
    names = _names(tables)
    ordered = [name for name in ORDER if name in findings] + [name for name in findings if name not in ORDER]
    leads = {name: _lead(name, findings[name], names) for name in ordered}
    parts = [
        _header(title, findings),
        _contents(ordered, findings, leads),
        _links(path.parent, ordered, path.name),
        *(_section(name, findings[name], leads[name], names) for name in ordered),
        _what_was_read(tables),
        "</main>",
    ]
    return write_page(render_page(title=title.say(lang), lang=lang, body="\n".join(parts), styles=[_STYLE], scripts=[_SCRIPT]), path)


# ---- names: places and bodies by name, people by id and office ---------------------------------


def _names(tables: Tables) -> dict[str, Text]:
    """Name to show by kind and id, ``"Village 230112104001"``; no name of a person."""
    names = {}
    for kind in ("Township", "Village", "Cooperative", "Branch"):
        rows = zip(tables[kind][node_type(kind).key].to_pylist(), tables[kind]["name"].to_pylist(), strict=True)
        names.update({f"{kind} {key}": Text(name, name) for key, name in rows if name})
    for key, held in _offices(tables).items():
        names[f"Member {key}"] = Text(f"{key}（{'、'.join(held)}）", f"{key} ({', '.join(held)})")
    return names


def _offices(tables: Tables) -> dict[str, list[str]]:
    offices: dict[str, dict[str, None]] = {}
    for tie in ("Member BELONGS_TO Branch", "Member WORKS_IN Cooperative"):
        held = tables[tie].filter(pc.field("office").is_valid())
        for key, office in zip(held["member_id"].to_pylist(), held["office"].to_pylist(), strict=True):
            offices.setdefault(key, {})[office] = None
    return {key: list(held) for key, held in offices.items()}


# ---- each answer in words --------------------------------------------------------------------------


def _lead(name: str, finding: Finding, names: Mapping[str, Text]) -> list[Text]:
    """The answer in sentences; the first is enough for a reader in a hurry."""
    if finding.rows.empty:
        return [Text("没有得到任何一行。", "The answer has no rows.")]
    tellers = {"coverage": _tell_coverage, "bridges": _tell_bridges, "reach": _tell_reach}
    if name in tellers:
        return tellers[name](finding, names)
    return [Text(f"共 {len(finding):,} 行。", f"{len(finding):,} rows.")]


def _tell_coverage(finding: Finding, _names: Mapping[str, Text]) -> list[Text]:
    rows = finding.rows
    gaps = rows[rows["verdict"].isin(["due", "blank"])]
    by_kind = [_kind_gaps(kind, rows[rows["subject_kind"] == kind]) for kind in dict.fromkeys(gaps["subject_kind"])]
    if not by_kind:
        return [Text(f"{len(rows):,} 个对象都已覆盖或列入观察。", f"All {len(rows):,} subjects are covered or on watch.")]
    sentences = [_join([Text("应覆盖而未覆盖：", "Should be covered and are not: "), _join(by_kind, SEPARATOR), Text("。", ".")])]
    if watched := int((rows["verdict"] == "watch").sum()):
        sentences.append(Text(f"另有 {watched:,} 个待条件成熟，列入观察。", f"A further {watched:,} are on watch."))
    if unsure := int((rows["certain"].astype(object) == False).sum()):  # noqa: E712  # null is not unsure
        sentences.append(Text(f"{unsure:,} 个结论因资料不全可能改变。", f"{unsure:,} verdicts may change once missing data are known."))
    return sentences


def _kind_gaps(kind: str, rows: pd.DataFrame) -> Text:
    heading = node_type(kind).heading
    due, blank = (int((rows["verdict"] == verdict).sum()) for verdict in ("due", "blank"))
    chinese = "、".join(f"{word} {count:,}" for word, count in (("应建", due), ("空白", blank)) if count)
    english = ", ".join(f"{count:,} {word}" for word, count in (("due", due), ("blank", blank)) if count)
    return Text(f"{heading.zh} {len(rows):,} 个中 {due + blank:,} 个（{chinese}）", f"{due + blank:,} of {len(rows):,} {_PLURALS[kind]} ({english})")


_PLURALS = {
    "Township": "townships", "Village": "villages", "Cooperative": "co-operatives", "Branch": "branches", "Member": "members",
    "Household": "households", "Training": "trainings", "Zone": "zones",
}  # fmt: skip


def _tell_bridges(finding: Finding, names: Mapping[str, Text]) -> list[Text]:
    rows = finding.rows.sort_values("rank", kind="stable")
    first = rows.iloc[0]
    who = names.get(f"Member {first['subject_id']}", _same(first["subject_id"]))
    sentences = [Text(f"排在首位的是 {who.zh}：{_stop(first['reason_zh'], '。')}", f"First in rank is {who.en}: {_stop(first['reason_en'], '.')}")]
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


def _tell_reach(finding: Finding, _names: Mapping[str, Text]) -> list[Text]:
    rows = finding.rows
    villages = rows[(rows["subject_kind"] == "Village") & (rows["pairing_kind"] == "any")]
    one, several, none = (int(villages[name].fillna(0).sum()) for name in ("reached_by_one", "reached_by_several", "reached_by_none"))
    total = one + several + none
    sentences = []
    if total:
        sentences.append(
            Text(f"{total:,} 户中，{one:,} 户由一人结对，{several:,} 户由多人结对，{none:,} 户（{none / total:.0%}）无人结对。",
                 f"Of {total:,} households, {one:,} are paired with one member, {several:,} with several and {none:,} ({none / total:.0%}) with nobody.")
        )  # fmt: skip
    promises = [text for kind in _pairing_words() if (text := _kept(kind, rows)) is not None]
    if promises:
        sentences.append(_join([Text("承诺与记录：", "Promised and recorded: "), _join(promises, SEPARATOR), Text("。", ".")]))
    return sentences or [Text("没有结对记录。", "No pairing is recorded.")]


def _kept(kind: str, rows: pd.DataFrame) -> Text | None:
    """Promised against recorded for one kind of pairing; kinds are never added up."""
    mine = rows[(rows["subject_kind"] == "Member") & (rows["pairing_kind"] == kind) & rows["promised"].notna()]
    if mine.empty:
        return None
    promised, recorded, word = int(mine["promised"].sum()), int(mine["paired_households"].fillna(0).sum()), _pairing_words()[kind]
    unit = Text("人", "people") if kind == "ten_a_year" else Text("户", "households")
    return Text(
        f"{word.zh}承诺 {promised:,} {unit.zh}、有记录 {recorded:,} 户",
        f"{word.en}, {promised:,} {unit.en} promised and {recorded:,} households on record",
    )


def _pairing_words() -> dict[str, Text]:
    helps = next(tie for tie in TIE_TYPES if tie.table == "Member HELPS Household")
    return {choice.value: choice.heading for column in helps.properties if column.name == "kind" for choice in column.choices}


# ---- the rows that matter most -----------------------------------------------------------------------


def _extract(name: str, finding: Finding, names: Mapping[str, Text]) -> Extract | None:
    if finding.rows.empty:
        return None
    if name == "coverage":
        return _extract_gaps(finding, names)
    if name == "bridges":
        rows = finding.rows.sort_values("rank", kind="stable").head(SHOWN_PEOPLE)
        shown = ("rank", "subject", "reason")  # the plot above has the counts
        return _take(Text(f"前 {len(rows)} 位", f"The first {len(rows)}"), finding, rows, shown, names)
    if name == "reach":
        rows = finding.rows[(finding.rows["subject_kind"] == "Village") & (finding.rows["pairing_kind"] == "any")]
        rows = rows.sort_values("reached_by_none", ascending=False, kind="stable").head(SHOWN_VILLAGES)
        caption = Text(f"无人结对户数最多的 {len(rows)} 个村", f"The {len(rows)} villages with most households reached by nobody")
        return (
            _take(caption, finding, rows, ("subject", "households", "reached_by_one", "reached_by_several", "reached_by_none"), names)
            if len(rows)
            else None
        )
    rows = finding.rows.head(SHOWN_PEOPLE)
    return _take(Text(f"前 {len(rows)} 行", f"The first {len(rows)} rows"), finding, rows, ["subject", *rows.columns[2:SHOWN_COLUMNS]], names)


def _extract_gaps(finding: Finding, names: Mapping[str, Text]) -> Extract | None:
    gaps = finding.rows[finding.rows["verdict"].isin(["due", "blank"])]
    places = {kind: n for n, kind in enumerate(dict.fromkeys(gaps["subject_kind"]))}
    order = pd.DataFrame({"kind": gaps["subject_kind"].map(places), "verdict": gaps["verdict"].map({"due": 0, "blank": 1})})
    first = gaps.loc[order.sort_values(["kind", "verdict"], kind="stable").index].groupby("subject_kind", sort=False).head(SHOWN_PER_KIND)
    caption = Text(f"每类列前 {SHOWN_PER_KIND} 个，应建的在前", f"The first {SHOWN_PER_KIND} of each kind, those due before blanks")
    return _take(caption, finding, first, ("subject_kind", "subject", "verdict", "reason", "remedy"), names) if len(first) else None


def _take(caption: Text, finding: Finding, rows: pd.DataFrame, shown: Iterable[str], names: Mapping[str, Text]) -> Extract:
    """Turn rows into cells: ``subject`` by name, pairs of ``…_zh`` and ``…_en`` as one column, stored words as words."""
    declared = {column.name: column for column in finding.columns}
    columns: list[tuple[Text, str, list[Text]]] = []
    for name in shown:
        if name == "subject":
            cells = [names.get(f"{kind} {key}", _same(key)) for kind, key in zip(rows["subject_kind"], rows["subject_id"], strict=True)]
            columns.append((Text("对象", "subject"), "subject", cells))
        elif f"{name}_zh" in rows:
            pairs = zip(rows[f"{name}_zh"].astype(object).fillna("–"), rows[f"{name}_en"].astype(object).fillna("–"), strict=True)
            columns.append((_PAIRED.get(name, declared[f"{name}_zh"].heading), "", [Text(str(zh), str(en)) for zh, en in pairs]))
        elif name in rows:
            cells = [_cell(declared[name], value) for value in rows[name]]
            columns.append((_heading(declared[name]), _look(rows[name], cells), cells))
    headings, looks, cells_by_column = zip(*columns, strict=True)
    return Extract(caption, headings, looks, list(zip(*cells_by_column, strict=True)))


def _look(values: pd.Series, cells: Sequence[Text]) -> str:
    """Numbers to the right; short words on one line."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return "number"
    return "short" if max((len(cell.zh) for cell in cells), default=0) <= 12 else ""


_PAIRED = {"reason": Text("理由", "reason"), "remedy": Text("办法", "remedy")}


def _heading(column: Column) -> Text:
    if column.unit is None:
        return column.heading
    return Text(f"{column.heading.zh}（{column.unit.zh}）", f"{column.heading.en} ({column.unit.en})")


def _cell(column: Column, value: object) -> Text:
    if not isinstance(value, (list, tuple)) and pd.isna(value):
        return Text("–", "–")
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, float):
        return _same(f"{value:,.0f}" if value == round(value) else f"{value:,.3g}")
    if isinstance(value, str):
        return column.values.get(value, _same(value))
    return _same(f"{value:,}" if isinstance(value, int) or hasattr(value, "__index__") else str(value))


# ---- the page -------------------------------------------------------------------------------------------


def _header(title: Text, findings: Mapping[str, Finding]) -> str:
    days = sorted({finding.as_of for finding in findings.values() if finding.as_of is not None})
    day = both(_say_day(days), "p", classes="day") if days else ""
    switch = "".join(
        f'<button type="button" class="always" data-lang="{tag}" lang="{tag}">{word}</button>' for tag, word in (("zh-CN", "中文"), ("en", "English"))
    )
    return f'<main>\n<header><div><h1>{both(title)}</h1>{day}</div><div class="languages" role="group" aria-label="语言 Language">{switch}</div></header>'


def _say_day(days: Sequence[dt.date]) -> Text:
    last = "、".join(f"{day.year} 年 {day.month} 月 {day.day} 日" for day in days)
    return Text(f"截至 {last}", f"As of {', '.join(f'{day.day} {day:%B} {day.year}' for day in days)}")


def _contents(ordered: Sequence[str], findings: Mapping[str, Finding], leads: Mapping[str, Sequence[Text]]) -> str:
    """The three answers at the top, one sentence each."""
    items = []
    for name in ordered:
        heading = ANSWERS.get(name, findings[name].title)
        items.append(f'<li><a href="#{_anchor(name)}">{both(heading)}</a> {both(leads[name][0])}</li>')
    return f'<ol class="answers">{"".join(items)}</ol>' if items else ""


def _section(name: str, finding: Finding, lead: Sequence[Text], names: Mapping[str, Text]) -> str:
    extract = _extract(name, finding, names)
    words = "".join(f'<p lang="{lang_tag(lang)}" class="lead">{html.escape(_flow(lead, lang))}</p>' for lang in ("zh", "en"))
    parts = [
        f'<section id="{_anchor(name)}"><h2>{both(finding.title)}</h2>',
        words,
        _figure(finding, lead, names) if len(finding) else "",
        _table(extract) if extract else "",
        _notes(finding),
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def _figure(finding: Finding, lead: Sequence[Text], names: Mapping[str, Text]) -> str:
    images = [
        f'<img lang="{lang_tag(lang)}" alt="{html.escape(_flow(lead, lang), quote=True)}" src="data:image/svg+xml;base64,{_draw(finding, names, lang)}">'
        for lang in ("zh", "en")
    ]
    return f"<figure>{''.join(images)}</figure>"


def _draw(finding: Finding, names: Mapping[str, Text], lang: str) -> str:
    """Draw the plot as SVG whose texts stay texts; an image in a page runs no script and asks for nothing."""
    kinds = set(finding.rows["subject_kind"])
    labels = {key: name.say(lang) for kind, _, key, name in ((*full.partition(" "), name) for full, name in names.items()) if kind in kinds}
    drawn = draw_svg(finding, lang=lang, labels=labels, height=2.9 if finding.question == "find_coverage_gaps" else 4.9)
    return base64.b64encode(drawn.replace("'DejaVu Sans'", FONTS).encode()).decode()


def _table(extract: Extract) -> str:
    classes = [f' class="{look}"' if look else "" for look in extract.looks]
    head = "".join(f'<th scope="col"{c}>{_show(heading)}</th>' for heading, c in zip(extract.headings, classes, strict=True))
    rows = ("".join(f"<td{c}>{_show(cell)}</td>" for cell, c in zip(row, classes, strict=True)) for row in extract.rows)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<div class="wide"><table><caption>{both(extract.caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


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
        f"共读入 {total['read']:,} 行：载入 {total['loaded']:,}，与已有行相同而合并 {total['merged']:,}，因违反规则而隔离 {total['quarantined']:,}。",
        f"{total['read']:,} rows were read: {total['loaded']:,} loaded, {total['merged']:,} merged with equal rows, {total['quarantined']:,} set aside for breaking a rule.",
    )
    headings = [Text("表", "table"), Text("读入", "read"), Text("载入", "loaded"), Text("合并", "merged"), Text("隔离", "set aside")]
    rows = [[kind.heading, *(_same(f"{counts[kind.table][name]:,}") for name in total)] for kind in TABLE_TYPES if kind.table in counts]
    extract = Extract(Text("各表行数", "Rows by table"), headings, ["", "number", "number", "number", "number"], rows)
    table = f"<details><summary>{both(Text('各表明细', 'By table'))}</summary>{_table(extract)}</details>" if rows else ""
    return f'<section id="read"><h2>{both(Text("读入了什么", "What was read"))}</h2><p class="lead">{both(words)}</p>{table}</section>'


# ---- small words --------------------------------------------------------------------------------------------


def _same(value: object) -> Text:
    return Text(str(value), str(value))


def _show(text: Text) -> str:
    return html.escape(text.zh) if text.zh == text.en else both(text)


def _join(texts: Sequence[Text], separator: Text | None = None) -> Text:
    between = separator or Text("", "")
    return Text(between.zh.join(t.zh for t in texts), between.en.join(t.en for t in texts))


def _flow(sentences: Sequence[Text], lang: str) -> str:
    return ("" if lang == "zh" else " ").join(sentence.say(lang) for sentence in sentences)


def _stop(sentence: object, stop: str) -> str:
    text = str(sentence).rstrip()
    return text if text.endswith((".", "。", "；", ";")) else text + stop


def _anchor(name: str) -> str:
    return "".join(ch if ch.isascii() and ch.isalnum() else "-" for ch in name)


_STYLE = f"""
:root {{ --ink: #1d2429; --soft: #5c6870; --line: #dfe3e6; --link: #0b5cad; }}
* {{ box-sizing: border-box; }}
html[lang="en"] [lang="zh-CN"]:not(.always), html[lang="zh-CN"] [lang="en"]:not(.always) {{ display: none; }}
body {{ margin: 0; font: 16px/1.75 {FONTS}; color: var(--ink); background: #fff; }}
html[lang="en"] body {{ line-height: 1.6; }}
main {{ max-width: 860px; margin: 0 auto; padding: 44px 28px 72px; }}
header {{ display: flex; align-items: flex-start; justify-content: space-between; gap: 24px; padding-bottom: 18px; border-bottom: 2px solid var(--ink); }}
h1 {{ margin: 0; font-size: 28px; line-height: 1.3; font-weight: 600; }}
.day {{ margin: 4px 0 0; color: var(--soft); }}
.languages {{ display: flex; flex: none; margin-top: 5px; }}
.languages button {{ font: inherit; font-size: 14px; line-height: 1.4; padding: 4px 12px; border: 1px solid #c3cad0; background: #fff; color: inherit; cursor: pointer; }}
.languages button:first-child {{ border-radius: 6px 0 0 6px; }}
.languages button:last-child {{ border-radius: 0 6px 6px 0; border-left: 0; }}
.languages button[aria-pressed="true"] {{ background: var(--ink); border-color: var(--ink); color: #fff; }}
.answers {{ margin: 26px 0 0; padding: 0; list-style: none; }}
.answers li {{ padding: 7px 0 7px 8.5em; text-indent: 0; position: relative; }}
.answers a {{ position: absolute; left: 0; font-weight: 600; }}
a {{ color: var(--link); text-decoration: none; }}
a:hover {{ text-decoration: underline; }}
:focus-visible {{ outline: 2px solid var(--link); outline-offset: 2px; }}
nav {{ display: flex; flex-wrap: wrap; gap: 4px 22px; margin-top: 18px; padding-top: 12px; border-top: 1px solid var(--line); font-size: 14.5px; }}
section {{ margin-top: 54px; }}
h2 {{ margin: 0 0 8px; font-size: 21px; line-height: 1.4; font-weight: 600; }}
h3 {{ margin: 24px 0 4px; font-size: 15px; font-weight: 600; }}
.lead {{ margin: 8px 0 0; }}
figure {{ margin: 22px 0 6px; }}
figure img {{ width: 100%; height: auto; }}
.wide {{ overflow-x: auto; }}
table {{ width: 100%; margin-top: 14px; border-collapse: collapse; font-size: 14.5px; line-height: 1.55; }}
caption {{ padding-bottom: 6px; text-align: left; color: var(--soft); }}
th {{ padding: 5px 14px 5px 0; border-bottom: 1.5px solid var(--ink); text-align: left; vertical-align: bottom; font-weight: 600; }}
td {{ padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; min-width: 3.6em; }}
th:last-child, td:last-child {{ padding-right: 0; }}
html[lang="en"] :is(th, li, caption)::first-letter {{ text-transform: uppercase; }}
.short {{ white-space: nowrap; }}
.subject {{ min-width: 8.5em; }}
.number {{ text-align: right; font-variant-numeric: tabular-nums; }}
ul {{ margin: 0; padding-left: 1.2em; font-size: 14.5px; color: #3a454c; }}
.rules {{ margin: 12px 0 0; font-size: 14px; color: var(--soft); }}
code {{ font: inherit; }}
summary {{ margin-top: 10px; cursor: pointer; color: var(--link); font-size: 14.5px; }}
@media (max-width: 620px) {{ main {{ padding: 24px 16px 48px; }} h1 {{ font-size: 23px; }} .answers li {{ padding-left: 0; }} .answers a {{ position: static; }} }}
@media print {{
  body {{ font-size: 11pt; }} main {{ max-width: none; padding: 0; }} .languages, nav, details {{ display: none; }} a {{ color: inherit; }}
  section {{ margin-top: 28pt; }} h2, h3, caption {{ break-after: avoid; }} figure, tr, li {{ break-inside: avoid; }} @page {{ margin: 18mm 16mm; }}
}}
"""

_SCRIPT = """
"use strict";
for (const button of document.querySelectorAll(".languages button")) {
  const show = () => button.setAttribute("aria-pressed", String(document.documentElement.lang === button.dataset.lang));
  button.onclick = () => {
    document.documentElement.lang = button.dataset.lang;
    document.title = document.querySelector(`h1 [lang="${button.dataset.lang}"]`).textContent;
    document.querySelectorAll(".languages button").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
  };
  show();
}
"""

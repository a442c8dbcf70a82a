"""The demonstration: the district of the article, from its tables to a report, a map and files."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.cli.answers import add_for_report, answer_all
from graphkit.cli.progress import show_step
from graphkit.words import Lang, Text

if TYPE_CHECKING:
    from graphkit.data.tables import Tables
    from graphkit.questions.finding import Finding

EXAMPLE_DAY = dt.date(2012, 4, 30)
MADE_UP = Text(
    "村、合作组织和公布的数字是真实的；每个人、每户农户都是虚构的。",
    "Villages, named bodies and published figures are real; every person and every household is made up.",
)


def run_demo(out: Path, lang: Lang) -> None:
    """Load the example into a local store in `out`, answer the three questions, write everything and print a summary."""
    from graphkit.cli.summary import say_finding

    tables = _load_example(out / "acheng.gk", lang)
    findings = answer_all(tables, as_of=EXAMPLE_DAY, lang=lang)
    write_all(tables, findings, out, lang)
    print(_say_district(tables, lang))
    for finding in findings.values():
        print(say_finding(finding, lang))
    print(_say_next(out, lang))


def write_all(tables: Tables, findings: dict[str, Finding], out: Path, lang: Lang) -> None:
    """Write the report, the map, every finding as CSV and Parquet, and one workbook with all of them into `out`."""
    from graphkit.questions.files import write_finding, write_workbook
    from graphkit.show.map import write_map
    from graphkit.show.report import write_report

    with show_step(Text("写报告、地图和表格", "Writing report, map and tables").say(lang)):
        write_map(tables, findings, out / "map.html", lang=lang, note=MADE_UP)
        for name, finding in findings.items():
            write_finding(finding, out / f"{name}.csv", lang=lang)
            write_finding(finding, out / f"{name}.parquet", lang=lang)
        write_workbook(findings, out / "findings.xlsx", lang=lang)
        write_report(tables, add_for_report(tables, findings), out / "index.html", lang=lang, note=MADE_UP)  # last: it links to what lies beside it


def _load_example(store: Path, lang: Lang) -> Tables:
    import loaders
    from graphkit.resources import find_data
    from graphkit.store.connect import connect

    with show_step(Text("装入阿城区的例子", "Loading the example, Acheng district").say(lang)), connect(store) as opened:
        opened.write(loaders.load_folder(find_data("examples/acheng")))
        return opened.read()


def _say_district(tables: Tables, lang: Lang) -> str:
    counts = {name: tables[name].num_rows for name in ("Village", "Cooperative", "Branch", "Member", "Household")}
    zh = "阿城区：{Village} 个村和社区，{Cooperative} 个合作组织，{Branch} 个党组织，{Member:,} 人，{Household:,} 户。{made_up}\n"
    en = (
        "Acheng district: {Village} villages, {Cooperative} co-operatives, {Branch} branches, {Member:,} members, {Household:,} households. "
        "{made_up}\n"
    )
    return Text(zh, en).say(lang).format(**counts, made_up=MADE_UP.say(lang))


def _say_next(out: Path, lang: Lang) -> str:
    """What was written, and what to try next."""
    graphkit = _name_command()
    zh = f"""看结果
  {out / "index.html"}      报告
  {out / "map.html"}        地图，不联网也能打开
  {out / "findings.xlsx"}   三个回答的全部行；另有 CSV 和 Parquet
接着试
  {graphkit} gaps {out / "acheng.gk"} --as-of 2012-04-30 --out gaps.xlsx
  {graphkit} queries
  {graphkit} template 我的区县.xlsx"""
    en = f"""Look at
  {out / "index.html"}      the report
  {out / "map.html"}        the map, opens without a network
  {out / "findings.xlsx"}   every row of the three answers; CSV and Parquet beside it
Try next
  {graphkit} gaps {out / "acheng.gk"} --as-of 2012-04-30 --out gaps.xlsx
  {graphkit} queries
  {graphkit} template my-district.xlsx"""
    return Text(zh, en).say(lang)


def _name_command() -> str:
    """How this command can be typed again: by its name if it is on the search path, else by its place."""
    ran = Path(sys.argv[0])
    if ran.stem != "graphkit" or shutil.which("graphkit"):
        return "graphkit"
    return str(ran.relative_to(Path.cwd())) if ran.is_absolute() and ran.is_relative_to(Path.cwd()) else str(ran)

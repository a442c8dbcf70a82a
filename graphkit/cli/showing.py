"""The commands that show all answers at once: the map, the report; and the network for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from graphkit.cli.asking import with_options
from graphkit.cli.options import SHOW, AsOfOption, DatabaseOption, DatasetOption, LangOption, PageArgument, StoreArgument, app, lang_of, read, tell
from graphkit.cli.words import both
from graphkit.questions.asked import list_questions

_ON_PAGES = [question for question in list_questions() if question.on_pages]


def _map(
    store: StoreArgument,
    page: PageArgument,
    *,
    as_of: AsOfOption = None,
    database: DatabaseOption = None,
    dataset: DatasetOption = "district",
    lang: LangOption = None,
    **options: Any,
) -> None:
    """The map: one page that opens without a network.

    Marks gaps and bridge figures; click a person to see the households reached.

    地图：一个网页，不联网也能打开。

    标出空白点和桥梁人物；点一个人，看他到达哪些户。
    """
    from graphkit.cli.answers import answer_all
    from graphkit.show.map import write_map

    tables = read(store, lang, database, dataset, places=False)
    path = write_map(tables, answer_all(tables, as_of=as_of, lang=lang_of(lang), **options), page, lang=lang_of(lang))
    tell(lang, f"写好了：{path}", f"Written: {path}")


def _report(
    store: StoreArgument,
    page: PageArgument,
    *,
    as_of: AsOfOption = None,
    database: DatabaseOption = None,
    dataset: DatasetOption = "district",
    lang: LangOption = None,
    **options: Any,
) -> None:
    """The report: the three answers, those about people and the annual return on one page, to print or to send.

    报告：三个回答、关于人的回答和年报写成一个网页，可打印、可邮寄。
    """
    from graphkit.cli.answers import add_for_report, answer_all
    from graphkit.show.report import write_report

    tables = read(store, lang, database, dataset, places=False)
    answers = add_for_report(tables, answer_all(tables, as_of=as_of, lang=lang_of(lang), **options), **options)
    path = write_report(tables, answers, page, lang=lang_of(lang))
    tell(lang, f"写好了：{path}", f"Written: {path}")


app.command("map", rich_help_panel=SHOW)(with_options(_map, _ON_PAGES))
app.command("report", rich_help_panel=SHOW)(with_options(_report, _ON_PAGES))


@app.command("export-network", rich_help_panel=SHOW)
def export_network(
    store: StoreArgument,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help=both("要写的文件，格式看后缀：.graphml .gexf .dl。", "The file to write, by its suffix: .graphml .gexf .dl.")
        ),
    ],
    *,
    as_of: AsOfOption = None,
    database: DatabaseOption = None,
    dataset: DatasetOption = "district",
    lang: LangOption = None,
) -> None:
    """The network for Gephi, R, UCINET: every kind of node and tie as it stood on the day.

    Ids and no names; parallel ties added up, without direction.

    把网络交给 Gephi、R、UCINET：当天成立的各类节点和关系。

    只有编号，没有姓名；平行的关系相加，不分方向。
    """
    from graphkit.network import Network, write_network

    path = write_network(Network.from_tables(read(store, lang, database, dataset, places=False), as_of=as_of), file)
    tell(lang, f"写好了：{path}", f"Written: {path}")

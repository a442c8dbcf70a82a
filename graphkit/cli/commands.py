"""The commands, each with its help in both languages. Each imports what it uses when it runs, so that ``graphkit --help`` is quick."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.words import both
from graphkit.words import Lang

if TYPE_CHECKING:
    from graphkit.data.tables import Tables
    from graphkit.questions.finding import Finding


class Spoken(StrEnum):
    """The languages of the command line."""

    zh = "zh"
    en = "en"


def _spoken(context: typer.Context, _asked: Spoken | None) -> Spoken:
    """The language in force; `main` has looked at --lang already."""
    return Spoken(context.obj or "zh")


def _read_day(value: str) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise typer.BadParameter(f"{value} ≠ YYYY-MM-DD") from None


LangOption = Annotated[
    Spoken | None,
    typer.Option("--lang", callback=_spoken, show_default=False, help=both("用中文还是英文。", "Speak Chinese or English.")),
]
SourceArgument = Annotated[
    Path,
    typer.Argument(
        metavar="SOURCE",
        help=both(
            "一个文件夹（每类一个 CSV 或 XLSX）或一个工作簿（每类一张表）。", "A folder (a CSV or XLSX per kind) or a workbook (a sheet per kind)."
        ),
    ),
]
StoreArgument = Annotated[
    str,
    typer.Argument(
        metavar="STORE",
        help=both(
            "数据库：文件夹，如 acheng.gk， 或 Neo4j 地址，如 bolt://localhost:7687。",
            "The store: a folder such as acheng.gk, or the address of Neo4j such as bolt://localhost:7687.",
        ),
    ),
]
AsOfOption = Annotated[
    dt.date | None,
    typer.Option(
        "--as-of", parser=_read_day, metavar="YYYY-MM-DD", help=both("以哪一天为准；默认今天。", "The day the answer speaks of; today by default.")
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help=both("写入文件，格式看后缀：.csv .xlsx .parquet .html。", "Write to this file, by its suffix: .csv .xlsx .parquet .html."),
    ),
]
PageArgument = Annotated[Path, typer.Argument(metavar="FILE.html", help=both("要写的网页文件。", "The page to write."))]
RulesOption = Annotated[str, typer.Option("--rules", help=both("用哪一套规则。", "Which pack of rules to apply."))]
GroupOption = Annotated[
    str,
    typer.Option(
        "--group",
        help=both("看谁跨越哪一种群体：village township cooperative branch。", "Groups to be spanned: village, township, cooperative or branch."),
    ),
]
StepsOption = Annotated[
    int, typer.Option("--max-steps", min=1, max=6, help=both("最多经过几步到达农户。", "How many steps may lead to a household."))
]
DatasetOption = Annotated[
    str,
    typer.Option("--dataset", help=both("区县的名称；一个数据库里可放几个区县。", "Name of the district, where a database holds several.")),
]

DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", help=both("服务器上的哪个数据库；文件夹不用。", "Which database of a server; not for a folder.")),
]

PseudonymsOption = Annotated[
    Path | None,
    typer.Option(
        "--pseudonyms",
        metavar="KEYFILE",
        help=both(
            "把人员和农户的编号换成假名，密钥在此文件中；没有就新建，须放在数据之外。",
            "Replace the ids of members and households by pseudonyms, by the key in this file; made if not there, and kept away from the data.",
        ),
    ),
]

LOOK = both("提问", "Ask")
BRING = both("装入数据", "Bring data")
SHOW = both("展示", "Show")
CYPHER = both("查询语言 Cypher", "Cypher")

app = typer.Typer(add_completion=False, rich_markup_mode="rich", pretty_exceptions_enable=False, invoke_without_command=True)


@app.callback()
def _graphkit(
    context: typer.Context,
    _lang: LangOption = None,
    version: Annotated[bool, typer.Option("--version", help=both("显示版本。", "Show the version."))] = False,
) -> None:
    """Networks of rural organisation: what is not covered, who holds it together, whom pairing reaches.

    To begin: graphkit demo

    乡村组织网络分析：哪里是空白点，谁是桥梁人物，结对帮扶到了哪些户。

    先试一试：graphkit demo
    """
    if version:
        import graphkit

        typer.echo(f"graphkit {graphkit.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(rich_help_panel=BRING)
def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=both("结果写到哪个文件夹。", "Folder for the results."))] = Path("out/acheng"),
    lang: LangOption = None,
) -> None:
    """Walk the whole way on the example: Acheng district, as of 2012-04-30.

    Loads it, answers the three questions, writes report, map and tables.

    用自带的例子走一遍：阿城区，截至 2012-04-30。

    装入例子，回答三个问题，写出报告、地图和表格。
    """
    from graphkit.cli.demo import run_demo

    run_demo(out, _lang(lang))


@app.command(rich_help_panel=BRING)
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help=both("要写的工作簿。", "The workbook to write."))],
    lang: LangOption = None,
) -> None:
    """Write an empty input workbook.

    A sheet per kind, drop-downs for fixed values, a page that explains each column.

    写一个空白的填报工作簿。

    每类一张表，固定取值有下拉单，另有一页说明每一列。
    """
    from graphkit.data.exports import write_template

    path = write_template(file, lang=_lang(lang))
    _tell(lang, f"写好了：{path}\n填好以后：graphkit check {path}", f"Written: {path}\nOnce filled in: graphkit check {path}")


@app.command(rich_help_panel=BRING)
def check(
    source: SourceArgument,
    show: Annotated[int, typer.Option("--show", min=0, help=both("显示多少条。", "How many problems to show."))] = 20,
    pseudonyms: PseudonymsOption = None,
    lang: LangOption = None,
) -> None:
    """Look for problems in tables; writes nothing.

    Names file, sheet, row, column, rule and remedy; exit code 3 if any row would be set aside.

    查表里的问题，什么也不写。

    逐条给出文件、表、行、列、规则和改法；有要搁置的行时退出码为 3。
    """
    from graphkit.cli.reading import read_source
    from graphkit.cli.summary import say_counts, say_problems

    tables, problems = read_source(source, _lang(lang), pseudonyms)
    typer.echo(say_counts(tables, _lang(lang)))
    typer.echo(say_problems(problems, _lang(lang), show=show))
    if any(problem.effect == "quarantine" for problem in problems):
        raise typer.Exit(3)


@app.command(rich_help_panel=BRING)
def load(
    source: SourceArgument,
    store: StoreArgument,
    *,
    strict: Annotated[bool, typer.Option("--strict", help=both("有任何一行要搁置就拒绝装入。", "Refuse if any row would be set aside."))] = False,
    pseudonyms: PseudonymsOption = None,
    database: DatabaseOption = None,
    dataset: DatasetOption = "district",
    lang: LangOption = None,
) -> None:
    """Load tables into a store, replacing the district in it.

    Rows that break a rule are set aside with the reason; loaded + set aside + merged = read.

    A load into a folder that fails or is stopped changes nothing there; one into Neo4j keeps what it wrote, and repeated it goes on from there.

    把表装入数据库，替换其中原有的区县。

    破坏规则的行连同原因搁置在一边；装入 + 搁置 + 合并 = 读到。

    装入文件夹时失败或中断，原有内容不变；装入 Neo4j 时，已写入的部分保留着，再装一次即可接着完成。
    """
    from graphkit.cli.reading import read_source, write_store
    from graphkit.cli.summary import say_counts, say_problems
    from graphkit.data.pseudonyms import need_outside
    from graphkit.errors import TableError
    from graphkit.store.connect import connect

    if pseudonyms is not None:
        need_outside(pseudonyms, store)
    with connect(store, database=database, dataset=dataset) as opened:
        tables, problems = read_source(source, _lang(lang), pseudonyms)
        aside = [problem for problem in problems if problem.effect == "quarantine"]
        if strict and aside:
            raise TableError(aside, lang=_lang(lang))
        write_store(tables, opened, name=store, lang=_lang(lang))
    typer.echo(say_counts(tables, _lang(lang)))
    typer.echo(say_problems(problems, _lang(lang), show=5))
    if pseudonyms is not None:
        _tell(
            lang,
            f"人员和农户的编号已换成假名。密钥 {pseudonyms} 请与数据分开保管：下次用同一把，假名才相同。",
            f"The ids of members and households are pseudonyms now. Keep the key {pseudonyms} apart from the data: only with it they will be the same next time.",
        )
    gaps_next = _command("gaps", store, database, dataset)
    _tell(lang, f"已装入 {store}。接着问：{gaps_next}", f"Loaded into {store}. Ask next: {gaps_next}")


@app.command(rich_help_panel=BRING)
def generate(
    store: StoreArgument,
    *,
    villages: Annotated[int, typer.Option("--villages", min=1, help=both("多少个村。", "How many villages."))] = 20,
    seed: Annotated[int, typer.Option("--seed", help=both("随机种子。", "Seed of the random choices."))] = 0,
    database: DatabaseOption = None,
    dataset: DatasetOption = "district",
    lang: LangOption = None,
) -> None:
    """Make up a district of any size and load it into a store.

    The same seed gives the same data.

    造一个任意大小的假想区县，装入数据库。

    同样的种子，同样的数据。
    """
    from graphkit.cli.progress import show_step
    from graphkit.cli.reading import write_store
    from graphkit.generate import generate_district
    from graphkit.store.connect import connect

    with connect(store, database=database, dataset=dataset) as opened:
        with show_step(_say(lang, f"生成 {villages} 个村", f"Making {villages} villages")):
            tables = generate_district(villages=villages, seed=seed)
        write_store(tables, opened, name=store, lang=_lang(lang))
    _tell(
        lang,
        f"{store}：{tables.node_count:,} 个节点，{tables.tie_count:,} 条关系。",
        f"{store}: {tables.node_count:,} nodes, {tables.tie_count:,} ties.",
    )


@app.command(rich_help_panel=LOOK)
def gaps(
    store: StoreArgument,
    *,
    as_of: AsOfOption = None,
    rules: RulesOption = "acheng-2010",
    out: OutOption = None,
    database: DatabaseOption = None,
    dataset: DatasetOption = "district",
    lang: LangOption = None,
) -> None:
    """Coverage gaps: who or what should be covered, by a written rule, and is not.

    Gives every co-operative, village, member and household a verdict with its rule, its counts and a remedy.

    空白点：按成文规则，谁该被组织覆盖而没有。

    逐一判断合作组织、村、党员和农户，给出规则、依据的数目和办法。
    """
    from graphkit.questions.coverage import find_coverage_gaps

    tables = _read(store, lang, database, dataset)
    _answer(find_coverage_gaps(tables, rules=rules, as_of=as_of), out, lang)


@app.command(rich_help_panel=LOOK)
def bridges(
    store: StoreArgument,
    *,
    as_of: AsOfOption = None,
    group: GroupOption = "village",
    out: OutOption = None,
    database: DatabaseOption = None,
    dataset: DatasetOption = "district",
    lang: LangOption = None,
) -> None:
    """Bridge figures: who holds separate villages, co-operatives and branches together.

    Ranks people by the groups they span, with the reasons in words, and says whom the loss of each would strand.

    桥梁人物：谁把分开的村、合作组织和党组织连在一起。

    按跨越的群体排名，理由用文字写明，并说明失去每个人会断开谁。
    """
    from graphkit.bridges import find_bridge_figures
    from graphkit.network import Network

    tables = _read(store, lang, database, dataset)
    _answer(find_bridge_figures(Network.from_tables(tables, as_of=as_of), group=group), out, lang)


@app.command(rich_help_panel=LOOK)
def reach(
    store: StoreArgument,
    *,
    as_of: AsOfOption = None,
    max_steps: StepsOption = 2,
    out: OutOption = None,
    database: DatabaseOption = None,
    dataset: DatasetOption = "district",
    lang: LangOption = None,
) -> None:
    """Pairing reach: which households members reach, and which nobody does.

    Counts directly and in steps; by one, by several, by none; promised against recorded; each kind of pairing by itself.

    结对到户：党员到达哪些户，哪些户没有人到。

    直接的和几步之内的；一人帮、几人帮、没人帮；承诺的和有记录的；各种结对方式分开计数，从不相加。
    """
    from graphkit.questions.reach import find_pairing_reach

    tables = _read(store, lang, database, dataset)
    _answer(find_pairing_reach(tables, max_steps=max_steps, as_of=as_of), out, lang)


@app.command("check-figures", rich_help_panel=LOOK)
def check_figures_(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help=both("说法表：一个 CSV 或 XLSX，每行一个说法。", "The table of claims: a CSV or XLSX, one claim a row.")),
    ],
    *,
    out: OutOption = None,
    lang: LangOption = None,
) -> None:
    """Published figures: can they be true together?

    Gives every claim a verdict: holds, impossible, doubtful or cannot be checked, with the nearest possible values and the smallest base.

    公布的数字：能不能同时成立？

    逐条给出结论：成立、不可能、存疑或无法核对，并给出最近的可能值和最小的总数。
    """
    import loaders
    from graphkit.questions.figures.check import check_figures

    _answer(check_figures(loaders.load_claims(file)), out, lang)


@app.command("map", rich_help_panel=SHOW)
def map_(
    store: StoreArgument,
    page: PageArgument,
    *,
    as_of: AsOfOption = None,
    rules: RulesOption = "acheng-2010",
    group: GroupOption = "village",
    max_steps: StepsOption = 2,
    database: DatabaseOption = None,
    dataset: DatasetOption = "district",
    lang: LangOption = None,
) -> None:
    """The map: one page that opens without a network.

    Marks gaps and bridge figures; click a person to see the households reached.

    地图：一个网页，不联网也能打开。

    标出空白点和桥梁人物；点一个人，看他到达哪些户。
    """
    from graphkit.cli.answers import answer_all
    from graphkit.show.map import write_map

    tables = _read(store, lang, database, dataset)
    findings = answer_all(tables, as_of=as_of, rules=rules, group=group, max_steps=max_steps, lang=_lang(lang))
    path = write_map(tables, findings, page, lang=_lang(lang))
    _tell(lang, f"写好了：{path}", f"Written: {path}")


@app.command(rich_help_panel=SHOW)
def report(
    store: StoreArgument,
    page: PageArgument,
    *,
    as_of: AsOfOption = None,
    rules: RulesOption = "acheng-2010",
    group: GroupOption = "village",
    max_steps: StepsOption = 2,
    database: DatabaseOption = None,
    dataset: DatasetOption = "district",
    lang: LangOption = None,
) -> None:
    """The report: the three answers on one page, to print or to send.

    报告：三个回答写成一个网页，可打印、可邮寄。
    """
    from graphkit.cli.answers import answer_all
    from graphkit.show.report import write_report

    tables = _read(store, lang, database, dataset)
    findings = answer_all(tables, as_of=as_of, rules=rules, group=group, max_steps=max_steps, lang=_lang(lang))
    path = write_report(tables, findings, page, lang=_lang(lang))
    _tell(lang, f"写好了：{path}", f"Written: {path}")


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

    path = write_network(Network.from_tables(_read(store, lang, database, dataset), as_of=as_of), file)
    _tell(lang, f"写好了：{path}", f"Written: {path}")


@app.command(rich_help_panel=CYPHER)
def queries(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help=both("看哪一个；不给则列出全部。", "Which one to show; all are listed if not given."))
    ] = None,
    lang: LangOption = None,
) -> None:
    """List the queries of the library, or show one: parameters, columns and text.

    列出全部查询，或给出一个查询的参数、列和全文。
    """
    from graphkit.cli.summary import say_queries, say_query
    from graphkit.queries import list_queries, load_query

    typer.echo(say_queries(list_queries(), _lang(lang)) if name is None else say_query(load_query(name), _lang(lang)))


@app.command(rich_help_panel=CYPHER)
def query(
    store: StoreArgument,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help=both("查询名，见 graphkit queries；或一段 Cypher。", "Name of the query, see graphkit queries; or a Cypher text.")
        ),
    ] = None,
    *,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="X.cypher", help=both("从文件里取 Cypher。", "Take the Cypher text from this file."))
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", metavar="KEY=VALUE", help=both("参数，可重复。", "A parameter; may be repeated."))
    ] = None,
    timeout: Annotated[float, typer.Option("--timeout", metavar="SECONDS", help=both("最多运行多少秒。", "How many seconds it may run."))] = 120.0,
    names: Annotated[bool, typer.Option("--names", help=both("显示人名，而不是 ***。", "Show people's names instead of ***."))] = False,
    out: OutOption = None,
    database: DatabaseOption = None,
    dataset: Annotated[
        str | None,
        typer.Option(
            "--dataset",
            help=both(
                "区县的名称，默认 district；--param dataset=null 问遍全部。",
                "Name of the district, district by default; --param dataset=null asks them all.",
            ),
        ),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Run a query of the library, or a read-only Cypher text.

    Example: graphkit query acheng.gk household_without_helper --param as_of=2012-04-30

    运行一个查询，或一段只读的 Cypher。

    例：graphkit query acheng.gk household_without_helper --param as_of=2012-04-30
    """
    from graphkit.cli.querying import read_parameters, read_text, run_query, write_rows
    from graphkit.cli.summary import say_count, say_hidden, say_rows, say_scope
    from graphkit.store.connect import connect

    words = [*(param or []), *([] if dataset is None else [f"dataset={dataset}"])]
    opened = connect(store, database=database, dataset=dataset or "district")
    rows = run_query(opened, read_text(name, file), read_parameters(words), timeout_s=timeout, names=names, lang=_lang(lang))
    if out is None:
        typer.echo(say_rows(rows, _lang(lang)))
    else:
        path = write_rows(rows, out)
        typer.echo(say_scope(rows, _lang(lang)))
        _tell(lang, f"{len(rows):,} 行：{path}", f"{say_count(len(rows))}: {path}")
    if not names and (hidden := say_hidden(rows, _lang(lang))):
        typer.echo(hidden)


@app.command(rich_help_panel=CYPHER)
def datasets(store: StoreArgument, database: DatabaseOption = None, lang: LangOption = None) -> None:
    """List the datasets in a store: name, rows, when written.

    列出数据库里有哪些数据集：名称、行数、写入时间。
    """
    from graphkit.cli.querying import list_datasets
    from graphkit.cli.summary import say_datasets
    from graphkit.store.connect import connect

    typer.echo(say_datasets(list_datasets(connect(store, database=database)), _lang(lang)))


@app.command(rich_help_panel=CYPHER)
def drop(
    store: StoreArgument,
    *,
    dataset: Annotated[str, typer.Option("--dataset", help=both("删除哪个数据集。", "Which dataset to remove."))],
    yes: Annotated[bool, typer.Option("--yes", help=both("不再询问。", "Do not ask again."))] = False,
    database: DatabaseOption = None,
    lang: LangOption = None,
) -> None:
    """Remove a dataset from a server, after asking; the others stay.

    从服务器上删除一个数据集，先问一声；别的数据集不动。
    """
    from graphkit.cli.querying import drop_dataset
    from graphkit.store.connect import connect

    question = _say(lang, f"从 {store} 删除数据集 {dataset}，不能恢复。确定吗？", f"Remove the dataset {dataset} from {store} for good?")
    opened = connect(store, database=database, dataset=dataset)
    if drop_dataset(opened, dataset, confirm=lambda: yes or typer.confirm(question), lang=_lang(lang)):
        _tell(lang, f"已删除：{dataset}", f"Removed: {dataset}")
    else:
        _tell(lang, "没有删除。", "Nothing was removed.")


@app.command(rich_help_panel=CYPHER)
def serve(
    store: StoreArgument,
    *,
    port: Annotated[
        int,
        typer.Option(
            "--port", min=0, max=65535, help=both("在哪个端口应答；默认任选一个空闲的。", "Port to answer on; any that is free by default.")
        ),
    ] = 0,
    timeout: Annotated[
        float, typer.Option("--timeout", min=1, metavar="SECONDS", help=both("一个查询最多运行几秒。", "Seconds after which a query is ended."))
    ] = 120,
    new_password: Annotated[bool, typer.Option("--new-password", help=both("换一个新密码。", "Make a new password."))] = False,
    lang: LangOption = None,
) -> None:
    """Let a local store answer on this machine as Neo4j does, until Ctrl-C.

    The neo4j driver, cypher-shell and Neo4j Browser connect to it; they can read, and writes are refused.

    让本地数据库像 Neo4j 一样在本机应答，直到按 Ctrl-C。

    neo4j 驱动、cypher-shell 和 Neo4j Browser 都能连接；只能读，写入会被拒绝。
    """
    from graphkit.cli.serving import serve_store

    serve_store(store, _lang(lang), port=port, timeout_s=timeout, new_password=new_password)


@app.command("export-import-files", rich_help_panel=CYPHER)
def export_import_files(
    store: StoreArgument,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=both("写到哪个空文件夹。", "An empty folder to write to."))],
    database: Annotated[str, typer.Option("--database", help=both("要导入的数据库。", "Name of the database to be filled."))] = "neo4j",
    lang: LangOption = None,
) -> None:
    """Write the files of neo4j-admin database import and print the command.

    For first loads above some million rows: several times faster than loading over Bolt.

    写出 Neo4j 批量导入要的文件，并给出命令。

    几百万行以上的第一次装入用它，比逐批装入快几倍。
    """
    from graphkit.store.bolt.import_files import import_command, write_import_files

    script = write_import_files(_read(store, lang), folder, database=database)
    _tell(lang, f"写好了：{script}\n停下服务器，在 {folder} 里运行：\n", f"Written: {script}\nStop the server, then run in {folder}:\n")
    typer.echo(import_command(script))


def _command(name: str, store: str, database: str | None, dataset: str) -> str:
    """A command to type next, with what else was said of the store."""
    import shlex

    return shlex.join(
        ["graphkit", name, store, *(["--database", database] if database else []), *(["--dataset", dataset] if dataset != "district" else [])]
    )


def _lang(lang: Spoken | None) -> Lang:
    return "en" if lang == "en" else "zh"


def _say(lang: Spoken | None, zh: str, en: str) -> str:
    return zh if _lang(lang) == "zh" else en


def _tell(lang: Spoken | None, zh: str, en: str) -> None:
    typer.echo(_say(lang, zh, en))


def _read(store: str, lang: Spoken | None, database: str | None = None, dataset: str = "district") -> Tables:
    from graphkit.cli.progress import show_step
    from graphkit.store.connect import connect

    with show_step(_say(lang, f"读取 {store}", f"Reading {store}")), connect(store, database=database, dataset=dataset) as opened:
        return opened.read()


def _answer(finding: Finding, out: Path | None, lang: Spoken | None) -> None:
    """Print the answer's summary, and write the whole of it where asked."""
    from graphkit.cli.summary import say_count, say_finding
    from graphkit.questions.finding import write_finding

    typer.echo(say_finding(finding, _lang(lang)))
    if out is not None:
        path = write_finding(finding, out, lang=_lang(lang))
        _tell(lang, f"{len(finding):,} 行：{path}", f"{say_count(len(finding))}: {path}")

"""Commands for those who write Cypher: the named queries, any query, datasets, a server, files for a bulk import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphkit.cli.options import (
    CYPHER,
    DatabaseOption,
    LangOption,
    OutOption,
    StoreArgument,
    app,
    lang_of,
    read,
    say,
    tell,
)
from graphkit.cli.words import both


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

    typer.echo(say_queries(list_queries(), lang_of(lang)) if name is None else say_query(load_query(name), lang_of(lang)))


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
    from graphkit.cli.summary import say_account, say_count, say_hidden, say_rows, say_scope
    from graphkit.store.connect import connect

    words = [*(param or []), *([] if dataset is None else [f"dataset={dataset}"])]
    opened = connect(store, database=database)  # the dataset is one of the words
    rows = run_query(opened, read_text(name, file), read_parameters(words), timeout_s=timeout, names=names, lang=lang_of(lang))
    if out is None:
        typer.echo(say_rows(rows, lang_of(lang)))
    else:
        path = write_rows(rows, out, lang=lang_of(lang))
        typer.echo("\n".join([say_scope(rows, lang_of(lang)), *say_account(rows, lang_of(lang))]))
        tell(lang, f"{len(rows):,} 行：{path}", f"{say_count(len(rows))}: {path}")
    if not names and (hidden := say_hidden(rows, lang_of(lang))):
        typer.echo(hidden)


@app.command(rich_help_panel=CYPHER)
def datasets(store: StoreArgument, database: DatabaseOption = None, lang: LangOption = None) -> None:
    """List the datasets in a store: name, rows, when written.

    列出数据库里有哪些数据集：名称、行数、写入时间。
    """
    from graphkit.cli.querying import list_datasets
    from graphkit.cli.summary import say_datasets
    from graphkit.store.connect import connect

    typer.echo(say_datasets(list_datasets(connect(store, database=database)), lang_of(lang)))


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

    question = say(lang, f"从 {store} 删除数据集 {dataset}，不能恢复。确定吗？", f"Remove the dataset {dataset} from {store} for good?")
    opened = connect(store, database=database, dataset=dataset)
    if drop_dataset(opened, dataset, confirm=lambda: yes or typer.confirm(question), lang=lang_of(lang)):
        tell(lang, f"已删除：{dataset}", f"Removed: {dataset}")
    else:
        tell(lang, "没有删除。", "Nothing was removed.")


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

    serve_store(store, lang_of(lang), port=port, timeout_s=timeout, new_password=new_password)


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

    script = write_import_files(read(store, lang), folder, database=database)
    tell(lang, f"写好了：{script}\n停下服务器，在 {folder} 里运行：\n", f"Written: {script}\nStop the server, then run in {folder}:\n")
    typer.echo(import_command(script))

"""What the commands share: arguments and options with their help in both languages, and the few words that every command says."""

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
DatasetOption = Annotated[
    str,
    typer.Option("--dataset", help=both("区县的名称；一个数据库里可放几个区县。", "Name of the district, where a database holds several.")),
]

DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", help=both("服务器上的哪个数据库；文件夹不用。", "Which database of a server; not for a folder.")),
]

SetAsideOption = Annotated[
    Path | None,
    typer.Option(
        "--set-aside",
        metavar="OUT.xlsx",
        help=both("把搁置的行写成一个工作簿，改好可再装入。", "Write the rows set aside as a workbook, to correct and load again."),
    ),
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

EncodingOption = Annotated[
    str | None,
    typer.Option(
        "--encoding", help=both("CSV 的编码，如 GB18030；默认看内容。", "Encoding of CSV files, such as GB18030; told from the text by default.")
    ),
]
SeparatorOption = Annotated[
    str | None,
    typer.Option(
        "--separator", help=both("CSV 以什么分列；默认看内容。", "What tells the columns of CSV files apart; told from the text by default.")
    ),
]
MappingOption = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="M.toml",
        help=both("对照文件：每一行说的是什么；见 map-columns。", "A mapping that says what each row means; see map-columns."),
    ),
]

ModelOption = Annotated[
    Path | None,
    typer.Option(
        "--model",
        metavar="MODEL.toml",
        help=both("自己另加的类别和属性；以后的命令从数据库里读到它。", "Kinds and properties of your own; later commands find them in the store."),
    ),
]

PeopleOption = Annotated[
    Path | None,
    typer.Option(
        "--people",
        metavar="DECISIONS",
        help=both(
            "判断过谁与谁是同一人的表（.xlsx 或 .csv），见 people；每次装入都照它来。",
            "A table of decisions about who is one person (.xlsx or .csv), see people; applied at each load.",
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


def next_command(name: str, store: str, database: str | None, dataset: str) -> str:
    """A command to type next, with what else was said of the store."""
    import shlex

    return shlex.join(
        ["graphkit", name, store, *(["--database", database] if database else []), *(["--dataset", dataset] if dataset != "district" else [])]
    )


def lang_of(lang: Spoken | None) -> Lang:
    """The language to speak."""
    return "en" if lang == "en" else "zh"


def say(lang: Spoken | None, zh: str, en: str) -> str:
    """Choose the words in the language in force."""
    return zh if lang_of(lang) == "zh" else en


def tell(lang: Spoken | None, zh: str, en: str) -> None:
    """Print a line in the language in force."""
    typer.echo(say(lang, zh, en))


def read(store: str, lang: Spoken | None, database: str | None = None, dataset: str = "district", *, places: bool = True) -> Tables:
    """Read the whole of a store, saying so; without `places` a folder's rows come without their file, sheet and row, in less memory."""
    from graphkit.cli.progress import show_step
    from graphkit.store.bucket import BucketStore
    from graphkit.store.connect import connect
    from graphkit.store.local.store import LocalStore

    with show_step(say(lang, f"读取 {store}", f"Reading {store}")), connect(store, database=database, dataset=dataset) as opened:
        return opened.read(places=places) if isinstance(opened, (LocalStore, BucketStore)) else opened.read()

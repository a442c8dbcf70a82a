"""The command that proposes who may be one person, for a human to decide."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import (
    BRING,
    DatabaseOption,
    DatasetOption,
    EncodingOption,
    LangOption,
    MappingOption,
    ModelOption,
    PseudonymsOption,
    SeparatorOption,
    app,
    lang_of,
    read,
    tell,
)
from graphkit.cli.words import both
from graphkit.errors import ParameterError
from graphkit.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.identity.people import Proposal

PeopleSource = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help=both("要装入的表（文件夹、压缩包、工作簿），或已有的数据库。", "The tables to be loaded (a folder, a ZIP, a workbook), or a store."),
    ),
]
DecisionsOut = Annotated[
    Path,
    typer.Option(
        "--out",
        metavar="DECISIONS",
        help=both("写到哪里：.xlsx 或 .csv，放在数据之外。内有姓名。", "Where to write: .xlsx or .csv, outside the data. It holds names."),
    ),
]
EarlierOption = Annotated[
    Path | None,
    typer.Option(
        "--people",
        metavar="DECISIONS",
        help=both("以前判断过的表：其中的判断照抄到新表里。", "A table decided before: its decisions are carried over into the new one."),
    ),
]


@app.command(rich_help_panel=BRING)
def people(
    source: PeopleSource,
    *,
    out: DecisionsOut,
    earlier: EarlierOption = None,
    mapping: MappingOption = None,
    model: ModelOption = None,
    encoding: EncodingOption = None,
    separator: SeparatorOption = None,
    pseudonyms: PseudonymsOption = None,
    database: DatabaseOption = None,
    dataset: DatasetOption = "district",
    lang: LangOption = None,
) -> None:
    """Propose who may be one person, with the evidence, as a table to decide in; joins nobody.

    Fill in same, different or open, and load with --people. The table holds names: keep it on this computer.

    提出哪些登记可能是同一人，附理由，写成一张待判断的表；不合并任何人。

    填上“同一人”“不同人”或“待定”，装入时加 --people。表里有姓名，只留在本机。
    """
    import loaders
    from graphkit.cli.reading import open_model, read_source

    _refuse_place(source, out, earlier)
    decisions = None if earlier is None else loaders.read_decisions(earlier)
    if _is_store(source):
        tables, numbers = read(source, lang, database, dataset), frozenset[str]()
    else:
        options = {"mapping": mapping, "encoding": encoding, "separator": separator, "pseudonyms": pseudonyms, "model": open_model(model)}
        loading = read_source(Path(source), lang_of(lang), **options)
        tables, numbers = loading.tables, loading.numbers
    proposals = loaders.write_proposals(tables, out, numbers=numbers, decisions=decisions, lang=lang_of(lang))
    _say_written(proposals, out, lang_of(lang))
    files = Text("数据", "SOURCE").say(lang_of(lang)) if _is_store(source) else shlex.quote(source)  # a store is not loaded: the files behind it are
    then = f"graphkit load {files} {Text('库', 'STORE').say(lang_of(lang))} --people {shlex.quote(str(out))}"
    tell(
        lang,
        f"内有姓名，只留在本机。填好“判断”一列后装入：{then}",
        f"It holds names: keep it on this computer. Decide in its first column, then: {then}",
    )


def _is_store(source: str) -> bool:
    """Whether a source is a store rather than files to load."""
    from graphkit.store.local.manifest import MANIFEST

    return "://" in source or (Path(source) / MANIFEST).is_file()


def _refuse_place(source: str, out: Path, earlier: Path | None) -> None:
    """Refuse to write over decisions that are not carried over, and to put names where data are read or kept."""
    if out.exists() and (earlier is None or earlier.resolve() != out.resolve()):
        raise ParameterError(
            Text(
                f"{out} 已经有了，里面可能有判断；要把其中的判断带过来，请加 --people {out}，否则请换一个文件名",
                f"{out} is there already and may hold decisions; add --people {out} to carry them over, or name another file",
            ),
        )
    folder = Path(source).resolve()
    if "://" not in source and folder in (out.resolve(), *out.resolve().parents):
        raise ParameterError(
            Text(
                f"{out} 在数据所在的文件夹里，会被当作数据来读；请放到别处",
                f"{out} lies in the folder of the data and would be read as data; name a place outside",
            )
        )


def _say_written(proposals: Sequence[Proposal], out: Path, lang: str) -> None:
    likely = sum(pair.is_likely for pair in proposals)
    said = Text(
        f"写好了：{out}。{len(proposals):,} 对可能是同一人，其中很可能的 {likely:,} 对；没有合并任何人。",
        f"Written: {out}. {len(proposals):,} pairs may be one person, {likely:,} of them likely; nobody was joined.",
    )
    typer.echo(said.say(lang))

"""Commands that bring data in: the demonstration, the template, checking, loading, made-up districts."""

from __future__ import annotations

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
    PeopleOption,
    PseudonymsOption,
    SeparatorOption,
    SetAsideOption,
    SourceArgument,
    StoreArgument,
    app,
    lang_of,
    next_command,
    say,
    tell,
)
from graphkit.cli.words import both

if TYPE_CHECKING:
    from graphkit.cli.options import Spoken
    from graphkit.data.tables import Tables
    from loaders.load import Loading


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

    run_demo(out, lang_of(lang))


@app.command(rich_help_panel=BRING)
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help=both("要写的工作簿。", "The workbook to write."))],
    *,
    registers: Annotated[
        bool,
        typer.Option(
            "--registers",
            help=both(
                "写台账式的：村、党组织、合作社、党员、农户五张表。",
                "Write registers: five sheets, of villages, branches, co-operatives, members, households.",
            ),
        ),
    ] = False,
    rows: Annotated[
        int,
        typer.Option(
            "--rows", min=1, max=100_000, help=both("台账中有选单和名称的行数。", "Rows of each register with pick lists and names beside ids.")
        ),
    ] = 1_000,
    model: ModelOption = None,
    lang: LangOption = None,
) -> None:
    """Write an empty input workbook.

    A sheet per kind, drop-downs for fixed values, a page that explains each column; or, with --registers, what an office keeps anyway.

    写一个空白的填报工作簿。

    每类一张表，固定取值有下拉单，另有一页说明每一列；加 --registers 则是办公室本来就有的几本台账。
    """
    from graphkit.cli.reading import open_model
    from graphkit.data.exports import write_template

    if registers:
        import loaders

        path = loaders.write_registers(file, lang=lang_of(lang), rows=rows)
        filled = f"graphkit check {path} --mapping registers"
        tell(lang, f"写好了：{path}\n填好以后：{filled}", f"Written: {path}\nOnce filled in: {filled}")
        return
    path = write_template(file, lang=lang_of(lang), model=open_model(model))
    filled = f"graphkit check {path}" + (f" --model {model}" if model else "")
    tell(lang, f"写好了：{path}\n填好以后：{filled}", f"Written: {path}\nOnce filled in: {filled}")


@app.command(rich_help_panel=BRING)
def check(
    source: SourceArgument,
    show: Annotated[int, typer.Option("--show", min=0, help=both("显示多少条。", "How many problems to show."))] = 20,
    *,
    mapping: MappingOption = None,
    model: ModelOption = None,
    mark: Annotated[
        Path | None,
        typer.Option(
            "--mark",
            metavar="OUT.xlsx",
            help=both(
                "写出标好问题的工作簿：有色的格、批注和一张问题表。", "Write the workbook marked: coloured cells, comments, a sheet of problems."
            ),
        ),
    ] = None,
    set_aside: SetAsideOption = None,
    encoding: EncodingOption = None,
    separator: SeparatorOption = None,
    pseudonyms: PseudonymsOption = None,
    people: PeopleOption = None,
    lang: LangOption = None,
) -> None:
    """Look for problems in tables; writes nothing.

    Names file, sheet, row, column, rule and remedy; exit code 3 if any row would be set aside.

    查表里的问题，什么也不写。

    逐条给出文件、表、行、列、规则和改法；有要搁置的行时退出码为 3。
    """
    from graphkit.cli.inspecting import say_readings
    from graphkit.cli.reading import open_model, read_source
    from graphkit.cli.summary import say_counts, say_joined, say_problems, say_repaired, say_waiting
    from graphkit.data.problems import fold_cells, fold_ends

    options = {
        "mapping": mapping,
        "encoding": encoding,
        "separator": separator,
        "pseudonyms": pseudonyms,
        "people": people,
        "model": open_model(model),
    }
    loading = read_source(source, lang_of(lang), **options)
    problems = fold_cells(loading.problems, loading.tables.model)
    typer.echo(say_readings(loading.readings, lang_of(lang)), nl=False)
    typer.echo(say_counts(loading.tables, lang_of(lang)))
    typer.echo(say_joined(loading.tables, lang_of(lang)), nl=False)
    typer.echo(say_repaired(loading.tables, lang_of(lang)), nl=False)
    typer.echo(say_problems(fold_ends(problems, loading.tables.model), lang_of(lang), show=show))
    typer.echo(say_waiting(loading.tables, lang_of(lang)), nl=False)
    if set_aside is not None:
        _write_set_aside(loading, set_aside, lang, mapped=mapping is not None)
    if mark is not None:
        from loaders.marking import mark_workbook

        path = mark_workbook(source, problems, mark, lang=lang_of(lang), encoding=encoding, separator=separator)
        tell(lang, f"标好的工作簿：{path}", f"The workbook, marked: {path}")
    if any(problem.effect == "quarantine" for problem in problems):
        raise typer.Exit(3)


@app.command(rich_help_panel=BRING)
def load(
    source: SourceArgument,
    store: StoreArgument,
    *,
    mapping: MappingOption = None,
    model: ModelOption = None,
    encoding: EncodingOption = None,
    separator: SeparatorOption = None,
    set_aside: SetAsideOption = None,
    strict: Annotated[bool, typer.Option("--strict", help=both("有任何一行要搁置就拒绝装入。", "Refuse if any row would be set aside."))] = False,
    pseudonyms: PseudonymsOption = None,
    people: PeopleOption = None,
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
    from graphkit.cli.inspecting import say_readings
    from graphkit.cli.reading import aside_before, open_model, read_source, write_store
    from graphkit.cli.summary import say_counts, say_joined, say_problems, say_repaired, say_since, say_waiting
    from graphkit.data.problems import fold_cells, fold_ends
    from graphkit.data.pseudonyms import need_outside
    from graphkit.errors import TableError
    from graphkit.store.connect import connect

    if pseudonyms is not None:
        need_outside(pseudonyms, store)
    with connect(store, database=database, dataset=dataset) as opened:
        options = {
            "mapping": mapping,
            "encoding": encoding,
            "separator": separator,
            "pseudonyms": pseudonyms,
            "people": people,
            "model": open_model(model),
        }
        loading = read_source(source, lang_of(lang), **options)
        tables, problems = loading.tables, loading.problems
        aside = [problem for problem in problems if problem.effect == "quarantine"]
        nothing_left = not tables.node_count + tables.tie_count  # nothing is no district, and must not take the place of one
        if aside and (strict or nothing_left):
            raise TableError(aside, lang=lang_of(lang))
        before = aside_before(opened)
        write_store(tables, opened, name=store, lang=lang_of(lang))
    typer.echo(say_readings(loading.readings, lang_of(lang)), nl=False)
    typer.echo(say_counts(tables, lang_of(lang)))
    typer.echo(say_joined(tables, lang_of(lang)), nl=False)
    typer.echo(say_repaired(tables, lang_of(lang)), nl=False)
    typer.echo(say_problems(fold_ends(fold_cells(problems, tables.model), tables.model), lang_of(lang), show=5))
    typer.echo(say_waiting(tables, lang_of(lang)) + say_since(before, tables, lang_of(lang)), nl=False)
    if set_aside is not None:
        _write_set_aside(loading, set_aside, lang, mapped=mapping is not None)
    if pseudonyms is not None:
        tell(
            lang,
            f"人员和农户的编号已换成假名。密钥 {pseudonyms} 请与数据分开保管：下次用同一把，假名才相同。",
            f"The ids of members and households are pseudonyms now. Keep the key {pseudonyms} apart from the data: only with it they will be the same next time.",
        )
    _need_rows(tables, source, lang)
    gaps_next = next_command("gaps", store, database, dataset)
    tell(lang, f"已装入 {store}。接着问：{gaps_next}", f"Loaded into {store}. Ask next: {gaps_next}")


def _need_rows(tables: Tables, source: Path, lang: Spoken | None) -> None:
    """End with an error where all rows of a table were set aside: such a load did not do what it was meant to."""
    from graphkit.cli.summary import is_all_aside

    if nothing := [kind.heading for kind in tables.model.kinds if is_all_aside(tables, kind.table)]:
        zh, en = "、".join(heading.zh for heading in nothing), ", ".join(heading.en for heading in nothing)
        tell(
            lang,
            f"“{zh}”没有一行能装入：逐条看问题：graphkit check {source}",
            f"Of {en} no row could be loaded. See every problem: graphkit check {source}",
        )
        raise typer.Exit(3)


def _write_set_aside(loading: Loading, path: Path, lang: Spoken | None, *, mapped: bool) -> None:
    """The rows that were set aside, where there are any, as a workbook to correct; a mapping does not read its form, so there the original is corrected."""
    from graphkit.data.aside import write_set_aside

    if not loading.tables.quarantine.num_rows:
        tell(lang, "没有搁置的行。", "No row was set aside.")
        return
    write_set_aside(loading.tables, loading.problems, path, lang=lang_of(lang))
    if mapped:
        tell(
            lang,
            f"搁置的行在 {path}：照批注改正原件，再装入；对照文件读不了这个工作簿。",
            f"The rows set aside are in {path}: correct the original as the comments say and load again; the mapping does not read this workbook.",
        )
        return
    tell(
        lang,
        f"搁置的行在 {path}：照批注改好，与原来的文件放在一起再装入。",
        f"The rows set aside are in {path}: correct them as the comments say, put it beside the other files and load again.",
    )


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
        with show_step(say(lang, f"生成 {villages} 个村", f"Making {villages} villages")):
            tables = generate_district(villages=villages, seed=seed)
        write_store(tables, opened, name=store, lang=lang_of(lang))
    tell(
        lang,
        f"{store}：{tables.node_count:,} 个节点，{tables.tie_count:,} 条关系。",
        f"{store}: {tables.node_count:,} nodes, {tables.tie_count:,} ties.",
    )

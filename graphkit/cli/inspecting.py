"""Looking at files before they are loaded: what was recognised in them, and a first draft of what it means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from xlsxwriter.utility import xl_col_to_name

from graphkit.cli.options import BRING, EncodingOption, LangOption, SeparatorOption, app, lang_of, tell
from graphkit.cli.words import both
from graphkit.words import Lang, Text

if TYPE_CHECKING:
    from loaders.gathered import SheetReading
    from loaders.regions import Region
    from loaders.sheets import Grid, Skipped

_FIRST_ROWS = 3
_SHOWN_ROWS = 12  # numbers of rows skipped
_PERSONAL_HEADINGS = (
    "姓名",
    "户主",
    "名字",
    "身份证",
    "身份号码",
    "电话",
    "手机",
    "联系方式",
    "住址",
    "地址",
    "签字",
    "name",
    "phone",
    "address",
    "mobile",
)

FilesArgument = Annotated[Path, typer.Argument(metavar="SOURCE", help=both("一个文件、文件夹或压缩包。", "A file, a folder or a ZIP."))]


@app.command(rich_help_panel=BRING)
def inspect(file: FilesArgument, *, encoding: EncodingOption = None, separator: SeparatorOption = None, lang: LangOption = None) -> None:
    """Look at files before they are loaded; writes nothing.

    Names sheets, tables, headings, encoding, and shows the first rows with what may be personal masked.

    装入之前先看看文件，什么也不写。

    给出工作表、表格、表头、编码和前几行；可能涉及个人的内容以 *** 代替。
    """
    spoken = lang_of(lang)
    for grid in _read(file, encoding, separator):
        typer.echo("\n".join(_say_grid(grid, spoken)))
    typer.echo(Text(f"写对照文件的草稿：graphkit map-columns {file}", f"A first draft of a mapping: graphkit map-columns {file}").say(spoken))


@app.command("map-columns", rich_help_panel=BRING)
def map_columns(
    source: FilesArgument,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="M.toml", help=both("写入文件；默认显示出来。", "Write to this file; shown by default."))
    ] = None,
    encoding: EncodingOption = None,
    separator: SeparatorOption = None,
    lang: LangOption = None,
) -> None:
    """Write a first draft of a mapping from headings and values; look at every line marked with a question mark.

    按表头和取值写出对照文件的草稿；带问号的各行请逐一核对。
    """
    from graphkit.files import replacing
    from loaders.mapping.draft import draft_mapping

    text = draft_mapping(_read(source, encoding, separator))
    if out is None:
        typer.echo(text, nl=False)
        return
    with replacing(out) as coming:
        coming.write_text(text, encoding="utf-8")
    tell(
        lang,
        f"写好了：{out}\n核对以后：graphkit check {source} --mapping {out}",
        f"Written: {out}\nOnce corrected: graphkit check {source} --mapping {out}",
    )


def _read(source: Path, encoding: str | None, separator: str | None) -> list[Grid]:
    from loaders.files import ReadOptions, list_sources, read_grids

    return [grid for one in list_sources(source) for grid in read_grids(one, ReadOptions(encoding, separator))]


# In words


def say_readings(readings: Sequence[SheetReading], lang: Lang) -> str:
    """What was taken for what, and which rows were left out, a block a sheet; nothing of sheets of which nothing is to be said."""
    lines = []
    for reading in readings:
        skipped = [f"{part.reason.say(lang)}{_say_rows(part.rows, lang)}" for part in reading.skipped if _is_worth_saying(part)]
        said = [note.say(lang) for note in reading.notes] + ([_say_skipped(skipped, lang)] if skipped else [])
        if said:
            lines.append(" · ".join(part for part in (reading.file, reading.sheet) if part))
            lines += [f"  {line}" for line in said]
    return "".join(f"{line}\n" for line in lines)


def _is_worth_saying(skipped: Skipped) -> bool:
    """Whether it is news: headings in the first row are none."""
    from loaders.regions import HEADING

    return skipped.reason != HEADING or skipped.rows != (1,)


def _say_skipped(skipped: Sequence[str], lang: Lang) -> str:
    return Text(f"不是数据：{'；'.join(skipped)}", f"no data: {'; '.join(skipped)}").say(lang)


def _say_rows(rows: Sequence[int], lang: Lang) -> str:
    shown = ", ".join(str(row) for row in rows[:_SHOWN_ROWS]) + (" …" if len(rows) > _SHOWN_ROWS else "")
    return Text(f"（第 {shown} 行）", f" (row {shown})" if len(rows) == 1 else f" (rows {shown})").say(lang)


def _say_grid(grid: Grid, lang: Lang) -> Iterator[str]:
    from loaders.regions import find_regions

    yield " · ".join(part for part in (grid.source, grid.name) if part)
    size = Text(
        f"  {len(grid.rows) + len(grid.misfits)} 行，{len(grid.columns)} 列",
        f"  {len(grid.rows) + len(grid.misfits)} rows, {len(grid.columns)} columns",
    )
    yield size.say(lang)
    yield from (f"  {note.say(lang)}" for note in grid.notes)
    if grid.misfits:
        yield Text(f"  有 {len(grid.misfits)} 行宽度不同", f"  {len(grid.misfits)} rows of another width").say(lang)
    regions = find_regions(grid)
    if not regions:
        yield Text("  没有找到表格", "  no table was found").say(lang)
    for region in regions:
        yield from _say_region(grid, region, lang)
    yield ""


def _say_region(grid: Grid, region: Region, lang: Lang) -> Iterator[str]:
    from graphkit.cli.summary import draw_table
    from loaders.regions import cut

    sheet = cut(grid, region)
    place = f"{xl_col_to_name(region.left)}{grid.rows[region.top]}:{xl_col_to_name(region.right - 1)}{grid.rows[region.bottom - 1]}"
    yield Text(
        f"  表格 {place}：表头 {region.heading_rows} 行，数据 {len(sheet.rows)} 行",
        f"  table {place}: {region.heading_rows} heading row(s), {len(sheet.rows)} rows of data",
    ).say(lang)
    skipped = [f"{part.reason.say(lang)}{_say_rows(part.rows, lang)}" for part in sheet.skipped[1:]]
    if skipped:
        yield f"  {_say_skipped(skipped, lang)}"
    yield from (f"  {note.say(lang)}" for note in sheet.notes[len(grid.notes) :])
    headings = [heading or "–" for heading in sheet.headings]
    rows = [
        [_mask(heading, column[row].as_py()) for heading, column in zip(headings, sheet.columns, strict=True)]
        for row in range(min(_FIRST_ROWS, len(sheet.rows)))
    ]
    examples = [" | ".join(cells) for cells in zip(*rows, strict=True)] if rows else ["" for _ in headings]
    titles = [Text("列", "column").say(lang), Text("表头", "heading").say(lang), Text("前几行", "first rows").say(lang)]
    shown = _mask_headings(headings)
    yield draw_table(
        titles, [(xl_col_to_name(region.left + n), heading, example) for n, (heading, example) in enumerate(zip(shown, examples, strict=True))]
    )


def _mask(heading: str, cell: str | None) -> str:
    """A cell as it may be shown: masked where its heading speaks of persons or it may be a name or a number of one."""
    from graphkit.privacy import LONGEST_SHOWN, MASK, may_be_personal

    if cell is None:
        return ""
    personal = any(word in heading.casefold() for word in _PERSONAL_HEADINGS) or may_be_personal(cell)
    return MASK if personal else " ".join(cell.split())[:LONGEST_SHOWN]


def _mask_headings(headings: Sequence[str]) -> list[str]:
    """Headings as they may be shown: where none of them is like a known one they may be somebody's data, and numbers of persons are no heading."""
    from graphkit.privacy import MASK, may_be_personal
    from loaders.mapping.draft import guess_columns
    from loaders.mapping.synonyms import COLUMNS

    known = any(guess_columns(headings, columns) for columns in COLUMNS.values())
    return [
        MASK if (any(letter.isdigit() for letter in heading) and may_be_personal(heading)) or (not known and may_be_personal(heading)) else heading
        for heading in headings
    ]

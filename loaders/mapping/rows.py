"""From a grid to the rows a mapping speaks of: the region, then one verb of ``[[read]]`` after another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.data.buffers import holds_any, is_ascii, is_tidy
from graphkit.errors import SourceError
from graphkit.words import Text, fold
from loaders.headings import name_nearest
from loaders.mapping.beside import say_beside
from loaders.mapping.language import Read
from loaders.mapping.shown import split_picked, take_beside
from loaders.normalise import plain
from loaders.regions import ASKED, MOST_TITLES, NOTE, TITLE, Region, count_heading_rows, cut, filled_cells, find_regions, flatten_headings
from loaders.sheets import Grid, Sheet, Skipped, refuse

DITTO = ("同上", "同前", "〃", "″", '"', "''", "ditto", "do.")
_DITTO = frozenset(DITTO)
_FIELD = re.compile(r"\{(\w+)(:int)?\}")


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of one sheet by heading, each with its number; several may come of one row of the sheet.

    Attributes
    ----------
    sheet : Sheet
        Where they were read, with what was skipped and is to be said.
    columns : dict of str to Array
        Text of each column, by its folded heading.
    numbers : int64 array
        Number of the row of the sheet.
    read : int
        Rows of the sheet that hold something.
    left : tuple of Text
        What of the sheet nothing reads.
    """

    sheet: Sheet
    columns: dict[str, pa.Array]
    numbers: NDArray[np.int64]
    read: int
    left: tuple[Text, ...] = ()

    def get(self, heading: str) -> pa.Array | None:
        """The column under a heading, or None."""
        return self.columns.get(fold(heading))


def take_rows(grid: Grid, read: Read, others: Sequence[Read] = ()) -> Rows:
    """Take the rows out of a grid, as the verbs of a read say; `others` are further reads of the same grid.

    Raises
    ------
    SourceError
        If the region or a column named cannot be found.
    """
    sheet, left = (_form(grid, read), ()) if read.layout == "form" else _table(grid, read, others)
    sheet = _stop(sheet, read.stop)
    sheet = _skip(sheet, read.skip)
    columns = _by_heading(sheet, _fields(grid, read))
    beside = take_beside(columns, read)  # a row in which nothing stands but a name that a formula shows is blank
    held = np.zeros(len(sheet.rows), bool)
    for column in columns.values():
        held |= pc.is_valid(column).to_numpy(zero_copy_only=False)
    columns, beside = filter_columns(columns, held), filter_columns(beside, held)
    filled, repeated = _fill(sheet, columns, read)
    filled |= beside
    named = {**filled, **{fold(name): pa.repeat(pa.scalar(value), int(held.sum())) for name, value in _fields(grid, read).items()}}
    if repeated:
        sheet = replace(
            sheet, notes=(*sheet.notes, Text(f"“同上”读成上一行的内容：{repeated} 格", f"'ditto' read as the cell above: {repeated} cells"))
        )
    rows = Rows(sheet, named, sheet.rows[held], int(held.sum()), left)
    rows = _split(rows, read.split)
    return _unpivot(replace(rows, columns=split_picked(rows.columns, read)), read)


def filter_columns(columns: dict[str, pa.Array], kept: NDArray[np.bool_]) -> dict[str, pa.Array]:
    """Return the rows that are kept, the very columns where that is all of them."""
    chosen = None if kept.all() else pa.array(kept)
    return columns if chosen is None else {name: column.filter(chosen) for name, column in columns.items()}


def _by_heading(sheet: Sheet, fields: dict[str, str]) -> dict[str, pa.Array]:
    """Columns by folded heading, empty text as null; of two with one heading the second goes by ``heading#2``."""
    columns: dict[str, pa.Array] = {}
    for heading, column in zip(sheet.headings, sheet.columns, strict=True):
        name, again = fold(heading), 2
        if not name:
            continue
        while name in columns or name in fields:
            name, again = f"{fold(heading)}#{again}", again + 1
        columns[name] = column if is_tidy(column) else _trim(column)
    return columns


def _trim(column: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _fields(grid: Grid, read: Read) -> dict[str, str]:
    """Columns that stand in the name of the file."""
    if not read.name:
        return {}
    pieces = _FIELD.split(read.name)
    pattern = "".join(
        re.escape(piece) if place % 3 == 0 else (f"(?P<{piece}>{'[0-9]+' if pieces[place + 1] else '.+?'})" if place % 3 == 1 else "")
        for place, piece in enumerate(pieces)
    )
    found = re.fullmatch(pattern, grid.path.stem)
    if found is None:
        raise refuse(f"文件名不是 {read.name} 的样子", f"the name of the file is not like {read.name}", path=grid.path)
    return found.groupdict()


# Region


def _table(grid: Grid, read: Read, others: Sequence[Read]) -> tuple[Sheet, tuple[Text, ...]]:
    filled = filled_cells(grid)
    region = _region(grid, read, filled)
    whole = Region(0, len(grid.rows), 0, len(grid.columns), 0)
    beside, left = say_beside(grid, filled, region, [_corner(other.at, whole) for other in others if other.at])
    sheet = cut(grid, region, read.headings or None)
    begin = int(grid.rows[region.top]) if len(grid.rows) > region.top else 1
    above = (*grid.rows[: region.top].tolist(), *(number for number, _ in sheet.misfits if number < begin))
    below = tuple(grid.rows[region.bottom :].tolist())
    skipped = [*sheet.skipped]
    if above:
        skipped.insert(0, Skipped(TITLE, tuple(sorted(above))))
    if below:
        skipped.append(Skipped(NOTE, below))
    misfits = tuple(misfit for misfit in sheet.misfits if misfit[0] >= begin)
    told = [note for note in beside if note not in left]  # what is left is told with what else nothing reads
    return replace(sheet, skipped=tuple(skipped), misfits=misfits, notes=(*sheet.notes, *told)), tuple(left)


def _region(grid: Grid, read: Read, filled: NDArray[np.bool_]) -> Region:
    whole = Region(0, len(grid.rows), 0, len(grid.columns), 0)
    if read.at:
        whole = _corner(read.at, whole)
    elif read.heading:
        whole = replace(whole, top=_find_heading(grid, read))
    elif not read.headings:
        whole = _largest(grid, filled)
    if read.headings:
        return replace(whole, heading_rows=read.heading_rows or 0)
    counted = read.heading_rows or count_heading_rows(grid, filled, replace(whole, heading_rows=1))
    return replace(whole, heading_rows=counted)


def _corner(at: str, whole: Region) -> Region:
    """The region that begins at a cell such as ``F3``, and ends with a column or a cell if one is named."""
    first, _, last = at.partition(":")
    left, top = _place(first)
    right, bottom = _place(last) if last else (whole.right - 1, whole.bottom - 1)
    return Region(top, min(whole.bottom, bottom + 1), left, min(whole.right, right + 1), 0)


def _place(cell: str) -> tuple[int, int]:
    """Column and row, from 0, of a cell such as ``F3``; of ``F`` alone, the last row there may be."""
    letters, digits = re.fullmatch(r"([A-Z]+)([0-9]*)", cell).groups()  # type: ignore[union-attr]  # checked by the reader
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1, int(digits) - 1 if digits else 2**20


def _find_heading(grid: Grid, read: Read) -> int:
    wanted = {fold(heading) for heading in read.heading}
    for position in range(len(grid.rows)):
        if wanted <= {fold(cell) for cell in grid.row(position) if cell}:
            return position
    raise refuse(
        f"没有一行同时有这些表头：{'、'.join(read.heading)}",
        f"no row holds all of these headings: {', '.join(read.heading)}",
        path=grid.path,
        sheet=grid.name,
    )


def _largest(grid: Grid, filled: NDArray[np.bool_]) -> Region:
    """The largest table of the sheet, and what stands below it as far as it is no other table with headings of its own."""
    regions = find_regions(grid, filled)
    if not regions:
        raise refuse(
            "没有找到表格；请用 at 或 heading 指明", "no table was found; name its place with at or heading", path=grid.path, sheet=grid.name
        )
    best = max(regions, key=lambda region: (region.bottom - region.top) * (region.right - region.left))
    first = next(
        (
            other
            for other in regions
            if other.left == best.left and other.right == best.right and other.bottom <= best.top and _alike(grid, other, best)
        ),
        best,
    )
    below = [other.top for other in regions if other.top >= best.bottom and not _is_data(grid, other)]
    return replace(first, bottom=min(below, default=len(filled)))


def _alike(grid: Grid, one: Region, other: Region) -> bool:
    """Whether the second is the first going on after a blank row, rather than a table of its own."""
    return one.top <= MOST_TITLES and one.heading_rows >= 1 and _is_data(grid, other)


def _is_data(grid: Grid, region: Region) -> bool:
    """Whether the first row of a region looks like data: a number stands in it."""
    cells = [cell for cell in grid.row(region.top)[region.left : region.right] if cell]
    return any(re.fullmatch(r"[0-9.,%/-]+", plain(cell)) for cell in cells)


def _form(grid: Grid, read: Read) -> Sheet:
    """One record a sheet: labels in one column, values in another."""
    label, value = (_place(letters)[0] for letters in (read.label, read.value))
    if max(label, value) >= len(grid.columns):
        raise refuse("没有标签或取值的那一列", "there is no such column of labels or values", path=grid.path, sheet=grid.name)
    pairs = [
        ("".join((name or "").split()).rstrip(":："), cell)
        for name, cell in zip(grid.columns[label].to_pylist(), grid.columns[value].to_pylist(), strict=True)
    ]
    pairs = [(name, cell) for name, cell in pairs if name]
    columns = tuple(pa.array([cell], pa.string()) for _, cell in pairs)
    others = tuple(grid.rows[1:].tolist())
    return Sheet(
        grid.path, grid.name, tuple(name for name, _ in pairs), columns, grid.rows[:1], grid.misfits, grid.source,
        (Skipped(Text("表单的其余各行", "the other rows of the form"), others),) if others else (), grid.notes,
    )  # fmt: skip


# Rows


def _stop(sheet: Sheet, pattern: str) -> Sheet:
    """Leave out the rows from the first of which a cell matches."""
    if not pattern:
        return sheet
    held = np.zeros(len(sheet.rows), bool)
    for column in sheet.columns:
        held |= pc.fill_null(_matches(column, pattern), fill_value=False).to_numpy(zero_copy_only=False)
    begin = int(np.argmax(held)) if held.any() else len(held)
    return _without(sheet, np.arange(len(held)) >= begin)


def _matches(column: pa.Array, pattern: str) -> pa.Array:
    """Which cells begin with what the pattern says; each different text is looked at once."""
    encoded = column.dictionary_encode()
    compiled = re.compile(pattern)
    return pa.array([compiled.match(plain(text)) is not None for text in encoded.dictionary.to_pylist()], pa.bool_()).take(encoded.indices)


def _skip(sheet: Sheet, skip: dict[str, str]) -> Sheet:
    """Leave out the rows in which a cell of a column is all of what the pattern says."""
    held = np.zeros(len(sheet.rows), bool)
    for heading, pattern in skip.items():
        place = find_column(sheet, heading)
        held |= pc.fill_null(_matches(sheet.columns[place], rf"(?:{pattern})$"), fill_value=False).to_numpy(zero_copy_only=False)
    return _without(sheet, held)


def _without(sheet: Sheet, left_out: NDArray[np.bool_]) -> Sheet:
    if not left_out.any():
        return sheet
    kept = pa.array(~left_out)
    skipped = (*sheet.skipped, Skipped(ASKED, tuple(sheet.rows[left_out].tolist())))
    return replace(sheet, columns=tuple(column.filter(kept) for column in sheet.columns), rows=sheet.rows[~left_out], skipped=skipped)


def find_column(sheet: Sheet, heading: str) -> int:
    """Position of the column under a heading.

    Raises
    ------
    SourceError
        If there is none: with the nearest.
    """
    folded = [fold(text) for text in sheet.headings]
    if fold(heading) in folded:
        return folded.index(fold(heading))
    raise missing_column(sheet, [heading])


def missing_column(sheet: Sheet, headings: Sequence[str]) -> SourceError:
    """Make the error that says which columns a mapping names and a sheet does not have."""
    said = say_missing(sheet, headings)
    return refuse(
        f"没有对照文件里的列：{said.zh}",
        f"it has no such columns as the mapping names: {said.en}",
        path=sheet.path,
        sheet=sheet.name,
        column=headings[0],
    )


def say_missing(sheet: Sheet, headings: Sequence[str]) -> Text:
    """Name headings that a sheet does not have, each with the nearest that it has."""
    near = {heading: name_nearest(heading, [text for text in sheet.headings if text]) for heading in headings}
    return Text(
        "、".join(f"“{heading}”" + (f"（是否改成了“{like}”？）" if like else "") for heading, like in near.items()),
        ", ".join(f"{heading!r}" + (f" (is it {like!r} now?)" if like else "") for heading, like in near.items()),
    )


def _fill(sheet: Sheet, columns: dict[str, pa.Array], read: Read) -> tuple[dict[str, pa.Array], int]:
    """Columns with words for unknown emptied, ditto marks and, where asked for, empty cells filled from above; and how many ditto marks."""
    missing = frozenset(plain(word).casefold() for word in read.missing)
    down = {fold(heading): find_column(sheet, heading) for heading in read.fill_down}
    filled, repeated = {}, 0
    for name, column in columns.items():
        likely = _may_be(column, missing | _DITTO)
        dittos = {text for text in likely if plain(text) in DITTO}
        none = dittos | {text for text in likely if plain(text).casefold() in missing}
        emptied = (
            pc.if_else(pc.is_in(column, value_set=pa.array(sorted(none), pa.string())), pa.scalar(None, pa.string()), column) if none else column
        )
        if name in down:
            emptied = pc.fill_null_forward(emptied)
        elif dittos:
            marks = pc.is_in(column, value_set=pa.array(sorted(dittos)))
            repeated += int(pc.sum(marks).as_py() or 0)
            emptied = pc.if_else(marks, pc.fill_null_forward(emptied), emptied)
        filled[name] = emptied
    return filled, repeated


def _may_be(column: pa.Array, wanted: frozenset[str]) -> list[str]:
    """Each different text that may be one of those wanted: one that is in small letters, and any that is not ASCII and so may be written otherwise."""
    ascii_words = {word for word in wanted if word.isascii()}
    if is_ascii(column) and not holds_any(column, {letter for word in ascii_words for letter in (word[:1].lower(), word[:1].upper())}):
        return []
    lengths = pa.array(sorted(map(len, ascii_words)), pa.int32())
    likely = pc.or_(pc.is_in(pc.binary_length(column), value_set=lengths), pc.invert(pc.string_is_ascii(column)))  # a look that costs little
    words = column.filter(likely).drop_null().unique()
    held = pc.or_(pc.is_in(pc.utf8_lower(words), value_set=pa.array(sorted(wanted), pa.string())), pc.invert(pc.string_is_ascii(words)))
    found: list[str] = words.filter(held).to_pylist()
    return found


def _split(rows: Rows, split: dict[str, str]) -> Rows:
    """Rows in which a cell holds several, as several rows."""
    for heading, marks in split.items():
        name = fold(heading)
        if name not in rows.columns:
            raise missing_column(rows.sheet, [heading])
        pattern = re.compile(f"[{re.escape(marks)}]+")
        lists = [
            [part.strip() for part in pattern.split(cell) if part.strip()] or [None] if cell else [None] for cell in rows.columns[name].to_pylist()
        ]
        places = np.repeat(np.arange(len(lists)), [len(parts) for parts in lists])
        columns = {key: column.take(pa.array(places)) for key, column in rows.columns.items()}
        columns[name] = pa.array([part for parts in lists for part in parts], pa.string())
        rows = replace(rows, columns=columns, numbers=rows.numbers[places])
    return rows


def _unpivot(rows: Rows, read: Read) -> Rows:
    """Columns side by side as rows one below the other: the heading in one new column, the cell in another; empty cells say nothing."""
    if not read.unpivot_columns:
        return rows
    wide = [name for name in rows.columns if any(fnmatchcase(name, fold(pattern)) for pattern in read.unpivot_columns)]
    if not wide:
        raise missing_column(rows.sheet, list(read.unpivot_columns))
    shown = {fold(heading): heading for heading in rows.sheet.headings}
    parts: list[dict[str, pa.Array]] = []
    numbers = []
    for name in wide:
        held = pc.is_valid(rows.columns[name])
        part = {key: column.filter(held) for key, column in rows.columns.items() if key not in wide}
        cells = rows.columns[name].filter(held)
        part[fold(read.unpivot_into[0])] = pa.repeat(pa.scalar(shown.get(name, name)), len(cells))
        part[fold(read.unpivot_into[1])] = cells
        parts.append(part)
        numbers.append(rows.numbers[held.to_numpy(zero_copy_only=False)])
    columns = {key: pa.chunked_array([part[key] for part in parts], pa.string()).combine_chunks() for key in parts[0]}
    return replace(rows, columns=columns, numbers=np.concatenate(numbers))


def headings_of(grid: Grid, region: Region) -> list[str]:
    """Headings of a region as a mapping names them."""
    return flatten_headings(grid, region)

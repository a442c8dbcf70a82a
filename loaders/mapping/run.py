"""Running a mapping: every file that a read names, every saying of every row, into what the loader of the canonical form gathers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path

from graphkit.errors import SourceError
from graphkit.identity.matching import Gazetteer, acheng_gazetteer, read_gazetteer
from graphkit.model.types import NodeType, TieType
from graphkit.words import Text, fold
from loaders.files import ReadOptions, Source, read_grids
from loaders.gathered import Gathered, SheetReading
from loaders.mapping.beside import say_doubled
from loaders.mapping.cells import Counts, say_rows
from loaders.mapping.extras import carry_extras, settle_extras
from loaders.mapping.language import Mapping, Read
from loaders.mapping.named import Lookup, resolve_names, resolve_places
from loaders.mapping.rows import Rows, take_rows
from loaders.mapping.shown import Shown, tell_shown
from loaders.regions import filled_cells
from loaders.registers import NAME as REGISTERS
from loaders.sheets import GUIDE_SHEETS, Grid, Skipped, refuse

ACHENG = "acheng-2023"
_SHOWN = 10


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """What a mapping is run with, and the ends of ties that it will look for once everything is read."""

    mapping: Mapping
    places: Gazetteer | None
    gathered: Gathered
    lookups: list[Lookup] = field(default_factory=list)
    places_by_name: list[Lookup] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)  # places of the reads that took a sheet


def load_mapped(sources: Sequence[Source], mapping: Mapping, options: ReadOptions, gathered: Gathered) -> list[SourceError]:
    """Read every source by the mapping into `gathered`; what cannot be read is returned as errors, to be told together.

    A file or sheet that no read names is not read, and that is said.
    """
    errors: list[SourceError] = []
    run = _Run(mapping, open_places(mapping), gathered)
    for source in sources:
        reads = [read for read in mapping.reads if fnmatchcase(source.name, read.files) or fnmatchcase(Path(source.name).name, read.files)]
        if not reads:
            gathered.readings.append(SheetReading(source.name, None, (), 0, 0, 0, notes=(_UNREAD,), left=(_UNREAD,)))
            continue
        try:
            grids = read_grids(source, options)
        except SourceError as error:
            errors.append(error)
            continue
        errors += _read_grids(grids, reads, run)
    errors += _say_idle(sources, run)
    resolve_places(gathered, run.places_by_name)
    resolve_names(gathered, run.lookups)
    tell_shown(gathered, run.shown)
    if mapping.extras:
        settle_extras(gathered, mapping.model, mapping.extras)
    return errors


def _say_idle(sources: Sequence[Source], run: _Run) -> list[SourceError]:
    """Say which reads took no sheet at all; the error if none of them did."""
    idle = [read for place, read in enumerate(run.mapping.reads) if place not in run.taken]
    if idle and len(idle) == len(run.mapping.reads) and sources:
        there = "、".join(
            sorted({f"{reading.file} · {reading.sheet}" if reading.sheet else reading.file for reading in run.gathered.readings})[:_SHOWN]
        )
        return [
            refuse(
                f"没有一个文件或工作表是对照文件要读的；有：{there}",
                f"no file and no sheet is one that the mapping reads; there are: {there.replace('、', ', ')}",
                path=Path(run.mapping.path),
            )
        ]
    for read in _without_twins(idle, run) if run.mapping.path == REGISTERS else idle:
        note = Text(
            f"对照文件要读“{read.files}”的“{read.sheet}”，没有这样的文件或工作表",
            f"the mapping reads {read.sheet!r} of {read.files!r}: there is none",
        )
        run.gathered.readings.append(SheetReading(run.mapping.path, None, (), 0, 0, 0, notes=(note,), left=(note,)))
    return []


def _without_twins(idle: Sequence[Read], run: _Run) -> list[Read]:
    """Of the reads of the registers, which are there in both languages, those whose sheet is there in neither; each once."""
    seen = {_tables_of(run.mapping.reads[place]) for place in run.taken}
    left: dict[tuple[str, ...], Read] = {}
    for read in idle:
        if (tables := _tables_of(read)) not in seen:
            left.setdefault(tables, read)
    return list(left.values())


def _tables_of(read: Read) -> tuple[str, ...]:
    return tuple(saying.kind.table for saying in read.sayings)


def _skip_all(grid: Grid) -> SheetReading:
    """What became of a sheet that no read names: its rows are skipped."""
    filled = filled_cells(grid).any(axis=1)
    numbers = (*grid.rows[filled].tolist(), *(number for number, _ in grid.misfits))
    skipped = (Skipped(_UNREAD, tuple(sorted(numbers))),) if numbers else ()
    return SheetReading(grid.source, grid.name, (), 0, 0, int((~filled).sum()), skipped, (_UNREAD,), (_UNREAD,))


_UNREAD = Text("对照文件里没有 [[read]] 读它", "no [[read]] of the mapping takes it")


def open_places(mapping: Mapping) -> Gazetteer | None:
    """The list of places that a mapping names, beside the mapping itself; None where they go by their names."""
    if not mapping.places or mapping.by_name:
        return None
    if mapping.places == ACHENG:
        return acheng_gazetteer()
    return read_gazetteer(Path(mapping.path).parent / mapping.places, on=mapping.places_on, within=mapping.places_within)


def _read_grids(grids: Sequence[Grid], reads: Sequence[Read], run: _Run) -> list[SourceError]:
    errors = []
    for position, grid in enumerate(grids):
        chosen = [read for read in reads if _names_sheet(read, grid, last=position == len(grids) - 1)]
        if not chosen and fold(grid.name or "") not in GUIDE_SHEETS:
            run.gathered.readings.append(_skip_all(grid))
        for read in chosen:
            run.taken.add(next(place for place, one in enumerate(run.mapping.reads) if one is read))
            try:
                rows = take_rows(grid, read, [other for other in chosen if other is not read])
                left = [*rows.left, *(_left_over(rows, chosen, run.mapping) if read is chosen[-1] else [])]
                _say(rows, read, left, run)
            except SourceError as error:
                errors.append(error)
    return errors


def _names_sheet(read: Read, grid: Grid, *, last: bool) -> bool:
    return grid.name is None or (last and read.sheet == "last") or fnmatchcase(grid.name, read.sheet)


def _say(rows: Rows, read: Read, left_over: Sequence[Text], run: _Run) -> None:
    counts = Counts()
    for number, saying in enumerate(carry_extras(read.sayings, rows, run.mapping.extras)):
        said = say_rows(rows, saying, run.places, counts)
        sheet = said.sheet
        for name, cell in saying.cells.items():
            place = (sheet.file, sheet.name, saying.kind.table, name)
            run.gathered.called.setdefault(place, {}).update(dict.fromkeys(cell.columns[-1:] if cell.place else cell.columns[:1]))
        first = sum(part.num_rows for part in run.gathered.parts.get(saying.kind.table, ()))
        for column, parts in said.named.items():
            looked = run.places_by_name if saying.cells[column].place else run.lookups
            looked.append(Lookup(saying.kind, column, first, parts))
        for column, (picked, beside) in said.shown.items():
            several = any(fold(heading) == fold(saying.cells[column].columns[0]) for heading in read.split)
            if isinstance(saying.kind, TieType):
                run.shown.append(Shown(saying.kind, column, first, picked, beside, several))
        if number == 0:
            sheet = replace(sheet, misfits=rows.sheet.misfits)  # each row set aside once, with the first that it would have said
        run.gathered.add(sheet, saying.kind, said.found, counts.repaired)
        counts.repaired = []
    tables = [saying.kind.table for saying in read.sayings]
    run.gathered.note(replace(rows.sheet, notes=(*rows.sheet.notes, *counts.notes())), list(dict.fromkeys(tables)), rows.read, left=left_over)


def _left_over(rows: Rows, reads: Sequence[Read], mapping: Mapping) -> list[Text]:
    """Columns of a sheet that none of its reads reads, and nobody dropped on purpose."""
    cells = [cell for read in reads for saying in read.sayings for cell in saying.cells.values()]
    used = {fold(heading) for cell in cells for heading in cell.columns} | {fold(heading) for heading in mapping.drop}
    if any(isinstance(saying.kind, NodeType) for read in reads for saying in read.sayings):
        used |= {fold(extra.heading) for extra in mapping.extras}
    used |= {fold(heading) for read in reads for saying in read.sayings for heading in saying.where}
    used |= {fold(name) for read in reads for name in read.names.values()}
    wide = [fold(pattern) for read in reads for pattern in read.unpivot_columns]
    left = [
        heading for heading in rows.sheet.headings if heading and fold(heading) not in used and not any(fnmatchcase(fold(heading), w) for w in wide)
    ]
    doubled = say_doubled(rows.sheet.headings, frozenset(used)) if not wide else []
    if not left:
        return doubled
    shown = left[:_SHOWN]
    more = f" (+{len(left) - len(shown)})" if len(left) > len(shown) else ""
    return [*doubled, Text(f"没有读取的列：{'、'.join(shown)}{more}", f"columns that nothing reads: {', '.join(shown)}{more}")]

"""What was read so far, by table, and every line of every file accounted for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from graphkit.data.breaches import RULES, Breach
from graphkit.data.problems import Problem
from graphkit.data.tables import COUNTS, QUARANTINE, REPAIRED, UNREAD, Tables
from graphkit.model.kinds import COMPLETENESS, MODEL
from graphkit.model.model import Model
from graphkit.model.types import NodeType, TieType
from graphkit.words import Text, fold, same
from loaders.columns import type_columns
from loaders.headings import kinds_by_name
from loaders.regions import BETWEEN
from loaders.sheets import Sheet, Skipped


@dataclass(frozen=True, slots=True)
class SheetReading:
    """What became of the rows of one table of one sheet.

    Attributes
    ----------
    file : str
        The file, relative to what was loaded.
    sheet : str or None
        Name of the sheet; None for a CSV.
    tables : tuple of str
        Names of the tables that its rows speak of; empty where nobody asked for them.
    rows : int
        Rows that say something and went on to be checked.
    misfits : int
        Rows set aside before a cell was read: those of a CSV of another width, and those of a sheet of an unknown name that may be a table.
    blank : int
        Rows with nothing in them.
    skipped : tuple of Skipped
        Rows that are no data, by reason.
    notes : tuple of Text
        What a reader should know: encoding taken, what is hidden, totals that do not add up, repairs made.
    left : tuple of Text
        Those of the notes that tell of columns and sheets that were not read.
    """

    file: str
    sheet: str | None
    tables: tuple[str, ...]
    rows: int
    misfits: int
    blank: int
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[Text, ...] = ()
    left: tuple[Text, ...] = ()

    @property
    def lines(self) -> int:
        """Rows of the sheet in all: read, set aside for their width, blank, and skipped."""
        return self.rows + self.misfits + self.blank + sum(len(skipped.rows) for skipped in self.skipped)


@dataclass(frozen=True, slots=True, eq=False)
class Lost:
    """A row that was set aside before its cells could be read.

    Attributes
    ----------
    tables : tuple of str
        The table that it is a row of; where several may be meant it is counted with the first, and missing in each.
    sheet : Sheet
        Where it stands.
    number : int
        Its row.
    text : str
        What it holds, as far as that is kept.
    rule : str
        Why, a key of `RULES`.
    """

    tables: tuple[str, ...]
    sheet: Sheet
    number: int
    text: str
    rule: str = "row.width"


@dataclass(slots=True, eq=False)
class Gathered:
    """Tables, breaches and rows lost before they were read, as they come in sheet by sheet."""

    model: Model = MODEL
    parts: dict[str, list[pa.Table]] = field(default_factory=dict)
    breaches: list[Breach] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    called: dict[tuple[str, str | None, str, str], dict[str, None]] = field(
        default_factory=dict
    )  # headings of the file, by file, sheet, table and column
    readings: list[SheetReading] = field(default_factory=list)
    repaired: list[pa.Table] = field(default_factory=list)

    def add(self, sheet: Sheet, kind: NodeType | TieType, found: Sequence[Breach] = (), repaired: Sequence[pa.Table] | None = None) -> int:
        """Type the columns of a sheet as those of `kind`, and return how many rows say something; `found`, and what was `repaired`, was seen in it before."""
        table, breaches = type_columns(sheet, kind, self.repaired if repaired is None else None)
        self.repaired.extend(repaired or ())
        parts = self.parts.setdefault(kind.table, [])
        before = sum(part.num_rows for part in parts)
        self.breaches.extend(replace(breach, rows=breach.rows + before) for breach in (*found, *breaches))
        self.lost.extend(Lost((kind.table,), sheet, number, text) for number, text in sheet.misfits)
        parts.append(table)
        return int(table.num_rows)

    def note(self, sheet: Sheet, tables: Sequence[str], rows: int, *, left: Sequence[Text] = (), blank: int | None = None) -> None:
        """Say what became of the rows of a sheet of which `rows` say something, and what of it was not read; what says nothing is blank if not told."""
        empty = len(sheet.rows) - rows if blank is None else blank
        said = (*sheet.notes, *left)
        self.readings.append(SheetReading(sheet.file, sheet.name, tuple(tables), rows, len(sheet.misfits), empty, sheet.skipped, said, tuple(left)))

    def tell(self, table: str, note: Text) -> None:
        """Say something of a table as a whole, with the last sheet that spoke of it."""
        last = max((place for place, reading in enumerate(self.readings) if table in reading.tables), default=None)
        if last is not None:
            self.readings[last] = replace(self.readings[last], notes=(*self.readings[last].notes, note))

    def forget_texts(self) -> None:
        """Keep nothing of what stood in lost rows: nobody can say which part of it is a name or a number that must become a pseudonym."""
        self.lost = [replace(row, text="") for row in self.lost]

    def as_tables(self) -> Tables:
        """Every row that fitted its heading, sound or not; those that did not fit are in quarantine already."""
        tables = {name: parts[0] if len(parts) == 1 else pa.concat_tables(parts).combine_chunks() for name, parts in self.parts.items()}
        said = tables.pop(COMPLETENESS.table, None)
        gone = [row for row in self.lost if row.tables[0] != COMPLETENESS.table]
        lost = Counter(row.tables[0] for row in gone)
        counts = [
            {"table": kind.table, "read": rows + lost[kind.table], "loaded": rows, "merged": 0, "quarantined": lost[kind.table]}
            for kind in self.model.kinds
            for rows in [tables[kind.table].num_rows if kind.table in tables else 0]
        ]
        return Tables(
            tables,
            quarantine=pa.Table.from_pylist([_row_aside(row) for row in gone], schema=QUARANTINE),
            counts=pa.Table.from_pylist(counts, schema=COUNTS),
            unread=pa.Table.from_pylist(list(_unread_rows(gone, self.model)), schema=UNREAD),
            repaired=pa.concat_tables([REPAIRED.empty_table(), *self.repaired]),
            completeness=None if said is None else _with_names(said, self.model),
            model=self.model,
        )

    def in_words_of_the_file(self, problem: Problem) -> Problem:
        """The problem with its column as the file calls it, where a mapping read it under another heading."""
        headings = self.called.get((problem.file or "", problem.sheet, problem.table, problem.column or ""))
        return replace(problem, heading=same(BETWEEN.join(headings))) if headings else problem

    def misfit_problems(self) -> list[Problem]:
        """The problems of rows of another width; their text stays out of it, since nothing says which cell holds what."""
        rule = RULES["row.width"]
        return [
            Problem(row.tables[0], row.sheet.file, row.sheet.name, row.number, None, None, rule.id, rule.text, rule.remedy, rule.effect)
            for row in self.lost
            if row.rule == rule.id
        ]


def _place(table: str, sheet: Sheet, number: int) -> dict[str, object]:
    return {"table": table, "source_file": sheet.file, "source_sheet": sheet.name, "source_row": number}


def _row_aside(row: Lost) -> dict[str, object]:
    text = json.dumps({"text": row.text}, ensure_ascii=False)
    return {**_place(row.tables[0], row.sheet, row.number), "column": None, "rule": row.rule, "row": text}


def _unread_rows(lost: Sequence[Lost], model: Model) -> Iterator[dict[str, object]]:
    """What each row lost would have spoken of: a thing of each kind that its table names, nobody knows which."""
    for fault, row in enumerate(lost):
        for table in row.tables:
            if table == COMPLETENESS.table:
                continue
            kind = model.table_type(table)
            for label in (kind.label,) if isinstance(kind, NodeType) else (kind.source, kind.target):
                place = _place(table, row.sheet, row.number)
                yield {**place, "fault": fault, "column": None, "state": "set_aside", "subject_kind": label, "subject_id": None}


def _with_names(said: pa.Table, model: Model) -> pa.Table:
    """The completeness with tables by their names, whatever heading they were called by."""
    kinds = kinds_by_name(model)
    names = [kinds[fold(word)].table if word and fold(word) in kinds else word for word in said["table"].to_pylist()]
    return said.set_column(0, said.schema.field("table"), pa.array(names, pa.string()))

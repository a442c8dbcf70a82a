"""The language of mappings: its verbs as frozen declarations. What may stand where is checked by the reader alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from graphkit.model.kinds import MODEL
from graphkit.model.model import Model
from graphkit.model.types import NodeType, Property, TieType
from graphkit.words import Text

Keep = Literal["first", "latest", "earliest", "sum", "any"]
KEEPS: tuple[Keep, ...] = ("first", "latest", "earliest", "sum", "any")
DATE_PRECISIONS = ("day", "year_month", "year")
TAKES = ("id_birth_year",)
BOUNDS = ("low",)
_KEPT = Text("照原表保留", "kept as the file has it")
BY_NAME = "names"  # in [places] list
NON_EMPTY = "*"  # in `where`: any cell with something in it


@dataclass(frozen=True, slots=True)
class Cell:
    """Where the value of one column comes from, and how it is read.

    Exactly one of `column`, `constant`, `make`, `secret`, `place` and `named` is there.

    Attributes
    ----------
    column : str or None
        Heading of the column it stands in.
    constant : str or None
        The same value for every row.
    make, secret, place : tuple of str
        Columns of which a key is made, is made and must be replaced by a pseudonym, or that name a place.
    named : tuple of str
        The column in which the end of a tie is named in words, and those of what it is known to be tied to.
    words : dict of str to str
        What each word means; ``"*"`` stands for every other. Empty where words stand as they are.
    unit : str
        What the numbers of the column are in.
    date : str
        The least precision at which a date is taken; what is not known of it stays so.
    take : str
        A named extraction.
    inexact : str
        ``"low"`` takes 20余万 as 200,000; where it is empty such a number is unreadable.
    missing : tuple of str
        Words for unknown in this column alone.
    keep : str
        How rows of one identity become one.
    """

    column: str | None = None
    constant: str | None = None
    make: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    date: str = "day"
    take: str = ""
    inexact: str = ""
    missing: tuple[str, ...] = ()
    keep: Keep | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Headings that it reads."""
        return (self.column,) if self.column is not None else self.make or self.secret or self.place or self.named


def label_of(kind: NodeType | TieType, column: str) -> str:
    """Return the kind of node that a key, or the end of a tie, names.

    Examples
    --------
    >>> label_of(MODEL.table_type("Household LIVES_IN Village"), "village_code"), label_of(MODEL.table_type("Village"), "code")
    ('Village', 'Village')
    """
    if isinstance(kind, NodeType):
        return kind.label
    return kind.source if column == kind.ends[0].name else kind.target


@dataclass(frozen=True, slots=True)
class Saying:
    """What a row says: a node or a tie of one kind.

    `where` names columns and the values they must have for the row to say it; ``"*"`` is any value.
    """

    kind: NodeType | TieType
    cells: dict[str, Cell]
    where: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extra:
    """A column that is kept: the name of its property, its heading, and whether it may name a person."""

    name: str
    heading: str
    personal: bool = False

    @property
    def property(self) -> Property:
        """The property that it becomes."""
        return Property(self.name, "string", Text(self.heading, self.heading), _KEPT, personal=self.personal)


@dataclass(frozen=True, slots=True)
class Read:
    """How rows are got out of files, and what each says."""

    files: str = "*"
    sheet: str = "*"
    name: str = ""
    at: str = ""
    heading: tuple[str, ...] = ()
    heading_rows: int | None = None
    headings: tuple[str, ...] = ()
    layout: Literal["table", "form"] = "table"
    label: str = "A"
    value: str = "B"
    stop: str = ""
    skip: dict[str, str] = field(default_factory=dict)
    fill_down: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    split: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # of each column of ids, the column that only shows what they are called
    unpivot_columns: tuple[str, ...] = ()
    unpivot_into: tuple[str, str] = ("", "")
    sayings: tuple[Saying, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping: its reads, the list of places, and columns that are left on purpose.

    Attributes
    ----------
    reads : tuple of Read
        In the order of the file.
    places : str
        ``"acheng-2023"``, the path of the user's own list, or ``"names"`` where there is none and places go by their names; empty where no place is looked up.
    places_on : date or None
        The day of which the files' names of places speak.
    places_within : str
        The user's own county, by name or code: a place in it comes before its namesakes elsewhere.
    drop : tuple of str
        Headings that are read by nothing, on purpose.
    extras : tuple of Extra
        Columns that are kept as the file has them.
    path : str
        Where it was read.
    model : Model
        The kinds that there are, those among them that it declares itself; without what it keeps.
    """

    reads: tuple[Read, ...]
    places: str = ""
    places_on: dt.date | None = None
    places_within: str = ""
    drop: tuple[str, ...] = ()
    extras: tuple[Extra, ...] = ()
    path: str = ""
    model: Model = MODEL

    @property
    def by_name(self) -> bool:
        """Whether places go by their names."""
        return self.places == BY_NAME

    @property
    def needs_key(self) -> bool:
        """Whether an id is made of what must not be kept, so that ids must become pseudonyms."""
        return any(cell.secret for read in self.reads for saying in read.sayings for cell in saying.cells.values())

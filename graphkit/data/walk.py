"""The walk of the checks over a district: which rows stand so far, which cells count as not read, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.data.arrays import Mask, Rows, whole
from graphkit.data.breaches import Breach
from graphkit.data.problems import Problem
from graphkit.data.tables import Tables
from graphkit.model.types import NodeType

MergeReason = Literal["equal", "number", "decision"]


@dataclass(frozen=True, slots=True, eq=False)
class Merge:
    """Rows of one table that were merged, each into the row at the same position of `into`, and why."""

    rows: Rows
    into: Rows
    reason: MergeReason


@dataclass(slots=True, eq=False)
class Walk:
    """What one walk over the tables `given` found so far.

    Attributes
    ----------
    given : Tables
        As they came.
    tables : dict of str to Table
        The same rows, with cells that count as not read made empty.
    breaches : list of Breach
        In the order found.
    standing : dict of str to bool array
        By table, rows that broke nothing for which they are set aside, and were not merged into an equal one.
    merged : dict of str to list of Merge
        By table, rows merged into another one.
    located : dict of str to dict of str to int array
        By table and column of a tie, for each row the place of its end among the keys of the nodes that stand, -1 where it is none of them;
        empty until they are looked for, and where ids were put for others since.
    among : dict of str to int
        By table of nodes, how many stood when ends were looked for among them: as none stands again, as many are the same ones.
    remarks : list of Problem
        What is to be said of no row of any table.
    repaired : list of Table
        Cells in place of which another row says more, of the schema `REPAIRED`.
    """

    given: Tables
    tables: dict[str, pa.Table] = field(default_factory=dict)
    breaches: list[Breach] = field(default_factory=list)
    standing: dict[str, Mask] = field(default_factory=dict)
    merged: dict[str, list[Merge]] = field(default_factory=dict)
    located: dict[str, dict[str, NDArray[np.int32]]] = field(default_factory=dict)
    among: dict[str, int] = field(default_factory=dict)
    remarks: list[Problem] = field(default_factory=list)
    repaired: list[pa.Table] = field(default_factory=list)

    def __post_init__(self) -> None:
        for kind in self.given.model.kinds:
            self.tables[kind.table] = self.given[kind.table]
            self.standing[kind.table] = np.ones(self.given[kind.table].num_rows, bool)
            self.merged[kind.table] = []
            self.located[kind.table] = {}

    def merge(self, table: str, rows: Rows, into: Rows, reason: MergeReason) -> None:
        """Merge `rows` of a table, which stand no longer, each into one that does."""
        if len(rows):
            self.standing[table][rows] = False
            self.merged[table].append(Merge(rows, into, reason))

    def merged_rows(self, table: str) -> Rows:
        """Rows of a table that were merged into another."""
        return np.concatenate([np.array([], np.int64), *(merge.rows for merge in self.merged[table])])

    def heirs(self, table: str, *, equal: bool) -> Rows:
        """For each row of a table the row it was merged into, whether directly or through others; `equal`: merges of equal rows count too."""
        heir = np.arange(self.given[table].num_rows)
        for merge in self.merged[table]:
            if equal or merge.reason != "equal":
                heir[merge.rows] = merge.into
        while not np.array_equal(heir, heir[heir]):
            heir = heir[heir]
        return heir

    def drop(self, breach: Breach) -> None:
        """Note a breach; its rows, or its cells, count no longer if its rule says so."""
        if not len(breach.rows):
            return
        self.breaches.append(breach)
        if breach.table not in self.standing:
            return
        if breach.effect == "quarantine" or breach.is_no_data:
            self.standing[breach.table][breach.rows] = False

    def empty_unread(self, table: str) -> None:
        """Make the cells of one table empty that count as not read."""
        for column, rows in self._unread_cells(table).items():
            held = self.tables[table]
            there = np.zeros(held.num_rows, bool)
            there[rows] = True
            place = held.column_names.index(column)
            field_ = held.schema.field(column)
            emptied = pc.if_else(pa.array(there), pa.scalar(None, field_.type), held[column])
            self.tables[table] = held.set_column(place, field_, emptied)

    def _unread_cells(self, table: str) -> dict[str, Rows]:
        cells: dict[str, list[Rows]] = {}
        for breach in self.breaches:
            for column in breach.unread if breach.table == table else ():
                cells.setdefault(column, []).append(breach.rows)
        return {column: np.unique(np.concatenate(rows)) for column, rows in cells.items()}

    def unread_period(self, table: str) -> Mask:
        """Rows whose beginning or end stood there and could not be read: nothing may be concluded from when they held."""
        unread = np.zeros(self.given[table].num_rows, bool)
        for column, rows in self._unread_cells(table).items():
            if column in ("since", "until"):
                unread[rows] = True
        for breach in self.breaches:
            if breach.table == table and set(breach.inexact) & {"since", "until"}:
                unread[breach.rows] = True
        return unread

    def unread_rows(self, table: str) -> Mask:
        """Rows of which some cell could not be read."""
        unread = np.zeros(self.given[table].num_rows, bool)
        for rows in self._unread_cells(table).values():
            unread[rows] = True
        return unread

    def standing_rows(self, table: str) -> Rows:
        """Positions of the rows that broke nothing so far."""
        return np.flatnonzero(self.standing[table])

    def standing_keys(self, kind: NodeType) -> pa.Array:
        """Keys of the nodes that are there for a tie to join."""
        return whole(self.tables[kind.table][kind.key].filter(pa.array(self.standing[kind.table])))

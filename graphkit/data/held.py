"""Tables of which it is known where the ends of each tie lie: rows are read, and ids spelt out, when somebody asks for them.

A tie says at each end the key of a node. What counts, joins or sorts needs no key, only which row of the nodes' table it is; and a question reads a few of
the tables of a district. Of ten million nodes, spelling out every end took a gigabyte and looking them up again took 3.4 CPU seconds an answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graphkit.data.numbered import places_in
from graphkit.data.standing import as_known, standing_mask
from graphkit.model.model import Model
from graphkit.model.types import NodeType, TieType

PLACE = pa.int32()
Places = NDArray[np.int32]


class Held:
    """One table, read when it is first asked for.

    Parameters
    ----------
    kind : NodeType or TieType
        What its rows are.
    schema : Schema
        Its columns; those that `read` leaves out are empty.
    read : callable
        Gives the rows, but with places for ends: int32, which row of the table of nodes the end is; never null.
    ends : mapping of str to Held
        For a tie, by column, the table of nodes that the places speak of; that one holds each key once.
    rows : int, optional
        How many rows, where that is known before they are read.
    whole : Table, optional
        The rows with every column, where they are spelt out already.
    """

    def __init__(
        self,
        kind: NodeType | TieType,
        schema: pa.Schema,
        read: Callable[[], pa.Table],
        *,
        ends: Mapping[str, Held] | None = None,
        rows: int | None = None,
        whole: pa.Table | None = None,
    ) -> None:
        self.kind, self.schema, self.ends = kind, schema, dict(ends or {})
        self._read: Callable[[], pa.Table] | None = read
        self._rows, self._whole = rows, whole

    @property
    def is_empty(self) -> bool:
        """Whether it is known, before its rows are read, that there are none."""
        return self._rows == 0

    @property
    def is_read(self) -> bool:
        """Whether its rows were read, or need not be."""
        return self._read is None or self.is_empty

    @property
    def num_rows(self) -> int:
        """How many rows."""
        return int(self.lean.num_rows) if self._rows is None else self._rows

    @cached_property
    def lean(self) -> pa.Table:
        """The rows with places for ends; of the columns, those that were read."""
        assert self._read is not None  # noqa: S101
        lean, self._read = self._read(), None  # what it was read from is let go
        return lean

    @property
    def whole(self) -> pa.Table:
        """The rows with every column, ids spelt out."""
        if self._whole is None:
            self._whole = self.columns(self.schema.names)
        return self._whole

    def columns(self, names: Sequence[str]) -> pa.Table:
        """Some columns, and no others spelt out."""
        if self._whole is not None:
            return self._whole.select(names)
        return pa.table([self._column(name) for name in names], schema=pa.schema([self.schema.field(name) for name in names]))

    def _column(self, name: str) -> pa.ChunkedArray:
        if name in self.ends and self.num_rows:  # of no rows the keys need not be read
            return pa.chunked_array([self.ends[name].keys.take(self.places(name))])
        if name in self.ends or name not in self.lean.column_names:
            return pa.nulls(self.num_rows, self.schema.field(name).type)
        return self.lean[name]

    @cached_property
    def keys(self) -> pa.Array:
        """For nodes, the key of each row."""
        keys = self.lean[self.kind.columns[0].name].combine_chunks()
        return pa.concat_arrays(keys.chunks) if isinstance(keys, pa.ChunkedArray) else keys

    def places(self, column: str) -> pa.Array:
        """For a tie, which row of its nodes each end is."""
        return self.lean[column].combine_chunks()


class _Stood(Held):
    """What of a table of nodes stood on a day."""

    def __init__(self, of: Held, day: dt.date) -> None:
        super().__init__(of.kind, of.schema, self._stand, rows=of.num_rows if of.is_empty or not of.kind.since_column else None)
        self._of, self._day = of, day

    @cached_property
    def mask(self) -> NDArray[np.bool_] | None:
        """Which rows; None for all of them."""
        if not self._of.kind.since_column:
            return None
        mask = standing_mask(self._of.lean, self._of.kind, self._day)
        return None if mask is None else mask.to_numpy()

    def _stand(self) -> pa.Table:
        known = as_known(self._of.lean, self._of.kind, self._day)
        return known if self.mask is None else known.filter(pa.array(self.mask))

    @cached_property
    def moved(self) -> Places:
        """The place now of each row before; of one that is gone, that of the next."""
        assert self.mask is not None  # noqa: S101
        return (np.cumsum(self.mask) - self.mask).astype(np.int32)


def stand_held(held: Mapping[str, Held], model: Model, day: dt.date) -> dict[str, Held]:
    """Return what of these tables stood on a day, as `graphkit.data.tables.Tables.at` says; none of them is read for it."""
    nodes = {node.label: _Stood(held[node.table], day) for node in model.nodes}
    ties: dict[str, Held] = {tie.table: _stand_tie(held[tie.table], tie, nodes, day) for tie in model.ties}
    return {kind.table: nodes[kind.label] if isinstance(kind, NodeType) else ties[kind.table] for kind in model.kinds}


def _stand_tie(held: Held, tie: TieType, nodes: Mapping[str, _Stood], day: dt.date) -> Held:
    ends = {end.name: nodes[label] for end, label in zip(tie.ends, (tie.source, tie.target), strict=True)}

    def stand() -> pa.Table:
        if held.is_empty:  # whether its nodes stood need not be read
            return held.lean
        standing = as_known(held.lean, tie, day)
        mask = standing_mask(standing, tie, day)
        kept = None if mask is None else mask.to_numpy()
        for name, node in ends.items():
            if node.mask is not None:
                there = node.mask[standing[name].to_numpy()]
                kept = there if kept is None else kept & there
        standing = standing if kept is None else standing.filter(pa.array(kept))
        for at, (name, node) in enumerate(ends.items()):
            if node.mask is not None:
                standing = standing.set_column(at, pa.field(name, PLACE), [node.moved[standing[name].to_numpy()]])
        return standing

    lasting = held.is_empty or not (held.kind.since_column or any(node.kind.since_column for node in ends.values()))
    return Held(tie, held.schema, stand, ends=ends, rows=held.num_rows if lasting else None)


def know_held(held: Mapping[str, Held], model: Model, day: dt.date) -> dict[str, Held]:
    """Return every row of these tables with nothing that is later than the day, as `graphkit.data.tables.Tables.known_on` says."""

    def know(of: Held, ends: Mapping[str, Held]) -> Held:
        return Held(of.kind, of.schema, lambda: as_known(of.lean, of.kind, day), ends=ends, rows=of.num_rows)

    nodes = {node.label: know(held[node.table], {}) for node in model.nodes}
    known = {node.table: nodes[node.label] for node in model.nodes}
    for tie in model.ties:
        known[tie.table] = know(held[tie.table], {end.name: nodes[label] for end, label in zip(tie.ends, (tie.source, tie.target), strict=True)})
    return {kind.table: known[kind.table] for kind in model.kinds}


def hold_tables(tables: Mapping[str, pa.Table], places: Mapping[str, Mapping[str, Places]], model: Model) -> dict[str, Held]:
    """Hold tables that are there, with the place of every end: each key stands once, and every end is there."""
    nodes = {node.label: _hold(tables[node.table], node, {}, {}) for node in model.nodes}
    held = {node.table: nodes[node.label] for node in model.nodes}
    for tie in model.ties:
        ends = {end.name: nodes[label] for end, label in zip(tie.ends, (tie.source, tie.target), strict=True)}
        held[tie.table] = _hold(tables[tie.table], tie, ends, places[tie.table])
    return {kind.table: held[kind.table] for kind in model.kinds}


def _hold(table: pa.Table, kind: NodeType | TieType, ends: Mapping[str, Held], places: Mapping[str, Places]) -> Held:
    lean = table
    for name in ends:
        lean = lean.set_column(lean.column_names.index(name), pa.field(name, PLACE), [pa.array(places[name], PLACE)])
    return Held(kind, table.schema, lambda: lean, ends=ends, rows=table.num_rows, whole=table)


def locate_ends(tables: Mapping[str, pa.Table], keys: Mapping[str, pa.Array], ties: Sequence[TieType]) -> dict[str, dict[str, Places]]:
    """Find which of the `keys` of its kind each end of the `ties` is, -1 where it is none: all columns that name one kind together, so that its keys are looked at once."""
    columns: dict[str, list[tuple[str, str]]] = {}
    for tie in ties:
        for end, label in zip(tie.ends, (tie.source, tie.target), strict=True):
            columns.setdefault(label, []).append((tie.table, end.name))
    found: dict[str, dict[str, Places]] = {tie.table: {} for tie in ties}
    for label, named in columns.items():
        for (table, name), places in zip(named, places_in(keys[label], [tables[table][name] for table, name in named]), strict=True):
            found[table][name] = places
    return found

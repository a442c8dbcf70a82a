"""Tables: one immutable Arrow table for each declared kind, with the place every row came from."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.arguments import read_date
from graphkit.data.held import Held, know_held, stand_held
from graphkit.data.standing import as_known, standing_mask
from graphkit.errors import ModelError
from graphkit.model.kinds import COMPLETENESS, MODEL
from graphkit.model.model import Model
from graphkit.model.types import NodeType, TieType
from graphkit.words import Text

ARROW_TYPES = {"string": pa.string(), "integer": pa.int64(), "date": pa.date32(), "boolean": pa.bool_()}

PROVENANCE = pa.schema([pa.field("source_file", pa.string()), pa.field("source_sheet", pa.string()), pa.field("source_row", pa.int64())])

QUARANTINE = pa.schema(
    [
        pa.field("table", pa.string()),
        *PROVENANCE,
        pa.field("column", pa.string()),
        pa.field("rule", pa.string()),
        pa.field("row", pa.string()),  # the row as read, JSON: it may hold personal values and never leaves the store
    ]
)

UNREAD = pa.schema(
    [
        pa.field("fault", pa.int64()),  # the same number on every line of one cell or one row
        pa.field("table", pa.string()),
        *PROVENANCE,
        pa.field("column", pa.string()),  # the column at fault; null where it is the row
        pa.field("state", pa.string()),  # unreadable, error, not_computed, contradicts, month or year of a date, or set_aside for a whole row
        pa.field("subject_kind", pa.string()),
        pa.field("subject_id", pa.string()),  # null where it is not known which one of its kind
        pa.field("earliest", pa.date32()),  # of a date known to the month or year alone, the days that may be meant
        pa.field("latest", pa.date32()),
    ]
)
"""What was there to be read and was not, or not to the day: a line for each thing that it would have said something of."""

MERGED = pa.schema(
    [
        pa.field("table", pa.string()),
        *PROVENANCE,  # the row that was merged
        pa.field("id", pa.string()),  # its key as it stood in the file; null for a tie
        pa.field("into_id", pa.string()),
        pa.field("into_file", pa.string()),  # the row it was merged into, by the place that stands with that row
        pa.field("into_sheet", pa.string()),
        pa.field("into_row", pa.int64()),
        pa.field("reason", pa.string()),  # equal, number (one identity number) or decision
    ]
)
"""Rows merged into another, with the place of both: what stands in a row has its own place and these."""

REPAIRED = pa.schema(
    [
        pa.field("table", pa.string()),
        *PROVENANCE,
        pa.field("column", pa.string()),
        pa.field("raw", pa.string()),  # as it stood; null where it may be about a person
        pa.field("value", pa.string()),  # as it was read, null where that is empty
        pa.field("rule", pa.string()),  # what was done, words of `loaders.normalise.REPAIRS` and how exact it is, with blanks between; or id.zeros
    ]
)
"""Cells that were read as something else than they said: what stood there, beside what was made of it."""

COUNTS = pa.schema([pa.field(name, pa.string() if name == "table" else pa.int64()) for name in ("table", "read", "loaded", "merged", "quarantined")])


ACCOUNT = ("quarantine", "counts", "unread", "completeness", "merged", "repaired")
"""Names of the tables that stand beside the rows of a district."""


def arrow_schema(kind: NodeType | TieType) -> pa.Schema:
    """Arrow schema of the table of `kind`: its columns, then the provenance columns."""
    return pa.schema([pa.field(c.name, ARROW_TYPES[c.type]) for c in kind.columns] + list(PROVENANCE))


@functools.lru_cache(maxsize=16)
def _empty_tables(model: Model) -> dict[str, pa.Table]:
    """A table without rows for each kind of a model."""
    return {kind.table: arrow_schema(kind).empty_table() for kind in model.kinds}


class Tables(Mapping[str, pa.Table]):
    """The whole of a district: one Arrow table for each declared kind, by name.

    Tables are immutable, hold every declared kind (empty where nothing was given), and are equal
    when they hold the same rows, provenance included, whatever the order of rows.

    Parameters
    ----------
    tables : mapping of str to Table
        By table name, ``"Village"`` or ``"Member HELPS Household"``. Columns that are missing are
        filled with nulls; provenance columns likewise.
    quarantine : Table, optional
        Rows that were read and set aside (schema `QUARANTINE`).
    counts : Table, optional
        Rows read, loaded, merged and quarantined by table (schema `COUNTS`).
    unread : Table, optional
        Cells and rows that were there and could not be read, with the things they would have said something of (schema `UNREAD`).
    completeness : Table, optional
        Which tables have every row there is, as far as the source says so (the columns of `graphkit.model.kinds.COMPLETENESS`).
    merged : Table, optional
        Rows that were merged into another one, with the places of both (schema `MERGED`); `graphkit.list_origins` lists the places of each row.
    repaired : Table, optional
        Cells that were read as something else than they said, with the text that stood there (schema `REPAIRED`).
    dataset : str, optional
        Name of the district, part of every key in a shared database.
    model : Model, optional
        Which kinds there are; the shipped model if left out. It stays with the tables wherever they go (``tables.model``).
    sound : bool
        Whether it is known that every key is there once and every end of a tie is there, because the rows come out of a check
        or of a store; else it is counted where an answer rests on it.

    Raises
    ------
    ModelError
        If a table or a column is not declared, or a column has another type.

    Examples
    --------
    >>> t = Tables({"Village": pa.table({"code": ["230112104001"], "name": ["一村"]})})
    >>> t["Village"].num_rows, t["Household"].num_rows
    (1, 0)
    """

    def __init__(
        self,
        tables: Mapping[str, pa.Table | Held],
        *,
        quarantine: pa.Table | None = None,
        counts: pa.Table | None = None,
        unread: pa.Table | None = None,
        completeness: pa.Table | None = None,
        merged: pa.Table | None = None,
        repaired: pa.Table | None = None,
        dataset: str = "district",
        model: Model = MODEL,
        sound: bool = False,
    ) -> None:
        self.model = model
        self.sound = sound
        empty = _empty_tables(model)
        given = {
            name: table if isinstance(table, Held) else _conform(table, model.table_type(name), empty[name].schema) for name, table in tables.items()
        }
        self._tables: dict[str, pa.Table | Held] = {**empty, **given}
        self.quarantine = QUARANTINE.empty_table() if quarantine is None else quarantine.cast(QUARANTINE)
        self.counts = self._default_counts() if counts is None else counts.cast(COUNTS)
        self.unread = UNREAD.empty_table() if unread is None else _fill_up(unread, UNREAD)
        self.completeness = _NOTHING_SAID if completeness is None else _conform(completeness, COMPLETENESS, _NOTHING_SAID.schema)
        self.merged = MERGED.empty_table() if merged is None else merged.cast(MERGED)
        self.repaired = REPAIRED.empty_table() if repaired is None else repaired.cast(REPAIRED)
        self.dataset = dataset

    def __getitem__(self, name: str) -> pa.Table:
        table = self._table(name)
        return table.whole if isinstance(table, Held) else table

    def _table(self, name: str) -> pa.Table | Held:
        if name not in self._tables:
            self.model.table_type(name)  # raises, and says which there are
        return self._tables[name]

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tables):
            return NotImplemented
        return self.model == other.model and all(_sorted(self[name]).equals(_sorted(other[name])) for name in self)

    __hash__ = None  # type: ignore[assignment]  # equality looks at rows, which is too slow for a dictionary key

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_tables": dict(self.items())}  # what of a store was not read yet cannot be sent

    def __repr__(self) -> str:
        shown = ", ".join(f"{name} {table.num_rows:,}" for name, table in self._tables.items() if table.num_rows)
        return f"Tables({self.dataset}: {shown or 'empty'})"

    def _default_counts(self) -> pa.Table:
        rows = [t.num_rows for t in self._tables.values()]
        none = [0] * len(rows)
        return pa.table([list(self._tables), rows, rows, none, none], schema=COUNTS)

    @property
    def node_count(self) -> int:
        """Rows of node tables."""
        return sum(self.count(kind.table) for kind in self.model.nodes)

    @property
    def tie_count(self) -> int:
        """Rows of tie tables."""
        return sum(self.count(kind.table) for kind in self.model.ties)

    def count(self, name: str) -> int:
        """Return how many rows a table has; of a store, none is read for it.

        Parameters
        ----------
        name : str
            Name of the table.

        Raises
        ------
        ModelError
            If the model declares no such table.

        Examples
        --------
        >>> Tables({"Village": pa.table({"code": ["230112104001"]})}).count("Village")
        1
        """
        return int(self._table(name).num_rows)

    def columns(self, name: str, *columns: str) -> pa.Table:
        """Return some columns of a table, in the order named; of a store, no others are spelt out for it.

        Parameters
        ----------
        name : str
            Name of the table.
        *columns : str
            Names of its columns.

        Raises
        ------
        ModelError
            If the model declares no such table.
        KeyError
            If the table has no such column.

        Examples
        --------
        >>> Tables({"Village": pa.table({"code": ["230112104001"]})}).columns("Village", "code").to_pydict()
        {'code': ['230112104001']}
        """
        table = self._table(name)
        return table.columns(columns) if isinstance(table, Held) else table.select(columns)

    def held(self) -> dict[str, Held] | None:
        """Return all tables with the row that every end of a tie is, where a check or a store has found these; else None.

        Examples
        --------
        >>> Tables({"Village": pa.table({"code": ["230112104001"]})}).held() is None
        True
        """
        held = {name: table for name, table in self._tables.items() if isinstance(table, Held)}
        return held if self.sound and len(held) == len(self._tables) else None

    def replace(self, tables: Mapping[str, pa.Table]) -> Tables:
        """Return Tables in which `tables` stand in place of those of the same name; the rest is shared."""
        return self._with(tables, sound=False)

    def _with(self, tables: Mapping[str, pa.Table | Held], *, sound: bool, day: dt.date | None = None) -> Tables:
        account = self.account() if day is None else {**self.account(), "unread": _unread_on(self.unread, day, self.model)}
        return Tables({**self._tables, **tables}, **account, dataset=self.dataset, model=self.model, sound=sound)

    def account(self) -> dict[str, pa.Table]:
        """What stands beside the rows: quarantine, counts, what was not read, what is said to be complete, which rows were merged and which cells repaired."""
        return {name: getattr(self, name) for name in ACCOUNT}

    def content_hash(self) -> str:
        """SHA-256 of all rows, the same for any row order; 64 hexadecimal digits."""
        whole = hashlib.sha256()
        for name in self:
            whole.update(f"{name}:{table_hash(self[name])}\n".encode())
        return whole.hexdigest()

    def at(self, as_of: dt.date) -> Tables:
        """Return what stood on the day `as_of`: nodes and ties begun and not ended, trainings held; and no tie to what did not stand.

        Which date begins and ends a kind is declared with it. An unknown date excludes nothing; one that was there and could
        not be read neither, and ``.unread`` names the things that a row may so be wrongly counted with
        (`graphkit.data.unread.touched_subjects`). Nothing later than the day is told: a visit, a promise or an admission
        after it is empty, and so is a value dated by it, such as the stage of a member admitted later.

        Parameters
        ----------
        as_of : date
            The day; a `datetime.datetime`, pandas or numpy moment too, if it is exactly the beginning of a day.

        Raises
        ------
        ParameterError
            If `as_of` is none of these.
        """
        as_of = read_date(as_of)
        if held := self.held():
            return self._with(stand_held(held, self.model, as_of), sound=True, day=as_of)
        known = self.known_on(as_of)
        kept: dict[str, pa.Table] = {}
        fallen: dict[str, pa.Array] = {}
        for node in self.model.nodes:
            mask = standing_mask(self[node.table], node, as_of)
            kept[node.table] = known[node.table] if mask is None else known[node.table].filter(mask)
            if mask is not None:
                fallen[node.label] = pc.unique(self[node.table].filter(pc.invert(mask))[node.key])
        for tie in self.model.ties:
            table, mask = known[tie.table], standing_mask(known[tie.table], tie, as_of)
            table = table if mask is None else table.filter(mask)
            for end, label in zip(tie.ends, (tie.source, tie.target), strict=True):
                if label in fallen:
                    table = table.filter(pc.invert(pc.is_in(table[end.name], value_set=fallen[label])))
            kept[tie.table] = table
        return self._with(kept, sound=self.sound, day=as_of)

    def known_on(self, as_of: dt.date) -> Tables:
        """Return every row, ended ones too, with nothing that is later than the day `as_of`: see `at`."""
        day = read_date(as_of)
        if held := self.held():
            return self._with(know_held(held, self.model, day), sound=True, day=day)
        return self._with({kind.table: as_known(self[kind.table], kind, day) for kind in self.model.kinds}, sound=self.sound, day=day)


_NOTHING_SAID = arrow_schema(COMPLETENESS).empty_table()
ACCOUNT_SCHEMAS = {
    "quarantine": QUARANTINE,
    "counts": COUNTS,
    "unread": UNREAD,
    "completeness": _NOTHING_SAID.schema,
    "merged": MERGED,
    "repaired": REPAIRED,
}


def _fill_up(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """A table of an earlier form, with the columns that it had not yet."""
    for field in schema:
        if field.name not in table.column_names:
            table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    return table.select(schema.names).cast(schema)


def _unread_on(unread: pa.Table, day: dt.date, model: Model) -> pa.Table:
    """What is not known on the day: a date known to the month or year alone is not, from the first day that may be meant until the last.

    Of a visit it is asked how long ago it was, so that it is not known afterwards either.
    """
    if not unread.num_rows or unread["latest"].null_count == unread.num_rows:
        return unread
    at = pa.scalar(day, pa.date32())
    ages = pa.array(sorted({column.name for kind in model.kinds for column in kind.columns if column.last_day and not column.planned}), pa.string())
    open_still = (pc.field("latest") > at) | pc.field("column").isin(ages)
    return unread.filter(pc.field("latest").is_null() | ((pc.field("earliest") <= at) & open_still))


def table_hash(table: pa.Table) -> str:
    """SHA-256 of a table's rows, the same for any row order."""
    digest = hashlib.sha256()
    ordered = _sorted(table).combine_chunks()
    digest.update(str(ordered.schema).encode())
    for batch in ordered.to_batches(max_chunksize=65_536):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(_compact(batch))
        digest.update(sink.getvalue())
    return digest.hexdigest()


def _compact(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Copy a batch so that its buffers hold these rows alone: equal rows then give equal bytes."""
    return batch.take(pa.array(np.arange(batch.num_rows)))


def _sorted(table: pa.Table) -> pa.Table:
    """Rows in the one order that depends on their content alone."""
    if table.num_rows < 2:
        return table.combine_chunks()
    return table.sort_by([(name, "ascending") for name in table.column_names]).combine_chunks()


def _conform(table: pa.Table, kind: NodeType | TieType, schema: pa.Schema) -> pa.Table:
    """Give a table exactly the columns of its kind, in order and type."""
    if table.schema.equals(schema, check_metadata=True) and table.schema.metadata is None:
        return table
    if unknown := [name for name in table.column_names if name not in schema.names]:
        named = [repr(name) for name in unknown]
        raise ModelError(
            Text(
                f"{kind.table}：没有列 {'、'.join(named)}；现有 {'、'.join(schema.names)}",
                f"{kind.table}: no column {', '.join(named)}; there are {', '.join(schema.names)}",
            ),
        )
    columns = []
    for field in schema:
        if field.name not in table.column_names:
            columns.append(pa.nulls(table.num_rows, field.type))
            continue
        try:
            columns.append(_cast(table[field.name], field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            held = table[field.name].type
            raise ModelError(
                Text(
                    f"{kind.table}：列 {field.name!r} 是 {held}，不是 {field.type}",
                    f"{kind.table}: column {field.name!r} holds {held}, not {field.type}",
                ),
            ) from None
    return pa.table(columns, schema=schema)


def _cast(cells: pa.ChunkedArray, to: pa.DataType) -> pa.ChunkedArray:
    """Cells in another type. Numbers with a point, as pandas makes of whole ones when some are missing, are read as whole: NaN is no value."""
    if pa.types.is_floating(cells.type):
        cells = pc.if_else(pc.is_nan(cells), pa.scalar(None, cells.type), cells).cast(pa.int64())
        if pa.types.is_boolean(to) and not pc.all(pc.is_in(cells, value_set=pa.array([0, 1, None]))).as_py():
            raise pa.ArrowInvalid("neither 0 nor 1")
    return cells.cast(to)


def day_before(day: dt.date, days: int) -> dt.date:
    """Return the day so many `days` before `day`, or the first day of the calendar where there is none.

    Examples
    --------
    >>> day_before(dt.date(2012, 4, 30), 30), day_before(dt.date(1, 1, 2), 183)
    (datetime.date(2012, 3, 31), datetime.date(1, 1, 1))
    """
    return dt.date.fromordinal(max(day.toordinal() - days, 1))

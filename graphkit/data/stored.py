"""Tables that stay where they are stored until somebody asks for one: what an engine that reads for itself leaves on the disk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

import pyarrow as pa

from graphkit.arguments import read_date
from graphkit.data.tables import Tables
from graphkit.model.model import Model
from graphkit.model.types import NodeType, TieType


class StoredTables(Tables):
    """Tables of which each is read when it is first asked for, and then kept.

    Parameters
    ----------
    read : callable
        From the name of a table to its rows, as `Tables` takes them.
    rows : mapping of str to int
        Rows of the tables of which that is known without reading them; the others are read to be counted.
    account : mapping of str to Table
        What stands beside the rows, as `Tables.account` gives it.
    dataset, model, sound
        See `Tables`.

    Examples
    --------
    >>> asked = []
    >>> def read(name):
    ...     asked.append(name)
    ...     return pa.table({"id": ["m1"]}) if name == "Member" else None
    >>> from graphkit.model.kinds import MODEL
    >>> t = StoredTables(read, {"Member": 1}, account={}, dataset="d", model=MODEL, sound=True)
    >>> t.row_count("Member"), len(asked)
    (1, 0)
    >>> t["Member"].num_rows, t["Member"].num_rows, asked
    (1, 1, ['Member'])
    """

    def __init__(
        self,
        read: Callable[[str], pa.Table | None],
        rows: Mapping[str, int],
        *,
        account: Mapping[str, pa.Table],
        dataset: str,
        model: Model,
        sound: bool,
    ) -> None:
        super().__init__({}, dataset=dataset, model=model, sound=sound, **account)
        self._rows = dict(rows)
        self._tables = _Lazily(read, self._tables, model)

    def row_count(self, name: str) -> int:
        """Rows of a table; read only where nobody knows it yet."""
        return self._rows[name] if name in self._rows else self[name].num_rows

    def at(self, as_of: dt.date) -> Tables:
        """Return what stood on a day, as of `Tables.at`; each table is read when it is asked for."""
        day = read_date(as_of)
        undated = {kind.table for kind in self.model.kinds if not any(self.model.table_type(name).since_column for name in told_by(kind))}
        rows = {name: count for name, count in self._rows.items() if name in undated or not count}

        def read(name: str) -> pa.Table:
            told = told_by(self.model.table_type(name)) if self.row_count(name) else ()  # of no rows nothing is to be asked
            return self._only(told).at(day)[name]

        return self._on(day, read, rows)

    def known_on(self, as_of: dt.date) -> Tables:
        """Return every row with nothing that is later than a day, as of `Tables.known_on`; each table is read when it is asked for."""
        day = read_date(as_of)
        return self._on(day, lambda name: self._only((name,)).known_on(day)[name], self._rows)

    def _on(self, day: dt.date, read: Callable[[str], pa.Table], rows: Mapping[str, int]) -> Tables:
        account = self._only(()).at(day).account()
        return StoredTables(read, rows, account=account, dataset=self.dataset, model=self.model, sound=self.sound)

    def _only(self, names: tuple[str, ...]) -> Tables:
        return Tables({name: self[name] for name in names}, dataset=self.dataset, model=self.model, sound=self.sound, **self.account())


def told_by(kind: NodeType | TieType) -> tuple[str, ...]:
    """The tables that say which rows of a kind stood on a day: its own, and of a tie those at its ends."""
    return (kind.table, kind.source, kind.target) if isinstance(kind, TieType) else (kind.table,)


class _Lazily(Mapping[str, pa.Table]):
    """Tables by name, each read and given its declared columns when it is first asked for."""

    def __init__(self, read: Callable[[str], pa.Table | None], empty: Mapping[str, pa.Table], model: Model) -> None:
        self._read, self._empty, self._model = read, empty, model
        self._held: dict[str, pa.Table] = {}

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self._held:
            nothing = self._empty[name]
            read = self._read(name)
            self._held[name] = nothing if read is None else Tables({name: read}, model=self._model)[name]
        return self._held[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._empty)

    def __len__(self) -> int:
        return len(self._empty)


class Chosen(Mapping[str, pa.Table]):
    """Some of the tables, by name: those of a question, not read before they are asked for."""

    def __init__(self, tables: Mapping[str, pa.Table], names: tuple[str, ...], beside: Mapping[str, pa.Table] | None = None) -> None:
        self._tables, self._names, self._beside = tables, dict.fromkeys(names), dict(beside or {})

    def __getitem__(self, name: str) -> pa.Table:
        if name in self._beside:
            return self._beside[name]
        if name in self._names:
            return self._tables[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names | dict.fromkeys(self._beside))

    def __len__(self) -> int:
        return len(self._names | dict.fromkeys(self._beside))

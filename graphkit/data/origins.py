"""Every place that a row came from: its own, and those of the rows that were merged into it."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.arrays import whole
from graphkit.data.tables import PROVENANCE, Tables
from graphkit.model.types import NodeType, TieType

ORIGINS = pa.schema([pa.field("id", pa.string()), *PROVENANCE, pa.field("reason", pa.string())])
"""Of `list_origins`: the row, one of its places, and why it was merged; null for the row's own place."""


def name_rows(table: pa.Table, kind: NodeType | TieType) -> pa.Array:
    """Return the key of each row of a node table, or both ends of each tie with ``|`` between."""
    if isinstance(kind, NodeType):
        return whole(table[kind.key])
    return pc.binary_join_element_wise(*(whole(table[end.name]) for end in kind.ends), "|")


def list_origins(tables: Tables, name: str) -> pa.Table:
    """List where every row of one table came from, one line for each place.

    Parameters
    ----------
    tables : Tables
        From a loader, a check or a store.
    name : str
        Of the table, ``"Member"`` or ``"Member HELPS Household"``.

    Returns
    -------
    Table
        ``id`` (a key, or both ends of a tie with ``|`` between), ``source_file``, ``source_sheet``, ``source_row``, and ``reason``: empty for
        the row that stands in the table; ``equal``, ``number`` or ``decision`` for one that was merged into it. Sorted by id, then place.

    Raises
    ------
    ModelError
        If there is no such table.

    Examples
    --------
    >>> from graphkit.data.checks import quarantine_problems
    >>> twice = pa.table({"id": ["z1", "z1"], "source_file": ["a.csv", "b.csv"], "source_row": [2, 5]})
    >>> for place in list_origins(quarantine_problems(Tables({"Zone": twice})), "Zone").to_pylist():
    ...     print(place["id"], place["source_file"], place["source_row"], place["reason"])
    z1 a.csv 2 None
    z1 b.csv 5 equal
    """
    kind = tables.model.table_type(name)
    table = tables[kind.table]
    own = pa.table(
        [name_rows(table, kind), *(whole(table[column]) for column in PROVENANCE.names), pa.nulls(table.num_rows, pa.string())], schema=ORIGINS
    )
    merged = tables.merged.filter(pc.field("table") == kind.table)
    others = merged.select(["into_id", *PROVENANCE.names, "reason"]).rename_columns(ORIGINS.names)
    standing = others.filter(pc.is_in(others["id"], value_set=own["id"].combine_chunks()))
    return pa.concat_tables([own, standing]).sort_by([(column, "ascending") for column in ORIGINS.names])


def list_repairs(tables: Tables, name: str, key: str) -> pa.Table:
    """List the cells of one row, or of all ties between two ends, that were read as something else than they said.

    Parameters
    ----------
    tables : Tables
        From a loader or a store.
    name : str
        Of the table, ``"Member"`` or ``"Member HELPS Household"``.
    key : str
        A key, or both ends of a tie with ``|`` between, as `list_origins` has it.

    Returns
    -------
    Table
        Lines of ``Tables.repaired`` (schema `graphkit.data.tables.REPAIRED`), of whatever place the row came from.

    Examples
    --------
    >>> from graphkit.data.tables import REPAIRED
    >>> line = {"table": "Zone", "source_file": "a.csv", "source_row": 2, "column": "founded_on", "raw": "2010.3.5", "value": "2010-03-05"}
    >>> zones = pa.table({"id": ["z1", "z2"], "source_file": ["a.csv"] * 2, "source_row": [2, 3]})
    >>> given = Tables({"Zone": zones}, repaired=pa.Table.from_pylist([line], schema=REPAIRED))
    >>> [list_repairs(given, "Zone", zone)["raw"].to_pylist() for zone in ("z1", "z2")]
    [['2010.3.5'], []]
    """
    lines = tables.repaired.filter(pc.field("table") == tables.model.table_type(name).table)
    if not lines.num_rows:
        return lines
    origins = list_origins(tables, name)
    return lines.filter(pc.is_in(_places(lines), value_set=whole(_places(origins.filter(pc.field("id") == key)))))


def _places(rows: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(*(pc.fill_null(rows[name].cast(pa.string()), "") for name in PROVENANCE.names), "\0")

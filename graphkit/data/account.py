"""The account of a walk: rows set aside with their reason, counts that add up, and what was not read with whom it concerns."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.arrays import Rows, mask_of, whole
from graphkit.data.breaches import Breach
from graphkit.data.tables import COUNTS, PROVENANCE, QUARANTINE, UNREAD
from graphkit.data.walk import Walk
from graphkit.model.kinds import TABLE_TYPES, node_type
from graphkit.model.types import NodeType, TieType


def rows_aside(walk: Walk, name: str) -> pa.Table:
    """The rows of one table that are set aside, each once, under the first rule found broken."""
    first: dict[int, Breach] = {}
    read: dict[int, dict[str, str | None]] = {}
    for breach in walk.breaches:
        if breach.table != name:
            continue
        for position, row in enumerate(breach.rows.tolist()):
            if breach.effect == "quarantine" or breach.is_no_data:
                first.setdefault(row, breach)
            if breach.values and breach.column:
                read.setdefault(row, {})[breach.column] = breach.values[position]
    positions = sorted(first)
    rows = walk.given[name].take(pa.array(positions, pa.int64())).to_pylist()
    entries = [
        {"table": name, **{p: row[p] for p in PROVENANCE.names}, "column": first[place].column, "rule": first[place].rule,
         "row": _row_json({**row, **read.get(place, {})})}
        for place, row in zip(positions, rows, strict=True)
    ]  # fmt: skip
    return pa.Table.from_pylist(entries, schema=QUARANTINE)


def _row_json(row: dict[str, object]) -> str:
    known = {name: value for name, value in row.items() if value is not None and name not in PROVENANCE.names}
    return json.dumps(known, ensure_ascii=False, default=str)


def recount(walk: Walk, aside: dict[str, int]) -> pa.Table:
    """Rows read, loaded, merged and set aside by table, with what was counted before."""
    before = {row["table"]: row for row in walk.given.counts.to_pylist()}
    rows = []
    for name, table in walk.given.items():
        count = before.get(name) or {"read": table.num_rows, "merged": 0, "quarantined": 0}
        merged, quarantined = len(walk.merged[name]), aside[name]
        loaded = table.num_rows - merged - quarantined
        rows.append(
            {"table": name, "read": count["read"], "loaded": loaded, "merged": count["merged"] + merged,
             "quarantined": count["quarantined"] + quarantined}
        )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=COUNTS)


def list_unread(walk: Walk) -> pa.Table:
    """What was there and was not read, a line for each thing that it would have said something of; what was noted before comes first."""
    known = walk.given.unread
    number = (pc.max(known["fault"]).as_py() or 0) + 1 if known.num_rows else 0
    parts = [known]
    for kind in TABLE_TYPES:
        for column, state, rows, against in _unread_of(walk, kind):
            faults = np.arange(number, number + len(rows))
            number += len(rows)
            parts.extend(_lines(walk, kind, column, state, positions, faults) for positions in (rows, against) if len(positions))
    return pa.concat_tables(parts)


def _unread_of(walk: Walk, kind: NodeType | TieType) -> Iterator[tuple[str | None, str, Rows, Rows]]:
    """Column, state and rows of everything of one table that was not read, and the rows that these speak against; a lost row comes once."""
    breaches = [breach for breach in walk.breaches if breach.table == kind.table and not breach.is_no_data]
    lost = np.zeros(walk.given[kind.table].num_rows, bool)
    nothing = np.array([], np.int64)
    for breach in breaches:
        if breach.effect == "quarantine":
            yield breach.column, breach.state, breach.rows[~lost[breach.rows]], nothing
            lost[breach.rows] = True
    for breach in breaches:
        standing = breach.rows[walk.standing[kind.table][breach.rows]]
        for column in breach.unread:
            yield column, breach.state, standing, nothing
        if breach.state == "contradicts" and not breach.unread:
            yield breach.column, breach.state, breach.rows, nothing if breach.against is None else breach.against


def _lines(walk: Walk, kind: NodeType | TieType, column: str | None, state: str, rows: Rows, faults: Rows) -> pa.Table:
    """A line for each thing named in `rows`."""
    places = walk.given[kind.table].select(PROVENANCE.names).take(pa.array(rows))
    ends = [(kind.key, kind.label)] if isinstance(kind, NodeType) else [(kind.ends[0].name, kind.source), (kind.ends[1].name, kind.target)]
    return pa.concat_tables(_about(walk, kind.table, column, state, rows, faults, places, end, label) for end, label in ends)


def _about(walk: Walk, table: str, column: str | None, state: str, rows: Rows, faults: Rows, places: pa.Table, end: str, label: str) -> pa.Table:
    """The lines about one end: its key if that is of something there, else only its kind."""
    keys = whole(walk.given[table][end].take(pa.array(rows)))
    there = mask_of(pc.is_in(keys, value_set=walk.standing_keys(node_type(label))))
    columns = {
        "fault": pa.array(faults[: len(rows)], pa.int64()),
        "table": pa.repeat(pa.scalar(table), len(rows)),
        **{name: whole(places[name]) for name in PROVENANCE.names},
        "column": pa.repeat(pa.scalar(column, pa.string()), len(rows)),
        "state": pa.repeat(pa.scalar(state), len(rows)),
        "subject_kind": pa.repeat(pa.scalar(label), len(rows)),
        "subject_id": pc.if_else(pa.array(there), keys, pa.scalar(None, pa.string())),
    }
    return pa.table(columns, schema=UNREAD)

"""The account of a walk: rows set aside with their reason, counts that add up, and what was not read with whom it concerns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.arrays import Rows, mask_of, whole
from graphkit.data.breaches import INEXACT, Breach
from graphkit.data.origins import name_rows
from graphkit.data.precision import span_of
from graphkit.data.tables import COUNTS, MERGED, PROVENANCE, QUARANTINE, UNREAD
from graphkit.data.walk import Walk
from graphkit.model.types import NodeType, TieType


def rows_aside(walk: Walk, name: str) -> pa.Table:
    """The rows of one table that are set aside, each once, under the first rule found broken."""
    first: dict[int, Breach] = {}
    read: dict[int, dict[str, str | None]] = {}
    for breach in walk.breaches:
        if breach.table != name:
            continue
        if breach.effect == "quarantine" or breach.is_no_data:
            for row in breach.rows.tolist():
                first.setdefault(row, breach)
        if breach.values and breach.column:
            for row, value in zip(breach.rows.tolist(), breach.values, strict=True):
                read.setdefault(row, {})[breach.column] = value
    if not first:
        return QUARANTINE.empty_table()
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
        merged, quarantined = len(walk.merged_rows(name)), aside[name]
        loaded = table.num_rows - merged - quarantined
        rows.append(
            {"table": name, "read": count["read"], "loaded": loaded, "merged": count["merged"] + merged,
             "quarantined": count["quarantined"] + quarantined}
        )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=COUNTS)


def list_merged(walk: Walk) -> pa.Table:
    """Rows merged into another, by table, each with its place and that of the row it went into; what was noted before comes first."""
    parts = [walk.given.merged]
    for kind in walk.given.model.kinds:
        heirs = walk.heirs(kind.table, equal=True)
        for merge in walk.merged[kind.table]:
            read = walk.given[kind.table].take(pa.array(merge.rows))
            now = walk.tables[kind.table].take(pa.array(heirs[merge.into]))
            columns = {
                "table": pa.repeat(pa.scalar(kind.table), len(merge.rows)),
                **{name: whole(read[name]) for name in PROVENANCE.names},
                "id": name_rows(read, kind),
                "into_id": name_rows(now, kind),
                **{name.replace("source_", "into_"): whole(now[name]) for name in PROVENANCE.names},
                "reason": pa.repeat(pa.scalar(merge.reason), len(merge.rows)),
            }
            parts.append(pa.table(columns, schema=MERGED))
    return pa.concat_tables(parts)


@dataclass(frozen=True, slots=True, eq=False)
class _Unread:
    """Rows of one table of which one column, or all, was not read, each a fault with its number; and others that they speak against."""

    kind: NodeType | TieType
    column: str | None
    state: str
    rows: Rows
    against: Rows | None = None


def list_unread(walk: Walk) -> pa.Table:
    """What was there and was not read, a line for each thing that it would have said something of; what was noted before comes first."""
    known = walk.given.unread.filter(pc.is_null(walk.given.unread["latest"]))  # dates of less precision are found anew with their rows
    number = (pc.max(known["fault"]).as_py() or 0) + 1 if known.num_rows else 0
    parts = [known]
    for unread in (one for kind in walk.given.model.kinds for one in _unread_of(walk, kind)):
        faults = np.arange(number, number + len(unread.rows))
        number += len(unread.rows)
        parts.extend(_about(walk, unread, rows, faults) for rows in (unread.rows, unread.against) if rows is not None and len(rows))
    return pa.concat_tables(parts)


def _unread_of(walk: Walk, kind: NodeType | TieType) -> Iterator[_Unread]:
    """Everything of one table that was not read; a lost row comes once."""
    breaches = [breach for breach in walk.breaches if breach.table == kind.table and not breach.is_no_data]
    lost = np.zeros(walk.given[kind.table].num_rows, bool)
    for breach in breaches:
        if breach.effect == "quarantine":
            yield _Unread(kind, breach.column, breach.state, breach.rows[~lost[breach.rows]])
            lost[breach.rows] = True
    heirs = walk.heirs(kind.table, equal=False)  # what was not read in one of several rows was not read of the person
    for breach in breaches:
        rows = heirs[breach.rows]
        for column in (*breach.unread, *breach.inexact):
            yield _Unread(kind, column, breach.state, rows[walk.standing[kind.table][rows]])
        if breach.state == "contradicts" and not breach.unread:
            yield _Unread(kind, breach.column, breach.state, breach.rows, breach.against)


def _days(held: pa.Table, unread: _Unread) -> tuple[pa.Array, pa.Array]:
    """The days that may be meant by a date that is known to the month or year alone."""
    if unread.column is not None and unread.state in INEXACT.values():
        return span_of(held[unread.column], unread.state)
    nothing = pa.nulls(held.num_rows, pa.date32())
    return nothing, nothing


def _about(walk: Walk, unread: _Unread, rows: Rows, faults: Rows) -> pa.Table:
    """A line for each thing named in `rows`: with its key, if that is of something there, else only with its kind."""
    kind, count = unread.kind, len(rows)
    held = walk.tables[kind.table].take(pa.array(rows))
    ends = [(kind.key, kind.label)] if isinstance(kind, NodeType) else [(kind.ends[0].name, kind.source), (kind.ends[1].name, kind.target)]
    parts = []
    for end, label in ends:
        keys = whole(held[end])
        there = mask_of(pc.is_in(keys, value_set=walk.standing_keys(walk.given.model.node_type(label))))
        columns = {
            "fault": pa.array(faults, pa.int64()),
            "table": pa.repeat(pa.scalar(kind.table), count),
            **{name: whole(held[name]) for name in PROVENANCE.names},
            "column": pa.repeat(pa.scalar(unread.column, pa.string()), count),
            "state": pa.repeat(pa.scalar(unread.state), count),
            "subject_kind": pa.repeat(pa.scalar(label), count),
            "subject_id": pc.if_else(pa.array(there), keys, pa.scalar(None, pa.string())),
            **dict(zip(("earliest", "latest"), _days(held, unread), strict=True)),
        }
        parts.append(pa.table(columns, schema=UNREAD))
    return pa.concat_tables(parts)

"""Districts made at random from the schema alone: small, dense and full of gaps, so that every branch of a definition is met."""

from __future__ import annotations

import datetime as dt
import random

import pyarrow as pa

from graphkit.data.tables import Tables, arrow_schema
from graphkit.model.kinds import MODEL
from graphkit.model.types import NodeType, Property, TieType

SIZES = {
    "Township": 3,
    "Village": 6,
    "Cooperative": 7,
    "Branch": 9,
    "Member": 24,
    "Household": 18,
    "Training": 5,
    "Zone": 4,
    "Promise": 12,
    "HelpingUnit": 3,
}
DATES = [dt.date(2011, 10, 30), dt.date(2011, 10, 31), dt.date(2011, 12, 1), dt.date(2012, 3, 1), dt.date(2012, 4, 29), dt.date(2012, 4, 30),
         dt.date(2012, 5, 1), dt.date(2012, 8, 1)]  # fmt: skip  # around the day asked about, 2012-04-30, and 183 days before it
WORDS = ["书记", "委员", "秘书长"]
LATER = ("HelpingUnit", "head_name")  # drawn from a stream of their own, so that a seed means the district it meant before they came
MISSING = {"until": 0.7, "dissolved_on": 0.9, "founded_on": 0.6, "entered_on": 0.8, "left_on": 0.9}
MISSING_ELSE = 0.25


def make_random_tables(seed: int) -> Tables:
    """A district of a few dozen nodes; ids are shared between kinds on purpose."""
    draw, later = random.Random(seed), random.Random(seed)
    stream = lambda name: later if name in LATER else draw  # noqa: E731
    keys = {
        kind.label: [_key(kind.properties[0], i) for i in range(stream(kind.label).randint(SIZES[kind.label] // 2, SIZES[kind.label]))]
        for kind in MODEL.nodes
    }
    tables = {}
    for kind in MODEL.nodes:
        rows = [
            {kind.key: key} | {p.name: _value(stream(kind.label if kind.label in LATER else p.name), p) for p in kind.properties[1:]}
            for key in keys[kind.label]
        ]
        tables[kind.table] = _table(kind, rows)
    for kind in MODEL.ties:
        rows = [_in_order(_tie(draw, kind, keys)) for _ in range(draw.randint(1, 3 * SIZES[kind.source]))]
        once = {tuple(row[name] for name in kind.identity): row for row in rows}
        tables[kind.table] = _table(kind, list(once.values()))
    return Tables(tables, dataset="district")


def _key(column: Property, position: int) -> str:
    return f"{position + 1:0{column.digits}d}" if column.digits else f"x{position:02d}"


def _tie(draw: random.Random, kind: TieType, keys: dict[str, list[str]]) -> dict[str, object]:
    ends = kind.ends
    return {
        ends[0].name: draw.choice(keys[kind.source]),
        ends[1].name: draw.choice(keys[kind.target]),
        **{p.name: _value(draw, p) for p in kind.properties},
    }


def _in_order(row: dict[str, object]) -> dict[str, object]:
    if row.get("since") and row.get("until") and row["since"] > row["until"]:
        row["since"], row["until"] = row["until"], row["since"]
    return row


def _value(draw: random.Random, column: Property) -> object:
    if not column.required and draw.random() < MISSING.get(column.name, MISSING_ELSE):
        return None
    if column.values:
        return draw.choice((*column.values, "full", "full", "full") if column.name == "stage" else column.values)
    if column.type == "boolean":
        return draw.random() < 0.5
    if column.type == "integer":
        return draw.randint(column.minimum or 0, column.maximum or 6)
    return draw.choice(DATES) if column.type == "date" else draw.choice(WORDS)


def _table(kind: NodeType | TieType, rows: list[dict[str, object]]) -> pa.Table:
    schema = arrow_schema(kind)
    return pa.Table.from_pylist(rows, schema=schema)

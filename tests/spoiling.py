"""Districts with rows lost and cells spoilt, and whether an answer on them keeps to the truth that is known."""

from __future__ import annotations

import csv
import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from graphkit.data.checks import quarantine_problems
from graphkit.data.exports import write_folder
from graphkit.data.tables import Tables
from graphkit.model.kinds import MODEL
from graphkit.model.types import NodeType, Property, TieType
from graphkit.questions.coverage.find import find_coverage_gaps
from graphkit.questions.coverage.summary import summarise_coverage
from loaders import load_folder

DAY = dt.date(2012, 4, 30)
WAYS = ("dropped", "end spoilt", "period spoilt")


def declare(tables: Tables) -> pa.Table:
    """What a register would say of a district: how many rows each table should have."""
    names = [kind.table for kind in MODEL.kinds]
    return pa.table({"table": names, "expected": [tables[name].num_rows for name in names]})


def spoil(tables: Tables, table: str, way: str, share: float, draw: random.Random) -> Tables:
    """Lose a share of the rows of one table, or a cell in each of them; what is expected of every table is declared."""
    rows = tables[table].to_pylist()
    hit = set(draw.sample(range(len(rows)), max(1, round(share * len(rows))))) if rows else set()
    kind = MODEL.table_type(table)
    if way == "dropped":
        rows = [row for place, row in enumerate(rows) if place not in hit]
    for place in hit if way != "dropped" else ():
        if way == "period spoilt":
            if kind.since_column and kind.until_column:
                rows[place] |= {kind.since_column: dt.date(2012, 2, 1), kind.until_column: dt.date(2012, 1, 1)}
        elif hasattr(kind, "ends"):
            rows[place][draw.choice(kind.ends).name] = None
        else:
            rows[place][kind.key] = None
    changed = tables.replace({table: pa.Table.from_pylist(rows, schema=tables[table].schema)})
    return quarantine_problems(Tables(dict(changed), completeness=declare(tables)))


READABLE = [
    (kind, column) for kind in MODEL.kinds for column in kind.columns if not column.required and (column.type != "string" or column.choices)
]  # fmt: skip
"""Every optional column in which a cell can be unreadable."""
WORDS = ("不可读", "#REF!")


def spoil_cells(tables: Tables, kind: NodeType | TieType, column: Property, share: float, draw: random.Random, folder: Path) -> Tables:
    """Write the district to files, make a share of the filled cells of one column unreadable or a formula's error, and load them."""
    write_folder(tables, folder)
    path = folder / f"{kind.table.replace(' ', '_')}.csv"
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading, *rows = csv.reader(file)
        place = heading.index(column.heading.zh)
        for row in rows:
            if row[place] and draw.random() < share:
                row[place] = draw.choice(WORDS)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([heading, *rows])
    loaded = load_folder(folder)
    return Tables(dict(loaded), **{**loaded.account(), "completeness": declare(tables)})


@dataclass(frozen=True)
class Kept:
    """How an answer compares with the truth."""

    rates: int
    outside: list[str]
    certain: int
    wrong: list[tuple[str, str]]
    width: float


def compare(truth, found) -> Kept:
    """Rates whose interval does not hold the truth, and outcomes called certain that differ from it."""
    real, told = (summarise_coverage(finding).set_index("rule") for finding in (truth, found))
    ends = real[["rate_low", "rate_high"]].join(told[["rate_low", "rate_high"]].add_suffix("_told")).dropna(subset=["rate_low"])
    holds = (ends["rate_low_told"] <= ends["rate_low"] + 1e-12) & (ends["rate_high"] <= ends["rate_high_told"] + 1e-12)
    outside = ends.index[~holds].tolist()
    before, after = _verdicts(truth), _verdicts(found)
    alive = set(found.provenance["alive"]) if "alive" in found.provenance else None
    sure = {place for place, row in after.items() if row[2]}
    wrong = [place for place in sure if before.get(place, ("no", "", True))[:2] != after[place][:2]]
    wrong += [place for place in before.keys() - after.keys() if alive is None or place[1] in alive]
    return Kept(len(real), outside, len(sure), sorted(wrong), float((told["rate_high"] - told["rate_low"]).mean()))


def _verdicts(finding):
    rows = finding.rows
    keys = zip(rows["rule"], rows["subject_kind"] + " " + rows["subject_id"], strict=True)
    return dict(zip(keys, zip(rows["asked"], rows["outcome"], rows["certain"], strict=True), strict=True))


def ask(tables: Tables, rules="acheng-2010"):
    """The answer on the day, with who is there beside it."""
    finding = find_coverage_gaps(tables, rules=rules, as_of=DAY)
    standing = tables.at(DAY)
    alive = [f"{kind.label} {key}" for kind in MODEL.kinds if hasattr(kind, "key") for key in standing[kind.label][kind.key].to_pylist()]
    finding.provenance["alive"] = alive
    return finding

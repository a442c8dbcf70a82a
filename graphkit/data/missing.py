"""How many rows a table may miss, as far as the source says what is complete: of the whole, and of one place or body."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow.compute as pc

from graphkit.data.tables import Tables
from graphkit.data.unread import count_within, speaks_of

_NO_ROW = ("key.once",)  # a second row under a key is no row that a register counts


@dataclass(frozen=True, slots=True)
class Missing:
    """Rows that a table may miss beside those that were set aside.

    Attributes
    ----------
    whole : int or None
        In all; None where nobody says, or what is said cannot be.
    parts : mapping of (str, str) to int
        Of what belongs to one place or body, by its kind and key, where that is said.
    """

    whole: int | None = None
    parts: Mapping[tuple[str, str], int] = field(default_factory=dict)


def missing_rows(tables: Tables, day: dt.date | None = None) -> dict[str, Missing]:
    """Return, table by table, how many rows may be missing: expected, less those there, less those set aside.

    A table, or its part, that is said to be complete misses none; one that is said to be partial, that has more rows than expected, or of
    which nothing is said may miss any number. What is said of a period counts on a `day` that lies in it. Of two lines about the same the larger number counts.

    Examples
    --------
    >>> import pyarrow as pa
    >>> said = pa.table({"table": ["Village", "Zone"], "extent": ["complete", None], "expected": [None, 4]})
    >>> given = Tables({"Village": pa.table({"code": ["230112104001"]}), "Zone": pa.table({"id": ["z1"]})}, completeness=said)
    >>> found = missing_rows(given)
    >>> found["Village"].whole, found["Zone"].whole, found["Household"].whole
    (0, 3, None)
    """
    said: dict[str, dict[tuple[str, str] | None, int | None]] = {kind.table: {} for kind in tables.model.kinds}
    for line in tables.completeness.to_pylist():
        if not speaks_of(line, day):
            continue
        part = None if line["within_id"] is None else (line["within_kind"], line["within_id"])
        of, number = said[line["table"]], _missing(tables, line, part)
        known = of.get(part, 0)
        of[part] = None if number is None or known is None else max(number, known)
    return {
        name: Missing(of.get(None), {part: number for part, number in of.items() if part is not None and number is not None})
        for name, of in said.items()
    }


def _missing(tables: Tables, line: Mapping[str, object], part: tuple[str, str] | None) -> int | None:
    """How many rows one line lets be missing; None where it closes nothing."""
    expected, there = line["expected"], count_within(tables, line, tables.model)
    if line["extent"] == "partial" or (expected is None and line["extent"] is None) or there is None:
        return None
    if expected is None:
        return 0
    number = int(str(expected)) - there
    if line["since"] or line["until"]:  # of a row set aside it is not known whether it held then: it may be one of them or not
        return None if number < 0 else number
    return None if number < 0 else max(0, number - _set_aside(tables, str(line["table"]), part))


def _set_aside(tables: Tables, table: str, part: tuple[str, str] | None) -> int:
    """Rows of the table that were set aside and are rows of the register: of the whole, or those that name the place or body."""
    if part is None:
        aside = tables.quarantine.filter((pc.field("table") == table) & ~pc.field("rule").isin(_NO_ROW))
        return int(aside.num_rows)
    mine = (pc.field("table") == table) & (pc.field("state") == "set_aside") & (pc.field("subject_kind") == part[0])
    return int(pc.count_distinct(tables.unread.filter(mine & (pc.field("subject_id") == part[1]))["fault"]).as_py())

"""A ledger to write a small district into, row by row: people, households, bodies and the ties between them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from graphkit.data.tables import PROVENANCE, Tables, arrow_schema
from graphkit.identity.places import read_list
from graphkit.model.kinds import MODEL

AS_OF = dt.date(2012, 4, 30)  # 截止2012年4月: the last date the article gives a figure for
CAMPAIGN = dt.date(2010, 1, 1)  # 2010年以来: from here the article counts who applied and who was admitted

_EDUCATION = (("primary", 2), ("junior", 8), ("senior", 6), ("college", 3), ("university", 1))
_ORIGINS = (("farmer", 15), ("graduate", 1), ("veteran", 2), ("returnee", 2))


class Ledger:
    """Rows by table, ids counted by kind, and the one source of chance.

    Parameters
    ----------
    seed : int
        Seed of everything that is made up.
    """

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - made-up people, no secret; the sequence is the same on every version
        self.rows: dict[str, list[dict[str, Any]]] = {kind.table: [] for kind in MODEL.kinds}
        self._counts: dict[str, int] = {}
        self._promised: set[tuple[str, str]] = set()
        self.villages = {row["code"]: row for row in read_list()}

    def add(self, table: str, **values: Any) -> None:
        """Write one row."""
        self.rows[table].append(values)

    def next_id(self, prefix: str, width: int = 4) -> str:
        """Give the next id with that prefix, such as ``m0001``."""
        self._counts[prefix] = self._counts.get(prefix, 0) + 1
        return f"{prefix}{self._counts[prefix]:0{width}}"

    def chance(self, share: float) -> bool:
        """Toss: true in `share` of all cases."""
        return self.rng.random() < share

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        """Draw a day from `first` to `last`."""
        return first + dt.timedelta(self.rng.randrange((last - first).days + 1))

    def draw(self, words: tuple[tuple[str, int], ...]) -> str:
        """Draw a word by its weight."""
        return self.rng.choice([word for word, weight in words for _ in range(weight)])

    def add_person(self, name: str, village: str, *, stage: str | None = "full", **values: Any) -> str:
        """Make up a person under a role name, living in `village`; what is not given is drawn."""
        person = self.next_id("m")
        born = values.get("birth_year") or self.rng.randrange(1948, 1988)
        admitted = None
        if stage in ("full", "probationary"):
            admitted = self.day(dt.date(born + 20, 1, 1), dt.date(min(born + 40, 2009), 12, 31))
        row = {
            "id": person, "name": name, "stage": stage, "admitted_on": admitted, "birth_year": born, "education": self.draw(_EDUCATION),
            "origin": self.draw(_ORIGINS), "is_cadre": False, "in_reserve_pool": self.chance(0.04),
        }  # fmt: skip
        self.add("Member", **{**row, **values})
        self.add("Member LIVES_IN Village", member_id=person, village_code=village)
        return person

    def add_household(self, village: str, *, people: int | None = None, is_poor: bool = False) -> str:
        """Make up a household that lives in `village`."""
        household = self.next_id("h")
        self.add("Household", id=household, people=people or self.rng.choice((1, 2, 2, 3, 3, 3, 4, 4, 5, 6)), is_poor=is_poor)
        self.add("Household LIVES_IN Village", household_id=household, village_code=village)
        return household

    def add_body(self, name: str, kind: str, *, superior: str | None = None, management: str | None = None, founded_on: dt.date | None = None) -> str:
        """Write a Party body and whom it reports to."""
        body = self.next_id("b", 3)
        self.add("Branch", id=body, name=name, kind=kind, management=management, founded_on=founded_on)
        if superior:
            self.add("Branch REPORTS_TO Branch", branch_id=body, superior_id=superior)
        return body

    def belong(self, person: str, body: str, *, primary: bool, **values: Any) -> None:
        """Write a membership."""
        self.add("Member BELONGS_TO Branch", member_id=person, branch_id=body, primary=primary, **values)

    def pair(self, member: str, household: str, kind: str, *, target: int | None, since: dt.date, until: dt.date | None = None) -> None:
        """Write a pairing, and the promise that it keeps, once a member and kind; most were visited of late, some long ago, some never on record."""
        luck = self.rng.random()
        visit = self.day(dt.date(2011, 12, 1), AS_OF) if luck < 0.65 else self.day(max(since, dt.date(2011, 1, 10)), dt.date(2011, 10, 20))
        self.add("Member HELPS Household", member_id=member, household_id=household, kind=kind,
                 last_visit_on=None if luck > 0.85 or until else visit, since=since, until=until)  # fmt: skip
        if target and (member, kind) not in self._promised:
            self._promised.add((member, kind))
            self.promise(member, kind, target, promised_on=since)

    def promise(self, member: str, kind: str, target: int, *, unit: str = "households", **values: Any) -> None:
        """Write what a member promised; ten a year are people, within a year."""
        promise = self.next_id("p")
        if kind == "ten_a_year":
            first = values["promised_on"]
            values |= {"from_on": first, "until_on": first.replace(year=first.year + 1)}
            unit = "people"
        self.add("Promise", id=promise, kind=kind, target=target, unit=unit, **values)
        self.add("Promise MADE_BY Member", promise_id=promise, member_id=member)

    def where(self, table: str, **values: Any) -> Iterator[dict[str, Any]]:
        """Rows of a table that have these values."""
        return (row for row in self.rows[table] if all(row.get(name) == value for name, value in values.items()))

    def to_tables(self, dataset: str) -> Tables:
        """Give the Tables, each in its declared types."""
        tables = {}
        for kind in MODEL.kinds:
            schema = pa.schema([field for field in arrow_schema(kind) if field.name not in PROVENANCE.names])
            tables[kind.table] = pa.Table.from_pylist(self.rows[kind.table], schema=schema)
        return Tables(tables, dataset=dataset)

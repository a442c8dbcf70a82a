"""Rows that may be missing anywhere: how many more each subject may have, by what the source says is complete and by rows set aside without an end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.data.missing import Missing
from graphkit.data.tables import Tables
from graphkit.questions.coverage.loose import LOOSE, Loose

Ints = NDArray[np.int64]
UNDECLARED_OWN, UNDECLARED_THROUGH = 1, 2


@dataclass(frozen=True, slots=True)
class Room:
    """Where rows may be missing of what is counted of one kind.

    Attributes
    ----------
    columns : mapping of str to int or int64 array
        ``room_<group>``, rows that a subject may have more; ``turn_<group>``, 1 where a missing row may change what others count as;
        ``open_<group>``, 1 where nobody says how many rows there should be, 2 where that is so of a table whose rows change others too. A
        number where it is the same of all.
    missing : mapping of str to int
        By table, how many rows may be missing in all, those without an end among them.
    fans : mapping of (str, str) to int
        By group and table, how many subjects one row may change through others.
    extra : int
        Subjects of the kind that may be missing themselves.
    """

    columns: Mapping[str, int | Ints] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
    fans: Mapping[tuple[str, str], int] = field(default_factory=dict)
    extra: int = 0

    def units(self, kind: str, groups: Sequence[str]) -> int:
        """How often a missing row could change the facts of a subject, over all subjects and these groups of facts."""
        loose = [one for one in LOOSE[kind] if one.name in groups]
        own = {table for one in loose for table, _ in one.ties}
        total = 0
        for table in dict.fromkeys(table for one in loose for table in one.tables):
            fans = [self.fans.get((one.name, table), 0) for one in loose]
            total += self.missing.get(table, 0) * (max(fans, default=0) + (table in own))
        return total


def find_room(kind: str, keys: pa.ChunkedArray, standing: Tables, missing: Mapping[str, Missing]) -> Room:
    """See where rows may be missing of what is counted of the subjects `keys` of `kind`."""
    unplaced = _unplaced(standing)
    lost = {table: sum(n for (of, _), n in unplaced.items() if of == table) for table in missing}
    total = {table: _total(missing[table]) + lost[table] for table in missing}
    columns: dict[str, int | Ints] = {}
    fans: dict[tuple[str, str], int] = {}
    for loose in LOOSE[kind]:
        own = [_own(kind, keys, missing[table], unplaced.get((table, kind), 0)) for table, _ in loose.ties]
        turn = [table for table in loose.through if total[table]]
        columns[f"room_{loose.name}"] = sum((room for room, _ in own), start=0)
        columns[f"turn_{loose.name}"] = int(bool(turn))
        through = any(missing[table].whole is None for table in loose.through)
        open_ = np.maximum.reduce([np.asarray(closed) for _, closed in own])
        columns[f"open_{loose.name}"] = UNDECLARED_THROUGH if through else open_ if open_.ndim else int(open_)
        fans |= {(loose.name, table): _fan(loose, table, standing) for table in turn}
    nodes = missing[kind].whole or 0
    return Room(columns, total, fans, nodes + unplaced.get((kind, kind), 0))


def _total(missing: Missing) -> int:
    return sum(missing.parts.values()) if missing.whole is None else missing.whole


def _unplaced(tables: Tables) -> dict[tuple[str, str], int]:
    """Rows that were set aside and of which one end, or the key, is of nothing there: by table and kind of that end."""
    lines = tables.unread.filter((pc.field("state") == "set_aside") & pc.field("subject_id").is_null() & pc.field("subject_kind").is_valid())
    counted = lines.group_by(["table", "subject_kind"], use_threads=False).aggregate([("fault", "count_distinct")]).to_pylist()
    return {(row["table"], row["subject_kind"]): row["fault_count_distinct"] for row in counted}


def _own(kind: str, keys: pa.ChunkedArray, missing: Missing, unplaced: int) -> tuple[int | Ints, int | Ints]:
    """Rows of a table that each subject may have more, and whether nobody says how many it should have."""
    whole = (missing.whole or 0) + unplaced
    open_ = int(missing.whole is None)
    mine = {key: number for (of, key), number in missing.parts.items() if of == kind}
    if not mine:
        return whole, open_
    room, closed = np.full(len(keys), whole, np.int64), np.full(len(keys), open_, np.int64)
    position = pc.index_in(pa.array(list(mine), pa.string()), value_set=pa.array(keys.to_pylist(), pa.string())).to_pylist()
    for at, number in zip(position, mine.values(), strict=True):
        if at is not None:
            room[at] = number if missing.whole is None else min(number, whole)
            closed[at] = 0
    return room, closed


def _fan(loose: Loose, table: str, tables: Tables) -> int:
    """The most subjects of which one missing row of a table may change what others count as."""
    hosts, works = "Branch SERVES Cooperative", "Member WORKS_IN Cooperative"
    if loose.name == "bodies":
        return _most(tables, loose.ties[0][0], "branch_id")
    if loose.name == "scope":
        return _most(tables, "Cooperative OPERATES_IN Village", "village_code")
    if loose.name == "superior":
        return max(tables.count(hosts), 1)
    if loose.name == "chain":
        return 1 if table == "Member BELONGS_TO Branch" else (1 + _most(tables, hosts, "branch_id")) * _most(tables, works, "cooperative_id")
    if loose.name == "outside":
        return 1 if table == works else _most(tables, "Member HELPS Household", "household_id")
    return _most(tables, "Zone COVERS Household", "zone_id")


def _most(tables: Tables, table: str, column: str) -> int:
    """The most rows of a table under one key; 1 at least."""
    counted = tables.columns(table, column).group_by(column, use_threads=False).aggregate([([], "count_all")])
    return max(int(pc.max(counted["count_all"]).as_py() or 0), 1)

"""What tables know of each person, brought together for the proposals of who may be one person."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphkit.data.arrays import codes_of, days_of, whole
from graphkit.data.tables import Tables
from graphkit.identity.candidates import UNKNOWN, Ints, People
from graphkit.model.kinds import BRANCH, COOPERATIVE, MEMBER, VILLAGE

BODIES = (VILLAGE.label, BRANCH.label, COOPERATIVE.label)


def gather_people(tables: Tables, numbers: Collection[str] = ()) -> People:
    """Return what `tables` know of each member: name, year of birth, admission, list, and the villages, branches and co-operatives of any time.

    Parameters
    ----------
    tables : Tables
        Sound rows, people not yet joined.
    numbers : collection of str
        Ids that stand for a valid identity number.

    Examples
    --------
    >>> gather_people(Tables({"Member": pa.table({"id": ["m1"], "name": ["张三"], "birth_year": [1970]})})).birth_years
    array([1970])
    """
    members = tables[MEMBER.table]
    everybody = np.arange(members.num_rows)
    listed = codes_of(members, ["source_file", "source_sheet"], everybody)
    known = pc.is_valid(members["source_file"]).to_numpy()
    return People(
        members["id"].to_pylist(),
        members["name"].to_pylist(),
        pc.fill_null(whole(members["birth_year"]), UNKNOWN).to_numpy(zero_copy_only=False),
        days_of(members["admitted_on"], everybody, UNKNOWN),
        np.where(known, listed, UNKNOWN),
        _bodies(tables),
        _mentors(tables),
        np.isin(np.array(members["id"].to_pylist(), object), list(numbers)) if numbers else np.zeros(members.num_rows, bool),
    )


def bodies_of(tables: Tables, label: str) -> pa.Table:
    """Which body of a kind each member is tied to: columns ``person`` and ``body``, ids, whatever the kind of tie and the day."""
    parts = [
        pa.table({"person": tables[tie.table][tie.ends[0].name], "body": tables[tie.table][tie.ends[1].name]})
        for tie in tables.model.ties
        if (tie.source, tie.target) == (MEMBER.label, label) and tie.role in ("membership", "place")
    ]
    none = pa.table({"person": pa.array([], pa.string()), "body": pa.array([], pa.string())})
    return pa.concat_tables([none, *parts]).group_by(["person", "body"], use_threads=False).aggregate([])


def _bodies(tables: Tables) -> tuple[tuple[Ints, Ints], ...]:
    numbers, numbered = count(), {}
    found = []
    for label in BODIES:
        pairs = bodies_of(tables, label)
        who = pc.index_in(pairs["person"], value_set=whole(tables[MEMBER.table]["id"]))
        pairs = pairs.filter(pc.is_valid(who))
        for body in pc.unique(pairs["body"]).to_pylist():
            numbered[label, body] = next(numbers)
        found.append((who.drop_null().to_numpy().astype(np.int64), np.array([numbered[label, body] for body in pairs["body"].to_pylist()], np.int64)))
    return tuple(found)


def _mentors(tables: Tables) -> frozenset[tuple[int, int]]:
    """Pairs of people who are tied to each other: nobody mentors himself."""
    ids = whole(tables[MEMBER.table]["id"])
    pairs: set[tuple[int, int]] = set()
    for tie in tables.model.ties:
        if (tie.source, tie.target) == (MEMBER.label, MEMBER.label):
            ends = [pc.index_in(tables[tie.table][end.name], value_set=ids).to_pylist() for end in tie.ends]
            pairs.update((min(one, other), max(one, other)) for one, other in zip(*ends, strict=True) if one is not None and other is not None)
    return frozenset(pairs)

"""Which open units could share a body: near one another or of the same trade, with one superior; as a covering model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.questions.plans.covering import Covering
from graphkit.questions.plans.trial import USUAL_UNITS
from graphkit.questions.plans.units import PEOPLE, Ground, Unit
from graphkit.words import Text

NEAR = ("village", "township", "trade", "township_or_trade")
Near = str | Iterable[tuple[str, str]]
ALONE_WAYS = ("own", "group", "liaison")


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where the open units are and what they live on."""

    villages: dict[str, frozenset[str]]
    townships: dict[str, frozenset[str]]
    trades: dict[str, frozenset[str]]

    def keys(self, unit: Unit, near: str) -> frozenset[str]:
        """What a unit shares with those near it."""
        where = {"village": (self.villages,), "township": (self.townships,), "trade": (self.trades,)}
        return frozenset().union(*(of.get(unit.id, frozenset()) for of in where.get(near, (self.townships, self.trades))))


def find_places(tables: Tables, units: Sequence[Unit]) -> Places:
    """Look up the villages, townships and trades of units."""
    township: dict[str, str] = dict(_rows(tables, "Village IN Township", "village_code", "township_code"))
    wanted = {unit.id for unit in units}
    villages: dict[str, set[str]] = {unit.id: {unit.id} for unit in units if unit.kind == "Village"}
    for host, village in _rows(tables, "Cooperative OPERATES_IN Village", "cooperative_id", "village_code"):
        if host in wanted:
            villages.setdefault(host, set()).add(village)
    trades = {key: frozenset([f"trade {sector}"]) for key, sector in _rows(tables, "Cooperative", "id", "sector") if sector and key in wanted}
    townships = {key: frozenset(township[v] for v in found if v in township) for key, found in villages.items()}
    return Places({key: frozenset(found) for key, found in villages.items()}, townships, trades)


def _rows(tables: Tables, table: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(tables[table][name].to_pylist() for name in columns), strict=True)


def model_units(ground: Ground, near: Near, places: Places) -> Covering:
    """Every open unit is a demand; the site of a joint body is the first of its units, so that each body can be chosen in one way only.

    Units share a body if every two of them are near, have a member each, and the same body above them; together they need the full members that
    the pack asks of a body.
    """
    units, sizes = ground.units, ground.joint
    are_near = _nearness(units, near, places)
    able = [n for n, unit in enumerate(units) if "joint" in unit.ways]
    beside: dict[int, list[int]] = {n: [] for n in able}
    for one, other in are_near:
        if one in beside and other in beside and units[one].kind == units[other].kind and units[one].ways["joint"] == units[other].ways["joint"]:
            beside[one].append(other)
    pairs = [(other, site) for site in able for other in (site, *sorted(beside[site]))]
    apart = {(a, b) for site in able for a in beside[site] for b in beside[site] if a < b and b not in set(beside[a])}
    shared, alone_full = _count_people(ground)
    return Covering(
        np.array([any(way in unit.ways for way in ALONE_WAYS) for unit in units], bool), len(units), np.array(pairs, np.int64).reshape(-1, 2),
        unlike=np.array([_unlike(units[demand], units[site], places) for demand, site in pairs], np.int64),
        most=USUAL_UNITS if sizes.units is None else sizes.units, fewest=2, least=sizes.least, weight=alone_full, shared=shared,
        ceiling=sizes.ceiling, load=np.array([unit.party for unit in units], np.int64), apart=np.array(sorted(apart), np.int64).reshape(-1, 2),
    )  # fmt: skip


def _nearness(units: Sequence[Unit], near: Near, places: Places) -> list[tuple[int, int]]:
    """Pairs of units that are near, the first one first."""
    if isinstance(near, str):
        if near not in NEAR:
            raise ParameterError(
                Text(
                    f"near 须是 {'、'.join(NEAR)} 之一或成对的编号，而不是 {near!r}",
                    f"near is one of {', '.join(NEAR)}, or pairs of ids, not {near!r}",
                ),
            )
        of: dict[str, list[int]] = {}
        for n, unit in enumerate(units):
            for key in sorted(places.keys(unit, near)):
                of.setdefault(key, []).append(n)
        return sorted({(a, b) for sharing in of.values() for i, a in enumerate(sharing) for b in sharing[i + 1 :]})
    at = {unit.id: n for n, unit in enumerate(units)}
    known = [(at[a], at[b]) for a, b in near if a in at and b in at and a != b]
    return sorted({(min(pair), max(pair)) for pair in known})


def _unlike(one: Unit, other: Unit, places: Places) -> int:
    """One for another village, one for another trade."""
    if one.id == other.id:
        return 0
    apart = not places.villages.get(one.id, frozenset()) & places.villages.get(other.id, frozenset())
    return int(apart) + int(places.trades.get(one.id) != places.trades.get(other.id))


def _count_people(ground: Ground) -> tuple[np.ndarray, np.ndarray]:
    """Full members who are in one open unit alone, counted, and those who are in several, by number and unit."""
    of: dict[str, set[int]] = {}
    at = {(unit.kind, unit.id): n for n, unit in enumerate(ground.units) if "joint" in unit.ways}
    full = set(members_of(ground, ("full",)))
    for kind, (table, key) in PEOPLE.items():
        for who, unit in _rows(ground.tables, table, "member_id", key):
            if who in full and (kind, unit) in at:
                of.setdefault(f"{kind} {who}", set()).add(at[kind, unit])
    weight = np.zeros(len(ground.units), np.int64)
    several = [sorted(units) for _, units in sorted(of.items()) if len(units) > 1]
    for units in of.values():
        if len(units) == 1:
            weight[list(units)] += 1
    return np.array([(n, unit) for n, units in enumerate(several) for unit in units], np.int64).reshape(-1, 2), weight


def members_of(ground: Ground, parts: Sequence[str] = ("full", "probationary")) -> list[str]:
    """Ids of those who count as members under the pack: full, probationary."""
    stages = {stage for part in parts for stage in ground.pack.members[part]}
    return [who for who, stage in _rows(ground.tables, "Member", "id", "stage") if stage in stages]

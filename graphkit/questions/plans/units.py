"""The units that are open, and what could be done for each: tried on the rules themselves, never assumed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from graphkit.data.tables import Tables
from graphkit.questions.coverage.counted import count_asked
from graphkit.questions.coverage.judging import superior_name
from graphkit.questions.plans.superiors import Superiors
from graphkit.questions.plans.trial import Sizes, Standing, fit_bodies, is_body_rule, is_settled, judge_all, open_subjects, sizes_of, with_more
from graphkit.rules.pack import Rule, RulePack, Superior

KINDS = ("Village", "Cooperative")
WAYS: Mapping[str, str] = {"own": "own_bodies", "joint": "joint_bodies", "group": "groups", "liaison": "liaisons"}
"""What may be done for a unit, and the count to which it adds one; what is best is first."""
PEOPLE = {"Village": ("Member LIVES_IN Village", "village_code"), "Cooperative": ("Member WORKS_IN Cooperative", "cooperative_id")}
MOST_TRIES = 6  # superiors tried for a unit


@dataclass(frozen=True, slots=True)
class Way:
    """Something that settles a unit: the superior to report to, how it is managed, where a rule says so."""

    superior: str | None = None
    management: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A village or co-operative of which a rule on bodies is certainly open.

    Attributes
    ----------
    kind, id, name : str
        Which one.
    rules : tuple of str
        The rules on bodies that are open.
    full, party : int
        Full members, and Party members, for certain.
    ways : mapping of str to Way
        What settles it: own, joint, group, liaison.
    """

    kind: str
    id: str
    name: str | None
    rules: tuple[str, ...]
    full: int
    party: int
    ways: Mapping[str, Way] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What a plan stands on: the district on the day, the rules, the open units, and the size that a joint body may have."""

    tables: Tables  # as they stand on the day
    pack: RulePack
    day: dt.date
    rules: tuple[Rule, ...]
    units: tuple[Unit, ...]
    joint: Sizes
    taken: frozenset[str]  # ids that no new body may have


def survey(tables: Tables, pack: RulePack, day: dt.date, most_units: int | None) -> Ground:
    """Find the open units and what would settle each."""
    standing = tables.at(day)
    rules = tuple(rule for rule in pack if rule.is_in_force(day))
    by_kind = {kind: [rule for rule in rules if rule.applies_to == kind] for kind in KINDS}
    joint = sizes_of(pack.bodies["joint"][0], rules, pack, day) if pack.bodies["joint"] else Sizes(0, None, None)
    joint = Sizes(joint.least, joint.ceiling, min((n for n in (most_units, joint.units) if n is not None), default=None))
    counted = count_asked({kind: asked for kind, asked in by_kind.items() if asked and standing[kind].num_rows}, standing, pack)
    superiors = Superiors(standing, pack)
    units = [
        unit for kind, table in counted.items() for unit in _Surveyor(kind, by_kind[kind], standing, pack, day, joint, superiors).look(table, rules)
    ]
    return Ground(standing, pack, day, rules, tuple(units), joint, frozenset(tables["Branch"]["id"].to_pylist()))


@dataclass(frozen=True, slots=True, eq=False)
class _Surveyor:
    """Tries every way on the units of one kind."""

    kind: str
    rules: Sequence[Rule]
    tables: Tables
    pack: RulePack
    day: dt.date
    joint: Sizes
    superiors: Superiors

    def look(self, counted: pa.Table, of_bodies: Sequence[Rule]) -> list[Unit]:
        """Return the open units."""
        whole = judge_all(self.rules, counted, self.kind, self.pack, self.day)
        counted = counted.filter(pa.array(open_subjects(whole, counted.num_rows)))
        if not counted.num_rows:
            return []
        before = judge_all(self.rules, counted, self.kind, self.pack, self.day)
        full, party = self._people(counted)
        may = {
            "own": fit_bodies(self.pack.bodies["own"][0], full, party, np.ones_like(full), rules=of_bodies, pack=self.pack, day=self.day)
            & (full > 0),
            "joint": (full > 0) & bool(self.pack.bodies["joint"]),
            "group": (full > 0) & bool(self.pack.bodies["group"]),
            "liaison": np.full(len(full), self.kind == "Cooperative" and self._has_full_member()),
        }
        ways = {name: self._try(name, counted, before, may[name]) for name in WAYS if f"{WAYS[name]}" in counted.column_names}
        found = []
        for n, (key, name) in enumerate(zip(counted["subject_id"].to_pylist(), counted["name"].to_pylist(), strict=True)):
            rules = tuple(standing.rule.name for standing in before if standing.open[n] and is_body_rule(standing.rule))
            settles = {way: found_[n] for way, found_ in ways.items() if found_[n] is not None}
            found.append(Unit(self.kind, key, name, rules, int(full[n]), int(party[n]), settles))  # type: ignore[arg-type]
        return found

    def _people(self, counted: pa.Table) -> tuple[np.ndarray, np.ndarray]:
        full = np.asarray(counted["full_members"])
        return full, full + np.asarray(counted["probationary_members"])

    def _has_full_member(self) -> bool:
        return bool(set(self.tables["Member"]["stage"].to_pylist()) & set(self.pack.members["full"]))

    def _try(self, way: str, counted: pa.Table, before: Sequence[Standing], may: np.ndarray) -> list[Way | None]:
        """Try a way with one superior after the other, until it settles the unit."""
        ids = counted["subject_id"].to_pylist()
        entries = self._entries(way, counted, before)
        candidates = self._candidates(way, ids, entries)
        found: list[Way | None] = [None] * len(ids)
        for turn in range(MOST_TRIES + 1):
            tried = [_turn(candidates[unit], turn) for unit in ids]
            settled = is_settled(before, judge_all(self.rules, self._more(way, counted, tried, entries), self.kind, self.pack, self.day))
            for n in np.flatnonzero(settled & may).tolist():
                if found[n] is None:
                    found[n] = tried[n]
            if all(way_ is not None for way_ in found):
                break
        return found

    def _entries(self, way: str, counted: pa.Table, before: Sequence[Standing]) -> list[tuple[str, Superior, np.ndarray, dict[str, list[str]]]]:
        """What rules name as superior: under which name it is counted, of which units, and who it could be."""
        if way == "liaison":
            return []
        found, ids = [], counted["subject_id"].to_pylist()
        for standing in before:
            for n, superior in enumerate(standing.rule.superior):
                wanted = standing.open & _named(superior, counted)
                found.append((superior_name(standing.rule, n), superior, wanted, self.superiors.of_rule(superior, ids)))
        return found

    def _candidates(
        self, way: str, ids: Sequence[str], entries: Sequence[tuple[str, Superior, np.ndarray, dict[str, list[str]]]]
    ) -> dict[str, list[Way]]:
        """What to try for each unit: whom its open rule names, then the bodies of the place; nobody in the end."""
        if way == "liaison":
            return {unit: [Way()] for unit in ids}
        place = self.superiors.of_place(self.kind, ids, highest=way == "joint" or self.kind == "Village")
        found: dict[str, list[Way]] = {}
        for n, unit in enumerate(ids):
            management = next((s.management[0] for _, s, wanted, _ in entries if wanted[n] and s.management), None)
            named = [body for _, _, wanted, who in entries if wanted[n] for body in who.get(unit, [])]
            by_rule = any(wanted[n] for _, _, wanted, _ in entries)
            bodies = list(dict.fromkeys([*named, *([] if by_rule else place.get(unit, []))]))[:MOST_TRIES]
            found[unit] = [*(Way(body, management) for body in bodies), Way(None, management)]
        return found

    def _more(
        self, way: str, counted: pa.Table, tried: Sequence[Way], entries: Sequence[tuple[str, Superior, np.ndarray, dict[str, list[str]]]]
    ) -> pa.Table:
        """The counts with what is tried: one more body or liaison, and its superior where it is one that a rule names."""
        ids, one = counted["subject_id"].to_pylist(), np.ones(counted.num_rows, np.int64)
        more = {WAYS[way]: one}
        if way == "joint":
            more["joint_units"] = np.maximum(0, (self.joint.units or 2) - np.asarray(counted["joint_units"]))
        if way in ("own", "joint"):
            for name, superior, _, who in entries:
                more[f"{name}_superiors"] = np.array([w.superior is not None for w in tried], np.int64)
                fits = [w.superior in who.get(unit, []) and (not superior.management or w.management in superior.management)
                        for unit, w in zip(ids, tried, strict=True)]  # fmt: skip
                more[f"{name}_agree"] = np.array(fits, np.int64)
        return with_more(counted, more)


def _turn(ways: Sequence[Way], turn: int) -> Way:
    return ways[min(turn, len(ways) - 1)]


def _named(superior: Superior, counted: pa.Table) -> np.ndarray:
    """Whether a rule names this superior for each unit: its conditions are words on record, such as the scope."""
    named = np.ones(counted.num_rows, bool)
    for clause in superior.where:
        if clause.words:
            named &= np.isin(np.array(counted[clause.fact].to_pylist(), object), clause.words)
    return named

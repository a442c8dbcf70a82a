"""Made-up districts of any size, seeded: the structure of the article's district, every place and person invented.

Everything is drawn as arrays (one random draw for a whole column) and written as Arrow columns; there is
no Python object for a node, so that ten million nodes fit into memory.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.tables import Tables

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SURVEYED_ON = dt.date(2012, 4, 30)  # the day on which a made-up district is current: pass it as `as_of`
_TODAY = (SURVEYED_ON - dt.date(1970, 1, 1)).days
_HALF_YEAR = 183

_KINDS = ("base", "association", "park", "processor", "cooperative", "federation")
_SCOPES = ("village", "cross_village", "township", "cross_township")
_SECTORS = ("水稻", "黄牛", "奶牛", "粘豆包", "林蛙", "石材", "渔业", "笤帚", "蔬菜", "运输", "加工", "粮食")
_STAGES = ("applicant", "activist", "candidate", "probationary", "full")
_APPLICANT, _ACTIVIST, _CANDIDATE, _PROBATIONARY, _FULL = range(5)
_EDUCATION = ("primary", "junior", "senior", "college", "university")
_ORIGINS = ("farmer", "graduate", "veteran", "returnee", "official")
_PAIRINGS = ("one_to_one", "one_to_five", "ten_a_year", "technical", "post")
_PROMISED = np.array([1, 5, 10, 5, 3])  # by pairing kind
_POSTS = ("help", "technology", "circulation", "information")
_FORMS = ("night_school", "forum", "mobile_school", "field", "other")
_BODY_KINDS = ("committee", "general_branch", "branch", "joint_branch", "temporary_branch", "group", "liaison_post")
_COMMITTEE, _GENERAL, _BRANCH, _JOINT, _TEMPORARY, _GROUP, _POST = range(7)
_MANAGEMENT = ("direct", "territorial", "sector")


def generate_district(*, villages: int, seed: int) -> Tables:
    """Make a district of `villages` villages: what would it look like if it were built like the article's?

    About ten villages a township; log-normal village sizes (median 180 households); a committee for every
    township, a branch for most villages, co-operatives of six kinds and four scopes, industry branches and
    groups for some of them; people at every stage of admission; about five households for every pairing member,
    a fifth of whom help in other villages too. Every verdict of coverage occurs, and so do people whom no
    branch manages, ended ties, stale visits and missing values. About 265 nodes and 600 ties a village.

    Parameters
    ----------
    villages : int, 1 or more
        Number of villages. From 20 on, every table has rows.
    seed : int, 0 or more
        The same seed and number of villages give the same tables.

    Returns
    -------
    Tables
        Sound by `graphkit.checks.check_tables`, except for what only is reported: members without a primary
        branch, on purpose. Current on 2012-04-30 (`SURVEYED_ON`); a missing value means unknown. Division codes begin
        with 99, which no real place has.

    Raises
    ------
    ParameterError
        If `villages` is below 1 or `seed` below 0.

    Examples
    --------
    >>> tables = generate_district(villages=20, seed=1)
    >>> tables["Village"].num_rows, tables["Township"].num_rows
    (20, 2)
    >>> tables == generate_district(villages=20, seed=1)
    True
    """
    if villages < 1 or seed < 0:
        raise ParameterError(f"villages must be 1 or more and seed 0 or more, not {villages} and {seed}")
    rng = np.random.default_rng(seed)
    places = _draw_places(rng, villages)
    people = _draw_people(rng, places)
    coops = _draw_coops(rng, places)
    works = _draw_works(rng, places, people, coops)
    bodies = _draw_bodies(rng, places, people, coops, works)
    tables = {
        **_place_tables(rng, places),
        **_coop_tables(rng, places, coops),
        **_body_tables(rng, places, people, coops, bodies),
        **_people_tables(rng, places, people, coops, works, bodies),
        **_membership_table(rng, places, people, works, bodies),
        **_pairing_table(rng, places, people),
        **_support_tables(rng, places, people, coops, works, bodies),
        **_zone_tables(rng, places, people),
        **_training_tables(rng, places, people),
    }
    return Tables(tables, dataset=f"made-up-{villages}-{seed}")


# ------------------------------------------------------------------------------------------- arrays to columns


def make_ids(prefix: str, numbers: Ints, *, largest: int | None = None) -> pa.Array:
    """Make ids such as ``h0000012`` from numbers counted from 0; all have the width that `largest` needs.

    >>> make_ids("h", np.array([0, 11])).to_pylist()
    ['h0000001', 'h0000012']
    """
    width = max(7, len(str(largest or 0)))
    text = pc.utf8_lpad(pa.array(numbers + 1, pa.int64()).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(prefix, text, "")


def _say(before: str, text: pa.Array, after: str = "") -> pa.Array:
    return pc.binary_join_element_wise(before, text, after, "")


def _words(words: Sequence[str], codes: Ints, *, unknown: Bools | None = None) -> pa.Array:
    """The word behind each code; null where `unknown`."""
    return pa.array(words, pa.string()).take(pa.array(codes, pa.int64(), mask=unknown))


def _dates(days: Ints, *, unknown: Bools | None = None) -> pa.Array:
    return pa.array(days.astype(np.int32), pa.int32(), mask=unknown).cast(pa.date32())


def _numbers(values: Ints, *, unknown: Bools | None = None) -> pa.Array:
    return pa.array(values, pa.int64(), mask=unknown)


def _flags(values: Bools, *, unknown: Bools | None = None) -> pa.Array:
    return pa.array(values, pa.bool_(), mask=unknown)


def _period(rng: np.random.Generator, n: int, *, ended: float = 0.04) -> dict[str, pa.Array]:
    """Columns `since` and `until`: 1–12 years ago, a few without a date, a few ended."""
    since = _TODAY - rng.integers(365, 12 * 365, n)
    until = since + (rng.random(n) * (_TODAY - since)).astype(np.int64)
    return {"since": _dates(since, unknown=rng.random(n) < 0.05), "until": _dates(until, unknown=rng.random(n) >= ended)}


# ------------------------------------------------------------------------------------------------------ draws


@dataclass(frozen=True, slots=True)
class _Grouped:
    """Numbers of things, sorted by group: those of group g stand at ``items[offsets[g]:offsets[g + 1]]``."""

    items: Ints
    offsets: Ints

    @classmethod
    def of(cls, items: Ints, groups: Ints, count: int) -> _Grouped:
        order = np.argsort(groups, kind="stable")
        return cls(items[order], np.concatenate(([0], np.cumsum(np.bincount(groups, minlength=count)))))

    @property
    def sizes(self) -> Ints:
        return np.diff(self.offsets)

    def pick(self, rng: np.random.Generator, groups: Ints) -> Ints:
        """One thing of each group asked for, at random; -1 where the group is empty."""
        sizes = self.sizes[groups]
        place = self.offsets[groups] + (rng.random(len(groups)) * sizes).astype(np.int64)
        return np.where(sizes > 0, self.items[np.minimum(place, len(self.items) - 1)], -1) if len(self.items) else np.full(len(groups), -1)

    def nth(self, groups: Ints, n: int) -> Ints:
        """The n-th thing (from 0) of each group asked for; -1 where it has fewer."""
        place = self.offsets[groups] + n
        there = self.sizes[groups] > n
        return np.where(there, self.items[np.minimum(place, len(self.items) - 1)], -1) if len(self.items) else np.full(len(groups), -1)


def _first_of_pairs(left: Ints, right: Ints) -> Ints:
    """Positions of the first of each pair, in order: a tie stands once."""
    _, first = np.unique(left * (int(right.max(initial=0)) + 1) + right, return_index=True)
    first.sort()
    return first


def _chosen(rng: np.random.Generator, n: int, shares: Sequence[float]) -> Ints:
    """Codes drawn by their shares."""
    return np.searchsorted(np.cumsum(shares) / np.sum(shares), rng.random(n), side="right").astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Places:
    township_of: Ints  # of each village
    township_start: Ints  # the first village of each township
    township_size: Ints  # villages
    households: Ints  # of each village
    household_start: Ints
    unserved: Bools  # villages without a branch of their own

    @property
    def villages(self) -> int:
        return len(self.township_of)

    @property
    def townships(self) -> int:
        return len(self.township_size)

    @property
    def household_count(self) -> int:
        return int(self.households.sum())

    def codes(self, villages: Ints) -> pa.Array:
        return pa.array(self._code_numbers(villages), pa.int64()).cast(pa.string())

    def _code_numbers(self, villages: Ints) -> Ints:
        township = self.township_of[villages]
        return (990_000_001 + township) * 1000 + 200 + villages - self.township_start[township]

    def township_codes(self, townships: Ints) -> pa.Array:
        return pa.array(990_000_001 + townships, pa.int64()).cast(pa.string())

    def neighbour(self, villages: Ints, step: Ints) -> Ints:
        """The village `step` places further in the same township, round and round."""
        township = self.township_of[villages]
        start, size = self.township_start[township], self.township_size[township]
        return start + (villages - start + step) % size

    def pick_household(self, rng: np.random.Generator, villages: Ints) -> Ints:
        return self.household_start[villages] + (rng.random(len(villages)) * self.households[villages]).astype(np.int64)


def _draw_places(rng: np.random.Generator, villages: int) -> _Places:
    townships = max(min(2, villages // 2), round(villages / 10), 1)
    least = villages // townships if villages < 2 * townships else 2
    size = least + rng.multinomial(villages - least * townships, np.full(townships, 1 / townships))
    households = np.clip(rng.lognormal(np.log(180), 0.6, villages), 20, 1500).astype(np.int64)
    unserved = rng.random(villages) < 0.12
    if villages >= 10:
        unserved[:: max(villages // 3, 1)] = True  # at least three, so that every verdict occurs
    return _Places(
        np.repeat(np.arange(townships), size), np.concatenate(([0], np.cumsum(size)[:-1])), size,
        households, np.concatenate(([0], np.cumsum(households)[:-1])), unserved,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _People:
    village: Ints  # of each person, ascending
    stage: Ints
    stage_unknown: Bools
    full_in: _Grouped  # full members by village

    @property
    def count(self) -> int:
        return len(self.village)

    @property
    def admitted(self) -> Bools:
        return (self.stage >= _PROBATIONARY) & ~self.stage_unknown


def _draw_people(rng: np.random.Generator, places: _Places) -> _People:
    size = np.maximum(rng.poisson(places.households * 0.2), 4)
    few = places.unserved & (rng.random(places.villages) < 0.7)
    size[few] = rng.integers(1, 6, few.sum())
    village = np.repeat(np.arange(places.villages), size)
    stage = _chosen(rng, len(village), (0.16, 0.09, 0.04, 0.05, 0.66))
    unknown = rng.random(len(village)) < 0.015
    full = np.flatnonzero((stage == _FULL) & ~unknown)
    return _People(village, stage, unknown, _Grouped.of(full, village[full], places.villages))


@dataclass(frozen=True, slots=True)
class _Coops:
    home: Ints  # village
    kind: Ints
    scope: Ints
    coop: Ints  # with `village`: the ties of operating
    village: Ints
    in_village: _Grouped  # co-operatives by village

    @property
    def count(self) -> int:
        return len(self.home)


def _draw_coops(rng: np.random.Generator, places: _Places) -> _Coops:
    count = max(24, round(places.villages * 0.8))
    home = rng.integers(0, places.villages, count)
    scope = _chosen(rng, count, (0.55, 0.22, 0.13, 0.10))
    scope[:4] = np.arange(4)
    kind = _chosen(rng, count, (0.1, 0.4, 0.05, 0.1, 0.3, 0.05))
    kind[:6] = np.arange(6)
    scope[(places.township_size[places.township_of[home]] < 2) & (scope == 1)] = 0
    if places.townships < 2:
        scope[scope == 3] = 2
    coop, village = _operating(rng, places, home, scope)
    return _Coops(home, kind, scope, coop, village, _Grouped.of(coop, village, places.villages))


def _operating(rng: np.random.Generator, places: _Places, home: Ints, scope: Ints) -> tuple[Ints, Ints]:
    """Villages of each co-operative, by its scope: home, neighbours, and a village of the next township."""
    count = len(home)
    reach = np.where(scope == 0, 1, np.minimum(rng.integers(2, 6, count), places.township_size[places.township_of[home]]))
    coop = np.repeat(np.arange(count), reach)
    step = np.arange(len(coop)) - np.repeat(np.cumsum(reach) - reach, reach)
    wide = np.flatnonzero(scope == 3)
    beyond = (places.township_of[home[wide]] + 1) % places.townships
    other = places.township_start[beyond] + (rng.random(len(wide)) * places.township_size[beyond]).astype(np.int64)
    return np.concatenate((coop, wide)), np.concatenate((places.neighbour(home[coop], step), other))


@dataclass(frozen=True, slots=True)
class _Works:
    person: Ints
    coop: Ints
    office: Ints  # 0 none, 1 chair, 2 secretary-general
    founder: Bools
    full_count: Ints  # full members by co-operative


def _draw_works(rng: np.random.Generator, places: _Places, people: _People, coops: _Coops) -> _Works:
    ordinary = np.flatnonzero(rng.random(people.count) < 0.3)
    second = ordinary[rng.random(len(ordinary)) < 0.12]
    person = np.concatenate((ordinary, second))
    away = rng.random(len(person)) < 0.1
    village = np.where(away, places.neighbour(people.village[person], rng.integers(1, 9, len(person))), people.village[person])
    coop = coops.in_village.pick(rng, village)
    quiet = rng.random(coops.count) < 0.25  # co-operatives in which hardly anyone of ours works
    keep = (coop >= 0) & ~(quiet[coop] & (rng.random(len(coop)) < 0.9))
    person, coop = person[keep], coop[keep]
    secretary = people.full_in.nth(coops.home, 0)
    dual = np.flatnonzero((secretary >= 0) & (rng.random(coops.count) < 0.2))  # dual offices: the village's secretary chairs it
    person, coop = np.concatenate((secretary[dual], person)), np.concatenate((dual, coop))
    first = _first_of_pairs(person, coop)
    return _officers(rng, people, coops, person[first], coop[first])


def _officers(rng: np.random.Generator, people: _People, coops: _Coops, person: Ints, coop: Ints) -> _Works:
    staff = _Grouped.of(np.arange(len(person)), coop, coops.count)
    office = np.zeros(len(person), np.int64)
    for n in (0, 1):
        held = staff.nth(np.arange(coops.count), n)
        office[held[held >= 0]] = n + 1
    founder = (rng.random(len(person)) < 0.05) | ((office == 1) & (rng.random(len(person)) < 0.6))
    full = (people.stage[person] == _FULL) & ~people.stage_unknown[person]
    return _Works(person, coop, office, founder, np.bincount(coop[full], minlength=coops.count))


@dataclass(frozen=True, slots=True)
class _Bodies:
    """Party bodies, in this order: township committees, township offices, sector committees, village branches, industry bodies."""

    kind: Ints
    management: Ints
    superior: Ints  # -1: none
    of_village: Ints  # the branch of each village; -1 where there is none
    of_coop: Ints  # the body of each co-operative; -1 where there is none
    office_of: Ints  # the branch of each township's own staff
    townships: int
    villages: Ints  # villages with a branch, in the order of their branches
    hosts: Ints  # co-operatives with a body of their own, in the order of their bodies

    @property
    def count(self) -> int:
        return len(self.kind)


def _draw_bodies(rng: np.random.Generator, places: _Places, people: _People, coops: _Coops, works: _Works) -> _Bodies:
    t, sectors = places.townships, len(_SECTORS)
    villages, (hosts, host_kind) = np.flatnonzero(~places.unserved), _draw_hosts(rng, works)
    first_village, first_host = 2 * t + sectors, 2 * t + sectors + len(villages)
    of_village, of_coop = np.full(places.villages, -1), np.full(coops.count, -1)
    of_village[villages] = first_village + np.arange(len(villages))
    of_coop[hosts] = first_host + np.arange(len(hosts))
    village_kind = np.where(people.full_in.sizes[villages] > 50, _GENERAL, _BRANCH)
    kind = np.concatenate((np.full(t, _COMMITTEE), np.full(t, _BRANCH), np.full(sectors, _COMMITTEE), village_kind, host_kind))
    superior = _host_superiors(rng, places, coops, hosts, of_village)
    none = np.full(t, -1)
    superior = np.concatenate((none, np.arange(t), np.full(sectors, -1), places.township_of[villages], superior))
    management = np.ones(len(kind), np.int64)
    management[: 2 * t + sectors] = 0
    management[first_host:] = np.array([1, 0, 0, 2])[coops.scope[hosts]]
    of_coop = _join_hosts(rng, coops, works, kind, of_coop)
    return _Bodies(kind, management, superior, of_village, of_coop, t + np.arange(t), t, villages, hosts)


def _draw_hosts(rng: np.random.Generator, works: _Works) -> tuple[Ints, Ints]:
    """Which co-operatives have a body of their own, and of what kind: some that should, have none."""
    enough = works.full_count >= 3
    luck = rng.random(len(enough))
    hosts = np.flatnonzero(np.where(enough, luck < 0.65, luck < 0.45))
    own = np.array([_BRANCH, _TEMPORARY, _JOINT, _GENERAL])[_chosen(rng, len(hosts), (0.75, 0.15, 0.07, 0.03))]
    small = np.array([_GROUP, _POST])[_chosen(rng, len(hosts), (0.8, 0.2))]
    return hosts, np.where(enough[hosts], own, small)


def _host_superiors(rng: np.random.Generator, places: _Places, coops: _Coops, hosts: Ints, of_village: Ints) -> Ints:
    """The superior that the scope asks for; one in twenty reports to another one."""
    home, scope = coops.home[hosts], coops.scope[hosts]
    committee = places.township_of[home]
    branch = np.where(of_village[home] >= 0, of_village[home], committee)
    sector = 2 * places.townships + hosts % len(_SECTORS)
    superior = np.choose(scope, (branch, committee, committee, sector))
    wrong = rng.random(len(hosts)) < 0.05
    return np.where(wrong, rng.integers(0, places.townships, len(hosts)), superior)


def _join_hosts(rng: np.random.Generator, coops: _Coops, works: _Works, kind: Ints, of_coop: Ints) -> Ints:
    """Let a joint branch serve one more co-operative of few members, with none of its own, in the same village."""
    joint = np.flatnonzero((of_coop >= 0) & (kind[of_coop] == _JOINT))
    other = coops.in_village.pick(rng, coops.home[joint])
    free = (other >= 0) & (of_coop[other] < 0) & (works.full_count[other] < 3)
    joined = of_coop.copy()
    joined[other[free]] = of_coop[joint[free]]
    return joined


# ----------------------------------------------------------------------------------------------------- tables


def _place_tables(rng: np.random.Generator, places: _Places) -> Mapping[str, pa.Table]:
    villages, townships = np.arange(places.villages), np.arange(places.townships)
    count = pa.array(villages + 1, pa.int64()).cast(pa.string())
    kinds = _chosen(rng, places.villages, (0.9, 0.08, 0.02))
    houses = np.arange(places.household_count)
    home = np.repeat(villages, places.households)
    return {
        "Township": pa.table({"code": places.township_codes(townships), "name": _say("第", pa.array(townships + 1).cast(pa.string()), "镇")}),
        "Village": pa.table({
            "code": places.codes(villages), "name": _say("第", count, "村"),
            "kind": _words(("village_committee", "residents_committee", "other"), kinds),
            "households": _numbers(places.households, unknown=rng.random(places.villages) < 0.03),
        }),
        "Village IN Township": pa.table({"village_code": places.codes(villages), "township_code": places.township_codes(places.township_of)}),
        "Household": pa.table({
            "id": make_ids("h", houses, largest=places.household_count),
            "people": _numbers(1 + rng.poisson(2.6, len(houses)), unknown=rng.random(len(houses)) < 0.02),
            "is_poor": _flags(rng.random(len(houses)) < 0.06, unknown=rng.random(len(houses)) < 0.02),
        }),
        "Household LIVES_IN Village": pa.table({
            "household_id": make_ids("h", houses, largest=places.household_count), "village_code": places.codes(home),
            "since": _dates(_TODAY - rng.integers(365, 9000, len(houses)), unknown=rng.random(len(houses)) < 0.9),
        }),
    }  # fmt: skip


def _coop_tables(rng: np.random.Generator, places: _Places, coops: _Coops) -> Mapping[str, pa.Table]:
    n, number = coops.count, np.arange(coops.count)
    sector = number % len(_SECTORS)
    house, coop = _draw_joins(rng, places, coops)
    return {
        "Cooperative": pa.table({
            "id": make_ids("c", number, largest=n),
            "name": _say("第", pa.array(number + 1).cast(pa.string()), "合作组织"),
            "kind": _words(_KINDS, coops.kind), "scope": _words(_SCOPES, coops.scope, unknown=rng.random(n) < 0.05),
            "sector": _words(_SECTORS, sector),
            "founded_on": _dates(_TODAY - rng.integers(12 * 365, 20 * 365, n), unknown=rng.random(n) < 0.1),
            "output_yuan": _numbers(rng.lognormal(np.log(4e5), 1, n).astype(np.int64), unknown=rng.random(n) < 0.1),
        }),
        "Cooperative OPERATES_IN Village": pa.table({
            "cooperative_id": make_ids("c", coops.coop, largest=n), "village_code": places.codes(coops.village),
            **_period(rng, len(coops.coop), ended=0),
        }),
        "Household JOINED Cooperative": pa.table({
            "household_id": make_ids("h", house, largest=places.household_count), "cooperative_id": make_ids("c", coop, largest=n),
            "kind": _words(("member", "served"), _chosen(rng, len(house), (0.72, 0.28)), unknown=rng.random(len(house)) < 0.05),
            **_period(rng, len(house)),
        }),
    }  # fmt: skip


def _draw_joins(rng: np.random.Generator, places: _Places, coops: _Coops) -> tuple[Ints, Ints]:
    home = np.repeat(np.arange(places.villages), places.households)
    house = np.flatnonzero(rng.random(len(home)) < 0.45)
    house = np.concatenate((house, house[rng.random(len(house)) < 0.1]))
    coop = coops.in_village.pick(rng, home[house])
    house, coop = house[coop >= 0], coop[coop >= 0]
    first = _first_of_pairs(house, coop)
    return house[first], coop[first]


def _body_tables(rng: np.random.Generator, places: _Places, people: _People, coops: _Coops, bodies: _Bodies) -> Mapping[str, pa.Table]:
    n, number, t = bodies.count, np.arange(bodies.count), places.townships
    industry = number >= n - len(bodies.hosts)
    under = np.flatnonzero(bodies.superior >= 0)
    served = np.flatnonzero(bodies.of_coop >= 0)
    own = np.concatenate((bodies.of_village[bodies.villages], places.township_of[bodies.villages]))
    founded = _TODAY - rng.integers(30, 10 * 365, n)
    dissolved = founded + (rng.random(n) * (_TODAY - founded)).astype(np.int64)
    return {
        "Branch": pa.table({
            "id": make_ids("b", number, largest=n), "name": _body_names(places, coops, bodies),
            "kind": _words(_BODY_KINDS, bodies.kind), "management": _words(_MANAGEMENT, bodies.management, unknown=rng.random(n) < 0.03),
            "founded_on": _dates(founded, unknown=~industry), "dissolved_on": _dates(dissolved, unknown=~industry | (rng.random(n) >= 0.04)),
        }),
        "Branch REPORTS_TO Branch": pa.table({
            "branch_id": make_ids("b", under, largest=n), "superior_id": make_ids("b", bodies.superior[under], largest=n),
        }),
        "Branch SERVES Village": pa.table({
            "branch_id": make_ids("b", own, largest=n), "village_code": places.codes(np.tile(bodies.villages, 2)),
        }),
        "Branch SERVES Cooperative": pa.table({
            "branch_id": make_ids("b", bodies.of_coop[served], largest=n), "cooperative_id": make_ids("c", served, largest=coops.count),
        }),
    }  # fmt: skip


def _body_names(places: _Places, coops: _Coops, bodies: _Bodies) -> pa.Array:
    """Say whose body it is."""

    def numbered(numbers: Ints, after: str) -> pa.Array:
        return _say("第", pa.array(numbers + 1, pa.int64()).cast(pa.string()), after)

    townships = np.arange(bodies.townships)
    return pa.concat_arrays([
        numbered(townships, "镇党委"), numbered(townships, "镇机关党支部"), _say("", pa.array(_SECTORS), "行业党委"),
        numbered(bodies.villages, "村党组织"), numbered(bodies.hosts, "合作组织党组织"),
    ])  # fmt: skip


def _people_tables(
    rng: np.random.Generator, places: _Places, people: _People, coops: _Coops, works: _Works, bodies: _Bodies
) -> Mapping[str, pa.Table]:
    n = people.count
    ids = make_ids("m", np.arange(n), largest=n)
    born, today = 2012 - np.clip(rng.normal(46, 12, n), 19, 85).astype(np.int64), SURVEYED_ON.year
    admitted = np.minimum(_TODAY - 30, (born + 20 - 1970) * 365 + rng.integers(0, 20 * 365, n))
    officer = np.zeros(n, bool)
    for rank in range(3):
        held = people.full_in.nth(bodies.villages, rank)
        officer[held[held >= 0]] = True
    return {
        "Member": pa.table({
            "id": ids, "name": _say("人员", pa.array(np.arange(n) + 1).cast(pa.string())), "stage": _words(_STAGES, people.stage, unknown=people.stage_unknown),
            "admitted_on": _dates(admitted, unknown=~people.admitted | (rng.random(n) < 0.05)),
            "birth_year": _numbers(np.minimum(born, today - 18), unknown=rng.random(n) < 0.02),
            "education": _words(_EDUCATION, _chosen(rng, n, (0.15, 0.4, 0.25, 0.15, 0.05)), unknown=rng.random(n) < 0.03),
            "origin": _words(_ORIGINS, _chosen(rng, n, (0.75, 0.05, 0.07, 0.08, 0.05)), unknown=rng.random(n) < 0.03),
            "is_cadre": _flags(officer | (rng.random(n) < 0.02)), "in_reserve_pool": _flags(rng.random(n) < 0.03, unknown=rng.random(n) < 0.02),
        }),
        "Member LIVES_IN Village": pa.table({"member_id": ids, "village_code": places.codes(people.village)}),
        "Member WORKS_IN Cooperative": pa.table({
            "member_id": make_ids("m", works.person, largest=n), "cooperative_id": make_ids("c", works.coop, largest=coops.count),
            "office": _words(("", "理事长", "秘书长"), works.office, unknown=works.office == 0),
            "is_founder": _flags(works.founder, unknown=~works.founder & (rng.random(len(works.person)) < 0.05)),
            **_period(rng, len(works.person), ended=0.03),
        }),
    }  # fmt: skip


def _membership_table(rng: np.random.Generator, places: _Places, people: _People, works: _Works, bodies: _Bodies) -> Mapping[str, pa.Table]:
    """Exactly one primary branch for almost all, an assisting one for many; a few are managed by none."""
    person = np.flatnonzero(people.admitted | people.stage_unknown)
    luck = rng.random(len(person))
    person, assisted_only = person[luck >= 0.006], (luck < 0.012)[luck >= 0.006]  # left out: nobody manages them
    own = bodies.of_village[people.village[person]]
    home = np.where(own >= 0, own, bodies.office_of[places.township_of[people.village[person]]])
    rank = _village_rank(people)[person]
    office = np.where(own >= 0, np.array([1, 2, 3, 3, 3, 0])[np.minimum(rank, 5)], 0)
    worker, industry = _industry_ties(people, works, bodies)
    moves = (rng.random(len(worker)) < 0.25) & (bodies.kind[industry] < _GROUP) & (_village_rank(people)[worker] >= 5)
    moved = np.zeros(people.count, bool)
    moved[worker[moves]] = True
    past = np.flatnonzero(rng.random(len(person)) < 0.03)  # came from another village: an ended tie, and a dated one now
    branch = np.concatenate((home, industry, bodies.office_of[places.township_of[people.village[person[past]]]]))
    since, until = _membership_period(rng, len(person), len(worker), past)
    return {"Member BELONGS_TO Branch": _membership_rows(
        people, bodies, np.concatenate((person, worker, person[past])), branch,
        np.concatenate((~moved[person] & ~assisted_only, moves, np.ones(len(past), bool))),
        np.concatenate((office, np.zeros(len(worker) + len(past), np.int64))), since, until,
    )}  # fmt: skip


def _membership_period(rng: np.random.Generator, homes: int, industries: int, past: Ints) -> tuple[pa.Array, pa.Array]:
    """Home ties mostly without a date; whoever came from elsewhere came on a known day, when the earlier tie ended."""
    came = _TODAY - rng.integers(400, 2000, len(past))
    since = np.concatenate((_TODAY - rng.integers(2000, 9000, homes), _TODAY - rng.integers(60, 1500, industries), came - 3000))
    since[past] = came
    unknown = np.concatenate((rng.random(homes) < 0.7, rng.random(industries) < 0.1, np.zeros(len(past), bool)))
    unknown[past] = False
    until = np.concatenate((np.zeros(homes + industries, np.int64), came))
    return _dates(since, unknown=unknown), _dates(until, unknown=np.arange(len(until)) < homes + industries)


def _membership_rows(
    people: _People, bodies: _Bodies, person: Ints, branch: Ints, primary: Bools, office: Ints, since: pa.Array, until: pa.Array
) -> pa.Table:
    industry = branch >= bodies.count - len(bodies.hosts)
    return pa.table({
        "member_id": make_ids("m", person, largest=people.count), "branch_id": make_ids("b", branch, largest=bodies.count),
        "primary": _flags(primary), "office": _words(("", "书记", "副书记", "委员"), office, unknown=office == 0),
        "team": _words(("技术指导组", "流通销售组", "帮扶组"), person % 3, unknown=~industry | (person % 5 == 0)),
        "since": since, "until": until,
    })  # fmt: skip


def _industry_ties(people: _People, works: _Works, bodies: _Bodies) -> tuple[Ints, Ints]:
    """Members who work in a co-operative with a body, one body a person."""
    body = bodies.of_coop[works.coop]
    has = (body >= 0) & people.admitted[works.person]
    person, first = np.unique(works.person[has], return_index=True)
    return person, body[has][first]


def _village_rank(people: _People) -> Ints:
    """Place of a full member among those of the village, from 0; a large number for everyone else."""
    rank = np.full(people.count, 10**6)
    start = people.full_in.offsets[people.village[people.full_in.items]]
    rank[people.full_in.items] = np.arange(len(people.full_in.items)) - start
    return rank


def _pairing_table(rng: np.random.Generator, places: _Places, people: _People) -> Mapping[str, pa.Table]:
    """Who helps whom: about five households a helper, mostly at home, a fifth of the helpers elsewhere too."""
    helper = np.flatnonzero(people.admitted & (rng.random(people.count) < 0.55))
    kind = _chosen(rng, len(helper), (0.15, 0.5, 0.1, 0.15, 0.1))
    target = _PROMISED[kind]
    count = np.where(kind == 0, 1, np.clip(rng.poisson(np.array([1, 5.5, 7, 5, 4])[kind]), 1, 15))
    of = np.repeat(np.arange(len(helper)), count)
    wanders = (rng.random(len(helper)) < 0.2)[of] & (rng.random(len(of)) < 0.4)
    village = np.where(wanders, places.neighbour(people.village[helper[of]], rng.integers(1, 9, len(of))), people.village[helper[of]])
    far = wanders & (rng.random(len(of)) < 0.1)
    village = np.where(far, rng.integers(0, places.villages, len(of)), village)
    house = places.pick_household(rng, village)
    first = _first_of_pairs(of, house)
    return {"Member HELPS Household": _pairing_rows(rng, places, people, helper, kind, target, of[first], house[first])}


def _pairing_rows(
    rng: np.random.Generator, places: _Places, people: _People, helper: Ints, kind: Ints, target: Ints, of: Ints, house: Ints
) -> pa.Table:
    n, unpromised = len(of), (rng.random(len(helper)) < 0.1)[of]
    promised = (_TODAY - rng.integers(200, 900, len(helper)))[of]
    visit = _TODAY - np.where(rng.random(n) < 0.7, rng.integers(0, _HALF_YEAR, n), rng.integers(_HALF_YEAR, 600, n))
    until = promised + (rng.random(n) * (_TODAY - promised)).astype(np.int64)
    return pa.table({
        "member_id": make_ids("m", helper[of], largest=people.count), "household_id": make_ids("h", house, largest=places.household_count),
        "kind": _words(_PAIRINGS, kind[of]), "target": _numbers(target[of], unknown=unpromised), "promised_on": _dates(promised, unknown=unpromised),
        "last_visit_on": _dates(visit, unknown=rng.random(n) < 0.15), "since": _dates(promised, unknown=rng.random(n) < 0.05),
        "until": _dates(until, unknown=rng.random(n) >= 0.05),
    })  # fmt: skip


def _support_tables(
    rng: np.random.Generator, places: _Places, people: _People, coops: _Coops, works: _Works, bodies: _Bodies
) -> Mapping[str, pa.Table]:
    """Mentors, liaisons of co-operatives without a body, and posts."""
    n = people.count
    mentor, mentee = _draw_mentors(rng, people)
    coop = np.flatnonzero((bodies.of_coop < 0) & (people.full_in.sizes[coops.home] > 0))
    coop = np.concatenate((coop[:1], coop[1:][rng.random(max(len(coop) - 1, 0)) < 0.35]))
    liaison = people.full_in.pick(rng, coops.home[coop])
    holder = people.full_in.items[rng.random(len(people.full_in.items)) < 0.14]
    village = people.village[holder]
    village = np.where(rng.random(len(holder)) < 0.15, places.neighbour(village, rng.integers(1, 5, len(holder))), village)
    return {
        "Member MENTORS Member": pa.table({
            "mentor_id": make_ids("m", mentor, largest=n), "mentee_id": make_ids("m", mentee, largest=n), **_period(rng, len(mentor)),
        }),
        "Member LIAISES Cooperative": pa.table({
            "member_id": make_ids("m", liaison, largest=n), "cooperative_id": make_ids("c", coop, largest=coops.count), **_period(rng, len(coop)),
        }),
        "Member HOLDS_POST_IN Village": pa.table({
            "member_id": make_ids("m", holder, largest=n), "village_code": places.codes(village),
            "post": _words(_POSTS, _chosen(rng, len(holder), (1, 1, 1, 1))), **_period(rng, len(holder)),
        }),
    }  # fmt: skip


def _draw_mentors(rng: np.random.Generator, people: _People) -> tuple[Ints, Ints]:
    """A mentor for most people on the way, from their village; a second one for some."""
    share = np.array([0.15, 0.75, 0.85, 0.7, 0])[people.stage]
    mentee = np.flatnonzero((rng.random(people.count) < share) & ~people.stage_unknown)
    mentee = np.concatenate((mentee, mentee[rng.random(len(mentee)) < 0.3]))
    mentor = people.full_in.pick(rng, people.village[mentee])
    mentor, mentee = mentor[mentor >= 0], mentee[mentor >= 0]
    first = _first_of_pairs(mentor, mentee)
    return mentor[first], mentee[first]


def _zone_tables(rng: np.random.Generator, places: _Places, people: _People) -> Mapping[str, pa.Table]:
    """Zones of neighbouring households; most of them have somebody who answers for them."""
    zones = max(2, round(places.villages * 0.9))
    village = rng.permutation(np.resize(np.arange(places.villages), zones))
    size = np.minimum(rng.integers(15, 46, zones), places.households[village])
    start = places.household_start[village] + (rng.random(zones) * (places.households[village] - size + 1)).astype(np.int64)
    zone = np.repeat(np.arange(zones), size)
    house = start[zone] + np.arange(len(zone)) - np.repeat(np.cumsum(size) - size, size)
    responsible = people.full_in.pick(rng, village)
    kept = (responsible >= 0) & (rng.random(zones) < 0.85)
    number = np.arange(zones)
    return {
        "Zone": pa.table({"id": make_ids("z", number, largest=zones), "name": _say("第", pa.array(number + 1).cast(pa.string()), "责任区")}),
        "Member RESPONSIBLE_FOR Zone": pa.table({
            "member_id": make_ids("m", responsible[kept], largest=people.count), "zone_id": make_ids("z", number[kept], largest=zones),
            **_period(rng, int(kept.sum())),
        }),
        "Zone COVERS Household": pa.table({
            "zone_id": make_ids("z", zone, largest=zones), "household_id": make_ids("h", house, largest=places.household_count),
            "since": _dates(_TODAY - rng.integers(100, 900, zones)[zone]),
        }),
    }  # fmt: skip


def _training_tables(rng: np.random.Generator, places: _Places, people: _People) -> Mapping[str, pa.Table]:
    """Sessions, and who attended: attendances, so the same person in several of them."""
    sessions = max(4, round(places.villages * 0.3))
    number = np.arange(sessions)
    person = rng.choice(people.count, round(people.count * 0.5))
    house = rng.integers(0, places.household_count, round(places.household_count * 0.2))
    person_in, house_in = rng.integers(0, sessions, len(person)), rng.integers(0, sessions, len(house))
    one, other = _first_of_pairs(person, person_in), _first_of_pairs(house, house_in)
    return {
        "Training": pa.table({
            "id": make_ids("t", number, largest=sessions), "held_on": _dates(_TODAY - rng.integers(0, 3 * 365, sessions), unknown=rng.random(sessions) < 0.03),
            "form": _words(_FORMS, _chosen(rng, sessions, (3, 2, 2, 3, 1))), "topic": _words(_SECTORS, rng.integers(0, len(_SECTORS), sessions)),
        }),
        "Member ATTENDED Training": pa.table({
            "member_id": make_ids("m", person[one], largest=people.count), "training_id": make_ids("t", person_in[one], largest=sessions),
        }),
        "Household ATTENDED Training": pa.table({
            "household_id": make_ids("h", house[other], largest=places.household_count),
            "training_id": make_ids("t", house_in[other], largest=sessions),
        }),
    }  # fmt: skip

"""The structure of a made-up district, drawn as arrays: places, people, co-operatives, who works where, Party bodies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphkit.generate.columns import Bools, Ints

SURVEYED_ON = dt.date(2012, 4, 30)  # the day on which a made-up district is current: pass it as `as_of`
TODAY = (SURVEYED_ON - dt.date(1970, 1, 1)).days
HALF_YEAR = 183

COOP_KINDS = ("base", "association", "park", "processor", "cooperative", "federation")
SCOPES = ("village", "cross_village", "township", "cross_township")
SECTORS = ("水稻", "黄牛", "奶牛", "粘豆包", "林蛙", "石材", "渔业", "笤帚", "蔬菜", "运输", "加工", "粮食")
STAGES = ("applicant", "activist", "candidate", "probationary", "full")
APPLICANT, ACTIVIST, CANDIDATE, PROBATIONARY, FULL = range(5)
EDUCATION = ("primary", "junior", "senior", "college", "university")
ORIGINS = ("farmer", "graduate", "veteran", "returnee", "official")
PAIRINGS = ("one_to_one", "one_to_five", "ten_a_year", "technical", "post")
PROMISED = np.array([1, 5, 10, 5, 3])  # by pairing kind
POSTS = ("help", "technology", "circulation", "information")
FORMS = ("night_school", "forum", "mobile_school", "field", "other")
BODY_KINDS = ("committee", "general_branch", "branch", "joint_branch", "temporary_branch", "group", "liaison_post")
COMMITTEE, GENERAL, BRANCH, JOINT, TEMPORARY, GROUP, POST = range(7)
_FIXED_FULL = np.array([4, 2, 1])  # full members of the fixed villages: a branch needs three
OFFICERS = 5  # secretary, deputy and three committee members of a village branch
TEAMS = ("技术指导组", "流通销售组", "帮扶组")
MANAGEMENT = ("direct", "territorial", "sector")


@dataclass(frozen=True, slots=True)
class Grouped:
    """Numbers of things, sorted by group: those of group g stand at ``items[offsets[g]:offsets[g + 1]]``."""

    items: Ints
    offsets: Ints

    @classmethod
    def of(cls, items: Ints, groups: Ints, count: int) -> Grouped:
        """Sort `items` by their `groups`, of which there are `count`; the order within a group stays."""
        order = np.argsort(groups, kind="stable")
        return cls(items[order], np.concatenate(([0], np.cumsum(np.bincount(groups, minlength=count)))))

    @property
    def sizes(self) -> Ints:
        """Things in each group."""
        return np.diff(self.offsets)

    def pick(self, rng: np.random.Generator, groups: Ints) -> Ints:
        """Take one thing of each group asked for, at random; -1 where the group is empty."""
        sizes = self.sizes[groups]
        place = self.offsets[groups] + (rng.random(len(groups)) * sizes).astype(np.int64)
        return self._at(place, sizes > 0)

    def nth(self, groups: Ints, n: int) -> Ints:
        """Take the n-th thing (from 0) of each group asked for; -1 where it has fewer."""
        place = self.offsets[groups] + n
        return self._at(place, self.sizes[groups] > n)

    def _at(self, place: Ints, there: Bools) -> Ints:
        found = np.full(len(place), -1)
        found[there] = self.items[place[there]]
        return found


def first_of_pairs(left: Ints, right: Ints) -> Ints:
    """Positions of the first of each pair, in order: a tie stands once."""
    _, first = np.unique(left * (int(right.max(initial=0)) + 1) + right, return_index=True)
    positions: Ints = np.sort(first)
    return positions


def draw_codes(rng: np.random.Generator, n: int, shares: Sequence[float]) -> Ints:
    """Codes drawn by their shares."""
    return np.searchsorted(np.cumsum(shares) / np.sum(shares), rng.random(n), side="right").astype(np.int64)


@dataclass(frozen=True, slots=True)
class Places:
    """Townships, villages and households; a household is its position, those of a village stand together."""

    township_of: Ints  # of each village
    township_start: Ints  # the first village of each township
    township_size: Ints  # villages
    households: Ints  # of each village
    household_start: Ints
    unserved: Bools  # villages without a branch of their own
    posted: Bools  # of these, with a liaison post
    fixed: Ints  # three unserved villages: one due a branch, one to watch, one blank; none in a small district

    @property
    def villages(self) -> int:
        """Number of villages."""
        return len(self.township_of)

    @property
    def townships(self) -> int:
        """Number of townships."""
        return len(self.township_size)

    @property
    def household_count(self) -> int:
        """Number of households."""
        return int(self.households.sum())

    def codes(self, villages: Ints) -> pa.Array:
        """12-digit codes: township, then 200 for the first village of it, as in the national list."""
        return pa.array(self._code_numbers(villages), pa.int64()).cast(pa.string())

    def _code_numbers(self, villages: Ints) -> Ints:
        township = self.township_of[villages]
        return (990_000_001 + township) * 1000 + 200 + villages - self.township_start[township]

    def township_codes(self, townships: Ints) -> pa.Array:
        """9-digit codes that begin with 99."""
        return pa.array(990_000_001 + townships, pa.int64()).cast(pa.string())

    def neighbour(self, villages: Ints, step: Ints) -> Ints:
        """The village `step` places further in the same township, round and round."""
        township = self.township_of[villages]
        start, size = self.township_start[township], self.township_size[township]
        return start + (villages - start + step) % size

    def pick_household(self, rng: np.random.Generator, villages: Ints) -> Ints:
        """One household of each village asked for, at random."""
        return self.household_start[villages] + (rng.random(len(villages)) * self.households[villages]).astype(np.int64)


def draw_places(rng: np.random.Generator, villages: int) -> Places:
    """Townships of about ten villages, log-normal villages, a few of them without a branch."""
    townships = max(min(2, villages // 2), round(villages / 10), 1)
    least = villages // townships if villages < 2 * townships else 2
    size = least + rng.multinomial(villages - least * townships, np.full(townships, 1 / townships))
    households = np.clip(rng.lognormal(np.log(180), 0.6, villages), 20, 1500).astype(np.int64)
    fixed = np.arange(3) * (villages // 3) if villages >= 10 else np.zeros(0, np.int64)
    unserved = rng.random(villages) < 0.12
    unserved[fixed] = True
    posted = unserved & (rng.random(villages) < 0.5)
    posted[fixed] = np.array([False, True, False])[: len(fixed)]
    return Places(
        np.repeat(np.arange(townships), size), np.concatenate(([0], np.cumsum(size)[:-1])), size,
        households, np.concatenate(([0], np.cumsum(households)[:-1])), unserved, posted, fixed,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class People:
    """Members and those on the way to be one."""

    village: Ints  # of each person, ascending
    stage: Ints
    stage_unknown: Bools
    full_in: Grouped  # full members by village

    @property
    def count(self) -> int:
        """Number of people."""
        return len(self.village)

    @property
    def admitted(self) -> Bools:
        """Full and probationary members."""
        return (self.stage >= PROBATIONARY) & ~self.stage_unknown


def draw_people(rng: np.random.Generator, places: Places) -> People:
    """About one person to five households; hardly any where there is no branch."""
    size = np.maximum(rng.poisson(places.households * 0.2), 4)
    few = places.unserved & (rng.random(places.villages) < 0.7)
    size[few] = rng.integers(1, 6, few.sum())
    size[places.fixed] = _FIXED_FULL[: len(places.fixed)]
    village = np.repeat(np.arange(places.villages), size)
    stage = draw_codes(rng, len(village), (0.16, 0.09, 0.04, 0.05, 0.66))
    unknown = rng.random(len(village)) < 0.015
    settled = np.isin(village, places.fixed)
    stage[settled], unknown[settled] = FULL, False
    full = np.flatnonzero((stage == FULL) & ~unknown)
    return People(village, stage, unknown, Grouped.of(full, village[full], places.villages))


@dataclass(frozen=True, slots=True)
class Coops:
    """Co-operatives, and the villages they operate in."""

    home: Ints  # village
    kind: Ints
    scope: Ints
    coop: Ints  # with `village`: the ties of operating
    village: Ints
    in_village: Grouped  # co-operatives by village

    @property
    def count(self) -> int:
        """Number of co-operatives."""
        return len(self.home)


def draw_coops(rng: np.random.Generator, places: Places) -> Coops:
    """All six kinds and four scopes; the scope agrees with the villages."""
    count = max(24, round(places.villages * 0.8))
    home = rng.integers(0, places.villages, count)
    scope = draw_codes(rng, count, (0.55, 0.22, 0.13, 0.10))
    scope[:4] = np.arange(4)
    kind = draw_codes(rng, count, (0.1, 0.4, 0.05, 0.1, 0.3, 0.05))
    kind[:6] = np.arange(6)
    scope[(places.township_size[places.township_of[home]] < 2) & (scope == 1)] = 0
    if places.townships < 2:
        scope[scope == 3] = 2
    coop, village = _operating(rng, places, home, scope)
    return Coops(home, kind, scope, coop, village, Grouped.of(coop, village, places.villages))


def _operating(rng: np.random.Generator, places: Places, home: Ints, scope: Ints) -> tuple[Ints, Ints]:
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
class Works:
    """Who works in which co-operative, and as what."""

    person: Ints
    coop: Ints
    office: Ints  # 0 none, 1 chair, 2 secretary-general
    founder: Bools
    full_count: Ints  # full members by co-operative


def draw_works(rng: np.random.Generator, places: Places, people: People, coops: Coops) -> Works:
    """A third of the people work in one, some in two; a village secretary chairs one in five."""
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
    first = first_of_pairs(person, coop)
    return _officers(rng, people, coops, person[first], coop[first])


def _officers(rng: np.random.Generator, people: People, coops: Coops, person: Ints, coop: Ints) -> Works:
    staff = Grouped.of(np.arange(len(person)), coop, coops.count)
    office = np.zeros(len(person), np.int64)
    for n in (0, 1):
        held = staff.nth(np.arange(coops.count), n)
        office[held[held >= 0]] = n + 1
    founder = (rng.random(len(person)) < 0.05) | ((office == 1) & (rng.random(len(person)) < 0.6))
    full = (people.stage[person] == FULL) & ~people.stage_unknown[person]
    return Works(person, coop, office, founder, np.bincount(coop[full], minlength=coops.count))


@dataclass(frozen=True, slots=True)
class Bodies:
    """Party bodies, in this order: township committees, township offices, sector committees, village branches, posts, industry bodies."""

    kind: Ints
    management: Ints
    superior: Ints  # -1: none
    of_village: Ints  # the branch of each village; -1 where there is none
    of_coop: Ints  # the body of each co-operative; -1 where there is none
    office_of: Ints  # the branch of each township's own staff
    townships: int
    villages: Ints  # villages with a branch, in the order of their branches
    posts: Ints  # villages with a liaison post only, in the order of their posts
    hosts: Ints  # co-operatives with a body of their own, in the order of their bodies

    @property
    def count(self) -> int:
        """Number of bodies."""
        return len(self.kind)


def draw_bodies(rng: np.random.Generator, places: Places, people: People, coops: Coops, works: Works) -> Bodies:
    """A committee and a staff branch for each township, a branch for most villages, bodies for some co-operatives."""
    t, sectors = places.townships, len(SECTORS)
    villages, (hosts, host_kind) = np.flatnonzero(~places.unserved), _draw_hosts(rng, works)
    posts, first_village = np.flatnonzero(places.posted), 2 * t + sectors
    first_host = first_village + len(villages) + len(posts)
    of_village, of_coop = np.full(places.villages, -1), np.full(coops.count, -1)
    of_village[villages] = first_village + np.arange(len(villages))
    of_coop[hosts] = first_host + np.arange(len(hosts))
    village_kind = np.where(people.full_in.sizes[villages] > 50, GENERAL, BRANCH)
    kind = np.concatenate(
        (np.full(t, COMMITTEE), np.full(t, BRANCH), np.full(sectors, COMMITTEE), village_kind, np.full(len(posts), POST), host_kind)
    )
    superior = _host_superiors(rng, places, coops, hosts, of_village)
    under_township = places.township_of[np.concatenate((villages, posts))]
    superior = np.concatenate((np.full(t, -1), np.arange(t), np.full(sectors, -1), under_township, superior))
    management = np.ones(len(kind), np.int64)
    management[: 2 * t + sectors] = 0
    management[first_host:] = np.array([1, 0, 0, 2])[coops.scope[hosts]]
    of_coop = _join_hosts(rng, coops, works, kind, of_coop)
    return Bodies(kind, management, superior, of_village, of_coop, t + np.arange(t), t, villages, posts, hosts)


def _draw_hosts(rng: np.random.Generator, works: Works) -> tuple[Ints, Ints]:
    """Which co-operatives have a body of their own, and of what kind: some that should, have none."""
    enough = works.full_count >= 3
    luck = rng.random(len(enough))
    hosts = np.flatnonzero(np.where(enough, luck < 0.65, luck < 0.45))
    own = np.array([BRANCH, TEMPORARY, JOINT, GENERAL])[draw_codes(rng, len(hosts), (0.75, 0.15, 0.07, 0.03))]
    small = np.array([GROUP, POST])[draw_codes(rng, len(hosts), (0.8, 0.2))]
    return hosts, np.where(enough[hosts], own, small)


def _host_superiors(rng: np.random.Generator, places: Places, coops: Coops, hosts: Ints, of_village: Ints) -> Ints:
    """The superior that the scope asks for; one in twenty reports to another one."""
    home, scope = coops.home[hosts], coops.scope[hosts]
    committee = places.township_of[home]
    branch = np.where(of_village[home] >= 0, of_village[home], committee)
    sector = 2 * places.townships + hosts % len(SECTORS)
    superior = np.choose(scope, (branch, committee, committee, sector))
    wrong = rng.random(len(hosts)) < 0.05
    return np.where(wrong, rng.integers(0, places.townships, len(hosts)), superior)


def _join_hosts(rng: np.random.Generator, coops: Coops, works: Works, kind: Ints, of_coop: Ints) -> Ints:
    """Let a joint branch serve one more co-operative of few members, with none of its own, in the same village."""
    joint = np.flatnonzero((of_coop >= 0) & (kind[of_coop] == JOINT))
    other = coops.in_village.pick(rng, coops.home[joint])
    free = (other >= 0) & (of_coop[other] < 0) & (works.full_count[other] < 3)
    joined = of_coop.copy()
    joined[other[free]] = of_coop[joint[free]]
    return joined


@dataclass(frozen=True, slots=True)
class District:
    """All of it."""

    places: Places
    people: People
    coops: Coops
    works: Works
    bodies: Bodies


def draw_district(rng: np.random.Generator, villages: int) -> District:
    """Draw places, then who lives there, then what they work in, then the bodies that serve it."""
    places = draw_places(rng, villages)
    people = draw_people(rng, places)
    coops = draw_coops(rng, places)
    works = draw_works(rng, places, people, coops)
    return District(places, people, coops, works, draw_bodies(rng, places, people, coops, works))

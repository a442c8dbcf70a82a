"""Made-up districts of any size, seeded: the structure of the article's district, every place and person invented.

Everything is drawn as arrays (one random draw for a whole column) and written as Arrow columns; there is
no Python object for a node, so that ten million nodes fit into memory.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.generate.columns import Bools, Ints, dates, flags, join_text, make_ids, numbers, words
from graphkit.generate.draws import (
    BODY_KINDS,
    COOP_KINDS,
    EDUCATION,
    FORMS,
    GROUP,
    HALF_YEAR,
    MANAGEMENT,
    OFFICERS,
    ORIGINS,
    PAIRINGS,
    POSTS,
    PROMISED,
    SCOPES,
    SECTORS,
    STAGES,
    SURVEYED_ON,
    TEAMS,
    TODAY,
    District,
    draw_codes,
    draw_district,
    first_of_pairs,
)  # fmt: skip
from graphkit.words import Text


def generate_district(*, villages: int, seed: int) -> Tables:
    """Make a district of `villages` villages, built like the article's.

    About ten villages a township; log-normal village sizes (median 180 households); a committee for every
    township, a branch for most villages, co-operatives of six kinds and four scopes, industry branches and
    groups for some of them; people at every stage of admission; about five households for every pairing member,
    a fifth of whom help in other villages too. There are gaps of every sort, people whom no branch manages,
    ended ties, stale visits and missing values. About 265 nodes and 600 ties a village.

    Parameters
    ----------
    villages : int, 1 or more
        Number of villages. From 20 on, every table has rows; from 60 on, every verdict of coverage occurs.
    seed : int, 0 or more
        The same seed and number of villages give the same tables, on the same release of numpy.

    Returns
    -------
    Tables
        Sound by `graphkit.data.checks.check_tables`, except for what only is reported: members without a primary
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
        raise ParameterError(
            Text(
                f"村数须不小于 1，种子须不小于 0，而不是 {villages} 和 {seed}",
                f"villages must be 1 or more and seed 0 or more, not {villages} and {seed}",
            ),
        )
    rng = np.random.default_rng(seed)
    d = draw_district(rng, villages)
    makers = (
        _place_tables,
        _coop_tables,
        _body_tables,
        _people_tables,
        _membership_table,
        _pairing_table,
        _support_tables,
        _zone_tables,
        _training_tables,
    )
    tables = {name: table for maker in makers for name, table in maker(rng, d).items()}
    return Tables(tables, dataset=f"made-up-{villages}-{seed}")


def period(rng: np.random.Generator, n: int, *, ended: float = 0.04) -> dict[str, pa.Array]:
    """Columns `since` and `until`: 1–12 years ago, a few without a date, a few ended."""
    since = TODAY - rng.integers(365, 12 * 365, n)
    until = since + (rng.random(n) * (TODAY - since)).astype(np.int64)
    return {"since": dates(since, unknown=rng.random(n) < 0.05), "until": dates(until, unknown=rng.random(n) >= ended)}


def _place_tables(rng: np.random.Generator, d: District) -> Mapping[str, pa.Table]:
    villages, townships = np.arange(d.places.villages), np.arange(d.places.townships)
    count = pa.array(villages + 1, pa.int64()).cast(pa.string())
    kinds = draw_codes(rng, d.places.villages, (0.9, 0.08, 0.02))
    houses = np.arange(d.places.household_count)
    home = np.repeat(villages, d.places.households)
    return {
        "Township": pa.table({"code": d.places.township_codes(townships), "name": join_text("第", pa.array(townships + 1).cast(pa.string()), "镇")}),
        "Village": pa.table({
            "code": d.places.codes(villages), "name": join_text("第", count, "村"),
            "kind": words(("village_committee", "residents_committee", "other"), kinds),
            "households": numbers(d.places.households, unknown=rng.random(d.places.villages) < 0.03),
        }),
        "Village IN Township": pa.table({"village_code": d.places.codes(villages), "township_code": d.places.township_codes(d.places.township_of)}),
        "Household": pa.table({
            "id": make_ids("h", houses, largest=d.places.household_count),
            "people": numbers(1 + rng.poisson(2.6, len(houses)), unknown=rng.random(len(houses)) < 0.02),
            "is_poor": flags(rng.random(len(houses)) < 0.06, unknown=rng.random(len(houses)) < 0.02),
        }),
        "Household LIVES_IN Village": pa.table({
            "household_id": make_ids("h", houses, largest=d.places.household_count), "village_code": d.places.codes(home),
            "since": dates(TODAY - rng.integers(365, 9000, len(houses)), unknown=rng.random(len(houses)) < 0.9),
        }),
    }  # fmt: skip


def _coop_tables(rng: np.random.Generator, d: District) -> Mapping[str, pa.Table]:
    n, number = d.coops.count, np.arange(d.coops.count)
    sector = number % len(SECTORS)
    house, coop = _draw_joins(rng, d)
    return {
        "Cooperative": pa.table({
            "id": make_ids("c", number, largest=n),
            "name": join_text("第", pa.array(number + 1).cast(pa.string()), "合作组织"),
            "kind": words(COOP_KINDS, d.coops.kind), "scope": words(SCOPES, d.coops.scope, unknown=rng.random(n) < 0.05),
            "sector": words(SECTORS, sector),
            "founded_on": dates(TODAY - rng.integers(12 * 365, 20 * 365, n), unknown=rng.random(n) < 0.1),
            "output_yuan": numbers(rng.lognormal(np.log(4e5), 1, n).astype(np.int64), unknown=rng.random(n) < 0.1),
        }),
        "Cooperative OPERATES_IN Village": pa.table({
            "cooperative_id": make_ids("c", d.coops.coop, largest=n), "village_code": d.places.codes(d.coops.village),
            **period(rng, len(d.coops.coop), ended=0),
        }),
        "Household JOINED Cooperative": pa.table({
            "household_id": make_ids("h", house, largest=d.places.household_count), "cooperative_id": make_ids("c", coop, largest=n),
            "kind": words(("member", "served"), draw_codes(rng, len(house), (0.72, 0.28)), unknown=rng.random(len(house)) < 0.05),
            **period(rng, len(house)),
        }),
    }  # fmt: skip


def _draw_joins(rng: np.random.Generator, d: District) -> tuple[Ints, Ints]:
    home = np.repeat(np.arange(d.places.villages), d.places.households)
    house = np.flatnonzero(rng.random(len(home)) < 0.45)
    house = np.concatenate((house, house[rng.random(len(house)) < 0.1]))
    coop = d.coops.in_village.pick(rng, home[house])
    house, coop = house[coop >= 0], coop[coop >= 0]
    first = first_of_pairs(house, coop)
    return house[first], coop[first]


def _body_tables(rng: np.random.Generator, d: District) -> Mapping[str, pa.Table]:
    n, number = d.bodies.count, np.arange(d.bodies.count)
    industry = number >= n - len(d.bodies.hosts)
    under = np.flatnonzero(d.bodies.superior >= 0)
    served = np.flatnonzero(d.bodies.of_coop >= 0)
    post = n - len(d.bodies.hosts) - len(d.bodies.posts) + np.arange(len(d.bodies.posts))
    serving = np.concatenate((d.bodies.of_village[d.bodies.villages], d.places.township_of[d.bodies.villages], post))
    villages = np.concatenate((d.bodies.villages, d.bodies.villages, d.bodies.posts))
    founded = TODAY - rng.integers(30, 10 * 365, n)
    dissolved = founded + (rng.random(n) * (TODAY - founded)).astype(np.int64)
    return {
        "Branch": pa.table({
            "id": make_ids("b", number, largest=n), "name": _body_names(d),
            "kind": words(BODY_KINDS, d.bodies.kind), "management": words(MANAGEMENT, d.bodies.management, unknown=rng.random(n) < 0.03),
            "founded_on": dates(founded, unknown=~industry), "dissolved_on": dates(dissolved, unknown=~industry | (rng.random(n) >= 0.04)),
        }),
        "Branch REPORTS_TO Branch": pa.table({
            "branch_id": make_ids("b", under, largest=n), "superior_id": make_ids("b", d.bodies.superior[under], largest=n),
        }),
        "Branch SERVES Village": pa.table({
            "branch_id": make_ids("b", serving, largest=n), "village_code": d.places.codes(villages),
        }),
        "Branch SERVES Cooperative": pa.table({
            "branch_id": make_ids("b", d.bodies.of_coop[served], largest=n), "cooperative_id": make_ids("c", served, largest=d.coops.count),
        }),
    }  # fmt: skip


def _body_names(d: District) -> pa.Array:
    """Say whose body it is."""

    def numbered(numbers: Ints, after: str) -> pa.Array:
        return join_text("第", pa.array(numbers + 1, pa.int64()).cast(pa.string()), after)

    townships = np.arange(d.bodies.townships)
    return pa.concat_arrays([
        numbered(townships, "镇党委"), numbered(townships, "镇机关党支部"), join_text("", pa.array(SECTORS), "行业党委"),
        numbered(d.bodies.villages, "村党组织"), numbered(d.bodies.posts, "村党建联络岗"), numbered(d.bodies.hosts, "合作组织党组织"),
    ])  # fmt: skip


def _people_tables(rng: np.random.Generator, d: District) -> Mapping[str, pa.Table]:
    n = d.people.count
    ids = make_ids("m", np.arange(n), largest=n)
    born, today = 2012 - np.clip(rng.normal(46, 12, n), 19, 85).astype(np.int64), SURVEYED_ON.year
    admitted = np.minimum(TODAY - 30, (born + 20 - 1970) * 365 + rng.integers(0, 20 * 365, n))
    officer = np.zeros(n, bool)
    for rank in range(3):
        held = d.people.full_in.nth(d.bodies.villages, rank)
        officer[held[held >= 0]] = True
    return {
        "Member": pa.table({
            "id": ids, "name": join_text("人员", pa.array(np.arange(n) + 1).cast(pa.string())), "stage": words(STAGES, d.people.stage, unknown=d.people.stage_unknown),
            "admitted_on": dates(admitted, unknown=~d.people.admitted | (rng.random(n) < 0.05)),
            "birth_year": numbers(np.minimum(born, today - 18), unknown=rng.random(n) < 0.02),
            "education": words(EDUCATION, draw_codes(rng, n, (0.15, 0.4, 0.25, 0.15, 0.05)), unknown=rng.random(n) < 0.03),
            "origin": words(ORIGINS, draw_codes(rng, n, (0.75, 0.05, 0.07, 0.08, 0.05)), unknown=rng.random(n) < 0.03),
            "is_cadre": flags(officer | (rng.random(n) < 0.02)), "in_reserve_pool": flags(rng.random(n) < 0.03, unknown=rng.random(n) < 0.02),
        }),
        "Member LIVES_IN Village": pa.table({"member_id": ids, "village_code": d.places.codes(d.people.village)}),
        "Member WORKS_IN Cooperative": pa.table({
            "member_id": make_ids("m", d.works.person, largest=n), "cooperative_id": make_ids("c", d.works.coop, largest=d.coops.count),
            "office": words(("", "理事长", "秘书长"), d.works.office, unknown=d.works.office == 0),
            "is_founder": flags(d.works.founder, unknown=~d.works.founder & (rng.random(len(d.works.person)) < 0.05)),
            **period(rng, len(d.works.person), ended=0.03),
        }),
    }  # fmt: skip


def _membership_table(rng: np.random.Generator, d: District) -> Mapping[str, pa.Table]:
    """Exactly one primary branch for almost all, an assisting one for many; a few are managed by none."""
    member = np.flatnonzero(d.people.admitted | d.people.stage_unknown)
    luck = rng.random(len(member))
    member, assisted_only = member[luck >= 0.006], (luck < 0.012)[luck >= 0.006]  # left out: nobody manages them
    worker, industry = _industry_ties(d)
    moves = (rng.random(len(worker)) < 0.25) & (d.bodies.kind[industry] < GROUP) & (_village_rank(d)[worker] >= OFFICERS)
    moved = np.zeros(d.people.count, bool)
    moved[worker[moves]] = True
    past = np.flatnonzero((rng.random(len(member)) < 0.03) & ~moved[member])  # came from elsewhere: an ended tie, and a dated one now
    earlier = d.bodies.office_of[d.places.township_of[d.people.village[member[past]]]]
    person = np.concatenate((member, worker, member[past]))
    branch = np.concatenate((_home_bodies(d, member), industry, earlier))
    primary = np.concatenate((~moved[member] & ~assisted_only, moves, np.ones(len(past), bool)))
    office = np.concatenate((_branch_offices(d, member), np.zeros(len(worker) + len(past), np.int64)))
    table = pa.table({
        "member_id": make_ids("m", person, largest=d.people.count), "branch_id": make_ids("b", branch, largest=d.bodies.count),
        "primary": flags(primary), "office": words(("", "书记", "副书记", "委员"), office, unknown=office == 0),
        "team": words(TEAMS, person % 3, unknown=(branch < d.bodies.count - len(d.bodies.hosts)) | (person % 5 == 0)),
        **_membership_period(rng, len(member), len(worker), past),
    })  # fmt: skip
    return {"Member BELONGS_TO Branch": table}


def _membership_period(rng: np.random.Generator, homes: int, industries: int, past: Ints) -> dict[str, pa.Array]:
    """Home ties mostly without a date; whoever came from elsewhere came on a known day, when the earlier tie ended."""
    came = TODAY - rng.integers(400, 2000, len(past))
    since = np.concatenate((TODAY - rng.integers(2000, 9000, homes), TODAY - rng.integers(60, 1500, industries), came - 3000))
    since[past] = came
    unknown = np.concatenate((rng.random(homes) < 0.7, rng.random(industries) < 0.1, np.zeros(len(past), bool)))
    unknown[past] = False
    until = np.concatenate((np.zeros(homes + industries, np.int64), came))
    return {"since": dates(since, unknown=unknown), "until": dates(until, unknown=np.arange(len(until)) < homes + industries)}


def _home_bodies(d: District, member: Ints) -> Ints:
    """The village's branch, or where it has none that of the township's own staff."""
    own = d.bodies.of_village[d.people.village[member]]
    return np.where(own >= 0, own, d.bodies.office_of[d.places.township_of[d.people.village[member]]])


def _branch_offices(d: District, member: Ints) -> Ints:
    """1 secretary, 2 deputy, 3 committee member; 0 none."""
    own = d.bodies.of_village[d.people.village[member]]
    return np.where(own >= 0, np.array([1, 2, 3, 3, 3, 0])[np.minimum(_village_rank(d)[member], OFFICERS)], 0)


def _industry_ties(d: District) -> tuple[Ints, Ints]:
    """Members who work in a co-operative with a body, one body a person."""
    body = d.bodies.of_coop[d.works.coop]
    has = (body >= 0) & d.people.admitted[d.works.person]
    person, first = np.unique(d.works.person[has], return_index=True)
    return person, body[has][first]


def _village_rank(d: District) -> Ints:
    """Place of a full member among those of the village, from 0; a large number for everyone else."""
    rank = np.full(d.people.count, 10**6)
    full = d.people.full_in
    rank[full.items] = np.arange(len(full.items)) - full.offsets[d.people.village[full.items]]
    return rank


def _pairing_table(rng: np.random.Generator, d: District) -> Mapping[str, pa.Table]:
    """Who helps whom: about five households a helper, mostly at home, a fifth of the helpers elsewhere too."""
    helper = np.flatnonzero(d.people.admitted & (rng.random(d.people.count) < 0.55))
    kind = draw_codes(rng, len(helper), (0.15, 0.5, 0.1, 0.15, 0.1))
    count = np.where(kind == 0, 1, np.clip(rng.poisson(np.array([1, 5.5, 7, 5, 4])[kind]), 1, 15))
    of = np.repeat(np.arange(len(helper)), count)
    house = d.places.pick_household(rng, _pairing_villages(rng, d, helper, of))
    first = first_of_pairs(of, house)
    of, house = of[first], house[first]
    promised, unpromised, visits = _visits(rng, len(helper), of)
    return {"Member HELPS Household": pa.table({
        "member_id": make_ids("m", helper[of], largest=d.people.count),
        "household_id": make_ids("h", house, largest=d.places.household_count),
        "kind": words(PAIRINGS, kind[of]), **visits,
    }), **_promise_tables(d, helper[~unpromised], kind[~unpromised], promised[~unpromised])}  # fmt: skip


def _promise_tables(d: District, member: Ints, kind: Ints, promised: Ints) -> Mapping[str, pa.Table]:
    """What each helper promised; ten a year are people, in the year from the promise on."""
    of_people = np.array(PAIRINGS)[kind] == "ten_a_year"
    ids = make_ids("p", np.arange(len(member)))
    return {
        "Promise": pa.table({
            "id": ids, "kind": words(PAIRINGS, kind), "target": numbers(PROMISED[kind]),
            "unit": words(("households", "people"), of_people.astype(np.int64)), "promised_on": dates(promised),
            "from_on": dates(promised, unknown=~of_people), "until_on": dates(promised + 365, unknown=~of_people),
        }),
        "Promise MADE_BY Member": pa.table({"promise_id": ids, "member_id": make_ids("m", member, largest=d.people.count)}),
    }  # fmt: skip


def _pairing_villages(rng: np.random.Generator, d: District, helper: Ints, of: Ints) -> Ints:
    home = d.people.village[helper[of]]
    wanders = (rng.random(len(helper)) < 0.23)[of] & (rng.random(len(of)) < 0.6)
    village = np.where(wanders, d.places.neighbour(home, rng.integers(1, 9, len(of))), home)
    far = wanders & (rng.random(len(of)) < 0.1)
    return np.where(far, rng.integers(0, d.places.villages, len(of)), village)


def _visits(rng: np.random.Generator, helpers: int, of: Ints) -> tuple[Ints, Bools, dict[str, pa.Array]]:
    """The day each helper promised and who did not; pairings from that day on, visited lately, long ago, or never on record; a few ended."""
    n, unpromised = len(of), rng.random(helpers) < 0.1
    promised = TODAY - rng.integers(200, 900, helpers)
    begun = promised[of]
    visit = TODAY - np.where(rng.random(n) < 0.7, rng.integers(0, HALF_YEAR, n), rng.integers(HALF_YEAR, 600, n))
    visit = np.maximum(visit, begun)  # nobody was visited under a promise not yet made
    until = begun + (rng.random(n) * (TODAY - begun)).astype(np.int64)
    return promised, unpromised, {
        "last_visit_on": dates(visit, unknown=rng.random(n) < 0.15),
        "since": dates(begun, unknown=rng.random(n) < 0.05), "until": dates(until, unknown=rng.random(n) >= 0.05),
    }  # fmt: skip


def _support_tables(rng: np.random.Generator, d: District) -> Mapping[str, pa.Table]:
    """Mentors, liaisons of co-operatives without a body, and posts."""
    n = d.people.count
    mentor, mentee = _draw_mentors(rng, d)
    coop = np.flatnonzero((d.bodies.of_coop < 0) & (d.people.full_in.sizes[d.coops.home] > 0))
    coop = np.concatenate((coop[:1], coop[1:][rng.random(max(len(coop) - 1, 0)) < 0.35]))
    liaison = d.people.full_in.pick(rng, d.coops.home[coop])
    holder = d.people.full_in.items[rng.random(len(d.people.full_in.items)) < 0.14]
    village = d.people.village[holder]
    village = np.where(rng.random(len(holder)) < 0.15, d.places.neighbour(village, rng.integers(1, 5, len(holder))), village)
    return {
        "Member MENTORS Member": pa.table({
            "mentor_id": make_ids("m", mentor, largest=n), "mentee_id": make_ids("m", mentee, largest=n), **period(rng, len(mentor)),
        }),
        "Member LIAISES Cooperative": pa.table({
            "member_id": make_ids("m", liaison, largest=n), "cooperative_id": make_ids("c", coop, largest=d.coops.count), **period(rng, len(coop)),
        }),
        "Member HOLDS_POST_IN Village": pa.table({
            "member_id": make_ids("m", holder, largest=n), "village_code": d.places.codes(village),
            "post": words(POSTS, draw_codes(rng, len(holder), (1, 1, 1, 1))), **period(rng, len(holder)),
        }),
    }  # fmt: skip


def _draw_mentors(rng: np.random.Generator, d: District) -> tuple[Ints, Ints]:
    """A mentor for most people on the way, from their village; a second one for some."""
    share = np.array([0.15, 0.75, 0.85, 0.7, 0])[d.people.stage]
    mentee = np.flatnonzero((rng.random(d.people.count) < share) & ~d.people.stage_unknown)
    mentee = np.concatenate((mentee, mentee[rng.random(len(mentee)) < 0.3]))
    mentor = d.people.full_in.pick(rng, d.people.village[mentee])
    mentor, mentee = mentor[mentor >= 0], mentee[mentor >= 0]
    first = first_of_pairs(mentor, mentee)
    return mentor[first], mentee[first]


def _zone_tables(rng: np.random.Generator, d: District) -> Mapping[str, pa.Table]:
    """Zones of neighbouring households; most of them have somebody who answers for them."""
    zones = max(2, round(d.places.villages * 0.9))
    village = rng.permutation(np.resize(np.arange(d.places.villages), zones))
    size = np.minimum(rng.integers(15, 46, zones), d.places.households[village])
    start = d.places.household_start[village] + (rng.random(zones) * (d.places.households[village] - size + 1)).astype(np.int64)
    zone = np.repeat(np.arange(zones), size)
    house = start[zone] + np.arange(len(zone)) - np.repeat(np.cumsum(size) - size, size)
    responsible = d.people.full_in.pick(rng, village)
    kept = (responsible >= 0) & (rng.random(zones) < 0.85)
    number = np.arange(zones)
    return {
        "Zone": pa.table({"id": make_ids("z", number, largest=zones), "name": join_text("第", pa.array(number + 1).cast(pa.string()), "责任区")}),
        "Member RESPONSIBLE_FOR Zone": pa.table({
            "member_id": make_ids("m", responsible[kept], largest=d.people.count), "zone_id": make_ids("z", number[kept], largest=zones),
            **period(rng, int(kept.sum())),
        }),
        "Zone COVERS Household": pa.table({
            "zone_id": make_ids("z", zone, largest=zones), "household_id": make_ids("h", house, largest=d.places.household_count),
            "since": dates(TODAY - rng.integers(100, 900, zones)[zone]),
        }),
    }  # fmt: skip


def _training_tables(rng: np.random.Generator, d: District) -> Mapping[str, pa.Table]:
    """Sessions, and who attended: attendances, so the same person in several of them."""
    sessions = max(4, round(d.places.villages * 0.3))
    number = np.arange(sessions)
    person = rng.choice(d.people.count, round(d.people.count * 0.5))
    house = rng.integers(0, d.places.household_count, round(d.places.household_count * 0.2))
    person_in, house_in = rng.integers(0, sessions, len(person)), rng.integers(0, sessions, len(house))
    one, other = first_of_pairs(person, person_in), first_of_pairs(house, house_in)
    return {
        "Training": pa.table({
            "id": make_ids("t", number, largest=sessions), "held_on": dates(TODAY - rng.integers(0, 3 * 365, sessions), unknown=rng.random(sessions) < 0.03),
            "form": words(FORMS, draw_codes(rng, sessions, (3, 2, 2, 3, 1))), "topic": words(SECTORS, rng.integers(0, len(SECTORS), sessions)),
        }),
        "Member ATTENDED Training": pa.table({
            "member_id": make_ids("m", person[one], largest=d.people.count), "training_id": make_ids("t", person_in[one], largest=sessions),
        }),
        "Household ATTENDED Training": pa.table({
            "household_id": make_ids("h", house[other], largest=d.places.household_count),
            "training_id": make_ids("t", house_in[other], largest=sessions),
        }),
    }  # fmt: skip

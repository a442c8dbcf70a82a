"""Districts with a bridge planted among look-alikes: the planted person must come first; where nothing is planted, nobody may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pytest

from graphkit.data.tables import Tables
from graphkit.network import Network
from graphkit.questions.bridges.find import find_bridge_figures
from graphkit.questions.bridges.order import select_first

DAY = dt.date(2012, 4, 30)


class District:
    """Villages with a branch and an association each, whose people are all in both; ties are added by name."""

    def __init__(self) -> None:
        self.ties: dict[str, list[tuple[str, str]]] = {"belongs": [], "works": [], "helps": [], "joined": [], "mentors": []}
        self.homes: dict[str, str] = {}
        self.people: dict[str, str] = {}

    def village(self, name: str, size: int, *, households: int = 20) -> list[str]:
        people = [f"{name}-{i:03d}" for i in range(size)]
        for person in people:
            self.people[person] = name
            self.join(person, branches=[f"b-{name}"], cooperatives=[f"c-{name}"])
        for i in range(households):
            self.homes[f"h-{name}-{i:03d}"] = name
            self.ties["joined"].append((f"h-{name}-{i:03d}", f"c-{name}"))
        return people

    def person(self, name: str, village: str, *, branches: Iterable[str] = (), cooperatives: Iterable[str] = ()) -> str:
        self.people[name] = village
        self.join(name, branches=branches, cooperatives=cooperatives)
        return name

    def join(self, person: str, *, branches: Iterable[str] = (), cooperatives: Iterable[str] = ()) -> None:
        self.ties["belongs"] += [(person, body) for body in branches]
        self.ties["works"] += [(person, body) for body in cooperatives]

    def help(self, person: str, count: int) -> None:
        """Households that nobody else reaches."""
        for i in range(count):
            self.homes[f"h-{person}-{i:03d}"] = self.people[person]
            self.ties["helps"].append((person, f"h-{person}-{i:03d}"))

    def network(self) -> Network:
        def table(name: str, left: str, right: str, **more: object) -> pa.Table:
            ties = list(dict.fromkeys(self.ties[name]))
            columns = {left: [a for a, _ in ties], right: [b for _, b in ties], **{key: [value] * len(ties) for key, value in more.items()}}
            return pa.table({key: pa.array(value, pa.bool_() if key == "primary" else pa.string()) for key, value in columns.items()})

        def keyed(places: dict[str, str], left: str) -> pa.Table:
            return pa.table({left: pa.array(list(places), pa.string()), "village_code": pa.array(list(places.values()), pa.string())})

        villages = sorted({*self.people.values(), *self.homes.values()})
        return Network.from_tables(Tables({
            "Village": pa.table({"code": villages}),
            "Branch": pa.table({"id": sorted({b for _, b in self.ties["belongs"]})}),
            "Cooperative": pa.table({"id": sorted({c for _, c in [*self.ties["works"], *self.ties["joined"]]})}),
            "Member": pa.table({"id": sorted(self.people)}), "Household": pa.table({"id": pa.array(sorted(self.homes), pa.string())}),
            "Member LIVES_IN Village": keyed(self.people, "member_id"), "Household LIVES_IN Village": keyed(self.homes, "household_id"),
            "Member BELONGS_TO Branch": table("belongs", "member_id", "branch_id", primary=True),
            "Member WORKS_IN Cooperative": table("works", "member_id", "cooperative_id"),
            "Household JOINED Cooperative": table("joined", "household_id", "cooperative_id"),
            "Member HELPS Household": table("helps", "member_id", "household_id", kind="one_to_one"),
        }), as_of=DAY)  # fmt: skip


def look_alikes(district: District, rng: np.random.Generator) -> None:
    """People with many memberships in one body set, sole helpers of one to five households, and a hub known to everyone of one village."""
    for v in range(4):
        name = f"v{v}"
        district.village(name, int(rng.integers(15, 30)))
        busy = [f"{name}-busy{i}" for i in range(3)]
        for person in busy:  # six bodies, all of them with the same people of one village
            district.person(
                person, name, branches=[f"b-{name}", f"b-{name}-2", f"b-{name}-3"], cooperatives=[f"c-{name}", f"c-{name}-2", f"c-{name}-3"]
            )
        for i in range(5):
            district.help(f"{name}-{i:03d}", i + 1)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("planted_in", ["branch and association", "two associations", "three villages"])
def test_the_planted_bridge_comes_first(seed, planted_in):
    rng, district = np.random.default_rng(seed), District()
    look_alikes(district, rng)
    bodies = {
        "branch and association": ({"branches": ["b-v0"], "cooperatives": ["c-v1"]}, 2),
        "two associations": ({"cooperatives": ["c-v0", "c-v1"]}, 2),
        "three villages": ({"branches": ["b-v2"], "cooperatives": ["c-v0", "c-v1"]}, 3),
    }[planted_in]
    planted = district.person("x-planted", "v0", **bodies[0])
    finding = find_bridge_figures(district.network())
    first = finding.rows.iloc[0]
    sizes = sorted(sum(village == f"v{v}" for person, village in district.people.items() if person != planted) for v in range(bodies[1]))
    assert (first["subject_id"], first["rank"], first["equal_others"]) == (planted, 1, 0)
    assert first["stranded_people"] == sum(sizes[:-1])  # all of the smaller villages
    assert first["betweenness"] == pytest.approx((sum(sizes) ** 2 - sum(size**2 for size in sizes)) / 2)  # every pair of two villages
    assert first["stranded_groups"] == bodies[1] - 1
    assert "alone between" in first["reason_en"]


def test_bridges_of_known_strength_stand_in_their_order():
    district = District()
    for v, size in enumerate((40, 30, 20, 10, 5)):
        district.village(f"v{v}", size, households=0)
    planted = [district.person(f"x{v}", "v0", branches=["b-v0"], cooperatives=[f"c-v{v}"]) for v in (1, 2, 3, 4)]  # each holds a village to the first
    district.help("v0-000", 3)
    rows = find_bridge_figures(district.network()).rows
    assert rows["subject_id"].iloc[:5].tolist() == [*planted, "v0-000"]
    assert rows["stranded_people"].iloc[:5].tolist() == [30, 20, 10, 5, 0]


def test_the_helper_of_one_household_does_not_stand_above_who_carries_thousands_of_pairs():
    """Two people hold two villages together side by side: nothing falls off without one of them; and one helper reaches one household alone."""
    district = District()
    district.village("v0", 60)
    district.village("v1", 60)
    pair = [district.person(name, "v0", branches=["b-v0"], cooperatives=["c-v1"]) for name in ("x1", "x2")]
    district.help("v0-007", 1)
    rows = find_bridge_figures(district.network()).rows
    assert sorted(rows["subject_id"].iloc[:2]) == pair
    assert rows["rank"].iloc[:3].tolist() == [1, 1, 3]
    assert rows["stranded_people"].iloc[:2].tolist() == [0, 0]
    assert rows["betweenness"].iloc[0] == pytest.approx(60 * 60 / 2 + 0.0)  # half of the paths each
    assert rows["subject_id"].iloc[2] == "v0-007"


@pytest.mark.parametrize("size", [49, 50, 51, 52])
def test_a_body_of_51_people_is_no_other_thing_than_one_of_50(size):
    district = District()
    district.village("v0", size)
    district.village("v1", 10)
    planted = district.person("x", "v0", branches=["b-v0"], cooperatives=["c-v1"])
    first = find_bridge_figures(district.network()).rows.iloc[0]
    assert (first["subject_id"], first["betweenness"], first["stranded_people"], first["ties"]) == (planted, size * 10, 10, 2)


# --- nothing planted


def test_where_all_are_alike_nobody_is_first():
    district = District()
    for v in range(5):
        district.village(f"v{v}", 20)
    finding = find_bridge_figures(district.network())
    assert (finding.rows["rank"] == 1).all()
    assert (finding.rows["equal_others"] == 99).all()
    assert finding.rows["reason_en"].unique().tolist() == ["No sign of bridging; and 99 others share the rank."]
    assert select_first(finding.rows, 20).empty
    assert any("Nobody stands out: all 100 people are equal" in caveat.en for caveat in finding.caveats)


def test_who_are_all_between_alike_are_no_figures():
    """A ring of bodies, each person in two of them: everybody is between others, and nobody more than the next."""
    district = District()
    for i in range(200):
        district.person(f"m{i:03d}", "v", branches=[f"b{i:03d}", f"b{(i + 1) % 200:03d}"])
    rows = find_bridge_figures(district.network()).rows
    assert (rows["betweenness"] > 0).all()
    assert (rows["rank"] == 1).all()
    assert select_first(rows, 20).empty


def test_equal_helpers_are_equal_however_many_they_are():
    """5,000 people help one household each; one holds two villages together."""
    district = District()
    district.village("v0", 30)
    district.village("v1", 30)
    district.person("x", "v0", branches=["b-v0"], cooperatives=["c-v1"])
    for i in range(5000):
        district.help(district.person(f"y{i:05d}", "v0", branches=["b-v0"]), 1)
    rows = find_bridge_figures(district.network()).rows
    assert rows["subject_id"].iloc[0] == "x"
    assert rows["rank"].iloc[1] == 2
    assert rows["equal_others"].iloc[1] == 4999
    assert rows["reason_zh"].iloc[1] == "失去此人，1 户断开；另有 4,999 人名次相同。"
    assert select_first(rows, 20)["subject_id"].tolist() == ["x"]

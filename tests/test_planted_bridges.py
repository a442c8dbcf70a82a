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
        self.ties: dict[str, list[tuple[str, str]]] = {
            name: []
            for name in ("belongs", "works", "helps", "joined", "posts", "answers", "covers", "liaises", "mentors", "attended", "reports", "serves")
        }
        self.homes: dict[str, str] = {}
        self.people: dict[str, str] = {}
        self.names: dict[str, str] = {}

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

    def zone(self, person: str, count: int) -> None:
        """A zone that the person alone answers for."""
        self.ties["answers"].append((person, f"z-{person}"))
        for i in range(count):
            self.homes[f"h-{person}-{i:03d}"] = self.people[person]
            self.ties["covers"].append((f"z-{person}", f"h-{person}-{i:03d}"))

    def network(self) -> Network:
        def table(name: str, left: str, right: str, **more: object) -> pa.Table:
            ties = list(dict.fromkeys(self.ties[name]))
            columns = {left: [a for a, _ in ties], right: [b for _, b in ties], **{key: [value] * len(ties) for key, value in more.items()}}
            return pa.table({key: pa.array(value, pa.bool_() if key == "primary" else pa.string()) for key, value in columns.items()})

        def keyed(places: dict[str, str], left: str) -> pa.Table:
            return pa.table({left: pa.array(list(places), pa.string()), "village_code": pa.array(list(places.values()), pa.string())})

        def named(key: str, keys: set[str]) -> pa.Table:
            return pa.table({key: pa.array(sorted(keys), pa.string()), "name": pa.array([self.names.get(one) for one in sorted(keys)], pa.string())})

        bodies = {b for name in ("works", "joined", "liaises", "serves") for _, b in self.ties[name]}
        branches = {b for _, b in self.ties["belongs"]} | {b for tie in self.ties["reports"] for b in tie} | {b for b, _ in self.ties["serves"]}
        sessions = sorted({t for _, t in self.ties["attended"]})
        return Network.from_tables(Tables({
            "Village": named("code", {*self.people.values(), *self.homes.values(), *(v for _, v in self.ties["posts"])}),
            "Branch": named("id", branches), "Cooperative": named("id", bodies),
            "Zone": named("id", {z for _, z in self.ties["answers"]}), "Member": named("id", set(self.people)), "Household": pa.table({"id": pa.array(sorted(self.homes), pa.string())}),
            "Member LIVES_IN Village": keyed(self.people, "member_id"), "Household LIVES_IN Village": keyed(self.homes, "household_id"),
            "Member BELONGS_TO Branch": table("belongs", "member_id", "branch_id", primary=True),
            "Member WORKS_IN Cooperative": table("works", "member_id", "cooperative_id"),
            "Household JOINED Cooperative": table("joined", "household_id", "cooperative_id"),
            "Member HELPS Household": table("helps", "member_id", "household_id", kind="one_to_one"),
            "Member HOLDS_POST_IN Village": table("posts", "member_id", "village_code", post="help"),
            "Member RESPONSIBLE_FOR Zone": table("answers", "member_id", "zone_id"),
            "Zone COVERS Household": table("covers", "zone_id", "household_id"),
            "Member LIAISES Cooperative": table("liaises", "member_id", "cooperative_id"),
            "Member MENTORS Member": table("mentors", "mentor_id", "mentee_id"),
            "Training": pa.table({"id": pa.array(sessions, pa.string()), "held_on": pa.array([dt.date(2012, 1, 9)] * len(sessions), pa.date32())}),
            "Member ATTENDED Training": table("attended", "member_id", "training_id"),
            "Branch REPORTS_TO Branch": table("reports", "branch_id", "superior_id"),
            "Branch SERVES Cooperative": table("serves", "branch_id", "cooperative_id"),
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
    assert rows["subject_id"].iloc[:4].tolist() == planted
    assert rows["stranded_people"].iloc[:5].tolist() == [30, 20, 10, 5, 0]
    assert rows["rank"].iloc[4] == 5


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
    assert rows["equal_others"].iloc[2] == 119  # the helper of one household stands with all others
    assert rows["stranded_people"].iloc[:2].tolist() == [0, 0]
    assert rows["betweenness"].iloc[0] == pytest.approx(60 * 60 / 2 + 0.0)  # half of the paths each


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
    assert rows["equal_others"].iloc[1] == 5059  # the helpers and the 60 others: none of them stands between anybody
    assert rows["reason_zh"].iloc[-1] == "失去此人，1 户（只靠此人）断开；另有 5,059 人名次相同。"
    assert select_first(rows, 20)["subject_id"].tolist() == ["x"]


# --- who is alone with households, and who holds a body of them


def eight_villages() -> District:
    """Eight villages of five people; a zone of 20 households, one of three, and a sole helper of seven: all of them look-alikes of a bridge."""
    district = District()
    for v in range(8):
        district.village(f"v{v}", 5, households=5)
    district.zone("v0-000", 20)
    district.zone("v1-000", 3)
    district.help("v2-000", 7)
    return district


def test_who_alone_answers_for_a_zone_is_no_bridge():
    district = eight_villages()
    rows = find_bridge_figures(district.network()).rows
    assert (rows["rank"] == 1).all()  # nobody stands between anybody
    assert select_first(rows, 20).empty
    planted = district.person("x", "v6", branches=["b-v6"], cooperatives=["c-v7"])
    rows = find_bridge_figures(district.network()).rows
    assert rows["subject_id"].iloc[0] == planted
    assert select_first(rows, 20)["subject_id"].tolist() == [planted]
    alone = rows.set_index("subject_id").loc["v0-000"]
    assert alone[["stranded_households", "sole_households", "betweenness"]].tolist() == [20, 20, 0]
    assert alone["reason_en"].startswith("alone between co-operative c-v0, branch b-v0 on one side and zone z-v0-000 on the other; without this person "
                                         "20 households (on this person alone) fall off")  # fmt: skip


def test_the_liaison_of_a_cooperative_without_members_is_one():
    """The liaison holds a body and its households to the rest, though no paths of people run through: the liaison comes first."""
    district = eight_villages()
    district.ties["liaises"].append(("v3-000", "c-blank"))
    for i in range(30):
        district.homes[f"h-blank-{i:02d}"] = "v3"
        district.ties["joined"].append((f"h-blank-{i:02d}", "c-blank"))
    first = find_bridge_figures(district.network()).rows.iloc[0]
    assert (first["subject_id"], first["rank"], first["equal_others"], first["betweenness"]) == ("v3-000", 1, 0, 0)
    assert first[["stranded_households", "sole_households", "stranded_cooperatives"]].tolist() == [30, 0, 1]


def test_households_of_a_small_part_lose_only_the_people_of_that_part():
    """A body of 100 households, held to five people: no figure beside who holds 20 people to 100."""
    district = District()
    district.village("far", 5, households=0)
    district.person("a", "far", branches=["b-far"])
    district.ties["liaises"].append(("a", "c-blank"))
    for i in range(100):
        district.homes[f"h-{i:03d}"] = "far"
        district.ties["joined"].append((f"h-{i:03d}", "c-blank"))
    district.village("v0", 100, households=0)
    district.village("v1", 20, households=0)
    district.person("x", "v0", branches=["b-v0"], cooperatives=["c-v1"])
    rows = find_bridge_figures(district.network()).rows
    assert rows["subject_id"].iloc[:2].tolist() == ["x", "a"]  # 100 × 20 + 20 × 120 against 100 × 5
    assert rows["part_people"].iloc[:2].tolist() == [121, 6]


# --- who only looks like one


def hub_of_a_large_branch(district: District) -> None:
    """Mentors a third of the branch and holds the posts of the village: everybody there meets in the branch anyway."""
    district.ties["mentors"] += [("v0-000", f"v0-{i:03d}") for i in range(1, 20)]
    district.ties["posts"] += [("v0-000", "v0"), ("v0-001", "v0")]


def in_one_session(district: District) -> None:
    district.ties["attended"] += [(f"{village}-{i:03d}", "t") for village in ("v0", "v1", "v2") for i in range(3)]


def in_one_chain_of_command(district: District) -> None:
    """Three branches under one committee, of which one person is on record; and a branch that serves another village's association."""
    district.person("s", "v0", branches=["b-top"])
    district.ties["reports"] += [(f"b-v{i}", "b-top") for i in range(3)]
    district.ties["serves"].append(("b-v0", "c-v2"))


def alone_in_both(district: District) -> None:
    """The only one of a branch and of an association."""
    district.person("s", "v0", branches=["b-lone"], cooperatives=["c-lone"])


def helpers_of_one_household(district: District) -> None:
    """A household that two people of two villages help, and that is in both associations: an end hands nothing on."""
    district.homes["h"] = "v0"
    district.ties["helps"] += [("v0-000", "h"), ("v2-000", "h")]
    district.ties["joined"] += [("h", "c-v0"), ("h", "c-v2")]


LOOK_ALIKES = [in_one_session, in_one_chain_of_command, alone_in_both, helpers_of_one_household]


@pytest.mark.parametrize("look_alike", LOOK_ALIKES)
def test_who_only_looks_like_a_bridge_is_none(look_alike):
    district = District()
    for v in range(3):
        district.village(f"v{v}", 20)
    look_alike(district)
    rows = find_bridge_figures(district.network()).rows
    assert (rows["rank"] == 1).all()
    assert select_first(rows, 20).empty
    assert not rows["reason_en"].str.contains("alone between|fall off|falls off").any()
    assert not rows["reason_zh"].str.contains("只有此人连接|断开").any()


@pytest.mark.parametrize("look_alike", [*LOOK_ALIKES, hub_of_a_large_branch])
def test_the_planted_bridge_stands_before_who_looks_like_one(look_alike):
    district = District()
    for v, size in enumerate((60, 5, 20)):
        district.village(f"v{v}", size)
    look_alike(district)
    district.person("x", "v0", branches=["b-v0"], cooperatives=["c-v1"])
    first, second = find_bridge_figures(district.network()).rows.iloc[:2].itertuples()
    assert (first.subject_id, first.rank, first.equal_others, first.stranded_people) == ("x", 1, 0, 5)
    assert first.reason_en.startswith("alone between branch b-v0 and co-operative c-v1; without this person 5 people")
    assert first.reason_zh.startswith("只有此人连接 党组织 b-v0 与 合作组织 c-v1；失去此人，5 人")
    assert second.stranded_people == 0
    assert second.betweenness < first.betweenness


def test_of_a_person_without_others_it_is_said_that_nobody_else_is_on_record():
    district = District()
    district.village("v0", 20)
    alone_in_both(district)
    rows = find_bridge_figures(district.network()).rows.set_index("subject_id")
    assert rows.loc["s", "reason_en"] == "nobody but this person is on record with 1 co-operative, 1 branch; and 20 others share the rank."
    assert rows.loc["s", "reason_zh"] == "1 个合作组织、1 个党组织没有登记此人以外的人；另有 20 人名次相同。"


# --- the sentences


def test_bodies_and_places_are_named_and_people_are_not():
    district = District()
    for v, size in enumerate((9, 5, 4)):
        district.village(f"v{v}", size, households=0)
    district.names = {"b-v0": "全店村党支部", "c-v1": "米业协会", "c-v2": "米业协会", "v2": "西华村", "x": "不可外传"}
    district.person("x", "v0", branches=["b-v0"], cooperatives=["c-v1", "c-v2"])
    first = find_bridge_figures(district.network()).rows.iloc[0]
    assert first["reason_en"].startswith(
        "alone between branch 全店村党支部 on one side and co-operatives 米业协会 (c-v1), 米业协会 (c-v2) on the other; without this person 9 people"
    )
    assert first["reason_zh"].startswith("只有此人连接 全店村党支部 与 米业协会 (c-v1)、米业协会 (c-v2)；失去此人，9 人")
    assert "不可外传" not in first["reason_zh"] + first["reason_en"]


def test_a_village_is_named_only_for_those_who_hold_a_post_there():
    """x lives in v0 as all others there; y holds a post in v1 beside others; z holds the only post of v2."""
    district = District()
    district.village("v0", 9, households=0)
    district.village("v1", 6, households=0)
    district.village("v2", 5, households=0)
    district.names = {"v0": "东村", "v1": "西村", "v2": "北村", "b-v0": "东支部"}
    district.ties["posts"] += [("v1-000", "v1"), ("v1-001", "v1"), ("y", "v1"), ("z", "v2")]
    district.person("y", "v0", branches=["b-v0"])
    district.person("z", "v0", branches=["b-v0"])
    district.ties["liaises"].append(("z", "c-blank"))
    rows = find_bridge_figures(district.network()).rows.set_index("subject_id")
    assert rows.loc["y", "reason_en"].startswith(
        "alone between branch 东支部 and post-holders in 西村; without this person 6 people, 1 co-operative, 1 branch fall off"
    )
    assert rows.loc["y", "reason_zh"].startswith("只有此人连接 东支部 与 任岗者所在的村 西村；失去此人，6 人")
    assert rows.loc["z", "reason_en"].startswith("alone between branch 东支部 and co-operative c-blank; without this person 1 co-operative falls off")
    assert (
        not rows["reason_zh"].str.contains("东村|北村").any()
    )  # nobody stands alone between villages for living there, nor for a post nobody else holds

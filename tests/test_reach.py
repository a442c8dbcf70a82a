"""Pairing reach: against the definition in plain Python, SQL written by hand, networkx's search, and by law."""

import datetime as dt
from itertools import pairwise

import duckdb
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphkit.errors import ParameterError
from graphkit.kernels.reach import Lists, count_reach, lay_out
from graphkit.questions.files import read_finding, write_finding
from graphkit.questions.reach.find import COLUMNS, PAIRING_KINDS, find_pairing_reach
from tests.random_districts import DAY, HOUSEHOLDS, MEMBERS, districts, make, relabel, shuffle, stands

KINDS = ("one_to_one", "one_to_five", "ten_a_year", "technical", "post", "any")
few = settings(max_examples=max(6, settings().max_examples // 6))  # for laws that ask the question several times


def ask(tables, **options):
    return find_pairing_reach(tables, **({"as_of": DAY} | options))


def counted(tables, **options):
    """Rows by subject and kind of pairing, missing values as None."""
    rows = ask(tables, **options).rows.astype(object)
    rows = rows.where(rows.notna(), None)
    return {(row["subject_kind"], row["subject_id"], row["pairing_kind"]): row for row in rows.to_dict("records")}


# the definition, one subject at a time in plain Python; colleagues by networkx


class Definition:
    def __init__(self, tables, *, max_steps=2, max_body_people=50, stale_days=183, day=DAY):
        self.day, self.steps, self.stale_days = day, max_steps - 1, stale_days
        self.rows = {name: stands(tables, name, day) for name in tables}
        self.helps = self.rows["Member HELPS Household"]
        self.colleagues = self.people_and_bodies(max_body_people)

    def pairs(self, tables="Member HELPS Household"):
        return {tuple(row.values())[:2] for row in self.rows[tables]}

    def people_and_bodies(self, max_body_people):
        """People two half-steps apart through a body, or through a tie between them."""
        graph = nx.Graph()
        graph.add_nodes_from(row["id"] for row in self.rows["Member"])
        for table in ("Member BELONGS_TO Branch", "Member WORKS_IN Cooperative"):
            people = {}
            for member, body in self.pairs(table):
                people.setdefault((table, body), set()).add(member)
            for body, members in people.items():
                if len(members) <= max_body_people:
                    graph.add_edges_from((member, body) for member in members)
        for pair in self.pairs("Member MENTORS Member"):
            graph.add_edges_from((person, ("mentors", pair)) for person in pair)
        return graph

    def within(self, members):
        near = set()
        for member in members:
            near |= set(nx.single_source_shortest_path_length(self.colleagues, member, cutoff=2 * self.steps))
        return len({h for m, h in self.pairs() if m in near})

    def of_kind(self, kind):
        return [row for row in self.helps if kind in ("any", row["kind"])]

    def member(self, member, kind):
        ties = [row for row in self.of_kind(kind) if row["member_id"] == member]
        households = {row["household_id"] for row in ties}
        others = {row["household_id"] for row in self.of_kind(kind) if row["member_id"] != member}
        newest = {h: max((r["last_visit_on"] for r in ties if r["household_id"] == h and r["last_visit_on"]), default=None) for h in households}
        works = {body for m, body in self.pairs("Member WORKS_IN Cooperative") if m == member}
        own = {r["household_id"] for r in self.rows["Household JOINED Cooperative"] if r["kind"] in (None, "member") and r["cooperative_id"] in works}
        return {
            **dict.fromkeys(("paired_households", "pairs_low", "pairs_high"), len(households)),
            "shared_households": len(households & others), "own_association_households": len(households & own),
            "stale_households": sum(v is not None and (self.day - v).days > self.stale_days for v in newest.values()),
            "households_within_steps": self.within([member]) if kind == "any" else None,
            "households": None, "reached_by_one": None, "reached_by_several": None, "reached_by_none": None, "helpers": None,
            **dict.fromkeys(("poor_households", "poor_reached_by_none", "poverty_unknown")),
        }  # fmt: skip

    def village(self, code, kind):
        residents = {h for h, v in self.pairs("Household LIVES_IN Village") if v == code}
        members = {m for m, v in self.pairs("Member LIVES_IN Village") if v == code}
        helpers = {h: {r["member_id"] for r in self.of_kind(kind) if r["household_id"] == h} for h in residents}
        numbers = [len(people) for people in helpers.values()]
        poor = {r["id"]: r["is_poor"] for r in self.rows["Household"]}
        of_any = {
            "poor_households": sum(poor[h] is True for h in residents), "poverty_unknown": sum(poor[h] is None for h in residents),
            "poor_reached_by_none": sum(poor[h] is True and not people for h, people in helpers.items()),
        } if kind == "any" else dict.fromkeys(("poor_households", "poverty_unknown", "poor_reached_by_none"))  # fmt: skip
        return {
            "households": len(residents), "paired_households": sum(n > 0 for n in numbers), "reached_by_one": numbers.count(1),
            "reached_by_several": sum(n > 1 for n in numbers), "reached_by_none": numbers.count(0), **of_any,
            "households_within_steps": self.within(members) if kind == "any" else None, "helpers": len(set().union(*helpers.values())),
            "shared_households": None, "stale_households": None, "own_association_households": None,
        }  # fmt: skip

    def household(self, household, kind):
        helpers = {row["member_id"] for row in self.of_kind(kind) if row["household_id"] == household}
        told = dict.fromkeys(("helpers", "pairs_low", "pairs_high"), len(helpers))  # all was read
        return dict.fromkeys(c.name for c in COLUMNS[3:]) | told

    def all(self):
        found = {}
        for kind in KINDS:
            ties = self.of_kind(kind)
            everyone = {r["id"] for r in self.rows["Member"] if r["stage"] in ("full", "probationary")} if kind == "any" else set()
            for member in everyone | {row["member_id"] for row in ties}:
                found["Member", member, kind] = self.member(member, kind)
            for code in (row["code"] for row in self.rows["Village"]):
                answer = self.village(code, kind)
                if kind == "any" or answer["paired_households"]:
                    found["Village", code, kind] = answer
            for household in (row["id"] for row in self.rows["Household"]):
                if kind == "any" or household in {row["household_id"] for row in ties}:
                    found["Household", household, kind] = self.household(household, kind)
        return found


@given(districts(), st.integers(1, 4), st.integers(1, 4), st.sampled_from([183, 0]))
def test_every_count_follows_the_definition(tables, steps, largest, stale_days):
    options = {"max_steps": steps, "max_body_people": largest, "stale_days": stale_days}
    before = tables.content_hash()
    rows, expected = counted(tables, **options), Definition(tables, **options).all()
    assert set(rows) == set(expected)
    for subject, wanted in expected.items():
        assert {name: rows[subject][name] for name in wanted} == wanted, subject
    assert tables.content_hash() == before


def test_a_made_up_district_follows_the_definition(district):
    rows, definition = counted(district, as_of=DAY), Definition(district)
    ids = {row["id"] for row in definition.rows["Member"][:40]} | {row["id"] for row in definition.rows["Household"][:40]}
    ids |= {row["code"] for row in definition.rows["Village"]}
    asked = {"Member": definition.member, "Household": definition.household, "Village": definition.village}
    some = {subject: row for subject, row in rows.items() if subject[1] in ids}
    assert {kind for kind, _, _ in some} == set(asked)
    for (subject_kind, subject, kind), row in some.items():
        wanted = asked[subject_kind](subject, kind)
        assert {name: row[name] for name in wanted} == wanted, (subject, kind)


SQL = """
SELECT member_id AS subject_id, kind AS pairing_kind, count(DISTINCT household_id) AS paired_households,
       (SELECT count(DISTINCT a.household_id) FROM helps a JOIN helps b USING (household_id, kind)
         WHERE a.member_id = h.member_id AND a.kind = h.kind AND b.member_id <> a.member_id) AS shared_households
FROM helps h GROUP BY member_id, kind ORDER BY 1, 2
"""


@few
@given(districts())
def test_direct_counts_equal_sql_written_by_hand(tables):
    with duckdb.connect() as connection:
        connection.register("helps", tables.at(DAY)["Member HELPS Household"])
        expected = connection.sql(SQL).to_arrow_table().to_pylist()
    rows = [row for subject, row in counted(tables).items() if subject[0] == "Member" and subject[2] != "any"]
    found = [{name: row[name] for name in ("subject_id", "pairing_kind", "paired_households", "shared_households")} for row in rows]
    assert sorted(found, key=lambda r: (r["subject_id"], r["pairing_kind"])) == expected


# the kernel, against networkx on random structures


@st.composite
def structures(draw):
    people, bodies, things = draw(st.integers(1, 12)), draw(st.integers(0, 6)), draw(st.integers(0, 10))

    def pairs(left, right):
        pair = st.tuples(st.integers(0, max(left - 1, 0)), st.integers(0, max(right - 1, 0)))
        return draw(st.lists(pair, max_size=25)) if left and right else []

    return people, bodies, things, pairs(people, bodies), pairs(people, people), pairs(people, things), draw(st.integers(0, 5))


def lists(pairs, height, width):
    left, right = (np.array([pair[side] for pair in pairs], np.int32) for side in (0, 1))
    return lay_out(left, right, height=height, width=width)


def turned(pairs):
    return [(b, a) for a, b in pairs]


@given(structures())
def test_the_kernel_counts_what_networkx_finds(structure):
    people, bodies, things, sits, knows, holds, steps = structure
    graph = nx.Graph()
    graph.add_nodes_from(range(people))
    graph.add_edges_from((p, ("body", b)) for p, b in sits)
    graph.add_edges_from((p, ("tie", i)) for i, pair in enumerate(knows) for p in pair)
    expected = []
    for person in range(people):
        near = nx.single_source_shortest_path_length(graph, person, cutoff=2 * steps)
        expected.append(len({thing for holder, thing in holds if holder in near}))
    singles = Lists(np.arange(people + 1, dtype=np.int64), np.arange(people, dtype=np.int32), people)
    parts = (
        lists(sits, people, bodies),
        lists(turned(sits), bodies, people),
        lists(knows + turned(knows), people, people),
        lists(holds, people, things),
    )
    assert count_reach(singles, *parts, steps=steps).tolist() == expected
    whole = lists([(0, p) for p in range(people)], 1, people)
    assert count_reach(whole, *parts, steps=steps).tolist() == [len({thing for _, thing in holds})]


def test_many_sources_run_in_blocks_and_give_the_same():
    """Twenty thousand people in a row of bodies of two: at k steps each meets k on either side."""
    people, steps = 20_000, 3
    left = np.arange(people - 1, dtype=np.int32)
    body = np.concatenate([left, left])
    member = np.concatenate([left, left + 1]).astype(np.int32)
    singles = Lists(np.arange(people + 1, dtype=np.int64), np.arange(people, dtype=np.int32), people)
    none = lay_out(np.empty(0, np.int32), np.empty(0, np.int32), height=people, width=people)
    counts = count_reach(
        singles, lay_out(member, body, height=people, width=people - 1), lay_out(body, member, height=people - 1, width=people), none, singles, steps=steps
    )  # fmt: skip
    inner = np.full(people, 2 * steps + 1)
    for i in range(steps):
        inner[i] = inner[-1 - i] = steps + 1 + i
    assert (counts == inner).all()


# laws


@few
@given(districts())
def test_more_steps_never_lose_reach(tables):
    reached = [counted(tables, max_steps=k) for k in (1, 2, 3)]
    for fewer, more in pairwise(reached):
        for subject, row in fewer.items():
            assert (more[subject]["households_within_steps"] or 0) >= (row["households_within_steps"] or 0)
            assert row | {"households_within_steps": 0} == more[subject] | {"households_within_steps": 0}
    assert all(row["households_within_steps"] == row["paired_households"] for s, row in reached[0].items() if s[0] == "Member" and s[2] == "any")


@few
@given(districts(), st.sampled_from(MEMBERS), st.sampled_from(HOUSEHOLDS), st.sampled_from(KINDS[:-1]))
def test_a_new_pairing_never_loses_reach(tables, member, household, kind):
    tie = {"member_id": member, "household_id": household, "kind": kind}
    more = make({name: table.to_pylist() + ([tie] if name == "Member HELPS Household" else []) for name, table in tables.items()})
    before, after = counted(tables), counted(more)
    assert set(before) <= set(after)
    for subject, row in before.items():
        for name in ("paired_households", "households_within_steps", "helpers", "shared_households"):
            assert (after[subject][name] or 0) >= (row[name] or 0)
        assert (after[subject]["reached_by_none"] or 0) <= (row["reached_by_none"] or 0)


@few
@given(districts())
def test_kinds_are_never_added_up(tables):
    rows = counted(tables)
    for (kind, subject, pairing), row in rows.items():
        if pairing == "any":
            name = "helpers" if kind == "Household" else "paired_households"
            single = [other[name] for (k, s, p), other in rows.items() if (k, s) == (kind, subject) and p != "any"]
            assert max(single, default=0) <= row[name] <= sum(single)


@few
@given(districts(), st.randoms(use_true_random=False))
def test_neither_order_nor_ids_change_anything_but_names(tables, random):
    rows = ask(tables).rows
    pd.testing.assert_frame_equal(rows, ask(shuffle(tables, random)).rows)
    names = {f"m{i}": f"人{9 - i}" for i in range(7)} | {f"h{i}": f"户{9 - i}" for i in range(5)} | {f"c{i}": f"社{9 - i}" for i in range(1, 4)}
    names |= {f"b{i}": f"支{9 - i}" for i in range(1, 5)}
    before, after = counted(tables), counted(relabel(tables, names))
    assert {(a, names.get(i, i), k) for a, i, k in before} == set(after)
    for (a, i, k), row in before.items():
        assert row | {"subject_id": ""} == after[a, names.get(i, i), k] | {"subject_id": ""}


@few
@given(districts())
def test_rows_stand_in_their_order_and_name_nobody(tables):
    rows = ask(tables).rows
    keys = [
        (["Village", "Member", "Household"].index(a), i, PAIRING_KINDS.index(k))
        for a, i, k in rows[["subject_kind", "subject_id", "pairing_kind"]].itertuples(index=False)
    ]
    assert keys == sorted(set(keys))
    assert PAIRING_KINDS == KINDS
    assert "不可外传" not in rows.to_csv()


# cases of the article, by hand


def test_thirty_one_members_with_five_households_each():
    """S20: 31 members × 5 = 155 pairings, fewer households if shared; outside the association."""
    members = [{"id": f"m{i:02}", "stage": "full"} for i in range(31)]
    households = [{"id": f"h{i:03}"} for i in range(150)]
    helps = [{"member_id": f"m{i:02}", "household_id": f"h{(5 * i + j) % 150:03}", "kind": "one_to_five"} for i in range(31) for j in range(5)]
    tables = make({
        "Member": members, "Household": households, "Member HELPS Household": helps, "Cooperative": [{"id": "c"}],
        "Village": [{"code": "230112001001"}],
        "Household LIVES_IN Village": [{"household_id": h["id"], "village_code": "230112001001"} for h in households],
        "Member WORKS_IN Cooperative": [{"member_id": m["id"], "cooperative_id": "c"} for m in members],
        "Household JOINED Cooperative": [{"household_id": "h005", "cooperative_id": "c"}, {"household_id": "h006", "cooperative_id": "c", "kind": "served"}],
    })  # fmt: skip
    rows = counted(tables)
    each = [row for subject, row in rows.items() if subject[0] == "Member" and subject[2] == "one_to_five"]
    assert sum(row["paired_households"] for row in each) == 155
    village = rows["Village", "230112001001", "any"]
    assert (village["paired_households"], village["reached_by_one"], village["reached_by_several"]) == (150, 145, 5)  # the last five are shared
    assert rows["Member", "m00", "one_to_five"]["shared_households"] == 5
    assert rows["Member", "m01", "one_to_five"]["own_association_households"] == 1  # h005 is a member, h006 only served
    assert rows["Member", "m00", "any"]["households_within_steps"] == 150
    assert counted(tables, max_body_people=30)["Member", "m00", "any"]["households_within_steps"] == 5


def test_half_a_year_without_a_visit_is_stale_and_no_record_is_not():
    visits = {"h1": DAY - dt.timedelta(days=184), "h2": DAY - dt.timedelta(days=183), "h3": None}
    helps = [{"member_id": "m", "household_id": h, "kind": "one_to_one", "last_visit_on": day} for h, day in visits.items()]
    again = {"member_id": "m", "household_id": "h1", "kind": "technical", "last_visit_on": DAY}
    tables = make({"Member": [{"id": "m"}], "Household": [{"id": h} for h in visits], "Member HELPS Household": [*helps, again]})
    rows, finding = counted(tables), ask(tables)
    assert rows["Member", "m", "one_to_one"]["stale_households"] == 1
    assert rows["Member", "m", "any"]["stale_households"] == 0  # visited under another kind
    assert any("1 of 4 pairings have no recorded visit" in caveat.en for caveat in finding.caveats)


def test_bodies_too_large_for_a_step_are_said():
    people = [{"id": f"m{i}", "stage": "full"} for i in range(3)]
    tables = make(
        {
            "Member": people,
            "Branch": [{"id": "b"}],
            "Member BELONGS_TO Branch": [{"member_id": p["id"], "branch_id": "b", "primary": True} for p in people],
        }
    )
    said = ask(tables, max_body_people=2).caveats[-1]
    assert said.en.startswith("bodies with more than 2 people carry no colleague step (branches: 1, co-operatives: 0)")
    assert said.zh.startswith("超过2人的1个党组织和0个合作组织")
    assert not any("colleague" in caveat.en for caveat in ask(tables).caveats)


@pytest.mark.parametrize("wrong", [{"max_steps": 0}, {"max_steps": 1.5}, {"max_body_people": 0}, {"stale_days": -1}, {"max_steps": True}])
def test_numbers_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError, match=f"{next(iter(wrong))} takes a whole number"):
        ask(make({}), **wrong)


def test_nothing_at_all_and_a_file(tmp_path):
    assert len(ask(make({}))) == 0
    finding = ask(make({"Household": [{"id": "h"}], "Member": [{"id": "m", "stage": "full"}]}))
    back = read_finding(write_finding(finding, tmp_path / "reach.parquet"))
    pd.testing.assert_frame_equal(back.rows, finding.rows)
    assert "任一方式" in finding.to_html("zh")
    assert find_pairing_reach(make({})).as_of == dt.date.today()  # noqa: DTZ011

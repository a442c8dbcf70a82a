"""The lists that select from no finding, against answers worked out by hand on a district of a dozen people."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pyarrow as pa
import pytest

from graphkit.data.tables import Tables, arrow_schema
from graphkit.errors import ParameterError
from graphkit.model.kinds import MODEL
from graphkit.network import Network
from graphkit.queries import twins as lists
from graphkit.questions.bridges.find import find_bridge_figures

DAY = "2012-04-30"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def helps(member: str, household: str, since: str | None = None, until: str | None = None, kind: str = "one_to_one", **others) -> dict:
    return {"member_id": member, "household_id": household, "kind": kind, "since": since and day(since), "until": until and day(until), **others}


def rows(frame) -> list[tuple]:
    return [tuple(None if pd.isna(value) else value for value in row) for row in frame.astype(object).itertuples(index=False)]


def make(ties: dict[str, list[dict]], **nodes: list[dict]) -> Tables:
    return Tables(
        {name: pa.Table.from_pylist(given, schema=arrow_schema(MODEL.table_type(name))) for name, given in {**nodes, **ties}.items()},
    )


HELPED = make(
    {
        "Member HELPS Household": [
            helps("a", "h1", "2010-01-01", "2011-06-01"),
            helps("b", "h1", "2011-06-01", "2012-01-01"),  # took over the same day
            helps("c", "h1", "2012-01-11", last_visit_on=day("2012-04-01")),  # ten days after b, and not the next after a
            helps("a", "h2", "2010-01-01", "2011-06-01"),
            helps("a", "h2", "2011-07-01", "2012-01-01"),  # the same person again is no succession
            helps("b", "h3", "2010-01-01", "2012-05-01", last_visit_on=day("2011-10-29")),  # ends after the day; 184 days without a visit
            helps("b", "h3", "2010-01-01", kind="post", last_visit_on=day("2011-10-30")),  # 183 days: not yet stale
            helps("c", "h3", "2012-06-01"),  # not begun
            helps("d", "h4", None, "2012-04-30"),  # ended on the very day
            helps("d", "h5"),
        ]
    },
    Member=[{"id": i} for i in "abcd"],
    Household=[{"id": f"h{i}"} for i in range(1, 7)],
)


def test_a_successor_is_the_next_other_person():
    assert rows(lists.list_household_succession(HELPED, as_of=DAY)) == [
        ("h1", "a", day("2011-06-01"), "b", day("2011-06-01"), 0),
        ("h1", "b", day("2012-01-01"), "c", day("2012-01-11"), 10),
    ]
    assert rows(lists.list_household_succession(HELPED, as_of="2012-01-05")) == [("h1", "a", day("2011-06-01"), "b", day("2011-06-01"), 0)]


def test_a_household_that_lost_its_helper_has_none_on_the_day():
    assert rows(lists.list_household_helper_lost(HELPED, as_of=DAY)) == [("h2", day("2012-01-01"), 1), ("h4", day("2012-04-30"), 1)]
    assert rows(lists.list_household_helper_lost(HELPED, as_of=day("2012-04-29"))) == [("h2", day("2012-01-01"), 1)]


def test_a_pairing_is_stale_after_more_than_the_days_named():
    assert rows(lists.list_pairing_stale(HELPED, as_of=DAY)) == [("b", "h3", "one_to_one", day("2011-10-29"), 184)]
    assert rows(lists.list_pairing_stale(HELPED, stale_days=182, as_of=DAY)) == [
        ("b", "h3", "one_to_one", day("2011-10-29"), 184),
        ("b", "h3", "post", day("2011-10-30"), 183),
    ]
    assert rows(lists.list_pairing_stale(HELPED, stale_days=184, as_of=DAY)) == []


def test_kinds_of_pairing_are_counted_apart():
    assert rows(lists.list_pairing_by_kind(HELPED, as_of=DAY)) == [("one_to_one", 3, 3, 3), ("post", 1, 1, 1)]


PEOPLE = make(
    {
        "Member BELONGS_TO Branch": [
            {"member_id": "a", "branch_id": "b1", "primary": True, "office": "书记"},
            {"member_id": "a", "branch_id": "b2", "primary": False},
            {"member_id": "b", "branch_id": "b1", "primary": True},
            {"member_id": "b", "branch_id": "b2", "primary": True, "office": "委员"},
            {"member_id": "c", "branch_id": "b2", "primary": False},
            {"member_id": "d", "branch_id": "b3", "primary": True},  # b3 is dissolved
            {"member_id": "e", "branch_id": "b2", "primary": True, "until": day("2012-01-01")},
        ],
        "Member WORKS_IN Cooperative": [
            {"member_id": "a", "cooperative_id": "k1", "is_founder": True, "until": day("2011-01-01")},  # left, a founder still
            {"member_id": "f", "cooperative_id": "k1", "is_founder": True},
            {"member_id": "g", "cooperative_id": "k1", "is_founder": False},
            {"member_id": "g", "cooperative_id": "k2", "is_founder": True},
        ],
        "Member MENTORS Member": [
            {"mentor_id": "a", "mentee_id": "f"},
            {"mentor_id": "a", "mentee_id": "g", "until": day("2012-04-30")},
            {"mentor_id": "b", "mentee_id": "f", "since": day("2012-05-01")},
        ],
        "Member ATTENDED Training": [
            {"member_id": "a", "training_id": "t1"},
            {"member_id": "a", "training_id": "t2"},
            {"member_id": "b", "training_id": "t3"},
        ],
        "Household ATTENDED Training": [{"household_id": "h1", "training_id": "t1"}],
        "Member HOLDS_POST_IN Village": [{"member_id": "a", "village_code": "v1", "post": "help"}],
    },
    Member=[
        {"id": "a", "stage": "full", "name": "甲"},
        {"id": "b", "stage": "probationary"},
        {"id": "c", "stage": "full"},
        {"id": "d", "stage": "full"},
        {"id": "e"},
        {"id": "f", "stage": "activist", "is_cadre": True},
        {"id": "g", "stage": "candidate"},
    ],
    Branch=[{"id": "b1", "kind": "branch"}, {"id": "b2", "kind": "group"}, {"id": "b3", "dissolved_on": day("2012-04-30")}],
    Cooperative=[{"id": "k1", "name": "米协"}, {"id": "k2"}, {"id": "k3", "founded_on": day("2012-05-01")}],
    Household=[{"id": "h1"}],
    Training=[
        {"id": "t1", "held_on": day("2012-01-01"), "form": "forum"},
        {"id": "t2", "held_on": day("2012-04-30"), "form": "forum"},
        {"id": "t3", "held_on": day("2012-05-01"), "form": "field"},
        {"id": "t4"},
    ],
    Village=[{"code": "v1", "name": "城建村"}],
)


def test_who_is_managed_by_no_branch_and_by_two():
    assert rows(lists.list_member_without_primary(PEOPLE, as_of=DAY)) == [("c", "full", 1), ("d", "full", 0), ("e", None, 0)]
    assert rows(lists.list_member_doubled_primary(PEOPLE, as_of=DAY)) == [("b", "probationary", 2)]
    assert rows(lists.list_member_dual_management(PEOPLE, as_of=DAY)) == [("a", "b1", "b2")]


def test_founders_who_left_count_and_members_and_cadres_lead():
    """k1: a left and f is there still; k2: of its founder it is not on record whether a cadre, so nobody can say that none is."""
    assert rows(lists.list_cooperative_founders(PEOPLE, as_of=DAY)) == [
        ("k1", "米协", 2, 1, 1, 0, True, 1, 0, 0), ("k2", None, 1, 0, 0, 1, None, 1, 0, 0),
    ]  # fmt: skip


def test_the_funnel_counts_people_and_mentors_of_the_day():
    assert rows(lists.list_member_admission_funnel(PEOPLE, as_of=DAY)) == [
        (1, "applicant", 0, 0), (2, "activist", 1, 1), (3, "candidate", 1, 0), (4, "probationary", 1, 0), (5, "full", 3, 0),
    ]  # fmt: skip
    assert rows(lists.list_member_without_mentor(PEOPLE, as_of=DAY)) == [("g", "candidate")]
    assert rows(lists.list_member_mentoring(PEOPLE, as_of=DAY)) == [("a", 1, 0, 1, 0, 0)]


def test_days_in_a_stage_are_those_of_the_stage_of_the_day():
    people = make(
        {},
        Member=[
            {"id": "full since", "stage": "full", "admitted_on": day("2010-12-01"), "full_on": day("2012-01-01")},
            {"id": "full later", "stage": "full", "admitted_on": day("2011-05-01"), "full_on": day("2012-05-01")},
            {"id": "due", "stage": "probationary", "admitted_on": day("2011-04-30")},
            {"id": "today", "stage": "activist", "applied_on": day("2010-01-01"), "activist_on": day("2012-04-30")},
            {"id": "tomorrow", "stage": "applicant", "applied_on": day("2012-05-01")},
            {"id": "undated", "stage": "candidate"},
        ],
    )
    assert rows(lists.list_member_time_in_stage(people, as_of=DAY)) == [
        ("due", "probationary", day("2011-04-30"), 366), ("full later", "probationary", day("2011-05-01"), 365),
        ("today", "activist", day("2012-04-30"), 0),
    ]  # fmt: skip


def test_attendances_are_not_people():
    assert rows(lists.list_training_by_form(PEOPLE, as_of=DAY)) == [("forum", 2, 2, 1, 1, 1), ("unknown", 1, 0, 0, 0, 0)]
    assert rows(lists.list_training_reach(PEOPLE, as_of=DAY)) == [
        ("t1", day("2012-01-01"), "forum", 1, 1), ("t2", day("2012-04-30"), "forum", 1, 0), ("t4", None, None, 0, 0),
    ]  # fmt: skip
    assert rows(lists.list_member_never_trained(PEOPLE, as_of=DAY)) == [("b", "probationary"), ("c", "full"), ("d", "full")]


def test_three_posts_are_unfilled_where_one_is_held():
    assert rows(lists.list_village_posts_unfilled(PEOPLE, as_of=DAY)) == [
        ("v1", "城建村", post) for post in ("circulation", "information", "technology")
    ]


def test_the_roster_of_one_branch_and_who_is_alone_in_office():
    assert rows(lists.list_branch_roster(PEOPLE, branch_id="b1", as_of=DAY)) == [
        ("b1", "a", "甲", "full", True, "书记", None, None),
        ("b1", "b", None, "probationary", True, None, None, None),
    ]
    assert rows(lists.list_body_one_officer(PEOPLE, as_of=DAY)) == [("Branch", "b1", None, "a", 2), ("Branch", "b2", None, "b", 3)]
    assert rows(lists.list_body_one_person(PEOPLE, as_of=DAY)) == [("Cooperative", "k2", None, "g")]  # f and g are in k1, a has left
    assert rows(lists.list_branch_without_office(PEOPLE, as_of=DAY)) == [("b2", None, "group", 3)]


def test_a_page_shows_ties_from_both_ends_and_from_the_past():
    page = lists.list_member_page(PEOPLE, member_id="g")
    assert rows(page[["tie", "direction", "other_id", "detail", "since", "until"]]) == [
        ("MENTORS", "in", "a", None, None, day("2012-04-30")),
        ("WORKS_IN", "out", "k1", None, None, None),
        ("WORKS_IN", "out", "k2", None, None, None),
    ]
    assert rows(lists.list_household_page(HELPED, household_id="h6")) == [("h6", None, None, None, None, None, None, None, None)]


def test_the_default_day_is_today():
    today = dt.date.today()  # noqa: DTZ011
    tomorrow = (today + dt.timedelta(days=1)).isoformat()
    district = make(
        {"Member HELPS Household": [helps("a", "h1", today.isoformat()), helps("a", "h2", tomorrow), helps("a", "h3", None, today.isoformat())]},
        Member=[{"id": "a"}],
        Household=[{"id": f"h{i}"} for i in range(1, 4)],
    )
    assert rows(lists.list_pairing_by_kind(district)) == [("one_to_one", 1, 1, 1)]
    assert rows(lists.list_pairing_by_kind(district)) == rows(lists.list_pairing_by_kind(district, as_of=today))


def test_another_dataset_than_the_one_there_is_refused_with_its_name():
    with pytest.raises(ParameterError, match=r"(?s)no dataset 'elsewhere' here; these tables are 'district'.*没有数据集"):
        lists.list_pairing_by_kind(HELPED, dataset="elsewhere")
    assert rows(lists.list_pairing_by_kind(HELPED, as_of=DAY, dataset="district")) == rows(lists.list_pairing_by_kind(HELPED, as_of=DAY))


def test_a_day_that_is_none_is_told():
    with pytest.raises(ParameterError, match="give a date as YYYY-MM-DD"):
        lists.list_pairing_by_kind(HELPED, as_of="30 April")


def test_the_tables_asked_are_not_changed():
    before = HELPED.content_hash()
    lists.list_household_succession(HELPED, as_of=DAY)
    lists.list_household_without_helper(HELPED, as_of=DAY)
    assert HELPED.content_hash() == before


def test_households_on_one_person_alone():
    """a alone helps h1 and answers alone for the zone of h2; h3 has a co-operative with people, h4 two keepers of its zone, h5 two ways to the same person."""
    tables = make(
        {
            "Member HELPS Household": [helps("a", "h1"), helps("a", "h3"), helps("b", "h5"), helps("b", "h6")],
            "Zone COVERS Household": [{"zone_id": z, "household_id": h} for z, h in (("z1", "h2"), ("z2", "h4"), ("z3", "h5"), ("z4", "h6"))],
            "Member RESPONSIBLE_FOR Zone": [{"member_id": m, "zone_id": z} for m, z in (("a", "z1"), ("a", "z2"), ("b", "z2"), ("b", "z3"))],
            "Household JOINED Cooperative": [{"household_id": h, "cooperative_id": c} for h, c in (("h1", "blank"), ("h3", "peopled"))],
            "Member WORKS_IN Cooperative": [{"member_id": "c", "cooperative_id": "peopled"}],
        },
        Member=[{"id": i} for i in "abc"],
        Household=[{"id": f"h{i}"} for i in range(1, 8)],
        Zone=[{"id": f"z{i}"} for i in range(1, 5)],
        Cooperative=[{"id": "blank"}, {"id": "peopled"}],
    )
    assert rows(lists.list_member_sole_households(tables, as_of=DAY)) == [("a", 2), ("b", 2)]
    found = find_bridge_figures(Network.from_tables(tables, as_of=day(DAY))).rows.set_index("subject_id")["sole_households"]
    assert found.to_dict() == {"a": 2, "b": 2, "c": 0}


def test_whose_workplace_does_not_assist_and_whose_membership_is_there_already():
    """The body of c assists a, not b; d's membership is with it; e works where there is a group alone; f is an activist; of g the stage is unknown."""
    works = [{"member_id": m, "cooperative_id": "c2" if m == "e" else "c"} for m in "abdefg"]
    belongs = [(m, "home", True) for m in "abefg"] + [("a", "chain", False), ("d", "chain", True)]
    tables = make(
        {
            "Member WORKS_IN Cooperative": works,
            "Branch SERVES Cooperative": [{"branch_id": "chain", "cooperative_id": "c"}, {"branch_id": "group", "cooperative_id": "c2"}],
            "Member BELONGS_TO Branch": [{"member_id": m, "branch_id": b, "primary": p} for m, b, p in belongs],
        },
        Member=[{"id": m, "stage": {"f": "activist", "g": None}.get(m, "full")} for m in "abdefg"],
        Cooperative=[{"id": "c"}, {"id": "c2"}],
        Branch=[{"id": "home", "kind": "branch"}, {"id": "chain", "kind": "branch"}, {"id": "group", "kind": "group"}],
    )
    assert rows(lists.list_member_workplace_assists(tables, as_of=DAY)) == [("a", "yes", "met"), ("b", "yes", "open"), ("g", "unknown", "open")]

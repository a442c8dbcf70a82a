"""Admission, training, founders, secretaries, the reserve pool, succession and posts: by hand, with look-alikes, and against what the article publishes."""

import datetime as dt

import pandas as pd
import pytest

from graphkit.data.checks import quarantine_problems
from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.questions.asked import question_of
from graphkit.questions.people.admission import count_reached, find_admission_funnel
from graphkit.questions.people.founders import find_founders
from graphkit.questions.people.posts import find_posts
from graphkit.questions.people.question import QUESTIONS
from graphkit.questions.people.reserve import find_reserve_pool
from graphkit.questions.people.secretaries import find_secretaries
from graphkit.questions.people.succession import find_succession
from graphkit.questions.people.training import find_training_reach
from graphkit.words import Text
from tests.random_districts import make

DAY = dt.date(2012, 4, 30)
START = dt.date(2010, 1, 1)
AFTER, BEFORE = DAY + dt.timedelta(days=1), START - dt.timedelta(days=1)


def plain(rows, *columns):
    kept = rows[list(columns)].astype(object)
    return [tuple(row) for row in kept.where(kept.notna(), None).itertuples(index=False)]


def said(finding):
    question = question_of(finding.question)
    return " ".join(text.en for text in (*question.tell_all(finding, {}), *finding.caveats))


def test_a_stage_without_its_day_is_not_zero_days_and_a_day_to_come_is_no_stage():
    people = [
        {"id": "dated", "stage": "applicant", "applied_on": DAY}, {"id": "undated", "stage": "applicant"},
        {"id": "later", "stage": "applicant", "applied_on": AFTER}, {"id": "full", "stage": "full", "full_on": START},
        {"id": "gone", "stage": "activist", "activist_on": START, "left_on": DAY}, {"id": "never", "stage": "not_applied"},
        {"id": "long", "stage": "activist", "activist_on": DAY - dt.timedelta(days=365)},
    ]  # fmt: skip
    finding = find_admission_funnel(make({"Member": people}), as_of=DAY)
    assert plain(finding.rows, "subject_id", "days") == [("dated", 0), ("undated", None), ("long", 365), ("full", None)]
    assert "long has waited longest: activist, 365 days" in said(finding)
    assert "of 1 people the day on which their stage began is not on record: the days are unknown, not 0" in said(finding)


def test_of_a_campaign_those_who_applied_before_are_left_out_also_where_only_a_later_stage_is_dated():
    people = [
        {"id": "in", "stage": "activist", "applied_on": START}, {"id": "out", "stage": "activist", "applied_on": BEFORE},
        {"id": "old", "stage": "full", "admitted_on": BEFORE}, {"id": "perhaps", "stage": "full", "admitted_on": START}, {"id": "unknown"},
    ]  # fmt: skip
    finding = find_admission_funnel(make({"Member": people}), since=START, as_of=DAY)
    assert sorted(plain(finding.rows, "subject_id", "in_period")) == [("in", True), ("perhaps", None), ("unknown", None)]
    steps = count_reached(finding.rows).set_index("stage")
    assert plain(steps.loc[["applicant", "activist", "full"]], "reached_low", "reached_high") == [(1, 3), (1, 3), (0, 2)]
    assert plain(steps.loc[["activist", "full"]], "share_low", "share_high") == [(0.5, 1.0), (0.0, 2 / 3)]  # by trying every way for the two


def test_who_brought_whom_counts_what_has_ended_and_who_left_and_not_what_is_to_come():
    members = [{"id": "m1"}, {"id": "m2", "left_on": START}, {"id": "a", "stage": "full"}, {"id": "b", "stage": "applicant"}]
    ties = [{"mentor_id": "m1", "mentee_id": "a", "until": START}, {"mentor_id": "m2", "mentee_id": "a"}, {"mentor_id": "m1", "mentee_id": "b"},
            {"mentor_id": "m2", "mentee_id": "b", "since": AFTER}]  # fmt: skip
    rows = find_admission_funnel(make({"Member": members, "Member MENTORS Member": ties}), as_of=DAY).rows
    assert plain(rows[rows["stage"].notna()], "subject_id", "mentors", "brought_on_by") == [("b", 1, "m1"), ("a", 0, "m1;m2")]


def test_the_funnel_of_the_article_lies_within_the_interval(acheng):
    """S25: since 2010, 724 applied, 323 became activists, 58 were admitted; of two founders it is not on record whether they ever applied.

    Whoever was admitted before a whole way since 2010 was possible has no other day on record: these may have applied earlier.
    """
    steps = (
        count_reached(find_admission_funnel(acheng, since=START, as_of=DAY).rows).set_index("stage").loc[["applicant", "activist", "probationary"]]
    )
    assert (steps["reached_high"] - 2).tolist() == [724, 323, 58]
    assert (steps["reached_low"] >= [401 + 225 + 40, 225 + 40, 1]).all()
    dated = sum(row["applied_on"] is not None and row["admitted_on"] is not None for row in acheng["Member"].to_pylist())
    assert (steps["reached_high"] - steps["reached_low"] - 2).tolist() == [58 - dated] * 3
    assert (steps["share_low"] <= [1, 323 / 724, 58 / 724]).all()
    assert (steps["share_high"] >= [1, 323 / 724, 58 / 724]).all()


TRAINED = {
    "Member": [{"id": "a", "stage": "full"}, {"id": "b", "stage": "full"}, {"id": "x", "stage": "applicant"}, {"id": "left", "stage": "full", "left_on": START}],
    "Household": [{"id": "a"}, {"id": "h"}],
    "Training": [{"id": "t1", "held_on": START, "form": "forum"}, {"id": "t2", "held_on": DAY}, {"id": "t3", "held_on": AFTER}, {"id": "t4", "form": "forum"}],
    "Member ATTENDED Training": [{"member_id": m, "training_id": t} for m, t in (("a", "t1"), ("a", "t2"), ("a", "t4"), ("b", "t3"), ("left", "t1"))],
    "Household ATTENDED Training": [{"household_id": "a", "training_id": "t1"}],
}  # fmt: skip


def test_attendances_are_not_people_and_a_household_of_the_same_id_is_nobody_else():
    finding = find_training_reach(make(TRAINED), as_of=DAY)
    whole = finding.rows[finding.rows["form"] == "any"]
    assert plain(whole, "subject_kind", "subject_id", "on_books", "sessions", "last_held_on") == [
        ("Member", "a", True, 3, DAY), ("Member", "b", True, 0, None), ("Member", "left", False, 1, START), ("Member", "x", True, 0, None),
        ("Household", "a", True, 1, START), ("Household", "h", True, 0, None),
    ]  # fmt: skip
    assert plain(finding.rows[finding.rows["subject_id"] == "a"], "subject_kind", "form", "sessions") == [
        ("Member", "any", 3), ("Member", "forum", 2), ("Member", "unknown", 1), ("Household", "any", 1), ("Household", "forum", 1)
    ]  # fmt: skip
    assert "of 2 Party members (probationary, full), 1 came (50.0%), 3 attendances in all, 1 with none on record" in said(finding)
    assert "1 sessions of unknown date are taken as held" in said(finding)
    (party, others, households, gone) = question_of(finding.question).summarise(finding).rows
    assert [row[1:3] for row in (party, others, households, gone)] == [[2, 1], [1, 0], [2, 1], ["–", 1]]


def test_whoever_stands_in_a_row_that_was_not_read_is_not_said_to_have_never_come():
    given = make(TRAINED | {"Member ATTENDED Training": [{"member_id": "b", "training_id": "nowhere"}]})
    finding = find_training_reach(quarantine_problems(given), as_of=DAY)
    assert plain(finding.rows[finding.rows["unread_rows"] > 0], "subject_id", "sessions") == [("b", 0)]
    assert question_of(finding.question).summarise(finding).rows[0][4] == 1  # a alone
    assert "of 2 Party members (probationary, full), 0 came (0.0% – 50.0%), 0 attendances in all, 1 with none on record" in said(finding)


def founded(ties, members=()):
    works = [{"member_id": m, "cooperative_id": "c", **row} for m, row in ties]
    people = {m: {"id": m, "stage": "not_applied", "is_cadre": False} for m, _ in ties} | {row["id"]: row for row in members}
    return find_founders(
        make({"Cooperative": [{"id": "c"}], "Member": list(people.values()), "Member WORKS_IN Cooperative": works}), as_of=DAY
    ).rows.iloc[0]


PARTY = {"id": "p", "stage": "full", "is_cadre": False}


@pytest.mark.parametrize(
    ("ties", "members", "led", "there", "office"),
    [
        ([("p", {"is_founder": True, "until": START})], [PARTY], True, 0, 0),  # left: a founder still
        ([("q", {"is_founder": True}), ("p", {"is_founder": False, "office": "理事长"})], [PARTY], False, 1, 0),  # the head founded nothing
        ([("p", {"is_founder": False})], [PARTY], None, 0, 0),  # nobody is on record as founder
        ([("q", {"is_founder": True}), ("p", {})], [PARTY], None, 1, 0),  # the member may be one
        ([("q", {"is_founder": True}), ("r", {})], [], False, 1, 0),  # another may be one, and is neither cadre nor member
        ([("p", {"is_founder": True})], [PARTY | {"stage": None}], None, 1, 0),
        ([("p", {"is_founder": True})], [PARTY | {"stage": "applicant"}], False, 1, 0),
        ([("p", {"is_founder": True})], [PARTY | {"stage": None, "is_cadre": True}], True, 1, 0),
        ([("p", {"is_founder": True, "since": AFTER})], [PARTY], None, 0, 0),
        ([("p", {"is_founder": True, "until": START}), ("p", {"since": START, "office": "理事长"})], [PARTY], True, 1, 1),  # came back as head
    ],
)
def test_a_founder_is_not_a_head_and_what_is_not_on_record_is_not_no(ties, members, led, there, office):
    row = founded(ties, members)
    assert (None if pd.isna(row["is_led"]) else bool(row["is_led"]), row["founders_there"], row["founders_in_office"]) == (led, there, office)


def test_the_founders_of_the_article(acheng):
    """S60: 56 of 69, more than 81 %; the others are not said to have been founded by nobody of the kind where no founder is on record."""
    finding = find_founders(acheng, as_of=DAY)
    total = question_of(finding.question).summarise(finding).rows[-1]
    assert total[1:3] == [69, 56]
    assert str(total[5].en).startswith("81.2% – ")


LED = {
    "Branch": [{"id": "b1", "kind": "branch"}, {"id": "b2", "kind": "general_branch"}, {"id": "b3", "kind": "group"}, {"id": "b4", "kind": "group"}, {"id": "b5"},
               {"id": "b6", "kind": "branch", "dissolved_on": DAY}],
    "Cooperative": [{"id": "c"}, {"id": "gone", "dissolved_on": DAY}],
    "Branch SERVES Cooperative": [{"branch_id": "b1", "cooperative_id": "c"}, {"branch_id": "b2", "cooperative_id": "gone"}],
    "Member": [{"id": "m", "birth_year": 1970, "education": "college"}, {"id": "n"}, {"id": "o", "birth_year": 1950, "education": "junior"}],
    "Member BELONGS_TO Branch": [
        {"member_id": m, "branch_id": b, "primary": m != "x", "office": office, "until": until}
        for m, b, office, until in (("m", "b1", "书记", None), ("m", "b2", "书记", None), ("n", "b4", "书记", None), ("o", "b1", "副书记", None), ("o", "b5", "书记", DAY))
    ],
}  # fmt: skip


def test_a_secretary_of_two_bodies_is_one_person_and_an_unknown_age_is_in_no_mean():
    finding = find_secretaries(make(LED), as_of=DAY)
    assert plain(finding.rows, "subject_id", "serves_cooperative", "member_id", "bodies_led", "age_low", "age_high") == [
        ("b1", True, "m", 2, 41, 42), ("b2", False, "m", 2, 41, 42), ("b4", False, "n", 1, None, None), ("b5", False, None, 0, None, None),
    ]  # fmt: skip
    total = question_of(finding.question).summarise(finding).rows[-1]
    assert [cell.en if isinstance(cell, Text) else cell for cell in total[1:]] == [4, 1, 2, 1, "41–42", 1, 1, "50.0% – 100.0%"]


def test_the_office_is_as_it_is_written():
    assert find_secretaries(make(LED), office="副书记", as_of=DAY).rows["member_id"].dropna().tolist() == ["o"]
    with pytest.raises(ParameterError, match="office names the office"):
        find_secretaries(make(LED), office="")


def test_the_secretaries_of_the_article(acheng):
    """S43: under 45 on average; 15 of 17 have college, which is 88.2 % and not 86.9 %."""
    finding = find_secretaries(acheng, as_of=DAY)
    industry = question_of(finding.question).summarise(finding).rows[0]
    assert industry[1:5] == [17, 0, 17, 17]
    assert [industry[7], industry[8].en] == [15, "88.2%"]
    assert finding.rows.loc[finding.rows["serves_cooperative"], "age_high"].mean() < 45


HOME, OTHER = ("230112100001", "230112100002"), "230183100001"
POOL = {
    "Township": [{"code": "230112100", "name": "甲镇"}, {"code": "230183100"}],
    "Village": [{"code": code} for code in (*HOME, OTHER)],
    "Village IN Township": [{"village_code": code, "township_code": code[:9]} for code in (*HOME, OTHER)],
    "Member": [{"id": i, "in_reserve_pool": {"no": False, "unknown": None}.get(i, True), "left_on": DAY if i == "gone" else None}
               for i in ("here", "far", "both", "nowhere", "no", "unknown", "gone")],
    "Member LIVES_IN Village": [{"member_id": m, "village_code": v} for m, v in (("here", HOME[0]), ("far", OTHER), ("both", HOME[0]), ("both", HOME[1]))],
    "Cooperative": [{"id": "c"}],
    "Member WORKS_IN Cooperative": [{"member_id": m, "cooperative_id": "c", "office": o} for m, o in (("far", None), ("here", "理事长"), ("both", None))],
}  # fmt: skip


def test_one_of_another_county_is_told_and_one_of_two_villages_or_none_is_placed_nowhere():
    finding = find_reserve_pool(make(POOL), as_of=DAY)
    assert plain(finding.rows, "subject_id", "village_code", "township_code", "offices") == [
        ("both", None, None, 0), ("far", OTHER, "230183100", 0), ("here", HOME[0], "230112100", 1), ("nowhere", None, None, 0),
    ]  # fmt: skip
    assert "1 live in a village of another county (code 230183)" in said(finding)
    assert "of 1 people it is not on record whether they are listed" in said(finding)
    assert [(row[0].zh, row[1]) for row in question_of(finding.question).summarise(finding).rows] == [
        ("甲镇", 1),
        ("230183100", 1),
        ("未知或不止一个村", 2),
        ("合计", 4),
    ]


END = dt.date(2011, 6, 1)


@pytest.mark.parametrize(
    ("more", "following", "days", "outcome"),
    [
        ([("b", END, None)], "b", 0, "taken_over"),
        ([("b", END - dt.timedelta(days=1), None)], None, None, "others"),  # was there before: helps on, and took nothing over
        ([("a", END + dt.timedelta(days=30), None)], None, None, "same_again"),
        ([("b", None, None)], None, None, "others"),  # since when is not on record
        ([("b", AFTER, None)], None, None, "nobody"),
        ([("b", END, END + dt.timedelta(days=9))], "b", 0, "taken_over"),  # and ended again: a row of its own says what came of that
        ([("b", START, DAY)], None, None, "nobody"),
    ],
)
def test_only_another_who_begins_afterwards_takes_over(more, following, days, outcome):
    ties = [("a", START, END), *more]
    rows = [{"member_id": m, "household_id": "h", "kind": "one_to_one", "since": since, "until": until} for m, since, until in ties]
    found = find_succession(make({"Member": [{"id": "a"}, {"id": "b"}], "Household": [{"id": "h"}], "Member HELPS Household": rows}), as_of=DAY).rows
    assert plain(found[found["former_member_id"] == "a"], "next_member_id", "days_between", "outcome")[0] == (following, days, outcome)


def test_an_end_to_come_is_none_and_a_household_that_left_waits_for_nobody():
    rows = [{"member_id": "a", "household_id": h, "kind": "one_to_one", "until": until} for h, until in (("h", AFTER), ("gone", END))]
    found = find_succession(
        make({"Member": [{"id": "a"}], "Household": [{"id": "h"}, {"id": "gone", "left_on": DAY}], "Member HELPS Household": rows}), as_of=DAY
    )
    assert plain(found.rows, "subject_id", "outcome") == [("gone", "left")]
    assert "1 pairings ended, 0 of them were taken over; 0 households" in said(found)


def test_a_post_of_somebody_who_left_is_held_by_nobody_and_two_posts_are_one_person():
    held = [("m", HOME[0], "help"), ("m", HOME[0], "technology"), ("m", HOME[1], "help"), ("left", HOME[1], "information")]
    finding = find_posts(make({
        "Village": [{"code": code} for code in HOME], "Member": [{"id": "m"}, {"id": "left", "left_on": DAY}],
        "Member HOLDS_POST_IN Village": [{"member_id": m, "village_code": v, "post": post} for m, v, post in held],
    }), as_of=DAY)  # fmt: skip
    assert finding.rows["holders"].tolist() == [0, 1, 0, 1, 0, 1, 0, 0]
    assert [row[1:] for row in question_of(finding.question).summarise(finding).rows] == [[2, 0, 1], [1, 1, 1], [0, 2, 0], [0, 2, 0], [2, 0, 1]]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_nothing_recorded_is_said_in_words(question):
    finding = question.ask(Tables({}), as_of=DAY)
    assert finding.rows.empty
    assert question.sum_up(finding).notes[0] is question.nothing
    assert "<table>" in finding.to_html("en")


def test_the_day_asked_from_is_a_date():
    question = QUESTIONS[0]
    assert question.ask(Tables({}), since="2010-01-01").parameters["since"] == START
    assert question.ask(Tables({}), since="").parameters["since"] is None
    with pytest.raises(ParameterError, match="since is a date"):
        question.ask(Tables({}), since="2010")

"""Coverage gaps: against the packs read in plain Python, against enumeration, by law, and by hand on cases of the texts."""

import datetime as dt
import itertools
import pickle
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.questions.asked import need_question
from graphkit.questions.coverage.columns import COLUMNS
from graphkit.questions.coverage.explain import explain_outcome
from graphkit.questions.coverage.find import find_coverage_gaps
from graphkit.questions.coverage.summary import list_cascades, rate_bounds, summarise_coverage
from graphkit.questions.files import read_finding, write_finding
from graphkit.rules import list_rule_packs, read_rule_pack
from tests.plain_rules import MOST, Plain, read_rules
from tests.random_districts import DAY, HOUSEHOLDS, MEMBERS, districts, make, relabel, shuffle

LATER = dt.date(2020, 1, 1)
few = settings(max_examples=max(6, settings().max_examples // 6))  # for laws that ask the question several times


def ask(tables, **options):
    return find_coverage_gaps(tables, **({"as_of": DAY} | options))


def possible(row) -> set[str]:
    """Of not asked, met and open: what a row says its rule may come to."""
    return ({"not_asked"} if row["asked"] == "unknown" else set()) | ({"met", "open"} if row["outcome"] == "unknown" else {row["outcome"]})


def judged(tables, **options):
    """Rows by rule and subject, missing values as None."""
    rows = ask(tables, **options).rows.astype(object)
    rows = rows.where(rows.notna(), None)
    return {(row["rule"], row["subject_id"]): row for row in rows.to_dict("records")}


# against the pack read in plain Python


@pytest.mark.parametrize("pack", list_rule_packs())
@few
@given(tables=districts(), day=st.sampled_from([DAY, LATER]))
def test_every_rule_says_exactly_what_it_could_come_to(pack, tables, day):
    before = tables.content_hash()
    rows, expected = judged(tables, rules=pack, as_of=day), Plain(tables, day).all(read_rules(pack, day))
    for place, wanted in expected.items():
        found = possible(rows[place]) if place in rows else {"not_asked"}
        assert found == wanted, place
    assert {rule for rule, _ in rows} <= {*read_rules(pack, day)}
    assert tables.content_hash() == before


def test_a_made_up_district_follows_the_plain_reading(district):
    rows, expected = judged(district, as_of=DAY), Plain(district, DAY).all(read_rules("acheng-2010", DAY))
    different = [p for p, wanted in expected.items() if (possible(rows[p]) if p in rows else {"not_asked"}) != wanted]
    assert different == []
    assert len(expected) > 1000


@few
@given(districts())
def test_the_summary_counts_rows_and_its_bounds_are_attained(tables):
    finding = ask(tables)
    rows = finding.rows
    for line in summarise_coverage(finding).to_dict("records"):
        mine = [possible(row) for row in rows[rows["rule"] == line["rule"]].to_dict("records")]
        assert line["met"] == sum(p == {"met"} for p in mine)
        assert line["open"] == sum(p == {"open"} for p in mine)
        assert line["asked"] == sum("not_asked" not in p for p in mine)
        assert line["met"] + line["open"] + line["unknown"] == len(mine)
        rates = [_rate(ends) for ends in itertools.islice(itertools.product(*map(sorted, mine)), MOST)]
        told = [rate for rate in rates if rate is not None]
        if not told:
            assert pd.isna(line["rate_low"])
        elif len(rates) < MOST:
            assert (line["rate_low"], line["rate_high"]) == (min(told), max(told))


def _rate(ends):
    met, open_ = ends.count("met"), ends.count("open")
    return met / (met + open_) if met + open_ else None


@given(st.lists(st.sampled_from(["yes met", "yes open", "yes unknown", "unknown met", "unknown open", "unknown unknown"]), max_size=6))
def test_the_bounds_of_a_rate_are_those_of_every_completion(cases):
    options = {"met": ["met"], "open": ["open"], "unknown": ["met", "open"]}
    ends = [options[c.split()[1]] + (["not_asked"] if c.startswith("unknown") else []) for c in cases]
    told = [rate for one in itertools.product(*ends) if (rate := _rate(one)) is not None]
    count = {(a, o): cases.count(f"{a} {o}") for a in ("yes", "unknown") for o in ("met", "open", "unknown")}
    low, high = rate_bounds(count)
    assert (pd.isna(low) and pd.isna(high)) if not told else (low, high) == (min(told), max(told))


# laws


@few
@given(districts(), st.sampled_from(MEMBERS), st.sampled_from(HOUSEHOLDS), st.sampled_from([None, DAY, dt.date(2000, 1, 1)]))
def test_a_new_helper_never_opens_a_rule_about_households(tables, member, household, visit):
    tie = {"member_id": member, "household_id": household, "kind": "one_to_one", "last_visit_on": visit}
    more = make({name: table.to_pylist() + ([tie] if name == "Member HELPS Household" else []) for name, table in tables.items()})
    gaps = [{p for p, row in judged(t).items() if p[0].endswith("s51") and row["outcome"] != "met"} for t in (tables, more)]
    assert gaps[1] <= gaps[0]
    assert ("acheng-2010.s51", household) not in gaps[1]


@few
@given(districts(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(tables, random):
    pd.testing.assert_frame_equal(ask(tables).rows.astype(object), ask(shuffle(tables, random)).rows.astype(object))


@few
@given(districts())
def test_other_ids_change_nothing_but_names(tables):
    names = {f"m{i}": f"人{9 - i}" for i in range(7)} | {f"h{i}": f"户{9 - i}" for i in range(5)} | {f"c{i}": f"社{9 - i}" for i in range(1, 4)}
    names |= {f"b{i}": f"支{9 - i}" for i in range(1, 5)} | {f"z{i}": f"区{i}" for i in (1, 2)}
    before, after = judged(tables), judged(relabel(tables, names))
    assert {(rule, names.get(i, i)) for rule, i in before} == set(after)
    for (rule, i), row in before.items():
        assert row | {"subject_id": ""} == after[rule, names.get(i, i)] | {"subject_id": ""}


@few
@given(districts())
def test_every_row_has_words_and_no_name_of_a_person(tables):
    for pack in list_rule_packs():
        finding = ask(tables, rules=pack, as_of=LATER)
        assert [c.name for c in COLUMNS] == list(finding.rows.columns)
        words = finding.rows[["outcome", "rule", "reason_zh", "reason_en", "remedy_zh", "remedy_en"]]
        assert words.notna().all().all()
        assert (words.astype("str") != "").all().all()
        assert not words.astype("str").apply(lambda column: column.str.contains("[{}]")).any().any()
        gaps = finding.rows[finding.rows["outcome"] == "open"]
        assert (gaps["remedy_en"].astype("str") != "nothing to do").all()
        assert "不可外传" not in finding.rows.to_csv()


# cases of the texts, by hand, on both sides of every bound

VILLAGE, NEXT = "230112001001", "230112001002"


def host(full=0, probationary=0, unknown=0, scope="village", rules="acheng-2010", as_of=DAY, **more):
    people = [{"id": f"m{i}", "stage": s} for i, s in enumerate(["full"] * full + ["probationary"] * probationary + [None] * unknown)]
    tables = {
        "Cooperative": [{"id": "c", "name": "稻米协会", "scope": scope}], "Village": [{"code": VILLAGE}, {"code": NEXT}], "Member": people,
        "Member WORKS_IN Cooperative": [{"member_id": p["id"], "cooperative_id": "c"} for p in people],
        "Cooperative OPERATES_IN Village": [{"cooperative_id": "c", "village_code": VILLAGE}],
    }  # fmt: skip
    found = judged(make(tables | more), rules=rules, as_of=as_of)
    return {rule.partition(".")[2]: row for (rule, subject), row in found.items() if subject == "c"}


def serving(kind, **more):
    """One body that serves the co-operative."""
    return {"Branch": [{"id": "b", "kind": kind}], "Branch SERVES Cooperative": [{"branch_id": "b", "cooperative_id": "c"}]} | more


@pytest.mark.parametrize(("full", "rule"), [(2, "s16"), (3, "s12-15")])
def test_three_full_members_are_asked_for_a_body_and_two_for_a_group(full, rule):
    rows = host(full)
    assert list(rows) == [rule]
    assert (rows[rule]["asked"], rows[rule]["outcome"]) == ("yes", "open")


def test_a_gap_is_told_with_its_reason_and_remedy():
    row = host(3)["s12-15"]
    assert row["reason_zh"] == "正式党员3人，满3人即应成立党组织；没有自己的党组织"
    assert row["remedy_zh"] == "成立党组织，隶属村党总支（或村党支部）"
    assert row["remedy_en"] == "form a body under the village's general branch (or its branch)"
    blank = host(0)["s16"]
    assert (blank["remedy_en"], blank["flags"]) == ("appoint a liaison", "no_member")


@pytest.mark.parametrize(
    ("kind", "full", "outcome"),
    [("branch", 3, "met"), ("general_branch", 3, "met"), ("committee", 3, "met"), ("joint_branch", 3, "met"), ("temporary_branch", 3, "open"),
     ("group", 3, "open"), ("liaison_post", 3, "open"), ("group", 2, "met"), ("liaison_post", 0, "met"), ("branch", 2, "met"), ("joint_branch", 1, "met")],
)  # fmt: skip
def test_what_meets_the_rule_within_a_village(kind, full, outcome):
    rows = host(full, **serving(kind))
    rows.pop("superior", None)  # asked of those who have a body
    [row] = rows.values()
    assert row["outcome"] == outcome


@pytest.mark.parametrize(
    ("scope", "outcome"), [("village", "open"), ("cross_township", "open"), ("cross_village", "met"), ("township", "met"), (None, "open")]
)
def test_a_temporary_body_will_do_where_s14_allows_it(scope, outcome):
    row = host(3, scope=scope, **serving("temporary_branch"))["s12-15"]  # None: one village is recorded, so the scope is the village
    assert (row["outcome"], row["flags"]) == (outcome, "temporary")


def test_a_temporary_body_at_an_unknown_scope_cannot_be_told():
    row = host(3, scope=None, **serving("temporary_branch"), **{"Cooperative OPERATES_IN Village": []})["s12-15"]
    assert (row["asked"], row["outcome"], row["certain"]) == ("yes", "unknown", False)
    assert "范围未知" in row["reason_zh"]


def test_the_villages_branch_that_serves_it_is_not_its_own_and_under_no_wrong_superior():
    row = host(3, **serving("branch", **{"Branch SERVES Village": [{"branch_id": "b", "village_code": VILLAGE}]}))["s12-15"]
    assert (row["outcome"], row["flags"], row["superior_agrees"], row["branches"]) == ("open", "territorial", None, 0)
    few_ = host(2, **serving("branch", **{"Branch SERVES Village": [{"branch_id": "b", "village_code": VILLAGE}]}))["s16"]
    assert few_["outcome"] == "met"  # 属地管理: no blank spot


def test_a_township_committee_that_serves_it_directly_covers_nothing():
    committee = serving("committee", **{"Branch SERVES Village": [{"branch_id": "b", "village_code": v} for v in (VILLAGE, NEXT)]})
    assert host(3, **committee)["s12-15"]["outcome"] == "open"
    assert host(2, **committee)["s16"]["outcome"] == "open"
    below = serving("committee", Branch=[{"id": "b", "kind": "committee"}, {"id": "x", "kind": "branch"}])
    below |= {"Branch REPORTS_TO Branch": [{"branch_id": "x", "superior_id": "b"}]}
    assert host(3, **below)["s12-15"]["outcome"] == "open"  # known by the bodies under it, where its villages are not recorded


def test_a_group_of_three_is_still_due_a_branch_as_in_xihua():
    assert host(16, **serving("group"))["s12-15"]["outcome"] == "open"


@pytest.mark.parametrize(
    ("full", "probationary", "flags"), [(2, 0, "watch"), (1, 2, "watch"), (1, 1, None), (0, 3, "watch;no_member"), (0, 2, "no_member")]
)
def test_near_the_threshold_is_a_flag_and_no_failure(full, probationary, flags):
    row = host(full, probationary, **serving("group"))["s16"]
    assert (row["outcome"], row["flags"]) == ("met", flags)


def test_a_second_member_never_lowers_the_rate():
    one, two = (host(n, **serving("group"))["s16"]["outcome"] for n in (1, 2))
    assert one == two == "met"


def test_people_of_unknown_stage_leave_it_open_which_rule_asks():
    rows = host(2, unknown=1)
    assert {rule: (row["asked"], row["outcome"]) for rule, row in rows.items()} == {"s12-15": ("unknown", "open"), "s16": ("unknown", "open")}
    assert "1人发展阶段未知" in rows["s16"]["reason_zh"]
    assert rows["s16"]["remedy_en"].startswith("first find out the stage of the people; ")
    assert host(3, unknown=1)["s12-15"]["certain"]


def test_a_body_of_unknown_kind_is_a_branch_or_a_group_and_either_meets_s16():
    assert host(2, **serving(None))["s16"]["outcome"] == "met"
    assert host(3, **serving(None))["s12-15"]["outcome"] == "unknown"
    spread = serving(None, **{"Branch SERVES Village": [{"branch_id": "b", "village_code": v} for v in (VILLAGE, NEXT)]})
    assert host(2, **spread)["s16"]["outcome"] == "unknown"  # it may be the township's committee


@pytest.mark.parametrize(
    ("superior", "scope", "agrees"), [("general_branch", "village", True), ("committee", "village", False), ("committee", "township", True)]
)
def test_the_superior_is_that_of_the_scope(superior, scope, agrees):
    bodies = {
        "Branch": [{"id": "b", "kind": "branch"}, {"id": "s", "kind": superior}],
        "Branch SERVES Cooperative": [{"branch_id": "b", "cooperative_id": "c"}],
        "Branch SERVES Village": [{"branch_id": "s", "village_code": VILLAGE}],
        "Branch REPORTS_TO Branch": [{"branch_id": "b", "superior_id": "s"}],
    }
    rows = host(3, scope=scope, **bodies)
    row, its = rows["s12-15"], rows["superior"]
    assert (row["outcome"], row["superior_agrees"], row["flags"]) == ("met", agrees, None if agrees else "wrong_superior")
    assert (its["asked"], its["outcome"], its["superior_agrees"]) == ("yes", "met" if agrees else "open", agrees)
    assert its["remedy_en"] == ("nothing to do" if agrees else "check the superior, which should be the village's general branch (or its branch)")


@pytest.mark.parametrize(("management", "agrees"), [("sector", True), ("direct", False), (None, None)])
def test_across_townships_the_sector_manages(management, agrees):
    bodies = {
        "Branch": [{"id": "b", "kind": "branch", "management": management}, {"id": "s", "kind": "committee"}],
        "Branch SERVES Cooperative": [{"branch_id": "b", "cooperative_id": "c"}], "Branch REPORTS_TO Branch": [{"branch_id": "b", "superior_id": "s"}],
    }  # fmt: skip
    assert host(3, scope="cross_township", **bodies)["s12-15"]["superior_agrees"] is agrees


def test_a_superior_whose_place_is_not_recorded_cannot_be_told():
    bodies = {
        "Branch": [{"id": "b", "kind": "branch"}, {"id": "s", "kind": "general_branch"}],
        "Branch SERVES Cooperative": [{"branch_id": "b", "cooperative_id": "c"}], "Branch REPORTS_TO Branch": [{"branch_id": "b", "superior_id": "s"}],
    }  # fmt: skip
    assert host(3, **bodies)["s12-15"]["superior_agrees"] is None


def test_by_the_law_of_2018_a_unit_of_three_in_a_joint_branch_is_due_its_own():
    late = {"rules": "branch-work-2018", "as_of": LATER}
    row = host(3, **late, **serving("joint_branch"))["art4-hosts"]
    assert (row["outcome"], row["flags"]) == ("open", "joint")
    assert host(2, **late, **serving("joint_branch"))["joint-hosts"]["outcome"] == "met"
    assert host(2, **late, **serving("group"))["joint-hosts"]["outcome"] == "open"
    assert host(0, **late) == {}  # nobody is there to be joined


@pytest.mark.parametrize(("units", "outcome"), [(5, "met"), (6, "open")])
def test_a_joint_branch_covers_five_units(units, outcome):
    tables = make({
        "Cooperative": [{"id": f"c{i}"} for i in range(units)], "Branch": [{"id": "b", "kind": "joint_branch"}],
        "Branch SERVES Cooperative": [{"branch_id": "b", "cooperative_id": f"c{i}"} for i in range(units)],
    })  # fmt: skip
    assert judged(tables, rules="branch-work-2018", as_of=LATER)["branch-work-2018.joint-units", "b"]["outcome"] == outcome


def branch(full, probationary=0, kind="branch", offices=(), rules="branch-work-2018", as_of=LATER):
    people = [{"id": f"m{i}", "stage": "full" if i < full else "probationary"} for i in range(full + probationary)]
    ties = [
        {"member_id": p["id"], "branch_id": "b", "primary": True, "office": offices[i] if i < len(offices) else None} for i, p in enumerate(people)
    ]
    found = judged(make({"Member": people, "Branch": [{"id": "b", "kind": kind}], "Member BELONGS_TO Branch": ties}), rules=rules, as_of=as_of)
    return {rule.partition(".")[2]: row for (rule, subject), row in found.items() if subject == "b"}


@pytest.mark.parametrize(("full", "probationary", "outcome"), [(50, 0, "met"), (51, 0, "open"), (49, 1, "met"), (49, 2, "open")])
def test_a_branch_has_fifty_party_members_probationary_ones_counted(full, probationary, outcome):
    assert branch(full, probationary)["art4-size"]["outcome"] == outcome
    assert "art4-size" not in branch(full, probationary, kind="general_branch")


@pytest.mark.parametrize(("full", "outcome", "flags"), [(0, "open", "few"), (2, "open", None), (3, "met", None)])
def test_a_branch_without_full_members_is_no_branch(full, outcome, flags):
    for row in (branch(full)["art4-few"], branch(full, rules="acheng-2010", as_of=DAY)["2007-branches"]):
        assert (row["outcome"], row["flags"]) == (outcome, flags)


@pytest.mark.parametrize(
    ("full", "offices", "rule", "outcome"),
    [(6, ["书记"], "ch6-secretary", "met"), (6, [], "ch6-secretary", "open"), (6, ["书记", "书记"], "ch6-secretary", "open"),
     (7, ["书记", "委员"], "ch6-committee", "open"), (7, ["书记", "副书记", "委员"], "ch6-committee", "met"),
     (9, ["书记", *["委员"] * 6], "ch6-committee", "met"), (9, ["书记", *["委员"] * 7], "ch6-committee", "open")],
)  # fmt: skip
def test_seven_full_members_have_a_committee_and_six_a_secretary(full, offices, rule, outcome):
    rows = branch(full, offices=offices)
    assert rows[rule]["outcome"] == outcome
    assert ("ch6-committee" in rows) != ("ch6-secretary" in rows)


def village(full, probationary=0, kinds=("branch",), units=1, rules="rural-2018"):
    people = [{"id": f"m{i}", "stage": "full" if i < full else "probationary"} for i in range(full + probationary)]
    codes = [f"23011200100{i}" for i in range(1, units + 1)]
    tables = make({
        "Village": [{"code": code} for code in codes], "Member": people, "Branch": [{"id": f"b{n}", "kind": k} for n, k in enumerate(kinds)],
        "Member LIVES_IN Village": [{"member_id": p["id"], "village_code": codes[0]} for p in people],
        "Branch SERVES Village": [{"branch_id": f"b{n}", "village_code": code} for n, _ in enumerate(kinds) for code in codes],
    })  # fmt: skip
    found = judged(tables, rules=rules, as_of=LATER)
    return {rule.partition(".")[2]: row for (rule, subject), row in found.items() if subject == codes[0]}


@pytest.mark.parametrize(
    ("full", "probationary", "kind", "flags"),
    [(50, 0, "branch", None), (50, 1, "branch", "over"), (99, 0, "branch", "over"), (99, 1, "branch", "committee"), (120, 0, "branch", "committee"),
     (60, 0, "general_branch", None), (120, 0, "general_branch", "committee"), (120, 0, "committee", None)],
)  # fmt: skip
def test_a_large_village_may_have_a_general_branch_or_a_committee(full, probationary, kind, flags):
    row = village(full, probationary, (kind,))["art5"]
    assert (row["outcome"], row["flags"]) == ("met", flags)


@pytest.mark.parametrize(("full", "kinds", "units", "rule", "outcome"), [
    (3, ("branch",), 1, "art5", "met"), (3, (), 1, "art5", "open"), (3, ("branch",), 2, "art5", "open"), (2, ("branch",), 2, "art5-joint", "met"),
    (2, (), 1, "art5-joint", "open"), (2, ("committee",), 2, "art5-joint", "open"), (1, ("group",), 1, "art5-joint", "open"),
])  # fmt: skip
def test_villages_by_the_law_of_2018(full, kinds, units, rule, outcome):
    rows = village(full, kinds=kinds, units=units)
    assert list(rows) == [rule]
    assert rows[rule]["outcome"] == outcome


def member(stage="full", ties=(), works=(), serves=(), kinds=None, **more):
    kinds = kinds or {}
    bodies = dict.fromkeys([b for b, _ in ties] + [b for b, _ in serves])
    tables = {
        "Member": [{"id": "m", "stage": stage}], "Branch": [{"id": b, "kind": kinds.get(b, "branch")} for b in bodies],
        "Member BELONGS_TO Branch": [{"member_id": "m", "branch_id": b, "primary": p} for b, p in ties],
        "Cooperative": [{"id": c} for c in works], "Member WORKS_IN Cooperative": [{"member_id": "m", "cooperative_id": c} for c in works],
        "Branch SERVES Cooperative": [{"branch_id": b, "cooperative_id": c} for b, c in serves],
    }  # fmt: skip
    return {rule.partition(".")[2]: row for (rule, subject), row in judged(make(tables | more)).items() if subject == "m"}


@pytest.mark.parametrize(
    ("ties", "kinds", "outcome"),
    [([("a", True)], {}, "met"), ([], {}, "open"), ([("a", False)], {}, "open"), ([("a", True), ("b", True)], {}, "open"),
     ([("a", True)], {"a": "liaison_post"}, "open"), ([("a", True)], {"a": "group"}, "open"), ([("a", True)], {"a": None}, "unknown"),
     ([("a", True), ("b", False)], {"b": "group"}, "met"), ([("a", True)], {"a": "committee"}, "met")],
)  # fmt: skip
def test_a_member_has_one_managing_branch(ties, kinds, outcome):
    assert member(ties=ties, kinds=kinds)["s31-32"]["outcome"] == outcome
    assert member("probationary", ties=ties, kinds=kinds)["s31-32"]["outcome"] == outcome


@pytest.mark.parametrize("stage", ["applicant", "activist", "candidate"])
def test_nobody_is_asked_for_a_managing_branch_before_admission(stage):
    rows = member(stage)
    assert list(rows) == ([] if stage == "applicant" else ["s23-24"])


@pytest.mark.parametrize(
    ("ties", "outcome"),
    [([("home", True)], "open"), ([("home", True), ("chain", False)], "met"), ([("chain", True)], None), ([("chain", True), ("home", False)], None)],
)
def test_where_the_membership_was_not_moved_the_workplaces_body_assists(ties, outcome):
    row = member(ties=ties, works=["c"], serves=[("chain", "c")]).get("s32")
    assert (row and row["outcome"]) == outcome
    assert "s32" not in member(ties=[("home", True)], works=["c"], serves=[("chain", "c")], kinds={"chain": "group"})


def test_an_activist_needs_a_mentor():
    mentor = {"Member": [{"id": "m", "stage": "activist"}, {"id": "p"}], "Member MENTORS Member": [{"mentor_id": "p", "mentee_id": "m"}]}
    assert member("activist")["s23-24"]["outcome"] == "open"
    assert member(**mentor)["s23-24"]["outcome"] == "met"
    over = {**mentor, "Member MENTORS Member": [{"mentor_id": "p", "mentee_id": "m", "until": DAY}]}
    assert member(**over)["s23-24"]["outcome"] == "open"


def household(poor, *kinds, visit=None, joined=False):
    tables = make({
        "Household": [{"id": "h", "is_poor": poor}], "Cooperative": [{"id": "c"}], "Member": [{"id": f"m{n}"} for n, _ in enumerate(kinds)],
        "Member HELPS Household": [{"member_id": f"m{n}", "household_id": "h", "kind": k, "last_visit_on": visit} for n, k in enumerate(kinds)],
        "Household JOINED Cooperative": [{"household_id": "h", "cooperative_id": "c"}] if joined else [],
    })  # fmt: skip
    return judged(tables).get(("acheng-2010.s51", "h"))


def test_no_rule_asks_a_pairing_for_a_household_because_it_joined():
    assert household(False, joined=True) is None
    assert household(True, joined=True)["outcome"] == "open"
    unknown = household(None)
    assert (unknown["asked"], unknown["outcome"]) == ("unknown", "open")
    assert unknown["remedy_en"].startswith("first find out: is poor")


@pytest.mark.parametrize(("days", "flags"), [(183, None), (184, "stale")])
def test_a_helper_who_has_not_come_for_half_a_year_is_a_flag(days, flags):
    row = household(True, "one_to_one", visit=DAY - dt.timedelta(days))
    assert (row["outcome"], row["flags"]) == ("met", flags)
    assert household(True, "one_to_one")["flags"] is None  # no visit on record: when, nobody knows
    assert household(True, "technical")["flags"] == "not_one_to_one"


@pytest.mark.parametrize(("outside", "inside", "outcome"), [(5, 0, "met"), (4, 1, "open"), (4, 0, "open"), (0, 0, None)])
def test_five_households_outside_the_own_association(outside, inside, outcome):
    homes = [f"h{i}" for i in range(outside + inside)]
    tables = make({
        "Member": [{"id": "m", "stage": "full"}], "Cooperative": [{"id": "c"}], "Household": [{"id": h} for h in homes],
        "Member WORKS_IN Cooperative": [{"member_id": "m", "cooperative_id": "c"}],
        "Household JOINED Cooperative": [{"household_id": h, "cooperative_id": "c"} for h in homes[outside:]],
        "Member HELPS Household": [{"member_id": "m", "household_id": h, "kind": "one_to_five"} for h in homes],
    })  # fmt: skip
    row = judged(tables).get(("acheng-2010.s20", "m"))
    assert (row and row["outcome"]) == outcome


def test_a_zone_needs_somebody_who_answers_for_it():
    tables = make(
        {"Zone": [{"id": "z1"}, {"id": "z2"}], "Member": [{"id": "m"}], "Member RESPONSIBLE_FOR Zone": [{"member_id": "m", "zone_id": "z1"}]}
    )
    assert [judged(tables)["acheng-2010.s57", z]["outcome"] for z in ("z1", "z2")] == ["met", "open"]


@pytest.mark.parametrize(
    ("kind", "withdrawn", "asked"), [("one_to_five", None, "yes"), ("technical", None, None), (None, None, "unknown"), ("one_to_five", DAY, None)]
)
def test_whoever_promised_five_is_asked_for_them_also_with_none_on_record(kind, withdrawn, asked):
    tables = make({
        "Member": [{"id": "m", "stage": "full"}], "Promise": [{"id": "p", "kind": kind, "withdrawn_on": withdrawn}],
        "Promise MADE_BY Member": [{"promise_id": "p", "member_id": "m"}],
    })  # fmt: skip
    row = judged(tables).get(("acheng-2010.s20", "m"))
    assert (row and row["asked"]) == asked
    rates = summarise_coverage(find_coverage_gaps(tables, as_of=DAY)).set_index("rule").loc["acheng-2010.s20"]
    counts = (rates["asked"], rates["met"], rates["open"], rates["unknown"])
    assert counts == {"yes": (1, 0, 1, 0), "unknown": (0, 0, 0, 1), None: (0, 0, 0, 0)}[asked]  # of unknown kind: neither kept nor broken


@pytest.mark.parametrize(
    ("day", "rule"), [(dt.date(2017, 10, 23), "2007-hosts"), (dt.date(2017, 10, 24), "art30-hosts"), (dt.date(2007, 10, 20), None)]
)
def test_the_constitution_is_asked_by_the_day(day, rule):
    assert list(host(3, rules="party-constitution", as_of=day)) == ([rule] if rule else [])


def test_a_rule_that_is_not_in_force_asks_nothing_and_is_said():
    finding = ask(make({"Village": [{"code": VILLAGE}]}), rules="rural-2018")
    assert len(finding) == 0
    assert any("rural-2018.art5-joint 在2012-04-30并不施行（自2018-12-28起施行），不作要求" in c.zh for c in finding.caveats)
    assert any("was not in force on 2012-04-30 (in force from 2018-12-28) and asks nothing" in c.en for c in finding.caveats)


COUNTY = """
id = "county"
title = "本县"
source = "文件"
[[rules]]
id = "five"
text = { zh = "5人以上" }
applies_to = "Cooperative"
numbers.threshold = [{ value = 7, scope = ["township"] }, { value = 4, until = 2011-01-01 }, { value = 5 }]
asked = { full_members = ">= threshold", kind = ["association"] }
met = { own_bodies = ">= 1" }
"""


def test_a_pack_of_ones_own_in_one_language_with_numbers_by_scope_and_day(tmp_path):
    (tmp_path / "county.toml").write_text(COUNTY, encoding="utf-8")

    def asked(full, scope, day=DAY, kind="association"):
        changed = {"Cooperative": [{"id": "c", "scope": scope, "kind": kind}], "Cooperative OPERATES_IN Village": []}
        row = host(full, rules=tmp_path / "county.toml", as_of=day, **changed).get("five")
        return row and row["asked"]

    assert [asked(n, "village") for n in (4, 5)] == [None, "yes"]
    assert [asked(n, "township") for n in (6, 7)] == [None, "yes"]
    assert [asked(n, "village", dt.date(2010, 12, 31)) for n in (3, 4)] == [None, "yes"]
    assert [asked(n, None) for n in (4, 5, 7)] == [None, "unknown", "yes"]
    assert [asked(5, "village", kind=k) for k in ("park", None)] == [None, "unknown"]
    row = host(5, rules=tmp_path / "county.toml", Cooperative=[{"id": "c", "scope": "village", "kind": "association"}])["five"]
    assert row["reason_en"] == "full members: 5; bodies of its own, temporary ones apart: 0"
    assert row["remedy_zh"] == "按规则落实：5人以上"


# what the answer is beside its rows


def test_rows_stand_in_the_order_of_kind_rule_and_id():
    tables = make({
        "Household": [{"id": "h2", "is_poor": True}, {"id": "h10", "is_poor": True}], "Member": [{"id": "m", "stage": "full"}],
        "Cooperative": [{"id": "c"}], "Zone": [{"id": "z"}], "Branch": [{"id": "b", "kind": "branch"}],
    })  # fmt: skip
    found = ask(tables).rows
    assert list(found["subject_kind"]) == ["Cooperative", "Branch", "Member", "Household", "Household", "Zone"]
    assert list(found["subject_id"])[3:5] == ["h10", "h2"]


def test_nothing_at_all_gives_an_empty_finding_and_no_rate():
    finding = ask(make({}))
    assert len(finding) == 0
    summary = summarise_coverage(finding)
    assert summary["rate_low"].isna().all()
    assert (summary[["asked", "met", "open", "unknown", "not_asked"]] == 0).all().all()


def test_today_is_the_day_if_none_is_given():
    assert find_coverage_gaps(make({})).as_of == dt.date.today()  # noqa: DTZ011


def test_a_day_that_is_none_and_a_pack_that_is_not_there_are_refused():
    with pytest.raises(ParameterError, match=r"datetime\.date"):
        find_coverage_gaps(make({}), as_of="2012-04-30")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="no rule pack"):
        ask(make({}), rules="harbin")
    other = replace(ask(make({})), question="find_pairing_reach")
    with pytest.raises(ParameterError, match="takes a finding of find_coverage_gaps"):
        summarise_coverage(other)


def test_a_finding_is_shown_and_survives_a_file(tmp_path):
    tables = make({"Cooperative": [{"id": "c", "name": "稻米协会", "scope": "village"}], "Household": [{"id": "h", "is_poor": True}]})
    finding = ask(tables)
    assert "空白点" in finding.to_html("zh")
    assert "a poor household without a helper" in finding.to_html("en")
    back = read_finding(write_finding(finding, tmp_path / "gaps.parquet"))
    pd.testing.assert_frame_equal(back.rows, finding.rows)
    pd.testing.assert_frame_equal(summarise_coverage(back), summarise_coverage(finding))
    for suffix in (".csv", ".xlsx", ".html"):
        assert write_finding(finding, tmp_path / f"gaps{suffix}").stat().st_size > 100


def test_a_hundred_thousand_households_are_worded_without_a_loop_over_rows(monkeypatch):
    from graphkit.questions.coverage import judging

    sizes = []
    tell = judging.tell_cases
    households = pa.table({"id": [f"h{i}" for i in range(100_000)], "is_poor": [True, False, None, True] * 25_000})
    monkeypatch.setattr(judging, "tell_cases", lambda rule, cases, *rest, **more: sizes.append(cases.size) or tell(rule, cases, *rest, **more))
    finding = ask(Tables({"Household": households}))
    assert len(finding) == 75_000
    assert sizes == [3]


def test_every_rule_shipped_is_judged_and_every_fact_of_the_vocabulary_counted():
    from graphkit.questions.coverage.cases import Cases, distinct_cases
    from graphkit.questions.coverage.counting import Counting
    from graphkit.rules.facts import FACTS

    for pack in map(read_rule_pack, list_rule_packs()):
        for kind, facts in FACTS.items():
            counted = Counting(kind, pack, {}).schema.empty_table()
            known = Cases(kind, distinct_cases(counted, [])[1], pack, DAY).facts()
            assert {fact.name for fact in facts} <= {*known.low, *known.words}
        assert all(rule.applies_to in FACTS and rule.met for rule in pack)


# rules that build on one another

STEPS = """
id = "steps"
title = "steps"
source = "made up"
[[rules]]
id = "helped"
text = "a helper for every poor household"
applies_to = "Household"
numbers = { enough = 1 }
asked = { is_poor = true }
met = [{ helpers = ">= enough" }, { answered_zones = ">= 1" }]
[[rules]]
id = "one-to-one"
text = "one to one"
applies_to = "Household"
builds_on = "helped"
numbers = { enough = 1 }
met = { one_to_one_helpers = ">= enough" }
[[rules]]
id = "visited"
text = "large ones are visited"
applies_to = "Household"
builds_on = "one-to-one"
asked = { people = ">= 3" }
met = { days_without_visit = "<= 92" }
"""


@pytest.fixture
def steps(tmp_path):
    path = tmp_path / "steps.toml"
    path.write_text(STEPS, encoding="utf-8")
    return read_rule_pack(path)


def homes(*rows):
    """Households (poor, kind of pairing, days since the visit, people), one helper each where a kind is given."""
    ids = [f"h{n}" for n in range(len(rows))]
    ties = [{"member_id": "m", "household_id": h, "kind": kind, "last_visit_on": None if ago is None else DAY - dt.timedelta(ago)}
            for h, (_, kind, ago, _) in zip(ids, rows, strict=True) if kind]  # fmt: skip
    people = [{"id": h, "is_poor": poor, "people": size} for h, (poor, _, _, size) in zip(ids, rows, strict=True)]
    return make({"Member": [{"id": "m", "stage": "full"}], "Household": people, "Member HELPS Household": ties})


LADDER = [
    (True, None, None, 4), (True, "technical", 10, 4), (True, "one_to_one", 92, 3), (True, "one_to_one", 93, 3), (True, "one_to_one", 93, 2),
    (False, "one_to_one", 1, 5), (True, "one_to_one", None, 3), (True, "one_to_one", 1, None), (None, "one_to_one", 1, 3),
]  # fmt: skip
"""No helper; not one to one; visited; a day too late; too small to be asked; not poor; no visit on record; of unknown size; perhaps not poor."""


def test_each_step_asks_only_of_whoever_meets_the_one_before(steps):
    found = judged(homes(*LADDER), rules=steps)
    told = {rule: {h: (r["asked"], r["outcome"]) for (name, h), r in found.items() if name == f"steps.{rule}"} for rule in ("one-to-one", "visited")}
    yes, maybe = "yes", "unknown"
    assert told["one-to-one"] == {"h1": (yes, "open"), **dict.fromkeys(("h2", "h3", "h4", "h6", "h7"), (yes, "met")), "h8": (maybe, "met")}
    assert told["visited"] == {"h2": (yes, "met"), "h3": (yes, "open"), "h6": (yes, "unknown"), "h7": (maybe, "met"), "h8": (maybe, "met")}


def test_a_cascade_has_the_rate_of_each_rule_and_none_of_the_chain(steps):
    """By hand: 7 or 8 poor, 6 or 7 of them helped; of those 5 or 6 one to one; of those 3 to 5 large, of whom h2 was visited and h3 was not."""
    table = list_cascades(ask(homes(*LADDER), rules=steps))
    assert table[["cascade", "step", "rule"]].values.tolist() == [
        ["steps.helped", n, f"steps.{r}"] for n, r in enumerate(("helped", "one-to-one", "visited"), 1)
    ]
    assert table[["asked", "met", "open", "unknown"]].values.tolist() == [[7, 6, 1, 1], [6, 5, 1, 1], [3, 1, 1, 3]]
    assert table[["rate_low", "rate_high"]].values.tolist() == [
        pytest.approx([6 / 7, 7 / 8]), pytest.approx([5 / 6, 6 / 7]), pytest.approx([1 / 3, 4 / 5]),
    ]  # fmt: skip


def test_the_number_of_the_rule_below_moves_the_rule_above(steps):
    two = steps.with_numbers({"helped.enough": 2})
    assert not [name for name, _ in judged(homes(*LADDER), rules=two) if name != "steps.helped"]
    assert pickle.loads(pickle.dumps(two)) == two


def test_a_cascade_is_told_extracted_and_put_into_the_workbook(steps):
    finding = ask(homes(*LADDER), rules=steps)
    question = need_question(finding)
    told = " ".join(text.en for text in question.tell(finding, {}))
    assert "7 asked, 6 meet “a helper for every poor household” (85.7% – 87.5%, 1 unknown); of those, 6 asked, 5 meet" in told
    assert [row[0].en for row in question.extract(finding, {})[1].rows] == ["1", "2", "3"]
    assert [row[0].en.split()[:2] for row in question.summarise(finding).rows] == [["helped", "a"], ["↳", "one-to-one"], ["↳", "↳"]]
    assert question.sheets(finding, "en")["rates"]["builds on"].tolist()[1:] == ["steps.helped", "steps.one-to-one"]
    none = ask(homes(*LADDER), rules="party-constitution")
    assert len(list_cascades(none)) == 0


def test_explaining_a_step_that_asks_nothing_says_so(steps):
    assert explain_outcome(homes(*LADDER), "one-to-one", "h0", rules=steps, as_of=DAY).asked == "no"

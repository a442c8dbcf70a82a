"""One outcome in detail: evidence and since when, by hand, and day by day on a random district."""

import datetime as dt
from dataclasses import replace

import pytest

from graphkit.errors import ParameterError
from graphkit.questions.coverage.explain import explain_outcome
from graphkit.questions.coverage.find import find_coverage_gaps
from graphkit.rules.reader import read_rule_pack
from tests.random_districts import DAY, make
from tests.random_tables import make_random_tables


def helped(*pairings, entered=None):
    """A poor household with helpers from when to when."""
    return make({
        "Household": [{"id": "h", "is_poor": True, "entered_on": entered}], "Member": [{"id": f"m{i}"} for i in range(len(pairings))],
        "Member HELPS Household": [
            {"member_id": f"m{i}", "household_id": "h", "kind": "one_to_one", "since": since, "until": until} for i, (since, until) in enumerate(pairings)
        ],
    })  # fmt: skip


EARLY, MIDDLE, LATE = dt.date(2010, 5, 1), dt.date(2011, 3, 1), dt.date(2012, 1, 1)
IN_FORCE = dt.date(2010, 1, 1)
VISITS = """
id = "visits"
title = { zh = "走访", en = "visits" }
[source]
zh = "示例"
en = "made up"
[[rules]]
id = "visited"
title = { zh = "常走访", en = "visited often" }
article = { zh = "一", en = "1" }
applies_to = "Household"
in_force_from = 2010-01-01
verified = false
text = { zh = "常走访", en = "visited often" }
numbers = { days = 365 }
asked = { is_poor = true }
met = { days_without_visit = "<= days" }
reason = [{ zh = "走访", en = "visits" }]
remedy = [{ outcome = "open", zh = "走访", en = "visit" }]
"""


@pytest.mark.parametrize(
    ("pairings", "entered", "outcome", "since"),
    [([(MIDDLE, None)], None, "met", MIDDLE), ([(None, None)], None, "met", None),
     ([(EARLY, LATE), (MIDDLE, None)], None, "met", EARLY),  # handed over, never without
     ([(EARLY, MIDDLE), (LATE, None)], None, "met", LATE),  # a gap between
     ([(EARLY, MIDDLE)], None, "open", MIDDLE), ([(None, MIDDLE)], None, "open", MIDDLE), ([], None, "open", None),
     ([], EARLY, "open", EARLY), ([], dt.date(2009, 1, 1), "open", IN_FORCE),
     ([(LATE, None), (None, None)], None, "met", None)],  # the undated one may have come first
)  # fmt: skip
def test_since_when_a_poor_household_has_a_helper_or_none(pairings, entered, outcome, since):
    told = explain_outcome(helped(*pairings, entered=entered), "s51", "h", as_of=DAY)
    assert (told.outcome, told.since) == (outcome, since)


def test_the_evidence_is_ids_with_what_the_register_says_of_them_up_to_a_number():
    told = explain_outcome(helped(*[(MIDDLE, None)] * 5), "acheng-2010.s51", "h", as_of=DAY, most=2)
    assert told.evidence.to_dict("records") == [
        {
            "tie": "Member HELPS Household",
            "of": None,
            "kind": "Member",
            "id": f"m{i}",
            "said": None,
            "tie_said": "one_to_one",
            "since": MIDDLE,
            "until": None,
        }
        for i in (0, 1)
    ]
    assert told.left_out == {"Member HELPS Household": 3}


def test_where_a_rule_asks_for_the_superior_the_evidence_says_to_whom_the_bodies_report():
    tables = make({
        "Village": [{"code": "230112104001"}], "Cooperative": [{"id": "c", "scope": "township"}, {"id": "other", "scope": "township"}],
        "Cooperative OPERATES_IN Village": [{"cooperative_id": "c", "village_code": "230112104001"}],
        "Branch": [{"id": "b", "kind": "branch"}, {"id": "far", "kind": "branch"}, {"id": "top", "kind": "committee"}],
        "Branch SERVES Cooperative": [{"branch_id": "b", "cooperative_id": "c"}, {"branch_id": "far", "cooperative_id": "other"}],
        "Branch REPORTS_TO Branch": [{"branch_id": "b", "superior_id": "top", "since": EARLY}, {"branch_id": "far", "superior_id": "top"}],
    })  # fmt: skip
    told = explain_outcome(tables, "superior", "c", as_of=DAY)
    reports = told.evidence[told.evidence["tie"] == "Branch REPORTS_TO Branch"]
    assert reports.to_dict("records") == [
        {
            "tie": "Branch REPORTS_TO Branch",
            "of": "b",
            "kind": "Branch",
            "id": "top",
            "said": "committee",
            "tie_said": None,
            "since": EARLY,
            "until": None,
        }
    ]


def test_stages_of_which_no_history_is_kept_tell_no_day():
    tables = make({
        "Branch": [{"id": "b", "kind": "branch"}], "Member": [{"id": f"m{i}", "stage": "full", "admitted_on": EARLY} for i in range(3)],
        "Member BELONGS_TO Branch": [{"member_id": f"m{i}", "branch_id": "b", "primary": True, "since": EARLY} for i in range(3)],
    })  # fmt: skip
    told = explain_outcome(tables, "2007-branches", "b", as_of=DAY)
    assert (told.outcome, told.since, len(told.evidence)) == ("met", None, 3)


def test_of_whom_nothing_is_asked_and_what_is_not_there():
    tables = make({"Household": [{"id": "h", "is_poor": False}]})
    told = explain_outcome(tables, "s51", "h", as_of=DAY)
    assert (told.asked, told.outcome, told.since) == ("no", None, None)
    for rule, subject, most in (("s51", "other", 20), ("s99", "h", 20), ("s51", "h", 0)):
        with pytest.raises(ParameterError):
            explain_outcome(tables, rule, subject, as_of=DAY, most=most)


def test_what_a_rule_does_not_ask_about_is_no_evidence_of_it():
    tables = make({
        "Household": [{"id": "h", "is_poor": True}], "Zone": [{"id": "z"}], "Zone COVERS Household": [{"zone_id": "z", "household_id": "h"}],
        "Member": [{"id": "m"}], "Member HELPS Household": [{"member_id": "m", "household_id": "h", "kind": "one_to_one"}],
    })  # fmt: skip
    assert explain_outcome(tables, "s51", "h", as_of=DAY).evidence["tie"].tolist() == ["Member HELPS Household"]


def test_since_when_is_not_told_where_it_hangs_on_the_last_visit(tmp_path):
    """Visited on the first of March and the first of May of a year, of which the register holds the later alone."""
    pack = tmp_path / "visits.toml"
    pack.write_text(VISITS, encoding="utf-8")
    tables = make({
        "Household": [{"id": "h", "is_poor": True}], "Member": [{"id": "m"}],
        "Member HELPS Household": [{"member_id": "m", "household_id": "h", "kind": "one_to_one", "since": EARLY, "last_visit_on": LATE}],
    })  # fmt: skip
    told = explain_outcome(tables, "visited", "h", rules=pack, as_of=DAY)
    assert (told.outcome, told.since) == ("met", None)


def test_the_day_told_is_the_first_of_its_outcome_by_the_whole_district():
    """Asked of all tables, not of the surroundings alone: the same then, another or nothing asked the day before."""
    tables, told_of = make_random_tables(0), 0
    pack = read_rule_pack("acheng-2010")
    pack = replace(pack, rules=tuple(rule for rule in pack if rule.id in ("s51", "s57")))
    rows = find_coverage_gaps(tables, rules=pack, as_of=DAY).rows
    for rule, subject, asked, outcome in rows.loc[rows["certain"], ["rule", "subject_id", "asked", "outcome"]].astype(object).to_numpy().tolist():
        told = explain_outcome(tables, rule, subject, as_of=DAY)
        assert (told.asked, told.outcome) == (asked, outcome)
        if told.since is not None:
            told_of += 1
            assert _outcome(tables, pack, rule, subject, told.since) in (told.outcome, None)
            assert _outcome(tables, pack, rule, subject, told.since - dt.timedelta(days=1)) != told.outcome
    assert told_of > 1


def _outcome(tables, pack, rule, subject, day):
    """The outcome on a day; None where the rule then asks nothing."""
    rows = find_coverage_gaps(tables, rules=pack, as_of=day).rows
    there = rows[(rows["rule"] == rule) & (rows["subject_id"] == subject)]
    return there["outcome"].iloc[0] if len(there) else None

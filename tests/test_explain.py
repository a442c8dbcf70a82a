"""One outcome in detail: evidence and since when, by hand, and day by day on a random district."""

import datetime as dt

import pytest

from graphkit.errors import ParameterError
from graphkit.questions.coverage.explain import explain_outcome
from graphkit.questions.coverage.find import find_coverage_gaps
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
        {"tie": "Member HELPS Household", "kind": "Member", "id": f"m{i}", "said": None, "tie_said": "one_to_one", "since": MIDDLE, "until": None}
        for i in (0, 1)
    ]
    assert told.left_out == {"Member HELPS Household": 3}


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


@pytest.mark.parametrize("seed", [0, 1])
def test_the_day_told_is_the_first_of_its_outcome_by_the_whole_district(seed):
    """Asked of all tables, not of the surroundings alone: the same then, another or nothing asked the day before."""
    tables = make_random_tables(seed)
    rows = find_coverage_gaps(tables, as_of=DAY).rows
    for rule, part in rows[rows["certain"]].groupby("rule", observed=True):
        mine = part.iloc[0]
        told = explain_outcome(tables, str(rule), mine["subject_id"], as_of=DAY)
        assert (told.asked, told.outcome) == (mine["asked"], mine["outcome"])
        if told.since is not None:
            assert _outcome(tables, rule, mine["subject_id"], told.since) in (told.outcome, None)
            assert _outcome(tables, rule, mine["subject_id"], told.since - dt.timedelta(days=1)) != told.outcome


def _outcome(tables, rule, subject, day):
    """The outcome on a day; None where the rule then asks nothing."""
    rows = find_coverage_gaps(tables, as_of=day).rows
    there = rows[(rows["rule"] == rule) & (rows["subject_id"] == subject)]
    return there["outcome"].iloc[0] if len(there) else None

"""The classes of the annual return, by hand."""

import datetime as dt

import pytest

from graphkit.errors import ParameterError
from graphkit.generate import generate_acheng
from graphkit.questions.annual_return.classify import classify_annual_return
from graphkit.questions.annual_return.form import tabulate_annual_return
from tests.random_districts import DAY, make


def classed(full=0, probationary=0, unknown=0, kind="nobody", shared=False, threshold=3, liaison=False):
    people = [{"id": f"m{i}", "stage": s} for i, s in enumerate(["full"] * full + ["probationary"] * probationary + [None] * unknown)]
    tables = make({
        "Cooperative": [{"id": "c"}, {"id": "other"}], "Member": [*people, {"id": "p"}],
        "Member WORKS_IN Cooperative": [{"member_id": p["id"], "cooperative_id": "c"} for p in people],
        "Branch": [] if kind == "nobody" else [{"id": "b", "kind": kind}],
        "Branch SERVES Cooperative": [] if kind == "nobody" else [{"branch_id": "b", "cooperative_id": c} for c in (["c", "other"] if shared else ["c"])],
        "Member LIAISES Cooperative": [{"member_id": "p", "cooperative_id": "c"}] if liaison else [],
    })  # fmt: skip
    row = classify_annual_return(tables, as_of=DAY, threshold=threshold).rows.iloc[0]
    return row["class"], row["possible"], bool(row["has_liaison"])


@pytest.mark.parametrize(
    ("given", "expected"),
    [({"full": 3, "kind": "branch"}, "own"), ({"full": 1, "kind": "branch"}, "own"), ({"full": 3, "kind": "temporary_branch"}, "own"),
     ({"full": 3, "kind": "joint_branch"}, "joint_enough"), ({"full": 2, "kind": "joint_branch"}, "joint"), ({"full": 3, "kind": "branch", "shared": True}, "joint_enough"),
     ({"full": 3}, "due"), ({"full": 3, "kind": "group"}, "due"), ({"full": 2}, "few"), ({"probationary": 1}, "few"), ({}, "none"),
     ({"full": 3, "threshold": 4}, "few"), ({"full": 4, "threshold": 4}, "due")],
)  # fmt: skip
def test_a_cooperative_stands_in_one_class(given, expected):
    assert classed(**given)[:2] == (expected, expected)


def test_what_is_not_on_record_leaves_more_than_one_class():
    assert classed(full=2, unknown=1)[:2] == ("unknown", "due;few")
    assert classed(unknown=1)[:2] == ("unknown", "few;none")
    assert classed(full=3, kind=None)[:2] == ("unknown", "own;joint_enough;due")
    assert classed(full=3, unknown=1)[0] == "due"


def test_a_liaison_stands_beside_the_class():
    assert classed(liaison=True) == ("none", "none", True)
    assert classed(kind="liaison_post") == ("none", "none", True)


def test_the_form_of_the_example_adds_up():
    finding = classify_annual_return(generate_acheng(), as_of=dt.date(2012, 4, 30))
    form = tabulate_annual_return(finding, by="kind")
    # 17 industry branches; twelve with three or more and none; five made up without a member; 城建村's has two founders of unknown stage
    assert form["total"].to_dict() == {"own": 17, "joint_enough": 0, "joint": 0, "due": 12, "few": 34, "none": 5, "unknown": 1, "total": 69}
    assert (form.drop(columns=["total", "has_liaison"]).sum(axis=1) == form["total"]).all()
    for by in ("township", "sector", "scope"):
        assert tabulate_annual_return(finding, by=by).drop(columns=["total", "has_liaison"]).loc["total"].sum() == 69
    with pytest.raises(ParameterError, match="by is township"):
        tabulate_annual_return(finding, by="month")
    with pytest.raises(ParameterError, match="threshold is 1"):
        classify_annual_return(generate_acheng(), threshold=0)

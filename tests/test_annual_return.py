"""The classes of the annual return, by hand."""

import datetime as dt

import openpyxl
import pandas as pd
import pytest

from graphkit.data.checks import quarantine_problems
from graphkit.errors import ModelError, ParameterError
from graphkit.questions.annual_return.classify import classify_annual_return
from graphkit.questions.annual_return.form import lay_out_form, list_cells, tabulate_annual_return
from graphkit.questions.annual_return.question import QUESTION
from graphkit.questions.files import write_finding
from graphkit.rules.returns import read_return_form
from tests.random_districts import DAY, make


def annual_row(full=0, probationary=0, unknown=0, kind="nobody", shared=False, threshold=3, liaison=False):
    people = [{"id": f"m{i}", "stage": s} for i, s in enumerate(["full"] * full + ["probationary"] * probationary + [None] * unknown)]
    tables = make({
        "Cooperative": [{"id": "c"}, {"id": "other"}], "Member": [*people, {"id": "p"}],
        "Member WORKS_IN Cooperative": [{"member_id": p["id"], "cooperative_id": "c"} for p in people],
        "Branch": [] if kind == "nobody" else [{"id": "b", "kind": kind}],
        "Branch SERVES Cooperative": [] if kind == "nobody" else [{"branch_id": "b", "cooperative_id": c} for c in (["c", "other"] if shared else ["c"])],
        "Member LIAISES Cooperative": [{"member_id": "p", "cooperative_id": "c"}] if liaison else [],
    })  # fmt: skip
    return classify_annual_return(tables, as_of=DAY, threshold=threshold).rows.iloc[0]


def classed(**given):
    row = annual_row(**given)
    return row["class"], row["possible"], bool(pd.notna(row["has_liaison"]) and row["has_liaison"])


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
    assert pd.isna(annual_row(kind=None)["has_liaison"])  # the body may be a liaison post


def test_the_form_of_the_example_adds_up(acheng):
    finding = classify_annual_return(acheng, as_of=dt.date(2012, 4, 30))
    form = tabulate_annual_return(finding, by="kind")
    # 17 industry branches; twelve with three or more and none; five made up without a member; 城建村's has two founders of unknown stage
    assert form["total"].to_dict() == {"own": 17, "joint_enough": 0, "joint": 0, "due": 12, "few": 34, "none": 5, "unknown": 1, "total": 69}
    assert (form.drop(columns=["total", "has_liaison"]).sum(axis=1) == form["total"]).all()
    for by in ("township", "sector", "scope", "management"):
        assert tabulate_annual_return(finding, by=by).drop(columns=["total", "has_liaison"]).loc["total"].sum() == 69
    with pytest.raises(ParameterError, match="by is township"):
        tabulate_annual_return(finding, by="month")
    with pytest.raises(ParameterError, match="threshold is 1"):
        classify_annual_return(acheng, threshold=0)


def managed(bodies, villages=()):
    """One co-operative served by bodies of these kinds and ways of management; `villages` are bodies that serve a village too."""
    return make({
        "Cooperative": [{"id": "c"}], "Village": [{"code": "230112100000"}],
        "Branch": [{"id": f"b{i}", "kind": kind, "management": way} for i, (kind, way) in enumerate(bodies)],
        "Branch SERVES Cooperative": [{"branch_id": f"b{i}", "cooperative_id": "c"} for i in range(len(bodies))],
        "Branch SERVES Village": [{"branch_id": f"b{i}", "village_code": "230112100000"} for i in villages],
    })  # fmt: skip


@pytest.mark.parametrize(
    ("bodies", "villages", "expected"),
    [([], (), "no_body"), ([("branch", "sector")], (), "sector"), ([("branch", None)], (), None),
     ([("branch", "sector"), ("joint_branch", "direct")], (), "several"), ([("branch", "sector"), ("joint_branch", None)], (), None),
     ([("group", "direct")], (), "no_body"), ([("branch", "territorial")], (0,), "no_body"),  # the village's own branch is not the co-operative's
     ([(None, "direct")], (), None),  # it may be a group
     ([("branch", "direct"), (None, "direct")], (), "direct"), ([("branch", "direct"), (None, "sector")], (), None)],
)  # fmt: skip
def test_the_way_of_management_is_that_of_its_own_or_joint_body(bodies, villages, expected):
    found = classify_annual_return(managed(bodies, villages), as_of=DAY).rows["management"].iloc[0]
    assert (None if pd.isna(found) else found) == expected


def test_a_township_that_is_not_known_of_one_of_its_villages_is_unknown():
    tables = make({
        "Cooperative": [{"id": "c"}], "Village": [{"code": "230112100001"}, {"code": "230112100002"}], "Township": [{"code": "230112100", "name": "甲"}],
        "Village IN Township": [{"village_code": "230112100001", "township_code": "230112100"}],
        "Cooperative OPERATES_IN Village": [{"cooperative_id": "c", "village_code": f"23011210000{i}"} for i in (1, 2)],
    })  # fmt: skip
    assert pd.isna(classify_annual_return(tables, as_of=DAY).rows["township"].iloc[0])


def test_a_row_that_was_not_read_leaves_the_class_uncertain():
    rows = {"Cooperative": [{"id": "c1"}, {"id": "c2"}], "Member": [{"id": "m", "stage": "full"}]}
    placed = make({**rows, "Member WORKS_IN Cooperative": [{"member_id": "gone", "cooperative_id": "c1"}]})
    found = classify_annual_return(quarantine_problems(placed), as_of=DAY)
    assert found.rows["certain"].tolist() == [False, True]
    assert any("1 are classed by what was read" in caveat.en for caveat in found.caveats)
    nowhere = make({**rows, "Member WORKS_IN Cooperative": [{"member_id": "m", "cooperative_id": "gone"}]})
    assert classify_annual_return(quarantine_problems(nowhere), as_of=DAY).rows["certain"].tolist() == [False, False]


@pytest.mark.parametrize("by", [None, "township", "sector", "kind", "scope", "management"])
def test_the_form_adds_up_along_its_lines_and_across(by, acheng):
    finding = classify_annual_return(acheng, as_of=dt.date(2012, 4, 30), by=by)
    headings, lines = lay_out_form(finding)
    cells = list_cells(finding)
    if by is None:
        numbers = {heading.en: line[1:] for heading, line in [(line[0], line) for line in lines]}
        assert (
            [sum(n) for n in zip(*(v for k, v in numbers.items() if not k.startswith(("of which", "total"))), strict=True)]
            == numbers["total"]
            == [69, 8]
        )
        return
    first, *rest = [line[1:] for line in lines]
    assert first == [sum(column) for column in zip(*rest, strict=True)]
    enough = [h.en for h in headings].index("of which 3 or more full members") - 1
    assert all(line[0] == sum(line[1:-1]) - line[enough] for line in (first, *rest))
    words = {heading.en for heading, *_ in lines[1:]}
    assert len(words) == len(rest) == cells[by].nunique()
    assert cells.groupby(["class", by]).size().sum() == 69


def test_a_workbook_holds_the_form_and_who_stands_in_each_cell(tmp_path, acheng):
    finding = classify_annual_return(acheng, as_of=dt.date(2012, 4, 30), by="kind")
    book = openpyxl.load_workbook(write_finding(finding, tmp_path / "return.xlsx", lang="zh"))
    assert book.sheetnames[:2] == ["年报表", "每格名单"]
    form, who = ([list(row) for row in sheet.values] for sheet in book.worksheets[:2])
    column = form[0].index("应建尚未建")
    for line in form[2:]:
        assert sum(row[0] == "应建尚未建" and row[1] == line[0] for row in who) == line[column]
    assert [row[-1] for row in who if row[0] == "不能归类"] == ["应建尚未建或仅有个别党员"]


# A form of one's own: parks apart, by whether they have a body; the rest by their members. By hand.
OWN_FORM = """
id = "parks"
title = { zh = "园区表", en = "parks" }
source = "试行"
numbers = { enough = 2 }
[[classes]]
id = "park_with"
heading = { zh = "园区，已建", en = "park with a body" }
when = [{ kind = ["park"], own_bodies = ">= 1" }, { kind = ["park"], joint_bodies = ">= 1" }]
[[classes]]
id = "park"
heading = { zh = "园区，未建", en = "park without" }
when = { kind = ["park"] }
[[classes]]
id = "some"
heading = { zh = "其他，有党员", en = "other, with members" }
when = { full_members = ">= enough" }
[[classes]]
id = "rest"
heading = { zh = "其余", en = "rest" }
[[lines]]
heading = { zh = "园区", en = "parks" }
classes = ["park_with", "park"]
part = { heading = { zh = "其中已建", en = "of which with a body" }, classes = ["park_with"] }
[[lines]]
heading = { zh = "有{enough}人以上", en = "{enough} or more" }
classes = ["some"]
"""


def test_a_form_of_ones_own_is_filled_in(tmp_path):
    (tmp_path / "form.toml").write_text(OWN_FORM, encoding="utf-8")
    tables = make({
        "Cooperative": [{"id": "a", "kind": "park"}, {"id": "b", "kind": "park"}, {"id": "c", "kind": "base"}, {"id": "d", "kind": "base"}, {"id": "e"}, {"id": "f"}],
        "Member": [{"id": f"m{n}", "stage": "full"} for n in range(6)],
        "Member WORKS_IN Cooperative": [{"member_id": f"m{n}", "cooperative_id": c} for n, c in enumerate("bccdff")],
        "Branch": [{"id": "x", "kind": "branch"}], "Branch SERVES Cooperative": [{"branch_id": "x", "cooperative_id": "a"}],
    })  # fmt: skip
    finding = classify_annual_return(tables, form=tmp_path / "form.toml", as_of=DAY)
    assert finding.rows.set_index("subject_id")["class"].to_dict() == {
        "a": "park_with",
        "b": "park",
        "c": "some",
        "d": "rest",
        "e": "unknown",
        "f": "unknown",
    }
    assert finding.rows.set_index("subject_id")["possible"][["e", "f"]].tolist() == [
        "park;rest",
        "park;some",
    ]  # whether they are parks is not on record
    headings, lines = lay_out_form(finding)
    assert [(line[0].en, line[1]) for line in lines] == [
        ("parks", 2), ("of which with a body", 1), ("2 or more", 1), ("rest", 1), ("cannot be classed", 2), ("total", 6),
    ]  # fmt: skip
    assert headings[0].zh == "类别"
    assert dict(finding.parameters) == {"rules": "acheng-2010", "form": "parks", "enough": 2, "by": None}
    assert "园区，未建 1 个" in QUESTION.tell(finding, {})[0].zh
    with pytest.raises(ParameterError, match="parks has no number 'threshold'"):
        classify_annual_return(tables, form=tmp_path / "form.toml", threshold=3)
    with pytest.raises(ParameterError, match="no form 'parks'; there are statistics-classes"):
        classify_annual_return(tables, form="parks")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "parks"', 'idd = "parks"', "unknown 'idd'; did you mean 'id'"),
        ("enough = 2", "enough = -2", "numbers are whole numbers"),
        (">= enough", ">= enuogh", "unknown numbers 'enuogh'; did you mean 'enough'"),
        ("full_members", "ful_members", "did you mean 'full_members'"),
        ('id = "rest"', 'id = "some"', "id 'some' cannot be used"),
        ('id = "rest"', 'id = "a;b"', "id 'a;b' cannot be used"),
        ("full_members = ", "superior_agrees = true, full_members = ", "superior_agrees is for rules"),
        ('heading = { zh = "其余", en = "rest" }', 'heading = "其余"\nwhen = { full_members = 0 }', "the last class, and no other, is without when"),
        ('when = { kind = ["park"] }', "", "the last class, and no other, is without when"),
        ('classes = ["some"]', 'classes = ["soem"]', "unknown classes 'soem'; did you mean 'some'"),
        ('classes = ["some"]', 'classes = ["park"]', "a class stands in one line"),
        ('classes = ["park_with"] }', 'classes = ["some"] }', "unknown classes 'some'; there are park_with, park"),
    ],
)
def test_a_form_that_contradicts_itself_is_refused_with_what_is_wrong(tmp_path, old, new, said):
    assert old in OWN_FORM
    (tmp_path / "form.toml").write_text(OWN_FORM.replace(old, new), encoding="utf-8")
    with pytest.raises(ModelError, match=r"form form\.toml") as error:
        read_return_form(tmp_path / "form.toml")
    assert said in error.value.say("en")

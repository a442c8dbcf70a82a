"""Pages and workbooks know a finding by what it answers, whatever the caller called it."""

from __future__ import annotations

import dataclasses

import openpyxl
import pytest

from graphkit.errors import ParameterError
from graphkit.questions.files import write_workbook
from graphkit.questions.together import by_question
from graphkit.show.map import write_map
from graphkit.show.report import write_report
from tests.page_samples import make_district, make_findings

WRITERS = {"report": write_report, "map": write_map}


@pytest.fixture(scope="module")
def tables():
    return make_district()


@pytest.fixture(scope="module")
def findings(tables):
    return make_findings(tables)


@pytest.fixture(params=WRITERS)
def write(request, tables, tmp_path):
    """Write one kind of page from findings given in any way, and return its text."""

    def write_page(given) -> str:
        return WRITERS[request.param](tables, given, tmp_path / "page.html").read_text("utf-8")

    return write_page


def given_as(findings) -> dict[str, object]:
    """The same three findings in every way that a user may hand them over."""
    return {
        "functions": {f"find_{name}": finding for name, finding in findings.items()},
        "wrong keys": dict(zip(["reach", "gaps", "bridges"], findings.values(), strict=True)),
        "chinese": dict(zip(["空白点", "桥梁", "结对"], findings.values(), strict=True)),
        "list": list(findings.values()),
        "generator": (finding for finding in findings.values()),
        "values": findings.values(),
    }


@pytest.mark.parametrize("way", ["functions", "wrong keys", "chinese", "list", "generator", "values"])
def test_however_they_are_given_the_page_is_the_same(write, findings, way):
    expected = write(findings)
    assert write(given_as(findings)[way]) == expected


def test_gaps_under_another_name_are_still_told_and_marked(tables, findings, tmp_path):
    report = write_report(tables, {"holes": findings["gaps"]}, tmp_path / "report.html").read_text("utf-8")
    assert '<section id="gaps">' in report
    assert "a body for each association, 1 of 12; a helper, 20 of 31" in report
    drawn = write_map(tables, {"holes": findings["gaps"]}, tmp_path / "a.html").read_text("utf-8")
    assert drawn == write_map(tables, {"gaps": findings["gaps"]}, tmp_path / "b.html").read_text("utf-8")
    assert drawn != write_map(tables, {}, tmp_path / "c.html").read_text("utf-8")


def test_two_answers_to_one_question_are_refused(write, findings):
    twice = {"mine": findings["gaps"], "yours": dataclasses.replace(findings["gaps"])}
    with pytest.raises(ParameterError, match="two findings answer gaps"):
        write(twice)


@pytest.mark.parametrize("given", [{"gaps": None}, {"gaps": "gaps.parquet"}, ["gaps"], "gaps"])
def test_what_is_no_finding_is_refused_with_its_kind(write, given):
    with pytest.raises(ParameterError, match="a Finding is wanted, not"):
        write(given)


def test_a_single_finding_is_not_a_collection(write, findings):
    with pytest.raises(ParameterError, match="list or a mapping"):
        write(findings["gaps"])


def test_sheets_are_named_by_what_they_answer(findings, tmp_path):
    for way, given in given_as(findings).items():
        book = openpyxl.load_workbook(write_workbook(given, tmp_path / "all.xlsx", lang="en"), read_only=True)
        assert book.sheetnames == ["rates", *findings, "Caveats"], way
    with pytest.raises(ParameterError, match="two findings answer reach"):
        write_workbook([findings["reach"]] * 2, tmp_path / "twice.xlsx")
    assert not (tmp_path / "twice.xlsx").exists()


def test_any_other_finding_keeps_the_key_it_was_given(findings):
    other = dataclasses.replace(findings["reach"], question="find_something")
    assert list(by_question({"mine": other, "reach": findings["reach"]})) == ["mine", "reach"]
    assert list(by_question([other])) == ["find_something"]

"""The report: the figures in words are the figures of the tables, no name of a person, and nothing but text from the data."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pandas as pd
import pyarrow as pa
import pytest

from graphkit.errors import ParameterError
from graphkit.findings import SUBJECT_COLUMNS, Finding, write_finding, write_workbook
from graphkit.reports import write_report
from graphkit.schema import Text
from graphkit.tables import Tables
from tests.browser import open_browser, open_page
from tests.page_samples import PLANTED, columns, make_district, make_findings, make_reach


@pytest.fixture
def tables():
    return make_district()


def say(path, lang: str) -> str:
    """The words a reader of one language sees, without the plots."""
    other = "en" if lang == "zh-CN" else "zh-CN"
    body = path.read_text("utf-8").split("<body>")[1]
    body = re.sub(rf'<(\w+) lang="{other}"[^>]*>.*?</\1>', "", body, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<img[^>]*>|<script.*?</script>", "", body, flags=re.DOTALL)))


def test_the_answers_stand_in_words(tables, tmp_path):
    path = write_report(tables, make_findings(tables), tmp_path / "index.html")
    chinese, english = say(path, "zh-CN"), say(path, "en")
    assert "截至 2012 年 4 月 30 日" in chinese
    assert "合作组织 12 个中 1 个（应建 1）；农户 96 个中 31 个（应建 20、空白 11）" in chinese
    assert "1 of 12 co-operatives (1 due); 31 of 96 households (20 due, 11 blank)" in english
    assert "排在首位的是 M00-0（书记）：跨 3 个村、2 个支部。" in chinese
    assert "First in rank is M00-0 (书记): spans 3 villages and 2 branches." in english
    # of each village's 8 households, 0 is helped by its first member and by three of the village before, 1 and 2 by two, 3 by one
    assert "96 户中，12 户由一人结对，36 户由多人结对，48 户（50%）无人结对" in chinese
    assert "Of 96 households, 12 are paired with one member, 36 with several and 48 (50%) with nobody." in english
    assert "一联五承诺 180 户、有记录 108 户" in chinese
    assert "one to five, 180 households promised and 108 households on record" in english


def test_caveats_and_rules_are_there(tables, tmp_path):
    english = say(write_report(tables, make_findings(tables), tmp_path / "index.html", lang="en"), "en")
    assert "The list is of that day." in english
    assert "acheng-2010: S12 , S16" in english


def test_what_was_read_is_counted(tables, tmp_path):
    counts = pa.table({"table": ["Village", "Household"], "read": [14, 1100], "loaded": [12, 1090], "merged": [1, 4], "quarantined": [1, 6]})
    read = Tables(dict(tables), counts=counts)
    path = write_report(read, {}, tmp_path / "index.html")
    assert "共读入 1,114 行：载入 1,102，与已有行相同而合并 5，因违反规则而隔离 7。" in say(path, "zh-CN")
    assert "household 1,100 1,090 4 6" in say(path, "en")


def test_no_person_is_named(tables, tmp_path):
    page = write_report(tables, make_findings(tables), tmp_path / "index.html").read_text("utf-8")
    assert "张三" not in page


def test_gaps_due_come_before_blanks(tables, tmp_path):
    page = write_report(tables, make_findings(tables), tmp_path / "index.html").read_text("utf-8")
    table = page.split('id="coverage"')[1].split("<tbody>")[1].split("</tbody>")[0]
    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in table.split("</tr>")[:-1]]
    assert rows[0][:3] == ["合作组织", "co-operative", "第0村协会"]
    assert [row[2] for row in rows[1:]] == ["H00-00", "H00-05", "H01-02", "H01-07", "H02-04"]  # households 0, 5, 10, 15, 20


def test_files_beside_it_are_linked(tables, tmp_path):
    findings = make_findings(tables)
    (tmp_path / "map.html").write_text("map")
    (tmp_path / "other.csv").write_text("not ours")
    write_finding(findings["reach"], tmp_path / "reach.csv")
    write_workbook(findings, tmp_path / "findings.xlsx")
    page = write_report(tables, findings, tmp_path / "index.html").read_text("utf-8")
    assert re.findall(r'href="([^"#]+)"', page) == ["map.html", "findings.xlsx", "reach.csv"]


@pytest.mark.parametrize("name", ["coverage", "bridges", "reach"])
def test_any_answer_may_be_missing_or_empty(tables, tmp_path, name):
    finding = make_findings(tables)[name]
    one = write_report(tables, {name: finding}, tmp_path / "one.html").read_text("utf-8")
    assert one.count("<h2>") == 2
    empty = dataclasses.replace(finding, rows=finding.rows.head(0))
    assert "没有得到任何一行。" in say(write_report(tables, {name: empty}, tmp_path / "empty.html"), "zh-CN")


def test_another_finding_is_shown_too(tables, tmp_path):
    rows = pd.DataFrame({"subject_kind": ["Village"], "subject_id": ["230112100000"], "score": [1234.5], "seen": [True], "note": [None]})
    finding = Finding("find_more", Text("还有什么？", "What else?"), rows, columns(rows))
    chinese = say(write_report(tables, {"more": finding}, tmp_path / "index.html"), "zh-CN")
    assert "还有什么？" in chinese
    assert "第0村 1.23e+03 是 –" in chinese


def test_days_may_differ(tables, tmp_path):
    findings = make_findings(tables)
    findings["reach"] = dataclasses.replace(make_reach(tables), as_of=dt.date(2013, 1, 1))
    assert "As of 30 April 2012, 1 January 2013" in say(write_report(tables, findings, tmp_path / "index.html"), "en")


def test_the_file_is_the_same_each_time(tables, tmp_path):
    first = write_report(tables, make_findings(tables), tmp_path / "a.html").read_bytes()
    assert write_report(tables, make_findings(tables), tmp_path / "b.html").read_bytes() == first


def test_another_language_is_refused(tables, tmp_path):
    with pytest.raises(ParameterError):
        write_report(tables, {}, tmp_path / "index.html", lang="fr")


def test_a_finding_about_nodes_of_any_graph(tmp_path):
    rows = pd.DataFrame({"subject_kind": ["Node"] * 2, "subject_id": ["a", "b"]})
    page = write_report(Tables({}), {"nodes": Finding("find_nodes", Text("点", "Nodes"), rows, SUBJECT_COLUMNS)}, tmp_path / "index.html")
    assert "2 rows." in say(page, "en")


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.mark.browser
def test_planted_scripts_do_not_run(browser, tmp_path):
    tables = make_district(names=PLANTED)
    findings = make_findings(tables)
    planted = Text(PLANTED[0], PLANTED[1])
    findings["coverage"] = dataclasses.replace(findings["coverage"], title=planted, caveats=(planted,), rules=(PLANTED[3],))
    with open_page(browser, write_report(tables, findings, tmp_path / "index.html", title=planted)) as page:
        assert page.locator("h1").inner_text() == PLANTED[0]
        page.click("button[data-lang=en]")
        assert page.locator("h1").inner_text() == PLANTED[1]
        assert page.locator("body script").count() == 1
        assert page.locator("img").count() == 6


@pytest.mark.browser
@pytest.mark.parametrize("width", [1400, 1000, 400])
def test_it_reads_in_both_languages_at_any_width(browser, tables, tmp_path, width):
    with open_page(browser, write_report(tables, make_findings(tables), tmp_path / "index.html"), size=(width, 800)) as page:
        assert page.evaluate("document.documentElement.lang") == "zh-CN"
        assert page.locator("figure img:visible").count() == 3
        assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0 && image.alt)")
        page.click("button[data-lang=en]")
        assert page.title() == "Report on a rural organisation network"
        assert page.locator("figure img:visible").count() == 3
        headings = " ".join(page.locator("h1:visible, h2:visible, h3:visible, th:visible").all_inner_texts())
        assert not re.search("[\u4e00-\u9fff]", headings)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

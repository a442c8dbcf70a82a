"""The report: the figures in words are the figures of the tables, no name of a person, and nothing but text from the data."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pandas as pd
import pyarrow as pa
import pytest

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.questions.coverage.find import find_coverage_gaps
from graphkit.questions.files import write_finding, write_workbook
from graphkit.questions.finding import SUBJECT_COLUMNS, Finding
from graphkit.questions.promises.find import find_promises
from graphkit.questions.reach.find import find_pairing_reach
from graphkit.show.report import write_report
from graphkit.words import Text
from tests.browser import open_browser, open_page
from tests.page_samples import DAY, PLANTED, columns, make_district, make_findings, make_reach


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
    assert "未落实的：协会有党组织，12 个中 1 个；有人结对，31 个中 20 个。" in chinese
    assert "Not met: a body for each association, 1 of 12; a helper, 20 of 31. 11 outcomes cannot be told, since data are missing." in english
    assert "排在首位的是 M00-0（书记）：跨 3 个村、2 个支部。" in chinese
    assert "First in rank is M00-0 (书记): spans 3 villages and 2 branches." in english
    # of each village's 8 households, 0 is helped by its first member and by three of the village before, 1 and 2 by two, 3 by one
    assert "96 户中，12 户由一人结对，36 户由多人结对，48 户无人结对" in chinese
    assert "Of 96 households, 12 are paired with one member, 36 with several and 48 with nobody." in english


def test_caveats_and_rules_are_there(tables, tmp_path):
    english = say(write_report(tables, make_findings(tables), tmp_path / "index.html", lang="en"), "en")
    assert "The list is of that day." in english
    assert "acheng-2010: pack.own , pack.host , pack.helped" in english


def test_what_was_read_is_counted(tables, tmp_path):
    counts = pa.table({"table": ["Village", "Household"], "read": [14, 1100], "loaded": [12, 1090], "merged": [1, 4], "quarantined": [1, 6]})
    read = Tables(dict(tables), counts=counts)
    path = write_report(read, {}, tmp_path / "index.html")
    assert "共读入 1,114 行：装入 1,102，与已有行相同或为同一人而合并 5，因违反规则而搁置 7。" in say(path, "zh-CN")
    assert "household 1,100 1,090 4 6" in say(path, "en")


def test_no_person_is_named(tables, tmp_path):
    page = write_report(tables, make_findings(tables), tmp_path / "index.html").read_text("utf-8")
    assert "张三" not in page


def tables_of(page: str, name: str) -> list[list[list[str]]]:
    """Cells in words of each table of one section."""
    bodies = re.findall("<tbody>(.*?)</tbody>", page.split(f'id="{name}"')[1].split("</section>")[0], flags=re.DOTALL)
    return [[re.sub(r"<[^>]+>", " ", row).split() for row in body.split("</tr>")[:-1]] for body in bodies]


def test_rates_stand_by_rule_every_open_body_is_listed_and_the_first_of_others(tables, tmp_path):
    findings = make_findings(tables)
    rows = findings["gaps"].rows.copy()
    rows.loc[rows["subject_kind"] == "Cooperative", "outcome"] = ["open"] * 10 + ["met"] * 2
    rows.loc[rows.index[0], "outcome"] = "open"
    findings["gaps"] = dataclasses.replace(findings["gaps"], rows=rows)
    page = write_report(tables, findings, tmp_path / "index.html").read_text("utf-8")
    rates, bodies, others = tables_of(page, "gaps")
    assert [row[-6:] for row in rates[:2]] == [["3", "2", "1", "0", "9", "66.7%"], ["12", "2", "10", "0", "0", "16.7%"]]
    assert rates[2][-8:] == ["31", "0", "20", "11", "65", "0.0%", "–", "35.5%"]  # 11 of the 31 may turn out met
    assert [row[2] for row in bodies] == ["第0村", *(f"第{n}村协会" for n in range(10))]
    assert all("有人覆盖" in row or "没有结对党员" in row for row in bodies)  # the reason stands there
    assert "Every village, co-operative, body and zone that is open: 11" in page
    assert [row[2] for row in others] == ["H00-00", "H00-05", "H01-02", "H01-07", "H02-04"]  # households 0, 5, 10, 15, 20


def make_homes() -> Tables:
    """Six households: one helped; without a helper one poor, two in a zone with a responsible member, one in a zone without, one in none.

    h1 lives in both villages, h6 in none that is known.
    """
    return Tables(
        {
            "Village": pa.table({"code": ["230112101001", "230112101002"], "name": ["一村", "二村"]}),
            "Household": pa.table({"id": ["h1", "h2", "h3", "h4", "h5", "h6"], "is_poor": [False, True, False, False, False, False]}),
            "Member": pa.table({"id": ["m1"], "stage": ["full"]}),
            "Zone": pa.table({"id": ["z1", "z2"]}),
            "Member HELPS Household": pa.table({"member_id": ["m1"], "household_id": ["h1"], "kind": ["one_to_one"]}),
            "Member RESPONSIBLE_FOR Zone": pa.table({"member_id": ["m1"], "zone_id": ["z1"]}),
            "Zone COVERS Household": pa.table({"zone_id": ["z1", "z1", "z2", "z1"], "household_id": ["h3", "h4", "h5", "h1"]}),
            "Household LIVES_IN Village": pa.table(
                {
                    "household_id": ["h1", "h1", "h2", "h3", "h4", "h5"],
                    "village_code": [f"23011210100{n}" for n in (1, 2, 1, 1, 2, 2)],
                }
            ),
        }
    )


def test_numbers_that_look_alike_are_reconciled(tmp_path):
    homes = make_homes()
    findings = [find_coverage_gaps(homes, as_of=DAY), find_pairing_reach(homes, as_of=DAY)]
    path = write_report(homes, findings, tmp_path / "index.html")
    chinese, english = say(path, "zh-CN"), say(path, "en")
    assert "a helper for every poor household, 1 of 1; somebody answers for each zone, 1 of 2" in english
    assert (
        "Of 6 households, 1 are paired with one member, 0 with several and 5 with nobody; of 1 recorded as poor in the villages, 1 with nobody."
        in english
    )
    assert (
        "Of the 5 households paired with nobody, a rule asks a helper for 1; of the other 4 no rule asks a pairing, and they are no gap." in english
    )
    assert "无人结对的 5 户中，1 户按规则应有人结对；其余 4 户没有规则要求结对，不是空白点。" in chinese
    assert "各村户数相加是 6，全部农户是 6：1 户不知住在哪个村，登记在几个村的农户多计 1 次。" in chinese
    assert "of 1 no village is known, and those recorded in several villages add 1." in english


def test_what_does_not_add_up_is_not_explained(tmp_path):
    """Findings about other tables, or without the columns that the parts are counted from."""
    homes = make_homes()
    coverage, reach = find_coverage_gaps(homes, as_of=DAY), find_pairing_reach(homes, as_of=DAY)
    fewer = dataclasses.replace(coverage, rows=coverage.rows.iloc[:-1])
    assert "lie in a zone" not in say(write_report(homes, [fewer, reach], tmp_path / "a.html"), "en")
    assert "add up" not in say(write_report(Tables({}), [coverage, reach], tmp_path / "b.html"), "en")
    assert "add up" not in say(write_report(make_district(), make_findings(make_district()), tmp_path / "c.html"), "en")


def test_people_bear_the_offices_of_the_day(tables, tmp_path):
    """One ended before the day, one begins after it, one was held in a branch that is dissolved."""
    ties = pa.table(
        {
            "member_id": ["M00-0"] * 4,
            "branch_id": ["B00", "B01", "B02", "B03"],
            "office": ["书记", "委员", "组长", "干事"],
            "since": [None, dt.date(2010, 1, 1), dt.date(2013, 1, 1), None],
            "until": [None, dt.date(2011, 1, 1), None, None],
        }
    )
    dissolved = [dt.date(2011, 6, 1) if key == "B03" else None for key in tables["Branch"]["id"].to_pylist()]
    branches = tables["Branch"].set_column(tables["Branch"].column_names.index("dissolved_on"), "dissolved_on", pa.array(dissolved, pa.date32()))
    past = tables.replace({"Member BELONGS_TO Branch": Tables({"Member BELONGS_TO Branch": ties})["Member BELONGS_TO Branch"], "Branch": branches})
    chinese = say(write_report(past, make_findings(tables), tmp_path / "index.html"), "zh-CN")
    assert "排在首位的是 M00-0（书记）" in chinese
    assert not re.search("委员|组长|干事", chinese)


def test_a_note_stands_under_the_title(tables, tmp_path):
    page = write_report(tables, {}, tmp_path / "index.html", note=Text("人是<虚构>的", "People are <made up>")).read_text("utf-8")
    header = page.split("<header>")[1].split("</header>")[0]
    assert "人是&lt;虚构&gt;的" in header
    assert "People are &lt;made up&gt;" in header


def test_files_beside_it_are_linked(tables, tmp_path):
    findings = make_findings(tables)
    (tmp_path / "map.html").write_text("map")
    (tmp_path / "other.csv").write_text("not ours")
    write_finding(findings["reach"], tmp_path / "reach.csv")
    write_workbook(findings, tmp_path / "findings.xlsx")
    page = write_report(tables, findings, tmp_path / "index.html").read_text("utf-8")
    assert re.findall(r'href="([^"#]+)"', page) == ["map.html", "findings.xlsx", "reach.csv"]


@pytest.mark.parametrize(
    ("name", "nothing"),
    [("gaps", "没有规则对登记的任何对象有要求。"), ("bridges", "没有登记人员（以此日为准）。"), ("reach", "没有登记人员、农户或村（以此日为准）。")],
)
def test_any_answer_may_be_missing_or_empty(tables, tmp_path, name, nothing):
    finding = make_findings(tables)[name]
    one = write_report(tables, {name: finding}, tmp_path / "one.html").read_text("utf-8")
    assert one.count("<h2>") == 2
    empty = dataclasses.replace(finding, rows=finding.rows.head(0))
    assert nothing in say(write_report(tables, {name: empty}, tmp_path / "empty.html"), "zh-CN")


def test_a_district_without_promises_says_so(tables, tmp_path):
    none = find_promises(Tables({}), as_of=DAY)
    words = say(write_report(tables, {"promises": none}, tmp_path / "none.html"), "zh-CN")
    assert "没有登记承诺（以此日为准）。" in words
    assert "没有得到" not in words


def test_another_finding_is_shown_too(tables, tmp_path):
    rows = pd.DataFrame({"subject_kind": ["Village"], "subject_id": ["230112100000"], "score": [1234.5], "seen": [True], "note": [None]})
    finding = Finding("find_more", Text("还有什么？", "What else?"), rows, columns(rows))
    chinese = say(write_report(tables, {"more": finding}, tmp_path / "index.html"), "zh-CN")
    assert "还有什么？" in chinese
    assert "第0村 1,234 是 –" in chinese


def test_findings_of_different_days_are_refused(tables, tmp_path):
    findings = make_findings(tables)
    findings["reach"] = dataclasses.replace(make_reach(tables), as_of=dt.date(2013, 1, 1))
    with pytest.raises(ParameterError, match="2012-04-30, 2013-01-01"):
        write_report(tables, findings, tmp_path / "index.html")
    assert list(tmp_path.iterdir()) == []


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
    findings["gaps"] = dataclasses.replace(findings["gaps"], title=planted, caveats=(planted,), rules=(PLANTED[3],))
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


@pytest.mark.browser
def test_on_a_phone_sentences_have_the_width_to_themselves_and_plots_can_be_read(browser, tables, tmp_path):
    with open_page(browser, write_report(tables, make_findings(tables), tmp_path / "index.html"), size=(390, 844)) as page:
        row = page.locator(".stack tbody tr").first.bounding_box()
        sentence = page.locator(".stack tbody tr").first.locator("td").nth(3).bounding_box()
        assert sentence["width"] > 0.95 * row["width"]
        assert page.locator("figure img:visible").first.bounding_box()["width"] >= 600  # in a frame of its own that scrolls
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

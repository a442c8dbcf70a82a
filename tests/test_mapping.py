"""Mappings: what each verb makes of a row, by hand; every fault with its line; laws over mangled mappings."""

import contextlib
import datetime as dt
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

import graphkit
import loaders
from graphkit.cli import main
from graphkit.data.unread import touched_subjects
from graphkit.errors import GraphkitError, ModelError, ParameterError, SourceError
from loaders.files import Source, read_grids
from loaders.mapping import read_mapping
from loaders.mapping.draft import draft_mapping
from tests.messy_files import book
from tests.test_messy import every_line_is_accounted_for

LEDGER = Path(__file__).parent / "data" / "messy" / "ledger.xls"


def load(tmp_path, text, mapping, name="a.csv", **options):
    folder = tmp_path / "data"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
    loading = loaders.read_source(folder, mapping=tmp_path / "m.toml", **options)
    every_line_is_accounted_for(loading)
    return loading


def household(*cells, read=""):
    return "\n".join(["[[read]]", read, "[[read.node]]", 'table = "Household"', *cells])


def rows(loading, table, *columns):
    return [tuple(row[c] for c in columns) for row in loading.tables[table].to_pylist()]


def said(loading):
    return " ".join(note.en for reading in loading.readings for note in reading.notes)


HELPS = """
[[read.tie]]
table = "结对帮扶"
member_id = "帮扶人"
household_id = "户"
kind = "=one_to_one"
"""


# Verbs of a cell


def test_rename_constant_words_unit(tmp_path):
    mapping = """
[[read]]
[[read.node]]
table = "合作组织"
id = "社号"
kind = {column = "类", words = {"合作社" = "cooperative", "*" = "association"}}
scope = "=village"
output_yuan = {column = "年产值（万元）", unit = "万元"}
founded_on = {column = "成立", date = "year_month"}
"""
    loading = load(tmp_path, "社号,类,年产值（万元）,成立\nc1,合作社,1.5,2010年3月\nc2,协会,20元,2010.03.05\n", mapping)
    assert rows(loading, "Cooperative", "id", "kind", "scope", "output_yuan", "founded_on") == [
        ("c1", "cooperative", "village", 15_000, dt.date(2010, 3, 1)),
        ("c2", "association", "village", 20, dt.date(2010, 3, 5)),
    ]
    assert "known to the month or year alone: 1, such as '2010年3月' read as '2010-03'" in said(loading)
    assert "'年产值（万元）': 万, 亿 and the like were multiplied out: 1 cells, such as '1.5' read as '15000'" in said(loading)


def test_a_number_that_is_a_bound_is_no_value_unless_that_is_said(tmp_path):
    text = "户,人口\nh1,3-5\nh2,4\n"
    strict = load(tmp_path, text, household('id = "户"', 'people = "人口"'))
    assert ("h1", 3) not in rows(strict, "Household", "id", "people")
    assert any(problem.value == "3-5" for problem in strict.problems)
    loose = load(tmp_path, text, household('id = "户"', 'people = {column = "人口", inexact = "low"}'))
    assert rows(loose, "Household", "id", "people") == [("h1", 3), ("h2", 4)]
    assert "its lower bound is taken: 1, such as '3-5' read as '3'" in said(loose)


def test_a_word_that_is_not_listed_is_a_problem(tmp_path):
    loading = load(tmp_path, "户,类\nh1,贫困户\nh2,某某\n", household('id = "户"', 'is_poor = {column = "类", words = {"贫困户" = "yes"}}'))
    assert ("h1", True) in rows(loading, "Household", "id", "is_poor")
    assert [problem.column for problem in loading.problems] == ["is_poor"]


def test_words_for_unknown_by_column(tmp_path):
    loading = load(tmp_path, "户,人口\nh1,不详\nh2,-\nh3,99\nh4,4\n", household('id = "户"', 'people = {column = "人口", missing = ["99"]}'))
    assert rows(loading, "Household", "id", "people") == [("h1", None), ("h2", None), ("h3", None), ("h4", 4)]
    assert "words for unknown were read as empty: 3 cells" in said(loading)


def test_keys_made_and_places_looked_up(tmp_path):
    mapping = """
[places]
list = "list.csv"
[[read]]
[[read.node]]
table = "农户"
id = {make = ["村", "号"]}
[[read.node]]
table = "村"
code = {place = ["乡", "村"]}
[[read.tie]]
table = "农户居住村"
household_id = {make = ["村", "号"]}
village_code = {place = ["乡", "村"]}
"""
    (tmp_path / "list.csv").write_text(
        "code,name,township_name\n230112000001,东村村委会,甲镇\n230112000002,东村村委会,乙镇\n230112000003,西村村委会,甲镇\n", encoding="utf-8"
    )
    text = "乡,村,号\n甲镇,东村,1\n乙镇,東村,2\n,西村,3\n,东村,4\n甲镇,西林村,5\n"
    loading = load(tmp_path, text, mapping)
    assert rows(loading, "Household", "id")[0] == ("东村-1",)
    assert sorted(code for (code,) in rows(loading, "Village", "code")) == ["230112000001", "230112000002", "230112000003"]
    rules = sorted((problem.row, problem.rule) for problem in loading.problems if problem.table == "Village")
    assert rules == [(5, "place.several"), (6, "place.unknown")]
    assert "西村" in next(problem.text.en for problem in loading.problems if problem.rule == "place.unknown")
    assert loading.tables["Household"].num_rows == 5  # who lives nowhere known is a household all the same


@pytest.mark.parametrize(("on", "code", "told"), [("2012-04-30", "230112000001", False), ("2020-01-01", "230112000002", True)])
def test_a_village_that_was_merged_is_what_it_was_on_the_day_of_the_file(tmp_path, on, code, told):
    (tmp_path / "list.csv").write_text(
        "code,name,until,successor\n230112000001,东村,2019-01-01,230112000002\n230112000002,西村,,\n", encoding="utf-8"
    )
    mapping = f'[places]\nlist = "list.csv"\non = {on}\n[[read]]\n[[read.node]]\ntable = "Village"\ncode = {{place = ["村"]}}\n'
    loading = load(tmp_path, "村\n东村村委会\n", mapping)
    assert rows(loading, "Village", "code") == [(code,)]
    assert ("what it became is taken: 1" in said(loading)) == told
    with pytest.raises(ModelError, match="line 3: on is a day"):
        load(tmp_path, "村\n东村\n", mapping.replace(on, '"2012"'))


def test_of_a_list_of_several_counties_the_own_one_comes_first(tmp_path):
    (tmp_path / "list.csv").write_text(
        "code,name,county_name\n230112000001,东村,甲县\n230113000001,东村,乙县\n230113000002,西村,乙县\n", encoding="utf-8"
    )
    mapping = '[places]\nlist = "list.csv"\nwithin = "甲县"\n[[read]]\n[[read.node]]\ntable = "Village"\ncode = {place = ["村"]}\n'
    assert rows(load(tmp_path, "村\n东村村委会\n西\n", mapping), "Village", "code") == [("230112000001",), ("230113000002",)]
    loading = load(tmp_path, "村\n东村\n", mapping.replace('within = "甲县"\n', ""))
    assert [problem.rule for problem in loading.problems] == ["place.several"]
    assert "甲县东村 230112000001, 乙县东村 230113000001" in loading.problems[0].text.en


def test_each_row_is_told_what_was_wrong_with_its_own_place(tmp_path):
    (tmp_path / "list.csv").write_text(
        "code,name,township_name,township_code\n230112000001,东村,甲镇,230112100\n230112000002,东村,甲镇,230112100\n230112000003,西村,乙镇,230112200\n",
        encoding="utf-8",
    )
    mapping = """
[places]
list = "list.csv"
[[read]]
[[read.node]]
table = "Village"
code = {place = ["乡", "村"]}
[[read.tie]]
table = "Village IN Township"
village_code = {place = ["乡", "村"]}
township_code = {place = ["乡"]}
[[read.node]]
table = "Township"
code = {place = ["乡"]}
"""
    loading = load(tmp_path, "乡,村\n甲镇,东村\n乙镇,东村\n乙镇,西村\n", mapping)
    assert {(problem.row, problem.rule) for problem in loading.problems if problem.table == "Village"} == {(2, "place.several"), (3, "place.unknown")}
    assert rows(loading, "Township", "code") == [("230112100",), ("230112200",)]
    assert rows(loading, "Village IN Township", "village_code", "township_code") == [("230112000003", "230112200")]


@pytest.mark.parametrize(("villages", "places"), [(("全店村", "城建村", "某某村"), "acheng-2023"), (("全店村", "某某村", "甲村"), "names")])
def test_a_draft_looks_places_up_in_the_list_that_knows_them(tmp_path, villages, places):
    (tmp_path / "户.csv").write_text("户编号,乡镇,村名\n" + "".join(f"h{n},,{name}\n" for n, name in enumerate(villages)), encoding="utf-8")
    grids = read_grids(Source(tmp_path / "户.csv", "户.csv"))
    draft = draft_mapping(grids)
    assert f'list = "{places}"' in draft
    (tmp_path / "m.toml").write_text(draft, encoding="utf-8")
    loading = loaders.read_source(tmp_path / "户.csv", mapping=tmp_path / "m.toml")
    assert loading.tables["Household LIVES_IN Village"].num_rows == (2 if places == "acheng-2023" else 3)


BY_NAME = """
[places]
list = "names"
[[read]]
files = "村.csv"
[[read.node]]
table = "Village"
code = {place = ["乡镇", "村"]}
[[read.tie]]
table = "Village IN Township"
village_code = {place = ["乡镇", "村"]}
township_code = {place = ["乡镇"]}
[[read]]
files = "镇.csv"
[[read.node]]
table = "Township"
code = {place = ["名称"]}
[[read]]
files = "户.csv"
[[read.node]]
table = "Household"
id = "户"
[[read.tie]]
table = "Household LIVES_IN Village"
household_id = "户"
village_code = {place = ["村"]}
"""


def test_places_of_which_nobody_has_the_codes_go_by_their_names_in_every_file(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in {
        "村": "乡镇,村\n东镇,甲村村委会\n东镇,乙村\n西街道办事处,甲村\n", "镇": "名称\n东镇\n西街道\n", "户": "户,村\nh1,乙\nh2,甲村\nh3,丁村\nh4,\n"
    }.items():  # fmt: skip
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "m.toml").write_text(BY_NAME, encoding="utf-8")
    loading = loaders.read_source(folder, mapping=tmp_path / "m.toml")
    assert rows(loading, "Village", "code") == [("东镇-甲村",), ("东镇-乙村",), ("西街道-甲村",)]
    assert rows(loading, "Village IN Township", "village_code", "township_code") == [
        ("东镇-甲村", "东镇"),
        ("东镇-乙村", "东镇"),
        ("西街道-甲村", "西街道"),
    ]
    assert rows(loading, "Household LIVES_IN Village", "household_id", "village_code") == [("h1", "东镇-乙村")]
    assert [(problem.row, problem.rule) for problem in loading.problems] == [(3, "place.several"), (4, "tie.ends")]  # 丁村 is in no table of villages
    assert "it may be: 东镇-甲村, 西街道-甲村" in loading.problems[0].text.en
    assert "without codes they go by their names" in said(loading)
    assert loading.tables.model.node_type("Village").properties[0].digits is None


def test_codes_of_another_number_of_digits_are_declared_in_the_mapping_itself(tmp_path):
    mapping = '[codes]\nVillage = 6\n[[read]]\n[[read.node]]\ntable = "Village"\ncode = "码"\n'
    loading = load(tmp_path, "码\n123456\n12345678\n", mapping)
    assert rows(loading, "Village", "code") == [("123456",)]


NAMED = """
[[read]]
files = "roster.csv"
[[read.node]]
table = "Member"
id = "编号"
name = "姓名"
[[read.tie]]
table = "Member BELONGS_TO Branch"
member_id = "编号"
branch_id = {named = ["支部"]}
primary = "=yes"
[[read]]
files = "branches.csv"
[[read.node]]
table = "Branch"
id = "编号"
name = "名称"
[[read]]
files = "ledger.csv"
[[read.node]]
table = "Household"
id = "户"
[[read.tie]]
table = "Member HELPS Household"
member_id = {named = [HELPER]}
household_id = "户"
kind = "=one_to_one"
"""


def load_named(tmp_path, ledger, helper):
    files = {
        "roster.csv": "编号,姓名,支部\nm1,赵一,东村党支部\nm2,钱 二,东村党支部\nm3,赵一,西村党支部\nm3,赵一,西村党支部\n",
        "branches.csv": "编号,名称\nb1,东村党支部\nb2,西村党支部\n",
        "ledger.csv": ledger,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "m.toml").write_text(NAMED.replace("HELPER", helper), encoding="utf-8")
    return loaders.read_source(tmp_path, mapping=tmp_path / "m.toml")


def test_an_end_is_found_by_its_name_wherever_that_was_read_and_never_among_namesakes(tmp_path):
    """The tie is read before the branches are; of two members of one name neither is taken, and one in two rows is one."""
    loading = load_named(tmp_path, "户,帮扶人\nh1,钱二\nh2,赵一\nh3,孙三\nh4,\n", '"帮扶人"')
    assert rows(loading, "Member BELONGS_TO Branch", "member_id", "branch_id") == [("m1", "b1"), ("m2", "b1"), ("m3", "b2")]
    assert rows(loading, "Member HELPS Household", "member_id", "household_id") == [("m2", "h1")]
    found = {(problem.row, problem.rule): problem for problem in loading.problems if problem.table == "Member HELPS Household"}
    assert {place for place in found if place[1].startswith("name.")} == {(3, "name.several"), (4, "name.unknown")}
    assert "(2 of them)" in found[3, "name.several"].text.en
    assert not any("赵一" in str(problem) or "孙三" in str(problem) for problem in found.values())
    counts = {row["table"]: row for row in loading.tables.counts.to_pylist()}["Member HELPS Household"]
    assert (counts["read"], counts["loaded"], counts["quarantined"]) == (3, 1, 2)


def test_what_stands_beside_a_name_tells_namesakes_apart_and_contradicts_one_who_is_elsewhere(tmp_path):
    ledger = "户,帮扶人,支部\nh1,赵一,东村党支部\nh2,赵一,b2\nh3,钱二,西村党支部\nh4,钱二,\n"
    loading = load_named(tmp_path, ledger, '"帮扶人", "支部"')
    assert rows(loading, "Member HELPS Household", "member_id", "household_id") == [("m1", "h1"), ("m3", "h2"), ("m2", "h4")]
    assert [(p.row, p.rule) for p in loading.problems if p.rule.startswith("name.")] == [(4, "name.unknown")]


def test_named_is_for_the_end_of_a_tie_that_has_names(tmp_path):
    mapping = """
[[read]]
[[read.node]]
table = "Household"
id = {named = ["户"]}
[[read.tie]]
table = "Household LIVES_IN Village"
household_id = {named = ["户"]}
village_code = {named = ["村"]}
"""
    (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
    with pytest.raises(ModelError) as error:
        loaders.load(tmp_path, mapping=tmp_path / "m.toml")
    assert "line 5: named is for the end of a tie, and id is none" in error.value.say("en")
    assert "line 8: Household has no name to be found by" in error.value.say("en")
    assert "line 9" not in error.value.say("en")


def test_the_draft_of_a_ledger_without_ids_loads_with_every_tie(tmp_path):
    """A title, a line of 填报单位 and 填表人, headings of two rows; members, branches and helpers by name alone."""
    roster = [["某镇党员花名册", None, None], ["填报单位：某镇", None, "填表人：某某"], ["序号", "姓名", "所在党支部"],
              ["1", "赵一", "东村党支部"], ["2", "钱二", "东村党支部"], ["3", "孙三", "西村党支部"], ["合计", "3人", None]]  # fmt: skip
    ledger = [["帮扶台账", None, None, None], ["村名", "农户情况", None, "帮扶情况"], [None, "户主", "人口", "帮扶党员"],
              ["全店村", "李四", "4人", "赵一"], [None, "周五", "3", "钱二"], [None, "吴六", "5口人", None]]  # fmt: skip
    book = Workbook()
    sheets = {"党员花名册": (roster, ["A1:C1"]), "结对帮扶台账": (ledger, ["A1:D1", "A2:A3", "B2:C2", "A4:A6"])}
    for name, (cells, merged) in sheets.items():
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
        for area in merged:
            sheet.merge_cells(area)
    del book["Sheet"]
    book.save(tmp_path / "镇.xlsx")
    assert main(["map-columns", str(tmp_path / "镇.xlsx"), "--out", str(tmp_path / "m.toml")]) == 0
    loading = loaders.read_source(tmp_path / "镇.xlsx", mapping=tmp_path / "m.toml", pseudonyms=tmp_path.parent / "named.key")
    assert loading.problems == []
    loaded = {row["table"]: row["loaded"] for row in loading.tables.counts.to_pylist() if row["read"]}
    assert loaded == {
        "Village": 1, "Branch": 2, "Member": 3, "Household": 3, "Member BELONGS_TO Branch": 3, "Household LIVES_IN Village": 3,
        "Member HELPS Household": 2,
    }  # fmt: skip
    assert not any(name in str(table.to_pylist()) for name in ("李四", "周五", "吴六") for table in loading.tables.values())


def test_secret_ids_need_a_key_and_are_the_same_whatever_their_form(tmp_path):
    mapping = household('id = {secret = ["证号"]}', 'people = "人口"')
    text = "证号,人口\n11010519491231002X,3\n110105491231002,3\n"
    with pytest.raises(ParameterError, match="--pseudonyms"):
        load(tmp_path, text, mapping)
    loading = load(tmp_path, text, mapping, pseudonyms=tmp_path / "key")
    [(identity,)] = rows(loading, "Household", "id")
    assert identity.startswith("h-")


def test_an_identity_number_is_refused_as_an_id_and_gives_a_birth_year(tmp_path):
    mapping = '[[read]]\n[[read.node]]\ntable = "Member"\nid = "编号"\nbirth_year = {column = "身份证号", take = "id_birth_year"}\n'
    loading = load(tmp_path, "编号,身份证号\nm1,11010519491231002X\n11010519491231002X,\n", mapping)
    assert rows(loading, "Member", "id", "birth_year") == [("m1", 1949)]
    assert [problem.rule for problem in loading.problems] == ["id.number"]
    assert "1101051949" not in str(list(loading.tables["Member"].to_pylist()))


@pytest.mark.parametrize(("rule", "day"), [("latest", "2012-04-01"), ("earliest", "2012-03-01"), ("first", "2012-03-05")])
def test_one_row_from_many_by_a_rule(tmp_path, rule, day):
    mapping = (
        household('id = "户"')
        + '\n[[read.node]]\ntable = "Member"\nid = "帮扶人"'
        + HELPS
        + f'last_visit_on = {{column = "走访", keep = "{rule}"}}\n'
    )
    loading = load(tmp_path, "户,帮扶人,走访\nh1,m1,2012.3.5\nh1,m1,2012-4-1\nh1,m1,\nh1,m1,2012年3月1日\n", mapping)
    assert rows(loading, "Member HELPS Household", "last_visit_on") == [(dt.date.fromisoformat(day),)]


# Verbs of a read


def test_split_and_a_tie_without_an_end_is_not_said(tmp_path):
    mapping = (
        household('id = "户"', read='split = {"帮扶人" = "、/"}')
        + '\n[[read.node]]\ntable = "Member"\nwhere = {"帮扶人" = "*"}\nid = "帮扶人"'
        + HELPS
    )
    loading = load(tmp_path, "户,帮扶人\nh1,m1、m2\nh2,\nh3,m2/m3\n", mapping)
    assert rows(loading, "Member HELPS Household", "member_id", "household_id") == [("m1", "h1"), ("m2", "h1"), ("m2", "h3"), ("m3", "h3")]
    assert sorted(rows(loading, "Household", "id")) == [("h1",), ("h2",), ("h3",)]
    assert loading.problems == []


def test_fill_down_ditto_stop_and_skip(tmp_path):
    read = 'fill_down = ["村"]\nstop = "以下空白"\nskip = {"户" = "小组.*"}'
    loading = load(
        tmp_path,
        "村,户,人口\n甲,h1,3\n,h2,同上\n乙,小组一,\n,h3,〃\n以下空白,,\n,h9,1\n",
        household('id = {make = ["村", "户"]}', 'people = "人口"', read=read),
    )
    assert rows(loading, "Household", "id", "people") == [("甲-h1", 3), ("甲-h2", 3), ("甲-h3", None)] or rows(loading, "Household", "id", "people") == [
        ("甲-h1", 3), ("甲-h2", 3), ("甲-h3", 3),
    ]  # fmt: skip
    assert sum(len(part.rows) for reading in loading.readings for part in reading.skipped) == 4  # the heading, a group, the stop and what is below


def test_unpivot(tmp_path):
    mapping = (
        '[[read]]\nunpivot = {columns = "帮扶人*", into = ["第几", "谁"]}\n[[read.node]]\ntable = "Household"\nid = "户"\n[[read.node]]\ntable = "Member"\nid = "谁"\n'
        + HELPS.replace('"帮扶人"', '"谁"')
    )
    loading = load(tmp_path, "户,帮扶人1,帮扶人2\nh1,m1,m2\nh2,m1,\n", mapping)
    assert sorted(rows(loading, "Member HELPS Household", "member_id", "household_id")) == [("m1", "h1"), ("m1", "h2"), ("m2", "h1")]


def test_where_and_two_sayings_of_one_row(tmp_path):
    mapping = '[[read]]\n[[read.node]]\ntable = "Member"\nwhere = {"类" = ["党员", "预备党员"]}\nid = "号"\nstage = {column = "类", words = {"党员" = "full", "预备党员" = "probationary"}}\n[[read.node]]\ntable = "Household"\nwhere = {"类" = "户"}\nid = "号"\n'
    loading = load(tmp_path, "号,类\nm1,党员\nm2,预备党员\nh1,户\n", mapping)
    assert rows(loading, "Member", "id", "stage") == [("m1", "full"), ("m2", "probationary")]
    assert rows(loading, "Household", "id") == [("h1",)]


def test_fields_from_the_name_of_a_file(tmp_path):
    loading = load(
        tmp_path, "户\n1\n2\n", household('id = {make = ["屯", "户"]}', 'people = "人数"', read='name = "{屯}-{人数:int}人"'), name="东屯-3人.csv"
    )
    assert rows(loading, "Household", "id", "people") == [("东屯-1", 3), ("东屯-2", 3)]


def test_a_corner_headings_of_ones_own_and_a_side_table(tmp_path):
    sheet = [["农户", None, None, "分类", "代码"], ["h1", 3, None, "贫困", 1], ["h2", 2, None, "一般", 2]]
    read = 'sheet = "农户"\nat = "A2:B"\nheadings = ["户", "人口"]'
    loading = load(tmp_path, book(sheet), household('id = "户"', 'people = "人口"', read=read), name="a.xlsx")
    assert rows(loading, "Household", "id", "people") == [("h1", 3), ("h2", 2)]
    assert "4 cells beside the table are not read" in said(loading)


def test_the_row_that_holds_the_headings(tmp_path):
    sheet = [["代码表"], ["代码", "名称"], [1, "甲"], [None], ["户", "人口"], ["h1", 3]]
    loading = load(tmp_path, book(sheet), household('id = "户"', 'people = "人口"', read='heading = ["户", "人口"]'), name="a.xlsx")
    assert rows(loading, "Household", "id", "people") == [("h1", 3)]


def test_a_form_with_label_beside_value(tmp_path):
    sheet = [["农户登记表", None], ["户编号：", "h1"], ["家庭 人口", "3人"]]
    loading = load(
        tmp_path, book(sheet), household('id = "户编号"', 'people = "家庭人口"', read='layout = "form"\nlabel = "A"\nvalue = "B"'), name="a.xlsx"
    )
    assert rows(loading, "Household", "id", "people") == [("h1", 3)]


def test_three_rows_of_merged_headings_in_an_old_workbook(tmp_path):
    grid = read_grids(Source(LEDGER, LEDGER.name))[0]
    draft = draft_mapping([grid])
    tomllib.loads(draft)
    (tmp_path / "m.toml").write_text(draft, encoding="utf-8")
    loading = loaders.read_source(LEDGER, mapping=tmp_path / "m.toml")
    every_line_is_accounted_for(loading)
    assert rows(loading, "Household", "id", "people", "is_poor") == [("h1", 3, True), ("h2", 2, False), ("h3", 4, True), ("h4", 5, True)]
    assert rows(loading, "Household LIVES_IN Village", "household_id", "village_code") == [
        ("h1", "230112011205"), ("h2", "230112011205"), ("h3", "230112112204"),
    ]  # fmt: skip
    assert [part.reason.en for part in loading.readings[0].skipped] == [
        "titles above the table", "headings", "totals and subtotals", "notes and signatures below the table",
    ]  # fmt: skip
    assert "add up" not in said(loading)  # 3人 + 二 + 4口人 + 5 are the 14 it says


def test_what_nothing_reads_is_said(tmp_path):
    loading = load(tmp_path, "户,人口,备注,电话\nh1,3,x,y\n", '[extra]\ndrop = ["电话"]\n' + household('id = "户"', 'people = "人口"'))
    assert said(loading) == "columns that nothing reads: 备注"
    (tmp_path / "data" / "b.xlsx").write_bytes(book([["x"], ["y"]]))
    loading = load(tmp_path, "户\nh1\n", household('id = "户"', read='files = "*.csv"'))
    assert said(loading) == "no [[read]] of the mapping takes it"


KEPT = """
[extra]
keep = ["家庭收入", "Land area"]
personal = {phone = "电话"}
drop = ["备注"]
"""


def test_columns_kept_travel_with_what_the_row_is_about(tmp_path):
    text = "户,村,家庭收入,电话,Land area,备注\nh1,东村,20万,13800000000,3.5,x\nh2,东村,,,,\n"
    mapping = (
        household('id = "户"')
        + '\n[[read.node]]\ntable = "Zone"\nid = "村"\n[[read]]\nfiles = "none*"\n[[read.node]]\ntable = "Training"\nid = "a"\n'
        + KEPT
    )
    loading = load(tmp_path, text, mapping)
    assert loading.problems == []
    assert said(loading) == "the mapping reads '*' of 'none*': there is none"
    columns = loading.tables.model.table_type("Household").columns
    [income] = [column.name for column in columns if column.heading.zh == "家庭收入"]
    assert [(c.name, c.personal) for c in columns[-3:]] == [(income, False), ("land_area", False), ("phone", True)]
    assert rows(loading, "Household", "id", income, "land_area", "phone") == [("h1", "20万", "3.5", "13800000000"), ("h2", None, None, None)]
    assert len(loading.tables.model.table_type("Zone").columns) == len(graphkit.MODEL.table_type("Zone").columns)  # nor is it on what stands beside
    store = graphkit.connect(tmp_path / "a.gk")
    store.write(loading.tables)
    assert store.read() == loading.tables


def test_a_column_kept_that_rows_of_one_thing_say_differently_is_not_known_and_costs_no_row(tmp_path):
    text = "户,收入,帮扶人\nh1,5,m1\nh1,6,m2\nh2,,m1\nh2,7,m2\n"
    loading = load(tmp_path, text, household('id = "户"') + '\n[extra]\nkeep = {income = "收入"}\n')
    assert loading.problems == []
    assert rows(loading, "Household", "id", "income") == [("h1", None), ("h2", "7")]
    assert "'收入' differs between rows of one household, not kept: 1" in said(loading)


def test_identity_numbers_are_never_kept_and_phones_only_where_that_is_said(tmp_path):
    text = "户,甲,乙\nh1,11010519491231002X,１３８ 0000 0000\nh2,5,13800000000\nh3,110105 1949 1231 002X,座机\n"
    loading = load(tmp_path, text, household('id = "户"') + '\n[extra]\nkeep = {a = "甲", b = "乙"}\n')
    assert rows(loading, "Household", "a", "b") == [(None, None), ("5", None), (None, "座机")]
    assert said(loading).count("not kept: 2 cells; phones belong under personal") == 2
    loading = load(tmp_path, text, household('id = "户"') + '\n[extra]\npersonal = {a = "甲", b = "乙"}\n')
    assert [b for _, b in rows(loading, "Household", "a", "b")] == ["１３８ 0000 0000", "13800000000", "座机"]
    assert [a for a, _ in rows(loading, "Household", "a", "b")] == [None, "5", None]


def test_what_is_kept_is_of_the_node_that_the_row_says(tmp_path):
    mapping = (
        household('id = "号"', 'where = {"类" = "户"}')
        + '\n[[read.node]]\ntable = "Member"\nid = "号"\nwhere = {"类" = "党员"}\n[extra]\nkeep = {pay = "收入"}\n'
    )
    loading = load(tmp_path, "号,类,收入\nh1,户,5\nm1,党员,6\n", mapping)
    assert (rows(loading, "Household", "id", "pay"), rows(loading, "Member", "id", "pay")) == ([("h1", "5")], [("m1", "6")])


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ('keep = {people = "收入"}', "declared twice: people"),
        ('keep = {"收入" = "收入"}', "cannot be the name of a column"),
        ('kept = ["收入"]', "there is no 'kept'"),
        ('keep = "收入"', "keep takes a value of another type"),
    ],
)
def test_what_cannot_be_kept_is_told_with_the_line(tmp_path, extra, says):
    (tmp_path / "m.toml").write_text(household('id = "户"') + f"\n[extra]\n{extra}\n", encoding="utf-8")
    with pytest.raises(ModelError, match=says) as raised:
        read_mapping(tmp_path / "m.toml")
    assert re.search(r"line [67]:", raised.value.say("en"))


def test_next_years_file_says_what_changed(tmp_path):
    mapping = household('id = "户编号"', 'people = "家庭人口"', 'is_poor = "贫困户"')
    loading = load(tmp_path, "户编号,家庭人口数,贫困户\nh1,3,是\nh2,2,否\n", mapping)
    assert rows(loading, "Household", "id", "people", "is_poor") == [("h1", None, True), ("h2", None, False)]
    assert [(p.rule, p.row, p.effect) for p in loading.problems] == [("heading.gone", None, "report")]
    assert "'家庭人口' (is it '家庭人口数' now?); so 'people' of 'household' is not known" in loading.problems[0].text.en
    assert said(loading) == "columns that nothing reads: 家庭人口数"
    with pytest.warns(UserWarning, match="a column that is not there: '家庭人口'"):
        loaders.load(tmp_path / "data", mapping=tmp_path / "m.toml")
    with pytest.raises(SourceError, match=r"'户编号' \(is it '户编码' now\?\)"):
        load(tmp_path, "户编码,家庭人口,贫困户\nh1,3,是\n", mapping)


def test_a_column_gone_in_which_an_empty_cell_says_something_leaves_whom_it_concerns_unknown(tmp_path):
    mapping = household('id = "户"', '[[read.node]]\ntable = "Member"\nid = "帮扶人"', HELPS, 'until = "结束"')
    loading = load(tmp_path, "户,帮扶人,止\nh1,m1,2011-01-01\nh2,m2,\n", mapping)
    touched = {kind: keys.to_pylist() for kind, keys in touched_subjects(loading.tables).items()}
    assert touched == {"Household": ["h1", "h2"], "Member": ["m1", "m2"]}  # each may have ended
    same = load(tmp_path, "户,帮扶人,结束\nh1,m1,2011-01-01\nh2,m2,\n", mapping)
    assert touched_subjects(same.tables) == {}


def test_a_mapping_that_nothing_of_the_source_is_meant_for_is_an_error(tmp_path):
    with pytest.raises(SourceError, match=r"no file and no sheet is one that the mapping reads; there are: a\.xlsx · 2012"):
        load(tmp_path, book([["户"], ["h1"]], title="2012"), household('id = "户"', read='sheet = "2011"'), name="a.xlsx")


# Faults


FAULTS = [
    ("[[read", "cannot be read"),
    ("x = 1", "line 1: there is no 'x'"),
    ("[[read]]\n", "line 1: it has no"),
    ('[[read]]\nfile = "*"\n[[read.node]]\ntable = "Household"\nid = "户"', "line 2: there is no 'file'; is it 'files'?"),
    ('[[read]]\n[[read.node]]\ntable = "Houshold"\nid = "户"', "line 3: there is no such table; is it 'Household'?"),
    ('[[read]]\n[[read.node]]\ntable = "Household"\nid = "户"\npeopel = "人口"', "line 5: Household has no column 'peopel'; is it 'people'?"),
    ('[[read]]\n[[read.node]]\ntable = "Household"\npeople = "人口"', "line 2: Household lacks the column id"),
    (
        '[[read]]\n[[read.node]]\ntable = "Cooperative"\nid = "c"\noutput_yuan = {column = "x", unit = "公斤"}',
        "line 5: output_yuan cannot be had from '公斤'",
    ),
    ('[[read]]\n[[read.node]]\ntable = "Cooperative"\nid = "c"\nkind = "=shop"', "line 5: kind has no value 'shop'"),
    ('[[read]]\n[[read.node]]\ntable = "Cooperative"\nid = "c"\nkind = {column = "x", words = {"a" = "shop"}}', "line 5: kind has no value 'shop'"),
    ('[[read]]\n[[read.node]]\ntable = "Household"\nid = {column = "a", make = ["b"]}', "line 4: id has exactly one of"),
    ('[[read]]\n[[read.node]]\ntable = "Household"\nid = {place = ["a"]}', "there is no [places] list"),
    ('[[read]]\nstop = "("\n[[read.node]]\ntable = "Household"\nid = "a"', "line 2: no regular expression"),
    ('[[read]]\nat = "3F"\n[[read.node]]\ntable = "Household"\nid = "a"', "line 2: at is written like F3"),
    ('[[read]]\n[[read.node]]\ntable = "Household"\nid = {column = "a", keep = "most"}', "line 4: keep is one of"),
    ('[[read]]\n[[read.node]]\ntable = "Household"\nid = {column = "a", date = "year"}', "line 4: id is no date"),
    ('[[read]]\n[[read.tie]]\ntable = "Household"\nid = "a"', "line 3: there is no such table"),
]


@pytest.mark.parametrize(("text", "says"), FAULTS, ids=[says for _, says in FAULTS])
def test_a_fault_is_told_with_its_line(tmp_path, text, says):
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError) as raised:
        read_mapping(tmp_path / "m.toml")
    assert says in raised.value.say("en")
    assert raised.value.say("zh") != raised.value.say("en")


def test_all_faults_are_told_at_once(tmp_path):
    (tmp_path / "m.toml").write_text('[[read]]\nfile = 1\n[[read.node]]\ntable = "Household"\nx = "y"\n', encoding="utf-8")
    with pytest.raises(ModelError) as raised:
        read_mapping(tmp_path / "m.toml")
    assert [line.split(":")[0].strip() for line in raised.value.say("en").splitlines()[1:]] == ["line 2", "line 3", "line 5"]


# Laws

WHOLE = '[places]\nlist = "acheng-2023"\n[[read]]\nskip = {"a" = "x"}\nsplit = {"a" = "、"}\n[[read.node]]\ntable = "Household"\nwhere = {"a" = "*"}\nid = {make = ["a", "b"]}\npeople = {column = "b", unit = "户"}\n'
PIECES = st.sampled_from(
    ["[", "]", "{", "}", '"', "=", "\n", "read", "1", "true", "[[read]]", "[1]", "table", "make", "2012-01-01", "\x00", "é", "'''", "#"]
)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 12), PIECES), min_size=1, max_size=5))
def test_a_mangled_mapping_is_read_or_refused(tmp_path_factory, cuts):
    text = WHOLE
    for start, length, piece in cuts:
        text = text[:start] + piece + text[start + length :]
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "m.toml").write_text(text, encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data" / "a.csv").write_text("a,b\nx,1\ny、z,5户\n", encoding="utf-8")
    with contextlib.suppress(GraphkitError):
        every_line_is_accounted_for(loaders.read_source(folder / "data", mapping=folder / "m.toml"))


HEADINGS = st.sampled_from(["编号", "户编号", "村名", "人口", "", "合计", "姓名", "年产值（万元）", "a", "序号", "帮扶人编号", '"', "\\", "#"])
GRID = st.lists(st.lists(HEADINGS | st.sampled_from(["1", "2010年", "h1", "合计", "同上", None]), min_size=1, max_size=5), min_size=1, max_size=7)


@given(GRID)
def test_any_sheet_is_inspected_and_its_draft_is_a_mapping(tmp_path_factory, cells):
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "a.xlsx").write_bytes(book([*cells, ["x"]]))
    grids = read_grids(Source(folder / "a.xlsx", "a.xlsx"))
    draft = draft_mapping(grids)
    tomllib.loads(draft)
    (folder / "m.toml").write_text(draft, encoding="utf-8")
    with contextlib.suppress(GraphkitError):
        every_line_is_accounted_for(loaders.read_source(folder / "a.xlsx", mapping=folder / "m.toml"))


OWN = """
[[property]]
of = "Household"
name = "has_car"
type = "boolean"
heading = ["有无汽车", "has car"]
[[node]]
label = "Unit"
heading = ["结对企业", "paired firm"]
[[tie]]
source = "Unit"
name = "SPONSORS"
target = "Household"
role = "pairing"
heading = ["单位帮扶农户", "unit sponsors household"]
[[read]]
[[read.node]]
table = "Household"
id = "户"
has_car = "汽车"
[[read.node]]
table = "Unit"
id = "单位"
[[read.tie]]
table = "Unit SPONSORS Household"
unit_id = "单位"
household_id = "户"
"""


def test_a_mapping_declares_kinds_and_columns_of_its_own_and_a_store_keeps_them(tmp_path):
    loading = load(
        tmp_path,
        "户,汽车,单位\nh1,有,u1\nh2,,u1\nh3,无,\n",
        OWN.replace('has_car = "汽车"', 'has_car = {column = "汽车", words = {"有" = "yes", "无" = "no"}}'),
    )
    assert loading.problems == []
    assert rows(loading, "Household", "id", "has_car") == [("h1", True), ("h2", None), ("h3", False)]
    assert rows(loading, "Unit SPONSORS Household", "unit_id", "household_id") == [("u1", "h1"), ("u1", "h2")]
    store = graphkit.connect(tmp_path / "a.gk")
    store.write(loading.tables)
    assert store.read() == loading.tables
    assert store.read().model.table_type("Unit").heading.zh == "结对企业"


def test_what_a_mapping_declares_wrongly_is_told_with_its_file(tmp_path):
    for wrong, said in ((OWN.replace('type = "boolean"', 'type = "maybe"'), "m.toml"), (OWN.replace('"SPONSORS"', '"sponsors"'), "m.toml")):
        with pytest.raises(ModelError, match=said):
            load(tmp_path, "户\nh1\n", wrong)
    (tmp_path / "m.toml").write_text(OWN, encoding="utf-8")
    with pytest.raises(ModelError, match="leave --model out"):
        read_mapping(tmp_path / "m.toml", model=read_mapping(tmp_path / "m.toml").model)

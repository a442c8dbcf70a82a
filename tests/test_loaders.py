"""Loaders: the canonical form in every spelling, every kind of bad input, and laws over mangled files."""

import datetime as dt
import io
import json
import re
import time
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import loaders
from graphkit.data.breaches import RULES
from graphkit.data.tables import PROVENANCE, Tables
from graphkit.data.unread import open_tables, touched_subjects
from graphkit.errors import GraphkitError, ParameterError, SourceError
from graphkit.model.kinds import MODEL
from graphkit.words import fold
from loaders.headings import columns_by_heading, kinds_by_name
from tests.table_samples import without_places

DATA = Path(__file__).parent / "data"


def folder_of(tmp_path, encoding="utf-8", **files):
    for stem, text in files.items():
        (tmp_path / f"{stem}.csv").write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return tmp_path


def workbook_of(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def aside(tables):
    return [(row["source_file"], row["source_sheet"], row["source_row"], row["column"], row["rule"]) for row in tables.quarantine.to_pylist()]


def counts(tables, table):
    return {key: value for row in tables.counts.to_pylist() if row["table"] == table for key, value in row.items() if key != "table"}


# Names and headings


def test_every_spelling_means_one_thing():
    spellings = {}
    for kind in MODEL.kinds:
        for name in (kind.table, kind.heading.zh, kind.heading.en):
            assert spellings.setdefault(fold(name), kind) is kind
            assert kinds_by_name(MODEL)[fold(name)] is kind
        for column in kind.columns:
            for name in (column.name, column.heading.zh, column.heading.en):
                assert columns_by_heading(kind)[fold(name)].name == column.name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    ("stem", "heading"),
    [
        ("党员与培养对象", "编号,姓名,发展阶段,是否干部"),
        ("member", "id,name,stage,is cadre"),
        ("MEMBER", "ID,Name,Stage,IS_CADRE"),
        ("Member", "编号,name,stage,Is-Cadre"),
    ],
)
@pytest.mark.parametrize(("stage", "cadre"), [("正式党员", "是"), ("Full Member", "Yes"), ("full", "TRUE"), ("FULL", "1")])
def test_chinese_english_and_stored_words(tmp_path, encoding, stem, heading, stage, cadre):
    tables = loaders.load_folder(folder_of(tmp_path, encoding, **{stem: f"{heading}\nm1,𬱖镕,{stage},{cadre}\n"}))
    [row] = tables["Member"].to_pylist()
    assert (row["id"], row["name"], row["stage"], row["is_cadre"]) == ("m1", "𬱖镕", "full", True)
    assert (row["source_file"], row["source_sheet"], row["source_row"]) == (f"{stem}.csv", None, 2)


@pytest.mark.parametrize("stem", ["Member_HELPS_Household", "member helps household", "结对帮扶", "Member-HELPS-Household"])
def test_names_of_ties(tmp_path, stem):
    folder = folder_of(tmp_path, **{stem: "member_id,household_id,kind\nm,h,one_to_one\n"}, Member="id\nm\n", Household="id\nh\n")
    assert loaders.load_folder(folder)["Member HELPS Household"].num_rows == 1


@pytest.mark.parametrize("day", ["2012-04-30", "2012/4/30", "2012.4.30", "2012年4月30日", "２０１２-０４-３０", "2012-04-30 00:00:00"])
def test_dates_as_offices_write_them(tmp_path, day):
    tables = loaders.load_folder(folder_of(tmp_path, Training=f"id,held_on\nt1,{day}\nt2,2012-05-01\n"))
    assert tables["Training"]["held_on"].to_pylist() == [dt.date(2012, 4, 30), dt.date(2012, 5, 1)]


def test_white_space_is_taken_off_and_blank_rows_are_no_rows(tmp_path):
    tables = loaders.load_folder(folder_of(tmp_path, Zone="id,name\n\u3000z1 , 东区 \n\n , \n,\nz2,\n"))
    assert tables["Zone"].select(["id", "name", "source_row"]).to_pylist() == [
        {"id": "z1", "name": "东区", "source_row": 2},
        {"id": "z2", "name": None, "source_row": 6},
    ]
    assert counts(tables, "Zone")["read"] == 2


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    tables = loaders.load_folder(folder_of(tmp_path, Zone='id,name\r\nz1,"两\r\n行"\r\n\r\nz2,短,长\r\nz3,尾\r\n'))
    assert tables["Zone"].select(["id", "name", "source_row"]).to_pylist() == [
        {"id": "z1", "name": "两\r\n行", "source_row": 2},
        {"id": "z3", "name": "尾", "source_row": 5},
    ]
    assert aside(tables) == [("Zone.csv", None, 4, None, "row.width")]


def test_two_files_of_one_kind_are_put_together_and_equal_rows_merged(tmp_path):
    tables = loaders.load_folder(folder_of(tmp_path, Zone="id,name\nz1,东\n", 责任区="编号,名称\nz1,东\nz1,西\nz2,南\n"))
    assert sorted(tables["Zone"]["id"].to_pylist()) == ["z1", "z2"]
    assert counts(tables, "Zone") == {"read": 4, "loaded": 2, "merged": 1, "quarantined": 1}
    assert aside(tables) == [("责任区.csv", None, 3, "id", "key.once")]


def test_what_is_no_table_is_passed_over(tmp_path):
    folder = folder_of(tmp_path, Zone="id\nz\n", **{"~$Zone": "x", ".Zone": "x"})
    (tmp_path / "~$district.xlsx").write_bytes(b"lock")
    (tmp_path / "README.md").write_text("about", encoding="utf-8")
    (tmp_path / "sub.csv").mkdir()
    assert loaders.load_folder(folder)["Zone"].num_rows == 1


def test_a_column_of_nothing_without_heading_is_passed_over(tmp_path):
    assert loaders.load_folder(folder_of(tmp_path, Zone="id,name,,\nz,东,,\n"))["Zone"].num_rows == 1


def test_an_apostrophe_is_taken_off_only_before_what_a_spreadsheet_would_run(tmp_path):
    tables = loaders.load_folder(folder_of(tmp_path, Zone="id,name\n1,'=1+1\n2,'tis\n3,''tis\n4,=1+1\n"))
    assert tables["Zone"]["name"].to_pylist() == ["=1+1", "'tis", "'tis", "=1+1"]


# Workbooks


def test_a_workbook_has_a_sheet_for_each_kind(tmp_path):
    path = workbook_of(
        tmp_path / "区.xlsx",
        说明=[["anything at all"], ["more"]],
        农户=[["编号", "人口", "是否困难户"], ["h1", 3, True], [None, None, None], [7, 4.0, "否"]],
        Training=[["id", "held on"], ["t1", dt.date(2012, 4, 30)], ["t2", dt.datetime(2012, 5, 1)], ["t3", "2012年5月2日"]],  # noqa: DTZ001
        Sheet3=[],
    )
    tables = loaders.load_workbook(path)
    assert tables["Household"].select(["id", "people", "is_poor", *PROVENANCE.names]).to_pylist() == [
        {"id": "h1", "people": 3, "is_poor": True, "source_file": "区.xlsx", "source_sheet": "农户", "source_row": 2},
        {"id": "7", "people": 4, "is_poor": False, "source_file": "区.xlsx", "source_sheet": "农户", "source_row": 4},
    ]
    assert tables["Training"]["held_on"].to_pylist() == [dt.date(2012, 4, 30), dt.date(2012, 5, 1), dt.date(2012, 5, 2)]
    assert aside(tables) == []
    assert loaders.load(path) == tables == loaders.load_folder(tmp_path)


def test_codes_that_are_numbers_but_whole_are_taken(tmp_path):
    tables = loaders.load_workbook(workbook_of(tmp_path / "a.xlsx", 村=[["代码", "名称"], [230112104001, 5], ["230112104002", "二村"]]))
    assert tables["Village"]["code"].to_pylist() == ["230112104001", "230112104002"]
    assert tables["Village"]["name"].to_pylist() == ["5", "二村"]


def test_a_lone_sheet_may_go_by_the_name_of_its_file(tmp_path):
    workbook_of(tmp_path / "责任区.xlsx", Sheet1=[["编号"], ["z1"]])
    assert loaders.load_folder(tmp_path)["Zone"]["source_sheet"].to_pylist() == ["Sheet1"]


def test_a_sheet_name_cut_at_31_characters_is_known(tmp_path):
    name = "member liaises with co-operative"[:31]
    book = workbook_of(
        tmp_path / "a.xlsx", **{name: [["member id", "co-operative id"], ["m", "c"]], "member": [["id"], ["m"]], "co-operative": [["id"], ["c"]]}
    )
    assert loaders.load(book)["Member LIAISES Cooperative"].num_rows == 1


# Bad input: rows


@pytest.mark.parametrize(
    ("stem", "heading", "cells", "column", "rule"),
    [
        ("村", "代码", "2301121040", "code", "type.code"),
        ("村", "代码", "2.30112E+11", "code", "type.lost_digits"),
        ("村", "代码", "23011210400一", "code", "type.code"),
        ("乡镇", "代码", "230112104001", "code", "type.code"),
        ("农户", "编号", "2.30112199001011E+17", "id", "type.lost_digits"),
        ("农户", "编号,人口", ",3", "id", "value.required"),
    ],
)
def test_a_bad_cell_sets_its_row_aside_with_place_and_remedy(tmp_path, stem, heading, cells, column, rule):
    tables, problems = loaders.check_source(folder_of(tmp_path, **{stem: f"{heading}\n{cells}\n"}))
    assert aside(tables) == [(f"{stem}.csv", None, 2, column, rule)]
    [problem] = problems
    assert (problem.file, problem.row, problem.column, problem.rule) == (f"{stem}.csv", 2, column, rule)
    assert problem.remedy.zh in problem.describe("zh")
    assert problem.remedy.en in problem.describe("en")
    table = tables.quarantine["table"][0].as_py()
    assert counts(tables, table) == {"read": 1, "loaded": 0, "merged": 0, "quarantined": 1}


@pytest.mark.parametrize(
    ("stem", "heading", "cells", "column", "rule"),
    [
        ("农户", "编号,人口", "h,5户", "people", "type.integer"),
        ("农户", "编号,人口", "h,3.5", "people", "type.integer"),
        ("农户", "编号,人口", "h,0x1F", "people", "type.integer"),
        ("农户", "编号,人口", "h,99999999999999999999", "people", "type.integer"),
        ("农户", "编号,人口", "h,-3", "people", "value.range"),
        ("农户", "编号,是否困难户", "h,也许", "is_poor", "type.boolean"),
        ("培训", "编号,举办日期", "t,2012-02-30", "held_on", "type.date"),
        ("培训", "编号,举办日期", "t,2010年13月", "held_on", "type.date"),
        ("培训", "编号,举办日期", "t,40298", "held_on", "type.date"),
        ("培训", "编号,举办日期", "t,0000-01-01", "held_on", "type.date"),
        ("培训", "编号,举办日期", "t,2012-04-30 08:00:00", "held_on", "type.date"),
        ("培训", "编号,形式", "t,远程", "form", "value.choice"),
        ("党员与培养对象", "编号,出生年", "m,1850", "birth_year", "value.range"),
        ("党组织", "编号,成立日期,撤销日期", "b,2012-01-01,2011-01-01", "dissolved_on", "period.order"),
        ("农户", "编号,人口", "h,#REF!", "people", "cell.error"),
        ("党员与培养对象", "编号,入党日期", "m,1919-05-04", "admitted_on", "date.early"),
    ],
)
def test_an_optional_cell_that_cannot_be_read_is_unknown_and_never_costs_the_row(tmp_path, stem, heading, cells, column, rule):
    tables, problems = loaders.check_source(folder_of(tmp_path, **{stem: f"{heading}\n{cells}\n"}))
    assert aside(tables) == []
    [problem] = problems
    assert (problem.file, problem.row, problem.column, problem.rule, problem.effect) == (f"{stem}.csv", 2, column, rule, "report")
    assert problem.remedy.zh in problem.describe("zh")
    assert problem.remedy.en in problem.describe("en")
    assert tables[problem.table][column].to_pylist() == [None]
    assert counts(tables, problem.table) == {"read": 1, "loaded": 1, "merged": 0, "quarantined": 0}
    assert (problem.table, column, cells[0]) in {(row["table"], row["column"], row["subject_id"]) for row in tables.unread.to_pylist()}


def test_the_row_is_kept_as_it_was_read(tmp_path):
    tables, problems = loaders.check_source(folder_of(tmp_path, 农户="编号,人口,是否困难户\n2.3E+17,5户,或许\nh2,3,是\n"))
    assert [json.loads(row) for row in tables.quarantine["row"].to_pylist()] == [{"id": "2.3E+17", "people": "5户", "is_poor": "或许"}]
    assert sorted((p.rule, p.value) for p in problems) == [("type.boolean", "或许"), ("type.integer", "5户"), ("type.lost_digits", "2.3E+17")]
    assert tables["Household"]["id"].to_pylist() == ["h2"]


def test_an_unknown_village(tmp_path):
    folder = folder_of(tmp_path, 村="代码\n230112104001\n", 农户="编号\nh1\nh2\n", 农户居住村="农户编号,村代码\nh1,230112104001\nh2,230112104009\n")
    tables, [problem] = loaders.check_source(folder)
    assert aside(tables) == [("农户居住村.csv", None, 3, "village_code", "tie.ends")]
    assert (problem.value, problem.row) == ("230112104009", 3)


def test_a_doubled_key_names_the_row_that_is_kept(tmp_path):
    _, [problem] = loaders.check_source(folder_of(tmp_path, 农户="编号,人口\nh1,3\nh2,2\nh1,4\n"))
    assert (problem.row, problem.rule, problem.value) == (4, "key.once", "h1")
    assert "农户.csv 第2行" in problem.text.zh


def test_a_row_of_another_width_is_set_aside_whole(tmp_path):
    tables, problems = loaders.check_source(folder_of(tmp_path, 农户="编号,人口\nh1,3,多\nh2\nh3,2\n"))
    assert aside(tables) == [("农户.csv", None, 2, None, "row.width"), ("农户.csv", None, 3, None, "row.width")]
    assert counts(tables, "Household") == {"read": 3, "loaded": 1, "merged": 0, "quarantined": 2}
    assert [problem.row for problem in problems] == [2, 3]
    assert json.loads(tables.quarantine["row"][0].as_py()) == {"text": "h1,3,多"}


def test_problems_stand_in_the_order_of_the_files(tmp_path):
    _, problems = loaders.check_source(folder_of(tmp_path, 农户="编号,人口\nh1,五\nh2,3,多\nh3,三\n", 村="代码\n7\n"))
    assert [(p.table, p.row) for p in problems] == [("Village", 2), ("Household", 2), ("Household", 3), ("Household", 4)]


def test_an_identity_number_stored_as_a_number(tmp_path):
    tables, [problem] = loaders.check_source(workbook_of(tmp_path / "a.xlsx", 农户=[["编号"], [230112199001011234]]))
    assert aside(tables) == [("a.xlsx", "农户", 2, "id", "type.lost_digits")]
    assert "230112199001011" not in problem.describe("zh")


def test_an_error_of_the_spreadsheet_is_no_empty_cell(tmp_path):
    tables, problems = loaders.check_source(workbook_of(tmp_path / "a.xlsx", 农户=[["编号", "人口"], ["h1", "#N/A"], ["#REF!", 2]]))
    assert tables["Household"]["people"].to_pylist() == [None]
    assert aside(tables) == [("a.xlsx", "农户", 3, "id", "cell.error")]
    assert [(p.row, p.column, p.value) for p in problems] == [(2, "people", "#N/A"), (3, "id", "#REF!")]


def test_a_formula_that_was_never_computed_is_no_empty_cell(tmp_path):
    """openpyxl writes formulas without a result, as other programs that do not compute them."""
    path = workbook_of(tmp_path / "a.xlsx", 农户=[["编号", "人口"], ['="h"&1', "=1+1"], ["h2", "=2+1"], ["h3", 4]])
    tables, problems = loaders.check_source(path)
    assert tables["Household"].select(["id", "people"]).to_pylist() == [{"id": "h2", "people": None}, {"id": "h3", "people": 4}]
    assert aside(tables) == [("a.xlsx", "农户", 2, "id", "cell.not_computed")]
    assert [(p.row, p.column, p.rule, p.value) for p in problems] == [
        (2, "id", "cell.not_computed", "="), (2, "people", "cell.not_computed", "="), (3, "people", "cell.not_computed", "="),
    ]  # fmt: skip
    assert counts(tables, "Household") == {"read": 3, "loaded": 2, "merged": 0, "quarantined": 1}


@pytest.mark.parametrize("word", ["/", "—", "-", "N/A", "不适用"])
def test_what_does_not_apply_is_an_empty_cell(tmp_path, word):
    tables, problems = loaders.check_source(folder_of(tmp_path, 党组织=f"编号,成立日期,撤销日期\nb,2010-01-01,{word}\n"))
    assert problems == []
    assert tables["Branch"]["dissolved_on"].to_pylist() == [None]
    assert tables.unread.num_rows == 0


def test_rows_that_are_no_data_are_no_subjects(tmp_path):
    rows = "h1,3\n小 计,3\n编号,人口\nh2,2\n合计：,5\n合计,5\n填表人：某某,\n注：户数含空挂户,\n备注,\n"
    loading = loaders.read_source(folder_of(tmp_path, 农户=f"编号,人口\n{rows}"))
    assert loading.tables["Household"]["id"].to_pylist() == ["h1", "h2"]
    assert [(part.reason.en, part.rows) for part in loading.readings[0].skipped] == [
        ("headings", (1,)), ("headings repeated", (4,)), ("totals and subtotals", (3, 6, 7)), ("notes and signatures below the table", (8, 9, 10)),
    ]  # fmt: skip
    assert counts(loading.tables, "Household") == {"read": 2, "loaded": 2, "merged": 0, "quarantined": 0}
    assert (loading.problems, loading.tables.unread.num_rows) == ([], 0)


def test_a_village_is_no_total_for_its_name(tmp_path):
    tables = loaders.load(folder_of(tmp_path, 责任区="编号,名称\nz1,合计屯\n注子沟,说明村\n总计划区,东\n"))
    assert tables["Zone"]["id"].to_pylist() == ["z1", "注子沟", "总计划区"]


def test_ids_are_compared_without_what_is_not_seen(tmp_path):
    decomposed, composed = "Cafe\u0301", "Caf\u00e9"
    folder = folder_of(
        tmp_path, 党员与培养对象=f"编号\nｍ１\nm\u200b2\n{decomposed}\n", 农户="编号\nh1\n",
        结对帮扶=f"党员与培养对象编号,农户编号,结对方式\nm1,Ｈ1,一帮一\nm2,h1,一帮一\n{composed},h1,一帮一\n",
    )  # fmt: skip
    tables, problems = loaders.check_source(folder)
    assert tables["Member"]["id"].to_pylist() == ["m1", "m2", composed]
    assert tables["Member HELPS Household"]["member_id"].to_pylist() == ["m2", composed]
    assert [(p.rule, p.row) for p in problems] == [("tie.ends", 2), ("id.near", 2)]  # H1 and h1 differ by case alone: told, not guessed


@pytest.mark.parametrize(("there", "given"), [("H1", "h1"), ("1001", "1001.0"), ("a1", "a01")])
def test_an_id_that_differs_in_writing_alone_is_told_once_a_table(tmp_path, there, given):
    folder = folder_of(tmp_path, 农户=f"编号\n{there}\n", 责任区="编号\nz\n", 责任区农户=f"责任区编号,农户编号\nz,{given}\nz,{given}\nz,other\n")
    problems = [p for p in loaders.check_source(folder)[1] if p.rule == "id.near"]
    assert [(p.row, "本表共 2 行" in p.text.zh, f"'{there}'" in p.text.en, p.effect) for p in problems] == [(2, True, True, "report")]


@pytest.mark.parametrize(
    ("there", "given", "read", "told"),
    [
        (["007", "012"], ["7", "12", "7"], ["007", "012", "007"], "such as '7' read as '007'; 3 rows"),
        (["7", "12"], ["007", "12"], ["7", "12"], "such as '007' read as '7'; 1 rows"),
        (["007", "07"], ["7"], [], None),  # two can be meant
        (["007"], ["7", "07"], [], None),  # and here two are written for one
        (["007", "7"], ["7"], ["7"], None),  # it is there as it stands
        (["007"], ["8", "000"], [], None),
        (["a007"], ["a7"], [], None),
        (["110"], ["11"], [], None),  # a zero at the end is no zero at the start
    ],
)
def test_zeros_lost_at_the_start_of_an_id_are_put_back_only_where_one_alone_can_be_meant(tmp_path, there, given, read, told):
    lines = lambda heading, cells: heading + "\n" + "".join(f"{cell}\n" for cell in cells)  # noqa: E731
    folder = folder_of(
        tmp_path, 农户=lines("编号", there), 责任区="编号\nz\n", 责任区农户=lines("责任区编号,农户编号", [f"z,{one}" for one in given])
    )
    loading = loaders.read_source(folder)
    assert sorted(set(loading.tables["Zone COVERS Household"]["household_id"].to_pylist())) == sorted(set(read))
    repaired = [problem for problem in loading.problems if problem.rule == "id.zeros"]
    assert [problem.text.en.partition(": ")[2] for problem in repaired] == ([f"household id, {told}"] if told else [])
    assert all(problem.effect == "report" for problem in repaired)


def test_ids_that_a_spreadsheet_made_dates_of_are_told_once(tmp_path):
    _, [problem] = loaders.check_source(folder_of(tmp_path, 农户="编号\n2026-03-05\n2026-03-06\nh3\n"))
    assert (problem.rule, problem.row, problem.effect) == ("id.date", 2, "report")
    assert "2" in problem.text.zh


def test_the_encoding_is_that_of_the_whole_file(tmp_path):
    whole = "id,name\nz1,东区\nz2,西区\n".encode()
    (tmp_path / "Zone.csv").write_bytes(whole)
    assert loaders.load(tmp_path / "Zone.csv")["Zone"]["name"].to_pylist() == ["东区", "西区"]
    (tmp_path / "Zone.csv").write_bytes(whole + b"z3,\xff\n")
    assert "line 4 is not in UTF-8" in str(refused(tmp_path / "Zone.csv"))


def test_a_code_that_lost_its_zeros_as_a_number(tmp_path):
    tables, [problem] = loaders.check_source(workbook_of(tmp_path / "a.xlsx", 乡镇=[["代码"], [1234567]]))
    assert aside(tables) == [("a.xlsx", "乡镇", 2, "code", "type.code")]
    assert problem.value == "1234567"


# Bad input: files


def refused(path, **options):
    with pytest.raises(SourceError) as raised:
        loaders.load(path, **options)
    zh, en = raised.value.say("zh"), raised.value.say("en")
    assert zh != en
    assert any("\u4e00" <= letter <= "\u9fff" for letter in zh)
    assert zh in str(raised.value)
    assert en in str(raised.value)
    return raised.value


def test_a_column_that_the_table_does_not_have_is_never_a_reason_to_refuse_it(tmp_path):
    loading = loaders.read_source(folder_of(tmp_path, 农户="编号,人口,家庭收入,备注,空列\nh1,3,100,x,\nh2,2,200,,\n"))
    assert loading.tables["Household"].select(["id", "people"]).to_pylist() == [{"id": "h1", "people": 3}, {"id": "h2", "people": 2}]
    assert loading.problems == []
    assert [note.en for note in loading.readings[0].notes] == [
        "columns that the table does not have, not read: *** (column 3), 备注 (column 4)"  # a heading that may be a name is not repeated
    ]


def test_a_heading_mistyped_is_told_once_with_the_nearest_and_its_cells_count_as_not_read(tmp_path):
    folder = folder_of(tmp_path, 农户="编号,人囗,isPoorr\nh1,3,是\nh2,2,\nh3,,是\n", 村="代码,名称\n230112000001,甲村\n")
    (folder / "农户居住村.csv").write_text("农户编号,村代码,结束时间\nh1,230112000001,2011-01-01\nh2,230112000001,\n", encoding="utf-8")
    loading = loaders.read_source(folder)
    told = [(problem.file, problem.row, problem.rule, problem.text.en.partition(": ")[2]) for problem in loading.problems]
    assert told == [
        ("农户.csv", None, "heading.unknown", "'人囗', column 2, cells: 2, perhaps meant for 'people'"),
        ("农户.csv", None, "heading.unknown", "'isPoorr', column 3, cells: 2, perhaps meant for 'is poor'"),
        ("农户居住村.csv", None, "heading.unknown", "'结束时间', column 3, cells: 1, perhaps meant for 'until'"),
    ]
    # an empty "until" says that the tie goes on: where something stood under a heading like it, that is not known
    assert {kind: keys.to_pylist() for kind, keys in touched_subjects(loading.tables).items()} == {"Household": ["h1"], "Village": ["230112000001"]}


def test_a_required_column_under_a_heading_mistyped_is_refused_and_named(tmp_path):
    error = refused(folder_of(tmp_path, 农户="编码,人口\nh1,3\n"))
    assert "是否就是“编号”" in str(error)
    assert "is '编码' (column 1) meant for 'id'?" in str(error)


def test_no_heading_at_all_repeats_nothing_of_the_row(tmp_path):
    error = refused(folder_of(tmp_path, 党员与培养对象="m1,张三丰,13812345678\n"))
    assert "张三丰" not in str(error)
    assert "13812345678" not in str(error)
    assert "编号" in str(error)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("名称\n东\n", "编号"),
        ("编号,ID\nz,z\n", "出现两次"),
        (",\nz,东\n", "编号"),
        ("", "空的"),
        ("\ufeff\n", "空的"),
        (b"\xff\xfe7\x00h\x00", "表头"),
        (b"id\nz\x00\n", "空字节"),
        (b"id,name\nz,\xff\xff\n", "GB18030"),
        ('id,name\nz1,东\nz2,"西\nz3,南\n', "引号"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, text, says):
    error = refused(folder_of(tmp_path, 责任区=text))
    assert says in str(error)
    assert error.path.endswith("责任区.csv")


def test_a_missing_column_is_named_in_both_languages(tmp_path):
    error = refused(folder_of(tmp_path, 结对帮扶="党员与培养对象编号,农户编号\nm,h\n"))
    assert "结对方式" in str(error)
    assert error.column == "kind"


def test_an_encoding_may_be_named(tmp_path):
    folder = folder_of(tmp_path, "big5", 责任區="id\nz\n".replace("責", "責"))
    (folder / "责任區.csv").rename(folder / "Zone.csv")
    (folder / "Zone.csv").write_bytes("id,name\nz,東區\n".encode("big5"))
    assert loaders.load_folder(folder, encoding="big5")["Zone"]["name"].to_pylist() == ["東區"]
    with pytest.raises(ParameterError, match="klingon"):
        loaders.load_folder(folder, encoding="klingon")
    (folder / "Zone.csv").write_bytes("id,name\nz,东区\n".encode("gb18030"))
    assert "UTF-8" in str(refused(folder, encoding="utf-8"))


def test_a_name_that_is_no_kind_names_the_nearest(tmp_path):
    error = refused(folder_of(tmp_path, 农户表="编号\nh\n"))
    assert "“农户表”" in str(error)
    assert "是否为“农户”" in str(error)


def test_a_sheet_that_is_no_kind(tmp_path):
    error = refused(workbook_of(tmp_path / "a.xlsx", 责任区们=[["编号"], ["z"]]))
    assert (error.sheet, error.path) == ("责任区们", str(tmp_path / "a.xlsx"))


@pytest.mark.parametrize(
    ("name", "headings", "meant"),
    [("责任区们", ["编号"], "责任区"), ("农户名册", ["编号"], "农户"), ("党员花名册", ["编号"], "党员与培养对象"), ("Sheet3", ["编号", "人口"], "农户"),
     ("Household 2", ["id"], "农户"), ("结对帮扶2012", ["帮扶人", "户"], "结对帮扶")],
)  # fmt: skip
def test_a_sheet_of_an_unknown_name_that_may_be_a_table_is_set_aside_whole_and_told_once(tmp_path, name, headings, meant):
    book = {
        "村": [["代码", "名称"], ["230112104001", "一村"]],
        name: [["某区", None], headings, ["a", "1"][: len(headings)], [], ["b", "2"][: len(headings)]],
    }
    loading = loaders.read_source(workbook_of(tmp_path / "a.xlsx", **book))
    [problem] = loading.problems
    assert (problem.sheet, problem.row, problem.rule, problem.effect) == (name, None, "sheet.unknown", "quarantine")
    assert f"行，也许应为“{meant}”" in problem.text.zh
    table = problem.table
    [counts] = [row for row in loading.tables.counts.to_pylist() if row["table"] == table]
    reading = loading.readings[-1]
    assert (counts["read"], counts["loaded"], counts["quarantined"]) == (reading.misfits, 0, reading.misfits)
    assert reading.misfits >= 2
    assert reading.lines == 5


def test_a_table_of_which_a_sheet_may_have_been_lost_is_not_complete(tmp_path):
    said = [["表", "齐全程度"], ["农户", "齐全"], ["村", "齐全"]]
    sheets = {"村": [["代码", "名称"], ["230112104001", "一村"]], "农户": [["编号", "人口"], ["h1", 3]], "完整性": said}
    whole = loaders.read_source(workbook_of(tmp_path / "a.xlsx", **sheets)).tables
    assert {"Household", "Village"}.isdisjoint(open_tables(whole))
    for name, rows in (("农户表续", [["编号", "人口"], ["h2", 2]]), ("汇总", [["乡镇", "户数"], ["某镇", 40]])):
        loading = loaders.read_source(workbook_of(tmp_path / f"{name}.xlsx", **sheets, **{name: rows}))
        assert ("Household" in open_tables(loading.tables)) == (name == "农户表续")
        assert "Village" not in open_tables(loading.tables)
    assert loading.problems == []
    assert [(part.reason.en, part.rows) for part in loading.readings[-1].skipped] == [("counts, and no list", (1, 2))]
    with pytest.warns(UserWarning, match=r"汇总\.xlsx · 汇总: 2 rows of counts"):
        loaders.load(tmp_path / "汇总.xlsx")


def test_python_warns_of_a_column_not_read_as_the_command_line_does(tmp_path):
    folder = folder_of(tmp_path, 农户="编号,人囗,面积\nh1,3,4\n")
    with pytest.warns(UserWarning, match="not read") as caught:
        loaders.load_folder(folder)
    [warning] = caught
    assert warning.filename == __file__
    assert "not read: 面积 (column 3)" in str(warning.message)
    assert "perhaps meant for 'people'" in str(warning.message)


def test_nothing_of_a_row_of_another_width_is_kept_beside_pseudonyms(tmp_path):
    (tmp_path / "in").mkdir()
    folder = folder_of(tmp_path / "in", 农户="编号,人口\nh1,3\n110101194910011236,3,4\n")
    tables = loaders.load_folder(folder, pseudonyms=tmp_path / "key")
    assert tables.quarantine["row"].to_pylist() == ['{"text": ""}']


def test_a_folder_with_nothing_in_it(tmp_path):
    assert "没有表格" in str(refused(tmp_path))
    (tmp_path / "README.md").write_text("about", encoding="utf-8")
    assert "no table" in str(refused(tmp_path))


def test_what_is_not_there(tmp_path):
    with pytest.raises(SourceError, match="no such folder"):
        loaders.load_folder(tmp_path / "gone")
    assert "打不开" in str(refused(tmp_path / "gone.csv"))
    assert "gone" in str(refused(tmp_path / "gone"))


def test_a_workbook_that_is_not_one(tmp_path):
    path = tmp_path / "区.xlsx"
    for content in (b"id,name\n1,2\n", b"PK\x03\x04 and then nothing of a workbook"):
        path.write_bytes(content)
        assert "不是" in str(refused(path))
    path.write_bytes(b"")
    assert "空的" in str(refused(path))


def test_a_workbook_with_a_password():
    assert "密码" in str(refused(DATA / "locked.xlsx"))  # a real one, encrypted by the standard of Office 2010


def test_an_old_workbook_is_read_whatever_its_name(tmp_path):
    for name in ("old.xls", "old.xlsx"):
        (tmp_path / name).write_bytes((DATA / "old.xls").read_bytes())
        assert loaders.load(tmp_path / name)["Village"].num_rows == 0  # it holds the headings alone


def test_an_empty_workbook(tmp_path):
    assert "空的" in str(refused(workbook_of(tmp_path / "a.xlsx", Sheet1=[])))


def test_a_csv_is_no_workbook(tmp_path):
    with pytest.raises(SourceError, match="load_folder"):
        loaders.load_workbook(folder_of(tmp_path, Zone="id\nz\n") / "Zone.csv")


def test_all_files_are_complained_of_at_once(tmp_path):
    error = refused(folder_of(tmp_path, 农户="", 责任区="名称,面积\nz,3\n", 村="代码\n230112104001\n"))
    assert "农户.csv" in str(error)
    assert "编号" in str(error)


def test_personal_values_stay_out_of_messages(tmp_path):
    planted = ["张三丰", "李四光", "13812345678", "230112199001011234"]
    folder = folder_of(
        tmp_path,
        党员与培养对象="编号,姓名,发展阶段,入党日期,出生年,是否干部\n"
        "张三丰,m1,李四光,张三丰,李四光,张三丰\n230112199001011234,张三丰,13812345678,13812345678,13812345678,230112199001011234\n"
        "m1,张三丰,正式党员,,,\nm1,李四光,正式党员,,,\nm2,张三丰,多了,一格,李四光,13812345678,1\n",
        结对帮扶="党员与培养对象编号,农户编号,结对方式\n张三丰,李四光,13812345678\n13812345678,230112199001011234,张三丰\n",
        农户居住村="农户编号,村代码\n李四光,13812345678\n张三丰,230112199001011234\n",
    )
    _, problems = loaders.check_source(folder)
    assert len(problems) >= 10
    for problem in problems:
        for text in (problem.describe("zh"), problem.describe("en"), repr(problem)):
            assert not [value for value in planted if value in text], text


# Laws


def accounted_for(tables):
    for row in tables.counts.to_pylist():
        assert row["loaded"] + row["merged"] + row["quarantined"] == row["read"]
        assert row["loaded"] == tables[row["table"]].num_rows
    assert tables.quarantine.num_rows == sum(tables.counts["quarantined"].to_pylist())


def load_bytes(folder, name, data):
    (folder / name).write_bytes(data)
    try:
        tables, problems = loaders.check_source(folder)
    except GraphkitError as error:
        return str(error)
    accounted_for(tables)
    aside_rows = {(row["table"], row["source_row"]) for row in tables.quarantine.to_pylist()}
    assert aside_rows == {(problem.table, problem.row) for problem in problems if problem.effect == "quarantine" or problem.rule == "row.no_data"}
    assert {problem.rule for problem in problems} <= set(RULES)
    return tables


WHOLE = '编号,姓名,发展阶段,入党日期,出生年,是否干部\nm1,张三,正式党员,2012-04-30,1950,是\nm2,"李\n四",申请人,,1980,否\nm1,张三,正式党员,2012-04-30,1950,是\n'
PIECES = st.sampled_from([b",", b'"', b"\n", b"\r\n", b"\x00", b"\xff", b"\xb4\xe5", "村".encode(), b"E+", b"-", b"'", b"=", b" ", b"9" * 30])


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 12), PIECES | st.binary(max_size=3)), max_size=6),
    st.sampled_from(["utf-8", "gb18030", "utf-8-sig"]),
)
def test_a_mangled_csv_is_read_or_refused(tmp_path_factory, cuts, encoding):
    data = WHOLE.encode(encoding)
    for start, length, piece in cuts:
        data = data[:start] + piece + data[start + length :]
    load_bytes(tmp_path_factory.mktemp("fuzz"), "Member.csv", data)


@given(st.binary(max_size=200))
def test_random_bytes_are_read_or_refused(tmp_path_factory, data):
    load_bytes(tmp_path_factory.mktemp("fuzz"), "Zone.csv", data)
    load_bytes(tmp_path_factory.mktemp("fuzz"), "Zone.csv", b"id,name\n" + data)
    load_bytes(tmp_path_factory.mktemp("fuzz"), "Zone.xlsx", data)


def workbook_bytes():
    book = openpyxl.Workbook()
    book.active.title = "Member"
    for row in [["id", "name", "birth year"], ["m1", "x", 1950], ["m2", "y", 1980]]:
        book.active.append(row)
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


WORKBOOK = workbook_bytes()


@given(st.lists(st.tuples(st.integers(0, len(WORKBOOK)), st.integers(0, 40), st.binary(max_size=8)), min_size=1, max_size=4))
def test_a_mangled_workbook_is_read_or_refused(tmp_path_factory, cuts):
    data = WORKBOOK
    for start, length, piece in cuts:
        data = data[:start] + piece + data[start + length :]
    load_bytes(tmp_path_factory.mktemp("fuzz"), "Member.xlsx", data)


CELL = st.text(st.sampled_from("村a0=+-@'\",;\n\r 龘，"), max_size=6)


@given(st.lists(st.tuples(CELL, CELL), max_size=6))
def test_reads_what_the_csv_module_of_python_reads(tmp_path_factory, rows):
    import csv

    sink = io.StringIO(newline="")
    csv.writer(sink, quoting=csv.QUOTE_ALL).writerows([("id", "name"), *((f"z{n}", name) for n, (_, name) in enumerate(rows))])
    folder = tmp_path_factory.mktemp("csv")
    tables = load_bytes(folder, "Zone.csv", sink.getvalue().encode())
    names = [name.strip() for _, name in rows]
    guarded = re.compile(r"'(\s*[=+@'-]|[\t\r\n])")  # as a text is written that a spreadsheet might run
    names = [name[1:] if guarded.match(name) else name for name in names]
    assert tables == Tables(
        {"Zone": pa.table({"id": [f"z{n}" for n in range(len(rows))], "name": pa.array([name or None for name in names], pa.string()),
                           "source_file": ["Zone.csv"] * len(rows), "source_row": pa.array(range(2, len(rows) + 2), pa.int64())})}
    )  # fmt: skip


def test_200_000_rows_take_about_a_second(tmp_path):
    lines = "".join(f"h{n:06},{n % 6 + 1},{'是' if n % 9 else '否'}\n" for n in range(200_000))
    folder = folder_of(tmp_path, "gb18030", 农户=f"编号,人口,是否困难户\n{lines}")
    started = time.process_time()
    tables = loaders.load_folder(folder)
    assert time.process_time() - started < 4  # 0.3 s of processor on a quiet machine
    assert tables["Household"].num_rows == 200_000
    assert without_places(tables)["Household"]["people"].to_pylist()[:3] == [1, 2, 3]

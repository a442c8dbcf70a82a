"""Registers: filled as a clerk would fill them, in both languages, marked, corrected and loaded again."""

import openpyxl
import pytest

import loaders
from graphkit.cli import main
from graphkit.data.checks import RULES
from loaders.mapping import read_mapping
from loaders.registers import REGISTERS

FIRST = 3  # row 1 has the headings, row 2 the example


def fill(tmp_path, lang, change=lambda rows: rows):
    """A workbook of registers in which every example is a row, and each id that it names is there."""
    path = loaders.write_registers(tmp_path / f"{lang}.xlsx", lang=lang, rows=4)
    book = openpyxl.load_workbook(path)
    for register in REGISTERS:
        rows = [[column.example.say(lang) for column in register.columns]]
        if register.key == "branch":
            rows = [
                [*rows[0][:3], None, *rows[0][4:]],
                ["b00", rows[0][1], rows[0][2], None, None, None, None],
                ["b02", rows[0][1], rows[0][2], None, None, None, None],
            ]
        sheet = book[register.sheet.say(lang)]
        for number, row in enumerate(change(rows) if register.key == "household" else rows, FIRST):
            for column, value in zip(register.columns, row, strict=True):
                sheet.cell(number, place_of(sheet, column.heading.say(lang)), value)
    book.save(path)
    return path


def place_of(sheet, heading):
    """The column under a heading, from 1."""
    return [cell.value for cell in sheet[1]].index(heading) + 1


def write(path, sheet, row, **cells):
    """Write into cells of a row, by heading."""
    book = openpyxl.load_workbook(path)
    for heading, value in cells.items():
        book[sheet].cell(row, place_of(book[sheet], heading)).value = value
    book.save(path)
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_row_of_each_register_says_what_it_says(tmp_path, lang):
    loading = loaders.read_source(fill(tmp_path, lang), mapping="registers")
    assert [problem.describe(lang) for problem in loading.problems if problem.effect == "quarantine"] == []
    held = {name: table.num_rows for name, table in loading.tables.items() if table.num_rows}
    assert held == {
        "Township": 1, "Village": 1, "Cooperative": 1, "Branch": 3, "Member": 1, "Household": 1, "Village IN Township": 1,
        "Cooperative OPERATES_IN Village": 1, "Branch SERVES Cooperative": 1, "Branch SERVES Village": 1, "Member BELONGS_TO Branch": 2,
        "Member WORKS_IN Cooperative": 1, "Member LIVES_IN Village": 1, "Household LIVES_IN Village": 1, "Household JOINED Cooperative": 1,
        "Member HELPS Household": 1, "Member LIAISES Cooperative": 1,
    }  # fmt: skip
    assert loading.tables["Cooperative"]["output_yuan"].to_pylist() == [200_000]
    assert loading.tables["Member HELPS Household"]["kind"].to_pylist() == ["one_to_one"]


def test_the_mapping_of_registers_is_sound_and_reads_every_column():
    mapping = read_mapping("registers")
    assert len(mapping.reads) == 2 * len(REGISTERS)
    for read, register in zip(mapping.reads, REGISTERS, strict=False):
        used = {heading for saying in read.sayings for cell in saying.cells.values() for heading in cell.columns}
        assert used == {column.heading.zh for column in register.columns}
        assert set(read.names.values()) == {column.shown.zh for column in register.columns if column.shown}


def test_a_whole_cycle_of_a_clerk(tmp_path, capsys):
    """Fill, check with marks, look at the marked cell, correct it in the marked copy, load that."""

    def wrong(rows):
        return [*rows, ["h002", "赵一", "五口", "否", "230112000299", None, "m001、m009", "一帮一", "2012.4"]]

    path = fill(tmp_path, "zh", wrong)
    marked = tmp_path / "marked.xlsx"
    assert main(["check", str(path), "--mapping", "registers", "--mark", str(marked)]) == 3
    capsys.readouterr()
    book = openpyxl.load_workbook(marked)
    listed = list(book["问题"].iter_rows(min_row=2, values_only=True))
    assert {row[7] for row in listed} <= set(RULES) | {row[7] for row in listed if str(row[7]).startswith("type.")}
    assert all(row[0] == "zh.xlsx" for row in listed)
    assert any(cell.comment for row in book["农户台账"].iter_rows(min_row=4, max_row=4) for cell in row)
    assert book["问题"]["C2"].hyperlink is not None
    book.close()
    write(marked, "农户台账", 4, 人口="5口", 村代码="230112000201", 帮扶人编号="m001", 最近走访日期="2012.4.1")
    assert main(["load", str(marked), str(tmp_path / "a.gk"), "--mapping", "registers"]) == 0
    loading = loaders.read_source(marked, mapping="registers")
    assert [problem.rule for problem in loading.problems if problem.effect == "quarantine"] == []
    assert loading.tables["Household"]["people"].to_pylist() == [4, 5]


def test_a_load_of_which_nothing_is_left_is_no_load(tmp_path, capsys):
    (tmp_path / "农户居住村.csv").write_text("农户编号,村代码\nh1,230112000201\n", encoding="utf-8")
    assert main(["load", str(tmp_path / "农户居住村.csv"), str(tmp_path / "a.gk")]) == 3
    assert not (tmp_path / "a.gk").exists() or not any((tmp_path / "a.gk").iterdir())


def test_a_marked_copy_of_the_canonical_form(tmp_path):
    (tmp_path / "农户.csv").write_text("编号,人口\nh1,3\n138 1234 5678,2\nh3,4,多\n", encoding="utf-8")
    _, problems = loaders.check_source(tmp_path / "农户.csv")
    path = loaders.mark_workbook(tmp_path / "农户.csv", problems, tmp_path / "out.xlsx", lang="en")
    book = openpyxl.load_workbook(path)
    sheet = book["农户"]
    assert sheet["A3"].comment.text.startswith("an identity number or a phone may not be an id")
    assert sheet["A3"].fill.fgColor.rgb == "FFF8CBAD"
    assert sheet["A4"].value == "h3,4,多"
    assert sheet["A2"].comment is None
    assert (path.stat().st_mode & 0o077) == 0


def test_what_offices_write_for_a_choice_is_that_choice(tmp_path):
    rows = lambda rows: [[*rows[0][:3], "√", *rows[0][4:]], ["h002", None, "2", "一般户", *rows[0][4:]], ["h003", None, "2", "不清楚", *rows[0][4:]]]  # noqa: E731
    loading = loaders.read_source(fill(tmp_path, "zh", rows), mapping="registers")
    assert loading.tables["Household"]["is_poor"].to_pylist() == [True, False, None]
    assert [problem.rule for problem in loading.problems if problem.column == "is_poor"] == []


def test_every_mark_stands_in_the_cell_at_fault_and_names_it_as_the_register_does(tmp_path):
    wrong = lambda rows: [*rows, ["h002", None, "五个半", "贫困", "乙村", "c09", "m099、m001", "一帮一", "去年"]]  # noqa: E731
    path = fill(tmp_path, "zh", wrong)
    problems = loaders.read_source(path, mapping="registers").problems
    told = {(problem.rule, problem.heading.zh) for problem in problems if problem.row == 4 and problem.sheet == "农户台账"}
    assert told == {
        ("type.integer", "人口"), ("type.boolean", "是否困难户"), ("type.code", "村代码"), ("tie.ends", "加入合作社编号"), ("tie.ends", "帮扶人编号"),
        ("type.date", "最近走访日期"),
    }  # fmt: skip
    sheet = openpyxl.load_workbook(loaders.mark_workbook(path, problems, tmp_path / "marked.xlsx"))["农户台账"]
    marked = {sheet.cell(1, cell.column).value: cell.comment.text for cell in sheet[4] if cell.comment}
    assert set(marked) == {"人口", "是否困难户", "村代码", "加入合作社编号", "帮扶人编号", "最近走访日期"}
    assert "写代码，不写名称" in marked["村代码"]
    assert marked["最近走访日期"].count("不是一个日期") == 1  # two rows of pairings come of the one cell


def test_of_two_columns_that_say_the_same_the_one_in_which_the_value_stands_is_marked(tmp_path):
    path = write(fill(tmp_path, "zh"), "党员名册", FIRST, 协助管理党组织编号="b77")
    problems = loaders.read_source(path, mapping="registers").problems
    sheet = openpyxl.load_workbook(loaders.mark_workbook(path, problems, tmp_path / "marked.xlsx"))["党员名册"]
    assert [sheet.cell(1, cell.column).value for cell in sheet[FIRST] if cell.comment] == ["协助管理党组织编号"]


def test_one_row_that_names_a_branch_as_managing_and_as_assisting_is_told_as_one_row(tmp_path):
    path = write(fill(tmp_path, "zh"), "党员名册", FIRST, 协助管理党组织编号="b01")
    loading = loaders.read_source(path, mapping="registers")
    told = [(problem.rule, problem.row, problem.value, problem.effect) for problem in loading.problems if problem.rule != "id.name"]
    assert told == [("row.twice", FIRST, "b01", "quarantine")]
    assert "协助管理党组织编号" in next(problem for problem in loading.problems if problem.rule == "row.twice").heading.zh
    assert loading.tables["Member BELONGS_TO Branch"].select(["branch_id", "primary"]).to_pylist() == [{"branch_id": "b01", "primary": True}]


def test_two_rows_that_say_so_are_told_as_two(tmp_path):
    path = write(fill(tmp_path, "zh"), "党员名册", FIRST + 1, 党员编号="m001", 姓名="某某", 发展阶段="预备党员", 组织关系所在党组织编号="b02")
    problems = loaders.read_source(path, mapping="registers").problems
    assert {(problem.rule, problem.row) for problem in problems if problem.rule in ("row.twice", "key.once")} == {("key.once", FIRST + 1)}

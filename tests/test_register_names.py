"""Names beside ids in registers: shown, never read, held against the id; and the names of heads of households, which stay where names of members stay."""

import re

import openpyxl
import pytest

import loaders
from graphkit.cli import main
from loaders.register_pages import PICKED
from loaders.registers import REGISTERS
from tests.test_registers import FIRST, fill, place_of, write

HEAD = "欧阳青禾"  # of a household, in no list of words


@pytest.fixture(scope="module")
def filled_once(tmp_path_factory):
    return fill(tmp_path_factory.mktemp("registers"), "zh").read_bytes()


@pytest.fixture
def filled(tmp_path, filled_once):
    """A workbook in Chinese of which each example is a row."""
    (tmp_path / "zh.xlsx").write_bytes(filled_once)
    return tmp_path / "zh.xlsx"


def problems_of(path, *rules):
    """Problems of names and those of the rows set aside: rule, row, heading, value."""
    loading = loaders.read_source(path, mapping="registers")
    return [(p.rule, p.row, p.heading.zh, p.value) for p in loading.problems if p.rule in rules or p.effect == "quarantine"], loading


def test_the_names_that_are_shown_are_no_data_and_are_told_where_they_are_of_another_thing(filled):
    write(filled, "党员名册", FIRST, **{"村名（自动显示）": "乙村", "从业合作社名称（自动显示）": "甲村水稻合作社"})
    told, loading = problems_of(filled, "name.differs", "name.alone")
    assert told == [("name.differs", FIRST, "村代码", "乙村")]
    assert "甲村" in next(p.text.zh for p in loading.problems if p.rule == "name.differs")
    assert loading.tables["Member LIVES_IN Village"]["village_code"].to_pylist() == ["230112000201"]
    assert not [note for reading in loading.readings for note in reading.left]


@pytest.mark.parametrize("shown", ["甲村", "甲 村", "甲村村委会", "？", "#N/A", "", "=A1"])
def test_another_spelling_a_name_not_found_and_a_formula_without_result_contradict_nothing(filled, shown):
    write(filled, "农户台账", FIRST, **{"村名（自动显示）": shown})
    assert problems_of(filled, "name.differs", "name.alone")[0] == []


def test_a_name_without_an_id_is_set_aside_and_not_read(filled):
    write(filled, "农户台账", FIRST, 村代码=None, **{"村名（自动显示）": "甲村"})
    told, loading = problems_of(filled)
    assert told == [("name.alone", FIRST, "村代码", "甲村")]
    assert "230112000201" in next(p.text.zh for p in loading.problems if p.rule == "name.alone")
    assert loading.tables["Household LIVES_IN Village"].num_rows == 0
    assert loading.tables["Household"].num_rows == 1
    aside = loading.tables.quarantine.to_pylist()
    assert [(row["table"], row["source_row"]) for row in aside] == [("Household LIVES_IN Village", FIRST)]
    assert ("Household", "h001") in {(row["subject_kind"], row["subject_id"]) for row in loading.tables.unread.to_pylist()}


def test_the_name_of_a_person_without_an_id_or_beside_another_stands_in_no_message(filled):
    write(filled, "农户台账", FIRST, 帮扶人编号=None, **{"帮扶人姓名（自动显示）": HEAD})
    write(filled, "合作社台账", FIRST, **{"联络员姓名（自动显示）": HEAD})
    told, loading = problems_of(filled, "name.differs")
    assert sorted(told) == [("name.alone", FIRST, "帮扶人编号", "***"), ("name.differs", FIRST, "联络员编号", "***")]
    assert HEAD not in "".join(problem.describe(lang) for problem in loading.problems for lang in ("zh", "en"))


@pytest.mark.parametrize(
    ("cell", "ids", "differs"),
    [
        ("m001｜某某", ["m001"], 0),
        ("m001｜某某、m002｜钱二", ["m001", "m002"], 0),
        ("m001｜钱二，m002", ["m001", "m002"], 1),
        ("m001 ｜ 某 某", ["m001"], 0),
        ("m001｜", ["m001"], 0),
        ("m002", ["m002"], 0),
    ],
)
def test_what_is_picked_from_a_list_is_read_as_its_id(filled, cell, ids, differs):
    write(filled, "党员名册", FIRST + 1, 党员编号="m002", 姓名="钱二", 组织关系所在党组织编号="b01｜甲村党支部")
    write(filled, "农户台账", FIRST, 帮扶人编号=cell)
    told, loading = problems_of(filled, "name.differs")
    assert len(told) == differs
    assert sorted(loading.tables["Member HELPS Household"]["member_id"].to_pylist()) == ids
    assert loading.tables["Member BELONGS_TO Branch"].num_rows == 3


@pytest.mark.parametrize(("shown", "differs"), [("甲、乙", 0), ("乙、甲", 0), ("甲、？", 1), ("丙、丁", 2), ("丙、丁、戊、…", 0), ("种植·养殖社", 2)])
def test_beside_several_ids_stand_several_names(filled, shown, differs):
    for number, name in enumerate("甲乙", FIRST + 1):
        write(filled, "合作社台账", number, 合作社编号=f"c{number}", 名称=name, 类别="合作社")
    write(filled, "党组织台账", FIRST, 覆盖合作社编号=f"c{FIRST + 1}、c{FIRST + 2}", **{"覆盖合作社名称（自动显示）": shown})
    assert len(problems_of(filled, "name.differs")[0]) == differs


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_with_names_beside_and_picked_a_register_says_what_it_says_with_ids_alone(tmp_path, lang):
    path = fill(tmp_path, lang)
    plain = loaders.read_source(path, mapping="registers").tables
    names = {register.key: register.columns[1].example.say(lang) for register in REGISTERS}
    book = openpyxl.load_workbook(path)
    for register in REGISTERS:
        sheet = book[register.sheet.say(lang)]
        for column in (column for column in register.columns if column.pick):
            cell = sheet.cell(FIRST, place_of(sheet, column.heading.say(lang)))
            if cell.value:
                sheet.cell(FIRST, place_of(sheet, column.shown.say(lang))).value = names[column.pick]
                cell.value = f"{cell.value}{PICKED}{names[column.pick]}"
    book.save(path)
    loading = loaders.read_source(path, mapping="registers")
    assert [p.describe(lang) for p in loading.problems if p.rule.startswith("name.")] == []
    assert {name: table.to_pylist() for name, table in loading.tables.items()} == {name: table.to_pylist() for name, table in plain.items()}


def test_the_row_that_shows_how_to_fill_is_never_read_and_one_that_begins_alike_is(filled):
    write(filled, "农户台账", FIRST + 1, 户编号="例行01", 村代码="230112000201")
    loading = loaders.read_source(filled, mapping="registers")
    assert loading.tables["Household"]["id"].to_pylist() == ["h001", "例行01"]
    assert all(2 in [row for skipped in reading.skipped for row in skipped.rows] for reading in loading.readings)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_id_that_names_something_has_a_pick_list_and_a_name_beside_it(tmp_path, lang):
    book = openpyxl.load_workbook(loaders.write_registers(tmp_path / "r.xlsx", lang=lang, rows=5))
    assert [sheet.sheet_state for sheet in book][-1] == "hidden"
    for register in REGISTERS:
        sheet = book[register.sheet.say(lang)]
        rules = {str(rule.sqref).partition(":")[0]: rule for rule in sheet.data_validations.dataValidation}
        for column in register.columns:
            cell = sheet.cell(FIRST, place_of(sheet, column.heading.say(lang)))
            assert rules[cell.coordinate].prompt
            if column.pick:
                assert rules[cell.coordinate].formula1 == f"pick_{column.pick}"
                assert f"ids_{column.pick}" in sheet.cell(FIRST, cell.column + 1).value
                assert sheet.cell(1, cell.column + 1).value == column.shown.say(lang)
        named = {heading for column in register.columns for heading in [column.heading.zh] if re.search("(?:编号|代码)$", heading)}
        own = {"id", "township"}  # its own, and one whose name stands beside it anyway
        assert named <= {column.heading.zh for column in register.columns if column.shown or column.key in own}


def test_the_marked_copy_shows_names_and_lists_again_and_keeps_a_name_that_is_to_be_looked_at(filled, tmp_path):
    write(filled, "党员名册", FIRST, **{"村名（自动显示）": "乙村"})
    loading = loaders.read_source(filled, mapping="registers")
    book = openpyxl.load_workbook(loaders.mark_workbook(filled, loading.problems, tmp_path / "m.xlsx"))
    sheet = book["党员名册"]
    cells = {cell.value: sheet.cell(FIRST, cell.column).value for cell in sheet[1]}
    assert cells["村名（自动显示）"] == "乙村"
    assert "ids_cooperative" in book["农户台账"].cell(FIRST, place_of(book["农户台账"], "加入合作社名称（自动显示）")).value
    assert {rule.formula1 for rule in sheet.data_validations.dataValidation} >= {"pick_branch", "pick_village"}
    again = loaders.read_source(tmp_path / "m.xlsx", mapping="registers")
    assert {name: table.num_rows for name, table in again.tables.items()} == {name: table.num_rows for name, table in loading.tables.items()}


def test_the_name_of_a_head_is_kept_and_shown_nowhere(filled, tmp_path, capsys):
    """As with names of members: in the store, and in no message, no page, no export that may be shared."""
    write(filled, "农户台账", FIRST, 户主姓名=HEAD, 人口="五口半", 帮扶人编号="m001｜" + HEAD)
    assert loaders.load(filled, mapping="registers")["Household"]["head_name"].to_pylist() == [HEAD]
    store = str(tmp_path / "a.gk")
    for command in (
        ["inspect", str(filled)], ["check", str(filled), "--mapping", "registers"], ["load", str(filled), store, "--mapping", "registers"],
        ["map", store, str(tmp_path / "m.html")], ["export-network", store, str(tmp_path / "n.graphml")],
    ):  # fmt: skip
        main(command)
        said = capsys.readouterr()
        assert HEAD not in said.out + said.err, command
    assert all(HEAD.encode() not in (tmp_path / name).read_bytes() for name in ("m.html", "n.graphml"))


def test_the_sheet_of_problems_names_columns_as_the_clerk_sees_them(tmp_path):
    loaders.write_registers(tmp_path / "r.xlsx", rows=5)
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    heading = {cell.value: cell.column for cell in book["农户台账"][1]}
    book["农户台账"].cell(3, heading["户编号"], "h1")
    book["农户台账"].cell(3, heading["村代码"], "230112000209")
    book.save(tmp_path / "r.xlsx")
    main(["check", str(tmp_path / "r.xlsx"), "--mapping", "registers", "--mark", str(tmp_path / "m.xlsx")])
    rows = list(openpyxl.load_workbook(tmp_path / "m.xlsx").worksheets[0].iter_rows(values_only=True))
    assert [row[:4] for row in rows[1:]] == [("r.xlsx", "农户台账", "3", "村代码")]

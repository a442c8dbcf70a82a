"""Exports: what is written loads again as it was, and no cell of it runs."""

import csv
import datetime as dt

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import loaders
from graphkit.data.checks import quarantine_problems
from graphkit.data.exports import write_folder, write_template
from graphkit.data.tables import PROVENANCE, Tables
from graphkit.errors import ParameterError
from graphkit.model.kinds import MODEL
from tests.table_samples import tables, without_places

LANGS = pytest.mark.parametrize("lang", ["zh", "en"])
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@given(tables(sound=True), st.sampled_from(["zh", "en"]))
def test_what_is_written_loads_again(tmp_path_factory, given_tables, lang):
    sound = quarantine_problems(given_tables)
    assume(sound.node_count + sound.tie_count)
    read = loaders.load_folder(write_folder(sound, tmp_path_factory.mktemp("out"), lang=lang))
    assert without_places(read) == without_places(sound)
    assert read.quarantine.num_rows == 0


@pytest.mark.parametrize("name", ["0\r,", "a,b\nc", "x\n,,,", "一,\n,"])
def test_a_name_with_a_line_break_and_commas_is_a_name(tmp_path, name):
    zone = Tables({"Zone": pa.table({"id": ["z0", "z1"], "name": [name, None]})})
    assert loaders.load_folder(write_folder(zone, tmp_path))["Zone"]["name"].to_pylist() == [name, None]


@given(tables(sound=True), st.sampled_from(["zh", "en"]))
def test_no_cell_begins_like_a_formula(tmp_path_factory, given_tables, lang):
    folder = write_folder(given_tables, tmp_path_factory.mktemp("out"), lang=lang)
    assert not [cell for file in folder.iterdir() for row in rows_of(file) for cell in row if cell.startswith(FORMULAS)]


@LANGS
def test_a_district_loads_again(district, tmp_path, lang):
    read = loaders.load_folder(write_folder(district, tmp_path, lang=lang))
    assert without_places(read) == without_places(quarantine_problems(district))


@LANGS
def test_a_file_for_each_kind_with_rows_in_words(tmp_path, lang):
    given_tables = Tables(
        {
            "Member": pa.table({"id": ["m2", "m1"], "name": ["=1+1", "'q"], "stage": ["full", None], "is_cadre": [True, False]}),
            "Household": pa.table({"id": ["h"], "people": [3]}),
            "Member HELPS Household": pa.table(
                {"member_id": ["m1"], "household_id": ["h"], "kind": ["one_to_five"], "since": [dt.date(2012, 4, 30)]}
            ),
        }
    )
    folder = write_folder(given_tables, tmp_path / "new" / "out", lang=lang)
    assert sorted(file.name for file in folder.iterdir()) == ["Household.csv", "Member.csv", "Member_HELPS_Household.csv"]
    assert all(file.read_bytes().startswith(b"\xef\xbb\xbf") for file in folder.iterdir())
    first, second = rows_of(folder / "Member.csv")[1:]
    words = ("正式党员", "是", "否", "一联五", "最近走访日期") if lang == "zh" else ("full member", "yes", "no", "one to five", "last visit on")
    assert first == ["m1", "''q", *[""] * 9, words[2], "", "", ""]
    assert second == ["m2", "'=1+1", words[0], *[""] * 8, words[1], "", "", ""]
    heading, row = rows_of(folder / "Member_HELPS_Household.csv")
    assert heading[3] == words[4]
    assert row == ["m1", "h", words[3], "", "2012-04-30", ""]


def test_equal_tables_give_equal_files(tmp_path):
    one = Tables({"Household": pa.table({"id": ["b", "a"], "people": [1, 2]})})
    other = Tables({"Household": pa.table({"id": ["a", "b"], "people": [2, 1]})})
    first, second = (write_folder(t, tmp_path / name) / "Household.csv" for t, name in ((one, "1"), (other, "2")))
    assert first.read_bytes() == second.read_bytes()


def test_a_file_that_would_be_read_beside_those_written_is_refused_and_stays(tmp_path):
    (tmp_path / "Household.csv").write_text("id\nof the user\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    with pytest.raises(ParameterError, match=r"holds Household\.csv") as told:
        write_folder(Tables({"Zone": pa.table({"id": ["z"]})}), tmp_path)
    assert "Household.csv" in told.value.say("zh")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["Household.csv", "README.md"]
    write_folder(Tables({"Household": pa.table({"id": ["h"]}), "Zone": pa.table({"id": ["z"]})}), tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["Household.csv", "README.md", "Zone.csv"]


def test_what_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ParameterError, match="is a file"):
        write_folder(Tables({}), tmp_path / "file")
    with pytest.raises(ParameterError, match="lang"):
        write_folder(Tables({}), tmp_path / "new", lang="fr")
    with pytest.raises(ParameterError, match="lang"):
        write_template(tmp_path / "a.xlsx", lang="fr")
    with pytest.raises(ParameterError, match="xlsx"):
        write_template(tmp_path / "a.csv")


# The workbook to fill in


def columns_of(sheet):
    """Width and format by position; the file holds like neighbours as one."""
    return {n: dimension for dimension in sheet.column_dimensions.values() for n in range(dimension.min, dimension.max + 1)}


def sheet_of(book, kind, lang):
    return book[kind.heading.say(lang)[:31]]


@LANGS
def test_the_template_has_a_sheet_for_each_kind_and_a_guide(tmp_path, lang):
    book = openpyxl.load_workbook(write_template(tmp_path / "a.xlsx", lang=lang))
    assert book.sheetnames == [{"zh": "说明", "en": "Guide"}[lang], *(kind.heading.say(lang)[:31] for kind in MODEL.sheets)]
    for kind in MODEL.sheets:
        sheet = sheet_of(book, kind, lang)
        assert [cell.value for cell in sheet[1]] == [column.heading.say(lang) for column in kind.columns]
        assert sheet.freeze_panes in ("B2", "C2")
        for position, column in enumerate(kind.columns, start=1):
            assert len(column.heading.say(lang)) <= columns_of(sheet)[position].width
            shaded = sheet.cell(1, position).fill.fgColor.rgb
            assert shaded == ("FFA9C795" if column.required else "FFEAF1E4")


@LANGS
def test_the_guide_explains_every_column(tmp_path, lang):
    guide = openpyxl.load_workbook(write_template(tmp_path / "a.xlsx", lang=lang)).worksheets[0]
    lines = [[cell.value for cell in row] for row in guide.iter_rows()]
    explained = {(line[0], line[1]): line for line in lines if line[1]}
    for kind in MODEL.kinds:
        for column in kind.columns:
            line = explained[kind.heading.say(lang), column.heading.say(lang)]
            assert line[2] == column.meaning.say(lang)
            assert line[3]
            assert (line[4] or "") == (column.unit.say(lang) if column.unit else "")
            assert line[5] == {True: {"zh": "是", "en": "yes"}, False: {"zh": "否", "en": "no"}}[column.required][lang]
            assert all(choice.heading.say(lang) in line[6] for choice in column.choices)
            assert column.required or line[7] == column.missing_means.say(lang)


def validations(sheet):
    return {next(iter(rule.sqref.ranges)).min_col: rule for rule in sheet.data_validations.dataValidation}


@LANGS
def test_entries_are_guided_by_type(tmp_path, lang):
    book = openpyxl.load_workbook(write_template(tmp_path / "a.xlsx", lang=lang))
    for kind in MODEL.kinds:
        sheet = sheet_of(book, kind, lang)
        rules = validations(sheet)
        for position, column in enumerate(kind.columns, start=1):
            rule = rules.get(position)
            if column.choices:
                assert rule.formula1.strip('"').split(",") == [choice.heading.say(lang) for choice in column.choices]
            elif column.type == "boolean":
                assert rule.formula1 == {"zh": '"是,否"', "en": '"yes,no"'}[lang]
            elif column.type == "date":
                assert (rule.type, columns_of(sheet)[position].number_format) == ("date", "yyyy-mm-dd")
            elif column.digits:
                assert (rule.type, rule.formula1, columns_of(sheet)[position].number_format) == ("textLength", str(column.digits), "@")
            elif column.type == "string":
                assert columns_of(sheet)[position].number_format == "@"


def fill(path, given_tables, lang):
    """Type the rows into the template, as its drop-downs offer them."""
    book = openpyxl.load_workbook(path)
    for kind in MODEL.kinds:
        sheet = sheet_of(book, kind, lang)
        for row in given_tables[kind.table].to_pylist():
            cells = []
            for column in kind.columns:
                words = {choice.value: choice.heading.say(lang) for choice in column.choices}
                if column.type == "boolean":
                    words = {True: {"zh": "是", "en": "yes"}[lang], False: {"zh": "否", "en": "no"}[lang]}
                value = row[column.name]
                cells.append(words.get(value, value))
            sheet.append(cells)
    book.save(path)


@LANGS
def test_filled_in_it_loads(district, tmp_path, lang):
    sound = quarantine_problems(district)
    path = write_template(tmp_path / "区.xlsx", lang=lang)
    fill(path, sound, lang)
    read = loaders.load_workbook(path)
    assert read.quarantine.num_rows == 0
    assert without_places(read) == without_places(sound)
    assert all(read[tie.table].num_rows for tie in MODEL.ties if sound[tie.table].num_rows)
    assert set(read["Village"]["source_sheet"].to_pylist()) == {{"zh": "村", "en": "village"}[lang]}


@LANGS
def test_as_it_stands_it_holds_no_rows(tmp_path, lang):
    assert loaders.load_workbook(write_template(tmp_path / "a.xlsx", lang=lang)) == Tables({})


def test_provenance_is_not_written(tmp_path):
    given_tables = Tables({"Zone": pa.table({"id": ["z"], "source_file": ["somewhere.csv"], "source_row": [9]})})
    text = (write_folder(given_tables, tmp_path) / "Zone.csv").read_text(encoding="utf-8-sig")
    assert not [word for word in ("somewhere", *PROVENANCE.names) if word in text]

"""Workbooks read column by column: what comes out is what the general reader gives, which is another's; and where each row stands."""

import datetime as dt
import io
import random
import re
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import xlsxwriter

import loaders
from graphkit.errors import SourceError
from loaders import workbooks
from loaders.plain_sheets import Book, read_plain_sheet
from loaders.plain_workbooks import read_plain_sheets
from loaders.workbooks import read_workbook
from tests.test_foreign_files import sheet_bytes

WORDS = ("户", "A&B", "<x>", " 先", "后 ", "", "a\nb", "1", "007", "é", "😀", "'q'", '"q"', "　", "合计")
FORMATS = (
    "General",
    "0",
    "0.00",
    "#,##0",
    "yyyy-mm-dd",
    "yyyy/m/d",
    "m/d/yyyy",
    "0%",
    "@",
    "h:mm",
    "[h]:mm",
    "mmm-yy",
    'yyyy"年"m"月"d"日"',
    "0.0E+00",
)
NUMBERS = (
    0, 1, -1, 2010, 201003, 40000, 40000.5, 3653, 3654, 73415, 73416, 60, 61, 123456789012345, 1234567890123456, 1e15, 1e20, 0.1, 1e-7, -0.0, 2.5, 2958465, 2958466
)  # fmt: skip


def texts_of(data, monkeypatch, *, general):
    """Every grid of a workbook, by the one reader or the other; empty cells alike."""
    with monkeypatch.context() as patched:
        if general:
            patched.setattr(workbooks, "read_plain_sheets", lambda parts: None)
        grids = read_workbook(Path("a.xlsx"), data)
    return [(g.name, [[cell or None for cell in column.to_pylist()] for column in g.columns], g.merged, g.notes, g.rows.tolist()) for g in grids]


def make_workbook(rng, formats):
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True}) as book:
        styles = [None, None, *(book.add_format({"num_format": name}) for name in rng.sample(formats, 3))]
        for number in range(rng.choice([1, 2])):
            sheet = book.add_worksheet()
            if number:
                sheet.hide()
            top, left = rng.choice([0, 0, 2]), rng.choice([0, 0, 1])
            for row in range(rng.randrange(7)):
                for column in range(rng.randrange(5)):
                    value = rng.choice([rng.choice(WORDS), rng.choice(NUMBERS), rng.random() < 0.5, None])
                    value = dt.datetime(2012, 4, 30) + dt.timedelta(days=rng.randrange(-60_000, 60_000)) if rng.random() < 0.1 else value  # noqa: DTZ001  # cells have no time zone
                    sheet.write(row + top, column + left, value, rng.choice(styles))
            if rng.random() < 0.3:
                sheet.merge_range(top + 8, 0, top + 9, 1, "合")
    return sink.getvalue()


@pytest.mark.parametrize("formats", [FORMATS[:9], FORMATS], ids=["plain", "any"])
def test_the_two_readers_give_the_same(monkeypatch, formats):
    rng, plain = random.Random(len(formats)), 0
    for _ in range(40):
        data = make_workbook(rng, formats)
        try:
            general = texts_of(data, monkeypatch, general=True)
        except SourceError:
            continue  # empty, or a length of time beyond all bounds
        assert texts_of(data, monkeypatch, general=False) == general
        sheets = read_plain_sheets(workbooks._unpack_all(Path("a.xlsx"), data))
        plain += sheets is not None
    assert plain > 10


UNUSUAL = {
    "a formula": b'<row r="9"><c r="A9"><f>1+1</f><v>2</v></c></row>',
    "a text within the cell": b'<row r="9"><c r="A9" t="inlineStr"><is><t>x</t></is></c></row>',
    "an error": b'<row r="9"><c r="A9" t="e"><v>#N/A</v></c></row>',
    "a comment": b'<row r="9"><!-- <c r="B9"><v>1</v></c> --><c r="A9"><v>1</v></c></row>',
    "blanks between": b'<row r="9"> <c r="A9"> <v>1</v> </c> </row>',
    "a value of blanks": b'<row r="9"><c r="A9"><v> 1</v></c></row>',
    "single quotes": b"<row r='9'><c r='A9'><v>1</v></c></row>",
    "another order": b'<row r="9"><c t="n" r="A9"><v>1</v></c></row>',
    "backwards": b'<row r="9"><c r="B9"><v>1</v></c><c r="A9"><v>2</v></c></row>',
    "one cell twice": b'<row r="9"><c r="A9"><v>1</v></c><c r="A9"><v>2</v></c></row>',
    "no place": b"<row><c><v>1</v></c></row>",
    "no value": b'<row r="9"><c r="A9"><v></v></c><c r="B9"><v/></c><c r="C9"/></row>',
    "an exponent": b'<row r="9"><c r="A9"><v>1.5E3</v></c></row>',
    "no number": b'<row r="9"><c r="A9"><v>nan</v></c></row>',
    "a text that is not there": b'<row r="9"><c r="A9" t="s"><v>99</v></c></row>',
    "a row of another number": b'<row r="7"><c r="A9"><v>1</v></c></row>',
    "a cell outside of rows": b'<row r="8"/><c r="A9"><v>1</v></c>',
}


@pytest.mark.parametrize("xml", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_not_plain_is_left_to_the_general_reader(monkeypatch, xml):
    said = []
    for general in (True, False):
        try:
            said.append(texts_of(sheet_bytes(xml), monkeypatch, general=general))
        except SourceError as error:
            said.append(error.say("en"))
    assert said[0] == said[1]


@pytest.mark.parametrize("formula", [None, "=1+1"], ids=["plain", "general"])
@pytest.mark.parametrize(("top", "left"), [(0, 0), (3, 0), (0, 2), (2, 1)])
def test_rows_have_their_own_numbers_whatever_is_empty_above_and_beside_them(tmp_path, formula, top, left):
    with xlsxwriter.Workbook(str(tmp_path / "农户.xlsx")) as book:
        sheet = book.add_worksheet("农户")
        for row, cells in enumerate([["编号", "人口"], ["h1", 3], ["h2", "多"]]):
            sheet.write_row(top + row, left, cells)
        if formula:
            sheet.write_formula(top + 3, left + 1, formula, None, 2)
            sheet.write_string(top + 3, left, "h3")
    loading = loaders.read_source(tmp_path / "农户.xlsx")
    assert loading.tables["Household"]["source_row"].to_pylist() == [top + 2 + n for n in range(3 if formula else 2)]
    assert [problem.row for problem in loading.problems if problem.rule == "type.integer"] == [top + 3]


def test_several_large_sheets_are_no_reason_to_refuse_a_workbook(tmp_path, monkeypatch):
    """Each may hold millions of cells by the size of its XML; none does."""
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n) for n in range(2, 25_000))
    with xlsxwriter.Workbook(str(tmp_path / "four.xlsx")) as book:
        for name in "甲乙丙丁":
            book.add_worksheet(name).write(0, 0, "备注")
    sink = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "four.xlsx") as packed, zipfile.ZipFile(sink, "w") as out:
        for name in packed.namelist():
            out.writestr(name, re.sub(rb"</sheetData>", rows + b"</sheetData>", packed.read(name)))
    monkeypatch.setattr(workbooks, "read_plain_sheets", lambda parts: None)
    grids = read_workbook(Path("four.xlsx"), sink.getvalue())
    assert [len(grid.rows) for grid in grids] == [24_999] * 4


@pytest.mark.parametrize("place", [b"XFD1048576", b"BZZ1", b"ALM1", b"Z1000000"])
def test_a_far_cell_is_none_before_so_many_are_made(place):
    sheet = b'<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="' + place + b'"><v>1</v></c></row></sheetData>'
    assert read_plain_sheet(sheet, Book(pa.array([], pa.string()), np.zeros(1, np.uint8))) is None

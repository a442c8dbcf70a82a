"""Files that ask for more than there is, or are not what they say: refused in seconds and little memory, with file and remedy."""

import datetime as dt
import functools
import io
import os
import re
import subprocess
import sys
import time
import zipfile
import zlib

import openpyxl
import pytest

import loaders
from graphkit.data.unread import count_unread
from graphkit.errors import SourceError

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
import loaders
from graphkit.errors import SourceError
try:
    tables, problems = loaders.check_source(sys.argv[1])
    print("read", sum(table.num_rows for table in tables.values()), tables.quarantine.num_rows)
except SourceError as error:
    print(error.say("en")); print(error.say("zh"))
"""


def load_limited(path):
    """What loading says, in a process that may take 4 GB of addresses and three minutes of a busy machine."""
    run = subprocess.run([sys.executable, "-c", LIMITED, str(path)], check=False, capture_output=True, text=True, timeout=180)
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout


def sheet_bytes(xml=b"", rows=(("id", "people"), ("h1", 3)), dimension=None, shared=None, compression=zipfile.ZIP_DEFLATED):
    """A workbook with one sheet 农户 in which `xml` follows the rows."""
    book = openpyxl.Workbook()
    book.active.title = "农户"
    for row in rows:
        book.active.append(row)
    sink = io.BytesIO()
    book.save(sink)
    whole = io.BytesIO()
    with zipfile.ZipFile(sink) as packed, zipfile.ZipFile(whole, "w", compression) as out:
        for name in packed.namelist():
            part = packed.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"</sheetData>", xml + b"</sheetData>")
                if dimension is not None:
                    part = re.sub(rb"<dimension[^>]*>", dimension, part)
            if name == "xl/sharedStrings.xml" and shared is not None:
                part = shared
            out.writestr(name, part)
    return whole.getvalue()


def write(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


def far(place, attributes=b""):
    return b'<row r="1048576"><c r="' + place + b'"' + attributes + b"><v>1</v></c></row>"


# Workbooks that ask for more than there is


FAR_CELLS = {
    "the last cell of all": far(b"XFD1048576"),
    "in small letters": far(b"xfd1048576"),
    "in single quotes": b"<row r='1048576'><c  r = 'XFD1048576'><v>1</v></c></row>",
    "behind another attribute": b'<row r="9"><c s="0" r="XFD1048576"><v>1</v></c></row>',
    "behind an attribute that speaks like one": b"""<row r="9"><c s=' r="A1"' r="XFD1048576"><v>1</v></c></row>""",
    "beyond the last column": far(b"ZZZZZZZZ3"),
    "beyond the last row": far(b"A4294967295"),
    "a far row": far(b"AZ1048576"),
    "no place, a far row": b'<row r="1048570">' + b"<c><v>1</v></c>" * 30 + b"</row>",
    "no places, many columns": b"<row>" + b"<c><v>1</v></c>" * 16_000 + b"</row>" + far(b"A1048576"),
    "an empty value": b'<row r="1048576"><c r="XFD1048576"><v></v></c></row>',
    "a comment that speaks like cells": b"<row><!-- " + b'<c r="A1"' * 20_000 + b" -->" + b"<c><v>1</v></c>" * 16_000 + b"</row>" + far(b"A1048576"),
}


@pytest.mark.parametrize("xml", FAR_CELLS.values(), ids=FAR_CELLS)
def test_a_cell_far_away_is_refused(tmp_path, xml):
    path = write(tmp_path, "农户.xlsx", sheet_bytes(xml))
    assert path.stat().st_size < 60_000
    said = load_limited(path)
    assert "农户.xlsx" in said
    assert ("more than" in said and "delete rows and columns" in said) or "save it as .xlsx" in said


@pytest.mark.parametrize("dimension", [b"", b'<dimension ref="A1"/>', b'<dimension ref="A1:XFD1048576"/>'])
def test_what_the_sheet_says_of_its_size_changes_nothing(tmp_path, dimension):
    assert load_limited(write(tmp_path, "a.xlsx", sheet_bytes(dimension=dimension))) == "read 1 0\n"
    assert "more than" in load_limited(write(tmp_path, "a.xlsx", sheet_bytes(far(b"XFD1048576"), dimension=dimension)))


@pytest.mark.parametrize("blank", [b'<c r="XFD1048576" s="0"/>', b'<c r="XFD1048576" s="0"></c>', b"<c s='0' r='XFD1048576' />"])
def test_a_blank_far_away_is_nothing(tmp_path, blank):
    assert load_limited(write(tmp_path, "a.xlsx", sheet_bytes(b'<row r="1048576">' + blank + b"</row>"))) == "read 1 0\n"


def test_all_columns_of_a_sheet(tmp_path):
    said = load_limited(write(tmp_path, "农户.xlsx", sheet_bytes(rows=[["id", *range(16_383)], ["h1"]])))
    assert "1000 columns" in said
    said = load_limited(write(tmp_path, "农户.xlsx", sheet_bytes(rows=[["id", *range(900)], ["h1"]])))
    assert len(said) < 2_000  # not every unknown heading is repeated


@functools.cache
def blanks():
    """1.25 GB of blanks, deflated."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    return b"".join(packer.compress(b" " * 2**20) for _ in range(1280)) + packer.flush()


def bomb(declared=None):
    """A sheet of 1.25 GB of blanks in 6 MB; `declared` says another size in both headers, with the sum of what would then be read."""
    data = sheet_bytes()
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(whole, "w") as out:
        for name in packed.namelist():
            if name != "xl/worksheets/sheet1.xml":
                out.writestr(name, packed.read(name))
        out.writestr("xl/worksheets/sheet1.xml", blanks())
    raw = bytearray(whole.getvalue())
    local = zipfile.ZipFile(whole).getinfo("xl/worksheets/sheet1.xml").header_offset
    central = raw.rindex(b"xl/worksheets/sheet1.xml") - 46
    size = 1280 * 2**20 if declared is None else declared
    crc = zlib.crc32(b" " * declared) if declared is not None else 0
    for at, method, sums in ((local, 8, 14), (central, 10, 16)):
        raw[at + method : at + method + 2] = (8).to_bytes(2, "little")
        raw[at + sums : at + sums + 4] = crc.to_bytes(4, "little")
        raw[at + sums + 8 : at + sums + 12] = size.to_bytes(4, "little")
    return bytes(raw)


@pytest.mark.parametrize("declared", [None, 1_000, 0])
def test_a_zip_bomb_declared_or_not(tmp_path, declared):
    path = write(tmp_path, "a.xlsx", bomb(declared))
    assert path.stat().st_size < 2**23
    said = load_limited(path)
    assert "1024 MB when unpacked" in said if declared is None else ("save it as .xlsx" in said or "empty" in said)


def test_one_long_text_in_every_cell(tmp_path):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("农户")
    sheet.append(["id"])
    for _ in range(2):
        sheet.append(["长" * 32_000])
    book.save(tmp_path / "a.xlsx")
    assert "read 1 0" in load_limited(tmp_path / "a.xlsx")  # equal rows merged
    shared = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + b"x" * 2**21 + b"</t></si></sst>"
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as out, zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        for name in packed.namelist():
            if "sharedStrings" not in name:
                out.writestr(name, packed.read(name))
        out.writestr("xl/sharedStrings.xml", shared)
    assert "too long" in load_limited(tmp_path / "b.xlsx")


# Every kind of cell


def styled(formats_and_values):
    book = openpyxl.Workbook()
    book.active.title = "责任区"
    book.active.append(["id", "name"])
    for row, (shape, value) in enumerate(formats_and_values, 2):
        book.active.append([f"z{row}", value])
        book.active.cell(row, 2).number_format = shape
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


NUMBERS = (0, 0.5, 0.99999999, 1, 60, 1.5, 40298, 40298.3, 2958465.9999, 2958466, 1e7, 1e15, 1e300, -1, -0.5, -1e10)


@pytest.mark.parametrize("shape", ["General", "yyyy-mm-dd", "h:mm", "yyyy-mm-dd hh:mm", "0.00%"])
def test_every_number_under_every_format_is_text(tmp_path, shape):
    tables, problems = loaders.check_source(write(tmp_path, "a.xlsx", styled([(shape, number) for number in NUMBERS])))
    assert tables["Zone"].num_rows == len(NUMBERS)
    assert tables["Zone"]["name"].null_count == 0
    assert problems == []


@pytest.mark.parametrize("number", [1e9, 1e18, 1e300, -1e10])
def test_a_length_of_time_out_of_range_is_told_with_its_place(tmp_path, number):
    path = write(tmp_path, "a.xlsx", styled([("[h]:mm:ss", 1.5), ("[h]:mm:ss", -2), ("[h]:mm:ss", number), ("General", 1)]))
    with pytest.raises(SourceError, match="row 4 holds a length of time out of range") as raised:
        loaders.load(path)
    assert (raised.value.sheet, "第4行" in raised.value.say("zh")) == ("责任区", True)


CELLS = {
    "an error": (b'<c r="A3" t="e"><v>#N/A</v></c><c r="B3"><v>1</v></c>', 0, 1),
    "a truth value": (b'<c r="A3" t="b"><v>1</v></c>', 2, 0),
    "a day in words": (b'<c r="A3" t="d"><v>2012-04-30T00:00:00</v></c>', 2, 0),
    "a day no calendar has": (b'<c r="A3" t="d"><v>2012-04-99</v></c>', 2, 0),
    "infinity": (b'<c r="A3"><v>1e999</v></c>', 2, 0),
    "not a number": (b'<c r="A3"><v>NaN</v></c>', 2, 0),
    "no number": (b'<c r="A3"><v>abc</v></c>', 2, 0),
    "infinite people": (b'<c r="A3"><v>7</v></c><c r="B3"><v>1e999</v></c>', 2, 0),
    "an unknown error": (b'<c r="A3" t="e"><v>#WAT</v></c>', None, None),
    "an unknown kind": (b'<c r="A3" t="zz"><v>1</v></c>', None, None),
    "a text that is not there": (b'<c r="A3" t="s"><v>999</v></c>', None, None),
    "no row": (b'<c r="A0"><v>1</v></c>', None, None),
    "a place in dollars": (b'<c r="$A$3"><v>1</v></c>', None, None),
}


@pytest.mark.parametrize(("xml", "kept", "aside"), CELLS.values(), ids=CELLS)
def test_every_kind_of_cell_is_read_or_refused(tmp_path, xml, kept, aside):
    path = write(tmp_path, "a.xlsx", sheet_bytes(b'<row r="3">' + xml + b"</row>"))
    if kept is None:
        with pytest.raises(SourceError, match=r"save it as \.xlsx"):
            loaders.load(path)
    else:
        tables = loaders.load(path)
        assert (tables["Household"].num_rows, tables.quarantine.num_rows) == (kept or 1, aside)


def test_days_and_lengths_of_time_in_a_column_of_days(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "培训"
    book.active.append(["id", "held on"])
    for n, value in enumerate((dt.time(8), dt.timedelta(days=3), dt.datetime(2012, 4, 30, 8), True, 40298, dt.date(2012, 4, 30))):  # noqa: DTZ001
        book.active.append([f"t{n}", value])
    book.save(tmp_path / "a.xlsx")
    tables = loaders.load(tmp_path / "a.xlsx")
    assert (tables["Training"]["held_on"].to_pylist(), tables.quarantine.num_rows) == ([*[None] * 5, dt.date(2012, 4, 30)], 0)
    assert count_unread(tables) == {"unreadable": 5}


# Workbooks that are none


def test_a_damaged_workbook_of_every_length(tmp_path):
    whole = sheet_bytes()
    for length in range(4, len(whole), 397):
        with pytest.raises(SourceError):
            loaders.load(write(tmp_path, "a.xlsx", whole[:length]))


@pytest.mark.parametrize("name", ["xl/workbook.bin", "content.xml", "word/document.xml"])
def test_another_program_under_the_name_of_a_workbook(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as out:
        out.writestr(name, "<a/>")
    with pytest.raises(SourceError, match=r"save it as \.xlsx"):
        loaders.load(tmp_path / "a.xlsx")


def test_another_compression_and_another_encoding(tmp_path):
    with pytest.raises(SourceError, match=r"save it as \.xlsx"):
        loaders.load(write(tmp_path, "a.xlsx", sheet_bytes(compression=zipfile.ZIP_LZMA)))
    assert loaders.load(write(tmp_path, "a.xlsx", sheet_bytes(compression=zipfile.ZIP_STORED)))["Household"].num_rows == 1


# CSV


def sparse(path, size, begin=b"id,people\n"):
    with path.open("wb") as file:
        file.write(begin)
        file.truncate(size)
    return path


def test_a_file_larger_than_any_table(tmp_path):
    for name, most in (("Household.csv", "512 MB"), ("Household.xlsx", "256 MB")):
        started = time.perf_counter()
        with pytest.raises(SourceError, match=f"larger than {most}; divide it"):
            loaders.load(sparse(tmp_path / name, 2 * 2**30))
        assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"id," * 1_000_000 + b"\nh1\n", "more than 1000 columns"),
        (b"id\n" + b"h," * 1_000_000, "a line is longer than 1 MB"),
        (b"x" * 2**22, "a line is longer than 1 MB"),
        (b"id\r" + b"x" * 2**21, "a line is longer than 1 MB"),
        (b"id,people\n" + b"h" * 40_000 + b",3\n", "row 2 has a cell of more than 32,767 characters"),
        (b'id,people\nh1,3\n"' + b"h\n" * 40_000 + b'",3\n', "row 3 has a cell of more than 32,767 characters"),
        (b"\x00" * 5_000_000, "zero bytes"),
        (b"id\nh1\n" + b"\x00" * 5_000_000, "zero bytes"),
    ],
    ids=["columns", "line", "word", "line-of-two", "cell", "lines-in-a-cell", "zeros", "zeros-below"],
)
def test_lines_columns_and_cells_have_bounds(tmp_path, data, says):
    assert says in load_limited(write(tmp_path, "Household.csv", data))


def test_many_short_lines_are_no_long_line(tmp_path):
    data = b"id\r\n" + b"".join(b"h%07d\r\n" % n for n in range(300_000))
    assert load_limited(write(tmp_path, "Household.csv", data)) == "read 300000 0\n"
    assert load_limited(write(tmp_path, "Household.csv", data.replace(b"\r\n", b"\r"))) == "read 300000 0\n"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16", "utf-32", "big5", "euc_jp", "cp1251", "latin-1", "utf-7", "cp037"])
def test_another_encoding_is_read_or_refused(tmp_path, codec):
    data = "编号,人口\nh1,3\n".encode(codec, errors="replace")
    said = load_limited(write(tmp_path, "农户.csv", data))
    assert "农户.csv" in said or said.startswith("read ")


def test_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "Household.csv")
    (tmp_path / "a.xlsx").mkdir()
    for name in ("Household.csv",):
        with pytest.raises(SourceError, match="it is no file"):
            loaders.load(tmp_path / name)
    with pytest.raises(SourceError, match="no table in the folder"):
        loaders.load(tmp_path / "a.xlsx")
    with pytest.raises(SourceError, match="use load_folder"):
        loaders.load_workbook(tmp_path / "a.xlsx")

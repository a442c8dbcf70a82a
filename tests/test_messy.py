"""A corpus of messy files: what comes out of each, written by hand, and every line of every file accounted for."""

import re
import time

import pytest

import loaders
from graphkit.errors import GraphkitError, SourceError
from tests.messy_files import RIGHT, book, locked_by_quote, ods, zipped

ZONES = [("z1", "东区"), ("z2", "西区")]
JAPANESE = [("z1", "田中太郎"), ("z2", "すずき")]
LATIN = [("z1", "Müller"), ("z2", "José Peña")]
H = "编号,人口\n"
TRADITIONAL = "id,name\nz1,東區\nz2,西區\n"
HOUSES = [("h1", 3), ("h2", 2)]


def zones(text, codec):
    return {"责任区.csv": text.encode(codec)}


# name: (files, table, columns, rows)
READ = {
    "UTF-8": (zones(RIGHT, "utf-8"), "Zone", ("id", "name"), ZONES),
    "UTF-8 with a mark": (zones(RIGHT, "utf-8-sig"), "Zone", ("id", "name"), ZONES),
    "GB18030": (zones(RIGHT, "gb18030"), "Zone", ("id", "name"), ZONES),
    "Big5": (zones(TRADITIONAL, "big5"), "Zone", ("id", "name"), [("z1", "東區"), ("z2", "西區")]),
    "cp1252, which decodes as Chinese": (zones("id,name\nz1,Müller\nz2,José Peña\n", "cp1252"), "Zone", ("id", "name"), LATIN),
    "Shift-JIS": (zones("id,name\nz1,田中太郎\nz2,すずき\n", "cp932"), "Zone", ("id", "name"), JAPANESE),
    "UTF-16 with a mark": (zones(RIGHT, "utf-16"), "Zone", ("id", "name"), ZONES),
    "UTF-16 without, little end first": (zones(RIGHT, "utf-16-le"), "Zone", ("id", "name"), ZONES),
    "UTF-16 without, big end first": (zones(RIGHT, "utf-16-be"), "Zone", ("id", "name"), ZONES),
    "a rare surname of four bytes": (zones("id,name\nz1,𬱖镕\n", "gb18030"), "Zone", ("id", "name"), [("z1", "𬱖镕")]),
    "tabs": (zones(RIGHT.replace(",", "\t"), "utf-8"), "Zone", ("id", "name"), ZONES),
    "tabs in UTF-16, as a spreadsheet saves Unicode text": (zones(RIGHT.replace(",", "\t"), "utf-16"), "Zone", ("id", "name"), ZONES),
    "semicolons": (zones(RIGHT.replace(",", ";"), "utf-8"), "Zone", ("id", "name"), ZONES),
    "full-width commas": (zones(RIGHT.replace(",", "，"), "gb18030"), "Zone", ("id", "name"), ZONES),
    "full-width commas, one within a cell": (zones('编号，名称\nz1，"东，区"\n', "utf-8"), "Zone", ("id", "name"), [("z1", "东，区")]),
    "commas within cells of a file of tabs": (zones("编号\t名称\nz1\t东,区\nz2\t西区\n", "utf-8"), "Zone", ("id", "name"), [("z1", "东,区"), ("z2", "西区")]),
    "Windows line ends": (zones(RIGHT.replace("\n", "\r\n"), "utf-8"), "Zone", ("id", "name"), ZONES),
    "old Macintosh line ends": (zones(RIGHT.replace("\n", "\r"), "utf-8"), "Zone", ("id", "name"), ZONES),
    "no line end at the end": (zones(RIGHT.rstrip(), "utf-8"), "Zone", ("id", "name"), ZONES),
    "a line break within a cell": (zones('编号,名称\nz1,"东\n区"\nz2,西区\n', "utf-8"), "Zone", ("id", "name"), [("z1", "东\n区"), ("z2", "西区")]),
    "a quotation mark within a cell": (zones('编号,名称\nz1,东"区\nz2,西区\n', "utf-8"), "Zone", ("id", "name"), [("z1", '东"区'), ("z2", "西区")]),
    "a title above, without separators": (zones("某区责任区名册\n" + RIGHT, "utf-8"), "Zone", ("id", "name"), ZONES),
    "a title above, as a spreadsheet exports it": (zones("某区责任区名册,\n制表：某某,\n" + RIGHT, "utf-8"), "Zone", ("id", "name"), ZONES),
    "a blank line above": (zones("\n" + RIGHT, "utf-8"), "Zone", ("id", "name"), ZONES),
    "blank lines between": (zones("编号,名称\n\nz1,东区\n,\nz2,西区\n\n", "utf-8"), "Zone", ("id", "name"), ZONES),
    "headings on every page": (zones("编号,名称\nz1,东区\n编号,名称\nz2,西区\n", "utf-8"), "Zone", ("id", "name"), ZONES),
    "a total below": ({"农户.csv": (H + "h1,3\nh2,2\n合计,5\n").encode()}, "Household", ("id", "people"), HOUSES),
    "a total with a gap and a colon": ({"农户.csv": (H + "h1,3\n小　计,3\nh2,2\n总计：,5\n").encode()}, "Household", ("id", "people"), HOUSES),
    "a note and a signature below": ({"农户.csv": (H + "h1,3\nh2,2\n备注：以上为常住,\n填表人：某某,\n").encode()}, "Household", ("id", "people"), HOUSES),
    "full-width digits": ({"农户.csv": (H + "h1,３\nh2,２\n").encode()}, "Household", ("id", "people"), HOUSES),
    "blanks of every kind": ({"农户.csv": (H + "\u3000h1 , 3\nh2\u00a0,2\n").encode()}, "Household", ("id", "people"), HOUSES),
    "dates of every form": (
        {"培训.csv": "编号,举办日期\nt1,2012-04-30\nt2,2012/4/30\nt3,2012.4.30\nt4,2012年4月30日\nt5,２０１２．４．３０\n".encode()},
        "Training", ("id", "held_on"), [(f"t{n}", "2012-04-30") for n in range(1, 6)],
    ),
    "a workbook": ({"a.xlsx": book([["编号", "人口"], ["h1", 3], ["h2", 2]])}, "Household", ("id", "people"), HOUSES),
    "a workbook with macros": ({"a.xlsm": book([["编号", "人口"], ["h1", 3], ["h2", 2]])}, "Household", ("id", "people"), HOUSES),
    "an OpenDocument sheet": ({"a.ods": ods([["编号", "人口"], ["h1", "3"], ["h2", "2"]])}, "Household", ("id", "people"), HOUSES),
    "titles merged over a workbook's table": (
        {"a.xlsx": book([["某村农户名册", None], ["编号", "人口"], ["h1", 3], ["h2", 2]], merge=["A1:B1"])}, "Household", ("id", "people"), HOUSES,
    ),
    "cells merged downwards": (
        {"a.xlsx": book([["编号", "人口"], ["h1", 3], ["h2", None]], merge=["B2:B3"])}, "Household", ("id", "people"), [("h1", 3), ("h2", 3)],
    ),
    "hidden rows, columns and sheet": (
        {"a.xlsx": book([["编号", "人口"], ["h1", 3], ["h2", 2]], hidden_rows=[3], hidden_columns=["B"], hidden=True)}, "Household", ("id", "people"), HOUSES,
    ),
    "signatures below a workbook's table": (
        {"a.xlsx": book([["编号", "人口"], ["h1", 3], ["h2", 2], ["合 计", 5], ["填表人：某某", None]])}, "Household", ("id", "people"), HOUSES,
    ),
    "folders within a folder": ({"2012/甲村/农户.csv": (H + "h1,3\n").encode(), "2012/乙村/农户.csv": (H + "h2,2\n").encode()}, "Household", ("id", "people"), HOUSES),
    "locks and hidden files beside": ({"农户.csv": (H + "h1,3\nh2,2\n").encode(), "~$农户.csv": b"x", ".农户.csv": b"x"}, "Household", ("id", "people"), HOUSES),
    "an archive": ({"all.zip": zipped({"农户.csv": (H + "h1,3\nh2,2\n").encode()})}, "Household", ("id", "people"), HOUSES),
    "an archive with folders and a workbook": (
        {"all.zip": zipped({"甲/农户.xlsx": book([["编号", "人口"], ["h1", 3]]), "乙/农户.csv": (H + "h2,2\n").encode(), "__MACOSX/农户.csv": b"x"})},
        "Household", ("id", "people"), HOUSES,
    ),
}  # fmt: skip


def put(tmp_path, files):
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    [only] = files if len(files) == 1 else [None]
    return tmp_path / only if only and "/" not in only else tmp_path


def read(tmp_path, files, **options):
    loading = loaders.read_source(put(tmp_path, files), **options)
    every_line_is_accounted_for(loading)
    return loading


def every_line_is_accounted_for(loading):
    counts = loading.tables.counts.to_pylist()
    for row in counts:
        assert row["read"] == row["loaded"] + row["merged"] + row["quarantined"], row
    for reading in loading.readings:
        assert reading.lines == reading.rows + reading.misfits + reading.blank + sum(len(part.rows) for part in reading.skipped)
        numbers = [number for part in reading.skipped for number in part.rows]
        assert len(numbers) == len(set(numbers))


def rows_of(loading, table, columns):
    return sorted(tuple(str(row[c]) if hasattr(row[c], "isoformat") else row[c] for c in columns) for row in loading.tables[table].to_pylist())


@pytest.mark.parametrize(("files", "table", "columns", "rows"), READ.values(), ids=READ)
def test_what_comes_out(tmp_path, files, table, columns, rows):
    loading = read(tmp_path, files)
    assert rows_of(loading, table, columns) == sorted(rows)
    assert loading.tables.quarantine.num_rows == 0
    assert sum(reading.rows for reading in loading.readings) == len(rows)


# name: (files, what is said)
REFUSED = {
    "an encoding of the East of Europe": (zones("id,name\nz1,Paweł Żółć\n", "cp1250"), "--encoding"),
    "Cyrillic": (zones("id,имя\nz1,Иван\n", "cp1251"), "--encoding"),
    "Korean, whose bytes are common Chinese characters": (zones("id,name\nz1,김철수\nz2,박영희\n", "cp949"), "--encoding"),
    "UTF-32": (zones(RIGHT, "utf-32-be"), "zero bytes"),
    "one byte spoilt in UTF-8": ({"责任区.csv": RIGHT.encode() + b"z3,\xff\n"}, "line 4 is not in UTF-8"),
    "two separators that fit alike": (zones("编号;名称,x\nz1;东区,x\n", "utf-8"), "--separator"),
    "a stray quotation mark": ({"农户.csv": locked_by_quote(at=(10,)).encode()}, "row 11"),
    "two of them, hundreds of rows apart": ({"农户.csv": locked_by_quote(at=(10, 500)).encode()}, "quotation mark"),
    "two of them, in rows one after the other": ({"农户.csv": b'id,people\nh1,"3\nh2,2"\nh3,4\n'}, "quotation mark"),
    "two of them, in a file of one column": ({"Zone.csv": b'id\n"z1\nz2"\nz3\n'}, "quotation mark"),
    "text named .xlsx": ({"a.xlsx": RIGHT.encode()}, "rename it to .csv"),
    "a web page named .xls": ({"a.xls": b"<html><table><tr><td>x</td></tr></table></html>"}, "web page"),
    "XML named .xls": ({"a.xls": b'<?xml version="1.0"?><Workbook/>'}, "web page or XML"),
    "a damaged .xls": ({"a.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 3000}, "xlsx"),
    "a damaged .ods": ({"a.ods": ods([["编号"]])[:-200]}, "xlsx"),
    "an OpenDocument cell repeated a million times": ({"a.ods": ods([["编号"]], repeated='table:number-rows-repeated="1048576"')}, "xlsx"),
    "an archive that is none": ({"a.zip": b"PK\x03\x04 and nothing"}, "archive"),
    "an archive without tables": ({"a.zip": zipped({"readme.md": b"x"})}, "no table"),
    "numbers of Apple": ({"a.numbers": b"x"}, "cannot be read"),
}


@pytest.mark.parametrize(("files", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_and_how(tmp_path, files, says):
    started = time.perf_counter()
    with pytest.raises(SourceError, match=re.escape(says)) as raised:
        loaders.load(put(tmp_path, files))
    assert raised.value.say("zh") != raised.value.say("en")
    assert time.perf_counter() - started < 60


def test_what_was_taken_is_said(tmp_path):
    notes = [note.en for reading in read(tmp_path, zones(RIGHT.replace(",", ";"), "gb18030")).readings for note in reading.notes]
    assert notes == ["read as GB18030; if that is wrong, name it with --encoding", "columns are told apart by a semicolon"]
    assert read(tmp_path, zones(RIGHT, "utf-8")).readings[0].notes == ()


def test_what_is_doubtful_can_be_named(tmp_path):
    folder = put(tmp_path, zones("id;name,x\nz1;Żółć,x\n", "cp1250"))
    with pytest.raises(GraphkitError):
        loaders.load(folder)
    problems = loaders.read_source(folder, encoding="cp1250", separator=";").problems
    assert "'name,x', column 2" in problems[0].text.en  # the separator is what was said; the heading is not known
    folder = put(tmp_path, {"责任区.csv": "编号,名称\nz1,Żółć\n".encode("utf-16")})
    assert loaders.load(folder)["Zone"]["name"].to_pylist() == ["Żółć"]
    with pytest.raises(GraphkitError, match="a separator is one of"):
        loaders.load(folder, separator="|")


def test_what_is_hidden_or_not_computed_is_said(tmp_path):
    data = book([["编号", "人口"], ["h1", "=1+2"], ["h2", 2]], hidden_rows=[3], hidden_columns=["B"], hidden=True)
    loading = read(tmp_path, {"a.xlsx": data})
    said = " ".join(note.en for reading in loading.readings for note in reading.notes)
    for words in ("this sheet is hidden", "1 of its rows are hidden", "1 of its columns are hidden"):
        assert words in said
    assert [(problem.rule, problem.row, problem.column) for problem in loading.problems] == [("cell.not_computed", 2, "people")]


@pytest.mark.parametrize(("typed", "shown"), [(2010, "2010"), (201003, "201003"), (20120430, "20120430")])
def test_a_year_typed_into_a_cell_of_dates_is_no_day(tmp_path, typed, shown):
    data = book([["编号", "举办日期"], ["t1", typed]], title="培训", formats={"B2": "yyyy-mm-dd"})
    loading = read(tmp_path, {"a.xlsx": data})
    assert loading.tables["Training"]["held_on"].to_pylist() in ([None], [])
    assert any(problem.rule.startswith("type.date") and problem.value == shown for problem in loading.problems)


@pytest.mark.parametrize("total", [5, "5人"])
def test_a_total_that_agrees_says_nothing_and_one_that_does_not_is_told(tmp_path, total):
    right = read(tmp_path, {"农户.csv": f"{H}h1,3\nh2,2\n合计,{total}\n".encode()})
    assert right.readings[0].notes == ()
    wrong = read(tmp_path, {"农户.csv": (H + "h1,3\n小计,3\nh2,2\n合计,6\n").encode()})
    assert [note.en for note in wrong.readings[0].notes] == ["row 5, '人口': the total says 6, the rows add up to 2"]
    unknown = read(tmp_path, {"农户.csv": (H + "h1,不详\nh2,2\n合计,6\n").encode()})
    assert unknown.readings[0].notes == ()  # what cannot be added up is no fault of the total


def test_rows_skipped_are_named_with_their_reason(tmp_path):
    reading = read(tmp_path, {"农户.csv": ("某村,\n" + H + "h1,3\n编号,人口\nh2,2\n合计,5\n注：略,\n").encode()}).readings[0]
    assert [(part.reason.en, part.rows) for part in reading.skipped] == [
        ("titles above the table", (1,)), ("headings", (2,)), ("headings repeated", (4,)), ("totals and subtotals", (6,)),
        ("notes and signatures below the table", (7,)),
    ]  # fmt: skip
    assert (reading.rows, reading.lines) == (2, 7)


def test_a_key_holds_no_line_break(tmp_path):
    loading = read(tmp_path, {"a.xlsx": book([["编号", "人口"], ["h1\nh2", 3], ["h3", 2]])})
    assert [problem.rule for problem in loading.problems] == ["id.line_break"]
    assert loading.tables["Household"]["id"].to_pylist() == ["h3"]


def test_an_archive_of_chinese_windows_has_its_names(tmp_path):
    import zipfile

    from loaders.files import _name_of

    part = zipfile.ZipInfo("农户.csv".encode("gb18030").decode("cp437"))
    part.flag_bits = 0
    assert _name_of(part) == "农户.csv"
    part = zipfile.ZipInfo("农户.csv")
    part.flag_bits = 0x800
    assert _name_of(part) == "农户.csv"


def test_an_archive_that_unpacks_to_too_much(tmp_path):
    data = zipped({f"{n}/农户.csv": b"x" * 2**20 for n in range(8)})
    (tmp_path / "a.zip").write_bytes(data)
    import loaders.files

    before = loaders.files.LARGEST_UNPACKED
    try:
        loaders.files.LARGEST_UNPACKED = 2**22
        with pytest.raises(SourceError, match="larger than 4 MB"):
            loaders.load(tmp_path / "a.zip")
    finally:
        loaders.files.LARGEST_UNPACKED = before


def test_provenance_names_the_file_within_folder_and_archive(tmp_path):
    loading = read(tmp_path, {"all.zip": zipped({"甲/农户.csv": (H + "h1,3\n").encode()})})
    assert loading.tables["Household"]["source_file"].to_pylist() == ["甲/农户.csv"]

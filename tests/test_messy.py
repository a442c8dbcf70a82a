"""A corpus of messy files: what comes out of each, written by hand, and every line of every file accounted for."""

import re
import time

import pytest

import loaders
from graphkit.errors import GraphkitError, SourceError
from tests.messy_corpus import MAPPED, MESSES, READ, REFUSED, H, zones
from tests.messy_files import RIGHT, book, zipped


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
    return sorted(
        (tuple(str(row[c]) if hasattr(row[c], "isoformat") else row[c] for c in columns) for row in loading.tables[table].to_pylist()),
        key=str,
    )


@pytest.mark.parametrize(("files", "table", "columns", "rows"), READ.values(), ids=READ)
def test_what_comes_out(tmp_path, files, table, columns, rows):
    loading = read(tmp_path, files)
    assert rows_of(loading, table, columns) == sorted(rows, key=str)
    assert loading.tables.quarantine.num_rows == 0
    assert sum(reading.rows for reading in loading.readings) == len(rows)


@pytest.mark.parametrize(("files", "mapping", "table", "columns", "rows"), MAPPED.values(), ids=MAPPED)
def test_what_comes_out_with_a_mapping(tmp_path, files, mapping, table, columns, rows):
    (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
    (tmp_path / "in").mkdir()
    for name in [name for name in files if name.startswith("../")]:
        (tmp_path / name.removeprefix("../")).write_bytes(files[name])
    loading = read(tmp_path / "in", {name: data for name, data in files.items() if not name.startswith("../")}, mapping=tmp_path / "m.toml")
    assert rows_of(loading, table, columns) == sorted(rows, key=str)
    assert loading.tables.quarantine.num_rows == 0


def test_every_mess_of_the_corpus_is_named_in_both_languages():
    assert set(MESSES) == {*READ, *MAPPED, *REFUSED}
    assert len(MESSES) >= 80
    assert len(set(MESSES.values())) == len(MESSES)


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


@pytest.mark.parametrize(("typed", "precision"), [(2010, "year"), (201003, "month")])
def test_a_year_typed_into_a_cell_of_dates_is_a_year(tmp_path, typed, precision):
    data = book([["编号", "举办日期"], ["t1", typed]], title="培训", formats={"B2": "yyyy-mm-dd"})
    loading = read(tmp_path, {"a.xlsx": data})
    assert [(problem.rule, problem.value) for problem in loading.problems] == [(f"date.{precision}", str(typed))]
    assert loading.tables.unread["earliest"].to_pylist() == loading.tables["Training"]["held_on"].to_pylist()


@pytest.mark.parametrize(("typed", "shown"), [(20120430, "20120430")])
def test_a_number_typed_into_a_cell_of_dates_is_no_day(tmp_path, typed, shown):
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

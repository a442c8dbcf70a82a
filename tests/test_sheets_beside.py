"""What stands on a sheet beside the table that is read, and sheets of counts: told for what they are, with what to do; and what looks like them."""

import openpyxl
import pytest

import loaders
from graphkit.cli import main

READ = '[[read]]\n{at}[[read.node]]\ntable = "农户"\nid = "户号"\npeople = "人口"\n'
GAP = [["户号", "人口", None, "户号", "人口"], *([f"h{n}", n, None, f"k{n}", n + 1] for n in (1, 2, 3))]
CLOSE = [["户号", "人口", "户号", "人口"], *([f"h{n}", n, f"k{n}", n + 1] for n in (1, 2, 3))]


def write(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def read(tmp_path, rows, *ats):
    (tmp_path / "m.toml").write_text("".join(READ.format(at=f'at = "{at}"\n' if at else "") for at in ats), encoding="utf-8")
    return loaders.read_source(write(tmp_path / "a.xlsx", {"名单": rows}), mapping=tmp_path / "m.toml")


def left(loading):
    return [note.en for reading in loading.readings for note in reading.left]


@pytest.mark.parametrize(("rows", "at"), [(GAP, "D1:E"), (CLOSE, "C1:D")])
def test_a_second_table_beside_the_first_is_told_and_what_is_told_helps(tmp_path, rows, at):
    once = read(tmp_path, rows, "")
    assert once.tables["Household"]["id"].to_pylist() == ["h1", "h2", "h3"]
    assert len(left(once)) == 1
    assert (at in left(once)[0]) if rows is GAP else ("columns C, D" in left(once)[0])
    both = read(tmp_path, rows, "A1:B", at)
    assert both.tables["Household"]["id"].to_pylist() == ["h1", "h2", "h3", "k1", "k2", "k3"]
    assert left(both) == []
    assert all("beside" not in note.en for reading in both.readings for note in reading.notes)


def test_other_cells_beside_are_no_second_table(tmp_path):
    loading = read(tmp_path, [["户号", "人口", None, "村", "人口"], ["h1", 1, None, "甲村", 9], ["h2", 2, None, "乙村", 8]], "")
    assert left(loading) == []
    assert "6 cells beside the table are not read" in [note.en for note in loading.readings[0].notes]


COUNTED = {
    "by village": [["村", "户数", "人口", "困难户数"], ["甲村", 30, 100, 4], ["乙村", 20, 80, 1], ["合计", 50, 180, 5]],
    "by township and village, with a title": [
        ["某区农户统计", None, None],
        ["乡镇", "村", "户数"],
        ["甲镇", "一村", "30户"],
        ["甲镇", "二村", "20户"],
    ],
    "by code": [["村代码", "户数", "占比"], ["230112104001", 30, "60%"], ["230112104002", 20, "40%"]],
}


@pytest.mark.parametrize("rows", COUNTED.values(), ids=COUNTED)
def test_a_sheet_of_counts_is_told_as_such_and_leaves_no_table_open(tmp_path, rows):
    loading = loaders.read_source(write(tmp_path / "a.xlsx", {"农户": [["编号", "人口"], ["h1", 3]], "农户统计": rows}))
    assert loading.problems == []
    assert loading.tables.unread.num_rows == loading.tables.quarantine.num_rows == 0
    assert len(left(loading)) == 1
    assert "counts" in left(loading)[0]
    reading = loading.readings[1]
    assert (reading.lines, len(reading.skipped[0].rows)) == (len(rows), len(rows))


LISTED = {
    "a list of households": [["户主姓名", "人口数"], ["某某", 3], ["某甲", 2]],
    "a list with ids": [["编号", "人口"], ["h2", 3], ["h3", 2]],
    "a row for each household, by village": [["村", "人数"], ["甲村", 3], ["甲村", 2]],
    "answers and no counts": [["村", "困难户", "人数"], ["甲村", "是", 3], ["乙村", "否", 2]],
    "no number at all": [["村", "户数"], ["甲村", "不详"], ["乙村", "不详"]],
}


@pytest.mark.parametrize("rows", LISTED.values(), ids=LISTED)
def test_what_only_has_such_a_name_is_still_set_aside(tmp_path, rows):
    loading = loaders.read_source(write(tmp_path / "a.xlsx", {"农户": [["编号", "人口"], ["h1", 3]], "农户统计": rows}))
    assert [problem.rule for problem in loading.problems] == ["sheet.unknown"]
    assert loading.tables.quarantine.num_rows == 2


def test_counts_alone_are_refused_as_counts(tmp_path, capsys):
    path = write(tmp_path / "a.xlsx", {"农户统计": COUNTED["by village"]})
    for lang, word in (("zh", "统计数"), ("en", "counts")):
        assert main(["check", str(path), "--lang", lang]) == 3
        said = capsys.readouterr()
        assert word in said.out + said.err

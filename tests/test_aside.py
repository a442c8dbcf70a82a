"""Rows set aside: the workbook that brings them back, what they wait for, and what became of them at the next load."""

import dataclasses
import json

import openpyxl
import pyarrow as pa
import pytest

import graphkit
import loaders
from graphkit.cli import main
from graphkit.data.checks import check_tables, quarantine_problems
from graphkit.data.problems import fold_cells, fold_ends
from graphkit.data.tables import Tables
from graphkit.data.waiting import compare_aside, find_waiting
from graphkit.errors import ParameterError

CARD = "110105194912310021"  # of GB 11643's own form; nobody's


@pytest.fixture
def source(tmp_path):
    """A member under a number that is no id and two pairings that name it, one of them with a household that is nowhere; a key twice; a key missing."""
    folder = tmp_path / "source"
    folder.mkdir()
    files = {
        "党员与培养对象.csv": f"编号,姓名,发展阶段\n{CARD},甲,正式党员\nm2,乙,正式党员\n",
        "农户.csv": "编号,人口,是否困难户\nh1,3,是\nh1,4,否\n,5,是\n",
        "结对帮扶.csv": f"党员与培养对象编号,农户编号,结对方式\n{CARD},h1,一帮一\nm2,h1,一联五\n{CARD},h9,一帮一\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_corrected_and_put_beside_the_rest_they_are_loaded(source, tmp_path, lang):
    loading = loaders.read_source(source)
    path = graphkit.write_set_aside(loading.tables, loading.problems, tmp_path / "again.xlsx", lang=lang)
    book = openpyxl.load_workbook(path)
    comments = [cell.comment.text for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
    assert len(comments) == loading.tables.quarantine.num_rows == 5
    assert sum(("农户.csv" in text) and ("compare the two rows" in text or "核对两行" in text) for text in comments) == 1
    members, homes, pairs = book.worksheets[0], book.worksheets[1], book.worksheets[2]
    members["A2"], homes["A2"], homes["A3"], pairs["A2"], pairs["A3"], pairs["B3"] = "m1", "h2", "h3", "m1", "m1", "h3"
    book.save(source / "corrected.xlsx")
    again = loaders.load(source)
    assert sorted(again["Member"]["id"].to_pylist()) == ["m1", "m2"]
    assert {(row["id"], row["people"], row["is_poor"]) for row in again["Household"].to_pylist()} == {
        ("h1", 3, True),
        ("h2", 4, False),
        ("h3", 5, True),
    }
    assert {(row["member_id"], row["household_id"], row["kind"]) for row in again["Member HELPS Household"].to_pylist()} == {
        ("m2", "h1", "one_to_five"), ("m1", "h1", "one_to_one"), ("m1", "h3", "one_to_one"),
    }  # fmt: skip


def test_it_is_the_owners_alone_and_a_workbook(source, tmp_path):
    loading = loaders.read_source(source)
    assert graphkit.write_set_aside(loading.tables, loading.problems, tmp_path / "a.xlsx").stat().st_mode & 0o077 == 0
    with pytest.raises(ParameterError, match=r"\.xlsx"):
        graphkit.write_set_aside(loading.tables, loading.problems, tmp_path / "a.csv")


def test_rows_of_another_width_are_left_out_since_nobody_knows_which_cell_is_which(tmp_path):
    (tmp_path / "农户.csv").write_text("编号,人口\nh1,3,4\nh2,5\n,6\n", encoding="utf-8")
    loading = loaders.read_source(tmp_path)
    assert loading.tables.quarantine.num_rows == 2
    book = openpyxl.load_workbook(graphkit.write_set_aside(loading.tables, loading.problems, tmp_path / "again.xlsx"))
    assert [[cell.value for cell in row][:2] for row in book["农户"].iter_rows(min_row=2, max_row=3)] == [[None, "6"], [None, None]]


def test_what_waits_for_what(source):
    """A pairing waits if all that it lacks was set aside: the one with a household that is nowhere does not."""
    waiting = find_waiting(loaders.load(source))
    assert (waiting.ties, waiting.causes) == ({"Member HELPS Household": 1}, {"Member": 1})
    assert (waiting.lost, waiting.nowhere) == ({"Member HELPS Household": 1}, {"Household": 1})
    assert find_waiting(quarantine_problems(Tables({"Household": pa.table({"id": ["h1"]})}))).ties == {}


def test_a_cell_that_several_tables_need_is_told_once_and_so_is_a_thing_that_is_nowhere(tmp_path):
    """A number as id, in a row of which three tables need it, and a second such number in the same row that none of the folding may hide."""
    number, other = "11010519491231002X", "110105195001010037"
    (tmp_path / "a.csv").write_text(f"编号,支部,户\n{number},b1,{other}\nm2,b1,h1\n", encoding="utf-8")
    ties = '[[read.tie]]\ntable = "Member BELONGS_TO Branch"\nmember_id = "编号"\nbranch_id = "支部"\nprimary = "=yes"\n[[read.tie]]\ntable = "Member HELPS Household"\nmember_id = "编号"\nhousehold_id = "户"\nkind = "=one_to_one"\n'
    (tmp_path / "m.toml").write_text('[[read]]\n[[read.node]]\ntable = "Member"\nid = "编号"\n' + ties, encoding="utf-8")
    loading = loaders.read_source(tmp_path / "a.csv", mapping=tmp_path / "m.toml")
    folded = fold_cells(loading.problems, loading.tables.model)
    assert [(p.table, p.row, p.column) for p in folded if p.rule == "id.number"] == [
        ("Member", 2, "id"), ("Member HELPS Household", 2, "household_id"),
    ]  # fmt: skip
    assert "2 more tables need this cell" in next(p.text.en for p in folded if p.table == "Member")
    lives = [{"household_id": f"h{n}", "village_code": "230112000009"} for n in range(3)]
    given = {"Household": pa.table({"id": ["h0", "h1", "h2"]}), "Household LIVES_IN Village": pa.Table.from_pylist(lives)}
    lost = [p for p in check_tables(Tables(given)) if p.rule == "tie.ends"]
    numbered = [dataclasses.replace(p, row=row) for row, p in enumerate(lost, 2)]
    [told] = fold_ends(numbered, graphkit.MODEL)
    assert (told.row, "2 more rows name it" in told.text.en) == (2, True)


def test_waiting_is_what_a_second_reading_finds(source):
    """One row after another, by hand: an end that is neither loaded nor set aside is a fault of the tie itself."""
    tables = loaders.load(source)
    aside = [(row["table"], json.loads(row["row"])) for row in tables.quarantine.to_pylist()]
    keys = {row["id"] for table, row in aside if table == "Member" and "id" in row}
    there = {"Member": set(tables["Member"]["id"].to_pylist()), "Household": set(tables["Household"]["id"].to_pylist())}
    waits = [
        row for table, row in aside
        if table == "Member HELPS Household" and row["household_id"] in there["Household"] and row["member_id"] in keys - there["Member"]
    ]  # fmt: skip
    assert find_waiting(tables).ties == {"Member HELPS Household": len(waits)}


def test_the_next_load_says_what_came_back(source, tmp_path, capsys):
    before = loaders.load(source)
    place = str(tmp_path / "a.gk")
    assert main(["load", str(source), place, "--set-aside", str(tmp_path / "again.xlsx"), "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "1 of the rows (member helps household: 1) are set aside only because 1 that they name (member: 1) are: correct those first." in told
    assert "again.xlsx: correct them as the comments say" in told
    assert "Since the last load" not in told
    (source / "农户.csv").write_text("编号,人口,是否困难户\nh1,3,是\nh2,4,否\n,5,是\n,6,是\n", encoding="utf-8")
    assert main(["load", str(source), place, "--lang", "en"]) == 0
    assert "Since the last load: 1 rows are set aside no more, 4 still are, 1 newly." in capsys.readouterr().out
    since = compare_aside(before, loaders.load(source))
    assert (since.back, since.still, since.new) == (1, 4, 1)


def test_causes_come_before_what_waits_for_them(tmp_path, capsys):
    (tmp_path / "结对帮扶.csv").write_text(
        "党员与培养对象编号,农户编号,结对方式\n" + "".join(f"m{n},h1,一帮一\n" for n in range(9)), encoding="utf-8"
    )
    (tmp_path / "农户.csv").write_text("编号,人口\nh1,3\n,4\n", encoding="utf-8")
    assert main(["check", str(tmp_path), "--show", "1", "--lang", "en"]) == 3
    assert "may not be empty" in capsys.readouterr().out.splitlines()[-2]

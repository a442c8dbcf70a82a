"""No cell of any CSV runs, whatever it hides before the sign; what is guarded comes back as it was."""

from __future__ import annotations

import csv
import sys
import unicodedata

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import loaders
from graphkit.cli.querying import write_rows
from graphkit.data.exports import write_folder
from graphkit.data.tables import Tables
from graphkit.formulas import guard_texts, unguard_texts, without_formula
from graphkit.questions.files import write_finding
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding
from graphkit.words import Text

CHARACTERS = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
UNSEEN = [ch for ch in CHARACTERS if unicodedata.category(ch) in ("Zs", "Zl", "Zp", "Cc", "Cf")]
SIGNS = [ch for ch in CHARACTERS if unicodedata.normalize("NFKC", ch) in ("=", "+", "-", "@")]
PLANTED = ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u3000=1", "\u200b=1", "\ufeff=1", "\u00a0\u200d@x", "＝1+1", "＋1", "－1", "＠x",
           "\x00=1", "\u2060 ﹦1"]  # fmt: skip
TEXT = st.text(st.sampled_from([*"=+-@'＝＋－＠ \t\r\n\u200b\ufeff\u3000村a0\",;"]) | st.characters(exclude_categories=["Cs"]), max_size=8)


def cells_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(line.replace("\0", "\ufffd") for line in file))


def test_every_unseen_character_before_every_sign():
    assert len(UNSEEN) > 200
    assert {"=", "＝", "－", "＠", "﹢"} <= set(SIGNS)
    for text in [*(f"{ch}=1" for ch in UNSEEN), *(f"\u200b {ch}\u200b=1" for ch in UNSEEN), *(f"{sign}1" for sign in SIGNS)]:
        assert without_formula(text) == f"'{text}", ascii(text)


def test_arrow_and_python_guard_the_same_texts():
    texts = [f"{ch}{rest}" for ch in CHARACTERS for rest in ("=", "x")]
    assert guard_texts(pa.array(texts)).to_pylist() == [without_formula(text) for text in texts]


@given(TEXT)
def test_what_is_guarded_comes_back(text):
    guarded = without_formula(text)
    assert guarded in (text, f"'{text}")
    assert unguard_texts(pa.array([guarded])).to_pylist() == [text]


@given(st.lists(TEXT.map(lambda text: text.replace("\0", "")), min_size=1, max_size=5))  # a zero byte makes a file no text
def test_names_come_back_through_a_folder(tmp_path_factory, names):
    tables = Tables({"Zone": pa.table({"id": [f"z{n}" for n in range(len(names))], "name": names})})
    folder = write_folder(tables, tmp_path_factory.mktemp("out"))
    unguarded = unguard_texts(pa.array(without_formula(name).strip() for name in names)).to_pylist()
    read = dict(zip(*loaders.load_folder(folder)["Zone"].select(["id", "name"]).to_pydict().values(), strict=True))
    for number, (name, expected) in enumerate(zip(names, unguarded, strict=True)):
        assert (read[f"z{number}"] or "") == expected
        assert expected in (name, name.strip(), name.rstrip())  # white space at an end is taken off, nothing else


def test_text_without_anything_to_hide_is_left_alone():
    for value in ("村", "a=1", "1-2", "", -5, -1.5, None, True):
        assert without_formula(value) == value


@pytest.mark.parametrize("planted", PLANTED)
def test_no_writer_lets_a_cell_or_a_heading_run(tmp_path, planted):
    heading = Column(planted, Text("名称", "name"), Text("名称", "name"))
    rows = pd.DataFrame({"subject_kind": ["Village"], "subject_id": ["1"], planted: [planted]})
    finding = Finding("find_x", Text("问", "ask"), rows, (*SUBJECT_COLUMNS, heading))
    listed = rows.assign(many=pd.Series([[planted, "b"]], dtype=object))
    tables = Tables({"Zone": pa.table({"id": ["z"], "name": [planted]})})
    written = [
        write_finding(finding, tmp_path / "finding.csv"),
        write_rows(listed, tmp_path / "rows.csv"),
        write_folder(tables, tmp_path / "folder") / "Zone.csv",
    ]
    for path in written:
        cells = [cell for row in cells_of(path) for cell in row]
        assert any(cell.startswith("'") for cell in cells)
        assert [cell for cell in cells if without_formula(cell) != cell and not cell.startswith("'")] == []


def test_numbers_stay_numbers(tmp_path):
    rows = pd.DataFrame({"subject_kind": ["Village"], "subject_id": ["1"], "whole": [-5], "part": [-0.5]})
    columns = tuple(Column(name, Text(name, name), Text(name, name)) for name in ("whole", "part"))
    finding = Finding("find_x", Text("问", "ask"), rows, (*SUBJECT_COLUMNS, *columns))
    for path in (write_finding(finding, tmp_path / "finding.csv"), write_rows(rows, tmp_path / "rows.csv")):
        assert cells_of(path)[1][2:] == ["-5", "-0.5"]

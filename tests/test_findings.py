"""Findings: declared as they are, shown in both languages, written and read back without loss, and never run by a spreadsheet."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import json
import re

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphkit.data import parquet
from graphkit.errors import ModelError, ParameterError, SourceError
from graphkit.questions import files
from graphkit.questions import finding as module
from graphkit.questions.files import read_finding, write_finding, write_workbook
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding
from graphkit.words import Text
from tests.page_samples import PLANTED

STATES = {"due": Text("应建未建", "due now"), "blank": Text("空白", "blank")}
COLUMNS = (
    *SUBJECT_COLUMNS,
    Column("name", Text("名称", "name"), Text("名称", "name")),
    Column("state", Text("结论", "verdict"), Text("结论", "verdict"), values=STATES),
    Column("households", Text("农户", "households"), Text("户数", "how many"), unit=Text("户", "households")),
    Column("share", Text("比例", "share"), Text("比例", "share")),
    Column("certain", Text("确定", "certain"), Text("确定", "certain")),
    Column("seen_on", Text("日期", "seen on"), Text("日期", "seen on")),
)


def make_finding(names: tuple[str | None, ...] = ("甲村", None)) -> Finding:
    n = len(names)
    rows = pd.DataFrame(
        {
            "subject_kind": ["Village"] * n,
            "subject_id": [f"0{k}" for k in range(n)],  # a leading zero must survive every format
            "name": pd.Series(names, dtype="str"),
            "state": ["due", "blank"] * (n // 2) + ["due"] * (n % 2),
            "households": pd.array([1234 if k % 2 == 0 else None for k in range(n)], dtype="Int64"),
            "share": [0.25 if k % 2 == 0 else float("nan") for k in range(n)],
            "certain": pd.array([True if k % 2 == 0 else None for k in range(n)], dtype="boolean"),
            "seen_on": [dt.date(2012, 4, 30) if k % 2 == 0 else None for k in range(n)],
        }
    )
    caveats = (Text("一条须知", "one caveat"), Text("又一条", "and another"))
    return Finding(
        "find_gaps",
        Text("问题？", "The question?"),
        rows,
        COLUMNS,
        {"rules": "pack"},
        ("r1",),
        caveats,
        {"hash": "abc"},
        dt.date(2012, 4, 30),
        "name",
        "state",
    )


# ---- what a finding is


def test_subject_columns_come_first():
    with pytest.raises(ModelError, match="the first two columns"):
        Finding("find_x", Text("", ""), pd.DataFrame({"a": [1], "b": [2]}), ())


def test_every_column_is_declared():
    rows = pd.DataFrame({"subject_kind": ["Village"], "subject_id": ["1"], "extra": [1]})
    with pytest.raises(ModelError, match="columns declared"):
        Finding("find_x", Text("", ""), rows, SUBJECT_COLUMNS)


def test_it_tells_its_length_and_day():
    assert repr(make_finding()) == "Finding(find_gaps: 2 rows, as of 2012-04-30)"
    assert len(make_finding()) == 2
    assert len(make_finding().select("Member")) == 0


def test_readable_headings_and_words():
    frame = make_finding().to_frame("zh", head=1)
    assert list(frame.columns) == ["对象类别", "对象编号", "名称", "结论", "农户（户）", "比例", "确定", "日期"]
    assert frame.iloc[0, :4].tolist() == ["村", "00", "甲村", "应建未建"]
    assert make_finding().to_frame("en").columns[4] == "households (households)"


def test_columns_of_one_heading_are_all_kept():
    twice = Column("again", Text("名称", "name"), Text("", ""))
    rows = make_finding().rows[["subject_kind", "subject_id", "name"]].assign(again="x")
    frame = Finding("find_x", Text("", ""), rows, (*COLUMNS[:3], twice)).to_frame("en")
    assert list(frame.columns) == ["kind", "id", "name", "name"]


# ---- how it shows itself


def test_html_is_in_one_language():
    page = make_finding().to_html("en")
    assert not re.search("[\u4e00-\u9fff]", page.replace("甲村", ""))
    assert "<td>due now</td>" in page.replace('<span lang="en">', "").replace("</span>", "")
    assert "one caveat" in page


def test_jupyter_shows_both_languages():
    page = make_finding()._repr_html_()
    for words in ("问题？", "The question?", "应建未建", "due now", "一条须知", "one caveat", "as of 2012-04-30", "1,234"):
        assert words in page


def test_jupyter_shows_the_first_rows_and_says_how_many_more():
    page = make_finding(tuple(f"村{k}" for k in range(1_050)))._repr_html_()
    assert page.count("<tr>") == 1 + 20
    assert "另有 1,030 行" in page
    assert "1,030 more rows" in page


@pytest.mark.parametrize("planted", PLANTED)
def test_every_text_is_escaped(planted):
    finding = make_finding((planted, planted))
    both = Text(planted, planted)
    finding = dataclasses.replace(
        finding, title=both, caveats=(both,), columns=(*COLUMNS[:2], dataclasses.replace(COLUMNS[2], heading=both), *COLUMNS[3:])
    )
    for page in (finding.to_html("zh"), finding._repr_html_()):
        bare = page.replace(module.STYLE, "")
        assert set(re.findall(r"<(\w+)", bare)) <= {"section", "h3", "span", "div", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "br"}
        assert not re.search(r"<[^>]*(onerror|onload|onmouseover|href)", bare)


# ---- files


def test_parquet_keeps_everything(tmp_path):
    finding = make_finding()
    back = read_finding(write_finding(finding, tmp_path / "new" / "f.parquet"))
    pd.testing.assert_frame_equal(back.rows, finding.rows)
    for field in dataclasses.fields(Finding):
        if field.name != "rows":
            assert getattr(back, field.name) == getattr(finding, field.name), field.name


def test_csv_opens_in_a_spreadsheet(tmp_path):
    path = write_finding(make_finding(), tmp_path / "f.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0] == {"subject_kind": "Village", "subject_id": "00", "name": "甲村", "state": "due", "households": "1234", "share": "0.25",
                       "certain": "True", "seen_on": "2012-04-30"}  # fmt: skip
    assert set(list(rows[1].values())[4:]) == {""}


def test_workbook_has_readable_headings_and_typed_cells(tmp_path):
    path = write_finding(make_finding(), tmp_path / "f.xlsx", lang="zh")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["gaps", "说明"]
    rows = [[cell.value for cell in row] for row in book["gaps"].iter_rows()]
    assert rows[0] == ["对象类别", "对象编号", "名称", "结论", "农户（户）", "比例", "确定", "日期"]
    assert rows[1] == ["村", "00", "甲村", "应建未建", 1234, 0.25, True, dt.datetime(2012, 4, 30)]  # noqa: DTZ001  # cells have no time zone
    assert rows[2] == ["村", "01", None, "空白", None, None, None, None]
    assert [[cell.value for cell in row] for row in book["说明"].iter_rows()][1] == ["gaps", "一条须知"]


def test_html_file_is_a_page_of_its_own(tmp_path):
    page = write_finding(make_finding(), tmp_path / "f.html", lang="en").read_bytes().decode("utf-8")
    assert page.startswith("<!doctype html>")
    assert '<html lang="en">' in page
    assert "default-src 'none'" in page
    assert page.count("<tr>") == 3


def test_an_unknown_suffix_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"\.docx"):
        write_finding(make_finding(), tmp_path / "f.docx")


def test_an_unknown_language_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(ParameterError, match="lang"):
        write_finding(make_finding(), tmp_path / "f.xlsx", lang="cn")
    with pytest.raises(ParameterError, match="lang"):
        write_workbook({"f": make_finding()}, tmp_path / "f.xlsx", lang="cn")
    assert not (tmp_path / "f.xlsx").exists()


def test_what_is_no_finding_is_refused(tmp_path):
    pq.write_table(pa.table({"a": [1]}), tmp_path / "plain.parquet")
    (tmp_path / "text.parquet").write_text("not a table")
    for name in ("plain", "text", "missing"):
        with pytest.raises(SourceError, match=f"{name}.parquet"):
            read_finding(tmp_path / f"{name}.parquet")


@pytest.mark.parametrize(
    "about",
    [None, [], {}, "x", {"columns": 5}, {"columns": [{}]}, {"title": {"zh": "x"}}, {"rules": 5}, {"as_of": "never"}, {"as_of": 5},
     {"caveats": [1]}, {"columns": []}],
    ids=str,
)  # fmt: skip
def test_a_finding_that_says_other_things_of_itself_is_refused(tmp_path, about):
    path = write_finding(make_finding(), tmp_path / "f.parquet")
    table = pq.read_table(path)
    said = json.loads(table.schema.metadata[b"graphkit"])
    said = {**said, **about} if isinstance(about, dict) and about else about
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, b"graphkit": json.dumps(said).encode()}), path)
    with pytest.raises(SourceError, match=r"f\.parquet.*no finding"):
        read_finding(path)


def test_a_finding_with_flipped_bits_is_refused_or_read(tmp_path):
    path = write_finding(make_finding(), tmp_path / "f.parquet")
    content = path.read_bytes()
    refused = 0
    for bit in range(5, len(content) * 8, 211):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        try:
            read_finding(path)
        except SourceError:
            refused += 1
    assert refused > 50


@pytest.mark.parametrize("kind", ["rows", "one long text many times"])
def test_a_finding_that_would_fill_the_memory_is_refused(tmp_path, monkeypatch, kind):
    finding = make_finding()
    metadata = pq.read_schema(write_finding(finding, tmp_path / "f.parquet")).metadata
    names = finding.rows.columns
    if kind == "rows":
        table = pa.table([pa.nulls(2_000_000, pa.int64())] * len(names), names=names)
    else:
        words = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["村" * 10_000]))
        table = pa.table([words] * len(names), names=names)
    pq.write_table(table.replace_schema_metadata(metadata), tmp_path / "f.parquet", compression="zstd", store_schema=False)
    assert (tmp_path / "f.parquet").stat().st_size < 1_000_000
    monkeypatch.setattr(parquet, "memory_bytes", lambda: 50_000_000)
    with pytest.raises(SourceError, match="more memory") as told:
        read_finding(tmp_path / "f.parquet")
    assert "内存" in told.value.say("zh")


# ---- formulas


@pytest.mark.parametrize("planted", ['=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_name_is_never_a_formula(tmp_path, planted):
    finding = make_finding((planted, planted))
    with write_finding(finding, tmp_path / "f.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == [f"'{planted}"] * 2
    sheet = openpyxl.load_workbook(write_finding(finding, tmp_path / "f.xlsx"))["gaps"]
    cell = sheet["C2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert str(cell.value).replace("_x000D_", "").strip() == planted.strip()  # a carriage return, as workbooks write it


# ---- several findings


def test_a_sheet_each_under_its_name(tmp_path):
    names = ["coverage", "a/b", "A_b", "x" * 40, "x" * 41, "说明", "caveats", ""]
    book = openpyxl.load_workbook(write_workbook(dict.fromkeys(names, make_finding()), tmp_path / "all.xlsx"))
    assert book.sheetnames == ["coverage", "a_b", "A_b-2", "x" * 28, "x" * 28 + "-2", "说明-2", "caveats-2", "find_gaps", "说明"]


def test_more_rows_than_a_sheet_holds_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "SHEET_ROWS", 2)
    with pytest.raises(ParameterError, match=r"write \.csv or \.parquet"):
        write_workbook({"gaps": make_finding()}, tmp_path / "all.xlsx")
    assert not (tmp_path / "all.xlsx").exists()


def test_infinity_leaves_the_cell_empty(tmp_path):
    finding = make_finding()
    rows = finding.rows.assign(share=[float("inf"), 1.0])
    sheet = openpyxl.load_workbook(write_finding(dataclasses.replace(finding, rows=rows), tmp_path / "f.xlsx"))["gaps"]
    assert [sheet["F2"].value, sheet["F3"].value] == [None, 1]


def test_lists_are_written_as_text(tmp_path):
    finding = make_finding()
    rows = finding.rows.assign(name=pd.Series([["甲", "乙"], []], dtype=object))
    with write_finding(dataclasses.replace(finding, rows=rows), tmp_path / "f.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == ["甲；乙", ""]


def test_input_is_not_changed(tmp_path):
    finding = make_finding(("=1", "b"))
    before = finding.rows.copy(deep=True)
    for suffix in ("csv", "xlsx", "parquet", "html"):
        write_finding(finding, tmp_path / f"f.{suffix}")
    finding._repr_html_()
    pd.testing.assert_frame_equal(finding.rows, before)


def test_every_kind_of_node_has_words_where_it_is_a_subject():
    """A zone that is open stood in the Chinese report as Zone."""
    assert {kind.label for kind in module.MODEL.nodes} <= set(SUBJECT_COLUMNS[0].values)
    assert SUBJECT_COLUMNS[0].values["Zone"] == Text("责任区", "zone")

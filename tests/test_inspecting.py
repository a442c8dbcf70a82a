"""inspect and map-columns: what a person sees before anything is loaded, and nobody's name in it."""

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import loaders
from graphkit.cli import main
from graphkit.errors import GraphkitError
from tests.messy_files import book, ods, zipped

LEDGER = Path(__file__).parent / "data" / "messy" / "ledger.xls"


def say(capsys, *words):
    assert main([*map(str, words)]) == 0
    return capsys.readouterr().out


def test_what_inspect_shows_of_an_old_workbook_with_three_rows_of_headings(capsys):
    shown = say(capsys, "inspect", LEDGER, "--lang", "en")
    for words in (
        "table A3:I11: 3 heading row(s), 4 rows of data",
        "家庭情况 / 收入 / 年收入（万元）",
        "totals and subtotals (row 10)",
        "3人 | 二",
        "map-columns",
    ):
        assert words in shown


def test_several_tables_on_one_sheet(tmp_path, capsys):
    rows = [["户", "人口", None, "代码", "名称"], ["h1", 3, None, 1, "甲"], ["h2", 2, None, 2, "乙"], [None], ["党员", "村"], ["m1", "甲村"]]
    (tmp_path / "a.xlsx").write_bytes(book(rows))
    shown = say(capsys, "inspect", tmp_path / "a.xlsx", "--lang", "en")
    assert [place in shown for place in ("table A1:B3", "table D1:E3", "table A5:B6")] == [True, True, True]


@pytest.mark.parametrize("name", ["张三丰", "13812345678", "11010519491231002X", "欧阳修"])
def test_nobody_is_shown(tmp_path, capsys, name):
    text = f"党员编号,姓名,备注\nm1,{name},{name}\nm2,{name},x\n"
    (tmp_path / "党员名册.csv").write_text(text, encoding="utf-8")
    (tmp_path / "b.csv").write_text(f"{name},{name}\n{name},x\n", encoding="utf-8")  # no headings: the first row is somebody's
    for command in ("inspect", "map-columns"):
        for file in ("党员名册.csv", "b.csv"):
            if (command, file) != ("map-columns", "b.csv"):
                assert name not in say(capsys, command, tmp_path / file)


def test_a_draft_is_written_and_runs(tmp_path, capsys):
    (tmp_path / "合作社台账.csv").write_text(
        "合作社编号,名称,类型,成立时间,年产值（万元）,所在村\nc1,甲社,专业合作社,2010.03,20,全店村\nc2,乙社,协会,2011.5.6,1.5,吉兴村\n",
        encoding="gb18030",
    )
    say(capsys, "map-columns", tmp_path / "合作社台账.csv", "--out", tmp_path / "m.toml")
    loading = loaders.read_source(tmp_path / "合作社台账.csv", mapping=tmp_path / "m.toml")
    rows = [(r["id"], r["kind"], str(r["founded_on"]), r["output_yuan"]) for r in loading.tables["Cooperative"].to_pylist()]
    assert rows == [("c1", "cooperative", "2010-03-01", 200_000), ("c2", "association", "2011-05-06", 15_000)]
    assert loading.tables["Cooperative OPERATES_IN Village"]["village_code"].to_pylist() == ["230112011205", "230112112204"]


def test_an_english_sheet(tmp_path, capsys):
    (tmp_path / "households.csv").write_text("household id,people,village,helper id\nh1,3 ,Allston,m1\n", encoding="utf-8")
    drafted = say(capsys, "map-columns", tmp_path / "households.csv")
    for line in ('id = "household id"', 'people = "people"', 'village_code = {place = ["village"]}', 'member_id = "helper id"'):
        assert line in drafted


def test_what_was_taken_and_left_out_is_said_on_checking(tmp_path, capsys):
    (tmp_path / "农户.csv").write_text("某村农户,\n编号,人口\nh1,3\n合计,4\n", encoding="gb18030")
    said = say(capsys, "check", tmp_path / "农户.csv", "--lang", "en")
    for words in ("read as GB18030", "titles above the table (row 1)", "totals and subtotals (row 4)", "the total says 4, the rows add up to 3"):
        assert words in said
    assert main(["check", str(tmp_path / "农户.csv"), "--encoding", "utf-8"]) == 3


# Laws


def load_or_refuse(folder, name, data):
    (folder / name).write_bytes(data)
    with contextlib.suppress(GraphkitError):
        loaders.read_source(folder / name)


SLOW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)  # each takes a process
CUTS = st.lists(st.tuples(st.integers(0, 2**15), st.integers(0, 40), st.binary(max_size=8)), min_size=1, max_size=4)


def mangle(data, cuts):
    for start, length, piece in cuts:
        data = data[: start % len(data)] + piece + data[start % len(data) + length :]
    return data


@SLOW
@given(CUTS)
def test_a_mangled_old_workbook_is_read_or_refused(tmp_path_factory, cuts):
    load_or_refuse(tmp_path_factory.mktemp("fuzz"), "a.xls", mangle(LEDGER.read_bytes(), cuts))


@SLOW
@given(CUTS)
def test_a_mangled_open_document_is_read_or_refused(tmp_path_factory, cuts):
    content = zipfile.ZipFile(io.BytesIO(ods([["编号", "人口"], ["h1", "3"]]))).read("content.xml")
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        out.writestr("content.xml", mangle(content, cuts))
    load_or_refuse(tmp_path_factory.mktemp("fuzz"), "a.ods", sink.getvalue())


@given(CUTS)
def test_a_mangled_archive_is_read_or_refused(tmp_path_factory, cuts):
    load_or_refuse(tmp_path_factory.mktemp("fuzz"), "a.zip", mangle(zipped({"农户.csv": "编号,人口\nh1,3\n".encode()}), cuts))


@given(
    st.text(max_size=60) | st.text(st.sampled_from('村a0,;\t，"\n\r　合计'), max_size=60),
    st.sampled_from(["utf-8", "gb18030", "big5", "cp932", "cp1252", "utf-16"]),
)
def test_any_text_in_any_encoding_is_read_or_refused(tmp_path_factory, text, codec):
    folder = tmp_path_factory.mktemp("fuzz")
    load_or_refuse(folder, "Zone.csv", ("id,name\n" + text).encode(codec, errors="replace"))
    load_or_refuse(folder, "Zone.csv", text.encode(codec, errors="replace"))

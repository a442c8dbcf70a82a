"""What stood in a cell that was read as something else is kept beside the value, unless it may be about a person."""

import pytest

import graphkit
from loaders import check_source, read_source

FILES = {
    "Member": "id,name,birth_year,full_on\n０１,张\u200b三,１９６０,2010\n02,李四,1970,2010年3月5日\n",
    "Household": "id,people,entered_on\nh1,５,2012.3.5\nh2,5,2012-03-05\nh3,5.0,\n",
    "Cooperative": "id\n007\n010\n",
    "Member_WORKS_IN_Cooperative": "member_id,cooperative_id\n02,7\n2,010\n",
}
MAPPING = """
[[read]]
[[read.node]]
table = "Cooperative"
id = "编号"
name = "名称"
output_yuan = {column = "年产值", inexact = "low"}
founded_on = {column = "成立", date = "year"}
[[read.node]]
table = "Member"
id = "负责人"
name = "姓名"
birth_year = {column = "身份证", take = "id_birth_year"}
"""


def cells(tables):
    return sorted((row["table"], row["column"], row["source_row"], row["raw"], row["value"], row["rule"]) for row in tables.repaired.to_pylist())


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("repaired")
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return check_source(folder)[0]


def test_the_canonical_form_keeps_what_stood_where_it_says_something_else(loaded):
    assert cells(loaded)[:-1] == [
        ("Household", "entered_on", 2, "2012.3.5", "2012-03-05", "date_form"),
        ("Household", "people", 2, "５", "5", "width"),
        ("Member", "birth_year", 2, "１９６０", "1960", "width"),
        ("Member", "full_on", 2, "2010", "2010-01-01", "year"),
        ("Member", "full_on", 3, "2010年3月5日", "2010-03-05", "date_form"),
        ("Member WORKS_IN Cooperative", "cooperative_id", 2, "7", "007", "id.zeros"),
    ]
    assert {row["source_file"] for row in loaded.repaired.to_pylist()} == {"Member.csv", "Household.csv", "Member_WORKS_IN_Cooperative.csv"}


def test_an_id_of_a_person_is_told_of_and_not_kept(loaded):
    assert loaded["Member WORKS_IN Cooperative"]["member_id"].to_pylist() == ["02", "02"]
    assert cells(loaded)[-1] == ("Member WORKS_IN Cooperative", "member_id", 3, None, None, "id.zeros")


def test_a_mapping_keeps_what_it_repaired_and_nothing_personal(tmp_path):
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    text = "编号,名称,年产值,成立,负责人,姓名,身份证\nc1,一社\u200b,20余万元,二〇一〇年,m1,王\u200b五,11010519491231002x\nc2,张三\u200b,300000,不详,m2,赵六,1960年\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    loading = read_source(tmp_path / "a.csv", mapping=tmp_path / "m.toml")
    found = {(row["table"], row["column"], row["source_row"]): (row["raw"], row["value"], row["rule"]) for row in loading.tables.repaired.to_pylist()}
    assert found["Cooperative", "output_yuan", 2] == ("20余万元", "200000", "scale unit more_than")
    assert found["Cooperative", "founded_on", 2] == ("二〇一〇年", "2010", "date_form year")
    assert found["Cooperative", "founded_on", 3] == ("不详", None, "unknown_word")
    assert found["Cooperative", "name", 3][0] is None  # it may be the name of a person
    assert found["Member", "name", 2] == (None, None, "width")
    assert "王" not in str(found)
    assert "19491231" not in str(found)
    assert found["Member", "birth_year", 3][0] is None  # of a column of identity numbers nothing is kept as it stood
    assert any("20余万元" in note.zh for reading in loading.readings for note in reading.notes)  # counted by rule as before


def test_a_store_keeps_it(loaded, tmp_path):
    store = graphkit.connect(tmp_path / "a.gk")
    store.write(loaded)
    assert store.read().repaired.equals(loaded.repaired)

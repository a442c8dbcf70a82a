"""Pseudonyms: the same id everywhere by the same name, nothing of the id left, the key away from the data. All people are made up."""

import datetime as dt
import re
import stat

import pyarrow as pa
import pytest

import graphkit
import loaders
from graphkit.cli import main
from graphkit.data.pseudonyms import open_key, pseudonymise_ids
from graphkit.data.tables import Tables
from graphkit.errors import ModelError, ParameterError, SourceError
from graphkit.model.kinds import MODEL

CARD, PHONE, NAME = "23011219900101123X", "13812345678", "张三丰"


@pytest.fixture
def source(tmp_path):
    """A register that has no ids but what people carry, each written in several ways."""
    folder = tmp_path / "source"
    folder.mkdir()
    rows = {
        "党员与培养对象": f"编号,姓名,发展阶段\n{CARD},张三丰,full\n{PHONE},李四光,full\n{NAME},,full\n",
        "农户": "编号\n230112196001011238\n5\n",
        "结对帮扶": f"党员与培养对象编号,农户编号,结对方式\n２３０１１２１９９００１０１１２３x,230112 19600101 1238,one_to_one\n138-1234-5678,5,one_to_one\n{NAME},5,one_to_one\n",
        "培养联系": f"培养联系人编号,培养对象编号\n{CARD},{NAME}\n",
        "党组织": "编号\nb1\n",
        "党员组织关系": f"党员与培养对象编号,党组织编号,主要管理\n{CARD},b1,是\n{PHONE},b1,是\n{NAME},b1,是\n",
    }
    for name, text in rows.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_without_them_the_rows_are_set_aside(source):
    tables, problems = loaders.check_source(source)
    assert tables["Member"].num_rows == 1
    assert {problem.rule for problem in problems} == {"id.number", "id.name"}


def test_with_them_every_tie_finds_both_its_ends(source, tmp_path):
    tables, problems = loaders.check_source(source, pseudonyms=tmp_path / "key")
    assert problems == []
    assert tables.quarantine.num_rows == 0
    members, households = tables["Member"]["id"].to_pylist(), tables["Household"]["id"].to_pylist()
    assert all(re.fullmatch("m-[2-9b-df-hj-km-np-tv-xz]{12}", name) for name in members)
    assert all(re.fullmatch("h-[2-9b-df-hj-km-np-tv-xz]{12}", name) for name in households)
    assert tables["Member HELPS Household"]["member_id"].to_pylist() == members
    assert tables["Member HELPS Household"]["household_id"].to_pylist() == [households[0], households[1], households[1]]
    assert tables["Member MENTORS Member"].select(["mentor_id", "mentee_id"]).to_pylist() == [{"mentor_id": members[0], "mentee_id": members[2]}]
    assert tables["Branch"]["id"].to_pylist() == ["b1"]


def test_the_same_key_gives_the_same_names_and_another_others(source, tmp_path):
    first, again, other = (loaders.load(source, pseudonyms=tmp_path / key)["Member"]["id"].to_pylist() for key in ("a", "a", "b"))
    assert first == again
    assert not set(first) & set(other)


def test_the_key_is_random_and_its_owners_alone(tmp_path):
    key = open_key(tmp_path / "deep" / "key")
    assert len(key) == 32
    assert key != open_key(tmp_path / "other")
    assert key == open_key(tmp_path / "deep" / "key")
    assert stat.S_IMODE((tmp_path / "deep" / "key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["key"]


def test_a_file_that_is_no_key_is_left_as_it_is(tmp_path, source):
    (tmp_path / "key").write_text("my diary", encoding="utf-8")
    with pytest.raises(SourceError, match="no key"):
        loaders.load(source, pseudonyms=tmp_path / "key")
    assert (tmp_path / "key").read_text(encoding="utf-8") == "my diary"
    (tmp_path / "binary").write_bytes(b"\xff\x00")
    for place in ("binary", "."):
        with pytest.raises(SourceError):
            open_key(tmp_path / place)


@pytest.mark.parametrize("place", ["source/key", "source/deep/key", "source/../source/key"])
def test_a_key_beside_the_data_is_refused(tmp_path, source, place):
    with pytest.raises(ParameterError, match="outside") as raised:
        loaders.load(source, pseudonyms=tmp_path / place)
    assert "数据" in raised.value.say("zh")
    assert not (tmp_path / place).exists()


def test_every_column_of_people_and_households_is_replaced():
    ids = {"Member": "张三丰", "Household": "李四光"}
    rows = {kind.table: pa.table({kind.key: [ids.get(kind.label, "x")]}) for kind in MODEL.nodes}
    rows |= {
        tie.table: pa.table(
            {end.name: pa.array([ids.get(label, "x")]) for end, label in zip(tie.ends, (tie.source, tie.target), strict=True)}
        )
        for tie in MODEL.ties
    }  # fmt: skip
    given = Tables(rows)
    hidden = pseudonymise_ids(given, bytes(32))
    for name, table in hidden.items():
        assert not {"张三丰", "李四光"} & {value for column in table.columns for value in column.to_pylist()}, name
        assert table.num_rows == 1
        assert table.schema == given[name].schema
    assert given["Member"]["id"].to_pylist() == ["张三丰"]


def test_kinds_do_not_share_a_name_and_empty_or_worn_ids_stay():
    given = Tables({"Member": pa.table({"id": ["1", None, "", "2.30112E+17"]}), "Household": pa.table({"id": ["1"]})})
    hidden = pseudonymise_ids(given, bytes(32))
    assert hidden["Member"]["id"].to_pylist()[1:] == [None, "", "2.30112E+17"]
    assert hidden["Member"]["id"][0].as_py()[2:] != hidden["Household"]["id"][0].as_py()[2:]


def test_two_ids_of_one_pseudonym_are_refused(monkeypatch):
    monkeypatch.setattr("graphkit.data.pseudonyms.LENGTH", 1)
    with pytest.raises(ModelError, match="another key"):
        pseudonymise_ids(Tables({"Member": pa.table({"id": [str(n) for n in range(40)]})}), bytes(32))


def test_nothing_personal_in_what_comes_of_the_store(source, tmp_path, capsys):
    store, key = str(tmp_path / "a.gk"), str(tmp_path / "key")
    assert main(["check", str(source), "--pseudonyms", key, "--lang", "en"]) == 0
    assert main(["load", str(source), store, "--pseudonyms", key, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "Keep the key" in said
    for command in (["gaps", store], ["bridges", store], ["reach", store]):
        assert main([*command, "--as-of", "2012-04-30", "--out", str(tmp_path / f"{command[0]}.csv")]) == 0
    assert main(["map", store, str(tmp_path / "map.html"), "--as-of", "2012-04-30"]) == 0
    assert main(["report", store, str(tmp_path / "report.html"), "--as-of", "2012-04-30"]) == 0
    made = capsys.readouterr().out + said + "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("*.*") if path.is_file())
    for value in (CARD, PHONE, NAME, "李四光", "230112196001011238"):
        assert value not in made
    assert "m-" in made
    assert graphkit.connect(store).read().at(dt.date(2012, 4, 30))["Member"].num_rows == 3


def test_a_key_in_the_store_is_refused(source, tmp_path, capsys):
    assert main(["load", str(source), str(tmp_path / "a.gk"), "--pseudonyms", str(tmp_path / "a.gk" / "key")]) == 2
    assert "请放到别处" in capsys.readouterr().err
    assert not (tmp_path / "a.gk").exists()

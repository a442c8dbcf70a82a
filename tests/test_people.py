"""One person from several rows: by an identity number or a human's decision, never otherwise; told, accounted for, and undone. All people are made up."""

import itertools

import pyarrow as pa
import pytest

import graphkit
import loaders
from graphkit.cli import main
from graphkit.data.checks import inspect_tables, set_aside
from graphkit.data.joining import Joining
from graphkit.data.origins import list_origins
from graphkit.data.tables import Tables
from graphkit.errors import SourceError
from graphkit.identity.decisions import Decision, Decisions

V1, V2 = "230112104001", "230112104002"
PLAIN = {
    "村": f"代码\n{V1}\n{V2}\n",
    "党组织": "编号\nb1\nb2\n",
    "农户": "编号\nh1\nh2\nh3\n",
    "党员与培养对象": "编号,姓名,发展阶段,出生年,文化程度\nm1,张三丰,full,1970,\nm2,李四光,full,1980,primary\nm7,張三丰,full,1971,senior\nm8,张三丰,,1970,\n",
    "人员居住村": f"党员与培养对象编号,村代码\nm1,{V1}\nm7,{V2}\nm8,{V1}\n",
    "党员组织关系": "党员与培养对象编号,党组织编号,主要管理,职务\nm1,b1,是,\nm2,b2,是,\nm7,b1,是,书记\n",
    "结对帮扶": "党员与培养对象编号,农户编号,结对方式\nm1,h1,one_to_one\nm7,h1,one_to_one\nm7,h2,one_to_one\nm8,h3,one_to_one\n",
    "培养联系": "培养联系人编号,培养对象编号\nm1,m2\nm7,m1\n",
}


def write(folder, rows):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in rows.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def source(tmp_path):
    return write(tmp_path / "source", PLAIN)


def decide(tmp_path, *rows):
    file = tmp_path / "decisions.csv"
    file.write_text("\n".join(["判断,编号一,编号二", *rows]), encoding="utf-8")
    return file


def state_of(tables):
    return tables.content_hash(), {name: table.to_pylist() for name, table in tables.account().items()}


def adds_up(tables):
    return all(row["read"] == row["loaded"] + row["merged"] + row["quarantined"] for row in tables.counts.to_pylist())


def cells(tables, name, *columns):
    return sorted(tuple(row.values()) for row in tables[name].select(list(columns)).to_pylist())


def test_two_of_one_name_stay_two_unless_decided(source):
    tables = loaders.load(source)
    assert tables["Member"]["id"].to_pylist() == ["m1", "m2", "m7", "m8"]
    assert tables.merged.num_rows == 0


def test_what_is_decided_is_joined_with_every_tie(source, tmp_path):
    tables, problems = loaders.check_source(source, people=decide(tmp_path, "同一人,m7,m1", "不同人,m1,m8", "待定,m2,m8"))
    # By hand: m1 and m7 are m1. One leaves schooling empty and the other says it; the years differ, so neither is taken; two spellings are one name.
    assert cells(tables, "Member", "id", "name", "birth_year", "education") == [
        ("m1", "张三丰", None, "senior"), ("m2", "李四光", 1980, "primary"), ("m8", "张三丰", 1970, None),
    ]  # fmt: skip
    assert cells(tables, "Member LIVES_IN Village", "member_id", "village_code") == [("m1", V1), ("m1", V2), ("m8", V1)]
    assert cells(tables, "Member BELONGS_TO Branch", "member_id", "branch_id", "office") == [("m1", "b1", "书记"), ("m2", "b2", None)]
    assert cells(tables, "Member HELPS Household", "member_id", "household_id") == [("m1", "h1"), ("m1", "h2"), ("m8", "h3")]
    assert cells(tables, "Member MENTORS Member", "mentor_id", "mentee_id") == [("m1", "m2")]
    told = [(problem.rule, problem.file, problem.row, problem.column) for problem in problems if problem.rule != "member.some_primary"]
    assert told == [("person.contradicts", "党员与培养对象.csv", 2, "birth_year"), ("tie.self", "培养联系.csv", 3, "mentee_id")]
    assert "党员与培养对象.csv" in problems[0].describe("en")
    assert adds_up(tables)
    unread = [(row["column"], row["state"], row["subject_id"]) for row in tables.unread.to_pylist() if row["table"] == "Member"]
    assert unread == [("birth_year", "contradicts", "m1")]


def test_every_place_of_a_joined_row_is_known(source, tmp_path):
    tables = loaders.load(source, people=decide(tmp_path, "same,m7,m1"))
    places = [(p["source_file"], p["source_row"], p["reason"]) for p in list_origins(tables, "Member").to_pylist() if p["id"] == "m1"]
    assert places == [("党员与培养对象.csv", 2, None), ("党员与培养对象.csv", 4, "decision")]
    helped = [(p["source_row"], p["reason"]) for p in list_origins(tables, "Member HELPS Household").to_pylist() if p["id"] == "m1|h1"]
    assert helped == [(2, None), (3, "decision")]
    assert [row["id"] for row in tables.merged.to_pylist() if row["table"] == "Member"] == ["m7"]


def test_taken_back_everything_is_as_it_was(source, tmp_path):
    before = state_of(loaders.load(source))
    assert state_of(loaders.load(source, people=decide(tmp_path, "同一人,m7,m1"))) != before
    assert state_of(loaders.load(source, people=decide(tmp_path, "待定,m7,m1", "不同人,m1,m8", ",m2,m8"))) == before
    assert state_of(loaders.load(source)) == before


def test_decisions_that_contradict_each_other_are_refused_with_their_rows(tmp_path):
    file = decide(tmp_path, "同一人,m1,m2", "待定,m8,m9", "同一人,m2,m3", "不同人,m3,m1")
    with pytest.raises(SourceError) as caught:
        loaders.read_decisions(file)
    assert "row 5 says two people, and rows 2, 4 say one" in caught.value.say("en")
    assert "第5行说是不同的人，而第2、4行合起来说是同一人" in caught.value.say("zh")


@pytest.mark.parametrize("row", ["也许,m1,m2", "同一人,m1,", "同一人,m1,m1", "同一人,,m1"])
def test_a_row_that_decides_nothing_clear_is_refused(tmp_path, row):
    with pytest.raises(SourceError, match="rows 3 cannot be read"):
        loaders.read_decisions(decide(tmp_path, "同一人,m1,m2", row))


def test_a_decision_about_somebody_gone_is_told_and_the_rest_is_applied(source, tmp_path):
    tables, problems = loaders.check_source(source, people=decide(tmp_path, "同一人,m1,m77", "不同人,m2,m99", "同一人,m7,m77"))
    assert [(problem.file, problem.row) for problem in problems if problem.rule == "person.gone"] == [("decisions.csv", row) for row in (2, 3, 4)]
    assert tables["Member"]["id"].to_pylist() == ["m1", "m2", "m8"]  # m1 and m7 were both said to be m77


def test_what_no_row_can_do_without_is_not_chosen(source, tmp_path):
    rows = {**PLAIN, "党员组织关系": "党员与培养对象编号,党组织编号,主要管理\nm1,b1,是\nm2,b2,是\nm7,b1,否\n"}
    tables, problems = loaders.check_source(write(tmp_path / "other", rows), people=decide(tmp_path, "同一人,m7,m1"))
    assert cells(tables, "Member BELONGS_TO Branch", "member_id", "branch_id") == [("m2", "b2")]
    assert [(problem.row, problem.effect) for problem in problems if problem.rule == "person.unplaced"] == [(2, "quarantine"), (4, "quarantine")]
    assert adds_up(tables)
    assert ("Member", "m1") in {(row["subject_kind"], row["subject_id"]) for row in tables.unread.to_pylist()}


def test_what_was_not_read_of_one_row_was_not_read_of_the_person(source, tmp_path):
    rows = {**PLAIN, "党员与培养对象": "编号,姓名,出生年\nm1,张三丰,\nm2,李四光,\nm7,张三丰,七十\n"}
    rows["培养联系"], rows["人员居住村"], rows["结对帮扶"] = (
        text.split("\n")[0] + "\n" for text in (rows["培养联系"], rows["人员居住村"], rows["结对帮扶"])
    )
    tables = loaders.load(write(tmp_path / "other", rows), people=decide(tmp_path, "同一人,m7,m1"))
    assert [(row["column"], row["subject_id"]) for row in tables.unread.to_pylist()] == [("birth_year", "m1")]


def test_joined_rows_are_held_against_the_rules_between_cells(tmp_path):
    given = Tables({"Member": pa.table({"id": ["m1", "m2"], "birth_year": [1990, None], "admitted_on": pa.array([None, "1995-07-01"]).cast(pa.date32()),
                                        "source_file": ["a.csv", "b.csv"], "source_row": [2, 2]})})  # fmt: skip
    walk = inspect_tables(given, joining=Joining(decisions=Decisions("d.csv", (Decision(2, "m1", "m2", "same"),))))
    [row] = set_aside(walk)["Member"].to_pylist()
    assert (row["birth_year"], row["admitted_on"]) == (None, None)
    assert [breach.rule for breach in walk.breaches] == ["date.order"]


CARD, WRONG = "11010519491231002X", "110105194912310021"


def test_one_valid_identity_number_is_one_person(tmp_path):
    rows = {
        "党员与培养对象": f"编号,姓名,出生年,文化程度\n{CARD},张三,1949,\n110105 19491231 002x,张三,,senior\n{WRONG},李四,1949,\n{WRONG},李四,,senior\n",
        "农户": "编号\nh1\n",
        "结对帮扶": f"党员与培养对象编号,农户编号,结对方式,最近走访日期\n{CARD},h1,one_to_one,\n110105-19491231-002X,h1,one_to_one,2012-04-01\n",
    }
    tables, problems = loaders.check_source(write(tmp_path / "in", rows), pseudonyms=tmp_path / "key")
    assert sorted(
        (row["birth_year"], row["education"]) for row in tables["Member"].select(["birth_year", "education"]).to_pylist() if row["education"]
    ) == [(1949, "senior")]
    assert [row["last_visit_on"].isoformat() for row in tables["Member HELPS Household"].to_pylist()] == ["2012-04-01"]
    # A number whose check digit is wrong may be anybody's: the second row is set aside as it ever was.
    assert [problem.rule for problem in problems if problem.effect == "quarantine"] == ["key.once"]
    assert [row["reason"] for row in tables.merged.to_pylist()] == ["number", "number"]
    assert adds_up(tables)
    said = str([*state_of(tables)[1].values(), [problem.describe("zh") for problem in problems]])
    assert CARD[:17] not in said
    assert "张三" not in said


def test_the_order_of_rows_and_decisions_changes_nothing(source, tmp_path):
    told = ["同一人,m7,m1", "同一人,m8,m7", "待定,m1,m2"]
    results = {loaders.load(source, people=decide(tmp_path, *order)).content_hash() for order in itertools.permutations(told)}
    assert len(results) == 1


def test_the_command_says_what_was_joined_and_names_nobody(source, tmp_path, capsys):
    table = decide(tmp_path, "同一人,m7,m1")
    assert main(["load", str(source), str(tmp_path / "s.gk"), "--people", str(table), "--lang", "en"]) == 0
    said = capsys.readouterr()
    assert "Rows joined to another of the same person: 1 by a decision." in said.out
    assert "person.contradicts" in said.out
    assert not any(name in said.out + said.err for name in ("张三丰", "張三丰", "李四光"))


def test_a_store_keeps_every_place_and_gives_it_back(source, tmp_path):
    tables = loaders.load(source, people=decide(tmp_path, "同一人,m7,m1"))
    with graphkit.connect(tmp_path / "s.gk") as store:
        store.write(tables)
        kept = store.read()
    assert state_of(kept) == state_of(tables)
    assert list_origins(kept, "Member").equals(list_origins(tables, "Member"))


def test_taken_back_the_files_of_a_store_are_what_they_were(source, tmp_path):
    def load(*rows):
        with graphkit.connect(tmp_path / "s.gk") as store:
            store.write(loaders.load(source, people=decide(tmp_path, *rows)))
        folder = max((tmp_path / "s.gk").glob("data-*"), key=lambda one: one.stat().st_mtime_ns)
        return {file.name: file.read_bytes() for file in folder.glob("*.parquet")}

    before = load()
    assert load("同一人,m7,m1") != before
    assert load("待定,m7,m1") == before


def test_nobody_is_shown_in_what_is_refused_or_shared(source, tmp_path):
    tables, problems = loaders.check_source(source, people=decide(tmp_path, "同一人,m7,m1", "同一人,m8,m99"))
    said = " ".join(problem.describe(lang) for problem in problems for lang in ("zh", "en"))
    assert not any(name in said for name in ("张三丰", "張三丰", "李四光"))
    assert not any(name in str(tables.merged.to_pylist()) for name in ("张三丰", "張三丰"))


def test_names_that_differ_are_told_without_being_shown(source, tmp_path):
    tables, problems = loaders.check_source(source, people=decide(tmp_path, "同一人,m2,m8"))
    [problem] = [problem for problem in problems if problem.rule == "person.contradicts" and problem.column == "name"]
    assert problem.value == "***"
    assert not any(name in problem.describe("zh") + problem.describe("en") for name in ("张三丰", "李四光"))
    assert [row["name"] for row in tables["Member"].to_pylist() if row["id"] == "m2"] == [None]


@pytest.mark.parametrize(
    ("days", "kept", "states", "finer"),
    [
        (["2010", "2010-05-06"], "2010-05-06", [], [("2010", "2010-05-06")]),
        (["2010-05-06", "2010"], "2010-05-06", [], [("2010", "2010-05-06")]),
        (["2010-05", "2010"], "2010-05-01", ["month"], [("2010", "2010-05")]),
        (["2010", "2010-05", "2010-05-31"], "2010-05-31", [], [("2010", "2010-05-31"), ("2010-05", "2010-05-31")]),
        (["2010", "2010"], "2010-01-01", ["year"], []),
        (["2010", ""], "2010-01-01", ["year"], []),
        (["", "2010-05"], "2010-05-01", ["month"], []),
        # and what looks like it
        (["2010", "2011-05-06"], None, ["contradicts"], []),
        (["2010", "2010-01-01"], "2010-01-01", [], [("2010", "2010-01-01")]),
        (["2010", "2010-05-06", "2010-06-01"], None, ["contradicts"], []),
        (["2010-05", "2010-06"], None, ["contradicts"], []),
        (["2010-05-06", "2010-05-07"], None, ["contradicts"], []),
    ],
)
def test_a_month_or_year_and_a_day_within_it_are_no_different_days(tmp_path, days, kept, states, finer):
    rows = [f"m{n},张三丰,正式党员,{day}" for n, day in enumerate(days)]
    folder = write(tmp_path / "source", {"党员与培养对象": "\n".join(["编号,姓名,发展阶段,入党日期", *rows])})
    same = [f"同一人,m{n},m0" for n in range(1, len(days))]
    tables, problems = loaders.check_source(folder, people=decide(tmp_path, *same))
    assert [str(day) for day in tables["Member"]["admitted_on"].to_pylist()] == [str(kept)]
    unread = {row["state"] for row in tables.unread.to_pylist() if row["column"] == "admitted_on"}
    assert "contradicts" in unread if "contradicts" in states else unread == set(states)
    assert ("person.contradicts" in {problem.rule for problem in problems}) == ("contradicts" in states)
    mended = [row for row in tables.repaired.to_pylist() if row["rule"] == "date.finer"]
    assert sorted((row["raw"], row["value"]) for row in mended) == finer
    assert adds_up(tables)

"""Queries from the command line: on a folder without an engine, refused before anything opens, and without a name of a person."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import graphkit
from graphkit.cli import main
from graphkit.data.checks import quarantine_problems
from graphkit.data.tables import Tables
from graphkit.store.bolt.store import BoltStore

DAY = "2012-04-30"
NAME = "甲乙丙"


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """Run ``graphkit`` with these words in an empty folder; gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRAPHKIT_LANG", "en")

    def run_words(*words):
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_words


def make_two(name: str = NAME) -> Tables:
    """Two made-up people, one of them secretary of the only branch."""
    return Tables(
        {
            "Member": pa.table({"id": ["m1", "m2"], "name": [name, "丁戊己"], "stage": ["full", "full"]}),
            "Branch": pa.table({"id": ["b1"], "name": ["东村支部"]}),
            "Member BELONGS_TO Branch": pa.table(
                {"member_id": ["m1", "m2"], "branch_id": ["b1", "b1"], "primary": [True, True], "office": ["书记", None]}
            ),
        }
    )


@pytest.fixture
def store(tmp_path) -> Path:
    graphkit.connect(tmp_path / "two.gk").write(make_two())
    return tmp_path / "two.gk"


@pytest.fixture
def closed(monkeypatch) -> None:
    """No store may be opened, read or asked; a folder's manifest says which kinds there are."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    for name in ("read", "engine"):
        monkeypatch.setattr(f"graphkit.store.local.store.LocalStore.{name}", refuse)
    monkeypatch.setattr("graphkit.store.bolt.connection.Connection.open", refuse)


def test_a_named_query_on_a_folder_needs_no_engine_and_no_driver(store):
    """Asked in a process of its own, so that what other tests have imported does not count."""
    program = (
        "import sys; from graphkit.cli import main; code = main(sys.argv[1:]);"
        "print(code, sorted({'neo4j', 'arcadedb_embedded', 'jpype'} & {name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "query", store, "branch_officers", "--lang", "en"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "0 []"
    assert not (store / "engine").exists()


def test_rows_are_preceded_by_what_they_speak_of(run, store):
    code, out, _ = run("query", store, "member_stale_pairings", "--param", f"as_of={DAY}", "--param", "stale_days=90")
    assert (code, out.splitlines()[0]) == (0, f"as of {DAY} · dataset district · stale_days 90")
    _, out, _ = run("query", store, "branch_officers", "--lang", "zh")
    assert out.splitlines()[0] == f"截至 {dt.date.today()} · 数据集：district"  # noqa: DTZ011 - as the program does
    run("query", store, "branch_officers", "--param", f"as_of={DAY}", "--out", "rows.csv")
    assert Path("rows.csv").read_text("utf-8-sig").splitlines()[0] == "branch_id,branch_name,member_id,office,birth_year,education"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["CREATE (n)"], "CREATE would write"),
        (["MATCH (n) RETURN $who AS who"], r"the text uses $who"),
        (["no_such_query"], "no query 'no_such_query'"),
        (["branch_officers", "--param", "as_of=soon"], "give a date as YYYY-MM-DD, or today"),
        (["branch_officers", "--timeout", "0"], "give seconds above 0"),
        (["MATCH (m:Member) RETURN m.id AS id", "--dataset", "acheng"], "write {dataset: $dataset} into it"),
        (["branch_officers", "--dataset", "a", "--param", "dataset=b"], "--param dataset stands twice"),
        (["MATCH (m:Membr) RETURN m.id AS id"], "no label Membr; did you mean Member?"),
    ],
)
@pytest.mark.parametrize("place", ["two.gk", "bolt://127.0.0.1:1"])
def test_a_question_is_refused_before_anything_is_opened(run, store, closed, words, said, place):
    if "Membr" in words[0] and place.startswith("bolt"):
        return  # what a server holds is known to the server alone
    code, out, err = run("query", place, *words)
    assert (code, out) == (2, "")
    assert said in err


def test_another_dataset_is_refused_with_the_one_that_is_there(run, store):
    for words in (["--dataset", "nope"], ["--param", "dataset=nope"]):
        code, out, err = run("query", store, "branch_officers", *words)
        assert (code, out) == (4, "")
        assert "there is no dataset 'nope' in two.gk, it holds 'district': name one of these as dataset" in err
        assert "unchanged" not in err
    assert run("query", store, "branch_officers", "--dataset", "district")[0] == 0


def test_every_dataset_at_once_carries_a_column_on_a_folder_too(run, store):
    code, out, _ = run("query", store, "branch_officers", "--param", "dataset=null", "--param", f"as_of={DAY}")
    assert code == 0
    _, account, headings, _, first, *_ = out.splitlines()
    assert account == "of those recorded: no table is declared complete"
    assert headings.split()[:2] == ["dataset", "branch_id"]
    assert "district" in first


def test_names_are_shown_and_written_only_where_the_line_says_so(run, store):
    _, out, _ = run("query", store, "branch_roster", "--param", f"as_of={DAY}")
    assert NAME not in out
    assert out.splitlines()[-1] == "People's names (column name) stand as ***; --names shows them."
    _, out, _ = run("query", store, "branch_roster", "--lang", "zh", "--out", "hidden.parquet")
    assert out.splitlines()[-1] == "name 列里的人名以 *** 代替；加 --names 才显示。"
    assert pq.read_table("hidden.parquet")["name"].to_pylist() == ["***", "***"]
    assert NAME.encode() not in Path("hidden.parquet").read_bytes()
    for suffix in ("csv", "html"):
        assert run("query", store, "member_page", "--out", f"hidden.{suffix}")[0] == 0
        assert NAME not in Path(f"hidden.{suffix}").read_text("utf-8-sig")
    _, out, _ = run("query", store, "branch_roster", "--names", "--out", "shown.parquet")
    assert pq.read_table("shown.parquet")["name"].to_pylist() == [NAME, "丁戊己"]
    assert "***" not in out


def test_one_query_is_shown_with_what_to_paste(run):
    code, out, _ = run("queries", "branch_roster")
    assert code == 0
    for line in (":param branch_id => null;", ":param as_of => toString(date());", "ORDER BY branch_id, member_id, since;"):
        assert line in out.splitlines()
    assert ["as_of", "date", "today"] in [line.split()[:3] for line in out.splitlines()]
    assert "text (names)" in out
    assert run("queries", "branch_rosters")[0] == 2
    _, out, _ = run("queries", "branch_roster", "--lang", "zh")
    assert "贴到 cypher-shell 或 Neo4j Browser：" in out
    assert "文字（人名）" in out


@pytest.mark.embedded
def test_a_text_comes_from_a_file_with_its_parameters(run, store, tmp_path):
    (tmp_path / "own.cypher").write_text("// 党员\nMATCH (m:Member {dataset: $dataset, stage: $stage}) RETURN count(m) AS n\n", encoding="utf-8-sig")
    code, out, _ = run("query", store, "--file", "own.cypher", "--param", "stage=full")
    assert code == 0
    assert out.splitlines()[0] == "dataset district · stage full"
    assert out.splitlines()[-2].split() == ["2"]
    assert run("query", store, "--file", "own.cypher", "--param", "stage=full", "--dataset", "nope")[0] == 4


def test_what_cannot_be_asked_of_a_file_is_wrong_usage(run, store, tmp_path):
    (tmp_path / "gbk.cypher").write_text("RETURN '党' AS x", encoding="gb18030")
    assert "not UTF-8" in run("query", store, "--file", "gbk.cypher")[2]
    assert run("query", store, "--file", "gbk.cypher", "branch_roster")[0] == 2
    assert run("query", store)[0] == 2
    assert run("query", store, "--file", "nowhere.cypher")[0] == 4


def test_a_folder_lists_its_dataset_and_is_not_dropped(run, store):
    code, out, _ = run("datasets", store)
    assert code == 0
    assert out.splitlines()[-1].split()[:2] == ["district", "5"]
    code, _, err = run("drop", store, "--dataset", "district", "--yes")
    assert code == 2
    assert "delete the folder itself" in err
    assert store.exists()
    assert run("drop", store, "--yes")[0] == 2  # which one must be said


# On a server


@pytest.fixture
def server(neo4j_server, monkeypatch) -> Iterator[list[str]]:
    """Address and options of a real server with two datasets, gone at the end; its credentials are in the environment."""
    user, password = neo4j_server.auth
    monkeypatch.setenv("NEO4J_USERNAME", user)
    monkeypatch.setenv("NEO4J_PASSWORD", password)
    opened = [BoltStore(neo4j_server.url, database=neo4j_server.database, dataset=name) for name in ("queries-a", "queries-b")]
    for one in opened:
        one.write(make_two())
    yield [neo4j_server.url, *(["--database", neo4j_server.database] if neo4j_server.database else [])]
    for one in opened:
        one.drop()
        one.close()


@pytest.mark.neo4j
def test_datasets_are_listed_asked_and_dropped_on_a_server(run, server, monkeypatch):
    url, *options = server
    code, out, _ = run("datasets", url, *options)
    assert code == 0
    assert [line.split()[1:2] + line.split()[-1:] for line in out.splitlines() if "queries-" in line] == [["5", "whole"], ["5", "whole"]]
    code, _, err = run("query", url, *options, "branch_officers")
    assert code == 4
    assert "no dataset 'district'" in err
    assert "'queries-a', 'queries-b'" in err
    code, out, _ = run("query", url, *options, "branch_officers", "--param", "dataset=null")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines() if "queries-" in line] == ["as", "queries-a", "queries-b"]
    code, out, _ = run("query", url, *options, "MATCH (m:Member {dataset: $dataset}) RETURN m.name AS who, m AS node", "--dataset", "queries-a")
    assert (code, out.splitlines()[0]) == (0, "dataset queries-a")
    assert NAME not in out
    assert run("query", url, *options, "RETURN 1 AS one")[1].splitlines()[0] == "the whole database"
    assert "no label Membr; did you mean Member?" in run("query", url, *options, "MATCH (m:Membr) RETURN m")[2]
    assert run("drop", url, *options, "--dataset", "queries-c", "--yes")[0] == 4
    monkeypatch.setattr("typer.confirm", lambda *_: False)
    assert "Nothing was removed." in run("drop", url, *options, "--dataset", "queries-a")[1]
    assert run("drop", url, *options, "--dataset", "queries-a", "--yes")[0] == 0
    listed = run("datasets", url, *options)[1]
    assert "queries-a" not in listed
    assert "queries-b" in listed


@pytest.mark.neo4j
def test_a_load_tells_the_next_command_whole_and_is_not_repeated(run, server, tmp_path):
    url, *options = server
    graphkit.write_folder(make_two(), tmp_path / "source")
    words = ["load", tmp_path / "source", url, *options, "--dataset", "queries-a"]
    code, out, _ = run(*words)
    assert code == 0
    assert out.splitlines()[-1].endswith(f"graphkit gaps {' '.join([url, *options])} --dataset queries-a")
    code, out, _ = run(*words)
    assert code == 0
    assert "holds these very tables already: nothing was written." in out
    assert "Ask next" in out


def test_a_folder_holds_one_district_and_no_name_for_it_is_swallowed(run, store, tmp_path):
    for words in (["gaps", store], ["load", store.parent / "new", tmp_path / "b.gk"], ["map", store, tmp_path / "m.html"]):
        for option in (["--dataset", "acheng"], ["--database", "neo4j"]):
            code, out, err = run(*words, *option)
            assert (code, out) == (2, "")
            assert "is a folder and holds one district" in err
    assert not (tmp_path / "b.gk").exists()
    assert run("gaps", store, "--dataset", "district")[0] == 0


def test_rows_say_what_could_not_be_read(run, tmp_path):
    """One row set aside: no row of any query speaks of it, and that is said, on a folder by the twin and by the engine alike."""
    given = quarantine_problems(Tables({"Household": pa.table({"id": ["h1", None]})}))
    graphkit.connect(tmp_path / "a.gk").write(given)
    rows = graphkit.connect(tmp_path / "a.gk").query("household_without_helper", as_of="2012-04-30")
    assert rows.attrs["account"] == {"unread": {"set_aside": 1}, "declared": 0}
    _, out, _ = run("query", tmp_path / "a.gk", "household_without_helper", "--param", f"as_of={DAY}")
    assert any("not read" in line and "rows set aside: 1" in line for line in out.splitlines()[1:3])
    _, out, _ = run("query", tmp_path / "a.gk", "household_without_helper", "--param", f"as_of={DAY}", "--lang", "zh")
    assert any("没有读到" in line and "搁置的行 1" in line for line in out.splitlines()[1:3])

"""The command line: what it prints, what it writes, how it ends, in both languages, without a name of a person."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer

import graphkit
import loaders
from graphkit.cli import main
from graphkit.cli.demo import MADE_UP
from graphkit.cli.options import app
from graphkit.cli.progress import RowProgress
from graphkit.cli.summary import draw_table
from graphkit.cli.words import choose_language, keep_language, translate
from graphkit.questions.asked import list_questions
from graphkit.questions.people.question import QUESTIONS as PEOPLE
from tests.random_districts import make

DAY = "2012-04-30"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


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


@pytest.fixture(scope="session")
def source(tmp_path_factory, named_district):
    """A small district as a folder of CSVs, every person with a name that must never be seen."""
    return graphkit.write_folder(named_district, tmp_path_factory.mktemp("source") / "district")


@pytest.fixture(scope="session")
def named_district(district):
    members = district["Member"]
    names = pa.array([f"张秘密{number}" for number in range(members.num_rows)])
    return district.replace({"Member": members.set_column(members.column_names.index("name"), "name", names)})


@pytest.fixture(scope="session")
def store(tmp_path_factory, named_district):
    path = tmp_path_factory.mktemp("store") / "small.gk"
    with graphkit.connect(path) as opened:
        opened.write(named_district)
    return path


# Help and languages


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_and_option_has_help_in_this_language(lang):
    command = typer.main.get_command(app)
    translate(command, lang)
    for child in [command, *command.commands.values()]:
        assert child.help, child.name
        assert bool(CHINESE.search(child.help)) == (lang == "zh"), child.name
        for parameter in child.params:
            assert parameter.help, (child.name, parameter.name)
            assert bool(CHINESE.search(parameter.help)) == (lang == "zh"), (child.name, parameter.name)


def test_help_comes_at_once():
    begun = time.monotonic()
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "from graphkit.cli import main; main(['--help'])"], capture_output=True, text=True, check=True
    )
    assert "graphkit" in told.stdout
    assert time.monotonic() - begun < 5  # 0.15 s on an idle machine; the next line holds on any
    heavy = {"numpy", "pandas", "pyarrow", "matplotlib", "numba", "duckdb", "networkx", "neo4j"}
    assert heavy & {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()} == set()


@pytest.mark.parametrize(
    ("words", "environment", "lang"),
    [
        (["gaps", "--lang", "en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["--lang=zh"], {"LANG": "en_US.UTF-8"}, "zh"),
        ([], {"GRAPHKIT_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"LANG": "zh_TW.UTF-8"}, "zh"),
        ([], {"LANG": "C"}, "zh"),
        ([], {}, "zh"),
    ],
)
def test_language_is_asked_for_or_taken_from_the_locale_or_chinese(words, environment, lang):
    assert choose_language(words, environment) == lang


def test_a_text_keeps_the_paragraphs_of_one_language():
    assert keep_language("One.\n\n一。\n\nTwo.", "en") == "One.\n\nTwo."


def test_a_terminal_that_cannot_show_chinese_gets_question_marks():
    command = [sys.executable, "-c", "import sys; from graphkit.cli import main; sys.exit(main())", "queries", "--lang", "zh"]
    told = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "cp1252"})
    assert told.returncode == 0
    assert b"household_without_helper" in told.stdout
    assert b"?" in told.stdout


def test_bare_command_shows_help(run):
    code, out, _ = run()
    assert code == 0
    assert "graphkit demo" in out


def test_version(run):
    assert run("--version")[:2] == (0, f"graphkit {graphkit.__version__}\n")


# Wrong usage: exit code 2, one block, no traceback


@pytest.mark.parametrize(
    "words",
    [
        ["no-such-command"],
        ["gaps"],
        ["gaps", "x.gk", "--no-such-option"],
        ["gaps", "x.gk", "--as-of", "30.4.2012"],
        ["reach", "x.gk", "--max-steps", "0"],
        ["gaps", "x.gk", "--lang", "fr"],
        ["gaps", "ftp://x"],
        ["load", "x", "bolt://neo4j:secret@localhost:1"],
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_wrong_usage(run, monkeypatch, words, lang):
    monkeypatch.setenv("GRAPHKIT_LANG", lang)
    code, out, err = run(*words)
    assert code == 2
    assert out == ""
    assert "Traceback" not in err
    assert "secret" not in err
    assert ("用法有误\n" if lang == "zh" else "Usage\n") in err


# Template, check, load


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_template_is_written_and_loads_empty(run, lang):
    code, out, _ = run("template", "mine.xlsx", "--lang", lang)
    assert code == 0
    assert "graphkit check mine.xlsx" in out
    assert loaders.load_workbook("mine.xlsx").node_count == 0


def test_check_of_a_sound_folder(run, source):
    code, out, _ = run("check", source)
    assert code == 0
    assert "set aside\n" not in out.split("rule", 1)[-1]


def test_check_without_any_problem_says_so(run, tmp_path):
    (tmp_path / "Household.csv").write_text("id,people\nh1,3\n", encoding="utf-8")
    code, out, _ = run("check", tmp_path)
    assert code == 0
    assert "No problem found." in out


def spoil(source, folder):
    """A copy of the folder in which one household lives in a village that is not there, and one person has an impossible stage."""
    folder.mkdir()
    for file in source.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    homes = folder / "Household_LIVES_IN_Village.csv"
    homes.write_bytes(re.sub(rb"\d{12}", b"999999999999", homes.read_bytes(), count=1))
    return folder


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_check_names_the_place_and_the_remedy(run, source, tmp_path, lang):
    code, out, _ = run("check", spoil(source, tmp_path / "spoilt"), "--lang", lang)
    assert code == 3
    assert "tie.ends" in out
    assert "999999999999" in out
    assert "张秘密" not in out


def test_load_sets_the_row_aside_and_says_so(run, source, tmp_path):
    spoilt = spoil(source, tmp_path / "spoilt")
    code, out, err = run("load", spoilt, "mine.gk")
    assert code == 0
    assert "tie.ends" in out
    assert "张秘密" not in out + err
    with graphkit.connect("mine.gk") as opened:
        tables = opened.read()
    counts = {row["table"]: row for row in tables.counts.to_pylist()}["Household LIVES_IN Village"]
    assert counts["quarantined"] == 1
    assert counts["loaded"] + counts["merged"] + counts["quarantined"] == counts["read"]


def test_strict_load_of_spoilt_tables_leaves_no_store(run, source, tmp_path):
    code, _, err = run("load", spoil(source, tmp_path / "spoilt"), "mine.gk", "--strict")
    assert code == 3
    assert "tie.ends" in err
    assert not Path("mine.gk").exists()


@pytest.mark.parametrize("what", ["missing", "empty folder", "no workbook"])
def test_load_of_nothing_is_a_data_error_and_leaves_no_store(run, tmp_path, what):
    place = tmp_path / "given"
    if what == "empty folder":
        place.mkdir()
    elif what == "no workbook":
        place = tmp_path / "given.xlsx"
        place.write_bytes(b"not a workbook")
    code, out, err = run("load", place, "mine.gk")
    assert code == 3
    assert out == ""
    assert "Data\n" in err
    assert "Traceback" not in err
    assert not Path("mine.gk").exists()


def test_a_store_that_is_not_there_is_a_store_error(run):
    code, _, err = run("gaps", "nowhere.gk")
    assert code == 4
    assert "Store\n" in err
    assert "Traceback" not in err


def test_generate_makes_the_same_district_twice(run):
    assert run("generate", "a.gk", "--villages", 2, "--seed", 5)[0] == 0
    assert run("generate", "b.gk", "--villages", 2, "--seed", 5)[0] == 0
    with graphkit.connect("a.gk") as a, graphkit.connect("b.gk") as b:
        assert a.read() == b.read() == graphkit.generate_district(villages=2, seed=5)


# The three answers


ANSWERS = ("gaps", "bridges", "reach")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", ANSWERS)
def test_answer_prints_a_short_summary_without_names(run, store, command, lang):
    code, out, err = run(command, store, "--as-of", DAY, "--lang", lang)
    assert code == 0
    assert DAY in out
    assert len(out.splitlines()) < 30
    assert max(map(len, out.splitlines())) < 400
    assert "张秘密" not in out + err


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx", "html"])
@pytest.mark.parametrize("command", ANSWERS)
def test_answer_is_written_by_suffix(run, store, command, suffix):
    code, out, _ = run(command, store, "--as-of", DAY, "--out", f"answer.{suffix}")
    assert code == 0
    assert f"answer.{suffix}" in out
    assert Path(f"answer.{suffix}").stat().st_size > 500
    if suffix == "parquet":
        assert graphkit.read_finding("answer.parquet").as_of == dt.date(2012, 4, 30)


def test_answer_is_that_of_python(run, store):
    assert run("reach", store, "--as-of", DAY, "--max-steps", 3, "--out", "reach.parquet")[0] == 0
    with graphkit.connect(store) as opened:
        expected = graphkit.find_pairing_reach(opened.read(), max_steps=3, as_of=dt.date(2012, 4, 30))
    assert graphkit.read_finding("reach.parquet").rows.equals(expected.rows.reset_index(drop=True))


@pytest.mark.parametrize("command", ANSWERS)
def test_an_empty_district_has_answers_too(run, tmp_path, command):
    (tmp_path / "Household.csv").write_text("id\nh1\n", encoding="utf-8")
    assert run("load", "Household.csv", "tiny.gk")[0] == 0
    assert run(command, "tiny.gk", "--as-of", DAY)[0] == 0


def test_unknown_suffix_and_unknown_rules_are_wrong_usage(run, store):
    assert run("gaps", store, "--out", "answer.doc")[0] == 2
    code, _, err = run("gaps", store, "--rules", "no-such-pack")
    assert code in (2, 3)
    assert "no-such-pack" in err


@pytest.mark.parametrize("command", ["map", "report"])
def test_pages_are_written_without_names(run, store, command):
    code, out, _ = run(command, store, "page.html", "--as-of", DAY)
    assert code == 0
    assert "page.html" in out
    assert "张秘密" not in Path("page.html").read_text("utf-8")


@pytest.mark.parametrize("command", ["map", "report"])
def test_pages_are_those_of_python_under_other_rules_groups_and_steps(run, store, command):
    """Whoever works under another pack gets the page from the command line too."""
    options = ["--rules", "rural-2018", "--group", "township", "--max-steps", 3]
    assert run(command, store, "page.html", "--as-of", DAY, *options)[0] == 0
    with graphkit.connect(store) as opened:
        tables = opened.read()
    day = dt.date(2012, 4, 30)
    given = {"gaps": {"rules": "rural-2018"}, "bridges": {"group": "township"}, "reach": {"max_steps": 3}}
    findings = [question.ask(tables, as_of=day, **given.get(question.name, {})) for question in list_questions() if question.on_pages]
    if command == "report":
        findings += [question.ask(tables, as_of=day) for question in PEOPLE]
        findings.append(graphkit.classify_annual_return(tables, rules="rural-2018", as_of=day))
    write = {"map": graphkit.write_map, "report": graphkit.write_report}[command]
    wanted = write(tables, findings, "wanted.html", lang="en").read_text("utf-8")
    assert Path("page.html").read_text("utf-8") == wanted
    assert run(command, store, "plain.html", "--as-of", DAY)[0] == 0
    assert Path("plain.html").read_text("utf-8") != wanted


@pytest.mark.parametrize("command", ["map", "report"])
@pytest.mark.parametrize("option", [("--rules", "no-such-pack"), ("--group", "no-such-group"), ("--max-steps", "0")])
def test_pages_refuse_what_the_answers_refuse(run, store, command, option):
    code, out, err = run(command, store, "page.html", "--as-of", DAY, *option)
    assert code == 2
    assert out == ""
    assert "Traceback" not in err
    assert not Path("page.html").exists()


def test_demo_writes_everything_and_says_what_to_try_next(run):
    code, out, _ = run("demo")
    assert code == 0
    folder = Path("out/acheng")
    wanted = {"index.html", "map.html", "findings.xlsx"} | {f"{name}.{suffix}" for name in ANSWERS for suffix in ("csv", "parquet")}
    assert wanted <= {file.name for file in folder.iterdir()}
    assert DAY in out
    assert "graphkit template" in out
    header = (folder / "index.html").read_text("utf-8").split("<header>")[1].split("</header>")[0]
    for said in (MADE_UP.zh, MADE_UP.en):
        assert said in header
    assert MADE_UP.en in out
    assert pq.read_table(folder / "gaps.parquet").num_rows == len(graphkit.read_finding(folder / "gaps.parquet"))


# Queries


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_queries_are_listed(run, lang):
    code, out, _ = run("queries", "--lang", lang)
    files = sorted(path.stem for path in graphkit.find_data("queries").glob("*.cypher"))
    assert code == 0
    assert [name for name in files if name not in out] == []


@pytest.mark.embedded
def test_query_by_name_writes_rows(run, store):
    code, out, _ = run("query", store, "household_without_helper", "--param", f"as_of={DAY}", "--out", "rows.csv")
    assert code == 0, out
    assert Path("rows.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_unknown_query_and_bad_parameters_are_wrong_usage(run, store):
    assert run("query", store, "no_such_query")[0] == 2
    assert run("query", store, "household_without_helper", "--param", "nonsense")[0] == 2
    assert run("query", store, "household_without_helper", "--param", "no_such=1")[0] == 2


def test_import_files_are_written_with_the_command(run, store):
    code, out, _ = run("export-import-files", store, "files")
    assert code == 0
    assert "neo4j-admin database import full neo4j" in out
    assert (Path("files") / "Member.header.csv").is_file()
    assert run("export-import-files", store, "files")[0] == 2  # the folder holds something


@pytest.mark.embedded
def test_a_text_that_reads_is_run_and_one_that_writes_is_refused(run, store):
    code, out, _ = run("query", store, "MATCH (v:Village) RETURN count(v) AS villages")
    assert code == 0
    assert "1 row" in out
    assert run("query", store, "MATCH (v:Village) DETACH DELETE v")[0] == 2


# Neo4j


@pytest.fixture
def neo4j_place(neo4j_server, monkeypatch):
    """The address of a real server, its credentials in the environment, and a dataset that is removed at the end."""
    user, password = neo4j_server.auth
    monkeypatch.setenv("NEO4J_USERNAME", user)
    monkeypatch.setenv("NEO4J_PASSWORD", password)
    yield [neo4j_server.url, *(["--database", neo4j_server.database] if neo4j_server.database else []), "--dataset", "command-line"]
    with graphkit.connect(neo4j_server.url, database=neo4j_server.database, dataset="command-line") as opened:
        opened.drop()


@pytest.mark.neo4j
def test_the_same_commands_speak_to_neo4j(run, source, store, neo4j_place):
    url, *options = neo4j_place
    assert run("load", source, url, *options)[0] == 0
    for command in ANSWERS:
        here, there = (run(command, place, "--as-of", DAY, *more) for place, more in ((store, []), (url, options)))
        assert there[:2] == here[:2]
    code, out, _ = run("query", url, "household_without_helper", "--param", f"as_of={DAY}", *options, "--out", "there.parquet")
    assert code == 0, out
    assert run("query", store, "household_without_helper", "--param", f"as_of={DAY}", "--out", "here.parquet")[0] == 0
    assert pq.read_table("here.parquet").equals(pq.read_table("there.parquet"))


@pytest.mark.neo4j
def test_a_wrong_password_is_a_store_error_and_is_not_shown(run, neo4j_place, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setenv("NEO4J_PASSWORD", "not-the-password")
        code, out, err = run("gaps", *neo4j_place)
    assert code == 4
    assert "not-the-password" not in out + err


# Parts


def test_table_counts_wide_characters_as_two():
    lines = draw_table(["名", "n"], [("张", 1), ("ab", 1234)]).splitlines()
    one, thousand = lines[-2:]
    assert len(one) + 1 == len(thousand)  # a wide character is one letter in two columns
    assert one.endswith(" 1")
    assert thousand.endswith(" 1,234")
    assert all(line == line.rstrip() for line in lines)


def test_progress_off_a_terminal_is_plain_lines(capsys, monkeypatch):
    with RowProgress("Loading") as progress:
        progress("Member", 1, 10)
        monkeypatch.setattr(progress, "_next_line", 0.0)
        progress("Member", 2, 10)
    assert capsys.readouterr().err == "Loading …\n  Member: 2 / 10\n"


def test_a_server_cannot_be_served(run, monkeypatch):
    monkeypatch.setenv("NEO4J_USERNAME", "neo4j")
    monkeypatch.setenv("NEO4J_PASSWORD", "x")
    assert run("serve", "bolt://127.0.0.1:1")[0] in (2, 4)


def test_an_outcome_is_explained_by_the_ties_it_rests_on(run, tmp_path):
    """In words, ids alone; what the dates do not tell is said to be unknown; of whom nothing is asked, that."""
    tables = make({
        "Household": [{"id": "h1", "is_poor": True}, {"id": "h2", "is_poor": False}], "Member": [{"id": "m1", "name": "张三", "stage": "full"}],
        "Member HELPS Household": [{"member_id": "m1", "household_id": "h1", "kind": "one_to_one", "since": dt.date(2011, 3, 1), "until": None}],
    })  # fmt: skip
    place = str(tmp_path / "explained.gk")
    graphkit.connect(place).write(tables)
    code, out, _ = run("explain", place, "s51", "h1", "--as-of", "2012-04-30", "--lang", "en")
    assert code == 0
    assert "acheng-2010.s51 · household h1" in out
    assert "met; a poor household with 1 helper; since 2011-03-01" in out
    assert " ".join(out.splitlines()[-1].split()) == "member helps household member m1 full member · one to one 2011-03-01 –"
    assert "张三" not in out
    assert "规则对此不作要求" in run("explain", place, "s51", "h2", "--as-of", "2012-04-30", "--lang", "zh")[1]
    code, _, err = run("explain", place, "s51", "h9", "--as-of", "2012-04-30", "--lang", "en")
    assert (code, "no household of this id stands on that day" in err) == (2, True)

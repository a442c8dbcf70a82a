"""How a command ends: with the true heading, and with a word on the data only where that word is known to be true."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import graphkit
from graphkit.cli import main, reading
from graphkit.cli.progress import RowProgress
from graphkit.store.local import store as local
from graphkit.store.local.manifest import write_manifest
from tests.small_files import small_files

UNCHANGED = ("unchanged", "没有改动", "未变")


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """Run ``graphkit`` with these words in an empty folder; gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def run_words(*words, lang="en"):
        monkeypatch.setenv("GRAPHKIT_LANG", lang)
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_words


@pytest.fixture
def source(tmp_path, district):
    return graphkit.write_folder(district, tmp_path / "source")


def stop(*_, **__):
    raise KeyboardInterrupt


# Ctrl-C


@pytest.mark.parametrize(("lang", "words"), [("en", "What was there before is unchanged."), ("zh", "原有内容没有改动。")])
def test_a_load_into_a_folder_that_is_stopped_changes_nothing_and_says_so(run, source, district, monkeypatch, lang, words):
    assert run("generate", "d.gk", "--villages", 2)[0] == 0
    monkeypatch.setattr(RowProgress, "__call__", stop)
    code, _, err = run("load", source, "d.gk", lang=lang)
    assert code == 130
    assert words in err
    with graphkit.connect("d.gk") as opened:
        assert opened.read() == graphkit.generate_district(villages=2, seed=0)


def test_a_load_that_is_stopped_when_all_is_written_says_that(run, source, monkeypatch):
    assert run("generate", "d.gk", "--villages", 2)[0] == 0
    monkeypatch.setattr(local, "write_manifest", lambda *given: (write_manifest(*given), stop()))
    code, _, err = run("load", source, "d.gk")
    assert code == 130
    assert "loaded whole" in err
    assert not any(word in err for word in UNCHANGED)


class Server:
    """A store that is no folder, stopped while it writes."""

    def holds(self, tables):
        return False

    def write(self, tables, *, progress=None):
        raise KeyboardInterrupt


def test_of_a_server_what_was_written_is_kept(district):
    with pytest.raises(reading.Interrupted) as stopped:
        reading.write_store(district, Server(), name="bolt://…", lang="en")
    assert "is kept: repeat" in stopped.value.after.say("en")
    assert "保留着" in stopped.value.after.say("zh")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_question_that_is_stopped_makes_no_claim(run, monkeypatch, lang):
    monkeypatch.setattr("graphkit.store.local.store.LocalStore.read", stop)
    code, _, err = run("gaps", "d.gk", lang=lang)
    assert code == 130
    assert not any(word in err for word in UNCHANGED)


# Errors


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("words", [["gaps", "nowhere.gk"], ["gaps", "broken.gk"]])
def test_a_store_error_makes_no_claim_of_its_own(run, tmp_path, words, lang):
    (tmp_path / "broken.gk").mkdir()
    (tmp_path / "broken.gk" / "manifest.json").write_text("{}")
    code, _, err = run(*words, lang=lang)
    assert code == 4
    assert not any(word in err for word in UNCHANGED)


COMMANDS = {
    "gaps": ["gaps", "d.gk", "--out", "out.csv"],
    "map": ["map", "d.gk", "out.html"],
    "report": ["report", "d.gk", "out.html"],
    "template": ["template", "out.xlsx"],
    "import": ["export-import-files", "d.gk", "out"],
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("lang", "heading"), [("en", "File\n"), ("zh", "文件有误\n")])
def test_a_file_that_cannot_be_written_is_no_fault_of_the_data(run, tmp_path, command, lang, heading):
    assert run("generate", "d.gk", "--villages", 2)[0] == 0
    before = set(tmp_path.rglob("*"))
    with small_files(2048):
        code, _, err = run(*COMMANDS[command], lang=lang)
    assert code == 4
    assert err.endswith("\n")
    assert heading in err
    assert "out" in err
    assert "Traceback" not in err
    assert set(tmp_path.rglob("*")) == before


def test_a_load_that_finds_no_room_is_a_store_error_and_changes_nothing(run, source):
    assert run("generate", "d.gk", "--villages", 2)[0] == 0
    with small_files(2048):
        code, _, err = run("load", source, "d.gk")
    assert code == 4
    assert "Store\n" in err
    assert "unchanged" in err


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="the system has no disk that is always full")
@pytest.mark.parametrize(("lang", "words"), [("en", "the disk is full"), ("zh", "磁盘已满")])
def test_what_cannot_be_printed_for_want_of_room_is_told(lang, words):
    command = [sys.executable, "-c", "import sys; from graphkit.cli import main; sys.exit(main())", "queries", "--lang", lang]
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, env={**os.environ, "PYTHONIOENCODING": "utf-8"})
    assert done.returncode == 4
    assert words in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert b"ignored" not in done.stderr


def test_a_reader_that_has_seen_enough_is_no_error():
    code = "import sys; from graphkit.cli import main; sys.exit(main())"
    with subprocess.Popen([sys.executable, "-c", code, "queries"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as told:
        told.stdout.close()
        assert told.stderr.read() == b""
    assert told.returncode == 141


# The same again


@pytest.mark.parametrize(("lang", "words"), [("en", "nothing was written"), ("zh", "没有重写")])
def test_the_same_load_again_says_that_nothing_was_written(run, source, lang, words):
    code, out, _ = run("load", source, "d.gk", lang=lang)
    assert code == 0
    assert words not in out
    before = {path: path.stat().st_mtime_ns for path in Path("d.gk").rglob("*")}
    code, out, _ = run("load", source, "d.gk", lang=lang)
    assert code == 0
    assert words in out
    assert {path: path.stat().st_mtime_ns for path in Path("d.gk").rglob("*")} == before


def test_a_database_name_that_would_run_is_wrong_usage(run):
    assert run("generate", "d.gk", "--villages", 1)[0] == 0
    code, _, err = run("export-import-files", "d.gk", "files", "--database", "neo4j\ntouch x")
    assert code == 2
    assert "names no database" in err
    assert not Path("files").exists()


def test_python_m_graphkit_is_the_command_line_with_its_exit_codes():
    told = subprocess.run([sys.executable, "-m", "graphkit", "gapz", "--lang", "en"], capture_output=True, check=False, text=True)
    assert (told.returncode, told.stdout) == (2, "")
    assert "No such command 'gapz'" in told.stderr

"""Files of Stata and SPSS: values with labels, missing codes, days and months, old encodings, what is damaged. Made by pandas and pyreadstat; all people made up."""

import datetime as dt
import importlib.util
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import loaders
from graphkit.errors import SourceError
from loaders.apart import read_apart
from tests.test_messy import every_line_is_accounted_for

PEOPLE = pd.DataFrame({"id": ["h1", "h2", "h3"], "people": [3.0, None, 4.0], "is_poor": [1.0, 2.0, 9.0]})
LABELS = {"is_poor": {1: "是", 2: "否", 9: "拒答"}}


def read(path, **options):
    loading = loaders.read_source(path, **options)
    every_line_is_accounted_for(loading)
    return loading


def test_spss_with_labels_and_what_it_is_told_is_missing(tmp_path):
    path = tmp_path / "农户.sav"
    pyreadstat.write_sav(PEOPLE, str(path), column_labels={"people": "家庭人口"}, variable_value_labels=LABELS, missing_ranges={"is_poor": [9]})
    loading = read(path)
    assert loading.tables["Household"].select(["id", "people", "is_poor", "source_row"]).to_pylist() == [
        {"id": "h1", "people": 3, "is_poor": True, "source_row": 2},
        {"id": "h2", "people": None, "is_poor": False, "source_row": 3},
        {"id": "h3", "people": 4, "is_poor": None, "source_row": 4},
    ]
    assert loading.problems == []
    assert [note.en for note in loading.readings[0].notes] == [
        "labels of the variables: people 家庭人口",
        "missing codes of 'is_poor' are unknown: 1 cells (9 拒答)",
    ]


def test_stata_with_missing_codes_of_its_own_days_and_months(tmp_path):
    frame = pd.DataFrame({"id": ["t1", "t2"], "held_on": [dt.date(2012, 4, 30), None], "topic": ["x", "y"], "month": [602, 603]})
    path = tmp_path / "培训.dta"
    pyreadstat.write_dta(frame, str(path), variable_format={"month": "%tm"})
    assert read(path).tables["Training"]["held_on"].to_pylist() == [dt.date(2012, 4, 30), None]
    (tmp_path / "m.toml").write_text(
        '[[read]]\n[[read.node]]\ntable = "Training"\nid = "id"\nheld_on = {column = "month", date = "year_month"}\n', encoding="utf-8"
    )
    assert read(path, mapping=tmp_path / "m.toml").tables["Training"]["held_on"].to_pylist() == [dt.date(2010, 3, 1), dt.date(2010, 4, 1)]
    path = tmp_path / "农户.dta"
    frame = pd.DataFrame({"id": ["h1", "h2"], "people": [3, "b"]}, dtype=object)
    pyreadstat.write_dta(frame, str(path), missing_user_values={"people": ["b"]}, variable_value_labels={"people": {"b": "不详"}})
    loading = read(path)
    assert loading.tables["Household"]["people"].to_pylist() == [3, None]
    assert [note.en for note in loading.readings[0].notes] == ["missing codes of 'people' are unknown: 1 cells (.b 不详)"]


def test_an_old_stata_does_not_say_its_encoding_and_it_is_told_from_the_words(tmp_path):
    names = ["东关村第一责任区", "西山村责任区", "大河村农民合作社"]
    frame = pd.DataFrame({"id": ["z1", "z2", "z3"], "name": [name.encode("gb18030").decode("latin-1") for name in names]})
    frame.to_stata(tmp_path / "责任区.dta", write_index=False, version=114)
    loading = read(tmp_path / "责任区.dta")
    assert loading.tables["Zone"]["name"].to_pylist() == names
    assert [note.en for note in loading.readings[0].notes] == ["read as GB18030; if that is wrong, name it with --encoding"]


@pytest.mark.parametrize(
    ("suffix", "data"), [(".dta", b"<stata_dta><header><release>118</release>"), (".sav", b"$FL2" + b"\0" * 300)], ids=["stata", "spss"]
)
def test_what_is_damaged_is_refused(tmp_path, suffix, data):
    path = tmp_path / f"农户{suffix}"
    path.write_bytes(data)
    with pytest.raises(SourceError, match="it is not a file of Stata or SPSS that can be read"):
        loaders.load(path)


def test_without_pyreadstat_what_to_install_is_said(tmp_path, monkeypatch):
    path = tmp_path / "农户.dta"
    path.write_bytes(b"x")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SourceError, match=r"pip install 'graphkit-networks\[surveys\]'"):
        loaders.load(path)


@pytest.mark.parametrize(("way", "refused"), [("SIGSEGV", "damaged"), ("SIGABRT", None), ("refused", "refused, in our words")])
def test_a_reader_that_breaks_down_is_told_from_one_that_asks_for_too_much(way, refused):
    apart = read_apart(Path("a.sav"), b"", "tests.broken_reader", [way])
    assert (apart.refused, apart.overran, apart.grids) == (refused, refused is None, ())


SPOILT = """
import os, random, signal, sys, pyreadstat
from pathlib import Path
import loaders, loaders.apart, loaders.survey_files as files
from graphkit.errors import SourceError
from loaders.apart import read_apart

def read_here(path, data, module, arguments=()):
    try:
        return loaders.apart.Apart(tuple(loaders.apart._unpack(path, loaders.apart._pack(files._read_here(data, list(arguments))))))
    except MemoryError:
        return loaders.apart.Apart(overran=True)
    except Exception as error:
        return loaders.apart.Apart(refused=str(error)[:200])

def spoil(data, rng):
    data, way = bytearray(data), rng.randrange(4)
    place, other = sorted(rng.randrange(len(data)) for _ in "ab")
    if way == 0:
        for _ in range(rng.choice([1, 3, 20])):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif way == 1:
        del data[place:]
    elif way == 2:
        data[place : place + 4] = rng.choice([b"\\xff" * 4, b"\\x7f\\xff\\xff\\xff", b"\\xff\\xff\\xff\\x7f", b"", bytes(8)])
    else:
        data[place:place] = data[place:other]
    return bytes(data)

files.read_apart = read_here
folder, count = Path(sys.argv[1]), int(sys.argv[2])
whole = {path.suffix: path.read_bytes() for path in folder.glob("农户.*")}
for number in range(count):
    rng = random.Random(number)
    suffix = rng.choice(sorted(whole))
    if (child := os.fork()) == 0:
        signal.alarm(20)  # of a child that hangs nothing else is heard
        path = folder / f"{number}" / f"农户{suffix}"
        path.parent.mkdir()
        path.write_bytes(spoil(whole[suffix], rng))
        try:
            loaders.read_source(path)
        except SourceError as error:
            assert error.say("zh") and "ReadstatError:" not in error.say("en")
        except BaseException as error:
            print(number, repr(error), flush=True)
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code not in (0, -signal.SIGSEGV, -signal.SIGBUS, -signal.SIGFPE, -signal.SIGABRT):  # such a crash ends a process of its own
        print(number, code, flush=True)
"""


def test_what_is_spoilt_is_read_or_refused_in_bounded_time_and_never_a_traceback(tmp_path):
    """Bytes changed, cut off, doubled, lengths made vast; in children of one process, since readers in C may crash."""
    frame = PEOPLE.assign(day=pd.to_datetime(["2012-04-30"] * 3))
    pyreadstat.write_sav(frame, str(tmp_path / "农户.sav"), variable_value_labels=LABELS, missing_ranges={"people": [2, {"lo": 5, "hi": 9}]})
    pyreadstat.write_dta(frame, str(tmp_path / "农户.dta"), variable_value_labels=LABELS, variable_format={"people": "%tm"})
    run = subprocess.run([sys.executable, "-c", SPOILT, str(tmp_path), "50"], check=False, capture_output=True, text=True, timeout=300)
    assert (run.returncode, run.stdout, run.stderr[-500:]) == (0, "", "")


def test_a_file_without_variables_is_refused(tmp_path):
    pyreadstat.write_dta(pd.DataFrame(index=range(3)), str(tmp_path / "农户.dta"))
    with pytest.raises(SourceError, match="it has no variables"):
        loaders.load(tmp_path / "农户.dta")

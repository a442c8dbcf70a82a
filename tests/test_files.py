"""Every file is written whole or not at all: a full disk, a kill and a second writer leave what was there."""

from __future__ import annotations

import errno
import io
import os
import random
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest

from graphkit import files
from graphkit.cli.querying import write_rows
from graphkit.data.exports import write_folder, write_template
from graphkit.data.tables import Tables
from graphkit.errors import WriteError
from graphkit.files import PART, replacing
from graphkit.pages.page import write_page
from graphkit.questions.files import read_finding, write_finding, write_workbook
from graphkit.questions.finding import SUBJECT_COLUMNS, Finding
from graphkit.store.bolt.import_files import write_import_files
from graphkit.words import Text
from tests.small_files import small_files

ROOT = Path(__file__).resolve().parent.parent
SUFFIXES = (".parquet", ".csv", ".xlsx", ".html")


def finding(count: int) -> Finding:
    numbers = random.Random(count)  # texts that no compression makes small
    rows = pd.DataFrame({"subject_kind": ["Village"] * count, "subject_id": [f"{numbers.getrandbits(96):x}" for _ in range(count)]})
    return Finding("find_x", Text("问", "ask"), rows, SUBJECT_COLUMNS)


def households(count: int) -> Tables:
    numbers = random.Random(count)
    return Tables({"Household": pa.table({"id": [f"{numbers.getrandbits(96):x}" for _ in range(count)]})})


WRITERS = {
    **{f"finding{suffix}": lambda path, n, suffix=suffix: write_finding(finding(n), path.with_suffix(suffix)) for suffix in SUFFIXES},
    **{f"rows{suffix}": lambda path, n, suffix=suffix: write_rows(finding(n).rows, path.with_suffix(suffix)) for suffix in SUFFIXES},
    "workbook": lambda path, n: write_workbook({"x": finding(n)}, path.with_suffix(".xlsx")),
    "page": lambda path, n: write_page("x" * n * 40, path.with_suffix(".html")),
    "template": lambda path, n: write_template(path.with_suffix(".xlsx"), lang="en" if n > 1 else "zh"),
    "folder": lambda path, n: write_folder(households(n), path),
}


def inside(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("writer", WRITERS)
def test_a_write_that_fails_in_the_middle_leaves_the_old_file(tmp_path, writer):
    target = tmp_path / "made" / "答案"
    WRITERS[writer](target, 1)
    old = inside(tmp_path)
    assert old
    with small_files(), pytest.raises(WriteError, match="larger than is allowed") as told:
        WRITERS[writer](target, 20_000)
    assert told.value.errno == errno.EFBIG
    assert "没有改动" in told.value.say("zh")
    assert inside(tmp_path) == old


@pytest.mark.parametrize("writer", WRITERS)
def test_a_first_write_that_fails_leaves_nothing(tmp_path, writer):
    with small_files(), pytest.raises(WriteError):
        WRITERS[writer](tmp_path / "answer", 20_000)
    assert inside(tmp_path) == {}


def test_import_files_that_fail_are_removed_again_and_nothing_else(tmp_path):
    with small_files(), pytest.raises(WriteError):
        write_import_files(households(20_000), tmp_path / "new")
    assert not (tmp_path / "new").exists()
    (tmp_path / "there").mkdir()
    with small_files(), pytest.raises(WriteError):
        write_import_files(households(20_000), tmp_path / "there")
    assert list((tmp_path / "there").iterdir()) == []


def onto_full(raising):
    with open("/dev/full", "wb", buffering=0) as full:  # noqa: PTH123
        raising(full)


FULL = {
    "python": lambda: onto_full(lambda full: full.write(b"x")),
    "arrow csv": lambda: onto_full(lambda full: pcsv.write_csv(pa.table({"a": ["x"]}), full)),
    "arrow parquet": lambda: onto_full(lambda full: pq.write_table(pa.table({"a": ["x"]}), full)),
    "pandas": lambda: onto_full(lambda full: pd.DataFrame({"a": ["x"]}).to_csv(full)),
}


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="the system has no disk that is always full")
@pytest.mark.parametrize("layer", FULL)
def test_a_full_disk_is_called_that_whichever_library_meets_it(tmp_path, layer):
    (tmp_path / "a.csv").write_text("old")
    with pytest.raises(WriteError, match="the disk is full") as told, replacing(tmp_path / "a.csv"):
        FULL[layer]()
    assert "磁盘已满" in told.value.say("zh")
    assert told.value.errno == errno.ENOSPC
    assert inside(tmp_path) == {"a.csv": b"old"}


def test_a_quota_is_a_full_disk_and_what_a_library_wraps_is_unwrapped(tmp_path):
    from xlsxwriter.exceptions import FileCreateError

    for error in (OSError(errno.EDQUOT, "Disk quota exceeded"), FileCreateError(OSError(errno.ENOSPC, "No space left on device"))):
        with pytest.raises(WriteError, match="the disk is full"), replacing(tmp_path / "a.xlsx"):
            raise error


KILLED = """
import sys
from pathlib import Path
from tests.test_files import WRITERS
folder = Path(sys.argv[1])
for turn in range(10**6):
    for name, write in WRITERS.items():
        write(folder / name.replace(".", "_"), 1 if turn % 2 else 3000)
    print(turn, flush=True)
"""


def test_a_kill_leaves_every_file_whole_and_the_next_write_sweeps(tmp_path):
    for wait in (0.0, 0.07, 0.19, 0.31):
        with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE) as child:
            child.stdout.readline()
            time.sleep(wait)
            child.kill()
        for count in (1, 3000):
            assert len(read_finding(write_finding(finding(count), tmp_path / "sample.parquet"))) == count
        whole = {path: path for path in tmp_path.rglob("*") if path.is_file() and not path.name.startswith(PART)}
        assert len(whole) == len(WRITERS) + 1
        for path in whole:
            assert rows_in(path) in (1, 3000, None), path
    for name, write in WRITERS.items():
        write(tmp_path / name.replace(".", "_"), 1)
    assert list(tmp_path.rglob(f"{PART}*")) == []


def rows_in(path: Path) -> int | None:
    """How many rows a whole file has; None for a page or a template, which have other ways to be whole."""
    match path.suffix:
        case ".parquet":
            return pq.read_table(path).num_rows
        case ".csv":
            text = path.read_text("utf-8-sig")
            assert text.endswith("\n")
            return text.count("\n") - 1
        case ".xlsx":
            sheets = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).worksheets
            return None if len(sheets) > 2 else sheets[0].max_row - 1
    text = path.read_text("utf-8")
    assert text.endswith(("</html>\n", "</table>", "x"))
    return None


def test_what_another_process_still_writes_is_not_swept(tmp_path):
    with replacing(tmp_path / "a.txt") as first:
        first.write_text("first")
        with replacing(tmp_path / "a.txt") as second:
            second.write_text("second")
        assert first.exists()
    assert inside(tmp_path) == {"a.txt": b"first"}


def test_only_the_leftovers_of_the_same_file_are_swept(tmp_path):
    held = {}
    for name in ("a.txt", "b.txt"):
        coming, file = files._begin(tmp_path / name, private=False)
        os.close(file)  # as when its writer was killed
        held[name] = coming
    (tmp_path / ".a.1a2b3c4d.txt").write_text("of the user")
    with replacing(tmp_path / "a.txt") as coming:
        coming.write_text("new")
    assert set(inside(tmp_path)) == {"a.txt", ".a.1a2b3c4d.txt", held["b.txt"].name}


def test_many_writers_of_one_file_all_end_well(tmp_path):
    done = []

    def write_again_and_again(number):
        for _ in range(30):
            with replacing(tmp_path / "a.txt") as coming:
                coming.write_text(str(number) * 1000)
        done.append(number)

    writers = [threading.Thread(target=write_again_and_again, args=(number,)) for number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(done) == list(range(6))
    assert len(set((tmp_path / "a.txt").read_text())) == 1
    assert set(inside(tmp_path)) == {"a.txt"}


# Modes


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_what_holds_names_is_private_from_the_first_byte(tmp_path, usual_umask, district):
    with replacing(tmp_path / "a.csv", private=True) as coming:
        assert mode(coming) == 0o600
        coming.write_text("x")
    assert mode(tmp_path / "a.csv") == 0o600
    write_folder(district, tmp_path / "csv")
    write_import_files(district, tmp_path / "import")
    for folder in ("csv", "import"):
        assert mode(tmp_path / folder) == 0o700
        for path in (tmp_path / folder).rglob("*"):
            assert mode(path) & 0o077 == 0, path


def test_what_holds_none_follows_the_umask_or_the_old_file(tmp_path, usual_umask):
    path = write_finding(finding(1), tmp_path / "a.csv")
    assert mode(path) == 0o644
    path.chmod(0o640)
    assert mode(write_finding(finding(2), path)) == 0o640


# Places


@pytest.mark.parametrize(
    ("place", "words"), [("folder.html", "a folder has that name"), ("file.txt/page.html", "not a folder"), ("长" * 100 + ".html", "too long")]
)
def test_a_place_that_cannot_be_written_is_told_with_its_remedy(tmp_path, place, words):
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "file.txt").write_text("x")
    with pytest.raises(WriteError, match=words) as told:
        write_page("<p>", tmp_path / place)
    assert told.value.say("zh") != told.value.say("en")
    assert inside(tmp_path) == {"file.txt": b"x"}


def test_a_long_name_can_be_written(tmp_path):
    write_page("<p>", tmp_path / ("长" * 83 + ".html"))
    assert [len(path.name.encode()) for path in tmp_path.iterdir()] == [254]


def test_a_write_protected_file_is_not_replaced(tmp_path, monkeypatch):
    (tmp_path / "a.html").write_text("kept")
    (tmp_path / "a.html").chmod(0o444)
    if os.geteuid() == 0:  # to whom everything is allowed
        monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(WriteError, match="may not be written"):
        write_page("<p>", tmp_path / "a.html")
    assert inside(tmp_path) == {"a.html": b"kept"}


def test_of_a_link_what_it_points_to_is_replaced(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.html").write_text("old")
    (tmp_path / "link.html").symlink_to(tmp_path / "real" / "a.html")
    write_page("<p>", tmp_path / "link.html")
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "real" / "a.html").read_text() == "<p>"


def test_a_pipe_is_written_to_and_stays_one(tmp_path):
    pipe = tmp_path / "pipe.html"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_page("<p>", pipe)
    reader.join()
    assert read == [b"<p>"]
    assert pipe.is_fifo()

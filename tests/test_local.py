"""The local store: atomic, durable, and clear about what is wrong."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pyarrow as pa
import pytest

from graphkit.errors import ParameterError, StoreError
from graphkit.store.connect import connect
from graphkit.store.local import KEPT_SETS, LocalStore
from graphkit.tables import Tables


def villages(count: int, kind: str = "village_committee") -> Tables:
    codes = [f"{230112000000 + i}" for i in range(count)]
    return Tables({"Village": pa.table({"code": codes, "kind": [kind] * count}), "Household": pa.table({"id": codes})})


KILLED_WRITE = """
import os, signal, sys
from graphkit.store.local import LocalStore
from tests.test_local import villages

def stop(stage, done, total):
    if stage == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

LocalStore(sys.argv[1]).write(villages(50, "other"), progress=stop)
"""


@pytest.mark.parametrize("stage", ["Village", "Household", "counts"])
@pytest.mark.parametrize("before", [True, False], ids=["over an old district", "the first write"])
def test_a_killed_write_leaves_what_was_there(tmp_path, stage, before):
    path = tmp_path / "d.gk"
    if before:
        LocalStore(path).write(villages(3))
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run([sys.executable, "-c", KILLED_WRITE, str(path), stage], cwd=root, check=False)
    assert done.returncode == -signal.SIGKILL
    if before:
        assert LocalStore(path).read() == villages(3)
    else:
        with pytest.raises(StoreError, match="no store"):
            LocalStore(path).read()
    LocalStore(path).write(villages(5))
    assert LocalStore(path).read() == villages(5)
    assert len(list(path.glob("data-*"))) <= KEPT_SETS


def test_a_reader_sees_one_write_whole(tmp_path):
    store = LocalStore(tmp_path / "d.gk")
    old, new = villages(10), villages(20)
    store.write(old)
    stop = threading.Event()
    torn: list[str] = []

    def read_again_and_again() -> None:
        reader = LocalStore(tmp_path / "d.gk")
        while not stop.is_set():
            seen = reader.read()
            if (seen["Village"].num_rows, seen["Household"].num_rows) not in ((10, 10), (20, 20)):
                torn.append(repr(seen))

    readers = [threading.Thread(target=read_again_and_again) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(20):
        store.write(new if turn % 2 else old)
    stop.set()
    for reader in readers:
        reader.join()
    assert not torn


def test_a_failing_first_write_leaves_no_folder(tmp_path):
    def fail(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        LocalStore(tmp_path / "d.gk").write(villages(3), progress=fail)
    assert not (tmp_path / "d.gk").exists()


def test_another_folder_is_not_overwritten(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("x")
    with pytest.raises(StoreError, match="no graphkit store"):
        LocalStore(tmp_path / "letters").write(villages(1))
    assert [p.name for p in (tmp_path / "letters").iterdir()] == ["dear.txt"]


def test_a_file_is_not_a_store(tmp_path):
    (tmp_path / "d.gk").write_text("x")
    with pytest.raises(StoreError, match="no graphkit store"):
        LocalStore(tmp_path / "d.gk").write(villages(1))


def test_a_damaged_file_is_named(tmp_path):
    store = LocalStore(tmp_path / "d.gk")
    store.write(villages(3))
    next((tmp_path / "d.gk").glob("data-*/Village.parquet")).write_bytes(b"PAR1 no")
    with pytest.raises(StoreError, match=r"Village\.parquet is damaged"):
        store.read()


def test_a_missing_file_is_said(tmp_path):
    store = LocalStore(tmp_path / "d.gk")
    store.write(villages(3))
    next((tmp_path / "d.gk").glob("data-*/Village.parquet")).unlink()
    with pytest.raises(StoreError, match="missing"):
        store.read()


@pytest.mark.parametrize(("content", "words"), [("{", "damaged"), ('{"format": 99, "schema_version": 1, "graphkit": "9"}', "newer graphkit")])
def test_a_manifest_that_cannot_be_read(tmp_path, content, words):
    store = LocalStore(tmp_path / "d.gk")
    store.write(villages(1))
    (tmp_path / "d.gk" / "manifest.json").write_text(content)
    with pytest.raises(StoreError, match=words):
        store.read()


def test_the_manifest_says_what_is_there(tmp_path):
    store = LocalStore(tmp_path / "d.gk")
    store.write(villages(3))
    manifest = store.manifest()
    assert manifest["tables"]["Village"]["rows"] == 3
    assert len(manifest["data_hash"]) == 64
    assert json.loads((tmp_path / "d.gk" / "manifest.json").read_text(encoding="utf-8")) == manifest


def test_connect_refuses_a_password_in_the_address():
    with pytest.raises(ParameterError, match="NEO4J_PASSWORD") as error:
        connect("bolt://neo4j:secret@localhost:7687")
    assert "secret" not in str(error.value)


def test_connect_refuses_an_unknown_scheme():
    with pytest.raises(ParameterError, match="https"):
        connect("https://example.org")

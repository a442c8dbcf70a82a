"""The local store: atomic, durable, and clear about what is wrong."""

from __future__ import annotations

import copy
import errno
import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from graphkit.data import parquet
from graphkit.data.tables import Tables
from graphkit.errors import ParameterError, StoreError
from graphkit.files import PART
from graphkit.store.connect import connect
from graphkit.store.local import store as local
from graphkit.store.local.manifest import FORMAT, MANIFEST, data_hash, write_manifest
from graphkit.store.local.store import LocalStore
from tests.small_files import small_files

KEPT_SETS = 2


def villages(count: int, kind: str = "village_committee") -> Tables:
    codes = [f"{230112000000 + i}" for i in range(count)]
    return Tables({"Village": pa.table({"code": codes, "kind": [kind] * count}), "Household": pa.table({"id": codes})})


KILLED_WRITE = """
import os, signal, sys
from graphkit.store.local.store import LocalStore
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


def test_rows_may_be_read_without_their_places(tmp_path):
    codes = ["230112000000", "230112000001"]
    tables = Tables({"Village": pa.table({"code": codes, "source_file": ["村.csv"] * 2, "source_row": [2, 3]})})
    LocalStore(tmp_path / "d.gk").write(tables)
    read = LocalStore(tmp_path / "d.gk").read(places=False)
    assert read["Village"]["code"].to_pylist() == codes
    assert [read["Village"][name].null_count for name in ("source_file", "source_sheet", "source_row")] == [2, 2, 2]
    assert read.sound
    assert read.counts.equals(tables.counts)
    assert LocalStore(tmp_path / "d.gk").read() == tables


def test_a_missing_file_is_said(tmp_path):
    store = LocalStore(tmp_path / "d.gk")
    store.write(villages(3))
    next((tmp_path / "d.gk").glob("data-*/Village.parquet")).unlink()
    with pytest.raises(StoreError, match="missing"):
        store.read()


def test_the_manifest_says_what_is_there(tmp_path):
    store = LocalStore(tmp_path / "d.gk")
    store.write(villages(3))
    manifest = store.manifest()
    assert manifest["tables"]["Village"]["rows"] == 3
    assert len(manifest["data_hash"]) == 64
    assert json.loads((tmp_path / "d.gk" / "manifest.json").read_text(encoding="utf-8")) == manifest


# Nothing of the user's is deleted


def everything(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


def plant(folder: Path, files: dict[str, str]) -> dict[str, bytes | None]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return everything(folder)


@pytest.mark.parametrize(
    "files",
    [
        {f"data-{year}/villages.csv": "x" for year in (2009, 2010, 2011)},
        {"manifest.json": '{"manifest_version": 3, "name": "an extension", "version": "1.0"}', "data-clean/rows.csv": "x"},
        {"manifest.json": '{"store": "another", "format": 2}', "data-0123456789abcdef/rows.csv": "x"},
        {"manifest.json": '{"format": 1, "schema_version": 1, "graphkit": "0.1.0"}'},
        {"manifest.json": "{"},
        {"manifest.json": "[]"},
        {"manifest.json/inside.txt": "x"},
        {"data-0123456789abcdef/Village.parquet": "x"},
        {"data-0123456789abcdef/.graphkit-set": "data-fedcba9876543210"},
        {".lock": "", "letters.txt": "x"},
        {"engine/databases/x": "x"},
        {"served-abcdefgh/letters.txt": "x"},
    ],
    ids=lambda files: "+".join(files)[:40],
)
def test_a_folder_of_the_user_is_refused_and_stays_as_it_is(tmp_path, files):
    before = plant(tmp_path / "mine", files)
    for tables in (villages(3), villages(4)):
        with pytest.raises(StoreError, match="no graphkit store"):
            LocalStore(tmp_path / "mine").write(tables)
    with pytest.raises(StoreError):
        LocalStore(tmp_path / "mine").read()
    assert everything(tmp_path / "mine") == before


def test_what_the_user_keeps_within_a_store_stays(tmp_path):
    path = tmp_path / "d.gk"
    store = LocalStore(path)
    store.write(villages(3))
    first = next(path.glob("data-*"))
    plant(path, {"notes.txt": "mine", "data-2009/rows.csv": "mine", "data-0123456789abcdef/rows.csv": "mine", f"{first.name}/notes.txt": "mine",
                 "manifest.json.bak": "mine", "served-abcdefgh/letters.txt": "mine", ".graphkit-part-x": "mine"})  # fmt: skip
    shutil.copytree(first, path / "data-fedcba9876543210")  # a copy under another name is the user's
    (path / "data-aaaaaaaaaaaaaaaa").symlink_to(first)
    mine = {name: content for name, content in everything(path).items() if content == b"mine" or name.startswith(("data-fed", "data-aaa"))}
    for count in range(4, 10):
        store.write(villages(count))
        assert store.read() == villages(count)
    left = everything(path)
    assert {name: content for name, content in left.items() if name in mine} == {**mine, "data-aaaaaaaaaaaaaaaa": None} | mine
    assert not (first / "Village.parquet").exists()  # ours was swept around the user's note


def test_a_first_write_that_fails_removes_only_what_it_made(tmp_path):
    path = tmp_path / "d.gk"

    def put_a_letter_and_fail(*_):
        (path / "letter.txt").write_text("mine")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        LocalStore(path).write(villages(3), progress=put_a_letter_and_fail)
    assert [entry.name for entry in path.iterdir() if entry.name != ".lock"] == ["letter.txt"]


def test_a_folder_that_was_there_empty_stays(tmp_path):
    def fail(*_):
        raise KeyboardInterrupt

    (tmp_path / "d.gk").mkdir()
    with pytest.raises(KeyboardInterrupt):
        LocalStore(tmp_path / "d.gk").write(villages(3), progress=fail)
    assert [entry.name for entry in (tmp_path / "d.gk").iterdir()] == [".lock"]
    LocalStore(tmp_path / "d.gk").write(villages(3))


def test_a_writer_that_waits_in_vain_takes_nothing_away(tmp_path, monkeypatch):
    monkeypatch.setattr(local, "LOCK_WAIT_S", 0.1)
    path = tmp_path / "d.gk"
    path.mkdir()
    done = threading.Event()

    def write_slowly():
        LocalStore(path).write(villages(3), progress=lambda *_: done.wait(5))

    writer = threading.Thread(target=write_slowly)
    writer.start()
    while not list(path.glob("data-*")):
        pass
    with pytest.raises(StoreError, match="by another process"):
        LocalStore(path).write(villages(9))
    done.set()
    writer.join()
    assert LocalStore(path).read() == villages(3)


def test_an_interrupt_after_the_manifest_stands_takes_nothing_away(tmp_path, monkeypatch):
    store = LocalStore(tmp_path / "d.gk")
    store.write(villages(3))

    def write_and_stop(folder, manifest):
        write_manifest(folder, manifest)
        raise KeyboardInterrupt

    monkeypatch.setattr(local, "write_manifest", write_and_stop)
    with pytest.raises(KeyboardInterrupt):
        store.write(villages(5))
    assert store.read() == villages(5)


# A store of the first format is read, and becomes one of this format at its next write


def make_old(path: Path) -> None:
    manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    for name in ("store", "seal", "content", "before"):
        del manifest[name]
    for entry in manifest["tables"].values():
        del entry["bytes"]
    (path / MANIFEST).write_text(json.dumps({**manifest, "format": 1}), encoding="utf-8")
    for mark in path.glob("data-*/.graphkit-set"):
        mark.unlink()


def test_a_store_of_the_first_format_is_read_and_goes_on(tmp_path):
    store = LocalStore(tmp_path / "d.gk")
    store.write(villages(3))
    make_old(tmp_path / "d.gk")
    assert store.read() == villages(3)
    for count in (4, 5, 6):
        store.write(villages(count))
        assert store.read() == villages(count)
    assert store.manifest()["format"] == FORMAT
    assert len(list((tmp_path / "d.gk").glob("data-*"))) == KEPT_SETS


# What is read is what was written, or it is refused


def malformed(sound: dict) -> dict[str, tuple[object, str]]:
    def but(**changed):
        return {**copy.deepcopy(sound), **changed}

    def table(**changed):
        tables = copy.deepcopy(sound["tables"])
        tables["Village"].update(changed)
        return but(tables=tables)

    def without(name):
        return {key: value for key, value in sound.items() if key != name}

    damaged, newer, old = "manifest is damaged", "newer graphkit", "earlier graphkit"
    return {
        "null": (None, damaged), "list": ([], damaged), "text": ("graphkit", damaged), "empty": ({}, damaged), "mark alone": ({"store": "graphkit"}, damaged),
        "newer format": (but(format=99), newer), "newer schema": (but(schema_version=99), newer), "newer, nothing else": ({"store": "graphkit", "format": 99}, newer),
        "old schema": (but(schema_version=0), old), "format a text": (but(format="2"), damaged), "format true": (but(format=True), damaged),
        "format 0": (but(format=0), damaged), "format a fraction": (but(format=2.5), damaged), "schema null": (but(schema_version=None), damaged),
        "graphkit a list": (but(graphkit=[]), damaged), "dataset a number": (but(dataset=5), damaged), "data a list": (but(data=[]), damaged),
        "data elsewhere": (but(data="../other"), damaged), "data absolute": (but(data="/etc"), damaged), "data a word": (but(data="data-clean"), damaged),
        "tables a list": (but(tables=[]), damaged), "tables empty": (but(tables={}), damaged), "sources a text": (but(sources="a"), damaged),
        "entry a text": (but(tables={**sound["tables"], "Village": "x"}), damaged), "unknown table": (but(tables={**sound["tables"], "Nobody": sound["tables"]["Village"]}), damaged),
        "file elsewhere": (table(file="../../x.parquet"), damaged), "file absolute": (table(file="/etc/passwd"), damaged), "file of another": (table(file="Household.parquet"), damaged),
        "rows negative": (table(rows=-1), damaged), "rows a text": (table(rows="3"), damaged), "hash short": (table(sha256="ab"), damaged),
        "bytes missing": (table(bytes=None), damaged), "hash of all wrong": (but(data_hash="0" * 64), damaged), "before a path": (but(before="../x"), damaged),
        "content missing": (without("content"), damaged), "no counts": (but(tables={k: v for k, v in sound["tables"].items() if k != "counts"}), damaged),
        **{f"without {name}": (without(name), damaged) for name in ("format", "schema_version", "graphkit", "dataset", "data", "data_hash", "tables", "sources", "written_at")},
    }  # fmt: skip


@pytest.fixture
def sound(tmp_path) -> tuple[LocalStore, Path, dict]:
    store = LocalStore(tmp_path / "d.gk")
    store.write(villages(3))
    return store, tmp_path / "d.gk" / MANIFEST, json.loads((tmp_path / "d.gk" / MANIFEST).read_text(encoding="utf-8"))


def put(path: Path, manifest: object, *, sealed: bool) -> None:
    """Write a manifest by hand; with a seal that fits it, so that nothing but what it says can give it away."""
    if sealed and isinstance(manifest, dict):
        text = json.dumps({key: value for key, value in manifest.items() if key != "seal"}, ensure_ascii=False, sort_keys=True)
        manifest = {**manifest, "seal": hashlib.sha256(text.encode()).hexdigest()}
    path.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


@pytest.mark.parametrize("sealed", [True, False])
def test_a_malformed_manifest_is_told_old_newer_or_damaged_and_what_to_do(sound, sealed):
    store, path, manifest = sound
    for name, (content, words) in malformed(manifest).items():
        put(path, content, sealed=sealed)
        with pytest.raises(StoreError, match=words if sealed or words != "earlier graphkit" else "damaged") as told:
            store.read()
        assert ("upgrade" if words == "newer graphkit" else "load the district again") in told.value.say("en"), name
        assert ("升级" if words == "newer graphkit" else "重新装入") in told.value.say("zh"), name


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"a": 1' + b"0" * 5000 + b"}", b"[" * 100_000, b"\x00" * 100, b" " * (2**24 + 1)])
def test_a_manifest_of_anything_at_all_is_damaged_and_a_load_mends_it(sound, content):
    store, path, _ = sound
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        store.read()
    store.write(villages(5))
    assert store.read() == villages(5)


def test_a_newer_store_is_not_overwritten(sound):
    store, path, manifest = sound
    put(path, {**manifest, "format": 99}, sealed=True)
    before = everything(path.parent)
    with pytest.raises(StoreError, match="newer graphkit"):
        store.write(villages(5))
    assert everything(path.parent) == before


def test_every_flipped_bit_is_refused_or_reads_the_same(tmp_path, district):
    path = tmp_path / "d.gk"
    few = Tables({name: district[name].slice(0, 2) for name in ("Village", "Member", "Training")}, dataset="阿城")
    store = LocalStore(path)
    store.write(few)
    refused = same = 0
    for file in [path / MANIFEST, *sorted(path.glob("data-*/*.parquet"))]:
        content = file.read_bytes()
        for bit in range(3, len(content) * 8, 67):
            flipped = bytearray(content)
            flipped[bit // 8] ^= 1 << bit % 8
            file.write_bytes(flipped)
            try:
                read = store.read()
            except StoreError:
                refused += 1
            else:
                same += 1
                assert read == few
                assert (read.dataset, read.counts, read.quarantine) == (few.dataset, few.counts, few.quarantine)
        file.write_bytes(content)
    assert refused > 1000
    assert same < refused / 10  # white space of the manifest
    assert store.read() == few


def test_rows_taken_out_by_hand_are_told_also_where_the_hash_is_made_to_fit(sound):
    store, path, manifest = sound
    file = path.parent / manifest["data"] / "Village.parquet"
    pq.write_table(pq.read_table(file).slice(1), file)
    with pytest.raises(StoreError, match=r"Village\.parquet is damaged"):
        store.read()
    entry = manifest["tables"]["Village"]
    entry["bytes"], entry["sha256"] = file.stat().st_size, hashlib.sha256(file.read_bytes()).hexdigest()
    put(path, {**manifest, "data_hash": data_hash(manifest["tables"])}, sealed=True)
    with pytest.raises(StoreError, match=r"Village\.parquet is damaged"):
        store.read()


def test_other_columns_are_told(sound):
    store, path, manifest = sound
    file = path.parent / manifest["data"] / "Village.parquet"
    pq.write_table(pa.table({"code": ["a", "b", "c"]}), file)
    entry = manifest["tables"]["Village"]
    entry["bytes"], entry["sha256"] = file.stat().st_size, hashlib.sha256(file.read_bytes()).hexdigest()
    put(path, {**manifest, "data_hash": data_hash(manifest["tables"])}, sealed=True)
    with pytest.raises(StoreError, match=r"Village\.parquet is damaged"):
        store.read()


def bomb(kind: str, schema: pa.Schema) -> pa.Table:
    """A table of a few kilobytes in Parquet that spells out to gigabytes."""
    if kind == "rows":  # of nothing, each of which needs its place
        return pa.table([pa.nulls(2_000_000, field.type) for field in schema], schema=schema)
    words = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["村" * 10_000]))
    return pa.table([words if field.name == "code" else pa.nulls(100_000, field.type) for field in schema], names=schema.names)


@pytest.mark.parametrize("kind", ["rows", "one long text many times"])
def test_a_parquet_bomb_is_refused_before_it_is_unpacked(sound, monkeypatch, kind):
    store, path, manifest = sound
    file = path.parent / manifest["data"] / "Village.parquet"
    table = bomb(kind, pq.read_schema(file))
    pq.write_table(table, file, compression="zstd", store_schema=False)
    assert file.stat().st_size < 100_000
    with pytest.raises(StoreError, match="damaged"):  # the manifest knows its size and its hash
        store.read()
    entry = manifest["tables"]["Village"]
    entry.update(rows=table.num_rows, bytes=file.stat().st_size, sha256=hashlib.sha256(file.read_bytes()).hexdigest())
    put(path, {**manifest, "data_hash": data_hash(manifest["tables"])}, sealed=True)
    monkeypatch.setattr(parquet, "memory_bytes", lambda: 50_000_000)
    held = pa.total_allocated_bytes()
    before = pa.default_memory_pool().max_memory()
    with pytest.raises(StoreError, match="more memory") as told:
        store.read()["Village"]  # whose texts are spelt out when somebody asks for them
    assert "内存" in told.value.say("zh")
    assert pa.default_memory_pool().max_memory() <= max(before, held + 50_000_000)


def test_a_full_disk_is_called_that_and_the_old_district_stays(tmp_path):
    store = LocalStore(tmp_path / "d.gk")
    store.write(villages(3))
    before = everything(tmp_path / "d.gk")
    with small_files(), pytest.raises(StoreError, match=r"larger than is allowed.*What was there before is unchanged"):
        store.write(villages(20_000))
    assert everything(tmp_path / "d.gk") == before

    def fail(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(StoreError, match="the disk is full") as told:
        store.write(villages(4), progress=fail)
    assert "磁盘已满" in told.value.say("zh")
    assert store.read() == villages(3)


# Left by killed processes


def kill_a_load(path: Path) -> Path:
    before = set(path.glob("data-*"))
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run([sys.executable, "-c", KILLED_WRITE, str(path), "Household"], cwd=root, check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = set(path.glob("data-*")) - before
    return left


def test_what_a_killed_load_left_is_swept_by_the_next_read(tmp_path):
    store = LocalStore(tmp_path / "d.gk")
    store.write(villages(3))
    left = kill_a_load(tmp_path / "d.gk")
    assert any(left.iterdir())
    assert store.read() == villages(3)
    assert not left.exists()


def test_what_a_killed_load_left_is_swept_also_by_a_load_that_finds_nothing_to_write(tmp_path):
    store = LocalStore(tmp_path / "d.gk")
    store.write(villages(3))
    left = kill_a_load(tmp_path / "d.gk")
    assert store.holds(villages(3))
    assert not left.exists()


def test_a_load_that_still_runs_is_not_swept(tmp_path):
    store = LocalStore(tmp_path / "d.gk")
    store.write(villages(3))
    seen = []

    def read_meanwhile(*_):
        reader = threading.Thread(target=lambda: seen.append(LocalStore(tmp_path / "d.gk").read()))
        reader.start()
        reader.join()

    store.write(villages(5), progress=read_meanwhile)
    assert seen == [villages(3)] * len(seen)
    assert len(seen) > 2
    assert store.read() == villages(5)


def serve_in(folder: Path) -> None:
    """What `serve` once kept within the store."""
    plant(folder, {".lock": "", "engine.log": "", "cache.json": "{}", "databases/graphkit/x.bucket": "all names", "log/a.log": ""})


def test_a_database_left_by_a_killed_serve_is_swept_and_one_that_is_served_is_not(tmp_path):
    store = LocalStore(tmp_path / "d.gk")
    store.write(villages(3))
    for name in ("served-abcd1234", "served-wxyz_987"):
        serve_in(tmp_path / "d.gk" / name)
    with FileLock(tmp_path / "d.gk" / "served-wxyz_987" / ".lock"):
        assert store.read() == villages(3)
        assert [entry.name for entry in (tmp_path / "d.gk").glob("served-*")] == ["served-wxyz_987"]
    store.write(villages(3))  # also where nothing is written
    assert list((tmp_path / "d.gk").glob("served-*")) == []


def test_a_store_that_may_not_be_written_is_read(tmp_path, monkeypatch):
    store = LocalStore(tmp_path / "d.gk")
    store.write(villages(3))
    kill_a_load(tmp_path / "d.gk")

    def refuse(*_):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(local, "locked", refuse)
    assert store.read() == villages(3)


# Nobody else may look


def test_a_store_is_private_whatever_the_umask(tmp_path, district):
    before = os.umask(0o022)
    try:
        (tmp_path / "open.gk").mkdir(mode=0o755)
        for name in ("new.gk", "open.gk"):
            LocalStore(tmp_path / name).write(district)
            for path in (tmp_path / name, *(tmp_path / name).rglob("*")):
                assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    finally:
        os.umask(before)


# The same tables again


def test_the_same_tables_again_are_seen_and_not_written(tmp_path, district):
    store = LocalStore(tmp_path / "d.gk")
    assert not store.holds(district)
    store.write(district)
    before = everything(tmp_path / "d.gk")
    told = []
    for again in (district, store.read(), LocalStore(tmp_path / "d.gk").read()):
        assert store.holds(again)
        store.write(again, progress=lambda *words: told.append(words))
    assert told == []
    assert everything(tmp_path / "d.gk") == before


def test_any_difference_is_written(tmp_path, district):
    store = LocalStore(tmp_path / "d.gk")
    aside = pa.Table.from_pylist([{"table": "Member", "rule": "key.once", "row": "{}"}], schema=district.quarantine.schema)
    other = [
        Tables(dict(district), dataset="another"),
        Tables(dict(district), quarantine=aside),
        Tables(dict(district), counts=district.counts.slice(1)),
        district.replace({"Zone COVERS Household": district["Zone COVERS Household"].slice(1)}),
        district.replace({"Member": district["Member"].set_column(district["Member"].column_names.index("source_file"), "source_file", pa.array(["x"] * district["Member"].num_rows))}),
    ]  # fmt: skip
    for changed in other:
        store.write(district)
        assert not store.holds(changed)
        store.write(changed)
        read = store.read()
        assert (read, read.dataset, read.counts, read.quarantine) == (changed, changed.dataset, changed.counts, changed.quarantine)


def test_a_damaged_store_is_mended_by_the_same_tables(tmp_path, district):
    store = LocalStore(tmp_path / "d.gk")
    store.write(district)
    file = next((tmp_path / "d.gk").glob("data-*/Member.parquet"))
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert not store.holds(district)
    store.write(district)
    assert store.read() == district


def test_no_part_is_left_after_all_this(tmp_path):
    store = LocalStore(tmp_path / "d.gk")
    for count in (1, 2, 3, 3):
        store.write(villages(count))
    assert sorted(p.name for p in (tmp_path / "d.gk").iterdir() if not p.name.startswith("data-")) == [".lock", MANIFEST]
    assert not list((tmp_path / "d.gk").rglob(f"{PART}*"))


def test_connect_refuses_a_password_in_the_address():
    with pytest.raises(ParameterError, match="NEO4J_PASSWORD") as error:
        connect("bolt://neo4j:secret@localhost:7687")
    assert "secret" not in str(error.value)


def test_connect_refuses_an_unknown_scheme():
    with pytest.raises(ParameterError, match="https"):
        connect("https://example.org")

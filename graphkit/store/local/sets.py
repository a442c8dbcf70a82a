"""The sets of files of a local store: one folder for each write, under a mark of its own, and removed only by that mark."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from graphkit.data.coding import id_columns
from graphkit.data.parquet import read_parquet, refuse_larger
from graphkit.data.stored import StoredTables
from graphkit.data.tables import ACCOUNT, ACCOUNT_SCHEMAS, PROVENANCE, Tables, arrow_schema
from graphkit.errors import StoreError
from graphkit.files import PART, PRIVATE_FILE, PRIVATE_FOLDER, sync_folder
from graphkit.model.kinds import SCHEMA_VERSION
from graphkit.model.model import Model
from graphkit.model.reader import declare
from graphkit.store.failures import store_error
from graphkit.store.local.manifest import SET_NAME, Folder, file_of, model_of
from graphkit.words import Text

if TYPE_CHECKING:
    from graphkit.store.base import Progress

LOCK = ".lock"
SET_MARK = ".graphkit-set"  # within a set; it holds the set's name, so that a copy under another name is nobody's but the user's
_SERVED = re.compile(r"served-[a-z0-9_]{8}")  # the databases that an earlier `graphkit serve` made within the store
_ENGINE_FILES = {LOCK, "backups", "cache.json", "cache.json.new", "config", "databases", "engine.log", "log"}
_PART_FILE = re.compile(rf"([A-Z][A-Za-z0-9]*(_[A-Z][A-Z0-9_]*_[A-Z][A-Za-z0-9]*)?|{'|'.join(ACCOUNT)})\.parquet")
"""As the file of a table is called, of whichever model the set was written by, or of a part of the account."""

_HASH_ROWS = 65_536


def parts_of(tables: Tables) -> dict[str, pa.Table]:
    """What a store keeps of `tables`: those that have rows, and the account; of that, quarantine and counts always."""
    account = {name: table for name, table in tables.account().items() if table.num_rows or name in ("quarantine", "counts")}
    return {**{name: table for name, table in tables.items() if table.num_rows}, **account}


def hash_of(tables: Tables) -> str:
    """SHA-256 of all that a store keeps of `tables`, in the order of rows: several times faster than writing them, or than sorting them first."""
    declared = declare(tables.model)
    digest = hashlib.sha256(f"{tables.dataset!r}{json.dumps(declared) if declared else ''}".encode())
    for name, table in parts_of(tables).items():
        digest.update(f"{name} {table.num_rows} {table.schema}".encode())
        for batch in table.combine_chunks().to_batches(max_chunksize=_HASH_ROWS):
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, batch.schema) as writer:
                writer.write_batch(batch.take(pa.array(np.arange(batch.num_rows))))  # equal rows then give equal bytes
            digest.update(sink.getvalue())
    return digest.hexdigest()


def make_set(store: Path) -> Path:
    """Make a new folder for a set of files, and mark it as ours."""
    folder = store / f"data-{secrets.token_hex(8)}"
    folder.mkdir(mode=PRIVATE_FOLDER)
    mark_set(folder)
    return folder


def mark_set(folder: Path) -> None:
    """Put our mark into a set that we know to be ours; what a link leads to is not."""
    if not is_set(folder) and not folder.is_symlink():
        _write_durably(folder / SET_MARK, folder.name.encode())


def is_set(folder: Path) -> bool:
    """Whether it is a set that graphkit made and marked."""
    if not SET_NAME.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
        return False
    try:
        return (folder / SET_MARK).read_text(encoding="utf-8") == folder.name
    except (OSError, ValueError):
        return False


def write_set(tables: Tables, folder: Path, progress: Progress | None) -> dict[str, dict[str, Any]]:
    """Write everything into `folder`, and return what the manifest says of each file."""
    parts = parts_of(tables)
    done, total = 0, sum(table.num_rows for table in parts.values())
    entries = {}
    for name, table in parts.items():
        sink = pa.BufferOutputStream()
        ids = dict(id_columns(tables.model, name)) if name in tables else {}
        words = [column for column in table.column_names if column not in ids]  # few ids are said twice: a list of them saves nothing
        pq.write_table(table, sink, compression="zstd", use_dictionary=words)
        data = sink.getvalue()
        _write_durably(folder / file_of(name), data)
        entries[name] = {"file": file_of(name), "rows": table.num_rows, "bytes": data.size, "sha256": hashlib.sha256(data).hexdigest()}
        done += table.num_rows
        if progress:
            progress(name, done, total)
    sync_folder(folder)
    return entries


def read_set(store: Folder, manifest: Mapping[str, Any], *, only: Sequence[str] | None = None, places: bool = True) -> Tables:
    """Return the tables that the manifest names, or of these `only` some, if every file of them is as the manifest says.

    Without `places` rows come without their file, sheet and row, which take three tenths of the memory of a large district.

    Raises
    ------
    FileNotFoundError
        If a file is missing.
    StoreError
        If a file is another than was written, or needs more memory than this machine has.
    """
    model = model_of(manifest)
    read = {
        name: _read_part(store, manifest, name, model, () if places or name in ACCOUNT else PROVENANCE.names)
        for name in manifest["tables"]
        if only is None or name in only
    }
    account = {name: read.pop(name) for name in ACCOUNT if name in read}
    sound = manifest["schema_version"] == SCHEMA_VERSION  # such a store takes nothing else; what earlier ones took is counted
    return Tables(read, dataset=manifest["dataset"], model=model, sound=sound, **account)


def open_set(store: Folder, manifest: Mapping[str, Any]) -> StoredTables:
    """Return the tables that the manifest names without reading them: the account is read now, each table when it is asked for, without places.

    Raises
    ------
    FileNotFoundError
        If a file of the account is missing.
    StoreError
        If one is damaged; of a table, when it is asked for.
    """
    model, there = model_of(manifest), manifest["tables"]

    def read(name: str) -> pa.Table | None:
        try:
            return _read_part(store, manifest, name, model, PROVENANCE.names) if name in there else None
        except FileNotFoundError:
            raise _part_error(store, there[name], "缺失：请重新装入", "is missing: load the district again") from None

    account = {name: _read_part(store, manifest, name, model, ()) for name in ACCOUNT if name in there}
    rows = {kind.table: there[kind.table]["rows"] if kind.table in there else 0 for kind in model.kinds}
    sound = manifest["schema_version"] == SCHEMA_VERSION
    return StoredTables(read, rows, account=account, dataset=manifest["dataset"], model=model, sound=sound)


def is_whole(store: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether every file that the manifest names is there as it was written."""
    try:
        for name in manifest["tables"]:
            _read_bytes(store, manifest, name)
    except (OSError, ValueError, MemoryError):
        return False
    return True


def remove_set(folder: Path) -> None:
    """Remove the files that a set consists of, and its folder unless something else lies in it."""
    with contextlib.suppress(OSError):
        for name in (*(entry.name for entry in folder.iterdir() if _PART_FILE.fullmatch(entry.name)), SET_MARK):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()


@contextlib.contextmanager
def locked(store: Path, wait_s: float) -> Iterator[None]:
    """Hold the lock of a store; filelock.Timeout if another process has it for longer than `wait_s` seconds."""
    with FileLock(store / LOCK, timeout=wait_s, mode=PRIVATE_FILE):
        yield


def list_leftovers(store: Path, kept: AbstractSet[str]) -> list[Path]:
    """What killed processes left in a store: sets that are not `kept`, and databases that were served."""
    return [entry for entry in store.iterdir() if (is_set(entry) and entry.name not in kept) or _is_served(entry)]


def sweep(store: Path, kept: AbstractSet[str]) -> None:
    """Remove the leftovers. Who calls it holds the lock of the store, so that no set is still being written."""
    for entry in list_leftovers(store, kept):
        if is_set(entry):
            remove_set(entry)
        else:
            _remove_if_dead(entry)


def is_leftover_of_first_write(entry: Path) -> bool:
    """Whether `entry` is what a first write that was killed may leave in a folder."""
    return entry.name == LOCK or entry.name.startswith(PART) or is_set(entry) or (SET_NAME.fullmatch(entry.name) is not None and _is_empty(entry))


def _is_empty(entry: Path) -> bool:
    return entry.is_dir() and not entry.is_symlink() and not any(entry.iterdir())


def _is_served(entry: Path) -> bool:
    """Whether it is a database of our engine: so named, and with nothing in it but what the engine keeps."""
    if not _SERVED.fullmatch(entry.name) or entry.is_symlink() or not entry.is_dir():
        return False
    names = {file.name for file in entry.iterdir()}
    return {LOCK, "engine.log"} <= names <= _ENGINE_FILES


def _remove_if_dead(served: Path) -> None:
    """Remove a database, unless the process that serves it lives and holds its lock."""
    with contextlib.suppress(Timeout, OSError), FileLock(served / LOCK, timeout=0, mode=PRIVATE_FILE):
        shutil.rmtree(served, ignore_errors=True)


def _read_part(store: Folder, manifest: Mapping[str, Any], name: str, model: Model, without: Sequence[str]) -> pa.Table:
    entry = manifest["tables"][name]
    schema = ACCOUNT_SCHEMAS.get(name) or arrow_schema(model.table_type(name))
    schema = pa.schema([field for field in schema if field.name not in without])
    try:
        table = read_parquet(_read_bytes(store, manifest, name), rows=entry["rows"], known=True, without=without)
        if manifest["schema_version"] < SCHEMA_VERSION:  # written when a kind had fewer columns: they are filled up with unknown ones
            table = table.select([name for name in table.column_names if name in schema.names or table[name].null_count < table.num_rows])
            if moved := [name for name in table.column_names if name not in schema.names]:
                raise _moved_error(store, entry, moved)
            schema = pa.schema([field for field in schema if field.name in table.column_names])
        if not table.schema.equals(schema):
            raise ValueError("other columns")
    except MemoryError:
        raise _part_error(store, entry, "所需内存超过这台机器所有", "needs more memory than this machine has") from None
    except FileNotFoundError:
        raise
    except ValueError:
        raise _part_error(store, entry, "已损坏：请重新装入", "is damaged: load the district again") from None
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise _part_error(
            store, entry, f"读不了（{said}）：检查权限和磁盘", f"cannot be read ({said}): look at its permissions and the disk"
        ) from None
    return table


def _moved_error(store: Folder, entry: Mapping[str, Any], moved: Sequence[str]) -> StoreError:
    """What an earlier version kept in columns that are no more is not dropped without a word."""
    named = ", ".join(moved)
    return _part_error(
        store,
        entry,
        f"有这一版放在别的表里的列（{named}）：请重新装入",
        f"holds columns that now are a table of their own ({named}): load the district again",
    )


def _read_bytes(store: Folder, manifest: Mapping[str, Any], name: str) -> bytes:
    """The bytes of one file, once they are known to be those that were written; ValueError if they are others."""
    entry = manifest["tables"][name]
    path: Folder = store / manifest["data"] / entry["file"]
    size = int(path.stat().st_size)
    if size != entry.get("bytes", size):
        raise ValueError("another size")
    refuse_larger(size)
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise ValueError("other bytes")
    return data


def _part_error(store: Folder, entry: Mapping[str, Any], zh: str, en: str) -> StoreError:
    return store_error(Text(f"{store.name}：{entry['file']} {zh}", f"{store.name}: {entry['file']} {en}"))


def _write_durably(path: Path, content: bytes | pa.Buffer) -> None:
    path.touch(mode=PRIVATE_FILE)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

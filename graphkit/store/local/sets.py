"""The sets of files of a local store: one folder for each write, under a mark of its own, and removed only by that mark."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from graphkit.data.coding import id_columns
from graphkit.data.held import PLACE, Held, locate_ends
from graphkit.data.parquet import open_parquet, read_parquet, refuse_larger
from graphkit.data.tables import ACCOUNT, ACCOUNT_SCHEMAS, PROVENANCE, Tables, arrow_schema
from graphkit.errors import StoreError
from graphkit.files import PART, PRIVATE_FILE, PRIVATE_FOLDER, sync_folder
from graphkit.model.kinds import SCHEMA_VERSION
from graphkit.model.model import Model
from graphkit.model.reader import declare
from graphkit.model.types import NodeType, TieType
from graphkit.store.failures import store_error
from graphkit.store.local.content import runs_of, update_digest
from graphkit.store.local.manifest import SET_NAME, WITH_PLACES, Folder, file_of, model_of
from graphkit.words import Text

if TYPE_CHECKING:
    from graphkit.store.base import Progress

_COUNTED = ("source_row",)
LOCK = ".lock"
SET_MARK = ".graphkit-set"  # within a set; it holds the set's name, so that a copy under another name is nobody's but the user's
_SERVED = re.compile(r"served-[a-z0-9_]{8}")  # the databases that an earlier `graphkit serve` made within the store
_ENGINE_FILES = {LOCK, "backups", "cache.json", "cache.json.new", "config", "databases", "engine.log", "log"}
_PART_FILE = re.compile(rf"([A-Z][A-Za-z0-9]*(_[A-Z][A-Z0-9_]*_[A-Z][A-Za-z0-9]*)?|{'|'.join(ACCOUNT)})\.parquet")
"""As the file of a table is called, of whichever model the set was written by, or of a part of the account."""

AT = ".row"
"""Behind the name of an end of a tie: the column that says which row of the nodes' table it is. No column of a model is called so."""


def parts_of(tables: Tables) -> dict[str, pa.Table]:
    """What a store keeps of `tables`: those that have rows, and the account; of that, quarantine and counts always."""
    account = {name: table for name, table in tables.account().items() if table.num_rows or name in ("quarantine", "counts")}
    return {**{name: table for name, table in tables.items() if table.num_rows}, **account}


def hash_of(tables: Tables) -> str:
    """SHA-256 of all that a store keeps of `tables`, in the order of rows: several times faster than writing them, or than sorting them first."""
    declared = declare(tables.model)
    digest = hashlib.sha256(f"{tables.dataset!r}{json.dumps(declared) if declared else ''}".encode())
    for name, table in parts_of(tables).items():
        update_digest(digest, name, table)
    return digest.hexdigest()


def places_of(tables: Tables) -> dict[str, dict[str, pa.Array]]:
    """By tie and column of its ends, which row of the nodes' table each end is; of tables that a store takes."""
    if held := tables.held():
        return {name: {column: table.places(column) for column in table.ends} for name, table in held.items() if table.ends}
    keys = {node.label: tables[node.table][node.key].combine_chunks() for node in tables.model.nodes}
    located = locate_ends(tables, keys, tables.model.ties)
    return {name: {column: pa.array(rows, PLACE) for column, rows in found.items()} for name, found in located.items()}


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
    parts, places = parts_of(tables), places_of(tables)
    done, total = 0, sum(table.num_rows for table in parts.values())
    entries = {}
    for name, table in parts.items():
        sink = pa.BufferOutputStream()
        ids = dict(id_columns(tables.model, name)) if name in tables else {}
        words = [column for column in table.column_names if column not in ids]  # few ids are said twice: a list of them saves nothing
        ends = {f"{column}{AT}": places[name][column] for column in ids if name in places}
        for column, found in ends.items():
            table = table.append_column(column, found)  # noqa: PLW2901
        texts = {field.name for field in table.schema if pa.types.is_string(field.type)}
        pq.write_table(
            _repeat_by_number(table), sink, compression="zstd", store_schema=False, use_dictionary=[word for word in words if word not in _COUNTED],
            column_encoding=dict.fromkeys([*ends, *(word for word in words if word in _COUNTED)], "DELTA_BINARY_PACKED"),  # rows follow one another
            write_statistics=[column for column in table.column_names if column not in texts],  # nobody asks for the least of texts
        )  # fmt: skip
        data = sink.getvalue()
        _write_durably(folder / file_of(name), data)
        entries[name] = {"file": file_of(name), "rows": table.num_rows, "bytes": data.size, "sha256": hashlib.sha256(data).hexdigest()}
        done += table.num_rows
        if progress:
            progress(name, done, total)
    sync_folder(folder)
    return entries


def _repeat_by_number(table: pa.Table) -> pa.Table:
    """The table with the name of each row's file as a number in a list of names: the writer then looks at no name twice."""
    runs = runs_of(table["source_file"]) if "source_file" in table.column_names else None
    if runs is None:
        return table
    words, ends = runs
    number_of = {word: number for number, word in enumerate(dict.fromkeys(word for word in words if word is not None))}
    numbers = np.array([-1 if word is None else number_of[word] for word in words], np.int32)
    numbers = np.repeat(numbers, np.diff(np.array([0, *ends])))
    named = pa.DictionaryArray.from_arrays(pa.array(numbers, mask=numbers < 0), pa.array([*number_of], pa.string()))
    return table.set_column(table.column_names.index("source_file"), "source_file", named)


def read_set(store: Folder, manifest: Mapping[str, Any], *, only: Sequence[str] | None = None, places: bool = True, later: bool = False) -> Tables:
    """Return the tables that the manifest names, or of these `only` some, if every file of them is as the manifest says.

    Without `places` rows come without their file, sheet and row, which take three tenths of the memory of a large district. With `later` the file of
    a table is looked at when somebody asks for its rows, and not before.

    Raises
    ------
    FileNotFoundError
        If a file is missing.
    StoreError
        If a file is another than was written, or needs more memory than this machine has.
    """
    model = model_of(manifest)
    left = () if places else PROVENANCE.names
    names = [name for name in manifest["tables"] if only is None or name in only]
    account = {name: _read_part(store, manifest, name, model, ()) for name in names if name in ACCOUNT}
    sound = manifest["schema_version"] == SCHEMA_VERSION  # such a store takes nothing else; what earlier ones took is counted
    if sound and manifest["format"] >= WITH_PLACES:
        held = _hold_parts(store, manifest, model, left, later=later) if only is None else {}
        return Tables(held, dataset=manifest["dataset"], model=model, sound=True, **account)
    read = {name: _read_part(store, manifest, name, model, left) for name in names if name not in ACCOUNT}
    return Tables(read, dataset=manifest["dataset"], model=model, sound=sound, **account)


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


def _hold_parts(store: Folder, manifest: Mapping[str, Any], model: Model, left: Sequence[str], *, later: bool) -> dict[str, Held]:
    """Every table, its rows not read yet, and its file looked at unless `later`; those that the manifest does not name have none."""

    def read_later(kind: NodeType | TieType) -> pa.Table:
        try:
            return _open_part(store, manifest, kind, left)()
        except FileNotFoundError:
            raise _part_error(store, manifest["tables"][kind.table], "缺失：请重新装入", "is missing: load the district again") from None

    def hold(kind: NodeType | TieType, ends: Mapping[str, Held]) -> Held:
        schema, entry = arrow_schema(kind), manifest["tables"].get(kind.table)
        if entry is None:
            empty = pa.schema([pa.field(field.name, PLACE) if field.name in ends else field for field in schema]).empty_table()
            return Held(kind, schema, lambda: empty, ends=ends, rows=0)
        read = functools.partial(read_later, kind) if later else _open_part(store, manifest, kind, left)
        return Held(kind, schema, read, ends=ends, rows=entry["rows"])

    nodes = {kind.label: hold(kind, {}) for kind in model.nodes}
    ties = {kind.table: hold(kind, dict(zip((end.name for end in kind.ends), (nodes[kind.source], nodes[kind.target]), strict=True)))
            for kind in model.ties}  # fmt: skip
    return {kind.table: nodes[kind.label] if isinstance(kind, NodeType) else ties[kind.table] for kind in model.kinds}


def _open_part(store: Folder, manifest: Mapping[str, Any], kind: NodeType | TieType, left: Sequence[str]) -> Callable[[], pa.Table]:
    """Look at the file of a table, and return what reads its rows, with places for ends."""
    entry, ends = manifest["tables"][kind.table], [end.name for end in kind.ends] if isinstance(kind, TieType) else []
    places = {f"{name}{AT}": name for name in ends}
    schema = pa.schema([*arrow_schema(kind), *(pa.field(name, PLACE) for name in places)])
    with _told(store, entry):
        opened = open_parquet(_read_bytes(store, manifest, kind.table), rows=entry["rows"], known=True)
        if not opened.schema.equals(schema):
            raise ValueError("other columns")

    def read() -> pa.Table:
        with _told(store, entry):
            table = opened.read(without=(*ends, *left))
        named = table.rename_columns([places.get(name, name) for name in table.column_names])
        return named.select([name for name in schema.names if name in named.column_names])

    return read


def _read_part(store: Folder, manifest: Mapping[str, Any], name: str, model: Model, without: Sequence[str]) -> pa.Table:
    entry = manifest["tables"][name]
    schema = ACCOUNT_SCHEMAS.get(name) or arrow_schema(model.table_type(name))
    schema = pa.schema([field for field in schema if field.name not in without])
    without = (*without, *(f"{name}{AT}" for name in schema.names))
    with _told(store, entry):
        table = read_parquet(_read_bytes(store, manifest, name), rows=entry["rows"], known=True, without=without)
        if manifest["schema_version"] < SCHEMA_VERSION:  # written when a kind had fewer columns: they are filled up with unknown ones
            table = table.select([name for name in table.column_names if name in schema.names or table[name].null_count < table.num_rows])
            if moved := [name for name in table.column_names if name not in schema.names]:
                raise _moved_error(store, entry, moved)
            schema = pa.schema([field for field in schema if field.name in table.column_names])
        if not table.schema.equals(schema):
            raise ValueError("other columns")
    return table


@contextlib.contextmanager
def _told(store: Folder, entry: Mapping[str, Any]) -> Iterator[None]:
    """Tell what is wrong with the file of a part, and what to do; a file that is not there is the reader's matter."""
    try:
        yield
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

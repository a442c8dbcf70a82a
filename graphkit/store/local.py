"""The local store: a folder of Parquet files and a manifest that names the ones in force.

A write puts a whole new set of files beside the old one and then replaces the manifest in one step of
the file system. So a reader sees the old set or the new one, and a write that was killed changes nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import secrets
import shutil
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from graphkit.cypher import TIME_LIMIT_S
from graphkit.errors import StoreError
from graphkit.schema import SCHEMA_VERSION
from graphkit.tables import Tables

if TYPE_CHECKING:
    from graphkit.store.base import Progress
    from graphkit.store.embedded import EmbeddedEngine

MANIFEST = "manifest.json"
FORMAT = 1
READ_TRIES = 5  # a reader starts anew when a writer has swept away the files it was about to open
LOCK_WAIT_S = 10.0
KEPT_SETS = 2  # the set in force and the one before it, for readers that have just looked up the manifest


class LocalStore:
    """A district in a folder on this machine.

    Parameters
    ----------
    path : str or Path
        The folder; it is made at the first write. By custom its name ends in ``.gk``.

    Examples
    --------
    >>> import tempfile, pyarrow as pa
    >>> tables = Tables({"Village": pa.table({"code": ["230112104001"]})})
    >>> with tempfile.TemporaryDirectory() as folder, LocalStore(f"{folder}/small.gk") as store:
    ...     store.write(tables)
    ...     store.read() == tables
    True
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._engine: EmbeddedEngine | None = None

    def __repr__(self) -> str:
        return f"LocalStore({self.path.name})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def write(self, tables: Tables, *, progress: Progress | None = None) -> None:
        """Replace the district by `tables`, as a whole or not at all.

        Parameters
        ----------
        tables : Tables
            What the store shall hold; quarantined rows and counts are kept with it.
        progress : callable, optional
            Called with table name, rows done and rows in all after each file.

        Raises
        ------
        StoreError
            If the folder holds something else, another write is going on, or the disk refuses.
        """
        if self.path.exists() and not self._is_ours():
            raise StoreError(
                f"{self.path.name} is there and is no graphkit store: name another folder, or move it away",
                zh=f"{self.path.name} 已存在，但不是 graphkit 的存储：换一个文件夹，或把它移开",
            )
        made = not self.path.exists()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path / ".lock", timeout=LOCK_WAIT_S):
                self._replace(tables, progress)
        except Timeout:
            raise StoreError(
                f"{self.path.name} is being written by another process: wait until it is done", zh=f"{self.path.name} 正由另一个进程写入：等它结束"
            ) from None
        except OSError as error:
            raise StoreError(
                f"{self.path.name} could not be written ({error.strerror}); what was there before is unchanged",
                zh=f"{self.path.name} 写不进去（{error.strerror}）；原有内容未变",
            ) from None
        finally:
            if made and not (self.path / MANIFEST).exists():
                shutil.rmtree(self.path, ignore_errors=True)

    def read(self) -> Tables:
        """Return the district; the whole of one write, never parts of two.

        Raises
        ------
        StoreError
            If there is no store, it was written by a newer graphkit, or a file is damaged.
        """
        for attempt in range(READ_TRIES):
            manifest = self.manifest()
            try:
                return self._read_set(manifest)
            except FileNotFoundError:
                if attempt == READ_TRIES - 1:
                    raise StoreError(
                        f"{self.path.name}: files named in the manifest are missing; load the district again",
                        zh=f"{self.path.name}：清单中的文件缺失；请重新装入",
                    ) from None
        raise AssertionError  # the loop returns or raises

    def manifest(self) -> dict[str, Any]:
        """Return what the store says of itself: versions, time of writing, files with rows and SHA-256, sources."""
        try:
            manifest: dict[str, Any] = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise StoreError(
                f"there is no store at {self.path.name}: load one with `graphkit load SOURCE {self.path.name}`",
                zh=f"{self.path.name} 处没有存储：先用 `graphkit load SOURCE {self.path.name}` 装入",
            ) from None
        except (ValueError, OSError):
            raise StoreError(
                f"{self.path.name}: the manifest is damaged; load the district again", zh=f"{self.path.name}：清单已损坏；请重新装入"
            ) from None
        if manifest["format"] > FORMAT or manifest["schema_version"] > SCHEMA_VERSION:
            raise StoreError(
                f"{self.path.name} was written by a newer graphkit ({manifest['graphkit']}): upgrade this one",
                zh=f"{self.path.name} 由更新的 graphkit（{manifest['graphkit']}）写入：请升级",
            )
        return manifest

    def query(self, name: str, /, *, timeout_s: float = TIME_LIMIT_S, **parameters: Any) -> pd.DataFrame:
        """Answer a query of the library by name, or a read-only Cypher text; one row a record.

        A named query is computed from the tables by its Python twin, at once and with the same rows. A text goes to the
        embedded engine, which starts at the first one (some seconds) and is kept for later ones, of other processes too: it
        ends ten minutes after the last (``GRAPHKIT_ENGINE_IDLE_S``, in seconds; 0: at `close`). Either is read, and refused
        where it must be, before anything is opened.

        Parameters
        ----------
        name : str
            A name of the library, or a statement.
        timeout_s : float
            Seconds after which the engine ends a text. A named query knows no limit here.
        **parameters
            Values by name. With ``dataset=None`` a named query has a column ``dataset`` in front.

        Returns
        -------
        DataFrame
            ``attrs`` says what the rows speak of: ``query``, ``dataset``, ``parameters``, and ``personal``, the columns
            with names of people, which are not hidden here (`graphkit.cypher.hide_names` does).

        Raises
        ------
        QueryError, ParameterError
            If there is no such query, a parameter does not fit, or the text would write or names what is nowhere.
        StoreError
            If another dataset is asked for, the engine cannot be had, or the district is too large for it.
        """
        from graphkit.cypher import read_statement, refuse_strangers
        from graphkit.queries import find_twin
        from graphkit.store.asking import absent, answer
        from graphkit.store.statements import stored_names

        statement = read_statement(name, parameters, timeout_s=timeout_s)
        if statement.query is None:
            refuse_strangers(statement.text, stored_names)
            own = str(self.manifest()["dataset"])
        else:
            tables, twin = self.read(), find_twin(statement.query)
            own = tables.dataset

        def ask(dataset: str | None) -> pd.DataFrame:
            if dataset not in (None, own):
                raise absent(str(dataset), [own], self.path.name)
            if statement.query is None:
                return self.engine().run_read(statement.text, statement.bound(dataset), timeout_s=timeout_s)
            return twin(tables, **statement.bound(dataset))

        rows = answer(statement, ask, own=own, there=lambda: [own])
        rows.attrs["dataset"] = own
        return rows

    def engine(self) -> EmbeddedEngine:
        """Return the embedded engine, up and filled with this district; processes that query the same folder share one."""
        from graphkit.store.embedded import EmbeddedEngine

        if self._engine is None:
            self._engine = EmbeddedEngine(self.path / "engine")
        manifest = self.manifest()
        self._engine.ensure(manifest["data_hash"], self.read)
        return self._engine

    def close(self) -> None:
        """Close the connection to the embedded engine, which ends by itself when nobody has asked for a while."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _is_ours(self) -> bool:
        """Whether the folder is a store, is empty, or holds nothing but what a killed write left."""
        if not self.path.is_dir():
            return False
        return (self.path / MANIFEST).exists() or all(entry.name == ".lock" or entry.name.startswith("data-") for entry in self.path.iterdir())

    def _replace(self, tables: Tables, progress: Progress | None) -> None:
        folder = self.path / f"data-{secrets.token_hex(8)}"
        try:
            folder.mkdir()
            manifest = _write_set(tables, folder, progress)
            temporary = self.path / f"{MANIFEST}.{folder.name}"
            _write_durably(temporary, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
            temporary.replace(self.path / MANIFEST)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._sweep(folder.name)

    def _sweep(self, current: str) -> None:
        """Remove older sets of files, all but the one before `current`, and what killed writes left."""
        sets = sorted((p for p in self.path.glob("data-*") if p.name != current), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in sets[KEPT_SETS - 1 :]:
            shutil.rmtree(old, ignore_errors=True)
        for left in self.path.glob(f"{MANIFEST}.*"):
            left.unlink(missing_ok=True)

    def _read_set(self, manifest: dict[str, Any]) -> Tables:
        folder = self.path / manifest["data"]
        read = {}
        for name, entry in manifest["tables"].items():
            try:
                read[name] = pq.read_table(folder / entry["file"], memory_map=True)
            except (pa.ArrowInvalid, OSError) as error:
                if isinstance(error, FileNotFoundError):
                    raise
                raise StoreError(
                    f"{self.path.name}: {entry['file']} is damaged; load the district again",
                    zh=f"{self.path.name}：{entry['file']} 已损坏；请重新装入",
                ) from None
        extra = {name: read.pop(name) for name in ("quarantine", "counts")}
        return Tables(read, dataset=manifest["dataset"], **extra)


def _write_set(tables: Tables, folder: Path, progress: Progress | None) -> dict[str, Any]:
    """Write every table into `folder` and return the manifest that names them."""
    parts = {**{name: table for name, table in tables.items() if table.num_rows}, "quarantine": tables.quarantine, "counts": tables.counts}
    done, total = 0, sum(table.num_rows for table in parts.values())
    entries = {}
    for name, table in parts.items():
        file = f"{name.replace(' ', '_')}.parquet"
        pq.write_table(table, folder / file, compression="zstd")
        entries[name] = {"file": file, "rows": table.num_rows, "sha256": _file_hash(folder / file)}
        done += table.num_rows
        if progress:
            progress(name, done, total)
    whole = hashlib.sha256("".join(f"{name}{entry['sha256']}" for name, entry in entries.items()).encode()).hexdigest()
    return {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "graphkit": _version(),
        "dataset": tables.dataset,
        "written_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "data": folder.name,
        "data_hash": whole,
        "tables": entries,
        "sources": _sources(tables),
    }


def _sources(tables: Tables) -> list[str]:
    """Names of the files the rows came from."""
    names = {name for table in tables.values() for name in pc.unique(table["source_file"]).to_pylist()}
    return sorted(name for name in names if name)


def _file_hash(path: Path) -> str:
    """SHA-256 of a file, and the file forced to disk."""
    with path.open("rb+") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return digest


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("graphkit-networks")
    except PackageNotFoundError:
        return "unpackaged"

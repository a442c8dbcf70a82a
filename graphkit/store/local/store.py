"""The local store: a folder of Parquet files and a manifest that names the ones in force.

A write puts a whole new set of files beside the old one and then replaces the manifest in one step of
the file system. So a reader sees the old set or the new one, and a write that was killed changes nothing.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pandas as pd
import pyarrow.compute as pc
from filelock import Timeout

from graphkit.data.tables import ACCOUNT, Tables
from graphkit.data.unread import count_unread
from graphkit.errors import StoreError
from graphkit.files import PRIVATE_FOLDER, make_private_folder, say_refusal
from graphkit.model.reader import declare
from graphkit.queries import TIME_LIMIT_S
from graphkit.store.failures import store_error
from graphkit.store.local.manifest import MANIFEST, State, data_hash, inspect_manifest, model_of, read_manifest, refusal, write_manifest
from graphkit.store.local.sets import (
    LOCK,
    hash_of,
    is_leftover_of_first_write,
    is_set,
    is_whole,
    list_leftovers,
    locked,
    make_set,
    mark_set,
    read_set,
    remove_set,
    sweep,
    write_set,
)
from graphkit.store.unsound import refuse_unsound
from graphkit.words import Text

if TYPE_CHECKING:
    from graphkit.store.base import Progress
    from graphkit.store.embedded.engine import EmbeddedEngine

READ_TRIES = 5  # a reader starts anew when a writer has swept away the files it was about to open
LOCK_WAIT_S = 10.0


class LocalStore:
    """A district in a folder on this machine.

    Parameters
    ----------
    path : str or Path
        The folder; it is made at the first write. By custom its name ends in ``.gk``.

    Notes
    -----
    The folder holds all names, so nobody but its owner may read it (modes 0700 and 0600). graphkit writes
    and removes there only what bears its own mark.

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
        """Replace the district by `tables`, as a whole or not at all; if it is those very tables already, nothing is written.

        Parameters
        ----------
        tables : Tables
            What the store shall hold; quarantined rows and counts are kept with it.
        progress : callable, optional
            Called with table name, rows done and rows in all after each file.

        Raises
        ------
        StoreError
            If a key is missing or doubled or a tie leads nowhere, the folder holds something else or what a newer graphkit wrote, another write is going on, or the
            disk refuses; what was there before is unchanged.
        """
        refuse_unsound(tables)
        try:
            with self._after_first_write():
                self._refuse_what_is_not_ours()
            made = make_private_folder(self.path)
            with locked(self.path, LOCK_WAIT_S):
                try:
                    content = hash_of(tables)
                    if not self._holds(content):
                        self._replace(tables, content, progress)
                except BaseException:
                    if made:
                        self._unmake()
                    raise
                self._sweep()
        except Timeout:
            raise store_error(
                Text(f"{self.path.name} 正由另一个进程写入：等它结束", f"{self.path.name} is being written by another process: wait until it is done")
            ) from None
        except OSError as error:
            zh, en = (say_refusal(error, lang) for lang in ("zh", "en"))
            raise store_error(
                Text(
                    f"{self.path.name} 写不进去：{zh}。原有内容未变",
                    f"{self.path.name} could not be written: {en}. What was there before is unchanged",
                )
            ) from None

    def holds(self, tables: Tables) -> bool:
        """Return whether the store is sound and its district is these very tables: rows in this order, provenance, quarantine and counts."""
        self._sweep_if_free()
        return self._holds(hash_of(tables))

    def read(self, *, places: bool = True) -> Tables:
        """Return the district; the whole of one write, never parts of two, and every file as it was written.

        Every file is read and held against the manifest; the rows of a table are unpacked, from memory, when somebody asks for it.

        Parameters
        ----------
        places : bool
            Whether with the file, sheet and row that each row came from. No answer reads them, and without them a large district takes three
            tenths less memory; what is asked of them then (`graphkit.list_origins`, an export) finds none.

        Raises
        ------
        StoreError
            If there is no store, it was written by a graphkit that is newer or too old, or a file is damaged.
        """
        return self._read(places=places)

    def read_with_files(self) -> tuple[Tables, dict[str, str]]:
        """Return the district, and the path of the Parquet file of each table that has rows, of the same write.

        An engine that reads for itself takes the files (`graphkit.engines.spark.SparkEngine`). They stay until the second write after this. The
        tables of the district are read, without places, when somebody asks for one.

        Raises
        ------
        StoreError
            As of `read`; of a table that is damaged or gone, when it is asked for.
        """
        for _ in range(READ_TRIES):
            manifest = self.manifest()
            with contextlib.suppress(FileNotFoundError):
                tables = read_set(self.path, manifest, places=False, later=True)
                self._sweep_if_free()
                folder = self.path.absolute() / manifest["data"]
                return tables, {name: str(folder / entry["file"]) for name, entry in manifest["tables"].items() if name not in ACCOUNT}
        raise self._gone()

    def _read(self, only: Sequence[str] | None = None, *, places: bool = True) -> Tables:
        for _ in range(READ_TRIES):
            manifest = self.manifest()
            try:
                tables = read_set(self.path, manifest, only=only, places=places)
            except FileNotFoundError:
                continue
            self._sweep_if_free()
            return tables
        raise self._gone()

    def _gone(self) -> StoreError:
        return store_error(
            Text(
                f"{self.path.name}：清单中的文件缺失；请重新装入",
                f"{self.path.name}: files named in the manifest are missing; load the district again",
            )
        )

    def manifest(self) -> dict[str, Any]:
        """Return what the store says of itself: versions, time of writing, files with rows and SHA-256, sources."""
        return read_manifest(self.path)

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
            ``attrs`` says what the rows speak of: ``query``, ``dataset``, ``parameters``; ``account``, what was not read and
            is in no row (`graphkit.data.telling.tell_account` says it); and ``personal``, the columns with names of people,
            which are not hidden here (`graphkit.queries.hide_names` does).

        Raises
        ------
        QueryError, ParameterError
            If there is no such query, a parameter does not fit, or the text would write or names what is nowhere.
        StoreError
            If another dataset is asked for, the engine cannot be had, or the district is too large for it.
        """
        from graphkit.queries import personal_of, read_statement, refuse_strangers
        from graphkit.queries.page import find_twin
        from graphkit.store.asking import absent, answer
        from graphkit.store.bolt.statements import stored_names

        statement = read_statement(name, parameters, timeout_s=timeout_s)
        if statement.query is None:
            manifest = self.manifest()
            model, own = model_of(manifest), str(manifest["dataset"])
            refuse_strangers(statement.text, lambda: stored_names(model), model)
        else:
            tables, twin = self.read(), find_twin(statement.query)
            model, own = tables.model, tables.dataset

        def ask(dataset: str | None) -> pd.DataFrame:
            if dataset not in (None, own):
                raise absent(str(dataset), [own], self.path.name)
            if statement.query is None:
                return self.engine().run_read(statement.text, statement.bound(dataset), timeout_s=timeout_s)
            return twin(tables, **statement.bound(dataset))

        rows = answer(statement, ask, own=own, there=lambda: [own], account=lambda _: self._take_account(), personal=personal_of(model))
        rows.attrs["dataset"] = own
        return rows

    def _take_account(self) -> dict[str, object]:
        """What was not read of the district, and how many lines say what is complete; no table of the district is opened for it."""
        from graphkit.data.telling import take_account

        beside = self._read(("unread", "completeness"))
        return take_account(count_unread(beside), beside.completeness.num_rows)

    def read_account(self) -> Tables:
        """Return what is said of the district without its rows: counts, rows set aside, what was not read, what is complete.

        Raises
        ------
        StoreError
            As `read`.
        """
        return self._read(ACCOUNT)

    def engine(self) -> EmbeddedEngine:
        """Return the embedded engine, up and filled with this district; processes that query the same folder share one."""
        from graphkit.store.embedded.engine import EmbeddedEngine

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

    def _after_first_write(self) -> AbstractContextManager[None]:
        """Wait while another process is in the middle of a first write, when the folder does not look like a store yet; an empty file is a lock."""
        lock = self.path / LOCK
        being_written = lock.is_file() and not lock.is_symlink() and lock.stat().st_size == 0
        return locked(self.path, LOCK_WAIT_S) if being_written else contextlib.nullcontext()

    def _refuse_what_is_not_ours(self) -> None:
        """A folder is ours if the manifest in it is, or a set with our mark; or if it holds nothing but what a killed first write left."""
        if not self.path.exists():
            return
        state, manifest = inspect_manifest(self.path) if self.path.is_dir() else (State.FOREIGN, {})
        if state is State.NEWER:
            raise refusal(self.path, state, manifest)
        if state is State.ABSENT and all(map(is_leftover_of_first_write, self.path.iterdir())):
            return
        if state in (State.ABSENT, State.FOREIGN) and not (self.path.is_dir() and any(map(is_set, self.path.iterdir()))):
            raise store_error(
                Text(
                    f"{self.path.name} 已存在，但不是 graphkit 的存储：换一个文件夹，或把它移开",
                    f"{self.path.name} is there and is no graphkit store: name another folder, or move it away",
                )
            )

    def _holds(self, content: str) -> bool:
        try:
            manifest = self.manifest()
        except StoreError:
            return False
        return manifest.get("content") == content and is_whole(self.path, manifest)

    def _replace(self, tables: Tables, content: str, progress: Progress | None) -> None:
        before = self._set_in_force()
        self._close_to_others()
        folder = make_set(self.path)
        try:
            entries = write_set(tables, folder, progress)
            files = {"data": folder.name, "before": before, "content": content, "data_hash": data_hash(entries), "tables": entries}
            write_manifest(self.path, {**_describe(tables), **files})
        except BaseException:
            if self._set_in_force() != folder.name:  # an interrupt may come when the manifest stands already
                remove_set(folder)
            raise

    def _set_in_force(self) -> str | None:
        """Name of the set that the manifest names; marked as ours, since sets of format 1 bear no mark."""
        state, manifest = inspect_manifest(self.path)
        if state is not State.SOUND:
            return None
        if (self.path / manifest["data"]).is_dir():
            mark_set(self.path / manifest["data"])
        return str(manifest["data"])

    def _kept(self) -> set[str]:
        """Names of the sets that stay: the one in force, and the one before it for readers that have just looked up the manifest."""
        manifest = self.manifest()
        return {name for name in (manifest["data"], manifest.get("before")) if name}

    def _sweep(self) -> None:
        """Remove what killed processes left, and older sets; what cannot be removed now is left to the next command."""
        with contextlib.suppress(OSError, StoreError):
            sweep(self.path, self._kept())

    def _sweep_if_free(self) -> None:
        """Sweep, if there is anything, the folder may be written, and nobody is writing."""
        with contextlib.suppress(Timeout, OSError, StoreError):
            if list_leftovers(self.path, self._kept()):
                with locked(self.path, 0):
                    self._sweep()

    def _close_to_others(self) -> None:
        with contextlib.suppress(PermissionError):  # the folder is another's, who has let us in
            self.path.chmod(PRIVATE_FOLDER)

    def _unmake(self) -> None:
        """Take away the folder that a failed first write made, unless something else has come to lie in it."""
        if not (self.path / MANIFEST).exists():
            with contextlib.suppress(OSError):
                (self.path / LOCK).unlink(missing_ok=True)
                self.path.rmdir()


def _describe(tables: Tables) -> dict[str, Any]:
    declared = declare(tables.model)
    return {
        **({"model": declared} if declared else {}),
        "graphkit": _version(),
        "dataset": tables.dataset,
        "written_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "sources": _sources(tables),
    }


def _sources(tables: Tables) -> list[str]:
    """Names of the files the rows came from."""
    names = {name for table in tables.values() for name in pc.unique(table["source_file"]).to_pylist()}
    return sorted(name for name in names if name)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("graphkit-networks")
    except PackageNotFoundError:
        return "unpackaged"

"""The embedded engine: Cypher over a local store, through ArcadeDB in a child process that graphkit starts.

What the engine holds is a cache of the store's tables, filled by the writer that fills Neo4j and built
anew when their hash changes. The child listens on one random port of the loopback address, with a
random password, and ends with its parent.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self, cast

import pandas as pd
from filelock import FileLock, Timeout

from graphkit.errors import StoreUnavailable
from graphkit.schema import SCHEMA_VERSION, Text
from graphkit.store import engine_process
from graphkit.store.bolt import BoltStore
from graphkit.store.engine_process import DATABASE, HOST, STOP_SECONDS
from graphkit.store.failures import past_limit, store_error
from graphkit.tables import Tables

if TYPE_CHECKING:
    from graphkit.store.base import Progress

ENGINE_PACKAGE = "arcadedb-embedded"
ENGINE_VERSION = "26.10.2.post1"  # the one release that the query library was proved on
USER = "root"
MAX_NODES = 2_000_000
"""Above this the engine needs more than 5 GB and minutes to fill (4.2 million nodes: 9.5 GB, 300 s): Neo4j is the place."""
START_SECONDS = 60.0
CACHE_FORMAT = 1
SMALLEST_HEAP_MB, LARGEST_HEAP_MB = 512, 8192


@dataclass(frozen=True, slots=True)
class Served:
    """Where the engine can be reached from outside graphkit, for as long as it stays up."""

    address: str
    user: str
    password: str = field(repr=False)
    database: str = DATABASE


class EmbeddedEngine:
    """A Cypher engine over the tables of a local store.

    Parameters
    ----------
    folder : str or Path
        Folder of its own, in which it keeps its database, its settings and its logs. While another
        process uses it, this one works in a temporary folder instead.

    Notes
    -----
    Nothing starts before `ensure`. Use it as a context manager, or call `close`.

    Examples
    --------
    >>> EmbeddedEngine("acheng.gk/engine")
    EmbeddedEngine(engine, not running)
    """

    def __init__(self, folder: str | Path) -> None:
        self._given = Path(folder)
        self._folder: Path | None = None
        self._lock: FileLock | None = None
        self._running: _Running | None = None
        self._guard = threading.RLock()

    def __repr__(self) -> str:
        return f"EmbeddedEngine({self._given.name}, {'running' if self.is_running else 'not running'})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_running(self) -> bool:
        """Whether the child process is up."""
        return self._running is not None and self._running.child.is_alive

    def ensure(self, data_hash: str, read: Callable[[], Tables], *, progress: Progress | None = None) -> None:
        """Have the engine up, holding the tables whose hash is `data_hash`; `read` is called only if it holds others.

        Raises
        ------
        StoreError
            If the engine is not installed, has another version, does not start, or the tables are too
            large for it (`MAX_NODES`).
        """
        with self._guard:
            _need_installed()
            folder = self._claim()
            if _cached(folder) == data_hash:
                self._start()
                return
            tables = read()
            refuse_too_large(tables.node_count)
            self._stop()
            _empty(folder)
            child = self._start().child
            with _open(child, tables.dataset) as named:
                named.write(tables, progress=progress)
            _remember(folder, data_hash)

    def run_read(self, cypher: str, parameters: Mapping[str, Any], *, timeout_s: float) -> pd.DataFrame:
        """Run a reading statement; one row a record.

        The engine knows no time limit of its own, so past `timeout_s` seconds its process is ended;
        the next query starts it again on the same cache.

        Raises
        ------
        StoreError
            If `ensure` was never called, the statement is refused, or it runs past its limit.
        """
        with self._guard:
            running = self._start()
            with running.child.ended_after(timeout_s) as ended:
                try:
                    return running.store.run_read(cypher, parameters, timeout_s=timeout_s)
                except StoreUnavailable:
                    if ended.is_set():
                        running.child.kill()  # and waits: the next query must not take a dying child for a living one
                        raise past_limit(timeout_s) from None
                    raise

    def serve(self) -> Served:
        """Return where other programs reach the engine (the neo4j driver, cypher-shell, Neo4j Browser), up until `close`."""
        with self._guard:
            child = self._start().child
            return Served(child.address, USER, child.password)

    def close(self) -> None:
        """Stop the child process and let go of the folder."""
        with self._guard:
            self._stop()
            if self._lock is not None:
                self._lock.release()
                self._lock = None
            elif self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)  # a temporary one
            self._folder = None

    def _claim(self) -> Path:
        """The folder to work in: the one given, or a temporary one while another process has it."""
        if self._folder is None:
            self._given.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._given / ".lock", timeout=0)
            try:
                lock.acquire()
                self._lock, self._folder = lock, self._given
            except Timeout:
                self._folder = Path(tempfile.mkdtemp(prefix="graphkit-engine-"))
        return self._folder

    def _start(self) -> _Running:
        """The child and the store that speaks to it, started if they are not up."""
        if self._running is not None and self._running.child.is_alive:
            return self._running
        if self._folder is None:
            raise store_error(Text("引擎里还没有数据：先调用 ensure", "the engine holds nothing yet: call ensure first"))
        self._stop()
        shutil.rmtree(self._folder / "config", ignore_errors=True)  # it would hold to the password of its last start
        child = _Child(self._folder)
        self._running = _Running(child, _open(child, "district"))
        return self._running

    def _stop(self) -> None:
        if self._running is not None:
            self._running.store.close()
            self._running.child.stop()
            self._running = None


@dataclass(frozen=True, slots=True)
class _Running:
    """The child process, and the store that speaks to it."""

    child: _Child
    store: BoltStore


def _open(child: _Child, dataset: str) -> BoltStore:
    """A store that speaks to the child, under the name of the dataset: nodes carry it, and a query may ask for it."""
    return BoltStore(child.address, auth=(USER, child.password), database=DATABASE, dataset=dataset)


class _Child:
    """The child process: started, asked to stop, and ended as a last resort."""

    def __init__(self, folder: Path) -> None:
        self.password = secrets.token_urlsafe(24)
        self._log = (folder / "engine.log").open("ab")
        self._process = subprocess.Popen(  # noqa: S603 - our own script, by this very interpreter
            [sys.executable, "-P", engine_process.__file__, str(folder.resolve()), str(_heap_mb())],
            cwd=folder,  # the engine writes its log below the working directory
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "ARCADEDB_JVM_ERROR_FILE": "jvm-error-%p.log"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C at the terminal is for the parent, which then stops the child
        )
        self._orders, self._words = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        self._listener: threading.Thread | None = None
        try:
            self.address = f"bolt://{HOST}:{self._await_port()}"
        except BaseException:
            self.kill()
            self._close_pipes()
            raise

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """End of its input is the child's order to stop."""
        with contextlib.suppress(OSError):
            self._orders.close()
        try:
            self._process.wait(STOP_SECONDS + 2)
        except subprocess.TimeoutExpired:
            self.kill()
        self._close_pipes()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    @contextlib.contextmanager
    def ended_after(self, seconds: float) -> Iterator[threading.Event]:
        """Kill the child if the work within takes longer; the event says whether that was done."""
        ended = threading.Event()

        def end() -> None:
            ended.set()
            self._process.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield ended
        finally:
            timer.cancel()

    def _await_port(self) -> int:
        self._orders.write(f"{self.password}\n".encode())
        self._orders.flush()
        with self.ended_after(START_SECONDS):
            for line in self._words:  # the engine also says other things here
                self._log.write(line)
                if line.startswith(b"PORT "):
                    self._listen()
                    return int(line.split()[1])
        raise store_error(
            Text(
                "内置引擎没有启动：原因见存储文件夹中的 engine/engine.log",
                "the embedded engine did not start: the reason stands in engine/engine.log within the store's folder",
            )
        )

    def _listen(self) -> None:
        """Keep writing what the engine says into its log, so that its pipe never fills."""
        self._listener = threading.Thread(target=self._copy_words, daemon=True)
        self._listener.start()

    def _copy_words(self) -> None:
        with contextlib.suppress(ValueError):
            for line in self._words:
                self._log.write(line)
                self._log.flush()

    def _close_pipes(self) -> None:
        if self._listener is not None:
            self._listener.join(2)
        for pipe in (self._orders, self._words, self._log):
            with contextlib.suppress(OSError):
                pipe.close()


def refuse_too_large(nodes: int) -> None:
    """Raise if the embedded engine cannot carry this many nodes.

    Examples
    --------
    >>> refuse_too_large(100_000)
    """
    if nodes > MAX_NODES:
        raise store_error(
            Text(
                f"内置引擎最多容纳 {MAX_NODES:,} 个节点，此处有 {nodes:,} 个：请把数据写入 Neo4j（graphkit load SOURCE bolt://…），Python 的三项分析不受此限",
                f"the embedded engine carries up to {MAX_NODES:,} nodes and there are {nodes:,}: write them into Neo4j "
                "(graphkit load SOURCE bolt://…); the three answers in Python know no such limit",
            )
        )


def _need_installed() -> None:
    try:
        found = version(ENGINE_PACKAGE)
    except PackageNotFoundError:
        raise store_error(
            Text(
                "内置引擎未安装：pip install 'graphkit-networks[embedded]'",
                "the embedded engine is not installed: pip install 'graphkit-networks[embedded]'",
            )
        ) from None
    if found != ENGINE_VERSION:
        raise store_error(
            Text(
                f"内置引擎的版本是 {found}，需要 {ENGINE_VERSION}：pip install '{ENGINE_PACKAGE}=={ENGINE_VERSION}'",
                f"the embedded engine is of version {found}, {ENGINE_VERSION} is needed: pip install '{ENGINE_PACKAGE}=={ENGINE_VERSION}'",
            )
        )


def _heap_mb() -> int:
    """Heap the engine may grow to: half of the machine's memory, within bounds."""
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 if hasattr(os, "sysconf") else 2 * SMALLEST_HEAP_MB
    return max(SMALLEST_HEAP_MB, min(LARGEST_HEAP_MB, memory_mb // 2))


def _cached(folder: Path) -> str | None:
    """Hash of the tables that the folder holds whole, in this version's form; None otherwise."""
    try:
        about = json.loads((folder / "cache.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return about["data_hash"] if {**about, "data_hash": None} == _cache_form() else None


def _cache_form() -> dict[str, Any]:
    return {"format": CACHE_FORMAT, "schema_version": SCHEMA_VERSION, "engine": ENGINE_VERSION, "data_hash": None}


def _remember(folder: Path, data_hash: str) -> None:
    coming = folder / "cache.json.new"
    coming.write_text(json.dumps({**_cache_form(), "data_hash": data_hash}), encoding="utf-8")
    coming.replace(folder / "cache.json")


def _empty(folder: Path) -> None:
    """Remove what the engine keeps, its logs excepted; the word that it is whole goes first."""
    (folder / "cache.json").unlink(missing_ok=True)
    for name in ("databases", "config", "backups"):
        shutil.rmtree(folder / name, ignore_errors=True)

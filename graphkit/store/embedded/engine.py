"""The embedded engine: Cypher over a local store, through ArcadeDB in a child process that graphkit starts.

What the engine holds is a cache of the store's tables, filled by the writer that fills Neo4j and built
anew when their hash changes. The child listens on one port of the loopback address. It stays when the process
that started it has ended, for the next one to find, and ends by itself when nobody has asked for a while.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError, StoreUnavailable
from graphkit.model.kinds import SCHEMA_VERSION
from graphkit.queries import TIME_LIMIT_S
from graphkit.store.bolt.store import BoltStore
from graphkit.store.embedded.child import EngineChild, refuse_busy_port
from graphkit.store.embedded.folder import DATABASE, HOST, READER, ROOT, EngineFolder
from graphkit.store.embedded.process import with_limit
from graphkit.store.failures import past_limit, store_error
from graphkit.words import Text

if TYPE_CHECKING:
    from graphkit.store.base import Progress

ENGINE_PACKAGE = "arcadedb-embedded"
ENGINE_VERSION = "26.10.2.post1"  # the one release that the query library was proved on
MAX_NODES = 2_000_000
"""Above this the engine needs more than 5 GB and minutes to fill (4.2 million nodes: 9.5 GB, 300 s): Neo4j is the place."""
QUICK_NODES = 200_000
"""Up to this many nodes the engine is started for a short life; above, the time to compile its code well comes back."""
ENDING_SECONDS = 2.0
CACHE_FORMAT = 2
IDLE_VARIABLE, IDLE_SECONDS = "GRAPHKIT_ENGINE_IDLE_S", 600.0


@dataclass(frozen=True, slots=True)
class Served:
    """Where the engine can be reached from outside graphkit, for as long as it stays up."""

    address: str
    user: str
    password: str = field(repr=False)
    database: str = DATABASE


@dataclass(frozen=True, slots=True)
class Serving:
    """How an engine is started for other programs.

    Attributes
    ----------
    port : int
        Port it answers on; 0 for any that is free.
    limit_s : float
        Seconds after which a query of another program is ended.
    """

    port: int = 0
    limit_s: float = TIME_LIMIT_S


class EmbeddedEngine:
    """A Cypher engine over the tables of a local store.

    Parameters
    ----------
    folder : str or Path
        Folder of its own, in which it keeps its database, its settings and its logs. All processes that name the
        same folder share one engine.
    serving : Serving, optional
        Start it for other programs, and end it with this process. If not given, it is started for graphkit alone and
        stays for ``GRAPHKIT_ENGINE_IDLE_S`` seconds after the last query (600; 0: it ends with this process).

    Notes
    -----
    Nothing starts before `ensure`. Use it as a context manager, or call `close`.

    Examples
    --------
    >>> EmbeddedEngine("acheng.gk/engine")
    EmbeddedEngine(engine, not running)
    """

    def __init__(self, folder: str | Path, *, serving: Serving | None = None) -> None:
        self._folder = EngineFolder(Path(folder))
        self._serving = serving
        self._store: BoltStore | None = None
        self._state: dict[str, Any] | None = None
        self._child: EngineChild | None = None  # None where another process started the engine, or it is to stay
        self._holding: tuple[str, Callable[[], Tables]] | None = None
        self._guard = threading.RLock()

    def __repr__(self) -> str:
        return f"EmbeddedEngine({self._folder.path.name}, {'running' if self.is_running else 'not running'})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_running(self) -> bool:
        """Whether an engine is up in the folder."""
        return self._folder.is_running()

    def ensure(self, data_hash: str, read: Callable[[], Tables], *, progress: Progress | None = None) -> None:
        """Have the engine up, holding the tables whose hash is `data_hash`; `read` is called only if it holds others.

        Raises
        ------
        StoreError
            If the engine is not installed, has another version, does not start, the tables are too
            large for it (`MAX_NODES`), or another process serves other tables from it.
        """
        with self._guard:
            _need_installed()
            self._holding = (data_hash, read)
            with self._folder.held():
                if not self._join(data_hash):
                    self._begin(data_hash, read, progress)

    def run_read(self, cypher: str, parameters: Mapping[str, Any], *, timeout_s: float) -> pd.DataFrame:
        """Run a reading statement as a user who may only read; one row a record.

        Past `timeout_s` seconds the engine ends it, also if this process is gone by then.

        Raises
        ------
        QueryError
            If the engine cannot run the statement as it stands.
        StoreError
            If `ensure` was never called, the statement is refused, or it runs past its limit.
        """
        with self._guard:
            began = time.monotonic()
            try:
                return self._ask(cypher, parameters, timeout_s)
            except StoreUnavailable:
                if time.monotonic() - began >= timeout_s:
                    raise past_limit(timeout_s) from None
            # It ended for want of questions, or by another process, just now: once more, on a new one. One that was killed answers
            # no more while its threads still end and hold its lock; without waiting it would be taken for one that is up.
            self._forget()
            self._folder.has_ended(ENDING_SECONDS)
            return self._ask(cypher, parameters, timeout_s)

    def serve(self, *, write: bool = False) -> Served:
        """Return where other programs reach the engine (the neo4j driver, cypher-shell, Neo4j Browser), and how.

        Parameters
        ----------
        write : bool
            For the user who may write, which graphkit itself fills the engine with; otherwise for one who only reads.
        """
        with self._guard:
            state = self._need_state()
            user = ROOT if write else READER
            return Served(f"bolt://{HOST}:{state['port']}", user, self._folder.read_passwords()[user])

    def close(self) -> None:
        """Close the connection; an engine that is not to stay ends."""
        with self._guard:
            self._forget()
            if self._child is not None:
                self._child.stop()
                self._child = None

    def stop(self) -> None:
        """End the engine now, whoever started it."""
        with self._guard:
            self.close()
            with self._folder.held():
                self._folder.stop()

    def renew_passwords(self) -> None:
        """End the engine, and let it have other passwords from its next start on."""
        with self._guard:
            self.stop()
            self._folder.renew_passwords()

    # Within

    def _ask(self, cypher: str, parameters: Mapping[str, Any], timeout_s: float) -> pd.DataFrame:
        store = self._connect()
        self._folder.touch()
        try:
            return store.run_read(with_limit(cypher, timeout_s), parameters, timeout_s=timeout_s)
        finally:
            self._folder.touch()

    def _connect(self) -> BoltStore:
        """The store that speaks to the engine, which is started again if it has ended meanwhile."""
        if self._state is None or self._state != self._folder.read_state():
            if self._holding is None:
                raise _nothing_held()
            self.ensure(*self._holding)
        if self._store is None:
            self._store = self._open(READER)
        return self._store

    def _open(self, user: str, dataset: str = "district") -> BoltStore:
        """A store that speaks to the engine, under the name of the dataset: nodes carry it, and a query may ask for it."""
        served = self.serve(write=user == ROOT)
        return BoltStore(served.address, auth=(user, served.password), database=served.database, dataset=dataset)

    def _need_state(self) -> dict[str, Any]:
        if self._state is None:
            raise _nothing_held()
        return self._state

    def _join(self, data_hash: str) -> bool:
        """Use the engine that is up, if it holds these tables and is not to be started for other programs."""
        state = self._folder.read_state()
        running = state is not None and self._folder.is_running()
        if running and self._child is None and state["served"]:  # type: ignore[index]
            self._refuse_served(data_hash)
        if not running or self._folder.read_cached() != _cache_form(data_hash, self._folder.read_cached().get("nodes")):
            return False
        if self._serving is not None and self._child is None:
            return False
        if state != self._state:
            self._forget()
            self._state = state
        return True

    def _refuse_served(self, data_hash: str) -> None:
        """Another process serves other programs from this folder: its engine is shared, never ended under it."""
        if self._serving is not None:
            raise store_error(
                Text(
                    "已有一个 graphkit serve 在用这个存储：连接它，或先停止它",
                    "a graphkit serve is up on this store already: connect to it, or stop it first",
                )
            )
        if self._folder.read_cached().get("data_hash") != data_hash:
            raise store_error(
                Text(
                    "graphkit serve 启动之后，这个存储又装入过数据：重新启动 graphkit serve，再提问",
                    "the store was loaded anew since graphkit serve began: stop that and start it again, then ask",
                )
            )

    def _begin(self, data_hash: str, read: Callable[[], Tables], progress: Progress | None) -> None:
        """Start an engine in place of the one that is up, and fill it if what it keeps is not this."""
        self.close()
        cached = self._folder.read_cached()
        tables = None if cached == _cache_form(data_hash, cached.get("nodes")) else read()
        nodes = int(cached["nodes"]) if tables is None else tables.node_count
        refuse_too_large(nodes)
        serving = self._serving or Serving()
        self._folder.stop()
        refuse_busy_port(serving.port)  # before anything is thrown away for what will not start
        if tables is not None:
            self._folder.empty()
        self._folder.read_passwords()
        child = self._child = EngineChild(
            self._folder, port=serving.port, served=self._serving is not None, limit_s=serving.limit_s, quick=nodes <= QUICK_NODES
        )
        self._state = self._folder.read_state()
        if self._serving is not None and self._state is not None:
            self._serving = replace(self._serving, port=self._state["port"])  # should it be started again, then where it was
        if tables is not None:
            with self._open(ROOT, tables.dataset) as named:
                named.write(tables, progress=progress)
            self._folder.write_cached(_cache_form(data_hash, nodes))
        if self._serving is None and (idle_s := _idle_seconds()):
            child.leave(idle_s)
            self._child = None

    def _forget(self) -> None:
        """Close the connection, and look for the engine anew at the next question."""
        if self._store is not None:
            self._store.close()
            self._store = None
        self._state = None


def _idle_seconds() -> float:
    """How long the engine stays after the last question."""
    said = os.environ.get(IDLE_VARIABLE, "").strip()
    try:
        seconds = float(said or IDLE_SECONDS)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise ParameterError(Text(f"{IDLE_VARIABLE} 是 {said!r}：请给出秒数，或 0", f"{IDLE_VARIABLE} is {said!r}: give seconds, or 0"))
    return seconds


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


def _nothing_held() -> Exception:
    return store_error(Text("引擎里还没有数据：先调用 ensure", "the engine holds nothing yet: call ensure first"))


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


def _cache_form(data_hash: str, nodes: Any) -> dict[str, Any]:
    """What is said of a database that holds these tables whole, in this version's form."""
    return {"format": CACHE_FORMAT, "schema_version": SCHEMA_VERSION, "engine": ENGINE_VERSION, "data_hash": data_hash, "nodes": nodes}

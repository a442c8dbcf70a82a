"""The child process of the embedded engine: ArcadeDB as a Bolt server on the loopback address, and nothing else.

Run as a script with FOLDER; the parent sends the settings on the first line of standard input, and the passwords stand
in the folder. It ends when the pipe ends, because the parent said so or is gone. Once it is told to stay it no longer
minds the pipe: it then ends when nobody has asked anything for a while. Either way it ends when its state file is gone:
that is the order by which another process, or the removal of the store, stops it.

A query past its limit is terminated here, so that it ends although whoever asked has gone. One that takes no notice of
that takes the process with it.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import signal
import socket
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

from graphkit.store.embedded.folder import DATABASE, HOST, READER, ROOT, STOP_SECONDS, EngineFolder

BOLT_PLUGIN = "Bolt:com.arcadedb.bolt.BoltProtocolPlugin"
LOOK_SECONDS = 0.5
GRACE_SECONDS = 5.0  # how long a terminated query may take to notice
ENDED_AT_LIMIT = 75
# No heat-up for the short life of a small store's engine: a third of the processor time to start and to fill.
QUICK = ("-XX:TieredStopAtLevel=1",)
JVM_FLAGS = (
    "-XX:+UseSerialGC",
    "-Darcadedb.opencypher.loadCsv.allowFileUrls=false",  # as a setting of the server it is not looked at
    "-Darcadedb.opencypher.loadCsv.allowRemoteUrls=false",
)
READS_ONLY = {"access": [], "resultSetLimit": -1, "readTimeout": -1, "types": {"*": {"access": ["readRecord"]}}}
_LIMIT = re.compile(r"/\* graphkit (\d+(?:\.\d+)?) s \*/ ")


def with_limit(cypher: str, seconds: float) -> str:
    """Return the statement with its time limit in front, where this process finds it.

    Examples
    --------
    >>> with_limit("RETURN 1", 120)
    '/* graphkit 120.000 s */ RETURN 1'
    """
    return f"/* graphkit {seconds:.3f} s */ {cypher}"


def without_limit(cypher: str) -> str:
    """Return the statement as it was before `with_limit`.

    Examples
    --------
    >>> without_limit(with_limit("RETURN 1", 0.5))
    'RETURN 1'
    """
    return _LIMIT.sub("", cypher, count=1) if _LIMIT.match(cypher) else cypher


def main(arguments: list[str]) -> int:
    """Serve the database in a folder for as long as it is wanted; prints the port once it listens."""
    words = _keep_own_words()
    os.umask(0o077)
    folder = EngineFolder(Path(arguments[0]))
    settings = json.loads(sys.stdin.readline())
    with folder.mark_running():
        server = _start(folder, settings)
        state = folder.write_state(port=settings["port"], served=settings["served"])
        words.write(f"PORT {settings['port']}\n")
        words.close()
        try:
            return _Watch(folder, state, server, settings["limit_s"]).run()
        finally:
            folder.remove_state(state)
            _end_hard_after(STOP_SECONDS)
            server.stop()


def _keep_own_words() -> io.TextIOBase:
    """A pipe to the parent of our own; whatever else is printed goes where errors go, into the log."""
    sys.stdout.flush()
    own = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return own


def _start(folder: EngineFolder, settings: dict[str, Any]) -> Any:
    """The server, listening for Bolt alone, with a user who writes for graphkit and one who only reads."""
    from arcadedb_embedded import ArcadeDBServer

    passwords = folder.read_passwords()
    shutil.rmtree(folder.path / "config", ignore_errors=True)  # it would hold to the passwords of its last start
    settings["port"] = settings["port"] or free_port()
    # Production mode would tell of no mistake what it is; what development mode opens besides is closed here.
    server_settings = {"host": HOST, "http_port": 0, "mode": "development", "server_plugins": BOLT_PLUGIN, "bolt_port": settings["port"]}
    jvm = {"heap_size": f"{settings['heap_mb']}m", "jvm_args": [*JVM_FLAGS, *(QUICK if settings["quick"] else ())]}
    server = ArcadeDBServer(str(folder.path), passwords[ROOT], server_settings, jvm)
    server.start()
    java = server._java_server  # noqa: SLF001 - users, the list of queries and the HTTP side are reached through it alone
    java.getHttpServer().stopService()  # it cannot be switched off before the start
    server.create_database(DATABASE)
    _make_reader(java.getSecurity(), passwords[READER])
    return server


def _make_reader(security: Any, password: str) -> None:
    import jpype

    from_text = jpype.JClass("com.arcadedb.serializer.json.JSONObject")
    security.saveGroup(DATABASE, READER, from_text(json.dumps(READS_ONLY)))
    user = {"name": READER, "password": str(security.encodePassword(password)), "databases": {DATABASE: [READER]}}
    security.createUser(from_text(json.dumps(user)))


class _Watch:
    """What goes on while the server is up: queries past their limit are ended, and the server when it is no longer wanted."""

    def __init__(self, folder: EngineFolder, state: dict[str, Any], server: Any, limit_s: float) -> None:
        self._folder, self._state, self._limit_s = folder, state, limit_s
        self._queries = server._java_server.getRunningQueries()  # noqa: SLF001
        self._idle_s: float | None = None  # None while it is the pipe that keeps it
        self._orphaned = threading.Event()
        self._busy_at = time.time()
        threading.Thread(target=self._listen, daemon=True).start()

    def run(self) -> int:
        """Return once the server is no longer wanted."""
        while not self._orphaned.wait(LOOK_SECONDS):
            if self._folder.read_state() != self._state:
                break
            if self._queries.size():
                self._busy_at = time.time()
                self._end_overdue()
            elif self._idle_s is not None and time.time() - max(self._busy_at, self._folder.asked_at()) > self._idle_s:
                break
        return 0

    def _listen(self) -> None:
        """The parent says for how many idle seconds to stay; or its pipe ends first."""
        order = sys.stdin.readline().split()
        if order[:1] == ["STAY"]:
            self._busy_at = time.time()
            self._idle_s = float(order[1])
        else:
            self._orphaned.set()

    def _end_overdue(self) -> None:
        for query in self._queries.getRunning():
            over = query.getElapsedMillis() / 1000 - self._limit_of(query)
            if over > GRACE_SECONDS:
                sys.stderr.write("A query took no notice of its end: the process is ended.\n")
                self._folder.remove_state(self._state)
                os._exit(ENDED_AT_LIMIT)
            if over > 0 and not query.isTerminated():
                query.terminate("time limit")

    def _limit_of(self, query: Any) -> float:
        given = _LIMIT.match(str(query.getText()))
        if given:
            return float(given[1])
        return float("inf") if str(query.getUser()) == ROOT else self._limit_s  # graphkit's own writing takes what it takes


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _end_hard_after(seconds: float) -> None:
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL))
    timer.daemon = True
    timer.start()


def run() -> None:
    """Run `main` and end the process whatever came of it: the JVM's own threads must not outlive a parent that died meanwhile."""
    code = 1
    try:
        code = main(sys.argv[1:])
    except BaseException:  # noqa: BLE001 - it goes into the log, and the process ends
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    run()

"""The folder of an embedded engine: who may work on it, which process is up, and what its database holds.

Three files say it all. ``.lock`` is held by a process that starts, fills or stops the engine; ``running.lock`` by the
engine itself for as long as it lives, so that the system tells a living engine from a dead one whatever killed it;
``engine.json`` says where the living one answers. Nobody but the owner may look into the folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from graphkit.errors import StoreError
from graphkit.files import replacing
from graphkit.words import Text

DATABASE = "graphkit"
HOST = "127.0.0.1"
ROOT, READER = "root", "reader"
STOP_SECONDS = 15.0
START_SECONDS = 60.0
WAIT_SECONDS = 900.0  # another process may be filling the engine with two million nodes
STATE_FORMAT = 1


class EngineFolder:
    """The files by which processes agree on one engine.

    Parameters
    ----------
    path : Path
        The folder; `prepare` makes it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def prepare(self) -> None:
        """Make the folder, or close it to others."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.chmod(0o700)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Have the folder to oneself: to start, fill or stop the engine, or to find out which one is up."""
        self.prepare()
        try:
            with FileLock(self.path / ".lock", timeout=WAIT_SECONDS):
                yield
        except Timeout:
            raise StoreError(
                Text(
                    "另一个进程已装填内置引擎一刻钟：等它结束，或结束它",
                    "another process has been filling the embedded engine for a quarter of an hour: wait until it is done, or end it",
                ),
            ) from None

    # The process that is up

    @contextlib.contextmanager
    def mark_running(self) -> Iterator[None]:
        """Be the engine of this folder."""
        with self._running_lock(2):  # whoever looks whether one is up takes it for a moment
            yield

    def is_running(self) -> bool:
        """Whether an engine is up."""
        if not self.path.is_dir():
            return False
        try:
            with self._running_lock(0):
                return False
        except Timeout:
            return True

    def _running_lock(self, seconds: float) -> FileLock:
        return FileLock(self.path / "running.lock", timeout=seconds)

    def write_state(self, *, port: int, served: bool) -> dict[str, Any]:
        """Say where this process answers, and whether it was started for other programs."""
        state = {"format": STATE_FORMAT, "pid": os.getpid(), "port": port, "served": served, "start": secrets.token_hex(8)}
        self._write("engine.json", state)
        return state

    def read_state(self) -> dict[str, Any] | None:
        """Return what the engine says of itself; None if nothing, or nothing that this version understands."""
        state = self._read("engine.json")
        return state if state and state.get("format") == STATE_FORMAT else None

    def remove_state(self, state: dict[str, Any]) -> None:
        """Take back what `write_state` said, unless another process has said something since."""
        if self.read_state() == state:
            (self.path / "engine.json").unlink(missing_ok=True)

    def touch(self) -> None:
        """Tell the engine that somebody asks."""
        with contextlib.suppress(OSError):
            os.utime(self.path / "engine.json")

    def asked_at(self) -> float:
        """Return when somebody last asked, in seconds since the epoch."""
        try:
            return (self.path / "engine.json").stat().st_mtime
        except OSError:
            return 0.0

    def stop(self) -> None:
        """End the engine that is up, whoever started it: by its own command, and by force if that takes too long.

        Call it while the folder is `held`.
        """
        state = self._read("engine.json")
        (self.path / "engine.json").unlink(missing_ok=True)
        # One that has not yet said where it answers lost its parent while it started: it ends as soon as it is up.
        if not self.has_ended(STOP_SECONDS + 2 if state else START_SECONDS) and state:
            os.kill(int(state["pid"]), signal.SIGKILL)  # it holds the lock, so the process is the one that wrote its number
        if not self.has_ended(STOP_SECONDS):
            raise StoreError(
                Text("一个已失效的内置引擎没有结束：请手动结束它的进程", "an embedded engine that is of no use does not end: end its process by hand")
            )

    def has_ended(self, seconds: float) -> bool:
        """Whether no engine is up, after waiting up to `seconds` for the end of one that is ending."""
        try:
            with self._running_lock(seconds):
                return True
        except Timeout:
            return False

    # What it holds

    def read_cached(self) -> dict[str, Any]:
        """Return what the database holds whole: the hash of the tables, their nodes, and the form; empty if it holds nothing whole."""
        return self._read("cache.json") or {}

    def write_cached(self, about: dict[str, Any]) -> None:
        """Say that the database is whole, and what it holds."""
        self._write("cache.json", about)

    def empty(self) -> None:
        """Remove what the engine keeps, its logs excepted; the word that it is whole goes first."""
        (self.path / "cache.json").unlink(missing_ok=True)
        for name in ("databases", "config", "backups"):
            shutil.rmtree(self.path / name, ignore_errors=True)

    # Who may log in

    def read_passwords(self) -> dict[str, str]:
        """Return a password for each user, the same ones at each start; made at the first."""
        kept = self._read("passwords.json") or {}
        if not {ROOT, READER} <= set(kept):
            kept = {ROOT: secrets.token_hex(24), READER: secrets.token_hex(24)}
            self._write("passwords.json", kept)
        return kept

    def renew_passwords(self) -> None:
        """Forget the passwords; the next start makes new ones."""
        (self.path / "passwords.json").unlink(missing_ok=True)

    # Files

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            said = json.loads((self.path / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return said if isinstance(said, dict) else None

    def _write(self, name: str, said: dict[str, Any]) -> None:
        with replacing(self.path / name, private=True) as coming:
            coming.write_text(json.dumps(said), encoding="utf-8")

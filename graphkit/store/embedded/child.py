"""The parent's side of the embedded engine's process: started, asked to stop or left to stay, and ended as a last resort."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import IO, cast

from graphkit.store.embedded import process as engine_process
from graphkit.store.embedded.folder import HOST, START_SECONDS, STOP_SECONDS, EngineFolder
from graphkit.store.failures import store_error
from graphkit.words import Text

SMALLEST_HEAP_MB, LARGEST_HEAP_MB = 512, 8192


class EngineChild:
    """An engine's process, up once this is made.

    Parameters
    ----------
    folder : EngineFolder
        Its folder, held by the caller.
    port : int
        Port to answer on; 0 for any that is free.
    served : bool
        Whether it is started for other programs.
    limit_s : float
        Seconds after which a query that names no limit is ended.
    quick : bool
        Whether it should start and warm up fast, at the price of what it could reach after minutes of work.

    Raises
    ------
    StoreError
        If it does not start.
    """

    def __init__(self, folder: EngineFolder, *, port: int, served: bool, limit_s: float, quick: bool) -> None:
        log = folder.path / "engine.log"
        with contextlib.suppress(OSError):
            log.replace(log.with_name("engine.log.1"))
        with log.open("ab") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - our own script, by this very interpreter
                [sys.executable, "-P", engine_process.__file__, str(folder.path.resolve())],
                cwd=folder.path,  # the engine writes its log below the working directory
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,  # Ctrl-C at the terminal is for the parent, which then stops the child
            )
        self._orders, self._words = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        settings = {"port": port, "served": served, "limit_s": limit_s, "quick": quick, "heap_mb": _heap_mb()}
        try:
            self._await_start(settings)
        except BaseException:
            self._kill()
            self._close_pipes()
            raise

    def stop(self) -> None:
        """End of its input is the child's order to stop."""
        with contextlib.suppress(OSError):
            self._orders.close()
        try:
            self._process.wait(STOP_SECONDS + 2)
        except subprocess.TimeoutExpired:
            self._kill()
        self._close_pipes()

    def leave(self, idle_s: float) -> None:
        """Let the child stay when this process ends, until nobody has asked for `idle_s` seconds."""
        with contextlib.suppress(OSError):
            self._orders.write(f"STAY {idle_s}\n".encode())
            self._orders.flush()
        self._close_pipes()
        threading.Thread(target=self._process.wait, daemon=True).start()  # or it stands as a zombie once it has ended

    def _kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _await_start(self, settings: Mapping[str, object]) -> None:
        timer = threading.Timer(START_SECONDS, self._process.kill)
        timer.daemon = True
        timer.start()
        try:
            with contextlib.suppress(BrokenPipeError):
                self._orders.write(f"{json.dumps(settings)}\n".encode())
                self._orders.flush()
            if self._words.readline().startswith(b"PORT "):
                return
        finally:
            timer.cancel()
        raise store_error(
            Text(
                "内置引擎没有启动：原因见存储文件夹中的 engine/engine.log",
                "the embedded engine did not start: the reason stands in engine/engine.log within the store's folder",
            )
        )

    def _close_pipes(self) -> None:
        for pipe in (self._orders, self._words):
            with contextlib.suppress(OSError):
                pipe.close()


def refuse_busy_port(port: int) -> None:
    """Raise if nobody can listen on this port of the loopback address; 0 stands for any.

    Examples
    --------
    >>> refuse_busy_port(0)
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the engine does: a port that was just let go is free
        try:
            probe.bind((HOST, port))
        except OSError as error:
            why = Text("正被别的程序使用", "is in use by another program") if error.errno == errno.EADDRINUSE else Text("不许使用", "may not be used")
            raise store_error(
                Text(f"端口 {port} {why.zh}：用 --port 换一个，或不指定", f"port {port} {why.en}: name another one with --port, or none")
            ) from None


def _environment() -> dict[str, str]:
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return {**os.environ, "PYTHONPATH": path, "ARCADEDB_JVM_ERROR_FILE": "jvm-error-%p.log"}


def _heap_mb() -> int:
    """Heap the engine may grow to: half of the machine's memory, within bounds."""
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 if hasattr(os, "sysconf") else 2 * SMALLEST_HEAP_MB
    return max(SMALLEST_HEAP_MB, min(LARGEST_HEAP_MB, memory_mb // 2))

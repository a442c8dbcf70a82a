"""graphkit serve: the engine of a local store, answering other programs until it is told to stop."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from graphkit.cli.progress import RowProgress
from graphkit.errors import ParameterError, StoreUnavailable
from graphkit.words import Lang, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.store.embedded.engine import EmbeddedEngine, Served

LOOK_SECONDS = 0.5
SOON_SECONDS = 5.0  # an engine that has ended so soon after its start would end again; at its limit a query takes one with it later


def serve_store(store: str, lang: Lang, *, port: int, timeout_s: float, new_password: bool) -> None:
    """Let the engine of a local store answer other programs until Ctrl-C or a signal to end.

    Parameters
    ----------
    store : str
        Folder of the store.
    lang : {"zh", "en"}
        Language of what is printed.
    port : int
        Port of the loopback address; 0 for any that is free.
    timeout_s : float
        Seconds after which a program's query is ended.
    new_password : bool
        Whether to make a new password first.

    Raises
    ------
    ParameterError
        If `store` is a server already.
    StoreError
        If the port is in use, another one serves the store, or the engine does not stay up.
    """
    from graphkit.store.connect import connect
    from graphkit.store.embedded.engine import EmbeddedEngine, Serving
    from graphkit.store.local.store import LocalStore

    with connect(store) as opened:
        if not isinstance(opened, LocalStore):
            raise ParameterError(Text(f"{store} 已是服务器：直接连接即可", f"{store} is a server already: connect to it as it is"))
        manifest = opened.manifest()
        with EmbeddedEngine(opened.path / "engine", serving=Serving(port, timeout_s)) as engine:
            if new_password:
                engine.renew_passwords()

            def start() -> None:
                with RowProgress(Text("启动引擎", "Starting the engine").say(lang)) as progress:
                    engine.ensure(manifest["data_hash"], opened.read, progress=progress)

            start()
            print(_say_served(engine.serve(), timeout_s, lang), flush=True)
            with _ended_by_signal():
                _keep_up(engine, start)


def _say_served(served: Served, timeout_s: float, lang: Lang) -> str:
    """Address, user and password, and how to use them: only who can read this terminal can connect."""
    words = {"address": served.address, "user": served.user, "password": served.password, "database": served.database, "limit": f"{timeout_s:g}"}
    zh = """地址    {address}
用户    {user}
密码    {password}
数据库  {database}

  cypher-shell -a {address} -u {user} -d {database}

cypher-shell 会问密码，也会读环境变量 NEO4J_PASSWORD；不要把密码写进命令行，别人看得到。下次启动密码不变。
只在本机应答，只能读，写入会被拒绝。一个查询超过 {limit} 秒即被终止。按 Ctrl-C 停止。"""
    en = """address   {address}
user      {user}
password  {password}
database  {database}

  cypher-shell -a {address} -u {user} -d {database}

cypher-shell asks for the password, or takes it from NEO4J_PASSWORD; in the command itself others could read it. It is the same at the next start.
Answers on this machine alone, and reads only: writes are refused. A query is ended after {limit} seconds. Ctrl-C stops it."""
    return Text(zh, en).say(lang).format(**words)


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """Ctrl-C and the signal to end are the ways to stop, and no fault."""

    def end(_number: int, _frame: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)


def _keep_up(engine: EmbeddedEngine, start: Callable[[], None]) -> None:
    """Wait; an engine that a query took with it, since it took no notice of its end, is started again where it was."""
    began = time.monotonic()
    while True:
        time.sleep(LOOK_SECONDS)
        if engine.is_running:
            continue
        if time.monotonic() - began < SOON_SECONDS:
            raise StoreUnavailable(Text("引擎已停止", "the engine has stopped"))
        start()
        began = time.monotonic()

"""graphkit serve, as a process of its own: what it prints, whom it lets in, and that nothing of it stays behind however it ends."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest

from graphkit.cli import main
from graphkit.data.tables import Tables
from graphkit.errors import StoreError
from graphkit.store.embedded.folder import EngineFolder
from graphkit.store.embedded.process import free_port
from graphkit.store.local.store import LocalStore
from tests.neo4j_server import wait_until

pytestmark = pytest.mark.embedded

FOREVER = "UNWIND range(1, 10000) AS a UNWIND range(1, 100000) AS b WITH a * b AS c RETURN sum(c) AS n"
UNSTOPPABLE = "RETURN size([x IN range(1, 90000) WHERE size([y IN range(1, 90000) WHERE y = x]) > 0]) AS n"
COUNT = "MATCH (v:Village) RETURN count(v) AS n"


@pytest.fixture
def store(tmp_path: Path, district: Tables) -> Path:
    LocalStore(tmp_path / "small.gk").write(district)
    return tmp_path / "small.gk"


@contextlib.contextmanager
def serving(store: Path, *options: str, end: signal.Signals = signal.SIGINT) -> Iterator[dict[str, str]]:
    """What `graphkit serve` prints while it runs, by its first word, and the whole under ``all``; ended by a signal."""
    command = [sys.executable, "-c", "import sys; from graphkit.cli import main; sys.exit(main())", "serve", str(store), "--lang", "en", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        said: dict[str, str] = {"all": ""}
        try:
            while "Answers" not in said:
                line = process.stdout.readline()
                assert line, process.stderr.read()
                said["all"] += line
                said |= {first: rest.strip() for first, _, rest in [line.partition(" ")] if first}
            yield said
        finally:
            process.send_signal(end)
            code = process.wait(60)
    assert code == (0 if end is signal.SIGINT else -end)


def ask(said: dict[str, str], text: str) -> object:
    with neo4j.GraphDatabase.driver(said["address"], auth=(said["user"], said["password"])) as driver:
        return driver.execute_query(text, database_=said["database"]).records[0]["n"]


def answers(said: dict[str, str]) -> bool:
    try:
        return bool(ask(said, COUNT))
    except (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError, OSError):
        return False


def is_up(store: Path) -> bool:
    return EngineFolder(store / "engine").is_running()


def test_serve_from_start_to_end(store, district, capsys):
    port = str(free_port())
    with serving(store, "--port", port, "--timeout", "2", end=signal.SIGKILL) as first:
        assert first["address"] == f"bolt://127.0.0.1:{port}"
        assert first["all"].count(first["password"]) == 1  # and not in the command that is suggested
        assert ask(first, COUNT) == district["Village"].num_rows
        with pytest.raises(neo4j.exceptions.Forbidden):
            ask(first, "CREATE (v:Village {code: 'x'}) RETURN 1 AS n")
        with pytest.raises(neo4j.exceptions.ClientError, match="terminated"):
            ask(first, FOREVER)
        with LocalStore(store) as opened:  # the engine that serves answers graphkit too
            assert opened.query(COUNT)["n"].tolist() == [district["Village"].num_rows]
        assert main(["serve", str(store), "--lang", "en"]) == 4
        assert "is up on this store already" in capsys.readouterr().err
        LocalStore(store).write(Tables({}))
        with LocalStore(store) as opened, pytest.raises(StoreError, match=r"(?s)loaded anew since graphkit serve began.*重新启动"):
            opened.query(COUNT)
        LocalStore(store).write(district)
    assert wait_until(lambda: not is_up(store))  # killed as it was, it leaves no process,
    left = sorted(path.name for path in store.iterdir() if path.is_dir() and not path.name.startswith("data-"))
    assert left == ["engine"]  # nor a second database
    with serving(store, "--port", port, "--timeout", "2") as second:
        assert (second["address"], second["password"]) == (first["address"], first["password"])
        assert ask(second, COUNT) == district["Village"].num_rows
        with pytest.raises((neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError, OSError)):
            ask(second, UNSTOPPABLE)  # it takes the engine with it, which is then started again where it was
        assert wait_until(lambda: answers(second), 120)
    assert not is_up(store)
    assert not (store / "engine" / "engine.json").exists()
    with serving(store, "--new-password") as third:
        assert third["password"] != first["password"]
        with pytest.raises(neo4j.exceptions.AuthError):
            ask({**third, "password": first["password"]}, COUNT)


def test_a_port_in_use_is_told(store, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", str(store), "--port", str(port), "--lang", "en"]) == 4
    assert f"port {port} is in use by another program: name another one with --port" in capsys.readouterr().err
    assert not is_up(store)
    assert not (store / "engine" / "databases").exists()

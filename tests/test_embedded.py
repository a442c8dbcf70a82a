"""The embedded engine: what it listens on, how it ends, when it is filled anew, and that other programs can use it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import neo4j
import pyarrow as pa
import pytest

from graphkit.errors import StoreError
from graphkit.store import embedded, engine_process
from graphkit.store.embedded import EmbeddedEngine
from graphkit.store.local import LocalStore
from graphkit.tables import Tables
from tests.neo4j_server import Neo4jServer, ServerNotHad, download_jars, run_cypher_shell, skip_or_fail, wait_until

pytestmark = pytest.mark.embedded

FOREVER = "UNWIND range(1, 10000) AS a UNWIND range(1, 100000) AS b WITH a * b AS c RETURN sum(c) AS n"
COUNT = "MATCH (h:Household) RETURN count(h) AS n"


def households(count: int) -> Tables:
    return Tables({"Household": pa.table({"id": [f"h{n}" for n in range(count)]})})


def count_households(engine: EmbeddedEngine) -> int:
    return int(engine.run_read(COUNT, {}, timeout_s=60)["n"][0])


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    with EmbeddedEngine(tmp_path / "engine") as running:
        running.ensure("three", lambda: households(3))
        yield running


def pid_of(engine: EmbeddedEngine) -> int:
    """Process id of the child: whoever has the engine's port open."""
    port = int(engine.serve().address.rsplit(":", 1)[1])
    for process in Path("/proc").glob("[0-9]*"):
        if port in {where[1] for where in listeners(int(process.name))}:
            return int(process.name)
    raise AssertionError("nobody listens")


def listeners(pid: int) -> set[tuple[str, int]]:
    """Address and port of every TCP socket a process listens on, as the kernel tells."""
    sockets = set()
    try:
        for fd in Path(f"/proc/{pid}/fd").iterdir():
            target = str(fd.readlink())
            if target.startswith("socket:["):
                sockets.add(target[8:-1])
    except OSError:
        return set()
    found = set()
    for table, family, length in (("tcp", socket.AF_INET, 8), ("tcp6", socket.AF_INET6, 32)):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in sockets:
                packed, port = fields[1].split(":")
                raw = b"".join(bytes.fromhex(packed[at : at + 8])[::-1] for at in range(0, length, 8))
                found.add((socket.inet_ntop(family, raw), int(port, 16)))
    return found


def is_gone(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] == "Z"


# Who can reach it


def test_it_listens_on_one_loopback_port_and_on_nothing_else(engine):
    port = int(engine.serve().address.rsplit(":", 1)[1])
    assert {(address.removeprefix("::ffff:"), at) for address, at in listeners(pid_of(engine))} == {("127.0.0.1", port)}


def test_its_password_is_random_and_in_no_argument_environment_file_or_repr(engine, tmp_path):
    served, pid = engine.serve(), pid_of(engine)
    assert len(served.password) >= 32
    for shown in (Path(f"/proc/{pid}/cmdline").read_bytes(), Path(f"/proc/{pid}/environ").read_bytes(), repr(served).encode(), repr(engine).encode()):
        assert served.password.encode() not in shown
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert served.password.encode() not in file.read_bytes(), file.name
    with (
        pytest.raises(neo4j.exceptions.AuthError),
        neo4j.GraphDatabase.driver(served.address, auth=(served.user, "guess")) as driver,
    ):
        driver.verify_connectivity()


def test_all_it_writes_is_in_its_own_folder(engine, tmp_path):
    assert [entry.name for entry in tmp_path.iterdir()] == ["engine"]
    assert (tmp_path / "engine" / "log").is_dir()
    assert not (Path.cwd() / "log").exists()


# When it is filled


def test_it_is_filled_once_for_each_content(tmp_path):
    filled: list[int] = []

    def give(count: int) -> Callable[[], Tables]:
        return lambda: filled.append(count) or households(count)  # type: ignore[func-returns-value]

    with EmbeddedEngine(tmp_path / "engine") as engine:
        engine.ensure("three", give(3))
        engine.ensure("three", give(3))
        assert count_households(engine) == 3
        engine.ensure("two", give(2))
        assert count_households(engine) == 2
    with EmbeddedEngine(tmp_path / "engine") as again:
        again.ensure("two", give(2))
        assert count_households(again) == 2
    assert filled == [3, 2]


def test_nodes_carry_the_name_of_their_dataset(tmp_path):
    tables = Tables(dict(households(3)), dataset="acheng")
    with EmbeddedEngine(tmp_path / "engine") as engine:
        engine.ensure("three", lambda: tables)
        frame = engine.run_read("MATCH (h:Household {dataset: 'acheng'}) RETURN count(h) AS n", {}, timeout_s=60)
    assert frame["n"].tolist() == [3]


def test_a_filling_that_was_interrupted_is_begun_anew(tmp_path):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with EmbeddedEngine(tmp_path / "engine") as engine:
        with pytest.raises(KeyboardInterrupt):
            engine.ensure("three", lambda: households(3), progress=interrupt)
        engine.ensure("three", lambda: households(3))
        assert count_households(engine) == 3


def test_a_folder_in_use_is_left_alone(engine, tmp_path):
    with EmbeddedEngine(tmp_path / "engine") as second:
        second.ensure("two", lambda: households(2))
        assert count_households(second) == 2
        elsewhere = second._folder
        assert elsewhere
        assert elsewhere != tmp_path / "engine"
    assert not elsewhere.exists()
    assert count_households(engine) == 3


def test_nothing_to_ask_before_it_is_filled(tmp_path):
    with pytest.raises(StoreError, match=r"(?s)call ensure first.*ensure"):
        EmbeddedEngine(tmp_path / "engine").run_read("RETURN 1", {}, timeout_s=1)


def test_too_many_nodes_are_sent_to_neo4j(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "MAX_NODES", 2)
    with (
        EmbeddedEngine(tmp_path / "engine") as engine,
        pytest.raises(StoreError, match=r"(?s)carries up to 2 nodes and there are 3.*Neo4j.*最多容纳"),
    ):
        engine.ensure("three", lambda: households(3))


def test_another_version_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "version", lambda package: "25.1")
    with EmbeddedEngine(tmp_path / "engine") as engine, pytest.raises(StoreError, match=r"version 25\.1.*pip install"):
        engine.ensure("three", lambda: households(3))


def test_a_start_that_fails_names_the_log(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "_heap_mb", lambda: "no number")
    with EmbeddedEngine(tmp_path / "engine") as engine, pytest.raises(StoreError, match=r"did not start.*engine\.log"):
        engine.ensure("three", lambda: households(3))


# How it ends


def test_a_query_past_its_limit_is_ended_and_the_next_one_works(engine):
    first, began = pid_of(engine), time.monotonic()
    with pytest.raises(StoreError, match=r"(?s)past its limit of 2 s.*时限"):
        engine.run_read(FOREVER, {}, timeout_s=2)
    assert time.monotonic() - began < 20
    assert is_gone(first)
    assert count_households(engine) == 3


def test_it_is_stopped_by_its_own_command(tmp_path):
    with EmbeddedEngine(tmp_path / "engine") as engine:
        engine.ensure("three", lambda: households(3))
        pid = pid_of(engine)
        assert engine.is_running
    assert is_gone(pid)
    assert not engine.is_running
    assert "Server is down" in (tmp_path / "engine" / "engine.log").read_text()


def test_it_is_stopped_even_in_the_middle_of_a_query(tmp_path):
    with EmbeddedEngine(tmp_path / "engine") as engine:
        engine.ensure("three", lambda: households(3))
        pid, served = pid_of(engine), engine.serve()

        def ask() -> None:
            with (
                neo4j.GraphDatabase.driver(served.address, auth=(served.user, served.password)) as driver,
                driver.session(database=served.database) as session,
            ):
                try:
                    session.run(FOREVER).consume()
                except neo4j.exceptions.DriverError:
                    pass
                except neo4j.exceptions.Neo4jError:
                    pass

        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(1)
    assert is_gone(pid)
    asking.join(30)


PARENT = """
import sys, time
import pyarrow as pa
from graphkit.store.embedded import EmbeddedEngine
from graphkit.tables import Tables
engine = EmbeddedEngine(sys.argv[1])
engine.ensure("one", lambda: Tables({"Household": pa.table({"id": ["h1"]})}))
print(engine.serve().address, flush=True)
time.sleep(600)
"""


def test_it_ends_with_its_parent(tmp_path):
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(PARENT), str(tmp_path / "engine")], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        port = int(parent.stdout.readline().rsplit(":", 1)[1])
        child = next(int(p.name) for p in Path("/proc").glob("[0-9]*") if port in {at for _, at in listeners(int(p.name))})
        assert child != parent.pid
        parent.send_signal(signal.SIGKILL)
    assert wait_until(lambda: is_gone(child))


def test_it_ends_even_if_its_parent_dies_while_it_starts(tmp_path):
    command = [sys.executable, "-P", engine_process.__file__, str(tmp_path), "512"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=tmp_path) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(b"a-password-of-its-own\n")
        child.stdout.close()
        child.stdin.close()
        assert child.wait(60) == 1


# Other programs


def test_the_bare_driver_and_cypher_shell_use_it_as_they_use_neo4j(engine, district):
    engine.ensure("district", lambda: district)
    served = engine.serve()
    with neo4j.GraphDatabase.driver(served.address, auth=(served.user, served.password)) as driver:
        records = driver.execute_query("MATCH (n:Household) RETURN count(n) AS n", database_=served.database).records
    assert records[0]["n"] == district["Household"].num_rows
    try:
        download_jars("cypher-shell")
    except ServerNotHad as reason:
        skip_or_fail(str(reason))
    server = Neo4jServer(served.address, served.user, served.password, database=served.database)
    said = run_cypher_shell(server, text="MATCH (:Member)-[r:HELPS]->(:Household) RETURN count(r) AS n;")
    assert said.split() == ["n", str(district["Member HELPS Household"].num_rows)]


def test_a_local_store_answers_cypher_through_it(tmp_path, district):
    with LocalStore(tmp_path / "district.gk") as store:
        store.write(district)
        frame = store.query("MATCH (h:Household) WHERE h.people >= $least RETURN count(h) AS n", least=4)
    expected = sum(1 for people in district["Household"]["people"].to_pylist() if people is not None and people >= 4)
    assert frame["n"].tolist() == [expected]

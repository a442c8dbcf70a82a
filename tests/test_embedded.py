"""The embedded engine: what it listens on, how it ends, when it is filled anew, and that other programs can use it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import neo4j
import pyarrow as pa
import pytest

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError, QueryError, StoreError
from graphkit.store.embedded import child as engine_child
from graphkit.store.embedded import engine as embedded
from graphkit.store.embedded import process as engine_process
from graphkit.store.embedded.engine import EmbeddedEngine
from graphkit.store.embedded.folder import EngineFolder
from graphkit.store.embedded.process import with_limit
from graphkit.store.local.store import LocalStore
from tests.neo4j_server import Neo4jServer, ServerNotHad, download_jars, run_cypher_shell, skip_or_fail, wait_until

pytestmark = pytest.mark.embedded

FOREVER = "UNWIND range(1, 10000) AS a UNWIND range(1, 100000) AS b WITH a * b AS c RETURN sum(c) AS n"
COUNT = "MATCH (h:Household) RETURN count(h) AS n"


def households(count: int) -> Tables:
    return Tables({"Household": pa.table({"id": [f"h{n}" for n in range(count)], "people": [5] * count})})


def count_households(engine: EmbeddedEngine) -> int:
    return int(engine.run_read(COUNT, {}, timeout_s=60)["n"][0])


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    """One engine for all tests that leave it as it was."""
    with EmbeddedEngine(tmp_path_factory.mktemp("shared") / "engine") as running:
        running.ensure("three", lambda: Tables(dict(households(3)), dataset="acheng"))
        yield running


@pytest.fixture
def staying(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A folder whose engine stays for some seconds after the last question; ended at the end of the test."""
    monkeypatch.setenv("GRAPHKIT_ENGINE_IDLE_S", "300")
    yield tmp_path / "engine"
    EmbeddedEngine(tmp_path / "engine").stop()


def pid_of(engine: EmbeddedEngine) -> int:
    """Process id of the engine that is up."""
    return int((engine._folder.read_state() or {})["pid"])


def log_in(engine: EmbeddedEngine, *, write: bool = False) -> neo4j.Driver:
    served = engine.serve(write=write)
    return neo4j.GraphDatabase.driver(served.address, auth=(served.user, served.password))


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


@pytest.mark.parametrize("write", [False, True])
def test_its_passwords_are_random_and_stand_in_one_file_that_only_the_owner_reads(engine, write):
    served, pid, folder = engine.serve(write=write), pid_of(engine), engine._folder.path
    assert len(served.password) >= 32
    for shown in (Path(f"/proc/{pid}/cmdline").read_bytes(), Path(f"/proc/{pid}/environ").read_bytes(), repr(served).encode(), repr(engine).encode()):
        assert served.password.encode() not in shown
    holding = [file for file in folder.rglob("*") if file.is_file() and served.password.encode() in file.read_bytes()]
    assert [file.name for file in holding] == ["passwords.json"]
    assert stat.S_IMODE(holding[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with (
        pytest.raises(neo4j.exceptions.AuthError),
        neo4j.GraphDatabase.driver(served.address, auth=(served.user, "guess")) as driver,
    ):
        driver.verify_connectivity()


def test_all_it_writes_is_in_its_own_folder_and_closed_to_others(engine):
    folder = engine._folder.path
    assert [entry.name for entry in folder.parent.iterdir()] == ["engine"]
    assert (folder / "log").is_dir()
    assert not (Path.cwd() / "log").exists()
    assert [file.name for file in (folder / "databases").rglob("*") if file.stat().st_mode & 0o077] == []


# What other programs may do

WRITES = [
    "CREATE (:Household {id: 'new'})",
    "CREATE (:NewKind {id: 'new'})",
    "MERGE (:Household {id: 'new'})",
    "MATCH (h:Household) SET h.people = 9",
    "MATCH (h:Household) REMOVE h.people",
    "MATCH (h:Household) SET h:Other",
    "MATCH (h:Household) DETACH DELETE h",
    "MATCH (h:Household), (g:Household) CREATE (h)-[:KNOWS]->(g)",
    "FOREACH (i IN [1] | CREATE (:Household {id: 'new'}))",
    "MATCH (h:Household) CALL (h) { SET h.people = 1 } RETURN count(*)",
    "CREATE INDEX mine IF NOT EXISTS FOR (h:Household) ON (h.people)",
    "CREATE CONSTRAINT IF NOT EXISTS FOR (h:Household) REQUIRE h.people IS UNIQUE",
    "CREATE USER x SET PASSWORD 'abcdefgh1'",
    "ALTER USER root SET PASSWORD 'abcdefgh1'",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "LOAD CSV FROM 'https://example.org/x.csv' AS line RETURN line",
]


def snapshot(driver: neo4j.Driver) -> list[list[object]]:
    """All nodes, and what is declared."""
    texts = ("MATCH (n) RETURN labels(n) AS l, properties(n) AS p ORDER BY n.id", "SHOW CONSTRAINTS", "SHOW INDEXES", "CALL db.labels()")
    return [[record.data() for record in driver.execute_query(text, database_="graphkit").records] for text in texts]


def test_other_programs_read_and_cannot_write(engine):
    with log_in(engine, write=True) as owner, log_in(engine) as other:
        before = snapshot(owner)
        names = [record["name"] for record in owner.execute_query("SHOW CONSTRAINTS", database_="graphkit").records]
        for text in [*WRITES, *(f"DROP CONSTRAINT `{name}`" for name in names)]:
            with pytest.raises(neo4j.exceptions.Forbidden):
                other.execute_query(text, database_="graphkit")
            with other.session(database="graphkit", default_access_mode=neo4j.READ_ACCESS) as session, pytest.raises(neo4j.exceptions.Forbidden):
                session.run(text).consume()
        assert names
        assert snapshot(owner) == before
        assert other.execute_query(COUNT, database_="graphkit").records[0]["n"] == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MATCH (h:Household RETURN h", r"line 1, column 20.*not written as Cypher.*mismatched input 'RETURN'"),
        ("// a remark\nMATCH (h:Household)\nRETURN h.id h.id", r"line 3, column 13: .*Unexpected input 'h'"),
        ("MATCH (h:Household)\nRETURN nosuch(h.id)", r"line 2, column 8: .*no such function.*Unknown function 'nosuch'"),
        ("RETURN gds.nosuch.one(1)", r"line 1, column 8: .*no such function.*gds\.nosuch\.one"),
        ("MATCH (h:Household)\nRETURN '变量 x', x", r"line 2, column 16: .*no such variable.*'x'"),
        ("RETURN toUpper(3)", r"wrong type.*toUpper\(\) expects a STRING"),
        ("MATCH (h:Household) RETURN h.id * 2", r"wrong type.*got: String and Long"),
        ("RETURN 1 / 0", r"division by zero"),
        ("RETURN $nobody", r"parameter has no value.*nobody"),
        ("MATCH (h:Household) RETURN date(h.id)", r"does not read as a date.*cannot parse '…'"),
        ("MATCH (h:Household) RETURN duration(h.id)", r"does not read as a date.*string: …"),
        ("MATCH (h:Household) RETURN date({year: 2012, month: size(h.id) + 90000})", r"does not read as a date"),
    ],
)
def test_a_mistake_is_told_in_the_engines_words_with_its_place_and_without_values(engine, text, said):
    with pytest.raises(QueryError) as error:
        engine.run_read(text, {}, timeout_s=60)
    assert re.search(said, error.value.say("en")), error.value.say("en")
    assert "引擎的原话" in error.value.say("zh")
    for hidden in ("h0", "h1", "h2", "90002", "\n", "/", "java"):
        assert hidden not in error.value.say("en").replace("1 / 0", "").replace("/ by zero", ""), hidden


# Limits


def is_busy(driver: neo4j.Driver) -> bool:
    return any("range(1, 100000)" in record["currentQuery"] for record in driver.execute_query("SHOW TRANSACTIONS", database_="graphkit").records)


def test_a_query_past_its_limit_is_ended_and_the_engine_stays(engine):
    first, began = pid_of(engine), time.monotonic()
    with pytest.raises(StoreError, match=r"(?s)past its limit of 2 s.*时限"):
        engine.run_read(FOREVER, {}, timeout_s=2)
    assert time.monotonic() - began < 20
    assert count_households(engine) == 3
    assert pid_of(engine) == first


def test_a_query_ends_at_its_limit_also_when_whoever_asked_has_gone(engine):
    first = pid_of(engine)
    with log_in(engine, write=True) as owner:
        other = log_in(engine)
        threading.Timer(2, other.close).start()
        with pytest.raises((neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError, OSError)), other.session(database="graphkit") as session:
            session.run(with_limit(FOREVER, 6)).consume()
        assert is_busy(owner)
        assert wait_until(lambda: not is_busy(owner))
    assert pid_of(engine) == first


def test_a_query_that_takes_no_notice_of_its_end_takes_the_process_with_it(engine):
    first = pid_of(engine)
    with pytest.raises(StoreError, match=r"past its limit of 1 s"):
        engine.run_read("RETURN size([x IN range(1, 90000) WHERE size([y IN range(1, 90000) WHERE y = x]) > 0]) AS n", {}, timeout_s=1)
    assert count_households(engine) == 3
    assert pid_of(engine) != first
    assert is_gone(first)


# When it is filled


def test_it_is_filled_once_for_each_content_and_stopped_by_its_own_command(staying):
    filled: list[int] = []

    def give(count: int) -> Callable[[], Tables]:
        return lambda: filled.append(count) or households(count)  # type: ignore[func-returns-value]

    with EmbeddedEngine(staying) as engine:
        engine.ensure("three", give(3))
        engine.ensure("three", give(3))
        assert count_households(engine) == 3
        first = pid_of(engine)
    with EmbeddedEngine(staying) as again:
        again.ensure("two", give(2))
        assert is_gone(first)
        assert "Server is down" in (staying / "engine.log.1").read_text()
        assert count_households(again) == 2
    assert filled == [3, 2]


def test_nodes_carry_the_name_of_their_dataset(engine):
    assert engine.run_read("MATCH (h:Household {dataset: 'acheng'}) RETURN count(h) AS n", {}, timeout_s=60)["n"].tolist() == [3]


def test_a_filling_that_was_interrupted_is_begun_anew(tmp_path):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with EmbeddedEngine(tmp_path / "engine") as engine:
        with pytest.raises(KeyboardInterrupt):
            engine.ensure("three", lambda: households(3), progress=interrupt)
        engine.ensure("three", lambda: households(3))
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
    monkeypatch.setattr(engine_child, "_heap_mb", lambda: "no number")
    with EmbeddedEngine(tmp_path / "engine") as engine, pytest.raises(StoreError, match=r"did not start.*engine\.log"):
        engine.ensure("three", lambda: households(3))


# How it stays


def test_it_stays_for_the_next_one_who_asks_and_ends_when_nobody_does(staying, monkeypatch):
    monkeypatch.setenv("GRAPHKIT_ENGINE_IDLE_S", "4")
    with EmbeddedEngine(staying) as first:
        first.ensure("three", lambda: households(3))
        pid = pid_of(first)
    with EmbeddedEngine(staying) as second:
        second.ensure("three", pytest.fail)
        assert count_households(second) == 3
        assert pid_of(second) == pid
    assert wait_until(lambda: is_gone(pid))
    assert not (staying / "engine.json").exists()
    with EmbeddedEngine(staying) as third:
        third.ensure("three", pytest.fail)
        assert count_households(third) == 3


def linger(folder: Path, seconds: float) -> None:
    """Hold the lock of a living engine as the last threads of a killed one do, whose port is closed by then."""
    holding = threading.Event()

    def hold() -> None:
        with EngineFolder(folder).mark_running():
            holding.set()
            time.sleep(seconds)

    threading.Thread(target=hold, daemon=True).start()
    assert holding.wait(10)


def test_one_that_was_killed_is_started_anew_and_one_that_lost_its_folder_ends(staying):
    with EmbeddedEngine(staying) as engine:
        engine.ensure("three", lambda: households(3))
        killed = pid_of(engine)
        os.kill(killed, signal.SIGKILL)
        assert wait_until(lambda: is_gone(killed))
        linger(staying, 0.7)
        assert (staying / "engine.json").exists()  # stale
        assert count_households(engine) == 3
        left = pid_of(engine)
    shutil.rmtree(staying)
    assert wait_until(lambda: is_gone(left))


ASK = """
import sys
import pyarrow as pa
from graphkit.store.embedded.engine import EmbeddedEngine
from graphkit.data.tables import Tables
with EmbeddedEngine(sys.argv[1]) as engine:
    engine.ensure("one", lambda: print("read") or Tables({"Household": pa.table({"id": ["h1"]})}))
    print(engine.run_read("MATCH (h:Household) RETURN count(h) AS n", {}, timeout_s=60)["n"][0], engine._folder.read_state()["pid"])
"""


def test_two_processes_at_once_share_one(staying):
    both = [subprocess.Popen([sys.executable, "-c", ASK, str(staying)], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted((process.communicate(timeout=300)[0].split() for process in both), key=len)
    pid = said[0][1]
    assert said == [["1", pid], ["read", "1", pid]]


def test_an_idle_time_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("GRAPHKIT_ENGINE_IDLE_S", "soon")
    with pytest.raises(ParameterError, match=r"(?s)GRAPHKIT_ENGINE_IDLE_S is 'soon': give seconds.*请给出秒数"):
        embedded._idle_seconds()


# How it ends


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


def test_it_ends_even_if_its_parent_dies_while_it_starts(tmp_path):
    folder = EngineFolder(tmp_path)
    folder.read_passwords()
    settings = {"port": 0, "served": False, "limit_s": 60, "quick": True, "heap_mb": 512}
    command = [sys.executable, "-P", engine_process.__file__, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=tmp_path, env=environment) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(f"{json.dumps(settings)}\n".encode())
        child.stdout.close()
        child.stdin.close()
        assert child.wait(60) == 1
    assert not folder.is_running()


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

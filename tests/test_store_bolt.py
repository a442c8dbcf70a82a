"""The Bolt store on a real Neo4j and on the embedded engine: the laws of a store, whatever interrupts it, and its errors."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
import os
import random
import re
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import neo4j
import numpy as np
import pyarrow as pa
import pytest
from neo4j.exceptions import ClientError, ServiceUnavailable

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError, QueryError, StoreError, StoreUnavailable
from graphkit.model.kinds import MODEL
from graphkit.model.reader import declare
from graphkit.model.types import PERIOD, NodeType, Property, TieType
from graphkit.queries import hide_names
from graphkit.store.bolt import connection, credentials, statements, writer
from graphkit.store.bolt.store import BoltStore
from graphkit.store.bolt.writer import tie_keys
from graphkit.words import Text
from tests.neo4j_server import Neo4jServer, ServerNotHad, free_port, run_server, skip_or_fail, wait_until

pytestmark = pytest.mark.neo4j

Place = Callable[..., BoltStore]


@pytest.fixture(params=[pytest.param("neo4j_server"), pytest.param("neo4j_2026_server"), pytest.param("embedded_server", marks=pytest.mark.embedded)])
def place(request) -> Iterator[Place]:
    """Opens stores on one server, each dataset under a name of this test alone; all is removed at the end."""
    server = request.getfixturevalue(request.param)
    opened: list[BoltStore] = []
    suffix = secrets.token_hex(4)

    def open_store(dataset: str = "a") -> BoltStore:
        opened.append(BoltStore(server.url, auth=server.auth, database=server.database, dataset=f"{dataset}-{suffix}"))
        return opened[-1]

    yield open_store
    for store in opened:
        store.drop()
        store.close()


def by_hand() -> Tables:
    """Every type at its edges, nulls everywhere they may stand, ties that differ in nothing but a null."""
    days = [dt.date(1, 1, 1), dt.date(1969, 12, 31), None, dt.date(9999, 12, 31)]
    return Tables(
        {
            "Village": pa.table({"code": ["230112001201", "230112001202"], "name": ["城建村", None], "households": [2**62, 0]}),
            "Cooperative": pa.table({"id": ["c1", "c2", "c3", "c4"], "founded_on": days, "output_yuan": [None, -1, 2**53 + 1, 7]}),
            "Member": pa.table({"id": ["m1", "m2"], "is_cadre": [True, None], "name": ["", "a'b\"c\\d\n\t𠮷"], "source_row": [3, None]}),
            "Household": pa.table({"id": ["h1"], "is_poor": [False], "source_file": ["农户.csv"], "source_sheet": [None]}),
            "Member HELPS Household": pa.table(
                {
                    "member_id": ["m1"] * 4,
                    "household_id": ["h1"] * 4,
                    "kind": ["one_to_one", "one_to_one", "technical", "technical"],
                    "since": [None, dt.date(2010, 3, 1), None, dt.date(2010, 3, 1)],
                    "source_row": [1, 2, 3, 4],
                }
            ),
            "Member MENTORS Member": pa.table({"mentor_id": ["m1", "m2", "m2"], "mentee_id": ["m2", "m1", "m2"]}),
            "Member LIVES_IN Village": pa.table({"member_id": ["m1"], "village_code": ["230112001201"]}),
            "Household LIVES_IN Village": pa.table({"household_id": ["h1"], "village_code": ["230112001201"]}),
        }
    )


def shuffled(tables: Tables, seed: int) -> Tables:
    order = np.random.default_rng(seed)
    return tables.replace({name: table.take(pa.array(order.permutation(table.num_rows))) for name, table in tables.items()})


def thinned(tables: Tables, seed: int) -> Tables:
    """The same district with a third of its households and members, and their ties, gone."""
    keep = np.random.default_rng(seed)
    rows = dict(tables)
    for label in ("Member", "Household"):
        rows[label] = rows[label].filter(pa.array(keep.random(rows[label].num_rows) > 0.33))
    for tie in MODEL.ties:
        for end, label in zip(tie.ends, (tie.source, tie.target), strict=True):
            there = set(rows[label].column(0).to_pylist())
            rows[tie.table] = rows[tie.table].filter(pa.array([key in there for key in rows[tie.table][end.name].to_pylist()], pa.bool_()))
    return Tables(rows)


def graph_of(store: BoltStore) -> dict[str, int]:
    """How many nodes and ties the database itself holds for this store's dataset, by kind."""
    counts = [f"MATCH (n:{kind.label} {{dataset: $d}}) WITH count(n) AS n RETURN '{kind.table}' AS name, n" for kind in MODEL.nodes]
    counts += [
        f"MATCH (:{tie.source} {{dataset: $d}})-[r:{tie.name}]->(:{tie.target} {{dataset: $d}}) WITH count(r) AS n RETURN '{tie.table}' AS name, n"
        for tie in MODEL.ties
    ]
    frame = store.run_read("\nUNION ALL\n".join(counts), {"d": store.dataset}, timeout_s=60)
    return dict(zip(frame["name"], frame["n"].astype(int), strict=True))


class Interrupted(Exception):
    """Raised by a test's own progress callback."""


def stop_after(batches: int) -> Callable[[str, int, int], None]:
    seen = itertools.count(1)

    def progress(stage: str, done: int, total: int) -> None:
        if next(seen) == batches:
            raise Interrupted

    return progress


# What is written comes back


def test_edges_of_every_type_come_back(place):
    store, tables = place(), by_hand()
    store.write(tables)
    assert store.read() == tables
    assert graph_of(store) == {name: table.num_rows for name, table in tables.items()}


def test_a_district_comes_back_with_its_quarantine_and_counts(place, district):
    aside = pa.Table.from_pylist([{"table": "Member", "source_row": n, "rule": "key.once", "row": '{"编号": "m1"}'} for n in (9, 7, 9)])
    counts = pa.Table.from_pylist([{"table": "Member", "read": 9, "loaded": 6, "merged": 0, "quarantined": 3}])
    tables = Tables(dict(district), quarantine=pa.Table.from_pylist(aside.to_pylist(), schema=district.quarantine.schema), counts=counts)
    store = place()
    store.write(tables)
    back = store.read()
    assert back == district
    assert back.quarantine.to_pylist() == tables.quarantine.to_pylist()
    assert back.counts.to_pylist() == counts.to_pylist()
    assert back.dataset == store.dataset


def test_several_pages_come_back(place, district, monkeypatch):
    monkeypatch.setattr(statements, "PAGE_NODES", 50)
    monkeypatch.setattr(statements, "SLICE_ROWS", 7)
    store = place()
    store.write(district)
    assert store.read() == district


def test_twice_is_once_and_order_does_not_matter(place, district):
    store = place()
    store.write(district)
    once = graph_of(store)
    store.write(shuffled(district, 1))
    assert graph_of(store) == once == {name: table.num_rows for name, table in district.items()}
    assert store.read() == district


def test_what_is_no_longer_in_the_source_is_removed(place, district):
    store, fewer = place(), thinned(district, 3)
    store.write(district)
    store.write(fewer)
    assert store.read() == fewer
    assert graph_of(store) == {name: table.num_rows for name, table in fewer.items()}
    store.write(Tables({}))
    assert store.read() == Tables({})
    assert not any(graph_of(store).values())


def test_a_value_that_becomes_unknown_is_forgotten(place):
    store = place()
    store.write(Tables({"Household": pa.table({"id": ["h1"], "people": [4]})}))
    store.write(Tables({"Household": pa.table({"id": ["h1"], "people": pa.array([None], pa.int64())})}))
    assert store.read()["Household"]["people"].to_pylist() == [None]


def test_datasets_do_not_touch_each_other(place, district):
    one, other = place("one"), place("other")
    one.write(district)
    other.write(by_hand())
    one.write(thinned(district, 5))
    assert other.read() == by_hand()
    one.drop()
    assert other.read() == by_hand()
    assert other.dataset in other.list_datasets()
    assert one.dataset not in other.list_datasets()
    with pytest.raises(StoreError, match=f"(?s)no dataset '{one.dataset}'.*{other.dataset}"):
        one.read()


# Whatever interrupts a write


@pytest.mark.parametrize("seed", range(3))
def test_stopped_anywhere_and_repeated_is_the_same(place, district, seed, monkeypatch):
    monkeypatch.setattr(writer, "BATCH_ROWS", 100)
    store, at = place(), random.Random(seed)
    if seed:
        store.write(thinned(district, seed))  # something else is there before
    for _ in range(3):
        with pytest.raises(Interrupted):
            store.write(shuffled(district, seed), progress=stop_after(at.randrange(1, 12)))
        with pytest.raises(StoreError, match=r"(?s)half written \(batch \d+/\d+.*repeat it.*只写了一半"):
            store.read()
        with pytest.raises(StoreError, match="half written"):
            store.run_read("MATCH (n:Member) RETURN count(n) AS n", {}, timeout_s=10)
    store.write(district)
    assert store.read() == district
    assert graph_of(store) == {name: table.num_rows for name, table in district.items()}


def test_a_repeated_write_goes_on_where_the_first_stopped(place, district, monkeypatch):
    monkeypatch.setattr(writer, "BATCH_ROWS", 100)
    store, seen = place(), []
    with pytest.raises(Interrupted):
        store.write(district, progress=stop_after(8))
    store.write(district, progress=lambda stage, done, total: seen.append((done, total)))
    rows = district.node_count + district.tie_count
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (rows, rows)
    first = BoltStore.read_ledger(store)
    assert first is not None
    assert len(seen) == first["total"] - 8


def test_interrupted_and_then_something_else_written(place, district, monkeypatch):
    monkeypatch.setattr(writer, "BATCH_ROWS", 100)
    store, other = place(), thinned(district, 9)
    with pytest.raises(Interrupted):
        store.write(district, progress=stop_after(15))
    store.write(other)
    assert store.read() == other
    assert graph_of(store) == {name: table.num_rows for name, table in other.items()}


def test_of_two_writes_at_once_the_later_wins_whole(place, district, monkeypatch):
    monkeypatch.setattr(writer, "BATCH_ROWS", 200)
    first, second, other = place(), place(), thinned(district, 2)
    begun: list[Future[None]] = []

    def owner() -> str:
        return str((first.read_ledger() or {})["owner"])

    with ThreadPoolExecutor(1) as pool:

        def interfere(stage: str, done: int, total: int) -> None:
            if not begun:
                mine = owner()
                begun.append(pool.submit(second.write, other))
                assert wait_until(lambda: owner() != mine)

        with pytest.raises(StoreError, match=r"another write has taken over"):
            first.write(district, progress=interfere)
    begun[0].result()
    assert second.read() == other


def test_who_takes_over_goes_on_behind_the_batch_that_was_under_way(neo4j_server, neo4j_store, district, monkeypatch):
    """The number of finished batches is looked at under the lock; looked at before, it lets a batch of ties in twice."""
    monkeypatch.setattr(writer, "BATCH_ROWS", 100)
    with pytest.raises(Interrupted):
        neo4j_store.write(district, progress=stop_after(8))
    finished = (neo4j_store.read_ledger() or {})["finished"]
    connected = neo4j.GraphDatabase.driver(neo4j_server.url, auth=neo4j_server.auth)
    with connected as driver, driver.session(database=neo4j_server.database) as session, ThreadPoolExecutor(1) as pool:
        with session.begin_transaction() as under_way:
            under_way.run("MATCH (g:GraphkitRun {dataset: $d}) SET g.finished = g.finished + 1", d=neo4j_store.dataset).consume()
            begun = pool.submit(writer.Writer(neo4j_store._connection, district, None)._begin)
            time.sleep(1)  # it has come to the lock by now
        assert begun.result()[0] == finished + 1


def test_drop_leaves_the_ledger_to_a_write_that_took_over(place, district, request, monkeypatch):
    server = request.getfixturevalue(request.node.callspec.params["place"])
    store, run = place(), writer.Writer.run

    def run_and_be_overtaken(self):
        run(self)
        run_by_hand(server, "MATCH (g:GraphkitRun {dataset: $d}) SET g.owner = 'another'", d=store.dataset)

    monkeypatch.setattr(writer.Writer, "run", run_and_be_overtaken)
    with pytest.raises(StoreError, match="another write has taken over"):
        store.drop()
    monkeypatch.undo()
    assert (store.read_ledger() or {})["owner"] == "another"


def test_an_answer_lost_on_its_way_does_not_write_a_batch_twice(place, district, monkeypatch):
    """The driver repeats a transaction if the connection breaks after the commit: the ledger knows it is done."""
    store = place()
    original, repeated = neo4j.Session.execute_write, []

    def twice(self, work, *args, **kwargs):
        result = original(self, work, *args, **kwargs)
        if getattr(work, "__name__", "") == "_write_batch":
            repeated.append(original(self, work, *args, **kwargs))
        return result

    monkeypatch.setattr(neo4j.Session, "execute_write", twice)
    store.write(district)
    monkeypatch.undo()
    assert repeated
    assert store.read() == district


def test_an_answer_lost_while_nodes_go_ahead_does_not_write_them_twice(neo4j_store, district, monkeypatch):
    monkeypatch.setattr(writer, "BATCH_ROWS", 100)
    leave, left = neo4j.Transaction.__exit__, []

    def lose_the_third_answer(self, *exception):
        leave(self, *exception)  # commits
        left.append(self)
        if len(left) == 3:
            raise ServiceUnavailable("lost on the way")

    monkeypatch.setattr(neo4j.Transaction, "__exit__", lose_the_third_answer)
    neo4j_store.write(district)
    assert len(left) == 3  # the rest went by managed transactions
    assert neo4j_store.read() == district


def test_nodes_refused_ahead_are_written_by_managed_transactions(neo4j_store, district, monkeypatch):
    monkeypatch.setattr(writer, "BATCH_ROWS", 100)
    begin, begun = neo4j.Session.begin_transaction, []

    def refuse_the_fifth(self):
        begun.append(self)
        if len(begun) == 5:
            raise ClientError("refused")
        return begin(self)

    monkeypatch.setattr(neo4j.Session, "begin_transaction", refuse_the_fifth)
    neo4j_store.write(district)
    assert len(begun) == 5
    assert neo4j_store.read() == district


@pytest.mark.parametrize("place", ["neo4j_server"], indirect=True)
@pytest.mark.parametrize("moment", [3, 25])  # while nodes go ahead, and later
def test_an_interrupt_ends_a_write_though_the_driver_tells_of_something_else(place, district, monkeypatch, moment):
    """Broken off while it packs a message, the driver raises what the server says of the half message."""
    monkeypatch.setattr(writer, "BATCH_ROWS", 100)
    advance, calls = writer.Writer._advance, itertools.count()

    def break_off(self, transaction, batch):
        if next(calls) == moment:
            try:
                raise KeyboardInterrupt
            finally:
                raise ClientError("half a message")
        return advance(self, transaction, batch)

    monkeypatch.setattr(writer.Writer, "_advance", break_off)
    store = place()
    with pytest.raises(KeyboardInterrupt):
        store.write(district)
    assert next(calls) == moment + 1
    store.write(district)
    assert store.read() == district


def test_first_writes_of_the_same_at_once_end_in_one_graph(neo4j_server, district, monkeypatch):
    """Three send nodes ahead and wait for each other's: the one that took over last ends, the others are told."""
    monkeypatch.setattr(writer, "BATCH_ROWS", 50)
    dataset, ends = f"three-{secrets.token_hex(4)}", []

    def write(number: int) -> None:
        with BoltStore(neo4j_server.url, auth=neo4j_server.auth, dataset=dataset) as store:
            time.sleep(number / 4)
            try:
                store.write(district)
            except StoreError as error:
                ends.append(str(error))
            else:
                ends.append("written")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(write, range(3)))
    with BoltStore(neo4j_server.url, auth=neo4j_server.auth, dataset=dataset) as store:
        if "written" not in ends:
            store.write(district)
        assert store.read() == district
        assert graph_of(store) == {name: table.num_rows for name, table in district.items()}
        store.drop()
    assert len(ends) == 3
    assert all(end == "written" or "another write has taken over" in end for end in ends)


KILLED = """
import sys
from graphkit.generate import generate_district
from graphkit.store.bolt import writer
from graphkit.store.bolt.store import BoltStore
writer.BATCH_ROWS = 100
url, database, dataset = sys.argv[1:]
user, password = sys.stdin.readline().split()
store = BoltStore(url, auth=(user, password), database=database or None, dataset=dataset)
store.write(generate_district(villages=3, seed=7), progress=lambda *_: print("batch", flush=True))
print("done", flush=True)
"""


def test_a_client_killed_in_mid_load_and_repeated_is_the_same(place, district, request):
    server = request.getfixturevalue(request.node.callspec.params["place"])
    store = place()
    for batches in (2, 11, 19):
        command = [sys.executable, "-c", textwrap.dedent(KILLED), server.url, server.database or "", store.dataset]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdin
            assert child.stdout
            child.stdin.write(" ".join(server.auth) + "\n")
            child.stdin.flush()
            for _ in range(batches):
                if child.stdout.readline() == "done\n":
                    break
            child.send_signal(signal.SIGKILL)
    store.write(district)
    assert store.read() == district
    assert graph_of(store) == {name: table.num_rows for name, table in district.items()}


# What other hands did


def run_by_hand(server, text: str, **parameters: object) -> None:
    with neo4j.GraphDatabase.driver(server.url, auth=server.auth) as driver:
        driver.execute_query(text, parameters, database_=server.database)


def test_rows_removed_or_added_by_hand_are_noticed_and_mended(place, district, request):
    server = request.getfixturevalue(request.node.callspec.params["place"])
    store = place()
    store.write(district)
    run_by_hand(server, "MATCH (n:Household {dataset: $d}) WITH n ORDER BY n.id LIMIT 1 DETACH DELETE n", d=store.dataset)
    with pytest.raises(StoreError, match=r"(?s)other numbers of rows.*Household: 546 ≠ 547.*再写一次"):
        store.read()
    store.write(district)
    assert store.read() == district
    run_by_hand(server, "MATCH (a:Member {dataset: $d}) WITH a ORDER BY a.id LIMIT 1 CREATE (a)-[:MENTORS]->(a)", d=store.dataset)
    with pytest.raises(StoreError, match="Member MENTORS Member"):
        store.read()
    store.write(district)
    assert store.read() == district


def test_a_value_of_another_type_put_in_by_hand_is_noticed_and_mended(place, request):
    server = request.getfixturevalue(request.node.callspec.params["place"])
    store = place()
    store.write(by_hand())
    run_by_hand(server, "MATCH (n:Village {dataset: $d}) SET n.households = 'many'", d=store.dataset)
    with pytest.raises(StoreError, match=r"(?s)another type.*write it again.*类型"):
        store.read()
    store.write(by_hand())
    assert store.read() == by_hand()


def test_what_a_user_adds_of_his_own_stays(place, request):
    server = request.getfixturevalue(request.node.callspec.params["place"])
    store = place()
    store.write(by_hand())
    run_by_hand(server, "MATCH (n:Member {dataset: $d, id: 'm1'}) SET n.my_score = 7 CREATE (n)-[:KNOWS]->(n)", d=store.dataset)
    store.write(by_hand())
    assert store.read() == by_hand()
    frame = store.run_read("MATCH (n:Member {dataset: $d})-[:KNOWS]->(n) RETURN n.my_score AS s", {"d": store.dataset}, timeout_s=10)
    assert frame["s"].tolist() == [7]


# What the graph looks like to an analyst


def test_dates_and_provenance_are_real_values_in_the_graph(place):
    store = place()
    store.write(by_hand())
    frame = store.run_read(
        "MATCH (m:Member {dataset: $d})-[r:HELPS]->(h:Household) WHERE r.since <= date('2010-03-01') "
        "RETURN r.since AS since, r.since.year AS year, r.source_row AS row, h.source_file AS file ORDER BY row",
        {"d": store.dataset},
        timeout_s=10,
    )
    assert frame.to_dict("records") == [
        {"since": dt.date(2010, 3, 1), "year": 2010, "row": 2, "file": "农户.csv"},
        {"since": dt.date(2010, 3, 1), "year": 2010, "row": 4, "file": "农户.csv"},
    ]


def test_a_frame_without_rows_keeps_its_columns(neo4j_server):
    """The embedded engine names no columns where there are no rows; a named query has them from its header."""
    with BoltStore(neo4j_server.url, auth=neo4j_server.auth) as store:
        frame = store.run_read("MATCH (n:Member {dataset: $d}) RETURN n.id AS id, n.name AS name", {"d": "nobody"}, timeout_s=10)
    assert list(frame.columns) == ["id", "name"]
    assert frame.empty


def test_keys_and_constraints_are_in_the_database(place):
    store = place()
    store.write(by_hand())
    shown = store.run_read("SHOW CONSTRAINTS YIELD labelsOrTypes, properties, type RETURN labelsOrTypes[0] AS label, properties", {}, timeout_s=10)
    keys = {row.label: list(row.properties) for row in shown.itertuples()}
    for kind in MODEL.nodes:
        assert keys[kind.label] == ["dataset", kind.key]


# Before anything is sent


def test_tie_keys_differ_where_identities_differ():
    helps = MODEL.table_type("Member HELPS Household")
    kinds = ["a", "a", "a|", "a\\", None, "\\N", "|", None]
    days = [None, dt.date(2010, 1, 1), None, None, None, None, None, dt.date(2010, 1, 1)]
    keys = tie_keys(pa.table({"kind": kinds, "since": pa.array(days, pa.date32())}), helps).to_pylist()
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("tables", "shown"),
    [
        ({"Household": pa.table({"id": ["h1", "h1"], "people": [1, 2]})}, r"Household \(1\)"),
        ({"Household": pa.table({"id": pa.array([None], pa.string())})}, r"Household \(1\)"),
        (
            {"Zone": pa.table({"id": ["z1"]}), "Zone COVERS Household": pa.table({"zone_id": ["z1"], "household_id": ["h9"]})},
            r"COVERS Household \(1\)",
        ),
    ],
)
def test_rows_that_a_graph_would_lose_are_refused(tables, shown):
    store = BoltStore("bolt://127.0.0.1:1", auth=("nobody", "x"))  # nobody is there: nothing may be sent
    with pytest.raises(StoreError, match=f"(?s){shown}.*quarantine_problems"):
        store.write(Tables(tables))


# Credentials


def test_credentials_come_from_the_environment_the_keyring_or_a_prompt(monkeypatch):
    monkeypatch.setenv("NEO4J_USERNAME", "analyst")
    monkeypatch.setenv("NEO4J_PASSWORD", "from-env")
    assert credentials.find_credentials("bolt://host:9") == ("analyst", "from-env")
    monkeypatch.delenv("NEO4J_PASSWORD")
    monkeypatch.setattr("keyring.get_password", lambda service, entry: {("graphkit", "analyst@host:7687"): "kept"}.get((service, entry)))
    assert credentials.find_credentials("neo4j+s://host") == ("analyst", "kept")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda prompt: "typed")
    assert credentials.find_credentials("bolt://other") == ("analyst", "typed")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(StoreError, match=r"(?s)set NEO4J_USERNAME and NEO4J_PASSWORD.*keyring set graphkit analyst@other:7687.*环境变量"):
        credentials.find_credentials("bolt://other")


def test_a_password_is_never_shown(caplog):
    with pytest.raises(ParameterError) as caught:
        BoltStore("bolt://neo4j:hunter2@host")
    assert "hunter2" not in str(caught.value)
    store = BoltStore("bolt://127.0.0.1:1", auth=("neo4j", "hunter2"))
    assert "hunter2" not in repr(store)
    with pytest.raises(StoreUnavailable) as gone:
        store.read()
    assert "hunter2" not in str(gone.value) + caplog.text


# Servers that refuse


def test_nobody_at_the_port():
    with (
        BoltStore(f"bolt://127.0.0.1:{free_port()}", auth=("neo4j", "x")) as store,
        pytest.raises(StoreUnavailable, match=r"(?s)does not answer: check the address, or start it\. Nothing was changed.*没有应答"),
    ):
        store.read()


def test_no_such_host():
    with BoltStore("bolt://no-such-host.invalid:7687", auth=("neo4j", "x")) as store, pytest.raises(StoreUnavailable, match="does not answer"):
        store.read()


def test_wrong_password(neo4j_server: Neo4jServer):
    with (
        BoltStore(neo4j_server.url, auth=(neo4j_server.username, "wrong-" + neo4j_server.password)) as store,
        pytest.raises(StoreError, match=r"(?s)wrong user or password.*NEO4J_PASSWORD.*用户名或密码不对"),
    ):
        store.read()


def test_no_such_database(neo4j_server: Neo4jServer):
    with BoltStore(neo4j_server.url, auth=neo4j_server.auth, database="nosuch") as store, pytest.raises(StoreError, match="no such database"):
        store.read()


def test_a_query_that_would_write_is_refused_by_the_server_too(neo4j_server: Neo4jServer):
    with BoltStore(neo4j_server.url, auth=neo4j_server.auth) as store, pytest.raises(StoreError, match="must not write"):
        store.run_read("CREATE (n:Member {dataset: 'x', id: 'x'})", {}, timeout_s=10)


def test_a_query_past_its_limit_is_ended_and_the_next_one_works(neo4j_server: Neo4jServer):
    with BoltStore(neo4j_server.url, auth=neo4j_server.auth) as store:
        began = time.monotonic()
        with pytest.raises(StoreError, match=r"limit of 1 s"):
            store.run_read("UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(a * b % 7) AS n", {}, timeout_s=1)
        assert time.monotonic() - began < 15
        assert store.run_read("RETURN 1 AS one", {}, timeout_s=10)["one"].tolist() == [1]


# Servers that others use too


def test_a_constraint_of_somebody_else_is_named_before_the_first_row(own_neo4j):
    """A user's own people under the same label: their ids stand once, and two of them are ours too."""
    run_by_hand(own_neo4j, "CREATE CONSTRAINT their_own FOR (n:Member) REQUIRE n.id IS UNIQUE")
    run_by_hand(own_neo4j, "CREATE (:Member {id: 'm1'}), (:Member {id: 'm2'}), (:Member {id: 'm3'})")
    with BoltStore(own_neo4j.url, auth=own_neo4j.auth) as store:
        with pytest.raises(StoreError) as caught:
            store.write(by_hand())
        said = caught.value.say("en")
        assert "the constraint their_own on Member (id), UNIQUENESS, which graphkit did not make, would refuse this load" in said
        assert "the values of 2 rows of Member are taken by other data. No row was written." in said
        assert "DROP CONSTRAINT `their_own`" in said
        assert "delete" not in said
        assert "m1" not in said
        assert "一行都没有写入" in caught.value.say("zh")
        assert store.read_ledger() is None
        run_by_hand(own_neo4j, "MATCH (n:Member) WHERE n.dataset IS NULL AND n.id <> 'm3' DELETE n")
        store.write(by_hand())  # nothing is in its way now, and it stays
        assert store.read() == by_hand()


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("FOR (n:Cooperative) REQUIRE n.name IS UNIQUE", None),  # no row has a name
        ("FOR (n:Member) REQUIRE n.shoe_size IS UNIQUE", None),  # not ours to have
        ("FOR (n:Member) REQUIRE (n.id, n.dataset, n.name) IS UNIQUE", None),
        ("FOR ()-[r:HELPS]-() REQUIRE r.kind IS UNIQUE", "2 rows of Member HELPS Household have the values of another"),
        ("FOR (n:Member) REQUIRE n.dataset IS UNIQUE", "1 rows of Member have the values of another"),
    ],
)
def test_a_constraint_is_in_the_way_only_if_it_would_refuse_a_row(neo4j_server, neo4j_store, made, said):
    run_by_hand(neo4j_server, f"CREATE CONSTRAINT their_own {made}")
    try:
        if said is None:
            neo4j_store.write(by_hand())
        else:
            with pytest.raises(StoreError, match=said):
                neo4j_store.write(by_hand())
    finally:
        run_by_hand(neo4j_server, "DROP CONSTRAINT their_own")


def test_what_stands_where_graphkit_needs_a_constraint_is_told(own_neo4j):
    with BoltStore(own_neo4j.url, auth=own_neo4j.auth) as store:
        run_by_hand(own_neo4j, "CREATE (:Member {dataset: 'a', id: 'x'}), (:Member {dataset: 'a', id: 'x'})")
        with pytest.raises(StoreError) as caught:  # told as want of disk space before: the server calls it an error of its own
            store.write(by_hand())
        said = caught.value.say("en")
        assert "several nodes of Member have the same dataset and id" in said
        assert "No row was written." in said
        assert "disk" not in said
        shown = re.search(r"See which: (.*?)\. They", said)
        assert shown
        frame = store.run_read(shown[1], {}, timeout_s=10)  # the statement that is told runs, and shows them
        assert frame.to_dict("records") == [{"dataset": "a", "id": "x", "times": 2}]
        run_by_hand(own_neo4j, "MATCH (n:Member) DELETE n")
        run_by_hand(own_neo4j, "CREATE CONSTRAINT graphkit_zone FOR (n:Zone) REQUIRE n.code IS UNIQUE")
        with pytest.raises(StoreError, match=r"(?s)constraint graphkit_zone on Zone \(code\).*needs its name.*要用这个名称"):
            store.write(by_hand())
        run_by_hand(own_neo4j, "DROP CONSTRAINT graphkit_zone")
        run_by_hand(own_neo4j, "CREATE INDEX their_index FOR (n:Zone) ON (n.dataset, n.id)")
        with pytest.raises(StoreError, match=r"(?s)an index of somebody else.*SHOW INDEXES.*No row was written"):
            store.write(by_hand())
        run_by_hand(own_neo4j, "DROP INDEX their_index")
        store.write(by_hand())
        assert store.read() == by_hand()


def test_what_others_keep_there_is_no_slip_of_the_pen(neo4j_server, neo4j_store):
    run_by_hand(neo4j_server, "CREATE (:Shop {turnover: 1})-[:BUYS_AT]->(:Shop)")
    try:
        rows = neo4j_store.query("MATCH (s:Shop)-[:BUYS_AT]->(t:Shop) RETURN s.turnover AS turnover")
        assert rows["turnover"].tolist() == [1]
        with pytest.raises(QueryError, match="no label Shpo; did you mean Shop"):
            neo4j_store.query("MATCH (s:Shpo) RETURN s")
    finally:
        run_by_hand(neo4j_server, "MATCH (s:Shop) DETACH DELETE s")


@pytest.mark.parametrize("place", ["neo4j_server", pytest.param("embedded_server", marks=pytest.mark.embedded)], indirect=True)
def test_a_dataset_that_is_not_there_is_refused_and_one_half_written_too(place, district, monkeypatch):
    store, other = place("one"), place("other")
    store.write(by_hand())
    with pytest.raises(StoreError, match=f"(?s)no dataset '{other.dataset}'.*{store.dataset}.*name one of these"):
        other.query("member_page")
    with pytest.raises(StoreError, match="no dataset 'nope'"):
        store.query("MATCH (m:Member {dataset: $dataset}) RETURN m.id AS id", dataset="nope")
    assert store.query("MATCH (m:Member {dataset: $dataset}) RETURN count(m) AS n")["n"].tolist() == [2]
    with pytest.raises(QueryError, match="no label Membr; did you mean Member"):
        store.query("MATCH (m:Membr) RETURN m.id AS id")
    monkeypatch.setattr(writer, "BATCH_ROWS", 100)
    with pytest.raises(Interrupted):
        other.write(district, progress=stop_after(3))
    with pytest.raises(StoreError, match=f"'{other.dataset}' is half written"):
        store.query("member_page", dataset=other.dataset)
    other.write(Tables({}))


# The same again


def test_the_same_tables_again_are_not_sent_unless_others_changed_them(place, district, request):
    server = request.getfixturevalue(request.node.callspec.params["place"])
    store, seen = place(), []

    def progress(*told: object) -> None:
        seen.append(told)

    assert not store.holds(district)
    store.write(district, progress=progress)
    assert seen
    seen.clear()
    assert store.holds(shuffled(district, 1))
    store.write(shuffled(district, 1), progress=progress)
    assert seen == []
    run_by_hand(server, "MATCH (n:Household {dataset: $d}) WITH n ORDER BY n.id LIMIT 1 SET n.people = 99", d=store.dataset)  # the counts stay
    assert not store.holds(district)
    store.write(district, progress=progress)
    assert seen
    assert store.read() == district


# Encryption on one side alone


@pytest.fixture(scope="module")
def encrypted_neo4j(tmp_path_factory) -> Iterator[Neo4jServer]:
    """A Neo4j that takes encrypted connections alone, with a certificate of its own."""
    if os.environ.get("NEO4J_URL") or not (openssl := shutil.which("openssl")):
        pytest.skip("needs a server of its own and openssl")
    folder = tmp_path_factory.mktemp("certificate")
    files = ["-keyout", folder / "private.key", "-out", folder / "public.crt"]
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *files], check=True, capture_output=True)
    policy = {"enabled": "true", "base_directory": str(folder), "private_key": "private.key", "public_certificate": "public.crt"}
    settings = {"server.bolt.tls_level": "REQUIRED", **{f"dbms.ssl.policy.bolt.{name}": value for name, value in policy.items()}}
    try:
        with run_server("server-5", settings=settings) as server:
            yield server
    except ServerNotHad as reason:
        skip_or_fail(str(reason))


@pytest.mark.parametrize(
    ("scheme", "said"),
    [
        ("bolt", r"(?s)not as Bolt without encryption: if the server asks for encryption, use bolt\+s://127.*bolt\+ssc://127.*没有按不加密"),
        ("neo4j", r"(?s)use neo4j\+s://127.*neo4j\+ssc://127"),
        ("bolt+s", r"(?s)certificate is not trusted.*use bolt\+ssc://127.*证书不受信任"),
    ],
)
def test_a_server_that_asks_for_encryption_is_said_to(encrypted_neo4j, scheme, said, monkeypatch):
    monkeypatch.setattr(connection, "RETRY_SECONDS", 1.0)
    with (
        BoltStore(encrypted_neo4j.url.replace("bolt", scheme, 1), auth=encrypted_neo4j.auth) as store,
        pytest.raises(StoreUnavailable, match=said) as caught,
    ):
        store.read()
    assert "does not answer" not in str(caught.value)


def test_a_server_that_asks_for_encryption_is_read_with_it(encrypted_neo4j):
    with BoltStore(encrypted_neo4j.url.replace("bolt", "bolt+ssc", 1), auth=encrypted_neo4j.auth) as store:
        store.write(by_hand())
        assert store.read() == by_hand()


@pytest.mark.parametrize("scheme", ["bolt+s", "bolt+ssc", "neo4j+s"])
def test_a_server_without_encryption_is_said_to_have_none(neo4j_server, scheme, monkeypatch):
    monkeypatch.setattr(connection, "RETRY_SECONDS", 1.0)
    plain = neo4j_server.url.replace("bolt", scheme.partition("+")[0], 1)
    with (
        BoltStore(neo4j_server.url.replace("bolt", scheme, 1), auth=neo4j_server.auth) as store,
        pytest.raises(StoreUnavailable, match=f"(?s)the server answers, but not encrypted: use {plain}.*没有加密"),
    ):
        store.read()


def pack(value: object) -> bytes:
    """PackStream, as much of it as a greeting needs."""
    if isinstance(value, str):
        return bytes([0xD0, len(value.encode())]) + value.encode()
    if isinstance(value, dict):
        return bytes([0xA0 + len(value)]) + b"".join(pack(k) + pack(v) for k, v in value.items())
    raise TypeError(value)


def greet_as(agent: str, listener: socket.socket) -> None:
    """Answer one client as a Bolt 4.4 server that calls itself `agent`."""
    client, _ = listener.accept()
    with client:
        client.recv(20)
        client.sendall(bytes([0, 0, 4, 4]))
        client.recv(4096)
        message = b"\xb1\x70" + pack({"server": agent, "connection_id": "c1"})
        client.sendall(struct.pack(">H", len(message)) + message + b"\x00\x00")
        client.recv(4096)


def test_a_server_too_old_is_named():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet_as, args=("Neo4j/4.4.38", listener))
        thread.start()
        with (
            BoltStore(f"bolt://127.0.0.1:{listener.getsockname()[1]}", auth=("neo4j", "x")) as store,
            pytest.raises(StoreError, match=r"(?s)Neo4j 4\.4\.38 is too old, 5\.26 or later is needed.*太旧"),
        ):
            store.read()
        thread.join()


def test_something_else_at_the_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(20)
                client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with (
            BoltStore(f"bolt://127.0.0.1:{listener.getsockname()[1]}", auth=("neo4j", "x")) as store,
            pytest.raises(StoreError, match=r"127\.0\.0\.1"),
        ):
            store.read()
        thread.join()


def test_a_server_lost_in_mid_load_back_again_and_then_read_only(own_neo4j: Neo4jServer, district, monkeypatch):
    """A server of the test's own: killed in mid-load, started again, the write repeated; then started read-only."""
    monkeypatch.setattr(writer, "BATCH_ROWS", 100)
    monkeypatch.setattr(connection, "RETRY_SECONDS", 1.0)
    store = BoltStore(own_neo4j.url, auth=own_neo4j.auth)
    batches = itertools.count(1)

    def kill(stage: str, done: int, total: int) -> None:
        if next(batches) == 9:
            own_neo4j.kill()

    with pytest.raises(StoreUnavailable, match=r"(?s)What was written so far is kept: repeat the write.*再写一次"):
        store.write(district, progress=kill)
    own_neo4j.start()
    with pytest.raises(StoreError, match="half written"):
        store.read()
    store.write(district)
    assert store.read() == district

    own_neo4j.stop()
    assert own_neo4j.home
    with (own_neo4j.home / "conf" / "neo4j.conf").open("a") as settings:
        settings.write("server.databases.default_to_read_only=true\n")
    own_neo4j.start()
    store.close()
    with pytest.raises(StoreError, match=r"(?s)read-only: make it writable.*只读"):
        store.write(thinned(district, 1))
    assert store.read() == district
    store.close()


def test_statements_hold_no_values():
    """Every value travels as a parameter: a statement is the same for all data, and made of the schema's words alone."""
    for kind in statements.stored_kinds(MODEL):
        text = statements.load_statement(kind)
        assert not re.search(r"'|\"", text)
        assert set(re.findall(r"\$(\w+)\[i\]", text)) >= set(statements.stored_columns(kind))


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A file system of 200 MB, gone at the end."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if (
        not shutil.which("mount")
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", str(folder)], capture_output=True, check=False).returncode
    ):
        pytest.skip("a small file system cannot be mounted by this user")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_said_and_a_repeated_write_ends_whole(small_disk: Path, monkeypatch):
    """The disk fills in mid-load; once there is room again and the server was restarted, the same call ends in the same graph."""
    if os.environ.get("NEO4J_URL"):
        pytest.skip("NEO4J_URL names a server whose disk a test must not fill")
    monkeypatch.setattr(connection, "RETRY_SECONDS", 1.0)
    tables = Tables({"Household": pa.table({"id": [f"h{n:07d}" for n in range(60_000)], "people": [n % 7 for n in range(60_000)]})})
    settings = {"server.directories.data": str(small_disk), "db.tx_log.preallocate": "false", "db.tx_log.rotation.size": "1m"}
    filler = small_disk / "filler"

    def fill(_stage: str, done: int, _total: int) -> None:
        if done == writer.BATCH_ROWS:
            with contextlib.suppress(OSError), filler.open("wb") as file:
                while True:
                    file.write(bytes(2**20))

    try:
        with run_server("server-5", settings=settings) as server, BoltStore(server.url, auth=server.auth) as store:
            with pytest.raises(StoreError, match=r"(?s)disk.*What was written so far is kept.*磁盘"):
                store.write(tables, progress=fill)
            filler.unlink()
            server.kill()
            server.start()
            with pytest.raises(StoreError, match="half written"):
                store.read()
            store.write(tables)
            assert store.read() == tables
    except ServerNotHad as reason:
        skip_or_fail(str(reason))


# A model of one's own


def schools() -> Tables:
    """One school with a teacher, of kinds that only this model has, and a personal property beside the shipped ones."""
    words = Text("某", "some")
    school = NodeType("School", Text("学校", "school"), words, "id", (Property("id", "string", Text("编号", "id"), words, required=True),))
    teaches = TieType(MODEL.node_type("Member"), "TEACHES_IN", school, "membership", Text("任教", "teaches in"), words, PERIOD, ("since",))
    head = Property("eldest_name", "string", Text("长者姓名", "name of eldest"), words, personal=True)
    model = MODEL.extend(nodes=[school], ties=[teaches], properties={"Household": (head,)})
    rows = {
        **by_hand(),
        "School": pa.table({"id": ["s1", "s2"]}),
        "Member TEACHES_IN School": pa.table({"member_id": ["m1", "m1"], "school_id": ["s1", "s1"], "since": [None, dt.date(2010, 3, 1)]}),
        "Household": pa.table({"id": ["h1"], "eldest_name": ["户主甲"]}),
    }
    return Tables(rows, model=model)


def schools_there(store: BoltStore) -> int:
    frame = store.run_read("MATCH (n:School {dataset: $d}) RETURN count(n) AS n", {"d": store.dataset}, timeout_s=60)
    return int(frame["n"][0])


def test_a_model_of_ones_own_comes_back_and_its_names_may_be_asked_for(place):
    store, tables = place(), schools()
    store.write(tables)
    assert (store.read(), store.read().model) == (tables, tables.model)
    assert store.holds(tables)
    assert not store.holds(Tables(dict(by_hand())))
    asked = store.query("MATCH (:Member {dataset: $dataset})-[t:TEACHES_IN]->(:School) RETURN count(t) AS n", dataset=store.dataset)
    assert asked["n"].tolist() == [2]


def test_personal_properties_of_an_own_model_are_known_whoevers_store_asks(place):
    store, other = place("a"), place("b")
    store.write(schools())
    other.write(by_hand())
    rows = other.query("MATCH (h:Household) WHERE h.eldest_name IS NOT NULL RETURN h.eldest_name AS head, h AS node")
    assert rows.attrs["personal"] == ["head"]
    assert "户主甲" not in str(hide_names(rows).to_dict())


@pytest.mark.parametrize("interrupted", [False, True])
def test_nothing_is_left_of_kinds_that_only_an_earlier_model_had(place, interrupted):
    store = place()
    store.write(schools())
    assert schools_there(store) == 2
    if interrupted:
        with pytest.raises(Interrupted):
            store.write(thinned(by_hand(), 1), progress=stop_after(1))
    store.write(by_hand())
    assert schools_there(store) == 0
    assert store.read() == by_hand()
    assert store.read().model == MODEL


def test_a_ledger_whose_model_cannot_stand_here_is_refused_with_words(place):
    store = place()
    store.write(schools())
    run_by_hand_on(store, "MATCH (g:GraphkitRun {dataset: $d}) SET g.model = $model", model='{"tie": [{"source": "Nobody"}]}')
    with pytest.raises(StoreError, match="cannot place"):
        store.read()
    run_by_hand_on(store, "MATCH (g:GraphkitRun {dataset: $d}) SET g.model = $model", model=json.dumps(declare(schools().model)))
    assert store.read() == schools()


def run_by_hand_on(store: BoltStore, text: str, **parameters: str) -> None:
    with store._connection.session() as session:
        session.run(text, {"d": store.dataset, **parameters}).consume()

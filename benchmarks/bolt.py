"""Rows per second into and out of Neo4j and the embedded engine, beside the loader that everyone writes and neo4j-admin import.

    python benchmarks/bolt.py                  # 200,000 nodes and their ties
    python benchmarks/bolt.py --nodes 1000000 --rounds 1

Needs Maven and Java 17: a throwaway Neo4j 5.26 is started on the loopback address and ended. Its heap is
2 GB from the start, its garbage collector G1, as the vendor's manual advises and its packages are set.

The usual loader is ``UNWIND $rows AS row MERGE … SET n += row`` with the plain driver, the same
properties, 10,000 rows a transaction, a uniqueness constraint, no checks. It runs in a process in which
the driver's accelerated packing cannot be imported, so it is the plain driver, and that is asserted.
graphkit's time holds all it does: every rule of the model checked, the content hashed, constraints,
ledger, provenance, indexes. Time that is for nodes and ties alike is shared by their rows. Each loader
first loads a small district, so that the server's code is warm; "CPU s" is the client's.
"""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from graphkit.data.checks import require_sound
from graphkit.data.tables import Tables
from graphkit.generate import generate_district
from graphkit.model.kinds import MODEL
from graphkit.model.types import NodeType
from graphkit.store.bolt.import_files import import_command, write_import_files
from graphkit.store.bolt.store import BoltStore
from graphkit.store.embedded.engine import EmbeddedEngine
from tests import neo4j_server

NODES_PER_VILLAGE = 240  # measured on generate_district; only used to choose how many villages to ask for
BATCH = 10_000
NODE_TABLES = {kind.table for kind in MODEL.nodes}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--nodes", type=int, default=200_000)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--usual", nargs=3, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.usual:
        print(json.dumps(load_as_usual(*chosen.usual)))
        return
    neo4j_server.JVM_FLAGS = neo4j_server.MEASURED_FLAGS
    tables = with_provenance(generate_district(villages=max(1, chosen.nodes // NODES_PER_VILLAGE), seed=1))
    print(f"{tables.node_count:,} nodes, {tables.tie_count:,} ties")
    print(f"{'store':<10} {'loader':<22} {'nodes/s':>9} {'ties/s':>9} {'wall s':>8} {'CPU s':>7}")
    with tempfile.TemporaryDirectory() as folder, neo4j_server.run_server() as server:
        measure_neo4j(server, tables, Path(folder), chosen.rounds)
        measure_embedded(tables, Path(folder))
        measure_import(tables, Path(folder))


def with_provenance(tables: Tables) -> Tables:
    """Say of every row where it came from, as a loader does."""
    placed = {}
    for name, table in tables.items():
        for column, values in (
            ("source_file", pa.array([f"{name}.csv"] * table.num_rows, pa.string())),
            ("source_row", pa.array(range(2, table.num_rows + 2), pa.int64())),
        ):
            table = table.set_column(table.column_names.index(column), column, values)  # noqa: PLW2901
        placed[name] = table
    return Tables(placed)


def measure_neo4j(server: neo4j_server.Neo4jServer, tables: Tables, folder: Path, rounds: int) -> None:
    usual, ours = [], []
    warm = with_provenance(generate_district(villages=12, seed=2))
    run_usual(server, warm, folder / "warm", "Warm")
    with BoltStore(server.url, auth=server.auth, dataset="warm") as store:
        load_with_graphkit(store, warm)
    for number in range(rounds):
        usual.append(run_usual(server, tables, folder / f"usual{number}", f"Usual{number}"))
        show("Neo4j", "the usual", usual[-1])
        with BoltStore(server.url, auth=server.auth, dataset=f"round{number}") as store:
            ours.append(load_with_graphkit(store, tables))
            show("Neo4j", "graphkit", ours[-1])
            read_back("Neo4j", store, tables)
    best = [max(run[what] for run in ours) / max(run[what] for run in usual) for what in ("nodes", "ties")]
    print(f"{'':<10} {'ratio of the best':<22} {best[0]:>9.2f} {best[1]:>9.2f}")


def measure_embedded(tables: Tables, folder: Path) -> None:
    with EmbeddedEngine(folder / "engine") as engine:
        engine.ensure("warm", lambda: generate_district(villages=12, seed=2))
        served = engine.serve(write=True)
        with BoltStore(served.address, auth=(served.user, served.password), database=served.database, dataset="measured") as store:
            show("embedded", "graphkit", load_with_graphkit(store, tables))
            read_back("embedded", store, tables)


def measure_import(tables: Tables, folder: Path) -> None:
    began, used = time.perf_counter(), time.process_time()
    script = write_import_files(require_sound(tables), folder / "files")
    written, spent = time.perf_counter() - began, time.process_time() - used
    arguments = shlex.split(import_command(script).replace("\\\n", " "))[1:]
    server = neo4j_server.make_home("server-5")
    try:
        began = time.perf_counter()
        server.admin(*(_placed(a, script.parent) for a in arguments))
        imported = time.perf_counter() - began
    finally:
        shutil.rmtree(server.home or "", ignore_errors=True)
    rows = tables.node_count + tables.tie_count
    print(f"{'Neo4j':<10} {'neo4j-admin import':<22} {rows / (written + imported):>14,.0f} rows/s {written + imported:>8.1f} {spent:>7.1f}"
          f"   ({written:.1f} s to check and write the files, {imported:.1f} s to import)")  # fmt: skip


def _placed(argument: str, folder: Path) -> str:
    """An argument whose files are named with their folder."""
    option, found, files = argument.rpartition("=")
    return f"{option}={','.join(f'{folder}/{name}' for name in files.split(','))}" if found and files.endswith(".csv") else argument


def load_with_graphkit(store: BoltStore, tables: Tables) -> dict[str, float]:
    """Check and write; the time before the first batch and after the last is shared by rows."""
    spans = {"nodes": 0.0, "ties": 0.0}
    began, used = time.perf_counter(), time.process_time()
    last: list[float] = []

    def progress(stage: str, _done: int, _total: int) -> None:
        now = time.perf_counter()
        if last:
            spans["nodes" if stage in NODE_TABLES else "ties"] += now - last[0]
        last[:] = [now]

    store.write(require_sound(tables), progress=progress)
    wall = time.perf_counter() - began
    shared = wall - sum(spans.values())
    return rates(tables, spans, shared, wall, time.process_time() - used)


def rates(tables: Tables, spans: dict[str, float], shared: float, wall: float, cpu: float) -> dict[str, float]:
    rows = {"nodes": tables.node_count, "ties": tables.tie_count}
    whole = sum(rows.values())
    return {**{what: rows[what] / (spans[what] + shared * rows[what] / whole) for what in rows}, "wall": wall, "cpu": cpu}


def read_back(place: str, store: BoltStore, tables: Tables) -> None:
    began, used = time.perf_counter(), time.process_time()
    back = store.read()
    wall, cpu = time.perf_counter() - began, time.process_time() - used
    rows = tables.node_count + tables.tie_count
    print(f"{place:<10} {'graphkit, read back':<22} {rows / wall:>14,.0f} rows/s {wall:>8.1f} {cpu:>7.1f}   equal: {back == tables}")


def show(place: str, loader: str, run: dict[str, float]) -> None:
    print(f"{place:<10} {loader:<22} {run['nodes']:>9,.0f} {run['ties']:>9,.0f} {run['wall']:>8.1f} {run['cpu']:>7.1f}", flush=True)


# The loader that everyone writes


def run_usual(server: neo4j_server.Neo4jServer, tables: Tables, folder: Path, prefix: str) -> dict[str, float]:
    folder.mkdir()
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    command = [sys.executable, __file__, "--usual", server.url, str(folder), prefix]
    done = subprocess.run(command, input=" ".join(server.auth), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def load_as_usual(url: str, folder: str, prefix: str) -> dict[str, float]:
    sys.modules["neo4j._rust"] = None  # type: ignore[assignment]  # as if neo4j-rust-ext were not installed
    import neo4j
    from neo4j._codec.packstream import v1

    assert vars(v1)["_rust_pack"] is None
    tables = Tables({kind.table: pq.read_table(Path(folder) / f"{kind.table}.parquet") for kind in MODEL.kinds})
    with neo4j.GraphDatabase.driver(url, auth=tuple(sys.stdin.read().split())) as driver, driver.session() as session:
        for kind in MODEL.nodes:
            session.run(f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{prefix}{kind.label}) REQUIRE n.{kind.key} IS UNIQUE").consume()
        session.run("CALL db.awaitIndexes(300)").consume()
        began, used = time.perf_counter(), time.process_time()
        spans = {}
        for what, kinds in (("nodes", MODEL.nodes), ("ties", MODEL.ties)):
            start = time.perf_counter()
            for kind in kinds:
                text = usual_statement(kind, prefix)
                for rows in batches(tables[kind.table]):
                    session.execute_write(lambda tx, text=text, rows=rows: tx.run(text, rows=rows).consume())
            spans[what] = time.perf_counter() - start
        return rates(tables, spans, 0.0, time.perf_counter() - began, time.process_time() - used)


def batches(table: pa.Table) -> Iterator[list[dict[str, object]]]:
    for start in range(0, table.num_rows, BATCH):
        yield table.slice(start, BATCH).to_pylist()


def usual_statement(kind: object, prefix: str) -> str:
    if isinstance(kind, NodeType):
        return f"UNWIND $rows AS row MERGE (n:{prefix}{kind.label} {{{kind.key}: row.{kind.key}}}) SET n += row"
    source, target = kind.ends  # type: ignore[attr-defined]
    a, b = MODEL.node_type(kind.source), MODEL.node_type(kind.target)  # type: ignore[attr-defined]
    return (
        f"UNWIND $rows AS row MATCH (a:{prefix}{a.label} {{{a.key}: row.{source.name}}}) MATCH (b:{prefix}{b.label} {{{b.key}: row.{target.name}}}) "
        f"MERGE (a)-[r:{kind.name}]->(b) SET r += row"  # type: ignore[attr-defined]
    )


if __name__ == "__main__":
    main()

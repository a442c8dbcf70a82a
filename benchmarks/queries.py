"""Every named query on the embedded engine, on Neo4j and as its Python twin: time, rows, and whether the rows are equal, in one run.

    python benchmarks/queries.py --nodes 100000
    python benchmarks/queries.py --nodes 1000000 --only member_page village_reach
    python benchmarks/queries.py --acheng                            # the example district: the table of parity

Needs Maven and Java 17: a throwaway Neo4j 5.26 with a heap of 2 GB is started on the loopback address and ended.
Seconds are wall time of one call, after one call to warm up if that took less than a second.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import loaders
from graphkit.errors import GraphkitError
from graphkit.generate import generate_district
from graphkit.queries import TIME_LIMIT_S, list_queries, run_query
from graphkit.queries.page import find_twin
from graphkit.resources import find_data
from graphkit.store.bolt.store import BoltStore
from graphkit.store.connect import connect
from tests import neo4j_server

NODES_PER_VILLAGE = 270
DAY = "2012-04-30"  # of the example: a made-up district has its dates around it too


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--nodes", type=int, default=100_000)
    options.add_argument("--acheng", action="store_true")
    options.add_argument("--only", nargs="+", metavar="QUERY", help="these queries alone")
    chosen = options.parse_args()
    if chosen.acheng:
        tables = loaders.load_folder(find_data("examples/acheng"))
    else:
        tables = generate_district(villages=max(2, chosen.nodes // NODES_PER_VILLAGE), seed=1)
    neo4j_server.JVM_FLAGS = neo4j_server.MEASURED_FLAGS
    with tempfile.TemporaryDirectory() as folder, neo4j_server.run_server() as server:
        stores = {"embedded": connect(f"{folder}/d.gk"), "neo4j": BoltStore(server.url, auth=server.auth)}
        for name, store in stores.items():
            seconds, _ = timed(lambda store=store: (store.write(tables), store.query("RETURN 1 AS ready")))  # the engine is filled by the first query
            print(f"{name}: {tables.node_count:,} nodes and {tables.tie_count:,} ties written in {seconds:.1f} s", flush=True)
        print(f"{'query':<32} {'rows':>9} {'twin s':>8} " + " ".join(f"{name + ' s':>11} {'equal':>6}" for name in stores))
        engines = {"embedded": stores["embedded"].engine().run_read, "neo4j": stores["neo4j"].run_read}  # a folder itself would answer by the twin
        for query in list_queries():
            if not chosen.only or query.name in chosen.only:
                compare(query, tables, engines)
        for store in stores.values():
            store.close()


def compare(query, tables, engines) -> None:
    day = {parameter.name: DAY for parameter in query.parameters if parameter.name == "as_of"}
    seconds, wanted = once_warm(lambda: find_twin(query)(tables, **day))
    cells = [f"{query.name:<32} {len(wanted):>9,} {seconds:>8.3f}"]
    for run_read in engines.values():
        try:
            taken, rows = once_warm(lambda run_read=run_read: run_query(run_read, query.name, day, timeout_s=TIME_LIMIT_S))
            cells.append(f"{taken:>11.3f} {'yes' if plain(rows) == plain(wanted) else 'NO':>6}")
        except GraphkitError as error:
            cells.append(f"{type(error).__name__[:11]:>11} {'–':>6}")
    print(" ".join(cells), flush=True)


def plain(rows: pd.DataFrame) -> tuple:
    """Columns and rows as plain values, None for whatever is missing."""
    values = rows.astype(object).where(rows.notna(), None)
    return tuple(rows.columns), [tuple(row) for row in values.itertuples(index=False)]


def timed(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def once_warm(work):
    seconds, result = timed(work)
    return timed(work) if seconds < 1 else (seconds, result)


if __name__ == "__main__":
    main()

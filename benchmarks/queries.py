"""Time of every named query on the embedded engine and on Neo4j, with its Python twin beside it, in one run.

    python benchmarks/queries.py --nodes 100000                     # embedded engine and twins
    NEO4J_URL=bolt://127.0.0.1:7687 python benchmarks/queries.py     # and that server (it is overwritten: dataset "benchmark")

Seconds are wall time of one call after one call to warm up; "–": not run, "> limit": past the time limit.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time

from graphkit import lists
from graphkit.cypher import list_queries
from graphkit.errors import GraphkitError
from graphkit.generate import generate_district
from graphkit.store.connect import connect

NODES_PER_VILLAGE = 240


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--nodes", type=int, default=100_000)
    nodes = options.parse_args().nodes
    tables = generate_district(villages=max(2, nodes // NODES_PER_VILLAGE), seed=1)
    with tempfile.TemporaryDirectory() as folder:
        stores = {"embedded": connect(f"{folder}/d.gk")}
        if url := os.environ.get("NEO4J_URL"):
            stores["neo4j"] = connect(url, dataset="benchmark")
        for name, store in stores.items():
            seconds, _ = timed(lambda store=store: store.write(tables))
            print(f"{name}: {tables.node_count:,} nodes and {tables.tie_count:,} ties written in {seconds:.1f} s")
        print(f"{'query':<42} {'rows':>9} " + " ".join(f"{name:>10}" for name in stores) + f" {'twin':>10}")
        for query in list_queries():
            row = [once_warm(lambda s=store, q=query: s.query(q.name)) for store in stores.values()]
            twin = once_warm(lambda q=query: getattr(lists, f"list_{q.name}")(tables))
            print(f"{query.name:<42} {twin[1] or 0:>9,} " + " ".join(f"{shown:>10}" for shown, _ in [*row, twin]), flush=True)
        for store in stores.values():
            store.close()


def timed(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def once_warm(work) -> tuple[str, int | None]:
    try:
        work()
        seconds, rows = timed(work)
    except GraphkitError as error:
        return f"{type(error).__name__}"[:10], None
    return f"{seconds:.3f}", len(rows)


if __name__ == "__main__":
    main()

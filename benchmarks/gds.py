"""Articulation points, components and sampled betweenness beside Neo4j's Graph Data Science, on the people network.

    python benchmarks/gds.py --nodes 100000

Needs Maven and Java 17: a throwaway Neo4j 5.26 with the GDS plug-in is started on the loopback address and ended.
Seconds are wall time; graphkit runs in this process after one warm-up on a small network, GDS after its projection
(whose own time is shown). Both see the same undirected people network.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

import neo4j
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from graphkit.generate import generate_district
from graphkit.kernels.cutpoints import search_depth_first
from graphkit.network import Network
from graphkit.network.measures import estimate_betweenness, is_cut_point
from tests.neo4j_server import download_jars, make_home

PIVOTS = 1_000
BATCH = 100_000
OPEN = {
    "dbms.security.procedures.unrestricted": "gds.*",
    "dbms.security.procedures.allowlist": "gds.*",
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--nodes", type=int, default=100_000, help="people in the network")
    people = people_network(options.parse_args().nodes)
    print(f"people network: {len(people):,} nodes, {people.tie_count:,} ties; GDS betweenness and graphkit's from {PIVOTS:,} pivots")
    estimate_betweenness(people_network(500), pivots=10)
    is_cut_point(people_network(500))
    own = {
        "cut points": timed(lambda: int(is_cut_point(people).sum())),
        "components": timed(lambda: int((search_depth_first(people.offsets, people.neighbours).parent < 0).sum())),
        "betweenness": timed(lambda: estimate_betweenness(people, pivots=PIVOTS).size and ""),
    }
    server = make_home("server-5", settings=OPEN)
    try:
        for jar in download_jars("gds").glob("*.jar"):
            if not (download_jars("server-5") / jar.name).exists():  # a second copy of a server jar confuses the loader
                shutil.copy(jar, server.home / "plugins")
        server.start()
        with neo4j.GraphDatabase.driver(server.url, auth=server.auth) as driver:
            peer = measure_gds(driver, people)
    finally:
        server.kill()
        shutil.rmtree(server.home, ignore_errors=True)
    print(f"{'':<12} {'graphkit s':>10} {'GDS s':>8} {'ratio':>6}   result")
    for name, (seconds, result) in peer.items():
        mine = own.get(name)
        print(f"{name:<12} {mine[0] if mine else float('nan'):>10.3f} {seconds:>8.2f} "
              f"{seconds / mine[0] if mine else float('nan'):>6.1f}   {mine[1] if mine else ''} {result}")  # fmt: skip


def people_network(nodes: int) -> Network:
    villages = max(2, round(nodes / 36))  # about 36 people a village
    return Network.from_tables(generate_district(villages=villages, seed=1)).project_people()


def measure_gds(driver: neo4j.Driver, people: Network) -> dict[str, tuple[float, object]]:
    def run(text: str, **parameters: object) -> list[neo4j.Record]:
        return driver.execute_query(text, parameters).records

    rows = np.repeat(np.arange(len(people)), np.diff(people.offsets))
    once = rows < people.neighbours
    source, target = rows[once], people.neighbours[once]
    run("CREATE CONSTRAINT IF NOT EXISTS FOR (n:P) REQUIRE n.i IS UNIQUE")
    run("CALL db.awaitIndexes()")
    for first in range(0, len(people), BATCH):
        run("UNWIND range($first, $last - 1) AS i CREATE (:P {i: i})", first=first, last=min(first + BATCH, len(people)))
    for first in range(0, len(source), BATCH):
        run("UNWIND range(0, size($s) - 1) AS k MATCH (a:P {i: $s[k]}), (b:P {i: $t[k]}) CREATE (a)-[:T]->(b)",
            s=source[first : first + BATCH].tolist(), t=target[first : first + BATCH].tolist())  # fmt: skip
    return {
        "projection": timed(lambda: run("CALL gds.graph.project('g', 'P', {T: {orientation: 'UNDIRECTED'}})") and ""),
        "cut points": timed(lambda: run("CALL gds.articulationPoints.stats('g') YIELD articulationPointCount AS n RETURN n")[0]["n"]),
        "components": timed(lambda: run("CALL gds.wcc.stats('g') YIELD componentCount AS n RETURN n")[0]["n"]),
        "betweenness": timed(
            lambda: run("CALL gds.betweenness.stats('g', {samplingSize: $k, samplingSeed: 1}) YIELD computeMillis AS n RETURN n", k=PIVOTS) and ""
        ),
    }


def timed(work) -> tuple[float, object]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


if __name__ == "__main__":
    main()

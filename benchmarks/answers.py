"""Time and memory of load, gaps, bridges and reach by size, with networkx and the floor beside them in the same run.

    python benchmarks/answers.py                     # 5k, 100k and 2M nodes
    python benchmarks/answers.py --nodes 5000 100000

Each step runs in a process of its own, so its peak memory is its own and every first-use cost counts.
"CPU s" is processor time of that process; the ratio is networkx's processor time over graphkit's, where
networkx can do its part within the limit. graphkit's time holds imports, compiling, reading the store and
every column of the finding; networkx's holds its measures alone, on a graph that was built before.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (5_000, 100_000, 2_000_000)
NODES_PER_VILLAGE = 258  # of generate_district at size; only used to choose how many villages to ask for
NETWORKX_LIMIT_S = 900
NETWORKX_UP_TO = {"load": 2_000_000, "bridges": 100_000, "reach": 100_000}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--nodes", type=int, nargs="+", default=SIZES)
    options.add_argument("--without-networkx", action="store_true")
    options.add_argument("--step", help=argparse.SUPPRESS)
    options.add_argument("--folder", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.step:
        print(json.dumps(STEPS[chosen.step](Path(chosen.folder))))
        return
    print(f"{'nodes':>10} {'ties':>11}  {'step':<10} {'wall s':>8} {'CPU s':>8} {'peak MB':>8}  {'networkx CPU s':>14} {'ratio':>7}")
    for nodes in chosen.nodes:
        measure_size(nodes, with_networkx=not chosen.without_networkx)


def measure_size(nodes: int, *, with_networkx: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        size = run_step("make", folder, villages=villages_for(nodes))
        for step in ("load", "gaps", "bridges", "reach", "floor"):
            own = run_step(step, folder)
            peer = None
            if with_networkx and nodes <= NETWORKX_UP_TO.get(step, 0):
                peer = run_step(f"networkx_{step}", folder, limit=NETWORKX_LIMIT_S)
            print(
                f"{size['nodes']:>10,} {size['ties']:>11,}  {step:<10} {own['wall']:>8.2f} {own['cpu']:>8.2f} {own['peak']:>8,.0f}  "
                + (f"{peer['cpu']:>14.2f} {peer['cpu'] / own['cpu']:>7.1f}" if peer else f"{'–':>14} {'–':>7}"),
                flush=True,
            )


def villages_for(nodes: int) -> int:
    return max(1, round(nodes / NODES_PER_VILLAGE))


def run_step(step: str, folder: str, *, villages: int | None = None, limit: float | None = None) -> dict | None:
    if villages is not None:
        (Path(folder) / "villages").write_text(str(villages))
    command = [sys.executable, __file__, "--step", step, "--folder", folder]
    start = time.perf_counter()
    try:
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=limit, text=True)
    except subprocess.TimeoutExpired:
        return None
    return {"whole": time.perf_counter() - start, **json.loads(done.stdout.splitlines()[-1])}


def measured(work) -> dict:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "peak": peak, **(result or {})}


def make(folder: Path) -> dict:
    from graphkit.data.exports import write_folder
    from graphkit.generate import generate_district

    tables = generate_district(villages=int((folder / "villages").read_text()), seed=1)
    write_folder(tables, folder / "csv")
    return {"nodes": tables.node_count, "ties": tables.tie_count}


def load(folder: Path) -> dict:
    def work() -> None:
        import loaders
        from graphkit.store.connect import connect

        connect(folder / "d.gk").write(loaders.load_folder(folder / "csv"))

    return measured(work)


def answer(folder: Path, ask) -> dict:
    def work() -> None:
        from graphkit.store.connect import connect

        ask(connect(folder / "d.gk").read())

    return measured(work)


def gaps(folder: Path) -> dict:
    from datetime import date

    def ask(tables) -> None:
        from graphkit.questions.coverage.find import find_coverage_gaps

        find_coverage_gaps(tables, as_of=date(2012, 4, 30))

    return answer(folder, ask)


def bridges(folder: Path) -> dict:
    from datetime import date

    def ask(tables) -> None:
        from graphkit.network import Network
        from graphkit.questions.bridges.find import find_bridge_figures

        find_bridge_figures(Network.from_tables(tables, as_of=date(2012, 4, 30)))

    return answer(folder, ask)


def reach(folder: Path) -> dict:
    from datetime import date

    def ask(tables) -> None:
        from graphkit.questions.reach.find import find_pairing_reach

        find_pairing_reach(tables, as_of=date(2012, 4, 30))

    return answer(folder, ask)


def floor(folder: Path) -> dict:
    """One gather over all neighbours of the typed network: no kernel can be faster."""
    from graphkit.network import Network
    from graphkit.store.connect import connect

    network = Network.from_tables(connect(folder / "d.gk").read())
    return measured(lambda: {"sum": int(network.offsets[network.neighbours].sum())})


def networkx_load(folder: Path) -> dict:
    """The loader everyone writes: pandas, then a node and an edge at a time, no checks."""

    def work() -> None:
        import networkx as nx
        import pandas as pd

        graph = nx.MultiGraph()
        for path in sorted((folder / "csv").glob("*.csv")):
            rows = pd.read_csv(path, dtype=str).to_dict("records")
            if "_" not in path.stem:
                graph.add_nodes_from((f"{path.stem}/{next(iter(row.values()))}", row) for row in rows)
            else:
                source, _, target = path.stem.partition("_")[0], None, path.stem.rpartition("_")[2]
                graph.add_edges_from((f"{source}/{first}", f"{target}/{second}", row) for row in rows for first, second in [list(row.values())[:2]])

    return measured(work)


def people_graph(folder: Path):
    import networkx as nx

    from graphkit.network import Network
    from graphkit.store.connect import connect

    people = Network.from_tables(connect(folder / "d.gk").read()).project_people()
    return nx.Graph(people.to_networkx())


def networkx_bridges(folder: Path) -> dict:
    """The same measures as find_bridge_figures, less roles, participation and reasons, which networkx has not."""
    import networkx as nx

    graph = people_graph(folder)

    def work() -> None:
        nx.constraint(graph)
        if len(graph) < 20_000:
            nx.effective_size(graph, nodes=list(graph))  # beyond that it asks for tens of GB
        nx.betweenness_centrality(graph, k=min(1_000, len(graph)), normalized=False, seed=0)
        list(nx.articulation_points(graph))

    return measured(work)


def networkx_reach(folder: Path) -> dict:
    """Households within two steps of every member: helped by themselves or by who shares a branch or co-operative with them, or is tied as mentor."""
    from datetime import date

    from graphkit.network import Network
    from graphkit.store.connect import connect

    network = Network.from_tables(connect(folder / "d.gk").read(), as_of=date(2012, 4, 30))
    graph = network.to_networkx(typed=True)

    def work() -> None:
        ties = graph.edges(data="type")
        helped: dict[object, set] = {}
        bodies: dict[object, set] = {}
        for source, target, kind in ties:
            if kind == "Member HELPS Household":
                helped.setdefault(source, set()).add(target)
            elif kind in ("Member BELONGS_TO Branch", "Member WORKS_IN Cooperative"):
                bodies.setdefault(target, set()).add(source)
        colleagues: dict[object, set] = {}
        for people in bodies.values():
            if len(people) <= 50:
                for one in people:
                    colleagues.setdefault(one, set()).update(people)
        for source, target, kind in ties:
            if kind == "Member MENTORS Member":
                colleagues.setdefault(source, set()).add(target)
                colleagues.setdefault(target, set()).add(source)
        for node, kind in graph.nodes(data="kind"):
            if kind == "Member":
                len(set().union(*(helped.get(one, ()) for one in colleagues.get(node, {node}) | {node})))

    return measured(work)


STEPS = {function.__name__: function for function in (make, load, gaps, bridges, reach, floor, networkx_load, networkx_bridges, networkx_reach)}

if __name__ == "__main__":
    main()

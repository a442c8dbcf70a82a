"""The whole job at several sizes: raw read, load, gaps, bridges, reach, plan and map, with peers and the floor beside them in the same run.

    python benchmarks/answers.py                              # 100k and 2M nodes
    python benchmarks/answers.py --nodes 100000 2000000 10000000 --page    # and writes the tables of docs/benchmarks.md

Each step runs in a process of its own, so its peak memory is its own and every first-use cost counts: imports, compiling, reading the
store, every column of the finding. "CPU s" is processor time of that process. "sweeps" are that time over the floor: one gather over all
neighbours of the network, which no measure can go below. A peer does its measures alone, on what was built before; its ratio is its time
over graphkit's, so above 1 graphkit is faster. The exponent says how a step grows: CPU seconds as a power of nodes and ties, from the second largest size to the
largest, as at small ones fixed costs hide it.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from peers import networkit_work, rustworkx_work

SIZES = (100_000, 2_000_000)
NODES_PER_VILLAGE = 258  # of generate_district at size; only used to choose how many villages to ask for
PEER_LIMIT_S = 900
OWN = ("raw", "load", "gaps", "bridges", "reach", "plan", "map", "floor")
PEERS = {("networkx", "load"): 2_000_000, ("networkx", "bridges"): 20_000, ("networkx", "reach"): 100_000, ("igraph", "bridges"): 2_000_000,
         ("rustworkx", "bridges"): 2_000_000, ("networkit", "bridges"): 200_000,
         ("duckdb", "gaps"): 10**9}  # up to how many nodes each is asked  # fmt: skip
DOCS = Path(__file__).resolve().parent.parent / "docs"


@dataclass(frozen=True)
class Measured:
    """One step at one size, and its peers by name."""

    nodes: int
    ties: int
    step: str
    wall: float
    cpu: float
    peak: float  # MB
    disk: float  # MB written, 0 where nothing is
    peers: dict[str, float | None]  # CPU s; None where it did not end in time


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--nodes", type=int, nargs="+", default=SIZES)
    options.add_argument("--without-peers", action="store_true")
    options.add_argument("--page", action="store_true", help="write the tables of docs/benchmarks.md and its Chinese twin")
    options.add_argument("--step", help=argparse.SUPPRESS)
    options.add_argument("--folder", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.step:
        print(json.dumps(STEPS[chosen.step](Path(chosen.folder))))
        return
    measured: list[Measured] = []
    for nodes in chosen.nodes:
        measured += measure_size(nodes, with_peers=not chosen.without_peers)
    print("\n".join(["", *lay_out(measured, "en"), "", *lay_out_growth(measured, "en")]))
    if chosen.page:
        for lang, page in (("en", DOCS / "benchmarks.md"), ("zh", DOCS / "benchmarks.zh.md")):
            tables = "\n".join([machine(lang), "", *lay_out(measured, lang), "", *lay_out_growth(measured, lang)])
            text = page.read_text("utf-8")
            page.write_text(re.sub(r"(?s)(<!-- measured -->\n).*(<!-- /measured -->)", rf"\g<1>\n{tables}\n\n\g<2>", text), "utf-8")


def measure_size(nodes: int, *, with_peers: bool) -> list[Measured]:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        size = run_step("make", folder, villages=villages_for(nodes))
        for step in OWN:
            own = run_step(step, folder)
            asked = [name for (name, of), most in PEERS.items() if with_peers and of == step and nodes <= most]
            peers = {name: (run_step(f"{name}_{step}", folder, limit=PEER_LIMIT_S) or {}).get("cpu") for name in asked}
            found.append(Measured(size["nodes"], size["ties"], step, own["wall"], own["cpu"], own["peak"], own.get("disk", 0), peers))
            print(
                f"{size['nodes']:>10,} {step:<8} {own['wall']:>8.2f} s wall {own['cpu']:>8.2f} CPU s {own['peak']:>8,.0f} MB {peers or ''}",
                flush=True,
            )
    return found


# The tables


NAMES = {
    "raw": ("只读 CSV（pyarrow）", "the CSV read alone (pyarrow)"), "load": ("装入并检查、写入存储", "load, checked and stored"), "gaps": ("覆盖缺口", "coverage gaps"),
    "bridges": ("桥梁人物", "bridge figures"), "reach": ("结对覆盖", "pairing reach"), "plan": ("补缺方案", "plan of new bodies"), "map": ("三问并画图", "the three answers and the map"),
    "floor": ("底线：一次邻居遍历", "floor: one gather of neighbours"),
}  # fmt: skip
HEADINGS = {
    "zh": ("节点 / 关系", "步骤", "CPU 秒", "墙钟秒", "内存峰值", "写出", "遍历次数", "对照（CPU 秒，倍数）"),
    "en": ("nodes / ties", "step", "CPU s", "wall s", "peak memory", "written", "sweeps", "peers (CPU s, ratio)"),
}


def lay_out(measured: list[Measured], lang: str) -> list[str]:
    """A table of all steps, in Markdown."""
    floors = {one.nodes: one.cpu for one in measured if one.step == "floor"}
    raw = {one.nodes: one.cpu for one in measured if one.step == "raw"}
    lines = [f"| {' | '.join(HEADINGS[lang])} |", "|" + "--|" * len(HEADINGS[lang])]
    for one in measured:
        peers = {**({"pyarrow": raw[one.nodes]} if one.step == "load" else {}), **one.peers}
        told = "；".join(tell_peer(*peer, one.cpu, lang) for peer in peers.items()) if lang == "zh" else "; ".join(
            tell_peer(*peer, one.cpu, lang) for peer in peers.items())  # fmt: skip
        disk = f"{one.disk:,.1f} MB" if one.disk else ""
        sweeps = f"{one.cpu / floors[one.nodes]:,.0f}" if one.step not in ("raw", "floor") else ""
        name = NAMES[one.step][lang == "en"]
        lines.append(
            f"| {one.nodes:,} / {one.ties:,} | {name} | {one.cpu:.2f} | {one.wall:.2f} | {one.peak / 1024:.2f} GB | {disk} | {sweeps} | {told} |"
        )
    return lines


def tell_peer(name: str, cpu: float | None, own: float, lang: str) -> str:
    if cpu is None:
        return f"{name}：{PEER_LIMIT_S} 秒内未完成" if lang == "zh" else f"{name}: not done in {PEER_LIMIT_S} s"
    return f"{name} {cpu:.2f}，{cpu / own:.2g}×" if lang == "zh" else f"{name} {cpu:.2f}, {cpu / own:.2g}×"


def lay_out_growth(measured: list[Measured], lang: str) -> list[str]:
    """The exponent of each step from the second largest size to the largest; smaller ones have more of fixed costs in them, which would make it less."""
    sizes = sorted({one.nodes for one in measured})[-2:]
    if len(sizes) < 2:
        return []
    lines = ["| 步骤 | 增长指数 |" if lang == "zh" else "| step | exponent |", "|--|--|"]
    for step in OWN:
        less, more = sorted((one for one in measured if one.step == step and one.nodes in sizes), key=lambda one: one.nodes)
        slope = math.log(more.cpu / less.cpu) / math.log((more.nodes + more.ties) / (less.nodes + less.ties))
        lines.append(f"| {NAMES[step][lang == 'en']} | {slope:.2f} |")
    return lines


def machine(lang: str) -> str:
    """What it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load, day = os.getloadavg()[0], time.strftime("%Y-%m-%d")
    if lang == "zh":
        return f"{day}，{os.cpu_count()} 核，内存 {memory:.0f} GB，Python {platform.python_version()}；测完时系统负载 {load:.1f}。"
    return f"{day}, {os.cpu_count()} cores, {memory:.0f} GB of memory, Python {platform.python_version()}; load of the machine at the end {load:.1f}."


# The steps


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


def raw(folder: Path) -> dict:
    def work() -> None:
        import pyarrow.csv

        for path in sorted((folder / "csv").glob("*.csv")):
            pyarrow.csv.read_csv(path)

    return measured(work)


def load(folder: Path) -> dict:
    def work() -> dict:
        import loaders
        from graphkit.store.connect import connect

        connect(folder / "d.gk").write(loaders.load_folder(folder / "csv"))
        return {"disk": sum(path.stat().st_size for path in (folder / "d.gk").rglob("*.parquet")) / 1e6}

    return measured(work)


def answer(folder: Path, ask) -> dict:
    def work() -> dict | None:
        from graphkit.store.connect import connect

        return ask(connect(folder / "d.gk").read(places=False))

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


def plan(folder: Path) -> dict:
    """The greedy plan; how long the proof of an optimum takes is in benchmarks/plans.py."""
    from datetime import date

    def ask(tables) -> None:
        from graphkit.questions.plans.select import select_covering_set

        select_covering_set(tables, as_of=date(2012, 4, 30), seconds=0.0)

    return answer(folder, ask)


def map(folder: Path) -> dict:  # noqa: A001 - the name of the step
    """The three answers and the file with all of them: what `graphkit map` does."""
    from datetime import date

    def ask(tables) -> dict:
        from graphkit.network import Network
        from graphkit.questions.bridges.find import find_bridge_figures
        from graphkit.questions.coverage.find import find_coverage_gaps
        from graphkit.questions.reach.find import find_pairing_reach
        from graphkit.show.map.write import write_map

        day = date(2012, 4, 30)
        bridges = find_bridge_figures(Network.from_tables(tables, as_of=day))
        findings = [find_coverage_gaps(tables, as_of=day), bridges, find_pairing_reach(tables, as_of=day)]
        return {"disk": write_map(tables, findings, folder / "map.html").stat().st_size / 1e6}

    return answer(folder, ask)


def floor(folder: Path) -> dict:
    """One gather over all neighbours of the typed network: no kernel can be faster."""
    from graphkit.network import Network
    from graphkit.store.connect import connect

    network = Network.from_tables(connect(folder / "d.gk").read(places=False))
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

    people = Network.from_tables(connect(folder / "d.gk").read(places=False)).project_people()
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


def igraph_bridges(folder: Path) -> dict:
    """Constraint, cut points, components and betweenness from 1,000 people, on one thread; it has no roles, intervals or reasons."""
    import igraph
    import numpy as np

    from graphkit.network import Network
    from graphkit.store.connect import connect

    people = Network.from_tables(connect(folder / "d.gk").read(places=False)).project_people()
    starts = np.repeat(np.arange(len(people.offsets) - 1), np.diff(people.offsets))
    graph = igraph.Graph(len(people.offsets) - 1, np.column_stack([starts, people.neighbours])[starts < people.neighbours])

    def work() -> None:
        graph.constraint()
        graph.betweenness(directed=False, sources=range(0, graph.vcount(), max(1, graph.vcount() // 1_000)))
        graph.articulation_points()
        graph.connected_components()

    return measured(work)


def rustworkx_bridges(folder: Path) -> dict:
    return measured(rustworkx_work(folder))


def networkit_bridges(folder: Path) -> dict:
    return measured(networkit_work(folder))


def duckdb_gaps(folder: Path) -> dict:
    """One rule of the many by hand in SQL: co-operatives with three full members or more that have no body of their own."""

    def work() -> None:
        import duckdb

        at = next((folder / "d.gk").glob("data-*"))
        for name in ("Cooperative", "Member", "Member WORKS_IN Cooperative", "Branch SERVES Cooperative"):
            duckdb.sql(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{at / name.replace(' ', '_')}.parquet')")
        duckdb.sql("""
            SELECT c.id, count(DISTINCT m.id) AS members FROM "Cooperative" c
            JOIN "Member WORKS_IN Cooperative" w ON w.cooperative_id = c.id JOIN "Member" m ON m.id = w.member_id AND m.stage = 'full'
            WHERE c.id NOT IN (SELECT cooperative_id FROM "Branch SERVES Cooperative") GROUP BY c.id HAVING members >= 3
        """).to_arrow_table()

    return measured(work)


def networkx_reach(folder: Path) -> dict:
    """Households within two steps of every member: helped by themselves or by who shares a branch or co-operative with them, or is tied as mentor."""
    from datetime import date

    from graphkit.network import Network
    from graphkit.store.connect import connect

    network = Network.from_tables(connect(folder / "d.gk").read(places=False), as_of=date(2012, 4, 30))
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


STEPS = {
    function.__name__: function
    for function in (
        *(make, raw, load, gaps, bridges, reach, plan, map, floor),
        *(networkx_load, networkx_bridges, networkx_reach, igraph_bridges, rustworkx_bridges, networkit_bridges, duckdb_gaps),
    )
}

if __name__ == "__main__":
    main()

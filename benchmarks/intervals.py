"""How often does the interval of sampled betweenness hold the exact value? Over kinds of networks, of all people and of the top hundredth.

    python benchmarks/intervals.py [--people 4000] [--seeds 20] [--pivots 100 300 1000] [--others]

Prints a Markdown table; ``--others``: of networks that had no part in choosing how the error is told. Counted are people on any path whose value is an estimate; half widths are medians, as shares of the exact value.
"""  # fmt: skip

from __future__ import annotations

import argparse
from collections.abc import Iterator

import networkx as nx
import numpy as np

from graphkit import Network
from graphkit.generate import generate_district
from graphkit.network.between import measure_betweenness
from graphkit.network.holding import Carriers, keep_holding, part_carriers


def two_mode(people: int, bodies: int, rng: np.random.Generator, *, power: float) -> nx.Graph:
    """People in one to four bodies drawn by weights rank ** -power: even at 0, a few hubs above 1."""
    weights = np.arange(1, bodies + 1, dtype=float) ** -power
    graph = nx.Graph()
    for person in range(people):
        several = min(int(rng.geometric(0.6)), 4)
        drawn = rng.choice(bodies, several, replace=False, p=weights / weights.sum())
        graph.add_edges_from((f"m{person}", f"b{body}", {"type": "Member BELONGS_TO Branch"}) for body in drawn)
    nx.set_node_attributes(graph, {node: "Branch" if node[0] == "b" else "Member" for node in graph}, "kind")
    return graph


def families(people: int) -> Iterator[tuple[str, Carriers]]:
    """Networks of each kind."""
    rng = np.random.default_rng(1)
    district = generate_district(villages=max(people // 12, 4), seed=1)
    yield "village-like, two-mode", part_carriers(keep_holding(Network.from_tables(district)))
    for name, power in (("random, two-mode", 0.0), ("hub-dominated, two-mode", 1.2), ("stronger hubs, two-mode", 1.5)):
        yield name, part_carriers(keep_holding(Network.from_networkx(two_mode(people, people // 8, rng, power=power))))
    for name, graph in (
        ("small world", nx.watts_strogatz_graph(people, 6, 0.05, seed=1)),
        ("hub-dominated", nx.barabasi_albert_graph(people, 2, seed=1)),
        ("random", nx.gnm_random_graph(people, 2 * people, seed=1)),
        ("ring of cliques of six", nx.ring_of_cliques(people // 6, 6)),
        ("caves of six in a ring", nx.connected_caveman_graph(people // 6, 6)),
    ):
        yield name, part_carriers(Network.from_networkx(graph))


def others(people: int) -> Iterator[tuple[str, Carriers]]:
    """Networks of other densities and sizes of body, stronger and weaker hubs, and as regular as can be."""
    rng = np.random.default_rng(77)
    for fewer, power in ((15, 0.0), (5, 0.8), (10, 1.35), (20, 1.2), (5, 1.5), (8, 1.8)):
        parts = part_carriers(keep_holding(Network.from_networkx(two_mode(people, people // fewer, rng, power=power))))
        yield f"two-mode, {people // fewer} bodies, power {power}", parts
    joined = nx.disjoint_union(nx.watts_strogatz_graph(people // 2, 6, 0.1, seed=9), nx.barabasi_albert_graph(people // 2, 2, seed=9))
    joined.add_edge(0, people // 2)
    for name, graph in (
        ("small world, 8 contacts, .01", nx.watts_strogatz_graph(people, 8, 0.01, seed=4)),
        ("small world, 4 contacts, .2", nx.watts_strogatz_graph(people, 4, 0.2, seed=4)),
        ("hub-dominated, 3 each", nx.barabasi_albert_graph(people, 3, seed=8)),
        ("hub-dominated tree", nx.barabasi_albert_graph(people, 1, seed=8)),
        ("random, 10 contacts", nx.gnm_random_graph(people, 5 * people, seed=8)),
        ("random, 2.4 contacts", nx.gnm_random_graph(people, people * 6 // 5, seed=8)),
        ("two networks joined by a tie", joined),
        *((f"ring of cliques of {size}", nx.ring_of_cliques(people // size, size)) for size in (4, 9, 30)),
        *((f"caves of {size} in a ring", nx.connected_caveman_graph(people // size, size)) for size in (3, 9)),
        ("grid", nx.convert_node_labels_to_integers(nx.grid_2d_graph(50, people // 50))),
        ("torus", nx.convert_node_labels_to_integers(nx.grid_2d_graph(50, people // 50, periodic=True))),
        ("cycle", nx.cycle_graph(people)),
        ("balanced tree", nx.full_rary_tree(3, people)),
    ):
        yield name, part_carriers(Network.from_networkx(graph))


def measure(parts: Carriers, pivots: int, seeds: int) -> list[float]:
    """Share of the 95 % intervals that hold the exact value, of all on any path and of the first hundredth; and the median half width of both."""
    exact = measure_betweenness(parts.offsets, parts.neighbours, counted=parts.people, pivots=10**9).scores[parts.people]
    held: list[list[float]] = []
    for seed in range(seeds):
        drawn = measure_betweenness(parts.offsets, parts.neighbours, counted=parts.people, pivots=pivots, seed=seed)
        scores, error = drawn.scores[parts.people], drawn.error[parts.people]
        sampled = (error != 0) & (exact > 0)
        if not sampled.any():
            break
        first = sampled & (exact >= np.quantile(exact[sampled], 0.99))
        holds = np.abs(scores - exact) <= np.nan_to_num(error) + 1e-6
        held.append([told for group in (sampled, first) for told in (holds[group].mean(), np.nanmedian(error[group] / exact[group]))])
    return np.mean(held, axis=0).tolist() if held else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=4000)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--pivots", type=int, nargs="+", default=[100, 300, 1000])
    parser.add_argument("--others", action="store_true")
    asked = parser.parse_args()
    print("| network | people | pivots | all hold | half width | first hundredth hold | half width |\n| -- | --: | --: | --: | --: | --: | --: |")
    for name, parts in (others if asked.others else families)(asked.people):
        for pivots in asked.pivots:
            shares = " | ".join(f"{share:.2f}" for share in measure(parts, pivots, asked.seeds)) or "all exact | | | "
            print(f"| {name} | {int(parts.people.sum()):,} | {pivots:,} | {shares} |", flush=True)


if __name__ == "__main__":
    main()

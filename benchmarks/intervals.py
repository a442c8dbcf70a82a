"""How often does the interval of sampled betweenness hold the exact value? Over kinds of networks, of all people and of the top hundredth.

    python benchmarks/intervals.py [--people 4000] [--seeds 20] [--pivots 100 300 1000]

Prints a Markdown table. Counted are people on any path whose value is an estimate; half widths are medians, as shares of the exact value.
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
    for name, power in (("random, two-mode", 0.0), ("hub-dominated, two-mode", 1.2)):
        yield name, part_carriers(keep_holding(Network.from_networkx(two_mode(people, people // 8, rng, power=power))))
    for name, graph in (
        ("small world", nx.watts_strogatz_graph(people, 6, 0.05, seed=1)),
        ("hub-dominated", nx.barabasi_albert_graph(people, 2, seed=1)),
        ("random", nx.gnm_random_graph(people, 2 * people, seed=1)),
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
    asked = parser.parse_args()
    print("| network | people | pivots | all hold | half width | first hundredth hold | half width |\n| -- | --: | --: | --: | --: | --: | --: |")
    for name, parts in families(asked.people):
        for pivots in asked.pivots:
            shares = " | ".join(f"{share:.2f}" for share in measure(parts, pivots, asked.seeds)) or "all exact | | | "
            print(f"| {name} | {int(parts.people.sum()):,} | {pivots:,} | {shares} |", flush=True)


if __name__ == "__main__":
    main()

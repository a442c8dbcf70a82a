"""Structural holes of a district of about a million ties: graphkit's two-mode measures and its one-mode ones, and igraph's constraint, in one run.

    python benchmarks/holes.py

"CPU s" is processor time of this process, the best of three, after compiling. igraph gives constraint alone; graphkit gives constraint,
effective size, efficiency and hierarchy.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import igraph

from graphkit import Network, generate_district, measure_two_mode_holes
from graphkit.network.measures import measure_holes

VILLAGES = 1_600  # about 400,000 nodes and 1,000,000 ties


def best_of_three(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--villages", type=int, default=VILLAGES)
    net = Network.from_tables(generate_district(villages=options.parse_args().villages, seed=1))
    rows = net.rows()
    once = rows < net.neighbours
    graph = igraph.Graph(len(net), list(zip(rows[once].tolist(), net.neighbours[once].tolist(), strict=True)))
    graph.es["weight"] = net.weights[once].tolist()
    print(f"{len(net):,} nodes, {net.tie_count:,} ties")
    peer = best_of_three(lambda: graph.constraint(weights="weight"))
    for name, work in {"two-mode": lambda: measure_two_mode_holes(net), "one-mode": lambda: measure_holes(net)}.items():
        own = best_of_three(work)
        print(f"{name}: {own:.2f} CPU s; igraph's constraint {peer:.2f} CPU s; ratio {peer / own:.1f}", flush=True)


if __name__ == "__main__":
    main()

"""rustworkx and networkit beside graphkit's bridge figures, for `answers.py`: their measures alone, on a graph that was built before, one thread.

Neither has constraint, effective size, roles, intervals or reasons. rustworkx has no betweenness from a sample: exact betweenness of every
person is asked of it up to `MOST_EXACT` people, and not beyond.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

MOST_EXACT = 5_000  # people, of whom exact betweenness still ends
PIVOTS = 1_000


def rustworkx_work(folder: Path) -> Callable[[], dict]:
    """Components, cut points and core numbers; exact betweenness of few people."""
    os.environ["RAYON_NUM_THREADS"] = "1"
    import rustworkx

    people, starts, ends = people_ties(folder)
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(people))
    graph.add_edges_from_no_data(list(zip(starts.tolist(), ends.tolist(), strict=True)))

    def work() -> dict:
        components = rustworkx.number_connected_components(graph)
        cuts = len(rustworkx.articulation_points(graph))
        core = max(rustworkx.core_number(graph).values(), default=0)
        if people <= MOST_EXACT:
            rustworkx.betweenness_centrality(graph, normalized=False)
        return {"components": components, "cut_points": cuts, "core": core}

    return work


def networkit_work(folder: Path) -> Callable[[], dict]:
    """Components, cut points (nodes of two blocks or more), core numbers, and betweenness from 1,000 pivots."""
    import networkit
    import numpy as np

    networkit.setNumberOfThreads(1)
    people, starts, ends = people_ties(folder)
    graph = networkit.Graph(people)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        graph.addEdge(start, end)

    def work() -> dict:
        components = networkit.components.ConnectedComponents(graph).run().numberOfComponents()
        blocks = networkit.components.BiconnectedComponents(graph).run().getComponents()
        cuts = int((np.bincount(np.concatenate([np.array(block) for block in blocks] or [np.zeros(0, int)]), minlength=people) > 1).sum())
        core = networkit.centrality.CoreDecomposition(graph).run().maxCoreNumber()
        networkit.centrality.EstimateBetweenness(graph, min(PIVOTS, people)).run()
        return {"components": components, "cut_points": cuts, "core": core}

    return work


def people_ties(folder: Path):
    """People, and both ends of each tie between two of them, once."""
    import numpy as np

    from graphkit.network import Network
    from graphkit.store.connect import connect

    people = Network.from_tables(connect(folder / "d.gk").read(places=False)).project_people()
    count = len(people.offsets) - 1
    starts = np.repeat(np.arange(count), np.diff(people.offsets))
    once = starts < people.neighbours
    return count, starts[once], people.neighbours[once]

"""What is lost with a node: against brute force on small networks of people, bodies and households, and networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphkit.kernels.losses import count_groups, grow_losses, weigh_losses
from graphkit.network import Network
from graphkit.network.holding import part_carriers
from graphkit.network.measures import estimate_betweenness


@st.composite
def districts(draw):
    """People p, bodies b and households h; ties at random, between people and bodies, people, and households and either."""
    people, bodies, homes = draw(st.integers(1, 7)), draw(st.integers(0, 5)), draw(st.integers(0, 5))
    graph = nx.Graph()
    graph.add_nodes_from([f"p{i}" for i in range(people)], kind="Member")
    graph.add_nodes_from([f"b{i}" for i in range(bodies)], kind="Branch")
    graph.add_nodes_from([f"h{i}" for i in range(homes)], kind="Household")
    for node in graph:
        if draw(st.booleans()):
            graph.nodes[node]["village"] = draw(st.sampled_from("xyz"))
    active = [node for node in graph if node[0] != "h"]
    for node in graph:
        for other in draw(st.lists(st.sampled_from(active), max_size=3)):
            if node != other:
                graph.add_edge(node, other, type="Member MENTORS Member")  # only the kinds of the ends matter here
    return graph


def brute_losses(graph: nx.Graph, lost: str) -> dict[str, object]:
    """By removing the node: everything outside the piece with most people; households are cut off with the last that they hang on."""
    carriers = graph.subgraph([n for n in graph if n[0] != "h"])
    part = nx.node_connected_component(carriers, lost)
    pieces = list(nx.connected_components(carriers.subgraph(part - {lost})))
    peopled = [node for node in carriers if any(other[0] == "p" for other in nx.node_connected_component(carriers, node))]
    homes = [h for h in graph if h[0] == "h" and set(graph[h]) & set(peopled) and set(graph[h]) & set(peopled) <= part]

    def people(piece):
        return sum(node[0] == "p" for node in piece)

    def weight(piece):
        inside = sum(set(graph[h]) & set(peopled) <= piece for h in homes)
        return people(piece), inside, len(piece), sum(node[0] == "b" for node in piece)

    best = max(pieces, key=weight, default=set())
    stays = best if people(best) else set()
    fallen = [node for node in part - {lost} if node not in stays]
    cut_homes = [h for h in homes if not set(graph[h]) & stays]
    if not people(part):
        fallen, cut_homes = [], []
    total = sum(map(people, pieces))
    gone = [node for node in fallen if node[0] == "p"] + cut_homes
    return {
        "nodes": len(fallen), "people": sum(n[0] == "p" for n in fallen), "bodies": sum(n[0] == "b" for n in fallen), "homes": len(cut_homes),
        "kept": people(stays), "pairs": (total**2 - sum(people(p) ** 2 for p in pieces)) / 2, "pieces": len(pieces),
        "villages": len({graph.nodes[n]["village"] for n in gone if "village" in graph.nodes[n]}), "tied": sum(people(p) == people(best) for p in pieces) > 1,
    }  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(districts())
def test_losses_equal_brute_force(graph):
    network = Network.from_networkx(graph, groups=("village",))
    parts = part_carriers(network)
    bodies = ~parts.people
    tree = grow_losses(parts.offsets, parts.neighbours, parts.people)
    losses = weigh_losses(tree, parts.people, parts.ends, [np.ones(len(bodies), np.int64), parts.people.astype(np.int64), bodies.astype(np.int64)])
    codes = network.groups["village"].codes if "village" in network.groups else np.full(len(network), -1, np.int32)
    villages = count_groups(losses, codes[parts.nodes], codes[parts.end_nodes], parts.people)
    for place, node in enumerate(parts.nodes):
        name = network.ids[node]
        expected = brute_losses(graph, name)
        assert losses.pairs[place] == expected["pairs"], name
        assert losses.pieces[place] == expected["pieces"], name
        if not expected["tied"]:
            got = [*(int(total[place]) for total in losses.weighed), int(losses.ends[place]), int(losses.kept_people[place]), int(villages[place])]
            assert got == [expected[key] for key in ("nodes", "people", "bodies", "homes", "kept", "villages")], name
        elif name[0] == "p":
            assert int(losses.weighed[1][place]) == expected["people"], name


@settings(deadline=None, max_examples=300)
@given(districts())
def test_betweenness_of_pairs_of_people_equals_networkx(graph):
    people = [node for node in graph if node[0] == "p"]
    expected = nx.betweenness_centrality_subset(graph, people, people)
    got = estimate_betweenness(Network.from_networkx(graph), kind="Member")
    assert got["betweenness"].to_dict() == pytest.approx(expected, abs=1e-9)
    assert (got["error"] == 0).all()

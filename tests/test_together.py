"""Several nodes together, and currents: against brute force on all small networks drawn, networkx and hand."""

from itertools import combinations, permutations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit import Network, ParameterError, score_current_flow_betweenness, score_set_betweenness


@st.composite
def graphs(draw, most=8, *, directed=False):
    n = draw(st.integers(1, most))
    graph = nx.gnp_random_graph(n, draw(st.sampled_from([0.15, 0.3, 0.5, 0.8])), seed=draw(st.integers(0, 999)), directed=directed)
    nx.set_node_attributes(graph, {v: draw(st.sampled_from(["east", "west", None])) for v in graph}, "village")
    return graph


def by_paths(graph, chosen, pairs) -> float:
    """The definition, path by path."""
    total = 0.0
    for s, t in pairs:
        if nx.has_path(graph, s, t):
            paths = list(nx.all_shortest_paths(graph, s, t))
            total += sum(bool(set(path) & set(chosen)) for path in paths) / len(paths)
    return total


@given(graphs(), st.integers(1, 5), st.integers(0, 99))
def test_a_set_is_on_the_paths_that_meet_any_of_it(graph, size, seed):
    chosen = np.random.default_rng(seed).permutation(len(graph))[:size].tolist()
    others = [v for v in graph if v not in chosen]
    assert score_set_betweenness(Network.from_networkx(graph), chosen) == pytest.approx(by_paths(graph, chosen, combinations(others, 2)))


@pytest.mark.filterwarnings("ignore:The graph was directed")
@given(graphs(directed=True), st.integers(1, 5), st.integers(0, 99))
def test_a_set_in_a_directed_network(graph, size, seed):
    chosen = np.random.default_rng(seed).permutation(len(graph))[:size].tolist()
    others = [v for v in graph if v not in chosen]
    got = score_set_betweenness(Network.from_networkx(graph), chosen, directed=True)
    assert got == pytest.approx(by_paths(graph, chosen, permutations(others, 2)))


@given(graphs(), st.integers(1, 4), st.integers(0, 99))
def test_within_groups_only_pairs_of_one_known_group_count(graph, size, seed):
    village = nx.get_node_attributes(graph, "village")
    if not any(village.values()):
        return
    chosen = np.random.default_rng(seed).permutation(len(graph))[:size].tolist()
    pairs = [(s, t) for s, t in combinations([v for v in graph if v not in chosen], 2) if village[s] and village[s] == village[t]]
    assert score_set_betweenness(Network.from_networkx(graph), chosen, within="village") == pytest.approx(by_paths(graph, chosen, pairs))


def test_one_node_as_a_set_has_its_own_betweenness():
    graph = nx.karate_club_graph()
    expected = nx.betweenness_centrality(graph, normalized=False)
    network = Network.from_networkx(graph)
    assert [score_set_betweenness(network, [v]) for v in (0, 33, 11)] == pytest.approx([expected[v] for v in (0, 33, 11)])


def test_the_bridge_of_the_kite():
    """Krackhardt 1990: Heather has .389 of 36 pairs, as in networkx's tests. With Fernando and Garth she has the 5 × 2 between kite and tail; the five meet by others."""
    network = Network.from_networkx(nx.krackhardt_kite_graph())
    assert score_set_betweenness(network, [7]) / 36 == pytest.approx(0.389, abs=5e-4)
    assert score_set_betweenness(network, [5, 6, 7]) == 10.0


def test_what_is_no_set_is_refused():
    network = Network.from_networkx(nx.path_graph(3))
    for nodes in ([], "0", 1):
        with pytest.raises(ParameterError, match="one node and more"):
            score_set_betweenness(network, nodes)
    with pytest.raises(ParameterError, match="1 of these ids"):
        score_set_betweenness(network, [0, 9])
    with pytest.raises(ParameterError):
        score_set_betweenness(network, [0], within="village")


def by_kirchhoff(graph: nx.Graph) -> list[float]:
    """Every pair by itself: the potentials by least squares, and half of what flows in the ties of each other node."""
    nodes = list(graph)
    laplacian = nx.laplacian_matrix(graph).toarray().astype(float)
    carried = dict.fromkeys(nodes, 0.0)
    for s, t in combinations(nodes, 2):
        if not nx.has_path(graph, s, t):
            continue
        current = np.zeros(len(nodes))
        current[nodes.index(s)], current[nodes.index(t)] = 1.0, -1.0
        potential = dict(zip(nodes, np.linalg.lstsq(laplacian, current, rcond=None)[0], strict=True))
        for v in set(nodes) - {s, t}:
            carried[v] += sum(tie.get("weight", 1.0) * abs(potential[v] - potential[w]) for w, tie in graph[v].items()) / 2
    return list(carried.values())


@given(graphs(most=7), st.booleans(), st.integers(0, 99))
def test_current_flow_is_kirchhoffs(graph, weighted, seed):
    if weighted:
        rng = np.random.default_rng(seed)
        nx.set_edge_attributes(graph, {tie: float(rng.integers(1, 5)) for tie in graph.edges}, "weight")
    network = Network.from_networkx(graph)
    assert score_current_flow_betweenness(network).tolist() == pytest.approx(by_kirchhoff(graph), abs=1e-8)


def test_current_flow_in_a_tree_is_betweenness():
    tree = nx.balanced_tree(2, 3)
    expected = list(nx.betweenness_centrality(tree, normalized=False).values())
    assert score_current_flow_betweenness(Network.from_networkx(tree)).tolist() == pytest.approx(expected, abs=1e-9)


def test_a_large_part_has_no_current(monkeypatch):
    monkeypatch.setattr("graphkit.network.together.MOST_CURRENT", 3)
    with pytest.raises(ParameterError, match="at most 3"):
        score_current_flow_betweenness(Network.from_networkx(nx.path_graph(4)))

"""Measures, against published values, other implementations, their definitions, and their laws."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import permutations

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.kernels import betweenness, compiled, holes, roles, twins
from graphkit.network import Network, between
from graphkit.network.measures import (
    ROLES,
    count_brokerage_roles,
    count_pivots,
    count_stranded,
    estimate_betweenness,
    is_cut_point,
    measure_holes,
    score_betweenness,
    score_constraint,
    score_effective_size,
    score_participation,
)
from graphkit.questions.bridges.find import find_bridge_figures

BORGATTI = {"AB": 2, "AF": 3, "AG": 5, "AE": 2, "EG": 8, "FG": 3, "BG": 4, "BD": 1, "DG": 3, "GC": 10}


def borgatti(*, weighted: bool) -> Network:
    """The seven nodes of Borgatti 1997, Connections 20(1), 35-38, with the strengths of networkx's tests.

    The values below are those of these tests, which say that they were computed by UCINET and igraph and then by hand.
    """
    graph = nx.Graph()
    graph.add_weighted_edges_from((u, v, w if weighted else 1) for (u, v), w in BORGATTI.items())
    return Network.from_networkx(graph)


def unweighted(graph: nx.Graph) -> Network:
    return Network.from_networkx(nx.Graph(graph.edges))


@st.composite
def graphs(draw, most=12, *, weighted=False):
    n = draw(st.integers(1, most))
    graph = nx.gnp_random_graph(n, draw(st.sampled_from([0.0, 0.15, 0.3, 0.5, 1.0])), seed=draw(st.integers(0, 999)))
    if weighted:
        for u, v in graph.edges:
            graph.edges[u, v]["weight"] = draw(st.integers(1, 9))
    return graph


@st.composite
def grouped_graphs(draw, most=8):
    graph = draw(graphs(most))
    groups = draw(st.lists(st.integers(-1, 3), min_size=len(graph), max_size=len(graph)))
    return graph, groups


def grouped(graph: nx.Graph, groups: list[int]) -> Network:
    """A network whose nodes are 0..n-1; -1 stands for no group."""
    graph = graph.copy()
    nx.set_node_attributes(graph, {i: g for i, g in enumerate(groups) if g >= 0}, "side")
    return Network.from_networkx(graph, groups=("side",))


# --- published values


@pytest.mark.parametrize(
    ("weighted", "constraint", "effective_size"),
    [
        (False, {"G": 0.400, "A": 0.595, "C": 1.0}, {"G": 4.67, "A": 2.50, "C": 1.0}),
        (True, {"G": 0.299, "A": 0.795, "C": 1.0}, {"G": 5.47, "A": 2.475, "C": 1.0}),
    ],
)
def test_borgattis_graph(weighted, constraint, effective_size):
    network = borgatti(weighted=weighted)
    assert score_constraint(network)[list(constraint)].to_dict() == pytest.approx(constraint, abs=6e-4)
    assert score_effective_size(network)[list(effective_size)].to_dict() == pytest.approx(effective_size, abs=5e-3)


def test_florentine_families():
    """Betweenness as in networkx's tests (.522, .255 and .212 of 91 pairs), constraint as igraph has it."""
    network = Network.from_networkx(nx.florentine_families_graph())
    between = score_betweenness(network)
    assert between[["Medici", "Guadagni", "Albizzi"]].tolist() == pytest.approx([47.5, 23.1667, 19.3333], abs=1e-4)
    assert score_constraint(network)["Medici"] == pytest.approx(0.2099, abs=5e-5)
    cut = is_cut_point(network)
    assert set(cut.index[cut]) == {"Medici", "Guadagni", "Albizzi", "Salviati"}


def test_krackhardts_kite():
    """Krackhardt 1990, Administrative Science Quarterly 35(2), 342-369; .389 and .231 of 36 pairs, as in networkx's tests."""
    network = Network.from_networkx(nx.krackhardt_kite_graph())
    assert score_betweenness(network)[[7, 5, 6]].tolist() == pytest.approx([14, 8.3333, 8.3333], abs=1e-4)
    cut = is_cut_point(network)
    assert set(cut.index[cut]) == {7, 8}


def test_karate_club():
    """Zachary 1977, Journal of Anthropological Research 33(4), 452-473; values as igraph has them."""
    network = unweighted(nx.karate_club_graph())
    assert score_betweenness(network)[0] == pytest.approx(231.071, abs=1e-3)
    assert score_constraint(network)[0] == pytest.approx(0.1554, abs=5e-5)
    cut = is_cut_point(network)
    assert list(cut.index[cut]) == [0]


def test_complete_graphs():
    assert score_constraint(unweighted(nx.complete_graph(4))).tolist() == pytest.approx([0.925926] * 4, abs=1e-6)
    assert score_constraint(unweighted(nx.complete_graph(3))).tolist() == pytest.approx([1.125] * 3)


# --- other implementations


@given(graphs(weighted=True))
def test_holes_equal_networkx(graph):
    got = measure_holes(Network.from_networkx(graph))
    assert got["constraint"].to_dict() == pytest.approx(nx.constraint(graph, nodes=list(graph), weight="weight"), nan_ok=True)
    assert got["effective_size"].to_dict() == pytest.approx(nx.effective_size(graph, nodes=list(graph), weight="weight"), nan_ok=True)


@given(graphs(most=25))
def test_constraint_and_betweenness_equal_igraph(graph):
    network, other = Network.from_networkx(graph), igraph.Graph(len(graph), list(graph.edges))
    assert score_constraint(network).tolist() == pytest.approx(other.constraint(), nan_ok=True)
    assert score_betweenness(network).tolist() == pytest.approx(other.betweenness())
    assert np.flatnonzero(is_cut_point(network)).tolist() == sorted(other.articulation_points())


@given(graphs(most=15))
def test_normalised_betweenness_equals_networkx(graph):
    assert score_betweenness(Network.from_networkx(graph), normalized=True).to_dict() == pytest.approx(nx.betweenness_centrality(graph))


def test_a_directed_graph_is_measured_undirected():
    graph = nx.gnp_random_graph(12, 0.2, seed=4, directed=True)
    with pytest.warns(UserWarning, match="was directed"):
        network = Network.from_networkx(graph)
    expected = {v: c for v, c in nx.constraint(graph, nodes=list(graph)).items() if graph.out_degree(v)}  # networkx gives NaN without outgoing ties
    assert score_constraint(network)[list(expected)].to_dict() == pytest.approx(expected)
    assert score_betweenness(network).to_dict() == pytest.approx(nx.betweenness_centrality(graph.to_undirected(), normalized=False))
    assert any("directed" in note.en for note in network.notes)


# --- definitions, in plain Python


def role_of(a: int, b: int, c: int) -> str | None:
    """The word for a path through the groups a, b, c (Gould & Fernandez 1989)."""
    if min(a, b, c) < 0:
        return None
    if a == b == c:
        return "a_a_a_coordinator"
    if b == c:
        return "a_b_b_gatekeeper"
    if a == b:
        return "b_b_a_representative"
    return "a_b_a_consultant" if a == c else "a_b_c_liaison"


@given(grouped_graphs())
def test_brokerage_equals_the_definition(case):
    graph, groups = case
    expected = pd.DataFrame(0, index=list(graph), columns=list(ROLES))
    for a, b, c in permutations(graph, 3):
        role = role_of(groups[a], groups[b], groups[c])
        if role and graph.has_edge(a, b) and graph.has_edge(b, c) and not graph.has_edge(a, c):
            expected.loc[b, role] += 1
    network = grouped(graph, groups)
    if "side" not in network.groups:
        return  # nobody has a group
    pd.testing.assert_frame_equal(count_brokerage_roles(network, group="side"), expected, check_index_type=False)


@given(grouped_graphs(most=12))
def test_participation_equals_the_definition(case):
    graph, groups = case
    network = grouped(graph, groups)
    if "side" not in network.groups:
        return
    got = score_participation(network, group="side")
    for node in graph:
        into = [groups[j] for j in graph[node] if groups[j] >= 0]
        if into:
            assert got[node] == pytest.approx(float(1 - sum(Fraction(into.count(g), len(into)) ** 2 for g in set(into))))
        else:
            assert np.isnan(got[node])


@given(graphs(most=14), st.lists(st.sampled_from("xyz"), min_size=14, max_size=14))
def test_stranded_equals_the_definition(graph, kinds):
    nx.set_node_attributes(graph, dict(zip(graph, kinds, strict=False)), "kind")
    got = count_stranded(Network.from_networkx(graph), kinds=("x", "y"))
    for node in graph:
        rest = graph.subgraph(nx.node_connected_component(graph, node) - {node})
        pieces = [(len(piece), *(sum(kinds[v] == k for v in piece) for k in "xy")) for piece in nx.connected_components(rest)]
        stays = max(pieces, default=(0, 0, 0))
        expected = [len(pieces), *(sum(piece[i] for piece in pieces) - stays[i] for i in range(3))]
        assert got.loc[node, ["pieces", "nodes", "x", "y"]].tolist() == expected


def test_a_pair_has_no_hole_and_an_isolate_is_unknown():
    graph = nx.Graph([("a", "b")])
    graph.add_node("alone")
    got = measure_holes(Network.from_networkx(graph))
    assert got.loc["a"].tolist() == [1.0, 1.0]
    assert got.loc["alone"].isna().all()
    assert score_betweenness(Network.from_networkx(graph))["alone"] == 0


# --- sampled betweenness


def by_source(graph: nx.Graph, source: int) -> list[float]:
    """How much each node is on the shortest paths from one source, each by how far along it is; path by path."""
    far = nx.single_source_shortest_path_length(graph, source)
    shares = dict.fromkeys(graph, 0.0)
    for target in far.keys() - {source}:
        paths = list(nx.all_shortest_paths(graph, source, target))
        for path in paths:
            for step, node in enumerate(path[1:-1], 1):
                shares[node] += step / far[target] / len(paths)
    return [shares[node] for node in graph]


def test_the_error_follows_its_formula():
    graph = nx.Graph()
    graph.add_nodes_from(range(34))
    graph.add_edges_from(sorted((min(e), max(e)) for e in nx.karate_club_graph().edges))
    walk = list(nx.dfs_preorder_nodes(graph, 0, sort_neighbors=sorted))  # nobody here has quite the contacts of a friend
    network, pivots = Network.from_networkx(graph), 10
    rng = np.random.default_rng(7)
    ticks = (rng.random() + np.arange(pivots) + 0.9 * rng.random(pivots)) * 34 / pivots
    chosen = [walk[place] for place in sorted(int(tick) % 34 for tick in ticks)]
    shares = np.array([by_source(graph, s) for s in chosen])
    found = between.measure_betweenness(network.offsets, network.neighbours, pivots=pivots, seed=7)
    got = pd.DataFrame({"betweenness": found.scores, "error": found.error})
    assert got["betweenness"].tolist() == pytest.approx((34 * shares.mean(axis=0)).tolist())
    change = (np.diff(shares, axis=0) ** 2).sum(axis=0) / (2 * (pivots - 1))
    error = 1.959964 * 34 * np.sqrt((1 - pivots / 34) * change / pivots)
    exact = np.array(list(nx.betweenness_centrality(graph).values()))
    met = shares.any(axis=0)
    assert (got["error"][met] >= error[met] - 1e-9).all()  # its own, or that of those alike
    assert got["error"][np.argmax(error)] == pytest.approx(error.max())
    assert (got["error"][~met] > 0).tolist() == (exact[~met] > 0).tolist()  # 0 for certain, or as others like it: no path met them by luck


def test_those_alike_lend_their_variance():
    """Fifty on each side, by hand; at the ends there are fewer."""
    own = np.array([0.0, 0.0, 6.0, 0.0] + [0.0] * 200)
    around = between._mean_around(own, np.ones(204, np.int64))
    assert around[0] == pytest.approx(6 / 51)
    assert around[52] == pytest.approx(6 / 101)
    assert around[53] == 0.0
    weighed = between._mean_around(np.array([1.0, 4.0]), np.array([2, 1]))
    assert weighed.tolist() == [2.0, 2.0]  # the first class stands for two people


@pytest.mark.parametrize("graph", [
    nx.connected_watts_strogatz_graph(120, 6, 0.1, seed=3),
    nx.barabasi_albert_graph(150, 2, seed=1),  # a few hubs carry everything
    nx.gnm_random_graph(150, 300, seed=1),
    nx.ring_of_cliques(25, 6),  # every third person: pivots at one distance from each other would keep step
    nx.connected_caveman_graph(25, 6),
])  # fmt: skip
def test_the_interval_holds_the_truth(graph):
    network = unweighted(graph)
    exact = score_betweenness(network).to_numpy()
    drawn = [between.measure_betweenness(network.offsets, network.neighbours, pivots=len(graph) // 3, seed=seed) for seed in range(60)]
    held = np.mean([np.abs(one.scores - exact) <= one.error + 1e-9 for one in drawn], axis=0)
    top = np.argsort(-exact)[:12]
    assert held[top].mean() >= 0.93
    assert held[exact > 0].mean() >= 0.93


def test_pivots_spread_over_the_network_err_less_than_pivots_at_random():
    """A caveman ring: villages in which everybody knows everybody, joined by single people."""
    graph = nx.connected_caveman_graph(14, 6)
    network, exact = Network.from_networkx(graph), np.array(list(nx.betweenness_centrality(graph, normalized=False).values()))
    spread = [np.abs(score_betweenness(network, pivots=14, seed=seed).to_numpy() - exact).mean() for seed in range(20)]
    rng = np.random.default_rng(1)
    shares = 2 * np.array([by_source(graph, s) for s in range(84)])
    at_random = [np.abs(84 / 2 * shares[rng.choice(84, 14, replace=False)].mean(axis=0) - exact).mean() for _ in range(20)]
    assert np.mean(spread) < 0.6 * np.mean(at_random)


@given(graphs(most=12, weighted=False), st.lists(st.integers(0, 11), max_size=12))
def test_people_of_equal_contacts_count_as_before(graph, doubled):
    """Friends who know the very same people are counted once: the numbers stay those of networkx."""
    for node in doubled:
        friends = list(graph)
        if node < len(friends):
            twin, contacts = len(friends) + 1_000, list(graph[friends[node]])
            graph.add_edges_from((twin, contact) for contact in (*contacts, friends[node]))
    expected = nx.betweenness_centrality(graph, normalized=False)
    assert score_betweenness(Network.from_networkx(graph)).tolist() == pytest.approx([expected[v] for v in graph], abs=1e-9)


def test_the_estimate_is_unbiased():
    network = unweighted(nx.krackhardt_kite_graph())
    drawn = [between.measure_betweenness(network.offsets, network.neighbours, pivots=3, seed=seed).scores for seed in range(2000)]
    mean = sum(drawn) / 2000
    assert mean.tolist() == pytest.approx(score_betweenness(network).tolist(), abs=0.45)  # four standard errors of the highest, who has 14


def test_all_nodes_as_pivots_are_exact():
    network = Network.from_networkx(nx.florentine_families_graph())
    everything = estimate_betweenness(network, pivots=1000)
    pd.testing.assert_series_equal(everything["betweenness"], score_betweenness(network))
    assert (everything["error"] == 0).all()


def test_beyond_a_size_betweenness_is_sampled(monkeypatch):
    monkeypatch.setattr(between, "EXACT_STEPS", 20)
    monkeypatch.setattr(between, "DEFAULT_PIVOTS", 10)
    network = unweighted(nx.karate_club_graph())
    assert count_pivots(network) == 10
    assert not (estimate_betweenness(network)["error"] > 0).any()  # so few pivots tell nobody's error
    monkeypatch.setattr(between, "TOLD_PIVOTS", 10)
    exact, told = score_betweenness(network, pivots=34), estimate_betweenness(network)["error"]
    assert (told[exact > 0] > 0).all()
    assert told.notna().all()


def test_one_pivot_is_refused():
    with pytest.raises(ParameterError, match="at least 2"):
        score_betweenness(borgatti(weighted=False), pivots=1)


# --- laws


@given(graphs(most=15, weighted=True), st.randoms(use_true_random=False))
def test_names_and_order_do_not_matter(graph, random):
    order = list(graph)
    random.shuffle(order)
    shuffled = nx.Graph()
    shuffled.add_nodes_from(f"n{v}" for v in order)
    shuffled.add_weighted_edges_from((f"n{v}", f"n{u}", w) for u, v, w in graph.edges(data="weight"))
    one, other = Network.from_networkx(graph), Network.from_networkx(shuffled)
    for measure in (score_constraint, score_effective_size, score_betweenness, is_cut_point, lambda n: count_stranded(n)["nodes"]):
        expected = measure(one).rename(lambda v: f"n{v}")
        pd.testing.assert_series_equal(measure(other)[expected.index], expected)


@given(graphs(most=15))
def test_betweenness_adds_up_to_the_steps_between(graph):
    """Every shortest path of d steps has d - 1 nodes inside."""
    inside = sum(d - 1 for u, row in nx.all_pairs_shortest_path_length(graph) for v, d in row.items() if u < v)
    assert score_betweenness(Network.from_networkx(graph)).sum() == pytest.approx(inside)


@given(grouped_graphs(most=10))
def test_roles_add_up_to_the_open_pairs(case):
    graph, groups = case
    network = grouped(graph, [abs(g) for g in groups])
    got = count_brokerage_roles(network, group="side").sum(axis=1)
    for node in graph:
        degree = graph.degree(node)
        assert got[node] == degree * (degree - 1) - 2 * nx.triangles(graph, node)


@given(grouped_graphs(most=10), st.permutations(range(4)))
def test_names_of_groups_do_not_matter(case, names):
    graph, groups = case
    if max(groups) < 0:
        return
    one, other = grouped(graph, groups), grouped(graph, [names[g] if g >= 0 else -1 for g in groups])
    pd.testing.assert_frame_equal(count_brokerage_roles(one, group="side"), count_brokerage_roles(other, group="side"))
    pd.testing.assert_series_equal(score_participation(one, group="side"), score_participation(other, group="side"))


def test_a_group_that_is_not_there_is_named():
    with pytest.raises(ParameterError, match="no group 'hamlet'"):
        score_participation(borgatti(weighted=False), group="hamlet")
    with pytest.raises(ParameterError, match="there are 'side'"):
        count_brokerage_roles(grouped(nx.path_graph(2), [0, 1]), group="hamlet")


@pytest.mark.parametrize("graph", [nx.empty_graph(0), nx.empty_graph(3)])
def test_networks_without_ties(graph):
    network = Network.from_networkx(graph)
    assert score_constraint(network).isna().all()
    assert (score_betweenness(network, normalized=True) == 0).all()
    assert not is_cut_point(network).any()
    assert len(score_effective_size(network)) == len(graph)


# --- size, threads, compiling


def test_a_path_of_many_steps_needs_no_recursion():
    n = 100_000
    network = Network.from_networkx(nx.path_graph(n))
    cut = count_stranded(network)
    assert (cut["pieces"].to_numpy() > 1).sum() == n - 2
    assert cut["nodes"].tolist() == [min(i, n - 1 - i) for i in range(n)]


def test_a_hub_costs_no_more_than_its_ties():
    """Squaring the hub's 50,000 ties would take minutes."""
    network = Network.from_networkx(nx.star_graph(50_000))
    assert score_effective_size(network)[0] == 50_000
    assert score_constraint(network)[0] == pytest.approx(1 / 50_000)


@settings(deadline=None, max_examples=20)
@given(graphs(most=25, weighted=True))
def test_blocks_and_threads_change_nothing(graph):
    network = Network.from_networkx(graph)
    groups = (np.arange(len(network)) % 3).astype(np.int32)
    whole = measure_holes(network), count_of(network, groups)
    with pytest.MonkeyPatch.context() as patch:
        for module in (holes, roles):
            patch.setattr(module, "split_rows", lambda offsets, entries: compiled.split_rows(offsets, 3))
        patch.setattr(compiled, "count_cores", lambda: 4)
        cut = measure_holes(network), count_of(network, groups)
    pd.testing.assert_frame_equal(whole[0], cut[0], check_exact=True)
    assert (whole[1] == cut[1]).all()


def count_of(network: Network, groups: np.ndarray) -> np.ndarray:
    return roles.count_open_pairs(network.offsets, network.neighbours, groups)


def test_sampled_sums_do_not_depend_on_threads():
    network = unweighted(nx.gnp_random_graph(400, 0.02, seed=1))
    found = twins.collapse_twins(network.offsets, network.neighbours)
    walk = betweenness.walk_twins(found)
    one, four = (betweenness.sum_dependencies(walk, found.tied, found.sizes[found.tied], workers=w) for w in (1, 4))
    assert (one[0] == four[0]).all()
    assert (one[1] == four[1]).all()


def test_blocks_cover_every_row_once():
    offsets = np.array([0, 0, 5, 5, 6, 20, 20])
    blocks = compiled.split_rows(offsets, 4)
    assert [row for first, last in blocks for row in range(first, last)] == list(range(6))
    assert compiled.split_rows(np.array([0]), 4) == []


def test_a_kernel_that_cannot_be_cached_still_runs():
    names: dict[str, object] = {}
    exec("def double(x):\n    return 2 * x\n", names)  # a function without a file: numba has nowhere to cache it
    assert compiled.compiled(names["double"])(21) == 42


def test_no_more_threads_than_cores():
    assert 1 <= compiled.count_cores() <= compiled.MOST_WORKERS


def test_what_fails_in_a_block_is_not_lost():
    def work(first: int, last: int) -> None:
        raise ZeroDivisionError(f"{first}-{last}")

    with pytest.raises(ZeroDivisionError, match="0-2"):
        list(compiled.run_blocks(work, compiled.split_evenly(5, 2), workers=2))


# --- what is refused


EVERY_MEASURE = [
    score_constraint, score_effective_size, measure_holes, score_betweenness, estimate_betweenness, count_pivots, is_cut_point, count_stranded,
    partial(score_participation, group="village"), partial(count_brokerage_roles, group="village"), find_bridge_figures,
]  # fmt: skip


@pytest.mark.parametrize("measure", EVERY_MEASURE)
@pytest.mark.parametrize(
    ("graph", "way"),
    [
        (nx.path_graph(3), r"not networkx\.Graph: give it Network\.from_networkx\(g\)"),
        (nx.MultiDiGraph(), r"而不是 networkx\.MultiDiGraph：请给 Network\.from_networkx\(g\)"),
        (igraph.Graph.Ring(4), r"not igraph\.Graph: give it Network\.from_networkx\(g\.to_networkx\(\)\)"),
        (Tables({}), r"not graphkit\.Tables: give it Network\.from_tables\(tables\)"),
        ([1, 2], r"请给 Network\.from_tables\(…\) 或 Network\.from_networkx\(…\)"),
    ],
)
def test_a_measure_says_how_to_make_a_network_of_a_graph(measure, graph, way):
    with pytest.raises(ParameterError, match=way):
        measure(graph)


@pytest.mark.parametrize("measure", [score_betweenness, estimate_betweenness, count_pivots, find_bridge_figures])
@pytest.mark.parametrize("pivots", [2.5, 3.0, "7", True, float("nan"), 1, -4])
def test_pivots_are_a_whole_number(measure, pivots):
    with pytest.raises(ParameterError, match="at least 2, a whole number") as refused:
        measure(Network.from_networkx(nx.path_graph(5)), pivots=pivots)
    assert "须是不小于 2 的整数" in refused.value.say("zh")


def test_pivots_may_be_counted_by_numpy():
    network = Network.from_networkx(nx.path_graph(5))
    assert count_pivots(network, np.int64(3)) == 3
    assert count_pivots(network=network, pivots=100) == 5


def test_pivots_that_all_say_the_same_make_nothing_certain():
    """Nearly everybody is a twin in one clique, so that both pivots fall there: what they do not see is not exact."""
    graph = nx.complete_graph(60)
    graph.add_edges_from([(0, 100), (100, 101)])
    got = estimate_betweenness(Network.from_networkx(graph), pivots=2, seed=0)
    exact = nx.betweenness_centrality(graph, normalized=False)
    known = got[got["error"] == 0]
    assert known["betweenness"].tolist() == pytest.approx([exact[node] for node in known.index])
    assert np.isnan(got.loc[100, "error"])

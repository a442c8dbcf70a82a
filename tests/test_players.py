"""Key players: published and hand-worked values, every set looked at on small graphs, and what greedy promises."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit import Network, select_key_players
from graphkit.errors import ParameterError
from graphkit.kernels import compiled
from graphkit.kernels.compiled import Kernel
from graphkit.kernels.keyplayers import count_gains, count_left, list_reached
from graphkit.network.holding import keep_holding
from graphkit.questions import players


def sets_of(finding) -> list[tuple[str, ...]]:
    return [tuple(rows["subject_id"]) for _, rows in finding.rows.groupby("set")]


def fragmentation(graph: nx.Graph) -> tuple[int, float]:
    """Borgatti's F by its definition."""
    n = len(graph)
    connected = sum(len(part) * (len(part) - 1) // 2 for part in nx.connected_components(graph))
    return n * (n - 1) // 2 - connected, 1 - connected / (n * (n - 1) / 2) if n > 1 else np.nan


def parts(graph: nx.Graph, chosen) -> bool:
    """Whether two others were connected and are not without these."""
    rest = graph.subgraph(set(graph) - set(chosen))
    return any(nx.has_path(graph, a, b) and not nx.has_path(rest, a, b) for a, b in combinations(rest, 2))


def reached(graph: nx.Graph, chosen, steps: int) -> int:
    return len(set().union(*(nx.single_source_shortest_path_length(graph, node, cutoff=steps) for node in chosen)))


def test_two_fives_joined_by_one():
    """By the F of Borgatti 2006 two components of five are fragmented to 1 - 20 / 45. Here losing the one between them leaves such."""
    graph = nx.disjoint_union(nx.complete_graph(5), nx.complete_graph(5))
    graph.add_edges_from([(10, 0), (10, 9)])
    finding = select_key_players(Network.from_networkx(graph), 1)
    assert sets_of(finding) == [("10",)]
    assert finding.rows["share"].round(3).tolist() == [0.556]
    assert finding.rows["at_least"].tolist() == [1]


def test_who_breaks_the_kite_is_not_who_has_most_ties():
    """Krackhardt's kite in Borgatti 2003 (Dynamic Social Network Modeling and Analysis, 241-252): without the one with most ties all stay joined;
    the one between most pairs leaves seven and two, and most of them joined. By hand: F = 1 - (21 + 1) / 36. All ten are reached from two."""
    graph = nx.krackhardt_kite_graph()
    diane, heather = 3, 7
    assert fragmentation(graph.subgraph(set(graph) - {diane}))[1] == 0
    finding = select_key_players(Network.from_networkx(graph), 1)
    assert sets_of(finding) == [(str(heather),)]
    assert finding.rows["share"].round(3).tolist() == [0.389]
    reach = select_key_players(Network.from_networkx(graph), 2, kind="reach", steps=1)
    assert sets_of(reach) == [(str(diane), "8")]
    assert reach.rows["count"].tolist() == [10, 10]


def test_the_two_most_central_are_not_the_best_two():
    """Borgatti 2006: key players are no set of the single best. A hub, its double with the same followers, and another hub."""
    graph = nx.Graph([*(("a", i) for i in range(6)), *(("b", i) for i in range(6)), *(("c", i) for i in range(6, 10))])
    net = Network.from_networkx(graph)
    assert sets_of(select_key_players(net, 1, kind="reach", steps=1)) == [("a",), ("b",)]
    assert sets_of(select_key_players(net, 2, kind="reach", steps=1)) == [("a", "c"), ("b", "c")]


@st.composite
def graphs(draw, most=8):
    n = draw(st.integers(1, most))
    return nx.gnp_random_graph(n, draw(st.sampled_from([0.0, 0.2, 0.35, 0.6])), seed=draw(st.integers(0, 999)))


@given(graphs(), st.integers(1, 3))
def test_fragment_finds_all_the_best_sets(graph, size):
    size = min(size, len(graph))
    values = {s: fragmentation(graph.subgraph(set(graph) - set(s))) for s in combinations(graph, size)}
    finding = select_key_players(Network.from_networkx(graph), size)
    if len(graph) - size < 2:
        return
    best = max(share for _, share in values.values())
    assert sets_of(finding) == [tuple(map(str, s)) for s, (_, share) in values.items() if share == best and parts(graph, s)]
    assert finding.rows["share"].to_numpy() == pytest.approx(best)


@given(graphs(), st.integers(1, 3), st.integers(1, 3))
def test_reach_finds_all_the_best_sets(graph, size, steps):
    size, steps = min(size, len(graph)), min(steps, len(graph))
    values = {s: reached(graph, s, steps) for s in combinations(graph, size)}
    best = max(values.values())
    finding = select_key_players(Network.from_networkx(graph), size, kind="reach", steps=steps)
    assert sorted(sets_of(finding)) == sorted(tuple(map(str, s)) for s, count in values.items() if count == best)
    assert (finding.rows["count"] == best).all()
    assert finding.rows["share"].to_numpy() == pytest.approx(best / len(graph))


@given(graphs(most=12), st.integers(1, 4), st.integers(1, 2))
def test_greedy_reach_keeps_its_promise(graph, size, steps):
    size, steps = min(size, len(graph)), min(steps, len(graph))
    best = max(reached(graph, s, steps) for s in combinations(graph, size))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(players, "EXACT_SETS", 0)
        rows = select_key_players(Network.from_networkx(graph), size, kind="reach", steps=steps).rows
    assert rows["count"].iloc[0] == reached(graph, [int(node) for node in rows["subject_id"]], steps)
    assert best * rows["at_least"].iloc[0] <= rows["count"].iloc[0] + 1e-9
    assert rows["at_least"].between(1 - 1 / np.e, 1).all()


@given(graphs(most=10), st.integers(1, 3))
def test_greedy_fragment_is_a_set_that_no_exchange_betters(graph, size):
    if len(graph) - size < 3:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(players, "EXACT_STEPS", 0)
        rows = select_key_players(Network.from_networkx(graph), size).rows
    chosen = {int(node) for node in rows["subject_id"]}
    if not chosen:
        return
    count, share = fragmentation(graph.subgraph(set(graph) - chosen))
    assert rows["count"].iloc[0] == count
    assert rows["share"].iloc[0] == pytest.approx(share)
    assert rows["at_least"].isna().all()
    for out in chosen:
        for into in set(graph) - chosen:
            assert fragmentation(graph.subgraph(set(graph) - (chosen - {out} | {into})))[0] <= count


def test_only_people_are_chosen_and_only_what_counts_is_counted(district):
    net = Network.from_tables(district)
    finding = select_key_players(net, 2, kind="reach", steps=1, counts="Household")
    assert set(finding.rows["subject_kind"]) == {"Member"}
    graph = keep_holding(net).to_networkx()
    households = {n for n, data in graph.nodes(data=True) if data["kind"] == "Household"}
    near = {n: set(graph[n]) & households for n, data in graph.nodes(data=True) if data["kind"] == "Member"}
    assert finding.rows["count"].iloc[0] == max(len(near[a] | near[b]) for a, b in combinations(near, 2))
    assert finding.rows["share"].iloc[0] == finding.rows["count"].iloc[0] / len(households)


def test_plain_and_compiled_give_the_same(monkeypatch):
    net = Network.from_networkx(nx.gnp_random_graph(40, 0.06, seed=4))
    everyone, counted = np.arange(40, dtype=np.int32), np.arange(40) % 5 > 0

    def answers():
        left = count_left(net.offsets, net.neighbours, counted, [3, 9])
        return left.tolist(), count_gains(net.offsets, net.neighbours, everyone, 2, counted.astype(np.int8)).tolist()

    monkeypatch.setattr(compiled, "PLAIN_STEPS", -1)
    machine = answers()
    monkeypatch.setattr(Kernel, "prepare", lambda kernel, _steps: kernel.run_plain)
    assert answers() == machine
    assert answers()[1] == [int(counted[list_reached(net.offsets, net.neighbours, v, 2)].sum()) for v in range(40)]


def test_what_cannot_be_is_told():
    net = Network.from_networkx(nx.path_graph(4))
    for wrong in ({"size": 0}, {"size": 5}, {"size": 1.5}, {"size": 1, "kind": "both"}, {"size": 1, "steps": 0}, {"size": 1, "among": "Member"}):
        with pytest.raises(ParameterError):
            select_key_players(net, **wrong)


def test_nobody_is_named_where_nothing_falls_apart():
    finding = select_key_players(Network.from_networkx(nx.complete_graph(6)), 2)
    assert len(finding) == 0
    assert finding.caveats[0].en == "No set parts anybody from anybody."


def test_many_equal_sets_are_counted_and_the_first_listed(monkeypatch):
    monkeypatch.setattr(players, "SHOWN_SETS", 3)
    finding = select_key_players(Network.from_networkx(nx.empty_graph(6)), 1, kind="reach", steps=1)
    assert len(finding) == 3
    assert "6 are equally the best" in finding.caveats[0].en
    assert "6 个组合并列最优" in finding.caveats[0].zh

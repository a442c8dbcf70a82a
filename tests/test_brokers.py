"""Brokerage roles: counted by their definition, and their expected values and deviations by looking at every possible network."""

from __future__ import annotations

from contextlib import nullcontext
from itertools import permutations, product

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit import Network, count_brokerage_roles, score_brokerage_roles, score_two_mode_roles
from graphkit.errors import ParameterError
from graphkit.kernels import compiled
from graphkit.kernels.compiled import Kernel
from graphkit.network.brokers import expect_roles
from graphkit.network.measures import ROLES


def role_of(i, k, j) -> int:
    """Gould & Fernandez 1989: the path of groups."""
    if i == k:
        return 0 if j == k else 2
    if j == k:
        return 1
    return 3 if i == j else 4


def count(ties: set[tuple[int, int]], groups: list) -> tuple[np.ndarray, np.ndarray]:
    n = len(groups)
    raw, partial = np.zeros((n, 5)), np.zeros((n, 5))
    for i, j in permutations(range(n), 2):
        if (i, j) in ties or groups[i] is None or groups[j] is None:
            continue
        brokers = [k for k in range(n) if groups[k] is not None and (i, k) in ties and (k, j) in ties]
        for k in brokers:
            raw[k, role_of(groups[i], groups[k], groups[j])] += 1
            partial[k, role_of(groups[i], groups[k], groups[j])] += 1 / len(brokers)
    return raw, partial


@given(st.integers(3, 8), st.integers(0, 999), st.booleans(), st.data())
def test_roles_are_counted_by_their_definition(n, seed, directed, data):
    graph = nx.gnp_random_graph(n, 0.4, seed=seed, directed=directed)
    groups = data.draw(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=n, max_size=n).filter(any))
    nx.set_node_attributes(graph, {v: g for v, g in enumerate(groups) if g}, "village")
    with pytest.warns(UserWarning, match="directed") if directed else nullcontext():
        net = Network.from_networkx(graph)
    found = score_brokerage_roles(net, group="village", directed=directed)
    ties = set(graph.edges) | (set() if directed else {(v, u) for u, v in graph.edges})
    raw, partial = count(ties, groups)
    known = [g is not None for g in groups]
    for at, role in enumerate(ROLES):
        assert found[role]["raw"].to_numpy()[known].tolist() == raw[known, at].tolist()
        assert found[role]["partial"].to_numpy()[known] == pytest.approx(partial[known, at])
        assert found[role].to_numpy()[np.logical_not(known)].size == 0 or np.isnan(found[role].to_numpy()[np.logical_not(known)]).all()
    if not directed:
        assert found.xs("raw", axis=1, level=1).fillna(0).to_numpy().tolist() == count_brokerage_roles(net, group="village").to_numpy().tolist()


def count_nested(ties, villages, townships, into) -> None:
    """Each way at the widest level at which its three are not all of one group; a village that reaches into two townships is two."""
    n = len(villages)
    levels = [[None if v is None or t is None else (v, t) for v, t in zip(villages, townships, strict=True)]]
    levels.append([t if pair else None for pair, t in zip(levels[0], townships, strict=True)])
    for i, j in permutations(range(n), 2):
        brokers = [k for k in range(n) if (i, k) in ties and (k, j) in ties and levels[0][k] is not None]
        if (i, j) in ties or levels[0][i] is None or levels[0][j] is None:
            continue
        for k in brokers:
            level = 0 if levels[1][i] == levels[1][j] == levels[1][k] else 1
            into(level, k, role_of(*(levels[level][node] for node in (i, k, j))), 1 / len(brokers))


@given(st.integers(3, 8), st.integers(0, 999), st.booleans(), st.data())
def test_nested_roles_are_counted_by_their_definition(n, seed, directed, data):
    graph = nx.gnp_random_graph(n, 0.5, seed=seed, directed=True)
    draw = st.lists(st.sampled_from(["a", "b", "c", None]), min_size=n, max_size=n).filter(any)
    villages, townships = data.draw(draw), data.draw(draw)
    for name, groups in (("village", villages), ("township", townships)):
        nx.set_node_attributes(graph, {v: g for v, g in enumerate(groups) if g}, name)
    with pytest.warns(UserWarning, match="directed"):
        net = Network.from_networkx(graph)
    found = score_brokerage_roles(net, group="village", within="township", directed=directed).fillna(0)
    counted = {figure: np.zeros((2, n, 5)) for figure in ("raw", "partial")}

    def into(level, k, role, credit):
        counted["raw"][level, k, role] += 1
        counted["partial"][level, k, role] += credit

    count_nested(set(graph.edges) | (set() if directed else {(v, u) for u, v in graph.edges}), villages, townships, into)
    for figure, expected in counted.items():
        for level, name in enumerate(("village", "township")):
            assert found[name].xs(figure, axis=1, level=1).to_numpy() == pytest.approx(expected[level, :, level:])


def test_several_groupings_are_asked_at_once():
    graph = nx.gnp_random_graph(12, 0.4, seed=2)
    for n in graph:
        graph.nodes[n].update(village=str(n % 4), cooperative=str(n % 3), branch=str(n % 2))
    net = Network.from_networkx(graph)
    asked = {"places": "village", "all three": ["branch", "cooperative", "village"]}
    found = score_brokerage_roles(net, group=asked)
    assert all(found[name].equals(score_brokerage_roles(net, group=group)) for name, group in asked.items())
    nested = score_brokerage_roles(net, group=asked, within=["branch"])
    assert list(dict.fromkeys(nested.columns.droplevel([2, 3]))) == [
        ("places", "village"), ("places", "branch"), ("all three", "branch × cooperative × village"), ("all three", "branch")]  # fmt: skip


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("townships", [[0, 0, 0, 1], [0, 0, 1, 1]])
def test_nested_expected_values_and_deviations_by_every_network(townships, directed):
    villages = [0, 1, 2, 3] if townships[2] else [0, 0, 1, 2]
    slots = list(permutations(range(4), 2)) if directed else [(i, j) for i in range(4) for j in range(i + 1, 4)]
    density = 4 / 12
    mean, square = np.zeros((2, 4, 5)), np.zeros((2, 4, 5))
    for there in product([False, True], repeat=len(slots)):
        chosen = {pair for pair, is_there in zip(slots, there, strict=True) if is_there}
        chosen |= set() if directed else {(j, i) for i, j in chosen}
        weight = density ** sum(there) * (1 - density) ** (len(slots) - sum(there))
        raw = np.zeros((2, 4, 5))

        def into(level, k, role, _, raw=raw):
            raw[level, k, role] += 1

        count_nested(chosen, villages, townships, into)
        mean += weight * raw
        square += weight * raw**2
    wider = np.array(townships, np.int32)
    for level, (codes, around) in enumerate(((np.array(villages, np.int32), wider), (wider, None))):
        expected, deviation = expect_roles(codes, 4, directed=directed, wider=around)
        assert expected[:, level:] == pytest.approx(mean[level][:, level:])
        assert deviation[:, level:] == pytest.approx(np.sqrt(np.maximum(square - mean**2, 0))[level][:, level:], abs=1e-9)


@given(st.integers(2, 5), st.integers(1, 4), st.integers(0, 999), st.data())
def test_two_mode_roles_are_counted_by_their_definition(bodies, people, seed, data):
    """Every chain of five written out: body - person - body - person - body, the outer two without a person in common."""
    graph = nx.bipartite.random_graph(bodies, people, 0.5, seed=seed)
    groups = data.draw(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=bodies, max_size=bodies).filter(any))
    nx.set_node_attributes(graph, {n: "Branch" if n < bodies else "Member" for n in graph}, "kind")
    nx.set_node_attributes(graph, {v: g for v, g in enumerate(groups) if g}, "village")
    of = {body: set(graph[body]) for body in range(bodies)}
    counted = {figure: np.zeros((bodies, 5)) for figure in ("chains", "pairs", "partial")}
    for a, c in permutations(range(bodies), 2):
        if of[a] & of[c] or None in (groups[a], groups[c]):
            continue
        chains = {k: len(of[a] & of[k]) * len(of[k] & of[c]) for k in range(bodies) if k not in (a, c) and groups[k]}
        for k in (k for k, several in chains.items() if several):
            role = role_of(groups[a], groups[k], groups[c])
            counted["chains"][k, role] += chains[k]
            counted["pairs"][k, role] += 1
            counted["partial"][k, role] += 1 / sum(map(bool, chains.values()))
    found = score_two_mode_roles(Network.from_networkx(graph), brokers="Branch", through="Member", group="village")
    assert list(found.index) == list(range(bodies))
    for figure, expected in counted.items():
        assert found.xs(figure, axis=1, level=1).fillna(0).to_numpy() == pytest.approx(expected)


@pytest.mark.parametrize("groups", [[0, 0, 0, 0], [0, 0, 1, 1], [0, 1, 1, 2], [0, 1, 2, 3], [0, 0, 0, 1]])
@pytest.mark.parametrize("directed", [True, False])
def test_expected_values_and_deviations_by_every_network(groups, directed):
    """The standard model is that each tie is there with probability d: all networks of four nodes, weighed by theirs."""
    slots = list(permutations(range(4), 2)) if directed else [(i, j) for i in range(4) for j in range(i + 1, 4)]
    ties = 4
    density = ties / 12
    mean, square = np.zeros((4, 5)), np.zeros((4, 5))
    for there in product([False, True], repeat=len(slots)):
        chosen = {pair for pair, is_there in zip(slots, there, strict=True) if is_there}
        chosen |= set() if directed else {(j, i) for i, j in chosen}
        weight = density ** sum(there) * (1 - density) ** (len(slots) - sum(there))
        raw = count(chosen, groups)[0]
        mean += weight * raw
        square += weight * raw**2
    expected, deviation = expect_roles(np.array(groups, np.int32), ties, directed=directed)
    assert expected == pytest.approx(mean)
    assert deviation == pytest.approx(np.sqrt(np.maximum(square - mean**2, 0)), abs=1e-9)


def test_sharing_an_end_by_every_network_of_five():
    """Five nodes let three others of one group share: undirected, 1,024 networks."""
    groups, slots = [0, 0, 0, 0, 1], [(i, j) for i in range(5) for j in range(i + 1, 5)]
    density = 0.5
    mean, square = np.zeros((5, 5)), np.zeros((5, 5))
    for there in product([False, True], repeat=len(slots)):
        chosen = {pair for pair, is_there in zip(slots, there, strict=True) if is_there}
        raw = count(chosen | {(j, i) for i, j in chosen}, groups)[0]
        mean += raw / 2 ** len(slots)
        square += raw**2 / 2 ** len(slots)
    expected, deviation = expect_roles(np.array(groups, np.int32), int(density * 20), directed=False)
    assert expected == pytest.approx(mean)
    assert deviation == pytest.approx(np.sqrt(square - mean**2), abs=1e-9)


def test_the_worked_example_of_cograph_with_expected_values_by_hand():
    """The open two-step ways of this network are written out in the tests of the R package cograph, which agrees with R's sna.

    Six of twelve ties: d = 1/2, so p = 1/8 and c = 1/64. Two ordered pairs a role, but for coordinator and liaison, of which none
    can be; those of gatekeeper and representative share an end twice.
    """
    graph = nx.DiGraph([("A", "B"), ("A", "C"), ("B", "C"), ("B", "D"), ("C", "D"), ("D", "A")])
    nx.set_node_attributes(graph, {"A": "1", "B": "1", "C": "2", "D": "2"}, "village")
    with pytest.warns(UserWarning, match="directed"):
        found = score_brokerage_roles(Network.from_networkx(graph), group="village", directed=True)
    coordinator, gatekeeper, representative, consultant, liaison = ROLES
    raw = {coordinator: [0, 0, 0, 0], gatekeeper: [1, 0, 1, 0], representative: [0, 1, 0, 1], consultant: [1, 0, 0, 1], liaison: [0, 0, 0, 0]}
    assert {role: found[role]["raw"].tolist() for role in ROLES} == raw
    assert found[gatekeeper]["z"].tolist() == [1.5, -0.5, 1.5, -0.5]
    assert found[consultant]["z"].tolist() == pytest.approx(np.array([0.75, -0.25, -0.25, 0.75]) / 0.21875**0.5)
    assert found[coordinator]["z"].isna().all()
    assert found[liaison]["z"].isna().all()


def test_moments_are_those_by_which_sna_computes_them():
    """Groups of 4, 3 and 2 with 18 of 72 ties, for a node of the first: pairs and shared ends counted by hand from the formulas of R's sna."""
    expected, deviation = expect_roles(np.array([0, 0, 0, 0, 1, 1, 1, 2, 2], np.int32), 18, directed=True)
    chance, shared = 3 / 64, 27 / 4096
    pairs, sharing = np.array([6, 15, 15, 8, 12]), np.array([12, 90, 90, 12, 36])
    assert expected[0] == pytest.approx(pairs * chance)
    assert deviation[0] ** 2 == pytest.approx(pairs * chance * (1 - chance) + sharing * shared)


def test_groups_can_be_crossed_and_kinds_are_a_grouping():
    graph = nx.Graph([("i", "k"), ("k", "j")])
    for node, village, branch in (("i", "v", "p"), ("k", "v", "q"), ("j", "w", "q")):
        graph.nodes[node].update(village=village, branch=branch, kind="x" if node == "k" else "y")
    net = Network.from_networkx(graph)
    raw = {names: score_brokerage_roles(net, group=names).xs("raw", axis=1, level=1).loc["k"].tolist() for names in ("village", "branch", "kind")}
    assert raw == {"village": [0, 1, 1, 0, 0], "branch": [0, 1, 1, 0, 0], "kind": [0, 0, 0, 2, 0]}
    assert score_brokerage_roles(net, group=["village", "branch"]).xs("raw", axis=1, level=1).loc["k"].tolist() == [0, 0, 0, 0, 2]


def test_mentors_are_read_in_their_direction(district):
    net = Network.from_tables(district)
    found = score_brokerage_roles(net, group="village", directed=True, ties=["Member MENTORS Member"])
    source, target = net.ties.select("Member MENTORS Member")
    both = set(source.tolist()) & set(target.tolist())
    standing = np.flatnonzero(found.xs("raw", axis=1, level=1).fillna(0).sum(axis=1).to_numpy())
    assert set(standing.tolist()) <= both


def test_people_between_bodies_share_what_others_link_too():
    graph = nx.Graph([("m", "b"), ("m", "c"), ("n", "b"), ("n", "c"), ("o", "c"), ("o", "d")])
    nx.set_node_attributes(graph, {n: "Branch" if n == "b" else "Cooperative" if n in "cd" else "Member" for n in graph}, "kind")
    liaison = score_brokerage_roles(Network.from_networkx(graph), group="kind")
    assert liaison["a_b_c_liaison"].loc[["m", "n", "o"], ["raw", "partial"]].values.tolist() == [[2, 1], [2, 1], [0, 0]]
    assert liaison["a_b_a_consultant"].loc["o", ["raw", "partial"]].tolist() == [2, 2]


def test_plain_and_compiled_give_the_same(monkeypatch):
    graph = nx.gnp_random_graph(40, 0.2, seed=4)
    nx.set_node_attributes(graph, {n: str(n % 3) for n in graph}, "village")
    net = Network.from_networkx(graph)
    monkeypatch.setattr(compiled, "PLAIN_STEPS", -1)
    machine = score_brokerage_roles(net, group="village")
    monkeypatch.setattr(Kernel, "prepare", lambda kernel, _steps: kernel.run_plain)
    assert score_brokerage_roles(net, group="village").equals(machine)


def test_plain_and_compiled_chains_are_the_same(monkeypatch):
    graph = nx.bipartite.random_graph(15, 40, 0.15, seed=3)
    nx.set_node_attributes(graph, {n: "Branch" if n < 15 else "Member" for n in graph}, "kind")
    nx.set_node_attributes(graph, {n: str(n % 3) for n in graph}, "village")
    asked = {"brokers": "Branch", "through": "Member", "group": "village"}
    monkeypatch.setattr(compiled, "PLAIN_STEPS", -1)
    machine = score_two_mode_roles(Network.from_networkx(graph), **asked)
    monkeypatch.setattr(Kernel, "prepare", lambda kernel, _steps: kernel.run_plain)
    assert score_two_mode_roles(Network.from_networkx(graph), **asked).equals(machine)


def test_what_is_not_there_is_told():
    net = Network.from_networkx(nx.path_graph(3))
    for wrong in ({"group": "village"}, {"group": []}, {"group": {}}, {"group": "kind", "ties": ["NONE"]}, {"group": "kind", "within": [[]]}):
        with pytest.raises(ParameterError):
            score_brokerage_roles(net, **wrong)
    for brokers, through in (("Branch", "Node"), ("Node", "Node")):
        with pytest.raises(ParameterError):
            score_two_mode_roles(net, brokers=brokers, through=through, group="kind")

"""Structural holes with a body as one contact: by hand, by igraph on ego networks, by the definition, and no jump at any size."""

from __future__ import annotations

import igraph
import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit import Network, list_dyadic_constraint, measure_two_mode_holes
from graphkit.errors import ParameterError
from graphkit.kernels import compiled
from graphkit.kernels.compiled import Kernel


@st.composite
def graphs(draw, most=10):
    """People and bodies, tied at random, with strengths."""
    n = draw(st.integers(1, most))
    graph = nx.gnp_random_graph(n, draw(st.sampled_from([0.2, 0.4, 0.7])), seed=draw(st.integers(0, 999)))
    kinds = draw(st.lists(st.sampled_from(["person", "body"]), min_size=n, max_size=n))
    nx.set_node_attributes(graph, dict(enumerate(kinds)), "kind")
    for u, v in graph.edges:
        graph.edges[u, v]["weight"] = draw(st.integers(1, 4))
    return graph


def ego_network(graph: nx.Graph, ego) -> nx.Graph:
    """The network of one person by its definition: contacts, ties among them, and what bodies share beside the person."""
    own = nx.Graph(graph.subgraph([ego, *graph[ego]]))
    bodies = [c for c in graph[ego] if graph.nodes[c]["kind"] == "body"]
    people = {b: {p for p in graph[b] if graph.nodes[p]["kind"] != "body"} - {ego} for b in bodies}
    for b in bodies:
        for c in bodies:
            if b < c and people[b] & people[c]:
                share = len(people[b] & people[c]) / len(people[b] | people[c])
                own.add_edge(b, c, weight=own.edges.get((b, c), {"weight": 0})["weight"] + share)
    return own


@given(graphs())
def test_they_are_burts_measures_of_the_ego_network(graph):
    """Oracles: igraph's constraint and networkx's effective size (its general form) on the ego network."""
    measured = measure_two_mode_holes(
        Network.from_networkx(graph), bodies=[k for k in ("body",) if k in nx.get_node_attributes(graph, "kind").values()]
    )
    for ego in measured.index:
        own = ego_network(graph, ego)
        if len(own) == 1:
            assert measured.loc[ego].drop("contacts").isna().all()
            continue
        as_igraph = igraph.Graph.from_networkx(own)
        constraint = as_igraph.constraint(weights="weight")[list(own).index(ego)]
        assert measured.loc[ego, "constraint"] == pytest.approx(constraint)
        size = nx.effective_size(own.to_directed(), nodes=[ego], weight="weight")[ego]
        assert measured.loc[ego, "effective_size"] == pytest.approx(size)
        assert measured.loc[ego, "efficiency"] == pytest.approx(size / (len(own) - 1))


def two_bodies(people: int, shared: int) -> Network:
    """One person in two bodies, each with so many others, of whom some are in both."""
    graph = nx.Graph([("ego", "b"), ("ego", "c")])
    for i in range(people):
        graph.add_edge(f"p{i}", "b")
        graph.add_edge(f"p{i}" if i < shared else f"q{i}", "c")
    nx.set_node_attributes(graph, {n: "Branch" if n in "bc" else "Member" for n in graph}, "kind")
    return Network.from_networkx(graph)


@pytest.mark.parametrize("people", [1, 5, 49, 50, 51, 52, 500])
def test_no_jump_at_any_size_of_a_body(people):
    """By hand: two bodies with nobody in common, .5 and 2; with all, they are tied by 1: each c_ij = (1/2 + 1/2 * 1/2)**2, together 1.125, and size 1."""
    apart, same = (measure_two_mode_holes(two_bodies(people, shared)).loc["ego"] for shared in (0, people))
    assert apart[["contacts", "constraint", "effective_size", "efficiency", "hierarchy"]].tolist() == [2, 0.5, 2, 1, 0]
    assert same[["constraint", "effective_size", "efficiency"]].tolist() == pytest.approx([1.125, 1, 0.5])


def test_half_shared_by_hand():
    """Of 2 + 2 others one is in both: 1/3. p_bc = 1/3 / (1 + 1/3) = 1/4, so c_ij = (1/2 + 1/8)**2; size 2 - 1/3."""
    found = measure_two_mode_holes(two_bodies(2, 1)).loc["ego"]
    assert found[["constraint", "effective_size"]].tolist() == pytest.approx([2 * 0.625**2, 2 - 1 / 3])


def test_hierarchy_by_its_definition():
    """Burt 1992, chapter 2, on a person with three contacts of which two are tied."""
    net = Network.from_networkx(nx.Graph([(0, 1), (0, 2), (0, 3), (1, 2)]))
    dyads = list_dyadic_constraint(net)
    own = dyads.loc[dyads["id"] == 0, "constraint"].to_numpy()
    assert own == pytest.approx([(1 / 3 + 1 / 6) ** 2, (1 / 3 + 1 / 6) ** 2, 1 / 9])
    ratio = own / own.mean()
    found = measure_two_mode_holes(net).loc[0]
    assert found["hierarchy"] == pytest.approx((ratio * np.log(ratio)).sum() / (3 * np.log(3)))
    assert found["constraint"] == pytest.approx(own.sum())


def test_a_district_is_measured_for_people_and_households_alone(district):
    net = Network.from_tables(district)
    measured = measure_two_mode_holes(net)
    assert len(measured) == int(net.mask("Member").sum() + net.mask("Household").sum())
    assert (measured["constraint"].dropna() > 0).all()
    assert (measured["constraint"].isna() == (measured["contacts"] == 0)).all()
    assert measured["efficiency"].dropna().between(0, 1 + 1e-9).all()


def test_plain_and_compiled_give_the_same(monkeypatch):
    graph = nx.gnp_random_graph(40, 0.2, seed=4)
    nx.set_node_attributes(graph, {n: "Branch" if n % 3 == 0 else "Member" for n in graph}, "kind")
    net = Network.from_networkx(graph)
    monkeypatch.setattr(compiled, "PLAIN_STEPS", -1)
    machine = measure_two_mode_holes(net)
    monkeypatch.setattr(Kernel, "prepare", lambda kernel, _steps: kernel.run_plain)
    assert measure_two_mode_holes(net).equals(machine)


def test_an_unknown_kind_of_body_is_told():
    with pytest.raises(ParameterError, match="Club"):
        measure_two_mode_holes(Network.from_networkx(nx.path_graph(2)), bodies=["Club"])

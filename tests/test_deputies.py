"""Deputies: with the ties named all that fell off hangs together again, nobody does with fewer, and nobody is named where nothing falls off."""

from __future__ import annotations

import re

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit import Network, find_deputies
from graphkit.errors import ParameterError


@st.composite
def graphs(draw, most=10):
    n = draw(st.integers(2, most))
    return nx.gnp_random_graph(n, draw(st.sampled_from([0.15, 0.25, 0.4])), seed=draw(st.integers(0, 999)))


@given(graphs())
def test_the_ties_named_join_all_again_and_none_is_too_many(graph):
    net = Network.from_networkx(graph)
    for figure in graph:
        rows = find_deputies(net, [figure]).rows
        part = nx.node_connected_component(graph, figure) - {figure}
        pieces = list(nx.connected_components(graph.subgraph(part)))
        assert (len(rows) > 0) == (len(pieces) > 1)
        for row in rows.itertuples():
            joined = nx.Graph(graph.subgraph(part))
            others = [int(key) for key in re.findall(r"node (\d+)", row.reason_en)]
            joined.add_edges_from((int(row.subject_id), other) for other in others)
            assert nx.is_connected(joined)
            assert row.new_ties == len(others) == len(pieces) - 1
            assert row.steps == nx.shortest_path_length(graph, figure, int(row.subject_id))
            assert set(others) <= set(graph[figure])


def village_of(node: str) -> str:
    return {"e": "east", "w": "west"}.get(node[0], "")


def district() -> Network:
    """Two villages, each with a branch of three, joined by one person; who also is the only helper of two households of the west."""
    graph = nx.Graph()
    people = ["e1", "e2", "e3", "w1", "w2", "w3", "x"]
    graph.add_nodes_from(people, kind="Member")
    graph.add_nodes_from(["be", "bw"], kind="Branch")
    graph.add_nodes_from(["wh1", "wh2", "wh3"], kind="Household")
    graph.add_edges_from([(p, "be") for p in ("e1", "e2", "e3", "x")] + [(p, "bw") for p in ("w1", "w2", "w3", "x")])
    graph.add_edges_from([("x", "wh1"), ("x", "wh2"), ("x", "wh3"), ("w1", "wh3")])
    graph.add_edges_from([("w3", "w2")])
    for node in graph:
        graph.nodes[node]["village"] = village_of(node) or None
    for node in ("be", "bw", "x"):
        graph.nodes[node].pop("village")
    return Network.from_networkx(graph)


def test_the_nearest_deputy_lives_where_the_households_are():
    """By hand: one tie to the other branch, two to the households. East has wh1 and wh2 to gain and so no place of its own; west has two."""
    rows = find_deputies(district(), ["x"]).rows
    assert (rows["for_id"] == "x").all()
    assert (rows["new_ties"] == 3).all()
    assert (rows["steps"] == 2).all()
    assert rows.iloc[:3][["subject_id", "rank", "near", "ties"]].values.tolist() == [["w1", 1, 2, 2], ["w2", 1, 2, 2], ["w3", 1, 2, 2]]
    assert rows["reason_en"].iloc[0] == "ties to make: branch be, household wh1, household wh2."
    assert rows["reason_zh"].iloc[0] == "需建立联系：党组织 be、农户 wh1、农户 wh2。"


def test_a_household_with_another_helper_falls_off_nobody():
    rows = find_deputies(district(), ["w1"]).rows
    assert len(rows) == 0


def test_nobody_is_named_where_nothing_falls_off():
    finding = find_deputies(Network.from_networkx(nx.complete_graph(5)), [0, 1])
    assert len(finding) == 0
    assert "For 2 nobody is named" in finding.caveats[-1].en
    assert list(finding.rows.columns) == [column.name for column in finding.columns]


def test_for_a_lone_helper_people_of_the_same_village_are_named():
    graph = nx.Graph([("h", "m1")])
    graph.add_nodes_from(["m1", "m2", "m3"], kind="Member")
    graph.add_node("h", kind="Household")
    for node, village in {"h": "v", "m1": "v", "m2": "v", "m3": "u"}.items():
        graph.nodes[node]["village"] = village
    rows = find_deputies(Network.from_networkx(graph), ["m1"]).rows
    assert rows[["subject_id", "new_ties", "near"]].values.tolist() == [["m2", 1, 1]]
    assert rows["steps"].isna().all()


def test_a_place_that_stands_alone_is_no_loss():
    graph = nx.Graph([("m1", "v"), ("m1", "b"), ("m2", "b")])
    nx.set_node_attributes(graph, {"m1": "Member", "m2": "Member", "v": "Village", "b": "Branch"}, "kind")
    assert len(find_deputies(Network.from_networkx(graph), ["m1"])) == 0


def test_an_id_under_two_kinds_comes_with_its_kind():
    graph = nx.Graph([(("Member", "1"), ("Branch", "1")), (("Member", "2"), ("Branch", "1"))])
    for kind, key in list(graph):
        graph.nodes[kind, key]["kind"] = kind
    net = Network.from_networkx(graph)
    with pytest.raises(ParameterError, match="several kinds"):
        find_deputies(net, ["1"])
    assert len(find_deputies(net, [("Member", "1")])) == 0
    for wrong in (["9"], "9"):
        with pytest.raises(ParameterError, match="not in the network"):
            find_deputies(net, wrong)
    with pytest.raises(ParameterError, match="most"):
        find_deputies(net, ["2"], most=0)

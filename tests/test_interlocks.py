"""Interlocks: counted by hand, and more or fewer than by chance where they were so made."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from graphkit import Network, score_interlocks
from graphkit.errors import ParameterError


def joined(homes: int, *, local: bool) -> Network:
    """In each village a branch and a co-operative of six; the members of a branch work in that of their village, or in six different ones."""
    graph = nx.Graph()
    for village in range(homes):
        graph.add_node(f"b{village}", kind="Branch")
        graph.add_node(f"c{village}", kind="Cooperative")
    for village in range(homes):
        for i in range(6):
            person = f"p{village}.{i}"
            graph.add_node(person, kind="Member")
            graph.add_edge(person, f"b{village}")
            graph.add_edge(person, f"c{village if local else (village + i) % homes}")
    return Network.from_networkx(graph)


def test_by_hand():
    """m is in b1, b2 and c1; n in b1 and c1: three interlocks of a branch and a co-operative, two of them different; one of two branches."""
    graph = nx.Graph([("m", "b1"), ("m", "b2"), ("m", "c1"), ("n", "b1"), ("n", "c1"), ("m", "v"), ("n", "v")])
    kinds = {"m": "Member", "n": "Member", "b1": "Branch", "b2": "Branch", "c1": "Cooperative", "v": "Village"}
    nx.set_node_attributes(graph, kinds, "kind")
    found = score_interlocks(Network.from_networkx(graph), draws=19)
    counts = found[["people", "interlocks", "observed"]].astype(int)
    assert {name: tuple(row) for name, row in zip(counts.index, counts.values.tolist(), strict=True)} == {
        "Branch × Branch": (1, 1, 1),
        "Cooperative × Cooperative": (0, 0, 0),
        "Village × Village": (0, 0, 0),
        "Branch × Cooperative": (2, 3, 2),
        "Branch × Village": (2, 3, 2),
        "Cooperative × Village": (2, 2, 1),
        "Branch × Cooperative × Village": (2, 3, 2),
    }


@pytest.mark.parametrize("local", [True, False])
def test_fewer_where_all_is_local_and_more_where_people_reach_out(local):
    found = score_interlocks(joined(8, local=local), kinds=["Branch", "Cooperative"], draws=99).loc["Branch × Cooperative"]
    assert found["interlocks"] == 48
    assert found["observed"] == (8 if local else 48)
    assert found["p_low" if local else "p_high"] == 0.01
    # 8 × 8 pairs of bodies; six of 48 people go to each co-operative: 1 - C(42, 6) / C(48, 6) of the pairs meet
    meet = 1 - np.prod([(42 - i) / (48 - i) for i in range(6)])
    assert found["expected"] == pytest.approx(64 * meet, rel=0.03)


def test_what_is_not_there_is_told():
    net = joined(2, local=True)
    for kinds in ([], ["Village"]):
        with pytest.raises(ParameterError, match="interlocks"):
            score_interlocks(net, kinds=kinds)
    with pytest.raises(ParameterError, match="Member"):
        score_interlocks(Network.from_networkx(nx.path_graph(3)), kinds=["Node"])

"""Network: built from tables and from networkx, grouped, projected on its people, and given back."""

from __future__ import annotations

import collections
import copy
import datetime as dt
import pickle
import time
from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.kernels.csr import build_csr, distinct, distinct_pairs, follow_ties, tie_within
from graphkit.network import Grouping, Network, Ties

DAY = dt.date(2012, 4, 30)


def dates(*days: str | None) -> pa.Array:
    return pa.array([None if day is None else dt.date.fromisoformat(day) for day in days], pa.date32())


def ids(*keys: str) -> pa.Table:
    return pa.table({"id": list(keys)})


def ties(**columns: list[object]) -> pa.Table:
    return pa.table(columns)


def small() -> dict[str, pa.Table]:
    """Two villages of one township, one association, one branch, three people, two households."""
    return {
        "Township": pa.table({"code": ["t"]}),
        "Village": pa.table({"code": ["v2", "v1"]}),
        "Cooperative": ids("c"),
        "Branch": ids("b"),
        "Member": ids("m3", "m1", "m2"),
        "Household": ids("h1", "h2"),
        "Village IN Township": ties(village_code=["v1", "v2"], township_code=["t", "t"]),
        "Member LIVES_IN Village": ties(member_id=["m1", "m2"], village_code=["v1", "v2"]),
        "Member BELONGS_TO Branch": ties(member_id=["m1", "m2"], branch_id=["b", "b"], primary=[True, False], office=["书记", None]),
        "Member WORKS_IN Cooperative": ties(member_id=["m1"], cooperative_id=["c"]),
        "Member HELPS Household": ties(member_id=["m2", "m3", "m3"], household_id=["h1", "h1", "h2"], kind=["one_to_one"] * 3),
    }


def network(tables: dict[str, pa.Table], **options) -> Network:
    return Network.from_tables(Tables(tables), **options)


def neighbours(net: Network, key: str, kind: str = "Member") -> dict[str, float]:
    i = int(np.flatnonzero((net.ids == key) & net.mask(kind))[0])
    row = slice(net.offsets[i], net.offsets[i + 1])
    return dict(zip(net.ids[net.neighbours[row]], net.weights[row].tolist(), strict=True))


def group_of(net: Network, key: str, name: str) -> str | None:
    grouping = net.group(name)
    code = grouping.codes[int(np.flatnonzero(net.ids == key)[0])]
    return None if code < 0 else grouping.names[code]


# --- from tables


def test_nodes_stand_by_kind_then_key():
    net = network(small())
    assert list(net.ids) == ["t", "v1", "v2", "c", "b", "m1", "m2", "m3", "h1", "h2"]
    assert [net.kind_names[k] for k in net.kinds] == ["Township", "Village", "Village", "Cooperative", "Branch", *["Member"] * 3, *["Household"] * 2]
    assert net.tie_count == 10
    assert neighbours(net, "m1") == {"v1": 1, "c": 1, "b": 1}


def test_ties_keep_direction_type_and_office():
    net = network(small())
    source, target = net.ties.select("Member BELONGS_TO Branch")
    assert list(net.ids[source]) == ["m1", "m2"]
    assert set(net.ids[target]) == {"b"}
    assert net.ties.office.sum() == 1
    assert net.ids[net.ties.source[net.ties.office]].tolist() == ["m1"]


def test_parallel_ties_add_up_and_self_ties_are_dropped():
    tables = small() | {
        "Member MENTORS Member": ties(mentor_id=["m1", "m1", "m3"], mentee_id=["m2", "m2", "m3"], since=dates("2010-01-01", "2011-01-01", None))
    }
    net = network(tables)
    assert neighbours(net, "m1")["m2"] == 2
    assert "m3" not in neighbours(net, "m3")


def test_a_tie_to_nothing_is_left_out_and_counted():
    net = network(
        small() | {"Member HELPS Household": ties(member_id=["m1", "nobody", None], household_id=["h1", "h1", "h2"], kind=["one_to_one"] * 3)}
    )
    assert neighbours(net, "h1", "Household") == {"m1": 1}
    assert "2 ties" in net.notes[0].en
    assert "2 条" in net.notes[0].zh


def test_only_what_stood_on_the_day_counts():
    tables = small() | {
        "Branch": pa.table({"id": ["b"], "founded_on": dates("2011-01-01")}),
        "Member HELPS Household": ties(member_id=["m1", "m2"], household_id=["h1", "h2"], kind=["post"] * 2, until=dates("2011-01-01", None)),
    }
    assert "b" in neighbours(network(tables, as_of=DAY), "m1")
    assert "h1" not in neighbours(network(tables, as_of=DAY), "m1")
    before = network(tables, as_of=dt.date(2010, 1, 1))
    assert "b" not in before.ids
    assert "h1" in neighbours(before, "m1")
    assert before.as_of == dt.date(2010, 1, 1)


def test_today_is_the_day_if_none_is_given():
    assert network(small()).as_of == dt.datetime.now(dt.UTC).astimezone().date()


def test_groups():
    net = network(small())
    assert [group_of(net, "m1", name) for name in net.groups] == ["v1", "t", "c", "b"]
    assert [group_of(net, "m2", name) for name in net.groups] == ["v2", "t", None, None]  # the branch only assists
    assert [group_of(net, "m3", name) for name in net.groups] == [None] * 4
    assert group_of(net, "v2", "village") == "v2"
    assert group_of(net, "v2", "township") == "t"
    assert group_of(net, "c", "cooperative") == "c"
    assert group_of(net, "b", "village") is None


@pytest.mark.parametrize(
    ("villages", "since", "expected"),
    [
        (["v1", "v2"], ["2011-01-01", "2010-01-01"], "v2"),
        (["v2", "v1"], ["2010-01-01", "2010-01-01"], "v1"),
        (["v1", "v2"], ["2010-01-01", None], "v2"),
    ],
)
def test_of_several_villages_the_earliest_then_the_smallest_key(villages, since, expected):
    net = network(small() | {"Member LIVES_IN Village": ties(member_id=["m1", "m1"], village_code=villages, since=dates(*since))})
    assert group_of(net, "m1", "village") == expected


def test_the_same_key_under_two_kinds_is_two_nodes():
    net = network({"Member": ids("x"), "Household": ids("x"), "Member HELPS Household": ties(member_id=["x"], household_id=["x"], kind=["post"])})
    assert list(net.ids) == ["x", "x"]
    assert neighbours(net, "x") == {"x": 1}
    graph = net.to_networkx()
    assert list(graph.edges) == [(("Member", "x"), ("Household", "x"))]
    assert list(Network.from_networkx(graph).ids) == ["x", "x"]


def test_the_order_of_rows_does_not_matter(district):
    rng = np.random.default_rng(0)
    shuffled = Tables({name: table.take(pa.array(rng.permutation(table.num_rows))) for name, table in district.items()})
    one, other = Network.from_tables(district, as_of=DAY), Network.from_tables(shuffled, as_of=DAY)
    for name in ("offsets", "neighbours", "weights", "kinds"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.ids.equals(other.ids)
    for name in one.groups:
        np.testing.assert_array_equal(one.groups[name].codes, other.groups[name].codes)


def test_empty_tables_make_an_empty_network():
    net = network({})
    assert len(net) == 0
    assert net.tie_count == 0
    assert len(net.project_people()) == 0


def test_a_district_equals_what_networkx_makes_of_its_rows(district):
    """Every tie, joined by key in plain Python."""
    stood = district.at(DAY)
    expected = nx.Graph()
    for name, table in stood.items():
        kinds = name.split(" ")
        if "Promise" in kinds:
            continue  # a record of somebody's, that joins nobody to anything
        if len(kinds) == 1:
            expected.add_nodes_from((name, key) for key in table.column(0).to_pylist())
            continue
        for a, b in zip(table.column(0).to_pylist(), table.column(1).to_pylist(), strict=True):
            u, v = (kinds[0], a), (kinds[2], b)
            expected.add_edge(u, v, weight=expected.get_edge_data(u, v, {"weight": 0})["weight"] + 1)
    got = Network.from_tables(district, as_of=DAY).to_networkx()
    if not isinstance(next(iter(got)), tuple):
        got = nx.relabel_nodes(got, {key: (data["kind"], key) for key, data in got.nodes(data=True)})
    assert set(got) == set(expected)
    assert {frozenset((u, v)): w for u, v, w in got.edges(data="weight")} == {frozenset((u, v)): w for u, v, w in expected.edges(data="weight")}


# --- the people network


def test_people_are_tied_through_what_they_share():
    people = network(small() | {"Member MENTORS Member": ties(mentor_id=["m1"], mentee_id=["m2"])}).project_people()
    assert list(people.ids) == ["m1", "m2", "m3"]
    assert neighbours(people, "m1") == {"m2": 2}  # a branch, and mentoring
    assert neighbours(people, "m2") == {"m1": 2, "m3": 1}  # a household helped by both
    assert group_of(people, "m2", "village") == "v2"
    assert people.projected_from is not None


def test_a_person_stands_once_in_a_body():
    twice = ties(member_id=["m1", "m1", "m2"], branch_id=["b"] * 3, primary=[True] * 3, since=dates("2010-01-01", "2011-01-01", None))
    people = network(small() | {"Member BELONGS_TO Branch": twice}).project_people()
    assert neighbours(people, "m1") == {"m2": 1}


def test_a_large_body_stays_a_node():
    keys = [f"m{i}" for i in range(10)]
    tables = {
        "Member": ids(*keys),
        "Branch": ids("large", "small"),
        "Member BELONGS_TO Branch": ties(member_id=keys + keys[:3], branch_id=["large"] * 10 + ["small"] * 3, primary=[True] * 10 + [False] * 3),
    }
    people = network(tables).project_people(max_body_people=9)
    assert list(people.ids) == [*keys, "large"]
    assert people.tie_count == 10 + 3
    assert neighbours(people, "large", "Branch") == dict.fromkeys(keys, 1.0)
    assert "1 bodies" in people.notes[-1].en
    assert "1 个组织或农户（large）" in people.notes[-1].zh
    assert network(tables).project_people(max_body_people=10).tie_count == 45


def test_no_body_makes_more_ties_than_its_size_allows():
    """20,000 people of one body: tied to each other they would need 200 million ties."""
    keys = [f"m{i:05}" for i in range(20_000)]
    tables = {"Member": ids(*keys), "Cooperative": ids("c"), "Member WORKS_IN Cooperative": ties(member_id=keys, cooperative_id=["c"] * 20_000)}
    assert network(tables).project_people().tie_count == 20_000


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5)), max_size=30))
def test_the_projection_equals_networkx(pairs):
    pairs = sorted(set(pairs))
    members, bodies = [f"m{m}" for m, _ in pairs], [f"b{b}" for _, b in pairs]
    tables = {
        "Member": ids(*(f"m{i}" for i in range(8))),
        "Branch": ids(*(f"b{i}" for i in range(6))),
        "Member BELONGS_TO Branch": pa.table({"member_id": pa.array(members, pa.string()), "branch_id": pa.array(bodies, pa.string()), "primary": pa.array([True] * len(pairs), pa.bool_())}),
    }  # fmt: skip
    two_mode = nx.Graph([("m0", "b0")])
    two_mode.remove_edge("m0", "b0")
    two_mode.add_nodes_from(f"m{i}" for i in range(8))
    two_mode.add_edges_from(zip(members, bodies, strict=True))
    expected = nx.bipartite.weighted_projected_graph(two_mode, [f"m{i}" for i in range(8)])
    got = network(tables).project_people().to_networkx()
    assert {frozenset((u, v)): w for u, v, w in got.edges(data="weight")} == {frozenset((u, v)): w for u, v, w in expected.edges(data="weight")}


def test_a_projection_needs_members_and_a_size():
    with pytest.raises(ParameterError, match="project_people takes one built"):
        Network.from_networkx(nx.path_graph(3)).project_people()
    with pytest.raises(ParameterError, match="at least 1"):
        network(small()).project_people(max_body_people=0)


def test_ties_can_be_dropped_by_type():
    net = network(small()).drop_ties("Member LIVES_IN Village", "Village IN Township")
    assert neighbours(net, "m1") == {"c": 1, "b": 1}
    assert len(net) == 10


# --- networkx


@given(st.integers(0, 12), st.integers(0, 99), st.booleans())
def test_there_and_back(n, seed, with_words):
    graph = nx.gnp_random_graph(n, 0.3, seed=seed)
    graph = nx.relabel_nodes(graph, str) if with_words else graph
    for i, (u, v) in enumerate(graph.edges):
        graph.edges[u, v]["weight"] = 0.5 + i
    for i, node in enumerate(graph):
        graph.nodes[node]["kind"] = "Member" if i % 2 else "Village"
        if i % 3:
            graph.nodes[node]["village"] = f"v{i % 4}"
    assert nx.utils.graphs_equal(Network.from_networkx(graph).to_networkx(), graph)


def test_many_graphs_into_one_reading():
    graph = nx.MultiDiGraph()
    graph.add_edge("a", "b", weight=2)
    graph.add_edge("b", "a", weight=3, type="HELPS")
    graph.add_edge("a", "a")
    with pytest.warns(UserWarning, match="度量按无向网络计算"):
        net = Network.from_networkx(graph)
    assert net.to_networkx().edges["a", "b"] == {"weight": 5.0}
    assert len(net.ties) == 3
    assert set(net.ties.names) == {"TIE", "HELPS"}
    assert [note.en for note in net.notes] == [
        "The graph was directed; measures read it undirected, the weights of both directions added.",
        "1 self-ties are dropped.",
    ]


def test_typed_ties_there_and_back():
    graph = nx.MultiDiGraph()
    graph.add_nodes_from([("a", {"kind": "Member"}), ("b", {"kind": "Household"})])
    graph.add_edge("a", "b", weight=2.5, type="HELPS")
    graph.add_edge("a", "b", weight=1.0, type="MENTORS")
    graph.add_edge("b", "a", weight=3.0, type="HELPS")
    with pytest.warns(UserWarning, match="was directed"):
        net = Network.from_networkx(graph)
    assert nx.utils.graphs_equal(net.to_networkx(typed=True), graph)
    assert [note.en for note in net.notes][1:] == ["1 ties are parallel to another one; their weights are added up."]


def test_a_district_keeps_its_kinds_and_ties_on_the_way_to_networkx_and_back(district):
    net = Network.from_tables(district, as_of=DAY)
    with pytest.warns(UserWarning, match="was directed"):
        back = Network.from_networkx(net.to_networkx(typed=True))
    assert [back.kind_names[k] for k in back.kinds] == [net.kind_names[k] for k in net.kinds]
    types = [collections.Counter(one.ties.names[t] for t in one.ties.types) for one in (net, back)]
    assert types[0] == types[1]
    assert types[0]["Member HELPS Household"] == district.at(DAY)["Member HELPS Household"].num_rows
    np.testing.assert_array_equal(back.neighbours, net.neighbours)
    np.testing.assert_array_equal(back.weights, net.weights)


def test_dropping_ties_keeps_the_weights_of_the_others():
    graph = nx.Graph([("a", "b", {"type": "NEAR"}), ("b", "c", {"weight": 4.0})])
    assert Network.from_networkx(graph).drop_ties("NEAR").to_networkx().edges["b", "c"] == {"weight": 4.0}


def test_nodes_may_be_anything_that_networkx_takes():
    graph = nx.grid_2d_graph(2, 2)
    assert list(Network.from_networkx(graph).ids) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert nx.utils.graphs_equal(nx.Graph(Network.from_networkx(graph).to_networkx().edges), nx.Graph(graph.edges))


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf"), "much"])
def test_a_weight_that_is_no_strength_is_refused(weight):
    with pytest.raises(ParameterError, match="weight"):
        Network.from_networkx(nx.Graph([("a", "b", {"weight": weight})]))


def test_parallel_ties_are_noted():
    graph = nx.MultiGraph([("a", "b"), ("b", "a"), ("a", "b"), ("b", "c"), ("c", "c"), ("c", "c")])
    assert [note.say(lang) for note in Network.from_networkx(graph).notes for lang in ("en", "zh")] == [
        "2 ties are parallel to another one; their weights are added up.",
        "2 条关系与另一条平行，其权重相加。",
        "2 self-ties are dropped.",
        "略去 2 条自环。",
    ]
    assert Network.from_networkx(nx.path_graph(3)).notes == ()


def test_the_warning_of_direction_points_at_the_call():
    with pytest.warns(UserWarning, match="weights of both directions added") as told:
        Network.from_networkx(nx.DiGraph([("a", "b"), ("b", "a")]))
    assert told[0].filename == __file__


@pytest.mark.parametrize(
    ("options", "en", "zh"),
    [
        (
            {"weight": "wieght"},
            r"no tie has the attribute 'wieght'; there are 'strength', 'type'",
            "没有一个关系有属性 'wieght'；现有 'strength'、'type'",
        ),
        ({"kind": "knid"}, r"no node has the attribute 'knid'; there are 'sort'", "没有一个节点有属性 'knid'；现有 'sort'"),
    ],
)
def test_a_misspelt_attribute_is_refused_and_those_there_are_named(options, en, zh):
    graph = nx.Graph([("a", "b", {"strength": 3, "type": "HELPS"})])
    graph.nodes["a"]["sort"] = "Member"
    with pytest.raises(ParameterError) as refused:
        Network.from_networkx(graph, **options)
    assert refused.value.say("en") == en
    assert refused.value.say("zh") == zh
    net = Network.from_networkx(graph, weight="strength", kind="sort")
    assert net.weights.tolist() == [3, 3]
    assert net.kind_names == ("Member", "Node")
    assert Network.from_networkx(nx.Graph(), weight="any").tie_count == 0


def test_a_blank_is_no_group_no_kind_and_no_type():
    graph = nx.Graph([("a", "b", {"type": ""}), ("b", "c")])
    nx.set_node_attributes(graph, {"a": "", "b": "v", "c": "  "}, "village")
    nx.set_node_attributes(graph, {"a": "", "b": None}, "kind")
    nx.set_node_attributes(graph, "", "branch")
    net = Network.from_networkx(graph)
    assert [group_of(net, key, "village") for key in "abc"] == [None, "v", None]
    assert list(net.groups) == ["village"]
    assert net.kind_names == ("Node",)
    assert net.ties.names == ("TIE",)


def test_a_pair_among_other_nodes_is_an_id_of_its_own():
    graph = nx.Graph([(("Node", 1), 1)])
    assert list(Network.from_networkx(graph).ids) == [("Node", 1), 1]
    nx.set_node_attributes(graph, "Node", "kind")
    assert list(Network.from_networkx(graph).ids) == [("Node", 1), 1]


def test_a_graph_of_another_library_is_refused():
    import igraph

    with pytest.raises(ParameterError, match=r"not igraph.Graph; igraph has g.to_networkx\(\)\nfrom_networkx 须给 networkx 的图"):
        Network.from_networkx(igraph.Graph.Ring(4))


def test_too_many_kinds_are_refused():
    graph = nx.empty_graph(200)
    nx.set_node_attributes(graph, {i: f"k{i}" for i in graph}, "kind")
    with pytest.raises(ParameterError, match="200 different values"):
        Network.from_networkx(graph)


def test_the_graph_is_not_changed():
    graph = nx.karate_club_graph()
    before = graph.copy()
    Network.from_networkx(graph).to_networkx()
    assert nx.utils.graphs_equal(graph, before)


# --- itself


def test_arrays_cannot_be_written():
    net = network(small())
    with pytest.raises(ValueError, match="read-only"):
        net.neighbours[0] = 1
    with pytest.raises(TypeError):
        net.groups["village"] = net.groups["branch"]


def test_the_arrays_given_stay_writable():
    neighbours = np.array([1, 0], np.int32)
    none = np.empty(0, np.int32)
    no_ties = Ties(none, none, none.astype(np.int8), none.astype(bool), ())
    Network(pd.Index(["a", "b"]), np.zeros(2, np.int8), ("Node",), np.array([0, 1, 2]), neighbours, np.ones(2), no_ties)
    neighbours[0] = 1


def test_it_can_be_copied_and_sent_to_another_process():
    net = network(small(), as_of=DAY).project_people()
    for other in (pickle.loads(pickle.dumps(net)), copy.deepcopy(net)):
        assert other.content_hash == net.content_hash
        assert other.projected_from.content_hash == net.projected_from.content_hash
        assert not other.neighbours.flags.writeable


def test_arrays_that_do_not_fit_are_refused():
    none = np.empty(0, np.int32)
    no_ties = Ties(none, none, none.astype(np.int8), none.astype(bool), ())
    with pytest.raises(ParameterError, match="do not fit"):
        Network(pd.Index(["a"]), np.zeros(1, np.int8), ("Node",), np.zeros(1, np.int64), none, np.empty(0), no_ties)
    groups = {"village": Grouping(np.zeros(2, np.int32), pd.Index(["v"]))}
    with pytest.raises(ParameterError, match="2 codes for 1 nodes"):
        Network(pd.Index(["a"]), np.zeros(1, np.int8), ("Node",), np.zeros(2, np.int64), none, np.empty(0), no_ties, groups)


def test_the_hash_tells_networks_apart(district):
    one = network(small(), as_of=DAY)
    assert one.content_hash == network(small(), as_of=DAY).content_hash
    others = [
        network(small(), as_of=dt.date(2012, 5, 1)),
        network(small() | {"Household": ids("h1", "h3")}, as_of=DAY),
        network({k: v for k, v in small().items() if k != "Member WORKS_IN Cooperative"}, as_of=DAY),
        Network.from_tables(district, as_of=DAY),
        one.project_people(),
        Network.from_networkx(nx.path_graph(3)),
        Network.from_networkx(nx.path_graph(["1", "0", "2"])),
    ]
    hashes = [n.content_hash for n in (one, *others)]
    assert len(set(hashes)) == len(hashes)


def test_it_shows_itself():
    net = network(small(), as_of=DAY)
    assert repr(net) == "Network(10 nodes, 10 ties: Township 1, Village 2, Cooperative 1, Branch 1, Member 3, Household 2)"
    page = net._repr_html_()
    assert "农户 household</td><td>2" in page
    assert "2012-04-30" in page
    graph = nx.Graph()
    graph.add_node("a", kind="<script>")
    assert "<script>" not in Network.from_networkx(graph)._repr_html_()


# --- kernels


@given(st.integers(1, 8), st.data())
def test_csr_holds_every_tie_on_both_sides(n, data):
    pairs = data.draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.integers(1, 5)), max_size=30))
    source, target = (np.array([p[i] for p in pairs], np.int32) for i in (0, 1))
    offsets, row, weights = build_csr(n, source, target, np.array([p[2] for p in pairs], np.float64))
    expected = np.zeros((n, n))
    for u, v, w in pairs:
        if u != v:
            expected[u, v] += w
            expected[v, u] += w
    got = np.zeros((n, n))
    for i in range(n):
        part = row[offsets[i] : offsets[i + 1]]
        assert (np.diff(part) > 0).all()
        got[i, part] = weights[offsets[i] : offsets[i + 1]]
    np.testing.assert_array_equal(got, expected)


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)), st.sampled_from([np.int64, np.int32, np.int8]))
def test_distinct_numbers_are_those_of_numpy(values, size):
    values = np.array(values, np.int64).astype(size)
    before = values.copy()
    got = distinct(values)
    np.testing.assert_array_equal(got, np.unique(values))
    assert got.dtype == values.dtype
    np.testing.assert_array_equal(values, before)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), max_size=30))
def test_distinct_pairs_are_those_of_a_set(pairs):
    first, second = (np.array([p[i] for p in pairs], np.int32) for i in (0, 1))
    assert list(zip(*(side.tolist() for side in distinct_pairs(first, second, 5)), strict=True)) == sorted(set(pairs))


def test_two_million_keys_are_told_apart_by_sorting_not_hashing():
    """Against a plain sort of the same keys, so that a slow machine fails neither way: hashing takes some 40 times as long."""
    keys = np.random.default_rng(0).integers(0, 2**62, 2_000_000)
    spent = []
    for work in (np.sort, distinct):
        began = time.process_time()
        work(keys)
        spent.append(time.process_time() - began)
    assert spent[1] < 10 * spent[0] + 0.1


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=20))
def test_everyone_in_a_body_is_tied_once(pairs):
    pairs = sorted(set(pairs))
    bodies, people = (np.array([p[i] for p in pairs], np.int32) for i in (0, 1))
    got = sorted(zip(*(side.tolist() for side in tie_within(bodies, people)), strict=True))
    by_body = [[p for b, p in pairs if b == body] for body in range(5)]
    assert got == sorted(pair for members in by_body for pair in combinations(members, 2))


@given(*[st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12)] * 2)
def test_two_steps_equal_two_loops(first, second):
    as_ends = [tuple(np.array([p[i] for p in pairs], np.int32) for i in (0, 1)) for pairs in (first, second)]
    got = zip(*(side.tolist() for side in follow_ties(*as_ends, 5)), strict=True)
    assert sorted(got) == sorted((a, d) for a, b in first for c, d in second if b == c)

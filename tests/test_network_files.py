"""Files of a network: read back by networkx, igraph and a reader of our own, the same nodes, ties, weights, kinds and groups."""

from __future__ import annotations

import re
import shlex
import time
import xml.etree.ElementTree as ET

import igraph
import networkx as nx
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import graphkit
from graphkit.data.tables import Tables
from graphkit.errors import ParameterError
from graphkit.network import Network, write_network
from graphkit.network.files import NOT_IN_XML
from tests.test_network import DAY, ids, ties

ODD = ["甲村 “党支部”", "a b", "<img src=x>", "&amp;", "'", "x\ty", "two\nlines", "=1+1", "\U00020000", "a,b", "data:"]


def make(names, **groups) -> Network:
    graph = nx.Graph()
    graph.add_nodes_from(names)
    graph.add_weighted_edges_from((a, b, 0.5 + place) for place, (a, b) in enumerate(zip(names, names[2:], strict=False)))
    nx.set_node_attributes(graph, {name: "Member" if place % 2 else "Village" for place, name in enumerate(names)}, "kind")
    for group, values in groups.items():
        nx.set_node_attributes(graph, dict(zip(names, values, strict=False)), group)
    return Network.from_networkx(graph, groups=tuple(groups))


def as_told(net: Network) -> tuple[dict, dict]:
    """Nodes with kind and groups, ties with weight, by name."""
    graph = net.to_networkx()
    return dict(graph.nodes(data=True)), {frozenset(ends): weight for *ends, weight in graph.edges(data="weight")}


def as_read(graph: nx.Graph) -> tuple[dict, dict]:
    nodes = {node: {key: value for key, value in data.items() if key != "label"} for node, data in graph.nodes(data=True)}
    return nodes, {frozenset(ends): weight for *ends, weight in graph.edges(data="weight")}


def read_dl(path) -> tuple[list[str], dict]:
    """An independent reader of edgelist1, after UCINET's description of the DL language."""
    head, _, rest = path.read_text("utf-8").partition("labels:\n")
    labels, _, data = rest.partition("\ndata:\n")
    count = int(re.search(r"^dl n=(\d+)\nformat = edgelist1\n$", head)[1])
    lexer = shlex.shlex(labels, posix=True, punctuation_chars=False)
    lexer.whitespace, lexer.whitespace_split, lexer.quotes, lexer.commenters, lexer.escape = " ,=\r\n", True, '"', "", ""
    names = list(lexer)
    assert len(names) == count
    rows = [line.split(" ") for line in data.splitlines()]
    return names, {(names[int(a) - 1], names[int(b) - 1]): float(weight) for a, b, weight in rows}


@pytest.mark.parametrize(("suffix", "read"), [(".graphml", nx.read_graphml), (".gexf", nx.read_gexf)])
def test_networkx_reads_back_what_was_written(tmp_path, suffix, read):
    net = make(ODD, village=["v", None, "村", "v", "", "v\tw"], club=ODD[1:])
    graph = read(write_network(net, tmp_path / f"net{suffix}"))
    assert as_read(graph) == as_told(net)
    assert [data["label"] for _, data in graph.nodes(data=True)] == ODD
    assert not graph.is_directed()


@pytest.mark.parametrize(("suffix", "read"), [(".graphml", nx.read_graphml), (".gexf", nx.read_gexf)])
def test_a_district_goes_out_with_kinds_groups_and_types_and_without_names(tmp_path, district, suffix, read):
    net = Network.from_tables(district, as_of=DAY)
    path = write_network(net, tmp_path / f"net{suffix}")
    graph = read(path)
    assert as_read(graph) == as_told(net)
    helped = {frozenset(ends) for *ends, words in graph.edges(data="tie") if words == "Member HELPS Household"}
    assert len(helped) == len(set(zip(*(end.tolist() for end in net.ties.select("Member HELPS Household")), strict=True)))
    assert "2012-04-30" in path.read_text("utf-8")
    names = district["Member"]["name"].drop_null().to_pylist() if "name" in district["Member"].column_names else []
    assert not any(name in path.read_text("utf-8") for name in names[:200])


def test_types_of_parallel_ties_stand_together(tmp_path):
    graph = nx.MultiGraph([("a", "b", {"type": "NEAR"}), ("b", "a", {"type": "HELPS"}), ("a", "b", {"type": "NEAR"}), ("b", "b"), ("b", "c")])
    net = Network.from_networkx(graph)
    read = nx.read_graphml(write_network(net, tmp_path / "net.graphml"))
    assert {frozenset(ends): words for *ends, words in read.edges(data="tie")} == {frozenset("ab"): "NEAR; HELPS", frozenset("bc"): "TIE"}
    assert read.graph["note"].splitlines()[:2] == [net.notes[0].zh, net.notes[0].en]


def test_a_projection_bears_its_note_and_no_types(tmp_path):
    shared = ties(member_id=["m1", "m2"], branch_id=["b", "b"], primary=[True, True])
    net = Network.from_tables(Tables({"Member": ids("m1", "m2"), "Branch": ids("b"), "Member BELONGS_TO Branch": shared}), as_of=DAY)
    read = nx.read_graphml(write_network(net.project_people(), tmp_path / "people.graphml"))
    assert list(read.edges(data=True)) == [("m1", "m2", {"weight": 1.0})]
    assert read.graph["as_of"] == "2012-04-30"
    assert "People of one branch" in read.graph["note"]


def test_one_id_under_two_kinds_is_two_nodes(tmp_path):
    helps = ties(member_id=["x"], household_id=["x"], kind=["post"])
    net = Network.from_tables(Tables({"Member": ids("x"), "Household": ids("x"), "Member HELPS Household": helps}))
    read = nx.read_gexf(write_network(net, tmp_path / "net.gexf"))
    assert dict(read.nodes(data="label")) == {"Member:x": "x", "Household:x": "x"}
    assert read_dl(write_network(net, tmp_path / "net.dl"))[0] == ["Member:x", "Household:x"]


def test_a_group_by_a_name_of_the_writers_is_still_a_group(tmp_path):
    net = make(["a", "b", "c"], id=["1", "2", "2"], start=["x", "y", "z"])
    read = nx.read_gexf(write_network(net, tmp_path / "net.gexf"))
    assert dict(read.nodes(data="group_id")) == {"a": "1", "b": "2", "c": "2"}
    assert dict(read.nodes(data="group_start")) == {"a": "x", "b": "y", "c": "z"}


@given(st.lists(st.text(min_size=1, max_size=4) | st.sampled_from(["\x00", "a\r", "\ufffe"]), min_size=2, max_size=6, unique=True))
def test_xml_is_never_broken(tmp_path_factory, names):
    folder = tmp_path_factory.mktemp("xml")
    net = make(names)
    for suffix, read in ((".graphml", nx.read_graphml), (".gexf", nx.read_gexf)):
        if any(NOT_IN_XML.search(name) for name in names):
            with pytest.raises(ParameterError, match="control character"):
                write_network(net, folder / f"net{suffix}")
            assert list(folder.iterdir()) == []
            continue
        path = write_network(net, folder / f"net{suffix}")
        ET.parse(path)
        assert as_read(read(path)) == as_told(net)
        path.unlink()


@pytest.mark.parametrize("planted", ["\x00", "\x0b", "\r", "\ufffe", "\x1b[31m"])
def test_a_character_without_a_place_is_refused_and_not_shown(tmp_path, planted):
    net = make(["a", f"secret{planted}", "b"])
    for name in ("net.graphml", "net.gexf", "net.dl"):
        if planted == "\ufffe" and name == "net.dl":
            continue
        with pytest.raises(ParameterError, match=r"\b1 ids") as refused:
            write_network(net, tmp_path / name)
        assert "secret" not in str(refused.value)
        assert "控制字符" in refused.value.say("zh")
    assert list(tmp_path.iterdir()) == []


# --- UCINET


def test_dl_is_read_by_igraph_and_by_the_description(tmp_path):
    net = make(["230112005200", "m1", "村二", "lonely", "x"])
    path = write_network(net, tmp_path / "net.dl")
    names, weights = read_dl(path)
    nodes, expected = as_told(net)
    assert names == list(nodes)  # nodes without ties too
    assert {frozenset(ends): weight for ends, weight in weights.items()} == expected
    assert all(weights[b, a] == weight for (a, b), weight in weights.items())
    read = igraph.Graph.Read_DL(str(path), directed=False)
    assert read.vs["name"] == names
    assert {frozenset(read.vs[end]["name"] for end in tie.tuple): tie["weight"] for tie in read.es} == expected


def test_what_parts_labels_is_quoted(tmp_path):
    names = ["a b", "a,b", "a=b", "data:", "plain", "甲 乙"]
    path = write_network(make(names), tmp_path / "net.dl")
    assert read_dl(path)[0] == names
    assert '"a b"\n"a,b"\n"a=b"\n"data:"\nplain\n"甲 乙"\n' in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("names", "en", "zh"),
    [
        (["a", "A"], "1 ids would be taken for another", "1 个编号会与别的编号混同"),
        (["household-230112005200-1", "household-230112005200-2", "x"], "UCINET keeps 18 characters", "只留标签的前 18 个字符"),
        (['say "hi"', "b", "c"], "1 ids are empty or hold a double quote", "含有双引号"),
        (["", "b", "c"], "1 ids are empty", "1 个编号为空"),
        ([1, "1"], "1 nodes would have the name of another one", "1 个节点与别的节点同名"),
    ],
)
def test_labels_that_ucinet_would_misread_are_refused(tmp_path, names, en, zh):
    with pytest.raises(ParameterError, match=en) as refused:
        write_network(Network.from_networkx(nx.path_graph(names)), tmp_path / "net.dl")
    assert zh in refused.value.say("zh")
    assert list(tmp_path.iterdir()) == []


def test_a_long_label_that_stays_apart_is_written_whole(tmp_path):
    names = ["a" * 30, "b" * 30]
    assert read_dl(write_network(make(names), tmp_path / "net.dl"))[0] == names


# --- all of them


@pytest.mark.parametrize("name", ["net.csv", "net", "net.graphml.gz"])
def test_another_suffix_is_refused(tmp_path, name):
    with pytest.raises(ParameterError, match=r"written as \.graphml, \.gexf, \.dl") as refused:
        write_network(make(["a", "b"]), tmp_path / name)
    assert "网络写成" in refused.value.say("zh")


def test_what_is_no_network_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"Network\.from_networkx\(g\)"):
        write_network(nx.path_graph(3), tmp_path / "net.dl")


def test_an_empty_network_is_an_empty_file_of_its_kind(tmp_path):
    net = Network.from_tables(Tables({}))
    assert len(nx.read_graphml(write_network(net, tmp_path / "net.graphml"))) == 0
    assert len(nx.read_gexf(write_network(net, tmp_path / "net.gexf"))) == 0
    assert write_network(net, tmp_path / "net.dl").read_text() == "dl n=0\nformat = edgelist1\nlabels:\ndata:\n"


@pytest.mark.parametrize("suffix", [".graphml", ".gexf", ".dl"])
def test_twice_the_nodes_take_about_twice_the_time(tmp_path, suffix):
    def spend(nodes: int) -> float:
        net = Network.from_networkx(nx.gnm_random_graph(nodes, 3 * nodes, seed=1))
        began = time.process_time()
        write_network(net, tmp_path / f"net{suffix}")
        return time.process_time() - began

    spend(100)
    assert spend(8_000) < 10 * spend(2_000) + 0.5  # 16 times if the work grew with the square


def test_the_command_writes_the_day_that_is_asked_for(tmp_path):
    from graphkit.cli.options import app

    tables = Tables({"Member": pa.table({"id": ["m1", "m2"]}), "Member MENTORS Member": pa.table({"mentor_id": ["m1"], "mentee_id": ["m2"]})})
    with graphkit.connect(str(tmp_path / "a.gk")) as store:
        store.write(tables)
    ran = CliRunner().invoke(app, ["export-network", str(tmp_path / "a.gk"), str(tmp_path / "net.graphml"), "--as-of", "2012-04-30"])
    assert ran.exit_code == 0, ran.output
    read = nx.read_graphml(tmp_path / "net.graphml")
    assert list(read.edges) == [("m1", "m2")]
    assert read.graph["as_of"] == "2012-04-30"

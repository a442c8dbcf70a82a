"""The way out to pyvis: what a reader sees, and that nothing hidden in an id, a title or an option runs or asks for anything."""

from __future__ import annotations

import json
import re

import networkx as nx
import numpy as np
import pytest

from graphkit.errors import ParameterError
from graphkit.kernels.layout import place_by_forces
from graphkit.network import Network
from graphkit.network.drawing import _look
from tests.browser import open_browser, open_page

PLANTED = [
    "<img src=x onerror=window.planted=1>", "</script><script>window.planted=2</script>", '<a href="javascript:window.planted=3">href</a>',
    "\"'`;window.planted=4//", "two\nlines\r\n<b>", "__proto__", "", "<!--<script>", "\u2028\u2029\x00", "甲村 “党支部”", "constructor",
]  # fmt: skip


def planted() -> Network:
    graph = nx.cycle_graph(PLANTED)
    nx.set_node_attributes(graph, {word: word for word in PLANTED}, "kind")
    nx.set_node_attributes(graph, {word: word + "!" for word in PLANTED}, "village")
    return Network.from_networkx(graph)


def read_data(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


def test_it_is_a_pyvis_network_of_the_ties_that_are_measured():
    from pyvis.network import Network as PyvisNetwork

    graph = nx.MultiGraph([("a", "b"), ("a", "b"), ("b", "c"), ("c", "c")])
    drawing = Network.from_networkx(graph).to_pyvis()
    assert isinstance(drawing, PyvisNetwork)
    assert drawing.get_nodes() == [0, 1, 2]  # opaque
    assert [node["label"] for node in drawing.nodes] == ["a", "b", "c"]
    assert [(tie["from"], tie["to"], tie["width"]) for tie in drawing.edges] == [(0, 1, 2.0), (1, 2, 1.0)]
    assert drawing.get_adj_list() == {0: {1}, 1: {0, 2}, 2: {1}}
    assert all(isinstance(node[axis], int) for node in drawing.nodes for axis in "xy")
    assert read_data(drawing.generate_html())["options"]["physics"]["enabled"] is False


def test_kinds_have_a_shape_and_a_colour_each_and_stand_in_the_legend(district):
    net = Network.from_tables(district).project_people()
    drawing = net.to_pyvis()
    assert {node["shape"] for node in drawing.nodes} == {drawing.nodes[0]["shape"]}
    assert "党员与培养对象" in drawing.generate_html()
    assert drawing.nodes[0]["title"].splitlines()[1] == net.ids[0]
    assert "as of" in drawing.heading


def test_no_two_kinds_of_the_model_look_alike(district):
    net = Network.from_tables(district)
    legend = [_look(name, place, net.model) for place, name in enumerate(net.kind_names)]
    assert len({(shape, colour) for shape, _, colour in legend}) == len(net.kind_names)
    assert _look("Node", 0, net.model)[0] == "dot"


@pytest.mark.parametrize("graph", [nx.empty_graph(2_001), nx.complete_graph(202)])
def test_a_large_network_is_refused_and_told_where_to_go(graph):
    with pytest.raises(ParameterError, match="2,000 nodes and 20,000 ties") as refused:
        Network.from_networkx(graph).to_pyvis()
    assert "write_map" in refused.value.say("zh")
    assert "write_map" in refused.value.say("en")


def test_an_empty_network_is_an_empty_page():
    assert read_data(Network.from_networkx(nx.Graph()).to_pyvis().generate_html())["nodes"] == []


def test_tied_nodes_stand_nearer_than_others_and_none_on_another():
    net = Network.from_networkx(nx.disjoint_union(nx.connected_caveman_graph(6, 6), nx.empty_graph(10)))
    x, y = place_by_forces(net.offsets, net.neighbours)
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    tied = np.zeros((len(net), len(net)), bool)
    tied[net.rows(), net.neighbours] = True
    others = ~tied & ~np.eye(len(net), dtype=bool)
    assert np.median(apart[tied]) < np.median(apart[others]) / 3
    assert (apart + np.eye(len(net))).min() > 0.1
    assert np.array_equal(x, place_by_forces(net.offsets, net.neighbours)[0])


def test_what_is_written_is_utf_8_whatever_the_locale(tmp_path, monkeypatch):
    drawing = planted().to_pyvis()
    monkeypatch.chdir(tmp_path)
    drawing.save_graph("甲.html")
    drawing.write_html(tmp_path / "乙.html")
    frame = drawing.show("丙.html")
    assert "丙.html" in frame.src
    assert {path.name for path in tmp_path.iterdir()} == {"甲.html", "乙.html", "丙.html"}  # no folder lib beside them
    assert all("甲村 “党支部”" in path.read_bytes().decode("utf-8") for path in tmp_path.iterdir())


@pytest.mark.browser
def test_nothing_planted_runs_and_nothing_is_asked_for(tmp_path):
    drawing = planted().to_pyvis()
    drawing.save_graph(tmp_path / "page.html")
    with open_browser() as browser, open_page(browser, tmp_path / "page.html") as page:
        assert page.evaluate("network.body.data.nodes.length") == len(PLANTED)
        assert page.evaluate("document.querySelectorAll('script').length") == 3  # data, library, ours
        assert page.locator("header img, header a, header script").count() == 0
        assert "<img src=x onerror=window.planted=1>" in page.locator("header").inner_text()
        for node in range(3):
            assert PLANTED[node] in hover(page, node)
        page.screenshot(path=str(tmp_path / "page.png"))


def hover(page, node: int) -> str:
    """The words shown over a node."""
    page.mouse.move(1, 1)
    page.wait_for_timeout(400)
    at = page.evaluate(f"network.canvasToDOM(network.getPositions([{node}])[{node}])")
    box = page.locator("#drawing").bounding_box()
    page.mouse.move(box["x"] + at["x"], box["y"] + at["y"], steps=4)
    page.locator(".vis-tooltip").wait_for(state="visible")
    assert page.locator(".vis-tooltip *:not(br)").count() == 0
    return page.locator(".vis-tooltip").evaluate("box => box.textContent")


@pytest.mark.browser
def test_what_is_added_in_pyvis_is_text_too(tmp_path):
    drawing = Network.from_networkx(nx.Graph()).to_pyvis()
    drawing.heading = "<script>window.planted=5</script>"
    drawing.bgcolor = drawing.width = "red;} </style><script>window.planted=6</script>"
    drawing.select_menu = drawing.filter_menu = True
    drawing.add_node("<script>window.planted=7</script>", label="x", title="<a href='x'><img src=x onerror=window.planted=8>", x=0, y=0)
    drawing.write_html(tmp_path / "page.html")
    with open_browser() as browser, open_page(browser, tmp_path / "page.html") as page:
        assert page.evaluate("network.body.data.nodes.length") == 1
        assert page.locator("h1").inner_text() == "<script>window.planted=5</script>"
        assert page.locator("select").count() == 0


def test_the_page_names_its_scripts_by_hash_and_allows_nothing_else():
    page = planted().to_pyvis().generate_html()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    for part in re.findall(r"<(?:link|img|iframe|object|base|a|form)\b[^>]*>", re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)):
        pytest.fail(part)
    assert "https://" not in re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)  # the library's own licence and notes aside

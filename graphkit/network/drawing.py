"""A pyvis network whose page needs nothing but itself: the one place that imports pyvis.

pyvis's own page asks two servers for style sheets and scripts, writes with the codec of the machine, puts headings,
sizes and colours into it as they are, and runs what stands in a title that holds "href". So its page is not used: what
a `pyvis.network.Network` holds goes as data into a page of ours, which allows its own script and no request.
"""

from __future__ import annotations

import html
import json
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pyvis.edge import Edge
from pyvis.network import Network as PyvisNetwork
from pyvis.node import Node

from graphkit.errors import ParameterError
from graphkit.kernels.layout import place_by_forces
from graphkit.model.model import Model
from graphkit.pages.page import FONTS, render_page, write_page
from graphkit.resources import read_drawing_library
from graphkit.words import Text

if TYPE_CHECKING:
    from graphkit.network.network import Network

MOST_NODES, MOST_TIES = 2_000, 20_000
TIE_LENGTH = 45  # pixels
WIDEST = 6

# Colours after Okabe & Ito (2008), told apart with any common colour blindness, and a shape besides; 56 kinds differ.
COLOURS = ("#cc79a7", "#7a8791", "#e69f00", "#0072b2", "#009e73", "#56b4e9", "#d55e00", "#24292e")
SHAPES = (("star", "★"), ("hexagon", "⬢"), ("square", "■"), ("diamond", "◆"), ("dot", "●"), ("triangle", "▲"), ("triangleDown", "▼"))
FIRST_OTHER = 4  # a network without our kinds begins with dots
STYLE = f"""html, body {{ height: 100%; margin: 0; }}
body {{ display: flex; flex-direction: column; font: 14px {FONTS}; color: #24292e; }}
header {{ padding: 8px 14px; border-bottom: 1px solid #d5dadd; }}
h1 {{ font-size: 16px; margin: 0 0 4px; }}
header span {{ margin-right: 1em; white-space: nowrap; }}
#drawing {{ flex: 1; min-height: 300px; }}
.vis-network {{ outline: none; }}
.vis-tooltip {{ position: absolute; visibility: hidden; padding: 5px 8px; white-space: pre-line; background: #fff; border: 1px solid #7a8791;
  border-radius: 3px; pointer-events: none; z-index: 5; }}
"""
SCRIPT = """"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const nodes = new vis.DataSet(data.nodes), edges = new vis.DataSet(data.edges);
window.network = new vis.Network(document.getElementById("drawing"), { nodes, edges }, data.options);
"""
NOWHERE = "位置由关系算出，没有地理含义。 Positions follow the ties and are not geography."


class OfflineDrawing(PyvisNetwork):  # type: ignore[misc]  # pyvis is not typed
    """A pyvis network that writes a page of its own: no request, no script but the drawing library and four lines.

    ``generate_html``, ``write_html``, ``save_graph`` and ``show`` are called as in pyvis. Nodes, ties and options that are
    added or changed are drawn; every title and label is text. pyvis's menus, DOT texts, templates, background and
    choice of servers (``cdn_resources``) have no effect.
    """

    def __init__(self) -> None:
        super().__init__(height="750px", cdn_resources="in_line")
        self.legend: Sequence[tuple[str, str, str]] = ()  # sign, colour and words of each kind
        self.toggle_physics(False)
        self.options.edges.smooth.enabled = False
        self.options.edges.color.inherit = False
        self.options.edges.color.color = "#b4bcc2"

    def generate_html(self, name: str = "index.html", local: bool = True, notebook: bool = False) -> str:  # noqa: ARG002
        """Return the page. The parameters are pyvis's and change nothing."""
        nodes, edges, heading, *_, options = self.get_network_data()
        colours = "".join(f".kind{place} {{ color: {colour}; }}\n" for place, (_, colour, _) in enumerate(self.legend))
        words = "".join(
            f'<span><b class="kind{place}" aria-hidden="true">{sign}</b> {html.escape(word)}</span>'
            for place, (sign, _, word) in enumerate(self.legend)
        )
        title = str(heading) or "网络 Network"
        self.html = render_page(
            title=title,
            lang="zh",
            body=f'<header><h1>{html.escape(title)}</h1>{words}<br><small>{NOWHERE}</small></header><main id="drawing"></main>',
            styles=[STYLE + colours],
            scripts=[read_drawing_library(), SCRIPT],
            data={"nodes": nodes, "edges": edges, "options": json.loads(options)},
        )
        return self.html

    def write_html(self, name: str | Path, local: bool = True, notebook: bool = False, open_browser: bool = False) -> None:  # noqa: ARG002
        """Write the page as UTF-8, whole or not at all."""
        path = write_page(self.generate_html(), name)
        if open_browser:
            webbrowser.open(path.resolve().as_uri())

    def save_graph(self, name: str | Path) -> None:
        """Write the page; as `write_html`."""
        self.write_html(name)


def draw_network(network: Network) -> OfflineDrawing:
    """Put a small network into a pyvis network: opaque ids, positions, and words as text."""
    _need_small(network)
    drawing = OfflineDrawing()
    looks = [_look(name, place, network.model) for place, name in enumerate(network.kind_names)]
    words = [_say_kind(name, network.model) for name in network.kind_names]
    drawing.legend = [(looks[kind][1], looks[kind][2], words[kind]) for kind in np.flatnonzero(np.bincount(network.kinds, minlength=1)).tolist()]
    day = f"，截至 as of {network.as_of}" if network.as_of else ""
    drawing.heading = f"网络 Network：{len(network):,} 节点 nodes，{network.tie_count:,} 关系 ties{day}"
    x, y = (np.rint(TIE_LENGTH * values).astype(int).tolist() for values in place_by_forces(network.offsets, network.neighbours))
    for place, kind in enumerate(network.kinds.tolist()):
        title = "\n".join([words[kind], str(network.ids[place]), *_say_groups(network, place)])
        shape, _, colour = looks[kind]
        node = Node(place, shape, str(network.ids[place]) or " ", color=colour, title=title, size=9, x=x[place], y=y[place])
        drawing.nodes.append(node.options)
        drawing.node_ids.append(place)
        drawing.node_map[place] = node.options
    drawing.edges.extend(_ties(network))
    return drawing


def _need_small(network: Network) -> None:
    if len(network) > MOST_NODES or network.tie_count > MOST_TIES:
        raise ParameterError(
            Text(
                f"to_pyvis 最多画 {MOST_NODES:,} 个节点、{MOST_TIES:,} 条关系，这里有 {len(network):,} 个、{network.tie_count:,} 条："
                "画整个区县用 graphkit.write_map，交给其他软件用 graphkit.write_network",
                f"to_pyvis draws up to {MOST_NODES:,} nodes and {MOST_TIES:,} ties, and here are {len(network):,} and {network.tie_count:,}: "
                "draw a district with graphkit.write_map, or give the network to other programs with graphkit.write_network",
            ),
        )


def _look(name: str, place: int, model: Model) -> tuple[str, str, str]:
    """Shape, its sign in the legend, and colour of a kind."""
    ours = [kind.label for kind in model.nodes]
    number = ours.index(name) if name in ours else FIRST_OTHER + place
    return *SHAPES[number % len(SHAPES)], COLOURS[number % len(COLOURS)]


def _say_kind(name: str, model: Model) -> str:
    return next((f"{kind.heading.zh} {kind.heading.en}" for kind in model.nodes if kind.label == name), name)


def _say_groups(network: Network, place: int) -> list[str]:
    return [f"{name}: {grouping.names[grouping.codes[place]]}" for name, grouping in network.groups.items() if grouping.codes[place] >= 0]


def _ties(network: Network) -> list[dict[str, object]]:
    """Each tie once; put in directly, since pyvis compares each new tie with all before it."""
    rows = network.rows()
    once = rows < network.neighbours
    ends = zip(rows[once].tolist(), network.neighbours[once].tolist(), network.weights[once].tolist(), strict=True)
    return [Edge(a, b, width=_width(weight), title=f"权重 weight {weight:g}").options for a, b, weight in ends]


def _width(weight: float) -> float:
    return min(1 + round(float(np.log2(max(weight, 1))), 1), WIDEST)

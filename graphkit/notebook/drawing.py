"""A small drawn graph: nodes and ties that a query returned, as one picture without a script."""

from __future__ import annotations

import html
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from graphkit.errors import ModelError
from graphkit.model.kinds import MODEL
from graphkit.words import Text

SHOWN_NODES = 200
WIDTH, HEIGHT, MARGIN = 900, 560, 60
LINE, INK = "#9aa5ad", "#1d2429"
KINDS: Mapping[str, tuple[str, int, float]] = {  # colour, corners (0: a circle), turn in degrees
    "Township": ("#4d585f", 6, 0),
    "Village": ("#7a8791", 6, 0),
    "Cooperative": ("#e69f00", 4, 45),
    "Branch": ("#0072b2", 4, 0),
    "Member": ("#009e73", 0, 0),
    "Household": ("#56a4d8", 3, -90),
    "Training": ("#cc79a7", 5, -90),
    "Zone": ("#d55e00", 8, 0),
    "HelpingUnit": ("#b8a51e", 5, 90),
}
OTHER_KIND = ("#5c6870", 0, 0.0)
_TIES = {(kind.source, kind.name, kind.target): kind.heading for kind in MODEL.ties}


@dataclass(frozen=True, slots=True)
class Node:
    """A node as drawn: where it stands in the database, its kind, and the words beside it."""

    place: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class DrawnGraph:
    """Nodes and ties that a query returned; in Jupyter it is a picture.

    Attributes
    ----------
    rows : DataFrame
        The answer, one row a record.
    nodes : tuple of Node
        Each once. People are shown by their ids, never by name.
    ties : tuple of (str, str, str)
        Place of the source, place of the target, name of the tie; each once.
    """

    rows: pd.DataFrame
    nodes: tuple[Node, ...]
    ties: tuple[tuple[str, str, str], ...]

    def __repr__(self) -> str:
        return f"DrawnGraph({len(self.nodes)} nodes, {len(self.ties)} ties; the answer is .rows)"

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_html(self) -> str:
        """Return the picture with its legend, as HTML without a script; every word is escaped."""
        shown = self.nodes[:SHOWN_NODES]
        places = _place(shown, self.ties)
        ties = [tie for tie in self.ties if tie[0] in places and tie[1] in places]
        known = {node.place: node for node in shown}
        label = f"{len(self.nodes)} 个节点，{len(self.ties)} 条关系 · {len(self.nodes)} nodes, {len(self.ties)} ties"
        if len(self.nodes) > SHOWN_NODES:
            label += f"（只画前 {SHOWN_NODES} 个 · the first {SHOWN_NODES} are drawn）"
        drawn = "".join(
            [
                *(_draw_tie(tie, places, known) for tie in ties),
                *(_draw_node(node, places[node.place]) for node in shown),
                *(_write_words(node, places[node.place]) for node in shown),
            ]
        )
        svg = (
            f"<svg role='img' aria-label='{html.escape(label)}' viewBox='0 0 {WIDTH} {HEIGHT}' width='100%' style='max-width:{WIDTH}px'"
            f" font-family='sans-serif' font-size='12'>{drawn}</svg>"
        )
        return f"<figure style='margin:0'>{svg}<figcaption style='font-size:13px;color:{INK}'>{html.escape(label)}<br>{_legend(self)}</figcaption></figure>"


def draw_answer(rows: pd.DataFrame) -> DrawnGraph | None:
    """Return a drawn graph of the nodes, ties and paths in an answer; None if it holds none.

    Parameters
    ----------
    rows : DataFrame
        What a store's ``query`` returned.

    Returns
    -------
    DrawnGraph or None

    Examples
    --------
    >>> draw_answer(pd.DataFrame({"member_id": ["m1"]})) is None
    True
    """
    nodes: dict[str, Node] = {}
    ties: dict[str, tuple[str, str, str]] = {}
    for column in rows.columns:
        if rows[column].dtype == object:
            for found in _things(list(rows[column])):
                _take(found, nodes, ties)
    if not nodes:
        return None
    return DrawnGraph(rows, tuple(nodes.values()), tuple(ties.values()))


def _things(value: Any) -> Iterator[Any]:
    """Every node and tie in a cell, whatever it is wrapped in."""
    if hasattr(value, "relationships"):  # a path
        yield from value.nodes
        yield from value.relationships
    elif hasattr(value, "labels") or hasattr(value, "start_node"):
        yield value
    elif isinstance(value, (list, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _things(one)


def _take(found: Any, nodes: dict[str, Node], ties: dict[str, tuple[str, str, str]]) -> None:
    """Write down a node, or a tie with its two ends; a node that is known from a tie alone is filled in when it comes."""
    if hasattr(found, "labels"):
        known = nodes.get(found.element_id)
        if known is None or not known.kind:
            nodes[found.element_id] = _read_node(found)
        return
    for end in (found.start_node, found.end_node):
        _take(end, nodes, ties)
    ties[found.element_id] = found.start_node.element_id, found.end_node.element_id, found.type


def _read_node(found: Any) -> Node:
    kind = next(iter(sorted(found.labels)), "")
    values = dict(found)
    try:
        declared = MODEL.node_type(kind)
    except ModelError:
        return Node(found.element_id, kind, kind)
    named = not any(p.name == "name" and p.personal for p in declared.properties)
    return Node(found.element_id, kind, str((named and values.get("name")) or values.get(declared.key, "?")))


def _place(nodes: tuple[Node, ...], ties: tuple[tuple[str, str, str], ...]) -> dict[str, tuple[float, float]]:
    """Positions on the page, the same for the same graph."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(node.place for node in nodes)
    graph.add_edges_from((a, b) for a, b, _ in ties if a in graph and b in graph)
    at = nx.spring_layout(graph, seed=1, k=2.2 / math.sqrt(max(len(nodes), 1)), iterations=120)
    spans = [(min(v[axis] for v in at.values()), max(v[axis] for v in at.values())) for axis in (0, 1)]

    def scale(value: float, axis: int, size: int) -> float:
        low, high = spans[axis]
        return size / 2 if high == low else MARGIN + (value - low) / (high - low) * (size - 2 * MARGIN)

    return {place: (scale(v[0], 0, WIDTH), scale(v[1], 1, HEIGHT)) for place, v in at.items()}


def _draw_tie(tie: tuple[str, str, str], places: Mapping[str, tuple[float, float]], known: Mapping[str, Node]) -> str:
    """A line with its arrow in the middle, so that it is seen where nodes stand close."""
    (ax, ay), (bx, by) = places[tie[0]], places[tie[1]]
    turn = math.degrees(math.atan2(by - ay, bx - ax))
    source, target = known[tie[0]], known[tie[1]]
    heading = _TIES.get((source.kind, tie[2], target.kind), Text(tie[2], tie[2]))
    title = html.escape(f"{source.words} → {target.words}：{heading.zh} · {heading.en}")
    return (
        f"<g><title>{title}</title><line x1='{ax:.1f}' y1='{ay:.1f}' x2='{bx:.1f}' y2='{by:.1f}' stroke='{LINE}' stroke-width='1.2'/>"
        f"<path d='M-4,-3.5L4,0L-4,3.5z' fill='{LINE}' transform='translate({(ax + bx) / 2:.1f},{(ay + by) / 2:.1f}) rotate({turn:.0f})'/></g>"
    )


def _draw_node(node: Node, at: tuple[float, float]) -> str:
    title = html.escape(f"{_heading(node.kind).zh} · {_heading(node.kind).en}：{node.words}")
    return f"<g transform='translate({at[0]:.1f},{at[1]:.1f})'><title>{title}</title>{_shape(node.kind)}</g>"


def _write_words(node: Node, at: tuple[float, float]) -> str:
    """The words of a node, above every shape."""
    shown = html.escape(node.words if len(node.words) <= 14 else node.words[:13] + "…")
    where = f"x='{at[0]:.1f}' y='{at[1] + 22:.1f}' text-anchor='middle'"
    return f"<text {where} fill='{INK}' stroke='#fff' stroke-width='3' paint-order='stroke'>{shown}</text>"


def _shape(kind: str) -> str:
    colour, corners, turn = KINDS.get(kind, OTHER_KIND)
    if not corners:
        return f"<circle r='8' fill='{colour}'/>"
    angles = [math.radians(turn + 360 * corner / corners) for corner in range(corners)]
    points = " ".join(f"{10 * math.cos(angle):.1f},{10 * math.sin(angle):.1f}" for angle in angles)
    return f"<polygon points='{points}' fill='{colour}'/>"


def _legend(graph: DrawnGraph) -> str:
    counts = Counter(node.kind for node in graph.nodes)
    parts = [
        f"<span style='white-space:nowrap'><svg width='22' height='22' viewBox='-11 -11 22 22' style='vertical-align:middle' aria-hidden='true'>{_shape(kind)}</svg>"
        f" {html.escape(f'{_heading(kind).zh} · {_heading(kind).en} {count}')}</span>"
        for kind, count in sorted(counts.items())
    ]
    return " &ensp; ".join(parts)


def _heading(kind: str) -> Text:
    try:
        return MODEL.node_type(kind).heading
    except ModelError:
        return Text(kind or "节点", kind or "node")

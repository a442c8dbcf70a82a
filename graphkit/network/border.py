"""The border to networkx: what its attributes mean, what is refused, and what a reader must be told."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.kernels.csr import distinct_pairs
from graphkit.network.parts import Grouping, Ints
from graphkit.words import Text

if TYPE_CHECKING:
    import networkx as nx

Edges = list[tuple[Any, Any, dict[str, Any]]]

USUAL_WEIGHT, USUAL_KIND = "weight", "kind"  # a graph need not have these; one that was asked for by another name must
MOST_KINDS = 127  # a kind is one byte
SHOWN_ATTRIBUTES = 10

DIRECTED = Text(
    "原图有方向；度量按无向网络计算，两个方向的权重相加。",
    "The graph was directed; measures read it undirected, the weights of both directions added.",
)


def need_graph(graph: object) -> None:
    """Refuse what is no networkx graph, and say what to do with it."""
    import networkx as nx

    if not isinstance(graph, nx.Graph):
        told = f"{type(graph).__module__.partition('.')[0]}.{type(graph).__name__}"
        raise ParameterError(
            Text(
                f"from_networkx 须给 networkx 的图，而不是 {told}；igraph 可用 g.to_networkx()",
                f"from_networkx takes a networkx graph, not {told}; igraph has g.to_networkx()",
            ),
        )


def read_words(attributes: Iterable[Mapping[str, object]], name: str, otherwise: str) -> list[str]:
    """The words of an attribute; nothing and blank are `otherwise`."""
    return [otherwise if _is_blank(data.get(name)) else str(data[name]) for data in attributes]


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def need_attribute(attributes: Collection[Mapping[str, object]], name: str, usual: str, word: Text) -> None:
    """Refuse an attribute that was asked for by name and that nothing has: a misspelt one would read as if nothing were known."""
    if name == usual or not attributes or any(name in data for data in attributes):
        return
    names = [repr(key) for key in sorted({str(key) for data in attributes for key in data})]
    shown = names[:SHOWN_ATTRIBUTES] + ["…"] * (len(names) > SHOWN_ATTRIBUTES)
    raise ParameterError(
        Text(
            f"没有一个{word.zh}有属性 {name!r}；现有 {'、'.join(shown) or '：无'}",
            f"no {word.en} has the attribute {name!r}; there are {', '.join(shown) or 'none'}",
        ),
    )


def read_weights(edges: Edges, weight: str) -> NDArray[np.float64]:
    """Strength of each tie, 1 where it has none."""
    need_attribute([data for _, _, data in edges], weight, USUAL_WEIGHT, Text("关系", "tie"))
    try:
        strength = np.fromiter((data.get(weight, 1) for _, _, data in edges), np.float64, len(edges))
    except (TypeError, ValueError):
        raise ParameterError(Text(f"关系的属性 {weight!r} 不全是数", f"tie attribute {weight!r} is not a number everywhere")) from None
    if not (np.isfinite(strength) & (strength > 0)).all():
        raise ParameterError(
            Text(
                f"关系的属性 {weight!r} 表示强度：凡有这一属性的关系，其值须是大于 0 的有限数",
                f"tie attribute {weight!r} is a strength: a finite number above 0 on every tie that has it",
            ),
        )
    return strength


def plain_keys(graph: nx.Graph, kind: str) -> list[Hashable]:
    """The ids of the nodes: of pairs (kind, id), as `to_networkx` writes them where an id stands under two kinds, the second half.

    Only where every node is such a pair: among others it is a node of its own, and its half may be another's id.
    """
    nodes = list(graph)
    written = all(isinstance(node, tuple) and len(node) == 2 and node[0] == graph.nodes[node].get(kind) for node in nodes)
    return [node[1] for node in nodes] if written else nodes


def factorize(words: list[str], attribute: str) -> tuple[NDArray[np.int8], tuple[str, ...]]:
    """Codes of the words, a byte each, and the word of each code."""
    codes, names = pd.factorize(pd.Index(words, dtype=object))
    if len(names) > MOST_KINDS:
        raise ParameterError(
            Text(
                f"属性 {attribute!r} 有 {len(names):,} 个不同的值；最多可分 {MOST_KINDS} 类",
                f"attribute {attribute!r} has {len(names):,} different values; {MOST_KINDS} kinds are possible",
            ),
        )
    return codes.astype(np.int8), tuple(names)


def read_groups(graph: nx.Graph, names: Iterable[str]) -> dict[str, Grouping]:
    """The groupings that at least one node is in; nothing and blank are no group."""
    groups = {}
    for name in names:
        values = [None if _is_blank(value) else value for _, value in graph.nodes(data=name)]
        if any(value is not None for value in values):
            codes, found = pd.factorize(pd.Index(values, dtype=object, tupleize_cols=False))
            groups[name] = Grouping(codes.astype(np.int32), pd.Index(found))
    return groups


def note_changes(graph: nx.Graph, source: Ints, target: Ints) -> tuple[Text, ...]:
    """What was done to the graph that a reader must know; that its direction is not read is said at once."""
    notes = []
    if graph.is_directed():
        warnings.warn(f"{DIRECTED.en}\n{DIRECTED.zh}", stacklevel=3)
        notes.append(DIRECTED)
    if parallel := _count_parallel(source, target, directed=graph.is_directed()):
        notes.append(
            Text(f"{parallel:,} 条关系与另一条平行，其权重相加。", f"{parallel:,} ties are parallel to another one; their weights are added up.")
        )
    if loops := int((source == target).sum()):
        notes.append(Text(f"略去 {loops:,} 条自环。", f"{loops:,} self-ties are dropped."))
    return tuple(notes)


def _count_parallel(source: Ints, target: Ints, *, directed: bool) -> int:
    """Ties beyond the first between the same two nodes, in the same direction where there is one."""
    apart = source != target
    ends = (source[apart], target[apart])
    if not directed:
        ends = (np.minimum(*ends), np.maximum(*ends))
    return int(apart.sum()) - len(distinct_pairs(*ends, int(ends[1].max(initial=0)) + 1)[0])

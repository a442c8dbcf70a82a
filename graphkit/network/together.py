"""Betweenness of several nodes together, and of a current that takes all ways and not the shortest alone."""

from __future__ import annotations

from collections.abc import Collection, Hashable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.network.brokers import lay_out_ties
from graphkit.network.guard import takes_network
from graphkit.network.network import Network
from graphkit.words import Text

Floats = NDArray[np.float64]

MOST_CURRENT = 2_000  # nodes of one part: a few seconds, and half a GB


@takes_network
def score_set_betweenness(network: Network, nodes: Collection[Hashable], *, directed: bool = False, within: str | None = None) -> float:
    """On how many shortest paths between two others does at least one of these nodes lie?

    The sum, over pairs of nodes not among them, of the share of their shortest paths that meet any of them. It is no sum of the single
    ones: a path that meets two counts once, and pairs with one of the set at an end do not count.

    Parameters
    ----------
    network : Network
        Any network. Weights are not read. Of a typed one first take the ties that hold, or name the pairs with `within`.
    nodes : collection of ids
        One and more.
    directed : bool, optional
        Read ties as they lead; pairs are then ordered.
    within : str, optional
        Grouping, such as ``"village"``: only pairs of one known group count, whichever way their paths take.

    Returns
    -------
    float
        Pairs, each once (ordered ones if `directed`). 0 where no path runs through them; pairs without any path add nothing. Exact: the
        work is nodes times ties.

    Raises
    ------
    ParameterError
        If there are no such nodes or none, or no such grouping.

    References
    ----------
    Everett & Borgatti 1999, Journal of Mathematical Sociology 23(3), 181-201; Puzis, Elovici & Dolev 2007, Physical Review E 76, 056709.

    Examples
    --------
    The two inner ones of a path of four: one pair remains, and both its ways lead through them.

    >>> import networkx as nx
    >>> score_set_betweenness(Network.from_networkx(nx.path_graph(4)), [1, 2])
    1.0
    """
    from graphkit.kernels.together import sum_met

    chosen = _choose(network, nodes)
    codes = np.empty(0, np.int32) if within is None else network.group(within).codes
    offsets, targets = lay_out_ties(network, (), directed=directed)
    met = sum_met(offsets, targets, chosen, codes)
    return met if directed else met / 2


def _choose(network: Network, nodes: Collection[Hashable]) -> NDArray[np.bool_]:
    """Where the nodes stand; each of them must be there."""
    if isinstance(nodes, str) or not isinstance(nodes, Collection) or not len(nodes):
        raise ParameterError(Text("nodes 列出至少一个节点的编号", "nodes lists the ids of one node and more"))
    places = network.ids.get_indexer(pd.Index(list(nodes), dtype=network.ids.dtype))
    if unknown := int((places < 0).sum()):
        raise ParameterError(Text(f"网络里没有所列的 {unknown} 个编号", f"{unknown} of these ids are not in the network"))
    chosen = np.zeros(len(network), np.bool_)
    chosen[places] = True
    return chosen


@takes_network
def score_current_flow_betweenness(network: Network) -> pd.Series:
    """How much of a current between two others runs through each node, over all ways there are?

    Between any two nodes of a part a unit of current flows, ties conduct as strongly as they weigh, and a node carries half of what flows
    in its ties. The sum over pairs of others. Who stands on a way slightly longer than the shortest carries nothing by `score_betweenness`
    and a share here.

    Parameters
    ----------
    network : Network
        Small: no part of more than 2,000 nodes. Weights are read as strength, and must be above 0.

    Returns
    -------
    Series, float64, named "current_flow_betweenness", in the order of `network.ids`
        Pairs, each once. 0 for isolates and ends; in a tree it is the betweenness. Never missing.

    Raises
    ------
    ParameterError
        If a part is larger, or a weight is not above 0.

    References
    ----------
    Newman 2005, Social Networks 27(1), 39-54; Brandes & Fleischer 2005, STACS, LNCS 3404, 533-544.

    Examples
    --------
    Through a corner of a square runs half of what flows between its two neighbours, and a quarter between the one opposite and each neighbour:

    >>> import networkx as nx
    >>> score_current_flow_betweenness(Network.from_networkx(nx.cycle_graph(4))).round(9).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    from graphkit.kernels.cutpoints import search_depth_first

    _need_conducting(network)
    roots = search_depth_first(network.offsets, network.neighbours).roots
    order = np.argsort(roots, kind="stable")
    scores = np.zeros(len(network))
    for part in np.split(order, np.flatnonzero(np.diff(roots[order])) + 1):
        if len(part) > MOST_CURRENT:
            raise ParameterError(
                Text(
                    f"一个部分有 {len(part):,} 个节点，至多 {MOST_CURRENT:,} 个；请用 score_betweenness",
                    f"a part has {len(part):,} nodes, and at most {MOST_CURRENT:,} can be done; take score_betweenness",
                ),
            )
        if len(part) > 2:
            scores[part] = _conduct(_weigh_ties(network, part))
    return pd.Series(scores, index=network.ids, name="current_flow_betweenness")


def _need_conducting(network: Network) -> None:
    if network.weights is not None and not (np.asarray(network.weights) > 0).all():
        raise ParameterError(Text("关系的权重须大于 0", "the weight of a tie must be above 0"))


def _weigh_ties(network: Network, part: NDArray[np.integer]) -> Floats:
    """The matrix of weights of one part."""
    at = np.full(len(network), -1)
    at[part] = np.arange(len(part))
    rows, weights = network.rows(), network.weights
    inside = at[rows] >= 0
    matrix = np.zeros((len(part), len(part)))
    matrix[at[rows[inside]], at[network.neighbours[inside]]] = 1.0 if weights is None else weights[inside]
    return matrix


def _conduct(weights: Floats) -> Floats:
    """What each node of one part carries (Brandes & Fleischer): along a tie flows the difference of two rows of potentials, over pairs of its columns."""
    n = len(weights)
    potentials = np.linalg.inv(np.diag(weights.sum(axis=1)) - weights + 1 / n)
    ranks = 2 * np.arange(n) - n + 1.0
    carried = np.zeros(n)
    for v in range(n):
        contacts = np.flatnonzero(weights[v])
        flows = weights[v, contacts, None] * (potentials[v] - potentials[contacts])
        pairs = (np.sort(flows, axis=1) * ranks).sum()
        own = np.abs(flows - flows[:, [v]]).sum()
        carried[v] = (pairs - own) / 2
    return np.maximum(carried, 0.0)

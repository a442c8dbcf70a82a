"""Measures: one pure function each, a Network in, a Series by id out. They work on any graph.

Direction is not read: a network from a directed graph is measured undirected, its weights in both directions added
(`Network.from_networkx`). Constraint and effective size read a weight as the strength of a tie; betweenness,
participation and brokerage roles count ties and read no weight.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.network import Network, takes_network
from graphkit.network.between import count_sources, measure_betweenness, need_pivots
from graphkit.words import Text

ROLES = (
    "a_a_a_coordinator",
    "a_b_b_gatekeeper",
    "b_b_a_representative",
    "a_b_a_consultant",
    "a_b_c_liaison",
)


@takes_network
def score_constraint(network: Network) -> pd.Series:
    """How far are each node's contacts tied to each other, so that it has no gap to bridge?

    Burt's constraint, with p_ij the share of i's tie strength that goes to j::

        c(i) = sum over neighbours j of (p_ij + sum over other neighbours q of p_iq p_qj)**2

    Parameters
    ----------
    network : Network
        Weights are read as strength.

    Returns
    -------
    Series, float64, named "constraint", in the order of `network.ids`
        Near 0 for many unconnected contacts, 1 for a single one; it may exceed 1 (two contacts tied to each other:
        1.125). NaN for a node without ties.

    References
    ----------
    Burt 1992, Structural Holes, chapter 2.

    Examples
    --------
    >>> import networkx as nx
    >>> score_constraint(Network.from_networkx(nx.path_graph(3)))
    0    1.0
    1    0.5
    2    1.0
    Name: constraint, dtype: float64
    """
    return measure_holes(network)["constraint"]


@takes_network
def score_effective_size(network: Network) -> pd.Series:
    """How many of each node's contacts are not already reached through another one?

    Burt's effective size, with p_iq the share of i's tie strength that goes to q, and m_jq the strength of j's tie
    to q over that of j's strongest tie::

        e(i) = sum over neighbours j of (1 - sum over other neighbours q of p_iq m_jq)

    Parameters
    ----------
    network : Network
        Weights are read as strength.

    Returns
    -------
    Series, float64, named "effective_size", in the order of `network.ids`
        From 1 to the number of contacts; without weights, the contacts less their mean ties to each other.
        NaN for a node without ties.

    References
    ----------
    Burt 1992, Structural Holes, chapter 2; Borgatti 1997, Connections 20(1), 35-38.

    Examples
    --------
    >>> import networkx as nx
    >>> score_effective_size(Network.from_networkx(nx.complete_graph(3)))
    0    1.0
    1    1.0
    2    1.0
    Name: effective_size, dtype: float64
    """
    return measure_holes(network)["effective_size"]


@takes_network
def measure_holes(network: Network) -> pd.DataFrame:
    """Constraint and effective size together, in one pass, for whoever needs both.

    Parameters
    ----------
    network : Network
        Weights are read as strength.

    Returns
    -------
    DataFrame by `network.ids`
        Columns ``constraint`` and ``effective_size``, as `score_constraint` and `score_effective_size` define them.
        NaN for a node without ties.

    Examples
    --------
    >>> import networkx as nx
    >>> measure_holes(Network.from_networkx(nx.star_graph(2)))
       constraint  effective_size
    0         0.5             2.0
    1         1.0             1.0
    2         1.0             1.0
    """
    from graphkit.kernels.holes import sum_holes

    constraint, size = sum_holes(network.offsets, network.neighbours, network.weights)
    return pd.DataFrame({"constraint": constraint, "effective_size": size}, index=network.ids)


@takes_network
def score_betweenness(network: Network, *, pivots: int | None = None, normalized: bool = False, seed: int = 0) -> pd.Series:
    """On how many shortest paths between two others does each node lie?

    The sum, over pairs of other nodes, of the share of their shortest paths that run through the node (Freeman).
    Weights are not read: every tie is one step.

    Parameters
    ----------
    network : Network
        Any network.
    pivots : int, optional
        Count only the paths that start from so many nodes, spread evenly over the network from a random start, and
        scale up. At least 2. Left out: exact where that takes a few seconds (half a billion ties met, such as 10,000
        nodes with 50,000 ties), 1,000 pivots beyond. See `estimate_betweenness` for the error.
    normalized : bool, optional
        Divide by the number of pairs of other nodes, so that 1 is the most possible.
    seed : int, optional
        Decides which pivots are drawn.

    Returns
    -------
    Series, float64, named "betweenness", in the order of `network.ids`
        Pairs of nodes, each pair once. 0 for a node on no shortest path, isolates included; never missing. As many pivots as
        there are nodes with ties, or more, give the exact number.

    Raises
    ------
    ParameterError
        If `pivots` is no whole number, or below 2.

    References
    ----------
    Freeman 1977, Sociometry 40(1), 35-41; Brandes 2001, Journal of Mathematical Sociology 25(2), 163-177;
    Brandes & Pich 2007, International Journal of Bifurcation and Chaos 17(7), 2303-2318.

    Examples
    --------
    >>> import networkx as nx
    >>> score_betweenness(Network.from_networkx(nx.path_graph(3)))
    0    0.0
    1    1.0
    2    0.0
    Name: betweenness, dtype: float64
    """
    scores = estimate_betweenness(network, pivots=pivots, seed=seed)["betweenness"]
    others = max((len(network) - 1) * (len(network) - 2) / 2, 1)
    return scores / others if normalized else scores


@takes_network
def estimate_betweenness(network: Network, *, kind: str | None = None, pivots: int | None = None, seed: int = 0) -> pd.DataFrame:
    """Betweenness with its error: how far off may the estimate be, where not all nodes were pivots?

    With d_s(i) the share of shortest paths from pivot s that run through i, each times the part of the way from s at which i stands,
    summed over their ends, N the nodes that have ties and k the pivots, taken every N/k-th along a depth-first walk from a random start::

        b(i)     = N / k * sum over pivots s of d_s(i)
        error(i) = 1.96 * N * sqrt((1 - k / N) * v(i) / k)

    where v(i) is half the mean square of the change of d_s(i) from one pivot to the next, or the mean of that over the hundred and more nodes
    most alike in contacts and how few others these have, or in contacts and estimate, if it is more: a node on few paths is seen by few pivots, and its own sample says too little.
    A path seen from both ends counts once in all.
    Neighbours in the walk see nearly the same paths, so the estimate errs less than with pivots drawn at random, and so does its error.
    A part of the network with at most 2k nodes is measured from all of them, and N and k are those of the others.

    Parameters
    ----------
    network : Network
        Any network.
    kind : str, optional
        Count only pairs of nodes of this kind, such as ``"Member"``; the others hand on. All pairs if left out.
    pivots, seed
        See `score_betweenness`.

    Returns
    -------
    DataFrame by `network.ids`
        ``betweenness``, and ``error``: half the width of its 95 % confidence interval. 0 where the number is certain: all nodes of
        its part were pivots, or the contacts of the node are all tied to each other and no shortest path can run through it. Missing with
        fewer than 1,000 pivots. In most networks tried an interval holds in 93 of 100 cases and more; docs/chance.md has the figures, and
        a kind of network where it fails. Where the
        error exceeds the estimate, the number is at most their sum.

    Raises
    ------
    ParameterError
        If `pivots` is no whole number, or below 2, or there is no such kind.

    References
    ----------
    Brandes & Pich 2007, International Journal of Bifurcation and Chaos 17(7), 2303-2318; Geisberger, Sanders & Schultes 2008, Better
    approximation of betweenness centrality, ALENEX, 90-100; Sariyüce et al. 2013, Shattering and compressing networks for betweenness centrality, SDM, 686-694; Wolter 1984, Journal of the American
    Statistical Association 79, 781-790 (variance of systematic samples from successive differences).

    Examples
    --------
    >>> import networkx as nx
    >>> estimate_betweenness(Network.from_networkx(nx.path_graph(3)))
       betweenness  error
    0          0.0    0.0
    1          1.0    0.0
    2          0.0    0.0
    """
    found = measure_betweenness(network.offsets, network.neighbours, counted=_counted(network, kind), pivots=pivots, seed=seed)
    return pd.DataFrame({"betweenness": found.scores, "error": found.tell_error(np.arange(len(network)))}, index=network.ids)


def _counted(network: Network, kind: str | None) -> NDArray[np.bool_] | None:
    if kind is None:
        return None
    if kind not in network.kind_names:
        there_are = ", ".join(map(repr, network.kind_names))
        raise ParameterError(Text(f"网络里没有类别 {kind!r}；现有 {there_are}", f"no kind {kind!r} in this network; there are {there_are}"))
    return network.mask(kind)


@takes_network
def count_pivots(network: Network, pivots: int | None = None) -> int:
    """How many nodes `score_betweenness` would start from; all that have ties, if it is exact.

    Parameters
    ----------
    network : Network
        Any network.
    pivots : int, optional
        As asked for.

    Returns
    -------
    int

    Raises
    ------
    ParameterError
        If `pivots` is no whole number, or below 2.

    Examples
    --------
    >>> import networkx as nx
    >>> count_pivots(Network.from_networkx(nx.path_graph(3)))
    3
    """
    from graphkit.kernels.betweenness import walk_twins
    from graphkit.kernels.twins import collapse_twins

    need_pivots(pivots)
    return count_sources(walk_twins(collapse_twins(network.offsets, network.neighbours)), pivots)


@takes_network
def score_participation(network: Network, *, group: str) -> pd.Series:
    """How evenly do each node's ties spread over groups?

    P(i) = 1 - sum over groups g of (k_ig / k_i)**2, where k_ig is the number of i's ties into g and k_i that of its
    ties into any known group. 0: every tie stays in one group. It tends to 1 - 1/G when ties spread evenly over G.

    Parameters
    ----------
    network : Network
        Weights are not read.
    group : str
        Name of a grouping of the network, such as ``"village"``.

    Returns
    -------
    Series, float64, named "participation", in the order of `network.ids`
        From 0 up to, not reaching, 1; NaN for a node without a tie into a known group.

    Raises
    ------
    ParameterError
        If the network has no such grouping.

    References
    ----------
    Guimerà & Amaral 2005, Nature 433, 895-900.

    Examples
    --------
    A liaison officer with one tie into each of two villages:

    >>> import networkx as nx
    >>> graph = nx.star_graph(2)
    >>> nx.set_node_attributes(graph, {1: "east", 2: "west"}, "village")
    >>> score_participation(Network.from_networkx(graph), group="village")
    0    0.5
    1    NaN
    2    NaN
    Name: participation, dtype: float64
    """
    from graphkit.kernels.participation import measure_participation

    scores = measure_participation(network.offsets, network.neighbours, network.group(group).codes)
    return pd.Series(scores, index=network.ids, name="participation")


@takes_network
def count_brokerage_roles(network: Network, *, group: str) -> pd.DataFrame:
    """Between whose groups does each node stand, when it links two that are not tied themselves?

    For each ordered pair of a node's neighbours that are not tied to each other, the path from one through the node
    to the other is one of five, by the groups along it (the middle letter is the node's own):

    ========================  ==============  =================================================
    column                    path            the node links
    ========================  ==============  =================================================
    ``a_a_a_coordinator``     A → A → A       two of its own group
    ``a_b_b_gatekeeper``      A → B → B       an outsider to one of its own group
    ``b_b_a_representative``  B → B → A       one of its own group to an outsider
    ``a_b_a_consultant``      A → B → A       two of one other group
    ``a_b_c_liaison``         A → B → C       two of different groups, both other than its own
    ========================  ==============  =================================================

    Some programs swap the words gatekeeper and representative: go by the path. Ties are undirected, so every pair
    counts twice, once each way, as in R's sna, and gatekeeper always equals representative.

    Parameters
    ----------
    network : Network
        Weights are not read.
    group : str
        Name of a grouping of the network, such as ``"village"``.

    Returns
    -------
    DataFrame, int64, by `network.ids`
        One column a role, in the order above. Paths with a node of unknown group are left out, so a node whose own
        group is unknown has 0 throughout.

    Raises
    ------
    ParameterError
        If the network has no such grouping.

    References
    ----------
    Gould & Fernandez 1989, Sociological Methodology 19, 89-126.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.path_graph(3)
    >>> nx.set_node_attributes(graph, {0: "A", 1: "B", 2: "C"}, "village")
    >>> count_brokerage_roles(Network.from_networkx(graph), group="village")["a_b_c_liaison"].tolist()
    [0, 2, 0]
    """
    from graphkit.kernels.roles import INSIDE, MIXED, SAME_OTHER, TWO_OTHERS, count_open_pairs

    pairs = count_open_pairs(network.offsets, network.neighbours, network.group(group).codes)
    each_way = pairs[:, MIXED] // 2
    counts = (pairs[:, INSIDE], each_way, each_way, pairs[:, SAME_OTHER], pairs[:, TWO_OTHERS])
    return pd.DataFrame(dict(zip(ROLES, counts, strict=True)), index=network.ids)


@takes_network
def is_cut_point(network: Network) -> pd.Series:
    """Whose loss breaks a connected part of the network into several?

    Parameters
    ----------
    network : Network
        Any network.

    Returns
    -------
    Series, bool, named "is_cut_point", in the order of `network.ids`
        Never missing.

    References
    ----------
    Hopcroft & Tarjan 1973, Communications of the ACM 16(6), 372-378.

    Examples
    --------
    >>> import networkx as nx
    >>> is_cut_point(Network.from_networkx(nx.path_graph(3))).tolist()
    [False, True, False]
    """
    return (count_stranded(network, kinds=())["pieces"] > 1).rename("is_cut_point")


@takes_network
def count_stranded(network: Network, *, kinds: Sequence[str] = ()) -> pd.DataFrame:
    """What falls off the largest remaining piece when a node is lost?

    Parameters
    ----------
    network : Network
        Any network.
    kinds : sequence of str, optional
        Kinds of nodes to count one by one, such as ``("Member", "Household")``.

    Returns
    -------
    DataFrame, int64, by `network.ids`
        ``pieces``: into how many pieces the node's part of the network falls without it; 2 or more for a cut point.
        ``nodes``: nodes outside the largest of them. Then a column for each of `kinds`: those of them of that kind.
        Of two pieces with equally many nodes, the larger is the one with more of the first of `kinds`, and so on.

    Examples
    --------
    >>> import networkx as nx
    >>> count_stranded(Network.from_networkx(nx.star_graph(3)))
       pieces  nodes
    0       3      2
    1       1      0
    2       1      0
    3       1      0
    """
    from graphkit.kernels.cutpoints import count_pieces, search_depth_first, weigh_stranded

    search = search_depth_first(network.offsets, network.neighbours)
    weights = [np.ones(len(network), np.int64), *(network.mask(kind).astype(np.int64) for kind in kinds)]
    stranded = weigh_stranded(search, weights)
    columns = {"pieces": count_pieces(search), "nodes": stranded[0], **dict(zip(kinds, stranded[1:], strict=True))}
    return pd.DataFrame(columns, index=network.ids)

"""Brokerage roles in a two-mode network: between whom does a body stand through its people, or a person through their bodies?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from graphkit.errors import ParameterError
from graphkit.network.brokers import Names, cross_groups, lay_out_ties, need_names
from graphkit.network.guard import takes_network
from graphkit.network.measures import ROLES
from graphkit.network.network import Network
from graphkit.words import Text


@takes_network
def score_two_mode_roles(network: Network, *, brokers: Names, through: Names, group: Names, ties: Sequence[str] = ()) -> pd.DataFrame:
    """Between whose groups does each node of one mode stand, through nodes of the other mode?

    A chain a - x - k - y - c leads from a over x to the broker k and over y to c: a, k and c are of one mode, such as branches and
    co-operatives, x and y of the other, such as people. It counts where a and c have nobody in common. The groups of a, k and c
    give its role, as in `count_brokerage_roles`; a chain is read from both its ends. Nothing is projected: two links are told from one.

    Parameters
    ----------
    network : Network
        Direction and weights are not read.
    brokers, through : str or sequence of str
        Kinds of the one mode and of the other: ``brokers=["Branch", "Cooperative"], through="Member"``, or the other way round.
        Ties within a mode are left out.
    group : str or sequence of str
        A grouping of the brokers' mode, or ``"kind"``; several are crossed. Nodes of unknown group neither broker nor are brokered between,
        but who has one in common with another has.
    ties : sequence of str, optional
        Types of ties to read; all if left out.

    Returns
    -------
    DataFrame by `network.ids` of the brokers' mode, columns (role, figure)
        For each of the five roles ``chains``; ``pairs``, ordered pairs (a, c) however many chains lead from one to the other over k;
        ``partial``, each pair shared out among all its brokers. Both orders of a pair count, so gatekeeper and representative are
        equal. float64; missing where the group of the node is unknown.

    Raises
    ------
    ParameterError
        If there is no such kind, grouping or tie, or a kind is of both modes.

    See Also
    --------
    score_brokerage_roles : people directly between two bodies, or bodies between two people.
    score_against_chance : whether memberships shuffled give as much; the standard model knows no modes.

    Notes
    -----
    The work is the number of chains.

    References
    ----------
    Jasny & Lubell 2015, Social Networks 41, 36-47, as the R package gouldfernandez (GF_twomode) carries it out: chains of five. That
    one counts a set of five nodes once; here each chain counts from both ends.

    Examples
    --------
    The branch stands between two co-operatives, which it shares two people and one person with:

    >>> import networkx as nx
    >>> graph = nx.Graph([("c", 1), ("c", 2), ("b", 1), ("b", 2), ("b", 3), ("d", 3)])
    >>> nx.set_node_attributes(graph, {n: {"b": "Branch", "c": "Cooperative", "d": "Cooperative"}.get(n, "Member") for n in graph}, "kind")
    >>> roles = score_two_mode_roles(Network.from_networkx(graph), brokers=["Branch", "Cooperative"], through="Member", group="kind")
    >>> roles["a_b_a_consultant"].loc["b"].tolist()
    [4.0, 2.0, 2.0]
    """
    from graphkit.kernels.brokers import count_chains

    modes = [_mark(network, names) for names in (brokers, through)]
    if (modes[0] & modes[1]).any():
        raise ParameterError(Text("brokers 和 through 不能有相同的类别", "brokers and through have no kind in common"))
    codes = np.where(modes[0], cross_groups(network, need_names(group)), -1).astype(np.int32)
    offsets, targets = lay_out_ties(network, ties, directed=False)
    rows = np.repeat(np.arange(len(network)), np.diff(offsets))
    across = (modes[0][rows] & modes[1][targets]) | (modes[1][rows] & modes[0][targets])
    offsets = np.concatenate([[0], np.cumsum(across)])[offsets]
    figures = dict(zip(("chains", "pairs", "partial"), count_chains(offsets, targets[across], codes), strict=True))
    columns = {(role, name): np.where(codes >= 0, values[:, at], np.nan) for at, role in enumerate(ROLES) for name, values in figures.items()}
    return pd.DataFrame(columns, index=network.ids)[modes[0]]


def _mark(network: Network, names: Names) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """The nodes of these kinds."""
    listed = need_names(names)
    if unknown := [name for name in listed if name not in network.kind_names]:
        there_are = ", ".join(network.kind_names)
        raise ParameterError(Text(f"没有类别 {'、'.join(unknown)}；现有 {there_are}", f"no kind {', '.join(unknown)}; there are {there_are}"))
    return np.isin(network.kinds, [network.kind_names.index(name) for name in listed])

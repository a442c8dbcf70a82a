"""Brokerage roles against the standard model: does a node stand between groups more often than its group's sizes alone would give?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.kernels.csr import distinct_pairs
from graphkit.network.guard import takes_network
from graphkit.network.measures import ROLES
from graphkit.network.network import Network
from graphkit.network.parts import Ints
from graphkit.words import Text

Floats = NDArray[np.float64]

KIND = "kind"


@takes_network
def score_brokerage_roles(network: Network, *, group: str | Sequence[str], directed: bool = False, ties: Sequence[str] = ()) -> pd.DataFrame:
    """Between whose groups does each node stand, as brokers share it, and more often than by chance?

    A node k brokers from i to j where there are ties i → k and k → j but none i → j. The five roles are those of
    `count_brokerage_roles`. With b_ij the number of such nodes, k has ``raw`` credit 1 for each and ``partial`` credit
    1 / b_ij: all of it only where nobody else stands there. Expected values and standard deviations are those of the
    standard model of Gould & Fernandez, in which every tie is there with probability d, the density, whatever the
    others, among the N nodes of known group. For a node of a group of n, with p = d² (1 - d), c = d³ (1 - d)³ and, for
    a role, P ordered pairs (i, j) and S ordered pairs of such pairs that share i or share j::

        expected = P p          variance = P p (1 - p) + S c

    In an undirected network (i, j) and (j, i) come and go together: coordinators, consultants and liaisons count each
    pair twice, and their variance follows from pairs counted once.

    Parameters
    ----------
    network : Network
        Weights are not read.
    group : str or sequence of str
        A grouping of the network, or ``"kind"``, the kind of the nodes. Several are crossed: a group is then all who agree
        in each, such as village × co-operative; whoever is in no group of one of them is in none. Of nested ones, such as
        village and township, ask one by one.
    directed : bool, optional
        Whether ties lead from source to target, as they were given; else each leads both ways.
    ties : sequence of str, optional
        Types of ties to read, such as ``["Member MENTORS Member"]``; all if left out.

    Returns
    -------
    DataFrame by `network.ids`, columns (role, figure)
        For each of the five roles ``raw``, ``partial``, ``expected``, ``z``, float64. z is missing where nothing can vary;
        every figure is where the group of the node is unknown.

    Raises
    ------
    ParameterError
        If there is no such grouping or tie.

    Notes
    -----
    In a network of people and bodies, people broker between bodies, and the network need not be projected on either:
    with ``group="kind"`` between Party and co-operative, with a grouping of bodies between places. Raw credit then counts
    pairs of bodies that a person links, partial credit shares each among all who link the same two. The standard model
    knows no modes, so read z only in networks of one kind of nodes; `score_against_chance` with memberships shuffled tells
    the rest. The work is the number of two-step ways: a body of m people is m².

    References
    ----------
    Gould & Fernandez 1989, Sociological Methodology 19, 89-126; Jasny & Lubell 2015, Social Networks 41, 36-47 (brokerage
    in two-mode networks).

    Examples
    --------
    Two villages, and two people who both link the same two others:

    >>> import networkx as nx
    >>> graph = nx.Graph([("a", "k"), ("k", "b"), ("a", "l"), ("l", "b")])
    >>> nx.set_node_attributes(graph, {"a": "east", "k": "east", "l": "east", "b": "west"}, "village")
    >>> roles = score_brokerage_roles(Network.from_networkx(graph), group="village")
    >>> roles["b_b_a_representative"].loc["k", ["raw", "partial"]].tolist()
    [1.0, 0.5]
    """
    from graphkit.kernels.brokers import count_ways

    codes = _cross(network, [group] if isinstance(group, str) else list(group))
    offsets, targets = lay_out_ties(network, ties, directed=directed)
    raw, partial = count_ways(offsets, targets, codes)
    known = codes >= 0
    among = int((known[np.repeat(np.arange(len(network)), np.diff(offsets))] & known[targets]).sum())
    expected, deviation = expect_roles(codes, among, directed=directed)
    score = np.divide(raw - expected, deviation, out=np.full(raw.shape, np.nan), where=deviation > 0)
    figures = {"raw": raw.astype(np.float64), "partial": partial, "expected": expected, "z": score}
    columns = {(role, name): np.where(known, values[:, at], np.nan) for at, role in enumerate(ROLES) for name, values in figures.items()}
    return pd.DataFrame(columns, index=network.ids)


def _cross(network: Network, names: list[str]) -> Ints:
    """One group for each combination of groups."""
    if not names:
        raise ParameterError(Text("至少写明一种分组", "name at least one grouping"))
    crossed = np.zeros(len(network), np.int64)
    unknown = np.zeros(len(network), np.bool_)
    for name in names:
        codes = network.kinds if name == KIND and KIND not in network.groups else network.group(name).codes
        unknown |= codes < 0
        crossed = np.unique(crossed * (int(codes.max(initial=0)) + 2) + codes + 1, return_inverse=True)[1]
    return np.where(unknown, -1, crossed).astype(np.int32)


def lay_out_ties(network: Network, ties: Sequence[str], *, directed: bool) -> tuple[NDArray[np.int64], Ints]:
    """Each tie once from its source, or from both its ends."""
    known = network.ties.names
    if unknown := [name for name in ties if name not in known]:
        raise ParameterError(
            Text(f"没有关系 {'、'.join(unknown)}；现有 {'、'.join(known)}", f"no ties {', '.join(unknown)}; there are {', '.join(known)}")
        )
    source, target = network.ties.select(*(ties or known))
    if not directed:
        source, target = np.concatenate([source, target]), np.concatenate([target, source])
    apart = source != target
    source, target = distinct_pairs(source[apart], target[apart], max(len(network), 1))
    offsets = np.zeros(len(network) + 1, np.int64)
    np.cumsum(np.bincount(source, minlength=len(network)), out=offsets[1:])
    return offsets, target


def expect_roles(codes: Ints, ties: int, *, directed: bool) -> tuple[Floats, Floats]:
    """Expected counts and standard deviations under the standard model, by node and role; `ties` counts both directions of an undirected one."""
    sizes = np.bincount(codes[codes >= 0]).astype(np.float64)
    nodes = sizes.sum()
    density = ties / (nodes * (nodes - 1)) if nodes > 1 else 0.0
    chance, shared = density**2 * (1 - density), density**3 * (1 - density) ** 3
    pairs, sharing, twice = _count_pairs(sizes, nodes)
    once = pairs * chance * (1 - chance) + sharing * shared
    variance = np.where(twice & (not directed), 2 * once, once)  # counted twice: half as many pairs, and sharings, of four times the variance
    own = np.maximum(codes, 0)
    return (pairs * chance)[own], np.sqrt(np.maximum(variance, 0))[own]


def _count_pairs(sizes: Floats, nodes: float) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """For a node of each group and each role: ordered pairs, ordered pairs of pairs that share their first or their second, and whether both orders count."""
    own, outside = np.maximum(sizes - 1, 0), nodes - sizes
    squares, cubes = sizes * (sizes - 1), sizes * (sizes - 1) * (sizes - 2)
    inside = own * (own - 1)
    mixed = own * outside
    mixed_shared = own * outside * (outside - 1) + outside * own * (own - 1)
    one_other, one_shared = squares.sum() - squares, 2 * (cubes.sum() - cubes)
    two_others = outside**2 - ((sizes**2).sum() - sizes**2)
    reach = outside[:, None] - sizes[None, :]  # whom one of each other group may be linked with
    each = sizes[None, :] * reach * (reach - 1)
    np.fill_diagonal(each, 0.0)
    pairs = np.stack([inside, mixed, mixed, one_other, two_others], axis=1)
    sharing = np.stack([2 * inside * (own - 2), mixed_shared, mixed_shared, one_shared, 2 * each.sum(axis=1)], axis=1)
    return pairs, sharing, np.array([True, False, False, True, True])

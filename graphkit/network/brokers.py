"""Brokerage roles against the standard model: does a node stand between groups more often than its group's sizes alone would give?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
Names = str | Sequence[str]

KIND = "kind"
UNNAMED = Text("至少写明一种分组", "name at least one grouping")


@takes_network
def score_brokerage_roles(
    network: Network, *, group: Names | Mapping[str, Names], within: Sequence[Names] | str = (), directed: bool = False, ties: Sequence[str] = ()
) -> pd.DataFrame:
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
    group : str, sequence of str, or mapping
        A grouping of the network, or ``"kind"``, the kind of the nodes. Several are crossed: a group is then all who agree
        in each, such as branch × co-operative × village; whoever is in no group of one of them is in none. A mapping from names of your
        own to any of these asks several at once, each by itself.
    within : str or sequence of (str or sequence of str), optional
        Wider groupings in which `group` lies, the narrower first: ``"township"`` for villages in townships. Each way then counts once, at
        the widest level at which its three nodes are not all of one group: as a liaison of villages where all three are of one
        township, of townships where they are not. A village that reaches into two townships is two. Who is unknown at one level is at all.
    directed : bool, optional
        Whether ties lead from source to target, as they were given; else each leads both ways.
    ties : sequence of str, optional
        Types of ties to read, such as ``["Member MENTORS Member"]``; all if left out.

    Returns
    -------
    DataFrame by `network.ids`, columns (role, figure)
        For each of the five roles ``raw``, ``partial``, ``expected``, ``z``, float64. z is missing where nothing can vary;
        every figure is where the group of the node is unknown. With `within` the columns are (level, role, figure), the level named by
        its groupings joined with " × ", and only the narrowest has coordinators: of raw and partial credit the sums over all
        levels are those of everything the node brokers. With a mapping they begin with its names.

    Raises
    ------
    ParameterError
        If there is no such grouping or tie, or none is named.

    See Also
    --------
    score_two_mode_roles : people between people, or bodies between bodies, through those of the other mode.

    Notes
    -----
    In a network of people and bodies, people broker between bodies, and the network need not be projected on either:
    with ``group="kind"`` between Party and co-operative, with a grouping of bodies between places. Raw credit then counts
    pairs of bodies that a person links, partial credit shares each among all who link the same two. The standard model
    knows no modes, so read z only in networks of one kind of nodes; `score_against_chance` with memberships shuffled tells
    the rest. The work is the number of two-step ways: a body of m people is m².

    References
    ----------
    Gould & Fernandez 1989, Sociological Methodology 19, 89-126.

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
    if isinstance(group, Mapping):
        asked = {name: score_brokerage_roles(network, group=one, within=within, directed=directed, ties=ties) for name, one in group.items()}
        if not asked:
            raise ParameterError(UNNAMED)
        return pd.concat(asked, axis=1)
    from graphkit.kernels.brokers import count_ways

    levels = [need_names(names) for names in (group, *([within] if isinstance(within, str) else within))]
    codes = _nest(network, levels)
    offsets, targets = lay_out_ties(network, ties, directed=directed)
    raw, partial = count_ways(offsets, targets, codes)
    known = codes[0] >= 0
    among = int((known[np.repeat(np.arange(len(network)), np.diff(offsets))] & known[targets]).sum())
    columns: dict[tuple[str, ...], Floats] = {}
    for level, names in enumerate(levels):
        wider = codes[level + 1] if level + 1 < len(levels) else None
        expected, deviation = expect_roles(codes[level], among, directed=directed, wider=wider)
        score = np.divide(raw[level] - expected, deviation, out=np.full(expected.shape, np.nan), where=deviation > 0)
        figures = {"raw": raw[level].astype(np.float64), "partial": partial[level], "expected": expected, "z": score}
        prefix = (" × ".join(names),) if len(levels) > 1 else ()
        for at, role in list(enumerate(ROLES))[level > 0 :]:
            columns |= {(*prefix, role, name): np.where(known, values[:, at], np.nan) for name, values in figures.items()}
    return pd.DataFrame(columns, index=network.ids)


def need_names(names: Names) -> list[str]:
    """One name or several as a list; at least one."""
    listed = [names] if isinstance(names, str) else list(names)
    if not listed:
        raise ParameterError(UNNAMED)
    return listed


def _nest(network: Network, levels: list[list[str]]) -> Ints:
    """A row of groups for each level, the narrowest first: each crossed with all wider ones, so that it lies within them."""
    rows = [cross_groups(network, [name for wider in levels[at:] for name in wider]) for at in range(len(levels))]
    codes = np.stack(rows)
    codes[:, rows[0] < 0] = -1
    return codes


def cross_groups(network: Network, names: list[str]) -> Ints:
    """One group for each combination of groups."""
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


def expect_roles(codes: Ints, ties: int, *, directed: bool, wider: Ints | None = None) -> tuple[Floats, Floats]:
    """Expected counts and standard deviations under the standard model, by node and role; `ties` counts both directions of an undirected one.

    With `wider` groups, in which those of `codes` lie, of ways that stay within one of them.
    """
    known = codes >= 0
    sizes = np.bincount(codes[known], minlength=1).astype(np.float64)
    around = np.zeros(len(sizes), np.int64)
    if wider is not None:
        around[codes[known]] = wider[known]
    nodes = sizes.sum()
    density = ties / (nodes * (nodes - 1)) if nodes > 1 else 0.0
    chance, shared = density**2 * (1 - density), density**3 * (1 - density) ** 3
    pairs, sharing, twice = _count_pairs(sizes, around)
    once = pairs * chance * (1 - chance) + sharing * shared
    variance = np.where(twice & (not directed), 2 * once, once)  # counted twice: half as many pairs, and sharings, of four times the variance
    own = np.maximum(codes, 0)
    return (pairs * chance)[own], np.sqrt(np.maximum(variance, 0))[own]


def _count_pairs(sizes: Floats, around: NDArray[np.int64]) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """For a node of each group and each role: ordered pairs, ordered pairs of pairs that share their first or their second, and whether both orders count.

    All of nodes in groups that are `around` the same.
    """
    first, second, third = (np.bincount(around, sizes**power)[around] - sizes**power for power in (1, 2, 3))  # sums over the other groups
    own, outside = np.maximum(sizes - 1, 0), first
    inside = own * (own - 1)
    mixed = own * outside
    mixed_shared = own * outside * (outside - 1) + outside * own * (own - 1)
    one_other, one_shared = second - first, 2 * (third - 3 * second + 2 * first)
    two_others = outside**2 - second
    each = first * outside**2 - 2 * second * outside + third - first * outside + second  # a first of n, and two of the outside - n seconds
    pairs = np.stack([inside, mixed, mixed, one_other, two_others], axis=1)
    sharing = np.stack([2 * inside * (own - 2), mixed_shared, mixed_shared, one_shared, 2 * each], axis=1)
    return pairs, np.where(pairs > 0, sharing, 0.0), np.array([True, False, False, True, True])

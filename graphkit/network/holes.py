"""Structural holes where a body is one contact: how far do a person's contacts lead to the same people?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.network.guard import takes_network
from graphkit.network.network import Network
from graphkit.words import Text

BODIES = ("Branch", "Cooperative", "Zone", "Village", "Township", "Training", "HelpingUnit")


@takes_network
def measure_two_mode_holes(network: Network, *, bodies: Sequence[str] | None = None) -> pd.DataFrame:
    """How far do each person's contacts lead to the same people, when a body is one contact, whatever its size?

    Burt's measures on the person's own network: the person i, the contacts j, q, and the ties among these. A tie has
    its strength a; two bodies b, c of the person are tied as strongly as the share of their other people who are in
    both over those who are in either, so 0 where they share nobody else and 1 where they are the same
    people; a tie of their own is added. With p_ij the share of i's strength that goes to j, and so on among i, j, q
    alone, and m_jq the strength of j's tie to q over that of j's strongest::

        dyadic constraint   c_ij = (p_ij + sum over other contacts q of p_iq p_qj)**2
        constraint          C = sum over j of c_ij
        effective size      sum over j of (1 - sum over other contacts q of p_iq m_jq)
        efficiency          effective size / contacts
        hierarchy           sum over j of r_j ln r_j / (N ln N),  r_j = c_ij / (C / N),  N contacts

    Parameters
    ----------
    network : Network
        Weights are read as strength. Direction is not: what goes from i to j and from j to i is added up.
    bodies : sequence of str, optional
        Kinds of nodes that are bodies. Left out: branches, co-operatives, zones, places and training sessions. Without any,
        these are Burt's measures of the ego network.

    Returns
    -------
    DataFrame by id, of all nodes that are no bodies, in the order of the network
        ``contacts``, int64; ``constraint``: near 0 for many contacts with nothing in common, 1 for a single one; as
        Burt's it may exceed 1 (two contacts that are the same people: 1.125); ``effective_size``: from
        1 to the number of contacts; ``efficiency``: above 0, at most 1; ``hierarchy``: 0 where all contacts constrain
        alike, to 1. Missing for a node without contacts, and hierarchy for one with a single contact.

    Raises
    ------
    ParameterError
        If one of `bodies` is no kind of the network.

    Notes
    -----
    Constraint mostly falls with the number of contacts: compare people with equally many, or read efficiency. A person
    between two bodies that share nobody else has constraint .5 whether these have 5 or 500 people.

    References
    ----------
    Burt 1992, Structural Holes, chapter 2; Everett & Borgatti 2020, Social Networks 62, 50-57 (what constraint is made
    of, and its largest values); Burchard & Cornwell 2018, Social Networks 55, 11-20 (another two-mode constraint).

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("m", "b"), ("m", "c"), ("n", "b"), ("o", "c")])
    >>> nx.set_node_attributes(graph, {"m": "p", "n": "p", "o": "p", "b": "body", "c": "body"}, "kind")
    >>> measure_two_mode_holes(Network.from_networkx(graph), bodies=["body"])["constraint"].tolist()
    [0.5, 1.0, 1.0]
    """
    is_body = _mark_bodies(network, bodies)
    dyadic, redundant = _sum(network, is_body)
    who = np.flatnonzero(~is_body)
    contacts = network.degrees
    some = contacts > 0
    constraint, redundancy = _by_row(dyadic, network), _by_row(redundant, network)
    size = np.where(some, contacts - redundancy, np.nan)
    return pd.DataFrame(
        {
            "contacts": contacts,
            "constraint": np.where(some, constraint, np.nan),
            "effective_size": size,
            "efficiency": np.divide(size, contacts, out=np.full(len(size), np.nan), where=some),
            "hierarchy": _hierarchy(dyadic, constraint, network),
        },
        index=network.ids,
    ).iloc[who]


@takes_network
def list_dyadic_constraint(network: Network, *, bodies: Sequence[str] | None = None) -> pd.DataFrame:
    """Which contact constrains whom how much? A row for each tie of a node that is no body.

    Parameters
    ----------
    network, bodies
        See `measure_two_mode_holes`.

    Returns
    -------
    DataFrame
        ``id``, ``contact_kind``, ``contact``, and ``constraint``, c_ij of `measure_two_mode_holes`; in the order of the network.

    Raises
    ------
    ParameterError
        If one of `bodies` is no kind of the network.

    Examples
    --------
    >>> import networkx as nx
    >>> list_dyadic_constraint(Network.from_networkx(nx.path_graph(3)))["constraint"].tolist()
    [1.0, 0.25, 0.25, 1.0]
    """
    is_body = _mark_bodies(network, bodies)
    dyadic, _ = _sum(network, is_body)
    rows = network.rows()
    kept = ~is_body[rows]
    contacts = network.neighbours[kept]
    kinds = pd.Categorical.from_codes(network.kinds[contacts], list(network.kind_names)).astype(str)
    return pd.DataFrame(
        {"id": network.ids.take(rows[kept]), "contact_kind": kinds, "contact": network.ids.take(contacts), "constraint": dyadic[kept]}
    )


def _mark_bodies(network: Network, bodies: Sequence[str] | None) -> NDArray[np.bool_]:
    known = network.kind_names
    if unknown := [kind for kind in bodies or () if kind not in known]:
        raise ParameterError(
            Text(f"没有类别 {'、'.join(unknown)}；现有 {'、'.join(known)}", f"no kind {', '.join(unknown)}; there are {', '.join(known)}")
        )
    return np.isin(network.kinds, [code for code, name in enumerate(known) if name in (BODIES if bodies is None else bodies)])


def _sum(network: Network, is_body: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from graphkit.kernels.egos import sum_ego_holes

    return sum_ego_holes(network.offsets, network.neighbours, network.weights, is_body)


def _by_row(values: NDArray[np.float64], network: Network) -> NDArray[np.float64]:
    total = np.concatenate([[0.0], values])
    sums: NDArray[np.float64] = np.add.reduceat(np.append(values, 0.0), network.offsets[:-1]) if len(values) else np.zeros(len(network))
    sums[network.degrees == 0] = total[0]
    return sums


def _hierarchy(dyadic: NDArray[np.float64], constraint: NDArray[np.float64], network: Network) -> NDArray[np.float64]:
    contacts, rows = network.degrees, network.rows()
    several = contacts > 1
    mean = np.divide(constraint, contacts, out=np.zeros(len(contacts)), where=contacts > 0)[rows]
    ratio = np.divide(dyadic, mean, out=np.zeros(len(dyadic)), where=mean > 0)
    terms = np.where(ratio > 0, ratio * np.log(np.where(ratio > 0, ratio, 1.0)), 0.0)
    scale = contacts * np.log(np.maximum(contacts, 1))
    found: NDArray[np.float64] = np.divide(_by_row(terms, network), scale, out=np.full(len(contacts), np.nan), where=several)
    return np.where(several, np.maximum(found, 0.0), np.nan)

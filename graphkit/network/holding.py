"""Which ties hold people together: the one network on which bridge figures are measured.

Whoever belongs, works, liaises, mentors, helps, holds a post or answers for a zone is in touch with somebody *because of it*. To live
in a village, to have sat in one training session or to have called once, or that one body stands under or serves another, brings no two people
together. One's own household is no outreach, and who lives next door is nobody's doing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.kernels.csr import build_csr, distinct_pairs
from graphkit.kernels.losses import Ends
from graphkit.model.types import TieRole
from graphkit.network.network import Network
from graphkit.network.parts import Ints
from graphkit.words import Text

HOLDING: tuple[TieRole, ...] = ("membership", "pairing", "mentoring", "liaison", "post", "responsibility")
ENDS = ("Household",)
PERSON = "Member"


def is_typed(network: Network) -> bool:
    """Whether the network says what its ties mean: it was built from tables, or from a graph whose ties bear the same names."""
    return PERSON in network.kind_names and bool(network.model.tie_names & set(network.ties.names))


def keep_holding(network: Network, roles: Sequence[TieRole] = HOLDING) -> Network:
    """Return the network on the same nodes with only the ties that hold people together, by their role; one without such names stays as it is.

    Parameters
    ----------
    network : Network
        The typed network, or any other; of a people network the typed one that it was made from.
    roles : sequence of str, optional
        Roles of ties that hold: of membership, pairing, mentoring, liaison, post, responsibility (all of these if left out), place,
        service, hierarchy, attendance, family, neighbourhood, visit.

    Raises
    ------
    ParameterError
        If one of `roles` is no role.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph()
    >>> graph.add_nodes_from(["m1", "m2"], kind="Member")
    >>> graph.add_edge("m1", "t", type="Member ATTENDED Training")
    >>> graph.add_edge("m1", "m2", type="Member MENTORS Member")
    >>> keep_holding(Network.from_networkx(graph)).tie_count
    1
    """
    unknown = [roles] if isinstance(roles, str) else [role for role in roles if role not in get_args(TieRole)]
    if not roles or unknown:
        there_are = ", ".join(get_args(TieRole))
        told = ", ".join(map(repr, unknown)) if roles else "none"
        raise ParameterError(
            Text(f"holding 列出关系的作用，而不是 {told}；现有 {there_are}", f"holding names roles of ties, not {told}; there are {there_are}")
        )
    network = network.projected_from or network
    if not is_typed(network):
        return network
    return network.drop_ties(*(set(network.ties.names) & network.model.tie_names - set(network.model.tie_tables(*roles))))


@dataclass(frozen=True, eq=False)
class Carriers:
    """A network parted into what carries and what hangs on it.

    `nodes` are the positions in the network of people and of whatever else carries a tie; `people` marks who of them is a person; `offsets`
    and `neighbours` are the ties among them as CSR. `end_nodes` are the positions of the ends, and `ends` what each of them hangs on.
    """

    nodes: NDArray[np.int64]
    people: NDArray[np.bool_]
    offsets: NDArray[np.int64]
    neighbours: Ints
    end_nodes: NDArray[np.int64]
    ends: Ends


def part_carriers(network: Network, ends: Sequence[str] = ENDS) -> Carriers:
    """Part a network into carriers and ends: nodes of the kinds `ends` hand nothing on. In a network without members every node is a person."""
    n = len(network)
    is_end = np.isin(network.kinds, [code for code, name in enumerate(network.kind_names) if name in ends and name != PERSON])
    typed = is_typed(network)
    people = network.mask(PERSON) if typed else ~is_end
    rows = network.rows()
    among = ~is_end[rows] & ~is_end[network.neighbours]
    carries = people.copy()
    carries[rows[~is_end[rows]]] = True
    nodes = np.flatnonzero(carries)
    at = np.full(n, -1, np.int32)
    at[nodes] = np.arange(len(nodes), dtype=np.int32)
    once = among & (rows < network.neighbours)
    offsets, neighbours, _ = build_csr(len(nodes), at[rows[once]], at[network.neighbours[once]])
    end_nodes = np.flatnonzero(is_end)
    number = np.full(n, -1, np.int32)
    number[end_nodes] = np.arange(len(end_nodes), dtype=np.int32)
    hangs = is_end[rows] & ~is_end[network.neighbours]
    pairs = distinct_pairs(number[rows[hangs]], at[network.neighbours[hangs]], max(len(nodes), 1))
    return Carriers(nodes, people[nodes], offsets, neighbours, end_nodes, Ends(*pairs, len(end_nodes)))

"""What is measured of each person, all of it on one network, so that it can be done again on a thinned or shuffled one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.kernels.losses import Losses, count_groups, grow_losses, weigh_losses
from graphkit.network import Network, takes_network
from graphkit.network.between import Betweenness, measure_betweenness
from graphkit.network.holding import ENDS, Carriers, is_typed, part_carriers

ROUNDED = 9  # decimals: half a pair stays half a pair, in whatever order sums were added
BODIES = {"stranded_cooperatives": "Cooperative", "stranded_branches": "Branch"}
MEASURES = (
    "ties", "betweenness", "betweenness_error", "stranded_people", "stranded_households", "stranded_cooperatives", "stranded_branches",
    "stranded_groups", "sole_households", "part_people", "is_cut_point",
)  # fmt: skip


@takes_network
def measure_bridges(
    network: Network, *, ends: Sequence[str] = ENDS, group: str | None = None, pivots: int | None = None, seed: int = 0
) -> pd.DataFrame:
    """What does each person carry, and what falls off without them? The measures alone, on a network of ties that hold.

    Parameters
    ----------
    network : Network
        The network as it is, every tie of which counts: of a typed one first take `keep_holding`. A body is a node and one contact,
        whatever its size.
    ends : sequence of str, optional
        Kinds that hand nothing on and are cut off with the last person or body they hang on.
    group : str, optional
        Grouping by which ``stranded_groups`` counts; missing if left out.
    pivots, seed
        See `measures.estimate_betweenness`.

    Returns
    -------
    DataFrame by id
        One row a person (a node, in a network without members), in the order of the network: ``ties, betweenness, betweenness_error,
        stranded_people, stranded_households, stranded_cooperatives, stranded_branches, stranded_groups, sole_households, part_people,
        is_cut_point``; see `find_bridge_figures` for what they count.

    Raises
    ------
    ParameterError
        If there is no such grouping, or `pivots` is below 2.

    Examples
    --------
    >>> import networkx as nx
    >>> measured = measure_bridges(Network.from_networkx(nx.path_graph(["a", "b", "c", "d"])))
    >>> measured[["betweenness", "stranded_people"]].round(9).values.tolist()
    [[0.0, 0], [2.0, 1], [2.0, 1], [0.0, 0]]
    """
    return take_measures(network, ends=ends, group=group, pivots=pivots, seed=seed).table


@dataclass(frozen=True, eq=False)
class Measured:
    """The measures of each person, and what they were made from: `persons` are positions among the carriers."""

    network: Network
    table: pd.DataFrame
    parts: Carriers
    persons: NDArray[np.int64]
    losses: Losses
    between: Betweenness


def take_measures(network: Network, *, ends: Sequence[str], group: str | None, pivots: int | None, seed: int) -> Measured:
    """Measure every person of a network of ties that hold; see `measure_bridges`."""
    parts = part_carriers(network, ends)
    persons = np.flatnonzero(parts.people)
    between = measure_betweenness(parts.offsets, parts.neighbours, counted=parts.people, pivots=pivots, seed=seed)
    tree = grow_losses(parts.offsets, parts.neighbours, parts.people)
    typed = is_typed(network)
    kinds = {"stranded_people": parts.people} | {name: network.mask(kind)[parts.nodes] for name, kind in BODIES.items()}
    losses = weigh_losses(tree, parts.people, parts.ends, [mask.astype(np.int64) for mask in kinds.values()])
    lost = {name: total[persons] for name, total in zip(kinds, losses.weighed, strict=True)}
    table = pd.DataFrame(
        {
            "ties": network.degrees[parts.nodes[persons]],
            "betweenness": between.scores[persons].round(ROUNDED),
            "betweenness_error": between.tell_error(persons),
            "stranded_people": lost["stranded_people"],
            "stranded_households": losses.ends[persons] if typed else pd.NA,
            **{name: lost[name] if typed else pd.NA for name in BODIES},
            "stranded_groups": _count_groups(network, parts, losses, persons, group),
            "sole_households": count_sole(network, parts)[persons] if typed else pd.NA,
            "part_people": tree.sum_below(parts.people.astype(np.int64))[tree.root[persons]],
        },
        index=network.ids.take(parts.nodes[persons]),
    )
    counts = table.columns[table.columns.str.startswith("stranded_")]
    whole = counts.append(pd.Index(["sole_households"]))
    table[whole] = table[whole].astype("Int64")
    table["is_cut_point"] = (table[counts.drop("stranded_groups")].fillna(0) > 0).any(axis=1).astype(bool)
    return Measured(network, table, parts, persons, losses, between)


def count_sole(network: Network, parts: Carriers) -> NDArray[np.int64]:
    """Ends that hang on one person alone, by carrier: on the person, or on what is no body and nobody else's, such as a zone of theirs.

    What nobody at all has to do with, such as a co-operative without people, holds no end.
    """
    n = len(parts.nodes)
    owner = np.where(parts.people, np.arange(n), -1)
    bodies = np.logical_or.reduce([network.mask(kind)[parts.nodes] for kind in BODIES.values()])
    alone = np.flatnonzero(~parts.people & ~bodies & (np.diff(parts.offsets) == 1))
    keeper = parts.neighbours[parts.offsets[alone]]
    owner[alone] = np.where(parts.people[keeper], keeper, -1)
    peopled = parts.people | (np.diff(parts.offsets) > 0)
    kept = peopled[parts.ends.carrier]
    begins = np.flatnonzero(np.diff(parts.ends.end[kept], prepend=np.int32(-1)))  # pairs stand in the order of their ends
    if not len(begins):
        return np.zeros(n, np.int64)
    owners = owner.astype(np.int32)[parts.ends.carrier[kept]]
    least, most = np.minimum.reduceat(owners, begins), np.maximum.reduceat(owners, begins)
    return np.bincount(most[(least == most) & (least >= 0)], minlength=n)


def _count_groups(network: Network, parts: Carriers, losses: Losses, persons: NDArray[np.int64], group: str | None) -> object:
    if group is None:
        return pd.NA
    codes = network.group(group).codes
    return count_groups(losses, codes[parts.nodes], codes[parts.end_nodes], parts.people)[persons]

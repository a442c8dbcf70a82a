"""Interlocks: which kinds of bodies do people join, how many different ones, and how many would it be by chance?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, combinations_with_replacement

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.kernels.csr import distinct_pairs
from graphkit.network.chance import score_against_chance
from graphkit.network.guard import takes_network
from graphkit.network.network import Network
from graphkit.words import Text

Longs = NDArray[np.int64]
Combination = tuple[str, ...]

PERSON = "Member"
TIMES = " × "


@takes_network
def score_interlocks(
    network: Network, *, kinds: Sequence[str] = ("Branch", "Cooperative", "Village"), draws: int = 200, within: str | None = None, seed: int = 0
) -> pd.DataFrame:
    """How many different bodies of each two (or three) kinds are joined by people in both, and how many would be by chance?

    A person who belongs to a branch and works in a co-operative interlocks the two. By chance means that who belongs where
    is shuffled, while everybody keeps the number of bodies of each kind and every body its people. So the number of
    interlocks is no question: the number of *different* bodies joined is. Fewer than expected: the same people meet again
    elsewhere, as where all is within the village. More: people reach out.

    Parameters
    ----------
    network : Network
        The typed network of `Network.from_tables`.
    kinds : sequence of str, optional
        Kinds of bodies and places that people are tied to; at least one.
    draws, within, seed
        See `score_against_chance`. Where people live is not shuffled.

    Returns
    -------
    DataFrame by combination, such as ``"Branch × Cooperative"``
        Two of one kind, two of different kinds, then three. ``people``: in all of them; ``interlocks``: person by person,
        combinations of bodies; ``observed``: different ones; ``expected, z, p_high, p_low, p, p_error, draws`` of
        `score_against_chance` for the different ones.

    Raises
    ------
    ParameterError
        If there are no members or `kinds` is empty or holds one that is not there, or as `score_against_chance` has it.

    References
    ----------
    Mizruchi 1996, Annual Review of Sociology 22, 271-298 (interlocks); Strona et al. 2014, Nature Communications 5, 4114.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("m", "b"), ("m", "c"), ("n", "b"), ("n", "d")])
    >>> nx.set_node_attributes(graph, {"m": "Member", "n": "Member", "b": "Branch", "c": "Cooperative", "d": "Cooperative"}, "kind")
    >>> found = score_interlocks(Network.from_networkx(graph), kinds=["Branch", "Cooperative"], draws=19)
    >>> found[["people", "interlocks", "observed"]].values.tolist()
    [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [2.0, 2.0, 2.0]]
    """
    wanted = _combine(network, kinds)

    def different(drawn: Network) -> pd.Series:
        held = {kind: _held(drawn, kind) for kind in kinds}
        return pd.Series([float(len(np.unique(_join(held, names)[1]))) for names in wanted], index=[TIMES.join(names) for names in wanted])

    scores = score_against_chance(network, different, draws=draws, within=within, seed=seed).drop(columns=["p_anyone", "q"])
    held = {kind: _held(network, kind) for kind in kinds}
    joined = [_join(held, names) for names in wanted]
    scores.insert(0, "people", [len(np.unique(people)) for people, _ in joined])
    scores.insert(1, "interlocks", [len(people) for people, _ in joined])
    return scores


def _combine(network: Network, kinds: Sequence[str]) -> list[Combination]:
    """Two of one kind, two kinds, three kinds."""
    unknown = [kind for kind in (PERSON, *kinds) if kind not in network.kind_names]
    if unknown or not kinds:
        told = ", ".join(unknown) or "none named"
        raise ParameterError(Text(f"连锁是指人员同在几类组织；缺少：{told}", f"interlocks are of members in kinds of bodies; not there: {told}"))
    pairs = sorted(combinations_with_replacement(kinds, 2), key=lambda pair: pair[0] != pair[1])
    return [*pairs, *combinations(kinds, 3)]


def _held(network: Network, kind: str) -> tuple[Longs, Longs]:
    """Members and what they are tied to of a kind, by member, each once."""
    source, target = network.ties.source, network.ties.target
    source, target = np.concatenate([source, target]), np.concatenate([target, source])
    chosen = network.mask(PERSON)[source] & network.mask(kind)[target]
    people, bodies = distinct_pairs(source[chosen], target[chosen], max(len(network), 1))
    return people.astype(np.int64), bodies.astype(np.int64)


def _join(held: dict[str, tuple[Longs, Longs]], names: Combination) -> tuple[Longs, Longs]:
    """For each person and each combination of bodies: the person, and a number for the combination."""
    people, keys = held[names[0]]
    before = keys
    for turn, name in enumerate(names[1:]):
        others, bodies = held[name]
        first, last = np.searchsorted(others, people), np.searchsorted(others, people, side="right")
        counts = last - first
        ends = np.cumsum(counts)
        where = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + counts, counts)
        people, keys, before = np.repeat(people, counts), np.repeat(keys, counts), np.repeat(before, counts)
        if name == names[turn]:  # two of one kind: each pair once
            apart = before < bodies[where]
            people, keys, where = people[apart], keys[apart], where[apart]
        before = bodies[where]
        keys = np.unique(keys * (int(bodies.max(initial=0)) + 1) + before, return_inverse=True)[1]
    return people, keys

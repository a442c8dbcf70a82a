"""Chance: is what a person carries more than anybody with as many memberships would carry?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.network.draws import need_draws, run_draws
from graphkit.network.guard import takes_network
from graphkit.network.network import Network
from graphkit.network.nulls import Null, NullModel, choose_null
from graphkit.words import Text

Floats = NDArray[np.float64]
Measure = Callable[[Network], pd.Series]
Tail = Literal["high", "low", "both"]

SAME = 1e-9  # relative: sums of the same numbers in another order differ by less
STEADY = 0.9  # quantile of the standard deviations that steadies small ones (Efron et al. 2001)


@takes_network
def score_against_chance(
    network: Network,
    measure: Measure,
    *,
    draws: int = 200,
    null: Null = "memberships",
    seed: int = 0,
    within: str | None = None,
    ties: Sequence[str] = (),
    tail: Tail = "both",
) -> pd.DataFrame:
    """Is a figure larger or smaller than chance alone would give, once what is not in question is held fixed?

    The network is drawn anew `draws` times under a null model, and measured each time::

        p_high = (1 + draws with as much or more) / (1 + draws)
        p_low  = (1 + draws with as much or less) / (1 + draws)
        p      = p_high, p_low, or twice the smaller of them, at most 1

    All draws start from one state, to which a first walk led from what was observed. The walk is as likely forth as
    back, so under the null the observed network is one like the draws, however slowly the chain mixes: p is valid
    (Besag & Clifford 1989).

    Parameters
    ----------
    network : Network
        The typed network of `Network.from_tables`, or any other.
    measure : function from Network to Series
        What is asked about, such as `score_betweenness` or ``lambda net: score_betweenness(net.project_people())``.
        It is called once a draw, from several threads.
    draws : int, optional
        At least 19: with fewer, no p falls below .05.
    null : {"memberships", "degrees", "groups"}, optional
        ``"memberships"``: who belongs where is shuffled. For each type of tie each person keeps the number of bodies,
        each body the number of people (curveball). Ties that are no memberships stay as they are; a membership given
        twice counts once.
        ``"degrees"``: the ends of ties are swapped, each node keeps its number of ties; direction is not kept.
        ``"groups"``: ties stay, groups are handed round among nodes of one kind, all groupings together.
    seed : int, optional
        Decides every draw; the number of threads does not matter.
    within : str, optional
        Grouping inside which chance works, such as ``"township"``: memberships are traded, and groups handed round, only
        between nodes of one group, those of unknown group among themselves; swaps keep the number of ties between any
        two groups.
    ties : sequence of str, optional
        For ``"memberships"``: types of ties to shuffle. Left out: branches and co-operatives of people, households
        helped, liaison, posts and responsibility in a network from tables; every tie in a network of two kinds of nodes.
    tail : {"both", "high", "low"}, optional
        What p and q ask: different, more or less than by chance.

    Returns
    -------
    DataFrame by the index of the measure, float64
        ``observed``; ``expected``, the mean of the draws; ``z``, (observed - expected) / standard deviation of the
        draws, missing where all draws agree; ``p_high``, ``p_low``, ``p``; ``p_error``, the standard error of p from
        the finite number of draws; ``p_anyone``, (1 + draws in which anybody measured has as much) / (1 + draws), as
        little for the low tail; ``q``; ``draws``, as many as were made.

        q is the false discovery rate: of those at least as far from chance as this one, the share that chance alone
        puts there (Benjamini & Hochberg over all people). The distance is (x - mean) / (sd + s), s the 90 % quantile of
        the sd over people, and its tail areas are pooled over people, since `draws` of one person cannot give a p
        small enough to hold among thousands. Missing where the measure is.

    Raises
    ------
    ParameterError
        If a value is none of those above, or the measure gives another index for a draw.

    Warns
    -----
    UserWarning
        If it was interrupted (Ctrl-C): the figures then follow from the draws made so far, and ``draws`` says how many.

    Notes
    -----
    What the null model does not hold fixed shows up as unusual. Of a district in which people belong to bodies near by,
    ``within=None`` finds that people belong to bodies near by: in the example 25 people then have q below .05, and
    within townships none has. Ask within the places that are no finding.

    In drawn networks the groups that follow from memberships, ``"branch"`` and ``"cooperative"``, are not there when
    those are shuffled: a measure that reads them says so. Memory: 8 bytes a node and draw.

    References
    ----------
    Strona et al. 2014, Nature Communications 5, 4114; Carstens 2015, Physical Review E 91, 042812; Besag & Clifford
    1989, Biometrika 76(4), 633-642; Benjamini & Hochberg 1995, JRSS B 57(1), 289-300; Tusher, Tibshirani & Chu 2001,
    PNAS 98(9), 5116-5121 (pooled tails, steadied sd).

    Examples
    --------
    In a path every draw is a path again, and so is what is measured:

    >>> import networkx as nx
    >>> from graphkit.network.measures import score_betweenness
    >>> net = Network.from_networkx(nx.path_graph(3))
    >>> score_against_chance(net, score_betweenness, draws=19, null="degrees")["p"].tolist()
    [1.0, 1.0, 1.0]
    """
    _need(draws, tail)
    model = choose_null(network, null, within=within, ties=ties)
    observed = measure(model.show(model.start))
    drawn = _draw(model, measure, observed.index, np.random.SeedSequence(seed).spawn(draws + 1))
    return _compare(observed.to_numpy(dtype=np.float64), drawn, tail).set_axis(observed.index)


def _need(draws: int, tail: str) -> None:
    need_draws(draws)
    if tail not in ("both", "high", "low"):
        raise ParameterError(Text(f"tail 须是 'both'、'high' 或 'low'，而不是 {tail!r}", f"tail is 'both', 'high' or 'low', not {tail!r}"))


def _draw(model: NullModel, measure: Measure, index: pd.Index, seeds: list[np.random.SeedSequence]) -> Floats:
    """What is measured in draws, a row each, all of them from one state that the first seed leads to."""
    hub = model.walk(model.start, np.random.default_rng(seeds[0]))

    def work(rng: np.random.Generator) -> Floats:
        scores = measure(model.show(model.walk(hub, rng)))
        if not scores.index.equals(index):
            raise ParameterError(
                Text(
                    "度量对抽样网络给出的编号与原网络不同：每次须针对相同的节点",
                    "the measure gives other ids for a draw than for the network: it must speak of the same nodes each time",
                ),
            )
        values: Floats = scores.to_numpy(dtype=np.float64)
        return values

    return np.array(run_draws(work, seeds[1:]))


def _compare(observed: Floats, drawn: Floats, tail: Tail) -> pd.DataFrame:
    draws = len(drawn)
    close = np.abs(drawn - observed) <= SAME * np.maximum(np.abs(drawn), np.abs(observed))
    unknown = np.isnan(observed) | np.isnan(drawn).any(axis=0)
    high = (1 + ((drawn > observed) | close).sum(axis=0)) / (1 + draws)
    low = (1 + ((drawn < observed) | close).sum(axis=0)) / (1 + draws)
    sides = 2 if tail == "both" else 1
    one = {"both": np.minimum(high, low), "high": high, "low": low}[tail]
    spread = drawn.std(axis=0, ddof=1) if draws > 1 else np.full(len(observed), np.nan)
    expected = drawn.mean(axis=0)
    differ = ~close.all(axis=0) & (spread > SAME * np.abs(expected))
    columns = {
        "observed": observed,
        "expected": expected,
        "z": np.divide(observed - expected, spread, out=np.full(len(observed), np.nan), where=differ),
        "p_high": high,
        "p_low": low,
        "p": np.minimum(sides * one, 1.0),
        "p_error": np.where(sides * one < 1, sides * np.sqrt(one * (1 - one) / draws), 0.0),
        "p_anyone": _anyone(observed, drawn, tail),
        "q": _discover(observed, drawn, tail, unknown),
    }
    return pd.DataFrame({name: np.where(unknown & (name != "observed"), np.nan, values) for name, values in columns.items()}).assign(draws=draws)


def _anyone(observed: Floats, drawn: Floats, tail: Tail) -> Floats:
    """Of the draws, and this network, the share in which the most (for the low tail, the least) of anybody is as far out."""
    sign = -1.0 if tail == "low" else 1.0
    if not drawn.size:
        return np.full(len(observed), np.nan)
    most = np.sort(np.nanmax(sign * drawn, axis=1, initial=-np.inf))
    reach = sign * observed
    return (1 + len(most) - np.searchsorted(most, reach - SAME * np.abs(reach))) / (1 + len(most))


def _discover(observed: Floats, drawn: Floats, tail: Tail, unknown: NDArray[np.bool_]) -> Floats:
    """Benjamini–Hochberg on tail areas pooled over people, the observed network standardised as every draw is."""
    rate = np.full(len(observed), np.nan)
    known = ~unknown
    if not known.any():
        return rate
    every = np.vstack([observed[known], drawn[:, known]])
    spread = every.std(axis=0)
    moving = spread > SAME * np.abs(every).max(axis=0)
    steady = np.quantile(spread[moving], STEADY) if moving.any() else 1.0
    far = np.where(moving, (every - every.mean(axis=0)) / (spread + steady), 0.0)
    far = {"both": np.abs(far), "high": far, "low": -far}[tail]
    null, here = np.sort(far[1:], axis=None), far[0]
    beyond = len(null) - np.searchsorted(null, here - SAME * np.abs(here))
    rate[known] = adjust_false_discovery((1 + beyond) / (1 + len(null)))
    return rate


def adjust_false_discovery(p: Floats) -> Floats:
    """Adjust p-values so that those below a bound hold false discoveries in at most that share (Benjamini & Hochberg 1995).

    Examples
    --------
    >>> adjust_false_discovery(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    order = np.argsort(-p)
    ranks = np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.minimum.accumulate(p[order] * len(p) / ranks), 1.0)
    return adjusted

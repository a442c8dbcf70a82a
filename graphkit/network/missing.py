"""Missing ties: between which ranks does a person stand, when a stated part of the ties was never recorded?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.network.draws import need_draws, run_draws
from graphkit.network.filling import fill_ties, lose_ties, plan_fillings, read_rates
from graphkit.network.guard import takes_network
from graphkit.network.network import Network
from graphkit.words import Text

Longs = NDArray[np.int64]
Measure = Callable[[Network], Any]
Order = Callable[[Any], Any]
Intervals = tuple[Longs, Longs, Longs, NDArray[np.float64], int]

PLACES = ("village", "township")
SIGNIFICANT = 9  # digits to which figures are compared: sums of the same numbers in another order are equal


def rank_largest_first(scores: pd.Series) -> NDArray[np.int64]:
    """Rank 1 for the largest; equals share the rank of the first of them; what is missing comes last.

    Examples
    --------
    >>> rank_largest_first(pd.Series([5.0, 9.0, 5.0, np.nan])).tolist()
    [2, 1, 2, 4]
    """
    values = scores.to_numpy(dtype=np.float64)
    scale = np.nanmax(np.abs(values), initial=0.0) or 1.0
    whole = np.where(np.isnan(values), -np.inf, np.round(values / scale, SIGNIFICANT))
    return 1 + len(whole) - np.searchsorted(np.sort(whole), whole, side="right")


@takes_network
def estimate_ranks(
    network: Network,
    measure: Measure,
    *,
    missing: float | Mapping[str, float],
    order: Order = rank_largest_first,
    first: int = 10,
    draws: int = 200,
    level: float = 0.9,
    within: Sequence[str] | None = None,
    rehearsals: int = 0,
    seed: int = 0,
) -> pd.DataFrame:
    """Between which ranks does each stand, if a stated part of the ties is missing at random?

    What was recorded stays recorded: nobody loses what they were seen to have. So a rank gets worse only by what others
    may have besides, and better by what oneself may have, or by what others have only in the records at hand.
    From two kinds of draws::

        filled:   ties added that may be missing, so many and there as the records suggest
        thinned:  of the recorded ties again as large a part lost

        rank_low  = the smaller of the lower quantiles of both, and of the rank observed
        rank_high = the upper quantile of the filled ones, or the rank observed if that is larger

    Filled alone is too sure of the first (random ties make too many bridges), thinned alone is too unsure of them (it
    takes away ties that are known). By simulated losses on made-up districts the two together hold; see the page on
    chance for the figures, and `rehearsals` for your own network and measure.

    How many ties each node lacks is drawn from what it has and what all of its kind have (empirical Bayes for each type
    of tie, near and far apart); where they lead, by the number of ties that each target is likely to lack, among those
    of the same village where the recorded ones stay in the village, and so on.

    Parameters
    ----------
    network : Network
        The typed network of `Network.from_tables`, or any other; not a people network, which the measure may project.
    measure : function from Network to Series or DataFrame
        What is ranked, for the same nodes each time, such as ``lambda net: score_betweenness(net.project_people())``.
        It is called from several threads.
    missing : float, or mapping of types of ties to float
        Share of the true ties that is not recorded, from 0 to 0.5. One number stands for all memberships of people,
        pairings, mentoring, liaison, posts and responsibility of a network from tables, and for all ties of another.
    order : function, optional
        From what `measure` gives to ranks, a whole number each: 1 is first, equals share the rank of the first of them.
    first : int, optional
        How many count as being among the first.
    draws : int, optional
        Of each kind; at least 19.
    level : float, optional
        Nominal coverage of the interval, above 0 and below 1.
    within : sequence of str, optional
        Groupings inside which missing ties mostly lead, the narrowest first. Left out: village and township where there are such.
    rehearsals : int, optional
        How often to rehearse: a filled network is taken for the true one, loses ties, and it is counted how many
        intervals made from the rest hold the rank that was true. Each takes as long as the answer.
    seed : int, optional
        Decides every draw.

    Returns
    -------
    DataFrame by the index of the measure
        ``rank``, ``rank_low``, ``rank_high``: int64. Where several share a place, the interval reaches from the first to
        the last of it. ``p_first``: probability of being among the `first`, the share of all draws. ``coverage``: share
        of the intervals that held in rehearsals, among those observed among the `first` for these and among all others
        for the others; missing where not rehearsed. Below `level`, take the interval for no more than that.
        ``draws``: how many were made of each kind.

    Raises
    ------
    ParameterError
        If a value is out of its range, or the measure does not give the same nodes for each draw.

    Warns
    -----
    UserWarning
        If it was interrupted (Ctrl-C): the figures then follow from the draws made so far.

    Notes
    -----
    Ties are taken to be missing at random within each type. A list that is missing as a whole, such as that of a village,
    is another matter: then nothing here holds. Those who stand first in truth but lost their ties cannot be told from
    others; intervals hold for people as they are observed.

    References
    ----------
    Borgatti, Carley & Krackhardt 2006, Social Networks 28(2), 124-136 (rankings under missing ties); Robbins 1956,
    Third Berkeley Symposium 1, 157-163 (empirical Bayes).

    Examples
    --------
    >>> import networkx as nx
    >>> from graphkit.network.measures import score_betweenness
    >>> net = Network.from_networkx(nx.star_graph(30))
    >>> estimate_ranks(net, score_betweenness, missing=0.1, draws=40).loc[0, ["rank", "rank_low", "rank_high"]].tolist()
    [1, 1, 1]
    """
    _need(network, draws, first, level, rehearsals)
    rates = read_rates(network, missing)
    places = tuple(name for name in PLACES if name in network.groups) if within is None else tuple(within)
    main, *others = np.random.SeedSequence(seed).spawn(rehearsals + 1)
    observed = measure(network)
    ranker = _Ranker(measure, order, observed.index, rates, places, draws, first, level)
    low, high, rank, chance, made = ranker.answer(network, main)
    frame = pd.DataFrame({"rank": rank, "rank_low": low, "rank_high": high, "p_first": chance}, index=observed.index)
    held = [ranker.rehearse(network, each) for each in others]
    return frame.assign(coverage=np.where(rank <= first, *_pool(held)), draws=made)


def _need(network: Network, draws: int, first: int, level: float, rehearsals: int) -> None:
    need_draws(draws)
    if network.projected_from is not None:
        raise ParameterError(
            Text(
                "人员网络里的关系不是登记的，而是推出来的：请给它所由来的网络",
                "ties of a people network are not recorded but follow from records: give the network it was made from",
            ),
        )
    for name, value, least in (("first", first, 1), ("rehearsals", rehearsals, 0)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise ParameterError(
                Text(f"{name} 须是不小于 {least} 的整数，而不是 {value!r}", f"{name} is a whole number of at least {least}, not {value!r}")
            )
    if not 0 < level < 1:
        raise ParameterError(Text(f"level 须大于 0 且小于 1，而不是 {level!r}", f"level is above 0 and below 1, not {level!r}"))


@dataclass(frozen=True, eq=False)
class _Ranker:
    """Ranks of one measure in one order, for one set of nodes."""

    measure: Measure
    order: Order
    index: pd.Index
    rates: Mapping[int, float]
    places: Sequence[str]
    draws: int
    first: int
    level: float

    def rank(self, network: Network) -> tuple[Longs, Longs]:
        """First and last of the ranks that each shares."""
        scores = self.measure(network)
        if not scores.index.equals(self.index):
            if not scores.index.is_unique or not self.index.isin(scores.index).all():
                raise ParameterError(
                    Text(
                        "度量对抽样网络给出的编号与原网络不同：每次须针对相同的节点",
                        "the measure gives other ids for a draw than for the network: it must speak of the same nodes each time",
                    ),
                )
            scores = scores.loc[self.index]
        start = np.asarray(self.order(scores), dtype=np.int64)
        shared = np.bincount(start)
        return start, start + shared[start] - 1

    def answer(self, network: Network, seeds: np.random.SeedSequence) -> Intervals:
        """Lower and upper rank, the one observed, the chance to be among the first, and how many draws were made."""
        fillings = plan_fillings(network, self.rates, self.places)

        def draw(rng: np.random.Generator) -> tuple[tuple[Longs, Longs], tuple[Longs, Longs]]:
            return self.rank(lose_ties(network, self.rates, rng)), self.rank(fill_ties(network, fillings, rng))

        made = run_draws(draw, seeds.spawn(self.draws))
        thinned, filled = ([pair[side] for pair in made] for side in (0, 1))
        rank, last = self.rank(network)
        tail = (1 - self.level) / 2
        lows = [np.quantile([start for start, _ in kind], tail, axis=0, method="lower") for kind in (thinned, filled)]
        high = np.quantile([end for _, end in filled], 1 - tail, axis=0, method="higher")
        chance = np.mean([start <= self.first for start, _ in (*thinned, *filled)], axis=0)
        return np.minimum.reduce([*lows, rank]), np.maximum(high, last), rank, chance, len(made)

    def rehearse(self, network: Network, seeds: np.random.SeedSequence) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whose interval holds the rank in a network that is taken for the true one, and who was among the first in what was left of it."""
        one, other = seeds.spawn(2)
        rng = np.random.default_rng(one)
        true = fill_ties(network, plan_fillings(network, self.rates, self.places), rng)
        low, high, rank, _, _ = self.answer(lose_ties(true, self.rates, rng), other)
        start, end = self.rank(true)
        return (low <= end) & (start <= high), rank <= self.first


def _pool(held: list[tuple[NDArray[np.bool_], NDArray[np.bool_]]]) -> tuple[float, float]:
    """Share of intervals that held, among the first and among the others."""
    if not held:
        return np.nan, np.nan
    holds, leads = (np.concatenate([pair[side] for pair in held]) for side in (0, 1))
    return tuple(float(holds[of].mean()) if of.any() else np.nan for of in (leads, ~leads))  # type: ignore[return-value]

"""How sure the ranks of bridge figures are: against chance, and with ties missing. What ranks is measured again on each draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.network import Network, takes_network
from graphkit.network.chance import score_against_chance
from graphkit.network.holding import ENDS, PERSON, is_typed
from graphkit.network.missing import estimate_ranks, rank_largest_first
from graphkit.network.nulls import Null
from graphkit.questions.bridges.measuring import take_measures
from graphkit.questions.bridges.order import SAME, count_bodies, count_joined
from graphkit.questions.finding import Column
from graphkit.words import Text

DRAWS = 100  # of networks with ties missing, of each kind
FIRST = 10
LEVEL = 0.9
WITHIN = "township"
WIDE = Text(
    "没有登记乡镇，所以在全部范围内重新抽取：人本来就多在近处的组织里，q 因此偏小。请登记各村所属乡镇，"
    "或用 score_against_chance(…, within=…) 写明在什么之内抽取。",
    "No townships are recorded, so memberships were shuffled over the whole network: people belong to bodies near by anyway, and q is too small for "
    "it. Record the townships of villages, or say within what to draw with score_against_chance(…, within=…).",
)
NOT_ASKED = Text("不会为空", "never missing")

CHANCE_COLUMNS = (
    Column("joined", Text("连起的对", "pairs joined"), Text("名次所比的对数", "the pairs that the rank compares"), NOT_ASKED),
    Column("expected", Text("偶然期望", "expected by chance"),
           Text("谁属于哪个组织重新抽取、两个边际都不变时的平均对数", "mean of the pairs joined when who belongs where is shuffled, both margins kept"), NOT_ASKED),
    Column("p", Text("偶然概率", "p by chance"), Text("偶然达到这么多对的概率（抽样，上尾）", "probability of as many pairs by chance (from draws, upper tail)"), NOT_ASKED),
    Column("p_anyone", Text("任何人达到的比例", "p of anybody"), Text("抽样中有任何人达到这么多对的比例", "share of draws in which anybody joins as many"), NOT_ASKED),
    Column("q", Text("错误发现率", "q"), Text("与偶然至少相差这么多的人中，出于偶然的份额", "share that chance puts among those at least so far from it"), NOT_ASKED),
)  # fmt: skip
MISSING_COLUMNS = (
    Column("rank_low", Text("名次最前", "rank from"), Text("完整材料中名次区间的前端（90%）", "best end of the 90 % interval of the rank in full records"), NOT_ASKED),
    Column("rank_high", Text("名次最后", "rank to"), Text("完整材料中名次区间的后端（90%）", "worst end of the 90 % interval of the rank in full records"), NOT_ASKED),
    Column("p_first", Text("在前十名的概率", "p of the first ten"), Text("在完整材料中列前十名的概率", "probability of being among the first ten in full records"), NOT_ASKED),
)  # fmt: skip
SAMPLED_COLUMNS = (
    Column("rank_low", Text("名次最前", "rank from"), Text("各人的中介度都在误差之内时，名次最前到几", "the first place there may be if everybody's betweenness lies within its error"), NOT_ASKED),
    Column("rank_high", Text("名次最后", "rank to"), Text("各人的中介度都在误差之内时，名次最后到几", "the last place there may be if everybody's betweenness lies within its error"), NOT_ASKED),
)  # fmt: skip
SAMPLED = Text("名次的前端和后端出于起点的抽样：各人的中介度都在其 95% 区间之内时，名次在两端之间。",
               "The first and last place of each rank come from the sample of pivots: the rank is between them if everybody's betweenness lies within its 95 % "
               "interval.")  # fmt: skip


def bound_ranks(rows: pd.DataFrame) -> pd.DataFrame:
    """Between which places is each row if every betweenness is within its error? In the order of `rows`: whole numbers ``rank_low, rank_high``.

    Others stand before a row for certain where their interval begins beyond its end, and may where theirs ends no lower than its begins. An error
    that is not known could be any.
    """
    joined, error = count_joined(rows), rows["betweenness_error"].to_numpy(np.float64)
    error = np.where(np.isnan(error), np.inf, error)
    slack = SAME * np.maximum(joined, 1.0)
    lower = joined - np.minimum(error, rows["betweenness"].to_numpy(np.float64)) - slack
    upper = joined + error + slack
    before = len(rows) - np.searchsorted(np.sort(lower), upper, side="right")
    behind = np.searchsorted(np.sort(upper), lower, side="left")
    return pd.DataFrame({"rank_low": before + 1, "rank_high": len(rows) - behind}, index=rows.index)


@takes_network
def measure_joined(network: Network, *, ends: Sequence[str] = ENDS, pivots: int | None = None, seed: int = 0) -> pd.DataFrame:
    """What the rank of bridge figures compares: pairs joined, then bodies cut off; a row a person, on a network of ties that hold.

    Examples
    --------
    >>> import networkx as nx
    >>> measure_joined(Network.from_networkx(nx.path_graph(["a", "b", "c"])))["joined"].tolist()
    [0.0, 3.0, 0.0]
    """
    measured = take_measures(network, ends=ends, group=None, pivots=pivots, seed=seed)
    table = measured.table
    return pd.DataFrame({"joined": count_joined(table), "bodies": count_bodies(table)}, index=table.index)


def rank_joined(scores: pd.DataFrame) -> NDArray[np.int64]:
    """Ranks by pairs joined, then bodies cut off; equals share one."""
    by_pairs = rank_largest_first(scores["joined"])
    bodies = scores["bodies"].to_numpy()
    return rank_largest_first(pd.Series(-by_pairs * float(bodies.max(initial=0) + 1) + bodies))


@dataclass(frozen=True)
class Sureness:
    """What is added to the answer: columns, their values by person in the order of the network, and what to know of them."""

    columns: tuple[Column, ...]
    values: pd.DataFrame
    caveats: tuple[Text, ...]
    draws: int  # networks drawn by chance, 0 where none were asked for

    def add_to(self, rows: pd.DataFrame, places: NDArray[np.int64]) -> pd.DataFrame:
        """Give rows, of which `places` says where in the network they come from, the columns; and their reasons the words."""
        values = self.values.iloc[places].reset_index(drop=True)
        rows = pd.concat([rows, values], axis=1)
        said = [_say(row, tuple(values.columns), self.draws) for row in values.itertuples(index=False)]
        rows["reason_zh"] = [f"{reason.removesuffix('。')}{zh}。" for reason, (zh, _) in zip(rows["reason_zh"], said, strict=True)]
        rows["reason_en"] = [f"{reason.removesuffix('.')}{en}." for reason, (_, en) in zip(rows["reason_en"], said, strict=True)]
        return rows


def _say(row: tuple[float, ...], names: tuple[str, ...], draws: int) -> tuple[str, str]:
    value = dict(zip(names, row, strict=True))
    zh, en = "", ""
    if "rank_low" in value:
        low, high = int(value["rank_low"]), int(value["rank_high"])
        zh, en = f"；名次的90%区间 {low:,}–{high:,}", f"; 90 % interval of the rank {low:,}–{high:,}"
    if "expected" in value:
        zh += f"；偶然期望 {value['expected']:,.0f} 对（p {value['p']:.2g}）"
        en += f"; {value['expected']:,.0f} pairs joined expected by chance (p {value['p']:.2g})"
    if value.get("joined", 0) > 0:  # as much as nothing is joined by somebody in any network
        reached = round(value["p_anyone"] * (draws + 1)) - 1  # the share counts the observed network as one more
        zh += f"；重新抽取的 {draws:,} 个网络中，有 {reached:,} 个里有人连起同样多的对"
        en += f"; in {reached:,} of {draws:,} shuffled networks somebody joins as many"
    return zh, en


def tell_sureness(held: Network, *, chance: int, missing: float, ends: Sequence[str], pivots: int | None, seed: int) -> Sureness:
    """Draw as often as asked for: `chance` shuffled networks, and networks with `missing` of the ties missing; neither if 0."""
    columns: list[Column] = []
    tables: list[pd.DataFrame] = []
    caveats: list[Text] = []
    drawn_by_chance = 0

    def measure(drawn: Network) -> pd.DataFrame:
        return measure_joined(drawn, ends=ends, pivots=pivots, seed=seed)

    if chance:
        null: Null = "memberships" if is_typed(held) else "degrees"
        within = WITHIN if _knows(held, WITHIN) else None
        scores = score_against_chance(held, lambda drawn: measure(drawn)["joined"], draws=chance, seed=seed, within=within, null=null, tail="high")
        tables.append(scores.rename(columns={"observed": "joined"})[[column.name for column in CHANCE_COLUMNS]])
        columns += CHANCE_COLUMNS
        drawn_by_chance = int(scores["draws"].min()) if len(scores) else chance
        caveats.append(_tell_chance(drawn_by_chance, null, within))
        caveats += [WIDE] if within is None and is_typed(held) else []
    if missing:
        ranks = estimate_ranks(held, measure, missing=missing, order=rank_joined, first=FIRST, draws=DRAWS, level=LEVEL, seed=seed)
        tables.append(ranks[[column.name for column in MISSING_COLUMNS]])
        columns += MISSING_COLUMNS
        caveats.append(_tell_missing(missing))
    return Sureness(tuple(columns), pd.concat(tables, axis=1) if tables else pd.DataFrame(), tuple(caveats), drawn_by_chance)


def _knows(network: Network, group: str) -> bool:
    """Whether the group of any person is known: where no village has a township, the grouping is there all the same, for townships alone."""
    if group not in network.groups:
        return False
    people = network.mask(PERSON) if is_typed(network) else np.ones(len(network), np.bool_)
    return bool((network.groups[group].codes[people] >= 0).any())


def _tell_chance(draws: int, null: str, within: str | None) -> Text:
    where = ("在乡镇之内", " within townships") if within else ("", "")
    how = (
        ("每人在每类组织中的数目和每个组织的人数不变", "everybody keeps the number of bodies of each kind, and every body its people")
        if null == "memberships"
        else ("每个节点的关系数不变", "every node keeps its number of ties")
    )
    return Text(
        f"偶然：{where[0]}重新抽取 {draws:,} 次，{how[0]}；p 最小为 {1 / (draws + 1):.2g}。q 低于 .05 的人才称得上超出偶然。",
        f"Chance: {draws:,} draws{where[1]}, in which {how[1]}; p is at least {1 / (draws + 1):.2g}. Only people with q below .05 can be said to exceed chance.",
    )


def _tell_missing(missing: float) -> Text:
    return Text(
        f"名次区间：假定有 {missing:.0%} 的关系没有登记，随机缺失；对材料中所见的人成立，整张名单缺失时不成立。",
        f"Intervals of ranks: if {missing:.0%} of the ties were not recorded, at random; they hold for people as they are observed, not where a whole list is missing.",
    )

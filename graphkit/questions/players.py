"""Key players: which few people together hold the network together, or reach most of it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.kernels.cutpoints import search_depth_first
from graphkit.kernels.keyplayers import count_gains, count_left, list_reached
from graphkit.model.types import TieRole
from graphkit.network import Network, takes_network
from graphkit.network.holding import HOLDING, PERSON, keep_holding
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding, pair_up
from graphkit.words import Text

Kind = Literal["fragment", "reach"]
Longs = NDArray[np.int64]
Sets = list[tuple[int, ...]]

EXACT_SETS = 1_500_000  # sets of candidates that are all looked at: a few seconds
EXACT_STEPS = 300_000_000  # of the searches that look at all sets but for their last node
SHOWN_SETS = 1_000
FURTHEST = 1_000  # steps; no way in a network of people is so long

TITLES = {
    "fragment": Text("失去哪几个人，网络断得最散？", "Without which people together does the network fall apart most?"),
    "reach": Text("哪几个人合起来能联系到最多的人？", "Which people together reach most of the network?"),
}
COLUMNS = (
    *SUBJECT_COLUMNS,
    Column("set", Text("组合", "set"), Text("第几个组合；几个组合同样好时都列出", "which set; all that are equally good are listed"), Text("不会为空", "never missing")),
    Column("share", Text("份额", "share"),
           Text("断开：其余节点对中不再相连的份额（碎裂度）；联系：联系到的份额", "fragment: share of the pairs of others that are not connected (fragmentation); reach: share reached"),
           Text("没有其余节点", "there are no others")),
    Column("count", Text("数目", "count"), Text("断开：不再相连的对数；联系：联系到的数目", "fragment: pairs not connected; reach: how many are reached"),
           Text("不会为空", "never missing")),
    Column("at_least", Text("至少达到最优的", "at least of the best"),
           Text("与最优组合相比至少达到的份额；1 为已证明最优", "share of the best possible that is certain; 1: proved to be the best"),
           Text("没有保证", "no bound is known")),
)  # fmt: skip


@takes_network
def select_key_players(
    network: Network,
    size: int,
    *,
    kind: Kind = "fragment",
    steps: int = 2,
    among: str | None = None,
    counts: str | None = None,
    holding: Sequence[TieRole] = HOLDING,
) -> Finding:
    """Which people, taken together, hold the network together (KPP-neg), or reach most of it (KPP-pos)?

    A set is more than its members: two who hold the same things together are not both needed. With S the set, n the
    nodes that count::

        fragment:  1 - connected pairs of the n' others without S / (n' (n' - 1) / 2)      (Borgatti's F)
        reach:     nodes at most `steps` ties away from some member of S, its members included, / n

    Parameters
    ----------
    network : Network
        As for `find_bridge_figures`, or any other; direction and weights are not read.
    size : int
        How many people; from 1 to the number of candidates.
    kind : {"fragment", "reach"}, optional
        What the set is for.
    steps : int, optional
        For ``"reach"``: how many ties away counts as reached; at least 1. In a network of people and bodies, two steps
        lead from a person to those of the same body.
    among : str, optional
        Kind of node that may be chosen. Left out: members in a network that has any, else every node.
    counts : str, optional
        Kind of node that counts. Left out: the same as `among`.
    holding : sequence of str, optional
        Roles of ties that hold people together, as for `find_bridge_figures`; without it places and sessions would hold all.

    Returns
    -------
    Finding
        A row for each member of each set, sets that are equally good one after another: ``set, share, count, at_least``.
        Where all sets can be looked at, the best is proved and all that equal it are listed (at most 1,000; a caveat says
        how many there are). No rows where the loss of none parts anybody who was connected. Beyond, members are added one by one, each the best next to those before (ties go to the
        first node); for reach the share of the best possible that is certain follows from the largest possible gains
        (never below 1 - 1/e = 63 %), for fragment members are then exchanged while that helps, and nothing is certain.

    Raises
    ------
    ParameterError
        If a value is none of those above, or there are no such nodes.

    References
    ----------
    Borgatti 2006, Computational & Mathematical Organization Theory 12(1), 21-34; An & Liu 2016, The R Journal 8(1),
    257-268; Nemhauser, Wolsey & Fisher 1978, Mathematical Programming 14, 265-294 (the bound).

    Examples
    --------
    Without the middle of a path of five, two pairs remain of six:

    >>> import networkx as nx
    >>> select_key_players(Network.from_networkx(nx.path_graph(5)), 1).rows[["subject_id", "share", "count"]].values.tolist()
    [['2', 0.6666666666666666, 4]]
    """
    if kind not in get_args(Kind):
        raise ParameterError(Text(f"kind 须是 'fragment' 或 'reach'，而不是 {kind!r}", f"kind is 'fragment' or 'reach', not {kind!r}"))
    network = keep_holding(network, holding)
    usual = PERSON if PERSON in network.kind_names and network.mask(PERSON).any() else None
    among = among or usual
    candidates, counted = (_mask(network, name) for name in (among, counts or among))
    _need("size", size, int(candidates.sum()))
    _need("steps", steps, FURTHEST)
    task = (_Fragment if kind == "fragment" else _Reach)(network, np.flatnonzero(candidates).astype(np.int32), counted, int(size), int(steps))
    sets, total, bound = task.solve()
    sets = [chosen for chosen in sets if task.matters(chosen)]
    rows = _lay_out(task, sets[:SHOWN_SETS], bound)
    caveats = (*_tell(task, len(sets), proved=total, bound=bound), *network.notes)
    parameters = {"size": size, "kind": kind, "steps": steps, "among": among, "counts": counts, "holding": list(holding)}
    return Finding(
        "select_key_players", TITLES[kind], rows, COLUMNS, parameters=parameters, caveats=caveats,
        provenance={"network": network.content_hash, "account": pair_up(network.notes)}, as_of=network.as_of, label_column="subject_id", mark_column="set",
    )  # fmt: skip


def _need(name: str, value: int, top: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not 1 <= value <= top:
        raise ParameterError(Text(f"{name} 须是 1 到 {top:,} 的整数，而不是 {value!r}", f"{name} is a whole number from 1 to {top:,}, not {value!r}"))


def _mask(network: Network, kind: str | None) -> NDArray[np.bool_]:
    mask = np.ones(len(network), np.bool_) if kind is None else network.mask(kind)
    if not mask.any():
        raise ParameterError(Text(f"网络里没有 {kind!r} 类节点", f"no nodes of kind {kind!r} in the network"))
    return mask


@dataclass(frozen=True, eq=False)
class _Task:
    network: Network
    candidates: NDArray[np.int32]
    counted: NDArray[np.bool_]
    size: int
    steps: int

    def solve(self) -> tuple[Sets, bool, float]:
        """The sets found, whether they are all the best ones, and what share of the best is certain."""
        raise NotImplementedError

    def value(self, chosen: tuple[int, ...]) -> tuple[int, float]:
        """The count that a set comes to, and the share that it is."""
        raise NotImplementedError

    def matters(self, chosen: tuple[int, ...]) -> bool:
        """Whether the set does anything at all."""
        return self.value(chosen)[0] > 0


class _Fragment(_Task):
    def left(self, gone: tuple[int, ...]) -> Longs:
        """Pairs still connected without these and each candidate; without these alone for those of them."""
        return count_left(self.network.offsets, self.network.neighbours, self.counted, list(gone))[self.candidates]

    def value(self, chosen: tuple[int, ...]) -> tuple[int, float]:
        """Pairs of others that are not connected, and their share."""
        others = int(self.counted.sum()) - int(self.counted[list(chosen)].sum())
        pairs = others * (others - 1) // 2
        connected = int(count_left(self.network.offsets, self.network.neighbours, self.counted, list(chosen))[chosen[0]])
        return pairs - connected, (pairs - connected) / pairs if pairs else np.nan

    def matters(self, chosen: tuple[int, ...]) -> bool:
        """Whether two others who are connected are not so any more without the set."""
        others = self.counted.copy()
        others[list(chosen)] = False
        parts = np.bincount(self.roots[others])
        connected = int((parts * (parts - 1) // 2).sum())
        return int(count_left(self.network.offsets, self.network.neighbours, self.counted, list(chosen))[chosen[0]]) < connected

    @cached_property
    def roots(self) -> NDArray[np.int32]:
        """The part of the network that each node is in."""
        return search_depth_first(self.network.offsets, self.network.neighbours).roots

    def parted(self, gone: tuple[int, ...]) -> NDArray[np.float64]:
        """Share of pairs of others that are not connected without these and each candidate; -1 for these."""
        others = int(self.counted.sum()) - int(self.counted[list(gone)].sum()) - self.counted[self.candidates].astype(np.int64)
        pairs = np.maximum(others * (others - 1) // 2, 1)
        share: NDArray[np.float64] = 1 - self.left(gone) / pairs
        share[np.isin(self.candidates, gone)] = -1
        return share

    def solve(self) -> tuple[Sets, bool, float]:
        """All but the last node in every way, and the best last ones; or one by one, then exchanged."""
        work = comb(len(self.candidates), self.size - 1) * (len(self.network.neighbours) + 2 * len(self.network))
        if work > EXACT_STEPS:
            return [self._exchange(self._grow(()))], False, np.nan
        best: float = -2.0
        sets: set[tuple[int, ...]] = set()
        for gone in combinations(self.candidates.tolist(), self.size - 1):
            share = self.parted(gone)
            top = float(share.max())
            if top > best:
                best, sets = top, set()
            if top == best:
                sets |= {tuple(sorted((*gone, int(node)))) for node in self.candidates[share == top]}
        return sorted(sets), True, 1.0

    def _grow(self, gone: tuple[int, ...]) -> tuple[int, ...]:
        while len(gone) < self.size:
            gone = (*gone, int(self.candidates[np.argmax(self.parted(gone))]))
        return gone

    def _exchange(self, chosen: tuple[int, ...]) -> tuple[int, ...]:
        better = True
        while better:
            better = False
            for member in chosen:
                swapped = self._grow(tuple(node for node in chosen if node != member))
                if self.value(swapped)[1] > self.value(chosen)[1]:
                    chosen, better = swapped, True
                    break
        return tuple(sorted(chosen))


class _Reach(_Task):
    def value(self, chosen: tuple[int, ...]) -> tuple[int, float]:
        """How many are reached, and which share of all."""
        reached = np.zeros(len(self.network), np.bool_)
        for node in chosen:
            reached[self._reached(node)] = True
        count = int((reached & self.counted).sum())
        return count, count / int(self.counted.sum())

    def _reached(self, node: int) -> NDArray[np.int32]:
        return list_reached(self.network.offsets, self.network.neighbours, node, self.steps)

    def solve(self) -> tuple[Sets, bool, float]:
        """Every set, unless it cannot be as good any more; or one by one."""
        if comb(len(self.candidates), self.size) > EXACT_SETS:
            return self._grow()
        bits = [sum(1 << int(v) for v in self._reached(node) if self.counted[v]) for node in self.candidates.tolist()]
        best = -1
        sets: Sets = []
        for count, chosen in self._try(bits):
            if count > best:
                best, sets = count, []
            if count == best:
                sets.append(chosen)
        nodes = [tuple(sorted(int(self.candidates[i]) for i in chosen)) for chosen in sets]
        return sorted(nodes), True, 1.0

    def _try(self, bits: list[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Sets that may be the best, the widest first; what can no longer come up to the best so far is left out."""
        order = sorted(range(len(bits)), key=lambda i: -bits[i].bit_count())
        sizes = [bits[i].bit_count() for i in order]
        best = -1
        stack: list[tuple[tuple[int, ...], int, int]] = [((), 0, 0)]
        while stack:
            chosen, covered, start = stack.pop()
            wanted = self.size - len(chosen)
            if not wanted:
                count = covered.bit_count()
                best = max(best, count)
                yield count, tuple(order[i] for i in chosen)
                continue
            have = covered.bit_count()
            for i in range(len(order) - wanted, start - 1, -1):
                if have + sum(sizes[i : i + wanted]) >= best:
                    stack.append(((*chosen, i), covered | bits[order[i]], i + 1))

    def _grow(self) -> tuple[Sets, bool, float]:
        worth = self.counted.astype(np.int8)
        offsets, neighbours = self.network.offsets, self.network.neighbours
        gains = count_gains(offsets, neighbours, self.candidates, self.steps, worth)
        chosen: list[int] = []
        while len(chosen) < self.size:
            fresh = -1
            while (top := int(np.argmax(gains))) != fresh:  # a gain only falls as others join: what leads when counted anew is the largest
                gains[top] = count_gains(offsets, neighbours, self.candidates[top : top + 1], self.steps, worth)[0]
                fresh = top if int(np.argmax(gains)) == top else -1
            chosen.append(int(self.candidates[top]))
            worth[self._reached(chosen[-1])] = 0
            gains[top] = -1
        reached = self.value(tuple(chosen))[0]
        gains = count_gains(offsets, neighbours, self.candidates, self.steps, worth)
        more = int(np.sort(gains)[-self.size :].sum())
        return [tuple(sorted(chosen))], False, max(reached / (reached + more), 1 - 1 / np.e) if reached else 1.0


def _lay_out(task: _Task, sets: Sets, bound: float) -> pd.DataFrame:
    network = task.network
    nodes = np.array([node for chosen in sets for node in chosen], np.int64)
    values = [task.value(chosen) for chosen in sets]
    names = [network.kind_names[k] for k in network.kinds[nodes]]
    typed = {kind.label for kind in network.model.nodes}
    return pd.DataFrame({
        "subject_kind": [name if name in typed else "Node" for name in names],
        "subject_id": [str(key) for key in network.ids.take(nodes)],
        "set": np.repeat(np.arange(1, len(sets) + 1), task.size),
        "share": np.repeat([share for _, share in values], task.size),
        "count": np.repeat(np.array([count for count, _ in values], np.int64), task.size),
        "at_least": bound,
    })  # fmt: skip


def _tell(task: _Task, sets: int, *, proved: bool, bound: float) -> tuple[Text, ...]:
    return _tell_search(sets, proved=proved, bound=bound), (
        Text(f"联系到：经不超过 {task.steps} 条关系，组内的人也算在内。", f"Reached: over at most {task.steps} ties; the members themselves count.")
        if isinstance(task, _Reach)
        else Text("碎裂度计入原本就不相连的对。", "Fragmentation also counts pairs that were not connected before.")
    )


def _tell_search(sets: int, *, proved: bool, bound: float) -> Text:
    if not sets:
        zh, en = "没有哪个组合会断开什么", "No set parts anybody from anybody"
        return Text(f"{zh}。", f"{en}.") if proved else Text(f"查过的组合中，{zh}。", f"{en}, of those that were tried.")
    if proved:
        more = (f"只列出前 {SHOWN_SETS:,} 个。", f" The first {SHOWN_SETS:,} are listed.") if sets > SHOWN_SETS else ("", "")
        are = "is" if sets == 1 else "are equally"
        return Text(f"所有组合都已查过：共有 {sets:,} 个组合并列最优。{more[0]}", f"All sets were looked at: {sets:,} {are} the best.{more[1]}")
    if np.isnan(bound):
        return Text(
            "组合太多，逐个选出并互换改进；可能有更好的组合。",
            "There are too many sets: members were added one by one and exchanged; a better set may exist.",
        )
    return Text(
        f"组合太多，逐个选出；至少达到最优的 {bound:.0%}。",
        f"There are too many sets: members were added one by one; at least {bound:.0%} of the best.",
    )

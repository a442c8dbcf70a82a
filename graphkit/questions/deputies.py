"""Deputies: who could take over what falls off when a person goes, and which ties they would have to make."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.kernels.csr import build_csr
from graphkit.kernels.cutpoints import Search, search_depth_first
from graphkit.kernels.keyplayers import list_reached
from graphkit.model.types import TieRole
from graphkit.network import Network, takes_network
from graphkit.network.holding import ENDS, HOLDING, PERSON, keep_holding
from graphkit.questions.bridges.columns import tell_network
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding, pair_up, put_in_terms
from graphkit.words import Text

Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]

NOTHING_LOST = ("Village", "Township", "Zone", "Training")  # that a place or a session stands alone is no loss
MOST_STEPS = 2  # a contact, or somebody of the same body; further off only where there is nobody so near

TITLE = Text("失去这些人时，谁能接上，要建立哪些联系？", "If these people go, who could take over, and which ties would that take?")
COLUMNS = (
    *SUBJECT_COLUMNS,
    Column("for_id", Text("接替谁", "stands in for"), Text("失去的人的编号", "id of the person who would go"), Text("不会为空", "never missing")),
    Column("rank", Text("次序", "rank"), Text("接替此人的人选中的次序；同样合适的同列", "order among those who could stand in; equals share it"), Text("不会为空", "never missing")),
    Column("new_ties", Text("新联系数", "new ties"), Text("接上全部断开部分要建立的联系数", "ties to make so that all that fell off is joined again"),
           Text("不会为空", "never missing")),
    Column("steps", Text("相隔", "steps"), Text("与失去的人相隔几条关系；2 为同在一个组织", "ties away from the person who would go; 2: of the same body"),
           Text("不相连，只是同在一处", "not connected, only of the same place")),
    Column("near", Text("在本地的", "near"), Text("要接上的部分中，与人选同在一处的有几个", "how many of the parts to be joined are where the deputy lives"), Text("不会为空", "never missing")),
    Column("ties", Text("现有联系", "ties now"), Text("人选现有的联系数，少者在前", "ties that the deputy has already; fewer come first"), Text("不会为空", "never missing")),
    Column("reason_zh", Text("说明（中文）", "reason (Chinese)"), Text("要与谁建立联系", "with whom ties are to be made, in Chinese"), Text("不会为空", "never missing")),
    Column("reason_en", Text("说明（英文）", "reason (English)"), Text("要与谁建立联系，英文", "with whom ties are to be made"), Text("不会为空", "never missing")),
)  # fmt: skip
ORDER = Text(
    "人选的次序依次比较：新建联系少者；离失去的人近者；要接上的部分多在本地者；现有联系少者。名单只是从网络看谁最近，是否合适由人决定。",
    "Deputies are ordered by fewer ties to make, then nearer to the person who would go, then more of the parts where they live, then fewer ties "
    "now. The list says who is nearest in the network; whether they suit is for people to decide.",
)


@takes_network
def find_deputies(
    network: Network,
    ids: Iterable[Hashable],
    *,
    group: str = "village",
    holding: Sequence[TieRole] = HOLDING,
    ends: Sequence[str] = ENDS,
    most: int = 3,
) -> Finding:
    """If one of these people goes, who could join what then falls off again, with which ties, at least effort?

    Without the person their part of the network falls into pieces; the piece with most people stays, the others and
    each household that hangs on the person alone fall off. Whoever is of one piece joins all of it with one tie to each
    other piece and each such household: no one person can do with fewer. The tie is made where the person had theirs,
    with a body rather than with somebody in it.

    Parameters
    ----------
    network : Network
        As for `find_bridge_figures`.
    ids : iterable
        Who might go, each by itself; pairs (kind, id) where an id stands under several kinds.
    group : str, optional
        Grouping by which somebody lives where a piece is. Not needed in a network without groups.
    holding, ends
        As for `find_bridge_figures`: which ties hold, and which kinds of nodes hand nothing on but hang on those they are tied to.
    most : int, optional
        Deputies of a rank up to this are given for each; equals share a rank.

    Returns
    -------
    Finding
        A row a deputy, by the order of `ids` and then of rank: ``for_id, rank, new_ties, steps, near, ties``, and in
        words whom to be tied with. Candidates are people who are tied to the person or share a body with them; if there
        are none, the nearest there are; if the person is connected with nobody, people of the same group. Nobody is
        named for a person without whom nothing falls off.

    Raises
    ------
    ParameterError
        If one of `ids` is not in the network or stands under several kinds, `most` is below 1, or there is no such grouping.

    References
    ----------
    Hopcroft & Tarjan 1973, Communications of the ACM 16(6), 372-378 (the pieces).

    Examples
    --------
    >>> import networkx as nx
    >>> finding = find_deputies(Network.from_networkx(nx.path_graph(["a", "b", "c", "d", "e"])), ["c"])
    >>> finding.rows[["subject_id", "new_ties"]].values.tolist()
    [['b', 1], ['d', 1], ['a', 1], ['e', 1]]
    """
    if isinstance(most, bool) or not isinstance(most, int | np.integer) or most < 1:
        raise ParameterError(Text(f"most 须是不小于 1 的整数，而不是 {most!r}", f"most is a whole number of at least 1, not {most!r}"))
    network = keep_holding(network, holding)
    places = network.group(group).codes if network.groups else np.full(len(network), -1, np.int32)
    ground = _Ground(network, np.isin(network.kinds, [network.kind_names.index(k) for k in ends if k in network.kind_names]), places)
    tables = [_name_deputies(ground, figure, most) for figure in _locate(network, [ids] if isinstance(ids, str) else list(ids))]
    rows = pd.concat([_no_rows(), *tables], ignore_index=True)
    finding = Finding(
        "find_deputies", TITLE, rows, COLUMNS, parameters={"group": group, "holding": list(holding), "ends": list(ends), "most": most},
        caveats=(ORDER, tell_network(holding, ends), *_tell_none(sum(not len(table) for table in tables)), *network.notes), provenance={"network": network.content_hash, "account": pair_up(network.notes)},
        as_of=network.as_of, label_column="subject_id", mark_column="rank",
    )  # fmt: skip
    return put_in_terms(finding, network.model.terms)


def _locate(network: Network, ids: Iterable[Hashable]) -> list[int]:
    places = []
    for wanted in ids:
        kind, key = wanted if isinstance(wanted, tuple) and len(wanted) == 2 and wanted[0] in network.kind_names else (None, wanted)
        found = [at for at in np.flatnonzero(network.ids == key).tolist() if kind in (None, network.kind_names[network.kinds[at]])]
        if len(found) != 1:
            told = (
                ("is not in the network", "不在网络里")
                if not found
                else ("stands under several kinds: give (kind, id)", "在几个类别里都有：请写成 (类别, 编号)")
            )
            raise ParameterError(Text(f"{key!r} {told[1]}", f"{key!r} {told[0]}"))
        places += found
    return places


@dataclass(frozen=True, eq=False)
class _Ground:
    """The network parted into what carries and what only hangs on it, searched once."""

    network: Network
    is_end: Bools
    places: NDArray[np.int32]

    @cached_property
    def people(self) -> Bools:
        """Who is a person; everybody who carries, in a network without members."""
        return self.network.mask(PERSON) if PERSON in self.network.kind_names else ~self.is_end

    @cached_property
    def csr(self) -> tuple[Longs, NDArray[np.int32]]:
        """Ties among what carries."""
        rows = self.network.rows()
        once = (rows < self.network.neighbours) & ~self.is_end[rows] & ~self.is_end[self.network.neighbours]
        return build_csr(len(self.network), rows[once], self.network.neighbours[once])[:2]

    @cached_property
    def search(self) -> Search:
        """One depth-first search: what hangs on a node stands in runs of `walk`."""
        return search_depth_first(*self.csr)

    @cached_property
    def walk(self) -> Longs:
        """Nodes in the order in which the search entered them."""
        return np.argsort(self.search.entered)

    @cached_property
    def roots(self) -> NDArray[np.int32]:
        """The root of each node's part."""
        return self.search.roots

    @cached_property
    def children(self) -> dict[int, list[int]]:
        """What hangs on each node alone."""
        hanging: dict[int, list[int]] = {}
        for child in self.search.hanging.tolist():
            hanging.setdefault(int(self.search.parent[child]), []).append(child)
        return hanging

    def around(self, node: int) -> NDArray[np.int32]:
        """Neighbours of a node, ends included."""
        return self.network.neighbours[self.network.offsets[node] : self.network.offsets[node + 1]]

    def subtree(self, node: int) -> Longs:
        """A node and what was entered below it."""
        first = int(self.search.entered[node])
        return self.walk[first : first + int(self.search.size[node])]

    def pieces(self, figure: int) -> list[Longs]:
        """What the figure's part falls into, the piece with most people first; pieces that are no loss to anybody are left out."""
        pieces = [self.subtree(child) for child in self.children.get(figure, [])]
        if self.search.parent[figure] >= 0:
            stays = np.ones(len(self.network), np.bool_)
            stays[np.concatenate([np.array([figure]), *pieces])] = False
            whole = self.subtree(int(self.roots[figure]))
            pieces.append(whole[stays[whole]])
        pieces.sort(key=lambda piece: (-int(self.people[piece].sum()), -len(piece), int(piece.min())))
        return pieces[:1] + [piece for piece in pieces[1:] if self._matters(piece)]

    def _matters(self, piece: Longs) -> bool:
        names = {self.network.kind_names[kind] for kind in np.unique(self.network.kinds[piece])}
        return bool(names - set(NOTHING_LOST)) or any(self.is_end[self.around(int(node))].any() for node in piece)

    def loose_ends(self, figure: int) -> list[int]:
        """Ends that hang on the figure alone."""
        return [int(end) for end in self.around(figure) if self.is_end[end] and self.network.degrees[end] == 1]


def _name_deputies(ground: _Ground, figure: int, most: int) -> pd.DataFrame:
    pieces, loose = ground.pieces(figure), ground.loose_ends(figure)
    if len(pieces) < 2 and not loose:
        return _no_rows()
    of_piece = np.full(len(ground.network), -1, np.int64)
    for number, piece in enumerate(pieces):
        of_piece[piece] = number
    nodes, steps = _near_people(ground, figure, of_piece)
    anchors = [_anchor(ground, figure, of_piece, number) for number in range(len(pieces))]
    near = [sum(_is_at(ground, node, [*(p for n, p in enumerate(pieces) if n != of_piece[node]), *([end] for end in loose)])) for node in nodes]
    table = pd.DataFrame({
        "node": nodes,
        "new_ties": np.array([len(pieces) - (of_piece[node] >= 0) + len(loose) for node in nodes], np.int64),
        "steps": pd.array(steps, dtype="Int64"), "near": np.array(near, np.int64), "ties": ground.network.degrees[nodes],
    })  # fmt: skip
    table = _rank(table)
    table = table[table["rank"] <= most]
    joined = [[*(anchor for n, anchor in enumerate(anchors) if n != of_piece[node]), *loose] for node in table["node"]]
    return _lay_out(ground.network, figure, table, joined)


def _near_people(ground: _Ground, figure: int, of_piece: Longs) -> tuple[list[int], list[int | None]]:
    """People as near as there are any, and how many steps away; of the same place, if the figure is connected with nobody."""
    reached, steps = {figure: 0}, 0
    while True:
        steps += 1
        further = [v for v in list_reached(*ground.csr, figure, steps).tolist() if v not in reached]
        reached |= dict.fromkeys(further, steps)
        found = [v for v in reached if v != figure and ground.people[v] and of_piece[v] >= 0]
        if not further or (found and steps >= MOST_STEPS):
            break
    if found or ground.places[figure] < 0:
        return found, [reached[v] for v in found]
    same = np.flatnonzero((ground.places == ground.places[figure]) & ground.people)
    return [int(v) for v in same if v != figure], [None] * int((same != figure).sum())


def _anchor(ground: _Ground, figure: int, of_piece: Longs, number: int) -> int:
    """Where the figure was tied to a piece: a body rather than a person, the first in the order of the network."""
    ties = [int(v) for v in ground.around(figure) if of_piece[v] == number]
    return min(ties, key=lambda v: (bool(ground.people[v]), v))


def _is_at(ground: _Ground, node: int, parts: list[Longs | list[int]]) -> list[bool]:
    """Of which of the parts something is where the node is."""
    place = ground.places[node]
    return [place >= 0 and bool((ground.places[part] == place).any()) for part in parts]


def _rank(table: pd.DataFrame) -> pd.DataFrame:
    far = table["steps"].fillna(np.iinfo(np.int32).max)
    keys = pd.DataFrame({"new_ties": table["new_ties"], "steps": far, "near": -table["near"], "ties": table["ties"]}, dtype=np.int64)
    order = np.lexsort((table["node"], *(keys[name] for name in reversed(keys.columns))))
    keys = keys.iloc[order]
    begins = (keys != keys.shift()).any(axis=1).to_numpy()
    rank = np.maximum.accumulate(np.where(begins, np.arange(1, len(keys) + 1), 0))
    return table.iloc[order].assign(rank=rank)


def _lay_out(network: Network, figure: int, table: pd.DataFrame, joined: list[list[int]]) -> pd.DataFrame:
    names = [network.kind_names[network.kinds[node]] for node in table["node"]]
    known = {kind.label for kind in network.model.nodes}
    return pd.DataFrame({
        "subject_kind": [name if name in known else "Node" for name in names],
        "subject_id": [str(network.ids[node]) for node in table["node"]],
        "for_id": str(network.ids[figure]),
        **{name: table[name].to_numpy() for name in ("rank", "new_ties")},
        "steps": table["steps"].array, "near": table["near"].to_numpy(), "ties": table["ties"].to_numpy(),
        "reason_zh": ["需建立联系：" + "、".join(_say(network, v).zh for v in nodes) + "。" for nodes in joined],
        "reason_en": ["ties to make: " + ", ".join(_say(network, v).en for v in nodes) + "." for nodes in joined],
    })  # fmt: skip


def _say(network: Network, node: int) -> Text:
    kind, key = network.kind_names[network.kinds[node]], network.names.get(node, network.ids[node])
    word = next((known.heading for known in network.model.nodes if known.label == kind), Text("节点", "node"))
    return Text(f"{word.zh} {key}", f"{word.en} {key}")


def _no_rows() -> pd.DataFrame:
    whole = {"rank": "int64", "new_ties": "int64", "steps": "Int64", "near": "int64", "ties": "int64"}
    return pd.DataFrame({column.name: pd.Series([], dtype=whole.get(column.name, "str")) for column in COLUMNS})


def _tell_none(none: int) -> list[Text]:
    if not none:
        return []
    return [
        Text(
            f"有 {none:,} 人失去后什么也不断开，或近处无人可接，未列人选。",
            f"For {none:,} nobody is named: nothing falls off without them, or nobody is near.",
        )
    ]

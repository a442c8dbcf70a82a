"""What falls apart without some people or bodies: the pieces, exactly; and the ties and blocks by which the network hangs together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphkit.errors import ParameterError
from graphkit.kernels.csr import build_csr
from graphkit.kernels.cutpoints import search_depth_first
from graphkit.kernels.losses import grow_losses
from graphkit.model.types import TieRole
from graphkit.network import Network, takes_network
from graphkit.network.holding import ENDS, HOLDING, Carriers, keep_holding, part_carriers
from graphkit.questions.bridges.columns import STRANDED, tell_network
from graphkit.questions.finding import SUBJECT_COLUMNS, Column, Finding, pair_up, put_in_terms
from graphkit.words import Text

Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]

TITLE = Text("失去这些人或组织，什么会断开？", "What falls off without these people or bodies?")
COLUMNS = (
    *SUBJECT_COLUMNS,
    Column("piece", Text("断开的块", "piece"), Text("同一块里的仍然相连；1 人数最多", "what is of one piece is still together; 1 has most people"),
           Text("农户，所系的人和组织都已失去", "a household all of whose people and bodies are lost")),
    Column("group", Text("所属", "group"), Text("所属的组", "the group it is in"), Text("未知，或没有这种分组", "unknown, or no such groups")),
)  # fmt: skip

COUNT_WORDS = {
    "Member": ("人", "people"), "Household": ("户", "households"), "Cooperative": ("个合作组织", "co-operatives"), "Branch": ("个党组织", "branches"),
    "Village": ("个村的岗位", "villages' posts"), "Zone": ("个责任区", "zones"), "HelpingUnit": ("个帮扶单位", "helping units"), "Node": ("个节点", "nodes"),
}  # fmt: skip


@takes_network
def find_losses(
    network: Network, lost: Iterable[Hashable], *, group: str = "village", holding: Sequence[TieRole] = HOLDING, ends: Sequence[str] = ENDS
) -> Finding:
    """What falls off when these people or bodies are lost together? Every person, body and household, piece by piece.

    Parameters
    ----------
    network : Network
        As for `find_bridge_figures`.
    lost : iterable of ids, or of pairs (kind, id)
        People or bodies that are no more; several at once. An id that stands under several kinds must come with its kind.
    group, holding, ends
        As for `find_bridge_figures`.

    Returns
    -------
    Finding
        A row for everything cut off, by piece, kind and id: ``piece`` (1: with most people; missing: a household with nobody left) and
        ``group``. The first caveat says the sums.

    Raises
    ------
    ParameterError
        If one of `lost` is not in the network, or stands under several kinds.

    Examples
    --------
    >>> import networkx as nx
    >>> finding = find_losses(Network.from_networkx(nx.path_graph(list("abcdef"))), ["c"])
    >>> finding.rows["subject_id"].tolist(), finding.caveats[0].en
    (['a', 'b'], 'Without these 1, 2 nodes in 1 piece fall off.')
    """
    if network.groups:
        network.group(group)
    network = network.projected_from or network
    places = _locate(network, lost)
    held = keep_holding(network, holding)
    parts = part_carriers(held, ends)
    gone = np.isin(parts.nodes, places)
    pieces, fallen = _break(parts, gone)
    cut_off, with_piece = _cut_ends(parts, gone, pieces, fallen)
    nodes = np.concatenate([parts.nodes[fallen], parts.end_nodes[cut_off]])
    piece = np.concatenate([pieces[fallen], with_piece[cut_off]])
    rows = _lay_out(network, nodes, piece, group)
    caveats = (_tell_sums(rows, len(places)), tell_network(holding, ends), STRANDED, *network.notes)
    finding = Finding("find_losses", TITLE, rows, COLUMNS, {"lost": len(places), "group": group, "holding": list(holding), "ends": list(ends)},
                   caveats=caveats, provenance={"network": network.content_hash, "account": pair_up(network.notes)}, as_of=network.as_of, label_column="subject_id", mark_column="piece")  # fmt: skip
    return put_in_terms(finding, network.model.terms)


def _locate(network: Network, lost: Iterable[Hashable]) -> Longs:
    if isinstance(lost, str):
        lost = [lost]
    wanted = [key if isinstance(key, tuple) and len(key) == 2 and key[0] in network.kind_names else (None, key) for key in lost]
    by_id: dict[Hashable, list[int]] = {key: [] for _, key in wanted}
    keys = pd.Index(list(by_id), dtype=object)
    for place in np.flatnonzero(network.ids.isin(keys)).tolist():
        by_id[network.ids[place]].append(place)
    found = []
    for kind, key in wanted:
        places = [place for place in by_id[key] if kind in (None, network.kind_names[network.kinds[place]])]
        if len(places) != 1:
            told = "is not in the network" if not places else "stands under several kinds: give (kind, id)"
            raise ParameterError(Text(f"{key!r} {'不在网络里' if not places else '在几个类别里都有：请写成 (类别, 编号)'}", f"{key!r} {told}"))
        found += places
    return np.unique(np.array(found, np.int64))


def _break(parts: Carriers, gone: Bools) -> tuple[Longs, Bools]:
    """The number of the piece of each carrier, and which carriers fall off: all outside the piece with most people of what was one part."""
    n = len(gone)
    before = search_depth_first(parts.offsets, parts.neighbours).roots.astype(np.int64)
    rows = np.repeat(np.arange(n, dtype=np.int32), np.diff(parts.offsets))
    kept = ~gone[rows] & ~gone[parts.neighbours]
    offsets, neighbours, _ = build_csr(n, rows[kept], parts.neighbours[kept])
    after = search_depth_first(offsets, neighbours).roots.astype(np.int64)
    pieces = pd.DataFrame({"part": before, "piece": after, "people": parts.people, "carriers": 1})[~gone]
    pieces = pieces.groupby(["part", "piece"], as_index=False).sum()
    broken = np.zeros(n, np.bool_)
    broken[before[gone]] = True
    peopled = np.bincount(before, parts.people, minlength=n) > 0
    pieces = pieces[broken[pieces["part"]] & peopled[pieces["part"]]].sort_values(["people", "carriers", "piece"], ascending=[False, False, True])
    stays = (pieces["people"] > 0) & ~pieces.duplicated("part")
    falls = pieces[~stays.to_numpy()]
    number = np.zeros(n, np.int64)
    number[falls["piece"]] = np.arange(1, len(falls) + 1)
    number = np.where(gone, 0, number[after])
    return number, number > 0


def _cut_ends(parts: Carriers, gone: Bools, pieces: Longs, fallen: Bools) -> tuple[Bools, Longs]:
    """Which ends are cut off, and with which piece (0: all they hung on is lost)."""
    n = len(gone)
    roots = search_depth_first(parts.offsets, parts.neighbours).roots
    peopled = np.bincount(roots, parts.people, minlength=n)[roots] > 0
    counts = peopled[parts.ends.carrier]
    end, carrier = parts.ends.end[counts], parts.ends.carrier[counts]
    hangs, held = np.zeros(parts.ends.count, np.bool_), np.zeros(parts.ends.count, np.bool_)
    hangs[end] = True
    held[end[~gone[carrier] & ~fallen[carrier]]] = True
    piece = np.full(parts.ends.count, np.iinfo(np.int64).max)
    inside = fallen[carrier]
    np.minimum.at(piece, end[inside], pieces[carrier[inside]])
    return hangs & ~held, np.where(piece == np.iinfo(np.int64).max, 0, piece)


def _lay_out(network: Network, nodes: Longs, piece: Longs, group: str) -> pd.DataFrame:
    order = np.lexsort((nodes, np.where(piece == 0, np.iinfo(np.int64).max, piece)))
    nodes, piece = nodes[order], piece[order]
    kinds = np.array(network.kind_names, dtype=object)[network.kinds[nodes]] if len(nodes) else np.empty(0, object)
    codes = network.groups[group].codes[nodes] if group in network.groups else np.full(len(nodes), -1)
    names = network.groups[group].names if group in network.groups else pd.Index([], dtype=object)
    named = [str(names[code]) if code >= 0 else None for code in codes.tolist()]
    return pd.DataFrame({
        "subject_kind": kinds, "subject_id": [str(key) for key in network.ids.take(nodes)],
        "piece": pd.array(np.where(piece == 0, -1, piece), dtype="Int64"), "group": pd.array(named, dtype="string"),
    }).assign(piece=lambda rows: rows["piece"].mask(rows["piece"] < 0))  # fmt: skip


def _tell_sums(rows: pd.DataFrame, lost: int) -> Text:
    counts = rows["subject_kind"].value_counts()
    told = {kind: COUNT_WORDS.get(kind, (f"个 {kind}", f"{kind} nodes")) for kind in [*COUNT_WORDS, *counts.index] if kind in counts.index}
    pieces, groups = rows["piece"].nunique(), rows.loc[rows["subject_kind"].isin(["Member", "Household", "Node"]), "group"].nunique()
    if rows.empty:
        return Text(f"失去这 {lost:,} 个，没有什么断开。", f"Without these {lost:,}, nothing falls off.")
    chinese = "、".join(f"{counts[kind]:,} {words[0]}" for kind, words in told.items())
    english = ", ".join(f"{counts[kind]:,} {words[1]}" for kind, words in told.items())
    spread = (f"（分属 {groups:,} 组）", f" of {groups:,} groups") if groups > 1 else ("", "")
    return Text(
        f"失去这 {lost:,} 个，{chinese}{spread[0]}断开，成 {pieces:,} 块。",
        f"Without these {lost:,}, {english}{spread[1]} in {pieces:,} {'piece' if pieces == 1 else 'pieces'} fall off.",
    )


@takes_network
def find_bridge_ties(network: Network, *, holding: Sequence[TieRole] = HOLDING, ends: Sequence[str] = ENDS) -> pd.DataFrame:
    """Which single ties hold parts of the network together? Ties whose loss leaves their two ends without a way, with the people on the smaller side.

    Parameters
    ----------
    network, holding, ends
        As for `find_bridge_figures`. Ties of ends, such as of a household to its helper, are not among them.

    Returns
    -------
    DataFrame
        ``source_kind, source_id, target_kind, target_id``, and ``people``: on the side with fewer. Those with most come first.

    References
    ----------
    Tarjan 1974, Information Processing Letters 2(6), 160-161.

    Examples
    --------
    >>> import networkx as nx
    >>> find_bridge_ties(Network.from_networkx(nx.barbell_graph(3, 0)))[["source_id", "target_id", "people"]].values.tolist()
    [[2, 3, 3]]
    """
    network = network.projected_from or network
    parts = part_carriers(keep_holding(network, holding), ends)
    search = search_depth_first(parts.offsets, parts.neighbours)
    inner = np.flatnonzero(search.parent >= 0)
    bridges = inner[search.low[inner] > search.entered[search.parent[inner]]]
    people = search.sum_subtrees(parts.people.astype(np.int64))
    below = people[bridges]
    ties = pd.DataFrame({"people": np.minimum(below, people[search.roots[bridges]] - below)})
    pair = np.sort(np.stack([parts.nodes[search.parent[bridges]], parts.nodes[bridges]]), axis=0)
    for end, nodes in zip(("source", "target"), pair, strict=True):
        ties[f"{end}_kind"] = [network.kind_names[code] for code in network.kinds[nodes]]
        ties[f"{end}_id"] = list(network.ids.take(nodes))
    order = np.lexsort((pair[1], pair[0], -ties["people"].to_numpy()))
    return ties.iloc[order][["source_kind", "source_id", "target_kind", "target_id", "people"]].reset_index(drop=True)


@takes_network
def list_blocks(network: Network, *, holding: Sequence[TieRole] = HOLDING, ends: Sequence[str] = ENDS) -> pd.DataFrame:
    """Which people and bodies stay together whoever single one is lost? The blocks of the network; a cut point is in several.

    Parameters
    ----------
    network, holding, ends
        As for `find_bridge_figures`.

    Returns
    -------
    DataFrame
        ``block`` (1 has most nodes), ``kind``, ``id``: a row for each node of each block of two nodes or more.

    References
    ----------
    Hopcroft & Tarjan 1973, Communications of the ACM 16(6), 372-378.

    Examples
    --------
    >>> import networkx as nx
    >>> list_blocks(Network.from_networkx(nx.lollipop_graph(3, 1)))[["block", "id"]].values.tolist()
    [[1, 0], [1, 1], [1, 2], [2, 2], [2, 3]]
    """
    network = network.projected_from or network
    parts = part_carriers(keep_holding(network, holding), ends)
    tree = grow_losses(parts.offsets, parts.neighbours, parts.people)
    inner = np.flatnonzero(tree.above >= 0)
    begins = inner[tree.block[inner] == inner]
    block = np.concatenate([tree.block[inner], begins])
    nodes = parts.nodes[np.concatenate([inner, tree.above[begins]])]
    rows = pd.DataFrame({"block": block, "node": nodes})
    sizes = rows.groupby("block")["node"].agg(["size", "min"]).sort_values(["size", "min"], ascending=[False, True])
    rows["block"] = rows["block"].map(pd.Series(np.arange(1, len(sizes) + 1), sizes.index))
    rows = rows.sort_values(["block", "node"], ignore_index=True)
    nodes = rows.pop("node").to_numpy()
    return rows.assign(kind=[network.kind_names[code] for code in network.kinds[nodes]], id=list(network.ids.take(nodes)))
